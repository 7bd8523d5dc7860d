"""The connector to Odoo against a double of it (`odoo_double.py`): whatever comes back, an order is there once, or the error is clean."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from odoo_double import DATABASE, KEY, LOGIN, OdooDouble, serving
from pydantic import SecretStr, ValidationError
from test_erp import approved, line

from signoff.domain.errors import BadInput, Refused, SignoffError, Unavailable
from signoff.domain.order import OrderLine, OrderType
from signoff.tools.erp import http, odoo
from signoff.tools.erp.configured import Place, configured
from signoff.tools.erp.odoo import OdooERP
from signoff.tools.erp.odoo_rpc import as_float
from signoff.tools.erp.protocol import CANCELLED, DRAFT, Attachment, Posting, compare, differences

APIS = ("json-2", "xml-rpc")


@pytest.fixture(params=APIS)
def api(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def double() -> OdooDouble:
    return OdooDouble(price_digits=6)


@pytest.fixture
def url(double: OdooDouble) -> Iterator[str]:
    with serving(double) as address:
        yield address


def opened(url: str, api: str, key: str = KEY, **more: Any) -> OdooERP:
    settings = {"url": url, "api": api, "database": DATABASE, "login": LOGIN, "free_text_item": "MISC"} | more
    return odoo.open_erp(odoo.Settings.model_validate(settings), Place(Path("/nowhere"), SecretStr(key)))


@pytest.fixture
def erp(url: str, api: str) -> Iterator[OdooERP]:
    erp = opened(url, api)
    yield erp
    erp.close()


def persistent(call: Callable[[], Posting]) -> Posting:
    """As `graph/posting.py` does it: again while the ERP is out of reach."""
    for _ in range(3):
        try:
            return call()
        except Unavailable:
            pass
    return call()


def post(erp: OdooERP, key: str = "C1.1") -> Posting:
    draft = persistent(lambda: erp.find(key) or erp.create(approved(), key, Attachment("order.pdf", b"%PDF")))
    compare(approved(), draft)
    return persistent(lambda: erp.confirm(draft))


def numbers(double: OdooDouble) -> list[tuple[float, float]]:
    """Quantity and price of every line that stands there."""
    return [(own["product_qty"], own["price_unit"]) for order in double.orders() for own in double.lines(order["id"])]


class TestRounding:
    def test_a_price_that_odoo_rounds_is_noticed_and_stays_a_draft(self, api: str) -> None:
        with serving(OdooDouble(price_digits=2)) as url:
            erp = opened(url, api)
            posting = erp.create(approved(), "C1.1")
            found = differences(approved(), posting)
            assert [(d.field, d.expected, d.actual) for d in found] == [("sum of lines", "8.75", "8.80")]
            with pytest.raises(Refused, match=r"The ERP has 8\.80 as sum of lines of P00001, approved was 8\.75"):
                compare(approved(), posting)
            assert posting.status == DRAFT

    @pytest.mark.parametrize("value", ["0.125", "0.1", "1E+3", "-3", "12345678.1234", "0", "0.0000000001"])
    def test_a_decimal_goes_out_as_the_float_that_prints_so(self, value: str) -> None:
        assert Decimal(repr(as_float(Decimal(value)))) == Decimal(value)

    def test_what_has_no_end_is_cut(self) -> None:
        assert as_float(Decimal(100) / 3) == 33.3333333333

    @pytest.mark.parametrize("value", ["12345678901234567890.12", "1234567890123456.1234", "99999999999999999"])
    def test_what_a_float_cannot_hold_is_refused(self, value: str) -> None:
        with pytest.raises(Refused, match="more digits than Odoo can hold"):
            as_float(Decimal(value))

    def test_a_price_per_hundred_and_a_net_amount_become_the_price_of_one(self, erp: OdooERP, double: OdooDouble) -> None:
        order = approved(line("200", "12.50", price_base_quantity=Decimal(100)), line("2", "5", line_amount=Decimal("9.50")))
        compare(order, erp.create(order, "C1.1"))
        assert numbers(double) == [(200.0, 0.125), (2.0, 4.75)]


class TestSigningIn:
    def test_a_wrong_key_is_a_clean_error_without_the_key(self, url: str, api: str, double: OdooDouble) -> None:
        erp = opened(url, api, key="not-the-key-at-all")
        for call in (lambda: erp.find("C1.1"), lambda: erp.create(approved(), "C1.1"), lambda: erp.cancel("P00001", "C2.1")):
            with pytest.raises(Refused, match="SIGNOFF_ERP_KEY") as raised:
                call()
            assert "not-the-key" not in str(raised.value)
        assert double.orders() == []

    def test_without_a_key_it_says_which(self) -> None:
        with pytest.raises(BadInput, match="SIGNOFF_ERP_KEY is not set; set it to an API key"):
            odoo.open_erp(odoo.Settings(url="https://odoo.example.com"), Place(Path("/nowhere"), None))

    def test_xml_rpc_asks_for_database_and_login(self) -> None:
        with pytest.raises(ValidationError, match="api xml-rpc asks for database and login"):
            odoo.Settings(url="https://odoo.example.com", api="xml-rpc")

    def test_erp_yaml_opens_it(self, tmp_path: Path, url: str, api: str) -> None:
        lines = ["kind: odoo", f"url: {url}/", f"api: {api}", f"database: {DATABASE}", f"login: {LOGIN}", "company: Kartenbrook Foods"]
        (tmp_path / "erp.yaml").write_text("\n".join(lines))
        erp = configured(Place(tmp_path, SecretStr(KEY)))
        assert erp.create(approved(), "C1.1").erp_id == "P00001"
        erp.close()


class TestVersions:
    @pytest.mark.parametrize("field", ["product_uom", "product_uom_id"])
    def test_the_unit_goes_into_the_field_that_the_version_has(self, api: str, field: str) -> None:
        double = OdooDouble(price_digits=6, unit_field=field)
        with serving(double) as url:
            erp = opened(url, api)
            compare(approved(), erp.create(approved(), "C1.1"))
            change = approved(line("4", "2.50"))
            compare(change, erp.amend("P00001", change, "C2.1"))
            assert [own[field] for own in double.lines(1)] == [1, 1]

    def test_an_unknown_version_says_so(self, api: str) -> None:
        with serving(OdooDouble(unit_field="x_unit")) as url, pytest.raises(Refused, match="this version is not supported"):
            opened(url, api).create(approved(), "C1.1")


FAULTS = ("500 before", "500 after", "429 before", "drop after", "drop before", "slow after", "503 after")


class TestFaults:
    @pytest.fixture(autouse=True)
    def _hurried(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(http, "TIMEOUT", httpx.Timeout(0.6))

    @pytest.mark.parametrize("fault", FAULTS)
    @pytest.mark.parametrize("method", ["search_read", "load", "write", "create", "button_confirm"])
    def test_an_order_is_posted_once(self, url: str, api: str, double: OdooDouble, method: str, fault: str) -> None:
        double.faults.append((method, fault))
        erp = opened(url, api)
        posted = post(erp)
        assert double.faults == []
        assert (posted.status, posted.line_total) == ("purchase", Decimal("8.75"))
        assert len(double.orders()) == 1
        assert numbers(double) == [(3.0, 2.5), (10.0, 0.125)]
        assert post(erp) == posted
        erp.close()

    @pytest.mark.parametrize("fault", FAULTS)
    @pytest.mark.parametrize("method", ["search_read", "write", "button_cancel"])
    def test_a_change_and_a_cancellation_happen_once(self, url: str, api: str, double: OdooDouble, method: str, fault: str) -> None:
        erp = opened(url, api)
        posted = post(erp)
        change = approved(line("4", "2.50"), order_type=OrderType.CHANGE)
        double.faults.append((method, fault))
        changed = persistent(lambda: erp.find("C2.1") or erp.amend(posted.erp_id, change, "C2.1"))
        compare(change, changed)
        assert (changed.status, changed.lines) == ("purchase", 1)
        cancelled = persistent(lambda: erp.find("C3.1") or erp.cancel(posted.erp_id, "C3.1"))
        assert (cancelled.status, cancelled.line_total) == (CANCELLED, Decimal("10.00"))
        assert double.faults == []
        assert numbers(double) == [(4.0, 2.5), (0.0, 0.125)]
        erp.close()

    def test_what_stays_out_of_reach_is_said_in_one_sentence(self, api: str, double: OdooDouble) -> None:
        with serving(double) as url:
            erp = opened(url, api)
        with pytest.raises(Unavailable, match=r"^Odoo at 127.0.0.1 cannot be reached \(ConnectError\); try again.$"):
            erp.find("C1.1")

    def test_a_page_that_is_not_odoo_is_said_to_be_none(self, url: str, api: str, double: OdooDouble) -> None:
        double.faults.append(("search_read", "200 before"))
        with pytest.raises(Unavailable, match=r"check that url in erp\.yaml is that of Odoo itself"):
            opened(url, api).find("C1.1")

    def test_a_crash_of_odoo_names_its_last_line(self, erp: OdooERP) -> None:
        with pytest.raises(Unavailable, match=r"^Odoo (answers with status 500|failed \(ValueError: ).*look into its log"):
            erp._wire.call("purchase.order", "load", fields=["id", "no_such_field"], data=[["a.b", "1"]])


class TestOnce:
    def test_eight_at_once_make_one_order_with_its_lines_once(self, url: str, api: str, double: OdooDouble) -> None:
        found: list[str] = []

        def create() -> None:
            erp = opened(url, api)
            barrier.wait(10)
            try:
                found.append(erp.create(approved(), "C1.1").erp_id)
            except SignoffError as error:
                found.append(str(error))

        barrier = threading.Barrier(8)
        threads = [threading.Thread(target=create) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert found == ["P00001"] * 8
        assert len(double.orders()) == 1
        assert len(double.lines(1)) == 2

    def test_load_is_never_sent_for_an_order_that_is_there(self, erp: OdooERP, double: OdooDouble) -> None:
        for _ in range(3):
            erp.create(approved(), "C1.1")
        assert double.calls.count(("purchase.order", "load")) == 1

    def test_an_order_that_got_no_further_than_its_header_is_filled(self, erp: OdooERP, double: OdooDouble) -> None:
        double.faults.append(("write", "500 before"))
        with pytest.raises(Unavailable):
            erp.create(approved(), "C1.1")
        assert erp.find("C1.1") is None
        compare(approved(), erp.create(approved(), "C1.1"))
        assert len(double.orders()) == 1

    def test_an_order_that_another_has_confirmed_meanwhile_keeps_its_lines(self, url: str, api: str, double: OdooDouble) -> None:
        slow, fast = opened(url, api), opened(url, api)
        row = slow._loaded(approved(), "C1.1")
        posted = post(fast)
        assert slow._filled(row, approved(), "C1.1")["state"] == "purchase"
        assert slow._posting(slow._loaded(approved(), "C1.1"), "C1.1") == posted
        assert len(double.lines(1)) == 2

    def test_the_paper_is_attached_once(self, erp: OdooERP, double: OdooDouble) -> None:
        for _ in range(2):
            erp.create(approved(), "C1.1", Attachment("order.pdf", b"%PDF"))
        (file,) = double.tables["ir.attachment"].values()
        assert (file["name"], file["res_model"], file["res_id"], file["datas"]) == ("order.pdf", "purchase.order", 1, "JVBERg==")

    def test_an_order_whose_external_id_was_deleted_is_found_by_its_source(self, erp: OdooERP, double: OdooDouble) -> None:
        posted = erp.create(approved(), "C1.1")
        double.tables["ir.model.data"].clear()
        assert erp.find("C1.1") == posted == erp.create(approved(), "C1.1")
        assert erp.find("c1.1") is None

    def test_an_order_that_lost_its_source_is_not_taken_for_the_same(self, erp: OdooERP, double: OdooDouble) -> None:
        erp.create(approved(), "C1.1")
        double.orders()[0]["origin"] = "somebody wrote here"
        assert erp.find("C1.1") is not None
        with pytest.raises(Refused, match=r"The field Source of P00001 in Odoo has lost the posting key C1.1"):
            erp.create(approved(), "C1.1")

    @pytest.mark.parametrize("key", ["C1.1", "a.b.c", "own 3", "100%", "ä_ö", "a/b", "x" * 120])
    def test_any_key_is_found_again(self, erp: OdooERP, key: str) -> None:
        assert erp.create(approved(), key) == erp.find(key)
        assert erp.find(key + "1") is None


class TestBusiness:
    def test_what_odoo_refuses_comes_in_its_own_words(self, erp: OdooERP, double: OdooDouble) -> None:
        posted = post(erp)
        double.orders()[0]["billed"] = True
        with pytest.raises(Refused, match=r"^Odoo refuses: Unable to cancel purchase order P00001. You must first cancel"):
            erp.cancel(posted.erp_id, "C3.1")
        assert erp.find("C3.1") is None

    def test_an_order_that_waits_for_odoos_own_approval_is_no_draft(self, api: str) -> None:
        with serving(OdooDouble(price_digits=6, approval_above=5)) as url:
            assert post(opened(url, api)).status == "to approve"

    @pytest.mark.parametrize(
        ("order", "says"),
        [
            (approved(currency="CHF"), "has no active currency CHF; activate it"),
            (approved(OrderLine(supplier_item_id="A-1", quantity=Decimal(1), unit="XBX", unit_price=Decimal(1))), "has no unit 'XBX'"),
        ],
        ids=["currency", "unit"],
    )
    def test_what_odoo_does_not_know_is_named_and_nothing_is_made(self, erp: OdooERP, double: OdooDouble, order: Any, says: str) -> None:
        with pytest.raises(Refused, match=says):
            erp.create(order, "C1.1")
        assert double.orders() == []

    def test_an_unknown_vendor_is_named(self, erp: OdooERP, double: OdooDouble) -> None:
        double.tables["res.partner"][1]["ref"] = "V-2"
        with pytest.raises(Refused, match="no partner with the internal reference V-1; set it"):
            erp.create(approved(), "C1.1")

    def test_a_line_that_no_product_fits_wants_one_for_free_text(self, url: str, api: str) -> None:
        order = approved(OrderLine(description="Window cleaning", quantity=Decimal(1), unit_price=Decimal(90)))
        with pytest.raises(Refused, match="no product for item 'Window cleaning'; add it there, or name a product as free_text_item"):
            opened(url, api, free_text_item=None).create(order, "C1.1")

    def test_products_are_found_by_code_barcode_and_the_vendors_code(self, erp: OdooERP, double: OdooDouble) -> None:
        double.tables["product.product"][2]["barcode"] = "4006381333931"
        lines = [
            OrderLine(buyer_item_id="BOLT", quantity=Decimal(1), unit_price=Decimal(1)),
            OrderLine(standard_item_id="4006381333931", quantity=Decimal(1), unit_price=Decimal(1)),
            OrderLine(supplier_item_id="A-1", quantity=Decimal(1), unit_price=Decimal(1)),
        ]
        erp.create(approved(*lines), "C1.1")
        assert [own["product_id"] for own in double.lines(1)] == [1, 2, 1]

    def test_units_may_be_named_in_the_settings(self, url: str, api: str, double: OdooDouble) -> None:
        order = approved(OrderLine(supplier_item_id="A-1", quantity=Decimal(1), unit="BX", unit_price=Decimal(1)))
        opened(url, api, units={"BX": "Box"}).create(order, "C1.1")
        assert double.lines(1)[0]["product_uom_id"] == 3
