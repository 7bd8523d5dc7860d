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
        path = str(self._path(digest))
        if not os.path.exists(path):
            unfinished = f"{path}.{os.getpid()}.{threading.get_ident()}"
            os.makedirs(os.path.dirname(path), exist_ok=True)
            file = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            try:
                view = memoryview(data)
                while view:
                    view = view[os.write(file, view) :]
                os.fsync(file)
            finally:
                os.close(file)
            os.replace(unfinished, path)
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
