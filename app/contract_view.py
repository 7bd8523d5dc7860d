"""Contracts and proposals as people see them: what holds since when, where it was read, and what was spent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from rich.markup import escape
from rich.table import Table

from signoff.app.terminal import plain, table
from signoff.domain.agreement import Agreement, FoundPrice
from signoff.domain.checks.units import canonical
from signoff.domain.checks.versions import as_of, same_items
from signoff.domain.confirming import notice_day
from signoff.domain.contract import Commitment, Contract, PriceLine, Provenance, SpendCap
from signoff.domain.money import shown
from signoff.domain.offers import Offer
from signoff.domain.proposal import Proposal, ProposalStatus
from signoff.graph.store.port import Store
from signoff.graph.store.rows import Hit
from signoff.graph.store.sql_agreements import MARKS

MOST_PRICES = 200
TERMS = (
    "starts", "ends", "renewal", "notice_period", "currency", "spend_cap", "minimum_commitment", "minimum_order", "payment_terms",
    "delivery_terms", "lead_time_days",
)  # fmt: skip


def words(text: str) -> str:
    """Text from a paper as it may be printed."""
    return escape(" ".join(plain(text).split()))


def standing(contract: Contract, day: dt.date) -> str:
    """Where a contract stands on a day."""
    if day < contract.starts:
        return "not started"
    return "ended" if contract.ends and day > contract.ends else "in force"


def listed(store: Store, day: dt.date) -> list[dict[str, Any]]:
    """Every contract in the version of the day, then the papers that wait for a person."""
    rows = [_row(store, contract, day) for contract in store.masters.contracts()]
    return rows + [_waiting(p) for p in store.agreements.listed(ProposalStatus.PROPOSED)]


def _row(store: Store, contract: Contract, day: dt.date) -> dict[str, Any]:
    now = as_of(contract, day)
    spent = spend(store, now, day)
    return {
        "contract_id": now.contract_id, "vendor_id": now.vendor_id, "title": now.title, "status": standing(now, day),
        "starts": str(now.starts), "ends": now.ends and str(now.ends), "currency": now.currency, "prices": len(now.prices),
        "amended": list(now.amended), "spent": str(spent["term"]), "cap": now.spend_cap and now.spend_cap.model_dump(mode="json"),
    }  # fmt: skip


def _waiting(proposal: Proposal) -> dict[str, Any]:
    read = proposal.agreement
    return {
        "contract_id": proposal.name, "vendor_id": None, "title": read.title or read.source, "status": "proposed", "starts": None,
        "ends": None, "currency": None, "prices": len(read.prices), "amended": [], "spent": None, "cap": None,
    }  # fmt: skip


def list_table(rows: Sequence[dict[str, Any]]) -> Table:
    """The list for people."""
    made = table("contract", "vendor", "title", "from", "to", "prices", "spent", "of", "status", right=("prices", "spent", "of"))
    for row in rows:
        cap = row["cap"]
        most = f"{shown(Decimal(cap['amount']), row['currency'])}{' a year' if cap['per'] == 'year' else ''}" if cap else ""
        spent = shown(Decimal(row["spent"]), row["currency"]) if row["spent"] not in (None, "0") else ""
        status = row["status"] + (f", {len(row['amended'])} x amended" if row["amended"] else "")
        colour = {"proposed": "yellow", "ended": "red"}.get(row["status"], "default")
        cells = (row["contract_id"], row["vendor_id"] or "", row["title"] or "", row["starts"] or "", row["ends"] or "")
        made.add_row(*(words(c) for c in cells), str(row["prices"] or ""), spent, most, f"[{colour}]{status}[/{colour}]")
    return made


def spend(store: Store, contract: Contract, day: dt.date) -> dict[str, Decimal]:
    """What was committed on a contract so far, in its currency: over its term and in the year of the day."""
    term, year = (store.past.contract_spend(contract.contract_id, y) for y in (None, day.year))
    return {"term": term, "year": year}


def spend_lines(contract: Contract, spent: Mapping[str, Decimal], day: dt.date) -> Iterator[str]:
    """How far a cap is used up, and how far a commitment is kept."""
    for name, limit in (("spend cap", contract.spend_cap), ("minimum commitment", contract.minimum_commitment)):
        if limit is not None:
            so_far = spent[limit.per]
            left = limit.amount - so_far
            span = f"in {day.year}" if limit.per == "year" else "over its term"
            rest = f"{shown(abs(left), contract.currency)} {'left' if left >= 0 else 'over'}"
            rest = "reached" if name == "minimum commitment" and left <= 0 else rest
            yield f"{name}: {shown(so_far, contract.currency)} of {shown(limit.amount, contract.currency)} {span}; {rest}"


def contract_json(store: Store, contract: Contract, day: dt.date) -> dict[str, Any]:
    """One contract for programs, in the version of the day."""
    now = as_of(contract, day)
    spent = {span: str(amount) for span, amount in spend(store, now, day).items()}
    notice = notice_day(now)
    told = {"on": str(day), "status": standing(now, day), "spent": spent, "notice_until": notice and str(notice)}
    versions = [{"amendment": a.amendment_id, "since": str(a.since), "source": a.source} for a in contract.amendments]
    return now.model_dump(mode="json", exclude={"amendments"}) | told | {"amendments": versions}


def contract_lines(store: Store, contract: Contract, day: dt.date) -> Iterator[str | Table]:
    """One contract for people."""
    now = as_of(contract, day)
    yield f"[bold]{words(now.contract_id)}[/bold]  {words(now.title or '')}  with {words(now.vendor_id)}: {standing(now, day)} on {day}"
    for amendment in sorted(contract.amendments, key=lambda a: a.since):
        when = "holds" if amendment.since <= day else "will hold"
        yield f"amended by {words(amendment.amendment_id)}, which {when} since {amendment.since}" + _of(amendment.source)
    yield _terms_table(now)
    yield from spend_lines(now, spend(store, now, day), day)
    notice = notice_day(now)
    if notice is not None:
        yield f"notice to its end may be given until {notice}" + ("" if day <= notice else ", which has passed")
    if now.renewal and now.ends and day > now.ends:
        yield f"it may have been renewed ({words(now.renewal)}); if so, import the renewal, or the contract with its new end"
    if now.prices:
        yield prices_table([(p, now.provenance.get(f"/prices/{i}")) for i, p in enumerate(now.prices)], now.currency)


def _of(source: str | None) -> str:
    return f" ({words(source)})" if source else ""


def _terms_table(contract: Contract) -> Table:
    made = table("term", "value", "clause", "page", "words of the paper")
    for name in TERMS:
        value = getattr(contract, name)
        if value is not None:
            made.add_row(name, words(said(value, contract.currency)), *placed(contract.provenance.get(f"/{name}")))
    for i, discount in enumerate(contract.discounts):
        text = f"{discount.percent:f} % from {shown(discount.from_amount, contract.currency)}"
        made.add_row("discount", text, *placed(contract.provenance.get(f"/discounts/{i}")))
    for i, term in enumerate(contract.other_terms):
        made.add_row(term.kind, words(term.text[:160]), *placed(contract.provenance.get(f"/other_terms/{i}")))
    return made


def said(value: object, currency: str) -> str:
    """A term's value for people."""
    if isinstance(value, SpendCap | Commitment):
        return f"{shown(value.amount, currency)} {'a year' if value.per == 'year' else 'over the term'}"
    return shown(value, currency) if isinstance(value, Decimal) else str(value)


def placed(place: Provenance | None) -> tuple[str, str, str]:
    """Clause, page and quote."""
    if place is None:
        return "", "", ""
    by = "" if place.by in ("rules", "contract agent") else f" (changed by {place.by})"
    return words(place.clause or ""), str(place.page or ""), words(_cut(place.quote, 80) + by)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def prices_table(lines: Sequence[tuple[PriceLine, Provenance | None]], currency: str) -> Table:
    """Agreed prices, at most `MOST_PRICES` of them."""
    made = table("item", "description", "unit", "price", "for", "from", "valid", "read in", right=("price", "for"))
    for price, place in lines[:MOST_PRICES]:
        made.add_row(*price_cells(price, currency), words(place.clause or (f"page {place.page}" if place.page else "")) if place else "")
    if len(lines) > MOST_PRICES:
        made.add_row("…", f"and {len(lines) - MOST_PRICES} more")
    return made


def price_cells(price: PriceLine, currency: str) -> tuple[str, ...]:
    """Item, description, unit, price, what it is for, tiers and quantities, validity."""
    item = price.supplier_item_id or price.buyer_item_id or price.standard_item_id or ""
    units = "".join(f", {n:f} in a {u}" for u, n in price.units.items())
    rules = [f"{t.from_quantity:f}: {t.price:f}" for t in price.tiers]
    rules += [f"{word} {value:f}" for word in ("minimum", "multiple", "maximum") if (value := getattr(price, word)) is not None]
    rules += [f"less {price.discount_percent:f} %"] if price.discount_percent else []
    span = " to ".join(str(d) for d in (price.valid_from, price.valid_to) if d)
    base = "" if price.price_base_quantity == 1 else f"{price.price_base_quantity:f}"
    cells = (item, _cut(price.description or "", 40), price.unit + units)
    return (*(words(c) for c in cells), f"{price.price:f} {currency}".strip(), base, ", ".join(rules), span)


def prices_before(store: Store, amends: str | None, day: dt.date) -> Sequence[PriceLine] | None:
    """The prices of the contract that a paper changes, as they stand; nothing for a paper that changes none."""
    base = store.masters.contract(amends) if amends else None
    return as_of(base, day).prices if base else None


def changes(old: Sequence[PriceLine], new: Sequence[FoundPrice]) -> list[str]:
    """What each new price is beside the old ones: `new`, `same`, `dearer by 4.0 %`, `cheaper by ...`, or `other unit`."""
    pairs = same_items(old, [f.price for f in new])
    return [_change([old[at] for at in pair], f.price) for pair, f in zip(pairs, new, strict=True)]


def _change(old: Sequence[PriceLine], new: PriceLine) -> str:
    if not old:
        return "new"
    alike = next((p for p in old if canonical(p.unit) == canonical(new.unit)), None)
    if alike is None:
        return f"in {new.unit}, so far in {old[0].unit}"
    was, now = alike.price / alike.price_base_quantity, new.price / new.price_base_quantity
    if was == now:
        return "same price" if alike.tiers == new.tiers else "other tiers"
    percent = f"{abs(now - was) / was * 100:.1f} %" if was else "all"
    return f"{'dearer' if now > was else 'cheaper'} by {percent}"


def gone(old: Sequence[PriceLine], new: Sequence[FoundPrice]) -> list[PriceLine]:
    """The old prices of items that the new ones say nothing of."""
    named = {at for pair in same_items(old, [f.price for f in new]) for at in pair}
    return [p for i, p in enumerate(old) if i not in named]


def offer_lines(agreement: Agreement, offer: Offer) -> Iterator[str]:
    """One term for a person to judge: what it is taken for, and what the paper says."""
    yield f"[bold]{offer.field}[/bold]: {words(offer.value or '?')}" + (f"  [dim]({words(offer.note)})[/dim]" if offer.note else "")
    if offer.doubt:
        yield f"  [yellow]{words(offer.doubt)}[/yellow]"
    if offer.term is not None:
        term = agreement.terms[offer.term]
        clause = agreement.clauses[term.place.clause]
        page = term.place.page or clause.page
        where = f"clause {clause.number or clause.heading or term.place.clause + 1}" + (f", page {page}" if page else "")
        agent = "" if term.by == "rules" else f", found by the {term.by}"
        start, end = term.place.start, term.place.end
        before, after = words(clause.text[max(start - 60, 0) : start]), words(clause.text[end : end + 60])
        yield f"  {words(where + agent)}: [dim]…{before}[/dim] [bold]“{words(term.quote[:600])}”[/bold] [dim]{after}…[/dim]"


def offered_prices(agreement: Agreement, old: Sequence[PriceLine] | None) -> Table:
    """The prices of a paper by their numbers, beside those of the contract that it changes."""
    beside = changes(old, agreement.prices) if old is not None else [""] * len(agreement.prices)
    made = table("", "item", "description", "unit", "price", "for", "from", "valid", "beside the contract", right=("price", "for"))
    for number, (found, change) in enumerate(zip(agreement.prices, beside, strict=True), 1):
        if number <= MOST_PRICES:
            told = "; ".join(filter(None, (change, found.note)))
            made.add_row(str(number), *price_cells(found.price, found.currency or ""), words(told))
    return made


def counted(agreement: Agreement, old: Sequence[PriceLine] | None) -> str:
    """How many prices are new, dearer, cheaper and gone, in a sentence."""
    if old is None:
        return f"{len(agreement.prices)} prices."
    told = [change.split(" by ")[0] for change in changes(old, agreement.prices)]
    kinds = {word: sum(t == word for t in told) for word in ("new", "dearer", "cheaper", "same price", "other tiers")}
    kinds |= {"in another unit": len(told) - sum(kinds.values()), "not in this list": len(gone(old, agreement.prices))}
    parts = [f"{n} {word}" for word, n in kinds.items() if n]
    return f"{len(told)} prices: {', '.join(parts)}."


def hits_table(hits: Iterable[Hit], bold: bool) -> Table:
    """What a search found, the words in bold type or between asterisks."""
    begin, end = ("[bold]", "[/bold]") if bold else ("*", "*")
    made = table("contract", "clause", "page", "text")
    for hit in hits:
        kind, _, name = hit.owner.partition(" ")
        owner = name if kind == "contract" else f"A{name} (proposed)"
        text = words(hit.snippet.replace(MARKS[0], "⟦").replace(MARKS[1], "⟧")).replace("⟦", begin).replace("⟧", end)
        made.add_row(words(owner), words(" ".join(filter(None, (hit.number, hit.heading)))), str(hit.page or ""), text)
    return made
