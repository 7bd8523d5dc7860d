"""Formulas whose results a workbook does not store, as programs write it that are no spreadsheet: computed as one would show them.

The arithmetic of order forms and nothing else: + - * / and comparisons, SUM, PRODUCT, SUMPRODUCT, ROUND, IF, IFERROR, MIN, MAX, on cells
of the same sheet. Whatever goes beyond gives `None`, so the cell stays empty. Syntax: ECMA-376 part 1, 18.17.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, DecimalException

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token, TokenizerError
from openpyxl.utils import range_boundaries

Value = Decimal | str | bool | None
Lookup = Callable[[int, int], Value]
_MAX_RANGE = 20_000
_MAX_TOKENS = 400
_MAX_DEPTH = 50
_RANKS = {"=": 1, "<>": 1, "<": 1, ">": 1, "<=": 1, ">=": 1, "+": 2, "-": 2, "*": 3, "/": 3}


class _Beyond(Exception):
    """The formula uses something that is not computed here, or a cell that cannot be."""


class Results:
    """The results of a sheet's formulas, each computed once. `formulas` and `values` are by (row, column), 1-based."""

    def __init__(self, formulas: dict[tuple[int, int], str], values: dict[tuple[int, int], Value]) -> None:
        self.formulas, self.values = formulas, values
        self.known: dict[tuple[int, int], Decimal | str | None] = {}
        self.depth = 0

    def of(self, place: tuple[int, int]) -> Decimal | str | None:
        """The result of the formula in a cell, or `None` when it cannot be told."""
        if place not in self.known:
            self.known[place] = None  # a cell that needs itself finds this
            self.depth += 1
            self.known[place] = compute(self.formulas[place], self._cell) if self.depth <= _MAX_DEPTH else None
            self.depth -= 1
        return self.known[place]

    def _cell(self, row: int, column: int) -> Value:
        place = (row, column)
        if place not in self.formulas:
            return self.values.get(place)
        result = self.of(place)
        if result is None:
            raise _Beyond
        return result


def compute(formula: str, lookup: Lookup) -> Decimal | str | None:
    """The result of `=C5*D5`; `lookup(row, column)` (1-based) gives a cell's value. `None` when it cannot be told."""
    try:
        tokens = [t for t in Tokenizer(formula).items if t.type != Token.WSPACE]
        if len(tokens) > _MAX_TOKENS:
            return None
        parser = _Parser(tokens, lookup)
        result = parser.expression(0)
        if parser.at < len(tokens) or isinstance(result, bool | list):
            return None
        return result
    except (_Beyond, TokenizerError, DecimalException, IndexError, ValueError, RecursionError):
        return None


class _Parser:
    """Precedence climbing over the tokens of one formula; ranges are lists of values."""

    def __init__(self, tokens: list[Token], lookup: Lookup) -> None:
        self.tokens, self.lookup, self.at = tokens, lookup, 0

    def expression(self, least: int) -> Value | list[Value]:
        left = self.operand()
        while self.at < len(self.tokens) and self.tokens[self.at].type == Token.OP_IN:
            operator = self.tokens[self.at].value
            rank = _RANKS.get(operator)
            if rank is None:
                raise _Beyond
            if rank <= least:
                break
            self.at += 1
            left = _applied(operator, left, self.expression(rank))
        if self.at < len(self.tokens) and self.tokens[self.at].type == Token.OP_POST:
            self.at += 1
            left = _number(left) / 100
        return left

    def operand(self) -> Value | list[Value]:
        token = self.tokens[self.at]
        self.at += 1
        if token.type == Token.OP_PRE:
            value = _number(self.expression(3))
            return -value if token.value == "-" else value
        if token.type == Token.PAREN:
            inner = self.expression(0)
            self.at += 1
            return inner
        if token.type == Token.FUNC:
            return self.call(token.value.rstrip("(").upper())
        return self.constant(token)

    def constant(self, token: Token) -> Value | list[Value]:
        if token.type != Token.OPERAND:
            raise _Beyond
        if token.subtype == Token.NUMBER:
            return Decimal(token.value)
        if token.subtype == Token.TEXT:
            return str(token.value)[1:-1].replace('""', '"')
        if token.subtype == Token.LOGICAL:
            return bool(token.value.upper() == "TRUE")
        if token.subtype != Token.RANGE or not re.fullmatch(r"\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?", token.value):
            raise _Beyond
        return self.cells(token.value)

    def cells(self, reference: str) -> Value | list[Value]:
        left, top, right, bottom = range_boundaries(reference)
        if left is None or top is None or right is None or bottom is None or (right - left + 1) * (bottom - top + 1) > _MAX_RANGE:
            raise _Beyond
        values = [self.lookup(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]
        return values if ":" in reference else values[0]

    def call(self, name: str) -> Value | list[Value]:
        arguments: list[Value | list[Value]] = []
        while self.tokens[self.at].type != Token.FUNC:
            arguments.append(self.expression(0))
            self.at += self.tokens[self.at].type == Token.SEP
        self.at += 1
        if name == "IF" and len(arguments) == 3:
            chosen: Value | list[Value] = arguments[1] if _truth(arguments[0]) else arguments[2]
            return chosen
        if name == "IFERROR" and len(arguments) == 2:
            return arguments[0]
        if name == "ROUND" and len(arguments) == 2:
            return _number(arguments[0]).quantize(Decimal(1).scaleb(-int(_number(arguments[1]))), ROUND_HALF_UP)
        if name == "SUMPRODUCT":
            return _sum_of_products(arguments)
        return _folded(name, [v for a in arguments for v in (a if isinstance(a, list) else [a]) if isinstance(v, Decimal)])


def _folded(name: str, numbers: list[Decimal]) -> Decimal:
    if name == "SUM":
        return sum(numbers, Decimal(0))
    if name == "PRODUCT":
        product = Decimal(1 if numbers else 0)
        for number in numbers:
            product *= number
        return product
    if name in ("MIN", "MAX"):
        return (min if name == "MIN" else max)(numbers, default=Decimal(0))
    raise _Beyond


def _sum_of_products(arguments: list[Value | list[Value]]) -> Decimal:
    columns = [a if isinstance(a, list) else [a] for a in arguments]
    if len({len(c) for c in columns}) != 1:
        raise _Beyond
    return sum(
        (_folded("PRODUCT", [v if isinstance(v, Decimal) else Decimal(0) for v in row]) for row in zip(*columns, strict=True)), Decimal(0)
    )


def _number(value: Value | list[Value]) -> Decimal:
    """An empty cell counts as 0; text is no number."""
    if value is None or isinstance(value, bool):
        return Decimal(bool(value))
    if isinstance(value, Decimal):
        return value
    raise _Beyond


def _truth(value: Value | list[Value]) -> bool:
    return bool(_number(value))


def _applied(operator: str, left: Value | list[Value], right: Value | list[Value]) -> Value:
    if operator in ("=", "<>"):
        return _equal(left, right) is (operator == "=")
    a, b = _number(left), _number(right)
    if operator in ("<", ">", "<=", ">="):
        return (a < b) if operator == "<" else (a > b) if operator == ">" else (a <= b) if operator == "<=" else (a >= b)
    if operator == "/" and not b:
        raise _Beyond
    return a + b if operator == "+" else a - b if operator == "-" else a * b if operator == "*" else a / b


def _equal(left: Value | list[Value], right: Value | list[Value]) -> bool:
    """Excel's equality: an empty cell equals 0, FALSE and the empty text."""
    if left is None or right is None:
        other = right if left is None else left
        return other is None or other == "" or other is False or other == Decimal(0)
    if isinstance(left, bool) != isinstance(right, bool) or isinstance(left, str) != isinstance(right, str):
        return False
    return left.lower() == right.lower() if isinstance(left, str) and isinstance(right, str) else left == right
