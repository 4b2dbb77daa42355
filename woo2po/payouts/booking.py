"""A payout as a voucher: bank, fee, its VAT, and the clearing account; each booked exactly once.

The payout's own key makes the voucher's reference, whatever report it was read from. Before one is
posted for the first time it is looked for on the clearing account, under a text that ends with that
key: a database that was lost, or another machine, may know of it.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import structlog

from woo2po.config import Settings
from woo2po.config.sections import PROVIDERS
from woo2po.documents import Voucher, VoucherKind, VoucherLine
from woo2po.holds import Hold
from woo2po.http import NoAnswer, NotUnderstood
from woo2po.logs import impersonal
from woo2po.mapping.capture import provider_of
from woo2po.mapping.payment import account_named
from woo2po.mapping.values import Stopped
from woo2po.money import from_ore, to_ore
from woo2po.payouts.payout import COSTS, MOST_NAMED, Kind, Payout, fault
from woo2po.poweroffice.booked import Transaction
from woo2po.record import Outcome, PayoutRecord, WriteKind
from woo2po.transfer.writes import Run, Unsettled, attempt

AROUND = timedelta(days=45)  # of a voucher's day, where the ledger is looked at
LATE = timedelta(days=5)  # a bank is by then, over Easter too
WITHOUT_VAT, REVERSE_CHARGE = "0", "86"  # SAF-T
KRONER = "NOK"
_NAMES = tuple(PROVIDERS.values())  # a payout's text begins with one

log = structlog.get_logger()


def accounts_of(
    settings: Settings, provider: str, names: Sequence[str] = ()
) -> dict[str, int | None]:
    """Return the accounts of payouts by role; `names` are a currency, unit or ledger of its own."""
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


def lines_of(settings: Settings, payout: Payout) -> list[tuple[str, int | None, int]]:
    """Return the lines of a payout's voucher, the clearing account's last, though it be of 0."""
    fee, vat = payout.cost(*COSTS), payout.cost(Kind.FEE_VAT)
    amounts = {"bank": payout.net, "fee": fee, "fee_vat": vat, "clearing": -payout.net - fee - vat}
    names = (payout.currency, *((payout.unit, payout.ledger) if payout.currency == KRONER else ()))
    accounts = accounts_of(settings, payout.provider, names)
    lines = ((role, accounts[role], amount) for role, amount in amounts.items())
    return [line for line in lines if line[-1] or line[0] == "clearing"]


def _objections(settings: Settings, payout: Payout, today: date) -> Iterator[Hold]:
    """Yield why a payout must not be booked, as far as nobody is asked."""
    section = settings.payouts.providers[payout.provider]
    yield from payout.wrong()
    if payout.day is None:
        yield fault("payout_no_day", file=payout.id)
    elif (last := max([payout.day - AROUND, *(x.day for x in payout.rows if x.day)])) > today:
        yield fault("payout_of_the_future", day=max(payout.day, last))
    names = {payout.currency, payout.unit, payout.ledger}
    if payout.currency not in {KRONER, *section.units}:
        yield fault("payout_currency", currency=payout.currency)
    units = {name for name in section.units if not name.isalpha()}  # but for those of a currency
    if payout.unit and units and not names & units:
        yield fault("payout_unit", unit=payout.unit, provider=payout.provider)
    lacking = payout.lacking
    explained = any(row.order for row in payout.rows)
    if lacking and not explained and settings.payouts.unmatched == "post":
        yield fault("payout_without_orders")
    elif lacking and settings.payouts.unmatched == "hold":
        amount, n = from_ore(sum(row.amount for row in lacking)), len(lacking)
        rows = ", ".join(row.named for row in lacking[:MOST_NAMED])
        yield fault("payout_unmatched", n=n, amount=amount, rows=rows + " ..." * (n > MOST_NAMED))
    accounts = {role: account for role, account, _ in payout.lines}
    for role in [role for role, account in accounts.items() if section.book and account is None]:
        yield fault("payout_no_account", key=f"payouts.{payout.provider}.{role}_account")
    clearing = accounts.pop("clearing", None)
    if section.book and clearing and clearing in accounts.values():
        yield fault("payout_same_account", provider=PROVIDERS[payout.provider], account=clearing)


def record_of(payout: Payout) -> PayoutRecord:
    """Return a payout as the state database keeps it; its voucher's text ends with its key."""
    bank, way = payout.bank_reference.partition(" ")[0], -1 if payout.own else 1
    bank = "" if bank in {"Utb.", payout.key} else bank
    text = " ".join(filter(None, (PROVIDERS[payout.provider], bank, payout.key)))
    lines = tuple((role, account or 0, amount) for role, account, amount in payout.lines)
    rows = ((x.kind.value, x.order.id if x.order else 0, way * x.amount) for x in payout.matched)
    return PayoutRecord(
        payout.reference, payout.provider, payout.key, payout.id, payout.day or payout.first,
        payout.currency, payout.net, payout.bank_reference, text, lines, tuple(rows),
    )  # fmt: skip


class Booking:
    """Books payouts one after another, or only says what would be (`tries`: nothing is posted)."""

    def __init__(self, run: Run, days: tuple[date, date], *, tries: bool) -> None:
        self._run, self._days, self._tries = run, days, tries
        self._read = set[int]()
        self._found = list[Transaction]()  # what stands on these accounts

    async def take(self, payout: Payout) -> Payout:
        """Bring a payout to its end. Raises RemoteError (where nothing can be done), StateError."""
        run, known = self._run, self._run.store.payout(payout.reference)
        if known is not None and known.outcome is Outcome.MADE:
            return _as_booked(payout, known)
        if why := next(_objections(run.settings, payout, self._days[1]), None):
            return payout.held(why)
        if not run.settings.payouts.providers[payout.provider].book:
            return payout
        if known is not None and known.tried is not None:
            waits = timedelta(seconds=run.settings.poweroffice.settle_after)
            if run.clock() - known.tried < waits:
                return payout.held(fault("payout_unanswered"))
        record = known if known and known.outcome else record_of(payout)
        there, wanted, elsewhere = await self._in_the_ledger(record)
        if there is None and any(amount for *_, amount in record.lines):
            voucher = _elsewhere(record) if elsewhere else _voucher(run, record)
            if isinstance(voucher, Hold):
                return payout.held(voucher)
            return payout if self._tries else await self._post(payout, record, voucher)
        if record.currency == KRONER and there is not None and to_ore(there) != wanted:
            amounts = {"booked": there, "wanted": from_ore(wanted)}
            return payout.held(fault("payout_booked_otherwise", text=record.text, **amounts))
        if not self._tries:
            run.store.adopt_payout(record, at=run.clock())
            log.info("payout_found_booked", provider=record.provider, payout=record.id)
        return _as_booked(payout, record)

    async def _in_the_ledger(self, record: PayoutRecord) -> tuple[Decimal | None, int, bool]:
        """Return what a payout's voucher moved on the clearing account (the bank's, where it should
        move nothing there), or None; what it should; and whether it, or the same amount near its
        day under a text of nobody's, stands on the bank account.
        """
        amounts = {no: ore for role, no, ore in record.lines if role in {"clearing", "bank"}}
        unread = [account for account in amounts if account not in self._read]
        days = self._days[0] - AROUND, self._days[1] + AROUND
        pages = self._run.poweroffice.booked.on_accounts(*days, unread)
        self._found += [one async for page in pages for one in page]
        self._read |= {*unread}
        there = [one for one in self._found if one.account_no in amounts]
        name, end, former = PROVIDERS[record.provider], f" {record.key}", f" {undated(record)}"
        ends = {record.day: (end, former)}
        named = [x for x in there if x.description.startswith(name)]
        named = [x for x in named if x.description.endswith(ends.get(x.day, (end,)))]
        clearing = record.lines[-1]
        _, telling, wanted = clearing if clearing[2] else record.lines[0]
        moved = [one.amount for one in named if one.account_no == telling]
        alike = record.currency == KRONER and any(
            one.account_no != clearing[1]
            and to_ore(one.amount) == amounts[one.account_no]
            and abs(one.day - record.day) <= LATE
            and not one.description.startswith(_NAMES)
            for one in there
        )
        return sum(moved, Decimal(0)) if moved else None, wanted, alike or bool(named)

    async def _post(self, payout: Payout, record: PayoutRecord, voucher: Voucher) -> Payout:
        run, store, reference = self._run, self._run.store, record.reference
        forget = partial(store.forget_payout, reference)
        create = partial(run.poweroffice.create_voucher, voucher)
        keep = partial(store.keep_payout, record)
        with store.transaction():
            forget()  # an earlier attempt: the ledger has just shown that it came to nothing
        try:
            await attempt(
                run, WriteKind.CREATE_PAYOUT, reference, 0, create,
                lambda answer: store.payout_made(reference, answer.number),
                also=keep, undone=forget,
            )  # fmt: skip
        except Stopped as stopped:
            facts = stopped.outcome.facts
            words = {name: impersonal(str(facts[name])) for name in ("title", "detail")}
            return payout.held(fault("payout_refused", **words))
        except (NoAnswer, NotUnderstood, Unsettled) as error:
            if isinstance(error, Unsettled) and error.refused:  # its reference is in use
                with store.transaction():
                    forget()
                return payout.held(_elsewhere(record))
            log.warning("payout_unanswered", provider=record.provider, payout=record.id)
            return payout.held(fault("payout_unanswered"))
        log.info("payout_booked", provider=record.provider, payout=record.id)
        return _as_booked(payout, record)


def _as_booked(payout: Payout, record: PayoutRecord) -> Payout:
    """Return a payout with the lines it was booked with; what a report says otherwise is told."""
    payout.state = "booked"
    if not record.text:
        payout.why = Hold("payout_set_aside")
        return payout
    told, booked = ([(role, ore) for role, _, ore in one.lines] for one in (payout, record))
    failed = (one.facts for one in payout.faults if one.code == "payout_failed")
    payout.why = next((Hold("payout_failed_since", facts) for facts in failed), None)
    # Svea's day is that of the file's name: under another day it may be another payout.
    other_day = record.provider == "svea" and payout.day != record.day
    if (told != booked or other_day) and not payout.partial:
        payout.why = fault("payout_differs", net=from_ore(record.net))
    payout.lines = record.lines
    return payout


def undated(of: Payout | PayoutRecord) -> str:
    """Return a key as it was at first: without the day of money that went the other way."""
    return of.key.removesuffix(f" {of.day}")


def _elsewhere(record: PayoutRecord) -> Hold:
    return fault("payout_elsewhere", text=record.text, account=str(record.lines[-1][1]))


def _voucher(run: Run, record: PayoutRecord) -> Voucher | Hold:
    settings, catalogue = run.settings, run.catalogue.catalogue
    if catalogue.lock_date is not None and record.day <= catalogue.lock_date:
        return Hold("payout_locked", {"day": record.day, "lock_date": catalogue.lock_date})
    lines = []
    for role, number, amount in (line for line in record.lines if line[2]):
        reverse = role == "fee" and settings.payouts.providers[record.provider].reverse_charge
        code = REVERSE_CHARGE if reverse else WITHOUT_VAT
        key = f"payouts.{record.provider}.{role}_account"
        account = account_named(number, key, catalogue, code)
        if isinstance(account, Hold):
            return account
        vat = catalogue.vat_codes.get(code)
        if vat is None:
            return Hold("payout_no_vat_code", {"vat": code})
        lines.append(VoucherLine(account.id, vat.id, from_ore(amount), record.text))
    return Voucher(
        record.reference, VoucherKind.BANK, record.day, record.currency, record.text, tuple(lines)
    )
