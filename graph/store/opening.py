"""Where a store stands: a file (SQLite), or an address that begins with `postgresql://`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from signoff.domain.errors import BadInput
from signoff.graph.store.sqlite import LookedAtStore, SqliteStore

if TYPE_CHECKING:
    from types import ModuleType

    from signoff.graph.store.postgres import PostgresStore

Place: TypeAlias = Path | str
Opened: TypeAlias = "SqliteStore | PostgresStore"
SERVER = ("postgresql://", "postgres://")


def open_store(place: Place, key: bytes) -> Opened:
    """The store, made when it is not there. `key` is the secret of the audit chain."""
    return SqliteStore(place, key) if isinstance(place, Path) else _postgres().PostgresStore(place, key)


def look_at(place: Place) -> Opened:
    """The store for whoever only looks."""
    return LookedAtStore(place) if isinstance(place, Path) else _postgres().LookedAtPostgres(place)


def _postgres() -> ModuleType:
    """Imported only where it is used: it is an extra."""
    try:
        from signoff.graph.store import postgres
    except ImportError as error:
        raise BadInput("A store in PostgreSQL needs a driver; install it with: pip install 'signoff[postgres]'.") from error
    return postgres
