"""The same orders in two other worlds: automation alone, which posts what it reads, and people alone, who type everything in.

Errors posted are counted from the truth; minutes of people's time come from a stated model, `MINUTES`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from signoff.evals.measured import Measured

MINUTES = {"typing": 3.0, "line": 0.5, "checking": 2.0, "review": 2.0, "correction": 0.3, "exception": 5.0, "approval": 1.0, "audit": 2.0}
"""Of people's time: to type in an order and each of its lines, to check it against contract and history, to review a reading and correct
a field of it, to settle an exception, to sign, to audit. Estimates; what a figure says hangs on them, so they are printed with it."""


@dataclass(frozen=True, slots=True)
class World:
    """A way of working: how many orders it posted, how many of these wrongly, how often somebody had to do something and for how long.

    `looks` are the touches besides signing and settling exceptions, which the company's policy asks for in either world: to type in, check,
    review or audit what an order says.
    """

    name: str
    orders: int
    posted: int
    errors: int
    touches: int
    looks: int
    minutes: float


def signoff(rows: Sequence[Measured]) -> World:
    """With gates, and people who answer: an error is an order that was posted and should not be, or with a wrong critical value."""
    posted = [r for r in rows if r.end.get("posted")]
    touches = sum(sum(r.touches.values()) for r in rows)
    minutes = sum(MINUTES[kind] * n for r in rows for kind, n in r.touches.items())
    minutes += MINUTES["correction"] * sum(r.corrections for r in rows)
    looks = sum(r.touches.get(kind, 0) for r in rows for kind in ("review", "audit"))
    return World("Signoff", len(rows), len(posted), sum(map(posted_wrongly, posted)), touches, looks, minutes)


def posted_wrongly(row: Measured) -> bool:
    """Whether an order in the ERP should not be there, or says something else than it should; unseen, its reading must be right."""
    wanted = row.expected_end or {"posted": False}
    if not wanted.get("posted"):
        return True
    seen = bool(row.touches.get("review"))
    return (row.end.get("vendor") != wanted.get("vendor")) or (not seen and not row.right)


def alone(rows: Sequence[Measured]) -> World:
    """The same readings, posted as they were read: everything that was taken for an order and has a number and lines."""
    posted = [r for r in rows if r.read and r.read_lines]
    errors = sum(not ((r.expected_end or {}).get("posted") and r.right) for r in posted)
    return World("automation alone", len(rows), len(posted), errors, 0, 0, 0.0)


def by_hand(rows: Sequence[Measured]) -> World:
    """Somebody types every order in and checks it, and whoever signs today signs, at least one person for each."""
    orders = [r for r in rows if r.there]
    signing = sum(max(1, len(r.expected_signers or ())) for r in orders)
    minutes = sum(MINUTES["typing"] + MINUTES["line"] * r.there_lines + MINUTES["checking"] for r in orders) + MINUTES["approval"] * signing
    wanted = sum(bool((r.expected_end or {}).get("posted")) for r in orders)
    return World("by hand", len(rows), wanted, 0, 2 * len(orders) + signing, 2 * len(orders), minutes)


def fewer(rows: Iterable[Measured], ours: str, theirs: str) -> float | None:
    """How many fewer of something ours has than theirs, as a share: `errors` against automation alone, the rest by hand."""
    listed = list(rows)
    mine, other = signoff(listed), alone(listed) if theirs == "alone" else by_hand(listed)
    before = getattr(other, ours)
    return 1 - getattr(mine, ours) / before if before else None
