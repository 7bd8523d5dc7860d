"""A workspace's store and the threads of its open cases move to a server; the record is verified on both sides."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from langchain_core.runnables import RunnableConfig

from signoff.domain.errors import Refused
from signoff.domain.states import ENDED, State
from signoff.graph.audit import Verified, verify
from signoff.graph.checkpoints import Saver
from signoff.graph.store.moving import Told, move
from signoff.graph.store.postgres import PostgresStore
from signoff.graph.store.rows import case_id
from signoff.graph.store.sqlite import SqliteStore


def moved(source: SqliteStore, target: PostgresStore, told: Told) -> Verified:
    """Copy the store. Raises `Refused` when the record is not whole, here before or there afterwards."""
    before = verify(source)
    if before.fault:
        raise Refused(f"The record is not whole and was not moved: {before.fault}")
    move(source, target, told)
    after = verify(target)
    if after != before:
        raise Refused(f"The record at {target.db.name} is not the one that was moved ({after.fault or 'other events'}); drop the database.")
    return after


def threads_moved(store: PostgresStore, source: Saver, target: Saver) -> int:
    """Copy the last checkpoint of each case that has not ended, with what was written since; how many. The others need none any more."""
    count = 0
    for case in store.cases.listed([s for s in State if s not in ENDED or s is State.FAILED]):
        found = source.get_tuple({"configurable": {"thread_id": case_id(case.number)}})
        if found is None:
            continue
        config = found.config["configurable"]
        at: RunnableConfig = {"configurable": {name: config[name] for name in ("thread_id", "checkpoint_ns")}}
        placed = target.put(at, found.checkpoint, found.metadata, found.checkpoint["channel_versions"])
        writes = defaultdict[str, list[tuple[str, Any]]](list)
        for task, channel, value in found.pending_writes or ():
            writes[task].append((channel, value))
        for task, written in writes.items():
            target.put_writes(placed, written, task)
        count += 1
    return count
