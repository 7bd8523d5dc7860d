"""Whether sign-offs can be given by different people, against trying everything."""

from __future__ import annotations

from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from signoff.domain.signoffs import RouteApprover, RouteStep, Signature, at_once, given_by, in_person, signable

who = st.lists(st.sampled_from("abcd"), max_size=3, unique=True).map(tuple)


@st.composite
def steps(draw: st.DrawFn) -> RouteStep:
    approvers = tuple(RouteApprover(label="x", candidates=c) for c in draw(st.lists(who, min_size=1, max_size=3)))
    kind = draw(st.sampled_from(["all", "any", "quorum"]))
    quorum = draw(st.integers(1, len(approvers))) if kind == "quorum" else None
    return RouteStep(approvers=approvers, any_of=kind == "any", quorum=quorum, distinct=draw(st.booleans()), rule="r", why="w")


def tried(route: list[RouteStep]) -> bool:
    """Every choice of places, and of people for them."""
    ways = [list(combinations([a.candidates for a in step.approvers], step.needed)) for step in route]
    for chosen in product(*ways):
        places = [(number, candidates) for number, way in enumerate(chosen) for candidates in way]
        for people in product(*(candidates for _, candidates in places)):
            if all(_apart(route, places[i][0], places[j][0], people[i] == people[j]) for i, j in combinations(range(len(places)), 2)):
                return True
    return False


def _apart(route: list[RouteStep], one: int, other: int, same: bool) -> bool:
    must = route[one].apart if one == other else route[one].distinct or route[other].distinct
    return not (same and must)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(steps(), max_size=3))
def test_it_finds_a_way_where_there_is_one(route: list[RouteStep]) -> None:
    assert signable(route) is tried(route)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(steps(), min_size=1, max_size=3), st.permutations("abcd"))
def test_who_gives_what_they_may_at_once_never_blocks_the_rest(route: list[RouteStep], people: list[str]) -> None:
    """From a route that can be signed one always comes to its end, and what was given is then enough by itself."""
    if not signable(route):
        return
    given: dict[tuple[int, int], Signature] = {}
    for number, step in enumerate(route):
        while sum(at == number for at, _ in given) < step.needed:
            open_ = [(i, a) for i, a in enumerate(step.approvers) if (number, i) not in given]
            own = ({(number, i): Signature(p, p) for i, a in open_ if p in a.candidates} for p in people)
            chosen = next(filter(None, (at_once(route, given, places, in_person(route)) for places in own if places)), None)
            assert chosen, (route, given)
            given |= chosen
    assert signable(route, given_by(route, list(given.values())))


def test_a_person_is_the_same_in_whosever_place_they_sign() -> None:
    both = RouteStep(approvers=(RouteApprover(label="x", candidates=("a", "b")),) * 2, quorum=2, rule="r", why="w")
    once, stood_in = Signature("c", "a"), Signature("c", "b")
    assert not signable([both], given_by([both], [once, stood_in]))
    assert not signable([both], given_by([both], [once, Signature("a", "a")]))
    assert signable([both], given_by([both], [once, Signature("b", "b")]))
