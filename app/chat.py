"""`signoff chat`: ask in words where a model is configured, or by slash commands, which always work.

Every line is either a command (`/cases needs_review`), a case number, or a question. Whatever changes something is shown first and waits
for a yes. What is said is kept and can be taken up again (`--resume`).
"""

from __future__ import annotations

import inspect
import os
import re
import shlex
import sys
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from rich.console import Console
from rich.markup import escape

from signoff.agents import assistant
from signoff.agents.asking import SpeakingAsker
from signoff.agents.messages import Message, ModelFailed
from signoff.agents.toolbox import Tool, Toolbox
from signoff.app.abilities import Abilities
from signoff.app.listing import case_sheet
from signoff.app.terminal import console, plain, table
from signoff.app.workspace import Workspace, done
from signoff.domain.errors import BadInput, Refused, SignoffError
from signoff.graph.calls import StoreLedger
from signoff.graph.rights import narrowed
from signoff.graph.services import Services
from signoff.graph.store.port import Owner
from signoff.tools.access import person as somebody
from signoff.tools.isolation import Readers

YES = frozenset({"y", "yes"})
CASE = re.compile(r"\bC\d{5,}\b")
HELP = "Commands: {commands}. A case number alone shows the case. /help COMMAND explains one, /quit ends."
WITHOUT = "No model is configured (SIGNOFF_MODEL), so I understand commands, not prose."


class Lines(Protocol):
    """Where the person's lines come from; nothing when there are no more."""

    async def line(self, prompt: str, cases: Iterable[str] = ()) -> str | None: ...


class Chat:
    """One conversation of one person."""

    def __init__(self, abilities: Abilities, services: Services, lines: Lines, out: Console, conversation: str) -> None:
        self.abilities, self.services, self.person = abilities, services, abilities.person
        self.lines, self.out, self.conversation = lines, out, conversation
        self.commands = {t.name.replace("_", "-"): t for t in map(Tool, abilities.all)}
        self.mentioned: list[str] = []
        store = self.services.store.calls
        self.history = [Message.model_validate_json(s.body) for s in store.said(conversation)]

    async def run(self) -> None:
        """Until the person has had enough."""
        self._greet()
        while (line := await self.lines.line(f"{self.person.name}> ", self.mentioned)) is not None:
            if line.strip() in ("/quit", "/exit"):
                return
            if line.strip():
                try:
                    await self._do(line.strip())
                except (SignoffError, ValueError) as error:
                    self.out.print(str(error), style="red", markup=False)

    def _greet(self) -> None:
        crew = self.services.crew
        how = f"Ask in your own words ({crew.model.name}), or use commands." if crew else WITHOUT
        self.out.print(f"Signed in as {self.person.name} ({self.person.person_id}). {how} /help lists the commands.", markup=False)
        if self.history:
            self.out.print(f"Conversation {self.conversation} goes on after {len(self.history)} messages.", markup=False)

    async def _do(self, line: str) -> None:
        if CASE.fullmatch(line.upper()):
            line = f"/case {line.upper()}"
        if line.startswith("/"):
            await self._command(line[1:])
        elif self.services.crew is None:
            self.out.print(f"{WITHOUT} /help lists the commands.", markup=False)
        else:
            await self._ask(line)

    async def _command(self, line: str) -> None:
        name, _, rest = line.partition(" ")
        if name == "help":
            self._help(rest.strip().removeprefix("/"))
            return
        found = self.commands.get(name)
        if found is None:
            raise BadInput(f"There is no command /{name}. {self._commands()}")
        arguments = _arguments(found, rest)
        if found.mark.access == "WRITE" and not await self.confirm(found, arguments):
            return
        value = found.function(**arguments)
        self._show(await value if inspect.isawaitable(value) else value)

    def _commands(self) -> str:
        return HELP.format(commands=", ".join(f"/{name}" for name in self.commands))

    def _help(self, name: str) -> None:
        if name not in self.commands:
            self.out.print(self._commands(), markup=False)
            return
        found = self.commands[name]
        usage = " ".join(f"[{p.upper()}]" if not f.is_required() else p.upper() for p, f in found.arguments.model_fields.items())
        self.out.print(f"/{name} {usage}\n{' '.join((inspect.getdoc(found.function) or '').split())}", markup=False)

    async def confirm(self, tool: Tool, arguments: dict[str, Any]) -> bool:
        """Show what is going to happen, and ask."""
        self.out.print(self.abilities.preview(tool.name, arguments), markup=False)
        answer = await self.lines.line("Do it? [y/N] ")
        agreed = (answer or "").strip().casefold() in YES
        if not agreed:
            self.out.print("Nothing was done.")
        return agreed

    async def _ask(self, line: str) -> None:
        """Let the assistant answer; a question it could not answer stays out of the conversation."""
        crew, services = self.services.crew, self.services
        assert crew is not None
        ledger = StoreLedger(services, Owner(conversation=self.conversation))
        spoken: list[str] = []
        asker = SpeakingAsker(crew.model, ledger, crew.chat_budget, services.clock, say=lambda piece: self._say(piece, spoken))
        asked = Message(role="user", content=line)
        toolbox = Toolbox(self.abilities.all, may=self.abilities.may, confirm=self.confirm)
        who = f"{self.person.name} ({self.person.person_id}), roles: {', '.join(self.person.roles) or 'none'}"
        used = len(services.store.calls.tools_of(ledger.owner))
        try:
            outcome = await assistant.answer(asker, who, f"{services.clock():%Y-%m-%d}", (*self.history, asked), toolbox, used)
        except ModelFailed as failed:
            self.out.print(f"\n{failed} The commands still work: /help", style="red", markup=False)
            return
        if not "".join(spoken).endswith(outcome.answer):
            self.out.print(plain(outcome.answer), markup=False)
        self.out.print()
        self._note([asked, *outcome.said])

    def _say(self, piece: str, spoken: list[str]) -> None:
        spoken.append(piece)
        self.out.print(plain(piece), end="", markup=False, soft_wrap=True)

    def _note(self, messages: list[Message]) -> None:
        """Keep what was said, with its tools, and which cases it was about."""
        store = self.services.store
        with store.transaction():
            for message in messages:
                store.calls.say(self.conversation, self.person.person_id, message.role, message.model_dump_json(), self.services.clock())
        self.history += messages
        self._mention("\n".join(m.content for m in messages))

    def _show(self, value: Any) -> None:
        if isinstance(value, dict) and "case_id" in value:
            self.out.print(case_sheet(value))
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            columns = list(dict.fromkeys(k for row in value for k in row))
            made = table(*columns)
            for row in value:
                made.add_row(*(escape(_cell(row.get(c))) for c in columns))
            self.out.print(made)
        else:
            self.out.print("Nothing found." if value in ([], "") else plain(str(value)), markup=False)
        self._mention(str(value))

    def _mention(self, text: str) -> None:
        self.mentioned = list(dict.fromkeys([*CASE.findall(text), *self.mentioned]))[:12]


def _cell(value: Any) -> str:
    return "" if value is None else plain(", ".join(map(str, value)) if isinstance(value, list) else str(value))


def _arguments(tool: Tool, rest: str) -> dict[str, Any]:
    """The words after a command as its arguments; the last one takes what is left."""
    names = list(tool.arguments.model_fields)
    try:
        words = shlex.split(rest)
    except ValueError:
        words = rest.split()
    if len(words) > len(names) > 0:
        words = [*words[: len(names) - 1], " ".join(words[len(names) - 1 :])]
    given = dict(zip(names, words, strict=False))
    missing = [n for n, f in tool.arguments.model_fields.items() if f.is_required() and n not in given]
    if missing or (words and not names):
        usage = " ".join(n.upper() for n in names)
        raise BadInput(f"Write it like: /{tool.name.replace('_', '-')} {usage}".rstrip())
    return {n: getattr(value, n) for value in [tool.arguments.model_validate(given)] for n in names}


def converse(w: Workspace, who: str, resume: bool) -> None:
    """One person's chat, from the terminal or a pipe. Raises `BadInput` for an unknown person, `Refused` for one without rights."""
    from signoff.app.batch import run_batch
    from signoff.app.chat_terminal import PipeLines, PromptLines
    from signoff.app.cli import settle

    person = w.services.people.find(who)
    if person is None:
        raise BadInput(f"{who} is not in people.csv.")
    if not w.access.grants(somebody(person), "read", "cases"):
        raise Refused(f"access.cedar lets {person.name} read no cases.")

    def run(folder: Path) -> str:
        with Readers(os.cpu_count() or 1, memory=w.store.layouts.all()) as readers:
            counts = run_batch(w, folder, readers).counts
        return ", ".join(f"{n} {state.replace('_', ' ')}" for state, n in counts.items())

    earlier = w.store.calls.conversations(person.person_id) if resume else []
    conversation = earlier[-1] if earlier else f"{person.person_id}-{w.services.clock():%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:4]}"
    out = console()
    with w.staffed() as services, narrowed(services, w.access.readable(somebody(person))) as seen:
        abilities = Abilities(w.access, seen, person, lambda number, said: settle(w, number, said), run)
        terminal = sys.stdin.isatty() and sys.stdout.isatty()
        chat = Chat(abilities, services, PipeLines(), out, conversation)
        if terminal:
            chat.lines = PromptLines([f"/{name}" for name in chat.commands], w.root / "chat.history")
        done(services, chat.run())
