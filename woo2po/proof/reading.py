"""Reads both systems for a proof: long lists in few requests, kept as compact values.

What is booked is recognised as ours by the matching reference, else by the reference.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from woo2po.booked import BookedDocument, OpenEntry, Transaction
from woo2po.config import Settings
from woo2po.documents import LineSeen
from woo2po.http import NotAllowed
from woo2po.mapping import references
from woo2po.money import ZERO, percent, to_ore
from woo2po.poweroffice import PowerOffice
from woo2po.proof.shop import SENSELESS, Row, shop_order, shop_refund, with_money
from woo2po.proof.sums import Clearing, GiftCards
from woo2po.proof.values import (
    COMPANY_CURRENCY,
    EXPORT,
    NO_VAT,
    STANDARD_CODES,
    WHOLE,
    Document,
    Movement,
    OpenItem,
    Period,
    Posted,
    ShopOrder,
    ShopRefund,
    shared,
)
from woo2po.record import PayoutRecord
from woo2po.woocommerce import Shop

# No books are older; what stood on an account before the period is what was posted since.
_BEGINNING = date(2000, 1, 1)


@dataclass
class BooksFound:
    """What both systems have; documents and movements by the order's id.

    `movements` is None where the ledger may not be read. `others` were posted on clearing
    accounts by others than the job, `strangers` bear our prefix and are not ours. `items` is
    what customers owe at the period's end, `owed` their ledger's balance, None where not read.
    """

    orders: dict[int, ShopOrder] = field(default_factory=dict)
    refunds: dict[int, list[ShopRefund]] = field(default_factory=lambda: defaultdict(list))
    documents: dict[int, list[Document]] = field(default_factory=lambda: defaultdict(list))
    movements: dict[int, list[Movement]] | None = None
    others: list[Movement] = field(default_factory=list)
    clearing: dict[int, Clearing] = field(default_factory=dict)
    gift_cards: GiftCards | None = None
    items: list[OpenItem] = field(default_factory=list)
    owed: int | None = None
    invoice_numbers: set[int] = field(default_factory=set)
    accounts: dict[int, str] = field(default_factory=dict)
    strangers: list[BookedDocument] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)
    limits: dict[str, dict[str, str]] = field(default_factory=dict)

    def documents_of(self, period: Period) -> dict[str, Document]:
        """Return the documents of a period by their ids."""
        listed = chain.from_iterable(self.documents.values())
        return {one.id: one for one in listed if one.day in period}

    def is_invoiced(self, order_id: int) -> bool:
        """Tell whether an order has an invoice or a credit note."""
        return any(one.invoice_no is not None for one in self.documents.get(order_id, ()))


@dataclass
class Reader:
    """Reads what a period needs from the shop and from PowerOffice into `found`."""

    shop: Shop
    go: PowerOffice
    settings: Settings
    period: Period
    today: date
    payouts: Sequence[PayoutRecord] = ()
    found: BooksFound = field(default_factory=BooksFound)

    def __post_init__(self) -> None:
        """Nothing is read yet."""
        self._ours = _Recogniser(self.settings, self.payouts)
        self._statuses: Sequence[str] = ()
        self._by_hand: list[BookedDocument] = []
        self._refunded: dict[int, Row] = {}

    async def read(self) -> BooksFound:
        """Read everything but single invoices' lines. Raises RemoteError."""
        self._statuses = await self.shop.statuses()
        await self._read_orders()
        await self._read_documents()
        await self._read_orders_of_documents()
        await self._read_credited_by_hand()
        await self._read_missing_invoices()
        await self._read_refunds()
        for part in (self._read_sales, self._read_accounts, self._read_customers):
            try:
                await part()
            except NotAllowed as not_allowed:
                self.found.limits[not_allowed.code] = dict(not_allowed.facts)
        return self.found

    # -- the shop --------------------------------------------------------------------------------

    async def _read_orders(self) -> None:
        zone = ZoneInfo(self.settings.woocommerce.timezone)
        first = datetime.combine(self.period.first, time.min, zone)
        end = datetime.combine(self.period.last + timedelta(days=1), time.min, zone)
        async for page in self.shop.sales.orders(first, end, self._statuses):
            if page.restarted:
                self.found.orders.clear()
                self.found.unreadable.clear()
            self._take_orders(page.rows)

    def _take_orders(self, rows: Iterable[Any]) -> None:
        for row in rows:
            try:
                order = shop_order(row, self.settings)
                order = with_money(order, row, (), self.settings)
            except SENSELESS:
                self.found.unreadable.append(_told(row, "id"))
            else:
                self.found.orders[order.id] = order
                if order.refunds:
                    self._refunded[order.id] = row

    async def _read_orders_of_documents(self) -> None:
        """Read the orders that did not change in the period, but have documents or drafts in it."""
        found = self.found
        wanted = [id_ for id_ in found.documents if id_ not in found.orders]
        late = [id_ for id_ in wanted if not any(map(self._counts, found.documents[id_]))]
        for order_id in late:
            del found.documents[order_id]
        ids = sorted(set(wanted) - set(late))
        self._take_orders(await self.shop.sales.orders_with(ids, self._statuses))

    def _counts(self, document: Document) -> bool:
        return document.invoice_no is None or document.day in self.period

    async def _read_refunds(self) -> None:
        orders = self.found.orders
        named = [(order.id, refund) for order in orders.values() for refund in order.refunds]
        rows: dict[int, list[Row]] = defaultdict(list)
        for row in await self.shop.sales.refunds(named):
            order = orders.get(_told(row, "parent_id"))
            try:
                refund = shop_refund(row, order, self.settings)
            except SENSELESS:
                self.found.unreadable.append(_told(row, "parent_id"))
            else:
                if order is not None and refund.id in order.refunds:
                    self.found.refunds[refund.order_id].append(refund)
                    rows[refund.order_id].append(row)
        for order_id, own in rows.items():
            raw = self._refunded[order_id]
            orders[order_id] = with_money(orders[order_id], raw, own, self.settings)

    # -- PowerOffice -----------------------------------------------------------------------------

    async def _read_documents(self) -> None:
        async for page in self.go.booked.invoices_since(self.period.first):
            self._take_documents(page)
            dated = (one.invoice_no for one in page if one.day in self.period)
            self.found.invoice_numbers.update(number for number in dated if number is not None)
        async for page in self.go.booked.drafts():
            self._take_documents(page)

    def _take_documents(self, page: Iterable[BookedDocument]) -> None:
        for seen in page:
            document = self._ours.document(seen)
            if document is not None:
                self._add(document)
            elif self._ours.bears_our_prefix(seen):
                self.found.strangers.append(seen)
            elif seen.credits_invoice is not None:
                self._by_hand.append(seen)

    def _add(self, document: Document) -> None:
        known = self.found.documents[document.order_id]
        if all(one.id != document.id or one.kind != document.kind for one in known):
            known.append(document)

    async def _read_credited_by_hand(self) -> None:
        """Give credit notes without a reference to the orders whose invoices they credit."""
        if not self._by_hand:
            return
        owner = self._owners()
        numbers = {seen.credits_invoice or 0 for seen in self._by_hand} - owner.keys()
        self._take_documents(await self.go.booked.invoices_numbered(sorted(numbers)))
        owner = self._owners()
        for seen in self._by_hand:
            order_id = owner.get(seen.credits_invoice or 0)
            if order_id is not None:
                self._add(_document(seen, order_id))
        await self._read_orders_of_documents()

    def _owners(self) -> dict[int, int]:
        return {
            one.invoice_no: order_id
            for order_id, documents in self.found.documents.items()
            for one in documents
            if one.invoice_no is not None
        }

    async def _read_missing_invoices(self) -> None:
        """Look for the invoices that are dated before the period."""
        found = self.found
        ids = [id_ for id_, order in found.orders.items() if self._lacks_invoice(order)]
        names = [references.of_generation(self.settings, id_, n)[1] for id_ in ids for n in (1, 2)]
        self._take_documents(await self.go.booked.invoices_of(names))

    def _lacks_invoice(self, order: ShopOrder) -> bool:
        documents = self.found.documents.get(order.id, ())
        concerned = order.day in self.period or bool(documents) or bool(order.refunds)
        has_sale = any(one.kind == "sale" for one in documents)
        return order.sells and order.day is not None and concerned and not has_sale

    async def _read_sales(self) -> None:
        """Take what each document posted from the general ledger, where it sums to its own."""
        documents = self.found.documents_of(self.period)
        posted: dict[str, list[Posted]] = defaultdict(list)
        async for page in self.go.booked.sales(self.period.first, self.period.last):
            for one in page:
                if one.voucher_id in documents:
                    posted[one.voucher_id].append(_posted(one))
        self.set_posted(posted)

    def set_posted(self, posted: dict[str, list[Posted]]) -> None:
        """Give documents, by id, what they posted, if that is what they come to."""
        for listed in self.found.documents.values():
            for place, one in enumerate(listed):
                own = posted.pop(one.id, None)
                if own and _fits(own, one):
                    listed[place] = replace(one, posted=shared(_summed(own)))

    async def read_lines(self, documents: Collection[Document]) -> None:
        """Read the lines of invoices, a request each, and take their VAT from them."""
        posted: dict[str, list[Posted]] = {}
        for one in documents:
            if one.currency != COMPANY_CURRENCY:
                continue
            posted[one.id] = [
                Posted(kind, STANDARD_CODES.get(kind, ""), 0, to_ore(net), to_ore(vat))
                for kind, net, vat in map(_of_line, await self.go.invoice_lines(one.id))
            ]
        self.set_posted(posted)

    async def _read_accounts(self) -> None:
        """Read what stands on the clearing accounts, and on that of gift cards.

        An account that is the payment methods' own is read from its beginning, else from the
        period's first day. Payments may have been posted after the period: until today.
        """
        found, settings = self.found, self.settings
        accounts = await self.go.accounts()
        found.accounts = {one.number: one.name for one in accounts}
        await self._read_gift_cards({one.id: one.number for one in accounts})
        if not settings.payments.register_:
            return
        own = {*settings.payments.accounts.values()}
        own |= {payout.lines[-1][1] for payout in self.payouts}
        whole = {no: no in own for no in sorted({*_clearing_accounts(settings), *own})}
        found.clearing = {no: Clearing(no, 0 if of_own else None) for no, of_own in whole.items()}
        last = max(self.today, self.period.last)
        ours: dict[int, list[Movement]] = defaultdict(list)
        told = {f"{one.number} {one.method}": one.id for one in found.orders.values()}
        for of_own, first in ((True, _BEGINNING), (False, self.period.first)):
            numbers = [number for number, one in whole.items() if one is of_own]
            async for page in self.go.booked.on_accounts(first, last, numbers):
                for movement in (self._ours.movement(one, told) for one in page):
                    known = movement.order_id in found.orders
                    (ours[movement.order_id] if known else found.others).append(movement)
        told_of = (one.number or one.payout or one.day not in self.period for one in found.others)
        if ours or all(told_of):
            found.movements = ours
        else:
            # Nobody knows for sure that a voucher's text is shown here: then balances tell.
            found.limits["reconcile_unnamed"] = {}

    async def _read_gift_cards(self, numbers: Mapping[int, int]) -> None:
        code = self.settings.gift_cards.product
        number = numbers.get(await self.go.account_of_product(code) or 0) if code else None
        if number is None:
            return
        cards = self.found.gift_cards = GiftCards(number)
        async for page in self.go.booked.on_accounts(_BEGINNING, self.period.last, [number]):
            for one in page:
                cards.take(one.day < self.period.first, -to_ore(one.amount))

    async def _read_customers(self) -> None:
        """Read what customers owe at the period's end, and what stands open of it."""
        last = min(self.period.last, self.today)
        self.found.owed = to_ore(await self.go.booked.customers_balance(last))
        async for page in self.go.booked.open_items(last):
            self.found.items += map(self._ours.item, page)


def _clearing_accounts(settings: Settings) -> list[int]:
    """Return the accounts on which payments are posted."""
    payments = settings.payments
    numbers = {*payments.accounts.values(), payments.bank_account or 0}
    if "cash" in {payments.default_type, *payments.types.values()}:
        numbers.add(payments.cash_account)
    return sorted(numbers - {0})


def _kind(rate: Decimal, code: str) -> str:
    """Return the kind of a posting; a VAT code of the company's own may be another country's."""
    if rate:
        return percent(rate) if code.isdigit() or not code else f"* {percent(rate)}"
    return EXPORT if code == EXPORT else NO_VAT


def _of_line(line: LineSeen) -> tuple[str, Decimal, Decimal]:
    return _kind(line.vat_rate or ZERO, ""), line.net or ZERO, line.vat or ZERO


def _posted(one: Transaction) -> Posted:
    """Return a posting of a sale: a sale is a credit, whatever the sign of its VAT."""
    net, vat = -to_ore(one.amount), abs(to_ore(one.vat or ZERO))
    kind = _kind(one.vat_rate or ZERO, one.vat_code)
    return Posted(
        shared(kind), shared(one.vat_code), one.account_no, net, vat if net >= 0 else -vat
    )


def _summed(posted: Iterable[Posted]) -> tuple[Posted, ...]:
    """Return postings with one for each kind, code and account."""
    sums: dict[tuple[str, str, int], list[int]] = {}
    for kind, code, account, *amounts in posted:
        both = sums.setdefault((kind, code, account), [0, 0])
        both[0] += amounts[0]
        both[1] += amounts[1]
    return tuple(Posted(*under, *both) for under, both in sorted(sums.items()) if any(both))


def _told(row: Any, name: str) -> int:
    """Return an id that a row tells, or 0 where not even that can be read."""
    value = row.get(name) if isinstance(row, dict) else None
    return value if isinstance(value, int) else 0


# -- whose it is, and its VAT ----------------------------------------------------------------------


class _Recogniser:
    """Tells whose document something booked is."""

    def __init__(self, settings: Settings, payouts: Sequence[PayoutRecord]) -> None:
        self._payouts = payouts
        shop = re.escape(references.matching_reference(settings, 0).removesuffix("0"))
        prefix = re.escape(settings.orders.number_prefix)
        self._methods = {*settings.payments.accounts, *settings.payments.types}
        self._matching = re.compile(rf"{shop}(\d{{1,18}})(?:-(\d+))?(?:-.*)?")
        self._reference = re.compile(rf"{prefix}(\d{{1,18}})(?:-(\d+))?(?:-r(\d{{1,18}})|-(c))?")

    def document(self, seen: BookedDocument) -> Document | None:
        """Return a document of ours, or None for one that is somebody else's."""
        ours = self._matching.fullmatch(seen.matching_reference)
        named = self._reference.fullmatch(seen.reference)
        if ours is None and (named is None or seen.matching_reference):
            return None
        found = ours or named
        order_id = int(found[1]) if found else 0
        generation = int(found[2] or 1) if found else 1
        refund = re.search(r"-r(\d{1,18})$", seen.reference)
        if refund:
            return _document(seen, order_id, "refund", int(refund[1]), generation)
        kind = "whole" if seen.reference.endswith("-c") else "sale"
        return _document(seen, order_id, kind, 0, generation)

    def bears_our_prefix(self, seen: BookedDocument) -> bool:
        """Tell whether a document that is not ours looks as if it were."""
        return self._reference.fullmatch(seen.reference) is not None

    def movement(self, posting: Transaction, told: Mapping[str, int]) -> Movement:
        """Return what was posted on a clearing account, with the order that it names.

        `told` are orders by number and method, with which the job's text begins; earlier versions
        wrote the reference.
        """
        named = self._reference.fullmatch(posting.description)
        order_id, refund = (int(named[1]), int(named[3] or 0)) if named else (0, 0)
        refund = WHOLE if named and named[4] else refund
        number = named[1] if named else ""
        if named is None:
            words = posting.description.split(" ")
            order_id = told.get(" ".join(words[:2]), 0)
            number = words[0] if len(words) > 1 and words[1] in self._methods else ""
            back = re.search(r" (?:refusjon (\d{1,18})|kansellert)$", posting.description)
            refund = int(back[1] or WHOLE) if back else 0
        payout = "" if number else self._payout(posting)
        day, amount = shared(posting.day), to_ore(posting.amount)
        number = "" if order_id else number
        return Movement(posting.account_no, day, amount, order_id, refund, number, payout)

    def _payout(self, posting: Transaction) -> str:
        """Return the reference of the payout that was posted: the text ends with its key."""
        own = (one for one in self._payouts if one.lines[-1][1] == posting.account_no)
        said = (one.reference for one in own if posting.description.endswith(f" {one.key}"))
        return next(said, "")

    def item(self, seen: OpenEntry) -> OpenItem:
        """Return what is open on a customer, with the order that it is of."""
        ours = self._matching.fullmatch(seen.matching_reference)
        found = ours or self._reference.fullmatch(seen.reference)
        order_id = int(found[1]) if found else 0
        return OpenItem(order_id, seen.invoice_no, shared(seen.day), seen.due, to_ore(seen.balance))


def _document(
    seen: BookedDocument, order_id: int, kind: str = "hand", refund: int = 0, generation: int = 1
) -> Document:
    """Return a document of an order; unless told, a credit note that somebody made by hand."""
    return Document(
        id=seen.id,
        order_id=order_id,
        kind=kind,
        refund_id=refund,
        generation=generation,
        invoice_no=seen.invoice_no,
        day=shared(seen.day),
        total=to_ore(seen.total),
        net=to_ore(seen.net),
        currency=shared(seen.currency),
        balance=None if seen.balance is None else to_ore(seen.balance),
    )


def _fits(posted: Iterable[Posted], document: Document) -> bool:
    """Tell whether postings are those of a document: net and VAT sum to its own.

    In another currency they do at one rate, which is not told: as near as øre allow.
    """
    net, vat = sum(one.net for one in posted), sum(one.vat for one in posted)
    if document.currency == COMPANY_CURRENCY:
        return net == document.net and vat == document.total - document.net
    off = vat * document.total - (document.total - document.net) * (net + vat)
    return abs(off) <= abs(document.total) * 10 and net + vat != 0
