"""One question until it is answered, until nothing helps, or until two answers were generated that could not be used.

It never costs more than two answers. What a busy or broken endpoint did not answer costs nothing and is tried again within
limits, then with the next model.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_exponential_jitter

from signoff.agents.client.breaker import Breaker
from signoff.agents.client.course import Course
from signoff.agents.client.dialect import Dialect
from signoff.agents.client.prices import Prices
from signoff.agents.client.refusals import Place
from signoff.agents.client.trouble import Resting, Trouble
from signoff.agents.messages import ModelFailed, Reply


@dataclass(frozen=True)
class Pace:
    """How patiently a busy endpoint is tried again: at most `tries` times, waiting from `first` up to `most` seconds in between
    or as long as it asks for up to `longest`, and `patience` in all."""

    tries: int = 8
    first: float = 0.5
    most: float = 20.0
    longest: float = 60.0
    patience: float = 120.0
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    clock: Callable[[], float] = time.monotonic


@dataclass
class Speaker:
    """A model of an endpoint, with what is known of how it behaves. `last`: there is no other to turn to."""

    place: Place
    breaker: Breaker
    dialect: Dialect
    last: bool


Attempt = Callable[[Course, Speaker], AsyncGenerator[str | Reply, None]]
"""One request: pieces of text, if they come in pieces, then the answer. Raises `Trouble`; `Resting` where nothing was sent."""


@dataclass(frozen=True)
class Pursuit:
    """The speakers in the order in which they are turned to, and how one of them is asked once."""

    speakers: Sequence[Speaker]
    ask: Attempt
    prices: Prices
    pace: Pace

    async def answer(self, course: Course) -> AsyncGenerator[str | Reply, None]:
        """Pieces and the answer; raises `ModelFailed`, behind which none of a library's errors stands, with their headers and bodies."""
        failure: ModelFailed | None = None
        for speaker in self.speakers:
            course.tries = 0
            try:
                async for attempt in self._attempts(course, speaker):
                    with attempt:
                        async with aclosing(self._counted(course, speaker)) as said:
                            async for piece in said:
                                yield piece
                return
            except Trouble as trouble:
                failure = course.failed(trouble, speaker.place.model, self.pace.clock())
                if trouble.failure != "unavailable" or course.spent:
                    break
        assert failure is not None
        raise failure

    def _attempts(self, course: Course, speaker: Speaker) -> AsyncRetrying:
        pace = self.pace
        backoff = wait_exponential_jitter(multiplier=pace.first, max=pace.most, jitter=pace.first)

        def wait(state: RetryCallState) -> float:
            trouble = _trouble(state)
            if trouble.remedy in ("correct", "longer"):
                return 0.0
            return backoff(state) if trouble.after is None else trouble.after + backoff(state) / 4

        def stop(state: RetryCallState) -> bool:
            trouble = _trouble(state)
            resting = isinstance(trouble, Resting)
            elsewhere = resting and (not speaker.last or speaker.breaker.down() > pace.patience)
            too_long = (trouble.after or 0) > pace.longest or state.idle_for + state.upcoming_sleep > pace.patience
            return course.spent or elsewhere or too_long or course.tries >= pace.tries

        return AsyncRetrying(retry=retry_if_exception(_may_pass), wait=wait, stop=stop, sleep=pace.sleep, reraise=True)

    async def _counted(self, course: Course, speaker: Speaker) -> AsyncGenerator[str | Reply, None]:
        """One request, with what it took on the course and what it tells of the speaker."""
        try:
            async with aclosing(self.ask(course, speaker)) as said:
                async for piece in said:
                    if isinstance(piece, Reply):
                        speaker.breaker.answered()
                        course.heard(piece.usage, self.prices.cost([piece.model, speaker.place.model], piece.usage))
                        yield course.answered(piece, self.pace.clock())
                    else:
                        course.given_out = True
                        yield piece
        except Resting:
            raise
        except Trouble as trouble:
            self._note(course, speaker, trouble)
            raise

    def _note(self, course: Course, speaker: Speaker, trouble: Trouble) -> None:
        course.troubled(trouble)
        if trouble.paid:
            heard = trouble.heard
            course.heard(heard.usage, self.prices.cost([heard.model, speaker.place.model], heard.usage))
        if trouble.after is not None:
            speaker.breaker.asked_to_wait(min(trouble.after, self.pace.longest))
        elif trouble.failure == "unavailable":
            speaker.breaker.failed()
        else:
            speaker.breaker.answered()


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, Trouble) and error.remedy != "none"


def _trouble(state: RetryCallState) -> Trouble:
    error = state.outcome.exception() if state.outcome else None
    assert isinstance(error, Trouble)
    return error
