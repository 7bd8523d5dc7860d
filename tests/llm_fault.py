"""What a way to misbehave is, and how the families of them (`llm_faults.py`) are written down."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from llm_wire import Exchange

Act = Callable[[Exchange], Awaitable[None]]


@dataclass(frozen=True)
class Fault:
    """A way to misbehave. `billed`: the answer was generated, and is to be paid, whatever becomes of it."""

    name: str
    about: str
    act: Act
    billed: bool


class Family(dict[str, Fault]):
    """Faults by their names: those of the functions that do them, whose docstrings say what they do."""

    def before(self, act: Act) -> Act:
        """A fault in which nothing is generated."""
        return self._add(act, billed=False)

    def after(self, act: Act) -> Act:
        """A fault that becomes of an answer that was generated."""
        return self._add(act, billed=True)

    def altered(self, change: Callable[[Exchange], None]) -> Callable[[Exchange], None]:
        """A fault that changes the payload and sends it in good order."""

        async def act(x: Exchange) -> None:
            change(x)
            await x.send()

        act.__name__, act.__doc__ = change.__name__, change.__doc__
        self.after(act)
        return change

    def _add(self, act: Act, billed: bool) -> Act:
        name = getattr(act, "__name__", "")
        self[name] = Fault(name, (act.__doc__ or "").strip(), act, billed)
        return act
