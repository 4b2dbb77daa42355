"""The company in PowerOffice, as far as a configuration has to do with it."""

import asyncio
from dataclasses import dataclass
from decimal import Decimal

from woo2po.catalogue import Account, Catalogue, Product
from woo2po.poweroffice import PowerOffice
from woo2po.poweroffice.fields import build_catalogue


@dataclass(frozen=True, slots=True)
class BooksSurvey:
    """Which company the keys are for, what the integration may do there, and what it sells."""

    client_id: str
    client_name: str
    privileges: frozenset[str]
    may_send: bool | None
    catalogue: Catalogue

    def products_of(self, rate: Decimal) -> list[Product]:
        """Return the products that can carry a VAT rate (percent), by code."""
        found = [
            product
            for product in self.catalogue.products.values()
            if not product.archived
            and any(_has(a, rate) for a in (product.standard, product.optional))
        ]
        return sorted(found, key=lambda product: product.code)


async def survey_books(go: PowerOffice) -> BooksSurvey:
    """Log in and read what the company offers, side by side. Raises RemoteError."""
    await go.log_in()
    vat_codes, accounts, groups, products, lock_date = await asyncio.gather(
        go.vat_codes(), go.accounts(), go.product_groups(), go.products(), go.lock_date()
    )
    return BooksSurvey(
        client_id=go.client_id,
        client_name=go.client_name,
        privileges=go.privileges,
        may_send=go.may_send_invoices,
        catalogue=build_catalogue(products, groups, accounts, vat_codes, lock_date),
    )


def _has(account: Account | None, rate: Decimal) -> bool:
    return (
        account is not None
        and account.active
        and account.vat_code is not None
        and account.vat_code.rate == rate
    )
