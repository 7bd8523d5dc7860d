"""Answers that are damaged on their way."""

from __future__ import annotations

import asyncio
import gzip
from contextlib import suppress

from llm_fault import Family
from llm_wire import HTML, Exchange

PAGE = b"<!doctype html><html><body><h1>Welcome</h1></body></html>"
BOMB = gzip.compress(b" " * 20_000_000, 1)
faults = Family()


@faults.after
async def slow(x: Exchange) -> None:
    """the answer comes later than the client waits"""
    await asyncio.sleep(x.server.slow)
    await x.send()


@faults.after
async def stalled(x: Exchange) -> None:
    """half of the body, then nothing"""
    body = x.body()
    await x.send(body=body[: len(body) // 2], length=len(body))
    await asyncio.sleep(x.server.slow)
    x.hang_up()


@faults.after
async def dripping(x: Exchange) -> None:
    """a byte now and then, for ever"""
    body = x.body()
    await x.send(body=b"", length=len(body))
    with suppress(ConnectionError):
        for n in range(len(body)):
            x.writer.write(body[n : n + 1])
            await x.writer.drain()
            await asyncio.sleep(0.02)


@faults.after
async def disconnect_before_headers(x: Exchange) -> None:
    """the connection is lost when the answer was ready"""
    await asyncio.sleep(0.01)
    x.hang_up()


@faults.after
async def disconnect_after_headers(x: Exchange) -> None:
    """the connection is lost behind the headers"""
    await x.send(body=b"", length=len(x.body()))
    x.hang_up()


@faults.after
async def truncated(x: Exchange) -> None:
    """the connection is lost in the middle of the body"""
    body = x.body()
    await x.send(body=body[: len(body) // 2], length=len(body))
    x.hang_up()


@faults.after
async def cut_json(x: Exchange) -> None:
    """a proper body that holds half of the JSON"""
    await x.send(body=x.body()[: len(x.body()) // 2])


@faults.after
async def cut_gzip(x: Exchange) -> None:
    """a compressed body that breaks off"""
    packed = gzip.compress(x.body())
    await x.send(body=packed[: len(packed) // 2], content_encoding="gzip")


@faults.after
async def empty_body(x: Exchange) -> None:
    """200 with no body"""
    await x.send(body=b"")


@faults.after
async def html(x: Exchange) -> None:
    """200 with a web page"""
    await x.send(body=PAGE, content_type=HTML)


@faults.after
async def invalid_utf8(x: Exchange) -> None:
    """bytes that are no UTF-8"""
    await x.send(body=x.body().replace(b'"content": "', b'"content": "\xff\xfe', 1))


@faults.after
async def wrong_content_type(x: Exchange) -> None:
    """the right answer as `text/plain`"""
    await x.send(content_type="text/plain")


@faults.after
async def early_hints(x: Exchange) -> None:
    """an informational 103 before the right answer"""
    x.writer.write(b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n")
    await x.send()


@faults.after
async def too_big(x: Exchange) -> None:
    """an answer of 9 MB"""
    x.message["content"] = "word " * 1_800_000
    await x.send()


@faults.after
async def bomb(x: Exchange) -> None:
    """a compressed body of 20 KB that is 20 MB"""
    await x.send(body=BOMB, content_encoding="gzip")
