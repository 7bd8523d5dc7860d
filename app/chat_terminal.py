"""The person's side of a chat: a prompt with completion, history and case numbers to click on in a terminal, plain lines in a pipe."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, get_args

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import FileHistory
from prompt_toolkit.input.typeahead import clear_typeahead
from prompt_toolkit.mouse_events import MouseEvent, MouseEventType

from signoff.agents.toolbox import Tool
from signoff.domain.states import State

YES = frozenset({"y", "yes"})
MOST_COMPLETIONS = 50
TOOLBAR = "click or type: "


@contextmanager
def on_interrupt(act: Callable[..., Any]) -> Iterator[None]:
    """What Ctrl-C does meanwhile."""
    before = signal.signal(signal.SIGINT, act)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class PromptLines:
    """Lines from a terminal. Tab completes `commands` with their arguments; `cases` are all case numbers, newest first; `history` is
    the file of earlier lines."""

    def __init__(self, commands: Mapping[str, Tool], cases: Callable[[], Iterable[str]], history: Path) -> None:
        self.session: PromptSession[str] = PromptSession(
            history=FileHistory(str(history)), completer=Completions(commands, cases), complete_while_typing=True
        )
        self.question: PromptSession[str] = PromptSession()

    async def line(self, prompt: str, mentioned: Iterable[str]) -> str | None:
        """The next line; empty where Ctrl-C took it back, nothing after Ctrl-D."""
        shown = list(mentioned)
        try:
            return await self.session.prompt_async(prompt, bottom_toolbar=toolbar(shown) if shown else None, mouse_support=bool(shown))
        except KeyboardInterrupt:
            return ""
        except EOFError:
            return None

    async def yes(self, question: str) -> bool:
        """Whether the person says yes to what they see; what was typed before they saw it does not count."""
        _forget_typed(self.question)
        try:
            return (await self.question.prompt_async(question)).strip().casefold() in YES
        except (KeyboardInterrupt, EOFError):
            return False


def _forget_typed(session: PromptSession[str]) -> None:
    import termios

    clear_typeahead(session.input)
    termios.tcflush(sys.stdin, termios.TCIFLUSH)


class Completions(Completer):
    """Commands, case numbers, and what fits the argument at which the cursor stands."""

    def __init__(self, commands: Mapping[str, Tool], cases: Callable[[], Iterable[str]]) -> None:
        self.commands, self.cases, self.paths = commands, cases, PathCompleter(expanduser=True)

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        text = document.text_before_cursor
        name, space, rest = text.removeprefix("/").partition(" ")
        if not text.startswith("/"):
            yield from self._words(text, self.cases()) if re.fullmatch(r"[Cc]\d*", text) else ()
        elif not space:
            yield from self._words(text, [f"/{c}" for c in (*self.commands, "help", "quit")])
        elif name == "help":
            yield from self._words(rest, self.commands)
        elif name in self.commands:
            yield from self._argument(self.commands[name], rest, complete_event)

    def _argument(self, command: Tool, rest: str, event: CompleteEvent) -> Iterator[Completion]:
        fields = command.arguments.model_fields
        *before, word = rest.split(" ")
        name = list(fields)[min(len(before), len(fields) - 1)] if fields else ""
        if name == "folder":
            yield from self.paths.get_completions(Document(rest), event)
        elif name == "case":
            yield from self._words(word, self.cases())
        elif fields:
            yield from self._words(word, get_args(fields[name].annotation) or (State if command.name == "cases" else ()))

    def _words(self, begun: str, words: Iterable[str]) -> Iterator[Completion]:
        fitting = [str(word) for word in words if word.casefold().startswith(begun.casefold())]
        for word in fitting[:MOST_COMPLETIONS]:
            about = self.commands.get(word.removeprefix("/")) if word.startswith("/") else None
            yield Completion(word, -len(begun), display_meta=about.spec.description.split(". ")[0][:60] if about else None)


def toolbar(cases: list[str]) -> Callable[[], StyleAndTextTuples]:
    """The cases that were spoken of last, as many as fit; a click on one shows it."""

    def made() -> StyleAndTextTuples:
        fits = max(1, (get_app().output.get_size().columns - len(TOOLBAR)) // (len(cases[0]) + 2))
        parts: StyleAndTextTuples = [("", TOOLBAR)]
        for case in cases[:fits]:
            parts += [("underline", case, _click(case)), ("", "  ")]
        return parts

    return made


def _click(case: str) -> Callable[[MouseEvent], None]:
    def clicked(event: MouseEvent) -> None:
        if event.event_type is MouseEventType.MOUSE_UP:
            buffer = get_app().current_buffer
            buffer.text = case
            buffer.validate_and_handle()

    return clicked


class PipeLines:
    """Lines from a pipe or a file; they are repeated, so that what is printed reads as it would on a terminal."""

    async def line(self, prompt: str, mentioned: Iterable[str]) -> str | None:
        return self._next(prompt)

    async def yes(self, question: str) -> bool:
        return (self._next(question) or "").strip().casefold() in YES

    def _next(self, prompt: str) -> str | None:
        with on_interrupt(signal.default_int_handler):
            line = sys.stdin.readline()
        sys.stdout.write(f"{prompt}{line}" if line else f"{prompt}\n")
        return line.rstrip("\n") if line else None
