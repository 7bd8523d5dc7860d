"""`signoff eval run DATASET` and `compare`: the real process over papers whose right answers are known, and a report on it."""

from __future__ import annotations

import datetime as dt
import json as json_
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from signoff.app.terminal import console, print_json
from signoff.domain.errors import BadInput

if TYPE_CHECKING:
    from signoff.app.workspace import Workspace
    from signoff.evals.calibrating import Outcome
    from signoff.evals.dataset import Dataset, Paper
    from signoff.evals.measured import Measured


def run(
    dataset: Annotated[Path, typer.Argument(help="A folder with dataset.yaml, or with MANIFEST.tsv and truth/.")],
    out: Annotated[Path | None, typer.Option(help="The run's folder (default: runs/NAME); run again, it goes on.")] = None,
    split: Annotated[list[str] | None, typer.Option(help="Only papers of this split; may be given more than once (default: test).")] = None,
    certificate: Annotated[bool, typer.Option(help="First calibrate on the other splits, and let pass what that covers.")] = True,
    seed: Annotated[int, typer.Option(help="For what is drawn: audits, halves, resamples.")] = 0,
    json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Run the process over a dataset, with people who know the truth, and measure what came of it."""
    from signoff.evals.dataset import load
    from signoff.evals.figures import figures
    from signoff.evals.report import page
    from signoff.graph.autonomy import readers

    data = load(dataset)
    out = out or Path("runs") / data.name
    papers = data.split(*(split or (("test",) if data.company else ())))
    if not papers:
        raise BadInput(f"{dataset} has no papers of the split {', '.join(split or ['test'])}.")
    out.mkdir(parents=True, exist_ok=True)
    begun = {"dataset": data.about(papers), "company": data.about(data.papers)["sha256"] if data.company else None, "seed": seed}
    _begin(out, begun | {"certificate": certificate, "code": readers()})
    calibrated = _calibrated(data, out, seed) if certificate and data.company else None
    rows = _measure(data, papers, out, seed)
    _write(out / "orders.jsonl", (row.record() for row in rows))
    found = begun | figures(rows, calibrated)
    (out / "figures.json").write_text(json_.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (out / "report.html").write_text(page(data.name, found, rows), encoding="utf-8")
    if json:
        print_json(found)
    else:
        from signoff.app.eval_view import tables

        for each in tables(found):
            console().print(each)
        console().print(f"\nThe report is {out / 'report.html'}; each order stands in {out / 'orders.jsonl'}.", markup=False)


def _begin(out: Path, of: Mapping[str, Any]) -> None:
    """Note what the run is of, or see that the one in the folder is of the same: what is done is not done again."""
    note = out / "run.json"
    if not note.exists():
        note.write_text(json_.dumps(of, indent=1) + "\n", encoding="utf-8")
        return
    other = [name for name, value in json_.loads(note.read_text(encoding="utf-8")).items() if of.get(name) != value]
    if other:
        raise BadInput(f"{out} holds a run with another {' and '.join(other)}; name another folder with --out, or delete it.")


def _write(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    path.write_text("".join(json_.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def _today(data: Dataset) -> dt.date | None:
    """The day after the last order of the dataset, so that a run does not hang on the day it is made."""
    days = [str(entry["date"]) for paper in data.papers for entry in paper.truth if entry.get("date")]
    return dt.date.fromisoformat(max(days)[:10]) + dt.timedelta(days=1) if days and data.company else None


def _measure(data: Dataset, papers: Sequence[Paper], out: Path, seed: int) -> list[Measured]:
    from signoff.app.eval_company import act, answers, company, ended, take_in
    from signoff.evals.measured import measured
    from signoff.graph.store.rows import number_of

    documents = out / "documents"
    for paper in papers:
        target = documents / paper.name
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(paper.path, target)
    with company(out / "workspace", data.company, seed, _today(data)) as w:
        first = out / "first.json"
        if first.exists():
            records = json_.loads(first.read_text(encoding="utf-8"))
        else:
            records = take_in(w, documents, os.cpu_count() or 1)
            first.write_text(json_.dumps(records), encoding="utf-8")
        rows = [row for paper in papers for row in measured(paper, records.get(paper.name, []))]
        if data.company is None:
            return rows
        entries = {p.name: p.truth for p in papers}
        of = {number_of(row.case): row for row in rows if row.case}
        act(w, {n: entries[row.paper][row.order] if row.there else None for n, row in of.items()})
        ends = ended(w, of)
        for number, row in of.items():
            row.touches, row.corrections = answers(w, number)
            row.end, row.findings = ends[number]
        _audited(w, of)
    return rows


def _audited(w: Workspace, of: Mapping[int, Measured]) -> None:
    """What had passed and was drawn costs somebody a look."""
    for sample in w.store.autonomy.samples():
        if sample.case in of:
            of[sample.case].touches["audit"] = 1


def _calibrated(data: Dataset, out: Path, seed: int) -> Outcome | None:
    """A certificate from the labelled splits, in force in the run's workspace; nothing where there are no such papers."""
    from signoff.app.eval_company import WHO, company
    from signoff.evals.calibrating import calibrate
    from signoff.evals.dataset import LABELLED
    from signoff.evals.labels_of import labels_of
    from signoff.graph.autonomy import issue, keep

    papers = data.split(*LABELLED)
    if not papers:
        return None
    with company(out / "workspace", data.company, seed, _today(data)) as w:
        outcome = calibrate(w.services, labels_of(w.services, papers, os.cpu_count() or 1), WHO, data.name, seed)
        if w.store.autonomy.certificates():
            return outcome
        with w.store.transaction(durable=True):
            keep(w.services, outcome.calibration)
            if outcome.certificate:
                issue(w.services, outcome.certificate, WHO)
    return outcome


def compare(
    before: Annotated[Path, typer.Argument(help="The folder of a run.")],
    after: Annotated[Path, typer.Argument(help="The folder of another run over the same papers.")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Compare two runs order by order, and say what is better, worse, or cannot be told apart."""
    from signoff.app.eval_view import compared
    from signoff.evals.comparing import changed, differences, load, paired

    pairs = paired(load(before), load(after))
    found, others = list(differences(pairs)), changed(pairs)
    if json:
        print_json({"figures": [asdict(d) | {"verdict": d.verdict} for d in found], "changed": [asdict(c) for c in others]})
        return
    for each in compared(found, others):
        console().print(each)
