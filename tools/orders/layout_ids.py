"""The item ids that stand in descriptions: labelled, in brackets, or set so that they can be told from them in every row.

Copy paper A4, Art. no. KP-80        Copy paper A4 (PAPER)        KP-80 Copy paper A4
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from signoff.tools.orders.layout_cells import Cell
from signoff.tools.orders.layout_item import IDS, Item
from signoff.tools.orders.layout_wrapped import code_like
from signoff.tools.orders.prose_words import ITEM_ID, OWN

_BRACKETED = re.compile(r"[\[(]([^\[\]()\s]{2,40})[\])]")
_CODE = re.compile(r"(?=.*\d)[A-Z0-9][A-Z0-9./_-]{3,39}")
_APART = re.compile(r"(?:[,;(]|\s[–-])\s*$")


def coded(found: Sequence[Item]) -> None:
    """Take the id out of each description that holds one; what is marked by nothing but its form must be there in every row."""
    named = [(i, v[1]) for i in found if (v := i.values.get("description")) and not any(name in i.values for name in IDS)]
    first, last = ([cell.words[at].text for _, cell in named] for at in (0, -1))
    inner = [m[1] if (m := _BRACKETED.fullmatch(text)) else "" for text in last]
    front = _every(first, found) and all(_CODE.fullmatch(text) for text in first)
    below = _every(last, found) and all(code_like(text) and _alone(cell) for text, (_, cell) in zip(last, named, strict=True))
    behind = _every(inner, found) and all(text.isupper() for text in inner)
    for (item, cell), tail in zip(named, inner, strict=True):
        head = _BRACKETED.fullmatch(cell.words[0].text)
        if head or front:
            _split(item, cell.cut(0, 1), cell.cut(1), head[1] if head else None)
        elif below or behind or code_like(tail):
            _split(item, cell.cut(-1), cell.cut(0, -1), tail or None)
        else:
            _labelled(item, cell)


def _every(texts: Sequence[str], found: Sequence[Item]) -> bool:
    """Whether every row has another one."""
    return len(texts) == len(found) > 1 and len(set(texts)) == len(texts)


def _alone(cell: Cell) -> bool:
    """Whether the last word stands on a line of its own."""
    return len(cell.words) > 1 and cell.words[-1].top > cell.words[-2].bottom


def _split(item: Item, mine: Cell | None, rest: Cell | None, inner: str | None) -> None:
    if mine is not None and rest is not None:
        item.put("buyer_item_id", inner or mine.text, mine)
        item.values["description"] = (rest.text[:1000], rest)


def _labelled(item: Item, cell: Cell) -> None:
    """An id that a description ends with behind its label, set apart by a mark."""
    for match in ITEM_ID.finditer(cell.text[:1000]):
        before = cell.text[: match.start()]
        at = len(before.split())
        mine, rest = cell.cut(at), cell.cut(0, at)
        if match.end() < len(cell.text) or mine is None or rest is None or not (_APART.search(before) or match[0].startswith("(")):
            continue
        item.put("buyer_item_id" if OWN.match(match["cue"]) else "supplier_item_id", match["code"], mine, match["cue"])
        item.values["description"] = (before.rstrip(" ,;(–-")[:1000], rest)
