"""A contract's paper as the rules would read it, on companies of the example: terms are found by their words in numbered clauses."""

from __future__ import annotations

import hashlib
from decimal import Decimal

from signoff.domain.agreement import Agreement, FoundPrice, FoundTerm, Place, TermKind
from signoff.domain.contract import Clause, PriceLine, Tier

CLAUSES = (
    "This supply agreement no. K-2026-077 is made as of 1 March 2026 between Halvermoor Pumpen GmbH and {vendor} (Supplier).",
    "It begins on 1 April 2026 and ends on 31 March 2028; either party may give notice three months before its end.",
    "Orders under this agreement shall not exceed EUR 50,000.00 a year. Invoices are paid 30 days net.",
    "The supplier's liability is limited to the price of the goods concerned.",
)


def term(clauses: tuple[str, ...], kind: TermKind, value: str, quote: str) -> FoundTerm:
    """The term where its quote stands first."""
    at, text = next((i, text) for i, text in enumerate(clauses) if quote in text)
    start = text.index(quote)
    return FoundTerm(kind=kind, value=value, quote=quote, place=Place(clause=at, start=start, end=start + len(quote)))


def price(item: str, amount: str, **more: object) -> FoundPrice:
    line = PriceLine.model_validate({"supplier_item_id": item, "description": f"Part {item}", "unit": "C62", "price": amount} | more)
    return FoundPrice(price=line, quote=f"{item} | {amount}", page=3, currency="EUR")


def paper(vendor: str, name: str = "k77.pdf") -> Agreement:
    """A supply agreement with the vendor."""
    texts = tuple(text.format(vendor=vendor) for text in CLAUSES)
    found = (
        (TermKind.CONTRACT_ID, "K-2026-077", "K-2026-077"), (TermKind.AGREEMENT_DATE, "2026-03-01", "1 March 2026"),
        (TermKind.PARTY, "Halvermoor Pumpen GmbH", "Halvermoor Pumpen GmbH"), (TermKind.PARTY, vendor, vendor),
        (TermKind.EFFECTIVE_DATE, "2026-04-01", "1 April 2026"), (TermKind.EXPIRATION_DATE, "2028-03-31", "31 March 2028"),
        (TermKind.NOTICE_PERIOD, "P3M", "three months before its end"), (TermKind.CURRENCY, "EUR", "EUR"),
        (TermKind.SPEND_CAP, "50000.00 EUR year", "EUR 50,000.00 a year"), (TermKind.PAYMENT_TERMS, "30 days net", "30 days net"),
        (TermKind.LIABILITY_CAP, texts[3], texts[3]),
    )  # fmt: skip
    return Agreement(
        source=name, sha256=digest(name), title="Supply agreement",
        clauses=tuple(Clause(number=str(n), text=text, page=n) for n, text in enumerate(texts, 1)),
        terms=tuple(term(texts, *t) for t in found),
        prices=(price("P-1", "12.50", tiers=(Tier(from_quantity=Decimal(100), price=Decimal("11.00")),)), price("P-2", "3.00")),
    )  # fmt: skip


def amendment(name: str = "amendment-1.docx") -> Agreement:
    """A paper that changes the supply agreement: another end, and one price."""
    texts = ("Amendment to agreement K-2026-077, effective 1 October 2026.", "The agreement now ends on 31 March 2030.")
    found = (
        (TermKind.AMENDS, "K-2026-077", "K-2026-077"), (TermKind.EFFECTIVE_DATE, "2026-10-01", "1 October 2026"),
        (TermKind.EXPIRATION_DATE, "2030-03-31", "31 March 2030"),
    )  # fmt: skip
    clauses = tuple(Clause(number=f"A{n}", text=text) for n, text in enumerate(texts, 1))
    terms = tuple(term(texts, *t) for t in found)
    return Agreement(source=name, sha256=digest(name), clauses=clauses, terms=terms, prices=(price("P-1", "13.00"),))


def digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
