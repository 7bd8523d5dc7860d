"""The column headings of tables of order lines, as they are printed; see `labels.column_role` for the roles."""

from __future__ import annotations

COLUMNS: dict[str, str] = {
    "line_number": (
        "lp|l.p.|poř|poř. č.|řádek|"
        "ebelp|"
        "line|line no|line number|line #|line item|line id|ln|ln no|no|#|pos|pos no|position|item no line|po line|po item|po line no|"
        "po line number|seq|sr no|s no|sl no|serial no|sno|row|row no|zeile|lfd no|posten|ligne|no ligne|poste|linea|línea|no línea|"
        "partida|riga|posizione|pos.nr|regel|regelnummer|linje|linje no|linjenummer|rad|rivi|posição|order line|order line no|"
        "zeilennummer|pos.-nr|itm"
    ),
    "item": (
        "towar|zboží|artigo|kod|kod towaru|kód|kód zboží|indeks|index|symbol|"
        "item|items|product|products|article|artikel|material|materials|part|position text|produit|artículo|articulo|producto|"
        "articolo|prodotto|vare|varor|vara|tuote|articles|goods|ware|item code/description|service"
    ),
    "buyer_item_id": (
        "matnr|"
        "item no|item number|item id|item code|item #|material no|material number|material code|our item no|our part no|"
        "our article no|buyer item|buyer item no|buyer item id|buyer part no|buyer part number|customer item|customer item no|"
        "customer part no|customer part number|internal part no|internal item no|article no|article number|article code|stock code|"
        "stock no|stock number|inventory id|inventory no|product no|product number|product code|product id|artikelnummer|artikel-nr|"
        "art.-nr|artnr|art no|artikelcode|materialnummer|material-nr|mat.-nr|sachnummer|teilenummer|teile-nr|produktnummer|"
        "unsere artikelnummer|unsere artikel-nr|ident-nr|article réf|code article|référence article|réf article|no article|"
        "code produit|réf produit|código|código artículo|código de artículo|cód artículo|código producto|código de producto|"
        "codice articolo|cod articolo|codice|cod art|codice prodotto|productcode|productnummer|varenummer|varenr|vare no|"
        "artikkelnummer|artikkel no|varunummer|artikelnr|tuotenumero|tuotekoodi|nimikenumero|código do produto|item ref|code|"
        "buyer sku|material id"
    ),
    "supplier_item_id": (
        "idnlf|"
        "sku|sku no|sku id|sku code|supplier sku|vendor sku|supplier item|supplier item no|supplier item id|supplier part|"
        "supplier part no|supplier part number|supplier article no|supplier product code|supplier code no|vendor item|vendor item no|"
        "vendor item id|vendor part|vendor part no|vendor part number|vendor material|vendor material no|vendor product code|"
        "vendor catalog no|part no|part number|part #|part id|part code|p/n|pn|catalog no|catalog number|catalogue no|"
        "catalogue number|cat no|cat #|cat number|catalog #|mfr part no|mfg part no|mfr part number|manufacturer part number|"
        "manufacturer part no|mpn|mfg no|model|model no|model number|your item no|your article no|your part no|supplier ref|"
        "supplier reference|vendor ref|ref|reference|lieferantenartikelnummer|lieferanten-artikelnummer|lieferantenartikel-nr|"
        "lieferanten-artikel-nr|lief.-art.-nr|ihre artikelnummer|ihre artikel-nr|ihre art.-nr|hersteller-nr|herstellernummer|"
        "herstellerteilenummer|herstellerartikelnummer|bestellnummer lieferant|katalognummer|référence|réf|référence fournisseur|"
        "réf fournisseur|votre référence|code article fournisseur|no de pièce|referencia|ref proveedor|referencia proveedor|"
        "código proveedor artículo|riferimento fornitore|rif fornitore|articolo fornitore|codice articolo fornitore|"
        "cod art fornitore|artikelnummer leverancier|artikelnr leverancier|leverandørs varenr|leverandørens varenummer|"
        "leverandør varenr|leverantörens artikelnummer|leverantörens artikelnr|toimittajan tuotenumero|vendor's item no|"
        "supplier's item no|supplier article number|supplier article|vendor article no|supplier product no|supplier product"
    ),
    "standard_item_id": (
        "ean11|"
        "gtin|gtin no|gtin-13|gtin-14|ean|ean code|ean no|ean-13|ean13|ean-code|ean nummer|upc|upc code|upc no|barcode|bar code|isbn|"
        "isbn-13|isbn13|ndc|ndc no|ndc code|ndc/upc|jan|jan code|pzn|strichcode|code barre|code-barres|código de barras|"
        "codice a barre|codice ean|streckkod|stregkode|strekkode|nsn|cas|cas no|issn"
    ),
    "description": (
        "nazwa|nazwa towaru|nazwa towaru/usługi|opis|opis towaru|název|název zboží|popis|popis zboží|designação|descrição do artigo|"
        "txz01|maktx|omschr|bez|bezeichn|beschr|dénom|denom|benämn|beskr|"
        "description|item description|product description|material description|article description|desc|item desc|descr|"
        "description of goods|goods description|description of item|item name|product name|article name|material name|name|"
        "part description|part name|service description|line description|short text|long description|item details|product details|"
        "title|text|particulars|description of goods/services|description of services|description of goods or services|bezeichnung|"
        "artikelbezeichnung|beschreibung|artikelbeschreibung|warenbezeichnung|produktbezeichnung|materialbezeichnung|kurztext|"
        "artikelname|leistung|leistungsbeschreibung|produktname|artikeltext|materialkurztext|positionstext|désignation|libellé|"
        "désignation article|description article|désignation des articles|intitulé|nom du produit|libellé article|descripción|"
        "descripción del artículo|descripción artículo|descripción del producto|concepto|detalle|descrizione|descrizione articolo|"
        "denominazione|descrizione prodotto|omschrijving|artikelomschrijving|productomschrijving|beschrijving|naam|beskrivelse|"
        "varebeskrivelse|varetekst|betegnelse|produktnavn|varenavn|beskrivning|benämning|artikelbenämning|produktnamn|"
        "artikelbeskrivning|kuvaus|tuotekuvaus|nimike|nimi|tuotenimi|descrição|descrição do produto|discription"
    ),
    "details": (
        "details|detail|specification|specifications|spec|specs|additional description|description 2|long text|extra description|"
        "size|strength|strngth|colour|color|dimension|dimensions|variant|model name|type|grade|finish|material spec|spezifikation|"
        "abmessung|grösse|farbe|ausführung|zusatztext|langtext|détails|spécification|taille|couleur|especificación|talla|color/talla|"
        "specifica|misura|colore|specificatie|maat|kleur|størrelse|farve|farge|storlek|färg|detalj|style|brand|marke|strength/size|"
        "form|dosage"
    ),
    "package": (
        "pkg|package|pack|packaging|pack size|package size|packing|pkg size|packsize|verpackung|packungsgröße|gebinde|"
        "conditionnement|colisage|embalaje|presentación|confezione|imballo|verpakking|pakning|pakkestørrelse|förpackning|pakkaus"
    ),
    "quantity": (
        "ilość|ilość zamówiona|množství|počet|objednané množství|"
        "uds|reqd|"
        "quantity|qty|ordered|quantities|order qty|order quantity|qty ordered|quantity ordered|ordered qty|ordered quantity|qty to order|"
        "quantity required|qty required|required qty|required quantity|qty req|qty reqd|requested qty|requested quantity|"
        "qty requested|total qty|total quantity|po qty|po quantity|quant|qnty|qty pcs|amount ordered|units ordered|no of units|"
        "number of units|pieces|pcs|units|count|hours|no of items|cases|menge|bestellmenge|abrufmenge|anzahl|stück|stückzahl|auftragsmenge|"
        "gesamtmenge|best.-menge|stunden|quantité|qté|quantité commandée|qté commandée|qte|quantités|cantidad|cant|cantidad pedida|"
        "cantidad solicitada|unidades|cdad|quantità|qta|q.tà|q.ta|quantità ordinata|qtà ordinata|pezzi|numero pezzi|aantal|"
        "hoeveelheid|bestelde hoeveelheid|besteld aantal|antal|antall|mængde|mengde|bestilt antal|bestilt antall|kvantitet|"
        "beställt antal|mängd|määrä|tilattu määrä|kpl|kpl määrä|quantidade|qtd|qtde|qtty|order units|qty."
    ),
    "unit": (
        "j.m.|jm|jedn|jednostka|jedn. miary|mj|měrná jednotka|"
        "meins|bstme|"
        "unit|yks|uom|u/m|um|unit of measure|unit of measurement|units of measure|measure|order unit|qty unit|quantity unit|base unit|"
        "unit code|measure unit|purchase unit|purchasing unit|u.o.m.|oum|ou|per unit measure|einheit|me|mengeneinheit|bestelleinheit|"
        "meh|einh|ve|unité|unité de mesure|u|unité de commande|unidad|unidad de medida|ud|u.m.|u. de m.|unità|unità di misura|u.m|"
        "udm|u.d.m.|eenheid|maateenheid|besteleenheid|enhed|enhet|måleenhed|måleenhet|yksikkö|unidade|un|unid|qty uom|order uom"
    ),
    "unit_price": (
        "cena|cena netto|cena jedn|cena jedn. netto|cena jednostkowa|cena jednostkowa netto|cena za jednotku|jednotková cena|"
        "cena/mj|cena za mj|preço|preço unitário|preço unit|pr. unitário|p. unitário|"
        "netpr|tarifa|bruto|bruttopreis|brutoprijs|bruttopris|gross price|prix brut|prezzo lordo|precio bruto|preço bruto|"
        "unit price|price|unit cost|price per unit|price/unit|price each|each price|rate|unit rate|net price|price ea|cost|"
        "cost per unit|cost each|unit net price|net unit price|unit price net|price per item|item price|unit pr|u/price|u price|"
        "list price|purchase price|agreed price|price per each|unit value|cost price|contract price|order price|price unit|"
        "price/each|gross price|per unit|hourly rate|po price|each|price per pc|price per piece|unit price excl vat|"
        "unit price ex vat|price excl vat|einzelpreis|ep|preis|stückpreis|e-preis|preis pro einheit|preis je einheit|nettopreis|"
        "netto-einzelpreis|einzelpreis netto|preis/einheit|einheitspreis|netto preis|bestellpreis|e.-preis|preis pro stück|"
        "preis/stück|preis je stück|nettoeinzelpreis|stundensatz|prix unitaire|p.u.|pu|prix|prix unitaire ht|pu ht|prix u|prix net|"
        "p.u. ht|prix ht|prix unit|prix unit. ht|prix à l'unité|precio|precio unitario|precio unit|precio/unidad|p. unitario|"
        "precio por unidad|valor unitario|costo unitario|p.unit|pvp|prezzo|prezzo unitario|prezzo unit|prezzo netto|p. unit|"
        "prezzo unitario netto|prezzo cad|prijs|stukprijs|eenheidsprijs|prijs per stuk|prijs per eenheid|nettoprijs|pris|enhedspris|"
        "stykpris|enhetspris|styckpris|á-pris|a-pris|à pris|apris|nettopris|pris pr stk|pris per st|pris/st|pris/enhet|pris pr enhed|"
        "stk pris|hinta|yksikköhinta|a-hinta|à-hinta|preço|preço unitário|preço unit"
    ),
    "line_amount": (
        "wartość|kwota|kwota netto|cena celkem|částka|"
        "netwr|"
        "amount|line total|line amount|total|total price|net amount|ext price|extended price|extended|extension|ext|ext amount|"
        "extended amount|ext cost|extended cost|line value|value|total amount|total cost|total value|net value|net total|total net|"
        "subtotal|sub total|line net|line price|line net amount|item total|item amount|total line|total line amount|line extension|"
        "sum|line sum|amt|line cost|net line amount|net line total|total excl vat|total ex vat|amount excl vat|total net price|"
        "total item price|gesamtpreis|gesamt|betrag|summe|gp|wert|nettobetrag|nettowert|positionswert|positionssumme|gesamtbetrag|"
        "g-preis|gesamt netto|nettosumme|zeilensumme|positionsbetrag|gesamtwert|gesamtpreis netto|netto|positionspreis|g.-preis|"
        "zeilenbetrag|zeilenwert|summe netto|montant|montant ht|total ht|prix total|total ligne|montant net|montant ligne|"
        "prix total ht|montant total|montant total ht|total ligne ht|importe|total línea|importe total|precio total|subtotal línea|"
        "importe neto|valor total|monto|valor|costo total|importo|totale|totale riga|importo netto|prezzo totale|importo totale|"
        "importo riga|totale netto|valore|bedrag|totaal|regeltotaal|totaalprijs|regelbedrag|totaal excl btw|totaalbedrag|nettobedrag|"
        "netto bedrag|beløb|linjetotal|total pris|linjebeløb|i alt|linjesum|beløp|totalpris|netto beløp|nettobeløb|belopp|summa|"
        "radsumma|totalt|radbelopp|nettobelopp|yhteensä|rivisumma|summa alv 0|rivi yhteensä|montante|preço total|valor líquido"
    ),
    "price_base_quantity": (
        "peinh|"
        "per|price per|price base|price base quantity|base quantity|price basis|price unit qty|price quantity|pe|preiseinheit|je|pro|"
        "preis per|preisbasis|base de prix|unité de prix|per (price)|price unit quantity|pricing unit|price uom qty|prijs per|"
        "prijseenheid|prisenhed|prisenhet|prisenh|unità prezzo|base prezzo"
    ),
    "tax_percent": (
        "vat %|tax %|vat rate|tax rate|vat percent|tax percent|% vat|% tax|vat pct|gst %|gst rate|mwst %|mwst-satz|ust %|ust-satz|"
        "mwst satz|steuersatz|% mwst|mehrwertsteuersatz|tva %|taux tva|taux de tva|% tva|tx tva|iva %|% iva|tipo iva|aliquota|"
        "aliquota iva|% i.v.a.|btw %|btw-percentage|% btw|btw tarief|moms %|momssats|% moms|mva %|mva-sats|alv %|alv-%|alv-kanta"
    ),
    "tax_amount": (
        "tax amount|vat amount|tax|vat|sales tax|gst|gst amount|mwst|ust|mwst betrag|steuer|steuerbetrag|tva|montant tva|iva|"
        "importe iva|importo iva|btw|btw bedrag|moms|mva|alv|taxable|taxed"
    ),
    "discount_percent": (
        "% kort|kort %|"
        "discount %|disc %|disc|discount|% discount|% disc|rebate %|discount percent|discount rate|disc. %|rabatt|rabatt %|rab|rab %|"
        "remise|remise %|% remise|rem %|rem|descuento|dto|dto %|% dto|descuento %|sconto|sconto %|% sconto|sc %|korting|korting %|"
        "% korting|rabat|rabat %|rabatt i %|alennus|ale %|ale-%|desconto"
    ),
    "discount_amount": (
        "discount amount|discount value|rebate amount|rabattbetrag|montant remise|importe descuento|importo sconto|kortingsbedrag"
    ),
    "requested_delivery_date": (
        "eindt|"
        "receive by|need date|livraison le|fecha necesaria|fecha requerida|"
        "delivery date|due date|need by|need by date|needed by|required date|date required|ship by|ship date|requested date|"
        "requested delivery date|delivery|liefertermin|lieferdatum|wunschtermin|termin|date livraison|date de livraison|livraison|"
        "délai|fecha de entrega|fecha entrega|entrega|data consegna|consegna|leverdatum|levering|leveringsdato|leveransdatum|"
        "leverans|toimituspäivä|req. date|del. date|delivery due"
    ),
    "contract_reference": (
        "contract|contract no|contract number|contract ref|contract reference|agreement no|rahmenvertrag|vertragsnummer|vertrag|"
        "contrat|contrato|contratto"
    ),
    "other_quantity": (
        "received|received qty|qty received|received quantity|quantity received|open qty|open quantity|qty open|outstanding|"
        "outstanding qty|backorder|backordered|back order qty|qty backordered|shipped|qty shipped|shipped qty|delivered|"
        "delivered qty|qty delivered|invoiced qty|qty invoiced|cancelled qty|min qty|minimum qty|min order qty|moq|"
        "minimum order quantity|minimum quantity|min. order|max qty|reorder level|reorder point|previous qty|old qty|"
        "previous quantity|geliefert|liefermenge|gelieferte menge|offene menge|mindestmenge|mindestbestellmenge|quantité livrée|"
        "qté livrée|quantité minimum|cantidad recibida|cantidad mínima|quantità consegnata|quantità minima|geleverd|leveret|levert|"
        "levererat|tier qty|qty from|qty to|quantity from|from qty|confirmed qty|confirmed quantity|accepted qty|received_amount"
    ),
    "stock": (
        "stock|on hand|qty on hand|quantity on hand|in stock|available|available qty|qty available|inventory|stock qty|stock level|"
        "current stock|bestand|lagerbestand|verfügbar|stock disponible|existencias|giacenza|voorraad|lager|lagersaldo|varasto|"
        "qty in stock|stock quantity"
    ),
    "invoice_number": (
        "invoice|invoice no|invoice number|invoice #|inv no|inv #|rechnung|rechnungsnummer|rechnung nr|rechnungs-nr|facture|"
        "numéro de facture|no facture|n° facture|factura|número de factura|fattura|numero fattura|fattura no|factuur|factuurnummer|"
        "faktura|fakturanummer|faktura nr|lasku|laskun numero"
    ),
    "/notes": (
        "notes|note|remarks|remark|comments|comment|bemerkung|bemerkungen|hinweis|remarque|remarques|observaciones|note riga|"
        "opmerking|opmerkingen|bemærkning|kommentar|merknad|anmärkning|huomautus"
    ),
}

# Read when no exact label fits: ordered, the first pattern that is found decides.
COLUMN_WORDS: tuple[tuple[str, str], ...] = (
    (r"\b(received|delivered|shipped|invoiced|outstanding|open|min|minimum|max|maximum) ?(qty|quantity|menge)\b", "other_quantity"),
    (r"\b(confirmed|old|previous|cancelled|accepted) ?(qty|quantity|menge)\b", "other_quantity"),
    (r"\b(on hand|in stock|stock level)\b", "stock"),
    (r"\binvoice (no|date)\b", "invoice_number"),
    (r"\b(unit of meas\w*|uom|mengeneinheit|unite de mesure|unidad de medida|unita di misura)\b", "unit"),
    (r"\b(gtin|ean|upc|isbn|ndc|barcode)\b", "standard_item_id"),
    (
        r"\b(supplier|vendor|mfr|mfg|lieferanten?|fournisseur|proveedor|fornitore)s? .*\b(part|item|article|artikel|sku|ref|no)\b",
        "supplier_item_id",
    ),
    (r"\b(vat|tax|gst|mwst|ust|tva|iva|btw|moms|mva)\b.*(%|\b(rate|percent|satz|taux)\b)|%.*\b(vat|tax|mwst|tva|iva|btw)\b", "tax_percent"),
    (
        r"\b(unit|each|piece|net|per|einzel|stuck|unitaire|unitario|net unit)\b.*\b(price|cost|rate|preis|prix|precio|prezzo|prijs|pris)\b",
        "unit_price",
    ),
    (
        r"\b(price|cost|rate|preis|prix|precio|prezzo|prijs|pris)\b.*\b(unit|each|ea|per|pro|je|par|por|piece|pc|pcs|stuck|stk|unite|unidad|cad|stuk)\b",
        "unit_price",
    ),
    (r"\b(total|line|extended|ext|gesamt|net)\b.*\b(price|cost|amount|value|total|sum|preis|betrag|wert)\b", "line_amount"),
    (r"\b(qty|quantity|menge|quantite|qte|cantidad|quantita|aantal|antal|antall)\b", "quantity"),
    (
        r"\b(needed|need|required|delivery|deliver|ship|due|liefer\w*|livraison|entrega|consegna)\b.*\b(date|by|on|termin|datum)\b",
        "requested_delivery_date",
    ),
    (r"\b(description|bezeichnung|beschreibung|designation|descripcion|descrizione|omschrijving|beskrivelse|beskrivning)\b", "description"),
    (r"\b(part|catalog|catalogue|model|sku) no\b", "supplier_item_id"),
    (r"\b(item|article|material|product|artikel|stock) (no|code|id)\b", "buyer_item_id"),
)
