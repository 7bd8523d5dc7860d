"""Corrections: a person's values put into a draft, each one typed and named, with the person as their evidence."""

from __future__ import annotations

from typing import Any

from jsonpointer import JsonPointer, JsonPointerException
from pydantic import ValidationError

from signoff.domain.errors import BadInput
from signoff.domain.order import Order
from signoff.domain.reading import DraftOrder, Evidence, Lane


def corrected(draft: DraftOrder, edits: dict[str, str], person: str) -> DraftOrder:
    """The draft with the new values. An empty value removes one. Raises `BadInput` naming the pointer that is wrong."""
    if not edits:
        raise BadInput("Say what to correct: --edit /lines/0/unit_price=12.50, one for each field.")
    tree = draft.order.model_dump(mode="json")
    for pointer, value in edits.items():
        _put(tree, pointer, value)
    try:
        order = Order.model_validate(tree)
    except ValidationError as error:
        first = error.errors()[0]
        pointer = "/" + "/".join(map(str, first["loc"]))
        raise BadInput(f"{pointer} cannot be {first['input']!r}: {first['msg']}.") from error
    evidence = {p: Evidence(text=v, where=f"entered by {person}") for p, v in edits.items()}
    kept = {p: e for p, e in draft.evidence.items() if p not in edits}
    lanes = draft.lanes | dict.fromkeys(edits, Lane.PERSON)
    notices = tuple(n for n in draft.notices if n.field not in edits)
    return draft.model_copy(update={"order": order, "evidence": kept | evidence, "lanes": lanes, "notices": notices})


def _put(tree: dict[str, Any], pointer: str, value: str) -> None:
    """Set a value by JSON Pointer. A line may be added at the end: `/lines/2/quantity` when there are two."""
    try:
        node, leaf = JsonPointer(_room(tree, pointer)).to_last(tree)
    except JsonPointerException as error:
        raise BadInput(f"{pointer} names no place in the order; one is /lines/0/unit_price.") from error
    if not isinstance(node, dict) or (node and leaf not in node):
        raise BadInput(f"{pointer} is no field of an order; `signoff show CASE --json` prints them all.")
    if isinstance(node.get(leaf), dict | list):
        raise BadInput(f"{pointer} holds several fields; name one of them, such as /buyer/name.")
    node[leaf] = value or None


def _room(tree: dict[str, Any], pointer: str) -> str:
    """Make room for one more line when the pointer asks for it."""
    _, *path = pointer.split("/")
    if len(path) == 3 and path[0] == "lines" and path[1] == str(len(tree["lines"])):
        tree["lines"].append({})
    return pointer if pointer.startswith("/") else f"/{pointer}"
