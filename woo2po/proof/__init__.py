"""`reconcile`: the proof of a period, every order, refund and payment against the books.

values.py    what the shop says, what is booked, and the two side by side
shop.py      the shop's raw rows as values
reading.py   both systems, in few requests; what is booked, recognised as ours
matching.py  an order, its refunds, documents and money as pairs
sums.py      the proof: the sums of all pairs, and the lists that bear them out
showing.py   the proof in words: as text, page (page.html) and sheets
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from woo2po.config import Settings
from woo2po.connections import Connections, open_poweroffice, open_shop
from woo2po.files import write_whole
from woo2po.holds import Hold, Skip
from woo2po.http import RemoteError
from woo2po.messages.message import Language
from woo2po.money import to_ore
from woo2po.page import origin_of
from woo2po.payouts import booked_payouts
from woo2po.proof.matching import Matching, money_of, paid_out
from woo2po.proof.reading import BooksFound, Reader
from woo2po.proof.showing import proof_csv, proof_html, proof_text
from woo2po.proof.sums import Proof, gaps
from woo2po.proof.values import Document, Pair, Period, ProofSide, Rules
from woo2po.record import PayoutRecord
from woo2po.run import recall_route
from woo2po.store import Store
from woo2po.store.database import StateError

__all__ = [
    "Period",
    "Proof",
    "months",
    "period_of",
    "proof_csv",
    "proof_html",
    "proof_text",
    "reconcile",
    "write_files",
]
# What is missing in the books may be held: the state database tells why.
_LACKING = frozenset(
    f"reconcile_{name}"
    for name in (
        "missing",
        "draft",
        "not_credited",
        "credit_draft",
        "payment_missing",
        "payback_missing",
    )
)


def write_files(
    proof: Proof, language: Language, page: Path | None, sheet: Path | None
) -> list[Path]:
    """Write the proof as a page and as CSV, where paths are given; return those of all files.

    The sheet is a file of its own for each part, named after the one that is given. Raises
    NotWritten.
    """
    files = {} if page is None else {page: proof_html(proof, language).encode("utf-8", "replace")}
    if sheet is not None:
        for part, content in proof_csv(proof, language).items():
            files[sheet.with_name(f"{sheet.stem}{part}{sheet.suffix}")] = content
    for path, content in files.items():
        write_whole(path, content)
    return list(files)


def period_of(
    first: datetime | None, last: datetime | None, now: datetime, settings: Settings
) -> Period:
    """Return the period that is asked for: without any days, last month in the shop's zone.

    With a first day alone it goes to that month's end, with a last one alone it begins with that
    month. `now` is an aware moment.
    """
    if first is None and last is None:
        end = _today(now, settings).replace(day=1) - timedelta(days=1)
        return Period(end.replace(day=1), end)
    if last is None and first is not None:
        return Period(first.date(), months(first.date(), 1).last)
    end = last.date() if last is not None else date.max
    return Period(first.date() if first is not None else end.replace(day=1), end)


def months(first: date, count: int) -> Period:
    """Return so many months from the one that a day lies in; a term of the VAT return has two."""
    first = after = date(first.year, first.month, 1)
    for _ in range(count):
        after = (after.replace(day=28) + timedelta(days=4)).replace(day=1)
    return Period(first, after - timedelta(days=1))


def _today(now: datetime, settings: Settings) -> date:
    return now.astimezone(ZoneInfo(settings.woocommerce.timezone)).date()


async def reconcile(
    settings: Settings,
    clock: Callable[[], datetime],
    period: Period,
    *,
    every_line: bool = False,
    connections: Connections | None = None,
) -> Proof:
    """Return the proof of a period; nothing is written anywhere. Raises RemoteError.

    `every_line`: read the lines of every invoice, a request each, instead of those alone whose
    VAT no list tells and whose total differs. The state database, where there is one that can be
    read, adds why an order is held and which vouchers are payouts.
    """
    ways = connections or Connections()
    async with (
        open_shop(settings.woocommerce, ways) as shop,
        open_poweroffice(settings.poweroffice, ways) as go,
    ):
        payouts: list[PayoutRecord] = []
        numbers: dict[int, str] = {}
        with suppress(StateError), Store.open(_state(settings), read_only=True) as store:
            recall_route(shop, store)
            payouts = [one for one in booked_payouts(store) if one.lines[-1][0] == "clearing"]
            known = (store.order(id_) for id_ in {row[1] for one in payouts for row in one.rows})
            numbers = {one.id: one.number for one in known if one is not None}
        await go.log_in()
        name = ""
        reader = Reader(shop, go, settings, period, _today(clock(), settings), payouts)
        found = await reader.read()
        rules = Rules(period, settings.payments.register_, settings.refunds.register_payment)
        reasons = _reasons(settings, _missing(found, rules))
        skipped = (id_ for id_, why in reasons.items() if isinstance(why, Skip))
        rules = replace(rules, skipped=frozenset(skipped))
        await reader.read_lines(_to_be_read(found, rules, every_line=every_line))
        with suppress(RemoteError):
            name = (await shop.about.site()).name
        origin = origin_of(settings, go.client_name, clock(), name)
        proof = Proof(period, origin, reasons=reasons, numbers=numbers)
        return _proof(found, rules, proof, payouts)


def _state(settings: Settings) -> Path:
    return Path(settings.state.path)


def _pairs(found: BooksFound, rules: Rules) -> Iterator[Pair]:
    """Yield the pairs of every order that either side knows."""
    for order_id in {**found.orders, **found.documents}:
        order, refunds = found.orders.get(order_id), found.refunds.get(order_id, [])
        documents = found.documents.get(order_id, [])
        if order is None and not documents:
            continue
        yield from Matching(order_id, order, refunds, documents, rules).pairs()
        movements = None if found.movements is None else found.movements.get(order_id, [])
        yield from money_of(order, refunds, documents, movements, rules)


def _missing(found: BooksFound, rules: Rules) -> set[int]:
    """Return the orders and refunds for which the state database may tell a reason."""
    pairs = [pair for pair in _pairs(found, rules) if pair.code in _LACKING]
    refunds = {int(str(pair.facts.get("refund") or 0)) for pair in pairs}
    return {pair.order_id for pair in pairs} | refunds - {0}


def _reasons(settings: Settings, ids: set[int]) -> dict[int, Hold | Skip]:
    """Return why orders and refunds are held or were taken out."""
    known: dict[int, Hold | Skip] = {}
    with suppress(StateError), Store.open(_state(settings), read_only=True) as store:
        for order_id in sorted(ids):
            record = store.order(order_id)
            why = None if record is None else record.skip or record.hold
            if why is not None:
                known[order_id] = why
    return known


def _to_be_read(found: BooksFound, rules: Rules, *, every_line: bool) -> list[Document]:
    """Return the documents whose VAT is known from their lines alone."""
    documents = found.documents_of(rules.period).values()
    invoices = [one for one in documents if one.invoice_no is not None]
    if every_line:
        return invoices
    odd = {
        pair.document.id
        for pair in _pairs(found, rules)
        if pair.document is not None and (pair.differs or pair.shop is None)
    }
    return [one for one in invoices if one.id in odd and one.posted is None]


def _proof(found: BooksFound, rules: Rules, proof: Proof, payouts: Sequence[PayoutRecord]) -> Proof:
    """Return a proof with all that was found."""
    proof.limits += found.limits.items()
    proof.numbers |= {order.id: order.number for order in found.orders.values()}
    proof.take(_pairs(found, rules))
    proof.take(_strangers(found))
    proof.take(
        Pair("reconcile_unreadable", True, order_id, f"id:{order_id}", "NOK")
        for order_id in dict.fromkeys(found.unreadable)
    )
    proof.clearing, proof.gift_cards, proof.accounts = (
        found.clearing,
        found.gift_cards,
        found.accounts,
    )
    ours = [one for listed in (found.movements or {}).values() for one in listed]
    proof.take_movements([*ours, *found.others], payouts)
    proof.take(paid_out(proof.clearing, found.others, payouts, proof.period))
    proof.receivables = found.owed
    proof.take_items(found.items)
    proof.take_orders(found.orders.values())
    proof.gaps["invoices"] = gaps(found.invoice_numbers)
    waiting = [
        order.total
        for order in found.orders.values()
        if order.sells and order.day is None and not found.is_invoiced(order.id)
    ]
    proof.unfinished, proof.unfinished_sum = len(waiting), sum(waiting)
    proof.in_order()
    return proof


def _strangers(found: BooksFound) -> Iterator[Pair]:
    for seen in found.strangers:
        facts = {"invoice": str(seen.invoice_no or ""), "reference": seen.reference}
        books = ProofSide(seen.day, to_ore(seen.total))
        yield Pair("reconcile_stranger", True, 0, "", seen.currency, None, books, facts)
