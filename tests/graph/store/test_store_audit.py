"""What every store promises of its events, the outbox, the master data, and of itself when it is opened again."""

from __future__ import annotations

import datetime as dt
import sqlite3
from decimal import Decimal
from pathlib import Path

import pytest
from stores import KEY, NOW, Opener, add_case

from signoff.domain.contract import Contract, PriceLine
from signoff.domain.people import Person
from signoff.domain.vendor import Vendor
from signoff.graph.audit import verify
from signoff.graph.store.chain import GENESIS, canonical, mac, merkle_head
from signoff.graph.store.migrations import SCRIPTS, SET
from signoff.graph.store.port import Store
from signoff.graph.store.rows import Outbox
from signoff.graph.store.sqlite import SqliteStore


def append(store: Store, *types: str) -> list[int]:
    with store.transaction():
        return [store.events.append(t, "signoff", {"b": 1, "a": "ä"}, NOW) for t in types]


def test_events_are_a_chain_that_goes_on_when_the_store_is_opened_again(store: Store, opener: Opener) -> None:
    assert append(store, "one", "two") == [1, 2]
    assert append(opener(), "three") == [3]
    assert append(store, "four") == [4]
    found = list(store.events.all())
    assert [(e.type, e.actor, e.body, e.at, e.case) for e in found[:1]] == [("one", "signoff", {"a": "ä", "b": 1}, NOW.isoformat(), None)]
    assert [e.prev for e in found] == [GENESIS, *(e.mac for e in found[:-1])]
    assert [store.events.mac_of(raw, raw[6]) for raw in store.events.raw()] == [e.mac for e in found]
    assert store.events.last_seq() == 4
    assert verify(store).fault is None


def test_events_of_a_case_are_its_own(store: Store) -> None:
    number = add_case(store)
    append(store, "one")
    with store.transaction():
        store.events.append("two", "E-1", {}, NOW, number)
    assert [e.type for e in store.events.of_case(number)] == ["two"]


def test_a_mac_covers_every_part_of_a_record_and_the_one_before() -> None:
    record = (1, None, NOW.isoformat(), "one", "signoff", "{}")
    changed = [(*record[:i], "other", *record[i + 1 :]) for i in range(len(record))]
    macs = {mac(KEY, GENESIS, r) for r in [record, *changed]} | {mac(b"another key", GENESIS, record), mac(KEY, "1" * 64, record)}
    assert len(macs) == len(record) + 3


def test_equal_values_have_equal_bytes() -> None:
    assert canonical({"b": [1], "a": "ä"}) == canonical({"a": "ä", "b": [1]}) == '{"a":"ä","b":[1]}'


def test_the_merkle_head_is_that_of_rfc_9162() -> None:
    """The heads over 0, 1, 2, 3, 5 and 8 leaves, from the test vectors of the Certificate Transparency reference code."""
    hexes = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    leaves = [bytes.fromhex(h) for h in hexes]
    assert {n: merkle_head(leaves[:n]) for n in (0, 1, 2, 3, 5, 8)} == {
        0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    }


def test_a_posting_is_requested_once_and_completed(store: Store) -> None:
    number = add_case(store)
    with store.transaction():
        store.postings.request("k", number, "create", "built-in")
        store.postings.request("k", number, "cancel", "other")
    pending = Outbox("k", number, "create", "built-in", None, "pending")
    assert store.postings.get("k") == store.postings.of_case(number) == pending
    with store.transaction():
        store.postings.complete("k", "PO-000001")
        store.postings.request("k", number, "create", "built-in")
        store.postings.request("later", number, "amend", "built-in")
    assert store.postings.get("k") == Outbox("k", number, "create", "built-in", "PO-000001", "done")
    assert store.postings.of_case(number) == store.postings.get("later")
    assert store.postings.get("unknown") is None


def test_masters_come_back_as_they_were_imported(store: Store, opener: Opener) -> None:
    vendors = [Vendor(vendor_id="V-2", name="Zeta"), Vendor(vendor_id="V-1", name="Alpha", aliases=("A",), currency="EUR")]
    people = [Person(person_id="E-9", name="Nine", limit=Decimal("10.50")), Person(person_id="E-1", name="One", roles=("buyer",))]
    price = PriceLine(supplier_item_id="A-1", unit="EA", price=Decimal("1.2500"), units={"BX": Decimal(100)})
    old = Contract(contract_id="K-1", vendor_id="V-1", starts=dt.date(2026, 1, 1), currency="EUR")
    contract = old.model_copy(update={"prices": (price,)})
    with store.transaction():
        store.masters.replace_vendors([Vendor(vendor_id="V-3", name="Gone"), vendors[1]])
        store.masters.replace_vendors(vendors)
        store.masters.replace_people(people[:1])
        store.masters.replace_people(people)
        store.masters.put_contracts([old, old.model_copy(update={"contract_id": "K-2"})])
        store.masters.put_contracts([contract])
        store.masters.keep_policy("hash", "body")
        store.masters.keep_policy("hash", "body")
    masters = opener().masters
    assert (masters.vendors(), masters.people()) == (vendors, people)
    assert masters.contracts() == [contract, old.model_copy(update={"contract_id": "K-2"})]
    assert str(masters.people()[0].limit) == "10.50"


@pytest.mark.parametrize("statement", ["UPDATE events SET actor = 'E-1'", "DELETE FROM events"])
def test_sqlite_itself_refuses_to_change_an_event(tmp_path: Path, statement: str) -> None:
    store = SqliteStore(tmp_path / "signoff.db", KEY)
    append(store, "one")
    with sqlite3.connect(tmp_path / "signoff.db") as db, pytest.raises(sqlite3.IntegrityError, match="events are never"):
        db.execute(statement)
    assert [e.actor for e in store.events.all()] == ["signoff"]
    store.close()


def test_sqlite_migrations_are_numbered_recorded_and_run_once(tmp_path: Path) -> None:
    path = tmp_path / "signoff.db"
    first = SqliteStore(path, KEY)
    number = add_case(first)
    recorded = "SELECT name, applied_at FROM _sqlite_migrations WHERE migration_set = ? ORDER BY rowid"
    applied = first.db.execute(recorded, (SET,)).fetchall()
    assert [name for name, _ in applied] == list(SCRIPTS)
    assert [name[:5] for name in SCRIPTS] == [f"m{i:04d}" for i in range(1, len(SCRIPTS) + 1)]
    first.db.execute("DELETE FROM _sqlite_migrations WHERE name = ?", ("m0002_layouts",))
    first.db.execute("DROP TABLE layouts")
    first.close()
    again = SqliteStore(path, KEY)
    assert again.cases.get(number) is not None
    assert again.layouts.all() == []
    kept = [row for row in again.db.execute(recorded, (SET,)) if row[0] != "m0002_layouts"]
    assert kept == [row for row in applied if row[0] != "m0002_layouts"]
    again.close()


def test_sqlite_writes_a_decision_through_to_the_disk(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "signoff.db", KEY)
    levels = []
    for durable in (True, False):
        with store.transaction(durable):
            levels.append(store.db.execute("PRAGMA synchronous").fetchone()[0])
    assert levels == [2, 1]
    store.close()
