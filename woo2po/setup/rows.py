"""The rows of the screen: the thirteen questions of the contract, and where the orders make them
matter those that stand below; and what is proposed for them. Pure.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from woo2po.config.keys import BY_PATH
from woo2po.inventory import Role
from woo2po.messages import NO, YES, say
from woo2po.setup import products
from woo2po.setup.connect import APPLICATION, DAY, URL, day_and_orders
from woo2po.setup.known import NONE, STORAGE, Known, Question, Wrong, taken
from woo2po.setup.payments import ACCOUNTS, PAYOUTS, paid_methods, propose_payments

NUMBER = "customers.collective_number"
MANY = 200  # orders of private persons a month, from which on a card for each is a burden
_CARD_NAMES = re.compile(r"gavekort|gift ?card")


class _Day(Question):
    """The first day, and how many orders there are since."""

    def shown(self, known: Known) -> str:
        return day_and_orders(known.value(self.path), known)


class Keys(Question):
    """The keys of a system: they are asked for anew, and tried. `path` is the first of them."""

    def shown(self, known: Known) -> str:
        """Return the name of the shop or the company."""
        shop = known.shop.name or str(known.value(URL))
        return shop if self.path == URL else known.company.name


@dataclass(frozen=True)
class _OneOf(Question):
    """One of a few, each in words: the message init_NAME_VALUE, of this row or of `words`."""

    words: str = ""

    @property
    def values(self) -> tuple[Any, ...]:
        if self.path == STORAGE:
            return ("config", "files")
        key = BY_PATH[self.path]
        return key.choices or (key.default, not key.default)

    def options(self, known: Known) -> Mapping[Any, str]:
        name = self.words or self.name
        return {value: known.say(f"init_{name}_{value}".lower()) for value in self.values}

    def shown(self, known: Known) -> str:
        return self.options(known)[known.value(self.path)]

    def lines(self, known: Known) -> list[str]:
        return [f"{n}  {text}" for n, text in enumerate(self.options(known).values(), 1)]

    def read(self, typed: str, known: Known) -> dict[str, Any]:
        """Take a number, the beginning of the words, or yes and no in both languages."""
        options, said = self.options(known), typed.casefold()
        if True in options and said in YES | NO:
            return {self.path: said in YES}
        return {self.path: _chosen(typed, options)}


def _chosen(typed: str, options: Mapping[Any, str]) -> Any:
    said = typed.casefold()
    for n, (value, words) in enumerate(options.items(), 1):
        begins = len(said) > 1 and words.casefold().startswith(said)
        if begins or said in {str(n), str(value).casefold()}:
            return value
    raise Wrong("init_none_of_these", most=str(len(options)))


class _Invoicing(_OneOf):
    """Whether invoices are made: PowerOffice grants the right to each integration by itself."""

    def shown(self, known: Known) -> str:
        return known.say("init_may_not_send") if self.lacks(known) else super().shown(known)

    def lacks(self, known: Known) -> bool:
        return _invoices(known) and known.company.may_send_invoices is False


@dataclass(frozen=True)
class _SomeOf(_OneOf):
    """Some of what is in use; what the key has besides stays."""

    items: Callable[[Known], Mapping[str, str]] = lambda _: {}

    def options(self, known: Known) -> Mapping[str, str]:
        return self.items(known)

    def shown(self, known: Known) -> str:
        items, chosen = self.items(known), known.value(self.path)
        return ", ".join(items[one] for one in chosen if one in items) or known.say("init_none")

    def read(self, typed: str, known: Known) -> dict[str, Any]:
        """Take numbers and words with commas between."""
        items = self.items(known)
        words = [] if typed == NONE else re.split(r"[\s,;]+", typed.strip(" ,;"))
        named = dict.fromkeys(_chosen(word, items) for word in words)
        beside = [one for one in known.value(self.path) if one not in items]
        return {self.path: taken(self.path, [*named, *beside], known.language)}


class _Collective(Question):
    """One customer number for all private persons, or a card for each of them."""

    def shown(self, known: Known) -> str:
        number = known.value(NUMBER) if known.value(self.path) == "collective" else None
        return str(number or known.say("init_collective_none"))

    def lines(self, known: Known) -> list[str]:
        return [known.say("init_collective_offer", n=_persons_a_month(known))]

    def read(self, typed: str, known: Known) -> dict[str, Any]:
        """Take a customer number, or a dash for a card each."""
        if typed == NONE:
            return {self.path: "individual"}
        return {NUMBER: taken(NUMBER, typed, known.language), self.path: "collective"}


def _persons_a_month(known: Known) -> int:
    """Return how many orders a month private persons have paid in advance, by the newest ones."""
    unpaid, orders = known.value("payments.unpaid_methods"), known.shop.orders
    if not orders:
        return 0
    theirs = [o for o in orders if not o.billing.company and o.payment_method not in unpaid]
    moments = [order.date_created_gmt for order in orders]
    return len(theirs) * 30 // max((max(moments) - min(moments)).days, 1)


# -- what is in use --------------------------------------------------------------------------------


def _statuses(known: Known) -> dict[str, str]:
    chosen = known.value("woocommerce.statuses")
    used = (s for s in known.shop.statuses if s.orders or s.slug in chosen or s.slug == "completed")
    return {s.slug: f"{s.name} ({s.orders})" for s in used} or {slug: slug for slug in chosen}


def _methods(known: Known) -> dict[str, str]:
    return {m.id: f"{m.title or m.id} ({m.orders})" for m in known.shop.methods}


def _counted(found: Mapping[str, int], but: Iterable[str] = ()) -> dict[str, str]:
    return {name: f"{name} ({n})" for name, n in found.items() if name not in but}


def _org_fields(known: Known) -> dict[str, str]:
    usual = BY_PATH["customers.org_number_fields"].default
    return _counted(known.shop.org_number_fields, usual)


def _cards(known: Known) -> dict[str, str]:
    """Return SKUs that by the name of the goods are gift cards, the commonest first."""
    found: Counter[str] = Counter()
    for order in known.shop.orders:
        goods = (line for line in order.lines if line.kind == "product" and line.sku)
        found.update({ln.sku for ln in goods if _CARD_NAMES.search(ln.name.casefold())})
    return _counted(dict(found.most_common()))


def _invoices(known: Known) -> bool:
    return bool(known.value("invoices.create"))


def _pays(known: Known) -> bool:
    return bool(known.value("payments.register"))


def _some_are_unpaid(known: Known) -> bool:
    return _invoices(known) and len(paid_methods(known)) < len(known.shop.methods)


# -- the rows --------------------------------------------------------------------------------------

SKUS = "gift_cards.skus"
ROWS = (
    _SomeOf(1, "statuses", "woocommerce.statuses", items=_statuses),
    _OneOf(2, "number", "orders.write_number_to"),
    _Invoicing(3, "create", "invoices.create"),
    _OneOf(4, "when", "invoices.when", _invoices),
    _OneOf(5, "register", "payments.register"),
    _OneOf(6, "type", "payments.default_type", _pays),
    products.FREIGHT,
    Question(8, "freight_text", "shipping.description", empty="init_freight_text_none"),
    products.DISCOUNT,
    Question(10, "discount_text", "discounts.description"),
    Question(11, "prefix", "orders.number_prefix"),
    _OneOf(12, "transfer", "discounts.transfer_vat"),
    _OneOf(13, "companies", "customers.companies_as_private"),
    _OneOf(14, "unknown", "products.unknown",
           lambda known: any(not need.rate.country for need in known.needs(Role.GOODS))),
    products.GOODS,
    products.FEE,
    products.ROUNDING,
    products.GIFT_CARD,
    _SomeOf(19, "skus", SKUS, _cards, items=_cards),
    products.FOREIGN,
    ACCOUNTS,
    PAYOUTS,
    _SomeOf(23, "unpaid", "payments.unpaid_methods",
            lambda known: _pays(known) and known.shop.methods, items=_methods),
    _OneOf(22, "delivery_unpaid", "invoices.delivery_unpaid", _some_are_unpaid, words="delivery"),
    _OneOf(25, "delivery", "invoices.delivery", _invoices),
    _SomeOf(26, "org_fields", "customers.org_number_fields", _org_fields, items=_org_fields),
    _Collective(32, "collective", "customers.private",
                lambda known: _persons_a_month(known) >= MANY or known.value(NUMBER)),
    _Day(27, "day", DAY),
    Keys(28, "shop", URL),
    Keys(29, "poweroffice", APPLICATION),
    _OneOf(30, "storage", STORAGE),
)  # fmt: skip


def row_named(text: str) -> Question | None:
    """Return the row with a number, or whose label in either language is this or begins so."""
    if text.isdecimal():
        return next((row for row in ROWS if row.number == int(text)), None)
    part = text.casefold()
    labels = [
        (say(f"init_row_{r.name}", lang).casefold(), r) for r in ROWS for lang in ("nb", "en")
    ]
    exact = [row for label, row in labels if label == part]
    alike = [row for label, row in labels if len(part) > 1 and label.startswith(part)]
    return next(iter(exact or alike), None)


def propose(known: Known) -> None:
    """Set what is proposed, from all that is known; what was answered stays."""
    known.proposed = {}
    if not known.is_said(SKUS) and (cards := _cards(known)):
        known.proposed[SKUS] = list(cards)
    for row in products.PRODUCTS:
        if row.applies(known):
            row.propose(known)
    if _pays(known):
        propose_payments(known)
