"""`signoff`: the command line. Other programs rely on its commands, exit codes and records; see docs/record.md.

Exit codes: 0 done, 1 refused or some documents failed, 2 usage or configuration. Errors are one sentence on stderr.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from signoff.domain.errors import BadInput, SignoffError

COMMANDS = {
    "init": "setting_up:init",
    "batch": "taking_in:batch",
    "list": "cases:list_cases",
    "show": "cases:show",
    "why": "cases:why",
    "decide": "deciding:decide",
    "review": "deciding:review",
    "chat": "deciding:chat",
    "comment": "approving:comment",
    "forward": "approving:forward",
    "ask": "approving:ask",
    "answer": "approving:answer",
    "approve-alike": "approving:approve_alike",
    "retry": "retrying:retry",
    "worker": "worker:worker",
    "monitor": "monitor:monitor",
    "calls": "calls:calls",
    "cost": "calls:cost",
    "replay": "calls:replay",
    "calibrate": "autonomy:calibrate",
    "inventory": "inventory:show_inventory",
    "login": "access:login",
    "logout": "access:logout",
    "policy": "policies:policy_app",
    "migrate": "moving:migrate",
    "prune": "moving:prune",
    "audit": "auditing:audit_app",
    "access": "access:access_app",
    "contracts": "contracts:contracts_app",
    "eval": "evaluating:eval_app",
    "autonomy": "autonomy:autonomy_app",
    "vendors": "imports:vendors",
    "people": "people:people_app",
    "history": "imports:history",
}
"""Each command, or group of commands, and where it stands in `signoff.app`. A module is imported when a command of it is called."""


class Lazily(TyperGroup):
    """The commands of `COMMANDS`."""

    def list_commands(self, ctx: Any) -> list[str]:
        """In the order of the table."""
        return [*COMMANDS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        made = getattr(import_module(f"signoff.app.{module}"), name)
        command = typer.main.get_group(made) if isinstance(made, typer.Typer) else _alone(cmd_name, made)
        command.name = cmd_name
        return command


def _alone(name: str, function: Callable[..., Any]) -> Any:
    made = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    made.command(name)(function)
    return typer.main.get_command(made)


app = typer.Typer(
    cls=Lazily, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Purchase orders, from paper to ERP."
)


@app.callback()
def signoff() -> None:
    """Purchase orders, from paper to ERP."""


def main() -> None:
    """The entry point: turns errors into sentences and exit codes."""
    try:
        sys.exit(app(standalone_mode=False))
    except TyperException as error:
        if words := error.format_message():
            sys.stderr.write(f"signoff: {words} See: signoff --help\n")
        sys.exit(error.exit_code)
    except SignoffError as error:
        sys.stderr.write(f"signoff: {error}\n")
        sys.exit(2 if isinstance(error, BadInput) else 1)
    except KeyboardInterrupt:
        sys.stderr.write("signoff: stopped; run the same command again to go on.\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
