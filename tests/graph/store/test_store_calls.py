"""What every store promises of calls, conversations, and of what it keeps to derive decisions again."""

from __future__ import annotations

import datetime as dt
import hashlib
from decimal import Decimal
from typing import Any

import pytest
from stores import NOW, Opener, add_case

from signoff.agents.ledger import ModelCall, ToolCall
from signoff.agents.messages import Failure, Message, Question, Reply, Usage
from signoff.domain.people import Person
from signoff.graph.store.port import Store
from signoff.graph.store.rows import Kept, Owner

QUESTION = Question(agent="extraction", prompt_name="extraction", prompt_hash="p" * 64, messages=(Message(role="user", content="Ä?"),))
TALK = Owner(conversation="talk")


def reply(cost: str | None = "0.10", **more: Any) -> Reply:
    usage = Usage(input_tokens=100, output_tokens=7)
    return Reply(
        text="Ä!", finish_reason="stop", model="small-1", usage=usage, cost=Decimal(cost) if cost else None, latency_ms=250, **more
    )


def keep(
    store: Store, owner: Owner, asked: Question = QUESTION, answer: Reply | None = None, failure: Failure | None = None, at: str = ""
) -> Kept:
    call = ModelCall(question=asked, reply=answer, failure=failure, provider="p", requested_model="small", at=at or NOW.isoformat())
    kept = Kept(call=call, input_hash=asked.input_hash)
    with store.transaction():
        raw = store.calls.keep(owner, kept)
    assert (raw.owner, raw.kind, raw.sha256) == (owner, "model", hashlib.sha256(raw.body.encode()).hexdigest())
    return kept


def test_calls_come_back_as_they_were_in_their_order(store: Store, opener: Opener) -> None:
    case = Owner(case=add_case(store))
    other = QUESTION.model_copy(update={"agent": "routing"})
    kept = [keep(store, case, answer=reply()), keep(store, case, other, failure="unavailable"), keep(store, TALK, answer=reply(None))]
    calls = opener().calls
    assert (calls.of(case), calls.of(TALK), calls.of(Owner(case=9))) == (kept[:2], kept[2:], [])
    assert [(r.kind, r.number, r.owner, r.input_hash) for r in calls.raw()] == [
        ("model", 1, case, QUESTION.input_hash), ("model", 2, case, QUESTION.input_hash), ("model", 3, TALK, QUESTION.input_hash),
    ]  # fmt: skip


def test_a_call_is_found_by_owner_agent_prompt_and_input(store: Store) -> None:
    case = Owner(case=add_case(store))
    keep(store, case, answer=reply())
    found = store.calls.find(case, QUESTION)
    assert found is not None
    assert (found.reply, found.question) == (reply(), QUESTION)
    for other in ({"agent": "routing"}, {"prompt_hash": "q" * 64}, {"messages": (Message(role="user", content="A?"),)}):
        assert store.calls.find(case, QUESTION.model_copy(update=other)) is None
    assert store.calls.find(TALK, QUESTION) is None
    assert store.calls.find(Owner(case=9), QUESTION) is None


@pytest.mark.parametrize(
    ("failure", "found"), [("refused", True), ("invalid", True), ("unavailable", False), ("over_budget", False), ("misconfigured", False)]
)
def test_what_failed_for_want_of_an_answer_is_not_found(store: Store, failure: Failure, found: bool) -> None:
    case = Owner(case=add_case(store))
    keep(store, case, failure=failure)
    assert (store.calls.find(case, QUESTION) is not None) is found


def test_an_answer_counts_more_than_the_failure_before_it(store: Store) -> None:
    case = Owner(case=add_case(store))
    keep(store, case, failure="invalid")
    keep(store, case, answer=reply())
    found = store.calls.find(case, QUESTION)
    assert found is not None
    assert found.reply == reply()


def test_tools_are_found_by_their_turn(store: Store) -> None:
    case = Owner(case=add_case(store))
    used = [ToolCall(agent="routing", turn=i, name="spend", arguments="{}", outcome="ok", result=str(i)) for i in (0, 1)]
    with store.transaction():
        raws = [store.calls.keep_tool(case, call) for call in used]
    assert store.calls.tools_of(case) == used
    assert store.calls.find_tool(case, "routing", 1, "spend", "{}") == used[1]
    for other in (("routing", 2, "spend", "{}"), ("other", 1, "spend", "{}"), ("routing", 1, "other", "{}"), ("routing", 1, "spend", "")):
        assert store.calls.find_tool(case, *other) is None
    assert list(store.calls.raw()) == raws


def test_costs_are_exact_and_what_was_never_asked_costs_nothing(store: Store) -> None:
    case = Owner(case=add_case(store))
    with store.transaction():
        store.cases.set(1, vendor_id="V-1")
    keep(store, case, answer=reply("0.1"))
    keep(store, case, answer=reply("0.2"), failure="invalid", at=(NOW + dt.timedelta(days=1)).isoformat())
    keep(store, case, failure="over_budget")
    keep(store, TALK, answer=reply(None))
    mine = store.calls.costs_of(case)
    assert (mine.calls, mine.failed, mine.unpriced) == (2, 1, 0)
    assert (mine.spent.cost, mine.spent.input_tokens, mine.spent.output_tokens) == (Decimal("0.3"), 200, 14)
    assert mine.spent.seconds == Decimal("0.5")
    assert store.calls.costs_of(TALK).unpriced == 1
    assert [(c.key, c.calls, str(c.spent.cost)) for c in store.calls.costs("vendor")] == [("", 1, "0"), ("V-1", 2, "0.3")]
    assert [(c.key, str(c.spent.cost)) for c in store.calls.costs("day")] == [("2026-05-04", "0.1"), ("2026-05-05", "0.2")]
    assert [c.key for c in store.calls.costs("model")] == ["small", "small-1"]
    assert [c.key for c in store.calls.costs("agent")] == ["extraction"]


def test_conversations_go_on_where_they_stopped(store: Store, opener: Opener) -> None:
    for i, (talk, person) in enumerate((("a", "E-1"), ("b", "E-1"), ("a", "E-1"), ("c", "E-2"))):
        with store.transaction():
            store.calls.say(talk, person, "user", f"line {i}", NOW + dt.timedelta(minutes=i))
    calls = opener().calls
    assert [(s.seq, s.person, s.body) for s in calls.said("a")] == [(1, "E-1", "line 0"), (2, "E-1", "line 2")]
    assert calls.conversations("E-1") == ["a", "b"]
    assert (calls.said("z"), calls.conversations("E-9")) == ([], [])


def test_master_data_of_every_import_are_kept(store: Store, opener: Opener) -> None:
    digests = []
    for names in (["One"], ["One", "Two\u2028Lines"]):
        with store.transaction():
            store.masters.replace_people([Person(person_id=f"E-{i}", name=name) for i, name in enumerate(names)])
        digests.append(store.masters.digest("people"))
    masters = opener().masters
    kept = [masters.kept("people", digest[:12]) for digest in digests]
    assert [len((body or "").split("\n")) - 1 for body in kept] == [1, 2]
    assert [Person.model_validate_json(row).name for row in (kept[1] or "").split("\n")[:-1]] == ["One", "Two\u2028Lines"]
    assert masters.kept("people", "0" * 12) is None
    assert masters.kept("vendors", digests[0][:12]) is None
    assert masters.kept("contracts", masters.digest("contracts")) == ""


def test_a_policy_is_found_by_how_its_hash_begins(store: Store) -> None:
    with store.transaction():
        store.masters.keep_policy("abcdef", "{}")
        store.masters.keep("access", "permit (principal, action, resource);")
    assert store.masters.policy("abc") == ("abcdef", "{}")
    assert store.masters.policy("abd") is None
    digest = hashlib.sha256(b"permit (principal, action, resource);").hexdigest()
    assert store.masters.kept("access", digest[:12]) == "permit (principal, action, resource);"
