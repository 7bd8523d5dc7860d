"""What agents look up: through their rights, in full, and with a sentence where there is nothing."""

from __future__ import annotations

import asyncio
import datetime as dt
import json

from signoff.agents.lookups import ContractTools
from signoff.agents.toolbox import Result, Toolbox, granted
from signoff.domain.contract import Clause, Contract
from signoff.domain.errors import Refused
from signoff.tools.access import Access, agent

RULES = 'permit (principal == Agent::"contract_check", action == Action::"read", resource == Data::"contracts");'
BARE = Contract(contract_id="K-2", vendor_id="V-1", starts=dt.date(2026, 1, 1), currency="EUR")
WORDED = BARE.model_copy(
    update={"contract_id": "K-1", "clauses": (Clause(number="4", heading="Rebate", text="A rebate of 3 % is granted.", page=2),)}
)


class Shelf:
    def contract(self, contract_id: str) -> Contract | None:
        if contract_id == "K-0":
            raise Refused("Access denied.")
        return {"K-1": WORDED, "K-2": BARE}.get(contract_id)


def ask(query: str, contract_id: str, who: str = "contract_check") -> Result:
    toolbox = Toolbox([ContractTools(Shelf()).search_clauses], granted(Access(RULES), agent(who)))
    return asyncio.run(toolbox.use("search_clauses", json.dumps({"query": query, "contract_id": contract_id})))


def test_clauses_come_with_number_page_and_words() -> None:
    (found,) = json.loads(ask("rebates", "K-1").text)
    assert found == {"index": 0, "number": "4", "heading": "Rebate", "page": 2, "text": "A rebate of 3 % is granted."}


def test_what_is_not_there_is_a_sentence() -> None:
    assert ask("insolvency", "K-1") == Result("ok", "No clause of contract K-1 has these words.")
    assert ask("rebates", "K-2") == Result("ok", "The text of contract K-2 is not on file, only its terms.")
    assert ask("rebates", "K-9") == Result("error", "There is no contract 'K-9'.")


def test_what_is_denied_is_denied_at_the_toolbox_and_under_the_tool() -> None:
    assert ask("rebates", "K-1", who="routing") == Result("denied", "You may not use search_clauses.")
    assert ask("rebates", "K-0") == Result("error", "Access denied.")
