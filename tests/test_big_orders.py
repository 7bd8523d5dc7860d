"""An order of 2,000 lines over 60 pages is read whole, in time and memory that people have."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from decimal import Decimal
from pathlib import Path

import big_orders
import pytest

from signoff.domain.reading import DraftOrder
from signoff.tools.documents.document import Source
from signoff.tools.intake import papers

LINES = 2000


def read(name: str, data: bytes) -> DraftOrder:
    (paper,) = papers(Source(name, data))
    (part,) = paper.parts
    assert isinstance(part, DraftOrder)
    return part


@pytest.mark.parametrize("suffix", big_orders.FORMATS)
def test_a_long_order_is_read_whole(suffix: str) -> None:
    lines = big_orders.rows(300)
    order = read(f"order.{suffix}", big_orders.FORMATS[suffix](lines)).order
    expected = [(Decimal(r.quantity), r.price, r.amount) for r in lines]
    assert [(line.quantity, line.unit_price, line.line_amount or r.amount) for line, r in zip(order.lines, lines, strict=True)] == expected
    assert (order.order_number, order.payable_amount) == (big_orders.NUMBER, big_orders.total(lines))


@pytest.mark.slow
@pytest.mark.parametrize("suffix", big_orders.FORMATS)
def test_two_thousand_lines_over_sixty_pages(suffix: str, tmp_path: Path) -> None:
    """In a process of its own, so that its greatest memory can be told."""
    path = tmp_path / f"order.{suffix}"
    path.write_bytes(big_orders.FORMATS[suffix](big_orders.rows(LINES)))
    script = """
        import resource, sys, time
        from pathlib import Path
        from signoff.tools.documents.document import Source
        from signoff.tools.intake import papers
        path, started = Path(sys.argv[1]), time.perf_counter()
        (part,) = papers(Source(path.name, path.read_bytes()))[0].parts
        print(len(part.order.lines), sum(line.quantity for line in part.order.lines), part.order.payable_amount)
        print(f"{time.perf_counter() - started:.2f}", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
    """
    ran = subprocess.run([sys.executable, "-c", textwrap.dedent(script), str(path)], capture_output=True, text=True, check=True)
    found, cost = ran.stdout.splitlines()
    lines = big_orders.rows(LINES)
    assert [Decimal(figure) for figure in found.split()] == [LINES, sum(r.quantity for r in lines), big_orders.total(lines)]
    seconds, megabytes = cost.split()
    print(f"{suffix}: {LINES} lines in {seconds} s, {megabytes} MB")
    assert int(megabytes) < 600
