"""The nodes that pause for people. Each interrupts once and does nothing else: it runs again from its top on every resume.

The truth about an answer is in the store, where `graph/decisions.py` put it; the value LangGraph resumes with only wakes
the case up. So an answer that is stale, doubled or forged changes nothing.
"""

from __future__ import annotations

from typing import Any

from langgraph.runtime import Runtime
from langgraph.types import interrupt

from signoff.graph.desk import Desk
from signoff.graph.road import CaseState, where
from signoff.graph.services import Services


async def review(state: CaseState, runtime: Runtime[Services]) -> CaseState:
    """Wait for a person to look at the reading."""
    return _pause(state, runtime)


async def exceptions(state: CaseState, runtime: Runtime[Services]) -> CaseState:
    """Wait for the owners of what blocks the order."""
    return _pause(state, runtime)


async def approve(state: CaseState, runtime: Runtime[Services]) -> CaseState:
    """Wait for the sign-offs."""
    return _pause(state, runtime)


def _pause(state: CaseState, runtime: Runtime[Services]) -> CaseState:
    desk = Desk(runtime.context, state["case"])
    interrupt(request(desk))
    return where(Desk(runtime.context, state["case"]))


def request(desk: Desk) -> dict[str, Any]:
    """The question in LangGraph's human-in-the-loop form (HITLRequest), with both `args` and `arguments`."""
    tasks = [t for t in desk.services.store.tasks.of_case(desk.number) if t.status == "open"]
    args = {
        "case_id": desk.case.case_id,
        "tasks": [{"task_id": t.task_id, "kind": t.kind, "who": t.label, "why": t.summary} for t in tasks],
    }
    name = tasks[0].kind if tasks else "review"
    return {
        "action_requests": [{"name": name, "args": args, "arguments": args, "description": desk.case.reason or ""}],
        "review_configs": [{"action_name": name, "allowed_decisions": ["approve", "edit", "reject"]}],
    }
