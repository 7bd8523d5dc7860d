"""What a contract's paper offers, field by field: the value, the term it comes from, and what a person has to settle about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from signoff.domain.agreement import Agreement, FoundPrice, FoundTerm, TermKind
from signoff.domain.contract import PriceLine, Provenance
from signoff.domain.record import Record, Text

SINGLE: dict[str, tuple[TermKind, ...]] = {
    "amends": (TermKind.AMENDS,),
    "contract_id": (TermKind.CONTRACT_ID,),
    "vendor_id": (),
    "title": (),
    "starts": (TermKind.EFFECTIVE_DATE, TermKind.AGREEMENT_DATE),
    "ends": (TermKind.EXPIRATION_DATE,),
    "renewal": (TermKind.RENEWAL,),
    "notice_period": (TermKind.NOTICE_PERIOD,),
    "currency": (TermKind.CURRENCY,),
    "spend_cap": (TermKind.SPEND_CAP,),
    "minimum_commitment": (TermKind.MINIMUM_COMMITMENT,),
    "minimum_order": (TermKind.MINIMUM_ORDER,),
    "payment_terms": (TermKind.PAYMENT_TERMS,),
    "delivery_terms": (TermKind.DELIVERY_TERMS,),
    "lead_time_days": (TermKind.LEAD_TIME,),
}
"""Fields with one value, and the kinds of terms that tell it, the surest first."""
OTHER = ("volume_restriction", "liability_cap", "price_restriction", "rebate", "governing_document")
"""Kinds of terms that people go by and no check reads."""
MANY: dict[str, TermKind] = {"discounts": TermKind.DISCOUNT} | {kind: TermKind(kind) for kind in OTHER}
"""Fields that may stand several times: the first under its name, the second as `rebate/2`."""
FIELDS = (*SINGLE, *MANY, "prices")


class Offer(Record):
    """One field. `term` counts the agreement's terms, from 0. `note` says where the value comes from if not from a term of its own;
    with a `doubt` nobody takes it without naming the value."""

    field: Text
    value: str | None
    term: int | None = None
    note: Text | None = None
    doubt: Text | None = None

    @property
    def name(self) -> str:
        """The field without its count."""
        return self.field.split("/")[0]


@dataclass(frozen=True, slots=True)
class Hint:
    """What is known of a field besides the paper's terms, such as the vendor that a party's name leads to."""

    value: str | None
    term: int | None = None
    note: str | None = None
    doubt: str | None = None


def offers(agreement: Agreement, hints: Mapping[str, Hint]) -> tuple[Offer, ...]:
    """Every field that the paper, or a hint, says something of; a hint goes before the paper's terms. Prices stand apart."""
    found: dict[TermKind, list[int]] = defaultdict(list)
    for at, term in enumerate(agreement.terms):
        found[term.kind].append(at)
    told = [_single(agreement, field, found, hints.get(field)) for field in SINGLE]
    return (*(o for o in told if o is not None), *_many(agreement, found))


def _single(agreement: Agreement, field: str, found: Mapping[TermKind, list[int]], hint: Hint | None) -> Offer | None:
    if hint is not None and (hint.value is not None or hint.doubt):
        return Offer(field=field, value=hint.value, term=hint.term, note=hint.note, doubt=hint.doubt)
    kind = next((k for k in SINGLE[field] if found.get(k)), None)
    if kind is None:
        return None
    at = found[kind]
    values = list(dict.fromkeys(agreement.terms[i].value for i in at))
    doubt = f"the paper says {' and '.join(values[:4])}; say which one holds" if len(values) > 1 else None
    note = None if kind is SINGLE[field][0] else f"no {SINGLE[field][0].replace('_', ' ')} is stated; this is the {kind.replace('_', ' ')}"
    return Offer(field=field, value=values[0], term=at[0], note=note, doubt=doubt)


def _many(agreement: Agreement, found: Mapping[TermKind, list[int]]) -> Iterator[Offer]:
    for name, kind in MANY.items():
        once = {agreement.terms[at].value: at for at in reversed(found.get(kind, []))}
        for number, at in enumerate(sorted(once.values()), 1):
            yield Offer(field=name if number == 1 else f"{name}/{number}", value=agreement.terms[at].value, term=at)


def double_prices(prices: tuple[FoundPrice, ...]) -> Iterator[tuple[int, int]]:
    """Pairs of price lines (from 0) that give the same item in the same unit and time two prices."""
    first: dict[tuple[object, ...], int] = {}
    for at, found in enumerate(prices):
        earlier = first.setdefault(_sold(found.price), at)
        if found.price.price != prices[earlier].price.price:
            yield earlier, at


def _sold(price: PriceLine) -> tuple[object, ...]:
    ids = (price.supplier_item_id, price.buyer_item_id, price.standard_item_id)
    return (*ids, None if any(ids) else price.description, price.unit, price.minimum, price.valid_from, price.valid_to)


def provenance(agreement: Agreement, found: FoundTerm | FoundPrice, by: str | None = None) -> Provenance:
    """Where a term or a price was read; `by` is who wrote another value than the paper's."""
    place = found.place
    clause = agreement.clauses[place.clause] if place else None
    where = found.where if isinstance(found, FoundPrice) else None
    page = (place.page if place else None) or (clause.page if clause else None)
    return Provenance(
        source=agreement.source, sha256=agreement.sha256, clause=where or ((clause.number or clause.heading) if clause else None),
        index=place.clause if place else None, page=page or (found.page if isinstance(found, FoundPrice) else None),
        start=place.start if place else None, end=place.end if place else None, quote=found.quote[:1000],
        by=by or (found.by if isinstance(found, FoundTerm) else "rules"),
    )  # fmt: skip
