"""What the company in PowerOffice has to offer an order line: products, accounts, VAT codes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from woo2po.money import percent


@dataclass(frozen=True, slots=True)
class VatCode:
    """A VAT code; `rate` in percent. `code` follows SAF-T, a company's own begin with C."""

    id: int
    code: str
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Account:
    """A general ledger account with the VAT code that decides the VAT of what is sold on it."""

    id: int
    number: int
    vat_code: VatCode | None
    active: bool = True
    needs_department: bool = False
    needs_project: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Product:
    """A product with the two sales accounts that it, or its group, names.

    An account is None where neither names one: the company's sales settings then decide, and
    those cannot be read, so such an account is never relied on.
    """

    id: int
    code: str
    archived: bool
    standard: Account | None
    optional: Account | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Products by code (exactly as spelled), accounts by number, VAT codes by code."""

    products: Mapping[str, Product]
    accounts: Mapping[int, Account]
    vat_codes: Mapping[str, VatCode]
    lock_date: date | None = None

    def product(self, code: str) -> Product | None:
        """Return the product of that code that may be sold, or None."""
        found = self.products.get(code)
        return None if found is None or found.archived else found

    def rates_of(self, product: Product) -> str:
        """Return the VAT rates that a product can carry, each with its account, for a message."""
        said = [
            f"{percent(account.vat_code.rate)} % ({account.number})"
            for account in (product.standard, product.optional)
            if account is not None and account.vat_code is not None
        ]
        return ", ".join(said) or "none"
