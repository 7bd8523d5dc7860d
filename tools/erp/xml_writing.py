"""Writing XML from values, of which most may be missing: an element without content and attributes is left out."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from lxml import etree
from pydantic import ValidationError

from signoff.tools.erp.marks import Marks

Value = str | Decimal | dt.date | bool | None
Part = etree._Element | Value
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold (section 2.2)."""
_MARKS = "signoff"


class Maker:
    """Makes elements whose names stand as `prefix:name`; a name without a prefix is in the namespace of the prefix `""`, or in none."""

    def __init__(self, namespaces: dict[str, str]) -> None:
        self._namespaces = namespaces

    def __call__(self, name: str, /, *content: Part, **attributes: Value) -> etree._Element | None:
        """The element, its text first; `None` when there is nothing to say."""
        said = {key: text(value) for key, value in attributes.items() if value is not None}
        parts = [part for part in content if part is not None]
        return self.root(name, *parts, **said) if parts or said else None

    def root(self, name: str, /, *content: Part, **attributes: Value) -> etree._Element:
        """The element, be it empty."""
        made = etree.Element(self._name(name), {key: text(v) for key, v in attributes.items()}, nsmap=self._nsmap())  # type: ignore[arg-type]
        for part in content:
            if isinstance(part, etree._Element):
                made.append(part)
            elif part is not None:
                made.text = text(part)
        return made

    def _name(self, name: str) -> str:
        prefix, _, local = name.rpartition(":")
        return f"{{{self._namespaces[prefix]}}}{local}" if prefix in self._namespaces else local

    def _nsmap(self) -> dict[str | None, str]:
        return {prefix or None: uri for prefix, uri in self._namespaces.items()}


def text(value: Value) -> str:
    """A value as structured formats write it: decimals with a point and no exponent, ISO 8601 dates."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, dt.date) else _FORBIDDEN.sub(" ", value or "")


def document(root: etree._Element, marks: Marks, doctype: str | None = None) -> bytes:
    """The file: the marks stand in a processing instruction, which every reader of the standard passes over."""
    etree.cleanup_namespaces(root)
    marked = etree.ProcessingInstruction(_MARKS, marks.model_dump_json().replace(">", "\\u003e"))
    head = "<?xml version='1.0' encoding='UTF-8'?>\n" + (f"{doctype}\n" if doctype else "")
    written = [etree.tostring(part, encoding="unicode", pretty_print=True).strip() for part in (marked, root)]
    return f"{head}{written[0]}\n{written[1]}\n".encode()


def marks_of(data: bytes) -> Marks | None:
    """The marks in the processing instruction before the root; `None` when there are none."""
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
        before = (e for e in root.itersiblings(preceding=True) if isinstance(e, etree._ProcessingInstruction))
        said = next((e.text or "" for e in before if e.target == _MARKS), None)
        return None if said is None else Marks.model_validate_json(said)
    except (etree.XMLSyntaxError, ValidationError):
        return None
