"""Spans under the names of OpenTelemetry's conventions for generative AI; nothing is sent unless the app sets an exporter up.

A call's span is made from its record when it has ended, so that trace and record cannot disagree. What was said goes into
a span only when that is asked for (`content`).

Source: github.com/open-telemetry/semantic-conventions-genai, v0.1.0.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, format_span_id, format_trace_id

from signoff.agents.ledger import ModelCall, ToolCall
from signoff.agents.messages import Question, Reply
from signoff.graph.store.rows import Job

SECOND = 1_000_000_000
_tracer = trace.get_tracer("signoff")


@contextmanager
def job(job: Job) -> Iterator[None]:
    """A job, whichever worker does it: what everything else of it lies in."""
    about: dict[str, str | int] = {
        "signoff.job.id": job.job_id,
        "signoff.job.kind": job.kind,
        "signoff.job.attempts": job.attempts,
        "signoff.worker": job.owner,
    }
    with _tracer.start_as_current_span(f"job {job.kind}", kind=SpanKind.CONSUMER, attributes=about):
        yield


@contextmanager
def erp(action: str, system: str, key: str) -> Iterator[None]:
    """A posting, as often as it is tried."""
    about = {"signoff.erp.system": system, "signoff.erp.action": action, "signoff.posting.key": key}
    with _tracer.start_as_current_span(f"erp {action}", kind=SpanKind.CLIENT, attributes=about):
        yield


@contextmanager
def workflow(case: str) -> Iterator[None]:
    """A job of a case, from its start to where it ends or waits."""
    with _within("invoke_workflow", "signoff", {"gen_ai.agent.name": "signoff", "gen_ai.conversation.id": case}):
        yield


@contextmanager
def agent(name: str, case: str) -> Iterator[None]:
    """An agent at work; its calls become the span's children."""
    with _within("invoke_agent", name, {"gen_ai.agent.name": name, "gen_ai.conversation.id": case}):
        yield


@contextmanager
def _within(operation: str, name: str, attributes: dict[str, str]) -> Iterator[None]:
    with _tracer.start_as_current_span(f"{operation} {name}", attributes={"gen_ai.operation.name": operation, **attributes}):
        yield


def chat(call: ModelCall, conversation: str, content: bool) -> ModelCall:
    """The span of a model call that has just ended; returns the call with its trace and span ids, where a trace is being made."""
    took = dt.timedelta(milliseconds=call.reply.latency_ms if call.reply else 0)
    about = _asked(call, conversation) | (_answered(call.reply) if call.reply else {})
    if content:
        about |= _content(call.question, call.reply)
    span = _ended(f"chat {call.requested_model}", SpanKind.CLIENT, took, about, call.failure)
    ids = span.get_span_context()
    if not ids.is_valid:
        return call
    return call.model_copy(update={"trace_id": format_trace_id(ids.trace_id), "span_id": format_span_id(ids.span_id)})


def tool(call: ToolCall, conversation: str, took: dt.timedelta, content: bool) -> None:
    """The span of a use of a tool that has just ended."""
    about = {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": call.name,
        "gen_ai.agent.name": call.agent,
        "gen_ai.conversation.id": conversation,
    }
    if content:
        about |= {"gen_ai.tool.call.arguments": call.arguments, "gen_ai.tool.call.result": call.result}
    _ended(f"execute_tool {call.name}", SpanKind.INTERNAL, took, about, None if call.outcome == "ok" else call.outcome)


def _ended(name: str, kind: SpanKind, took: dt.timedelta, about: Mapping[str, Any], failure: str | None) -> Span:
    """A span that ends now and began as long ago as it took."""
    now = time.time_ns()
    known = {key: value for key, value in about.items() if value is not None}
    span = _tracer.start_span(name, kind=kind, attributes=known, start_time=now - int(took.total_seconds() * SECOND))
    if failure is not None:
        span.set_attribute("error.type", failure)
        span.set_status(Status(StatusCode.ERROR))
    span.end(end_time=now)
    return span


def _asked(call: ModelCall, conversation: str) -> dict[str, Any]:
    question = call.question
    return {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": call.provider,
        "gen_ai.request.model": call.requested_model,
        "gen_ai.request.max_tokens": question.max_tokens,
        "gen_ai.output.type": "json" if question.answer else "text",
        "gen_ai.prompt.name": question.prompt_name,
        "gen_ai.prompt.version": question.prompt_hash,
        "gen_ai.agent.name": question.agent,
        "gen_ai.conversation.id": conversation,
    }


def _answered(reply: Reply) -> dict[str, Any]:
    usage = reply.usage
    return {
        "gen_ai.response.model": reply.model,
        "gen_ai.response.id": reply.response_id,
        "gen_ai.response.finish_reasons": [reply.finish_reason],
        "gen_ai.usage.input_tokens": usage.input_tokens,
        "gen_ai.usage.output_tokens": usage.output_tokens,
        "gen_ai.usage.cache_read.input_tokens": usage.cache_read_input_tokens,
        "gen_ai.usage.reasoning.output_tokens": usage.reasoning_output_tokens,
        "signoff.attempts": reply.attempts,
        "signoff.cost": None if reply.cost is None else str(reply.cost),
    }


def _content(question: Question, reply: Reply | None) -> dict[str, str]:
    system = [m.content for m in question.messages if m.role == "system"]
    said = [_turn(m.role, m.content) for m in question.messages if m.role != "system"]
    answer = [_turn("assistant", reply.text) | {"finish_reason": reply.finish_reason}] if reply else []
    texts = [{"type": "text", "content": text} for text in system]
    named = (("gen_ai.system_instructions", texts), ("gen_ai.input.messages", said), ("gen_ai.output.messages", answer))
    return {name: json.dumps(value, ensure_ascii=False) for name, value in named}


def _turn(role: str, text: str) -> dict[str, Any]:
    return {"role": role, "parts": [{"type": "text", "content": text}]}
