"""Whether an order's money has come: what each payment gateway's plugin wrote into the order.

`date_paid` is no proof of money: most gateways set it at the reservation, and the money comes
with the capture, mostly at shipping (woocommerce/facts.md, "Captures").
"""

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from woo2po.config import Settings
from woo2po.config.sections import PROVIDERS
from woo2po.mapping.values import Stopped, hold
from woo2po.money import SAME_AMOUNT, ZERO, from_ore, round_ore, same_amount
from woo2po.order import EARLIEST, LATEST, Order, RefundSummary

# Keys of the order itself that stand beside the gateways' own in a condition or as a moment.
PAID, COMPLETED = "date_paid", "date_completed"
_SOME, _TRUE, _AMOUNT, _NOTHING = ".+", "1|yes|true", r"0*[1-9]\d{0,14}", "0*|no|false"
_ANYHOW = re.IGNORECASE | re.DOTALL  # in letters of any size, over line breaks
ROUNDED = Decimal("0.5")  # kroner: what a shop of whole kroner may tell above what was captured
_NO_LONGER = frozenset({"cancelled", "failed", "trash", "refunded"})
Conditions = Mapping[str, str]  # meta key: what its value must match as a whole, in any case


@dataclass(frozen=True, slots=True)
class Sign:
    """What says that money was captured: conditions that all hold, and where its day stands.

    The first of `days` that the order has is the moment; `guess` may be too early. `amount` is the
    key of all that was captured, in øre; without one that is the total less earlier refunds.
    """

    when: Conditions
    days: tuple[str, ...]
    amount: str = ""
    guess: str = ""


@dataclass(frozen=True, slots=True)
class Gateway:
    """One gateway: its methods and keys as expressions, and what in its keys says what.

    The first of `signs` is one that no other gateway's order bears. `cancelled` and `test` are
    enough by any one condition. `currency`, `uncapturable` (refunded before the capture, øre),
    `returned` and `remaining` (to be captured) are keys.
    """

    name: str
    methods: str
    keys: str
    signs: tuple[Sign, ...]
    cancelled: tuple[Conditions, ...] = ()
    test: Conditions | None = None
    currency: str = ""
    uncapturable: str = ""
    returned: str = ""
    remaining: str = ""


_VIPPS = "_vipps_captured"
GATEWAYS = (
    Gateway(
        "Vipps", "vipps|vipps_card", "_vipps_(?!recurring_).+",
        (Sign({_VIPPS: _AMOUNT}, ("_vipps_capture_timestamp", COMPLETED), _VIPPS, PAID),
         # Money straight from a bank: there is no capture.
         Sign({"_vipps_api": "banktransfer", PAID: _SOME}, (PAID,))),
        # With something captured it names the whole order all the same.
        ({"_vipps_cancelled": _AMOUNT, _VIPPS: _NOTHING},),
        currency="_vipps_currency", uncapturable="_vipps_noncapturable", returned="_vipps_refunded",
        remaining="_vipps_capture_remaining",
    ),
    Gateway(
        "Vipps Recurring", "vipps_recurring", "_vipps_recurring_.+|_charge_id",
        # Captured is said of a renewal that is only due, too.
        (Sign({"_vipps_recurring_latest_api_status": "CHARGED",
               "_vipps_recurring_pending_charge": _NOTHING}, (PAID, COMPLETED)),),
    ),
    Gateway(
        "Klarna", "klarna_payments(_.+)?|kco", "_wc_klarna_.+|_kom_.+|_kp_.+",
        # A trial of a subscription brings no money.
        (Sign({"_wc_klarna_capture_id": "(?!trial$).+"}, (COMPLETED,)),),
        ({"_wc_klarna_cancelled": _TRUE}, {"_wc_klarna_pending_to_cancelled": _TRUE}),
        {"_wc_klarna_environment": "test|playground"},
    ),
    Gateway(
        "Nexi", "dibs_easy|nets_easy(_.+)?", "_?dibs_.+",
        (Sign({"_dibs_charge_id": _SOME, "dibs_payment_type": "(?!A2A$).*"}, (COMPLETED, PAID)),
         Sign({"dibs_payment_type": "A2A", PAID: _SOME}, (PAID,))),  # Swish: money at once
        ({"_dibs_canceled_amount_id": _SOME},),
    ),
    Gateway(
        "Stripe", "stripe(_.+)?", "_stripe_.+|_wc_stripe_.+",
        (Sign({"_stripe_charge_captured": _TRUE}, (PAID,)),
         # Of another plugin, Payment Plugins for Stripe.
         Sign({"_wc_stripe_charge_status": "succeeded", PAID: _SOME}, (PAID,))),
        test={"_wc_stripe_mode": "test"},
    ),
    Gateway(
        "WooPayments", "woocommerce_payments(_.+)?",
        "_intention_status|_(intent|charge)_id|_wcpay_.+",
        (Sign({"_intention_status": "succeeded"}, (PAID,)),),
        ({"_intention_status": "canceled"},), {"_wcpay_mode": "test"},
    ),
    Gateway(
        "Svea", "svea_checkout(_.+)?", "_svea_co_.+",
        (Sign({"_svea_co_deliver_date": _SOME}, ("_svea_co_deliver_date",)),),
        ({"_svea_co_order_cancelled": _TRUE}, {"_svea_co_cancel_date": _SOME}),
    ),
    Gateway(
        "Dintero", "dintero_checkout(_.+)?", "_(wc_)?dintero_.+",
        (Sign({"_wc_dintero_captured": _SOME, "_wc_dintero_on_hold": ""},
              ("_wc_dintero_captured",)),),
        ({"_wc_dintero_canceled": _SOME}, {"_wc_dintero_rejected": _SOME}),
        {"_wc_dintero_checkout_environment": "test"},
    ),
    Gateway(
        "PayPal", "ppcp-.+", "_ppcp_.+|PayPal Transaction Fee",
        (Sign({"_ppcp_paypal_captured": _TRUE}, (PAID,)),
         Sign({"_ppcp_paypal_intent": "CAPTURE", "_ppcp_paypal_captured": "(?!false$|0$).*",
               PAID: _SOME}, (PAID,))),
        test={"_ppcp_paypal_payment_mode": "sandbox"},
    ),
)  # fmt: skip


class Money(StrEnum):
    """How it stands with an order's money. OPEN: nothing says that any was even promised."""

    CAPTURED = "captured"
    RESERVED = "reserved"
    CANCELLED = "cancelled"
    TEST = "test"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Capture:
    """What an order says of its money, and by which `sign`: a meta key, or a day of the order.

    `amount` is all that was captured so far, in the order's currency; `left` may still come.
    `before` are the refunds (ids) that were made before the capture: they move no money; `returned`
    those by hand in the shop that the gateway says to have given back. `gateway` is "" where no
    gateway's own keys tell. `guessed`: the moment may be too early.
    """

    money: Money
    sign: str
    gateway: str = ""
    amount: Decimal = ZERO
    left: Decimal = ZERO
    moment: datetime | None = None
    before: frozenset[int] = frozenset()
    guessed: bool = False
    returned: frozenset[int] = frozenset()
    unnoted: Decimal = ZERO  # given back with the provider, and no refund of the shop's
    short: bool = False  # less came than the order comes to by now, and no more will


def gateway_of(method: str) -> Gateway | None:
    """Return the gateway of a payment method, if it is known."""
    return next((one for one in GATEWAYS if re.fullmatch(one.methods, method)), None)


def captures_once(method: str) -> bool:
    """Tell whether a method's gateway tells no amount, and so takes all of an order at once."""
    gateway = gateway_of(method)
    return gateway is not None and not any(sign.amount for sign in gateway.signs)


def provider_of(method: str) -> str:
    """Return who pays out what a method brings, as the section under payouts is called, or ""."""
    gateway = gateway_of(method)
    name = re.split("[ _-]", gateway.name if gateway else method)[0].lower()
    return name if name in PROVIDERS else ""


def check_gateway(order: Order) -> None:
    """Raise Stopped (a Hold) where another gateway than the order's says that it has the money."""
    gateway, said = gateway_of(order.payment_method), _said(order)
    for other in GATEWAYS:
        if other is not gateway and _holds(other.signs[0].when, said):
            raise hold("captured_by_another", gateway=other.name, method=order.payment_method)


def capture_of(order: Order, settings: Settings) -> Capture:
    """Return what an order says of its money. Raises Stopped (a Hold) where it cannot be right."""
    check_gateway(order)
    gateway, said = gateway_of(order.payment_method), _said(order)
    if gateway is None or not any(re.fullmatch(gateway.keys, key) for key in said):
        return _by_setting(order, settings)
    sign = next((one for one in gateway.signs if _holds(one.when, said)), None)
    off = next((one for one in gateway.cancelled if _holds(one, said)), None)
    if gateway.test and _holds(gateway.test, said):
        return Capture(Money.TEST, _first(gateway.test), gateway.name)
    if sign is None:
        gone = off is not None or order.status in _NO_LONGER
        key = _first(off or gateway.signs[0].when)
        return _not_captured(order, Money.CANCELLED if gone else Money.RESERVED, key, gateway.name)
    if off is not None:
        raise hold("captured_and_cancelled", gateway=gateway.name, key=_first(off))
    return _captured(order, settings, gateway, sign, said)


def is_too_early(moment: datetime, order: Order) -> bool:
    """Tell whether money was seen reserved, not captured, after a moment that is told of it."""
    return order.seen_reserved is not None and moment < order.seen_reserved


def test_mode(order: Order) -> str | None:
    """Return the key by which a gateway says that it ran in test mode, or None."""
    said = _said(order)
    tests = (one.test for one in GATEWAYS if one.test)
    return next((_first(test) for test in tests if _holds(test, said)), None)


def told_of_money(order: Order, settings: Settings) -> Capture | None:
    """Return what an order says of its money, or None where its payment is held for that."""
    try:
        return capture_of(order, settings)
    except Stopped:
        return None


def _captured(
    order: Order, settings: Settings, gateway: Gateway, sign: Sign, said: Mapping[str, str]
) -> Capture:
    zone = settings.zone
    moments = (_moment(said.get(key, ""), zone) for key in sign.days)
    moment = next((one for one in moments if one is not None), None)
    guessed = moment is None
    moment = moment or _moment(said.get(sign.guess, ""), zone)
    key = _first(sign.when)
    facts: dict[str, Any] = {"gateway": gateway.name, "key": key}
    is_seen = order.seen_captured >= order.total  # then nothing hangs on the day
    moment = moment or (order.date_created_gmt if is_seen else None)
    if moment is None:
        raise hold("capture_without_day", **facts)
    day, placed = (settings.day_of(x) for x in (moment, order.date_created_gmt))
    if day < placed and not is_seen:
        raise hold("capture_before_order", **facts, day=day, placed=placed)
    currency = said.get(gateway.currency, "").upper() or order.currency
    if currency != order.currency:
        raise hold("capture_other_currency", **facts, other=currency, currency=order.currency)
    told, returned = _ore(said, gateway.returned), frozenset[int]()
    unnoted = max(told - order.refunded, ZERO)
    if sign.amount:
        amount = _ore(said, sign.amount)
        # What was captured above the order's total may have gone back so.
        above = max(ZERO, min(amount - order.total, unnoted))
        amount, unnoted = amount - above, unnoted - above
        before = _uncapturable(order, _ore(said, gateway.uncapturable))
        by_gateway = {one.id for one in order.refunds if one.by_gateway} - before
        returned = _given_back(order, told - _sum(order, by_gateway), before)
        before |= _by_hand(order, order.total - amount - _sum(order, before), returned)
    else:
        before = _refunded_before(order, moment)
        amount = order.total - _sum(order, before)
        if order.seen_captured > ZERO and not before:
            amount = order.seen_captured  # once: what was added to the order since was not
    if amount > order.total + SAME_AMOUNT:
        raise hold("capture_exceeds_order", **facts, captured=amount, total=round_ore(order.total))
    before_it = _sum(order, before)
    back = max(order.refunded - before_it, told)
    if back > amount + ROUNDED:
        raise hold("capture_below_refunds", **facts, captured=amount, returned=round_ore(back))
    more = sign.amount and said.get(gateway.remaining) != "0"
    left = max(order.total - amount - before_it, ZERO) if more else ZERO
    short = _is_short(order, amount + left)
    return Capture(
        Money.CAPTURED,
        key,
        gateway.name,
        amount,
        left,
        moment,
        before,
        guessed,
        returned,
        unnoted,
        short,
    )


def _is_short(order: Order, came: Decimal) -> bool:
    missing = order.total - came
    return missing > SAME_AMOUNT and missing - order.refunded > SAME_AMOUNT


def _by_setting(order: Order, settings: Settings) -> Capture:
    rules = settings.payments.captured_when
    rule = rules.get(order.payment_method, rules.get("other", PAID))
    moment = order.date_completed_gmt if rule == "completed" else order.date_paid_gmt
    sign = COMPLETED if rule == "completed" else PAID
    # What is booked had come, by whichever rule held then.
    if moment is None and not order.seen_captured:
        promised = order.date_paid_gmt is not None and order.status not in _NO_LONGER
        return _not_captured(order, Money.RESERVED if promised else Money.OPEN, sign)
    before = _refunded_before(order, moment)
    if sign == PAID:  # what a gateway gave back had come, whatever day the order was paid on
        before -= {one.id for one in order.refunds if one.by_gateway}
    amount = order.total - _sum(order, before)
    return Capture(Money.CAPTURED, sign, amount=amount, moment=moment, before=before)


def _not_captured(order: Order, money: Money, sign: str, gateway: str = "") -> Capture:
    left = order.total - order.refunded if money is Money.RESERVED else ZERO
    before = frozenset(refund.id for refund in order.refunds)
    return Capture(money, sign, gateway, left=left, before=before)


def _refunded_before(order: Order, moment: datetime | None) -> frozenset[int]:
    """Return the refunds that were made before the capture, and lowered it.

    An order that is completed later, or anew, tells a later moment than its money came at: what
    was seen captured by then says which they were.
    """
    ids = sorted(refund.id for refund in order.refunds)
    for n in range(len(ids) + 1):
        first = frozenset(ids[:n])
        kept = order.total - _sum(order, first)
        if order.seen_captured and same_amount(kept, order.seen_captured):
            return first
    told = ((one.id, one.date_created_gmt) for one in order.refunds)
    return frozenset(id_ for id_, at in told if at and moment and at < moment)


def _uncapturable(order: Order, amount: Decimal) -> frozenset[int]:
    """Return the refunds by a gateway, oldest first, that it says it did not capture for: none
    whose money's way back is booked.
    """
    before = set()
    for refund in _oldest_first(order):
        if refund.by_gateway is False or refund.id in order.seen_returned:
            continue
        if amount < SAME_AMOUNT:
            break
        if refund.total > amount + SAME_AMOUNT:
            whole = round_ore(refund.total)
            raise hold("refund_captured_in_part", refund=refund.id, amount=whole, uncaptured=amount)
        amount -= refund.total
        before.add(refund.id)
    return frozenset(before)


def _by_hand(order: Order, amount: Decimal, but: Set[int]) -> frozenset[int]:
    """Return the refunds by hand, oldest first and `but` for these, that an amount explains."""
    found = set()
    for refund in _oldest_first(order):
        fits = refund.by_gateway is False and refund.id not in but
        if fits and refund.total <= amount + SAME_AMOUNT:
            amount -= refund.total
            found.add(refund.id)
    return frozenset(found)


def _given_back(order: Order, amount: Decimal, but: Set[int]) -> frozenset[int]:
    """Return the refunds by hand that a gateway gave back, as its amount says: all `but` these, or
    the only one that is as large. Of any other amount nobody knows.
    """
    by_hand = [one for one in order.refunds if one.by_gateway is False and one.id not in but]
    ones = {one.id: one.total for one in by_hand}
    if sum(ones.values(), ZERO) <= amount + SAME_AMOUNT:
        return frozenset(ones)
    as_large = [id_ for id_, total in ones.items() if same_amount(total, amount)]
    return frozenset(as_large if len(as_large) == 1 else ())


def _oldest_first(order: Order) -> list[RefundSummary]:
    return sorted(order.refunds, key=lambda one: one.id)


def _sum(order: Order, ids: Set[int]) -> Decimal:
    return sum((one.total for one in order.refunds if one.id in ids), ZERO)


def _ore(said: Mapping[str, str], key: str) -> Decimal:
    text = said.get(key, "")
    return from_ore(int(text)) if re.fullmatch(_AMOUNT, text) else ZERO


def _first(when: Conditions) -> str:
    return next(iter(when))


def _holds(when: Conditions, said: Mapping[str, str]) -> bool:
    tried = ((what, said.get(key, "")) for key, what in when.items())
    return all(re.fullmatch(what, text, _ANYHOW) for what, text in tried)


def _said(order: Order) -> dict[str, str]:
    dates = {PAID: order.date_paid_gmt, COMPLETED: order.date_completed_gmt}
    for key, at in dates.items():  # what was seen reserved since then came with the last change
        if at and is_too_early(at, order) and not order.seen_captured:
            dates[key] = order.date_modified_gmt or at
    # Of a key that comes twice the first counts, as in the shop.
    told = {meta.key: _text(meta.value) for meta in reversed(order.meta_data)}
    return told | {key: moment.isoformat() for key, moment in dates.items() if moment}


def _text(value: Any) -> str:
    """Return a value as PHP tells it: true as 1; false and nothing as empty."""
    if value is None or isinstance(value, bool):
        return "1" if value else ""
    return str(value)[:100].strip()


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    """Return the moment in a text, seconds since 1970 or a time (the shop's own), else None."""
    try:
        if re.fullmatch(r"\d{1,12}", text):
            moment = datetime.fromtimestamp(int(text), UTC)
        else:
            moment = datetime.fromisoformat(text)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if EARLIEST <= moment.year <= LATEST else None
