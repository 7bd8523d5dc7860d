"""What running text says of an order beside its items: "our PO 77120", "dated 8 April 2026", "needed by 6/2/26", "for Ashdown Joinery".

Also what stands around a message: its sender, the day it was sent, the company in its signature, and whose line received it. All are
weaker than a labelled value.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from signoff.domain.reading import Region
from signoff.tools.orders.layout_cells import Cell, Line, amount
from signoff.tools.orders.layout_header import Found
from signoff.tools.orders.layout_values import Style, code, name
from signoff.tools.orders.messages import Message
from signoff.tools.orders.party_words import COMPANY
from signoff.tools.orders.passages import Passage, body, passages
from signoff.tools.orders.prose_days import SAID, issued, wanted, wanted_soon
from signoff.tools.orders.prose_words import MONEY
from signoff.tools.orders.values import currency, date

AROUND = 0.3
"""The strength of what only stands around a text, beside `SAID`."""

_NUMBER = re.compile(
    r"\b(?:p\.?\s?o\.?|(?:purchase |our |work )?order|bestell(?:ung|nummer|nr)|auftrag|commande|bon de commande|pedido"
    r"|orden(?: de compra)?"
    r"|ordine(?: d['’]acquisto)?|(?:inkoop)?order|bestelling|beställning|inköpsorder|ordre|bestilling|tilaus)"
    r"(?:\s*[-–]?\s*(?:n(?:o|r|ro|um|umber|ummer|úm|umero|úmero)?\b\.?|n[°º]\.?|#|№|:))*\s*(?:is\s+|ist\s+"
    r"|est\s+)?(?P<code>(?=[\w/.-]*\d)[\w][\w/.-]*\w)(?![.,]\d)",
    re.IGNORECASE,
)
_WORTH = re.compile(r"\b(?:total|totale|totaal|totalt|summe|suma|somme|montant|betrag|wert|value)\s+(?:\w{1,6}\s+)?$", re.IGNORECASE)
"""What makes the figure behind "order" its worth: `Totale ordine 4351,39`."""
_YOURS = re.compile(
    r"\b(?:your|ihre[rnms]?|votre|vos|su|sus|vuestr[oa]|vostro|suo|uw|jullie|din|ditt|deres|teidän)\s+(?:[^\W\d_]+\s+)?$", re.IGNORECASE
)
_TOTAL = re.compile(
    rf"\b(?P<which>(?:grand |order |net )?total\w*|(?:ins)?gesamt\w*|summe|endbetrag|montant total|importe total|importo totale"
    rf"|totaal\w*|totalt|summa|yhteensä|order value|(?:auftrags|bestell)(?:wert|summe)"
    rf"|valeur totale|valor total|valore totale"
    rf"|^(?:soit|(?:das )?(?:macht|ergibt)|(?:that )?(?:makes|comes to)|en tout|son en total|fanno"
    rf"|samen|tillsammans|i alt|i allt))\b[^.;\d€£$]{{0,40}}?"
    rf"{MONEY}(?P<tax>[^.;]{{0,20}})",
    re.IGNORECASE,
)
_TAX = re.compile(
    rf"\b(?:vat|gst|sales tax|mwst|ust|umsatzsteuer"
    rf"|mehrwertsteuer|tva|iva|btw|moms|mva|alv)\b\.?\s*(?:\(?\d+(?:[.,]\d+)?\s?%\)?)?\s*[:(]?\s*{MONEY}(?!\s*%)",
    re.IGNORECASE,
)
_BEFORE_TAX = re.compile(rf"\b(?:netto|net|subtotal|warenwert|base imponible|imponibile|sous-total)\s*:?\s*{MONEY}", re.IGNORECASE)
_NET = re.compile(
    r"\b(?:ex\b|excl\w*|exkl\w*|net|ht|netto|sin|senza|zzgl|plus|hors|ohne|zonder|utan|uden|uten|eks|ekskl"
    r"|without|before)\b",
    re.IGNORECASE,
)
_NAME = (
    r"(?P<name>(?:(?:the|die|der|la|le|los|las|el|l['’])\s+)?[A-ZÄÖÜÉÅØ&][\w&.'’+-]*(?:\s+(?:[A-ZÄÖÜÉÅØ&][\w&.'’+-]*"
    r"|\([A-Z][^\W\d_]+\)|of|de|del|della|du|des|der|und|and|et|y|e|van|von|la|le|&)){0,6})"
)
_FROM = re.compile(
    rf"\b(?:(?:(?i:on behalf of|im (?:namen|auftrag)(?: der| von)?|au nom de(?: la)?|en nombre de|a nome di|namens|order for"
    rf"|bestellung (?:der|von)|writing from"
    rf"|from|desde|hier ist|here is|da parte di|de la part de|vanwege|fra|från))\s+|(?i:this is|hier ist"
    rf"|ici) (?:[\w.]+ ){{1,3}}?(?i:at|from|von|bei|de|chez|of)\s+){_NAME}"
)
_AT = re.compile(
    r"\b(?:this is|it'?s|hier (?:ist|spricht)) (?:[^\W\d_]+ ){1,2}(?:at|from|of|von"
    r"|bei) (?P<name>[^\W\d_][\w&' -]{2,40}?)(?=[,.;:!]|\s[–—-]|$)",
    re.IGNORECASE,
)
_SIGNED = re.compile(r"\s[–—-]{1,2}\s+(?P<name>(?!.*\s[–—-]\s)[^\W\d_][^,;:\d]{2,50}?)(?=[,;]|$)")
_ACCOUNT = re.compile(
    r"\b(?:acct|account|a/c|customer|client|kunden?|kd|cuenta|compte|klant|kund|kunde)[\s.-]*(?:n(?:o|r|um|umber|ummer)\b\.?|#"
    r"|n[°º])?\s*(?:is\s+|:\s*)?"
    r"(?P<code>(?=[\w-]*\d)[A-Z0-9][\w-]+)",
    re.IGNORECASE,
)
_TO = re.compile(
    rf"\b(?i:bestell\w+ (?:wir )?(?:hiermit )?bei|order (?:with|from)|à l['’]attention de|a la atención de|all['’]attenzione di"
    rf"|ter attentie van|t\.a\.v\."
    rf"|an die firma|commandons (?:à|chez|auprès de)|pedimos a|ordiniamo (?:a|presso)|bestellen (?:wij )?bij"
    rf"|beställer (?:vi )?(?:av|från)|bestiller (?:vi )?(?:hos|fra))\s+{_NAME}"
)
_VENDOR = re.compile(
    rf"\b(?i:vendor|supplier|lieferant|fournisseur|proveedor|fornitore|leverancier|leverantör"
    rf"|leverandør)\s*:?\s+{_NAME}"
)
_SHIPPED = re.compile(
    r"\b(?:ship|deliver|send (?:it|them)|liefern (?:sie )?(?:bitte )?(?:an|zu)|livrer (?:à|chez)|entregar en|consegnare a"
    r"|leveren aan)(?: to)?\s+"
    r"(?P<name>(?!us\b|me\b|to\b)[^\W\d_][\w&.'’ -]{2,50}?)(?=\s+(?:by|before|until|bis|on|at|avant|antes)\b|[,;:]|\s[–—-]\s|\.?$)",
    re.IGNORECASE,
)
_PARTIES = (
    ("/supplier/name", _VENDOR, SAID),
    ("/buyer/name", _FROM, SAID),
    ("/buyer/name", _AT, SAID),
    ("/buyer/name", _SIGNED, SAID - 0.05),
    ("/ship_to/name", _SHIPPED, SAID),
)


def mentions(message: Message, style: Style, preamble: Sequence[Line] = ()) -> Iterator[Found]:
    """The values that a message says, and what stands around it. `preamble`: what an export says of itself."""
    before, signature = body(message.lines)
    texts = list(passages(before))
    said = [f for passage in texts for f in _said(passage, style)]
    if not any(f.pointer == "/requested_delivery_date" for f in said):
        said += [f for passage in texts for f in wanted_soon(passage, style, _written(said, message, style))]
    one = len({f.value for f in said if f.pointer == "/currency"}) == 1
    yield from (f for f in said if f.pointer != "/currency" or one)
    yield from _sender(message, signature, style)
    yield from _received(preamble)


def _written(said: Sequence[Found], message: Message, style: Style) -> dt.date | None:
    """The day on which a message was written: the one that it gives itself, else the one that it was sent on."""
    own = [f.value for f in said if f.pointer == "/issue_date" and isinstance(f.value, dt.date)]
    return own[0] if own else _sent(message, style)


def names_own(lines: Sequence[Line]) -> bool:
    """Whether a text gives the number of an order of its writer's: "our order 4711", not "your order 4711"."""
    texts = (p.text for p in passages(body(lines)[0]))
    return any(code(m["code"]) and not _YOURS.search(_before(text, m)) for text in texts for m in _NUMBER.finditer(text))


def _before(text: str, match: re.Match[str]) -> str:
    """The few words before a match."""
    return text[max(match.start() - 60, 0) : match.start()]


def _said(passage: Passage, style: Style) -> Iterator[Found]:
    at = passage.lines[0]
    codes = [m for m in _NUMBER.finditer(passage.text) if code(m["code"]) and not _WORTH.search(_before(passage.text, m))]
    yield from _distinct("/order_number", [(m["code"], passage.cell(*m.span("code"))) for m in codes], at)
    day = issued(passage, codes, style)
    yield from [day] if day else []
    yield from wanted(passage, style, day)
    for total in _TOTAL.finditer(passage.text):
        value = amount(total["money"], style.mark)
        if isinstance(value, Decimal):
            net = _NET.search(total[0].replace(total["money"], " "))
            yield Found("/line_total" if net else "/payable_amount", value, passage.cell(*total.span("money")), SAID, Region.TOTALS, at)
    for account in _ACCOUNT.finditer(passage.text):
        yield Found("/buyer/id", account["code"], passage.cell(*account.span("code")), SAID, Region.HEADER, at)
    for pointer, pattern in (("/tax_total", _TAX), ("/line_total", _BEFORE_TAX)):
        for part in (m for m in pattern.finditer(passage.text) if not _NET.search(passage.text[max(m.start() - 16, 0) : m.start()])):
            printed_at = _trimmed(passage.cell(*part.span("money")))
            yield Found(pointer, amount(part["money"], style.mark), printed_at, SAID, Region.TOTALS, at)
    for money in re.finditer(MONEY, passage.text, re.IGNORECASE):
        if printed := currency(money[0]):
            yield Found("/currency", printed, passage.cell(*money.span()), SAID, Region.HEADER, at)
    to = _TO.search(passage.text)
    yield from _named("/supplier/name", passage, to if to and COMPANY.search(to["name"]) else None, SAID)
    for pointer, pattern, strength in _PARTIES:
        yield from _named(pointer, passage, pattern.search(passage.text), strength)


def _distinct(pointer: str, found: list[tuple[str, Cell]], at: int) -> Iterator[Found]:
    for value, cell in dict(reversed(found)).items():
        yield Found(pointer, value, cell, SAID, Region.HEADER, at)


def _named(pointer: str, passage: Passage, match: re.Match[str] | None, strength: float) -> Iterator[Found]:
    """A party by the name that was matched; "Joe @ Maple" is Joe at Maple."""
    text = match["name"].strip(" .,'’-") if match else ""
    if match and name(text.replace(" @ ", " at ")) and len(text) <= 80:
        cell = _trimmed(passage.cell(match.start("name"), match.start("name") + len(match["name"].rstrip())))
        yield Found(pointer, text, cell, strength, Region.HEADER, passage.lines[0])


def _trimmed(cell: Cell) -> Cell:
    """The cell without the marks of the sentence around it."""
    *most, last = cell.words
    words = [*most, replace(last, text=last.text.rstrip(",.;:!") or last.text)]
    if not any("(" in w.text.lstrip("(") for w in words):
        words[-1] = replace(words[-1], text=words[-1].text.rstrip(")") or words[-1].text)
    words[0] = replace(words[0], text=words[0].text.lstrip('("“„') or words[0].text)
    return Cell(tuple(words), cell.page)


def _sender(message: Message, signature: Sequence[Line], style: Style) -> Iterator[Found]:
    """The buyer as the sender of the message or the company in its signature, the day as the one it was sent on."""
    parts = [p for line in signature for c in line.cells for p in _parts(c)]
    companies = [c for c in parts if COMPANY.search(c.text) and name(c.text)]
    if companies:
        yield Found("/buyer/name", name(companies[0].text), companies[0], AROUND, Region.HEADER, len(message.lines))
    elif message.sender is not None and name(message.sender.text):
        yield Found("/buyer/name", name(message.sender.text), message.sender, AROUND, Region.HEADER, 0)
    if message.receiver is not None and message.answers and name(message.receiver.text):
        yield Found("/supplier/name", name(message.receiver.text), message.receiver, AROUND, Region.HEADER, 0)
    day = _sent(message, style)
    if message.day is not None and day is not None:
        yield Found("/issue_date", day, message.day, AROUND, Region.HEADER, 0)


def _sent(message: Message, style: Style) -> dt.date | None:
    """The day that stands over a message, else that of its mail."""
    if message.day is None:
        return message.sent
    words = [w.text for w in message.day.words]
    return next((d for n in range(len(words), 0, -1) if (d := date(" ".join(words[:n]), style.order))), None)


def _parts(cell: Cell) -> Iterator[Cell]:
    """A signature's line cut at commas and bars: `Purchasing, Villar Bros Ltd`."""
    start = 0
    for n, word in enumerate(cell.words, 1):
        if word.text.endswith(",") or word.text in "|·•–-" or n == len(cell.words):
            part = cell.cut(start, n)
            if part is not None:
                yield part
            start = n


def _received(preamble: Sequence[Line]) -> Iterator[Found]:
    """Whose messages these are: the one company that an export names before the first."""
    for line in preamble:
        match = re.search(
            r"[A-ZÄÖÜ][\w&.'-]*(?:\s+(?:[A-ZÄÖÜ&][\w&.'-]*|and|und|et|of))*", " ".join(re.findall(r"\((.*)\)", line.text)) or line.text
        )
        if match and COMPANY.search(match[0]) and name(match[0]):
            place = Passage([0], line.words, line.page)
            at = place.text.find(match[0])
            yield Found("/supplier/name", name(match[0]), _trimmed(place.cell(at, at + len(match[0]))), AROUND, Region.HEADER, 0)
