"""The accounts of payments: which are proposed, shown and answered for the methods in use. Pure."""

import re
from typing import Any

from woo2po.config.sections import PROVIDERS
from woo2po.documents import Account
from woo2po.holds import Hold
from woo2po.inventory import MethodInUse
from woo2po.mapping.capture import provider_of
from woo2po.mapping.payment import account_named
from woo2po.setup.known import NONE, Known, Question, Wrong, cell

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


def _providers(known: Known) -> list[str]:
    """Return the providers who pay out what the methods in use bring, as their sections are."""
    return sorted({provider_of(method.id) for method in paid_methods(known)} - {""})


def propose_payments(known: Known) -> None:
    """Propose an account for each method, and which of them are paid in cash."""
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
    if cash not in {account.number for account in _accounts(known)}:
        cash = 0
    paid_to = {m: (cash if types.get(m, default) == "cash" else n) or 0 for m, n in likely.items()}
    said = known.value("payments.accounts")
    if "payments.accounts" not in known.fixed and paid_to.keys() - said.keys():
        known.proposed["payments.accounts"] = {**said, **paid_to, **said}


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
        raise Wrong.because(found)
    return found.number


# -- the rows --------------------------------------------------------------------------------------


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
        """Take an account, or a dash for none."""
        number = _read(typed, self.path, known)
        wanted = {"book": bool(number), "bank_account": number or None}
        paths = [f"payouts.{provider}" for provider in _providers(known)]
        return {path: {**known.value(path), **wanted} for path in paths}


ACCOUNTS = _Accounts(
    21, "accounts", "payments.accounts",
    lambda known: known.value("payments.register") and paid_methods(known))  # fmt: skip
PAYOUTS = _Payouts(
    31, "payouts", "payouts.vipps",
    lambda known: known.value("payments.register") and _providers(known))  # fmt: skip
