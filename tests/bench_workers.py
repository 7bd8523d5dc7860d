"""`make bench`: orders a second from file to posted, by one process and by several on one store, beside LangGraph alone.

Each process takes in a part of the papers. Beside it, in the same run: as many processes with the same graph, empty, on the same kind of
saver. Prints figures, fails on nothing. Usage: python tests/bench_workers.py [ORDERS]
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import bench
import psycopg
from postgres_server import database
from signoff_run import SIGNOFF, environment

from signoff.graph import flow
from signoff.graph.checkpoints import open_checkpoints
from signoff.graph.road import CaseState

WAYS = (("SQLite", 1), ("SQLite", 2), ("PostgreSQL", 1), ("PostgreSQL", 2), ("PostgreSQL", 4))


@contextlib.contextmanager
def server(kind: str) -> Iterator[str | None]:
    if kind == "SQLite":
        yield None
        return
    with database() as address:
        yield address


def together(commands: list[list[str]], more: dict[str, str]) -> None:
    running = [subprocess.Popen(c, env=os.environ | more, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for c in commands]
    for process in running:
        _, err = process.communicate()
        if process.returncode:
            print(err)


def size(root: Path, address: str | None) -> int:
    """Bytes in the store, the checkpoints and the built-in ERP."""
    files = sum(path.stat().st_size for path in root.glob("*.db*"))
    if address is None:
        return files
    with psycopg.connect(address) as connection:
        return files + int((connection.execute("SELECT pg_database_size(current_database())").fetchone() or (0,))[0])


async def bare(place: Path | str, first: int, count: int) -> None:
    """The same steps, empty, on the same saver."""

    def empty(following: str) -> Callable[[CaseState], Any]:
        async def step(state: CaseState) -> CaseState:
            return {"case": state["case"], "next": following}

        return step

    steps = {name: empty(bench.ROAD.get(name, flow.END)) for name in flow.STEPS}
    graph = flow.build(steps).compile(checkpointer=open_checkpoints(place))
    for n in range(first, first + count):
        await graph.ainvoke({"case": n, "next": "read"}, {"configurable": {"thread_id": str(n)}}, durability="sync")


def measured(kind: str, processes: int, papers: list[Path], scratch: Path, count: int) -> str:
    with server(kind) as address, server(kind) as other:
        root = scratch / f"{kind}-{processes}"
        more = {"SIGNOFF_STORE": address} if address else {}
        with contextlib.ExitStack() as stack:
            for name, value in more.items():
                os.environ[name] = value
                stack.callback(os.environ.pop, name)
            bench.workspace(root)
        before = size(root, address)
        batches = [[str(SIGNOFF), "batch", str(folder), "--concurrency", "1"] for folder in papers[:processes]]
        wall, cpu, _ = bench.timed(lambda: together(batches, environment(root) | more))
        grown = (size(root, address) - before) / count
        place, part = other or str(scratch / f"bare-{processes}.db"), count // processes
        alone = [[sys.executable, __file__, "--bare", place, str(i * part), str(part)] for i in range(processes)]
        bare_wall, bare_cpu, _ = bench.timed(lambda: together(alone, {}))
    return (
        f"{kind + ' ' + str(processes):14} {count / wall:6.1f} orders/s {1000 * cpu / count:6.1f} ms CPU {grown / 1000:6.1f} KB an order"
        f"   | LangGraph alone {count / bare_wall:7.1f}/s {1000 * bare_cpu / count:5.1f} ms CPU"
    )


def main(count: int) -> None:
    print("client's CPU only for PostgreSQL; start-up of each process included")
    with tempfile.TemporaryDirectory(prefix="signoff-bench-") as scratch:
        for kind, processes in WAYS:
            papers = [Path(scratch, f"{kind}-{processes}-papers-{i}") for i in range(processes)]
            for i, folder in enumerate(papers):
                folder.mkdir()
                bench.orders(folder, count // processes, i * (count // processes))
            print(measured(kind, processes, papers, Path(scratch), count), flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--bare"]:
        where = sys.argv[2]
        asyncio.run(bare(where if where.startswith("postgresql") else Path(where), int(sys.argv[3]), int(sys.argv[4])))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1200)
