"""`signoff why`: the story of a case in words that a buyer understands, told from its events and what its steps came to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from signoff.domain.advice import ContractAdvice, Extraction, RoutingAdvice
from signoff.domain.autonomy import Permit
from signoff.domain.checks.verify import Verification
from signoff.domain.findings import Finding
from signoff.domain.money import shown
from signoff.domain.reading import Verdict
from signoff.domain.record import Record
from signoff.domain.stages import Check, Route
from signoff.domain.states import WAITING
from signoff.domain.vendor import VendorMatch
from signoff.graph.conversing import questions
from signoff.graph.desk import Desk
from signoff.graph.gates import APPROVE, EXCEPTIONS, REVIEW, gate_name
from signoff.graph.services import Services
from signoff.graph.store.rows import Event

HOW = {"id": "by its vendor number", "tax_id": "by its tax id", "gs1_id": "by its GS1 number (GLN)", "name": "by its name"}

KNOWN = {"password": " (signed in by password)", "login": " (signed in)", "token": " (signed in by a token)"}
ASKED = {"review.asked": REVIEW, "exceptions.asked": EXCEPTIONS, "approval.asked": APPROVE}


@dataclass(frozen=True)
class Told:
    """One sentence or more of the story: when, by whom, what."""

    at: str
    actor: str
    text: str


class Story:
    """The story of one case."""

    def __init__(self, services: Services, number: int) -> None:
        self.services, self.number = services, number
        self.desk = Desk(services, number)

    def told(self) -> Iterator[Told]:
        """From the first event to the last, then what happens next."""
        for event in self.services.store.events.of_case(self.number):
            self.desk.revision = event.body.get("revision", 0)
            tell = TELLERS.get(event.type)
            for text in tell(self, event) if tell else ():
                yield Told(event.at, self.name(event.actor), text)
        self.desk = Desk(self.services, self.number)
        yield Told("", "", self.next_step())

    def name(self, actor: str) -> str:
        person = self.services.people.get(actor)
        return f"{person.name} ({actor})" if person else actor

    def step(self, step: str, kind: type[Record]) -> Record | None:
        return self.desk.find(step, kind)

    def received(self, event: Event) -> Iterator[str]:
        member = f", attachment {event.body['member']}" if event.body["member"] else ""
        yield f"Taken in from {event.body['source']}{member}, part {event.body['part']} (document {event.body['document'][:12]}…)."

    def read(self, event: Event) -> Iterator[str]:
        draft = self.desk.drafted()
        order = draft.order
        what = f"{order.order_type} {order.order_number or 'without a number'} of {order.issue_date or 'no date'}"
        who = f"from {order.buyer.name or 'an unnamed buyer'} to {order.supplier.name or order.supplier.id or 'nobody named'}"
        size = f"{_count(len(order.lines), 'line')}, {shown(order.amount, order.currency)}"
        yield f"Read from a {draft.format} document ({draft.lane}): {what} {who}, {size}."
        if draft.layout is not None:
            yield f"Read a second time by what corrections taught of its layout (layout {draft.layout})."

    def extracted(self, event: Event) -> Iterator[str]:
        found = self.desk.load("extracted", Extraction)
        if found.failed:
            yield f"The extraction agent could not look at what was open: {found.failed}"
            return
        values = "; ".join(f"{f.pointer} {f.value[:60]!r}{'' if f.evidence else ' (not found on the paper)'}" for f in found.fields[:12])
        more = f" and {len(found.fields) - 12} more" if len(found.fields) > 12 else ""
        yield f"The extraction agent looked at what was open: {values or 'it found nothing'}{more}. A person confirms what it read."

    def contract_advised(self, event: Event) -> Iterator[str]:
        found = self.desk.load("contract_advice", ContractAdvice)
        if found.failed:
            yield f"The contract agent could not look at the order: {found.failed}"
            return
        yield f"The contract agent looked at what code could not compare: {_count(len(found.findings), 'finding')} of its own."
        yield from (f"  It takes line {m.line + 1} for agreed item {m.item + 1}: {m.why}" for m in found.matches)

    def route_advised(self, event: Event) -> Iterator[str]:
        found = self.desk.load("routing_advice", RoutingAdvice)
        if found.failed:
            yield f"The routing agent could not look at the order: {found.failed}"
            return
        said = [f"category {found.category}" if found.category else "", f"cost centre {found.cost_center}" if found.cost_center else ""]
        said += [f"{r.role or r.person} should look ({r.why})" for r in found.reviewers]
        yield f"The routing agent briefed those who sign{': ' if any(said) else ''}{', '.join(filter(None, said))}."

    def verified(self, event: Event) -> Iterator[str]:
        reading = self.desk.load("verification", Verification)
        if reading.reading.verdict is Verdict.CLEAR:
            sure = f"confidence {reading.reading.confidence:.3f}"
            yield f"Every critical field was found again in the document and the figures agree ({sure})."
        else:
            yield f"The reading is doubtful: {', '.join(reading.reading.reasons)}."
        if number := event.body.get("certificate"):
            least = self.desk.load("permit", Permit).at_least
            yield f"Certificate {number} covers readings with a confidence of {least:.4f} or more: signoff autonomy show"
        yield from self.findings(reading.findings)

    def drawn(self, event: Event) -> Iterator[str]:
        yield "Drawn for an audit of what passed without a person."

    def audited(self, event: Event) -> Iterator[str]:
        note = f": {event.body['note']}" if event.body["note"] else ""
        yield f"{self.name(event.actor)} audited the reading and found it {'wrong' if event.body['wrong'] else 'right'}{note}."

    def accepted_reading(self, event: Event) -> Iterator[str]:
        yield "The reading needs nobody." if event.actor == "signoff" else f"{self.name(event.actor)} accepted the reading."

    def matched(self, event: Event) -> Iterator[str]:
        match = self.desk.load("match", VendorMatch)
        vendor = self.services.vendors.get(match.vendor_id or "")
        if vendor:
            yield f"The supplier is {vendor.name} ({vendor.vendor_id}, {vendor.status}), found {HOW.get(match.how, match.how)}."
        else:
            yield "The supplier is not in the vendor master."

    def checked(self, event: Event) -> Iterator[str]:
        check = self.desk.load("check", Check)
        against = f"contract {check.contract_id}" if check.contract_id else "no contract"
        against += "".join(f", amended by {name}" for name in event.body.get("amended_by", ()))
        yield f"Checked against {against}, purchase history and budget: {_count(len(check.findings), 'finding')}."
        yield from self.findings(check.findings)

    def findings(self, findings: tuple[Finding, ...]) -> Iterator[str]:
        for f in findings:
            sides = f" Expected {f.expected}, found {f.actual}." if f.expected and f.actual else ""
            stake = f" At stake: {f.amount}." if f.amount is not None else ""
            yield f"  {f.severity}: {f.message}{sides}{stake}{_clause(f)} [{f.code}]"

    def asked(self, event: Event) -> Iterator[str]:
        gate = gate_name(self.desk, ASKED[event.type], event.body.get("step", 0))
        for t in self.services.store.tasks.of_gate(gate):
            yield f"Asked {t.label} ({', '.join(self.name(c) for c in t.candidates)}): {t.summary}"

    def answered(self, event: Event) -> Iterator[str]:
        note = f" Note: {event.body['note']}" if event.body["note"] else ""
        edits = "".join(f" {p} is {v or 'empty'}." for p, v in event.body["edits"].items())
        behalf = dict.fromkeys(event.body.get("on_behalf_of", {}).values())
        place = f" in place of {' and '.join(map(self.name, behalf))}" if behalf else ""
        known = KNOWN.get(event.body.get("signed_in", {}).get("how"), "")
        like = f" It is like {alike}, which they looked at." if (alike := event.body.get("alike")) else ""
        yield f"{self.name(event.actor)}{known} answered{place}: {event.body['decision'].replace('_', ' ')}.{edits}{note}{like}"

    def commented(self, event: Event) -> Iterator[str]:
        yield f"{self.name(event.actor)} remarked: {event.body['text']}"

    def forwarded(self, event: Event) -> Iterator[str]:
        note = f" Note: {event.body['note']}" if event.body["note"] else ""
        yield f"{self.name(event.actor)} gave it to {self.name(event.body['person'])} to answer in their place.{note}"

    def inquired(self, event: Event) -> Iterator[str]:
        body = event.body
        yield f"{self.name(event.actor)} asked {self.name(body['person'])}: {body['text']}  (Until the answer, time stands still.)"

    def replied(self, event: Event) -> Iterator[str]:
        behalf = event.body["on_behalf_of"]
        place = f" in place of {self.name(behalf)}" if behalf else ""
        yield f"{self.name(event.actor)} answered the question{place}: {event.body['text']}"

    def dropped(self, event: Event) -> Iterator[str]:
        count = len(event.body["tasks"])
        yield f"{_count(count, 'question')} that nobody had answered {'is' if count == 1 else 'are'} closed with it."

    def notified(self, event: Event) -> Iterator[str]:
        people = event.body["people"]
        of_what = "reminded" if event.type == "task.reminded" else "told of it"
        yield f"{self._all(people) or 'Nobody'} {'were' if len(people) > 1 else 'was'} {of_what}."

    def escalated(self, event: Event) -> Iterator[str]:
        late = "It was not answered in time" if event.body["because"] == "overdue" else "Whoever is asked is away, and nobody stands in"
        stand_ins = event.body["standing"][str(event.body["task"])].get("stand_ins", [])
        new = [s for s in stand_ins if s["person"] in event.body["people"]]
        also = " and ".join(f"{self.name(s['person'])} in place of {self.name(s['principal'])}" for s in new)
        yield f"{late}; {f'also asked: {also}' if also else 'nobody is left above them to ask'}."

    def _all(self, people: list[str]) -> str:
        return " and ".join(map(self.name, people))

    def learned(self, event: Event) -> Iterator[str]:
        body = event.body
        if body["learned"]:
            taught = "; ".join(f"{pointer} stands {where}" for pointer, where in body["learned"].items())
            yield f"Learned for papers of {body['sender']} in this layout (layout {body['layout']}): {taught}."
        yield from (f"  {pointer} {where} no longer counts." for pointer, where in body["replaced"].items())
        yield from (f"  Nothing was learned of {pointer}: {why}." for pointer, why in body["untaught"].items())

    def accepted(self, event: Event) -> Iterator[str]:
        yield "Nothing blocks the order." if event.actor == "signoff" else "The exceptions were accepted."

    def routed(self, event: Event) -> Iterator[str]:
        route = self.desk.load("route", Route)
        yield f"Routed by policy {route.policy_hash[:12]}: {'; '.join(route.rules)}."
        yield from self.findings(route.findings)
        for i, step in enumerate(route.steps, 1):
            who = (" or " if step.any_of else " and ").join(a.label for a in step.approvers)
            yield f"  sign-off {i}: {who}, because {step.why}"

    def approved(self, event: Event) -> Iterator[str]:
        yield "Approved by policy; nobody has to sign." if event.actor == "policy" else "Approved: every sign-off is given."

    def requested(self, event: Event) -> Iterator[str]:
        yield f"Posting requested at the {event.body['erp']} ERP ({event.body['action']}, key {event.body['key']})."

    def differed(self, event: Event) -> Iterator[str]:
        told = (f"{d['field']} {d['actual']} instead of {d['expected']}" for d in event.body["differences"])
        yield f"The {event.body['erp']} ERP holds {event.body['erp_id']} otherwise than it was approved: {'; '.join(told)}."

    def posted(self, event: Event) -> Iterator[str]:
        yield f"Posted as {event.body['erp_id']}; what the ERP holds was read back and agrees."

    def revised(self, event: Event) -> Iterator[str]:
        yield "The order is checked again from the start; what was decided, asked or given on about it before no longer counts."

    def ended(self, event: Event) -> Iterator[str]:
        yield event.body["reason"]

    def deferred(self, event: Event) -> Iterator[str]:
        yield f"Put off for {event.body['seconds']} seconds: {event.body['because']}"

    def retried(self, event: Event) -> Iterator[str]:
        yield "Taken up again where it broke off."

    def next_step(self) -> str:
        """Where the case stands, and what whoever reads this can do."""
        case = self.desk.case
        if case.state not in WAITING:
            return f"Case {case.case_id} is {case.state.replace('_', ' ')}."
        task = next((t for t in self.services.store.tasks.of_case(self.number) if t.pending), None)
        who = f"--as {task.candidates[0]} --task {task.task_id}" if task else "--as PERSON"
        asked = questions(self.services.store.tasks.of_case(self.number))
        if asked and task is not None:
            names = " and ".join(self.name(t.candidates[0]) for t in asked)
            return f"It waits for an answer of {names}. Next: signoff answer {case.case_id} --as {asked[0].candidates[0]} --text ..."
        return f"Next: signoff decide {case.case_id} {who} --approve  # or --reject, --edit /pointer=value, --send-back"


def _clause(found: Finding) -> str:
    """Where the term stands in the contract's paper."""
    told = found.evidence
    if "paper" not in told:
        return ""
    where = "".join(f", {name} {told[name]}" for name in ("clause", "page") if told.get(name))
    return f" Agreed in {told['paper']}{where}."


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


TELLERS: dict[str, Callable[[Story, Event], Iterator[str]]] = {
    "case.received": Story.received,
    "order.read": Story.read,
    "order.extracted": Story.extracted,
    "contract.advised": Story.contract_advised,
    "route.advised": Story.route_advised,
    "reading.verified": Story.verified,
    "order.verified": Story.accepted_reading,
    "sample.drawn": Story.drawn,
    "sample.judged": Story.audited,
    "vendor.matched": Story.matched,
    "order.checked": Story.checked,
    "order.accepted": Story.accepted,
    "review.asked": Story.asked,
    "exceptions.asked": Story.asked,
    "approval.asked": Story.asked,
    "task.answered": Story.answered,
    "task.forwarded": Story.forwarded,
    "task.told": Story.notified,
    "task.reminded": Story.notified,
    "task.escalated": Story.escalated,
    "case.commented": Story.commented,
    "question.asked": Story.inquired,
    "question.answered": Story.replied,
    "question.closed": Story.dropped,
    "layout.learned": Story.learned,
    "order.routed": Story.routed,
    "order.approved": Story.approved,
    "posting.requested": Story.requested,
    "posting.differs": Story.differed,
    "posting.done": Story.posted,
    "order.revised": Story.revised,
    "case.set_aside": Story.ended,
    "case.duplicate": Story.ended,
    "case.failed": Story.ended,
    "case.rejected": Story.ended,
    "case.retried": Story.retried,
    "case.deferred": Story.deferred,
}
