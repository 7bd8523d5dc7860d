"""A job is one trace: from the worker that took it, through the case's workflow, to the order in the ERP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from office import Office
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from signoff.domain.states import State
from signoff.graph import tracing

BY_ITSELF, SIGNED = "xml/4500018001.xml", "xml/4500018004.xml"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.close()


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "_tracer", provider.get_tracer("test"))
    return exporter


def way_to(span: ReadableSpan, spans: InMemorySpanExporter) -> list[ReadableSpan]:
    """The spans that this one lies in, outermost first, and itself."""
    by_id = {s.context.span_id: s for s in spans.get_finished_spans()}
    way = [span]
    while way[0].parent is not None:
        way.insert(0, by_id[way[0].parent.span_id])
    return way


def posted(spans: InMemorySpanExporter) -> list[ReadableSpan]:
    (span,) = (s for s in spans.get_finished_spans() if s.name == "erp create")
    return way_to(span, spans)


def test_from_the_worker_to_the_erp(office: Office, spans: InMemorySpanExporter) -> None:
    case = office.example(BY_ITSELF)
    assert case.state is State.POSTED
    way = posted(spans)
    assert [s.name for s in way] == ["job start", "invoke_workflow signoff", "erp create"]
    assert len({s.context.trace_id for s in spans.get_finished_spans()}) == 1
    job, workflow, erp = way
    assert (job.kind, erp.kind) == (SpanKind.CONSUMER, SpanKind.CLIENT)
    assert str((job.attributes or {})["signoff.worker"]).count("-") >= 2
    assert (workflow.attributes or {})["gen_ai.conversation.id"] == case.case_id
    assert (erp.attributes or {})["signoff.posting.key"] == f"{case.case_id}.0"


def test_the_job_that_follows_an_approval_is_a_trace_of_its_own(office: Office, spans: InMemorySpanExporter) -> None:
    case = office.example(SIGNED)
    first = {s.context.trace_id for s in spans.get_finished_spans()}
    office.sign_all(case)
    way = posted(spans)
    assert [s.name for s in way] == ["job resume", "invoke_workflow signoff", "erp create"]
    assert way[0].context.trace_id not in first


def test_an_erp_across_a_network_is_in_the_same_trace(office: Office, spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is called in a thread."""
    monkeypatch.setattr(type(office.services.erp), "remote", True)
    assert office.example(BY_ITSELF).state is State.POSTED
    assert [s.name for s in posted(spans)] == ["job start", "invoke_workflow signoff", "erp create"]
    assert len({s.context.trace_id for s in spans.get_finished_spans()}) == 1
