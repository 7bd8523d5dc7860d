"""The messages in a text: a mail over the mails it answers or passes on, or a chat whose messages are orders of their own.

Of a mail the newest message counts; what is quoted below it counts only when the newest just passes it on ("see below, please process").
In an export of text messages every message stands for itself. Headers, attributions and the marks of quoting are no part of a message;
what they say of sender and day is kept beside it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from signoff.tools.documents.document import Word
from signoff.tools.orders.layout_cells import Cell, Line
from signoff.tools.orders.passages import body

FEW_WORDS, HEADERS_WITHIN = 60, 7
"""Words of a message that does no more than pass another on, at most; and how many lines mail headers take."""

_FIELDS = {
    "from": "from|von|de|da|van|från|fra|lähettäjä",
    "sent": "sent|date|received|gesendet|datum|empfangen|envoyé|reçu|enviado"
    "|fecha|recibido|inviato|data|ricevuto|verzonden|ontvangen|skickat"
    "|mottaget|sendt|dato|modtaget|lähetetty",
    "to": "to|an|à|para|a|aan|till|til|vastaanottaja|cc|kopie",
    "subject": "subject|betreff|objet|asunto|oggetto|onderwerp|ämne|emne|aihe",
}
_HEADER = re.compile("|".join(rf"(?P<{name}>(?:{words})\s*:)" for name, words in _FIELDS.items()) + r"\s*", re.IGNORECASE)
_RULE = re.compile(r"[-_=*~\s]{4,}$")
_SEPARATOR = re.compile(r"(?:[-_]{2,}\s*[^\W\d_][^-_]{3,40}[-_]{2,}|begin forwarded message:?)$", re.IGNORECASE)
_WROTE = re.compile(
    r"(?:\bwrote|\bschrieb\b.*|a écrit|\bescribió|ha scritto|\bschreef\b.*|\bskrev\b.*"
    r"|\bkirjoitti)\s*:\s*$",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"forward|weitergeleitet|transf[eé]r|reenvia|inoltrat|doorgestuurd|vidarebef|videresend|^(?:fwd?|wg|tr|rv|i|vs|doorst)\s*:",
    re.IGNORECASE,
)
_PASSED_ON = re.compile(
    r"\b(?:below|forward\w*|fyi|process(?:ing)?|handl(?:e|ing)|action|arrange|book|enter|unten|weiterleit\w*|bearbeit\w*|erledig\w*|erfass\w*"
    r"|anleg\w*|ausführ\w*"
    r"|kümmer\w*|ci-dessous|trait(?:er|ez|ement)|saisir|enregistrer|suivant|abajo|a continuación|procesar"
    r"|tramitar|trámite|gestión|gestionar|grabar|registrar"
    r"|di seguito|sotto"
    r"|elabora(?:re|zione)|evadere|evasione|gestire|gestione|inserire|hieronder|verwerk(?:en|ing)|afhandel\w*|invoeren|inboeken|nedan\w*|behandla|hantera|hantering"
    r"|åtgärd\w*|registrera?|nedenfor|behandl(?:e|ing)|alla"
    r"|käsit\w*)\b",
    re.IGNORECASE,
)
_ASKS_BACK = re.compile(
    r"\?|\b(?:remind\w*|status|any news|still waiting|not (?:yet )?(?:received|arrived)|we (?:can )?confirm|confirmed"
    r"|erinner\w*|noch nicht|bestätigen wir"
    r"|rappel|relance|confirm(?:é|ons|amos|iamo)|recordatorio|sollecito|herinnering|bevestig\w*|påminnelse|purring|rykker"
    r"|bekräft\w*|bekreft\w*)\b",
    re.IGNORECASE,
)
_CHAT = re.compile(
    r"\[?(?P<day>\d{1,4}[./-]\d{1,2}[./-]\d{1,4})?,?\s*(?P<time>\d{1,2}:\d{2}(?::\d{2})?(?:\s*[ap]m)?)?\]?\s*[-–]?\s*"
    r"(?P<who>[^\W\d_][^:]{1,60}):\s+(?P<text>\S.*)$",
    re.IGNORECASE,
)
_SIGNED = re.compile(r"\s[—–-]{1,2}\s*(?=\S+(?:\s\S+){0,5}$)|\b(?:acct|account|a/c|konto|kunden?-?nr|cuenta|compte)\b", re.IGNORECASE)
_PRIVATE = re.compile(
    r"\b(?:confidential\w*|vertraulich\w*|confidentiel\w*|confidencial\w*|riservat\w*|vertrouwelijk\w*|konfidenti\w*|fortrolig\w*"
    r"|luottamuksel\w*)\b",
    re.IGNORECASE,
)
_OF_MAIL = re.compile(
    r"\be-?mails?\b|\bmessages?\b|\bnachricht\w*|\bcourriel|\bmensaje|\bcorreo|\bmessaggio|\bbericht|\bmeddel\w+|\bviesti\w*|\brecipient"
    r"|\bdisclaimer\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Message:
    """One message: its lines without headers and quote marks, and the cells that name its sender, receiver and day where headers do.

    `sent` is the day of the mail that it is the body of; `answers` whether its receiver is known by having answered in a chat.
    """

    lines: list[Line]
    sender: Cell | None = None
    receiver: Cell | None = None
    day: Cell | None = None
    subject: Cell | None = None
    forwarded: bool = False
    sent: dt.date | None = None
    answers: bool = False

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True)
class Correspondence:
    """The messages of a text, newest or first in front. `each`: every one stands for itself; `preamble`: what an export says of itself."""

    messages: tuple[Message, ...]
    each: bool = False
    preamble: tuple[Line, ...] = ()


def correspondence(lines: Sequence[Line]) -> Correspondence:
    """The messages of a text; one without headers and quotes is one message."""
    own = _without_disclaimer(lines)
    return _export(own) or _chat(own) or _notes(own) or Correspondence(tuple(_mails(own)))


def passes_on(message: Message) -> bool:
    """Whether a message does no more than hand on what is quoted below it."""
    text = "\n".join(line.text for line in body(message.lines)[0])
    if _ASKS_BACK.search(text) or len(text.split()) > FEW_WORDS:
        return False
    return message.forwarded or not text.strip() or bool(_PASSED_ON.search(text))


def _mails(lines: Sequence[Line]) -> Iterator[Message]:
    """The newest mail with the headers it begins with, then those quoted below, one for each block of headers, attribution or quote."""
    current = Message([])
    index, depth, forwarded = 0, 0, False
    while index < len(lines):
        line, level = _unquoted(lines[index])
        head = _headers(lines, index)
        cut = _cuts(lines, index) if head is None else 0
        if (head is not None and "sent" in head.cells and index > 0) or cut or (level > depth and line is not None):
            forwarded = forwarded or (bool(_FORWARDED.search(lines[index].text)) and head is None)
            yield replace(current, forwarded=forwarded)
            current, index = _begun(head), index + (head.count if head is not None else cut)
            depth = max(level, depth) if not cut else depth + bool(_quoted_next(lines, index))
            continue
        if line is not None:
            current.lines.append(line)
        index += 1
    yield current


def _quoted_next(lines: Sequence[Line], index: int) -> bool:
    return index < len(lines) and lines[index].text.startswith(">")


@dataclass(frozen=True)
class _Head:
    """A block of mail headers: the value of each field, and the number of lines it takes."""

    cells: dict[str, Cell]
    count: int


def _begun(head: _Head | None) -> Message:
    cells = head.cells if head is not None else {}
    return Message([], cells.get("from"), cells.get("to"), cells.get("sent"), cells.get("subject"))


def _headers(lines: Sequence[Line], index: int) -> _Head | None:
    """The block of mail headers that begins here: a sender, and a day or a subject, on lines that follow each other."""
    cells: dict[str, Cell] = {}
    at = index
    while at < min(index + HEADERS_WITHIN, len(lines)):
        line, _ = _unquoted(lines[at])
        match = _HEADER.match(line.text.lstrip("* ").replace("*:", ":").replace(":*", ":")) if line is not None else None
        if match is None or line is None:
            break
        name = str(match.lastgroup)
        rest = _after(line, ":")
        if rest is not None:
            cells.setdefault(name, rest)
        at += 1
    return _Head(cells, at - index) if "from" in cells and ({"sent", "subject"} & cells.keys()) else None


def _after(line: Line, mark: str) -> Cell | None:
    """The words of a line behind the first that ends with the mark."""
    words = line.words
    at = next((n for n, w in enumerate(words) if w.text.strip("*").endswith(mark)), None)
    return Cell(tuple(words[at + 1 :]), line.page) if at is not None and words[at + 1 :] else None


def _cuts(lines: Sequence[Line], index: int) -> int:
    """How many lines from here on separate a message from the quoted one: a separator, or an attribution over one or two lines."""
    text = lines[index].text.lstrip("> ")
    if _SEPARATOR.fullmatch(text.strip()):
        return 1
    if _WROTE.search(text) and any(c.isdigit() for c in text):
        return 1
    two = f"{text} {lines[index + 1].text.lstrip('> ')}" if index + 1 < len(lines) else ""
    starts = any(c.isdigit() for c in text) and len(text.split()) >= 3 and not text.endswith((".", ":", ";"))
    return 2 if starts and _WROTE.search(two) and len(two.split()) <= 25 else 0


def _unquoted(line: Line) -> tuple[Line | None, int]:
    """The line without its marks of quoting (`> >`), nothing when it holds no more, and how deep it is quoted."""
    depth, words = 0, list(line.words)
    while words and (marks := re.match(r">+", words[0].text)):
        depth += len(marks[0])
        rest = words[0].text[len(marks[0]) :]
        words[:1] = [replace(words[0], text=rest)] if rest else []
    if not depth:
        return line, 0
    kept = {id(w) for w in words}
    cells = [Cell(tuple(w for w in c.words if id(w) in kept), c.page) for c in line.cells]
    first = [w for w in words if id(w) not in {id(v) for c in cells for v in c.words}]
    whole = [*([Cell(tuple(first), line.page)] if first else []), *(c for c in cells if c.words)]
    return (replace(line, cells=tuple(whole)) if whole else None), depth


def _without_disclaimer(lines: Sequence[Line]) -> list[Line]:
    """The lines up to a notice of confidentiality, which no message is told by."""
    for n, line in enumerate(lines):
        near = " ".join(x.text for x in lines[max(n - 1, 0) : n + 3])
        if n and _PRIVATE.search(line.text) and _OF_MAIL.search(near) and len(near.split()) > 12:
            return [*lines[:n], *_quoted_below(lines[n:])]
    return list(lines)


def _quoted_below(lines: Sequence[Line]) -> Sequence[Line]:
    """What follows a disclaimer and is a message again."""
    start = next((n for n in range(1, len(lines)) if _headers(lines, n) or _SEPARATOR.fullmatch(lines[n].text.strip())), len(lines))
    return lines[start:]


def _export(lines: Sequence[Line]) -> Correspondence | None:
    """An export of messages: two blocks of sender and day at least, none with a subject, and before them no message."""
    heads: list[tuple[int, _Head]] = []
    for n in range(len(lines)):
        if (not heads or n >= heads[-1][0] + heads[-1][1].count) and (head := _headers(lines, n)):
            heads.append((n, head))
    if len(heads) < 2 or any("subject" in h.cells or "sent" not in h.cells for _, h in heads):
        return None
    preamble = _unruled(lines[: heads[0][0]])
    if len(preamble) > 6:
        return None
    ends = [n for n, _ in heads[1:]] + [len(lines)]
    bodies = [replace(_begun(h), lines=_unruled(lines[n + h.count : end])) for (n, h), end in zip(heads, ends, strict=True)]
    return Correspondence(tuple(bodies), each=True, preamble=tuple(preamble))


def _unruled(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if not _RULE.fullmatch(line.text)]


def _chat(lines: Sequence[Line]) -> Correspondence | None:
    """A chat, each message `day, time - name: text`; what the same person writes in a row is one message."""
    found: list[Message] = []
    preamble: list[Line] = []
    for line in _unruled(lines):
        match = _CHAT.match(line.text)
        if match is None or not (match["day"] or match["time"]):
            (found[-1].lines if found else preamble).append(line)
            continue
        who, rest = _span(line, *match.span("who")), _span(line, *match.span("text"))
        day = _unbracketed(_span(line, *match.span("day"))) if match["day"] else None
        if who is None or rest is None:
            return None
        said = Line((rest,), line.page, line.height_of_page)
        if found and found[-1].sender is not None and found[-1].sender.text == who.text:
            found[-1].lines.append(said)
        else:
            found.append(Message([said], sender=replace(who, words=_bare(who)), day=day))
    if len(found) < 2 or len(preamble) > 6:
        return None
    return Correspondence(tuple(found), each=True, preamble=tuple(preamble))


def _unbracketed(cell: Cell | None) -> Cell | None:
    return replace(cell, words=tuple(replace(w, text=w.text.strip("[],")) for w in cell.words)) if cell is not None else None


def _bare(cell: Cell) -> tuple[Word, ...]:
    *rest, last = cell.words
    return (*rest, replace(last, text=last.text.rstrip(":")))


def _span(line: Line, start: int, stop: int) -> Cell | None:
    """The words of a line that stand between two places of its text."""
    at, words = 0, []
    for word in line.words:
        if at < stop and at + len(word.text) > start:
            words.append(word)
        at += len(word.text) + 1
    return Cell(tuple(words), line.page) if words else None


def _notes(lines: Sequence[Line]) -> Correspondence | None:
    """Short messages one to a line, each signed with a name or an account: most lines are, and the first is."""
    signed = [bool(_SIGNED.search(line.text)) for line in lines]
    distinct = {line.text[m.start() :].lower() for line in lines if (m := _SIGNED.search(line.text))}
    short = len(lines) >= 2 and max(len(line.cells) for line in lines) == 1 and all(len(line.text.split()) >= 4 for line in lines)
    if not short or not signed[0] or len(distinct) < 2 or sum(signed) < 0.75 * len(lines):
        return None
    return Correspondence(tuple(Message([line]) for line in lines), each=True)
