"""Reads both systems for a proof: long lists in few requests, kept as compact values.

What is booked is recognised as ours by the matching reference, else by the reference.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from woo2po.booked import BookedDocument, Transaction
from woo2po.config import Settings
from woo2po.http import NotAllowed
from woo2po.mapping import references
from woo2po.money import ZERO, to_ore
from woo2po.poweroffice import PowerOffice
from woo2po.proof.proof import (
    Document,
    Movement,
    Period,
    Rates,
    ShopOrder,
    ShopRefund,
    by_rate,
    shared,
)
from woo2po.proof.shop import SENSELESS, shop_order, shop_refund
from woo2po.woocommerce import Shop

_WAY_OF_CANCELLED = -1


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
    found: BooksFound = field(default_factory=BooksFound)

    def __post_init__(self) -> None:
        """Nothing is read yet."""
        self._ours = _Recogniser(self.settings)
        self._statuses: Sequence[str] = ()
        self._by_hand: list[BookedDocument] = []

    async def read(self) -> BooksFound:
        """Read everything but single invoices' lines. Raises RemoteError."""
        self._statuses = await self.shop.statuses()
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
            except SENSELESS:
                self.found.unreadable.append(_told(row, "id"))
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
        self._take_orders(await self.shop.sales.orders_with(ids, self._statuses))

    def _counts(self, document: Document) -> bool:
        return document.invoice_no is None or document.day in self.period

    async def _read_refunds(self) -> None:
        orders = self.found.orders
        named = [(order.id, refund) for order in orders.values() for refund in order.refunds]
        for row in await self.shop.sales.refunds(named):
            order = orders.get(_told(row, "parent_id"))
            try:
                refund = shop_refund(row, order, self.settings)
            except SENSELESS:
                self.found.unreadable.append(_told(row, "parent_id"))
            else:
                if order is not None and refund.id in order.refunds:
                    self.found.refunds[refund.order_id].append(refund)

    # -- PowerOffice -----------------------------------------------------------------------------

    async def _read_documents(self) -> None:
        async for page in self.go.booked.invoices_since(self.period.first):
            self._take_documents(page)
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

    async def _read_ledger(self) -> None:
        try:
            await self._read_rates()
            await self._read_accounts()
        except NotAllowed as not_allowed:
            self.found.movements = None
            self.found.limits[not_allowed.code] = dict(not_allowed.facts)

    async def _read_rates(self) -> None:
        """Take the VAT of each document from the general ledger, where it sums to its own."""
        documents = self.found.documents_of(self.period)
        sums: dict[str, Rates] = {}
        async for page in self.go.booked.sales(self.period.first, self.period.last):
            for one in page:
                if one.voucher_id in documents:
                    sums[one.voucher_id] = _added(sums.get(one.voucher_id, ()), one)
        for id_ in [id_ for id_, one in sums.items() if not _fits(one, documents[id_])]:
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
            lines = await self.go.invoice_lines(one.id)
            found = _rates_of((line.vat_rate, line.net or ZERO, line.vat) for line in lines)
            if _fits(found, one):
                rates[one.id] = found
        self.set_rates(rates)

    async def _read_accounts(self) -> None:
        """Read what stands on the clearing accounts from the period's first day until today."""
        if not self.settings.payments.register_:
            return
        numbers = _clearing_accounts(self.settings)
        ours: dict[int, list[Movement]] = defaultdict(list)
        last = max(self.today, self.period.last)
        async for page in self.go.booked.on_accounts(self.period.first, last, numbers):
            for posting in page:
                movement = self._ours.movement(posting)
                if movement.order_id in self.found.orders:
                    ours[movement.order_id].append(movement)
                elif movement.day in self.period:
                    self.found.others.append(movement)
        if ours or not self.found.others:
            self.found.movements = ours
        else:
            # Nobody knows for sure that a voucher's text is shown here: then balances tell.
            self.found.limits["reconcile_unnamed"] = {}


def _clearing_accounts(settings: Settings) -> list[int]:
    """Return the accounts on which payments are posted."""
    payments = settings.payments
    numbers = {*payments.accounts.values(), payments.bank_account or 0}
    if "cash" in {payments.default_type, *payments.types.values()}:
        numbers.add(payments.cash_account)
    return sorted(numbers - {0})


def _added(rates: Rates, posting: Transaction) -> Rates:
    """Return rates with a posting of a sale: a sale is a credit, whatever the sign of its VAT."""
    percent = shared(posting.vat_rate if posting.vat and posting.vat_rate else ZERO)
    sums = {one: (net, vat) for one, net, vat in rates}
    before, vat = sums.get(percent, (0, 0)), abs(to_ore(posting.vat or ZERO))
    net = -to_ore(posting.amount)
    sums[percent] = before[0] + net, before[1] + (vat if net >= 0 else -vat)
    return by_rate((one, *amounts) for one, amounts in sums.items())


def _told(row: Any, name: str) -> int:
    """Return an id that a row tells, or 0 where not even that can be read."""
    value = row.get(name) if isinstance(row, dict) else None
    return value if isinstance(value, int) else 0


# -- whose it is, and its VAT ----------------------------------------------------------------------


class _Recogniser:
    """Tells whose document something booked is."""

    def __init__(self, settings: Settings) -> None:
        shop = re.escape(references.matching_reference(settings, 0).removesuffix("0"))
        prefix = re.escape(settings.orders.number_prefix)
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

    def movement(self, posting: Transaction) -> Movement:
        """Return what was posted on a clearing account, with the order that it names."""
        named = self._reference.fullmatch(posting.description)
        order_id, refund = (int(named[1]), int(named[3] or 0)) if named else (0, 0)
        refund = _WAY_OF_CANCELLED if named and named[4] else refund
        day = shared(posting.day)
        return Movement(posting.account_no, day, to_ore(posting.amount), order_id, refund)


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


def _rates_of(postings: Iterable[tuple[Decimal | None, Decimal, Decimal | None]]) -> Rates:
    """Return the rates of a document from its lines or postings: percent, net, VAT (kroner)."""
    sums: dict[Decimal, list[Decimal]] = {}
    for percent, net, vat in postings:
        under = sums.setdefault(percent if vat and percent else ZERO, [ZERO, ZERO])
        under[0] += net
        under[1] += vat or ZERO
    whole = [(percent, to_ore(net), to_ore(vat)) for percent, (net, vat) in sums.items()]
    return by_rate(one for one in whole if one[1] or one[2])


def _fits(rates: Rates, document: Document) -> bool:
    """Tell whether VAT that a list gives is that of a document: net and VAT sum to its own."""
    net, vat = sum(one[1] for one in rates), sum(one[2] for one in rates)
    return net == document.net and vat == document.total - document.net
