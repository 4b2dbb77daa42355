"""A payout as a voucher: bank, fee, its VAT, and the clearing account; each booked exactly once.

The payout's own key makes the voucher's reference, whatever report it was read from. Before one is
posted for the first time it is looked for on the clearing account, under a text that ends with that
key: a database that was lost, or another machine, may know of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

import structlog

from woo2po.config import Settings
from woo2po.config.sections import PROVIDERS
from woo2po.documents import Catalogue, Voucher, VoucherKind, VoucherLine
from woo2po.holds import Hold
from woo2po.http import NoAnswer, NotUnderstood
from woo2po.logs import impersonal
from woo2po.mapping.capture import provider_of
from woo2po.money import from_ore, to_ore
from woo2po.payouts.matching import Match
from woo2po.payouts.payout import COSTS, MOST_NAMED, WITHOUT_ORDER, Kind, Payout, ReportRow, fault
from woo2po.record import Outcome, PayoutRecord, WriteKind
from woo2po.transfer.writes import Held, Intent, Run, Unsettled, attempt

AROUND = timedelta(days=45)  # of a voucher's day, where the ledger is looked at
WITHOUT_VAT, REVERSE_CHARGE = "0", "86"  # SAF-T
KRONER = "NOK"

log = structlog.get_logger()


class PostedLine(NamedTuple):
    """A line of a voucher in øre, debit positive; `account` is None where none is set."""

    role: str
    account: int | None
    amount: int


@dataclass(slots=True)
class View:
    """A payout as it is shown: its state, what is booked, of which orders, and why (not)."""

    payout: Payout
    state: str  # new | booked | held
    lines: list[PostedLine]
    matches: Sequence[Match] = ()
    why: Hold | None = None

    @property
    def lacking(self) -> list[ReportRow]:
        """The rows that should have an order."""
        alone = (match.row for match in self.matches if match.order is None)
        return [row for row in alone if row.kind not in WITHOUT_ORDER]

    @property
    def moved(self) -> tuple[tuple[str, int, int], ...]:
        """Kind, order (0: none) and amount of each row: no more of it is kept."""
        return tuple(
            (one.row.kind.value, one.order.id if one.order else 0, one.row.amount)
            for one in self.matches
        )

    def held(self, why: Hold) -> "View":
        """Say that it is held, and why."""
        self.state, self.why = "held", why
        return self


def reference_of(payout: Payout) -> str:
    """Return the voucher's UUID: the same for a payout in every format, on every machine."""
    return str(uuid5(NAMESPACE_URL, f"payout|{payout.provider}|{payout.key}"))


def accounts_of(
    settings: Settings, provider: str, names: Sequence[str] = ()
) -> dict[str, int | None]:
    """Return the accounts of payouts by role; `names` are a unit, ledger or currency of its own."""
    section = settings.payouts.providers[provider]
    own = next((section.units[name] for name in names if name in section.units), {})
    methods = settings.payments.accounts.items()
    of_method = {number for method, number in methods if provider_of(method) == provider}
    default = of_method.pop() if len(of_method) == 1 else None
    return {
        "bank": own.get("bank_account", section.bank_account),
        "fee": own.get("fee_account", section.fee_account),
        "fee_vat": section.fee_vat_account,
        "clearing": own.get("clearing_account", section.clearing_account or default),
    }


def lines_of(settings: Settings, payout: Payout) -> list[PostedLine]:
    """Return the lines of a payout's voucher; none of 0."""
    fee, vat = payout.cost(*COSTS), payout.cost(Kind.FEE_VAT)
    amounts = {"bank": payout.net, "fee": fee, "fee_vat": vat, "clearing": -payout.net - fee - vat}
    names = (payout.unit, payout.ledger, payout.currency)
    accounts = accounts_of(settings, payout.provider, names)
    return [PostedLine(role, accounts[role], amount) for role, amount in amounts.items() if amount]


def objections(settings: Settings, view: View, today: date) -> Iterator[Hold]:
    """Yield why a payout must not be booked, as far as nobody is asked."""
    payout, section = view.payout, settings.payouts.providers[view.payout.provider]
    yield from payout.wrong()
    if payout.day is None:
        yield fault("payout_no_day", file=payout.id)
    elif max([payout.day - AROUND, *payout.days]) > today:
        yield fault("payout_of_the_future", day=max([payout.day, *payout.days]))
    names = {payout.currency, payout.unit, payout.ledger}
    if payout.currency != KRONER and not names & {*section.units}:
        yield fault("payout_currency", currency=payout.currency)
    units = {name for name in section.units if not name.isalpha()}  # but for those of a currency
    if payout.unit and units and not names & units:
        yield fault("payout_unit", unit=payout.unit, provider=payout.provider)
    lacking = view.lacking
    explained = any(match.order for match in view.matches)
    if lacking and (settings.payouts.unmatched == "hold" or not explained):
        amount, n = from_ore(sum(row.amount for row in lacking)), len(lacking)
        rows = ", ".join(row.named for row in lacking[:MOST_NAMED])
        yield fault("payout_unmatched", n=n, amount=amount, rows=rows + " ..." * (n > MOST_NAMED))
    for role, account, _ in view.lines:
        if section.book and account is None:
            yield fault("payout_no_account", key=f"payouts.{payout.provider}.{role}_account")


def text_of(payout: Payout) -> str:
    """Return the text of the voucher and its lines: it ends with the payout's key."""
    named = (PROVIDERS[payout.provider], payout.bank_reference.partition(" ")[0], payout.key)
    words = (named[0], named[2]) if named[1] in {"Utb.", named[2]} else named
    return " ".join(filter(None, words))


def record_of(view: View) -> PayoutRecord:
    """Return a payout as the state database keeps it."""
    payout = view.payout
    return PayoutRecord(
        reference_of(payout), payout.provider, payout.key, payout.id, payout.day or date.min,
        payout.currency, payout.net, payout.bank_reference, text_of(payout),
        tuple((line.role, line.account or 0, line.amount) for line in view.lines),
        view.moved,
    )  # fmt: skip


class Booking:
    """Books payouts one after another, or only says what would be (`tries`: nothing is posted)."""

    def __init__(self, run: Run, days: tuple[date, date], *, tries: bool) -> None:
        self._run, self._days, self._tries = run, days, tries
        self._found: dict[int, list[tuple[str, Decimal]]] = {}  # what stands on an account

    async def take(self, view: View) -> View:
        """Bring a payout to its end: booked (before, or now), held, or new where it only tries.

        Raises RemoteError where PowerOffice cannot be used at all, and StateError.
        """
        section = self._run.settings.payouts.providers[view.payout.provider]
        known = self._run.store.payout(reference_of(view.payout))
        if known is not None and known.outcome is Outcome.MADE:
            return as_booked(view, known)
        if not view.lines and view.state == "new":
            view.state = "booked"  # nothing moved: there is nothing to post
            return view
        if view.state == "held" or not section.book:
            return view
        if known is not None and known.outcome is Outcome.OPEN and self._waits(known):
            return view.held(Hold("payout_unanswered"))
        record = known or record_of(view)
        there = await self._in_the_ledger(record)
        if there is not None:
            return self._adopt(view, record, there)
        return view if self._tries else await self._post(view, record)

    def _waits(self, known: PayoutRecord) -> bool:
        wait = timedelta(seconds=self._run.settings.poweroffice.settle_after)
        return known.tried is not None and self._run.clock() - known.tried < wait

    async def _in_the_ledger(self, record: PayoutRecord) -> Decimal | None:
        """Return what a payout's voucher moved on the clearing account, or None."""
        account, booked = record.lines[-1][1], self._run.poweroffice.booked
        if account not in self._found:
            first, last = self._days[0] - AROUND, self._days[1] + AROUND
            pages = booked.on_accounts(first, last, [account])
            self._found[account] = [(p.description, p.amount) async for page in pages for p in page]
        name, end = PROVIDERS[record.provider], f" {record.key}"
        found = [
            amount
            for text, amount in self._found[account]
            if text.startswith(name) and text.endswith(end)
        ]
        return sum(found, Decimal(0)) if found else None

    def _adopt(self, view: View, record: PayoutRecord, there: Decimal) -> View:
        wanted = record.lines[-1][2]
        if record.currency == KRONER and to_ore(there) != wanted:
            amounts = {"booked": there, "wanted": from_ore(wanted)}
            return view.held(fault("payout_booked_otherwise", text=record.text, **amounts))
        if not self._tries:
            self._run.store.adopt_payout(record, at=self._run.clock())
            log.info("payout_found_booked", provider=record.provider, payout=record.id)
        return as_booked(view, record)

    async def _post(self, view: View, record: PayoutRecord) -> View:
        run = self._run
        voucher = _voucher(run.settings, run.catalogue.catalogue, record)
        if isinstance(voucher, Hold):
            return view.held(voucher)
        store, intent = run.store, Intent(WriteKind.CREATE_PAYOUT, record.reference, 0)
        forget = partial(store.forget_payout, record.reference)
        with store.transaction():
            forget()  # an earlier attempt: the ledger has just shown that it came to nothing
        try:
            await attempt(
                run,
                intent,
                partial(run.poweroffice.create_voucher, voucher),
                lambda answer: store.payout_made(record.reference, answer.number),
                also=partial(store.keep_payout, record),
                undone=forget,
            )
        except Held as held:
            facts = {name: impersonal(str(held.hold.facts[name])) for name in ("title", "detail")}
            return view.held(Hold("payout_refused", facts))
        except (NoAnswer, NotUnderstood, Unsettled):
            log.warning("payout_unanswered", provider=record.provider, payout=record.id)
            return view.held(Hold("payout_unanswered"))
        log.info("payout_booked", provider=record.provider, payout=record.id)
        return as_booked(view, record)


def as_booked(view: View, record: PayoutRecord) -> View:
    """Return a payout that is booked, with the lines that it was booked with.

    What a later report says of it otherwise changes nothing, and is told.
    """
    told = {line.role: line.amount for line in view.lines}
    view.state, view.why = "booked", None
    view.lines = [PostedLine(*line) for line in record.lines]
    otherwise = told != {line.role: line.amount for line in view.lines}
    # Svea's day is that of the file's name: under another day it may be another payout.
    otherwise |= record.provider == "svea" and view.payout.day != record.day
    if otherwise and not view.payout.partial:
        view.why = fault("payout_differs", net=from_ore(record.net))
    return view


def _voucher(settings: Settings, catalogue: Catalogue, record: PayoutRecord) -> Voucher | Hold:
    if catalogue.lock_date is not None and record.day <= catalogue.lock_date:
        return Hold("payout_locked", {"day": record.day, "lock_date": catalogue.lock_date})
    lines = []
    for role, number, amount in record.lines:
        account = catalogue.accounts.get(number)
        if account is None or not account.active:
            return Hold("payout_account_unknown", {"account": str(number), "payout_role": role})
        reverse = role == "fee" and settings.payouts.providers[record.provider].reverse_charge
        code = REVERSE_CHARGE if reverse else WITHOUT_VAT
        vat = catalogue.vat_codes.get(code)
        if vat is None:
            return Hold("payout_no_vat_code", {"vat": code})
        lines.append(VoucherLine(account.id, vat.id, from_ore(amount), record.text))
    return Voucher(
        record.reference, VoucherKind.BANK, record.day, record.currency, record.text, tuple(lines)
    )
