"""The model behind an OpenAI-compatible endpoint. The only file that imports `openai`, which sends one request and no more:
what is tried again, and how often, `pursuit.py` says; what an answer must be, `answers.py`."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast
from urllib.parse import urlsplit

import aiohttp
import httpx2
import openai
from aiolimiter import AsyncLimiter

from signoff.agents.client import answers, refusals
from signoff.agents.client.breaker import Breaker
from signoff.agents.client.course import Course
from signoff.agents.client.dialect import Dialect
from signoff.agents.client.endpoint import Endpoint
from signoff.agents.client.prices import Prices
from signoff.agents.client.pursuit import Pace, Pursuit, Speaker
from signoff.agents.client.refusals import Place, Refusal
from signoff.agents.client.streaming import Assembly, events
from signoff.agents.client.trouble import Resting, Trouble, lost, retry_after, scrubbed
from signoff.agents.messages import Question, Reply, Usage

PATH = "/chat/completions"
AS_IT_COMES: Any = {"headers": {"X-Stainless-Raw-Response": "stream"}}
"""What `with_streaming_response.create` sets too; that checks every parameter first, at half of the CPU of a call."""
MAX_ANSWER = 8_000_000
UNKNOWN_PARAMETER = (400, 415, 422, 500, 501)
UNREACHED = (httpx2.ConnectError, httpx2.ProxyError, aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
FAILURES = (openai.OpenAIError, httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL, OSError)


Turn = Callable[[], Awaitable[None]]
"""Waits until it is the caller's turn to send a request."""


@dataclass(frozen=True)
class _Line:
    """Connections, and how much may go over them at once: shared by everything that runs in an event loop."""

    loop: asyncio.AbstractEventLoop
    client: openai.AsyncOpenAI
    slots: asyncio.Semaphore
    turn: Turn | None


class OpenAIModel:
    """Implements `asking.Model`. One for the whole process; `close` it in the event loop that used it.

    `turn` spreads the requests of several processes evenly; without it those of this process are.
    """

    def __init__(self, endpoint: Endpoint, prices: Prices | None = None, pace: Pace | None = None, turn: Turn | None = None) -> None:
        self._endpoint, self._pace, self._turn = endpoint, pace or Pace(), turn
        self._prices = prices or Prices(api_url=endpoint.base_url)
        places = [Place(endpoint.host, endpoint.model, "SIGNOFF_MODEL", endpoint.secret)]
        if endpoint.fallback:
            places.append(Place(endpoint.host, endpoint.fallback, "SIGNOFF_FALLBACK_MODEL", endpoint.secret))
        clock = self._pace.clock
        self._speakers = [Speaker(p, Breaker(clock), Dialect(images=endpoint.images), last=p is places[-1]) for p in places]
        self._open: _Line | None = None

    def __repr__(self) -> str:
        return f"OpenAIModel({self.name!r} at {self.provider})"

    @property
    def name(self) -> str:
        return self._endpoint.model

    @property
    def provider(self) -> str:
        """As OpenTelemetry names it (`gen_ai.provider.name`): `openai`, else the host."""
        return "openai" if self._endpoint.host == "api.openai.com" else self._endpoint.host

    @property
    def takes_images(self) -> bool:
        return self._speakers[0].dialect.images

    @property
    def keeps_tools(self) -> bool:
        return self._endpoint.tools == "native"

    def price(self, usage: Usage) -> Decimal | None:
        """US dollars for so many tokens of the dearest model; `None` where no price is known."""
        costs = [self._prices.cost([speaker.place.model], usage) for speaker in self._speakers]
        return max((cost for cost in costs if cost is not None), default=None)

    async def complete(self, question: Question) -> Reply:
        """The whole answer. Raises `ModelFailed`."""
        *_, reply = [piece async for piece in self._pursued(question, stream=False)]
        return cast(Reply, reply)

    async def stream(self, question: Question) -> AsyncIterator[str | Reply]:
        """Pieces of text as they come, then the answer. After the first piece nothing is tried again: it cannot be taken back."""
        async with aclosing(self._pursued(question, stream=True)) as said:
            async for piece in said:
                yield piece

    async def close(self) -> None:
        if self._open and self._open.loop is asyncio.get_running_loop():
            await self._open.client.close()
        self._open = None

    def _pursued(self, question: Question, *, stream: bool) -> AsyncGenerator[str | Reply, None]:
        course = Course(question, stream, started=self._pace.clock(), max_tokens=question.max_tokens)
        return Pursuit(self._speakers, self._ask, self._prices, self._pace).answer(course)

    async def _ask(self, course: Course, speaker: Speaker) -> AsyncGenerator[str | Reply, None]:
        """One request, when it is its turn."""
        line = self._line()
        async with line.slots:
            if line.turn:
                await line.turn()
            if seconds := speaker.breaker.wait():
                raise Resting(speaker.place.host, seconds)
            with _troubles(speaker.place):
                if course.stream:
                    async with aclosing(self._streamed(line, course, speaker)) as pieces:
                        async for piece in pieces:
                            yield piece
                else:
                    yield answers.reply(await self._whole(line, course, speaker), course.question, speaker.place.host)

    async def _whole(self, line: _Line, course: Course, speaker: Speaker) -> bytes:
        async with asyncio.timeout(self._endpoint.timeout), self._response(line, course, speaker) as response:
            return b"".join([chunk async for chunk in _bounded(response, speaker.place.host)])

    async def _streamed(self, line: _Line, course: Course, speaker: Speaker) -> AsyncGenerator[str | Reply, None]:
        host = speaker.place.host
        assembly = Assembly(host)
        async with self._response(line, course, speaker) as response:
            if "json" in response.headers.get("content-type", ""):  # an endpoint that does not stream
                reply = answers.reply(b"".join([chunk async for chunk in _bounded(response, host)]), course.question, host)
                yield reply.text
                yield reply
                return
            coming = events(_bounded(response, host), host)
            while (event := await asyncio.wait_for(anext(coming, None), self._endpoint.timeout)) is not None:
                if text := assembly.add(event):
                    yield text
        yield answers.accept(assembly.payload(), course.question, host)

    @asynccontextmanager
    async def _response(self, line: _Line, course: Course, speaker: Speaker) -> AsyncIterator[httpx2.Response]:
        """The response to a question, put otherwise as long as the endpoint refuses a parameter that can be done without."""
        dialect, answer_before = speaker.dialect, speaker.dialect.answer
        while True:
            body = dialect.body(
                speaker.place.model, course.question, max_tokens=course.max_tokens, complaint=course.complaint, stream=course.stream
            )
            course.attempts += 1
            try:
                response = await line.client.post(PATH, body=body, cast_to=httpx2.Response, options=AS_IT_COMES)
            except openai.APIStatusError as error:
                refusal = _refusal(error)
            else:
                break
            if refusal.status not in UNKNOWN_PARAMETER or not dialect.learn(body, refusal.said, guess=refusal.status < 500):
                dialect.answer = answer_before
                raise refusals.trouble(refusal, speaker.place)
        try:
            yield response
        finally:
            await response.aclose()

    def _line(self) -> _Line:
        """The connections of the running loop."""
        loop = asyncio.get_running_loop()
        if self._open is None or self._open.loop is not loop:
            per_minute = self._endpoint.requests_per_minute
            own = AsyncLimiter(1, 60 / per_minute).acquire if per_minute else None
            self._open = _Line(loop, self._client(), asyncio.Semaphore(self._endpoint.concurrency), self._turn or own)
        return self._open

    def _client(self) -> openai.AsyncOpenAI:
        """Without retries of its own, and without following redirects, which would hand a document to another host."""
        timeout = httpx2.Timeout(self._endpoint.timeout, connect=min(10.0, self._endpoint.timeout))
        limits = httpx2.Limits(max_connections=self._endpoint.concurrency, max_keepalive_connections=self._endpoint.concurrency)
        plain = urlsplit(self._endpoint.base_url).scheme == "http"
        verify = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if plain else True  # reading the authorities takes longer than a local call
        http = openai.DefaultAioHttpClient(follow_redirects=False, timeout=timeout, limits=limits, verify=verify)
        key = self._endpoint.secret or "none"
        return openai.AsyncOpenAI(api_key=key, base_url=self._endpoint.base_url, max_retries=0, timeout=timeout, http_client=http)


async def _bounded(response: httpx2.Response, host: str) -> AsyncIterator[bytes]:
    """The body as it comes; an endless one is given up."""
    size = 0
    async for chunk in response.aiter_bytes():
        size += len(chunk)
        if size > MAX_ANSWER:
            raise lost(f"{host} answered with more than {MAX_ANSWER // 1_000_000} MB.")
        yield chunk


@contextmanager
def _troubles(place: Place) -> Iterator[None]:
    """The errors of the libraries below as `Trouble`."""
    try:
        yield
    except FAILURES as error:
        raise _trouble(error, place) from None


def _trouble(error: BaseException, place: Place) -> Trouble:
    causes = list(_causes(error))
    if _any(causes, httpx2.UnsupportedProtocol, httpx2.InvalidURL):
        return Trouble("none", "misconfigured", "OPENAI_BASE_URL is no address; it looks like https://api.openai.com/v1.")
    if _any(causes, *UNREACHED):
        return Trouble("wait", "unavailable", f"{place.host} cannot be reached: {scrubbed(str(causes[-1]), place.key)}.")
    if _any(causes, TimeoutError, httpx2.ReadTimeout):
        return lost(f"{place.host} did not answer in time.")
    return lost(f"The connection to {place.host} was lost before the answer was there.")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it was raised from. The types in the middle do not tell: a closed connection comes as a time-out."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__


def _any(errors: list[BaseException], *types: type[BaseException]) -> bool:
    return any(isinstance(error, types) for error in errors)


def _refusal(error: openai.APIStatusError) -> Refusal:
    body = error.body if isinstance(error.body, dict) else {}
    said = body.get("message") if body else error.body
    headers = {name.casefold(): value for name, value in error.response.headers.items()}
    return Refusal(error.status_code, str(said or ""), str(body.get("code") or ""), retry_after(headers))
