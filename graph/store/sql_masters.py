"""Master data in SQLite: vendors, people and contracts as they were last imported, and every state of them that ever was."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from signoff.domain.contract import Contract
from signoff.domain.people import Person
from signoff.domain.vendor import Vendor
from signoff.graph.store.sql import Connection, replacing
from signoff.graph.store.sql_agreements import agreed, index

ORDER = {"vendors": "position", "people": "position", "contracts": "contract_id"}
"""The tables of master data, and what puts their rows in order."""
HOLDING = replacing("contracts_held", ("contract_id", "vendor_id", "sha256"))


class SqlMasters:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def replace_vendors(self, vendors: Iterable[Vendor]) -> None:
        """The vendor master as a whole: who is not in the list is no longer a vendor."""
        self._db.execute("DELETE FROM vendors")
        rows = [(v.vendor_id, i, v.model_dump_json()) for i, v in enumerate(vendors)]
        self._db.executemany("INSERT INTO vendors VALUES (?, ?, ?)", rows)
        self.keep("vendors", self._rows("vendors"))

    def replace_people(self, people: Iterable[Person]) -> None:
        self._db.execute("DELETE FROM people")
        rows = [(p.person_id, i, p.model_dump_json()) for i, p in enumerate(people)]
        self._db.executemany("INSERT INTO people VALUES (?, ?, ?)", rows)
        self.keep("people", self._rows("people"))

    def put_contracts(self, contracts: Iterable[Contract]) -> None:
        """Add contracts, replacing those with the same id."""
        for contract in contracts:
            body = contract.model_dump_json()
            sha256 = hashlib.sha256(body.encode()).hexdigest()
            self._db.execute(replacing("contracts", ("contract_id", "body")), (contract.contract_id, body))
            self._db.execute(HOLDING, (contract.contract_id, contract.vendor_id, sha256))
            self.keep("contract", body)
            index(self._db, f"contract {contract.contract_id}", agreed(contract))
        self.keep("contracts", self._rows("contracts"))

    def vendors(self) -> list[Vendor]:
        return [Vendor.model_validate_json(r[0]) for r in self._db.execute("SELECT body FROM vendors ORDER BY position")]

    def people(self) -> list[Person]:
        return [Person.model_validate_json(r[0]) for r in self._db.execute("SELECT body FROM people ORDER BY position")]

    def contracts(self) -> list[Contract]:
        return [Contract.model_validate_json(r[0]) for r in self._db.execute("SELECT body FROM contracts ORDER BY contract_id")]

    def contract(self, contract_id: str) -> Contract | None:
        row = self._db.execute("SELECT body FROM contracts WHERE contract_id = ?", (contract_id,)).fetchone()
        return Contract.model_validate_json(row[0]) if row else None

    def contracts_held(self) -> list[tuple[str, str]]:
        """Vendor and SHA-256 of each contract, in the order of `contracts`: what `kept("contract", ...)` gives one by one."""
        return self._db.execute("SELECT vendor_id, sha256 FROM contracts_held ORDER BY contract_id").fetchall()

    def keep_policy(self, hash: str, body: str) -> None:
        """Keep every policy that ever decided something, so that its decisions can be derived again."""
        self._db.execute("INSERT INTO policies VALUES (?, ?) ON CONFLICT DO NOTHING", (hash, body))

    def policy(self, hash: str) -> tuple[str, str] | None:
        """The policy whose hash begins like this: its hash and its body."""
        row = self._db.execute("SELECT hash, body FROM policies WHERE substr(hash, 1, ?) = ?", (len(hash), hash)).fetchone()
        return (row[0], row[1]) if row else None

    def digest(self, kind: str) -> str:
        """SHA-256 over the rows of `vendors`, `people` or `contracts`, so that an import can be bound to its event."""
        return hashlib.sha256(self._rows(kind).encode()).hexdigest()

    def keep(self, kind: str, body: str) -> None:
        """Keep what is decided with, likewise."""
        query = "INSERT INTO masters_kept VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
        self._db.execute(query, (kind, hashlib.sha256(body.encode()).hexdigest(), body))

    def kept(self, kind: str, digest: str) -> str | None:
        """What was kept when its digest began like this; `None` where there is no such, or it was altered."""
        query = "SELECT body FROM masters_kept WHERE kind = ? AND digest >= ? AND digest < ?"
        found = self._db.execute(query, (kind, digest, f"{digest}g")).fetchone()  # g follows the last hexadecimal digit
        body = str(found[0]) if found else ""
        if not hashlib.sha256(body.encode()).hexdigest().startswith(digest):
            return None
        return self._contracts_kept(body) if kind == "contracts" else body

    def _contracts_kept(self, digests: str) -> str | None:
        """The contracts of a list of digests, a JSON object a line; `None` where one is not there, or was altered."""
        bodies = [self.kept("contract", digest) for digest in digests.split("\n")[:-1]]
        return None if None in bodies else "".join(f"{body}\n" for body in bodies)

    def _rows(self, kind: str) -> str:
        """The rows, a JSON object a line. Contracts, which are large and change one by one, by their digests."""
        bodies = (body for (body,) in self._db.execute(f"SELECT body FROM {kind} ORDER BY {ORDER[kind]}"))
        shown = (hashlib.sha256(b.encode()).hexdigest() for b in bodies) if kind == "contracts" else bodies
        return "".join(f"{row}\n" for row in shown)
