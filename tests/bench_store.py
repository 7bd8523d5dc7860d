"""A store of many cases, and how long the commands take on it that look at many or at one.

The example orders, some hundred ordinary ones and a few answers of people are really worked through; what they left in the store is then
written again and again: other case, task and order numbers, other days, each step's SHA-256 and the chain of events made anew, so that
`signoff audit verify` finds it whole. Originals and checkpoints are not copied.

Usage: python tests/bench_store.py FOLDER [CASES]      make it, unless it is there, and print the times
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import platform
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

os.environ.setdefault("SIGNOFF_TODAY", "2026-11-20")
ROOT = Path(__file__).parent.parent
SIGNOFF = Path(sys.executable).with_name("signoff")
DAYS = 730
"""Over how many days the cases are spread."""
ROUNDS = 5
ORDINARY = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Where modules are not compiled anew with every command."""
COUNTED = ("cases", "tasks", "jobs", "orders")
"""Tables with numbers of their own."""
COPIED = ("cases", "steps", "tasks", "jobs", "events", "outbox", "orders", "order_lines", "commitments", "prices")

Row = dict[str, Any]


@dataclass(frozen=True)
class Copy:
    """One writing of the template: what is added to each number, how far its times lie back, and how order numbers go on."""

    number: int
    cases: int
    tasks: int
    orders: int
    back: dt.timedelta

    def text(self, body: str, order_number: str | None) -> str:
        """A body with the numbers of this copy."""
        body = re.sub(r"\bC(\d{5,})\b", lambda m: f"C{int(m[1]) + self.cases:05d}", body)
        body = re.sub(r'"task_id":"(\d+)"', lambda m: f'"task_id":"{int(m[1]) + self.tasks}"', body)
        return body.replace(order_number, self.order(order_number)) if order_number else body

    def order(self, number: str) -> str:
        return f"{number}-{self.number}"

    def digest(self, sha256: str) -> str:
        """Stands for the SHA-256 of a document that is like the other one."""
        return hashlib.sha256(f"{sha256} {self.number}".encode()).hexdigest()

    def moment(self, at: str | None) -> str | None:
        return None if at is None else (dt.datetime.fromisoformat(at) - self.back).isoformat()


def template(root: Path) -> None:
    """A workspace in which orders were really worked through, with answers to every second task that waits."""
    import bench

    bench.workspace(root)
    papers = root.parent / "papers"
    papers.mkdir()
    bench.orders(papers, 120)
    for folder in (ROOT / "examples" / "orders", papers):
        subprocess.run([SIGNOFF, "batch", folder, "-w", root], check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(papers)
    answered(root)


def answered(root: Path) -> None:
    """Every second case that waits is approved by whoever is asked, as far as it goes; every ninth is rejected."""
    from signoff.app.deciding import settle
    from signoff.app.workspace import opened
    from signoff.domain.errors import SignoffError
    from signoff.graph.decisions import Decision

    with opened(root) as w:
        waiting = sorted({t.case for t in w.store.tasks.waiting()})
        for i, case in enumerate(waiting):
            for _ in range(6 if i % 2 else 0):
                task = next((t for t in w.store.tasks.of_case(case) if t.pending), None)
                if task is None:
                    break
                answer = "reject" if i % 9 == 0 else "approve"
                try:
                    settle(w, case, Decision.model_validate({"person": task.candidates[0], "decision": answer, "task": task.task_id}))
                except SignoffError:
                    break


def multiply(root: Path, cases: int) -> None:
    """Write the template's cases again until there are so many."""
    db = sqlite3.connect(root / "signoff.db", isolation_level=None)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA synchronous=OFF")
    rows = {table: [dict(r) for r in db.execute(f"SELECT * FROM {table}")] for table in COPIED}
    highest = {t: db.execute(f"SELECT seq FROM sqlite_sequence WHERE name = '{t}'").fetchone()[0] for t in COUNTED}
    copies = -(-cases // len(rows["cases"]))
    db.execute("BEGIN")
    triggers = [r[0] for r in db.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'events'")]
    for name in [r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'events'")]:
        db.execute(f"DROP TRIGGER {name}")
    for table in reversed(COPIED):
        db.execute(f"DELETE FROM {table}")
    writer = Writer(db, bytes.fromhex((root / "audit.key").read_text().strip()))
    writer.events([e for e in rows["events"] if e["case_number"] is None], Copy(0, 0, 0, 0, dt.timedelta(days=DAYS + 1)), {})
    for k in range(copies):
        back = dt.timedelta(days=DAYS) * (copies - 1 - k) / max(1, copies - 1)
        writer.copy(rows, Copy(k, k * highest["cases"], k * highest["tasks"], k * highest["orders"], back))
    for scope, amount in db.execute("SELECT scope, amount FROM totals").fetchall():
        db.execute("UPDATE totals SET amount = ? WHERE scope = ?", (str(Decimal(amount) * copies), scope))
    for sql in triggers:
        db.execute(sql)
    db.execute("COMMIT")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.execute("ANALYZE")
    db.close()


class Writer:
    """Writes copies of rows, and the chain of their events."""

    def __init__(self, db: sqlite3.Connection, key: bytes) -> None:
        self.db, self.key, self.seq, self.prev = db, key, 0, "0" * 64

    def copy(self, rows: dict[str, list[Row]], copy: Copy) -> None:
        """One copy of everything but the imports' events, in the order of its cases."""
        numbers = {r["number"]: r["order_number"] for r in rows["cases"]}
        change = Changes(copy, numbers)
        for table in COPIED:
            if table not in ("events", "steps"):
                self._insert(table, [getattr(change, table)(dict(r)) for r in rows[table] if r.get("case_number", 1) is not None])
        steps = [change.steps(dict(r)) for r in rows["steps"]]
        self._insert("steps", steps)
        hashes = {(s["case_number"], s["revision"], s["step"]): hashlib.sha256(s["body"].encode()).hexdigest() for s in steps}
        self.events([e for e in rows["events"] if e["case_number"] is not None], copy, hashes, numbers)

    def events(self, events: list[Row], copy: Copy, hashes: dict[Any, str], numbers: dict[int, str | None] | None = None) -> None:
        from signoff.graph.store.chain import canonical, mac

        written = []
        for event in events:
            case = None if event["case_number"] is None else event["case_number"] + copy.cases
            body = json.loads(copy.text(event["body"], (numbers or {}).get(event["case_number"])))
            self._renumber(body, copy)
            for step in body.get("steps") or {}:
                body["steps"][step] = hashes[case, body["revision"], step]
            self.seq += 1
            record = (self.seq, case, copy.moment(event["at"]), event["type"], event["actor"], canonical(body))
            now = mac(self.key, self.prev, record)
            written.append((*record, self.prev, now))
            self.prev = now
        self.db.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)", written)

    def _renumber(self, body: Row, copy: Copy) -> None:
        body |= {name: copy.digest(body[name]) for name in ("document", "file") if name in body}
        if "tasks" in body:
            body["tasks"] = [t + copy.tasks for t in body["tasks"]]
        for name in ("standing", "on_behalf_of"):
            if isinstance(body.get(name), dict):
                body[name] = {str(int(t) + copy.tasks): told for t, told in body[name].items()}

    def _insert(self, table: str, rows: list[Row]) -> None:
        if rows:
            names = list(rows[0])
            query = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
            self.db.executemany(query, [tuple(r.values()) for r in rows])


class Changes:
    """What is other in a row of each table of a copy."""

    def __init__(self, copy: Copy, numbers: dict[int, str | None]) -> None:
        self.copy, self.numbers = copy, numbers

    def cases(self, row: Row) -> Row:
        copy, number = self.copy, row["order_number"]
        for name in ("file_sha256", "sha256"):
            row[name] = copy.digest(row[name])
        row |= {name: copy.moment(row[name]) for name in ("created_at", "updated_at")}
        row["reason"] = copy.text(row["reason"], number) if row["reason"] else None
        return row | {"number": row["number"] + copy.cases, "order_number": copy.order(number) if number else None}

    def steps(self, row: Row) -> Row:
        body = self.copy.text(row["body"], self.numbers[row["case_number"]])
        return row | {"body": body, "case_number": row["case_number"] + self.copy.cases}

    def tasks(self, row: Row) -> Row:
        row |= {name: self.copy.moment(row[name]) for name in ("created_at", "answered_at")}
        gate, summary = self.copy.text(row["gate"], None), self.copy.text(row["summary"], self.numbers[row["case_number"]])
        return row | {"task_id": row["task_id"] + self.copy.tasks, "gate": gate, "summary": summary} | self._case(row)

    def jobs(self, row: Row) -> Row:
        return row | {"job_id": None, "key": f"{self.copy.text(row['key'], None)}/{self.copy.number}"} | self._case(row)

    def outbox(self, row: Row) -> Row:
        return row | {"key": self.copy.text(row["key"], self.numbers[row["case_number"]])} | self._case(row)

    def orders(self, row: Row) -> Row:
        number = self.numbers.get(row["case_number"])
        keys = {name: row[name] and f"{row[name]}{self.copy.number}" for name in ("number_key", "about_key")}
        return row | keys | {"id": row["id"] + self.copy.orders, "body": self.copy.text(row["body"], number)} | self._case(row)

    def order_lines(self, row: Row) -> Row:
        return row | {"order_id": row["order_id"] + self.copy.orders}

    def commitments(self, row: Row) -> Row:
        return row | {name: row[name] + self.copy.orders for name in ("order_id", "of_order")}

    def prices(self, row: Row) -> Row:
        return row | self._case(row)

    def _case(self, row: Row) -> Row:
        return {"case_number": row["case_number"] + self.copy.cases}


def measured(root: Path) -> Iterator[tuple[str, str]]:
    """Each command with how long it takes: wall as a command, and CPU."""
    last = sqlite3.connect(root / "signoff.db").execute("SELECT max(number) FROM cases").fetchone()[0]
    one = f"C{last - 40:05d}"
    signers = _policy(root, "amount_up_to: 1000", "amount_up_to: 200")
    checks = _policy(root, 'price_percent: "0.5"', 'price_percent: "3"')
    reading = _policy(root, "/supplier, /lines]", "/supplier, /lines, /requester]")
    commands: dict[str, tuple[int, list[object]]] = {
        "python -c pass": (ROUNDS, [sys.executable, "-c", "pass"]),
        "signoff --help": (ROUNDS, [SIGNOFF, "--help"]),
        "signoff list": (ROUNDS, [SIGNOFF, "list"]),
        f"signoff why {one}": (ROUNDS, [SIGNOFF, "why", one]),
        f"signoff show {one}": (ROUNDS, [SIGNOFF, "show", one]),
        "signoff list --json --limit 1000": (1, [SIGNOFF, "list", "--json", "--limit", 1000]),
        "signoff policy simulate, other rules": (1, [SIGNOFF, "policy", "simulate", signers]),
        "signoff policy simulate, other tolerances": (1, [SIGNOFF, "policy", "simulate", checks]),
        "signoff policy simulate, other required fields": (1, [SIGNOFF, "policy", "simulate", reading]),
        "signoff inventory": (1, [SIGNOFF, "inventory"]),
        "signoff list --json --all": (1, [SIGNOFF, "list", "--json", "--all"]),
    }
    for name, (rounds, command) in commands.items():
        yield name, _timed([str(word) for word in command], rounds, {"SIGNOFF_WORKSPACE": str(root)})


def _policy(root: Path, old: str, new: str) -> Path:
    text = (root / "policy.yaml").read_text(encoding="utf-8")
    assert old in text, old
    path = root.parent / f"policy-{hashlib.sha256(new.encode()).hexdigest()[:6]}.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def _timed(command: list[str], rounds: int, environment: dict[str, str]) -> str:
    walls, cpus = [], []
    for _ in range(rounds):
        before, started = os.times(), time.perf_counter()
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=ORDINARY | environment)
        after = os.times()
        walls.append(time.perf_counter() - started)
        cpus.append(after.children_user + after.children_system - before.children_user - before.children_system)
        if done.returncode:
            return done.stderr.strip()
    return f"{statistics.median(walls):.2f} s wall (least {min(walls):.2f}), {statistics.median(cpus):.2f} s CPU"


def _took(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def made(folder: Path, cases: int) -> Path:
    """The workspace below the folder, made when it is not there."""
    root = folder / "workspace"
    if not root.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for name, work in (("worked through", lambda: template(root)), ("written", lambda: multiply(root, cases))):
            print(f"{name} in {_took(work):.0f} s", flush=True)
    return root


def main(folder: Path, cases: int) -> None:
    root = made(folder, cases)
    states: dict[str, int] = defaultdict(int)
    for state, count in sqlite3.connect(root / "signoff.db").execute("SELECT state, count(*) FROM cases GROUP BY state"):
        states[state] = count
    size = (root / "signoff.db").stat().st_size / 1e9
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{sum(states.values())} cases, {size:.1f} GB: {', '.join(f'{n} {s}' for s, n in states.items())}")
    for name, told in measured(root):
        print(f"{name:48} {told}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100_000)
