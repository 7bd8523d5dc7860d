"""What a reader of the whole page mentions, and the order alone does not show: how it is written, whose data it holds, what its terms say.

A remark is a notice that is shown and stops nothing; but where text anywhere on the page is addressed to a machine, a person looks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from signoff.domain.checks.notable import private
from signoff.domain.checks.text import steers
from signoff.domain.findings import Severity
from signoff.tools.orders.draft import Draft
from signoff.tools.orders.layout_cells import Line
from signoff.tools.orders.layout_table import Table

_DAY = r"(?:calendar |business |working )?(?:days?|tage?n?|jours?|d[ií]as?|giorni|dagen|dage|dagar|dager|p[äa]iv[äa]\w*)\b"
_NET = re.compile(rf"(?<!\d)(\d{{1,3}})\s*{_DAY}|\bnet(?:to)?\s*(\d{{1,3}})\b", re.IGNORECASE)
_AT_ONCE = re.compile(
    r"\b(?:up)?on receipt|immediate\w*|at once|cash on delivery|sofort|à réception|comptant|al contado|alla consegna|contant\b",
    re.IGNORECASE,
)
_PAYMENT = re.compile(
    rf"\b(?:pay(?:ment|able|s)?|paid|zahl\w+|paiement|payer|pago|pagamento|betaling|betalning)\b[^.;]{{0,120}}?(?<!\d)(\d{{1,3}})\)?\s*{_DAY}",
    re.IGNORECASE,
)
LONGEST = 200_000
"""Characters of text behind the order that are looked through."""


def put_remarks(draft: Draft, lines: Sequence[Line], taken: set[int], *, in_words: bool) -> None:
    """Leave the remarks. `taken`: the lines of text that the order's rows take up; `in_words`: the order is running text, not a table."""
    if in_words:
        message = "The order is written as free text and not as a table; its lines were read from the wording."
        draft.notice("field_missing", "/lines", message, severity=Severity.INFO)
    for line in lines:
        if word := private(line.text):
            message = f"The text speaks of a person's health or identity ({word}); pass on no more of it than the order needs."
            draft.notice("suspicious_text", None, message, text=word, page=line.page, severity=Severity.INFO)
            break
    _steering(draft, lines)
    _terms(draft, lines, taken)


def _steering(draft: Draft, lines: Sequence[Line]) -> None:
    """A notice of the first text that instructs a machine, on a line or broken over two. What became notes is looked at with the order."""
    if any(steers(str(note)) for note in draft.tree.get("notes", ())):
        return
    room = LONGEST
    for line, below in zip(lines, [*lines[1:], None], strict=True):
        text = line.text if below is None or below.page != line.page else f"{line.text} {below.text}"
        room -= len(line.text)
        if room < 0:
            return
        if steers(text):
            shown = " ".join((line.text if steers(line.text) else text).split())[:200]
            message = f"This text is addressed to a machine or steers the decision: {shown!r}."
            draft.notice("suspicious_text", None, message, text=shown, page=line.page)
            return


def put_empty(draft: Draft, table: Table | None) -> None:
    """A notice where the table has a heading for the amounts and no line has one: they were overlooked, and perhaps more than they."""
    found = draft.tree.get("lines", [])
    if table and any(c.role == "line_amount" for c in table.columns) and found and not any("line_amount" in line for line in found):
        draft.notice("field_missing", "/lines/0/line_amount", "The table has a column of amounts, but none was found in it.")


def _terms(draft: Draft, lines: Sequence[Line], taken: set[int]) -> None:
    """The time to pay on the face of the order against the terms that are printed behind it."""
    stated = str(draft.tree.get("payment_terms", ""))
    face = _NET.search(stated)
    days = 0 if _AT_ONCE.search(stated) else int(face[1] or face[2]) if face else None
    if days is None:
        return
    text = " ".join(line.text for n, line in enumerate(lines) if n not in taken and stated not in line.text)[:LONGEST]
    behind = {int(m[1]) for m in _PAYMENT.finditer(text)}
    if behind and days not in behind:
        printed = " or ".join(map(str, sorted(behind)))
        message = f"The order says {stated[:60]!r}, but the terms printed with it speak of payment in {printed} days."
        draft.notice("readings_disagree", "/payment_terms", message, severity=Severity.INFO)
