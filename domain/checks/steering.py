"""Patterns of text that is written for a machine: each asks for an instruction together with its aim.

What people write to each other ("please ignore our previous e-mail", an override switch, an approval form) must pass.
`HINTS` are words of which every match holds at least one, so that most text is cleared without a pattern being tried.
"""

from __future__ import annotations

import re

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
WORDS = (
    "ignor|disregard|forget|overrid|bypass|skip|suspend|waive|system|assist|agent|prompt|approv|asist|"
    "ai |ai:|ki:|ia:|llm|ki-|bot|model|parser|"
    "confidence|human|instruc|tool|table|http|<|[|{|##|safety|flag|escalat|compute|queue|exception|alert|manual|mark |treat|entity|"
    "cmd|route|end of|restrict|anweisung|freigabe|regel|genehmig|buchen|oubli|olvid|dimentica|' or|drop|xml(|true|bank|iban|忽略|系统|"
    "批准|無視|承認|ассистент|игнорируй|تجاهل|onload|onerror|onclick|your rules|directive"
)
HINTS = tuple(WORDS.split("|"))
