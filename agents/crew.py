"""What the agents work with, wired once: the model, what may be spent, what they may do, and how documents are opened for them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from signoff.agents.asking import Budget, Model
from signoff.tools.access import Access
from signoff.tools.orders.transcript import Member, Transcript

Opener = Callable[[str, str, Member], Awaitable[Transcript]]
"""What a paper prints: by the file's name, the SHA-256 of its bytes in the archive, and which paper in it."""


@dataclass(frozen=True)
class Crew:
    """Present only where a model is configured; without it every case goes its way by rules and people alone.

    `budget` holds for cases and the batch they run in, `chat_budget` for conversations. `rest` ends the connections of the event
    loop that runs, before that ends; `close` ends the processes that open documents.
    """

    model: Model
    budget: Budget
    chat_budget: Budget
    access: Access
    open: Opener
    rest: Callable[[], Awaitable[None]]
    close: Callable[[], None]
