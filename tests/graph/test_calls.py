"""The record of calls: durable before an answer is used, found again instead of paid for again, bound to the chain, summed exactly."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from office import NOW, Office
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from staff import asker, question, reply, staffed

from signoff.agents.ledger import ToolCall
from signoff.agents.messages import Failure, Image, ModelFailed
from signoff.domain.policy import AgentRules
from signoff.domain.states import State
from signoff.graph import tracing
from signoff.graph.audit import verify
from signoff.graph.calls import StoreLedger, case_ledger
from signoff.graph.record import record
from signoff.graph.store.rows import Owner
from signoff.graph.store.sqlite import SqliteStore

SIGNED = "xml/4500018004.xml"
"""Somebody signs it, so the routing agent is asked."""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.close()


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "_tracer", provider.get_tracer("test"))
    return exporter


def test_a_call_stands_in_the_record_with_its_event(office: Office) -> None:
    case = staffed(office, reply()).example(SIGNED)
    (kept,) = office.store.calls.of(Owner(case=case.number))
    assert (kept.call.reply, kept.call.question.agent, kept.call.provider, kept.call.requested_model) == (
        reply(),
        "routing",
        "test",
        "small",
    )
    assert "4500018004" in kept.call.question.messages[1].content
    (event,) = (e for e in office.events(case) if e.type == "model.called")
    told = {"agent": "routing", "prompt": "routing", "model": "small-1", "input_tokens": 900, "output_tokens": 40, "cost": "0.0021"}
    assert told.items() <= event.body.items()
    (raw,) = (r for r in office.store.calls.raw() if r.kind == "model")
    assert (event.body["sha256"], event.body["input_hash"]) == (raw.sha256, kept.call.question.input_hash)
    assert office.told(case).index("tool.called") < office.told(case).index("model.called") < office.told(case).index("route.advised")
    assert verify(office.store).fault is None
    found = record(office.services, case.number)
    assert (found["model_calls"], found["cost"]) == (1, "0.0021")


def test_what_was_paid_for_is_not_paid_for_again(office: Office) -> None:
    case = staffed(office, reply()).example(SIGNED)
    asked = office.store.calls.of(Owner(case=case.number))[0].call.question
    assert asyncio.run(asker(office.services, case.number).ask(asked)) == reply()
    other = asked.model_copy(update={"prompt_hash": "q" * 64})
    with pytest.raises(AssertionError, match="nobody may be asked again"):
        asyncio.run(asker(office.services, case.number).ask(other))
    assert len(office.store.calls.of(Owner(case=case.number))) == 1


@pytest.mark.parametrize(("kind", "again"), [("refused", False), ("invalid", False), ("unavailable", True), ("over_budget", True)])
def test_a_failure_is_on_record_with_what_it_cost_and_tried_again_where_that_may_help(office: Office, kind: Failure, again: bool) -> None:
    staffed(office, ModelFailed(kind, "It did not work.", reply("", "0.5")), reply("later"))
    case = office.example(SIGNED)
    (kept,) = office.store.calls.of(Owner(case=case.number))
    assert (kept.call.failure, kept.call.error) == (kind, "It did not work.")
    assert case.state is State.NEEDS_APPROVAL
    asking = asker(office.services, case.number)
    if again:
        assert asyncio.run(asking.ask(kept.call.question)).text == "later"
    else:
        with pytest.raises(ModelFailed, match="It did not work"):
            asyncio.run(asking.ask(kept.call.question))
    spent = case_ledger(office.services, case.number).spent()
    assert spent.cost == {"unavailable": Decimal("0.5021"), "over_budget": Decimal("0.0021")}.get(kind, Decimal("0.5"))


def test_a_cost_that_nobody_knows_is_not_said_to_be_nothing(office: Office) -> None:
    case = staffed(office, reply(cost=None)).example(SIGNED)
    assert record(office.services, case.number)["cost"] is None
    (costs,) = office.store.calls.costs("agent")
    assert (costs.key, costs.calls, costs.unpriced) == ("routing", 1, 1)


def test_costs_are_summed_exactly_by_whatever_is_asked(office: Office) -> None:
    staffed(office, reply(cost="0.1"), reply(cost="0.2"))
    vendor = office.example(SIGNED).vendor_id
    office.example("xml/4500018005.xml")
    ledger = StoreLedger(office.services, Owner(conversation="talk"))
    asking = asker(office.services, 1)
    office.services.crew.model.lines.append(reply(cost="0.3"))  # type: ignore[union-attr, attr-defined]
    asyncio.run(type(asking)(asking.model, ledger, asking.budget, asking.clock).ask(question("How much did we spend?", "assistant")))
    sums = {by: {c.key: str(c.spent.cost) for c in office.store.calls.costs(by)} for by in ("agent", "vendor", "day", "model")}
    assert sums["agent"] == {"routing": "0.3", "assistant": "0.3"}
    assert sums["vendor"][""] == "0.3"
    assert sums["vendor"][vendor or ""] == "0.1"
    assert sums["day"] == {NOW.date().isoformat(): "0.6"}
    assert sums["model"] == {"small-1": "0.6"}


def test_redacted_words_leave_hashes_and_the_answer(office: Office) -> None:
    office.policy(agents=AgentRules(bodies="redacted"))
    staffed(office, reply())
    case = office.example(SIGNED)
    (kept,) = office.store.calls.of(Owner(case=case.number))
    assert kept.redacted
    assert kept.call.reply == reply()
    for message in kept.call.question.messages:
        assert re.fullmatch(r"sha256:[0-9a-f]{64} \(\d+ characters\)", message.content)
    assert "4500018004" not in next(r.body for r in office.store.calls.raw() if r.kind == "model")
    whole = question("4500018004, 440 EUR")
    assert kept.input_hash == whole.input_hash != kept.call.question.input_hash
    assert asyncio.run(asker(office.services, case.number).ask(whole)) == reply()
    assert verify(office.store).fault is None


def test_pictures_are_redacted_too(office: Office) -> None:
    office.policy(agents=AgentRules(bodies="redacted"))
    case = staffed(office).example("xml/4500018001.xml")
    office.services.crew.model.lines.append(reply())  # type: ignore[union-attr, attr-defined]
    asked = question()
    pictured = asked.messages[1].model_copy(update={"images": (Image(data="cGljdHVyZQ=="),)})
    asyncio.run(asker(office.services, case.number).ask(asked.model_copy(update={"messages": (asked.messages[0], pictured)})))
    assert "cGljdHVyZQ" not in next(r.body for r in office.store.calls.raw() if r.kind == "model")


TAMPERED = {
    "UPDATE model_calls SET body = replace(body, 'Twelve', 'Twenty')": "The model call 1 of case C00001 was altered",
    "UPDATE model_calls SET case_number = NULL": "The model call 1 of case C00001 was altered",
    "DELETE FROM model_calls": "The model call 1 of case C00001 is missing",
    "UPDATE tool_calls SET body = replace(body, '440', '044')": "The tool call 1 of case C00001 was altered",
    "DELETE FROM tool_calls": "The tool call 1 of case C00001 is missing",
    "INSERT INTO model_calls (case_number, body) SELECT case_number, body FROM model_calls":
        "The model call 2 of case C00001 was written without an event",
}  # fmt: skip


@pytest.mark.parametrize("script", TAMPERED)
def test_an_altered_call_is_found_and_named(office: Office, script: str) -> None:
    staffed(office, reply()).example(SIGNED)
    assert isinstance(office.store, SqliteStore)
    office.store.db.execute(script)
    assert TAMPERED[script] in (verify(office.store).fault or "")


def test_no_column_can_say_what_the_body_does_not(office: Office) -> None:
    staffed(office, reply()).example(SIGNED)
    with pytest.raises(sqlite3.OperationalError, match="generated column"):
        office.store.db.execute("UPDATE model_calls SET cost = '0'")


def test_conversations_have_calls_of_their_own(office: Office) -> None:
    case = staffed(office, reply()).example(SIGNED)
    ledger = StoreLedger(office.services, Owner(conversation="talk"))
    call = office.store.calls.of(Owner(case=case.number))[0].call
    assert ledger.recall(call.question) is None
    ledger.record(call)
    ledger.record_tool(ToolCall(agent="assistant", turn=3, name="spend", arguments="{}", outcome="ok", result="1"))
    assert ledger.recall(call.question) == call
    assert ledger.recall_tool("assistant", 3, "spend", "{}") is not None
    assert ledger.recall_tool("assistant", 4, "spend", "{}") is None
    assert [e.body["conversation"] for e in office.store.events.all() if e.case is None] == ["talk", "talk"]
    assert verify(office.store).fault is None
    office.store.db.execute("UPDATE tool_calls SET body = replace(body, '1', '2') WHERE conversation = 'talk'")  # type: ignore[attr-defined]
    assert "The tool call 2 of conversation talk was altered" in (verify(office.store).fault or "")


def named(spans: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {span.name: span for span in spans.get_finished_spans()}


def test_spans_say_what_the_record_says(office: Office, spans: InMemorySpanExporter) -> None:
    case = staffed(office, reply()).example(SIGNED)
    found = named(spans)
    chat, job = found["chat small"], found["invoke_workflow signoff"]
    expected = {
        "gen_ai.operation.name": "chat", "gen_ai.provider.name": "test", "gen_ai.request.model": "small",
        "gen_ai.response.model": "small-1", "gen_ai.usage.input_tokens": 900, "gen_ai.usage.output_tokens": 40,
        "gen_ai.agent.name": "routing", "gen_ai.conversation.id": case.case_id, "signoff.cost": "0.0021", "signoff.attempts": 2,
    }  # fmt: skip
    assert expected.items() <= dict(chat.attributes or {}).items()
    assert not [name for name in chat.attributes or {} if "messages" in name]
    assert chat.parent is not None
    assert job.context is not None
    assert chat.parent.span_id == job.context.span_id
    assert (chat.end_time or 0) - (chat.start_time or 0) == 750_000_000
    (kept,) = office.store.calls.of(Owner(case=case.number))
    assert chat.context is not None
    assert (kept.call.trace_id, kept.call.span_id) == (f"{chat.context.trace_id:032x}", f"{chat.context.span_id:016x}")
    assert dict(found["execute_tool spend"].attributes or {})["gen_ai.tool.name"] == "spend"


def test_spans_hold_words_only_when_asked_to(office: Office, spans: InMemorySpanExporter) -> None:
    from dataclasses import replace

    office.services = replace(office.services, trace_content=True)
    staffed(office, reply()).example(SIGNED)
    said = dict(named(spans)["chat small"].attributes or {})
    (turn,) = json.loads(str(said["gen_ai.input.messages"]))
    assert (turn["role"], "4500018004" in turn["parts"][0]["content"]) == ("user", True)
    assert "Twelve pumps" in str(said["gen_ai.output.messages"])


def test_a_failed_call_is_a_failed_span(office: Office, spans: InMemorySpanExporter) -> None:
    staffed(office, ModelFailed("unavailable", "No answer.")).example(SIGNED)
    chat = named(spans)["chat small"]
    assert dict(chat.attributes or {})["error.type"] == "unavailable"
    assert not chat.status.is_ok
