"""What a person can say about a case in a chat: remarks, questions and their answers, and giving a task on. None of it decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from signoff.agents.toolbox import tool
from signoff.app.preview import Preview
from signoff.domain.errors import BadInput
from signoff.domain.people import Person
from signoff.graph.conversing import Handover, Inquiry, Remark, Reply, Saying
from signoff.graph.services import Services
from signoff.graph.store.rows import number_of

Speak = Callable[[int, Saying], str]
SAYINGS = ("comment", "ask", "answer", "forward")


class Speaking:
    """Abilities to speak as the person who is signed in. `speak` takes what is said."""

    seen: Services
    person: Person
    _take: Callable[..., Preview]

    def __init__(self, speak: Speak) -> None:
        self._speak = speak

    @property
    def sayings(self) -> tuple[Callable[..., Any], ...]:
        """Those of them that there are."""
        return (self.comment, self.ask, self.answer, self.forward)

    @tool("WRITE", data="cases", action="comment")
    def comment(self, case: str, text: str) -> str:
        """Put a remark on record with a case, as the signed-in person. It decides nothing."""
        self._take("comment", {"case": case, "text": text})
        return self._speak(number_of(case), Remark(person=self.person.person_id, text=text))

    @tool("WRITE", data="cases", action="comment")
    def ask(self, case: str, to: str, text: str) -> str:
        """Ask somebody about a case that waits for the signed-in person. `to` is an id, name or e-mail; the requester may be asked."""
        self._take("ask", {"case": case, "to": to, "text": text})
        return self._speak(number_of(case), Inquiry(person=self.person.person_id, to=self._named(to).person_id, text=text))

    @tool("WRITE", data="cases", action="comment")
    def answer(self, case: str, text: str) -> str:
        """Answer a question that the signed-in person was asked about a case. It decides nothing."""
        self._take("answer", {"case": case, "text": text})
        return self._speak(number_of(case), Reply(person=self.person.person_id, text=text))

    @tool("WRITE", data="cases", action="decide")
    def forward(self, case: str, to: str, note: str = "") -> str:
        """Give what a case asks the signed-in person to somebody who may answer in their place. `to` is an id, name or e-mail."""
        self._take("forward", {"case": case, "to": to, "note": note})
        return self._speak(number_of(case), Handover(person=self.person.person_id, to=self._named(to).person_id, note=note))

    def saying(self, name: str, said: dict[str, Any], order: tuple[tuple[str, str], ...]) -> Preview:
        """What is going to be said; `order` says in rows about which order."""
        other = self._named(said["to"]) if "to" in said else None
        whom = f"{other.name} ({other.person_id})" if other else ""
        does, then = {
            "comment": ("put a remark on record", "Nothing else changes."),
            "ask": (f"ask {whom}", "The case goes on waiting for you; its time stands still until the answer."),
            "answer": ("answer the question", "Whoever asked is told; nothing is decided."),
            "forward": (f"give it to {whom}", "They answer in your place. You may still answer yourself, until they have."),
        }[name]
        words = said.get("text") or said.get("note", "")
        rows = (("who", f"{self.person.name} ({self.person.person_id})"), ("does", does), *order, ("text", words), ("then", then))
        return Preview(tuple(row for row in rows if row[1]))

    def _named(self, word: str) -> Person:
        person = self.seen.people.find(word)
        if person is None:
            raise BadInput(f"{word} is nobody that you may see in people.csv; give an id, a name or an e-mail address.")
        return person
