"""The contract agent: proposals that code can check, and nothing else."""

from __future__ import annotations

import asyncio
import datetime as dt
from decimal import Decimal
from typing import Any

from scripted import Memory, Scripted, asker, says

from signoff.agents.contract_check import advise, candidates
from signoff.agents.messages import ModelFailed
from signoff.agents.toolbox import Toolbox
from signoff.domain.advice import ContractAdvice
from signoff.domain.contract import Clause, Contract, PriceLine
from signoff.domain.order import Order, OrderLine

CONTRACT = Contract(
    contract_id="K-1", vendor_id="V-1", starts=dt.date(2026, 1, 1), currency="EUR",
    prices=(
        PriceLine(supplier_item_id="N-8", description="Hexagon nut M8", unit="EA", price=Decimal("0.10")),
        PriceLine(supplier_item_id="B-8", description="Hexagon bolt M8 x 40", unit="EA", price=Decimal("0.30")),
    ),
    clauses=(Clause(number="7.2", heading="Quantities", page=4, text="Bolts are ordered in whole boxes of one hundred pieces."),),
)  # fmt: skip
ORDER = Order(order_number="1", lines=(OrderLine(description="M8x40 hex bolts", quantity=Decimal(120)),), notes=("as agreed",))
QUOTE = "whole boxes of one hundred pieces"


def run(line: Any, order: Order = ORDER) -> ContractAdvice:
    return asyncio.run(advise(asker(Scripted(line), Memory()), order, CONTRACT, (0,), Toolbox()))


def breach(quote: str = QUOTE, line: int = 0, code: str = "not_a_multiple") -> dict[str, Any]:
    return {"code": code, "line": line, "quote": quote, "message": "120 are no whole boxes."}


def test_the_likeliest_items_are_offered_first() -> None:
    assert [c["item"] for c in candidates(CONTRACT, ORDER, 0)] == [1, 0]


def test_a_breach_with_a_quote_is_a_finding_that_says_where() -> None:
    (found,) = run(says(matches=[], breaches=[breach()])).findings
    assert (found.code, found.field) == ("not_a_multiple", "/lines/0")
    assert found.evidence["contract"] == "K-1 clause 7.2, page 4"
    assert found.evidence["quote"] == QUOTE
    assert CONTRACT.clauses[0].text[slice(*found.evidence["offsets"])] == QUOTE
    assert found.message.startswith("The contract agent: ")


def test_a_quote_that_is_not_in_the_contract_counts_for_nothing() -> None:
    assert run(says(matches=[], breaches=[breach(quote="whole boxes of fifty pieces")])).findings == ()


def test_a_line_that_is_not_in_the_order_counts_for_nothing() -> None:
    assert run(says(matches=[], breaches=[breach(line=7)])).findings == ()


def test_only_lines_without_an_agreed_item_are_matched_and_only_to_items_there_are() -> None:
    said = [{"line": 0, "item": 1, "why": "same size"}, {"line": 3, "item": 0, "why": "?"}, {"line": 0, "item": 9, "why": "?"}]
    (match,) = run(says(matches=said, breaches=[])).matches
    assert (match.line, match.item) == (0, 1)


def test_a_failure_is_said() -> None:
    assert run(ModelFailed("unavailable", "No answer.")) == ContractAdvice(failed="No answer.")
