"""The report of a run: one HTML file that needs nothing else, and looks the same printed. Everything from a document is escaped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from signoff.evals.measured import Measured
from signoff.evals.plots import lines, reliability

Figures = Mapping[str, Any]
WORST = 20
LESS = {"looks": "touches besides signing and exceptions"}
STYLE = """
:root{color-scheme:light}body{font:15px/1.45 system-ui,sans-serif;max-width:960px;margin:2rem auto;padding:0 1rem;color:#1b1f24}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem;border-bottom:1px solid #d0d7de}
table{border-collapse:collapse;margin:.6rem 0}td,th{padding:.15rem .7rem .15rem 0;text-align:left;vertical-align:top}
th{border-bottom:1px solid #1b1f24}
td.r,th.r{text-align:right;font-variant-numeric:tabular-nums}figure{display:inline-block;width:440px;margin:.6rem .4rem;break-inside:avoid}
figcaption{font-weight:600}svg{width:100%}polyline{fill:none;stroke-width:2}.s0{stroke:#0969da}.s1{stroke:#cf222e}text.k{stroke:none;font-size:11px}
text.s0{fill:#0969da}text.s1{fill:#cf222e}.n{font-size:10px;fill:#57606a}.grid{stroke:#e6e9ec}.mark{stroke:#8c959f;stroke-dasharray:4 3}
.dot{fill:#0969da}@media print{body{margin:0;max-width:none}h2{break-after:avoid}}
"""


def page(name: str, figures: Figures, rows: Sequence[Measured]) -> str:
    """The whole page."""
    told = f"{figures['orders']} orders on {figures['papers']} papers, {figures['vendors']} vendors. Intervals are of 95 %."
    parts = [f"<h1>Evaluation: {escape(name)}</h1><p>{escape(told)}</p>", *_parts(figures, rows)]
    head = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(name)}</title><style>{STYLE}</style></head>'
    return f"{head}<body>{''.join(parts)}</body></html>\n"


def _parts(figures: Figures, rows: Sequence[Measured]) -> Iterator[str]:
    if "worlds" in figures:
        yield "<h2>Three ways of working</h2>" + _worlds(figures["worlds"])
    yield "<h2>Reading</h2>" + _reading(figures)
    yield "<h2>Confidence</h2>" + _confidence(figures)
    yield "<h2>What passes by which rule</h2>" + _table(
        ("rule", "passed", "of these wrong"), [(k, share(v["passed"]), share(v["false"])) for k, v in figures["passing"].items()]
    )
    if "routing" in figures:
        yield "<h2>Routing</h2>" + _routing(figures)
        yield "<h2>Findings</h2>" + _findings(figures["findings"])
    yield "<h2>What went wrong</h2>" + _failures(rows)
    spent = figures["spent"]
    calls = f"{spent['model_calls']} calls to a model, {spent['cost']:.2f} US dollars"
    yield f"<h2>Cost</h2><p>{calls}; {spent['ms']} ms an order (median).</p>"


def share(found: Figures) -> str:
    """`12 of 40 (30.0 %, 18.1 to 45.4)`."""
    if not found["n"]:
        return "none"
    low, high = found["interval"]
    return f"{found['of']} of {found['n']} ({100 * found['share']:.1f} %, {100 * low:.1f} to {100 * high:.1f})"


def value(found: Figures) -> str:
    """`0.947 (0.921 to 0.968)`."""
    if found["value"] is None:
        return "-"
    interval = found["interval"]
    return f"{found['value']:.3f}" + (f" ({interval[0]:.3f} to {interval[1]:.3f})" if interval else "")


def _table(head: Sequence[str], rows: Sequence[Sequence[object]], right: Sequence[int] = ()) -> str:
    def cell(tag: str, n: int, text: object) -> str:
        return f"<{tag}{' class=r' if n in right else ''}>{escape(str(text))}</{tag}>"

    body = "".join("<tr>" + "".join(cell("td", n, text) for n, text in enumerate(row)) + "</tr>" for row in rows)
    return f"<table><tr>{''.join(cell('th', n, text) for n, text in enumerate(head))}</tr>{body}</table>"


def _worlds(found: Figures) -> str:
    each = [(w["name"], w["posted"], w["errors"], w["touches"], f"{w['minutes']:,.0f}") for w in found["each"]]
    told = ((LESS.get(name, name), own) for name, own in found["fewer"].items() if own["value"] is not None)
    less = "; ".join(f"{100 * own['value']:.1f} % fewer {name}: {value(own)}" for name, own in told)
    model = ", ".join(f"{name} {minutes}" for name, minutes in found["minutes"].items())
    words = (
        f"<p>{escape(less)}. Errors against automation alone, the others against work by hand. Minutes by estimate: {escape(model)}.</p>"
    )
    return _table(("way of working", "posted", "wrongly", "touches", "minutes"), each, (1, 2, 3, 4)) + words


def _reading(figures: Figures) -> str:
    every = [*figures["by_format"].items(), ("all", figures["reading"])]
    rows = [
        (
            name, own["orders"], value(own["header_f1"]), value(own["line_f1"]), value(own["line_orders"]),
            own["exact"]["of"], own["clear"]["of"], own["false_pass"]["of"],
        )
        for name, own in every
    ]  # fmt: skip
    taken = figures["look_alikes"]
    head = ("format", "orders", "header F1", "line F1", "lines, by order", "exact", "clear", "of these wrong")
    return _table(head, rows, (1, 5, 6, 7)) + f"<p>{taken['papers']} papers that are no orders, {taken['taken']} taken for one.</p>"


def _confidence(figures: Figures) -> str:
    found = figures["confidence"]
    bins = [(b["confidence"], b["right"] / b["n"], b["n"]) for b in found["bins"] if b["n"]]
    risk = [(x, y) for x, y in found["curve"]]
    plots = reliability("Reliability (orders in each bin)", bins)
    plots += lines("Risk and coverage", [("errors among those that pass", risk)], ("coverage", "errors"), max([0.1, *(y for _, y in risk)]))
    certificate = figures.get("certificate")
    if certificate and certificate["curve"]:
        points = sorted((c["passed"] / max(1, certificate["tested"]), c["errors"] / max(1, c["passed"])) for c in certificate["curve"])
        chosen = [(certificate["passed"] or 0) / max(1, certificate["tested"])] if certificate["issued"] else []
        plots += lines(
            "The certificate: errors against what passes", [("tested thresholds", points)], ("share that passes", "errors"), 0.1, chosen
        )
    at = found["at_coverage"]
    told = f"AUROC {value(found['auroc'])}; at {at['coverage']:.0%} coverage with a text layer {share(at)} right"
    return f"<p>{escape(told)}.</p>{plots}"


def _routing(figures: Figures) -> str:
    rows = [(r["expected"], r["got"], r["orders"]) for r in figures["routing"]["confusion"]]
    words = f"As expected {share(figures['routing']['same'])}; the ERP in the end as expected {share(figures['end']['same'])}."
    return _table(("expected", "became", "orders"), rows, (2,)) + f"<p>{escape(words)}</p>"


def _findings(found: Figures) -> str:
    rows = [(code, own["expected"], own["found"], own["right"]) for code, own in found.items()]
    return _table(("finding", "expected", "found", "right"), rows, (1, 2, 3))


def _failures(rows: Sequence[Measured]) -> str:
    """The orders that are not right, what passed first, then by how much is wrong."""
    bad = [r for r in rows if r.wrong or (r.expected_end and bool(r.expected_end.get("posted")) != bool(r.end.get("posted")))]
    bad.sort(key=lambda r: (not (r.clear and r.wrong), -len(r.wrong), r.paper))
    told = [(r.paper, r.kind, ", ".join(r.wrong), r.verdict or r.status, "; ".join(r.reasons[:3])) for r in bad[:WORST]]
    return _table(("paper", "kind", "wrong", "verdict", "because"), told) + f"<p>{len(bad)} orders in all.</p>"
