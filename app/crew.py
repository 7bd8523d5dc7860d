"""The agents of a workspace: the model that the environment names, the budgets of the policy, the rights of access.cedar."""

from __future__ import annotations

import asyncio
import os

from signoff.agents.budget import Budgets
from signoff.agents.client.endpoint import Endpoint
from signoff.agents.client.prices import Prices, load_prices
from signoff.agents.crew import Crew
from signoff.agents.model import OpenAIModel, Turn
from signoff.app.papers import opener
from signoff.app.settings import Settings
from signoff.domain.policy import Policy, Spending
from signoff.graph.store.port import Jobs
from signoff.graph.workers import now_ms
from signoff.tools.access import Access
from signoff.tools.archive import Archive
from signoff.tools.isolation import Readers
from signoff.tools.orders.transcript import READER

CHAT = Spending(calls=500)
"""What one conversation may take; `per_batch` of the policy holds for it besides."""


def crew_of(settings: Settings, policy: Policy, access: Access, archive: Archive, jobs: Jobs | None = None) -> Crew | None:
    """The agents, where a model is configured. Whoever opened them closes them. With `jobs`, requests are spread over all processes."""
    endpoint = settings.endpoint()
    if endpoint is None:
        return None
    prices = Prices(load_prices(settings.model_prices) if settings.model_prices else {}, endpoint.base_url)
    model = OpenAIModel(endpoint, prices, turn=_shared(endpoint, jobs))
    readers = Readers(os.cpu_count() or 1, reader=READER)
    rules = policy.agents
    return Crew(
        model=model,
        budget=Budgets(rules.per_case, rules.per_batch, model.price),
        chat_budget=Budgets(CHAT, rules.per_batch, model.price),
        access=access,
        open=opener(archive, readers),
        rest=model.close,
        close=readers.close,
    )


def _shared(endpoint: Endpoint, jobs: Jobs | None) -> Turn | None:
    """The turns at a model that every process on the store takes; `None` where its requests are not limited."""
    if jobs is None or endpoint.requests_per_minute is None:
        return None
    name, interval = f"{endpoint.host} {endpoint.model}", 60_000 // endpoint.requests_per_minute

    async def turn() -> None:
        await asyncio.sleep(jobs.turn(name, now_ms(), interval) / 1000)

    return turn
