"""What people see of many cases and of one: the table of a batch, the list, and the sheet of a case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table

from signoff.app.terminal import STATUS_WORDS, clean, plain, status, table
from signoff.domain.money import shown
from signoff.domain.states import State
from signoff.graph.drafts import draft_of
from signoff.graph.store.port import Store
from signoff.graph.store.rows import Case

COLOURS = {"blocking": "red", "warning": "yellow", "info": "dim"}


def cases_table(store: Store, cases: Sequence[Case], width: int) -> Table:
    """One line a case: number, order (or the file when it has no number), supplier, amount, where it stands and why."""
    made = table("case", "order", "supplier", "amount", "status", "why", right=("amount",))
    room = max(24, width - 90)
    names = _names(store)
    for case in cases:
        draft = draft_of(store, case)
        order = draft.order if draft else None
        supplier = (order.supplier.name or names(case.vendor_id) or order.supplier.id or "") if order else ""
        amount = shown(order.amount, order.currency) if order else ""
        words = (case.order_number or case.source.rsplit("/", 1)[-1], 20), (supplier, 22), (case.reason or "", room)
        name, party, why = (escape(_short(plain(text), most)) for text, most in words)
        made.add_row(case.case_id, name, party, amount, status(case.state, short=True), why)
    return made


def _names(store: Store) -> Callable[[str | None], str | None]:
    """The name of a vendor by its id; the vendors are read when the first is asked for."""
    vendors: dict[str, str] = {}

    def name(vendor_id: str | None) -> str | None:
        if vendor_id and not vendors:
            vendors.update((v.vendor_id, v.name) for v in store.masters.vendors())
        return vendors.get(vendor_id or "")

    return name


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def counts_table(counts: Counter[State], amounts: dict[State, str]) -> Table:
    """How many cases stand where, with what they are worth."""
    made = table("", "orders", "worth", right=("orders", "worth"))
    for state in STATUS_WORDS:
        if counts[state]:
            made.add_row(status(state), str(counts[state]), amounts.get(state, ""))
    for state in counts.keys() - STATUS_WORDS.keys():
        made.add_row(status(state), str(counts[state]), amounts.get(state, ""))
    return made


def case_sheet(record: dict[str, Any]) -> RenderableType:
    """One case from its record: header, lines, findings, tasks."""
    record = clean(record)
    parts: list[RenderableType] = [_head(record)]
    if record["order"]:
        parts += ["", _lines(record["order"])]
    if record["findings"]:
        parts += ["", _findings(record["findings"])]
    if record["tasks"]:
        parts += ["", _tasks(record["tasks"])]
    return Group(*parts)


def _head(record: dict[str, Any]) -> Table:
    made = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    order = record["order"] or {}
    member = f" ! {record['member']}" if record["member"] else ""
    rows = [
        ("case", f"[bold]{record['case_id']}[/bold]  {status(State(record['status']))}"),
        ("why", escape(record["reason"] or "")),
        ("file", escape(f"{record['source']}{member} ({record['format']}, part {record['part']})")),
        ("order", escape(" ".join(str(order.get(k) or "") for k in ("order_type", "order_number", "issue_date")).strip())),
        *((role, escape(_party(order.get(role)))) for role in ("buyer", "supplier", "ship_to")),
        *((k.replace("_", " "), escape(str(order.get(k) or ""))) for k in SHOWN),
        ("amount", escape(f"{order.get('payable_amount') or order.get('line_total') or ''} {order.get('currency') or ''}".strip())),
        ("vendor", escape(record["vendor_id"] or "")),
        ("contract", escape(record["contract_id"] or "")),
        ("reading", _reading(record)),
        ("posted as", escape(record["posting"]["id"] or "")),
    ]
    for name, value in rows:
        if value:
            made.add_row(f"[dim]{name}[/dim]", value)
    return made


SHOWN = ("contract_reference", "requester", "cost_center", "payment_terms", "delivery_terms", "requested_delivery_date")


def _party(party: dict[str, Any] | None) -> str:
    return " · ".join(str(v) for v in ((party or {}).get("name"), (party or {}).get("id")) if v)


def _reading(record: dict[str, Any]) -> str:
    reading = record["reading"]
    return f"{reading['verdict']}, confidence {record['confidence']:.3f}, {record['lane']}" if reading else ""


def _lines(order: dict[str, Any]) -> Table:
    made = table("line", "item", "description", "quantity", "unit", "price", "amount", right=("quantity", "price", "amount"))
    for i, line in enumerate(order["lines"]):
        item = line["buyer_item_id"] or line["supplier_item_id"] or line["standard_item_id"] or ""
        base = "" if line["price_base_quantity"] in ("1", "1.0") else f" / {line['price_base_quantity']}"
        cells = (line["line_number"] or str(i + 1), item, line["description"], line["quantity"], line["unit"])
        price = f"{line['unit_price'] or ''}{base}"
        made.add_row(*(escape(str(c or "")) for c in (*cells, price, line["line_amount"])))
    return made


def _findings(findings: list[dict[str, Any]]) -> Table:
    made = table("finding", "where", "what", "at stake", right=("at stake",))
    for f in findings:
        colour = COLOURS.get(f["severity"], "")
        made.add_row(f"[{colour}]{f['code']}[/{colour}]", escape(f["field"]), escape(f["message"]), f["amount"] or "")
    return made


def _standing(task: dict[str, Any]) -> str:
    """How a task stands that nobody answered."""
    if task["status"] != "open":
        return str(task["status"])
    if task["paused_at"]:
        return "open, waits for an answer"
    given = f", with {task['holder']}" if task["holder"] else ""
    given += f", also {', '.join(task['stand_ins'])}" if task["stand_ins"] and not task["holder"] else ""
    return f"open{given}" + (f", due {task['due_at'][:16].replace('T', ' ')} UTC" if task["due_at"] else "")


def _tasks(tasks: list[dict[str, Any]]) -> Table:
    made = table("task", "asks", "for", "stands", "why")
    for t in tasks:
        stands = f"{t['decision']} by {t['answered_by']}" if t["answered_by"] else _standing(t)
        made.add_row(
            str(t["task_id"]), t["kind"], escape(f"{t['assignee']} ({', '.join(t['candidates'])})"), escape(stands), escape(t["summary"])
        )
    return made
