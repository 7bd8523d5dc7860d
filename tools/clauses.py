"""Passages of a contract: found by words, and quotes found again letter for letter.

A quote is what an agent's finding stands on, so nothing about it is fuzzy: apart from white space, soft hyphens, the shapes of quotes and
dashes, full-width forms (Unicode NFKD) and the case of letters, it stands in one clause as it is, or it does not.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

from rapidfuzz import fuzz

from signoff.domain.contract import Clause, Contract
from signoff.domain.record import Record

LEAST_QUOTE = 12
"""Letters and digits that a quote has at least: fewer stand anywhere."""
ALIKE = 80.0
"""From this likeness (0..100) on a word of a clause counts as the word that is looked for: a plural, a compound, a slip."""

_WORD = re.compile(r"[^\W_]{2,}")
_DECIMAL = re.compile(r"\d[.,']\d")
_SAME = str.maketrans(dict.fromkeys("‘’‚‛`´", "'") | dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‐‑‒–—―−", "-") | {"\xad": None})


class Passage(Record):
    """A clause that a search found. `index` is its place among the contract's clauses, from 0."""

    index: int
    number: str | None = None
    heading: str | None = None
    page: int | None = None
    text: str


class Quote(Record):
    """Where a quote stands: the clause, its page, and the offsets in the clause's text, `start` inclusive, `end` exclusive."""

    index: int
    number: str | None = None
    page: int | None = None
    start: int
    end: int


@dataclass(frozen=True)
class _Plain:
    """A text in its plain form, and for each of its characters the offset of the character it came from."""

    text: str
    offsets: list[int]


def search_clauses(contract: Contract, query: str, most: int = 5) -> list[Passage]:
    """The clauses that are about the query, best first. Rare words count more than common ones, words of a heading twice."""
    wanted = dict.fromkeys(_words(query))
    told = [_counted(clause) for clause in contract.clauses]
    known = {word for words in told for word in words}
    scores = [0.0] * len(told)
    for word in wanted:
        alike = {found: score / 100 for found in known if (score := _alike(word, found)) >= ALIKE}
        best = [max((alike[w] * words[w] for w in alike.keys() & words.keys()), default=0.0) for words in told]
        rarity = math.log((1 + len(told)) / (1 + sum(b > 0 for b in best))) + 0.1
        scores = [score + rarity * b for score, b in zip(scores, best, strict=True)]
    order = sorted((i for i, score in enumerate(scores) if score > 0), key=lambda i: (-scores[i], i))
    return [_passage(contract.clauses[i], i) for i in order[:most]]


def verify_quote(contract: Contract, quote: str) -> Quote | None:
    """Where the quote stands in the contract; nothing when it does not, or is too short to say anything."""
    wanted = _plain(quote).text.strip()
    if sum(c.isalnum() for c in wanted) < LEAST_QUOTE:
        return None
    for index, clause in enumerate(contract.clauses):
        plain = _plain(clause.text)
        at = plain.text.find(wanted)
        while at >= 0 and (_divides(plain.text, at) or _divides(plain.text, at + len(wanted))):
            at = plain.text.find(wanted, at + 1)
        if at >= 0:
            start, end = plain.offsets[at], plain.offsets[at + len(wanted) - 1] + 1
            return Quote(index=index, number=clause.number, page=clause.page, start=start, end=end)
    return None


def _divides(text: str, at: int) -> bool:
    """Whether a cut before `at` divides a word or a number: `5 days` stands neither in `15 days` nor in `2.5 days`."""
    pair, before, after = text[max(at - 1, 0) : at + 1], text[max(at - 2, 0) : at + 1], text[max(at - 1, 0) : at + 2]
    return bool(_WORD.fullmatch(pair) or _DECIMAL.fullmatch(before) or _DECIMAL.fullmatch(after))


def _plain(text: str) -> _Plain:
    made: list[str] = []
    offsets: list[int] = []
    for at, character in enumerate(text):
        for c in unicodedata.normalize("NFKD", character).translate(_SAME).casefold():
            if c.isspace():
                if not made or made[-1] == " ":
                    continue
                c = " "
            made.append(c)
            offsets.append(at)
    return _Plain("".join(made), offsets)


def _words(text: str) -> list[str]:
    return _WORD.findall(_plain(text).text)


def _counted(clause: Clause) -> dict[str, float]:
    """The clause's words with what each counts: a word of the text once, one of the heading twice."""
    return dict.fromkeys(_words(clause.text), 1.0) | dict.fromkeys(_words(clause.heading or ""), 2.0)


def _alike(one: str, other: str) -> float:
    """How alike two words are; one that begins with the other is its compound or its plural."""
    if min(len(one), len(other)) >= 4 and (one.startswith(other) or other.startswith(one)):
        return 95.0
    return fuzz.ratio(one, other, score_cutoff=ALIKE)


def _passage(clause: Clause, index: int) -> Passage:
    return Passage(index=index, number=clause.number, heading=clause.heading, page=clause.page, text=clause.text)
