# SPDX-License-Identifier: GPL-3.0-or-later
"""Which key made, amended or cancelled which purchase. Each method is one transaction: all of it happens, with its key, or nothing."""

from decimal import Decimal

from trytond.i18n import gettext
from trytond.model import ModelSQL, ModelView, Unique, fields
from trytond.model.exceptions import ValidationError
from trytond.pool import Pool
from trytond.rpc import RPC
from trytond.transaction import without_check_access


class PostingError(ValidationError):
    pass


class Posting(ModelSQL, ModelView):
    "Posting of Signoff"

    __name__ = "signoff.posting"

    company = fields.Many2One("company.company", "Company", required=True, ondelete="RESTRICT")
    key = fields.Char("Key", required=True)
    content = fields.Char("Content", required=True, help="SHA-256 of what was posted.")
    purchase = fields.Many2One("purchase.purchase", "Purchase", ondelete="RESTRICT")

    @classmethod
    def __setup__(cls):
        cls.key.search_unaccented = False
        super().__setup__()
        table = cls.__table__()
        cls._sql_constraints.append(("key_unique", Unique(table, table.company, table.key), "signoff_bridge.msg_key_unique"))
        for method in ("post", "amend", "cancel"):
            cls.__rpc__[method] = RPC(readonly=False)

    @classmethod
    def post(cls, key, content, company, values):
        """Create the draft purchase, or give the one that the key has made."""
        known = cls._known(key, content, company)
        if known:
            return {"purchase": known.id}
        posting = cls._claim(key, content, company)
        Purchase = Pool().get("purchase.purchase")
        (purchase,) = Purchase.create([dict(values, company=company)])
        cls._taxed(purchase)
        with without_check_access():
            cls.write([posting], {"purchase": purchase.id})
        return {"purchase": purchase.id}

    @classmethod
    def amend(cls, key, content, company, purchase, values, lines, total):
        """Replace the lines and make the purchase binding, unless they come to another total than was approved.

        An old change that comes again finds its key and does nothing.
        """
        known = cls._known(key, content, company)
        if known:
            return {"purchase": known.id}
        Purchase = Pool().get("purchase.purchase")
        purchase = cls._claimed(key, content, company, purchase)
        if purchase.state == "cancelled":
            raise PostingError(gettext("signoff_bridge.msg_cancelled", purchase=purchase.rec_name))
        cls._reopen(purchase)
        Purchase.write([purchase], dict(values, lines=[("delete", [line.id for line in purchase.lines]), *values["lines"]]))
        purchase = Purchase(purchase.id)
        cls._taxed(purchase)
        cls._compare(purchase, lines, total)
        Purchase.quote([purchase])
        Purchase.confirm([purchase])
        return {"purchase": purchase.id}

    @classmethod
    def cancel(cls, key, content, company, purchase):
        """Cancel the purchase, also one in process of which nothing has come or been invoiced."""
        known = cls._known(key, content, company)
        if known:
            return {"purchase": known.id}
        Purchase = Pool().get("purchase.purchase")
        purchase = cls._claimed(key, content, company, purchase)
        if purchase.state != "cancelled":
            cls._reopen(purchase)
            Purchase.cancel([purchase])
        return {"purchase": purchase.id}

    @classmethod
    def _known(cls, key, content, company):
        """The purchase of a key that was used before."""
        found = cls.search([("key", "=", key), ("company", "=", company)])
        if found and found[0].content != content:
            raise PostingError(gettext("signoff_bridge.msg_key_used", key=key))
        return found[0].purchase if found else None

    @classmethod
    def _claim(cls, key, content, company, purchase=None):
        """Write the key down before anything is read: of two at once the second waits here, and is then told that it is not unique.

        In SQLite this first write is also what begins the transaction.
        """
        (posting,) = cls.create([{"key": key, "content": content, "company": company, "purchase": purchase}])
        return posting

    @classmethod
    def _claimed(cls, key, content, company, number):
        """A purchase that is ours alone until the transaction ends, as it is now."""
        Purchase = Pool().get("purchase.purchase")
        found = Purchase.search([("id", "=", number), ("company", "=", company)])
        if not found:
            raise PostingError(gettext("signoff_bridge.msg_no_purchase", purchase=number))
        cls._claim(key, content, company, number)
        with without_check_access():
            Purchase.lock(found)
        return Purchase(number)

    @classmethod
    def _reopen(cls, purchase):
        "Back to draft, with the planned moves and draft invoices of a purchase in process taken away"
        pool = Pool()
        Purchase = pool.get("purchase.purchase")
        if purchase.state in {"quotation", "confirmed"}:
            Purchase.draft([purchase])
        elif purchase.state != "draft":
            with without_check_access():
                cls._clear(purchase)
                Purchase.write(
                    [purchase],
                    {
                        "state": "draft",
                        "revision": purchase.revision + 1,
                        "untaxed_amount_cache": None,
                        "tax_amount_cache": None,
                        "total_amount_cache": None,
                    },
                )

    @classmethod
    def _clear(cls, purchase):
        pool = Pool()
        Purchase, Amendment = pool.get("purchase.purchase"), pool.get("purchase.amendment")
        if purchase.state == "processing":
            Amendment._clear_purchase([purchase])
            purchase = Purchase(purchase.id)
        if purchase.state != "processing" or purchase.moves or any(line.invoice_lines for line in purchase.lines):
            raise PostingError(gettext("signoff_bridge.msg_started", purchase=purchase.rec_name))

    @classmethod
    def _taxed(cls, purchase):
        "The taxes of product and supplier, which a client of the API would have to work out"
        Line = Pool().get("purchase.line")
        lines = [line for line in purchase.lines if line.product]
        for line in lines:
            line.taxes = line.compute_taxes(purchase.invoice_party or purchase.party)
        Line.save(lines)

    @classmethod
    def _compare(cls, purchase, lines, total):
        amounts = [line.amount for line in purchase.lines]
        own = None if None in amounts else sum(amounts, Decimal(0))
        if (len(amounts), own) != (lines, total):
            raise PostingError(
                gettext(
                    "signoff_bridge.msg_other_total",
                    purchase=purchase.rec_name,
                    lines=len(amounts),
                    total=own,
                    expected_lines=lines,
                    expected_total=total,
                )
            )
