"""The built-in ERP: purchase orders in an SQLite file of their own, for companies without one and for trying Signoff out.

Every call is one durable transaction (WAL, synchronous=FULL). Quantities and amounts are exact decimals kept as text.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from signoff.domain.errors import BadInput, Refused, Unavailable
from signoff.domain.order import OrderLine, line_amount
from signoff.domain.record import Record
from signoff.domain.stages import ApprovedOrder
from signoff.tools.erp.protocol import CANCELLED, DRAFT, Attachment, Posting, content, total
from signoff.tools.sqlite_file import has, made_once

if TYPE_CHECKING:
    from signoff.tools.erp.configured import Place

SCHEMA = """
CREATE TABLE IF NOT EXISTS purchase_orders (
  id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, content TEXT NOT NULL, reference TEXT, vendor_id TEXT NOT NULL,
  currency TEXT, issue_date TEXT, requested_delivery_date TEXT, payment_terms TEXT, delivery_terms TEXT, cost_center TEXT,
  requester TEXT, line_total TEXT, payable_amount TEXT, status TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS purchase_orders_reference ON purchase_orders (reference);
CREATE TABLE IF NOT EXISTS purchase_order_lines (
  order_id INTEGER NOT NULL REFERENCES purchase_orders, line INTEGER NOT NULL, item_id TEXT, description TEXT, quantity TEXT,
  unit TEXT, unit_price TEXT, price_base_quantity TEXT, amount TEXT, PRIMARY KEY (order_id, line)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS revisions (key TEXT PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES purchase_orders, content TEXT NOT NULL);
"""


class SqliteERP:
    """`path` is the ERP's own file, created when missing."""

    name = "built-in"
    remote = False

    def __init__(self, path: Path) -> None:
        try:
            self._db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
            with made_once(path, self._db, has("revisions")):
                self._db.execute("PRAGMA journal_mode=WAL")
                self._db.executescript(SCHEMA)
            self._db.execute("PRAGMA synchronous=FULL")
        except (sqlite3.DatabaseError, OSError) as error:
            raise BadInput(f"The built-in ERP {path} cannot be opened ({error}); mend its rights, or restore it from a backup.") from error

    def find(self, key: str) -> Posting | None:
        by_revision = self._db.execute("SELECT order_id FROM revisions WHERE key = ?", (key,)).fetchone()
        column, value = ("id", by_revision[0]) if by_revision else ("key", key)
        return self._posting(column, value, key)

    def create(self, order: ApprovedOrder, key: str, paper: Attachment | None = None) -> Posting:
        """The paper stays in the archive, which stands beside this file."""
        digest = content(order)
        with self._transaction():
            known = self._db.execute("SELECT content FROM purchase_orders WHERE key = ?", (key,)).fetchone()
            if known and known[0] != digest:
                raise Refused(f"The posting key {key} was used before for another content.")
            if not known:
                self._insert(order, key, digest)
        return self._must("key", key, key)

    def confirm(self, posting: Posting) -> Posting:
        number = self._number(posting.erp_id)
        with self._transaction():
            self._db.execute("UPDATE purchase_orders SET status = 'confirmed' WHERE id = ? AND status = ?", (number, DRAFT))
        return self._must("id", number, posting.key)

    def amend(self, erp_id: str, order: ApprovedOrder, key: str) -> Posting:
        number = self._number(erp_id)
        with self._transaction():
            if self._revise(number, key, content(order)):
                if self._db.execute("SELECT status FROM purchase_orders WHERE id = ?", (number,)).fetchone()[0] == CANCELLED:
                    raise Refused(f"The purchase order PO-{number:06d} was cancelled and cannot be changed.")
                o = order.order
                self._db.execute(
                    "UPDATE purchase_orders SET currency = ?, requested_delivery_date = ?, line_total = ?, payable_amount = ?, "
                    "status = 'amended' WHERE id = ?",
                    (o.currency, _text(o.requested_delivery_date), _text(total(order)), _text(o.payable_amount), number),
                )
                self._db.execute("DELETE FROM purchase_order_lines WHERE order_id = ?", (number,))
                self._insert_lines(number, o.lines)
        return self._must("id", number, key)

    def cancel(self, erp_id: str, key: str) -> Posting:
        number = self._number(erp_id)
        with self._transaction():
            if self._revise(number, key, "cancelled"):
                self._db.execute("UPDATE purchase_orders SET status = ? WHERE id = ?", (CANCELLED, number))
        return self._must("id", number, key)

    def _revise(self, number: int, key: str, digest: str) -> bool:
        known = self._db.execute("SELECT content FROM revisions WHERE key = ?", (key,)).fetchone()
        if known and known[0] != digest:
            raise Refused(f"The posting key {key} was used before for another content.")
        if not known:
            self._db.execute("INSERT INTO revisions VALUES (?, ?, ?)", (key, number, digest))
        return not known

    def _number(self, erp_id: str) -> int:
        row = self._db.execute("SELECT id FROM purchase_orders WHERE id = ?", (erp_id.removeprefix("PO-"),)).fetchone()
        if not row:
            raise Refused(f"The ERP has no purchase order {erp_id}.")
        return int(row[0])

    def _insert(self, order: ApprovedOrder, key: str, digest: str) -> None:
        o = order.order
        values = (
            key, digest, o.order_number, order.routed.checked.check.match.vendor_id or "", o.currency, _text(o.issue_date),
            _text(o.requested_delivery_date), o.payment_terms, o.delivery_terms, o.cost_center, order.routed.requester,
            _text(total(order)), _text(o.payable_amount), DRAFT,
        )  # fmt: skip
        cursor = self._db.execute(
            "INSERT INTO purchase_orders (key, content, reference, vendor_id, currency, issue_date, requested_delivery_date, "
            "payment_terms, delivery_terms, cost_center, requester, line_total, payable_amount, status) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        )
        self._insert_lines(int(cursor.lastrowid or 0), o.lines)

    def _insert_lines(self, number: int, lines: tuple[OrderLine, ...]) -> None:
        self._db.executemany(
            "INSERT INTO purchase_order_lines VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    number, i, next(iter(line.item_ids), None), line.description, _text(line.quantity), line.unit,
                    _text(line.unit_price), _text(line.price_base_quantity), _text(line_amount(line)),
                )
                for i, line in enumerate(lines, 1)
            ],
        )  # fmt: skip

    def _must(self, column: str, value: object, key: str) -> Posting:
        posting = self._posting(column, value, key)
        if posting is None:
            raise Unavailable("The built-in ERP lost a purchase order that it had just written; try again.")
        return posting

    def _posting(self, column: str, value: object, key: str) -> Posting | None:
        """Read back from the lines themselves, so that a comparison tests what was stored."""
        head = self._db.execute(
            f"SELECT id, reference, vendor_id, currency, status FROM purchase_orders WHERE {column} = ?", (value,)
        ).fetchone()
        if not head:
            return None
        amounts = [r[0] for r in self._db.execute("SELECT amount FROM purchase_order_lines WHERE order_id = ?", (head[0],))]
        total = None if None in amounts else sum(map(Decimal, amounts), Decimal(0))
        return Posting(
            erp_id=f"PO-{head[0]:06d}", key=key, reference=head[1], vendor_id=head[2], currency=head[3],
            line_total=total, lines=len(amounts), status=head[4],
        )  # fmt: skip

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")
        except sqlite3.OperationalError as error:
            self._rollback()
            raise Unavailable(f"The built-in ERP cannot be written now ({error}); try again.") from error
        except BaseException:
            self._rollback()
            raise

    def _rollback(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def close(self) -> None:
        self._db.close()


class Settings(Record):
    """It has nothing to set."""


def open_erp(settings: Settings, place: Place) -> SqliteERP:
    """The ERP in `erp.db` of the workspace."""
    return SqliteERP(place.root / "erp.db")


def _text(value: object) -> str | None:
    return None if value is None else str(value)
