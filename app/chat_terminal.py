"""The person's side of a chat: a prompt with completion, history and case numbers to click on in a terminal, plain lines in a pipe."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import FileHistory
from prompt_toolkit.mouse_events import MouseEvent, MouseEventType


class PromptLines:
    """Lines from a terminal. `commands` complete with Tab; `history` is the file of earlier lines."""

    def __init__(self, commands: Iterable[str], history: Path) -> None:
        self.commands = list(commands)
        self.session: PromptSession[str] = PromptSession(history=FileHistory(str(history)), complete_while_typing=True)

    async def line(self, prompt: str, cases: Iterable[str] = ()) -> str | None:
        shown = list(cases)
        words = WordCompleter([*self.commands, *shown], sentence=True) if prompt.endswith("> ") else None
        try:
            return await self.session.prompt_async(
                prompt, completer=words, bottom_toolbar=_toolbar(shown) if shown else None, mouse_support=bool(shown)
            )
        except (EOFError, KeyboardInterrupt):
            return None


def _toolbar(cases: list[str]) -> StyleAndTextTuples:
    """The cases that were spoken of last; a click on one shows it."""
    made: StyleAndTextTuples = [("", "click or type: ")]
    for case in cases:
        made += [("underline", case, _click(case)), ("", "  ")]
    return made


def _click(case: str) -> Callable[[MouseEvent], None]:
    def clicked(event: MouseEvent) -> None:
        if event.event_type is MouseEventType.MOUSE_UP:
            buffer = get_app().current_buffer
            buffer.text = case
            buffer.validate_and_handle()

    return clicked


class PipeLines:
    """Lines from a pipe or a file."""

    async def line(self, prompt: str, cases: Iterable[str] = ()) -> str | None:
        line = await asyncio.to_thread(sys.stdin.readline)
        return line.rstrip("\n") if line else None
