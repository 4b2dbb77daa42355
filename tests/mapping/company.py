"""A company in PowerOffice as the mapping sees it, and the settings that go with it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from woo2po.config import Settings
from woo2po.documents import Account, Catalogue, Product, VatCode
from woo2po.mapping.values import Basis

_RATES = {"0": 0, "3": 25, "31": 15, "33": 12, "5": 0, "52": 0, "C25SE": 25}
VAT_CODES = {
    code: VatCode(n, code, Decimal(rate)) for n, (code, rate) in enumerate(_RATES.items(), 1)
}


def _accounts(codes: dict[int, str]) -> dict[int, Account]:
    return {number: Account(number * 10, number, VAT_CODES[code]) for number, code in codes.items()}


ACCOUNTS = _accounts({3000: "3", 3030: "31", 3050: "33", 3100: "5", 3110: "52", 3205: "C25SE",
                      2901: "0", 7740: "0", 2745: "0", 2990: "0"})  # fmt: skip
CLEARING = _accounts({1900: "0", 1903: "0", 1920: "0"})

# Code of a product, its standard and its optional sales account.
_PRODUCTS = """
GEN-001:3000:3110 LUE-7:3000:3110 KAF-250:3030:3110 BOK-12:3100:3110 TUR-12:3050:3110 TRE-3:3000
SKR-M6:3000 SALG-1:3000 EBOK-1:3000 KOM,MA-1:3000 LANG-1:3000 PAKKE-1:3000:3030
VARE25:3000 VARE15:3030 VARE12:3050 VARE0:3100 FRAKT:3000:3110 FRAKT15:3030 FRAKT12:3050
FRAKT0:3100 RABATT:3000:3110 RABATT15:3030 RABATT12:3050 RABATT0:3100 GEBYR:3000:3110
GEBYR15:3030 GEBYR12:3050 GEBYR0:3100 GAVEKORT:2901 AVRUND:7740 OSS-SE25:3205 OSS:3110
OSS-MVA-SE:2745 PANT:2990
"""


def _product(id_: int, code: str, standard: str, optional: str = "") -> Product:
    other = ACCOUNTS[int(optional)] if optional else None
    return Product(id_, code, archived=False, standard=ACCOUNTS[int(standard)], optional=other)


PRODUCTS = [_product(id_, *said.split(":")) for id_, said in enumerate(_PRODUCTS.split(), 100)]


def catalogue(without: tuple[str, ...] = ()) -> Catalogue:
    """Return the company's catalogue, without the products of some codes."""
    products = {one.code: one for one in PRODUCTS if one.code not in without}
    return Catalogue(products=products, accounts=ACCOUNTS, vat_codes=VAT_CODES)


def company(lock_date: date | None = None, **accounts: Account) -> Catalogue:
    """Return the company with its clearing accounts; `accounts` as `a1903=Account(...)`."""
    changed = {int(name[1:]): account for name, account in accounts.items()}
    return replace(catalogue(), accounts={**ACCOUNTS, **CLEARING, **changed}, lock_date=lock_date)


def _product_of(code: str) -> dict[str, Any]:
    by_rate = {rate: f"{code}{rate}" for rate in ("15", "12", "0")}
    return {"product": code, "product_by_rate": by_rate}


def settings(**changed: dict[str, Any]) -> Settings:
    """Return the settings of a shop that has chosen products for everything."""
    sections: dict[str, dict[str, Any]] = {
        "woocommerce": {"url": "https://www.example.no", "consumer_key": "ck_test",
                        "consumer_secret": "cs_test", "orders_from": "2020-01-01"},
        "poweroffice": {"application_key": "a", "client_key": "c", "subscription_key": "s"},
        "shipping": _product_of("FRAKT"),
        "discounts": _product_of("RABATT"),
        "fees": _product_of("GEBYR"),
        "products": {"fallback_by_rate": {rate: f"VARE{rate}" for rate in ("25", "15", "12", "0")},
                     "rounding": "AVRUND"},
        "gift_cards": {"product": "GAVEKORT", "skus": ["GAVE-500"]},
    }  # fmt: skip
    for name, keys in changed.items():
        sections[name] = {**sections.get(name, {}), **keys}
    return Settings(**sections)  # type: ignore[arg-type]


SETTINGS, CATALOGUE = settings(), catalogue()


TODAY = date(2026, 12, 31)


def basis(chosen: Settings | None = None, there: Catalogue | None = None) -> Basis:
    """Return what an order is booked by, on the last day of the year."""
    return Basis(chosen or SETTINGS, there or CATALOGUE, TODAY)
