"""`inventory`: the streams that orders come in, each with what it takes and how it went, from the record."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median

from signoff.domain.stages import Route
from signoff.domain.states import WAITING, State
from signoff.domain.streams import RECENT_DAYS, Judged, Share, judged
from signoff.domain.vendor import Vendor
from signoff.graph.store.port import Store
from signoff.graph.store.rows import QUESTION, Case, Dossier, Span, Task

STEPS = ("route",)
EVENTS = ("task.answered", "posting.requested", "posting.done", "model.called")
NO_ORDERS = frozenset({State.NOT_AN_ORDER, State.DUPLICATE})
UNDER_WAY = frozenset({State.RECEIVED, State.READ, State.VERIFIED, State.CHECKED, State.ROUTED})
UNKNOWN = "not known"

Key = tuple[str, ...]
Vendors = Mapping[str, Vendor]


def _folder(case: Case, _: Vendors) -> str:
    return case.source.rpartition("/")[0] or "."


def _category(case: Case, vendors: Vendors) -> str:
    vendor = vendors.get(case.vendor_id or "")
    return (vendor.category if vendor else None) or UNKNOWN


BY: Mapping[str, Callable[[Case, Vendors], str]] = {
    "vendor": lambda case, _: case.vendor_id or UNKNOWN,
    "category": _category,
    "source": _folder,
    "format": lambda case, _: case.format or UNKNOWN,
}
"""What tells streams apart; several together make finer ones."""


@dataclass
class Stream:
    """What is known of one stream. Orders are counted, not what was set aside as no order or as a duplicate, nor what is under way.

    `waiting` are those that wait for a person, `open` those of them that had no trouble so far. `points` are the places where people
    decide: a sign-off by its rule, else whose task it is. Times are in hours: from taking in to posting, and in all gates together; of
    posted orders only. `systems` counts the orders that touched each.
    """

    key: Key
    orders: int = 0
    waiting: int = 0
    open: int = 0
    unseen: int = 0
    troubled: int = 0
    corrected: int = 0
    edits: int = 0
    signoffs: int = 0
    recent: Counter[str] = field(default_factory=Counter)
    set_aside: int = 0
    under_way: int = 0
    points: set[tuple[str, str]] = field(default_factory=set)
    systems: Counter[str] = field(default_factory=Counter)
    to_posting: list[float] = field(default_factory=list)
    for_people: list[float] = field(default_factory=list)
    calls: int = 0
    unpriced: int = 0
    cost: Decimal = Decimal(0)

    @property
    def judged(self) -> Judged:
        """What it is ready for."""
        return judged(self.trouble, self.correction, *self.trend)

    @property
    def trouble(self) -> Share:
        return Share(self.troubled, self.orders, self.open)

    @property
    def correction(self) -> Share:
        return Share(self.corrected, self.orders, self.open)

    @property
    def trend(self) -> tuple[Share, Share]:
        """The troubled orders of the last days, and of the time before."""
        recent = Share(self.recent["troubled"], self.recent["orders"], self.recent["open"])
        return recent, Share(self.troubled - recent.count, self.orders - recent.n, self.open - recent.open)

    @property
    def hours(self) -> tuple[float | None, float | None]:
        """Medians: from taking in to posting, and waiting for people."""
        return _median(self.to_posting), _median(self.for_people)

    def count(self, dossier: Dossier, since: str) -> None:
        """Count one case in; `since` is when the last days begin."""
        case = dossier.case
        if case.state in NO_ORDERS:
            self.set_aside += 1
        elif case.state in UNDER_WAY:
            self.under_way += 1
        else:
            self._order(dossier, since)
        self._model(dossier)

    def _order(self, dossier: Dossier, since: str) -> None:
        case, tasks = dossier.case, [t for t in dossier.tasks if t.kind != QUESTION]
        edits = [len(e.body["edits"]) for e in dossier.events if e.type == "task.answered" and e.body["decision"] == "edit"]
        troubled = bool(edits) or case.state in (State.REJECTED, State.FAILED) or any(t.kind == "exception" for t in tasks)
        waits = case.state in WAITING and not troubled
        self.orders += 1
        self.waiting += case.state in WAITING
        self.open += waits
        self.unseen += not tasks and case.state in (State.POSTED, State.APPROVED)
        self.troubled += troubled
        self.corrected += bool(edits)
        self.edits += sum(edits)
        self.signoffs += sum(t.kind == "approval" and t.answered_by is not None for t in tasks)
        self.points.update(_points(dossier, tasks))
        if case.created_at >= since:
            self.recent.update(orders=1, troubled=troubled, open=waits)
        self._systems(dossier)
        self._times(dossier, tasks)

    def _systems(self, dossier: Dossier) -> None:
        touched = {f"ERP {e.body['erp']}" for e in dossier.events if e.type == "posting.requested"}
        touched |= {"model"} if any(e.type == "model.called" for e in dossier.events) else set()
        touched |= {"text recognition"} if dossier.case.lane == "ocr" else set()
        self.systems.update(touched)

    def _times(self, dossier: Dossier, tasks: list[Task]) -> None:
        posted = [e.at for e in dossier.events if e.type == "posting.done"]
        if posted:
            self.to_posting.append(_hours(dossier.case.created_at, posted[-1]))
            self.for_people.append(sum(_waits(tasks)))

    def _model(self, dossier: Dossier) -> None:
        for event in (e for e in dossier.events if e.type == "model.called"):
            self.calls += 1
            self.unpriced += event.body["cost"] is None
            self.cost += Decimal(event.body["cost"] or 0)


def inventory(store: Store, vendors: Vendors, by: tuple[str, ...], today: dt.date) -> list[Stream]:
    """The streams, the largest first. `by` are names of `BY`; vendors are in the categories that they have now."""
    since = (today - dt.timedelta(days=RECENT_DAYS)).isoformat()
    found: dict[Key, Stream] = {}
    for dossier in store.dossiers.of(Span(1, store.dossiers.last()), STEPS, EVENTS):
        key = tuple(BY[name](dossier.case, vendors) for name in by)
        found.setdefault(key, Stream(key)).count(dossier, since)
    return sorted(found.values(), key=lambda s: (-s.orders, s.key))


def _points(dossier: Dossier, tasks: list[Task]) -> Iterator[tuple[str, str]]:
    """Where people decide about a case; whoever signs by a rule differs from order to order, the rule does not."""
    yield from ((t.kind, t.label) for t in tasks if t.kind != "approval")
    if body := dossier.steps.get("route"):
        yield from (("approval", step.rule) for step in Route.model_validate_json(body).steps)


def _waits(tasks: list[Task]) -> Iterator[float]:
    """How long the case waited at each of its gates that is settled."""
    gates: dict[str, list[Task]] = defaultdict(list)
    for task in tasks:
        gates[task.gate].append(task)
    for those in gates.values():
        answered = [t.answered_at for t in those if t.answered_at]
        if answered:
            yield _hours(min(t.created_at for t in those), max(answered))


def _hours(start: str, end: str) -> float:
    return (dt.datetime.fromisoformat(end) - dt.datetime.fromisoformat(start)).total_seconds() / 3600


def _median(hours: list[float]) -> float | None:
    return median(hours) if hours else None
