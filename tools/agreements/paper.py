"""A contract's file as the process that opens it answers (`tools/isolated.py`): clauses, terms and prices, as data."""

from __future__ import annotations

import hashlib

from signoff.domain.agreement import Agreement
from signoff.domain.errors import Unreadable
from signoff.domain.record import Record
from signoff.tools.agreements.prices import read_price_list
from signoff.tools.documents.document import Document, Source
from signoff.tools.documents.opening import open_document

READER = "signoff.tools.agreements.paper:agreement"
SHEETS = ("xlsx", "xlsb", "xls", "ods", "csv")


class Wanted(Record):
    """What is asked of the reader: nothing but to read."""


def agreement(source: Source, _: Wanted) -> Agreement:
    """What the paper says. Raises `Unreadable` when it cannot be opened, or says nothing that could be agreed on."""
    document = open_document(source)
    listed = read_price_list(document)
    read = _of_sheets(document) if document.format in SHEETS else _of_text(document)
    if not (read.clauses or listed.prices):
        raise Unreadable(f"{source.name} holds neither clauses nor prices that could be read; hand in the contract as PDF, Word or text.")
    notices = (*read.notices, *(n.message for n in document.notices), *listed.notices)
    return read.model_copy(update={"prices": listed.prices, "notices": tuple(n[:1000] for n in notices)})


def _of_sheets(document: Document) -> Agreement:
    """A price list in a workbook has no clauses."""
    return Agreement(source=document.name, sha256=hashlib.sha256(document.data).hexdigest(), clauses=())


def _of_text(document: Document) -> Agreement:
    from signoff.tools.agreements.reading import read_agreement

    return read_agreement(document)
