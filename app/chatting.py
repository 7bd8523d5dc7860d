"""Opens a chat: who is signed in, what they may see, and where their lines come from."""

from __future__ import annotations

import os
import re
import sys
import uuid
from collections import Counter
from pathlib import Path

from signoff.app.abilities import Abilities
from signoff.app.answering import answered
from signoff.app.batch import batched
from signoff.app.chat import Chat
from signoff.app.chat_terminal import PipeLines, PromptLines
from signoff.app.telemetry import exported
from signoff.app.terminal import console
from signoff.app.workspace import Workspace, done
from signoff.domain.errors import BadInput, Refused
from signoff.domain.people import Person
from signoff.domain.states import State
from signoff.graph.rights import narrowed
from signoff.tools.access import person as somebody
from signoff.tools.isolation import Readers

NO_NAME = re.compile(r"[^\w.-]")
"""What does not belong in the name of a file."""


def converse(w: Workspace, who: str, resume: bool) -> None:
    """One person's chat, from the terminal or a pipe. Raises `BadInput` for an unknown person, `Refused` for one without rights."""
    person = w.services.people.find(who)
    if person is None:
        raise BadInput(f"{who} is not in people.csv.")
    if not w.access.grants(somebody(person), "read", "cases"):
        raise Refused(f"access.cedar lets {person.name} read no cases.")

    async def run(folder: Path) -> Counter[State]:
        with Readers(os.cpu_count() or 1, memory=w.store.layouts.all()) as readers:
            return (await batched(w, folder, readers)).counts

    def cases() -> list[str]:
        try:
            return [c.case_id for c in reversed(list(seen.store.cases.listed()))]
        except Refused:  # more rows than one statement may give; nothing to complete with
            return []

    with exported(), w.staffed() as services, narrowed(services, w.access.readable(somebody(person))) as seen:
        abilities = Abilities(w.access, seen, person, lambda number, said: answered(w, number, said), run)
        chat = Chat(abilities, services, PipeLines(), console(), _conversation(w, person, resume))
        if sys.stdin.isatty() and sys.stdout.isatty():
            chat.lines = PromptLines(chat.commands, cases, w.root / f"chat-{re.sub(NO_NAME, '_', person.person_id)}.history")
        done(services, chat.run())


def _conversation(w: Workspace, person: Person, resume: bool) -> str:
    """The person's last conversation to go on with, else the name of a new one."""
    earlier = w.store.calls.conversations(person.person_id) if resume else []
    return earlier[0] if earlier else f"{person.person_id}-{w.services.clock():%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:4]}"
