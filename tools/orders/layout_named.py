"""Names that belong to a party by what stands around them: a label before a label, a number behind one, a letter's greeting.

Supplier   Company   Acme Ltd          Supplier 20417          Dear Acme Ltd,
           Address   4 Mill Lane       Acme Ltd
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from signoff.domain.reading import Region
from signoff.tools.orders.label_grammar import word_class
from signoff.tools.orders.labels import fold
from signoff.tools.orders.layout_cells import Cell, Line
from signoff.tools.orders.layout_header import Found
from signoff.tools.orders.layout_labels import label_of
from signoff.tools.orders.layout_values import NAMES, name
from signoff.tools.orders.party_words import COMPANY
from signoff.tools.orders.passages import body

NAME_ONLY = frozenset(
    [
        "company", "company name", "firma", "firmenname", "unternehmen", "societe", "raison sociale", "empresa", "razon social",
        "ragione sociale", "societa", "azienda", "bedrijf", "bedrijfsnaam", "foretag", "virksomhed", "yritys", "nome da empresa",
    ]
)  # fmt: skip
"""Labels that say that a name follows, and not whose; folded."""
ABOVE, BELOW, FLUSH, SIGNATURE = 4, 1.8, 6.0, 6
"""How many lines above such a label the party's may stand; how far below a label its name, in heights of type; how flush, in points; and
in how many lines from the farewell on the company that signs."""
_GREETING = re.compile(
    r"^(?:attn\.?:?|attention:?|dear|hello|hi|to|hej|hallo|hei|guten (?:tag|morgen)|bonjour|buongiorno|hola|buenos d[ií]as|beste|geachte"
    r"|sehr geehrte\w*(?: damen und herren)?(?: (?:der|von|bei))?|spett(?:abile|\.? ?le|\.)?|estimad\w+(?: (?:señor\w*|equipo)(?: de)?)?"
    r"|goede(?:morgen|middag)|goedendag|kære|hyvä|prezad\w+|szanowni państwo)\s+(?P<whom>.{3,80}?)\s*[,!:]?$",
    re.IGNORECASE,
)
"""The line a letter begins with, up to whom it is written to."""
_DESK = re.compile(r"[^,]+,\s+")
"""What stands before the company: `Order desk, Acme Ltd`."""


@dataclass(frozen=True, slots=True)
class Greeting:
    """Whom a letter greets, where the name stands, and the words before it."""

    value: str
    cell: Cell
    words: str


def grouped(values: Sequence[Found], lines: Sequence[Line]) -> list[Found]:
    """The values with every name that is labelled as nothing but a name given to the party before or above whose label it stands."""
    return [replace(v, pointer=_group(v, lines) or v.pointer) if v.label and fold(v.label.text) in NAME_ONLY else v for v in values]


def _group(value: Found, lines: Sequence[Line]) -> str | None:
    """The party whose label stands left of a label such as `Company`, or else alone on one of the lines above it."""
    at = value.label or value.cell
    places = (n for n, line in enumerate(lines) if line.page == at.page and any((c.top, c.left) == (at.top, at.left) for c in line.cells))
    index = next(places, 0)
    left = [label.pointer for c in lines[index].cells if c.left < at.left and (label := label_of(c)) and label.pointer in NAMES]
    above = [
        label.pointer
        for line in reversed(lines[max(index - ABOVE, 0) : index])
        for c in line.cells
        if line.page == at.page and c.left <= at.left + 1 and (label := label_of(c)) and label.pointer in NAMES and not label.rest
    ]
    return next(iter(left or above), None)


def numbered(lines: Sequence[Line]) -> Iterator[Found]:
    """The name below a party's label that only a number follows, in its cell or the next."""
    for index, line in enumerate(lines[:-1]):
        for at, cell in enumerate(line.cells):
            head = cell.cut(0, -1) if _is_number(cell.words[-1].text) else cell if _is_number(_text(line, at + 1)) else None
            label = label_of(head) if head is not None else None
            if label is None or label.pointer not in NAMES or label.rest is not None:
                continue
            under = next((c for c in lines[index + 1].cells if abs(c.left - cell.left) < FLUSH), None)
            if under is not None and 0 < under.top - cell.bottom < BELOW * cell.height and name(under.text) and label_of(under) is None:
                yield Found(label.pointer, name(under.text), under, 1.0, Region.HEADER, index + 1, label.cell)


def run_on(lines: Sequence[Line]) -> Iterator[Found]:
    """The supplier's name behind the one word for it, without a colon: `Supplier Acme Trading, 4 Mill Lane`."""
    for index, line in enumerate(lines):
        for cell in line.cells:
            rest = cell.cut(1) if len(cell.words) > 2 and word_class(fold(cell.words[0].text)) == "supplier" else None
            whom = None if rest is None or any(not w.text[:1].isupper() for w in rest.words[:2]) else name(rest.text)
            if rest is not None and whom and label_of(cell) is None:
                yield Found("/supplier/name", whom, rest, 0.5, Region.HEADER, index, cell.cut(0, 1))


def _is_number(text: str) -> bool:
    return any(c.isdigit() for c in text) and not any(c.isalpha() for c in text)


def _text(line: Line, at: int) -> str:
    return line.cells[at].text if at < len(line.cells) else ""


def signed(lines: Sequence[Line]) -> list[Cell]:
    """The companies under which a letter is signed."""
    _, signature = body(lines)
    return [c for line in signature[1:SIGNATURE] for c in line.cells if COMPANY.search(c.text) and name(c.text)]


def greeted(lines: Sequence[Line]) -> Greeting | None:
    """The company that a letter greets by its name, or writes to the attention of."""
    for line in lines:
        match = _GREETING.match(line.text) if len(line.cells) == 1 else None
        start = match.start("whom") if match else 0
        if (
            match
            and (desk := re.match(r"[^,]+,\s+", match["whom"]))
            and COMPANY.search(match["whom"][desk.end() :])
            and not COMPANY.search(desk[0])
        ):
            start += desk.end()  # `Attn: Order desk, Acme Ltd`
        cell = line.cells[0].cut(len(line.text[:start].split())) if match else None
        if match and cell is not None and COMPANY.search(cell.text):
            return Greeting(line.text[start : match.end("whom")], cell, line.text[: match.start("whom")].strip(" :"))
    return None
