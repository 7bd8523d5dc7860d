"""What a reading must show when its lane searched the paper: nothing overlooked, nothing misread by a factor of a thousand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from test_verify import POLICY, drafted, ordered

from signoff.domain.checks.verify import verify
from signoff.domain.order import Order, OrderLine, OrderType, Party
from signoff.domain.reading import Controls, DraftOrder, Evidence, Lane, Region, Verdict, Witness

LABELS = {"/order_number": "Order no.", "/supplier/name": "Supplier"}


def searched(order: Order, lane: Lane = Lane.LAYOUT, **more: Any) -> DraftOrder:
    """A draft whose order number and supplier are labelled on the page."""
    draft = drafted(order, lane, **more)
    labelled = {p: Evidence(text=draft.evidence[p].text, label=label) for p, label in LABELS.items() if p in draft.evidence}
    return draft.model_copy(update={"evidence": draft.evidence | labelled})


def reasons(draft: DraftOrder) -> tuple[str, ...]:
    return verify(draft, POLICY).reading.reasons


def without(order: Order, **fields: Any) -> Order:
    return order.model_copy(update=fields)


@pytest.mark.parametrize("lane", [Lane.TABULAR, Lane.LAYOUT, Lane.OCR])
def test_a_labelled_order_that_adds_up_is_clear(lane: Lane) -> None:
    assert reasons(searched(ordered(), lane)) == ()


@pytest.mark.parametrize("pointer", ["/order_number", "/supplier/name"])
def test_a_number_or_a_supplier_without_a_label_needs_a_witness(pointer: str) -> None:
    draft = searched(ordered())
    bare = draft.model_copy(update={"evidence": draft.evidence | {pointer: Evidence(text=draft.evidence[pointer].text)}})
    seen = verify(bare, POLICY)
    assert seen.reading.reasons == (f"low_confidence {pointer.removesuffix('/name')}",)
    assert "has no label on the page" in seen.findings[0].message
    assert reasons(bare.model_copy(update={"witnesses": {pointer: (Witness.REPEATED,)}})) == ()


@pytest.mark.parametrize("lane", [Lane.TABULAR, Lane.LAYOUT])
def test_without_a_printed_total_or_count_a_line_may_be_missing(lane: Lane) -> None:
    silent = without(ordered(), line_total=None, payable_amount=None)
    assert reasons(searched(silent, lane)) == ("field_missing /payable_amount",)
    assert reasons(searched(silent, lane, controls=Controls(line_count=2))) == ()
    assert reasons(searched(silent, lane, controls=Controls(quantity_total=Decimal(7)))) == ()
    assert reasons(searched(silent, lane, controls=Controls(printed_rows=2))) == ("field_missing /payable_amount",), (
        "rows are counted by us"
    )
    assert reasons(drafted(silent, Lane.STRUCTURED)) == ()
    assert reasons(searched(without(silent, order_type=OrderType.CANCELLATION, order_reference="B-1"), lane)) == ()


def test_another_total_is_not_the_total() -> None:
    assert reasons(searched(without(ordered(), payable_amount=None))) == ("field_missing /payable_amount",)


def test_a_total_that_leaves_out_a_printed_tax_is_asked_about() -> None:
    order = ordered(tax_total=Decimal("2.61"))
    assert reasons(searched(order)) == ("low_confidence /payable_amount",)
    assert reasons(searched(without(order, payable_amount=Decimal("16.36")))) == ()


def test_a_line_without_an_amount_among_others_that_print_one() -> None:
    order = ordered()
    bare = without(order, lines=(order.lines[0], without_amount(order.lines[1])))
    assert reasons(searched(bare)) == ("field_missing /lines/1/line_amount",)
    assert reasons(searched(without(order, lines=tuple(map(without_amount, order.lines))))) == ()


def without_amount(line: OrderLine) -> OrderLine:
    return line.model_copy(update={"line_amount": None})


@pytest.mark.parametrize(
    ("texts", "currency", "doubted"),
    [
        ({"/lines/0/unit_price": "1.250", "/lines/0/line_amount": "3.750"}, "EUR", True),
        ({"/lines/0/unit_price": "1.250", "/lines/0/line_amount": "3.750,00"}, "EUR", False),
        ({"/lines/0/unit_price": "1.250", "/lines/0/line_amount": "3.750"}, "JPY", False),
        ({"/lines/0/unit_price": "1250", "/lines/0/line_amount": "3750"}, "EUR", False),
    ],
)
def test_figures_of_which_nothing_shows_the_scale(texts: dict[str, str], currency: str, doubted: bool) -> None:
    order = ordered([("3", "1250", "3750")], currency=currency, line_total=None)
    evidence = {p: Evidence(text=t) for p, t in texts.items()} | {"/payable_amount": Evidence(text=texts["/lines/0/line_amount"])}
    assert ("low_confidence /payable_amount" in reasons(searched(order, evidence=evidence))) is doubted


def test_a_number_in_the_notes_and_a_total_in_the_terms_prove_nothing() -> None:
    for pointer, region in (("/payable_amount", Region.NOTE), ("/supplier/name", Region.FOOTER), ("/lines/0/unit_price", Region.NOTE)):
        text = drafted(ordered()).evidence[pointer].text
        draft = searched(ordered())
        elsewhere = draft.model_copy(update={"evidence": draft.evidence | {pointer: Evidence(text=text, region=region, label="Total")}})
        assert f"low_confidence {pointer}" in reasons(elsewhere)


@pytest.mark.parametrize("lane", [Lane.STRUCTURED, Lane.LAYOUT])
def test_a_supplier_that_is_only_a_number_must_be_in_the_vendor_master(lane: Lane) -> None:
    order = ordered(supplier=Party(id="9520001000447", id_scheme="GLN"))
    draft = searched(order, lane)
    draft = draft.model_copy(update={"evidence": draft.evidence | {"/supplier/id": Evidence(text="9520001000447", label="Supplier")}})
    assert reasons(draft) == ("low_confidence /supplier",)
    known = verify(draft.model_copy(update={"witnesses": {"/supplier": (Witness.VENDOR_MASTER,)}}), POLICY)
    assert known.reading.verdict is Verdict.CLEAR
