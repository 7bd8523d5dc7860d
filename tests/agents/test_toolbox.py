"""A tool is its function; whatever a model sends for it, it gets a sentence back and nothing else happens."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from decimal import Decimal
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signoff.agents.toolbox import MOST_RESULT, Result, Tool, Toolbox, tool
from signoff.domain.errors import Refused
from signoff.domain.record import Number, Record


class Price(Record):
    item: str
    price: Number | None = None


class Prices:
    """What was paid, as tools."""

    def __init__(self) -> None:
        self.noted: list[str] = []

    @tool("READ", data="history")
    def prices(self, vendor: str, items: list[str], since: dt.date | None = None, above: Decimal = Decimal(0)) -> list[Price]:
        """What was last paid at a vendor for each of the items."""
        if vendor == "V-9":
            raise Refused("V-9 is nobody's vendor.")
        return [Price(item=i, price=above + 1) for i in items] + [Price(item=str(since))]

    @tool("READ", data="vendors")
    async def rating(self, vendor: str) -> str:
        """How a vendor did."""
        await asyncio.sleep(0)
        return "good" * (1 if vendor == "V-1" else MOST_RESULT)

    @tool("WRITE", data="cases", action="decide")
    def note(self, text: str) -> str:
        """Write a note down."""
        self.noted.append(text)
        return "Noted."

    @tool("READ", data="cases")
    def today(self) -> dt.date:
        """Which day it is."""
        return dt.date(2026, 5, 4)

    @property
    def all(self) -> list[Any]:
        return [self.prices, self.rating, self.note, self.today]


def everything(tool: Tool) -> bool:
    return True


def use(box: Toolbox, name: str, arguments: str) -> Result:
    return asyncio.run(box.use(name, arguments))


@pytest.fixture
def box() -> Toolbox:
    return Toolbox(Prices().all, everything)


class TestWhatIsOffered:
    def test_the_schema_is_the_signature(self, box: Toolbox) -> None:
        spec = box.specs[0]
        assert (spec.name, spec.description, spec.access) == ("prices", "What was last paid at a vendor for each of the items.", "READ")
        assert spec.parameters["required"] == ["vendor", "items", "since", "above"]
        assert spec.parameters["additionalProperties"] is False
        assert spec.parameters["properties"]["above"] == {"type": "string"}
        jsonschema_rs.validate(spec.parameters, {"vendor": "V-1", "items": ["A"], "since": None, "above": "1.50"})

    def test_a_tool_without_a_docstring_is_none(self) -> None:
        def bare(vendor: str) -> str:
            return vendor

        with pytest.raises(AssertionError, match="docstring"):
            tool("READ", data="vendors")(bare)

    def test_only_what_is_granted(self) -> None:
        box = Toolbox(Prices().all, lambda tool: tool.mark.data == "vendors")
        assert [s.name for s in box.specs] == ["rating"]
        assert use(box, "prices", '{"vendor": "V-1", "items": []}') == Result("denied", "You may not use prices.")

    def test_nothing_is_granted_unless_it_is(self) -> None:
        assert Toolbox(Prices().all).specs == ()


class TestWhatComesBack:
    def test_values_as_json_without_what_is_empty(self, box: Toolbox) -> None:
        result = use(box, "prices", '{"vendor": "V-1", "items": ["A-1"], "above": "1.50"}')
        assert json.loads(result.text) == [{"item": "A-1", "price": "2.50"}, {"item": "None"}]

    def test_dates_and_exact_decimals_come_in(self, box: Toolbox) -> None:
        assert '"item":"2026-05-04"' in use(box, "prices", '{"vendor": "V-1", "items": [], "since": "2026-05-04", "above": "1.50"}').text

    def test_sentences_as_they_are(self, box: Toolbox) -> None:
        assert use(box, "rating", '{"vendor": "V-1"}') == Result("ok", "good")

    def test_long_results_are_cut_and_say_so(self, box: Toolbox) -> None:
        text = use(box, "rating", '{"vendor": "V-2"}').text
        assert len(text) < MOST_RESULT + 200
        assert f"the first {MOST_RESULT} of {4 * MOST_RESULT} characters" in text

    def test_an_error_of_ours_is_a_sentence(self, box: Toolbox) -> None:
        assert use(box, "prices", '{"vendor": "V-9", "items": []}') == Result("error", "V-9 is nobody's vendor.")

    def test_no_arguments_may_be_nothing_at_all(self, box: Toolbox) -> None:
        assert use(box, "today", "").text == use(box, "today", "{}").text == '"2026-05-04"'

    def test_any_other_error_is_a_crash(self) -> None:
        @tool("READ", data="cases")
        def broken() -> str:
            """Fails."""
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            use(Toolbox([broken], everything), "broken", "{}")


class TestWhatModelsGetWrong:
    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            ("vendor V-1", "not one JSON object"),
            ('{"vendor": "V-1"', "not one JSON object"),
            ('["V-1"]', "not"),
            ('{"vendor": "V-1", "vendor": "V-2", "items": []}', "same key twice"),
            ('{"vendor": "V-1"}', "items: Field required"),
            ('{"vendor": 1, "items": []}', "vendor: Input should be a valid string"),
            ('{"vendor": "V-1", "items": "A"}', "items: Input should be a valid"),
            ('{"vendor": "V-1", "items": [], "all": true}', "all: Extra inputs"),
            ('{"vendor": "V-1", "items": [], "above": NaN}', "NaN"),
            ('{"vendor": "V-1", "items": [], "since": "yesterday"}', "since: Input should be a valid date"),
            ('{"vendor": "V-1", "items": ' + "[" * 200 + "]" * 200 + "}", "nested too deep"),
            ('{"vendor": "V-1", "items": ' + "[" * 9000 + "]" * 9000 + "}", "nested too deep"),
            (json.dumps({"vendor": "V" * 30_000, "items": []}), "more than 20000 characters"),
        ],
    )
    def test_bad_arguments_are_told(self, box: Toolbox, arguments: str, said: str) -> None:
        result = use(box, "prices", arguments)
        assert result.outcome == "error"
        assert result.text.startswith("prices was not used: ")
        assert said in result.text
        assert len(result.text) < 1000

    def test_an_unknown_tool_is_told_what_there_is(self, box: Toolbox) -> None:
        assert use(box, "approve_all", "{}") == Result("error", "There is no tool 'approve_all'; there are: prices, rating, note, today.")

    @given(arguments=st.text(max_size=60) | st.recursive(st.none() | st.booleans() | st.text(), st.lists, max_leaves=5).map(json.dumps))
    def test_nothing_that_is_sent_raises(self, arguments: str) -> None:
        assert use(Toolbox(Prices().all, everything), "prices", arguments).outcome == "error"


class TestWriting:
    def test_needs_somebody_who_confirms(self) -> None:
        prices = Prices()
        result = use(Toolbox(prices.all, everything), "note", '{"text": "hello"}')
        assert result.outcome == "denied"
        assert prices.noted == []

    @pytest.mark.parametrize("answer", [True, False])
    def test_happens_after_a_yes_alone(self, answer: bool) -> None:
        shown: list[tuple[str, dict[str, Any]]] = []

        async def confirm(tool: Tool, arguments: dict[str, Any]) -> bool:
            shown.append((tool.name, arguments))
            return answer

        prices = Prices()
        result = use(Toolbox(prices.all, everything, confirm), "note", '{"text": "hello"}')
        assert shown == [("note", {"text": "hello"})]
        assert (result.outcome, prices.noted) == (("ok", ["hello"]) if answer else ("denied", []))

    def test_what_cannot_even_be_shown_is_told(self) -> None:
        async def confirm(tool: Tool, arguments: dict[str, Any]) -> bool:
            raise Refused("The case asks nothing of you.")

        assert use(Toolbox(Prices().all, everything, confirm), "note", '{"text": "x"}') == Result("error", "The case asks nothing of you.")

    def test_nobody_is_asked_about_what_cannot_be_done(self) -> None:
        async def confirm(tool: Tool, arguments: dict[str, Any]) -> bool:
            raise AssertionError("asked")

        assert use(Toolbox(Prices().all, everything, confirm), "note", '{"words": "hello"}').outcome == "error"
        assert use(Toolbox(Prices().all, lambda tool: tool.mark.access == "READ", confirm), "note", '{"text": "x"}').outcome == "denied"
