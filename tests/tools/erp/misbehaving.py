"""A proxy on loopback before a real server, which goes wrong as networks and servers do.

The server does what it is told; what the client learns of it is another matter.
"""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Answer(NamedTuple):
    status: int
    body: bytes


Fault = Callable[[str, Callable[[], Answer]], Answer | None]
"""What becomes of a request: handed `METHOD /path` and what passes it on; `None` hangs up."""


def dropped(request: str, forward: Callable[[], Answer]) -> Answer | None:
    """Done, and the answer is lost."""
    forward()
    return None


def failed(request: str, forward: Callable[[], Answer]) -> Answer | None:
    """Done, and the server says that it was not."""
    forward()
    return Answer(500, b"<h1>Internal Server Error</h1>")


def stalled(request: str, forward: Callable[[], Answer]) -> Answer | None:
    """Done, and the answer comes when nobody waits any more."""
    answer = forward()
    time.sleep(1.5)
    return answer


def doubled(request: str, forward: Callable[[], Answer]) -> Answer | None:
    """Delivered twice; the client gets the second answer."""
    forward()
    return forward()


def refused(request: str, forward: Callable[[], Answer]) -> Answer | None:
    """Never delivered."""
    return None


def garbled(request: str, forward: Callable[[], Answer]) -> Answer | None:
    """Done, and something else than the server answers."""
    forward()
    return Answer(200, b"<html>Please sign in to the guest network</html>")


def busy(request: str, forward: Callable[[], Answer]) -> Answer | None:
    return Answer(429, b"")


class Proxy(ThreadingHTTPServer):
    """Passes on to a port; `faults` are used up one a request that `when` picks."""

    daemon_threads = True

    def __init__(self, target: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.target, self.port = target, int(self.server_address[1])
        self.faults: list[Fault] = []
        self.when: Callable[[str], bool] = lambda request: True
        self.alter: Callable[[str, bytes], bytes] = lambda request, body: body
        self.lock, self.requests = threading.Lock(), list[str]()

    def fault(self, request: str) -> Fault | None:
        with self.lock:
            self.requests.append(request)
            return self.faults.pop(0) if self.faults and self.when(request) else None

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that has gone is what these tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Proxy

    def _pass(self) -> None:
        request = f"{self.command} {self.path}"
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))

        def forward() -> Answer:
            connection = http.client.HTTPConnection("127.0.0.1", self.server.target, timeout=30)
            try:
                connection.request(self.command, self.path, body, dict(self.headers))
                answer = connection.getresponse()
                return Answer(answer.status, self.server.alter(request, answer.read()))
            except OSError:
                return Answer(502, b"")
            finally:
                connection.close()

        fault = self.server.fault(request)
        answer = fault(request, forward) if fault else forward()
        if answer is None:
            self.close_connection = True
            return
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_POST = do_PUT = do_DELETE = _pass

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@contextmanager
def proxy(target: int) -> Iterator[Proxy]:
    made = Proxy(target)
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.shutdown()
        made.server_close()
