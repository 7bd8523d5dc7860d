"""The contract agent: lines that code could not match to an agreed item, and clauses that code cannot weigh.

It sees typed values and the contract's words, never the order document. What it proposes is checked by code (a quote must
stand in the contract, an item must exist), is added to what code found, and replaces nothing.
"""

from __future__ import annotations

import json
from typing import Any, Literal

from pydantic import Field
from rapidfuzz import fuzz, process

from signoff.agents.asking import Asker
from signoff.agents.loop import Assignment, opening, run
from signoff.agents.messages import ModelFailed
from signoff.agents.routing import order_shown
from signoff.agents.toolbox import Toolbox
from signoff.domain.advice import ContractAdvice, ItemMatch
from signoff.domain.contract import Contract
from signoff.domain.findings import Code, Finding, finding
from signoff.domain.order import Order
from signoff.domain.record import Record
from signoff.prompts import load
from signoff.tools.clauses import verify_quote

NAME = "contract_check"
CANDIDATES = 6
"""Agreed items that are offered for a line: the ones whose words are most alike."""

Proposable = Literal[
    "item_off_contract", "price_above_contract", "tier_price_missed", "discount_missed", "below_minimum", "above_maximum", "not_a_multiple",
    "unit_mismatch", "payment_terms_differ", "delivery_terms_differ", "lead_time_too_short",
]  # fmt: skip


class SameItem(Record):
    """A line of the order that is an agreed item under other words."""

    line: int = Field(description="the line's number as shown")
    item: int = Field(description="the agreed item's number as shown")
    why: str


class Breach(Record):
    """Something that a clause asks for and the order does not keep."""

    code: Proposable
    line: int = Field(description="the line's number as shown, -1 for the whole order")
    quote: str = Field(description="the words of the contract, copied exactly")
    message: str = Field(description="one sentence: what the contract says, what the order says")


class Opinion(Record):
    """What the agent answers."""

    matches: tuple[SameItem, ...]
    breaches: tuple[Breach, ...]


async def advise(asker: Asker, order: Order, contract: Contract, off_contract: tuple[int, ...], toolbox: Toolbox) -> ContractAdvice:
    """Matches and breaches that hold up. `off_contract` are the lines (from 0) that code found no agreed item for."""
    prompt = load(NAME)
    messages = opening(
        prompt,
        contract=json.dumps(_terms(contract), ensure_ascii=False),
        order=json.dumps(order_shown(order), ensure_ascii=False),
        candidates=json.dumps({i: candidates(contract, order, i) for i in off_contract}, ensure_ascii=False),
    )
    try:
        outcome = await run(asker, Assignment(NAME, prompt, messages, Opinion, toolbox))
    except ModelFailed as failed:
        return ContractAdvice(failed=str(failed)[:4000])
    opinion = outcome.answer
    matches = {m.line: m for m in opinion.matches if m.line in off_contract and 0 <= m.item < len(contract.prices)}
    found = [f for b in opinion.breaches if (f := _breach(b, order, contract)) is not None]
    return ContractAdvice(
        matches=tuple(ItemMatch(line=m.line, item=m.item, why=m.why[:1000]) for m in matches.values()), findings=tuple(found)
    )


def candidates(contract: Contract, order: Order, line: int) -> list[dict[str, Any]]:
    """The agreed items whose words are most like the line's, best first, with their number in the contract."""
    wanted = " ".join(filter(None, (order.lines[line].description, *order.lines[line].item_ids)))
    words = [" ".join(filter(None, (p.description, p.supplier_item_id, p.buyer_item_id))) for p in contract.prices]
    best = process.extract(wanted, words, scorer=fuzz.token_set_ratio, limit=CANDIDATES)
    return [{"item": i} | contract.prices[i].model_dump(mode="json", exclude_defaults=True) for _, _, i in best]


def _terms(contract: Contract) -> dict[str, Any]:
    return contract.model_dump(mode="json", exclude_defaults=True, exclude={"prices", "clauses", "source"})


def _breach(said: Breach, order: Order, contract: Contract) -> Finding | None:
    """The breach as a finding, when its quote stands in the contract and its line in the order."""
    place = verify_quote(contract, said.quote)
    if place is None or not -1 <= said.line < len(order.lines):
        return None
    message = f"The contract agent: {' '.join(said.message.split())[:500]}"
    pointer = "" if said.line < 0 else f"/lines/{said.line}"
    where = f"{contract.contract_id} clause {place.number or place.index + 1}" + (f", page {place.page}" if place.page else "")
    evidence = {
        "contract": where,
        "quote": contract.clauses[place.index].text[place.start : place.end][:1000],
        "offsets": [place.start, place.end],
    }
    return finding(Code[said.code.upper()], message, field=pointer, evidence=evidence)
