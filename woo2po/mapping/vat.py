"""Which product, and which of its two sales accounts, carries a line with the VAT it was sold at.

PowerOffice has no VAT on an order line: it is the VAT code of the account that the line's
product resolves to (PowerOffice facts, section 6). Every choice here is by rate, and at 0 % by
whether the goods leave the country: the VAT return tells exports (SAF-T code 52) from domestic
sales without VAT (5).
"""

from collections.abc import Mapping
from decimal import Decimal

from woo2po.catalogue import Account, Catalogue, Product
from woo2po.documents import ProductWanted
from woo2po.mapping.texts import fitted
from woo2po.mapping.values import Carrier, Rate, hold
from woo2po.money import ZERO, percent
from woo2po.order import Order
from woo2po.settings import Settings

LONGEST_CODE = 100  # PowerOffice facts, section 6
LONGEST_PRODUCT_NAME = 400
EXPORTS = frozenset({"52"})
DOMESTIC = frozenset({"5", "51"})


def is_export(order: Order) -> bool:
    """Tell whether the goods leave the country; Svalbard is outside the area of Norwegian VAT."""
    place = order.shipping.country or order.billing.country
    return place.strip().upper() not in {"NO", ""}


class Chooser:
    """Chooses products and accounts from what PowerOffice has, as the settings say.

    Every method raises Stopped with a Hold that names the key, product, rate and accounts.
    """

    def __init__(self, settings: Settings, catalogue: Catalogue, export: bool = False) -> None:
        self._settings = settings
        self._catalogue = catalogue
        self._odd_codes = DOMESTIC if export else EXPORTS
        self.wanted: dict[str, ProductWanted] = {}  # products to create, by code

    def goods(self, sku: str, name: str, rate: Rate, *, free: bool = False) -> Carrier:
        """Return what carries goods: the product of that SKU, else the fallback of the rate.

        `free`: at 0 kr any rate will do, so the SKU's own product goes before a fallback.
        """
        if rate.country:
            return self._foreign(rate)
        product = self._catalogue.product(sku)
        if product is None and self._settings.products.unknown == "hold":
            raise hold("sku_unknown", sku=sku or "-", line=name)
        own = product and self._of_rate(product, rate.percent, free)
        if own and not (own.odd and rate.percent in self._settings.products.fallback_by_rate):
            return own
        fallback = self._fallback(sku, name, rate.percent, free)
        created = self._settings.products.unknown == "create" and self._created(sku, name, fallback)
        return created or fallback

    def amount(self, text: str, rate: Rate) -> Carrier:
        """Return what carries an amount that is of no goods: the fallback product of the rate."""
        if rate.country:
            return self._foreign(rate)
        return self._fallback("", text, rate.percent, free=False)

    def _fallback(self, sku: str, name: str, rate: Decimal, free: bool) -> Carrier:
        key, codes = "products.fallback_by_rate", self._settings.products.fallback_by_rate
        code = codes.get(rate, "")
        if code or (free and codes):
            return self._named(key, code or next(iter(codes.values())), rate, free)
        product = self._catalogue.products.get(sku)
        has = self._catalogue.rates_of(product) if product else "none"
        facts = {"sku": sku or "-", "line": name, "rate": percent(rate), "has": has, "key": key}
        raise hold("no_product_for_rate", **facts)

    def _created(self, sku: str, name: str, like: Carrier) -> Carrier | None:
        """Want a product for a new SKU on the fallback's account; None where that can't be.

        An archived product keeps its code, and a SKU sold at two rates is made for the first.
        """
        if not 0 < len(sku) <= LONGEST_CODE or sku in self._catalogue.products:
            return None
        product = self._catalogue.products[like.product_code]
        account = product.standard if like.use_standard_account else product.optional
        named = fitted(name, LONGEST_PRODUCT_NAME) or sku
        wanted = ProductWanted(sku, named, account.id if account else 0)
        if self.wanted.setdefault(sku, wanted).account_id != wanted.account_id:
            return None
        return Carrier(None, sku, True, like.vat_rate)

    def service(
        self, key: str, main: str, by_rate: Mapping[Decimal, str], rate: Rate, *, free: bool = False
    ) -> Carrier:
        """Return what carries freight, a fee or a discount: the main product or the rate's own.

        `key` is the section of the settings, for messages. `free`: at 0 kr any rate will do.
        """
        if rate.country:
            return self._foreign(rate)
        product, own = self._catalogue.product(main), by_rate.get(rate.percent, "")
        found = product and self._of_rate(product, rate.percent, free and not own)
        if found and not (found.odd and own):
            return found
        name = f"{key}.product_by_rate" if own else f"{key}.product"
        return self._named(name, own or main, rate.percent)

    def without_vat(self, key: str, code: str) -> Carrier:
        """Return the product of a key if it carries amounts without VAT."""
        return self._named(key, code, ZERO)

    def _named(self, key: str, code: str, rate: Decimal, free: bool = False) -> Carrier:
        if not code:
            raise hold("product_not_set", key=key, rate=percent(rate))
        product = self._catalogue.product(code)
        if product is None:
            raise hold("product_missing", key=key, code=code)
        found = self._of_rate(product, rate, free)
        if found is None:
            has = self._catalogue.rates_of(product)
            raise hold("product_unfit", key=key, code=code, rate=percent(rate), has=has)
        return found

    def _of_rate(self, product: Product, rate: Decimal, free: bool) -> Carrier | None:
        accounts = [a for a in (product.standard, product.optional) if a is not None and a.active]
        fitting = [account for account in accounts if vat_rate(account) == rate]
        if free:
            fitting = [a for a in fitting if not self._is_odd(a)] or accounts
        if not fitting:
            return None
        account = min(fitting, key=self._is_odd)
        return self._on(product, account, self._is_odd(account))

    def _is_odd(self, account: Account) -> bool:
        return account.vat_code is not None and account.vat_code.code in self._odd_codes

    def _foreign(self, rate: Rate) -> Carrier:
        """Return the settings' product for another country's VAT, never on a Norwegian code.

        Its account is without VAT and takes the gross amount, or has a VAT code of the
        company's own (C...) of that rate.
        """
        products = self._settings.vat.foreign
        code = products.get(str(rate), "") if isinstance(products, dict) else ""
        facts = {"country": rate.country, "rate": percent(rate.percent), "name": str(rate)}
        if not code:
            raise hold("foreign_vat", **facts)
        product = self._catalogue.product(code)
        if product is None:
            raise hold("product_missing", key="vat.foreign", code=code)
        accounts = [a for a in (product.standard, product.optional) if a is not None and a.active]
        for account in accounts:
            if _own_code(account, rate.percent):
                return self._on(product, account)
        for account in accounts:
            if not vat_rate(account):
                return self._on(product, account)
        has = self._catalogue.rates_of(product)
        raise hold("foreign_product_unfit", **facts, code=code, has=has)

    def _on(self, product: Product, account: Account, odd: bool = False) -> Carrier:
        dimensions = self._settings.dimensions
        if account.needs_department and not dimensions.department:
            raise hold("department_missing", account=str(account.number), code=product.code)
        if account.needs_project and not dimensions.project:
            raise hold("project_missing", account=str(account.number), code=product.code)
        return Carrier(
            product_id=product.id,
            product_code=product.code,
            use_standard_account=account is product.standard,
            vat_rate=vat_rate(account),
            odd=odd,
        )


def vat_rate(account: Account) -> Decimal:
    """Return the VAT rate in percent of what is sold on an account."""
    return account.vat_code.rate if account.vat_code else ZERO


def _own_code(account: Account, rate: Decimal) -> bool:
    code = account.vat_code
    return code is not None and code.code.upper().startswith("C") and code.rate == rate
