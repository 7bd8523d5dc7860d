"""The numbers and bullets that Word counts and prints before paragraphs (ISO/IEC 29500-1, 17.9): they stand nowhere in the text.

<w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr>  ->  "1.", "2.", ... or a bullet, as numbering.xml defines list 3
"""

from __future__ import annotations

import re

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MAX_LEVEL = 8
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)


class Numbering:
    """Counts the lists of one document, level by level, in the order in which their paragraphs are met."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._levels: dict[tuple[str, int], tuple[str, str, int]] = {}
        self._by_style: dict[str, etree._Element] = {}
        self._counts: dict[str, list[int]] = {}
        if numbering is not None:
            self._define(numbering)
        if styles is not None:
            for style in styles.iter(f"{W}style"):
                properties = style.find(f"{W}pPr/{W}numPr")
                if properties is not None:
                    self._by_style[style.get(f"{W}styleId", "")] = properties

    def _define(self, numbering: etree._Element) -> None:
        abstract = {a.get(f"{W}abstractNumId"): a for a in numbering.iter(f"{W}abstractNum")}
        for num in numbering.iter(f"{W}num"):
            link = num.find(f"{W}abstractNumId")
            own = abstract.get(link.get(f"{W}val")) if link is not None else None
            replaced = [lvl for o in num.iter(f"{W}lvlOverride") for lvl in o.iter(f"{W}lvl")]
            for level in [*(own.iter(f"{W}lvl") if own is not None else ()), *replaced]:
                key = (num.get(f"{W}numId", ""), _number(level.get(f"{W}ilvl")))
                self._levels[key] = (_value(level, "numFmt", "decimal"), _value(level, "lvlText", ""), _number(_value(level, "start", "1")))

    def next(self, paragraph: etree._Element) -> str | None:
        """What Word prints before the paragraph, counted on; nothing when it is in no list."""
        properties = paragraph.find(f"{W}pPr/{W}numPr")
        if properties is None:
            style = paragraph.find(f"{W}pPr/{W}pStyle")
            properties = self._by_style.get(style.get(f"{W}val", "")) if style is not None else None
        if properties is None:
            return None
        number, level = _value(properties, "numId", ""), min(_number(_value(properties, "ilvl", "0")), MAX_LEVEL)
        form, text, _ = self._levels.get((number, level), ("none", "", 1))
        if form in ("none", ""):
            return None
        counts = self._counts.setdefault(number, [])
        for n in range(len(counts), level + 1):
            counts.append(self._levels.get((number, n), ("", "", 1))[2] - 1)
        counts[level] += 1
        del counts[level + 1 :]
        if form == "bullet":
            return "-"
        return re.sub(r"%([1-9])", lambda m: self._shown(number, int(m[1]) - 1), text)

    def _shown(self, number: str, level: int) -> str:
        counts = self._counts[number]
        value = counts[level] if level < len(counts) else 1
        form = self._levels.get((number, level), ("decimal", "", 1))[0]
        if form in ("lowerLetter", "upperLetter"):
            letters = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)
            return letters.upper() if form == "upperLetter" else letters
        if form in ("lowerRoman", "upperRoman"):
            return _roman(value).upper() if form == "upperRoman" else _roman(value)
        return f"{value:02}" if form == "decimalZero" else str(value)


def _roman(value: int) -> str:
    shown = ""
    for worth, letters in _ROMAN:
        shown += letters * (value // worth)
        value %= worth
    return shown


def _value(node: etree._Element, tag: str, default: str) -> str:
    child = node.find(f"{W}{tag}")
    return default if child is None else child.get(f"{W}val", default)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0
