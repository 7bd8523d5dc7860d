"""Why somebody may do something or may not, what would have to change, and which rules of access.cedar do nothing.

All of it is found by asking the rules themselves: the same question with one more role, a task, an approval.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product

from signoff.domain.people import Directory
from signoff.tools.access import (
    ACTIONS,
    AREAS,
    ENGINE,
    ON_CASES,
    Access,
    Action,
    Area,
    Principal,
    Resource,
    Rights,
    Rule,
    agent,
    case,
    data,
    person,
)

DONE: dict[Action, tuple[Area | Rights, ...]] = {
    "read": AREAS,
    "start": ("cases",),
    "comment": ("cases",),
    "decide": ("cases",),
    "post": ("cases",),
    "write": ("vendors", "contracts", "history", "people", "policy", "access"),
    "confirm": ("contracts",),
}
"""What each action is done to."""
AGENTS = ("extraction", "contract_check", "routing", "terms")
_ENTITY = re.compile(r'\b(Role|Person|Agent)::"((?:\\.|[^"\\])*)"')
_NOBODY = {"Role": "the role {}, which nobody has", "Person": "{}, who is not in people.csv", "Agent": "{}, which is no agent"}
_ELSE = "somebody else"


@dataclass(frozen=True, slots=True)
class Explained:
    """`rules` are those that decided, with their lines. `needed` says what would have to change; empty when it is allowed."""

    who: str
    action: Action
    what: str
    allowed: bool
    rules: tuple[tuple[str, int], ...]
    needed: str


@dataclass(frozen=True, slots=True)
class Right:
    """Something that somebody may do: to which area, at which of its cases, and by which rules."""

    action: Action
    area: Area | Rights
    where: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Idle:
    """A rule that never decides anything, and why not."""

    rule: str
    line: int
    why: str


def explain(
    access: Access, who: Principal, action: Action, what: Resource, roles: Iterable[str], on_behalf_of: str | None = None
) -> Explained:
    """What access.cedar says, and for a denial what it would take. `roles` are those that somebody has."""
    decision = access.allows(who, action, what, on_behalf_of)
    rules = tuple(zip(decision.rules, decision.lines, strict=True))
    needed = "" if decision.allowed else _needed(access, who, action, what, sorted(set(roles) - set(who.roles)))
    if not decision.allowed and decision.broken:
        needed = f"{decision.why}; mend the rule, which reads a value that is not there or reckons beyond its bounds"
    return Explained(str(who), action, what.id, decision.allowed, rules, needed)


def _needed(access: Access, who: Principal, action: Action, what: Resource, roles: list[str]) -> str:
    denied = access.allows(who, action, what).rules
    if denied:
        other = replace(what, requester=_ELSE) if what.requester is not None else what
        free = what.requester is not None and set(access.allows(who, action, other).rules).isdisjoint(denied)
        return (
            "somebody who did not ask for the goods has to do it"
            if free
            else "no permit outweighs a rule that forbids; that rule would have to go"
        )
    ready = [(words, changed) for words, changed in _changes(who, what) if changed != what]
    steps = [f"{who.id} needs {_one_of(fits)}" for fits in [_roles(access, who, action, what, roles)] if fits]
    steps += [words for words, changed in ready if access.allows(who, action, changed).allowed]
    if not steps:
        both = ((words, _roles(access, who, action, changed, roles)) for words, changed in ready)
        steps = [f"{words}, and {who.id} needs {_one_of(fits)}" for words, fits in both if fits]
    has = f"; {who.id} has {_roles_of(who)}" if who.kind == "Person" else ""
    return f"no rule permits it: {' or '.join(steps) or f'none does for {who}, whatever else changes'}{has}"


def _changes(who: Principal, what: Resource) -> Iterator[tuple[str, Resource]]:
    """What may become of a case, so that somebody may do more to it."""
    if what.kind == "Case":
        yield f"a task of it would have to ask {who.id}", replace(what, candidates=(*(what.candidates or ()), who.id))
        yield "it would have to be approved", replace(what, approved=True)


def _roles(access: Access, who: Principal, action: Action, what: Resource, roles: list[str]) -> list[str]:
    """The roles any one of which would do."""
    if who.kind != "Person":
        return []
    return [role for role in roles if access.allows(replace(who, roles=(*who.roles, role)), action, what).allowed]


def _roles_of(who: Principal) -> str:
    return f"the roles {', '.join(who.roles)}" if who.roles else "no role"


def _one_of(roles: list[str]) -> str:
    return f"the role {roles[0]}" if len(roles) == 1 else f"one of the roles {', '.join(roles)}"


def rights(access: Access, who: Principal) -> list[Right]:
    """Everything that somebody may do, at every case or at some."""
    return [right for action in ACTIONS for area in DONE[action] if (right := _right(access, who, action, area))]


def _right(access: Access, who: Principal, action: Action, area: Area | Rights) -> Right | None:
    bare = case("any") if area == "cases" and action in ON_CASES else data(area)
    places = [("", bare), ("where a task asks them", replace(bare, candidates=(who.id,))), ("once approved", replace(bare, approved=True))]
    for where, what in places if bare.kind == "Case" else places[:1]:
        decision = access.allows(who, action, what)
        if decision.allowed:
            return Right(action, area, where, decision.rules)
    return None


def unheld(access: Access, people: Directory) -> list[tuple[str, int, str]]:
    """Roles, people and agents of the rules that are nobody: the rule, its line, and whom it speaks of."""
    roles = {role for p in people for role in p.roles}
    there = {"Role": roles, "Person": {p.person_id for p in people}, "Agent": set(AGENTS)}
    found = ((rule, kind, name) for rule in access.rules.values() for kind, name in _ENTITY.findall(_bare(rule)))
    told = ((rule.name, rule.line, _NOBODY[kind].format(name)) for rule, kind, name in found if name not in there[kind])
    return list(dict.fromkeys(told))


def _bare(rule: Rule) -> str:
    """The rule without its annotations and remarks."""
    return re.sub(r'@\w+\("(?:\\.|[^"\\])*"\)|//[^\n]*', "", rule.text)


def idle(access: Access, people: Directory) -> list[Idle]:
    """Rules that decide nothing, whoever of these people and agents asks for whatever."""
    left = dict(access.rules)
    for question in _questions(access, people):
        told = access.allows(*question)
        for key in [k for k, rule in left.items() if (rule.name, rule.line) in zip(told.rules, told.lines, strict=True)]:
            del left[key]
        if not left:
            return []
    return [Idle(rule.name, rule.line, _idle_because(rule, access, people)) for rule in left.values()]


def _idle_because(rule: Rule, access: Access, people: Directory) -> str:
    alone = Access(rule.text)
    if any(alone.allows(*question).rules for question in _questions(access, people)):
        return "whatever it permits, another rule forbids"
    return "it fits nobody and nothing"


_Question = tuple[Principal, Action, Resource, str | None]


def _questions(access: Access, people: Directory) -> Iterator[_Question]:
    """Every question that could matter: somebody for each set of the roles that rules speak of, people whom they name, agents, the
    engine; each sort of case."""
    mentioned = {(kind, name) for rule in access.rules.values() for kind, name in _ENTITY.findall(_bare(rule))}
    by_roles = {frozenset(r for r in p.roles if ("Role", r) in mentioned): person(p) for p in people}
    called = [person(p) for p in people if ("Person", p.person_id) in mentioned]
    for who in (*by_roles.values(), *called, *map(agent, AGENTS), ENGINE):
        for action in ACTIONS:
            areas = DONE[action] if action not in ON_CASES else [a for a in DONE[action] if a != "cases"]
            yield from ((who, action, data(area), None) for area in areas)
            if action in ON_CASES:
                yield from _at_cases(who, action)


def _at_cases(who: Principal, action: Action) -> Iterator[_Question]:
    others = (None, who.id, _ELSE)
    behalf = others if action == "decide" else (None,)
    for requester, candidate, approved, on_behalf_of in product(others, others, (None, True, False), behalf):
        yield who, action, case("any", requester, None if candidate is None else (candidate,), approved), on_behalf_of
