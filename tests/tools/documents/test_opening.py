"""Which opener takes a file, and what is said of a file that none takes."""

from __future__ import annotations

import pytest

from signoff.domain.errors import Unreadable
from signoff.tools.documents.document import Source
from signoff.tools.documents.opening import open_document


@pytest.mark.parametrize(
    ("name", "start"),
    [("scan.jpg", b"\xff\xd8\xff\xe0"), ("scan.png", b"\x89PNG\r\n\x1a\n"), ("scan.tif", b"II*\x00"), ("order.pdf", b"MM\x00*")],
)
def test_a_picture_is_called_one_whatever_its_name(name: str, start: bytes) -> None:
    with pytest.raises(Unreadable, match=f"^{name} is a damaged or cut off picture; ask the sender for it again.$"):
        open_document(Source(name, start + bytes(range(256)) * 8))


def test_a_file_of_no_known_format_is_called_so() -> None:
    with pytest.raises(Unreadable, match="is of no known format"):
        open_document(Source("order.bin", bytes(range(256)) * 8))
