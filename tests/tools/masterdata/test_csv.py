"""Vendors, people and history in CSV: taken whole or not at all, and every refusal names line and column."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signoff.domain.checks.policy_check import check_policy
from signoff.domain.errors import BadInput
from signoff.domain.people import Directory
from signoff.domain.vendor import VendorStatus
from signoff.tools.masterdata.history import load_history
from signoff.tools.masterdata.people import load_people
from signoff.tools.masterdata.policy import load_policy
from signoff.tools.masterdata.vendors import load_vendors

TEMPLATES = Path(__file__).parents[3] / "app" / "workspace_template"
VENDORS = "vendor_id,name,aliases,status,currency,certificates\n"
PEOPLE = "person_id,name,email,roles,manager,limit,cost_centers\n"
HISTORY = "order_number,issue_date,vendor_id,currency,line_number,quantity,unit_price\n"


def written(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refusal(path: Path) -> str:
    """The file that a refusal names, or nothing when the people are sound."""
    try:
        load_people(path)
    except BadInput as error:
        return str(error)[: len(path.name)]
    return ""


def test_what_a_new_workspace_starts_with_is_sound() -> None:
    people, vendors = load_people(TEMPLATES / "people.csv"), load_vendors(TEMPLATES / "vendors.csv")
    assert check_policy(load_policy(TEMPLATES / "policy.yaml").policy, Directory(people), vendors) == []
    assert (len(people), len(vendors)) == (3, 3)


def test_vendors_as_a_spreadsheet_saves_them(tmp_path: Path) -> None:
    text = (
        VENDORS
        + 'V-1,"Acme, Ltd",Acme; ACME Tools ;,active,EUR,ISO 9001=2027-03-31;Insurance=2026-12-31\n\n,,,,,\nV-2,"Two\nlines",,on_hold,,\n'
    )
    comma = load_vendors(written(tmp_path, "vendors.csv", "\ufeff" + text))
    assert [v.vendor_id for v in comma] == ["V-1", "V-2"]
    assert (comma[0].name, comma[0].aliases, comma[1].status) == ("Acme, Ltd", ("Acme", "ACME Tools"), VendorStatus.ON_HOLD)
    assert [(c.name, c.expires) for c in comma[0].certificates] == [
        ("ISO 9001", dt.date(2027, 3, 31)),
        ("Insurance", dt.date(2026, 12, 31)),
    ]
    semicolon = VENDORS.replace(",", ";") + 'V-1;Acme, Ltd;"Acme;ACME Tools";active;EUR;\r\n'
    assert load_vendors(written(tmp_path, "vendors.csv", semicolon))[0].aliases == ("Acme", "ACME Tools")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            VENDORS + "V-1,A,,activ,,\n",
            "line 2, column status: 'activ' is not one of active, pending, on_hold, blocked, sanctioned; did you mean 'active'?",
        ),
        (
            VENDORS + "\nV-1,A,,active,,\nv-1,B,,active,,\n",
            "vendors.csv, line 4, column vendor_id: 'v-1' is there twice, first on line 3; keep one.",
        ),
        (VENDORS + "V-1,A,,active,EUX,\n", "vendors.csv, line 2, column currency: 'EUX' is not a currency of ISO 4217; write it like EUR."),
        (VENDORS + 'V-1,"A\nB",,active,,\nV-2,,,active,,\n', "vendors.csv, line 4, column name: must not be empty."),
        (VENDORS + "V-1,A,,active,,ISO 9001\n", "column certificates: 'ISO 9001' is not a certificate; write it like ISO 9001=2027-03-31."),
        (VENDORS + "V-1,A,,active,,ISO=31.03.2027\n", "column certificates: '31.03.2027' is not a date; write it like 2026-11-30."),
        (VENDORS + "V-1,A,active,,\n", "vendors.csv, line 2: 5 cells where the header has 6; check the separators and quotes."),
        (VENDORS + "V-1,A,,active,,,x\n", "vendors.csv, line 2: 7 cells where the header has 6"),
        (VENDORS + 'V-1,"A,,active,,\n', "vendors.csv, line 2: not valid CSV"),
        (
            "vendor_id,name,stauts\n",
            "line 1: unknown column 'stauts'; did you mean 'status'?; vendors.csv, line 1: column 'status' is missing.",
        ),
        ("vendor_id,name,status,name\n", "column 'name' is there twice."),
        ("", "vendors.csv is empty; its first line must be vendor_id,name,aliases,"),
        (b"vendor_id,name,status\nV-1,M\xfcller,active\n", "vendors.csv, line 2: not UTF-8 text; save the file as 'CSV UTF-8'."),
    ],
)
def test_what_is_wrong_with_vendors_is_said(tmp_path: Path, text: str | bytes, sentence: str) -> None:
    with pytest.raises(BadInput) as error:
        load_vendors(written(tmp_path, "vendors.csv", text))
    assert sentence in str(error.value)


def test_people(tmp_path: Path) -> None:
    text = PEOPLE + "b,Bea,bea@x.test,buyer;finance,,1500.50,\na,Al,,,b,,4100;4200\n"
    bea, al = load_people(written(tmp_path, "people.csv", text))
    assert (bea.roles, bea.limit, bea.manager) == (("buyer", "finance"), Decimal("1500.50"), None)
    assert (al.limit, al.cost_centers, al.email) == (None, ("4100", "4200"), None)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("boss,B,,,,,\na,A,,,bos,,\n", "line 3, column manager: 'bos' is not a person_id in this file; did you mean 'boss'?"),
        (
            "a,A,,,b,,\nb,B,,,c,,\nc,C,,,b,,\n",
            "line 2, column manager: the managers go round in a circle (a -> b -> c -> b); leave one empty.",
        ),
        ("a,A,,,a,,\n", "the managers go round in a circle (a -> a)"),
        ("a,A,x@y.test,,,,\nb,B,X@y.test,,,,\n", "line 3, column email: 'X@y.test' also stands on line 2; each needs their own."),
        ('a,A,,,,"1,000",\n', "line 2, column limit: '1,000' is not a number; write it like 1234.50."),
        ("a,A,,,,-1,\n", "line 2, column limit: '-1' is below zero; leave it empty for no authority."),
        ("a,A,,,,NaN,\n", "column limit: 'NaN' is not a number"),
        (
            "a,A,,,,1_0,\nb,B,,,,٣,\n",
            "line 2, column limit: '1_0' is not a number; write it like 1234.50; people.csv, line 3, column limit",
        ),
    ],
)
def test_what_is_wrong_with_people_is_said(tmp_path: Path, rows: str, sentence: str) -> None:
    with pytest.raises(BadInput) as error:
        load_people(written(tmp_path, "people.csv", PEOPLE + rows))
    assert sentence in str(error.value)


def test_history(tmp_path: Path) -> None:
    line = load_history(written(tmp_path, "history.csv", HISTORY + "PO-1,2026-03-01,V-1,EUR,1,10,0.50\nPO-1,2026-03-01,V-1,EUR,,,\n"))[0]
    assert (line.issue_date, line.quantity, str(line.unit_price), line.item_id) == (dt.date(2026, 3, 1), Decimal(10), "0.50", None)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("PO-1,01.03.2026,V-1,EUR,1,,\n", "line 2, column issue_date: '01.03.2026' is not a date"),
        ("PO-1,2026-02-30,V-1,EUR,1,,\n", "line 2, column issue_date: '2026-02-30' is not a date"),
        ("PO-1,,V-1,EUR,1,,\n", "line 2, column issue_date: must not be empty."),
        ("PO-1,2026-03-01,V-1,EUR,1,,\n" * 2, "line 3, column line_number: 'V-1 PO-1 1' is there twice, first on line 2; keep one."),
    ],
)
def test_what_is_wrong_with_the_history_is_said(tmp_path: Path, rows: str, sentence: str) -> None:
    with pytest.raises(BadInput) as error:
        load_history(written(tmp_path, "history.csv", HISTORY + rows))
    assert sentence in str(error.value)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.binary(max_size=60), st.booleans())
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes, headed: bool) -> None:
    path = written(tmp_path_factory.getbasetemp(), "people.csv", (PEOPLE.encode() if headed else b"") + data)
    assert refusal(path) in ("", "people.csv")
