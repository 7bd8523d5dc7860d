"""Money: the currency, the most that may be spent, the least order, discounts and rebates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from signoff.domain.agreement import FoundTerm, TermKind
from signoff.tools.agreements.clause_text import ClauseText, Sentence
from signoff.tools.orders.values import currency, number

_CODE = r"(?:EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|CAD|AUD|JPY|CNY|HUF|INR|BRL|ZAR|US\$|U\.S\.\s*\$|€|£|\$)"
_FIGURE = r"\d{1,3}(?:[.,'’ ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
AMOUNT = re.compile(
    rf"(?<![\w.,])(?:(?P<before>{_CODE})\s*(?P<n1>{_FIGURE})|(?P<n2>{_FIGURE})\s*(?P<after>EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK"
    rf"|CAD|AUD|JPY|euros?|€|£)(?!\w))(?P<large>\s+(?:million|mio\.?))?",
    re.IGNORECASE,
)
_STATED = re.compile(
    r"\b(?:currency|all\s+(?:prices|amounts|payments|fees)|prices?|payments?|invoices?|preise|währung"
    r"|zahlung\w*)\b[^.;]{0,80}?\b(?P<c>euros?|EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|CAD|AUD|JPY|(?:U\.?S\.?|United\s+States"
    r"|Canadian|Australian)\s+dollars?|pounds?\s+sterling|swiss\s+francs?)\b",
    re.IGNORECASE,
)
_CAP = re.compile(
    r"\b(?:total|aggregate|maximum|overall|value|orders?|spend(?:ing)?|purchases?|amount|gesamtwert|auftragswert|bestellwert"
    r"|höchstwert|call-?offs?)\b[^.;]{0,160}?\b(?:(?:shall|may|must|will|does|do)\s+not\s+exceed|not[\s-]to[\s-]exceed|(?:is"
    r"|are|be)\s+limited\s+to|up\s+to\s+a\s+(?:maximum|total)\s+of|maximum\s+of|darf\b[^.;]{0,60}nicht\s+übersteigen|höchstens"
    r"|capped\s+at)\s*$",
    re.IGNORECASE,
)
_CAP_NOUN = re.compile(
    r"\b(?:maximum|ceiling|höchst)\s*(?:contract|order|total|agreement|auftrags|vertrags)?\s*(?:value|amount|wert|price"
    r"|spend)\s*(?:of|is|:|beträgt|shall\s+be|von)?\s*$",
    re.IGNORECASE,
)
_NOT_SPEND = re.compile(
    r"\b(?:liab\w+|damage\w*|insurance|indemni\w+|penalt\w+|haft\w+|minimum|fee\s+for\s+late|interest|travel|expenses?|losses|claims?)\b",
    re.IGNORECASE,
)
_YEARLY = re.compile(
    r"\b(?:per|a|each|any|every|in\s+any|pro|im|je)\s+(?:calendar\s+|contract\s+)?(?:year|annum|jahr|kalenderjahr)\b"
    r"|\bannual(?:ly)?\b|\byearly\b|\bjährlich\b",
    re.IGNORECASE,
)
_MINIMUM_ORDER = re.compile(
    r"\b(?:minimum\s+(?:value|amount)\s+of\s+(?:an|each|any)\s+order|minimum\s+order(?:\s+(?:value|amount))?|mindestbestellwert"
    r"|(?:each|any|every)\s+(?:single\s+)?(?:purchase\s+)?order\s+(?:shall|must)\s+(?:be|amount\s+to"
    r"|have\s+a\s+value\s+of)\s+(?:at\s+least|no\s+less\s+than))[^.;\d€$£]{0,40}$",
    re.IGNORECASE,
)
_DISCOUNT = re.compile(
    rf"(?P<p>\d{{1,2}}(?:[.,]\d{{1,2}})?)\s*(?:%|per\s*cent|percent|prozent)\s[^.;]{{0,80}}?\b(?:discount|rabatt|rebate"
    rf"|off)?\b[^.;]{{0,80}}?\b(?:orders?|order\s+value|bestell\w*|auftrags\w*)\b[^.;]{{0,60}}?\b(?:from|over|above|exceeding"
    rf"|of\s+at\s+least|at\s+least|of|or\s+more|ab|über|reaches)\s+(?={_CODE}|\d)",
    re.IGNORECASE,
)
_REBATE = re.compile(r"\b(?:rebates?|bonus(?:es)?|kick-?back|rückvergütung|jahresbonus|umsatzbonus)\b", re.IGNORECASE)


def read(paper: ClauseText, _: Sequence[FoundTerm]) -> Iterator[FoundTerm | str]:
    """Each kind of money that a sentence states; what names two currencies is left open."""
    yield from _currency(paper)
    for sentence in paper.sentences:
        yield from _amounts(paper, sentence)
        yield from _discounts(paper, sentence)
        if _REBATE.search(sentence.text) and re.search(r"\d|%", sentence.text) and "employee" not in sentence.text.lower():
            yield paper.passage(TermKind.REBATE, sentence)


def _currency(paper: ClauseText) -> Iterator[FoundTerm | str]:
    """The one in which prices or payments are said to be; else the one of every amount."""
    told = [(code, s, m.span("c")) for s in paper.sentences for m in _STATED.finditer(s.text) if (code := _iso(m["c"]))]
    if not told:
        told = [(code, s, m.span()) for s in paper.sentences for m in AMOUNT.finditer(s.text) if (code := _iso(m["before"] or m["after"]))]
        bare = any((m["before"] or "") == "$" for s in paper.sentences for m in AMOUNT.finditer(s.text))
        told = [] if bare else told
    codes = list(dict.fromkeys(code for code, _, _ in told))
    if len(codes) == 1:
        code, sentence, span = told[0]
        yield paper.term(TermKind.CURRENCY, code, sentence, span)
    elif codes:
        yield f"Several currencies are named ({', '.join(codes[:5])}); say in which one it is."


def _iso(text: str) -> str | None:
    """The currency of a word or sign; a bare `$` is the dollar of several countries."""
    plain = re.sub(r"\s+", " ", text).strip().lower().replace("u.s. $", "us$").replace("u.s.$", "us$")
    if plain == "$":
        return None
    if "dollar" in plain and plain.startswith(("us ", "u.s", "united")):
        return "USD"
    return plain.upper() if re.fullmatch(r"[a-z]{3}", plain) else currency(plain)


def money(match: re.Match[str]) -> str | None:
    """`50000 EUR` of an amount as printed; nothing where the currency or the figure may be two."""
    code = _iso(match["before"] or match["after"])
    figure = (match["n1"] or match["n2"]).replace(" ", "").replace("’", "").replace("'", "")
    marks = re.findall(r"[.,]", figure)
    mark = (
        "."
        if not marks
        else marks[-1]
        if len(set(marks)) == 2 or len(figure.rsplit(marks[-1], 1)[1]) < 3
        else {".": ",", ",": "."}[marks[-1]]
    )
    value = number(figure, "," if mark == "," else ".")
    if not code or value is None:
        return None
    return f"{(value * (Decimal(1_000_000) if match['large'] else 1)).normalize():f} {code}"


def _amounts(paper: ClauseText, sentence: Sentence) -> Iterator[FoundTerm]:
    for match in AMOUNT.finditer(sentence.text):
        before = sentence.text[: match.start()]
        said = money(match)
        if not said:
            continue
        if (_CAP.search(before) or _CAP_NOUN.search(before)) and not _NOT_SPEND.search(before):
            per = "year" if _YEARLY.search(sentence.text) else "term"
            yield paper.term(TermKind.SPEND_CAP, f"{said} {per}", sentence)
        elif _MINIMUM_ORDER.search(before):
            yield paper.term(TermKind.MINIMUM_ORDER, said, sentence)


def _discounts(paper: ClauseText, sentence: Sentence) -> Iterator[FoundTerm]:
    for match in _DISCOUNT.finditer(sentence.text):
        amount = AMOUNT.match(sentence.text, match.end())
        said = money(amount) if amount else None
        percent = number(match["p"], "," if "," in match["p"] else ".")
        if amount and said and percent is not None:
            yield paper.term(TermKind.DISCOUNT, f"{percent.normalize():f} % from {said}", sentence, (match.start(), amount.end()))
