"""The parts of the handbook that are printed from the code. `make docs` writes them; tests/test_docs.py fails when one is out of date.

A part stands between `<!-- printed from the code: NAME -->` and `<!-- end -->`; `PARTS` says who prints it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import typer

from signoff.agents.toolbox import Tool
from signoff.app.abilities import Abilities
from signoff.app.chat import explained, usage
from signoff.app.cli import app
from signoff.domain.findings import AT_STAKE, Code, Group
from signoff.domain.states import ENDED, MOVES, WAITING, State
from signoff.graph.flow import EDGES

HERE = Path(__file__).parent
PART = re.compile(r"(<!-- printed from the code: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
END = "__end__"


def states() -> Iterator[str]:
    """Every move of a case that is allowed; those to and from `failed`, which every state on the way has, are left out."""
    order = list(State)
    moves = sorted((m for m in MOVES if State.FAILED not in m), key=lambda m: (order.index(m[0]), order.index(m[1])))
    yield from ("```mermaid", "stateDiagram-v2", "    [*] --> received")
    yield from (f"    {old} --> {new}" for old, new in moves)
    yield from (f"    {state} --> [*]" for state in order if state in ENDED and state is not State.FAILED)
    yield f"    class {','.join(s for s in order if s in WAITING)} waiting"
    yield from ("    classDef waiting font-weight:bold", "```")


def road() -> Iterator[str]:
    """Which step may follow which."""
    yield from ("```mermaid", "flowchart LR", "    start([start]) --> read")
    for step, following in EDGES.items():
        yield from (f"    {step} --> {'closed([closed])' if to == END else to}" for to in following if to != step)
    yield "```"


def codes() -> Iterator[str]:
    """Every finding with its usual severity."""
    for group in Group:
        yield from ("", f"**About the {group}**", "", "| code | usually | what it says | money at stake |", "|---|---|---|---|")
        yield from (f"| `{c}` | {c.severity} | {c.meaning} | {AT_STAKE.get(c, '')} |" for c in Code if c.group is group)
    yield ""


def commands() -> Iterator[str]:
    """Every command with its arguments and options."""
    for path, command in walk(typer.main.get_command(app), "signoff"):
        yield from ("", f"## `{path}`", "", " ".join((command.help or "").split()), "", "| | |", "|---|---|")
        yield from (f"| {_names(p)} | {_help(p)} |" for p in command.params if p.name != "help")
    yield ""


def abilities() -> Iterator[str]:
    """Every command of the chat."""
    yield from ("| command | what it does | |", "|---|---|---|")
    for found in map(Tool, Abilities.__new__(Abilities).all):
        asks = "asks first" if found.mark.access == "WRITE" else ""
        yield f"| `{usage(found)}` | {explained(found)} | {asks} |"


def walk(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every command below a group with its full name, groups left out."""
    if not hasattr(command, "list_commands"):
        yield path, command
        return
    for name in command.list_commands(None):
        yield from walk(command.get_command(None, name), f"{path} {name}")


def _names(param: Any) -> str:
    if param.param_type_name == "argument":
        return f"`{param.metavar or param.name.upper()}`"
    value = "" if getattr(param, "is_flag", False) else f" {_value(param)}"
    return ", ".join(f"`{o}{value}`" for o in sorted(param.opts, key=len, reverse=True))


def _value(param: Any) -> str:
    return {
        "as_": "PERSON", "edit": "POINTER=VALUE", "status": "STATUS", "note": "TEXT", "concurrency": "N", "by": "WHAT",
        "on": "DATE", "most": "N", "set_": "FIELD=VALUE", "drop": "FIELD", "accept": "FIELD", "contract": "CONTRACT",
        "task": "N", "days": "N", "name": "TEXT", "behalf": "PERSON", "reason": "TEXT", "seed": "N",
    }.get(param.name, "PATH")  # fmt: skip


def _help(param: Any) -> str:
    default = param.default
    shown = f" Default: `{default}`." if isinstance(default, int | Path) and not isinstance(default, bool) else ""
    return " ".join((getattr(param, "help", "") or "").split()) + shown


PARTS = {"states": states, "road": road, "codes": codes, "commands": commands, "abilities": abilities}


def printed(page: str) -> str:
    """The page with its printed parts as the code has them now."""
    return PART.sub(lambda m: m[1] + _lines(PARTS[m[2]]()) + m[3], page)


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def pages() -> Iterator[Path]:
    """The pages of the handbook."""
    yield from sorted(HERE.glob("*.md"))


if __name__ == "__main__":
    for file in pages():
        file.write_text(printed(file.read_text(encoding="utf-8")), encoding="utf-8")
