"""The generator: same seed, same bytes; papers that say what their truth says; families and kinds that are all there."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, replace
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from typer.testing import CliRunner

from signoff.app.cli import app
from signoff.domain.errors import BadInput
from signoff.domain.findings import Code
from signoff.evals.generating.company import make_company
from signoff.evals.generating.dataset import WEIGHTS, generate
from signoff.evals.generating.exceptions import KINDS, clean
from signoff.evals.generating.layout import LANGUAGES, families
from signoff.evals.generating.orders import FIRST_DAY, Buying
from signoff.evals.generating.paper import Labelled, stream
from signoff.evals.generating.rules import INFO, WARNINGS, expect, route
from signoff.tools.masterdata.contracts import load_contracts
from signoff.tools.masterdata.history import load_history
from signoff.tools.masterdata.people import load_people
from signoff.tools.masterdata.policy import load_policy
from signoff.tools.masterdata.vendors import load_vendors

LIGHT = ["docx", "xlsx", "csv", "html", "txt", "ubl", "x12", "edifact", "cxml"]
"""Formats that need nothing of the extra."""
TEXT = ("pdf", "docx", "xlsx", "csv", "eml", "html", "txt")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "data"
    generate(folder, 160, 3, LIGHT)
    return folder


def truths(folder: Path, format: str = "") -> Iterator[tuple[Path, dict[str, Any]]]:
    """Each paper of a format with its truth."""
    for path in sorted((folder / "truth").rglob(f"{format}*/*.json")):
        yield folder / "documents" / path.relative_to(folder / "truth").with_suffix(""), json.loads(path.read_text(encoding="utf-8"))


def content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


class TestBytes:
    def test_the_same_seed_gives_the_same_bytes(self, made: Path, tmp_path: Path) -> None:
        generate(tmp_path / "again", 160, 3, LIGHT)
        assert content(made) == content(tmp_path / "again")

    def test_another_seed_gives_others(self, made: Path, tmp_path: Path) -> None:
        generate(tmp_path / "other", 20, 4, LIGHT)
        assert not {n for n in content(made) if n.startswith("documents")} & set(content(tmp_path / "other"))

    def test_more_orders_leave_those_before_as_they_are(self, tmp_path: Path) -> None:
        for count in (20, 30):
            generate(tmp_path / str(count), count, 5, ["ubl", "txt"])
        few, many = (content(tmp_path / name / "documents") for name in ("20", "30"))
        assert few.items() <= many.items()

    @pytest.mark.parametrize("engine", ["reportlab", "fpdf", "typst"])
    def test_pdf_of_every_engine_is_the_same_twice(self, engine: str) -> None:
        from signoff.evals.generating.rendering import render, said

        family = next(f for f in families(1, ["pdf"]) if f.engine == engine)
        order = said(clean(Buying(make_company(1, 40)), stream(1)).order, family)
        first = render([order], family, 1)
        assert first.startswith(b"%PDF")
        assert first == render([order], family, 1)


class TestPapers:
    """What a paper says, read by a few lines of the test's own, is what its truth says."""

    def test_ubl(self, made: Path) -> None:
        seen = 0
        for path, truth in truths(made, "ubl"):
            root = etree.parse(str(path)).getroot()

            def texts(name: str, root: etree._Element = root) -> list[str]:
                return [str(node.text) for node in root.iter("{*}" + name)]

            for entry in truth["documents"]:
                seen += 1
                lines = entry["lines"]
                assert texts("ID")[0] == entry["number"]
                assert texts("IssueDate") == [entry["date"]]
                assert texts("DocumentCurrencyCode") == [entry["currency"]]
                assert texts("PayableAmount") == [entry["total"]]
                assert texts("Quantity") == [each["qty"] for each in lines]
                assert texts("PriceAmount") == [each["unit_price"] for each in lines]
                assert texts("LineExtensionAmount")[1:] == [each["amount"] for each in lines]
        assert seen > 5

    def test_csv(self, made: Path) -> None:
        for path, truth in truths(made, "csv"):
            data = path.read_bytes()
            text = data.decode("utf-8-sig") if data[:3] == b"\xef\xbb\xbf" or _is_utf8(data) else data.decode("cp1252")
            rows = list(csv.reader(text.splitlines(), delimiter=next(c for c in "\t;," if c in text)))[1:]
            [entry] = truth["documents"]
            assert {row[0] for row in rows} == {entry["number"]}
            assert [row for row in rows if entry["supplier"]["name"] in row] == rows
            for row, line in zip(rows, entry["lines"], strict=True):
                numbers = [Decimal(cell.replace(",", ".")) for cell in row[-4:] if cell.replace(",", ".").replace(".", "", 1).isdigit()]
                assert {Decimal(line["unit_price"]), Decimal(line["amount"])} <= set(numbers)
                assert line["part"] in row

    def test_x12_counts_and_sums(self, made: Path) -> None:
        seen = 0
        for path, truth in truths(made, "x12"):
            text = path.read_text(encoding="latin-1")
            mark, end = text[3], text[105]
            rows = [row.strip().split(mark) for row in text.split(end)]
            assert [row[2] for row in rows if row[0] == "AMT"] == [e["total"] for e in truth["documents"]]
            assert [row[2] for row in rows if row[0] in ("PO1",)] == [
                line["qty"] for e in truth["documents"] for line in e["lines"] if e["type"] == "order"
            ]
            starts = [n for n, row in enumerate(rows) if row[0] == "ST"]
            for start, stop in zip(starts, [n for n, row in enumerate(rows) if row[0] == "SE"], strict=True):
                assert rows[stop][1] == str(stop - start + 1)
            seen += 1
        assert seen > 5

    def test_some_files_hold_two_orders(self, tmp_path: Path) -> None:
        assert generate(tmp_path / "d", 40, 1, ["x12"]) > 40

    @pytest.mark.parametrize("format", ["txt", "html"])
    def test_a_page_prints_what_its_truth_says(self, made: Path, format: str) -> None:
        seen = 0
        for path, truth in truths(made, format):
            page = path.read_text(encoding="utf-8")
            for entry in truth["documents"]:
                seen += 1
                told = [entry[name] for name in ("number", "requester", "cost_center", "contract_ref") if entry[name]]
                told += [entry["supplier"]["name"], entry["buyer"]["name"], *(line["part"] for line in entry["lines"])]
                assert [word for word in told if word not in page] == []
                digits = "".join(c for c in page if c.isdigit())
                assert entry["total"].replace(".", "") in digits
        assert seen > 3

    def test_what_is_not_printed_is_null(self, made: Path) -> None:
        missing = Counter(
            name for _, truth in truths(made, "txt") for e in truth["documents"] for name, value in e.items() if value is None
        )
        assert missing["contract_ref"] + missing["delivery_date"] + missing["cost_center"] > 0
        assert all(e["total"] is None and e["buyer"] == {"name": None, "id": None} for _, t in truths(made, "csv") for e in t["documents"])


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


class TestFamilies:
    def test_there_are_enough_and_no_two_alike(self) -> None:
        text = [f for f in families(1, list(WEIGHTS)) if f.format in TEXT]
        assert len(text) >= 16
        for format in TEXT:
            layouts = [asdict(f.layout) for f in text if f.format == format]
            for one, other in combinations(layouts, 2):
                assert sum(one[name] != other[name] for name in one) >= 3
        assert {f.layout.language for f in text} == set(LANGUAGES)

    def test_another_seed_composes_others(self) -> None:
        one, other = ({repr(f.layout) for f in families(seed, ["pdf"])} for seed in (1, 2))
        assert len(one | other) == 48

    def test_those_of_the_test_are_apart(self, made: Path) -> None:
        splits = {p.name: {f.name for f in p.iterdir()} for p in (made / "documents").iterdir()}
        assert set(splits) == {"fit", "tune", "certify", "test"}
        assert not splits["test"] & (splits["fit"] | splits["tune"] | splits["certify"])

    def test_every_format_has_families_on_both_sides(self) -> None:
        sides = {(f.format, f.side) for f in families(1, list(WEIGHTS))}
        assert sides == {(format, side) for format in WEIGHTS for side in ("fit", "test")}

    def test_all_engines_draw_on_both_sides(self) -> None:
        assert len({(f.engine, f.side) for f in families(1, ["pdf"])}) == 6


class TestCompany:
    """What is written is what the imports take."""

    def test_the_policy_is_one(self, made: Path) -> None:
        policy = load_policy(made / "company" / "policy.yaml").policy
        assert policy.base_currency == "EUR"
        assert len(policy.approvals) == 7

    def test_the_rest_is_imported_whole(self, made: Path) -> None:
        company = made / "company"
        vendors = {v.vendor_id for v in load_vendors(company / "vendors.csv")}
        contracts = load_contracts([company / "contracts"])
        assert len(vendors) == 40
        assert len(contracts) == 39
        assert {c.vendor_id for c in contracts} < vendors
        assert {line.vendor_id for line in load_history(company / "history.csv")} < vendors
        assert len(load_people(company / "people.csv")) == 43

    def test_people_have_managers_up_to_one_head(self) -> None:
        company = make_company(1, 40)
        assert len({p.name for p in company.people}) == len(company.people)
        for person in company.people:
            above = person
            while above.manager:
                above = company.person(above.manager)
            assert above.roles == ("managing_director",)


class TestOrders:
    def test_ordinary_orders_keep_to_the_contract(self) -> None:
        company = make_company(2, 60)
        buying = Buying(company)
        vendors = {v.vendor_id: v for v in company.vendors}
        for n in range(300):
            made = clean(buying, stream(2, n))
            vendor = vendors[made.vendor or ""]
            prices = {p.part: p for p in vendor.contract.prices}
            assert not vendor.special
            for line in made.order.lines:
                price = prices[line.part]
                assert line.price == price.at(line.qty)
                assert line.qty >= (price.minimum or 1)
                assert line.qty <= (price.maximum or line.qty)
                assert line.qty % (price.multiple or 1) == 0
            wanted = made.order.delivery_date
            assert wanted is not None
            assert wanted - made.order.date >= dt.timedelta(days=vendor.contract.lead_days)
            assert made.order.total == made.order.subtotal + (made.order.tax or 0)

    def test_orders_to_one_vendor_and_department_are_more_than_a_week_apart(self) -> None:
        buying = Buying(make_company(2, 40))
        days: dict[tuple[str | None, str | None], list[dt.date]] = {}
        for n in range(600):
            made = clean(buying, stream(3, n))
            days.setdefault((made.vendor, made.order.cost_center), []).append(made.order.date)
        for some in days.values():
            assert all(abs((a - b).days) > 7 for a, b in combinations(some, 2))
        assert min(d for some in days.values() for d in some) >= FIRST_DAY

    def test_numbers_are_used_once(self, made: Path) -> None:
        numbers = Counter(e["number"] for _, truth in truths(made) for e in truth["documents"] if e["number"])
        assert numbers.most_common(1)[0][1] == 1


class TestKinds:
    def test_most_are_clean(self, made: Path) -> None:
        kinds = Counter(truth["kind"] for _, truth in truths(made))
        assert kinds["clean"] == 0.7 * 160

    def test_each_kind_can_be_drawn_and_has_its_due(self) -> None:
        company = make_company(4, 80)
        buying = Buying(company)
        vendors = {v.vendor_id: v for v in company.vendors}
        for n, kind in enumerate(KINDS):
            made = kind.draw(buying, stream(4, n))
            if made.expected.outcome == "set_aside":
                continue
            what = expect(company, made.order, vendors.get(made.vendor or ""), made.expected)
            assert set(what.findings) <= set(Code), kind.name
            assert what.outcome == _outcome(made), kind.name
            assert bool(what.asked) == (what.outcome in ("exception", "review")), kind.name
            assert (what.outcome == "posted_unseen") <= what.posted, kind.name

    def test_there_are_as_many_as_promised(self) -> None:
        assert len({k.name for k in KINDS}) == len(KINDS) == 42

    def test_what_is_no_order_has_no_entry(self, made: Path) -> None:
        aside = [truth for _, truth in truths(made) if truth["kind"] in ("invoice", "quotation", "response")]
        assert aside
        assert all(t["documents"] == [] and t["outcome"] == "set_aside" and not t["end"]["posted"] for t in aside)


def _outcome(made: Labelled) -> str:
    """What the codes alone say; an order without any passes or is signed for its sum."""
    if made.expected.asked:
        return "review"
    stopping = [f for f in made.expected.findings if f not in WARNINGS and f not in INFO]
    small = made.order.total < 500 and not made.expected.findings
    return "exception" if stopping else "posted_unseen" if small and made.expected.kind == "clean" else _signed(made)


def _signed(made: Labelled) -> str:
    return "approval" if made.expected.findings or made.order.total > 2000 else "posted_unseen"


class TestRoutes:
    """The model of the policy, on orders whose signers anybody can tell."""

    @pytest.mark.parametrize(
        ("amount", "findings", "signed"),
        [
            ("999.00", (), ()),
            ("1000.00", (), ()),
            ("1000.01", (), (("head",),)),
            ("5000.01", (), (("head",), ("plant",))),
            ("30000", (), (("head",), ("plant",), ("coo",))),
            ("60000", (), (("head",), ("plant",), ("coo",), ("cfo",))),
            ("150000", (), (("head",), ("plant",), ("coo",), ("md",), ("cfo",))),
            ("500", ("below_minimum",), (("planner",),)),
            ("2000", ("near_duplicate_order",), (("buyer",), ("head",))),
            ("500", ("order_changed",), (("buyer",),)),
        ],
        ids=lambda value: str(value) if isinstance(value, str) else None,
    )
    def test_who_signs(self, amount: str, findings: tuple[str, ...], signed: tuple[tuple[str, ...], ...]) -> None:
        company = make_company(1, 40)
        vendor = next(v for v in company.ordinary() if v.contract.currency == "EUR" and v.category == "mro")
        made = clean(Buying(company), stream(1)).order
        center, team = company.teams[0]
        order = replace(made, currency="EUR", requester=team[0].name, cost_center=center, total_printed=Decimal(amount))
        head = company.person(team[0].manager)
        plant = company.person(head.manager)
        names = {"head": head.person_id, "plant": plant.person_id, "coo": plant.manager, "md": company.person(plant.manager).manager}
        names |= {"cfo": company.holding("cfo")[0].person_id}
        assert route(company, order, vendor, findings) == tuple(tuple(names.get(w, w) for w in step) for step in signed)


class TestCommand:
    def test_it_says_what_comes_next(self, tmp_path: Path) -> None:
        done = CliRunner().invoke(app, ["eval", "generate", str(tmp_path / "d"), "-n", "12", "--formats", "ubl,csv"])
        assert done.exit_code == 0
        assert "signoff eval run" in done.output
        assert len(list((tmp_path / "d" / "documents").rglob("*.*"))) == 12

    def test_json(self, tmp_path: Path) -> None:
        done = CliRunner().invoke(app, ["eval", "generate", str(tmp_path / "d"), "-n", "5", "--formats", "ubl", "--seed", "9", "--json"])
        assert json.loads(done.stdout) == {"folder": str(tmp_path / "d"), "papers": 5, "orders": 5, "seed": 9}

    @pytest.mark.parametrize(
        ("count", "formats", "says"), [(5, ["fax"], "no format 'fax'"), (0, ["ubl"], "one at least")], ids=["format", "none"]
    )
    def test_what_cannot_be(self, tmp_path: Path, count: int, formats: list[str], says: str) -> None:
        with pytest.raises(BadInput, match=says):
            generate(tmp_path / "d", count, 1, formats)

    def test_a_folder_with_something_in_it_is_left_alone(self, tmp_path: Path) -> None:
        (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
        with pytest.raises(BadInput, match="not empty"):
            generate(tmp_path, 5, 1, ["ubl"])
        assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]
