"""Odoo (`purchase.order`), over JSON-2 or XML-RPC.

    kind: odoo
    url: https://kartenbrook.odoo.com
    api: json-2              # xml-rpc below Odoo 19; it asks for database and login too
    company: Kartenbrook Foods
    free_text_item: MISC     # the product for lines that no product is found for
    units: {BX: Box}

One posting makes one purchase order because its key is an external id, `__signoff__.posting_<key>`, and the database holds a module and a
name only once. `load()` makes header and id in one transaction; it never carries lines, for to an id that came to be since we looked it
would add them again. All lines are set by one `write` that clears them first, together with the key and the start of its content's hash
in the field `origin` (Source): written twice it says the same, and Odoo refuses it once the order is confirmed. An order with the id but
without the key in its Source and without lines is not there yet.
"""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote, unquote

from pydantic import model_validator

from signoff.domain.errors import Refused, Unavailable
from signoff.domain.order import Order
from signoff.domain.record import Record
from signoff.domain.stages import ApprovedOrder
from signoff.tools.erp.configured import secret
from signoff.tools.erp.http import refused
from signoff.tools.erp.odoo_lines import commands, noon, total, values
from signoff.tools.erp.odoo_masters import Masters
from signoff.tools.erp.odoo_rpc import SYSTEM, Json2, Wire, XmlRpc
from signoff.tools.erp.protocol import CANCELLED, DRAFT, Attachment, Posting, content

if TYPE_CHECKING:
    from signoff.tools.erp.configured import Place

ORDER, LINE, MODULE = "purchase.order", "purchase.order.line", "__signoff__"
STATES = {"draft": DRAFT, "sent": DRAFT, "cancel": CANCELLED}
"""Odoo's states that the protocol names; the others (`to approve`, `purchase`, `done`) stay Odoo's words."""
HEAD = ["name", "partner_ref", "partner_id", "currency_id", "state", "origin"]
_TOKEN = re.compile(r"Signoff:([^\s/]+)/([0-9a-f]{16})")
Row = dict[str, Any]


class Settings(Record):
    """What erp.yaml says of an Odoo."""

    url: str
    api: Literal["json-2", "xml-rpc"] = "json-2"
    database: str | None = None
    login: str | None = None
    company: str | None = None
    free_text_item: str | None = None
    units: dict[str, str] = {}

    @model_validator(mode="after")
    def _signs_in(self) -> Settings:
        if self.api == "xml-rpc" and not (self.database and self.login):
            raise ValueError("api xml-rpc asks for database and login")
        return self


def open_erp(settings: Settings, place: Place) -> OdooERP:
    """The Odoo that erp.yaml names; nothing is asked of it yet."""
    key = secret(place, "an API key of the Odoo user that Signoff posts as")
    url = settings.url.rstrip("/")
    wire: Wire = Json2(url, settings.database, key)
    if settings.api == "xml-rpc":
        wire = XmlRpc(url, settings.database or "", settings.login or "", key)
    return OdooERP(wire, settings)


class OdooERP:
    """`wire` is a transport of `odoo_rpc`."""

    name = "odoo"
    remote = True

    def __init__(self, wire: Wire, settings: Settings) -> None:
        self._wire, self._company = wire, settings.company
        self._masters = Masters(wire, settings.units, settings.free_text_item)

    def find(self, key: str) -> Posting | None:
        row = self._by_key(key)
        return self._posting(row, key) if row and (key in _tokens(row) or self._lines(row)) else None

    def create(self, order: ApprovedOrder, key: str, paper: Attachment | None = None) -> Posting:
        row = self._filled(self._by_key(key) or self._loaded(order, key), order, key)
        _same(row, key, _digest(content(order)))
        if paper:
            self._attach(int(row["id"]), paper)
        return self._posting(row, key)

    def confirm(self, posting: Posting) -> Posting:
        row = self._by_key(posting.key) or self._named(posting.erp_id)
        return self._posting(self._binding(row), posting.key)

    def amend(self, erp_id: str, order: ApprovedOrder, key: str) -> Posting:
        row = self._named(erp_id)
        digest = _digest(content(order))
        if key in _tokens(row):
            _same(row, key, digest)
        elif row["state"] == "cancel":
            raise Refused(f"The purchase order {erp_id} was cancelled and cannot be changed.")
        else:
            self._change(row, order.order, _signed(row, key, digest))
            row = self._binding(self._must(int(row["id"])))
        return self._posting(row, key)

    def cancel(self, erp_id: str, key: str) -> Posting:
        """Cancelled first, signed with the key after: to cancel twice does no harm, but a key without a cancellation would be believed."""
        row = self._named(erp_id)
        if key not in _tokens(row):
            number = int(row["id"])
            self._wire.call(ORDER, "button_cancel", [number])
            self._wire.call(ORDER, "write", [number], vals={"origin": _signed(row, key, _digest("cancelled"))})
            row = self._must(number)
        return self._posting(row, key)

    def close(self) -> None:
        self._wire.close()

    def _by_key(self, key: str) -> Row | None:
        """By the external id; a change or cancellation, and an order whose external id was deleted, by the field `origin`."""
        if not key:
            return None
        named = self._masters.rows("ir.model.data", [["module", "=", MODULE], ["name", "=", _external(key)]], ["res_id"])
        found = self._orders([["id", "=", named[0]["res_id"]]]) if named else []
        found = found or [r for r in self._orders([["origin", "ilike", f"Signoff:{quote(key, safe='')}/"]]) if key in _tokens(r)]
        return found[0] if found else None

    def _orders(self, domain: list[Any]) -> list[Row]:
        return self._masters.rows(ORDER, domain, HEAD)

    def _named(self, erp_id: str) -> Row:
        own = [["company_id", "=", self._masters.company(self._company)]] if self._company else []
        found = self._orders([["name", "=", erp_id], *own])
        if not found:
            raise Refused(f"The ERP has no purchase order {erp_id}.")
        if len(found) > 1:
            raise Refused(f"Odoo has several purchase orders {erp_id}; set company in erp.yaml.")
        return found[0]

    def _must(self, number: int) -> Row:
        found = self._orders([["id", "=", number]])
        if not found:
            raise Unavailable("Odoo does not show a purchase order that it has just written; check the rights of its user, then retry.")
        return found[0]

    def _loaded(self, order: ApprovedOrder, key: str) -> Row:
        """Made by `load()`; where that fails, the order of whoever was faster with the same key."""
        head = self._head(order, key)
        try:
            answer = self._wire.call(ORDER, "load", fields=list(head), data=[[str(value) for value in head.values()]])
        except Refused as error:
            answer = {"ids": False, "messages": [{"message": str(error)}]}
        if answer["ids"]:
            return self._must(int(answer["ids"][0]))
        found = self._by_key(key)
        if found is None:
            raise refused(SYSTEM, "; ".join(str(m.get("message", m)) for m in answer["messages"][:3]))
        return found

    def _head(self, order: ApprovedOrder, key: str) -> Row:
        """The header; the lines are looked up too, so that nothing is made of an order that names what Odoo does not know."""
        o = order.order
        partner = self._masters.vendor(order.routed.checked.check.match.vendor_id)
        values(self._masters, o, partner)
        head: Row = {
            "id": f"{MODULE}.{_external(key)}",
            "partner_id/.id": partner,
            "currency_id/.id": self._masters.currency(o.currency),
            "partner_ref": o.order_number or "",
        }
        if self._company:
            head["company_id/.id"] = self._masters.company(self._company)
        if o.issue_date:
            head["date_order"] = noon(o.issue_date)
        return head

    def _filled(self, row: Row, order: ApprovedOrder, key: str) -> Row:
        """The order with its lines and its key, if it had neither; whoever fills it at the same time writes the same."""
        number = int(row["id"])
        if key in _tokens(row):
            return row
        if self._lines(row):
            return self._must(number)
        lines = [[5, 0, 0], *([0, 0, line] for line in values(self._masters, order.order, int(row["partner_id"][0])))]
        try:
            new = {"origin": _signed(row, key, _digest(content(order))), "order_line": lines}
            self._wire.call(ORDER, "write", [number], vals=new)
        except Refused:
            if key not in _tokens(self._must(number)):
                raise
        return self._must(number)

    def _lines(self, row: Row) -> list[Row]:
        """An order's lines without its notes and headings."""
        terms = [["order_id", "=", row["id"]], ["display_type", "=", False]]
        return self._masters.rows(LINE, terms, ["product_id", "name", "product_qty", "price_unit", "price_subtotal"])

    def _change(self, row: Row, order: Order, origin: str) -> None:
        """Replace the lines and note the key, in one call and so in one transaction."""
        lines = values(self._masters, order, int(row["partner_id"][0]))
        new: Row = {"origin": origin, "order_line": commands(self._lines(row), lines)}
        if order.currency and order.currency != row["currency_id"][1]:
            new["currency_id"] = self._masters.currency(order.currency)
        self._wire.call(ORDER, "write", [int(row["id"])], vals=new)

    def _binding(self, row: Row) -> Row:
        if STATES.get(row["state"]) != DRAFT:
            return row
        self._wire.call(ORDER, "button_confirm", [int(row["id"])])
        row = self._must(int(row["id"]))
        if STATES.get(row["state"]) == DRAFT:
            raise Refused(f"Odoo leaves {row['name']} a draft after it was confirmed; confirm it there, then retry.")
        return row

    def _attach(self, number: int, paper: Attachment) -> None:
        terms = [["res_model", "=", ORDER], ["res_id", "=", number], ["name", "=", paper.name]]
        if not self._masters.rows("ir.attachment", terms, ["id"]):
            file = {"name": paper.name, "res_model": ORDER, "res_id": number, "datas": base64.b64encode(paper.data).decode()}
            self._wire.call("ir.attachment", "create", vals_list=[file])

    def _posting(self, row: Row, key: str) -> Posting:
        """Read back from the lines themselves; one of quantity 0 was struck by a change."""
        lines = [line for line in self._lines(row) if line["product_qty"]]
        return Posting(
            erp_id=str(row["name"]),
            key=key,
            reference=row["partner_ref"] or None,
            vendor_id=self._masters.vendor_id(int(row["partner_id"][0])),
            currency=str(row["currency_id"][1]),
            line_total=total(lines),
            lines=len(lines),
            status=STATES.get(row["state"], str(row["state"])),
        )


def _external(key: str) -> str:
    """The name of the external id: letters, digits and hyphens as they are, all else in hex, for a dot would end the module's name."""
    return "posting_" + re.sub(r"[^A-Za-z0-9-]", lambda m: "".join(f"_{b:02x}" for b in m[0].encode()), key)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _signed(row: Row, key: str, digest: str) -> str:
    return f"{row['origin'] or ''} Signoff:{quote(key, safe='')}/{digest}".strip()


def _tokens(row: Row) -> dict[str, str]:
    return {unquote(key): digest for key, digest in _TOKEN.findall(row["origin"] or "")}


def _same(row: Row, key: str, digest: str) -> None:
    known = _tokens(row).get(key)
    if known is None:
        raise Refused(f"The field Source of {row['name']} in Odoo has lost the posting key {key}; cancel that order there, or put it back.")
    if known != digest:
        raise Refused(f"The posting key {key} was used before for another content.")
