"""The routing agent: who else should look at an order, and a brief for those who sign it. It may raise, never lower.

It sees typed values, findings and the route that policy asks for, never the document. It has no tools: everything it may know of people
and policy is in its question, as far as its rights go.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from signoff.agents.asking import Asker
from signoff.agents.loop import opening
from signoff.agents.messages import ModelFailed, Question, Schema
from signoff.domain.advice import Reviewer, RoutingAdvice
from signoff.domain.order import Order
from signoff.domain.stages import CheckedOrder, Route
from signoff.prompts import load

NAME = "routing"
SHOWN_LINES = 40
"""Lines of an order that are shown; of a longer one those with the largest amounts."""
MOST_REVIEWERS = 3


@dataclass(frozen=True)
class Choices:
    """What the agent may choose from: categories and cost centres that policy and people know, roles and person ids."""

    categories: tuple[str, ...]
    cost_centers: tuple[str, ...]
    roles: tuple[str, ...]
    people: tuple[str, ...]


async def advise(asker: Asker, checked: CheckedOrder, route: Route, choices: Choices) -> RoutingAdvice:
    """The advice; `failed` says why there is none. Whatever it chooses that does not exist is left out."""
    try:
        said = (await asker.ask(_question(checked, route, choices))).value or {}
    except ModelFailed as failed:
        return RoutingAdvice(failed=str(failed)[:4000])
    reviewers = [_reviewer(r, choices) for r in said.get("reviewers", ())]
    return RoutingAdvice(
        category=_among(said.get("category"), choices.categories),
        cost_center=_among(said.get("cost_center"), choices.cost_centers),
        reviewers=tuple(r for r in reviewers if r is not None)[:MOST_REVIEWERS],
        brief=" ".join(str(said.get("brief", "")).split())[:1500],
    )


def _reviewer(said: dict[str, Any], choices: Choices) -> Reviewer | None:
    why = " ".join(said["why"].split())[:300] or "no reason given"
    if said["who"] in choices.roles:
        return Reviewer(role=said["who"], why=why)
    return Reviewer(person=said["who"], why=why) if said["who"] in choices.people else None


def _among(said: str | None, known: tuple[str, ...]) -> str | None:
    return said if said in known else None


def _question(checked: CheckedOrder, route: Route, choices: Choices) -> Question:
    prompt = load(NAME)
    messages = opening(
        prompt,
        categories=", ".join(choices.categories) or "none",
        cost_centers=", ".join(choices.cost_centers) or "none",
        reviewers=", ".join((*choices.roles, *choices.people)) or "none",
        order=json.dumps(order_shown(checked.verified.order), ensure_ascii=False),
        findings=json.dumps([_finding(f) for f in checked.check.findings], ensure_ascii=False),
        route=json.dumps([{"who": [a.label for a in s.approvers], "why": s.why} for s in route.steps], ensure_ascii=False),
    )
    return Question(
        agent=NAME, prompt_name=prompt.name, prompt_hash=prompt.hash, messages=messages, answer=_schema(choices), max_tokens=1200
    )


def _schema(choices: Choices) -> Schema:
    who = {"type": "string", "enum": [*choices.roles, *choices.people] or [""]}
    reviewer = _object({"who": who, "why": {"type": "string"}})
    return Schema(
        name="routing_advice",
        body=_object(
            {
                "category": {"type": "string", "enum": [*choices.categories, ""]},
                "cost_center": {"type": "string", "enum": [*choices.cost_centers, ""]},
                "reviewers": {"type": "array", "items": reviewer},
                "brief": {"type": "string"},
            }
        ),
    )


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def order_shown(order: Order) -> dict[str, Any]:
    """The order as an agent may see it: typed values without bank details, and no more lines than it can weigh."""
    said = order.model_dump(mode="json", exclude_defaults=True)
    for party in ("buyer", "supplier", "ship_to", "invoice_to"):
        said.get(party, {}).pop("bank_account", None)
    lines = list(enumerate(said.get("lines", ())))
    largest = sorted(lines, key=lambda line: -abs(Decimal(line[1].get("line_amount") or 0)))[:SHOWN_LINES]
    said["lines"] = [{"line": i} | line for i, line in sorted(largest, key=lambda line: line[0])]
    if len(lines) > SHOWN_LINES:
        said["lines_not_shown"] = len(lines) - SHOWN_LINES
    return said


def _finding(found: Any) -> dict[str, str]:
    return {"code": found.code, "severity": found.severity, "message": found.message}
