"""Agents for the example company: any model, no limits but the policy's, the rights of the template, documents opened right here."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources
from typing import Any

from office import Office

from signoff.agents.asking import Budget, Model
from signoff.agents.budget import Budgets
from signoff.agents.crew import Crew
from signoff.agents.model import OpenAIModel
from signoff.domain.policy import Spending
from signoff.tools.access import Access
from signoff.tools.documents.document import Source
from signoff.tools.orders.transcript import Member, Transcript, printed

RIGHTS = Access((resources.files("signoff.app") / "workspace_template" / "access.cedar").read_text(encoding="utf-8"))


def staff(office: Office, model: Model, budget: Budget | None = None, **rules: Any) -> Office:
    """The office with agents that ask this model; `rules` change the policy's section `agents`."""
    agents = office.services.policy.agents.model_copy(update=rules)
    office.policy(agents=agents)
    archive = office.services.archive

    async def shown(name: str, sha256: str, member: Member) -> Transcript:
        return printed(Source(name, archive.get(sha256)), member)

    async def rest() -> None:
        """Nothing to end."""

    limits = budget or Budgets(Spending(), Spending(), lambda usage: None)
    ends = model.close if isinstance(model, OpenAIModel) else rest
    crew = Crew(model=model, budget=limits, chat_budget=limits, access=RIGHTS, open=shown, rest=ends, close=lambda: None)
    office.services = replace(office.services, crew=crew)
    return office
