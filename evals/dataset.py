"""A dataset: papers with the right answers beside them, and the company that they reach.

    dataset.yaml                              name, seed, licence
    company/                                  policy.yaml, access.cedar, vendors.csv, people.csv, history.csv, contracts/
    documents/SPLIT/FAMILY/NAME               a paper; split: fit, tune, certify or test; family: how it is laid out
    truth/SPLIT/FAMILY/NAME.json              what it says, and what becomes of it

A folder without `dataset.yaml` is taken too: papers anywhere in it, `truth/` with the same paths, and `MANIFEST.tsv`, which says of
what kind each paper is. Without `company/` only the reading is scored.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from signoff.domain.errors import BadInput

SPLITS = ("fit", "tune", "certify", "test")
LABELLED = SPLITS[:3]
"""Splits whose labels confidence may be fitted to and a certificate rest on."""
ABOUT, MANIFEST = "dataset.yaml", "MANIFEST.tsv"


@dataclass(frozen=True, slots=True)
class Paper:
    """One document of a dataset. `truth` holds an entry for each order in it, none for a paper that orders nothing.

    `name` is its path below the documents; `vendor` is the cluster in which it is resampled.
    """

    name: str
    path: Path
    split: str
    family: str
    vendor: str
    kind: str
    truth: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Dataset:
    """A folder of papers. `company` is `None` where only the reading can be scored."""

    name: str
    folder: Path
    company: Path | None
    papers: tuple[Paper, ...]

    def split(self, *names: str) -> tuple[Paper, ...]:
        """The papers of these splits, all where none is named."""
        return tuple(p for p in self.papers if not names or p.split in names)

    @property
    def labelled(self) -> tuple[Paper, ...]:
        """Papers to calibrate on: all but those of the split `test`, or all where it is the only one."""
        return self.split(*LABELLED) or self.papers

    def about(self, papers: Sequence[Paper]) -> dict[str, Any]:
        """Its name, and how many papers a run is over, with one SHA-256 of them and of the truth beside them."""
        digest = hashlib.sha256()
        for paper in papers:
            told = {"name": paper.name, "file": hashlib.sha256(paper.path.read_bytes()).hexdigest(), "truth": paper.truth}
            digest.update(json.dumps(told, sort_keys=True).encode())
        return {"name": self.name, "papers": len(papers), "sha256": digest.hexdigest()}


def load(folder: Path) -> Dataset:
    """The dataset in a folder. Raises `BadInput` where there is none, or where a paper's truth cannot be read."""
    if (folder / ABOUT).is_file():
        about = YAML(typ="safe").load((folder / ABOUT).read_text(encoding="utf-8")) or {}
        company = folder / "company"
        found = tuple(_labelled(folder))
        return Dataset(str(about.get("name", folder.name)), folder, company if company.is_dir() else None, _any(found, folder))
    if (folder / MANIFEST).is_file() and (folder / "truth").is_dir():
        return Dataset(folder.name, folder, None, _any(tuple(_listed(folder)), folder))
    raise BadInput(f"{folder} is no dataset; it needs {ABOUT} with documents/ and truth/, or {MANIFEST} with truth/ (docs/evaluation.md).")


def _any(papers: tuple[Paper, ...], folder: Path) -> tuple[Paper, ...]:
    if not papers:
        raise BadInput(f"{folder} holds no paper that has its truth beside it.")
    return papers


def _labelled(folder: Path) -> Iterator[Paper]:
    documents = folder / "documents"
    for path in sorted(p for p in documents.rglob("*") if p.is_file()):
        name = path.relative_to(documents).as_posix()
        split, family = name.split("/")[:2] if name.count("/") >= 2 else ("test", "")
        truth = _truth(folder / "truth" / f"{name}.json")
        orders = tuple(truth.get("documents", ()))
        vendor = truth.get("vendor") or _supplier(orders) or name
        yield Paper(name, path, split, str(truth.get("family") or family), str(vendor), str(truth.get("kind") or ""), orders)


def _listed(folder: Path) -> Iterator[Paper]:
    """Papers of a manifest: orders that have their truth, and look-alikes, which need none."""
    with (folder / MANIFEST).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            name, kind = row["path"], row["kind"]
            path, beside = folder / name, folder / "truth" / f"{name}.json"
            if not path.is_file() or (kind == "purchase_order" and not beside.is_file()):
                continue
            truth = _truth(beside) if beside.is_file() and kind == "purchase_order" else {}
            orders = tuple(truth.get("documents", ()))
            family = "/".join(name.split("/")[:2])
            yield Paper(name, path, "test", family, _supplier(orders) or family, kind, orders)


def _truth(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BadInput(f"{path} is missing; every document needs its truth beside it.") from error
    except ValueError as error:
        raise BadInput(f"{path} is no JSON ({error}).") from error
    if not isinstance(found, dict):
        raise BadInput(f"{path} must hold one JSON object.")
    return found


def _supplier(orders: tuple[Mapping[str, Any], ...]) -> str:
    party = orders[0].get("supplier") if orders else None
    return str(party.get("name") or party.get("id") or "") if isinstance(party, Mapping) else str(party or "")
