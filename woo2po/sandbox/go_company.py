"""The company that `Books.standard` furnishes: a small Norwegian web shop's."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from woo2po.sandbox.go_values import Account, Product, ProductGroup, VatCode

if TYPE_CHECKING:
    from woo2po.sandbox.go_records import Records

VAT_CODES = (
    ("0", "Ingen mva-behandling (anskaffelser)", "0"),
    ("3", "Utgående mva, høy sats", "0.25"),
    ("31", "Utgående mva, middels sats", "0.15"),
    ("33", "Utgående mva, lav sats", "0.12"),
    ("5", "Innenlands omsetning, nullsats", "0"),
    ("52", "Utførsel av varer og tjenester, nullsats", "0"),
    ("6", "Omsetning utenfor merverdiavgiftsloven", "0"),
    ("7", "Ingen mva-behandling (inntekter)", "0"),
)
ACCOUNTS = (
    (1500, "Kundefordringer", "0", "Asset"),
    (1579, "Andre kortsiktige fordringer", "0", "Asset"),
    (1900, "Kasse", "0", "Asset"),
    (1901, "Visa oppgjør", "0", "Asset"),
    (1903, "Vipps oppgjør", "0", "Asset"),
    (1904, "Klarna oppgjør", "0", "Asset"),
    (1905, "Kortoppgjør nettbutikk", "0", "Asset"),
    (1920, "Bank", "0", "Asset"),
    (2700, "Utgående mva", "0", "Liability"),
    (2965, "Gjeld til kunder, gavekort", "0", "Liability"),
    (3000, "Salg, høy sats", "3", "Income"),
    (3030, "Salg, middels sats", "31", "Income"),
    (3050, "Salg, lav sats", "33", "Income"),
    (3100, "Salg, nullsats innenlands", "5", "Income"),
    (3110, "Salg, utførsel", "52", "Income"),
    (3200, "Salg utenfor avgiftsområdet", "6", "Income"),
    (6300, "Leie lokale", "0", "Expense"),
    (7740, "Øredifferanser", "0", "Expense"),
    (7770, "Bank- og kortgebyr", "0", "Expense"),
)
GROUPS = (("VARER", "Handelsvarer", 3000, 3110), ("MAT", "Matvarer", 3030, None))
# Code, name, net price, standard and optional account (None: from the group), group.
# LANG-1 and SKR-M6 are left out on purpose: a shop's goods are never all in the accounts.
PRODUCTS = (
    ("GEN-001", "Ullgenser", "1039.20", 3000, 3110, "VARER"),
    ("LUE-7", "Lue", "199.20", None, None, "VARER"),
    ("TS-M-BLA", "T-skjorte M blå", "199.20", 3000, 3110, "VARER"),
    ("KAF-250", "Kaffe 250 g", "77.217391", 3030, 3110, "MAT"),
    ("TUR-12", "Guidet tur", "571.428571", 3050, None, None),
    ("BOK-12", "Bok", "349", 3100, None, None),
    ("EBOK-1", "E-bok", "103.20", 3000, None, None),
    ("PAKKE-1", "Turpakke", "479.20", 3000, 3110, "VARER"),
    ("SALG-1", "Jakke på salg", "799.20", 3000, 3110, "VARER"),
    ("TRE-3", "Tre for hundre", "26.666667", 3000, 3110, "VARER"),
    ("KOM,MA-1", "Vare med komma", "39.20", 3000, 3110, "VARER"),
    ("FRAKT", "Frakt", None, 3000, 3110, None),
    ("FRAKT15", "Frakt 15 %", None, 3030, None, None),
    ("FRAKT0", "Frakt uten mva", None, 3100, 3110, None),
    ("RABATT", "Rabatt", None, 3000, 3110, None),
    ("RABATT15", "Rabatt 15 %", None, 3030, None, None),
    ("RABATT12", "Rabatt 12 %", None, 3050, None, None),
    ("RABATT0", "Rabatt uten mva", None, 3100, 3110, None),
    ("GEBYR", "Gebyr", None, 3000, 3110, None),
    ("GEBYR15", "Gebyr 15 %", None, 3030, None, None),
    ("GEBYR12", "Gebyr 12 %", None, 3050, None, None),
    ("GEBYR0", "Gebyr uten mva", None, 3100, 3110, None),
    ("GAVEKORT", "Gavekort", None, 2965, None, None),
    ("AVRUND", "Øreavrunding", None, 7740, None, None),
    ("VARE25", "Vare 25 %", None, 3000, 3110, None),
    ("VARE15", "Vare 15 %", None, 3030, 3110, None),
    ("VARE12", "Vare 12 %", None, 3050, None, None),
    ("VARE0", "Vare uten mva", None, 3100, 3110, None),
)
SERVICES = ("FRAKT", "RABATT", "GEBYR", "GAVEKORT", "AVRUND")


def furnish(books: "Records") -> None:
    """Fill empty books with VAT codes, accounts, groups, products and dimensions."""
    for code, name, rate in VAT_CODES:
        vat = VatCode(books.number("vat"), code, name, Decimal(rate))
        books.vat_codes[vat.id] = vat
    for number, name, code, kind in ACCOUNTS:
        account = Account(books.number("account"), number, name, books.vat_code(code).id, kind)
        account.subledger_only = number == 1500
        books.accounts[account.id] = account
    books.account(6300).is_department_required = True
    for name, text, standard, optional in GROUPS:
        group = ProductGroup(_id(books, standard), _id(books, optional), code=name, name=text)
        group.id = books.number("group")
        books.product_groups[group.id] = group
    _add_products(books)
    books.sales_settings.standard_sales_account_id = _id(books, 3000)
    books.dimensions = {
        "department": {"BUTIKK": 21, "NETT": 22},
        "project": {"P1": 31},
        "location": {},
    }
    books.lock_date = date(2026, 8, 31)


def _add_products(books: "Records") -> None:
    groups = {g.code: g.id for g in books.product_groups.values()}
    for code, name, price, standard, optional, group in PRODUCTS:
        product = Product(_id(books, standard), _id(books, optional), books.number("product"))
        product.code, product.name = code, name
        product.unit_price = Decimal(price) if price else None
        product.product_group_id = groups.get(group)
        product.product_type = "Service" if code.startswith(SERVICES) else "Product"
        books.products[product.id] = product


def _id(books: "Records", number: int | None) -> int | None:
    return None if number is None else books.account(number).id
