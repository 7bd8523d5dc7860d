"""Labels from a dataset: each order of a paper as the present code reads it, and which of its critical fields are wrong by the truth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from typing import Any

from signoff.domain.autonomy import SEARCHING
from signoff.domain.errors import SignoffError
from signoff.domain.reading import DraftOrder
from signoff.evals.agreement import CRITICAL_HEADER, CRITICAL_LINE, RIGHT, code, compare, order_of_record, order_of_truth
from signoff.evals.answering import CELLS, HEADER
from signoff.evals.dataset import Paper
from signoff.evals.labels import Gathered, Label
from signoff.graph.record import order_of
from signoff.graph.services import Services
from signoff.tools.documents.document import Source
from signoff.tools.isolation import Readers
from signoff.tools.paper import Contents


def labels_of(services: Services, papers: Sequence[Paper], processes: int) -> Gathered:
    """A label for each order that was read by a lane that searches; papers that cannot be read give none."""
    gathered = Gathered([], {})
    with Readers(processes, memory=services.store.layouts.all()) as readers:
        waiting = [(paper, readers.submit(Source(paper.name, paper.path.read_bytes()))) for paper in papers]
        for paper, reading in waiting:
            for found in _labels(paper, _read(reading), services):
                if isinstance(found, Label):
                    gathered.labels.append(found)
                else:
                    gathered.left_out[found] = gathered.left_out.get(found, 0) + 1
    return gathered


def _read(reading: Future[Contents]) -> list[DraftOrder]:
    try:
        return [part for paper in reading.result().papers for part in paper.parts if isinstance(part, DraftOrder)]
    except SignoffError:
        return []


def _labels(paper: Paper, drafts: Sequence[DraftOrder], services: Services) -> Iterator[Label | str]:
    left = list(paper.truth)
    for draft in drafts:
        entry = _matching(draft, left)
        if entry is not None:
            left.remove(entry)
        if draft.lane not in SEARCHING:
            yield "structured"
            continue
        vendor = services.vendors.match(draft.order.supplier).vendor_id or paper.vendor
        yield Label(f"{paper.name}#{draft.order.order_number}", vendor, draft, wrong_of(draft, entry))
    for _ in left:
        yield "not read"


def _matching(draft: DraftOrder, entries: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    number = code(draft.order.order_number or "")
    return next((e for e in entries if number and code(e.get("number") or "") == number), entries[0] if entries else None)


def wrong_of(draft: DraftOrder, entry: Mapping[str, Any] | None) -> frozenset[str]:
    """The pointers of critical fields that are not as the paper has them; `/lines` where lines are missing or too many."""
    if entry is None:
        return frozenset(HEADER[k] for k in CRITICAL_HEADER)
    agreed = compare(order_of_record({"order": order_of(draft.order)}), order_of_truth(entry))
    wrong = {HEADER[k] for k in CRITICAL_HEADER if agreed.header[k] not in RIGHT}
    if agreed.read != agreed.there:
        wrong.add("/lines")
    for n, line in zip(agreed.places, agreed.lines, strict=True):
        if n is not None:
            wrong |= {f"/lines/{n}/{CELLS[k]}" for k in CRITICAL_LINE if line[k] not in RIGHT}
    return frozenset(wrong)
