"""What came of one order of a dataset: how its reading agrees with the truth, what became of it, and what was expected. Plain data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from signoff.evals.agreement import HEADER, LINE, Compared, Outcome, code, compare, order_of_record, order_of_truth
from signoff.evals.dataset import Paper

Record = Mapping[str, Any]
UNREAD: Record = {"order": None, "status": "failed", "reading": None, "confidence": None, "findings": [], "tasks": [], "lane": None}
ASKS = ("review", "exception", "approval")
ENDED = {"posted": "posted_unseen", "duplicate": "set_aside", "not_an_order": "set_aside", "failed": "failed"}


@dataclass
class Measured:
    """One order that is on a paper, or one that was taken from a paper that does not hold it (`there` is false).

    `outcome` is what became of it before anybody answered: posted_unseen, review, exception, approval, set_aside or failed; `touches`
    counts the answers of people, by what they were asked. `wrong` names the critical fields that are not right.
    """

    paper: str
    order: int
    split: str
    family: str
    vendor: str
    kind: str
    there: bool
    case: str | None = None
    format: str = ""
    lane: str | None = None
    status: str = ""
    outcome: str = ""
    expected: str | None = None
    verdict: str | None = None
    reasons: list[str] = field(default_factory=list)
    certified: bool = False
    confidence: float | None = None
    complete: bool = False
    header: dict[str, str] = field(default_factory=dict)
    cells: dict[str, dict[str, int]] = field(default_factory=dict)
    exact_lines: int = 0
    read_lines: int = 0
    there_lines: int = 0
    wrong: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    expected_findings: list[str] | None = None
    signers: list[str] = field(default_factory=list)
    expected_signers: list[str] | None = None
    end: dict[str, Any] = field(default_factory=dict)
    expected_end: dict[str, Any] | None = None
    touches: dict[str, int] = field(default_factory=dict)
    corrections: int = 0
    model_calls: int = 0
    cost: str = "0"
    duration_ms: int = 0

    @property
    def read(self) -> bool:
        """Whether it was taken for an order and read."""
        return self.status not in ("failed", "not_an_order", "")

    @property
    def right(self) -> bool:
        """Whether every critical field is right, and there is such an order."""
        return self.there and not self.wrong

    @property
    def clear(self) -> bool:
        return self.read and self.verdict == "clear"

    def record(self) -> dict[str, Any]:
        """As it stands in a run's file."""
        return asdict(self)


def measured(paper: Paper, records: Sequence[Record]) -> Iterator[Measured]:
    """The orders of a paper, each with the record that is it; then what was taken for an order besides."""
    left = list(records)
    for number, entry in enumerate(paper.truth):
        own = _matching(entry, left)
        if own is not None:
            left.remove(own)
        yield _measured(paper, number, entry, own or UNREAD)
    for number, record in enumerate(left, len(paper.truth)):
        if record["status"] not in ("not_an_order", "failed"):
            yield _surplus(paper, number, record)
    if not paper.truth and not any(r["status"] not in ("not_an_order", "failed") for r in left):
        record = left[0] if left else UNREAD
        yield _known(Measured(paper.name, 0, paper.split, paper.family, paper.vendor, paper.kind, False, expected="set_aside"), record)


def _matching(entry: Mapping[str, Any], records: Sequence[Record]) -> Record | None:
    """The record with the order's number, else the first that is left."""
    number = entry.get("number")
    same = (r for r in records if number and code((r["order"] or {}).get("order_number") or "") == code(number))
    return next(same, records[0] if records else None)


def _measured(paper: Paper, number: int, entry: Mapping[str, Any], record: Record) -> Measured:
    agreed = compare(order_of_record(record), order_of_truth(entry))
    found = Measured(paper.name, number, paper.split, paper.family, paper.vendor, str(entry.get("kind") or paper.kind), True)
    found.header = {k: str(v) for k, v in agreed.header.items()}
    found.cells = _cells(agreed)
    found.exact_lines, found.read_lines, found.there_lines = agreed.exact, agreed.read, agreed.there
    found.wrong = list(agreed.wrong)
    found.expected, found.expected_end = entry.get("outcome"), entry.get("end")
    if entry.get("findings") is not None:
        found.expected_findings = sorted(entry["findings"])
    if entry.get("route") is not None:
        found.expected_signers = sorted({who for step in entry["route"] for who in step} | set(entry.get("asked") or ()))
    return _known(found, record)


def _cells(agreed: Compared) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {k: {} for k in LINE}
    for line in agreed.lines:
        for key, outcome in line.items():
            counts[key][str(outcome)] = counts[key].get(str(outcome), 0) + 1
    return counts


def _surplus(paper: Paper, number: int, record: Record) -> Measured:
    found = Measured(paper.name, number, paper.split, paper.family, paper.vendor, paper.kind or "surplus", False, expected="set_aside")
    found.wrong = ["order"]
    return _known(found, record)


def _known(found: Measured, record: Record) -> Measured:
    """What the record tells of the case before anybody answered."""
    reading = record["reading"] or {}
    found.case, found.format, found.lane, found.status = record.get("case_id"), record.get("format") or "", record["lane"], record["status"]
    found.verdict, found.reasons, found.certified = reading.get("verdict"), reading.get("reasons") or [], bool(reading.get("certified"))
    found.confidence, found.findings = record["confidence"], sorted({f["code"] for f in record["findings"]})
    found.complete = _complete(record)
    found.model_calls, found.cost = record.get("model_calls") or 0, str(record.get("cost") or "0")
    found.duration_ms = record.get("duration_ms") or 0
    open_tasks = [t for t in record["tasks"] if t["status"] == "open"]
    found.outcome = ENDED.get(found.status) or next((kind for kind in ASKS if any(t["kind"] == kind for t in open_tasks)), found.status)
    return found


PRESENT = ("order_number", "issue_date", "currency", "payable_amount")
CELLS = ("quantity", "unit_price", "line_amount")


def _complete(record: Record) -> bool:
    """What a simple rule would ask: every field present, and the sums right."""
    from decimal import Decimal

    order = record["order"] or {}
    lines = order.get("lines") or []
    if not lines or any(not order.get(k) for k in PRESENT) or not (order.get("supplier") or {}).get("name"):
        return False
    if any(not line.get(k) for line in lines for k in CELLS):
        return False
    net = sum((Decimal(line["line_amount"]) for line in lines), Decimal(0))
    extra = sum((Decimal(a["amount"] or 0) * (1 if a["charge"] else -1) for a in order.get("allowances_charges") or ()), Decimal(0))
    return abs(net + extra + Decimal(order.get("tax_total") or 0) - Decimal(order["payable_amount"])) <= Decimal("0.02")


def header_counts(rows: Iterable[Measured]) -> dict[str, dict[str, int]]:
    """How often each field of the header had which outcome."""
    return _summed(({k: {v: 1} for k, v in row.header.items()} for row in rows), HEADER)


def cell_counts(rows: Iterable[Measured]) -> dict[str, dict[str, int]]:
    """How often each cell of a line had which outcome."""
    return _summed((row.cells for row in rows), LINE)


def _summed(parts: Iterable[Mapping[str, Mapping[str, int]]], keys: Iterable[str]) -> dict[str, dict[str, int]]:
    total: dict[str, dict[str, int]] = {k: {} for k in keys}
    for part in parts:
        for key, counts in part.items():
            for outcome, n in counts.items():
                total[key][outcome] = total[key].get(outcome, 0) + n
    return total


def f1(counts: Iterable[Mapping[str, int]]) -> float | None:
    """Of pooled outcomes: a wrong value is one found too much and one missed."""
    right = much = few = 0
    for n in counts:
        wrong = n.get(Outcome.WRONG, 0)
        right += n.get(Outcome.CORRECT, 0)
        much, few = much + wrong + n.get(Outcome.SPURIOUS, 0), few + wrong + n.get(Outcome.MISSED, 0)
    return 2 * right / (2 * right + much + few) if right + much + few else None
