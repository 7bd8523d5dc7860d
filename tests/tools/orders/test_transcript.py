"""A document as numbered lines, and quotes found again on them."""

from __future__ import annotations

import base64

from signoff.domain.reading import Region
from signoff.tools.documents.document import Document, Page, Sheet, Source, Word
from signoff.tools.orders.transcript import MAX_LINES, Member, printed, transcript


def page(*lines: str) -> Page:
    words = [
        Word(word, 50 + 60 * i, 40 + 20 * row, 90 + 60 * i, 50 + 20 * row, 10)
        for row, line in enumerate(lines)
        for i, word in enumerate(line.split())
    ]
    return Page(1, 595, 842, tuple(words))


def laid_out(*lines: str) -> Document:
    return Document("a.pdf", "pdf", b"", pages=(page(*lines),))


def test_lines_are_numbered_with_their_gaps() -> None:
    paper = transcript(laid_out("Order 4711", "Bolt 10 2.50"))
    assert paper.numbered() == "1| Order | 4711\n2| Bolt | 10 | 2.50"
    assert paper.numbered(2, 2) == "2| Bolt | 10 | 2.50"


def test_a_quote_is_found_with_its_box() -> None:
    number, evidence = transcript(laid_out("Order 4711", "Bolt 10 2.50")).find("10", 2) or (0, None)
    assert number == 2
    assert evidence is not None
    assert (evidence.text, evidence.page, evidence.box, evidence.region) == ("10", 1, (110, 60, 150, 70), Region.DATA)


def test_marks_around_words_and_forms_of_letters_do_not_count() -> None:
    paper = transcript(laid_out("Supplier: ACME (Lab)", "ﬁne"))
    assert paper.find("supplier acme", 1) is not None
    assert paper.find("fine", 2) is not None


def test_part_of_a_word_is_not_the_word() -> None:
    assert transcript(laid_out("Order 47110")).find("4711", 1) is None


def test_a_quote_that_stands_on_several_lines_is_only_believed_near_the_one_it_names() -> None:
    paper = transcript(laid_out("5", "a", "b", "c", "5", "d"))
    assert (paper.find("5", 6) or (0,))[0] == 5
    assert paper.find("5") is None
    assert paper.find("5", 99) is None
    assert (paper.find("d", 99) or (0,))[0] == 6


def test_a_sentence_proves_no_amount() -> None:
    paper = transcript(Document("a.txt", "txt", b"", text="please send us as soon as you can the things that cost 20 in all I think"))
    found = paper.find("20", 1)
    assert found is not None
    assert found[1].region is Region.NOTE


def test_sheets_and_text_say_where() -> None:
    paper = transcript(Document("a.xlsx", "xlsx", b"", sheets=(Sheet("Orders", (("Qty", None), (3, "x")), first_row=4),)))  # type: ignore[arg-type]
    assert (paper.find("3 x", 2) or (0, None))[1] is not None
    assert [line.where for line in paper.lines] == ["Orders!4", "Orders!5"]


def test_more_than_can_be_shown_is_said() -> None:
    paper = transcript(Document("a.txt", "txt", b"", text="x\n" * (MAX_LINES + 5)))
    assert (len(paper.lines), paper.cut) == (MAX_LINES, True)


def test_pictures_of_pages_come_where_they_are_wanted() -> None:
    source = Source("a.txt", b"PURCHASE ORDER 4711\n\nBolt  10  2.50  25.00\n")
    assert printed(source, Member(name="")).pictures == ()
    ((number, picture),) = printed(source, Member(name="", pictures=True)).pictures
    assert number == 1
    assert base64.b64decode(picture).startswith(b"\x89PNG")
