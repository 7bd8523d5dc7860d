"""What papers say of themselves: labels and sentences that only one kind of paper has, in the languages we know (regular expressions).

A label stands at the start of a cell (an invoice number); a sentence anywhere in a letter or a mail ("thank you for your order").
"""

from __future__ import annotations

ORDER = "order"

TELLING: tuple[tuple[str, str], ...] = (
    (
        "invoice",
        r"(?:tax )?invoice (?:number|no\.?|num|#|id|date|total|amount)|rechnungs(?:nummer|nr\.?|datum|-nr\.?)|rechnung nr\.?"
        r"|num[eé]ro de facture|facture n[°o]|date de (?:la )?facture|amount due|balance due|total due|numero fattura"
        r"|n[uú]mero de factura|factuurnummer|factuurdatum|fakturanummer|fakturadato|zahlbar bis|bill(?:ing)? period",
    ),
    (
        "quotation",
        r"(?:quote|quotation|estimate|proposal) (?:date|valid(?:ity)?|expir\w*)|valid until|angebots(?:datum|nummer|nr\.?)"
        r"|g[uü]ltig bis",
    ),
    (
        "delivery note",
        r"(?:delivery|packing) (?:note|slip) (?:number|no\.?|#|date)|lieferschein(?:nummer|nr\.?|-nr\.?)",
    ),
    (
        "credit note",
        r"credit (?:note|memo) (?:number|no\.?|#|date)|gutschrift(?:snummer|s-nr\.?)",
    ),
    (
        "statement",
        r"opening balance|closing balance|statement date|kontostand",
    ),
    (
        ORDER,
        r"p\.?o\.? (?:number|no\.?|num|#|date)|purchase order (?:number|no\.?|#|date)|order (?:number|no\.?|date)"
        r"|bestell(?:nummer|nr\.?|-nr\.?|datum)|(?:num[eé]ro|n[°o]|date) de (?:la )?commande|vendor(?: (?:number|no\.?|id|code))?"
        r"|supplier|lieferant|fournisseur|fornitore|proveedor|fornecedor|leverancier|leverand[øo]r|leverant[öo]r|toimittaja"
        r"|deliver to|ordrenr\.?|ordrenummer|ordredato|ordernr\.?|ordernummer|orderdatum|bestel(?:nummer|datum)"
        r"|tilausn(?:umero|ro)|tilausp[äa]iv[äa]|(?:n[°º]|n[uú]m(?:ero)?\.?|fecha|data) (?:de(?:l)? )?pedido"
        r"|(?:numero|n[°.]|data) ordine|einkäufer|indk[øo]ber|innkj[øo]per|ink[öo]pare",
    ),
)
"""(kind, labels)"""

SAYING: tuple[tuple[str, str], ...] = (
    (
        "order response",
        r"th(?:ank you|anks) for your (?:purchase )?order"
        r"|we (?:hereby )?(?:acknowledge|confirm)(?: receipt of)? (?:your|as follows)|which we (?:acknowledge|confirm)"
        r"|we (?:have )?received your (?:purchase )?order|wir haben ihre bestellung .{0,30}erhalten|avons bien reçu votre commande"
        r"|hemos recibido su pedido|abbiamo ricevuto il (?:suo|vostro) ordine|(?:wij|we) hebben uw (?:bestelling|order) .{0,30}ontvangen"
        r"|vi har (?:mottagit|mottatt|modtaget) (?:din|er|jeres|deres) (?:order|ordre|beställning|bestilling)"
        r"|(?:danken?|dank) (?:ihnen )?für (?:ihre|ihren|deine) (?:bestellung|auftrag)|wir bestätigen (?:ihnen )?(?:hiermit )?(?:ihre|den)"
        r"|merci (?:pour|de) votre commande|accusons réception de votre commande|gracias por su pedido|confirmamos su pedido"
        r"|grazie per il (?:suo|vostro) ordine|confermiamo il (?:suo|vostro) ordine|(?:bedankt|dank) voor uw (?:bestelling|order)"
        r"|bevestigen wij uw|takk? for (?:din|deres|jeres|ordren|bestillingen)(?: (?:ordre|bestilling))?"
        r"|tack för (?:din|er|eran) (?:order|beställning)"
        r"|(?:bekræfter|bekrefter|bekräftar) (?:hermed |härmed )?(?:din|deres|er|jeres)|kiitos tilauksesta",
    ),
    (
        ORDER,
        r"(?:hereby|would like to|please) order|please (?:supply|deliver|ship) (?:us |the following|to us)"
        r"|(?:we|i) (?:hereby )?order"
        r"|(?:below|following|attached|placing) (?:is )?(?:our|an|this) (?:purchase )?order"
        r"|our (?:purchase )?order (?:no\.? |n[°º] |# ?)?\S*\d"
        r"|hiermit bestellen|(?:wir|ich) bestellen?|bestellen wir|bitte liefern sie|unsere bestellung (?:nr\.? )?\S*\d"
        r"|nous (?:vous )?(?:commandons|passons commande)|notre (?:bon de )?commande (?:n[°o]\.? ?)?\S*\d"
        r"|veuillez (?:nous )?livrer"
        r"|bien vouloir nous (?:livrer|fournir)|hierbij bestellen|bestellen wij|onze bestelling (?:nr\.? )?\S*\d"
        r"|(?:les|le) (?:solicitamos|pedimos)"
        r"|nuestro pedido (?:n\S* )?\S*\d|ordiniamo|vogliate (?:fornirci|consegnare)|nostro ordine (?:n\S* )?\S*\d"
        r"|(?:vi|jeg|jag) (?:hermed |härmed )?(?:bestiller|beställer)|hermed bestilles|tilaamme",
    ),
    (
        "reminder",
        r"still (?:open|outstanding|missing|waiting for)|not (?:yet )?(?:been )?(?:received|arrived|delivered)|overdue"
        r"|new delivery date|offen sind noch|noch offen|(?:noch )?nicht (?:eingetroffen|geliefert|erhalten)|überfällig"
        r"|neuen liefertermin|(?:liefer|zahlungs)erinnerung|(?:pas|toujours pas) (?:encore )?(?:été )?(?:reçu|livré)"
        r"|nouvelle date de livraison|nog niet (?:ontvangen|geleverd)|nieuwe leverdatum|no hemos recibido|nueva fecha de entrega"
        r"|non abbiamo (?:ancora )?ricevuto|nuova data di consegna|(?:ikke|inte) (?:modtaget|mottatt|mottagit)"
        r"|when will (?:it|they|this|these|the \w+|our \w+) (?:ship|arrive|come|be (?:shipped|sent|delivered))"
        r"|(?:was|were) due (?:on|in|last|by)\b"
        r"|any (?:update|news)\b|where is (?:my|our) (?:order|delivery|shipment)|(?:have not|haven.t) (?:seen|heard|had|got)"
        r"|(?:what is the )?status (?:update )?(?:of|on|for) (?:my|our|po\b|purchase)|wo bleibt|stand (?:unserer|meiner) bestellung"
        r"|noch keine (?:auftragsbestätigung|lieferung|rückmeldung|sendung)|où en est (?:notre|ma)|toujours (?:pas|rien|aucune)"
        r"|dónde está (?:nuestro|mi) pedido|estado de (?:nuestro|mi) pedido|a che punto è|dov.è il (?:nostro|mio) ordine"
        r"|waar blijft|status van (?:onze|mijn)|status p[åa] (?:vår|vores|min)|var är vår|hvor er vores|hvor blir"
        r"|missä (?:viipyy|on) til\w+",
    ),
    (
        "remittance advice",
        r"we have (?:today )?(?:paid|transferred)|(?:wir|haben) .{0,40}(?:überwiesen|angewiesen)|remittance advice|zahlungsavis"
        r"|avis de (?:paiement|virement)|avviso di pagamento|aviso de pago|betalingsavis|payment (?:has been|was) (?:made|sent)",
    ),
    (
        "payment request",
        r"gift ?cards?|(?:our|new) (?:bank(?:ing)?|account) (?:details|account)|(?:neue|geänderte) bank(?:verbindung|daten)"
        r"|nouvelles coordonnées bancaires|nuevos datos bancarios|nuove coordinate bancarie|nieuwe bankgegevens"
        r"|(?:bank\w*|account|konto|iban)\b.{0,40}\b(?:ha(?:s|ve) (?:been )?changed|(?:hat|haben) sich geändert"
        r"|wurde geändert|gewijzigd|ändrats|ændret|endret)"
        r"|coordonnées bancaires (?:ont|sont) (?:été )?(?:changé|modifié)"
        r"|datos bancarios han cambiado|coordinate bancarie sono (?:cambia|varia)te"
        r"|bankgegevens zijn gewijzigd|auf (?:das|unser) neue(?:s)? konto"
        r"|(?:nouveau|nuevo|nuovo) (?:compte|cuenta|conto) (?:bancaire|bancari[ao])"
        r"|ny(?:tt|e)? bank(?:konto|uppgifter|oplysninger|opplysninger)|uu(?:si|det) tili(?:numero|tiedot)",
    ),
    (
        "newsletter",
        r"unsubscribe|abmelden|se désabonner|désinscri\w+|darse de baja|cancellar\w* l.iscrizione|uitschrijven|afmeld|avmeld"
        r"|avregistrera|tilaa uutiskirje|(?:book|schedule|request) (?:a|your) (?:\w+ )?demo|free trial|months? free\b"
        r"|order before .{1,24} (?:and|to) (?:receive|get|save)|(?:this|our) (?:week.s|month.s) (?:special )?offers?"
        r"|jetzt (?:bestellen|sparen)"
        r"|(?:nur|angebot|aktion) (?:gilt )?(?:noch )?(?:nur )?bis .{1,24} sparen"
        r"|kostenlos(?:e|er)? (?:test\w*|demo)|essai gratuit|profitez de"
        r"|prueba gratuita|aproveche|prova gratuita|approfitta\w*|gratis proef\w*|profiteer|gratis prøve\w*|prova gratis|passa på",
    ),
    (
        "request for quotation",
        r"(?:please|kindly) (?:quote|send (?:us )?(?:a|your) (?:quote|quotation|(?:best )?(?:offer|price)))|what would .{1,30} cost"
        r"|(?:requesting|request|like) an? (?:quote|quotation)|bitten? (?:wir )?(?:sie )?um (?:ein|ihr) (?:\w+ )?angebot"
        r"|unterbreiten sie uns|(?:faire parvenir|adresser|transmettre|envoyer) (?:un|votre) (?:meilleur )?(?:devis|offre)"
        r"|(?:solicitamos|rogamos) .{0,20}(?:cotización|presupuesto)|(?:richiediamo|inviarci) .{0,20}(?:preventivo|offerta)"
        r"|(?:verzoeken|vragen) .{0,20}offerte|(?:önskar|begär) .{0,12}offert|(?:ønsker|anmoder) .{0,12}tilbud|pyydämme tarjou\w*",
    ),
)
"""(kind, sentences)"""
