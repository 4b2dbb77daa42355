"""A payout as a voucher: bank, fee, its VAT, and the clearing account; each booked exactly once.

The payout's own key makes the voucher's reference, whatever report it was read from. Before one is
posted for the first time it is looked for on the clearing account, under a text that ends with that
key: a database that was lost, or another machine, may know of it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

import structlog

from woo2po.config import Settings
from woo2po.config.sections import PROVIDERS
from woo2po.documents import Catalogue, Voucher, VoucherKind, VoucherLine, VoucherSeen
from woo2po.holds import Hold
from woo2po.http import NoAnswer, NotUnderstood
from woo2po.logs import impersonal
from woo2po.mapping.capture import provider_of
from woo2po.money import Fact, from_ore, to_ore
from woo2po.payouts.matching import Match
from woo2po.payouts.payout import WITHOUT_ORDER, Payout, ReportRow
from woo2po.record import Outcome, PayoutRecord, WriteKind
from woo2po.transfer.writes import Held, Intent, Run, Unsettled, attempt, in_use, refusal

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
    """A payout as it is shown: its state, why, and what is booked of which orders."""

    payout: Payout
    state: str  # new | booked | held
    lines: list[PostedLine]
    matches: Sequence[Match] = ()
    alone: Sequence[ReportRow] = ()
    code: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def held(self, code: str, facts: Mapping[str, Fact] | None = None) -> "View":
        """Say that it is held, and why."""
        self.state, self.code, self.facts = "held", code, facts or {}
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
    fee, vat = payout.fee, payout.fee_vat
    amounts = {"bank": payout.net, "fee": fee, "fee_vat": vat, "clearing": -payout.net - fee - vat}
    names = (payout.unit, payout.ledger, payout.currency)
    accounts = accounts_of(settings, payout.provider, names)
    return [PostedLine(role, accounts[role], amount) for role, amount in amounts.items() if amount]


def judged(settings: Settings, view: View, today: date) -> View:
    """Hold a payout that must not be booked; what it is worth is not asked of anybody here."""
    payout, section = view.payout, settings.payouts.providers[view.payout.provider]
    for fault in payout.wrong():
        return view.held(fault.code, fault.facts)
    if payout.day is None:
        return view.held("payout_no_day", {"file": payout.id})
    if max([payout.day - AROUND, *payout.days]) > today:
        return view.held("payout_of_the_future", {"day": max([payout.day, *payout.days])})
    if payout.currency != KRONER and not {payout.currency, payout.unit, payout.ledger} & {
        *section.units
    }:
        return view.held("payout_currency", {"currency": payout.currency})
    units = {name for name in section.units if not name.isalpha()}  # but for those of a currency
    if payout.unit and units and not {payout.unit, payout.ledger} & units:
        return view.held("payout_unit", {"unit": payout.unit, "provider": payout.provider})
    lacking = [row for row in view.alone if row.kind not in WITHOUT_ORDER]
    if lacking and (settings.payouts.unmatched == "hold" or not view.matches):
        amount, rows = from_ore(sum(row.amount for row in lacking)), _named(lacking)
        return view.held("payout_unmatched", {"n": len(lacking), "amount": amount, "rows": rows})
    if section.book:
        for role, account, _ in view.lines:
            if account is None:
                key = f"payouts.{payout.provider}.{role}_account"
                return view.held("payout_no_account", {"key": key})
    return view


def _named(rows: Sequence[ReportRow]) -> str:
    named = [row.number or next(filter(None, row.ids), row.ref) for row in rows]
    return ", ".join(named[:3]) + (" ..." if len(named) > 3 else "")


def text_of(payout: Payout) -> str:
    """Return the text of the voucher and its lines: it ends with the payout's key."""
    named = (PROVIDERS[payout.provider], payout.bank_reference.partition(" ")[0], payout.key)
    words = (named[0], named[2]) if named[1] in {"Utb.", named[2]} else named
    return " ".join(filter(None, words))


def record_of(view: View) -> PayoutRecord:
    """Return a payout as the state database keeps it: no more of a row than order and amount."""
    payout = view.payout
    moved = [(m.row.kind.value, m.order.id, m.row.amount) for m in view.matches]
    moved += [(row.kind.value, 0, row.amount) for row in view.alone]
    return PayoutRecord(
        reference_of(payout), payout.provider, payout.key, payout.id, payout.day or date.min,
        payout.currency, payout.net, payout.bank_reference, text_of(payout),
        tuple((line.role, line.account or 0, line.amount) for line in view.lines),
        tuple(moved),
    )  # fmt: skip


class Booking:
    """Books payouts one after another, or only says what would be (`tries`: nothing is posted)."""

    def __init__(self, run: Run, today: date, *, tries: bool) -> None:
        self._run = run
        self._tries = tries
        self._last = today + AROUND
        self._found: dict[int, tuple[date, dict[str, Decimal]]] = {}

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
            return view.held("payout_unanswered")
        record = known or record_of(view)
        there = await self._in_the_ledger(record)
        if there is not None:
            return self._adopt(view, record, there)
        if known is not None and known.outcome is Outcome.OPEN and not self._tries:
            self._run.store.payout_absent(record.reference)
        return view if self._tries else await self._post(view, record)

    def _waits(self, known: PayoutRecord) -> bool:
        wait = timedelta(seconds=self._run.settings.poweroffice.settle_after)
        return known.tried is not None and self._run.clock() - known.tried < wait

    async def _in_the_ledger(self, record: PayoutRecord) -> Decimal | None:
        """Return what a payout's voucher moved on the clearing account, or None."""
        account, first = record.lines[-1][1], record.day - AROUND
        if account not in self._found or self._found[account][0] > first:
            sums: dict[str, Decimal] = defaultdict(Decimal)
            booked = self._run.poweroffice.booked
            async for page in booked.on_accounts(first, self._last, [account]):
                for posting in page:
                    sums[posting.description] += posting.amount
            self._found[account] = first, sums
        name, end = PROVIDERS[record.provider], f" {record.key}"
        found = [
            amount
            for text, amount in self._found[account][1].items()
            if text.startswith(name) and text.endswith(end)
        ]
        return sum(found, Decimal(0)) if found else None

    def _adopt(self, view: View, record: PayoutRecord, there: Decimal) -> View:
        wanted = record.lines[-1][2]
        if record.currency == KRONER and to_ore(there) != wanted:
            facts: dict[str, Fact] = {"booked": there, "text": record.text}
            facts["wanted"] = from_ore(wanted)
            return view.held("payout_booked_otherwise", facts)
        if not self._tries:
            self._run.store.adopt_payout(record, at=self._run.clock())
            log.info("payout_found_booked", provider=record.provider, payout=record.id)
        return as_booked(view, record)

    async def _post(self, view: View, record: PayoutRecord) -> View:
        run = self._run
        voucher = _voucher(run.settings, run.catalogue.catalogue, record)
        if isinstance(voucher, Hold):
            return view.held(voucher.code, voucher.facts)
        intent = Intent(WriteKind.CREATE_PAYOUT, record.reference, 0)
        keep = partial(run.store.keep_payout, record)
        undone = partial(run.store.forget_payout, record.reference)
        create = partial(run.poweroffice.create_voucher, voucher)

        def made(answer: VoucherSeen) -> None:
            run.store.payout_made(record.reference, answer.number)

        try:
            await attempt(run, intent, create, made, also=keep, undone=undone)
        except Held as held:
            return _refused(view, held.hold)
        except (NoAnswer, NotUnderstood, Unsettled) as doubt:
            said = doubt.refused if isinstance(doubt, Unsettled) else None
            if said is not None and not in_use(said) and record.outcome is not None:
                # The ledger said that it is not there: no echo, but a no.
                with run.store.transaction():
                    undone()
                return _refused(view, refusal(WriteKind.CREATE_PAYOUT, said, ()))
            log.warning("payout_unanswered", provider=record.provider, payout=record.id)
            return view.held("payout_unanswered")
        log.info("payout_booked", provider=record.provider, payout=record.id)
        return as_booked(view, record)


def _refused(view: View, hold: Hold) -> View:
    facts = {name: impersonal(str(hold.facts[name])) for name in ("title", "detail")}
    return view.held("payout_refused", facts)


def as_booked(view: View, record: PayoutRecord) -> View:
    """Return a payout that is booked, with the lines that it was booked with.

    What a later report says of it otherwise changes nothing, and is told.
    """
    told = {line.role: line.amount for line in view.lines}
    view.state = "booked"
    view.code, view.facts = "", {}
    view.lines = [PostedLine(*line) for line in record.lines]
    otherwise = told != {line.role: line.amount for line in view.lines}
    # Svea's day is that of the file's name: under another day it may be another payout.
    otherwise |= record.provider == "svea" and view.payout.day != record.day
    if otherwise and not view.payout.faults:
        view.code, view.facts = "payout_differs", {"net": from_ore(record.net)}
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
        vat = catalogue.vat_codes.get(REVERSE_CHARGE if reverse else WITHOUT_VAT)
        if vat is None:
            return Hold("payout_no_vat_code", {"vat": REVERSE_CHARGE if reverse else WITHOUT_VAT})
        lines.append(VoucherLine(account.id, vat.id, from_ore(amount), record.text))
    return Voucher(
        record.reference, VoucherKind.BANK, record.day, record.currency, record.text, tuple(lines)
    )
