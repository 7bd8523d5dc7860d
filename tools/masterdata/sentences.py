"""A pydantic error -> a few words for the person who wrote the file: what is wrong, and what to write instead."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from pydantic_core import ErrorDetails

from signoff.domain.errors import BadInput

MOST = 5
"""Problems shown at once; a file with a wrong column would otherwise fill the screen."""

_PHRASES = {
    "tuple_type": "must be a list, each entry starting with '- '",
    "list_type": "must be a list, each entry starting with '- '",
    "model_type": "must be a group of 'key: value' lines",
    "model_attributes_type": "must be a group of 'key: value' lines",
    "dict_type": "must be a group of 'key: value' lines",
    "decimal_type": "must be a number such as 1234.50",
    "decimal_max_digits": "has more than 28 digits",
    "finite_number": "must be a number such as 1234.50",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "missing": "is missing",
}
_FAMILIES = {
    "decimal": "is not a number; write it like 1234.50",
    "int": "is not a whole number; write it like 30",
    "float": "is not a number; write it like 0.8",
    "date": "is not a date; write it like 2026-11-30",
}


def nearest(word: str, known: Sequence[str]) -> str:
    """`; did you mean 'amount_above'?`, or the known words where none is close and they are few."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; known are {', '.join(known)}" if 0 < len(known) <= 16 else ""


def not_one_of(word: object, known: Sequence[str]) -> str:
    """`'activ' is not one of active, pending; did you mean 'active'?`."""
    close = difflib.get_close_matches(str(word), known, n=1, cutoff=0.6)
    listed = ", ".join(known) if len(known) <= 8 or not close else f"the {len(known)} known names"
    return f"{brief(word)} is not one of {listed}" + (f"; did you mean {close[0]!r}?" if close else "")


def brief(value: object) -> str:
    """The value as it was written, cut where it is long."""
    text = str(value)
    return repr(text if len(text) <= 60 else text[:57] + "...")


def phrase(error: ErrorDetails, known: Sequence[str] = ()) -> str:
    """What is wrong with the field; `known` are the names it could have had."""
    kind, given = error["type"], error["input"]
    if kind == "extra_forbidden":
        return f"unknown key{nearest(str(error['loc'][-1]), known)}"
    if kind in ("enum", "literal_error"):
        return not_one_of(given, known) if known else f"{brief(given)}: {error['msg'][:1].lower()}{error['msg'][1:]}"
    if given is None:
        return "must not be empty"
    if kind.startswith("string_") and kind not in ("string_pattern_mismatch", "string_too_long"):
        return "must be text" if isinstance(given, dict | list) else "must be text; put it in quotes"
    if kind == "string_pattern_mismatch":
        return f"{brief(given)} does not have the form {error['ctx']['pattern']}"
    if kind == "value_error":
        return error["msg"].removeprefix("Value error, ")
    if kind in _PHRASES:
        return _PHRASES[kind]
    family = kind.split("_")[0]
    return f"{brief(given)} {_FAMILIES[family]}" if family in _FAMILIES else error["msg"][:1].lower() + error["msg"][1:]


def refuse(problems: Sequence[str]) -> BadInput:
    """One error for all problems of a file, the first few in full."""
    more = f"; and {len(problems) - MOST} more" if len(problems) > MOST else ""
    return BadInput("; ".join(problems[:MOST]) + more + ("" if problems[:MOST][-1].endswith("?") and not more else "."))
