"""What may be spent: nothing goes beyond, alone or together; and what things cost."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from llm_server import Answer, LlmServer
from talk import PRICES, QUESTION, brain, model, run

from signoff.agents.asking import Asker
from signoff.agents.budget import Budgets, estimated
from signoff.agents.client.breaker import Breaker
from signoff.agents.client.prices import TABLE, Prices, load_prices
from signoff.agents.ledger import ModelCall, ToolCall
from signoff.agents.messages import Image, Message, ModelFailed, Question, Reply, Spent, Usage
from signoff.domain.errors import BadInput
from signoff.domain.policy import Spending


class Book:
    """A ledger in memory."""

    def __init__(self) -> None:
        self.calls: list[ModelCall] = []

    def recall(self, question: Question) -> ModelCall | None:
        return None

    def record(self, call: ModelCall) -> None:
        self.calls.append(call)

    def recall_tool(self, agent: str, turn: int, name: str, arguments: str) -> ToolCall | None:
        return None

    def record_tool(self, call: ToolCall) -> None: ...

    def spent(self) -> Spent:
        said = [call.reply for call in self.calls if call.reply]
        return Spent(
            calls=len(self.calls), cost=sum((r.cost or Decimal(0) for r in said), Decimal(0)),
            input_tokens=sum(r.usage.input_tokens or 0 for r in said), output_tokens=sum(r.usage.output_tokens or 0 for r in said),
        )  # fmt: skip


def budgets(case: Spending | None = None, batch: Spending | None = None) -> Budgets:
    return Budgets(case or Spending(), batch or Spending(), lambda usage: PRICES.cost(["big"], usage))


async def asked(client: Any, budget: Budgets, count: int, books: list[Book]) -> list[Reply | ModelFailed]:
    async def one(n: int) -> Reply | ModelFailed:
        asker = Asker(client, books[n % len(books)], budget, lambda: dt.datetime(2026, 11, 20, tzinfo=dt.UTC))
        try:
            return await asker.ask(QUESTION.model_copy(update={"max_tokens": 300 + n}))
        except ModelFailed as failed:
            return failed

    return await asyncio.gather(*map(one, range(count)))


def answers(ends: list[Reply | ModelFailed]) -> int:
    assert all(isinstance(end, Reply) or end.kind == "over_budget" for end in ends)
    return sum(isinstance(end, Reply) for end in ends)


class TestBudgets:
    def test_calls_in_flight_together_do_not_go_beyond_a_batch(self) -> None:
        """Fifty at once on a batch that may use 20,000 tokens: what is billed stays within."""
        with LlmServer(brain, latency=0.02) as server:
            client = model(server)
            ends = run(client, lambda: asked(client, budgets(batch=Spending(tokens=20_000)), 50, [Book() for _ in range(50)]))
        assert 1 <= answers(ends) < 50
        assert server.billed.tokens <= 20_000

    def test_what_was_held_back_is_free_again(self) -> None:
        """One after the other, as many are answered as the tokens allow."""
        budget = budgets(batch=Spending(tokens=20_000))

        async def work(client: Any) -> int:
            return sum([answers(await asked(client, budget, 1, [Book()])) for _ in range(60)])

        with LlmServer(brain) as server:
            client = model(server)
            count = run(client, lambda: work(client))
        assert count > 20
        assert server.billed.tokens <= 20_000

    def test_even_when_everything_is_answered_twice_and_in_vain(self) -> None:
        with LlmServer(lambda asked: Answer("no JSON " * 20), latency=0.01) as server:
            client = model(server)
            ends = run(client, lambda: asked(client, budgets(batch=Spending(tokens=20_000)), 50, [Book() for _ in range(50)]))
        assert {end.kind for end in ends if isinstance(end, ModelFailed)} == {"invalid", "over_budget"}
        assert server.billed.tokens <= 20_000

    @pytest.mark.parametrize(
        ("limits", "word"),
        [(Spending(calls=2), "calls to a model"), (Spending(tokens=8000), "tokens"), (Spending(cost=Decimal("0.03")), "US dollars")],
    )
    def test_a_case_has_its_own(self, limits: Spending, word: str) -> None:
        """Two cases on one batch: each comes to its own limit."""
        books = [Book(), Book()]
        with LlmServer(brain, latency=0.01) as server:
            client = model(server)
            ends = run(client, lambda: asked(client, budgets(case=limits), 40, books))
        assert 2 <= answers(ends) < 40
        refused = next(str(end) for end in ends if isinstance(end, ModelFailed))
        assert word in refused
        assert "per_case" in refused
        for book in books:
            assert book.spent().cost <= (limits.cost or 1)
            assert sum(call.reply is not None for call in book.calls) <= (limits.calls or 40)

    def test_seconds_end_it(self) -> None:
        class Slow(Book):
            def spent(self) -> Spent:
                return Spent(seconds=Decimal(301))

        with LlmServer(brain) as server:
            client = model(server)
            ends = run(client, lambda: asked(client, budgets(case=Spending(seconds=300)), 1, [Slow()]))
        assert answers(ends) == 0
        assert not server.asked

    def test_tokens_that_are_not_counted_are_taken_to_be_many(self) -> None:
        budget = budgets(batch=Spending(tokens=20_000))

        async def work(client: Any) -> int:
            return sum([answers(await asked(client, budget, 1, [Book()])) for _ in range(60)])

        with LlmServer(brain, "no_usage") as server:
            client = model(server)
            assert 1 <= run(client, lambda: work(client)) < 10

    def test_a_task_that_is_gone_holds_nothing(self) -> None:
        budget = budgets(batch=Spending(calls=1))

        async def vanish() -> None:
            budget.allow(Book(), QUESTION)

        async def work() -> None:
            for _ in range(3):
                await asyncio.create_task(vanish())

        asyncio.run(work())

    def test_an_estimate_is_from_above(self) -> None:
        for words in ("12 pcs LH-6204 at 4.20 EUR; ", "Заказ на поставку ", "注文書 数量 "):
            question = QUESTION.model_copy(update={"messages": (Message(role="user", content=words * 50),), "answer": None})
            assert estimated(question) >= len(words * 50) / 2
        shown = Message(role="user", images=(Image(data="aGk="),))
        assert estimated(QUESTION.model_copy(update={"messages": (shown,)})) >= 2000


class TestPrices:
    def usage(self, given: int | None = 1_000_000, made: int | None = 1_000_000, cached: int | None = None) -> Usage:
        return Usage(input_tokens=given, output_tokens=made, cache_read_input_tokens=cached)

    def test_public_prices_by_name_and_version(self) -> None:
        cost = Prices().cost(["gpt-4o-mini"], self.usage(1000, 1000))
        assert cost
        for name in ("gpt-4o-mini-2024-07-18", "openai/gpt-4o-mini"):
            assert Prices().cost([name], self.usage(1000, 1000)) == cost
        assert cost > Prices().cost(["gpt-4o-mini"], self.usage(1000, 1000, 900)), "cached input is cheaper"

    def test_the_first_model_that_has_a_price(self) -> None:
        assert PRICES.cost(["no-such-model-1", "small"], self.usage()) == 5
        assert PRICES.cost(["no-such-model-1"], self.usage()) is None

    def test_cached_tokens_and_those_beyond_the_input(self) -> None:
        assert PRICES.cost(["big"], self.usage(cached=400_000)) == Decimal("9.4")
        assert PRICES.cost(["big"], self.usage(cached=9_000_000)) == Decimal("8.5")

    def test_unknown_tokens_have_no_cost(self) -> None:
        assert PRICES.cost(["big"], self.usage(made=None)) is None

    def test_the_columns_are_documented(self) -> None:
        page = (Path(__file__).parents[2] / "docs" / "models.md").read_text(encoding="utf-8")
        rows = re.findall(r"^\| `(\w+)` \| (yes|no) \|", page.split("### prices.csv")[1].split("##")[0], re.MULTILINE)
        assert rows == [(column, "yes" if column in TABLE.required else "no") for column in TABLE.columns]

    def test_a_companys_own_table(self, tmp_path: Path) -> None:
        file = tmp_path / "prices.csv"
        file.write_text("model,input,cached,output\nlocal,0.2,,0.6\ngpt-4o-mini,1,1,1\n")
        own = Prices(load_prices(file))
        assert own.cost(["local"], self.usage(cached=500_000)) == Decimal("0.8")
        assert own.cost(["gpt-4o-mini"], self.usage()) == 2
        file.write_text("model,input,output\nlocal,cheap,0.6\n")
        with pytest.raises(BadInput, match="line 2, column input"):
            load_prices(file)


class TestBreaker:
    def breaker(self) -> tuple[Breaker, list[float]]:
        now = [0.0]
        return Breaker(lambda: now[0], threshold=3, rest=5), now

    def test_it_opens_after_failures_in_a_row_and_lets_one_try(self) -> None:
        breaker, now = self.breaker()
        for failure in (True, True, False, True, True, True):
            assert breaker.wait() == 0
            breaker.failed() if failure else breaker.answered()
        assert breaker.wait() == 5
        now[0] = 5
        assert [breaker.wait() for _ in range(3)] == [0, 5, 5]
        breaker.failed()
        now[0] = 10
        assert breaker.wait() == 0
        breaker.answered()
        assert [breaker.wait() for _ in range(3)] == [0, 0, 0]

    def test_it_waits_as_long_as_it_is_asked_to(self) -> None:
        breaker, now = self.breaker()
        breaker.asked_to_wait(7)
        breaker.asked_to_wait(2)
        breaker.answered()
        assert breaker.wait() == 7
        now[0] = 7
        assert [breaker.wait() for _ in range(3)] == [0, 0, 0]

    def test_it_knows_how_long_the_endpoint_has_been_down(self) -> None:
        breaker, now = self.breaker()
        for at in (10.0, 11.0, 12.0):
            now[0] = at
            breaker.failed()
        now[0] = 100
        assert breaker.down() == 90
        breaker.answered()
        assert breaker.down() == 0
