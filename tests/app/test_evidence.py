"""`signoff show CASE --evidence`: a picture for every page with evidence, in the colours of what was proved, read and doubted."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from PIL import Image
from signoff_run import ORDERS, done, run

from signoff.app.marks import Colour, Mark, Seen, marks
from signoff.app.picture import pictures
from signoff.domain.checks.verify import Verification
from signoff.domain.findings import Code, finding
from signoff.domain.order import Order
from signoff.domain.reading import DraftOrder, Evidence, Lane, Reading, Verdict
from signoff.tools.documents.document import Document, Page, Word

SEEN = Seen("C00001 · 4711 · order.txt", "doubtful, confidence 0.500", ("low_confidence: The total is not labelled.",))


def word(text: str, left: float, top: float) -> Word:
    return Word(text, left, top, left + 6.0 * len(text), top + 10.0, 10.0)


PAGES = tuple(Page(n, 595.0, 842.0, (word("Order", 40, 60), word(f"47{n}1", 140, 60), word("10.00", 300, 200))) for n in (1, 2, 3))
PAPER = Document("order.txt", "txt", b"", pages=PAGES)


def at(page: int, left: float, top: float, text: str) -> Evidence:
    return Evidence(text=text, page=page, box=(left, top, left + 6.0 * len(text), top + 10.0))


def coloured(picture: Image.Image) -> set[Colour]:
    """The colours of the boxes that are on the page, below the legend."""
    page = picture.crop((0, 240, picture.width, picture.height))
    colours = {colour for _, colour in page.getcolors(maxcolors=1 << 20) or []}
    return {c for c in Colour if c.rgb in colours}


def test_each_page_with_evidence_is_drawn_in_the_colours_of_its_fields() -> None:
    read = [
        Mark("/order_number", at(1, 140, 100, "4711"), Colour.PROVED),
        Mark("/payable_amount", at(3, 300, 200, "10.00"), Colour.DOUBTED),
    ]
    first, second = pictures(PAPER, read, SEEN)
    assert coloured(first) == {Colour.PROVED}
    assert coloured(second) == {Colour.DOUBTED}
    assert min(first.width, first.height) > 200


def test_what_has_no_pages_is_a_list_of_places() -> None:
    read = [Mark(f"/lines/{i}/quantity", Evidence(text=str(i), where=f"Orders!D{i}"), Colour.READ) for i in range(70)]
    sheets = pictures(Document("order.csv", "csv", b""), read, SEEN)
    assert [coloured(s) for s in sheets] == [{Colour.READ}, {Colour.READ}]


def test_a_mark_is_red_where_a_finding_blocks_and_amber_where_nothing_proves_it() -> None:
    pointers = ("/order_number", "/payable_amount", "/supplier/name", "/lines/0/quantity", "/lines/0/unit_price")
    draft = DraftOrder(format="pdf", lane=Lane.LAYOUT, order=Order(), evidence={p: at(1, 10, 10, "x") for p in pointers})
    sure = dict(zip(pointers, (0.75, 0.97, 0.97, 0.97, 0.97), strict=True))
    reading = Reading(
        verdict=Verdict.DOUBTFUL, reasons=("low_confidence /supplier", "rows_missing /lines"), confidence=0.5, confidences=sure
    )
    found = [finding(Code.ARITHMETIC_MISMATCH, "It does not add up.", field="/lines/0/unit_price")]
    colours = {m.pointer: m.colour for m in marks(draft, Verification(reading=reading), found, 0.8)}
    assert list(colours.values()) == [Colour.READ, Colour.PROVED, Colour.DOUBTED, Colour.PROVED, Colour.DOUBTED]


@pytest.fixture
def case(company: Path, tmp_path: Path) -> dict[str, object]:
    """A case that came as a PDF inside a mail."""
    folder = tmp_path / "orders"
    folder.mkdir()
    shutil.copy(next((ORDERS / "mail").glob("*4500018080*.eml")), folder)
    done("batch", folder, "--out", company / "r.jsonl", workspace=company)
    records = map(json.loads, (company / "r.jsonl").read_text(encoding="utf-8").splitlines())
    found: dict[str, object] = next(r for r in records if r["format"] == "pdf")
    return found


def test_the_original_is_opened_again_down_to_the_attachment(company: Path, case: dict[str, object], tmp_path: Path) -> None:
    paths = done("show", str(case["case_id"]), "--evidence", workspace=company).split()
    assert [Path(p) for p in paths] == [company / "evidence" / f"{case['case_id']}-1.png"]
    with Image.open(paths[0]) as picture:
        assert Colour.PROVED in coloured(picture.convert("RGB"))
    own = tmp_path / "shown" / "page.png"
    assert done("show", str(case["case_id"]), "--evidence", "--out", own, workspace=company).split() == [str(own)]
    assert own.exists()


def test_a_case_without_a_reading_says_so(worked: Path) -> None:
    number = next(r["case_id"] for r in json.loads(done("list", "--status", "not_an_order", "--json", workspace=worked)))
    ran = run("show", number, "--evidence", workspace=worked)
    assert ran.code == 2
    assert "has no reading to show" in ran.err
