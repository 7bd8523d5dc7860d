"""How user space lands on the upright page (ISO 32000-1, 8.3.2, 14.11.2): points from the top left, whatever way the page is turned."""

from __future__ import annotations

from dataclasses import dataclass

import pypdfium2 as pdfium

Box = tuple[float, float, float, float]
"""Left, top, right, bottom on the upright page."""


@dataclass(frozen=True, slots=True)
class View:
    """What is shown of user space, and how often it is turned clockwise by 90 degrees to stand upright."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    @property
    def size(self) -> tuple[float, float]:
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.turns % 2 else (width, height)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of user space, from the top left of the page as it is shown."""
        places = (
            (x - self.left, self.top - y),
            (y - self.bottom, x - self.left),
            (self.right - x, y - self.bottom),
            (self.top - y, self.right - x),
        )
        return places[self.turns % 4]

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A box of user space on the page as it is shown."""
        if self.turns % 4 == 0:
            return left - self.left, self.top - top, right - self.left, self.top - bottom
        (x0, y0), (x1, y1) = self.point(left, bottom), self.point(right, top)
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def view(page: pdfium.PdfPage) -> View:
    """What is shown of the page: the crop box inside the media box, its own or inherited, in unturned user space."""
    left, bottom, right, top = page.get_bbox()
    return View(left, bottom, right, top, page.get_rotation() // 90)
