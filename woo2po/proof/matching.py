"""One order, its refunds, documents and money: what belongs together on both sides. Pure.

Everything comes out as pairs: what the shop says on one side, what is booked on the other.
"""

from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from woo2po.money import Fact, from_ore
from woo2po.proof.sums import UNKNOWN, Clearing, OfOrder
from woo2po.proof.values import (
    COMPANY_CURRENCY,
    EXPORT,
    NO_VAT,
    STANDARD_CODES,
    WHOLE,
    Document,
    Movement,
    Pair,
    Period,
    Posted,
    ProofSide,
    Rates,
    Rules,
    ShopOrder,
    ShopRefund,
    added,
)
from woo2po.record import PayoutRecord

_BALANCE = 1  # øre: what PowerOffice's doubles may leave
_ALIKE = timedelta(days=14)  # between a payout and what somebody posted by hand of it
_SOON = timedelta(days=14)  # by then each provider has paid out
_EXEMPT = frozenset({"5", "51"})  # SAF-T codes of domestic sales without VAT
# Of an order that does not count: how its documents are told, and how its drafts.
_DELETED = ("reconcile_deleted_invoice", "reconcile_deleted_draft")
_TRASHED = ("reconcile_trashed_invoice", "reconcile_trashed_draft")
_OFF = ("reconcile_off_invoice", "reconcile_off_draft")


@dataclass
class Matching:
    """The pairs of one order; `order` is None where the shop has none (any more)."""

    order_id: int
    order: ShopOrder | None
    refunds: Sequence[ShopRefund]
    documents: Sequence[Document]
    rules: Rules

    def __post_init__(self) -> None:
        """Put refunds and documents in the order in which they were made."""
        self.refunds = sorted(self.refunds, key=lambda one: one.id)
        self.documents = sorted(
            self.documents, key=lambda one: (one.generation, one.invoice_no or 0)
        )
        self._by_hand = [one for one in self._of("hand") if one.invoice_no is not None]

    def pairs(self) -> Iterator[Pair]:
        """Yield what belongs together of sale, refunds and documents."""
        sales = yield from self._without_cancelled()
        invoices = [one for one in sales if one.invoice_no is not None]
        drafts = [one for one in sales if one.invoice_no is None]
        if self.order is not None and self.order.sells:
            yield from self._sold(self.order, invoices, drafts)
        else:
            yield from self._off(invoices, drafts)

    def _of(self, kind: str) -> list[Document]:
        return [one for one in self.documents if one.kind == kind]

    def _without_cancelled(self) -> Generator[Pair, None, list[Document]]:
        """Yield the invoices that were credited whole; return those that stand, and the drafts."""
        wholes, standing = self._of("whole"), []
        for sale in self._of("sale"):
            whole = next((w for w in wholes if _cancels(w, sale)), None)
            if whole is None:
                standing.append(sale)
                continue
            wholes.remove(whole)
            yield self._pair("reconcile_called_off", None, sale, differs=False)
            yield self._pair("reconcile_called_off", None, whole, differs=False)
        for whole in wholes:
            code = "reconcile_credit_draft" if whole.invoice_no is None else "reconcile_credit_odd"
            yield self._pair(code, None, whole)
        return standing

    def _sold(
        self, order: ShopOrder, invoices: list[Document], drafts: list[Document]
    ) -> Iterator[Pair]:
        side = ProofSide(order.day, order.total, order.rates)
        if invoices:
            yield self._compared(side, order.tolerance, invoices[0], order.currency)
        elif order.day is None:
            return  # neither completed nor booked: it has no day yet
        elif order.id in self.rules.skipped:
            yield self._pair("reconcile_skipped", side, differs=False)
            return
        elif drafts:
            yield self._pair("reconcile_draft", side, drafts[0])
        elif self._was_returned_whole(order):
            for one in (side, *map(_side, self.refunds)):
                yield self._pair("reconcile_returned_before", one, differs=False)
            return
        elif order.total or order.rates:  # a gift card may have paid all of it
            yield self._pair("reconcile_missing", side)
        for again in invoices[1:]:
            yield self._pair("reconcile_twice", None, again)
        for left in drafts if invoices else drafts[1:]:
            yield self._pair("reconcile_draft_left", None, left)
        yield from self._returned()

    def _was_returned_whole(self, order: ShopOrder) -> bool:
        back = sum(refund.amount for refund in self.refunds)
        return bool(self.refunds) and back == -order.total and not self._of("refund")

    def _returned(self) -> Iterator[Pair]:
        """Yield the refunds with their credit notes, then the credit notes without a refund."""
        by_hand = list(self._by_hand)
        notes = {one.refund_id: one for one in reversed(self._of("refund"))}
        for refund in self.refunds:
            note, side = notes.pop(refund.id, None), _side(refund)
            own = next((one for one in by_hand if one.total == refund.amount), None)
            if note is not None and note.invoice_no is not None:
                tolerance = refund.tolerance if refund.stated else None
                yield self._compared(side, tolerance, note, note.currency)
            elif own is not None:
                by_hand.remove(own)
                yield self._pair("reconcile_hand_credited", side, own, differs=False)
            elif refund.amount:
                code = "reconcile_credit_draft" if note is not None else "reconcile_not_credited"
                yield self._pair(code, side, refund=refund)
        for note in notes.values():
            yield self._pair("reconcile_taken_back", None, note)
        for note in by_hand:
            yield self._pair("reconcile_hand_credit", None, note)

    def _off(self, invoices: list[Document], drafts: list[Document]) -> Iterator[Pair]:
        """Yield the documents of an order that the shop does not count (any more)."""
        off = _DELETED if self.order is None else _OFF
        invoiced, draft = _TRASHED if self.order and self.order.status == "trash" else off
        notes = [one for one in self._of("refund") if one.invoice_no is not None]
        standing = [*invoices, *notes, *self._by_hand]
        differs = sum(one.total for one in standing) != 0
        for one in standing:
            code = invoiced if differs else "reconcile_called_off"
            yield self._pair(code, None, one, differs=differs)
        for one in drafts:
            yield self._pair(draft, None, one)

    def _compared(
        self, side: ProofSide, tolerance: int | None, document: Document, currency: str
    ) -> Pair:
        """Return a pair whose total is compared, and its VAT where the shop says that."""
        # Booked before it was completed: its own day is as good.
        side = replace(side, day=side.day or document.day)
        if side.amount != document.total or currency != document.currency:
            return self._pair("reconcile_amount", side, document)
        if tolerance is not None and not _same_vat(side.rates, document, tolerance):
            return self._pair("reconcile_vat", side, document)
        if _another_code(side.rates, document):
            return self._pair("reconcile_code", side, document)
        period = self.rules.period
        moved = (side.day in period) != (document.day in period)
        code = "reconcile_other_period" if moved else ""
        return self._pair(code, side, document, differs=False)

    def _pair(
        self,
        code: str,
        shop: ProofSide | None,
        document: Document | None = None,
        *,
        refund: ShopRefund | None = None,
        differs: bool = True,
    ) -> Pair:
        """Return a pair; beside what the shop says, a draft is not booked but told alone."""
        order, books = self.order, None
        facts: dict[str, Fact] = {"status": order.status} if order is not None else {}
        refund_id = refund.id if refund else document.refund_id if document else 0
        if refund_id:
            facts["refund"] = str(refund_id)
        if document is not None:
            facts["invoice"] = str(document.invoice_no or "")
            facts["draft"] = from_ore(document.total)
            facts["shop_vat"] = from_ore(sum(vat for _, _, vat in shop.rates) if shop else 0)
            facts["books_vat"] = from_ore(document.total - document.net)
            if shop is None or document.invoice_no is not None:
                posted = _posted(document, None if differs else shop)
                shop = shop and (
                    shop if differs else replace(shop, rates=_under(shop.rates, posted))
                )
                books = ProofSide(document.day, document.total, (), posted)
        number = order.number if order else f"id:{self.order_id}"
        currency = order.currency if order else self.documents[0].currency
        return Pair(code, differs, self.order_id, number, currency, shop, books, facts, document)


def _side(refund: ShopRefund) -> ProofSide:
    return ProofSide(refund.day, refund.amount, refund.rates)


def _cancels(whole: Document, sale: Document) -> bool:
    both = whole.invoice_no is not None and sale.invoice_no is not None
    return both and whole.generation == sale.generation and whole.total == -sale.total


def _same_vat(rates: Rates, document: Document, tolerance: int) -> bool:
    """Tell whether the VAT is the same, rate by rate where the books say it so, else in all.

    Another country's VAT is none in the books, unless the company has a VAT code of its own for it.
    """
    own = document.posted is not None and any("*" in one.kind for one in document.posted)
    shop = {kind.rpartition(" ")[2] if own else kind: vat for kind, _, vat in rates if vat}
    shop = {kind: vat for kind, vat in shop.items() if " " not in kind}
    if document.posted is None:
        due = sum(shop.values()) - (document.total - document.net)
        return abs(due) <= tolerance * max(1, len(shop))
    kroner = sum(one.net + one.vat for one in document.posted)
    rate = Decimal(document.total) / kroner if kroner else Decimal(1)
    books: dict[str, int] = defaultdict(int)
    for one in document.posted:
        books[one.kind.removeprefix("* ")] += round(one.vat * rate)
    return all(abs(shop.get(one, 0) - books[one]) <= tolerance for one in {*shop, *books})


def _another_code(rates: Rates, document: Document) -> bool:
    """Tell whether what left the country is booked as a sale at home without VAT, or the reverse.

    Gift cards are neither, wherever they went.
    """
    booked = document.posted or ()
    left = any(one.kind == EXPORT for one in booked)
    if any(kind == EXPORT for kind, _, _ in rates):
        return not left and any(one.code in _EXEMPT for one in booked)
    return left


def _posted(document: Document, shop: ProofSide | None) -> tuple[Posted, ...]:
    """Return what a document posted; `shop` is the side that it agrees with by total and VAT.

    Where no list said it, the kinds are the shop's, what rounding left standing under the
    largest: with the sums of net and VAT given, amounts under two rates can be no others.
    """
    if document.posted is not None:
        return _foreign(document.posted, shop.rates) if shop else document.posted
    net, vat = document.net, document.total - document.net
    if shop is None or not shop.rates:
        return (Posted(UNKNOWN, "", 0, net, vat),)
    parts = [Posted(kind, STANDARD_CODES.get(kind, ""), 0, *both) for kind, *both in shop.rates]
    largest = max(parts, key=lambda one: abs(one.vat))
    net -= sum(one.net for one in parts)
    vat -= sum(one.vat for one in parts)
    changed = largest._replace(net=largest.net + net, vat=largest.vat + vat)
    return tuple(changed if one is largest else one for one in parts)


def _foreign(posted: Sequence[Posted], rates: Rates) -> tuple[Posted, ...]:
    """Return what was posted with another country's VAT under its kind.

    It stands on a VAT code of the company's own, or net and VAT (or both in one) without a code.
    """
    found = list(posted)
    for kind, net, vat in rates:
        if " " not in kind:
            continue
        own = f"* {kind.rpartition(' ')[2]}"
        found = [one._replace(kind=kind) if one.kind == own else one for one in found]
        for amounts in (((net, 0), (0, vat)), ((net + vat, 0),)):
            like = [one for one in found if one.kind == NO_VAT and one.net in map(sum, amounts)]
            if [one.net for one in like] == [*map(sum, amounts)] or len(like) == 1 == len(amounts):
                for one, both in zip(like, amounts, strict=True):
                    found[found.index(one)] = Posted(kind, "", one.account, *both)
                break
    return tuple(found)


def _under(rates: Rates, posted: Sequence[Posted]) -> Rates:
    """Return what the shop says under the kinds of a document that agrees with it.

    What has no VAT is told apart by the books alone: gift cards, rounding, exempt sales.
    """
    booked = added((one.kind, one.net, one.vat) for one in posted)
    kinds = {one.kind for one in posted}
    parts = [part for part in rates if part[0] in kinds and part[0] not in {EXPORT, NO_VAT}]
    without = [part for part in booked if part[0] in {EXPORT, NO_VAT}]
    rest = sum(net + vat for kind, net, vat in rates) - sum(
        net + vat for _, net, vat in [*parts, *without]
    )
    return added([*parts, *without, (without[-1][0] if without else NO_VAT, rest, 0)])


# -- money -----------------------------------------------------------------------------------------


def money_of(
    order: ShopOrder | None,
    refunds: Sequence[ShopRefund],
    documents: Sequence[Document],
    movements: Sequence[Movement] | None,
    rules: Rules,
) -> Iterator[Pair]:
    """Yield the money of one order: what the shop says against what stands on clearing accounts.

    A movement there belongs to the order that its text names, as the job writes it. `movements`
    is None where the ledger may not be read: then, and in another currency, a payment counts as
    posted where its invoice has nothing left to pay.
    """
    if order is None:
        for one in movements or ():
            yield _odd(one, f"id:{one.order_id}")
        return
    yield from _kept(order, refunds, documents)
    if not rules.register:
        return
    if rules.paybacks == "gateway":
        yield from _returned_outside(order, refunds, documents)
    expected = list(_expected(order, refunds, documents, rules))
    if movements is None or order.currency != COMPANY_CURRENCY:
        yield from _by_balance(order, expected, documents)
        return
    wanted: dict[int, list[ProofSide]] = defaultdict(list)
    posted: dict[int, list[Movement]] = defaultdict(list)
    for refund_id, side in expected:
        wanted[refund_id].append(side)
    for movement in movements:
        posted[movement.refund_id].append(movement)
    for refund_id in {**wanted, **posted}:
        yield from _by_movement(order, refund_id, wanted[refund_id], posted[refund_id])


def _expected(
    order: ShopOrder, refunds: Iterable[ShopRefund], documents: Iterable[Document], rules: Rules
) -> Iterator[tuple[int, ProofSide]]:
    """Yield what should stand on a clearing account: 0 is the payment, else the refund's id."""
    if order.paid is None or not any(one.invoice_no for one in documents):
        return
    if order.captured:
        yield 0, ProofSide(order.paid, order.captured)
    called_off = any(one.kind == "whole" for one in documents)
    for refund in refunds:
        back = rules.paybacks == "always" or (rules.paybacks == "gateway" and refund.by_method)
        if back and refund.amount and refund.id not in order.before:
            yield WHOLE if called_off else refund.id, ProofSide(refund.day, refund.amount)


def _by_movement(
    order: ShopOrder, refund_id: int, wanted: Sequence[ProofSide], posted: Sequence[Movement]
) -> Iterator[Pair]:
    if not wanted:
        yield from (_odd(movement, order.number) for movement in posted)
        return
    side = _together(wanted)
    pair = _money(order, "", refund_id, side)
    if not posted:
        code = "reconcile_payback_missing" if side.amount < 0 else "reconcile_payment_missing"
        yield replace(pair, code=code, differs=True)
        return
    accounts = {one.account for one in posted}
    if accounts != {order.account}:
        facts = {**pair.facts, "account": ", ".join(map(str, sorted(accounts)))}
        facts["wanted"] = str(order.account or "")
        yield replace(pair, code="reconcile_account", differs=True, facts=facts)
        for one in posted:
            yield replace(_odd(one, order.number), code="")
        return
    books = _together([ProofSide(one.day, one.amount) for one in posted])
    same = books.amount == side.amount
    yield replace(
        pair, code="" if same else "reconcile_payment_amount", differs=not same, books=books
    )


def _together(sides: Sequence[ProofSide]) -> ProofSide:
    days = [side.day for side in sides if side.day is not None]
    return ProofSide(max(days), sum(side.amount for side in sides))


def _by_balance(
    order: ShopOrder, expected: Iterable[tuple[int, ProofSide]], documents: Iterable[Document]
) -> Iterator[Pair]:
    owed = any(one.kind == "sale" and _is_open(one) for one in documents)
    notes = _credit_notes(documents)
    for refund_id, side in expected:
        if side.amount > 0 and owed:
            yield _money(order, "reconcile_payment_missing", 0, side)
        elif side.amount < 0 and _is_open(notes.get(refund_id)):
            yield _money(order, "reconcile_payback_missing", refund_id, side)
        else:
            yield replace(_money(order, "", refund_id, side), books=side)


def _kept(
    order: ShopOrder, refunds: Iterable[ShopRefund], documents: Iterable[Document]
) -> Iterator[Pair]:
    """Yield money that was paid for an order that no longer counts and went nowhere."""
    returned = sum(refund.amount for refund in refunds if refund.id not in order.before)
    kept = order.captured + returned
    invoiced = any(one.kind == "sale" and one.invoice_no for one in documents)
    if not order.sells and order.paid is not None and kept > 0 and not invoiced:
        yield _money(order, "reconcile_paid_but_off", 0, ProofSide(order.paid, kept))


def _returned_outside(
    order: ShopOrder, refunds: Iterable[ShopRefund], documents: Iterable[Document]
) -> Iterator[Pair]:
    """Yield refunds whose money the payment method did not return, and nobody booked."""
    notes = _credit_notes(documents)
    for refund in refunds if order.paid is not None else ():
        moved = refund.amount and refund.id not in order.before
        if moved and not refund.by_method and _is_open(notes.get(refund.id)):
            side = ProofSide(refund.day, refund.amount)
            pair = _money(order, "reconcile_returned_outside", refund.id, side)
            yield replace(pair, account=None)


def _credit_notes(documents: Iterable[Document]) -> dict[int, Document]:
    return {one.refund_id: one for one in documents if one.kind == "refund"}


def _is_open(document: Document | None) -> bool:
    """Tell whether something of a document is still to be paid (or paid back)."""
    return document is not None and abs(document.balance or 0) > _BALANCE


def _money(order: ShopOrder, code: str, refund_id: int, side: ProofSide) -> Pair:
    account = order.account
    facts = {"status": order.status, "account": str(account or ""), "refund": str(refund_id)}
    return Pair(
        code, bool(code), order.id, order.number, order.currency,
        shop=side, facts=facts, money=True, account=account,
    )  # fmt: skip


def _odd(movement: Movement, number: str) -> Pair:
    """Return money that stands on an account though nothing in the shop explains it."""
    account, books = movement.account, ProofSide(movement.day, movement.amount)
    return Pair(
        "reconcile_payment_odd", True, movement.order_id, number, COMPANY_CURRENCY,
        books=books, facts={"account": str(account)}, money=True, account=account,
    )  # fmt: skip


# -- payouts ---------------------------------------------------------------------------------------


def paid_out(
    clearing: Mapping[int, Clearing],
    others: Sequence[Movement],
    payouts: Sequence[PayoutRecord],
    period: Period,
) -> Iterator[Pair]:
    """Yield where payouts and clearing accounts say different things.

    `others` are the postings that name no order that was read, a payout's own among them.
    """
    posted: dict[str, int] = defaultdict(int)
    for one in others:
        posted[one.payout] += one.amount
    by_hand = [one for one in others if not one.number and not one.payout and one.day in period]
    for payout in payouts:
        account, amount = payout.lines[-1][1:]
        if account not in clearing or payout.currency != COMPANY_CURRENCY:
            continue
        if payout.day in period and posted[payout.reference] != amount:
            code = "payout_amount" if posted[payout.reference] else "payout_missing"
            books = ProofSide(payout.day, posted[payout.reference])
            yield _of_payout(code, payout, ProofSide(payout.day, amount), books)
        for one in by_hand:
            alike = one.account == account and one.amount in {amount, -payout.net}
            if alike and abs(one.day - payout.day) <= _ALIKE:
                yield _of_payout("payout_twice", payout, None, ProofSide(one.day, one.amount))
    for account_is in clearing.values():
        for number, own in account_is.orders.items():
            if account_is.known and not account_is.is_old(own):
                yield from _of_order(account_is, number, own)


def _of_payout(code: str, payout: PayoutRecord, shop: ProofSide | None, books: ProofSide) -> Pair:
    account = payout.lines[-1][1]
    facts: dict[str, Fact] = {"payout": payout.text, "account": str(account)}
    return Pair(
        f"reconcile_{code}", True, 0, "", COMPANY_CURRENCY, shop=shop, books=books, facts=facts,
        money=True, account=account,
    )  # fmt: skip


def _of_order(clearing: Clearing, number: str, own: OfOrder) -> Iterator[Pair]:
    """Yield what the provider moved and the shop does not know, the reverse, and other days."""
    last = clearing.known[1]
    told = {
        "payout_unknown": (own.captured, own.paid, own.left and own.paid > own.captured),
        "payback_unknown": (-own.returned, -own.paid_back,
                            own.left and own.paid_back < own.returned),
        "not_paid_out": (own.left, 0, own.left and not own.paid_day and own.day
                         and own.day + _SOON < last),
        "paid_out_before": (own.captured, own.paid, own.captured and own.paid_day and own.day
                            and own.paid_day < own.day),
    }  # fmt: skip
    for code, (shop, books, found) in told.items():
        if found:
            yield Pair(
                f"reconcile_{code}", code != "paid_out_before", 0, number, COMPANY_CURRENCY,
                shop=ProofSide(own.day or own.paid_day, shop),
                books=ProofSide(own.paid_day or last, books),
                facts={"account": str(clearing.account)}, money=True, account=None,
            )  # fmt: skip
