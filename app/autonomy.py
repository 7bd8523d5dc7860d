"""`signoff calibrate` and `signoff autonomy`: what may pass without a person, what proves it, and the audits that watch over it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from signoff.app.terminal import console, print_json, table
from signoff.app.workspace import Workspace, opened
from signoff.domain.errors import BadInput, Refused
from signoff.graph.store.rows import case_id, number_of

if TYPE_CHECKING:
    from signoff.domain.autonomy import Certificate, Point, Sample
    from signoff.evals.calibrating import Outcome
    from signoff.evals.labels import Gathered

W = Annotated[Path | None, typer.Option("--workspace", "-w", help="The workspace folder (default: SIGNOFF_WORKSPACE, else ./workspace).")]
J = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Who = Annotated[str, typer.Option("--as", help="Who does it: a person id, name or e-mail of people.csv.")]
Why = Annotated[str, typer.Option(help="Why, for the record.")]

autonomy_app = typer.Typer(no_args_is_help=True, help="What passes without a person, what proves it, and what audits of it say.")


def calibrate(
    as_: Annotated[str | None, typer.Option("--as", help="Who puts the result in force; nobody with --dry-run.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would come of it, and keep nothing.")] = False,
    dataset: Annotated[
        Path | None, typer.Option(help="Take the labels from this dataset (docs/evaluation.md) in place of the reviews on record.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Which vendors the weights are fitted to, and which are left for the test.")] = 0,
    workspace: W = None,
    json: J = False,
) -> None:
    """Fit the confidence to the reviews on record, and test on others whether orders may pass without one."""
    from signoff.app import signing_in
    from signoff.evals.calibrating import calibrate as calibrated
    from signoff.graph.autonomy import issue, keep

    with opened(workspace) as w:
        if not dry_run and as_ is None:
            raise BadInput("Say who puts the result in force (--as PERSON), or only look with --dry-run.")
        by = "nobody" if dry_run else signing_in.acting(w, as_, "write", "policy")
        with w.staffed() as services:
            gathered, source = (_gathered(w), "reviewed cases") if dataset is None else _of_dataset(w, dataset)
            outcome = calibrated(services, gathered, by, source, seed)
            if not dry_run:
                with w.store.transaction(durable=True):
                    keep(services, outcome.calibration)
                    if outcome.certificate:
                        issue(services, outcome.certificate, by)
    if json:
        print_json(_outcome(outcome))
    else:
        _print_outcome(outcome, dry_run)


def _gathered(w: Workspace) -> Gathered:
    from signoff.app.terminal import progress
    from signoff.evals.labels import reviewed
    from signoff.tools.documents.document import Source
    from signoff.tools.isolation import Readers
    from signoff.tools.paper import Contents

    with Readers(1, memory=w.store.layouts.all()) as readers, progress() as bar:

        def read(source: Source) -> Contents:
            return readers.submit(source).result()

        task = bar.add_task("reading again", total=sum(w.store.cases.counts().values()))
        return reviewed(w.services, read, lambda: bar.advance(task))


def _of_dataset(w: Workspace, folder: Path) -> tuple[Gathered, str]:
    from signoff.app.terminal import progress
    from signoff.evals.dataset import load
    from signoff.evals.labels_of import labels_of

    data = load(folder)
    with progress() as bar:
        bar.add_task("reading", total=None)
        gathered = labels_of(w.services, data.labelled, os.cpu_count() or 1)
    return gathered, f"dataset {data.name}, {data.about(data.labelled)['sha256'][:12]}"


def _outcome(outcome: Outcome) -> dict[str, Any]:
    certificate = outcome.certificate
    return {
        "labels": len(outcome.gathered.labels), "left_out": outcome.gathered.left_out,
        "calibration": outcome.calibration.model_dump(mode="json"), "tested": len(outcome.tested),
        "certificate": certificate.model_dump(mode="json") if certificate else None,
        "curve": [point.model_dump() for point in outcome.curve], "needed": outcome.needed,
    }  # fmt: skip


def _print_outcome(outcome: Outcome, dry_run: bool) -> None:
    out, fitted = console(), outcome.calibration
    left = ", ".join(f"{n} {why}" for why, n in sorted(outcome.gathered.left_out.items()))
    out.print(f"{len(outcome.gathered.labels)} labelled orders" + (f" ({left})" if left else "") + ".", markup=False)
    out.print(f"Weights fitted to {fitted.fields} fields of {fitted.orders} orders, {fitted.vendors} vendors.", markup=False)
    _print_curve(outcome.curve, len(outcome.tested))
    if certificate := outcome.certificate:
        head = "A certificate could be issued" if dry_run else "A certificate is in force"
        out.print(f"{head}: {_promise(certificate)}", markup=False)
    else:
        out.print(f"No certificate: the labels do not show it. About {outcome.needed} more labelled orders are needed.", markup=False)


def _promise(certificate: Certificate) -> str:
    return (
        f"of the orders read with a confidence of {certificate.at_least:.4f} or more at most {certificate.alpha:.1%} are wrong, with "
        f"probability {1 - certificate.delta:.0%} ({certificate.errors} errors in {certificate.passed} of {certificate.orders} orders of "
        f"{certificate.vendors} vendors). It holds until {certificate.expires_at:%Y-%m-%d}, or until what reads, judges or is told changes."
    )


def _print_curve(curve: Sequence[Point], tested: int) -> None:
    if not curve:
        return
    made = table(
        "threshold", "pass", "of the tested", "errors", "p-value", "", right=("threshold", "pass", "of the tested", "errors", "p-value")
    )
    for point in curve:
        share = f"{point.passed / tested:.0%}" if tested else ""
        shown = "shown" if point.shown else ""
        made.add_row(f"{point.threshold:.4f}", str(point.passed), share, str(point.errors), f"{point.p_value:.4f}", shown)
    console().print(made)


@autonomy_app.command("show")
def show(workspace: W = None, json: J = False) -> None:
    """Show what may pass without a person, why or why not, what it trades off, and what came before."""
    from signoff.graph.autonomy import versions

    with opened(workspace) as w:
        services = w.services
        every = w.store.autonomy.certificates()
        permit = w.store.autonomy.permit(0, lambda: versions(services), services.clock())
        samples = w.store.autonomy.samples()
        calibrations = w.store.autonomy.calibrations()
    if json:
        print_json(
            {
                "permit": permit.model_dump(mode="json"),
                "certificates": [c.model_dump(mode="json") for c in every],
                "calibrations": [c.model_dump(mode="json") for c in calibrations],
                "audits": [s.model_dump(mode="json") for s in samples],
            }
        )
        return
    out = console()
    if permit.void is not None:
        out.print(f"Only structured orders pass without a person: {permit.void}.", markup=False)
    if every:
        last = every[-1]
        out.print(f"Certificate {last.number}: {_promise(last)}", markup=False)
        drift = last.drift
        out.print(f"Audits since: {drift.audits}, {drift.errors} wrong; e-value {drift.e_value:.2f} (withdrawn at 20).", markup=False)
        _print_curve(last.curve, last.orders)
    _print_history(every)
    if waiting := [s for s in samples if s.judged_by is None]:
        out.print(f"{len(waiting)} passed orders wait for an audit: signoff autonomy audits")


def _print_history(every: Sequence[Certificate]) -> None:
    if not every:
        return
    made = table("certificate", "made", "by", "alpha", "delta", "threshold", "audits", "wrong", "status", right=("audits", "wrong"))
    for c in every:
        drift = c.drift
        told = (
            f"{c.made_at:%Y-%m-%d}",
            c.made_by,
            f"{c.alpha:g}",
            f"{c.delta:g}",
            f"{c.at_least:.4f}",
            str(drift.audits),
            str(drift.errors),
        )
        made.add_row(str(c.number), *told, c.status + (f": {c.because}" if c.because else ""))
    console().print(made)


@autonomy_app.command("audits")
def audits(
    every: Annotated[bool, typer.Option("--all", help="Those that were looked at, too.")] = False, workspace: W = None, json: J = False
) -> None:
    """List the orders that passed without a person and were drawn for a look."""
    with opened(workspace) as w:
        found = w.store.autonomy.samples(open_only=not every)
        sources = {s.case: case.source for s in found if (case := w.store.cases.get(s.case))}
    if json:
        print_json([s.model_dump(mode="json") | {"case_id": case_id(s.case), "source": sources.get(s.case)} for s in found])
        return
    if not found:
        console().print("No order waits for an audit.")
        return
    made = table("case", "source", "passed under", "drawn", "found", "by", "note")
    for s in found:
        made.add_row(
            case_id(s.case), sources.get(s.case, ""), str(s.certificate or ""), s.drawn_at[:10], _found(s), s.judged_by or "", s.note
        )
    console().print(made)


def _found(sample: Sample) -> str:
    return {None: "", True: "wrong", False: "right"}[sample.wrong]


@autonomy_app.command("audit")
def audit(
    case: Annotated[str, typer.Argument(help="A case that was drawn: C00042, or 42.", metavar="CASE")],
    as_: Who,
    right: Annotated[bool, typer.Option("--right", help="Everything that matters was read as it stands on the paper.")] = False,
    wrong: Annotated[bool, typer.Option("--wrong", help="Something that matters was not; say what with --note.")] = False,
    note: Annotated[str, typer.Option(help="What is wrong, or anything else to remember.")] = "",
    workspace: W = None,
) -> None:
    """Say whether an order that passed without a person was read right."""
    from signoff.app import signing_in
    from signoff.graph.autonomy import judge

    if right == wrong:
        raise BadInput("Say either --right or --wrong.")
    with opened(workspace) as w:
        person = signing_in.signed_in(w, as_)
        console().print(judge(w.services, number_of(case), person, wrong, note), markup=False)


@autonomy_app.command("threshold")
def threshold(
    value: Annotated[float, typer.Argument(help="The confidence that a reading needs from now on, between 0 and 1.", metavar="THRESHOLD")],
    as_: Who,
    reason: Why,
    workspace: W = None,
) -> None:
    """Ask for more confidence than the certificate does."""
    from signoff.app import signing_in
    from signoff.graph.autonomy import raise_threshold

    with opened(workspace) as w:
        by = signing_in.acting(w, as_, "write", "policy")
        raised = raise_threshold(w.services, by, value, _said(reason))
        console().print(f"Readings need a confidence of {raised.at_least:.4f} now.", markup=False)


@autonomy_app.command("withdraw")
def withdraw(as_: Who, reason: Why, workspace: W = None) -> None:
    """End the certificate: from now on a person looks at every order that is not structured."""
    from signoff.app import signing_in
    from signoff.graph.autonomy import current
    from signoff.graph.autonomy import withdraw as withdrawn

    with opened(workspace) as w:
        by = signing_in.acting(w, as_, "write", "policy")
        with w.store.transaction(durable=True):
            certificate = current(w.store)
            withdrawn(w.services, certificate, by, _said(reason))
        console().print(f"Certificate {certificate.number} is withdrawn.")


def _said(reason: str) -> str:
    if not reason.strip():
        raise Refused("Give a reason; the record keeps it.")
    return reason.strip()
