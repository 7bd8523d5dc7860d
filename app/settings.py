"""What the environment sets. The only place that reads it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from signoff.domain.errors import BadInput


class Settings(BaseSettings):
    """`SIGNOFF_WORKSPACE` is the folder to work in; `SIGNOFF_AUDIT_KEY_FILE` keeps the audit key elsewhere than in it.

    `SIGNOFF_TODAY` (a date) stands in for today's, to try out how the checks treat another day.
    """

    model_config = SettingsConfigDict(env_prefix="SIGNOFF_")

    workspace: Path = Path("workspace")
    audit_key_file: Path | None = None
    today: dt.date | None = None

    def now(self) -> dt.datetime:
        """The time in UTC; on another day when `today` says so."""
        now = dt.datetime.now(dt.UTC)
        return now if self.today is None else dt.datetime.combine(self.today, now.time(), dt.UTC)


def load_settings() -> Settings:
    """The settings as the environment has them. Raises `BadInput` with the variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        raise BadInput(f"SIGNOFF_{str(first['loc'][0]).upper()} cannot be {first['input']!r}: {first['msg']}.") from error
