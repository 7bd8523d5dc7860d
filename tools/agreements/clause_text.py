"""The clauses of a paper with their sentences, as the rules for terms read them, and the terms they make of them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from signoff.domain.agreement import FoundTerm, Place, TermKind
from signoff.domain.contract import Clause
from signoff.tools.agreements.spans import Day, Span, anniversaries, days, spans
from signoff.tools.agreements.splitting import Split
from signoff.tools.orders.values import DateOrder, months

HEAD = 6_000
"""Characters at the front in which a paper says what it is, of when, and between whom."""
BEHIND_CONTENTS = 30_000
LONGEST = 3_900
_CONTENTS = re.compile(r"\btable\s+of\s+contents\b|\binhaltsverzeichnis\b|\bindex\s+of\s+clauses\b", re.IGNORECASE)
_STOP = re.compile(r"(?<=[.!?;])[\"”’)]*\s+(?=[\"“(\[]*[A-ZÀ-Þ0-9])|\n")
_YEAR = re.compile(r"(?:19|20)\d\d|\d[./-]\d{2}(?!\d)")
_WORD = re.compile(r"[^\W\d_]+")
_SHORT = re.compile(
    r"(?:\b(?:Inc|Ltd|Co|Corp|No|Nr|St|Mr|Mrs|Ms|Dr|vs|art|sec|Jan|Feb|Mar|Apr|April|June?|July?|Aug|Sept?|Oct|Nov|Dec|approx|bzw|ca|Abs"
    r"|resp|d|e|i|a|b)|\b[A-Z]|\b\w\.\w)\.$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: the clause it stands in (from 0), its offsets there, its text and the clause's heading."""

    clause: int
    start: int
    end: int
    text: str
    heading: str


@dataclass(frozen=True)
class ClauseText:
    """A paper as rules read it."""

    whole: Split
    order: DateOrder | None = None

    @property
    def clauses(self) -> tuple[Clause, ...]:
        return self.whole.clauses

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every sentence, in the order of the paper."""
        return tuple(s for at, clause in enumerate(self.clauses) for s in _sentences(at, clause))

    @property
    def head(self) -> tuple[Sentence, ...]:
        """The sentences on the front pages."""
        return tuple(s for s in self.sentences if self.fronts(s))

    def fronts(self, sentence: Sentence) -> bool:
        """Whether a sentence begins on the front pages."""
        return self.whole.starts[sentence.clause] + sentence.start < self.front

    @cached_property
    def front(self) -> int:
        """Where the front pages end: further behind where a table of contents stands in them."""
        return BEHIND_CONTENTS if _CONTENTS.search(self.whole.running.text, 0, HEAD) else HEAD

    def place(self, start: int, length: int) -> tuple[int, tuple[int, int]] | None:
        """The clause and the span in it of a stretch of the running text; nothing for one that lies in no clause alone."""
        clause = bisect_right(self.whole.starts, start) - 1
        at = start - self.whole.starts[clause]
        return (clause, (at, at + length)) if clause >= 0 and at + length <= len(self.clauses[clause].text) else None

    @cached_property
    def days(self) -> tuple[tuple[Sentence, Day], ...]:
        """Every day that is named, with its sentence."""
        return tuple((s, day) for s in self.sentences if _YEAR.search(s.text) for day in days(s.text, self.order))

    @cached_property
    def spans(self) -> tuple[tuple[Sentence, Span], ...]:
        """Every span of time, with its sentence."""
        return tuple((s, span) for s in self.sentences for span in (*anniversaries(s.text), *spans(s.text)))

    def term(
        self, kind: TermKind, value: str, sentence: Sentence, span: tuple[int, int] | None = None, role: str | None = None
    ) -> FoundTerm:
        """The term that a sentence, or the span of it, says; blanks around it do not belong to the quote."""
        start, end = span or (0, min(len(sentence.text), LONGEST))
        return self.at(kind, value, sentence.clause, (sentence.start + start, sentence.start + end), role)

    def at(self, kind: TermKind, value: str, clause: int, span: tuple[int, int], role: str | None = None) -> FoundTerm:
        """The term that a span of a clause says."""
        start, end = span
        text = self.clauses[clause].text[start:end]
        quote, at = text.strip(), start + len(text) - len(text.lstrip())
        place = Place(clause=clause, start=at, end=at + len(quote), page=self.whole.page(clause, at))
        return FoundTerm(kind=kind, value=value, quote=quote, place=place, role=role)

    def passage(self, kind: TermKind, sentence: Sentence) -> FoundTerm:
        """The term whose value is the sentence itself."""
        return self.term(kind, sentence.text.strip()[:LONGEST], sentence)


def _sentences(at: int, clause: Clause) -> Iterator[Sentence]:
    start, text, heading = 0, clause.text, clause.heading or ""
    for stop in _STOP.finditer(text):
        if stop[0] != "\n" and (_SHORT.search(text[max(start, stop.start() - 12) : stop.start()]) or _in_a_date(text, stop)):
            continue
        if text[start : stop.start()].strip():
            yield Sentence(at, start, stop.start(), text[start : stop.start()], heading)
        start = stop.end()
    if text[start:].strip():
        yield Sentence(at, start, len(text), text[start:], heading)


def _in_a_date(text: str, stop: re.Match[str]) -> bool:
    """Whether the point belongs to a day, as in `31. Dezember`."""
    word = _WORD.match(text, stop.end())
    return bool(word and text[stop.start() - 2 : stop.start() - 1].isdigit() and word[0].lower() in months())
