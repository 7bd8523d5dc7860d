"""Brains for `llm_server.py` that know no order: the smallest answer that fits, for whatever is asked."""

from __future__ import annotations

import json
from typing import Any

from llm_wire import Asked

IN_WORDS = "It must fit this JSON Schema:\n"
"""Where an endpoint knows no `json_schema`, the schema stands behind these words of the system message."""


def wanted(asked: Asked) -> dict[str, Any]:
    """The JSON Schema that the answer must fit; `{}` where prose will do."""
    given: dict[str, Any] = asked.body.get("response_format", {}).get("json_schema", {}).get("schema", {})
    system = str(asked.body["messages"][0].get("content"))
    return given or (json.loads(system.partition(IN_WORDS)[2]) if IN_WORDS in system else {})


def nothing(asked: Asked) -> dict[str, Any]:
    """An honest model that finds nothing."""
    return least(wanted(asked))


def least(schema: dict[str, Any], named: dict[str, Any] | None = None) -> Any:
    """The smallest value that fits: no items, no words, zero; of several forms the last, which for an agent is its answer."""
    named = schema.get("$defs", {}) if named is None else named
    if "$ref" in schema:
        return least(named[schema["$ref"].rsplit("/", 1)[-1]], named)
    if "anyOf" in schema:
        return least(schema["anyOf"][-1], named)
    if "enum" in schema:
        return "" if "" in schema["enum"] else schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    if schema.get("type") == "object":
        return {name: least(part, named) for name, part in schema.get("properties", {}).items()}
    return {"array": [], "integer": 0, "number": 0, "boolean": False}.get(schema.get("type", ""), "")
