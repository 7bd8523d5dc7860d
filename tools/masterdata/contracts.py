"""Contract terms in YAML: one contract a file, or a list under `contracts:`; files or folders of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from babel.numbers import is_currency

from signoff.domain.contract import Contract, PriceLine
from signoff.domain.errors import BadInput
from signoff.tools.masterdata.sentences import refuse
from signoff.tools.masterdata.yaml_lines import Place, YamlFile, load_yaml, validate


def load_contracts(paths: Sequence[Path]) -> list[Contract]:
    """Every contract in the files and folders. Raises `BadInput` with file, line and field; nothing is half imported."""
    found: dict[str, str] = {}
    contracts = []
    for file in (load_yaml(path, str(path)) for path in _files(paths)):
        for place in _places(file):
            contract = _contract(file, place)
            own = (*place, "contract_id")
            if contract.contract_id in found:
                raise refuse(
                    [file.sentence(own, f"{contract.contract_id!r} is there twice, first in {found[contract.contract_id]}; keep one")]
                )
            found[contract.contract_id] = f"{file.name}, line {file.lines[own]}"
            contracts.append(contract)
    return contracts


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    """The files themselves and every YAML file below the folders, once each, in a fixed order."""
    seen: set[Path] = set()
    for path in paths:
        inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in (".yaml", ".yml") and p.is_file()) if path.is_dir() else [path]
        if not inside:
            raise BadInput(f"{path} holds no .yaml file; write each contract's terms into one.")
        for file in inside:
            if file.resolve() not in seen:
                seen.add(file.resolve())
                yield file


def _places(file: YamlFile) -> list[Place]:
    """Where in the file its contracts stand."""
    if not isinstance(file.value, dict):
        raise refuse([file.sentence((), "a contract starts with 'contract_id: ...', several stand under 'contracts:'")])
    if "contracts" not in file.value:
        return [()]
    extra = [key for key in file.value if key != "contracts"]
    if extra or not isinstance(file.value["contracts"], list):
        where: Place = (extra[0],) if extra else ("contracts",)
        raise refuse([file.sentence(where, "a file with 'contracts:' holds a list of contracts there and nothing else")])
    return [("contracts", index) for index in range(len(file.value["contracts"]))]


def _contract(file: YamlFile, place: Place) -> Contract:
    value = file.value
    for step in place:
        value = value[step]
    contract = validate(file, Contract, value, place)
    problems = [file.sentence((*place, *where), what) for where, what in _problems(contract)]
    if problems:
        raise refuse(problems)
    return contract


def _problems(contract: Contract) -> Iterator[tuple[Place, str]]:
    if not is_currency(contract.currency):
        yield ("currency",), f"{contract.currency!r} is not a currency of ISO 4217; write it like EUR"
    for index, line in enumerate(contract.prices):
        for where, what in _price_problems(line):
            yield ("prices", index, *where), what
    steps = [d.from_amount for d in contract.discounts]
    if any(later <= earlier for earlier, later in pairwise(steps)):
        yield ("discounts",), "from_amount must rise from one discount to the next"


def _price_problems(line: PriceLine) -> Iterator[tuple[Place, str]]:
    for index, (earlier, later) in enumerate(pairwise(line.tiers), start=1):
        if later.from_quantity <= earlier.from_quantity:
            where: Place = ("tiers", index, "from_quantity")
            yield (
                where,
                f"{later.from_quantity} is not above the tier before it ({earlier.from_quantity}); put the tiers in rising order",
            )
    if line.valid_from and line.valid_to and line.valid_to < line.valid_from:
        yield ("valid_to",), f"{line.valid_to} lies before valid_from ({line.valid_from})"
    for name in ("minimum", "multiple", "maximum"):
        value = getattr(line, name)
        if value is not None and value <= 0:
            yield (name,), f"must be above 0, or left out, but is {value}"
    if line.minimum is not None and line.maximum is not None and line.maximum < line.minimum:
        yield ("maximum",), f"{line.maximum} is below the minimum ({line.minimum})"
