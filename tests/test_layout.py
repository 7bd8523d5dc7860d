"""The directions of the layout: who may import whom, and which libraries stand in one place only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ORDER = ["domain", "tools", "agents", "graph", "evals", "app"]
ONLY_IN = {
    "openai": ("agents/model.py",),
    "langgraph": ("graph/",),
    "langchain_core": ("graph/",),
    "sqlite3": ("graph/store/", "graph/checkpoints.py", "tools/erp/", "tools/sqlite_file.py"),
    "sqlite_utils": ("graph/store/",),
    "typer": ("app/",),
    "rich": ("app/",),
}


def sources() -> list[Path]:
    return sorted(p for folder in ORDER for p in (ROOT / folder).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports in full"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_there_are_sources() -> None:
    assert len(sources()) > 50


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_keep_the_directions(path: Path) -> None:
    here = path.relative_to(ROOT).as_posix()
    layer = here.split("/")[0]
    for name in imported(path):
        first, *rest = name.split(".")
        if first == "signoff":
            target = rest[0]
            if target == "prompts":
                assert layer == "agents", f"{here} imports prompts; only agents may"
                continue
            assert ORDER.index(target) <= ORDER.index(layer), f"{here} imports {name}: {layer} may not know {target}"
        elif first in ONLY_IN:
            assert here.startswith(ONLY_IN[first]), f"{here} imports {first}, which belongs in {' or '.join(ONLY_IN[first])}"


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(ROOT)))
def test_only_app_reads_the_environment_or_prints(path: Path) -> None:
    here = path.relative_to(ROOT).as_posix()
    text = path.read_text(encoding="utf-8")
    if not here.startswith("app/") and here != "graph/__init__.py":
        assert "os.environ" not in text
        assert "os.getenv" not in text
        assert not any(
            isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == "print" for n in ast.walk(ast.parse(text))
        ), here


def test_no_module_at_the_root() -> None:
    assert not list(ROOT.glob("*.py"))


def test_every_package_is_listed() -> None:
    import tomllib

    listed = set(tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"])
    found = {"signoff." + ".".join(p.parent.relative_to(ROOT).parts) for p in sources()} | {"signoff.prompts"}
    assert found == listed
