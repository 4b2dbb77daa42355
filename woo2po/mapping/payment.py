"""The money that an order brought, and a refund's way back: which account, day and journal."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from woo2po.catalogue import Account, Catalogue
from woo2po.documents import PaymentWanted, VoucherKind
from woo2po.holds import Hold
from woo2po.mapping.days import day_in_shop, open_day
from woo2po.mapping.values import Stopped, hold
from woo2po.mapping.vat import vat_rate
from woo2po.money import ZERO, kroner, percent, round_ore, same_amount
from woo2po.order import Order, Refund
from woo2po.settings import Settings


def is_prepaid(order: Order, settings: Settings) -> bool:
    """Tell whether the order's payment method pays before the invoice, not by it."""
    return order.payment_method not in settings.payments.unpaid_methods


def payment_of(
    order: Order, settings: Settings, catalogue: Catalogue, today: date
) -> PaymentWanted | Hold | None:
    """Return the payment to book on an order's invoice, or None where there is none (yet).

    None too while the shop does not say that the order is paid: `date_paid` may come later.
    `today` is the day in the shop's zone.
    """
    if not _booked_here(order, settings) or order.date_paid_gmt is None or not order.total:
        return None
    try:
        day, _ = open_day(day_in_shop(order.date_paid_gmt, settings), settings, catalogue, today)
        return _wanted(order, round_ore(order.total), day, settings, catalogue)
    except Stopped as stopped:
        return stopped.as_hold()


def payback_of(
    order: Order, refund: Refund, day: date, settings: Settings, catalogue: Catalogue
) -> PaymentWanted | None:
    """Return the money's way back on the `day` of the credit note, or None if none is booked.

    Only what was paid comes back, and only as `refunds.register_payment` says. Raises Stopped
    (a Hold) where the payment method has no account that fits.
    """
    if not _is_returned(order, refund, settings):
        return None
    return _wanted(order, -round_ore(refund.amount), day, settings, catalogue)


def payback_of_cancelled(
    order: Order, refunds: Sequence[Refund], settings: Settings, catalogue: Catalogue, today: date
) -> PaymentWanted | Hold | None:
    """Return the way back of the money of an order that was credited whole when it was cancelled.

    None where the refunds are not to be booked; a Hold where they are not the whole amount.
    `today` is the day in the shop's zone.
    """
    returned = [refund for refund in refunds if _is_returned(order, refund, settings)]
    if not returned:
        return None
    amount = sum((refund.amount for refund in returned), ZERO)
    if not same_amount(amount, order.total):
        facts = {"refunded": kroner(round_ore(amount)), "total": kroner(order.total)}
        return Hold("refunded_in_part_after_cancellation", facts)
    try:
        day = max(day_in_shop(refund.date_created_gmt, settings) for refund in returned)
        booked, _ = open_day(day, settings, catalogue, today)
        return _wanted(order, -round_ore(order.total), booked, settings, catalogue)
    except Stopped as stopped:
        return stopped.as_hold()


def is_returned_outside(order: Order, refund: Refund, settings: Settings) -> bool:
    """Tell whether money of a paid order was returned, but not by its payment method."""
    booked = _booked_here(order, settings) and order.date_paid_gmt is not None
    by_method = settings.refunds.register_payment == "gateway"
    return booked and by_method and not refund.refunded_payment


def _is_returned(order: Order, refund: Refund, settings: Settings) -> bool:
    rule = settings.refunds.register_payment
    returned = rule == "always" or (rule == "gateway" and refund.refunded_payment)
    return returned and _booked_here(order, settings) and order.date_paid_gmt is not None


def _booked_here(order: Order, settings: Settings) -> bool:
    return settings.payments.register_ and is_prepaid(order, settings)


def journal_of(method: str, settings: Settings) -> VoucherKind:
    """Return the journal that a payment method's money is posted in (question 6)."""
    return VoucherKind(settings.payments.types.get(method, settings.payments.default_type))


def clearing_account(method: str, settings: Settings, catalogue: Catalogue) -> Account | Hold:
    """Return the account that a payment method's money is posted on, or why orders are held."""
    try:
        return _account(*_account_number(method, settings), catalogue)
    except Stopped as stopped:
        return stopped.as_hold()


def account_named(number: int, key: str, catalogue: Catalogue) -> Account | Hold:
    """Return the account that a key of the settings names if payments can be posted on it."""
    try:
        return _account(number, key, catalogue)
    except Stopped as stopped:
        return stopped.as_hold()


def _wanted(
    order: Order, amount: Decimal, day: date, settings: Settings, catalogue: Catalogue
) -> PaymentWanted:
    method = order.payment_method
    account = _account(*_account_number(method, settings), catalogue)
    kind = journal_of(method, settings)
    return PaymentWanted(kind, account.id, account.number, day, amount, order.currency)


def _account(number: int, key: str, catalogue: Catalogue) -> Account:
    account = catalogue.accounts.get(number)
    if account is None:
        raise hold("payment_account_missing", account=str(number), key=key)
    _check(account, key)
    return account


def _account_number(method: str, settings: Settings) -> tuple[int, str]:
    """Return the clearing account of a payment method, and the key that names it."""
    payments = settings.payments
    if method in payments.accounts:
        return payments.accounts[method], f"payments.accounts.{method}"
    if journal_of(method, settings) is VoucherKind.CASH:
        return payments.cash_account, "payments.cash_account"
    if payments.bank_account is not None:
        return payments.bank_account, "payments.bank_account"
    if not method:
        raise hold("payment_method_missing")
    raise hold("payment_account_not_set", method=method)


def _check(account: Account, key: str) -> None:
    """Raise Stopped (a Hold) for an account that a payment cannot be posted on."""
    facts = {"account": str(account.number), "key": key}
    if not account.active:
        raise hold("payment_account_inactive", **facts)
    if account.vat_code is not None and vat_rate(account) != ZERO:
        rate = percent(vat_rate(account))
        raise hold("payment_account_with_vat", **facts, code=account.vat_code.code, rate=rate)
    # A voucher's line names a dimension by its id, which the configuration does not have.
    if account.needs_department:
        raise hold("payment_account_department", **facts)
    if account.needs_project:
        raise hold("payment_account_project", **facts)
