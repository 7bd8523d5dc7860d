"""A contract's paper read by rules: its clauses, and the terms that stand in them, each with its quote. No model, nothing of the present.

A family of terms is one file with one function, `read(paper, known)`, which yields terms, and doubts as sentences; `known` is what the
families before it found. What may be read two ways is a doubt and no term: a person says which.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence

from signoff.domain.agreement import Agreement, FoundTerm
from signoff.tools.agreements import dates, delivery, ending, money, parties, references, renewal, restrictions
from signoff.tools.agreements.clause_text import ClauseText
from signoff.tools.agreements.running_text import running_text
from signoff.tools.agreements.splitting import Split, split
from signoff.tools.documents.document import Document
from signoff.tools.orders.layout_dates import american_texts
from signoff.tools.orders.values import DateOrder, date_order

Family = Callable[[ClauseText, Sequence[FoundTerm]], Iterator[FoundTerm | str]]
FAMILIES: tuple[Family, ...] = (
    parties.read,
    dates.read,
    ending.read,
    renewal.read,
    money.read,
    restrictions.read,
    delivery.read,
    references.read,
)
_NUMERIC = re.compile(r"(?<![\d./-])\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})(?![\d/-])")
_TITLE = re.compile(
    r"(?:[A-ZÀ-Þ&][\w&'’/,()-]*[ ]+(?:(?:and|of|for)[ ]+)?){0,9}?(?:AGREEMENT|Agreement|CONTRACT|Contract|AMENDMENT|Amendment"
    r"|ADDENDUM|Addendum"
    r"|\w*(?:vertrag|vereinbarung|VERTRAG|VEREINBARUNG)|Vertrag|Vereinbarung)\b"
)
_NOT_TITLE = re.compile(r"^(?:(?:exhibit|ex|execution|copy|version|page|this|the|annex)\b[\s\d.()A-Z-]{0,12}?\s+(?=[A-Z]))+", re.IGNORECASE)


def read_agreement(document: Document) -> Agreement:
    """The document's clauses and terms; prices are read by `prices.py`. A paper without text has no clauses."""
    whole = split(running_text(document))
    paper = ClauseText(whole, _order(whole))
    found: list[FoundTerm] = []
    doubts: list[str] = []
    for family in FAMILIES:
        for said in family(paper, tuple(found)):
            (doubts if isinstance(said, str) else found).append(said)  # type: ignore[arg-type]
    return Agreement(
        source=document.name,
        sha256=hashlib.sha256(document.data).hexdigest(),
        title=_title(whole),
        clauses=whole.clauses,
        terms=tuple(found),
        notices=tuple(doubts) if whole.clauses else (),
    )


def _order(whole: Split) -> DateOrder | None:
    """The order of day and month that the paper's own dates prove, else that of the country it is of."""
    texts = [m[0] for m in _NUMERIC.finditer(whole.running.text)]
    if not texts:
        return None
    return date_order(texts) or ("mdy" if american_texts([c.text for c in whole.clauses]) else None)


def _title(whole: Split) -> str | None:
    """What the first lines call the paper."""
    found = _TITLE.search(whole.running.text, 0, 1500)
    title = _NOT_TITLE.sub("", " ".join(found[0].split())) if found else ""
    return title[:200] or None
