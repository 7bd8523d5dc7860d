"""HTML, as mail bodies and exports from web shops write it, set as text on a grid: tables keep their columns.

What a browser would not show (display:none, visibility:hidden, zero size, white on white, the hidden attribute) is reported, not read.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from signoff.domain.errors import Unreadable
from signoff.domain.reading import Notice
from signoff.tools.documents import grid
from signoff.tools.documents.document import Document, Source
from signoff.tools.documents.plain import decode

FORMAT = "html"
MAX_DEPTH = 150

_START = re.compile(
    r"\s*(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<(?:html|head|body|table|div|p|h[1-6]|meta|center|span)\b)", re.IGNORECASE | re.DOTALL
)
_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?([\w-]+)", re.IGNORECASE)
_UNSHOWN = frozenset({"script", "style", "head", "template", "noscript", "title", "svg", "iframe", "object"})
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "tt",
        "u",
        "var",
    ]
)
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0?\.?0*\s*(?:;|$)|font-size\s*:\s*[01](?:\.\d+)?(?:px|pt|em|%)?\s*(?:;|!|$)"
    r"|(?<![\w-])color\s*:\s*(?:#fff(?:fff)?\b|white\b|transparent)|mso-hide\s*:\s*all|text-indent\s*:\s*-\d{3,}",
    re.IGNORECASE,
)
_WHITE = re.compile(r"(?<![\w-])color\s*:\s*(?:#fff(?:fff)?\b|white\b)", re.IGNORECASE)
_BACKGROUND = re.compile(r"background(?:-color)?\s*:\s*(?!\s*(?:#fff(?:fff)?\b|white|transparent|none|inherit))", re.IGNORECASE)


def matches(source: Source) -> bool:
    """Whether the text starts as an HTML page or fragment."""
    head = source.data[:4096]
    text = head.decode("utf-16", "ignore") if head.startswith((b"\xff\xfe", b"\xfe\xff")) else head.decode("latin-1")
    return bool(_START.match(text.removeprefix("ï»¿")))


def open(source: Source) -> Document:
    """The page as words on a grid. Raises `Unreadable` when it holds no text."""
    setter = Setter()
    body = LexborHTMLParser(_text(source)).body
    lines = setter.block(body, 0, False) if body is not None else []
    if not any(line.strip() for line in lines):
        raise Unreadable(f"{source.name} shows no text.")
    hidden = " ".join(" ".join(setter.hidden).split())
    notices = (Notice(code="hidden_text", message=f"The page hides text, which was not read: {hidden[:200]!r}."),) if hidden else ()
    return Document(source.name, FORMAT, source.data, pages=grid.pages(lines), notices=notices)


def _text(source: Source) -> str:
    declared = _CHARSET.search(source.data[:4096])
    try:
        source.data.decode("utf-8")
    except UnicodeDecodeError:
        if declared:
            try:
                return source.data.decode(declared[1].decode("ascii"), "replace")
            except LookupError:
                pass
    text = decode(source.data)
    if text is None:
        raise Unreadable(f"{source.name} is in no character set that can be told; save it as UTF-8.")
    return text


class Setter:
    """Sets elements as blocks of lines and keeps what is hidden apart."""

    def __init__(self) -> None:
        self.hidden: list[str] = []

    def block(self, node: LexborNode, depth: int, dark: bool) -> grid.Block:
        """The element's lines: running text wrapped, block elements below each other."""
        lines: grid.Block = []
        running: list[str] = []
        for child in node.iter(include_text=True):
            tag = child.tag
            if tag == "-text":
                running.append(child.text_content or "")
            elif tag == "br":
                lines += grid.wrap(" ".join("".join(running).split()), 110)
                running = []
            elif self._unseen(child, tag, dark) or depth > MAX_DEPTH:
                continue
            elif tag in _INLINE and not _holds_blocks(child):
                running.append(_inline(self, child, depth, dark))
            else:
                lines += grid.wrap("".join(running), 110)
                running = []
                below = dark or _dark(child)
                lines += self.table(child, depth + 1, below) if tag == "table" else self.block(child, depth + 1, below)
        return lines + grid.wrap("".join(running), 110)

    def _unseen(self, node: LexborNode, tag: str | None, dark: bool) -> bool:
        if tag in _UNSHOWN or tag is None or tag.startswith(("-", "!", "_")):
            return True
        style = node.attributes.get("style") or ""
        hiding = _HIDING.search(style) if not (_WHITE.search(style) and (dark or _dark(node))) else None
        faint = (node.attributes.get("color") or "").lower() in ("#ffffff", "white") and not dark
        if hiding is None and "hidden" not in node.attributes and not faint:
            return False
        self.hidden.append(node.text(separator=" "))
        return True

    def table(self, node: LexborNode, depth: int, dark: bool) -> grid.Block:
        """The table's rows with their cells beside each other."""
        rows = []
        for row in _rows(node):
            if self._unseen(row, row.tag, dark):
                continue
            below = dark or _dark(row)
            cells = [c for c in row.iter() if c.tag in ("td", "th") and not self._unseen(c, c.tag, below)]
            rows.append([(self.block(c, depth + 1, below or _dark(c)), _span(c)) for c in cells])
        return grid.table(rows)


def _dark(node: LexborNode) -> bool:
    return bool(_BACKGROUND.search(node.attributes.get("style") or "")) or bool(node.attributes.get("bgcolor"))


def _inline(setter: Setter, node: LexborNode, depth: int, dark: bool) -> str:
    return " " * _starts_blank(node) + " ".join(setter.block(node, depth + 1, dark)) + " " * _ends_blank(node)


def _starts_blank(node: LexborNode) -> bool:
    return (node.text() or "")[:1].isspace()


def _ends_blank(node: LexborNode) -> bool:
    return (node.text() or "")[-1:].isspace()


def _holds_blocks(node: LexborNode) -> bool:
    return node.css_first("table, div, p, br, ul, ol, h1, h2, h3, h4") is not None


def _rows(node: LexborNode) -> list[LexborNode]:
    rows = []
    for child in node.iter():
        if child.tag == "tr":
            rows.append(child)
        elif child.tag in ("thead", "tbody", "tfoot"):
            rows += [c for c in child.iter() if c.tag == "tr"]
    return rows


def _span(node: LexborNode) -> int:
    text = node.attributes.get("colspan") or "1"
    return max(1, min(int(text), 30)) if text.isdigit() else 1
