"""Names of companies and people in running text: where one begins, and where it ends."""

from __future__ import annotations

import re

LONGEST, MOST_WORDS = 120, 14
_STRONG = (
    r"(?:Inc(?:orporated)?|L\s?\.?\s?L\s?\.?\s?C|L\.?\s?L\.?\s?P|Ltd|Limited|Corp(?:oration)?|PLC"
    r"|GmbH(?:\s*&\s*Co\.?\s*KGa?A?)?|AG|KGaA|KG|OHG|N\.\s?A|N\.\s?V|B\.\s?V"
    r"|S\.?\s?A(?:\.?\s?S)?|SARL|S\.?p\.?A|S\.?r\.?l|S/A|Oy|AB|A/S|ApS|L\.P|G\.I\.E|s\.\s?r\.\s?o|a\.\s?s|Pty\.?\s+(?:Ltd"
    r"|Limited)|Co\.,?\s+(?:Ltd|Inc|Limited)|Pvt\.?\s+(?:Ltd|Limited)|e\.\s?K|eG|SE)"
)
_WEAK = r"(?:Co(?:mpany)?|LP|Bank|Trust|Association|Partnership|Funds?|University|Foundation|FSB|P\.?C)"
_FORM = rf"(?:{_STRONG}|{_WEAK})"
_AT_END = re.compile(rf"(?<![\w.]){_FORM}\.?\s*$", re.IGNORECASE)
_STRONG_END = re.compile(rf"(?:[\s,]|\)\s?){_STRONG}\b\.?(?:\s*,?\s*(?:{_FORM})\b\.?)*(?=[\s,;(]|$)", re.IGNORECASE)
_FORM_ALONE = re.compile(rf"\s*{_FORM}\.?(?:\s+{_FORM}\.?)*\s*", re.IGNORECASE)
_BEGINS = re.compile(
    r"(?:^|[\s,;.)\]\"”:])(?:and|und|between|AND|And|&)\s*[:;,]?\s+|;\s*|\n\s*|\(\s*[1-9]\s*\)\s*|^|(?<=[)\]])\s+"
    r"|\bby\s+(?=[A-Z])|\bin\s+favou?r\s+of\s+|(?<=[a-z)]):\s+"
)
_LEAD = re.compile(
    r"(?:[\s,.;:)\]\"”*_–—-]+|\(?(?:\d{1,2}|[ivab]{1,3})[.)]\s+|\d{1,2}\.\d{1,2}\.?\s+|(?:and|und|between|by|zwischen|both"
    r"|each\s+of|the\s+(?:firm"
    r"|following|undersigned)|(?:on|of)\s+the\s+(?:one|other|first|second)\s+(?:hand|part)"
    r"|in\s+favou?r\s+of|der|die|dem|firma)\b\s*[:,]?\s*|(?:party\s+\w{1,2}"
    r"|(?:[\w]+\s+){0,2}name|buyer|seller|supplier|vendor|customer|client|contractor)\s*:\s*|(?:messrs|m/s|mr|ms|mrs|dr|prof)\.?\s+)+",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"[\[;:\n\"“”]|\((?![A-Z][\w.&\s-]{1,30}\)\s*(?:\([A-Z]+\)\s*)?[A-Z])"
    rf"|,(?!\s*(?i:{_FORM})\b)"
    r"|\s+(?:an?\s+(?=(?:[\w-]+\s+){0,6}(?:corporation|company|limited|partnership|bank|trust|individual|association|entity|LLC"
    r"|citizen|national)\b)"
    r"|having\s|located\s|whose\s|with\s+(?:its|offices?|an?\s|principal|place|registered)|[df]/?[bk]/?a\b|formerly\s"
    r"|doing\s+business|herein|hereafter|organi[sz]ed\s|incorporated\s+(?:under|in)|duly\s"
    r"|registered\s|referred\s|acting\s|on\s+behalf|for\s+itself|is\s|are\s|at\s+\d|of\s+\d|dated\s|effective\s|represented"
    r"|residing|resident|established\s|existing\s|mit\s+Sitz|as\s+of\s|pursuant\s|for\s+the\s|in\s+connection"
    r"|regarding\s|concerning\s|agrees?\b|has\s|have\s|hereby\s|certifies|will\s|shall\s|desires?\s|wherein\s|or\s+its\s"
    r"|\d{2,6}\s+[A-Z]|(?:Room|Suite|Unit|Floor|P\.\s?O\.)\s)"
)
_SMALL = frozenset({
    "of", "and", "the", "de", "for", "in", "der", "und", "van", "von", "la", "du", "et", "y", "to", "&", "del", "da", "do", "dos",
    "das", "des", "le", "di", "e", "on",
})  # fmt: skip
_GENERIC = re.compile(
    r"(?:the\s+)?(?:company|customer|supplier|vendor|buyer|seller|purchaser|distributor|part(?:y|ies)|agreement|licensee"
    r"|licensor|contractor|consultant|client|state|city|county|republic"
    r"|corporation|limited|schedule|exhibit|attachment|section|article|date|services?|products?|source|page|laws?|address"
    r"|recently|usa|u\.s\.a\.?|conditions|terms|room|suite|floor|building|tel|fax|attn|attention|e-?mail|phone|title|by|its|for)s?\b"
    r"(?:\s+(?:of|to|[A-Z\d]\b).*)?",
    re.IGNORECASE,
)


def ends_in_form(name: str) -> bool:
    """Whether a name ends in a legal form, such as `GmbH`, `Inc.` or `Bank`."""
    return bool(_AT_END.search(name))


def first_name(text: str, opens: bool) -> tuple[str, int] | None:
    """The name in a stretch of text and its offset: the first with a legal form, else the first at all.

    Where it does not open the list of parties, something such as `and` or a new line stands before it.
    """
    places = [m.end() for m in _BEGINS.finditer(text)]
    comma = re.match(r"[\s.]*[,;]\s*", text)
    places = places if opens else [p for p in places if p] + ([comma.end()] if comma else [])
    found = [(name, at) for place in dict.fromkeys(sorted(places)) if (got := _at(text, place)) for name, at in (got,)]
    return next((one for one in found if ends_in_form(one[0])), found[0] if found else None)


def name_at(text: str) -> tuple[str, int] | None:
    """The name that a text begins with, and its offset; nothing where it begins with something else."""
    return _at(text, 0)


def _at(text: str, place: int) -> tuple[str, int] | None:
    lead = _LEAD.match(text, place)
    start = lead.end() if lead else place
    name = _name(text[start : start + 3 * LONGEST])
    return (name, start) if name else None


def _name(text: str) -> str | None:
    """The name that a text begins with, with its legal form; nothing where it does not begin like one."""
    cut = _CUT.search(text)
    name = text[: cut.start()] if cut else text
    form = _STRONG_END.search(name)
    if form and not re.match(r"\s*(?:of|&)\s", name[form.end() :]):
        name = name[: form.end()]
    name = name.strip(" ,;:-")
    name = re.sub(r"(?:\s+(?:of|and|the|in|a|by|with|for))+$", "", name)
    name = name[:-1] if name.endswith(".") and not ends_in_form(name) else name
    return name if _is_name(name) else None


def _is_name(name: str) -> bool:
    words = name.split()
    if not words or not 2 <= len(name) <= LONGEST or len(words) > MOST_WORDS or _GENERIC.fullmatch(name) or _FORM_ALONE.fullmatch(name):
        return False
    if not re.match(r"(?:[A-ZÀ-Þ0-9]|[a-z][A-Z])", name) or not re.search(r"[^\W\d_]{2}", name) or re.search(r"(\w)\1{4}", name):
        return False
    return not [w for w in words if w[0].islower() and w not in _SMALL and not re.match(r"[a-z][A-Z]", w) and not _FORM_ALONE.fullmatch(w)]
