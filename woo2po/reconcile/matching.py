"""One order's sale and refunds against its invoices and credit notes. Pure.

Each comes out as pairs: what the shop says on one side, what is booked on the other.
"""

from collections.abc import Generator, Iterable, Iterator, Sequence

from woo2po.money import Fact, from_ore
from woo2po.reconcile.values import (
    UNKNOWN_RATE,
    Document,
    Pair,
    ProofSide,
    Rates,
    Rules,
    ShopOrder,
    ShopRefund,
)

_BALANCE = 1  # øre: what PowerOffice's doubles may leave


class Matching:
    """The pairs of one order; `order` is None where the shop has none (any more)."""

    def __init__(
        self,
        order_id: int,
        order: ShopOrder | None,
        refunds: Sequence[ShopRefund],
        documents: Sequence[Document],
        rules: Rules,
    ) -> None:
        self._id = order_id
        self._order = order
        self._refunds = sorted(refunds, key=lambda refund: refund.id)
        self._documents = sorted(documents, key=lambda one: (one.generation, one.invoice_no or 0))
        self._rules = rules

    def pairs(self) -> Iterator[Pair]:
        """Yield what belongs together of sale, refunds and documents."""
        sales = yield from self._without_cancelled()
        by_hand = [one for one in self._of("hand") if one.invoice_no is not None]
        if self._order is not None and self._order.sells:
            yield from self._sold(self._order, sales, by_hand)
        else:
            yield from self._off(sales, by_hand)

    def _of(self, kind: str) -> list[Document]:
        return [one for one in self._documents if one.kind == kind]

    def _without_cancelled(self) -> Generator[Pair, None, list[Document]]:
        """Yield the invoices that were credited whole; return those that stand, and the drafts."""
        wholes, standing = self._of("whole"), []
        for sale in self._of("sale"):
            whole = next((w for w in wholes if _cancels(w, sale)), None)
            if whole is None:
                standing.append(sale)
                continue
            wholes.remove(whole)
            yield self._booked("reconcile_called_off", sale)
            yield self._booked("reconcile_called_off", whole)
        for whole in wholes:
            code = "reconcile_credit_draft" if whole.invoice_no is None else "reconcile_credit_odd"
            yield self._booked(code, whole, differs=True)
        return standing

    def _sold(
        self, order: ShopOrder, sales: list[Document], by_hand: list[Document]
    ) -> Iterator[Pair]:
        invoices = [one for one in sales if one.invoice_no is not None]
        drafts = [one for one in sales if one.invoice_no is None]
        side = ProofSide(order.day, order.total, order.rates)
        if invoices:
            yield self._compared(side, order.tolerance, invoices[0], order.currency)
        elif order.day is None:
            return  # neither completed nor booked: it has no day yet
        elif order.id in self._rules.skipped:
            yield self._sold_only("reconcile_skipped", side, differs=False)
            return
        elif drafts:
            yield self._sold_only("reconcile_draft", side, drafts[0])
        elif self._was_returned_whole(order):
            yield self._sold_only("reconcile_returned_before", side, differs=False)
            for refund in self._refunds:
                yield self._refund_only("reconcile_returned_before", refund, differs=False)
            return
        elif order.total or order.rates:  # a gift card may have paid all of it
            yield self._sold_only("reconcile_missing", side)
        for again in invoices[1:]:
            yield self._booked("reconcile_twice", again, differs=True)
        for left in drafts if invoices else drafts[1:]:
            yield self._booked("reconcile_draft_left", left, differs=True)
        yield from self._returned(by_hand)

    def _was_returned_whole(self, order: ShopOrder) -> bool:
        back = sum(refund.amount for refund in self._refunds)
        return bool(self._refunds) and back == -order.total and not self._of("refund")

    def _returned(self, by_hand: list[Document]) -> Iterator[Pair]:
        """Yield the refunds with their credit notes, then the credit notes without a refund."""
        notes = {one.refund_id: one for one in reversed(self._of("refund"))}
        for refund in self._refunds:
            note = notes.pop(refund.id, None)
            side = ProofSide(refund.day, refund.amount, refund.rates)
            if note is not None and note.invoice_no is not None:
                tolerance = refund.tolerance if refund.stated else None
                yield self._compared(side, tolerance, note, note.currency, refund)
            elif (own := _same_amount(by_hand, refund.amount)) is not None:
                by_hand.remove(own)
                yield self._pair("reconcile_hand_credited", side, own, differs=False)
            elif refund.amount:
                code = "reconcile_credit_draft" if note is not None else "reconcile_not_credited"
                yield self._refund_only(code, refund)
        for note in notes.values():
            yield self._booked("reconcile_taken_back", note, differs=True)
        for note in by_hand:
            yield self._booked("reconcile_hand_credit", note, differs=True)

    def _off(self, sales: list[Document], by_hand: list[Document]) -> Iterator[Pair]:
        """Yield the documents of an order that the shop does not count (any more)."""
        notes = [one for one in self._of("refund") if one.invoice_no is not None]
        invoices = [one for one in sales if one.invoice_no is not None]
        drafts = [one for one in sales if one.invoice_no is None]
        standing = [*invoices, *notes, *by_hand]
        if sum(one.total for one in standing) == 0:
            for one in standing:
                yield self._booked("reconcile_called_off", one)
        else:
            code = self._why_off("invoice")
            for one in standing:
                yield self._booked(code, one, differs=True)
        for draft in drafts:
            yield self._booked(self._why_off("draft"), draft, differs=True)

    def _why_off(self, what: str) -> str:
        if self._order is None:
            gone = {"invoice": "reconcile_deleted_invoice", "draft": "reconcile_deleted_draft"}
            return gone[what]
        if self._order.status == "trash":
            trashed = {"invoice": "reconcile_trashed_invoice", "draft": "reconcile_trashed_draft"}
            return trashed[what]
        off = {"invoice": "reconcile_off_invoice", "draft": "reconcile_off_draft"}
        return off[what]

    def _compared(
        self,
        side: ProofSide,
        tolerance: int | None,
        document: Document,
        currency: str,
        refund: ShopRefund | None = None,
    ) -> Pair:
        """Return a pair whose total is compared, and its VAT where the shop says that."""
        day = side.day or document.day  # booked before it was completed: its own day is as good
        side = ProofSide(day, side.amount, side.rates)
        if side.amount != document.total or currency != document.currency:
            return self._pair("reconcile_amount", side, document, refund, differs=True)
        if tolerance is not None and not _same_vat(side.rates, document, tolerance):
            return self._pair("reconcile_vat", side, document, refund, differs=True)
        period = self._rules.period
        moved = (side.day in period) != (document.day in period)
        code = "reconcile_other_period" if moved else ""
        return self._pair(code, side, document, refund, differs=False)

    def _sold_only(
        self, code: str, side: ProofSide, document: Document | None = None, *, differs: bool = True
    ) -> Pair:
        facts: dict[str, Fact] = {"draft": from_ore(document.total)} if document else {}
        return self._made(code, side, None, facts, differs, document.id if document else "")

    def _refund_only(self, code: str, refund: ShopRefund, *, differs: bool = True) -> Pair:
        side = ProofSide(refund.day, refund.amount, refund.rates)
        return self._made(code, side, None, {"refund": str(refund.id)}, differs)

    def _pair(
        self,
        code: str,
        side: ProofSide,
        document: Document,
        refund: ShopRefund | None = None,
        *,
        differs: bool,
    ) -> Pair:
        facts = _facts(document)
        if refund is not None:
            facts["refund"] = str(refund.id)
        if code == "reconcile_vat":
            facts["shop_vat"] = from_ore(sum(vat for _, _, vat in side.rates))
            facts["books_vat"] = from_ore(document.total - document.net)
        books = ProofSide(document.day, document.total, _rates_of(document, side, differs=differs))
        return self._made(code, side, books, facts, differs, document.id)

    def _booked(self, code: str, document: Document, *, differs: bool = False) -> Pair:
        books = ProofSide(document.day, document.total, _rates_of(document, None, differs=True))
        return self._made(code, None, books, _facts(document), differs, document.id)

    def _made(
        self,
        code: str,
        shop: ProofSide | None,
        books: ProofSide | None,
        facts: dict[str, Fact],
        differs: bool,
        document_id: str = "",
    ) -> Pair:
        order = self._order
        number = order.number if order else f"id:{self._id}"
        currency = order.currency if order else self._documents[0].currency
        if order is not None:
            facts["status"] = order.status
        return Pair(code, differs, self._id, number, currency, shop, books, facts, document_id)


def _cancels(whole: Document, sale: Document) -> bool:
    both = whole.invoice_no is not None and sale.invoice_no is not None
    return both and whole.generation == sale.generation and whole.total == -sale.total


def _same_amount(documents: Iterable[Document], amount: int) -> Document | None:
    return next((one for one in documents if one.total == amount), None)


def _same_vat(rates: Rates, document: Document, tolerance: int) -> bool:
    """Tell whether the VAT is the same, rate by rate where the books say it so, else in all."""
    if document.rates is None:
        taxed = max(1, sum(1 for percent, _, _ in rates if percent))
        vat = sum(vat for _, _, vat in rates)
        return abs(vat - (document.total - document.net)) <= tolerance * taxed
    shop = {percent: vat for percent, _, vat in rates if percent}
    books = {percent: vat for percent, _, vat in document.rates if percent}
    return all(
        abs(shop.get(percent, 0) - books.get(percent, 0)) <= tolerance
        for percent in {*shop, *books}
    )


def _rates_of(document: Document, shop: ProofSide | None, *, differs: bool) -> Rates:
    """Return the rates of a document.

    Where no list said them, those of a document that agrees with the shop by total and VAT are
    the shop's, what rounding left standing under the largest: with the sums of net and VAT given,
    amounts under two rates can be no others.
    """
    if document.rates is not None:
        return document.rates
    if shop is None or differs:
        vat = document.total - document.net
        return ((UNKNOWN_RATE, document.net, vat),)
    vat = document.total - document.net - sum(vat for _, _, vat in shop.rates)
    net = document.net - sum(net for _, net, _ in shop.rates)
    largest = max(shop.rates, key=lambda one: abs(one[2]), default=None)
    if largest is None:
        return ((UNKNOWN_RATE, document.net, document.total - document.net),)
    return tuple(
        (percent, own + net, own_vat + vat) if percent == largest[0] else (percent, own, own_vat)
        for percent, own, own_vat in shop.rates
    )


def _facts(document: Document) -> dict[str, Fact]:
    facts: dict[str, Fact] = {"invoice": str(document.invoice_no or "")}
    if document.refund_id:
        facts["refund"] = str(document.refund_id)
    return facts


def is_open(document: Document | None) -> bool:
    """Tell whether something of a document is still to be paid (or paid back)."""
    return document is not None and abs(document.balance or 0) > _BALANCE
