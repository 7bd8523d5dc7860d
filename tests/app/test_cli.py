"""The command line as a contract: commands, records, exit codes, and sentences where something is wrong."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from signoff_run import ORDERS, Ran, done, import_company, make_company, rows, run, started

PARTY = {"name": "", "id": ""}
LINE = [
    "line_number",
    "buyer_item_id",
    "supplier_item_id",
    "standard_item_id",
    "description",
    "quantity",
    "unit",
    "unit_price",
    "price_base_quantity",
    "line_amount",
    "requested_delivery_date",
    "contract_reference",
]
ORDER = [
    "order_number",
    "order_type",
    "issue_date",
    "currency",
    "buyer",
    "supplier",
    "ship_to",
    "contract_reference",
    "requester",
    "cost_center",
    "payment_terms",
    "delivery_terms",
    "requested_delivery_date",
    "lines",
    "allowances_charges",
    "line_total",
    "tax_total",
    "payable_amount",
    "notes",
]
RECORD = [
    "case_id",
    "source",
    "part",
    "sha256",
    "format",
    "lane",
    "status",
    "reason",
    "order",
    "reading",
    "confidence",
    "fields",
    "vendor_id",
    "contract_id",
    "findings",
    "tasks",
    "posting",
    "model_calls",
    "cost",
    "duration_ms",
]
ADDED = ["member"]
FINDING = ["code", "severity", "field", "expected", "actual", "message", "evidence"]
TASK = ["task_id", "kind", "assignee", "status", "answered_by"]


def records(workspace: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (workspace / "records.jsonl").read_text(encoding="utf-8").splitlines()]


def of(workspace: Path, source: str, part: int = 0) -> dict[str, Any]:
    """The record of the batch for one order."""
    return next(r for r in records(workspace) if r["source"] == source and r["part"] == part)


def shown(workspace: Path, case: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done("show", case, "--json", workspace=workspace))
    return found


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from leaves(item)
    else:
        yield value


def sentence(ran: Ran) -> str:
    """The error: one line on standard error and nothing else."""
    assert "Traceback" not in ran.err
    assert re.fullmatch(r"signoff: [^\n]+\.\n|signoff: [^\n]+\n", ran.err), ran.err
    return ran.err.removeprefix("signoff: ").strip()


# --- init and imports


def test_init_makes_a_workspace_once(tmp_path: Path) -> None:
    first, again = run("init", tmp_path / "w"), run("init", tmp_path / "w")
    made = {p.name for p in (tmp_path / "w").iterdir()}
    assert (first.code, again.code) == (0, 0)
    assert {"policy.yaml", "access.cedar", "vendors.csv", "people.csv", "audit.key"} <= made
    assert "policy.yaml" in first.out
    assert "everything was there already" in again.out
    assert (tmp_path / "w" / "audit.key").stat().st_mode & 0o077 == 0


def test_what_init_writes_can_be_imported_as_it_is(tmp_path: Path) -> None:
    workspace = tmp_path / "w"
    done("init", workspace, workspace=workspace)
    key = (workspace / "audit.key").read_text()
    for kind in ("people", "vendors"):
        assert f"{kind} imported" in done(kind, "import", workspace / f"{kind}.csv", workspace=workspace)
    done("init", workspace, workspace=workspace)
    assert (workspace / "audit.key").read_text() == key
    assert run("policy", "check", workspace=workspace).code == 0


def test_importing_twice_leaves_one_of_each(tmp_path: Path) -> None:
    workspace = make_company(tmp_path / "w")
    tables = ("people", "vendors", "contracts", "orders", "prices", "totals")
    before = [rows(workspace / "signoff.db", f"SELECT * FROM {t}") for t in tables[:3]]
    counts = [rows(workspace / "signoff.db", f"SELECT count(*) FROM {t}") for t in tables]
    import_company(workspace)
    assert [rows(workspace / "signoff.db", f"SELECT * FROM {t}") for t in tables[:3]] == before
    assert [rows(workspace / "signoff.db", f"SELECT count(*) FROM {t}") for t in tables] == counts


def test_a_batch_before_the_imports_says_what_to_do(tmp_path: Path) -> None:
    workspace = tmp_path / "w"
    done("init", workspace, workspace=workspace)
    ran = run("batch", ORDERS / "xml", workspace=workspace)
    assert ran.code == 2
    assert "signoff people import" in sentence(ran)


# --- batch and its records


def test_each_record_has_the_keys_of_the_contract(worked: Path) -> None:
    found = records(worked)
    assert len(found) == 11
    for record in found:
        assert sorted(record) == sorted([*RECORD, *ADDED])
        assert sorted(record["posting"]) == ["erp", "id"]
        assert all(set(FINDING) <= set(f) for f in record["findings"])
        assert all(set(TASK) <= set(t) for t in record["tasks"])
        if order := record["order"]:
            assert set(ORDER) <= set(order)
            assert all(set(PARTY) <= set(order[party]) for party in ("buyer", "supplier", "ship_to"))
            assert all(set(LINE) <= set(line) for line in order["lines"])
            assert record["reading"] is None or set(record["reading"]) == {"verdict", "reasons", "certified"}
            assert all({"confidence", "lane", "evidence"} <= set(field) for field in record["fields"].values())


def test_amounts_and_dates_are_strings(worked: Path) -> None:
    order = of(worked, "xml/4500018001.xml")["order"]
    assert order["lines"][0] | {"quantity": "60", "unit_price": "4.20", "line_amount": "252.00"} == order["lines"][0]
    assert (order["payable_amount"], order["issue_date"], order["currency"]) == ("444.00", "2026-10-05", "EUR")
    for record in records(worked):
        assert not [v for v in leaves(record["order"]) if isinstance(v, float)]
        assert isinstance(record["cost"], str)
        assert not [f for f in record["findings"] if isinstance(f["amount"], float)]


def test_a_batch_prints_no_escape_codes_and_says_what_waits(company: Path) -> None:
    out = done("batch", ORDERS / "xml" / "4500018004.xml", workspace=company)
    assert "\x1b" not in out
    assert "waiting for approval" in out
    assert "signoff decide C00001 --as E-03" in out


def test_the_same_batch_again_makes_nothing_new(worked: Path) -> None:
    orders = worked.parent / "again" / "xml"
    orders.mkdir(parents=True)
    (orders / "4500018001.xml").write_bytes((ORDERS / "xml/4500018001.xml").read_bytes())
    before = rows(worked / "erp.db", "SELECT count(*) FROM purchase_orders")
    done("batch", orders.parent, workspace=worked)
    done("batch", orders.parent, workspace=worked)
    assert rows(worked / "erp.db", "SELECT count(*) FROM purchase_orders") == before
    assert len(json.loads(done("list", "--json", workspace=worked))) == 11


def test_list_shows_what_the_batch_wrote(worked: Path) -> None:
    listed = json.loads(done("list", "--json", workspace=worked))
    assert listed == sorted(records(worked), key=lambda r: r["case_id"])
    on_hold = json.loads(done("list", "--status", "on_hold", "--json", workspace=worked))
    assert [r["source"] for r in on_hold] == ["xml/4500018021.xml"]
    several = json.loads(done("list", "--status", "on_hold", "--status", "duplicate", "--json", workspace=worked))
    assert {r["status"] for r in several} == {"on_hold", "duplicate"}
    assert "\x1b" not in done("list", workspace=worked)


def test_show_is_the_record_and_a_sheet(worked: Path) -> None:
    record = of(worked, "xml/4500018008.xml")
    assert shown(worked, record["case_id"]) == record
    assert shown(worked, record["case_id"].lstrip("C0")) == record
    sheet = done("show", record["case_id"], workspace=worked)
    assert "4500018008" in sheet
    assert "tier_price_missed" in sheet
    assert "\x1b" not in sheet


# --- why


def test_why_tells_the_finding_in_words_and_ends_with_what_to_do(worked: Path) -> None:
    record = of(worked, "xml/4500018008.xml")
    told = " ".join(done("why", record["case_id"], workspace=worked).split())
    assert "costs 4.20 EUR per EA; the contract K-2025-011 says 3.80 from 100 on" in told
    task = next(t["task_id"] for t in record["tasks"] if t["status"] == "open")
    answer = f"signoff decide {record['case_id']} --as E-021 --task {task} --approve"
    assert told.endswith(f"Next: {answer} # or --reject, --edit /pointer=value, --send-back")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("xml/4500018001.xml", "Approved by policy; nobody has to sign."),
        ("xml/4500018021.xml", "Greyfen Haulage Ltd (V-1012) is on hold: Insolvency proceedings"),
        ("xml/resent/4500018001.xml", "The same document was taken in before, as case "),
        ("xml/RE-20418.xml", "Invoice"),
        ("spreadsheets/4500018066.csv", "It was read from a csv document"),
    ],
)
def test_why_says_what_became_of_each_kind(worked: Path, source: str, words: str) -> None:
    told = json.loads(done("why", of(worked, source)["case_id"], "--json", workspace=worked))
    assert words in " ".join(t["text"] for t in told)


# --- decide


def decide(workspace: Path, record: dict[str, Any], person: str, *flags: str) -> Ran:
    return run("decide", record["case_id"], "--as", person, *flags, workspace=workspace)


def test_an_approval_takes_the_order_to_the_erp(worked: Path) -> None:
    record = of(worked, "xml/4500018004.xml")
    ran = decide(worked, record, "E-030", "--approve", "--note", "papers are complete")
    assert (ran.code, ran.err) == (0, "")
    after = shown(worked, record["case_id"])
    assert after["status"] == "posted"
    assert rows(worked / "erp.db", "SELECT reference FROM purchase_orders WHERE 'PO-' || printf('%06d', id) = ?", after["posting"]["id"])
    assert "papers are complete" in done("why", record["case_id"], workspace=worked)


def test_an_approver_may_be_named_by_name_or_mail(worked: Path) -> None:
    record = of(worked, "xml/4500018004.xml")
    assert decide(worked, record, "k.moosbach@halvermoor.example", "--approve").code == 0
    assert shown(worked, record["case_id"])["tasks"][0]["answered_by"] == "E-030"


def test_steps_are_signed_one_after_another_and_parallel_ones_all(worked: Path) -> None:
    record = of(worked, "cxml/4500018032.xml")
    too_early = decide(worked, record, "E-021", "--approve")
    assert too_early.code == 1
    assert "waits for Ruben Castellar" in sentence(too_early)
    for person in ("E-014", "E-034"):
        assert decide(worked, record, person, "--approve").code == 0
        assert shown(worked, record["case_id"])["status"] == "needs_approval"
    assert decide(worked, record, "E-022", "--approve").code == 0
    assert shown(worked, record["case_id"])["status"] == "posted"


def test_an_exception_is_accepted_by_its_owner(worked: Path) -> None:
    record = of(worked, "xml/4500018008.xml")
    stranger = decide(worked, record, "E-030", "--approve")
    assert stranger.code == 1
    assert "may not decide this" in sentence(stranger)
    assert decide(worked, record, "E-021", "--approve").code == 0
    assert shown(worked, record["case_id"])["status"] in ("posted", "needs_approval")


def test_a_correction_is_checked_again(worked: Path) -> None:
    record = of(worked, "xml/4500018008.xml")
    edits = ("/lines/0/unit_price=3.80", "/lines/0/line_amount=570.00", "/line_total=570.00", "/payable_amount=570.00")
    ran = decide(worked, record, "E-021", *(a for e in edits for a in ("--edit", e)))
    assert ran.code == 0, ran.err
    after = shown(worked, record["case_id"])
    assert after["order"]["lines"][0]["unit_price"] == "3.80"
    assert "tier_price_missed" not in {f["code"] for f in after["findings"]}
    assert "Jonas Feldkamp" in after["fields"]["/lines/0/unit_price"]["evidence"]["where"] or "E-021" in str(after["fields"])


@pytest.mark.parametrize("edit", ["/lines/0/unit_price=cheap", "/lines/9/unit_price=1", "/colour=red", "/lines=1", "unit_price"])
def test_a_wrong_correction_changes_nothing(worked: Path, edit: str) -> None:
    record = of(worked, "xml/4500018008.xml")
    ran = decide(worked, record, "E-021", "--edit", edit)
    assert ran.code == 2
    assert sentence(ran)
    assert shown(worked, record["case_id"]) == record


def test_rejecting_ends_the_case(worked: Path) -> None:
    record = of(worked, "xml/4500018021.xml")
    assert decide(worked, record, "E-030", "--reject", "--note", "insolvent").code == 0
    after = shown(worked, record["case_id"])
    assert (after["status"], after["posting"]["id"]) == ("rejected", None)
    assert "insolvent" in after["reason"]
    again = decide(worked, record, "E-031", "--approve")
    assert again.code == 1
    assert "already decided by Katrin Moosbach" in sentence(again)


def test_sending_back_asks_for_another_look_at_the_reading(worked: Path) -> None:
    record = of(worked, "xml/4500018004.xml")
    assert decide(worked, record, "E-030", "--send-back", "--note", "quantity looks odd").code == 0
    after = shown(worked, record["case_id"])
    assert after["status"] == "needs_review"
    assert "quantity looks odd" in after["reason"]
    in_review = decide(worked, record, "E-021", "--send-back")
    assert in_review.code == 1
    assert "in review already" in sentence(in_review)


def test_a_reading_is_confirmed(worked: Path) -> None:
    record = of(worked, "spreadsheets/4500018066.csv")
    assert record["status"] == "needs_review"
    assert decide(worked, record, "E-021", "--approve").code == 0
    assert shown(worked, record["case_id"])["status"] != "needs_review"


@pytest.mark.parametrize("flags", [(), ("--approve", "--reject"), ("--send-back", "--edit", "/currency=EUR")])
def test_a_decision_is_one_thing(worked: Path, flags: tuple[str, ...]) -> None:
    ran = decide(worked, of(worked, "xml/4500018004.xml"), "E-030", *flags)
    assert ran.code == 2
    assert "--approve, --reject, --edit POINTER=VALUE, --send-back" in sentence(ran)


# --- policy


def test_policy_check_and_explain(worked: Path) -> None:
    assert "is sound" in done("policy", "check", workspace=worked)
    explained = done("policy", "explain", of(worked, "cxml/4500018032.xml")["case_id"], workspace=worked)
    assert "1. now     Ruben Castellar (E-014)\n" in explained
    assert "because amount 5,552.00 EUR is above 1,000 (rule 'Managers sign above 1,000')" in explained
    assert "Ruben Castellar: Ruben Castellar may sign (task " in explained
    assert "it_security (E-034, E-035) and buyer (E-021, E-022)" in explained
    assert "Nobody has to sign" in done("policy", "explain", of(worked, "xml/4500018001.xml")["case_id"], workspace=worked)
    route = json.loads(done("policy", "explain", of(worked, "cxml/4500018032.xml")["case_id"], "--json", workspace=worked))
    assert [len(step["approvers"]) for step in route["steps"]] == [1, 2]


def test_policy_check_finds_a_role_that_nobody_has(worked: Path) -> None:
    policy = worked / "policy.yaml"
    policy.write_text(policy.read_text(encoding="utf-8").replace("- role: cfo", "- role: treasurer"), encoding="utf-8")
    ran = run("policy", "check", workspace=worked)
    assert ran.code == 1
    assert "treasurer" in ran.out


def test_explaining_what_was_not_routed_says_so(worked: Path) -> None:
    ran = run("policy", "explain", of(worked, "xml/4500018021.xml")["case_id"], workspace=worked)
    assert ran.code == 2
    assert "has not been routed" in sentence(ran)


# --- audit


def test_the_record_is_whole_until_somebody_changes_it(worked: Path) -> None:
    found = json.loads(done("audit", "verify", "--json", workspace=worked))
    assert found["fault"] is None
    assert found["records"] == rows(worked / "signoff.db", "SELECT count(*) FROM events")[0][0]
    assert re.fullmatch(r"[0-9a-f]{64}", found["head"])
    case = of(worked, "xml/4500018021.xml")["case_id"]
    with sqlite3.connect(worked / "signoff.db") as connection:
        connection.execute("UPDATE cases SET state = 'posted' WHERE number = ?", (int(case[1:]),))
    ran = run("audit", "verify", workspace=worked)
    assert ran.code == 1
    assert case in ran.out


# --- what is wrong is said in a sentence


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("show", "C99999"), 2, "There is no case C99999"),
        (("why", "C99999"), 2, "There is no case C99999"),
        (("policy", "explain", "99999"), 2, "There is no case C99999"),
        (("show", "order-1"), 2, "order-1 is no case number"),
        (("decide", "C99999", "--as", "E-021", "--approve"), 2, "There is no case C99999"),
        (("decide", "1", "--as", "Nobody Known", "--approve"), 2, "Nobody Known is not in people.csv"),
        (("review", "--as", "Nobody Known"), 2, "Nobody Known is not in people.csv"),
        (("batch", "/no/such/folder"), 2, "/no/such/folder does not exist"),
        (("batch", str(ORDERS / "xml/4500018001.xml"), "--out", "/no/such/folder/x.jsonl"), 2, "/no/such/folder"),
        (("vendors", "import", "/no/such/vendors.csv"), 2, "vendors.csv cannot be read"),
        (("contracts", "import", "/no/such/terms.yaml"), 2, "/no/such/terms.yaml cannot be read"),
    ],
    ids=lambda v: " ".join(map(str, v))[-40:] if isinstance(v, tuple) else None,
)
def test_errors_are_sentences(worked: Path, args: tuple[str, ...], code: int, words: str) -> None:
    ran = run(*args, workspace=worked)
    assert ran.code == code
    assert words in sentence(ran)


def test_an_empty_folder_is_said(worked: Path, tmp_path: Path) -> None:
    (tmp_path / "nothing" / ".git").mkdir(parents=True)
    (tmp_path / "nothing" / ".git" / "config").write_text("x")
    ran = run("batch", tmp_path / "nothing", workspace=worked)
    assert ran.code == 2
    assert "no files" in sentence(ran)


@pytest.mark.parametrize("command", ["list", "batch orders", "decide 1 --as E-021 --approve", "audit verify", "policy check"])
def test_without_a_workspace_the_way_to_one_is_said(tmp_path: Path, command: str) -> None:
    ran = run(*command.split(), workspace=tmp_path / "none")
    assert ran.code == 2
    assert f"signoff init {tmp_path / 'none'}" in sentence(ran)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (("list", "--status", "sleeping"), "sleeping"),
        (("batch", "orders", "--fast"), "--fast"),
        (("batch", "orders", "--concurrency", "0"), "--concurrency"),
        (("batch",), "folder"),
        (("decide", "1", "--approve"), "--as"),
        (("judge", "1"), "judge"),
    ],
    ids=lambda v: " ".join(v) if isinstance(v, tuple) else None,
)
def test_wrong_usage_names_what_is_wrong(worked: Path, args: tuple[str, ...], named: str) -> None:
    ran = run(*args, workspace=worked)
    assert (ran.code, ran.out) == (2, "")
    assert named.casefold() in ran.err.casefold()
    assert "Traceback" not in ran.err
    assert "\x1b" not in ran.err


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("audit.key", "not hexadecimal", "audit.key"),
        ("audit.key", None, "audit.key"),
        ("signoff.db", "this is no database, whatever its name says", "signoff.db"),
        ("erp.db", "this is no database, whatever its name says", "erp.db"),
    ],
)
def test_a_damaged_workspace_is_named(worked: Path, name: str, content: str | None, words: str) -> None:
    for path in worked.glob(f"{name}*"):
        path.unlink()
    if content is not None:
        (worked / name).write_text(content * 200)
    ran = run("show", "C00001", workspace=worked)
    assert ran.code in (1, 2)
    assert words in sentence(ran)


def test_a_date_that_is_none_is_said(worked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signoff_run.TODAY", "tomorrow")
    ran = run("show", "C00001", workspace=worked)
    assert ran.code == 2
    assert "SIGNOFF_TODAY" in sentence(ran)


# --- a process of its own


def test_as_a_process(worked: Path) -> None:
    """The installed command, once for each way that it ends."""
    ends = {}
    for args in (("list", "--json"), ("decide", "C00001", "--as", "nobody", "--approve"), ("show", "x")):
        process = started(*args, workspace=worked)
        out, err = process.communicate(timeout=120)
        ends[args[0]] = Ran(process.returncode, out, err)
    assert ends["list"].code == 0
    assert len(json.loads(ends["list"].out)) == 11
    assert (ends["decide"].code, ends["show"].code) == (2, 2)
    assert "nobody is not in people.csv" in sentence(ends["decide"])
    assert "x is no case number" in sentence(ends["show"])


def test_what_the_batch_says_it_is_worth_adds_up(worked: Path) -> None:
    posted = [r for r in records(worked) if r["status"] == "posted"]
    in_erp = rows(worked / "erp.db", "SELECT reference, line_total FROM purchase_orders")
    assert {(r["order"]["order_number"], Decimal(r["order"]["line_total"] or r["order"]["payable_amount"])) for r in posted} == {
        (number, Decimal(str(total))) for number, total in in_erp
    }
