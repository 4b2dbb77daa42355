"""Which account of the chart a payment method is settled on, as far as names tell. Pure."""

import re

from woo2po.catalogue import Account
from woo2po.holds import Hold, texts_of
from woo2po.mapping.payment import account_named
from woo2po.mapping.vat import vat_rate
from woo2po.survey.shop import MethodInUse
from woo2po.wizard.kinds import Wrong
from woo2po.wizard.searched import Item
from woo2po.wizard.state import State

CASH_BY_NAME = frozenset({"cod"})  # WooCommerce's own "cash on delivery"
# What PowerOffice's own examples settle on which number (poweroffice/facts.md,
# "Vouchers and the ledger"); taken only where the chart's name for it does not say otherwise.
_USUAL = {"vipps": 1903, "klarna": 1904}
_CARDS = re.compile(
    r"card|kort|visa|stripe|nets|dibs|dintero|easy|svea|swedbank|payex|bambora|quickpay|adyen"
    r"|woocommerce_payments|worldline|elavon"
)
_ANYBODYS = frozenset({"payment", "payments", "checkout", "betaling", "with", "med", "gateway",
                       "woocommerce", "oppgjør", "konto", "nettbutikk"})  # fmt: skip


def methods_in_use(state: State) -> list[MethodInUse]:
    """Return the payment methods that orders have, and those that the shop offers."""
    return list(state.shop.methods) if state.shop else []


def account_items(state: State) -> tuple[Item, ...]:
    """Return the accounts that a payment can be posted on, those of banks and cash first."""
    usable = [a for a in state.catalogue.accounts.values() if _is_usable(a, state)]
    ordered = sorted(usable, key=lambda a: (not 1900 <= a.number < 2000, a.number))
    return tuple(Item(account.number, account.name) for account in ordered)


def _is_usable(account: Account, state: State) -> bool:
    # 1500 takes postings by customer only (poweroffice/facts.md, "Vouchers and the ledger").
    if not str(account.number).startswith("1") or account.number == 1500 or vat_rate(account):
        return False
    return not isinstance(account_named(account.number, "", state.catalogue), Hold)


def judged_account(value: object, key: str, state: State) -> int:
    """Return the number of an account that payments can be posted on. Raises Wrong."""
    text = str(value).strip()
    if isinstance(value, bool) or not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Wrong("init_no_account", text=text)
    found = account_named(int(text), key, state.catalogue)
    if isinstance(found, Hold):
        raise Wrong(found.code, **texts_of(found.facts))
    return found.number


def suggested_account(method: MethodInUse, state: State) -> int | None:
    """Return the account that bears the method's name, or that cards go to; None if none does."""
    named = f"{method.id} {method.title}".casefold()
    words = {w for w in re.split(r"[\W_\d]+", named) if len(w) > 3} - _ANYBODYS
    if found := _named(words, state):
        return found
    for word, number in _USUAL.items():
        account = state.catalogue.accounts.get(number)
        if word in named and account is not None and not account.name:
            return number
    return _named({"kort", "card"}, state) if _CARDS.search(named) else None


def _named(words: set[str], state: State) -> int | None:
    for item in account_items(state):
        name = item.text.casefold()
        if any(word in name for word in words):
            return int(item.value)
    return None


def cash_account(state: State) -> int | None:
    """Return the account of cash where the chart has it."""
    number = int(state.value("payments.cash_account"))
    return number if any(item.value == number for item in account_items(state)) else None
