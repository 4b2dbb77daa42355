"""One order, its refunds, documents and money: what belongs together on both sides. Pure.

Everything comes out as pairs: what the shop says on one side, what is booked on the other.
"""

from collections import Counter, defaultdict
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import chain
from operator import attrgetter
from typing import TypeVar

from woo2po.holds import Skip
from woo2po.mapping.capture import captures_once
from woo2po.money import Fact
from woo2po.proof import values
from woo2po.proof.reading import Reader
from woo2po.proof.values import SALE, Document, Movement, Pair, Posted, Said, ShopOrder, Side

One = TypeVar("One", Document, Movement)
_Found = defaultdict[int, list[Document]]
_BALANCE = 1  # øre: what PowerOffice's doubles may leave
_ROUNDED = 2  # øre: what the lines of a rate may be off by together
# What may be held, or was taken out: the job knows the reason, and what to do.
_LACKING = {"missing", "draft", "not_credited", "credit_draft", "payment_missing",
            "payback_missing", "skipped", "off_invoice", "amount"}  # fmt: skip
# What may have been put right by hand in PowerOffice, under no name.
_BY_HAND = {"amount", "hand_credit", "not_credited", "taken_back", "payment_missing",
            "payback_missing"}  # fmt: skip
_UNTAXED = frozenset({values.EXPORT, values.NO_VAT})  # kinds
_AT_A_RATE = {code for kind, code in values.STANDARD_CODES.items() if kind != values.EXPORT}
# What is judged by the postings of a document.
_AS_POSTED = values.EXPLAINED | {"vat", "code", "owed"}


class Matching:
    """The pairs of one order."""

    def __init__(self, case: values.Case, found: Reader) -> None:
        self._case, self._order, self._found = case, case.order, found
        self._refunds = sorted(case.refunds, key=attrgetter("of"))
        self._documents = sorted(case.documents, key=lambda x: (x.generation, x.document or 0))
        told = {said.of: said.posted for said in self._refunds}
        told |= {SALE: case.order.sale.posted} if case.order else {}
        for one in self._documents:
            one.posted = one.posted and _foreign(one, told.get(one.of, ()), found.foreign)

    def pairs(self) -> Iterator[Pair]:
        """Yield what belongs together; of an order that somebody took out by hand, to put it right
        in PowerOffice, that explains another sale and what lacks.
        """
        for pair in self._pairs():
            lacks = pair.code in _BY_HAND or (pair.code == "payment_amount" and pair.off < 0)
            why = self._found.why(self._case.id) if lacks else None
            by_hand = isinstance(why, Skip) and why.code == "by_hand"
            yield replace(pair, code="skipped", why=why) if by_hand else pair

    def _pairs(self) -> Iterator[Pair]:
        order, standing = self._order, (yield from self._without_cancelled())
        # What stands of an order that is not off is sold, whatever status a plugin gave it.
        stands = any(one.of == SALE for one in standing)
        if order is not None and not order.sells and stands and order.status not in values.OFF:
            self._order = order = replace(order, sells=True)
        if order is None or not order.sells:
            yield from self._off(standing)
        else:
            yield from self._sold(order, standing)
        if order is not None:
            yield from self._money(order)

    def _without_cancelled(self) -> Generator[Pair, None, list[Document]]:
        """Yield the invoices that were credited whole; return what stands, and the drafts."""
        standing = [one for one in self._documents if one.of != values.WHOLE]
        for whole in (one for one in self._documents if one.of == values.WHOLE):
            if whole.document is None:
                yield self._pair("credit_draft", None, whole)
                continue
            due = (SALE, whole.generation, -whole.amount)
            sales = (x for x in standing if x.document and (x.of, x.generation, x.amount) == due)
            if (sale := next(sales, None)) is not None:
                standing.remove(sale)
                yield self._pair("called_off", None, sale)
            yield self._pair("credit_odd" if sale is None else "called_off", None, whole)
        for credit in [one for one in standing if one.of == values.BY_HAND]:
            sold = [one for one in standing if one.document and one.of == SALE]
            if len(sold) > 1 and sold[-1].amount == -credit.amount:  # the second of two
                for one in (sold[-1], credit):
                    standing.remove(one)
                    yield self._pair("called_off", None, one)
        return standing

    def _sold(self, order: ShopOrder, standing: Sequence[Document]) -> Iterator[Pair]:
        """Yield sale and refunds with what was made of them, then what stands for neither."""
        told = (order.sale, *self._refunds)
        booked = _grouped(one for one in standing if one.document is not None)
        drafts = _grouped(one for one in standing if one.document is None)
        if SALE not in booked:
            if order.sale.day is None:
                return  # neither completed nor booked: it has no day yet
            if isinstance(self._found.why(order.id), Skip):
                yield self._pair("skipped", order.sale)
                return
            untouched = all(one.of < SALE for one in standing)
            returned = self._refunds or order.status == "refunded"
            if returned and untouched and not values.amount_of(told):
                yield from (self._pair("returned_before", one) for one in told)
                return
        for said in told:
            yield from self._made(said, booked, drafts)
        for one in chain(*booked.values(), *drafts.values()):
            code = "twice" if one.document else "draft_left"
            code = code if one.of in {said.of for said in told} else "taken_back"
            yield self._pair("hand_credit" if one.of == values.BY_HAND else code, None, one)

    def _made(self, said: Said, booked: _Found, drafts: _Found) -> Iterator[Pair]:
        credited = booked[values.BY_HAND] if said.of != SALE else []
        by_hand = [one for one in credited if one.amount == said.amount]
        if booked[said.of]:
            yield self._compared(said, booked[said.of].pop(0))
        elif by_hand:
            credited.remove(by_hand[0])
            yield self._pair("hand_credited", said, by_hand[0])
        elif drafts[said.of]:
            code = "credit_draft" if said.of else "draft"
            yield self._pair(code, said, drafts[said.of].pop(0))
        elif len(credited) == len(self._refunds) == 1:  # of another amount
            yield self._compared(said, credited.pop())
        elif said.amount or (said.of == SALE and said.posted):  # a card may have paid it all
            yield self._pair("not_credited" if said.of else "missing", said)

    def _off(self, standing: Sequence[Document]) -> Iterator[Pair]:
        """Yield the documents of an order that the shop does not count (any more)."""
        made, first = {one.of for one in standing}, self._found.period.first
        before = (x for x in self._refunds if x.of not in made and x.day and x.day < first)
        # What was credited in an earlier period is not left.
        left = values.amount_of(
            chain(before, (one for one in standing if one.document is not None))
        )
        for one in standing:
            code = "called_off" if not left else "off_credit" if one.amount < 0 else "off_invoice"
            yield self._pair("off_draft" if one.document is None else code, None, one)

    def _compared(self, said: Said, document: Document) -> Pair:
        """Return a pair whose total is compared, and its VAT where the shop says that."""
        period, currency = self._found.period, self._order.currency if self._order else ""
        day = said.day or document.day  # booked before it was completed: its own day is as good
        # Beside a refund without lines nobody knows what is left of a rate.
        guessed = said.of != SALE and any(one.tolerance is None for one in self._refunds)
        tolerance = None if guessed else said.tolerance
        if said.amount != document.amount or currency != document.currency:
            fee = self._found.fee_added(self._case.id) if said.of == SALE else 0
            code = "fee_added" if fee and said.amount + fee == document.amount else "amount"
        elif tolerance is not None and not _same_vat(said.posted, document, tolerance):
            code = "vat"
        elif self._another_code(said, document):
            code = "code"
        elif self._counts_as_sold(said, document):
            code = "owed"
        else:
            code = "" if (day in period) == (document.day in period) else "other_period"
        return self._pair(code, said, document)

    def _another_code(self, said: Said, document: Document) -> bool:
        """Tell whether something is booked under the code of a rate that it does not have.

        Or a rate of ours under no code of its own (none counts where codes are told at all), or an
        export as a sale at home without VAT, or the reverse. Gift cards are neither, wherever they
        went.
        """
        booked = document.posted
        if booked is None:  # not of the period
            return False
        for one in booked:
            due = values.STANDARD_CODES.get(one.kind)
            told = due is not None and (one.code != "" or self._found.codes_told)
            at_home = " " in one.kind and one.code in {"5", "51"}  # and sold abroad
            if at_home or (one.code != due and (told or one.code in _AT_A_RATE)):
                return True
        exempt = any(one.code in values.EXEMPT for one in booked)
        if said.of == SALE and self._case.id in self._found.exempt and not exempt:
            return True
        left = any(one.kind == values.EXPORT for one in booked)
        gone = sum(one.net for one in said.posted if one.kind == values.EXPORT)
        if not gone:
            return left
        return not left and (exempt or (self._found.codes_told and gone * said.amount > 0))

    def _counts_as_sold(self, said: Said, document: Document) -> bool:
        """Tell whether VAT of abroad, or a gift card sold, is booked as ours: both are owed."""
        settings, posted, foreign = self._found.settings, document.posted, self._found.foreign
        cards, named = self._found.gift_cards, settings.vat.foreign
        if posted is None or said.tolerance is None:
            return False
        apart = {kind for kind in named if isinstance(named, dict) and "vat_product" in named[kind]}
        due = sum(one.vat for one in said.posted if one.kind.replace(" ", "") in apart)
        stands = sum(values.sums_of(one for one in posted if one.account in foreign))
        short = abs(due * _exchange(document)) - abs(stands) > said.tolerance
        exempt = [one.account for one in posted if one.code in values.EXEMPT]
        rest = [one.account for one in posted if one.code not in values.EXEMPT]
        sold = cards and said.cards and cards not in rest and exempt
        return bool(foreign and short) or bool(sold)

    def _pair(self, code: str, said: Said | None, document: Document | None = None) -> Pair:
        """Return a pair; beside what the shop says, a draft is not booked but told alone."""
        if code in _AS_POSTED and document is not None and not document.fits:
            code = "ledger"
        shop, agrees = None, code in values.EXPLAINED
        books = document if said is None or (document and document.document is not None) else None
        if books and books.posted is None:
            # Where no list said what was posted, its rates can be no other than what agrees
            # with it; under which codes they stand nobody knows.
            likely = [Posted(values.UNKNOWN, "", 0, 0, 0)]
            if said and agrees:
                likely = [one._replace(code="") for one in said.posted]
            vat = books.amount - books.net
            books = replace(books, posted=values.summing_to(likely, books.net, vat))
        if said is not None:
            posted = _as_booked(said.posted, books, agrees=agrees)
            shop = replace(said, day=said.day or (books.day if books else None), posted=posted)
        in_kroner = bool(document and document.posted)
        return self._told(code, shop, books, money=False, in_kroner=in_kroner)

    def _told(
        self, code: str, shop: Side | None, books: Side | None = None, *, money: bool = True,
        in_kroner: bool = True,
    ) -> Pair:  # fmt: skip
        """Return a pair with what there is to say of its order, and why it is held or out."""
        order, rows = self._order, [one for one in (shop, books) if one]
        currency = order.currency if order else self._documents[0].currency
        facts: dict[str, Fact] = {"shop_status": order.status if order else "deleted"}
        if money:
            of = rows[0].of
            stands = _accounts(one for one in self._case.movements if one.of == of)
            made = (x.document for x in self._documents if x.of == of and x.document)
            facts |= {"account": str(rows[0].account), "invoice": str(next(made, "")),
                      "stands": ", ".join(map(str, stands))}  # fmt: skip
        why = self._found.why
        return Pair(
            code, self._case.id, order.number if order else f"id:{self._case.id}", currency, shop,
            books, facts, money, in_kroner or currency == values.COMPANY_CURRENCY,
            why(max(one.of for one in rows)) or why(self._case.id) if code in _LACKING else None,
        )  # fmt: skip

    # -- money -------------------------------------------------------------------------------------

    def _money(self, order: ShopOrder) -> Iterator[Pair]:
        """Yield what the shop says of the order's money against what stands on clearing accounts.

        A movement there belongs to the order that its text names, as the job writes it; where none
        is told, a document counts as paid (back) where no more is open than that.
        """
        settings, account = self._found.settings, order.account
        paybacks = settings.refunds.register_payment
        made = {one.of for one in self._documents if one.document}
        still_open = {one.of for one in self._documents if abs(one.balance or 0) > _BALANCE}
        moved = _grouped(self._case.movements)
        called_off = values.WHOLE in moved or (values.WHOLE in made and not order.sells)
        back = [one for one in self._refunds if one.amount and one.of not in order.before]
        kept = order.captured + values.amount_of(back)
        off = order.status in values.OFF | {"refunded"}  # and none that only waits for its status
        if order.paid and off and not order.sells and kept > 0 and SALE not in made:
            yield self._told("paid_but_off", Movement(SALE, order.paid, kept, account=account))
        if not settings.payments.register_:
            return
        wanted = list[tuple[int, date, int]]()
        if called_off and order.unnoted:  # the provider gave it back, and the shop did not
            day = next((one.day for one in moved.get(values.WHOLE, ())), order.created)
            wanted.append((values.WHOLE, day, -order.unnoted))
        if order.paid and order.captured:
            wanted.append((SALE, order.paid, order.captured))
        for one in back if order.paid else ():
            of = values.WHOLE if called_off else one.of
            by_itself = paybacks == "gateway" and one.by_method
            # What is booked may have been wanted by the settings of then.
            if paybacks == "always" or by_itself or of in moved:
                wanted.append((of, one.day or order.created, one.amount))
            elif paybacks == "gateway" and one.of in still_open:
                yield self._told("returned_outside", Side(one.of, one.day, one.amount))
        # An order of another month has its invoice there.
        before = {*moved} if order.sale.day not in self._found.period else set()
        expected = _grouped(Movement(*one, account=account) for one in wanted)
        dues = {of: _together(all_) for of, all_ in expected.items() if made or of in before}
        for of in {**dues, **moved}:
            due = dues.get(of)
            yield from self._settled(order, due, self._posted(order, of, due))

    def _posted(self, order: ShopOrder, of: int, due: Movement | None) -> list[Movement]:
        """Return what is posted, in the currency of its document.

        Postings in kroner are as much as is due, if they are near it and nothing is open. The rate
        of the day on which they were posted is not told.
        """
        moved = [one for one in self._case.movements if one.of == of]
        documents, wanted = [x for x in self._documents if x.of == of], due.amount if due else 0
        is_open = any(self._is_open(one, wanted) for one in documents)
        if due and self._found.unnamed:
            return [] if is_open else [due]
        if order.currency == values.COMPANY_CURRENCY or not moved:
            return moved
        rate = next((_exchange(one) for one in documents if one.posted), None)
        kroner, first, *others = values.amount_of(moved), *moved
        near = rate is None or abs(kroner - wanted * rate) <= abs(wanted * rate) / 5
        amount = wanted if near and not is_open else round(kroner / (rate or 1))
        return [replace(first, amount=amount), *(replace(one, amount=0) for one in others)]

    def _is_open(self, document: Document, paid: int) -> bool:
        """Tell whether more is open than is left of what was paid, in its currency or in kroner."""
        rate, balance = _exchange(document), abs(document.balance or 0)
        left = abs(document.amount - paid)
        if min(balance, abs(balance - left)) <= _BALANCE:
            return False
        if document.currency == values.COMPANY_CURRENCY:
            return True
        if not document.posted:  # at a rate that was not read
            return document.of not in {one.of for one in self._case.movements}
        return abs(balance - left * rate) > max(Decimal(2), left * rate / 10_000)

    def _settled(
        self, order: ShopOrder, due: Movement | None, posted: Sequence[Movement]
    ) -> Iterator[Pair]:
        """Yield what should have moved with what did; on another account each stands alone.

        Where the settings ask for no money of an order (any more), what closed its invoice is not
        odd.
        """
        began = order.created >= self._found.settings.woocommerce.orders_from
        asked = began and order.method not in self._found.settings.payments.unpaid_methods
        closed = {(x.of, x.amount) for x in self._documents if abs(x.balance or 0) <= _BALANCE}
        if not (asked or due) and (posted[0].of, values.amount_of(posted)) in closed:
            return
        stands = _accounts(posted)
        beside = [one for one in posted if one.account in {*stands} - {order.account}]
        here = order.account if due or order.account in stands else None
        own = [one for one in posted if one.account == here]
        elsewhere = due is not None and bool(beside) and values.amount_of(own) != due.amount
        for one in [*beside, *own] if elsewhere or not due else beside:
            yield self._told("elsewhere" if elsewhere else "payment_odd", None, one)
        if due is None:
            return
        if elsewhere or not own:
            code = "payback_missing" if due.amount < 0 else "payment_missing"
            yield self._told("account" if elsewhere else code, due)
            return
        then = [one for one in own if one.day <= self._found.period.last]
        # What is done later, that month tells.
        moved = _together(then if values.amount_of(then) == due.amount and then else own)
        short = due.of == SALE and moved.amount < due.amount and captures_once(order.method)
        if short and moved.amount == self._found.seen_captured(order.id):
            due.amount = moved.amount  # once: what was added to the order since was not captured
        code = "payment_day" if moved.day != due.day else ""
        yield self._told("payment_amount" if moved.amount != due.amount else code, due, moved)


def _grouped(found: Iterable[One]) -> defaultdict[int, list[One]]:
    groups = defaultdict(list)
    for one in found:
        groups[one.of].append(one)
    return groups


def _together(moved: Sequence[Movement]) -> Movement:
    return replace(max(moved, key=attrgetter("day")), amount=values.amount_of(moved))


def _accounts(moved: Iterable[Movement]) -> list[int]:
    """Return the accounts on which something is left: what was moved from there is not."""
    sums = Counter[int]()
    for one in moved:
        sums[one.account] += one.amount
    return sorted(account for account, amount in sums.items() if amount)


# -- VAT -------------------------------------------------------------------------------------------


def _same_vat(rates: Sequence[Posted], document: Document, tolerance: int) -> bool:
    """Tell whether the VAT is the same, rate by rate where the books say it so, else in all.

    Another country's VAT is none in the books, where it stands in one with the sale.
    """
    shop = {one.kind: one.vat for one in rates if one.vat and " " not in one.kind}
    if document.posted is None:
        due = sum(shop.values()) - (document.amount - document.net)
        return abs(due) <= tolerance * max(1, len(shop))
    rate, books = _exchange(document), Counter[str]()
    for one in document.posted:
        books[one.kind.removeprefix("* ")] += round(one.vat / rate)
    shop |= {one.kind: one.vat for one in rates if " " in one.kind and books[one.kind]}
    return all(abs(shop.get(one, 0) - books[one]) <= tolerance for one in {*shop, *books})


def _exchange(document: Document | None) -> Decimal:
    """Return how many øre were posted for each hundredth of a document's currency."""
    if document is None or document.currency == values.COMPANY_CURRENCY or not document.posted:
        return Decimal(1)
    net, vat = values.sums_of(document.posted)
    # A gift card may have paid all of it: then the VAT tells.
    kroner, own = (net + vat, document.amount) if document.amount else (vat, -document.net)
    return Decimal(kroner) / own if own else Decimal(1)


def _foreign(
    document: Document, rates: Sequence[Posted], accounts: Sequence[int]
) -> tuple[Posted, ...]:
    """Return what was posted with another country's VAT, which `accounts` are for, under its kind.

    It stands on a VAT code of the company's own, or without a code: net and VAT apart or in one.
    """
    found, factor = list(document.posted or ()), _exchange(document)
    for one in (x for x in rates if " " in x.kind):
        own = f"* {one.kind.rpartition(' ')[2]}"
        if any(row.kind == own for row in found):
            found = [row._replace(kind=one.kind) if row.kind == own else row for row in found]
            continue
        for is_vat, said in ((False, round(one.net * factor)), (True, round(one.vat * factor))):
            like = [row for row in found if row.kind in _UNTAXED
                    and row.net * said > 0 and abs(row.net) >= abs(said) - _ROUNDED]  # fmt: skip
            if like:
                like.sort(key=lambda x: ((x.account in accounts) != is_vat, abs(x.net - said)))
                found.remove(row := like[0])
                amount = row.net if abs(row.net - said) <= _ROUNDED else said
                part = row._replace(kind=one.kind, net=0 if is_vat else amount, vat=amount * is_vat)
                found += [row._replace(net=row.net - amount), part]
    return values.summed(found)


def _as_booked(
    rates: Sequence[Posted], books: Document | None, *, agrees: bool
) -> tuple[Posted, ...]:
    """Return what the shop says as it would be posted: in kroner, on the accounts of the books.

    Where it agrees with them, what has no VAT is told apart by the books alone: gift cards,
    rounding, exempt sales.
    """
    booked, factor, found = (books and books.posted) or (), _exchange(books), list[Posted]()
    said = [one._replace(net=round(one.net * factor), vat=round(one.vat * factor)) for one in rates]
    if agrees and booked:
        kinds = {one.kind for one in booked} - _UNTAXED
        rest = sum(values.sums_of(one for one in said if one.kind not in kinds))
        found += values.summing_to([one for one in booked if one.kind in _UNTAXED], rest, 0)
        said = [one for one in said if one.kind in kinds]
    for one in said:
        like = [row for row in booked if row.kind == one.kind]
        found += values.summing_to(like or [one], one.net, one.vat)
    return values.summed(found)
