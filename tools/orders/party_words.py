"""What tells a company's name from a person's, a desk's and a street's: legal forms, words of institutions, of departments, of roads."""

from __future__ import annotations

import re

COMPANY = re.compile(
    r"(?<![\w.])(?:inc|incorporated|llc|l\.l\.c|ltd|limited|corp|corporation|company|co|plc|llp|lp|gmbh|mbh|ag|kg|ohg|kgaa|ug|se|e\.?v"
    r"|e\.?k|e\.?g|aör|cc|sarl|sas|sasu|snc|s\.?a\.?s?|s\.?a\.?u|s\.?l\.?u?|s\.?r\.?l\.?s?|s\.?p\.?a|s\.?n\.?c|s\.?c|s\.? ?coop"
    r"|bv|b\.v|nv|n\.v|vof|v\.o\.f|as|asa|a/s|aps|ivs|k/s|ab|hb|oy|oyj|ky|pty|pvt|pte|bhd|w\.?l\.?l|l\.?l\.?p|fze|fzco|fzc"
    r"|ltda|lda|s\.?a\.? de c\.?v|kft|zrt|s\.?r\.?o|a\.?s|sp\.? ?z ?o\.?o|d\.?o\.?o|e\.?i\.?r\.?l"
    r"|group|gruppe|groupe|grupo|gruppo|holdings?|industries|industrie|manufacturing|enterprises|trading|technologies|laborator(?:y|ies)"
    r"|university|universität|université|institute|foundation|school|college|hospital|hôpital|klinikum|krankenhaus|clinic|clinique|pharmacy"
    r"|stadt|gemeinde|stadtwerke|mairie|commune|ville de|ayuntamiento|comune|gemeente|kommune|kommun|kaupunki|city of|town of|county"
    r"|council|district|authority|agency|ministry|department of|society|société|sociedad|cooperativ[ae]|genossenschaft|werke?)(?!\w)\.?",
    re.IGNORECASE,
)
"""Legal forms, and words that institutions bear in their names."""

DESK = re.compile(
    r"^(?:(?:attn|attention|att|z\. ?hd|zhd|c/o|mr|mrs|ms|dr|herrn?|frau|m\.|mme|sr|sra|sig|dhr|mevr|t\.a\.v|c\. ?a\.)(?!\w)"
    r"|(?:accounts? payable|accounting|finance|purchasing|procurement|(?:central )?receiving|goods in\w*|warehouse|main office|head office"
    r"|headquarters|stores?|einkauf|buchhaltung|rechnungseingang|wareneingang|service achats|comptabilit\w+|compras|contabilidad"
    r"|ufficio acquisti|contabilit\w+|inkoop|crediteuren\w*|magazijn|indk\w+|innkj\w+|ink\w+p|lager|ekonomi\w*)"
    r"(?:\s+(?:dep\w*|services?|office|team|division|abteilung|dock)\.?)?$)",
    re.IGNORECASE,
)
"""A person to turn to, or a desk: no party's name."""

STREET = re.compile(
    r"^(?:via|viale|piazza|corso|rue|avenue|av|bd|boulevard|place|chemin|calle|c/|avda|avenida|plaza|paseo|ctra|carretera|rua)\b\.?"
    r"|\w(?:stra(?:ß|ss)e|str\.|gasse|platz|straat|laan|kade|vej|gade|vägen|gatan|veien|katu|tie)$"
    r"|\b(?:street|road|avenue|lane|drive|boulevard|blvd|way|court|parkway|pkwy|st|rd|ave|dr)\.?$",
    re.IGNORECASE,
)
