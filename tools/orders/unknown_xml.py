"""XML of a vocabulary that no reader here knows. Nothing falls through: it is set aside by name, and what calls itself an order
is reported as unread, so that a person looks at it.
"""

from __future__ import annotations

import re

from signoff.domain.reading import Part, SetAside, Unread
from signoff.tools.documents.document import Document
from signoff.tools.orders import cxml, orderx, ubl
from signoff.tools.orders.xpath import Node, payloads

FORMAT = "xml"
_ORDER = re.compile(r"order(?!ed)|purchase|^po$|bestellung|commande|pedido|ordine|zamowienie", re.IGNORECASE)
_ANSWER = re.compile(r"respon|confirm|ackn?|status|invoice|agreement|catalog", re.IGNORECASE)


def matches(document: Document) -> bool:
    """Whether the document is nothing but XML, and of no vocabulary that has a reader."""
    return document.xml is not None and not document.pages and not any(r.matches(document) for r in (ubl, cxml, orderx))


def read(document: Document) -> list[Part]:
    """One part for each document in the envelope, or for the root."""
    if document.xml is None:
        return []
    return [_part(node) for node in payloads(document.xml) or [Node(document.xml, "StandardBusinessDocument")]]


def _part(node: Node) -> Part:
    name = node.name[:60]
    if _ORDER.search(name) and not _ANSWER.search(name):
        reason = f"The XML document is of type {name}, which is no purchase order known here; ask the sender for UBL, cXML or Order-X."
        return Unread(format=FORMAT, reason=reason)
    return SetAside(format=FORMAT, kind="XML document", reason=f"an XML document of type {name}, which is no purchase order known here")
