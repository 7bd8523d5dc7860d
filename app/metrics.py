"""Metrics and health of a worker over HTTP, for Prometheus and whatever keeps processes running.

The store's connection belongs to the thread of the worker's loop. That puts figures here, and the server's threads only read what was
put: a scrape costs the store nothing, and a worker that hangs shows in `/healthz`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from signoff.domain.errors import BadInput
from signoff.domain.states import State
from signoff.graph.monitoring import Figures

FRESH = 5.0
"""Seconds for which figures are good enough."""
PATIENCE = 120.0
"""Seconds after its last sign of life that a worker counts as stuck."""


class Metrics:
    """What one worker did, and the store's figures as it last saw them."""

    def __init__(self) -> None:
        try:
            from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
        except ImportError as error:
            raise BadInput("--listen needs a library; install it with: pip install 'signoff[metrics]'.") from error
        self.registry = CollectorRegistry()
        made: dict[str, Any] = {"registry": self.registry}
        self.done = Counter("signoff_jobs_done", "Jobs this worker has done.", ("kind", "outcome"), **made)
        self.seconds = Histogram("signoff_job_seconds", "How long a job took.", buckets=(0.05, 0.1, 0.5, 1, 5, 15, 60, 300), **made)
        self.cases = Gauge("signoff_cases", "Cases in a state.", ("state",), **made)
        self.oldest = Gauge("signoff_oldest_seconds", "How long the longest case has been in a state.", ("state",), **made)
        self.jobs = Gauge("signoff_jobs", "Jobs by how they stand.", ("status",), **made)
        self.workers = Gauge("signoff_workers", "Workers that hold jobs.", **made)
        self.pending = Gauge("signoff_postings_pending", "Postings requested and not done.", **made)
        self.money = Gauge("signoff_money_waiting", "What waiting cases come to, in base currency.", **made)
        self.cost = Gauge("signoff_model_cost_day_dollars", "What models cost within a day, in US dollars.", **made)
        self.calls = Gauge("signoff_model_calls_day", "Model calls within a day.", **made)
        self.round = Gauge("signoff_worker_last_round_timestamp_seconds", "When the worker last began a round.", **made)
        self._alive = self._seen = 0.0
        self.trouble: str | None = "The worker has not begun."

    def job(self, kind: str, outcome: str, seconds: float) -> None:
        self.done.labels(kind, outcome).inc()
        self.seconds.observe(seconds)

    def alive(self, trouble: str | None = None) -> None:
        """At the beginning of a round; with what keeps the worker from working."""
        self._alive, self.trouble = time.monotonic(), trouble
        self.round.set(time.time())

    @property
    def due(self) -> bool:
        """Whether the figures are old."""
        return time.monotonic() > self._seen + FRESH

    def show(self, found: Figures) -> None:
        self._seen = time.monotonic()
        for state in State:
            stage = found.stages.get(state)
            self.cases.labels(state).set(stage.count if stage else 0)
            self.oldest.labels(state).set(stage.oldest_seconds if stage else 0)
        for name in ("queued", "delayed", "running", "stalled", "set_aside"):
            self.jobs.labels(name).set(getattr(found.jobs, name))
        for gauge, value in (
            (self.workers, found.jobs.workers), (self.pending, found.postings_pending), (self.money, found.money_waiting),
            (self.cost, found.model_cost_day), (self.calls, found.model_calls_day),
        ):  # fmt: skip
            gauge.set(float(value))

    def answer(self, path: str) -> tuple[int, str]:
        """The status and the body of an answer."""
        from prometheus_client import generate_latest

        stuck = time.monotonic() - self._alive > PATIENCE
        match path.partition("?")[0]:
            case "/metrics":
                return 200, generate_latest(self.registry).decode()
            case "/healthz":
                return (503, "The worker gives no sign of life.\n") if stuck else (200, "alive\n")
            case "/readyz":
                return (503, f"{self.trouble or 'The worker gives no sign of life.'}\n") if self.trouble or stuck else (200, "ready\n")
        return 404, "There are /metrics, /healthz and /readyz.\n"


@contextmanager
def served(metrics: Metrics, listen: str) -> Iterator[str]:
    """The metrics at an address (`127.0.0.1:9464`; port 0 for any that is free), as long as the block runs; the address it came to be."""
    host, _, port = listen.rpartition(":")
    if not host or not port.isdigit():
        raise BadInput(f"--listen {listen} is no address; write it like 127.0.0.1:9464.")
    try:
        server = ThreadingHTTPServer((host, int(port)), type("Handler", (_Handler,), {"metrics": metrics}))
    except (OSError, OverflowError) as error:
        raise BadInput(f"--listen {listen} cannot be used ({error}); name another address.") from error
    thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    try:
        yield f"{host}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    metrics: Metrics

    def do_GET(self) -> None:
        status, body = self.metrics.answer(self.path)
        content = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Scrapes are no news."""
