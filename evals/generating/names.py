"""Invented names: companies, people, places, goods. None is meant to be anybody's."""

from __future__ import annotations

from random import Random

from rapidfuzz.distance import Levenshtein

FIRST = [
    "Brel",
    "Dorn",
    "Fal",
    "Gris",
    "Hal",
    "Jor",
    "Kel",
    "Lor",
    "Mir",
    "Nar",
    "Ost",
    "Pel",
    "Quor",
    "Rav",
    "Sil",
    "Tol",
    "Ulv",
    "Vor",
    "Wes",
    "Zan",
    "Asp",
    "Cor",
    "Elm",
    "Thun",
]
MIDDLE = ["va", "mi", "dro", "sta", "ben", "lu", "ko", "ri", "sha", "ne", "po", "ga", "te", "zu", "fi", "mo", "ler", "win", "dac"]
LAST = [
    "berg",
    "mark",
    "holt",
    "stein",
    "dal",
    "vik",
    "rand",
    "low",
    "mond",
    "tek",
    "far",
    "nia",
    "quist",
    "bruk",
    "sen",
    "loy",
    "gard",
    "wick",
    "ro",
    "lund",
]
TRADES = {
    "mro": ["Industrial Supply", "Wälzlager", "Dichtungen", "Antriebstechnik", "Fasteners", "Hydraulics"],
    "packaging": ["Verpackung", "Packaging", "Emballages", "Cartons"],
    "chemicals": ["Chemie", "Chemicals", "Lubricants"],
    "it": ["Systems", "Datatechnik", "Networks"],
    "castings": ["Guss", "Foundry", "Metalli"],
    "office": ["Office Supply", "Bürobedarf", "Papeterie"],
}
FORMS = {"DE": "GmbH", "GB": "Ltd", "FR": "SARL", "ES": "SL", "IT": "Srl", "NL": "BV", "SE": "AB", "US": "Inc"}
TOWNS = {
    "DE": [("41999", "Neuhalden"), ("98880", "Ostermoor"), ("27990", "Brakenfeld")],
    "GB": [("ZX4 7QQ", "Harrowby Moor"), ("ZX9 1LL", "Penmarsh")],
    "FR": [("98210", "Valmeyrac"), ("98455", "Saint-Orlan")],
    "ES": [("53910", "Villarreda"), ("53022", "Montelar")],
    "IT": [("99140", "Borgovento"), ("99871", "Castelrino")],
    "NL": [("9999 ZX", "Oudermeer"), ("9998 ZA", "Zandveen")],
    "SE": [("999 41", "Norrvika"), ("999 20", "Sundhamn")],
    "US": [("00421", "Maple Bend"), ("00877", "Copper Hollow")],
}
STREETS = {
    "DE": "Werkring",
    "GB": "Foundry Lane",
    "FR": "rue du Canal",
    "ES": "Calle del Molino",
    "IT": "Via dell'Officina",
    "NL": "Havenkade",
    "SE": "Bruksgatan",
    "US": "Depot Road",
}
GIVEN = [
    "Anneke",
    "Bastian",
    "Carla",
    "Dario",
    "Edda",
    "Fabian",
    "Greta",
    "Henrik",
    "Ines",
    "Joris",
    "Kaja",
    "Lennart",
    "Mila",
    "Nils",
    "Oda",
    "Pia",
    "Ruben",
    "Svea",
    "Till",
    "Ulla",
    "Vito",
    "Wanda",
]
GOODS = {
    "en": [
        "Ball bearing",
        "Sealing ring",
        "Hexagon bolt",
        "Coupling sleeve",
        "Filter cartridge",
        "Toggle clamp",
        "Guide rail",
        "Spacer tube",
    ],
    "de": [
        "Kugellager",
        "Dichtring",
        "Sechskantschraube",
        "Kupplungshülse",
        "Filterpatrone",
        "Schnellspanner",
        "Führungsschiene",
        "Rohrschelle",
    ],
    "fr": ["Roulement à billes", "Joint torique", "Vis à tête hexagonale", "Manchon", "Cartouche filtrante", "Rail de guidage", "Collier"],
    "es": ["Rodamiento", "Junta tórica", "Tornillo hexagonal", "Manguito", "Cartucho filtrante", "Guía lineal", "Abrazadera"],
}
TALK = {"DE": "de", "FR": "fr", "ES": "es"}
SIZES = ["M8 x 40", "M12 x 60", "DN 50", "6204-2RS", "25 x 38 x 7", "Typ B", "230 V", '1/2"', "40 mm", "A2-70", "L = 600"]


def stems(rng: Random, count: int) -> list[str]:
    """So many words that sound like firms and that no reader would take for one another."""
    found: list[str] = []
    while len(found) < count:
        word = rng.choice(FIRST) + rng.choice(MIDDLE) + rng.choice(LAST)
        if all(Levenshtein.distance(word, other, score_cutoff=3) > 3 for other in found):
            found.append(word)
    return found


def person(index: int, rng: Random) -> str:
    """A given name and an invented surname, each once."""
    surname = rng.choice(FIRST) + MIDDLE[index // len(GIVEN) % len(MIDDLE)] + rng.choice(("er", "ing", "ander", "ow"))
    return f"{GIVEN[index % len(GIVEN)]} {surname}"


def goods(rng: Random, country: str) -> str:
    """The description of an item in the words of the vendor's country."""
    return f"{rng.choice(GOODS[TALK.get(country, 'en')])} {rng.choice(SIZES)}"
