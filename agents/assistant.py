"""The assistant: answers a person's questions about cases, vendors, contracts, spend and policy from tools, and does what they ask.

It acts as the person who is signed in and as nobody else: its tools are that person's, and each that changes something is shown to
them first and waits for their yes.
"""

from __future__ import annotations

from collections.abc import Sequence

from signoff.agents.asking import Asker
from signoff.agents.loop import Assignment, Outcome, opening, run
from signoff.agents.messages import Message
from signoff.agents.toolbox import Toolbox
from signoff.prompts import load

NAME = "assistant"
REMEMBERED = 40
"""Messages of the conversation that go along, at most."""


async def answer(asker: Asker, who: str, today: str, history: Sequence[Message], toolbox: Toolbox, first_tool_call: int) -> Outcome[str]:
    """The answer to the last message of `history`, in prose. Raises `ModelFailed`."""
    prompt = load(NAME)
    messages = (*opening(prompt, person=who, today=today), *recent(history))
    task = Assignment(NAME, prompt, messages, str, toolbox, max_steps=12, max_tokens=2000, first_tool_call=first_tool_call)
    return await run(asker, task)


def recent(history: Sequence[Message]) -> Sequence[Message]:
    """The end of a conversation, from a question of the person on: endpoints refuse the answer of a tool without its request."""
    start = max(0, len(history) - REMEMBERED)
    asked = (i for i in range(start, len(history)) if history[i].role == "user")
    return history[next(asked, start) :]
