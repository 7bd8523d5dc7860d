"""`signoff contracts`: papers in, terms confirmed, found and shown, as somebody at a terminal does it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from signoff_run import COMPANY, done, rows, run

LIST = (
    "Article no.;Description;Unit;Price EUR;from 10\nMM-IE4-7;Motor 7.5 kW IE4, B3;pcs;630,00;600,00\nMM-IE4-99;Motor 99 kW;pcs;9.300,00;\n"
)
CONTRACT = "K-2024-030"
WHO = ("--as", "E-020")


PAPER = """SUPPLY AGREEMENT

Contract No. K-2026-077

This Supply Agreement is made as of 1 March 2026 by and between Kartenbrook Verpackung GmbH ("Supplier") and {us} ("Buyer").

1. Term
1.1 This Agreement is effective as of 1 April 2026 and expires on 31 March 2028.

2. Prices
2.1 The prices are those of Annex A, in EUR.
2.2 Orders under this Agreement shall not exceed EUR 50,000.00 in any calendar year.

3. Payment
3.1 Invoices are payable within 30 days net of receipt.

Annex A

Item no      Description              Unit      1-99     100-499    500+
KB-100       Folding carton, size M   pcs       1.20     1.10       1.00
KB-200       Pallet hood              pcs       3.50     3.40       3.30
"""


@pytest.fixture
def listed(company: Path, tmp_path: Path) -> Path:
    """A company with a price list that waits, for a contract on file."""
    path = tmp_path / "list-2026.csv"
    path.write_text(LIST, encoding="utf-8")
    done("contracts", "import", path, "--contract", CONTRACT, workspace=company)
    return company


def typed(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


class TestImport:
    def test_what_is_read_waits_and_changes_nothing(self, listed: Path) -> None:
        before = json.loads(done("contracts", "show", CONTRACT, "--json", workspace=listed))
        waiting = [c for c in json.loads(done("contracts", "list", "--json", workspace=listed)) if c["status"] == "proposed"]
        assert [(c["contract_id"], c["prices"]) for c in waiting] == [("A1", 2)]
        assert (len(before["prices"]), before["amendments"]) == (3, [])

    def test_it_tells_what_it_found_and_what_to_do(self, company: Path, tmp_path: Path) -> None:
        (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
        told = done("contracts", "import", tmp_path / "list.csv", workspace=company)
        assert "A1: " in told
        assert "0 terms, 2 prices in 0 clauses" in told
        assert "Nothing of these holds yet. Next:  signoff contracts review --as PERSON" in told

    def test_the_same_file_twice_is_said(self, listed: Path, tmp_path: Path) -> None:
        copy = tmp_path / "copy.csv"
        copy.write_text(LIST, encoding="utf-8")
        assert "copy.csv was imported before, as A1, and waits for a person." in done("contracts", "import", copy, workspace=listed)
        assert rows(listed / "signoff.db", "SELECT count(*) FROM agreements") == [(1,)]

    def test_the_original_is_kept(self, listed: Path) -> None:
        ((sha256,),) = rows(listed / "signoff.db", "SELECT sha256 FROM agreements")
        assert (listed / "archive" / str(sha256)[:2] / str(sha256)[2:]).read_text(encoding="utf-8") == LIST

    def test_a_bad_file_among_good_ones_fails_alone(self, company: Path, tmp_path: Path) -> None:
        folder = tmp_path / "papers"
        folder.mkdir()
        (folder / "a.csv").write_text(LIST, encoding="utf-8")
        (folder / "b.pdf").write_bytes(b"%PDF-1.7 and nothing else")
        (folder / "c.xlsx").write_bytes(b"")
        (folder / "notes.bin").write_bytes(b"no contract")
        (folder / "d.yaml").write_text((COMPANY / "contracts" / "K-2024-030-merlotti.yaml").read_text(encoding="utf-8"), encoding="utf-8")
        ran = run("contracts", "import", folder, workspace=company)
        assert ran.code == 1
        assert "1 contracts imported." in ran.out
        assert "a.csv: 0 terms, 2 prices" in ran.out
        assert [line.split("papers/")[1][:5] for line in ran.err.splitlines()] == ["b.pdf", "c.xls"]

    def test_a_paper_for_a_contract_that_is_not_there_is_refused(self, company: Path, tmp_path: Path) -> None:
        (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
        ran = run("contracts", "import", tmp_path / "list.csv", "--contract", "K-0", workspace=company)
        assert (ran.code, "There is no contract K-0; `signoff contracts list` shows them." in ran.err) == (2, True)

    def test_yaml_in_place_of_an_amended_contract_says_so(self, listed: Path) -> None:
        done("contracts", "confirm", "A1", *WHO, "--all", "--set", "starts=2026-11-01", workspace=listed)
        told = done("contracts", "import", COMPANY / "contracts", workspace=listed)
        assert "K-2024-030 was amended before; its amendments ended with this import." in told


class TestPapers:
    @pytest.fixture
    def read(self, company: Path, tmp_path: Path) -> Path:
        """A company with a supply agreement that waits."""
        (tmp_path / "supply.txt").write_text(PAPER.format(us="Halvermoor Pumpen GmbH"), encoding="utf-8")
        done("contracts", "import", tmp_path / "supply.txt", workspace=company)
        return company

    def test_an_agreement_is_read_confirmed_and_found(self, read: Path) -> None:
        assert done("contracts", "confirm", "K-2026-077", *WHO, "--all", workspace=read).startswith("K-2026-077 holds: ")
        found = json.loads(done("contracts", "show", "K-2026-077", "--json", workspace=read))
        assert (found["vendor_id"], found["starts"], found["ends"], found["currency"]) == ("V-1004", "2026-04-01", "2028-03-31", "EUR")
        assert found["spend_cap"] == {"amount": "50000.00", "per": "year"} or found["spend_cap"] == {"amount": "50000", "per": "year"}
        assert [(p["supplier_item_id"], p["price"], len(p["tiers"])) for p in found["prices"]] == [
            ("KB-100", "1.20", 2),
            ("KB-200", "3.50", 2),
        ]
        place = found["provenance"]["/ends"]
        assert (place["clause"], place["quote"]) == ("1.1", found["clauses"][place["index"]]["text"][place["start"] : place["end"]])
        assert "K-2026-077" in done("contracts", "search", '"calendar year"', workspace=read)
        assert "all whole" in done("audit", "verify", workspace=read)

    def test_the_words_of_the_paper_stand_beside_each_term(self, read: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        typed("l\na\ny\n", monkeypatch)
        told = " ".join(done("contracts", "review", *WHO, workspace=read).split())
        assert "contract_id: K-2026-077 clause " in told
        assert "K-2026-077 holds." in told

    def test_our_own_name_otherwise_written_is_told(self, company: Path, tmp_path: Path) -> None:
        (tmp_path / "other.txt").write_text(PAPER.format(us="Somebody Else Ltd"), encoding="utf-8")
        done("contracts", "import", tmp_path / "other.txt", workspace=company)
        assert "none of the parties is Halvermoor Pumpen GmbH, as policy.yaml writes it" in " ".join(
            done("contracts", "show", "A1", workspace=company).split()
        )


class TestConfirm:
    def test_it_holds_from_its_day_on(self, listed: Path) -> None:
        told = done("contracts", "confirm", "A1", *WHO, "--all", "--set", "starts=2026-11-01", workspace=listed)
        assert told.startswith("K-2024-030 holds as amended by K-2024-030 amended 2026-11-01 from 2026-11-01 on")
        now = json.loads(done("contracts", "show", CONTRACT, "--json", workspace=listed))
        then = json.loads(done("contracts", "show", CONTRACT, "--on", "2026-10-31", "--json", workspace=listed))
        by_item = [{p["supplier_item_id"]: p["price"] for p in shown["prices"]} for shown in (now, then)]
        assert (by_item[0]["MM-IE4-7"], by_item[1]["MM-IE4-7"]) == ("630.00", "612.00")
        assert (len(by_item[0]), len(by_item[1])) == (4, 3)
        assert now["provenance"]["/prices/2"]["clause"] == "list-2026!2"
        assert "all whole" in done("audit", "verify", workspace=listed)

    @pytest.mark.parametrize(
        ("flags", "code", "said"),
        [
            ((), 2, "Say what holds: --all, --accept FIELD, or --set FIELD=VALUE."),
            (("--all",), 2, "starts must be known before it can hold; say --set starts=..."),
            (("--all", "--set", "starts"), 2, "--set starts says no value"),
            (("--all", "--set", "starts=tomorrow"), 2, "starts: 'tomorrow' is not a date"),
        ],
        ids=["nothing", "missing", "no value", "no date"],
    )
    def test_what_is_missing_is_said(self, listed: Path, flags: tuple[str, ...], code: int, said: str) -> None:
        ran = run("contracts", "confirm", "A1", *WHO, *flags, workspace=listed)
        assert (ran.code, said in ran.err) == (code, True), ran.err

    def test_only_who_may_confirms(self, listed: Path) -> None:
        ran = run("contracts", "confirm", "A1", "--as", "E-003", "--all", "--set", "starts=2026-11-01", workspace=listed)
        assert ran.code == 1
        assert "access.cedar does not let" in ran.err

    def test_what_is_dropped_waits_no_more(self, listed: Path) -> None:
        assert "A1 was dropped." in done("contracts", "drop", "A1", *WHO, "--note", "a draft", workspace=listed)
        assert "No contract waits for a person." in done("contracts", "review", *WHO, workspace=listed)


class TestReview:
    def test_a_walk_through_with_the_changes_and_what_is_missing(self, listed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        typed("a\na\n2026-11-01\ny\n", monkeypatch)
        told = done("contracts", "review", *WHO, workspace=listed)
        made = "This makes the amendment K-2024-030 amended 2026-11-01 of K-2024-030, from 2026-11-01 on, with 2 terms and 2 prices."
        counts = "2 prices: 1 new, 1 dearer, 2 not in this list."
        for said in ("amends: K-2024-030", "dearer by 2.9 %", counts, made, "K-2024-030 holds."):
            assert said in told

    @pytest.mark.parametrize(
        "keys", ["q\n", "a\nq\n", "a\na\n", "", "a\na\n2026-11-01\nn\nn\n"], ids=["at once", "later", "end", "empty", "no"]
    )
    def test_whoever_leaves_leaves_it_as_it_is(self, listed: Path, monkeypatch: pytest.MonkeyPatch, keys: str) -> None:
        typed(keys, monkeypatch)
        assert "A1 waits on." in done("contracts", "review", *WHO, workspace=listed)
        assert rows(listed / "signoff.db", "SELECT status FROM agreements") == [("proposed",)]

    def test_a_slip_is_said_and_mended(self, listed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        typed("a\nc\n1\nsoon\nstarts=2026-11-01\ny\n", monkeypatch)
        told = done("contracts", "review", "A1", *WHO, workspace=listed)
        assert "starts: 'soon' is not a date; write it like 2026-11-30." in told
        assert "with 2 terms and 1 prices" in told

    def test_a_paper_may_be_dropped(self, listed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        typed("a\na\n2026-11-01\nn\ny\na draft\n", monkeypatch)
        assert "A1 was dropped." in done("contracts", "review", *WHO, workspace=listed)


class TestShow:
    def test_the_list_has_what_holds_and_what_waits(self, listed: Path) -> None:
        told = done("contracts", "list", workspace=listed)
        for said in ("K-2024-030", "Electric motors IE4", "in force", "ended", "not started", "proposed", "20,000.00 EUR a year"):
            assert said in told

    def test_spend_is_shown_against_the_cap(self, company: Path) -> None:
        assert "spend cap: " in done("contracts", "show", "K-2026-002", workspace=company)

    def test_a_paper_that_waits_is_shown_beside_its_contract(self, listed: Path) -> None:
        told = done("contracts", "show", "A1", workspace=listed)
        assert "dearer by 2.9 %" in told
        assert "1 new, 1 dearer" in told

    def test_what_is_not_there_is_said(self, company: Path) -> None:
        ran = run("contracts", "show", "K-0", workspace=company)
        assert (ran.code, "There is no imported contract K-0" in ran.err) == (2, True)

    def test_search_says_where(self, company: Path, tmp_path: Path) -> None:
        clause = "{number: '4', text: 'Returns need a [written] form.', page: 2}"
        text = f"contract_id: K-9\nvendor_id: V-1001\nstarts: 2026-01-01\ncurrency: EUR\nclauses:\n  - {clause}\n"
        (tmp_path / "k9.yaml").write_text(text, encoding="utf-8")
        done("contracts", "import", tmp_path / "k9.yaml", workspace=company)
        told = done("contracts", "search", "written", "form", workspace=company)
        assert "K-9" in told
        assert "[*written*] *form*" in told
        (hit,) = json.loads(done("contracts", "search", "return", "--json", workspace=company))
        assert (hit["owner"], hit["number"], hit["page"]) == ("contract K-9", "4", 2)
        assert "No clause of any contract has these words." in done("contracts", "search", '"nothing of it', workspace=company)
