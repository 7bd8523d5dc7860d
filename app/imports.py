"""`signoff vendors|people|history import`: master data into the store, all of a file or nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from signoff.app.signing_in import acting, os_user
from signoff.app.terminal import console
from signoff.app.workspace import Workspace, opened
from signoff.domain.checks.committed import committed
from signoff.domain.checks.selection import select
from signoff.domain.checks.subject import Subject
from signoff.domain.checks.versions import as_of
from signoff.domain.errors import BadInput
from signoff.domain.facts import Facts, PastOrder, PastPrice
from signoff.domain.order import Order, OrderLine, Party
from signoff.domain.vendor import Vendor, VendorMatch
from signoff.graph.delegating import carried_over
from signoff.tools.erp.configured import Place, configured
from signoff.tools.erp.protocol import ERP, OrderBook, VendorMaster
from signoff.tools.masterdata.history import HistoryLine, load_history
from signoff.tools.masterdata.people import load_people
from signoff.tools.masterdata.policy import load_policy
from signoff.tools.masterdata.vendors import load_vendors

Master = Literal["vendors", "people", "history"]


def _vendors(w: Workspace, paths: list[Path], by: str) -> int:
    return _replace_vendors(w, [v for path in paths for v in load_vendors(path)], paths, by)


def _vendors_of_erp(w: Workspace, by: str) -> int:
    with closing(configured(Place(w.root, w.settings.erp_key))) as erp:
        if not isinstance(erp, VendorMaster):
            raise _keeps_none(erp, "vendor master")
        return _replace_vendors(w, erp.vendors(), [Path(f"erp:{erp.name}")], by)


def _keeps_none(erp: ERP, what: str) -> BadInput:
    return BadInput(f"The {erp.name} ERP keeps no {what}; name an ERP that does in erp.yaml, or import a file.")


def _replace_vendors(w: Workspace, vendors: list[Vendor], sources: list[Path], by: str) -> int:
    with w.store.transaction(durable=True):
        w.store.masters.replace_vendors(vendors)
        imported(w, "vendors", sources, len(vendors), by)
    return len(vendors)


def _people(w: Workspace, paths: list[Path], by: str) -> int:
    people = carried_over([p for path in paths for p in load_people(path)], w.people)
    with w.store.transaction(durable=True):
        w.store.masters.replace_people(people)
        imported(w, "people", paths, len(people), by)
    return len(people)


def _history(w: Workspace, paths: list[Path], by: str) -> int:
    return _replace_history(w, [line for path in paths for line in load_history(path)], paths, by)


def _history_of_erp(w: Workspace, by: str) -> int:
    """What was ordered in the ERP by others; what Signoff posted there stands in its own record."""
    with closing(configured(Place(w.root, w.settings.erp_key))) as erp:
        if not isinstance(erp, OrderBook):
            raise _keeps_none(erp, "book of orders that Signoff can read")
        own = {done.erp_id for p in w.store.postings.all() if p.erp == erp.name and (done := p if p.erp_id else erp.find(p.key))}
        lines = [line for order in erp.orders() if order.erp_id not in own for line in order.lines]
        return _replace_history(w, lines, [Path(f"erp:{erp.name}")], by)


def _replace_history(w: Workspace, lines: list[HistoryLine], sources: list[Path], by: str) -> int:
    past = _Past(w)
    by_order = groupby(sorted(lines, key=_order_key), key=_order_key)
    rows = sorted((past.row(list(group)) for _, group in by_order), key=lambda row: str(row[0].issue_date))
    with w.store.transaction(durable=True):
        count = w.store.past.import_history(rows)
        imported(w, "history", sources, count, by)
    return count


def _order_key(line: HistoryLine) -> tuple[str, str, str]:
    return line.vendor_id, line.buyer or "", line.order_number


def imported(w: Workspace, kind: str, paths: list[Path], count: int, by: str) -> None:
    """An import is a decision like any other: who may sign and what was agreed depends on it."""
    body: dict[str, Any] = {"kind": kind, "files": [str(p) for p in paths], "count": count, "os_user": os_user()}
    if kind != "history":
        body["sha256"] = w.store.masters.digest(kind)
    w.store.events.append("masterdata.imported", by, body, w.settings.now())


def _order(lines: list[HistoryLine]) -> Order:
    """The earlier order in the terms of a new one, so that both are compared the same way."""
    first = lines[0]
    return Order(
        order_number=first.order_number, issue_date=first.issue_date, currency=first.currency, buyer=Party(name=first.buyer),
        requester=first.requester, cost_center=first.cost_center,
        lines=tuple(
            OrderLine(
                supplier_item_id=line.item_id, description=line.description, quantity=line.quantity, unit=line.unit,
                unit_price=line.unit_price, line_amount=line.line_amount,
            )
            for line in lines
        ),
    )  # fmt: skip


class _Past:
    """Turns history lines into past orders, with the contract they most likely ran under."""

    def __init__(self, w: Workspace) -> None:
        self.policy = load_policy(w.root / "policy.yaml").policy
        self.vendors = {v.vendor_id: v for v in w.store.masters.vendors()}
        self.contracts = w.store.masters.contracts()

    def row(self, lines: list[HistoryLine]) -> tuple[PastOrder, str | None, tuple[PastPrice, ...]]:
        order, first = _order(lines), lines[0]
        vendor = self.vendors.get(first.vendor_id)
        own = tuple(as_of(c, first.issue_date) for c in self.contracts if c.vendor_id == first.vendor_id)
        contract = select(order, vendor, own)
        base = order.amount and self.policy.fx.convert(order.amount, first.currency, self.policy.base_currency, first.issue_date)
        found = contract if contract and contract.covers(first.issue_date) else None
        subject = Subject(
            order=order, match=VendorMatch(vendor_id=first.vendor_id, how="id", score=100), vendor=vendor, contract=found,
            contracts=own, facts=Facts(today=first.issue_date), policy=self.policy, tolerances=self.policy.tolerances, base_amount=base,
        )  # fmt: skip
        return committed(subject, first.order_number), found.contract_id if found else None, tuple(map(_price, _priced(lines)))


def _priced(lines: list[HistoryLine]) -> list[HistoryLine]:
    return [line for line in lines if line.item_id and line.unit_price is not None]


def _price(line: HistoryLine) -> PastPrice:
    return PastPrice.model_validate(
        line.model_dump(include={"item_id", "unit", "currency", "unit_price", "issue_date"}) | {"reference": line.order_number}
    )


OF_ERP: dict[Master, Callable[[Workspace, str], int]] = {"vendors": _vendors_of_erp, "history": _history_of_erp}
KINDS: dict[Master, tuple[Callable[[Workspace, list[Path], str], int], str]] = {
    "vendors": (_vendors, "The vendor master (CSV, or the ERP's own); replaces the one imported before."),
    "people": (_people, "People with roles, managers and limits (CSV); replaces those imported before."),
    "history": (_history, "Orders from before or beside Signoff (CSV, or from the ERP); replaces those imported before."),
}


def _hint(w: Workspace, kind: str) -> str:
    """History counts towards the caps of the contracts that were there when it was imported."""
    if kind == "history" and not w.store.masters.contracts():
        return " No contract is on file: import the contracts, then this history again, so that it counts towards their caps."
    return ""


FILES = typer.Argument(help="Files.", metavar="FILE...")
AS = typer.Option("--as", help="Who imports it; must be said where people sign in.")
WORKSPACE = typer.Option("--workspace", "-w", help="The workspace folder.")


def command(kind: Master) -> typer.Typer:
    """The command group `signoff KIND import FILE...`, and `--from-erp` for what an ERP may keep."""
    group = typer.Typer(no_args_is_help=True, help=KINDS[kind][1])

    def from_files(
        paths: Annotated[list[Path], FILES],
        as_: Annotated[str | None, AS] = None,
        workspace: Annotated[Path | None, WORKSPACE] = None,
    ) -> None:
        _run(kind, paths, as_, workspace)

    def from_files_or_erp(
        paths: Annotated[list[Path] | None, FILES] = None,
        from_erp: Annotated[bool, typer.Option("--from-erp", help="Take it from the ERP of erp.yaml instead.")] = False,
        as_: Annotated[str | None, AS] = None,
        workspace: Annotated[Path | None, WORKSPACE] = None,
    ) -> None:
        if from_erp == bool(paths):
            raise BadInput(f"Name files of {kind}, or say --from-erp; one of the two.")
        _run(kind, paths or [], as_, workspace)

    group.command("import", help=KINDS[kind][1])(from_files_or_erp if kind in OF_ERP else from_files)

    @group.callback()
    def group_only() -> None:
        """Keeps `import` a word of its own while it is the only command."""

    return group


def _run(kind: Master, paths: list[Path], as_: str | None, workspace: Path | None) -> None:
    """Import from the files; from the ERP where there are none."""
    with opened(workspace) as w:
        by = acting(w, as_, "write", kind)
        count = KINDS[kind][0](w, paths, by) if paths else OF_ERP[kind](w, by)
        hint = _hint(w, kind)
    console().print(f"{count} {kind} imported.{hint}")


vendors, history = command("vendors"), command("history")
