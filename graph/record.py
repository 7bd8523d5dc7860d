"""The record of a case: the one JSON object that `batch --out`, `show --json` and `list --json` write, for other programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from signoff.domain.checks.verify import Verification
from signoff.domain.findings import Code, Finding, finding
from signoff.domain.order import Order, Party
from signoff.domain.reading import DraftOrder, SetAside, shown
from signoff.domain.stages import Check, Route
from signoff.domain.states import State
from signoff.graph.desk import Desk
from signoff.graph.services import Services
from signoff.graph.store.rows import Owner, Task


def record(services: Services, number: int) -> dict[str, Any]:
    """The case as it stands; decimals are strings, dates ISO 8601."""
    desk = Desk(services, number)
    case = desk.case
    draft = desk.draft()
    verification = desk.find("verification", Verification)
    posting = services.store.postings.of_case(number)
    costs = services.store.calls.costs_of(Owner(case=number))
    return {
        "case_id": case.case_id,
        "source": case.source,
        "part": case.part,
        "member": case.member or None,
        "sha256": case.sha256,
        "format": case.format,
        "lane": case.lane,
        "status": case.state,
        "reason": case.reason,
        "order": order_of(draft.order) if draft else None,
        "reading": _reading(verification),
        "confidence": verification.reading.confidence if verification else None,
        "fields": _fields(draft, verification) if draft and verification else {},
        "vendor_id": case.vendor_id,
        "contract_id": case.contract_id,
        "findings": [f.model_dump(mode="json") for f in findings(desk, verification)],
        "tasks": [_task(t) for t in services.store.tasks.of_case(number)],
        "posting": {"erp": posting.erp, "id": posting.erp_id} if posting else {"erp": services.erp.name, "id": None},
        "model_calls": costs.calls,
        "cost": None if costs.unpriced else str(costs.spent.cost),
        "duration_ms": case.duration_ms,
    }


def findings(desk: Desk, verification: Verification | None = None) -> list[Finding]:
    """Everything found about the case's present revision: why it ended unread, reading, then vendor, contract and order, then route."""
    verification = verification or desk.find("verification", Verification)
    check = desk.find("check", Check)
    route = desk.find("route", Route)
    return [
        *_ended(desk, check),
        *(verification.findings if verification else ()),
        *(check.findings if check else ()),
        *(route.findings if route else ()),
    ]


def _ended(desk: Desk, check: Check | None) -> Iterator[Finding]:
    """Why a document went no further than being read: it is no order, or was taken in before."""
    if aside := desk.find("set_aside", SetAside):
        told = {"document": {"format": aside.format, "kind": aside.kind}, "order": ""}
        yield finding(Code.NOT_AN_ORDER, aside.reason, expected="a purchase order", actual=aside.kind, evidence=told)
    elif desk.case.state is State.DUPLICATE and check is None:
        reason = desk.case.reason or "The same document was taken in before."
        told = {"document": {"sha256": desk.case.sha256}, "history": _first_taken(desk), "order": ""}
        sides = {"expected": "a document that is new", "actual": f"the same bytes as {told['history']}"}
        yield finding(Code.DUPLICATE_DOCUMENT, reason, evidence=told, **sides)


def _first_taken(desk: Desk) -> str:
    """The case in which the document came in first."""
    ended = [e.body["of"] for e in desk.services.store.events.of_case(desk.number) if e.type == "case.duplicate"]
    return ended[-1] if ended else ""


def order_of(order: Order) -> dict[str, Any]:
    """The order; parties are objects even when nothing is known of them."""
    return order.model_dump(mode="json") | {k: _party(getattr(order, k)) for k in ("buyer", "supplier", "ship_to", "invoice_to")}


def _party(party: Party) -> dict[str, Any]:
    # An account number is nobody's business who reads records; the check works on its fingerprint.
    return party.model_dump(mode="json", exclude={"bank_account"})


def _reading(verification: Verification | None) -> dict[str, Any] | None:
    if verification is None:
        return None
    reading = verification.reading
    return {"verdict": reading.verdict, "reasons": list(reading.reasons), "certified": reading.certified}


def _fields(draft: DraftOrder, verification: Verification) -> dict[str, Any]:
    return {
        pointer: {
            "confidence": round(sure, 4),
            "lane": draft.lane_of(pointer),
            "evidence": shown(draft.evidence[pointer]) if pointer in draft.evidence else None,
        }
        for pointer, sure in verification.reading.confidences.items()
    }


def _task(task: Task) -> dict[str, Any]:
    return {
        "task_id": task.task_id,
        "kind": task.kind,
        "assignee": task.label,
        "candidates": list(task.candidates),
        "status": task.status,
        "answered_by": task.answered_by,
        "on_behalf_of": task.on_behalf_of,
        "decision": task.decision,
        "note": task.note,
        "summary": task.summary,
        "created_at": task.created_at,
        "answered_at": task.answered_at,
        **task.standing.model_dump(mode="json", exclude={"stand_ins"}),
        "stand_ins": dict(task.standing.places),
    }
