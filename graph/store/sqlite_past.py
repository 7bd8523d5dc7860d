"""Master data and past orders in SQLite. Running totals keep the cost of a look-back the same however many orders there are."""

from __future__ import annotations

import hashlib
import re
import sqlite3
import unicodedata
from collections.abc import Iterable
from decimal import Decimal

from signoff.domain.contract import Contract
from signoff.domain.facts import PastOrder, PastPrice
from signoff.domain.people import Person
from signoff.domain.vendor import Vendor
from signoff.tools.history import Days


def _iso(days: Days) -> tuple[str, str]:
    return days[0].isoformat(), days[1].isoformat()


def key_of(code: str) -> str:
    """An identifier without case and punctuation, as people retype them: `PO-12/7` and `po 127` are the same."""
    return re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", code).upper()) or code


ORDER = {"vendors": "position", "people": "position", "contracts": "contract_id"}
"""The tables of master data, and what puts their rows in order."""


class SqliteMasters:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def replace_vendors(self, vendors: Iterable[Vendor]) -> None:
        """The vendor master as a whole: who is not in the list is no longer a vendor."""
        self._db.execute("DELETE FROM vendors")
        rows = [(v.vendor_id, i, v.model_dump_json()) for i, v in enumerate(vendors)]
        self._db.executemany("INSERT INTO vendors VALUES (?, ?, ?)", rows)
        self.keep("vendors", self._rows("vendors"))

    def replace_people(self, people: Iterable[Person]) -> None:
        self._db.execute("DELETE FROM people")
        rows = [(p.person_id, i, p.model_dump_json()) for i, p in enumerate(people)]
        self._db.executemany("INSERT INTO people VALUES (?, ?, ?)", rows)
        self.keep("people", self._rows("people"))

    def put_contracts(self, contracts: Iterable[Contract]) -> None:
        """Add contracts, replacing those with the same id."""
        rows = [(c.contract_id, c.model_dump_json()) for c in contracts]
        self._db.executemany("INSERT OR REPLACE INTO contracts VALUES (?, ?)", rows)
        self.keep("contracts", self._rows("contracts"))

    def vendors(self) -> list[Vendor]:
        return [Vendor.model_validate_json(r[0]) for r in self._db.execute("SELECT body FROM vendors ORDER BY position")]

    def people(self) -> list[Person]:
        return [Person.model_validate_json(r[0]) for r in self._db.execute("SELECT body FROM people ORDER BY position")]

    def contracts(self) -> list[Contract]:
        return [Contract.model_validate_json(r[0]) for r in self._db.execute("SELECT body FROM contracts ORDER BY contract_id")]

    def contract(self, contract_id: str) -> Contract | None:
        row = self._db.execute("SELECT body FROM contracts WHERE contract_id = ?", (contract_id,)).fetchone()
        return Contract.model_validate_json(row[0]) if row else None

    def keep_policy(self, hash: str, body: str) -> None:
        """Keep every policy that ever decided something, so that its decisions can be derived again."""
        self._db.execute("INSERT OR IGNORE INTO policies VALUES (?, ?)", (hash, body))

    def policy(self, hash: str) -> tuple[str, str] | None:
        """The policy whose hash begins like this: its hash and its body."""
        row = self._db.execute("SELECT hash, body FROM policies WHERE substr(hash, 1, ?) = ?", (len(hash), hash)).fetchone()
        return (row[0], row[1]) if row else None

    def digest(self, kind: str) -> str:
        """SHA-256 over the rows of `vendors`, `people` or `contracts`, so that an import can be bound to its event."""
        return hashlib.sha256(self._rows(kind).encode()).hexdigest()

    def keep(self, kind: str, body: str) -> None:
        """Keep what is decided with, likewise."""
        self._db.execute("INSERT OR IGNORE INTO masters_kept VALUES (?, ?, ?)", (kind, hashlib.sha256(body.encode()).hexdigest(), body))

    def kept(self, kind: str, digest: str) -> str | None:
        """What was kept when its digest began like this; `None` where there is no such, or it was altered."""
        query = "SELECT body FROM masters_kept WHERE kind = ? AND substr(digest, 1, ?) = ?"
        found = self._db.execute(query, (kind, len(digest), digest)).fetchone()
        body = str(found[0]) if found else ""
        return body if hashlib.sha256(body.encode()).hexdigest().startswith(digest) else None

    def _rows(self, kind: str) -> str:
        """The rows, a JSON object a line."""
        return "".join(f"{body}\n" for (body,) in self._db.execute(f"SELECT body FROM {kind} ORDER BY {ORDER[kind]}"))


class SqlitePast:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def register(self, case: int, order: PastOrder, contract_id: str | None) -> None:
        """Count an order from now on: as committed money, and as one that later orders may duplicate."""
        self.release(case)
        self._insert(case, order, contract_id)

    def _insert(self, case: int | None, order: PastOrder, contract_id: str | None) -> None:
        self._db.execute(
            "INSERT INTO orders (case_number, vendor_id, number_key, content, issue_date, requester, cost_center, contract_id, body) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                case, order.vendor_id, key_of(order.order_number or ""), order.content,
                order.issue_date.isoformat() if order.issue_date else None, order.requester, order.cost_center, contract_id,
                order.model_dump_json(),
            ),
        )  # fmt: skip
        self._count(order, contract_id, 1)

    def release(self, case: int) -> None:
        """Stop counting a case's order: it was rejected, set aside, or is being checked again."""
        row = self._db.execute("SELECT body, contract_id FROM orders WHERE case_number = ?", (case,)).fetchone()
        if row:
            self._count(PastOrder.model_validate_json(row[0]), row[1], -1)
            self._db.execute("DELETE FROM orders WHERE case_number = ?", (case,))

    def supersede(self, case: int) -> None:
        """An order that was changed or cancelled commits nothing any more; its number stays known."""
        row = self._db.execute("SELECT body, contract_id FROM orders WHERE case_number = ?", (case,)).fetchone()
        if row:
            order = PastOrder.model_validate_json(row[0])
            self._count(order, row[1], -1)
            bare = order.model_copy(update={"amount": None, "base_amount": None})
            self._db.execute("UPDATE orders SET body = ? WHERE case_number = ?", (bare.model_dump_json(), case))

    def _count(self, order: PastOrder, contract_id: str | None, sign: int) -> None:
        year = order.issue_date.year if order.issue_date else None
        if contract_id and order.amount is not None:
            self._add(f"contract term {contract_id}", sign * order.amount)
            self._add(f"contract {year} {contract_id}", sign * order.amount)
        if order.cost_center and order.base_amount is not None:
            self._add(f"budget {year} {order.cost_center}", sign * order.base_amount)

    def _add(self, scope: str, amount: Decimal) -> None:
        self._db.execute("INSERT OR REPLACE INTO totals VALUES (?, ?)", (scope, str(self._total(scope) + amount)))

    def _total(self, scope: str) -> Decimal:
        row = self._db.execute("SELECT amount FROM totals WHERE scope = ?", (scope,)).fetchone()
        return Decimal(row[0]) if row else Decimal(0)

    def bought(self, case: int | None, vendor_id: str, prices: Iterable[PastPrice]) -> None:
        """Remember what was paid."""
        rows = [(vendor_id, key_of(p.item_id), p.issue_date.isoformat() if p.issue_date else "", case, p.model_dump_json()) for p in prices]
        self._db.executemany("INSERT INTO prices VALUES (?, ?, ?, ?, ?)", rows)

    def same_number(self, vendor_id: str, order_number: str, case: int) -> list[PastOrder]:
        return self._orders("vendor_id = ? AND number_key = ?", case, vendor_id, key_of(order_number))

    def same_content(self, vendor_id: str, content: str, days: Days, case: int) -> list[PastOrder]:
        return self._orders("vendor_id = ? AND content = ? AND issue_date BETWEEN ? AND ?", case, vendor_id, content, *_iso(days))

    def window(self, vendor_id: str, requester: str | None, cost_center: str | None, days: Days, case: int) -> list[PastOrder]:
        """Orders to the vendor in a span of days by the same requester or for the same cost centre."""
        found: dict[str, PastOrder] = {}
        for column, value in (("requester", requester), ("cost_center", cost_center)):
            if value:
                condition = f"vendor_id = ? AND {column} = ? AND issue_date BETWEEN ? AND ?"
                found |= {o.reference: o for o in self._orders(condition, case, vendor_id, value, *_iso(days))}
        return list(found.values())

    def _orders(self, condition: str, case: int, *values: object) -> list[PastOrder]:
        query = f"SELECT body FROM orders WHERE {condition} AND case_number IS NOT ? ORDER BY id LIMIT 100"
        return [PastOrder.model_validate_json(r[0]) for r in self._db.execute(query, (*values, case))]

    def prices(self, vendor_id: str, item_ids: Iterable[str]) -> list[PastPrice]:
        """The last price for each item that was bought before."""
        query = "SELECT body FROM prices WHERE vendor_id = ? AND item_key = ? ORDER BY issue_date DESC, rowid DESC LIMIT 1"
        rows = (self._db.execute(query, (vendor_id, key_of(i))).fetchone() for i in dict.fromkeys(item_ids))
        return [PastPrice.model_validate_json(r[0]) for r in rows if r]

    def contract_spend(self, contract_id: str, year: int | None) -> Decimal:
        """Committed on the contract, in its currency: over its term, or in one year."""
        return self._total(f"contract {'term' if year is None else year} {contract_id}")

    def budget_spend(self, cost_center: str, year: int) -> Decimal:
        """Committed on the cost centre in a year, in base currency."""
        return self._total(f"budget {year} {cost_center}")

    def has_history(self) -> bool:
        """Whether orders from before Signoff were imported."""
        return self._db.execute("SELECT 1 FROM orders WHERE case_number IS NULL LIMIT 1").fetchone() is not None

    def import_history(self, rows: Iterable[tuple[PastOrder, str | None, tuple[PastPrice, ...]]]) -> int:
        """Orders from before Signoff with their contract and prices, in place of those imported earlier; how many."""
        for body, contract_id in self._db.execute("SELECT body, contract_id FROM orders WHERE case_number IS NULL").fetchall():
            self._count(PastOrder.model_validate_json(body), contract_id, -1)
        self._db.execute("DELETE FROM orders WHERE case_number IS NULL")
        self._db.execute("DELETE FROM prices WHERE case_number IS NULL")
        count = 0
        for order, contract_id, prices in rows:
            self._insert(None, order, contract_id)
            self.bought(None, order.vendor_id or "", prices)
            count += 1
        return count
