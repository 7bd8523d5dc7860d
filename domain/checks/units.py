"""Units of measure: which codes mean the same, and how many of one make another.

Codes and conversion factors after UN/ECE Recommendation 20, Rev. 17 (Codes for Units of Measure Used in International
Trade), Annex I and II; the ANSI X12 element 355 codes and the printed symbols that stand for the same units are added.
Packages are Recommendation 21, with or without the X that marks them in Recommendation 20; codes that X12 uses for
another package (CA, PL, CN ...) mean nothing without the X. Only exact conversions are listed. A box, a pallet or a set holds
what its contract says, so these are not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

_SAME: dict[str, str] = {
    "C62": "EA PCE NMB H87 PC PCS NAR EACH PIECE PIECES",
    "DZN": "DZ DPC DOZEN",
    "CEN": "HC",
    "MIL": "T3 TH",
    "KGM": "KG KGS",
    "GRM": "G GR",
    "LBR": "LB LBS",
    "ONZ": "OZ",
    "TNE": "T",
    "MTR": "M",
    "CMT": "CM",
    "MMT": "MM",
    "KMT": "KM KTM",
    "INH": "IN",
    "FOT": "FT",
    "YRD": "YD",
    "MTK": "M2 SM SQM",
    "FTK": "SF FT2",
    "LTR": "L LT",
    "MLT": "ML",
    "MTQ": "M3 CBM",
    "GLL": "GA GAL",
    "HUR": "H HR HRS",
    "MIN": "MJ",
    "AM": "XAM",
    "BG": "BAG BAGS XBG",
    "BO": "BOTTLE BOTTLES XBO",
    "BX": "BOX BOXES XBX",
    "CS": "CASE CASES XCS",
    "CT": "CTN CARTON CARTONS XCT",
    "DR": "DRUM DRUMS XDR",
    "JR": "JAR JARS XJR",
    "PK": "PACK PACKS XPK",
    "PX": "PALLET PALLETS XPX",
    "RL": "REEL REELS XRL",
    "TU": "TUBE TUBES XTU",
    "VI": "VIAL VIALS XVI",
    "PR": "PAIR",
    "SET": "SETS",
    "RO": "ROL ROLL ROLLS XRO",
}
_CANONICAL = {alias: code for code, aliases in _SAME.items() for alias in aliases.split()}

# How many of the dimension's first unit one of each holds.
_HOLDS: dict[str, dict[str, str]] = {
    "count": {"C62": "1", "DZN": "12", "SCO": "20", "CEN": "100", "GRO": "144", "MIL": "1000"},
    "mass": {"GRM": "1", "MGM": "0.001", "KGM": "1000", "DTN": "100000", "TNE": "1000000", "LBR": "453.59237", "ONZ": "28.349523125"},
    "length": {"MTR": "1", "MMT": "0.001", "CMT": "0.01", "DMT": "0.1", "KMT": "1000", "INH": "0.0254", "FOT": "0.3048", "YRD": "0.9144"},
    "area": {"MTK": "1", "MMK": "0.000001", "CMK": "0.0001", "DMK": "0.01", "FTK": "0.09290304", "HAR": "10000"},
    "volume": {"LTR": "1", "MLT": "0.001", "CMQ": "0.001", "CLT": "0.01", "DLT": "0.1", "DMQ": "1", "HLT": "100", "MTQ": "1000"},
    "gallon": {"GLL": "1", "QTL": "0.25", "PTL": "0.125"},
    "time": {"SEC": "1", "MIN": "60", "HUR": "3600"},
    "term": {"MON": "1", "ANN": "12"},
}
_FACTOR = {unit: (kind, Decimal(size)) for kind, sizes in _HOLDS.items() for unit, size in sizes.items()}


class Ratio(NamedTuple):
    """`many` of one unit are `per` of another, kept apart so that a third or a twelfth stays exact."""

    many: Decimal
    per: Decimal

    def of(self, value: Decimal) -> Decimal:
        """The value in the other unit."""
        return value * self.many / self.per


ONE = Ratio(Decimal(1), Decimal(1))


@lru_cache(maxsize=4096)
def canonical(unit: str) -> str:
    """One code for all that mean the same: `EA`, `PCE` and `pcs` give `C62`; an unknown word stays, in capitals."""
    word = "".join(unit.upper().split()).strip(".")
    return _CANONICAL.get(word, word)


def ratio(unit: str, into: str, holds: Mapping[str, Decimal] | None = None) -> Ratio | None:
    """How many `into` one `unit` is, by the contract's own `holds` first, then by Recommendation 20; `None` when nobody says."""
    source, target = canonical(unit), canonical(into)
    if source == target:
        return ONE
    own = {canonical(u): n for u, n in (holds or {}).items() if n > 0}
    if source in own:
        return Ratio(own[source], Decimal(1))
    known = _standard(source, target)
    if known:
        return known
    for between, count in own.items():
        step = _standard(source, between)
        if step:
            return Ratio(step.many * count, step.per)
    return None


def _standard(source: str, target: str) -> Ratio | None:
    kind, many = _FACTOR.get(source, ("", Decimal(1)))
    other, per = _FACTOR.get(target, (None, Decimal(1)))
    return Ratio(many, per) if kind == other else None
