"""The example company at work on a folder of its own: a real store, a real ERP, the real graph, and a clock that stands still."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from signoff.domain.checks.vendor_match import VendorBook
from signoff.domain.contract import Contract
from signoff.domain.people import Directory, Person
from signoff.domain.states import State
from signoff.domain.vendor import Vendor
from signoff.graph.checkpoints import open_checkpoints
from signoff.graph.decisions import Decision, decide
from signoff.graph.flow import compiled
from signoff.graph.jobs import Queue, take_in, work
from signoff.graph.services import Services
from signoff.graph.store.opening import open_store
from signoff.graph.store.rows import Case, Event, Task
from signoff.graph.workers import Worker
from signoff.tools.archive import Archive
from signoff.tools.documents.document import Source
from signoff.tools.erp.sqlite import SqliteERP
from signoff.tools.intake import contents
from signoff.tools.masterdata.contracts import load_contracts
from signoff.tools.masterdata.people import load_people
from signoff.tools.masterdata.policy import LoadedPolicy, load_policy
from signoff.tools.masterdata.vendors import load_vendors

EXAMPLES = Path(__file__).parents[2] / "examples"
NOW = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)
KEY = b"the key of a test"


@cache
def masters() -> tuple[LoadedPolicy, list[Person], list[Vendor], dict[str, tuple[Contract, ...]]]:
    company = EXAMPLES / "company"
    contracts = load_contracts([company / "contracts"])
    by_vendor = {v: tuple(c for c in contracts if c.vendor_id == v) for v in {c.vendor_id for c in contracts}}
    return load_policy(company / "policy.yaml"), load_people(company / "people.csv"), load_vendors(company / "vendors.csv"), by_vendor


class Office:
    """Opened on `root`; opened again on the same folder it goes on where it was, as a new process would. With `server`, the address of a
    PostgreSQL database, its store stands there."""

    def __init__(self, root: Path, server: str | None = None) -> None:
        policy, people, vendors, contracts = masters()
        self.root, self.store = root, open_store(server or root / "signoff.db", KEY)
        self.services = Services(
            store=self.store, archive=Archive(root / "archive"), erp=SqliteERP(root / "erp.db"), clock=lambda: NOW, policy=policy.policy,
            policy_hash=policy.hash, people=Directory(people), vendors=VendorBook(vendors), contracts=contracts,
        )  # fmt: skip
        self.saver: Any = open_checkpoints(server or root / "checkpoints.db")
        self.graph = compiled(self.saver)

    def policy(self, **changes: Any) -> None:
        """Decide otherwise, from now on."""
        self.services = replace(self.services, policy=self.services.policy.model_copy(update=changes))

    def take(self, data: bytes, name: str = "order.xml") -> Case:
        """Take in a file of one order and carry it as far as it goes."""
        source = Source(name, data)
        (case,) = take_in(self.services, source, contents(source))
        self.work()
        return self.case(case.number)

    def example(self, file: str, **replaced: str) -> Case:
        return self.take(paper(file, **replaced), file)

    def work(self) -> None:
        """Do every job that is free."""
        worker = Worker(self.root / "locks")
        try:
            asyncio.run(self._work(worker))
        finally:
            worker.close()

    async def _work(self, worker: Worker) -> None:
        await work(self.graph, self.services, Queue(self.services, worker), lambda _: None)
        if self.services.crew:
            await self.services.crew.rest()

    def decide(self, case: Case, person: str, decision: str, edits: dict[str, str] | None = None, note: str = "") -> Case:
        """Take an answer and go on; the case as it then stands."""
        self.answer(case, person, decision, edits, note)
        self.work()
        return self.case(case.number)

    def answer(self, case: Case, person: str, decision: str, edits: dict[str, str] | None = None, note: str = "", **more: Any) -> str:
        said = Decision.model_validate({"person": person, "decision": decision, "edits": edits or {}, "note": note} | more)
        return decide(self.services, case.number, said)

    def case(self, number: int) -> Case:
        case = self.store.cases.get(number)
        assert case is not None
        return case

    def waiting(self, case: Case) -> list[Task]:
        return [t for t in self.store.tasks.of_case(case.number) if t.status == "open"]

    def sign_all(self, case: Case) -> Case:
        """Whoever may answer first approves, until nobody is asked."""
        while (case := self.case(case.number)).state not in (State.POSTED, State.FAILED):
            case = self.decide(case, self.waiting(case)[0].candidates[0], "approve")
        return case

    def events(self, case: Case) -> list[Event]:
        return self.store.events.of_case(case.number)

    def told(self, case: Case) -> list[str]:
        return [e.type for e in self.events(case)]

    def erp_rows(self, columns: str = "reference, status") -> list[tuple[Any, ...]]:
        import sqlite3

        with sqlite3.connect(self.root / "erp.db") as db:
            return db.execute(f"SELECT {columns} FROM purchase_orders ORDER BY id").fetchall()

    def close(self) -> None:
        self.store.close()
        self.saver.conn.close()


def paper(file: str, **replaced: str) -> bytes:
    """An example order, with some of its text replaced: `old__new` pairs would be unreadable, so `number="..."` or `lines={...}`."""
    text = (EXAMPLES / "orders" / file).read_text(encoding="utf-8")
    for name, value in replaced.items():
        text, count = PLACES[name].subn(lambda m, value=value: m[1] + value + m[3], text, count=1)
        assert count, f"{file} has no {name}"
    return text.encode()


PLACES = {
    "number": re.compile(r"(<cbc:ProfileID>[^<]*</cbc:ProfileID>\s*<cbc:ID>)([^<]*)(</cbc:ID>)"),
    "original": re.compile(r"(<cac:OrderReference>\s*<cbc:ID>)([^<]*)(</cbc:ID>)"),
    "requester": re.compile(r"(<cac:OriginatorCustomerParty>.*?<cbc:Name>)([^<]*)(</cbc:Name>)", re.DOTALL),
    "date": re.compile(r"(<cbc:IssueDate>)([^<]*)(</cbc:IssueDate>)"),
}
