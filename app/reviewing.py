"""`signoff review`: everything that waits for one person, a case at a time, with the sheet of the case before them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rich.markup import escape
from rich.prompt import Confirm, Prompt

from signoff.app.approving import alikes_table, approved, said, sum_of
from signoff.app.listing import case_sheet
from signoff.app.terminal import console, plain
from signoff.app.workspace import Workspace
from signoff.domain.errors import BadInput, Refused
from signoff.domain.people import Person
from signoff.domain.stages import Decided
from signoff.graph.bulk import Alikes, alikes
from signoff.graph.conversing import Handover, Inquiry, Remark, Reply, Saying
from signoff.graph.decisions import Decision
from signoff.graph.record import record
from signoff.graph.standing import waits_for
from signoff.graph.store.rows import Task

QUESTION = escape("[a]pprove, [r]eject, [e]dit, [s]end back, as[k], [f]orward, [c]omment, [n]ext, [q]uit")
CHOICES: dict[str, Decided] = {"a": "approve", "r": "reject", "e": "edit", "s": "send_back"}
STAYS = ("e", "c", "k")
"""After these the case is shown again."""


def review_tasks(w: Workspace, person: Person, settle: Callable[[int, Decision], str]) -> None:
    """Show each case that asks for the person, take the answer, go on to the next."""
    out = console()
    skipped: set[tuple[int, int]] = set()
    while (task := next(_waiting(w, person, skipped), None)) is not None:
        number = task.case
        out.rule()
        out.print(case_sheet(record(w.services, number)))
        out.print()
        if not task.pending:
            skipped.add(_key(task))
            out.print(_replied(w, person, task), markup=False)
            continue
        answer = Prompt.ask(QUESTION, choices=[*CHOICES, "k", "f", "c", "n", "q"], show_choices=False, default="n", console=out)
        if answer == "q":
            return
        skipped.add(_key(task))
        if answer in CHOICES:
            like = _alike(w, person, number) if answer == "a" else None
            out.print(_settled(person.person_id, number, CHOICES[answer], settle), markup=False)
            if like is not None:
                _all_of_them(w, person, like)
        elif answer != "n":
            out.print(_said(w, number, _saying(person.person_id, answer)), markup=False)
        skipped -= {_key(task)} if answer in STAYS else set()
    out.print("Nothing else waits for you.")


def _alike(w: Workspace, person: Person, number: int) -> Alikes | None:
    """What is like the case that a person is about to approve; nothing where it is not approved together with others."""
    try:
        found = alikes(w.services, person, number)
    except Refused:
        return None
    return found if found.others else None


def _all_of_them(w: Workspace, person: Person, found: Alikes) -> None:
    """Offer to approve the others too, once the first one was approved."""
    out, first = console(), found.first.task
    if any(t.pending for t in w.store.tasks.of_case(first.case) if t.task_id == first.task_id):
        return
    out.print(alikes_table(w, found.others))
    out.print(f"These are like it: {sum_of(w, found, found.others)}")
    if Confirm.ask("Approve all of them, too?", default=False, console=out):
        for item in found.others:
            if error := approved(w, person, item, "", found.first):
                out.print(f"Left out: {plain(error)}", markup=False)


def _replied(w: Workspace, person: Person, task: Task) -> str:
    console().print(plain(task.summary), markup=False)
    text = Prompt.ask("your answer (empty: later)", default="")
    return _said(w, task.case, Reply(person=person.person_id, text=text, task=task.task_id)) if text else ""


def _saying(person: str, answer: str) -> Saying:
    if answer == "c":
        return Remark(person=person, text=Prompt.ask("remark", default=""))
    to = Prompt.ask("to whom", default="")
    if answer == "k":
        return Inquiry(person=person, to=to, text=Prompt.ask("question", default=""))
    return Handover(person=person, to=to, note=Prompt.ask("note", default=""))


def _said(w: Workspace, number: int, saying: Saying) -> str:
    try:
        return said(w, number, saying)
    except (Refused, BadInput) as error:
        return str(error)


def _settled(person: str, number: int, decision: Decided, settle: Callable[[int, Decision], str]) -> str:
    edits = dict(_edits()) if decision == "edit" else {}
    note = Prompt.ask("note", default="")
    try:
        return settle(number, Decision(person=person, decision=decision, edits=edits, note=note))
    except (Refused, BadInput) as error:
        return str(error)


def _edits() -> Iterator[tuple[str, str]]:
    """Corrections one a line, until an empty one."""
    while text := Prompt.ask("correct, as /lines/0/unit_price=12.50 (empty: done)", default=""):
        pointer, _, value = text.partition("=")
        yield pointer.strip(), value.strip()


def _waiting(w: Workspace, person: Person, skipped: set[tuple[int, int]]) -> Iterator[Task]:
    return (t for t in waits_for(w.services, person) if _key(t) not in skipped)


def _key(task: Task) -> tuple[int, int]:
    """A case is shown once for all that it asks to decide, and once for each question."""
    return task.case, 0 if task.pending else task.task_id
