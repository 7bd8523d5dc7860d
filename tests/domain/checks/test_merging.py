"""What an agent read beside what the other lanes read: it fills, it contradicts, it overwrites nothing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from signoff.domain.advice import Extraction, ReadField
from signoff.domain.checks.merging import agent_read, merged
from signoff.domain.order import Order, OrderLine
from signoff.domain.reading import DraftOrder, Evidence, Lane, Notice

NOTICED = Notice(code="field_missing", field="/issue_date", message="No date was found.")
DRAFT = DraftOrder(
    format="pdf", lane=Lane.LAYOUT, order=Order(order_number="A1", lines=(OrderLine(quantity=Decimal("2.50")),)), notices=(NOTICED,)
)


def said(**values: str) -> Extraction:
    return Extraction(fields=tuple(ReadField(pointer="/" + p.replace("__", "/"), value=v) for p, v in values.items()))


def test_fills_what_was_open_and_says_so() -> None:
    evidence = Evidence(text="2 Jan 2026", page=1)
    found = Extraction(fields=(ReadField(pointer="/issue_date", value="2026-01-02", evidence=evidence),))
    draft = merged(DRAFT, found, "pdf")
    assert draft is not None
    assert draft.order.issue_date == dt.date(2026, 1, 2)
    assert draft.lane_of("/issue_date") is Lane.AGENT
    assert draft.evidence["/issue_date"] == evidence
    assert draft.notices == (NOTICED,)
    assert agent_read(draft)


def test_overwrites_nothing_and_tells_the_difference() -> None:
    draft = merged(DRAFT, said(order_number="A2", lines__0__quantity="2.5"), "pdf")
    assert draft is not None
    assert draft.order == DRAFT.order
    assert [(n.code, n.field) for n in draft.notices[1:]] == [("readings_disagree", "/order_number")]
    assert "'A1'" in draft.notices[1].message
    assert "'A2'" in draft.notices[1].message
    assert not agent_read(draft)


def test_lines_may_be_added_at_the_end_only() -> None:
    draft = merged(DRAFT, said(lines__1__quantity="3", lines__1__unit_price="1.10", lines__7__quantity="9"), "pdf")
    assert draft is not None
    assert [line.quantity for line in draft.order.lines] == [Decimal("2.50"), Decimal(3)]
    assert draft.order.lines[1].unit_price == Decimal("1.10")


def test_what_has_no_place_or_the_wrong_type_is_left_out() -> None:
    draft = merged(DRAFT, said(nonsense="1", lines="x", buyer="y", issue_date="soon", currency="EUR"), "pdf")
    assert draft is not None
    assert draft.order == DRAFT.order.model_copy(update={"currency": "EUR"})
    assert set(draft.lanes) == {"/currency"}


def test_a_document_that_nobody_read() -> None:
    draft = merged(None, said(order_number="A9", lines__0__quantity="1"), "pdf")
    assert draft is not None
    assert (draft.lane, draft.order.order_number, len(draft.order.lines)) == (Lane.AGENT, "A9", 1)
    assert merged(None, said(nonsense="1"), "pdf") is None
    assert merged(None, Extraction(failed="no answer"), "pdf") is None


POINTERS = st.sampled_from(["/order_number", "/currency", "/lines/0/quantity", "/lines/1/unit_price", "/lines/0", "/x", "", "/buyer/name"])


@given(st.lists(st.builds(ReadField, pointer=POINTERS, value=st.text(max_size=20)), max_size=12))
def test_whatever_it_says_what_was_read_stays(fields: list[ReadField]) -> None:
    draft = merged(DRAFT, Extraction(fields=tuple(fields)), "pdf")
    assert draft is not None
    assert draft.order.order_number == "A1"
    assert draft.order.lines[0].quantity == Decimal("2.50")
    assert draft.notices[0] == NOTICED
    read = {p for p in draft.lanes if draft.lanes[p] is Lane.AGENT}
    assert read <= {f.pointer for f in fields}
