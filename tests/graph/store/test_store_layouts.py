"""What every store promises of learned layouts: a number for each that stays its own, and a digest that tells any change."""

from __future__ import annotations

import pytest
from stores import Opener

from signoff.domain.layouts import Layout, Place, Relation
from signoff.graph.store.port import Store

LAYOUT = Layout(sender="Rowan Supplies Ltd", marks=(("po no", 60), ("total", 700)))
PLACE = Place(pointer="/order_number", relation=Relation.BESIDE, label="Our sign:", left=60, case="C00001", by="E-1")


def test_a_layout_gets_a_number_and_keeps_it(store: Store, opener: Opener) -> None:
    with store.transaction():
        first, second = store.layouts.put(LAYOUT), store.layouts.put(LAYOUT)
        changed = store.layouts.put(first.model_copy(update={"places": (PLACE,)}))
    assert (first.number, second.number, changed.number) == (1, 2, 1)
    assert opener().layouts.all() == [changed, second]


def test_the_digest_is_that_of_what_is_known(store: Store) -> None:
    with store.transaction():
        first = store.layouts.put(LAYOUT)
        before = store.layouts.digest(first.number)
        store.layouts.put(first.model_copy(update={"places": (PLACE,)}))
    assert before is not None
    assert store.layouts.digest(first.number) not in (None, before)
    assert store.layouts.digest(7) is None


def test_what_is_rolled_back_was_never_learned(store: Store) -> None:
    def broken() -> None:
        with store.transaction():
            store.layouts.put(LAYOUT)
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        broken()
    assert store.layouts.all() == []
