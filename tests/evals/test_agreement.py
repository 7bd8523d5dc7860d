"""How a reading agrees with the truth: five outcomes, exact decimals, and lines paired so that the most fields agree."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signoff.evals.agreement import HEADER, LINE, Outcome, compare, order_of_record, order_of_truth, outcome, paired

ENTRY: dict[str, Any] = {
    "number": "PO-1001", "date": "2026-03-02", "currency": "EUR", "buyer": {"name": "Nordwall Maschinen AG"},
    "supplier": {"name": "Halvermoor Pumpen GmbH"}, "total": "357.00",
    "lines": [
        {"supplier_part": "HP-1", "description": "Gear pump", "qty": "2", "unit_price": "100.00", "amount": "200.00"},
        {"supplier_part": "HP-2", "description": "Seal kit", "qty": "4", "unit_price": "25.00", "amount": "100.00"},
    ],
}  # fmt: skip


def read(**changes: Any) -> dict[str, Any]:
    """The same order as a record has it, with changes."""
    lines = [
        {"supplier_item_id": e["supplier_part"], "description": e["description"], "quantity": e["qty"], "unit_price": e["unit_price"],
         "line_amount": e["amount"]}
        for e in ENTRY["lines"]
    ]  # fmt: skip
    order = {
        "order_number": "PO-1001", "issue_date": "2026-03-02", "currency": "EUR", "buyer": {"name": "Nordwall Maschinen AG"},
        "supplier": {"name": "Halvermoor Pumpen GmbH"}, "payable_amount": "357.00", "lines": lines,
    }  # fmt: skip
    return {"order": order | changes}


def wrong(**changes: Any) -> tuple[str, ...]:
    return compare(order_of_record(read(**changes)), order_of_truth(ENTRY)).wrong


@pytest.mark.parametrize(
    ("key", "said", "there", "expected"),
    [
        ("total", "357", "357.00", Outcome.CORRECT),
        ("total", "357.01", "357.00", Outcome.WRONG),
        ("total", "0.1", "0.10000000000000001", Outcome.WRONG),
        ("total", None, "357.00", Outcome.MISSED),
        ("total", "357.00", None, Outcome.SPURIOUS),
        ("total", None, None, Outcome.ABSENT),
        ("total", "", None, Outcome.ABSENT),
        ("currency", "EUR", None, Outcome.ABSENT),
        ("number", "po 1001", "PO-1001", Outcome.CORRECT),
        ("number", "PO-1001", "PO-10011", Outcome.WRONG),
        ("date", "2026-03-02T00:00:00", "2026-03-02", Outcome.CORRECT),
        ("date", "2026-02-03", "2026-03-02", Outcome.WRONG),
        ("supplier", "Halvermoor Pumpen", "Halvermoor Pumpen GmbH", Outcome.CORRECT),
        ("supplier", "Nordwall Maschinen AG", "Halvermoor Pumpen GmbH", Outcome.WRONG),
    ],
)
def test_outcomes(key: str, said: object, there: object, expected: Outcome) -> None:
    assert outcome(key, HEADER[key], said, there) is expected


def test_an_order_that_is_read_as_it_is() -> None:
    agreed = compare(order_of_record(read()), order_of_truth(ENTRY))
    assert agreed.wrong == ()
    assert (agreed.exact, agreed.read, agreed.there, agreed.line_f1) == (2, 2, 2, 1.0)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"order_number": None}, ("number",)),
        ({"payable_amount": "300.00", "issue_date": None}, ("total",)),
        ({"lines": []}, ("lines",)),
        ({"lines": read()["order"]["lines"][:1]}, ("lines",)),
        ({"lines": [*read()["order"]["lines"], read()["order"]["lines"][0]]}, ("lines",)),
    ],
    ids=["no number", "another total", "no lines", "a line too few", "a line too many"],
)
def test_what_is_wrong(changes: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert wrong(**changes) == expected


def test_a_description_alone_makes_nothing_wrong() -> None:
    first, second = read()["order"]["lines"]
    assert wrong(lines=[first | {"description": "Something else altogether"}, second]) == ()


def test_an_order_that_was_not_read_misses_everything() -> None:
    agreed = compare(order_of_record({"order": None}), order_of_truth(ENTRY))
    assert {k for k, v in agreed.header.items() if v is Outcome.MISSED} == {"number", "date", "currency", "buyer", "supplier", "total"}
    assert (agreed.exact, agreed.read, agreed.there, agreed.line_f1) == (0, 0, 2, 0.0)


def test_the_places_of_lines_are_those_of_the_reading() -> None:
    first, second = read()["order"]["lines"]
    agreed = compare(order_of_record(read(lines=[second, {"description": "Freight"}, first])), order_of_truth(ENTRY))
    assert agreed.places == (0, 2, 1)
    assert agreed.exact == 2


LINE_READ = st.fixed_dictionaries(
    {
        "part": st.lists(st.sampled_from(["A1", "B2", "C3", "D4"]), min_size=1, max_size=2),
        "description": st.sampled_from(["pump", "seal"]),
        "qty": st.sampled_from(["1", "2", "3"]),
        "unit_price": st.sampled_from(["10.00", "20.00"]),
        "amount": st.none() | st.just("20.00"),
    }
)
LINES = st.lists(LINE_READ, max_size=6)


def agreeing(read: list[dict[str, Any]], there: list[dict[str, Any]]) -> int:
    return sum(outcome(k, same, read[i][k], there[j][k]) is Outcome.CORRECT for i, j in paired(read, there) for k, same in LINE.items())


@given(LINES, st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(lines: list[dict[str, Any]], rng: Random) -> None:
    mixed = rng.sample(lines, len(lines))
    assert agreeing(mixed, lines) == agreeing(lines, lines) == sum(v is not None for line in lines for v in line.values())


@given(LINES, LINES)
def test_no_line_is_paired_twice_and_no_pair_agrees_in_nothing(read: list[dict[str, Any]], there: list[dict[str, Any]]) -> None:
    pairs = paired(read, there)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    for i, j in pairs:
        assert any(outcome(k, same, read[i][k], there[j][k]) is Outcome.CORRECT for k, same in LINE.items())
