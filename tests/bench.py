"""`make bench`: structured orders a second from file to posted, beside the same graph run bare. Prints figures, fails on nothing.

Usage: python tests/bench.py [ORDERS]
"""

from __future__ import annotations

import asyncio
import cProfile
import csv
import datetime as dt
import os
import platform
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "examples"))
os.environ.setdefault("SIGNOFF_TODAY", "2026-11-20")

from render import RENDERERS  # noqa: E402
from source import HERE, Book, load_yaml  # noqa: E402

from signoff.app.batch import run_batch  # noqa: E402
from signoff.app.imports import KINDS  # noqa: E402
from signoff.app.workspace import init, opened  # noqa: E402
from signoff.graph import flow  # noqa: E402
from signoff.graph.road import CaseState  # noqa: E402
from signoff.tools.isolation import Readers  # noqa: E402

KINDS_OF_FILE = (("ubl", "xml"), ("x12", "x12"), ("edifact", "edi"))
ROAD = {"read": "verify", "verify": "vendor", "vendor": "contract", "contract": "route", "route": "post", "post": flow.END}
ITEMS = (("LH-6204", "4.20"), ("LH-6306", "9.60"), ("LH-UCP205", "14.90"), ("LH-6204", "4.20"), ("LH-GR400", "6.75"))

ROUNDS, CORES = 5, os.cpu_count() or 1


@dataclass(frozen=True)
class Round:
    """Seconds an order, of ours and of the bare graph."""

    wall: float
    cpu: float
    bare_wall: float
    bare_cpu: float
    ended: str


def orders(folder: Path, count: int, first: int = 0) -> None:
    """Ordinary orders of four or five lines, a third each as UBL, X12 and EDIFACT, by many people over two years."""
    book = Book(load_yaml(HERE / "orders.yaml"))
    with (HERE / "company" / "people.csv").open(encoding="utf-8", newline="") as file:
        requesters = [row["person_id"] for row in csv.DictReader(file) if "requester" in row["roles"] and row["manager"]]
    for n in range(first, first + count):
        kind, suffix = KINDS_OF_FILE[n % 3]
        quantities = (1 + n % 7, 1 + n % 5, 1 + n % 3, 1 + n % 11, 12 if n % 8 == 0 else 0)
        lines = [
            {"line_number": str(i), "supplier_item_id": item, "quantity": q, "unit_price": price}
            for i, ((item, price), q) in enumerate(zip(ITEMS, quantities, strict=True), 1)
            if q
        ]
        order = {
            "order_number": f"77{n:08d}", "issue_date": dt.date(2025, 1, 2) + dt.timedelta(days=n % 690), "vendor": "V-1001",
            "contract": "K-2025-011", "requester": requesters[n % len(requesters)], "lines": lines, "expect": {},
        }  # fmt: skip
        paper = book.paper({"file": f"{n:06d}.{suffix}", "render": kind, "about": "", "options": {}, "orders": [order]})
        (folder / paper.file).write_bytes(RENDERERS[kind](paper))


def workspace(root: Path) -> None:
    company = ROOT / "examples" / "company"
    root.mkdir()
    for name in ("policy.yaml", "people.csv", "vendors.csv"):
        shutil.copy(company / name, root / name)
    init(root)
    with opened(root) as w:
        for kind, name in (("people", "people.csv"), ("vendors", "vendors.csv"), ("contracts", "contracts")):
            KINDS[kind][0](w, [company / name])


def full(root: Path, folder: Path) -> str:
    with opened(root) as w, Readers(CORES) as readers:
        result = run_batch(w, folder, readers)
    return ", ".join(f"{n} {state}" for state, n in result.counts.items())


async def bare(count: int) -> None:
    """The same steps, empty, on LangGraph's own in-memory saver."""
    from langgraph.checkpoint.memory import InMemorySaver

    def empty(following: str) -> Callable[[CaseState], Any]:
        async def step(state: CaseState) -> CaseState:
            return {"case": state["case"], "next": following}

        return step

    steps = {name: empty(ROAD.get(name, flow.END)) for name in flow.STEPS}
    graph = flow.build(steps).compile(checkpointer=InMemorySaver())
    for n in range(count):
        await graph.ainvoke({"case": n, "next": "read"}, {"configurable": {"thread_id": str(n)}}, durability="sync")


def timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Wall seconds, CPU seconds of this process and those it started, and what the work gave."""
    wall, cpu = time.perf_counter(), _cpu()
    given = work()
    return time.perf_counter() - wall, _cpu() - cpu, given


def _cpu() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def rounds(scratch: Path, count: int, profiler: cProfile.Profile | None) -> Iterator[Round]:
    """Bare and full by turns, so that a machine that changes its pace does so for both."""
    root = scratch / "workspace"
    workspace(root)
    for n in range(ROUNDS):
        folder = scratch / f"orders{n}"
        folder.mkdir()
        orders(folder, count, n * count)
        bare_wall, bare_cpu, _ = timed(lambda: asyncio.run(bare(count)))
        if profiler:
            profiler.enable()
        wall, cpu, ended = timed(lambda folder=folder: full(root, folder))
        if profiler:
            profiler.disable()
        yield Round(wall / count, cpu / count, bare_wall / count, bare_cpu / count, ended)


def main(count: int, profile: str | None) -> None:
    profiler = cProfile.Profile() if profile else None
    with tempfile.TemporaryDirectory() as scratch:
        asyncio.run(bare(20))
        done = list(rounds(Path(scratch), count, profiler))
        again, _, _ = timed(lambda: full(Path(scratch, "workspace"), Path(scratch, "orders0")))
        disk = sum(f.stat().st_size for f in Path(scratch, "workspace").rglob("*") if f.is_file())
    if profiler:
        profiler.dump_stats(profile)
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{ROUNDS} rounds of {count} structured orders of 4 to 5 lines (UBL, X12, EDIFACT), each: {done[0].ended}")
    print(f"{'':30} {'median':>8} {'best':>8} {'worst':>8}")
    print(_row("from file to posted, orders/s", [1 / r.wall for r in done], best=max))
    print(_row("bare graph, runs/s", [1 / r.bare_wall for r in done], best=max))
    print(_row("wall, ratio to the bare graph", [r.wall / r.bare_wall for r in done], best=min))
    print(_row("CPU, ratio to the bare graph", [r.cpu / r.bare_cpu for r in done], best=min))
    print(_row("CPU ms an order", [1000 * r.cpu for r in done], best=min))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"a folder taken in before: {count / again:.0f} files/s; on disk {disk / count / ROUNDS / 1024:.1f} KB an order; peak {peak:.0f} MB"
    )


def _row(name: str, values: list[float], best: Callable[[list[float]], float]) -> str:
    worst = max if best is min else min
    return f"{name:30} {median(values):8.2f} {best(values):8.2f} {worst(values):8.2f}"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300, sys.argv[2] if len(sys.argv) > 2 else None)
