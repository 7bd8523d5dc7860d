"""What a chat shows: it fits, it steers no terminal, and the README shows what happens."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import pytest
from chat_run import chat
from rich.cells import cell_len
from rich.console import Console
from signoff_run import ORDERS, done

from signoff.app.chat_view import view
from signoff.app.terminal import clean

README = Path(__file__).parents[2] / "README.md"


@pytest.mark.parametrize("width", [60, 80, 100, 140, 200])
def test_nothing_is_wider_than_the_terminal(worked_company: Path, width: int) -> None:
    long = {
        "case": "C00001",
        "asks": "approval",
        "order": "4" * 30,
        "supplier": "Ü" * 90,
        "amount": "1,000,000.00 EUR",
        "why": "why " * 90,
    }
    cases = {k: v for k, v in long.items() if k not in ("asks", "why")} | {"status": "needs_review", "reason": "x" * 300, "file": "a/b"}
    rule = {"name": "n" * 80, "when": {"categories": ["c" * 50]}, "steps": [{"all_of": [{"role": "r" * 40}, {"person": "p"}]}]}
    for name, value in (("waiting", [long] * 3), ("cases", [cases, {"more": "There is more."}]), ("policy", [rule])):
        out = Console(width=width, file=io.StringIO(), no_color=True)
        out.print(view(name, value, width))
        lines = out.file.getvalue().splitlines()  # type: ignore[attr-defined]
        assert max(map(cell_len, lines)) <= width
        assert len(lines) >= 2


def test_texts_of_documents_steer_no_terminal() -> None:
    out = Console(width=100, file=io.StringIO(), force_terminal=True)
    evil = "\x1b[2J\x1b]0;owned\x07[red]posted[/red]\u202e\x9b31m"
    out.print(view("why", clean([{"at": evil, "what": evil}]), 100))
    out.print(view("vendors", clean([{"vendor_id": "V", "name": evil}]), 100))
    told = out.file.getvalue()  # type: ignore[attr-defined]
    assert "[red]posted[/red]" in told
    assert not re.search(r"\x1b\[2J|\x1b\]|\x07|\x9b|\u202e", told)


def test_nor_do_they_on_the_command_line(company: Path) -> None:
    order = (ORDERS / "spreadsheets" / "4500018066.csv").read_bytes()
    (company / "steers.csv").write_bytes(order.replace(b"Spherical", b"\x1b[2JSpherical").replace(b"W\xe4lzlager", b"\x1b]0;Lager"))
    told = done("batch", company / "steers.csv", workspace=company)
    told += "".join(done(*command, workspace=company) for command in (("list",), ("show", "1"), ("why", "1")))
    assert "[2JSpherical" in told
    assert "\x1b" not in told


def test_the_readme_shows_what_happens(worked: Path) -> None:
    block = re.search(r"^```console\n\$ signoff chat --as (\S+)\n(.*?)^```", README.read_text(encoding="utf-8"), re.M | re.S)
    assert block
    typed = re.findall(r"^(?:[\w ]+>|Do it\? \[y/N\]) (.*)$", block[2], re.MULTILINE)
    printed = [line.rstrip() for line in chat(worked, block[1], *typed, "/quit").out.splitlines()]
    shown = "".join(f"{line}\n" for line in printed[:-1])
    if os.environ.get("SIGNOFF_REWRITE"):
        README.write_text(README.read_text(encoding="utf-8").replace(block[2], shown), encoding="utf-8")
    assert block[2] == shown
