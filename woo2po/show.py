"""`show NUMBER`: one order's history, its documents in PowerOffice, and what differs, if anything.

The history is the state database's. Both systems are asked how things stand now; where one
cannot be reached, that is said and the history is shown all the same.
"""

import textwrap
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from woo2po import documents
from woo2po.config import Settings
from woo2po.connections import Connections, open_poweroffice, open_shop
from woo2po.documents import DocumentSeen, DraftSeen, LineSeen, OrderLine, PaymentWanted
from woo2po.holds import Hold, Skip
from woo2po.http import RemoteError
from woo2po.mapping.capture import told_of_money
from woo2po.mapping.draft import corrected, difference
from woo2po.mapping.payment import is_prepaid
from woo2po.mapping.prices import line_amounts
from woo2po.messages import Language, day_said, say, say_both, to_type, word
from woo2po.money import ORE, ZERO, from_ore, to_ore
from woo2po.next_step import NotWanted, Outlook, Wanted
from woo2po.order import Order
from woo2po.page import rendered
from woo2po.pull import Pulled, known_statuses
from woo2po.record import Payment, Record, Write
from woo2po.report import Cell, fitted, kroner, quantity, table, told_of, wrapped
from woo2po.run import recall_route
from woo2po.store import Store
from woo2po.transfer.wanted import prepare
from woo2po.transfer.writes import Run

# What PowerOffice's rounding may make of one piece of a line: it may cut prices too.
_ROUNDED = ORE + ORE / 2


async def show_order(
    settings: Settings, clock: Callable[[], datetime], number: str, show: Callable[[str], None],
    connections: Connections | None = None,
) -> int | None:  # fmt: skip
    """Show an order; return the exit code, or None where no such order is known.

    0: in order. 1: held, or something differs. 3: a system could not be asked. Raises StateError.
    """
    connections = connections or Connections()
    with Store.in_memory(Path(settings.state.path)) as store:
        store.must_be_of(settings)
        records = store.orders_called(*settings.spellings(number))
        code = 0
        for record in records:
            parts = [record, *store.credit_notes_of(record.order_id)]
            show(_history(store, parts, settings))
            code = max(code, *(int(one.hold is not None) for one in parts))
            if not any(one.sales_order_id for one in parts):
                continue
            try:
                async with (
                    open_shop(settings.woocommerce, connections) as shop,
                    open_poweroffice(settings.poweroffice, connections) as go,
                ):
                    comparison = _Comparison(Run(settings, clock, store, shop, go), *parts)
                    await comparison.make()
            except RemoteError as error:
                show(wrapped(say_both(error.code, settings.language, error.facts)))
                return 3
            for text in comparison.said:
                show(text)
            code = max(code, int(comparison.differs))
        return code if records else None


# -- the history -----------------------------------------------------------------------------------


def _history(store: Store, records: Sequence[Record], settings: Settings) -> str:
    """Return what is known of an order and its credit notes; times are those of the shop's zone."""
    language = settings.language
    return rendered(
        "show.txt", language, order=records[0], records=records,
        kroner=lambda ore: kroner(from_ore(ore), language),
        payment=partial(_payment, store, language=language), writes=partial(_writes, settings),
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


def _writes(settings: Settings, writes: Sequence[Write]) -> str:
    language, rows = settings.language, list[Sequence[Cell]]()
    for one in writes:
        at = one.last_attempt.astimezone(settings.zone)
        what, result = f"write_{one.kind}", f"outcome_{one.outcome}"
        when = f"{day_said(at.date(), language)} {at:%H:%M:%S}"
        rows.append([when, word(what, language), word(result, language), one.attempts])
    names = ("when", "what", "result", "attempts")
    return table(rows, [word(name, language) for name in names], language)


# -- the order in the shop against its documents in PowerOffice ------------------------------------


class _Comparison:
    """What is `said` of an order and its documents, and whether any of it `differs`."""

    def __init__(self, run: Run, order: Record, *credit_notes: Record) -> None:
        self._run, self._record, self._credit_notes = run, order, credit_notes
        self._language = run.settings.language
        self.said: list[str] = []
        self.differs = False

    def _say(self, code: str, facts: Mapping[str, Any] | None = None, sign: str = "✗") -> None:
        self._tell(say_both(code, self._language, facts), sign)

    def _tell(self, text: str, sign: str = "✗") -> None:
        self.said.append(wrapped(fitted(text, 600), f"  {sign} ", "    "))
        self.differs = self.differs or sign == "✗"

    async def make(self) -> None:
        """Ask both systems, and compare. Raises RemoteError."""
        run = self._run
        recall_route(run.shop, run.store)
        await run.poweroffice.log_in()
        await run.catalogue.open()
        statuses = await known_statuses(run.shop, run.store, run.settings, run.clock())
        (prepared,) = await prepare(run, Pulled(statuses), [self._record.order_id])
        record, wanted = prepared.record, prepared.wanted
        order = prepared.row if isinstance(prepared.row, Order) else None
        if record.sales_order_id:
            self._in_the_shop(wanted)
        if order:
            self._money(order)
        if record.sales_order_id and record.invoice_no is None:
            draft = await run.poweroffice.draft(record.sales_order_id)
            if draft is not None:
                if isinstance(wanted, Wanted):
                    self._draft(record, wanted, draft)
                return
            named = await run.poweroffice.invoices(matching_references=[record.matching_reference])
            by_hand = [one.invoice_no for one in named if one.reference == record.reference]
            if not by_hand:
                self._say("show_gone")
                return
            record = replace(record, invoice_no=by_hand[0])
        await self._invoices(record, wanted, order)

    def _in_the_shop(self, wanted: Outlook) -> None:
        match wanted:
            case NotWanted("deleted"):
                self._say("show_gone_from_shop")
            case NotWanted(status):
                self._say("show_off", {"status": status})
            case Hold(code, facts) | Skip(code, facts):
                why = say(code, self._language, facts)
                self._tell(f"{say('show_unfit', self._language)} {why}")

    def _money(self, order: Order) -> None:
        """Tell how it stands with an order's money in the shop, and by which sign that is known."""
        settings, language = self._run.settings, self._language
        capture = told_of_money(order, settings)
        if capture is None or not settings.payments.register_:
            return
        if not is_prepaid(order, settings):
            self._say("show_by_invoice", {"method": order.payment_method or "-"}, "✓")
            return
        facts = {
            "how": word(f"money_{capture.money}", language),
            "amount": kroner(capture.amount or capture.left, language),
            "gateway": capture.gateway or word("the_order", language),
            "sign": capture.sign,
        }
        self._say("show_money", facts, " ")

    def _draft(self, record: Record, wanted: Wanted, seen: DraftSeen) -> None:
        """Tell whether a draft is equal to the order but for a rounding line, and what is not."""
        order = wanted.documents.sales_order
        needed = corrected(order, seen, self._run.basis)
        hold = needed if isinstance(needed, Hold) else difference(needed, seen)
        if hold is None:
            self._say("show_equal", sign="✓")
            return
        if record.wanted_digest in {"", wanted.digest}:
            self._tell(" ".join(told_of(hold, self._language, record.number)).rstrip())
        else:
            self._say("show_behind")
        if pairs := differing(seen.lines, order.lines):
            self._table(pairs, seen.total, order.amounts.total)

    async def _invoices(self, record: Record, wanted: Outlook, order: Order | None) -> None:
        records = {one.invoice_no: one for one in (record, *self._credit_notes) if one.invoice_no}
        seen = await self._run.poweroffice.invoices(numbers=[*records]) if records else []
        there = {one.invoice_no: one for one in seen}
        for number, one in records.items():
            self._document(one, there.get(number))
        invoice = there.get(record.invoice_no)
        if invoice is None or not isinstance(wanted, Wanted):
            return
        now = wanted.documents.sales_order
        is_same = record.wanted_digest in {"", wanted.digest}
        if is_same and to_ore(invoice.total) == to_ore(now.amounts.total):
            self._say("show_invoice_equal", sign="✓")
        else:  # PowerOffice may show no lines
            lines = await self._run.poweroffice.invoice_lines(invoice.id)
            pairs = differing(lines, now.lines) if lines else []
            self._say("show_changed_head" if lines and not pairs else "show_changed")
            if pairs or not lines:
                self._table(pairs, invoice.total, now.amounts.total)
        if order:
            self._refunds(order)

    def _document(self, record: Record, seen: DocumentSeen | None) -> None:
        is_credit, facts = record.is_credit_note, {"invoice": str(record.invoice_no)}
        if seen is None:
            self._say("show_credit_note_gone" if is_credit else "show_invoice_gone", facts)
            return
        money = {"total": seen.total, "balance": seen.balance}
        said = {name: kroner(amount, self._language) for name, amount in money.items()}
        sign = "✓" if record.total_ore in {None, to_ore(seen.total)} else "✗"
        code = "show_credit_note" if is_credit else "show_invoice"
        self._say(code, {**facts, **said, "day": seen.day or ""}, sign)

    def _refunds(self, order: Order) -> None:
        """Tell the refunds of an invoiced order that are not credited, and those taken back."""
        # What has begun, or is held, is told by the history.
        begun = {one.id for one in self._credit_notes if one.sales_order_id or one.hold or one.skip}
        listed, typed = {one.id for one in order.refunds}, to_type(order.number)
        for refund in order.refunds:
            if refund.id not in begun:
                facts = {"refund": str(refund.id), "amount": refund.total, "order": typed}
                self._say("show_not_credited", facts)
        for one in self._credit_notes:
            gone = 0 < one.id not in listed and one.invoice_no is not None
            if gone and one.hold is None and one.skip is None:
                facts = {"credit_note": str(one.invoice_no), "order": typed}
                self._say("refund_taken_back", facts)

    def _table(self, pairs: "Sequence[Differing]", was: Decimal, now: Decimal) -> None:
        rows, language = list[Sequence[Cell]](), self._language
        for pair in pairs:
            cells: list[Cell] = [" → ".join(dict.fromkeys(side.text for side in pair if side))]
            for side in pair:
                cells += [quantity(side.quantity, language), side.amount] if side else ["–", None]
            rows.append(cells)
        rows.append([word("total", language), "", was, "", now])
        names = ("text", "in_poweroffice", "amount", "in_the_shop", "amount")
        said = table(rows, [word(name, language) for name in names], language)
        self.said.append(textwrap.indent(said, "  "))


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
    line is left out, which follows from the others, and what is text alone.
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
        if isinstance(line, LineSeen):
            amount = line.total or ZERO
        else:
            amount = sum(line_amounts(line, documents.Rounding.LINE), ZERO)
        key, quantity = getattr(line, name), line.quantity or ZERO
        if line.reference != documents.ROUNDING_REFERENCE and (quantity or amount):
            found[key, met[key]] = ShownLine(line.description, quantity, amount, line.product_id)
            met[key] += 1
    return found


def _same(was: ShownLine | None, now: ShownLine | None) -> bool:
    if was is None or now is None:
        return False
    is_same_thing = was.text == now.text and now.product_id in {None, was.product_id}
    off = _ROUNDED * max(Decimal(1), abs(now.quantity))
    return is_same_thing and was.quantity == now.quantity and abs(was.amount - now.amount) <= off
