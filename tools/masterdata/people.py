"""`people.csv` -> the people who buy and sign, with who manages whom."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from signoff.domain.people import Directory, Person
from signoff.tools.masterdata.csv_rows import Entry, Table, load_table, number, text, words
from signoff.tools.masterdata.sentences import brief, nearest, refuse


def limit(cell: str) -> Decimal:
    """What a person may sign for, never below zero."""
    amount = number(cell)
    if amount < 0:
        raise ValueError(f"{brief(cell)} is below zero; leave it empty for no authority")
    return amount


TABLE = Table(
    model=Person,
    columns={
        "person_id": text,
        "name": text,
        "email": text,
        "roles": words,
        "manager": text,
        "limit": limit,
        "cost_centers": words,
    },
    required=("person_id", "name", "roles"),
    key=("person_id",),
)


def load_people(path: Path) -> list[Person]:
    """Every person. Raises `BadInput` with file, line and column of what is wrong, also with managers and e-mails."""
    entries = load_table(path, TABLE)
    problems = [*_emails(path.name, entries), *_managers(path.name, entries)]
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


def _managers(name: str, entries: list[Entry[Person]]) -> list[str]:
    ids = [entry.record.person_id for entry in entries]
    return [
        f"{name}, line {e.line}, column manager: {brief(e.record.manager)} is not a person_id in this file{nearest(e.record.manager, ids)}"
        for e in entries
        if e.record.manager and e.record.manager not in ids
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
