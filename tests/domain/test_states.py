"""The moves of a case, and that the graph knows no others."""

from __future__ import annotations

import pytest

from signoff.domain.errors import Refused
from signoff.domain.states import ENDED, MOVES, WAITING, State, move


def test_allowed_moves_are_made() -> None:
    for old, new in MOVES:
        assert move(old, new) is new


def test_every_other_move_is_refused() -> None:
    for old in State:
        for new in State:
            if (old, new) not in MOVES:
                with pytest.raises(Refused, match=f"A case that is {old} cannot become {new}"):
                    move(old, new)


def test_nothing_is_posted_without_approval() -> None:
    assert {old for old, new in MOVES if new is State.POSTED} == {State.APPROVED}
    assert {old for old, new in MOVES if new is State.APPROVED} == {State.ROUTED, State.NEEDS_APPROVAL, State.FAILED}


def test_ends_are_ends_but_a_failure_may_be_taken_up_again() -> None:
    assert {old for old, _ in MOVES if old in ENDED} == {State.FAILED}


def test_every_state_is_reached_and_every_other_is_left() -> None:
    assert {new for _, new in MOVES} == set(State)
    assert {old for old, _ in MOVES} >= set(State) - ENDED
    assert all((state, State.REJECTED) in MOVES for state in WAITING)
