"""The titles that papers bear, by the kind of paper: orders in all their forms, and the look-alikes; see `labels.title_kind`."""

from __future__ import annotations

TITLES: dict[str, str] = {
    "order": (
        "purchase order|po|p.o.|order|order form|purchase order form|standard purchase order|blanket purchase order|official order|"
        "local purchase order|lpo|works order|work order|subcontract order|service order|release order|call-off order|call off|"
        "reorder list|re-order list|bestellung|"
        "einkaufsbestellung|bestellschein|auftrag|abrufbestellung|abruf|bestellformular|bon de commande|commande|commande d'achat|"
        "commande fournisseur|orden de compra|pedido|pedido de compra|ordine|ordine di acquisto|ordine d'acquisto|ordine fornitore|"
        "ordine a fornitore|pedido a proveedor|commande à fournisseur|lieferabruf|abrufauftrag|abrufbestellung|rahmenabruf|"
        "købsordre|"
        "inkooporder|bestelbon|bestelling|inkoopopdracht|bestelformulier|indkøbsordre|innkjøpsordre|bestilling|inköpsorder|"
        "beställning|ostotilaus|tilaus|ordem de compra|nota de encomenda|encomenda|zamówienie|objednávka|order for supplies or services|"
        "delivery order|task order|purchase orders|orders"
    ),
    "change": (
        "purchase order change|change order|po change|po amendment|purchase order amendment|amended purchase order|"
        "revised purchase order|purchase order revision|order change|bestelländerung|änderungsbestellung|bestellungsänderung|"
        "modification de commande|avenant|modificación de pedido|modifica ordine|wijziging bestelling|bestelwijziging|ordreændring|"
        "endringsordre|orderändring"
    ),
    "cancellation": (
        "purchase order cancellation|order cancellation|cancellation|po cancellation|cancelled purchase order|storno|stornierung|"
        "bestellstornierung|annulation|annulation de commande|cancelación|cancelación de pedido|annullamento|annullamento ordine|"
        "annulering|annullering|avbestilling|avbeställning|peruutus"
    ),
    "invoice": (
        "invoice|tax invoice|commercial invoice|proforma invoice|pro forma invoice|pro-forma|proforma|sales invoice|bill|"
        "self-billed invoice|rechnung|proformarechnung|eingangsrechnung|facture|facture proforma|factura|factura proforma|fattura|"
        "fattura proforma|factuur|faktura|lasku|fatura|invoices|rechnungen"
    ),
    "credit note": (
        "credit note|credit memo|rechnungskorrektur|stornorechnung|gutschrift|avoir|nota de crédito|nota di credito|creditnota|"
        "kreditnota|kreditfaktura|hyvityslasku"
    ),
    "quotation": (
        "quotation|quote|offer|sales quotation|price quotation|estimate|proposal|angebot|kostenvoranschlag|devis|offre|offre de prix|"
        "cotización|presupuesto|oferta|preventivo|offerta|offerte|tilbud|offert|tarjous"
    ),
    "request for quotation": (
        "request for quotation|request for quote|rfq|inquiry|enquiry|anfrage|preisanfrage|angebotsanfrage|demande de prix|"
        "demande de devis|appel d'offres|solicitud de cotización|richiesta di offerta|offerteaanvraag|forespørgsel|forespørsel|"
        "offertförfrågan|tarjouspyyntö"
    ),
    "order response": (
        "order confirmation|order acknowledgement|order acknowledgment|sales order|sales order confirmation|order response|"
        "purchase order acknowledgement|auftragsbestätigung|bestellbestätigung|accusé de réception de commande|"
        "confirmation de commande|confirmación de pedido|conferma d'ordine|conferma ordine|orderbevestiging|ordrebekræftelse|"
        "ordrebekreftelse|orderbekräftelse|orderbekräftning|tilausvahvistus|ordererkännande|beställningsbekräftelse|beställningserkännande|"
        "bestillingsbekreftelse|bestillingsbekræftelse|bestelbevestiging|opdrachtbevestiging|acuse de recibo de pedido|"
        "aceptación de pedido|conferma di ordine|conferma dell'ordine|accusé de réception|confirmation of order|acknowledgement of order"
    ),
    "delivery note": (
        "delivery note|packing list|packing slip|dispatch note|despatch advice|goods receipt|goods received note|grn|lieferschein|"
        "packliste|wareneingang|bon de livraison|bordereau de livraison|albarán|nota de entrega|documento di trasporto|ddt|"
        "bolla di consegna|pakbon|leveringsbon|følgeseddel|pakkseddel|följesedel|packsedel|lähete|delivery notes|despatch note|"
        "dispatch advice|advance ship notice|advance shipping notice|shipping notice|asn|bill of lading|waybill|versandanzeige|versandavis|"
        "lieferavis|frachtbrief|avis d'expédition|lettre de voiture|aviso de envío|avviso di spedizione|verzendbericht|"
        "forsendelsesavis|leveransavisering"
    ),
    "contract": (
        "agreement|supply agreement|framework agreement|frame agreement|master agreement|master supply agreement|purchase agreement|"
        "master purchase agreement|blanket purchase agreement|services agreement|service agreement|master services agreement|"
        "framework contract|supply contract|rahmenvertrag|liefervertrag|rahmenliefervertrag|dienstleistungsvertrag|contrat cadre|"
        "contrat de fourniture|accord cadre|contrato marco|contrato de suministro|acuerdo marco|contratto quadro|"
        "contratto di fornitura|accordo quadro|raamovereenkomst|raamcontract|leveringsovereenkomst|rammeaftale|leveringsaftale|"
        "rammeavtale|leveranseavtale|ramavtal|leveransavtal|puitesopimus"
    ),
    "statement": (
        "statement|statement of account|account statement|kontoauszug|relevé de compte|estado de cuenta|estratto conto|"
        "rekeningoverzicht|kontoudtog|kontoutdrag"
    ),
    "price list": (
        "price list|pricelist|catalogue|catalog|product catalogue|product catalog|price catalogue|product list|preisliste|katalog|"
        "liste de prix|tarif|tarifs|catalogue de prix|lista de precios|tarifa|catálogo|listino|listino prezzi|catalogo|prijslijst|"
        "prisliste|prislista|hinnasto|price book|rate card"
    ),
    "requisition": (
        "purchase requisition|requisition|requisition form|bestellanforderung|banf|demande d'achat|solicitud de compra|"
        "solicitud de pedido|richiesta di acquisto|richiesta d'acquisto|aanvraag|inkoopaanvraag|anskaffelsesanmodning|inköpsanmodan"
    ),
    "receipt": ("receipt|sales receipt|quittung|kassenbon|reçu|recibo|ricevuta|kvittering|kvitto|payment receipt"),
    "remittance advice": (
        "remittance advice|remittance|payment advice|ach remittance|zahlungsavis|zahlungsanzeige|avis de paiement|avis de virement|"
        "aviso de pago|avviso di pagamento|betalingsavis|betaaladvies|betalingsspecificatie|betalningsavi|betalningsspecifikation|"
        "maksuerittely"
    ),
    "reminder": (
        "reminder|payment reminder|past due notice|overdue notice|mahnung|zahlungserinnerung|liefererinnerung|rappel|rappel de paiement|"
        "recordatorio de pago|sollecito|sollecito di pagamento|sollecito di consegna|aanmaning|betalingsherinnering|betalningspåminnelse|"
        "betalingspåminnelse|rykker|purring|inkassovarsel|maksumuistutus"
    ),
    "stock list": (
        "inventory|inventory list|stock list|stock report|inventory report|bestandsliste|inventur|inventaire|inventario|voorraadlijst"
    ),
    "forecast": "forecast|demand forecast|delivery schedule|lieferplan|bedarfsvorschau|prévision|previsión|previsione",
}
