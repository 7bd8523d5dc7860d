"""Files are read in processes that may die: each way of dying fails its own file, says why, and leaves the others alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from deadly import Sum

from signoff.domain.errors import Unavailable, Unreadable
from signoff.domain.layouts import Layout
from signoff.domain.reading import Unread
from signoff.tools.documents.document import Source
from signoff.tools.intake import papers
from signoff.tools.isolation import Readers, apart
from signoff.tools.limits import Limits
from signoff.tools.paper import Contents

LIMITS = Limits(seconds=1, patience=8, megabytes=400)
ORDERS = Path(__file__).parents[2] / "examples" / "orders"
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="the system cannot keep a process from it")


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    with Readers(2, LIMITS, "deadly:read") as some:
        yield some


def ask(readers: Readers, deed: str) -> Future[Contents]:
    return readers.submit(Source("a.txt", deed.encode()))


def said(future: Future[Contents]) -> str:
    (paper,) = future.result(60).papers
    (part,) = paper.parts
    assert isinstance(part, Unread)
    return part.reason


DEATHS = {
    "segfault": "a.txt broke off the program that reads it (SIGSEGV)",
    "exit": "a.txt ended the program that reads it (code 3)",
    "leave": "a.txt ended the program that reads it (code 4)",
    "raise": "a.txt ended the program that reads it (code 1)",
    "killed": "a.txt was taken off by the system while it was read, as a rule for want of memory",
    "abort": "a.txt made the program that reads it give up, as a rule for want of memory (400 MB)",
    "loop": "a.txt takes more than 1 seconds of computing, the limit",
    "memory": "a.txt needs more than 400 MB of memory, the limit",
    "lie": "a.txt ended the program that reads it (code 0)",
}


def test_every_death_is_a_sentence_and_the_good_ones_beside_it_finish(readers: Readers) -> None:
    asked = [(ask(readers, deed), why, ask(readers, "good")) for deed, why in DEATHS.items()]
    for died, why, good in asked:
        assert said(died) == f"{why}; ask the sender for it in another form, or enter the order by hand."
        assert said(good) == "fine"


def test_what_waits_for_ever_is_given_up() -> None:
    with Readers(1, Limits(patience=1), "deadly:read") as one:
        said(ask(one, "good"))
        assert said(ask(one, "sleep")).startswith("a.txt was not read within 1 seconds, the limit; ")
        assert said(ask(one, "good")) == "fine"


def test_a_process_is_kept_for_the_next_file(readers: Readers) -> None:
    assert len({said(ask(readers, "pid")) for _ in range(10)}) <= readers.count


def test_what_is_printed_goes_nowhere(readers: Readers, capfd: pytest.CaptureFixture[str]) -> None:
    assert said(ask(readers, "print")) == "printed, and read ''"
    assert said(ask(readers, "good")) == "fine"
    assert tuple(capfd.readouterr()) == ("", "")


@on_linux
@pytest.mark.parametrize(
    ("deed", "outcome"),
    [("environment", "[]"), ("connect", "OSError"), ("write", "OSError"), ("core", "(0, 0)")],
)
def test_what_a_reader_cannot_do(readers: Readers, deed: str, outcome: str) -> None:
    assert said(ask(readers, deed)) == outcome


def test_no_key_of_ours_is_in_sight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    with Readers(1, LIMITS, "deadly:read") as one:
        assert said(ask(one, "environment")) == "[]"


def test_a_process_that_cannot_start_says_so(capfd: pytest.CaptureFixture[str]) -> None:
    with Readers(1, LIMITS, "nowhere:nothing") as none, pytest.raises(Unavailable, match="could not be started"):
        ask(none, "good").result(30)
    assert "nowhere" in capfd.readouterr().err


def test_closing_waits_for_nobody() -> None:
    with Readers(2, Limits(), "deadly:read") as some:
        said(ask(some, "good"))
        asked = [ask(some, "sleep") for _ in range(5)]
        begun = time.perf_counter()
    assert time.perf_counter() - begun < 10
    assert all(f.done() for f in asked)


@on_linux
def test_a_process_dies_with_its_parent_even_while_it_works() -> None:
    script = """
        from signoff.tools.documents.document import Source
        from signoff.tools.isolation import Readers
        from signoff.tools.limits import Limits
        readers = Readers(1, Limits(), "deadly:read")
        (paper,) = readers.submit(Source("a.txt", b"pid")).result().papers
        print(paper.parts[0].reason, flush=True)
        readers.submit(Source("a.txt", b"loop")).result()
    """
    run = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n" + textwrap.dedent(script)]
    with subprocess.Popen(run, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert Path(f"/proc/{child}").exists()
        time.sleep(0.2)
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
    until = time.perf_counter() + 10
    while Path(f"/proc/{child}").exists() and not _is_zombie(child):
        assert time.perf_counter() < until
        time.sleep(0.02)


def _is_zombie(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_what_was_learned_meanwhile_holds_for_the_next_file() -> None:
    first, second = (Layout(sender=name, marks=()) for name in ("Adler", "Borg"))
    with Readers(1, LIMITS, "deadly:read", memory=[first]) as one:
        assert said(ask(one, "senders")) == "Adler"
        one.remember([first, second])
        assert said(ask(one, "senders")) == "Adler Borg"


def test_one_file_is_asked_about_in_a_process_of_its_own() -> None:
    source, more = Source("two.txt", b"2"), Sum(number=3)
    assert apart("deadly:add", source, more, Sum, LIMITS) == Sum(number=5)
    with pytest.raises(Unreadable, match=r"^words\.txt holds no number\.$"):
        apart("deadly:add", Source("words.txt", b"two"), more, Sum, LIMITS)
    with pytest.raises(Unreadable, match=r"^two\.txt ended the program that reads it \(code 5\); "):
        apart("deadly:leave", source, more, Sum, LIMITS)


@pytest.mark.parametrize("name", ["xml/4500018001.xml", "edi/850-tamarack-1116.x12"])
def test_a_structured_order_is_read_without_what_printed_pages_need(name: str) -> None:
    """Its process is ready, and done, in a third of the time."""
    script = f"""
        import sys
        from pathlib import Path
        from signoff.tools.documents.document import Source
        from signoff.tools.intake import papers
        papers(Source({name!r}, Path({str(ORDERS / name)!r}).read_bytes()))
        print(*sorted({{"openpyxl", "numpy", "signoff.tools.orders.labels", "confusable_homoglyphs"}} & sys.modules.keys()))
    """
    ran = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""


EXAMPLES = ("xml/4500018001.xml", "edi/850-tamarack-1116.x12", "spreadsheets/4500018062.xlsx", "pdf/4500018070.pdf")


def test_what_comes_back_is_what_was_read() -> None:
    """Nothing is lost or changed on the way, whatever the format."""
    sources = [Source(name, (ORDERS / name).read_bytes()) for name in EXAMPLES]
    sources.append(Source("gone.pdf", b"", "gone.pdf cannot be opened: Permission denied."))
    with Readers(1) as one:
        for source, found in [(s, one.submit(s)) for s in sources]:
            contents = found.result(60)
            assert list(contents.papers) == papers(source)
            assert contents.seconds > 0
