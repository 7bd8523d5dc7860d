"""`signoff worker`: does what is due and ends, reminds once however many there are, and stops without leaving anything half done."""

from __future__ import annotations

import asyncio
import signal
import socket
import sqlite3
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from signoff_run import ORDERS, TODAY, done, rows, run, started

from signoff.app.worker import Shift, log
from signoff.app.workspace import opened
from signoff.tools.notices import MailFolder

WEEK_LATER = {"SIGNOFF_TODAY": "2026-11-27"}


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a week later."""
    monkeypatch.setattr("signoff_run.TODAY", WEEK_LATER["SIGNOFF_TODAY"])


DEAD = f"{socket.gethostname()}-1-dead"


def queue_again(workspace: Path, cases: str) -> None:
    """What a killed process leaves behind: jobs whose owner is dead."""
    with sqlite3.connect(workspace / "signoff.db") as db:
        db.execute(f"UPDATE jobs SET status = 'running', owner = ? WHERE case_number IN ({cases})", (DEAD,))


@pytest.mark.usefixtures("later")
class TestOnce:
    def test_it_reminds_writes_mails_and_ends(self, worked: Path) -> None:
        first = done("worker", "--once", workspace=worked)
        assert "did=escalated" in first
        mails = sorted((worked / "outbox").glob("*.eml"))
        assert len(mails) == first.count("did=sent") > 0
        mail = message_from_bytes(mails[0].read_bytes(), policy=policy.default)
        assert mail["To"].endswith("@halvermoor.example>")
        assert mail["Subject"].startswith("Escalated: ")
        assert "To answer: signoff decide C0" in mail.get_content()
        again = done("worker", "--once", workspace=worked)
        assert [line.split()[1] for line in again.splitlines()] == ["did=started", "did=stopped"]
        assert "all whole" in done("audit", "verify", workspace=worked)
        assert "came out the same" in done("replay", "--all", workspace=worked)

    def test_it_takes_up_the_work_of_a_process_that_died(self, worked: Path) -> None:
        before = rows(worked / "signoff.db", "SELECT number, state FROM cases")
        queue_again(worked, "1, 2, 3")
        told = done("worker", "--once", "--concurrency", "1", workspace=worked)
        assert told.count("did=job") == 3
        assert rows(worked / "signoff.db", "SELECT number, state FROM cases") == before
        assert rows(worked / "signoff.db", "SELECT count(*) FROM jobs WHERE status != 'done'") == [(0,)]

    def test_a_policy_that_is_wrong_is_said(self, worked: Path) -> None:
        (worked / "policy.yaml").write_text("version: 2\n", encoding="utf-8")
        ran = run("worker", "--once", workspace=worked)
        assert ran.code == 2
        assert "policy.yaml" in ran.err

    def test_what_is_overdue_is_listed(self, worked: Path) -> None:
        assert "overdue" in done("list", "--overdue", workspace=worked)


def test_a_line_of_the_log_can_be_taken_apart(capsys: pytest.CaptureFixture[str]) -> None:
    import datetime as dt

    log(lambda: dt.datetime(2026, 11, 20, tzinfo=dt.UTC), "waits", because='policy.yaml, line 3: "x" is = wrong\nvery', case="C00001")
    assert capsys.readouterr().out == (
        'at=2026-11-20T00:00:00Z did=waits because="policy.yaml, line 3: \\"x\\" is = wrong\\nvery" case=C00001\n'
    )


def test_new_tasks_are_told_in_one_mail_each(worked: Path) -> None:
    policy_file = worked / "policy.yaml"
    text = policy_file.read_text(encoding="utf-8")
    policy_file.write_text(text.replace("approval: {", "approval: {tell: true, "), encoding="utf-8")
    done("worker", "--once", workspace=worked)
    assert not (worked / "outbox").exists(), "tasks keep what they were opened with"
    papers = worked / "new"
    papers.mkdir()
    for number in ("4500018902", "4500018903", "4500018904"):
        text = (ORDERS / "xml" / "4500018006.xml").read_text(encoding="utf-8")
        (papers / f"{number}.xml").write_text(text.replace("4500018006", number), encoding="utf-8")
    done("batch", papers, workspace=worked)
    told = done("worker", "--once", workspace=worked)
    assert told.count("did=told") == 3
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted((worked / "outbox").glob("*.eml"))]
    assert len({mail["To"] for mail in mails}) == len(mails), "one mail each"
    (mail,) = (m for m in mails if m["To"] == "Jonas Feldkamp <j.feldkamp@halvermoor.example>")
    assert mail["Subject"] == "2 messages about 2 cases", "those that look like the first are the buyers'"
    assert all(f"order {number} to " in mail.get_content() for number in ("4500018903", "4500018904"))
    assert "did=told" not in done("worker", "--once", workspace=worked)
    assert "all whole" in done("audit", "verify", workspace=worked)
    assert "came out the same" in done("replay", "--all", workspace=worked)


def test_told_to_stop_with_work_in_hand_it_finishes_that_and_gives_the_rest_back(worked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = rows(worked / "signoff.db", "SELECT number, state FROM cases")
    queue_again(worked, "SELECT number FROM cases")
    told: list[str] = []

    def stop_at_once(did: str, **_: object) -> None:
        told.append(did)
        if told.count("job") == 1 and did == "job":
            signal.raise_signal(signal.SIGTERM)

    monkeypatch.setenv("SIGNOFF_TODAY", TODAY)
    with opened(worked) as w:
        asyncio.run(Shift(w, 2, MailFolder(worked / "outbox"), stop_at_once).run(once=False, poll=60))
    assert 1 <= told.count("job") <= 4, "what was begun before the loop heard of it, and nothing more"
    assert told[-1] == "stopped"
    assert rows(worked / "signoff.db", "SELECT count(*) FROM jobs WHERE status = 'done'") == [(told.count("job"),)]
    assert rows(worked / "signoff.db", "SELECT count(*) FROM jobs WHERE status = 'queued'")[0][0] > 0
    assert rows(worked / "signoff.db", f"SELECT count(*) FROM jobs WHERE status = 'running' AND owner != '{DEAD}'") == [(0,)]
    assert rows(worked / "signoff.db", "SELECT number, state FROM cases") == before
    done("worker", "--once", workspace=worked)
    assert rows(worked / "signoff.db", "SELECT count(*) FROM jobs WHERE status != 'done'") == [(0,)]


@pytest.mark.slow
class TestProcesses:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["sigterm", "sigint"])
    def test_told_to_stop_it_ends_well(self, worked: Path, number: signal.Signals) -> None:
        process = started("worker", "--poll", "0.2", workspace=worked)
        assert process.stdout
        first = process.stdout.readline()
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        assert "did=started" in first
        assert (process.returncode, err) == (0, "")
        assert "did=stopped" in out
        assert rows(worked / "signoff.db", "SELECT count(*) FROM jobs WHERE status = 'running'") == [(0,)]

    @pytest.mark.usefixtures("later")
    def test_two_at_once_remind_once(self, worked: Path) -> None:
        both = [started("worker", "--once", workspace=worked) for _ in range(2)]
        told = "".join(process.communicate(timeout=120)[0] for process in both)
        assert [process.returncode for process in both] == [0, 0]
        events = rows(
            worked / "signoff.db", "SELECT json_extract(body, '$.task'), count(*) FROM events WHERE type = 'task.escalated' GROUP BY 1"
        )
        assert events
        assert all(count == 1 for _, count in events)
        assert told.count("did=escalated") == len(events)
        assert rows(worked / "signoff.db", "SELECT count(*) FROM notices WHERE sent_at IS NULL") == [(0,)]
        assert len(list((worked / "outbox").glob("*.eml"))) == told.count("did=sent") > 0
