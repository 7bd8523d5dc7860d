"""How much of a conversation goes along."""

from __future__ import annotations

from signoff.agents.assistant import REMEMBERED, recent
from signoff.agents.messages import Message, ToolRequest


def test_a_long_conversation_goes_along_from_a_question_on() -> None:
    turn = [
        Message(role="user", content="what waits?"),
        Message(role="assistant", tool_requests=(ToolRequest(id="1", name="waiting", arguments="{}"),)),
        Message(role="tool", content="[]", tool_request_id="1"),
        Message(role="assistant", content="Nothing."),
    ]
    history = turn * 30 + turn[:1]
    for length in range(1, len(history) + 1):
        known = history[:length]
        told = recent(known)
        assert 0 < len(told) <= REMEMBERED
        assert told[0].role == "user"
        assert told[-1] is known[-1]
