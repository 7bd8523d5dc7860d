"""What papers call things, by language: several wordings each, of which a layout takes one."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

from ruamel.yaml import YAML

LABELS: dict[str, dict[str, list[str]]] = YAML(typ="safe").load(Path(__file__).with_name("labels.yaml"))
NET = {
    "en": "{} days net",
    "de": "{} Tage netto",
    "fr": "{} jours net",
    "es": "{} días netos",
    "it": "{} giorni netti",
    "nl": "{} dagen netto",
}
UNITS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {"EA": ("pcs", "EA", "each"), "KGM": ("kg",), "MTR": ("m",), "LTR": ("l", "ltr"), "SET": ("set",)},
    "de": {"EA": ("Stk", "Stück", "ST"), "KGM": ("kg",), "MTR": ("m",), "LTR": ("l", "Liter"), "SET": ("Satz",)},
    "fr": {"EA": ("pce", "pièce"), "KGM": ("kg",), "MTR": ("m",), "LTR": ("l",), "SET": ("jeu",)},
    "es": {"EA": ("ud", "pza"), "KGM": ("kg",), "MTR": ("m",), "LTR": ("l",), "SET": ("juego",)},
    "it": {"EA": ("pz",), "KGM": ("kg",), "MTR": ("m",), "LTR": ("l",), "SET": ("set",)},
    "nl": {"EA": ("st", "stuks"), "KGM": ("kg",), "MTR": ("m",), "LTR": ("l",), "SET": ("set",)},
}
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
}
DATES: dict[str, tuple[str, ...]] = {
    "en": ("%Y-%m-%d", "%d %b %Y", "%d {month} %Y", "{month} %d, %Y"),
    "de": ("%d.%m.%Y", "%d. {month} %Y"),
    "fr": ("%d/%m/%Y", "%d {month} %Y"),
    "es": ("%d/%m/%Y", "%d de {month} de %Y"),
    "it": ("%d/%m/%Y", "%d {month} %Y"),
    "nl": ("%d-%m-%Y", "%d {month} %Y"),
}
NUMBERS: dict[str, tuple[str, ...]] = {
    "en": (",.", " ."),
    "de": (".,", " ,"),
    "fr": (" ,", " ,"),
    "es": (".,",),
    "it": (".,",),
    "nl": (".,",),
}
"""The mark between thousands and the decimal mark."""
NUMBER = {"en": "No.", "de": "Nr.", "fr": "n°", "es": "n.º", "it": "n.", "nl": "nr."}
SIGNS = {"EUR": "€", "GBP": "£"}
"""Signs that name one currency only."""


def day(value: dt.date, form: str, language: str) -> str:
    """`{month}` is the month's name; English names stand for %b, whatever the machine's locale."""
    name = MONTHS[language].split()[value.month - 1]
    return value.strftime(form.replace("%b", name[:3]).replace("{month}", name))


def number(value: Decimal, marks: str, places: int | None = None) -> str:
    """`1,234.50` with the marks of a layout; without `places` as many decimals as the value has."""
    text = f"{value:,f}" if places is None else f"{value:,.{places}f}"
    return text.translate(str.maketrans(",.", marks))
