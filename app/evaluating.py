"""`signoff eval run`: how well Signoff does on papers whose right answers are known."""

from __future__ import annotations

import json as json_
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from typer.core import TyperGroup

from signoff.app import eval_runs, generating
from signoff.app.terminal import console, print_json, progress, table
from signoff.app.workspace import opened
from signoff.domain.errors import BadInput

if TYPE_CHECKING:
    from signoff.evals.contracts import Read, Row

eval_app = typer.Typer(no_args_is_help=True, help="Measure Signoff on papers whose right answers are known.")
eval_app.command("generate")(generating.generate)
eval_app.command("compare")(eval_runs.compare)


class OnDataset(TyperGroup):
    """`eval run FOLDER` is `eval run dataset FOLDER`."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        named = args[0] in self.list_commands(ctx) or args[0].startswith("-")
        return super().resolve_command(ctx, args if named else ["dataset", *args])


run_app = typer.Typer(cls=OnDataset, no_args_is_help=True, help="Run an evaluation and print its table: contracts, or a dataset's folder.")
run_app.command("dataset")(eval_runs.run)
eval_app.add_typer(run_app, name="run")

W = Annotated[
    Path | None,
    typer.Option("--workspace", "-w", help="With --model: where its calls are kept (default: SIGNOFF_WORKSPACE, else ./workspace)."),
]
OWN = Path(__file__).parent.parent / "evals" / "data" / "contracts"
"""Agreements written for this project, with answers."""


@run_app.command("contracts")
def contracts(
    data: Annotated[
        Path | None, typer.Option(help="A folder in the layout of CUAD v1: txt or pdf, and master_clauses.csv (default: Signoff's own).")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Also write the report to this file, as JSON.")] = None,
    model: Annotated[
        bool, typer.Option("--model", help="Ask the model that is configured, too, and print its figures beside; its calls cost money.")
    ] = False,
    workspace: W = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Read contracts, and compare the terms that were found with the experts' answers."""
    if out and (out.is_dir() or not out.parent.is_dir()):
        raise BadInput(f"{out} cannot be written; name a file in a folder that is there.")
    reads = _read(data or OWN)
    rows = _rows(reads) + (_with_model(reads, workspace) if model else [])
    report = _report(data or OWN, reads, rows)
    if out:
        out.write_text(json_.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if json:
        print_json(report)
    else:
        _print(reads, rows)


def _read(folder: Path) -> list[Read]:
    from signoff.evals.contract_answers import load
    from signoff.evals.contracts import read_all, reader
    from signoff.tools.agreements.paper import READER
    from signoff.tools.isolation import Readers

    labelled = load(folder)
    reads = []
    with Readers(1, reader=READER) as readers, progress() as bar:
        task = bar.add_task("reading", total=len(labelled))
        for read in read_all(labelled, reader(readers)):
            reads.append(read)
            bar.advance(task)
    return reads


def _with_model(reads: Sequence[Read], workspace: Path | None) -> list[Row]:
    """What the contract agent makes of the same papers. Its calls are kept in the workspace, and not made again the next time."""
    from signoff.app.contract_import import looking
    from signoff.evals.contracts import improved

    with opened(workspace) as w:
        if w.settings.endpoint() is None:
            raise BadInput("No model is configured; set OPENAI_API_KEY and SIGNOFF_MODEL, or leave out --model.")
        with looking(w) as look:
            return _rows(list(improved(reads, look)), "rules and model")


def _rows(reads: Sequence[Read], by: str = "rules") -> list[Row]:
    from signoff.evals.contracts import table as rows

    return rows(reads, by)


def _report(folder: Path, reads: Sequence[Read], rows: Iterable[Row]) -> dict[str, Any]:
    return {
        "eval": "contracts",
        "data": str(folder),
        "papers": len(reads),
        "ms_a_paper": {"median": _ms(median(r.seconds for r in reads)), "longest": _ms(max(r.seconds for r in reads))},
        "unread": [r.problem for r in reads if r.problem],
        "rows": [row.record() for row in rows],
    }


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def _print(reads: Sequence[Read], rows: Sequence[Row]) -> None:
    out = console()
    for part in dict.fromkeys((row.by, row.part) for row in rows):
        out.print(_printed(f"{part[1]} ({part[0]})", [row for row in rows if (row.by, row.part) == part]))
        out.print()
    report = _report(OWN, reads, ())
    ms = report["ms_a_paper"]
    out.print(f"{len(reads)} contracts, {ms['median']} ms each (median; the longest {ms['longest']} ms). Intervals are Wilson's, 95 %.")
    for problem in report["unread"]:
        out.print(f"Not read: {problem}", markup=False)


def _printed(title: str, rows: Iterable[Row]) -> Table:
    from signoff.evals.statistics import wilson

    made = table("Term", "Contracts", "Wanted", "Found", "Right", "Precision", "Recall", "F1")
    made.title = title
    for row in rows:
        c = row.counts
        precision, recall = (_share(right, n, wilson(right, n)) for right, n in ((c.right, c.found), (c.met, c.wanted)))
        f1 = "" if c.f1 is None else f"{c.f1:.2f}"
        made.add_row(row.name, str(row.papers), str(c.wanted), str(c.found), str(c.right), precision, recall, f1)
    return made


def _share(right: int, n: int, interval: tuple[float, float]) -> str:
    return f"{right / n:.2f} ({interval[0]:.2f} to {interval[1]:.2f})" if n else ""
