"""The contract agent on paper: terms that the rules left open, looked for clause by clause.

It has no tools and sees nothing but the clauses. What it says becomes a proposed term when code finds its quote in the paper, letter for
letter, and the value in the quote; a person confirms it like any other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from pydantic import Field

from signoff.agents.asking import Asker
from signoff.agents.loop import Assignment, opening, run
from signoff.agents.messages import ModelFailed
from signoff.domain import term_values
from signoff.domain.agreement import Agreement, FoundTerm, Place, TermKind
from signoff.domain.errors import BadInput
from signoff.domain.record import Record
from signoff.prompts import load
from signoff.tools.clauses import verify_quote

NAME = "terms"
BY = "contract agent"
WINDOW = 24_000
"""Characters of clauses that are shown at once."""
MOST = 3
"""Terms of one kind that are taken at most: beyond that it is guessing."""

_FORM: dict[TermKind, Callable[[str], Any]] = {
    TermKind.AGREEMENT_DATE: term_values.day,
    TermKind.EFFECTIVE_DATE: term_values.day,
    TermKind.EXPIRATION_DATE: term_values.last_day,
    TermKind.RENEWAL: term_values.duration,
    TermKind.NOTICE_PERIOD: term_values.duration,
    TermKind.CURRENCY: term_values.currency,
    TermKind.SPEND_CAP: term_values.cap,
    TermKind.MINIMUM_ORDER: term_values.amount,
    TermKind.DISCOUNT: term_values.discount,
    TermKind.LEAD_TIME: term_values.whole_days,
}
_PASSAGES = frozenset(
    {TermKind.MINIMUM_COMMITMENT, TermKind.VOLUME_RESTRICTION, TermKind.LIABILITY_CAP, TermKind.PRICE_RESTRICTION, TermKind.REBATE}
)
_SPELT = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS = {word: str(n) for n, word in enumerate(_SPELT, 1)} | {"fifteen": "15", "thirty": "30", "sixty": "60", "ninety": "90"}


class SaidTerm(Record):
    """One term, as the agent found it."""

    kind: TermKind
    value: str = Field(description="in the form of its kind")
    quote: str = Field(description="the words of one clause, copied exactly")


class SaidTerms(Record):
    """What the agent answers."""

    terms: tuple[SaidTerm, ...]


async def with_terms(asker: Asker, agreement: Agreement) -> Agreement:
    """The agreement with what the agent found of the kinds that the rules left open; with a notice where it could not look."""
    wanted = open_kinds(agreement)
    found: list[FoundTerm] = []
    try:
        for shown in windows(agreement):
            found += await _look(asker, agreement, wanted, shown)
    except ModelFailed as failed:
        return agreement.model_copy(update={"notices": (*agreement.notices, f"The contract agent could not look at it: {failed}"[:1000])})
    terms = [t for kind in wanted for t in _once(t for t in found if t.kind is kind)]
    return agreement.model_copy(update={"terms": (*agreement.terms, *terms)})


def open_kinds(agreement: Agreement) -> tuple[TermKind, ...]:
    """The kinds of which nothing was found; parties as long as there are not two."""
    found = {t.kind for t in agreement.terms}
    parties = len(agreement.found(TermKind.PARTY)) < 2
    return tuple(kind for kind in TermKind if kind not in found or (kind is TermKind.PARTY and parties))


def windows(agreement: Agreement) -> Iterator[str]:
    """The clauses as the agent is shown them, as many at once as fit."""
    shown: list[dict[str, Any]] = []
    size = 0
    for clause in agreement.clauses:
        if shown and size + len(clause.text) > WINDOW:
            yield json.dumps(shown, ensure_ascii=False)
            shown, size = [], 0
        shown.append({k: v for k, v in (("number", clause.number), ("heading", clause.heading), ("text", clause.text)) if v})
        size += len(clause.text)
    if shown:
        yield json.dumps(shown, ensure_ascii=False)


async def _look(asker: Asker, agreement: Agreement, wanted: tuple[TermKind, ...], shown: str) -> list[FoundTerm]:
    prompt = load("terms")
    messages = opening(prompt, kinds=json.dumps(wanted), clauses=shown)
    outcome = await run(asker, Assignment(NAME, prompt, messages, SaidTerms))
    return [t for said in outcome.answer.terms if said.kind in wanted and (t := proved(agreement, said)) is not None]


def proved(agreement: Agreement, said: SaidTerm) -> FoundTerm | None:
    """The term with its place, when its quote stands in a clause and states its value; nothing otherwise."""
    at = verify_quote(agreement, said.quote)
    if at is None:
        return None
    quote = agreement.clauses[at.index].text[at.start : at.end]
    value = quote[:4000] if said.kind in _PASSAGES else said.value.strip()[:4000]
    if said.kind not in _PASSAGES and not _states(quote, said.kind, value):
        return None
    return FoundTerm(
        kind=said.kind, value=value, quote=quote, place=Place(clause=at.index, start=at.start, end=at.end, page=at.page), by=BY
    )


def _states(quote: str, kind: TermKind, value: str) -> bool:
    """Whether the value has the form of its kind and each of its figures, or all of its words, stand in the quote."""
    try:
        _FORM.get(kind, str)(value)
    except BadInput:
        return False
    plain = re.sub(r"(?<=\d)[.,'\s](?=\d{3}\b)", "", quote).casefold()
    words = set(re.findall(r"[^\W_]+", plain))
    if kind not in _FORM:
        return bool(value) and " ".join(value.casefold().split()) in " ".join(quote.casefold().split())
    figures = [n.lstrip("0") for n in re.findall(r"\d+", value.split("T")[0])]
    told = {w.lstrip("0") for w in words} | {n for w in words if (n := _NUMBERS.get(w))}
    told |= {digits.lstrip("0") for w in words for digits in re.findall(r"\d+", w)}
    if kind in (TermKind.AGREEMENT_DATE, TermKind.EFFECTIVE_DATE, TermKind.EXPIRATION_DATE) and figures:
        return figures[0] in told and figures[2] in told
    return all(f in told for f in figures if f)


def _once(terms: Iterator[FoundTerm]) -> list[FoundTerm]:
    return list({t.value: t for t in reversed(list(terms))}.values())[::-1][:MOST]
