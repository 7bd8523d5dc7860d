"""The agents' loop: ask, let tools be used, tell what they said, until there is an answer that holds.

Every way out is an answer that fits its type or `ModelFailed`. Tools that an earlier run used are not run again.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from pydantic import BaseModel, ValidationError

from signoff.agents.asking import Asker
from signoff.agents.ledger import ToolCall
from signoff.agents.messages import Message, ModelFailed, Question, Reply, ToolRequest
from signoff.agents.tool_use import Way, way
from signoff.agents.toolbox import Toolbox, wrong
from signoff.prompts import Prompt

MOST_ERRORS, MOST_REPEATS, MOST_TOOL_CALLS = 4, 2, 40
TOOL_CALLS_OF_A_RUN = MOST_TOOL_CALLS + 1
"""Numbers that a run may use up: the call that is one too many is made and told, and ends the run."""

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Assignment(Generic[Answer]):
    """What an agent is to do. `answer` is a pydantic model, or `str` where it answers in prose.

    `first_tool_call` numbers the tool calls where an agent has several assignments in one case or conversation: each goes on
    where the one before ended (`Outcome.next_tool_call`), or where it must have ended (`TOOL_CALLS_OF_A_RUN`).
    """

    agent: str
    prompt: Prompt
    messages: tuple[Message, ...]
    answer: type[Answer]
    toolbox: Toolbox = Toolbox()  # noqa: RUF009 - holds nothing, so it may be shared
    max_steps: int = 8
    max_tokens: int = 4000
    first_tool_call: int = 0


@dataclass(frozen=True)
class Outcome(Generic[Answer]):
    """What came of it, and everything that was said on the way after the assignment's messages."""

    answer: Answer
    said: tuple[Message, ...]
    next_tool_call: int


def opening(prompt: Prompt, **values: str) -> tuple[Message, ...]:
    """The messages of a prompt with its variables' values."""
    system, user = prompt.render(**values).values()
    return Message(role="system", content=system), Message(role="user", content=user)


async def run(asker: Asker, task: Assignment[Answer]) -> Outcome[Answer]:
    """Ask until there is an answer. Raises `ModelFailed`; when the model goes round in circles its kind is `invalid`."""
    how = way(task.toolbox.tools, task.answer, asker.model.keeps_tools)
    talk = how.opening(task.messages)
    start, errors, used = len(talk), 0, Counter[tuple[str, str]]()
    for _ in range(task.max_steps):
        reply = await asker.ask(_question(task, how, talk))
        talk.append(Message(role="assistant", content=reply.text, tool_requests=reply.tool_requests))
        requests = how.requests(reply)
        if not requests:
            try:
                return Outcome(_answer(task.answer, how, reply), tuple(talk[start:]), task.first_tool_call + used.total())
            except ValidationError as error:
                talk.append(Message(role="user", content=f"That does not fit: {wrong(error)} Answer again."))
                errors += 1
        for request in requests:
            call = await _call(asker, task, request, task.first_tool_call + used.total())
            talk.append(how.result(request, call.result))
            used[request.name, "".join(request.arguments.split())] += 1
            errors += call.outcome != "ok"
            _not_in_circles(errors, used)
    raise ModelFailed("invalid", f"The {task.agent} agent came to no answer within {task.max_steps} steps.")


def _question(task: Assignment[Any], how: Way, talk: list[Message]) -> Question:
    return Question(
        agent=task.agent, prompt_name=task.prompt.name, prompt_hash=task.prompt.hash, messages=tuple(talk), answer=how.schema,
        tools=how.tools, max_tokens=task.max_tokens,
    )  # fmt: skip


def _answer(wanted: type[Answer], how: Way, reply: Reply) -> Answer:
    """The answer as its type; raises `ValidationError` where it breaks a promise that no schema can state."""
    value = how.answer_in(reply)
    return cast(Answer, wanted.model_validate(value) if issubclass(wanted, BaseModel) else value)


async def _call(asker: Asker, task: Assignment[Any], request: ToolRequest, number: int) -> ToolCall:
    """One use of a tool, from the record where it was made before."""
    if known := asker.ledger.recall_tool(task.agent, number, request.name, request.arguments):
        return known
    at = asker.clock().isoformat()
    result = await task.toolbox.use(request.name, request.arguments)
    call = ToolCall(
        agent=task.agent, turn=number, name=request.name, arguments=request.arguments, outcome=result.outcome, result=result.text, at=at,
    )  # fmt: skip
    asker.ledger.record_tool(call)
    return call


def _not_in_circles(errors: int, used: Counter[tuple[str, str]]) -> None:
    (name, _), most = used.most_common(1)[0]
    if most > MOST_REPEATS:
        raise ModelFailed("invalid", f"The model used {name} with the same arguments {most} times.")
    if errors > MOST_ERRORS or used.total() > MOST_TOOL_CALLS:
        raise ModelFailed("invalid", f"The model used tools {used.total()} times, {errors} times in vain, and came to no answer.")
