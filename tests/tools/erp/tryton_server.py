"""A real Tryton 8 on loopback, from PyPI, in an environment of its own (`make build/tryton/done`).

The databases are built once, which takes some 25 s of computing, and kept under build/; `bridged` has Signoff's bridge, `plain` has not.
A test's world starts as a copy of them: SQLite's own backup writes over the database of the server as it runs.
"""

from __future__ import annotations

import atexit
import ctypes
import hashlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from functools import cache
from pathlib import Path

import pytest
from filelock import FileLock

ROOT = Path(__file__).parents[3]
BUILD = ROOT / "build" / "tryton"
BIN = BUILD / "venv" / "bin"
SEED = Path(__file__).with_name("tryton_seed.py")
VENDORS = ROOT / "examples" / "company" / "vendors.csv"
MADE_OF = [
    ROOT / "requirements" / "tryton.txt",
    SEED,
    VENDORS,
    *sorted((ROOT / "bridges" / "tryton" / "trytond_signoff_bridge").glob("*.*")),
]
DATABASES = ("plain", "bridged")


def config(folder: Path, port: int = 0) -> Path:
    path = folder / "trytond.conf"
    path.write_text(
        f"[database]\nuri = sqlite://\npath = {folder}\n[web]\nlisten = 127.0.0.1:{port}\n[attachment]\nfilestore = false\n",
        encoding="utf-8",
    )
    return path


def run(*command: object) -> None:
    environment = {"PATH": os.environ["PATH"], "TRYTONPASSFILE": str(BUILD / "password")}
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr


def activate(folder: Path, database: str, *modules: str) -> None:
    (folder / f"{database}.sqlite").touch()
    every = () if "purchase" not in modules else ("--all",)
    run(
        BIN / "trytond-admin", "-c", folder / "trytond.conf", "-d", database, *every, "-u", *modules, "--activate-dependencies",
        "--email", "admin@localhost",
    )  # fmt: skip


def copied(source: Path, target: Path) -> None:
    """The database of a server, written by SQLite: a copied file would miss what stands in the log beside it."""
    with sqlite3.connect(source) as old, sqlite3.connect(target, timeout=30) as new:
        old.backup(new)
    old.close()
    new.close()


def build(folder: Path) -> None:
    config(folder)
    (BUILD / "password").write_text("only-for-tests-Admin1", encoding="utf-8")
    activate(folder, "plain", "purchase", "purchase_amendment")
    run(BIN / "python", SEED, "plain", folder / "trytond.conf", VENDORS, folder / "seed.json")
    copied(folder / "plain.sqlite", folder / "bridged.sqlite")
    activate(folder, "bridged", "signoff_bridge")


@cache
def template() -> Path:
    """The folder with the databases and `seed.json`; skips the test where Tryton is not installed."""
    if not (BUILD / "done").exists():
        missing = "Tryton is not installed; it is a minute's work: make build/tryton/done"
        if os.environ.get("SIGNOFF_CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in MADE_OF)).hexdigest()[:16]
    folder = BUILD / f"template-{digest}"
    with FileLock(BUILD / "template.lock"):
        if not (folder / "ready").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            build(folder)
            (folder / "ready").touch()
    return folder


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class Server:
    """trytond on a free port of loopback, over databases of its own."""

    def __init__(self) -> None:
        self.keys: dict[str, str] = json.loads((template() / "seed.json").read_text(encoding="utf-8"))
        self.folder = Path(tempfile.mkdtemp(prefix="signoff-tryton-"))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        config(self.folder, self.port)
        for database in DATABASES:
            self.restore(database)
        self.start()

    def url(self, database: str, port: int | None = None) -> str:
        return f"http://127.0.0.1:{port or self.port}/{database}"

    def restore(self, database: str) -> None:
        """As it was seeded: no purchase is left."""
        copied(template() / f"{database}.sqlite", self.folder / f"{database}.sqlite")

    def rows(self, database: str, query: str) -> list[tuple[object, ...]]:
        """What stands in the database, past Tryton."""
        with sqlite3.connect(self.folder / f"{database}.sqlite") as db:
            found = db.execute(query).fetchall()
        db.close()
        return found

    def start(self) -> None:
        self.process = subprocess.Popen(
            [str(BIN / "trytond"), "-c", str(self.folder / "trytond.conf"), "-d", *DATABASES],
            stdout=subprocess.DEVNULL, stderr=(self.folder / "log").open("a"), preexec_fn=_die_with_parent,
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while not self._answers():
            up = self.process.poll() is None and time.monotonic() < deadline
            assert up, (self.folder / "log").read_text(encoding="utf-8")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.url('plain')}/rest/model/party.party", timeout=5)
        except urllib.error.HTTPError as error:
            return error.code == 401
        except OSError:
            pass
        return False

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


@cache
def server() -> Server:
    """One for all tests of this process."""
    made = Server()
    atexit.register(made.close)
    return made
