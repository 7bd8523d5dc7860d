"""How a question is put to an endpoint, and what is learnt when it refuses a parameter that it does not know.

The protocol is OpenAI's chat completions. Endpoints keep different parts of it; what one refuses with an HTTP 400 is
remembered for the process, and costs nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from signoff.agents.messages import Message, Question, Schema, ToolSpec

Body = dict[str, Any]
AnswerMode = Literal["json_schema", "json_object", "text"]
NEXT: dict[AnswerMode, AnswerMode] = {"json_schema": "json_object", "json_object": "text"}
STRUCTURED = ("response_format", "json_schema", "json_object", "structured output", "json mode")
TOO_LONG = ("context length", "context window", "context size", "context_length", "too long", "too many tokens", "maximum context")


@dataclass
class Dialect:
    """What an endpoint understands, as far as is known."""

    answer: AnswerMode = "json_schema"
    limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    images: bool = False
    usage_in_stream: bool = True

    def body(self, model: str, question: Question, *, max_tokens: int, complaint: str | None, stream: bool) -> Body:
        """The request. What changes least stands first, and a `complaint` about the answer before stands last."""
        messages = [self._message(m) for m in question.messages]
        body: Body = {"model": model, "messages": messages, self.limit: max_tokens}
        if question.answer is not None:
            if self.answer != "text":
                body["response_format"] = self._format(question.answer)
            if self.answer != "json_schema":
                _instruct(messages, question.answer)
        if question.tools:
            body["tools"] = [_tool(tool) for tool in question.tools]
        if complaint is not None:
            _complain(messages, complaint)
        if stream:
            body |= {"stream": True} | ({"stream_options": {"include_usage": True}} if self.usage_in_stream else {})
        return body

    def learn(self, refused: Body, said: str, *, guess: bool) -> bool:
        """Whether the request may be put otherwise after an endpoint refused it and said why; `guess` where it gave no reason."""
        said = said.casefold()
        if "max_completion_tokens" in said and "max_tokens" in refused:
            self.limit = "max_completion_tokens"
        elif "stream_options" in said and "stream_options" in refused:
            self.usage_in_stream = False
        elif "image" in said and self._shown(refused):
            self.images = False
        elif "response_format" in refused and (any(word in said for word in STRUCTURED) or (guess and _says_nothing(said))):
            self._step(refused["response_format"]["type"])
        else:
            return False
        return True

    def _step(self, mode: AnswerMode) -> None:
        """To the next way of asking for JSON, unless another call found it out before."""
        if self.answer == mode:
            self.answer = NEXT[mode]

    def _shown(self, body: Body) -> bool:
        return any(isinstance(message.get("content"), list) for message in body["messages"])

    def _format(self, schema: Schema) -> Body:
        if self.answer == "json_object":
            return {"type": "json_object"}
        return {"type": "json_schema", "json_schema": {"name": schema.name, "schema": schema.body, "strict": True}}

    def _message(self, message: Message) -> Body:
        said: Body = {"role": message.role, "content": message.content}
        if message.images and self.images:
            pictures = ({"type": "image_url", "image_url": {"url": f"data:{i.media_type};base64,{i.data}"}} for i in message.images)
            said["content"] = [{"type": "text", "text": message.content}, *pictures]
        if message.tool_requests:
            calls = ((r.id, {"name": r.name, "arguments": r.arguments}) for r in message.tool_requests)
            said["tool_calls"] = [{"id": id_, "type": "function", "function": function} for id_, function in calls]
        if message.tool_request_id is not None:
            said["tool_call_id"] = message.tool_request_id
        return said


def too_long(said: str) -> bool:
    """Whether a refusal says that the question does not fit into the model."""
    return any(words in said.casefold() for words in TOO_LONG)


def _says_nothing(said: str) -> bool:
    """A refusal without a reason, as gateways give it. What is wanted most is then the first suspect."""
    return said.strip(" .\n") in ("", "bad request", "invalid request", "unprocessable entity")


def _tool(tool: ToolSpec) -> Body:
    return {"type": "function", "function": {"name": tool.name, "description": tool.description, "parameters": tool.parameters}}


def _instruct(messages: list[Body], schema: Schema) -> None:
    """The schema in words, behind what the system message says: it never changes, so it can be cached."""
    words = f"Answer with one JSON object and nothing else. It must fit this JSON Schema:\n{json.dumps(schema.body, ensure_ascii=False)}"
    if messages and messages[0]["role"] == "system":
        messages[0]["content"] += f"\n\n{words}"
    else:
        messages.insert(0, {"role": "system", "content": words})


def _complain(messages: list[Body], complaint: str) -> None:
    """What was wrong, in the last message where that is a person's: some chat templates want turns to alternate."""
    words = f"Your last answer was of no use: {complaint} Answer again."
    last = messages[-1]
    if last["role"] != "user":
        messages.append({"role": "user", "content": words})
    elif isinstance(last["content"], list):
        last["content"].append({"type": "text", "text": words})
    else:
        last["content"] += f"\n\n{words}"
