"""How a contract's document comes to hold: proposed when it is imported, confirmed by a person, and kept with who and which terms.

Nothing of a proposal is seen by a check. Each change is one durable transaction with its event; a person's answer counts for the
proposal as they saw it, and of two at once one wins.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from signoff.domain.agreement import Agreement
from signoff.domain.checks.contract_parties import vendor_of
from signoff.domain.checks.selection import by_reference
from signoff.domain.checks.versions import versions
from signoff.domain.confirming import Chosen, amended, amendment_of, chosen, contract_of
from signoff.domain.contract import Amendment, Contract
from signoff.domain.errors import BadInput, Refused
from signoff.domain.offers import Hint, Offer, offers
from signoff.domain.proposal import Choices, Proposal, ProposalStatus
from signoff.graph.desk import SYSTEM
from signoff.graph.services import Services
from signoff.graph.store.port import Store
from signoff.tools.masterdata.contracts import problems


@dataclass(frozen=True)
class Settled:
    """What a confirmation comes to: the contract as it will stand, and the amendment that it takes in, where it is one."""

    contract: Contract
    amendment: Amendment | None
    said: Chosen


def propose(store: Store, agreement: Agreement, now: dt.datetime, amends: str | None = None) -> tuple[Proposal, bool]:
    """Keep what was read of a document as a proposal; the one of the same file where it was imported before, and whether it is new.

    One that was dropped waits again.
    """
    known = store.agreements.of_file(agreement.sha256)
    if known is not None and known.status is not ProposalStatus.DROPPED:
        return known, False
    number = known.number if known else 0
    with store.transaction(durable=True):
        made = store.agreements.put(Proposal(number=number, agreement=agreement, amends=amends, proposed_at=now))
        told: dict[str, Any] = {"source": agreement.source, "file": agreement.sha256, "amends": amends}
        told |= {"terms": len(agreement.terms), "prices": len(agreement.prices), "clauses": len(agreement.clauses)}
        store.events.append("contract.proposed", SYSTEM, _body(made) | told, now)
    return made, True


def offered(services: Services, proposal: Proposal) -> tuple[Offer, ...]:
    """What the paper offers, field by field, with the vendor and the contract that it leads to."""
    agreement = proposal.agreement
    amends = _amends(services, proposal)
    hints: dict[str, Hint | None] = {"amends": amends}
    if amends is None or amends.value is None:  # of an amendment the vendor is its contract's
        hints["vendor_id"] = vendor_of(agreement, services.policy.company, services.vendors)
    hints |= {"title": Hint(agreement.title), "starts": _starts(agreement)}
    return offers(agreement, {field: hint for field, hint in hints.items() if hint is not None})


def _amends(services: Services, proposal: Proposal) -> Hint | None:
    """The contract on file that the paper changes: the one it was imported for, else the one that it names."""
    if proposal.amends is not None:
        return Hint(proposal.amends, None, f"it was imported for {proposal.amends}")
    named = [(at, term) for at, term in enumerate(proposal.agreement.terms) if term.kind == "amends"]
    if not named:
        return None
    every = services.store.masters.contracts()
    found = {c.contract_id: at for at, term in reversed(named) if (c := by_reference(term.value, every))}
    if len(found) == 1:
        ((contract_id, at),) = found.items()
        return Hint(contract_id, at)
    at, term = named[0]
    return Hint(None, at, None, f"the paper changes {term.value!r}, which is not one contract on file; name the contract by its number")


def _starts(agreement: Agreement) -> Hint | None:
    """A price list without clauses holds from the day on which the first of its prices is valid."""
    days = [f.price.valid_from for f in agreement.prices if f.price.valid_from]
    return Hint(str(min(days)), None, "the first day on which its prices are valid") if days and not agreement.terms else None


def settled(services: Services, proposal: Proposal, choices: Choices, person: str) -> Settled:
    """What confirming would come to; changes nothing. Raises `BadInput` for what is missing or cannot be."""
    said = chosen(proposal.agreement, offered(services, proposal), choices, person)
    if said.is_amendment:
        base = services.store.masters.contract(said.values["amends"])
        if base is None:
            raise BadInput(f"There is no contract {said.values['amends']} to amend; `signoff contracts list` shows them.")
        amendment = amendment_of(said, base)
        return Settled(_sound(amended(base, amendment)), amendment, said)
    contract = contract_of(said)
    if services.vendors.get(contract.vendor_id) is None:
        raise BadInput(f"There is no vendor {contract.vendor_id}; set another with --set vendor_id=..., or import the vendor first.")
    known = services.store.masters.contract(contract.contract_id)
    if known is not None and proposal.contract_id != contract.contract_id:
        raise BadInput(
            f"The contract {contract.contract_id} is on file already; if this paper changes it, say --set amends={contract.contract_id}, "
            "else --set contract_id=... to another number."
        )
    return Settled(_sound(contract.model_copy(update={"amendments": known.amendments if known else ()})), None, said)


def _sound(contract: Contract) -> Contract:
    """The contract, each version of which can be. Raises `BadInput` with what is wrong."""
    for since, version in versions(contract) if contract.amendments else [(contract.starts, contract)]:
        wrong = list(_wrong(version))
        if wrong:
            raise BadInput(f"As from {since} the contract {contract.contract_id} cannot be: {wrong[0]}.")
    return contract


def _wrong(contract: Contract) -> Iterator[str]:
    if contract.ends and contract.ends < contract.starts:
        yield f"it ends on {contract.ends}, before it starts on {contract.starts}"
    for where, what in problems(contract):
        yield f"{'/'.join(str(n + 1) if isinstance(n, int) else n for n in where)} {what}"


def confirm(services: Services, proposal: Proposal, choices: Choices, person: str) -> Settled:
    """Let it hold, as a person chose. Raises `BadInput` as `settled` does, `Refused` when somebody else was faster."""
    store, now = services.store, services.clock()
    choices = proposal.choices.with_more(choices)
    with store.transaction(durable=True):
        _unchanged(store, proposal)
        done = settled(services, proposal, choices, person)
        store.masters.put_contracts([done.contract])
        contract_id = done.contract.contract_id
        kept = store.agreements.put(_settled(proposal, ProposalStatus.CONFIRMED, person, now, choices=choices, contract_id=contract_id))
        told: dict[str, Any] = {"kind": "contracts", "sha256": store.masters.digest("contracts"), "contract": contract_id}
        told |= {"amendment": done.amendment and done.amendment.amendment_id, "since": str(_since(done))}
        told |= {"confirmed": sorted(done.said.values), "changed": choices.changed, "dropped": list(choices.dropped)}
        told |= {"prices": len(done.said.prices), "source": proposal.agreement.source, "file": proposal.agreement.sha256}
        store.events.append("contract.confirmed", person, _body(kept) | told, now)
    return done


def _since(done: Settled) -> dt.date:
    return done.amendment.since if done.amendment else done.contract.starts


def drop(services: Services, proposal: Proposal, person: str, note: str) -> None:
    """Let it never hold. Raises `Refused` for one that holds already."""
    store, now = services.store, services.clock()
    with store.transaction(durable=True):
        _unchanged(store, proposal)
        if proposal.status is ProposalStatus.CONFIRMED:
            raise Refused(f"{proposal.name} was confirmed and holds as {proposal.contract_id}; what ended is said by an amendment.")
        kept = store.agreements.put(_settled(proposal, ProposalStatus.DROPPED, person, now))
        told = {"note": note, "source": proposal.agreement.source, "file": proposal.agreement.sha256}
        store.events.append("contract.dropped", person, _body(kept) | told, now)


def _unchanged(store: Store, proposal: Proposal) -> None:
    now = store.agreements.get(proposal.number)
    if now != proposal:
        who = f" by {now.settled_by}" if now and now.settled_by else ""
        raise Refused(f"{proposal.name} was settled{who} meanwhile; look at it again with: signoff contracts show {proposal.name}")


def _settled(proposal: Proposal, status: ProposalStatus, person: str, now: dt.datetime, **more: Any) -> Proposal:
    return proposal.model_copy(update={"status": status, "settled_by": person, "settled_at": now} | more)


def _body(proposal: Proposal) -> dict[str, Any]:
    """What an event says of a proposal, so that it can be bound to it."""
    digest = hashlib.sha256(proposal.model_dump_json().encode()).hexdigest()
    return {"agreement": proposal.number, "status": proposal.status, "body": digest}


def proposal_called(store: Store, word: str) -> Proposal:
    """The proposal that is meant by `A7`, `7`, its file's name, or the number that its paper gives itself. Raises `BadInput`."""
    bare = word.strip().removeprefix("A").removeprefix("a")
    if bare.isdecimal() and (found := store.agreements.get(int(bare[:15]))):
        return found
    named = [p for p in store.agreements.listed() if word in (p.contract_id, p.agreement.source, p.agreement.source.rsplit("/", 1)[-1])]
    named = named or [p for p in store.agreements.listed() if any(t.value == word for t in p.agreement.terms if t.kind == "contract_id")]
    waiting = [p for p in named if p.status is ProposalStatus.PROPOSED] or named
    if len(waiting) == 1:
        return waiting[0]
    if waiting:
        raise BadInput(f"{word} may be {' or '.join(p.name for p in waiting)}; say which one.")
    raise BadInput(f"There is no imported contract {word}; `signoff contracts list` shows what waits.")
