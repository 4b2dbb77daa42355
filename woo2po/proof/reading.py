"""Reads both systems for a proof: long lists in few requests, kept as compact values.

What is booked is recognised as ours by the matching reference, else by the reference.
"""

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any

from woo2po.config import Settings
from woo2po.config.sections import PROVIDERS
from woo2po.holds import Hold, Skip
from woo2po.http import NotAllowed
from woo2po.mapping.customer import matching_reference, of_generation
from woo2po.money import ZERO, Fact, from_ore, percent
from woo2po.order import Order, UnreadableOrder, read_order, read_refund
from woo2po.poweroffice import PowerOffice
from woo2po.poweroffice.booked import BookedDocument, OpenEntry, Transaction
from woo2po.proof import values
from woo2po.proof.sums import NEAR, ClearingAccount, Proof, gaps
from woo2po.proof.values import SALE, Case, Document, Movement, Pair, ShopOrder, ore, shared
from woo2po.record import Record
from woo2po.store import Store
from woo2po.store.database import StateError
from woo2po.woocommerce import Shop
from woo2po.woocommerce.lists import id_of

# No books are older; what stood on an account before the period is what was posted since.
_BEGINNING = date(2000, 1, 1)
_RATES = {code: Decimal(x) for x, code in values.STANDARD_CODES.items() if x != values.EXPORT}
# A payout's text, though no database knows it any more.
_OURS = re.compile(rf"({'|'.join(PROVIDERS.values())}) ([\w-]*\d[\w-]*|\S+ (?=\S*\d)[\w-]{{6,}})")
_AT_ONCE = 100  # refunded orders, whose refunds are asked for together
_LOOKED_UP = 500  # numbers that no invoice since the period's first day has


class Reader:
    """Reads what a period needs from the shop and from PowerOffice, into cases and the proof.

    `others` were posted on clearing accounts and name no order that was read. `unnamed`: no posting
    names its order, or none may be read.
    """

    def __init__(
        self, shop: Shop, go: PowerOffice, settings: Settings, proof: Proof, today: date,
        store: Store | None,
    ) -> None:  # fmt: skip
        self.settings, self.proof, self.period = settings, proof, proof.period
        self._shop, self._go, self._today, self._store = shop, go, today, store
        self.cases: dict[int, Case] = {}
        self.others: list[Movement] = []
        self.earlier: list[ShopOrder] = []  # of which payouts alone tell
        self.unnamed = True
        self.codes_told = False  # of what is posted, in its VAT codes
        payouts = [] if store is None else store.payouts()
        self.payouts = [one for one in payouts if one.lines and one.lines[-1][1]]
        own = re.escape(matching_reference(settings, 0).removesuffix("0"))
        prefix = re.escape(settings.orders.number_prefix)
        self._matching = re.compile(rf"{own}(\d{{1,18}})(?:-(\d+))?(?:-.*)?")
        self._reference = re.compile(rf"{prefix}(\d{{1,18}})(?:-(\d+))?(?:-r(\d{{1,18}})|-(c))?")
        methods = "|".join(map(re.escape, {*settings.payments.accounts, *settings.payments.types}))
        self._posted = re.compile(rf"(.*\d.*?) (?:{methods})(?: .*)?")  # of an order not read
        self._refunded: dict[int, Order] = {}
        self._by_hand: list[BookedDocument] = []
        self.gift_cards = 0  # their account
        self.foreign: list[int] = []  # accounts of other countries' VAT
        self.exempt: set[int] = set()  # orders with goods that have accounts for exempt sales alone
        self._then: set[int] = set()  # accounts that the settings of then had for money

    async def read(self) -> None:
        """Read everything. Raises RemoteError."""
        self._statuses = await self._shop.statuses()
        await self._read_orders()
        await self._read_documents()
        await self._read_orders_of_documents()
        await self._read_missing_invoices()
        await self._read_refunds()
        await self._read_credits_of_before()
        parts = (self._read_chart, self._read_sales, self._read_accounts, self._read_customers)
        limits: dict[str, Mapping[str, Fact]] = {}
        for part in parts:
            try:
                await part()
            except NotAllowed as not_allowed:
                limits[not_allowed.code] = not_allowed.facts
        if self._today <= self.period.last:
            limits["reconcile_not_over"] = {"today": self._today}
        self.proof.limits += limits.items()

    def why(self, id_: int) -> Hold | Skip | None:
        """Return why an order (or its credit note as a whole) or a refund is held or out."""
        known = self._known(id_)
        wholes = self._store.credit_notes_of(id_) if self._store and known else []
        records = filter(None, (known, *(one for one in wholes if one.id < 0)))
        return next((why for one in records if (why := one.skip or one.hold)), None)

    def fee_added(self, order_id: int) -> int:
        """Return PowerOffice's own fee on an order's invoice, as far as the job has seen it."""
        notes = known.notes if (known := self._known(order_id)) else ()
        fees = [one.facts["fee"] for one in notes if one.code == "invoice_fee_added"]
        return sum(ore(Decimal(str(fee))) for fee in fees)

    def seen_captured(self, order_id: int) -> int:
        """Return how much of an order's money the job has seen to be captured."""
        return known.booked_ore if (known := self._known(order_id)) else 0

    def number(self, order_id: int, otherwise: str) -> str:
        """Return the number of an order, as far as it is known."""
        case = self.cases.get(order_id)
        known = (case and case.order) or self._known(order_id)
        return known.number if known else otherwise

    def _known(self, id_: int) -> Record | None:
        with suppress(StateError):
            return self._store.record(id_) if self._store is not None and id_ else None
        return None

    @property
    def _orders(self) -> Iterable[ShopOrder]:
        return (case.order for case in self.cases.values() if case.order is not None)

    # -- the shop --------------------------------------------------------------------------------

    async def _read_orders(self) -> None:
        last = max(min(self.period.last, self._today), _BEGINNING)  # what years there are
        days = max(self.period.first, _BEGINNING), last + timedelta(days=1)
        first, end = (datetime.combine(day, time.min, self.settings.zone) for day in days)
        async for page in self._shop.sold(first, end, self._statuses):
            if page.restarted:
                self.cases.clear()
                self._refunded.clear()
                self.proof.differences.clear()
            await self._take_orders(page.rows)

    async def _take_orders(self, rows: Iterable[Any]) -> None:
        for row in rows:
            with self._as_it_makes_sense(id_of(row) or 0):
                order = read_order(row)
                case = self.cases.setdefault(order.id, Case(order.id))
                case.order = values.shop_order(order, (), self.settings)
                if order.refunds:
                    self._refunded[order.id] = order
        if len(self._refunded) >= _AT_ONCE:
            await self._read_refunds()

    @contextmanager
    def _as_it_makes_sense(self, order_id: int) -> Iterator[None]:
        """Go on behind an order or a refund that cannot be read; the proof says so once."""
        try:
            yield
        except (UnreadableOrder, ArithmeticError):
            pair = Pair("unreadable", order_id, f"id:{order_id}")
            if pair not in self.proof.differences:
                self.proof.take([pair])

    async def _read_orders_of_documents(self) -> None:
        """Read the orders that did not change in the period, but have documents or drafts in it."""
        unread = [case for case in self.cases.values() if case.order is None]
        wanted = {case.id for case in unread for one in case.documents
                  if one.document is None or one.day in self.period}  # fmt: skip
        for id_ in {case.id for case in unread} - wanted:
            del self.cases[id_]
        await self._take_orders(await self._shop.sold_with(sorted(wanted), self._statuses))

    async def _read_refunds(self) -> None:
        orders, found = self._refunded, defaultdict(list)
        named = [(one.id, refund.id) for one in orders.values() for refund in one.refunds]
        for row in await self._shop.given_back(named):
            order_id = row.get("parent_id", 0) if isinstance(row, Mapping) else 0
            with self._as_it_makes_sense(order_id):
                refund = read_refund(row)
                if (order_id, refund.id) in named:
                    found[order_id].append(refund)
        for order_id, refunds in found.items():
            order, case = orders[order_id], self.cases[order_id]
            # Which refunds were before the capture, the days alone do not always tell.
            seen = {"seen_captured": from_ore(self.seen_captured(order_id))}
            as_seen = order.model_copy(update=seen)
            with self._as_it_makes_sense(order_id):
                case.order = values.shop_order(as_seen, refunds, self.settings)
                told = (values.shop_refund(refund, order, self.settings) for refund in refunds)
                case.refunds = tuple(told)
        self._refunded.clear()

    # -- PowerOffice -----------------------------------------------------------------------------

    async def _read_documents(self) -> None:
        """Read documents and drafts; credit notes without a reference by what they credit."""
        numbers, others = array("q"), array("q")  # of other days
        async for page in self._go.booked.invoices_since(self.period.first):
            self._take_documents(page)
            for one in page:
                (numbers if one.day in self.period else others).append(one.invoice_no or 0)
        missing = gaps(numbers, others)
        if 0 < sum(map(len, missing)) <= _LOOKED_UP:
            before = await self._go.booked.invoices_numbered([*chain(*missing)])
            missing = gaps(numbers, [*others, *(one.invoice_no or 0 for one in before)])
        self.proof.gaps["invoices"] = missing
        async for page in self._go.booked.drafts():
            self._take_documents(page)
        if credited := {seen.credits_invoice or 0 for seen in self._by_hand}:
            self._take_documents(await self._go.booked.invoices_numbered(sorted(credited)))
            cases = self.cases.values()
            owners = {one.document: case.id for case in cases for one in case.documents}
            self._take_by_hand(self._by_hand, owners)

    async def _read_credits_of_before(self) -> None:
        """Look for what somebody credited before the period, and refunds that are entered since."""
        first, sold = self.period.first, list[tuple[int, Document]]()
        for case in self.cases.values():
            made = {one.of for one in case.documents}
            new = {one.of for one in case.refunds if one.day in self.period} - made
            if new and not made & {values.WHOLE, values.BY_HAND}:
                sold += [(case.id, one) for one in case.documents if one.of == SALE and one.day]
        owners = {one.document: id_ for id_, one in sold}
        if days := [one.day for _, one in sold if one.day and one.day < first]:
            before = first - timedelta(days=1)
            async for page in self._go.booked.invoices_since(min(days), before):
                self._take_by_hand((one for one in page if not self._order_of(one)[0]), owners)

    def _take_by_hand(
        self, page: Iterable[BookedDocument], owners: Mapping[int | None, int]
    ) -> None:
        for seen in page:
            if seen.credits_invoice and (order_id := owners.get(seen.credits_invoice)):
                self._add(order_id, replace(_document(seen, 1), of=values.BY_HAND))

    def _order_of(self, seen: BookedDocument | OpenEntry) -> tuple[int, int]:
        """Return the id of the order that something names (0: of nobody), and which invoice."""
        form, written = self._reference, seen.reference
        if seen.matching_reference:
            form, written = self._matching, seen.matching_reference
        found = form.fullmatch(written)
        return (int(found[1]), int(found[2] or 1)) if found else (0, 1)

    def _take_documents(self, page: Iterable[BookedDocument]) -> None:
        for seen in page:
            order_id, generation = self._order_of(seen)
            document = _document(seen, generation)
            if order_id:
                self._add(order_id, document)
            elif self._reference.fullmatch(seen.reference):
                facts = {"about": seen.reference}
                self.proof.take([Pair("stranger", 0, "", seen.currency, None, document, facts)])
            elif seen.credits_invoice:
                self._by_hand.append(seen)

    def _add(self, order_id: int, document: Document) -> None:
        case = self.cases.setdefault(order_id, Case(order_id))
        if all(one.id != document.id for one in case.documents):
            case.documents = (*case.documents, document)

    async def _read_missing_invoices(self) -> None:
        """Look for the invoices that are dated before the period."""
        ids = [case.id for case in self.cases.values() if self._lacks_invoice(case)]
        own = [of_generation(self.settings, id_, n)[1] for id_ in ids for n in (1, 2)]
        # Where it was paid, the credit note of a whole order has a reference of its own.
        names = [name for one in own for name in (one, f"{one}-c")]
        self._take_documents(await self._go.booked.invoices_of(names))

    def _lacks_invoice(self, case: Case) -> bool:
        """Tell whether an invoice of before the period belongs to what is in it: its money too."""
        order, of = case.order, {one.of for one in case.documents}
        sold, off = ({one.generation for one in case.documents if one.of == which}
                     for which in (SALE, values.WHOLE))  # fmt: skip
        if order is None or (sold and off <= sold):
            return False
        if of or (order.paid is not None and order.paid >= self.period.first):
            return True
        concerned = order.sale.day in self.period or bool(order.refunds)
        # Its money may go back, though the sale is off.
        return concerned and bool(order.paid or (order.sells and order.sale.day))

    async def _read_chart(self) -> None:
        """Read on which accounts gift cards, other countries' VAT, and untaxed goods stand."""
        listed, foreign = await self._go.accounts(), self.settings.vat.foreign
        self.proof.accounts = {one.number: one.name for one in listed}
        then = self._store.accounts_posted() if self._store else ()
        self._then = {one.number for one in listed if one.id in then}
        sold = [(one, *line) for one in self._orders for line in one.untaxed
                if one.sells and one.sale.day in self.period]  # fmt: skip
        abroad = [] if isinstance(foreign, str) else foreign.values()
        vat_products = {one["vat_product"] for one in abroad if not isinstance(one, str)}
        card = self.settings.gift_cards.product
        wanted = {card, *vat_products, *(sku for _, sku, *_ in sold)} - {""}
        found, accounts = await self._go.accounts_of_products(sorted(wanted)), defaultdict(list)
        for code, ids in found.items():
            accounts[code] = [one for one in listed if one.id in ids]
        self.foreign = sorted({one.number for code in vat_products for one in accounts[code]})
        self.gift_cards = accounts[card][0].number if accounts[card] else 0
        for order, sku, paid, vat in sold:
            codes = {one.vat_code for one in accounts[sku]} - {values.EXPORT}
            rates = [_RATES[code] for code in codes if code in _RATES]
            rate = max(rates) if rates and len(rates) == len(codes) else ZERO
            if sku and codes and codes <= values.EXEMPT:
                self.exempt.add(order.id)
            if owed := vat or round(paid * rate / (100 + rate)):
                self.proof.untaxed.append((order.number, order.sale.day, sku, paid, owed))

    async def _read_sales(self) -> None:
        listed = (one for case in self.cases.values() for one in case.documents)
        documents = {one.id: one for one in listed if one.day in self.period}
        first, last = self.period.first, self.period.last
        async for page in self._go.booked.sales(first, last, self.foreign):
            for one in page:
                self.codes_told |= one.vat_code != ""
                if one.voucher_id in documents:
                    document = documents[one.voucher_id]
                    document.posted = (*(document.posted or ()), _posted(one))
        if self.gift_cards:
            await self._read_gift_cards(documents)
        for document in documents.values():
            document.id = ""  # of 50,000 orders they are 5 MB, and asked for no more
            posted = values.summed(document.posted or ())
            # Of øre that rounding left, the VAT may go the other way than the net amount.
            turned = tuple(x._replace(vat=x.vat * (-1) ** (abs(x.vat) <= 2)) for x in posted)
            fitting = [x for x in (posted, turned) if _fits(x, document)]
            document.posted, document.fits = [*fitting, posted][0], bool(fitting)

    async def _read_accounts(self) -> None:
        """Read what stands on the clearing accounts.

        An account that is the payment methods' own is read from its beginning, else from the
        period's first day. Payments may have been posted after the period: until today.
        """
        payments, last = self.settings.payments, max(self._today, self.period.last)
        own, rest = {one.lines[-1][1] for one in self.payouts}, {0}
        if payments.register_:
            own |= {*payments.accounts.values()}
            in_cash = "cash" in {payments.default_type, *payments.types.values()}
            cash = payments.cash_account if in_cash else 0
            rest |= {payments.bank_account or 0, cash, *self._then}
        rest -= {0, *own}
        for no in sorted(own | rest):
            self.proof.clearing[no] = ClearingAccount(no, 0 if no in own else None)
        orders = defaultdict[str, tuple[ShopOrder, ...]](tuple)
        for order in self._orders:
            orders[order.number] += (order,)
        for numbers, first in ((own, _BEGINNING), (rest, self.period.first)):
            async for page in self._go.booked.on_accounts(first, last, sorted(numbers)):
                for posting in page:
                    one = self._movement(posting, orders)
                    case = self.cases.get(one.order_id)
                    if case is None or case.order is None:
                        one.number = self.number(one.order_id, one.number)
                        self.others.append(one)
                    else:
                        case.movements = (*case.movements, one)
        named = any(case.movements for case in self.cases.values())
        self._claim(by_hand=named)
        await self._read_payouts()
        nobodys = (one.day for one in self.others if not (one.number or one.payout))
        unnamed = payments.register_ and not named
        self.unnamed = unnamed and any(day in self.period for day in nobodys)
        if self.unnamed:
            # Nobody knows for sure that a voucher's text is shown here: then balances tell.
            self.proof.limits.append(("reconcile_unnamed", {}))

    async def _read_payouts(self) -> None:
        """Take off what payouts brought; read the orders of it whose money no posting names."""
        for payout in self.payouts:
            if payout.day <= self.period.last:
                self.proof.clearing[payout.lines[-1][1]].take_payout(payout, self.number)
        posted: Counter[str] = Counter()
        for one in self.others:
            posted[one.number] += one.amount * (one.day <= self.period.last)
        brought = chain(*(one.orders.items() for one in self.proof.clearing.values()))
        ids = {own.id for number, own in brought if posted[number] != own.paid + own.paid_back}
        ids -= self.cases.keys()
        for row in await self._shop.sold_with(sorted(ids), self._statuses):
            with self._as_it_makes_sense(id_of(row) or 0):
                self.earlier.append(values.shop_order(read_order(row), (), self.settings))

    def _movement(
        self, posting: Transaction, orders: Mapping[str, tuple[ShopOrder, ...]]
    ) -> Movement:
        """Return what was posted on a clearing account, with the order that it names.

        The job's text has number, method and the provider's own id of the payment, as far as the
        order has them; earlier versions wrote the reference. A payout's text ends with its key.
        """
        text, order_id, amount, number, payout = posting.description, 0, ore(posting.amount), "", ""
        back = re.search(r" (?:refusjon (\d{1,18})|kansellert)$", text)
        of = int(back[1] or values.WHOLE) if back else SALE
        sold = text.removesuffix(back[0]) if back else text
        words = sold.split(" ")
        cut = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(len(words), 0, -1)]
        # Of another shop of the company, an order may have the same number.
        named = [one for key, rest in cut for one in orders.get(key, ()) if _is_money_of(one, rest)]
        if reference := self._reference.fullmatch(text):
            order_id, number = int(reference[1]), reference[1]
            of = values.WHOLE if reference[4] else int(reference[3] or SALE)
        elif named:
            due = of, posting.day, amount
            order_id = min(named, key=lambda one: _unlike(one, *due)).id
        elif (said := self._posted.fullmatch(sold)) and (back or amount > 0):
            number = sold if any(key in orders for key, _ in cut) else said[1]
        else:  # reversed under the text of an order's payment, or by hand: see _claim
            own = (x for x in self.payouts if x.lines[-1][1] == posting.account_no)
            payout = next((x.reference for x in own if text.endswith(f" {x.key}")), "")
            payout = payout or text * bool(_OURS.fullmatch(text))
            number = said[1] if said and not payout else ""
        return Movement(
            of, shared(posting.day), amount, account=shared(posting.account_no),
            order_id=order_id, number=number, payout=payout,
        )  # fmt: skip

    def _claim(self, *, by_hand: bool) -> None:
        """Give an order whose invoice is paid the payment that names it otherwise than it is now.

        Its number, method, or the provider's id of the payment may be others in the shop by now; or
        somebody posted it (`by_hand`), near its day and under no name. What takes away as much as
        stands under a name belongs there.
        """
        nobodys = [one for one in self.others if not one.order_id]
        posted = {(one.number, one.amount) for one in nobodys if one.number}
        for one in nobodys:
            if one.of == SALE and one.amount < 0 and (one.number, -one.amount) not in posted:
                one.number = ""
        lost = defaultdict[int, list[Movement]](list)
        for one in nobodys:
            if one.number or (by_hand and not one.payout):
                lost[one.amount].append(one)
        taken = set[int]()
        for case in self.cases.values():
            for of, day, amount, account in _dues_closed(case):
                free = (one for one in lost.get(amount, ())
                        if id(one) not in taken and (one.day == day or (not one.number
                        and one.account == account and abs(one.day - day) <= NEAR)))  # fmt: skip
                if found := next(free, None):
                    taken.add(id(found))
                    case.movements += (replace(found, number="", of=of),)
        self.others = [one for one in self.others if id(one) not in taken]

    async def _read_gift_cards(self, ours: Container[str]) -> None:
        """Read what stands on the account of gift cards; `ours` are the period's documents."""
        cards, last = ClearingAccount(self.gift_cards), self.period.last
        async for page in self._go.booked.on_accounts(_BEGINNING, last, [cards.number]):
            for one in page:
                amount = -ore(one.amount)
                kind = "sold" if amount > 0 else "used"
                if one.day < self.period.first:
                    cards.opening = (cards.opening or 0) + amount
                else:
                    cards.flows[kind if one.voucher_id in ours else "other"] += amount
        self.proof.gift_cards = cards

    async def _read_customers(self) -> None:
        last, unpaid = min(self.period.last, self._today), self.settings.payments.unpaid_methods
        self.proof.receivables = ore(await self._go.booked.customers_balance(last))
        async for page in self._go.booked.open_items(last):
            for one in page:
                order_id, _ = self._order_of(one)
                number = self.number(order_id, f"id:{order_id}") if order_id else ""
                order = self.cases[order_id].order if order_id in self.cases else None
                if not one.invoice_no or one.balance < 0:
                    kind = "credit" if one.invoice_no else "payment"
                elif order and order.method not in unpaid and order.captured < order.sale.amount:
                    kind = "reserved"  # paid before its invoice, and not all of it is captured
                else:
                    kind = "overdue" if one.due is not None and one.due <= last else "invoice"
                self.proof.items.append((number, one, ore(one.balance), kind))


def _dues_closed(case: Case) -> Iterator[tuple[int, date, int, int]]:
    """Yield what should have moved for a document that is closed, when, and on which account,
    where no posting names it.
    """
    order, moved = case.order, {one.of for one in case.movements}
    if order is None or order.paid is None:
        return
    closed = [one for one in case.documents if one.balance == 0]
    dues = [(SALE, order.paid, order.captured), *((x.of, x.day, x.amount) for x in case.refunds)]
    for of, day, amount in dues:
        credited = any(x.of == of or (of and (x.of, x.amount) == (values.BY_HAND, amount))
                       for x in closed)  # fmt: skip
        if day and credited and of not in moved:
            yield of, day, amount, order.account


def _document(seen: BookedDocument, generation: int) -> Document:
    refund = re.search(r"-r(\d{1,18})$", seen.reference)
    of = int(refund[1]) if refund else values.WHOLE if seen.reference.endswith("-c") else SALE
    return Document(
        of, shared(seen.day), ore(seen.total), document=seen.invoice_no, id=seen.id,
        generation=generation, net=ore(seen.net), currency=shared(seen.currency),
        balance=None if seen.balance is None else ore(seen.balance),
    )  # fmt: skip


# -- what is posted --------------------------------------------------------------------------------


def _posted(one: Transaction) -> values.Posted:
    """Return a posting, a sale positive; the kind of a VAT code of the company's own has a star."""
    code, vat = one.vat_code, abs(one.vat or ZERO)
    kind = values.EXPORT if code == values.EXPORT else values.NO_VAT
    if one.vat_rate:
        kind = f"{'* ' * (code != '' and not code.isdigit())}{percent(one.vat_rate)}"
    amounts = ore(-one.amount), ore(-vat if one.amount > 0 else vat)
    return values.Posted(shared(kind), shared(code), shared(one.account_no), *amounts)


def _is_money_of(order: ShopOrder, said: str) -> bool:
    """Tell whether an order's method, and its transaction if told, is what follows its number."""
    method, _, transaction = said.partition(" ") if order.method else ("", "", said)
    told = order.transaction.startswith(transaction) or (order.method and not order.transaction)
    return method == order.method and bool(told)


def _unlike(order: ShopOrder, of: int, day: date, amount: int) -> tuple[bool, bool]:
    """Return what tells orders of one number apart: is a posting not of its money?"""
    return of not in order.refunds if of > SALE else day != order.paid, amount != order.captured


def _fits(posted: tuple[values.Posted, ...], document: Document) -> bool:
    """Tell whether postings sum to a document, net and VAT; in another currency at some rate.

    An øre of VAT for each rate is rounding.
    """
    net, vat = values.sums_of(posted)
    due = document.amount - document.net
    if document.currency == values.COMPANY_CURRENCY:
        return net + vat == document.amount and abs(vat - due) <= sum(x.vat != 0 for x in posted)
    off = abs(vat * document.amount - due * (net + vat))
    near = abs(document.amount) * 10 + abs(net + vat) * sum(x.vat != 0 for x in posted)
    return off <= near and (net + vat != 0 or not document.amount)
