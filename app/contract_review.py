"""`signoff contracts review`: through what waits, term by term, with the words of the paper; nothing holds before the last yes."""

from __future__ import annotations

from dataclasses import dataclass, field

from rich.console import Console
from rich.markup import escape
from rich.prompt import Confirm, Prompt

from signoff.app.contract_view import counted, offer_lines, offered_prices, prices_before, words
from signoff.app.terminal import console
from signoff.domain.confirming import REQUIRED, REQUIRED_OF_AMENDMENTS
from signoff.domain.errors import BadInput, Refused
from signoff.domain.offers import Offer
from signoff.domain.people import Person
from signoff.domain.proposal import Choices, Proposal
from signoff.graph.agreements import Settled, confirm, drop, offered, settled
from signoff.graph.services import Services

TERM_KEYS = escape("[a]ccept, [c]hange, [d]rop, accept a[l]l that have no doubt, [q]uit and leave it")
DOUBT_KEYS = escape("[c]hange, [d]rop, [q]uit and leave it")
PRICE_KEYS = escape("[a]ccept all, [c]hoose those to leave out, [d]rop all, [q]uit and leave it")
LIST_KEYS = escape("[a]ccept all, [c]hoose those to leave out, [d]rop all, [r]eplace all earlier prices, [q]uit and leave it")


class Left(Exception):
    """The person leaves the proposal as it is."""


@dataclass
class _Sheet:
    """What the person has chosen so far."""

    accepted: list[str] = field(default_factory=list)
    changed: dict[str, str] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)
    all_prices: bool = False

    @property
    def choices(self) -> Choices:
        return Choices(accepted=tuple(self.accepted), changed=self.changed, dropped=tuple(self.dropped), all_prices=self.all_prices)


def review_contracts(services: Services, person: Person, proposals: list[Proposal]) -> None:
    """Each proposal in turn; one that is left, or at which the input ends, waits on."""
    out = console()
    for proposal in proposals:
        try:
            _review(services, person, proposal, out)
        except (Left, EOFError):
            out.print(f"{proposal.name} waits on.")
            return
    out.print("Nothing else waits." if proposals else "No contract waits for a person.")


def _review(services: Services, person: Person, proposal: Proposal, out: Console) -> None:
    agreement = proposal.agreement
    out.rule()
    out.print(f"[bold]{proposal.name}[/bold]  {words(agreement.title or agreement.source)}  ({words(agreement.source)})")
    for notice in agreement.notices:
        out.print(f"[yellow]{words(notice)}[/yellow]")
    sheet = _Sheet()
    _terms(offered(services, proposal), proposal, sheet, out)
    _prices(services, proposal, sheet, out)
    _finish(services, person, proposal, sheet, out)


def _terms(offers: tuple[Offer, ...], proposal: Proposal, sheet: _Sheet, out: Console) -> None:
    rest = False
    for offer in offers:
        if rest and not offer.doubt:
            sheet.accepted.append(offer.field)
            continue
        out.print()
        for line in offer_lines(proposal.agreement, offer):
            out.print(line)
        answer = _asked(DOUBT_KEYS, "cdq", out) if offer.doubt else _asked(TERM_KEYS, "acdlq", out)
        if answer == "c":
            sheet.changed[offer.field] = Prompt.ask(f"{offer.field}", console=out)
        elif answer == "d":
            sheet.dropped.append(offer.field)
        else:
            sheet.accepted.append(offer.field)
            rest = answer == "l"


def _prices(services: Services, proposal: Proposal, sheet: _Sheet, out: Console) -> None:
    agreement = proposal.agreement
    if not agreement.prices:
        return
    offer = next((o for o in offered(services, proposal) if o.field == "amends" and o.field in sheet.accepted), None)
    amends = sheet.changed.get("amends") or (offer.value if offer else None)
    old = prices_before(services.store, amends, services.clock().date())
    out.print()
    out.print(offered_prices(agreement, old))
    out.print(counted(agreement, old))
    answer = _asked(PRICE_KEYS, "acdq", out) if old is None else _asked(LIST_KEYS, "acdrq", out)
    if answer == "d":
        sheet.dropped.append("prices")
        return
    sheet.accepted.append("prices")
    sheet.all_prices = answer == "r"
    if answer == "c":
        numbers = Prompt.ask("numbers to leave out, such as 3 7 12", console=out).replace(",", " ").split()
        sheet.dropped += [f"prices/{n}" for n in numbers]


def _finish(services: Services, person: Person, proposal: Proposal, sheet: _Sheet, out: Console) -> None:
    """What is missing is asked for, then everything confirmed at once."""
    required = REQUIRED_OF_AMENDMENTS if "amends" in (*sheet.accepted, *sheet.changed) else REQUIRED
    for name in required:
        if name not in (*sheet.accepted, *sheet.changed):
            sheet.dropped = [d for d in sheet.dropped if d != name]
            sheet.changed[name] = Prompt.ask(f"{name}, which the contract needs", console=out)
    while True:
        try:
            done = settled(services, proposal, sheet.choices, person.person_id)
            out.print(_summary(done))
            if not Confirm.ask("Confirm it?", default=False, console=out):
                _leave(services, person, proposal, out)
                return
            confirm(services, proposal, sheet.choices, person.person_id)
            out.print(f"{words(done.contract.contract_id)} holds.")
            return
        except BadInput as error:
            out.print(f"[red]{words(str(error))}[/red]")
            text = Prompt.ask("set FIELD=VALUE, or FIELD= to leave it out (empty: leave all as it is)", default="", console=out)
            name, equals, value = (part.strip() for part in text.partition("="))
            if not equals:
                raise Left from None
            _put(sheet, name, value)
        except Refused as error:
            out.print(f"[red]{words(str(error))}[/red]")
            return


def _put(sheet: _Sheet, name: str, value: str) -> None:
    sheet.accepted = [f for f in sheet.accepted if f != name]
    sheet.changed.pop(name, None)
    if value:
        sheet.changed[name] = value
    else:
        sheet.dropped.append(name)


def _leave(services: Services, person: Person, proposal: Proposal, out: Console) -> None:
    if Confirm.ask("Drop the paper for good?", default=False, console=out):
        drop(services, proposal, person.person_id, Prompt.ask("why", default="", console=out))
        out.print(f"{proposal.name} was dropped.")
        return
    raise Left


def _summary(done: Settled) -> str:
    contract, amendment = done.contract, done.amendment
    if amendment is not None:
        what = f"the amendment {amendment.amendment_id} of {contract.contract_id}, from {amendment.since} on"
    else:
        ends = f"to {contract.ends}" if contract.ends else "on"
        what = f"the contract {contract.contract_id} with {contract.vendor_id}, from {contract.starts} {ends}"
    return f"\nThis makes {words(what)}, with {len(done.said.values)} terms and {len(done.said.prices)} prices."


def _asked(keys: str, choices: str, out: Console) -> str:
    """The person's answer, the first of the choices where they say none. Raises `Left`."""
    answer = Prompt.ask(keys, choices=list(choices), show_choices=False, default=choices[0], console=out)
    if answer == "q":
        raise Left
    return answer
