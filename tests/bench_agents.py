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

    calls: dict[str, ModelCall] = field(default_factory=dict)

    def recall(self, question: Question) -> ModelCall | None:
        return self.calls.get(question.input_hash)

    def record(self, call: ModelCall) -> None:
        self.calls[call.question.input_hash] = call

    def recall_tool(self, agent: str, turn: int, name: str, arguments: str) -> ToolCall | None:
        return None

    def record_tool(self, call: ToolCall) -> None: ...

    def spent(self) -> Spent:
        return Spent(calls=len(self.calls))


def serve(asked: Connection) -> None:
    with LlmServer(lambda asked: VALUE, latency=LATENCY) as server:
        asked.send(server.url)
        while asked.recv() == "CPU":
            asked.send(time.process_time())


@dataclass(frozen=True)
class Served:
    """A server in a process of its own."""

    url: str
    pipe: Connection

    def seconds(self) -> float:
        """Of CPU that it took so far."""
        self.pipe.send("CPU")
        return float(self.pipe.recv())


@contextmanager
def served() -> Iterator[Served]:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=serve, args=(there,))
    process.start()
    try:
        yield Served(here.recv(), here)
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


@dataclass(frozen=True)
class Round:
    """Calls a second, that as a share of the ideal, the CPU of this process in ms a call, and how loaded the machine was."""

    rate: float
    share: float
    cpu: float
    load: float


def timed(work: Work, url: str, in_flight: int, each: int, apart: float) -> Round:
    wall, cpu, calls = time.perf_counter(), time.process_time(), in_flight * each
    asyncio.run(work(url, in_flight, each, apart))
    took, ideal = time.perf_counter() - wall, LATENCY * each + (in_flight - 1) * apart
    return Round(calls / took, ideal / took, 1000 * (time.process_time() - cpu) / calls, os.getloadavg()[0])


def main(in_flight: int = 200, each: int = 5) -> None:
    apart = LATENCY / in_flight
    ways = {(name, gap): [] for gap in (apart, 0.0) for name in WORK}  # type: dict[tuple[str, float], list[Round]]
    with served() as server:
        asyncio.run(bare(server.url, 8, 1))
        before = server.seconds()
        for _ in range(ROUNDS):
            for name, gap in ways:
                ways[name, gap].append(timed(WORK[name], server.url, in_flight, each, gap))
        of_server = 1000 * (server.seconds() - before) / (ROUNDS * len(ways) * in_flight * each)
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores")
    print(f"{ROUNDS} rounds of {in_flight * each} calls each way, {in_flight} in flight, {LATENCY:.0f} s latency; best round, and median")
    for gap in (apart, 0.0):
        ideal = in_flight * each / (LATENCY * each + (in_flight - 1) * gap)
        print(f"\nstarted {f'over {LATENCY:.0f} s' if gap else 'in the same instant'}; ideal {ideal:.1f} calls a second")
        print(f"{'':24}{'calls/s':>9}{'of ideal':>10}{'median':>9}{'CPU ms a call':>15}{'load':>7}")
        for name in WORK:
            told(name, ways[name, gap])
    print(f"\nown overhead {overhead(ways):.2f} ms of CPU a call; the server took {of_server:.2f} ms of its own")
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def told(name: str, rounds: list[Round]) -> None:
    best, middle = max(rounds, key=lambda r: r.share), median(r.share for r in rounds)
    print(f"{name:24}{best.rate:9.1f}{best.share:10.1%}{middle:9.1%}{best.cpu:15.2f}{best.load:7.1f}")


def overhead(ways: dict[tuple[str, float], list[Round]]) -> float:
    """What a call of ours takes beyond a bare one, in ms of CPU: the least over all rounds, beside the least."""
    of_bare, of_ours = (min(r.cpu for (way, _), rounds in ways.items() if way == name for r in rounds) for name in WORK)
    return of_ours - of_bare


WORK: dict[str, Work] = {"bare asyncio + openai": bare, "Asker + OpenAIModel": ours}


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
