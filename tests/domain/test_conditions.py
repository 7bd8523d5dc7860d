"""What a rule may ask of a field: which fields there are, what fits them, and what an unknown value satisfies."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from signoff.domain.conditions import Condition, misfits, satisfied, spelled
from signoff.domain.contract import Contract
from signoff.domain.fields import field
from signoff.domain.order import Order
from signoff.domain.vendor import Vendor

ORDER = Order.model_validate(
    {
        "delivery_terms": "exw  Bremen",
        "issue_date": "2026-11-20",
        "payable_amount": "120.50",
        "notes": ["Rush, please"],
        "lines": [{"unit": "EA", "unit_price": "10"}, {"unit": "BX", "unit_price": None}],
        "allowances_charges": [{"charge": True, "amount": "5"}],
    }
)
VENDOR = Vendor.model_validate(
    {"vendor_id": "V-1", "name": "Acme", "country": "DE", "certificates": [{"name": "ISO", "expires": "2027-01-01"}]}
)
CONTRACT = Contract.model_validate(
    {"contract_id": "K-1", "vendor_id": "V-1", "starts": "2026-01-01", "currency": "EUR", "spend_cap": {"amount": "5000"}}
)
HELD = {"order": ORDER, "vendor": VENDOR, "contract": CONTRACT}


def holds(name: str, asked: Any, known: bool = True, counting: bool = True) -> bool:
    at = field(name)
    return satisfied(at, Condition.model_validate(asked), HELD[at.root] if known else None, counting)


@pytest.mark.parametrize(
    ("name", "asked", "so"),
    [
        ("/delivery_terms", "EXW Bremen", True),
        ("/delivery_terms", ["DAP", "EXW"], False),
        ("/delivery_terms", {"contains": "exw"}, True),
        ("/delivery_terms", {"none_of": ["DAP"]}, True),
        ("/notes/*", {"contains": ["rush", "express"]}, True),
        ("/lines/*/unit", "bx", True),
        ("/lines/*/unit", {"none_of": ["EA", "BX"]}, False),
        ("/lines/*/unit_price", {"above": 9, "up_to": 10}, True),
        ("/lines/*/unit_price", {"up_to": 9}, False),
        ("/lines/*/unit_price", {"missing": True}, True),
        ("/payable_amount", "120.5", True),
        ("/payable_amount", {"above": "120.50"}, False),
        ("/issue_date", {"before": dt.date(2026, 11, 21), "after": dt.date(2026, 11, 19)}, True),
        ("/issue_date", {"before": dt.date(2026, 11, 20)}, False),
        ("/issue_date", dt.date(2026, 11, 20), True),
        ("/allowances_charges/*/charge", True, True),
        ("/order_type", ["change", "order"], True),
        ("vendor.country", ["DE"], True),
        ("vendor.certificates.*.expires", {"before": dt.date(2027, 6, 1)}, True),
        ("contract.spend_cap.amount", {"above": 4999}, True),
        ("contract.lead_time_days", {"missing": True}, True),
        ("contract.spend_cap.amount", {"missing": True}, False),
        ("contract.ends", {"missing": False}, False),
    ],
)
def test_what_is_known_is_compared(name: str, asked: Any, so: bool) -> None:
    assert holds(name, asked) is so


@pytest.mark.parametrize(
    ("name", "asked", "so"),
    [
        ("/cost_center", ["4100"], False),
        ("/cost_center", {"none_of": ["4100"]}, False),
        ("/cost_center", {"one_of": ["4100"], "missing": True}, True),
        ("/cost_center", {"missing": True}, True),
        ("/cost_center", {"missing": False}, False),
        ("/requested_delivery_date", {"before": dt.date(2026, 1, 1)}, False),
        ("/tax_total", {"above": 1_000_000}, True),
        ("/tax_total", {"up_to": 1}, False),
        ("/tax_total", {"above": 1, "up_to": 5}, False),
        ("/tax_total", {"above": 1, "missing": False}, False),
        ("contract.lead_time_days", {"above": 5}, False),
    ],
)
def test_what_is_not_known_satisfies_nothing_but_a_threshold_of_the_order(name: str, asked: Any, so: bool) -> None:
    assert holds(name, asked, known=False) is so
    assert holds(name, asked, known=False, counting=False) is (so and "above" not in str(asked))


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("/delivry_terms", "'/delivry_terms' is no field of an order; did you mean '/delivery_terms'?"),
        ("/lines/unit", "'/lines/unit': /lines is a list; write /lines/* for any of them"),
        ("/lines/0/unit", "'/lines/0/unit': /lines is a list; write /lines/* for any of them"),
        ("/notes", "'/notes' is a list; write /notes/* for any of them"),
        ("/buyer", "'/buyer' holds several values; name one of them: name, id"),
        ("vendor.contry", "'vendor.contry' is no field of a vendor; did you mean 'vendor.country'?"),
        ("contract.prices.unit", "contract.prices is a list; write contract.prices.* for any of them"),
        ("/currency/x", "'/currency/x' is no field of an order; there is nothing"),
        ("amount", "'amount' is no field; an order's begin with / as in /delivery_terms"),
        ("order.currency", "'order.currency' is no field"),
    ],
)
def test_a_field_that_does_not_exist_is_named(name: str, says: str) -> None:
    with pytest.raises(ValueError, match=r"field|list|values") as error:
        field(name)
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("name", "asked", "word"),
    [
        ("/issue_date", {"above": 5}, "above"),
        ("/payable_amount", {"before": dt.date(2026, 1, 1)}, "before"),
        ("/payable_amount", ["many"], "one_of"),
        ("/issue_date", ["Monday"], "one_of"),
        ("/allowances_charges/*/charge", "perhaps", "one_of"),
        ("vendor.status", "activ", "one_of"),
        ("/delivery_terms", {"above": 5}, "above"),
        ("/payable_amount", {"contains": "5"}, "contains"),
        ("/payable_amount", {"above": 5, "up_to": 5}, "up_to"),
        ("/issue_date", {"after": dt.date(2026, 1, 1), "before": dt.date(2026, 1, 2)}, "before"),
    ],
)
def test_a_condition_that_can_never_be_is_named(name: str, asked: Any, word: str) -> None:
    assert [w for w, _ in misfits(field(name), Condition.model_validate(asked))] == [word]


def test_a_condition_says_something() -> None:
    with pytest.raises(ValueError, match="says nothing"):
        Condition.model_validate({})


def test_a_condition_reads_back_from_json_and_aloud() -> None:
    asked = Condition.model_validate({"above": 1000, "missing": True})
    assert Condition.model_validate_json(asked.model_dump_json()) == asked
    assert spelled(asked) == "is above 1,000 or is not stated"
    assert spelled(Condition.model_validate(["EXW", "FCA"])) == "is EXW or FCA"
    assert spelled(Condition.model_validate({"contains": "rush"})) == "contains 'rush'"
