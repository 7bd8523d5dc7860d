"""`signoff chat` at a real terminal: ask, act, confirm, refuse; and without a model."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from llm_server import Answer, Asked, LlmServer
from llm_wire import Brain, Exchange
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.data_structures import Point
from prompt_toolkit.document import Document
from prompt_toolkit.mouse_events import MouseButton, MouseEvent, MouseEventType
from prompt_toolkit.output import DummyOutput
from pty_terminal import CTRL_C, CTRL_D, ENTER, TAB, Terminal
from signoff_run import rows

from signoff.agents.toolbox import Tool
from signoff.app.abilities import Abilities
from signoff.app.chat_terminal import Completions, toolbar

KATRIN, SIGNED, HELD = "E-030", "C00007", "C00009"
"""Compliance, and what waits for her."""


def answered_by(workspace: Path, case: str) -> list[object]:
    return [r[0] for r in rows(workspace / "signoff.db", "SELECT answered_by FROM tasks WHERE case_number = ?", int(case[1:]))]


def test_commands_at_a_terminal(worked: Path) -> None:
    with Terminal("chat", "--as", KATRIN, workspace=worked, columns=80) as terminal:
        terminal.until("I understand commands, not prose.")
        terminal.type("/wai")
        terminal.until("The tasks and questions that wait")  # what completes it, and what that does
        terminal.type(f"{TAB}{ENTER}")
        terminal.until("case    asks")
        terminal.until(SIGNED)
        terminal.until(f"click or type: {SIGNED}")
        terminal.type(f"{SIGNED.lower()}{ENTER}")
        terminal.until("waiting for approval")
        terminal.until("click or type")
        terminal.type(f"/reject {SIGNED} not like this")
        terminal.until("not like this")
        terminal.type(f"{CTRL_C}/approve c0001")
        terminal.until("C00011")  # one of those that complete it
        terminal.type(f"{CTRL_C}/approve {SIGNED}{ENTER}y{ENTER}")
        terminal.until("[y/N]")
        terminal.type(f"n{ENTER}")
        terminal.until("Nothing was done.")
        assert answered_by(worked, SIGNED) == [None]
        terminal.type(f"/approve {SIGNED}{ENTER}")
        terminal.until("[y/N]")
        terminal.type(CTRL_C)
        terminal.until("Nothing was done.")
        terminal.type(f"/approve {SIGNED}{ENTER}")
        terminal.until("[y/N]")
        terminal.type(f"y{ENTER}")
        terminal.until("Case C00007 is posted.")
        terminal.until("click or type")
        terminal.type(CTRL_D)
        assert terminal.end() == 0
    assert answered_by(worked, SIGNED) == [KATRIN]
    kept = (worked / f"chat-{KATRIN}.history").read_text(encoding="utf-8")
    assert "+/waiting" in kept
    assert "\n+y" not in kept


def completions(typed: str) -> list[str]:
    commands = {tool.name.replace("_", "-"): tool for tool in map(Tool, Abilities.__new__(Abilities).all)}
    completer = Completions(commands, lambda: ["C00012", "C00011", "C00009"])
    return [c.text for c in completer.get_completions(Document(typed), CompleteEvent())]


def test_what_completes_a_line(tmp_path: Path) -> None:
    (tmp_path / "orders").mkdir()
    assert completions("/c") == ["/cases", "/case", "/contracts", "/clauses", "/comment"]
    assert completions("/send-back c0001") == ["C00012", "C00011"]
    assert completions("c") == ["C00012", "C00011", "C00009"]
    assert completions("/help ap") == ["approve"]
    assert completions("/spend c") == ["cost_center", "category"]
    assert completions("/cases on") == ["on_hold"]
    assert completions(f"/batch {tmp_path}/or") == ["ders"]
    assert completions("/approve C00012 looks fi") == completions("/dance a") == completions("what c") == completions("/waiting x") == []


def test_a_click_on_a_case_types_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = Buffer(accept_handler=lambda buffer: bool(lines.append(buffer.text)))
    lines: list[str] = []
    monkeypatch.setattr("signoff.app.chat_terminal.get_app", lambda: SimpleNamespace(current_buffer=typed, output=DummyOutput()))
    parts = toolbar([f"C{n:05}" for n in range(20)])()
    assert sum(len(part[1]) for part in parts) <= DummyOutput().get_size().columns
    click = parts[1][2]  # type: ignore[misc]
    for kind in (MouseEventType.MOUSE_DOWN, MouseEventType.MOUSE_UP):
        click(MouseEvent(Point(0, 0), kind, MouseButton.LEFT, frozenset()))
    assert lines == ["C00000"]


class Halting(LlmServer):
    """Sends the beginning of a streamed answer, and the rest when the test says so; or hangs up there."""

    def __init__(self, brain: Brain) -> None:
        super().__init__(brain)
        self.go_on, self.cut = threading.Event(), False

    async def _act(self, exchange: Exchange) -> None:
        if not exchange.asked.last.startswith("slowly"):
            await exchange.send()
            return
        body = exchange.body()
        middle = body.index(b"\n\n", body.index(b"One moment")) + 2
        await exchange.send(200, body[:middle], length=len(body))
        await asyncio.to_thread(self.go_on.wait, 20)
        exchange.writer.write(b"" if self.cut else body[middle:])
        await exchange.writer.drain()
        if self.cut:
            exchange.hang_up()


def brain(asked: Asked) -> Answer:
    last = asked.body["messages"][-1]
    if last["role"] == "tool":
        return Answer(f"The tool said: {asked.last[:90]}")
    if "sign" in asked.last:
        return Answer(calls=[("approve", {"case": SIGNED, "note": ""})])
    if "waits" in asked.last:
        return Answer(calls=[("waiting", {})])
    return Answer("One moment please. Then: it is all said.")


@pytest.fixture
def server() -> Iterator[Halting]:
    with Halting(brain) as server:
        yield server
        assert server.errors == []


def test_a_conversation_at_a_terminal(worked: Path, server: Halting) -> None:
    model = {"SIGNOFF_MODEL": "small", "OPENAI_BASE_URL": server.url}
    with Terminal("chat", "--as", KATRIN, workspace=worked, **model) as terminal:
        terminal.until("Ask in your own words (small)")
        terminal.type(f"what waits for me?{ENTER}")
        terminal.until("· waiting")
        terminal.until('The tool said: [{"task"')
        terminal.until(f"click or type: {SIGNED}")

        terminal.type(f"please sign it{ENTER}y{ENTER}")  # a yes before the question is none
        terminal.until("sign the approval: category is chemicals")
        terminal.until("[y/N]")
        terminal.type(f"n{ENTER}")
        terminal.until("Nothing was done.")
        terminal.until("The tool said: The person said no")
        assert answered_by(worked, SIGNED) == [None]

        terminal.type(f"slowly{ENTER}")
        terminal.until("One moment")  # the rest was not sent yet
        assert "all said" not in terminal.screen
        server.go_on.set()
        terminal.until("all said.")

        server.go_on.clear()
        terminal.type(f"slowly again{ENTER}")
        terminal.until("One moment")
        terminal.type(CTRL_C)
        terminal.until("The answer was stopped.")
        server.cut = True
        terminal.type(f"slowly, once more{ENTER}")
        terminal.until("One moment")
        server.go_on.set()
        terminal.until("Ask again, or use commands")

        terminal.type(f"sign it after all{ENTER}")
        terminal.until("[y/N]")
        terminal.type(f"y{ENTER}")
        terminal.until("Case C00007 is posted.")
        terminal.type(f"/quit{ENTER}")
        assert terminal.end() == 0
    assert answered_by(worked, SIGNED) == [KATRIN]
    assert "(The answer broke off: The answer was stopped.)" in server.asked[-1].text
