"""A contract's document on its way to hold: what was read of it, and what a person made of each term."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from signoff.domain.agreement import Agreement
from signoff.domain.record import Record, Text


class ProposalStatus(StrEnum):
    """`proposed` waits for a person, `confirmed` holds, `dropped` never will."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DROPPED = "dropped"


class Choices(Record):
    """What a person made of what was read, field by field (`confirming.FIELDS`): taken as it is, changed, or left out.

    `everything` takes what is not named. `all_prices`: the paper's prices stand in place of all earlier ones.
    """

    accepted: tuple[Text, ...] = ()
    changed: dict[Text, Text] = {}
    dropped: tuple[Text, ...] = ()
    everything: bool = False
    all_prices: bool = False

    def with_more(self, later: Choices) -> Choices:
        """These with what was chosen later; the later choice holds for a field that both name."""
        named = {*later.accepted, *later.changed, *later.dropped}
        return Choices(
            accepted=tuple(f for f in self.accepted if f not in named) + later.accepted,
            changed={f: v for f, v in self.changed.items() if f not in named} | later.changed,
            dropped=tuple(f for f in self.dropped if f not in named) + later.dropped,
            everything=self.everything or later.everything,
            all_prices=self.all_prices or later.all_prices,
        )


class Proposal(Record):
    """A document that was imported as a contract, an amendment or a price list. People see its `name` (`A7`).

    `amends` is the contract that it was imported for, where that was said. `contract_id` and `settled_*` are there once a person has
    confirmed or dropped it.
    """

    number: int = 0
    status: ProposalStatus = ProposalStatus.PROPOSED
    agreement: Agreement
    amends: Text | None = None
    choices: Choices = Choices()
    contract_id: Text | None = None
    proposed_at: dt.datetime
    settled_at: dt.datetime | None = None
    settled_by: Text | None = None

    @property
    def name(self) -> str:
        return f"A{self.number}"
