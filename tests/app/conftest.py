"""Workspaces for the tests of the command line: one made, one with orders in it, each test with its own copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from signoff_run import ORDERS, copied, done, make_company

SAMPLE = (
    "xml/4500018001.xml",  # posted
    "xml/4500018004.xml",  # one approval
    "xml/4500018008.xml",  # a blocking finding
    "xml/4500018021.xml",  # on hold
    "xml/resent/4500018001.xml",  # duplicate
    "xml/RE-20418.xml",  # not an order
    "cxml/4500018032.xml",  # two steps, the second in parallel
    "edi/850-tamarack-1008.x12",  # three orders in one file
    "spreadsheets/4500018066.csv",  # review of the reading
)


@pytest.fixture(scope="session")
def empty_company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_company(tmp_path_factory.mktemp("empty") / "workspace")


@pytest.fixture(scope="session")
def worked_company(empty_company: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("worked")
    for name in SAMPLE:
        (folder / "orders" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ORDERS / name, folder / "orders" / name)
    workspace = copied(empty_company, folder / "workspace")
    done("batch", folder / "orders", "--out", folder / "workspace" / "records.jsonl", workspace=workspace)
    return workspace


@pytest.fixture
def company(empty_company: Path, tmp_path: Path) -> Path:
    """The example company without orders."""
    return copied(empty_company, tmp_path / "workspace")


@pytest.fixture
def worked(worked_company: Path, tmp_path: Path) -> Path:
    """The example company after a batch of `SAMPLE`, whose records are in `records.jsonl`."""
    return copied(worked_company, tmp_path / "workspace")
