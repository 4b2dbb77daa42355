"""Reads both systems for a proof: long lists in few requests, kept as compact values."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from woo2po.booked import BookedDocument, Transaction
from woo2po.http import NotAllowed
from woo2po.mapping import references
from woo2po.money import ZERO, to_ore
from woo2po.poweroffice import PowerOffice
from woo2po.reconcile.books import Recogniser, by_hand, fits, rates_of
from woo2po.reconcile.shop import Unreadable, shop_order, shop_refund
from woo2po.reconcile.values import Document, Movement, Period, Rates, ShopOrder, ShopRefund, shared
from woo2po.settings import Settings
from woo2po.woocommerce import Shop


@dataclass
class BooksFound:
    """What both systems have; documents and movements by the order's id.

    `movements` is None where the ledger may not be read. `others` were posted on clearing
    accounts by others than the job, `strangers` bear our prefix and are not ours.
    """

    orders: dict[int, ShopOrder] = field(default_factory=dict)
    refunds: dict[int, list[ShopRefund]] = field(default_factory=lambda: defaultdict(list))
    documents: dict[int, list[Document]] = field(default_factory=lambda: defaultdict(list))
    movements: dict[int, list[Movement]] | None = None
    others: list[Movement] = field(default_factory=list)
    strangers: list[BookedDocument] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)
    limits: dict[str, dict[str, str]] = field(default_factory=dict)


class Reader:
    """Reads what a period needs from the shop and from PowerOffice into `found`."""

    def __init__(
        self, shop: Shop, go: PowerOffice, settings: Settings, period: Period, today: date
    ) -> None:
        self._shop = shop
        self._go = go
        self._settings = settings
        self._period = period
        self._today = today
        self._ours = Recogniser(settings)
        self._statuses: Sequence[str] = ()
        self._by_hand: list[BookedDocument] = []
        self.found = BooksFound()

    async def read(self) -> BooksFound:
        """Read everything but single invoices' lines. Raises RemoteError."""
        self._statuses = await self._shop.statuses()
        await self._read_orders()
        await self._read_documents()
        await self._read_orders_of_documents()
        await self._read_credited_by_hand()
        await self._read_missing_invoices()
        await self._read_refunds()
        await self._read_ledger()
        return self.found

    # -- the shop --------------------------------------------------------------------------------

    async def _read_orders(self) -> None:
        zone = ZoneInfo(self._settings.woocommerce.timezone)
        first = datetime.combine(self._period.first, time.min, zone)
        end = datetime.combine(self._period.last + timedelta(days=1), time.min, zone)
        async for page in self._shop.sales.orders(first, end, self._statuses):
            if page.restarted:
                self.found.orders.clear()
                self.found.unreadable.clear()
            self._take_orders(page.rows)

    def _take_orders(self, rows: Iterable[Any]) -> None:
        for row in rows:
            try:
                order = shop_order(row, self._settings)
            except Unreadable as unreadable:
                self.found.unreadable.append(unreadable.order_id)
            else:
                self.found.orders[order.id] = order

    async def _read_orders_of_documents(self) -> None:
        """Read the orders that did not change in the period, but have documents or drafts in it."""
        found = self.found
        wanted = [id_ for id_ in found.documents if id_ not in found.orders]
        late = [id_ for id_ in wanted if not any(map(self._counts, found.documents[id_]))]
        for order_id in late:
            del found.documents[order_id]
        ids = sorted(set(wanted) - set(late))
        self._take_orders(await self._shop.sales.orders_with(ids, self._statuses))

    def _counts(self, document: Document) -> bool:
        return document.invoice_no is None or document.day in self._period

    async def _read_refunds(self) -> None:
        orders = self.found.orders
        named = [(order.id, refund) for order in orders.values() for refund in order.refunds]
        for row in await self._shop.sales.refunds(named):
            order_id = row.get("parent_id") if isinstance(row, dict) else None
            order = orders.get(order_id) if isinstance(order_id, int) else None
            try:
                refund = shop_refund(row, order, self._settings)
            except Unreadable as unreadable:
                self.found.unreadable.append(unreadable.order_id)
            else:
                if order is not None and refund.id in order.refunds:
                    self.found.refunds[refund.order_id].append(refund)

    # -- PowerOffice -----------------------------------------------------------------------------

    async def _read_documents(self) -> None:
        async for page in self._go.booked.invoices_since(self._period.first):
            self._take_documents(page)
        async for page in self._go.booked.drafts():
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
        self._take_documents(await self._go.booked.invoices_numbered(sorted(numbers)))
        owner = self._owners()
        for seen in self._by_hand:
            order_id = owner.get(seen.credits_invoice or 0)
            if order_id is not None:
                self._add(by_hand(seen, order_id))
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
        names = [references.of_generation(self._settings, id_, n)[1] for id_ in ids for n in (1, 2)]
        self._take_documents(await self._go.booked.invoices_of(names))

    def _lacks_invoice(self, order: ShopOrder) -> bool:
        documents = self.found.documents.get(order.id, ())
        concerned = order.day in self._period or bool(documents) or bool(order.refunds)
        has_sale = any(one.kind == "sale" for one in documents)
        return order.sells and order.day is not None and concerned and not has_sale

    async def _read_ledger(self) -> None:
        try:
            await self._read_rates()
            await self._read_accounts()
        except NotAllowed as not_allowed:
            self.found.movements = None
            self.found.limits[not_allowed.code] = dict(not_allowed.facts)

    async def _read_rates(self) -> None:
        """Take the VAT of each document from the general ledger, where it sums to its own."""
        documents = {
            one.id: one
            for listed in self.found.documents.values()
            for one in listed
            if one.day in self._period
        }
        sums: dict[str, Rates] = {}
        async for page in self._go.booked.sales(self._period.first, self._period.last):
            for one in page:
                if one.voucher_id in documents:
                    sums[one.voucher_id] = _added(sums.get(one.voucher_id, ()), one)
        for id_ in [id_ for id_, one in sums.items() if not fits(one, documents[id_])]:
            del sums[id_]
        documents.clear()
        self.set_rates(sums)

    def set_rates(self, rates: dict[str, Rates]) -> None:
        """Give documents, by id, their VAT per rate, and empty the list of it."""
        for order_id, listed in self.found.documents.items():
            order = self.found.orders.get(order_id)
            for place, one in enumerate(listed):
                if one.id in rates:
                    own = rates.pop(one.id)
                    same = order is not None and order.rates == own
                    listed[place] = replace(one, rates=order.rates if order and same else own)

    async def read_lines(self, documents: Collection[Document]) -> None:
        """Read the lines of invoices, a request each, and take their VAT from them."""
        rates: dict[str, Rates] = {}
        for one in documents:
            lines = await self._go.invoice_lines(one.id)
            found = rates_of((line.vat_rate, line.net or ZERO, line.vat) for line in lines)
            if fits(found, one):
                rates[one.id] = found
        self.set_rates(rates)

    async def _read_accounts(self) -> None:
        """Read what stands on the clearing accounts from the period's first day until today."""
        if not self._settings.payments.register_:
            return
        numbers = clearing_accounts(self._settings)
        ours: dict[int, list[Movement]] = defaultdict(list)
        last = max(self._today, self._period.last)
        async for page in self._go.booked.on_accounts(self._period.first, last, numbers):
            for posting in page:
                movement = self._ours.movement(posting)
                if movement.order_id in self.found.orders:
                    ours[movement.order_id].append(movement)
                elif movement.day in self._period:
                    self.found.others.append(movement)
        if ours or not self.found.others:
            self.found.movements = ours
        else:
            # Nobody knows for sure that a voucher's text is shown here: then balances tell.
            self.found.limits["reconcile_unnamed"] = {}


def clearing_accounts(settings: Settings) -> list[int]:
    """Return the accounts on which payments are posted."""
    payments = settings.payments
    numbers = {*payments.accounts.values(), payments.bank_account or 0}
    if "cash" in {payments.default_type, *payments.types.values()}:
        numbers.add(payments.cash_account)
    return sorted(numbers - {0})


def _added(rates: Rates, posting: Transaction) -> Rates:
    """Return rates with a posting of a sale: a sale is a credit, whatever the sign of its VAT."""
    percent = posting.vat_rate if posting.vat and posting.vat_rate else ZERO
    vat = abs(to_ore(posting.vat or ZERO))
    net = -to_ore(posting.amount)
    own = (shared(percent), net, vat if net >= 0 else -vat)
    others = [one for one in rates if one[0] != percent]
    for one in rates:
        if one[0] == percent:
            own = (own[0], own[1] + one[1], own[2] + one[2])
    return tuple(sorted((*others, own), key=lambda one: (not one[0], one[0])))
