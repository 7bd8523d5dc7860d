"""Invented names: companies, people, places, goods. None is meant to be anybody's."""

from __future__ import annotations

from pathlib import Path
from random import Random

from rapidfuzz.distance import Levenshtein
from ruamel.yaml import YAML

WORDS = YAML(typ="safe").load(Path(__file__).with_name("names.yaml"))
FIRST, MIDDLE, LAST, GIVEN, SIZES = (tuple[str, ...](WORDS[name]) for name in ("first", "middle", "last", "given", "sizes"))
TRADES: dict[str, list[str]] = WORDS["trades"]
FORMS: dict[str, str] = WORDS["forms"]
TOWNS: dict[str, list[tuple[str, str]]] = WORDS["towns"]
STREETS: dict[str, str] = WORDS["streets"]
GOODS: dict[str, list[str]] = WORDS["goods"]
TALK: dict[str, str] = WORDS["talk"]
"""The language of a country's goods, English where there is none."""


def stems(rng: Random, count: int) -> list[str]:
    """So many words that sound like firms and that no reader would take for one another."""
    found: list[str] = []
    while len(found) < count:
        word = rng.choice(FIRST) + rng.choice(MIDDLE) + rng.choice(LAST)
        if all(Levenshtein.distance(word, other, score_cutoff=3) > 3 for other in found):
            found.append(word)
    return found


def person(index: int, rng: Random) -> str:
    """A given name and an invented surname, each once."""
    surname = rng.choice(FIRST) + MIDDLE[index // len(GIVEN) % len(MIDDLE)] + rng.choice(("er", "ing", "ander", "ow"))
    return f"{GIVEN[index % len(GIVEN)]} {surname}"


def goods(rng: Random, country: str) -> str:
    """The description of an item in the words of the vendor's country."""
    return f"{rng.choice(GOODS[TALK.get(country, 'en')])} {rng.choice(SIZES)}"
