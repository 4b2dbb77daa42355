"""`show NUMBER`: one order's history, its documents in PowerOffice, and what differs, if anything.

The history is the state database's. Both systems are asked how things stand now; where one
cannot be reached, that is said and the history is shown all the same.
"""

import textwrap
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from woo2po.config import Settings
from woo2po.connections import Connections, open_poweroffice, open_shop
from woo2po.documents import (
    ROUNDING_REFERENCE,
    DocumentSeen,
    DraftSeen,
    LineSeen,
    OrderLine,
    PaymentWanted,
    Rounding,
)
from woo2po.holds import Hold, Skip
from woo2po.http import RemoteError
from woo2po.mapping.capture import told_of_money
from woo2po.mapping.draft import corrected, difference
from woo2po.mapping.payment import is_prepaid
from woo2po.mapping.prices import line_amounts
from woo2po.messages import Language, day_said, say, say_both, to_type, word
from woo2po.money import ORE, ZERO, Fact, from_ore, to_ore
from woo2po.next_step import NotWanted, Outlook, Wanted
from woo2po.order import Order
from woo2po.page import rendered
from woo2po.pull import Pulled, known_statuses
from woo2po.record import Payment, Record, Write
from woo2po.report import Cell, Figure, fitted, kroner, quantity, table, told_of, wrapped
from woo2po.run import recall_route
from woo2po.store import Store
from woo2po.transfer.wanted import Prepared, prepare
from woo2po.transfer.writes import Run

# What PowerOffice's rounding may make of one piece of a line: it may cut prices too.
_ROUNDED = ORE + ORE / 2

Compared = tuple[str, bool]  # lines of text, and whether they tell of a difference


async def show_order(
    settings: Settings,
    clock: Callable[[], datetime],
    number: str,
    show: Callable[[str], None],
    connections: Connections | None = None,
) -> int | None:
    """Show an order; return the exit code, or None where no such order is known.

    0: in order. 1: held, or something differs. 3: a system could not be asked. Raises StateError.
    """
    connections = connections or Connections()
    with Store.in_memory(Path(settings.state.path)) as store:
        records = store.orders_called(*settings.spellings(number))
        code = 0
        for record in records:
            all_of_it: list[Record] = [record, *store.credit_notes_of(record.order_id)]
            show(_history(store, all_of_it, settings))
            code = max(code, *(int(one.hold is not None) for one in all_of_it))
            if not any(one.sales_order_id for one in all_of_it):
                continue
            try:
                compared = await _compare(settings, clock, store, record, connections)
            except RemoteError as error:
                show(wrapped(say_both(error.code, settings.language, error.facts)))
                return 3
            for text, differs in compared:
                show(text)
                code = max(code, int(differs))
        return code if records else None


async def _compare(
    settings: Settings,
    clock: Callable[[], datetime],
    store: Store,
    record: Record,
    connections: Connections,
) -> list[Compared]:
    async with (
        open_shop(settings.woocommerce, connections) as shop,
        open_poweroffice(settings.poweroffice, connections) as go,
    ):
        recall_route(shop, store)
        await go.log_in()
        run = Run(settings, clock, store, shop, go)
        await run.catalogue.open()
        statuses = await known_statuses(shop, store, settings, clock())
        (prepared,) = await prepare(run, Pulled(statuses), [record.order_id])
        return await _compared(run, prepared, store.credit_notes_of(record.order_id))


async def _compared(run: Run, prepared: Prepared, children: list[Record]) -> list[Compared]:
    language, record, wanted = run.settings.language, prepared.record, prepared.wanted
    order = prepared.row if isinstance(prepared.row, Order) else None
    found = _in_the_shop(wanted, language) if record.sales_order_id else []
    found += _money(order, run.settings) if order else []
    if record.sales_order_id and record.invoice_no is None:
        draft = await run.poweroffice.draft(record.sales_order_id)
        if draft is not None:
            found += _draft(run, record, wanted, draft) if isinstance(wanted, Wanted) else []
            return found
        by_hand = await run.poweroffice.invoices(matching_references=[record.matching_reference])
        mine = [one.invoice_no for one in by_hand if one.reference == record.reference]
        if not mine:
            return [*found, _found(say_both("show_gone", language), differs=True)]
        record = replace(record, invoice_no=mine[0])
    both: tuple[Record, ...] = (record, *children)
    records = [one for one in both if one.invoice_no is not None]
    numbers = [one.invoice_no for one in records if one.invoice_no is not None]
    listed = await run.poweroffice.invoices(numbers=numbers) if numbers else []
    seen = {one.invoice_no: one for one in listed}
    found += [_document(one, seen.get(one.invoice_no), language) for one in records]
    invoice = seen.get(record.invoice_no) if record.invoice_no else None
    if invoice is not None and isinstance(wanted, Wanted):
        total = wanted.documents.sales_order.amounts.total
        if record.wanted_digest in {"", wanted.digest} and to_ore(invoice.total) == to_ore(total):
            found.append(_found(say("show_invoice_equal", language)))
        else:
            lines = await run.poweroffice.invoice_lines(invoice.id)
            found += _changed(lines, invoice.total, wanted, language)
        found += _refunds(order, children, language) if order else []
    return found


# -- the history -----------------------------------------------------------------------------------


def _history(store: Store, records: Sequence[Record], settings: Settings) -> str:
    """Return what is known of an order and its credit notes; times are those of the shop's zone."""
    language, zone = settings.language, settings.zone
    return rendered(
        "show.txt", language, order=records[0], records=records,
        kroner=lambda ore: "" if ore is None else kroner(from_ore(ore), language),
        payment=partial(_payment, store, language=language),
        writes=partial(_writes, language=language, zone=zone),
    ).rstrip("\n")  # fmt: skip


def _payment(store: Store, record: Record, language: Language) -> str:
    """Return how far an order's money has come: amount, account, day and voucher."""
    if record.payment is Payment.NONE:
        return ""
    money = ""
    if record.payment_body:
        noted = PaymentWanted.from_text(record.payment_body)
        amount = kroner(abs(noted.amount), language)
        money = f"{amount} {word('on_account', language)} {noted.account_no}: "
    made = record.payment is Payment.MADE
    posted = store.posted(record.id) if made else []
    state = "payment_found" if made and not posted else f"payment_{record.payment}"
    said = [
        f"{day_said(day, language)}, {word('voucher', language)} {number or '-'}"
        for day, number in posted
    ]
    return f"{money}{word(state, language)} {'; '.join(said)}".rstrip()


def _writes(writes: tuple[Write, ...], language: Language, zone: ZoneInfo) -> str:
    moments = [one.last_attempt.astimezone(zone) for one in writes]
    rows = [
        (f"{day_said(at.date(), language)} {at:%H:%M:%S}", word(f"write_{one.kind}", language),
         word(f"outcome_{one.outcome}", language), one.attempts)
        for at, one in zip(moments, writes, strict=True)
    ]  # fmt: skip
    headers = [word(name, language) for name in ("when", "what", "result", "attempts")]
    return table(rows, headers, language)


# -- the order in the shop against its documents in PowerOffice -----------------------------------


def _in_the_shop(wanted: Outlook, language: Language) -> list[Compared]:
    match wanted:
        case NotWanted(status):
            code = "show_gone_from_shop" if status == "deleted" else "show_off"
            return [_found(say(code, language, {"status": status}), differs=True)]
        case Hold(code, facts) | Skip(code, facts):
            said = f"{say('show_unfit', language)} {say(code, language, facts)}"
            return [_found(said, differs=True)]
    return []


def _money(order: Order, settings: Settings) -> list[Compared]:
    """Return how it stands with an order's money in the shop, and by which sign that is known."""
    capture = told_of_money(order, settings)
    if capture is None or not settings.payments.register_:
        return []
    if not is_prepaid(order, settings):
        method = {"method": order.payment_method or "-"}
        return [_found(say("show_by_invoice", settings.language, method))]
    facts = {
        "how": word(f"money_{capture.money}", settings.language),
        "amount": kroner(capture.amount or capture.left, settings.language),
        "gateway": capture.gateway or word("the_order", settings.language),
        "sign": capture.sign,
    }
    return [_found(say("show_money", settings.language, facts), sign=" ")]


def _document(record: Record, seen: DocumentSeen | None, language: Language) -> Compared:
    credit = record.is_credit_note
    facts: dict[str, Fact] = {"invoice": str(record.invoice_no)}
    if seen is None:
        code = "show_credit_note_gone" if credit else "show_invoice_gone"
        return _found(say(code, language, facts), differs=True)
    facts |= {
        "total": kroner(seen.total, language),
        "balance": kroner(seen.balance, language),
        "day": seen.day or "",
    }
    said = say("show_credit_note" if credit else "show_invoice", language, facts)
    ours = record.total_ore
    return _found(said, differs=ours is not None and to_ore(seen.total) != ours)


def _changed(
    lines: Sequence[LineSeen], total: Decimal, wanted: Wanted, language: Language
) -> list[Compared]:
    """Return what differs between an invoice and the order in the shop now.

    Of `lines`, the invoice's, there are none where PowerOffice does not show them.
    """
    order = wanted.documents.sales_order
    pairs = differing(lines, order.lines) if lines else []
    if lines and not pairs:
        return [_found(say("show_changed_head", language), differs=True)]
    said = _found(say("show_changed", language), differs=True)
    return [said, _table(pairs, total, order.amounts.total, language)]


def _draft(run: Run, record: Record, wanted: Wanted, seen: DraftSeen) -> list[Compared]:
    """Return whether a draft is equal to the order, to the øre, and the lines that are not.

    A rounding line that it needs is no difference.
    """
    language, order = run.settings.language, wanted.documents.sales_order
    needed = corrected(order, seen, run.basis)
    hold = needed if isinstance(needed, Hold) else difference(needed, seen)
    if hold is None:
        return [_found(say("show_equal", language))]
    if record.wanted_digest in {"", wanted.digest}:
        said = " ".join(told_of(hold, language, record.number)).rstrip()
    else:
        said = say("show_behind", language)
    found = [_found(said, differs=True)]
    if pairs := differing(seen.lines, order.lines):
        found.append(_table(pairs, seen.total, order.amounts.total, language))
    return found


def _refunds(order: Order, children: Sequence[Record], language: Language) -> list[Compared]:
    """Return the refunds of an invoiced order that are not credited, and those taken back."""
    # What has begun, or is held, is told by the history.
    begun = {one.id for one in children if one.sales_order_id or one.hold or one.skip}
    listed, typed, said = {one.id for one in order.refunds}, {"order": to_type(order.number)}, []
    for refund in order.refunds:
        if refund.id not in begun:
            facts = {"refund": str(refund.id), "amount": kroner(refund.total, language)}
            said.append(say_both("show_not_credited", language, facts | typed))
    for child in children:
        gone = 0 < child.id not in listed and child.invoice_no is not None
        if gone and child.hold is None and child.skip is None:
            facts = {"credit_note": str(child.invoice_no)}
            said.append(say_both("refund_taken_back", language, facts | typed))
    return [_found(one, differs=True) for one in said]


def _found(text: str, *, differs: bool = False, sign: str = "✓") -> Compared:
    return wrapped(fitted(text, 600), f"  {'✗' if differs else sign} ", "    "), differs


# -- lines that differ -----------------------------------------------------------------------------


class ShownLine(NamedTuple):
    """A line on one side: its text, quantity, and amount with VAT (kroner)."""

    text: str
    quantity: Decimal
    amount: Decimal
    product_id: int | None


# As it stands and as it should; None: a side lacks it.
Differing = tuple[ShownLine | None, ShownLine | None]


def differing(standing: Sequence[LineSeen], wanted: Sequence[OrderLine]) -> list[Differing]:
    """Return the lines that differ between a document in PowerOffice and the order as it is now.

    They are paired by reference, or by text where PowerOffice shows no references. The rounding
    line is left out: it follows from the others.
    """
    name = "reference" if any(line.reference for line in standing) else "description"
    was, now = _keyed(standing, name), _keyed(wanted, name)
    pairs = [(was.get(key), now.get(key)) for key in {**was, **now}]
    return [pair for pair in pairs if not _same(*pair)]


def _keyed(lines: Sequence[LineSeen | OrderLine], name: str) -> dict[tuple[str, int], ShownLine]:
    """Return lines by a text of theirs and how often it came before: texts may come twice."""
    met: Counter[str] = Counter()
    found = {}
    for line in lines:
        if line.reference != ROUNDING_REFERENCE:
            key = getattr(line, name)
            found[key, met[key]] = _shown(line)
            met[key] += 1
    return found


def _shown(line: LineSeen | OrderLine) -> ShownLine:
    if isinstance(line, LineSeen):
        amount, quantity = line.total or ZERO, line.quantity or ZERO
    else:
        amount, quantity = sum(line_amounts(line, Rounding.LINE), ZERO), line.quantity
    return ShownLine(line.description, quantity, amount, line.product_id)


def _same(was: ShownLine | None, now: ShownLine | None) -> bool:
    if was is None or now is None:
        return False
    is_same_thing = was.text == now.text and now.product_id in {None, was.product_id}
    off = _ROUNDED * max(Decimal(1), abs(now.quantity))
    return is_same_thing and was.quantity == now.quantity and abs(was.amount - now.amount) <= off


def _table(pairs: Sequence[Differing], was: Decimal, now: Decimal, language: Language) -> Compared:
    rows: list[Sequence[Cell]] = [
        [
            " → ".join(dict.fromkeys(side.text for side in pair if side)),
            *(cell for side in pair for cell in _cells(side, language)),
        ]
        for pair in pairs
    ]
    rows.append([word("total", language), "", was, "", now])
    names = ("text", "in_poweroffice", "amount", "in_the_shop", "amount")
    headers = [word(name, language) for name in names]
    return textwrap.indent(table(rows, headers, language), "  "), True


def _cells(side: ShownLine | None, language: Language) -> tuple[Figure, Decimal | None]:
    if side is None:
        return Figure("–"), None
    if not side.quantity and not side.amount:
        return Figure(), None
    return quantity(side.quantity, language), side.amount
