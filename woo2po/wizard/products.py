"""Which product of the company suits a need, and which would have to be made. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from woo2po.catalogue import Account, Product
from woo2po.holds import Hold, texts_of
from woo2po.mapping.values import Rate
from woo2po.mapping.vat import DOMESTIC, EXPORTS, LONGEST_CODE, vat_rate
from woo2po.money import ZERO, percent
from woo2po.settings import Settings
from woo2po.survey.needs import Need, Role, carrier_of
from woo2po.wizard.kinds import Wrong
from woo2po.wizard.searched import Item
from woo2po.wizard.state import State

FULL = Decimal(25)
# Codes and names as the README has them: a Norwegian company's, whatever its owner reads.
_BASES = {
    Role.FREIGHT: ("FRAKT", "Frakt"),
    Role.DISCOUNT: ("RABATT", "Rabatt"),
    Role.FEE: ("GEBYR", "Gebyr"),
    Role.GOODS: ("VARE", "Vare"),
    Role.ROUNDING: ("AVRUND", "Øreavrunding"),
    Role.GIFT_CARD: ("GAVEKORT", "Gavekort"),
}
_LOOKS = {
    Role.FREIGHT: re.compile(r"frakt|freight|shipping|porto\b|levering"),
    Role.DISCOUNT: re.compile(r"rabatt|discount|avslag"),
    Role.FEE: re.compile(r"gebyr|\bfee"),
    Role.GOODS: re.compile(r"\bvare|diverse|nettsalg|nettbutikk"),
    Role.ROUNDING: re.compile(r"avrund|\børe|\bround"),
    Role.GIFT_CARD: re.compile(r"gavekort|gift|tilgodelapp"),
}
_ROUNDING_ACCOUNT, _GIFT_CARD_ACCOUNT = 7740, 2965
# Standard VAT codes of sales (SAF-T), and the account that a Norwegian chart usually has for them.
_USUAL = {FULL: ("3", 3000), Decimal(15): ("31", 3030), Decimal(12): ("33", 3050)}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A product that an answer names and PowerOffice lacks; `account` None where none is of use."""

    code: str
    name: str
    need: Need
    account: Account | None


# -- what is there ---------------------------------------------------------------------------------


def fitting_products(need: Need, state: State) -> list[Product]:
    """Return the products that can carry what is needed, those that look like it first."""
    if state.books is None:
        return []
    # Thousands of products are put in their order once, not for every line that is shown.
    key = (need.role, need.rate.percent)
    if key not in state.ranked:
        found = state.books.products_of(need.rate.percent)
        by_likeness = sorted(found, key=lambda p: (_unlikeness(need, p), p.code))
        state.ranked[key] = by_likeness
    return state.ranked[key]


def likely_product(need: Need, state: State) -> Product | None:
    """Return the product that by its name is made for this, or None."""
    found = [
        p for p in fitting_products(need, state) if _looks(need.role, p) and not _is_odd(need, p)
    ]
    return next((p for p in found if is_fit(need, p.code, state)), None)


def lookalikes(need: Need, state: State) -> int:
    """Return how many of the fitting products look like what is needed; they come first."""
    return sum(_looks(need.role, product) for product in fitting_products(need, state))


def _unlikeness(need: Need, product: Product) -> int:
    """Return a rank: the usual code, then a name like it on its standard account, then the rest."""
    if product.code.upper() == usual_code(need):
        return 0
    if not _looks(need.role, product):
        return 3
    return 1 if _rate_of(product.standard) == need.rate.percent else 2


def _looks(role: Role, product: Product) -> bool:
    return bool(_LOOKS[role].search(f"{product.code} {product.name}".casefold()))


def _is_odd(need: Need, product: Product) -> bool:
    """Tell whether it has the rate on an account of exports alone, or only as its second one."""
    accounts = [a for a in (product.standard, product.optional) if _rate_of(a) == need.rate.percent]
    return all(_code_of(account) in EXPORTS for account in accounts)


def _rate_of(account: Account | None) -> Decimal | None:
    return None if account is None else vat_rate(account)


def _code_of(account: Account | None) -> str:
    return account.vat_code.code if account and account.vat_code else ""


def item_of(product: Product) -> Item:
    """Return a product as it is listed: code, name, the VAT rates of its accounts."""
    rates = [vat_rate(a) for a in (product.standard, product.optional) if a is not None]
    said = " / ".join(f"{percent(rate)} %" for rate in dict.fromkeys(rates))
    return Item(product.code, f"{product.name} ({said})" if said else product.name)


# -- judging an answer -----------------------------------------------------------------------------


def judged_code(need: Need, code: str, state: State, *, may_be_new: bool = True) -> str:
    """Return a code that carries what is needed, or that no product has yet. Raises Wrong."""
    if not isinstance(code, str) or not 0 < len(code) <= LONGEST_CODE:
        raise Wrong("init_no_code", most=str(LONGEST_CODE))
    if may_be_new and code not in state.catalogue.products:
        return code
    carrier = carrier_of(need, with_product(need, code, state), state.catalogue)
    if isinstance(carrier, Hold):
        raise Wrong(carrier.code, **texts_of(carrier.facts))
    return code


def is_fit(need: Need, code: str, state: State) -> bool:
    """Tell whether a product of the company carries what is needed."""
    return not isinstance(carrier_of(need, with_product(need, code, state), state.catalogue), Hold)


def with_product(need: Need, code: str, state: State) -> Settings:
    """Return the settings with a product named for a need, and no other for its role."""
    rate = need.rate.percent
    if need.rate.country:
        return state.settings(vat__foreign={str(need.rate): code})
    match need.role:
        case Role.GOODS:
            return state.settings(products__fallback_by_rate={rate: code})
        case Role.ROUNDING:
            return state.settings(products__rounding=code)
        case Role.GIFT_CARD:
            return state.settings(gift_cards__product=code)
        case role:
            keys = {f"{role.value}__product": code, f"{role.value}__product_by_rate": {}}
            return state.settings(**keys)


def carries(need: Need, code: str, state: State) -> bool:
    """Tell whether a main product carries another rate as well, on an account meant for it."""
    carrier = carrier_of(need, with_product(need, code, state), state.catalogue)
    return not isinstance(carrier, Hold) and not carrier.odd


# -- making one ------------------------------------------------------------------------------------


def usual_code(need: Need) -> str:
    """Return the code that the README gives such a product."""
    base = _BASES[need.role][0]
    if need.role in {Role.ROUNDING, Role.GIFT_CARD}:
        return base
    plain = need.role is not Role.GOODS and need.rate.percent == FULL
    return base if plain else f"{base}{percent(need.rate.percent)}"


def new_code(need: Need, state: State) -> str:
    """Return a code for a product to be made: the usual one, else the next that is free."""
    usual, taken = usual_code(need), {code.upper() for code in state.catalogue.products}
    base = _BASES[need.role][0]
    longer = usual if usual != base else f"{base}{percent(need.rate.percent)}"
    tries = (usual, longer, *(f"{longer}-{n}" for n in range(2, 100)))
    return next(code for code in tries if code not in taken)


def name_of(need: Need) -> str:
    """Return the name of a product to be made."""
    name = _BASES[need.role][1]
    if need.role in {Role.ROUNDING, Role.GIFT_CARD}:
        return name
    if not need.rate.percent:
        return f"{name} uten mva."
    plain = need.role is not Role.GOODS and need.rate.percent == FULL
    return name if plain else f"{name} {percent(need.rate.percent)} %"


def accounts_for(need: Need, state: State) -> list[Account]:
    """Return the accounts that a product to be made may stand on, the likeliest first."""
    usable = [account for account in state.catalogue.accounts.values() if _is_usable(account)]
    return sorted(_of_role(need, usable), key=lambda a: (_rank(need, a), a.number))


def _of_role(need: Need, accounts: list[Account]) -> Iterator[Account]:
    starts = {Role.ROUNDING: ("7", "8"), Role.GIFT_CARD: ("2",)}.get(need.role, ("3",))
    for account in accounts:
        of_rate = vat_rate(account) == need.rate.percent and (
            account.vat_code is not None or need.role in {Role.ROUNDING, Role.GIFT_CARD}
        )
        if of_rate and str(account.number).startswith(starts):
            yield account


def _is_usable(account: Account) -> bool:
    return account.active and not account.needs_department and not account.needs_project


def _rank(need: Need, account: Account) -> int:
    if need.role in {Role.ROUNDING, Role.GIFT_CARD}:
        usual = _ROUNDING_ACCOUNT if need.role is Role.ROUNDING else _GIFT_CARD_ACCOUNT
        looks = _LOOKS[need.role].search(account.name.casefold())
        return 0 if looks else 1 if account.number == usual else 2
    if need.rate.percent:
        return 0
    # Without VAT: sales at home before others, and exports, which are another box, last.
    code = _code_of(account)
    return 0 if code in DOMESTIC else 2 if code in EXPORTS else 1


def best_account(need: Need, state: State) -> Account | None:
    """Return the account that a product to be made is put on unless somebody says otherwise.

    None where the chart has none of that VAT rate. A gift card's must be a liability that looks
    like one: any other would be a guess about what the company owes.
    """
    found = accounts_for(need, state)
    if need.role is Role.GIFT_CARD:
        found = [account for account in found if _rank(need, account) < 2]
    return found[0] if found else None


def usual_account(rate: Decimal) -> tuple[str, int]:
    """Return the VAT code and the number that an account of a rate usually has."""
    return _USUAL.get(rate, ("5", 3100))


def item_of_account(account: Account) -> Item:
    """Return an account as it is listed: number, name, VAT."""
    return Item(account.number, f"{account.name} ({percent(vat_rate(account))} %)".strip())


# -- all of them -----------------------------------------------------------------------------------


def named_products(state: State) -> list[tuple[Need, str]]:
    """Return every product that the answers name, each with what it is needed for."""
    found: list[tuple[Need, str]] = []
    for role in (Role.FREIGHT, Role.DISCOUNT, Role.FEE):
        if code := state.value(f"{role.value}.product"):
            found.append((main_need(role, state), code))
        found += _by_rate(role, state.value(f"{role.value}.product_by_rate"))
    found += _by_rate(Role.GOODS, state.value("products.fallback_by_rate"))
    for role, path in (
        (Role.ROUNDING, "products.rounding"),
        (Role.GIFT_CARD, "gift_cards.product"),
    ):
        if code := state.value(path):
            found.append((Need(role, Rate(ZERO), 0), code))
    return found


def _by_rate(role: Role, codes: dict[str, str]) -> list[tuple[Need, str]]:
    return [(Need(role, Rate(Decimal(str(rate))), 0), code) for rate, code in codes.items()]


def wanted_products(state: State) -> list[Wanted]:
    """Return the products that the answers name and the company lacks, each code once."""
    lacking = {code: need for need, code in reversed(named_products(state))}
    return [
        Wanted(code, name_of(need), need, best_account(need, state))
        for code, need in reversed(lacking.items())
        if code not in state.catalogue.products
    ]


def main_need(role: Role, state: State) -> Need:
    """Return the rate that a role's main product carries: 25 % if in use, else the commonest."""
    return max(domestic(role, state), key=lambda need: (need.rate.percent == FULL, need.orders))


def further_needs(role: Role, state: State) -> list[Need]:
    """Return the other rates in use that a role's main product does not carry."""
    code, main = state.value(f"{role.value}.product"), main_need(role, state)
    if code and code in state.catalogue.products:
        return [need for need in domestic(role, state) if not carries(need, code, state)]
    return [need for need in domestic(role, state) if need.rate != main.rate]


def domestic(role: Role, state: State) -> list[Need]:
    """Return what the orders need of a role, other countries' VAT apart; at least one rate."""
    without_vat = role is Role.DISCOUNT and not state.value("discounts.transfer_vat")
    usual = Need(role, Rate(ZERO if without_vat else FULL), 0)
    return [need for need in state.needs(role) if not need.rate.country] or [usual]
