"""A double of Odoo, built from its documentation and from what was seen of Odoo 11: an HTTP server of our own, not Odoo.

It speaks JSON-2 and XML-RPC, holds the few models that the connector touches in memory, and does what the connector must withstand:
prices rounded to the decimal precision, `load()` that updates an id which is there, one external id once, lines of a confirmed
order that cannot be deleted, methods that return nothing, renamed fields. `faults` makes a method fail before or after it has done
its work, once for each entry.
"""

from __future__ import annotations

import json
import sys
import threading
import time
import xmlrpc.client
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import ROUND_HALF_UP, Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY, DATABASE, LOGIN = "the-key-of-the-double", "trial", "signoff@example.com"
RELATIONS = {
    "partner_id": "res.partner", "currency_id": "res.currency", "company_id": "res.company", "product_id": "product.product",
    "uom_id": "uom.uom", "product_uom_id": "uom.uom", "product_uom": "uom.uom", "product_tmpl_id": "product.template",
}  # fmt: skip
Row = dict[str, Any]


class OdooError(Exception):
    """A UserError or ValidationError."""


class OdooDouble:
    """`price_digits` is the decimal precision "Product Price", 2 in a fresh Odoo; `unit_field` what the version calls the line's unit."""

    def __init__(self, price_digits: int = 2, unit_field: str = "product_uom_id", approval_above: float | None = None) -> None:
        self.price_digits, self.unit_field, self.approval_above = price_digits, unit_field, approval_above
        self.faults: list[tuple[str, str]] = []
        self.calls: list[tuple[str, str]] = []
        self.patience = 1.0
        self.lock = threading.RLock()
        self.tables: dict[str, dict[int, Row]] = {model: {} for model in MODELS}
        company = self.add("res.company", name="Kartenbrook Foods")
        for code in ("EUR", "USD", "SEK"):
            self.add("res.currency", name=code, active=True)
        units = {name: self.add("uom.uom", name=name) for name in ("Units", "kg", "Box")}
        self.add("res.partner", name="Schraubenwerk", ref="V-1", supplier_rank=1, vat="DE136695976", email="sales@example.com", active=True)
        template = self.add("product.template", name="Bolt")
        bolt = self.add("product.product", default_code="BOLT", barcode=False, product_tmpl_id=template, uom_id=units["Units"])
        self.add("product.product", default_code="MISC", barcode=False, product_tmpl_id=False, uom_id=units["Units"])
        self.add("product.supplierinfo", partner_id=1, product_code="A-1", product_id=bolt, product_tmpl_id=template)
        self.company = company

    def add(self, model: str, /, **row: Any) -> int:
        table = self.tables[model]
        number = max(table, default=0) + 1
        table[number] = row | {"id": number}
        return number

    def orders(self) -> list[Row]:
        return list(self.tables["purchase.order"].values())

    def lines(self, order: int) -> list[Row]:
        return [line for line in self.tables["purchase.order.line"].values() if line["order_id"] == order]

    def execute(self, model: str, method: str, ids: list[int], params: Row) -> Any:
        self.calls.append((model, method))
        fault = next((f for f in self.faults if f[0] == method), None)
        if fault:
            self.faults.remove(fault)
        if fault and fault[1].endswith("before"):
            raise FaultError(fault[1])
        if model not in self.tables:
            raise OdooError(f"the model {model!r} does not exist")
        found = getattr(self, method)(model, **({"ids": ids} if method in OF_RECORDS else {}), **params)
        if fault:
            raise FaultError(fault[1])
        return found

    def fields_get(self, model: str, allfields: list[str], attributes: list[str]) -> Row:
        known = {"purchase.order.line": {self.unit_field, "product_qty"}, "product.supplierinfo": {"partner_id", "product_code"}}
        return {name: {"type": "many2one"} for name in allfields if name in known.get(model, set())}

    def search_read(self, model: str, domain: list[Any], fields: list[str]) -> list[Row]:
        with self.lock:
            rows = [row for row in self.tables[model].values() if all(_holds(row, *term) for term in domain)]
            return [{"id": row["id"]} | {f: self._read(f, row[f]) for f in fields} for row in rows]

    def _read(self, field: str, value: Any) -> Any:
        if field not in RELATIONS or not value:
            return value
        row = self.tables[RELATIONS[field]][value]
        return [value, row.get("name") or row.get("default_code")]

    def load(self, model: str, fields: list[str], data: list[list[str]]) -> Row:
        """Header and external id in one transaction; where the id is there already, its order is updated."""
        assert len(data) == 1, "lines would be added again to an id that is there"
        cells = dict(zip(fields, data[0], strict=True))
        module, name = cells.pop("id").split(".", 1)
        if unknown := set(cells) - {"partner_id/.id", "currency_id/.id", "company_id/.id", "partner_ref", "date_order"}:
            raise ValueError(f"Invalid field {unknown} on model {model!r}")
        with self.lock:
            known = self._external(module, name)
        time.sleep(0.02)  # as long as a transaction takes that sees only what stood there when it began
        with self.lock:
            if known is None and self._external(module, name) is not None:
                return {"ids": False, "messages": [{"type": "error", "message": 'duplicate key value violates unique constraint "..."'}]}
            number = known or self._new_order()
            values = {f.removesuffix("/.id"): int(v) if f.endswith("/.id") else v for f, v in cells.items()}
            self.tables[model][number].update(values)
            if known is None:
                self.add("ir.model.data", module=module, name=name, model=model, res_id=number)
            return {"ids": [number], "messages": []}

    def _external(self, module: str, name: str) -> int | None:
        rows = self.tables["ir.model.data"].values()
        return next((int(r["res_id"]) for r in rows if (r["module"], r["name"]) == (module, name)), None)

    def _new_order(self) -> int:
        number = self.add("purchase.order", state="draft", partner_ref=False, origin=False, date_order=False, company_id=self.company)
        self.tables["purchase.order"][number]["name"] = f"P{number:05d}"
        return number

    def _line(self, order: int, values: Row, number: int | None = None) -> None:
        if unknown := set(values) - {"product_id", "name", "product_qty", "price_unit", "date_planned", self.unit_field}:
            raise ValueError(f"Invalid field {unknown} on model 'purchase.order.line'")
        row = self.tables["purchase.order.line"][number or self.add("purchase.order.line", order_id=order, display_type=False)]
        row.update(values)
        row["product_qty"] = rounded(row["product_qty"], 2)
        row["price_unit"] = rounded(row["price_unit"], self.price_digits)
        row["price_subtotal"] = rounded(Decimal(repr(row["product_qty"])) * Decimal(repr(row["price_unit"])), 2)

    def write(self, model: str, ids: list[int], vals: Row) -> bool:
        with self.lock:
            for number in ids:
                row = self.tables[model][number]
                if row["state"] == "purchase" and vals.get("order_line", [[None]])[0][0] == CLEAR:
                    raise OdooError("Cannot delete a purchase order line which is in state 'Purchase Order'.")
                row.update({f: v for f, v in vals.items() if f != "order_line"})
                for code, line, values in vals.get("order_line", []):
                    if code == CLEAR:
                        self.tables["purchase.order.line"] = {
                            i: own for i, own in self.tables["purchase.order.line"].items() if own["order_id"] != number
                        }
                    else:
                        self._line(number, values, line or None)
        return True

    def create(self, model: str, vals_list: list[Row]) -> list[int]:
        with self.lock:
            return [self.add(model, **vals) for vals in vals_list]

    def button_confirm(self, model: str, ids: list[int]) -> bool:
        with self.lock:
            for order in (self.tables[model][i] for i in ids):
                amount = sum(line["price_subtotal"] for line in self.lines(order["id"]))
                if order["state"] in ("draft", "sent"):
                    order["state"] = "to approve" if self.approval_above is not None and amount > self.approval_above else "purchase"
        return True

    def button_cancel(self, model: str, ids: list[int]) -> None:
        with self.lock:
            for order in (self.tables[model][i] for i in ids):
                if order.get("billed"):
                    raise OdooError(f"Unable to cancel purchase order {order['name']}. You must first cancel its vendor bills.")
                order["state"] = "cancel"


class FaultError(Exception):
    """What the server is told to do instead of answering."""


MODELS = (
    "ir.model.data", "ir.attachment", "purchase.order", "purchase.order.line", "res.partner", "res.currency", "res.company",
    "product.product", "product.template", "product.supplierinfo", "uom.uom",
)  # fmt: skip
OF_RECORDS = ("write", "button_confirm", "button_cancel")
CLEAR = 5
"""The x2many command that removes all lines."""
SIGNATURES = {
    "search_read": ("domain", "fields"), "fields_get": ("allfields", "attributes"), "load": ("fields", "data"), "write": ("vals",),
    "create": ("vals_list",), "button_confirm": (), "button_cancel": (),
}  # fmt: skip


def rounded(value: Any, digits: int) -> float:
    exact = value if isinstance(value, Decimal) else Decimal(value if isinstance(value, str) else repr(float(value)))
    return float(exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def _holds(row: Row, field: str, operator: str, value: Any) -> bool:
    own = row.get(field)
    if operator == "ilike":
        return str(value).lower() in str(own or "").lower()
    return own in value if operator == "in" else own == value


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    double: OdooDouble

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            if self.path.startswith("/json/2/"):
                self._json(body)
            else:
                self._xml(body)
        except FaultError as fault:
            self._fail(str(fault))

    def _fail(self, how: str) -> None:
        """`500 after`, `429 before`, `slow after`, `drop after` ..."""
        kind = how.split()[0]
        if kind.isdigit():
            return self._answer(int(kind), b"<html>out of order</html>", "text/html")
        if kind == "slow":
            time.sleep(self.double.patience)
        self.close_connection = True

    def _json(self, body: bytes) -> None:
        if self.headers["Authorization"] != f"bearer {KEY}":
            return self._answer(401, json.dumps("Invalid apikey").encode())
        _, _, _, model, method = self.path.split("/")
        params = json.loads(body)
        ids = params.pop("ids", [])
        params.pop("context", None)
        try:
            self._answer(200, json.dumps(self.double.execute(model, method, ids, params)).encode())
        except OdooError as error:
            told = {
                "name": "odoo.exceptions.UserError",
                "message": str(error),
                "arguments": [str(error)],
                "context": {},
                "debug": "Traceback",
            }
            self._answer(422, json.dumps(told).encode())
        except ValueError as error:
            self._answer(500, json.dumps({"name": "builtins.ValueError", "message": str(error)}).encode())

    def _xml(self, body: bytes) -> None:
        arguments, method = xmlrpc.client.loads(body)
        try:
            found = self._authenticate(*arguments) if method == "authenticate" else self._execute(*arguments)
            answer = xmlrpc.client.dumps((found,), methodresponse=True)
        except FaultError:
            raise
        except OdooError as error:
            answer = xmlrpc.client.dumps(xmlrpc.client.Fault(2, str(error)))
        except PermissionError:
            answer = xmlrpc.client.dumps(xmlrpc.client.Fault(3, "Access Denied"))
        except (ValueError, TypeError) as error:
            answer = xmlrpc.client.dumps(
                xmlrpc.client.Fault(1, f"Traceback (most recent call last):\n  File ...\n{type(error).__name__}: {error}")
            )
        self._answer(200, answer.encode(), "text/xml")

    def _authenticate(self, database: str, login: str, key: str, _: Any) -> Any:
        return (database, login, key) == (DATABASE, LOGIN, KEY) and 2

    def _execute(self, database: Any, user: Any, key: Any, model: Any, method: Any, positional: Any, _: Any) -> Any:
        if (database, user, key) != (DATABASE, 2, KEY):
            raise PermissionError
        ids = positional.pop(0) if method in OF_RECORDS else []
        return self.double.execute(model, method, ids, dict(zip(SIGNATURES[method], positional, strict=True)))

    def _answer(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):  # a client that has stopped waiting
            super().handle_error(request, client_address)


@contextmanager
def serving(double: OdooDouble) -> Iterator[str]:
    """The double at an address of this machine, for the time of a test."""
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"double": double}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
