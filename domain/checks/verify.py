"""Verification: what one lane read becomes a reading with a verdict. Pure code, and nothing gets past it on trust.

Vetoes stand outside the confidence: any blocking finding makes the reading doubtful, however sure the lane is.

- grounded: each value is found again in its evidence, and a note or a footer proves no total, price or party; what a
  person corrected, the person grounds
- arithmetic, completeness, control figures, codes, plausible values, text that hides or instructs: the modules beside this one
- what the reader itself noticed

A structured order without prices is a warning, not a veto (prices may stand in a catalogue); see `complete`.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Context, Decimal, localcontext

from signoff.domain.checks.arithmetic import Identities, identities
from signoff.domain.checks.codes import code_findings
from signoff.domain.checks.complete import counts, missing
from signoff.domain.checks.confidence import confidence, doubted, overall
from signoff.domain.checks.fields import CODED, CRITICAL, DECISIVE, MONEY_OR_PARTY, Field, fields
from signoff.domain.checks.grounding import grounded
from signoff.domain.checks.text import text_findings
from signoff.domain.findings import Code, Finding, Severity, finding
from signoff.domain.policy import Policy
from signoff.domain.reading import DraftOrder, Evidence, Lane, Notice, Reading, Region, Verdict, shown
from signoff.domain.record import Record

ROOM = Context(prec=160)
"""Digits enough for the exact product and quotient of numbers with 28 digits each."""

NOTES = frozenset({Region.NOTE, Region.FOOTER})


class Verification(Record):
    """The reading, its findings as policy judges them, and whether the payable amount was seen to include tax."""

    reading: Reading
    findings: tuple[Finding, ...] = ()
    tax_included: bool | None = None


def verify(draft: DraftOrder, policy: Policy) -> Verification:
    """The verdict on a draft. Never raises, whatever the document says; linear in its lines."""
    with localcontext(ROOM):
        sums = identities(draft.order, policy.tolerances.total_amount)
        counted, quantities_proved = counts(draft.order, draft.controls)
        if quantities_proved:
            sums.proved.update(f"/lines/{i}/quantity" for i in range(len(draft.order.lines)))
        read, unproved = _fields(draft, sums)
        found = [*_noticed(draft.notices), *missing(draft, policy), *sums.findings, *counted, *unproved]
        found += [*code_findings(draft.order, draft.lane), *text_findings(_texts(draft))]
    findings = tuple(f for f in map(policy.judge, found) if f is not None)
    return Verification(reading=_reading(draft, policy, read, findings, sums), findings=findings, tax_included=sums.tax_included)


def _reading(draft: DraftOrder, policy: Policy, read: dict[str, float], findings: tuple[Finding, ...], sums: Identities) -> Reading:
    blocking = [f"{f.code} {f.field}".strip() for f in findings if f.severity is Severity.BLOCKING]
    weak = [f"{Code.LOW_CONFIDENCE} {p}" for p in doubted(draft.order, read, policy.tolerances.critical_confidence)]
    reasons = tuple(dict.fromkeys(blocking + weak))
    return Reading(
        verdict=Verdict.DOUBTFUL if reasons else Verdict.CLEAR,
        reasons=reasons,
        confidence=overall(draft.order, read, sums.tied, draft.lane),
        confidences=read,
    )


def _fields(draft: DraftOrder, sums: Identities) -> tuple[dict[str, float], list[Finding]]:
    """How sure each field is, and a finding for each that matters and is not proved by its evidence."""
    read: dict[str, float] = {}
    unproved: list[Finding] = []
    for each in fields(draft.order):
        pointer = each[0]
        lane, evidence = draft.lane_of(pointer), draft.evidence.get(pointer)
        why = None if lane is Lane.PERSON else _doubt(each, evidence, lane)
        read[pointer] = confidence(lane, grounded=why is None, proved=pointer in sums.proved)
        if why is not None:
            unproved += _unproved(each, why, lane, evidence)
    return read, unproved


def _doubt(each: Field, evidence: Evidence | None, lane: Lane) -> str | None:
    """Why the evidence does not prove the value; `None` when it does."""
    _, kind, value = each
    if evidence is None:
        return "has no evidence in the document"
    if evidence.region in NOTES and kind in MONEY_OR_PARTY:
        return f"was found in a {evidence.region} only, which proves no amount and no party"
    if not grounded(kind, value, evidence.text, raw=lane is Lane.STRUCTURED):
        return f"is not what the document says there ({evidence.text[:80]!r})"
    return None


def _unproved(each: Field, why: str, lane: Lane, evidence: Evidence | None) -> Iterator[Finding]:
    """Critical fields block. Others block if a check hangs on them and their lane had to search; codes are let be."""
    pointer, kind, value = each
    if kind.rsplit("/", 1)[-1] in CODED:
        return
    severity = Severity.INFO if lane is Lane.STRUCTURED else Severity.BLOCKING if kind in DECISIVE else Severity.WARNING
    shown = f"{value:f}" if isinstance(value, Decimal) else str(value)
    actual = evidence.text[:200] if evidence else ""
    name = pointer.strip("/").replace("/", " ").replace("_", " ")
    found = finding(Code.LOW_CONFIDENCE, f"The {name} {shown[:80]!r} {why}.", field=pointer, expected=shown[:200], actual=actual)
    yield found if kind in CRITICAL else found.model_copy(update={"severity": severity})


def _noticed(notices: tuple[Notice, ...]) -> Iterator[Finding]:
    for notice in notices:
        evidence = {"document": shown(notice.evidence)} if notice.evidence else {}
        yield finding(Code[notice.code.upper()], notice.message, field=notice.field or "", evidence=evidence)


def _texts(draft: DraftOrder) -> list[tuple[str, str]]:
    """Every text of the order with its pointer, the notes too."""
    said = [(pointer, value) for pointer, _, value in fields(draft.order) if isinstance(value, str)]
    return said + [(f"/notes/{i}", note) for i, note in enumerate(draft.order.notes)]
