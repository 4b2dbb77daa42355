"""`status`, `retry` and `skip`: from the state database alone, without a request.

What people see of it is one screen, with what to do now in its last line; or one line. Each reason
has a line, and the first of them its details. Moments and spans are told in words, as the people of
the shop's time zone say them.
"""

import shlex
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from operator import itemgetter
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from woo2po.config import Settings, WrongSettings
from woo2po.config.sections import PROVIDERS
from woo2po.holds import InTheWay, Reason, Skip, texts_of
from woo2po.messages import Language, load, remedy, say, say_both, to_type, word
from woo2po.money import Fact, from_ore
from woo2po.record import Memory, Payment, PayoutRecord, Record, RunRecord, State, Waits, WriteKind
from woo2po.report import fitted, reasoned, table, told_of, wrapped
from woo2po.screen import here
from woo2po.store import Store
from woo2po.store.database import StateError

_ON_THE_WAY = frozenset({Payment.DUE, Payment.IN_VOUCHER})
UNFINISHED = frozenset({State.HELD, State.PENDING, State.SENDING})
NOTED_FOR = timedelta(days=30)  # what was noticed about orders is shown so long
# Beside the states and what `Waits` names: a draft waits until its order is completed, where the
# job invoices completed orders; an invoice, until its payment is posted.
COMPLETED, PAYMENT = "completed", "payment"
# What orders wait in or for; how many days they may before `status` and its exit code say so (what
# is held says so at once, and the queue by the runs that do not empty it); the next step until then
# and after. The first that is so tells what to do now.
_WAYS: dict[str, tuple[int | None, tuple[str, str]]] = {
    State.HELD: (None, ("mend_held", "")),
    Waits.SEND_PRIVILEGE: (3, ("ask_to_send", "ask_to_send")),
    Waits.VOUCHER_PRIVILEGE: (3, ("ask_to_post", "ask_to_post")),
    Waits.PERSON: (14, ("invoice_drafts", "invoice_drafts")),
    State.PENDING: (None, ("wait_for_run", "")),
    PAYMENT: (1, ("wait_for_run", "look_into")),
    State.SENDING: (1, ("wait_for_run", "look_into")),
    Waits.CAPTURE: (14, ("nothing_to_do", "capture_money")),
    COMPLETED: (30, ("nothing_to_do", "complete_orders")),
}
FAILED = frozenset({2, 3})  # exit codes of runs that did not do their work
# How it is with a run that has no end yet, by whether it is at work (None: nobody can tell).
_UNENDED = {True: "status_under_way", False: "status_died", None: "status_no_end"}
# What is to be done before anything else, by how the job runs.
_FIRST = {"status_never_ran": "first_run", "status_died": "go_on_after_a_cut",
          "status_failed_2": "read_last_run", "status_failed_3": "read_last_run"}  # fmt: skip
_FIRST_OF_ALL = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class OrderStatus:
    """One order as `status --json` shows it; the names are fixed by the contract.

    Or what was noticed about one that went: its state is then "noticed".
    """

    order_id: int
    number: str
    state: str
    code: str
    reason: str
    remedy: str
    sales_order_id: str
    invoice_no: int | None
    total: str | None
    notes: list[str]  # the codes of what was noticed about it
    facts: Mapping[str, Fact]  # what the reason is filled with

    def as_json(self) -> dict[str, object]:
        """Return the value that `--json` prints."""
        return asdict(self) | {"facts": texts_of(self.facts)}


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many orders wait in one way, and which came first into the shop, and when.

    `what`: the state; not called so, since scripts count the orders by their `"state": "held"`.
    `waits_for`: "" for the job itself (the queue, or a hold's remedy); "completed" for the order
    to be completed in the shop, "payment" for a voucher; else what `Waits` names. `too_long`: one
    of them waits longer than it may.
    """

    what: str
    waits_for: str
    count: int
    oldest: str | None
    since: datetime | None
    too_long: bool


@dataclass(frozen=True, slots=True)
class Status:
    """What `status` shows; `too_old`: the last good run is older than it may be.

    `orders` are the unfinished ones, or all, which are then read one by one, and once: years of
    them are more than memory should hold. `noticed` is of the last 30 days, or all of it, the
    newest first. `at_work`: whether a run that has no end yet holds the lock; None where nobody can
    tell.
    """

    cursor: datetime | None
    last_run: RunRecord | None
    last_good_run: datetime | None
    too_old: bool
    counts: dict[str, int]
    orders: Iterable[OrderStatus]
    noticed: list[OrderStatus]
    waiting: list[Waiting]
    at_work: bool | None
    payouts: list[dict[str, Fact]]
    never_seen: list[str]  # numbers of orders that only the last daily count has brought to light

    @property
    def how(self) -> str:
        """How the job runs: the code of the sentence that tells it."""
        last = self.last_run
        if last is None:
            return "status_never_ran"
        if last.ended is None:
            return _UNENDED[self.at_work]
        if last.exit_code in FAILED:
            return f"status_failed_{last.exit_code}"
        return "status_stopped" if self.too_old else "status_runs"

    @property
    def exit_code(self) -> int:
        """Return 1 if something is held or waits too long, or the job seems to have stopped."""
        too_long = any(one.too_long for one in self.waiting)
        return int(bool(self.counts.get(State.HELD)) or too_long or self.too_old)

    @property
    def next_step(self) -> str:
        """The code of the message that says what to do now."""
        if self.how in _FIRST:
            return _FIRST[self.how]
        if self.too_old:
            return "let_it_work" if self.at_work else "check_timer"
        late = {one.waits_for or one.what: one.too_long for one in self.waiting}
        steps = (_WAYS[way][1][late[way]] for way in _WAYS if way in late)
        return next(steps, "nothing_to_do")

    def as_json(self) -> dict[str, object]:
        """Return the value that `--json` prints, without its orders."""
        whole = asdict(replace(self, orders=[], noticed=[]))
        whole["noticed"] = [
            {"order_id": one.order_id, "number": one.number, "code": one.code,
             "text": one.reason, "remedy": one.remedy} for one in self.noticed
        ]  # fmt: skip
        del whole["at_work"]  # `next_step` tells
        dated = (one for one in whole["waiting"] if one["since"])
        oldest = min(dated, key=itemgetter("since"), default=None)
        return whole | {"oldest_waiting": oldest, "next_step": self.next_step}


def status_of(
    settings: Settings, now: datetime, *, max_age: timedelta, all_orders: bool = False
) -> Status:
    """Read the state database (a missing one counts as empty). Raises StateError."""
    with Store.of(settings, read_only=True) as store:
        telling = list(store.telling(_FIRST_OF_ALL if all_orders else now - NOTED_FOR))
        last, good = store.last_run(), store.last_run(good=True)
        counts, memory = store.counts(), store.memory
        paid = {one.provider: one for one in store.payouts() if one.text}  # else set aside
        held = Counter(one.provider for one in store.payouts(booked=False))
    waits: dict[tuple[State, str], list[Record]] = defaultdict(list)
    # A refund that goes its way is shown with `show`.
    shown = [one for one in telling if one.hold or not one.is_credit_note]
    for record in shown:
        waits_for = _waits_for(record, settings)
        if record.state in UNFINISHED or waits_for:
            waits[record.state, waits_for].append(record)
    new = [r for r in telling if all_orders or (r.last_moment or now) > now - NOTED_FOR]
    new.sort(key=lambda one: (one.last_moment or _FIRST_OF_ALL, one.id), reverse=True)
    language = settings.language
    unfinished = [_status(o, language) for o in shown if o.todo or o.state in UNFINISHED]
    at_work: bool | None = False
    if last is not None and last.ended is None:
        from woo2po.run import is_running  # noqa: PLC0415 (it takes a while to load)

        at_work = is_running(Path(settings.state.path))
    counted = good or (last if at_work is not False else None)  # the last good run, or one at work
    too_old = last is not None and (counted is None or abs(now - counted.started) > max_age)
    return Status(
        cursor=memory.cursor,
        last_run=last,
        last_good_run=good.started if good else None,
        too_old=too_old,
        counts=counts,
        orders=_everything(settings) if all_orders else unfinished,
        noticed=[_status(record, language, note) for record in new for note in record.notes],
        waiting=[_waiting(*how, records, now) for how, records in sorted(waits.items())],
        at_work=at_work,
        payouts=[
            _paid_out(name, paid.get(name), memory, held[name])
            for name in sorted(paid.keys() | memory.payouts_left.keys())
        ],
        never_seen=list(memory.never_seen),
    )


def _everything(settings: Settings) -> Iterator[OrderStatus]:
    with Store.of(settings, read_only=True) as store:
        for record in store.everything():
            if record.hold or not record.is_credit_note:
                yield _status(record, settings.language)


def held_orders(
    settings: Settings, known: Collection[int] = ()
) -> tuple[list[int], list[OrderStatus]]:
    """Return the ids of what is held, and all of those that are not `known`. Raises StateError."""
    with Store.of(settings, read_only=True) as store:
        ids = list(store.held_numbers())
        records = (store.record(id_) for id_ in ids if id_ not in known)
        return ids, [_status(record, settings.language) for record in records if record]


def _paid_out(name: str, last: PayoutRecord | None, memory: Memory, held: int) -> dict[str, Fact]:
    """Return a provider's last booked payout, and what is captured and not paid out: kroner."""
    left = memory.payouts_left.get(name, {"open": "0", "n": "0"})
    return {
        "provider": name,
        "id": last.id if last else "",
        "day": last.day if last else "",
        "net": from_ore(last.net if last else 0),
        "open": from_ore(int(left["open"])),
        "entries": int(left["n"]),
        "held": held,
    }


def _waits_for(record: Record, settings: Settings) -> str:
    """Return for what a document waits: a draft that the job will invoice, for the shop's word."""
    if record.state not in {State.DRAFT, State.INVOICED}:
        return ""
    if record.state is State.INVOICED and not record.waits and record.payment in _ON_THE_WAY:
        return PAYMENT
    by_itself = settings.invoices.create and record.waits is Waits.PERSON
    return COMPLETED if by_itself else record.waits.value


def _waiting(state: State, waits_for: str, records: Sequence[Record], now: datetime) -> Waiting:
    days = _WAYS[waits_for or state][0]
    late = [one for one in records if days and now - _at_rest_since(one) > timedelta(days)]
    first = min(late or records, key=lambda one: (one.created is None, one.created, one.order_id))
    return Waiting(state.value, waits_for, len(records), first.number, first.created, bool(late))


def _at_rest_since(record: Record) -> datetime:
    """Return since when it waits: an attempt to send a draft that may not be sent is no change."""
    asked = WriteKind.SEND_INVOICE if record.state is State.DRAFT else None
    moments = [write.last_attempt for write in record.writes if write.kind is not asked]
    return max(moments, default=datetime.max.replace(tzinfo=UTC))


def _status(record: Record, language: Language, note: Reason | None = None) -> OrderStatus:
    reason = note or record.skip or record.hold
    said, what_to_do = told_of(reason, language, record.number) if reason else ("", "")
    return OrderStatus(
        order_id=record.order_id if note else record.id,
        number=record.number,
        state="noticed" if note else record.state.value,
        code=reason.code if reason else "",
        reason=said,
        remedy=what_to_do,
        sales_order_id=record.sales_order_id,
        invoice_no=record.invoice_no,
        total=None if record.total_ore is None else f"{from_ore(record.total_ore):.2f}",
        notes=[one.code for one in record.notes],
        facts=reason.facts if reason else {},
    )


class UnknownNumber(InTheWay):
    """No order of the number that it names is known, or more than one."""


def retry(settings: Settings, numbers: Sequence[str]) -> int:
    """Put held orders (all, or these numbers) back in the queue; return how many.

    One transaction, no lock. Raises UnknownNumber and StateError, as do those below.
    """
    with Store.of(settings) as store, store.transaction():
        chosen = {one.id for one in store.unfinished() if one.hold_code and not one.todo}
        if numbers:
            named = [_called(store, number, settings, of_two=True) for number in numbers]
            chosen &= {one.id for every in named for one in every}
            store.want_anew(chosen)
        store.try_anew(chosen)
        store.forget_catalogue()
        return len(chosen)


def to_skip(settings: Settings, number: str) -> list[OrderStatus]:
    """Return what `skip` would take out: the order and its refunds, or only refunds."""
    with Store.of(settings, read_only=True) as store:
        return [_status(record, settings.language) for record in _to_skip(store, number, settings)]


def skip(settings: Settings, number: str, reason: str) -> None:
    """Take an order out for good; of one whose refunds alone are held, only those."""
    from woo2po.mapping.values import fitted  # noqa: PLC0415 (a run that does nothing needs none)

    with Store.of(settings) as store, store.transaction():
        for record in _to_skip(store, number, settings):
            store.put_aside(record.id, Skip("by_hand", {"reason": fitted(reason, 200)}))


def take_back(settings: Settings, number: str) -> int:
    """Bring what was taken out by hand back into the queue; return how many (order, refunds)."""
    with Store.of(settings) as store, store.transaction():
        skipped = [(one.id, one.skip) for one in _called(store, number, settings)]
        out = [id_ for id_, reason in skipped if reason and reason.code == "by_hand"]
        for id_ in out:
            store.take_back(id_)
        return len(out)


def _to_skip(store: Store, number: str, settings: Settings) -> list[Record]:
    records = _called(store, number, settings)
    held = [one for one in records if one.hold is not None]
    only_refunds = held and all(one.is_credit_note for one in held)
    return held if only_refunds else records


def _called(store: Store, number: str, settings: Settings, *, of_two: bool = False) -> list[Record]:
    """Return an order of this number and its refunds; where two bear it, `of_two` or none."""
    orders = store.orders_called(*settings.spellings(number))
    if len(orders) > 1 and not of_two:
        ids = ", ".join(f"id:{order.id}" for order in orders)
        raise UnknownNumber("number_of_two_orders", number=number, ids=ids)
    if not orders:
        raise UnknownNumber("order_unknown_here", number=number, order=to_type(number))
    found: list[Record] = []
    for order in orders:
        found += [order, *store.credit_notes_of(order.id)]
    return found


# -- the screen ------------------------------------------------------------------------------------

# Of the last run: what begins its line, and where it went well in itself.
_SIGN = {"status_runs": "✓", "status_under_way": "✓", "status_stopped": "✗",
         "status_failed_2": "✗", "status_failed_3": "✗"}  # fmt: skip
_WELL = frozenset({"status_runs", "status_stopped", "status_in_future"})
_LAGS = timedelta(minutes=10)  # so far the shop is read behind a run that went well
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_ROOM = 50  # characters of a sentence that stand beside the numbers of its orders

_Group = Sequence[OrderStatus]


def status_text(
    status: Status, language: Language, now: datetime, zone: str, *, all_orders: bool = False,
    timer: str = "",
) -> str:  # fmt: skip
    """Return the screen; with `all_orders` nothing is shortened. `timer` tells the next start."""
    orders = list(status.orders)
    held = [order for order in orders if order.reason]
    groups = [*by_code(held), *by_code(status.noticed)]
    if all_orders:
        middle = [_group_text([one], language) for one in (*held, *status.noticed)]
        rows = [
            [fitted(one.number, 20), word(one.state, language), one.total and Decimal(one.total)]
            for one in orders
            if not one.reason
        ]
        heads = [word(name, language) for name in ("number", "state", "total")]
        middle.append(table(rows, heads, language) if rows else "")
    else:
        middle = [_group_text(group, language) for group in groups[:1]]
        # Without a blank line between them, all of it fits a terminal of 24 lines.
        if rest := [_group_line(group, language) for group in groups[1:]]:
            middle.append("\n".join([*rest, wrapped(say("status_all", language))]))
    running = _running(status, language, now, zone, always=all_orders)
    unseen = {"n": str(len(status.never_seen)), "numbers": ", ".join(status.never_seen[:10])}
    # The order that is to be looked at first.
    late = (one.oldest or "" for one in status.waiting if one.too_long)
    to_mend = (group[0].number for group in groups if group[0].state == State.HELD)
    first = next(to_mend, next(late, ""))
    parts = [
        "\n".join(filter(None, (running, wrapped(timer)))),
        _numbers(status, language, now),
        wrapped(say_both("never_seen", language, unseen)) if status.never_seen else "",
        "\n".join(_payout_line(one, language) for one in status.payouts),
        *middle,
        wrapped(say(status.next_step, language, {"number": fitted(first, 30)})),
    ]
    return "\n\n".join(filter(None, parts))


def _running(status: Status, language: Language, now: datetime, zone: str, *, always: bool) -> str:
    """Return whether the job runs, when last, and how far the shop was read where that lags."""
    last = status.last_run
    if last is None:
        return wrapped(say("status_never_ran", language), "! ", "  ")
    begun = last.started
    facts = {"when": told(begun, now, zone, language), "long": lasting(now - begun, language)}
    code = "status_in_future" if begun - now > _LAGS else status.how
    said = [say(code, language, facts)]
    if code not in _WELL and (status.too_old or code != "status_under_way"):
        good = status.last_good_run
        when = {"when": told(good, now, zone, language)} if good else {}
        said.append(say("status_good_before" if good else "status_never_good", language, when))
    read = status.cursor or begun
    # Before its first order, a shop is read from the first day on every time.
    if status.last_good_run and status.counts and (always or begun - read > _LAGS):
        facts = {"when": by_the_clock(read, now, zone, language)}
        said.append(say("status_read_to", language, facts))
    sign = "!" if status.at_work and status.too_old else _SIGN.get(code, "!")
    return wrapped(" ".join(said), f"{sign} ", "  ")


def _payout_line(one: Mapping[str, Fact], language: Language) -> str:
    shown = {"provider": PROVIDERS[str(one["provider"])], "id": fitted(str(one["id"]), 40)}
    codes = ["status_payout" if one["id"] else "status_no_payout"]
    codes += ["status_payout_open"] if one["entries"] else []
    codes += ["status_payout_held"] if one["held"] else []
    return wrapped(" ".join(say(code, language, {**one, **shown}) for code in codes), "", "  ")


def _numbers(status: Status, language: Language, now: datetime) -> str:
    counts, rows, known = Counter(status.counts), {}, load("words")["stands"]
    for one in status.waiting:
        if (what := f"{one.what}_{one.waits_for}".removesuffix("_")) not in known:
            continue
        said = word(what, language, "stands")
        if one.since is not None and one.oldest is not None:
            facts = {"what": said, "number": fitted(one.oldest, 30),
                     "long": lasting(now - one.since, language)}  # fmt: skip
            said = say("status_too_long" if one.too_long else "status_oldest", language, facts)
        rows[what] = one.count, said
        counts[one.what] -= one.count
    for state, n in (+counts).items():  # those that wait for nobody
        rows.setdefault(state, (n, word(state, language, "stands")))
    width = max((len(str(n)) for n, _ in rows.values()), default=0) + 2
    lines = (rows[what] for what in known if what in rows)
    return "\n".join(wrapped(said, f"{n:{width}}  ", " " * (width + 2)) for n, said in lines)


# -- what is held, and what was noticed ------------------------------------------------------------


def by_code(rows: _Group) -> list[_Group]:
    """Return the rows in groups of one code: the largest first, else as they came."""
    codes = dict.fromkeys(row.code for row in rows)
    groups: list[_Group] = [[row for row in rows if row.code == code] for code in codes]
    return sorted(groups, key=len, reverse=True)


def reason_lines(held: Sequence[OrderStatus], language: Language) -> list[str]:
    """Return the reasons of what is held, a line each: the three that hold most."""
    return [f"  {_group_line(group, language, 2)}" for group in by_code(held)[:3]]


def groups_text(held: Sequence[OrderStatus], language: Language) -> str:
    """Return what is held with reason and remedy, a block for each reason."""
    return "\n".join(_group_text(group, language) for group in by_code(held))


def _group_line(group: _Group, language: Language, inset: int = 0) -> str:
    """Return what is told of orders on one line, with as much of the sentence as fits."""
    sign, head = ("  ! ", "") if group[0].state == "noticed" else ("", f" [{group[0].code}]")
    numbers = some_numbers(group, language, len(head) + _ROOM)
    text = fitted(f"{numbers}{head}: {group[0].reason}", here().columns - inset - len(sign))
    return sign + text


def _group_text(group: _Group, language: Language) -> str:
    """Return what is told of orders: their numbers, the sentence once, and what to do."""
    head = f" — {word(group[0].state, language)} [{group[0].code}]"
    numbers = fitted(some_numbers(group, language, len(head)) + head, 200)
    return "\n".join([wrapped(numbers, "", "  "), reasoned(*said_once(group, language))])


def said_once(group: _Group, language: Language) -> tuple[str, str]:
    """Return the sentence of orders of one code, an example where they differ, and what to do."""
    first, what = group[0], group[0].remedy
    if len(group) > 1:  # else its number is in what is typed
        what = remedy(first.code, language, first.facts)
    if len({one.reason for one in group}) == 1:
        return first.reason, what
    facts = {"number": fitted(first.number, 30), "text": first.reason}
    return say("status_example", language, facts), what


def some_numbers(group: _Group, language: Language, beside: int = 0) -> str:
    """Return as many numbers as stand on one line beside so many other characters."""
    names = list(dict.fromkeys(fitted(one.number, 30) for one in group))
    for shown in range(len(names), 0, -1):
        text = ", ".join(names[:shown])
        if shown < len(names):
            facts = {"numbers": text, "n": str(len(names) - shown)}
            text = say("status_and_more", language, facts)
        if len(text) + beside <= here().columns:
            break
    return text


# -- one line a shop, for a loop over many ---------------------------------------------------------

_SIGNS = {0: "sign_fine", 1: "sign_warning", 2: "sign_wrong", 3: "sign_unreachable"}


def status_line(
    config: Path, load: Callable[[Path, Language], Settings], now: datetime, max_age: timedelta,
    language: Language,
) -> tuple[str, int]:  # fmt: skip
    """Return one line on the shop of a configuration, and the exit code: a 2 for a wrong one.

    A shop that never ran counts as one that stopped. `language` is spoken where none can be read.
    """
    shop, facts = str(config), {"path": shlex.quote(str(config))}
    try:
        settings = load(config, language)
        language, url = settings.language, urlsplit(settings.woocommerce.url)
        shop = f"{url.netloc}{url.path}".rstrip("/")
        status = status_of(settings, now, max_age=max_age)
        exit_code, code, held = 1, "shop_never", status.counts.get(State.HELD, 0)
        if status.last_run is not None:
            since = status.last_good_run or status.last_run.started
            facts |= {"n": str(held), "age": lasting(abs(now - since), language)}
            exit_code = status.exit_code
            code = "shop_too_old" if status.too_old else "shop_held" if held else "shop_well"
    except WrongSettings as error:
        language, wrong = error.language, error.problems[0]
        exit_code, code = 2, "shop_wrong"
        facts |= {"key": wrong.key, "expected": wrong.expected.rstrip(".")}
    except StateError as error:
        exit_code, code, facts = error.exit_code, error.code, facts | error.facts
    sign = word(_SIGNS[exit_code], language)
    return fitted(f"{sign} {shop}: {say_both(code, language, facts)}", 900), exit_code


# -- times in words --------------------------------------------------------------------------------


def told(moment: datetime, now: datetime, zone: str, language: Language) -> str:
    """Return when something was: "4 minutes ago", "i går kl. 23.10"; days are those of a zone."""
    if not timedelta() <= now - moment < _HOUR:
        return by_the_clock(moment, now, zone, language)
    return word("ago", language, "times", long=lasting(now - moment, language))


def by_the_clock(moment: datetime, now: datetime, zone: str, language: Language) -> str:
    """Return when something was by the clock and the calendar: "today at 19:00"."""
    there, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    days = {today: "today", today - _DAY: "yesterday"}
    time = there.strftime(word("clock", language, "times"))
    which = days.get(there.date(), "another_day")
    return word(which, language, "times", day=there.date(), time=time)


def lasting(span: timedelta, language: Language) -> str:
    """Return how long something has lasted: "20 minutes", "5 timer", "3 days"."""
    if span < _MINUTE:
        return word("no_minute", language, "times")
    unit, n = "days", span // _DAY
    if span < 2 * _DAY:
        unit, n = ("hour", span // _HOUR) if span >= _HOUR else ("minute", span // _MINUTE)
        unit += "s" * (n > 1)
    return word(unit, language, "times", n=n)
