"""What agents look up while they work, as tools over small ports that the store implements and the caller's rights narrow."""

from __future__ import annotations

from typing import Protocol

from signoff.agents.toolbox import tool
from signoff.domain.contract import Contract
from signoff.domain.errors import BadInput
from signoff.tools.clauses import Passage
from signoff.tools.clauses import search_clauses as search


class ContractReader(Protocol):
    """Contracts by their ids. Raises `Refused` where they may not be read."""

    def contract(self, contract_id: str) -> Contract | None: ...


class ContractTools:
    """The words of contracts."""

    def __init__(self, contracts: ContractReader) -> None:
        self._contracts = contracts

    @tool("READ", data="contracts")
    def search_clauses(self, query: str, contract_id: str) -> list[Passage] | str:
        """The clauses of a contract that are about the words of the query, best first, in full and word for word, with their page."""
        contract = self._contracts.contract(contract_id)
        if contract is None:
            raise BadInput(f"There is no contract {contract_id!r}.")
        if not contract.clauses:
            return f"The text of contract {contract_id} is not on file, only its terms."
        return search(contract, query) or f"No clause of contract {contract_id} has these words."
