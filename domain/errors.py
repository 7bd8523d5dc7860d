"""The errors of Signoff, drawn once.

    SignoffError
    ├── BadInput      what a person handed in is wrong: a file, a flag, a policy, a field. They can mend it.
    ├── Unreadable    a document that cannot be read, and why. Its case ends as `failed`; the others go on.
    ├── Refused       policy, authority or the state of the case forbids it. Asking again will not help.
    ├── NeedsPerson   code has come to its end; a person has to look.
    └── Unavailable   the world did not answer. The only one that is retried.
        └── Unwritable    the store itself; what was being done is neither done nor failed.

Every message is a sentence that says what is wrong, where, and what to do.
"""

from __future__ import annotations


class SignoffError(Exception):
    """Base of all errors that Signoff raises on purpose."""


class BadInput(SignoffError):
    """Something handed in is wrong; the message names file, line and field."""


class Unreadable(SignoffError):
    """A document that cannot be read as what it claims to be."""


class Refused(SignoffError):
    """Forbidden by policy, by authority, or by the state of the case."""


class NeedsPerson(SignoffError):
    """Code cannot settle this; a person must."""


class Unavailable(SignoffError):
    """An outside system did not answer; safe to try again."""


class Unwritable(Unavailable):
    """The store cannot be reached or written; nothing of the transaction happened, and nobody could write down that it failed."""
