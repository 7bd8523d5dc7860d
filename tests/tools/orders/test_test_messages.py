"""A message that its sender marks as a test waits for a person, in whichever standard it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from signoff.domain.checks.verify import Verification, verify
from signoff.domain.findings import Code, Severity
from signoff.domain.policy import Policy
from signoff.domain.reading import DraftOrder
from signoff.tools.documents.document import Source
from signoff.tools.documents.opening import open_document
from signoff.tools.orders.reading import read

DOCUMENTS = Path(__file__).parents[2] / "documents"
POLICY = Policy.model_validate(
    {
        "version": 1,
        "dated": "2026-01-01",
        "company": {"name": "Werkhaus Beispiel AG"},
        "base_currency": "EUR",
        "approvals": [{"name": "all", "steps": [{"role": "buyer"}]}],
    }
)
CONTEXT = "<rsm:ExchangedDocumentContext>"
MARKS = [
    ("x12/order.x12", "*0*P*>", "*0*T*>"),
    ("edifact/order.edi", "+991'\nUNH", "+991++ORDERS++++1'\nUNH"),
    ("tradacoms/orders.edi", "ORDHDR+", "ORDTES+"),
    ("cxml/total-without-shipping.xml", 'deploymentMode="production"', 'deploymentMode="test"'),
    ("orderx/order.xml", CONTEXT, CONTEXT + "<ram:TestIndicator><udt:Indicator>true</udt:Indicator></ram:TestIndicator>"),
]


def verified(name: str, text: str) -> Verification:
    draft = read(open_document(Source(Path(name).name, text.encode())))[0]
    assert isinstance(draft, DraftOrder)
    return verify(draft, POLICY)


@pytest.mark.parametrize(("name", "live", "test"), MARKS, ids=[name for name, _, _ in MARKS])
def test_a_test_message_is_blocked_and_a_live_one_is_not(name: str, live: str, test: str) -> None:
    text = (DOCUMENTS / name).read_text(encoding="utf-8")
    assert live in text
    assert [f for f in verified(name, text).findings if f.code is Code.NOT_AN_ORDER] == []
    seen = verified(name, text.replace(live, test, 1))
    (found,) = [f for f in seen.findings if f.code is Code.NOT_AN_ORDER]
    assert found.severity is Severity.BLOCKING
    assert found.message.startswith("The sender marks this message as a test (")
    assert "not_an_order" in seen.reading.reasons
