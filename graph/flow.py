"""The road of a case as a LangGraph state machine: which step may follow which, and nothing else."""

from __future__ import annotations

from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from signoff.graph import advising, gate_nodes, nodes
from signoff.graph.road import CaseState
from signoff.graph.services import Services

STEPS = {
    "read": nodes.read,
    "extract": advising.extract,
    "verify": nodes.verify,
    "review": gate_nodes.review,
    "vendor": nodes.vendor,
    "advise": advising.advise,
    "contract": nodes.contract,
    "exceptions": gate_nodes.exceptions,
    "brief": advising.brief,
    "route": nodes.route,
    "approve": gate_nodes.approve,
    "post": nodes.post,
}

EDGES: dict[str, tuple[str, ...]] = {
    "read": ("verify", "extract", END),
    "extract": ("verify", "read"),
    "verify": ("vendor", "review"),
    "review": ("vendor", "verify", "review", END),
    "vendor": ("contract", "advise"),
    "advise": ("contract",),
    "contract": ("route", "brief", "exceptions", END),
    "exceptions": ("route", "brief", "verify", "exceptions", END),
    "brief": ("route",),
    "route": ("post", "approve"),
    "approve": ("post", "verify", "approve", END),
    "post": (END,),
}


def build(steps: dict[str, Any] = STEPS) -> StateGraph[CaseState, Services, CaseState, CaseState]:
    """The graph with the given functions as its steps; the benchmark builds it with empty ones.

    A thread whose checkpoints fell behind the store (a power cut, a lost file) skips ahead to where its case stands, so a
    step may also lead to anything that lies further on along the edges.
    """
    graph = StateGraph(CaseState, context_schema=Services)
    for name, step in steps.items():
        graph.add_node(name, step)
        graph.add_conditional_edges(name, _next, sorted(ahead(name)))
    graph.add_edge(START, "read")
    return graph


def ahead(step: str) -> set[str]:
    """Every step that may come after this one, however much later."""
    found, look = set[str](), [step]
    while look:
        new = set(EDGES.get(look.pop(), ())) - found
        found |= new
        look += new
    return found


def compiled(checkpointer: BaseCheckpointSaver[str] | None) -> CompiledStateGraph[CaseState, Services, CaseState, CaseState]:
    """The graph ready to run. A LangGraph server brings its own checkpointer."""
    return build().compile(checkpointer=checkpointer, name="signoff")


async def _next(state: CaseState) -> str:
    return state["next"]
