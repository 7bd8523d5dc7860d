"""Every file under tests/documents is opened and read, and must give what `<file>.expected.json` beside it says.

`make expected` rewrites the expected results; read the diff before you commit it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from signoff.domain.errors import Unreadable
from signoff.domain.reading import DraftOrder, Part
from signoff.tools.documents.document import Source
from signoff.tools.documents.opening import open_document
from signoff.tools.orders.reading import read

HERE = Path(__file__).parent / "documents"
FILES = sorted(p for p in HERE.rglob("*") if p.is_file() and not p.name.endswith((".expected.json", ".md", ".py")))
REWRITE = os.environ.get("SIGNOFF_REWRITE") == "1"


def shown(part: Part) -> dict[str, Any]:
    if isinstance(part, DraftOrder):
        return {"format": part.format, "lane": part.lane, "order": part.order, "controls": part.controls, "notices": part.notices}
    return {"kind": type(part).__name__} | part.model_dump()


def outcome(path: Path) -> Any:
    try:
        document = open_document(Source(path.name, path.read_bytes()))
        parts = [shown(p) for p in read(document)] if not document.attachments else [a.name for a in document.attachments]
    except Unreadable as error:
        return {"unreadable": str(error)}
    return json.loads(json.dumps(parts, default=lambda v: v.model_dump(mode="json", exclude_defaults=True)))


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(HERE)))
def test_reads_as_expected(path: Path) -> None:
    expected = path.with_name(path.name + ".expected.json")
    found = outcome(path)
    if REWRITE:
        expected.write_text(json.dumps(found, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    assert found == json.loads(expected.read_text(encoding="utf-8"))
