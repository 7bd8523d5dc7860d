"""The archive gives back what it was given, byte for byte, or says why it cannot."""

from __future__ import annotations

import hashlib
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signoff.domain.errors import BadInput
from signoff.tools.archive import Archive


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=200))
def test_what_was_put_is_got_back_under_its_hash(tmp_path: Path, data: bytes) -> None:
    archive = Archive(tmp_path / "archive")
    digest = archive.put(data)
    assert digest == archive.put(data) == hashlib.sha256(data).hexdigest()
    assert archive.get(digest) == data
    assert (tmp_path / "archive" / digest[:2] / digest[2:]).read_bytes() == data


def test_a_missing_original_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=f"The original {'a' * 64} is missing .*; restore it from a backup"):
        Archive(tmp_path).get("a" * 64)


def test_an_altered_original_is_never_given_out(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    digest = archive.put(b"60 pieces")
    (tmp_path / digest[:2] / digest[2:]).write_bytes(b"90 pieces")
    with pytest.raises(BadInput, match="was altered; restore it from a backup"):
        archive.get(digest)


def test_many_processes_at_once_keep_one_copy_and_leave_nothing_half_written(tmp_path: Path) -> None:
    files = [b"same"] * 8 + [bytes([i]) * 10_000 for i in range(8)]
    with ProcessPoolExecutor(4, multiprocessing.get_context("fork")) as pool:
        digests = list(pool.map(Archive(tmp_path).put, files))
    assert [Archive(tmp_path).get(d) for d in digests] == files
    assert len([p for p in tmp_path.rglob("*") if p.is_file()]) == 9
