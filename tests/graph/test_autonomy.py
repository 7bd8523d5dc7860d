"""Autonomy: nothing that was searched for passes without a certificate, and a certificate ends when what it hangs on does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from office import NOW, Office
from staff import keeping
from test_replay import replayed

from signoff.domain.autonomy import Certificate
from signoff.domain.errors import BadInput, Refused
from signoff.domain.policy import AutonomyRules
from signoff.domain.reading import Lane
from signoff.domain.stages import VerifiedOrder
from signoff.domain.states import State
from signoff.evals.calibrating import Outcome, calibrate
from signoff.evals.labels import reviewed
from signoff.graph.audit import verify
from signoff.graph.autonomy import current, issue, judge, keep, raise_threshold, withdraw
from signoff.graph.desk import Desk
from signoff.graph.store.rows import Case
from signoff.tools.intake import contents

HEAD = "PO number,Supplier,Currency,Item,Description,Qty,Unit price,Amount\n"
VENDORS = ("Alderwerk GmbH", "Birkholm AS", "Cobalt Ltd", "Drehtechnik Moor", "Elbgriff AG", "Falkstahl KG", "Gorse Tools", "Hollinor SA")
RULES = AutonomyRules(alpha=0.3, delta=0.3, audit_percent=100, days=30)
BUYER, MANAGER = "E-021", "E-020"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = keeping(Office(tmp_path))
    office.policy(autonomy=RULES)
    yield office
    office.close()


def take(office: Office, number: int, quantity: str = "4", price: str = "12.50") -> Case:
    amount = f"{int(quantity) * float(price):.2f}"
    line = f"77{number:06d},{VENDORS[number % len(VENDORS)]},EUR,IT-{number},Bracket {number},{quantity},{price},{amount}"
    return office.take(f"{HEAD}{line}\nTotal,,,,,,,{amount}\n".encode(), f"o{number}.csv")


def seen(office: Office, count: int = 24, wrong: int = 0) -> None:
    """Orders that a buyer reviewed; the first `wrong` of each vendor had to be corrected."""
    for number in range(count):
        case = take(office, number)
        assert case.state is State.NEEDS_REVIEW
        edits = {"/supplier/name": "Somebody Else AG"} if number < wrong * len(VENDORS) else None
        office.answer(case, BUYER, "edit" if edits else "approve", edits)
    office.work()


def earned(office: Office) -> Outcome:
    outcome = calibrate(office.services, reviewed(office.services, contents), MANAGER, "reviewed cases")
    with office.store.transaction():
        keep(office.services, outcome.calibration)
        if outcome.certificate:
            issue(office.services, outcome.certificate, MANAGER)
    office.services = replace(office.services, weights=office.store.autonomy.weights())
    return outcome


def certified(office: Office) -> Certificate:
    seen(office)
    outcome = earned(office)
    assert outcome.certificate is not None
    return current(office.store)


def whole(office: Office) -> None:
    assert verify(office.store).fault is None
    assert [r.fault for r in replayed(office.store)] == [None] * len(list(office.store.cases.listed()))


def test_reviews_become_a_certificate_and_orders_pass(office: Office) -> None:
    certificate = certified(office)
    assert (certificate.errors, certificate.lanes, certificate.alpha) == (0, (Lane.TABULAR,), 0.3)
    assert certificate.passed >= 5
    case = take(office, 100)
    verified = Desk(office.services, case.number).load("verified", VerifiedOrder)
    assert (verified.reviewed, verified.reading.certified) == (None, True)
    told = next(e for e in office.events(case) if e.type == "reading.verified")
    assert told.body["certificate"] == certificate.number == 1
    assert "review.asked" not in office.told(case)
    whole(office)


def test_corrections_are_errors_and_too_many_of_them_no_certificate(office: Office) -> None:
    seen(office, wrong=2)
    outcome = earned(office)
    assert sum(bool(label.wrong) for label in outcome.gathered.labels) == 16
    assert {p for label in outcome.gathered.labels for p in label.wrong} == {"/supplier/name"}
    assert outcome.certificate is None
    assert outcome.needed > 0
    assert take(office, 100).state is State.NEEDS_REVIEW


def test_too_few_labels_say_how_many_are_missing(office: Office) -> None:
    office.policy(autonomy=AutonomyRules())
    seen(office, count=8)
    outcome = earned(office)
    assert outcome.certificate is None
    assert outcome.needed >= 90
    with pytest.raises(BadInput, match="no active certificate"):
        current(office.store)


def test_rejected_and_open_cases_are_no_labels(office: Office) -> None:
    office.answer(take(office, 1), BUYER, "reject", note="not ours")
    take(office, 2)
    office.example("xml/4500018001.xml")
    assert reviewed(office.services, contents).left_out == {"rejected": 1, "not looked at": 1}


def test_a_vendor_is_in_one_half_only(office: Office) -> None:
    certificate = certified(office)
    outcome = calibrate(office.services, reviewed(office.services, contents), MANAGER, "again", seed=3)
    tested = {x.vendor for x in outcome.tested}
    fitted = {label.vendor for label in outcome.gathered.labels} - tested
    assert tested
    assert fitted
    assert len(tested) + outcome.calibration.vendors == len(VENDORS)
    assert certificate.vendors + office.store.autonomy.calibrations()[0].vendors == len(VENDORS)


class TestItEnds:
    @pytest.fixture
    def certificate(self, office: Office) -> Certificate:
        return certified(office)

    def reason(self, office: Office, number: int = 200) -> str:
        case = take(office, number)
        assert case.state is State.NEEDS_REVIEW
        assert case.reason is not None
        return case.reason

    def test_with_another_policy(self, office: Office, certificate: Certificate) -> None:
        office.services = replace(office.services, policy_hash="0" * 64)
        office.store.masters.keep_policy("0" * 64, office.services.policy.model_dump_json())
        assert "made before a change of the policy" in self.reason(office)

    def test_with_other_weights(self, office: Office, certificate: Certificate) -> None:
        office.services = replace(office.services, weights=replace(office.services.weights, labelled=1.05))
        assert "the weights of the signals" in self.reason(office)

    def test_with_other_code(self, office: Office, certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("signoff.graph.autonomy.readers", lambda: "other")
        assert "the code that reads orders" in self.reason(office)

    def test_with_its_last_day(self, office: Office, certificate: Certificate) -> None:
        office.services = replace(office.services, clock=lambda: NOW + dt.timedelta(days=30))
        assert f"certificate 1 expired on {NOW + dt.timedelta(days=30):%Y-%m-%d}" in self.reason(office)

    def test_when_it_is_withdrawn(self, office: Office, certificate: Certificate) -> None:
        with office.store.transaction():
            withdraw(office.services, certificate, MANAGER, "a new supplier portal")
        assert "certificate 1 was withdrawn: a new supplier portal" in self.reason(office)
        whole(office)

    def test_above_its_lanes_and_below_its_threshold(self, office: Office, certificate: Certificate) -> None:
        raised = raise_threshold(office.services, MANAGER, 1.0, "until the audit is over")
        assert raised.at_least == 1.0
        assert "is below the 1.0000 of certificate 1" in self.reason(office)
        with pytest.raises(Refused, match="shows nothing about a threshold"):
            raise_threshold(office.services, MANAGER, 0.1, "")
        with office.store.transaction():
            office.store.autonomy.put(raised.model_copy(update={"lanes": (Lane.OCR,), "raised_to": None}))
        assert "does not cover what was read by tabular" in self.reason(office, 201)

    def test_and_a_doubtful_reading_never_passes(self, office: Office, certificate: Certificate) -> None:
        case = office.take((HEAD + "7799,Alderwerk GmbH,EUR,IT-1,Bracket,4,12.50,50.00\nTotal,,,,,,,49.00\n").encode(), "sum.csv")
        assert case.state is State.NEEDS_REVIEW
        assert "certificate" not in (case.reason or "")


class TestAudits:
    def test_errors_withdraw_the_certificate_and_say_so(self, office: Office) -> None:
        certified(office)
        buyer = office.services.people.find(BUYER)
        assert buyer is not None
        told = []
        for number in range(100, 120):
            case = take(office, number)
            if case.state is State.NEEDS_REVIEW and "sample.drawn" not in office.told(case):
                break
            told.append(judge(office.services, case.number, buyer, wrong=True, note="the quantity is 3"))
        assert 1 < len(told) < 20
        assert "Certificate 1 is withdrawn" in told[-1]
        (certificate,) = office.store.autonomy.certificates()
        assert (certificate.status, certificate.drift.errors) == ("withdrawn", len(told))
        assert any("Nothing passes without a person" in n.subject for n in office.store.notices.unsent())
        whole(office)

    def test_right_ones_count_once_and_by_a_reviewer_only(self, office: Office) -> None:
        certified(office)
        case = take(office, 100)
        buyer, cfo = office.services.people.find(BUYER), office.services.people.find("E-002")
        assert buyer is not None
        assert cfo is not None
        with pytest.raises(Refused, match="may not audit"):
            judge(office.services, case.number, cfo, wrong=False)
        with pytest.raises(BadInput, match="what is wrong"):
            judge(office.services, case.number, buyer, wrong=True)
        judge(office.services, case.number, buyer, wrong=False)
        with pytest.raises(Refused, match="audited already"):
            judge(office.services, case.number, buyer, wrong=True, note="changed my mind")
        drift = current(office.store).drift
        assert (drift.audits, drift.errors) == (1, 0)
        assert drift.e_value < 1
        with pytest.raises(Refused, match="not drawn"):
            judge(office.services, 1, buyer, wrong=False)

    def test_which_are_drawn_hangs_on_the_key_and_no_paper(self, office: Office, tmp_path: Path) -> None:
        share = [office.store.autonomy.chosen(n, 0.1) for n in range(1, 5001)]
        assert 400 < sum(share) < 600
        assert all(office.store.autonomy.chosen(n, 0.5) for n in range(1, 500) if office.store.autonomy.chosen(n, 0.1))

    def test_structured_orders_are_drawn_too_and_count_for_no_certificate(self, office: Office) -> None:
        certified(office)
        case = office.example("xml/4500018001.xml")
        sample = office.store.autonomy.sample(case.number)
        assert sample is not None
        assert sample.certificate is None
        buyer = office.services.people.find(BUYER)
        assert buyer is not None
        judge(office.services, case.number, buyer, wrong=True, note="price")
        assert current(office.store).drift.audits == 0
        whole(office)

    def test_labels_stay_a_fair_sample_under_a_certificate(self, office: Office) -> None:
        certified(office)
        office.services = replace(office.services, clock=lambda: NOW + dt.timedelta(hours=1))
        cases = [take(office, n) for n in range(100, 110)]
        buyer = office.services.people.find(BUYER)
        assert buyer is not None
        judge(office.services, cases[0].number, buyer, wrong=False)
        gathered = reviewed(office.services, contents)
        assert len(gathered.labels) == 24 + 1
        assert gathered.left_out == {"not looked at": 9}
        office.policy(autonomy=RULES.model_copy(update={"audit_percent": 0.0}))
        assert reviewed(office.services, contents).left_out == {"not drawn": 10}


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE earned SET body = replace(body, 'active', 'withdrawn') WHERE kind = 'certificate'", "certificate 1"),
        ("DELETE FROM earned WHERE kind = 'calibration'", "calibration 1"),
        (
            "INSERT INTO earned SELECT kind, 2, replace(body, 'number\":1', 'number\":2') FROM earned WHERE kind = 'certificate'",
            "certificate 2",
        ),
        ("UPDATE samples SET wrong = 0, judged_by = 'E-021', judged_at = 'now'", "audit of case 25.0"),
        ("DELETE FROM samples", "audit of case 25.0"),
    ],
    ids=["status", "calibration", "certificate", "judged", "deleted"],
)
def test_what_was_earned_is_bound_to_the_record(office: Office, statement: str, fault: str) -> None:
    certified(office)
    take(office, 100)
    assert verify(office.store).fault is None
    office.store.db.execute(statement)
    told = verify(office.store).fault
    assert told is not None
    assert fault in told
