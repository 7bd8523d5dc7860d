"""The originals, kept as they came, under the SHA-256 of their bytes: what was seen can be shown again years later."""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path

from signoff.domain.errors import BadInput


class Archive:
    """`root` is a folder; a file `ab12...` stands as `ab/12...`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, data: bytes) -> str:
        """Keep the bytes, on disk before this returns; their SHA-256 in hexadecimal."""
        digest = hashlib.sha256(data).hexdigest()
        path = self._path(digest)
        if not path.exists():
            if not path.parent.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}")
            with unfinished.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes, checked against their hash. Raises `BadInput` when they are missing or were altered."""
        path = self._path(digest)
        if not path.exists():
            raise BadInput(f"The original {digest} is missing from {self.root}; restore it from a backup.")
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != digest:
            raise BadInput(f"The original {path} was altered; restore it from a backup.")
        return data

    def _path(self, digest: str) -> Path:
        return self.root / digest[:2] / digest[2:]
