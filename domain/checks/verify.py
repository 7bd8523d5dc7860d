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
from typing import NamedTuple

from signoff.domain.checks.arithmetic import Identities, identities
from signoff.domain.checks.codes import code_findings
from signoff.domain.checks.complete import counts, missing
from signoff.domain.checks.confidence import doubted, overall
from signoff.domain.checks.fields import CODED, CRITICAL, DECISIVE, MONEY_OR_PARTY, Field, fields
from signoff.domain.checks.grounding import grounded
from signoff.domain.checks.notable import notable
from signoff.domain.checks.searched import searched
from signoff.domain.checks.signals import PRIORS, USUAL_QUALITY, Signals, Weights, confidence, signals
from signoff.domain.checks.text import text_findings
from signoff.domain.checks.vendor import exchanged
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


def verify(draft: DraftOrder, policy: Policy, weights: Weights = PRIORS) -> Verification:
    """The verdict on a draft, its confidence by these weights. Never raises, whatever the document says; linear in its lines."""
    with localcontext(ROOM):
        sums, counted, quantities_proved, seen, unproved = _proofs(draft, policy)
        read = {pointer: confidence(told, weights) for pointer, told in seen.items()}
        found = [*_noticed(draft.notices), *missing(draft, policy), *sums.findings, *counted, *unproved]
        found += searched(draft, sums, counted=quantities_proved or draft.controls.line_count is not None)
        found += exchanged(draft.order, policy.company) if draft.lane is not Lane.STRUCTURED else ()
        found += [*code_findings(draft.order, draft.lane), *text_findings(_texts(draft)), *notable(draft)]
        doubts = doubted(draft.order, read, policy.tolerances.critical_confidence)
        found += _weak(doubts, draft, {f.field for f in found if f.severity is Severity.BLOCKING})
    findings = tuple(_sided(f, draft) for f in map(policy.judge, found) if f is not None)
    blocking = [f"{f.code} {f.field}".strip() for f in findings if f.severity is Severity.BLOCKING]
    reasons = tuple(dict.fromkeys([*blocking, *(f"{Code.LOW_CONFIDENCE} {p}" for p in doubts)]))
    reading = Reading(
        verdict=Verdict.DOUBTFUL if reasons else Verdict.CLEAR,
        reasons=reasons,
        confidence=overall(draft.order, read, sums.tied, draft.lane),
        confidences=read,
    )
    return Verification(reading=reading, findings=findings, tax_included=sums.tax_included)


def signals_of(draft: DraftOrder, policy: Policy) -> dict[str, Signals]:
    """What speaks for each field of a draft, by its pointer."""
    with localcontext(ROOM):
        return _proofs(draft, policy).seen


class _Proofs(NamedTuple):
    """What proves the fields of a draft, and what contradicts them."""

    sums: Identities
    counted: list[Finding]
    quantities_proved: bool
    seen: dict[str, Signals]
    unproved: list[Finding]


def _proofs(draft: DraftOrder, policy: Policy) -> _Proofs:
    sums = identities(draft.order, policy.tolerances.total_amount)
    counted, quantities_proved = counts(draft.order, draft.controls)
    if quantities_proved:
        sums.proved.update(f"/lines/{i}/quantity" for i in range(len(draft.order.lines)))
    return _Proofs(sums, counted, quantities_proved, *_fields(draft, sums))


SIDES = {
    Code.FIELD_MISSING: ("a value", "none"),
    Code.ROWS_MISSING: ("every row read as a line", "a row or figure that belongs to no line"),
    Code.LOW_CONFIDENCE: ("proof on the page", "none"),
    Code.READINGS_DISAGREE: ("one value", "more than one"),
    Code.SUSPICIOUS_TEXT: ("text for people", "text for a machine"),
    Code.HIDDEN_TEXT: ("text that people see", "text that they do not"),
}
"""What is expected and what there is, where a check has no words of its own for it."""


def _sided(found: Finding, draft: DraftOrder) -> Finding:
    """The finding with both sides: where on the order, and what the document says there."""
    expected, actual = SIDES.get(found.code, ("", ""))
    place = draft.evidence.get(found.field)
    said = shown(place) if place else {"format": draft.format}
    evidence = {"document": said, **found.evidence, "order": found.field}
    return found.model_copy(
        update={"evidence": evidence, "expected": found.expected or expected, "actual": found.actual or actual}
    )  # fmt: skip


def _weak(doubts: list[str], draft: DraftOrder, told: set[str]) -> Iterator[Finding]:
    """A sentence for each weak critical field that nothing else was found about; the figures of the lines share one."""
    weak = [p for p in doubts if p not in told and not (p == "/supplier" and told & {"/supplier/name", "/supplier/id"})]
    cells = [p for p in weak if p.startswith("/lines/")]
    for pointer in weak:
        if pointer not in cells:
            evidence = draft.evidence.get(pointer) or draft.evidence.get(f"{pointer}/name")
            text = evidence.text[:200] if evidence else ""
            message = f"The {_name(pointer)} {text[:80]!r} has no label on the page and nothing else says the same."
            if evidence and evidence.quality is not None and evidence.quality < USUAL_QUALITY:
                message = f"The {_name(pointer)} {text[:80]!r} was recognised with too little certainty ({evidence.quality:.0%})."
            yield finding(Code.LOW_CONFIDENCE, message, field=pointer, actual=text)
    if cells:
        message = f"No sum and no product proves {len(cells)} figures of the lines, the first being the {_name(cells[0])}."
        yield finding(Code.LOW_CONFIDENCE, message, field=cells[0], actual=len(cells))


def _name(pointer: str) -> str:
    """A field as people say it; lines are counted from 1."""
    steps = pointer.strip("/").split("/")
    if steps[0] == "lines" and len(steps) > 2:
        return f"{steps[-1].replace('_', ' ')} of line {int(steps[1]) + 1}"
    return " ".join(steps).replace("_", " ")


def _fields(draft: DraftOrder, sums: Identities) -> tuple[dict[str, Signals], list[Finding]]:
    """What speaks for each field, and a finding for each that matters and is not proved by its evidence."""
    seen: dict[str, Signals] = {}
    unproved: list[Finding] = []
    for each in fields(draft.order):
        pointer = each[0]
        lane, evidence = draft.lane_of(pointer), draft.evidence.get(pointer)
        rated = pointer.endswith("/amount") and pointer.removesuffix("amount") + "percent" in sums.proved
        why = None if lane is Lane.PERSON or rated else _doubt(each, evidence, lane)
        witnesses = draft.witnesses.get(pointer, ())
        seen[pointer] = signals(each[1], lane, evidence, witnesses, grounded=why is None, proved=pointer in sums.proved)
        if why is not None:
            unproved += _unproved(each, why, lane, evidence)
    return seen, unproved


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
    found = finding(Code.LOW_CONFIDENCE, f"The {_name(pointer)} {shown[:80]!r} {why}.", field=pointer, expected=shown[:200], actual=actual)
    yield found if kind in CRITICAL else found.model_copy(update={"severity": severity})


def _noticed(notices: tuple[Notice, ...]) -> Iterator[Finding]:
    for notice in notices:
        evidence = {"document": shown(notice.evidence)} if notice.evidence else {}
        found = finding(Code[notice.code.upper()], notice.message, field=notice.field or "", evidence=evidence)
        yield found if notice.severity is None else found.model_copy(update={"severity": notice.severity})


def _texts(draft: DraftOrder) -> list[tuple[str, str]]:
    """Every text of the order with its pointer, the notes too."""
    said = [(pointer, value) for pointer, _, value in fields(draft.order) if isinstance(value, str)]
    return said + [(f"/notes/{i}", note) for i, note in enumerate(draft.order.notes)]
