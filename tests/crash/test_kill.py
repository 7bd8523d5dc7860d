"""kill -9 at any moment: the same command again finishes the work, with every order in the ERP once and nothing asked twice.

`pytest -m slow -s tests/crash` prints the numbers.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import json
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from signoff_run import ORDERS, copied, make_company, rows, started

KILLS, STREAMS = 50, 2
Ends = dict[tuple[str, int], str]
"""How each order ends: file and part -> status."""


def write_orders(folder: Path, count: int) -> Path:
    """Orders that have nothing to do with each other: most post, every fifth wants a buyer, every eleventh is cut short."""
    folder.mkdir(parents=True)
    ubl = (ORDERS / "xml/4500018001.xml").read_text(encoding="utf-8")
    x12 = (ORDERS / "edi/850-tamarack-1116.x12").read_text(encoding="latin-1")
    for n in range(count):
        if n % 3 == 2:
            (folder / f"{n:03}.x12").write_text(two_orders(x12, n), encoding="latin-1")
        else:
            text = one_order(ubl, n)
            (folder / f"{n:03}.xml").write_text(text[:3000] if n % 11 == 10 else text, encoding="utf-8")
    return folder


def one_order(text: str, n: int) -> str:
    """The UBL example under another number, on another day, for other quantities; 100 and more are cheaper by contract."""
    pieces = 120 + n if n % 5 == 0 else 10 + n
    amount = pieces * Decimal("4.20")
    day = dt.date(2025, 8, 1) + dt.timedelta(days=8 * n)
    return swapped(
        text,
        {
            "4500018001": f"70{n:06}",
            "2026-10-15": f"{day + dt.timedelta(days=20)}",
            "2026-10-05": f"{day}",
            'unitCode="EA">60<': f'unitCode="EA">{pieces}<',
            ">252.00<": f">{amount:.2f}<",
            ">444.00<": f">{amount + 192:.2f}<",
        },
    )


def two_orders(text: str, n: int) -> str:
    """The X12 example under other numbers, on another day, for other quantities."""
    valves, nipples = n % 11 + 1, 10 * (n % 20) + 50
    day = dt.date(2026, 4, 2) + dt.timedelta(days=3 * n)
    return swapped(
        text,
        {
            "4500018043": f"71{n:06}",
            "4500018044": f"72{n:06}",
            "**20261116": f"**{day:%Y%m%d}",
            "20261207": f"{day + dt.timedelta(days=25):%Y%m%d}",
            "PO1*10*8*": f"PO1*10*{valves}*",
            "CTT*1*8~AMT*TT*708.00": f"CTT*1*{valves}~AMT*TT*{valves * Decimal('88.50'):.2f}",
            "PO1*10*40*": f"PO1*10*{nipples}*",
            "CTT*1*40~AMT*TT*124.00": f"CTT*1*{nipples}~AMT*TT*{nipples * Decimal('3.10'):.2f}",
        },
    )


def swapped(text: str, words: dict[str, str]) -> str:
    for old, new in words.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


@dataclass(frozen=True)
class Job:
    """A batch that is to be done whatever happens: the company before it, the orders, and how they must end."""

    company: Path
    orders: Path
    ends: Ends
    seconds: float

    def start(self, workspace: Path) -> subprocess.Popen[str]:
        return started("batch", self.orders, "--out", workspace / "records.jsonl", workspace=workspace)


def prepared(folder: Path, count: int) -> Job:
    """The job, with how it ends and how long it takes when nobody disturbs it."""
    company, orders = make_company(folder / "company"), write_orders(folder / "orders", count)
    calm = copied(company, folder / "calm")
    begun = time.perf_counter()
    finished(Job(company, orders, {}, 0).start(calm))
    seconds = time.perf_counter() - begun
    job = Job(company, orders, ends(calm), seconds)
    assert {"posted", "needs_review", "failed"} <= set(job.ends.values())
    assert sum(end == "posted" for end in job.ends.values()) > len(job.ends) / 2
    whole(job, calm)
    return job


def finished(process: subprocess.Popen[str]) -> None:
    """It came to its end; 1 is for the files that are cut short."""
    _, err = process.communicate(timeout=300)
    assert process.returncode == 1, err


def ends(workspace: Path) -> Ends:
    lines = (workspace / "records.jsonl").read_text(encoding="utf-8").splitlines()
    return {(r["source"], r["part"]): r["status"] for r in map(json.loads, lines)}


def whole(job: Job, workspace: Path) -> int:
    """Nothing was lost and nothing doubled; the number of orders."""
    store, erp = workspace / "signoff.db", workspace / "erp.db"
    assert ends(workspace) == job.ends
    cases = rows(store, "SELECT source, part, state FROM cases")
    assert sorted(cases) == sorted((source, part, status) for (source, part), status in job.ends.items())
    posted = rows(store, "SELECT number, order_number FROM cases WHERE state = 'posted' ORDER BY number")
    assert rows(erp, "SELECT CAST(substr(key, 2, 5) AS INTEGER), reference FROM purchase_orders ORDER BY 1") == posted
    assert len({reference for _, reference in posted}) == len(posted)
    assert rows(store, "SELECT gate, label FROM tasks GROUP BY gate, label HAVING count(*) > 1") == []
    asked = rows(store, "SELECT DISTINCT case_number FROM tasks WHERE status = 'open' ORDER BY 1")
    assert asked == rows(store, "SELECT number FROM cases WHERE state LIKE 'needs_%' OR state = 'on_hold' ORDER BY 1")
    for said in ("case.received", "order.read", "order.approved", "posting.requested", "posting.done", "case.failed"):
        assert rows(store, "SELECT case_number FROM events WHERE type = ? GROUP BY 1 HAVING count(*) > 1", said) == [], said
    assert rows(store, "SELECT * FROM jobs WHERE status IN ('queued', 'running')") == []
    verify = started("audit", "verify", workspace=workspace)
    _, err = verify.communicate(timeout=120)
    assert verify.returncode == 0, err
    return len(cases)


@dataclass
class Tally:
    kills: int = 0
    runs: int = 0
    orders: int = 0


def stream(job: Job, folder: Path, seed: int, kills: int) -> Tally:
    """Kill the batch again and again, each time at another moment of its whole duration; a new workspace when it got through."""
    moments = random.Random(seed)
    tally = Tally()
    for attempt in itertools.count():
        workspace = copied(job.company, folder / f"{seed}-{attempt}")
        while True:
            process = job.start(workspace)
            if tally.kills < kills:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(moments.uniform(0, job.seconds))
            if tally.kills < kills and process.poll() is None:
                process.kill()
                process.communicate()
                tally.kills += 1
                continue
            finished(process)
            break
        tally.runs += 1
        tally.orders += whole(job, workspace)
        if tally.kills == kills:
            return tally
    raise AssertionError


@pytest.mark.slow
def test_fifty_kills(tmp_path: Path) -> None:
    job = prepared(tmp_path, 60)
    with ThreadPoolExecutor(STREAMS) as pool:
        tallies = list(pool.map(lambda seed: stream(job, tmp_path, seed, KILLS // STREAMS), range(STREAMS)))
    kills, runs, orders = (sum(getattr(t, name) for t in tallies) for name in ("kills", "runs", "orders"))
    assert kills == KILLS
    sys.stdout.write(f"\n{kills} kills, {orders} orders, 0 lost, 0 doubled ({runs} batches, {job.seconds:.1f} s each when undisturbed)\n")


# --- the quick one: at two moments that are known, whatever the speed of the machine


def count_of(database: Path, query: str) -> int:
    """A count from a file that another process is making just now; 0 while there is nothing to count."""
    try:
        return int(str(rows(database, query)[0][0])) if database.exists() else 0
    except sqlite3.OperationalError:
        return 0


def moments_of(workspace: Path) -> Iterator[tuple[Path, str]]:
    yield workspace / "signoff.db", "SELECT count(*) FROM cases"
    yield workspace / "erp.db", "SELECT count(*) FROM purchase_orders"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Job:
    return prepared(tmp_path_factory.mktemp("small"), 22)


@pytest.mark.slow
def test_killed_while_reading_and_while_posting(small: Job, tmp_path: Path) -> None:
    job, workspace = small, copied(small.company, tmp_path / "workspace")
    for database, query in moments_of(workspace):
        process = job.start(workspace)
        while count_of(database, query) < 3 and process.poll() is None:
            time.sleep(0.002)
        process.kill()
        process.communicate()
    process = job.start(workspace)
    finished(process)
    assert whole(job, workspace) == len(job.ends)


@pytest.mark.slow
def test_two_batches_of_the_same_folder_at_once(small: Job, tmp_path: Path) -> None:
    job, workspace = small, copied(small.company, tmp_path / "workspace")
    both = [started("batch", job.orders, "--out", workspace / name, workspace=workspace) for name in ("records.jsonl", "other.jsonl")]
    for process in both:
        finished(process)
    assert whole(job, workspace) == len(job.ends)
    assert (workspace / "records.jsonl").read_bytes() == (workspace / "other.jsonl").read_bytes()


def test_what_these_tests_look_for_would_be_found(small: Job, tmp_path: Path) -> None:
    """An order posted twice, a task asked twice, a job left open."""
    calm = small.company.parent / "calm"
    for n, (name, damage) in enumerate(
        [
            ("erp.db", "INSERT INTO purchase_orders (key, content, reference, vendor_id, status) VALUES ('C00001.9', '', 'x', '', '')"),
            ("signoff.db", "UPDATE tasks SET gate = (SELECT gate FROM tasks LIMIT 1)"),
            ("signoff.db", "UPDATE jobs SET status = 'queued' WHERE job_id = 1"),
        ]
    ):
        workspace = copied(calm, tmp_path / str(n))
        with contextlib.closing(sqlite3.connect(workspace / name, isolation_level=None)) as database:
            database.execute(damage)
        with pytest.raises(AssertionError):
            whole(small, workspace)
