"""Where a model is, as the environment says it. Apart from the client, which takes half a second to import."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from pydantic import SecretStr

OPENAI = "https://api.openai.com/v1"


@dataclass(frozen=True)
class Endpoint:
    """An endpoint with its model, and the model to turn to when that does not answer.

    `timeout` is in seconds, for a whole answer or for the next piece of a stream; `concurrency` and `requests_per_minute` hold
    for everything that runs in the process; `images` and `tools` say what the model takes.
    """

    model: str
    key: SecretStr | None = None
    base_url: str = OPENAI
    fallback: str | None = None
    timeout: float = 60.0
    concurrency: int = 32
    requests_per_minute: int | None = None
    images: bool = False
    tools: Literal["native", "schema"] = "native"

    @property
    def host(self) -> str:
        """The host, with its port where that is told, and without what a URL may hold of a password."""
        return urlsplit(self.base_url).netloc.rpartition("@")[2]

    @property
    def secret(self) -> str:
        return self.key.get_secret_value() if self.key else ""
