"""Orders of the example company in a real Tryton, posted once whatever happens on the way."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import misbehaving
import pytest
from misbehaving import Fault, Proxy, proxy
from office import Office, masters, paper
from pydantic import ValidationError
from signoff_run import ORDERS, done, make_company, run
from test_erp import approved, line
from tryton_server import DATABASES, Server, server
from typer.testing import CliRunner

from signoff.app.cli import app as cli
from signoff.domain.errors import BadInput, Refused, Unavailable
from signoff.domain.order import AllowanceCharge, OrderLine, OrderType
from signoff.domain.stages import ApprovedOrder
from signoff.domain.states import State
from signoff.domain.vendor import VendorStatus
from signoff.graph.jobs import retry
from signoff.graph.store.rows import Case
from signoff.graph.store.sqlite import SqliteStore
from signoff.tools.erp.configured import Place, configured
from signoff.tools.erp.protocol import CANCELLED, DRAFT, Attachment, Posting
from signoff.tools.erp.tryton import Settings, TrytonERP
from signoff.tools.erp.tryton_values import unit_price

ORDER, OTHER = "xml/4500018001.xml", "xml/4500018007.xml"


@dataclass
class World:
    """An empty Tryton, with or without the bridge."""

    server: Server
    database: str

    def open(self, port: int | None = None, key: str = "key", **settings: Any) -> TrytonERP:
        fields = {"url": self.server.url(self.database, port), "company": "Weserkontor GmbH"} | settings
        return TrytonERP(Settings.model_validate(fields), self.server.keys[key])

    def purchases(self, columns: str = "reference, state") -> list[tuple[Any, ...]]:
        return self.server.rows(self.database, f"SELECT {columns} FROM purchase_purchase ORDER BY id")


@pytest.fixture(params=DATABASES)
def world(request: pytest.FixtureRequest) -> World:
    running = server()
    running.restore(request.param)
    return World(running, request.param)


@pytest.fixture
def erp(world: World) -> Iterator[TrytonERP]:
    opened = world.open()
    yield opened
    opened.close()


@pytest.fixture
def between(world: World) -> Iterator[Proxy]:
    with proxy(world.server.port) as between:
        yield between


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Attempts follow one another at once."""
    real = asyncio.sleep
    monkeypatch.setattr(asyncio, "sleep", lambda seconds: real(0.01))


def office(root: Path, erp: TrytonERP) -> Office:
    opened = Office(root)
    opened.services = replace(opened.services, erp=erp)
    return opened


def answered(answer: misbehaving.Answer, request: str, forward: Callable[[], misbehaving.Answer]) -> misbehaving.Answer:
    return answer


def writes(request: str) -> bool:
    """What a fault is for: whatever is more than a look."""
    return "search_read" not in request


class TestTheExampleCompany:
    def test_an_order_is_posted_with_its_paper_and_found_again_by_another_run(self, world: World, erp: TrytonERP, tmp_path: Path) -> None:
        first = office(tmp_path, erp)
        case = first.example(ORDER)
        assert (case.state, case.reason) == (State.POSTED, None)
        posting = first.store.postings.of_case(case.number)
        assert posting is not None
        assert erp.find(posting.key) == world.open().find(posting.key)
        assert world.purchases() == [("4500018001", "processing")]
        ((name, data),) = world.server.rows(
            world.database, "SELECT name, data FROM ir_attachment WHERE resource LIKE 'purchase.purchase,%'"
        )
        assert (name, data) == ("4500018001.xml", paper(ORDER))
        first.close()
        second = office(tmp_path, world.open())
        second.example(ORDER)
        assert world.purchases() == [("4500018001", "processing")]
        second.close()

    def test_a_change_amends_and_a_cancellation_cancels_what_is_in_process(self, world: World, erp: TrytonERP, tmp_path: Path) -> None:
        at_work = office(tmp_path, erp)
        posted = [at_work.example(ORDER), at_work.sign_all(at_work.example(OTHER))]
        assert [case.state for case in posted] == [State.POSTED, State.POSTED]
        change = at_work.sign_all(at_work.take(paper("xml/4500018028-change.xml", original="4500018001"), "change.xml"))
        cancelled = at_work.sign_all(at_work.take(paper("xml/4500018029-cancellation.xml", original="4500018007"), "cancel.xml"))
        assert [(c.state, c.reason) for c in (change, cancelled)] == [(State.POSTED, None), (State.POSTED, None)]
        for case, original in zip((change, cancelled), posted, strict=True):
            made, changed = at_work.store.postings.of_case(original.number), at_work.store.postings.of_case(case.number)
            assert made is not None
            assert changed is not None
            assert (made.erp_id, changed.status) == (changed.erp_id, "done")
            found = erp.find(changed.key)
            assert found is not None
            assert (found.status == CANCELLED) == (case is cancelled)
        assert len(world.purchases()) == 2
        at_work.close()

    def test_an_order_without_a_vendor_of_tryton_waits_with_a_reason(self, erp: TrytonERP, tmp_path: Path, world: World) -> None:
        at_work = office(tmp_path, erp)
        case = at_work.sign_all(at_work.example("xml/4500018020.xml"))
        assert case.state is State.FAILED
        assert str(case.reason).startswith("The order names no vendor of the master")
        assert world.purchases() == []
        at_work.close()


def received(world: World) -> None:
    """A part of the first purchase has come."""
    with sqlite3.connect(world.server.folder / f"{world.database}.sqlite", timeout=30) as db:
        db.execute("UPDATE stock_move SET state = 'done' WHERE id = (SELECT min(id) FROM stock_move)")
        db.execute("UPDATE purchase_purchase SET shipment_state = 'partially shipped'")
    db.close()


def test_what_has_been_received_is_not_cancelled(world: World, erp: TrytonERP) -> None:
    made = erp.confirm(erp.create(approved(), "k"))
    received(world)
    with pytest.raises(Refused, match="has been received or invoiced in part"):
        erp.cancel(made.erp_id, "x")
    assert erp.find("x") is None
    assert erp.find("k") == made
    assert world.server.rows(world.database, "SELECT count(*) FROM stock_move") == [(2,)]


class TestOnce:
    def test_eight_threads_with_one_key_make_and_confirm_one_purchase(self, world: World, erp: TrytonERP) -> None:
        ready = threading.Barrier(8)

        def post(_: int) -> Posting:
            ready.wait(30)
            return erp.confirm(erp.create(approved(), "same"))

        with ThreadPoolExecutor(8) as threads:
            posted = list(threads.map(post, range(8)))
        assert len({p.erp_id for p in posted}) == 1
        assert world.purchases() == [("PO-1", "processing")]

    def test_eight_threads_amend_once(self, world: World, erp: TrytonERP) -> None:
        made = erp.confirm(erp.create(approved(), "k"))
        ready = threading.Barrier(8)

        def amend(_: int) -> Posting:
            ready.wait(30)
            return erp.amend(made.erp_id, approved(line("4", "2.50"), line("1", "1")), "c")

        with ThreadPoolExecutor(8) as threads:
            amended = list(threads.map(amend, range(8)))
        assert {(p.line_total, p.lines) for p in amended} == {(Decimal("11.00"), 2)}
        assert world.purchases("revision") == [(1,)]

    @pytest.mark.parametrize("moment", ["create", "quote", "confirm"])
    def test_a_server_that_is_killed_and_started_again_has_it_once(self, world: World, between: Proxy, moment: str) -> None:
        """The answer to one step is lost as the server dies; the client finds what was done and goes on."""
        erp = world.open(between.port)

        def dies(request: str, forward: Callable[[], misbehaving.Answer]) -> None:
            forward()
            world.server.kill()

        steps = {"create": ("post", "purchase.purchase?"), "quote": ("/quote",), "confirm": ("/confirm",)}[moment]
        between.when = lambda request: writes(request) and any(step in request for step in steps)
        between.faults = [dies]
        with pytest.raises(Unavailable):
            erp.confirm(erp.create(approved(), "k"))
        with pytest.raises(Unavailable):
            erp.find("k")
        world.server.start()
        found = erp.find("k")
        assert found is not None
        assert erp.confirm(found).status == "processing"
        assert world.purchases() == [("PO-1", "processing")]
        erp.close()


def settled(at_work: Office, case: Case) -> Case:
    """The case after people have retried what failed."""
    for _ in range(4):
        if case.state is State.FAILED and retry(at_work.services, case.number):
            at_work.work()
        case = at_work.case(case.number)
    return case


FAULTS = [
    misbehaving.dropped,
    misbehaving.failed,
    misbehaving.doubled,
    *(pytest.param(f, marks=pytest.mark.slow) for f in (misbehaving.stalled, misbehaving.refused, misbehaving.garbled, misbehaving.busy)),
]


class TestABadLine:
    @pytest.mark.usefixtures("quick")
    @pytest.mark.parametrize("at", [0, 1, 2], ids=["create", "quote", "confirm"])
    @pytest.mark.parametrize("fault", FAULTS, ids=lambda f: str(getattr(f, "__name__", f)))
    def test_a_fault_at_any_step_ends_in_one_purchase(self, world: World, between: Proxy, tmp_path: Path, fault: Fault, at: int) -> None:
        seen = iter(range(1000))
        between.when = lambda request: writes(request) and next(seen) == at
        between.faults = [fault]
        at_work = office(tmp_path, world.open(between.port, seconds=1))
        case = settled(at_work, at_work.example(ORDER))
        assert between.faults == [], "the fault was to happen"
        assert (case.state, case.reason) == (State.POSTED, None)
        assert world.purchases() == [("4500018001", "processing")]
        at_work.close()

    @pytest.mark.usefixtures("quick")
    @pytest.mark.parametrize("fault", FAULTS, ids=lambda f: str(getattr(f, "__name__", f)))
    def test_a_fault_at_a_change_and_at_a_cancellation_changes_once(self, world: World, between: Proxy, fault: Fault) -> None:
        erp = world.open(between.port, seconds=1)
        made = erp.confirm(erp.create(approved(), "k"))
        change, steps = approved(line("4", "2.50"), line("1", "1"), order_type=OrderType.CHANGE), 0
        between.when = writes

        def insisting(call: Callable[[], Posting], key: str) -> Posting:
            """As the graph does: a look before each attempt."""
            nonlocal steps
            for _ in range(4):
                try:
                    return erp.find(key) or call()
                except Unavailable:
                    steps += 1
            raise AssertionError("four attempts were to be enough")

        between.faults = [fault]
        amended = insisting(lambda: erp.amend(made.erp_id, change, "c"), "c")
        assert (amended.line_total, amended.status) == (Decimal("11.00"), "processing")
        between.faults = [fault]
        assert insisting(lambda: erp.cancel(made.erp_id, "x"), "x").status == CANCELLED
        assert steps == (0 if fault is misbehaving.doubled else 2)
        assert len(world.purchases()) == 1
        assert erp.find("x") == erp.cancel(made.erp_id, "x")
        erp.close()

    def test_a_wrong_total_stays_a_draft_and_the_case_waits_with_both_figures(self, world: World, between: Proxy, tmp_path: Path) -> None:
        between.alter = lambda request, body: body.replace(b'"decimal": "', b'"decimal": "1')
        at_work = office(tmp_path, world.open(between.port))
        case = at_work.example(ORDER)
        assert case.state is State.FAILED
        assert "as sum of lines of purchase.purchase,1, approved was" in str(case.reason)
        assert "posting.differs" in at_work.told(case)
        assert world.purchases() == [("4500018001", "draft")]
        between.alter = lambda request, body: body
        assert settled(at_work, case).state is State.POSTED
        assert world.purchases() == [("4500018001", "processing")]
        at_work.close()

    def test_errors_say_what_to_do_and_never_the_key(self, world: World, between: Proxy, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        key = world.server.keys["key"]
        said = []
        bodies = {301: b"", 400: f'{{"message": "no {key}"}}'.encode(), 401: b"", 403: b"", 404: b"", 500: key.encode()}
        for answer in map(misbehaving.Answer, bodies, bodies.values()):
            between.faults = [partial(answered, answer)] * 3
            with pytest.raises((Refused, Unavailable)) as refused:
                world.open(between.port).find("k")
            said.append(str(refused.value))
        between.faults = []
        with pytest.raises(Refused, match="does not know the key; set SIGNOFF_ERP_KEY"):
            TrytonERP(Settings(url=world.server.url(world.database), company=1), "another key").find("k")
        assert said[1] == "Tryton refuses: no ***."
        assert not any(key in text for text in (*said, caplog.text, repr(world.open())))
        assert all(text.endswith((".", "***")) for text in said)

    def test_a_purchase_that_tryton_keeps_as_a_quotation_is_not_taken_for_confirmed(self, world: World, between: Proxy) -> None:
        """As where a rule of Tryton wants a second person's click: the button works, and the state stays."""
        erp = world.open(between.port)
        draft = erp.create(approved(), "k")
        between.when = lambda request: "/confirm" in request
        between.faults = [partial(answered, misbehaving.Answer(200, b"{}"))]
        with pytest.raises(Refused, match=r"keeps purchase\.purchase,1 as a quotation, as a rule of its own wants more"):
            erp.confirm(draft)
        assert erp.confirm(draft).status == "processing"

    def test_a_server_that_is_not_there_is_out_of_reach(self) -> None:
        with pytest.raises(Unavailable, match="cannot be reached"):
            TrytonERP(Settings(url="http://127.0.0.1:9/erp", company=1), "k").find("k")


def product_line(**more: Any) -> OrderLine:
    fields: dict[str, Any] = {"buyer_item_id": "OUR-1", "quantity": Decimal(3), "unit": "C62", "unit_price": Decimal("2.50")}
    return OrderLine(**(fields | more))


def line_row(world: World) -> tuple[Any, ...]:
    columns = "l.product IS NOT NULL, u.symbol, l.quantity, CAST(l.unit_price AS REAL)"
    query = f"SELECT {columns} FROM purchase_line l LEFT JOIN product_uom u ON u.id = l.unit"
    (row,) = world.server.rows(world.database, query)
    return (*row[:3], Decimal(str(row[3])))


class TestLines:
    @pytest.mark.parametrize(
        ("given", "settings", "product", "symbol"),
        [
            ({}, {}, True, "u"),
            ({"unit": "PCE"}, {}, True, "u"),
            ({"unit": "EA"}, {}, True, "EA"),
            ({"unit": "EA"}, {"units": {"EA": "u"}}, True, "u"),
            ({"unit": "BX"}, {"units": {"BX": "u"}}, True, "u"),
            ({"buyer_item_id": "4711"}, {"items": {"4711": "OUR-1"}}, True, "u"),
            ({"buyer_item_id": "unknown"}, {}, False, "u"),
            ({"buyer_item_id": None, "supplier_item_id": "OUR-1"}, {}, False, "u"),
            ({"buyer_item_id": None, "supplier_item_id": "A-1"}, {}, True, "u"),
            ({"buyer_item_id": "unknown", "unit": "KGM"}, {}, False, "kg"),
            ({"buyer_item_id": "unknown", "unit": None}, {}, False, None),
        ],
    )
    def test_products_and_units_are_found_by_their_codes(
        self, world: World, given: dict[str, Any], settings: dict[str, Any], product: bool, symbol: str | None
    ) -> None:
        erp = world.open(**settings)
        posting = erp.create(approved(product_line(**given)), "k")
        assert posting.line_total == Decimal("7.50")
        assert line_row(world) == (product, symbol, 3, Decimal("2.5"))
        erp.close()

    @pytest.mark.parametrize(
        ("order", "says"),
        [
            (approved(product_line(unit="PX")), "no unit for PX of line 1; add one there, or map it under units"),
            (approved(product_line(unit=None)), "Line 1 states no unit, which Tryton wants for the product OUR-1"),
            (approved(product_line(unit="KGM")), "Tryton refuses: .*Unit"),
            (approved(product_line(quantity=Decimal("0.5"))), "Tryton refuses: .*digits"),
            (approved(product_line(quantity=None)), "states no quantity"),
            (approved(product_line(unit_price=Decimal("0.12345"))), r"\(0.12345 per 1\) is no price per unit of 4 decimals"),
            (approved(product_line(quantity=Decimal("0.12345678901234567"), unit="KGM")), "more digits than Tryton keeps"),
            (approved(currency="CHF"), "no active currency CHF"),
        ],
        ids=lambda v: v[:30] if isinstance(v, str) else "",
    )
    def test_what_tryton_cannot_hold_is_refused_and_nothing_is_left(
        self, world: World, erp: TrytonERP, order: ApprovedOrder, says: str
    ) -> None:
        with pytest.raises(Refused, match=says):
            erp.create(order, "k")
        assert world.purchases() == []
        assert erp.find("k") is None

    @pytest.mark.parametrize(
        ("fields", "price"),
        [
            ({"unit_price": Decimal("12.50"), "price_base_quantity": Decimal(100)}, "0.125"),
            ({"unit_price": Decimal("2.5000")}, "2.5"),
            ({"line_amount": Decimal("6.00")}, "2"),
            ({"unit_price": None, "line_amount": Decimal("6.00")}, "2"),
            ({"allowances_charges": (AllowanceCharge(charge=False, amount=Decimal("1.50")),)}, "2"),
            ({"unit_price": None}, None),
        ],
    )
    def test_the_price_per_unit_gives_the_amount_of_the_line(self, fields: dict[str, Any], price: str | None) -> None:
        assert unit_price(1, product_line(**fields), "EUR", 4) == (Decimal(price) if price else None)

    def test_a_price_is_compared_in_the_cents_of_its_currency(self) -> None:
        of_yen = product_line(unit_price=Decimal("33.4"), line_amount=Decimal(100))
        assert unit_price(1, of_yen, "JPY", 4) == Decimal("33.4")
        with pytest.raises(Refused, match="no price per unit"):
            unit_price(1, of_yen, "EUR", 4)

    def test_taxes_come_from_the_product(self, world: World, erp: TrytonERP) -> None:
        erp.create(approved(product_line()), "k")
        assert world.server.rows(world.database, 'SELECT count(*) FROM "purchase_line-account_tax"') == [(1,)]

    def test_a_line_without_a_price_cannot_become_binding(self, world: World, erp: TrytonERP) -> None:
        draft = erp.create(approved(OrderLine(description="to be agreed", quantity=Decimal(1))), "k")
        with pytest.raises(Refused, match=r"Tryton refuses: .*Unit Price"):
            erp.confirm(draft)
        found = erp.find("k")
        assert found is not None
        assert found.status == DRAFT


def from_vendor(vendor: str, **fields: Any) -> ApprovedOrder:
    order = approved(product_line(), **fields)
    checked = order.routed.checked
    match = checked.check.match.model_copy(update={"vendor_id": vendor})
    checked = checked.model_copy(update={"check": checked.check.model_copy(update={"match": match})})
    return order.model_copy(update={"routed": order.routed.model_copy(update={"checked": checked})})


class TestParties:
    def test_a_vendor_may_be_known_by_an_identifier(self, world: World) -> None:
        erp = world.open(vendor_identifier="eu_vat", taxes="none")
        assert erp.create(from_vendor("DE136695976"), "k").vendor_id == "DE136695976"
        with pytest.raises(Refused, match="no active party with eu_vat V-1"):
            erp.create(approved(), "other")
        assert [v.vendor_id for v in erp.vendors()] == ["DE136695976"]

    @pytest.mark.parametrize("vendor", ["V-9", "V-404"])
    def test_a_vendor_that_is_inactive_or_unknown_is_refused(self, erp: TrytonERP, vendor: str) -> None:
        with pytest.raises(Refused, match=f"no active party with the code {vendor}"):
            erp.create(from_vendor(vendor), "k")

    def test_a_tax_rule_is_for_the_bridge(self, world: World, erp: TrytonERP) -> None:
        if world.database == "bridged":
            assert erp.create(from_vendor("V-2"), "k").line_total == Decimal("7.50")
            return
        with pytest.raises(Refused, match="The party Ruled & Co has a tax rule"):
            erp.create(from_vendor("V-2"), "k")

    def test_payment_terms_are_mapped_or_the_suppliers_own(self, world: World) -> None:
        erp = world.open(payment_terms={"net": "Direct", "x": "Unknown"}, taxes="none")
        for i, (vendor, terms) in enumerate((("V-1", "net"), ("V-1", "other"), ("V-2", "other"))):
            erp.create(from_vendor(vendor, payment_terms=terms), str(i))
        assert world.purchases("payment_term IS NOT NULL") == [(1,), (0,), (1,)]
        with pytest.raises(Refused, match=r"no payment term 'Unknown', which erp\.yaml names"):
            erp.create(from_vendor("V-1", payment_terms="x"), "x")


class TestMasters:
    def test_the_import_replaces_the_vendors(self, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        run = CliRunner()
        root = tmp_path / "w"
        assert run.invoke(cli, ["init", str(root)]).exit_code == 0
        monkeypatch.setenv("SIGNOFF_ERP_KEY", world.server.keys["key"])
        command = ["vendors", "import", "--from-erp", "-w", str(root)]
        said = run.invoke(cli, command)
        assert isinstance(said.exception, BadInput)
        assert "The built-in ERP keeps no vendor master" in str(said.exception)
        (root / "erp.yaml").write_text(
            f"kind: tryton\nurl: {world.server.url(world.database)}\ncompany: Weserkontor GmbH\n", encoding="utf-8"
        )
        said = run.invoke(cli, command)
        assert said.output == "23 vendors imported.\n"
        store = SqliteStore(root / "signoff.db", bytes.fromhex((root / "audit.key").read_text()))
        assert {v.vendor_id for v in store.masters.vendors()} >= {"V-1001", "V-1020", "V-9"}
        store.close()

    def test_what_others_ordered_there_is_history_and_what_signoff_posted_is_not(
        self, world: World, erp: TrytonERP, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SIGNOFF_ERP_KEY", world.server.keys["key"])
        company = make_company(tmp_path / "company")
        said = run("history", "import", "--from-erp", workspace=company)
        assert "The built-in ERP keeps no book of orders" in said.err
        (company / "erp.yaml").write_text(
            f"kind: tryton\nurl: {world.server.url(world.database)}\ncompany: Weserkontor GmbH\nunits: {{EA: u}}\n", encoding="utf-8"
        )
        done("batch", ORDERS / ORDER, workspace=company)
        confirmed = erp.confirm(erp.create(approved(product_line(unit="EA"), order_number="PO-7"), "by hand"))
        erp.create(approved(order_number="PO-8"), "a draft")
        erp.cancel(erp.create(approved(order_number="PO-9"), "cancelled").erp_id, "cancel")
        (book,) = [order for order in erp.orders() if order.erp_id == confirmed.erp_id]
        assert [(line.order_number, line.vendor_id, line.item_id, line.unit_price, line.line_amount) for line in book.lines] == [
            ("PO-7", "V-1", "OUR-1", Decimal("2.50"), Decimal("7.50"))
        ]
        assert done("history", "import", "--from-erp", workspace=company) == "1 history imported.\n"
        assert [reference for reference, _ in world.purchases()] == ["4500018001", "PO-7", "PO-8", "PO-9"]

    @pytest.mark.parametrize("arguments", [["--from-erp", "vendors.csv"], []])
    def test_an_import_has_one_source(self, arguments: list[str]) -> None:
        said = CliRunner().invoke(cli, ["vendors", "import", *arguments])
        assert isinstance(said.exception, BadInput)

    def test_the_vendors_are_those_of_the_example_company(self, erp: TrytonERP) -> None:
        found = {v.vendor_id: v for v in erp.vendors()}
        assert {v.vendor_id: (v.name, v.tax_ids) for v in masters()[2]}.items() <= {
            i: (v.name, v.tax_ids or v.other_ids) for i, v in found.items()
        }.items()
        assert (found["V-9"].status, found["V-9"].status_reason) == (VendorStatus.BLOCKED, "Inactive in Tryton")
        assert "US" not in found
        ruled = found["V-2"]
        assert (ruled.tax_ids, ruled.payment_terms, ruled.mail_domains) == (("DE136695976",), "Direct", ("ruled.example",))

    def test_a_user_without_rights_is_told_so(self, world: World) -> None:
        with pytest.raises(Refused):
            world.open(key="reader").create(approved(), "k")

    def test_a_bridge_that_is_required_and_not_there_is_named(self, world: World) -> None:
        if world.database == "plain":
            with pytest.raises(Refused, match="lacks the module signoff_bridge"):
                world.open(bridge="required").find("k")

    def test_a_company_that_is_not_there_is_named(self, world: World) -> None:
        with pytest.raises(Refused, match="no company 'Nobody'"):
            world.open(company="Nobody").find("k")


def test_two_papers_of_one_name_are_attached(world: World, erp: TrytonERP) -> None:
    for key in ("a", "b"):
        erp.create(approved(), key, Attachment("order.pdf", b"%PDF \x00\xff"))
    assert world.server.rows(world.database, "SELECT name, length(data) FROM ir_attachment") == [("order.pdf", 7)] * 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("url: http://erp.example.com/db\ncompany: X\n", "must begin with https://"),
        ("url: https://me:secret@erp.example.com/db\ncompany: X\n", "without a password in it"),
        ("url: https://erp.example.com/db\n", "company"),
        ("url: https://erp.example.com/db\ncompany: X\nbridge: maybe\n", "'maybe' is not one of auto, required, never"),
    ],
)
def test_a_wrong_erp_yaml_is_refused_with_its_field(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "erp.yaml").write_text(f"kind: tryton\n{text}", encoding="utf-8")
    with pytest.raises(BadInput, match=says) as refused:
        configured(Place(tmp_path, None))
    assert "secret" not in str(refused.value)


def test_without_a_key_nothing_is_opened(tmp_path: Path) -> None:
    (tmp_path / "erp.yaml").write_text("kind: tryton\nurl: https://erp.example.com/db\ncompany: X\n", encoding="utf-8")
    with pytest.raises(BadInput, match="SIGNOFF_ERP_KEY is not set"):
        configured(Place(tmp_path, None))


def test_settings_take_no_unknown_field() -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate({"url": "https://erp.example.com/db", "company": "X", "key": "k"})
