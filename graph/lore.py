"""What a correction teaches about the layout of its paper: found before the answer is taken, kept in the answer's transaction.

The latest correction of a field holds. One that leads to no place on the paper takes away what was known of that field.
"""

from __future__ import annotations

from signoff.domain.errors import SignoffError
from signoff.domain.layouts import ALIKE, Layout, Lesson, Place, alike, kind_of, letters
from signoff.graph.corrections import corrected
from signoff.graph.desk import Desk
from signoff.graph.services import Services
from signoff.graph.store.rows import case_id
from signoff.tools.documents.document import Source
from signoff.tools.learning import Correction, taught


def studied(services: Services, number: int, edits: dict[str, str], person: str) -> Lesson | None:
    """What the edits teach; nothing for a paper that is not pages of words, holds several orders, or cannot be opened any more."""
    case = services.store.cases.get(number)
    draft = Desk(services, number).draft() if case is not None else None
    if case is None or draft is None or not any(e.page for e in draft.evidence.values()):
        return None
    if sum(c.member == case.member for c in services.store.cases.of_file(case.source, case.file_sha256)) > 1:
        return None
    try:
        pointers = tuple(p if p.startswith("/") else f"/{p}" for p in edits)
        correction = Correction(member=case.member, draft=draft, pointers=pointers, order=corrected(draft, edits, person).order)
        return taught(Source(case.source, services.archive.get(case.file_sha256)), correction)
    except SignoffError:
        return None


def remember(desk: Desk, told: Lesson, person: str) -> None:
    """Keep what was learned, with the event that says so and what of the old it replaces."""
    if told.layout is None:
        desk.record("layout.learned", person, layout=None, learned={}, replaced={}, untaught=told.untaught)
        return
    layouts = desk.services.store.layouts
    known = _known(layouts.all(), told.layout) or told.layout.model_copy(update={"places": ()})
    places = {p.pointer: p.model_copy(update={"case": case_id(desk.number), "by": person}) for p in told.layout.places}
    gone = {p.pointer: p for p in known.places if p.pointer in places or p.pointer in map(kind_of, told.untaught)}
    kept = tuple(p for p in known.places if p.pointer not in gone)
    replaced = {pointer: old.words for pointer, old in gone.items() if not _alike(old, places.get(pointer))}
    layout = known.model_copy(update={"places": (*kept, *places.values())})
    layout = layouts.put(layout) if places or gone else layout
    desk.record(
        "layout.learned", person, layout=layout.number or None, sender=layout.sender, sha256=layouts.digest(layout.number),
        learned={p.pointer: p.words for p in places.values()}, replaced=replaced, untaught=told.untaught,
    )  # fmt: skip


def _known(layouts: list[Layout], new: Layout) -> Layout | None:
    """The layout of the same sender that this one is."""
    rated = [(alike(old.marks, new.marks), old) for old in layouts if letters(old.sender) == letters(new.sender)]
    best = max(rated, key=lambda r: r[0], default=None)
    return best[1] if best is not None and best[0] >= ALIKE else None


def _alike(old: Place, new: Place | None) -> bool:
    return new is not None and old.words == new.words
