"""The store of a replay: in memory, for one case. It gives out the numbers that are on record, and knows of other cases and of
the past what the record says.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from signoff.agents.ledger import ModelCall, ToolCall
from signoff.agents.messages import Question
from signoff.domain.autonomy import Permit, Versions
from signoff.domain.facts import Drawn, Facts, PastLine, PastOrder, PastPrice
from signoff.domain.states import State
from signoff.graph.recorded import Tape
from signoff.graph.store.migrations import migrate
from signoff.graph.store.port import Store
from signoff.graph.store.rows import Case, NewCase, Outbox, Owner, Task, number_of
from signoff.graph.store.sql_audit import SqlEvents, SqlPostings
from signoff.graph.store.sql_autonomy import SqlAutonomy
from signoff.graph.store.sql_calls import SqlCalls
from signoff.graph.store.sql_cases import SqlCases
from signoff.graph.store.sql_past import SqlPast
from signoff.graph.store.sql_tasks import SqlTasks
from signoff.graph.store.sqlite import SqliteStore
from signoff.tools.history import Asker, Days, OrderNumber


class RecordedStore(SqliteStore):
    """A store in memory for one case. It gives out the numbers that are on record, and knows other cases as the record does."""

    def __init__(self, tape: Tape) -> None:
        super().__init__(Path(":memory:"), b"")
        self.tape = tape
        self.cases = _Cases(self.db, tape)
        self.tasks = _Tasks(self.db, tape)
        self.events = _Events(self.db, tape)
        self.postings = _Postings(self.db, tape)
        self.past = _Past(self.db, tape, self.cases)
        self.calls = _Calls(self.db, tape)
        self.autonomy = _Autonomy(self.db, tape, self.cases)

    def _connect(self, path: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.deserialize(_empty())
        return connection

    def reading(self, areas: frozenset[str]) -> Store:
        """For tools, which a replay never runs: a store that denies everything."""
        return self.tape.source.reading(frozenset())


@cache
def _empty() -> bytes:
    """A database without a case, set up once for all replays."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection)
    return connection.serialize()


class _Cases(SqlCases):
    def __init__(self, connection: sqlite3.Connection, tape: Tape) -> None:
        super().__init__(connection)
        self.tape = tape

    def add(self, new: NewCase, now: dt.datetime) -> int:
        return super().add(replace(new, number=self.tape.number), now)

    def earlier_document(self, case: Case) -> int | None:
        duplicate = self.tape.told("case.duplicate")
        if duplicate is not None and duplicate.body["steps"]:
            return number_of(duplicate.body["of"])
        # Of what could not be read, an earlier one shows only in that no agent was asked.
        return self.tape.number if case.lane is None and self.tape.told("order.extracted") is None else None


class _Tasks(SqlTasks):
    def __init__(self, connection: sqlite3.Connection, tape: Tape) -> None:
        super().__init__(connection)
        self.tape = tape

    def open(self, task: Task) -> int:
        opened = len(self.of_case(task.case))
        return super().open(replace(task, task_id=self.tape.tasks[opened]) if opened < len(self.tape.tasks) else task)


class _Events(SqlEvents):
    def __init__(self, connection: sqlite3.Connection, tape: Tape) -> None:
        super().__init__(connection, b"")
        self.tape = tape

    def append(self, type: str, actor: str, body: dict[str, Any], now: dt.datetime, case: int | None = None) -> int:
        seq = super().append(type, actor, body, now, case)
        self.tape.heard.append((type, actor, body))
        return seq


class _Postings(SqlPostings):
    def __init__(self, connection: sqlite3.Connection, tape: Tape) -> None:
        super().__init__(connection)
        self.tape = tape

    def of_case(self, number: int) -> Outbox | None:
        return super().of_case(number) if number == self.tape.number else self.tape.source.postings.of_case(number)


class _Past(SqlPast):
    """The past as the facts on record have it."""

    def __init__(self, connection: sqlite3.Connection, tape: Tape, cases: SqlCases) -> None:
        super().__init__(connection)
        self.tape, self.cases = tape, cases

    def _now(self) -> Case:
        case = self.cases.get(self.tape.number)
        return case if case is not None else self.tape.miss("the case itself")

    def _facts(self) -> Facts:
        revision = self._now().revision
        body = self.tape.source.cases.step(self.tape.number, revision, "facts")
        return Facts.model_validate_json(body) if body else self.tape.miss(f"the facts of revision {revision}")

    def same_number(self, number: OrderNumber, case: int) -> list[PastOrder]:
        if self._now().state is not State.VERIFIED:
            return self._original()
        facts = self._facts()
        return [*facts.same_number, *([facts.original] if facts.original else [])]

    def _original(self) -> list[PastOrder]:
        """At its posting: the order that a change is about, if it was posted by then."""
        revision = self._now().revision
        requested = [e for e in self.tape.events if e.type == "posting.requested" and e.body["revision"] == revision]
        return [PastOrder(reference=e.body["of"]) for e in requested if e.body["of"]]

    def alike(self, vendor_id: str, lines: Sequence[PastLine], least: Decimal, days: Days, case: int) -> list[PastOrder]:
        return list(self._facts().same_content)

    def window(self, asker: Asker, days: Days, case: int) -> list[PastOrder]:
        return list(self._facts().window)

    def original(self, number: OrderNumber, case: int) -> PastOrder | None:
        return self._facts().original

    def blanket(self, number: OrderNumber, case: int) -> PastOrder | None:
        return self._facts().blanket

    def blanket_spend(self, owner: str) -> Decimal:
        spend = self._facts().blanket_spend
        return spend if spend is not None else self.tape.miss(f"what was released under {owner}")

    def drawn(self, owner: str, items: Iterable[str], year: int) -> list[Drawn]:
        kept = {d.item: d for d in self._facts().drawn if d.owner == owner}
        return [kept[i] if i in kept else self.tape.miss(f"what was taken of {i} ({owner})") for i in items]

    def prices(self, vendor_id: str, item_ids: Iterable[str]) -> list[PastPrice]:
        return list(self._facts().prices)

    def contract_spend(self, contract_id: str, year: int | None) -> Decimal:
        spend = self._facts().contract_spend
        return spend if spend is not None else self.tape.miss(f"what was spent on contract {contract_id}")

    def budget_spend(self, cost_center: str, year: int) -> Decimal:
        spend = self._facts().budget_spend
        return spend if spend is not None else self.tape.miss(f"what was spent by cost centre {cost_center}")


class _Autonomy(SqlAutonomy):
    """What was allowed to pass, and what was drawn, as the record has it."""

    def __init__(self, connection: sqlite3.Connection, tape: Tape, cases: SqlCases) -> None:
        super().__init__(connection, b"")
        self.tape, self.cases = tape, cases

    def _revision(self, case: int) -> int:
        now = self.cases.get(case)
        return now.revision if now is not None else self.tape.miss("the case itself")

    def permit(self, case: int, versions: Callable[[], Versions], now: dt.datetime) -> Permit:
        body = self.tape.source.cases.step(case, self._revision(case), "permit")
        return Permit.model_validate_json(body) if body else Permit()

    def chosen(self, case: int, share: float) -> bool:
        revision = self._revision(case)
        return any(e.type == "sample.drawn" and e.body["revision"] == revision for e in self.tape.events)


class _Calls(SqlCalls):
    def __init__(self, connection: sqlite3.Connection, tape: Tape) -> None:
        super().__init__(connection)
        self.tape = tape

    def find(self, owner: Owner, question: Question) -> ModelCall | None:
        return self.tape.answer(question)

    def find_tool(self, owner: Owner, agent: str, turn: int, name: str, arguments: str) -> ToolCall | None:
        return self.tape.used(agent, turn, name, arguments)
