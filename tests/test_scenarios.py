"""The scenarios in tests/scenarios: tables that a buyer can read, each row one order and every finding that it must have.

Beside a finding stands, under `but not when`, the same order just inside the tolerance, of which nothing is found.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from scenario_papers import read
from scenario_tables import Found, Scenario, findings, scenarios

from signoff.domain.findings import AT_STAKE, Code, Finding, Group

HERE = Path(__file__).parent / "scenarios"
ALL = [scenario for path in sorted(HERE.glob("*.md")) for scenario in scenarios(path)]
COUNTERED = [scenario for scenario in ALL if scenario.inside]
OTHER_SIDES = {"contract", "vendor", "history", "policy", "people", "document"}


def found_in(scenario: Scenario, when: str) -> list[Finding]:
    return list(read(scenario.given["paper"], when) if "paper" in scenario.given else findings(scenario.given, when))


def told(found: Finding) -> Found:
    return (found.code.value, found.field, found.expected, found.actual, "" if found.amount is None else f"{found.amount:.2f}")


@pytest.mark.parametrize("scenario", ALL, ids=str)
def test_scenario(scenario: Scenario) -> None:
    found = found_in(scenario, scenario.name)
    assert sorted(map(told, found)) == sorted(scenario.found)
    for each in found:
        assert each.message.endswith(".")
        assert "order" in each.evidence, f"{each.code} does not say where on the order"
        assert OTHER_SIDES & each.evidence.keys(), f"{each.code} has evidence of one side only"
        assert each.expected, f"{each.code} does not say what is expected"
        assert each.actual, f"{each.code} does not say what there is"


@pytest.mark.parametrize("scenario", COUNTERED, ids=lambda s: f"{s.file}: {s.inside}")
def test_nothing_is_found_just_inside(scenario: Scenario) -> None:
    assert found_in(scenario, scenario.inside) == []


def test_every_code_has_a_scenario_and_a_counter_example() -> None:
    codes = {code.value for code in Code}
    assert {found[0] for scenario in ALL for found in scenario.found} == codes
    assert {found[0] for scenario in COUNTERED for found in scenario.found} == codes


def test_the_codes_of_the_reading_are_shown_on_papers() -> None:
    reading = {code.value for code in Code if code.group is Group.READING}
    assert {found[0] for scenario in ALL if "paper" in scenario.given for found in scenario.found} == reading


@pytest.mark.parametrize("code", list(Code))
def test_money_is_at_stake_where_the_code_says_so(code: Code) -> None:
    amounts = {bool(found[4]) for scenario in ALL for found in scenario.found if found[0] == code}
    assert amounts - {False} == ({True} if code in AT_STAKE else set())
