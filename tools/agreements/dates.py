"""When it was made, and from when on it holds: on the front page, in the definition of the effective date, over the signatures."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from signoff.domain.agreement import FoundTerm, TermKind
from signoff.tools.agreements.clause_text import ClauseText, Sentence
from signoff.tools.agreements.spans import Day

_MADE = re.compile(
    r"\b(?:made|entered|enters|executed|signed|concluded|effective(?!\s+date)|dated|(?:(?:agreement|contract)\s+|(?<!\w\s))date|(?:agreement|contract|vertrag)\s+(?:of"
    r"|vom)|wird\s+am|as\s+of|geschlossen|vom|datum)\b(?<!effective date)[^.;]{0,120}$",
    re.IGNORECASE,
)
_OTHER_PAPER = re.compile(
    r"\b(?:previous(?:ly)?|prior|original(?:ly)?|existing|certain|amend(?:s|ed(?!\s+and\s+restated)|ing)?|that|annexed|pursuant\s+to|supersedes?|replaces?"
    r"|reorganization|filed|received|since|born)\b[^.;]{0,120}$"
    r"|^\W*whereas\b(?![\s\S]*\bthis\s+(?:agreement|contract|amendment)\s+is\b)|\bto\s+that\b[^;]{0,400}\bdated(?:\s+as\s+of)?\s*$"
    r"|\b(?:amendment|addendum|supplement|nachtrag)\b.{0,40}\b(?:to|zum?)\b.{0,160}\b(?:dated(?:\s+as\s+of)?|vom)\s*$",
    re.IGNORECASE,
)
_DEFINED = re.compile(
    r"^[\s,]*[(\[][^()]{0,60}[\"“„']?\s*(?:the\s+)?[\"“„']?(?:effective\s+date|commencement\s+date|start\s+date)\b", re.IGNORECASE
)
_DEFINES = re.compile(
    r"\b(?:effective|commencement|start)\s+date[\"”“']?\s*(?:\)?\s*(?:[-–—]|means|(?:shall|will)\s+(?:mean|be)|is|:"
    r"|(?:of|for)\s+this\s+(?:agreement|contract)|(?:of|for|under)\s[^.;:]{0,60}:)(?:[^.;]|i\.e\.){0,60}?|\s+)$",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    r"\b(?:effective(?:\s+(?:as\s+(?:of|from)|on|from|beginning|date(?:\s+is)?|the))*|(?:commenc|beg[iau]n"
    r"|start)\w*(?:\s+(?:effective|as))*(?:\s+(?:on|of|from))?"
    r"|(?:(?:come|enter)s?\s+into\s+(?:force|effect)|takes?\s+effect)(?:\s+(?:on|as\s+of))?|with\s+effect\s+from"
    r"|in\s+kraft\s+am|tritt\s+am|gilt\s+ab|beginnt\s+am|ab\s+dem)"
    r"\s*[:,]?\s*(?:the\s+|this\s+|dem\s+)?$",
    re.IGNORECASE,
)
_HERE = (
    r"(?:the\s+)?(?:date|day)(?:\s+and\s+year)?\s+(?:hereof|(?:first\s+)?(?:above|set\s+forth|herein)\s*[\w\s]{0,24}(?:written"
    r"|above|forth)?|first\s+(?:above\s+)?written|noted\s+below|last\s+written\s+below|of\s+(?:this\s+agreement"
    r"|(?:its\s+)?execution|(?:its\s+)?signature|signing|(?:the\s+)?last\s+signature|signed\s+acceptance)"
    r"|(?:on\s+which\s+)?(?:it\s+is\s+)?(?:last\s+)?(?:signed|executed))"
)
_FROM_HERE = re.compile(
    rf"\b(?:effective|commenc\w+|beg[iau]n\w*|start\w*|(?:in|into)\s+force|effect)\b(?:\s+(?:as|of|on|upon|from|and|force|into"
    rf"|shall|be|become|in|full))*\s+{_HERE}",
    re.IGNORECASE,
)
_EFFECT = re.compile(r"\beffective\b|\bcommenc\w+", re.IGNORECASE)
_SUBJECT = re.compile(r"\b(?:agreement|contract|term|amendment|vertrag|vereinbarung|appointment|engagement|it|er|sie)\b", re.IGNORECASE)
_WITNESS = re.compile(
    r"\b(?:in\s+witness\s+(?:whereof|thereof|hereof)|this\s+(?:agreement|contract|amendment)\b[^.;]{0,80}\b(?:executed"
    r"|signed))\b[^;]{0,300}$",
    re.IGNORECASE,
)
_NAMED = re.compile(r"[\s,]*\(\s*(?:the\s+|this\s+)?[\"“](?!Agreement|Contract|Effective)[^\"”]*(?:Agreement|Contract|Amendment)")
_DATED = re.compile(r"\bdated?\s*:", re.IGNORECASE)
_BY_HAND = re.compile(r"/s/|\b(?:by|title|name)\s*:", re.IGNORECASE)
_WHEN_SIGNED = re.compile(
    r"\b(?:later|latest|last)\b[^.;]{0,40}\b(?:dates?|signature|signed)\b[^.;]{0,60}\b(?:sign\w*|below|hereto)\b"
    r"|\bdate\s+(?:last\s+written|noted|set\s+forth)\s+(?:on\s+the\s+signature\s+page\s+)?below\b",
    re.IGNORECASE,
)
_PLACED = re.compile(r"[A-ZÀ-Þ][\w .-]{1,30},\s*(?:den|the|this|le|il|on)?\s*\.?")
_THIS = re.compile(
    r"\b(?:this|dieser?)\b[^;]{0,160}\b(?:agreement|contract|amendment|addendum|vertrag|vereinbarung)\b[^;]{0,160}"
    r"\b(?:made|entered|dated|executed|concluded|signed|wird)\b[^;]{0,80}$",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?:(?:fiscal|financial|calendar|contract)\s+)?(?:years?|quarters?|months?|services?|prices?|budgets?)\s+(?:\w+\s+){0,3}$|\bterminat\w*\b",
    re.IGNORECASE,
)
"""What begins, or ends, is not the agreement."""
_ONLY_EFFECTIVE = re.compile(r"\beffective\b(?:\s+(?:as\s+(?:of|from)|on|from|this|the)){0,3}\s*$", re.IGNORECASE)
_ALONE = re.compile(r"\W*(?:dated?(?:\s+as\s+of)?|datum|vom|as\s+of|date\s+of\s+agreement)?\W*", re.IGNORECASE)
_SIGNED = re.compile(r"\b(?:dated?(?:\s+signed)?|signed(?:\s+on)?|datum)\s*[:.]?\s*[/\s]*$|/s/[^;]{3,160}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Seen:
    day: Day
    sentence: Sentence

    @property
    def span(self) -> tuple[int, int]:
        return self.day.start, self.day.end

    @property
    def around(self) -> str:
        """The sentence without the day."""
        return self.sentence.text[: self.day.start] + self.sentence.text[self.day.end :]


def read(paper: ClauseText, _: Sequence[FoundTerm]) -> Iterator[FoundTerm | str]:
    """The agreement date, the effective date, and what is in doubt about them."""
    made, doubts = _settled(_made(paper))
    yield from (f"The day of the agreement may be {doubt}; say which one." for doubt in doubts)
    if made:
        yield _term(paper, TermKind.AGREEMENT_DATE, made)
    begins, doubts = _settled(_begin(paper))
    yield from (f"It may begin on {doubt}; say which day." for doubt in doubts)
    if begins:
        yield _term(paper, TermKind.EFFECTIVE_DATE, begins)
    elif made and not doubts:
        yield from _from_here(paper, made)


def _term(paper: ClauseText, kind: TermKind, seen: _Seen) -> FoundTerm:
    assert seen.day.day is not None
    return paper.term(kind, seen.day.day.isoformat(), seen.sentence, seen.span)


def _settled(ranked: Iterator[list[_Seen]]) -> tuple[_Seen | None, list[str]]:
    """The day that the surest places name; a doubt where they name two, or one that can be read as two days."""
    for seen in ranked:
        if not seen:
            continue
        named = {s.day.day for s in seen}
        if len(named) == 1 and None not in named:
            return seen[0], []
        if None in named:
            return None, [repr(next(s for s in seen if s.day.day is None).sentence.text[slice(*seen[0].span)])]
        return None, [" or ".join(sorted(str(d) for d in named))]
    return None, []


def _made(paper: ClauseText) -> Iterator[list[_Seen]]:
    """Where the day it was made may stand, the surest first; of each kind the first place, but the last of signatures."""
    every = [_Seen(day, s) for s, day in paper.days]
    named = [s for s in every if paper.fronts(s.sentence) and _says(_MADE, s) and not _of_another(s)]
    if any(_WHEN_SIGNED.search(s.text) for s in paper.head):
        yield _last_signed(paper)
    yield [s for s in named if _says(_THIS, s)][:1]
    yield [s for s in named if not _says(_ONLY_EFFECTIVE, s)][:1]
    yield [s for s in every if paper.fronts(s.sentence) and s.sentence.clause == 0 and _ALONE.fullmatch(s.around)][:1]
    yield [s for s in every if _says(_WITNESS, s) and not _says(_OTHER_PAPER, s) and not _says(_SIGNED, s)][:1]
    yield _last_signed(paper)
    yield [s for s in every if _PLACED.fullmatch(s.around)][-1:]
    yield named[:1]


def _last_signed(paper: ClauseText) -> list[_Seen]:
    """The last of the days that stand beside signatures."""
    signed = [seen for s, day in paper.days if _says(_SIGNED, seen := _Seen(day, s))]
    last = max((s.day.day or dt.date.min for s in signed), default=None)
    return [s for s in signed if s.day.day == last][:1]


def _of_another(seen: _Seen) -> bool:
    """Whether the day belongs to another paper that is named here, or to signatures beside each other."""
    beside = _NAMED.match(seen.sentence.text[seen.day.end :]) or len(_DATED.findall(seen.sentence.text)) > 1
    return bool(beside or _says(_OTHER_PAPER, seen) or _says(_BY_HAND, seen))


def _says(pattern: re.Pattern[str], seen: _Seen) -> bool:
    return bool(pattern.search(seen.sentence.text[: seen.day.start]))


def _begin(paper: ClauseText) -> Iterator[list[_Seen]]:
    every = [_Seen(day, s) for s, day in paper.days]
    if any(_WHEN_SIGNED.search(s.text) and _EFFECT.search(s.text) for s in paper.sentences):
        yield _last_signed(paper)
    yield [s for s in every if _DEFINED.match(s.sentence.text[s.day.end :])]
    yield [s for s in every if _says(_DEFINES, s)]
    begun = [s for s in every if _begins(s) and not _says(_OTHER_PAPER, s)]
    yield [s for s in begun if paper.fronts(s.sentence)][:1]
    yield [s for s in begun if _SUBJECT.search(s.sentence.text[max(0, s.day.start - 120) : s.day.start])][:1]


def _begins(seen: _Seen) -> bool:
    """Whether something begins on this day, and not a part of the agreement."""
    before = seen.sentence.text[: seen.day.start]
    found = _BEGINS.search(before)
    return bool(found and not _PART.search(before[max(0, found.start() - 80) : found.start()]))


def _from_here(paper: ClauseText, made: _Seen) -> Iterator[FoundTerm]:
    """A paper that holds from its own day on says so in words."""
    for sentence in paper.sentences:
        found = _FROM_HERE.search(sentence.text)
        if found and _SUBJECT.search(sentence.text[: found.start() + 12]):
            assert made.day.day is not None
            yield paper.term(TermKind.EFFECTIVE_DATE, made.day.day.isoformat(), sentence, found.span())
            return
