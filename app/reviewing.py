"""`signoff review`: everything that waits for one person, a case at a time, with the sheet of the case before them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rich.markup import escape
from rich.prompt import Prompt

from signoff.app.listing import case_sheet
from signoff.app.terminal import console
from signoff.app.workspace import Workspace
from signoff.domain.errors import BadInput, Refused
from signoff.domain.stages import Decided
from signoff.graph.decisions import Decision
from signoff.graph.record import record

QUESTION = escape("[a]pprove, [r]eject, [e]dit, [s]end back, [n]ext, [q]uit")
CHOICES: dict[str, Decided] = {"a": "approve", "r": "reject", "e": "edit", "s": "send_back"}


def review_tasks(w: Workspace, who: str, settle: Callable[[int, Decision], str]) -> None:
    """Show each case that asks for `who`, take the answer, go on to the next. Raises `BadInput` for an unknown person."""
    person = w.services.people.find(who)
    if person is None:
        raise BadInput(f"{who} is not in people.csv.")
    out = console()
    skipped: set[int] = set()
    while (number := next(_waiting(w, person.person_id, skipped), None)) is not None:
        out.rule()
        out.print(case_sheet(record(w.services, number)))
        out.print()
        answer = Prompt.ask(QUESTION, choices=[*CHOICES, "n", "q"], show_choices=False, default="n", console=out)
        if answer == "q":
            return
        skipped.add(number)
        if answer != "n":
            out.print(_settled(person.person_id, number, CHOICES[answer], settle), markup=False)
            skipped -= {number} if answer == "e" else set()
    out.print("Nothing else waits for you.")


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


def _waiting(w: Workspace, person: str, skipped: set[int]) -> Iterator[int]:
    return (t.case for t in w.store.tasks.waiting() if person in t.candidates and t.case not in skipped)
