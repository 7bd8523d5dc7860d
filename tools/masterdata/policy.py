"""`policy.yaml` -> the company's policy, with the hash that stands in every decision."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from babel.numbers import is_currency

from signoff.domain.policy import Policy
from signoff.tools.masterdata.sentences import refuse
from signoff.tools.masterdata.yaml_lines import Place, load_yaml, validate


@dataclass(frozen=True, slots=True)
class LoadedPolicy:
    """A policy and its hash: equal hashes mean equal decisions, however the file is spaced or commented."""

    policy: Policy
    hash: str


def load_policy(path: Path) -> LoadedPolicy:
    """The policy. Raises `BadInput` with file, line and field of what is wrong."""
    file = load_yaml(path)
    policy = validate(file, Policy, file.value)
    unknown = [(place, code) for place, code in _currencies(policy) if not is_currency(code)]
    if unknown:
        raise refuse([file.sentence(place, f"{code!r} is not a currency of ISO 4217; write it like EUR") for place, code in unknown])
    return LoadedPolicy(policy, policy_hash(policy))


def _currencies(policy: Policy) -> list[tuple[Place, str]]:
    found: list[tuple[Place, str]] = [(("base_currency",), policy.base_currency)]
    for i, dated in enumerate(policy.fx.table):
        found += [(("fx", "table", i, "rates", code), code) for code in dated.rates]
    for i, rule in enumerate(policy.approvals):
        found += [(("approvals", i, "when", "currencies", j), code) for j, code in enumerate(rule.when.currencies)]
    return found


def policy_hash(policy: Policy) -> str:
    """SHA-256 over canonical JSON of the validated values, in hex."""
    text = json.dumps(policy.model_dump(), default=_plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> str:
    """One text for equal values: 0.10 and 0.1 are the same number."""
    if isinstance(value, Decimal):
        return str(value.normalize() if value else Decimal(0))
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"a policy holds no {type(value).__name__}")
