"""The labels themselves, as they are printed; `labels.fold` makes case, accents, punctuation and "number" words equal."""

from __future__ import annotations

FIELDS: dict[str, str] = {
    "/order_number": (
        "ebeln|"
        "po|po no|po number|po ref|po reference|po id|purchase order|purchase order no|purchase order number|purchase order id|"
        "order no|order number|order id|order ref|order reference|order|order code|po #|p.o.|p o number|po num|purchase no|doc no|"
        "document no|document number|po document|purchasing document|purchase order ref|purchase order reference|bestellung|"
        "bestellnummer|bestell-nr|best.-nr|bestellung nr|bestell id|auftragsnummer|auftrag|belegnummer|bestellreferenz|einkaufsbeleg|"
        "bestellschein nr|auftrags-nr|bon de commande|bon de commande no|commande|commande no|numéro de commande|no de commande|"
        "no commande|n° commande|réf commande|référence commande|n° de bon de commande|pedido|número de pedido|no de pedido|"
        "nº pedido|orden de compra|orden de compra no|número de orden|no de orden de compra|número de orden de compra|oc|ordine|"
        "numero ordine|ordine no|n. ordine|ordine di acquisto|ordine di acquisto no|numero d'ordine|numero ordine di acquisto|"
        "inkooporder|inkoopordernummer|inkooporder nr|bestelnummer|bestelbon|bestelbon nr|ordernummer|bestelling|bestelling nr|"
        "indkøbsordre|indkøbsordrenummer|indkøbsordre nr|ordrenummer|ordre nr|ordre|rekvisition nr|innkjøpsordre|innkjøpsordrenummer|"
        "innkjøpsordre nr|bestillingsnummer|bestilling|bestilling nr|inköpsorder|inköpsordernummer|inköpsorder nr|beställning|"
        "beställningsnummer|tilaus|tilausnumero|ostotilaus|ostotilausnumero|ostotilaus nro|tilaus nro|ordem de compra|nº do pedido|"
        "número da encomenda|encomenda|order nr|order #|purch order|purch order no|purch doc|purch ord no|customer po|customer po no|"
        "customer po number|po_no|sales document|p/o no|p/o|pur order|pur order no|purchase ord no|purchase ord|numero pedido|"
        "customer order no|customer order number|buyer order number|nota de encomenda|nota de encomenda nº|nº da encomenda|zamówienie|"
        "zamówienie nr|nr zamówienia|numer zamówienia|objednávka|číslo objednávky|n° d'engagement|numéro d'engagement"
    ),
    "/order_reference": (
        "original order|original order no|original po|original po no|original po number|previous order|reference order|"
        "ursprüngliche bestellung|ursprüngliche bestellnummer|commande initiale|commande d'origine|pedido original|ordine originale"
    ),
    "/issue_date": (
        "bedat|created at|ordered at|order created|"
        "date|order date|po date|date placed|placed on|po created|date of order|issue date|date issued|issued|issued on|"
        "date ordered|ordered|ordered on|document date|"
        "doc date|purchase order date|purchase date|dated|created|created on|creation date|date created|date of issue|bestelldatum|"
        "datum|auftragsdatum|belegdatum|bestellt am|ausstellungsdatum|datum der bestellung|vom|date de commande|date commande|"
        "date d'émission|date de la commande|date du document|date du bon de commande|fecha|fecha de pedido|fecha pedido|"
        "fecha de orden|fecha del pedido|fecha de emisión|fecha de compra|fecha de la orden|data|data ordine|data dell'ordine|"
        "data d'ordine|data emissione|data documento|besteldatum|orderdatum|datum bestelling|ordredato|dato|bestillingsdato|"
        "innkjøpsdato|beställningsdatum|päivämäärä|tilauspäivä|tilauspvm|pvm|data do pedido|data da encomenda|po issue date|"
        "raised|raised on|"
        "release date|data de emissão|data zamówienia|data wystawienia|datum objednávky|placed|order placed|besteld op|commandé le|"
        "passée le|ordinato il|pedido el|bestilt den|beställd den"
    ),
    "/requested_delivery_date": (
        "delivery date|date needed|needed by|need by|need by date|needed|required date|date required|required by|required|"
        "required on|due date|due|deliver by|requested delivery date|requested date|request date|requested delivery|delivery due|"
        "delivery|delivery due date|delivery by|delivery on|ship by|ship date|shipping date|ship on|expected date|expected delivery|"
        "expected delivery date|expected|expected arrival|promised date|promise date|eta|required delivery date|planned delivery|"
        "arrival date|req date|req del date|del date|deliv date|liefertermin|lieferdatum|wunschtermin|wunschlieferdatum|"
        "gewünschter liefertermin|liefern bis|lieferung bis|liefertag|termin|zu liefern bis|lieferung am|wunschliefertermin|"
        "anliefertermin|date de livraison|date livraison|livraison|livraison souhaitée|livrer avant|date de livraison souhaitée|"
        "délai de livraison|délai|date souhaitée|plazo de entrega|plazo|levertijd|leveringstid|lieferfrist|lieferzeit|"
        "termine di consegna|tempi di consegna|"
        "livraison au plus tard|liefern bis spätestens|deliver before|date de livraison demandée|fecha de entrega|fecha entrega|"
        "entrega|fecha requerida|"
        "fecha de entrega solicitada|data consegna|data di consegna|consegna|consegna richiesta|consegna entro|"
        "data consegna richiesta|leverdatum|levering|gewenste leverdatum|leveringsdatum|leveringsdato|ønsket leveringsdato|"
        "leveringsdag|leveransdatum|leverans|önskat leveransdatum|leveranstid|toimituspäivä|toimituspvm|data de entrega|"
        "prazo de entrega|entrega prevista|termin dostawy|data dostawy|termín dodání|"
        "complete by|completion date|receive by|need date|livraison le|livraison prévue le|"
        "livraison souhaitée le|à livrer le|livrer le|fecha necesaria|entregar el|entregar antes de|consegna il|consegnare entro|"
        "lieferung zum|zu liefern am|leveren op|levering senast|leverans senast|levering senest"
    ),
    "/valid_to": (
        "valid to|valid until|validity|expiry date|expiration date|expires|expires on|end date|gültig bis|valable jusqu'au|"
        "válido hasta|valido fino al|geldig tot"
    ),
    "/currency": (
        "waers|currency iso|iso currency|"
        "currency|currency code|curr|ccy|cur|order currency|po currency|währung|bestellwährung|devise|monnaie|moneda|divisa|valuta|"
        "moeda|valuutta|waehrung|waluta|měna"
    ),
    "/supplier/name": (
        "name1|"
        "supplier|supplier name|supplier name and address|vendor name and address|vendor|vendor name|seller|seller name|"
        "vendor company|supplier company|to supplier|to vendor|"
        "vendor details|supplier details|supplier information|vendor information|purchase from|ordered from|order to|order from|"
        "issued to|purchased from|vendor address|supplier address|to|sold by|lieferant|lieferantenname|name des lieferanten|"
        "verkäufer|kreditor|an lieferant|lieferantenadresse|bestellt bei|fournisseur|nom du fournisseur|nom fournisseur|vendeur|"
        "raison sociale fournisseur|proveedor|nombre del proveedor|nombre proveedor|vendedor|fornitore|nome fornitore|"
        "ragione sociale fornitore|leverancier|naam leverancier|leverancier naam|leverandør|leverandørnavn|leverantör|"
        "leverantörsnamn|toimittaja|fornecedor|an|firma|para|vastaanottaja|mottaker|modtager|crediteur|créancier|titulaire|"
        "prestador|prestador de serviços|prestatore|prestataire|dienstleister|service provider|"
        "attributaire|adjudicataire|adjudicatario|contratista|auftragnehmer|opdrachtnemer|fornit|forn|fourn|"
        "à l'attention de|til|till|aan|all'attenzione di|spett.le|spettabile|messrs|m/s|please supply|ordered to|"
        "supplier company name|contractor|subcontractor|sub-contractor|nachunternehmer|subunternehmer|sous-traitant|subcontratista|"
        "subappaltatore|onderaannemer|underleverandør|underentreprenør|underentreprenör|dostawca|dodavatel|vendor/supplier|"
        "supplier/vendor|vend name|supp name|exmos senhores|exmos srs|exmo(s) sr(s)|adressé à|adressée à"
    ),
    "/supplier/id": (
        "lifnr|"
        "supplier id|supplier no|supplier number|supplier code|vendor id|vendor no|vendor number|vendor code|vendor #|seller id|"
        "supplier account|vendor account|vendor acct|lieferantennummer|lieferanten-nr|lief.-nr|liefnr|kreditorennummer|kreditoren-nr|"
        "code fournisseur|no fournisseur|numéro fournisseur|n° fournisseur|código proveedor|código de proveedor|no de proveedor|"
        "codice fornitore|cod fornitore|leveranciersnummer|leveranciersnr|leverancier nr|leverandørnummer|leverandør nr|"
        "leverantörsnummer|leverantör nr|toimittajanumero|vend no|supp no|supp code|vend id|supplier gln|vendor gln"
    ),
    "/supplier/tax_id": (
        "supplier vat|supplier vat no|supplier vat id|vendor vat|vendor vat no|supplier tax id|vendor tax id|supplier vat number|"
        "vendor tax no|lieferant ust-id|ust-id lieferant|tva fournisseur|cif proveedor|nif proveedor"
    ),
    "/supplier/email": (
        "supplier email|supplier e-mail|vendor email|vendor e-mail|email supplier|email vendor|e-mail lieferant|email fournisseur"
    ),
    "/supplier/bank_account": "supplier iban|vendor iban|supplier bank account|vendor bank account",
    "/buyer/name": (
        "buyer|buyer name|buyer company|issuing office|contracting office|purchasing office|zamawiający|nabywca|odběratel|"
        "adquirente|von|de|da|fra|från|van|afzender|absender|expéditeur|remitente|mittente|"
        "sold-to legal entity|sold to legal entity|sold-to|requesting company|ordering company|purchasing entity|issued by company|"
        "customer|customer name|purchaser|purchaser name|client|client name|company|company name|"
        "ordered by company|buying company|buying entity|from|sold to|ordering party|buyer details|purchasing company|legal entity|"
        "käufer|besteller|kunde|auftraggeber|kundenname|bestellende firma|acheteur|client nom|donneur d'ordre|société|"
        "comprador|cliente|empresa|acquirente|committente|azienda|koper|klant|afnemer|besteller firma|opdrachtgever|køber|kunde navn|"
        "kjøper|köpare|kund|ostaja|asiakas|tilaaja|émetteur|emittente|emisor|emissor|aussteller"
    ),
    "/buyer/id": (
        "buyer id|buyer code|customer id|customer no|customer number|customer code|customer account|account|acct|account no|"
        "account number|acct no|client no|client id|client code|cust no|cust id|company code|kundennummer|kunden-nr|kd-nr|kdnr|"
        "buchungskreis|numéro client|code client|no client|n° client|número de cliente|no de cliente|código cliente|"
        "código de cliente|codice cliente|klantnummer|klant nr|kundenr|kundnummer|asiakasnumero|buyer gln|customer gln|sold to no|"
        "sold to id"
    ),
    "/buyer/tax_id": "buyer vat|buyer vat no|buyer tax id|customer vat no|buyer vat id|customer tax id|buyer vat number",
    "/ship_to/name": (
        "ship to|ship-to|ship to name|shipto|ship to address|deliver to|delivery to|delivery address|shipping address|"
        "delivery location|ship to location|delivered to|destination|delivery site|delivery place|site|consignee|location|plant|"
        "warehouse|deliver to address|ship to party|ship to site|receiving location|lieferadresse|lieferanschrift|lieferung an|"
        "warenempfänger|empfänger|lieferort|werk|anlieferadresse|adresse de livraison|livrer à|lieu de livraison|livré à|"
        "destinataire|dirección de entrega|entregar a|enviar a|lugar de entrega|dirección de envío|destinazione|destinazione merce|"
        "indirizzo di consegna|luogo di consegna|consegnare a|afleveradres|leveradres|bezorgadres|leveringsadresse|leveringssted|"
        "leveransadress|leverans till|toimitusosoite|endereço de entrega|verzendadres|afleveren bij|leveren aan|versandadresse|liefern an|"
        "lieferung erfolgt an|send goods to|deliver goods to|please deliver to|bitte liefern an|à livrer|dirección envío|"
        "leveres til|levering til"
    ),
    "/ship_to/id": ("ship to id|ship to no|ship to code|plant code|site code|warehouse code|location code|delivery gln|ship to gln"),
    "/invoice_to/name": (
        "bill to|bill-to|billto|invoice to|billing address|invoice address|send invoice to|bill to address|bill to name|"
        "remit invoice to|mail invoice to|invoices to|rechnungsadresse|rechnungsanschrift|rechnung an|rechnungsempfänger|"
        "adresse de facturation|facturer à|facturé à|dirección de facturación|facturar a|indirizzo di fatturazione|fatturare a|"
        "intestazione fattura|factuuradres|faktureringsadresse|faktura til|fakturaadress|fakturaadresse|laskutusosoite|"
        "endereço de faturação|endereço de faturamento"
    ),
    "/contract_reference": (
        "contract|contract no|contract number|contract ref|contract reference|contract id|agreement|agreement no|agreement number|"
        "agreement ref|framework agreement|frame agreement|frame contract|framework contract|blanket agreement|blanket order|"
        "blanket order no|blanket po|blanket po no|outline agreement|rahmenvertrag|rahmenkontrakt|rahmenabkommen|"
        "rahmenvertragsnummer|rahmenvertrag nr|vertrag|"
        "vertragsnummer|vertrags-nr|vertrag nr|kontrakt|kontraktnummer|kontrakt nr|rahmenbestellung|contrat|numéro de contrat|"
        "no contrat|n° contrat|contrat cadre|accord cadre|marché|no de marché|contrato|no de contrato|número de contrato|"
        "acuerdo marco|contratto|contratto no|numero contratto|accordo quadro|contract nr|raamcontract|raamovereenkomst|rammeaftale|"
        "aftalenummer|rammeavtale|avtale|avtalenummer|ramavtal|avtal|avtalsnummer|sopimus|sopimusnumero|master agreement|msa no|msa"
    ),
    "/quotation_reference": (
        "quotation|quotation no|quotation number|quotation ref|quote|quote no|quote number|quote ref|quote reference|quote id|offer|"
        "offer no|offer number|offer ref|supplier quote|supplier quotation|vendor quote|quotation reference|angebot|angebotsnummer|"
        "angebots-nr|angebot nr|angebot vom|offerte|offertnummer|devis|devis no|numéro de devis|no devis|référence devis|offre|"
        "offre no|cotización|no de cotización|presupuesto|oferta|oferta no|preventivo|preventivo no|offerta|offerta no|offertenummer|"
        "offertenr|offerte nr|tilbud|tilbudsnummer|tilbud nr|offert|offert nr|tarjous|tarjousnumero|rfq|rfq no|rfq ref"
    ),
    "/customer_reference": (
        "customer reference|customer ref|reference|ref|ref no|your ref|your reference|our ref|our reference|buyer reference|"
        "buyer ref|project|project no|project number|project name|job|job no|job number|job name|referenz|ihr zeichen|unser zeichen|"
        "ihre referenz|unsere referenz|projekt|projektnummer|projekt-nr|kommission|référence|votre référence|notre référence|projet|"
        "referencia|proyecto|obra|riferimento|commessa|progetto|referentie|uw referentie|reference no|reference number|referanse|"
        "referens|er referens|märke|viite|internal reference"
    ),
    "/requester": (
        "requester|requestor|requested by|requisitioner|requisitioned by|ordered by|order by|purchased by|purchasing agent|"
        "purchasing contact|buyer contact|contact|contact person|contact name|attention|attn|purchasing officer|agent|prepared by|"
        "created by|issued by|originator|placed by|anforderer|bedarfsträger|bestellt von|bestellt durch|ansprechpartner|"
        "ansprechpartnerin|einkäufer|einkäuferin|sachbearbeiter|bearbeiter|angefordert von|kontakt|kontaktperson|demandeur|"
        "demandé par|commandé par|contact acheteur|émis par|interlocuteur|solicitante|solicitado por|pedido por|contacto|richiedente|"
        "richiesto da|ordinato da|contatto|referente|aanvrager|besteld door|aangevraagd door|contactpersoon|inkoper|rekvirent|"
        "bestilt af|indkøber|bestilt av|innkjøper|beställare|inköpare|beställd av|er kontakt|tilaajan yhteyshenkilö|yhteyshenkilö|"
        "buyer contact name|buyer person|purchaser contact|responsible buyer|req by"
    ),
    "/cost_center": (
        "cost center|cost centre|cost center no|cost centre code|cost center code|cc|department|dept|dept no|gl account|gl code|"
        "budget code|account code|charge to|charge code|wbs|wbs element|kostenstelle|kostenstellen-nr|kst|kostenträger|abteilung|"
        "centre de coût|centre de coûts|centre de cout|département|service demandeur|imputation|centro de coste|centro de costo|"
        "centro de costos|centro de costes|departamento|centro di costo|reparto|kostenplaats|afdeling|omkostningssted|kostnadssted|"
        "kostnadsställe|avdelning|kustannuspaikka|centro de custo|cost object|cost code"
    ),
    "/payment_terms": (
        "payment terms|terms of payment|terms|payment|payment term|pay terms|payment conditions|terms and conditions of payment|"
        "pmt terms|payment condition|zahlungsbedingungen|zahlungsbedingung|zahlungskonditionen|zahlung|zahlungsziel|zahlbar|"
        "zahlungsart|conditions de paiement|conditions de règlement|paiement|modalités de paiement|mode de règlement|règlement|"
        "délai de paiement|condiciones de pago|forma de pago|términos de pago|pago|condizioni di pagamento|pagamento|"
        "termini di pagamento|modalità di pagamento|betalingsvoorwaarden|betalingsconditie|betalingstermijn|betaling|"
        "betalingsbetingelser|betalingsbetingelse|betalingsvilkår|betalningsvillkor|maksuehto|maksuehdot|condições de pagamento|"
        "termin płatności|warunki płatności|"
        "payment method"
    ),
    "/delivery_terms": (
        "delivery terms|terms of delivery|incoterms|incoterm|inco terms|shipping terms|delivery conditions|delivery condition|"
        "delivery term|freight terms|fob|fob point|f.o.b.|f.o.b. point|trade terms|lieferbedingungen|lieferbedingung|"
        "lieferkonditionen|conditions de livraison|condiciones de entrega|términos de entrega|condizioni di consegna|resa|porto|"
        "termini di consegna|leveringsvoorwaarden|leveringsconditie|leverconditie|leveringsbetingelser|leveringsvilkår|"
        "leveransvillkor|toimitusehto|toimitusehdot"
    ),
    "/line_total": (
        "subtotal|sub total|sub-total|order sub-total|order subtotal|auftragssumme netto|"
        "contract sum|subcontract sum|order sum|net order value|total net value excl tax|"
        "tot net item val excl tax|net total|total net|net amount|net value|"
        "total net amount|goods total|total goods|goods value|"
        "line total sum|total before tax|total excl tax|total excl vat|total excluding vat|total excluding tax|total ex vat|"
        "total without tax|total (net)|net|order subtotal|taxable amount|total lines|merchandise total|amount before tax|item total|"
        "items total|total net value|total ex tax|total ex gst|zwischensumme|nettosumme|summe netto|netto|nettobetrag|nettowert|"
        "nettobestellwert|netto bestellwert|nettoauftragswert|netto auftragswert|"
        "warenwert|gesamt netto|gesamtnetto|gesamtbetrag netto|netto gesamt|summe positionen|gesamtnettowert|bestellwert netto|"
        "sous-total|sous total|total ht|montant ht|total hors taxes|montant total ht|total net ht|montant net|subtotal sin iva|"
        "base imponible|total neto|neto|importe neto|suma|imponibile|totale imponibile|totale netto|subtotale|totale merce|"
        "totaal excl btw|totaal exclusief btw|subtotaal|totaal netto|nettobedrag|netto bedrag|total ekskl moms|subtotal ekskl moms|"
        "i alt ekskl moms|beløb ekskl moms|sum eks mva|totalt eks mva|netto sum|nettobeløb|summa exkl moms|totalt exkl moms|delsumma|"
        "nettobelopp|välisumma|yhteensä alv 0|veroton yhteensä|total sem iva|razem netto|wartość netto|suma netto"
    ),
    "/tax_total": (
        "tax|sales tax|vat|vat total|tax total|total tax|total vat|tax amount|vat amount|gst|total gst|hst|gst/hst|gst amount|iva|"
        "mwst|ust|mehrwertsteuer|umsatzsteuer|mwst-betrag|mwst betrag|zzgl mwst|zzgl ust|steuer|steuerbetrag|summe mwst|gesamtsteuer|"
        "tva|montant tva|total tva|taxes|total taxes|montant de la tva|i.v.a.|impuesto|impuestos|imposta|importo iva|totale iva|"
        "cuota iva|importe iva|btw|btw bedrag|totaal btw|btw totaal|moms|momsbeløb|moms i alt|mva|moms belopp|momsbelopp|mva beløp|"
        "sum mva|alv|alv yhteensä|use tax|estimated tax|est tax|state tax|valor iva|podatek vat|kwota vat|vat kwota|"
        "cgst|sgst|igst|utgst|input cgst|input sgst|input igst"
    ),
    "/payable_amount": (
        "total|total in us|grand total|auftragssumme|auftragssumme brutto|"
        "not to exceed total|not to exceed|"
        "order total|total amount|total order|total price|total due|total value|amount due|total order value|"
        "order value|order amount|po total|po amount|po value|total incl vat|total including vat|total incl tax|total including tax|"
        "total inc vat|total inc tax|total inc gst|total gross|gross total|gross amount|total payable|amount payable|"
        "total order amount|total cost|purchase order total|total po amount|total po value|invoice total|overall total|final total|"
        "net payable|total to pay|total purchase order|total (gross)|total purchase|gesamt|gesamtsumme|gesamtbetrag|summe|endsumme|"
        "gesamtbestellwert|gesamtauftragswert|bruttobestellwert|"
        "endbetrag|bruttosumme|bruttobetrag|brutto|gesamtpreis|gesamt brutto|summe brutto|rechnungsbetrag|bestellwert|auftragswert|"
        "auftragssumme|bestellsumme|gesamtwert|gesamtbetrag brutto|gesamt inkl mwst|zu zahlen|total ttc|montant ttc|"
        "montant total ttc|montant total|total général|net à payer|total commande|total de la commande|total con iva|importe total|"
        "total pedido|total general|total a pagar|total iva incluido|valor total|monto total|totale|totale ordine|totale complessivo|"
        "importo totale|totale ivato|totale generale|totale documento|totale da pagare|totaal|totaal incl btw|totaal inclusief btw|"
        "totaalbedrag|eindtotaal|te betalen|totaal bedrag|i alt|total inkl moms|i alt inkl moms|totalbeløb|at betale|ordretotal|"
        "totalt|sum|totalt inkl mva|sum inkl mva|totalsum|å betale|summa|totalsumma|totalt inkl moms|summa inkl moms|att betala|"
        "totalbelopp|yhteensä|loppusumma|maksettava yhteensä|kokonaissumma|razem|razem brutto|do zapłaty|wartość brutto|"
        "wartość zamówienia|total da encomenda|total do pedido|valor da encomenda|total geral|valor a pagar|celkem"
    ),
    "/notes": (
        "notes|note|remarks|remark|comments|comment|special instructions|instructions|special notes|additional information|bemerkung|"
        "bemerkungen|hinweis|hinweise|anmerkung|anmerkungen|kommentar|remarques|remarque|commentaires|commentaire|observaciones|"
        "notas|comentarios|note aggiuntive|osservazioni|opmerkingen|opmerking|bemærkninger|bemærkning|merknad|merknader|anmärkning|"
        "anmärkningar|kommentarer|huomautus|huomautukset|lisätiedot|delivery instructions|shipping instructions"
    ),
}

# Labels of what an order does not keep: known, so that they are not taken for a value.
OTHER = (
    "status|order status|po status|order type|po type|document type|belegart|phone|telephone|tel|fax|mobile|telefon|téléphone|teléfono|"
    "telefono|telefax|email|e-mail|mail|web|website|internet|page|pag|seite|blatt|feuille|folio|hoja|foglio|pagina|página|"
    "sida|side|address|adresse|anschrift|dirección|"
    "indirizzo|adres|street|city|zip|zip code|postal code|postcode|plz|state|country|land|pays|país|vat no|vat id|vat reg no|tax id|"
    "ust-id|ust-idnr|steuernummer|siret|siren|tva intracommunautaire|cif|nif|p iva|partita iva|codice fiscale|btw nummer|kvk|cvr|"
    "org no|organisationsnummer|y-tunnus|iban|bic|swift|bank|bank account|bankverbindung|ship via|shipped via|carrier|shipping method|"
    "ship method|versandart|transporteur|mode de transport|approved by|authorized by|authorised by|authorized signature|signature|"
    "unterschrift|genehmigt von|freigegeben von|date approved|for|purpose|revision|rev|rev no|version|line count|no of lines|"
    "total lines|total quantity|total qty|gesamtmenge|exchange rate|priority|title|vendor contact|supplier contact|vendor phone|"
    "supplier phone|invoice date|rechnungsdatum|invoice no|balance|balance due|paid"
)

CHARGES: dict[str, str] = {
    "charge": (
        "shipping|freight|shipping and handling|shipping & handling|s&h|handling|delivery charge|delivery charges|delivery cost|"
        "delivery costs|delivery fee|shipping cost|shipping costs|shipping charge|shipping charges|shipping fee|freight charge|"
        "freight charges|freight cost|transport|transport costs|transportation|packaging cost|packaging charge|packing charge|"
        "carriage|carriage net|courier|surcharge|vracht|fraktavgift|portokosten|versandkostenpauschale|maut|mautzuschlag|"
        "round off|rounding|rounding off|rundung|arrondi|afronding|öresavrundning|avrunding|afrunding|redondeo|arrotondamento|"
        "handling fee|handling charge|insurance|customs duty|fuel surcharge|small order surcharge|postage|"
        "postage and packing|p&p|versand|versandkosten|fracht|frachtkosten|lieferkosten|transportkosten|verpackungskosten|"
        "porto und verpackung|versand und verpackung|zuschlag|mindermengenzuschlag|frais de port|port|frais de livraison|"
        "transport et emballage|frais de transport|frais d'emballage|gastos de envío|portes|transporte|flete|gastos de transporte|"
        "spese di trasporto|trasporto|spese di spedizione|spedizione|verzendkosten|vrachtkosten|transportkosten nl|fragt|frakt|"
        "fragtomkostninger|fraktkostnader|fraktkostnad|rahti|rahtikulut|toimituskulut|expedition|toll charge"
    ),
    "allowance": (
        "discount|less discount|order discount|total discount|trade discount|volume discount|early payment discount|rebate|allowance|"
        "rabatt|gesamtrabatt|nachlass|skonto|abzgl rabatt|mengenrabatt|remise|rabais|remise globale|remise commerciale|descuento|"
        "descuento global|bonificación|sconto|sconto totale|sconto incondizionato|korting|totale korting|rabat|samlet rabat|alennus|"
        "desconto|discount amount"
    ),
}
