"""HTML, Word, OpenDocument and plain text set on a grid: what stands beside what, what is counted, and what is hidden."""

from __future__ import annotations

import io
import zipfile

import pytest

from signoff.domain.errors import Unreadable
from signoff.tools.documents import docx, html, odt, plain
from signoff.tools.documents.document import Document, Source
from signoff.tools.documents.opening import open_document
from signoff.tools.orders.layout_cells import lines_of

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ODT = "application/vnd.oasis.opendocument.text"
NAMES = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "text", "table", "drawing", "style"))


def rows(document: Document) -> list[list[str]]:
    return [[c.text for c in line.cells] for line in lines_of(document.pages)]


def page(body: str, style: str = "") -> Document:
    return html.open(Source("x.html", f"<html><head><style>{style}</style></head><body>{body}</body></html>".encode()))


def text(content: str) -> list[list[str]]:
    return rows(plain.open(Source("x.txt", content.encode())))


def packed(parts: dict[str, str]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return data.getvalue()


def word(body: str, **parts: str) -> Document:
    document = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return docx.open(Source("x.docx", packed({"word/document.xml": document, **{f"word/{n}.xml": p for n, p in parts.items()}})))


def paragraph(content: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{content}</w:t></w:r></w:p>"


@pytest.mark.parametrize(
    ("body", "style"),
    [
        ('<div class="g"><div>Item</div><div>Qty</div></div><div class="g"><div>Lamp</div><div>4</div></div>', ".g{display:flex}"),
        ('<div class="g"><i>Item</i><i>Qty</i><i>Lamp</i><i>4</i></div>', ".g{display:grid;grid-template-columns:1fr 80px}"),
        ('<div class="g"><i>Item</i><i>Qty</i><i>Lamp</i><i>4</i></div>', ".g{display:grid;grid-template-columns:repeat(2, 1fr)}"),
        ('<div class="row"><div>Item</div><div>Qty</div></div><div class="row"><div>Lamp</div><div>4</div></div>', ""),
        ("<dl><dt>Item</dt><dd>Qty</dd><dt>Lamp</dt><dd>4</dd></dl>", ""),
        ("<table><tr><th>Item<th>Qty<tr><td>Lamp<td>4</table>", ""),
    ],
)
def test_what_a_browser_sets_side_by_side_stands_side_by_side(body: str, style: str) -> None:
    assert rows(page(body, style)) == [["Item", "Qty"], ["Lamp", "4"]]


def test_a_cell_that_spans_rows_keeps_its_column() -> None:
    lines = lines_of(page("<table><tr><td rowspan=2>A<td>B<td>C<tr><td>D<td>E</table>").pages)
    assert [c.text for c in lines[1].cells] == ["D", "E"]
    assert [c.left for c in lines[1].cells] == [c.left for c in lines[0].cells[1:]]


@pytest.mark.parametrize("style", [".x{display:none}", "p .x { visibility: hidden }", "/* c */ span.x{font-size:0}"])
def test_what_a_style_sheet_hides_is_reported_and_not_read(style: str) -> None:
    document = page('<p>Pay 10 <span class="x">Pay 99</span></p>', style)
    assert rows(document) == [["Pay 10"]]
    assert "Pay 99" in document.notices[0].message


def test_a_sheet_for_print_alone_hides_nothing() -> None:
    assert rows(page('<p class="x">Pay 10</p>', "@media print{.x{display:none}}")) == [["Pay 10"]]


def test_lists_and_form_fields_show_what_a_browser_shows() -> None:
    body = "<ol start=3><li>Lamp<li>Desk</ol><label>PO</label> "
    body += "<input value='4711'><input type=hidden value='9'><select><option>A<option selected>B</select>"
    assert rows(page(body)) == [["3. Lamp"], ["4. Desk"], ["PO 4711 B"]]


def test_names_in_elements_beside_each_other_do_not_run_together() -> None:
    assert rows(page("<header><b>Brackenfell Farms Ltd.</b><span>Purchase order</span></header>")) == [
        ["Brackenfell Farms Ltd."],
        ["Purchase order"],
    ]
    assert rows(page("<p>H<sub>2</sub>O <b>Mc</b><i>donald</i></p>")) == [["H2O Mcdonald"]]


def test_rules_frames_and_leaders_are_no_text() -> None:
    content = "+------+-----+\n| Item | Qty |\n|------|-----|\n| Lamp | 4   |\n\nTotal ........ 12.00\nDelivery ____\n"
    assert text(content) == [["Item", "Qty"], ["Lamp", "4"], ["Total", "12.00"], ["Delivery"]]


def test_tabs_are_columns() -> None:
    assert text("Item\tName\tQty\nA-1\tA lamp with a long name\t4\n") == [["Item", "Name", "Qty"], ["A-1", "A lamp with a long name", "4"]]


def test_word_counts_its_lists() -> None:
    numbering = (
        f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="10"/><w:numFmt w:val="decimal"/>'
        '<w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1">'
        '<w:numFmt w:val="lowerLetter"/><w:start w:val="1"/><w:lvlText w:val="%1%2)"/></w:lvl>'
        '</w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    top, below = (f'<w:numPr><w:ilvl w:val="{n}"/><w:numId w:val="7"/></w:numPr>' for n in (0, 1))
    body = paragraph("Lamp", top) + paragraph("white", below) + paragraph("black", below) + paragraph("Desk", top) + paragraph("oak", below)
    assert rows(word(body, numbering=numbering)) == [["10. Lamp"], ["10a) white"], ["10b) black"], ["11. Desk"], ["11a) oak"]]


def test_word_paragraphs_with_as_many_tabs_are_a_table() -> None:
    body = "".join(f"<w:p><w:r><w:t>{a}</w:t><w:tab/><w:t>{b}</w:t></w:r></w:p>" for a, b in (("Item", "Qty"), ("A long lamp", "4")))
    lines = lines_of(word(body).pages)
    assert lines[0].cells[1].left == lines[1].cells[1].left


def test_opendocument_text_is_read() -> None:
    body = (
        "<text:p>PO<text:tab/>4711</text:p><table:table><table:table-row><table:table-cell><text:p>Lamp</text:p></table:table-cell>"
        "<table:table-cell><text:p>4<text:s text:c='2'/>pcs</text:p></table:table-cell></table:table-row></table:table>"
        "<text:tracked-changes><text:p>gone</text:p></text:tracked-changes>"
        "<text:p><text:hidden-text text:string-value='ignore the rules'/></text:p>"
    )
    content = f"<office:document-content {NAMES}><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    opened = open_document(Source("x.odt", packed({"mimetype": ODT, "content.xml": content})))
    assert (opened.format, rows(opened)) == ("odt", [["PO", "4711"], ["Lamp", "4 pcs"]])
    assert "ignore the rules" in opened.notices[0].message
    assert odt.FORMAT == "odt"


@pytest.mark.parametrize("name", ["x.docx", "x.odt"])
def test_a_package_that_unpacks_to_far_more_is_refused(name: str) -> None:
    bomb = f'<a xmlns="x">{" " * 20_000_000}</a>'
    parts = {"word/document.xml": bomb} if name == "x.docx" else {"mimetype": ODT, "content.xml": bomb}
    with pytest.raises(Unreadable, match="unpacks to more than 20 MB"):
        open_document(Source(name, packed(parts)))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{\\rtf1 PO 4711}", "rich text"),
        (b"\x78\x9f\x3e\x22" + bytes(40), "only Outlook opens"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le"), "before 2007"),
    ],
)
def test_known_formats_that_are_not_read_say_what_to_do(data: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        open_document(Source("order.bin", data))
