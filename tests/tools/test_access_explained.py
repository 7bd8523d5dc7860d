"""Why and why not, as the rules themselves answer; what a person may do; and rules that do nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from signoff.domain.people import Directory, Person
from signoff.tools.access import ACTIONS, AREAS, ENGINE, Access, Action, Principal, Resource, agent, case, data, person
from signoff.tools.access_explained import DONE, explain, idle, rights, unheld
from signoff.tools.masterdata.people import load_people

TEMPLATE = (Path(__file__).parents[2] / "app" / "workspace_template" / "access.cedar").read_text(encoding="utf-8")
ANN = Person(person_id="P-1", name="Ann Example", roles=("buyer",))
BEN = Person(person_id="P-2", name="Ben Example", roles=("procurement_manager", "finance", "compliance"))
VIC = Person(person_id="P-9", name="Vic Example")
PEOPLE = Directory([ANN, BEN, VIC])
ROLES = {"buyer", "procurement_manager", "finance", "compliance"}


@pytest.fixture(scope="module")
def access() -> Access:
    return Access(TEMPLATE)


def needed(access: Access, who: Principal, action: Action, what: Resource) -> str:
    return explain(access, who, action, what, ROLES).needed


class TestExplained:
    def test_what_is_allowed_names_the_rule_and_its_line(self, access: Access) -> None:
        found = explain(access, person(ANN), "start", data("cases"), ROLES)
        assert found.allowed
        assert found.needed == ""
        ((rule, line),) = found.rules
        assert rule == "Buyers and procurement managers take documents in"
        assert TEMPLATE.splitlines()[line - 1] == f'@id("{rule}")'

    def test_the_roles_that_would_do(self, access: Access) -> None:
        assert needed(access, person(VIC), "write", data("vendors")) == (
            "no rule permits it: P-9 needs one of the roles buyer, procurement_manager; P-9 has no role"
        )
        assert needed(access, person(ANN), "write", data("policy")) == (
            "no rule permits it: P-1 needs the role procurement_manager; P-1 has the roles buyer"
        )

    def test_a_task_that_would_do(self, access: Access) -> None:
        assert needed(access, person(VIC), "decide", case("C00001", requester="P-1", candidates=("P-2",))).startswith(
            "no rule permits it: a task of it would have to ask P-9"
        )

    def test_a_rule_that_forbids_is_named_with_what_lifts_it(self, access: Access) -> None:
        found = explain(access, person(ANN), "decide", case("C00001", requester="P-1", candidates=("P-1",)), ROLES)
        assert [rule for rule, _ in found.rules] == ["Nobody decides on their own request"]
        assert found.needed == "somebody who did not ask for the goods has to do it"
        assert needed(access, agent("routing"), "write", data("policy")).startswith("no permit outweighs a rule that forbids")

    def test_in_somebodys_place(self, access: Access) -> None:
        asked = case("C00001", requester="P-7", candidates=("P-2",))
        assert not explain(access, person(VIC), "decide", asked, ROLES).allowed
        assert explain(access, person(VIC), "decide", asked, ROLES, "P-2").allowed

    def test_the_engine_and_approval(self, access: Access) -> None:
        assert needed(access, ENGINE, "post", case("C00001", approved=False)) == "no rule permits it: it would have to be approved"

    def test_what_nothing_changes_is_said(self, access: Access) -> None:
        assert "none does for Agent extraction, whatever else changes" in needed(access, agent("extraction"), "read", data("vendors"))

    def test_what_it_says_would_do_does(self, access: Access) -> None:
        """Each role that is named lets them, and no role that is not."""
        for action in ACTIONS:
            for area in (a for a in DONE[action] if a != "cases"):
                told = needed(access, person(VIC), action, data(area))
                for role in ROLES:
                    with_it = access.allows(Principal("Person", "P-9", (role,)), action, data(area)).allowed
                    assert with_it == (role in told.split(";")[0]), (action, area, role)

    def test_a_broken_rule(self) -> None:
        limit = "9223372036854775807"
        broken = Access(f"permit (principal, action, resource);\nforbid (principal, action, resource) when {{ {limit} + 1 == 0 }};")
        assert "a rule cannot be evaluated" in needed(broken, person(ANN), "read", data("vendors"))


class TestRights:
    def test_of_a_buyer(self, access: Access) -> None:
        found = {(r.action, r.area): r.where for r in rights(access, person(ANN))}
        assert {area for action, area in found if action == "read"} == set(AREAS)
        assert found["decide", "cases"] == "where a task asks them"
        assert ("write", "policy") not in found
        assert ("post", "cases") not in found

    def test_of_agents_and_the_engine(self, access: Access) -> None:
        assert {(r.action, r.area) for r in rights(access, agent("contract_check"))} == {
            ("read", "cases"), ("read", "contracts"), ("read", "vendors"),
        }  # fmt: skip
        assert [(r.action, r.area, r.where) for r in rights(access, ENGINE)][-1] == ("write", "access", "")
        assert ("post", "cases", "once approved") in [(r.action, r.area, r.where) for r in rights(access, ENGINE)]
        assert rights(access, agent("nobody")) == []


class TestRulesThatDoNothing:
    @pytest.mark.parametrize("folder", ["app/workspace_template", "examples/company"])
    def test_what_we_ship_has_none(self, folder: str) -> None:
        shipped = Path(__file__).parents[2] / folder
        access, people = Access((shipped / "access.cedar").read_text(encoding="utf-8")), Directory(load_people(shipped / "people.csv"))
        assert unheld(access, people) == []
        assert idle(access, people) == []

    @pytest.mark.parametrize(
        ("rule", "why"),
        [
            ('permit (principal is Person in Role::"buyr", action == Action::"start", resource);', "it fits nobody and nothing"),
            ('permit (principal == Person::"P-77", action == Action::"start", resource);', "it fits nobody and nothing"),
            ('permit (principal == Agent::"asistant", action == Action::"read", resource);', "it fits nobody and nothing"),
            ('permit (principal is Agent, action == Action::"write", resource);', "whatever it permits, another rule forbids"),
            ('permit (principal is Person, action == Action::"post", resource);', "whatever it permits, another rule forbids"),
            ("permit (principal, action, resource) when { 1 == 2 };", "it fits nobody and nothing"),
        ],
    )
    def test_each_is_found_with_the_reason(self, rule: str, why: str) -> None:
        found = idle(Access(f'{TEMPLATE}\n@id("the new one")\n{rule}\n'), PEOPLE)
        assert [(i.rule, i.why) for i in found] == [("the new one", why)]
        assert found[0].line == TEMPLATE.count("\n") + 2

    def test_names_that_nobody_has(self) -> None:
        rule = 'permit (principal in Role::"buyr", action, resource) when { principal != Person::"P-77" };'
        text = f'@id("Role::\\"quoted\\"")\n// Role::"remark"\n{rule}'
        assert [name for _, _, name in unheld(Access(text), PEOPLE)] == [
            "the role buyr, which nobody has", "P-77, who is not in people.csv",
        ]  # fmt: skip

    def test_everything_that_is_done_is_done_to_something(self) -> None:
        assert set(DONE) == set(ACTIONS)
