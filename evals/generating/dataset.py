"""Writes a dataset: the company, the papers by split and family, the truth beside them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from signoff.domain.errors import BadInput
from signoff.evals.generating.company import make_company
from signoff.evals.generating.exceptions import CLEAN, KINDS, Kind
from signoff.evals.generating.layout import Family, families
from signoff.evals.generating.orders import Buying
from signoff.evals.generating.paper import Labelled, Order, stream
from signoff.evals.generating.rendering import SEVERAL, extension, render, said
from signoff.evals.generating.rules import expect
from signoff.evals.generating.truth import truth
from signoff.evals.generating.writing import write_company

WEIGHTS = {
    "pdf": 40, "docx": 8, "xlsx": 8, "csv": 6, "eml": 7, "html": 5, "txt": 5, "ubl": 7, "x12": 4, "edifact": 4, "cxml": 3, "scan": 3,
}  # fmt: skip
"""How often a paper has which format, of a hundred."""
SPLITS = (("fit", 28), ("tune", 14), ("certify", 28), ("test", 30))
ABOUT = """name: generated
made_by: signoff eval generate
seed: {seed}
orders: {count}
formats: [{formats}]
licence: CC0-1.0
"""


def generate(folder: Path, count: int, seed: int, formats: Sequence[str] = (), progress: Callable[[], None] = lambda: None) -> int:
    """Writes `count` papers below `folder` and returns how many orders they hold. The same seed and count give the same bytes.

    Raises `BadInput` for a format that is not known, a count below one, or a folder that holds something else.
    """
    chosen = _chosen(formats)
    _clear(folder, count)
    company = make_company(seed, min(300, max(40, count // 8)))
    maker = Maker(Buying(company), seed, families(seed, chosen), chosen)
    history: list[Order] = []
    orders = 0
    for n in range(count):
        split, family, papers = maker.paper(n)
        history += [earlier for p in papers for earlier in p.history]
        orders += len(papers)
        _write(folder, split, family, papers, seed)
        progress()
    write_company(folder / "company", company, history)
    (folder / "dataset.yaml").write_text(ABOUT.format(seed=seed, count=count, formats=", ".join(chosen)), encoding="utf-8")
    return orders


def _chosen(formats: Sequence[str]) -> list[str]:
    unknown = sorted(set(formats) - set(WEIGHTS))
    if unknown:
        raise BadInput(f"There is no format {unknown[0]!r}; choose among {', '.join(WEIGHTS)}.")
    return [f for f in WEIGHTS if not formats or f in formats]


def _clear(folder: Path, count: int) -> None:
    if count < 1:
        raise BadInput(f"{count} orders cannot be generated; ask for one at least.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(f"{folder} is not empty; name a folder that is new.")


class Maker:
    """Draws one paper after another: its kind, its format and family, its split."""

    def __init__(self, buying: Buying, seed: int, families: Sequence[Family], formats: Sequence[str]) -> None:
        self.buying, self.seed, self.families, self.formats = buying, seed, families, formats

    def paper(self, n: int) -> tuple[str, Family, list[Labelled]]:
        """The split, the family, and the orders of the paper with this number."""
        rng = stream(self.seed, "paper", n)
        kind = self._kind(n)
        family = self._family(rng, n, kind)
        split = _split(rng, family)
        first = self._labelled(kind, family, rng)
        if kind is CLEAN and family.format in SEVERAL and rng.random() < 0.15:
            return split, family, [first, self._labelled(CLEAN, family, rng)]
        return split, family, [first]

    def _kind(self, n: int) -> Kind:
        """Three of every ten papers have something about them, each kind in its turn."""
        places = stream(self.seed, "kinds", n // 10).sample(range(10), 3)
        possible = [k for k in KINDS if any(_carries(k, f) for f in self.formats)]
        if n % 10 not in places or not possible:
            return CLEAN
        return possible[(n // 10 * 3 + places.index(n % 10)) % len(possible)]

    def _family(self, rng: Random, n: int, kind: Kind) -> Family:
        formats = [f for f in self.formats if _carries(kind, f)]
        [format] = rng.choices(formats, weights=[WEIGHTS[f] for f in formats])
        [side] = rng.choices(("fit", "test"), weights=(70, 30))
        family = rng.choice([f for f in self.families if f.format == format and f.side == side])
        return replace(family, layout=replace(family.layout, shows=family.layout.shows | set(kind.needs)))

    def _labelled(self, kind: Kind, family: Family, rng: Random) -> Labelled:
        """The order as the paper says it, with what is expected of what it says."""
        made = kind.draw(self.buying, rng)
        placed = said(made.order, family)
        vendor = next((v for v in self.buying.company.vendors if v.vendor_id == made.vendor), None)
        outcome = made.expected if made.expected.outcome == "set_aside" else expect(self.buying.company, placed, vendor, made.expected)
        return replace(made, order=placed, expected=outcome)


def _carries(kind: Kind, format: str) -> bool:
    """Whether papers of the format can say what the kind is about; a CSV has items and little else."""
    return (not kind.formats or format in kind.formats) and not (format == "csv" and kind.needs)


def _split(rng: Random, family: Family) -> str:
    if family.side == "test":
        return "test"
    names, weights = zip(*(s for s in SPLITS if s[0] != "test"), strict=True)
    [name] = rng.choices(names, weights=weights)
    return str(name)


def _write(folder: Path, split: str, family: Family, papers: list[Labelled], seed: int) -> None:
    first = papers[0].order
    data = render([p.order for p in papers], family, seed)
    name = f"{(first.number or first.date.isoformat()).replace('/', '-')}-{papers[0].vendor or 'V-0'}.{extension(family, data)}"
    document, answer = (folder / part / split / family.name / name for part in ("documents", "truth"))
    document.parent.mkdir(parents=True, exist_ok=True)
    answer.parent.mkdir(parents=True, exist_ok=True)
    document.write_bytes(data)
    told = json.dumps(truth(family.name, papers), indent=1, ensure_ascii=False) + "\n"
    answer.with_name(answer.name + ".json").write_text(told, encoding="utf-8")
