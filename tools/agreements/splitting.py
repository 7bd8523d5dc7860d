"""Running text cut into clauses, by the numbers that they count themselves with.

A number begins a clause where it follows the last one (`3` or `2.1` follow `2`, `2.2` follows `2.1`), in a new paragraph or behind the end
of a sentence. So cut, the numbers of other clauses that a sentence names, and figures, cut nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from signoff.domain.contract import Clause
from signoff.tools.agreements.running_text import RunningText

MOST, LONGEST, USUAL = 60, 20_000, 4_000
"""Clauses that a paper counts at most; characters of a clause at most; characters at which text without numbers is cut."""
_NUMBER = re.compile(
    r"(?<!\S)(?P<kind>(?:ARTICLE|Article|SECTION|Section|Artikel|Abschnitt|Clause|CLAUSE|§)\s*)?"
    r"(?P<n>\d{1,2}(?:\.\d{1,2}){0,4}|[IVXL]{1,6})(?P<dot>[.):]?)(?=\s*[A-Z\"“(\[À-Þ])\s*"
)
_SENTENCE_ENDS = re.compile(r"[.:;!?)\]\"”]$|\b[A-ZÀ-Þ]{4,}$")
_NAMES_ANOTHER = re.compile(
    r"\b(?:sections?|articles?|clauses?|paragraphs?|exhibit|schedule|annex|appendix|attachment|no|nr|number|and|or|to|of|in|under|step"
    r"|page|item|version|phase|part|level|suite|unit|room|floor|box|street)[.]?\s*$",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"(?P<h>[A-ZÀ-Þ][A-ZÀ-Þ&,;/'’()\- ]{2,90}[A-ZÀ-Þ)])(?=[.:;]|\s+[A-Z(\"“]?[a-z(\"“]|\s*(?:\n|$))"
    r"|(?P<t>[A-ZÀ-Þ][\w'’/&,-]*(?:\s+(?:(?:and|or|of|the|to|for|on|in|by|with|und|der"
    r"|des)\s+)*[A-ZÀ-Þ][\w'’/&,-]*){0,7})\s*(?:[.:](?=\s|$)|\n|$)"
)


@dataclass(frozen=True, slots=True)
class Split:
    """Clauses, and where in the running text the text of each begins."""

    clauses: tuple[Clause, ...]
    starts: tuple[int, ...]
    running: RunningText

    def page(self, clause: int, offset: int) -> int | None:
        """The page (from 1) on which this place of the clause's text stands."""
        return self.running.page(self.starts[clause] + offset)


def split(running: RunningText) -> Split:
    """The clauses in the order of the paper; what stands before the first number is a clause without one."""
    clauses: list[Clause] = []
    starts: list[int] = []
    for number, start, end in _numbered(running.text):
        for at, until in _pieces(running.text, start, end):
            text = running.text[at:until]
            heading = _heading(text) if number and at == start else None
            clauses.append(Clause(number=number, heading=heading, text=text, page=running.page(at)))
            starts.append(at)
    return Split(tuple(clauses), tuple(starts), running)


def _numbered(text: str) -> Iterator[tuple[str | None, int, int]]:
    """Number, start and end of each clause's text."""
    number, start = None, 0
    last: tuple[int, ...] = ()
    for match in _NUMBER.finditer(text):
        path = _path(match["n"])
        if not _begins(text, match, path, last):
            continue
        if text[start : match.start()].strip():
            yield number, start, match.start()
        number, start = f"{match['kind'] or ''}{match['n']}".strip(), match.end()
        last = path or last
    if text[start:].strip():
        yield number, start, len(text)


def _path(number: str) -> tuple[int, ...]:
    return tuple(map(int, number.split("."))) if number[0].isdigit() else ()


def _begins(text: str, match: re.Match[str], path: tuple[int, ...], last: tuple[int, ...]) -> bool:
    at = match.start()
    opens = at == 0 or text[at] == "\n" or text[at - 1] == "\n"
    if not path:
        return opens and bool(match["kind"])
    if not opens:
        before = text[max(0, at - 30) : at].rstrip()
        if not _SENTENCE_ENDS.search(before) or _NAMES_ANOTHER.search(before) or (len(path) == 1 and not match["dot"]):
            return False
    return _follows(path, last) or (opens and bool(match["dot"] or len(path) > 1 or match["kind"]) and path[0] <= MOST)


def _follows(path: tuple[int, ...], last: tuple[int, ...]) -> bool:
    """Whether a number is the next one: `(1,)` at first, then a child, or the next sibling of the last or of what holds it."""
    if not last:
        return path in ((1,), (1, 0), (1, 1))
    if path[:-1] == last and path[-1] <= 1:
        return True
    depth = len(path) - 1
    if depth < len(last) and path[:-1] == last[:depth] and path[-1] == last[depth] + 1:
        return True
    return len(path) == 2 and path[0] == last[0] + 1 and path[1] <= 1


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The clause, or its parts where it is longer than a person would read as one: cut at a paragraph, a sentence, or a blank."""
    while end - start > USUAL:
        cut = text.rfind("\n", start + 1, start + USUAL) + 1
        if cut <= start and end - start > LONGEST:
            cut = max(text.rfind(". ", start, start + LONGEST) + 2, text.rfind(" ", start, start + LONGEST) + 1)
            cut = cut if cut > start + 1 else start + LONGEST
        if cut <= start:
            break
        yield start, cut
        start = cut
    if start < end:
        yield start, end


def _heading(text: str) -> str | None:
    found = _HEADING.match(text)
    return (found["h"] or found["t"]).strip(" .,:;") if found else None
