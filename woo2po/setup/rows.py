"""The rows of the screen: the thirteen questions of the contract, and where the orders make them
matter those that stand below; and what is proposed for them. Pure.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from woo2po.config.keys import BY_PATH
from woo2po.config.sections import PROVIDERS
from woo2po.documents import Account
from woo2po.holds import Hold
from woo2po.inventory import MethodInUse, Role
from woo2po.mapping.capture import provider_of
from woo2po.mapping.payment import account_named
from woo2po.mapping.values import Stopped
from woo2po.messages import NO, YES, say
from woo2po.payouts.booking import accounts_of
from woo2po.setup import products
from woo2po.setup.connect import APPLICATION, DAY, URL, day_and_orders
from woo2po.setup.known import NONE, STORAGE, Known, Question, Wrong, cell, taken

NUMBER = "customers.collective_number"
MANY = 200  # orders of private persons a month, from which on a card for each is a burden


@dataclass(frozen=True)
class _OneOf(Question):
    """One of a few, each in words: the message init_NAME_VALUE, of this row or of `words`."""

    words: str = ""

    def options(self, known: Known) -> Mapping[Any, str]:
        name, key = self.words or self.name, BY_PATH.get(self.path)
        values = key.choices or (key.default, not key.default) if key else ("config", "files")
        return {value: known.say(f"init_{name}_{value}".lower()) for value in values}

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


def _counted(found: Mapping[str, int], but: Iterable[str] = ()) -> dict[str, str]:
    return {name: f"{name} ({n})" for name, n in found.items() if name not in but}


def _org_fields(known: Known) -> dict[str, str]:
    usual = BY_PATH["customers.org_number_fields"].default
    return _counted(known.shop.org_number_fields, usual)


def _cards(known: Known) -> dict[str, str]:
    """Return SKUs that by the name of the goods are gift cards, the commonest first."""
    found: Counter[str] = Counter()
    for order in known.shop.orders:
        found.update({line.sku for line in order.lines if line.kind == "product" and line.sku
                      and re.search(r"gavekort|gift ?card", line.name.casefold())})  # fmt: skip
    return _counted(dict(found.most_common()))


def _invoices(known: Known) -> bool:
    return bool(known.value("invoices.create"))


def _pays(known: Known) -> bool:
    return bool(known.value("payments.register"))


def _paid_methods(known: Known) -> list[MethodInUse]:
    """Return the payment methods that are not paid by the invoice."""
    unpaid = known.value("payments.unpaid_methods")
    return [m for m in known.shop.methods if m.id not in unpaid]


def _providers(known: Known) -> list[str]:
    """Return the providers who pay out what the methods in use bring, as their sections are."""
    return sorted({provider_of(method.id) for method in _paid_methods(known)} - {""})


# -- the accounts of payments ----------------------------------------------------------------------

ACCOUNTS = "payments.accounts"
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


def _propose_payments(known: Known) -> None:
    """Propose an account for each method, and which of them are paid in cash."""
    # An account that nobody sees before payments are posted on it is not guessed.
    methods, default = _paid_methods(known), known.value("payments.default_type")
    likely = {} if known.unseen else {m.id: _account_by_name(m, known) for m in methods}
    if not known.is_said("payments.types"):
        kinds = {m: "cash" if n is None and (default == "cash" or m == _CASH) else "bank"
                 for m, n in likely.items()}  # fmt: skip
        if types := {m: kind for m, kind in kinds.items() if kind != default}:
            known.proposed["payments.types"] = types
    types, cash = known.value("payments.types"), known.value("payments.cash_account")
    if cash not in {account.number for account in _accounts(known)}:
        cash = 0
    paid_to = {m: (cash if types.get(m, default) == "cash" else n) or 0 for m, n in likely.items()}
    said = known.value(ACCOUNTS)
    if ACCOUNTS not in known.fixed and paid_to.keys() - said.keys():
        known.proposed[ACCOUNTS] = {**said, **paid_to, **said}


def _accounts(known: Known) -> list[Account]:
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
    called = (a for a in _accounts(known) if any(w in a.name.casefold() for w in words))
    return next((account.number for account in called), None)


def _read(typed: str, key: str, known: Known) -> int:
    """Return the number of an account that payments can be posted on, 0 for none. Raises Wrong."""
    if typed == NONE:
        return 0
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 10):
        raise Wrong("init_no_account", text=typed)
    found = account_named(int(typed), key, known.catalogue)
    if isinstance(found, Hold):
        raise Stopped(found)
    return found.number


class _Accounts(Question):
    def _all(self, known: Known) -> dict[str, int]:
        said = known.value(self.path)
        return {method.id: said.get(method.id) or 0 for method in _paid_methods(known)}

    def shown(self, known: Known) -> str:
        return ", ".join(f"{name} {number or '?'}" for name, number in self._all(known).items())

    def lines(self, known: Known) -> list[str]:
        said, accounts = self._all(known), known.catalogue.accounts
        lines = []
        for method in _paid_methods(known):
            found = accounts.get(said[method.id])
            account = f"{found.number} {found.name}".strip() if found else known.say("init_held")
            lines.append(f"{method.id} ({method.title or method.id}): {account}")
        return lines

    def read(self, typed: str, known: Known) -> dict[str, Any]:
        """Take vipps=1903, or a dash in the place of the number."""
        names = list(self._all(known))
        name, text = cell(typed, names, f"{names[0]}=1903")
        number = _read(text, f"{self.path}.{name}", known)
        return {self.path: {**known.value(self.path), name: number}}

    def lacks(self, known: Known) -> bool:
        return not known.value("payments.bank_account") and not all(self._all(known).values())


class _Payouts(Question):
    """The bank account that the payouts of the providers in use are booked to."""

    def shown(self, known: Known) -> str:
        said = {PROVIDERS[p]: known.value(f"payouts.{p}") for p in _providers(known)}
        booked = {name: own.get("bank_account") for name, own in said.items() if own.get("book")}
        shown = (f"{name} {number or '?'}" for name, number in booked.items())
        return ", ".join(shown) or known.say("init_not_booked")

    def read(self, typed: str, known: Known) -> dict[str, Any]:
        number = _read(typed, self.path, known)
        wanted = {"book": bool(number), "bank_account": number or None}
        paths = {f"payouts.{provider}": provider for provider in _providers(known)}
        found = {path: {**known.value(path), **wanted} for path in paths}
        for provider in paths.values():
            if number and accounts_of(known.settings(found), provider)["clearing"] == number:
                facts = {"provider": PROVIDERS[provider], "account": str(number)}
                raise Stopped(Hold("payout_same_account", facts))
        return found


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
    Question(8, "freight_text", "shipping.description", says=lambda known:
             known.value("shipping.description") or known.say("init_freight_text_none")),
    products.DISCOUNT,
    Question(10, "discount_text", "discounts.description"),
    Question(11, "prefix", "orders.number_prefix"),
    _OneOf(12, "transfer", "discounts.transfer_vat"),
    _OneOf(13, "companies", "customers.companies_as_private"),
    _OneOf(14, "unknown", "products.unknown", lambda known: known.rates(Role.GOODS)),
    products.GOODS,
    products.FEE,
    products.ROUNDING,
    products.GIFT_CARD,
    _SomeOf(19, "skus", SKUS, _cards, items=_cards),
    products.FOREIGN,
    _Accounts(21, "accounts", ACCOUNTS, lambda known: _pays(known) and _paid_methods(known)),
    _Payouts(31, "payouts", "payouts.vipps", lambda known: _pays(known) and _providers(known)),
    _SomeOf(23, "unpaid", "payments.unpaid_methods",
            lambda known: _pays(known) and known.shop.methods, items=lambda known: {
                m.id: f"{m.title or m.id} ({m.orders})" for m in known.shop.methods}),
    _OneOf(22, "delivery_unpaid", "invoices.delivery_unpaid", lambda known: _invoices(known)
           and len(_paid_methods(known)) < len(known.shop.methods), words="delivery"),
    _OneOf(25, "delivery", "invoices.delivery", _invoices),
    _SomeOf(26, "org_fields", "customers.org_number_fields", _org_fields, items=_org_fields),
    _Collective(32, "collective", "customers.private",
                lambda known: _persons_a_month(known) >= MANY or known.value(NUMBER)),
    Question(27, "day", DAY, says=lambda known: day_and_orders(known.value(DAY), known)),
    # The keys of a system are asked for anew, and tried.
    Question(28, "shop", URL, says=lambda known: known.shop.name or str(known.value(URL))),
    Question(29, "poweroffice", APPLICATION, says=lambda known: known.company.name),
    _OneOf(30, "storage", STORAGE),
)  # fmt: skip


def row_named(text: str) -> Question | None:
    """Return the row with a number, or whose label in either language is this or begins so."""
    part, called = text.casefold().lstrip("0"), {row: {str(row.number)} for row in ROWS}
    for row, names in called.items():
        names |= {say(f"init_row_{row.name}", lang).casefold() for lang in ("nb", "en")}
    exact = (row for row, names in called.items() if part in names)
    alike = (row for row, names in called.items() if len(part) > 1
             and any(name.startswith(part) for name in names))  # fmt: skip
    return next(exact, next(alike, None))


def propose(known: Known) -> None:
    """Set what is proposed, from all that is known; what was answered stays."""
    known.proposed = {}
    if not known.is_said(SKUS) and (cards := _cards(known)):
        known.proposed[SKUS] = list(cards)
    for row in products.PRODUCTS:
        if row.applies(known):
            row.propose(known)
    if _pays(known):
        _propose_payments(known)
