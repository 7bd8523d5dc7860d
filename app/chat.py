"""`signoff chat`: ask in words where a model is configured, or by slash commands, which always work.

Every line is either a command (`/cases on_hold`), a case number, or a question. Whatever changes something is shown first and waits
for a yes. Ctrl-C takes back the line or breaks off the answer, Ctrl-D ends. What is said is kept and can be taken up again (`--resume`).
"""

from __future__ import annotations

import asyncio
import inspect
import re
import shlex
from collections.abc import Coroutine, Iterable
from typing import Any, Protocol

from pydantic import ValidationError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from signoff.agents import assistant
from signoff.agents.asking import SpeakingAsker
from signoff.agents.messages import Message, ModelFailed
from signoff.agents.toolbox import Result, Tool, Toolbox, wrong
from signoff.app.abilities import Abilities
from signoff.app.chat_terminal import on_interrupt
from signoff.app.chat_view import told, view
from signoff.app.terminal import clean, plain
from signoff.domain.errors import BadInput, Refused, SignoffError
from signoff.graph.calls import StoreLedger
from signoff.graph.services import Services
from signoff.graph.store.rows import Owner

CASE = re.compile(r"\bC\d{5,}\b")
WITHOUT = "No model is configured (SIGNOFF_MODEL), so I understand commands, not prose."
HELP = "A case number alone shows the case. /help COMMAND explains a command. Ctrl-C takes a line back, /quit or Ctrl-D ends."
MOST_MENTIONED = 12


class Lines(Protocol):
    """Where the person's lines come from; nothing when there are no more. Only `yes` agrees to anything."""

    async def line(self, prompt: str, mentioned: Iterable[str]) -> str | None: ...
    async def yes(self, question: str) -> bool: ...


class Chat:
    """One conversation of one person."""

    def __init__(self, abilities: Abilities, services: Services, lines: Lines, out: Console, conversation: str) -> None:
        self.abilities, self.services, self.person = abilities, services, abilities.person
        self.lines, self.out, self.conversation = lines, out, conversation
        every = [Tool(function) for function in abilities.all]
        self.commands = {_command(t): t for t in every if abilities.may(t)}
        self.denied = {_command(t) for t in every} - self.commands.keys()
        self.mentioned: list[str] = []
        self.history = [Message.model_validate_json(s.body) for s in services.store.calls.said(conversation)]

    async def run(self) -> None:
        """Until the person has had enough."""
        self._greet()
        with on_interrupt(lambda *_: None):
            while (line := await self.lines.line(f"{self.person.name}> ", self.mentioned)) is not None:
                if line.strip() in ("/quit", "/exit"):
                    return
                if line.strip():
                    await self._stoppable(self._do(line.strip()))

    def _greet(self) -> None:
        crew = self.services.crew
        how = f"Ask in your own words ({crew.model.name}), or use commands." if crew else WITHOUT
        self._print(f"Signed in as {self.person.name} ({self.person.person_id}). {how} /help lists the commands.")
        if self.history:
            asked = [m.content for m in self.history if m.role == "user"]
            self._print(f"Conversation {self.conversation} goes on. You asked last: {asked[-1][:200]}" if asked else "")
            self._mention("\n".join(m.content for m in self.history))

    async def _stoppable(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that Ctrl-C breaks off, but for an answer while it is being taken."""
        loop, task = asyncio.get_running_loop(), asyncio.ensure_future(work)

        def stop(*_: object) -> None:
            if not self.abilities.deciding:
                loop.call_soon_threadsafe(task.cancel)

        with on_interrupt(stop):
            await asyncio.wait([task])
        if task.cancelled():
            self._complain("Stopped.")
        elif isinstance(error := task.exception(), SignoffError):
            self._complain(str(error))
        elif error:
            raise error

    async def _do(self, line: str) -> None:
        if CASE.fullmatch(line.upper()):
            line = f"/case {line.upper()}"
        if line.startswith("/"):
            await self._command(line[1:])
        elif self.services.crew is None:
            self._print(f"{WITHOUT} /help lists the commands.")
        else:
            await self._ask(line)

    async def _command(self, line: str) -> None:
        name, _, rest = line.partition(" ")
        if name == "help":
            self._help(rest.strip().removeprefix("/"))
            return
        if name in self.denied:
            raise Refused(f"access.cedar does not let {self.person.name} use /{name}.")
        found = self.commands.get(name)
        if found is None:
            raise BadInput(f"There is no command /{name}; /help lists them.")
        arguments = _arguments(found, rest)
        if found.mark.access == "READ" or await self.confirm(found, arguments):
            value = found.function(**arguments)
            self._show(found.name, clean(await value if inspect.isawaitable(value) else value))

    def _help(self, name: str) -> None:
        if name in self.commands:
            self._print(f"{usage(self.commands[name])}\n{explained(self.commands[name])}")
            return
        made = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
        for found in self.commands.values():
            made.add_row(Text(usage(found)), Text(re.split(r"(?<=\.) ", explained(found))[0]))
        self.out.print(made)
        self._print(HELP)

    async def confirm(self, tool: Tool, arguments: dict[str, Any]) -> bool:
        """Show what is going to happen, and ask the person; a model has no way to say yes."""
        preview = self.abilities.preview(tool.name, arguments)
        self.out.print(told(preview))
        agreed = await self.lines.yes("Do it? [y/N] ")
        if not agreed:
            self._print("Nothing was done.")
        return agreed

    async def _ask(self, line: str) -> None:
        """Let the assistant answer. What came of it is kept with the conversation, also where the answer broke off."""
        crew, services = self.services.crew, self.services
        assert crew is not None
        ledger = StoreLedger(services, Owner(conversation=self.conversation))
        used = len(services.store.calls.tools_of(ledger.owner))
        voice = Voice(self.out)
        asker = SpeakingAsker(crew.model, ledger, crew.chat_budget, services.clock, say=voice.say)
        asked = Message(role="user", content=line)
        toolbox = Watched(self, voice)
        who = f"{self.person.name} ({self.person.person_id}), roles: {', '.join(self.person.roles) or 'none'}"
        try:
            outcome = await assistant.answer(asker, who, f"{services.clock():%Y-%m-%d}", (*self.history, asked), toolbox, used)
        except (ModelFailed, asyncio.CancelledError) as failed:
            voice.end()
            self._note([asked, Message(role="assistant", content=_broken(voice.said, str(failed), toolbox.done))])
            if isinstance(failed, asyncio.CancelledError):
                raise
            self._complain(f"{failed} Ask again, or use commands: /help")
            return
        voice.finish(outcome.answer)
        self._note([asked, *outcome.said])

    def _note(self, messages: list[Message]) -> None:
        """Keep what was said, with its tools, and which cases it was about."""
        store = self.services.store
        with store.transaction():
            for message in messages:
                store.calls.say(self.conversation, self.person.person_id, message.role, message.model_dump_json(), self.services.clock())
        self.history += messages
        self._mention("\n".join(m.content for m in messages))

    def _show(self, name: str, value: Any) -> None:
        self._mention(str(value))
        self.out.print(view(name, value, self.out.width))

    def _mention(self, text: str) -> None:
        self.mentioned = list(dict.fromkeys([*CASE.findall(text), *self.mentioned]))[:MOST_MENTIONED]

    def _print(self, text: str) -> None:
        self.out.print(plain(text), markup=False)

    def _complain(self, text: str) -> None:
        self.out.print(plain(text), style="red", markup=False)


class Voice:
    """The assistant's words on the screen, as they come."""

    def __init__(self, out: Console) -> None:
        self.out, self.said = out, ""

    def say(self, piece: str) -> None:
        self.said += piece
        self.out.print(plain(piece), end="", markup=False, soft_wrap=True)

    def end(self) -> None:
        """End the line that words stand on, if there is one."""
        if self.said and not self.said.endswith("\n"):
            self.say("\n")

    def finish(self, answer: str) -> None:
        """Say what of the answer was not said yet: it may have come whole, or from the record."""
        if not self.said.rstrip().endswith(answer.rstrip()):
            self.end()
            self.say(answer)
        self.end()


class Watched(Toolbox):
    """The person's abilities as the assistant has them. They see each use; `done` is what was changed, in words."""

    def __init__(self, chat: Chat, voice: Voice) -> None:
        super().__init__(chat.abilities.all, may=chat.abilities.may, confirm=chat.confirm)
        self.voice, self.done = voice, list[str]()

    async def use(self, name: str, arguments: str) -> Result:
        self.voice.end()
        self.voice.out.print(Text(f"· {plain(name)} {plain(arguments)}"[:200], style="dim"))
        result = await super().use(name, arguments)
        if result.outcome == "ok" and any(t.name == name and t.mark.access == "WRITE" for t in self.tools):
            self.done.append(result.text)
        return result


def _broken(said: str, failed: str, done: list[str]) -> str:
    """What stands in the conversation for an answer that was not finished."""
    changed = f" Before that, this was done: {' '.join(done)}" if done else ""
    return f"{said.strip()}\n(The answer broke off: {failed}{changed})".strip()


def _command(tool: Tool) -> str:
    return tool.name.replace("_", "-")


def explained(tool: Tool) -> str:
    """What a command does, in a line."""
    return " ".join(tool.spec.description.split())


def usage(tool: Tool) -> str:
    """How a command is written: `/edit CASE FIELD VALUE [NOTE]`."""
    fields = tool.arguments.model_fields.items()
    return " ".join([f"/{_command(tool)}", *(n.upper() if f.is_required() else f"[{n.upper()}]" for n, f in fields)])


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
    if (words and not names) or any(f.is_required() and n not in given for n, f in tool.arguments.model_fields.items()):
        raise BadInput(f"Write it like: {usage(tool)}")
    try:
        value = tool.arguments.model_validate(given)
    except ValidationError as error:
        raise BadInput(wrong(error)) from None
    return {n: getattr(value, n) for n in names}
