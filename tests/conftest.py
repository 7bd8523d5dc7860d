"""For every test: no word of the caller's environment gets in, nothing but loopback gets out, hypothesis repeats itself."""

from __future__ import annotations

import os
import socket
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("signoff", deadline=None, derandomize=True, database=None, max_examples=60)
settings.load_profile("signoff")

for name in [n for n in os.environ if n.startswith(("SIGNOFF_", "OPENAI_")) and n not in ("SIGNOFF_REWRITE", "SIGNOFF_CI")]:
    del os.environ[name]


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection to anywhere else fails the test that tries it."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
