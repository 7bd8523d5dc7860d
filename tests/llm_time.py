"""A clock for a client that waits, so that a test does not."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from signoff.agents.client.pursuit import Pace


@dataclass
class Time:
    """A clock that only sleeping moves."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)

    def pace(self, **changes: Any) -> Pace:
        return Pace(sleep=self.sleep, clock=lambda: self.now, **changes)
