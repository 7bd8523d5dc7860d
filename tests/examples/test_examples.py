"""The example company: its files load, its papers are what `orders.yaml` makes, and each order reads back as it was written."""

from __future__ import annotations

import sys
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from signoff.domain.checks.policy_check import check_policy
from signoff.domain.order import Order, OrderLine
from signoff.domain.people import Directory
from signoff.domain.reading import DraftOrder, SetAside
from signoff.tools.documents.document import Source
from signoff.tools.intake import papers as papers_in
from signoff.tools.masterdata.contracts import load_contracts
from signoff.tools.masterdata.history import load_history
from signoff.tools.masterdata.people import load_people
from signoff.tools.masterdata.policy import load_policy
from signoff.tools.masterdata.vendors import load_vendors

EXAMPLES = Path(__file__).parents[2] / "examples"
COMPANY, ORDERS = EXAMPLES / "company", EXAMPLES / "orders"
sys.path.insert(0, str(EXAMPLES))

import render  # noqa: E402
from source import Paper, load_papers, outcomes  # noqa: E402

PAPERS = load_papers()
WITH_ORDERS = [p for p in PAPERS if p.orders and p.expect[0]["status"] != "not_an_order"]
LOOKALIKES = [p for p in PAPERS if p.expect[0]["status"] == "not_an_order"]


@cache
def parts(file: str) -> list[Any]:
    source = Source(file, (ORDERS / file).read_bytes())
    return [part for paper in papers_in(source) for part in paper.parts]


def test_the_masterdata_loads_and_the_policy_has_no_gaps() -> None:
    vendors = load_vendors(COMPANY / "vendors.csv")
    known = {v.vendor_id for v in vendors}
    assert {c.vendor_id for c in load_contracts([COMPANY / "contracts"])} <= known
    assert {h.vendor_id for h in load_history(COMPANY / "history.csv")} <= known
    people = load_people(COMPANY / "people.csv")
    assert [p.person_id for p in people if p.manager is None] == ["E-001"]
    assert check_policy(load_policy(COMPANY / "policy.yaml").policy, Directory(people), vendors) == []


def test_rendering_gives_the_committed_files(tmp_path: Path) -> None:
    made = {str(p.relative_to(tmp_path)): p.read_bytes() for p in render.render_all(tmp_path)}
    kept = {str(p.relative_to(ORDERS)): p.read_bytes() for p in ORDERS.rglob("*") if p.is_file()}
    assert sorted(made) == sorted(kept)
    exact = {name for name in made if Path(name).suffix not in (".pdf", ".xlsx", ".ods", ".docx", ".eml")}
    assert [name for name in exact if made[name] != kept[name]] == []


def test_every_renderer_gives_the_same_bytes_twice() -> None:
    for paper in {p.render: p for p in PAPERS if p.render != "copy"}.values():
        assert render.render(paper) == render.render(paper), paper.file


def test_the_readme_shows_the_expected_outcomes() -> None:
    assert (EXAMPLES / "README.md").read_text(encoding="utf-8").endswith(render.table())


def test_every_kind_of_outcome_is_shown() -> None:
    ends = Counter(o["status"] for o in outcomes(PAPERS))
    assert set(ends) == {"posted", "needs_approval", "needs_review", "on_hold", "duplicate", "not_an_order"}


@pytest.mark.parametrize("paper", LOOKALIKES, ids=lambda p: p.file)
def test_what_only_looks_like_an_order_is_set_aside(paper: Paper) -> None:
    assert [type(part) for part in parts(paper.file)] == [SetAside]


@pytest.mark.parametrize("paper", WITH_ORDERS, ids=lambda p: p.file)
def test_each_order_reads_back(paper: Paper) -> None:
    found = parts(paper.file)
    assert [type(part) for part in found] == [DraftOrder] * len(paper.orders)
    for order, draft in zip(paper.orders, found, strict=True):
        assert header(draft.order) == header(order)
        assert names_supplier(draft.order, order)
        assert len(draft.order.lines) == len(order.lines)
        assert [line for line, source in zip(draft.order.lines, order.lines, strict=True) if not agrees(line, source)] == []
        for name in ("line_total", "tax_total", "payable_amount", "requester", "cost_center"):
            assert getattr(draft.order, name) in (None, getattr(order, name)), name


def header(order: Order) -> tuple[Any, ...]:
    """Number, type and date."""
    return order.order_number, order.order_type, order.issue_date


def names_supplier(read: Order, source: Order) -> bool:
    """Whether the supplier was read by the number or, where the paper prints none, by the name."""
    if read.supplier.id:
        return read.supplier.id == source.supplier.id
    return (read.supplier.name or "").casefold() == (source.supplier.name or "").casefold()


def agrees(read: OrderLine, source: OrderLine) -> bool:
    """Whether the line was read with its item, quantity and price per one; amounts and units where the paper prints them."""
    stated = [(read.line_amount, source.line_amount), (read.unit, source.unit)]
    return (
        source.supplier_item_id in read.item_ids
        and read.quantity == source.quantity
        and each(read) == each(source)
        and all(found in (None, written) for found, written in stated)
    )


def each(line: OrderLine) -> Decimal | None:
    """The price of one."""
    return None if line.unit_price is None else line.unit_price / line.price_base_quantity
