"""Mails over mails and exports of messages: which of them is the order."""

from __future__ import annotations

import pytest

from signoff.domain.reading import DraftOrder, SetAside
from signoff.tools.documents import plain
from signoff.tools.documents.document import Source
from signoff.tools.orders import layout
from signoff.tools.orders.layout_cells import lines_of
from signoff.tools.orders.messages import correspondence

ORDER = "Please supply on PO SW-{n}:\n\n{q} x Rain jacket, art. RJ-1, 31.50 each\n\nBest regards\nIda\nMoorland Kit Ltd\n"
OLD = "> " + ORDER.format(n=1150, q=7).replace("\n", "\n> ")
HEADS = {
    "outlook": "-----Original Message-----\nFrom: Ida Moor <ida@moorland.example>\nSent: 3 May 2026 10:12\nTo: Desk\nSubject: Order\n\n",
    "german": "Von: Ida Moor <ida@moorland.example>\nGesendet: Montag, 4. Mai 2026 10:12\nAn: Desk\nBetreff: Bestellung\n\n",
    "apple": "Begin forwarded message:\n\nFrom: Ida Moor\nSubject: Order\nDate: 4 May 2026\nTo: Desk\n\n",
    "gmail": "---------- Forwarded message ---------\nFrom: Ida Moor\nDate: 4 May 2026\nSubject: Order\nTo: Desk\n\n",
    "attribution": "On 4 May 2026, Ida Moor <ida@moorland.example> wrote:\n",
    "french": "Le 4 mai 2026 à 10:12, Ida Moor a écrit :\n",
}


def drafts(text: str) -> list[DraftOrder]:
    found = layout.read(plain.open(Source("body.txt", text.encode())))
    return [p for p in found if isinstance(p, DraftOrder)]


def test_an_old_order_below_a_new_one_is_not_read() -> None:
    (found,) = drafts("Thanks, all arrived.\n\n" + ORDER.format(n=1193, q=3) + "\nOn 2 April 2026, Ida Moor wrote:\n" + OLD)
    assert (found.order.order_number, [x.quantity for x in found.order.lines]) == ("SW-1193", [3])


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_an_order_that_is_passed_on_is_read_without_its_covering_headers(head: str) -> None:
    (found,) = drafts("Hi all,\n\nplease process the order below.\n\nRegards\nFrank\n\n" + head + ORDER.format(n=2207, q=5))
    assert (found.order.order_number, [x.quantity for x in found.order.lines]) == ("SW-2207", [5])
    assert found.order.buyer.name == "Moorland Kit Ltd"


@pytest.mark.parametrize(
    "newest",
    [
        "Any news on this?",
        "Thanks, we confirm the order below.",
        "This is a reminder: still waiting for the order below.",
        "Danke, alles angekommen.",
    ],
)
def test_an_answer_to_an_order_is_none(newest: str) -> None:
    text = f"{newest}\n\nOn 2 April 2026, Ida Moor wrote:\n{OLD}"
    assert all(isinstance(p, SetAside) for p in layout.read(plain.open(Source("body.txt", text.encode()))))


def test_a_notice_of_confidentiality_is_no_part_of_the_message() -> None:
    notice = "This e-mail is confidential and meant for the addressee alone. If you received 3 copies, please send 2 back to us at once.\n"
    (found,) = drafts(ORDER.format(n=1, q=3) + "\n" + notice)
    assert len(found.order.lines) == 1


def test_every_message_of_an_export_is_an_order_of_its_own() -> None:
    text = (
        "SMS EXPORT  counter line (Tarnbrook Supplies Ltd)\n\n----------\nFrom: Hill Joinery\nReceived: 2026-02-03 09:14\n"
        "PO HJ-889: 25m garden hose @ 1.72/m please\n----------\nFrom: Oakfield School\nReceived: 2026-02-04 11:31\n"
        "please send us two step ladders\n"
    )
    first, second = (d.order for d in drafts(text))
    assert (first.order_number, first.buyer.name, str(first.issue_date)) == ("HJ-889", "Hill Joinery", "2026-02-03")
    assert (second.order_number, second.buyer.name, second.lines[0].quantity) == (None, "Oakfield School", 2)
    assert {first.supplier.name, second.supplier.name} == {"Tarnbrook Supplies Ltd"}


def test_a_chat_gives_an_order_for_each_who_writes() -> None:
    text = "03.02.2026, 09:14 - Hill Joinery: please send 3 boxes of nails\n03.02.2026, 09:20 - Desk: will do\n"
    text += "03.02.2026, 10:02 - Oakfield: need 5 brooms\n"
    assert [(d.order.buyer.name, d.order.lines[0].description) for d in drafts(text)] == [("Hill Joinery", "nails"), ("Oakfield", "brooms")]


def test_who_answers_in_a_chat_is_the_supplier_and_one_day_tells_the_order_of_all() -> None:
    text = "[02/03/2026 09:14] Hill Joinery: please send 3 boxes of nails\n[02/03/2026 09:20] Tarnbrook Supplies: will do\n"
    text += "[13/03/2026 10:02] Oakfield: need 5 brooms\n"
    found = [d.order for d in drafts(text)]
    assert [(o.buyer.name, o.supplier.name) for o in found] == [("Hill Joinery", "Tarnbrook Supplies"), ("Oakfield", "Tarnbrook Supplies")]
    assert [str(o.issue_date) for o in found] == ["2026-03-02", "2026-03-13"]


def test_signed_notes_one_to_a_line_are_orders_of_their_own() -> None:
    found = drafts("need 20 tins white primer - Hill Joinery\ncan you send 5 brooms, acct 55120 - Oakfield School\n")
    assert [d.order.lines[0].quantity for d in found] == [20, 5]


def test_quote_marks_go_and_the_words_keep_their_places() -> None:
    pages = plain.open(Source("x.txt", b"fyi\n\n> > 3 x Lamp\n")).pages
    newest, quoted = correspondence(lines_of(pages)).messages
    assert (newest.text, quoted.text) == ("fyi", "3 x Lamp")
    assert quoted.lines[0].words[0].left == 24.0


@pytest.mark.parametrize(
    "note", ["For processing.", "Pour traitement, merci.", "Para su gestión.", "Per evasione.", "Ter verwerking.", "För hantering."]
)
def test_a_word_of_passing_on_is_enough(note: str) -> None:
    (found,) = drafts(f"{note}\n\n{HEADS['outlook']}" + ORDER.format(n=2208, q=4))
    assert found.order.order_number == "SW-2208"
