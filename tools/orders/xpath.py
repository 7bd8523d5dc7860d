"""Reading values out of an XML document, each with the place it stands at as a short XPath without namespace declarations.

Elements are matched by their local name: the versions of UBL and of UN/CEFACT CII differ in their namespaces, not in
the names. `Node` looks at the children of an element once; `XmlDraft` fills a `Draft` from what it finds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from lxml import etree
from pydantic import ValidationError

from signoff.domain.reading import Evidence, Lane, Part, Unread
from signoff.tools.orders.draft import Draft

LONGEST = 4000
MOST_NOTES = 200
_NUMBER = re.compile(r"[+-]?(?:\d{1,28}(?:\.\d{0,28})?|\.\d{1,28})", re.ASCII)
_PREFIXES = (
    ("CommonBasicComponents", "cbc:"),
    ("CommonAggregateComponents", "cac:"),
    ("ReusableAggregateBusinessInformationEntity", "ram:"),
    ("UnqualifiedDataType", "udt:"),
)


class Value(NamedTuple):
    """A text that is not blank, and where it stands."""

    text: str
    where: str


class Node:
    """An element of the document and its place."""

    __slots__ = ("_children", "_of", "_place", "_where", "element", "name")

    def __init__(self, element: etree._Element, name: str, of: Node | None = None, place: int = 1) -> None:
        self.element, self.name = element, name
        self._of, self._place = of, place
        self._children: dict[str, list[Node]] | None = None
        self._where: str | None = None

    @property
    def where(self) -> str:
        """`/Order/cac:OrderLine[2]/cac:LineItem`: a position is given where there are several."""
        if self._where is None:
            step = label(str(self.element.tag))
            if self._of is None:
                self._where = f"/{step}"
            else:
                alone = self._place == 1 and len(self._of.children[self.name]) == 1
                self._where = f"{self._of.where}/{step}" if alone else f"{self._of.where}/{step}[{self._place}]"
        return self._where

    @property
    def children(self) -> dict[str, list[Node]]:
        """The child elements by local name, in the order of the document."""
        found = self._children
        if found is None:
            found = self._children = {}
            for child in self.element:
                tag = child.tag
                if isinstance(tag, str):
                    name = tag.rpartition("}")[2]
                    same = found.setdefault(name, [])
                    same.append(Node(child, name, self, len(same) + 1))
        return found

    @property
    def value(self) -> Value | None:
        """The element's own text without that of its children; `None` when it is blank."""
        text = self.element.text or ""
        if len(self.element):
            text += "".join(child.tail or "" for child in self.element)
        text = text.strip()
        return Value(text, self.where) if text else None

    def attribute(self, name: str) -> Value | None:
        """An attribute without a namespace; `None` when it is missing or blank."""
        text = (self.element.get(name) or "").strip()
        return Value(text, f"{self.where}/@{name}") if text else None

    def walk(self, *path: str) -> Iterator[Node]:
        """Every descendant at that path of local names."""
        for child in self.children.get(path[0], ()):
            if len(path) == 1:
                yield child
            else:
                yield from child.walk(*path[1:])

    def all(self, *path: str) -> list[Node]:
        return list(self.walk(*path))

    def first(self, *path: str) -> Node | None:
        return next(self.walk(*path), None)

    def leaf(self, *path: str) -> Value | None:
        """The first text at that path that is not blank; a last step `@name` names an attribute."""
        *steps, last = path
        if not last.startswith("@"):
            return next((v for n in self.walk(*path) if (v := n.value)), None)
        nodes: Iterator[Node] = self.walk(*steps) if steps else iter((self,))
        return next((v for n in nodes if (v := n.attribute(last[1:]))), None)


@lru_cache(maxsize=512)
def label(tag: str) -> str:
    """A tag as people write it: `cbc:ID` for the namespaces that have a usual prefix, else the local name."""
    uri, _, local = tag.rpartition("}")
    return next((prefix for name, prefix in _PREFIXES if name in uri), "") + local[:100]


def payloads(root: etree._Element) -> list[Node]:
    """The business documents: what a StandardBusinessDocument (GS1 / UN/CEFACT SBDH) wraps, else the root itself."""
    node = Node(root, str(root.tag).rpartition("}")[2])
    if node.name != "StandardBusinessDocument":
        return [node]
    return [n for name, nodes in node.children.items() if name != "StandardBusinessDocumentHeader" for n in nodes]


def namespace(node: Node) -> str:
    """The element's namespace, empty when it has none."""
    return str(node.element.tag).rpartition("}")[0].removeprefix("{")


class XmlDraft:
    """A draft order filled from an XML document. A value that does not fit leaves a notice; nothing is cut off silently."""

    def __init__(self, format: str) -> None:
        self.draft = Draft(format, Lane.STRUCTURED)
        self.currency: str | None = None
        self.notes = 0

    def text(self, pointer: str, value: Value | None) -> None:
        if value is None:
            return
        folded = " ".join(value.text.split())
        if len(folded) > LONGEST:
            message = f"The text at {value.where} has {len(folded)} characters; only the first {LONGEST} were kept."
            self.draft.notice("field_missing", pointer, message)
            folded = folded[:LONGEST]
        self.draft.put(pointer, folded, Evidence(text=folded, where=value.where))

    def number(self, pointer: str, value: Value | None) -> None:
        if value is not None and self._is_number(pointer, value):
            self.draft.number(pointer, value.text, where=value.where)

    def count(self, name: str, value: Value | None) -> None:
        """A control figure that the document states about itself."""
        if value is None:
            return
        if re.fullmatch(r"\d{1,9}", value.text, re.ASCII):
            self.draft.controls[name] = int(value.text)
        else:
            self.draft.notice("rows_missing", "/lines", f"The count {value.text[:40]!r} at {value.where} is not a whole number.")

    def amount(self, pointer: str, node: Node | None) -> None:
        """An amount of money; one in another currency than the document's is reported and not taken."""
        value = node.value if node else None
        if node is None or value is None:
            return
        if not self._foreign(pointer, node, value):
            self.number(pointer, value)

    def _foreign(self, pointer: str, node: Node, value: Value) -> bool:
        currency = node.element.get("currencyID") or node.element.get("currency")
        if not currency or not self.currency or currency.strip().upper() == self.currency.upper():
            return False
        message = f"The amount {value.text[:40]} at {value.where} is in {currency[:20]}, the order in {self.currency[:20]}."
        self.draft.notice("readings_disagree", pointer, message, text=value.text[:60], where=value.where)
        return True

    def date(self, pointer: str, value: Value | None) -> None:
        """An ISO 8601 date, with or without a time."""
        if value is not None:
            self.draft.date(pointer, value.text[:40], where=value.where)

    def note(self, value: Value | None, lead: str = "") -> None:
        """A note; `lead` says which line it belongs to."""
        if value is None:
            return
        self.notes += 1
        if self.notes <= MOST_NOTES:
            self.text(f"/notes/{self.notes - 1}", Value(lead + value.text, value.where))
        elif self.notes == MOST_NOTES + 1:
            self.draft.notice("field_missing", "/notes", f"The document has more than {MOST_NOTES} notes; the rest was not kept.")

    def row(self, at: str) -> None:
        """Open an order line, so that it is counted even if nothing in it can be read."""
        self.draft.put(f"{at}/allowances_charges", [])

    def charge(self, pointer: str, charge: bool, amount: Node | None, reason: Value | None) -> None:
        """One allowance (`charge` false) or charge at `pointer`; its amount is `None` when the document gives but a percentage."""
        self.draft.put(f"{pointer}/charge", charge)
        self.amount(f"{pointer}/amount", amount)
        self.text(f"{pointer}/reason", reason)

    def adjust(self, node: Node | None, reason: str, *, charge: bool) -> None:
        """An amount of the totals as an allowance or charge of the order; a negative one is its opposite, zero is none."""
        value = node.value if node else None
        if node is None or value is None or not value.text.strip("+-0."):
            return
        at = f"/allowances_charges/{len(self.draft.tree.get('allowances_charges', []))}"
        if self._foreign(f"{at}/amount", node, value):
            return
        negative = value.text.startswith("-")
        self.draft.put(f"{at}/charge", charge is not negative)
        self.number(f"{at}/amount", value._replace(text=value.text.lstrip("+-")))
        self.text(f"{at}/reason", Value(reason, node.where))

    def summed(self, node: Node | None, reason: str, *, charge: bool) -> None:
        """The sum of allowances or charges, where the document states the sum and does not list any."""
        listed = [self.draft.tree, *self.draft.tree.get("lines", [])]
        if not any(own["charge"] is charge for holder in listed for own in holder.get("allowances_charges", [])):
            self.adjust(node, reason, charge=charge)

    def _is_number(self, pointer: str, value: Value) -> bool:
        if _NUMBER.fullmatch(value.text) and sum(c.isdigit() for c in value.text) <= 28:
            return True
        message = f"{value.text[:40]!r} at {value.where} is not a number."
        self.draft.notice("field_missing", pointer, message, text=value.text[:60], where=value.where)
        return False

    def done(self, what: str) -> Part:
        """The draft; `Unread` when the document says something that no order can hold."""
        try:
            return self.draft.done()
        except ValidationError as error:
            first = error.errors()[0]
            field = "/" + "/".join(str(step) for step in first["loc"])
            return Unread(format=self.draft.format, reason=f"This {what} cannot be read: {field}: {first['msg']}.")


def joined(values: list[Value | None], between: str = ", ") -> Value | None:
    """Several texts as one, without those that another one contains; it stands where the first that is kept stands."""
    kept: list[Value] = []
    for value in values:
        if value and not any(value.text.casefold() in k.text.casefold() for k in kept):
            kept = [*(k for k in kept if k.text.casefold() not in value.text.casefold()), value]
    return Value(between.join(v.text for v in kept), kept[0].where) if kept else None


def lead(number: Value | None, at: str) -> str:
    """The words before a line's note: `Line 10: `, by its position where it has no number."""
    return f"Line {number.text[:40] if number else int(at.rsplit('/', 1)[-1]) + 1}: "


def agreed(values: list[Value | None]) -> Value | None:
    """The first value when all are stated and say the same, else `None`."""
    return values[0] if values and all(v and values[0] and v.text == values[0].text for v in values) else None


PARTY_SCHEMES = {"0088": "GLN", "EAN": "GLN", "ILN": "GLN", "0060": "DUNS"}
ITEM_SCHEMES = {"0160": "GTIN", "0088": "GTIN", "EAN": "GTIN", "SRV": "GTIN"}
"""Identifier schemes by their usual names: ISO 6523 ICD codes and the words that OIOUBL and EDIFACT use."""


def scheme(value: Value | None, usual: dict[str, str]) -> Value | None:
    """The scheme of an identifier by its usual name, else as the document writes it."""
    return value and value._replace(text=usual.get(value.text.upper(), value.text))


def action(value: Value | None) -> Value | None:
    """UNTDID 1229, what an order change does to a line, in a word; other codes as the document writes them."""
    words = {"1": "added", "2": "deleted", "3": "changed", "4": "unchanged", "5": "accepted", "7": "rejected"}
    return value and value._replace(text=words.get(value.text, value.text))
