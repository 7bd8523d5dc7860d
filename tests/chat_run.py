"""`signoff chat` from a pipe, with the lines that a person would type."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from signoff_run import Ran, run

KATRIN, JONAS = "E-030", "E-021"
"""Compliance; a buyer, who may take documents in as well."""


def chat(workspace: Path, who: str, *lines: str, resume: bool = False) -> Ran:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        return run("chat", "--as", who, *(["--resume"] if resume else []), workspace=workspace)


def said(workspace: Path, who: str, *lines: str, resume: bool = False) -> str:
    """What the chat prints, with the white space that fills lines made one blank; it must end well."""
    ran = chat(workspace, who, *lines, resume=resume)
    assert (ran.code, ran.err) == (0, "")
    return " ".join(ran.out.split())
