"""Files that are broken, and what stays whole around them: the rest of a batch, and everything imported before."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from signoff_run import COMPANY, ORDERS, copied, done, dump, rows, run

PDF_LOCKED = Path(__file__).parents[1] / "documents" / "pdf" / "encrypted.pdf"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")

GOOD = ("xml/4500018001.xml", "cxml/4500018030.xml", "edi/850-tamarack-1116.x12", "spreadsheets/4500018062.xlsx", "pdf/4500018070.pdf")
RENAMED = {"a printed order.xml": "pdf/4500018071.pdf", "order.pdf": "xml/4500018004.xml", "form.xlsx": "spreadsheets/4500018066.csv"}
TABLE = """Order number;Order date;Supplier;Currency;Line;Supplier item no.;Description;Quantity;Unit;Unit price;Amount
4500019001;2026-10-29;Fairholt Facility Services B.V.;EUR;1;FF-CLEAN;Industrial cleaning;12;HUR;39.00;468.00
4500019001;2026-10-29;Fairholt Facility Services B.V.;EUR;2;FF-WIN;Window cleaning;4;HUR;45.00;180.00
"""


def example(name: str) -> bytes:
    return (ORDERS / name).read_bytes()


def locked_workbook() -> bytes:
    """What Excel writes for a workbook with a password: an OLE file with an EncryptedPackage in its directory ([MS-OFFCRYPTO] 2.3.4.4)."""
    names = "".join(name.ljust(32, "\0") for name in ("Root Entry", "EncryptionInfo", "EncryptedPackage"))
    return OLE + b"\0" * 504 + names.encode("utf-16-le").ljust(4096, b"\0")


def cut_workbook() -> bytes:
    data = example("spreadsheets/4500018062.xlsx")
    return data[: len(data) // 2]


def bomb() -> bytes:
    """A workbook that unpacks to 2 GB of spaces."""
    with tempfile.SpooledTemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
            book.writestr("[Content_Types].xml", "<Types/>")
            book.writestr("xl/workbook.xml", "<workbook/>")
            with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
                for _ in range(200):
                    sheet.write(b" " * 1_000_000)
        file.seek(0)
        return file.read()


BROKEN: dict[str, Callable[[], bytes]] = {
    "empty.pdf": lambda: b"",
    "blank.xml": lambda: b" \r\n\t\r\n",
    "zeros.x12": lambda: b"\0" * 4096,
    "cut.xml": lambda: example("xml/4500018001.xml")[:900],
    "cut.pdf": lambda: example("pdf/4500018070.pdf")[:700],
    "cut.xlsx": cut_workbook,
    "cut.docx": lambda: example("documents/4500018075.docx")[:700],
    "locked.pdf": PDF_LOCKED.read_bytes,
    "locked.xlsx": locked_workbook,
    "noise.bin": lambda: bytes((i * 7919 + i // 251) % 256 for i in range(5000)),
    "bomb.xlsx": bomb,
}


def workspace_records(workspace: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(done("list", "--json", workspace=workspace))
    return found


@pytest.fixture(scope="module")
def mixed(empty_company: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, str, dict[str, dict[str, Any]]]:
    """One batch over good, broken, oversized and wrongly named files: exit code, what was said on stderr, and a record a file."""
    folder = tmp_path_factory.mktemp("mixed")
    orders = folder / "orders"
    for name in GOOD:
        (orders / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ORDERS / name, orders / name)
    for name, data in BROKEN.items():
        (orders / name).write_bytes(data())
    for name, source in RENAMED.items():
        shutil.copy(ORDERS / source, orders / name)
    (orders / "table.xlsx").write_text(TABLE, encoding="utf-8")
    with (orders / "huge.pdf").open("wb") as huge:
        huge.write(example("pdf/4500018070.pdf"))
        huge.truncate(50_000_000)
    workspace = copied(empty_company, folder / "workspace")
    ran = run("batch", orders, workspace=workspace)
    return ran.code, ran.err, {r["source"]: r for r in workspace_records(workspace)}


def test_the_batch_ends_with_1_and_says_nothing_else(mixed: tuple[int, str, dict[str, Any]]) -> None:
    code, err, found = mixed
    assert (code, err) == (1, "")
    assert sorted(found) == sorted([*GOOD, *BROKEN, *RENAMED, "table.xlsx", "huge.pdf"])


@pytest.mark.parametrize("name", GOOD)
def test_the_good_ones_finish(mixed: tuple[int, str, dict[str, Any]], name: str) -> None:
    assert mixed[2][name]["status"] == ("needs_review" if name.startswith(("spreadsheets", "pdf")) else "posted")


@pytest.mark.parametrize("name", [*BROKEN, "huge.pdf"])
def test_each_broken_one_is_a_case_that_says_why(mixed: tuple[int, str, dict[str, Any]], name: str) -> None:
    record = mixed[2][name]
    assert record["status"] == "failed"
    assert name in record["reason"]
    assert "unexpected" not in record["reason"]
    assert "\n" not in record["reason"]
    assert record["reason"].endswith(".")
    assert len(record["reason"]) < 250


@pytest.mark.parametrize(
    ("name", "word"),
    [("empty.pdf", "empty"), ("blank.xml", "empty"), ("zeros.x12", "empty"), ("huge.pdf", "40 MB"), ("locked.pdf", "password")],
)
def test_the_reason_is_the_right_one(mixed: tuple[int, str, dict[str, Any]], name: str, word: str) -> None:
    assert word in mixed[2][name]["reason"]


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("a printed order.xml", "4500018071"),
        ("order.pdf", "4500018004"),
        ("table.xlsx", "4500019001"),
        ("form.xlsx", "4500018066"),
    ],
)
def test_a_wrong_name_is_no_obstacle(mixed: tuple[int, str, dict[str, Any]], name: str, number: str) -> None:
    record = mixed[2][name]
    assert record["status"] in ("needs_review", "needs_approval")
    assert record["order"]["order_number"] == number
    assert record["order"]["lines"]


def test_a_file_that_may_not_be_read(empty_company: Path) -> None:
    """Root may read everything, so it gives up that right for as long as the batch takes."""
    with tempfile.TemporaryDirectory() as made:
        base = Path(made)
        workspace = copied(empty_company, base / "workspace")
        orders = base / "orders"
        orders.mkdir()
        (orders / "mine.xml").write_bytes(example("xml/4500018001.xml"))
        (orders / "theirs.xml").write_bytes(example("xml/4500018004.xml"))
        (orders / "theirs.xml").chmod(0)
        with _without_rights():
            ran = run("batch", orders, workspace=workspace)
        found = {r["source"]: r for r in workspace_records(workspace)}
    assert ran.code == 1, ran.err
    assert found["mine.xml"]["status"] == "posted"
    assert (found["theirs.xml"]["status"], found["theirs.xml"]["reason"]) == ("failed", "theirs.xml cannot be opened: Permission denied.")


@contextmanager
def _without_rights() -> Iterator[None]:
    """Root is above what files allow; this thread no more (capabilities(7): CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH)."""
    if os.geteuid() != 0:
        yield
        return
    system, head, now = ctypes.CDLL(None), (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    assert system.capget(head, now) == 0
    assert system.capset(head, (ctypes.c_uint32 * 6)(now[0] & ~0b110, *now[1:])) == 0
    try:
        yield
    finally:
        system.capset(head, now)


# --- policy and master data


def put(text: str, old: str, new: str) -> str:
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1)


POLICY = [
    ("tolerances:", "tolerance:", "tolerance"),
    ('price_percent: "0.5"', 'price_percent: "half"', "price_percent"),
    ("base_currency: EUR", "base_currency: EURO", "base_currency"),
    ("dated: 2026-09-15", "dated: 15.09.2026", "dated"),
    ("  reviewers: buyer", "\treviewers: buyer", ""),
    ("version: 1", "version: 1\nversion: 1", "version"),
]


@pytest.mark.parametrize(("old", "new", "field"), POLICY, ids=[p[1].split(":")[0].strip() for p in POLICY])
def test_a_broken_policy_is_refused_before_anything_happens(company: Path, old: str, new: str, field: str) -> None:
    path = company / "policy.yaml"
    text = put(path.read_text(encoding="utf-8"), old, new)
    path.write_text(text, encoding="utf-8")
    last = new.splitlines()[-1].strip()
    where = max(i for i, row in enumerate(text.splitlines(), 1) if row.strip().startswith(last) and (i > 7 or last != "version: 1"))
    before = dump(company / "signoff.db")
    for command in (("batch", ORDERS / "xml"), ("policy", "check")):
        ran = run(*command, workspace=company)
        assert ran.code == 2
        refusal(ran.err, "policy.yaml", where, field)
    assert run("list", workspace=company).code == 0  # what was done stays to be seen
    assert dump(company / "signoff.db") == before
    assert not (company / "erp.db").exists() or rows(company / "erp.db", "SELECT count(*) FROM purchase_orders") == [(0,)]


TABLES = [
    ("vendors", ",active,", ",sleeping,", 2, "status"),
    ("vendors", "V-1020,Ferriton", "V-1019,Ferriton", 21, "V-1019"),
    ("vendors", "vendor_id,name,", "vendor,name,", 1, "vendor_id"),
    ("vendors", "ISO 9001=2030-03-31", "ISO 9001=soon", 2, "certificates"),
    ("people", "managing_director,,1000000,", "managing_director,,a million,", 2, "limit"),
    ("people", "cfo,E-001,250000", "cfo,E-999,250000", 3, "E-999"),
    ("people", "managing_director,,1000000,", "managing_director,E-002,1000000,", None, "manager"),
    ("people", "Henrike Vollandt", '"Henrike Vollandt', None, ""),
    ("history", "EUR", "EURO", None, "currency"),
]  # fmt: skip


@pytest.mark.parametrize("table", TABLES, ids=[f"{t[0]}-{t[4] or 'quote'}" for t in TABLES])
def test_a_broken_table_is_refused_whole(company: Path, tmp_path: Path, table: tuple[str, str, str, int | None, str]) -> None:
    kind, old, new, line, word = table
    broken = tmp_path / f"{kind}.csv"
    broken.write_text(put((COMPANY / f"{kind}.csv").read_text(encoding="utf-8"), old, new), encoding="utf-8")
    before = dump(company / "signoff.db")
    ran = run(kind, "import", broken, workspace=company)
    assert (ran.code, ran.out) == (2, "")
    refusal(ran.err, broken.name, line, word)
    assert dump(company / "signoff.db") == before


CONTRACTS = [
    ("currency: EUR", "currency: EURO", 6, "currency"),
    ("ends: 2027-04-30", "ends: 2027-04-31", 5, "ends"),
    ('price: "62.00"', 'price: "62,00"', 19, "price"),
    ("vendor_id: V-1004", "vendor: V-1004", 2, "vendor"),
    ("multiple: 100", "multiple: 0", 21, "multiple"),
    ("prices:", "prices: [", None, ""),
    ("contract_id: K-2025-021", "contract_id: K-2025-011", None, "K-2025-011"),
]


@pytest.mark.parametrize("contract", CONTRACTS, ids=[c[3] or "yaml" for c in CONTRACTS])
def test_a_broken_contract_keeps_all_of_them_out(company: Path, tmp_path: Path, contract: tuple[str, str, int | None, str]) -> None:
    old, new, line, word = contract
    folder = tmp_path / "contracts"
    shutil.copytree(COMPANY / "contracts", folder)
    other = folder / "K-2025-011-lagerhof.yaml"
    other.write_text(put(other.read_text(encoding="utf-8"), "EUR", "CHF"), encoding="utf-8")
    broken = next(folder.glob("K-2025-021*"))
    broken.write_text(put(broken.read_text(encoding="utf-8"), old, new), encoding="utf-8")
    before = dump(company / "signoff.db")
    ran = run("contracts", "import", folder, workspace=company)
    assert (ran.code, ran.out) == (2, "")
    refusal(ran.err, broken.name, line, word)
    assert dump(company / "signoff.db") == before


@pytest.mark.parametrize("kind", ["vendors", "people", "history"])
@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"\x00" * 100, b"PK\x03\x04 this is a workbook"], ids=["empty", "cut", "zeros", "zip"]
)
def test_a_file_that_is_no_table_is_refused(company: Path, tmp_path: Path, kind: str, content: bytes) -> None:
    broken = tmp_path / f"{kind}.csv"
    broken.write_bytes(content)
    before = dump(company / "signoff.db")
    ran = run(kind, "import", broken, workspace=company)
    assert ran.code == 2
    refusal(ran.err, broken.name, None, "")
    assert dump(company / "signoff.db") == before


def refusal(err: str, file: str, line: int | None, word: str) -> None:
    """One line on standard error that names file, line and field."""
    assert err.startswith("signoff: "), err
    assert err.count("\n") == 1, err
    assert file in err
    assert word in err
    if line is not None:
        assert f"line {line}" in err
