"""The file drop, for every ERP that takes orders as files: one UBL, cXML or CSV file for each posting, named by its key.

    kind: files
    folder: erp-out     # below the workspace, or an absolute path
    format: ubl         # or cxml, csv

`folder` is what the ERP empties, with `papers` below it. `drafts` holds what is not binding yet, `posted` what was handed over, which is
Signoff's own record and is not to be emptied. Writers take turns by a lock; a draft becomes binding by one rename. Whoever dies between two
steps is followed by the same call, which finds the file and goes on.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, cast
from urllib.parse import quote

from filelock import FileLock, Timeout

from signoff.domain.errors import BadInput, Refused, Unavailable
from signoff.domain.money import cents
from signoff.domain.order import Order, OrderLine, OrderType, line_amount
from signoff.domain.record import Record
from signoff.domain.stages import ApprovedOrder
from signoff.tools.erp.marks import Marks, Written
from signoff.tools.erp.protocol import CANCELLED, DRAFT, Attachment, Posting, content

if TYPE_CHECKING:
    from signoff.tools.erp.configured import Place

FORMS = {"ubl": "signoff.tools.erp.ubl_writing", "cxml": "signoff.tools.erp.cxml_writing", "csv": "signoff.tools.erp.csv_writing"}
PATIENCE = 30
"""Seconds to wait for another process's turn."""


class Form(Protocol):
    """What the module of a format has."""

    SUFFIX: str

    def write(self, order: Order, marks: Marks, today: dt.date) -> bytes:
        """The file. Raises `Refused` for an order that the format has no room for."""

    def read(self, data: bytes) -> Written | None:
        """The file as it stands on disk; `None` when it is not one of Signoff's."""


class Settings(Record):
    """What erp.yaml says of a file drop."""

    folder: str = "erp-out"
    format: Literal["ubl", "cxml", "csv"] = "ubl"


def open_erp(settings: Settings, place: Place) -> FileDrop:
    """The drop in `folder`, which is made when it is missing."""
    return FileDrop(place.root / settings.folder, cast(Form, import_module(FORMS[settings.format])))


class FileDrop:
    """`form` is the module that writes and reads the files."""

    name = "files"
    remote = True

    def __init__(self, folder: Path, form: Form) -> None:
        self._out, self._papers, self._drafts, self._posted = folder, folder / "papers", folder / "drafts", folder / "posted"
        self._form = form
        try:
            for each in (self._papers, self._drafts, self._posted):
                each.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadInput(
                f"The folder {folder} of erp.yaml cannot be made ({error.strerror}); mend its rights, or name another."
            ) from error

    def find(self, key: str) -> Posting | None:
        """A change or cancellation that is still in `drafts` was not handed over, and so has not happened."""
        if (written := self._read(self._drafts, key)) and written.marks.kind is not OrderType.ORDER:
            return None
        written = written or self._read(self._posted, key)
        return self._posting(written.marks.order, key) if written else None

    def create(self, order: ApprovedOrder, key: str, paper: Attachment | None = None) -> Posting:
        with self._turn():
            known = self._read(self._drafts, key) or self._read(self._posted, key)
            if known is None:
                marks = self._marks(order, key, key, 1)
                self._write(order.order.model_copy(update={"order_type": OrderType.ORDER}), marks, paper)
            else:
                _same(known, key, content(order))
            return self._posting(key, key)

    def confirm(self, posting: Posting) -> Posting:
        with self._turn():
            if not self._posting_exists(posting.erp_id):
                raise Refused(f"The ERP has no purchase order {posting.erp_id}.")
            if self._posting(posting.erp_id, posting.key).status == DRAFT:
                self._hand_over(posting.erp_id)
            return self._posting(posting.erp_id, posting.key)

    def amend(self, erp_id: str, order: ApprovedOrder, key: str) -> Posting:
        with self._turn():
            known = self._known(erp_id, key, content(order))
            if known is None:
                if self._posting(erp_id, key).status == CANCELLED:
                    raise Refused(f"The purchase order {erp_id} was cancelled and cannot be changed.")
                self._hand_over(erp_id)
                first = self._revisions(erp_id)[0]
                number = {"order_type": OrderType.CHANGE, "order_reference": first.order.order_number}
                self._revise(order.order.model_copy(update=number), first.marks, key, content(order))
            return self._posting(erp_id, key)

    def cancel(self, erp_id: str, key: str) -> Posting:
        """Nothing is handed over for a draft, of which the ERP has never heard."""
        with self._turn():
            if self._known(erp_id, key, CANCELLED) is None:
                first, last = self._revisions(erp_id)[0], self._last(erp_id)
                number = {"order_number": key, "order_reference": first.order.order_number}
                cancelled = last.order.model_copy(update={"order_type": OrderType.CANCELLATION, "issue_date": None, **number})
                self._revise(cancelled, first.marks, key, CANCELLED)
            return self._posting(erp_id, key)

    def close(self) -> None:
        """Nothing is kept open."""

    def _known(self, erp_id: str, key: str, digest: str) -> Written | None:
        """The change or cancellation that was handed over with this key. Raises `Refused` when there is no such order."""
        if not self._posting_exists(erp_id):
            raise Refused(f"The ERP has no purchase order {erp_id}.")
        known = self._read(self._posted, key)
        if known:
            _same(known, key, digest)
        return known if known and not self._path(self._drafts, key).exists() else None

    def _marks(self, order: ApprovedOrder, key: str, erp_id: str, revision: int) -> Marks:
        vendor = order.routed.checked.check.match.vendor_id or ""
        return Marks(key=key, content=content(order), order=erp_id, revision=revision, kind=OrderType.ORDER, vendor_id=vendor)

    def _revise(self, order: Order, first: Marks, key: str, digest: str) -> None:
        """Write a change or cancellation and hand it over; one of the same key that got no further than `drafts` is written anew."""
        self._path(self._drafts, key).unlink(missing_ok=True)
        draft = self._path(self._drafts, first.order)
        known = not draft.exists()
        if not known:
            _link(draft, self._revision(first.order, 1))
        latest = self._revisions(first.order)[-1].marks
        number = latest.revision if latest.key == key else latest.revision + 1
        marks = first.model_copy(update={"key": key, "content": digest, "revision": number, "kind": order.order_type})
        self._write(order, marks, None)
        self._hand_over(key, known)

    def _write(self, order: Order, marks: Marks, paper: Attachment | None) -> None:
        """A draft, complete and on the disk before it has its name."""
        if not order.lines and order.order_type is not OrderType.CANCELLATION:
            raise Refused("The order has no lines, and no format of files allows that; post it by hand.")
        today = dt.datetime.now(dt.UTC).date()
        data = self._form.write(order, marks, today)
        back = self._form.read(data)
        if back is None or back.marks != marks or not _same_amounts(back.order, order):
            raise Refused(f"The order does not read back from {self._path(self._out, marks.key).name} as it is; post it by hand.")
        if paper:
            self._put(paper.data, self._drafts / f"{_stem(marks.key)}.paper{Path(paper.name).suffix}")
        self._put(data, self._path(self._drafts, marks.key))

    def _put(self, data: bytes, path: Path) -> None:
        """In one's turn only, so that a name of the dead may be used again; its rights are those of the umask: the ERP reads it."""
        unnamed = path.with_name(f".{path.name}")
        with unnamed.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unnamed, path)
        _sync(self._drafts)

    def _hand_over(self, key: str, known: bool = True) -> None:
        """Signoff's own record first, by links to the same file; the paper; then the one rename that makes it binding.

        With `known` false it stays in the record, for the ERP does not know the order.
        """
        draft = self._path(self._drafts, key)
        if not draft.exists():
            return
        written = self._read(self._drafts, key)
        assert written is not None, "a draft was written by _write"
        _link(draft, self._revision(written.marks.order, written.marks.revision))
        _link(draft, self._path(self._posted, key))
        _sync(self._posted)
        for paper in self._drafts.glob(f"{_stem(key)}.paper*"):
            os.replace(paper, self._papers / f"{_stem(key)}{paper.suffix}")
        os.replace(draft, self._path(self._out, key)) if known else draft.unlink()
        for folder in (self._papers, self._out, self._drafts):
            _sync(folder)

    def _posting_exists(self, erp_id: str) -> bool:
        found = self._read(self._drafts, erp_id) or self._read(self._posted, erp_id)
        return found is not None and found.marks.revision == 1

    def _revisions(self, erp_id: str) -> list[Written]:
        """The order and what was done to it since, oldest first."""
        found: list[Written] = []
        while (path := self._revision(erp_id, len(found) + 1)).exists() and (written := self._form.read(path.read_bytes())):
            found.append(written)
        draft = self._read(self._drafts, erp_id)
        return found or ([draft] if draft else [])

    def _last(self, erp_id: str) -> Written:
        """The last content: a cancellation leaves the lines as they were."""
        return [w for w in self._revisions(erp_id) if w.marks.kind is not OrderType.CANCELLATION][-1]

    def _posting(self, erp_id: str, key: str) -> Posting:
        revisions, last = self._revisions(erp_id), self._last(erp_id)
        status = DRAFT if self._path(self._drafts, erp_id).exists() else "handed over" if len(revisions) == 1 else "amended"
        if revisions[-1].marks.kind is OrderType.CANCELLATION:
            status = CANCELLED
        amounts = _amounts(last.order.lines)
        return Posting(
            erp_id=erp_id,
            key=key,
            reference=revisions[0].order.order_number,
            vendor_id=revisions[0].marks.vendor_id,
            currency=last.order.currency,
            line_total=None if None in amounts else sum((a for a in amounts if a is not None), Decimal(0)),
            lines=len(amounts),
            status=status,
        )

    def _read(self, folder: Path, key: str) -> Written | None:
        try:
            written = self._form.read(self._path(folder, key).read_bytes()) if key else None
        except FileNotFoundError:
            return None
        return written if written and written.marks.key == key else None

    def _path(self, folder: Path, key: str) -> Path:
        return folder / f"{_stem(key)}{self._form.SUFFIX}"

    def _revision(self, erp_id: str, number: int) -> Path:
        return self._posted / f"{_stem(erp_id)}@{number}{self._form.SUFFIX}"

    @contextmanager
    def _turn(self) -> Iterator[None]:
        try:
            with FileLock(self._posted / ".lock", timeout=PATIENCE):
                yield
        except Timeout as error:
            raise Unavailable(f"Another process has held {self._posted} for {PATIENCE} seconds; try again.") from error
        except OSError as error:
            raise Unavailable(f"The folder {self._out} cannot be written ({error.strerror}); mend that, then retry.") from error


def _stem(key: str) -> str:
    return quote(key, safe=" ")


def _same(known: Written, key: str, digest: str) -> None:
    if known.marks.content != digest:
        raise Refused(f"The posting key {key} was used before for another content.")


def _same_amounts(back: Order, order: Order) -> bool:
    """Whether a file holds the amounts that it was written for; a cancellation need not hold any."""
    if order.order_type is OrderType.CANCELLATION:
        return True
    theirs, ours = ([None if a is None else cents(a, order.currency) for a in _amounts(o.lines)] for o in (back, order))
    return theirs == ours and back.currency == order.currency


def _amounts(lines: tuple[OrderLine, ...]) -> list[Decimal | None]:
    return [line_amount(line) for line in lines]


def _link(source: Path, target: Path) -> None:
    """A second name for a file; the one that is there already was made by whoever died here before."""
    try:
        os.link(source, target)
    except FileExistsError:
        os.replace(_copied(source), target)


def _copied(source: Path) -> Path:
    copy = source.with_name(f".{source.name}.link")
    copy.unlink(missing_ok=True)
    os.link(source, copy)
    return copy


def _sync(folder: Path) -> None:
    """What was renamed in a folder is on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
