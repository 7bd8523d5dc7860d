"""The clauses of a paper with their sentences, as the rules for terms read them, and the terms they make of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from signoff.domain.agreement import FoundTerm, Place, TermKind
from signoff.domain.contract import Clause
from signoff.tools.agreements.splitting import Split

HEAD = 6_000
"""Characters at the front in which a paper says what it is, of when, and between whom."""
LONGEST = 3_900
_STOP = re.compile(r"(?<=[.!?;])[\"”’)]*\s+(?=[\"“(\[]*[A-ZÀ-Þ0-9])|\n")
_SHORT = re.compile(
    r"(?:\b(?:Inc|Ltd|Co|Corp|No|Nr|St|Mr|Mrs|Ms|Dr|vs|art|sec|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|approx|bzw|ca|Abs"
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
    order: str | None = None

    @property
    def clauses(self) -> tuple[Clause, ...]:
        return self.whole.clauses

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every sentence, in the order of the paper."""
        return tuple(s for at, clause in enumerate(self.clauses) for s in _sentences(at, clause))

    @cached_property
    def head(self) -> tuple[Sentence, ...]:
        """The sentences within the first `HEAD` characters."""
        return tuple(s for s in self.sentences if self.whole.starts[s.clause] + s.start < HEAD)

    def term(self, kind: TermKind, value: str, sentence: Sentence, span: tuple[int, int] | None = None, role: str | None = None) -> FoundTerm:
        """The term that a sentence, or the span of it, says; blanks around it do not belong to the quote."""
        start, end = span or (0, min(len(sentence.text), LONGEST))
        quote = sentence.text[start:end]
        start += len(quote) - len(quote.lstrip())
        quote = quote.strip()
        at = sentence.start + start
        page = self.whole.page(sentence.clause, at)
        return FoundTerm(
            kind=kind, value=value, quote=quote, place=Place(clause=sentence.clause, start=at, end=at + len(quote), page=page), role=role
        )

    def passage(self, kind: TermKind, sentence: Sentence) -> FoundTerm:
        """The term whose value is the sentence itself."""
        return self.term(kind, sentence.text.strip()[:LONGEST], sentence)


def _sentences(at: int, clause: Clause) -> Iterator[Sentence]:
    start, text, heading = 0, clause.text, clause.heading or ""
    for stop in _STOP.finditer(text):
        if stop[0] != "\n" and _SHORT.search(text[max(start, stop.start() - 12) : stop.start()]):
            continue
        if text[start : stop.start()].strip():
            yield Sentence(at, start, stop.start(), text[start : stop.start()], heading)
        start = stop.end()
    if text[start:].strip():
        yield Sentence(at, start, len(text), text[start:], heading)
