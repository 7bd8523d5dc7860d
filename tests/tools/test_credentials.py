"""Passwords and tokens: what is kept opens to what was set and to nothing else, and tells nothing."""

from __future__ import annotations

import datetime as dt

import pytest

from signoff.domain.credentials import FREE_TRIES, LONGEST_WAIT, Session, Token, Tries
from signoff.domain.errors import BadInput
from signoff.tools.credentials import fingerprint, hashed, is_token, new_secret, opens, token_number, token_text

NOW = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)
PASSWORD = "seven ducks on a pond"


class TestPasswords:
    def test_it_opens_to_itself_alone(self) -> None:
        kept = hashed(PASSWORD)
        assert kept.startswith("$argon2id$")
        assert PASSWORD not in kept
        assert opens(PASSWORD, kept)
        for wrong in ("", "seven ducks on a pon", PASSWORD.upper(), PASSWORD + " ", "ä" * 5000, "\x00"):
            assert not opens(wrong, kept)

    def test_the_same_twice_is_kept_in_two_ways(self) -> None:
        assert hashed(PASSWORD) != hashed(PASSWORD)

    @pytest.mark.parametrize("kept", [None, "", "not a hash", "$argon2id$v=19$m=65536,t=3,p=4$broken"])
    def test_where_nothing_is_kept_nothing_opens(self, kept: str | None) -> None:
        assert not opens(PASSWORD, kept)
        assert not opens("", kept)

    @pytest.mark.parametrize("weak", ["", "short", "123456789", "aaaaaaaaaaaaaaaa", "abababababab", "x" * 1001])
    def test_what_is_no_protection_is_refused(self, weak: str) -> None:
        with pytest.raises(BadInput):
            hashed(weak)


class TestTokens:
    def test_it_is_itself_alone(self) -> None:
        secret = new_secret()
        text, kept = token_text(7, secret), fingerprint(secret)
        assert is_token(text, kept)
        assert is_token(f" {text}\n", kept)
        assert token_number(text) == 7
        assert secret not in kept
        for wrong in (secret, text[:-1], text + "A", token_text(7, new_secret()), text.upper(), "", "signoff-7-"):
            assert not is_token(wrong, kept)
        assert not is_token(text, None)
        assert not is_token(text, "")

    @pytest.mark.parametrize("text", ["", "signoff", "signoff--x", "signoff-x-" + "a" * 43, "signoff-7-short", "7"])
    def test_what_does_not_look_like_one(self, text: str) -> None:
        assert token_number(text) is None

    def test_when_it_opens_nothing_any_more(self) -> None:
        token = Token(1, "P-1", "token", "batch", "", NOW.isoformat(), (NOW + dt.timedelta(days=1)).isoformat())
        assert token.fault(NOW) is None
        assert token.fault(NOW + dt.timedelta(days=1)) == "expired on 2026-11-21"
        assert Token(1, "P-1", "token", "", "", "", None, NOW.isoformat()).fault(NOW) == "was revoked on 2026-11-20"


class TestWaiting:
    def test_a_few_are_free_then_each_costs_twice_as_long(self) -> None:
        waits = [Tries(failed, NOW.isoformat()).wait(NOW) for failed in range(40)]
        assert waits[:FREE_TRIES] == [dt.timedelta(0)] * FREE_TRIES
        assert [w.total_seconds() for w in waits[FREE_TRIES : FREE_TRIES + 4]] == [30, 60, 120, 240]
        assert max(waits) == waits[-1] == LONGEST_WAIT

    def test_it_ends(self) -> None:
        tries = Tries(FREE_TRIES, NOW.isoformat())
        assert tries.wait(NOW + dt.timedelta(seconds=29)) == dt.timedelta(seconds=1)
        assert tries.wait(NOW + dt.timedelta(seconds=30)) == dt.timedelta(0)


def test_what_an_event_says_of_a_session() -> None:
    assert Session("P-1", "trusted", "ann", rights="ab12").told == {"how": "trusted", "os_user": "ann", "rights": "ab12"}
    assert Session("P-1", "token", "ann", 0).told["token"] == 0
