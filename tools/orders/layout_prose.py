"""Running text: whether it is a contract, and whether a short one asks for goods in words, as a mail does.

Order words prove nothing in prose: agreements speak of orders, prices and deliveries on every page. A contract shows by its title, its
numbered clauses and the wording of contracts; a request by a word of ordering next to a quantity.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from signoff.tools.documents.document import Page
from signoff.tools.orders.layout_cells import Line
from signoff.tools.orders.prose_words import USUAL

HEAD_PAGES, HEAD_LINES, JUDGED_LINES, JUDGED_WORDS, JUDGED_CHARACTERS = 3, 60, 240, 5000, 40_000
"""What is looked at: the pages that decide what a paper is, the lines of its head, and how much of the text at most."""
LONG, RUNNING, MOSTLY = 350, 9, 0.6
"""Words in a long text, words in a line of running text, and the share of such lines that makes a text prose."""

_TITLE = re.compile(
    r"\b(?:agreement|contract|memorandum of understanding|terms and conditions|conditions of (?:purchase|sale)|code of conduct|policy"
    r"|\w*vertrag|\w*vereinbarung|\w*bedingungen|richtlinie|contrat|accord(?:-cadre)?|conditions générales|contrato|acuerdo|contratto"
    r"|accordo|\w*overeenkomst|voorwaarden|\w*avtale|\w*aftale|\w*avtal|sopimus)\b",
    re.IGNORECASE,
)
_TERMS = re.compile(
    r"\b(?:terms (?:and|&) conditions|terms of (?:purchase|sale|business|delivery)|(?:general|standard) (?:\w+ )?(?:terms|conditions)"
    r"|conditions of (?:purchase|sale)|\w+bedingungen|conditions générales|condiciones generales|condizioni generali"
    r"|algemene (?:\w+)?voorwaarden|\w+voorwaarden|\w*(?:betingelser|vilkår|villkor))\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"(?:(?:section|article|clause|artikel|abschnitt|artículo|articolo|§)\s*(?:\d+|[ivx]+\b)|\d{1,2}\.\d{1,2}\.?\s+[^\W\d_]"
    r"|\d{1,2}[.)]\s+[A-ZÄÖÜÉ]"
    r"|\([a-z]{1,3}\)\s+[^\W\d_])",
    re.IGNORECASE,
)
_WORDING = re.compile(
    r"\b(?:this agreement|this contract|entered into|by and between|hereinafter|hereto|hereby|herein|thereof|whereas|the part(?:y|ies)"
    r"|each party|witness whereof|governing law|indemnif\w+|effective date|pursuant to|termination|(?:shall|must) (?:not )?be"
    r"|is responsible for"
    r"|vertragspartei\w*|nachfolgend|nachstehend|im folgenden|gerichtsstand|dieser vertrag|dieses vertrag(?:e)?s|kündigung\w*|vereinbaren"
    r"|les parties|ci-après|présent contrat|présentes|résiliation|las partes|en adelante|presente contrato|rescisión"
    r"|le parti|di seguito|presente contratto|recesso|partijen|hierna|deze overeenkomst|opzegging|partene|parterne|parterna"
    r"|denne avtale\w*)\b",
    re.IGNORECASE,
)
WANTS = re.compile(
    r"\b(?:(?:re-?)?order|need|send|ship|re-?up|deliver|supply|purchase|(?:can|could|may|please) (?:\w+ )?(?:get|have)|running low"
    r"|p\.?o\.? ?(?:no\.?|#)? ?\S*\d\S*|bestell\w*|liefer(?:n|e|t|ung)?|schick(?:en|e|t)?|senden|benötig\w*|brauch(?:en|e|t)|ordern"
    r"|hätten (?:wir )?gern\w*|il (?:nous |me )?fau(?:t|drait)|(?:nos )?hacen falta|ci (?:serv|occorr)(?:e|ono)"
    r"|command(?:e|er|ez|ons)|envoy(?:er|ez|ons)|livr(?:er|ez|aison)|avons besoin|faire parvenir"
    r"|ped(?:ido|imos|ir)|envi(?:ar|e|en|amos|arnos|adnos)|necesit(?:amos|o)|manda(?:r|rnos|d)|ordin(?:e|o|are|iamo|ate)"
    r"|invi(?:are|ate|arci|o)|spedi(?:re|te)"
    r"|(?:avremmo )?bisogno|fornir(?:e|ci)|bestel\w*|stuur\w*|sturen|lever(?:en|t|ing)?|nodig"
    r"|beställ\w*|skicka\w*|behöver|leverera\w*|bestil\w*|send(?:e|er)|trenger|lever(?:e|er)|tilaa\w*|tilau\w*|lähett\w*|tarvitsemme)\b",
    re.IGNORECASE,
)
_QUANTITY = re.compile(
    r"(?<![\w.,:/-])\d{1,6}(?:[.,]\d{1,3})?\s*(?:x\b|×)?\s*"
    r"(?!(?:days?|weeks?|months?|years?|hours?|minutes?|seconds?|percent|am|pm|times?|pages?|tage?n?|wochen?|monate?n?|jahre?n?"
    r"|uhr|prozent|jours?"
    r"|semaines?|mois|ans?|heures?|días?|semanas?|meses|años?|giorni|settimane|mesi|anni|dagen|weken|maanden|dager|dage|dagar"
    r"|jan\w*|feb\w*|mar\w*|mär\w*|apr\w*|may|mai|jun\w*|jul\w*|aug\w*|sep\w*|o[ck]t\w*|nov\w*|de[cz]\w*)\b)[^\W\d_]{2,}",
    re.IGNORECASE,
)
_SELLS = re.compile(
    r"\b(?:we (?:can |could |would |are pleased to |hereby )?(?:offer|quote|confirm|have (?:shipped|dispatched|received your))"
    r"|our (?:offer|quotation)|your order (?:has|is|was|will)"
    r"|has (?:been )?(?:shipped|dispatched)|unsubscribe|(?:wir|unser) (?:bieten|angebot|bestätigen)|ihre bestellung (?:ist"
    r"|wurde)|nous (?:vous )?proposons"
    r"|votre commande (?:a|est)|notre offre|su pedido (?:ha|está)|nuestra oferta|il (?:suo|vostro) ordine (?:è|è stato)|la nostra offerta"
    r"|uw bestelling is|ons aanbod|din beställning (?:är|har)|din (?:ordre|bestilling) er|vi (?:tilbyder|tilbyr|erbjuder))\b",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"[{}`]|;$|\w\(|\[[\"'\w]*\]|</|==|->|=>|::|^\s*//|^\s*[\w.]+ = |[a-z]_[a-z]"
    r"|^\s*(?:import \w|from [\w.]+ import|def \w|class \w+[:(]|return\b|(?:if|for|else|try|with|while)\b.*:$)"
)


def first_pages(pages: Sequence[Page]) -> list[Page]:
    """The pages that decide what a paper is; of one without an end, as plain text has, the beginning."""
    return [replace(page, words=page.words[:JUDGED_WORDS]) if len(page.words) > JUDGED_WORDS else page for page in pages[:HEAD_PAGES]]


def judged(lines: Sequence[Line]) -> list[str]:
    """The text of the first pages by line, as much of it as tells what it is."""
    texts: list[str] = []
    left = JUDGED_CHARACTERS
    for line in lines[:JUDGED_LINES]:
        if left <= 0 or line.page >= lines[0].page + HEAD_PAGES:
            break
        texts.append(line.text[:left])
        left -= len(texts[-1])
    return texts


def is_contract(texts: Sequence[str]) -> bool:
    """Whether the text is an agreement, or terms or a policy that bind like one: its wording, with a title, clauses or prose."""
    wording = {m.lower() for text in texts for m in _WORDING.findall(text)}
    clauses = sum(bool(_CLAUSE.match(text)) for text in texts)
    titled = any(_entitles(text) for text in texts[:HEAD_LINES])
    return len(wording) >= 3 and (titled or clauses >= 3 or is_prose(texts))


def is_terms(texts: Sequence[str]) -> bool:
    """Whether it is no more than terms and conditions: it binds like a contract and is titled so."""
    return any(_entitles(text, _TERMS) for text in texts[:HEAD_LINES]) and is_contract(texts)


def _entitles(text: str, title: re.Pattern[str] = _TITLE) -> bool:
    """Whether a line is a contract's title: it names one in few words, and is neither a label with a value nor a sentence."""
    words = text.split()
    named = title.search(text) if len(words) <= 12 and not re.search(r"[:;.]\s|[:;]$", text) else None
    return named is not None and words[0][:1].isupper() and (text.isupper() or named[0][:1].isupper())


def is_prose(texts: Sequence[str]) -> bool:
    """Whether it is long and most of it is running text."""
    counts = [len(text.split()) for text in texts]
    running = sum(n for n, text in zip(counts, texts, strict=True) if n >= RUNNING and _runs(text))
    return sum(counts) > LONG and running >= MOSTLY * sum(counts)


def _runs(text: str) -> bool:
    """Whether most words of a line are words: letters, and nearly all small."""
    words = text.split()
    return sum(w.strip("\"'“”„,.;:()").replace("-", "").isalpha() for w in words) >= 0.75 * len(words)


def is_code(texts: Sequence[str]) -> bool:
    """Whether it is a program, or settings or notes for one."""
    written = [text for text in texts if text.strip()]
    return sum(bool(_CODE.search(text)) for text in written) >= max(3, 0.2 * len(written))


def asks(texts: Sequence[str]) -> bool:
    """Whether a short text orders in words: a word of ordering and a quantity of something, on one line or two."""
    if sum(len(text.split()) for text in texts) > LONG or is_code(texts) or sells(texts):
        return False
    if any(USUAL.search(text) and WANTS.search(text) for text in texts):
        return True
    return any(WANTS.search(a) and _QUANTITY.search(f"{a} {b}") for a, b in zip(texts, [*texts[1:], ""], strict=True))


def sells(texts: Sequence[str]) -> bool:
    """Whether a text is a seller's: it offers, confirms or reports a delivery."""
    return bool(_SELLS.search(" ".join(texts)))
