"""The tables of an evaluation run, as the terminal prints them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.markup import escape
from rich.table import Table

from signoff.app.terminal import table
from signoff.evals.comparing import Changed, Difference
from signoff.evals.report import share, value

Figures = Mapping[str, Any]


def tables(figures: Figures) -> Iterator[Table]:
    """Reading by format, what passes, and where the dataset has a company: findings, routing and the three worlds."""
    yield _reading(figures)
    yield _confidence(figures["confidence"])
    yield _passing(figures["passing"])
    if "worlds" in figures:
        yield _findings(figures["findings"])
        yield _routing(figures["routing"], figures["end"])
        yield _worlds(figures["worlds"])


def _reading(figures: Figures) -> Table:
    right = ("orders", "read", "exact", "clear", "false")
    made = table("format", "orders", "read", "header F1", "line F1", "lines, by order", "exact", "clear", "false", right=right)
    for name, own in (*figures["by_format"].items(), ("all", figures["reading"])):
        scores = (value(own[k]) if name == "all" else _plain(own[k]["value"]) for k in ("header_f1", "line_f1", "line_orders"))
        counts = (str(own[k]["of"]) for k in ("exact", "clear", "false_pass"))
        made.add_row(name, str(own["orders"]), str(own["read"]["of"]), *scores, *counts)
    taken = figures["look_alikes"]
    made.add_row("no orders", str(taken["papers"]), str(taken["taken"]), "", "", "", "", "", "")
    return made


def _plain(number: float | None) -> str:
    return "-" if number is None else f"{number:.3f}"


def _confidence(found: Figures) -> Table:
    made = table("confidence of what was searched for", "")
    at = found["at_coverage"]
    rows = (
        ("orders", str(found["n"])), ("AUROC of the document's score", value(found["auroc"])),
        ("of its confidence alone, without vetoes", _plain(found["auroc_of_confidence_alone"])),
        (f"right at {at['coverage']:.0%} coverage, with a text layer", share(at)),
        (f"expected calibration error, over {sum(bool(b['n']) for b in found['bins'])} bins", _plain(found["ece"])),
    )  # fmt: skip
    for row in rows:
        made.add_row(*row)
    return made


def _passing(found: Figures) -> Table:
    made = table("a rule that lets pass", "passed", "of these wrong")
    for name, own in found.items():
        made.add_row(name, share(own["passed"]), share(own["false"]))
    return made


def _findings(found: Figures) -> Table:
    counted = ("expected", "found", "right", "precision", "recall")
    made = table("finding", *counted, right=counted)
    for code, own in found.items():
        made.add_row(code, *(str(own[k]) for k in ("expected", "found", "right")), _plain(own["precision"]), _plain(own["recall"]))
    return made


def _routing(found: Figures, end: Figures) -> Table:
    made = table("expected", "became", "orders", right=("orders",))
    for row in found["confusion"]:
        made.add_row(row["expected"], row["got"], str(row["orders"]))
    made.add_row("[bold]as expected[/bold]", "", share(found["same"]))
    made.add_row("[bold]the ERP in the end as expected[/bold]", "", share(end["same"]))
    return made


def _worlds(found: Figures) -> Table:
    counted = ("posted", "wrongly", "touches", "minutes")
    made = table("way of working", *counted, right=counted)
    for own in found["each"]:
        made.add_row(own["name"], str(own["posted"]), str(own["errors"]), str(own["touches"]), f"{own['minutes']:,.0f}")
    less = {
        "errors": "fewer errors than automation alone",
        "touches": "fewer touches than by hand",
        "looks": "the same without signing and exceptions",
        "minutes": "fewer minutes than by hand",
    }
    for name, words in less.items():
        made.add_row(words, value(found["fewer"][name]), "", "", "")
    return made


def compared(found: Sequence[Difference], changed: Sequence[Changed]) -> Iterator[Table]:
    """Two runs: their figures side by side, and each order with another end."""
    made = table(
        "an order's mean", "orders", "vendors", "before", "after", "difference", "", right=("orders", "vendors", "before", "after")
    )
    for d in found:
        span = f"{d.after - d.before:+.4f}" + (f" ({d.interval[0]:+.4f} to {d.interval[1]:+.4f})" if d.interval else "")
        made.add_row(d.name, str(d.orders), str(d.vendors), f"{d.before:.4f}", f"{d.after:.4f}", span, d.verdict)
    yield made
    if changed:
        others = table("paper", "before", "after")
        for c in changed:
            others.add_row(escape(c.paper), _end(*c.before), _end(*c.after))
        yield others


def _end(wrong: str, outcome: str) -> str:
    return f"{outcome or 'not taken'}; wrong: {wrong}" if wrong else outcome or "not taken"
