"""Calibrations, certificates and the audits of what passed, in SQL."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Callable, Iterator

from signoff.domain.autonomy import Calibration, Certificate, Permit, Sample, Versions, permitted
from signoff.domain.checks.signals import PRIORS, Weights
from signoff.graph.store.port import Earned
from signoff.graph.store.sql import Connection, replacing

_SAMPLE = "case_number, revision, certificate, drawn_at, judged_by, judged_at, wrong, note"


class SqlAutonomy:
    def __init__(self, connection: Connection, key: bytes) -> None:
        self._db, self._key = connection, key

    def calibrations(self) -> list[Calibration]:
        return [Calibration.model_validate_json(body) for body in self._bodies("calibration")]

    def weights(self) -> Weights:
        """Those that were fitted last; the priors before that."""
        row = self._db.execute("SELECT body FROM earned WHERE kind = 'calibration' ORDER BY number DESC LIMIT 1").fetchone()
        return Calibration.model_validate_json(row[0]).weights if row else PRIORS

    def certificates(self) -> list[Certificate]:
        return [Certificate.model_validate_json(body) for body in self._bodies("certificate")]

    def _bodies(self, kind: str) -> Iterator[str]:
        for (body,) in self._db.execute("SELECT body FROM earned WHERE kind = ? ORDER BY number", (kind,)):
            yield body

    def put(self, value: Earned) -> Earned:
        """Keep it under its number; what has the number 0 gets the next one."""
        kind = type(value).__name__.lower()
        if not value.number:
            (last,) = self._db.execute("SELECT COALESCE(MAX(number), 0) FROM earned WHERE kind = ?", (kind,)).fetchone()
            value = value.model_copy(update={"number": last + 1})
        self._db.execute(replacing("earned", ("kind", "number", "body"), keys=2), (kind, value.number, value.model_dump_json()))
        return value

    def permit(self, case: int, versions: Callable[[], Versions], now: dt.datetime) -> Permit:
        """What may pass without a person at this moment, by the last certificate. The case plays no part in it."""
        row = self._db.execute("SELECT body FROM earned WHERE kind = 'certificate' ORDER BY number DESC LIMIT 1").fetchone()
        return permitted(Certificate.model_validate_json(row[0]), versions(), now) if row else Permit()

    def chosen(self, case: int, share: float) -> bool:
        """Whether a case is among the audited: drawn with the key of the record, so that no document can tell."""
        drawn = hmac.new(self._key, b"audit of case %d" % case, hashlib.sha256).digest()
        return int.from_bytes(drawn[:8], "big") < share * 2**64

    def add_sample(self, sample: Sample) -> None:
        self._db.execute(f"INSERT INTO samples ({_SAMPLE}) VALUES (?, ?, ?, ?, NULL, NULL, NULL, '')", _key(sample))

    def judge(self, sample: Sample) -> bool:
        """Keep what a person found; False when somebody else was first."""
        told = (sample.judged_by, sample.judged_at, sample.wrong, sample.note, sample.case, sample.revision)
        done = self._db.execute(
            "UPDATE samples SET judged_by = ?, judged_at = ?, wrong = ?, note = ?"
            " WHERE case_number = ? AND revision = ? AND judged_by IS NULL",
            told,
        )
        return done.rowcount == 1

    def sample(self, case: int) -> Sample | None:
        """The last audit of a case."""
        return next(self._samples("case_number = ? ORDER BY revision DESC", case), None)

    def samples(self, open_only: bool = False) -> list[Sample]:
        """The audits, the first drawn first; with `open_only` those that wait for somebody."""
        return list(self._samples(f"{'judged_by IS NULL' if open_only else '1 = 1'} ORDER BY drawn_at, case_number"))

    def bound(self) -> Iterator[tuple[str, str]]:
        """What events vouch for, each with its SHA-256."""
        for value in (*self.calibrations(), *self.certificates(), *self.samples()):
            yield from value.bound.items()

    def _samples(self, where: str, *values: object) -> Iterator[Sample]:
        for row in self._db.execute(f"SELECT {_SAMPLE} FROM samples WHERE {where}", values):
            yield Sample(
                case=row[0], revision=row[1], certificate=row[2], drawn_at=row[3], judged_by=row[4], judged_at=row[5],
                wrong=None if row[6] is None else bool(row[6]), note=row[7],
            )  # fmt: skip


def _key(sample: Sample) -> tuple[int, int, int | None, str]:
    return sample.case, sample.revision, sample.certificate, sample.drawn_at
