"""What the environment sets. The only place that reads it."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from signoff.agents.client.endpoint import OPENAI, Endpoint
from signoff.domain.errors import BadInput

SECRET = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "token", "erp_key", "store")
"""Variables whose values no error repeats: an address may hold a password."""


class Settings(BaseModel):
    """`SIGNOFF_WORKSPACE` is the folder to work in; `SIGNOFF_AUDIT_KEY_FILE` keeps the audit key elsewhere than in it.

    `SIGNOFF_TODAY` (a date) stands in for today's, to try out how the checks treat another day. `SIGNOFF_TOKEN` signs somebody
    in (docs/access.md). `SIGNOFF_ERP_KEY` is what the ERP knows Signoff by (docs/erp.md).
    `SIGNOFF_STORE` is the address of the store's database (docs/operations.md), in place of the workspace's own file.
    The rest says which model the agents use, if any (docs/models.md).
    """

    model_config = ConfigDict(frozen=True)

    workspace: Path = Path("workspace")
    audit_key_file: Path | None = None
    today: dt.date | None = None
    token: SecretStr | None = None
    erp_key: SecretStr | None = None
    store: SecretStr | None = None
    openai_api_key: SecretStr | None = Field(default=None, validation_alias="OPENAI_API_KEY")
    openai_base_url: str | None = Field(default=None, validation_alias="OPENAI_BASE_URL")
    model: str | None = None
    fallback_model: str | None = None
    model_concurrency: int = Field(default=32, gt=0, le=1000)
    model_timeout: float = Field(default=60.0, gt=0, le=3600)
    model_rpm: int | None = Field(default=None, gt=0)
    model_images: bool = False
    model_tools: Literal["native", "schema"] = "native"
    model_prices: Path | None = None

    @field_validator("openai_api_key")
    @classmethod
    def _key(cls, key: SecretStr | None) -> SecretStr | None:
        secret = key.get_secret_value() if key else ""
        if not (secret.isascii() and secret.isprintable()) or " " in secret:
            raise ValueError("it has characters that no key has")
        return key

    @field_validator("openai_base_url")
    @classmethod
    def _address(cls, url: str | None) -> str | None:
        parts = urlsplit(url or OPENAI)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("it must look like https://api.openai.com/v1")
        return url

    @field_validator("store")
    @classmethod
    def _database(cls, store: SecretStr | None) -> SecretStr | None:
        if store and not store.get_secret_value().startswith(("postgresql://", "postgres://")):
            raise ValueError("it must look like postgresql://user:password@host/database")
        return store

    def endpoint(self) -> Endpoint | None:
        """The model that agents use; `None` where none is configured, which takes its name and a key or an address."""
        if not self.model or not (self.openai_api_key or self.openai_base_url):
            return None
        return Endpoint(
            model=self.model, key=self.openai_api_key, base_url=self.openai_base_url or OPENAI, fallback=self.fallback_model,
            timeout=self.model_timeout, concurrency=self.model_concurrency, requests_per_minute=self.model_rpm,
            images=self.model_images, tools=self.model_tools,
        )  # fmt: skip

    def now(self) -> dt.datetime:
        """The time in UTC; on another day when `today` says so."""
        now = dt.datetime.now(dt.UTC)
        return now if self.today is None else dt.datetime.combine(self.today, now.time(), dt.UTC)


def load_settings() -> Settings:
    """The settings as the environment has them. Raises `BadInput` with the variable that is wrong."""
    try:
        return Settings.model_validate(dict(_set(os.environ)))
    except ValidationError as error:
        first = error.errors()[0]
        raise BadInput(_complaint(str(first["loc"][0]), first["input"], first["msg"])) from None


def _set(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What is set and not empty, under the names of the fields or of their own variables."""
    for name, field in Settings.model_fields.items():
        if value := environment.get(str(field.validation_alias or f"SIGNOFF_{name.upper()}")):
            yield str(field.validation_alias or name), value


def _complaint(name: str, value: object, problem: str) -> str:
    problem = problem.removeprefix("Value error, ").rstrip(".")
    if name in SECRET:
        return f"{name} cannot be used: {problem}."
    return f"SIGNOFF_{name.upper()} cannot be {value!r}: {problem}."
