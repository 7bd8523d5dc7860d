"""Files that were made to harm whoever opens them, each made here and small on the disk."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from email.message import EmailMessage

MEGABYTE = 1_000_000


def laughs() -> bytes:
    """Entities of entities: a few hundred bytes that come to gigabytes."""
    lines = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    return f'<!DOCTYPE Order [<!ENTITY l0 "ha">{lines}]><Order>&l9;</Order>'.encode()


def blowup() -> bytes:
    """One long entity, used very often."""
    return f'<!DOCTYPE Order [<!ENTITY a "{"a" * 50_000}">]><Order>{"&a;" * 50_000}</Order>'.encode()


def outside(what: str) -> bytes:
    return f'<!DOCTYPE Order [<!ENTITY x SYSTEM "{what}">]><Order><ID>&x;</ID></Order>'.encode()


def included(what: str) -> bytes:
    return f'<Order xmlns:xi="http://www.w3.org/2001/XInclude"><ID><xi:include href="{what}" parse="text"/></ID></Order>'.encode()


def deep(depth: int = 100_000) -> bytes:
    return b"<Order>" + b"<a>" * depth + b"</a>" * depth + b"</Order>"


def deep_page(depth: int = 100_000) -> bytes:
    return b"<html><body>" + b"<div>" * depth + b"Purchase order" + b"</div>" * depth + b"</body></html>"


def zipped(*members: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members:
            package.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def document_bomb() -> bytes:
    """A Word document of 150 MB of blanks."""
    return zipped(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<a>" + b" " * (150 * MEGABYTE) + b"</a>"))


def nested_zips(width: int = 10, levels: int = 6) -> bytes:
    """Zips in zips, each holding `width` times the same: a million files of 1 MB at the bottom, as in the well-known 42.zip."""
    inner = zipped(("order.txt", bytes(MEGABYTE)))
    for _ in range(levels):
        inner = zipped(*((f"{i}.zip", inner) for i in range(width)))
    return inner


def overlapping(times: int = 2000) -> bytes:
    """A zip whose directory names the same packed bytes again and again (D. Fifield, 2019)."""
    packed = zipped(("a.txt", b" " * MEGABYTE))
    start = packed.index(b"PK\x01\x02")
    end = packed.index(b"PK\x05\x06")
    entries = packed[start:end] * times
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, times, times, len(entries), start, 0)
    return packed[:start] + entries + tail


def gzip_bomb() -> bytes:
    return gzip.compress(bytes(200 * MEGABYTE), mtime=0)


def many_pages(count: int) -> bytes:
    """A PDF of so many pages, all of them the same object."""
    kids = b"3 0 R " * count
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    )
    return _pdf(objects)


def flate_bomb() -> bytes:
    """A PDF page whose content unpacks to 1 GB, by two filters one after the other."""
    once = zlib.compressobj(9)
    inner = b"".join(once.compress(b" " * MEGABYTE) for _ in range(1000)) + once.flush()
    stream = zlib.compress(inner, 9)
    content = b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n%s\nendstream" % (len(stream), stream)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"
    return _pdf((b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>", page, content))


def _pdf(objects: tuple[bytes, ...]) -> bytes:
    made, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return made + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        size,
        table,
        size,
        len(made),
    )


def huge_picture(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG that says it is 3.6 gigapixels, and is so when it is unpacked far enough."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(MEGABYTE))) + chunk(b"IEND", b"")


def nested_mails(depth: int) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"], message["Message-ID"] = "a@example.com", "Order", "<1@example.com>"
    message.set_content("Purchase order 4711")
    for level in range(depth):
        outer = EmailMessage()
        outer["From"], outer["Subject"], outer["Message-ID"] = "a@example.com", f"Fw {level}", f"<{level}@example.com>"
        outer.set_content("See below.")
        outer.add_attachment(message)
        message = outer
    return message.as_bytes()


def long_line(size: int = 30 * MEGABYTE) -> bytes:
    return b"Order number;Quantity\n" + b"4711;" + b"9" * size + b"\n"


def many_rows(count: int = 1_000_000) -> bytes:
    """A workbook with so many rows of one cell."""
    rows = "".join(f'<row r="{r}"><c r="A{r}"><v>1</v></c></row>' for r in range(1, count + 1))
    return workbook(rows)


def workbook(rows: str, *more: tuple[str, bytes]) -> bytes:
    """The least that is a workbook, around rows of SpreadsheetML."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    types = (("xl/workbook.xml", "sheet.main"), ("xl/worksheets/sheet1.xml", "worksheet"))
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"/>'
        for name, kind in types
    )
    relation = '<Relationships xmlns="{0}/relationships"><Relationship Id="r1" Type="{1}/{2}" Target="{3}"/></Relationships>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/'
        f'vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>',
        "_rels/.rels": relation.format(package, office, "officeDocument", "xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": relation.format(package, office, "worksheet", "worksheets/sheet1.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="Order" sheetId="1" r:id="r1"/></sheets>'
        "</workbook>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
    }
    return zipped(*((name, text.encode()) for name, text in parts.items()), *more)
