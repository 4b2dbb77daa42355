"""The values of the proof: what the shop says, what is booked, and the two side by side. Pure.

Amounts are whole øre (hundredths of the document's currency) and gross, unless they say other;
a refund's and a credit note's are negative. A *kind* tells for the VAT return what an amount is:
"25" (percent) for a sale at home, "SE 25" for another country's VAT, EXPORT for what left the
country without VAT, and NO_VAT for the rest: exempt, gift cards, rounding, discounts without VAT.

What the shop says is reckoned from its order alone. Nothing of the mapping that makes documents is
used for it, else both would be wrong together; what the gateways' keys mean, which account a
payment method has, which coupons are gift cards, which status is sold, when an order was
completed, and where the Norwegian VAT ends is told once for both. Facts about the fields:
woocommerce/facts.md, "Amounts" and "Refunds".
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar, cast

from woo2po.config import Settings
from woo2po.holds import Hold, Skip
from woo2po.mapping import NEVER, eligible
from woo2po.mapping.capture import told_of_money
from woo2po.mapping.cards import at_list_price, original_of, with_coupons
from woo2po.mapping.lines import name_of_card
from woo2po.mapping.payment import account_number, day_completed
from woo2po.mapping.values import Stopped, fitted
from woo2po.mapping.vat import is_far_north
from woo2po.money import ZERO, Fact, to_ore
from woo2po.money import percent as in_percent
from woo2po.order import LONGEST_NUMBER, Line, Order, Refund

Value = TypeVar("Value")
COMPANY_CURRENCY = "NOK"  # the ledger's
EXPORT, NO_VAT, UNKNOWN = "52", "0", "?"  # UNKNOWN: of a document whose VAT no list tells
# The SAF-T code of a kind where no posting tells it; 5, 51 and 52 are sales without VAT.
STANDARD_CODES = {"25": "3", "15": "31", "11.11": "32", "12": "33", EXPORT: "52"}
EXEMPT = frozenset({"5", "51", "6"})  # SAF-T codes of domestic sales without VAT
# What a document or a movement is of, beside a refund by its id: the sale; an order that was called
# off, as a whole; what somebody credited by hand.
SALE, WHOLE, BY_HAND = 0, -1, -2
# What there may be to say of a pair that is not wrong.
EXPLAINED = frozenset({"", "other_period", "called_off", "returned_before", "skipped", "payout_day",
                       "hand_credited", "payment_day", "paid_out_before"})  # fmt: skip
_SHARED: dict[tuple[type, Any], Any] = {}
OFF = frozenset({"cancelled", "failed", "trash"})  # statuses in which a sale is off
_NEAR = Decimal("0.005")
_MOST_ROUNDED = 2  # kroner of a total; more is no rounding


def shared(value: Value) -> Value:
    """Return one object for equal values: a year has the same days and rates over and over."""
    return cast("Value", _SHARED.setdefault((type(value), value), value))


def ore(amount: Decimal) -> int:
    """Return kroner as whole øre: one object for equal amounts, since prices come again too."""
    return shared(to_ore(amount))


class Posted(NamedTuple):
    """A part of a sale as posted, a sale positive; code "" and account 0 where none is told."""

    kind: str
    code: str
    account: int
    net: int
    vat: int


def summed(parts: Iterable[Posted]) -> tuple[Posted, ...]:
    """Return parts with one for each kind, code and account; what comes to nothing is left out."""
    sums: dict[tuple[str, str, int], list[int]] = {}
    for one in parts:
        both = sums.setdefault(one[:3], [0, 0])
        both[0] += one.net
        both[1] += one.vat
    rows = (Posted(*under, *map(shared, both)) for under, both in sorted(sums.items()))
    return tuple(one for one in rows if one.net or one.vat)


def sums_of(parts: Iterable[Posted]) -> tuple[int, int]:
    """Return net and VAT of parts together."""
    told = list(parts)
    return sum(one.net for one in told), sum(one.vat for one in told)


def summing_to(parts: Sequence[Posted], net: int, vat: int) -> tuple[Posted, ...]:
    """Return parts that sum to net and VAT: what rounding left over stands with the largest."""
    parts = parts or (Posted(NO_VAT, "", 0, 0, 0),)
    largest = max(parts, key=lambda one: (abs(one.vat), abs(one.net)))
    net, vat = (n - own for n, own in zip((net, vat), sums_of(parts), strict=True))
    largest_of = largest._replace(net=largest.net + net, vat=largest.vat + vat)
    return tuple(largest_of if one is largest else one for one in parts)


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both counted."""

    first: date
    last: date

    def __contains__(self, day: date | None) -> bool:
        """Tell whether a day lies in the period; no day lies in none."""
        return day is not None and self.first <= day <= self.last


@dataclass(slots=True)
class Side:
    """An amount that one side tells, and its day: a sale, a refund, its document, or money.

    `of` tells what it is of, and `posted` what it comes to on accounts (None: nobody read that).
    `account` is the clearing account that money moves, `document` the number of an invoice.
    """

    of: int
    day: date | None
    amount: int
    posted: tuple[Posted, ...] | None = None
    account: int = 0
    document: int | None = None


def amount_of(sides: Iterable[Side]) -> int:
    """Return their amounts together."""
    return sum(one.amount for one in sides)


@dataclass(slots=True)
class Movement(Side):
    """Money on a clearing account.

    What is posted may name an order that was not read, by `number` (and `order_id`, where that is
    told), or by its reference a `payout`.
    """

    day: date
    order_id: int = 0
    number: str = ""
    payout: str = ""


@dataclass(slots=True)
class Said(Side):
    """What the shop says of a sale, or of a refund (its amounts are negative).

    `day` of a sale is that of question 4: None while it is not completed and that is waited for.
    `tolerance`: by how much the VAT of a rate may differ, since each line is rounded; None where
    no line says its VAT. `by_method`: the payment method returned the money itself. `cards`: for
    how much gift cards were sold, used, or given back.
    """

    posted: tuple[Posted, ...] = ()
    tolerance: int | None = None
    by_method: bool = False
    cards: int = 0


@dataclass(slots=True)
class Document(Side):
    """An invoice, credit note or draft (without a number) that is ours or credits one of ours.

    `fits`: what is posted sums to the document's own net and VAT.
    """

    id: str = ""
    generation: int = 1
    net: int = 0
    currency: str = COMPANY_CURRENCY
    balance: int | None = None
    fits: bool = True


@dataclass(frozen=True, slots=True)
class ShopOrder:
    """An order as the shop has it now.

    `sells`: it is in a status that is to be booked. `paid` is the day on which its money was
    captured (`captured` in all; `returned` was refunded of it), None for an order whose was not, or
    that is paid by its invoice.
    `transaction` is the provider's own id of the payment, `account` where its money belongs, or 0.
    `refunds` are ids; those `before` the capture moved no money. `unnoted` was given
    back without a refund in the shop. `untaxed` is what was sold at home without VAT: SKU ("":
    freight beside goods with VAT), what was paid, and the VAT of freight.
    """

    id: int
    number: str
    status: str
    currency: str
    sells: bool
    created: date
    paid: date | None
    method: str
    transaction: str
    account: int
    sale: Said
    refunds: tuple[int, ...]
    captured: int
    returned: int
    before: frozenset[int]
    unnoted: int
    untaxed: tuple[tuple[str, int, int], ...]


@dataclass(slots=True)
class Case:
    """An order, its refunds, documents and money; `order` is None where the shop has none."""

    id: int
    order: ShopOrder | None = None
    refunds: tuple[Said, ...] = ()
    documents: tuple[Document, ...] = ()
    movements: tuple[Movement, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """What belongs together on both sides, either of which may be missing.

    `code` says what there is to say of it: "" for nothing, "elsewhere" for nothing beside another;
    `facts` is what else its message tells. `why`: why what is missing is held, or was taken out.
    `money`: of a payment, or its way back. `in_kroner`: what it comes to on accounts is.
    """

    code: str
    order_id: int = 0
    number: str = ""
    currency: str = COMPANY_CURRENCY
    shop: Side | None = None
    books: Side | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    money: bool = False
    in_kroner: bool = True
    why: Hold | Skip | None = None

    @property
    def differs(self) -> bool:
        """Whether the two are not the same for no reason that is known."""
        return self.code not in EXPLAINED

    @property
    def off(self) -> int:
        """By how much more is booked than the shop says."""
        return (self.books.amount if self.books else 0) - (self.shop.amount if self.shop else 0)

    @property
    def days(self) -> list[date]:
        """The days of its sides, as far as they have one."""
        return [row.day for row in (self.shop, self.books) if row is not None and row.day]


# -- what the shop says ----------------------------------------------------------------------------


def shop_order(order: Order, refunds: Iterable[Refund], settings: Settings) -> ShopOrder:
    """Return an order; the moments of its refunds tell which preceded the capture of its money."""
    order = _at_list_price(order, settings)
    created, paid, account = settings.day_of(order.date_created_gmt), None, 0
    capture, began = None, created >= settings.woocommerce.orders_from
    by_invoice = order.payment_method in settings.payments.unpaid_methods
    if began and not by_invoice and order.status not in NEVER - {"trash"}:
        capture = told_of_money(order.with_refunds(refunds), settings)
    if capture and capture.moment:
        paid = shared(settings.day_of(capture.moment))
    before: frozenset[int] = shared(capture.before) if capture and paid else frozenset()
    with suppress(Stopped):
        account = account_number(order.payment_method, settings)[0]
    dated: date | None = settings.day_of(order.date_paid_gmt or order.date_created_gmt)
    if settings.invoices.when == "completed":
        dated = day_completed(order, settings)
    sale = Said(
        SALE, shared(dated), ore(order.total),
        _rates(order.lines, order, settings), tolerance=_tolerance(order.lines),
        cards=_cards(order.lines, settings, order.total),
    )  # fmt: skip
    return ShopOrder(
        order.id, order.number or str(order.id), shared(order.status), shared(order.currency),
        eligible(order, settings), shared(created), paid, shared(order.payment_method),
        fitted(order.transaction_id, LONGEST_NUMBER), account, sale,
        refunds=tuple(refund.id for refund in order.refunds),
        captured=ore(capture.amount) if capture and paid else 0,
        returned=-ore(sum((one.total for one in order.refunds if one.id not in before), ZERO)),
        before=before,
        unnoted=ore(capture.unnoted) if capture and paid else 0,
        untaxed=tuple(_untaxed(order, settings)) if order.total and not _where(order) else (),
    )  # fmt: skip


def _at_list_price(order: Order, settings: Settings) -> Order:
    """Return an order with what cards paid as coupons put back on its lines, where that is told."""
    with suppress(Stopped):
        return with_coupons(order, settings)
    return order


def _untaxed(order: Order, settings: Settings) -> Iterator[tuple[str, int, int]]:
    """Yield what was sold without VAT; freight follows the goods."""
    goods = [line for line in order.lines if line.kind == "product"]
    vat = sum((line.total_tax for line in goods), ZERO)
    with_vat = vat + sum((line.total for line in goods), ZERO)
    for line in order.lines:
        if line.total > 0 and not line.total_tax and line.sku not in settings.gift_cards.skus:
            if line.kind == "product":
                yield line.sku, ore(line.total), 0
            elif line.kind == "shipping" and vat:
                yield "", ore(line.total), ore(line.total * vat / with_vat)


def shop_refund(refund: Refund, order: Order, settings: Settings) -> Said:
    """Return a refund of an order; where it has no lines, its kinds are those of the order."""
    amount, order, lines = -ore(refund.amount), _at_list_price(order, settings), refund.lines
    if any(line.paid is not None for line in order.lines):
        lines = at_list_price(lines, order)
    if not settings.discounts.transfer_vat:
        lines = tuple(_as_listed(line, original_of(line, order)) for line in lines)
    if lines:
        rates = _rates(lines, order, settings, -refund.amount)
    else:
        total = ore(order.total) or 1
        sold = _rates(order.lines, order, settings)
        parts = [one._replace(net=round(one.net * amount / total),
                              vat=round(one.vat * amount / total)) for one in sold]  # fmt: skip
        vat = sum(one.vat for one in parts)
        rates = summing_to(parts, amount - vat, vat)
    day = shared(settings.day_of(refund.date_created_gmt))
    return Said(
        refund.id, day, amount, rates, tolerance=_tolerance(lines) if lines else None,
        by_method=refund.refunded_payment, cards=_cards(lines, settings),
    )  # fmt: skip


def _cards(lines: Sequence[Line], settings: Settings, total: Decimal | None = None) -> int:
    """Return for how much gift cards were sold and, of an order's total, used."""
    named = sum((x.total for x in lines if name_of_card(x, settings) and x.total < 0), ZERO)
    below = sum((x.total + x.total_tax for x in lines), ZERO) - (total or ZERO)
    used = below if total is not None and below > _MOST_ROUNDED else ZERO
    sold = sum((one.total for one in lines if one.sku in settings.gift_cards.skus), ZERO)
    return ore(sold + used - named)


def _as_listed(line: Line, sold: Line | None) -> Line:
    """Return a refund's line with its share of the list price: its own `subtotal` is its total."""
    if sold is None:
        return line
    share = line.total / sold.total if sold.total else line.quantity / (sold.quantity or 1)
    listed = {tax.id: tax.subtotal * share for tax in sold.taxes}
    taxes = (tax.model_copy(update={"subtotal": listed.get(tax.id, ZERO)}) for tax in line.taxes)
    return line.model_copy(update={"subtotal": sold.subtotal * share, "taxes": tuple(taxes)})


def _where(order: Order) -> str:
    """Return the country whose VAT counts: "" at home, else that of delivery."""
    country = order.shipping.country or order.billing.country
    return ("SJ" if is_far_north(order) else "") if country in {"", "NO"} else country


def _rates(
    lines: Sequence[Line], order: Order, settings: Settings, total: Decimal | None = None
) -> tuple[Posted, ...]:
    """Return net and VAT of each kind; what no line explains of the total stands without VAT.

    A line's VAT is what its `taxes` say, or its `total_tax` where that is what sums to the total.
    """
    total = order.total if total is None else total
    where, said = _where(order), _kinds(order)
    exact = sum((x.total + sum((tax.total for tax in x.taxes), ZERO) for x in lines), ZERO)
    rounded = sum((x.total + x.total_tax for x in lines), ZERO)
    by_line = abs(exact - total) > _NEAR and abs(rounded - total) < abs(exact - total)
    nets, vats = defaultdict[str, Decimal](Decimal), defaultdict[str, Decimal](Decimal)
    for line in lines:
        # Discounts stand apart, but another country's VAT is what was charged.
        abroad = any(" " in said.get(tax.id, ("",))[0] for tax in line.taxes)
        listed = not (settings.discounts.transfer_vat or abroad) and line.kind == "product"
        parts = list(_shares(line, said, by_line, listed))
        if not parts and where and line.sku not in settings.gift_cards.skus:
            parts.append((EXPORT, line.total, ZERO))
        for kind, net, vat in parts:
            nets[kind] += net
            vats[kind] += vat
    rows = [Posted(shared(kind), STANDARD_CODES.get(kind, ""), 0, ore(net), ore(vats[kind]))
            for kind, net in nets.items()]  # fmt: skip
    rest = ore(total) - sum(one.net + one.vat for one in rows)
    return summed([*rows, Posted(NO_VAT, "", 0, rest, 0)])


def _kinds(order: Order) -> dict[int, tuple[str, Decimal]]:
    """Return kind and percent of the rates that an order names, by id."""
    found = {}
    for tax in order.tax_lines:
        if tax.rate_percent is not None:
            named = tax.rate_code[:2] if tax.rate_code[2:3] == "-" else ""
            at_home = named or (tax.rate_code and order.currency == COMPANY_CURRENCY)
            country = named if at_home else _where(order)
            said = in_percent(tax.rate_percent)
            kind = said if country in {"", "NO", "SJ"} else f"{country} {said}"
            found[tax.rate_id] = kind, tax.rate_percent
    return found


def _shares(
    line: Line, said: Mapping[int, tuple[str, Decimal]], by_line: bool, listed: bool
) -> Iterator[tuple[str, Decimal, Decimal]]:
    """Yield kind, net and VAT of what VAT was charged on; `listed`: at prices before discounts."""
    taxes = {tax.id: tax.subtotal if listed else tax.total for tax in line.taxes}
    taxes = {id_: vat for id_, vat in taxes.items() if vat}
    net = line.subtotal if listed else line.total
    for id_, vat in taxes.items():
        kind, percent = said.get(id_, ("", ZERO))
        if not percent:  # the order does not name its rate
            percent = (vat * 100 / net).quantize(Decimal(1)) if net else ZERO
            kind = in_percent(percent)
        if len(taxes) == 1:
            yield kind, net, line.total_tax if by_line and not listed else vat
        else:
            yield kind, vat * 100 / percent if percent else ZERO, vat


def _tolerance(lines: Iterable[Line]) -> int:
    """Return an øre for each line with VAT; in a shop of whole kroner half a krone more."""
    vats = ((line.total_tax, sum((tax.total for tax in line.taxes), ZERO)) for line in lines)
    taxed = [(vat, exact) for vat, exact in vats if vat or exact]
    whole = any(abs(vat - exact) > _NEAR * 2 for vat, exact in taxed)
    whole = whole and all(vat == vat.to_integral_value() for vat, _ in taxed)
    return max(1, len(taxed)) * (51 if whole else 1)
