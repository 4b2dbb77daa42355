"""The products that the orders need: what is proposed, shown and answered, and what lacks. Pure.

They are proposed from those that PowerOffice has; where none will do, one is to be made.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from woo2po.documents import Account, Product
from woo2po.inventory import Role
from woo2po.mapping.values import Rate, Stopped
from woo2po.mapping.vat import DOMESTIC, EXPORTS, LONGEST_CODE, Chooser, is_no_sale, is_no_supply
from woo2po.money import ZERO, percent
from woo2po.report import THIN
from woo2po.setup.known import NONE, Known, Question, Wrong, cell

FULL = Decimal(25)
MOST = 8  # products listed at once


@dataclass(frozen=True, slots=True)
class Missing:
    """A product that is named and PowerOffice lacks; `account` None where none is of use."""

    code: str
    name: str
    rate: str
    account: Account | None


@dataclass(frozen=True)
class _Products(Question):
    """A role's product, and those of its further VAT rates.

    `path` is the key of the main one, `by_rate` that of the others; goods have those alone. `code`
    and `title` are as the README has them: a Norwegian company's, whatever its owner reads.
    `looks` tells products that are for it. What is no sale has its usual `account`.
    """

    role: Role = Role.GOODS
    code: str = ""
    title: str = ""
    looks: str = ""
    by_rate: str = ""
    account: int = 0

    # What it is to carry, and what will do.

    @property
    def _has_main(self) -> bool:
        return self.path != self.by_rate

    def _is_no_sale(self, known: Known) -> bool:
        """Tell whether what it carries stands under no VAT code of sales."""
        return is_no_sale(self.path, known.settings())

    def rates(self, known: Known) -> list[Decimal]:
        """Return the rates that get a product each; first what the main one carries, if there is
        one: 25 % if that is in use, else the commonest; then what it does not carry.
        """
        if self._is_no_sale(known):
            return [ZERO]
        found = known.rates(self.role, every_sku=self.role is Role.GOODS) or {FULL: 0}
        if not self._has_main:
            return [*found]
        main = max(found, key=lambda rate: (rate == FULL, found[rate]))
        product = known.catalogue.products.get(known.value(self.path))
        return [main, *(rate for rate in found if rate != main
                        and not (product and self._carries(product, rate, known)))]  # fmt: skip

    def _table(self, known: Known) -> dict[Decimal, str]:
        said = known.value(self.by_rate) or {}
        return {Decimal(str(rate)): code for rate, code in said.items()}

    def _said(self, table: Mapping[Decimal, str]) -> dict[str, Any]:
        return {self.by_rate: {percent(rate): code for rate, code in sorted(table.items())}}

    def _named(self, known: Known) -> list[tuple[Decimal, str]]:
        """Return each rate with the code that is named for it, "" for none."""
        rates, table = self.rates(known), {} if self._is_no_sale(known) else self._table(known)
        main = [(rates.pop(0), known.value(self.path))] if self._has_main else []
        return [*main, *sorted((dict.fromkeys(rates, "") | table).items(), reverse=True)]

    def _carries(self, product: Product, rate: Decimal, known: Known) -> bool:
        """Tell whether a product carries a rate, on an account that is meant for it."""
        try:
            found = Chooser(known.settings(), known.catalogue).of_key(self.path, product.code, rate)
        except Stopped:
            return False
        return not found.odd and self._suits(found.account, rate, known)

    def _suits(self, account: Account, rate: Decimal, known: Known) -> bool:
        """Tell whether an account has a rate, and is one of sales or none, as is wanted."""
        no_sale = self._is_no_sale(known)
        is_of_kind = is_no_supply(account) if no_sale else account.vat_code is not None
        return account.active and account.vat_rate == rate and is_of_kind

    def _looks_like(self, *names: str) -> bool:
        return bool(re.search(self.looks, " ".join(names).casefold()))

    def _fitting(self, rate: Decimal, known: Known) -> list[Product]:
        """Return the products that carry a rate, those that look like it first.

        First of all that of the usual code, then those that are for it without being told so.
        """

        def rank(product: Product) -> tuple[object, ...]:
            unlike = not self._looks_like(product.code, product.name)
            asked_for = product.standard is None or not self._suits(product.standard, rate, known)
            return product.code.upper() != self._usual(rate)[0], unlike, asked_for, product.code

        def fit() -> list[Product]:
            products = known.catalogue.products.values()
            return sorted((one for one in products if self._carries(one, rate, known)), key=rank)

        # Thousands of products are put in their order once, not for every line that is shown.
        return known.once((self.role, rate, self._is_no_sale(known)), fit)

    # What is proposed.

    def propose(self, known: Known) -> None:
        """Propose a main product, and one for every rate that has none; what was declined stays."""
        if self._has_main and not known.is_said(self.path):
            known.proposed[self.path] = self._proposed(self.rates(known)[0], known)
        if self.by_rate in known.fixed or (self._has_main and not known.value(self.path)):
            return
        said, rates = self._table(known), self.rates(known)[self._has_main :]
        if new := {rate: self._proposed(rate, known) for rate in rates if rate not in said}:
            known.proposed |= self._said(said | new)

    def _proposed(self, rate: Decimal, known: Known) -> str:
        """Return the product that is for a rate, else the code of one to be made."""
        for product in self._fitting(rate, known):
            if self._looks_like(product.code, product.name):
                return product.code
        taken, longer = {c.upper() for c in known.catalogue.products}, self.code + percent(rate)
        tries = (self._usual(rate)[0], longer, *(f"{longer}-{n}" for n in range(2, 100)))
        return next(code for code in tries if code not in taken)

    def _usual(self, rate: Decimal) -> tuple[str, str]:
        """Return the code and the name that the README gives such a product."""
        if self.account or (self._has_main and rate == FULL):
            return self.code, self.title
        title = f"{self.title} {percent(rate)} %" if rate else f"{self.title} uten mva."
        return f"{self.code}{percent(rate)}", title

    # What lacks.

    def missing(self, known: Known) -> Iterator[Missing]:
        for rate, code in self._named(known):
            if code and code not in known.catalogue.products:
                name, account = self._usual(rate)[1], self._account(rate, known)
                yield Missing(code, name, percent(rate), account)

    def _account(self, rate: Decimal, known: Known) -> Account | None:
        """Return the account of a product to be made, or None where the chart has none for it."""
        ranks = {
            account: rank
            for account in known.catalogue.accounts.values()
            if self._suits(account, rate, known)
            and not (account.needs_department or account.needs_project)
            and (rank := self._rank(account, rate)) is not None
        }
        return min(ranks, default=None, key=lambda account: (ranks[account], account.number))

    def _rank(self, account: Account, rate: Decimal) -> int | None:
        """Return how well an account is meant for it, 0 the best; None: not at all.

        A gift card's must be a liability that looks like one: any other would be a guess about what
        the company owes. Rounding may be a cost or an income.
        """
        kind, code = str(account.number)[0], account.vat_code.code if account.vat_code else ""
        if not self.account:
            # Without VAT: sales at home before others, and exports, which are another box, last.
            last = 2 if code in EXPORTS else 1
            return (0 if rate or code in DOMESTIC else last) if kind == "3" else None
        owed = self.role is Role.GIFT_CARD
        if self._looks_like(account.name) and kind in ("2" if owed else "345678"):
            return 0
        return 1 if account.number == self.account else 2 if kind == "7" and not owed else None

    # The row.

    def shown(self, known: Known) -> str:
        """Return each code with its rate; (+) behind those that are to be made."""
        made = known.catalogue.products
        said = [f"{code}{'' if code in made else ' (+)'} {percent(rate)}{THIN}%"
                for rate, code in self._named(known) if code]  # fmt: skip
        return ", ".join(said) or known.say("init_held")

    def lacks(self, known: Known) -> bool:
        return not {code for _, code in self._named(known)} <= known.catalogue.products.keys()

    def lines(self, known: Known) -> list[str]:
        first, *further = self.rates(known)
        fit = [f"{product.code}  {product.name}" for product in self._fitting(first, known)]
        lines = [known.say("init_products", rate=percent(first)), *_first(fit, known)]
        if further or not self._has_main:
            last = [first, *further][-1]
            code = next((one.code for one in self._fitting(last, known)), "CODE")
            lines.append(known.say("init_by_rate", example=f"{percent(last)}={code}"))
        return lines

    def read(self, typed: str, known: Known) -> dict[str, Any]:
        """Take a code, `new CODE`, a dash for none; 15=CODE for a rate; else search."""
        first = rate = self.rates(known)[0]
        found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%?\s*=\s*(.*\S)", typed)
        if found and self.by_rate:
            rate, typed = Decimal(found[1]), found[2]
        code = "" if typed == NONE else self._code(rate, typed, known)
        is_main = self._has_main and rate == first
        return {self.path: code} if is_main else self._said({**self._table(known), rate: code})

    def _code(self, rate: Decimal, typed: str, known: Known) -> str:
        """Return the code of a product that carries it, or of none. Raises Wrong and Stopped."""
        new = re.fullmatch(r"(?:new|ny)\s+(\S.*)", typed, re.IGNORECASE)
        code, there = new[1] if new else typed, known.catalogue.products
        if new and len(code) > LONGEST_CODE:
            raise Wrong("init_no_code", most=str(LONGEST_CODE))
        if code in there:
            Chooser(known.settings(), known.catalogue).of_key(self.path, code, rate)
        if new or code in there:
            return code
        said = typed.casefold()
        fit = {p.code: f"{p.code}  {p.name}" for p in self._fitting(rate, known)}
        if same := [code for code in fit if code.casefold() == said]:
            return same[0]
        if alike := [line for line in fit.values() if said in line.casefold()]:
            raise Wrong("init_alike", lines="\n".join(_first(alike, known)))
        raise Wrong("init_not_found_or_new", text=typed)


def _first(lines: list[str], known: Known) -> list[str]:
    if len(lines) <= MOST:
        return lines
    return [*lines[:MOST], known.say("init_more_found", n=len(lines) - MOST)]


GOODS = _Products(
    15, "goods", "products.fallback_by_rate",
    lambda known: known.value("products.unknown") != "hold",
    code="VARE", title="Vare", looks=r"\bvare|diverse|nettsalg|nettbutikk",
    by_rate="products.fallback_by_rate")  # fmt: skip
FREIGHT = _Products(
    7, "freight", "shipping.product",
    role=Role.FREIGHT, code="FRAKT", title="Frakt", by_rate="shipping.product_by_rate",
    looks=r"frakt|freight|shipping|porto\b|levering")  # fmt: skip
DISCOUNT = _Products(
    9, "discount", "discounts.product", role=Role.DISCOUNT, code="RABATT", title="Rabatt",
    looks=r"rabatt|discount|avslag", by_rate="discounts.product_by_rate")  # fmt: skip
FEE = _Products(
    16, "fee", "fees.product", lambda known: known.rates(Role.FEE),
    role=Role.FEE, code="GEBYR", title="Gebyr", looks=r"gebyr|\bfee",
    by_rate="fees.product_by_rate")  # fmt: skip
ROUNDING = _Products(
    17, "rounding", "products.rounding",
    lambda known: known.value("products.rounding") not in known.catalogue.products,
    role=Role.ROUNDING, code="AVRUND", title="Øreavrunding", looks=r"avrund|\børe(\b|diff)|\bround",
    account=7740)  # fmt: skip
GIFT_CARD = _Products(
    18, "gift_card", "gift_cards.product", lambda known: known.rates(Role.GIFT_CARD),
    role=Role.GIFT_CARD, code="GAVEKORT", title="Gavekort", looks=r"gavekort|gift|tilgodelapp",
    account=2901)  # fmt: skip
PRODUCTS = (GOODS, FREIGHT, DISCOUNT, FEE, GIFT_CARD, ROUNDING)


def missing_products(known: Known) -> list[Missing]:
    """Return the products that the answers name and the company lacks, each code once."""
    found: dict[str, Missing] = {}
    for one in (one for row in PRODUCTS for one in row.missing(known)):
        found.setdefault(one.code, one)
    return list(found.values())


# -- other countries' VAT --------------------------------------------------------------------------


def _foreign_rates(known: Known) -> dict[str, Rate]:
    """Return other countries' VAT that orders have, by the name in the configuration: SE25."""
    return {str(rate): rate for _, rate in known.needs() if rate.country}


class _Foreign(Question):
    """Two products for each foreign VAT rate; orders whose rate has none are held."""

    def _table(self, known: Known) -> dict[str, Any]:
        said = known.value(self.path)
        return said if isinstance(said, dict) else {}

    def shown(self, known: Known) -> str:
        table, shown = self._table(known), []
        for name, rate in _foreign_rates(known).items():
            named = table.get(name, known.say("init_held"))
            codes = " + ".join(named.values()) if isinstance(named, Mapping) else named
            shown.append(f"{rate.country} {percent(rate.percent)} %: {codes}")
        return ", ".join(shown)

    def lines(self, known: Known) -> list[str]:
        """Return what may carry the sale net, then what its VAT, the likeliest first."""
        likely = re.compile(r"oss\b|utenlandsk|foreign|\bmoms", re.IGNORECASE)
        there = (p for p in known.catalogue.products.values() if not p.archived)
        ranked = sorted(there, key=lambda p: (not likely.search(f"{p.code} {p.name}"), p.code))
        free = [(f"{p.code}  {p.name}", p.standard) for p in ranked
                if p.standard in p.accounts and not p.standard.vat_rate]  # fmt: skip
        sales = [line for line, a in free if str(a.number)[0] == "3"]
        owed = [line for line, a in free if str(a.number)[0] == "2" and is_no_supply(a)]
        name = next(iter(_foreign_rates(known)))
        codes = [(lines or ["CODE"])[0].partition("  ")[0] for lines in (sales, owed)]
        facts = {"example": f"{name}={'+'.join(codes)}", "name": name}
        return [known.say("init_foreign_sales"), *sales[:MOST], known.say("init_foreign_owed"),
                *owed[:MOST], known.say("init_foreign_example", **facts)]  # fmt: skip

    def read(self, typed: str, known: Known) -> dict[str, Any]:
        """Take SE25=OSS+OSS-MVA-SE: the sale's product, and that of the VAT; or one alone."""
        rates = _foreign_rates(known)
        name, text = cell(typed, list(rates), f"{next(iter(rates))}=CODE+CODE")
        table = {one: codes for one, codes in self._table(known).items() if one != name}
        if text != NONE:
            net, _, vat = (part.strip() for part in text.partition("+"))
            table[name] = {"product": net, "vat_product": vat} if vat else net
            named = known.settings({self.path: {name: table[name]}})
            Chooser(named, known.catalogue).amount("-", rates[name])
        return {self.path: table or "hold"}


FOREIGN = _Foreign(20, "foreign", "vat.foreign", _foreign_rates)
