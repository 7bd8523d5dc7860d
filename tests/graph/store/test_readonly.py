"""What a read-only store lets through: what is granted, through the store's own methods; nothing else, whatever the SQL."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from stores import KEY, NOW, add_case, add_task, new_case

from signoff.domain.contract import Contract
from signoff.domain.errors import Refused, Unavailable
from signoff.domain.people import Person
from signoff.domain.vendor import Vendor
from signoff.graph.store import sqlite_readonly
from signoff.graph.store.rows import Owner
from signoff.graph.store.sqlite import SqliteStore
from signoff.graph.store.sqlite_readonly import GRANTS, ReadOnlyStore
from signoff.tools.access import AREAS
from signoff.tools.history import OrderNumber

VENDOR = Vendor(vendor_id="V-1", name="Example Supplies")
PERSON = Person(person_id="P-1", name="Ann Example", roles=("buyer",))
CONTRACT = Contract(contract_id="K-1", vendor_id="V-1", starts=dt.date(2026, 1, 1), currency="EUR")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    folder = tmp_path / "a folder, 100%?"
    folder.mkdir()
    store = SqliteStore(folder / "signoff.db", KEY)
    with store.transaction():
        store.masters.replace_vendors([VENDOR])
        store.masters.replace_people([PERSON])
        store.masters.put_contracts([CONTRACT])
    number = add_case(store)
    add_task(store, number)
    with store.transaction():
        store.cases.save_step(number, 0, "draft", "{}")
        store.events.append("case.received", "signoff", {"revision": 0}, NOW, number)
    yield store
    store.close()


def reading(store: SqliteStore, *areas: str) -> ReadOnlyStore:
    return store.reading(frozenset(areas))


class TestGranted:
    def test_every_area_has_its_tables(self) -> None:
        assert set(GRANTS) == set(AREAS)

    def test_each_area_is_read_through_the_store_as_it_is(self, store: SqliteStore) -> None:
        assert reading(store, "vendors").masters.vendors() == [VENDOR]
        assert reading(store, "people").masters.people() == [PERSON]
        assert reading(store, "contracts").masters.contract("K-1") == CONTRACT
        assert reading(store, "policy").masters.policy("0") is None
        past = reading(store, "history").past
        assert past.contract_spend("K-1", None) == 0
        assert past.same_number(OrderNumber("V-1", "4500"), 0) == past.prices("V-1", ["A"]) == []
        assert past.has_history() is False

    def test_a_case_is_read_whole(self, store: SqliteStore) -> None:
        cases = reading(store, "cases")
        (case,) = cases.cases.listed()
        assert case == store.cases.get(case.number)
        assert cases.cases.step(case.number, 0, "draft") == "{}"
        assert cases.tasks.waiting() == store.tasks.waiting()
        assert cases.events.of_case(case.number) == store.events.of_case(case.number)
        assert cases.postings.of_case(case.number) is None
        assert cases.calls.costs_of(Owner(case=case.number)).calls == 0

    def test_what_is_written_meanwhile_is_seen(self, store: SqliteStore) -> None:
        cases = reading(store, "cases")
        add_case(store, part=1)
        assert len(list(cases.cases.listed())) == 2


class TestDenied:
    @pytest.mark.parametrize("area", AREAS)
    def test_each_area_by_every_other(self, store: SqliteStore, area: str) -> None:
        every = {name: lambda s, t=table: s.db.execute(f"SELECT count(*) FROM {t}").fetchone() for name, (table, *_) in GRANTS.items()}
        every[area](reading(store, area))
        other = reading(store, *set(AREAS) - {area})
        with pytest.raises(Refused, match="Access denied"):
            every[area](other)

    @pytest.mark.parametrize(
        "sql",
        [
            "SELECT contract_id FROM contracts UNION SELECT vendor_id FROM vendors",
            "SELECT * FROM shown",
            "SELECT contract_id FROM contracts WHERE contract_id IN (SELECT vendor_id FROM vendors)",
            "SELECT (SELECT body FROM vendors) FROM contracts",
            "SELECT k.body FROM contracts k JOIN vendors v ON 1",
            "WITH v AS (SELECT body FROM vendors) SELECT * FROM v",
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
            "SELECT count(*) FROM vendors",
            "SELECT 1 FROM vendors",
            "SELECT rowid FROM vendors",
            "SELECT name FROM sqlite_master",
            "SELECT name FROM sqlite_schema",
            "SELECT * FROM temp.sqlite_master",
            "PRAGMA user_version",
            "PRAGMA query_only=OFF",
            "PRAGMA writable_schema=ON",
            "SELECT * FROM pragma_table_info('vendors')",
            "ATTACH ':memory:' AS other",
            "SELECT load_extension('libc.so.6')",
            "SELECT randomblob(1000000000)",
            "SELECT zeroblob(1000000000)",
            "SELECT replace(body, '\"', body) FROM contracts",
            "SELECT printf('%1000000000d', 1)",
            "CREATE TEMP TABLE t (x)",
            "CREATE TABLE t (x)",
            "CREATE TEMP VIEW t AS SELECT * FROM vendors",
            "INSERT INTO contracts VALUES ('K-2', '{}')",
            "UPDATE contracts SET body = '{}'",
            "DELETE FROM contracts",
            "UPDATE contracts SET body = '{}' RETURNING body",
            "DROP TABLE contracts",
            "BEGIN IMMEDIATE",
            "SAVEPOINT s",
            "VACUUM",
            "REINDEX",
            "ANALYZE",
            "SELECT mac FROM events",
            "SELECT body FROM model_calls",
            "EXPLAIN SELECT body FROM vendors",
        ],
    )
    def test_what_is_not_granted_whatever_the_statement(self, store: SqliteStore, sql: str) -> None:
        store.db.execute("CREATE VIEW shown AS SELECT body FROM vendors")
        with pytest.raises(Refused):
            reading(store, "contracts").db.execute(sql).fetchall()
        assert store.masters.contracts() == [CONTRACT]

    def test_files_are_neither_written_nor_opened(self, store: SqliteStore, tmp_path: Path) -> None:
        for sql in (f"VACUUM INTO '{tmp_path / 'copy.db'}'", f"ATTACH '{tmp_path / 'other.db'}' AS other"):
            with pytest.raises((Refused, Unavailable)):
                reading(store, *AREAS).db.execute(sql)
        assert not list(tmp_path.glob("*.db"))

    def test_columns_of_a_granted_table_that_are_not(self, store: SqliteStore) -> None:
        cases = reading(store, "cases")
        cases.db.execute("SELECT cost FROM model_calls").fetchall()
        for sql in ("SELECT body FROM model_calls", "SELECT body AS cost FROM model_calls", "SELECT 1 FROM model_calls WHERE body > 'x'"):
            with pytest.raises(Refused, match=r"model_calls\.body is prohibited"):
                cases.db.execute(sql)

    def test_what_the_store_would_write(self, store: SqliteStore) -> None:
        every = reading(store, *AREAS)
        with pytest.raises(Refused):
            every.transaction()
        for write in (
            lambda: every.cases.add(new_case(part=7), NOW),
            lambda: every.events.append("case.received", "signoff", {}, NOW),
            lambda: every.masters.replace_people([]),
            lambda: every.jobs.enqueue("k", 1, "start"),
            lambda: every.calls.say("c", "P-1", "user", "{}", NOW),
        ):
            with pytest.raises(Refused):
                write()

    def test_rights_only_narrow(self, store: SqliteStore) -> None:
        with pytest.raises(Refused):
            reading(store, "vendors").reading(frozenset(AREAS)).masters.people()

    def test_even_a_connection_without_its_authorizer_changes_nothing(self, store: SqliteStore) -> None:
        connection = reading(store, "contracts").db
        sqlite3.Connection.set_authorizer(connection, None)
        with pytest.raises(Refused, match="changes nothing"):
            connection.execute("DELETE FROM contracts")


class TestLimits:
    def test_rows(self, store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sqlite_readonly, "MOST_ROWS", 3)
        for part in range(1, 4):
            add_case(store, part=part)
        cases = reading(store, "cases")
        with pytest.raises(Refused, match="more than 3 rows"):
            list(cases.cases.listed())
        assert cases.cases.get(1) is not None

    def test_work(self, store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sqlite_readonly, "MOST_WORK", 200_000)
        with store.transaction():
            for part in range(1, 60):
                store.cases.add(new_case(part=part), NOW)
        cases = reading(store, "cases")
        with pytest.raises(Refused, match="too long"):
            cases.db.execute("SELECT count(*) FROM cases a, cases b, cases c, cases d").fetchone()
        assert cases.db.execute("SELECT count(*) FROM cases a, cases b").fetchone() == (3600,)

    def test_other_errors_stay_what_they_are(self, store: SqliteStore) -> None:
        for sql in ("SELEC number FROM cases", "SELECT readfile('/etc/passwd')", "SELECT value FROM json_each('[1]')"):
            with pytest.raises(sqlite3.OperationalError):
                reading(store, "cases").db.execute(sql)
