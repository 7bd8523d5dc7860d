"""Tools as agents have them: a typed function is the tool, its docstring the description, its signature the schema.

    class ContractTools:
        @tool("READ", data="contracts")
        def search_clauses(self, contract_id: str, query: str) -> list[Passage]:
            \"\"\"Passages of a contract that are about the query, best first.\"\"\"

    toolbox = Toolbox([tools.search_clauses], granted(access, agent("contract_check")))

Nothing that a model sends raises anything here: what is wrong with it becomes a sentence that it can act on.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model
from pydantic_core import to_json

from signoff.agents.client.answers import parse
from signoff.agents.messages import Access, ToolSpec
from signoff.agents.schemas import strict
from signoff.domain.errors import SignoffError

if TYPE_CHECKING:
    from signoff.tools.access import Access as Rules
    from signoff.tools.access import Action, Area, Principal

MOST_RESULT = 12_000
"""Characters of a result that a model is shown."""
MOST_ARGUMENTS = 20_000

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Mark:
    """What a tool does (`access`), to which data, and which action of access.cedar that is."""

    access: Access
    data: Area
    action: Action


@dataclass(frozen=True)
class Result:
    """What a model is told of a tool it used."""

    outcome: Literal["ok", "error", "denied"]
    text: str


def tool(access: Access, *, data: Area, action: Action = "read") -> Callable[[Function], Function]:
    """Make a function or method a tool. READ tools change nothing anywhere."""

    def marked(function: Function) -> Function:
        assert inspect.getdoc(function), f"the tool {function.__name__} needs a docstring: it is what the model reads"
        function._tool = Mark(access, data, action)  # type: ignore[attr-defined]  # functions take attributes, their type does not say so
        return function

    return marked


class Tool:
    """A function that was marked with `tool`, ready to be offered and called."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.name: str = function.__name__
        self.mark: Mark = function._tool  # type: ignore[attr-defined]  # set by `tool`

    @cached_property
    def arguments(self) -> type[BaseModel]:
        """The signature as a model; a parameter with a default may be left out."""
        hints = get_type_hints(self.function, include_extras=True)
        fields: dict[str, Any] = {
            p.name: (hints[p.name], ... if p.default is p.empty else p.default)
            for p in inspect.signature(self.function).parameters.values()
        }
        return create_model(self.name, __config__=ConfigDict(extra="forbid", strict=True), **fields)

    @cached_property
    def spec(self) -> ToolSpec:
        description = inspect.getdoc(self.function) or ""
        return ToolSpec(name=self.name, description=description, parameters=strict(self.arguments), access=self.mark.access)

    def checked(self, arguments: str) -> dict[str, Any]:
        """The arguments, by name. Raises `ValueError` with sentences for the model."""
        if len(arguments) > MOST_ARGUMENTS:
            raise ValueError(f"The arguments have more than {MOST_ARGUMENTS} characters.")
        try:
            value = self.arguments.model_validate_json(to_json(parse(arguments.strip() or "{}")))
        except RecursionError:
            raise ValueError("The arguments are nested too deep.") from None
        except ValidationError as error:
            raise ValueError(wrong(error)) from None
        return {name: getattr(value, name) for name in type(value).model_fields}

    async def use(self, arguments: dict[str, Any]) -> Result:
        """Call it."""
        value = self.function(**arguments)
        return Result("ok", told(await value if inspect.isawaitable(value) else value))


def wrong(error: ValidationError) -> str:
    """What is wrong with a value that a model sent, a sentence for each place."""
    places = ((".".join(map(str, e["loc"])) or "the whole", e["msg"]) for e in error.errors(include_url=False)[:5])
    return " ".join(f"{where}: {what}." for where, what in places)


def told(value: object) -> str:
    """A result as a model reads it: a sentence as it is, everything else as JSON without what is empty, both cut where too long."""
    text = value if isinstance(value, str) else to_json(value, exclude_none=True).decode()
    if len(text) <= MOST_RESULT:
        return text
    return f"{text[:MOST_RESULT]}\n(Cut here: these are the first {MOST_RESULT} of {len(text)} characters. Ask for less at once.)"


May = Callable[[Tool], bool]
"""Whether somebody may use a tool; `granted` asks access.cedar."""
Confirm = Callable[[Tool, dict[str, Any]], Awaitable[bool]]
"""Shows a person what a WRITE tool will do, with its arguments, and says whether they want it."""


def granted(access: Rules, who: Principal) -> May:
    """What access.cedar lets somebody use, at one case or another; a tool that decides asks again about the very case."""
    return lambda tool: access.grants(who, tool.mark.action, tool.mark.data)


def nothing(tool: Tool) -> bool:
    """Grants no tool."""
    return False


class Toolbox:
    """The tools that somebody may use. One that is not granted is neither offered nor run; no WRITE tool is without `confirm`."""

    def __init__(self, functions: Iterable[Callable[..., Any]] = (), may: May = nothing, confirm: Confirm | None = None) -> None:
        self._all = {tool.name: tool for tool in map(Tool, functions)}
        self._granted = {name: tool for name, tool in self._all.items() if may(tool)}
        self._confirm = confirm

    @property
    def tools(self) -> tuple[Tool, ...]:
        return tuple(self._granted.values())

    @property
    def specs(self) -> tuple[ToolSpec, ...]:
        return tuple(tool.spec for tool in self.tools)

    async def use(self, name: str, arguments: str) -> Result:
        """What comes of a tool that a model asked for; `arguments` is the JSON as it came. An error that Signoff raises on purpose
        is a sentence for the model as it is for people; any other is a crash."""
        found = self._granted.get(name)
        if found is None:
            return self._no_such(name)
        try:
            checked = found.checked(arguments)
        except ValueError as error:
            return Result("error", f"{name} was not used: {error}")
        try:
            no = await self._no(found, checked) if found.mark.access == "WRITE" else None
            return no or await found.use(checked)
        except SignoffError as error:
            return Result("error", str(error))

    async def _no(self, found: Tool, arguments: dict[str, Any]) -> Result | None:
        """Why a tool that changes something is not used; nothing when a person wants it."""
        if self._confirm is None:
            return Result("denied", f"{found.name} changes something; only a person who confirms it may have that done.")
        if not await self._confirm(found, arguments):
            return Result("denied", f"The person said no, so {found.name} was not used and nothing has changed.")
        return None

    def _no_such(self, name: str) -> Result:
        if name in self._all:
            return Result("denied", f"You may not use {name}.")
        return Result("error", f"There is no tool {name[:80]!r}; there are: {', '.join(self._granted) or 'none'}.")
