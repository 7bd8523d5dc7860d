"""How a purchase is found again by its key, and made once for it: two ways, after what the server has.

`Bridged`, here: our module in Tryton (bridges/tryton) keeps keys in a table of its own, unique in the database, in the transaction of
the purchase. `Marked` (tryton_marked.py): an unmodified server.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from signoff.domain.errors import Refused
from signoff.tools.erp.protocol import CANCELLED
from signoff.tools.erp.tryton_rest import Rest, Row

PURCHASE, POSTING = "purchase.purchase", "signoff.posting"
UNSETTLED = ("draft", "quotation")


class Change(NamedTuple):
    """A change order: its values, how many lines of which total were approved, and what compares them with lines as Tryton has them."""

    values: Row
    lines: int
    total: Any
    compare: Callable[[int, list[Row]], None]


class Keys(Protocol):
    """Every method gives the id of the purchase. `content` is the hash that the key is bound to."""

    taxes: bool

    def find(self, key: str) -> int | None: ...
    def create(self, key: str, content: str, values: Row) -> int: ...
    def settle(self, key: str, purchase: int) -> int: ...
    def amend(self, key: str, content: str, purchase: int, change: Change) -> int: ...
    def cancel(self, key: str, purchase: int) -> int: ...


class Bridged:
    """By the bridge's own methods, each of them one transaction in Tryton."""

    taxes = False

    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    def find(self, key: str) -> int | None:
        found = self._rest.search(POSTING, [["key", "=", key], ["company", "=", self._rest.company]], ["key", "purchase"])
        return next((int(row["purchase"]) for row in found if row["key"] == key), None)

    def create(self, key: str, content: str, values: Row) -> int:
        return self._post("post", key, content, values=values)

    def settle(self, key: str, purchase: int) -> int:
        return purchase

    def amend(self, key: str, content: str, purchase: int, change: Change) -> int:
        more = {"values": change.values, "lines": change.lines, "total": change.total}
        return self._post("amend", key, content, purchase=purchase, **more)

    def cancel(self, key: str, purchase: int) -> int:
        return self._post("cancel", key, CANCELLED, purchase=purchase)

    def _post(self, method: str, key: str, content: str, **more: Any) -> int:
        def post() -> int:
            return int(self._rest.call(POSTING, method, key=key, content=content, company=self._rest.company, **more)["purchase"])

        try:
            return post()
        except Refused as error:
            # Of two at once the database lets one win; for the other the key is a known one now.
            if "unique" not in str(error):
                raise
            return post()
