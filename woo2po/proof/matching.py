"""One order, its refunds, documents and money: what belongs together on both sides. Pure.

Everything comes out as pairs: what the shop says on one side, what is booked on the other.
"""

from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from woo2po.money import Fact, from_ore
from woo2po.proof.proof import (
    UNKNOWN_RATE,
    Document,
    Movement,
    Pair,
    ProofSide,
    Rates,
    Rules,
    ShopOrder,
    ShopRefund,
)

COMPANY_CURRENCY = "NOK"  # the ledger's
_BALANCE = 1  # øre: what PowerOffice's doubles may leave
_WHOLE = -1  # a movement's refund, where it is the way back of an order that was called off
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
                rates = _rates_of(document, None if differs else shop)
                books = ProofSide(document.day, document.total, rates)
        number = order.number if order else f"id:{self.order_id}"
        currency = order.currency if order else self.documents[0].currency
        document_id = document.id if document else ""
        return Pair(code, differs, self.order_id, number, currency, shop, books, facts, document_id)


def _side(refund: ShopRefund) -> ProofSide:
    return ProofSide(refund.day, refund.amount, refund.rates)


def _cancels(whole: Document, sale: Document) -> bool:
    both = whole.invoice_no is not None and sale.invoice_no is not None
    return both and whole.generation == sale.generation and whole.total == -sale.total


def _same_vat(rates: Rates, document: Document, tolerance: int) -> bool:
    """Tell whether the VAT is the same, rate by rate where the books say it so, else in all."""
    shop = {percent: vat for percent, _, vat in rates if percent}
    if document.rates is None:
        vat = sum(vat for _, _, vat in rates)
        return abs(vat - (document.total - document.net)) <= tolerance * max(1, len(shop))
    books = {percent: vat for percent, _, vat in document.rates if percent}
    return all(abs(shop.get(one, 0) - books.get(one, 0)) <= tolerance for one in {*shop, *books})


def _rates_of(document: Document, shop: ProofSide | None) -> Rates:
    """Return the rates of a document; `shop` is the side that it agrees with by total and VAT.

    Where no list said them, they are the shop's, what rounding left standing under the largest:
    with the sums of net and VAT given, amounts under two rates can be no others.
    """
    if document.rates is not None:
        return document.rates
    net, vat = document.net, document.total - document.net
    if shop is None or not shop.rates:
        return ((UNKNOWN_RATE, net, vat),)
    net -= sum(own for _, own, _ in shop.rates)
    vat -= sum(own for _, _, own in shop.rates)
    largest = max(shop.rates, key=lambda one: abs(one[2]))[0]
    return tuple(
        (percent, own + net, own_vat + vat) if percent == largest else (percent, own, own_vat)
        for percent, own, own_vat in shop.rates
    )


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
    if order.total:
        yield 0, ProofSide(order.paid, order.total)
    called_off = any(one.kind == "whole" for one in documents)
    for refund in refunds:
        back = rules.paybacks == "always" or (rules.paybacks == "gateway" and refund.by_method)
        if back and refund.amount:
            yield _WHOLE if called_off else refund.id, ProofSide(refund.day, refund.amount)


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
    kept = order.total + sum(refund.amount for refund in refunds)
    invoiced = any(one.kind == "sale" and one.invoice_no for one in documents)
    if not order.sells and order.paid is not None and kept > 0 and not invoiced:
        yield _money(order, "reconcile_paid_but_off", 0, ProofSide(order.paid, kept))


def _returned_outside(
    order: ShopOrder, refunds: Iterable[ShopRefund], documents: Iterable[Document]
) -> Iterator[Pair]:
    """Yield refunds whose money the payment method did not return, and nobody booked."""
    notes = _credit_notes(documents)
    for refund in refunds if order.paid is not None else ():
        if refund.amount and not refund.by_method and _is_open(notes.get(refund.id)):
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
