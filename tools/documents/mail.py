"""Mail (RFC 5322, MIME): the body and each attachment become documents of their own.

An attachment is what has a file name or is neither text nor an inline picture, whatever its content type says; a mail inside the mail is
an attachment `*.eml`. Pictures that the HTML body shows by their content id are logos and signatures, and are left out.
"""

from __future__ import annotations

import email
import email.errors
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage, MIMEPart

from signoff.domain.errors import Unreadable
from signoff.tools.documents.document import Document, Envelope, Source
from signoff.tools.documents.mail_twins import Twins

FORMAT = "eml"
MAX_ATTACHMENTS, MAX_NESTING, MANY_CELLS = 100, 5, 6

_HEADER = re.compile(
    rb"^(?:from|to|cc|subject|date|message-id|received|return-path|delivered-to|mime-version|reply-to|x-[\w-]+|content-type|content-"
    rb"transfer-encoding|dkim-signature|authentication-results|arc-[\w-]+|user-agent|importance|references|in-reply-to|thread-[\w-]+):",
    re.IGNORECASE,
)
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
"""The object identifier of CMS signed data (RFC 5652, 5.1): 1.2.840.113549.1.7.2."""
_CELL = re.compile(rb"<t[dh][\s>]", re.IGNORECASE)
_STRONG = re.compile(rb"^(?:from|message-id|received|mime-version|return-path):", re.IGNORECASE | re.MULTILINE)


def matches(source: Source) -> bool:
    """Whether the bytes begin with mail headers, two of them at least and one that only mail has, and a blank line follows."""
    head = source.data[:20_000].removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    head = re.split(rb"\r?\n[ \t]*\r?\n", head, maxsplit=1)[0]
    lines = head.splitlines()
    if lines and lines[0].startswith(b"From "):
        lines = lines[1:]
    if not lines or not all(_HEADER.match(line) or line[:1] in b" \t" or re.match(rb"^[!-9;-~]+:", line) for line in lines):
        return False
    known = [line for line in lines if _HEADER.match(line)]
    machine = any(re.match(rb"(?i)(?:message-id|received|mime-version|return-path):", line) for line in known)
    return len(known) >= 2 and bool(_STRONG.search(b"\n".join(known))) and (machine or source.suffix == ".eml")


def open(source: Source) -> Document:
    """The mail with its body and attachments. Raises `Unreadable` when it cannot be taken apart, or nests mails too deeply."""
    if source.name.lower().count(".eml!") >= MAX_NESTING:
        raise Unreadable(f"{source.name} lies in more than {MAX_NESTING} mails inside each other.")
    try:
        return taken_apart(source, FORMAT, email.message_from_bytes(source.data, policy=email.policy.default))
    except (email.errors.MessageError, LookupError, ValueError, AttributeError, TypeError, IndexError) as error:
        # the email package lets these through on malformed headers and parameters
        raise Unreadable(f"{source.name} is a damaged mail ({error}); ask the sender for it again.") from error


def taken_apart(source: Source, kind: str, message: EmailMessage) -> Document:
    """A mail as its body, its attachments and what its headers say."""
    attachments = tuple(_parts(source, message))
    if not attachments:
        raise Unreadable(f"{source.name} is a mail without text and without attachments.")
    if len(attachments) > MAX_ATTACHMENTS:
        raise Unreadable(f"{source.name} has {len(attachments)} attachments; the limit is {MAX_ATTACHMENTS}.")
    sender, receiver, subject, sent = (" ".join(str(message.get(name, "")).split())[:500] for name in ("From", "To", "Subject", "Date"))
    twins = _twins(message)
    doubt = twins.contradiction() if twins else None
    envelope = Envelope(sender, receiver, subject, sent, (doubt,) if doubt else ())
    return Document(source.name, kind, source.data, attachments=attachments, envelope=envelope)


def _parts(source: Source, message: EmailMessage) -> Iterator[Source]:
    body = _told(message)
    text = _body(body)
    if text is not None and body is not None:
        yield Source(f"{source.name}!body.{'html' if body.get_content_subtype() == 'html' else 'txt'}", text)
    taken: set[str] = set()
    for part in _leaves(message):
        if part is body or _is_decoration(part, message):
            continue
        data = _content(part)
        if data.strip():
            name = unique(_safe_name(part), taken)
            yield Source(f"{source.name}!{name}", data, _sealed(part, name, data))


def _told(message: EmailMessage) -> MIMEPart | None:
    """The body: the plain text, or the HTML where that has a table, which plain text loses, or says more."""
    plain, html = (message.get_body(preferencelist=(kind,)) for kind in ("plain", "html"))
    payload = html.get_payload(decode=True) if html is not None else b""
    tabular = isinstance(payload, bytes) and len(_CELL.findall(payload)) >= MANY_CELLS
    if html is None or plain is None or _body(plain) is None or tabular:
        return html or plain
    twins = _twins(message)
    return html if twins is not None and twins.html_says_more else plain


def _twins(message: EmailMessage) -> Twins | None:
    """The two bodies of a mail that has both."""
    plain, html = (_body(message.get_body(preferencelist=(kind,))) for kind in ("plain", "html"))
    return Twins(plain, html) if plain is not None and html is not None else None


def _sealed(part: EmailMessage, name: str, data: bytes) -> str | None:
    """Why a part cannot be looked into: it is packed by Outlook, encrypted, or signed in a way that hides the text."""
    if part.get_content_type() == "application/ms-tnef" or data.startswith(b"\x78\x9f\x3e\x22"):
        return f"{name} is a packet that only Outlook opens (TNEF); ask the sender for the files themselves."
    if part.get_content_type() in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
        opaque = str(part.get_param("smime-type", "")).lower() == "signed-data" or (_SIGNED_DATA in data[:64])
        how = "signed in a way that packs its text into the signature" if opaque else "encrypted"
        return f"{name} is a mail that was {how} (S/MIME); open it in a mail program and hand in the order itself."
    if part.get_content_type() == "application/pgp-encrypted" or data.startswith(b"-----BEGIN PGP MESSAGE"):
        return f"{name} is encrypted (PGP); decrypt it and hand in the order itself."
    return None


def _body(part: MIMEPart | None) -> bytes | None:
    """The body as UTF-8, or nothing when it is blank. A charset that nobody knows is read as Windows-1252."""
    if part is None:
        return None
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return None
    text = _decoded(data, part.get_content_charset("utf-8"))
    if text is None:
        text = data.decode("cp1252", "replace")
    return text.encode("utf-8", "replace") if text.strip() else None


_WESTERN = frozenset({"iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"})
_TEXTS = frozenset({"plain", "csv", "comma-separated-values", "x-csv", "tab-separated-values"})
"""Subtypes of text that do not say themselves which characters they are in."""


def _decoded(data: bytes, charset: str) -> str | None:
    """The text in this character set; what calls itself Latin-1 is Windows-1252, as the Encoding standard of the WHATWG has it."""
    try:
        return data.decode("cp1252" if charset.lower() in _WESTERN else charset)
    except (LookupError, UnicodeDecodeError):
        return None


def _leaves(message: EmailMessage) -> Iterator[EmailMessage]:
    """Every part that holds something; a mail inside the mail is one part and is not taken apart here."""
    if message.get_content_type() == "message/rfc822" or not message.is_multipart():
        yield message
        return
    for part in message.iter_parts():
        if isinstance(part, EmailMessage):
            yield from _leaves(part)


def _content(part: EmailMessage) -> bytes:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        return inner[0].as_bytes() if isinstance(inner, list) and inner and isinstance(inner[0], EmailMessage) else b""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return b""
    charset = part.get_content_charset() if part.get_content_maintype() == "text" and part.get_content_subtype() in _TEXTS else None
    if charset is None or _decoded(data, "utf-8") is not None:
        return data
    text = _decoded(data, charset)
    return data if text is None else text.encode("utf-8")


def _is_decoration(part: EmailMessage, message: EmailMessage) -> bool:
    """An inline picture, a signature, or the HTML twin of the text body."""
    main, sub = part.get_content_maintype(), part.get_content_subtype()
    if main == "image":
        return part.get_content_disposition() != "attachment" and (part["Content-ID"] is not None or part.get_filename() is None)
    if sub in ("pgp-signature", "pkcs7-signature", "x-pkcs7-signature", "delivery-status", "rfc822-headers"):
        return True
    return main == "text" and part.get_filename() is None and part.get_content_disposition() != "attachment"


_ENDINGS = {"application/pdf": ".pdf", "message/rfc822": ".eml", "text/html": ".html", "text/csv": ".csv", "application/xml": ".xml"}


def _safe_name(part: EmailMessage) -> str:
    """The attachment's file name without folders, drive or control characters; a mail is called by its subject."""
    kind = part.get_content_type()
    name = part.get_filename() or ""
    if not name and kind == "message/rfc822":
        inner = part.get_payload()
        name = str(inner[0].get("Subject", "")) if isinstance(inner, list) and inner and isinstance(inner[0], EmailMessage) else ""
        name = name.replace("/", "-").replace("\\", "-")
    name = re.split(r"[/\\]", name)[-1].replace("!", "_")
    name = "".join(c for c in name if c.isprintable()).strip(" .")[-120:] or "attachment"
    ending = _ENDINGS.get(kind, "")
    return name if name.lower().endswith(ending) or (ending != ".eml" and "." in name) else name + ending


def unique(name: str, taken: set[str]) -> str:
    """The name, numbered where the same was there before."""
    stem, dot, ending = name.rpartition(".")
    candidate, count = name, 2
    while candidate.lower() in taken:
        candidate, count = (f"{stem} ({count}){dot}{ending}" if dot else f"{name} ({count})"), count + 1
    taken.add(candidate.lower())
    return candidate
