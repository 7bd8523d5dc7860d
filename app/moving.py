"""`signoff migrate` and `signoff prune`: the store as a thing to look after."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from signoff.app.terminal import console
from signoff.app.workspace import MOVED, opened
from signoff.domain.errors import BadInput
from signoff.graph.store.opening import SERVER
from signoff.graph.store.sqlite import SqliteStore

W = Annotated[Path | None, typer.Option("--workspace", "-w", help="The workspace folder (default: SIGNOFF_WORKSPACE, else ./workspace).")]


def migrate(
    to: Annotated[str, typer.Option("--to", help="An empty database: postgresql://user:password@host/database.")],
    workspace: W = None,
) -> None:
    """Move the workspace's store to PostgreSQL, with its record as it stands, and leave the file behind."""
    if not to.startswith(SERVER):
        raise BadInput("--to is the address of a database, like postgresql://user:password@host/database.")
    from signoff.graph.checkpoints import open_checkpoints
    from signoff.graph.moving import moved, threads_moved
    from signoff.graph.store.opening import open_store
    from signoff.graph.store.postgres import PostgresStore

    out = console()
    with opened(workspace) as w:
        if not isinstance(w.store, SqliteStore):
            raise BadInput(f"The store of {w.root} stands at a server already; unset SIGNOFF_STORE to move the file beside it.")
        target = open_store(to, w.key)
        assert isinstance(target, PostgresStore)
        try:
            record = moved(w.store, target, lambda table, rows: out.print(f"{table:16} {rows:>12,}") if rows else None)
            threads = threads_moved(target, w.checkpoints, open_checkpoints(to))
        finally:
            target.close()
        (w.root / MOVED).write_text(f"{target.db.name}\n", encoding="utf-8")
    out.print(f"{record.records} records moved and verified there, {threads} open cases go on. Merkle head {record.head}", markup=False)
    out.print(f"Next: set SIGNOFF_STORE to the address for every command on {w.root}; signoff.db there is no longer used.", markup=False)


def prune(workspace: W = None) -> None:
    """Delete the checkpoints of cases that have ended; nothing else needs them. Those of open and failed cases stay."""
    from signoff.graph.checkpoints import prune as pruned

    with opened(workspace) as w:
        count = pruned(w.store, w.checkpoints)
    console().print(f"Deleted the checkpoints of {count} cases that have ended.")
