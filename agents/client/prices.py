"""What a call costs, in US dollars: from the company's own table, else from the public prices that `genai-prices` carries.

A model that neither knows has no price: its calls are counted in tokens alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import genai_prices
from pydantic import Field

from signoff.agents.messages import Usage
from signoff.domain.record import Number, Record
from signoff.tools.masterdata.csv_rows import Table, load_table, number, text

PLACES = Decimal("0.00000001")
MILLION = 1_000_000


class Price(Record):
    """US dollars for a million tokens of a model; `cached` for those of the input that the endpoint had cached, if less."""

    model: str
    input: Number = Field(ge=0)
    cached: Number | None = Field(default=None, ge=0)
    output: Number = Field(ge=0)


TABLE = Table(
    model=Price,
    columns={"model": text, "input": number, "cached": number, "output": number},
    required=("model", "input", "output"),
    key=("model",),
)


def load_prices(path: Path) -> dict[str, Price]:
    """The company's own prices by model. Raises `BadInput` with file, line and column of what is wrong."""
    return {entry.record.model: entry.record for entry in load_table(path, TABLE)}


@dataclass(frozen=True)
class Prices:
    """Prices by model name as it is asked for. `api_url` tells providers of the same model apart."""

    own: Mapping[str, Price] = field(default_factory=dict)
    api_url: str | None = None

    def cost(self, models: Iterable[str | None], usage: Usage) -> Decimal | None:
        """What the tokens cost at the price of the first of the models that has one; `None` where that or the tokens are unknown."""
        if usage.input_tokens is None or usage.output_tokens is None:
            return None
        known = (
            self._cost(model, usage.input_tokens, usage.output_tokens, usage.cache_read_input_tokens or 0) for model in models if model
        )
        return next((cost.quantize(PLACES) for cost in known if cost is not None), None)

    def _cost(self, model: str, given: int, made: int, cached: int) -> Decimal | None:
        cached = min(cached, given)
        if price := self.own.get(model):
            reduced = price.input if price.cached is None else price.cached
            return ((given - cached) * price.input + cached * reduced + made * price.output) / MILLION
        return self._public(model, genai_prices.Usage(input_tokens=given, output_tokens=made, cache_read_tokens=cached))

    def _public(self, model: str, tokens: genai_prices.Usage) -> Decimal | None:
        """By provider where its address is known, else by the name alone, without the `maker/` that gateways put before it."""
        if self.api_url is not None:
            try:
                return genai_prices.calc_price(tokens, model, provider_api_url=self.api_url).total_price
            except LookupError:
                pass
        try:
            return genai_prices.calc_price(tokens, model.rsplit("/", 1)[-1]).total_price
        except LookupError:
            return None
