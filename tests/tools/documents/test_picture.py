"""Pictures as files: which are pages, how large a page is, and what is refused before it is decoded. Nothing is recognised here."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image, TiffImagePlugin

from signoff.domain.errors import Unreadable
from signoff.tools.documents import picture
from signoff.tools.documents.document import Page, Source
from signoff.tools.documents.opening import open_document

SEEN: list[tuple[int, int, float, float]] = []


@pytest.fixture(autouse=True)
def _unrecognised(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page instead of its recognition; its picture is decoded all the same."""
    SEEN.clear()

    def recognise(image: Image.Image, number: int, width: float, height: float) -> Page:
        image.load()
        SEEN.append((*image.size, round(width), round(height)))
        return Page(number, width, height, (), scanned=True)

    monkeypatch.setattr(picture, "recognise", recognise)


def saved(image: Image.Image, kind: str, **options: Any) -> Source:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return Source(f"scan.{kind.lower()}", file.getvalue())


def sheet(mode: str = "L", size: tuple[int, int] = (827, 1169)) -> Image.Image:
    return Image.new(mode, size, "white" if mode != "I;16" else 65535)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "BMP", "GIF", "WEBP"])
def test_each_kind_of_picture_is_a_page(kind: str) -> None:
    document = open_document(saved(sheet(), kind))
    assert document.format == {"JPEG": "jpg", "TIFF": "tif"}.get(kind, kind.lower())
    assert len(document.pages) == 1
    assert document.picture is not None
    assert document.picture(1).image.size == (827, 1169)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_whatever_its_colours(mode: str) -> None:
    open_document(saved(sheet(mode), "TIFF"))
    assert SEEN[0][:2] == (827, 1169)


@pytest.mark.parametrize(
    ("dpi", "points"),
    [((100, 100), (595, 842)), (None, (596, 842)), ((7, 7), (596, 842)), ((100, 50), (596, 842))],
    ids=["stated", "not stated", "absurd", "too long a sheet"],
)
def test_the_page_is_as_large_as_the_stated_resolution_says_where_that_is_a_sheet(dpi: Any, points: tuple[int, int]) -> None:
    open_document(saved(sheet(), "PNG", **({"dpi": dpi} if dpi else {})))
    assert [(827, 1169, *points)] == SEEN


def test_a_fax_has_more_dots_across_than_down() -> None:
    open_document(saved(sheet("1", (1728, 1146)), "TIFF", dpi=(204, 98), compression="group4"))
    assert SEEN == [(1728, 1146, 610, 842)]


def test_a_photograph_is_turned_as_its_camera_was_held() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    open_document(saved(sheet(size=(1169, 827)), "JPEG", exif=exif))
    assert SEEN == [(827, 1169, 596, 842)]


def test_a_large_jpeg_is_decoded_at_half_its_size() -> None:
    open_document(saved(Image.new("RGB", (8400, 4300)), "JPEG"))
    assert SEEN[0][:2] == (4200, 2150)


def test_every_page_of_a_tiff_and_the_first_of_anything_that_moves() -> None:
    pages = {"save_all": True, "append_images": [sheet(), sheet()]}
    assert [p.number for p in open_document(saved(sheet(), "TIFF", **pages)).pages] == [1, 2, 3]
    assert len(open_document(saved(sheet(), "GIF", **pages)).pages) == 1


def test_a_logo_is_no_page() -> None:
    document = open_document(saved(Image.new("RGB", (600, 120)), "PNG"))
    assert document.pages == ()
    assert SEEN == []


def test_too_many_pages_are_refused_before_any_is_decoded() -> None:
    tiny = Image.new("1", (8, 8))
    with pytest.raises(Unreadable, match=r"^scan.tiff has 31 scanned pages; up to 30 are read, split it into its orders.$"):
        open_document(saved(tiny, "TIFF", save_all=True, append_images=[tiny] * 30))
    assert SEEN == []


@pytest.mark.parametrize("size", [(12_000, 12_000), (60_000, 60_000)])
def test_too_many_pixels_are_refused_before_any_is_decoded(size: tuple[int, int]) -> None:
    with pytest.raises(Unreadable, match=r"^bomb.png has more than 100 million pixels; scan it again with 300 dots an inch.$"):
        open_document(Source("bomb.png", png(size)))


def png(size: tuple[int, int]) -> bytes:
    """A PNG of a size that is only stated."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", *size, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_a_cut_off_picture_is_called_damaged(kind: str) -> None:
    whole = saved(Image.effect_noise((827, 1169), 40), kind)
    cut = Source(whole.name, whole.data[: len(whole.data) // 2])
    with pytest.raises(Unreadable, match=r"is a damaged or cut off picture; ask the sender for it again.$"):
        open_document(cut)


def test_a_picture_of_no_size_and_a_tiff_that_goes_in_a_circle_end_in_a_sentence() -> None:
    with pytest.raises(Unreadable):
        open_document(Source("none.png", png((0, 0))))
    ring = bytearray(saved(sheet("1", (16, 16)), "TIFF").data)
    prefix = TiffImagePlugin.II
    assert bytes(ring[:2]) == prefix
    start = struct.unpack_from("<I", ring, 4)[0]
    entries = struct.unpack_from("<H", ring, start)[0]
    struct.pack_into("<I", ring, start + 2 + 12 * entries, start)
    document = open_document(Source("ring.tif", bytes(ring)))
    assert document.pages == ()
