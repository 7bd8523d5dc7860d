"""Passwords and tokens, made and compared. Passwords are kept as argon2id hashes (RFC 9106), tokens as the SHA-256 of 256 random bits.

Nothing here tells by its time whether a person exists or how much of a secret was right. argon2 is imported where it is used: most
commands need none of it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from functools import cache
from typing import TYPE_CHECKING

from signoff.domain.errors import BadInput

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 10, 1000
"""Characters of a password. No rule about digits and signs: length is what counts (NIST SP 800-63B-4, 3.1.1.2)."""
TOKEN = re.compile(r"signoff-(\d{1,9})-([\w-]{43})")


def hashed(password: str) -> str:
    """What is kept of a password. Raises `BadInput` for one that is no protection."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput(f"A password has {SHORTEST} characters or more; a few words in a row are easy to remember and hard to guess.")
    if len(set(password.casefold())) < SHORTEST // 2:
        raise BadInput("That password repeats the same few characters; choose one that is harder to guess.")
    return _hasher().hash(password)


def opens(password: str, kept: str | None) -> bool:
    """Whether a password is the one that was kept; where none was, it takes as long to say no."""
    from argon2.exceptions import Argon2Error, InvalidHashError

    try:
        return _hasher().verify(kept or _nobodys(), password[:LONGEST]) and kept is not None
    except (Argon2Error, InvalidHashError):
        return False


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _nobodys() -> str:
    """The hash of a password that nobody has, to be compared with where a person has none."""
    return _hasher().hash(secrets.token_urlsafe())


def new_secret() -> str:
    """The part of a token that nobody can guess."""
    return secrets.token_urlsafe(32)


def token_text(number: int, secret: str) -> str:
    """A token as it is handed out: `signoff-7-...`, so that whoever finds one in a file knows what it is."""
    return f"signoff-{number}-{secret}"


def token_number(text: str) -> int | None:
    """Which token it claims to be; nothing when it does not look like one."""
    found = TOKEN.fullmatch(text.strip())
    return int(found[1]) if found else None


def fingerprint(secret: str) -> str:
    """What is kept of a token's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def is_token(text: str, kept: str | None) -> bool:
    """Whether a token is the one whose fingerprint was kept."""
    found = TOKEN.fullmatch(text.strip())
    return hmac.compare_digest(fingerprint(found[2] if found else ""), kept or "") and found is not None
