"""Reads both systems for a proof: long lists in few requests, kept as compact values.

What is booked is recognised as ours by the matching reference, else by the reference.
"""

import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from woo2po.config import Settings
from woo2po.holds import Hold, Skip
from woo2po.http import NotAllowed
from woo2po.mapping.customer import matching_reference, of_generation
from woo2po.money import ZERO, Fact, percent
from woo2po.order import Order, UnreadableOrder, read_order, read_refund
from woo2po.payouts import booked_payouts
from woo2po.poweroffice import PowerOffice
from woo2po.poweroffice.booked import BookedDocument, OpenEntry, Transaction
from woo2po.proof.clearing import ClearingAccount
from woo2po.proof.shop import shop_order, shop_refund
from woo2po.proof.sums import Proof, gaps
from woo2po.proof.values import (
    COMPANY_CURRENCY,
    EXPORT,
    NO_VAT,
    STANDARD_CODES,
    WHOLE,
    Case,
    Document,
    Movement,
    Pair,
    Posted,
    ShopOrder,
    Side,
    ore,
    shared,
)
from woo2po.record import PayoutRecord, Record
from woo2po.store import Store
from woo2po.store.database import StateError
from woo2po.woocommerce import Shop
from woo2po.woocommerce.lists import id_of

# No books are older; what stood on an account before the period is what was posted since.
_BEGINNING = date(2000, 1, 1)
_RATES = {code: Decimal(kind) for kind, code in STANDARD_CODES.items() if kind != EXPORT}
_SENSELESS = (UnreadableOrder, ArithmeticError)  # raised by a row that is no order or refund
_AT_ONCE = 100  # refunded orders, whose refunds are asked for together


@dataclass
class Reader:
    """Reads what a period needs from the shop and from PowerOffice, into cases and the proof.

    `others` were posted on clearing accounts and name no order that was read, with its id if that
    is told. `unnamed`: no posting names its order, or none may be read.
    """

    shop: Shop
    go: PowerOffice
    settings: Settings
    proof: Proof
    today: date
    store: Store | None
    cases: dict[int, Case] = field(default_factory=dict)
    others: list[tuple[int, Movement]] = field(default_factory=list)
    unnamed: bool = True

    async def read(self) -> None:
        """Read everything. Raises RemoteError."""
        self.period = self.proof.period
        payouts = [] if self.store is None else booked_payouts(self.store)
        self.payouts = [one for one in payouts if one.lines[-1][0] == "clearing"]
        self._ours = _Recogniser(self.settings, self.payouts)
        self._by_hand: list[BookedDocument] = []
        self._foreign: list[int] = []
        self._refunded: dict[int, Order] = {}
        self._statuses = await self.shop.statuses()
        await self._read_orders()
        await self._read_documents()
        await self._read_orders_of_documents()
        await self._read_credited_by_hand()
        await self._read_missing_invoices()
        await self._read_refunds()
        limits: dict[str, Mapping[str, Fact]] = {}
        for part in (
            self._read_chart, self._read_sales, self._read_accounts, self._read_customers,
        ):  # fmt: skip
            try:
                await part()
            except NotAllowed as not_allowed:
                limits[not_allowed.code] = not_allowed.facts
        self.proof.limits += limits.items()
        if self.today <= self.period.last:
            self.proof.limits.append(("reconcile_not_over", {"today": self.today}))

    def why(self, id_: int) -> Hold | Skip | None:
        """Return why an order or a refund is held or was taken out."""
        record = self._known(id_)
        return None if record is None else record.skip or record.hold

    def number(self, order_id: int, otherwise: str) -> str:
        """Return the number of an order, as far as it is known."""
        case = self.cases.get(order_id)
        if case is not None and case.order is not None:
            return case.order.number
        record = self._known(order_id)
        return otherwise if record is None else record.number

    def _known(self, id_: int) -> Record | None:
        with suppress(StateError):
            return self.store.record(id_) if self.store is not None and id_ else None
        return None

    def _unreadable(self, order_id: int) -> None:
        known = {(pair.code, pair.order_id) for pair in self.proof.differences}
        if ("unreadable", order_id) not in known:
            self.proof.take([Pair("unreadable", True, order_id, f"id:{order_id}")])

    @property
    def orders(self) -> Iterable[ShopOrder]:
        """The orders of the shop."""
        return (case.order for case in self.cases.values() if case.order is not None)

    def _case(self, order_id: int) -> Case:
        return self.cases.setdefault(order_id, Case(order_id))

    # -- the shop --------------------------------------------------------------------------------

    async def _read_orders(self) -> None:
        zone = ZoneInfo(self.settings.woocommerce.timezone)
        first = datetime.combine(self.period.first, time.min, zone)
        end = datetime.combine(self.period.last + timedelta(days=1), time.min, zone)
        async for page in self.shop.sold(first, end, self._statuses):
            if page.restarted:
                self.cases.clear()
                self._refunded.clear()
                self.proof.differences.clear()
            await self._take_orders(page.rows)

    async def _take_orders(self, rows: Iterable[Any]) -> None:
        for row in rows:
            try:
                order = read_order(row)
                self._case(order.id).order = shop_order(order, (), self.settings)
            except _SENSELESS:
                self._unreadable(id_of(row) or 0)
                continue
            if order.refunds:
                self._refunded[order.id] = order
        if len(self._refunded) >= _AT_ONCE:
            await self._read_refunds()

    async def _read_orders_of_documents(self) -> None:
        """Read the orders that did not change in the period, but have documents or drafts in it."""
        wanted = []
        for case in [case for case in self.cases.values() if case.order is None]:
            if any(one.invoice_no is None or one.day in self.period for one in case.documents):
                wanted.append(case.id)
            else:
                del self.cases[case.id]
        await self._take_orders(await self.shop.sold_with(sorted(wanted), self._statuses))

    async def _read_refunds(self) -> None:
        orders = self._refunded.values()
        named = [(order.id, refund.id) for order in orders for refund in order.refunds]
        found = defaultdict(list)
        for row in await self.shop.given_back(named):
            order_id = row.get("parent_id") if isinstance(row, Mapping) else None
            if order_id in self._refunded:
                try:
                    refund = read_refund(row)
                    told = shop_refund(refund, self._refunded[order_id], self.settings)
                except _SENSELESS:
                    self._unreadable(order_id)
                else:
                    found[order_id].append(refund)
                    self.cases[order_id].refunds += (told,)
        for order_id, refunds in found.items():
            order, case = self._refunded[order_id], self.cases[order_id]
            case.order = shop_order(order, refunds, self.settings)
            own = case.order.refunds
            case.refunds = tuple(one for one in case.refunds if one.id in own)
        self._refunded.clear()

    # -- PowerOffice -----------------------------------------------------------------------------

    async def _read_documents(self) -> None:
        numbers = array("q")
        async for page in self.go.booked.invoices_since(self.period.first):
            self._take_documents(page)
            dated = (one.invoice_no for one in page if one.day in self.period)
            numbers.extend(number for number in dated if number is not None)
        self.proof.gaps["invoices"] = gaps(numbers)
        async for page in self.go.booked.drafts():
            self._take_documents(page)

    def _take_documents(self, page: Iterable[BookedDocument]) -> None:
        for seen in page:
            order_id, document = self._ours.document(seen)
            if order_id:
                self._add(order_id, document)
            elif self._ours.reference.fullmatch(seen.reference):
                facts = {"invoice": str(seen.invoice_no or ""), "reference": seen.reference}
                books = Side(seen.day, ore(seen.total))
                pair = Pair("stranger", True, 0, "", seen.currency, None, books, facts)
                self.proof.take([pair])
            elif seen.credits_invoice is not None:
                self._by_hand.append(seen)

    def _add(self, order_id: int, document: Document) -> None:
        case = self._case(order_id)
        if all((one.id, one.kind) != (document.id, document.kind) for one in case.documents):
            case.documents = (*case.documents, document)

    async def _read_credited_by_hand(self) -> None:
        """Give credit notes without a reference to the orders whose invoices they credit."""
        if not self._by_hand:
            return
        numbers = {seen.credits_invoice or 0 for seen in self._by_hand} - self._owners().keys()
        self._take_documents(await self.go.booked.invoices_numbered(sorted(numbers)))
        owner = self._owners()
        for seen in self._by_hand:
            if order_id := owner.get(seen.credits_invoice or 0):
                self._add(order_id, replace(self._ours.document(seen)[1], kind="hand"))
        await self._read_orders_of_documents()

    def _owners(self) -> dict[int, int]:
        return {
            one.invoice_no: case.id
            for case in self.cases.values()
            for one in case.documents
            if one.invoice_no is not None
        }

    async def _read_missing_invoices(self) -> None:
        """Look for the invoices that are dated before the period."""
        ids = [case.id for case in self.cases.values() if self._lacks_invoice(case)]
        names = [of_generation(self.settings, id_, n)[1] for id_ in ids for n in (1, 2)]
        self._take_documents(await self.go.booked.invoices_of(names))

    def _lacks_invoice(self, case: Case) -> bool:
        order = case.order
        if order is None or not order.sells or order.day is None:
            return False
        concerned = order.day in self.period or bool(case.documents) or bool(order.refunds)
        return concerned and all(one.kind != "sale" for one in case.documents)

    async def _read_chart(self) -> None:
        """Read on which accounts gift cards, other countries' VAT, and untaxed goods stand."""
        listed, foreign = await self.go.accounts(), self.settings.vat.foreign
        self.proof.accounts = {one.number: one.name for one in listed}
        sold = [one for one in self.orders if one.sells and one.untaxed and one.day in self.period]
        goods = {one.sku for order in sold for one in order.untaxed}
        abroad = [] if isinstance(foreign, str) else foreign.values()
        vat_products = {one["vat_product"] for one in abroad if not isinstance(one, str)}
        card = self.settings.gift_cards.product
        found = await self.go.accounts_of_products(sorted({card, *vat_products, *goods} - {""}))
        accounts = {one.id: one for one in listed}
        of = {
            code: [accounts[id_] for id_ in ids if id_ in accounts] for code, ids in found.items()
        }
        self._foreign = sorted({one.number for code in vat_products for one in of.get(code, ())})
        self.proof.gift_cards = ClearingAccount(of[card][0].number) if of.get(card) else None
        for order in sold:
            for line in order.untaxed:
                codes = [one.vat_code for one in of.get(line.sku, ()) if one.vat_code != EXPORT]
                rates = [_RATES.get(code, ZERO) for code in codes]
                rate = max(rates) if rates and all(rates) else ZERO
                vat = line.vat or round(line.paid * rate / (100 + rate))
                if vat:
                    told = line._replace(vat=vat, number=order.number, day=order.day)
                    self.proof.untaxed.append(told)

    async def _read_sales(self) -> None:
        """Take what each document posted from the general ledger, where it sums to its own."""
        listed = (one for case in self.cases.values() for one in case.documents)
        documents = {one.id: one for one in listed if one.day in self.period}
        first, last = self.period.first, self.period.last
        async for page in self.go.booked.sales(first, last, self._foreign):
            for one in page:
                if one.voucher_id in documents:
                    document = documents[one.voucher_id]
                    document.posted = _summed([*(document.posted or ()), _posted(one)])
        for document in documents.values():
            document.id = ""  # of 50,000 orders they are 5 MB, and asked for no more
            if document.posted and not _fits(document.posted, document):
                document.posted = None

    async def _read_accounts(self) -> None:
        """Read what stands on the clearing accounts, and on that of gift cards.

        An account that is the payment methods' own is read from its beginning, else from the
        period's first day. Payments may have been posted after the period: until today.
        """
        payments = self.settings.payments
        if self.proof.gift_cards is not None:
            await self._read_gift_cards(self.proof.gift_cards)
        if not payments.register_:
            return
        own = {*payments.accounts.values(), *(one.lines[-1][1] for one in self.payouts)}
        in_cash = "cash" in {payments.default_type, *payments.types.values()}
        rest = {payments.bank_account or 0, payments.cash_account if in_cash else 0} - {0, *own}
        self.proof.clearing = {
            no: ClearingAccount(no, 0 if no in own else None) for no in sorted(own | rest)
        }
        last = max(self.today, self.period.last)
        told = {one.number: one for one in self.orders}
        for numbers, first in ((own, _BEGINNING), (rest, self.period.first)):
            async for page in self.go.booked.on_accounts(first, last, sorted(numbers)):
                for posting in page:
                    order_id, movement = self._ours.movement(posting, told)
                    case = self.cases.get(order_id)
                    if case is None or case.order is None:
                        self.others.append((order_id, movement))
                    else:
                        case.movements = (*case.movements, movement)
        inside = [(id_, one) for id_, one in self.others if one.day in self.period]
        named = any(case.movements for case in self.cases.values())
        self.unnamed = not named and any(
            not (id_ or one.number or one.payout) for id_, one in inside
        )
        if self.unnamed:
            # Nobody knows for sure that a voucher's text is shown here: then balances tell.
            self.proof.limits.append(("reconcile_unnamed", {}))

    async def _read_gift_cards(self, cards: ClearingAccount) -> None:
        async for page in self.go.booked.on_accounts(_BEGINNING, self.period.last, [cards.number]):
            for one in page:
                amount = -ore(one.amount)
                if one.day < self.period.first:
                    cards.opening = (cards.opening or 0) + amount
                else:
                    cards.flows["sold" if amount > 0 else "used"] += amount

    async def _read_customers(self) -> None:
        """Read what customers owe at the period's end, and what stands open of it."""
        last = min(self.period.last, self.today)
        self.proof.receivables = ore(await self.go.booked.customers_balance(last))
        async for page in self.go.booked.open_items(last):
            for one in page:
                order_id = self._ours.owner(one)
                number = self.number(order_id, f"id:{order_id}") if order_id else ""
                balance, kind = ore(one.balance), "invoice"
                if one.invoice_no is None or balance < 0:
                    kind = "payment" if one.invoice_no is None else "credit"
                elif self._is_reserved(order_id):
                    kind = "reserved"
                elif one.due is not None and one.due <= last:
                    kind = "overdue"
                self.proof.items.append((number, one, balance, kind))

    def _is_reserved(self, order_id: int) -> bool:
        """Tell whether an order is paid before its invoice, and not all of it has been captured."""
        case = self.cases.get(order_id)
        order = case.order if case is not None else None
        unpaid = self.settings.payments.unpaid_methods
        return order is not None and order.method not in unpaid and order.captured < order.amount


# -- what is posted --------------------------------------------------------------------------------


def _kind(rate: Decimal, code: str) -> str:
    """Return the kind of a posting; a VAT code of the company's own may be another country's."""
    if rate:
        return percent(rate) if code.isdigit() or not code else f"* {percent(rate)}"
    return EXPORT if code == EXPORT else NO_VAT


def _posted(one: Transaction) -> Posted:
    """Return a posting of a sale: a sale is a credit, whatever the sign of its VAT."""
    vat = abs(one.vat or ZERO)
    kind, account = _kind(one.vat_rate or ZERO, one.vat_code), shared(one.account_no)
    amounts = ore(-one.amount), ore(-vat if one.amount > 0 else vat)
    return Posted(shared(kind), shared(one.vat_code), account, *amounts)


def _summed(posted: Iterable[Posted]) -> tuple[Posted, ...]:
    """Return postings with one for each kind, code and account."""
    sums: dict[tuple[str, str, int], list[int]] = {}
    for one in posted:
        both = sums.setdefault(one[:3], [0, 0])
        both[0] += one.net
        both[1] += one.vat
    rows = ((under, map(shared, both)) for under, both in sorted(sums.items()) if any(both))
    return tuple(Posted(*under, *both) for under, both in rows)


def _fits(posted: Iterable[Posted], document: Document) -> bool:
    """Tell whether postings are those of a document: net and VAT sum to its own.

    In another currency they do at one rate, which is not told: as near as øre allow.
    """
    net, vat = sum(one.net for one in posted), sum(one.vat for one in posted)
    if document.currency == COMPANY_CURRENCY:
        return net == document.net and vat == document.total - document.net
    off = vat * document.total - (document.total - document.net) * (net + vat)
    return abs(off) <= abs(document.total) * 10 and net + vat != 0


# -- whose it is -----------------------------------------------------------------------------------


class _Recogniser:
    """Tells whose document or posting something booked is: the order's id, 0 for nobody's."""

    def __init__(self, settings: Settings, payouts: Sequence[PayoutRecord]) -> None:
        shop = re.escape(matching_reference(settings, 0).removesuffix("0"))
        prefix = re.escape(settings.orders.number_prefix)
        self._payouts = payouts
        self._methods = {*settings.payments.accounts, *settings.payments.types}
        self._matching = re.compile(rf"{shop}(\d{{1,18}})(?:-(\d+))?(?:-.*)?")
        self.reference = re.compile(rf"{prefix}(\d{{1,18}})(?:-(\d+))?(?:-r(\d{{1,18}})|-(c))?")

    def document(self, seen: BookedDocument) -> tuple[int, Document]:
        """Return a document with its order's id."""
        found = self._matching.fullmatch(seen.matching_reference)
        if not found and not seen.matching_reference:
            found = self.reference.fullmatch(seen.reference)
        refund = re.search(r"-r(\d{1,18})$", seen.reference)
        kind = "refund" if refund else "whole" if seen.reference.endswith("-c") else "sale"
        balance = None if seen.balance is None else ore(seen.balance)
        made = Document(
            seen.id, kind, int(refund[1]) if refund else 0, int(found[2] or 1) if found else 1,
            seen.invoice_no, shared(seen.day), ore(seen.total), ore(seen.net),
            shared(seen.currency), balance,
        )  # fmt: skip
        return int(found[1]) if found else 0, made

    def movement(self, posting: Transaction, told: Mapping[str, ShopOrder]) -> tuple[int, Movement]:
        """Return what was posted on a clearing account, with the id of the order that it names.

        `told` are orders by number. The job's text begins with number and method; earlier
        versions wrote the reference.
        """
        named, payout = self.reference.fullmatch(posting.description), ""
        if named is not None:
            order_id, refund = int(named[1]), WHOLE if named[4] else int(named[3] or 0)
            number = named[1]
        else:
            words = posting.description.split(" ")
            order = told.get(words[0])
            order_id = order.id if order and [order.method] == words[1:2] else 0
            ours = len(words) > 1 and words[1] in self._methods
            number = words[0] if ours and not order_id else ""
            back = re.search(r" (?:refusjon (\d{1,18})|kansellert)$", posting.description)
            refund = int(back[1] or WHOLE) if back else 0
            payout = "" if ours or order_id else self._payout(posting)
        day, amount = shared(posting.day), ore(posting.amount)
        return order_id, Movement(shared(posting.account_no), day, amount, refund, number, payout)

    def _payout(self, posting: Transaction) -> str:
        """Return the reference of the payout that was posted: the text ends with its key."""
        own = (one for one in self._payouts if one.lines[-1][1] == posting.account_no)
        said = (one.reference for one in own if posting.description.endswith(f" {one.key}"))
        return next(said, "")

    def owner(self, seen: OpenEntry) -> int:
        """Return the order of what is open on a customer."""
        found = self._matching.fullmatch(seen.matching_reference)
        found = found or self.reference.fullmatch(seen.reference)
        return int(found[1]) if found else 0
