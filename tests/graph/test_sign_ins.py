"""Signing in on a clock of the test's: who gets in, who waits, what is on record, and that a change behind it is found."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from signoff.domain.credentials import FREE_TRIES, Session, Token
from signoff.domain.errors import Refused
from signoff.domain.people import Person
from signoff.graph.audit import verify
from signoff.graph.signing_in import LOGIN, SignIns
from signoff.graph.store.sqlite import SqliteStore

ADA = Person(person_id="P-1", name="Ada Example", roles=("procurement_manager",))
BEN = Person(person_id="P-2", name="Ben Example", roles=("buyer",))
GOOD, WRONG = "seven ducks on a pond", "eight ducks on a pond"
KEY = b"the key of a test"


class Clock:
    def __init__(self) -> None:
        self.now = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def goes(self, **by: float) -> None:
        self.now += dt.timedelta(**by)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "signoff.db", KEY)
    yield store
    store.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def door(store: SqliteStore, clock: Clock) -> SignIns:
    door = SignIns(store, "ann", clock)
    door.set_password(ADA, GOOD, "P-1")
    return door


def told(store: SqliteStore) -> list[tuple[str, str]]:
    return [(e.type, e.actor) for e in store.events.all()]


def altered(store: SqliteStore, sql: str) -> str | None:
    store.db.execute(sql)
    return verify(store).fault


class TestPasswords:
    def test_who_knows_it_gets_in(self, door: SignIns, store: SqliteStore) -> None:
        assert door.by_password(ADA, GOOD) == Session("P-1", "password", "ann")
        assert told(store) == [("password.set", "P-1"), ("person.signed_in", "P-1")]

    @pytest.mark.parametrize(("who", "password"), [(ADA, WRONG), (ADA, ""), (BEN, GOOD), (BEN, "")])
    def test_who_does_not_is_turned_away(self, door: SignIns, store: SqliteStore, who: Person, password: str) -> None:
        with pytest.raises(Refused, match=f"not the password of {who.name}"):
            door.by_password(who, password)
        (*_, last) = store.events.all()
        assert (last.type, last.actor, last.body["person"], last.body["os_user"]) == ("person.turned_away", "signoff", who.person_id, "ann")

    def test_after_too_many_even_the_right_one_waits(self, door: SignIns, clock: Clock) -> None:
        for _ in range(FREE_TRIES):
            with pytest.raises(Refused, match="not the password"):
                door.by_password(ADA, WRONG)
        for _ in range(3):
            with pytest.raises(Refused, match="Too many wrong passwords for Ada Example; try again in 31 seconds"):
                door.by_password(ADA, GOOD)
        clock.goes(seconds=30)
        with pytest.raises(Refused, match="not the password"):
            door.by_password(ADA, WRONG)
        with pytest.raises(Refused, match="try again in 61 seconds"):
            door.by_password(ADA, GOOD)
        clock.goes(seconds=60)
        assert door.by_password(ADA, GOOD).how == "password"
        with pytest.raises(Refused, match="not the password"):
            door.by_password(ADA, WRONG)

    def test_others_do_not_wait_for_it(self, door: SignIns) -> None:
        door.set_password(BEN, WRONG, "P-1")
        for _ in range(FREE_TRIES + 1):
            with pytest.raises(Refused):
                door.by_password(ADA, WRONG)
        assert door.by_password(BEN, WRONG).person == "P-2"

    def test_many_at_once_are_many(self, door: SignIns, store: SqliteStore, clock: Clock, tmp_path: Path) -> None:
        """A try counts before it is looked at: of 16 at the same moment no more than the free ones are."""
        heard: list[str] = []

        def guess() -> None:
            own = SqliteStore(tmp_path / "signoff.db", KEY)
            try:
                SignIns(own, "ann", clock).by_password(ADA, WRONG)
            except Refused as refused:
                heard.append(str(refused))
            finally:
                own.close()

        threads = [threading.Thread(target=guess) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert len(heard) == 16
        assert sum("not the password" in words for words in heard) == FREE_TRIES
        assert verify(store).fault is None

    def test_a_new_one_ends_the_old_one_its_waits_and_its_logins(self, door: SignIns) -> None:
        _, login = door.make_token(ADA, "login", "here", LOGIN, "P-1")
        _, batch = door.make_token(ADA, "token", "batch", None, "P-1")
        for _ in range(FREE_TRIES):
            with pytest.raises(Refused):
                door.by_password(ADA, WRONG)
        door.set_password(ADA, "nine ducks on a pond", "P-1")
        assert door.by_password(ADA, "nine ducks on a pond").person == "P-1"
        with pytest.raises(Refused, match="not the password"):
            door.by_password(ADA, GOOD)
        with pytest.raises(Refused, match="was revoked"):
            door.by_token(ADA, login)
        assert door.by_token(ADA, batch).how == "token"


class TestTokens:
    def test_whose_it_is_gets_in(self, door: SignIns) -> None:
        token, text = door.make_token(BEN, "token", "nightly", dt.timedelta(days=90), "P-1")
        assert door.by_token(BEN, text) == Session("P-2", "token", "ann", token.number)

    def test_nobody_else_does(self, door: SignIns) -> None:
        _, text = door.make_token(BEN, "token", "nightly", None, "P-1")
        with pytest.raises(Refused, match="is not Ada Example's, it is P-2's"):
            door.by_token(ADA, text)

    @pytest.mark.parametrize("forged", ["", "x", "signoff-1-" + "A" * 43, "signoff-99-" + "A" * 43])
    def test_a_forged_one_opens_nothing(self, door: SignIns, forged: str) -> None:
        door.make_token(ADA, "token", "", None, "P-1")
        with pytest.raises(Refused, match="none of this workspace"):
            door.by_token(ADA, forged)

    def test_its_end(self, door: SignIns, clock: Clock) -> None:
        _, text = door.make_token(ADA, "login", "", LOGIN, "P-1")
        clock.goes(hours=12, seconds=-1)
        door.by_token(ADA, text)
        clock.goes(seconds=1)
        with pytest.raises(Refused, match="expired on 2026-11-20"):
            door.by_token(ADA, text)

    def test_revoked_it_stays(self, door: SignIns, store: SqliteStore) -> None:
        token, text = door.make_token(ADA, "token", "", None, "P-1")
        door.revoke(token, "P-2")
        with pytest.raises(Refused, match="was revoked"):
            door.by_token(ADA, text)
        assert ("token.revoked", "P-2") in told(store)

    def test_nobody_outlasts_their_token(self, door: SignIns, clock: Clock) -> None:
        token, text = door.make_token(ADA, "login", "", LOGIN, "P-1")
        session = door.by_token(ADA, text)
        door.still_in(session)
        clock.goes(hours=13)
        with pytest.raises(Refused, match="no longer signed in: token 1 expired"):
            door.still_in(session)
        clock.goes(hours=-13)
        door.revoke(token, "P-2")
        with pytest.raises(Refused, match="no longer signed in: token 1 was revoked"):
            door.still_in(session)
        door.still_in(Session("P-1", "trusted", "ann"))


class TestTheRecord:
    def test_no_secret_stands_in_it(self, door: SignIns, store: SqliteStore) -> None:
        token, text = door.make_token(ADA, "token", "nightly", None, "P-1")
        door.by_password(ADA, GOOD)
        door.by_token(ADA, text)
        for wrong in (door.by_password, door.by_token):
            with pytest.raises(Refused):
                wrong(ADA, WRONG)
        kept = store.credentials.password("P-1")
        assert kept is not None
        words = "\n".join(str(e) for e in store.events.all())
        for secret in (GOOD, WRONG, text, text.split("-", 2)[2], token.hash, kept.hash):
            assert secret not in words

    def test_each_event_of_who_is_signed_in_says_how_and_no_other(self, door: SignIns, store: SqliteStore) -> None:
        store.events.session = door.by_password(ADA, GOOD)
        for actor in ("P-1", "P-2", "signoff"):
            store.events.append("case.noted", actor, {}, door.now)
        bodies = [e.body for e in store.events.all()][-3:]
        assert bodies == [{"signed_in": {"how": "password", "os_user": "ann", "rights": ""}}, {}, {}]

    @pytest.mark.parametrize(
        ("sql", "fault"),
        [
            ("UPDATE passwords SET hash = (SELECT hash || 'x' FROM passwords)", "The password P-1 was altered"),
            ("DELETE FROM passwords", "The password P-1 was altered"),
            ("INSERT INTO passwords VALUES ('P-2', 'x', 'now')", "The password P-2 was altered, or is there without an event"),
            ("UPDATE tokens SET expires_at = '2099-01-01T00:00:00+00:00'", "The token 1 was altered"),
            ("UPDATE tokens SET revoked_at = NULL", "The token 1 was altered"),
            ("UPDATE tokens SET person_id = 'P-2'", "The token 1 was altered"),
            ("DELETE FROM tokens", "The token 1 was altered"),
            ("INSERT INTO adopted VALUES ('policy', 'x', 'P-1', 'now')", "The adopted policy was altered, or is there without an event"),
        ],
    )
    def test_what_was_changed_behind_it_is_found(self, door: SignIns, store: SqliteStore, sql: str, fault: str) -> None:
        token, _ = door.make_token(ADA, "token", "", LOGIN, "P-1")
        door.revoke(token, "P-1")
        assert verify(store).fault is None
        assert (altered(store, sql) or "").startswith(fault)


def test_the_store_keeps_what_it_was_given(store: SqliteStore, clock: Clock) -> None:
    now = clock.now.isoformat()
    made = store.credentials.make_token(Token(0, "P-1", "token", "n", "h", now, None))
    assert made == Token(1, "P-1", "token", "n", "h", now, None)
    assert store.credentials.tokens() == [made]
    assert store.credentials.token(2) is None
    assert store.credentials.tries("P-1") is None
