"""Where a case stands, and the moves that are allowed: a set of (from, to) pairs and one function that refuses the rest."""

from __future__ import annotations

from enum import StrEnum

from signoff.domain.errors import Refused


class State(StrEnum):
    """The first five are on the way; the others are where a case rests, and are its `status` in the record."""

    RECEIVED = "received"
    READ = "read"
    VERIFIED = "verified"
    CHECKED = "checked"
    ROUTED = "routed"
    NEEDS_REVIEW = "needs_review"
    ON_HOLD = "on_hold"
    NEEDS_APPROVAL = "needs_approval"
    APPROVED = "approved"
    POSTED = "posted"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    NOT_AN_ORDER = "not_an_order"
    FAILED = "failed"


S = State
WAITING = frozenset({S.NEEDS_REVIEW, S.ON_HOLD, S.NEEDS_APPROVAL})
ENDED = frozenset({S.POSTED, S.REJECTED, S.DUPLICATE, S.NOT_AN_ORDER, S.FAILED})

MOVES: frozenset[tuple[State, State]] = frozenset(
    {
        (S.RECEIVED, S.READ),
        (S.RECEIVED, S.NOT_AN_ORDER),
        (S.RECEIVED, S.DUPLICATE),
        (S.READ, S.VERIFIED),
        (S.READ, S.NEEDS_REVIEW),
        (S.NEEDS_REVIEW, S.READ),
        (S.NEEDS_REVIEW, S.VERIFIED),
        (S.VERIFIED, S.CHECKED),
        (S.VERIFIED, S.NEEDS_REVIEW),
        (S.VERIFIED, S.ON_HOLD),
        (S.VERIFIED, S.DUPLICATE),
        (S.NEEDS_REVIEW, S.CHECKED),
        (S.ON_HOLD, S.CHECKED),
        (S.ON_HOLD, S.READ),
        (S.CHECKED, S.ROUTED),
        (S.ROUTED, S.APPROVED),
        (S.ROUTED, S.NEEDS_APPROVAL),
        (S.NEEDS_APPROVAL, S.APPROVED),
        (S.NEEDS_APPROVAL, S.READ),
        (S.APPROVED, S.POSTED),
        *((waiting, S.REJECTED) for waiting in WAITING),
        *((state, S.FAILED) for state in State if state not in ENDED),
        *((S.FAILED, state) for state in State if state not in ENDED),
    }
)


def move(old: State, new: State) -> State:
    """`new`, when a case may go there from `old`. Raises `Refused` otherwise."""
    if (old, new) not in MOVES:
        raise Refused(f"A case that is {old} cannot become {new}.")
    return new
