"""Orders as mails: in the body, or attached (RFC 5322, MIME)."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

from signoff.evals.generating.layout import Layout
from signoff.evals.generating.paper import Order

DAYS, MONTHS = (
    ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
)
GREETINGS = {
    "en": "Good morning,\n\nplease find our order {}.\n\nKind regards",
    "de": "Guten Tag,\n\nanbei unsere Bestellung {}.\n\nMit freundlichen Grüßen",
    "fr": "Bonjour,\n\nveuillez trouver notre commande {}.\n\nCordialement",
    "es": "Buenos días:\n\nles enviamos nuestro pedido {}.\n\nUn saludo",
    "it": "Buongiorno,\n\nin allegato il nostro ordine {}.\n\nCordiali saluti",
    "nl": "Goedendag,\n\nhierbij onze bestelling {}.\n\nMet vriendelijke groet",
}
LOOKALIKE = "{title} {number}"


def render(order: Order, layout: Layout, body: bytes, attach: tuple[str, bytes] | None) -> bytes:
    """A mail with `body` as its text; with `attach` (a file name and its bytes) a greeting and the file."""
    title = layout.word("title" if order.kind == "order" else order.kind)
    mail = EmailMessage(policy=SMTP)
    sender = "sales@vendor.example" if order.kind in ("invoice", "quotation", "response") else "purchasing@buyer.example"
    mail["From"], mail["To"] = sender, "orders@buyer.example"
    mail["Date"] = f"{DAYS[order.date.weekday()]}, {order.date.day:02} {MONTHS[order.date.month - 1]} {order.date.year} 09:12:00 +0100"
    mail["Subject"] = f"{title} {order.number or ''}".strip()
    mail["Message-ID"] = f"<{order.date:%Y%m%d}.{order.number or 'none'}@buyer.example>".replace("/", "-")
    if attach is None:
        mail.set_content(body.decode(), cte="quoted-printable")
        return mail.as_bytes()
    text = GREETINGS[layout.language].format(order.number or "") if order.kind == "order" else f"{title} {order.number}"
    mail.set_content(text + "\n", cte="quoted-printable")
    mail.add_attachment(attach[1], maintype="application", subtype="pdf", filename=attach[0])
    mail.set_boundary("=_signoff")
    return mail.as_bytes()
