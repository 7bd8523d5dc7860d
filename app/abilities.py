"""What a person can do in a chat, by words or by command: the same functions are the assistant's tools and the slash commands.

Reading shows what the person may see. Whatever changes something is told first exactly as it will happen (`preview`), and is done as the
person who is signed in and nobody else, through the same `decide` and `batch` as on the command line.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from signoff.agents.toolbox import Tool, granted, tool
from signoff.app.story import Story
from signoff.domain.errors import BadInput
from signoff.domain.money import shown
from signoff.domain.people import Person
from signoff.domain.stages import Check, Decided
from signoff.domain.states import State
from signoff.graph.decisions import Decision
from signoff.graph.desk import Desk
from signoff.graph.record import record
from signoff.graph.rights import require_decide
from signoff.graph.services import Services
from signoff.graph.store.port import Case, Task, number_of
from signoff.tools.access import Access
from signoff.tools.access import person as somebody

MOST_CASES = 40
Settle = Callable[[int, Decision], str]
Run = Callable[[Path], str]
SPENT = frozenset({State.APPROVED, State.POSTED})


class Abilities:
    """`person` is signed in, and `seen` is what they may read (`graph.rights.narrowed`).

    `settle` takes an answer and carries the case on, `run` takes in a folder; both say what happened.
    """

    def __init__(self, access: Access, seen: Services, person: Person, settle: Settle, run: Run) -> None:
        self.access, self.seen, self.person, self._settle, self._run = access, seen, person, settle, run

    def may(self, tool: Tool) -> bool:
        """Whether access.cedar lets the person use an ability."""
        return granted(self.access, somebody(self.person))(tool)

    @property
    def all(self) -> tuple[Callable[..., Any], ...]:
        """Every ability, reading first."""
        reading = (self.waiting, self.cases, self.case, self.why, self.vendors, self.contracts, self.spend, self.policy)
        return (*reading, self.approve, self.reject, self.send_back, self.edit, self.batch)

    @tool("READ", data="cases")
    def waiting(self) -> list[dict[str, Any]]:
        """The tasks that wait for the person who is signed in, with their cases."""
        mine = [t for t in self.seen.store.tasks.waiting() if self.person.person_id in t.candidates]
        return [{"task": t.task_id, "asks": t.kind} | self._brief(self._case(t.case)) | {"why": t.summary} for t in mine[:MOST_CASES]]

    @tool("READ", data="cases")
    def cases(self, status: str = "", search: str = "") -> list[dict[str, Any]]:
        """Cases, newest first. `status` is one of needs_review, needs_approval, on_hold, approved, posted, rejected, duplicate,
        not_an_order, failed, or empty for all; `search` is a word from the order number, the supplier or the file name, or empty."""
        states = [_state(status)] if status else []
        found: Iterator[dict[str, Any]] = (self._brief(c) for c in reversed(list(self.seen.store.cases.listed(states))))
        words = search.casefold()
        return [c for c in found if words in " ".join(map(str, c.values())).casefold()][:MOST_CASES]

    @tool("READ", data="cases")
    def case(self, case: str) -> dict[str, Any]:
        """One case in full, by its number (C00042): the order as read, its findings, who is asked, where it was posted."""
        found = record(self.seen, number_of(case))
        return {k: v for k, v in found.items() if k not in ("fields", "sha256")}

    @tool("READ", data="cases")
    def why(self, case: str) -> str:
        """The story of a case in words: what was read, found, decided and by whom, and what happens next."""
        return "\n".join(" ".join(filter(None, (t.at[:16].replace("T", " "), t.text))) for t in Story(self.seen, number_of(case)).told())

    @tool("READ", data="vendors")
    def vendors(self, search: str = "") -> list[dict[str, Any]]:
        """Vendors of the vendor master whose number, name or category contains `search` (empty for all)."""
        words = search.casefold()
        every = [v for v in self.seen.vendors if words in f"{v.vendor_id} {v.name} {v.category or ''}".casefold()]
        said = (v.model_dump(mode="json", exclude_defaults=True, exclude={"bank_fingerprint"}) for v in every[:MOST_CASES])
        return [{"status": "active"} | v for v in said]

    @tool("READ", data="contracts")
    def contracts(self, search: str = "") -> list[dict[str, Any]]:
        """Contracts whose number, vendor or title contains `search` (empty for all), with their terms; prices only of a single one."""
        words = search.casefold()
        every = [c for of_vendor in self.seen.contracts.values() for c in of_vendor]
        found = [c for c in every if words in f"{c.contract_id} {c.vendor_id} {c.title or ''}".casefold()]
        left_out = {"clauses"} if len(found) == 1 else {"clauses", "prices"}
        return [c.model_dump(mode="json", exclude_defaults=True, exclude=left_out) for c in found[:MOST_CASES]]

    @tool("READ", data="history")
    def spend(self, by: Literal["vendor", "cost_center", "category", "month"] = "vendor") -> list[dict[str, Any]]:
        """What was approved and posted, in base currency, summed by vendor, cost centre, category or month; largest first."""
        sums: dict[str, Decimal] = defaultdict(Decimal)
        counts: dict[str, int] = defaultdict(int)
        for case in self.seen.store.cases.listed(SPENT):
            desk = Desk(self.seen, case.number)
            check, draft = desk.find("check", Check), desk.draft()
            if check is None or draft is None:
                continue
            day = str(draft.order.issue_date or case.created_at)[:7]
            keys = {"vendor": case.vendor_id, "cost_center": draft.order.cost_center, "category": check.category, "month": day}
            sums[keys[by] or "(none)"] += check.base_amount or Decimal(0)
            counts[keys[by] or "(none)"] += 1
        currency = self.seen.policy.base_currency
        return [{by: k, "orders": counts[k], "spent": shown(s, currency)} for k, s in sorted(sums.items(), key=lambda kv: -kv[1])]

    @tool("READ", data="policy")
    def policy(self) -> list[dict[str, Any]]:
        """The approval rules of the policy: when each holds and who signs."""
        rules = self.seen.policy.approvals
        return [r.model_dump(mode="json", exclude_defaults=True) for r in rules]

    @tool("WRITE", data="cases", action="decide")
    async def approve(self, case: str, note: str = "") -> str:
        """Approve what the case asks the signed-in person: accept the reading, accept the exception, or sign."""
        return await self._decide(case, "approve", note)

    @tool("WRITE", data="cases", action="decide")
    async def reject(self, case: str, note: str = "") -> str:
        """Reject the case as the signed-in person; it ends there."""
        return await self._decide(case, "reject", note)

    @tool("WRITE", data="cases", action="decide")
    async def send_back(self, case: str, note: str = "") -> str:
        """Send the case back to review as the signed-in person, so that its reading is looked at again."""
        return await self._decide(case, "send_back", note)

    @tool("WRITE", data="cases", action="decide")
    async def edit(self, case: str, field: str, value: str, note: str = "") -> str:
        """Correct one field of the order as the signed-in person; `field` is a JSON Pointer such as /lines/0/unit_price. The order is
        then checked again from the start."""
        return await self._decide(case, "edit", note, {field: value})

    @tool("WRITE", data="cases", action="start")
    async def batch(self, folder: str) -> str:
        """Take in every file in a folder (or one file) on this machine, and carry each order as far as it goes without a person."""
        return await asyncio.to_thread(self._run, Path(folder).expanduser())

    def preview(self, name: str, arguments: dict[str, Any]) -> str:
        """What a writing ability is going to do, in a sentence, before anybody says yes. Raises `BadInput` for what cannot be done."""
        if name == "batch":
            folder = Path(arguments["folder"]).expanduser()
            return f"Every file in {folder} is taken in and checked; orders that need nobody are posted to the ERP."
        case = self._case(number_of(arguments["case"]))
        waiting = [t for t in self.seen.store.tasks.of_case(case.number) if t.status == "open"]
        tasks = [t for t in waiting if self.person.person_id in t.candidates]
        if not tasks:
            raise BadInput(f"Case {case.case_id} asks nothing of {self.person.name}; it is {case.state}.")
        what = WILL[name].format(what=_asked(tasks), **{"field": "", "value": ""} | arguments)
        note = f" Your note: {arguments['note']!r}." if arguments.get("note") else ""
        return f"As {self.person.name} ({self.person.person_id}) you {what} of {case.case_id}: {self._words(case)}.{note}"

    async def _decide(self, case: str, decision: Decided, note: str, edits: dict[str, str] | None = None) -> str:
        said = Decision(person=self.person.person_id, decision=decision, note=note, edits=edits or {})
        require_decide(self.access, self.seen, self.person, number_of(case))
        return await asyncio.to_thread(self._settle, number_of(case), said)

    def _case(self, number: int) -> Case:
        return Desk(self.seen, number).case

    def _brief(self, case: Case) -> dict[str, Any]:
        draft = Desk(self.seen, case.number).draft()
        order = draft.order if draft else None
        supplier = (order.supplier.name or order.supplier.id) if order else None
        amount = shown(order.amount, order.currency) if order else None
        return {
            "case": case.case_id, "status": case.state, "order": case.order_number, "supplier": supplier, "amount": amount,
            "file": case.source, "reason": case.reason,
        }  # fmt: skip

    def _words(self, case: Case) -> str:
        """The order in a few words."""
        said = self._brief(case)
        number = f"order {said['order']}" if said["order"] else "an order without a number"
        return f"{number} to {said['supplier'] or 'nobody named'}, {said['amount'] or 'no amount'}"


WILL = {
    "approve": "{what}",
    "reject": "reject the order, which ends the case, instead of deciding {what}",
    "send_back": "send the order back to review; what was decided about it no longer counts",
    "edit": "set {field} to {value!r} in the order, which is then checked again from the start",
}
ASKED = {"review": "accept the reading", "exception": "accept the findings ({why})", "approval": "sign the approval ({why})"}


def _asked(tasks: list[Task]) -> str:
    return " and ".join(dict.fromkeys(ASKED[t.kind].format(why=t.summary[:300]) for t in tasks))


def _state(status: str) -> State:
    try:
        return State(status)
    except ValueError:
        raise BadInput(f"There is no status {status!r}; there are: {', '.join(State)}.") from None
