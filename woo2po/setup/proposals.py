"""What both systems say that the answers are: products, accounts, the first day. Pure."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from woo2po.documents import Account, Product
from woo2po.holds import Hold, texts_of
from woo2po.inventory import MethodInUse, Need, Role, carrier_of
from woo2po.mapping.capture import provider_of
from woo2po.mapping.payment import account_named
from woo2po.mapping.values import Rate
from woo2po.mapping.vat import DOMESTIC, EXPORTS, LONGEST_CODE, is_no_supply
from woo2po.messages.message import day_said
from woo2po.money import ZERO, percent
from woo2po.setup.known import Known, Wrong

FULL = Decimal(25)
_CARD_NAMES = re.compile(r"gavekort|gift ?card")


@dataclass(frozen=True, slots=True)
class ProductKind:
    """The products of a role: how they are called, and the keys of the main one and by rate.

    Code and name as the README has them: a Norwegian company's, whatever its owner reads. What is
    no sale has its usual `account`; those that will do begin with `starts`. `wanted` tells whether
    the orders make it matter.
    """

    code: str
    name: str
    looks: str
    main: str = ""
    by_rate: str = ""
    account: int = 0
    starts: tuple[str, ...] = ("3",)
    wanted: Callable[[Known], Any] = lambda _: True


KINDS = {
    Role.GOODS: ProductKind(
        "VARE", "Vare", r"\bvare|diverse|nettsalg|nettbutikk",
        by_rate="products.fallback_by_rate",
        wanted=lambda known: known.value("products.unknown") != "hold"),
    Role.FREIGHT: ProductKind(
        "FRAKT", "Frakt", r"frakt|freight|shipping|porto\b|levering",
        "shipping.product", "shipping.product_by_rate"),
    Role.DISCOUNT: ProductKind(
        "RABATT", "Rabatt", r"rabatt|discount|avslag",
        "discounts.product", "discounts.product_by_rate"),
    Role.FEE: ProductKind(
        "GEBYR", "Gebyr", r"gebyr|\bfee", "fees.product", "fees.product_by_rate",
        wanted=lambda known: domestic_needs(Role.FEE, known)),
    Role.GIFT_CARD: ProductKind(
        "GAVEKORT", "Gavekort", r"gavekort|gift|tilgodelapp",
        "gift_cards.product", account=2901, starts=("2",),
        wanted=lambda known: known.needs(Role.GIFT_CARD)),
    Role.ROUNDING: ProductKind(
        "AVRUND", "Øreavrunding", r"avrund|\børe|\bround",
        "products.rounding", account=7740, starts=("7", "8")),
}  # fmt: skip


def propose(known: Known) -> None:
    """Set what is proposed, from all that is known; what was answered stays."""
    known.proposed = {}
    if not known.is_said("gift_cards.skus") and (cards := cards_sold(known)):
        known.proposed["gift_cards.skus"] = list(cards)
    for role, kind in KINDS.items():
        if kind.wanted(known):
            _propose_products(role, kind, known)
    if known.value("payments.register"):
        _propose_payments(known)


def _propose_products(role: Role, kind: ProductKind, known: Known) -> None:
    """Propose a main product, and one for every rate that has none; what was declined stays."""
    if kind.main and not known.is_said(kind.main):
        known.proposed[kind.main] = _proposed(main_need(role, known), known)
    if kind.by_rate in known.fixed or (kind.main and not known.value(kind.main)):
        return
    said = codes_by_rate(kind.by_rate, known)
    further = ((rate_name(need), need) for need in further_needs(role, known))
    if new := {name: _proposed(need, known) for name, need in further if name not in said}:
        known.proposed[kind.by_rate] = said | new


def _proposed(need: Need, known: Known) -> str:
    """Return the product made for a need, else the code of one to be made: the usual, or free."""
    for product in fitting_products(need, known):
        is_for_it = _looks(need.role, product.code, product.name)
        if is_for_it and _carries(need, product.code, known):
            return product.code
    usual, taken = _usual(need)[0], {code.upper() for code in known.catalogue.products}
    longer = f"{KINDS[need.role].code}{rate_name(need)}"
    tries = (usual, longer, *(f"{longer}-{n}" for n in range(2, 100)))
    return next(code for code in tries if code not in taken)


# -- what the orders need --------------------------------------------------------------------------


def rate_name(need: Need) -> str:
    """Return a need's rate as the configuration's tables have it."""
    return percent(need.rate.percent)


def codes_by_rate(path: str, known: Known) -> dict[str, str]:
    """Return a table of products by rate, its rates as the configuration has them."""
    said = known.value(path) or {}
    return {percent(Decimal(str(rate))): code for rate, code in said.items()}


def domestic_needs(role: Role, known: Known) -> list[Need]:
    """Return what the orders need of a role, other countries' VAT apart."""
    return [need for need in known.needs(role) if not need.rate.country]


def main_need(role: Role, known: Known) -> Need:
    """Return the rate that a role's main product carries: 25 % if in use, else the commonest."""
    usual = Need(role, Rate(ZERO if is_no_sale(role, known) else FULL), 0)
    needs = [] if KINDS[role].account else domestic_needs(role, known)
    return max(needs or [usual], key=lambda need: (need.rate.percent == FULL, need.orders))


def further_needs(role: Role, known: Known) -> list[Need]:
    """Return the rates in use that a role's main product does not carry; of goods all.

    Goods count whether PowerOffice knows their SKUs or not.
    """
    kind = KINDS[role]
    if role is Role.GOODS:
        found = [n for n in known.needs(role, every_sku=True) if not n.rate.country]
        return found or [Need(role, Rate(FULL), 0)]
    if not kind.by_rate:
        return []
    code, needs = known.value(kind.main), domestic_needs(role, known)
    if code in known.catalogue.products:
        return [need for need in needs if not _carries(need, code, known)]
    return [need for need in needs if need.rate != main_need(role, known).rate]


def foreign_needs(known: Known) -> dict[str, Need]:
    """Return other countries' VAT that orders have, by the name in the configuration: SE25."""
    found = (need for role in Role for need in known.needs(role) if need.rate.country)
    return {str(need.rate): need for need in found}


def persons_a_month(known: Known) -> int:
    """Return how many orders a month private persons have paid in advance, by the newest ones."""
    unpaid, orders = known.value("payments.unpaid_methods"), known.shop.orders
    if not orders:
        return 0
    theirs = [o for o in orders if not o.billing.company and o.payment_method not in unpaid]
    moments = [order.date_created_gmt for order in orders]
    return len(theirs) * 30 // max((max(moments) - min(moments)).days, 1)


def cards_sold(known: Known) -> dict[str, int]:
    """Return SKUs that by the name of the goods are gift cards, with their orders."""
    found: Counter[str] = Counter()
    for order in known.shop.orders:
        goods = (line for line in order.lines if line.kind == "product" and line.sku)
        found.update({ln.sku for ln in goods if _CARD_NAMES.search(ln.name.casefold())})
    return dict(found.most_common())


# -- products that are there -----------------------------------------------------------------------


def fitting_products(need: Need, known: Known) -> list[Product]:
    """Return the products that can carry what is needed, those that look like it first.

    First of all that of the usual code, then those that are for it without being told so.
    """

    def fit() -> list[Product]:
        found = []
        for product in known.catalogue.products.values():
            suiting = [one for one in product.accounts if _suits(one, need, known)]
            unusual = product.code.upper() != _usual(need)[0]
            unlike = not _looks(need.role, product.code, product.name)
            if suiting and not product.archived:
                asked_for = product.standard not in suiting
                found.append(((unusual, unlike, asked_for, product.code), product))
        return [product for _, product in sorted(found, key=lambda one: one[0])]

    # Thousands of products are put in their order once, not for every line that is shown.
    return known.once((need.role, need.rate.percent, is_no_sale(need.role, known)), fit)


def _suits(account: Account, need: Need, known: Known) -> bool:
    """Tell whether an account has a need's rate, and is one of sales or none, as the role wants."""
    no_sale = is_no_sale(need.role, known)
    is_of_kind = is_no_supply(account) if no_sale else account.vat_code is not None
    return account.active and account.vat_rate == need.rate.percent and is_of_kind


def is_no_sale(role: Role, known: Known) -> bool:
    """Tell whether what a role carries is no sale: it stands under no VAT code of sales."""
    gross = role is Role.DISCOUNT and not known.value("discounts.transfer_vat")
    return gross or KINDS[role].account > 0


def _looks(role: Role, *names: str) -> bool:
    return bool(re.search(KINDS[role].looks, " ".join(names).casefold()))


def carrier(need: Need, code: str | dict[str, str], known: Known) -> Any:
    """Return what would carry a need, were this code named for it; a Hold where nothing would."""
    kind = KINDS[need.role]
    named: dict[str, Any] = {kind.main: code, kind.by_rate: {}}
    if need.rate.country:
        named = {"vat.foreign": {str(need.rate): code}}
    elif not kind.main:
        named = {kind.by_rate: {need.rate.percent: code}}
    changes = {path: value for path, value in named.items() if path}
    return carrier_of(need, known.settings(changes), known.catalogue)


def _carries(need: Need, code: str, known: Known) -> bool:
    """Tell whether a product carries what is needed, on an account that is meant for it."""
    found = carrier(need, code, known)
    return not isinstance(found, Hold) and not found.odd


def foreign_products(known: Known) -> tuple[list[Product], list[Product]]:
    """Return what may carry a sale with another country's VAT net, and what that VAT."""
    likely = re.compile(r"oss\b|utenlandsk|foreign|\bmoms", re.IGNORECASE)
    products = (p for p in known.catalogue.products.values() if not p.archived)
    ranked = sorted(products, key=lambda p: (not likely.search(f"{p.code} {p.name}"), p.code))
    free = [(p, p.standard) for p in ranked if p.standard in p.accounts and not p.standard.vat_rate]
    sales = [p for p, account in free if str(account.number).startswith("3")]
    owed = [p for p, a in free if str(a.number).startswith("2") and is_no_supply(a)]
    return sales, owed


def judged(found: Any) -> Any:
    """Return what was found. Raises Wrong where that is a reason why nothing was."""
    if isinstance(found, Hold):
        raise Wrong(found.code, **texts_of(found.facts))
    return found


def judged_code(need: Need, code: str, known: Known) -> str:
    """Return a code that carries what is needed, or that no product has yet. Raises Wrong."""
    if not 0 < len(code) <= LONGEST_CODE:
        raise Wrong("init_no_code", most=str(LONGEST_CODE))
    if code in known.catalogue.products:
        judged(carrier(need, code, known))
    return code


# -- products to be made ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Missing:
    """A product that is named and PowerOffice lacks; `account` None where none is of use."""

    code: str
    name: str
    need: Need
    account: Account | None


def _usual(need: Need) -> tuple[str, str]:
    """Return the code and the name that the README gives such a product."""
    kind, rate = KINDS[need.role], need.rate.percent
    if kind.account or (need.role is not Role.GOODS and rate == FULL):
        return kind.code, kind.name
    name = f"{kind.name} {percent(rate)} %" if rate else f"{kind.name} uten mva."
    return f"{kind.code}{percent(rate)}", name


def _account_for(need: Need, known: Known) -> Account | None:
    """Return the account of a product to be made, or None where the chart has none for it.

    A gift card's must be a liability that looks like one: any other would be a guess about what
    the company owes.
    """
    fit = [
        account for account in known.catalogue.accounts.values()
        if _suits(account, need, known) and not (account.needs_department or account.needs_project)
        and str(account.number).startswith(KINDS[need.role].starts)
    ]  # fmt: skip
    best = min(fit, default=None, key=lambda account: (_rank(need, account), account.number))
    return None if best and need.role is Role.GIFT_CARD and _rank(need, best) > 1 else best


def _rank(need: Need, account: Account) -> int:
    if usual := KINDS[need.role].account:
        return 0 if _looks(need.role, account.name) else 1 if account.number == usual else 2
    # Without VAT: sales at home before others, and exports, which are another box, last.
    code = account.vat_code.code if account.vat_code else ""
    return 0 if need.rate.percent or code in DOMESTIC else 2 if code in EXPORTS else 1


def missing_products(known: Known) -> list[Missing]:
    """Return the products that the answers name and the company lacks, each code once."""
    named: dict[str, Need] = {}
    for role, kind in KINDS.items():
        if code := known.value(kind.main):
            named.setdefault(code, main_need(role, known))
        for rate, code in codes_by_rate(kind.by_rate, known).items():
            named.setdefault(code, Need(role, Rate(Decimal(rate)), 0))
    return [
        Missing(code, _usual(need)[1], need, _account_for(need, known))
        for code, need in named.items()
        if code and code not in known.catalogue.products
    ]


# -- payments --------------------------------------------------------------------------------------

_CASH = "cod"  # WooCommerce's own "cash on delivery"
# What PowerOffice's own examples settle on which number (poweroffice/facts.md,
# "Vouchers and the ledger"); taken only where the chart's name for it does not say otherwise.
_USUAL = {"vipps": 1903, "klarna": 1904}
_CARDS = re.compile(
    r"card|kort|visa|stripe|nets|dibs|dintero|easy|svea|swedbank|payex|bambora|quickpay|adyen"
    r"|woocommerce_payments|worldline|elavon"
)
_ANYBODYS = frozenset({"payment", "payments", "checkout", "betaling", "with", "med", "gateway",
                       "woocommerce", "oppgjør", "konto", "nettbutikk"})  # fmt: skip


def paid_methods(known: Known) -> list[MethodInUse]:
    """Return the payment methods that are not paid by the invoice."""
    unpaid = known.value("payments.unpaid_methods")
    return [m for m in known.shop.methods if m.id not in unpaid]


def providers_in_use(known: Known) -> list[str]:
    """Return the providers who pay out what the methods in use bring, as their sections are."""
    return sorted({provider_of(method.id) for method in paid_methods(known)} - {""})


def _propose_payments(known: Known) -> None:
    # An account that nobody sees before payments are posted on it is not guessed.
    methods = [] if known.unseen else paid_methods(known)
    default = known.value("payments.default_type")
    likely = {m.id: _account_by_name(m, known) for m in methods}
    if not known.is_said("payments.types"):
        in_cash = {m for m, n in likely.items() if (default == "cash" or m == _CASH) and n is None}
        kinds = {m: "cash" if m in in_cash else "bank" for m in likely}
        if types := {m: kind for m, kind in kinds.items() if kind != default}:
            known.proposed["payments.types"] = types
    types, cash = known.value("payments.types"), known.value("payments.cash_account")
    if cash not in {account.number for account in payment_accounts(known)}:
        cash = 0
    paid_to = {m: (cash if types.get(m, default) == "cash" else n) or 0 for m, n in likely.items()}
    said = known.value("payments.accounts")
    if "payments.accounts" not in known.fixed and paid_to.keys() - said.keys():
        known.proposed["payments.accounts"] = {**said, **paid_to, **said}


def payment_accounts(known: Known) -> list[Account]:
    """Return the accounts that a payment can be posted on, those of banks and cash first."""
    found = [
        account
        for account in known.catalogue.accounts.values()
        # 1500 takes postings by customer only (poweroffice/facts.md, "Vouchers and the ledger").
        if str(account.number).startswith("1")
        and account.number != 1500
        and not account.vat_rate
        and not isinstance(account_named(account.number, "", known.catalogue), Hold)
    ]
    return sorted(found, key=lambda a: (not 1900 <= a.number < 2000, a.number))


def judged_account(text: str, key: str, known: Known) -> int:
    """Return the number of an account that payments can be posted on. Raises Wrong."""
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Wrong("init_no_account", text=text)
    number: int = judged(account_named(int(text), key, known.catalogue)).number
    return number


def _account_by_name(method: MethodInUse, known: Known) -> int | None:
    """Return the account that bears the method's name, or that cards go to."""
    named = f"{method.id} {method.title}".casefold()
    through = _CARDS.match(method.id.casefold())  # Vipps by Nexi is paid out by Nexi
    words = {w for w in re.split(r"[\W_\d]+", named) if len(w) > 3} - _ANYBODYS
    if found := _account_called({through[0]} if through else words, known):
        return found
    for word, number in _USUAL.items():
        account = known.catalogue.accounts.get(number)
        if word in named and not through and account is not None and not account.name:
            return number
    return _account_called({"kort", "card"}, known) if _CARDS.search(named) else None


def _account_called(words: set[str], known: Known) -> int | None:
    called = (a for a in payment_accounts(known) if any(w in a.name.casefold() for w in words))
    return next((account.number for account in called), None)


# -- the first day ---------------------------------------------------------------------------------


def first_day(known: Known) -> date:
    """Return the day from which on orders would be transferred.

    The first of this month, where nothing in PowerOffice looks like an order of the shop; else
    today: somebody else has booked the earlier ones.
    """
    numbers = {order.number for order in known.shop.orders}
    booked = {re.sub(r"^.*\D(?=\d+$)", "", reference) for reference in known.references}
    return known.today if numbers & booked else known.today.replace(day=1)


def day_and_orders(day: date, known: Known) -> str:
    """Return a day, and how many orders there are since; a + where older ones were not read."""
    orders = known.shop.orders
    zone = ZoneInfo(str(known.value("woocommerce.timezone")))
    n = sum(order.date_created_gmt.astimezone(zone).date() >= day for order in orders)
    more = "+" if n and n == len(orders) else ""
    return known.say("init_day", day=day_said(day, known.language), n=f"{n}{more}")
