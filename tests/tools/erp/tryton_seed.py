"""Fills an empty Tryton database with a small company, and says who may speak to it. Runs in Tryton's own environment:

python tryton_seed.py DATABASE CONFIG VENDORS.CSV OUT.JSON
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from proteus import Model, config  # type: ignore[import-not-found]
from trytond.modules.account.tests.tools import create_chart, create_fiscalyear, create_tax, get_accounts  # type: ignore[import-not-found]
from trytond.modules.account_invoice.tests.tools import (  # type: ignore[import-not-found]
    create_payment_term,
    set_fiscalyear_invoice_sequences,
)
from trytond.modules.company.tests.tools import create_company  # type: ignore[import-not-found]

CURRENCIES = {"EUR": "1", "USD": "1.1", "SEK": "11", "GBP": "0.85"}


def currencies() -> dict[str, Any]:
    made = {}
    for code, rate in CURRENCIES.items():
        made[code] = Model.get("currency.currency")(name=code, symbol=code, code=code, rounding=Decimal("0.01"))
        made[code].save()
        Model.get("currency.currency.rate")(date=dt.date(2020, 1, 1), rate=Decimal(rate), currency=made[code]).save()
    return made


def books() -> Any:
    """The least that an invoice wants; the category that gives products their accounts and tax."""
    create_chart()
    set_fiscalyear_invoice_sequences(create_fiscalyear()).click("create_period")
    accounts, tax = get_accounts(), create_tax(Decimal(".19"))
    tax.save()
    create_payment_term().save()
    setup = Model.get("account.configuration")(1)
    setup.default_category_account_expense = accounts["expense"]
    setup.save()
    category = Model.get("product.category")(name="Materials", accounting=True)
    category.account_expense, category.account_revenue = accounts["expense"], accounts["revenue"]
    category.supplier_taxes.append(tax)
    category.save()
    return category


def party(code: str, name: str, tax_ids: list[str]) -> Any:
    made = Model.get("party.party")(name=name, code=code)
    made.addresses[0].city = "Bremen"
    for number in tax_ids:
        made.identifiers.new(code=number)
    made.save()
    return made


def product(category: Any, supplier: Any, code: str, supplier_code: str) -> None:
    unit, *_ = Model.get("product.uom").find([("name", "=", "Unit")])
    template = Model.get("product.template")(name="Bolt", default_uom=unit, type="goods", purchasable=True, account_category=category)
    template.products[0].suffix_code = code
    template.product_suppliers.new(party=supplier, code=supplier_code)
    template.save()


def user(login: str, groups: list[str], company: Any) -> str:
    """A user with an application key, which it answers."""
    made = Model.get("res.user")(name=login, login=login)
    made.groups.extend(Model.get("res.group").find([("name", "in", groups)]))
    made.companies.append(Model.get("company.company")(company.id))  # a record of proteus belongs to one list only
    made.company = Model.get("company.company")(company.id)
    made.save()
    key = Model.get("res.user.application")(user=made, application="rest")
    key.save()
    return str(key.key)


def seed(vendors: Path) -> dict[str, str]:
    made = currencies()
    create_company(party("US", "Weserkontor GmbH", []), made["EUR"])
    (company,) = Model.get("company.company").find([])
    category = books()
    unit, *_ = Model.get("product.uom").find([("name", "=", "Unit")])
    Model.get("product.uom")(name="Each", symbol="EA", category=unit.category, rate=1.0, factor=1.0, rounding=0.001, digits=3).save()
    product(category, party("V-1", "Bolts & Sons Ltd", []), "OUR-1", "A-1")
    with vendors.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            party(row["vendor_id"], row["name"], [t for t in row["tax_ids"].split(";") if t])
    ruled = party("V-2", "Ruled & Co", [])
    ruled.identifiers.new(type="eu_vat", code="DE136695976")
    ruled.supplier_tax_rule = Model.get("account.tax.rule")(name="Abroad", kind="purchase")
    ruled.supplier_tax_rule.save()
    ruled.contact_mechanisms.new(type="email", value="orders@Ruled.example")
    (ruled.supplier_payment_term,) = Model.get("account.invoice.payment_term").find([("name", "=", "Direct")])
    ruled.save()
    gone = party("V-9", "Gone & Co", [])
    gone.active = False
    gone.save()
    return {
        "key": user("signoff", ["Purchase", "Purchase Amendment"], company),
        "reader": user("reader", [], company),
    }


if __name__ == "__main__":
    config.set_trytond(f"sqlite:///{sys.argv[1]}", user="admin", config_file=sys.argv[2])
    Path(sys.argv[4]).write_text(json.dumps(seed(Path(sys.argv[3]))), encoding="utf-8")
