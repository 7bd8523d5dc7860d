"""Single characters that stand alone, which the finder of lines overlooks or cuts into.

A quantity of 1 is one thin letter on an empty field, and on the small copy on which lines are found it is a speck. Ink of the height
of text that lies in no longer line is therefore taken for a line of its own, with the margin that lines have.
"""

from __future__ import annotations

import cv2
import numpy as np

from signoff.tools.documents.ocr_picture import INK, Grey, Quads

LOW, HIGH, WIDE = 0.6, 1.5, 2.4
"""The height of a single and its width, in heights of the page's usual capital."""
CAPITAL, REACH, MARGIN = 0.55, 0.35, 0.4
"""A capital's height in that of the box found around a line; what lies closer than REACH capitals is one piece."""
MAX_SINGLES = 120
"""More specks than this are dirt or a drawing."""


def with_singles(picture: Grey, found: Quads) -> Quads:
    """The lines found, with a box for each single character in place of whatever was found for it."""
    if len(found) < 4:
        return found
    across, down = (np.linalg.norm(found[:, corner] - found[:, 0], axis=1) for corner in (1, 3))
    usual = CAPITAL * float(np.median(down))
    short = across < 1.7 * usual
    singles = [box for box in _pieces(picture, found[~short], usual) if _fits(box, usual)]
    if len(singles) > MAX_SINGLES:
        return found
    lost = [quad for quad in found[short] if not any(_inside(box, quad.mean(axis=0)) for box in singles)]
    return np.concatenate([found[~short], *(q[None] for q in lost), *(_corners(box, MARGIN * usual)[None] for box in singles)])


Piece = tuple[float, float, float, float]
"""Left, top, right, bottom of ink in pixels."""


def _pieces(picture: Grey, lines: Quads, usual: float) -> list[Piece]:
    """The ink outside of the lines, pieces near each other taken together."""
    ink = np.asarray(np.where(picture < INK, 255, 0), dtype=np.uint8)
    cv2.fillPoly(ink, [np.round(quad).astype(np.int32) for quad in lines], (0,))
    reach = max(1, round(usual * REACH))
    near = cv2.dilate(ink, np.ones((1, 2 * reach + 1), np.uint8))
    _, _, pieces, _ = cv2.connectedComponentsWithStats(near, connectivity=8)
    return [(float(x + reach), float(y), float(x + w - reach), float(y + h)) for x, y, w, h, _ in pieces[1:]]


def _fits(box: Piece, usual: float) -> bool:
    left, top, right, bottom = box
    return LOW * usual <= bottom - top <= HIGH * usual and 0.08 * usual <= right - left <= WIDE * usual


def _inside(box: Piece, point: np.ndarray) -> bool:
    return bool(box[0] - 4 <= point[0] <= box[2] + 4 and box[1] - 4 <= point[1] <= box[3] + 4)


def _corners(box: Piece, margin: float) -> np.ndarray:
    left, top, right, bottom = box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], dtype=np.float32)
