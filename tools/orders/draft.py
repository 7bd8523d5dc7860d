"""Putting a draft order together, field by field, each with the text that it was read from.

    draft = Draft("x12", Lane.STRUCTURED)
    draft.text("/order_number", "4501", where="BEG[1]/03")
    draft.number("/lines/0/quantity", "12", where="PO1[1]/02")
    return draft.done()

A value that cannot be converted stays `None` and leaves a notice; it is never guessed.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from signoff.domain.findings import Severity
from signoff.domain.order import Order
from signoff.domain.reading import Controls, DraftOrder, Evidence, Lane, Notice, Witness

LISTS = frozenset({"lines", "allowances_charges", "notes"})
TEST = "The sender marks this message as a test ({}); a person decides whether it is meant."
"""The sentence of the notice `not_an_order`, with the place that says so."""


class Draft:
    """A draft order in the making. Pointers are JSON Pointers into `domain.order.Order`."""

    def __init__(self, format: str, lane: Lane) -> None:
        self.format, self.lane = format, lane
        self.tree: dict[str, Any] = {}
        self._nodes: dict[str, Any] = {"": self.tree}
        self.evidence: dict[str, Evidence] = {}
        self.notices: list[Notice] = []
        self.controls: dict[str, Any] = {}
        self.witnesses: dict[str, tuple[Witness, ...]] = {}

    def put(self, pointer: str, value: Any, evidence: Evidence | None = None) -> None:
        """Set a canonical value with its evidence; `None` is not set. The first value put for a field stays."""
        if value is None:
            return
        parent, _, leaf = pointer.rpartition("/")
        node = self._node(parent)
        if isinstance(node, list):
            node.append(value)
        elif leaf in node:
            return
        else:
            node[leaf] = value
        if evidence is not None:
            self.evidence[pointer] = evidence

    def _node(self, pointer: str) -> Any:
        """The object or list at a pointer, made on the way; fields come in runs under the same parent, so it is remembered."""
        node = self._nodes.get(pointer)
        if node is None:
            parent, _, step = pointer.rpartition("/")
            above = self._node(parent)
            if isinstance(above, list):
                above.extend({} for _ in range(int(step) + 1 - len(above)))
                node = above[int(step)]
            else:
                node = above.setdefault(step, [] if step in LISTS else {})
            self._nodes[pointer] = node
        return node

    def text(self, pointer: str, text: str | None, **evidence: Any) -> None:
        """Put text with its white space folded; an empty text is no value."""
        folded = " ".join(text.split()) if text else ""
        if folded:
            self.put(pointer, folded, Evidence(text=folded[:4000], **evidence))

    def number(self, pointer: str, text: str | None, **evidence: Any) -> None:
        """Put a decimal written with a point and no grouping, as structured formats do."""
        stripped = text.strip() if text else ""
        if not stripped:
            return
        try:
            value = Decimal(stripped)
            if not value.is_finite():
                raise InvalidOperation
        except InvalidOperation:
            self.notice("field_missing", pointer, f"{stripped!r} is not a number.", text=stripped, **evidence)
            return
        self.put(pointer, plain(value), Evidence(text=stripped, **evidence))

    def date(self, pointer: str, text: str | None, form: str = "%Y-%m-%d", **evidence: Any) -> None:
        """Put a date written in one form (strptime). A time or a zone after an ISO date is cut off."""
        stripped = text.strip() if text else ""
        if not stripped:
            return
        try:
            value = dt.datetime.strptime(stripped[:10] if form == "%Y-%m-%d" else stripped, form).date()
        except ValueError:
            self.notice("field_missing", pointer, f"{stripped!r} is not a date.", text=stripped, **evidence)
            return
        self.put(pointer, value, Evidence(text=stripped, **evidence))

    def notice(
        self, code: Any, field: str | None, message: str, *, text: str = "", severity: Severity | None = None, **evidence: Any
    ) -> None:
        """Leave a notice for verification: a sentence that a person understands; `severity` where it is less grave than its code."""
        shown = Evidence(text=text, **evidence) if text else None
        self.notices.append(Notice(code=code, field=field, message=message, evidence=shown, severity=severity))

    def witness(self, pointer: str, witness: Witness) -> None:
        """Note that something independent of the field's evidence says the same."""
        self.witnesses[pointer] = tuple(dict.fromkeys((*self.witnesses.get(pointer, ()), witness)))

    def done(self) -> DraftOrder:
        """The finished draft. Raises pydantic's `ValidationError` when a value does not fit the order."""
        return DraftOrder(
            format=self.format,
            lane=self.lane,
            order=Order.model_validate(self.tree),
            evidence=self.evidence,
            controls=Controls.model_validate(self.controls),
            notices=tuple(self.notices),
            witnesses=self.witnesses,
        )


def plain(value: Decimal) -> Decimal:
    """The same number without an exponent, so that it prints as digits: `1E+3` becomes `1000`."""
    return value.quantize(Decimal(1)) if int(value.as_tuple().exponent) > 0 else value
