"""What an approval rule asks of a field: `{/delivery_terms: [EXW, FCA], /lines/*/unit_price: {above: 1000}}`.

A value that is not known satisfies nothing but `missing: true`, with one exception: a number of the order that is not known counts
as above every threshold, because it may be.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import BaseModel, model_validator
from pydantic_core import PydanticCustomError

from signoff.domain.fields import Field, Kind
from signoff.domain.record import Number, Record, Text


class Condition(Record):
    """What must be so of a value; all that is stated. A bare value or a list in the file is `one_of`.

    `missing: true` besides another word means: or it is not known. Words are compared without regard to case.
    """

    one_of: tuple[Text, ...] = ()
    none_of: tuple[Text, ...] = ()
    above: Number | None = None
    up_to: Number | None = None
    before: dt.date | None = None
    after: dt.date | None = None
    contains: tuple[Text, ...] = ()
    missing: bool | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, written: Any) -> Any:
        """`EXW`, `[EXW, FCA]` and `{equals: EXW}` are short for `one_of`; values are kept as text."""
        if not isinstance(written, dict):
            written = {"one_of": written}
        if "equals" in written:
            written = {k: v for k, v in written.items() if k != "equals"} | {"one_of": written["equals"]}
        return written | {k: _texts(written[k]) for k in ("one_of", "none_of", "contains") if k in written}

    @model_validator(mode="after")
    def _says(self) -> Condition:
        if not self.stated:
            raise ValueError("says nothing; write a value, a list, or one of above, up_to, before, after, contains, missing")
        return self

    @property
    def stated(self) -> tuple[str, ...]:
        """The words that it uses."""
        return tuple(name for name in type(self).model_fields if getattr(self, name) not in (None, ()))


def _texts(value: Any) -> Any:
    several = value if isinstance(value, list | tuple) else [value]
    return tuple(_text(v) if isinstance(v, bool | int | Decimal | dt.date) else v for v in several)


def _text(value: bool | int | Decimal | dt.date) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


FITTING: dict[Kind, frozenset[str]] = {
    "text": frozenset({"one_of", "none_of", "contains", "missing"}),
    "number": frozenset({"one_of", "none_of", "above", "up_to", "missing"}),
    "date": frozenset({"one_of", "none_of", "before", "after", "missing"}),
    "flag": frozenset({"one_of", "missing"}),
}


def misfits(field: Field, condition: Condition) -> Iterator[tuple[str, str]]:
    """What the condition asks that the field can never answer: the word, and why."""
    for word in condition.stated:
        if word not in FITTING[field.kind]:
            allowed = ", ".join(w for w in Condition.model_fields if w in FITTING[field.kind])
            yield word, f"{field.name} is a {field.kind}, which {word} does not go with; use {allowed}"
    for word in ("one_of", "none_of"):
        for text in getattr(condition, word):
            if (problem := _unlike(field, text)) is not None:
                yield word, problem
    yield from _empty(condition)


def _empty(condition: Condition) -> Iterator[tuple[str, str]]:
    """Bounds between which nothing lies."""
    if condition.above is not None and condition.up_to is not None and condition.up_to <= condition.above:
        yield "up_to", f"no number is above {condition.above} and at most {condition.up_to}"
    if condition.after is not None and condition.before is not None and condition.before <= condition.after + dt.timedelta(1):
        yield "before", f"no day is after {condition.after} and before {condition.before}"


def _unlike(field: Field, text: str) -> str | None:
    """Why a value can never stand in the field."""
    try:
        READERS[field.kind](text)
    except (ValueError, InvalidOperation):
        return f"{text!r} is no {field.kind}, which {field.name} is"
    if field.known and text.strip().casefold() not in field.known:
        return f"{text!r} is none of {', '.join(field.known)}, which {field.name} can be"
    return None


def _word(text: str) -> str:
    return " ".join(text.split()).casefold()


def _flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


READERS: dict[Kind, Callable[[str], object]] = {
    "text": _word, "number": Decimal, "date": dt.date.fromisoformat, "flag": _flag
}  # fmt: skip


def satisfied(field: Field, condition: Condition, of: BaseModel | None, unknown_counts: bool = True) -> bool:
    """Whether any value of the field is as the condition says. Without `unknown_counts` a number that is not known counts as nothing."""
    return any(_so(field, condition, value, unknown_counts) for value in field.values(of))


def _so(field: Field, condition: Condition, value: Any, unknown_counts: bool) -> bool:
    if value is None or value == "":
        if condition.missing is not None:
            return condition.missing
        thresholds = condition.above is not None and condition.stated == ("above",)
        return thresholds and unknown_counts and field.root == "order"
    if condition.missing is True and len(condition.stated) == 1:
        return False
    return all(ASKED[word](field, getattr(condition, word), value) for word in condition.stated if word != "missing")


def _among(field: Field, texts: Sequence[str], value: Any) -> bool:
    read = READERS[field.kind]
    own = _word(value) if isinstance(value, str) else value
    return any(read(text) == own for text in texts)


ASKED: dict[str, Callable[[Field, Any, Any], bool]] = {
    "one_of": _among,
    "none_of": lambda field, texts, value: not _among(field, texts, value),
    "above": lambda _, bound, value: Decimal(str(value)) > bound,
    "up_to": lambda _, bound, value: Decimal(str(value)) <= bound,
    "before": lambda _, bound, value: value < bound,
    "after": lambda _, bound, value: value > bound,
    "contains": lambda _, texts, value: any(_word(text) in _word(value) for text in texts),
}


def misfit(at: tuple[str, ...], problem: str) -> PydanticCustomError:
    """The error of a policy whose condition cannot be; `at` is the way to it from the record that checks it."""
    return PydanticCustomError("misfit", "{problem}", {"problem": problem, "at": at})


def spelled(condition: Condition) -> str:
    """The condition as a person would say it: `is EXW or FCA`, `is above 1,000 or not stated`."""
    said = [SPELLED[word](getattr(condition, word)) for word in condition.stated if word != "missing"]
    if condition.missing is not None:
        unknown = "is not stated" if condition.missing else "is stated"
        return f"{' and '.join(said)} or {unknown}" if said and condition.missing else " and ".join([*said, unknown])
    return " and ".join(said)


SPELLED: dict[str, Callable[[Any], str]] = {
    "one_of": lambda texts: f"is {' or '.join(texts)}",
    "none_of": lambda texts: f"is none of {', '.join(texts)}",
    "above": lambda bound: f"is above {bound:,f}",
    "up_to": lambda bound: f"is at most {bound:,f}",
    "before": lambda day: f"is before {day}",
    "after": lambda day: f"is after {day}",
    "contains": lambda texts: f"contains {' or '.join(map(repr, texts))}",
}
