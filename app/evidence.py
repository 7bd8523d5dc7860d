"""From a case to its evidence pictures: the archived original is opened again, down to the attachment, and each page becomes a PNG."""

from __future__ import annotations

from pathlib import Path

from pydantic import Base64Bytes

from signoff.app.marks import Drawing, Seen, marks
from signoff.app.workspace import Workspace
from signoff.domain.checks.verify import Verification
from signoff.domain.errors import BadInput
from signoff.domain.findings import Severity
from signoff.graph.desk import Desk
from signoff.graph.record import findings
from signoff.tools.documents.document import Source
from signoff.tools.isolation import apart


def draw_evidence(w: Workspace, number: int, out: Path | None) -> list[Path]:
    """Write the pictures and return their paths: to `out` (a `.png`, or a folder), else to `evidence` in the workspace.

    Raises `BadInput` for a case that was not read, and `Unreadable` when the original cannot be opened any more.
    """
    desk = Desk(w.services, number)
    case = desk.case
    draft, verification = desk.draft(), desk.find("verification", Verification)
    if draft is None or verification is None:
        raise BadInput(f"Case {case.case_id} has no reading to show; it is {case.state}: {case.reason}")
    found = findings(desk, verification)
    source = Source(case.source, w.services.archive.get(case.file_sha256))
    read = marks(draft, verification, found, w.services.policy.tolerances.critical_confidence)
    blocking = tuple(f"{f.code}: {f.message}" for f in found if f.severity is Severity.BLOCKING)
    reading = verification.reading
    name = case.source.rsplit("/", 1)[-1] + (f" ! {case.member}" if case.member else "")
    seen = Seen(
        title=f"{case.case_id} · {draft.order.order_number or 'no number'} · {name}",
        verdict=f"{reading.verdict}, confidence {reading.confidence:.3f}",
        reasons=blocking or tuple(r for r in reading.reasons),
    )
    drawn = apart("signoff.app.picture:drawn", source, Drawing(member=case.member, marks=tuple(read), seen=seen), tuple[Base64Bytes, ...])
    paths = _paths(out or w.root / "evidence", case.case_id, len(drawn))
    for path, picture in zip(paths, drawn, strict=True):
        path.write_bytes(picture)
    return paths


def _paths(out: Path, case_id: str, count: int) -> list[Path]:
    """`out` is a folder unless it is called .png; further pages of a .png are numbered."""
    single = out.suffix.lower() == ".png"
    folder, stem = (out.parent, out.stem) if single else (out, case_id)
    folder.mkdir(parents=True, exist_ok=True)
    return [folder / (f"{stem}.png" if single and n == 1 else f"{stem}-{n}.png") for n in range(1, count + 1)]
