"""One order, its refunds, documents and money: what belongs together on both sides. Pure.

Everything comes out as pairs: what the shop says on one side, what is booked on the other.
"""

from collections import defaultdict
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from woo2po.holds import Skip
from woo2po.money import Fact, from_ore
from woo2po.proof.values import (
    COMPANY_CURRENCY,
    EXPORT,
    NO_VAT,
    STANDARD_CODES,
    UNKNOWN,
    WHOLE,
    Case,
    Document,
    Movement,
    Pair,
    Posted,
    Rates,
    Rules,
    ShopOrder,
    ShopRefund,
    Side,
    added,
)

Said = ShopOrder | ShopRefund
_BALANCE = 1  # øre: what PowerOffice's doubles may leave
# Of an order that does not count: how its documents are told, and how its drafts.
_OFF = {"deleted": ("deleted_invoice", "deleted_draft"), "trash": ("trashed_invoice",
        "trashed_draft"), "off": ("off_invoice", "off_draft")}  # fmt: skip
# What is missing may be held, and what was taken out has a reason: the job knows it.
_LACKING = {"missing", "draft", "not_credited", "credit_draft", "payment_missing",
            "payback_missing", "skipped"}  # fmt: skip
_EXEMPT = frozenset({"5", "51"})  # SAF-T codes of domestic sales without VAT


class Matching:
    """The pairs of one order."""

    def __init__(self, case: Case, rules: Rules) -> None:
        self._case, self._order, self._rules = case, case.order, rules
        self._refunds = sorted(case.refunds, key=lambda one: one.id)
        self._documents = sorted(
            case.documents, key=lambda one: (one.generation, one.invoice_no or 0)
        )

    def pairs(self) -> Iterator[Pair]:
        """Yield what belongs together of sale, refunds and documents, then of money."""
        for pair in self._pairs():
            if pair.code in _LACKING:
                refund, why = int(str(pair.facts.get("refund") or 0)), self._rules.why
                yield replace(pair, why=(refund and why(refund)) or why(pair.order_id))
            else:
                yield pair

    def _pairs(self) -> Iterator[Pair]:
        sales = yield from self._without_cancelled()
        invoices = [one for one in sales if one.invoice_no is not None]
        drafts = [one for one in sales if one.invoice_no is None]
        if self._order is not None and self._order.sells:
            yield from self._sold(self._order, invoices, drafts)
        elif self._documents:
            yield from self._off(invoices, drafts)
        if self._order is not None:
            yield from self._money(self._order)

    def _of(self, kind: str, *, booked: bool = False) -> list[Document]:
        return [
            one
            for one in self._documents
            if one.kind == kind and (one.invoice_no is not None or not booked)
        ]

    def _without_cancelled(self) -> Generator[Pair, None, list[Document]]:
        """Yield the invoices that were credited whole; return those that stand, and the drafts."""
        wholes, standing = self._of("whole"), []
        for sale in self._of("sale"):
            whole = next((w for w in wholes if _cancels(w, sale)), None)
            if whole is None:
                standing.append(sale)
                continue
            wholes.remove(whole)
            yield self._pair("called_off", None, sale, differs=False)
            yield self._pair("called_off", None, whole, differs=False)
        for whole in wholes:
            code = "credit_draft" if whole.invoice_no is None else "credit_odd"
            yield self._pair(code, None, whole)
        return standing

    def _sold(
        self, order: ShopOrder, invoices: list[Document], drafts: list[Document]
    ) -> Iterator[Pair]:
        if invoices:
            yield self._compared(order, invoices[0], order.currency)
        elif order.day is None:
            return  # neither completed nor booked: it has no day yet
        elif isinstance(self._rules.why(order.id), Skip):
            yield self._pair("skipped", order, differs=False)
            return
        elif drafts:
            yield self._pair("draft", order, drafts[0])
        elif self._was_returned_whole(order):
            sold_and_back: list[Said] = [order, *self._refunds]
            for one in sold_and_back:
                yield self._pair("returned_before", one, differs=False)
            return
        elif order.amount or order.rates:  # a gift card may have paid all of it
            yield self._pair("missing", order)
        for again in invoices[1:]:
            yield self._pair("twice", None, again)
        for left in drafts if invoices else drafts[1:]:
            yield self._pair("draft_left", None, left)
        yield from self._returned()

    def _was_returned_whole(self, order: ShopOrder) -> bool:
        back = sum(refund.amount for refund in self._refunds)
        return bool(self._refunds) and back == -order.amount and not self._of("refund")

    def _returned(self) -> Iterator[Pair]:
        """Yield the refunds with their credit notes, then the credit notes without a refund."""
        by_hand = self._of("hand", booked=True)
        notes = {one.refund_id: one for one in reversed(self._of("refund"))}
        for refund in self._refunds:
            note = notes.pop(refund.id, None)
            own = next((one for one in by_hand if one.total == refund.amount), None)
            if note is not None and note.invoice_no is not None:
                yield self._compared(refund, note, note.currency)
            elif own is not None:
                by_hand.remove(own)
                yield self._pair("hand_credited", refund, own, differs=False)
            elif refund.amount:
                yield self._pair("not_credited" if note is None else "credit_draft", refund)
        for code, rest in (("taken_back", notes.values()), ("hand_credit", by_hand)):
            for one in rest:
                yield self._pair(code, None, one)

    def _off(self, invoices: list[Document], drafts: list[Document]) -> Iterator[Pair]:
        """Yield the documents of an order that the shop does not count (any more)."""
        status = "deleted" if self._order is None else self._order.status
        invoiced, draft = _OFF.get(status, _OFF["off"])
        standing = [*invoices, *self._of("refund", booked=True), *self._of("hand", booked=True)]
        differs = sum(one.total for one in standing) != 0
        for one in standing:
            code = invoiced if differs else "called_off"
            yield self._pair(code, None, one, differs=differs)
        for one in drafts:
            yield self._pair(draft, None, one)

    def _compared(self, said: Said, document: Document, currency: str) -> Pair:
        """Return a pair whose total is compared, and its VAT where the shop says that."""
        if said.amount != document.total or currency != document.currency:
            return self._pair("amount", said, document)
        if said.tolerance is not None and not _same_vat(said.rates, document, said.tolerance):
            return self._pair("vat", said, document)
        if _another_code(said.rates, document):
            return self._pair("code", said, document)
        # Booked before it was completed: its own day is as good.
        period, day = self._rules.period, said.day or document.day
        code = "other_period" if (day in period) != (document.day in period) else ""
        return self._pair(code, said, document, differs=False)

    def _pair(
        self, code: str, said: Said | None, document: Document | None = None, differs: bool = True
    ) -> Pair:
        """Return a pair; beside what the shop says, a draft is not booked but told alone."""
        order, shop, books = self._order, None, None
        facts: dict[str, Fact] = {"status": order.status} if order is not None else {}
        refund_id = document.refund_id if document else 0
        refund_id = said.id if isinstance(said, ShopRefund) else refund_id
        if refund_id:
            facts["refund"] = str(refund_id)
        if document is not None:
            facts["invoice"] = str(document.invoice_no or "")
            facts["shop_vat"] = from_ore(sum(vat for _, _, vat in said.rates) if said else 0)
            facts["books_vat"] = from_ore(document.total - document.net)
            if said is None or document.invoice_no is not None:
                agreed = None if differs or said is None else said.rates
                books = Side(document.day, document.total, _posted(document, agreed))
        if said is not None:
            posted = _as_booked(said.rates, books, document, agrees=not differs)
            shop = Side(said.day or (books and books.day), said.amount, posted)
        number = order.number if order else f"id:{self._case.id}"
        currency = order.currency if order else self._documents[0].currency
        known = currency == COMPANY_CURRENCY or bool(document and document.posted)
        return Pair(code, differs, self._case.id, number, currency, shop, books, facts, known)

    # -- money -------------------------------------------------------------------------------------

    def _money(self, order: ShopOrder) -> Iterator[Pair]:
        """Yield what the shop says of the order's money against what stands on clearing accounts.

        A movement there belongs to the order that its text names, as the job writes it.
        """
        rules, paid = self._rules, order.paid
        back = [one for one in self._refunds if one.amount and one.id not in order.before]
        kept = order.captured + sum(one.amount for one in back)
        if not order.sells and paid and kept > 0 and not self._of("sale", booked=True):
            yield _moved(order, "paid_but_off", Side(paid, kept))
        if not rules.register:
            return
        notes = {one.refund_id: one for one in self._of("refund")}
        wanted: dict[int, Side] = {}
        for id_, side in self._expected(order, back):
            wanted[id_] = _together([side, *filter(None, [wanted.get(id_)])])
        for refund in back if paid and rules.paybacks == "gateway" else ():
            if not refund.by_method and _is_open(notes.get(refund.id)):
                side = Side(refund.day, refund.amount)
                pair = _moved(order, "returned_outside", side, refund_id=refund.id)
                yield replace(pair, account=None)
        if rules.by_balance or order.currency != COMPANY_CURRENCY:
            yield from self._by_balance(order, wanted, notes)
            return
        posted: dict[int, list[Movement]] = defaultdict(list)
        for movement in self._case.movements:
            posted[movement.refund_id].append(movement)
        for id_ in {**wanted, **posted}:
            yield from _by_movement(order, id_, wanted.get(id_), posted[id_])

    def _expected(self, order: ShopOrder, back: Sequence[ShopRefund]) -> Iterator[tuple[int, Side]]:
        """Yield what should stand on a clearing account: 0 is the payment, else the refund's id."""
        if order.paid is None or not any(one.invoice_no for one in self._documents):
            return
        if order.captured:
            yield 0, Side(order.paid, order.captured)
        called_off, paybacks = bool(self._of("whole")), self._rules.paybacks
        for refund in back:
            if paybacks == "always" or (paybacks == "gateway" and refund.by_method):
                yield WHOLE if called_off else refund.id, Side(refund.day, refund.amount)

    def _by_balance(
        self, order: ShopOrder, wanted: dict[int, Side], notes: dict[int, Document]
    ) -> Iterator[Pair]:
        owed = any(map(_is_open, self._of("sale")))
        for id_, side in wanted.items():
            code = "payment_missing" if side.amount > 0 else "payback_missing"
            if owed if side.amount > 0 else _is_open(notes.get(id_)):
                yield _moved(order, code, side, refund_id=id_)
            else:
                yield _moved(order, "", side, side, id_)


def _cancels(whole: Document, sale: Document) -> bool:
    both = whole.invoice_no is not None and sale.invoice_no is not None
    return both and whole.generation == sale.generation and whole.total == -sale.total


def _is_open(document: Document | None) -> bool:
    """Tell whether something of a document is still to be paid (or paid back)."""
    return document is not None and abs(document.balance or 0) > _BALANCE


def _by_movement(
    order: ShopOrder, id_: int, side: Side | None, posted: Sequence[Movement]
) -> Iterator[Pair]:
    accounts = {one.account for one in posted}
    odd = side is None or bool(posted and accounts != {order.account})
    for one in posted if odd else ():
        code, books = "payment_odd" if side is None else "", Side(one.day, one.amount)
        yield replace(_moved(order, code, None, books, id_, one.account), differs=True)
    if side is None:
        return
    if odd:
        stands = {"account": ", ".join(map(str, sorted(accounts)))}
        pair = _moved(order, "account", side, None, id_)
        yield replace(pair, facts={**pair.facts, **stands})
    elif not posted:
        code = "payback_missing" if side.amount < 0 else "payment_missing"
        yield _moved(order, code, side, refund_id=id_)
    else:
        books = _together([Side(one.day, one.amount) for one in posted])
        code = "payment_day" if books.day != side.day else ""
        code = "payment_amount" if books.amount != side.amount else code
        yield _moved(order, code, side, books, id_)


def _together(sides: Sequence[Side]) -> Side:
    days = [side.day for side in sides if side.day is not None]
    return Side(max(days), sum(side.amount for side in sides))


def _moved(
    order: ShopOrder, code: str, shop: Side | None, books: Side | None = None,
    refund_id: int = 0, account: int | None = None,
) -> Pair:  # fmt: skip
    account = account or order.account
    facts = {"status": order.status, "account": str(account or ""), "refund": str(refund_id),
             "wanted": str(order.account or "")}  # fmt: skip
    return Pair(
        code, code not in {"", "payment_day"}, order.id, order.number, order.currency, shop, books,
        facts, money=True, account=account,
    )  # fmt: skip


# -- VAT -------------------------------------------------------------------------------------------


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
    rate = _exchange(document)
    books: dict[str, int] = defaultdict(int)
    for one in document.posted:
        books[one.kind.removeprefix("* ")] += round(one.vat / rate)
    return all(abs(shop.get(one, 0) - books[one]) <= tolerance for one in {*shop, *books})


def _exchange(document: Document) -> Decimal:
    """Return how many øre were posted for each hundredth of a document's currency."""
    posted = sum(one.net + one.vat for one in document.posted or ())
    return Decimal(posted) / document.total if posted and document.total else Decimal(1)


def _another_code(rates: Rates, document: Document) -> bool:
    """Tell whether what left the country is booked as a sale at home without VAT, or the reverse.

    Gift cards are neither, wherever they went.
    """
    booked = _foreign(document.posted or (), rates)
    left = any(one.kind == EXPORT for one in booked)
    if any(kind == EXPORT for kind, _, _ in rates):
        return not left and any(one.code in _EXEMPT for one in booked)
    return left


def _posted(document: Document, agreed: Rates | None) -> tuple[Posted, ...]:
    """Return what a document posted; `agreed` are the shop's rates if total and VAT are the same.

    Where no list said it, the kinds are the shop's, what rounding left standing under the
    largest: with the sums of net and VAT given, amounts under two rates can be no others.
    """
    if document.posted is not None:
        return _foreign(document.posted, agreed) if agreed else document.posted
    net, vat = document.net, document.total - document.net
    if not agreed:
        return (Posted(UNKNOWN, "", 0, net, vat),)
    parts = [Posted(kind, STANDARD_CODES.get(kind, ""), 0, *both) for kind, *both in agreed]
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
            like = [
                one
                for one in found
                if one.kind in {EXPORT, NO_VAT} and one.net in map(sum, amounts)
            ]
            like.sort(key=lambda one: [*map(sum, amounts)].index(one.net))
            if [one.net for one in like] == [*map(sum, amounts)] or len(like) == 1 == len(amounts):
                for one, both in zip(like, amounts, strict=True):
                    found[found.index(one)] = Posted(kind, one.code, one.account, *both)
                break
    return tuple(found)


def _as_booked(
    rates: Rates, books: Side | None, document: Document | None, *, agrees: bool
) -> tuple[Posted, ...]:
    """Return what the shop says as it would be posted: in kroner, on the accounts of the books."""
    booked = books.posted if books else ()
    if agrees and booked:
        rates = _under(rates, booked)
    factor = _exchange(document) if books and document and document.posted else Decimal(1)
    factor = factor if document and document.currency != COMPANY_CURRENCY else Decimal(1)
    found: list[Posted] = []
    for kind, *amounts in rates:
        net, vat = (round(amount * factor) for amount in amounts)
        like = [one for one in booked if one.kind == kind]
        largest = Posted(kind, STANDARD_CODES.get(kind, ""), 0, 0, 0)
        largest = max(like, key=lambda one: abs(one.net), default=largest)
        others = [one for one in like if one is not largest]
        net -= sum(one.net for one in others)
        vat -= sum(one.vat for one in others)
        found += [*others, largest._replace(net=net, vat=vat)]
    return tuple(found)


def _under(rates: Rates, posted: Sequence[Posted]) -> Rates:
    """Return what the shop says under the kinds of a document that agrees with it.

    What has no VAT is told apart by the books alone: gift cards, rounding, exempt sales.
    """
    kinds = {one.kind for one in posted}
    parts = [part for part in rates if part[0] in kinds and part[0] not in {EXPORT, NO_VAT}]
    without = [
        part
        for part in added((one.kind, one.net, one.vat) for one in posted)
        if part[0] in {EXPORT, NO_VAT}
    ]
    rest = sum(net + vat for _, net, vat in rates)
    rest -= sum(net + vat for _, net, vat in [*parts, *without])
    return added([*parts, *without, (without[-1][0] if without else NO_VAT, rest, 0)])
