"""Contracts with experts' answers, in the layout of CUAD v1: `txt/` or `pdf/`, and `master_clauses.csv`.

D. Hendrycks, C. Burns, A. Chen, S. Ball: CUAD, An Expert-Annotated NLP Dataset for Legal Contract Review, 2021 (arXiv:2103.06268). Each
category has the experts' passages (a list as Python writes it) and mostly an answer. What cannot be an answer is dropped, and each rule
for that is told in docs/contracts.md.
"""

from __future__ import annotations

import ast
import csv
import datetime as dt
import hashlib
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz

from signoff.domain.agreement import TermKind
from signoff.domain.errors import BadInput
from signoff.domain.term_values import PERPETUAL

ANSWERS = "master_clauses.csv"
CATEGORIES: dict[TermKind, str] = {
    TermKind.PARTY: "Parties",
    TermKind.AGREEMENT_DATE: "Agreement Date",
    TermKind.EFFECTIVE_DATE: "Effective Date",
    TermKind.EXPIRATION_DATE: "Expiration Date",
    TermKind.RENEWAL: "Renewal Term",
    TermKind.NOTICE_PERIOD: "Notice Period To Terminate Renewal",
    TermKind.MINIMUM_COMMITMENT: "Minimum Commitment",
    TermKind.VOLUME_RESTRICTION: "Volume Restriction",
    TermKind.LIABILITY_CAP: "Cap On Liability",
    TermKind.PRICE_RESTRICTION: "Price Restrictions",
}
PASSAGES = frozenset({TermKind.MINIMUM_COMMITMENT, TermKind.VOLUME_RESTRICTION, TermKind.LIABILITY_CAP, TermKind.PRICE_RESTRICTION})
"""Kinds that are passages; the others are values."""
CENTURY = 70
_BEHIND = re.compile(
    r"\((?=\s*(?:the\s+)?[\"“]|[^()]*(?:collectively|individually|together|each|singularly))|[\"“”]|\bd/b/a\b|\bf/k/a\b"
    r"|\bformerly\b|, on behalf of"
)
_BLANK = re.compile(r"\[|<<|X{5}|_{3}|^(?:part(?:y|ies)|individually|collectively|each)\b", re.IGNORECASE)
_JOINING = frozenset({
    "and", "or", "are", "is", "sometimes", "hereinafter", "referred", "to", "individually", "collectively", "as", "a", "the", "both",
    "each", "with",
})  # fmt: skip
_UNITS = {"y": "Y", "m": "M", "w": "W", "d": "D"}


@dataclass(frozen=True, slots=True)
class Expected:
    """What the experts say of one kind. `values` are all there are (parties, passages), or any one of them is right (days, spans)."""

    values: tuple[str, ...]
    unclear: bool = False  # they marked a passage and gave no answer, or none that is a value: not scored


@dataclass(frozen=True, slots=True)
class Labelled:
    """A contract's file and the experts' answers. `held_out` says which half it is in, by a hash of its name."""

    path: Path
    expected: Mapping[TermKind, Expected]
    held_out: bool


def load(folder: Path) -> list[Labelled]:
    """Every contract that has both a file and answers, text before PDF. Raises `BadInput` where the folder has another layout."""
    answers = folder / ANSWERS
    files = next((d for d in (folder / "txt", folder / "pdf") if d.is_dir()), None)
    if files is None or not answers.is_file():
        raise BadInput(f"{folder} holds no contracts with answers; it needs a folder txt or pdf, and {ANSWERS} as CUAD v1 has it.")
    usual = csv.field_size_limit(sys.maxsize)
    try:
        with answers.open(encoding="utf-8-sig", newline="") as file:
            rows = {_stem(row["Filename"]): row for row in csv.DictReader(file)}
    finally:
        csv.field_size_limit(usual)
    papers = sorted(p for p in files.iterdir() if p.is_file())
    found = [_labelled(p, rows[_stem(p.name)]) for p in papers if _stem(p.name) in rows]
    if not found:
        raise BadInput(f"None of the files in {files} is named in {answers}.")
    return found


def _stem(name: str) -> str:
    """A file's name without its ending, and without what file systems and spreadsheets write differently."""
    return re.sub(r"\W+", "", name.rsplit(".", 1)[0]).casefold()


def _labelled(path: Path, row: Mapping[str, str]) -> Labelled:
    columns = {re.sub(r"\W+", "", name).casefold(): name for name in row}
    expected = {}
    for kind, category in CATEGORIES.items():
        own = re.sub(r"\W+", "", category).casefold()
        passages, answer = row.get(columns.get(own, ""), "") or "[]", row.get(columns.get(own + "answer", ""), "") or ""
        expected[kind] = _expected(kind, _passages(passages), answer.strip())
    return Labelled(path, expected, bool(hashlib.sha256(path.stem.strip().lower().encode()).digest()[0] & 1))


def _passages(cell: str) -> list[str]:
    try:
        listed = ast.literal_eval(cell)
    except (ValueError, SyntaxError):
        listed = [cell]
    return [str(p) for p in listed if str(p).strip()]


def _expected(kind: TermKind, passages: list[str], answer: str) -> Expected:
    if kind in PASSAGES:
        return Expected(tuple(passages))
    if kind is TermKind.PARTY:
        names = tuple(dict.fromkeys(_names(answer, passages)))
        return Expected(names, unclear=not names)
    parts = [p.strip() for p in answer.split(";") if p.strip()]
    read = _span if kind in (TermKind.RENEWAL, TermKind.NOTICE_PERIOD) else _day
    values = tuple(value for part in parts if (value := read(part)))
    return Expected(values, unclear=not values and bool(passages or answer))


def _names(answer: str, passages: list[str]) -> Iterator[str]:
    """Legal names: what stands before the bracket with the alias, without blanks to fill in and what several are called together.

    Where the experts' spelling differs a little from a passage that they marked, the passage, which is the paper's own, is the name.
    """
    aliases = {_plain(a) for a in re.findall(r"[\"“]\s*([^\"”“]+?)\s*[\"”“]", answer)}
    names = [_BEHIND.split(part.strip().lstrip("("))[0].strip(" ,.;)\n") for part in answer.split(";")]
    for name in names:
        others = aliases | {_plain(n) for n in names if n != name}
        if re.search(r"[^\W\d_]", name) and not _BLANK.search(name) and not _collective(name, others):
            yield next((p for p in passages if 90 <= fuzz.ratio(_plain(p), _plain(name)) < 100), name)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _collective(name: str, others: set[str]) -> bool:
    """Whether a name is made of the aliases and names of others: `Owner and Service Provider are sometimes referred to as`."""
    rest = f" {_plain(name)} "
    if rest.strip() in others and " and " not in rest:
        return False
    for other in sorted(others, key=len, reverse=True):
        rest = rest.replace(f" {other} ", "  ") if other else rest
    return not set(rest.split()) - _JOINING


def _day(text: str) -> str | None:
    """`m/d/yy` or `m/d/yyyy`, or the other way round where there is no such month; nothing for one with a blank (`5/[]/2000`)."""
    if text.casefold() == PERPETUAL:
        return PERPETUAL
    found = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})", text)
    if found is None:
        return None
    first, second, year = map(int, found.groups())
    full = year if year > 99 else year + (1900 if year >= CENTURY else 2000)
    for month, day in ((first, second), (second, first)):
        try:
            return dt.date(full, month, day).isoformat()
        except ValueError:
            continue
    return None


def _span(text: str) -> str | None:
    """`successive 1 year`, `90 days`, `perpetual`."""
    if PERPETUAL in text.casefold():
        return PERPETUAL
    found = re.search(r"(\d+)\s*[- ]?(year|month|week|day)s?", text, re.IGNORECASE)
    return months_of(f"P{found[1]}{_UNITS[found[2][0].lower()]}") if found else None


def months_of(span: str) -> str:
    """An ISO 8601 span of years or months as months, so that `P1Y` and `P12M` are one value; others as they are."""
    found = re.fullmatch(r"P(\d+)([YM])", span)
    return f"P{int(found[1]) * (12 if found[2] == 'Y' else 1)}M" if found else span
