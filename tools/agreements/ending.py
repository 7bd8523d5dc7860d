"""Until when it holds: a day, a span counted from the day it begins, or without end until somebody ends it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from signoff.domain.agreement import FoundTerm, TermKind
from signoff.domain.term_values import PERPETUAL
from signoff.tools.agreements.clause_text import ClauseText, Sentence
from signoff.tools.agreements.spans import Day, Span

_SUBJECT = re.compile(
    r"\binitial\s+(?:term|period|distribution\s+period)\b|\bminimum\s+(?:term|period)\b"
    r"|\b(?:terms?|duration|initial\s+period)\s+of\s+(?:(?:this|the|our)\s+[\w\s/-]{0,60}?(?:agreement|contract|amendment"
    r"|engagement|appointment|attachment)|employment)"
    r"|\b(?:this|the|present)\s+(?:[\w/'’-]+\s+){0,7}?(?:agreement|contract|amendment|engagement|appointment|attachment"
    r"|employment|arrangement|licen[cs]e)\b[^.;]{0,100}?"
    r"\b(?:shall|will|is|becomes?|commences?|begins?|starts?|continues?|remains?|enters?|takes?|expires?|ends?|has|may|made|apply)\b"
    r"|^\W*(?:it\s+(?:shall|will)|(?:initial\s+)?(?:term|duration|contract\s+period)\b|(?:the\s+)?[\"“](?:initial\s+)?term[\"”]\s+(?:means"
    r"|shall)|(?:termination|expir(?:y|ation)|end)\s+date\s*:)|\b(?:vertrag|vereinbarung|laufzeit)\b"
    r"|\b(?:the|a)\s+(?:\([^)]*\)\s*|effective\s+)?[\"“]?term[\"”]?\s*(?:\([^)]*\)\s*)?(?:shall|will|is|commences|begins)",
    re.IGNORECASE,
)
_HEADED = re.compile(
    r"\b(?:terms?(?!\s+(?:and\s+conditions|of\s+(?:payment|sale)))|duration|laufzeit|vertragsdauer|expir\w+)\b", re.IGNORECASE
)
_OTHER = re.compile(
    r"\b(?:confidential\w*|warrant\w*|insurance|surviv\w*|after\s+(?:the\s+)?(?:termination|expiration|expiry)|non-?compet\w*"
    r"|invoice|indemnif\w*|option\s+to|royalt\w*"
    r"|cure[ds]?|breach|default|payment|statement\s+of\s+work|purchase\s+order|warranty\s+period"
    r"|notice\s+of\s+(?:non-)?(?:renewal|termination)|arbitrat\w*|records?|solicit\w*|engage\s+in"
    r"|(?:upon|following)\s+(?:a\s+|any\s+|the\s+)?terminat\w+|at\s+the\s+(?:written\s+)?request|maximum\s+period"
    r"|during\b[^.;]{3,80}\band\s+for)\b|^\W*whereas\b",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"(?:\b(?:until|till|through|thru|ending(?:\s+on)?|ends?(?:\s+on)?|expir(?:es?|ing)(?:\s+on)?|terminat(?:es?"
    r"|ing)\s+(?:automatically\s+)?(?:on|at|as\s+of)|to|bis\s+zum|endet\s+am|up\s+to(?:\s+and\s+including)?)"
    r"|\b(?:expir(?:y|ation)|termination)\s+date[\"”]?\s*(?:is|means|:|shall\s+be)?|\bend\s+date[\"”]?\s*(?:is|means|:|shall\s+be)?"
    r"|\buntil\s+and\s+including)\s*:?\s*(?:and\s+including\s+|midnight\s+(?:on\s+)?|the\s+"
    r"|close\s+of\s+business\s+on\s+)*(?:end\s+of\s+)?[\w:,.\s]{0,18}$",
    re.IGNORECASE,
)
_LASTS = re.compile(
    r"(?:\b(?:term|period|duration|laufzeit)\b(?:\s+of\s+(?:this|the)\s+[\w\s-]{0,40}?(?:agreement"
    r"|contract))?[^.;]{0,60}?\b(?:shall\s+be|is|will\s+be|:|of|beträgt|extends?|for)"
    r"|\b(?:continue|remain|be|stay|run|last|extend|valid|effective|effect|force|gilt|läuft|binding|commence\w*|enter\w*"
    r"|concluded|have)\b[^.;]{0,110}?\b(?:for|of|until|für|expire|through|end)\b"
    r"|^\s*(?:initial\s+)?(?:term|duration)\s*[:.-])[^.;]{0,60}$",
    re.IGNORECASE,
)
_LEAST = re.compile(r"\b(?:at\s+least|within|every|each|preceding|first|more\s+than|following)\s*(?:the\s+)?$", re.IGNORECASE)
_PLAIN = re.compile(
    r"\b(?:this|the)\s+[\w\s/-]{0,50}?(?:agreement|contract)\s+(?:\([^)]*\)\s*)?(?:and\s+[\w\s]{3,60}\s)?(?:shall|will|is|has"
    r"|becomes|commences|begins|remains|continues)\b[^.;]{0,90}?"
    r"\b(?:continue|remain|in\s+(?:full\s+)?(?:effect|force)|commence|begin|effective|expire|terminate|term|valid|end|apply)"
    r"|\binitial\s+(?:term|period)|\bterms?\s+of\s+(?:this|the|employment)|^\W*(?:the\s+)?term\b|\blaufzeit\b",
    re.IGNORECASE,
)
_ENDS_SO_LATE = re.compile(
    r"\b(?:expir(?:es?|ing)|terminat(?:es?|ing)|end(?:s|ing)?|until|through)\b(?:\s+(?:automatically|on|upon|the|at|end|of|date"
    r"|that|is|which)){0,8}\s*$",
    re.IGNORECASE,
)
_FROM_START = re.compile(
    r"\s*(?:\([^)]*\)\s*)?(?:(?:after|from|following|of|as\s+of)\s+(?:the\s+|its\s+|this\s+)?(?:\w+\s+)?(?:effective"
    r"|commencement|start|date|agreement|execution|signature)|thereafter|later)",
    re.IGNORECASE,
)
_FRONT = re.compile(r"[\s\S]{0,40}$")
_AFTERWARDS = re.compile(
    r"\s*(?:\([^)]*\)\s*)?(?:after|following|from|of)\s+(?:the\s+)?(?:date\s+of\s+)?(?:its\s+|such\s+)?(?:terminat\w+|expir\w+"
    r"|disclosure|receipt|delivery|(?:last|first|final)\s)",
    re.IGNORECASE,
)
_FROM_EVENT = re.compile(
    r"\s*(?:\([^)]*\)\s*)?(?:after|from|following|of)\s+(?:the\s+)?(?!the\b|effective|commencement|start|execution|signature|signing)"
    r"(?-i:(?:[A-Z][\w-]*\s+){1,2}Date)\b",
    re.IGNORECASE,
)
"""Counted from a day of an event that the paper names, such as `the Acceptance Date`."""
_FROM_PAPER = re.compile(
    r"\s*(?:\([^)]*\)\s*)?(?:anniversary\s+)?(?:after|from|following|of)\s+the\s+date\s+(?:hereof|of\s+this)\b", re.IGNORECASE
)
_EARLIER = re.compile(r"^\s*(?:['’]s?)?\s*(?:prior|advance|written|notice|before|days?)\b", re.IGNORECASE)
_RENEWS = re.compile(
    r"\b(?:renew\w*|extend(?!s?\s+for)\w*|extension|successive|consecutive|additional|thereafter|verlänger\w*|subsequent|further)\b",
    re.IGNORECASE,
)
_ENDLESS = re.compile(
    r"\b(?:until\s+(?:it\s+is\s+)?(?:earlier\s+|otherwise\s+|such\s+time\s+as\s+)?(?:it\s+is\s+)?terminated|indefinitely"
    r"|indefinite\s+(?:period|term|duration)|perpetual(?:ly)?(?!,?\s+(?:\w+,?\s+){0,4}licen[cs]e)|in\s+perpetuity"
    r"|unless\s+and\s+until\s+(?:it\s+is\s+)?terminated"
    r"|until\s+(?:either|any)\s+party|(?:agreement|contract)\s+shall\s+terminate\s+(?:\(\w\)\s*)?at\s+the\s+option|unbefristet"
    r"|auf\s+unbestimmte\s+zeit)\b",
    re.IGNORECASE,
)
_HOLDS = re.compile(
    r"\b(?:expir\w*|terminat\w*|period|apply|endur\w*|remain|continu\w*|in\s+(?:full\s+)?(?:force|effect)|term|effective"
    r"|duration|valid|laufzeit|vertrag|geschlossen)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:earlier|sooner|later)\s+(?:to\s+occur\s+)?of\b|\bwhichever\b|\bupon\s+the\s+(?:earliest|latest)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _End:
    value: dt.date | str
    sentence: Sentence
    counted: Span | None = None


def read(paper: ClauseText, known: Sequence[FoundTerm]) -> Iterator[FoundTerm | str]:
    """The last day, or `perpetual`. A span is counted to the same day in its last month or year, and says so."""
    begins = _start(known)
    ends = _candidates(paper, begins, known)
    if not ends:
        return
    best = max(_weight(e) for e in ends)
    clearest = [e for e in ends if _weight(e) == best]
    values = list(dict.fromkeys(str(e.value) for e in clearest if e.value))
    if len(values) > 1 and clearest[0].sentence.clause != clearest[-1].sentence.clause and not _HEADED.search(clearest[0].sentence.heading):
        yield f"It may end on {' or '.join(values[:4])}; say which day."
    else:
        yield from _told(paper, clearest[0], begins)


def _candidates(paper: ClauseText, begins: dt.date | None, known: Sequence[FoundTerm]) -> list[_End]:
    """Days, then spans, then what says that there is no end; the first of each sentence."""
    about = {id(s): s for s in paper.sentences if _about(s)}
    fixed = [_End(day.day, s) for s, day in paper.days if id(s) in about and day.day and _ends(s, day)]
    lasting = [_End(_counted(s, span, begins, known), s, span) for s, span in paper.spans if id(s) in about and _lasts(s, span)]
    endless = [_End(PERPETUAL, s) for s in about.values() if _without_end(s.text)]
    return list({id(e.sentence): e for e in reversed((*fixed, *lasting, *endless))}.values())[::-1]


def _counted(sentence: Sentence, span: Span, begins: dt.date | None, known: Sequence[FoundTerm]) -> dt.date | str:
    """The last day, counted from where the sentence says; empty where that day is not known."""
    behind = sentence.text[span.end :]
    if _FROM_EVENT.match(behind):
        return ""
    start = _day(known, TermKind.AGREEMENT_DATE) if _FROM_PAPER.match(behind) else begins
    return (span.after(start) if start else None) or ""


def _without_end(text: str) -> bool:
    """Whether a sentence says that it holds until somebody ends it."""
    found = _ENDLESS.search(text)
    return bool(found and not _CONDITION.search(text) and not _OTHER.search(text[: found.start()]))


def _weight(end: _End) -> tuple[bool, bool, bool]:
    """How plainly a sentence speaks of the agreement's own end."""
    text = end.sentence.text
    plain = _PLAIN.search(text)
    return bool(plain), bool(plain and (_HEADED.search(end.sentence.heading) or "nitial" in text)), end.value != PERPETUAL


def _told(paper: ClauseText, end: _End, begins: dt.date | None) -> Iterator[FoundTerm | str]:
    if not end.value:
        yield f"It lasts {end.counted}, and no day is stated from which that counts; say when it ends."
        return
    yield paper.term(TermKind.EXPIRATION_DATE, str(end.value), end.sentence)
    if end.counted:
        yield f"The end {end.value} was counted: {end.counted} from {begins}; say so if the day before is meant."


def _start(known: Sequence[FoundTerm]) -> dt.date | None:
    return _day(known, TermKind.EFFECTIVE_DATE) or _day(known, TermKind.AGREEMENT_DATE)


def _day(known: Sequence[FoundTerm], kind: TermKind) -> dt.date | None:
    return next((dt.date.fromisoformat(term.value) for term in known if term.kind is kind), None)


def _about(sentence: Sentence) -> bool:
    """Whether a sentence speaks of how long the agreement holds, not of something in it."""
    return len(sentence.text) < 2500 and bool(
        _HOLDS.search(sentence.text) and (_SUBJECT.search(sentence.text) or _HEADED.search(sentence.heading))
    )


def _ends(sentence: Sentence, day: Day) -> bool:
    """Whether it holds until this day."""
    before = sentence.text[: day.start]
    return bool(_UNTIL.search(before) and (_HOLDS.search(before) or _HEADED.search(sentence.heading)) and not _OTHER.search(before))


def _lasts(sentence: Sentence, span: Span) -> bool:
    """Whether it holds for so long: months or years, neither of notice nor of a renewal."""
    before, after = sentence.text[: span.start], sentence.text[span.end :]
    if (
        span.unit in "DW"
        or _LEAST.search(before)
        or _EARLIER.search(after)
        or _AFTERWARDS.match(after)
        or _RENEWS.search(before)
        or _OTHER.search(before)
    ):
        return False
    return bool(
        _LASTS.search(before)
        or (_ENDS_SO_LATE.search(before) and _FROM_START.match(after))
        or (_HEADED.search(sentence.heading) and _FRONT.match(before))
    )
