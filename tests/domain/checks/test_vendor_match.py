"""Finding the supplier: by id, by name, and never by mere likeness."""

from __future__ import annotations

import sys
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signoff.domain.checks.names import key, legal_form, skeleton
from signoff.domain.checks.vendor_match import VendorBook
from signoff.domain.order import Party
from signoff.domain.vendor import Vendor

VENDORS = (
    Vendor(
        vendor_id="100",
        name="Nordlicht Elektro GmbH",
        aliases=("NLE",),
        tax_ids=("XX 123.456.789",),
        gs1_ids=("4012345000009",),
        other_ids=("000777",),
        mail_domains=("nordlicht-elektro.example",),
    ),
    Vendor(vendor_id="200", name="Müller Werkzeuge KG"),
    Vendor(vendor_id="300", name="Paper Hill B.V."),
    Vendor(vendor_id="401", name="Twin Peaks Tools Ltd", mail_domains=("north.twin.example",), tax_ids=("TWIN1",)),
    Vendor(vendor_id="402", name="Twin Peaks Tools Ltd", mail_domains=("south.twin.example",), tax_ids=("TWIN1",)),
    Vendor(vendor_id="500", name="Kaltental Kühltechnik und Anlagenbau GmbH"),
)
BOOK = VendorBook(VENDORS)


@pytest.mark.parametrize(
    ("party", "vendor_id", "how"),
    [
        (Party(id="100"), "100", "id"),
        (Party(id="777"), "100", "id"),
        (Party(id="4012345000009", id_scheme="0088"), "100", "gs1_id"),
        (Party(tax_id="xx123456789"), "100", "tax_id"),
        (Party(name="NORDLICHT-ELEKTRO G.m.b.H."), "100", "name"),
        (Party(name="nle"), "100", "name"),
        (Party(name="Nordlicht Elektro"), "100", "name"),
        (Party(name="Mueller Werkzeuge KG"), "200", "name"),
        (Party(name="Werkzeuge Müller KG"), "200", "name"),
        (Party(name="PaperHill BV"), "300", "name"),
        (Party(name="Kaltental Kühltechnik & Anlagenbau GmbH"), "500", "name"),
    ],
)
def test_found(party: Party, vendor_id: str, how: str) -> None:
    match = BOOK.match(party)
    assert (match.vendor_id, match.how, match.alternatives, match.lookalike_of) == (vendor_id, how, (), None)


@pytest.mark.parametrize(
    "name",
    [
        "N0rdlicht Elektro GmbH",
        "Nordl\u0456cht Elektro GmbH",
        "Nord\u200blicht Elektro GmbH",
        "Nordlihct Elektro GmbH",
        "Nordllicht Elektro GmbH",
        "Nordlicht Elektra GmbH",
        "Norcllicht Elektro GmbH",
    ],
)
def test_a_lookalike_is_never_matched_by_name(name: str) -> None:
    match = BOOK.match(Party(name=name))
    assert (match.vendor_id, match.lookalike_of) == (None, "100")


@pytest.mark.parametrize(
    "name", ["Sonnenfeld Papier AG", "Elektro", "GmbH", "...", "株式会社", " ", "Nordlicht Elektro Polska Sp. z o.o. Handel"]
)
def test_not_found(name: str) -> None:
    match = BOOK.match(Party(name=name))
    assert (match.vendor_id, match.lookalike_of) == (None, None)


def test_another_legal_form_is_another_company() -> None:
    match = BOOK.match(Party(name="Nordlicht Elektro AG"))
    assert (match.vendor_id, match.alternatives) == (None, ("100",))


def test_ids_that_point_to_different_vendors_are_ambiguous() -> None:
    match = BOOK.match(Party(id="200", tax_id="XX123456789"))
    assert (match.vendor_id, match.alternatives) == (None, ("200", "100"))


def test_an_id_decides_but_a_name_that_belongs_to_another_is_told() -> None:
    match = BOOK.match(Party(id="200", name="Nordlicht Elektro GmbH"))
    assert (match.vendor_id, match.how, match.alternatives) == ("200", "id", ("100",))


def test_the_right_id_does_not_hide_a_disguised_name() -> None:
    assert BOOK.match(Party(id="100", name="Nordl\u0456cht Elektro GmbH")).lookalike_of == "100"
    assert BOOK.match(Party(id="100", name="Nordlicht Elektor GmbH")).lookalike_of is None


def test_one_name_twice_is_ambiguous_unless_the_senders_domain_settles_it() -> None:
    twin = Party(name="Twin Peaks Tools Limited")
    assert BOOK.match(twin).alternatives == ("401", "402")
    assert BOOK.match(twin, "south.twin.example").vendor_id == "402"
    assert BOOK.match(Party(tax_id="TWIN1")).alternatives == ("401", "402")


def test_a_domain_that_imitates_a_vendors() -> None:
    assert BOOK.match(Party(name="Sonnenfeld"), "nordlicht-e1ektro.example").lookalike_of == "100"
    assert BOOK.match(Party(name="Sonnenfeld"), "nordlicht-elektro.example").lookalike_of is None


def test_get() -> None:
    assert BOOK.get("300") is VENDORS[2]
    assert BOOK.get("301") is None


@pytest.mark.parametrize(
    ("name", "form"), [("Alt & Neu GmbH & Co. KG", "gmbh co kg"), ("Bianchi S.p.A.", "spa"), ("Duo Limited", "ltd"), ("GmbH", "")]
)
def test_legal_forms(name: str, form: str) -> None:
    assert legal_form(name) == form


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=60), st.text(max_size=20))
def test_matching_never_raises_and_names_only_vendors_that_exist(name: str, number: str) -> None:
    match = BOOK.match(Party(name=name, id=number, tax_id=number), number)
    assert {match.vendor_id, *match.alternatives} - {None} <= {v.vendor_id for v in VENDORS}


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(VENDORS[:3]), st.data())
def test_no_swap_of_a_letter_is_taken_for_the_vendor(vendor: Vendor, data: st.DataObject) -> None:
    at = data.draw(st.sampled_from([i for i, c in enumerate(vendor.name[:9]) if c.isalpha()]))
    other = data.draw(st.sampled_from("xqzj"))
    name = vendor.name[:at] + other + vendor.name[at + 1 :]
    match = BOOK.match(Party(name=name))
    assert (match.vendor_id, match.lookalike_of) == (None, vendor.vendor_id)


def test_skeletons_and_keys() -> None:
    assert skeleton("Modern Bill GmbH") == skeleton("M0dem BiIl GmbH")
    assert key("Straßen-Bau AG") == key("STRASSENBAU")


def test_speed_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    vendors = [Vendor(vendor_id=f"V{i}", name=f"Handel {i * 7919 % 100003} Werk {i}") for i in range(2000)]
    book = VendorBook(vendors)
    for party in (Party(id="V77"), Party(name="Sonnenfeld Papier und Pappe")):
        started = perf_counter()
        match = book.match(party)
        spent = (perf_counter() - started) * 1e6
        assert match.vendor_id == ("V77" if party.id else None)
        with capsys.disabled():
            sys.stdout.write(f"\nmatch among 2,000 by {'id' if party.id else 'name'}: {spent:.0f} us")
