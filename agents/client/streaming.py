"""A stream of server-sent events -> the pieces of an answer, and at last the chat completion that they make up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from signoff.agents.client.answers import envelope
from signoff.agents.client.trouble import Heard, lost


async def events(chunks: AsyncIterator[bytes], host: str) -> AsyncIterator[dict[str, Any]]:
    """The JSON objects behind `data:`, a line each. Lines end at a line feed alone: JSON may hold other separators."""
    parts: list[bytes] = []
    async for chunk in chunks:
        parts.append(chunk)
        if b"\n" not in chunk:
            continue
        *lines, rest = b"".join(parts).split(b"\n")
        parts = [rest]
        for line in lines:
            data = line.removeprefix(b"data:").strip()
            if line.startswith(b"data:") and data != b"[DONE]":
                yield envelope(data, host)


class Assembly:
    """Collects deltas. A stream that breaks off leaves `finish_reason` empty, which no accepted answer has."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._head: dict[str, Any] = {}
        self._text: list[str] = []
        self._refusal: list[str] = []
        self._calls: dict[int, dict[str, Any]] = {}
        self._finish: Any = None

    def add(self, event: dict[str, Any]) -> str:
        """Take an event in; the text it brings."""
        self._head |= {name: event[name] for name in ("id", "model", "usage") if event.get(name)}
        if event.get("error"):
            raise lost(f"{self._host} broke the answer off with an error.", Heard())
        try:
            return "".join(self._delta(choice) for choice in event.get("choices") or ())
        except (AttributeError, KeyError, TypeError):
            raise lost(f"{self._host} sent an event that is none of the protocol's.", Heard()) from None

    def _delta(self, choice: dict[str, Any]) -> str:
        if choice.get("index", 0) != 0:
            raise lost(f"{self._host} answered twice.", Heard())
        delta = choice.get("delta") or {}
        self._finish = choice.get("finish_reason") or self._finish
        self._refusal.append(delta.get("refusal") or "")
        for call in delta.get("tool_calls") or ():
            self._call(call)
        text: str = delta.get("content") or ""
        self._text.append(text)
        return text

    def _call(self, call: dict[str, Any]) -> None:
        made = self._calls.setdefault(call["index"], {"id": "", "function": {"name": "", "arguments": ""}})
        made["id"] = call.get("id") or made["id"]
        for name, piece in (call.get("function") or {}).items():
            made["function"][name] = made["function"].get(name, "") + (piece or "")

    def payload(self) -> dict[str, Any]:
        """The chat completion."""
        message = {"content": "".join(self._text), "refusal": "".join(self._refusal), "tool_calls": list(self._calls.values())}
        return {**self._head, "choices": [{"message": message, "finish_reason": self._finish}]}
