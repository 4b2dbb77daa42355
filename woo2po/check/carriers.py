"""Judging the products: those that the orders need, and those that the configuration names."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from woo2po.catalogue import Account, Catalogue
from woo2po.check.finding import Finding, Level, fine, holding, listed, told, warning
from woo2po.holds import Hold
from woo2po.mapping.values import Carrier, Rate, Stopped
from woo2po.mapping.vat import Chooser
from woo2po.money import percent
from woo2po.order import Order
from woo2po.settings import Settings
from woo2po.survey.books import BooksSurvey
from woo2po.survey.needs import Need, Role, carrier_of, needs_of

# What carries each role, and that nothing does.
_CARRIED = {
    Role.GOODS: "check_goods",
    Role.FREIGHT: "check_freight_product",
    Role.DISCOUNT: "check_discount_product",
    Role.FEE: "check_fee_product",
    Role.GIFT_CARD: "check_gift_card_product",
    Role.ROUNDING: "check_rounding_product",
}
_LACKING = {
    Role.GOODS: "check_goods_lack",
    Role.FREIGHT: "check_freight_lacks",
    Role.DISCOUNT: "check_discount_lacks",
    Role.FEE: "check_fee_lacks",
    Role.GIFT_CARD: "check_gift_card_lacks",
    Role.ROUNDING: "check_rounding_lacks",
}
_HOME = frozenset({"", "NO"})


@dataclass(frozen=True, slots=True)
class Named:
    """A product that a key names, and the VAT rate that it is named for (None: whatever it has)."""

    key: str
    code: str
    rate: Rate | None


def judge_products(
    settings: Settings, catalogue: Catalogue, sold: Sequence[Order]
) -> Iterator[Finding]:
    """Yield what carries what the shop sells; `sold` are orders as the job transfers them."""
    yield from _accounts_of_rates(settings, catalogue, sold)
    if not catalogue.products:
        codes = dict.fromkeys(one.code for one in named(settings))
        yield holding("check_no_products", products=listed(codes, 20))
        return
    needs = needs_of(sold, settings, catalogue)
    carriers = [(need, carrier_of(need, settings, catalogue)) for need in needs]
    # One reason may stop several roles: it is said once.
    told_of = {(h.code, tuple(h.facts.items())): need for need, h in reversed(carriers)
               if isinstance(h, Hold)}  # fmt: skip
    for need, carrier in carriers:
        if isinstance(carrier, Carrier) or need in told_of.values():
            yield _need(need, carrier, catalogue)
    if settings.products.unknown == "hold":
        unknown = sum(need.orders for need in needs if need.role is Role.GOODS)
        if unknown:
            yield holding("check_goods_unknown", n=unknown)
    used = {carrier.product_code for _, carrier in carriers if isinstance(carrier, Carrier)}
    complained = {_complaint(carrier) for _, carrier in carriers if isinstance(carrier, Hold)}
    yield from _named(settings, catalogue, used, complained)


def _complaint(hold: Hold) -> tuple[str, str]:
    return str(hold.facts.get("key", "")), str(hold.facts.get("code", ""))


def _need(need: Need, carrier: Carrier | Hold, catalogue: Catalogue) -> Finding:
    country = f" ({need.rate.country})" if need.rate.country else ""
    facts = {"rate": f"{percent(need.rate.percent)} %{country}", "n": str(need.orders)}
    if isinstance(carrier, Hold):
        if need.role is Role.ROUNDING and carrier.code == "product_not_set":
            return warning("check_rounding_not_set")
        return holding(_LACKING[need.role], carrier, **facts)
    account = _account(carrier, catalogue)
    vat = account.vat_code.code if account and account.vat_code else "-"
    facts |= {"code": carrier.product_code, "account": _shown(account), "vat": vat}
    return fine(_CARRIED[need.role], **facts)


def _account(carrier: Carrier, catalogue: Catalogue) -> Account | None:
    product = catalogue.products[carrier.product_code]
    return product.standard if carrier.use_standard_account else product.optional


def _shown(account: Account | None) -> str:
    return "-" if account is None else str(account.number)


def _accounts_of_rates(
    settings: Settings, catalogue: Catalogue, sold: Iterable[Order]
) -> Iterator[Finding]:
    """Yield which accounts carry the Norwegian VAT that the shop charges; rates of none hold."""
    survey = BooksSurvey("", "", frozenset(), None, catalogue)
    counts = _rates(sold)
    found = {rate: survey.accounts_of(rate) for rate in sorted(counts, reverse=True)}
    there = [
        f"{percent(rate)} % ({_codes_of(accounts)}): {listed((a.number for a in accounts), 4)}"
        for rate, accounts in found.items()
        if accounts
    ]
    if there:
        yield fine("check_vat_accounts", accounts="; ".join(there))
    for rate, accounts in found.items():
        if not accounts:
            yield holding("check_no_account_of_rate", rate=percent(rate), n=counts[rate])
    if settings.payments.register_ and "0" not in catalogue.vat_codes:
        yield holding("check_no_vat_code_0")


def _codes_of(accounts: Iterable[Account]) -> str:
    codes = {account.vat_code.code for account in accounts if account.vat_code is not None}
    return ", ".join(sorted(codes))


def _rates(orders: Iterable[Order]) -> Counter[Decimal]:
    """Return the Norwegian rates that orders were charged, with how many orders have each."""
    counts: Counter[Decimal] = Counter()
    for order in orders:
        if any(rate.compound for rate in order.tax_lines):
            continue  # not Norwegian VAT, and held for it
        known = {
            rate.rate_id: rate.rate_percent
            for rate in order.tax_lines
            if rate.rate_code.partition("-")[0].upper() in _HOME and rate.rate_percent is not None
        }
        taxes = {tax.id for line in order.lines for tax in line.taxes if tax.total}
        counts.update({known[tax].normalize() for tax in taxes if tax in known})
    return counts


def named(settings: Settings) -> list[Named]:
    """Return every product that the configuration names, in the order of its sections."""
    found = []
    for section in ("shipping", "discounts", "fees"):
        keys = getattr(settings, section)
        found.append(Named(f"{section}.product", keys.product, None))
        found += _by_rate(f"{section}.product_by_rate", keys.product_by_rate)
    found += _by_rate("products.fallback_by_rate", settings.products.fallback_by_rate)
    found.append(Named("products.rounding", settings.products.rounding, Rate(Decimal(0))))
    found.append(Named("gift_cards.product", settings.gift_cards.product, Rate(Decimal(0))))
    if isinstance(settings.vat.foreign, dict):
        found += [Named("vat.foreign", code, _foreign(name))
                  for name, code in settings.vat.foreign.items()]  # fmt: skip
    return [one for one in found if one.code]


def _by_rate(key: str, codes: dict[Decimal, str]) -> list[Named]:
    return [Named(key, code, Rate(rate)) for rate, code in codes.items()]


def _foreign(name: str) -> Rate | None:
    try:
        return Rate(Decimal(name[2:]), name[:2])
    except ArithmeticError:
        return None


def _named(
    settings: Settings, catalogue: Catalogue, used: set[str], complained: set[tuple[str, str]]
) -> Iterator[Finding]:
    """Yield what is wrong with named products that no order of late needed, and that others fit."""
    fit, missing = [], []
    for one in named(settings):
        if (one.key, one.code) in complained:
            continue
        if one.code not in catalogue.products:
            missing.append(one)
            continue
        finding = _unfit(one, settings, catalogue)
        if finding is not None:
            yield finding
        elif one.code not in used:
            product = catalogue.products[one.code]
            fit.append(f"{one.code} ({_shown(product.standard or product.optional)})")
    if missing:
        yield warning("check_products_missing", products=_codes(missing))
    if fit:
        yield fine("check_products_fit", codes=listed(dict.fromkeys(fit), 20))


def _codes(products: Iterable[Named]) -> str:
    return listed(dict.fromkeys(f"{one.code} ({one.key})" for one in products), 20)


def _unfit(one: Named, settings: Settings, catalogue: Catalogue) -> Finding | None:
    facts = {"key": one.key, "code": one.code}
    product = catalogue.products[one.code]
    if product.archived:
        return warning("check_product_archived", **facts)
    if product.standard is None and product.optional is None:
        return warning("check_product_without_account", **facts)
    if one.rate is None:
        return told("check_rate_unreadable", **facts) if one.key == "vat.foreign" else None
    try:
        _choose(one.key, one.code, one.rate, settings, catalogue)
    except Stopped as stopped:
        return Finding("check_product_unfit", Level.WARNING, facts, stopped.as_hold())
    return None


def _choose(
    key: str, code: str, rate: Rate, settings: Settings, catalogue: Catalogue
) -> Carrier | None:
    """Return what carries the rate for which a key names a product. Raises Stopped."""
    chooser, section = Chooser(settings, catalogue), key.partition(".")[0]
    if rate.country:
        return chooser.amount("-", rate)
    if key.endswith("product_by_rate"):
        return chooser.service(section, "", {rate.percent: code}, rate)
    if key == "products.fallback_by_rate":
        return chooser.amount("-", rate)
    return chooser.without_vat(key, code)
