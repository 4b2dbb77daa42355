"""The VAT of a line: the rate that the shop charged, and the product and account that carry it.

A line's `taxes` name the shop's rates by id, the order's `tax_lines` say what they are; the
amounts of `tax_lines` are noise (woocommerce/facts.md, "Amounts"). PowerOffice has no VAT on an
order line: it is the VAT code of the account that the line's product resolves to
(poweroffice/facts.md, "Products and VAT"). Every choice is by rate, and at 0 % by whether the goods
leave the country: the VAT return tells exports (SAF-T code 52) from domestic sales without VAT (5).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from woo2po.config import Settings
from woo2po.documents import Account, Catalogue, Product, ProductWanted
from woo2po.mapping.values import Carrier, Part, Rate, fitted, hold
from woo2po.money import ZERO, Fact, percent, round_ore
from woo2po.order import Line, Order, Tax, TaxRate

# What VAT may differ from net x rate by and still be of that rate: a host may store it rounded.
SAME_VAT = Decimal("0.01")
# What nets worked back from VAT of six decimals may be off by.
NET_NOISE = Decimal("0.0001")
NO_TAX = Tax(id=-1)  # no rate of a shop has that
NORWEGIAN = frozenset({"NO", "SJ", ""})


def rates_of(order: Order, catalogue: Catalogue) -> dict[int, Rate | None]:
    """Return the shop's rates on this order by id; None for one that cannot be told."""
    said = {tax.rate_id: tax for tax in order.tax_lines}
    used = {tax.id for line in order.lines for tax in line.taxes}
    return {n: _rate(said.get(n) or TaxRate(rate_id=n), order, catalogue) for n in used}


def _rate(said: TaxRate, order: Order, catalogue: Catalogue) -> Rate | None:
    charged = said.rate_percent
    taxed = any(tax.total for line in order.lines for tax in line.taxes if tax.id == said.rate_id)
    # Rates that were deleted and made anew say 0 of what was sold before.
    if charged is None or (taxed and not charged):
        charged = _rate_by_ratio(said.rate_id, order, catalogue)
    if charged is None and taxed:
        return None
    charged = (charged or ZERO).normalize() + ZERO
    return Rate(charged, _country(said.rate_code, order) if charged else "")


def _country(code: str, order: Order) -> str:
    """Return whose VAT it is: the code's first part, else that of the place of delivery.

    A code that begins with no country is of a row for everywhere: in kroner what the shop charges
    at home.
    """
    named = re.match(r"([A-Z]{2})-", code)
    country = named.group(1) if named else "" if _at_home(code, order) else _place(order)
    return "" if country in NORWEGIAN else country


def _place(order: Order) -> str:
    return order.shipping.country or order.billing.country


def _at_home(code: str, order: Order) -> bool:
    return code != "" and code[2:3] != "-" and order.currency == "NOK"


def taken_for_home(order: Order) -> str:
    """Return where an order goes abroad with VAT of a row for everywhere, or ""."""
    charged = {tax.id for line in order.lines for tax in line.taxes if tax.total}
    rows = (row for row in order.tax_lines if row.rate_id in charged)
    everywhere = any(_at_home(row.rate_code, order) for row in rows)
    return _place(order) if everywhere and _place(order) not in NORWEGIAN else ""


def _rate_by_ratio(id_: int, order: Order, catalogue: Catalogue) -> Decimal | None:
    """Find the rate of an old or imported order, which does not say it, from its amounts."""
    charged = [(x, [tax for tax in x.taxes if tax.total or tax.subtotal]) for x in order.lines]
    alone = [(line, taxes[0]) for line, taxes in charged if [tax.id for tax in taxes] == [id_]]
    # What a host tells of the list price may be no more than nothing.
    name = "subtotal" if all(tax.subtotal for _, tax in alone) else "total"
    net, vat = (sum((getattr(pair[n], name) for pair in alone), ZERO) for n in (0, 1))
    known = {code.rate for code in catalogue.vat_codes.values() if code.rate > 0}
    near = [r for r in known if net > 0 and abs(net * r / 100 - vat) <= SAME_VAT * len(alone)]
    return near[0] if len(near) == 1 else None


def parts_of(
    order: Order, rates: Mapping[int, Rate | None], *, by_total_tax: bool, half: Decimal = ZERO
) -> Iterator[Part]:
    """Yield each line as one part, or as a part per VAT rate where it was charged with several.

    `by_total_tax`: the VAT that sums to what was paid is the lines' `total_tax`, not their `taxes`.
    `half`: what each amount may be rounded by.
    """
    compound = {tax.rate_id for tax in order.tax_lines if tax.compound}
    for line in order.lines:
        if not line.taxes and line.total_tax:
            raise hold("vat_detail_missing", **_facts(line, line.total_tax))
        raised = half * line.total / line.paid if line.paid else half  # with what it is part of
        if (plain := _at_one_rate(line, rates, by_total_tax, raised)) is not None:
            yield plain
            continue
        if len(line.taxes) > 1 and any(tax.id in compound for tax in line.taxes):
            raise hold("two_rates_at_once", **_facts(line, line.total_tax))
        yield from _divided(line, rates, raised)


def _at_one_rate(
    line: Line, rates: Mapping[int, Rate | None], by_total_tax: bool, half: Decimal
) -> Part | None:
    charged = [tax for tax in line.taxes if tax.total or tax.subtotal]
    if len(charged) > 1:
        return None
    tax = next(iter((*charged, *line.taxes)), NO_TAX)
    rate = _known(line, rates.get(tax.id) if charged else rates.get(tax.id) or Rate(ZERO))
    due = line.total * rate.percent / 100
    # The detail may be stale.
    is_total = by_total_tax and abs(due - line.total_tax) <= SAME_VAT
    vat = line.total_tax if is_total else tax.total
    off, paid = abs(due - vat), line.total_tax if by_total_tax else vat
    if off > max(SAME_VAT, half * (1 + rate.percent / 100)):
        return None
    if off > SAME_VAT:  # net and VAT are rounded, and their sum is what was paid
        net = (line.total + paid) * 100 / (100 + rate.percent)
        listed = line.subtotal * net / line.total if line.subtotal != line.total else net
        list_vat, vat = listed * rate.percent / 100, net * rate.percent / 100
        return Part(line, str(line.id), rate, listed, list_vat, net, vat)
    list_vat = paid
    if line.subtotal != line.total:
        # The VAT before discounts: hosts and old orders may lack it.
        reckoned = line.subtotal * rate.percent / 100
        list_vat = tax.subtotal if abs(tax.subtotal - reckoned) <= SAME_VAT else reckoned
    return Part(line, str(line.id), rate, line.subtotal, list_vat, line.total, paid)


def _known(line: Line, rate: Rate | None) -> Rate:
    if rate is None:
        raise hold("rate_unknown", **_facts(line, line.total_tax))
    return rate


def _divided(line: Line, rates: Mapping[int, Rate | None], half: Decimal) -> list[Part]:
    """Divide a line by its VAT: per rate the net amount that gives it, the rest without VAT.

    So comes a negative fee that the shop shared over the goods' rates, and freight at a
    weighted rate. A discount on such a line is not told apart: it goes at what was paid.
    """
    vats: dict[Rate, Decimal] = {}
    for tax in line.taxes:
        if tax.total:
            rate = _known(line, rates.get(tax.id))
            vats[rate] = vats.get(rate, ZERO) + tax.total
    shares = [(r, vat * 100 / r.percent, vat) for r, vat in vats.items() if r.percent]
    rest = line.total - sum((net for _, net, _ in shares), ZERO)
    noise = NET_NOISE + half * (1 + sum((100 / r.percent for r, _, _ in shares), ZERO))
    inside = all(net * line.total > 0 for _, net, _ in shares)
    # Goods have one rate: what does not fit it is a line that was changed and not reckoned anew.
    inside = inside and not (line.kind == "product" and len(vats) == 1)
    if not inside or len(shares) < len(vats) or (rest * line.total < 0 and abs(rest) > noise):
        facts, charged = _facts(line, sum(vats.values(), ZERO)), list(vats)
        if len(charged) == 1:
            raise hold("vat_does_not_fit", **facts, rate=percent(charged[0].percent))
        raise hold("two_rates_at_once", **facts)
    if abs(rest) > noise or not shares:
        shares.append((Rate(ZERO), rest, ZERO))
    else:
        rate, net, vat = shares[0]
        shares[0] = rate, net + rest, vat
    single = len(shares) == 1
    return [
        Part(line, str(line.id) if single else f"{line.id}-{rate}", rate, net, vat, net, vat)
        for rate, net, vat in shares
    ]


def _facts(line: Line, vat: Decimal) -> dict[str, Fact]:
    return {"line": line.name, "net": round_ore(line.total), "vat": round_ore(vat)}


LONGEST_CODE = 100  # poweroffice/facts.md, "Products and VAT"
LONGEST_PRODUCT_NAME = 400
EXPORTS = frozenset({"52"})
DOMESTIC = frozenset({"5", "51"})
NO_SUPPLY = frozenset({"0", "6", "7"})


# Post offices of Svalbard, and of Jan Mayen.
_FAR_NORTH = re.compile(r"917\d|8099")


def is_far_north(order: Order) -> bool:
    """Tell whether an order goes to Svalbard or Jan Mayen, which some shops call Norway."""
    place = order.shipping if order.shipping.country or order.shipping.postcode else order.billing
    digits = re.sub(r"\D", "", place.postcode)
    return place.country == "SJ" or (
        place.country in NORWEGIAN and _FAR_NORTH.fullmatch(digits) is not None
    )


def is_export(order: Order) -> bool:
    """Tell whether the goods leave the area of Norwegian VAT: the country, or the mainland."""
    return _place(order) not in {"NO", ""} or is_far_north(order)


@dataclass(frozen=True, slots=True)
class Chooser:
    """Chooses products and accounts from what PowerOffice has, as the settings say.

    `booked`: it is not asked whether it should have been sold so. Every method raises Stopped with
    a Hold that names the key, product, rate and accounts. `free`: at 0 kr any rate will do.
    """

    settings: Settings
    catalogue: Catalogue
    export: bool = False
    booked: bool = False
    wanted: dict[str, ProductWanted] = field(default_factory=dict)  # to be created, by code

    def goods(self, sku: str, name: str, rate: Rate, *, free: bool = False) -> Carrier:
        """Return what carries goods: the product of that SKU, else the fallback of the rate."""
        if rate.country:
            return self._foreign(rate)
        product = self.catalogue.product(sku)
        if product is None and self.settings.products.unknown == "hold":
            raise hold("sku_unknown", sku=sku or "-", line=name)
        own = product and self._of_rate(product, rate.percent, free)
        if own and not (own.odd and rate.percent in self.settings.products.fallback_by_rate):
            return own
        fallback = self.amount(name, rate, sku or "-", free=free)
        new = 0 < len(sku) <= LONGEST_CODE and sku not in self.catalogue.products
        if self.settings.products.unknown != "create" or not new:
            return fallback
        wanted = ProductWanted(sku, fitted(name, LONGEST_PRODUCT_NAME) or sku, fallback.account.id)
        # What it is sold at besides goes on the fallback of that rate.
        is_its_own = self.wanted.setdefault(sku, wanted).account_id == wanted.account_id
        return Carrier(None, sku, True, fallback.account) if is_its_own else fallback

    def usual_rate(self, sku: str) -> Decimal | None:
        """Return the VAT rate of goods that PowerOffice has at home on accounts with VAT alone."""
        product = self.catalogue.product(sku)
        accounts = product.accounts if product else ()
        rates = [account.vat_rate for account in accounts if not self._is_odd(account)]
        return max(rates) if rates and all(rates) else None

    def amount(self, name: str, rate: Rate, sku: str = "-", *, free: bool = False) -> Carrier:
        """Return what carries an amount that is of no known goods: the rate's fallback product."""
        if rate.country:
            return self._foreign(rate)
        key, codes = "products.fallback_by_rate", self.settings.products.fallback_by_rate
        code = codes.get(rate.percent, "")
        if code or (free and codes):
            return self.named(key, code or next(iter(codes.values())), rate, free=free)
        product = self.catalogue.products.get(sku)
        has = self.catalogue.rates_of(product) if product else "none"
        facts = {"sku": sku, "line": name, "rate": str(rate), "has": has, "key": key}
        raise hold("no_product_for_rate", **facts)

    def service(self, key: str, rate: Rate, *, free: bool = False) -> Carrier:
        """Return what carries freight, a fee or a discount: the main product or the rate's own."""
        if rate.country:
            return self._foreign(rate)
        named = getattr(self.settings, key)
        product, own = (
            self.catalogue.product(named.product),
            named.product_by_rate.get(rate.percent),
        )
        found = product and self._of_rate(product, rate.percent, free and not own)
        if found and not (found.odd and own):
            return found
        name = f"{key}.product_by_rate" if own else f"{key}.product"
        return self.named(name, own or named.product, rate)

    def without_vat(self, key: str, code: str, *, strict: bool = False) -> Carrier:
        """Return the product of a key if it carries amounts without VAT that are no sale.

        `strict`: it must not stand under a VAT code of sales, such as that of exempt ones.
        """
        carrier = self.named(key, code, Rate(ZERO))
        product = self.catalogue.products[code]
        for fitting in product.accounts:
            if not fitting.vat_rate and is_no_supply(fitting):
                return self._on(product, fitting)
        if strict:
            raise hold("no_supply_account", **no_supply_facts(key, carrier))
        return carrier

    def gift_card(self) -> Carrier:
        """Return the product that gift cards are sold on, and used."""
        return self.without_vat("gift_cards.product", self.settings.gift_cards.product)

    def named(self, key: str, code: str, rate: Rate, *, free: bool = False) -> Carrier:
        """Return the product of a key if it carries a rate."""
        if rate.country:
            return self._foreign(rate)
        if not code:
            raise hold("product_not_set", key=key, rate=str(rate))
        product = self.catalogue.product(code)
        if product is None:
            raise hold("product_missing", key=key, code=code)
        found = self._of_rate(product, rate.percent, free)
        if found is None:
            has = self.catalogue.rates_of(product)
            raise hold("product_unfit", key=key, code=code, rate=str(rate), has=has)
        return found

    def of_key(self, key: str, code: str, rate: Decimal | None = None) -> Carrier:
        """Return the product of a key if it carries what that is for: a rate, or one that it has.

        Raises ArithmeticError for a foreign rate that is none.
        """
        if key.startswith("vat.foreign."):
            name = key.removeprefix("vat.foreign.")
            return self._foreign(Rate(Decimal(name[2:]), name[:2]))
        if rate is None:
            product = self.catalogue.product(code)
            rate = product.accounts[0].vat_rate if product and product.accounts else Decimal(25)
        if is_no_sale(key, self.settings) or (key == "fees.by_name" and not rate):
            return self.without_vat(key, code, strict=True)
        return self.named(key, code, Rate(rate))

    def _of_rate(self, product: Product, rate: Decimal, free: bool) -> Carrier | None:
        fitting = [account for account in product.accounts if account.vat_rate == rate]
        if free:
            fitting = [a for a in fitting if not self._is_odd(a)] or [*product.accounts]
        if not fitting:
            return None
        account = min(fitting, key=self._is_odd)
        return self._on(product, account, self._is_odd(account))

    def _is_odd(self, account: Account) -> bool:
        odd = DOMESTIC if self.export else EXPORTS
        return account.vat_code is not None and account.vat_code.code in odd

    def _foreign(self, rate: Rate) -> Carrier:
        """Return what the settings name for another country's VAT, never on a Norwegian code.

        Two products take net and VAT apart, neither with VAT. One alone has an account with a VAT
        code of the company's own (C...) of that rate: else the VAT would become income.
        """
        products, key = self.settings.vat.foreign, f"vat.foreign.{rate}"
        named = products.get(str(rate), "") if isinstance(products, dict) else ""
        facts = {"country": rate.country, "rate": percent(rate.percent), "name": str(rate)}
        if not named:
            raise hold("foreign_vat", **facts)
        if isinstance(named, dict):
            net = self.named(f"{key}.product", named["product"], Rate(ZERO))
            vat = self.without_vat(f"{key}.vat_product", named["vat_product"], strict=True)
            return replace(net, vat_apart=(rate, vat))
        product = self.catalogue.product(named)
        if product is None:
            raise hold("product_missing", key=key, code=named)
        for account in product.accounts:
            code = account.vat_code
            own = code and code.code.upper().startswith("C") and code.rate == rate.percent
            # What an earlier version booked gross stays so.
            if own or (self.booked and not account.vat_rate):
                return self._on(product, account)
        has = self.catalogue.rates_of(product)
        raise hold("foreign_product_unfit", **facts, key=key, code=named, has=has)

    def _on(self, product: Product, account: Account, odd: bool = False) -> Carrier:
        dimensions = self.settings.dimensions
        if account.needs_department and not dimensions.department:
            raise hold("department_missing", account=account.number, code=product.code)
        if account.needs_project and not dimensions.project:
            raise hold("project_missing", account=account.number, code=product.code)
        return Carrier(
            product_id=product.id,
            product_code=product.code,
            use_standard_account=account is product.standard,
            account=account,
            odd=odd,
        )


def is_no_sale(key: str, settings: Settings) -> bool:
    """Tell whether the products that a key names are for what is no sale, or leaves its VAT."""
    of_no_sale = key in {"gift_cards.product", "products.rounding"}
    return of_no_sale or (key == "discounts.product" and not settings.discounts.transfer_vat)


def is_no_supply(account: Account) -> bool:
    """Tell whether an account is for what is no sale: without a VAT code, or outside of VAT."""
    return account.vat_code is None or account.vat_code.code in NO_SUPPLY


def no_supply_facts(key: str, carrier: Carrier) -> dict[str, Fact]:
    """Return the facts of the message `no_supply_account`."""
    account, code = carrier.account, carrier.account.vat_code
    said = {"account": str(account.number), "vat": code.code if code else "-"}
    return {"key": key, "code": carrier.product_code, **said}
