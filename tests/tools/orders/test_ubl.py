"""UBL orders: where the values stand, and limits that no fixture shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from signoff.domain.reading import DraftOrder, Part
from signoff.tools.documents.document import Source
from signoff.tools.documents.opening import open_document
from signoff.tools.orders.reading import read

DOCUMENTS = Path(__file__).parents[2] / "documents" / "ubl"


def parts(data: bytes) -> list[Part]:
    return read(open_document(Source("order.xml", data)))


def draft(data: bytes) -> DraftOrder:
    (part,) = parts(data)
    assert isinstance(part, DraftOrder)
    return part


@pytest.mark.parametrize(
    ("pointer", "where"),
    [
        ("/order_number", "/Order/cbc:ID"),
        ("/lines/1/quantity", "/Order/cac:OrderLine[2]/cac:LineItem/cbc:Quantity"),
        ("/lines/1/unit", "/Order/cac:OrderLine[2]/cac:LineItem/cbc:Quantity/@unitCode"),
        ("/tax_total", "/Order/cac:TaxTotal[2]/cbc:TaxAmount"),
        ("/supplier/tax_id", "/Order/cac:SellerSupplierParty/cac:Party/cac:PartyTaxScheme[2]/cbc:CompanyID"),
        ("/allowances_charges/0/amount", "/Order/cac:AllowanceCharge[1]/cbc:Amount"),
    ],
)
def test_evidence_is_a_short_path(pointer: str, where: str) -> None:
    found = draft((DOCUMENTS / "peppol-full.xml").read_bytes())
    assert found.evidence[pointer].where == where


def test_every_field_of_an_order_has_its_evidence_in_the_document() -> None:
    data = (DOCUMENTS / "peppol-full.xml").read_bytes()
    text = " ".join(data.decode().replace("<!-- an aside -->", "").split())
    found = draft(data)
    translated = ("scheme", "reason", "delivery_terms", "order_type")
    assert [p for p, e in found.evidence.items() if e.text not in text and not p.startswith("/notes") and not p.endswith(translated)] == []
    assert len(found.evidence) > 60


def test_a_text_that_looks_like_a_machine_instruction_in_a_comment_is_not_read() -> None:
    found = draft((DOCUMENTS / "peppol-full.xml").read_bytes())
    assert not any("approve" in note for note in found.order.notes)


def test_more_notes_than_an_order_holds_are_reported() -> None:
    data = (
        (DOCUMENTS / "currency-from-amounts.xml").read_text().replace("<cbc:IssueDate>", "<cbc:Note>n</cbc:Note>" * 250 + "<cbc:IssueDate>")
    )
    found = draft(data.encode())
    assert len(found.order.notes) == 200
    assert [n.message for n in found.notices] == ["The document has more than 200 notes; the rest was not kept."]


def test_amounts_in_several_currencies_name_none_for_the_document() -> None:
    data = (DOCUMENTS / "currency-from-amounts.xml").read_text().replace('currencyID="NOK"', 'currencyID="SEK"', 1)
    assert draft(data.encode()).order.currency is None


def test_totals_of_allowances_count_only_where_none_is_listed() -> None:
    total = '<cbc:AllowanceTotalAmount currencyID="NOK">2</cbc:AllowanceTotalAmount><cbc:PayableAmount'
    data = (DOCUMENTS / "currency-from-amounts.xml").read_text().replace("<cbc:PayableAmount", total)
    assert [(a.charge, str(a.amount)) for a in draft(data.encode()).order.allowances_charges] == [(False, "2")]
    listed = "<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:Amount>2</cbc:Amount></cac:AllowanceCharge>"
    both = data.replace("<cac:AnticipatedMonetaryTotal>", listed + "<cac:AnticipatedMonetaryTotal>")
    assert len(draft(both.encode()).order.allowances_charges) == 1


def test_a_text_that_is_too_long_is_cut_and_reported() -> None:
    data = (DOCUMENTS / "currency-from-amounts.xml").read_text().replace("Gauze", "x" * 4100)
    found = draft(data.encode())
    assert found.order.lines[0].description == "x" * 4000
    assert "has 4100 characters; only the first 4000 were kept" in found.notices[0].message
