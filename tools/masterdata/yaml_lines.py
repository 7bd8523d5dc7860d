"""YAML 1.2 (yaml.org/spec/1.2.2) with the line of every key, exact decimals, and no key twice.

Built on ruamel.yaml's node graph, so that `0.120` becomes the decimal that was written and never passes through a float,
and that an error can say where it stands: `policy.yaml, line 31: approvals[2].steps[0].role: ...`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from signoff.domain.errors import BadInput
from signoff.tools.masterdata.sentences import brief, phrase, refuse

Place = tuple[str | int, ...]
"""The way to a value from the top of the file: `("approvals", 2, "steps", 0, "role")`."""

Model = TypeVar("Model", bound=BaseModel)

MAX_BYTES = 5_000_000
MAX_VALUES = 200_000
MAX_DEPTH = 50
"""Anchors make a small file large, or endless; a file written by people stays far below these."""

_BRACKETS = {"[": 1, "{": 1, "]": -1, "}": -1}
"""Counted before parsing, because the parser's time grows with the square of how deep they are nested."""

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TAG = "tag:yaml.org,2002:"
_NO_TAG = "the tag {} means nothing here; remove it."


def spelled(place: Place) -> str:
    """`approvals[2].steps[0].role`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).removeprefix(".")


@dataclass
class YamlFile:
    """A file's values and the line (from 1) of each."""

    name: str
    value: Any = None
    lines: dict[Place, int] = field(default_factory=dict)

    def sentence(self, place: Place, problem: str) -> str:
        """Where and what, with the line of the nearest value that the file holds."""
        known = next((place[:n] for n in range(len(place), -1, -1) if place[:n] in self.lines), ())
        where = f"{spelled(place)}: " if place else ""
        return f"{self.name}, line {self.lines.get(known, 1)}: {where}{problem}"


def load_yaml(path: Path, name: str = "") -> YamlFile:
    """The file's values. Raises `BadInput` naming file and line when it is not sound YAML."""
    file = YamlFile(name or path.name)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadInput(f"{file.name} has more than {MAX_BYTES // 1_000_000} MB; split it.")
        text = path.read_text("utf-8-sig")
        if max(accumulate(_BRACKETS.get(c, 0) for c in text), default=0) > 4 * MAX_DEPTH:
            raise RecursionError
        root = YAML(typ="safe", pure=True).compose(text)
    except OSError as error:
        raise BadInput(f"{file.name} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise BadInput(f"{file.name} is not UTF-8 text; save it as UTF-8.") from None
    except RecursionError:
        raise BadInput(f"{file.name} is nested too deeply to be read.") from None
    except (YAMLError, ValueError) as error:
        raise BadInput(f"{file.name}{_line(error)}: not valid YAML: {_reason(error)}.") from None
    if root is None:
        raise BadInput(f"{file.name} is empty.")
    file.value = _value(root, (), file)
    return file


def _line(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return f", line {mark.line + 1}" if mark else ""


def _reason(error: Exception) -> str:
    reason = (error.problem or error.context) if isinstance(error, MarkedYAMLError) else str(error)
    return " ".join(str(reason or "it cannot be understood").split())[:200]


def _value(node: Node, place: Place, file: YamlFile) -> Any:
    file.lines.setdefault(place, node.start_mark.line + 1)
    if len(file.lines) > MAX_VALUES or len(place) > MAX_DEPTH:
        raise BadInput(f"{file.name}, line {node.start_mark.line + 1}: too many values, or an anchor that contains itself.")
    kind = str(node.tag).removeprefix(_TAG)
    if isinstance(node, MappingNode | SequenceNode) and kind not in ("map", "seq"):
        raise BadInput(file.sentence(place, _NO_TAG.format(brief(kind))))
    if isinstance(node, MappingNode):
        return dict(_pairs(node, place, file))
    if isinstance(node, SequenceNode):
        return [_value(child, (*place, index), file) for index, child in enumerate(node.value)]
    return _scalar(str(node.value), kind, place, file)


def _pairs(node: MappingNode, place: Place, file: YamlFile) -> Iterator[tuple[str, Any]]:
    """Keys are text as written: a cost centre or an item may look like a number."""
    seen: dict[str, int] = {}
    for key, child in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, ScalarNode):
            raise BadInput(f"{file.name}, line {line}: a key must be plain text.")
        if key.value in seen:
            raise BadInput(
                f"{file.name}, line {line}: {spelled((*place, key.value))} is there twice, first on line {seen[key.value]}; keep one."
            )
        seen[key.value] = line
        file.lines[(*place, key.value)] = line
        yield key.value, _value(child, (*place, key.value), file)


def _scalar(text: str, kind: str, place: Place, file: YamlFile) -> Any:
    """Integers and decimals exact, dates as dates, all else as the text that it is."""
    try:
        match kind:
            case "null":
                return None
            case "bool":
                return text.lower() == "true"
            case "int":
                return int(text.replace("_", ""), 0 if text.lstrip("+-")[:2].lower() in ("0o", "0x", "0b") else 10)
            case "float":
                return Decimal(re.sub(r"\.(inf|nan)$", r"\1", text.replace("_", "").lower()))
            case "timestamp":
                return dt.date.fromisoformat(text) if _ISO_DATE.fullmatch(text) else text
            case "str" | "value" | "merge":
                return text
    except (ValueError, ArithmeticError):
        raise BadInput(file.sentence(place, f"{brief(text)} is not a valid {'date' if kind == 'timestamp' else 'number'}") + ".") from None
    raise BadInput(file.sentence(place, _NO_TAG.format(brief(kind))))


def validate(file: YamlFile, model: type[Model], value: Any, place: Place = ()) -> Model:
    """The value as a record. Raises `BadInput` with the line and the field of each problem."""
    try:
        record = model.model_validate(value)
    except ValidationError as error:
        raise refuse([_problem(file, model, place, e) for e in error.errors(include_url=False)]) from None
    wrong = list(_not_dates(record.model_dump(), value, place))
    if wrong:
        raise refuse([file.sentence(p, f"{brief(given)} is not a date; write it like 2026-11-30") for p, given in wrong])
    return record


def _problem(file: YamlFile, model: type[BaseModel], place: Place, error: Any) -> str:
    loc = tuple(step for step in error["loc"] if step != "[key]")
    schema = model.model_json_schema()
    if error["type"] == "extra_forbidden":
        known = tuple(_at(schema, loc[:-1]).get("properties", ()))
    else:
        own = _at(schema, loc)
        known = () if error["loc"] == loc else _key_names(_at(schema, loc[:-1]), schema)
        known = known or tuple(str(name) for name in own.get("enum", ()) or ([own["const"]] if "const" in own else ()))
    return file.sentence((*place, *loc), phrase(error, known))


def _at(schema: dict[str, Any], loc: Place) -> dict[str, Any]:
    """The part of a JSON Schema that describes the value at `loc`; empty where it says nothing."""
    node = schema
    for step in loc:
        inner = node.get("items") if isinstance(step, int) else node.get("properties", {}).get(step, node.get("additionalProperties"))
        node = _resolved(inner, schema) if isinstance(inner, dict) else {}
    return node


def _resolved(node: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    chosen = next((option for option in node.get("anyOf", ()) if option.get("type") != "null"), node)
    name = chosen.get("$ref", "").rsplit("/", 1)[-1]
    return schema["$defs"].get(name, chosen) if name else chosen


def _key_names(node: dict[str, Any], schema: dict[str, Any]) -> tuple[str, ...]:
    """The names that the keys of this mapping may have."""
    return tuple(_resolved(node.get("propertyNames", {}), schema).get("enum", ()))


def _not_dates(held: Any, given: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    """Values that became dates without being written as one: pydantic reads a bare number as seconds since 1970."""
    if isinstance(held, dt.date):
        if not (isinstance(given, dt.date) or _ISO_DATE.fullmatch(str(given))):
            yield place, given
    elif isinstance(held, dict) and isinstance(given, dict):
        for key in given:
            yield from _not_dates(held.get(key), given[key], (*place, key))
    elif isinstance(held, list | tuple) and isinstance(given, list):
        for index, pair in enumerate(zip(held, given, strict=True)):
            yield from _not_dates(*pair, (*place, index))
