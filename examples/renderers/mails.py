"""Mails as they arrive in purchasing: with an attached order of any format, or with the order in the body (RFC 5322, MIME)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP

from source import Paper

from renderers.papers import text

TYPES = {
    "pdf": ("application", "pdf"),
    "xml": ("application", "xml"),
    "edi": ("application", "edifact"),
    "x12": ("application", "edi-x12"),
    "docx": ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
}


def render(paper: Paper, renderers: Mapping[str, Callable[[Paper], bytes]]) -> bytes:
    """The mail; `options.attach` names the attachment and its renderer, without it the order stands in the body."""
    options, order = paper.options, paper.orders[0]
    mail = EmailMessage(policy=SMTP)
    mail["From"] = options["from"]
    mail["To"] = "orders@halvermoor.example"
    mail["Date"] = f"{order.issue_date:%a, %d %b %Y} 09:12:00 +0100"
    mail["Subject"] = options["subject"]
    mail["Message-ID"] = f"<{order.order_number}@halvermoor.example>"
    attach = options.get("attach")
    mail.set_content(options.get("body", "") if attach else options.get("body", "") + "\n" + text(paper), cte="quoted-printable")
    if attach:
        inner = replace(paper, render=attach["render"], options=attach.get("options", {}))
        maintype, subtype = TYPES[attach["name"].rsplit(".", 1)[-1]]
        mail.add_attachment(renderers[attach["render"]](inner), maintype=maintype, subtype=subtype, filename=attach["name"])
        mail.set_boundary(f"=_{order.order_number}")
    return mail.as_bytes()
