"""What was read of a case's order, with what an agent added to it: all that a list of many cases needs to know of each."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from signoff.domain.record import Record

if TYPE_CHECKING:
    from signoff.domain.reading import DraftOrder
    from signoff.graph.store.port import Store
    from signoff.graph.store.rows import Case

R = TypeVar("R", bound=Record)


def draft_of(store: Store, case: Case) -> DraftOrder | None:
    """The draft of the case's revision; `None` when there is nothing."""
    from signoff.domain.reading import DraftOrder

    body = store.cases.step(case.number, case.revision, "draft")
    draft = None if body is None else parsed(DraftOrder, body)
    added = store.cases.step(case.number, case.revision, "extracted")
    if added is None:
        return draft
    from signoff.domain.advice import Extraction
    from signoff.domain.checks.merging import merged

    return merged(draft, parsed(Extraction, added), case.format)


@lru_cache(maxsize=256)
def parsed(kind: type[R], body: str) -> R:
    """The value in a body. The same text is the same frozen value, and the steps of a case follow each other closely."""
    return kind.model_validate_json(body)
