"""`vendors.csv` -> the vendor master."""

from __future__ import annotations

from pathlib import Path

from babel.numbers import is_currency

from signoff.domain.vendor import Certificate, Vendor
from signoff.tools.masterdata.csv_rows import Table, date, load_table, text, words


def currency(cell: str) -> str:
    """A currency of ISO 4217."""
    if not is_currency(cell):
        raise ValueError(f"{cell!r} is not a currency of ISO 4217; write it like EUR")
    return cell


def certificates(cell: str) -> tuple[Certificate, ...]:
    """`ISO 9001=2027-03-31;Liability insurance=2026-12-31`: each with its last valid day."""
    return tuple(_certificate(part) for part in words(cell))


def _certificate(part: str) -> Certificate:
    name, equals, day = (piece.strip() for piece in part.rpartition("="))
    if not (name and equals):
        raise ValueError(f"{part!r} is not a certificate; write it like ISO 9001=2027-03-31")
    return Certificate(name=name, expires=date(day))


TABLE = Table(
    model=Vendor,
    columns={
        "vendor_id": text,
        "name": text,
        "aliases": words,
        "tax_ids": words,
        "gs1_ids": words,
        "other_ids": words,
        "status": text,
        "status_reason": text,
        "currency": currency,
        "category": text,
        "payment_terms": text,
        "delivery_terms": text,
        "bank_fingerprint": text,
        "mail_domains": words,
        "certificates": certificates,
    },
    required=("vendor_id", "name", "status"),
    key=("vendor_id",),
)


def load_vendors(path: Path) -> list[Vendor]:
    """Every vendor. Raises `BadInput` with file, line and column of what is wrong."""
    return [entry.record for entry in load_table(path, TABLE)]
