"""Text that is addressed to a machine, tries to steer the decision, or hides from people (OWASP LLM01, Unicode TR 36 and 39).

One more reason for a person to look, not a wall: nothing that acts on an order trusts its text.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

from signoff.domain.checks.steering import HINTS, STEERING
from signoff.domain.findings import Code, Finding, finding

LEET = str.maketrans("013457@$", "oieastas")
BLOB = re.compile(r"[A-Za-z0-9+/]{40,}={0,2}")
HEX = re.compile(r"(?:[0-9a-f]{2}){24,}", re.IGNORECASE)
SPACED = re.compile(r"(?<!\w)(?:\w ){4,}\w(?!\w)")
LETTER_GAP = re.compile(r"(?<!\w)(\w) (?=\w(?!\w))")
UNSEEN = re.compile(
    "[\u202d\u202e\U000e0000-\U000e007f\U000e0100-\U000e01ef]|(?<=[A-Za-z0-9])[\u200b\u200c\u200d\u2060\ufeff](?=[A-Za-z0-9])"
)
SHORTEST = 8
WORD = re.compile(r"[^\W\d_]{3,}")


def text_findings(texts: list[tuple[str, str]]) -> Iterator[Finding]:
    """Findings for (pointer, text) pairs, at most one of each code for a field."""
    joined = "\n".join(text for _, text in texts)
    first, *deeper = _views(joined)
    plainly, deeply = _hints(first), _hints("\n".join(deeper))
    if joined.isascii() and not plainly and not deeply:
        return
    for pointer, text in texts:
        if (plainly or deeply) and len(text) >= SHORTEST and _steers(text, plainly, deeply):
            shown = " ".join(text.split())[:200]
            yield finding(Code.SUSPICIOUS_TEXT, f"This text is addressed to a machine or steers the decision: {shown!r}.", field=pointer)
        if not text.isascii() and (unseen := hidden(text)):
            yield finding(Code.HIDDEN_TEXT, f"This text {unseen}.", field=pointer, actual=ascii(text[:80]))


def steers(text: str) -> bool:
    """Whether the text, seen plainly or decoded, instructs a machine."""
    return _steers(text, HINTS, HINTS)


def _steers(text: str, plainly: tuple[str, ...], deeply: tuple[str, ...]) -> bool:
    if text.isascii() and not deeply:
        return _found(text, plainly)
    first, *deeper = _views(text)
    return _found(first, plainly) or any(_found(view, deeply) for view in deeper)


def _found(text: str, hints: tuple[str, ...]) -> bool:
    low = text.casefold()
    return any(h in low for h in hints) and STEERING.search(text) is not None


def _hints(text: str) -> tuple[str, ...]:
    """Which of `HINTS` the text holds: without one, no pattern can match."""
    low = text.casefold()
    return tuple(h for h in HINTS if h in low)


def hidden(text: str) -> str | None:
    """What a person would not see in it: invisible or reordering characters, or letters of two scripts in one word."""
    if UNSEEN.search(text):
        return "holds invisible or reordering characters"
    mixed = next((w for w in WORD.findall(unicodedata.normalize("NFC", text)) if not w.isascii() and _mixed(w)), None)
    return f"holds a word whose letters come from two scripts ({mixed})" if mixed else None


def _visible(text: str) -> str:
    """Compatibility forms folded, look-alike letters made Latin, what cannot be seen taken out, entities resolved."""
    folded = unicodedata.normalize("NFKC", html.unescape(text))
    plain = "".join(c for c in unicodedata.normalize("NFD", folded) if c < "\x80" or unicodedata.category(c) not in ("Cf", "Mn"))
    return plain + "\n" + unicodedata.normalize("NFC", folded)


def _views(text: str) -> Iterator[str]:
    """The text as seen, spelt together, read backwards, with digits for letters, and what an encoding hides in it."""
    seen = text if text.isascii() and "&#" not in text else _visible(text)
    yield seen
    yield seen[::-1]
    yield seen.translate(LEET)
    if SPACED.search(seen):
        yield LETTER_GAP.sub(r"\1", seen)
    yield from _decoded(seen)


def _decoded(text: str) -> Iterator[str]:
    """What URL encoding, base64 or hexadecimal digits stand for."""
    if text.count("%20") > 3:
        yield unquote(text)
    for blob in BLOB.findall(text):
        try:
            yield base64.b64decode(blob.rstrip("=") + "=" * (-len(blob.rstrip("=")) % 4)).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            continue
    for blob in HEX.findall(text):
        try:
            yield bytes.fromhex(blob).decode("utf-8")
        except UnicodeDecodeError:
            continue


def _mixed(word: str) -> bool:
    """Latin letters together with others that pass for Latin (TR 39, mixed-script confusables)."""
    latin = [c for c in word if "LATIN" in unicodedata.name(c, "")]
    foreign = [c for c in word if unicodedata.name(c, "").startswith(("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"))]
    if not latin or not foreign:
        return False
    from confusable_homoglyphs import confusables  # type: ignore[import-untyped]  # 40 ms, which Latin letters never need

    return bool(confusables.is_confusable(foreign[0], preferred_aliases=["latin"]))
