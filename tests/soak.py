"""A worker at work for a long time: does it grow? Orders come in in portions; its memory is looked at every ten seconds.

Usage: python tests/soak.py [MINUTES [ORDERS A PORTION]]      Prints figures, fails on nothing.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import bench
from signoff_run import SIGNOFF, done, environment, rows

EVERY = 10.0
SETTLED = 0.2
"""The share of the time after which a worker has loaded and cached what it needs."""


def memory(pid: int) -> float:
    """Resident memory in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main(minutes: float, portion: int) -> None:
    with tempfile.TemporaryDirectory(prefix="signoff-soak-") as scratch:
        root, papers = Path(scratch, "workspace"), Path(scratch, "papers")
        bench.workspace(root)
        worker = subprocess.Popen(
            [str(SIGNOFF), "worker", "--poll", "0.5"], env=os.environ | environment(root), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        seen, begun, count = list[tuple[float, float]](), time.monotonic(), 0
        while (now := time.monotonic() - begun) < minutes * 60:
            papers.mkdir(exist_ok=True)
            bench.orders(papers, portion, count)
            done("batch", papers, "--enqueue", workspace=root)
            for paper in papers.iterdir():
                paper.unlink()
            count += portion
            seen.append((now, memory(worker.pid)))
            time.sleep(max(0.0, EVERY - (time.monotonic() - begun - now)))
        while rows(root / "signoff.db", "SELECT 1 FROM jobs WHERE status IN ('queued', 'running')"):
            time.sleep(0.5)
        states = rows(root / "signoff.db", "SELECT state, count(*) FROM cases GROUP BY 1")
        worker.send_signal(signal.SIGTERM)
        worker.communicate(timeout=60)
    report(seen, minutes, count, states)


def report(seen: list[tuple[float, float]], minutes: float, count: int, states: list[tuple[object, ...]]) -> None:
    settled = [mb for at, mb in seen if at >= minutes * 60 * SETTLED]
    part = max(1, len(settled) // 5)
    first, last = statistics.median(settled[:part]), statistics.median(settled[-part:])
    print(f"{minutes:.0f} minutes, {count} orders ({', '.join(f'{n} {state}' for state, n in states)})")
    print(f"worker: {first:.0f} MB after {minutes * SETTLED:.0f} minutes, {last:.0f} MB at the end, {last / first - 1:+.1%}")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 30, int(sys.argv[2]) if len(sys.argv) > 2 else 60)
