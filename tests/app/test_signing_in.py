"""Signing in as people do it at the command line: trusted, required, with passwords, tokens and logins; and what is then on record."""

from __future__ import annotations

import io
import json
import os
import stat
import sys
from pathlib import Path

import pytest
from signoff_run import ORDERS, Ran, copied, done, rows, run

from signoff.app.logins import Logins
from signoff.app.signing_in import os_user

if sys.platform != "win32":
    from pty_terminal import Terminal

MANAGER, BUYER, COMPLIANCE, REQUESTER = "E-020", "E-021", "E-030", "E-040"
PASSWORD = "seven ducks on a pond"
CHEMICALS = "C00002"
"""Waits for compliance, once."""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration folder of the test's own, and nobody signed in."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("SIGNOFF_TOKEN", raising=False)
    return tmp_path / "config"


@pytest.fixture(scope="module")
def one_waiting(empty_company: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One order that waits for a sign-off of compliance."""
    workspace = copied(empty_company, tmp_path_factory.mktemp("waiting") / "workspace")
    done("batch", ORDERS / "xml" / "4500018001.xml", workspace=workspace)
    done("batch", ORDERS / "xml" / "4500018004.xml", workspace=workspace)
    return workspace


@pytest.fixture(scope="module")
def strictly(one_waiting: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same where people sign in: the manager has a password, and has adopted the policy."""
    folder = tmp_path_factory.mktemp("strict")
    workspace = copied(one_waiting, folder / "workspace")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        patch.delenv("SIGNOFF_TOKEN", raising=False)
        set_password(MANAGER, workspace)
        with (workspace / "policy.yaml").open("a", encoding="utf-8") as policy:
            policy.write("\naccess: {sign_in: required}\n")
        signed_in_as(MANAGER, workspace, patch)
        done("access", "adopt", "--as", MANAGER, workspace=workspace)
    return workspace


@pytest.fixture
def waiting(one_waiting: Path, tmp_path: Path) -> Path:
    return copied(one_waiting, tmp_path / "workspace")


@pytest.fixture
def strict(strictly: Path, tmp_path: Path) -> Path:
    return copied(strictly, tmp_path / "strict")


def signed_in_as(person: str, workspace: Path, patch: pytest.MonkeyPatch) -> None:
    """With a token, made at the door itself as an administrator would."""
    import datetime as dt

    from signoff.domain.people import Person
    from signoff.graph.signing_in import SignIns
    from signoff.graph.store.sqlite import SqliteStore

    store = SqliteStore(workspace / "signoff.db", bytes.fromhex((workspace / "audit.key").read_text().strip()))
    whose = Person(person_id=person, name=person)
    _, text = SignIns(store, "test", lambda: dt.datetime.now(dt.UTC)).make_token(whose, "token", "test", None, person)
    store.close()
    patch.setenv("SIGNOFF_TOKEN", text)


def set_password(person: str, workspace: Path, *more: str, password: str = PASSWORD) -> Ran:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.StringIO(password + "\n"))
        return run("access", "password", person, "--stdin", *more, workspace=workspace)


def bodies(workspace: Path, type: str) -> list[tuple[str, dict[str, object]]]:
    found = rows(workspace / "signoff.db", "SELECT actor, body FROM events WHERE type = ? ORDER BY seq", type)
    return [(str(actor), json.loads(str(body))) for actor, body in found]


class TestTrusted:
    def test_who_says_so_is_believed_and_the_record_says_on_what(self, waiting: Path) -> None:
        done("decide", CHEMICALS, "--as", COMPLIANCE, "--approve", workspace=waiting)
        ((actor, body),) = bodies(waiting, "task.answered")
        assert actor == COMPLIANCE
        signed_in = body["signed_in"]
        assert isinstance(signed_in, dict)
        assert (signed_in["how"], signed_in["os_user"]) == ("trusted", os_user())
        digest = str(signed_in["rights"])
        assert rows(waiting / "signoff.db", "SELECT 1 FROM masters_kept WHERE kind = 'access' AND digest LIKE ?", f"{digest}%")

    def test_the_operating_systems_user_is_not_what_the_environment_says(self, waiting: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("USER", "LOGNAME", "USERNAME", "LNAME"):
            monkeypatch.setenv(name, "somebody-else")
        done("decide", CHEMICALS, "--as", COMPLIANCE, "--approve", workspace=waiting)
        assert "somebody-else" not in str(bodies(waiting, "task.answered"))

    def test_what_is_on_record_still_replays_and_verifies(self, waiting: Path) -> None:
        done("decide", CHEMICALS, "--as", COMPLIANCE, "--approve", workspace=waiting)
        assert "all whole" in done("audit", "verify", workspace=waiting)
        assert "2 of 2 cases came out the same" in done("replay", "--all", workspace=waiting)

    def test_access_cedar_is_asked(self, waiting: Path) -> None:
        rules = waiting / "access.cedar"
        rule = '@id("Compliance is on strike")\nforbid (principal in Role::"compliance", action == Action::"decide", resource);\n'
        rules.write_text(rules.read_text(encoding="utf-8") + rule, encoding="utf-8")
        ran = run("decide", CHEMICALS, "--as", COMPLIANCE, "--approve", workspace=waiting)
        assert ran.code == 1
        assert "Compliance is on strike (line" in ran.err
        assert bodies(waiting, "task.answered") == []

    def test_a_token_that_is_there_counts(self, waiting: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        signed_in_as(BUYER, waiting, monkeypatch)
        ran = run("decide", CHEMICALS, "--as", COMPLIANCE, "--approve", workspace=waiting)
        assert (ran.code, "sign in as E-021" in ran.err) == (1, True)

    @pytest.mark.parametrize(
        ("who", "file", "code"), [(BUYER, "vendors", 0), (REQUESTER, "vendors", 1), (BUYER, "people", 1), (MANAGER, "people", 0)]
    )
    def test_who_imports_needs_the_right_to(self, waiting: Path, who: str, file: str, code: int) -> None:
        ran = run(file, "import", waiting / f"{file}.csv", "--as", who, workspace=waiting)
        assert ran.code == code, ran.err
        if code:
            assert f"does not let Person {who} write {file}: no rule permits it" in ran.err
        else:
            assert bodies(waiting, "masterdata.imported")[-1][0] == who

    @pytest.mark.parametrize(("who", "code"), [(BUYER, 0), (REQUESTER, 1)])
    def test_who_takes_documents_in_needs_the_right_to(self, waiting: Path, who: str, code: int) -> None:
        ran = run("batch", ORDERS / "cxml" / "4500018032.xml", "--as", who, workspace=waiting)
        assert ran.code == code, ran.err
        assert [actor for actor, _ in bodies(waiting, "batch.started")] == ([] if code else [who])

    def test_nobody_is_called_that(self, waiting: Path) -> None:
        for words in (["decide", CHEMICALS, "--approve"], ["review"], ["chat"], ["login"], ["access", "adopt"]):
            ran = run(*words, "--as", "Nobody Known", workspace=waiting)
            assert (ran.code, "Nobody Known is not in people.csv" in ran.err) == (2, True), ran


class TestRequired:
    @pytest.mark.parametrize(
        "words", [["decide", CHEMICALS, "--approve", "--as", COMPLIANCE], ["review", "--as", COMPLIANCE], ["chat", "--as", COMPLIANCE]]
    )
    def test_nothing_goes_without_a_proof(self, strict: Path, words: list[str]) -> None:
        ran = run(*words, workspace=strict)
        assert ran.code == 1
        assert f"Katrin Moosbach ({COMPLIANCE}) is not signed in; run: signoff login --as {COMPLIANCE}" in ran.err
        assert ran.err.count("\n") == 1
        assert bodies(strict, "task.answered") == []

    def test_a_token_is_one(self, strict: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        signed_in_as(COMPLIANCE, strict, monkeypatch)
        done("decide", CHEMICALS, "--as", COMPLIANCE, "--approve", workspace=strict)
        ((_, body),) = bodies(strict, "task.answered")
        assert isinstance(body["signed_in"], dict)
        assert (body["signed_in"]["how"], body["signed_in"]["token"]) == ("token", 2)
        assert "(signed in by a token) answered: approve." in done("why", CHEMICALS, workspace=strict)
        assert "all whole" in done("audit", "verify", workspace=strict)
        assert "came out the same" in done("replay", "--all", workspace=strict)

    @pytest.mark.parametrize("token", ["", "signoff-1-" + "A" * 43, "rubbish"])
    def test_a_forged_one_is_none(self, strict: Path, monkeypatch: pytest.MonkeyPatch, token: str) -> None:
        monkeypatch.setenv("SIGNOFF_TOKEN", token)
        ran = run("decide", CHEMICALS, "--as", COMPLIANCE, "--approve", workspace=strict)
        assert ran.code == 1
        assert token == "" or token not in ran.err
        assert bodies(strict, "task.answered") == []

    def test_imports_name_somebody(self, strict: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        ran = run("vendors", "import", strict / "vendors.csv", workspace=strict)
        assert (ran.code, "say who you are: --as PERSON" in ran.err) == (1, True)
        signed_in_as(BUYER, strict, monkeypatch)
        done("vendors", "import", strict / "vendors.csv", workspace=strict)
        assert bodies(strict, "masterdata.imported")[-1][0] == BUYER

    def test_a_timer_may_take_documents_in_where_the_rules_let_it(self, strict: Path) -> None:
        done("batch", ORDERS / "cxml" / "4500018032.xml", workspace=strict)

    @pytest.mark.parametrize(
        ("file", "more"),
        [("policy.yaml", "\ngates: {fallback_approver: buyer}\n"), ("access.cedar", "permit (principal, action, resource);\n")],
    )
    def test_a_file_that_nobody_adopted_stops_everything(self, strict: Path, monkeypatch: pytest.MonkeyPatch, file: str, more: str) -> None:
        path = strict / file
        text = path.read_text(encoding="utf-8")
        changed = (
            text.split("\ngates:")[0] + more + "\napprovals:" + text.split("\napprovals:")[1] if file == "policy.yaml" else text + more
        )
        path.write_text(changed, encoding="utf-8")
        signed_in_as(COMPLIANCE, strict, monkeypatch)
        for words in (["decide", CHEMICALS, "--as", COMPLIANCE, "--approve"], ["batch", str(ORDERS / "cxml" / "4500018032.xml")]):
            ran = run(*words, workspace=strict)
            assert (ran.code, f"{file} in" in ran.err, "access adopt" in ran.err) == (1, True, True), ran
        ran = run("access", "adopt", "--as", COMPLIANCE, workspace=strict)
        assert (ran.code, "does not let Person E-030 write" in ran.err) == (1, True), ran
        signed_in_as(MANAGER, strict, monkeypatch)
        done("access", "adopt", "--as", MANAGER, workspace=strict)
        signed_in_as(COMPLIANCE, strict, monkeypatch)
        done("decide", CHEMICALS, "--as", COMPLIANCE, "--approve", workspace=strict)
        assert "all whole" in done("audit", "verify", workspace=strict)

    def test_trust_does_not_come_back_by_an_edit(self, strict: Path) -> None:
        path = strict / "policy.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace("sign_in: required", "sign_in: trusted"), encoding="utf-8")
        ran = run("decide", CHEMICALS, "--as", COMPLIANCE, "--approve", workspace=strict)
        assert (ran.code, "policy.yaml" in ran.err) == (1, True)
        assert run("access", "adopt", "--as", MANAGER, workspace=strict).code == 1

    def test_before_anything_was_adopted_nothing_goes(self, waiting: Path) -> None:
        with (waiting / "policy.yaml").open("a", encoding="utf-8") as policy:
            policy.write("\naccess: {sign_in: required}\n")
        assert "access adopt" in run("batch", ORDERS / "cxml", workspace=waiting).err
        assert set_password(BUYER, waiting).code == 1, "the first password is of somebody who may write the rights"
        assert set_password(MANAGER, waiting).code == 0
        assert set_password(MANAGER, waiting, password="another pond of ducks").code == 1, "from the first one on, everybody signs in"


class TestPasswordsAndTokens:
    def test_ones_own_and_those_of_others(self, strict: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        signed_in_as(BUYER, strict, monkeypatch)
        assert set_password(BUYER, strict).code == 0
        ran = set_password(COMPLIANCE, strict, "--as", BUYER)
        assert (ran.code, "does not let Person E-021 write access" in ran.err) == (1, True)
        signed_in_as(MANAGER, strict, monkeypatch)
        assert set_password(COMPLIANCE, strict, "--as", MANAGER).code == 0
        assert [(actor, body["person"]) for actor, body in bodies(strict, "password.set")][1:] == [(BUYER, BUYER), (MANAGER, COMPLIANCE)]

    def test_a_token_is_printed_once_listed_and_revoked(self, waiting: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        made = run("access", "token", BUYER, "--days", "7", "--name", "nightly batch", workspace=waiting)
        text = made.out.strip()
        assert text.startswith("signoff-1-")
        assert "good until" in made.err
        assert text not in made.err
        (listed,) = json.loads(done("access", "tokens", "--json", workspace=waiting))
        assert (listed["token"], listed["person"], listed["name"], listed["state"]) == (1, BUYER, "nightly batch", "good")
        assert text.split("-", 2)[2] not in "".join((waiting / "signoff.db").read_bytes().decode("latin-1"))
        monkeypatch.setenv("SIGNOFF_TOKEN", text)
        done("batch", ORDERS / "cxml" / "4500018032.xml", workspace=waiting)
        done("access", "revoke", 1, workspace=waiting)
        ran = run("batch", ORDERS / "cxml" / "4500018032.xml", workspace=waiting)
        assert (ran.code, "was revoked on" in ran.err) == (1, True)
        monkeypatch.delenv("SIGNOFF_TOKEN")
        assert "was revoked already" in run("access", "revoke", 1, workspace=waiting).err
        assert run("access", "revoke", 9, workspace=waiting).code == 2
        assert "revoked on" in done("access", "tokens", workspace=waiting)

    def test_another_day_makes_no_old_token_good(self, waiting: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """`SIGNOFF_TODAY` is for trying out checks, and stands at the day before the token was made."""
        text = run("access", "token", BUYER, "--days", "1", workspace=waiting).out.strip()
        monkeypatch.setenv("SIGNOFF_TOKEN", text)
        expires = rows(waiting / "signoff.db", "SELECT expires_at FROM tokens")[0][0]
        assert str(expires)[:10] != "2026-11-21"

    def test_a_weak_one_is_refused(self, waiting: Path) -> None:
        ran = set_password(BUYER, waiting, password="short")
        assert (ran.code, "10 characters or more" in ran.err, "short" in ran.err) == (2, True, False)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pseudo-terminal")
class TestAtATerminal:
    def test_a_password_is_asked_for_and_a_login_saves_asking(self, strict: Path, home: Path) -> None:
        with pytest.MonkeyPatch.context() as patch:
            signed_in_as(MANAGER, strict, patch)
            assert set_password(COMPLIANCE, strict, "--as", MANAGER).code == 0
        with Terminal("decide", CHEMICALS, "--as", COMPLIANCE, "--approve", workspace=strict) as terminal:
            terminal.until("Password of Katrin Moosbach (E-030)")
            terminal.type("eight ducks on a pond\r")
            terminal.until("That is not the password of Katrin Moosbach")
            assert terminal.end() == 1
        with Terminal("login", "--as", COMPLIANCE, workspace=strict) as terminal:
            terminal.until("Password of Katrin Moosbach (E-030)")
            terminal.type(f"{PASSWORD}\r")
            shown = terminal.until("until you run: signoff logout")
            assert PASSWORD not in shown
            assert terminal.end() == 0
        file = home / "signoff" / "logins.json"
        assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
        done("decide", CHEMICALS, "--as", COMPLIANCE, "--approve", workspace=strict)
        ((_, body),) = bodies(strict, "task.answered")
        assert isinstance(body["signed_in"], dict)
        assert body["signed_in"]["how"] == "login"
        assert "Signed out: E-030." in done("logout", workspace=strict)
        assert run("review", "--as", COMPLIANCE, workspace=strict).code == 1
        assert "Nobody is signed in here." in done("logout", workspace=strict)
        assert "all whole" in done("audit", "verify", workspace=strict)

    def test_who_shares_a_user_by_sudo_shares_no_login(self, strict: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with pytest.MonkeyPatch.context() as patch:
            signed_in_as(COMPLIANCE, strict, patch)
            text = os.environ["SIGNOFF_TOKEN"]
        monkeypatch.setenv("SUDO_UID", "1001")
        Logins(strict).put(COMPLIANCE, text)
        assert Logins(strict).all() == {COMPLIANCE: text}
        monkeypatch.setenv("SUDO_UID", "1002")
        assert Logins(strict).all() == {}
        assert run("review", "--as", COMPLIANCE, workspace=strict).code == 1
        monkeypatch.setenv("SUDO_USER", "ann")
        assert os_user().endswith(" for ann")

    def test_logins_that_others_can_read_are_none(self, strict: Path, home: Path) -> None:
        file = home / "signoff" / "logins.json"
        file.parent.mkdir(parents=True)
        file.write_text("{}", encoding="utf-8")
        file.chmod(0o644)
        ran = run("review", "--as", COMPLIANCE, workspace=strict)
        assert (ran.code, "can be read by others" in ran.err) == (2, True)


class TestAsking:
    def test_explain(self, waiting: Path) -> None:
        told = done("access", "explain", "Marten Siewers", "write", "vendors", workspace=waiting)
        assert "Marten Siewers (E-040) may not write vendors." in told
        assert "needs one of the roles buyer, procurement_manager" in told
        found = json.loads(done("access", "explain", COMPLIANCE, "decide", CHEMICALS, "--json", workspace=waiting))
        assert (found["allowed"], found["what"], found["needed"]) == (True, CHEMICALS, "")
        assert found["rules"][0][0].startswith("A person decides a case")
        assert "may not" in done("access", "explain", "extraction", "read", "vendors", workspace=waiting)
        assert "Signoff itself may start cases." in done("access", "explain", "signoff", "start", "cases", workspace=waiting)

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["Nobody", "read", "vendors"], "Nobody is not in people.csv"),
            ([BUYER, "reed", "vendors"], "There is no action 'reed'"),
            ([BUYER, "write", "cases"], "write is never done to cases"),
            ([BUYER, "write", "C00001"], "write is not done to a case"),
            ([BUYER, "decide", "C99999"], "There is no case C99999"),
            ([BUYER, "decide", "vendor"], "vendor is no case number"),
        ],
    )
    def test_a_slip_is_a_sentence(self, waiting: Path, words: list[str], said: str) -> None:
        ran = run("access", "explain", *words, workspace=waiting)
        assert (ran.code, said in ran.err) == (2, True), ran

    def test_list_and_check(self, waiting: Path) -> None:
        assert "where a task asks them" in done("access", "list", BUYER, workspace=waiting)
        assert {r["action"] for r in json.loads(done("access", "list", "routing", "--json", workspace=waiting))} == {"read"}
        assert run("access", "check", workspace=waiting).code == 0
        with (waiting / "access.cedar").open("a", encoding="utf-8") as rights:
            rights.write('permit (principal in Role::"astronaut", action == Action::"read", resource);\n')
        ran = run("access", "check", workspace=waiting)
        assert (ran.code, "speaks of the role astronaut" in ran.out) == (1, True)

    def test_check_finds_who_could_not_sign_in(self, strict: Path) -> None:
        found = json.loads(run("access", "check", "--json", workspace=strict).out)
        assert any(f"{COMPLIANCE} has tasks and can sign in by nothing" in problem for problem in found)
