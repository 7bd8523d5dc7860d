"""Text that is addressed to a machine, tries to steer the decision, or hides from people (OWASP LLM01, Unicode TR 36 and 39).

One more reason for a person to look, not a wall: nothing that acts on an order trusts its text. The patterns ask for an
instruction together with its aim, so that what people write to each other ("please ignore our previous e-mail", an
override switch, an approval form) passes.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

from confusable_homoglyphs import confusables  # type: ignore[import-untyped]

from signoff.domain.findings import Code, Finding, finding

MACHINE = (
    r"(?:ai|a\.i\.|llms?|ki|ia|bot|chatbot|language model|(?:ai|ki)[- ]?(?:system|assistant|agent|model)|processing system|parser"
    r"|reviewer model|(?:automated|virtual) (?:assistant|agent|system)|(?:extraction|approval|routing|review|contract|processing) agent)"
)
NO_PRODUCT = r"(?!\s+(?:[a-z]*licen|subscr|cons|tr|soft|serv|t|p))"
FILLER = r"(?:(?:all|any|every|the|your|its|these|those|of|previous|prior|above|earlier|other)\s+)*"
GUARD = (
    r"(?:instructions?|rules?|guidelines?|guardrails?|policy|threshold|safety|segregation[- ]of[- ]duties|duplicate checks?|three-way match"
    r"|everything above|(?:approval|contract|content|security|review|procurement|purchasing) (?:policy|policies|limits?|checks?|rules?))"
)
PATTERNS = (
    # an order to set the rules aside
    rf"\b(?:ignore|disregard|forget|override|bypass|skip|suspend|waive)\s+{FILLER}{GUARD}\b",
    r"\byour (?:previous|prior|original|initial|rules|new directive)\s(?:instructions|have changed|supersedes)\b|\bsafety protocols\b",
    r"\b(?:your|the|print|reveal|show|repeat|full)\s+system\s+prompt\b(?!\s+(?:payment|paid|deliver))|\bhidden prompt\b",
    # an address to a machine, or a part for it to play
    rf"\b(?:to|for|dear|hey|hello|attention|remind(?:er)? to|if you are|as)\s+(?:the |an |a |any |our )*{MACHINE}\b{NO_PRODUCT}",
    rf"(?:^|[\s\[(*+>-])(?:{MACHINE}|assistant)\s*\??\s*:|\b{MACHINE}\s+(?:reading|processing|integrating|must|shall|instruction)\b",
    r"\bautomated agents?\b.{0,40}\bshall\b|\byou are now\b.{0,40}\b(?:agent|assistant|mode|dan|free)\b|\bno (?:content )?restrictions\b",
    r"\b(?:system|agent)\s*:\s*(?:read|treat|set|ignore|approve|override|mark|you)\b|\bset_?\s?route\b|\bevidence_span\b",
    # the decision, spelt out
    r"\bauto[-_ ]?approv",
    r"\bapprove\s+(?:(?:it|this|the|order|document|purchase|all|remaining|requests)\s+)*(?:automatically|without|everything)\b",
    r"\b(?:do not|don't|never|shall not|must not|no need to)\s+(?:flag|escalate|raise (?:any )?exceptions?|recompute|queue for|alert)\b",
    r"\bwithout (?:any )?(?:human|manual) (?:review|approval|checks?)",
    r"\bno (?:human|manual|interrupt)\s?(?:review|approval|check)? (?:is )?(?:needed|required)",
    r"\b(?:mark|set|treat|report|return|classify)\s+[^.\n]{0,40}(?:\bas\b|\bto\b|=)\s*(?:passed|approved|verified|compliant|auto_?approved?)\b",
    r"\b(?:set|report|return|answer with)\s+(?:a |the )?confidence\b|\bconfidence\s*[=:\"]*\s?1\.0\b|\bhuman in the loop\b",
    r"\b(?:agree|approved) ?= ?true\b",
    # the language of prompts, tools, databases and scripts
    r"</?\s*(?:system|assistant|instructions?|policy|document|information|prompt|thinking|script)\b[^>]*>|<\|[a-z_]+\|>|\[/?INST\]|\[(?:system|assistant)\b",
    r"\{\{[^}]+\}\}|\$\{[a-z]+:",
    r"\bon(?:error|load|click)\s*=|^#{2,}\s*\(?(?:system|instructions?|human approval)|\btool result\b|\"tool_calls\"",
    r"\bend of (?:untrusted|extraction|document content)\b|\b(?:call|use|invoke)(?: the tool)? [a-z]+_[a-z_]+\b|!\[[^\]]*\]\(https?:",
    r"['\")]\s*;?\s*(?:drop|delete)\s+(?:table|from)\b|'\s*or\s*'1'\s*=\s*'1|<!entity\b|^[\s]*[=+@-]\S*(?:\bcmd\||hyperlink\(|importxml\()",
    # a payment led elsewhere
    r"\b(?:bank(?:ing)? (?:details|account)) (?:has|have) (?:been )?(?:changed|updated)\b",
    r"\b(?:use|to) (?:the|our) new (?:iban|bank account)\b",
    # the same in other languages
    r"\b(?:ignorier\w*|missacht\w*|umgeh\w*|vergiss)\s+(?:\w+\s+){0,3}(?:anweisung\w*|freigabe\w*|regeln?|richtlinie\w*)\b",
    r"\bautomatisch (?:freigeben|genehmigen|buchen)\b|\bsans contr[oô]le humain\b",
    r"\bnote au syst[eè]me\b|\bpara el asistente\b|\bdla systemu\b",
    r"\b(?:ignor\w+|oubli\w+|olvid\w+|dimentica\w*)\s+(?:\w+\s+){0,4}(?:instruc\w+|istruzion\w+|consignes|r[eè]gles|reglas|regole)\b",
    r"忽略.{0,12}(?:规则|指令|提示|说明)|系统提示|自动批准",
    r"ルールを無視|自動承認|指示を無視|ассистент\w*\s*[,:]|игнорируй|تجاهل .{0,15}(?:قواعد|تعليمات)",
)
STEERING = re.compile("|".join(PATTERNS), re.IGNORECASE | re.MULTILINE)
HINTS = (
    *(
        "ignor",
        "disregard",
        "forget",
        "overrid",
        "bypass",
        "skip",
        "suspend",
        "waive",
        "system",
        "assist",
        "agent",
        "prompt",
        "approv",
        "asist",
    ),
    *(
        " ai",
        "llm",
        "ki-",
        "bot",
        "model",
        "parser",
        "confidence",
        "human",
        "instruc",
        "tool",
        "table",
        "http",
        "<",
        "[",
        "{",
        "##",
        "safety",
    ),
    *(
        "flag",
        "escalat",
        "compute",
        "queue",
        "exception",
        "alert",
        "manual",
        "mark ",
        "treat",
        "entity",
        "cmd",
        "route",
        "end of",
        "restrict",
    ),
    *(
        "anweisung",
        "freigabe",
        "regel",
        "genehmig",
        "buchen",
        "oubli",
        "olvid",
        "dimentica",
        "' or",
        "drop",
        "xml(",
        "true",
        "bank",
        "iban",
    ),
    *("忽略", "系统", "批准", "無視", "承認", "ассистент", "игнорируй", "تجاهل", "onload", "onerror", "onclick", "your rules", "directive"),
)
LEET = str.maketrans("013457@$", "oieastas")
BLOB = re.compile(r"[A-Za-z0-9+/]{40,}={0,2}")
HEX = re.compile(r"(?:[0-9a-f]{2}){24,}", re.IGNORECASE)
SPACED = re.compile(r"(?<!\w)(?:\w ){6,}\w(?!\w)")
UNSEEN = re.compile(
    "[\u202d\u202e\U000e0000-\U000e007f\U000e0100-\U000e01ef]|(?<=[A-Za-z0-9])[\u200b\u200c\u200d\u2060\ufeff](?=[A-Za-z0-9])"
)
WORD = re.compile(r"[^\W\d_]{3,}")


def text_findings(texts: list[tuple[str, str]]) -> Iterator[Finding]:
    """Findings for (pointer, text) pairs, at most one of each code for a field."""
    joined = "\n".join(text for _, text in texts)
    if joined.isascii() and not _hinted(joined) and not BLOB.search(joined) and not SPACED.search(joined):
        return
    for pointer, text in texts:
        if steers(text):
            shown = " ".join(text.split())[:200]
            yield finding(Code.SUSPICIOUS_TEXT, f"This text is addressed to a machine or steers the decision: {shown!r}.", field=pointer)
        if not text.isascii() and (unseen := hidden(text)):
            yield finding(Code.HIDDEN_TEXT, f"This text {unseen}.", field=pointer, actual=ascii(text[:80]))


def steers(text: str) -> bool:
    """Whether the text, seen plainly or decoded, instructs a machine."""
    seen = text if text.isascii() and "&#" not in text else _visible(text)
    if SPACED.search(seen):
        seen = re.sub(r"(?<!\w)(\w) (?=\w(?!\w))", r"\1", seen) + "\n" + seen
    return _found(seen) or any(_found(inner) for inner in _decoded(seen))


def hidden(text: str) -> str | None:
    """What a person would not see in it: invisible or reordering characters, or letters of two scripts in one word."""
    if UNSEEN.search(text):
        return "holds invisible or reordering characters"
    mixed = next((w for w in WORD.findall(unicodedata.normalize("NFC", text)) if not w.isascii() and _mixed(w)), None)
    return f"holds a word whose letters come from two scripts ({mixed})" if mixed else None


def _found(text: str) -> bool:
    return _hinted(text) and STEERING.search(text) is not None


def _hinted(text: str) -> bool:
    low = text.casefold()
    return low.startswith(("ai", "ki", "=", "+", "@")) or any(h in low for h in HINTS)


def _visible(text: str) -> str:
    """Compatibility forms folded, look-alike letters made Latin, what cannot be seen taken out, entities resolved."""
    folded = unicodedata.normalize("NFKC", html.unescape(text))
    plain = "".join(c for c in unicodedata.normalize("NFD", folded) if unicodedata.category(c) not in ("Cf", "Mn"))
    return plain + "\n" + unicodedata.normalize("NFC", folded)


def _decoded(text: str) -> Iterator[str]:
    """The same text read backwards, with digits for letters, and what base64, hexadecimal or URL encoding hides in it."""
    yield text[::-1]
    yield text.translate(LEET)
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
    return bool(latin and foreign) and all(confusables.is_confusable(c, preferred_aliases=["latin"]) for c in foreign[:1])
