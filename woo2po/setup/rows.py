"""The questions as rows of one screen: how each is shown, explained and answered. Pure.

The first thirteen are the contract's; the others stand there where the orders make them matter.
A row's label is the message init_row_NAME, what `?` explains is init_about_NAME.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from woo2po.config.keys import BY_PATH
from woo2po.config.sections import PROVIDERS
from woo2po.inventory import Need, Role
from woo2po.mapping.values import Rate
from woo2po.messages import say
from woo2po.messages.message import NO, YES
from woo2po.money import percent
from woo2po.report import THIN
from woo2po.setup.connect import APPLICATION, DAY, URL
from woo2po.setup.known import STORAGE, Known, Wrong, taken
from woo2po.setup.proposals import (
    KINDS,
    cards_sold,
    carrier,
    codes_by_rate,
    day_and_orders,
    domestic_needs,
    fitting_products,
    foreign_needs,
    foreign_products,
    further_needs,
    judged,
    judged_account,
    judged_code,
    main_need,
    paid_methods,
    persons_a_month,
    providers_in_use,
    rate_name,
)

NUMBER = "customers.collective_number"
NONE = "-"  # typed for an empty text, for none of a list, for no account
MANY = 200  # orders of private persons a month, from which on a card for each is a burden
MOST = 8  # products listed at once


@dataclass(frozen=True)
class Question:
    """A question, answered by a text: its number, its name in the messages, the key it is for.

    `applies` tells when it is shown, `empty` what an empty answer means.
    """

    number: int
    name: str
    path: str
    applies: Callable[[Known], Any] = lambda _: True
    empty: str = "init_none"

    def label(self, known: Known) -> str:
        """Return what the row is called."""
        return known.say(f"init_row_{self.name}")

    def question(self, known: Known) -> str:
        """Return the question: of the thirteen as the settings declare it, else the label."""
        key = BY_PATH.get(self.path)
        if key is None or not key.question:
            return self.label(known)
        text = key.text(known.language)
        question = re.match(r"[^?;.:]*\??", text) if known.language == "en" else None
        return question[0] if question else text

    def shown(self, known: Known) -> str:
        """Return the answer as it is by now, in words."""
        return str(known.value(self.path) or known.say(self.empty))

    def lines(self, known: Known) -> list[str]:  # noqa: ARG002 (some have)
        """Return what there is to choose from."""
        return []

    def read(self, typed: str, known: Known) -> dict[str, Any]:
        """Return what was typed, by path. Raises Wrong."""
        return {self.path: taken(self.path, "" if typed == NONE else typed, known.language)}

    def lacks(self, known: Known) -> bool:  # noqa: ARG002 (some do)
        """Tell whether an answer is missing that nobody could propose."""
        return False


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


class _Accounts(Question):
    """The account of each payment method."""

    def _all(self, known: Known) -> dict[str, int]:
        said = known.value(self.path)
        return {method.id: said.get(method.id) or 0 for method in paid_methods(known)}

    def shown(self, known: Known) -> str:
        return ", ".join(f"{name} {number or '?'}" for name, number in self._all(known).items())

    def lines(self, known: Known) -> list[str]:
        said, accounts = self._all(known), known.catalogue.accounts
        lines = []
        for method in paid_methods(known):
            found = accounts.get(said[method.id])
            account = f"{found.number} {found.name}".strip() if found else known.say("init_held")
            lines.append(f"{method.id} ({method.title or method.id}): {account}")
        return lines

    def read(self, typed: str, known: Known) -> dict[str, Any]:
        """Take vipps=1903, or a dash in the place of the number."""
        names = list(self._all(known))
        name, text = _cell(typed, names, f"{names[0]}=1903")
        number = 0 if text == NONE else judged_account(text, f"{self.path}.{name}", known)
        return {self.path: {**known.value(self.path), name: number}}

    def lacks(self, known: Known) -> bool:
        return not known.value("payments.bank_account") and not all(self._all(known).values())


class _Payouts(Question):
    """The bank account that the payouts of the providers in use are booked to."""

    def shown(self, known: Known) -> str:
        said = {PROVIDERS[p]: known.value(f"payouts.{p}") for p in providers_in_use(known)}
        booked = {name: own.get("bank_account") for name, own in said.items() if own.get("book")}
        shown = (f"{name} {number or '?'}" for name, number in booked.items())
        return ", ".join(shown) or known.say("init_not_booked")

    def read(self, typed: str, known: Known) -> dict[str, Any]:
        """Take an account, or a dash for none."""
        number = 0 if typed == NONE else judged_account(typed, self.path, known)
        wanted = {"book": bool(number), "bank_account": number or None}
        paths = [f"payouts.{provider}" for provider in providers_in_use(known)]
        return {path: {**known.value(path), **wanted} for path in paths}


def _cell(typed: str, names: Sequence[str], example: str) -> tuple[str, str]:
    """Return the name of a line and what it should be, from NAME=VALUE. Raises Wrong."""
    found = re.fullmatch(r"(\S+?)\s*%?\s*[=:]\s*(.*\S)", typed)
    name = next((n for n in names if found and n.casefold() == found[1].casefold()), "")
    if found is None or not name:
        raise Wrong("init_row_unclear", example=example)
    return name, found[2]


@dataclass(frozen=True)
class _Products(Question):
    """A role's product, and those of its further VAT rates."""

    role: Role = Role.GOODS

    def _codes(self, known: Known) -> list[tuple[Need, str]]:
        """Return each need with the code that is named for it, that of the main product first."""
        kind = KINDS[self.role]
        main = [(main_need(self.role, known), known.value(kind.main))] if kind.main else []
        table = codes_by_rate(kind.by_rate, known)
        further = further_needs(self.role, known)
        return main + [(need, table.get(rate_name(need), "")) for need in further]

    def shown(self, known: Known) -> str:
        """Return each code with its rate; (+) behind those that are to be made."""
        made = known.catalogue.products
        said = [f"{code}{'' if code in made else ' (+)'} {rate_name(need)}{THIN}%"
                for need, code in self._codes(known) if code]  # fmt: skip
        return ", ".join(said) or known.say("init_held")

    def lacks(self, known: Known) -> bool:
        return any(code not in known.catalogue.products for _, code in self._codes(known))

    def lines(self, known: Known) -> list[str]:
        first, *further = [need for need, _ in self._codes(known)]
        fit = [f"{product.code}  {product.name}" for product in fitting_products(first, known)]
        lines = [known.say("init_products", rate=rate_name(first)), *_first(fit, known)]
        if further or self.role is Role.GOODS:
            last = [first, *further][-1]
            code = next((one.code for one in fitting_products(last, known)), "CODE")
            lines.append(known.say("init_by_rate", example=f"{rate_name(last)}={code}"))
        return lines

    def read(self, typed: str, known: Known) -> dict[str, Any]:
        """Take a code, `new CODE`, a dash for none; 15=CODE for a rate; else search."""
        first = need = self._codes(known)[0][0]
        by_rate = KINDS[self.role].by_rate
        found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%?\s*=\s*(.*\S)", typed)
        if found and by_rate:
            need, typed = Need(self.role, Rate(Decimal(found[1])), 0), found[2]
        code = _code(need, typed, known)
        if self.path != by_rate and need.rate == first.rate:
            return {self.path: code}
        return {by_rate: {**codes_by_rate(by_rate, known), rate_name(need): code}}


def _code(need: Need, typed: str, known: Known) -> str:
    if typed == NONE:
        return ""
    if new := re.fullmatch(r"(?:new|ny)\s+(\S.*)", typed, re.IGNORECASE):
        return judged_code(need, new[1], known)
    if typed in known.catalogue.products:
        return judged_code(need, typed, known)
    said = typed.casefold()
    fit = {p.code: f"{p.code}  {p.name}" for p in fitting_products(need, known)}
    for code in fit:
        if code.casefold() == said:
            return code
    alike = [line for line in fit.values() if said in line.casefold()]
    if alike:
        raise Wrong("init_alike", lines="\n".join(_first(alike, known)))
    raise Wrong("init_not_found_or_new", text=typed)


def _first(lines: list[str], known: Known) -> list[str]:
    if len(lines) <= MOST:
        return lines
    return [*lines[:MOST], known.say("init_more_found", n=len(lines) - MOST)]


class _Foreign(Question):
    """Two products for each foreign VAT rate; orders whose rate has none are held."""

    def _table(self, known: Known) -> dict[str, Any]:
        said = known.value(self.path)
        return said if isinstance(said, dict) else {}

    def shown(self, known: Known) -> str:
        table, shown = self._table(known), []
        for name, need in foreign_needs(known).items():
            named = table.get(name, known.say("init_held"))
            codes = " + ".join(named.values()) if isinstance(named, Mapping) else named
            shown.append(f"{need.rate.country} {percent(need.rate.percent)} %: {codes}")
        return ", ".join(shown)

    def lines(self, known: Known) -> list[str]:
        name = next(iter(foreign_needs(known)))
        sales, owed = foreign_products(known)
        first = [next((p.code for p in some), "CODE") for some in (sales, owed)]
        lines = [known.say("init_foreign_sales"), *(f"{p.code}  {p.name}" for p in sales[:MOST])]
        lines += [known.say("init_foreign_owed"), *(f"{p.code}  {p.name}" for p in owed[:MOST])]
        example = f"{name}={'+'.join(first)}"
        return [*lines, known.say("init_foreign_example", example=example, name=name)]

    def read(self, typed: str, known: Known) -> dict[str, Any]:
        """Take SE25=OSS+OSS-MVA-SE: the sale's product, and that of the VAT; or one alone."""
        needs = foreign_needs(known)
        name, text = _cell(typed, list(needs), f"{next(iter(needs))}=CODE+CODE")
        table = {one: codes for one, codes in self._table(known).items() if one != name}
        if text != NONE:
            net, _, vat = (part.strip() for part in text.partition("+"))
            codes = {"product": net, "vat_product": vat} if vat else net
            judged(carrier(needs[name], codes, known))
            table[name] = codes
        return {self.path: table or "hold"}


class _Collective(Question):
    """One customer number for all private persons, or a card for each of them."""

    def shown(self, known: Known) -> str:
        number = known.value(NUMBER) if known.value(self.path) == "collective" else None
        return str(number or known.say("init_collective_none"))

    def lines(self, known: Known) -> list[str]:
        return [known.say("init_collective_offer", n=persons_a_month(known))]

    def read(self, typed: str, known: Known) -> dict[str, Any]:
        """Take a customer number, or a dash for a card each."""
        if typed == NONE:
            return {self.path: "individual"}
        return {NUMBER: taken(NUMBER, typed, known.language), self.path: "collective"}


# -- the rows --------------------------------------------------------------------------------------


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
    return _counted(cards_sold(known))


def _invoices(known: Known) -> bool:
    return bool(known.value("invoices.create"))


def _pays(also: Callable[[Known], Any] = lambda _: True) -> Callable[[Known], bool]:
    return lambda known: bool(known.value("payments.register") and also(known))


ROWS = (
    _SomeOf(1, "statuses", "woocommerce.statuses", items=_statuses),
    _OneOf(2, "number", "orders.write_number_to"),
    _Invoicing(3, "create", "invoices.create"),
    _OneOf(4, "when", "invoices.when", _invoices),
    _OneOf(5, "register", "payments.register"),
    _OneOf(6, "type", "payments.default_type", _pays()),
    _Products(7, "freight", "shipping.product", role=Role.FREIGHT),
    Question(8, "freight_text", "shipping.description", empty="init_freight_text_none"),
    _Products(9, "discount", "discounts.product", role=Role.DISCOUNT),
    Question(10, "discount_text", "discounts.description"),
    Question(11, "prefix", "orders.number_prefix"),
    _OneOf(12, "transfer", "discounts.transfer_vat"),
    _OneOf(13, "companies", "customers.companies_as_private"),
    _OneOf(14, "unknown", "products.unknown", lambda known: domestic_needs(Role.GOODS, known)),
    _Products(15, "goods", "products.fallback_by_rate", KINDS[Role.GOODS].wanted),
    _Products(16, "fee", "fees.product", KINDS[Role.FEE].wanted, role=Role.FEE),
    _Products(17, "rounding", "products.rounding",
              lambda known: known.value("products.rounding") not in known.catalogue.products,
              role=Role.ROUNDING),
    _Products(18, "gift_card", "gift_cards.product", KINDS[Role.GIFT_CARD].wanted,
              role=Role.GIFT_CARD),
    _SomeOf(19, "skus", "gift_cards.skus", _cards, items=_cards),
    _Foreign(20, "foreign", "vat.foreign", foreign_needs),
    _Accounts(21, "accounts", "payments.accounts", _pays(paid_methods)),
    _Payouts(31, "payouts", "payouts.vipps", _pays(providers_in_use)),
    _SomeOf(23, "unpaid", "payments.unpaid_methods", _pays(_methods), items=_methods),
    _OneOf(22, "delivery_unpaid", "invoices.delivery_unpaid",
           lambda known: _invoices(known) and len(paid_methods(known)) < len(known.shop.methods),
           words="delivery"),
    _OneOf(25, "delivery", "invoices.delivery", _invoices),
    _SomeOf(26, "org_fields", "customers.org_number_fields", _org_fields, items=_org_fields),
    _Collective(32, "collective", "customers.private",
                lambda known: persons_a_month(known) >= MANY or known.value(NUMBER)),
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
