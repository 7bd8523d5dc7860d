"""A mail's body in plain text and in HTML: what the sender's program wrote twice should say the same.

Programs differ in what they leave out of the plain text, so that one may say less. That each says a figure which the other does not is a
contradiction: whoever reads one of them reads another order.
"""

from __future__ import annotations

import re

from signoff.domain.errors import Unreadable
from signoff.domain.reading import Evidence, Notice
from signoff.tools.documents.document import Source

_FIGURE = re.compile(r"\d(?:[\d.,'’]*\d)?")
_LINK = re.compile(r"<?(?:https?://|www\.|mailto:|cid:)\S+|\[[^\]\n]{0,80}\]|\S+@\S+", re.IGNORECASE)
_MARKS = str.maketrans("", "", ".,'’")
SHOWN = 5


class Twins:
    """The figures that the plain text and the HTML show; both UTF-8."""

    def __init__(self, plain: bytes, html: bytes) -> None:
        self.plain = _figures(plain.decode("utf-8", "replace"))
        self.html = _figures(_seen(html))

    @property
    def html_says_more(self) -> bool:
        """Whether the HTML says all that the plain text says, and figures that it leaves out."""
        return self.plain < self.html

    def contradiction(self) -> Notice | None:
        """What says that each has a figure which the other has not."""
        only = [sorted(own - other)[:SHOWN] for own, other in ((self.plain, self.html), (self.html, self.plain))]
        if not all(only):
            return None
        text, page = (", ".join(figures) for figures in only)
        message = f"The mail says one thing as text ({text}) and another as HTML ({page}); ask the sender which is meant."
        return Notice(code="readings_disagree", message=message, evidence=Evidence(text=f"{text} / {page}"[:400], where="body"))


def _seen(page: bytes) -> str:
    """What a browser shows of the HTML."""
    from signoff.tools.documents import html  # loaded where a mail has two bodies

    try:
        return "\n".join(" ".join(w.text for w in p.words) for p in html.open(Source("body.html", page)).pages)
    except Unreadable:
        return ""


def _figures(text: str) -> frozenset[str]:
    return frozenset(figure.translate(_MARKS) for figure in _FIGURE.findall(_LINK.sub(" ", text)))
