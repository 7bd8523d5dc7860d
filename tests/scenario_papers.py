"""Scenarios of the reading: a paper as it comes in, taken through the real graph, and what is found about it."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from langgraph.checkpoint.memory import InMemorySaver

from signoff.domain.checks.vendor_match import VendorBook
from signoff.domain.findings import Finding, Group
from signoff.domain.people import Directory, Person
from signoff.domain.policy import Policy
from signoff.domain.vendor import Vendor
from signoff.graph.desk import Desk
from signoff.graph.flow import compiled
from signoff.graph.jobs import Queue, take_in, work
from signoff.graph.record import findings
from signoff.graph.services import Services
from signoff.graph.store.sqlite import SqliteStore
from signoff.graph.workers import Worker
from signoff.tools.archive import Archive
from signoff.tools.documents.document import Source
from signoff.tools.erp.sqlite import SqliteERP
from signoff.tools.intake import contents

NOW = dt.datetime(2026, 6, 1, 9, tzinfo=dt.UTC)
POLICY = Policy.model_validate(
    {
        "version": 1,
        "dated": dt.date(2026, 1, 1),
        "company": {"name": "Fjordby Works"},
        "base_currency": "EUR",
        "gates": {"reviewers": "buyer", "default_owner": "buyer", "fallback_approver": "buyer"},
        "approvals": [{"name": "all", "steps": [{"role": "buyer"}]}],
    }
)
PEOPLE = Directory([Person(person_id=i, name=n, roles=("buyer",)) for i, n in (("P-1", "Ida Lund"), ("P-2", "Per Holt"))])
VENDORS = VendorBook([Vendor(vendor_id="V-1", name="Nordlund Supplies")])
UNSEEN = {"(a zero-width space)": "\u200b", "(a Cyrillic o)": "\u043e"}


@lru_cache
def read(paper: str, when: str) -> tuple[Finding, ...]:
    """What is found about the reading of the paper, changed as `when` says."""
    again = "the same file was taken in before" in when
    with tempfile.TemporaryDirectory() as folder, _office(Path(folder)) as services:
        for name in ("earlier.txt", "order.txt") if again else ("order.txt",):
            source = Source(name, printed(paper, when).encode())
            (case,) = take_in(services, source, contents(source))
            asyncio.run(_worked(services, Path(folder)))
        found = findings(Desk(services, case.number))
    return tuple(f for f in found if f.code.group is Group.READING)


def printed(paper: str, when: str) -> str:
    """The paper with its lines changed."""
    for change in when.split("; ") if when != "nothing changes" else []:
        paper = _changed(paper, change)
    for words, sign in UNSEEN.items():
        paper = paper.replace(words, sign)
    return paper


def _changed(paper: str, change: str) -> str:
    if own := re.fullmatch(r"`(.+)` reads `(.*)`", change):
        assert own[1] in paper, own[1]
        return paper.replace(own[1], own[2])
    if own := re.fullmatch(r"`(.+)` is missing", change):
        assert own[1] in paper, own[1]
        return "\n".join(line for line in paper.split("\n") if own[1] not in line)
    if own := re.fullmatch(r"at its end stands `(.+)`", change):
        return f"{paper}\n{own[1]}\n"
    assert change == "the same file was taken in before", change
    return paper


@contextmanager
def _office(root: Path) -> Iterator[Services]:
    store, erp = SqliteStore(root / "signoff.db", b"key"), SqliteERP(root / "erp.db")
    yield Services(
        store=store, archive=Archive(root / "archive"), erp=erp, clock=lambda: NOW, policy=POLICY, policy_hash="0" * 64, people=PEOPLE,
        vendors=VENDORS,
    )  # fmt: skip
    store.close()


async def _worked(services: Services, root: Path) -> None:
    worker = Worker(root / "locks")
    try:
        await work(compiled(InMemorySaver()), services, Queue(services, worker), lambda _: None)
    finally:
        worker.close()
