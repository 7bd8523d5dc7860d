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
from collections.abc import Callable
from pathlib import Path
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
from signoff.graph.nodes import CaseState  # noqa: E402

KINDS_OF_FILE = (("ubl", "xml"), ("x12", "x12"), ("edifact", "edi"))
ROAD = {"read": "verify", "verify": "vendor", "vendor": "contract", "contract": "route", "route": "post", "post": flow.END}
ITEMS = (("LH-6204", "4.20"), ("LH-6306", "9.60"), ("LH-UCP205", "14.90"), ("LH-6204", "4.20"), ("LH-GR400", "6.75"))


def orders(folder: Path, count: int) -> None:
    """Ordinary orders of four or five lines, a third each as UBL, X12 and EDIFACT, by many people over two years."""
    book = Book(load_yaml(HERE / "orders.yaml"))
    with (HERE / "company" / "people.csv").open(encoding="utf-8", newline="") as file:
        requesters = [row["person_id"] for row in csv.DictReader(file) if "requester" in row["roles"] and row["manager"]]
    for n in range(count):
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
    with opened(root) as w:
        result = run_batch(w, folder, 4)
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
    """Wall seconds, CPU seconds, and what the work gave."""
    wall, cpu = time.perf_counter(), time.process_time()
    given = work()
    return time.perf_counter() - wall, time.process_time() - cpu, given


def main(count: int, profile: str | None) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder, root = Path(scratch, "orders"), Path(scratch, "workspace")
        folder.mkdir()
        orders(folder, count)
        workspace(root)
        asyncio.run(bare(20))
        bare_wall, bare_cpu, _ = timed(lambda: asyncio.run(bare(count)))
        profiler = cProfile.Profile()
        if profile:
            profiler.enable()
        wall, cpu, ended = timed(lambda: full(root, folder))
        if profile:
            profiler.dump_stats(profile)
        again, _, _ = timed(lambda: full(root, folder))
        disk = sum(f.stat().st_size for f in root.rglob("*") if f.is_file())
    ms, bare_ms = 1000 / count * wall, 1000 / count * bare_wall
    cpu_ms, bare_cpu_ms = 1000 / count * cpu, 1000 / count * bare_cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{count} structured orders of 4 to 5 lines (UBL, X12, EDIFACT): {ended}")
    print(f"from file to posted  {count / wall:7.1f} orders/s  {ms:6.2f} ms wall  {cpu_ms:6.2f} ms CPU an order")
    print(f"bare graph           {count / bare_wall:7.1f} runs/s    {bare_ms:6.2f} ms wall  {bare_cpu_ms:6.2f} ms CPU a run")
    print(f"ratio                {wall / bare_wall:7.2f} wall      {cpu / bare_cpu:6.2f} CPU")
    print(f"same folder again    {count / again:7.1f} orders/s")
    print(f"on disk {disk / count / 1024:.1f} KB an order; peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 600, sys.argv[2] if len(sys.argv) > 2 else None)
