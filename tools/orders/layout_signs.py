"""A currency that is printed as no more than a sign: `$` and `kr` are those of several countries.

Where the paper comes from tells which: its addresses, telephone and tax numbers, and kinds of company. What they do not tell alone is
left to a person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from signoff.tools.orders.layout_cells import Cell, Line
from signoff.tools.orders.layout_dates import american

_DOLLAR = re.compile(r"\$\s?\d|\d\s?\$|^[^\W\d_]+ \$$")
_CROWN = re.compile(r"(?<![^\W\d_])kr\b\.?\s?\d|\d(?:,-)?\s?kr(?![^\W\d_])|^[^\W\d_]+ \(?kr\.?\)?$", re.IGNORECASE)
_CROWNS = {
    "SEK": re.compile(
        r"\+46\b|\bSE ?\d{10}01\b|\bAB\b(?=[\s,.!]*$|, )|\b(?:Sverige|Sweden|plusgiro|bankgiro|[Bb]eställ\w+|[Ii]nköp\w+)\b", re.MULTILINE
    ),
    "NOK": re.compile(r"\+47\b|\b\d{3} ?\d{3} ?\d{3} ?MVA\b|\bASA?\b(?=[\s,.!]*$|, )|\b(?:Norge|Norway)\b", re.MULTILINE),
    "DKK": re.compile(r"\+45\b|\bDK ?\d{8}\b|\b(?:ApS|A/S|I/S)\b|\bCVR\b|\b(?:Danmark|Denmark)\b", re.MULTILINE),
    "ISK": re.compile(r"\+354\b|\behf\b|\b(?:Ísland|Iceland)\b", re.MULTILINE),
}
"""What on a paper is of the country with this currency: dialling codes, tax numbers, kinds of company, names, words of its own."""


def sign(lines: Sequence[Line]) -> tuple[str, str | None, Cell] | None:
    """The sign that stands at figures, the currency that it can only mean here, and a cell that has it."""
    cells = [c for line in lines for c in line.cells]
    for printed, pattern, meant in (("$", _DOLLAR, _dollars), ("kr", _CROWN, _crowns)):
        cell = next((c for c in cells if len(c.text) < 200 and pattern.search(c.text)), None)
        if cell is not None:
            return printed, meant(lines), cell
    return None


def _dollars(lines: Sequence[Line]) -> str | None:
    return "USD" if american(lines) else None


def _crowns(lines: Sequence[Line]) -> str | None:
    text = "\n".join(c.text for line in lines for c in line.cells)
    found = [currency for currency, signs in _CROWNS.items() if signs.search(text)]
    return found[0] if len(found) == 1 else None
