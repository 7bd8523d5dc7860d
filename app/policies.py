"""`signoff policy check | explain | simulate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from signoff.app import explaining, simulating
from signoff.app.terminal import console
from signoff.app.workspace import opened
from signoff.domain.checks.policy_check import check_policy
from signoff.domain.people import Directory
from signoff.tools.masterdata.policy import load_policy

W = Annotated[Path | None, typer.Option("--workspace", "-w", help="The workspace folder (default: SIGNOFF_WORKSPACE, else ./workspace).")]

policy_app = typer.Typer(no_args_is_help=True, help="Check and explain the policy.")
policy_app.command("explain")(explaining.explain)
policy_app.command("simulate")(simulating.simulate)


@policy_app.command("check")
def policy_check(workspace: W = None) -> None:
    """Find what is wrong with the policy before an order does."""
    with opened(workspace) as w:
        loaded = load_policy(w.root / "policy.yaml")
        today = w.settings.now().date()
        masters = w.store.masters
        held = [contract.contract_id for contract in masters.contracts()]
        problems = check_policy(loaded.policy, Directory(masters.people()), masters.vendors(), held, today)
    for problem in problems:
        console().print(problem, markup=False)
    if problems:
        raise typer.Exit(1)
    console().print(f"The policy of {loaded.policy.dated} is sound ({loaded.hash[:12]}).")
