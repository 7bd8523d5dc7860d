"""Traces for an OpenTelemetry collector, where the environment names one (`OTEL_EXPORTER_OTLP_ENDPOINT`); otherwise nothing is sent.

The variables are OpenTelemetry's own; its SDK, which the extra `otel` installs, reads the others.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from signoff.domain.errors import BadInput

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
CONTENT = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"


def content() -> bool:
    """Whether spans carry what models were told and answered."""
    return os.environ.get(CONTENT, "").casefold() == "true"


@contextmanager
def exported() -> Iterator[None]:
    """Send the spans of what is done inside. Raises `BadInput` where a collector is named and the extra is not installed."""
    provider = _provider() if any(os.environ.get(name) for name in ENDPOINTS) else None
    try:
        yield
    finally:
        if provider is not None:
            provider.force_flush()


@cache
def _provider() -> TracerProvider:
    try:
        from opentelemetry import trace
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise BadInput(f"{ENDPOINTS[0]} is set, but the exporter is missing; run: pip install 'signoff[otel]'") from error
    name = os.environ.get("OTEL_SERVICE_NAME") or "signoff"
    provider = TracerProvider(resource=Resource.create({"service.name": name}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return provider
