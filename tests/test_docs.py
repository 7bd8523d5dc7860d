"""The handbook is true: what it prints from the code is current, what it names exists, what it promises happens.

The commands of the README are run as they stand there.
"""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import json
import re
import shlex
import shutil
import sqlite3
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import UnionType
from typing import Any, get_args

import pytest
import typer
from pydantic import BaseModel
from typer.testing import CliRunner

from signoff.app.cli import app
from signoff.app.settings import Settings
from signoff.domain.contract import Contract
from signoff.domain.policy import Policy
from signoff.domain.states import State
from signoff.graph.store.sqlite_readonly import GRANTS
from signoff.tools.access import Access as Rules
from signoff.tools.access import Action
from signoff.tools.erp.configured import KINDS
from signoff.tools.erp.tryton import Settings as Tryton
from signoff.tools.limits import LIMITS, MAX_BYTES, MAX_DEPTH, MAX_MEMBERS, MAX_RATIO, MAX_UNPACKED, SMALL
from signoff.tools.masterdata import history, people, vendors
from signoff.tools.masterdata.contracts import load_contracts
from signoff.tools.masterdata.csv_rows import Table
from signoff.tools.masterdata.policy import load_policy
from signoff.tools.orders import ubl, x12

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "examples" / "README.md", *sorted(DOCS.glob("*.md"))]
COMPANY = ROOT / "examples" / "company"
PRODUCT = ("domain", "tools", "agents", "graph", "evals", "app")
TABLES = [("vendors.csv", vendors.TABLE), ("people.csv", people.TABLE), ("history.csv", history.TABLE)]
FREE = re.compile(r"\b(?<!L)A?GPL")
"""GPL and AGPL, but not LGPL."""


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


POLICIES = re.findall(r"^```yaml\n(.*?)^```", page("docs/policy.md"), re.MULTILINE | re.DOTALL)
"""The start of a policy, and an example of each of its parts."""


def section(text: str, heading: str) -> str:
    """What stands under a heading, up to the next of its level or above."""
    level = heading.split(" ")[0]
    found = re.search(rf"^{re.escape(heading)}$(.*?)(?=^#{{1,{len(level)}}} |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"there is no {heading!r}"
    return found[1]


def rows(text: str) -> list[list[str]]:
    """The cells of every table, without head and rule."""
    lines = [
        [c.strip() for c in line.strip("|").split(" |")] for line in re.sub(r"\|.*\n\|[-|]+\n", "", text).splitlines() if line[:1] == "|"
    ]
    return [[c.strip("| ") for c in cells] for cells in lines]


def named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def printer() -> Any:
    spec = importlib.util.spec_from_file_location("docs_generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def signoff(line: str, cwd: Path, **environment: str) -> str:
    """What the command prints, run in `cwd` with somebody who quits at every question; it must succeed."""
    with pytest.MonkeyPatch.context() as here:
        here.chdir(cwd)
        done = CliRunner().invoke(app, shlex.split(line)[1:], input="q\n", env=environment, catch_exceptions=False)
    assert done.exit_code == 0, f"{line}\n{done.output}"
    return " ".join(done.output.split())


class TestPrinted:
    @pytest.mark.parametrize("path", sorted(DOCS.glob("*.md")), ids=lambda p: p.name)
    def test_what_is_printed_from_the_code_is_current(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        assert printer().printed(text) == text, "run `make docs`"

    def test_every_part_has_its_place(self) -> None:
        text = "".join(p.read_text(encoding="utf-8") for p in DOCS.glob("*.md"))
        for part in printer().PARTS:
            assert text.count(f"<!-- printed from the code: {part} -->") == 1, part


class TestLinks:
    @pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
    def test_links_lead_somewhere(self, path: Path) -> None:
        for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
            if "://" in target:
                continue
            file, _, anchor = target.partition("#")
            to = (path.parent / file).resolve() if file else path
            assert to.exists(), f"{path.name} links to {target}"
            if anchor:
                assert anchor in anchors(to.read_text(encoding="utf-8")), f"{path.name} links to {target}"

    def test_every_page_is_linked_from_the_readme(self) -> None:
        assert {p.name for p in DOCS.glob("*.md")} <= set(re.findall(r"docs/(\w+\.md)", page("README.md")))


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


class TestCommands:
    def test_every_command_line_in_the_pages_is_one(self) -> None:
        commands = dict(printer().walk(typer.main.get_command(app), "signoff"))
        found = 0
        for path in PAGES:
            for line in command_lines(path.read_text(encoding="utf-8")):
                words = shlex.split(line, comments=True)
                if words[:3] == ["signoff", "eval", "run"] and " ".join(words[:4]) not in commands:
                    words.insert(3, "dataset")  # as the command line itself takes it
                name = next((" ".join(words[:n]) for n in (4, 3, 2) if " ".join(words[:n]) in commands), None)
                assert name, f"{path.name}: {line}"
                known = {o for p in commands[name].params for o in p.opts}
                assert {w.split("=")[0] for w in words if w.startswith("-")} <= known | {"--help"}, f"{path.name}: {line}"
                found += 1
        assert found > 30

    def test_every_command_and_option_is_documented(self) -> None:
        text = page("docs/commands.md")
        for name, command in printer().walk(typer.main.get_command(app), "signoff"):
            own = section(text, f"## `{name}`")
            for option in (o for p in command.params if p.name != "help" and p.param_type_name == "option" for o in p.opts):
                assert f"`{option}" in own, f"{name} {option}"


def command_lines(text: str) -> Iterator[str]:
    """`signoff ...` in fenced blocks and in code spans."""
    for block in re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield from (line.strip() for line in block.splitlines() if line.strip().startswith("signoff "))
    yield from re.findall(r"`(signoff\s[^`]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL).replace("\n", " "))


class TestReadme:
    def test_its_commands_work_as_they_stand(self, tmp_path: Path) -> None:
        (tmp_path / "orders").mkdir()
        shutil.copy(ROOT / "examples" / "orders" / "documents" / "4500018077.txt", tmp_path / "orders")
        blocks = re.findall(r"^```sh\n(.*?)^```", page("README.md"), re.MULTILINE | re.DOTALL)
        lines = [line for block in blocks for line in block.splitlines() if line.startswith("signoff ")]
        assert len(lines) >= 9
        for line in lines:
            signoff(line, tmp_path, SIGNOFF_WORKSPACE="my-company")
        assert json.loads((tmp_path / "records.jsonl").read_text(encoding="utf-8"))["case_id"] == "C00001"
        assert "Cleo Example (P-3) accepted the reading." in signoff("signoff why 1 -w my-company", tmp_path)

    def test_the_standards_are_those_that_are_read(self) -> None:
        text = section(page("README.md"), "## What it reads")
        assert set(re.findall(r"\b8\d\d\b", text)) == set(x12.NAMES)
        assert set(re.findall(r"\bOrder(?:Change|Cancellation)?\b(?!-X)", text)) == set(ubl.ORDERS)


def flat(value: Any, path: str = "") -> Iterator[str]:
    """The fields of a record as docs/record.md names them."""
    if path == "fields":
        for reading in value.values():
            yield from flat(reading, "fields{}")
    elif isinstance(value, dict) and path != "findings[].evidence":
        for key, inner in value.items():
            name = f"{path}.{key}".lstrip(".")
            yield name
            yield from flat(inner, name)
    elif isinstance(value, list) and path != "order.lines[].allowances_charges":
        for inner in value:
            yield from flat(inner, f"{path}[]")


FILES = (
    "scans/4500018074.jpg",
    "xml/4500018001.xml",
    "xml/4500018008.xml",
    "xml/4500018007.xml",
    "xml/RE-20418.xml",
    "pdf/4500018070.pdf",
    "mail/order-4500018082.eml",
)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example company with a few orders, one of them posted."""
    root = tmp_path_factory.mktemp("company")
    for name in ("policy.yaml", "access.cedar", "people.csv", "vendors.csv"):
        shutil.copy(COMPANY / name, root)
    (root / "orders").mkdir()
    for name in FILES:
        shutil.copy(ROOT / "examples" / "orders" / name, root / "orders")
    for line in (
        "init .", f"people import {COMPANY}/people.csv", f"vendors import {COMPANY}/vendors.csv", f"contracts import {COMPANY}/contracts",
        "batch orders --out records.jsonl",
    ):  # fmt: skip
        signoff(f"signoff {line}", root, SIGNOFF_WORKSPACE=".", SIGNOFF_TODAY="2026-11-20")
    return root


def records(root: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (root / "records.jsonl").read_text(encoding="utf-8").splitlines()]


class TestRecord:
    def test_every_field_of_a_record_is_documented_and_no_other(self, company: Path) -> None:
        documented = {n for cells in rows(section(page("docs/record.md"), "## The case record").split("###")[0]) for n in named(cells[0])}
        assert {f for record in records(company) for f in flat(record)} == documented

    def test_every_status_is_documented(self) -> None:
        assert {n for cells in rows(section(page("docs/record.md"), "### Status")) for n in named(cells[0])} == set(State)

    def test_every_event_is_documented_with_what_its_body_says(self) -> None:
        common = {"revision", "steps", "state", "reason"}
        documented = {
            named(cells[0])[0]: set(re.findall(r"`(\w+)`", cells[2])) for cells in rows(section(page("docs/record.md"), "## Events"))
        }
        written: dict[str, set[str]] = {}
        for type_, body in events():
            written.setdefault(type_, set()).update(body - common)
        assert set(documented) == set(written)
        for type_, body in written.items():
            assert body <= documented[type_], type_

    def test_checkpoints_may_be_lost(self, company: Path, tmp_path: Path) -> None:
        shutil.copytree(company, tmp_path / "restored")
        for file in (tmp_path / "restored").glob("checkpoints.db*"):
            file.unlink()
        case = next(r for r in records(company) if r["status"] == "needs_approval")
        people = [p for t in case["tasks"] for p in t["candidates"]]
        while people:
            line = f"signoff decide {case['case_id']} --as {people[0]} --approve"
            said = signoff(line, tmp_path, SIGNOFF_WORKSPACE="restored", SIGNOFF_TODAY="2026-11-20")
            people = re.findall(r"--as (\S+)", said)
        assert said.endswith(f"Case {case['case_id']} is posted.")

    def test_what_verify_names_first(self, company: Path, tmp_path: Path) -> None:
        shutil.copytree(company, tmp_path / "altered")
        assert "all whole" in signoff("signoff audit verify -w altered", tmp_path)
        with sqlite3.connect(tmp_path / "altered" / "signoff.db") as db:
            db.execute("UPDATE cases SET state = 'posted' WHERE number = 2")
        with pytest.raises(AssertionError, match="Case C00002 stands as posted; its events say needs_"):
            signoff("signoff audit verify -w altered", tmp_path)


def events() -> Iterator[tuple[str, set[str]]]:
    """Every event that the code writes, with the names in its body."""
    for path in (p for folder in ("graph", "app") for p in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in ("record", "append", "_tell"):
                for told in (a.value for a in node.args[:2] if isinstance(a, ast.Constant) and isinstance(a.value, str)):
                    if re.fullmatch(r"[a-z]+\.[a-z_]+", told):
                        yield told, {k.arg for k in node.keywords if k.arg} - {"to", "actor"}


def models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A model and those in its fields."""
    yield model
    for field in model.model_fields.values():
        for inner in parts(field.annotation):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from models(inner)


def parts(annotation: Any) -> Iterable[Any]:
    inner = get_args(annotation)
    return [p for a in inner for p in parts(a)] if inner or isinstance(annotation, UnionType) else [annotation]


class TestPolicy:
    @pytest.mark.parametrize("number", range(1, len(POLICIES)))
    def test_the_examples_are_valid(self, number: int, tmp_path: Path) -> None:
        own = POLICIES[number]
        least = {"company": "company: {name: Us}\n", "approvals": "approvals: [{name: all, nobody: true}]\n"}
        head = POLICIES[0] + "".join(text for key, text in least.items() if not own.startswith(f"{key}:"))
        (tmp_path / "policy.yaml").write_text(head + own, encoding="utf-8")
        assert load_policy(tmp_path / "policy.yaml").policy.base_currency == "EUR"

    def test_the_contract_is_valid(self, tmp_path: Path) -> None:
        block = re.search(r"^```yaml contract\n(.*?)^```", page("docs/policy.md"), re.MULTILINE | re.DOTALL)
        assert block
        (tmp_path / "contract.yaml").write_text(block[1], encoding="utf-8")
        (contract,) = load_contracts([tmp_path / "contract.yaml"])
        of_versions_and_papers = {"amended", "provenance"}
        assert contract.model_fields_set == set(Contract.model_fields) - of_versions_and_papers
        assert contract.prices[0].model_fields_set == set(type(contract.prices[0]).model_fields)

    def test_every_entry_is_explained(self) -> None:
        text = page("docs/policy.md")
        for entry in set(Policy.model_fields) - {"version", "dated", "base_currency"}:
            assert section(text, f"## {entry}").strip(), entry
        for name in {name for model in models(Policy) for name in model.model_fields}:
            assert re.search(rf"\b{name}\b", text), name

    @pytest.mark.parametrize(("name", "table"), TABLES, ids=[name for name, _ in TABLES])
    def test_the_columns_of_the_files(self, name: str, table: Table[Any]) -> None:
        found = rows(section(page("docs/policy.md"), f"### {name}"))
        assert [named(cells[0])[0] for cells in found] == list(table.columns)
        assert tuple(named(cells[0])[0] for cells in found if cells[1] == "yes") == tuple(c for c in table.columns if c in table.required)


class TestOperations:
    def test_every_setting_is_documented(self) -> None:
        found = {n for file in ("operations", "models") for c in rows(section(page(f"docs/{file}.md"), "## Settings")) for n in named(c[0])}
        assert found == {field.validation_alias or f"SIGNOFF_{name.upper()}" for name, field in Settings.model_fields.items()}

    def test_every_file_of_a_workspace_is_documented(self, company: Path) -> None:
        documented = {n.rstrip("/") for cells in rows(section(page("docs/operations.md"), "## The workspace")) for n in named(cells[0])}
        there = {p.name for p in company.iterdir() if not p.name.endswith(("-wal", "-shm"))} - {"orders", "records.jsonl"}
        assert there == documented

    def test_the_limit_of_a_file(self) -> None:
        assert f"| a file | {MAX_BYTES // 1_000_000} MB |" in page("docs/operations.md")

    def test_the_limits_of_what_is_packed_and_of_reading(self) -> None:
        packed = f"{MAX_MEMBERS} files, {MAX_DEPTH} deep, {MAX_UNPACKED // 1_000_000} MB; {MAX_RATIO} times its size once that is more than"
        assert f"| {packed} {SMALL // 1_000_000} MB |" in page("docs/operations.md")
        reading = f"{LIMITS.seconds} seconds of computing, {LIMITS.patience // 60} minutes in all, {LIMITS.megabytes / 1000} GB of memory"
        assert f"| reading one file | {reading} |" in page("docs/operations.md")


class TestErp:
    def test_every_field_of_tryton_is_documented(self) -> None:
        found = rows(section(page("docs/erp.md"), "## Tryton").split("###")[0])
        assert [named(cells[0])[0] for cells in found] == list(Tryton.model_fields)

    def test_the_example_is_valid(self) -> None:
        block = re.search(r"^```yaml\n(kind: tryton\n.*?)^```", page("docs/erp.md"), re.MULTILINE | re.DOTALL)
        assert block
        values = dict(line.split(": ", 1) for line in block[1].splitlines())
        assert values.pop("kind") in KINDS
        assert Tryton.model_validate(values).bridge == "required"


def key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared() -> set[str]:
    project = tomllib.loads(page("pyproject.toml"))["project"]
    return {key(re.split(r"[<>=\[;~ ]", d)[0]) for d in project["dependencies"]}


def extra(name: str) -> set[str]:
    project = tomllib.loads(page("pyproject.toml"))["project"]
    return {key(re.split(r"[<>=\[;~ ]", d)[0]) for d in project["optional-dependencies"][name]}


def listed(name: str) -> set[str]:
    lines = page(f"requirements/{name}.in").splitlines()
    return {key(line.strip()) for line in lines if line.strip() and not line.startswith("#")}


def imported() -> set[str]:
    """The distributions that the product imports by name."""
    owners = importlib.metadata.packages_distributions()
    found: set[str] = set()
    for path in (p for folder in PRODUCT for p in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = (
                [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module] if isinstance(node, ast.ImportFrom) else []
            )
            for module in filter(None, modules):
                top = owners.get(module.split(".")[0], [])
                found |= (
                    {key(d) for d in top if d != "signoff"} if module != "langgraph.checkpoint.sqlite" else {"langgraph-checkpoint-sqlite"}
                )
    return found


class TestAccess:
    def test_the_rules_that_companies_write_are_rules(self) -> None:
        rules = re.search(r"^```\n(.*?)^```", section(page("docs/access.md"), "### Rules that companies write"), re.MULTILINE | re.DOTALL)
        assert rules
        assert len(Rules(rules[1]).rules) == 3

    def test_every_action_and_every_area_with_its_tables_is_documented(self) -> None:
        principals, actions, areas = tables(section(page("docs/access.md"), "## What a rule speaks of"))
        assert len(principals) == 3
        assert {named(cells[0])[0] for cells in actions} == set(get_args(Action))
        assert {named(cells[0])[0]: set(named(cells[2])) for cells in areas} == {area: set(granted) for area, granted in GRANTS.items()}


def tables(text: str) -> list[list[list[str]]]:
    """The cells of each table on its own."""
    return [rows(block) for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)]


class TestDependencies:
    def table(self, heading: str) -> dict[str, str]:
        return {key(named(cells[0])[0]): cells[1] for cells in rows(section(page("docs/dependencies.md"), heading))}

    def test_each_has_a_line_and_each_line_is_one(self) -> None:
        assert set(self.table("## What runs")) == declared()
        for name in ("ocr", "otel", "eval", "postgres", "metrics"):
            assert set(self.table(f"## With the extra `{name}`")) == extra(name)
        assert set(self.table("## To work on Signoff")) == listed("dev")
        assert set(self.table("## To render the example orders")) == listed("examples")

    def test_none_is_idle(self) -> None:
        assert declared() - imported() == set()

    def test_the_licences_are_those_of_the_packages(self) -> None:
        for heading in ("## What runs", "## With the extra `ocr`", "## With the extra `otel`", "## To work on Signoff"):
            for name, written in self.table(heading).items():
                own = licence(name)
                for word in re.findall(r"MIT|BSD|Apache|LGPL|MPL", written):
                    assert word in own, f"{name} is {own}"

    def test_no_copyleft_runs_in_the_process(self) -> None:
        for name in re.findall(r"^([\w.\-]+)==", page("requirements/run.txt"), re.MULTILINE):
            assert not FREE.search(licence(name)), name
        assert not any(FREE.search(written) for written in self.table("## What runs").values())


def licence(name: str) -> str:
    """What a package says of its own licence."""
    try:
        meta = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
    classifiers = [c for c in meta.get_all("Classifier") or [] if c.startswith("License")]
    declared = " ".join([meta.get("License-Expression") or "", (meta.get("License") or "")[:80], *classifiers])
    files = [f for f in importlib.metadata.files(name) or () if "licenses" in f.parts]
    return declared if declared.strip() else " ".join(f.read_text()[:120] for f in files)
