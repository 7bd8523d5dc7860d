"""Who is who in a contract's paper: which party is us, and which vendor of the master the other one is."""

from __future__ import annotations

from signoff.domain.agreement import Agreement, TermKind
from signoff.domain.checks.names import keys
from signoff.domain.checks.vendor_match import VendorBook
from signoff.domain.offers import Hint
from signoff.domain.order import Party
from signoff.domain.policy import Company


def vendor_of(agreement: Agreement, company: Company, vendors: VendorBook) -> Hint | None:
    """The vendor, with the term of its party; a doubt where no name, several, or only a like one leads to it."""
    parties = [(at, term) for at, term in enumerate(agreement.terms) if term.kind is TermKind.PARTY]
    own = {key for name in (company.name, *company.aliases) for key in keys(name)}
    others = [(at, term) for at, term in parties if not keys(term.value) & own]
    if not parties:
        return None
    told = {at: vendors.match(Party(name=term.value)) for at, term in others}
    found = {
        match.vendor_id: at for at, match in reversed(told.items()) if match.vendor_id and not (match.alternatives or match.lookalike_of)
    }
    if len(found) == 1:
        ((vendor, at),) = found.items()
        known = vendors.get(vendor)
        strange = "" if len(others) < len(parties) else f"; none of the parties is {company.name}, as policy.yaml writes it"
        return Hint(vendor, at, (known.name if known else vendor) + strange)
    names = " and ".join(term.value for _, term in others) or "nobody but us"
    near = sorted({v for m in told.values() for v in (m.vendor_id, m.lookalike_of, *m.alternatives) if v})
    which = f"it may be {' or '.join(near)}" if near else "no vendor in the master has such a name"
    return Hint(None, others[0][0] if others else None, None, f"the parties are {names}; {which}: name the vendor")
