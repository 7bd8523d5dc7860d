"""`signoff audit`: the record, proved."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from signoff.app.terminal import console, print_json
from signoff.app.workspace import opened
from signoff.graph.audit import verify as verify_audit

W = Annotated[Path | None, typer.Option("--workspace", "-w", help="The workspace folder (default: SIGNOFF_WORKSPACE, else ./workspace).")]
J = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]

audit_app = typer.Typer(no_args_is_help=True, help="Prove the record.")


@audit_app.command("verify")
def audit_verify(workspace: W = None, json: J = False) -> None:
    """Verify the chain of events and everything bound to it; exits 1 and names the first bad record."""
    with opened(workspace) as w:
        found = verify_audit(w.store)
    if json:
        print_json({"records": found.records, "head": found.head, "fault": found.fault})
    else:
        console().print(found.fault or f"{found.records} records, all whole. Merkle head {found.head}", markup=False)
    if found.fault:
        raise typer.Exit(1)
