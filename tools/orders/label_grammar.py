"""Labels by their parts, where the lists do not hold the whole: "date" and "delivery" make a delivery date in any order and language.

    >>> composed("requested date of dispatch"), composed("no of our purchase order"), composed("requisition no")
    ('/requested_delivery_date', '/order_number', 'other')

A label is understood when every word of it is; one that names something an order does not keep is `OTHER`: its value is nobody else's.
"""

from __future__ import annotations

import re
from functools import lru_cache

OTHER, FILLER = "other", "filler"

_WHITHER = frozenset(["to", "at", "an", "a", "aan", "til", "till", "bei", "nach"])
_CLASSES: dict[str, str] = {
    FILLER: (
        "a|all|alle|am|an|and|any|articles|articulos|artikel|artiklar|at|au|av|bei|by|d|da|das|de|del|dell|della|dem|den|der|"
        "deres|des|di|die|du|e|een|el|entro|er|et|for|fra|fur|gli|het|if|ihr|ihre|il|in|is|items|l|la|le|les|lo|los|nos|nostro|"
        "notre|nuestra|nuestro|och|of|on|onze|or|our|par|para|per|please|por|pour|s|su|sus|"
        "the|til|till|to|todos|tous|und|unser|unsere|unserer|uw|van|var|vom|von|voor|vores|vos|vostro|votre|y|your|zu"
    ),
    "number": (
        "no|id|ref|reference|referenz|identifier|numero|numeros|numer|cislo|referencia|riferimento|referentie|referanse|"
        "referens|viite|kennung"
    ),
    "date": (
        "date|dates|dated|window|period|week|woche|semaine|semana|settimana|datum|fecha|data|dato|pvm|paiva*|day|tag|termin|"
        "deadline|zeitpunkt|jour"
    ),
    "order": (
        "po|p|o|pos|order*|purchase|purchasing|subcontract|works|bestell*|auftrag|auftrags|einkaufs*|commande|commandes|pedido|pedidos|orden|"
        "compra|ordine|ordini|acquisto|inkoop*|indkobs*|innkjops*|inkops*|ordre*|rekvisition|bestilling*|bestallning*|tilaus*|"
        "ostotilaus*|encomenda|zamowieni*|objednavk*"
    ),
    "delivery": (
        "deliver*|plus|tard|spatestens|senest|senast|uiterlijk|shipment|shipping|ship|dispatch|despatch|arrival|goods|required|requested|request|needed|need|expected|"
        "wanted|latest|due|planned|confirmed|promised|liefer*|zustell*|anliefer*|wunsch*|gewunscht*|livraison|souhaite|"
        "souhaitee|prevu|prevue|demande|demandee|entrega|solicitada|requerida|consegna|richiesta|prevista|lever*|gewenste|"
        "expedition|onsket|onskat|toimitus*|dostawy|eta|etd|llegada|arrive|arrivee|recepcion|reception|ontvangst*|ontvangen|gevraagd|"
        "gevraagde|verwacht|verwachte|forventet|forvantat|forventad|modtagelse*|mottak*|mottag*|eingang*|eingangs*|erwartete|"
        "erwarteter|erwartetes|receipt"
    ),
    "supplier": (
        "supplier|suppliers|vendor|vendors|seller|sellers|lieferant|lieferante|lieferanten|kreditore|kreditoren|kreditor|fournisseur|"
        "fournisseurs|proveedor|proveedores|vendedor|fornitore|fornitori|leverancier|leveranciers|leverandor|leverandors|"
        "leverantor|leverantors|toimittaja*|fornecedor|dostawc*|subcontractor|contractor"
    ),
    "buyer": (
        "buyer|buyers|sold|buying|purchaser|besteller|auftraggeber|acheteur|comprador|acquirente|koper|kober|kjoper|kopare|ostaja*|tilaaja*"
    ),
    "customer": "customer|customers|client|clients|cliente|clientes|clienti|klant*|kunde*|kund|asiaka*|debitor*|account|kundnr|kundnummer",
    "name": (
        "name|names|legal|entity|namen|nom|nombre|nome|naam|navn|namn|nimi|company|firma|party|details|information|address*|"
        "adress*|adres*|anschrift|direccion|indirizzo"
    ),
    "contract": (
        "agreement|agreements|framework|outline|blanket|source|master|rahmen*|vertrag|vertrags|kontrakt*|contrat|cadre|accord|"
        "marche|contrato|acuerdo|contratto|accordo|quadro|contract*|raam*|ramme*|aftale*|avtale*|avtal*|ramavtal*|sopimus*"
    ),
    "quotation": (
        "quote|quotes|quotation|quotations|offer|offers|bid|bids|angebot|angebots|offert*|devis|offre|cotizacion|presupuesto|"
        "oferta|preventivo|tilbud|tilbuds|tarjous*|rfq|proposal|anfrage"
    ),
    "project": "project|projects|projekt*|projet|proyecto|progetto|job|commessa|kommission|baustelle|obra|prosjekt*",
    "cost": "cost|costs|center|centers|centre|centres|kosten*|stelle|cout|coste|costo|centro|omkostnings*|kostnads*|kustannus*",
    "payment": (
        "payment|payments|pay|zahlung*|zahlungs*|paiement|reglement|pago|pagamento|betaling*|betalings*|betalning*|betalnings*|maksu*"
    ),
    "terms": "term|terms|condition|conditions|bedingung*|condiciones|condizioni|termini|modalites|voorwaarden|villkor|vilkar",
    "issued": (
        "submitted|sent|gesendet|versendet|envoye|envoyee|enviado|inviato|verzonden|placed|issued|created|raised|creation|"
        "issue|emission|ausgestellt|erstellt|oprettet|opprettet|skapad|emitida|emessa"
    ),
    "person": (
        "contact|contacts|person|persons|attn|attention|ansprechpartner*|interlocuteur|contacto|contatto|referente|kontakt*|"
        "contactpersoon|agent|officer|yhteyshenkilo"
    ),
    "other": (
        "requisition|requisitions|pr|req|banf|invoice|invoices|rechnung*|rechnungs*|facture|factura|fattura|factuur|faktura*|"
        "print*|druck*|revision|revisions|rev|version|change|amendment|modification|anderung*|page|pages|pag|seite|blatt|pagina|telephone|phone|tel|"
        "telefon*|fax|mobile|email|mail|web|website|vat|tax|ust|steuer|tva|iva|btw|moms|mva|gst*|registration|reg|bank|iban|"
        "bic|swift|carrier|via|method|type|status|priority|incoterm*|weight|gewicht|total|qty|quantity|approved|approval|"
        "authorised|authorized|signature|signed|unterschrift|start|end|expiry|valid|validity|confirmation|acknowledg*|reply|"
        "response|release|call|off|packing|list|note|delivery-note|license|licence|dea|duns|gln|siret|siren|drawing|serial|"
        "batch|lot|tracking|consignment|shipment|material|item|part|article|artikel*|line|position|pos|warehouse|plant|werk|"
        "department|dept|received|receipt|entry|effective|last|updated|modified|time|currency|exchange|rate|discount|insurance|"
        "country|origin|destination|port"
    ),
}
"""The words of labels by what they mean, folded; one that ends in `*` is a stem."""

_MEANINGS: dict[frozenset[str], str] = {
    frozenset(parts.split()): pointer
    for pointer, labels in {
        "/order_number": "order number|buyer order number|customer order number",
        "/issue_date": "order date|buyer order date|customer order date|order issued|order issued date|issued date",
        "/requested_delivery_date": "delivery date|order delivery date|delivery",
        "/supplier/name": "supplier name|order supplier name",
        "/supplier/id": "supplier number|supplier customer number",
        "/buyer/name": "buyer name|customer name|order customer name",
        "/buyer/id": "buyer number|customer number",
        "/ship_to/name": "delivery name|delivery name customer",
        "/contract_reference": "contract|contract number|order contract|order contract number|contract name",
        "/quotation_reference": "quotation number|supplier quotation|supplier quotation number|number quotation date",
        "/customer_reference": "project number|project name|buyer project|customer project",
        OTHER: "order customer",
        "/cost_center": "cost number",
        "/payment_terms": "payment terms",
        "/delivery_terms": "delivery terms",
        "/requester": "buyer person|order person|buyer person name|person name",
    }.items()
    for parts in labels.split("|")
}


_WORDS = {word: name for name, words in reversed(_CLASSES.items()) for word in words.split("|") if not word.endswith("*")}
_STEMS = {word[:-1]: name for name, words in reversed(_CLASSES.items()) for word in words.split("|") if word.endswith("*")}
_STEM = re.compile("|".join(sorted(_STEMS, key=len, reverse=True)))
_ADDRESSED = {"supplier": "/supplier/name", "buyer": "/buyer/name"}
"""Whom a paper is sent to: `to supplier`."""
_TELLING = frozenset({"number", "date", "name", OTHER, "person", "terms"})
"""What a label of something else names, so that it is no value."""
MOST_WORDS = 5


@lru_cache(16_384)
def composed(folded: str) -> str | None:
    """The pointer that a folded label's words make together, `OTHER` for a label of something else, `None` when a word is unknown."""
    words = folded.split()
    classes = [name for word in words[: 2 * MOST_WORDS] if (name := word_class(word)) != FILLER]
    if not 1 <= len(classes) <= MOST_WORDS or None in classes:
        return None
    named = frozenset(name for name in classes if name)
    if named == {"delivery"} and words[-1] in _WHITHER:
        return "/ship_to/name"
    if len(classes) == 1:
        return _ADDRESSED.get(classes[0] or "") if words[0] in _WHITHER and len(words) > 1 else None
    return _MEANINGS.get(named) or (OTHER if named & _TELLING and len(named) > 1 else None)


def word_class(word: str) -> str | None:
    """What a folded word means in a label, such as `supplier` or `number`; `None` for a word that labels do not have."""
    name = _WORDS.get(word)
    stem = None if name else _STEM.match(word)
    return _STEMS[stem[0]] if stem else name
