"""The extraction agent: asked for what is open, believed only where code finds its quotes again."""

from __future__ import annotations

import asyncio
import itertools
from decimal import Decimal
from typing import Any

from scripted import Memory, Scripted, asker, says

from signoff.agents.extraction import OVERLAP, WINDOW, extract, wanted, windows
from signoff.agents.messages import ModelFailed
from signoff.domain.advice import Extraction
from signoff.domain.checks.merging import merged
from signoff.domain.order import Order, OrderLine, Party
from signoff.domain.reading import DraftOrder, Lane
from signoff.tools.orders.transcript import Printed, Transcript


def paper(*lines: str) -> Transcript:
    return Transcript("letter.txt", "txt", tuple(Printed(text, tuple(text.split())) for text in lines))


LETTER = paper("Dear Sirs,", "our order 4711 of 2 March 2026", "Bolt M8 10 pcs at 2.50", "Nut M8 20 pcs at 1.00", "Kind regards")


def field(name: str, value: str, quote: str, line: int) -> dict[str, Any]:
    return {"field": name, "value": value, "quote": quote, "line": line}


def row(line: int, **cells: str) -> dict[str, Any]:
    return {"line": line, "cells": [{"field": k, "value": v, "quote": v} for k, v in cells.items()]}


def run(*lines: Any, draft: DraftOrder | None = None, reasons: tuple[str, ...] = (), document: Transcript = LETTER) -> Extraction:
    model = Scripted(*lines)
    found = asyncio.run(extract(asker(model, Memory()), draft, reasons, document))
    assert not model.lines, "the script was not played to its end"
    return found


def test_a_whole_document_that_nobody_read() -> None:
    said = {
        "fields": [field("/order_number", "4711", "4711", 2), field("/issue_date", "2026-03-02", "2 March 2026", 2)],
        "lines": [row(3, description="Bolt M8", quantity="10", unit_price="2.50"), row(4, quantity="20", unit_price="1.00")],
    }
    draft = merged(None, run(says(**said)), "txt")
    assert draft is not None
    assert (draft.order.order_number, str(draft.order.issue_date)) == ("4711", "2026-03-02")
    assert [(line.quantity, line.unit_price) for line in draft.order.lines] == [(10, Decimal("2.50")), (20, 1)]
    assert draft.evidence["/lines/1/quantity"].text == "20"
    assert set(draft.lanes.values()) == {Lane.AGENT}


def test_a_quote_that_is_not_on_the_paper_is_no_evidence() -> None:
    (found,) = run(says(**{"fields": [field("/order_number", "4712", "4712", 2)], "lines": []})).fields
    assert (found.value, found.evidence) == ("4712", None)


def test_only_what_is_open_is_asked_for() -> None:
    order = Order(
        order_number="4711", currency="EUR", supplier=Party(name="A"),
        lines=(OrderLine(quantity=Decimal(1), unit_price=Decimal(2), line_amount=Decimal(2)),),
    )  # fmt: skip
    open_ = wanted(DraftOrder(format="pdf", lane=Lane.LAYOUT, order=order), ["low_confidence /supplier"])
    assert "/order_number" not in open_.header
    assert {"/supplier/name", "/issue_date"} <= set(open_.header)
    assert not open_.lines
    assert wanted(DraftOrder(format="pdf", lane=Lane.LAYOUT, order=order), ["rows_missing /lines"]).lines


def test_a_field_that_was_not_asked_for_is_left_out() -> None:
    draft = DraftOrder(format="txt", lane=Lane.LAYOUT, order=Order(order_number="4711"))
    found = run(says(**{"fields": [field("/order_number", "9", "4711", 2)], "lines": []}), draft=draft)
    assert found.fields == ()


def test_windows_overlap_and_leave_nothing_out() -> None:
    spans = list(windows(WINDOW * 3))
    assert spans[0] == (1, WINDOW)
    assert spans[-1][1] == WINDOW * 3
    assert all(b[0] == a[1] + 1 - OVERLAP for a, b in itertools.pairwise(spans))
    assert list(windows(5)) == [(1, 5)]


def test_a_long_order_is_put_together_by_code() -> None:
    document = paper(*(f"Item{n} {n} pcs" for n in range(1, WINDOW + 51)))
    spans = list(windows(len(document.lines)))
    answers = [
        says(**{"fields": [], "lines": [row(n, description=f"Item{n}", quantity=str(n)) for n in range(a, b + 1)]}) for a, b in spans
    ]
    draft = merged(None, run(*answers, document=document), "txt")
    assert draft is not None
    assert [int(line.quantity or 0) for line in draft.order.lines] == list(range(1, WINDOW + 51))


def test_other_rows_than_those_read_before_are_told_and_not_taken() -> None:
    draft = DraftOrder(format="txt", lane=Lane.LAYOUT, order=Order(lines=(OrderLine(quantity=Decimal(10)),)))
    found = run(says(**{"fields": [], "lines": [row(3, quantity="10"), row(4, quantity="20")]}), draft=draft)
    assert [n.code for n in found.notices] == ["readings_disagree"]
    assert found.fields == ()


def test_a_failure_is_said_and_nothing_is_taken() -> None:
    found = run(ModelFailed("unavailable", "The endpoint does not answer."))
    assert (found.fields, found.failed) == ((), "The endpoint does not answer.")


def test_a_document_without_text() -> None:
    assert "no text" in (run(document=paper()).failed or "")


def test_pictures_of_the_pages_shown_go_along_where_the_model_takes_them() -> None:
    lines = (Printed("Order 4711", ("Order", "4711"), page=1), Printed("Bolt", ("Bolt",), page=2))
    model = Scripted(says(fields=[], lines=[]))
    model.takes_images = True
    document = Transcript("a.pdf", "pdf", lines, pictures=((1, "AAAA"), (2, "BBBB"), (3, "CCCC")))
    asyncio.run(extract(asker(model, Memory()), None, (), document))
    assert [i.data for i in model.asked[0].messages[-1].images] == ["AAAA", "BBBB"]
