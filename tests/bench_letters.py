"""`make bench`: whole orders that need a model, 200 in flight: what a second of the model's latency costs a batch.

Letters that no rule reads are taken in by one process, once by a model that answers at once and once by one that takes a second.
The ideal is what the first run took, and the second's calls in a row for the last order. Prints figures, fails on nothing.
Usage: python tests/bench_letters.py [ORDERS [IN_FLIGHT]]
"""

from __future__ import annotations

import os
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench_calls import PER_CASE
from llm_brains import nothing
from llm_server import LlmServer
from signoff_run import make_company, rows, started

LATENCY = 1.0
LETTER = """Purchase Order 45{n:06d}

Dear colleagues at Lindqvist Lager AB,

please send us the usual bearings again, {n} boxes this time, and a few of the seals that came with the last lot, at what we paid
before. The store can take them in the week after next.

With kind regards
Nordmark Pumpen GmbH, the workshop
"""


@dataclass(frozen=True)
class Batch:
    """Wall time and CPU in seconds of one batch, and the calls of one order at most."""

    wall: float
    cpu: float
    calls: int
    in_a_row: int


def children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def taken(folder: Path, scratch: Path, latency: float, in_flight: int) -> Batch:
    with LlmServer(nothing, latency=latency) as server:
        workspace = make_company(scratch)
        os.environ |= {"OPENAI_BASE_URL": server.url, "SIGNOFF_MODEL": "bench"}
        wall, cpu = time.perf_counter(), children()
        process = started("batch", folder, "--out", workspace / "records.jsonl", "--concurrency", in_flight, workspace=workspace)
        process.communicate()
        wall, cpu = time.perf_counter() - wall, children() - cpu
        calls = [int(str(n)) for (n,) in rows(workspace / "signoff.db", PER_CASE)]
    return Batch(wall, cpu, sum(calls), max(calls))


def main(orders: int = 200, in_flight: int = 200) -> None:
    with TemporaryDirectory() as scratch:
        folder = Path(scratch) / "letters"
        folder.mkdir()
        for n in range(1, orders + 1):
            (folder / f"{n:06d}.txt").write_text(LETTER.format(n=n), encoding="utf-8")
        at_once, late = (taken(folder, Path(scratch) / f"company-{latency}", latency, in_flight) for latency in (0.0, LATENCY))
    ideal = at_once.wall + LATENCY * late.in_a_row
    print(f"{orders} letters, {in_flight} in flight, {late.calls} calls, at most {late.in_a_row} in a row")
    print(f"{'':28}{'orders/s':>9}{'s':>8}{'CPU ms an order':>17}")
    for name, batch in (("model answers at once", at_once), (f"model takes {LATENCY:.0f} s", late)):
        print(f"{name:28}{orders / batch.wall:9.1f}{batch.wall:8.1f}{1000 * batch.cpu / orders:17.0f}")
    print(f"{ideal / late.wall:.1%} of the ideal of {orders / ideal:.1f} orders a second")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
