"""Layout families: each is one way in which some system prints its papers, composed of independent choices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from signoff.evals.generating import words
from signoff.evals.generating.paper import stream

LANGUAGES = ("en", "de", "fr", "es", "it", "nl")
OPTIONAL = (
    "contract_ref",
    "cost_center",
    "payment_terms",
    "delivery_terms",
    "delivery_date",
    "buyer_part",
    "ids",
    "charges_named",
    "ship_to",
)


@dataclass(frozen=True)
class Layout:
    """How a family prints.

    `pairs` is where labels stand (left of the value, above it, before a colon), `rules` how the table is drawn, `head` where the
    letterhead stands, `parties` how the addresses are arranged, `totals` where the sums stand, `detail` what a second row under
    each item says, `upright` where a cell stands beside a taller one.
    `shows` are the fields that it prints besides those that every paper has.
    """

    language: str
    wording: int
    pairs: str
    pairs_across: int
    columns: tuple[str, ...]
    rules: str
    head: str
    parties: str
    totals: str
    detail: str
    date: str
    marks: str
    money: str
    font: str
    upright: str
    size: float
    shows: frozenset[str]

    def word(self, name: str) -> str:
        """What this family calls something."""
        options = words.LABELS[self.language][name]
        return options[self.wording % len(options)]

    def unit(self, code: str) -> str:
        options = words.UNITS[self.language][code]
        return options[self.wording % len(options)]


@dataclass(frozen=True)
class Family:
    """A family of papers of one format. `engine` draws them; `side` is `fit` or `test`, never both."""

    name: str
    format: str
    engine: str
    layout: Layout
    side: str
    index: int


COLUMNS: tuple[tuple[str, ...], ...] = (
    ("pos", "part", "description", "qty", "unit", "price", "amount"),
    ("pos", "description", "part", "qty", "unit", "price", "amount"),
    ("pos", "qty", "unit", "part", "description", "price", "amount"),
    ("part", "description", "unit", "qty", "price", "amount"),
    ("pos", "part", "buyer_part", "description", "qty", "unit", "price", "amount"),
    ("qty", "unit", "description", "part", "price", "amount"),
    ("pos", "part", "qty", "unit", "price", "amount", "description"),
    ("description", "part", "qty", "price", "amount", "unit"),
)
CHOICES: dict[str, Sequence[str]] = {
    "pairs": ("left", "above", "colon", "left"),
    "rules": ("grid", "lines", "none", "banded", "head"),
    "head": ("left", "right", "centre"),
    "parties": ("side", "stacked", "buyer_first", "side"),
    "totals": ("right", "table", "left", "right"),
    "detail": ("", "", "delivery", "description", "part"),
    "money": ("pair", "head", "total", "pair", "sign"),
    "font": ("sans", "serif", "mono", "sans"),
    "upright": (*["top"] * 7, "middle"),
}
"""What a layout chooses among; each family takes the next option of each, from a start of its own, so that all are met."""


def layout(seed: int, format: str, index: int) -> Layout:
    """The layout of the family with this index. Any two differ in several choices."""
    rng = stream(seed, "layout", format, index)
    start = stream(seed, "layouts", format)
    chosen = {
        name: options[(start.randrange(60) + index * step) % len(options)]
        for (name, options), step in zip(CHOICES.items(), _steps(rng), strict=True)
    }
    language = LANGUAGES[index // 2 % len(LANGUAGES)] if index % 2 else ("en", "de")[index // 2 % 2]
    shown = frozenset(name for name in OPTIONAL if rng.random() < 0.7)
    columns = COLUMNS[(start.randrange(60) + index) % len(COLUMNS)]
    if chosen["detail"] in columns:
        columns = tuple(c for c in columns if c != chosen["detail"])
    return Layout(
        language=language,
        wording=rng.randrange(12),
        pairs_across=rng.choice((1, 1, 2)),
        columns=columns,
        date=rng.choice(words.DATES[language]),
        marks=rng.choice(words.NUMBERS[language]),
        size=rng.choice((8.5, 9, 9.5, 10)),
        shows=shown | {"delivery_date"} if chosen["detail"] == "delivery" else shown,
        **chosen,
    )


def _steps(rng: Random) -> list[int]:
    return [rng.choice((1, 1, 2, 3)) for _ in CHOICES]


ENGINES: dict[str, tuple[str, ...]] = {"pdf": ("reportlab", "fpdf", "typst"), "scan": ("reportlab", "fpdf", "typst")}
COUNTS = {"pdf": 24, "scan": 8, "docx": 8, "html": 8, "txt": 8, "eml": 8, "xlsx": 8, "csv": 8, "ubl": 2, "x12": 4, "edifact": 2, "cxml": 2}
"""How many families a format has."""
VARIANTS: dict[str, tuple[str, ...]] = {
    "ubl": ("peppol", "oioubl"),
    "x12": ("*>~", "|^\n", "*:'", "*>\n"),
    "edifact": (":+.? '", ":+,? '"),
    "cxml": ("Buying Desk 4", "Procure Hub 12"),
}
"""The engines of structured formats: profile, separators, sending system."""


def families(seed: int, formats: Sequence[str]) -> list[Family]:
    """All families; of every three (of structured formats every two) the last is for testing."""
    return [_family(seed, format, n) for format in formats for n in range(COUNTS[format])]


def _family(seed: int, format: str, n: int) -> Family:
    drawn = format in ENGINES
    engines = ENGINES[format] if drawn else VARIANTS.get(format, (format,))
    every = 2 if format in VARIANTS else 3
    engine = engines[(n // every if drawn else n) % len(engines)]
    side = "test" if n % every == every - 1 else "fit"
    return Family(f"{format}-{n + 1:02}", format, engine, layout(seed, format, n), side, n)
