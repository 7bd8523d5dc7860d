"""Keys on an unmodified Tryton: in the description of the purchase, or of its amendment.

Nothing there is unique, so one looks before and after: of several drafts with one key the binding one survives, else the lowest number.
"""

from __future__ import annotations

from contextlib import suppress
from typing import NamedTuple

from signoff.domain.errors import Refused
from signoff.tools.erp.http import Missing
from signoff.tools.erp.protocol import CANCELLED
from signoff.tools.erp.tryton_keys import PURCHASE, UNSETTLED, Change
from signoff.tools.erp.tryton_rest import Rest, Row

AMENDMENT = "purchase.amendment"
SIGN = "Signoff: "


class Mark(NamedTuple):
    """What a key was used for; `id` is the purchase or the amendment that says so."""

    id: int
    key: str
    content: str


class Marked:
    """By descriptions like `Signoff: C00001.1#0123456789abcdef; C00007.1#...`."""

    taxes = True

    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    def find(self, key: str) -> int | None:
        """A change that was written down and not yet made is not found, so that it is made again."""
        if made := self._made(key):
            mark = made[0]
            return mark.id if mark.content != CANCELLED or self._state(mark.id) == CANCELLED else None
        for amendment in self._amendments(key):
            if amendment["state"] == "validated":
                return int(amendment["purchase"])
        return None

    def create(self, key: str, content: str, values: Row) -> int:
        if not self._known(key, content):
            made = self._rest.create(PURCHASE, values | {"description": f"{SIGN}{_mark(key, content)}"})
            return self.settle(key, made)
        return self.settle(key, self._made(key)[0].id)

    def settle(self, key: str, purchase: int) -> int:
        """The one that stays of all with this key; drafts besides it are taken away."""
        first, *others = [mark.id for mark in self._made(key)] or [purchase]
        for other in others:
            self._remove(other)
        return first

    def amend(self, key: str, content: str, purchase: int, change: Change) -> int:
        if known := self._known(key, content):
            self._validate(key, change)
            return known
        state = self._state(purchase)
        if state == "processing":
            self._amend(purchase, key, content, change)
        elif state == "done":
            raise Refused(f"The purchase {purchase} is done in Tryton and cannot be changed.")
        else:
            self._rewrite(purchase, state, key, content, change)
        return purchase

    def cancel(self, key: str, purchase: int) -> int:
        known, state = self._known(key, CANCELLED), self._state(purchase)
        if state == "processing":
            self._strike(purchase, key)
        elif state in (*UNSETTLED, "confirmed"):
            self._drafted(purchase, state)
            if not known:
                self._rest.write(PURCHASE, purchase, {"description": self._with_mark(purchase, key, CANCELLED)})
            self._rest.press(PURCHASE, purchase, "cancel")
        elif state == "done" and any(line["quantity"] for line in self._lines(purchase)):
            raise Refused(f"The purchase {purchase} is done in Tryton and cannot be cancelled.")
        elif state == CANCELLED and not known:
            self._rest.write(PURCHASE, purchase, {"description": self._with_mark(purchase, key, CANCELLED)})
        return purchase

    def _known(self, key: str, content: str) -> int | None:
        """The purchase of a key that was used before. Raises `Refused` when it was for another content."""
        amended = [(row, mark) for row in self._amendments(key) for mark in _marks(row) if mark.key == key]
        found = [(mark.id, mark.content) for mark in self._made(key)] + [(int(row["purchase"]), mark.content) for row, mark in amended]
        if any(other != _short(content) for _, other in found):
            raise Refused(f"The posting key {key} was used before for another content.")
        return found[0][0] if found else None

    def _made(self, key: str) -> list[Mark]:
        """Purchases with the key, the one that is to stay first: what is binding, then the lowest number; a cancelled one last."""
        where = [["description", "like", f"{SIGN}%{_like(key)}#%"], ["company", "=", self._rest.company]]
        rows = self._rest.search(PURCHASE, where, ["description", "state"])
        rows.sort(key=lambda row: (row["state"] == CANCELLED, row["state"] in UNSETTLED, row["id"]))
        return [mark for row in rows for mark in _marks(row) if mark.key == key]

    def _amendments(self, key: str) -> list[Row]:
        where = [["description", "like", f"{SIGN}{_like(key)}#%"], ["purchase.company", "=", self._rest.company]]
        fields = ["description", "state", "purchase", "lines.quantity", "lines.unit_price"]
        rows = self._rest.search(AMENDMENT, where, fields)
        return [row for row in rows if any(mark.key == key for mark in _marks(row))]

    def _state(self, purchase: int) -> str:
        (row,) = self._rest.search(PURCHASE, [["id", "=", purchase]], ["state"])
        return str(row["state"])

    def _with_mark(self, purchase: int, key: str, content: str) -> str:
        (row,) = self._rest.search(PURCHASE, [["id", "=", purchase]], ["description"])
        return "; ".join([row["description"] or SIGN.rstrip(), _mark(key, content)])

    def _drafted(self, purchase: int, state: str) -> None:
        if state != "draft":
            self._rest.press(PURCHASE, purchase, "draft")

    def _rewrite(self, purchase: int, state: str, key: str, content: str, change: Change) -> None:
        """Another content for what is not binding yet; it is compared and confirmed like a new one."""
        self._drafted(purchase, state)
        (row,) = self._rest.search(PURCHASE, [["id", "=", purchase]], ["lines"])
        lines = [["delete", row["lines"]], *change.values["lines"]]
        marked = {"description": self._with_mark(purchase, key, content)}
        self._rest.write(PURCHASE, purchase, change.values | {"lines": lines} | marked)

    def _amend(self, purchase: int, key: str, content: str, change: Change) -> None:
        old, new = self._lines(purchase), change.values["lines"][0][1]
        if len(new) > len(old):
            raise Refused(f"Tryton adds no line to the purchase {purchase}, which is in process; install the bridge, or order it anew.")
        changed = [_changed(line, values) for line, values in zip(old, new, strict=False)]
        self._create_amendment(purchase, key, content, [*changed, *map(_struck, old[len(new) :])])
        self._validate(key, change)

    def _strike(self, purchase: int, key: str) -> None:
        """Tryton has no way to cancel what is in process; an amendment of every quantity to 0 closes it."""
        fields = ["shipment_state", "invoice_state"]
        (row,) = self._rest.search(PURCHASE, [["id", "=", purchase]], fields)
        if row["shipment_state"] not in ("none", "waiting") or row["invoice_state"] not in ("none", "pending"):
            raise Refused(f"The purchase {purchase} has been received or invoiced in part; cancel what is left in Tryton.")
        if not self._amendments(key):
            self._create_amendment(purchase, key, CANCELLED, [_struck(line) for line in self._lines(purchase)])
        self._validate(key, None)

    def _create_amendment(self, purchase: int, key: str, content: str, lines: list[Row]) -> None:
        made = {"purchase": purchase, "description": f"{SIGN}{_mark(key, content)}", "lines": [["create", lines]]}
        self._rest.create(AMENDMENT, made)

    def _validate(self, key: str, change: Change | None) -> None:
        """Let the amendment of the key take effect, once, and only when it comes to what was approved; drafts besides it go."""
        every = sorted(self._amendments(key), key=lambda row: (row["state"] == "draft", row["id"]))
        for double in every[1:]:
            with suppress(Refused):  # whoever wrote it has taken it away already
                self._rest.delete(AMENDMENT, double["id"])
        if not every or every[0]["state"] != "draft":
            return
        amendment = every[0]
        if change:
            change.compare(int(amendment["purchase"]), amendment["lines"] or [])
        try:
            self._rest.press(AMENDMENT, amendment["id"], "validate_amendment")
        except Refused:
            rows = self._rest.search(AMENDMENT, [["id", "=", amendment["id"]]], ["state"])
            if any(row["state"] == "draft" for row in rows):
                raise

    def _lines(self, purchase: int) -> list[Row]:
        fields = ["product", "unit", "quantity", "unit_price", "description", "sequence"]
        rows = self._rest.search("purchase.line", [["purchase", "=", purchase], ["type", "=", "line"]], fields)
        return sorted(rows, key=lambda row: (row["sequence"] is None, row["sequence"] or 0, row["id"]))

    def _remove(self, purchase: int) -> None:
        """Take a double away; where the user may not delete, or it has its number already, it stays behind as cancelled."""
        with suppress(Missing):
            try:
                self._rest.delete(PURCHASE, purchase)
            except Refused:
                rows = self._rest.search(PURCHASE, [["id", "=", purchase]], ["state"])
                if any(row["state"] in UNSETTLED for row in rows):
                    self._rest.press(PURCHASE, purchase, "cancel")


def _changed(line: Row, values: Row) -> Row:
    same = {name: values[name] for name in ("product", "unit", "quantity", "unit_price", "description")}
    return {"action": "line", "line": line["id"], **same}


def _struck(line: Row) -> Row:
    same = {name: line[name] for name in ("product", "unit", "unit_price", "description")}
    return {"action": "line", "line": line["id"], "quantity": 0, **same}


def _short(content: str) -> str:
    return content[:16]


def _mark(key: str, content: str) -> str:
    return f"{key}#{_short(content)}"


def _like(key: str) -> str:
    return key.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _marks(row: Row) -> list[Mark]:
    text = row["description"] or ""
    parts = [part.rpartition("#") for part in text.removeprefix(SIGN).split("; ")] if text.startswith(SIGN) else []
    return [Mark(int(row["id"]), key, content) for key, _, content in parts]
