"""The parties of Tryton -> the vendor master."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from signoff.domain.vendor import Vendor, VendorStatus
from signoff.tools.erp.tryton_rest import Domain, Rest, Row

if TYPE_CHECKING:
    from signoff.tools.erp.tryton import Settings

FIELDS = [
    "code", "name", "active", "identifiers.type", "identifiers.code", "tax_identifier.code", "supplier_currency.code",
    "supplier_payment_term.name", "contact_mechanisms.type", "contact_mechanisms.value", "addresses.country.code",
]  # fmt: skip


def vendors(rest: Rest, settings: Settings) -> list[Vendor]:
    """Every party with a code, without the company's own; an inactive one is blocked."""
    (company,) = rest.search("company.company", [["id", "=", rest.company]], ["party"])
    where: Domain = [["active", "in", [True, False]], ["id", "!=", company["party"]]]
    if settings.vendor_category:
        where.append(["categories.name", "=", settings.vendor_category])
    return [vendor for row in rest.pages("party.party", where, FIELDS) if (vendor := _vendor(row, settings))]


def _vendor(party: Row, settings: Settings) -> Vendor | None:
    identifiers, code = party["identifiers"] or [], vendor_id(party, settings)
    if not code:
        return None
    taxes = [i["code"] for i in identifiers if _is_tax(i, party)]
    return Vendor(
        vendor_id=code, name=party["name"] or code, tax_ids=tuple(taxes),
        other_ids=tuple(i["code"] for i in identifiers if i["code"] not in (*taxes, code)),
        status=VendorStatus.ACTIVE if party["active"] else VendorStatus.BLOCKED,
        status_reason=None if party["active"] else "Inactive in Tryton",
        currency=_of(party, "supplier_currency", "code"), payment_terms=_of(party, "supplier_payment_term", "name"),
        country=next((a["country"]["code"] for a in party["addresses"] or () if a["country"]), None),
        mail_domains=tuple(dict.fromkeys(_domains(party))),
    )  # fmt: skip


def vendor_id(party: Row, settings: Settings) -> str | None:
    """What Signoff calls a party: its code, or its identifier of the type that erp.yaml names."""
    by = settings.vendor_identifier
    found = next((i["code"] for i in party["identifiers"] or () if i["type"] == by), None) if by else party["code"]
    return str(found) if found else None


def _is_tax(identifier: Row, party: Row) -> bool:
    return str(identifier["type"] or "").endswith("_vat") or identifier["code"] == _of(party, "tax_identifier", "code")


def _of(party: Row, name: str, field: str) -> str | None:
    return party[name][field] if party[name] else None


def _domains(party: Row) -> Iterator[str]:
    for contact in party["contact_mechanisms"] or ():
        if contact["type"] == "email" and "@" in (contact["value"] or ""):
            yield contact["value"].rpartition("@")[2].lower()
