"""What can be wrong with an order, one function a kind: each draws an order and says which findings a careful company makes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from signoff.evals.generating import changes
from signoff.evals.generating.company import Price, Vendor
from signoff.evals.generating.orders import Buying, line_of, order
from signoff.evals.generating.paper import Expected, Labelled, Order, money

TEXT = ("pdf", "docx", "html", "txt", "eml")
"""Formats with a page that people read."""
STRUCTURED = ("ubl", "x12", "edifact", "cxml")
SMALL, MIDDLE = (60, 450), (1_100, 20_000)


@dataclass(frozen=True)
class Kind:
    """A kind of order: how it is drawn, the formats that can carry it (all when empty), and what must be printed for it."""

    name: str
    draw: Callable[[Buying, Random], Labelled]
    formats: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


def clean(buying: Buying, rng: Random) -> Labelled:
    """Nothing is wrong."""
    vendor = buying.free(rng, buying.company.ordinary())
    return Labelled(order(buying, rng, vendor), Expected("clean"), vendor.vendor_id)


def _at(special: str, finding: str, posted: bool = False, aim: tuple[int, int] | None = SMALL) -> Kind:
    """An ordinary order to a particular vendor."""

    def draw(buying: Buying, rng: Random) -> Labelled:
        vendor = buying.free(rng, buying.company.with_special(special))
        placed = order(buying, rng, vendor, aim)
        if special == "no_contract":
            placed = replace(placed, contract_ref=None)
        return Labelled(placed, Expected(special, (finding,), posted=posted), vendor.vendor_id)

    return Kind(special, draw)


def _changed(name: str, finding: str, change: Callable[[Order, Random], Order], posted: bool = False, needs: tuple[str, ...] = ()) -> Kind:
    """An ordinary order in which one thing is different."""

    def draw(buying: Buying, rng: Random) -> Labelled:
        vendor = buying.free(rng, buying.company.ordinary())
        made = change(order(buying, rng, vendor, rng.choice((SMALL, MIDDLE))), rng)
        return Labelled(made, Expected(name, (finding,) if finding else (), posted=posted), vendor.vendor_id)

    return Kind(name, draw, needs=needs)


def _doubtful(name: str, flag: str, change: Callable[[Order, Random], Order], formats: tuple[str, ...] = ()) -> Kind:
    """A paper that nobody should take at its word: a buyer looks, and sends it back."""

    def draw(buying: Buying, rng: Random) -> Labelled:
        vendor = buying.free(rng, buying.company.ordinary())
        made = change(order(buying, rng, vendor, rng.choice((SMALL, MIDDLE))), rng)
        return Labelled(made, Expected(name, flags=(flag,), asked=("buyer",), posted=False), vendor.vendor_id)

    return Kind(name, draw, formats)


def _other_buyer(buying: Buying, rng: Random) -> Labelled:
    """An order that somebody else wrote."""
    made = clean(buying, rng)
    stranger = rng.choice(buying.company.strangers)
    placed = replace(made.order, buyer=stranger, ship_to=stranger)
    return Labelled(placed, Expected("not_for_us", ("parties_swapped",), posted=False), made.vendor)


def _unknown(buying: Buying, rng: Random) -> Labelled:
    made = clean(buying, rng)
    placed = replace(made.order, supplier=rng.choice(buying.company.strangers), contract_ref=None)
    return Labelled(placed, Expected("vendor_unknown", ("vendor_unknown",), posted=False), None)


def _lookalike(buying: Buying, rng: Random) -> Labelled:
    """Two letters of the name exchanged, and none of the vendor's numbers."""
    made = clean(buying, rng)
    supplier = made.order.supplier
    at = next(i for i in range(2, 9) if supplier.name[i] != supplier.name[i + 1])
    name = supplier.name[:at] + supplier.name[at + 1] + supplier.name[at] + supplier.name[at + 2 :]
    placed = replace(made.order, supplier=replace(supplier, name=name, id="", tax_id=""), contract_ref=None)
    return Labelled(placed, Expected("vendor_lookalike", ("vendor_unknown", "vendor_lookalike"), posted=False), None)


def _new_bank(buying: Buying, rng: Random) -> Labelled:
    vendor = buying.free(rng, [v for v in buying.company.ordinary() if v.party.bank])
    placed = order(buying, rng, vendor, rng.choice((SMALL, MIDDLE)))
    other = next(v.party.bank for v in buying.company.vendors if v.party.bank and v is not vendor)
    changed = replace(placed, supplier=replace(placed.supplier, bank=other))
    return Labelled(changed, Expected("bank_details_changed", ("bank_details_changed",), posted=False), vendor.vendor_id)


def _off_rule(name: str, finding: str, fits: Callable[[Price], bool], qty: Callable[[Price, Random], Decimal], posted: bool) -> Kind:
    """An order of one item in a quantity that its price line does not allow, or at a price that it does not earn."""

    def draw(buying: Buying, rng: Random) -> Labelled:
        vendor = buying.free(rng, [v for v in buying.company.ordinary() if any(fits(p) for p in v.contract.prices)])
        placed = order(buying, rng, vendor, SMALL, lines=1)
        price = next(p for p in vendor.contract.prices if fits(p))
        listed = price.price if finding == "tier_price_missed" else None
        made = replace(placed, lines=(line_of("10", price, qty(price, rng), listed),))
        return Labelled(made, Expected(name, (finding,), posted=posted), vendor.vendor_id)

    return Kind(name, draw)


def _twice(name: str, finding: str, earlier: Callable[[Order, Buying, Random], Order]) -> Kind:
    """An order that history knows already, as it is or nearly so; two of them pass no limit that one stays below."""

    def draw(buying: Buying, rng: Random) -> Labelled:
        vendor = buying.free(rng, [v for v in buying.company.ordinary() if _cheap(v)])
        placed = order(buying, rng, vendor, SMALL, lines=1)
        price = rng.choice(_cheap(vendor))
        made = replace(placed, lines=(line_of("10", price, Decimal(rng.randrange(100, 400)) // price.price),))
        return Labelled(made, Expected(name, (finding,), posted=False), vendor.vendor_id, (earlier(made, buying, rng),))

    return Kind(name, draw)


def _under_another_number(placed: Order, buying: Buying, rng: Random) -> Order:
    """Eight days before, for another department."""
    center, team = rng.choice([t for t in buying.company.teams if t[0] != placed.cost_center])
    before = replace(placed, number=f"A{rng.randrange(10**6, 10**7)}", date=placed.date - dt.timedelta(days=8))
    return replace(before, cost_center=center, requester=team[0].name)


def _split(buying: Buying, rng: Random) -> Labelled:
    """A second order, a day after one of the same person; together they pass 1,000."""
    vendor = buying.free(rng, [v for v in _in_euros(buying) if len(_cheap(v)) > 1])
    placed = order(buying, rng, vendor, SMALL, lines=1)
    prices = rng.sample(_cheap(vendor), 2)
    one, other = (replace(placed, lines=(line_of("10", p, Decimal(rng.randrange(650, 900)) // p.price),)) for p in prices)
    before = replace(one, number=f"A{rng.randrange(10**6, 10**7)}", date=placed.date - dt.timedelta(days=1))
    return Labelled(other, Expected("split_order", ("split_order",), posted=False), vendor.vendor_id, (before,))


def _dearer(buying: Buying, rng: Random) -> Labelled:
    """The first item, one without tiers, costs more than agreed."""
    vendor = buying.free(rng, [v for v in buying.company.ordinary() if _cheap(v)])
    placed = order(buying, rng, vendor, rng.choice((SMALL, MIDDLE)))
    price = rng.choice([p for p in _cheap(vendor) if p.part not in {line.part for line in placed.lines[1:]}] or _cheap(vendor))
    line = line_of("10", price, Decimal(rng.randrange(100, 900)) // price.price + 1)
    made = changes.dearer(replace(placed, lines=(line, *placed.lines[1:])), rng)
    return Labelled(made, Expected("price_above", ("price_above_contract",), posted=False), vendor.vendor_id)


def _cheap(vendor: Vendor) -> list[Price]:
    """Items of which any number may be ordered, at one price that is small."""
    return [p for p in vendor.contract.prices if p.price < 60 and p.base == 1 and not (p.multiple or p.minimum or p.maximum or p.tiers)]


def _in_euros(buying: Buying) -> list[Vendor]:
    """Ordinary vendors paid in euros whose goods no smaller rule binds."""
    return [v for v in buying.company.ordinary() if v.contract.currency == "EUR" and v.category not in ("it", "chemicals")]


def _budget(buying: Buying, rng: Random) -> Labelled:
    vendor = buying.free(rng, buying.company.ordinary())
    placed = replace(order(buying, rng, vendor, (300, 900)), cost_center="CC-9100")
    return Labelled(placed, Expected("budget_exceeded", ("budget_exceeded",), posted=False), vendor.vendor_id)


def _change(buying: Buying, rng: Random) -> Labelled:
    """A change of an order that history knows: more of the first item."""
    vendor = buying.free(rng, [v for v in _in_euros(buying) if v.contract.prices])
    before = order(buying, rng, vendor, SMALL)
    known = replace(before, charges=(), tax_percent=None, date=before.date - dt.timedelta(days=1))
    line = before.lines[0]
    more = replace(line, qty=line.qty * 2, amount=money(line.qty * 2 * line.price / line.base))
    placed = replace(before, kind="change", reference=before.number, lines=(more, *before.lines[1:]), charges=(), tax_percent=None)
    return Labelled(placed, Expected("order_changed", ("order_changed",)), vendor.vendor_id, (known,))


def _chief(buying: Buying, rng: Random) -> Labelled:
    """The only one who signs above 50,000 asks for it: the next above signs."""
    vendor = buying.free(rng, buying.company.ordinary())
    [cfo] = buying.company.holding("cfo")
    placed = replace(order(buying, rng, vendor, (60_000, 180_000)), requester=cfo.name)
    return Labelled(placed, Expected("requester_is_approver", ("requester_is_approver",)), vendor.vendor_id)


def _very_large(buying: Buying, rng: Random) -> Labelled:
    vendor = buying.free(rng, buying.company.ordinary())
    return Labelled(order(buying, rng, vendor, (270_000, 600_000)), Expected("above_cfo_limit"), vendor.vendor_id)


def _not_an_order(kind: str, formats: tuple[str, ...] = TEXT) -> Kind:
    """A paper of the same make that orders nothing."""

    def draw(buying: Buying, rng: Random) -> Labelled:
        made = clean(buying, rng)
        placed = replace(made.order, kind=kind, number=f"{kind[0].upper()}{rng.randrange(10**5, 10**6)}", reference=made.order.number)
        return Labelled(placed, Expected(kind, outcome="set_aside", posted=False), made.vendor)

    return Kind(kind, draw, formats)


CLEAN = Kind("clean", clean)
KINDS = (
    Kind("vendor_unknown", _unknown),
    _at("on_hold", "vendor_on_hold"),
    Kind("price_above", _dearer),
    _doubtful("amount_wrong", "arithmetic_mismatch", changes.wrong_amount),
    _twice("duplicate", "duplicate_order", lambda placed, buying, rng: placed),
    _not_an_order("invoice", (*TEXT, "ubl")),
    _at("expired", "contract_expired"),
    _changed("price_inside_tolerance", "", changes.hardly_dearer, posted=True),
    Kind("vendor_lookalike", _lookalike),
    _changed("item_off_contract", "item_off_contract", changes.off_contract, posted=True),
    _doubtful("addressed_to_machines", "suspicious_text", changes.addressed, (*TEXT, *STRUCTURED)),
    _at("no_contract", "contract_missing", posted=True),
    Kind("bank_details_changed", _new_bank, ("pdf", "docx", "html", "txt", "ubl")),
    _not_an_order("quotation"),
    _changed("unit", "unit_mismatch", changes.other_unit),
    _twice("near_duplicate", "near_duplicate_order", _under_another_number),
    Kind("split_order", _split),
    _off_rule(
        "below_minimum",
        "below_minimum",
        lambda p: p.minimum is not None,
        lambda p, rng: Decimal(rng.randrange(1, int(p.minimum or 2))),
        posted=True,
    ),
    _doubtful("total_wrong", "arithmetic_mismatch", changes.wrong_total, (*TEXT, *STRUCTURED, "xlsx")),
    _at("certificate", "certificate_expired"),
    _at("cap", "spend_cap_exceeded", aim=(500, 900)),
    _off_rule(
        "tier_price_missed", "tier_price_missed", lambda p: bool(p.tiers), lambda p, rng: Decimal(rng.randrange(210, 300)), posted=False
    ),
    _changed("payment_terms", "payment_terms_differ", changes.other_days, needs=("payment_terms",)),
    _doubtful("hidden_text", "hidden_text", changes.hidden, ("pdf", "docx", "html")),
    _changed("delivery_terms", "delivery_terms_differ", changes.other_place, posted=True, needs=("delivery_terms",)),
    _changed("lead_time", "lead_time_too_short", changes.too_soon, posted=True, needs=("delivery_date",)),
    Kind("order_changed", _change, ("ubl", "x12", "edifact", "cxml")),
    _changed("currency", "currency_mismatch", changes.other_money),
    _off_rule(
        "not_a_multiple",
        "not_a_multiple",
        lambda p: p.multiple is not None,
        lambda p, rng: (p.multiple or Decimal(1)) * rng.randrange(3, 40) + 1,
        posted=True,
    ),
    _off_rule(
        "above_maximum", "above_maximum", lambda p: p.maximum is not None, lambda p, rng: Decimal(rng.randrange(520, 560)), posted=True
    ),
    _at("minimum_order", "below_minimum", posted=True, aim=(60, 200)),
    _at("discount", "discount_missed", aim=(2_000, 9_000)),
    Kind("requester_is_approver", _chief),
    Kind("above_cfo_limit", _very_large),
    Kind("budget_exceeded", _budget, (*TEXT, "xlsx", "ubl", "x12", "cxml"), ("cost_center",)),
    _at("blocked", "vendor_blocked"),
    _at("pending", "vendor_on_hold"),
    _changed("price_placeholder", "price_placeholder", changes.placeholder),
    _doubtful("number_missing", "field_missing", changes.no_number, TEXT),
    _not_an_order("response"),
    _at("not_started", "contract_not_started"),
    Kind("not_for_us", _other_buyer, (*TEXT, "xlsx", "ubl", "x12", "edifact")),
)
