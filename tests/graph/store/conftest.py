"""A store of each kind, empty, and closed after the test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from stores import STORES, Opener

from signoff.graph.store.port import Store


@pytest.fixture(params=sorted(STORES))
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    opened: list[Store] = []
    with STORES[request.param](tmp_path) as make:

        def once_more() -> Store:
            opened.append(make())
            return opened[-1]

        yield once_more
        for store in opened:
            store.close()


@pytest.fixture
def store(opener: Opener) -> Store:
    return opener()
