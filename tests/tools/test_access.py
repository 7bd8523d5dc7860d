"""Access as the workspace's template states it, what a file may say, and that nothing but a permit permits."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signoff.domain.errors import BadInput
from signoff.domain.people import Person
from signoff.tools.access import AREAS, ENGINE, Access, Principal, agent, case, data, person

TEMPLATE = (Path(__file__).parents[2] / "app" / "workspace_template" / "access.cedar").read_text(encoding="utf-8")
BUYER = person(Person(person_id="P-1", name="Ann Example", roles=("buyer",)))
MANAGER = person(Person(person_id="P-2", name="Ben Example", roles=("procurement_manager", "finance")))
VISITOR = person(Person(person_id="P-9", name="Vic Example", roles=("planner",)))
AGENTS = [agent(name) for name in ("extraction", "contract_check", "routing", "assistant", "somebody")]
ACTIONS = ("read", "start", "decide", "post", "writePolicy")


@pytest.fixture(scope="module")
def access() -> Access:
    return Access(TEMPLATE)


class TestTheTemplate:
    @pytest.mark.parametrize(
        ("who", "areas"),
        [
            (BUYER, set(AREAS)),
            (VISITOR, set()),
            (agent("extraction"), {"cases"}),
            (agent("contract_check"), {"cases", "contracts", "vendors"}),
            (agent("routing"), {"cases", "people", "policy"}),
            (agent("somebody"), set()),
            (ENGINE, set()),
        ],
        ids=lambda value: str(value) if isinstance(value, Principal) else "",
    )
    def test_who_reads_what(self, access: Access, who: Principal, areas: set[str]) -> None:
        assert access.readable(who) == areas

    def test_a_person_decides_where_a_task_waits_for_them(self, access: Access) -> None:
        assert access.allows(VISITOR, "decide", case("C00001", candidates=("P-9",))).rules == (
            "A person decides a case that has a task for them",
        )
        assert not access.allows(BUYER, "decide", case("C00001", candidates=("P-9",))).allowed
        assert not access.allows(BUYER, "decide", case("C00001")).allowed

    def test_never_on_their_own_request(self, access: Access) -> None:
        decision = access.allows(BUYER, "decide", case("C00001", requester="P-1", candidates=("P-1",)))
        assert not decision.allowed
        assert decision.rules == ("Nobody decides on their own request",)

    def test_nor_for_the_requester(self, access: Access) -> None:
        asked = case("C00001", requester="P-1", candidates=("P-2",))
        assert access.allows(MANAGER, "decide", asked).allowed
        assert access.allows(MANAGER, "decide", asked, on_behalf_of="P-3").allowed
        assert not access.allows(MANAGER, "decide", asked, on_behalf_of="P-1").allowed

    @pytest.mark.parametrize("who", AGENTS, ids=str)
    @pytest.mark.parametrize("action", ["start", "decide", "post", "writePolicy"])
    def test_agents_change_nothing(self, access: Access, who: Principal, action: str) -> None:
        for area in AREAS:
            assert not access.grants(who, action, area)  # type: ignore[arg-type]

    def test_the_engine_posts_what_is_approved_and_nobody_else_does(self, access: Access) -> None:
        assert access.allows(ENGINE, "post", case("C00001", approved=True)).allowed
        assert not access.allows(ENGINE, "post", case("C00001", approved=False)).allowed
        assert not access.allows(ENGINE, "post", case("C00001")).allowed
        for who in (BUYER, MANAGER, *AGENTS):
            assert not access.allows(who, "post", case("C00001", approved=True)).allowed

    def test_who_takes_documents_in_and_who_writes_the_policy(self, access: Access) -> None:
        assert [access.grants(who, "start", "cases") for who in (BUYER, MANAGER, VISITOR)] == [True, True, False]
        assert [access.grants(who, "writePolicy", "policy") for who in (BUYER, MANAGER, VISITOR)] == [False, True, False]


class TestDenial:
    def test_no_rule_no_right(self) -> None:
        assert Access("// nobody may do anything\n").allows(BUYER, "read", data("vendors")).allowed is False

    @given(who=st.sampled_from([BUYER, MANAGER, ENGINE, *AGENTS]), action=st.sampled_from(ACTIONS), area=st.sampled_from(AREAS))
    def test_a_forbid_beats_every_permit(self, who: Principal, action: str, area: str) -> None:
        both = Access("permit (principal, action, resource);\nforbid (principal, action, resource);")
        assert not both.grants(who, action, area)  # type: ignore[arg-type]

    def test_a_rule_that_cannot_be_evaluated_denies(self) -> None:
        """Numbers have bounds in Cedar; a `forbid` that runs over them is skipped, and what it forbids would be allowed."""
        limit = "9223372036854775807"
        text = f"permit (principal, action, resource);\nforbid (principal, action, resource) when {{ {limit} + 1 == 0 }};"
        assert Access(text).allows(BUYER, "read", data("vendors")).allowed is False

    def test_ids_are_ids_whatever_they_hold(self, access: Access) -> None:
        odd = Principal("Person", 'P-1" || true || "\n', ("buyer",))
        assert access.allows(odd, "read", data("vendors")).allowed
        assert not access.allows(Principal("Person", 'x" in Role::"buyer'), "read", data("vendors")).allowed

    def test_roles_come_from_the_people_file_alone(self, access: Access) -> None:
        assert not access.allows(Principal("Agent", "buyer", ("buyer",)), "read", data("vendors")).allowed


class TestFilesThatAreWrong:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ('\n\n@id("x; y") // a; comment\npermit (principal, action == Action::"read" resource);', "line 3: .* unexpected token"),
            ("permit (principal, action, resource);\n\nforbid (principal, action, resource)", "line 3: .* unexpected end"),
            ("permit (principal, action, resource);\nallow (principal, action, resource);", "line 2: .* invalid policy effect: allow"),
            ('permit (principal, action == Action::"reed", resource);', 'line 1: .* unrecognized action `Action::"reed"`'),
            ('permit (principal, action, resource == Data::"vendor");', "line 1: .*vendor"),
            ('permit (principal is Persn, action == Action::"read", resource);', "line 1: .*Persn"),
            ('permit (principal, action == Action::"read", resource is Case) when { resource.requester == principal };', "requester"),
            ('permit (principal == ?principal, action == Action::"read", resource);', r"\?slot"),
        ],
    )
    def test_are_refused_with_their_line(self, text: str, said: str) -> None:
        with pytest.raises(BadInput, match=said):
            Access(text)

    def test_rules_without_an_id_are_named_by_their_line(self) -> None:
        text = '// one; two\npermit (principal is Person, action == Action::"read", resource == Data::"vendors");\n'
        assert Access(text).allows(BUYER, "read", data("vendors")).rules == ("line 2",)
