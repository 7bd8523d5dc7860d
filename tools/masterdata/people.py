"""`people.csv` -> the people who buy and sign, with who manages whom."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from signoff.domain.people import Directory, Person
from signoff.tools.masterdata.csv_rows import Entry, Table, date, load_table, number, text, words
from signoff.tools.masterdata.sentences import brief, nearest, refuse


def limit(cell: str) -> Decimal:
    """What a person may sign for, never below zero."""
    amount = number(cell)
    if amount < 0:
        raise ValueError(f"{brief(cell)} is below zero; leave it empty for no authority")
    return amount


def limits(cell: str) -> dict[str, Decimal]:
    """`chemicals=5000;it=20000`: what a person may sign for in these categories."""
    pairs = [[piece.strip() for piece in part.rpartition("=")] for part in words(cell)]
    wrong = next((part for part, pair in zip(words(cell), pairs, strict=True) if not all(pair)), None)
    if wrong is not None:
        raise ValueError(f"{brief(wrong)} is not a category with its limit; write it like chemicals=5000")
    if twice := [name for name in {p[0] for p in pairs} if sum(name == p[0] for p in pairs) > 1]:
        raise ValueError(f"the category {brief(min(twice))} is there twice; keep one")
    return {name: limit(amount) for name, _, amount in pairs}


TABLE = Table(
    model=Person,
    columns={
        "person_id": text,
        "name": text,
        "email": text,
        "roles": words,
        "manager": text,
        "limit": limit,
        "limits": limits,
        "cost_centers": words,
        "delegate": text,
        "absent_from": date,
        "absent_until": date,
    },
    required=("person_id", "name", "roles"),
    key=("person_id",),
)


def load_people(path: Path) -> list[Person]:
    """Every person. Raises `BadInput` with file, line and column of what is wrong, also with managers, delegates and e-mails."""
    entries = load_table(path, TABLE)
    problems = [*_emails(path.name, entries), *_known(path.name, entries, "manager"), *_known(path.name, entries, "delegate")]
    if not problems:
        problems = _loops(path.name, entries)
    if problems:
        raise refuse(problems)
    return [entry.record for entry in entries]


def _emails(name: str, entries: list[Entry[Person]]) -> list[str]:
    seen: dict[str, int] = {}
    problems = []
    for entry in entries:
        email = (entry.record.email or "").casefold()
        first = seen.setdefault(email, entry.line)
        if email and first != entry.line:
            problems.append(
                f"{name}, line {entry.line}, column email: {brief(entry.record.email)} also stands on line {first}; each needs their own"
            )
    return problems


def _known(name: str, entries: list[Entry[Person]], column: str) -> list[str]:
    """Managers and delegates who are nobody in the file."""
    ids = list(dict.fromkeys(entry.record.person_id for entry in entries))
    held, named = set(ids), ((e.line, getattr(e.record, column)) for e in entries)
    return [
        f"{name}, line {line}, column {column}: {brief(other)} is not a person_id in this file{nearest(other, ids)}"
        for line, other in named
        if other and other not in held
    ]


def _loops(name: str, entries: list[Entry[Person]]) -> list[str]:
    """A chain that ends at somebody who has a manager has come back to its start."""
    people = Directory([entry.record for entry in entries])
    for entry in entries:
        chain = [entry.record, *people.managers(entry.record)]
        if chain[-1].manager:
            names = " -> ".join(p.person_id for p in (*chain, people.get(chain[-1].manager)) if p)
            return [f"{name}, line {entry.line}, column manager: the managers go round in a circle ({names}); leave one empty"]
    return []
