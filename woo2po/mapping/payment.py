"""The invoice of an order and the money on it: which day, how it is sent, account and journal."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from woo2po.config import Settings
from woo2po.documents import (
    Account,
    Catalogue,
    Delivery,
    InvoiceWanted,
    NotYet,
    PaymentWanted,
    VoucherKind,
)
from woo2po.holds import Hold
from woo2po.mapping.capture import (
    Money,
    capture_of,
    check_gateway,
    gateway_of,
    is_too_early,
    told_of_money,
)
from woo2po.mapping.customer import customer_of
from woo2po.mapping.values import CANCELLED_TEXT, REFUND_TEXT, Basis, fitted, hold, or_hold
from woo2po.money import ZERO, Fact, percent, round_ore, same_amount
from woo2po.order import LONGEST_NUMBER, Order, Refund


def open_day(day: date, basis: Basis) -> tuple[date, date | None]:
    """Return the day to book on and, where a locked period moved it, the day it should have had.

    Raises Stopped (a Hold) for a day that is still to come, or in a locked period where
    `invoices.locked_period` is "hold".
    """
    if day > basis.today:
        raise hold("day_in_future", day=day, today=basis.today)
    locked = basis.catalogue.lock_date
    if locked is None or day > locked:
        return day, None
    if basis.settings.invoices.locked_period == "hold":
        raise hold("period_locked", day=day, locked=locked)
    first = locked + timedelta(days=1)
    if first > basis.today:
        raise hold("locked_ahead", day=day, locked=locked)
    return first, day


# An order in one of these is not completed, though it may have been ("completed" and back).
NOT_COMPLETED = frozenset({"pending", "processing", "on-hold", "cancelled", "failed", "trash"})


@or_hold
def invoice_of(order: Order, basis: Basis) -> InvoiceWanted | NotYet:
    """Return how an order that may be transferred is invoiced, or why not (yet).

    NotYet: "left_to_a_person" (question 3), "not_completed" (question 4).
    """
    settings = basis.settings
    if not settings.invoices.create:
        return NotYet("left_to_a_person")
    moment = _moment(order, settings)
    if moment is None:
        return NotYet("not_completed")
    day, moved_from = open_day(settings.day_of(moment), basis)
    check_gateway(order)
    prepaid = is_prepaid(order, settings)
    capture = capture_of(order, settings) if order.total and prepaid else None
    delivery, email = delivery_of(order, settings)
    if delivery is None and is_to_be_paid(order, settings):
        raise hold("invoice_email_missing", delivery=settings.invoices.delivery_unpaid)
    due = day if prepaid and not (capture and capture.short) else None
    return InvoiceWanted(day, due, delivery or Delivery.NONE, email, moved_from)


def _moment(order: Order, settings: Settings) -> datetime | None:
    if settings.invoices.when == "processing":
        return order.date_paid_gmt or order.date_created_gmt
    if order.status == "completed" and order.date_completed_gmt is None:
        raise hold("completed_without_day")
    return _completed(order)


def _completed(order: Order) -> datetime | None:
    return None if order.status in NOT_COMPLETED else order.date_completed_gmt


def day_completed(order: Order, settings: Settings) -> date | None:
    """Return the day on which an order was completed, which is when its goods were sent."""
    moment = _completed(order)
    return settings.day_of(moment) if moment else None


def delivery_of(
    order: Order, settings: Settings, *, credited: bool = False
) -> tuple[Delivery | None, str]:
    """Return how an invoice leaves PowerOffice and the e-mail; None where it would reach nobody.

    What is `credited` goes as its invoice did. Left to PowerOffice ("auto"), a company with an
    organisation number may get it as EHF without an address.
    """
    sought, _ = customer_of(order, settings)
    keys, unpaid = settings.invoices, is_to_be_paid(order, settings, credited=credited)
    wanted = Delivery(keys.delivery_unpaid if unpaid else keys.delivery)
    email = sought.customer.email
    if wanted is Delivery.NONE or email:
        return wanted, email
    by_ehf = wanted is Delivery.AUTO and sought.organization_number != ""
    return (wanted if by_ehf else None), ""


def is_prepaid(order: Order, settings: Settings) -> bool:
    """Tell whether the order's payment method pays before the invoice, not by it."""
    return order.payment_method not in settings.payments.unpaid_methods


def is_to_be_paid(order: Order, settings: Settings, *, credited: bool = False) -> bool:
    """Tell whether something is left to pay by the invoice: nobody has paid, or promised to, or the
    order was raised since.

    What contradicts itself was paid in some way. `credited`: whether it was when it was invoiced,
    also of an order that is off by now, and its reservation with it.
    """
    if not order.total or not is_prepaid(order, settings):
        return bool(order.total)
    promised = {Money.CAPTURED, Money.RESERVED}
    if credited:
        order = order.model_copy(update={"status": "processing"})
        promised.add(Money.CANCELLED)
    capture = told_of_money(order, settings)
    return capture is not None and (capture.short or capture.money not in promised)


def is_more_to_come(order: Order, settings: Settings, noted: Decimal) -> bool:
    """Tell whether more was promised that the job books than the kroner that are, or are to be."""
    capture = told_of_money(order, settings) if _is_registered(order, settings) else None
    return capture is not None and round_ore(capture.amount + capture.left) > noted


def why_nothing_comes(order: Order, settings: Settings) -> Hold | None:
    """Return the hold of an order that goes on and nobody has promised to pay (the rest of) any
    more, though it was invoiced as one that is paid: by the provider's doing, or by another
    payment method.
    """
    kept = order.total > order.refunded and order.status != "refunded"
    if not kept or not is_to_be_paid(order, settings):
        return None
    owed = order.total
    if capture := told_of_money(order, settings):
        before = (one.total for one in order.refunds if one.id in capture.before)
        owed -= capture.amount + sum(before, ZERO)
    facts: dict[str, Fact] = {"method": order.payment_method, "total": round_ore(owed)}
    return Hold("reservation_gone", facts)


def has_come(order: Order, settings: Settings) -> bool:
    """Tell whether there is money of the order that the job books."""
    capture = told_of_money(order, settings) if _is_registered(order, settings) else None
    return capture is not None and capture.money is Money.CAPTURED


@or_hold
def payment_of(
    order: Order, basis: Basis, booked: Decimal = ZERO, noted: PaymentWanted | None = None
) -> PaymentWanted | None:
    """Return what is to be booked on an order's invoice, or None where that is nothing (yet).

    That is what was captured in all but for the kroner `booked` before, on the day of the capture.
    `noted` is what was to be booked earlier, on an earlier day, or one that only the job has seen:
    it goes first, be it a part.
    """
    settings = basis.settings
    if not _is_registered(order, settings) or not order.total:
        return None
    capture = capture_of(order, settings)
    amount = round_ore(capture.amount - booked)
    if capture.moment is None or amount <= ZERO:
        return None
    day = settings.day_of(capture.moment)
    if (
        noted is not None
        and ZERO < noted.amount <= amount
        and (noted.day < day or is_too_early(capture.moment, order))
    ):
        day, amount = noted.day, noted.amount
    return _wanted(order, amount, day, basis)


@or_hold
def taken_back(order: Order, booked: Decimal, basis: Basis) -> PaymentWanted | None:
    """Return what takes out money that was booked of an order which is off: at a reservation that
    is cancelled now, or given back with the provider alone, in part at least; a Hold where that
    and the refunds are not all of it.
    """
    capture = capture_of(order, basis.settings)
    gone = booked if capture.money is Money.CANCELLED else capture.unnoted
    gone = gone + order.refunded if gone and gone < booked else gone
    if not booked or not gone:
        return None
    if not same_amount(gone, booked):
        sums = {"refunded": gone, "total": order.total}
        raise hold("refunded_in_part_after_cancellation", **sums)
    return _wanted(order, -booked, basis.today, basis, CANCELLED_TEXT)


def payback_of(order: Order, refund: Refund, basis: Basis) -> PaymentWanted | None:
    """Return the money's way back on the day of the refund, or None if none is booked.

    Only what was captured comes back, and only as `refunds.register_payment` says.
    """
    if not goes_back(order, refund, basis.settings):
        return None
    day, text = basis.settings.day_of(refund.date_created_gmt), REFUND_TEXT.format(id=refund.id)
    amount = min(round_ore(refund.amount), capture_of(order, basis.settings).amount)
    return _wanted(order, -amount, day, basis, text)


@or_hold
def payback_of_cancelled(
    order: Order, refunds: Sequence[Refund], of_day: Sequence[Refund], basis: Basis
) -> PaymentWanted | None:
    """Return the way back of the money of an order that was credited whole when it was cancelled,
    as far as it is of some of its refunds, made on one day.

    None where these are not to be booked; a Hold where all are not what was captured.
    """
    settings = basis.settings
    all_back, back = (
        round_ore(sum((one.amount for one in ones if goes_back(order, one, settings)), ZERO))
        for ones in (refunds, of_day)
    )
    if not all_back:
        return None
    sums = {"refunded": all_back, "total": order.total}
    captured = capture_of(order, settings).amount
    if all_back > captured and not same_amount(all_back, captured):
        raise hold("refunds_exceed_total", **sums)
    if not same_amount(all_back, captured):
        raise hold("refunded_in_part_after_cancellation", **sums)
    day = settings.day_of(of_day[0].date_created_gmt)
    return _wanted(order, -back, day, basis, CANCELLED_TEXT) if back else None


def goes_back(order: Order, refund: Refund, settings: Settings) -> bool | None:
    """Tell whether a refund's money is booked back; False: the shop returned it in another way than
    by the payment method, as both say. None: it is not the job's, or none had come before.
    """
    rule = settings.refunds.register_payment
    if rule == "never" or not _is_registered(order, settings):
        return None
    capture = capture_of(order, settings)
    if capture.money is not Money.CAPTURED or refund.id in capture.before:
        return None
    return rule == "always" or refund.refunded_payment or refund.id in capture.returned


def _is_registered(order: Order, settings: Settings) -> bool:
    return settings.payments.register_ and is_prepaid(order, settings)


def journal_of(method: str, settings: Settings) -> VoucherKind:
    """Return the journal that a payment method's money is posted in (question 6)."""
    return VoucherKind(settings.payments.types.get(method, settings.payments.default_type))


@or_hold
def clearing_account(method: str, settings: Settings, catalogue: Catalogue) -> Account:
    """Return the account that a payment method's money is posted on, or why orders are held."""
    return _account(*account_number(method, settings), catalogue)


def _wanted(
    order: Order, amount: Decimal, day: date, basis: Basis, text: str = ""
) -> PaymentWanted:
    """Return money as it is booked: on `day`, or on the first open one."""
    day, _ = open_day(day, basis)
    method, settings = order.payment_method, basis.settings
    account = _account(*account_number(method, settings), basis.catalogue)
    kind = journal_of(method, settings)
    says = " ".join(filter(None, (method, _transaction(order), text)))
    return PaymentWanted(kind, account.id, account.number, day, amount, order.currency, says)


def _account(number: int, key: str, catalogue: Catalogue, vat_code: str = "") -> Account:
    """Return the account that a key of the settings names if payments can be posted on it.

    `vat_code` is one that it may have.
    """
    account = catalogue.accounts.get(number)
    facts: dict[str, Fact] = {"account": number, "key": key}
    if account is None:
        raise hold("payment_account_missing", **facts)
    if not account.active:
        raise hold("payment_account_inactive", **facts)
    if account.vat_code is not None and account.vat_rate and account.vat_code.code != vat_code:
        rate = percent(account.vat_rate)
        raise hold("payment_account_with_vat", **facts, code=account.vat_code.code, rate=rate)
    # A voucher's line names a dimension by its id, which the configuration does not have.
    if account.needs_department:
        raise hold("payment_account_department", **facts)
    if account.needs_project:
        raise hold("payment_account_project", **facts)
    return account


account_named = or_hold(_account)


def account_number(method: str, settings: Settings) -> tuple[int, str]:
    """Return a payment method's clearing account and its key. Raises Stopped if none does."""
    payments = settings.payments
    if method in payments.accounts:
        return payments.accounts[method], f"payments.accounts.{method}"
    # Whatever it is called, a gateway settles all its methods alike: Vipps through Nexi is Nexi's.
    gateway = gateway_of(method)
    for other, number in payments.accounts.items():
        if gateway is not None and gateway_of(other) is gateway:
            return number, f"payments.accounts.{other}"
    if journal_of(method, settings) is VoucherKind.CASH:
        return payments.cash_account, "payments.cash_account"
    if payments.bank_account is not None:
        return payments.bank_account, "payments.bank_account"
    if not method:
        raise hold("payment_method_missing")
    raise hold("payment_account_not_set", method=method)


def _transaction(order: Order) -> str:
    """Return the provider's own id of a payment, or "" where it names the buyer."""
    said = fitted(order.transaction_id, LONGEST_NUMBER)
    buyer = order.billing
    digits = "".join(sign for sign in buyer.phone if sign.isdigit())[-8:]
    known = (buyer.first_name, buyer.last_name, buyer.email, digits)
    named = any(len(one) > 3 and one.lower() in said.lower() for one in known)
    return "" if named else said
