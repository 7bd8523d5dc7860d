"""The base of every value that is stored, compared or sent: frozen, strict about names, decimals kept exact."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _no_float(value: object) -> object:
    if type(value) is float:
        raise ValueError("write the number in quotes, a float is not exact")
    return value


Number = Annotated[Decimal, Field(allow_inf_nan=False, max_digits=28), BeforeValidator(_no_float)]
"""An exact decimal of at most 28 digits; a float is refused. The validator stands last, so that the limits are checked natively."""

Text = Annotated[str, Field(max_length=4000)]
"""Free text of a document, bounded so that one field cannot fill the store."""


class Record(BaseModel):
    """A frozen value; unknown field names are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
