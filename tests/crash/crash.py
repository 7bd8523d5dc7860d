"""`make crash`: kill -9 at random moments, again and again, while thousands of orders go from file to ERP; then everything is counted.

With SQLite a batch is killed and started again until it gets through. With PostgreSQL two workers share the jobs of a batch; one of them at
a time is killed, or stopped for longer than its lease and continued while the other has taken its job over. Every tenth order is a letter
that a model is asked about, by a server that counts. Whatever does not add up ends the run with exit code 1.

Usage: python tests/crash/crash.py KILLS ORDERS [--postgres] [--seed N]
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import psycopg
from bench_letters import LETTER
from llm_brains import nothing
from llm_server import LlmServer
from postgres_server import database
from signoff_run import SIGNOFF, copied, environment, make_company
from test_kill import write_orders

from signoff.graph.jobs import POISON

FILES, LETTERS = 60, 6
STREAMS, LATENCY = 2, 0.02
LEASE = 2.0
"""Seconds for which a worker here holds a job: short, so that a stopped one loses it."""
ONCE = ("case.received", "order.read", "order.approved", "posting.requested", "posting.done", "order.extracted")
Ends = dict[tuple[str, int], str]


@dataclass
class Tally:
    """What was done, and what the model was asked; more was asked than recorded where a process died while an answer was on its way."""

    kills: int = 0
    stops: int = 0
    aside: int = 0
    workspaces: int = 0
    orders: int = 0
    posted: int = 0
    asked: int = 0
    recorded: int = 0

    def add(self, other: Tally) -> None:
        for name, count in vars(other).items():
            setattr(self, name, getattr(self, name) + count)


@dataclass
class Place:
    """A workspace with its store, and the model that its agents ask."""

    workspace: Path
    model: LlmServer
    server: str | None = None
    begun: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, *args: object) -> subprocess.Popen[str]:
        more = {"SIGNOFF_MODEL": "counted", "OPENAI_BASE_URL": self.model.url} | ({"SIGNOFF_STORE": self.server} if self.server else {})
        process = subprocess.Popen(
            [str(SIGNOFF), *map(str, args)], env=os.environ | environment(self.workspace) | more, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.begun.append(process)
        return process

    def run(self, *args: object, allowed: tuple[int, ...] = (0,)) -> None:
        process = self.start(*args)
        _, err = process.communicate(timeout=600)
        assert process.returncode in allowed, f"signoff {args[0]} ended with {process.returncode}: {err}"

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        if self.server:
            with psycopg.connect(self.server) as connection:
                return connection.execute(query).fetchall()
        with contextlib.closing(sqlite3.connect(self.workspace / "signoff.db", timeout=30)) as connection:
            return connection.execute(query).fetchall()

    def erp(self, query: str) -> list[tuple[Any, ...]]:
        with contextlib.closing(sqlite3.connect(self.workspace / "erp.db", timeout=30)) as connection:
            return connection.execute(query).fetchall()

    def ends(self) -> Ends:
        return {(source, part): state for source, part, state in self.rows("SELECT source, part, state FROM cases")}

    def rest(self) -> None:
        """Nothing of it runs any more, however the run ended."""
        for process in self.begun:
            if process.poll() is None:
                process.kill()  # also one that is stopped
                process.wait()


@dataclass(frozen=True)
class Task:
    """The company before it, its orders, and how they end when nobody disturbs them."""

    company: Path
    orders: Path
    ends: Ends
    seconds: float


def prepared(folder: Path) -> Task:
    company, orders = make_company(folder / "company"), write_orders(folder / "orders", FILES)
    for n in range(LETTERS):
        (orders / f"letter-{n}.txt").write_text(LETTER.format(n=n + 1), encoding="utf-8")
    with LlmServer(nothing, latency=LATENCY) as model:
        calm = Place(copied(company, folder / "calm"), model)
        begun = time.perf_counter()
        calm.run("batch", orders, allowed=(0, 1))
        task = Task(company, orders, calm.ends(), time.perf_counter() - begun)
        whole(task, calm)
    assert {"posted", "needs_review", "failed"} <= set(task.ends.values())
    return task


def set_aside(place: Place, now: bool = False) -> int:
    """Jobs in which so many processes were killed, without getting any further, that they look like what kills them."""
    condition = "status = 'set_aside'" if now else f"error = '{POISON}'"
    return int(place.rows(f"SELECT count(*) FROM jobs WHERE {condition}")[0][0])


def whole(task: Task, place: Place) -> Tally:
    """Nothing lost, nothing doubled, the record whole and every posting approved; how much there was."""
    differ = {key: (end, place.ends().get(key)) for key, end in task.ends.items() if place.ends().get(key) != end}
    assert not differ, f"ended otherwise: {differ}"
    assert len(place.ends()) == len(task.ends)
    posted = place.rows("SELECT number, order_number FROM cases WHERE state = 'posted' ORDER BY number")
    assert place.erp("SELECT CAST(substr(key, 2, 5) AS INTEGER), reference FROM purchase_orders ORDER BY 1") == posted
    assert {status for (status,) in place.erp("SELECT DISTINCT status FROM purchase_orders")} == {"confirmed"}
    assert len({reference for _, reference in posted}) == len(posted)
    assert place.rows("SELECT count(*) FROM events WHERE type = 'order.approved'") == [(len(posted),)]
    assert place.rows("SELECT gate FROM tasks GROUP BY gate, label HAVING count(*) > 1") == []
    for type_ in ONCE:
        assert place.rows(f"SELECT case_number FROM events WHERE type = '{type_}' GROUP BY 1 HAVING count(*) > 1") == [], type_
    left = place.rows("SELECT key, status, owner, attempts, error FROM jobs WHERE status IN ('queued', 'running', 'set_aside')")
    assert not left, left
    place.run("audit", "verify")
    counts = {"orders": len(task.ends), "posted": len(posted), "aside": set_aside(place)}
    return Tally(workspaces=1, **counts, asked=len(place.model.asked), recorded=paid_once(place))


def paid_once(place: Place) -> int:
    """No call that is on record was made again; how many are."""
    assert place.rows("SELECT case_number FROM model_calls GROUP BY case_number, input_hash HAVING count(*) > 1") == []
    (recorded,) = place.rows("SELECT count(*) FROM model_calls")[0]
    times = Counter(json.dumps(asked.body["messages"]) for asked in place.model.asked)
    assert len(times) == recorded, f"{len(times)} questions were asked, {recorded} are on record"
    return int(recorded)


def killed_batches(task: Task, place: Place, moments: random.Random, most: int) -> Tally:
    """The batch, killed again and again within half of its whole duration until it gets through, or was killed often enough."""
    tally = Tally()
    while True:
        process = place.start("batch", task.orders)
        if tally.kills < most:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(moments.uniform(0, task.seconds / 2))
        if tally.kills < most and process.poll() is None:
            process.kill()
            process.communicate()
            tally.kills += 1
            continue
        _, err = process.communicate(timeout=600)
        assert process.returncode == 1, err  # for the files that are cut short
        return tally


def killed_workers(task: Task, place: Place, moments: random.Random, most: int) -> Tally:
    """Two workers on what a batch has queued, killed or stopped in turn until nothing is left to do."""
    place.run("batch", task.orders, "--enqueue", allowed=(0, 1))
    tally, workers = Tally(), [_worker(place), _worker(place)]
    while place.rows("SELECT 1 FROM jobs WHERE status IN ('queued', 'running') LIMIT 1"):
        time.sleep(moments.uniform(0, 1.2))
        which = moments.randrange(2)
        if tally.kills < most and moments.random() < 0.7:
            workers[which].kill()
            workers[which].communicate()
            tally.kills += 1
        elif tally.kills < most:
            workers[which].send_signal(signal.SIGSTOP)
            time.sleep(moments.uniform(0, 2 * LEASE))
            workers[which].send_signal(signal.SIGCONT)
            tally.stops += 1
        workers = [_worker(place) if w.poll() is not None else w for w in workers]
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
        _, err = worker.communicate(timeout=60)
        assert worker.returncode in (0, -signal.SIGTERM), err
    return tally


def _worker(place: Place) -> subprocess.Popen[str]:
    return place.start("worker", "--poll", 0.2, "--lease", LEASE)


Way = Callable[[Task, Place, random.Random, int], Tally]


@contextlib.contextmanager
def _store(postgres: bool) -> Iterator[str | None]:
    if not postgres:
        yield None
        return
    with database() as address:
        yield address


def stream(task: Task, folder: Path, seed: int, wanted: Tally, postgres: bool) -> Tally:
    """One workspace after the other, until there were so many kills and so many orders."""
    moments, tally = random.Random(seed), Tally()
    way: Way = killed_workers if postgres else killed_batches
    for attempt in itertools.count():
        if tally.kills >= wanted.kills and tally.orders >= wanted.orders:
            return tally
        with LlmServer(nothing, latency=LATENCY) as model, _store(postgres) as server:
            place = Place(copied(task.company, folder / f"{seed}-{attempt}"), model, server)
            try:
                if server:
                    place.server = None
                    place.run("migrate", "--to", server)
                    place.server = server
                tally.add(way(task, place, moments, wanted.kills - tally.kills))
                if set_aside(place, now=True):
                    place.run("batch", task.orders, allowed=(1,))
                tally.add(whole(task, place))
            finally:
                place.rest()
    raise AssertionError


def main(kills: int, orders: int, postgres: bool, seed: int) -> None:
    begun, streams = time.perf_counter(), 1 if postgres else STREAMS
    wanted = Tally(kills=-(-kills // streams), orders=-(-orders // streams))
    with TemporaryDirectory(prefix="signoff-crash-") as scratch, ThreadPoolExecutor(streams) as pool:
        task = prepared(Path(scratch))
        seeds = [seed + i for i in range(streams)]
        total = Tally()
        for tally in pool.map(lambda s: stream(task, Path(scratch), s, wanted, postgres), seeds):
            total.add(tally)
    store = "PostgreSQL, two workers" if postgres else "SQLite"
    stopped = f" and {total.stops} stops (SIGSTOP, SIGCONT)" if postgres else ""
    lost = total.asked - total.recorded
    print(
        f"{store}: {total.kills} kill -9{stopped}, {total.orders} orders in {total.workspaces} workspaces, "
        f"{total.aside} jobs set aside and taken up again, {time.perf_counter() - begun:.0f} s\n"
        f"{total.posted} approved, {total.posted} posted; 0 lost, 0 doubled, 0 broken chains; "
        f"{total.recorded} model calls on record, each paid once, {lost} answers lost on their way and asked for again"
    )


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("kills", type=int)
    options.add_argument("orders", type=int)
    options.add_argument("--postgres", action="store_true")
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    main(given.kills, given.orders, given.postgres, given.seed)
