"""Printing: colours and progress only on a terminal, tables that fit, words for states. The only place that prints."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from signoff.domain.states import State

STATUS_WORDS = {
    State.POSTED: ("posted", "posted", "green"),
    State.APPROVED: ("approved", "approved", "green"),
    State.NEEDS_REVIEW: ("waiting for review", "review", "yellow"),
    State.NEEDS_APPROVAL: ("waiting for approval", "approval", "yellow"),
    State.ON_HOLD: ("on hold", "on hold", "magenta"),
    State.REJECTED: ("rejected", "rejected", "red"),
    State.DUPLICATE: ("set aside: duplicate", "duplicate", "dim"),
    State.NOT_AN_ORDER: ("set aside: not an order", "not an order", "dim"),
    State.FAILED: ("failed", "failed", "red"),
}
"""In full, in short, and in which colour."""


def console() -> Console:
    """Standard output; wide enough for a table when it is not a terminal."""
    return Console(highlight=False) if sys.stdout.isatty() else Console(highlight=False, width=140, no_color=True)


def status(state: State, short: bool = False) -> str:
    """The state in words, with its colour."""
    full, brief, colour = STATUS_WORDS.get(state, (f"in progress: {state}", state, "cyan"))
    return f"[{colour}]{brief if short else full}[/{colour}]"


def plain(text: str) -> str:
    """Text from outside without the control characters by which it could move the cursor or recolour what others said."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf"))


def clean(value: Any) -> Any:
    """The value with every text in it as `plain` lets it through."""
    if isinstance(value, str):
        return plain(value) if type(value) is str else value
    if isinstance(value, dict):
        return {clean(k): clean(v) for k, v in value.items()}
    return [clean(v) for v in value] if isinstance(value, list | tuple) else value


def table(*columns: str, right: Iterable[str] = ()) -> Table:
    """An empty table with light rules; the named columns are set flush right."""
    made = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return made


def progress() -> Progress:
    """A progress bar on standard error, invisible when that is not a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())


def print_json(value: Any) -> None:
    """One JSON value on standard output."""
    sys.stdout.write(json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def print_json_array(values: Iterable[Any]) -> None:
    """A JSON array on standard output, each value as it comes."""
    between = "[\n"
    for value in values:
        sys.stdout.write(between + json.dumps(value, indent=1, ensure_ascii=False))
        between = ",\n"
    sys.stdout.write("[]\n" if between == "[\n" else "\n]\n")
