"""From what a paper offers and what a person made of it to the contract, or the amendment, that then holds."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from signoff.domain import term_values
from signoff.domain.agreement import Agreement
from signoff.domain.contract import Amendment, Changes, Contract, OtherTerm, PriceLine, Provenance
from signoff.domain.errors import BadInput
from signoff.domain.offers import FIELDS, MANY, OTHER, Offer, double_prices, provenance
from signoff.domain.proposal import Choices

REQUIRED = ("contract_id", "vendor_id", "starts", "currency")
REQUIRED_OF_AMENDMENTS = ("amends", "starts")

_READ: dict[str, Callable[[str], Any]] = {
    "starts": term_values.day,
    "ends": term_values.last_day,
    "renewal": term_values.duration,
    "notice_period": term_values.duration,
    "currency": term_values.currency,
    "lead_time_days": term_values.whole_days,
}
_IN_MONEY: dict[str, Callable[[str], tuple[Any, str]]] = {
    "spend_cap": term_values.cap,
    "minimum_commitment": term_values.commitment,
    "minimum_order": term_values.amount,
    "discounts": term_values.discount,
}


@dataclass(frozen=True)
class Chosen:
    """What a person settled on: the value of each field, where it was read, and which prices (from 0)."""

    agreement: Agreement
    values: dict[str, str]
    places: dict[str, Provenance]
    prices: tuple[int, ...]
    all_prices: bool

    @property
    def is_amendment(self) -> bool:
        return "amends" in self.values


def chosen(agreement: Agreement, offered: Iterable[Offer], choices: Choices, person: str) -> Chosen:
    """The fields that hold. Raises `BadInput` for a field that is not there, and for a doubt that nobody settled."""
    by_field = {o.field: o for o in offered}
    _known(choices, by_field, len(agreement.prices))
    values: dict[str, str] = {}
    places: dict[str, Provenance] = {}
    for field, offer in by_field.items():
        value = _value(offer, choices)
        if value is not None:
            values[field] = value
            if offer.term is not None:
                places[field] = provenance(agreement, agreement.terms[offer.term], person if field in choices.changed else None)
    values |= {field: value for field, value in choices.changed.items() if field not in by_field}
    return Chosen(agreement, values, places, tuple(_prices(agreement, choices)), choices.all_prices)


def _value(offer: Offer, choices: Choices) -> str | None:
    if offer.field in choices.changed:
        return choices.changed[offer.field]
    if {offer.field, offer.name} & {*choices.dropped} or not (choices.everything or offer.field in choices.accepted):
        return None
    if offer.doubt:
        raise BadInput(f"{offer.field}: {offer.doubt}, with --set {offer.field}=..., or leave it out with --drop {offer.field}.")
    return offer.value


def _known(choices: Choices, offered: dict[str, Offer], prices: int) -> None:
    """Raises `BadInput` for a field that the paper does not offer, or that no contract has."""
    there = {*offered, *(o.name for o in offered.values()), *(f"prices/{n}" for n in range(1, prices + 1))}
    there |= {"prices"} if prices else set()
    for field in (*choices.accepted, *choices.dropped):
        if field not in there:
            raise BadInput(
                f"The paper says nothing of {field!r}{_nearest(field, there)}; set it with --set {field}=VALUE, or leave it out."
            )
    for field in choices.changed:
        if field.split("/")[0] not in FIELDS or field.startswith("prices"):
            settable = set(FIELDS) - {"prices"}
            raise BadInput(f"{field!r} is no field that can be set{_nearest(field, settable)}; they are {', '.join(sorted(settable))}.")


def _nearest(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" (did you mean {close[0]!r}?)" if close else ""


def _prices(agreement: Agreement, choices: Choices) -> Iterator[int]:
    taken = [i for i in range(len(agreement.prices)) if _takes(choices, i)]
    for earlier, later in double_prices(tuple(agreement.prices[i] for i in taken)):
        one, two = (taken[i] + 1 for i in (earlier, later))
        raise BadInput(
            f"Prices {one} and {two} give the same item two prices; leave one out, with --drop prices/{one} or --drop prices/{two}."
        )
    yield from taken


def _takes(choices: Choices, at: int) -> bool:
    named = {"prices", f"prices/{at + 1}"}
    return not named & {*choices.dropped} and (choices.everything or bool(named & {*choices.accepted}))


def contract_of(said: Chosen) -> Contract:
    """The contract. Raises `BadInput` for what is missing, or has not its form."""
    _complete(said, REQUIRED)
    terms = _terms(said, said.values["currency"])
    own: dict[str, Any] = {name: said.values[name] for name in ("contract_id", "vendor_id", "title") if name in said.values}
    places = terms.places | {f"/{name}": place for name, place in said.places.items() if name in (*own, "starts")}
    own |= {"starts": _read(said, "starts"), "source": said.agreement.source, "provenance": places}
    try:
        return Contract.model_validate(terms.values | own)
    except ValidationError as error:
        what = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise BadInput(f"{own['contract_id']} cannot be: {what}; set another value.") from None


def amendment_of(said: Chosen, base: Contract) -> Amendment:
    """The amendment to a contract. Raises `BadInput` likewise, and where it is another vendor's."""
    _complete(said, REQUIRED_OF_AMENDMENTS)
    vendor = said.values.get("vendor_id", base.vendor_id)
    if vendor != base.vendor_id:
        raise BadInput(f"The paper is of vendor {vendor}, the contract {base.contract_id} is with {base.vendor_id}; name another contract.")
    terms = _terms(said, said.values.get("currency", base.currency))
    own = said.values.get("contract_id")
    name = own if own and own != base.contract_id else f"{base.contract_id} amended {said.values['starts']}"
    places = terms.places | ({"/since": said.places["starts"]} if "starts" in said.places else {})
    return Amendment(
        amendment_id=name, title=said.values.get("title"), since=_read(said, "starts"), changes=Changes.model_validate(terms.values),
        ended=("ends",) if "ends" in said.values and terms.values["ends"] is None else (), all_prices=said.all_prices,
        source=said.agreement.source, provenance=places,
    )  # fmt: skip


def amended(base: Contract, amendment: Amendment) -> Contract:
    """The contract with the amendment among its own, in place of one with the same name."""
    others = (a for a in base.amendments if a.amendment_id != amendment.amendment_id)
    return base.model_copy(update={"amendments": (*others, amendment)})


def _complete(said: Chosen, required: Iterable[str]) -> None:
    missing = [field for field in required if field not in said.values]
    if missing:
        raise BadInput(f"{' and '.join(missing)} must be known before it can hold; say {' '.join(f'--set {f}=...' for f in missing)}.")


@dataclass(frozen=True)
class _Terms:
    values: dict[str, Any]
    places: dict[str, Provenance]


def _terms(said: Chosen, currency: str) -> _Terms:
    """What a contract and an amendment have in common, each with where it was read, by JSON Pointer."""
    values: dict[str, Any] = {
        "prices": _agreed_prices(said, currency),
        "clauses": said.agreement.clauses,
        "discounts": (),
        "other_terms": (),
    }
    places = {f"/prices/{n}": provenance(said.agreement, said.agreement.prices[i]) for n, i in enumerate(said.prices)}
    for field, text in said.values.items():
        name = field.split("/")[0]
        if name in ("amends", "contract_id", "vendor_id", "title", "starts"):
            continue
        pointer, value = f"/{name}", None
        if name in OTHER or (name == "minimum_commitment" and not _is_amount(text)):
            pointer, value = f"/other_terms/{len(values['other_terms'])}", OtherTerm(kind=name, text=text)
            values["other_terms"] = (*values["other_terms"], value)
        elif name in MANY:
            pointer = f"/{name}/{len(values[name])}"
            values[name] = (*values[name], _money(field, name, text, currency))
        else:
            values[name] = _money(field, name, text, currency) if name in _IN_MONEY else _read(said, name)
        if field in said.places:
            places[pointer] = said.places[field]
    values["discounts"] = tuple(sorted(values["discounts"], key=lambda d: d.from_amount))
    return _Terms(values, places)


def _is_amount(text: str) -> bool:
    try:
        term_values.commitment(text)
    except BadInput:
        return False
    return True


def _read(said: Chosen, name: str) -> Any:
    try:
        return _READ.get(name, str)(said.values[name])
    except BadInput as error:
        raise BadInput(f"{name}: {error}") from None


def _money(field: str, name: str, text: str, currency: str) -> Any:
    """The value in the contract's currency. Raises `BadInput` where it is in another."""
    try:
        value, unit = _IN_MONEY[name](text)
    except BadInput as error:
        raise BadInput(f"{field}: {error}") from None
    if unit != currency:
        raise BadInput(f"{field} is in {unit}, the contract in {currency}; set one of them, or leave {field} out.")
    return value


def _agreed_prices(said: Chosen, currency: str) -> tuple[PriceLine, ...]:
    found = [said.agreement.prices[i] for i in said.prices]
    other = next((f for f in found if f.currency and f.currency != currency), None)
    if other is not None:
        raise BadInput(
            f"prices: {other.quote[:60]!r} is in {other.currency}, the contract in {currency}; set the currency, or leave them out."
        )
    return tuple(f.price for f in found)


def notice_day(contract: Contract) -> dt.date | None:
    """The last day on which notice may be given to the contract's end; nothing where it has no end or no period is agreed."""
    return term_values.before(contract.ends, contract.notice_period) if contract.ends and contract.notice_period else None
