"""The calls into PDFium that are made for every character, word or object, without the checks and conversions of pypdfium2.

A call through pypdfium2's prototypes takes twice as long, most of it spent on wrapping its arguments; the results here are written
into memory that is read back at once (fpdf_text.h, fpdf_edit.h). Handles are plain addresses. Not safe for threads, as PDFium is not.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from ctypes import c_double, c_float, c_int, c_uint, c_void_p
from struct import Struct
from typing import Any

import pypdfium2.raw as raw

Call = Callable[..., int]
Matrix = tuple[float, ...]
"""The six numbers of a transformation matrix (ISO 32000-1, 8.3.3)."""
Sides = tuple[float, float, float, float]
"""Left, bottom, right, top in user space."""
Colour = tuple[int, ...]
"""Red, green, blue and opacity, 0 to 255."""


def _call(function: Any, result: Any, *kinds: Any) -> Call:
    return ctypes.PYFUNCTYPE(result, *kinds)(ctypes.cast(function, c_void_p).value or 0)


char_box = _call(raw.FPDFText_GetCharBox, c_int, c_void_p, c_int, *[c_void_p] * 4)
loose_box = _call(raw.FPDFText_GetLooseCharBox, c_int, c_void_p, c_int, c_void_p)
count_rects = _call(raw.FPDFText_CountRects, c_int, c_void_p, c_int, c_int)
get_rect = _call(raw.FPDFText_GetRect, c_int, c_void_p, c_int, *[c_void_p] * 4)
text_object = _call(raw.FPDFText_GetTextObject, c_void_p, c_void_p, c_int)
char_matrix = _call(raw.FPDFText_GetMatrix, c_int, c_void_p, c_int, c_void_p)
font_size = _call(raw.FPDFText_GetFontSize, c_double, c_void_p, c_int)
render_mode = _call(raw.FPDFTextObj_GetTextRenderMode, c_int, c_void_p)
fill_colour = _call(raw.FPDFPageObj_GetFillColor, c_int, c_void_p, *[c_void_p] * 4)
count_marks = _call(raw.FPDFPageObj_CountMarks, c_int, c_void_p)
object_type = _call(raw.FPDFPageObj_GetType, c_int, c_void_p)
object_bounds = _call(raw.FPDFPageObj_GetBounds, c_int, c_void_p, *[c_void_p] * 4)
object_matrix = _call(raw.FPDFPageObj_GetMatrix, c_int, c_void_p, c_void_p)
transparent = _call(raw.FPDFPageObj_HasTransparency, c_int, c_void_p)
page_object = _call(raw.FPDFPage_GetObject, c_void_p, c_void_p, c_int)
form_object = _call(raw.FPDFFormObj_GetObject, c_void_p, c_void_p, ctypes.c_ulong)
draw_mode = _call(raw.FPDFPath_GetDrawMode, c_int, c_void_p, c_void_p, c_void_p)

_SIX, _FOUR, _EIGHT, _UINTS, _DOUBLES = (c_float * 6)(), (c_float * 4)(), (c_float * 8)(), (c_uint * 4)(), (c_double * 4)()
_S, _F, _E, _U, _D = (ctypes.addressof(memory) for memory in (_SIX, _FOUR, _EIGHT, _UINTS, _DOUBLES))
_six, _four, _eight, _uints, _doubles = (Struct(kinds).unpack for kinds in ("6f", "4f", "8f", "4I", "4d"))
_E4 = _E + 16
_D1, _D2, _D3 = _D + 8, _D + 16, _D + 24
_U1, _U2, _U3 = _U + 4, _U + 8, _U + 12


def address(handle: Any) -> int:
    """The address behind a handle of pypdfium2."""
    return ctypes.cast(handle, c_void_p).value or 0


def bounds(item: int) -> Sides:
    """The box around a page object, in the space of whatever holds it."""
    object_bounds(item, _F, _F + 4, _F + 8, _F + 12)
    left, bottom, right, top = _four(_FOUR)
    return left, bottom, right, top


def matrix(item: int) -> Matrix:
    """The matrix of a page object (ISO 32000-1, 8.3.3)."""
    object_matrix(item, _S)
    return _six(_SIX)


def matrix_at(text: int, index: int) -> Matrix:
    """The matrix by which a character lands in user space."""
    char_matrix(text, index, _S)
    return _six(_SIX)


def ink(text: int, start: int, count: int) -> Sides | None:
    """The box around the ink of characters of one text object; nothing when they belong to several."""
    if count_rects(text, start, count) != 1:
        return None
    get_rect(text, 0, _D, _D3, _D2, _D1)
    left, bottom, right, top = _doubles(_DOUBLES)
    return left, bottom, right, top


def loose(text: int, index: int) -> Sides:
    """The place that a character takes up: as wide as it is set, as high as its font."""
    loose_box(text, index, _F)
    left, top, right, bottom = _four(_FOUR)
    return left, bottom, right, top


def span(text: int, start: int, stop: int) -> Sides:
    """The place that characters take up, given by the first and the last of them."""
    loose_box(text, start, _E)
    loose_box(text, stop - 1, _E4)
    left, top, right, bottom, a_left, a_top, a_right, a_bottom = _eight(_EIGHT)
    return (
        left if left < a_left else a_left,
        bottom if bottom < a_bottom else a_bottom,
        right if right > a_right else a_right,
        top if top > a_top else a_top,
    )


def colour(item: int) -> Colour | None:
    """What an object is filled with; nothing for a pattern."""
    return _uints(_UINTS) if fill_colour(item, _U, _U1, _U2, _U3) else None


def inside(form: int) -> Iterator[int]:
    """The objects of a form XObject."""
    count = raw.FPDFFormObj_CountObjects(ctypes.cast(form, raw.FPDF_PAGEOBJECT))
    return (form_object(form, n) for n in range(max(count, 0)))


def filled(path: int) -> bool:
    """Whether a path is filled."""
    return bool(draw_mode(path, _U, _U1)) and _uints(_UINTS)[0] != 0


def in_layer(item: int) -> bool:
    """Whether the object is marked as optional content, which can be switched off (ISO 32000-1, 8.11)."""
    for n in range(count_marks(item)):
        mark = raw.FPDFPageObj_GetMark(ctypes.cast(item, raw.FPDF_PAGEOBJECT), n)
        name, size = (ctypes.c_ushort * 8)(), ctypes.c_ulong()
        if raw.FPDFPageObjMark_GetName(mark, name, 16, size) and bytes(name)[: size.value] == "OC\0".encode("utf-16-le"):
            return True
    return False
