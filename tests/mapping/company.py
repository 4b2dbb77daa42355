"""A company in PowerOffice as the mapping sees it, and the settings that go with it."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from woo2po.catalogue import Account, Catalogue, Product, VatCode
from woo2po.settings import Settings

RECORDED = Path(__file__).parents[2] / "woo2po" / "sandbox" / "recorded"

VAT_CODES = {
    "0": VatCode(1, "0", Decimal(0)),
    "3": VatCode(2, "3", Decimal(25)),
    "31": VatCode(3, "31", Decimal(15)),
    "33": VatCode(4, "33", Decimal(12)),
    "5": VatCode(5, "5", Decimal(0)),
    "52": VatCode(6, "52", Decimal(0)),
    "C25SE": VatCode(7, "C25SE", Decimal(25)),
}
ACCOUNTS = {
    number: Account(number * 10, number, VAT_CODES[code])
    for number, code in {
        3000: "3",
        3030: "31",
        3050: "33",
        3100: "5",
        3110: "52",
        3205: "C25SE",
        2965: "0",
        7740: "0",
    }.items()
}
# Code of a product: its standard and its optional sales account.
ON_ACCOUNTS = {
    "GEN-001": (3000, 3110),
    "LUE-7": (3000, 3110),
    "KAF-250": (3030, 3110),
    "BOK-12": (3100, 3110),
    "TUR-12": (3050, 3110),
    "TRE-3": (3000, None),
    "SKR-M6": (3000, None),
    "SALG-1": (3000, None),
    "EBOK-1": (3000, None),
    "KOM,MA-1": (3000, None),
    "LANG-1": (3000, None),
    "PAKKE-1": (3000, 3030),
    "VARE25": (3000, None),
    "VARE15": (3030, None),
    "VARE12": (3050, None),
    "VARE0": (3100, None),
    "FRAKT": (3000, 3110),
    "FRAKT15": (3030, None),
    "FRAKT12": (3050, None),
    "FRAKT0": (3100, None),
    "RABATT": (3000, 3110),
    "RABATT15": (3030, None),
    "RABATT12": (3050, None),
    "RABATT0": (3100, None),
    "GEBYR": (3000, 3110),
    "GEBYR15": (3030, None),
    "GEBYR12": (3050, None),
    "GEBYR0": (3100, None),
    "GAVEKORT": (2965, None),
    "AVRUND": (7740, None),
    "OSS-SE25": (3205, None),
    "OSS-GROSS": (3110, None),
}


def catalogue(**changed: tuple[int | None, int | None] | None) -> Catalogue:
    """Return the company's catalogue; `changed` gives other accounts, None takes a product away."""
    products = {**ON_ACCOUNTS, **changed}
    return Catalogue(
        products={
            code: Product(
                id=100 + n,
                code=code,
                archived=False,
                standard=ACCOUNTS[accounts[0]] if accounts[0] else None,
                optional=ACCOUNTS[accounts[1]] if accounts[1] else None,
            )
            for n, (code, accounts) in enumerate(products.items())
            if accounts is not None
        },
        accounts=ACCOUNTS,
        vat_codes=VAT_CODES,
    )


def settings(**changed: dict[str, Any]) -> Settings:
    """Return the settings of a shop that has chosen products for everything."""
    sections: dict[str, dict[str, Any]] = {
        "woocommerce": {
            "url": "https://www.example.no",
            "consumer_key": "ck_test",
            "consumer_secret": "cs_test",
            "orders_from": "2020-01-01",
        },
        "poweroffice": {"application_key": "a", "client_key": "c", "subscription_key": "s"},
        "shipping": {
            "product": "FRAKT",
            "product_by_rate": {"15": "FRAKT15", "12": "FRAKT12", "0": "FRAKT0"},
        },
        "discounts": {
            "product": "RABATT",
            "product_by_rate": {"15": "RABATT15", "12": "RABATT12", "0": "RABATT0"},
        },
        "fees": {
            "product": "GEBYR",
            "product_by_rate": {"15": "GEBYR15", "12": "GEBYR12", "0": "GEBYR0"},
        },
        "products": {
            "fallback_by_rate": {"25": "VARE25", "15": "VARE15", "12": "VARE12", "0": "VARE0"},
            "rounding": "AVRUND",
        },
        "gift_cards": {"product": "GAVEKORT", "skus": ["GAVE-500"]},
    }
    for name, keys in changed.items():
        sections[name] = {**sections.get(name, {}), **keys}
    return Settings(**sections)  # type: ignore[arg-type]
