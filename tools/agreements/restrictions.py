"""Passages that bind how much is bought, what it may cost, and what a party answers for: told as they are written, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from signoff.domain.agreement import FoundTerm, TermKind
from signoff.tools.agreements.clause_text import ClauseText

MOST, LEAST_WORDS, NEAR = 12, 5, 80
"""Passages of a kind at most, as a paper that seems to have more says something else; words of a passage; characters around its words."""
_PASSAGES: dict[TermKind, tuple[str, str]] = {
    TermKind.MINIMUM_COMMITMENT: (
        r"\bminimum\s+(?:\w+\s+){0,3}(?:purchase|order|quantit|commitment|amount|volume|fee|payment|revenue|sales"
        r"|royalt|guarantee)\w*"
        r"|\b(?:purchase|buy|order|take|pay|sell|sales|orders?|acquire)\w*\b[^.;]{0,100}\b(?:at\s+least|a\s+minimum\s+of"
        r"|not\s+less\s+than|no\s+(?:less|fewer)\s+than)\b[^.;]{0,30}(?:\d|\$|€|£|%|\[)"
        r"|\btake[\s-]or[\s-]pay\b|\bmindest(?:abnahme|menge|umsatz|bestell)\w*|\bguaranteed\s+minimum\b"
        r"|\bminimum\s+(?:annual\s+)?(?:performance\s+goals?|sales?\s+targets?)\b|\b(?:annual|quarterly)\s+sales?\s+targets?\b"
        r"|\b(?:guarantee|purchas|order|buy)\w*\b[^.;]{0,100}\bminimum\s+of\b",
        r"\b(?:insurance|notice|maturity|wage|rating|credit\s+score|minimum\s+(?:period|term|age)|days?\s+prior|coverage"
        r"|at\s+least\s+(?:\w+\s+)?\(?\d+\)?\s*(?:days?|months?|years?)\s+(?:prior|before|written|notice))\b",
    ),
    TermKind.VOLUME_RESTRICTION: (
        r"\b(?:up\s+to|maximum\s+of|no\s+more\s+than|not\s+more\s+than|not\s+(?:to\s+)?exceed|in\s+excess\s+of|more\s+than"
        r"|exceeds?|limited\s+to)\b[^.;]{0,60}\b(?:\d[\d,]*|one|two|three|four|five|six|seven|ten|twenty|fifty|hundred)\b\)?"
        r"[^.;]{0,40}\b(?:hours|times|units|users|copies|copy|employees|seats|transactions|pieces|sites|servers|requests|calls"
        r"|gallons|barrels|tons|tonnes|samples|licen[cs]es|modifications|releases|emails|megabytes|gigabytes|pages|stück)\b"
        r"|\bhöchst(?:menge|abnahme)\w*|\bmaximum\s+(?:quantity|volume|number)\b",
        r"\b(?:shares|common\s+stock|insurance|notice|damages|liab\w+|business\s+hours|within)\b",
    ),
    TermKind.LIABILITY_CAP: (
        r"\b(?:liabilit\w+|liable|responsib\w+)\b[^.;]{0,260}\b(?:exceed|limited\s+to|limit(?:ed)?|in\s+excess|maximum|cap(?:ped)?)\b"
        r"|\b(?:no\s+event|neither\s+party|no\s+party|not|nor|under\s+no\s+circumstances?"
        r"|in\s+keinem\s+fall)\b[^.;]{0,160}\bliable\b[^;]{0,300}\b(?:indirect|consequential|special|incidental|punitive"
        r"|exemplary|lost\s+profits?|loss\s+of\s+profits?)\b"
        r"|\b(?:exclu\w+|disclaim\w*|waives?)\b[^.;]{0,100}\b(?:consequential|punitive|incidental)\b[^.;]{0,60}\bdamages\b"
        r"|\b(?:sole|exclusive)\s+(?:and\s+(?:sole|exclusive)\s+)?(?:remed\w+|liabilit\w+)\b"
        r"|\bno\s+action[^.;]{0,120}\b(?:more\s+than|after)\b[^.;]{0,30}\byears?\b|\bhaftung\b[^;]{0,200}\b(?:begrenzt"
        r"|beschränkt|höchstens)\b|\b(?:consequential|indirect)\b[^.]{0,200}\beven\s+if\b[^.]{0,60}\badvised\b",
        r"\b(?:limited\s+liability\s+company|joint(?:ly)?\s+and\s+several)\b",
    ),
    TermKind.PRICE_RESTRICTION: (
        r"\b(?:prices?|fees?|rates?|charges?|pricing|preise?)\b[^.;]{0,140}\b(?:(?:not\s+(?:be\s+)?(?:increase|rais|exceed"
        r"|chang)\w*|(?:no|any)\s+(?:price\s+)?increases?\b[^.;]{0,60}(?:exceed|limited|more\s+than)|(?:increase|adjust|change"
        r"|escalat)\w*[^.;]{0,120}(?:exceed|limited\s+to|more\s+than|no\s+more|once|maximum|up\s+to|consumer\s+price|CPI"
        r"|percent|%)|(?:remain|are|is|be|held)\s+(?:fixed|firm|constant|unchanged)|(?:festpreis|nicht\s+erhöh\w*|fest)\b))"
        r"|\b(?:increase|raise|adjust)\w*\b[^.;]{0,60}\b(?:prices?|fees?|rates?|charges?)\b[^.;]{0,140}\b(?:exceed|limited\s+to"
        r"|more\s+than|once|no\s+more|consumer\s+price|CPI|percent|%)",
        r"\b(?:interest|late|overdue|exchange\s+rate|tax(?:es)?|option\s+price|purchase\s+price\s+of\s+the\s+shares)\b",
    ),
}
_RULES = {kind: (re.compile(says, re.IGNORECASE), re.compile(other, re.IGNORECASE)) for kind, (says, other) in _PASSAGES.items()}


def read(paper: ClauseText, _: Sequence[FoundTerm]) -> Iterator[FoundTerm | str]:
    """A term for each passage of each kind; where there are more than people would write, the first and a sentence."""
    for kind, (says, other) in _RULES.items():
        found = [s for s in paper.sentences if _speaks(s.text, says, other)]
        yield from (paper.passage(kind, s) for s in found[:MOST])
        if len(found) > MOST:
            yield f"{len(found)} passages may be a {kind.replace('_', ' ')}; the first {MOST} are shown."


def _speaks(text: str, says: re.Pattern[str], other: re.Pattern[str]) -> bool:
    """Whether a sentence says so, and nothing near the words shows that they mean something else."""
    found = says.search(text) if len(text.split()) >= LEAST_WORDS else None
    return bool(found and not other.search(text[max(0, found.start() - NEAR) : found.end() + NEAR]))
