"""The parties of laid-out text: labelled blocks, and for an order that a buyer issued its letterhead and its addressee.

Who an unlabelled name belongs to is decided by what else the paper says of it: the buyer's name heads the paper, stands small above the
addressee (DIN 5008), in the footer, at the delivery and the billing address, and in the mail addresses; the supplier's does not.
"Buyer" labels the buying company on one form and the purchasing agent on another: a person's name is the requester's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from signoff.domain.reading import Region, Witness
from signoff.tools.orders.draft import Draft
from signoff.tools.orders.labels import fold
from signoff.tools.orders.layout_blocks import Block, address_blocks, is_name, same_name, sender
from signoff.tools.orders.layout_cells import Cell, Line
from signoff.tools.orders.layout_fields import RIVALS
from signoff.tools.orders.layout_header import Found
from signoff.tools.orders.layout_labels import label_of, parted
from signoff.tools.orders.layout_named import greeted, grouped, numbered, run_on, signed
from signoff.tools.orders.layout_values import name
from signoff.tools.orders.party_words import COMPANY, DESK, STREET

ELSEWHERE = frozenset({"foot", "sender", "invoice_to", "ship_to", "web"})
"""Signs that are the name printed once more."""
PARTIES = ("supplier", "buyer", "ship_to", "invoice_to")
HEAD, FOOT, ENOUGH, MOST_TAIL = 0.3, 0.85, 1.5, 2
"""Where on the page a letterhead ends and a footer begins; the weight of signs from which on a name is the buyer's; and how many words of a
name, its legal form among them, may stand on its second line."""
_ID = re.compile(r"^(?P<id>(?=\S*\d)[\w./]{2,14})\s+(?P<mark>[-–:]\s*)?(?P<name>[^\W\d_].*)$")
_WEB = re.compile(r"(?:@|www\.|https?://)((?:[\w-]+\.)*)([\w-]{3,})\.[a-z]{2,}", re.IGNORECASE)


@dataclass(slots=True)
class Named:
    """A name that may be the buyer's: where it stands first, and the weight of the signs for it."""

    cell: Cell
    labelled: bool = False
    weight: float = 0.0
    signs: list[str] = field(default_factory=list)

    def sign(self, what: str, weight: float) -> None:
        if what not in self.signs:
            self.signs.append(what)
            self.weight += weight

    @property
    def repeated(self) -> bool:
        """Whether the name is printed again; where it stands first at the place of delivery or billing, that is no second time."""
        return len(ELSEWHERE & set(self.signs)) > self.labelled


def parties(draft: Draft, lines: Sequence[Line], values: list[Found], table_top: int) -> None:
    """Put every party that the document names, and the requester."""
    lines = parted(lines)
    values = [*grouped(values, lines), *numbered(lines[:table_top]), *run_on(lines[:table_top])]
    blocks = address_blocks(lines, table_top)
    for party in PARTIES:
        for leaf in ("id", "tax_id", "bank_account"):
            _put(draft, f"/{party}/{leaf}", values)
        _name(draft, party, values, blocks)
    _requester(draft, values, blocks)
    _unlabelled(draft, lines, values, blocks, table_top)
    _swapped(draft)


def _put(draft: Draft, pointer: str, values: list[Found]) -> None:
    best = max((v for v in values if v.pointer == pointer), key=lambda v: v.strength, default=None)
    if best is not None:
        draft.put(pointer, best.value, best.cell.evidence(best.region, best.label.text if best.label else None))


def _name(draft: Draft, party: str, values: list[Found], blocks: list[Block]) -> None:
    """The best labelled name of a party; a second supplier that is labelled as well leaves a notice."""
    pointer = f"/{party}/name"
    ranked = sorted((v for v in values if v.pointer == pointer), key=lambda v: (is_person(str(v.value)), -v.strength))
    named = [(value, *read) for value in ranked if (read := _read(value, party, blocks)) is not None]
    if not named:
        return
    best, text, number, cell = named[0]
    evidence = cell.evidence(best.region, best.label.text if best.label else None)
    draft.put(pointer, text, evidence)
    draft.put(f"/{party}/id", number, evidence)
    if any(same_name(other, text) and value.line != best.line for value, other, _, _ in named[1:]):
        draft.witness(pointer, Witness.REPEATED)
    rivals = [o for v, o, _, _ in named[1:] if v.strength >= best.strength - RIVALS and not same_name(o, text) and not is_person(o)]
    if party == "supplier" and rivals:
        message = f"The document names {text[:60]!r} and {rivals[0][:60]!r} as the supplier; say which of them it is."
        draft.notice("readings_disagree", pointer, message, text=rivals[0])


def _read(value: Found, party: str, blocks: list[Block]) -> tuple[str, str | None, Cell] | None:
    """The company's name in a labelled value, the number printed before it, and their cell; nothing for a person, a desk or a street."""
    cell = _company(value.cell, blocks, labelled=True)
    if cell is None or DESK.match(cell.text) or not any(c.isalpha() for c in cell.text) or (party == "buyer" and _single(cell, blocks)):
        return None
    numbered = _ID.match(cell.text)
    if numbered and not numbered["mark"] and not COMPANY.search(numbered["name"]):
        numbered = None
    text = name(numbered["name"] if numbered else cell.text)
    if text is None or (party in ("supplier", "buyer") and is_address(text)):
        return None
    return text, numbered["id"] if numbered else None, cell


def _company(cell: Cell, blocks: list[Block], labelled: bool = False) -> Cell | None:
    """The name a block begins with, its legal form on the second line with it; the next line where the first names a person or a desk."""
    below = next((b.below(cell) for b in blocks if b.holds(cell)), [])
    if DESK.match(cell.text):
        return next((c for c in below[:2] if is_name(c) and not DESK.match(c.text)), None)
    following = below[0] if below else None
    whole = COMPANY.search(cell.text) and not cell.text.endswith("&")
    if whole or following is None or not COMPANY.search(following.text) or any(c.isdigit() for c in following.text):
        return cell
    if len(following.words) > MOST_TAIL and not cell.text.endswith("&"):
        return following if labelled and is_person(cell.text) else cell
    return Cell((*cell.words, *following.words), cell.page) if label_of(following) is None else cell


def _single(cell: Cell, blocks: list[Block]) -> bool:
    """Whether a name is a person's: it has the form of one, and no address stands below it."""
    written = cell.text.title() if cell.text.isupper() else cell.text
    return is_person(written) and not any(b.holds(cell) and b.has_address for b in blocks)


def _under(cell: Cell, head: Cell) -> bool:
    """Whether a cell stands in the block that a name heads: flush with it and a few lines below."""
    return cell.page == head.page and abs(cell.left - head.left) < 4 and 0 <= cell.top - head.top < 9 * max(head.height, 6.0)


def _stands(cell: Cell, draft: Draft) -> bool:
    """Whether the cell is where the buyer's name was read."""
    evidence = draft.evidence.get("/buyer/name")
    return evidence is not None and evidence.page == cell.page and evidence.box is not None and abs(evidence.box[1] - cell.top) < 2


def is_address(text: str) -> bool:
    """Whether a text is a street or a place rather than a name: digits or a word for a street stand in it, and no legal form."""
    if STREET.search(text) and not COMPANY.search(text):
        return True
    return any(c.isdigit() for c in re.sub(r"\(.*?\)", "", text)) and not COMPANY.search(text)


def is_person(text: str) -> bool:
    """Whether a text has the form of a person's name rather than a company's."""
    words = text.replace(",", " ").split()
    named = all(w[:1].isupper() and w.replace(".", "").replace("-", "").replace("'", "").isalpha() for w in words)
    return named and 2 <= len(words) <= 3 and not COMPANY.search(text) and not text.isupper()


def _requester(draft: Draft, values: list[Found], blocks: list[Block]) -> None:
    """Who asked: the labelled person, or the buyer that is one; a contact in the supplier's own block is the supplier's."""
    theirs = [v.cell for v in values if v.pointer == "/supplier/name"]
    labelled = [v for v in values if v.pointer == "/requester" and not any(_under(v.label or v.cell, c) for c in theirs)]
    buyers = [v for v in values if v.pointer == "/buyer/name" and _single(v.cell, blocks)]
    best = max(labelled or buyers, key=lambda v: v.strength, default=None)
    if best is not None:
        draft.put("/requester", best.value, best.cell.evidence(best.region, best.label.text if best.label else None))


def _unlabelled(draft: Draft, lines: Sequence[Line], values: list[Found], blocks: list[Block], table_top: int) -> None:
    """The buyer from the signs for it, then the supplier as the one whom the paper is addressed to."""
    signatures = signed(lines)
    named = _candidates(lines, blocks, [v.cell for v in values if v.pointer in ("/invoice_to/name", "/ship_to/name")], signatures)
    _weigh(named, lines, draft.tree, table_top)
    for each in named:
        if any(same_name(each.cell.text, c.text) for c in signatures):
            each.sign("signature", 2.0)
    _buyer(draft, named)
    buyer = str(draft.tree.get("buyer", {}).get("name", ""))
    greeting = greeted(lines[:table_top]) if "name" not in draft.tree.get("supplier", {}) else None
    if greeting is not None and not (buyer and same_name(greeting.value, buyer)):
        draft.put("/supplier/name", greeting.value, greeting.cell.evidence(Region.HEADER, greeting.words))
    if buyer and "name" not in draft.tree.get("supplier", {}):
        addressee = _addressee(named, blocks, buyer, draft.tree)
        if addressee is not None:
            told = "/buyer/name" in draft.witnesses or draft.evidence["/buyer/name"].label is not None
            sure = told and not is_person(addressee.text)
            draft.put("/supplier/name", addressee.text, addressee.evidence(Region.HEADER, "addressee" if sure else None))


def _buyer(draft: Draft, named: list[Named]) -> None:
    """The buyer where no label names it: the name with the most signs, else the one that is billed; and whether it is printed again."""
    stated, supplier, billed = (str(draft.tree.get(p, {}).get("name", "")) for p in ("buyer", "supplier", "invoice_to"))
    if stated:
        if any(same_name(n.cell.text, stated) and not _stands(n.cell, draft) for n in named):
            draft.witness("/buyer/name", Witness.REPEATED)
        return
    others = [n for n in named if not supplier or not same_name(n.cell.text, supplier)]
    best = max(others, key=lambda n: n.weight, default=None)
    if best is not None and best.weight >= ENOUGH:
        draft.put("/buyer/name", best.cell.text, best.cell.evidence(Region.HEADER))
        if best.repeated:
            draft.witness("/buyer/name", Witness.REPEATED)
    elif billed and not is_address(billed):
        draft.put("/buyer/name", billed, draft.evidence["/invoice_to/name"])


def _candidates(lines: Sequence[Line], blocks: list[Block], labelled: list[Cell], signatures: Sequence[Cell]) -> list[Named]:
    """The names that may be the buyer's: those without a label that head an address block or the paper, then those of delivery, bill and
    signature."""
    height = lines[0].height_of_page
    heads = [sender(b.cells[0]) for b in blocks if b.label is None and (b.has_address or b.cells[0].top < HEAD * height)]
    found: list[Named] = []
    whole = [*sorted((_company(c, blocks) or c for c in heads), key=lambda c: (c.top, c.left)), *map(sender, [*labelled, *signatures])]
    for cell in filter(is_name, whole):
        if not is_address(cell.text) and not DESK.match(cell.text) and not any(same_name(n.cell.text, cell.text) for n in found):
            found.append(Named(cell, any(cell.page == c.page and cell.top == c.top and cell.left == c.left for c in labelled)))
    return found


def _weigh(named: list[Named], lines: Sequence[Line], tree: dict[str, dict[str, object]], table_top: int) -> None:
    """The signs that a name is the buyer's, each counted once."""
    first = [line for line in lines if line.page == lines[0].page]
    usual = median([c.height for line in first for c in line.cells])
    webs = {m[2].lower() for line in lines[:400] for w in line.words for m in [_WEB.search(w.text)] if m}
    foot = [c.text for line in first[table_top:] if line.top > FOOT * line.height_of_page for c in line.cells]
    foot += [c.text for line in first[table_top:][-6:] for c in line.cells]
    small = [c for line in first[:table_top] for c in line.cells if sender(c) is not c]
    highest = min((n.cell.top for n in named if n.cell.page == lines[0].page), default=0.0)
    for each in named:
        text = each.cell.text
        if COMPANY.search(text):
            each.sign("form", 0.5)
        if each.cell.top <= highest + 2:
            each.sign("head", 1.5 if _capital(text) else 1.0)
        if each.cell.height > 1.25 * usual:
            each.sign("large", 1.0)
        if any(begins(other, text) for other in foot):
            each.sign("foot", 2.0)
        if any(begins(c.text, text) for c in small):
            each.sign("sender", 2.0)
        for party, weight in (("invoice_to", 2.0), ("ship_to", 1.5)):
            other = str(tree.get(party, {}).get("name", ""))
            if other and same_name(other, text):
                each.sign(party, weight)
        if any(_of(web, text) for web in webs):
            each.sign("web", 1.0)


def _capital(text: str) -> bool:
    """Whether a text of two words or more is written as a name is: most words with a capital, and not all in capitals."""
    words = [w for w in text.split() if w.isalpha()]
    return len(words) > 1 and not text.isupper() and sum(w[:1].isupper() for w in words) >= 0.5 * len(words)


def begins(text: str, name: str) -> bool:
    """Whether a text begins with a name, or holds it behind a mark."""
    own, whole = fold(name), fold(text)
    return len(own) > 3 and (whole == own or whole.startswith(own + " "))


def _of(web: str, text: str) -> bool:
    """Whether a domain is made of the name: of its first word, or its words run together."""
    words = fold(text).split()
    bare = re.sub(r"[^a-z0-9]", "", web)
    return bool(words) and (bare == words[0] or "".join(words).startswith(bare) or (len(words[0]) > 3 and bare.startswith(words[0])))


def _addressee(named: list[Named], blocks: list[Block], buyer: str, tree: dict[str, dict[str, object]]) -> Cell | None:
    """The one to whom the paper is addressed: the head of an address block without a label that is not the buyer's nor a place of delivery.

    An order is a letter, and a letter's addressee stands there (DIN 5008, ISO 11180); when two blocks could be it, none is.
    """
    taken = [buyer, *(str(tree.get(p, {}).get("name", "")) for p in ("ship_to", "invoice_to"))]
    heads = {id(b.cells[0]) for b in blocks if b.label is None and b.has_address}
    rest = [n for n in named if id(n.cell) in heads and not any(t and same_name(n.cell.text, t) for t in taken)]
    plain = [n for n in rest if not {"foot", "sender", "web"} & set(n.signs)] or rest
    companies = [n for n in plain if COMPANY.search(n.cell.text)] or [n for n in plain if not is_person(n.cell.text)] or plain
    return companies[0].cell if len(companies) == 1 else None


def _swapped(draft: Draft) -> None:
    """One name for both parties is none: who buys of whom must be said by a person."""
    tree = draft.tree
    supplier, buyer = (str(tree.get(p, {}).get("name", "")) for p in ("supplier", "buyer"))
    if supplier and buyer and same_name(supplier, buyer):
        message = f"{supplier[:60]!r} is named as the supplier and as the buyer; say which of them it is."
        draft.notice("readings_disagree", "/supplier", message, text=supplier)
