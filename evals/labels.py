"""Labels: readings of which a person has said whether they were right. Every review is one, and every audit of what had passed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from signoff.domain.advice import Extraction
from signoff.domain.autonomy import SEARCHING
from signoff.domain.checks.confidence import HEADER
from signoff.domain.checks.fields import CELLS
from signoff.domain.checks.merging import merged
from signoff.domain.checks.signals import Signals
from signoff.domain.checks.verify import Verification, signals_of
from signoff.domain.errors import SignoffError
from signoff.domain.order import Order
from signoff.domain.reading import DraftOrder
from signoff.domain.stages import VerifiedOrder
from signoff.domain.states import State
from signoff.graph.proving import proved, witnessed
from signoff.graph.services import Services
from signoff.graph.store.rows import Case
from signoff.tools.documents.document import Source
from signoff.tools.paper import Contents

SUPPLIER = ("/supplier/name", "/supplier/id")
Reread = Callable[[Source], Contents]


@dataclass(frozen=True)
class Label:
    """A reading of the present code, and the pointers of its critical fields that are wrong, by what a person accepted."""

    source: str
    vendor: str
    draft: DraftOrder
    wrong: frozenset[str]

    @property
    def key(self) -> str:
        """What it is known by in the hash of the data."""
        return f"{self.source}\t{self.vendor}\t{' '.join(sorted(self.wrong))}\t{self.draft.model_dump_json(exclude_defaults=True)}"


@dataclass
class Gathered:
    """Labels, and how many cases gave none, by reason."""

    labels: list[Label]
    left_out: dict[str, int]

    @property
    def sha256(self) -> str:
        digest = hashlib.sha256()
        for key in sorted(label.key for label in self.labels):
            digest.update(key.encode() + b"\n")
        return digest.hexdigest()


def differing(read: Order, right: Order) -> frozenset[str]:
    """The pointers of critical fields in which a reading differs from the order as it is; one where both say nothing is right."""
    wrong = {pointer for pointer in HEADER if _value(read, pointer) != _value(right, pointer)}
    if not any(_value(read, p) is not None and _value(read, p) == _value(right, p) for p in SUPPLIER):
        wrong.add("/supplier/name")
    if len(read.lines) != len(right.lines):
        wrong.add("/lines")
    for i, (mine, theirs) in enumerate(zip(read.lines, right.lines, strict=False)):
        wrong |= {f"/lines/{i}/{cell}" for cell in CELLS if getattr(mine, cell) != getattr(theirs, cell)}
    return frozenset(wrong)


def _value(order: Order, pointer: str) -> object:
    at: object = order
    for name in pointer.strip("/").split("/"):
        at = getattr(at, name)
    return at


def observations(label: Label, services: Services) -> Iterator[tuple[Signals, bool]]:
    """What spoke for each critical field, and whether it was right."""
    critical = {*HEADER, *SUPPLIER}
    for pointer, seen in signals_of(witnessed(label.draft, services.vendors), services.policy).items():
        if pointer in critical or (pointer.rsplit("/", 1)[-1] in CELLS and pointer.count("/") == 3):
            yield seen, pointer not in label.wrong and not ("/lines" in label.wrong and pointer.startswith("/lines/"))


def reread(label: Label, services: Services) -> Verification:
    """The verdict on a labelled reading with the services' weights."""
    return proved(label.draft, services.vendors, services.policy, services.weights)


def reviewed(services: Services, read: Reread, advance: Callable[[], None] = lambda: None) -> Gathered:
    """A label of every case whose reading a person has looked at, read once more by the present code.

    Under a certificate people look at what is doubtful, and at those that are drawn: then only cases that are drawn count, whether they
    passed or not, so that labels stay a fair sample of what comes in.
    """
    gathered = Gathered([], {})
    first = next((c.made_at for c in services.store.autonomy.certificates()), None)
    share = services.policy.autonomy.audit_percent / 100
    for case in services.store.cases.listed():
        advance()
        drawn = first is None or case.created_at <= first.isoformat() or services.store.autonomy.chosen(case.number, share)
        found = _label(services, case, read) if drawn else "not drawn"
        if isinstance(found, Label):
            gathered.labels.append(found)
        elif found:
            gathered.left_out[found] = gathered.left_out.get(found, 0) + 1
    return gathered


def _label(services: Services, case: Case, read: Reread) -> Label | str | None:
    """The label of a case, or why it gives none; `None` for a case that nobody was ever to look at."""
    right = _accepted(services, case)
    body = services.store.cases.step(case.number, 0, "draft")
    if body is None or case.lane is None:
        return None
    then = DraftOrder.model_validate_json(body)
    added = services.store.cases.step(case.number, 0, "extracted")
    extraction = Extraction.model_validate_json(added) if added else None
    if then.lane not in SEARCHING and extraction is None:
        return None
    if right is None:
        return "rejected" if case.state is State.REJECTED else "not looked at"
    try:
        now = _now(services, case, read)
    except SignoffError:
        now = None
    if now is None:
        return "cannot be read again"
    draft = now if extraction is None else merged(now, extraction, case.format) or now
    return Label(case.case_id, case.vendor_id or draft.order.supplier.name or case.case_id, draft, differing(draft.order, right))


def _accepted(services: Services, case: Case) -> Order | None:
    """The order as a person accepted or corrected it, or found it right in an audit."""
    body = services.store.cases.step(case.number, case.revision, "verified")
    verified = VerifiedOrder.model_validate_json(body) if body else None
    sample = services.store.autonomy.sample(case.number)
    if verified is None:
        return None
    looked = verified.reviewed is not None or (sample is not None and sample.wrong is False)
    return verified.order if looked else None


def _now(services: Services, case: Case, read: Reread) -> DraftOrder | None:
    """The case's part of its file, as it is read now."""
    contents = read(Source(case.source, services.archive.get(case.file_sha256)))
    parts = [(paper.member, part) for paper in contents.papers for part in paper.parts]
    at = parts[case.part] if case.part < len(parts) else None
    return at[1] if at is not None and at[0] == case.member and isinstance(at[1], DraftOrder) else None
