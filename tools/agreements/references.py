"""What the paper says of itself and of other papers: its number, what it changes, which document prevails."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from signoff.domain.agreement import FoundTerm, TermKind
from signoff.tools.agreements.clause_text import ClauseText

_ID = re.compile(
    r"\b(?:contract|agreement|framework|vertrag\w*|rahmenvertrag\w*|supplement|amendment)\s*(?:no\.?|number|nr\.?|#"
    r"|ref(?:erence)?\.?|id|nummer)\s*:?\s*(?P<id>(?=[\w/.-]*\d)[A-Z0-9][\w/.-]*\w)",
    re.IGNORECASE,
)
_PART = r"(?:[A-ZÀ-Þ\"“(][\w\"”“'’.&/)-]*|of|for|and|no\.?|nr\.?|dated|as|between|\d+[\w,./-]*|vom|über)"
_AMENDS = re.compile(
    r"\b(?i:(?:amendment|addendum|supplement|nachtrag)(?:\s+(?:no\.?|number|nr\.?)\s*\d+)?\s+(?:to|zum?)\s+(?:the\s+|den\s+|dem\s+)?"
    r"|(?:amends?|supersedes?|replaces?|modif(?:y|ies)|restates?|änder[nt]|ersetzt)\s+(?:and\s+(?:restates?|replaces?|supersedes?)\s+)?"
    r"(?:in\s+(?:its\s+)?entirety\s+)?(?:the|that\s+certain|den|die)\s+)"
    rf"(?P<what>{_PART}(?:\s+{_PART}){{0,14}})"
)
_A_PAPER = re.compile(r"agreement|contract|vertrag|vereinbarung|terms|order\s+form|lease|license|\d{3,}", re.IGNORECASE)
_PREVAILS = re.compile(
    r"\b(?:conflict|inconsisten\w+|discrepanc\w+|contradict\w+|widerspr\w+|precedence|abweich\w+)\b[^.;]{0,300}\b(?:prevail"
    r"|govern|control|precedence|vorrang|geht\s+vor|gehen\s+vor)",
    re.IGNORECASE,
)
_INCORPORATED = re.compile(
    r"\b(?:incorporated\s+(?:herein\s+|into\s+this\s+agreement\s+)?by\s+(?:this\s+)?reference|(?:form"
    r"|made)s?\s+(?:an?\s+)?(?:integral\s+)?part\s+of\s+this\s+(?:agreement|contract)|bestandteil\s+dieses\s+vertrag\w*)",
    re.IGNORECASE,
)
MOST = 6


def read(paper: ClauseText, _: Sequence[FoundTerm]) -> Iterator[FoundTerm | str]:
    """Its number, the contract that it changes, and the documents that go before it or belong to it."""
    ids = [(m, s) for s in paper.head for m in _ID.finditer(s.text)]
    changes = [(m, s) for s in paper.head for m in _AMENDS.finditer(s.text) if _A_PAPER.search(m["what"])]
    named = {m["id"] for m, _ in ids}
    own = [(m, s) for m, s in ids if not any(m["id"] in c["what"] for c, _ in changes) or (len(named) == 1 and not changes)]
    if own:
        yield paper.term(TermKind.CONTRACT_ID, own[0][0]["id"], own[0][1], own[0][0].span("id"))
    if changes:
        match, sentence = changes[0]
        yield paper.term(TermKind.AMENDS, _named(match["what"]), sentence, match.span("what"))
    governing = [s for s in paper.sentences if _PREVAILS.search(s.text) or _INCORPORATED.search(s.text)]
    yield from (paper.passage(TermKind.GOVERNING_DOCUMENT, s) for s in governing[:MOST])


def _named(text: str) -> str:
    """The number of the contract that is changed where its name says one, else its name."""
    number = re.search(r"\b(?:no|nr|number|nummer)\.?\s*(?P<id>[A-Z0-9][\w/.-]*\d[\w/-]*)", text, re.IGNORECASE)
    return number["id"] if number else text.strip(' "“”,.')[:200]
