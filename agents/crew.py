"""What the agents work with, wired once: the model, what may be spent over the whole batch, and who may do what."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from signoff.agents.asking import Budget, Model
from signoff.tools.documents.document import Document

Opener = Callable[[str, str], Awaitable[Document]]
"""The document with this SHA-256 and file name, opened from the archive in a process of its own."""


@dataclass(frozen=True)
class Crew:
    """Present only where a model is configured; without it every case goes its way by rules and people alone."""

    model: Model
    budget: Budget
    open: Opener
