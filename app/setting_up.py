"""`signoff init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from signoff.app.terminal import console
from signoff.app.workspace import init as init_workspace


def init(workspace: Annotated[Path, typer.Argument(help="The folder to make.")] = Path("workspace")) -> None:
    """Make a workspace with a commented policy.yaml, access.cedar, vendors.csv and people.csv."""
    written = init_workspace(workspace)
    out = console()
    out.print(f"{workspace} is ready" + (f"; wrote {', '.join(written)}." if written else "; everything was there already."))
    out.print("Whoever says --as PERSON is believed, until policy.yaml says  access: {sign_in: required}  (see docs/access.md).")
    out.print(
        f"Next: fill in the files, then  signoff people import {workspace}/people.csv  and  signoff vendors import {workspace}/vendors.csv"
    )
