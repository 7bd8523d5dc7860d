"""`policy simulate`: past cases under another policy come to what that policy would have made of them, and nothing is written.

The proof is a second office that works under the other policy from the start: what it really asks of people is what was simulated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from office import EXAMPLES, Office, masters, paper
from staff import keeping

from signoff.domain.approvals import Rule, Step, When
from signoff.domain.errors import SignoffError
from signoff.domain.findings import Code, Severity
from signoff.domain.policy import Budget, Override, Policy, Tolerances
from signoff.domain.states import State
from signoff.graph.past_case import Asked, Outcome
from signoff.graph.rulings import Ruling
from signoff.graph.simulating import Moved, Simulation, Tally, largest
from signoff.graph.store.port import Store
from signoff.graph.store.rows import QUESTION, Case, Span
from signoff.graph.store.sqlite import LookedAtStore

ALL = Span(1, 1000)
ORDERS = sorted(p.relative_to(EXAMPLES / "orders").as_posix() for f in ("xml", "cxml") for p in (EXAMPLES / "orders" / f).glob("*.xml"))

MORE = {"4500019001": "2026-10-06", "4500019002": "2026-10-07", "4500019003": "2026-10-08"}
"""Orders like 4500018001, day by day: together they look split."""


def office_of(root: Path, policy: Policy | None = None) -> Office:
    root.mkdir(exist_ok=True)
    office = Office(root)
    if policy is not None:
        office.services = replace(office.services, policy=policy, policy_hash="b" * 64)
    return keeping(office)


def worked(root: Path, policy: Policy | None = None) -> Office:
    """The example orders and some more of one kind, all approved as far as anybody may."""
    office = office_of(root, policy)
    for name in ORDERS:
        approved(office, office.example(name))
    for number, day in MORE.items():
        approved(office, office.take(paper("xml/4500018001.xml", number=number, date=day), f"{number}.xml"))
    return office


def approved(office: Office, case: Case) -> None:
    for _ in range(12):
        task = next(iter(office.waiting(case)), None)
        if task is None:
            return
        try:
            case = office.decide(case, task.candidates[0], "approve")
        except SignoffError:
            return


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The example orders under the example policy; nothing may write here."""
    office = worked(tmp_path_factory.mktemp("past"))
    yield office
    office.close()


def changed(**sections: Any) -> Policy:
    """The example policy with other sections."""
    return masters()[0].policy.model_copy(update=sections)


def simulated(office: Office, policy: Policy, span: Span = ALL, against: Policy | None = None) -> tuple[Tally, list[Moved]]:
    beside = None if against is None else Ruling(against, "c" * 64)
    return Simulation(office.store, Ruling(policy, "b" * 64), beside).run(span)


def rules(*more: Rule) -> tuple[Rule, ...]:
    return (*changed().approvals, *more)


def tolerances(**values: Any) -> Tolerances:
    return changed().tolerances.model_copy(update=values)


POLICIES: dict[str, dict[str, Any]] = {
    "lower threshold": {
        "approvals": (
            Rule(name="Small orders pass", when=When(amount_up_to=Decimal(200), no_contract=False), nobody=True),
            *changed().approvals[1:],
        )
    },
    "another rule": {"approvals": rules(Rule(name="Legal reads all", steps=(Step(role="legal"),)))},
    "no rule": {"approvals": ()},
    "prices may be 40 % higher": {"tolerances": tolerances(price_percent=Decimal(40))},
    "codes off and blocking": {
        "severities": {
            Code.PRICE_ABOVE_CONTRACT: Severity.OFF,
            Code.CONTRACT_EXPIRING: Severity.BLOCKING,
            Code.TIER_PRICE_MISSED: Severity.OFF,
        }
    },
    "an override": {"overrides": (Override(vendor="V-1003", severities={Code.ITEM_OFF_CONTRACT: Severity.BLOCKING}),)},
    "requester required": {"required_fields": (*changed().required_fields, "/requested_delivery_date")},
    "other owners": {"gates": changed().gates.model_copy(update={"default_owner": "controlling", "owners": {}, "reviewers": "planner"})},
    "small budgets": {"budgets": tuple(Budget(cost_center=f"CC-{n}", year=2026, amount=Decimal(500)) for n in (4100, 4200, 5100, 6100))},
    "orders split otherwise": {"split_orders": (), "severities": {Code.NEAR_DUPLICATE_ORDER: Severity.OFF}},
    "other tolerances": {"tolerances": tolerances(near_duplicate_days=0, split_window_days=1, total_amount=Decimal(0))},
}


def really(office: Office) -> dict[str, tuple[list[tuple[str, str, tuple[str, ...]]], State]]:
    """What was asked of people for each document, and what became of it."""
    found = {}
    for case in office.store.cases.listed():
        tasks = [t for t in office.store.tasks.of_case(case.number) if t.kind != QUESTION]
        found[case.source] = (sorted((t.kind, t.label, t.candidates) for t in tasks), case.state)
    return found


def said(outcome: Outcome) -> list[tuple[str, str, tuple[str, ...]]]:
    return sorted((a.kind, a.label, a.candidates) for a in outcome.asked)


QUICK = ("lower threshold", "codes off and blocking")
"""Policies that are tried by default: one that routes otherwise, and one that finds otherwise."""
EACH = [pytest.param(name, marks=[] if name in QUICK else [pytest.mark.slow]) for name in POLICIES]


@pytest.mark.parametrize("name", EACH)
def test_another_policy_would_really_have_asked_what_is_simulated(past: Office, tmp_path: Path, name: str) -> None:
    policy = changed(**POLICIES[name])
    tally, moved = simulated(past, policy)
    there = worked(tmp_path / "there", policy)
    now, then = really(there), really(past)
    told = {past.case(m.case).source: m.after for m in moved}
    for source, (tasks, state) in now.items():
        if state in (State.POSTED, State.DUPLICATE) and then[source][1] in (State.POSTED, State.DUPLICATE):
            expected = said(told[source]) if source in told else then[source][0]
            assert tasks == expected, source
    assert tally.differing == []
    assert tally.untold == {}
    assert tally.changed == len(moved) > 0
    there.close()


def test_the_same_policy_changes_nothing(past: Office) -> None:
    tally, moved = simulated(past, changed())
    assert (tally.changed, moved, tally.differing, dict(tally.untold)) == (0, [], [], {})
    assert tally.before == tally.after
    assert tally.cases + sum(tally.elsewhere.values()) == len(list(past.store.cases.listed()))
    assert tally.decided > 15


def test_nothing_is_written(past: Office) -> None:
    def all_of(store: Store) -> tuple[int, int]:
        return store.events.last_seq(), len(list(store.cases.steps()))

    before = all_of(past.store)
    looked_at = LookedAtStore(past.root / "signoff.db")
    found, _ = Simulation(looked_at, Ruling(changed(approvals=()), "b" * 64), None).run(ALL)
    assert found == simulated(past, changed(approvals=()))[0]
    assert all_of(past.store) == before


def test_figures_of_parts_add_up_to_the_whole(past: Office) -> None:
    policy = changed(**POLICIES["lower threshold"])
    whole, moved = simulated(past, policy)
    parts, each = Tally(), []
    for first in range(1, 60, 7):
        some, changes = simulated(past, policy, Span(first, first + 6))
        parts.add(some)
        each += changes
    assert (parts, each) == (whole, moved)


def test_what_passed_unseen_is_shown_with_its_amount_the_largest_first(past: Office) -> None:
    tally, _ = simulated(past, changed(**POLICIES["lower threshold"]))
    assert tally.counts["halted"] == len(tally.halted) > 1
    amounts = [m.amount for m in tally.halted]
    assert amounts == sorted(amounts, key=lambda a: -(a or Decimal(0)))
    assert all(m.before.unseen and [a.kind for a in m.after.asked] == ["approval"] for m in tally.halted)
    assert tally.money["halted"] == sum(a for a in amounts if a)
    assert tally.before.cases["unseen"] - tally.after.cases["unseen"] == tally.counts["halted"]


def test_what_would_pass_unseen_is_shown_too(past: Office) -> None:
    free = changed(approvals=(Rule(name="Everything passes", nobody=True),))
    tally, _ = simulated(past, free)
    assert tally.counts["freed"] == tally.after.cases["unseen"] - tally.before.cases["unseen"] > 0
    assert all(m.after.unseen and m.before.asked for m in tally.freed)


def test_people_who_alone_may_answer_are_told_from_those_who_share(past: Office) -> None:
    tally, _ = simulated(past, changed())
    assert tally.after.tasks.total() == sum(tally.after.alone.values()) + _shared_tasks(past)


def _shared_tasks(office: Office) -> int:
    last = {t.task_id: t for c in office.store.cases.listed() for t in office.store.tasks.of_case(c.number) if t.revision == c.revision}
    checked = {c.number for c in office.store.cases.listed() if "order.checked" in office.told(c)}
    return sum(len(t.candidates) > 1 and t.case in checked for t in last.values())


class TestWhatCannotBeTold:
    def test_a_policy_that_looks_back_further(self, past: Office) -> None:
        tally, _ = simulated(past, changed(tolerances=tolerances(split_window_days=30)))
        (why,) = tally.untold
        assert why == "The record holds 7 days for split orders; the new policy looks back 30."
        assert tally.cases + len(tally.untold[why]) + sum(tally.elsewhere.values()) == len(list(past.store.cases.listed()))

    def test_unless_it_does_not_ask(self, past: Office) -> None:
        off = {Code.SPLIT_ORDER: Severity.OFF}
        tally, _ = simulated(past, changed(tolerances=tolerances(split_window_days=30), severities=changed().severities | off))
        assert tally.untold == {}

    def test_a_policy_in_another_currency(self, past: Office) -> None:
        tally, _ = simulated(past, changed(base_currency="USD"))
        assert tally.cases == 0
        assert list(tally.untold) == ["It was decided in EUR, as were limits and the past; the new policy counts in USD."]

    @pytest.mark.parametrize("step", ["verified", "facts", "check", "match"])
    def test_a_record_with_a_hole(self, tmp_path: Path, step: str) -> None:
        import sqlite3

        office = office_of(tmp_path)
        case = office.example("xml/4500018001.xml")
        with sqlite3.connect(tmp_path / "signoff.db") as db:
            db.execute("DELETE FROM steps WHERE step = ?", (step,))
        tally, _ = simulated(office, changed(tolerances=tolerances(price_percent=Decimal(9))))
        assert tally.cases == 0
        assert dict(tally.untold) == {f"The step {step!r} is missing from the record.": [case.number]}

    def test_a_policy_that_is_not_kept(self, tmp_path: Path) -> None:
        office = Office(tmp_path)
        case = office.example("xml/4500018001.xml")
        tally, _ = simulated(office, changed(approvals=()))
        ((why, cases),) = tally.untold.items()
        assert "missing from the record" in why
        assert cases == [case.number]


class TestWhatItIsPutBeside:
    def test_the_policy_of_the_record_or_the_one_in_force(self, tmp_path: Path) -> None:
        """The order was decided by rules that asked for nobody; the rules of today ask the CFO, and so do the new ones."""
        free, strict = (changed(approvals=(r,)) for r in (Rule(name="free", nobody=True), Rule(name="cfo", steps=(Step(role="cfo"),))))
        office = office_of(tmp_path, free)
        case = office.example("xml/4500018001.xml")
        assert case.state is State.POSTED
        recorded, moved = simulated(office, strict)
        assert (recorded.changed, recorded.differing, moved[0].before.unseen) == (1, [], True)
        assert [a.label for a in moved[0].after.asked] == ["cfo"]
        current, moved = simulated(office, strict, against=strict)
        assert (current.changed, moved) == (0, [])
        assert current.differing == [case.number]


def test_nobody_who_could_sign_is_told_with_the_reason(tmp_path: Path) -> None:
    office = office_of(tmp_path)
    case = office.example("xml/4500018001.xml")
    gates = changed().gates.model_copy(update={"fallback_approver": "astronaut"})
    tally, (moved,) = simulated(office, changed(gates=gates, approvals=(Rule(name="r", steps=(Step(role="pilot"),)),)))
    assert "astronaut" in moved.after.why
    assert dict(tally.unsignable) == {moved.after.why: [case.number]}
    assert (tally.after.cases["unsignable"], tally.counts["halted"]) == (1, 1)


def test_a_corrected_order_is_told_by_its_last_version(tmp_path: Path) -> None:
    office = office_of(tmp_path)
    case = office.decide(office.example("xml/4500018026.xml"), "E-021", "edit", {"/payable_amount": "189.60"})
    approved(office, case)
    tally, moved = simulated(office, changed())
    assert (tally.cases, moved, tally.differing, tally.before.cases["review"]) == (1, [], [], 0)


def test_an_unknown_amount_is_shown_before_the_largest() -> None:
    """It may be any."""
    moves = [
        Moved(n, amount, Outcome(), Outcome((Asked("approval", "cfo", ("E-1",)),)))
        for n, amount in enumerate((Decimal(5), None, Decimal(7)))
    ]
    assert [m.case for m in largest(moves)] == [1, 2, 0]


def test_an_order_that_was_taken_in_on_other_days_is_left_out(past: Office) -> None:
    tally, _ = simulated(past, changed(), Span(1, 1000, ("2026-11-21", "9999")))
    assert tally == Tally()
