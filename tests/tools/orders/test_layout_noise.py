"""Noise: words of a printed order are changed, pointed otherwise or lost, and no wrong figure may ever stand in a clear reading."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from signoff.domain.checks.verify import Verification, verify
from signoff.domain.order import Order
from signoff.domain.policy import Policy
from signoff.domain.reading import DraftOrder, Verdict
from signoff.tools.documents.document import Document, Source, Word
from signoff.tools.documents.opening import open_document
from signoff.tools.orders.reading import read

ROOT = Path(__file__).parents[3]
PAPERS = (
    "examples/orders/pdf/4500018070.pdf",
    "examples/orders/pdf/4500018071.pdf",
    "examples/orders/documents/4500018077.txt",
    "tests/documents/pdf/german.pdf",
    "tests/documents/pdf/two_pages.pdf",
)
RATES, SEEDS = (0.01, 0.04), 8
POLICY = Policy.model_validate(
    {
        "version": 1,
        "dated": "2026-01-01",
        "company": {"name": "Werkhaus Beispiel AG"},
        "base_currency": "EUR",
        "approvals": [{"name": "all", "steps": [{"role": "buyer"}]}],
    }
)


def noisy(word: Word, rng: random.Random) -> Word | None:
    """The word with one digit changed or one mark between digits lost, or no word."""
    digits = [i for i, c in enumerate(word.text) if c.isdigit()]
    marks = [i for i in digits[:-1] if word.text[i + 1] in ".," and i + 2 in digits]
    change = rng.choice(("digit", "mark", "word"))
    if change == "word":
        return None
    if change == "digit" and digits:
        at = rng.choice(digits)
        return replace(word, text=word.text[:at] + str((int(word.text[at]) + rng.randint(1, 9)) % 10) + word.text[at + 1 :])
    at = rng.choice(marks) + 1 if marks else len(word.text)
    return replace(word, text=word.text[:at] + word.text[at + 1 :])


def shaken(document: Document, rng: random.Random, rate: float) -> Document:
    kept = [[w if rng.random() >= rate else noisy(w, rng) for w in page.words] for page in document.pages]
    pages = (replace(page, words=tuple(w for w in words if w)) for page, words in zip(document.pages, kept, strict=True))
    return replace(document, pages=tuple(pages))


def read_one(document: Document) -> tuple[Order, Verification] | None:
    drafts = [part for part in read(document) if isinstance(part, DraftOrder)]
    return (drafts[0].order, verify(drafts[0], POLICY)) if len(drafts) == 1 else None


def figures(order: Order) -> tuple[Decimal | None, list[tuple[Decimal | None, ...]]]:
    return order.payable_amount, [(line.quantity, line.unit_price, line.line_amount) for line in order.lines]


def clear_readings(name: str) -> Iterator[tuple[str, Order]]:
    path = ROOT / name
    document = open_document(Source(path.name, path.read_bytes()))
    for rate in RATES:
        for seed in range(SEEDS):
            found = read_one(shaken(document, random.Random(f"{name} {rate} {seed}"), rate))
            if found and found[1].reading.verdict is Verdict.CLEAR:
                yield f"{rate} {seed}", found[0]


@pytest.mark.parametrize("name", PAPERS)
def test_no_wrong_figure_stands_in_a_clear_reading(name: str) -> None:
    path = ROOT / name
    clean = read_one(open_document(Source(path.name, path.read_bytes())))
    assert clean is not None
    assert clean[1].reading.verdict is Verdict.CLEAR
    clear = list(clear_readings(name))
    assert clear, "the test shows nothing when no shaken paper is read clearly"
    assert [(run, figures(order)) for run, order in clear if figures(order) != figures(clean[0])] == []
