"""When a stream of orders is steady: by what is shown, not by what it looks like."""

from __future__ import annotations

import pytest

from signoff.domain.streams import FEWEST, Share, Standing, judged

NONE = Share(0, 0)


def standing(troubled: Share, corrected: Share | None = None, recent: Share = NONE, before: Share = NONE) -> Standing:
    return judged(troubled, corrected or Share(0, troubled.n, troubled.open), recent, before).standing


@pytest.mark.parametrize(
    ("troubled", "expected"),
    [
        (Share(0, 0), Standing.TOO_FEW),
        (Share(0, FEWEST - 1), Standing.TOO_FEW),
        (Share(FEWEST - 1, FEWEST - 1), Standing.TOO_FEW),
        (Share(0, 72), Standing.TOO_FEW),
        (Share(0, 200), Standing.STABLE),
        (Share(0, 200, open=150), Standing.TOO_FEW),
        (Share(4, 100), Standing.TOO_FEW),
        (Share(30, 1000), Standing.STABLE),
        (Share(45, 1000), Standing.TOO_FEW),
        (Share(80, 1000), Standing.NEEDS_PEOPLE),
        (Share(60, 200, open=140), Standing.NEEDS_PEOPLE),
        (Share(6, 60, open=50), Standing.TOO_FEW),
    ],
    ids=str,
)
def test_trouble_that_is_shown_decides(troubled: Share, expected: Standing) -> None:
    assert standing(troubled) is expected


def test_corrections_count_by_themselves() -> None:
    assert standing(Share(15, 1000), Share(15, 1000)) is Standing.STABLE
    assert standing(Share(25, 1000), Share(25, 1000)) is Standing.TOO_FEW
    assert standing(Share(49, 1000), Share(49, 1000)) is Standing.NEEDS_PEOPLE


def test_a_turn_for_the_worse_is_enough() -> None:
    """Ten of the last hundred, none of the nine hundred before: 1 % over all."""
    troubled = Share(10, 1000)
    assert standing(troubled, recent=Share(0, 100), before=Share(10, 900)) is Standing.STABLE
    assert standing(troubled, recent=Share(10, 100), before=Share(0, 900)) is Standing.NEEDS_PEOPLE
    assert standing(Share(10, 300), recent=Share(10, 300)) is Standing.TOO_FEW, "there is no time before to be worse than"


def test_the_reasons_are_sentences_with_the_figures() -> None:
    (few,) = judged(Share(1, 12), Share(0, 12), NONE, NONE).reasons
    assert few == "12 orders; at least 30 are needed before anything can be said."
    over, turned = judged(Share(80, 1000), Share(0, 1000), Share(40, 100), Share(40, 900)).reasons
    assert over == "80 of 1000 (6.5% to 9.8%) were troubled, which is more than 5%."
    assert turned.startswith("In the last 30 days 40 of 100 (")
    assert "20 more wait" in str(Share(1, 40, open=20))


def test_more_orders_of_the_same_kind_never_take_certainty_away() -> None:
    """What is said of few holds of ten times as many with the same shares, or nothing was said of the few."""
    for count in range(0, 60, 3):
        for n in range(max(count, 1), 200, 13):
            few = standing(Share(count, n))
            assert few is Standing.TOO_FEW or standing(Share(count * 10, n * 10)) is few
