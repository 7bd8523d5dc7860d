"""HTML, as mail bodies and exports from web shops write it, set as text on a grid: tables keep their columns.

What a browser would not show (display:none, visibility:hidden, zero size, white on white, the hidden attribute) is reported, not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from signoff.domain.errors import Unreadable
from signoff.domain.reading import Notice
from signoff.tools.documents import grid
from signoff.tools.documents.document import Document, Source
from signoff.tools.documents.html_style import Styles
from signoff.tools.documents.plain import decode

FORMAT = "html"
MAX_DEPTH = 150

_START = re.compile(
    r"\s*(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<(?:html|head|body|table|div|p|h[1-6]|meta|center|span)\b)", re.IGNORECASE | re.DOTALL
)
_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?([\w-]+)", re.IGNORECASE)
_UNSHOWN = frozenset({"script", "style", "head", "template", "noscript", "title", "svg", "iframe", "object", "nav"})
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
        "input",
        "kbd",
        "label",
        "mark",
        "q",
        "s",
        "samp",
        "select",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "textarea",
        "tt",
        "u",
        "var",
    ]
)
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0?\.?0*\s*(?:;|$)|font-size\s*:\s*[01](?:\.\d+)?(?:px|pt|em"
    r"|%)?\s*(?:;|!|$)"
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
    tree = LexborHTMLParser(_text(source))
    setter, body = Setter(Styles(tree)), tree.body
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

    def __init__(self, styles: Styles) -> None:
        self.hidden: list[str] = []
        self.styles = styles
        self.entries: dict[int, int] = {}

    def block(self, node: LexborNode, depth: int, dark: bool) -> grid.Block:
        """The element's lines: running text wrapped, blocks below each other, rows of cells that follow each other as one table."""
        lines: grid.Block = []
        running: list[str] = []
        rows: Rows = []
        for child in node.iter(include_text=True):
            tag = child.tag
            if tag == "-text":
                running.append(child.text_content or "")
                continue
            if tag != "br" and (self._unseen(child, tag, dark) or depth > MAX_DEPTH):
                continue
            if tag in _INLINE and not _holds_blocks(child):
                if _apart(child):
                    lines += grid.wrap(" ".join("".join(running).split()), 110)
                    running = []
                running.append(_field(child) if tag in _FIELDS else _inline(self, child, depth, dark))
                continue
            text = grid.wrap(" ".join("".join(running).split()), 110)
            across = self._across(child, depth, dark) if tag != "br" else []
            if rows and (text or not across or len(across[0]) != len(rows[0])):
                lines += grid.table(rows)
                rows = []
            lines += text
            running = []
            rows += across
            if tag != "br" and not across:
                element = self._element(child, depth + 1, dark or self._dark(child))
                lines += [*element, ""] if tag in _SPACED and element and node.tag not in _CELLS else element
        return lines + grid.table(rows) + grid.wrap("".join(running), 110)

    def _element(self, node: LexborNode, depth: int, dark: bool) -> grid.Block:
        """A block element by its kind."""
        if node.tag == "table":
            return self.table(node, depth, dark)
        if node.tag == "dl":
            return grid.table(self._definitions(node, depth, dark))
        if node.tag == "pre":
            return [line.expandtabs(8).rstrip() for line in (node.text() or "").splitlines()]
        lines = self.block(node, depth, dark)
        if node.tag == "li" and lines and not _holds_table(node):
            lines[0] = f"{self._place(node)} {lines[0]}"
        return lines

    def _place(self, item: LexborNode) -> str:
        """What a browser prints before a list entry: its number in an ordered list, else a bullet."""
        parent = item.parent
        if parent is None or parent.tag != "ol":
            return "-"
        start = parent.attributes.get("start") or "1"
        place = self.entries.get(parent.mem_id, int(start) if start.isdigit() else 1)
        self.entries[parent.mem_id] = place + 1
        return f"{place}."

    def _across(self, node: LexborNode, depth: int, dark: bool) -> Rows:
        """The rows of an element whose children a style sets beside each other; none of any other element."""
        columns = self.styles.columns(node) if node.tag not in ("table", "tr", "tbody", "br") else None
        if columns is None:
            return []
        below = dark or self._dark(node)
        cells = [c for c in node.iter() if not self._unseen(c, c.tag, below)]
        if len(cells) < 2:
            return []
        step = columns or len(cells)
        set_cells = [(self._cell(c, depth + 1, below), 1) for c in cells]
        return [set_cells[n : n + step] for n in range(0, len(set_cells), step)]

    def _cell(self, node: LexborNode, depth: int, dark: bool) -> grid.Block:
        below = dark or self._dark(node)
        return (self._across_lines(node, depth, dark)) or self._element(node, depth, below)

    def _across_lines(self, node: LexborNode, depth: int, dark: bool) -> grid.Block:
        return grid.table(self._across(node, depth, dark))

    def _definitions(self, node: LexborNode, depth: int, dark: bool) -> Rows:
        """A list of definitions: each term beside what it is defined as."""
        rows: Rows = []
        for child in _flat(node):
            if self._unseen(child, child.tag, dark):
                continue
            lines = self.block(child, depth + 1, dark or self._dark(child))
            if child.tag == "dt" or not rows:
                rows.append([(lines, 1)])
            else:
                rows[-1].append((lines, 1))
        return rows

    def _dark(self, node: LexborNode) -> bool:
        return bool(_BACKGROUND.search(self.styles.of(node))) or bool(node.attributes.get("bgcolor"))

    def _unseen(self, node: LexborNode, tag: str | None, dark: bool) -> bool:
        if tag in _UNSHOWN or tag is None or tag.startswith(("-", "!", "_")):
            return True
        style = self.styles.of(node)
        hiding = _HIDING.search(style) if not (_WHITE.search(style) and (dark or self._dark(node))) else None
        faint = (node.attributes.get("color") or "").lower() in ("#ffffff", "white") and not dark
        if hiding is None and "hidden" not in node.attributes and not faint:
            return False
        self.hidden.append(node.text(separator=" "))
        return True

    def table(self, node: LexborNode, depth: int, dark: bool) -> grid.Block:
        """The table's rows with their cells beside each other; a cell that spans rows keeps its column free in those below."""
        rows: Rows = []
        spanned: dict[int, int] = {}
        for row in _rows(node):
            if self._unseen(row, row.tag, dark):
                continue
            below = dark or self._dark(row)
            placed: list[tuple[grid.Block, int]] = []
            column = 0
            for cell in (c for c in row.iter() if c.tag in ("td", "th") and not self._unseen(c, c.tag, below)):
                while spanned.get(column, 0) > 0:
                    spanned[column] -= 1
                    placed.append(([], 1))
                    column += 1
                width, height = _span(cell, "colspan"), _span(cell, "rowspan")
                placed.append((self.block(cell, depth + 1, below or self._dark(cell)), width))
                spanned.update({n: height - 1 for n in range(column, column + width) if height > 1})
                column += width
            for later in [n for n in spanned if n >= column]:
                spanned[later] -= 1
            rows.append(placed)
        return grid.table(rows)


Rows = list[list[tuple[grid.Block, int]]]


def _field(node: LexborNode) -> str:
    """What a form field shows: the text in it, the chosen option; nothing for buttons, boxes and hidden ones."""
    if node.tag == "select":
        chosen = node.css_first("option[selected]") or node.css_first("option")
        return f" {chosen.text()} " if chosen else ""
    kind = (node.attributes.get("type") or "text").lower()
    shown = node.text() if node.tag == "textarea" else node.attributes.get("value") if kind in _SHOWN_INPUTS else ""
    return f" {shown or ''} "


_SPACED, _CELLS = frozenset({"table", "ul", "ol", "h1", "h2", "h3", "hr"}), frozenset({"td", "th"})
_FIELDS = frozenset({"input", "select", "textarea"})
_SHOWN_INPUTS = frozenset({"text", "number", "date", "email", "tel", "search", "url"})


def _apart(node: LexborNode) -> bool:
    """Whether an element right behind another must be set apart, for their words would run into each other: `Acme Ltd.Purchase order`."""
    before = node.prev
    if before is None or before.tag not in _INLINE:
        return False
    first, last = (node.text() or "")[:1], (before.text() or "")[-1:]
    return first.isupper() and (last.islower() or last in tuple(".)"))


def _flat(node: LexborNode) -> Iterator[LexborNode]:
    """The terms and definitions of a list, also where they are grouped in divisions."""
    for child in node.iter():
        if child.tag == "div":
            yield from _flat(child)
        else:
            yield child


def _holds_table(node: LexborNode) -> bool:
    return node.css_first("table, dl, ul, ol, div") is not None


def _inline(setter: Setter, node: LexborNode, depth: int, dark: bool) -> str:
    return " " * _starts_blank(node) + " ".join(setter.block(node, depth + 1, dark)) + " " * _ends_blank(node)


def _starts_blank(node: LexborNode) -> bool:
    return (node.text() or "")[:1].isspace()


def _ends_blank(node: LexborNode) -> bool:
    return (node.text() or "")[-1:].isspace()


def _holds_blocks(node: LexborNode) -> bool:
    return node.css_first("table, div, p, br, ul, ol, dl, pre, h1, h2, h3, h4") is not None


def _rows(node: LexborNode) -> list[LexborNode]:
    rows = []
    for child in node.iter():
        if child.tag == "tr":
            rows.append(child)
        elif child.tag in ("thead", "tbody", "tfoot"):
            rows += [c for c in child.iter() if c.tag == "tr"]
    return rows


def _span(node: LexborNode, name: str) -> int:
    text = node.attributes.get(name) or "1"
    return max(1, min(int(text), 30)) if text.isdigit() else 1
