"""`make bench`: questions to a model that answers after a second, 200 in flight, beside a bare loop of `openai` in the same run.

Prints figures, fails on nothing. Usage: python tests/bench_agents.py [IN_FLIGHT [CALLS_EACH]]
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import multiprocessing
import os
import platform
import resource
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from statistics import median
from typing import Any

import openai
from llm_server import LlmServer
from pydantic import SecretStr

from signoff.agents.asking import Asker
from signoff.agents.budget import Budgets
from signoff.agents.client.endpoint import Endpoint
from signoff.agents.ledger import ModelCall, ToolCall
from signoff.agents.messages import Message, Question, Schema, Spent
from signoff.agents.model import OpenAIModel
from signoff.domain.policy import Spending

LATENCY, ROUNDS = 1.0, 3
PLENTY = Spending(calls=10**6, tokens=10**9, cost="1000000", seconds=10**6)
LINE = {"item": "LH-6204", "quantity": "12", "unit_price": "4.20"}
VALUE = {"order_number": "4500018001", "lines": [LINE] * 5}
LINE_SCHEMA = {
    "type": "object", "properties": {name: {"type": "string"} for name in LINE}, "required": [*LINE], "additionalProperties": False,
}  # fmt: skip
SCHEMA = {
    "type": "object", "properties": {"order_number": {"type": "string"}, "lines": {"type": "array", "items": LINE_SCHEMA}},
    "required": ["order_number", "lines"], "additionalProperties": False,
}  # fmt: skip
SYSTEM = "You read purchase orders. " * 60
PAGE = "12 pieces of LH-6204 at 4.20 each, delivered to the main store. " * 40


@dataclass
class Record:
    """A ledger in memory: what the store costs is measured by `tests/bench.py`."""

    calls: list[ModelCall] = field(default_factory=list)

    def recall(self, question: Question) -> ModelCall | None:
        return next((c for c in self.calls if c.question.input_hash == question.input_hash), None)

    def record(self, call: ModelCall) -> None:
        self.calls.append(call)

    def recall_tool(self, agent: str, turn: int, name: str, arguments: str) -> ToolCall | None:
        return None

    def record_tool(self, call: ToolCall) -> None: ...

    def spent(self) -> Spent:
        return Spent(calls=len(self.calls))


def serve(ready: Connection) -> None:
    with LlmServer(lambda asked: VALUE, latency=LATENCY) as server:
        ready.send(server.url)
        ready.recv()


@contextmanager
def served() -> Iterator[str]:
    """The address of a server in a process of its own."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=serve, args=(there,))
    process.start()
    try:
        yield here.recv()
    finally:
        here.send("enough")
        process.join()


def question(worker: int, n: int) -> Question:
    words = Message(role="system", content=SYSTEM), Message(role="user", content=f"Order {worker}-{n}. {PAGE}")
    return Question(agent="bench", prompt_name="bench", prompt_hash="0", messages=words, answer=Schema(name="order", body=SCHEMA))


async def ours(url: str, in_flight: int, each: int, apart: float = 0.0) -> None:
    model = OpenAIModel(Endpoint(model="bench", key=SecretStr("sk-bench"), base_url=url, concurrency=in_flight))
    budget = Budgets(PLENTY, PLENTY, model.price)

    async def case(worker: int) -> None:
        await asyncio.sleep(worker * apart)
        asker = Asker(model, Record(), budget, lambda: dt.datetime.now(dt.UTC))
        for n in range(each):
            assert (await asker.ask(question(worker, n))).value == VALUE

    await asyncio.gather(*map(case, range(in_flight)))
    await model.close()


async def bare(url: str, in_flight: int, each: int, apart: float = 0.0) -> None:
    """What anyone would write: no checks, no records."""
    limits = {"max_connections": in_flight, "max_keepalive_connections": in_flight}
    client = openai.AsyncOpenAI(
        api_key="sk-bench", base_url=url, max_retries=0, http_client=openai.DefaultAsyncHttpxClient(limits=openai_limits(**limits))
    )
    wanted: Any = {"type": "json_schema", "json_schema": {"name": "order", "schema": SCHEMA, "strict": True}}

    async def case(worker: int) -> None:
        await asyncio.sleep(worker * apart)
        for n in range(each):
            messages: Any = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": f"Order {worker}-{n}. {PAGE}"}]
            said = await client.chat.completions.create(model="bench", messages=messages, response_format=wanted, max_tokens=4000)
            assert json.loads(said.choices[0].message.content or "") == VALUE

    await asyncio.gather(*map(case, range(in_flight)))
    await client.close()


def openai_limits(**limits: int) -> Any:
    import httpx2

    return httpx2.Limits(**limits)


Work = Callable[[str, int, int, float], Coroutine[None, None, None]]


def timed(work: Work, url: str, in_flight: int, each: int, apart: float) -> tuple[float, float]:
    """Calls a second as a share of the ideal, and the CPU of this process in ms a call."""
    wall, cpu, calls = time.perf_counter(), time.process_time(), in_flight * each
    asyncio.run(work(url, in_flight, each, apart))
    ideal = LATENCY * each + (in_flight - 1) * apart
    return ideal / (time.perf_counter() - wall), 1000 * (time.process_time() - cpu) / calls


def main(in_flight: int = 200, each: int = 5) -> None:
    apart = LATENCY / in_flight
    ways = {(name, gap): [] for name in WORK for gap in (apart, 0.0)}  # type: dict[tuple[str, float], list[tuple[float, float]]]
    with served() as url:
        asyncio.run(bare(url, 8, 1))
        for _ in range(ROUNDS):
            for name, gap in ways:
                ways[name, gap].append(timed(WORK[name], url, in_flight, each, gap))
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{ROUNDS} rounds of {in_flight * each} calls, {in_flight} in flight, {LATENCY:.0f} s latency; medians")
    print(f"{'':58} {'of ideal':>9} {'CPU ms a call':>14}")
    for (name, gap), rounds in ways.items():
        start = f"started over {LATENCY:.0f} s" if gap else "started in the same instant"
        share, cpu = (median(r[k] for r in rounds) for k in (0, 1))
        print(f"{name + ', ' + start:58} {share:9.1%} {cpu:14.2f}")
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


WORK: dict[str, Work] = {"bare asyncio + openai": bare, "Asker + OpenAIModel": ours}


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
