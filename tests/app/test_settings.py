"""Which model the environment names, and what is said of a variable that is wrong."""

from __future__ import annotations

import pytest

from signoff.agents.client.endpoint import OPENAI
from signoff.app.settings import load_settings
from signoff.domain.errors import BadInput


@pytest.fixture
def set_(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "SIGNOFF_MODEL"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_no_model_without_its_name_and_a_key_or_an_address(set_: pytest.MonkeyPatch) -> None:
    assert load_settings().endpoint() is None
    set_.setenv("SIGNOFF_MODEL", "gpt-4o-mini")
    assert load_settings().endpoint() is None
    set_.setenv("OPENAI_API_KEY", "sk-1")
    endpoint = load_settings().endpoint()
    assert endpoint
    assert (endpoint.base_url, endpoint.secret, endpoint.host) == (OPENAI, "sk-1", "api.openai.com")
    set_.delenv("SIGNOFF_MODEL")
    assert load_settings().endpoint() is None


def test_all_of_it(set_: pytest.MonkeyPatch) -> None:
    values = {
        "OPENAI_BASE_URL": "http://127.0.0.1:8080/v1", "OPENAI_API_KEY": "", "SIGNOFF_MODEL": "qwen", "SIGNOFF_FALLBACK_MODEL": "smol",
        "SIGNOFF_MODEL_CONCURRENCY": "8", "SIGNOFF_MODEL_TIMEOUT": "5.5", "SIGNOFF_MODEL_RPM": "60", "SIGNOFF_MODEL_IMAGES": "1",
        "SIGNOFF_MODEL_TOOLS": "schema",
    }  # fmt: skip
    for name, value in values.items():
        set_.setenv(name, value)
    endpoint = load_settings().endpoint()
    assert endpoint
    assert (endpoint.model, endpoint.fallback, endpoint.secret, endpoint.host) == ("qwen", "smol", "", "127.0.0.1:8080")
    assert (endpoint.concurrency, endpoint.timeout, endpoint.requests_per_minute) == (8, 5.5, 60)
    assert (endpoint.images, endpoint.tools) == (True, "schema")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("OPENAI_API_KEY", "sk-secret with a space", "OPENAI_API_KEY cannot be used: it has characters that no key has."),
        ("OPENAI_BASE_URL", "me:hunter2@host/v1", "OPENAI_BASE_URL cannot be used: it must look like https://api.openai.com/v1."),
        ("SIGNOFF_MODEL_TOOLS", "none", "SIGNOFF_MODEL_TOOLS cannot be 'none': Input should be 'native' or 'schema'."),
        ("SIGNOFF_MODEL_CONCURRENCY", "0", "SIGNOFF_MODEL_CONCURRENCY cannot be '0': Input should be greater than 0."),
    ],
)
def test_a_variable_that_is_wrong_is_named_and_no_secret_repeated(set_: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    set_.setenv(name, value)
    with pytest.raises(BadInput) as caught:
        load_settings()
    assert str(caught.value) == said
    assert caught.value.__cause__ is None
