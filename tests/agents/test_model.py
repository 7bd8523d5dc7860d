"""The model client against a real server: what it sends, what it makes of answers, what it counts, and how it shares."""

from __future__ import annotations

import asyncio
import logging
from decimal import Decimal
from typing import Any

import pytest
from llm_server import Answer, Asked, LlmServer
from pydantic import SecretStr
from talk import FIND, KEY, ORDER, PRICES, PROSE, QUESTION, WITH_TOOLS, Time, ask, brain, model, outcome, run, stream

from signoff.agents.client.endpoint import Endpoint
from signoff.agents.client.pursuit import Pace
from signoff.agents.messages import Image, Message, ModelFailed, Question, Reply, ToolRequest
from signoff.agents.model import OpenAIModel


def answered(end: Reply | ModelFailed) -> Reply:
    assert isinstance(end, Reply), end
    return end


def failed(end: Reply | ModelFailed) -> ModelFailed:
    assert isinstance(end, ModelFailed), end
    return end


def numbered(n: int) -> Question:
    return QUESTION.model_copy(update={"max_tokens": 300 + n})


async def settled(client: OpenAIModel, questions: list[Question]) -> list[Reply | ModelFailed]:
    async def one(question: Question) -> Reply | ModelFailed:
        try:
            return await client.complete(question)
        except ModelFailed as error:
            return error

    return await asyncio.gather(*map(one, questions))


class TestRequest:
    def test_an_answer_is_asked_for_by_schema(self) -> None:
        with LlmServer(brain) as server:
            answered(ask(model(server)))
        sent = server.asked[0].body
        assert QUESTION.answer
        assert sent["response_format"]["json_schema"] == {"name": "order", "schema": QUESTION.answer.body, "strict": True}
        assert (sent["model"], sent["max_tokens"]) == ("big", 300)
        assert server.asked[0].headers["authorization"] == f"Bearer {KEY}"

    def test_pictures_go_along_where_the_model_takes_them(self) -> None:
        seen = Message(role="user", content="Page 1", images=(Image(data="iVBORw0KGgo="),))
        question = QUESTION.model_copy(update={"messages": (seen,)})
        for images in (False, True):
            with LlmServer(brain) as server:
                answered(ask(model(server, images=images), question))
            assert server.asked[0].images == (["data:image/png;base64,iVBORw0KGgo="] if images else [])
            assert server.asked[0].last == "Page 1"

    def test_tools_and_their_answers_in_the_terms_of_the_protocol(self) -> None:
        turns = (
            *PROSE.messages, Message(role="assistant", tool_requests=(ToolRequest(id="c1", name="find", arguments='{"query": "x"}'),)),
            Message(role="tool", content="No clause.", tool_request_id="c1"),
        )  # fmt: skip
        with LlmServer(lambda asked: Answer(calls=[("find", {"query": "volume"})])) as server:
            reply = answered(ask(model(server), WITH_TOOLS.model_copy(update={"messages": turns})))
        assert reply.tool_requests == (ToolRequest(id="call_0", name="find", arguments='{"query": "volume"}'),)
        assert reply.finish_reason == "tool_calls"
        sent = server.asked[0].body
        assert sent["tools"][0]["function"] == {"name": "find", "description": FIND.description, "parameters": FIND.parameters}
        assert sent["messages"][-2]["tool_calls"][0]["id"] == sent["messages"][-1]["tool_call_id"] == "c1"

    def test_what_did_not_fit_is_said_in_the_last_message(self) -> None:
        with LlmServer(brain, "wrong_types", 1) as server:
            assert answered(ask(model(server))).value == ORDER
        first, second = server.asked
        assert second.last.startswith(first.last)
        assert "At /number" in second.last
        assert first.body["messages"][:-1] == second.body["messages"][:-1], "what can be cached stays"

    def test_a_cut_answer_gets_twice_the_tokens(self) -> None:
        with LlmServer(brain, "length", 1) as server:
            answered(ask(model(server)))
        assert [asked.body["max_tokens"] for asked in server.asked] == [300, 600]

    def test_what_an_endpoint_refused_is_remembered(self) -> None:
        with LlmServer(brain, "no_json_mode") as server:
            run(client := model(server), lambda: settled(client, [numbered(n) for n in range(3)]))
            later = len(server.asked)
            answered(ask(client))
        assert later <= 9
        assert len(server.asked) == later + 1
        assert "response_format" not in server.asked[-1].body
        assert '"additionalProperties": false' in server.asked[-1].body["messages"][0]["content"]

    def test_a_refusal_without_a_reason_does_not_lose_the_schema_for_good(self) -> None:
        with LlmServer(brain, "bad_request", 3) as server:
            client = model(server)
            assert outcome(ask(client)) == "misconfigured"
            answered(ask(client))
        assert server.asked[-1].schema == "order"

    def test_a_server_in_trouble_does_not_lose_it_either(self) -> None:
        with LlmServer(brain, "silent_error", 3) as server:
            answered(ask(model(server)))
        assert {asked.schema for asked in server.asked} == {"order"}


class TestMoney:
    def test_the_cost_of_a_call(self) -> None:
        with LlmServer(lambda asked: Answer('{"number": "1", "total": null}', usage=(1000, 200))) as server:
            reply = answered(ask(model(server)))
        assert reply.cost == Decimal("0.0036")
        assert (reply.usage.input_tokens, reply.usage.output_tokens) == (1000, 200)

    def test_an_answer_that_was_of_no_use_is_counted(self) -> None:
        def brain(asked: Asked) -> Answer:
            return Answer("no JSON" if asked.number == 0 else '{"number": "1", "total": null}', usage=(1000, 200))

        with LlmServer(brain) as server:
            reply = answered(ask(model(server)))
        assert (reply.cost, reply.attempts, reply.usage.input_tokens) == (Decimal("0.0072"), 2, 2000)

    def test_what_failed_says_what_was_spent(self) -> None:
        with LlmServer(lambda asked: Answer("no JSON", usage=(1000, 200))) as server:
            end = failed(ask(model(server)))
        assert end.spent
        assert (end.spent.cost, end.spent.attempts, end.spent.usage.output_tokens) == (Decimal("0.0072"), 2, 400)

    def test_nothing_was_spent_where_nothing_was_answered(self) -> None:
        with LlmServer(brain, "overloaded") as server:
            end = failed(ask(model(server)))
        assert end.spent
        assert (end.spent.cost, end.spent.usage.input_tokens, end.spent.attempts) == (None, 0, 8)

    def test_a_model_that_was_put_in_place_of_another_is_named_and_paid_at_its_price(self) -> None:
        with LlmServer(lambda asked: Answer('{"number": "1", "total": null}', usage=(1000, 200), model="small")) as server:
            reply = answered(ask(model(server)))
        assert (reply.model, reply.cost) == ("small", Decimal("0.0018"))

    @pytest.mark.parametrize("fault", ["no_usage", "negative_usage", "huge_usage"])
    def test_tokens_that_cannot_be_are_unknown(self, fault: str) -> None:
        with LlmServer(brain, fault) as server:
            reply = answered(ask(model(server)))
        assert (reply.usage.input_tokens, reply.cost) == (None, None)


class TestFallback:
    def test_it_answers_when_the_first_does_not(self) -> None:
        with LlmServer(brain, lambda asked: "overloaded" if asked.body["model"] == "big" else None) as server:
            reply = answered(ask(model(server, fallback="small")))
        assert reply.model == "small"
        assert reply.attempts == 9

    def test_it_is_turned_to_at_once_while_the_first_is_left_alone(self) -> None:
        time = Time()
        with LlmServer(brain, lambda asked: "overloaded" if asked.body["model"] == "big" else None) as server:
            client = model(server, time, fallback="small")
            ask(client)
            slept, sent = len(time.slept), len(server.asked)
            answered(ask(client))
        assert (len(time.slept), len(server.asked)) == (slept, sent + 1)

    def test_it_is_not_paid_a_third_time(self) -> None:
        with LlmServer(brain, "prose") as server:
            assert failed(ask(model(server, fallback="small"))).kind == "invalid"
        assert [asked.body["model"] for asked in server.asked] == ["big", "big"]

    def test_a_mistake_in_its_name_names_its_variable(self) -> None:
        with LlmServer(brain, lambda asked: "overloaded" if asked.body["model"] == "big" else "no_such_model") as server:
            end = failed(ask(model(server, fallback="small")))
        assert end.kind == "misconfigured"
        assert "SIGNOFF_FALLBACK_MODEL" in str(end)


class TestSharing:
    def test_no_more_at_once_than_allowed(self) -> None:
        with LlmServer(brain, latency=0.02) as server:
            client = model(server, concurrency=4)
            ends = run(client, lambda: settled(client, [numbered(n) for n in range(20)]))
        assert all(isinstance(end, Reply) for end in ends)
        assert server.most_at_once == 4

    def test_requests_a_minute(self) -> None:
        with LlmServer(brain) as server:
            asyncio.run(_spread(model(server, requests_per_minute=1200), 6))

    def test_all_wait_when_one_is_told_to(self) -> None:
        time = Time()
        with LlmServer(brain, "rate_limited", 1, retry_after="9") as server:
            client = model(server, time, concurrency=1)
            ends = run(client, lambda: settled(client, [numbered(n) for n in range(5)]))
        assert all(isinstance(end, Reply) for end in ends)
        assert len(server.asked) == 6

    def test_a_server_that_is_down_is_not_asked_by_everybody(self) -> None:
        with LlmServer(brain, "overloaded") as server:
            client = model(server, pace=Pace(first=0.01, most=0.05, patience=1), concurrency=1)
            ends = run(client, lambda: settled(client, [numbered(n) for n in range(40)]))
        assert {outcome(end) for end in ends} == {"unavailable"}
        assert len(server.asked) == 8

    def test_it_recovers(self) -> None:
        with LlmServer(brain, "overloaded", 12) as server:
            client = model(server)
            ends = run(client, lambda: settled(client, [numbered(n) for n in range(6)]))
        assert all(isinstance(end, Reply) for end in ends)

    def test_a_client_serves_one_loop_after_another(self) -> None:
        with LlmServer(brain) as server:
            client = model(server)
            assert [outcome(ask(client)) for _ in range(2)] == ["answer", "answer"]

    def test_a_task_that_is_cancelled_leaves_its_place(self) -> None:
        async def work(client: OpenAIModel) -> Reply:
            task = asyncio.create_task(client.complete(QUESTION))
            await asyncio.sleep(0.05)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return await client.complete(numbered(1))

        with LlmServer(brain, lambda asked: "slow" if asked.number == 0 else None, slow=5) as server:
            client = model(server, concurrency=1)
            assert run(client, lambda: work(client)).value == ORDER


async def _spread(client: OpenAIModel, count: int) -> None:
    start = asyncio.get_running_loop().time()
    await settled(client, [numbered(n) for n in range(count)])
    await client.close()
    assert asyncio.get_running_loop().time() - start >= (count - 1) * 60 / 1200 - 0.02


class TestStream:
    def test_pieces_and_the_whole(self) -> None:
        words = "Line one.\nÜber \u2028 alles: " * 30
        with LlmServer(lambda asked: words) as server:
            text, end = stream(model(server))
        reply = answered(end)
        assert text == reply.text == words
        assert reply.usage.output_tokens == server.billed.output_tokens
        assert reply.cost

    def test_tools_come_in_pieces(self) -> None:
        with LlmServer(lambda asked: Answer(calls=[("find", {"query": "volume rebate"}), ("find", {"query": "term"})])) as server:
            _, end = stream(model(server), WITH_TOOLS)
        assert [r.arguments for r in answered(end).tool_requests] == ['{"query": "volume rebate"}', '{"query": "term"}']

    def test_a_person_may_break_it_off(self) -> None:
        async def work(client: OpenAIModel) -> Any:
            async for piece in client.stream(PROSE):
                return piece
            return None

        with LlmServer(lambda asked: "word " * 500) as server:
            client = model(server, concurrency=1)
            assert run(client, lambda: work(client))
            assert outcome(ask(client, PROSE)) == "answer"


class TestSecrecy:
    def test_the_key_is_in_no_log_and_no_description(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        for fault in (None, "unauthorized", "bad_gateway", "truncated"):
            with LlmServer(brain, fault) as server:
                client = model(server)
                ask(client)
            assert KEY not in repr(client) + str(vars(client))
        assert KEY not in caplog.text

    def test_an_address_with_a_password_is_named_without_it(self) -> None:
        endpoint = Endpoint(model="big", base_url="https://me:hunter2@models.example:8443/v1")
        client = OpenAIModel(endpoint, PRICES)
        assert client.provider == "models.example:8443"

    def test_nobody_is_asked_without_a_server(self) -> None:
        with LlmServer(brain) as server:
            client = model(server)
        end = failed(ask(client))
        assert end.kind == "unavailable"
        assert "cannot be reached" in str(end)

    @pytest.mark.parametrize("key", [None, SecretStr("sk-other")])
    def test_a_wrong_key_names_its_variable(self, key: SecretStr | None) -> None:
        with LlmServer(brain, key=KEY) as server:
            end = failed(ask(model(server, key=key)))
        assert end.kind == "misconfigured"
        assert "OPENAI_API_KEY" in str(end)


def test_what_it_says_of_itself() -> None:
    client = OpenAIModel(Endpoint(model="gpt-4o-mini", key=SecretStr(KEY), images=True, tools="schema"))
    assert (client.name, client.provider, client.takes_images, client.keeps_tools) == ("gpt-4o-mini", "openai", True, False)


def test_an_outage_is_waited_for_once_and_not_by_every_question() -> None:
    with LlmServer(brain, fault="server_error") as server:
        time = Time()
        client = model(server, time)

        async def work() -> list[float]:
            waited = []
            for question in map(numbered, range(6)):
                before = sum(time.slept)
                failed((await settled(client, [question]))[0])
                waited.append(sum(time.slept) - before)
            return waited

        waited = run(client, work)
    assert sum(waited) < 3 * Pace().patience
    assert max(waited[-3:]) <= 10, waited
