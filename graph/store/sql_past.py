"""Past orders in SQL. Running totals keep the cost of a look-back the same however many orders there are.

What an order commits stands in `commitments`, one row a scope: a contract's term or year, a cost centre's year, a blanket order, an item
of one of these. `totals` holds the sum of each scope at any time. A change counts by its difference, as long as it waits: it takes over,
with a minus, what the order commits that it is about.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from signoff.domain.checks.likeness import likeness, line_key, telling
from signoff.domain.facts import Drawn, PastLine, PastOrder, PastPrice
from signoff.graph.store.sql import Connection, insert, replacing
from signoff.tools.history import Asker, Days, OrderNumber

PAID = "INSERT INTO prices (vendor_id, item_key, issue_date, case_number, body) VALUES (?, ?, ?, ?, ?)"
MOST = 200
"""Orders of one kind that a check looks at: the latest."""
MOST_ALIKE = 20
"""Orders that are compared line by line: those that share most."""

COUNTS, OUT, SUPERSEDED, CANCELS = "counts", "out", "superseded", "cancels"
"""How a registered order stands: it counts; it failed and is out until it is taken up again; another took its place; it takes one away."""

Scope = tuple[str, Decimal]


def key_of(code: str) -> str:
    """An identifier without case and punctuation, as people retype them: `PO-12/7` and `po 127` are the same."""
    return re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", code).upper()) or code


def _number_key(number: str | None, release: str | None) -> str:
    """Releases under one number are orders of their own."""
    return key_of(number or "") + (f"/{key_of(release)}" if release else "")


def _iso(days: Days) -> tuple[str, str]:
    return days[0].isoformat(), days[1].isoformat()


class SqlPast:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def register(self, case: int, order: PastOrder, contract_id: str | None) -> None:
        """Count an order from now on: as committed money, and as one that later orders may duplicate."""
        self.release(case)
        self._book(self._committing(self._insert(case, order, contract_id), order, contract_id))

    def _insert(self, case: int | None, order: PastOrder, contract_id: str | None) -> int:
        day = order.issue_date.isoformat() if order.issue_date else None
        number = insert(
            self._db, "orders", id=0, case_number=case, vendor_id=order.vendor_id,
            number_key=_number_key(order.order_number, order.release_number),
            about_key=_number_key(order.about, order.release_number) if order.about else None, content=order.content, issue_date=day,
            requester=order.requester, cost_center=order.cost_center, contract_id=contract_id,
            standing=CANCELS if order.cancels else COUNTS, body=order.model_dump_json(exclude={"lines"}),
        )  # fmt: skip
        rows = [(number, i, order.vendor_id, line_key(line), day, _body(line)) for i, line in enumerate(order.lines)]
        self._db.executemany("INSERT INTO order_lines VALUES (?, ?, ?, ?, ?, ?)", rows)
        return number

    def release(self, case: int) -> None:
        """Stop counting a case's order: it was rejected, set aside, or is being checked again."""
        number = self._row_of(case)
        if number is not None:
            self._withdraw([number])
            self._db.execute("DELETE FROM order_lines WHERE order_id = ?", (number,))
            self._db.execute("DELETE FROM orders WHERE id = ?", (number,))

    def suspend(self, case: int) -> None:
        """Stop counting the order of a case that failed, until it is taken up again."""
        number = self._row_of(case)
        if number is not None:
            self._withdraw([number])
            self._stand(OUT, [number])

    def resume(self, case: int) -> None:
        """Count the order of a failed case again."""
        row = self._db.execute("SELECT id, contract_id, body FROM orders WHERE case_number = ? AND standing = ?", (case, OUT)).fetchone()
        if row:
            order = self._whole(row[0], row[2])
            self._stand(CANCELS if order.cancels else COUNTS, [row[0]])
            self._book(self._committing(row[0], order, row[1]))

    def supersede(self, case: int, by: int) -> None:
        """An order that was changed or cancelled commits nothing any more, nor do its earlier versions; its number stays known."""
        versions = (
            "SELECT o.id FROM orders o LEFT JOIN cases c ON c.number = o.case_number, orders known WHERE known.case_number = ? AND "
            "o.vendor_id = known.vendor_id AND coalesce(known.about_key, known.number_key) IN (o.number_key, o.about_key) AND "
            f"o.standing = ? AND o.case_number IS NOT ? AND {APPROVED}"
        )
        ids = [i for (i,) in self._db.execute(versions, (case, COUNTS, by))]
        self._withdraw(ids)
        self._stand(SUPERSEDED, ids)

    def _row_of(self, case: int) -> int | None:
        row = self._db.execute("SELECT id FROM orders WHERE case_number = ?", (case,)).fetchone()
        return row[0] if row else None

    def _stand(self, standing: str, ids: Iterable[int]) -> None:
        self._db.executemany("UPDATE orders SET standing = ? WHERE id = ?", [(standing, i) for i in ids])

    def _committing(self, number: int, order: PastOrder, contract_id: str | None) -> list[Scope]:
        """Write down what an order commits; for a change, also what the order commits no longer that it is about."""
        own = list(_scopes(order, contract_id))
        rows = [(number, number, scope, str(amount)) for scope, amount in own]
        original = self._version(OrderNumber(order.vendor_id or "", order.about, order.release_number), number) if order.about else None
        taken: list[Scope] = []
        if original is not None and not order.cancels:
            taken = [(scope, -amount) for scope, amount in self._commitments("order_id = ? AND of_order = order_id", original)]
            rows += [(number, original, scope, str(amount)) for scope, amount in taken]
        self._db.executemany("INSERT INTO commitments VALUES (?, ?, ?, ?)", rows)
        return own + taken

    def _commitments(self, condition: str, *values: object) -> list[Scope]:
        rows = self._db.execute(f"SELECT scope, amount FROM commitments WHERE {condition}", values)
        return [(scope, Decimal(amount)) for scope, amount in rows]

    def _withdraw(self, ids: Iterable[int]) -> None:
        """Take back what orders commit, and what others took over from them."""
        for number in ids:
            mine = self._commitments("order_id = ? OR of_order = ?", number, number)
            self._book((scope, -amount) for scope, amount in mine)
            self._db.execute("DELETE FROM commitments WHERE order_id = ? OR of_order = ?", (number, number))

    def _book(self, amounts: Iterable[Scope]) -> None:
        """Add to the totals."""
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for scope, amount in amounts:
            sums[scope] += amount
        rows = [(scope, str(self._total(scope) + amount)) for scope, amount in sums.items()]
        self._db.executemany(replacing("totals", ("scope", "amount")), rows)

    def _total(self, scope: str) -> Decimal:
        row = self._db.execute("SELECT amount FROM totals WHERE scope = ?", (scope,)).fetchone()
        return Decimal(row[0]) if row else Decimal(0)

    def bought(self, case: int | None, vendor_id: str, prices: Iterable[PastPrice]) -> None:
        """Remember what was paid."""
        rows = [(vendor_id, key_of(p.item_id), p.issue_date.isoformat() if p.issue_date else "", case, p.model_dump_json()) for p in prices]
        self._db.executemany(PAID, rows)

    def same_number(self, number: OrderNumber, case: int) -> list[PastOrder]:
        """Every order with the number, the first one first; of very many the latest."""
        known = _number_key(number.order, number.release)
        query = "vendor_id = ? AND number_key = ? AND standing != ?"
        return list(self._orders(query, "id", case, number.vendor_id, known, OUT).values())

    def window(self, asker: Asker, days: Days, case: int) -> list[PastOrder]:
        """Orders in a span of days that share two of vendor, requester and cost centre, or its category in place of the vendor."""
        vendor, who, where = asker.vendor_id, asker.requester, asker.cost_center
        pairs = (("vendor_id", "requester", vendor, who), ("vendor_id", "cost_center", vendor, where))
        found: dict[int, PastOrder] = {}
        for one, other, first, second in (*pairs, ("requester", "cost_center", who, where)):
            if first and second:
                condition = f"{one} = ? AND {other} = ? AND issue_date BETWEEN ? AND ? AND standing = ?"
                found |= self._orders(condition, "issue_date", case, first, second, *_iso(days), COUNTS)
        near = {i: o for i, o in sorted(found.items()) if o.vendor_id == vendor or (asker.category and o.category == asker.category)}
        return list(near.values())

    def _orders(self, condition: str, latest: str, case: int, *values: object) -> dict[int, PastOrder]:
        """The latest orders, without the case that asks, by row."""
        query = f"SELECT id, body FROM orders WHERE {condition} AND case_number IS NOT ? ORDER BY {latest} DESC, id DESC LIMIT {MOST}"
        rows = sorted(self._db.execute(query, (*values, case)))
        return {number: PastOrder.model_validate_json(body) for number, body in rows}

    def alike(self, vendor_id: str, lines: Sequence[PastLine], least: Decimal, days: Days, case: int) -> list[PastOrder]:
        """Orders to the vendor in a span of days that are at least so much alike, in percent, the most alike first."""
        query = (
            "SELECT order_id FROM order_lines WHERE vendor_id = ? AND line_key = ? AND issue_date BETWEEN ? AND ? "
            f"ORDER BY issue_date DESC LIMIT {MOST}"
        )
        keys = telling(lines, least)
        shared = Counter(i for key in keys for (i,) in self._db.execute(query, (vendor_id, key, *_iso(days))))
        nearest = sorted(shared, key=lambda number: (-shared[number], -number))
        found = [o for number in nearest[:MOST_ALIKE] if (o := self._compared(number, lines, case)) and (o.likeness or 0) >= least]
        return sorted(found, key=lambda o: -(o.likeness or 0))

    def _compared(self, number: int, lines: Sequence[PastLine], case: int) -> PastOrder | None:
        query = "SELECT body FROM orders WHERE id = ? AND standing = ? AND case_number IS NOT ?"
        row = self._db.execute(query, (number, COUNTS, case)).fetchone()
        if row is None:
            return None
        return PastOrder.model_validate_json(row[0]).model_copy(update={"likeness": likeness(lines, self._lines(number))})

    def original(self, number: OrderNumber, case: int) -> PastOrder | None:
        """The approved version of an order that counts now, with its lines; the latest that waits where none is approved."""
        row = self._version(number, self._row_of(case))
        if row is None:
            return None
        query = f"SELECT o.body, {APPROVED} FROM orders o LEFT JOIN cases c ON c.number = o.case_number WHERE o.id = ?"
        body, approved = self._db.execute(query, (row,)).fetchone()
        return self._whole(row, body).model_copy(update={"approved": bool(approved)})

    def _version(self, number: OrderNumber, but: int | None) -> int | None:
        known = _number_key(number.order, number.release)
        query = (
            "SELECT o.id FROM orders o LEFT JOIN cases c ON c.number = o.case_number WHERE o.vendor_id = ? AND "
            f"(o.number_key = ? OR o.about_key = ?) AND o.standing = ? AND o.id IS NOT ? ORDER BY {APPROVED} DESC, o.id DESC LIMIT 1"
        )
        row = self._db.execute(query, (number.vendor_id, known, known, COUNTS, but)).fetchone()
        return row[0] if row else None

    def blanket(self, number: OrderNumber, case: int) -> PastOrder | None:
        """The order that releases under its number draw on."""
        return self.original(number._replace(release=None), case)

    def _whole(self, number: int, body: str) -> PastOrder:
        return PastOrder.model_validate_json(body).model_copy(update={"lines": self._lines(number)})

    def _lines(self, number: int) -> tuple[PastLine, ...]:
        rows = self._db.execute("SELECT body FROM order_lines WHERE order_id = ? ORDER BY position", (number,))
        return tuple(PastLine.model_validate_json(body) for (body,) in rows)

    def prices(self, vendor_id: str, item_ids: Iterable[str]) -> list[PastPrice]:
        """The last price for each item that was bought before."""
        query = "SELECT body FROM prices WHERE vendor_id = ? AND item_key = ? ORDER BY issue_date DESC, rowid DESC LIMIT 1"
        rows = (self._db.execute(query, (vendor_id, key_of(i))).fetchone() for i in dict.fromkeys(item_ids))
        return [PastPrice.model_validate_json(r[0]) for r in rows if r]

    def contract_spend(self, contract_id: str, year: int | None) -> Decimal:
        """Committed on the contract, in its currency: over its term, or in one year."""
        return self._total(f"contract {'term' if year is None else year} {contract_id}")

    def blanket_spend(self, owner: str) -> Decimal:
        """Released under a blanket order so far, in its currency."""
        return self._total(owner)

    def budget_spend(self, cost_center: str, year: int) -> Decimal:
        """Committed on the cost centre in a year, in base currency."""
        return self._total(f"budget {year} {cost_center}")

    def drawn(self, owner: str, items: Iterable[str], year: int) -> list[Drawn]:
        """How much was taken of each item, over the term and in the year."""
        return [
            Drawn(owner=owner, item=i, term=self._total(_item_scope("term", owner, i)), year=self._total(_item_scope(year, owner, i)))
            for i in items
        ]

    def has_history(self) -> bool:
        """Whether orders from before Signoff were imported."""
        return self._db.execute("SELECT 1 FROM orders WHERE case_number IS NULL LIMIT 1").fetchone() is not None

    def import_history(self, rows: Iterable[tuple[PastOrder, str | None, tuple[PastPrice, ...]]]) -> int:
        """Orders from before Signoff with their contract and prices, in place of those imported earlier; how many."""
        imported = "(SELECT id FROM orders WHERE case_number IS NULL)"
        self._book((s, -a) for s, a in self._commitments(f"order_id IN {imported} OR of_order IN {imported}"))
        self._db.execute(f"DELETE FROM commitments WHERE order_id IN {imported} OR of_order IN {imported}")
        self._db.execute(f"DELETE FROM order_lines WHERE order_id IN {imported}")
        self._db.execute("DELETE FROM orders WHERE case_number IS NULL")
        self._db.execute("DELETE FROM prices WHERE case_number IS NULL")
        count, booked = 0, list[Scope]()
        for order, contract_id, prices in rows:
            booked += self._committing(self._insert(None, order, contract_id), order, contract_id)
            self.bought(None, order.vendor_id or "", prices)
            count += 1
        self._book(booked)
        return count


APPROVED = "(o.case_number IS NULL OR c.state IN ('approved', 'posted'))"
"""Orders from before Signoff count as approved."""


def _body(line: PastLine) -> str:
    return line.model_dump_json(exclude_defaults=True)


def _scopes(order: PastOrder, contract_id: str | None) -> Iterator[Scope]:
    """What an order commits; a release draws on its blanket order, which has committed contract and budget already."""
    year = order.issue_date.year if order.issue_date else None
    drawn = order.contract_amount if order.contract_amount is not None else order.amount
    if order.blanket and drawn is not None:
        yield order.blanket, drawn
    elif not order.blanket:
        if contract_id and drawn is not None:
            yield f"contract term {contract_id}", drawn
            yield f"contract {year} {contract_id}", drawn
        if order.cost_center and order.base_amount is not None:
            yield f"budget {year} {order.cost_center}", order.base_amount
    for line in order.lines:
        if line.owner and line.item and line.drawn is not None:
            yield _item_scope("term", line.owner, line.item), line.drawn
            yield _item_scope(year, line.owner, line.item), line.drawn


def _item_scope(span: object, owner: str, item: str) -> str:
    return f"item {span} {owner}\x1f{item}"
