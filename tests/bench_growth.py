"""`make bench`: what an order costs while the store grows. The same papers go into stores of 1,000, 10,000 and 100,000 cases, in turns.

Prints figures, fails on nothing. Usage: python tests/bench_growth.py FOLDER [CASES ...]; stores in the folder are used as they are.
"""

from __future__ import annotations

import contextlib
import sqlite3
import statistics
import sys
import tempfile
from pathlib import Path

import bench
import bench_store

ROUNDS, ORDERS = 3, 200


def taken_in(root: Path) -> int:
    """How many cases there are, also of earlier runs, so that no paper comes twice."""
    with contextlib.closing(sqlite3.connect(root / "signoff.db")) as db:
        return int(db.execute("SELECT max(number) FROM cases").fetchone()[0])


def main(folder: Path, sizes: list[int]) -> None:
    roots = {cases: bench_store.made(folder / str(cases), cases) for cases in sizes}
    first = 1_000_000 + max(map(taken_in, roots.values()))
    cpu, wall = {cases: list[float]() for cases in sizes}, {cases: list[float]() for cases in sizes}
    with tempfile.TemporaryDirectory() as scratch:
        for n in range(ROUNDS):
            papers = Path(scratch, str(n))
            papers.mkdir()
            bench.orders(papers, ORDERS, first + n * ORDERS)
            for cases, root in roots.items():
                took, used, ended = bench.timed(lambda root=root, papers=papers: bench.full(root, papers))
                wall[cases].append(1000 * took / ORDERS)
                cpu[cases].append(1000 * used / ORDERS)
    print(f"{ORDERS} orders, {ROUNDS} rounds; the last ended as {ended}")
    least = statistics.median(cpu[sizes[0]])
    for cases in sizes:
        median = statistics.median(cpu[cases])
        told = f"{median:5.1f} ms CPU an order ({median / least:.2f} of the smallest)"
        print(f"{cases:>8,} cases: {told}, {statistics.median(wall[cases]):5.1f} ms wall", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(a) for a in sys.argv[2:]] or [1_000, 10_000, 100_000])
