"""`policy simulate`: past cases under another policy beside what they came to, summed up. Nothing is written, no model is called."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from heapq import nlargest
from typing import Literal

from pydantic import ValidationError

from signoff.domain.errors import BadInput
from signoff.domain.states import State
from signoff.graph.kept import KeptCompanies
from signoff.graph.past_case import EVENTS, STEPS, Asked, Outcome, PastCase, Rules
from signoff.graph.rulings import Ruling
from signoff.graph.store.port import Store
from signoff.graph.store.rows import QUESTION, Dossier, Span

Against = Literal["recorded", "current"]
"""Beside what the new policy is put: the policy of each case's own record, or the one in force now."""

OUTCOMES = ("unseen", "review", "exception", "approval", "duplicate", "unsignable")
"""What may come of a case; it may be reviewed, have an exception and need sign-offs, too."""

MOST = 10
"""Moved cases that are shown."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A case of which something else is asked: its number, what it commits in base currency, and who is asked in each way."""

    case: int
    amount: Decimal | None
    before: Outcome
    after: Outcome

    @property
    def size(self) -> Decimal:
        """An amount that is not known may be any."""
        return Decimal("Infinity") if self.amount is None else abs(self.amount)


@dataclass
class Side:
    """What a policy comes to: cases and money by outcome, tasks by who is asked, blocking findings by code."""

    cases: Counter[str] = field(default_factory=Counter)
    money: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    unpriced: Counter[str] = field(default_factory=Counter)
    tasks: Counter[tuple[str, str]] = field(default_factory=Counter)
    alone: Counter[str] = field(default_factory=Counter)
    shared: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)

    def count(self, outcome: Outcome, amount: Decimal | None) -> None:
        for name in outcomes_of(outcome):
            self.cases[name] += 1
            self.unpriced[name] += amount is None
            self.money[name] += abs(amount or Decimal(0))
        for asked in outcome.asked:
            self.tasks[asked.kind, _who(asked)] += 1
            (self.alone if len(asked.candidates) == 1 else self.shared).update(asked.candidates)
        self.codes.update(outcome.blocking)

    def add(self, other: Side) -> None:
        for name in ("cases", "unpriced", "tasks", "alone", "shared", "codes"):
            getattr(self, name).update(getattr(other, name))
        for name, amount in other.money.items():
            self.money[name] += amount


@dataclass
class Tally:
    """The figures of some cases; those of others can be added.

    `halted` would have passed unseen and do not any more, `freed` the other way round; of both the largest are kept. `differing` are
    decided cases that went another way than `before` says; `untold` those whose record does not allow to tell, by reason;
    `unsignable` those that nobody could sign under the new policy, by reason; `elsewhere` those that were never checked, by status.
    """

    before: Side = field(default_factory=Side)
    after: Side = field(default_factory=Side)
    cases: int = 0
    changed: int = 0
    halted: list[Moved] = field(default_factory=list)
    freed: list[Moved] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    money: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    decided: int = 0
    differing: list[int] = field(default_factory=list)
    untold: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    unsignable: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    elsewhere: Counter[State] = field(default_factory=Counter)

    def count(self, moved: Moved) -> None:
        before, after = moved.before, moved.after
        self.cases += 1
        self.changed += before != after
        self.before.count(before, moved.amount)
        self.after.count(after, moved.amount)
        if after.why:
            self.unsignable[after.why].append(moved.case)
        if before.unseen is not after.unseen:
            name, moves = ("halted", self.halted) if before.unseen else ("freed", self.freed)
            self.counts[name] += 1
            self.money[name] += abs(moved.amount or Decimal(0))
            moves.append(moved)

    def add(self, other: Tally) -> None:
        self.before.add(other.before)
        self.after.add(other.after)
        self.cases, self.changed, self.decided = self.cases + other.cases, self.changed + other.changed, self.decided + other.decided
        self.counts.update(other.counts)
        self.elsewhere.update(other.elsewhere)
        self.differing += other.differing
        for name, amount in other.money.items():
            self.money[name] += amount
        for mine, theirs in ((self.untold, other.untold), (self.unsignable, other.unsignable)):
            for why, cases in theirs.items():
                mine[why] += cases
        self.halted, self.freed = largest([*self.halted, *other.halted]), largest([*self.freed, *other.freed])


def largest(moved: Iterable[Moved]) -> list[Moved]:
    """Those that are shown, the largest first."""
    return nlargest(MOST, moved, key=lambda m: (m.size, -m.case))


def outcomes_of(outcome: Outcome) -> Iterator[str]:
    """The names of what comes of a case, each once."""
    if outcome.unseen:
        yield "unseen"
    yield from dict.fromkeys(asked.kind for asked in outcome.asked)
    if outcome.duplicate:
        yield "duplicate"
    if outcome.why:
        yield "unsignable"


def _who(asked: Asked) -> str:
    return asked.label.removeprefix("role:").removeprefix("person:")


class Simulation:
    """Cases of a store under another policy. `against` is put beside it; nothing for the policy of each case's own record."""

    def __init__(self, source: Store, new: Ruling, against: Ruling | None) -> None:
        self.source = source
        self.new, self.against = Rules.all_by(new), None if against is None else Rules.all_by(against)
        self.kept = KeptCompanies(source.masters)

    def run(self, span: Span) -> tuple[Tally, list[Moved]]:
        """The figures of a span of cases, and every case of which something else is asked."""
        tally, moved = Tally(), list[Moved]()
        for dossier in self.source.dossiers.of(span, STEPS, EVENTS):
            if not _was_checked(dossier):
                tally.elsewhere[dossier.case.state] += 1
                continue
            try:
                found = self._moved(dossier)
            except BadInput as error:
                tally.untold[str(error)].append(dossier.case.number)
            except ValidationError as error:
                tally.untold[f"The record cannot be read: {error.errors()[0]['msg']} ({error.title})."].append(dossier.case.number)
            else:
                tally.count(found)
                moved += [found] if found.before != found.after else []
                _compare(tally, dossier, found.before)
        tally.halted, tally.freed = largest(tally.halted), largest(tally.freed)
        return tally, moved

    def _moved(self, dossier: Dossier) -> Moved:
        past = PastCase(dossier, self.kept, self.source.cases)
        new, old = self.new, self.against or past.was
        before, after = past.check(old.checking), past.check(new.checking)
        if before != after and (before is past.recorded) is not (after is past.recorded):
            # One is on record and one was found afresh: only what is found the same way differs by the policy alone.
            before, after = past.check(old.checking, fresh=True), past.check(new.checking, fresh=True)
        signed = past.signed(new.routing, after)
        same = self.against is None and before == after and past.recorded_signed() == signed
        was = signed if same else past.signed(old.routing, before)
        return Moved(
            case=dossier.case.number,
            amount=after.base_amount,
            before=past.outcome(old, before, was),
            after=past.outcome(new, after, signed),
        )


def _was_checked(dossier: Dossier) -> bool:
    return any(e.type == "order.checked" and e.body["revision"] == dossier.case.revision for e in dossier.events)


def _compare(tally: Tally, dossier: Dossier, before: Outcome) -> None:
    """Whether the case, where it was decided, went as `before` says."""
    state = dossier.case.state
    if state not in (State.POSTED, State.APPROVED, State.REJECTED, State.DUPLICATE):
        return
    tally.decided += 1
    happened = Counter((t.kind, t.label) for t in dossier.tasks if t.revision == dossier.case.revision and t.kind != QUESTION)
    said = Counter((a.kind, a.label) for a in before.asked)
    ended = before.duplicate is (state is State.DUPLICATE) and not before.why
    if not ended or (said != happened if state is not State.REJECTED else not happened <= said):
        tally.differing.append(dossier.case.number)
