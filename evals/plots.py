"""Small plots as SVG, for a page that needs nothing else: lines, and bars with what they were counted of."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT, LEFT, BOTTOM = 420, 240, 52, 34
Point = tuple[float, float]


def lines(title: str, series: Sequence[tuple[str, Sequence[Point]]], axes: tuple[str, str], top: float, marks: Sequence[float] = ()) -> str:
    """Each series as a line over 0..1; `top` is the end of the vertical axis, `marks` are drawn upright."""
    drawn = [_axes(axes, top)]
    for n, (name, points) in enumerate(series):
        path = " ".join(f"{_x(x):.1f},{_y(min(y, top), top):.1f}" for x, y in points)
        drawn.append(f'<polyline class="s{n}" points="{path}"/><text class="k s{n}" x="{LEFT + 8}" y="{18 + 14 * n}">{escape(name)}</text>')
    drawn += [f'<line class="mark" x1="{_x(m):.1f}" x2="{_x(m):.1f}" y1="8" y2="{HEIGHT - BOTTOM}"/>' for m in marks]
    return _framed(title, "".join(drawn))


def reliability(title: str, bins: Sequence[tuple[float, float, int]]) -> str:
    """Mean confidence, share that was right, and how many there were, of each bin that holds any; the diagonal is what it should be."""
    drawn = [_axes(("confidence", "share right"), 1.0), f'<line class="mark" x1="{_x(0)}" y1="{_y(0, 1)}" x2="{_x(1)}" y2="{_y(1, 1)}"/>']
    for mean, right, n in bins:
        x, y = _x(mean), _y(right, 1.0)
        drawn.append(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="5"/><text class="n" x="{x - 6:.1f}" y="{y + 18:.1f}">{n}</text>')
    return _framed(title, "".join(drawn))


def _x(value: float) -> float:
    return LEFT + value * (WIDTH - LEFT - 14)


def _y(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - (value / top if top else 0) * (HEIGHT - BOTTOM - 10)


def _axes(names: tuple[str, str], top: float) -> str:
    ticks = "".join(
        f'<line class="grid" x1="{LEFT}" x2="{WIDTH - 14}" y1="{_y(top * t, top):.1f}" y2="{_y(top * t, top):.1f}"/>'
        f'<text class="n" x="8" y="{_y(top * t, top) + 4:.1f}">{top * t:.3g}</text>'
        f'<text class="n" x="{_x(t) - 6:.1f}" y="{HEIGHT - 18}">{t:.3g}</text>'
        for t in (0, 0.25, 0.5, 0.75, 1.0)
    )
    across, up = map(escape, names)
    below = f'<text class="n" x="{WIDTH / 2:.0f}" y="{HEIGHT - 3}">{across}</text>'
    return f'{ticks}{below}<text class="n" x="{LEFT + 4}" y="{HEIGHT - BOTTOM - 4}">{up}</text>'


def _framed(title: str, drawn: str) -> str:
    return f'<figure><figcaption>{escape(title)}</figcaption><svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img">{drawn}</svg></figure>'
