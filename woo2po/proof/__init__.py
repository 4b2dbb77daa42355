"""`reconcile`: the proof of a period, every order, refund and payment against the books.

values.py    what the shop says, what is booked, and the two side by side
shop.py      the shop's orders as values
reading.py   both systems, in few requests; what is booked, recognised as ours
matching.py  an order, its refunds, documents and money as pairs
clearing.py  clearing accounts from opening to closing balance, and payouts
sums.py      the proof: the sums of all pairs, and the lists that bear them out
showing.py   the proof in words: as text, page (page.html) and sheets
"""

from collections.abc import Callable
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
from woo2po.proof.matching import Matching
from woo2po.proof.reading import Reader
from woo2po.proof.showing import proof_csv, proof_html, proof_text
from woo2po.proof.sums import Proof, gaps
from woo2po.proof.values import Document, Pair, Period, Rules, Side
from woo2po.record import PayoutRecord
from woo2po.run import recall_route
from woo2po.store import Store
from woo2po.store.database import StateError

__all__ = ["Period", "Proof", "months", "period_of", "proof_csv", "proof_html", "proof_text",
           "reconcile", "today_of", "write_files"]  # fmt: skip
# What is missing in the books may be held: the state database tells why.
_LACKING = frozenset(
    f"reconcile_{name}"
    for name in ("missing", "draft", "not_credited", "credit_draft", "payment_missing",
                 "payback_missing")
)  # fmt: skip


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
        end = today_of(now, settings).replace(day=1) - timedelta(days=1)
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


def today_of(now: datetime, settings: Settings) -> date:
    """Return the day in the shop's zone."""
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
    ways, state = connections or Connections(), Path(settings.state.path)
    payouts: list[PayoutRecord] = []
    numbers: dict[int, str] = {}
    name = ""
    async with (
        open_shop(settings.woocommerce, ways) as shop,
        open_poweroffice(settings.poweroffice, ways) as go,
    ):
        with suppress(StateError), Store.open(state, read_only=True) as store:
            recall_route(shop, store)
            payouts = [one for one in booked_payouts(store) if one.lines[-1][0] == "clearing"]
            known = (store.order(id_) for id_ in {row[1] for one in payouts for row in one.rows})
            numbers = {one.id: one.number for one in known if one is not None}
        await go.log_in()
        today = today_of(clock(), settings)
        reader = Reader(shop, go, settings, period, today, payouts, numbers)
        await reader.read()
        paybacks = settings.refunds.register_payment
        rules = Rules(period, settings.payments.register_, paybacks, reader.unnamed)
        pairs = (pair for case in reader.cases.values() for pair in Matching(case, rules).pairs())
        odd = [pair for pair in pairs if pair.differs or pair.shop is None]
        reasons = _reasons(state, odd)
        skipped = (id_ for id_, why in reasons.items() if isinstance(why, Skip))
        rules = replace(rules, skipped=frozenset(skipped))
        await reader.read_lines(_to_be_read(reader, odd, every_line=every_line))
        with suppress(RemoteError):
            name = (await shop.about.site()).name
        origin = origin_of(settings, go.client_name, clock(), name)
        return _proof(reader, rules, Proof(period, origin, reasons))


def _reasons(state: Path, odd: list[Pair]) -> dict[int, Hold | Skip]:
    """Return why orders and refunds are held or were taken out."""
    lacking = [pair for pair in odd if pair.code in _LACKING]
    ids = {pair.order_id for pair in lacking}
    ids |= {int(str(pair.facts.get("refund") or 0)) for pair in lacking}
    reasons: dict[int, Hold | Skip] = {}
    with suppress(StateError), Store.open(state, read_only=True) as store:
        for record in map(store.order, sorted(ids)):
            why = None if record is None else record.skip or record.hold
            if record is not None and why is not None:
                reasons[record.id] = why
    return reasons


def _to_be_read(found: Reader, odd: list[Pair], *, every_line: bool) -> list[Document]:
    """Return the documents whose VAT is known from their lines alone."""
    ids = {pair.document.id for pair in odd if pair.document is not None}
    return [
        one
        for one in found.documents().values()
        if one.invoice_no is not None and (every_line or (one.id in ids and one.posted is None))
    ]


def _proof(found: Reader, rules: Rules, proof: Proof) -> Proof:
    """Return a proof with all that was found; cases are let go, each as it is counted."""
    _take_lists(found, proof)
    payouts = [one for one in found.payouts if one.lines[-1][1] in proof.clearing]
    payouts = [one for one in payouts if one.day <= rules.period.last]
    for payout in payouts:
        proof.clearing[payout.lines[-1][1]].take_payout(payout, found.number)
    fees = {
        one.reference: sum(line[2] for line in one.lines if line[0] in {"fee", "fee_vat"})
        for one in payouts
    }
    for order_id, one in found.others:
        number = found.number(order_id, one.number)
        proof.clearing[one.account].take(one, number, rules.period, fees)
    while found.cases:
        _, case = found.cases.popitem()
        proof.take(Matching(case, rules).pairs())
        if case.order is not None:
            for one in case.movements:
                proof.clearing[one.account].take(one, case.order.number, rules.period, fees)
            booked = any(one.invoice_no is not None for one in case.documents)
            if case.order.sells and case.order.day is None and not booked:
                n, amount = proof.unfinished
                proof.unfinished = n + 1, amount + case.order.amount
    others = [one for _, one in found.others]
    for account in proof.clearing.values():
        own = [one for one in payouts if one.lines[-1][1] == account.number]
        proof.take(account.differences(rules.period, others, own))
    proof.in_order()
    return proof


def _take_lists(found: Reader, proof: Proof) -> None:
    """Add to a proof what is told beside the pairs of orders."""
    proof.limits += found.limits.items()
    if found.today <= proof.period.last:
        proof.limits.append(("reconcile_not_over", {"today": found.today}))
    proof.accounts, proof.receivables = found.accounts, found.owed
    proof.clearing, proof.gift_cards = found.clearing, found.gift_cards
    proof.untaxed = found.untaxed
    proof.take_orders(found.orders)
    proof.gaps["invoices"] = gaps(found.invoice_numbers)
    for seen in found.strangers:
        facts = {"invoice": str(seen.invoice_no or ""), "reference": seen.reference}
        books = Side(seen.day, to_ore(seen.total))
        proof.take([Pair("reconcile_stranger", True, 0, "", seen.currency, None, books, facts)])
    for order_id in dict.fromkeys(found.unreadable):
        proof.take([Pair("reconcile_unreadable", True, order_id, f"id:{order_id}")])
    for order_id, item in found.items:
        if order_id:
            number = found.number(order_id, f"id:{order_id}")
            proof.items.append((number, item, to_ore(item.balance)))
        else:
            proof.others += to_ore(item.balance)
