"""What an agent may read: its areas and nothing else, by SQL, through Python and through its tools. The table in docs/access.md is this."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from office import Office

from signoff.agents.lookups import ContractTools
from signoff.agents.toolbox import Toolbox, granted
from signoff.app.abilities import Abilities
from signoff.domain.errors import BadInput, Refused
from signoff.graph.rights import narrowed
from signoff.graph.services import Services
from signoff.graph.store.rows import Lease
from signoff.graph.store.sqlite_readonly import SEALED, ReadOnlyStore
from signoff.graph.store.sqlite_readonly import granted as pairs
from signoff.tools.access import AREAS, Access, agent, person

ROOT = Path(__file__).parents[2]
TEMPLATE = (ROOT / "app" / "workspace_template" / "access.cedar").read_text(encoding="utf-8")
SECRET = "the fingerprint of a bank account"
"""Stands in the vendor master, which the reader below may not see."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    office = Office(tmp_path_factory.mktemp("office"))
    db = office.store.db
    with office.store.transaction():
        vendors = [v.model_copy(update={"bank_fingerprint": SECRET}) for v in office.services.vendors]
        office.store.masters.replace_vendors(vendors)
        office.store.masters.replace_people(list(office.services.people))
        office.store.masters.put_contracts([c for of_vendor in office.services.contracts.values() for c in of_vendor])
    office.example("xml/4500018001.xml")
    office.example("documents/4500018077.txt")
    for statement in (
        "CREATE VIEW shown AS SELECT body FROM vendors",
        "CREATE TABLE copied (case_number INTEGER, body TEXT)",
        "CREATE TRIGGER copying AFTER UPDATE ON cases BEGIN INSERT INTO copied SELECT 1, body FROM vendors; END",
        "CREATE TABLE derived (body TEXT, name TEXT AS (body ->> '$.name'))",
        "INSERT INTO derived (body) SELECT body FROM vendors",
        "CREATE VIRTUAL TABLE words USING fts5(body)",
        "INSERT INTO words SELECT body FROM vendors",
        "CREATE INDEX by_body ON vendors (body)",
    ):
        db.execute(statement)
    yield office
    office.close()


@pytest.fixture
def seen(office: Office) -> Iterator[ReadOnlyStore]:
    """What the contract agent's tools are handed, without the vendors: cases and contracts."""
    store = office.store.reading(frozenset({"cases", "contracts"}))
    yield store  # type: ignore[misc]
    store.close()


STATEMENTS = {
    "union": "SELECT body FROM contracts UNION ALL SELECT body FROM vendors",
    "except": "SELECT body FROM contracts EXCEPT SELECT body FROM vendors",
    "view": "SELECT body FROM shown",
    "temporary view": "CREATE TEMP VIEW mine AS SELECT body FROM vendors",
    "subquery": "SELECT contract_id FROM contracts WHERE contract_id IN (SELECT vendor_id FROM vendors)",
    "scalar subquery": "SELECT (SELECT body FROM vendors LIMIT 1)",
    "exists": "SELECT EXISTS (SELECT 1 FROM vendors WHERE body LIKE '%fingerprint%')",
    "subquery in order by": "SELECT contract_id FROM contracts ORDER BY (SELECT body FROM vendors LIMIT 1)",
    "join": "SELECT v.body FROM contracts k JOIN vendors v ON 1",
    "natural join": "SELECT * FROM contracts NATURAL JOIN vendors",
    "cte": "WITH v AS (SELECT body FROM vendors) SELECT * FROM v",
    "recursive cte": "WITH RECURSIVE v(b) AS (SELECT body FROM vendors UNION SELECT b FROM v) SELECT * FROM v",
    "count": "SELECT count(*) FROM vendors",
    "rowid": "SELECT rowid FROM vendors",
    "covering index": "SELECT body FROM vendors INDEXED BY by_body",
    "other letters": 'SELECT "BODY" FROM main.[VenDors]',
    "named database": "SELECT body FROM main.vendors",
    "pragma": "PRAGMA table_info(vendors)",
    "pragma as a table": "SELECT * FROM pragma_table_info('vendors')",
    "pragma that lifts a limit": "PRAGMA query_only=OFF",
    "writable schema": "PRAGMA writable_schema=ON",
    "attach": "ATTACH 'signoff.db' AS other",
    "attach by uri": "ATTACH 'file:signoff.db?mode=rw' AS other",
    "vacuum into a file": "VACUUM INTO '/tmp/copy-of-signoff.db'",
    "sqlite_master": "SELECT sql FROM sqlite_master",
    "sqlite_schema": "SELECT sql FROM sqlite_schema",
    "temporary schema": "SELECT * FROM sqlite_temp_master",
    "sequence": "SELECT * FROM sqlite_sequence",
    "statistics": "SELECT * FROM sqlite_stat1",
    "pages": "SELECT data FROM sqlite_dbpage",
    "tables by size": "SELECT name FROM dbstat",
    "statements of others": "SELECT sql FROM sqlite_stmt",
    "json_each": "SELECT j.value FROM vendors, json_each(vendors.body) j",
    "json_tree": "SELECT value FROM json_tree((SELECT body FROM vendors LIMIT 1))",
    "json operator": "SELECT body ->> '$.bank_fingerprint' FROM vendors",
    "full-text table": "SELECT body FROM words WHERE words MATCH 'bank'",
    "full-text shadow": "SELECT c0 FROM words_content",
    "full-text pages": "SELECT block FROM words_data",
    "full-text vocabulary": "CREATE VIRTUAL TABLE temp.v USING fts5vocab(main, words, row)",
    "virtual table of a file": "CREATE VIRTUAL TABLE temp.f USING csv(filename='/etc/passwd')",
    "temporary table": "CREATE TEMP TABLE mine AS SELECT body FROM vendors",
    "temporary trigger": "CREATE TEMP TRIGGER t AFTER INSERT ON cases BEGIN SELECT body FROM vendors; END",
    "trigger that copies": "UPDATE cases SET reason = reason",
    "table that a trigger filled": "SELECT body FROM copied",
    "generated column": "SELECT name FROM derived",
    "column that is not granted": "SELECT body FROM model_calls",
    "generated column of one": "SELECT agent FROM model_calls",
    "readfile": "SELECT readfile('/etc/passwd')",
    "writefile": "SELECT writefile('/tmp/out', (SELECT body FROM vendors))",
    "load_extension": "SELECT load_extension('libc.so.6')",
    "edit": "SELECT edit(contract_id) FROM contracts",
    "tokenizer pointer": "SELECT fts3_tokenizer('simple')",
    "explain": "EXPLAIN SELECT body FROM vendors",
    "query plan": "EXPLAIN QUERY PLAN SELECT body FROM vendors",
    "returning": "UPDATE contracts SET body = body RETURNING (SELECT body FROM vendors)",
    "insert from": "INSERT INTO contracts SELECT vendor_id, body FROM vendors",
    "savepoint": "SAVEPOINT s",
    "rollback": "ROLLBACK",
    "begin": "BEGIN IMMEDIATE",
    "two statements": "SELECT 1; SELECT body FROM vendors",
    "passwords": "SELECT hash FROM passwords",
    "tokens": "SELECT hash FROM tokens",
    "kept master data": "SELECT body FROM masters_kept",
    "kept policies": "SELECT body FROM policies",
    "chats of people": "SELECT body FROM conversations",
    "tools' answers": "SELECT body FROM tool_calls",
}


@pytest.mark.parametrize("way", STATEMENTS)
def test_no_statement_reads_past_the_areas(seen: ReadOnlyStore, way: str) -> None:
    with pytest.raises((Refused, sqlite3.Error)) as refused:
        seen.db.execute(STATEMENTS[way]).fetchall()
    assert SECRET not in str(refused.value)
    assert seen.cases.get(1) is not None, "the store is as it was"
    assert not Path("/tmp/copy-of-signoff.db").exists()


def test_every_table_and_column_that_is_not_granted_is_denied(office: Office) -> None:
    """Also those that nobody thought of: a migration that adds a table adds no right."""
    every = pairs(frozenset(AREAS))
    reader = office.store.reading(frozenset(AREAS))
    tables = [name for (name,) in office.store.db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    assert {"passwords", "tokens", "masters_kept", "words_data"} <= set(tables)
    denied = 0
    for table in tables:
        for column in (row[1] for row in office.store.db.execute(f"PRAGMA table_xinfo({table})")):
            if (table.lower(), column.lower()) not in every:
                denied += 1
                with pytest.raises((Refused, sqlite3.Error)):
                    reader.db.execute(f'SELECT "{column}" FROM "{table}"').fetchall()  # type: ignore[attr-defined]
    assert denied > 50
    reader.close()


class TestPython:
    """What code of ours that is handed the connection could do past its authorizer, by a slip."""

    @pytest.mark.parametrize("name", SEALED)
    def test_a_connection_makes_statements_and_does_nothing_else(self, seen: ReadOnlyStore, name: str) -> None:
        arguments: dict[str, tuple[Any, ...]] = {
            "backup": (sqlite3.connect(":memory:"),), "blobopen": ("vendors", "body", 1), "set_authorizer": (None,), "iterdump": (),
            "serialize": (), "enable_load_extension": (True,), "executescript": ("SELECT 1;",),
        }  # fmt: skip
        with pytest.raises(Refused):
            getattr(seen.db, name)(*arguments.get(name, ("x",)))

    def test_nothing_that_sqlite_offers_was_forgotten(self) -> None:
        harmless = {
            "close", "commit", "cursor", "execute", "getlimit", "interrupt", "isolation_level", "in_transaction", "rollback", "row_factory",
            "text_factory", "total_changes", "set_trace_callback",
        }  # fmt: skip
        offered = {name for name in dir(sqlite3.Connection) if not name.startswith("_") and not name.endswith(("Error", "Warning"))}
        assert offered - harmless - {"autocommit", "getconfig"} <= set(SEALED)

    def test_a_second_connection_is_one_with_the_same_rights(self, seen: ReadOnlyStore) -> None:
        with pytest.raises(Refused, match="Access denied"):
            seen.reading(frozenset(AREAS)).masters.vendors()

    def test_a_plain_cursor_is_none_without_limits(self, seen: ReadOnlyStore) -> None:
        assert type(seen.db.cursor(sqlite3.Cursor)) is type(seen.db.execute("SELECT 1"))
        with pytest.raises(Refused):
            seen.db.cursor().executescript("SELECT body FROM vendors")

    def test_a_statement_that_was_prepared_before_is_asked_for_again(self, office: Office) -> None:
        """Python keeps prepared statements by connection: one that a wider reader made is no way in for a narrower one."""
        sql = "SELECT body FROM vendors"
        wide, narrow = (office.store.reading(frozenset(areas)) for areas in ({"vendors", "cases"}, {"cases"}))
        assert SECRET in str(wide.db.execute(sql).fetchall())  # type: ignore[attr-defined]
        for _ in range(3):
            with pytest.raises(Refused):
                narrow.db.execute(sql)  # type: ignore[attr-defined]
        wide.close()
        narrow.close()


def services_of(office: Office, *areas: str) -> Any:
    return narrowed(office.services, frozenset(areas))


REACHES: dict[str, Callable[[Services], object]] = {
    "vendors in memory": lambda s: s.vendors.get("V-1001") or list(s.vendors),
    "people in memory": lambda s: list(s.people),
    "contracts in memory": lambda s: s.contracts,
    "rules of the policy in memory": lambda s: s.policy.approvals or s.policy.budgets,
    "agents, and the model's key with them": lambda s: s.crew,
}


@pytest.mark.parametrize("what", REACHES)
def test_what_lies_in_memory_is_narrowed_too(office: Office, what: str) -> None:
    with services_of(office, "cases") as services:
        assert not REACHES[what](services)


FORBIDDEN: dict[str, Callable[[Services], object]] = {
    "originals": lambda s: s.archive.get("0" * 64),
    "an original by its path": lambda s: s.archive.get("../signoff.db"),
    "the ERP": lambda s: s.erp.find("C00001.0"),
    "vendors in the store": lambda s: s.store.masters.vendors(),
    "people in the store": lambda s: s.store.masters.people(),
    "a contract": lambda s: s.store.masters.contract("K-2025-014"),
    "every policy": lambda s: s.store.masters.policy(""),
    "rights as they were": lambda s: s.store.masters.kept("access", ""),
    "what was paid": lambda s: s.store.past.prices("V-1001", ["A"]),
    "what was said to models": lambda s: list(s.store.calls.raw()),
    "a chat of somebody's": lambda s: s.store.calls.said("E-021"),
    "a password": lambda s: s.store.credentials.password("E-021"),
    "tokens": lambda s: s.store.credentials.tokens(),
    "layouts learned": lambda s: s.store.layouts.all(),
    "a transaction": lambda s: s.store.transaction(),
    "the next job": lambda s: s.store.jobs.claim(Lease("agent", 0, 1)),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_what_services_reach_is_refused(office: Office, what: str) -> None:
    with services_of(office, "cases") as services, pytest.raises(Refused):
        FORBIDDEN[what](services)


def used(office: Office, who: str, name: str, **arguments: object) -> tuple[str, str]:
    """An agent asks for a tool, with arguments as a model sends them."""
    access = Access(TEMPLATE)
    with narrowed(office.services, access.readable(agent(who))) as services:
        toolbox = Toolbox([ContractTools(services.store.masters, "V-1002").search_clauses], granted(access, agent(who)))
        result = asyncio.run(toolbox.use(name, json.dumps(arguments)))
    return result.outcome, result.text


@pytest.mark.parametrize(
    "contract",
    ["K-2025-011", "../../signoff.db", "/etc/passwd", "K-2025-014' OR 1=1 --", "k-2025-014 UNION SELECT body FROM vendors", "%", ""],
)
def test_the_contract_agent_looks_into_no_contract_but_the_vendors(office: Office, contract: str) -> None:
    assert used(office, "contract_check", "search_clauses", query="price", contract_id=contract)[0] == "error"
    assert used(office, "contract_check", "search_clauses", query="price", contract_id="K-2025-014")[0] == "ok"


@pytest.mark.parametrize("who", ["extraction", "routing", "assistant", "terms", "signoff", "E-020"])
def test_no_other_agent_looks_into_contracts(office: Office, who: str) -> None:
    assert used(office, who, "search_clauses", query="price", contract_id="K-2025-014") == ("denied", "You may not use search_clauses.")


@pytest.mark.parametrize("name", ["case", "vendors", "execute", "__class__", "use", "_contracts", "search_clauses.__globals__"])
def test_there_are_no_tools_but_those_that_were_made(office: Office, name: str) -> None:
    outcome, text = used(office, "contract_check", name, case="C00002")
    assert outcome == "error"
    assert "There is no tool" in text


@pytest.mark.parametrize("case", ["../../etc/passwd", "C00001; DROP TABLE cases", "1 OR 1=1", "C0000１0000000000000000", "-1", "*"])
def test_a_case_is_a_number_and_no_path(office: Office, case: str) -> None:
    buyer = office.services.people.with_role("buyer")[0]
    access = Access(TEMPLATE)

    async def never(*_: object) -> Any:
        raise AssertionError

    with narrowed(office.services, access.readable(person(buyer))) as services:
        abilities = Abilities(access, services, buyer, never, lambda *_: "", never)
        with pytest.raises(BadInput):
            abilities.case(case)


def test_a_visitor_sees_nothing_in_the_chat(office: Office) -> None:
    """Somebody without a role is offered no command that reads, and the store refuses them besides."""
    visitor = next(p for p in office.services.people if p.roles == ("requester",))
    access = Access(TEMPLATE)

    async def never(*_: object) -> Any:
        raise AssertionError

    with narrowed(office.services, access.readable(person(visitor))) as services:
        abilities = Abilities(access, services, visitor, never, lambda *_: "", never)
        reading = [f for f in abilities.all if f.__name__ in ("waiting", "cases", "vendors", "contracts", "policy", "spend")]
        assert len(reading) == 6
        assert not any(granted(access, person(visitor))(_tool(f)) for f in reading)
        with pytest.raises(Refused):
            abilities.cases()


def _tool(function: Callable[..., Any]) -> Any:
    from signoff.agents.toolbox import Tool

    return Tool(function)


def test_the_handbook_names_every_way() -> None:
    text = (ROOT / "docs" / "access.md").read_text(encoding="utf-8").split("## Tried, and denied")[1]
    for way in (*STATEMENTS, *SEALED, *FORBIDDEN, *REACHES):
        assert way in text, f"docs/access.md does not name {way!r}"
