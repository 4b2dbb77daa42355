"""`status`, `retry` and `skip`: from the state database alone, without a request."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from woo2po.holds import Hold, Skip
from woo2po.mapping import references
from woo2po.messages import remedy, say, say_both
from woo2po.messages.message import Language
from woo2po.messages.words import word
from woo2po.money import from_ore
from woo2po.record import OrderRecord, State
from woo2po.report import fitted, noted_text, table, wrapped
from woo2po.settings import Settings
from woo2po.store import Store

UNFINISHED = frozenset({State.HELD, State.PENDING, State.SENDING})
NOTED_FOR = timedelta(days=30)  # what was noticed about orders is shown so long
NOTED_AT_MOST = 5  # by name, to people, the newest first; `--all` names every one


@dataclass(frozen=True, slots=True)
class Noted:
    """Something that was noticed about an order that went (a refund's credit note among them)."""

    order_id: int
    number: str
    code: str
    text: str
    remedy: str


@dataclass(frozen=True, slots=True)
class OrderStatus:
    """One order as `status --json` shows it; the names are fixed by the contract."""

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


@dataclass(frozen=True, slots=True)
class Status:
    """What `status` shows; `too_old`: the last good run is older than it may be.

    `noticed` is of the last 30 days, or all of it, the newest first.
    """

    cursor: str | None
    last_run: dict[str, object] | None
    last_good_run: str | None
    too_old: bool
    counts: dict[str, int]
    orders: list[OrderStatus]
    noticed: list[Noted]

    @property
    def exit_code(self) -> int:
        """Return 1 if something is held or the job seems to have stopped, else 0."""
        return int(bool(self.counts.get(State.HELD)) or self.too_old)

    def as_json(self) -> dict[str, object]:
        """Return the value that `--json` prints."""
        return asdict(self)


def status_of(
    settings: Settings, now: datetime, *, all_orders: bool = False, max_age: timedelta
) -> Status:
    """Read the state database (a missing one counts as empty). Raises StateError."""
    with Store.open(Path(settings.state.path), read_only=True) as store:
        last, good = store.last_run(), store.last_run(good=True)
        counts: dict[str, int] = {}
        orders = []
        noted: list[OrderRecord] = []
        for record in store.all_orders():
            if record.notes and (all_orders or _is_new(record, now)):
                noted.append(record)
            if record.parent_id is not None and record.hold is None:
                continue  # a refund that goes its way is shown with `show`
            counts[record.state] = counts.get(record.state, 0) + 1
            if all_orders or record.todo or record.state in UNFINISHED:
                orders.append(_status(record, settings.language))
        cursor = store.get("cursor")
    return Status(
        cursor=_utc(datetime.fromisoformat(cursor)) if cursor else None,
        last_run=None
        if last is None
        else {
            "started": _utc(last.started),
            "ended": _utc(last.ended) if last.ended else None,
            "exit_code": last.exit_code,
            "counts": last.counts,
        },
        last_good_run=_utc(good.started) if good else None,
        too_old=last is not None and (good is None or abs(now - good.started) > max_age),
        counts=counts,
        orders=orders,
        noticed=_noticed(noted, settings.language),
    )


def _is_new(record: OrderRecord, now: datetime) -> bool:
    return record.last_moment is None or now - record.last_moment < NOTED_FOR


def _noticed(records: Iterable[OrderRecord], language: Language) -> list[Noted]:
    newest_first = sorted(records, key=_moment, reverse=True)
    return [
        Noted(
            record.parent_id or record.order_id,
            record.number,
            note.code,
            say(note.code, language, note.facts),
            remedy(note.code, language, note.facts),
        )
        for record in newest_first
        for note in record.notes
    ]


def _moment(record: OrderRecord) -> tuple[str, int]:
    moment = record.last_moment
    return (moment.isoformat() if moment else "", record.order_id)


def _utc(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _status(record: OrderRecord, language: Language) -> OrderStatus:
    reason: Hold | Skip | None = record.skip or record.hold
    return OrderStatus(
        order_id=record.order_id,
        number=record.number,
        state=record.state.value,
        code=reason.code if reason else "",
        reason=say(reason.code, language, reason.facts) if reason else "",
        remedy=remedy(reason.code, language, reason.facts) if reason else "",
        sales_order_id=record.sales_order_id,
        invoice_no=record.invoice_no,
        total=None if record.total_ore is None else f"{from_ore(record.total_ore):.2f}",
        notes=[note.code for note in record.notes],
    )


def status_text(status: Status, language: Language, *, all_orders: bool = False) -> str:
    """Return the screen that `status` shows to people; with `all_orders` nothing is shortened."""
    nb = language == "nb"
    last = status.last_run
    ran = (
        f"{last['started']} ({'kode' if nb else 'code'} {last['exit_code']})"
        if last
        else word("never", language)
    )
    head = (
        ("Siste kjøring" if nb else "Last run", ran),
        ("Siste vellykkede" if nb else "Last good run", status.last_good_run),
        ("Lest til" if nb else "Read up to", status.cursor),
    )
    never = word("never", language)
    parts = ["\n".join(f"{name + ':':18}{said or never}" for name, said in head)]
    if status.too_old:
        parts.append(wrapped(say_both("run_too_old", language)))
    if status.counts:
        rows = [[word(state, language), str(n)] for state, n in sorted(status.counts.items())]
        headers = [word("state", language), word("orders", language)]
        parts.append(table(rows, headers, right=(1,)))
    held = [order for order in status.orders if order.reason]
    parts += [_held_text(order, language) for order in held]
    parts += _noticed_text(status.noticed, language, all_orders=all_orders)
    others = [order for order in status.orders if not order.reason]
    if others:
        rows = [[fitted(o.number, 20), word(o.state, language), o.total or ""] for o in others]
        headers = [word(name, language) for name in ("number", "state", "total")]
        parts.append(table(rows, headers, right=(2,)))
    return "\n\n".join(parts)


def _noticed_text(noticed: Sequence[Noted], language: Language, *, all_orders: bool) -> list[str]:
    """Return what was noticed, each after a "!"; to people the newest few are enough."""
    shown = noticed if all_orders else noticed[:NOTED_AT_MOST]
    lines = [noted_text(f"{fitted(n.number, 30)}: {n.text}", n.remedy) for n in shown]
    if len(shown) < len(noticed):
        facts = {"n": str(len(noticed) - len(shown)), "days": str(NOTED_FOR.days)}
        lines.append(wrapped(say("noticed_more", language, facts), "  ! ", "    "))
    if not lines:
        return []
    return ["\n".join([say("noticed", language), *lines])]


def _held_text(order: OrderStatus, language: Language) -> str:
    head = f"{fitted(order.number, 30)} — {word(order.state, language)} [{order.code}]"
    lines = [head, wrapped(fitted(order.reason, 600), "  ", "  ")]
    if order.remedy:
        lines.append(wrapped(fitted(order.remedy, 600), "  → ", "    "))
    return "\n".join(lines)


def held_text(orders: Iterable[OrderStatus], language: Language) -> str:
    """Return held and skipped orders with reason and remedy, one block each."""
    return "\n".join(_held_text(order, language) for order in orders)


class UnknownNumber(Exception):
    """No order of that number is known; `number` is what was asked for."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


def retry(settings: Settings, numbers: Sequence[str]) -> int:
    """Put held orders (all, or these numbers) back in the queue; return how many.

    One transaction, no lock. Raises UnknownNumber and StateError.
    """
    with Store.open(Path(settings.state.path)) as store, store.transaction():
        held = {order_id for order_id, *_ in store.held()}
        chosen = held & _ids(store, numbers) if numbers else held
        if numbers:
            _make_anew(store, settings, chosen)
        store.try_anew(chosen)
        return len(chosen)


def _make_anew(store: Store, settings: Settings, order_ids: Iterable[int]) -> None:
    """Give orders whose draft is gone the next references: asked for by number, it is wanted."""
    for order_id in order_ids:
        record = store.order(order_id)
        if record is not None and record.parent_id is None and _is_gone(record):
            later = record.generation + 1
            store.begin_anew(order_id, *references.of_generation(settings, order_id, later))


def _is_gone(record: OrderRecord) -> bool:
    return record.hold is not None and record.hold.code == "draft_gone"


def skip(settings: Settings, number: str, reason: str) -> None:
    """Take an order out for good; of one whose refunds alone are held, only those.

    Raises UnknownNumber and StateError.
    """
    with Store.open(Path(settings.state.path)) as store, store.transaction():
        ids = _ids(store, [number])
        held = ids & {order_id for order_id, *_ in store.held()}
        refunds = {i for i in held if (record := store.order(i)) and record.parent_id}
        for order_id in refunds if held and held == refunds else ids:
            store.put_aside(order_id, Skip("by_hand", {"reason": fitted(reason, 200)}))


def _ids(store: Store, numbers: Sequence[str]) -> set[int]:
    """Return the ids of the orders that bear these numbers, those of their refunds among them."""
    ids = set()
    for number in numbers:
        records = store.orders_called(number)
        if not records:
            raise UnknownNumber(number)
        for record in records:
            ids |= {record.order_id, *(c.order_id for c in store.refunds_of(record.order_id))}
    return ids
