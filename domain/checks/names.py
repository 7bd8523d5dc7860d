"""Company names made comparable: folded, without their legal form, and as a skeleton that look-alikes share.

The skeleton follows Unicode TR 39 (confusables) and adds what print and haste confuse: digits for letters, `rn` for `m`,
doubled letters.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rapidfuzz import fuzz

SAME = {
    "limited": "ltd",
    "incorporated": "inc",
    "corporation": "corp",
    "company": "co",
    "gesmbh": "gmbh",
    "und": "and",
    "et": "and",
    "y": "and",
}
FORMS = """
ab ag aps as asa bhd bv bvba co corp dd doo eg eirl ek eurl gbr gie gmbh inc jsc kft kg kgaa kk lda llc llp lp ltd ltda mbh nv ohg
oo ooo ou oy oyj plc pte pty pvt sa sab sarl sas sasu sc sca scs sdn se sl slu snc sp spa spk spol sprl srl sro uab ug vof z zao
zoo zrt
"""
LEGAL = frozenset(FORMS.split())
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa"})
LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"})
SHAPES = str.maketrans("0135i|", "olesll")
LONGEST = 300
WORD = re.compile(r"[^\W_]+")
DOUBLED = re.compile(r"(.)\1+")
DOTTED = re.compile(r"(?<=\b\w)\.\s?(?=\w\b)")


@lru_cache(maxsize=16384)
def words(name: str) -> tuple[str, ...]:
    """Lower-case words without accents or punctuation; `&` is `and`, `S.p.A.` is `spa`, `Limited` is `ltd`."""
    low = unicodedata.normalize("NFKC", name[:LONGEST]).casefold().translate(LETTERS).replace("&", " and ").replace("+", " and ")
    low = DOTTED.sub("", low.replace("a/s", "as").replace("'", "").replace("’", ""))
    plain = low if low.isascii() else "".join(c for c in unicodedata.normalize("NFD", low) if not unicodedata.combining(c))
    return tuple(SAME.get(w, w) for w in WORD.findall(plain))


def core(name: str) -> list[str]:
    """The words without the legal form at the end (or the front); never empty when there are words."""
    kept = list(words(name))
    while len(kept) > 1 and (kept[-1] in LEGAL or kept[-1] == "and"):
        kept.pop()
    while len(kept) > 1 and kept[0] in ("ooo", "zao", "pt", "and"):
        kept.pop(0)
    return kept


def legal_form(name: str) -> str:
    """The legal form as stated, e.g. `gmbh co kg`; empty when the name states none."""
    return " ".join(w for w in words(name)[len(core(name)) :] if w != "and")


def key(name: str) -> str:
    """Equal for spellings of the same name that differ in case, accents, punctuation, spaces or legal form."""
    return "".join(core(name))


def keys(name: str) -> set[str]:
    """The key, and the one with German and Nordic letters written out (`Müller`, `Mueller`)."""
    written = unicodedata.normalize("NFC", name).casefold().translate(UMLAUTS)
    return {key(name), key(written) if written != name.casefold() else ""} - {""}


def skeleton(name: str) -> str:
    """The same for names that look alike to a hurried reader."""
    name = name[:LONGEST]
    shaped = name if name.isascii() else "".join(map(_shape, unicodedata.normalize("NFKC", name)))
    joined = key(shaped).translate(SHAPES).replace("rn", "m").replace("vv", "w")
    return DOUBLED.sub(r"\1", joined)


def ordered(name: str) -> str:
    """Core words in alphabetical order, for comparison regardless of word order."""
    return " ".join(sorted(core(name)))


def alike(left: str, right: str) -> float:
    """0..100, lenient: how much one name has of the other, whatever else it adds (a branch, a town)."""
    a, b = " ".join(core(left)), " ".join(core(right))
    if not a or not b:
        return 0.0
    return max(fuzz.token_set_ratio(a, b), 100.0 if a.replace(" ", "") == b.replace(" ", "") else 0.0)


@lru_cache(maxsize=4096)
def _shape(char: str) -> str:
    """The Latin letter that a foreign letter passes for; everything else as it is, invisible characters left out."""
    if char.isascii() or unicodedata.category(char) == "Cf":
        return char if char.isascii() else ""
    if "LATIN" in unicodedata.name(char, ""):
        return char
    from confusable_homoglyphs import confusables  # type: ignore[import-untyped]  # 40 ms, which names in Latin letters never need

    found = confusables.is_confusable(char, greedy=True) or []
    latin = [h["c"] for f in found for h in f["homoglyphs"] if len(h["c"]) == 1 and h["c"].isascii() and h["c"].isalpha()]
    return str(latin[0]) if latin else char
