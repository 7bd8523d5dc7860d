"""The places of a passage that are marked as something: item ids, prices, amounts."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from signoff.tools.orders.prose_words import AMOUNT, IN_BRACKETS, ITEM_ID, PRICE

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Marked:
    """A place in a passage that is marked as an id, an amount or a price."""

    name: str
    match: re.Match[str]

    @property
    def span(self) -> Span:
        return self.match.span()


class Marks:
    """The marked places of a passage in their order, none inside another; they are looked up by where they stand."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._marked: list[Marked] = []

    def add(self, marked: Marked) -> None:
        """Keep it, unless it stands across another."""
        start, stop = marked.span
        if not self.across(start, stop):
            at = bisect_left(self._starts, start)
            self._starts.insert(at, start)
            self._marked.insert(at, marked)

    def across(self, start: int, stop: int) -> bool:
        """Whether one of them has a part between these places."""
        at = bisect_left(self._starts, stop) - 1
        return at >= 0 and self._marked[at].span[1] > start

    def within(self, start: int, stop: int) -> list[Marked]:
        """Those that begin between these places."""
        return self._marked[bisect_left(self._starts, start) : bisect_left(self._starts, stop)]


def marked(text: str) -> Marks:
    """The ids, amounts and prices of a passage, none inside another."""
    marks = Marks()
    for name, pattern in (("id", ITEM_ID), ("id", IN_BRACKETS), ("amount", AMOUNT), ("price", PRICE)):
        for match in pattern.finditer(text):
            if name != "price" or _is_price(match):
                marks.add(Marked(name, match))
    return marks


def _is_price(match: re.Match[str]) -> bool:
    """A number behind a weak word such as "at" is a price when it shows cents, a currency, or what it is per."""
    if match["weak"] is None:
        return match["bare"] is None or _shows_money(match["bare"])
    return _shows_money(match["money"]) or match["each"] is not None


def _shows_money(text: str) -> bool:
    return bool(re.search(r"[.,]\d\d?(?!\d)|[^\d.,\s]", text))
