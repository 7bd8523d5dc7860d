"""Signals: what speaks for a field raises its confidence, what speaks against it lowers it, and weak critical fields stop a reading."""

from __future__ import annotations

import pytest

from signoff.domain.checks.signals import Signals, confidence, signals
from signoff.domain.reading import Evidence, Lane, Witness

LEAST = 0.8
"""What policy asks of a critical field unless told otherwise."""


def sure(lane: Lane, **more: object) -> float:
    return confidence(Signals(lane, **{"grounded": True, "proved": False, **more}))  # type: ignore[arg-type]


@pytest.mark.parametrize("lane", [lane for lane in Lane if lane is not Lane.PERSON])
def test_each_signal_moves_the_confidence_its_way(lane: Lane) -> None:
    bare = sure(lane)
    assert sure(lane, proved=True) > sure(lane, labelled=True) > bare
    assert sure(lane, witnesses=2) > sure(lane, witnesses=1) > bare
    assert sure(lane, grounded=False) < min(bare, 0.5)
    assert sure(lane, quality=0.7) < sure(lane, quality=0.95) <= bare < sure(lane, quality=1.0)


def test_what_a_person_said_is_certain() -> None:
    assert sure(Lane.PERSON) == 1


@pytest.mark.parametrize(
    ("more", "enough"),
    [
        ({}, False),
        ({"labelled": True}, True),
        ({"witnesses": 1}, True),
        ({"proved": True}, True),
        ({"labelled": True, "grounded": False}, False),
    ],
)
def test_a_value_on_a_page_needs_a_label_a_witness_or_arithmetic(more: dict[str, object], enough: bool) -> None:
    assert (sure(Lane.LAYOUT, **more) >= LEAST) is enough


@pytest.mark.parametrize(("quality", "enough"), [(0.99, True), (0.97, True), (0.9, False), (0.6, False)])
def test_a_label_on_a_scan_is_enough_only_where_it_was_recognised_well(quality: float, enough: bool) -> None:
    assert (sure(Lane.OCR, labelled=True, quality=quality) >= LEAST) is enough
    assert sure(Lane.OCR, quality=1.0) < LEAST


def test_signals_come_from_evidence_and_witnesses() -> None:
    evidence = Evidence(text="4711", label="Order no.", quality=0.9)
    seen = signals("/order_number", Lane.OCR, evidence, (Witness.REPEATED,), grounded=True, proved=False)
    assert seen == Signals(Lane.OCR, grounded=True, proved=False, labelled=True, witnesses=1, quality=0.9)
    assert signals("/currency", Lane.LAYOUT, Evidence(text="EUR"), (), grounded=True, proved=False).labelled
    assert not signals("/order_number", Lane.LAYOUT, Evidence(text="4711"), (), grounded=True, proved=False).labelled
