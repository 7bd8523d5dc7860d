"""`signoff calls`, `cost` and `replay`, and the exporter of traces."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from signoff_run import ORDERS, TODAY, done, dump, rows, run

from signoff.agents.ledger import ModelCall, ToolCall
from signoff.agents.messages import Message, Question, Reply, Usage
from signoff.app import telemetry
from signoff.app.workspace import opened
from signoff.domain.errors import BadInput
from signoff.graph.calls import case_ledger


@pytest.fixture
def asked(worked: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The worked company; an agent looked at its first case, once in vain."""
    monkeypatch.setenv("SIGNOFF_TODAY", TODAY)
    messages = (Message(role="system", content="You read [orders]."), Message(role="user", content="Which number?"))
    question = Question(agent="extraction", prompt_name="extraction", prompt_hash="abcdef01" * 8, messages=messages)
    answer = Reply(
        text='{"number": "4500018001"}', finish_reason="stop", model="small-1", cost="0.0012", latency_ms=1400,
        usage=Usage(input_tokens=812, output_tokens=19),
    )  # fmt: skip
    with opened(worked) as w:
        ledger = case_ledger(w.services, 1)
        at = w.services.clock().isoformat()
        ledger.record(ModelCall(question=question, failure="unavailable", error="Nobody answers.", requested_model="small", at=at))
        ledger.record(ModelCall(question=question, reply=answer, requested_model="small", provider="test", at=at))
        ledger.record_tool(ToolCall(agent="extraction", turn=0, name="find", arguments="{}", outcome="ok", result="none", at=at))
    return worked


def test_calls_are_listed(asked: Path) -> None:
    told = done("calls", "1", workspace=asked)
    for word in ("extraction abcdef01", "small-1", "812", "19", "0.0012", "1.4", "unavailable: Nobody answers.", "find (extraction, ok)"):
        assert word in told
    assert "asked no model" in done("calls", "C00002", workspace=asked)
    full = done("calls", "1", "--full", workspace=asked)
    assert "You read [orders]." in full
    assert '{"number": "4500018001"}' in full
    kinds = [call["kind"] for call in json.loads(done("calls", "1", "--json", workspace=asked))]
    assert kinds == ["model", "model", "tool"]
    ran = run("calls", "77", workspace=asked)
    assert (ran.code, "There is no case C00077" in ran.err) == (2, True)


def test_the_record_of_the_case_counts_them(asked: Path) -> None:
    found = json.loads(done("show", "1", "--json", workspace=asked))
    assert (found["model_calls"], found["cost"]) == (2, "0.0012")
    assert "all whole" in done("audit", "verify", workspace=asked)


@pytest.mark.parametrize("by", ["agent", "vendor", "day", "model"])
def test_costs_are_summed(asked: Path, by: str) -> None:
    assert "Together 0.0012 US dollars for 2 calls." in done("cost", "--by", by, workspace=asked)
    sums = json.loads(done("cost", "--by", by, "--json", workspace=asked))
    assert sum(c["calls"] for c in sums) == 2
    assert run("cost", "--by", "moon", workspace=asked).code == 2


def test_nothing_costs_nothing(worked: Path) -> None:
    assert "No model was asked yet." in done("cost", workspace=worked)


def test_every_case_of_a_workspace_replays(worked: Path) -> None:
    before = dump(worked / "signoff.db")
    count = len(list(rows(worked / "signoff.db", "SELECT 1 FROM cases")))
    assert f"{count} of {count} cases came out the same" in done("replay", "--all", workspace=worked)
    (one,) = json.loads(done("replay", "2", "--json", workspace=worked))
    assert (one["case_id"], one["fault"]) == ("C00002", None)
    assert dump(worked / "signoff.db") == before


def test_what_was_decided_under_another_policy_replays_under_that(worked: Path) -> None:
    policy = worked / "policy.yaml"
    policy.write_text(policy.read_text(encoding="utf-8") + "\nagents: {routing: always}\n", encoding="utf-8")
    (case, person) = rows(worked / "signoff.db", "SELECT case_number, json_extract(candidates, '$[0]') FROM tasks WHERE status = 'open'")[0]
    done("decide", case, "--as", person, "--approve", workspace=worked)
    done("people", "import", ORDERS.parent / "company" / "people.csv", workspace=worked)
    bases = {json.loads(str(body))["basis"] for (body,) in rows(worked / "signoff.db", "SELECT body FROM events WHERE case_number > 0")}
    assert len(bases) == 2
    assert "cases came out the same" in done("replay", "--all", workspace=worked)


def test_a_difference_is_named_and_ends_with_one(asked: Path) -> None:
    ran = run("replay", "--all", workspace=asked)
    assert (ran.code, ran.err) == (1, "")
    assert "C00001: The model call of extraction on record" in ran.out
    assert "was not asked for." in ran.out


@pytest.mark.parametrize("arguments", [(), ("1", "--all"), ("seven",), ("77",)])
def test_what_cannot_be_replayed_is_refused(worked: Path, arguments: tuple[str, ...]) -> None:
    ran = run("replay", *arguments, workspace=worked)
    assert (ran.code, ran.err.count("\n")) == (2, 1)


class TestTraces:
    def test_nothing_is_loaded_where_no_collector_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
        for name in telemetry.ENDPOINTS:
            monkeypatch.delenv(name, raising=False)
        with telemetry.exported():
            assert not telemetry.content()

    def test_a_missing_exporter_is_said(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
        with pytest.raises(BadInput, match=r"pip install 'signoff\[otel\]'"), telemetry.exported():
            pass

    def test_words_are_sent_only_when_that_is_asked_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(telemetry.CONTENT, "True")
        assert telemetry.content()
