"""The questions as rows of one screen: how each is shown, explained and answered. Pure.

The first thirteen are the contract's; the others stand there where the orders make them matter.
A row's label is the message init_row_NAME, what `?` explains is init_about_NAME.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from woo2po.config.sections import PROVIDERS
from woo2po.inventory import Need, Role
from woo2po.mapping.values import Rate
from woo2po.messages import say
from woo2po.money import percent
from woo2po.report import THIN
from woo2po.setup.connect import APPLICATION, DAY, URL, day_and_orders
from woo2po.setup.known import BY_PATH, STORAGE, Known, Wrong, taken
from woo2po.setup.proposals import (
    BY_RATE,
    MAIN,
    cards_sold,
    codes_by_rate,
    domestic_needs,
    fitting_products,
    foreign_needs,
    foreign_products,
    further_needs,
    goods,
    judged_account,
    judged_code,
    judged_foreign,
    main_need,
    paid_methods,
    payment_accounts,
    persons_a_month,
    providers_in_use,
    rate_name,
)

_NUMBER = "customers.collective_number"
NONE = "-"  # typed for an empty text, for none of a list, for no account
MANY = 200  # orders of private persons a month, from which on a card for each is a burden
MOST = 8  # products or accounts listed at once
YES = frozenset({"y", "yes", "j", "ja", "true"})
NO = frozenset({"n", "no", "nei", "false"})


class Listed(Exception):
    """What was typed is a part of several names: the lines that list them."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        self.lines = lines


@dataclass(frozen=True)
class Way:
    """A way of answering, and the key that the answer is for; `empty`: what an empty one means."""

    path: str
    empty: str = "init_none"

    def shown(self, known: Known) -> str:
        """Return the answer as it is by now, in words."""
        return str(known.value(self.path) or known.say(self.empty))

    def lines(self, known: Known) -> list[str]:  # noqa: ARG002 (some have)
        """Return what there is to choose from."""
        return []

    def read(self, typed: str, known: Known) -> dict[str, Any]:
        """Return what was typed, by path. Raises Wrong and Listed."""
        return {self.path: taken(self.path, "" if typed == NONE else typed, known.language)}

    def lacks(self, known: Known) -> bool:  # noqa: ARG002 (some do)
        """Tell whether an answer is missing that nobody could propose."""
        return False


class _Day(Way):
    """The first day, and how many orders there are since."""

    def shown(self, known: Known) -> str:
        return day_and_orders(known.value(self.path), known)


@dataclass(frozen=True)
class _OneOf(Way):
    """One of a few, each in words: the message init_NAME_VALUE, where NAME is the row's."""

    name: str = ""

    @property
    def values(self) -> tuple[Any, ...]:
        """The values that the key may have."""
        key = BY_PATH.get(self.path)
        if key is None:
            return ("config", "files")
        return key.choices or (key.default, not key.default)

    def _words(self, known: Known) -> dict[Any, str]:
        return {value: known.say(f"init_{self.name}_{value}".lower()) for value in self.values}

    def shown(self, known: Known) -> str:
        return self._words(known)[known.value(self.path)]

    def lines(self, known: Known) -> list[str]:
        return [f"{n}  {said}" for n, said in enumerate(self._words(known).values(), 1)]

    def read(self, typed: str, known: Known) -> dict[str, Any]:
        """Take a number, the beginning of the words, or yes and no in both languages."""
        said, words = typed.casefold(), self._words(known)
        if True in words and said in YES | NO:
            return {self.path: said in YES}
        for n, (value, whole) in enumerate(words.items(), 1):
            begins = len(said) > 1 and whole.casefold().startswith(said)
            if begins or said in {str(n), str(value).casefold()}:
                return {self.path: value}
        raise Wrong("init_none_of_these", most=str(len(words)))


class _Invoicing(_OneOf):
    """Whether invoices are made: PowerOffice grants the right to each integration by itself."""

    def shown(self, known: Known) -> str:
        return known.say("init_may_not_send") if self.lacks(known) else super().shown(known)

    def lacks(self, known: Known) -> bool:
        may = known.books is None or known.books.may_send is not False
        return bool(known.value(self.path)) and not may


@dataclass(frozen=True)
class _SomeOf(Way):
    """Some of what is in use; what the key has besides stays."""

    items: Callable[[Known], Mapping[str, str]] = lambda _: {}
    may_be_none: bool = True

    def chosen(self, known: Known) -> list[str]:
        return list(known.value(self.path))

    def shown(self, known: Known) -> str:
        items, chosen = self.items(known), self.chosen(known)
        return ", ".join(items[one] for one in chosen if one in items) or known.say("init_none")

    def lines(self, known: Known) -> list[str]:
        return [f"{n}  {text}" for n, text in enumerate(self.items(known).values(), 1)]

    def read(self, typed: str, known: Known) -> dict[str, Any]:
        """Take numbers and words with commas between."""
        items = self.items(known)
        words = [] if typed == NONE else [w for w in re.split(r"[\s,;]+", typed) if w]
        named = [_named(word, items) for word in words]
        if not named and not self.may_be_none:
            raise Wrong("init_needs_answer")
        return self.whole(list(dict.fromkeys(named)), known)

    def whole(self, named: list[str], known: Known) -> dict[str, Any]:
        """Return the value of the key, by path."""
        beside = [one for one in self.chosen(known) if one not in self.items(known)]
        return {self.path: taken(self.path, [*named, *beside], known.language)}


def _named(word: str, items: Mapping[str, str]) -> str:
    if word.isdecimal() and 0 < int(word) <= len(items):
        return list(items)[int(word) - 1]
    for value, text in items.items():
        if word.casefold() in {value.casefold(), text.casefold().partition(" (")[0]}:
            return value
    raise Wrong("init_none_of_these", most=str(len(items)))


class _Cash(_SomeOf):
    """Chosen as a list, kept as a table of what is not the default."""

    def chosen(self, known: Known) -> list[str]:
        types, default = known.value(self.path), known.value("payments.default_type")
        return [m.id for m in paid_methods(known) if types.get(m.id, default) == "cash"]

    def whole(self, named: list[str], known: Known) -> dict[str, Any]:
        default, used = known.value("payments.default_type"), paid_methods(known)
        kinds = {m.id: "cash" if m.id in named else "bank" for m in used}
        beside = {m: kind for m, kind in known.value(self.path).items() if m not in kinds}
        return {self.path: beside | {m: kind for m, kind in kinds.items() if kind != default}}


@dataclass(frozen=True)
class _Accounts(Way):
    """The account of each payment method; * stands for all the others, also those to come."""

    def _all(self, known: Known) -> dict[str, int]:
        said, rest = known.value(self.path), known.value("payments.bank_account")
        return {m.id: said.get(m.id) or 0 for m in paid_methods(known)} | {"*": rest or 0}

    def shown(self, known: Known) -> str:
        said = self._all(known).items()
        return ", ".join(
            f"{name} {number or '?'}" for name, number in said if number or name != "*"
        )

    def lines(self, known: Known) -> list[str]:
        titles = {m.id: f"{m.id} ({m.title or m.id})" for m in paid_methods(known)}
        held = known.say("init_held")
        said = self._all(known).items()
        return [f"{titles.get(name, name)}: {_account(n, known) or held}" for name, n in said]

    def read(self, typed: str, known: Known) -> dict[str, Any]:
        """Take vipps=1903, or a part of an account's name to search."""
        names = list(self._all(known))
        name, text = _cell(typed, names, f"{names[0]}=1903")
        key = "payments.bank_account" if name == "*" else f"{self.path}.{name}"
        alike = [f"{a.number}  {a.name}" for a in payment_accounts(known) if _is_in(text, a.name)]
        if alike and text != NONE and not text.isdecimal():
            raise Listed(alike[:MOST])
        number = 0 if text == NONE else judged_account(text, key, known)
        if name == "*":
            return {key: number or None}
        return {self.path: {**known.value(self.path), name: number}}

    def lacks(self, known: Known) -> bool:
        said = self._all(known)
        return not said.pop("*") and not all(said.values())


@dataclass(frozen=True)
class _Payouts(Way):
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


def _account(number: int, known: Known) -> str:
    found = known.catalogue.accounts.get(number)
    return f"{number} {found.name}".strip() if found else str(number or "")


def _is_in(part: str, name: str) -> bool:
    return part.casefold() in name.casefold()


def _cell(typed: str, names: Sequence[str], example: str) -> tuple[str, str]:
    """Return the name of a line and what it should be, from NAME=VALUE. Raises Wrong."""
    found = re.fullmatch(r"(\S+?)\s*%?\s*[=:]\s*(.*\S)", typed)
    name = next((n for n in names if found and n.casefold() == found[1].casefold()), "")
    if found is None or not name:
        raise Wrong("init_row_unclear", example=example)
    return name, found[2]


@dataclass(frozen=True)
class _Products(Way):
    """A role's product, and those of its further VAT rates."""

    role: Role = Role.GOODS

    def _needs(self, known: Known) -> list[Need]:
        """Return the rates that are answered here, that of the main product first."""
        if self.role is Role.GOODS:
            return goods(known)
        if self.role not in BY_RATE:
            return [main_need(self.role, known)]
        return [main_need(self.role, known), *further_needs(self.role, known)]

    def _codes(self, known: Known) -> list[tuple[Need, str]]:
        needs = self._needs(known)
        table = codes_by_rate(BY_RATE.get(self.role, ""), known)
        codes = [(need, table.get(rate_name(need), "")) for need in needs]
        if self.role in MAIN:
            codes[0] = (needs[0], known.value(MAIN[self.role]))
        return codes

    def shown(self, known: Known) -> str:
        """Return each code with its rate; (+) behind those that are to be made."""
        codes = [(need, code) for need, code in self._codes(known) if code]
        made = known.catalogue.products
        said = [f"{code}{'' if code in made else ' (+)'} {rate_name(need)}{THIN}%"
                for need, code in codes]  # fmt: skip
        return ", ".join(said) or known.say("init_held")

    def lacks(self, known: Known) -> bool:
        found = known.catalogue.products
        return any(code not in found for _, code in self._codes(known))

    def lines(self, known: Known) -> list[str]:
        needs = self._needs(known)
        lines = [known.say("init_products", rate=rate_name(needs[0]))]
        fit = fitting_products(needs[0], known)
        lines += [f"{product.code}  {product.name}" for product in fit[:MOST]]
        if len(fit) > MOST:
            lines.append(known.say("init_more_found", n=len(fit) - MOST))
        if len(needs) > 1 or self.role is Role.GOODS:
            code = next((one.code for one in fitting_products(needs[-1], known)), "CODE")
            lines.append(known.say("init_by_rate", example=f"{rate_name(needs[-1])}={code}"))
        return lines

    def read(self, typed: str, known: Known) -> dict[str, Any]:
        """Take a code, `new CODE`, a dash for none; 15=CODE for a rate; else search."""
        first = need = self._needs(known)[0]
        found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%?\s*=\s*(.*\S)", typed)
        if found and self.role in BY_RATE:
            need, typed = Need(self.role, Rate(Decimal(found[1])), 0), found[2]
        code = self._code(need, typed, known)
        if self.role in MAIN and need.rate == first.rate:
            return {MAIN[self.role]: code}
        table = codes_by_rate(BY_RATE[self.role], known)
        return {BY_RATE[self.role]: {**table, rate_name(need): code}}

    def _code(self, need: Need, typed: str, known: Known) -> str:
        if typed == NONE:
            return ""
        if new := re.fullmatch(r"(?:new|ny)\s+(\S.*)", typed, re.IGNORECASE):
            return judged_code(need, new[1], known)
        codes = {code.casefold(): code for code in known.catalogue.products}
        exact = typed if typed in known.catalogue.products else codes.get(typed.casefold())
        if exact:
            return judged_code(need, exact, known)
        fit = fitting_products(need, known)
        alike = [f"{p.code}  {p.name}" for p in fit if _is_in(typed, f"{p.code} {p.name}")]
        if not alike:
            raise Wrong("init_not_found_or_new", text=typed)
        if len(alike) > MOST:
            more = known.say("init_more_found", n=len(alike) - MOST)
            alike = [*alike[:MOST], more]
        raise Listed(alike)


@dataclass(frozen=True)
class _Foreign(Way):
    """Two products for each foreign VAT rate; orders whose rate has none are held."""

    def shown(self, known: Known) -> str:
        held, table = known.say("init_held"), self._table(known)
        rates = foreign_needs(known)
        return ", ".join(
            f"{need.rate.country} {percent(need.rate.percent)} %: {_codes(table.get(name)) or held}"
            for name, need in rates.items()
        )

    def _table(self, known: Known) -> dict[str, Any]:
        said = known.value(self.path)
        return dict(said) if isinstance(said, Mapping) else {}

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
        net, _, vat = (part.strip() for part in text.partition("+"))
        codes = {"product": net, "vat_product": vat} if vat else net
        chosen = "" if text == NONE else judged_foreign(needs[name], codes, known)
        table = {n: c for n, c in {**self._table(known), name: chosen}.items() if c}
        return {self.path: table or "hold"}


def _codes(named: Any) -> str:
    return " + ".join(named.values()) if isinstance(named, Mapping) else str(named or "")


@dataclass(frozen=True)
class _Collective(Way):
    """One customer number for all private persons, or a card for each of them."""

    def shown(self, known: Known) -> str:
        number = known.value(_NUMBER) if known.value(self.path) == "collective" else None
        return str(number or known.say("init_collective_none"))

    def lines(self, known: Known) -> list[str]:
        return [known.say("init_collective_offer", n=persons_a_month(known))]

    def read(self, typed: str, known: Known) -> dict[str, Any]:
        """Take a customer number, or a dash for a card each."""
        if typed == NONE:
            return {self.path: "individual"}
        return {_NUMBER: taken(_NUMBER, typed, known.language), self.path: "collective"}


@dataclass(frozen=True)
class Keys(Way):
    """The keys of a system: they are asked for anew, and tried. `path` is the first of them."""

    def shown(self, known: Known) -> str:
        """Return the name of the shop or the company."""
        if self.path == URL:
            shop = known.shop.name if known.shop else ""
            return shop or str(known.value(self.path))
        return known.books.name if known.books else ""


# -- the rows --------------------------------------------------------------------------------------


def _statuses(known: Known) -> dict[str, str]:
    chosen = known.value("woocommerce.statuses")
    found = known.shop.statuses if known.shop else ()
    used = (s for s in found if s.orders or s.slug in chosen or s.slug == "completed")
    return {s.slug: f"{s.name} ({s.orders})" for s in used} or {slug: slug for slug in chosen}


def _methods(known: Known) -> dict[str, str]:
    found = known.shop.methods if known.shop else ()
    return {m.id: f"{m.title or m.id} ({m.orders})" for m in found}


def _paid(known: Known) -> dict[str, str]:
    ids = {method.id for method in paid_methods(known)}
    return {method: text for method, text in _methods(known).items() if method in ids}


def _unpaid(known: Known) -> set[str]:
    return _methods(known).keys() - _paid(known).keys()


def _org_fields(known: Known) -> dict[str, str]:
    usual = BY_PATH["customers.org_number_fields"].default
    found = known.shop.org_number_fields if known.shop else {}
    return {name: f"{name} ({n})" for name, n in found.items() if name not in usual}


def _cards(known: Known) -> dict[str, str]:
    return {sku: f"{sku} ({n})" for sku, n in cards_sold(known).items()}


def _pays(also: Callable[[Known], Any] = lambda _: True) -> Callable[[Known], bool]:
    return lambda known: bool(known.value("payments.register") and also(known))


@dataclass(frozen=True)
class Question:
    """A question: its number, its name in the messages, how it is answered, when it is shown."""

    number: int
    name: str
    kind: Way
    applies: Callable[[Known], Any] = lambda _: True

    def label(self, known: Known) -> str:
        """Return what the row is called."""
        return known.say(f"init_row_{self.name}")

    def question(self, known: Known) -> str:
        """Return the question: of the thirteen as the settings declare it, else the label."""
        key = BY_PATH.get(self.kind.path)
        if key is None or not key.question:
            return self.label(known)
        english = re.match(r"[^?;.:]*\??", key.text)
        return key.nb if known.language == "nb" else english[0] if english else key.text

    def about(self, known: Known) -> str:
        """Return what `?` explains."""
        return known.say(f"init_about_{self.name}")


def _invoices(known: Known) -> Any:
    return known.value("invoices.create")


def _products(role: Role) -> _Products:
    return _Products(MAIN.get(role) or BY_RATE[role], role=role)


def _one_of(name: str, path: str) -> _OneOf:
    return (_Invoicing if name == "create" else _OneOf)(path, name=name)


_ROUNDING = _products(Role.ROUNDING)
ROWS = (
    Question(1, "statuses", _SomeOf("woocommerce.statuses", items=_statuses, may_be_none=False)),
    Question(2, "number", _one_of("number", "orders.write_number_to")),
    Question(3, "create", _one_of("create", "invoices.create")),
    Question(4, "when", _one_of("when", "invoices.when"), _invoices),
    Question(5, "register", _one_of("register", "payments.register")),
    Question(6, "type", _one_of("type", "payments.default_type"), _pays()),
    Question(7, "freight", _products(Role.FREIGHT)),
    Question(8, "freight_text", Way("shipping.description", "init_freight_text_none")),
    Question(9, "discount", _products(Role.DISCOUNT)),
    Question(10, "discount_text", Way("discounts.description")),
    Question(11, "prefix", Way("orders.number_prefix")),
    Question(12, "transfer", _one_of("transfer", "discounts.transfer_vat")),
    Question(13, "companies", _one_of("companies", "customers.companies_as_private")),
    Question(14, "unknown", _one_of("unknown", "products.unknown"),
             lambda known: domestic_needs(Role.GOODS, known)),
    Question(15, "goods", _products(Role.GOODS),
             lambda known: known.value("products.unknown") != "hold"),
    Question(16, "fee", _products(Role.FEE), lambda known: domestic_needs(Role.FEE, known)),
    Question(17, "rounding", _ROUNDING, _ROUNDING.lacks),
    Question(18, "gift_card", _products(Role.GIFT_CARD),
             lambda known: known.needs(Role.GIFT_CARD)),
    Question(19, "skus", _SomeOf("gift_cards.skus", items=_cards), _cards),
    Question(20, "foreign", _Foreign("vat.foreign"), foreign_needs),
    Question(21, "accounts", _Accounts("payments.accounts"), _pays(paid_methods)),
    Question(31, "payouts", _Payouts("payouts.vipps"), _pays(providers_in_use)),
    Question(23, "unpaid", _SomeOf("payments.unpaid_methods", items=_methods), _pays(_methods)),
    Question(24, "cash", _Cash("payments.types", items=_paid), _pays(
        lambda known: "cod" in _paid(known) or known.value("payments.types"))),
    Question(22, "delivery_unpaid", _one_of("delivery", "invoices.delivery_unpaid"),
             lambda known: _invoices(known) and _unpaid(known)),
    Question(25, "delivery", _one_of("delivery", "invoices.delivery"), _invoices),
    Question(26, "org_fields", _SomeOf("customers.org_number_fields", items=_org_fields),
             _org_fields),
    Question(32, "collective", _Collective("customers.private"),
             lambda known: persons_a_month(known) >= MANY or known.value(_NUMBER)),
    Question(27, "day", _Day(DAY)),
    Question(28, "shop", Keys(URL)),
    Question(29, "poweroffice", Keys(APPLICATION)),
    Question(30, "storage", _one_of("storage", STORAGE)),
)  # fmt: skip


def row_named(text: str) -> Question | None:
    """Return the row with a number, or whose label in either language is this or begins so."""
    if text.isdecimal():
        return next((row for row in ROWS if row.number == int(text)), None)
    labels = [
        (say(f"init_row_{r.name}", lang).casefold(), r) for r in ROWS for lang in ("nb", "en")
    ]
    part = text.casefold()
    exact = [row for label, row in labels if label == part]
    alike = [row for label, row in labels if len(part) > 1 and label.startswith(part)]
    return next(iter(exact or alike), None)
