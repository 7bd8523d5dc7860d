"""The loop: from a question over tools to an answer that holds, or to a clean failure; never twice for the same."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import jsonschema_rs
import pytest
from pydantic import model_validator
from scripted import Memory, Scripted, asker, says, uses

from signoff.agents.loop import MOST_TOOL_CALLS, Assignment, Outcome, opening, run
from signoff.agents.messages import Message, ModelFailed, Question, Reply
from signoff.agents.toolbox import Tool, Toolbox, tool
from signoff.domain.record import Record
from signoff.prompts import read

PROMPT = read("stock", b"## system\nYou know the stock.\n\n## user\nHow many {{what}}?\n")


class Answer(Record):
    count: int
    why: str

    @model_validator(mode="after")
    def _not_below(self) -> Answer:
        if self.count < 0:
            raise ValueError("there cannot be less than none")
        return self


class Stock:
    def __init__(self) -> None:
        self.looked: list[str] = []

    @tool("READ", data="history")
    def look(self, item: str) -> int:
        """How many there are."""
        self.looked.append(item)
        return len(item)

    @tool("WRITE", data="history", action="decide")
    def take(self, item: str) -> str:
        """Take one away."""
        self.looked.append(f"took {item}")
        return "Taken."


class Session:
    """One run over a script."""

    def __init__(
        self, *lines: Any, answer: type[Any] = Answer, ledger: Memory | None = None, keeps_tools: bool = True, **more: Any
    ) -> None:
        self.model, self.stock, self.ledger = Scripted(*lines, keeps_tools=keeps_tools), Stock(), ledger or Memory()
        box = Toolbox([self.stock.look, self.stock.take], lambda tool: True, more.pop("confirm", None))
        self.task = Assignment("stock", PROMPT, opening(PROMPT, what="bolts"), answer, more.pop("toolbox", box), **more)

    def run(self) -> Outcome[Any]:
        outcome = asyncio.run(run(asker(self.model, self.ledger), self.task))
        assert not self.model.lines, "the script was not played to its end"
        return outcome

    def failure(self) -> str:
        with pytest.raises(ModelFailed) as caught:
            asyncio.run(run(asker(self.model, self.ledger), self.task))
        assert caught.value.kind == "invalid"
        return str(caught.value)

    def told(self) -> list[Message]:
        return list(self.model.asked[-1].messages)


GOOD = says(count=5, why="counted")


class TestToAnAnswer:
    def test_at_once(self) -> None:
        session = Session(GOOD)
        outcome = session.run()
        assert outcome.answer == Answer(count=5, why="counted")
        question = session.model.asked[0]
        assert [m.role for m in question.messages] == ["system", "user"]
        assert question.messages[1].content == "How many bolts?"
        assert (question.agent, question.prompt_name, question.prompt_hash) == ("stock", "stock", PROMPT.hash)
        assert question.answer is not None
        assert question.answer.body["required"] == ["count", "why"]
        assert [t.name for t in question.tools] == ["look", "take"]

    def test_over_tools(self) -> None:
        session = Session(uses(("look", '{"item": "bolts"}'), ("look", '{"item": "nuts"}')), GOOD)
        outcome = session.run()
        assert session.stock.looked == ["bolts", "nuts"]
        assert [(m.role, m.content, m.tool_request_id) for m in session.told()[3:]] == [("tool", "5", "call_0"), ("tool", "4", "call_1")]
        assert outcome.next_tool_call == 2
        assert [m.role for m in outcome.said] == ["assistant", "tool", "tool", "assistant"]

    def test_in_prose(self) -> None:
        assert Session(uses(("look", '{"item": "bolts"}')), says("Five."), answer=str).run().answer == "Five."

    def test_what_was_said_before_only_grows(self) -> None:
        session = Session(uses(("look", '{"item": "a"}')), uses(("look", '{"item": "b"}')), GOOD)
        session.run()
        before: tuple[Message, ...] = ()
        for question in session.model.asked:
            assert question.messages[: len(before)] == before
            before = question.messages

    def test_an_answer_that_breaks_a_promise_is_told_why(self) -> None:
        session = Session(says(count=-1, why="?"), GOOD)
        assert session.run().answer.count == 5
        assert "there cannot be less than none" in session.told()[-1].content

    def test_errors_of_tools_are_told(self) -> None:
        session = Session(uses(("look", '{"thing": 1}')), uses(("find", "{}")), GOOD)
        session.run()
        assert "item: Field required" in session.told()[3].content
        assert "There is no tool 'find'" in session.told()[5].content


class TestWithoutAnAnswer:
    def test_steps_run_out(self) -> None:
        session = Session(*(uses(("look", json.dumps({"item": "x" * n}))) for n in range(3)), max_steps=3)
        assert session.failure() == "The stock agent came to no answer within 3 steps."

    def test_the_same_call_three_times(self) -> None:
        session = Session(*[uses(("look", '{"item": "bolts"}')), uses(("look", '{"item":"bolts"}'))] * 2)
        assert session.failure() == "The model used look with the same arguments 3 times."
        assert len(session.model.asked) == 3

    def test_too_many_errors(self) -> None:
        session = Session(*(uses((f"tool_{n}", "{}")) for n in range(8)))
        assert "5 times in vain" in session.failure()
        assert len(session.model.asked) == 5

    def test_a_flood_of_calls(self) -> None:
        session = Session(uses(*(("look", json.dumps({"item": str(n)})) for n in range(500))))
        session.failure()
        assert len(session.stock.looked) == MOST_TOOL_CALLS + 1

    def test_an_answer_that_never_holds(self) -> None:
        session = Session(*(says(count=-1, why="?") for _ in range(8)))
        session.failure()
        assert len(session.model.asked) == 8

    def test_a_model_that_fails(self) -> None:
        session = Session(ModelFailed("unavailable", "Nobody there."))
        with pytest.raises(ModelFailed, match="Nobody there"):
            session.run()


class TestWriting:
    def test_is_denied_where_nobody_confirms(self) -> None:
        session = Session(uses(("take", '{"item": "bolts"}')), GOOD)
        session.run()
        assert session.stock.looked == []
        assert session.ledger.tool_calls[0].outcome == "denied"

    def test_is_not_done_again_after_a_crash(self) -> None:
        async def yes(tool: Tool, arguments: dict[str, Any]) -> bool:
            return True

        ledger = Memory()
        lines = (uses(("take", '{"item": "bolts"}')), GOOD)
        first = Session(*lines, ledger=ledger, confirm=yes)
        first.run()
        ledger.calls.pop()
        again = Session(GOOD, ledger=ledger, confirm=yes)
        again.run()
        assert (first.stock.looked, again.stock.looked) == (["took bolts"], [])


class TestTheRecord:
    def test_a_second_run_asks_nobody_and_uses_nothing(self) -> None:
        ledger = Memory()
        first = Session(uses(("look", '{"item": "bolts"}')), says(count=-1, why="?"), GOOD, ledger=ledger).run()
        second = Session(ledger=ledger)
        assert second.run() == first
        assert second.stock.looked == []
        assert len(ledger.tool_calls) == 1

    def test_assignments_of_one_case_number_their_tool_calls_on(self) -> None:
        ledger = Memory()
        first = Session(uses(("look", '{"item": "bolts"}')), GOOD, ledger=ledger).run()
        ledger.calls.clear()
        second = Session(uses(("look", '{"item": "bolts"}')), GOOD, ledger=ledger, first_tool_call=first.next_tool_call)
        assert second.run().next_tool_call == 2
        assert second.stock.looked == ["bolts"]


def step(question: Question, **said: Any) -> Reply:
    """An answer in the form that is asked for where tools are asked for by schema; it must fit."""
    assert question.answer is not None
    value = {"step": said}
    jsonschema_rs.validate(question.answer.body, value)
    return Reply(text=json.dumps(value), value=value, finish_reason="stop", model="scripted")


class TestToolsBySchema:
    """For endpoints that do not keep to tools."""

    def test_over_tools_to_an_answer(self) -> None:
        session = Session(
            lambda q: step(q, tool="look", arguments={"item": "bolts"}),
            lambda q: step(q, answer={"count": 5, "why": "counted"}),
            keeps_tools=False,
        )
        assert session.run().answer == Answer(count=5, why="counted")
        assert session.stock.looked == ["bolts"]
        first, last = session.model.asked
        assert first.tools == ()
        assert "How many there are." in first.messages[0].content
        assert first.messages[0].content.startswith("You know the stock.")
        assert last.messages[:2] == first.messages
        assert [m.role for m in last.messages[2:]] == ["assistant", "user"]
        assert last.messages[3].content == "Result of look:\n5"

    def test_prose_is_an_answer_too(self) -> None:
        assert Session(lambda q: step(q, answer="Five."), answer=str, keeps_tools=False).run().answer == "Five."

    @pytest.mark.parametrize(
        "value",
        [
            {},
            {"step": {"tool": "burn", "arguments": {}}},
            {"step": {"tool": "look", "arguments": {}}},
            {"step": {"answer": {}}},
            {"step": {"tool": "look", "arguments": {"item": "x"}, "answer": 1}},
        ],
    )
    def test_only_one_known_tool_or_a_whole_answer_fits(self, value: dict[str, Any]) -> None:
        session = Session(lambda q: step(q, answer={"count": 5, "why": "counted"}), keeps_tools=False)
        session.run()
        schema = session.model.asked[0].answer
        assert schema is not None
        assert not jsonschema_rs.is_valid(schema.body, value)

    def test_what_fits_no_schema_still_ends_cleanly(self) -> None:
        empty = Reply(text="{}", value={}, finish_reason="stop", model="scripted")
        session = Session(*[empty] * 8, keeps_tools=False)
        session.failure()

    def test_without_tools_the_answer_alone_is_asked_for(self) -> None:
        session = Session(GOOD, keeps_tools=False, toolbox=Toolbox())
        assert session.run().answer.count == 5
        assert session.model.asked[0].messages[0].content == "You know the stock."
