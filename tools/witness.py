"""What a file's name and a mail's headers say of the order beside what the paper itself says: witnesses, and parties of last resort.

A file called `PO 4501-7.pdf` and a subject "Order 4501-7" bear witness to the number 4501-7. Where the paper names no buyer, the mail's
sender is taken, and where it names no supplier, the company it was sent to; both leave a notice, because mails are passed on.
"""

from __future__ import annotations

import re
import unicodedata
from email.utils import getaddresses, parsedate_to_datetime

from signoff.domain.reading import DraftOrder, Evidence, Lane, Notice, Region, Witness
from signoff.tools.documents.document import Document, Envelope

# What reads printed pages is imported where a mail needs it: structured orders are read without it.

LEAST_CODE, LEAST_NAME = 4, 5
"""Characters of a number, and letters of a name, that cannot stand in a text by chance."""
FREE_MAIL = frozenset(
    [
        "gmail",
        "googlemail",
        "outlook",
        "hotmail",
        "live",
        "msn",
        "yahoo",
        "ymail",
        "icloud",
        "me",
        "mac",
        "aol",
        "gmx",
        "web",
        "t-online",
        "freenet",
        "mail",
        "proton",
        "protonmail",
        "orange",
        "wanadoo",
        "free",
        "laposte",
        "libero",
        "virgilio",
        "tiscali",
        "telenet",
        "ziggo",
        "kpnmail",
        "xs4all",
        "telia",
        "comhem",
        "online",
        "bluewin",
        "sunrise",
        "btinternet",
        "sky",
        "talktalk",
        "comcast",
        "verizon",
        "att",
        "qq",
        "163",
        "126",
        "yandex",
        "zoho",
        "fastmail",
        "posteo",
    ]
)
"""Domains that say nothing of whom the sender works for."""
_SPELLED = {ord(letter): spelled for letter, spelled in zip("äöüßåøæ", ("ae", "oe", "ue", "ss", "a", "o", "ae"), strict=True)}
BODIES = ("body.txt", "body.html")
HEADERS = ("From", "To")
"""Where a party was found that only the mail names: what else the mail says is no second voice."""
_WITNESSED = ("/order_number", "/supplier/name", "/buyer/name")


def witnessed(draft: DraftOrder, document: Document, envelope: Envelope | None) -> DraftOrder:
    """The draft with what only the mail says, and with what the file's names and the mail's subject bear witness to."""
    names = re.split(r"[/\\!]", document.name)
    if envelope is not None and draft.lane is not Lane.STRUCTURED:
        draft = _signed(draft, document, envelope)
        draft = _party(draft, "buyer", "From", envelope.sender)
        draft = _party(draft, "supplier", "To", envelope.receiver)
        if names[-1] in BODIES:
            draft = _dated(draft, envelope)
            draft = draft.model_copy(update={"notices": (*draft.notices, *envelope.notices)})
    found = dict(draft.witnesses)
    texts = {Witness.FILE_NAME: names, Witness.SUBJECT: [envelope.subject] if envelope is not None else []}
    for pointer in _WITNESSED:
        value, evidence = _value(draft, pointer), draft.evidence.get(pointer)
        if value is None or (evidence is not None and evidence.where in HEADERS):
            continue
        told = [w for w, said in texts.items() if any(says(t, value, code=pointer == "/order_number") for t in said)]
        if told:
            found[pointer] = tuple(dict.fromkeys((*found.get(pointer, ()), *told)))
    return draft.model_copy(update={"witnesses": found}) if found != draft.witnesses else draft


def _signed(draft: DraftOrder, document: Document, envelope: Envelope) -> DraftOrder:
    """The draft with the buyer whose name stands in the text, as a signature does, and whose domain the mail comes from."""
    domain = _domain(envelope.sender)
    if draft.order.buyer.name or draft.order.buyer.id or domain is None:
        return draft
    from signoff.tools.orders.layout_cells import lines_of
    from signoff.tools.orders.layout_values import name

    wanted = _letters(domain)
    for cell in (
        c for line in lines_of(document.pages) for c in line.cells if len(c.words) <= 8 and "@" not in c.text and "www" not in c.text
    ):
        own = _letters(cell.text)
        if (
            name(cell.text)
            and len(wanted) >= LEAST_NAME
            and (own.startswith(wanted) or (len(own) >= LEAST_NAME and wanted.startswith(own)))
        ):
            return _with_party(draft, "buyer", str(name(cell.text)), cell.evidence(Region.HEADER))
    return draft


def _letters(text: str) -> str:
    """A name as a domain spells it: letters and digits, `ö` as `oe`."""
    plain = text.lower().translate(_SPELLED)
    plain = re.sub(r"&|\b(?:and|und|et|the|der|die)\b", "", unicodedata.normalize("NFKD", plain))
    return "".join(c for c in plain if c.isascii() and c.isalnum())


def _dated(draft: DraftOrder, envelope: Envelope) -> DraftOrder:
    """An order written in a mail is of the day on which it was sent, where it names no other."""
    try:
        sent = parsedate_to_datetime(envelope.sent).date()
    except ValueError:
        return draft
    if draft.order.issue_date is not None or any(n.field == "/issue_date" for n in draft.notices):
        return draft
    evidence = draft.evidence | {"/issue_date": Evidence(text=envelope.sent, where="Date", region=Region.HEADER)}
    return draft.model_copy(update={"order": draft.order.model_copy(update={"issue_date": sent}), "evidence": evidence})


def _value(draft: DraftOrder, pointer: str) -> str | None:
    party, _, leaf = pointer.strip("/").rpartition("/")
    owner = getattr(draft.order, party) if party else draft.order
    value = getattr(owner, leaf)
    return str(value) if value is not None else None


def says(text: str, value: str, *, code: bool) -> bool:
    """Whether a text says the value: its letters and digits in a row, whatever stands between them, and no letter or digit around them."""
    runs = re.findall(r"[^\W_]+", value)
    whole = "".join(runs)
    if len(whole) < (LEAST_CODE if code else LEAST_NAME) or (code and sum(c.isdigit() for c in whole) < 3):
        return False
    pattern = r"[\W_]*".join(re.escape(run) for run in runs)
    return bool(re.search(rf"(?<![^\W_]){pattern}(?![^\W_])", text, re.IGNORECASE))


def _party(draft: DraftOrder, party: str, header: str, address: str) -> DraftOrder:
    """The draft with a party that the paper does not name and the header does."""
    owner = getattr(draft.order, party)
    found = organisation(address, by_domain=party == "buyer") if not (owner.name or owner.id) else None
    if found is None or found == (draft.order.supplier if party == "buyer" else draft.order.buyer).name:
        return draft
    message = f"The document names no {party}; {found!r} is from the mail's {header!r} line."
    notice = Notice(code="field_missing", field=f"/{party}/name", message=message)
    told = _with_party(draft, party, found, Evidence(text=address, where=header, region=Region.HEADER))
    return told.model_copy(update={"notices": (*draft.notices, notice)})


def _with_party(draft: DraftOrder, party: str, found: str, evidence: Evidence) -> DraftOrder:
    owner = getattr(draft.order, party).model_copy(update={"name": found})
    order = draft.order.model_copy(update={party: owner})
    return draft.model_copy(update={"order": order, "evidence": draft.evidence | {f"/{party}/name": evidence}})


def organisation(address: str, *, by_domain: bool) -> str | None:
    """The organisation in `Name <mailbox@domain>`: the name where it is a company's, else the domain's own part."""
    people = getaddresses([address])
    if len(people) != 1:
        return None
    from signoff.tools.orders.party_words import COMPANY

    return people[0][0] if COMPANY.search(people[0][0]) else _domain(address) if by_domain else None


def _domain(address: str) -> str | None:
    """The part of a mail domain that somebody chose; nothing where everybody can have a mailbox."""
    labels = next((mailbox for _, mailbox in getaddresses([address])), "").rpartition("@")[2].lower().split(".")
    own = next((label for label in reversed(labels[:-1]) if len(label) > 3), None) if len(labels) > 1 else None
    return own if own not in FREE_MAIL else None
