"""Outlook mails (.msg, [MS-OXMSG]): a compound file, turned into the mail that it was and then taken apart like any other.

Properties are those of [MS-OXPROPS]. A mail attached to the mail is a storage of its own inside the attachment's.
"""

from __future__ import annotations

import io
import struct
from email.headerregistry import Address
from email.message import EmailMessage

from olefile import OleFileIO
from oxmsg.properties import Properties
from oxmsg.storage import Storage

from signoff.domain.errors import Unreadable
from signoff.tools.documents import mail
from signoff.tools.documents.document import Document, Source

FORMAT = "msg"
MAX_DEPTH = 6

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAM = "__properties_version1.0".encode("utf-16-le")
_SUBJECT, _BODY, _HTML, _BODY_HTML, _HEADERS = 0x0037, 0x1000, 0x1013, 0x1013, 0x007D
_SENDER, _ADDRESS, _SMTP, _TO = 0x0C1A, 0x0C1F, 0x5D01, 0x0E04
_NAME, _SHORT_NAME, _DATA, _TYPE, _CONTENT_ID = 0x3707, 0x3704, 0x3701, 0x370E, 0x3712
_EMBEDDED = "__substg1.0_3701000D"
_TOP, _INNER, _ATTACHED = 32, 24, 8
"""How many bytes stand before the properties of a mail, of a mail in a mail, and of an attachment."""


def matches(source: Source) -> bool:
    """Whether the bytes are a compound file with the properties of a message."""
    return source.data.startswith(_MAGIC) and _STREAM in source.data


def open(source: Source) -> Document:
    """The mail with its body and attachments. Raises `Unreadable` when it is damaged."""
    try:
        with OleFileIO(io.BytesIO(source.data)) as file:
            message = _mail(Storage.from_ole(file), _TOP, 0)
        return mail.taken_apart(source, FORMAT, message)
    except (OSError, KeyError, ValueError, LookupError, struct.error, RecursionError) as error:
        raise Unreadable(f"{source.name} is a damaged Outlook mail; ask the sender for it again.") from error


def _mail(storage: Storage, offset: int, depth: int) -> EmailMessage:
    properties = Properties(storage, properties_header_offset=offset)
    message = EmailMessage()
    message["Subject"] = _line(properties, _SUBJECT)
    sender = _address(_line(properties, _SENDER), _line(properties, _SMTP) or _line(properties, _ADDRESS))
    if sender is not None:
        message["From"] = sender
    message["To"] = _line(properties, _TO).replace("'", "").replace(";", ",").replace("@", " at ")
    text, html = _text(properties, _BODY), _html(properties)
    if text or not html:
        message.set_content(text or "")
    if html and text:
        message.add_alternative(html, subtype="html")
    elif html:
        message.set_content(html, subtype="html")
    for attached in storage.iter_attachment_storages():
        _attach(message, attached, depth)
    return message


def _attach(message: EmailMessage, storage: Storage, depth: int) -> None:
    """Add an attachment: a mail as a mail, a picture that the body shows as such, anything else as a file."""
    inner = next((s for s in storage.storages if s.name == _EMBEDDED), None)
    properties = Properties(storage, properties_header_offset=_ATTACHED)
    if inner is not None:
        if depth < MAX_DEPTH:
            message.add_attachment(_mail(inner, _INNER, depth + 1))
        return
    data = properties.binary_prop_value(_DATA)
    name = _line(properties, _NAME) or _line(properties, _SHORT_NAME)
    main, _, sub = (_line(properties, _TYPE) or "application/octet-stream").partition("/")
    if data:
        shown = _line(properties, _CONTENT_ID)
        inline = main == "image" and shown
        message.add_attachment(data, maintype=main, subtype=sub or "octet-stream", filename=name, cid=f"<{shown}>" if inline else None)
        if inline:
            list(message.iter_attachments())[-1].replace_header("Content-Disposition", "inline")


def _text(properties: Properties, pid: int) -> str:
    return properties.str_prop_value(pid) or ""


def _line(properties: Properties, pid: int) -> str:
    """A property as one line without control characters, as a header takes it."""
    return "".join(c for c in " ".join(_text(properties, pid).split()) if c.isprintable())[:300]


def _html(properties: Properties) -> str:
    data = properties.binary_prop_value(_HTML)
    if not data:
        return _text(properties, _BODY_HTML)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode(properties.body_encoding, "replace")


def _address(name: str, address: str) -> Address | str | None:
    try:
        return Address(name, addr_spec=address) if "@" in address else name.replace("@", " at ") or None
    except (ValueError, IndexError):  # an address that the standard does not allow
        return name or None
