"""Writes compound files ([MS-CFB], version 3) and Outlook mails in them ([MS-OXMSG]), as little of both as the reader needs."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Union

Tree = Mapping[str, Union[bytes, "Tree"]]
SECTOR, MINI, CUTOFF, FREE, END, FAT = 512, 64, 4096, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
HEADERS = {"mail": 32, "inner": 24, "attachment": 8}


def _padded(data: bytes, size: int) -> bytes:
    return data + bytes(-len(data) % size)


class _Writer:
    """Collects directory entries, sectors and mini sectors."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, int, int, int, int, int]] = []  # name, type, right sibling, child, start, size
        self.mini, self.minifat = b"", list[int]()
        self.sectors, self.fat = b"", list[int]()

    def chain(self, data: bytes) -> int:
        start, count = len(self.fat), -(-len(data) // SECTOR)
        self.sectors += _padded(data, SECTOR)
        self.fat += [start + n + 1 for n in range(count - 1)] + [END]
        return start

    def stream(self, data: bytes) -> int:
        if len(data) >= CUTOFF:
            return self.chain(data)
        start, count = len(self.minifat), max(-(-len(data) // MINI), 1)
        self.mini += _padded(data or b"\0", MINI)
        self.minifat += [start + n + 1 for n in range(count - 1)] + [END]
        return start

    def folder(self, tree: Tree) -> int:
        """The entries of a storage, each linked to the next on its right; gives the first one's place."""
        first = FREE
        for name, content in reversed(list(tree.items())):
            if isinstance(content, bytes):
                entry = (name, 2, first, FREE, self.stream(content), len(content))
            else:
                entry = (name, 1, first, self.folder(content), 0, 0)
            first = len(self.entries) + 1  # behind the root entry
            self.entries.append(entry)
        return first


def _entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    return (
        text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, FREE, right, child) + bytes(36) + struct.pack("<IQ", start, size)
    )


def compound(tree: Tree) -> bytes:
    """The bytes of a compound file with these storages and streams."""
    w = _Writer()
    child = w.folder(tree)
    root = ("Root Entry", 5, FREE, child, w.chain(w.mini), len(w.mini))
    directory = _padded(b"".join(_entry(*e) for e in (root, *w.entries)), SECTOR)
    at_directory = w.chain(directory)
    minifat = struct.pack(f"<{len(w.minifat)}I", *w.minifat)
    at_minifat = w.chain(minifat.ljust(-(-len(minifat) // SECTOR) * SECTOR, b"\xff"))
    at_fat = len(w.fat)
    fats = -(-(len(w.fat) + 1) // (SECTOR // 4 - 1))
    table = [*w.fat, *[FAT] * fats]
    fat = struct.pack(f"<{len(table)}I", *table).ljust(fats * SECTOR, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIIII", 0, fats, at_directory, 0, CUTOFF, at_minifat, -(-len(minifat) // SECTOR), END, 0, at_fat)
    head += struct.pack("<108I", *range(at_fat + 1, at_fat + fats), *[FREE] * (109 - fats))
    return head + w.sectors + fat


def mail(kind: str = "mail", attachments: tuple[Tree, ...] = (), **texts: str | bytes) -> Tree:
    """A message's storage. `texts` are properties by their id in hexadecimal, `p1000="Hello"`; bytes make a binary property."""
    tree: dict[str, bytes | Tree] = {}
    properties = b""
    for name, value in texts.items():
        form = 0x0102 if isinstance(value, bytes) else 0x001F
        data = value if isinstance(value, bytes) else value.encode("utf-16-le")
        tree[f"__substg1.0_{name[1:]}{form:04X}"] = data
        properties += struct.pack("<HHIQ", form, int(name[1:], 16), 6, len(data) + (0 if isinstance(value, bytes) else 2))
    tree["__properties_version1.0"] = bytes(HEADERS[kind]) + properties
    return tree | {f"__attach_version1.0_#{n:08X}": own for n, own in enumerate(attachments)}
