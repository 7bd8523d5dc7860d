"""Elements of UBL documents: basic components with text, aggregates, and amounts with their currency."""

from __future__ import annotations

from decimal import Decimal

from lxml import etree

from signoff.domain.order import Order

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
CAC, CBC = UBL + "CommonAggregateComponents-2", UBL + "CommonBasicComponents-2"


def add(parent: etree._Element, name: str, text: object = None, **attributes: str) -> etree._Element | None:
    """A child `cbc:` element with text (left out when there is none) or, for a capitalised `cac:` name, an aggregate."""
    prefix, local = name.split(":")
    if prefix == "cbc" and text in (None, ""):
        return None
    child = etree.SubElement(parent, f"{{{CBC if prefix == 'cbc' else CAC}}}{local}", attributes)
    if text is not None:
        child.text = f"{text:f}" if isinstance(text, Decimal) else str(text)
    return child


def part(parent: etree._Element, path: str) -> etree._Element:
    """A chain of aggregates, e.g. `BuyerCustomerParty/Party`."""
    for name in path.split("/"):
        parent = etree.SubElement(parent, f"{{{CAC}}}{name}")
    return parent


def money(node: etree._Element, name: str, amount: Decimal | None, order: Order) -> None:
    """A `cbc:` amount in the order's currency; nothing when there is none."""
    if amount is not None:
        add(node, f"cbc:{name}", amount, currencyID=order.currency or "EUR")
