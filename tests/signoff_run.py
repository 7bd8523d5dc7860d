"""`signoff` as a user runs it: on a workspace of the example company, with exit code, standard output and standard error."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from signoff.app import cli

EXAMPLES = Path(__file__).parents[1] / "examples"
COMPANY, ORDERS = EXAMPLES / "company", EXAMPLES / "orders"
SIGNOFF = Path(sys.executable).with_name("signoff")
TODAY = "2026-11-20"


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str


def run(*args: object, workspace: Path | None = None) -> Ran:
    """The command in this process, through its entry point; a process of its own costs two seconds of imports."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        patch.setattr(sys, "argv", ["signoff", *map(str, args)])
        for name, value in environment(workspace).items():
            patch.setenv(name, value)
        code: object = 0
        try:
            cli.main()
        except SystemExit as end:
            code = end.code
    return Ran(code if isinstance(code, int) else int(bool(code)), out.getvalue(), err.getvalue())


def done(*args: object, workspace: Path) -> str:
    """What the command prints; it must succeed."""
    ran = run(*args, workspace=workspace)
    assert ran.code == 0, ran.err
    return ran.out


def environment(workspace: Path | None) -> dict[str, str]:
    return {"SIGNOFF_TODAY": TODAY} | ({"SIGNOFF_WORKSPACE": str(workspace)} if workspace else {})


def started(*args: object, workspace: Path) -> subprocess.Popen[str]:
    """The command as a process of its own."""
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [str(SIGNOFF), *map(str, args)], env=os.environ | environment(workspace), stdout=pipe, stderr=pipe, text=True, encoding="utf-8"
    )


def make_company(folder: Path) -> Path:
    """A workspace with the example company in it, and no orders yet."""
    folder.mkdir(parents=True)
    for name in ("policy.yaml", "access.cedar", "people.csv", "vendors.csv"):
        shutil.copy(COMPANY / name, folder)
    done("init", folder, workspace=folder)
    import_company(folder)
    return folder


def import_company(workspace: Path) -> None:
    """History comes last: it is told which contract an order ran under."""
    for kind, file in (("people", "people.csv"), ("vendors", "vendors.csv"), ("contracts", "contracts"), ("history", "history.csv")):
        done(kind, "import", COMPANY / file, workspace=workspace)


def copied(workspace: Path, to: Path) -> Path:
    """A workspace of the test's own, as the other one stands; nobody may be using that."""
    shutil.copytree(workspace, to)
    return to


def rows(database: Path, query: str, *values: object) -> list[tuple[object, ...]]:
    """What a database file says, looked at from outside."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return connection.execute(query, values).fetchall()


def dump(database: Path) -> list[str]:
    """Everything in a database file, as SQL."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return list(connection.iterdump())
