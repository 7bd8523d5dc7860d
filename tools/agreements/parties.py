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
from signoff.tools.agreements.clause_text import ClauseText
from signoff.tools.agreements.party_names import ends_in_form, first_name, name_at

MOST, PASSAGE, PLAIN = 100, 2500, 3
_OPENS = re.compile(
    r"\b(?:(?:by\s+and\s+)?(?:between|among(?:st)?|betwixt)(?:\s+and\s+among)?|zwischen(?:\s+de[rmn])?|(?:made|entered\s+into"
    r"|executed|signed|dated)\s+by)\b"
    r"(?!\s+(?:the|both|either)\s+parties)",
    re.IGNORECASE,
)
_RECITALS = re.compile(
    r"\b(?:WHEREAS|WITNESS(?:ETH|ES)?|RECITALS?|BACKGROUND|PREAMBLE|NOW,?\s+THEREFORE|DEFINITIONS|R\s?E\s?C\s?I\s?T\s?A\s?L\s?S"
    r"|W\s?I\s?T\s?N\s?E\s?S\s?S\s?E\s?T\s?H)\b"
    r"|\b(?:Whereas|Recitals?|Now,?\s+[Tt]herefore|Witnesseth|Präambel|[Tt]he\s+[Pp]arties\s+(?:hereto\s+)?(?:hereby\s+"
    r"|have\s+)?agree|[Aa]gree\s+as\s+follows)\b"
)
_THIS = re.compile(
    r"\b(?:This|THIS|Dieser?|Under\s+this)\s+(?:[\w-]+\s+){0,8}?(?:Agreement|AGREEMENT|Contract|CONTRACT|Amendment|AMENDMENT|Vertrag\w*)\b"
)
_QUOTED = r"[\"“„«‘']\s*(?:the\s+)?([^\"”“»’]{1,60}?)[,.]?\s*[\"”“»’']"
_ALIAS = re.compile(
    rf"[(\[](?:[^()\[\]]{{0,160}}?){_QUOTED}[^()\[\]]{{0,200}}[)\]]"
    rf"|,?\s*(?:herein(?:after)?|hereafter|nachfolgend|im\s+folgenden)\s+(?:(?:referred\s+to\s+as|called|known\s+as"
    rf"|genannt)\s+)?(?:the\s+)?{_QUOTED}(?:\s*genannt)?"
    r"|[(\[]\s*(?:herein(?:after)?|hereafter)\s+(?:referred\s+to\s+as|called|known\s+as)\s+(?:the\s+)?([A-Z][\w&.' -]{1,40}?)[)\]]"
    r"|\(the\s+((?-i:[A-Z])\w+(?:\s(?-i:[A-Z])\w+){0,2})\)"
    r"|,?\s*(?:herein(?:after)?|hereafter)\s+(?:referred\s+to\s+as|called"
    r"|known\s+as)\s+(?:the\s+)?((?-i:[A-Z])[\w&.-]*(?:\s(?-i:[A-Z])[\w&-]*){0,3})"
    r"|\((?:the\s+)?(Buyer|Purchaser|Supplier|Seller|Vendor|Customer|Company|Distributor|Contractor|Consultant|Client|Käufer"
    r"|Lieferant|Auftraggeber|Auftragnehmer|Besteller)\)",
    re.IGNORECASE,
)
_TOGETHER = re.compile(
    r"\b(?:together\s+with(?!\s+(?:its|their|all)\b)|collectively\s+(?:with|as)|individually|jointly|each\s+(?:a|of)|singularly)\b",
    re.IGNORECASE,
)
_NO_PARTY = re.compile(
    r"(?:the\s+|this\s+)*(?:[\w\s-]*(?:agreement|contract|amendment|date|part(?:y|ies)|act|services?|products?|term"
    r"|attachments?|exhibits?|software|territory|vertrag|rfi)s?)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^[ \t]*(?:name\s+of\s+(?:the\s+)?)?(Buyer|Purchaser|Supplier|Seller|Vendor|Customer|Contractor|Client|Käufer|Verkäufer"
    r"|Lieferant|Auftraggeber|Auftragnehmer|Kunde)(?:\s+name)?\s*:\s*",
    re.IGNORECASE | re.MULTILINE,
)
_LISTED = re.compile(
    r"\b(?:listed|named|identified|set\s+forth|specified|appearing|aufgeführt)\s+(?:on|in"
    r"|as)\s+(?:the\s+)?(?:attached\s+)?(?:schedule|exhibit|appendix|annex|attachment|signature|anlage)\b[\s\w]{0,12}",
    re.IGNORECASE,
)
_DESCRIBED = re.compile(
    r"\W*(?:(?:the|or)\W*)?$|[^.]{0,200}\b(?:individual|corporation|company|partnership|trust|association|bank|authority"
    r"|university|residing|resident|citizen|located"
    r"|organi[sz]ed|existing|incorporated|behalf|place\s+of\s+business|offices?|wohnhaft|sitz|whose|having|with\s+an?)\b",
    re.IGNORECASE | re.DOTALL,
)
"""What follows a name without a legal form: at once its alias, or who or where that is."""
_SIGNS = re.compile(r"\b(?:signed\s+)?for\s+and\s+on\s+behalf\s+of\s*:?\s+|\bfür\s+(?:die\s+)?firma\s*:?\s+", re.IGNORECASE)
_SIGNATURE_ENDS = re.compile(r"\b(?:By|Name|Title|Signature|Date)\s*:|_{3}|-{3}|\n\s*\n")
_AND = re.compile(r"\b(?:and|und)\b|[;&]", re.IGNORECASE)
_SENTENCE = re.compile(r"[a-z)\"”]\.\s+[A-Z][a-z]+\s+[a-z]")


@dataclass(frozen=True, slots=True)
class _Party:
    name: str
    start: int
    role: str | None


@dataclass(frozen=True, slots=True)
class _Passage:
    """A stretch of the running text."""

    start: int
    text: str


def read(paper: ClauseText, _: Sequence[FoundTerm]) -> Iterator[FoundTerm | str]:
    """A term for each party; a sentence where fewer than two were found."""
    front = paper.whole.running.text[: paper.front]
    passages = list(_behind_between(front))
    clear = [(p, found) for p in passages if len(found := list(_parties(p.text))) >= 2]
    clear = clear or [(p, found) for p in _with_aliases(front) if _clear(found := list(_parties(p.text)))[0] >= PLAIN]
    clear = clear or [(_Passage(0, front), found) for found in (list(_by_label(front)),) if len(found) >= 2]
    clear = clear or [(p, found) for p in (_Passage(0, paper.whole.running.text),) if len(found := list(_signing(p.text))) >= 2]
    clear = clear or [(p, found) for p in passages if (found := _alone(p.text))]
    if not clear or len(clear[0][1]) < 2:
        yield "Fewer than two parties were found by their names; say who they are."
    if clear:
        yield from _told(paper, *max(clear, key=lambda one: _clear(one[1])))


def _told(paper: ClauseText, passage: _Passage, found: Sequence[_Party]) -> Iterator[FoundTerm | str]:
    if listed := _LISTED.search(passage.text):
        yield f"More parties are listed elsewhere in the paper ({' '.join(listed[0].split())!r}); add them where they matter."
    for party in found[:MOST]:
        place = paper.place(passage.start + party.start, len(party.name))
        if place:
            yield paper.at(TermKind.PARTY, " ".join(party.name.split()), *place, party.role)


def _clear(found: Sequence[_Party]) -> tuple[int, int]:
    """How clear names are: two with a legal form, two with an alias."""
    return min(2, sum(ends_in_form(p.name) for p in found)) + min(2, sum(p.role is not None for p in found)), -len(found)


def _behind_between(front: str) -> Iterator[_Passage]:
    for opening in _OPENS.finditer(front):
        start = opening.end()
        ends = [m.start() for m in (_RECITALS.search(front, start), _THIS.search(front, start + 10)) if m]
        yield _Passage(start, front[start : min((*ends, start + PASSAGE))])


def _with_aliases(front: str) -> Iterator[_Passage]:
    """What begins with a line that gives somebody his word, without a `between`."""
    start = 0
    for line in front.split("\n"):
        if _ALIAS.search(line):
            end = _RECITALS.search(front, start + len(line))
            yield _Passage(start, front[start : min(end.start() if end else len(front), start + PASSAGE)])
        start += len(line) + 1


def _parties(text: str) -> Iterator[_Party]:
    aliases = [m for m in _ALIAS.finditer(text) if not _NO_PARTY.fullmatch(_word(m)) and not _TOGETHER.search(m[0].split(_word(m))[0])]
    seen = {key(_word(m)) for m in aliases}  # what is an alias of one is no name of another
    own: set[str] = set()
    for party in _by_alias(text, aliases) if aliases else _joined(text):
        name = key(party.name)
        if name not in own and (name not in seen or key(party.role or "") == name):
            own.add(name)
            yield party


def _alone(text: str) -> list[_Party]:
    """One party with a legal form and an alias, where the place of the other is left blank."""
    found = list(_parties(text))
    return found if len(found) == 1 and found[0].role and ends_in_form(found[0].name) else []


def _signing(text: str) -> Iterator[_Party]:
    """Who signs, where the front page leaves the names to a list: behind `for and on behalf of`, each once."""
    seen = set()
    for sign in _SIGNS.finditer(text):
        stretch = text[sign.end() : sign.end() + 200]
        end = _SIGNATURE_ENDS.search(stretch, 2)
        found = name_at(stretch[: end.start()] if end else stretch)
        if found and key(found[0]) not in seen:
            seen.add(key(found[0]))
            yield _Party(found[0], sign.end() + found[1], None)


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
    """The party before each alias, and one without an alias behind the only one; a new sentence ends them."""
    start, count = 0, 0
    for alias in aliases:
        stretch = text[start : alias.start()]
        if count and _SENTENCE.search(stretch):
            break
        found = first_name(stretch, opens=count == 0)
        if found:
            count += 1
            if ends_in_form(found[0]) or _DESCRIBED.match(stretch[found[1] + len(found[0]) :]):
                yield _Party(found[0], start + found[1], _word(alias))
        start = alias.end()
    rest = _SENTENCE.split(text[start : start + 600])[0] if count == 1 else ""
    found = first_name(rest, opens=False)
    if found and ends_in_form(found[0]) and _AND.search(rest[: found[1]]):
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
