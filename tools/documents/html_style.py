"""What style sheets in an HTML page say of its elements, as far as reading needs it: hidden, or set beside each other.

Selectors are matched by the parser; `@media` and other nested rules are left out, and sheets in other files are never fetched.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

MAX_RULES, MAX_COLUMNS = 400, 30

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_NESTED = re.compile(r"@[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}|@[^{};]*;")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_TOLD = re.compile(
    r"display|visibility|opacity|font-size|color|mso-hide|text-indent|background|grid-template|flex-direction", re.IGNORECASE
)
_TRACK = re.compile(r"grid-template-columns\s*:\s*([^;]+)", re.IGNORECASE)
_REPEAT = re.compile(r"repeat\(\s*(\d+)\s*,([^()]*(?:\([^()]*\))?[^()]*)\)")
_ACROSS = re.compile(r"display\s*:\s*(?:inline-)?(?:flex|grid|table-row)", re.IGNORECASE)
_DOWN = re.compile(r"flex-direction\s*:\s*column", re.IGNORECASE)
_ROW = re.compile(r"(?:^|[\s_-])(?:row|tr)(?:$|\s)", re.IGNORECASE)


class Styles:
    """The declarations that hold for each element, sheets first, then its own."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self._sheet: dict[int, str] = {}
        css = _NESTED.sub(" ", _COMMENT.sub(" ", " ".join(s.text() or "" for s in tree.css("style"))))
        for selector, declarations in _RULE.findall(css)[:MAX_RULES]:
            if _TOLD.search(declarations) and ":" not in selector:
                for node in _matched(tree, selector.strip()):
                    self._sheet[node.mem_id] = self._sheet.get(node.mem_id, "") + declarations.strip() + ";"

    def of(self, node: LexborNode) -> str:
        """The declarations as one text, the last of a kind holding."""
        return self._sheet.get(node.mem_id, "") + (node.attributes.get("style") or "")

    def columns(self, node: LexborNode) -> int | None:
        """How many of the element's children stand beside each other: 0 for all of them, `None` when they stand below each other."""
        style = self.of(node)
        if not _ACROSS.search(style):
            named = _ROW.search(node.attributes.get("class") or "") or node.attributes.get("role") == "row"
            return 0 if named and not _NAMES_BLOCK.search(style) else None
        if _DOWN.search(style):
            return None
        track = _TRACK.search(style)
        return min(_tracks(track[1]), MAX_COLUMNS) if track else None if re.search(r"display\s*:\s*(?:inline-)?grid", style) else 0


_NAMES_BLOCK = re.compile(r"display\s*:\s*block", re.IGNORECASE)


def _matched(tree: LexborHTMLParser, selector: str) -> list[LexborNode]:
    try:
        return tree.css(selector)
    except SelectolaxError:
        return []  # a selector that the parser does not know matches nothing


def _tracks(text: str) -> int:
    """How many tracks `50px 1fr repeat(3, 80px)` defines."""
    flat = _REPEAT.sub(lambda m: " ".join([m[2]] * min(int(m[1]), MAX_COLUMNS)), text)
    return len(re.findall(r"[^\s(]+(?:\([^()]*\))?", flat))
