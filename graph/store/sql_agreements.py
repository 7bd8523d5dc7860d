"""Contracts' documents that were proposed, and the clauses of all contracts as words that can be searched (SQLite FTS5), in SQL.

The index is fed by triggers from the table `clauses`, so it is in step with it inside every transaction.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator

from signoff.domain.contract import Clause, Contract
from signoff.domain.proposal import Proposal, ProposalStatus
from signoff.graph.store.rows import Hit
from signoff.graph.store.sql import Connection, insert

MARKS = ("\x02", "\x03")
"""What stands around a word that was found, in a snippet."""
MOST_TERMS = 30
"""What is typed beyond so many words is not looked for."""
_PHRASE = re.compile(r'"([^"]*)"?|(\S+)')
_LEAST = 3
"""From this length on a word is also looked for as the beginning of longer ones."""

_SEARCH = """
SELECT c.owner, c.paper, c.number, c.heading, c.page, snippet(clauses_words, -1, ?, ?, '…', 24)
FROM clauses_words JOIN clauses c ON c.id = clauses_words.rowid
WHERE clauses_words MATCH ? ORDER BY bm25(clauses_words, 1.0, 3.0), c.id LIMIT ?
"""

Row = tuple[str, str | None, str, int | None, str]
"""paper, number, heading, page, text."""


class SqlAgreements:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def put(self, proposal: Proposal) -> Proposal:
        """Keep a proposal under its number, in place of what was known; one with the number 0 gets the next."""
        if not proposal.number:
            number = insert(self._db, "agreements", number=0, sha256=proposal.agreement.sha256, status="", body="")
            proposal = proposal.model_copy(update={"number": number})
        values = (proposal.status, proposal.model_dump_json(), proposal.number)
        self._db.execute("UPDATE agreements SET status = ?, body = ? WHERE number = ?", values)
        index(self._db, f"proposal {proposal.number}", _proposed(proposal))
        return proposal

    def get(self, number: int) -> Proposal | None:
        return self._one("number = ?", number)

    def of_file(self, sha256: str) -> Proposal | None:
        """The proposal that came of a file, by the SHA-256 of its bytes."""
        return self._one("sha256 = ?", sha256)

    def _one(self, condition: str, value: object) -> Proposal | None:
        row = self._db.execute(f"SELECT body FROM agreements WHERE {condition}", (value,)).fetchone()
        return Proposal.model_validate_json(row[0]) if row else None

    def listed(self, status: ProposalStatus | None = None) -> list[Proposal]:
        """Every proposal, or those of one status, the first imported first."""
        condition = "" if status is None else " WHERE status = ?"
        rows = self._db.execute(f"SELECT body FROM agreements{condition} ORDER BY number", () if status is None else (status,))
        return [Proposal.model_validate_json(row[0]) for row in rows]

    def raw(self) -> Iterator[tuple[int, str, str]]:
        """Number, status and SHA-256 of the body of each, as they stand on disk, so that they can be bound to their events."""
        for number, status, body in self._db.execute("SELECT number, status, body FROM agreements ORDER BY number"):
            yield number, status, hashlib.sha256(body.encode()).hexdigest()

    def search(self, words: str, most: int = 20) -> list[Hit]:
        """The clauses that hold all of the words, best first (bm25; a word of a heading counts threefold); where no clause has
        all, those with any. A phrase stands in quotes; other words may go on. Whatever is typed is words, never syntax.
        """
        # Each is quoted, so that nothing in it is an operator of FTS5.
        asked = [f'"{text}"{"*" if begins else ""}' for text, begins in terms(words)]
        for joined in (" AND ".join(asked), " OR ".join(asked)) if asked else ():
            if found := self._db.execute(_SEARCH, (*MARKS, joined, most)).fetchall():
                return [Hit(*row) for row in found]
        return []

    def out_of_step(self, contracts: Iterable[Contract]) -> Iterator[str]:
        """Owners whose clauses in the index are not those of their contract or proposal."""
        wanted = {f"contract {c.contract_id}": list(agreed(c)) for c in contracts}
        wanted |= {f"proposal {p.number}": list(_proposed(p)) for p in self.listed(ProposalStatus.PROPOSED)}
        owners = {owner for (owner,) in self._db.execute("SELECT DISTINCT owner FROM clauses")}
        query = "SELECT paper, number, heading, page, text FROM clauses WHERE owner = ? ORDER BY id"
        for owner in sorted(owners | wanted.keys()):
            if self._db.execute(query, (owner,)).fetchall() != wanted.get(owner, []):
                yield owner


def index(db: Connection, owner: str, rows: Iterable[Row]) -> None:
    """Put the clauses of a contract or proposal in place of those that were there."""
    db.execute("DELETE FROM clauses WHERE owner = ?", (owner,))
    query = "INSERT INTO clauses (owner, paper, number, heading, page, text) VALUES (?, ?, ?, ?, ?, ?)"
    db.executemany(query, ((owner, *row) for row in rows))


def agreed(contract: Contract) -> Iterator[Row]:
    """The clauses of a contract, then those of its amendments."""
    yield from _rows(contract.source or contract.contract_id, contract.clauses)
    for amendment in contract.amendments:
        yield from _rows(amendment.source or amendment.amendment_id, amendment.changes.clauses)


def _proposed(proposal: Proposal) -> Iterator[Row]:
    """The clauses of a proposal as long as it waits; afterwards they are its contract's, or nobody's."""
    if proposal.status is ProposalStatus.PROPOSED:
        yield from _rows(proposal.agreement.source, proposal.agreement.clauses)


def _rows(paper: str, clauses: Iterable[Clause]) -> Iterator[Row]:
    for clause in clauses:
        yield paper, clause.number, clause.heading or "", clause.page, clause.text


def terms(words: str) -> Iterator[tuple[str, bool]]:
    """The words and phrases that were typed; whether a word is also looked for as the beginning of longer ones."""
    typed = words.encode("utf-8", "ignore").decode().replace("\0", " ")
    for phrase, word in _PHRASE.findall(typed)[:MOST_TERMS]:
        text = (phrase or word).replace('"', "")
        if any(c.isalnum() for c in text):
            yield text, not phrase and (word.endswith("*") or sum(c.isalnum() for c in text) >= _LEAST)
