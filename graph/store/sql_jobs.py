"""Jobs in SQL: a queue with leases. Times are milliseconds since 1970, as the workers' clocks have them.

A job is taken for a time, which its worker prolongs as long as it lives. One that was not prolonged is free for others, and so is one
whose worker is known to be dead. Whoever had it before writes nothing any more (`holds`).
"""

from __future__ import annotations

from collections.abc import Iterable

from signoff.graph.store.rows import Backlog, Job, Lease
from signoff.graph.store.sql import Connection

REACHED = ("events", "model_calls", "tool_calls")
"""What a case gathers on its way: none of it is done again."""
OPEN = "status IN ('queued', 'running')"
"""Of what the indexes are that keep the queue independent of how many jobs are done. SQLite takes them for a query in just these words."""
RUNNING = f"{OPEN} AND status = 'running'"
HELD = "job_id = ? AND owner = ? AND attempts = ? AND status = 'running'"


class SqlJobs:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def enqueue(self, key: str, case: int, kind: str) -> bool:
        """Queue a job once: False when the key was queued before."""
        query = "INSERT INTO jobs (key, case_number, kind, status) VALUES (?, ?, ?, 'queued') ON CONFLICT DO NOTHING"
        return self._db.execute(query, (key, case, kind)).rowcount == 1

    def claim(self, lease: Lease, most: int = 1, case: int | None = None) -> list[Job]:
        """Take up to `most` jobs, oldest first, that are queued and due, or that nobody holds any more. One at a time runs for a case."""
        lost = (lease.now, *lease.dead)
        only = "" if case is None else "AND j.case_number = ?"
        rows = self._db.execute(
            f"SELECT job_id, case_number, kind, attempts, begun, delays FROM jobs j WHERE j.{OPEN} "
            f"AND ((j.status = 'queued' AND j.not_before <= ?) OR (j.status = 'running' AND {_lost('j', lease)})) {only} "
            f"AND NOT EXISTS (SELECT 1 FROM jobs r WHERE r.{OPEN} "
            f"AND r.case_number = j.case_number AND r.status = 'running' AND NOT {_lost('r', lease)}) ORDER BY job_id LIMIT ?",
            (lease.now, *lost, *([] if case is None else [case]), *lost, most),
        ).fetchall()
        first_of_case = {r[1]: Job(r[0], r[1], r[2], r[3] + 1, lease.owner, r[4], r[5]) for r in reversed(rows)}
        jobs = sorted(first_of_case.values(), key=lambda j: j.job_id)
        query = "UPDATE jobs SET status = 'running', owner = ?, lease_until = ?, attempts = attempts + 1 WHERE job_id = ?"
        self._db.executemany(query, [(lease.owner, lease.until, j.job_id) for j in jobs])
        return jobs

    def prolong(self, jobs: Iterable[Job], until: int) -> None:
        """Hold jobs for longer, those that are still held."""
        self._db.executemany(f"UPDATE jobs SET lease_until = ? WHERE {HELD}", [(until, *_held(j)) for j in jobs])

    def holds(self, job: Job) -> bool:
        """Whether the job is still its owner's, and was not given to another meanwhile."""
        return self._db.execute(f"SELECT 1 FROM jobs WHERE {HELD}", _held(job)).fetchone() is not None

    def begin(self, job: Job) -> int:
        """Count that a job is begun once more, which was taken before; how often since the case last got any further."""
        reached = sum(self._db.execute(f"SELECT count(*) FROM {t} WHERE case_number = ?", (job.case,)).fetchone()[0] for t in REACHED)
        counted = "begun = CASE WHEN reached = ? THEN begun + 1 ELSE 1 END, reached = ?"
        query = f"UPDATE jobs SET {counted} WHERE job_id = ? RETURNING begun"
        return int(self._db.execute(query, (reached, reached, job.job_id)).fetchall()[0][0])

    def finish(self, job: Job, error: str | None = None, status: str | None = None) -> None:
        """Mark a job done, or failed with its error, or set aside."""
        self._db.execute(
            "UPDATE jobs SET status = ?, owner = NULL, error = ? WHERE job_id = ?",
            (status or ("failed" if error else "done"), error, job.job_id),
        )

    def put_back(self, job: Job, not_before: int, error: str) -> None:
        """Queue a job again for a later time, with the reason."""
        self._db.execute(
            "UPDATE jobs SET status = 'queued', owner = NULL, not_before = ?, delays = delays + 1, error = ? WHERE job_id = ?",
            (not_before, error, job.job_id),
        )

    def give_back(self, job: Job) -> None:
        """Let others do a job that was claimed and not begun."""
        query = f"UPDATE jobs SET status = 'queued', owner = NULL, attempts = attempts - 1 WHERE {HELD}"
        self._db.execute(query, _held(job))

    def take_up(self, case: int) -> None:
        """What was set aside of a case is somebody's work again, under another job."""
        self._db.execute("UPDATE jobs SET status = 'failed' WHERE case_number = ? AND status = 'set_aside'", (case,))

    def owners(self) -> list[str]:
        """Who holds running jobs."""
        return [r[0] for r in self._db.execute(f"SELECT DISTINCT owner FROM jobs WHERE {RUNNING}")]

    def open_cases(self, now: int | None = None) -> set[int]:
        """The cases that have work queued or running; with `now`, without work that is put off beyond that moment."""
        due = "" if now is None else "AND NOT (status = 'queued' AND not_before > ?)"
        query = f"SELECT case_number FROM jobs WHERE {OPEN} {due}"
        return {r[0] for r in self._db.execute(query, () if now is None else (now,))}

    def turn(self, name: str, now: int, interval: int) -> int:
        """Take the next of the turns that all workers share, `interval` milliseconds apart; how long it is until then.

        The generic cell rate algorithm (ITU-T I.371) without bursts, as one statement, which needs no transaction.
        """
        query = (
            "INSERT INTO turns (name, next_at) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET next_at = "
            "CASE WHEN turns.next_at + ? > excluded.next_at THEN turns.next_at + ? ELSE excluded.next_at END RETURNING next_at"
        )
        ((after,),) = self._db.execute(query, (name, now + interval, interval, interval)).fetchall()
        return int(after) - interval - now

    def backlog(self, now: int) -> Backlog:
        """How the queue stands."""
        query = (
            "SELECT CASE WHEN status = 'running' AND lease_until < ? THEN 'stalled' WHEN status = 'queued' AND not_before > ? "
            f"THEN 'delayed' ELSE status END AS stands, count(*) FROM jobs WHERE {OPEN} GROUP BY 1 "
            "UNION ALL SELECT 'set_aside', count(*) FROM jobs WHERE status = 'set_aside'"
        )
        counts = {str(stands): int(count) for stands, count in self._db.execute(query, (now, now))}
        workers = f"SELECT count(DISTINCT owner) FROM jobs WHERE {RUNNING} AND lease_until >= ?"
        return Backlog(**counts, workers=self._db.execute(workers, (now,)).fetchone()[0])


def _lost(table: str, lease: Lease) -> str:
    """Whether nobody holds a running job any more."""
    dead = f" OR {table}.owner IN ({', '.join('?' * len(lease.dead))})" if lease.dead else ""
    return f"({table}.lease_until < ?{dead})"


def _held(job: Job) -> tuple[int, str, int]:
    return job.job_id, job.owner, job.attempts
