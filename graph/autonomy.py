"""Autonomy in the process: what may pass at this moment, audits of what passed, and certificates issued, raised and withdrawn.

Each change is one durable transaction with its event, which binds what is kept by its SHA-256.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from signoff.agents.extraction import prompt_hash
from signoff.domain.autonomy import Calibration, Certificate, Permit, Sample, Versions, uncovered
from signoff.domain.errors import BadInput, Refused
from signoff.domain.people import Person
from signoff.domain.reading import DraftOrder, Reading
from signoff.graph.desk import SYSTEM, Desk
from signoff.graph.services import Services
from signoff.graph.store.port import Store
from signoff.graph.telling import tell

READERS = ("signoff.domain", "signoff.domain.checks", "signoff.tools", "signoff.tools.documents", "signoff.tools.orders")
"""The packages whose code decides what is read and how sure it is."""


@lru_cache(maxsize=1)
def readers() -> str:
    """SHA-256 of the code that reads and checks orders, as it is installed."""
    digest = hashlib.sha256()
    for package in READERS:
        for file in sorted(_sources(resources.files(package)), key=lambda f: f.name):
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _sources(folder: Traversable) -> list[Traversable]:
    return [file for file in folder.iterdir() if file.name.endswith(".py")]


def versions(services: Services) -> Versions:
    """What readings hang on now."""
    model = services.crew.model if services.crew and services.policy.agents.extraction else None
    return Versions(
        readers=readers(), weights=services.weights.digest, policy=services.policy_hash,
        model=f"{model.name} at {model.provider}" if model else "", prompts=prompt_hash() if model else "",
    )  # fmt: skip


def judged(desk: Desk, draft: DraftOrder, reading: Reading) -> tuple[Permit, str | None]:
    """What is allowed to pass at this moment, and why this reading does not pass; `None` when it does."""
    permit = desk.services.store.autonomy.permit(desk.number, lambda: versions(desk.services), desk.now)
    return permit, uncovered(permit, draft, reading)


def draw(desk: Desk, permit: Permit, certified: bool) -> None:
    """Put the case before a reviewer afterwards, if it is among those that are drawn. Nothing is drawn before the first certificate."""
    services = desk.services
    if permit.certificate is None or not services.store.autonomy.chosen(desk.number, services.policy.autonomy.audit_percent / 100):
        return
    sample = Sample(
        case=desk.number, revision=desk.revision, certificate=permit.certificate if certified else None, drawn_at=desk.now.isoformat()
    )
    services.store.autonomy.add_sample(sample)
    desk.record("sample.drawn", certificate=sample.certificate, autonomy=sample.bound)


def judge(services: Services, number: int, person: Person, wrong: bool, note: str = "") -> str:
    """Take what a reviewer found in a case that had passed. Raises `Refused` when it does not count, and says why."""
    if services.policy.gates.reviewers not in person.roles:
        raise Refused(f"{person.name} may not audit; it takes the role {services.policy.gates.reviewers}.")
    if wrong and not note.strip():
        raise BadInput("Say with --note what is wrong.")
    with services.store.transaction(durable=True):
        desk = Desk(services, number)
        sample = services.store.autonomy.sample(number)
        if sample is None:
            raise Refused(f"Case {desk.case.case_id} was not drawn for an audit; `signoff autonomy audits` lists those that were.")
        sample = sample.model_copy(
            update={"judged_by": person.person_id, "judged_at": desk.now.isoformat(), "wrong": wrong, "note": note.strip()}
        )
        if not services.store.autonomy.judge(sample):
            raise Refused(f"Case {desk.case.case_id} was audited already.")
        certificate = _audited(services.store, sample)
        desk.record(
            "sample.judged", person.person_id, wrong=wrong, note=sample.note, certificate=sample.certificate,
            autonomy=sample.bound | (certificate.bound if certificate else {}),
            e_value=f"{certificate.drift.e_value:.4f}" if certificate else None,
        )  # fmt: skip
        told = f"Noted: case {desk.case.case_id} was {'wrong' if wrong else 'right'}."
        if certificate and certificate.drift.alarm and certificate.status == "active":
            told += _alarm(desk, certificate)
    return told


def _audited(store: Store, sample: Sample) -> Certificate | None:
    """The certificate that a case passed under, with what was found counted."""
    certificate = next((c for c in store.autonomy.certificates() if c.number == sample.certificate), None)
    if certificate is None or sample.wrong is None:
        return None
    return store.autonomy.put(certificate.model_copy(update={"drift": certificate.drift.audited(sample.wrong)}))


def _alarm(desk: Desk, certificate: Certificate) -> str:
    """Audits say that more is wrong than was promised: nothing passes any more, and those who own the policy are told."""
    services, drift = desk.services, certificate.drift
    because = (
        f"{drift.errors} of {drift.audits} audits found errors (e-value {drift.e_value:.1f}); more than {certificate.alpha:.1%} are wrong"
    )
    withdraw(services, certificate, SYSTEM, because)
    owners = [p.person_id for p in services.people if services.policy.gates.fallback_approver in p.roles]
    words = f"Certificate {certificate.number} was withdrawn: {because}. Orders are reviewed until there is a new one: signoff calibrate"
    tell(desk, owners, "Nothing passes without a person any more", words)
    return f" Certificate {certificate.number} is withdrawn: {because}."


def withdraw(services: Services, certificate: Certificate, actor: str, because: str) -> None:
    """End a certificate; inside a transaction."""
    ended = services.store.autonomy.put(certificate.model_copy(update={"status": "withdrawn", "because": because}))
    _tell(services, "certificate.withdrawn", actor, ended, because=because)


def issue(services: Services, certificate: Certificate, actor: str) -> Certificate:
    """Put a certificate in force, in place of the one before; inside a transaction."""
    for old in services.store.autonomy.certificates():
        if old.status == "active":
            replaced = services.store.autonomy.put(old.model_copy(update={"status": "replaced"}))
            _tell(services, "certificate.replaced", actor, replaced)
    certificate = services.store.autonomy.put(certificate)
    _tell(
        services, "certificate.issued", actor, certificate, alpha=certificate.alpha, delta=certificate.delta,
        threshold=certificate.threshold, orders=certificate.orders, passed=certificate.passed,
        errors=certificate.errors, versions=certificate.versions.model_dump(),
    )  # fmt: skip
    return certificate


def raise_threshold(services: Services, actor: str, threshold: float, reason: str) -> Certificate:
    """Ask for more confidence than the certificate does. Raises `Refused` for less: that takes a new calibration."""
    with services.store.transaction(durable=True):
        certificate = current(services.store)
        if not certificate.threshold <= threshold <= 1:
            raise Refused(
                f"Certificate {certificate.number} shows nothing about a threshold of {threshold:g}; set one between "
                f"{certificate.threshold:.4f} and 1, or calibrate with another alpha."
            )
        raised = services.store.autonomy.put(certificate.model_copy(update={"raised_to": threshold}))
        _tell(services, "certificate.raised", actor, raised, threshold=threshold, reason=reason)
    return raised


def keep(services: Services, calibration: Calibration) -> Calibration:
    """Keep fitted weights; from now on readings are weighed by them; inside a transaction."""
    calibration = services.store.autonomy.put(calibration)
    services.store.masters.keep("weights", calibration.weights.text)
    told = {"calibration": calibration.number, "weights": asdict(calibration.weights), "data_sha256": calibration.data_sha256}
    bound = calibration.bound
    services.store.events.append("calibration.fitted", calibration.made_by, told | {"autonomy": bound}, services.clock())
    return calibration


def current(store: Store) -> Certificate:
    """The certificate that was issued last. Raises `BadInput` when there is none that is active."""
    found = store.autonomy.certificates()
    if not found or found[-1].status != "active":
        raise BadInput("There is no active certificate; make one with: signoff calibrate")
    return found[-1]


def _tell(services: Services, type: str, actor: str, certificate: Certificate, **body: Any) -> None:
    told = {"certificate": certificate.number, "autonomy": certificate.bound}
    services.store.events.append(type, actor, told | body, services.clock())
