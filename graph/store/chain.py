"""The arithmetic of the audit chain: each record's MAC covers the record before it, and a Merkle head covers them all.

HMAC-SHA256 (RFC 2104) over canonical JSON; the Merkle tree hash of RFC 9162, paragraph 2.1.1.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

GENESIS = "0" * 64


_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces, so that equal values have equal bytes."""
    return _encode(value)


def mac(key: bytes, prev: str, record: tuple[object, ...]) -> str:
    """The MAC of a record (seq, case, at, type, actor, body text) that follows the record with MAC `prev`."""
    return hmac.new(key, canonical([prev, *record]).encode(), hashlib.sha256).hexdigest()


def merkle_head(leaves: list[bytes]) -> str:
    """The Merkle tree hash of the leaves, hexadecimal; that of no leaves is the hash of nothing."""
    if not leaves:
        return hashlib.sha256(b"").hexdigest()
    level = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]
    while len(level) > 1:
        paired = [hashlib.sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(level) - len(level) % 2 :]
    return level[0].hex()
