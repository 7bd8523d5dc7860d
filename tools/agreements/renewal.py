"""How it goes on after its end, and how long before one has to say that it shall not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from signoff.domain.agreement import FoundTerm, TermKind
from signoff.domain.term_values import BY_AGREEMENT, PERPETUAL
from signoff.tools.agreements.clause_text import ClauseText, Sentence
from signoff.tools.agreements.spans import Span, spans

_RENEWS = re.compile(
    r"\b(?:renew(?:s|ed|al|als|able|ing)?|extend(?:s|ed)?|extension|from\s+year\s+to\s+year|year[\s-]to[\s-]year"
    r"|from\s+month\s+to\s+month|month[\s-]to[\s-]month|verlänger\w*)\b",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"\b(?:agreement|contract|terms?|attachment|period|vertrag|vereinbarung|laufzeit|expiration|automatic\w*|thereafter|it|anniversary)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:time\s+(?:for|to)|deadline|delivery|lease\s+term|letter\s+of\s+credit|insurance|patent|cure|payment|license\s+fee"
    r"|due\s+date|credit\s+(?:terms|period)|warrant\w*|prices?\s+(?:for|shall)|cover(?:ed|age)|confidential\w*|certificat\w*|permits?|increase[sd]?|not\s+(?:been\s+)?renewed)\b",
    re.IGNORECASE,
)
_TERM_BEHIND = re.compile(
    r"^\s*(?:\([^)]*\)\s*)?(?:(?:successive|consecutive|additional|renewal|extended|extension|further|each"
    r"|calendar)\s+)*(?:terms?|periods?|renewals?|extensions?|each|increments?|\b|[.,;)]|$)",
    re.IGNORECASE,
)
_NOT_A_TERM = re.compile(
    r"^\s*(?:['’]|\([^)]*\)\s*['’]?)?\s*(?:(?:prior|advance|written|calendar|before|notice|of\s+the\s+date|from\s+the\s+date"
    r"|after|following|in\s+advance)\b)",
    re.IGNORECASE,
)
_LEAST = re.compile(
    r"\b(?:at\s+least|not\s+less\s+than|no\s+(?:later|less)\s+than|within|more\s+than|upon|mindestens|spätestens)\s*(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
_YEARLY = re.compile(
    r"\b(?:renew\w*|extend\w*|continue\w*|extensions?)\b[^.;]{0,80}\b(?:each\s+year|every\s+year|annually|yearly"
    r"|(?:from\s+)?year[\s-]to[\s-]year|on\s+each\s+anniversary|year\s+by\s+year|jährlich)\b"
    r"|\bannual(?:ly)?\s+(?:automatic(?:ally)?\s+)?renew\w*|\bfrom\s+year\s+to\s+year\b|\byear[\s-]to[\s-]year\b"
    r"|\bon\s+an\s+annual\s+basis\b",
    re.IGNORECASE,
)
_MONTHLY = re.compile(r"\bmonth[\s-]to[\s-]month\b|\b(?:renew\w*|extend\w*)\b[^.;]{0,60}\b(?:monthly|each\s+month)\b", re.IGNORECASE)
_ENDLESS = re.compile(r"\b(?:renew\w*|extend\w*|continue\w*)\b[^.;]{0,60}\b(?:indefinite(?:ly)?|unbestimmte\s+zeit)\b", re.IGNORECASE)
_MUTUAL = re.compile(
    r"\b(?:mutual(?:ly)?|by\s+(?:written\s+)?agreement|written\s+(?:agreement|consent)|consent\s+of\s+both|einvernehmlich)\b", re.IGNORECASE
)
_RENEWED = re.compile(
    r"\b(?:agreement|terms?|contract)\b[^.;]{0,80}\b(?:renew|extend)(?:ed)?\b|\b(?:renew|extend)\s+(?:this\s+agreement"
    r"|the\s+term)\b",
    re.IGNORECASE,
)
_MAY = re.compile(r"\b(?:may|can|shall|will|is|are|right|option|automatic\w*|renews|wird|kann|sich)\b", re.IGNORECASE)
_INITIAL = re.compile(
    r"\binitial\s+(?:term|period)\b[^.;]{0,80}$|\b(?:for|of)\s+(?:an?\s+)?(?:initial\s+)?(?:term|period)\s+of\s*$", re.IGNORECASE
)

_NOTICE = re.compile(r"\bnotice\b|\bnotif\w+|\b(?:ge)?kündig\w*|\bcancel\w*", re.IGNORECASE)
_AGAINST = re.compile(
    r"\b(?:unless|not\s+(?:to\s+|be\s+|so\s+)?(?:renew|extend|continu)\w*|non-?renewal|nonrenewal|terminat\w*|cancel\w*"
    r"|opt\s+out|otherwise|(?:ge)?kündig\w*|contrary)\b",
    re.IGNORECASE,
)
_TO_EXTEND = re.compile(
    r"\b(?:wish\w*|option|desires?|elects?|may|right)\b[^.;]{0,160}\bto\s+(?:extend|renew)\b"
    r"|\bmay\b[^.;]{0,200}(?<!not )\bextend\s+the\s+term\b",
    re.IGNORECASE,
)
_NOTICE_BEFORE = re.compile(r"\b(?:notice|notif\w+)\b[^.;]{0,70}$", re.IGNORECASE)
_CURES = re.compile(r"\b(?:breach|cure[ds]?|default|receipt)\b", re.IGNORECASE)
_NOT_OF_RENEWAL = re.compile(r"\binsurance\b|\bextension\s+of\s+time\b|\bnot\s+cured\b|\bfails\s+to\b", re.IGNORECASE)
_END_OF = re.compile(
    r"\b(?:expir\w*|end\s+of|conclusion|completion|anniversary|renewal|commencement\s+of\s+(?:the|any|such)\s+(?:next|renewal"
    r"|extension)|ablauf|laufzeit|ende|then[\s-]current)\b",
    re.IGNORECASE,
)
_NOTICED = re.compile(
    r"^\s*(?:\([^)]*\)\s*)?['’]?s?['’]?\s*(?:\w+\s+){0,3}?(?:prior|before|advance|notice|in\s+advance|vor|zum|preceding"
    r"|of\s+the\s+(?:end|expir\w+|conclusion))\b",
    re.IGNORECASE,
)


def read(paper: ClauseText, _: Sequence[FoundTerm]) -> Iterator[FoundTerm | str]:
    """The renewal term, and the notice against it; a sentence where papers say two."""
    about = [s for s in paper.sentences if _RENEWS.search(s.text) and _SUBJECT.search(s.text) and len(s.text) < 2500]
    yield from _one(paper, TermKind.RENEWAL, [(v, s) for s in about if (v := _renewal(s))])
    yield from _one(paper, TermKind.NOTICE_PERIOD, [(str(n), s) for s in paper.sentences if _NOTICE.search(s.text) and (n := _notice(s))])


def _one(paper: ClauseText, kind: TermKind, found: list[tuple[str, Sentence]]) -> Iterator[FoundTerm | str]:
    spoken = [f for f in found if f[0] != BY_AGREEMENT] or found
    values = list(dict.fromkeys(value for value, _ in spoken))
    if len(values) > 1 and len({s.clause for _, s in spoken}) > 1:
        spoken = [f for f in spoken if re.search(r"\bterm|duration|renew", f[1].heading, re.IGNORECASE)] or spoken
    if spoken:
        value, sentence = spoken[0]
        others = [v for v in values if v != value]
        yield paper.term(kind, value, sentence)
        if others:
            named = kind.replace("_", " ")
            yield f"Besides {value} another {named} is named: {', '.join(others[:4])}; look whether it is of this agreement."


def _renewal(sentence: Sentence) -> str | None:
    text = sentence.text
    if _MUTUAL.search(text) and _RENEWED.search(text) and not re.search(r"\bautomatic", text, re.IGNORECASE):
        return BY_AGREEMENT
    for found in _RENEWS.finditer(text):
        if _OTHER.search(text[max(0, found.start() - 60) : found.end() + 40]) or not _MAY.search(text):
            continue
        span = _behind(text, found.end())
        if span:
            return str(span)
    yearly = _YEARLY.search(text)
    if yearly and not _OTHER.search(text[max(0, yearly.start() - 160) : yearly.start()]):
        return "P1Y"
    if _MONTHLY.search(text):
        return "P1M"
    if _ENDLESS.search(text):
        return PERPETUAL
    return None


def _behind(text: str, at: int) -> Span | None:
    """The length of the further term that is named behind `renew`, or just before it."""
    for span in spans(text):
        if span.unit in "DW" or not (at - 60 <= span.start <= at + 260):
            continue
        before, after = text[max(0, span.start - 40) : span.start], text[span.end : span.end + 60]
        if (
            _NOT_A_TERM.search(after)
            or _LEAST.search(before)
            or (_INITIAL.search(text[: span.start]) and span.start < at)
            or re.search(r"(?<!beyond the )(?<!after the )(?<!of the )(?<!to the )\binitial\b", before, re.IGNORECASE)
        ):
            continue
        if span.start < at and not re.match(r"\s*(?:\([^)]*\)\s*)?(?:renewal|extension)", after, re.IGNORECASE):
            continue
        if _TERM_BEHIND.search(after):
            return span
    return None


def _notice(sentence: Sentence) -> Span | None:
    """How long before the end one says that it shall not go on."""
    text = sentence.text
    if len(text) > 2500 or not _AGAINST.search(text) or _TO_EXTEND.search(text) or _NOT_OF_RENEWAL.search(text):
        return None
    automatic = bool(_RENEWS.search(text) and re.search(r"\bunless\b", text, re.IGNORECASE))
    for span in spans(text):
        after, before = text[span.end : span.end + 200], text[max(0, span.start - 80) : span.start]
        if span.unit == "Y" or not (_NOTICED.search(after) or _NOTICE_BEFORE.search(before)) or _CURES.search(after[:80]):
            continue
        if _END_OF.search(after[:160]) or (automatic and re.search(r"\bnotice\b|\bnotif", after[:60] + before, re.IGNORECASE)):
            return span
    return None
