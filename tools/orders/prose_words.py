"""The words of an order in running text, in ten languages, as patterns: quantities, prices, amounts, item ids, and what ends a name.

All are matched without regard to case. `NUMBER` has no blanks in it; `MONEY` may be grouped by blanks, with or without a currency.
"""

from __future__ import annotations

import re


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


NUMBER = r"\d{1,3}(?:[.,'’]\d{3})+(?:[.,]\d{1,4})?|\d+(?:[.,]\d{1,4})?"
CURRENCY = r"(?:eur|euros?|€|£|us\$|\$|usd|gbp|chf|sfr|fr\.|sek|nok|dkk|kr\.?|kronor|kroner|cad|aud|pln|zł|czk|kč)"
_FIGURE = r"\d{1,3}(?:[ \u00a0\u202f.,'’]\d{3})+(?:[.,]\d{1,4})?|\d+(?:[.,]\d{1,4})?"
MONEY = rf"(?P<money>(?:{CURRENCY}\s*)?(?:{_FIGURE})(?:,-|\.-)?(?:\s*{CURRENCY}(?![^\W\d_]))?)"
PER = (
    r"(?:\s*(?:(?P<each>each|apiece|a piece|ea\b\.?|cada un[ao]|cad\.?|l'unité|l'une?\b|la pièce|pièce|stykket|styck|st\b\.?"
    r"|stk\b\.?|stuk\b"
    r"|per (?:piece|unit|stuk|pezzo|st\b\.?|stk\b\.?)|pro (?:stück|stk\.?)|par pièce|por unidad|/\s*(?:ea|pc|pce|stk|st|pz|ud)\b\.?)"
    r"|(?:/|per|pro|je|par|por|al|la|le)\s*(?P<base>\d{1,5})?\s*(?P<per>[^\W\d_]{1,12})?))"
)
UNTAXED = (
    r"(?:\s*\(?\b(?:ht|h\.t\.|hors taxes?|net|netto"
    r"|(?:ex|excl\w*|exkl\w*|ekskl\w*|eks|ohne|zzgl|plus|sin|senza|zonder|utan|uden|uten)\.?\s+(?:vat|tax|btw|mwst|ust|moms|mva|iva|tva))"
    r"\b\.?\)?)"
)
"""What says that a price is before tax."""

_STRONG = (
    r"(?:unit |net )?prices?(?: (?:is|of|at))?|priced at|prix(?: unitaire)?|au prix (?:unitaire )?de|p\.?u\.?|(?:einzel|stück"
    r"|netto|e-)?preis(?: von)?"
    r"|zum (?:stück|einzel)?preis von|pre[zc]{1,2}[io]o?(?: unitario)?|al (?:precio|prezzo)(?: unitario)? d[ei]|a un precio de"
    r"|(?:stuk|eenheids)?prijs"
    r"|tegen(?: een prijs van)?|(?:st(?:yc)?k|enhets|à-)?pris|till? (?:en|ett) pris (?:på|av|om)|yksikköhinta|hinta"
)
_WEAK = r"at|à|a|á|zu(?: je)?|je|für je|for|for|för|voor|da|ad|til|till|per|om"
_BARE = MONEY.replace("<money>", "<bare>") + re.sub(r"(?<=\?P<)(each|base|per)(?=>)", r"\1_bare", PER)
PRICE = _compiled(
    rf"(?:(?:(?:@|\b(?P<strong>{_STRONG})(?:\s+(?:ht|net|netto|hors taxes?|excl?\w*\.?))?)\s*:?|\b(?P<weak>{_WEAK}))\s*{MONEY}{PER}?"
    rf"|(?<![\d.,]){_BARE}){UNTAXED}?"
)
AMOUNT = _compiled(
    rf"(?:=|\b(?:soit|sum(?:ma)?|amount|line total|total(?:ling|e)?|in total|gesamt(?:preis)?|zusammen|insgesamt|montant"
    rf"|importe?o?|totaal|yhteensä))"
    rf"\s*:?\s*{MONEY}(?:\s*(?:ht|net|netto)\b)?"
)
ITEM_ID = _compiled(
    r"\(?\s*\b(?P<cue>(?:(?:our|unsere|notre|nuestra|nostro|onze)\s+)?(?:art(?:icle|ikel|ículo|iculo|icolo)?\.?\s*-?\s*(?:n(?:o"
    r"|r|°|º)\b|nummer|number|code)?"
    r"|item\s*(?:no|number|code|#)|part\s*(?:no|number|#)?|p/n|sku|r[ée]f(?:[ée]rence|erencia|erentie|erenz)?|code|codice"
    r"|código|cód|mat(?:erial)?"
    r"(?:\s*-?(?:nr|no))?|cat(?:alogue)?\s*(?:no|#)?|best(?:ell)?\.?-?nr|vare(?:nr|nummer)|tuote(?:nro|koodi)|product(?:code"
    r"| code| no)?))\.?\s*[:#]?\s*"
    r"(?P<code>(?=[\w./-]*\d|(?-i:[A-Z]{2,}-[A-Z]|[A-Z]{4,}\b))\w[\w./-]*\w)\s*\)?"
)
OWN = _compiled(r"our|unser|notre|nuestr|nostr|onze")
"""What makes an id the writer's own."""
IN_BRACKETS = _compiled(r"\(\s*(?P<code>(?=[\w./-]*\d)(?:[\w]+[-/.][\w./-]*\w|[A-Z]+\d+\w*|\d{4,}))\s*\)")

_UNITS_OF_TIME = (
    r"days?|weeks?|months?|years?|hours?|minutes?|seconds?|percent|am|pm|times?|pages?|tage?n?|wochen?|monate?n?|jahre?n?|uhr"
    r"|prozent|jours?"
    r"|semaines?|mois|ans?|heures?|días?|semanas?|meses|años?|giorni|settimane|mesi|anni|dagen|weken|maanden|dager|dage|dagar|gg"
    r"|people|persons?|personen|jan\w*|feb\w*|mar\w*|mär\w*|apr\w*|may|mai|jun\w*|jul\w*|aug\w*|sep\w*|o[ck]t\w*|nov\w*|de[cz]\w*"
)
WORDS_OF_NUMBER = {
    1: "one another a an ein eine einen einem un une uno una een ett yksi",
    2: "two zwei deux dos due twee två kaksi",
    3: "three drei trois tres tre drie kolme",
    4: "four vier quatre cuatro quattro fyra neljä",
    5: "five fünf cinq cinco cinque vijf fem viisi",
    6: "six sechs seis zes seks kuusi",
    7: "seven sieben sept siete sette zeven syv sju seitsemän",
    8: "eight acht huit ocho otto åtte otte åtta kahdeksan",
    9: "nine neun neuf nueve nove negen ni nio yhdeksän",
    10: "ten zehn dix diez dieci tien ti tio kymmenen",
    12: "twelve zwölf douze doce dodici twaalf tolv kaksitoista",
    20: "twenty zwanzig vingt veinte venti twintig tyve tjue tjugo",
}
COUNTED = {word: n for n, words in WORDS_OF_NUMBER.items() for word in words.split()}
ARTICLES = frozenset(WORDS_OF_NUMBER[1].split()) - {"one", "yksi"}
"""Words that count only before a unit (`another case of`)."""
_SPELLED = "|".join(sorted(COUNTED, key=len, reverse=True))

QUANTITY = _compiled(
    rf"(?<![\w.,:/#@€£$-])(?:(?P<n>{NUMBER})(?![.,:/]?\d)(?!(?:st|nd|rd|th)\b|\s*(?:%"
    rf"|(?:{_UNITS_OF_TIME})\b))(?P<x>\s*[x×*](?=\s))?|(?P<spelled>{_SPELLED})\b)"
    rf"(?:\s*-?\s*(?P<unit>[^\W\d_]{{1,12}}(?:\(e?[sn]\))?\.?)(?=[\s,;.)]|$))?(?P<of>\s*(?:of|von|vom|de|d['’]|di|van|av|af|à)(?=\s|\b))?"
    rf"(?=[\s,;.)]|$|d['’])"
)
LABELLED = _compiled(
    rf"[,;:(–-]?\s*\b(?:qty|quantity|menge|anzahl|stückzahl|quantité|qté|cantidad|cant\.|quantità|q\.tà|qtà|aantal|antal|antall"
    rf"|määrä)\s*[:.=]?\s*"
    rf"(?P<n>{NUMBER})(?:\s*(?P<unit>[^\W\d_]{{1,10}}\.?))?(?=\s|$|[,;.)])"
)
TRAILING = _compiled(
    rf"(?:[,;:(=–—-]|\s)\s*(?:[x×]\s?(?P<times>\d{{1,6}})\b|(?P<n>{NUMBER})\s*(?P<unit>[^\W\d_]{{1,10}}\.?)(?=\s|$|[,;:.)@])(?P<end>(?=\s*(?:$|[,;:.)@–—-])))?)"
)
BEFORE = _compiled(
    r"(?:^|[,;:(&+]\s*|\s[–—-]\s+|\b(?:and|und|et|y|e|en|og|och|ja|plus|also|sowie|then|with|mit|avec|con|met|med|of|us|me|you"
    r"|u|we|get|put|have"
    r"|please|bitte|noch|noch mal|again|nous|uns|mir|wir|ihnen|further|additional|weitere|folgende|graag|gerne|ons|oss|oss|os"
    r"|order|take|want"
    r"|would like|urgently|dringend|asap|about|around|approx\.?|ca\.?|circa|también|anche|aussi|ook|även|også|nos|livrer"
    r"|envoyer|enviar\w*"
    r"|mandar\w*|for)\s+)$"
)
ENDS = _compiled(
    r"[;!?]|\.(?=\s|$)|\s[—–-]\s|\s*,?\s+(?:please|pls|bitte|thanks?|danke|merci|svp|stp|s['’]il (?:vous|te)"
    r"|gracias|por favor|grazie|per favore|tack|takk|kiitos|asap|for (?:us|me|the"
    r"|our|delivery)"
    r"|on the|to (?:be|us|our|my|the|go)|by (?=\d|mon|tue|wed|thu|fri|sat|sun|next|end|the|tomorrow|[a-z]{3,9}\.? \d)|before|until"
    r"|bis (?=\d|zum"
    r"|ende|mitte|spät|mon|die|mit|don|frei)"
    r"|für (?:uns|die|den|das|unser)|pour (?:le|la|notre)|para (?:el|la|nuestr)|voor (?:de|het|ons)|ship to|deliver\w*"
    r"|liefer\w*|needed|needs|patient"
    r"|as (?:usual|before|soon)|normal account|account|acct|order no|livraison|entrega|consegna|levering|leverans"
    r"|at the usual|zum üblichen|al (?:precio|prezzo)|au prix|i och med)\b"
)
USUAL = re.compile(
    r"\b(?:(?:the|our|my) usual|same (?:again|as (?:last|before|usual|always))|(?:wie|das) (?:immer|üblich\w*|letzte[sn]? mal"
    r"|gehabt)|comme d['’]habitude"
    r"|la même chose|lo de siempre|lo mismo|como siempre|come al solito|il solito|het gebruikelijke|zoals (?:altijd|gewoonlijk)"
    r"|som vanlig\w*|det vanliga"
    r"|som sidst|repeat (?:of )?(?:our|my|the) (?:last|previous) order)\b",
    re.IGNORECASE,
)
PLEASE = _compiled(
    r"\b(?:please|pls|plz|bitte|svp|s['’]il (?:vous|te) pla[iî]t|stp|merci|por favor|gracias|per favore|per cortesia|grazie|alstublieft"
    r"|a\.?u\.?b|graag|tack|takk|kiitos)\W*$"
)
"""With what a short request ends: `50 m hose 8 mm, please`."""
FAREWELL = re.compile(
    r"^(?:--\s*$|(?:with )?(?:(?:best|kind|warm|many)\s+)?(?:regards|wishes)\b|best,?$|yours (?:sincerely|faithfully|truly)"
    r"|sincerely|cheers|(?:many )?thanks?(?: and regards)?[,!.]?$"
    r"|thank you[,!.]?$|(?:mit )?(?:freundlich|viele|beste|herzlich|schön)e?[nr]?\s+gr(?:ü|ue)(?:ß|ss)e?n?|gru(?:ß|ss)\b|mfg\b"
    r"|hochachtungsvoll|vielen dank[,!.]?$"
    r"|cordialement|bien à vous|salutations|(?:nous vous prions d['’]agréer|veuillez agréer)|sincères salutations|un saludo"
    r"|saludos|atentamente|cordial(?:i|mente)\b"
    r"|distinti saluti|cordiali saluti|saluti|met vriendelijke groet|vriendelijke groet|groet(?:en|jes)?\b"
    r"|(?:med )?vänlig(?:a)? hälsning|hälsningar|mvh\b"
    r"|(?:med )?venlig hilsen|(?:med )?vennlig hilsen|hilsen|ystävällisin terveisin|terveisin|sent from my"
    r"|von meinem \w+ gesendet|envoyé de mon)",
    re.IGNORECASE,
)
