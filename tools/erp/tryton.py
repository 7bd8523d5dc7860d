"""Tryton 8.0, over its REST API.

    kind: tryton
    url: https://erp.example.com/production     # the last part is the database
    company: Kartenbrook Foods                  # its party's name, or its number
    bridge: required
    units: {EA: u}
    items: {4711: BOLT-M8}
    payment_terms: {30 days net: 30 days}

The key is an application key ("rest") of a user of Tryton's group Purchase. What the others mean: docs/erp.md.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field

from signoff.domain.errors import Refused
from signoff.domain.money import cents
from signoff.domain.record import Record, Text
from signoff.domain.stages import ApprovedOrder
from signoff.domain.vendor import Vendor
from signoff.tools.erp.http import safe_address
from signoff.tools.erp.protocol import CANCELLED, DRAFT, Attachment, Posting, Standing, compare, content, total
from signoff.tools.erp.tryton_keys import POSTING, PURCHASE, UNSETTLED, Bridged, Change, Keys
from signoff.tools.erp.tryton_marked import Marked
from signoff.tools.erp.tryton_orders import standing
from signoff.tools.erp.tryton_rest import Rest, Row
from signoff.tools.erp.tryton_values import Values, papers
from signoff.tools.erp.tryton_vendors import vendor_id, vendors

if TYPE_CHECKING:
    from signoff.tools.erp.configured import Place

FIELDS = ["state", "reference", "currency.code", "party.code", "party.identifiers.type", "party.identifiers.code", "lines.type",
          "lines.quantity", "lines.amount"]  # fmt: skip


class Settings(Record):
    """The fields of erp.yaml for Tryton."""

    url: Annotated[str, AfterValidator(safe_address)]
    company: Text | int
    bridge: Literal["auto", "required", "never"] = "auto"
    taxes: Literal["product", "none"] = "product"
    digits: Annotated[int, Field(ge=0, le=12)] = 4
    seconds: Annotated[int, Field(ge=1, le=600)] = 30
    units: dict[Text, Text] = {}
    items: dict[Text, Text] = {}
    payment_terms: dict[Text, Text] = {}
    vendor_identifier: Text | None = None
    vendor_category: Text | None = None


class TrytonERP:
    """Purchases of one company. Company and bridge are looked up at the first call, so that opening needs no network."""

    name = "tryton"
    remote = True

    def __init__(self, settings: Settings, key: str) -> None:
        self._settings = settings
        self._rest = Rest(settings.url, key, settings.seconds)
        self._values = Values(self._rest, settings)
        self._lock = threading.Lock()
        self._opened: Keys | None = None

    def find(self, key: str) -> Posting | None:
        found = self._keys().find(key) if key else None
        return None if found is None else self._read(found, key)

    def create(self, order: ApprovedOrder, key: str, paper: Attachment | None = None) -> Posting:
        keys = self._keys()
        assert self._rest.company is not None
        values = self._values.purchase(order, self._rest.company, keys.taxes) | papers(paper)
        return self._read(keys.create(key, content(order), values), key)

    def confirm(self, posting: Posting) -> Posting:
        number = self._keys().settle(posting.key, self._number(posting.erp_id))
        for button, before in (("quote", "draft"), ("confirm", "quotation")):
            self._press(number, button, before)
        confirmed = self._read(number, posting.key)
        if confirmed.status == DRAFT:
            raise Refused(f"Tryton keeps {confirmed.erp_id} as a quotation, as a rule of its own wants more; confirm it there, then retry.")
        return confirmed

    def amend(self, erp_id: str, order: ApprovedOrder, key: str) -> Posting:
        keys, number, digest = self._keys(), self._number(erp_id), content(order)
        before = self._read(number, key)
        if before.status == CANCELLED and keys.find(key) is None:
            raise Refused(f"The purchase order {erp_id} was cancelled and cannot be changed.")
        compare(order, before.model_copy(update={"line_total": total(order), "lines": len(order.order.lines)}))
        keys.amend(key, digest, number, self._change(order, before, keys.taxes))
        amended = self._read(number, key)
        if amended.status != DRAFT:
            return amended
        compare(order, amended)
        return self.confirm(amended)

    def cancel(self, erp_id: str, key: str) -> Posting:
        return self._read(self._keys().cancel(key, self._number(erp_id)), key)

    def vendors(self) -> list[Vendor]:
        """The vendor master, as Tryton has it."""
        self._keys()
        return vendors(self._rest, self._settings)

    def orders(self) -> Iterator[Standing]:
        """The purchases of the company that were confirmed, as Tryton has them."""
        self._keys()
        return standing(self._rest, self._settings)

    def close(self) -> None:
        self._rest.close()

    def _keys(self) -> Keys:
        with self._lock:
            if self._opened is None:
                self._rest.company = self._company()
                self._opened = Bridged(self._rest) if self._has_bridge() else Marked(self._rest)
            return self._opened

    def _company(self) -> int:
        name = self._settings.company
        field = "id" if isinstance(name, int) else "party.name"
        found = self._rest.search("company.company", [[field, "=", name]], ["party"])
        if len(found) != 1:
            raise Refused(f"Tryton has no company {name!r} that its user may work for; correct company in erp.yaml.")
        return int(found[0]["id"])

    def _has_bridge(self) -> bool:
        wanted = self._settings.bridge
        there = wanted != "never" and bool(self._rest.search("ir.model", [["name", "=", POSTING]], ["name"]))
        if wanted == "required" and not there:
            raise Refused("Tryton lacks the module signoff_bridge, which erp.yaml requires; activate it there (docs/erp.md).")
        return there

    def _change(self, order: ApprovedOrder, before: Posting, taxes: bool) -> Change:
        amount = total(order)

        def compared(purchase: int, lines: list[Row]) -> None:
            kept = [line for line in lines if line["quantity"]]
            amounts = [cents(line["quantity"] * line["unit_price"], before.currency) for line in kept]
            compare(order, before.model_copy(update={"lines": len(kept), "line_total": sum(amounts, Decimal(0))}))

        exact = None if amount is None else cents(amount, order.order.currency)
        return Change(self._values.change(order, taxes), len(order.order.lines), exact, compared)

    def _press(self, number: int, button: str, before: str) -> None:
        """Press a button of the purchase's form, unless it is past that; Tryton refuses a second press."""
        if self._state(number) != before:
            return
        try:
            self._rest.press(PURCHASE, number, button)
        except Refused:
            if self._state(number) == before:
                raise

    def _state(self, number: int) -> str | None:
        return next((str(row["state"]) for row in self._rest.search(PURCHASE, [["id", "=", number]], ["state"])), None)

    def _number(self, erp_id: str) -> int:
        """The id in Tryton's own writing of a record, `purchase.purchase,17`; its number it gets as a quotation only."""
        match = re.fullmatch(re.escape(PURCHASE) + r",([1-9]\d{0,17})", erp_id)
        if not match or not self._rows(int(match[1])):
            raise Refused(f"The ERP has no purchase order {erp_id}.")
        return int(match[1])

    def _rows(self, number: int) -> list[Row]:
        return self._rest.search(PURCHASE, [["id", "=", number], ["company", "=", self._rest.company]], FIELDS)

    def _read(self, number: int, key: str) -> Posting:
        """As Tryton has it now; what an amendment has struck, a line of quantity 0, counts as gone."""
        rows = self._rows(number)
        if not rows:
            raise Refused(f"The ERP has no purchase order {PURCHASE},{number} any more.")
        (row,) = rows
        lines = [line for line in row["lines"] or () if line["type"] == "line" and line["quantity"]]
        amounts = [line["amount"] for line in lines]
        return Posting(
            erp_id=f"{PURCHASE},{number}", key=key, reference=row["reference"], vendor_id=vendor_id(row["party"], self._settings) or "",
            currency=row["currency"]["code"], line_total=None if None in amounts else sum(amounts, Decimal(0)), lines=len(lines),
            status=_status(row["state"], lines),
        )  # fmt: skip


def _status(state: str, lines: list[Row]) -> str:
    if state in UNSETTLED:
        return DRAFT
    return state if lines else CANCELLED


def open_erp(settings: Settings, place: Place) -> TrytonERP:
    """Tryton as erp.yaml names it. Raises `BadInput` when the environment has no key."""
    from signoff.tools.erp.configured import secret

    return TrytonERP(settings, secret(place, "an application key of Signoff's user in Tryton"))
