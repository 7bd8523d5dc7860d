"""How it is paid and delivered: payment terms, delivery terms with their Incoterms rule, lead time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from signoff.domain.agreement import FoundTerm, TermKind
from signoff.tools.agreements.clause_text import ClauseText, Sentence
from signoff.tools.agreements.spans import Span

_PAYMENT = re.compile(
    r"(?:\b\d(?:[.,]\d+)?\s*%\s*(?:discount\s+)?(?:within\s+)?\d{1,3}\s*(?:days?)?\s*[,/;]?\s*)?\bnet\s+(?:\w+\s*"
    r")?\(?\d{1,3}\)?(?:\s*days)?(?:\s+(?:from|after|of)\s+(?:the\s+)?(?:date\s+of\s+|receipt\s+of\s+)?(?:the\s+)?invoice(?:\s+date)?)?"
    r"|\b\d{1,3}\s+(?:days|tage)\s+(?:net|netto)\b"
    r"|\b(?:\d(?:[.,]\d+)?\s*%\s*Skonto[^.;]{0,60})?(?:innerhalb\s+von\s+)?\d{1,3}\s+Tagen?\s+(?:netto|nach\s+Rechnungs\w+)"
    r"|\b(?:within|no\s+later\s+than)\s+(?:[\w-]+\s+)?\(?\d{1,3}\)?\s+(?:calendar\s+|business\s+)?days\s+(?:of|after|from"
    r"|following)\s+(?:the\s+)?(?:date\s+of\s+)?(?:(?:its|the|customer['’]s|buyer['’]s)\s+)?(?:receipt\s+of\s+)?(?:an?\s+"
    r"|the\s+|each\s+|such\s+|any\s+)?(?:\w+\s+){0,3}invoices?(?:\s+date)?",
    re.IGNORECASE,
)
_INCOTERM = re.compile(
    r"\b(?:EXW|FCA|CPT|CIP|DAP|DPU|DDP|FAS|FOB|F\.O\.B\.|CFR|CIF|DAT)\b(?:\s*[,:(]?\s*(?:(?!Incoterms)[A-ZÀ-Þ][\w'’.-]*|of|de|the|am"
    r"|an\s+der)){0,8}(?:\s*,?\s*\(?Incoterms\s*®?\s*(?:20\d\d)?\)?)?"
)
_LEAD = re.compile(
    r"\b(?:lead[\s-]?times?|delivery\s+(?:time|period)|lieferzeit|lieferfrist|vorlaufzeit)\b[^.;]{0,90}$|\b(?:deliver|ship"
    r"|liefer)\w*\b[^.;]{0,90}\b(?:within|innerhalb\s+von|not\s+later\s+than)\s*$",
    re.IGNORECASE,
)
_BILLED = re.compile(r"invoice|net|tage|skonto|rechnung", re.IGNORECASE)
_LEAD_NAMED = re.compile(r"lead|delivery\s+(?:time|period)|lieferzeit|lieferfrist|vorlaufzeit", re.IGNORECASE)
_AFTER_ORDER = re.compile(r"^[^.;]{0,60}\b(?:orders?|call-?offs?|bestell\w*|auftrag\w*|abruf\w*)\b", re.IGNORECASE)
_WORKING = re.compile(r"\b(?:working|business|arbeits|werk)\s*-?\s*(?:days?|tage?n?)\b", re.IGNORECASE)


def read(paper: ClauseText, _: Sequence[FoundTerm]) -> Iterator[FoundTerm | str]:
    """The first of each that the paper states, and others that differ as doubts."""
    yield from _first(
        paper,
        TermKind.PAYMENT_TERMS,
        [(m[0].strip(" ,;"), s, m.span()) for s in paper.sentences if _BILLED.search(s.text) for m in _PAYMENT.finditer(s.text)],
    )
    incoterms = [(m[0].strip(" ,;("), s, m.span()) for s in paper.sentences for m in _INCOTERM.finditer(s.text)]
    yield from _first(paper, TermKind.DELIVERY_TERMS, incoterms)
    leads = [(str(_days(span, s)), s, (span.start, span.end)) for s, span in paper.spans if _leads(s, span)]
    yield from _first(paper, TermKind.LEAD_TIME, leads)
    if leads and _WORKING.search(leads[0][1].text):
        yield f"The lead time is told in working days; {leads[0][0]} are the calendar days of as many weeks of five."


def _first(paper: ClauseText, kind: TermKind, found: list[tuple[str, Sentence, tuple[int, int]]]) -> Iterator[FoundTerm | str]:
    if not found:
        return
    value, sentence, span = found[0]
    yield paper.term(kind, value, sentence, span)
    others = list(dict.fromkeys(v for v, _, _ in found if v.lower() != value.lower()))
    if others:
        yield f"Besides {value!r} the paper says {' and '.join(map(repr, others[:3]))} of {kind.replace('_', ' ')}; look which one holds."


def _leads(sentence: Sentence, span: Span) -> bool:
    """Whether goods come so long after they are ordered."""
    before, after = sentence.text[: span.start], sentence.text[span.end :]
    if span.unit not in "DW" or not _LEAD.search(before):
        return False
    return bool(_LEAD_NAMED.search(before) or _AFTER_ORDER.search(after))


def _days(span: Span, sentence: Sentence) -> int:
    """Calendar days; of working days, five make a week."""
    if span.unit == "W":
        return span.count * 7
    return -(-span.count * 7 // 5) if _WORKING.search(sentence.text[span.start : span.end + 2]) else span.count
