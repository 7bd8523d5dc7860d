"""Whether the sign-offs of a route can be given, and have been: who may give which, where two of them must come from two people.

A step asks for all of its approvers, for any one, or for a quorum of them. The people of a quorum are different ones, and so are
those of a `distinct` step from everybody else who signs. What must be different is both who signs and in whose place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from types import MappingProxyType
from typing import NamedTuple

from signoff.domain.record import Record


class RouteApprover(Record):
    """One sign-off that is asked for. `candidates` are the person ids who may give it; the first answer counts."""

    label: str
    candidates: tuple[str, ...]


class RouteStep(Record):
    """Sign-offs asked for at the same time: all of them, any one, or a quorum. `rule` and `why` say where it comes from.

    The people of a quorum are different ones; who signs a `distinct` step signs nothing else of the order.
    """

    approvers: tuple[RouteApprover, ...]
    any_of: bool = False
    quorum: int | None = None
    distinct: bool = False
    rule: str
    why: str

    @property
    def needed(self) -> int:
        """How many of the approvers have to sign."""
        return self.quorum or (1 if self.any_of else len(self.approvers))

    @property
    def apart(self) -> bool:
        """Whether its sign-offs come from different people."""
        return self.distinct or self.quorum is not None


class Signature(NamedTuple):
    """Who signs, and in whose place: their own, unless they stand in for somebody."""

    person: str
    principal: str

    def shares(self, other: Signature) -> bool:
        """Whether the same person stands behind both."""
        return self.person == other.person or self.principal == other.principal


NOTHING: Mapping[tuple[int, int], Signature] = MappingProxyType({})
Choices = Callable[[int, int], Iterable[Signature]]
"""The signatures there may be for an approver: by the number of its step, and its own within the step."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A sign-off that is needed, and how it can be given."""

    step: int
    apart: bool
    distinct: bool
    choices: tuple[Signature, ...]

    def against(self, other: _Place) -> bool:
        """Whether the two must come from different people."""
        if self.step == other.step:
            return self.apart
        return self.distinct or other.distinct


def in_person(steps: Sequence[RouteStep]) -> Choices:
    """Every candidate for themselves."""
    return lambda step, approver: (Signature(c, c) for c in steps[step].approvers[approver].candidates)


def by_people(steps: Sequence[RouteStep], acting: Callable[[tuple[str, ...]], Mapping[str, str | None]]) -> Choices:
    """Whoever acts for candidates, as `acting` gives them with the one in whose place they do."""

    def choices(step: int, approver: int) -> Iterator[Signature]:
        for who, principal in acting(steps[step].approvers[approver].candidates).items():
            yield Signature(who, principal or who)

    return choices


def given_by(steps: Sequence[RouteStep], given: Sequence[Signature]) -> Choices:
    """Of the signatures that were given, those that count."""
    return lambda step, approver: (s for s in given if s.principal in steps[step].approvers[approver].candidates)


Given = Mapping[tuple[int, int], Signature]
"""The signatures that stand, by the numbers of step and approver."""


def signable(steps: Sequence[RouteStep], choices: Choices | None = None, given: Given = NOTHING) -> bool:
    """Whether every step can be signed, where some of it is signed already; by its candidates, unless `choices` says by whom."""
    own = choices or in_person(steps)

    def open_to(step: int, approver: int) -> Iterable[Signature]:
        return (given[step, approver],) if (step, approver) in given else own(step, approver)

    if not any(step.apart for step in steps):
        return all(_signed(step, i, open_to) for i, step in enumerate(steps))
    ways = [list(_ways(step, i, open_to, given)) for i, step in enumerate(steps)]
    return any(_filled([place for way in chosen for place in way]) for chosen in product(*ways))


def at_once(steps: Sequence[RouteStep], given: Given, own: Given, choices: Choices) -> dict[tuple[int, int], Signature]:
    """Of the signatures that a person could add to those given, the ones they do: all of them where one person may give several.

    None that would leave another place without anybody; nothing is left where every one would.
    """
    fitting = {place: mine for place, mine in own.items() if signable(steps, choices, {**given, place: mine})}
    if signable(steps, choices, {**given, **fitting}):
        return fitting
    return dict(list(fitting.items())[:1])


def _signed(step: RouteStep, number: int, choices: Choices) -> bool:
    """A step whose sign-offs may all come from one person."""
    free = (any(True for _ in choices(number, i)) for i in range(len(step.approvers)))
    return any(free) if step.any_of else all(free)


def _ways(step: RouteStep, number: int, choices: Choices, given: Given) -> Iterator[tuple[_Place, ...]]:
    """Every choice of who of a step signs, as the places that need somebody; whoever has signed is always among them."""
    places = [_Place(number, step.apart, step.distinct, tuple(choices(number, i))) for i in range(len(step.approvers))]
    signed = {i for i in range(len(places)) if (number, i) in given}
    for chosen in combinations(range(len(places)), max(len(signed), min(step.needed, len(places)))):
        if signed <= set(chosen):
            yield tuple(places[i] for i in chosen)


def _filled(places: list[_Place], given: Sequence[tuple[_Place, Signature]] = ()) -> bool:
    """Whether somebody can be found for every place; the one with the fewest choices left goes first."""
    if not places:
        return True
    left = [(p, [c for c in p.choices if not any(p.against(q) and c.shares(s) for q, s in given)]) for p in places]
    place, free = min(left, key=lambda pair: len(pair[1]))
    rest = [p for p in places if p is not place]
    if not any(place.against(p) for p in rest):
        return bool(free) and _filled(rest, given)
    return any(_filled(rest, (*given, (place, signature))) for signature in free)
