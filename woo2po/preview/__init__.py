"""`run --dry-run`: a run on a copy of the state database, with a client that pretends to write.

What a run would record is simply forgotten at the end; what it decided of each order is kept as a
value. Codes and figures, no sentences. `documents` hold the customer as it would be sent: no
rendering shows a name, an address or an e-mail.

shown.py  what is said of them: a summary, or details.txt; the page, page.html; JSON
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import structlog

from woo2po.config import Settings
from woo2po.connections import Connections, open_client
from woo2po.documents import (
    Account,
    CustomerSeen,
    Documents,
    InvoiceWanted,
    LineKind,
    Note,
    PaymentWanted,
    Rounding,
    SalesOrder,
)
from woo2po.holds import Hold, Skip
from woo2po.mapping.prices import Exactness, exactness, line_amounts, sums_of
from woo2po.money import ZERO, from_ore, round_ore
from woo2po.next_step import Do, Done, NotWanted, Outlook, Step, Wanted
from woo2po.order import Order
from woo2po.poweroffice.pretend import PretendingPowerOffice
from woo2po.record import Payment, Record, RunOutcome
from woo2po.run import Errand, Wish, work
from woo2po.store import Store
from woo2po.store.database import StateError
from woo2po.transfer.wanted import ways
from woo2po.transfer.writes import Onlooker, Row, Run


class Becomes(StrEnum):
    """What becomes of an order (or a credit note); programs that read the JSON use these names.

    TRANSFERRED: a sales order is made. CHANGED: its draft is changed. INVOICED: its draft stands
    as it should and is invoiced. TAKEN_BACK: it was called off, so its draft is deleted or its
    invoice credited. UNCHANGED: what stands there is right. NOT_TRANSFERRED: its status, or a
    refund of it all, keeps it out. WAITING: PowerOffice has yet to answer for it.
    """

    TRANSFERRED = "transferred"
    CHANGED = "changed"
    INVOICED = "invoiced"
    TAKEN_BACK = "taken_back"
    HELD = "held"
    WAITING = "waiting"
    SKIPPED = "skipped"
    NOT_TRANSFERRED = "not_transferred"
    UNCHANGED = "unchanged"


Pair = tuple[Decimal, Decimal]  # net and VAT, or what comes in and what goes back
_Account = tuple[str, int | None]  # its currency and number
K = TypeVar("K")
# A document comes of it, or is changed: what sums are made over.
BOOKED = frozenset({Becomes.TRANSFERRED, Becomes.CHANGED, Becomes.INVOICED})


@dataclass(frozen=True, slots=True)
class Foretold:
    """What a run would do with one order, or with one credit note of it.

    `known` is what is known of it now, `left` what it leaves, `shop` the order as the shop has it
    (None where that cannot be read). `total` is what was paid, of a credit note what it gives back
    (below 0). `said` is the sentence that says what becomes of it, if there is one beside `reason`
    and `customer`, which, of an order that is made, "exists" in PowerOffice (then with
    `customer_no`), is "known" (orders of this job went to it), or "new". `arrives`: its sales order
    is made or changed, or stood in PowerOffice already and is not this database's work. `documents`
    are as the shop's order is now, whatever becomes of it, `accounts` those of its lines, as far as
    they are known. `payment` is negative where money goes back.
    """

    known: Record
    left: Record
    becomes: Becomes
    reason: Hold | Skip | None = None
    said: Note | None = None
    shop: Order | None = None
    day: date | None = None
    total: Decimal | None = None
    currency: str = ""
    is_person: bool | None = None
    customer: str = ""
    customer_no: int | None = None
    arrives: bool = False
    documents: Documents | None = None
    accounts: tuple[Account | None, ...] = ()
    exactness: Exactness | None = None
    invoice: InvoiceWanted | None = None
    payment: PaymentWanted | None = None
    notes: tuple[Note, ...] = ()
    credit_notes: tuple["Foretold", ...] = ()

    @property
    def parts(self) -> tuple["Foretold", ...]:
        """The order and its credit notes."""
        return (self, *self.credit_notes)

    @property
    def outcome(self) -> Becomes:
        """What becomes of it, if its credit notes go too: held wins, then what is not answered."""
        found = {one.becomes for one in self.parts}
        return next((one for one in (Becomes.HELD, Becomes.WAITING) if one in found), self.becomes)


# -- from what was decided -------------------------------------------------------------------------

_ENDS = {Do.CANCEL, Do.CREDIT_WHOLE, Done, Do.FORGET, Do.LOOK_AGAIN, Skip}
# What a step makes of an order, and the sentence for it: of a sale that is off, and of any other.
_OFF = {
    Do.DELETE_DRAFT: (Becomes.TAKEN_BACK, "preview_deletes"),
    Do.CREDIT_WHOLE: (Becomes.TAKEN_BACK, "preview_credits"),
    Do.LOOK_AGAIN: (Becomes.UNCHANGED, "preview_found"),
}
_ON = {
    Do.CREATE_SALES_ORDER: (Becomes.TRANSFERRED, ""),
    Do.EDIT_DRAFT: (Becomes.CHANGED, "preview_changes"),
}
# These say how things stand, which nobody knows of an order that is held or unanswered.
_STANDS = {"not_transferred", "preview_unchanged", "preview_invoice_stands"}


def _kind(step: Step) -> Do | type[Step]:
    return step if isinstance(step, Do) else type(step)


class Watching(Onlooker):
    """Keeps what a run decides for each order and credit note, by their ids."""

    def __init__(self, other: Onlooker | None = None) -> None:
        self._other = other or Onlooker()  # hears how far it is
        self.shops: dict[int, Order | None] = {}  # as the shop has it; None: unreadable, or gone
        self.before: dict[int, Record] = {}
        self.decisions: dict[int, list[tuple[Outlook, Step]]] = defaultdict(list)
        self.holds: set[int] = set()

    def begins(self, run: Run) -> None:
        """Keep what the run works with, and the ways of rounding that were known before it."""
        self.run, self.ways = run, ways(run.store)

    def begun(self, done: int, of: int) -> None:
        """Pass on how far it is."""
        self._other.begun(done, of)

    def read(self, record: Record, row: Row | None) -> None:
        """Keep an order as the shop has it, and what was known of it and of its credit notes."""
        self.shops.setdefault(record.order_id, row if isinstance(row, Order) else None)
        for one in (record, *self.run.store.credit_notes_of(record.order_id)):
            self.before.setdefault(one.id, one)

    def decided(self, record: Record, wanted: Outlook, step: Step) -> None:
        """Keep a step."""
        self.before.setdefault(record.id, record)
        self.decisions[record.id].append((wanted, step))

    def held(self, order_id: int) -> None:
        """Keep that an order was held."""
        self.holds.add(order_id)

    def foretold(self, numbers: Collection[str] = ()) -> list[Foretold]:
        """Return what the run does with orders (of these numbers), and with their refunds."""
        spelled = (name for typed in numbers for name in self.run.settings.spellings(typed))
        named = {name.removeprefix("id:") for name in spelled}
        found = []
        for id_ in self.shops:
            if not numbers or {str(id_), self.before[id_].number} & named:
                told = map(self._told, (id_, *(x.id for x in self.run.store.credit_notes_of(id_))))
                order, *notes = told
                if order is not None:
                    found.append(replace(order, credit_notes=tuple(filter(None, notes))))
        return found

    def _told(self, id_: int) -> Foretold | None:
        """Return what becomes of an order or a credit note; None: the run did not come to it."""
        decided, run, found = self.decisions.get(id_, ()), self.run, self.run.store.record(id_)
        known = self.before.get(id_) or found
        if known is None:
            return None
        left, is_order = found or known, not known.is_credit_note
        due = left.payment is not Payment.NONE and known.payment is not Payment.MADE
        if not (decided or id_ in self.holds or (due and not is_order)):
            return None
        steps = {_kind(step): step for _, step in reversed(decided)}  # the first of each
        wanted: Outlook | None = decided[-1][0] if decided else None
        documents = wanted.documents if isinstance(wanted, Wanted) else None
        aside = next((step for _, step in decided if isinstance(step, Skip)), None)
        reason = left.hold if id_ in self.holds else aside
        ended = not left.todo or not decided or _kind(decided[-1][1]) in _ENDS
        becomes, code = _becomes(wanted, steps, known)
        if reason is not None or not ended:
            becomes = Becomes.WAITING
            if reason is not None:
                becomes = Becomes.HELD if isinstance(reason, Hold) else Becomes.SKIPPED
            code = "" if code in _STANDS else code
        facts = {"sales_order": str(known.sales_order_no or ""), "invoice": str(known.invoice_no),
                 "status": wanted.status if isinstance(wanted, NotWanted) else ""}  # fmt: skip
        shop = self.shops.get(id_) if is_order else None
        total, currency = _total(documents, shop, known)
        customer, customer_no = "", None
        if documents and is_order and Do.CREATE_SALES_ORDER in steps:
            customer, customer_no = _customer(run, documents)
        arrives = bool(_ON.keys() & steps.keys()) or _is_found(known)
        sent = wanted.invoice if isinstance(wanted, Wanted) and Do.SEND_INVOICE in steps else None
        return Foretold(
            known, left, becomes, reason, Note(code, facts) if code else None, shop,
            day=run.settings.day_of(known.created) if is_order and known.created else None,
            total=total, currency=currency,
            is_person=documents.customer.customer.is_person if documents and is_order else None,
            customer=customer, customer_no=customer_no,
            arrives=arrives, documents=documents, accounts=_accounts(run, documents),
            exactness=exactness(documents.sales_order, self.ways) if documents else None,
            invoice=sent if isinstance(sent, InvoiceWanted) else None,
            payment=PaymentWanted.from_text(left.payment_body) if due else None,
            notes=documents.notes if documents and arrives else (),
        )  # fmt: skip


def _is_found(before: Record) -> bool:
    """Tell whether a document of it was there already, not made by this database."""
    return bool(before.found) and not before.wanted_digest and not before.open_write


def _becomes(
    wanted: Outlook | None, steps: Collection[Do | type[Step]], known: Record
) -> tuple[Becomes, str]:
    """Return what becomes of it if nothing stops it, and the sentence for that; "": it is made."""
    is_off = isinstance(wanted, NotWanted)
    for kind, told in (_OFF if is_off else _ON).items():
        if kind in steps:
            return told
    if isinstance(wanted, NotWanted):
        refunded = Do.CANCEL in steps and wanted.refunded
        code = "refunded_before_transfer" if refunded else "not_transferred"
        return Becomes.NOT_TRANSFERRED, code
    becomes = Becomes.INVOICED if Do.SEND_INVOICE in steps else Becomes.UNCHANGED
    if _is_found(known):
        return becomes, "preview_found"
    return becomes, "preview_unchanged" if known.invoice_no is None else "preview_invoice_stands"


def _accounts(run: Run, documents: Documents | None) -> tuple[Account | None, ...]:
    """Return the account of each line; None where its product is yet to be made."""
    lines = documents.sales_order.lines if documents else ()
    products = [run.catalogue.catalogue.products.get(line.product_code) for line in lines]
    return tuple(
        None if not sold else sold.standard if line.use_standard_account else sold.optional
        for line, sold in zip(lines, products, strict=True)
    )


def _total(
    documents: Documents | None, shop: Order | None, known: Record
) -> tuple[Decimal | None, str]:
    if documents:
        return documents.sales_order.amounts.total, documents.sales_order.currency
    if shop:
        return shop.total, shop.currency
    ore = known.total_ore
    return None if ore is None else from_ore(ore), known.currency


def _customer(run: Run, documents: Documents) -> tuple[str, int | None]:
    """Return whether PowerOffice has the customer of an order that is made, and its number."""
    sought = documents.customer
    chosen = run.customers.choose(sought)
    if isinstance(chosen, CustomerSeen) and chosen.id > 0:  # one that is pretended: below 0
        return "exists", chosen.number
    known = run.store.customer(sought.customer.reference) or 0
    return "known" if known > 0 else "new", None


class DryStore(Store):
    """A copy of the state database in memory; what a client pretends teaches it no rounding."""

    def remember(self, **changes: Any) -> None:
        """Remember facts, but not what is pretended."""
        changes.pop("rounding_ways", None)
        super().remember(**changes)


async def preview(
    settings: Settings, clock: Callable[[], datetime], wish: Wish,
    connections: Connections | None = None, onlooker: Onlooker | None = None,
) -> tuple[RunOutcome, list[Foretold]]:  # fmt: skip
    """Return how a run would end, and what it would make of each order. Raises WrongNumber."""
    watching, connections = Watching(onlooker), connections or Connections()
    opens = partial(open_client, PretendingPowerOffice)
    errand = Errand(settings, clock, wish, connections, watching, opens)
    try:
        with DryStore.in_memory(Path(settings.state.path)) as store:
            with structlog.contextvars.bound_contextvars(dry_run=True):
                await work(errand, store)
            return errand.outcome, watching.foretold(wish.numbers)
    except StateError as error:
        return RunOutcome(error.exit_code, problem=error.code, facts=error.facts), []


# -- the sums: by what becomes of the orders, by VAT rate, by account ------------------------------


def totals(parts: Iterable[Foretold]) -> dict[str, Decimal]:
    """Return what orders or credit notes come to in each currency, as far as that is known."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for one in parts:
        if one.total is not None:
            found[one.currency] += one.total
    return found


def _summed(rows: Iterable[tuple[K, Pair]]) -> dict[K, Pair]:
    found: dict[K, Pair] = {}
    for key, (one, other) in rows:
        before = found.get(key, (ZERO, ZERO))
        found[key] = before[0] + one, before[1] + other
    return found


def by_rate(order: SalesOrder, exact: Exactness) -> dict[Decimal, Pair]:
    """Return a sales order's net and VAT by rate in percent, in whole øre, the highest rate first.

    They are the sums of its lines, each rounded, wherever those come to the total. Elsewhere they
    are the net amounts with the shop's VAT, and the øre that is left goes with the largest one.
    """
    if way := next((way for way in (Rounding.LINE, Rounding.LINE_NET) if way in exact.sure), None):
        lines = (one for one in order.lines if one.kind is LineKind.NORMAL)
        found = _summed((line.vat_rate, line_amounts(line, way)) for line in lines)
    else:
        nets, vat = sums_of(order.lines).nets, order.amounts.vat
        rates = {*vat, *(rate for rate, net in nets.items() if net)}
        found = {rate: (round_ore(nets.get(rate, ZERO)), round_ore(vat.get(rate, ZERO)))
                 for rate in rates}  # fmt: skip
    told = {rate: pair for rate, pair in found.items() if any(pair)} or found
    if told:
        largest = max(told, key=lambda rate: abs(told[rate][0]))
        left = order.amounts.total - sum(map(sum, told.values()), ZERO)
        told[largest] = told[largest][0] + left, told[largest][1]
    return dict(sorted(told.items(), reverse=True))


class Summary:
    """The sums of orders and their credit notes.

    Every document is counted once, and its net and VAT come to its total to the øre, so that each
    table can be added up by hand and against the others.

    `gone` is what is transferred, changed or invoiced, `given_back` the credit notes that are made,
    `whole` what both come to. Of each currency, the company's first, `rates` tells net and VAT of
    each VAT rate, the highest first, and `accounts` what comes and goes on each account, by its
    number, and last (None) what the job does not post; by which payment `methods`.
    """

    def __init__(self, orders: Sequence[Foretold]) -> None:
        booked = [one for order in orders for one in order.parts if one.becomes in BOOKED]
        self.gone = [one for one in booked if not one.known.is_credit_note]
        self.given_back = [one for one in booked if one.known.is_credit_note]
        self.whole = totals(booked)
        self.outcomes = Counter(order.outcome for order in orders)
        rates = _summed(
            ((one.currency, rate), pair)
            for one in booked
            if one.documents is not None and one.exactness is not None
            for rate, pair in by_rate(one.documents.sales_order, one.exactness).items()
        )
        posted = [row for order in orders for row in _posted(order)]
        accounts = _summed((key, pair) for key, _, pair in posted)
        found = {currency for currency, _ in (*rates, *accounts)}
        self.currencies = sorted(found, key=lambda currency: (currency != "NOK", currency))
        self.rates: dict[str, list[tuple[Decimal, Pair]]] = defaultdict(list)
        for (currency, rate), pair in sorted(rates.items(), reverse=True):
            self.rates[currency].append((rate, pair))
        self.accounts: dict[str, list[tuple[int | None, Pair]]] = defaultdict(list)
        for key in sorted(accounts, key=lambda key: (key[1] is None, key)):
            self.accounts[key[0]].append((key[1], accounts[key]))
        self.methods: dict[_Account, set[str]] = defaultdict(set)
        for key, method, _ in posted:
            self.methods[key] |= {method} - {""}


def _posted(order: Foretold) -> Iterator[tuple[_Account, str, Pair]]:
    """Yield what is posted of an order: where, by which payment method, what comes and goes."""
    method = order.shop.payment_method if order.shop else ""
    for one in order.parts:
        paid, amount = one.payment, one.total or ZERO
        if isinstance(one.reason, Hold) or one.becomes is Becomes.WAITING:
            continue
        if paid is not None:
            amount = paid.amount
        elif one.becomes not in BOOKED or not amount:
            continue
        key = (paid.currency, paid.account_no) if paid else (one.currency, None)
        yield key, method, (max(amount, ZERO), min(amount, ZERO))
