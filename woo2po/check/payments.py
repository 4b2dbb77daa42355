"""Judging how the shop is paid: each method in use, the account it goes to, who registers it."""

from collections.abc import Iterator
from dataclasses import dataclass

from woo2po.catalogue import Catalogue
from woo2po.check.finding import Finding, Level, fine, listed, told
from woo2po.documents import VoucherKind
from woo2po.holds import Hold
from woo2po.mapping.payment import account_named, clearing_account, journal_of
from woo2po.settings import Settings
from woo2po.survey.shop import MethodInUse

_POSTED = {VoucherKind.BANK: "check_method_bank", VoucherKind.CASH: "check_method_cash"}


@dataclass(frozen=True, slots=True)
class _Key:
    """A key of the settings that names an account of payments."""

    name: str
    number: int


def methods_of(methods: tuple[MethodInUse, ...]) -> list[MethodInUse]:
    """Return the methods that orders were paid by, or that customers can choose."""
    return [method for method in methods if method.orders or method.enabled]


def judge_payments(
    settings: Settings, catalogue: Catalogue | None, methods: tuple[MethodInUse, ...]
) -> Iterator[Finding]:
    """Yield where the money of each method goes; without a catalogue only what is in use."""
    used = methods_of(methods)
    if not settings.payments.register_:
        named = listed((f"{method.id} ({method.orders})" for method in used), 10)
        yield told("check_payments_by_hand", methods=named or "-")
    elif catalogue is not None:
        found = [_method(method, settings, catalogue) for method in used]
        yield from found
        told_of = {str(one.reason.facts.get("key", "")) for one in found if one.reason is not None}
        yield from _other_accounts(settings, catalogue, {method.id for method in used}, told_of)


def _method(method: MethodInUse, settings: Settings, catalogue: Catalogue) -> Finding:
    # Its title is left out: some plugins write the card, or the buyer, into an order's.
    facts = {"method": method.id, "n": str(method.orders)}
    if method.id in settings.payments.unpaid_methods:
        return fine("check_method_unpaid", **facts)
    account = clearing_account(method.id, settings, catalogue)
    if isinstance(account, Hold):
        level = Level.HELD if method.orders else Level.WARNING
        return Finding("check_method_lacks", level, facts, account)
    code = _POSTED[journal_of(method.id, settings)]
    return fine(code, **facts, account=account.number, account_name=account.name or "-")


def _other_accounts(
    settings: Settings, catalogue: Catalogue, used: set[str], told_of: set[str]
) -> Iterator[Finding]:
    """Yield what is wrong with accounts that are named for what no order was paid by."""
    payments = settings.payments
    keys = [
        _Key(f"payments.accounts.{method}", number)
        for method, number in payments.accounts.items()
        if method not in used
    ]
    if payments.bank_account is not None:
        keys.append(_Key("payments.bank_account", payments.bank_account))
    if "cash" in {payments.default_type, *payments.types.values()}:
        keys.append(_Key("payments.cash_account", payments.cash_account))
    fit = []
    for key in (key for key in keys if key.name not in told_of):
        account = account_named(key.number, key.name, catalogue)
        if isinstance(account, Hold):
            yield Finding("check_account_unfit", Level.WARNING, {"key": key.name}, account)
        else:
            fit.append(f"{key.number} ({key.name})")
    if fit:
        yield fine("check_accounts_fit", accounts=listed(fit))
