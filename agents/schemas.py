"""Pydantic models as JSON Schemas in the subset that endpoints enforce: every property required, none besides.

The subset is that of OpenAI's structured outputs. Lengths are left out: they are checked when the answer comes, and grammars
that count characters are slow where there are any.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

_LEFT_OUT = frozenset({"title", "default", "minLength", "maxLength"})


class _Exact(GenerateJsonSchema):
    """Decimals are asked for as text: a JSON number would pass through a float."""

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        return {"type": "string"}


@lru_cache(256)
def strict(model: type[BaseModel]) -> dict[str, Any]:
    """The schema that an answer must fit to become a `model`. Shared: do not change it."""
    made: dict[str, Any] = _strict(model.model_json_schema(schema_generator=_Exact))
    return made


def _strict(node: Any) -> Any:
    if isinstance(node, list):
        return [_strict(part) for part in node]
    if not isinstance(node, dict):
        return node
    kept = {key: _named(value) if key in ("properties", "$defs") else _strict(value) for key, value in node.items() if key not in _LEFT_OUT}
    if "oneOf" in kept:
        kept["anyOf"] = kept.pop("oneOf")
        kept.pop("discriminator", None)
    if "properties" in kept:
        kept |= {"required": list(kept["properties"]), "additionalProperties": False}
    return kept


def _named(members: dict[str, Any]) -> dict[str, Any]:
    """The members of an object: their names are anybody's, not keywords."""
    return {name: _strict(member) for name, member in members.items()}
