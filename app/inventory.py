"""`signoff inventory`: which streams of orders run by themselves, and which need people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from signoff.app.terminal import console, plain, print_json, table
from signoff.app.workspace import opened
from signoff.domain.errors import BadInput
from signoff.domain.streams import FEWEST, RECENT_DAYS, Share, Standing
from signoff.graph.inventory import BY, Stream, inventory

W = Annotated[Path | None, typer.Option("--workspace", "-w", help="The workspace folder (default: SIGNOFF_WORKSPACE, else ./workspace).")]
J = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
KINDS = {"review": "reviews", "exception": "exceptions", "approval": "sign-offs"}
COLOURS = {Standing.STABLE: "green", Standing.NEEDS_PEOPLE: "yellow", Standing.TOO_FEW: "dim"}


def show_inventory(
    by: Annotated[
        str,
        typer.Option(
            metavar="WHAT", help="What tells streams apart: vendor, category, source (folder), format, or several: vendor,format."
        ),
    ] = "vendor",
    workspace: W = None,
    json: J = False,
) -> None:
    """Show each stream of orders: how many, what goes wrong, what it takes, and whether it is steady enough to run by itself."""
    names = tuple(dict.fromkeys(name.strip() for name in by.split(",")))
    if wrong := [name for name in names if name not in BY]:
        raise BadInput(f"--by {wrong[0]} tells no streams apart; choose of {', '.join(BY)}.")
    with opened(workspace) as w:
        vendors = {v.vendor_id: v for v in w.store.masters.vendors()}
        found = inventory(w.store, vendors, names, w.settings.now().date())
    if json:
        print_json([_record(names, stream) for stream in found])
        return
    told = {id_: vendor.name for id_, vendor in vendors.items()}
    _print(names, found, told)


def _print(names: tuple[str, ...], found: list[Stream], vendors: dict[str, str]) -> None:
    last = f"last {RECENT_DAYS} days"
    numbers = ("orders", "waiting", "unseen", "troubled", "corrected", last)
    made = table(*names, *numbers, "ready for", right=numbers)
    for s in found:
        made.add_row(*_key(names, s, vendors), *_cells(s), f"[{COLOURS[s.judged.standing]}]{s.judged.standing}[/]")
    out = console()
    out.print(made)
    for s in found:
        if s.orders >= FEWEST:
            told = " ".join((*s.judged.reasons, *_needs(s)))
            out.print(f"\n[bold]{', '.join(_key(names, s, vendors))}: {s.judged.standing}.[/bold] {escape(plain(told))}")
    out.print(
        "\nTroubled: a finding was decided, a field corrected, or it was rejected or failed. How streams are judged: docs/operations.md.",
        markup=False,
    )


def _key(names: tuple[str, ...], s: Stream, vendors: dict[str, str]) -> list[str]:
    words = (f"{key} {vendors[key]}" if name == "vendor" and key in vendors else key for name, key in zip(names, s.key, strict=True))
    return [escape(plain(word)) for word in words]


def _cells(s: Stream) -> list[str]:
    recent, _ = s.trend
    return [
        str(s.orders), str(s.waiting), _percent(Share(s.unseen, s.orders)), _spread(s.trouble), _spread(s.correction),
        f"{recent.n}, {_percent(recent)}" if recent.n else "0",
    ]  # fmt: skip


def _needs(s: Stream) -> Iterator[str]:
    """What a stream takes, in sentences."""
    points = [
        f"{KINDS[kind]} ({', '.join(whose.removeprefix('role:') for k, whose in sorted(s.points) if k == kind)})"
        for kind in KINDS
        if kind in dict(s.points)
    ]
    yield f"People decide at {len(s.points)} points: {'; '.join(points)}." if points else "No person decides."
    if s.signoffs:
        yield f"{s.signoffs / s.orders:.1f} sign-offs an order."
    if s.edits:
        yield f"{s.edits} fields were corrected."
    posting, waiting = s.hours
    if posting is not None and waiting is not None:
        yield f"The median takes {posting:.1f} hours to posting, and waits {waiting:.1f} hours for people."
    if s.systems:
        yield f"It touches {', '.join(f'{name} ({_percent(Share(n, s.orders))})' for name, n in sorted(s.systems.items()))}."
    if s.calls:
        yield f"{s.calls} model calls came to US$ {s.cost:.2f}" + (f", and {s.unpriced} of unknown price." if s.unpriced else ".")


def _percent(share: Share) -> str:
    return "" if share.value is None else f"{share.value:.0%}"


def _spread(share: Share) -> str:
    low, high = share.interval
    return "" if share.value is None else f"{share.value:.0%} ({low:.0%}-{high:.0%})"


def _record(names: tuple[str, ...], s: Stream) -> dict[str, Any]:
    recent, before = s.trend
    posting, waiting = s.hours
    return dict(zip(names, s.key, strict=True)) | {
        "orders": s.orders, "waiting": s.waiting, "set_aside": s.set_aside, "under_way": s.under_way,
        "unseen": _share(Share(s.unseen, s.orders)), "troubled": _share(s.trouble),
        "corrected": _share(s.correction), "edits": s.edits, "signoffs": s.signoffs,
        "decision_points": [{"kind": kind, "who": who} for kind, who in sorted(s.points)], "systems": dict(sorted(s.systems.items())),
        "hours_to_posting": posting, "hours_waiting": waiting, "model_calls": s.calls,
        "cost": None if s.unpriced else str(s.cost), "recent_troubled": _share(recent), "before_troubled": _share(before),
        "ready_for": s.judged.standing, "reasons": list(s.judged.reasons),
    }  # fmt: skip


def _share(share: Share) -> dict[str, Any]:
    return {
        "count": share.count,
        "of": share.n,
        "share": share.value,
        "open": share.open,
        "interval": list(share.interval) if share.n else None,
    }
