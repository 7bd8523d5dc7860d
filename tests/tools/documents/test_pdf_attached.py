"""What lies in a PDF besides its pages: values of form fields, notes written on it, attached files."""

from __future__ import annotations

from pdf_making import changed, drawn, opened, texts
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)
from reportlab.pdfgen.canvas import Canvas

from signoff.tools.documents.document import Source
from signoff.tools.intake import papers

CSV = b"PO Number,Item,Quantity,Unit Price,Amount\nPO-881,A-1,2,5.00,10.00\n"


def form(canvas: Canvas) -> None:
    canvas.drawString(60, 700, "PO Number")
    canvas.acroForm.textfield(name="number", x=150, y=692, width=120, height=20, value="4500-123")
    canvas.acroForm.textfield(name="secret", x=150, y=592, width=120, height=20, value="Unseen", fieldFlags="")
    canvas.acroForm.checkbox(name="rush", x=150, y=500, checked=True)


def test_values_of_form_fields_stand_in_their_boxes() -> None:
    page = opened(drawn(form)).pages[0]
    value = next(w for w in page.words if w.text == "4500-123")
    assert 150 <= value.left < value.right <= 270
    assert 842 - 712 <= value.top < value.bottom <= 842 - 692


def test_a_value_without_an_appearance_is_read_and_a_hidden_field_is_not() -> None:
    def change(writer: PdfWriter) -> None:
        for reference in writer.pages[0]["/Annots"]:
            field = reference.get_object()
            if field.get("/T") == "number":
                del field["/AP"]
            elif field.get("/T") == "secret":
                field[NameObject("/F")] = NumberObject(2)
        writer._root_object["/AcroForm"].get_object()[NameObject("/NeedAppearances")] = BooleanObject(True)

    found = texts(opened(changed(drawn(form), change)))
    assert "4500-123" in found
    assert "Unseen" not in found


def test_text_typed_on_the_page_is_read() -> None:
    def change(writer: PdfWriter) -> None:
        note = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject("/FreeText"),
                NameObject("/Rect"): ArrayObject([FloatObject(n) for n in (60, 400, 300, 430)]),
                NameObject("/Contents"): TextStringObject("Deliver to gate 4"),
                NameObject("/DA"): TextStringObject("/Helv 10 Tf 0 g"),
            }
        )
        writer.pages[0]["/Annots"].append(writer._add_object(note))

    assert "gate" in texts(opened(changed(drawn(form), change)))


def covering(*files: tuple[str, bytes]) -> bytes:
    def change(writer: PdfWriter) -> None:
        for name, data in files:
            writer.add_attachment(name, data)

    return changed(drawn(lambda c: c.drawString(60, 700, "Please find our order attached.")), change)


def test_an_order_attached_to_a_covering_page_is_a_paper_of_its_own() -> None:
    found = papers(Source("cover.pdf", covering(("order.csv", CSV), ("photo.png", b"\x89PNG\r\n\x1a\n"))))
    assert [p.member for p in found] == ["order.csv"]
    assert found[0].parts[0].order.order_number == "PO-881"  # type: ignore[union-attr]


def test_attached_files_are_named_without_folders_and_read_once() -> None:
    document = opened(covering(("../../a.csv", CSV), ("b.csv", CSV), ("a.csv", CSV + b"PO-881,A-2,1,1.00,1.00\n")))
    assert [a.name for a in document.attachments] == ["x.pdf!a.csv", "x.pdf!a (2).csv"]


def test_an_embedded_order_is_the_document_and_what_lies_beside_it_no_paper() -> None:
    document = opened(covering(("order-x.xml", b"<order/>"), ("terms.pdf", b"%PDF-1.4")))
    assert document.xml is not None
    assert document.attachments == ()


def test_a_file_behind_a_paper_clip_is_attached_even_on_a_page_with_a_form() -> None:
    def clip(writer: PdfWriter) -> None:
        stream = StreamObject()
        stream.set_data(CSV)
        file = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Filespec"),
                NameObject("/F"): TextStringObject("order.csv"),
                NameObject("/UF"): TextStringObject("order.csv"),
                NameObject("/EF"): DictionaryObject({NameObject("/F"): writer._add_object(stream)}),
            }
        )
        note = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject("/FileAttachment"),
                NameObject("/Rect"): ArrayObject([FloatObject(n) for n in (20, 20, 40, 40)]),
                NameObject("/FS"): file,
            }
        )
        writer.pages[0]["/Annots"].append(note)

    document = opened(changed(drawn(form), clip))
    assert [(a.name, a.data) for a in document.attachments] == [("x.pdf!order.csv", CSV)]
    assert "4500-123" in texts(document)
