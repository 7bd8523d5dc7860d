"""Units of measure: the words people print, as codes of UN/ECE Recommendation 20 (and 21 for packages).

>>> unit("Stk."), unit("kg"), unit("Palette 80x120")
('C62', 'KGM', 'Palette 80x120')
"""

from __future__ import annotations

import re
import unicodedata

_WORDS: dict[str, str] = {
    "EA": "ea each",
    "C62": "pc pcs pce pces piece pieces stk stck stuck stuecks st stueck stucke piece(s) pieces pza pzas pieza piezas pz pezzo pezzi"
    " stuk stuks styk styck kpl un und unid unidad unidades unite unites unit units u unita peca pecas count",
    "KGM": "kg kgs kilo kilos kilogram kilograms kilogramm kilogramme kilogrammes kilogramo kilogramos chilogrammo chilogrammi",
    "GRM": "g gr gram grams gramm gramme grammes gramo gramos grammo grammi",
    "TNE": "t to tonne tonnes tonnen mt tonelada toneladas tonnellata",
    "LBR": "lb lbs pound pounds",
    "ONZ": "oz ounce ounces",
    "MTR": "m mtr mtrs meter meters metre metres metro metri metros lfm laufmeter lm",
    "CMT": "cm centimeter centimeters centimetre",
    "MMT": "mm millimeter millimetre",
    "KMT": "km kilometer kilometre",
    "FOT": "ft foot feet",
    "INH": "in inch inches",
    "YRD": "yd yds yard yards",
    "MTK": "m2 sqm qm m^2 squaremeter squaremetre",
    "FTK": "sqft ft2 sf",
    "MTQ": "m3 cbm m^3",
    "LTR": "l ltr ltrs lt liter liters litre litres litro litros litri",
    "MLT": "ml milliliter millilitre",
    "GLL": "gal gals gallon gallons",
    "BX": "bx box boxes boite boites caja cajas scatola scatole doos",
    "CT": "ctn ctns carton cartons karton kartons kartonger kart",
    "PK": "pk pack packs package packages packung packungen paket pakete"
    " pkt pkg pak paquet paquets paquete confezione confezioni conf verp pakke pakker",
    "CS": "case cases cs",
    "PX": "pallet pallets palette paletten pal palet pallet(s)",
    "RO": "roll rolls rolle rollen rl rouleau rouleaux rollo rollos rotolo rotoli rol rulle ruller",
    "BG": "bag bags beutel sack sacke sac sacs saco sacos sacco sacchi zak",
    "BO": "btl bottle bottles flasche flaschen fl bouteille bouteilles botella botellas bottiglia",
    "CA": "can cans dose dosen",
    "DR": "drum drums fass",
    "TU": "tube tubes",
    "SET": "set sets satz satze jeu jeux juego juegos kit kits",
    "PR": "pr pair pairs paar paire paires par pares paio paia",
    "DZN": "dz doz dozen dozens dutzend dtz douzaine docena dozzina dzn",
    "HUR": "h hr hrs hour hours std stunde stunden heure heures hora horas ora ore uur uren time timer tim",
    "DAY": "day days tag tage jour jours dia dias giorno giorni dag dage",
    "WEE": "week weeks wk woche wochen semaine semaines",
    "MON": "month months mo monat monate mois mes meses mese mesi maand maanden maned",
    "ANN": "year years yr jahr jahre annee an ano anno jaar",
    "LS": "ls lump lumpsum pauschal psch pausch pauschale forfait forfettario lotto",
    "LO": "lot lots los",
    "RM": "ream reams ries",
    "ST": "sheet sheets blatt bogen feuille feuilles hoja hojas",
    "KWH": "kwh",
    "MIL": "thousand tsd mille 1000",
    "CEN": "hundred 100",
    "E48": "service services job jobs dienst leistung servicio servizio prestation",
}
_CODE_OF = {word: code for code, words in _WORDS.items() for word in words.split()}
# Codes that documents print as such; ST, a sheet by the standard, is what German systems print for a piece.
_CODES = (frozenset(_WORDS) - {"ST"}) | frozenset(
    [
        "H87",
        "NAR",
        "NMP",
        "NPR",
        "XBX",
        "XPK",
        "XCT",
        "XPX",
        "XRO",
        "XBG",
        "XCS",
        "XBO",
        "XDR",
        "KGM",
        "P1",
        "MIN",
        "SEC",
        "HLT",
        "DMT",
        "DMQ",
        "DTN",
        "CLT",
    ]
)


def unit(text: str) -> str:
    """The Recommendation 20 code of a printed unit, or the text as printed when the word is not known."""
    printed = " ".join(text.split())
    folded = unicodedata.normalize("NFKD", printed.replace("²", "2").replace("³", "3").replace("ß", "ss").lower())
    word = re.sub(r"[\s.]|\(s\)|\(e\)", "", "".join(c for c in folded if not unicodedata.combining(c)))
    return printed if printed in _CODES else _CODE_OF.get(word, printed)
