"""The parties: the names that stand behind `between`, each with the word that the paper calls it by.

A passage is cut at those words (`("Supplier")`, `hereinafter referred to as "Buyer"`); the name begins the stretch before each. Where a
paper names none, names with a legal form that `and` joins are taken. Of several passages the one with the clearest names counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from signoff.domain.agreement import FoundTerm, TermKind
from signoff.domain.checks.names import key
from signoff.tools.agreements.clause_text import HEAD, ClauseText
from signoff.tools.agreements.party_names import ends_in_form, first_name

MOST, PASSAGE = 12, 2500
_OPENS = re.compile(
    r"\b(?:(?:by\s+and\s+)?(?:between|among(?:st)?|betwixt)(?:\s+and\s+among)?|zwischen(?:\s+de[rmn])?|(?:made|entered\s+into|executed|signed|dated)\s+by)\b"
    r"(?!\s+(?:the|both|either)\s+parties)",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\b(?:WHEREAS|WITNESS(?:ETH|ES)?|RECITALS?|BACKGROUND|PREAMBLE|NOW,?\s+THEREFORE|DEFINITIONS|R\s?E\s?C\s?I\s?T\s?A\s?L\s?S|W\s?I\s?T\s?N\s?E\s?S\s?S\s?E\s?T\s?H)\b"
    r"|\b(?:Whereas|Recitals?|Now,?\s+[Tt]herefore|Witnesseth|Präambel|[Tt]he\s+[Pp]arties\s+(?:hereto\s+)?(?:hereby\s+|have\s+)?agree|[Aa]gree\s+as\s+follows)\b"
    r"|\b(?:This|THIS|Dieser?|Under\s+this)\s+(?:[\w-]+\s+){0,8}?(?:Agreement|AGREEMENT|Contract|CONTRACT|Amendment|AMENDMENT|Vertrag\w*)\b"
)
_QUOTED = r"[\"“„«‘']\s*(?:the\s+)?([^\"”“»’]{1,60}?)[,.]?\s*[\"”“»’']"
_ALIAS = re.compile(
    rf"[(\[](?:[^()\[\]]{{0,160}}?){_QUOTED}[^()\[\]]{{0,200}}[)\]]"
    rf"|,?\s*(?:herein(?:after)?|hereafter|nachfolgend|im\s+folgenden)\s+(?:(?:referred\s+to\s+as|called|known\s+as|genannt)\s+)?(?:the\s+)?{_QUOTED}(?:\s*genannt)?"
    r"|[(\[]\s*(?:herein(?:after)?|hereafter)\s+(?:referred\s+to\s+as|called|known\s+as)\s+(?:the\s+)?([A-Z][\w&.' -]{1,40}?)[)\]]"
    r"|\((?:the\s+)?(Buyer|Purchaser|Supplier|Seller|Vendor|Customer|Company|Distributor|Contractor|Consultant|Client|Käufer|Lieferant|Auftraggeber|Auftragnehmer|Besteller)\)",
    re.IGNORECASE,
)
_TOGETHER = re.compile(r"\b(?:together\s+with(?!\s+(?:its|their|all)\b)|collectively\s+(?:with|as)|individually|jointly|each\s+(?:a|of)|singularly)\b", re.IGNORECASE)
_NO_PARTY = re.compile(
    r"(?:the\s+|this\s+)*(?:[\w\s-]*(?:agreement|contract|amendment|date|part(?:y|ies)|act|services?|products?|term|attachments?|exhibits?|software|territory|vertrag|rfi)s?)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^[ \t]*(?:name\s+of\s+(?:the\s+)?)?(Buyer|Purchaser|Supplier|Seller|Vendor|Customer|Contractor|Client|Käufer|Verkäufer|Lieferant|Auftraggeber|Auftragnehmer|Kunde)(?:\s+name)?\s*:\s*",
    re.IGNORECASE | re.MULTILINE,
)
_LISTED = re.compile(r"\b(?:listed|named|identified|set\s+forth|specified|appearing|aufgeführt)\s+(?:on|in|as)\s+(?:the\s+)?(?:attached\s+)?(?:schedule|exhibit|appendix|annex|attachment|signature|anlage)\b[\s\w]{0,12}", re.IGNORECASE)
_SENTENCE = re.compile(r"[a-z)\"”]\.\s+[A-Z][a-z]+\s+[a-z]")


@dataclass(frozen=True, slots=True)
class _Party:
    name: str
    start: int
    role: str | None


@dataclass(frozen=True, slots=True)
class _Passage:
    clause: int
    start: int
    text: str


def read(paper: ClauseText, _: Sequence[FoundTerm]) -> Iterator[FoundTerm | str]:
    """A term for each party; a sentence where fewer than two were found."""
    clear = [(p, found) for p in _behind_between(paper) if len(found := list(_parties(p.text))) >= 2]
    clear = clear or [(p, found) for p in _paragraphs(paper) if len(found := list(_parties(p.text))) >= 2]
    clear = clear or [(p, found) for p in _labelled(paper) if len(found := list(_by_label(p.text))) >= 2]
    if not clear:
        yield "Fewer than two parties were found by their names; say who they are."
        return
    passage, found = max(clear, key=lambda one: _clear(one[1]))
    if listed := _LISTED.search(passage.text):
        yield f"More parties are listed elsewhere in the paper ({' '.join(listed[0].split())!r}); add them where they matter."
    at = passage.clause
    for party in found[:MOST]:
        span = passage.start + party.start, passage.start + party.start + len(party.name)
        yield paper.at(TermKind.PARTY, " ".join(party.name.split()), at, span, party.role)


def _clear(found: Sequence[_Party]) -> tuple[int, int]:
    """How clear names are: two with a legal form, two with an alias."""
    return min(2, sum(ends_in_form(p.name) for p in found)) + min(2, sum(p.role is not None for p in found)), -len(found)


def _behind_between(paper: ClauseText) -> Iterator[_Passage]:
    for at, clause in _front(paper):
        for opening in _OPENS.finditer(clause, 0, HEAD):
            yield _passage(at, clause, opening.end())


def _paragraphs(paper: ClauseText) -> Iterator[_Passage]:
    """Paragraphs that give two their words, without a `between`."""
    for at, clause in _front(paper):
        start = 0
        for line in clause[:HEAD].split("\n"):
            if len(_ALIAS.findall(line)) >= 2:
                yield _Passage(at, start, line[:PASSAGE])
            start += len(line) + 1


def _labelled(paper: ClauseText) -> Iterator[_Passage]:
    """Lines of a form that name a side and who it is: `Supplier: Name`."""
    for at, clause in _front(paper):
        if len(_LABEL.findall(clause[:HEAD])) >= 2:
            yield _Passage(at, 0, clause[:HEAD])


def _front(paper: ClauseText) -> Iterator[tuple[int, str]]:
    return ((at, c.text) for at, c in enumerate(paper.clauses) if paper.whole.starts[at] <= HEAD)


def _passage(at: int, clause: str, start: int) -> _Passage:
    end = _ENDS.search(clause, start + 10)
    return _Passage(at, start, clause[start : min(end.start() if end else len(clause), start + PASSAGE)])


def _parties(text: str) -> Iterator[_Party]:
    aliases = [m for m in _ALIAS.finditer(text) if not _NO_PARTY.fullmatch(_word(m)) and not _TOGETHER.search(m[0].split(_word(m))[0])]
    seen = {key(_word(m)) for m in aliases}  # what is an alias of one is no name of another
    own: set[str] = set()
    for party in _by_alias(text, aliases) if aliases else _joined(text):
        name = key(party.name)
        if name not in own and (name not in seen or key(party.role or "") == name):
            own.add(name)
            yield party


def _by_label(text: str) -> Iterator[_Party]:
    for label in _LABEL.finditer(text):
        line = text[label.end() :].split("\n")[0]
        found = first_name(line, opens=True)
        if found and not found[1]:
            yield _Party(found[0], label.end(), label[1])


def _word(alias: re.Match[str]) -> str:
    """The word that a party is called by."""
    return next(g for g in alias.groups() if g is not None).strip()


def _by_alias(text: str, aliases: Sequence[re.Match[str]]) -> Iterator[_Party]:
    """The party before each alias, and one without an alias behind the last; a new sentence ends them."""
    start, count = 0, 0
    for alias in aliases:
        stretch = text[start : alias.start()]
        if count and _SENTENCE.search(stretch):
            return
        found = first_name(stretch, opens=count == 0)
        if found:
            count += 1
            yield _Party(found[0], start + found[1], _word(alias))
        start = alias.end()
    if count == 1:
        rest = re.split(r"\.\s+[A-Z][a-z]+\s+[a-z]", text[start : start + 600])[0]
        found = first_name(rest, opens=False)
        if found and ends_in_form(found[0]):
            yield _Party(found[0], start + found[1], None)


def _joined(text: str) -> Iterator[_Party]:
    """Names without aliases: each has its legal form, and all stand in one sentence."""
    start = 0
    for number, match in enumerate(re.finditer(r"[\s,;]+(?:and|und|AND|And)\s*:?\s+|;\s+|$", text[:800])):
        found = first_name(text[start : match.start()], opens=True)
        if found and ends_in_form(found[0]):
            yield _Party(found[0], start + found[1], None)
        elif number:
            return
        start = match.end()
