"""Who may do what, as `access.cedar` states it: Cedar (docs.cedarpolicy.com), deny by default, and a `forbid` beats every `permit`.

Rules are read and checked against `access.cedarschema` once. A decision takes 0.2 ms and is remembered for the very same question.
Cedar itself is imported where rules are, for most commands need none.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Literal, get_args

from signoff.domain.errors import BadInput
from signoff.domain.people import Person

Action = Literal["read", "start", "decide", "post", "writePolicy"]
Area = Literal["cases", "contracts", "history", "people", "policy", "vendors"]
AREAS: tuple[Area, ...] = get_args(Area)
"""What a workspace holds. All of it is `Data`, but for the cases: each is a `Case` of its own."""

_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|//[^\n]*|;')
_SCHEMA = (resources.files(__package__) / "access.cedarschema").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks."""

    kind: Literal["Person", "Agent", "System"]
    id: str
    roles: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


@dataclass(frozen=True, slots=True)
class Resource:
    """What is asked for. People are given by their ids; what is not known of a case is left out."""

    kind: Literal["Case", "Data"]
    id: str
    requester: str | None = None
    candidates: tuple[str, ...] | None = None
    approved: bool | None = None


ENGINE = Principal("System", "signoff")


def person(somebody: Person) -> Principal:
    """Somebody in the people file, with their roles."""
    return Principal("Person", somebody.person_id, somebody.roles)


def agent(name: str) -> Principal:
    """One of Signoff's agents."""
    return Principal("Agent", name)


def data(area: Area) -> Resource:
    """One of `AREAS` as a whole."""
    return Resource("Data", area)


def case(case_id: str, requester: str | None = None, candidates: tuple[str, ...] | None = None, approved: bool | None = None) -> Resource:
    """A case, with who asked for the goods, who has a task at it, and whether it is approved."""
    return Resource("Case", case_id, requester, candidates, approved)


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether it is allowed, and the rules that decided; none where no rule permits it."""

    allowed: bool
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rule:
    line: int
    text: str

    @property
    def name(self) -> str | None:
        found = re.match(r'\s*@id\("((?:\\.|[^"\\])*)"\)', self.text)
        return found[1] if found else None


class Access:
    """The rules of one access file, kept as `text` under its `digest`. Raises `BadInput` with the line of the rule that is wrong."""

    def __init__(self, text: str, name: str = "access.cedar") -> None:
        from cedarpy import PolicySet

        self.rules = {f"policy{n}": rule.name or f"line {rule.line}" for n, rule in enumerate(_checked(text, name))}
        self.text, self.digest = text, hashlib.sha256(text.encode()).hexdigest()
        self._policies = PolicySet.from_str(text)
        self._ask = lru_cache(8192)(self._decide)

    def allows(self, who: Principal, action: Action, what: Resource, on_behalf_of: str | None = None) -> Decision:
        """Whether somebody may do that. A rule that cannot be evaluated denies: Cedar would skip it, and it may be a `forbid`."""
        return self._ask(who, action, what, on_behalf_of)

    def grants(self, who: Principal, action: Action, area: Area) -> bool:
        """Whether somebody may ever do that in an area: for cases, at one that waits for them and that nobody asked for."""
        if area == "cases" and action != "start":
            return self.allows(who, action, case("any", candidates=(who.id,), approved=True)).allowed
        return self.allows(who, action, data(area)).allowed

    def readable(self, who: Principal) -> frozenset[str]:
        """The areas that somebody may read; a connection for them is opened on these alone."""
        return frozenset(area for area in AREAS if self.grants(who, "read", area))

    def _decide(self, who: Principal, action: Action, what: Resource, on_behalf_of: str | None) -> Decision:
        from cedarpy import is_authorized

        context = {} if on_behalf_of is None else {"on_behalf_of": _reference("Person", on_behalf_of)}
        request = {"principal": _uid(who.kind, who.id), "action": _uid("Action", action), "resource": _uid(what.kind, what.id)}
        answer = is_authorized(request | {"context": context}, self._policies, list(_entities(who, what)))
        told = answer.diagnostics
        return Decision(answer.allowed and not told.errors, tuple(self.rules[reason] for reason in told.reasons))


def _checked(text: str, name: str) -> Iterator[_Rule]:
    """Every rule, in order, once it is known to be sound."""
    from cedarpy import PolicySet, validate_policies

    for rule in _rules(text):
        try:
            policies = PolicySet.from_str(rule.text)
            problems = [error.error for error in validate_policies(rule.text, _SCHEMA).errors]
        except ValueError as error:
            problems = [str(error)]
        else:
            problems += ["it has a ?slot, which nothing fills"] if policies.templates() else []
        if problems:
            what = problems[0].removeprefix("for policy `policy0`, ")
            raise BadInput(f"{name}, line {rule.line}: the rule that begins here cannot be used: {what}.")
        yield rule


def _rules(text: str) -> Iterator[_Rule]:
    """The file cut behind each rule's semicolon; comments and text in quotes may hold some, too."""
    start = 0
    cuts = [found.end() for found in _TOKEN.finditer(text) if found[0] == ";"]
    for end in (*cuts, len(text)):
        bare = re.match(r"(?:\s|//[^\n]*)*", text[start:end])
        begins = start + (bare.end() if bare else 0)
        if begins < end:
            yield _Rule(text.count("\n", 0, begins) + 1, text[begins:end])
        start = end


def _uid(kind: str, id: str) -> dict[str, str]:
    return {"type": kind, "id": id}


def _reference(kind: str, id: str) -> dict[str, dict[str, str]]:
    return {"__entity": _uid(kind, id)}


def _entities(who: Principal, what: Resource) -> Iterator[dict[str, Any]]:
    """The principal with its roles, and what is known of the resource."""
    yield {"uid": _uid(who.kind, who.id), "attrs": {}, "parents": [_uid("Role", role) for role in who.roles]}
    attributes: dict[str, Any] = {}
    if what.requester is not None:
        attributes["requester"] = _reference("Person", what.requester)
    if what.candidates is not None:
        attributes["candidates"] = [_reference("Person", candidate) for candidate in what.candidates]
    if what.approved is not None:
        attributes["approved"] = what.approved
    yield {"uid": _uid(what.kind, what.id), "attrs": attributes, "parents": []}
