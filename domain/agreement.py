"""What a contract's document says: its clauses, and the terms and prices found in them, each with where it stands.

Nothing here holds yet. A person confirms terms (`signoff contracts review`), and confirmed terms become a `Contract`.
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import model_validator

from signoff.domain.contract import Clause, PriceLine
from signoff.domain.record import Record, Text


class TermKind(StrEnum):
    """What a term is about. The value of a `FoundTerm` has one canonical form for each kind."""

    PARTY = "party"  # a legal name; one term for each party, `role` says which side
    AGREEMENT_DATE = "agreement_date"  # ISO 8601: the day it was made or signed
    EFFECTIVE_DATE = "effective_date"  # ISO 8601: the first day it holds
    EXPIRATION_DATE = "expiration_date"  # ISO 8601: the last day, or `perpetual`
    RENEWAL = "renewal"  # an ISO 8601 duration such as P1Y, `perpetual`, or `by_agreement`
    NOTICE_PERIOD = "notice_period"  # an ISO 8601 duration: how long before the end one must say so
    CURRENCY = "currency"  # ISO 4217
    SPEND_CAP = "spend_cap"  # "50000 EUR term" or "50000 EUR year"
    MINIMUM_COMMITMENT = "minimum_commitment"  # the passage
    VOLUME_RESTRICTION = "volume_restriction"  # the passage
    LIABILITY_CAP = "liability_cap"  # the passage
    PRICE_RESTRICTION = "price_restriction"  # the passage
    MINIMUM_ORDER = "minimum_order"  # "100 EUR"
    DISCOUNT = "discount"  # "2 % from 5000 EUR"
    REBATE = "rebate"  # the passage
    PAYMENT_TERMS = "payment_terms"  # as printed
    DELIVERY_TERMS = "delivery_terms"  # as printed; Incoterms where one is named
    LEAD_TIME = "lead_time"  # whole days
    GOVERNING_DOCUMENT = "governing_document"  # the document that prevails or is incorporated
    AMENDS = "amends"  # the contract, by id or title, that this one changes or supersedes
    CONTRACT_ID = "contract_id"  # the number that the paper gives itself


class Place(Record):
    """Where a quote stands: the clause by its index (from 0), its page (from 1), offsets in the clause's text (end exclusive)."""

    clause: int
    start: int
    end: int
    page: int | None = None


class FoundTerm(Record):
    """One term as it was found. `quote` is the passage letter for letter, `by` who found it: `rules` or an agent's name.

    `role` is a party's side in the paper's own word (Supplier, Distributor, Buyer).
    """

    kind: TermKind
    value: Text
    quote: str
    place: Place
    role: Text | None = None
    by: Text = "rules"


class FoundPrice(Record):
    """One agreed price as it was found, with the row it was read from; `where` names the row in a sheet (`Prices!12`).

    `currency` (ISO 4217) is what the list prints for it; nothing where it prints none. `note` says what was assumed.
    """

    price: PriceLine
    quote: str
    place: Place | None = None
    where: Text | None = None
    page: int | None = None
    currency: Text | None = None
    note: Text | None = None


class Agreement(Record):
    """A contract's document as it was read. `source` is the file, `sha256` of its bytes; `notices` are doubts, a sentence each."""

    source: Text
    sha256: Text
    title: Text | None = None
    clauses: tuple[Clause, ...]
    terms: tuple[FoundTerm, ...] = ()
    prices: tuple[FoundPrice, ...] = ()
    notices: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _quoted(self) -> Agreement:
        """No term without its quote: each stands letter for letter where its place says."""
        for term in self.terms:
            if self.clauses[term.place.clause].text[term.place.start : term.place.end] != term.quote or not term.quote:
                raise ValueError(f"the quote of {term.kind} does not stand where it should")
        return self

    def found(self, kind: TermKind) -> list[FoundTerm]:
        """The terms of this kind, in the order of the paper."""
        return [t for t in self.terms if t.kind is kind]
