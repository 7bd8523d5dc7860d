"""What a person can do in a chat, by words or by command: the same functions are the assistant's tools and the slash commands.

Reading shows what the person may see. Whatever changes something is told first exactly as it will happen (`preview`), and is done as the
person who is signed in and nobody else, through the same answers and batches as on the command line. What was not told is not done.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Literal, cast

from signoff.agents.toolbox import Tool, granted, tool
from signoff.app.batch import files_of
from signoff.app.preview import Answering, Preview, standing
from signoff.app.speaking import SAYINGS, Speak, Speaking
from signoff.app.story import Story
from signoff.domain.contract import Contract
from signoff.domain.errors import BadInput, Refused
from signoff.domain.money import shown
from signoff.domain.order import OrderType
from signoff.domain.people import Person
from signoff.domain.stages import Check, Decided
from signoff.domain.states import State
from signoff.graph.decisions import Decision
from signoff.graph.desk import Desk
from signoff.graph.record import record
from signoff.graph.rights import in_place_of, require_decide
from signoff.graph.services import Services
from signoff.graph.standing import waits_for
from signoff.graph.store.rows import Case, number_of
from signoff.tools.access import Access
from signoff.tools.access import person as somebody
from signoff.tools.clauses import search_clauses

MOST = 40
"""How many of anything are listed at once."""
SPENT = frozenset({State.APPROVED, State.POSTED})
Settle = Callable[[int, Decision], Awaitable[str]]
Run = Callable[[Path], Awaitable[Counter[State]]]
Rows = list[dict[str, Any]]


class Abilities(Speaking):
    """`person` is signed in, and `seen` is what they may read (`graph.rights.narrowed`).

    `settle` takes an answer, carries the case on and says what the answer did; `speak` takes what is said about a case; `run` takes in
    a folder and counts what became of its orders. `deciding` is true while an answer is being taken, which is not to be broken off.
    """

    def __init__(self, access: Access, seen: Services, person: Person, settle: Settle, speak: Speak, run: Run) -> None:
        super().__init__(speak)
        self.access, self.seen, self.person, self._settle, self._run = access, seen, person, settle, run
        self.deciding = False
        self._told: tuple[str, dict[str, Any], Preview] | None = None

    def may(self, tool: Tool) -> bool:
        """Whether access.cedar lets the person use an ability."""
        return granted(self.access, somebody(self.person))(tool)

    @property
    def all(self) -> tuple[Callable[..., Any], ...]:
        """Every ability, reading first."""
        reading = (self.waiting, self.cases, self.case, self.why, self.vendors, self.contracts, self.clauses, self.spend, self.policy)
        return (*reading, self.approve, self.reject, self.send_back, self.edit, *self.sayings, self.batch)

    @tool("READ", data="cases")
    def waiting(self) -> Rows:
        """The tasks and questions that wait for the person who is signed in, with their cases."""
        mine = waits_for(self.seen, self.person)
        return _most({"task": t.task_id, "asks": t.kind} | self._brief(self._case(t.case)) | {"why": t.summary} for t in mine)

    @tool("READ", data="cases")
    def cases(self, search: str = "") -> Rows:
        """Cases, newest first. `search` is words that must all stand in the case number, order number, supplier, vendor number, file
        name, reason or status (needs_review, needs_approval, on_hold, approved, posted, rejected, duplicate, not_an_order, failed);
        empty for all."""
        words = search.casefold().split()
        states = [state for state in State if state in words]
        listed = (self._brief(c) for c in reversed(list(self.seen.store.cases.listed(states))))
        return _most(c for c in listed if _holds(words, *c.values()))

    @tool("READ", data="cases")
    def case(self, case: str) -> dict[str, Any]:
        """One case in full, by its number (C00042): the order as read, its findings, who is asked, where it was posted."""
        found = record(self.seen, number_of(case))
        return {k: v for k, v in found.items() if k not in ("fields", "sha256")}

    @tool("READ", data="cases")
    def why(self, case: str) -> Rows:
        """The story of a case in words: what was read, found, decided and by whom, and what happens next."""
        number = number_of(case)
        told = ({"at": t.at[:16].replace("T", " "), "what": t.text} for t in Story(self.seen, number).told() if t.at)
        return [*told, {"at": "", "what": standing(self.seen, number)}]

    @tool("READ", data="vendors")
    def vendors(self, search: str = "") -> Rows:
        """Vendors of the vendor master. `search` is words that must all stand in number, name, category or status; empty for all."""
        words = search.casefold().split()
        found = (v for v in self.seen.vendors if _holds(words, v.vendor_id, v.name, v.category, v.status))
        said = (v.model_dump(mode="json", exclude_defaults=True, exclude={"bank_fingerprint"}) for v in found)
        return _most({"vendor_id": v["vendor_id"], "name": v["name"], "status": "active"} | v for v in said)

    @tool("READ", data="contracts")
    def contracts(self, search: str = "") -> Rows:
        """Contracts with their terms. `search` is words that must all stand in number, title or vendor; empty for all. Where it leaves
        one contract, its prices are told too."""
        words = search.casefold().split()
        vendors = {v.vendor_id: v.name for v in self.seen.vendors}
        every = [c for of_vendor in self.seen.contracts.values() for c in of_vendor]
        found = [c for c in every if _holds(words, c.contract_id, c.title, c.vendor_id, vendors.get(c.vendor_id))]
        left_out = {"clauses"} if len(found) == 1 else {"clauses", "prices"}
        said = ({"vendor": vendors.get(c.vendor_id)} | c.model_dump(mode="json", exclude_defaults=True, exclude=left_out) for c in found)
        return _most({"contract_id": c["contract_id"]} | c for c in said)

    @tool("READ", data="contracts")
    def clauses(self, contract: str, search: str) -> Rows:
        """The clauses of a contract, by its number, that are about the words of `search`, best first, word for word with their page."""
        found = self._contract(contract)
        return [p.model_dump(exclude_none=True, exclude={"index"}) for p in search_clauses(found, search)]

    @tool("READ", data="history")
    def spend(self, by: Literal["vendor", "cost_center", "category", "month"] = "vendor") -> Rows:
        """What was approved and posted through Signoff, in base currency, summed by vendor, cost centre, category or month of the
        order; largest first. An order that was changed or cancelled counts as it stands now."""
        sums: dict[str, Decimal] = defaultdict(Decimal)
        counts: Counter[str] = Counter()
        for keys, amount in self._spent():
            sums[keys[by] or "(none)"] += amount
            counts[keys[by] or "(none)"] += 1
        currency = self.seen.policy.base_currency
        largest = sorted(sums.items(), key=lambda kv: (-kv[1], kv[0]))
        names = {v.vendor_id: v.name for v in self.seen.vendors} if by == "vendor" else {}
        return [
            {by: k} | ({"name": names.get(k)} if names else {}) | {"orders": counts[k], "spent": shown(s, currency)} for k, s in largest
        ]

    @tool("READ", data="policy")
    def policy(
        self, part: Literal["approvals", "gates", "severities", "tolerances", "overrides", "budgets"] = "approvals"
    ) -> Rows | dict[str, Any]:
        """A part of the policy. `approvals`: the rules that say who signs what; `gates`: who looks at readings and findings;
        `severities` and `tolerances`: what counts as how bad, and how far a figure may be off; `overrides`: exceptions to these;
        `budgets`: what cost centres may commit in a year. Amounts are in base currency."""
        policy = self.seen.policy.model_dump(mode="json", exclude_defaults=part == "approvals")
        owners = {code: owner.label.removeprefix("role:") for code, owner in self.seen.policy.gates.owners.items()}
        return cast("Rows | dict[str, Any]", policy[part] | {"owners": owners} if part == "gates" else policy[part])

    @tool("WRITE", data="cases", action="decide")
    async def approve(self, case: str, note: str = "") -> str:
        """Approve what the case asks the signed-in person: accept the reading, accept the findings, or sign."""
        return await self._decide("approve", {"case": case, "note": note})

    @tool("WRITE", data="cases", action="decide")
    async def reject(self, case: str, note: str = "") -> str:
        """Reject the case as the signed-in person; it ends there."""
        return await self._decide("reject", {"case": case, "note": note})

    @tool("WRITE", data="cases", action="decide")
    async def send_back(self, case: str, note: str = "") -> str:
        """Send the case back to review as the signed-in person, so that its reading is looked at again."""
        return await self._decide("send_back", {"case": case, "note": note})

    @tool("WRITE", data="cases", action="decide")
    async def edit(self, case: str, field: str, value: str, note: str = "") -> str:
        """Correct one field of the order as the signed-in person. `field` is a JSON Pointer such as /lines/0/unit_price. The order is
        then checked again from the start."""
        return await self._decide("edit", {"case": case, "field": field, "value": value, "note": note})

    @tool("WRITE", data="cases", action="start")
    async def batch(self, folder: str) -> str:
        """Take in every file in a folder (or one file) on this machine, and carry each order as far as it goes without a person."""
        self._take("batch", {"folder": folder})
        counts = await self._run(_path(folder))
        return f"Done: {', '.join(f'{n} {state}'.replace('_', ' ') for state, n in counts.items())}."

    def preview(self, name: str, arguments: dict[str, Any]) -> Preview:
        """What a writing ability is going to do. Raises `Refused` or `BadInput` for what would not be done."""
        self._told = None
        made = self._batch(_path(arguments["folder"])) if name == "batch" else self._about_case(name, arguments)
        self._told = (name, arguments, made)
        return made

    def _batch(self, folder: Path) -> Preview:
        try:
            files = len(files_of(folder))
        except (OSError, ValueError) as error:
            raise BadInput(f"{folder} cannot be read: {error}") from None
        what = f"take in {files} file{'' if files == 1 else 's'} from {folder}"
        rows = (("who", self._who()), ("does", what), ("then", "Each order goes as far as it can; what needs nobody is posted to the ERP."))
        return Preview(rows)

    def _about_case(self, name: str, arguments: dict[str, Any]) -> Preview:
        said = self._brief(self._case(number_of(arguments["case"])))
        order = tuple((k, str(said[k] or f"(no {k})")) for k in ("case", "order", "supplier", "amount"))
        if name in SAYINGS:
            return self.saying(name, arguments, order)
        return self._answer(cast(Decided, name), order, **arguments)

    def _answer(
        self, decision: Decided, order: Iterable[tuple[str, str]], case: str, note: str = "", field: str = "", value: str = ""
    ) -> Preview:
        number = number_of(case)
        answering = Answering(self.seen, self.person, number)
        self._may_decide(number)
        return answering.told(decision, note, order, {_pointer(field): value})

    async def _decide(self, decision: Decided, arguments: dict[str, Any]) -> str:
        """Give the answer that was told, to the tasks that were told: whatever else the case asks by now stays open."""
        tasks = self._take(decision, arguments).tasks
        number = number_of(arguments["case"])
        if self._open(number) & set(tasks):  # else somebody was faster, and taking the answer says who
            self._may_decide(number)
        edits = {_pointer(arguments["field"]): arguments["value"]} if decision == "edit" else {}
        said = Decision(person=self.person.person_id, decision=decision, note=arguments["note"], edits=edits)
        sentence = ""
        self.deciding = True
        try:
            for task in tasks:
                if not sentence or task in self._open(number):
                    sentence = await self._settle(number, said.model_copy(update={"task": task}))
        finally:
            self.deciding = False
        return f"{sentence} {standing(self.seen, number)}"

    def _may_decide(self, number: int) -> None:
        for principal in in_place_of(self.seen, self.person, number):
            require_decide(self.access, self.seen, self.person, number, principal)

    def _take(self, name: str, arguments: dict[str, Any]) -> Preview:
        told, self._told = self._told, None
        if told is None or told[:2] != (name, arguments):
            raise Refused("Nothing is done that was not shown first.")
        return told[2]

    def _spent(self) -> Iterator[tuple[dict[str, str | None], Decimal]]:
        """Each order that stands, with what it may be summed by and its worth in base currency."""
        standing: dict[tuple[str | None, str | None], tuple[dict[str, str | None], Decimal]] = {}
        for case in self.seen.store.cases.listed(SPENT):
            desk = Desk(self.seen, case.number)
            check, draft = desk.find("check", Check), desk.draft()
            if check is None or draft is None:
                continue
            order = draft.order
            about = order.order_number if order.order_type is OrderType.ORDER else order.order_reference or order.order_number
            key = (case.vendor_id, about or case.case_id)
            standing.pop(key, None)
            if order.order_type is not OrderType.CANCELLATION:
                month = str(order.issue_date or case.created_at)[:7]
                facts = {"vendor": case.vendor_id, "cost_center": order.cost_center, "category": check.category, "month": month}
                standing[key] = (facts, check.base_amount or Decimal(0))
        yield from standing.values()

    def _open(self, number: int) -> set[int]:
        return {t.task_id for t in self.seen.store.tasks.of_case(number) if t.pending}

    def _who(self) -> str:
        return f"{self.person.name} ({self.person.person_id})"

    def _case(self, number: int) -> Case:
        return Desk(self.seen, number).case

    def _contract(self, contract_id: str) -> Contract:
        every = (c for of_vendor in self.seen.contracts.values() for c in of_vendor)
        found = next((c for c in every if c.contract_id.casefold() == contract_id.casefold()), None)
        if found is None:
            raise BadInput(f"There is no contract {contract_id}.")
        if not found.clauses:
            raise BadInput(f"The text of contract {found.contract_id} is not on file, only its terms.")
        return found

    def _brief(self, case: Case) -> dict[str, Any]:
        draft = Desk(self.seen, case.number).draft()
        order = draft.order if draft else None
        vendor = self.seen.vendors.get(case.vendor_id or "")
        supplier = (order.supplier.name or (vendor and vendor.name) or order.supplier.id) if order else None
        amount = shown(order.amount, order.currency) if order else None
        return {
            "case": case.case_id, "status": case.state, "order": case.order_number, "supplier": supplier, "vendor": case.vendor_id,
            "amount": amount, "file": case.source, "reason": case.reason,
        }  # fmt: skip


def _most(found: Iterable[dict[str, Any]]) -> Rows:
    """The first of them; where there are more, the last row says so."""
    rows = list(islice(found, MOST + 1))
    return rows if len(rows) <= MOST else [*rows[:MOST], {"more": f"There are more than these {MOST}; search for less."}]


def _holds(words: list[str], *values: object) -> bool:
    text = " ".join(str(v) for v in values if v).casefold()
    return all(word in text for word in words)


def _path(folder: str) -> Path:
    try:
        return Path(folder).expanduser().absolute()
    except RuntimeError as error:
        raise BadInput(f"{folder} is no folder: {error}") from None


def _pointer(field: str) -> str:
    return field if field.startswith("/") else f"/{field}"
