"""Finding the supplier of an order in the vendor master: by identifiers first, then by name, never by likeness.

A name matches when it is one of a vendor's names but for case, accents, punctuation and word order, or so close that no other
reading is likely. A name that merely looks like a vendor's (a letter exchanged, a homoglyph, a typing slip) is not
matched by name: it is the mark of business e-mail compromise, and is reported as a look-alike.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from signoff.domain.checks.names import key, keys, legal_form, ordered, skeleton
from signoff.domain.order import Party
from signoff.domain.vendor import Vendor, VendorMatch

NAME_MATCH = 92.0
MARGIN = 4.0
RELATED = 70.0
SHORT, LONG = 5, 9
"""Shorter skeletons than SHORT are not compared by distance; one slip is allowed below LONG letters, two from there on."""

Index = dict[str, list[str]]


class VendorBook:
    """The vendor master, indexed once. Building is linear; an identifier is found at once, a name by one pass over all names."""

    def __init__(self, vendors: Iterable[Vendor]) -> None:
        self._vendors: dict[str, Vendor] = {v.vendor_id: v for v in vendors}
        self._ids: dict[str, Index] = {how: defaultdict(list) for how in ("id", "gs1_id", "tax_id")}
        self._names: Index = defaultdict(list)
        self._skeletons: Index = defaultdict(list)
        self._spelt: list[str] = []
        self._spelt_of: list[str] = []
        self._domains: Index = defaultdict(list)
        for vendor in self._vendors.values():
            self._add(vendor)
        self._shapes = list(self._skeletons)
        self._domain_shapes = {skeleton(d): owners[0] for d, owners in self._domains.items()}

    def __iter__(self) -> Iterator[Vendor]:
        return iter(self._vendors.values())

    def _add(self, vendor: Vendor) -> None:
        ids = {"id": (vendor.vendor_id, *vendor.other_ids), "gs1_id": vendor.gs1_ids, "tax_id": vendor.tax_ids}
        for how, values in ids.items():
            for value in {bare(v) for v in values} - {""}:
                self._ids[how][value].append(vendor.vendor_id)
        for name in (vendor.name, *vendor.aliases):
            for spelling in keys(name):
                _once(self._names[spelling], vendor.vendor_id)
            if shape := skeleton(name):
                _once(self._skeletons[shape], vendor.vendor_id)
            self._spelt.append(ordered(name))
            self._spelt_of.append(vendor.vendor_id)
        for domain in vendor.mail_domains:
            _once(self._domains[domain.casefold().strip("@ ")], vendor.vendor_id)

    def get(self, vendor_id: str) -> Vendor | None:
        """The vendor with this id, exactly as the master writes it."""
        return self._vendors.get(vendor_id)

    def match(self, party: Party, sender_domain: str | None = None) -> VendorMatch:
        """The vendor that the party is. `sender_domain` (of the mail it came in) only settles a tie, and can be an imitation."""
        named = self._by_name(party.name, sender_domain) if party.name and party.name.strip() else VendorMatch()
        found = self._by_id(party, named)
        imitated = named.lookalike_of or self._imitated_domain(sender_domain)
        if found is None:
            return named.model_copy(update={"lookalike_of": imitated})
        if found.vendor_id and imitated == found.vendor_id and not _disguised(party.name or "", self._vendors[imitated]):
            imitated = None
        return found.model_copy(update={"lookalike_of": imitated})

    def _by_id(self, party: Party, named: VendorMatch) -> VendorMatch | None:
        """By identifier; the name only chooses among vendors that share one, and adds itself as an alternative."""
        pointed: list[tuple[str, list[str]]] = []
        for how, value in (("id", party.id), ("gs1_id", party.id), ("tax_id", party.tax_id), ("tax_id", party.id)):
            if value and (owners := self._ids[how].get(bare(value))):
                pointed.append((how, owners))
        if not pointed:
            return None
        common = [v for v in pointed[0][1] if all(v in owners for _, owners in pointed)]
        if len(common) > 1 and named.vendor_id in common:
            common = [named.vendor_id]
        if len(common) != 1:
            return VendorMatch(alternatives=tuple(dict.fromkeys(v for _, owners in pointed for v in owners)))
        others = (named.vendor_id,) if named.vendor_id and named.vendor_id != common[0] else ()
        return VendorMatch(vendor_id=common[0], how=pointed[0][0], score=100.0, alternatives=others)

    def _by_name(self, name: str, sender_domain: str | None) -> VendorMatch:
        exact = [] if _foreign(name) else list(dict.fromkeys(v for k in sorted(keys(name)) for v in self._names.get(k, ())))
        if exact:
            return self._settle(exact, name, sender_domain)
        imitated = self._imitated(name)
        if imitated:
            return VendorMatch(lookalike_of=imitated)
        near = self._near(name)
        best = max(near.values(), default=0.0)
        close = [v for v, score in near.items() if score >= best - MARGIN]
        if best < NAME_MATCH:
            return VendorMatch(score=round(best, 1), alternatives=tuple(close[:1]))
        return self._chosen(close, best, sender_domain)

    def _settle(self, exact: list[str], name: str, sender_domain: str | None) -> VendorMatch:
        """Same name: the legal form decides where both sides state one; a different one is another company."""
        form = legal_form(name)
        same = [v for v in exact if form in self._forms(v, name)]
        fits = same or [v for v in exact if not form or "" in self._forms(v, name)]
        return self._chosen(fits, 100.0, sender_domain) if fits else VendorMatch(score=90.0, alternatives=tuple(exact))

    def _forms(self, vendor_id: str, name: str) -> set[str]:
        vendor, wanted = self._vendors[vendor_id], keys(name)
        return {legal_form(n) for n in (vendor.name, *vendor.aliases) if keys(n) & wanted}

    def _chosen(self, candidates: list[str], score: float, sender_domain: str | None) -> VendorMatch:
        if len(candidates) > 1 and sender_domain:
            at_home = [v for v in self._domains.get(sender_domain.casefold(), ()) if v in candidates]
            candidates = at_home if len(at_home) == 1 else candidates
        if len(candidates) == 1:
            return VendorMatch(vendor_id=candidates[0], how="name", score=round(score, 1))
        return VendorMatch(score=round(score, 1), alternatives=tuple(candidates))

    def _near(self, name: str) -> dict[str, float]:
        """Vendors whose name is related, with their best score, best first."""
        found: dict[str, float] = {}
        for _, score, at in process.extract(ordered(name), self._spelt, scorer=fuzz.ratio, score_cutoff=RELATED, limit=10):
            found.setdefault(self._spelt_of[at], score)
        return found

    def _imitated(self, name: str) -> str | None:
        """The vendor whose name this one imitates: the same skeleton, or one or two slips away from it."""
        shape = skeleton(name)
        if shape in self._skeletons:
            return self._skeletons[shape][0]
        slips = 0 if len(shape) < SHORT else 1 if len(shape) < LONG else 2
        near = process.extractOne(shape, self._shapes, scorer=OSA.distance, score_cutoff=slips) if slips else None
        return self._skeletons[near[0]][0] if near and len(near[0]) >= SHORT else None

    def _imitated_domain(self, domain: str | None) -> str | None:
        low = (domain or "").casefold()
        if not low or low in self._domains:
            return None
        near = process.extractOne(skeleton(low), list(self._domain_shapes), scorer=OSA.distance, score_cutoff=1)
        return self._domain_shapes[near[0]] if near and len(low) >= LONG else None


def bare(identifier: str) -> str:
    """An identifier without case, separators and leading zeros: `de 0012.34` and `DE001234` are one."""
    compact = "".join(c for c in unicodedata.normalize("NFKC", identifier).upper() if c.isalnum())
    return compact.lstrip("0") or compact if compact.isdecimal() else compact


def _once(values: list[str], value: str) -> None:
    if value not in values:
        values.append(value)


def _foreign(name: str) -> bool:
    """Invisible characters, or letters that pass for Latin between Latin ones: never an exact name."""
    folded = unicodedata.normalize("NFKC", name)
    hidden = any(unicodedata.category(c) == "Cf" and c != "\u00ad" for c in folded)
    scripts = {unicodedata.name(c, "?").split()[0] for c in folded if c.isalpha()}
    return hidden or ("LATIN" in scripts and bool(scripts & {"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"}))


def _disguised(name: str, vendor: Vendor) -> bool:
    """Whether the name only looks like this vendor's because letters of another script stand in it."""
    return _foreign(name) and key(name) not in {key(n) for n in (vendor.name, *vendor.aliases)}
