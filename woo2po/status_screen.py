"""What `status` shows to people: one screen, with what to do now in its last line; or one line.

Each reason has a line, and the first of them its details. Moments and spans are told in words, as
the people of the shop's time zone say them.
"""

import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from woo2po.config import Settings, WrongSettings
from woo2po.config.sections import PROVIDERS
from woo2po.messages import remedy, say, say_both
from woo2po.messages.message import Language, figure_in, word
from woo2po.money import Fact
from woo2po.record import State, Waits
from woo2po.report import fitted, noted_text, table, wrapped
from woo2po.screen import here
from woo2po.status import (
    COMPLETED,
    FAILED,
    PAYMENT,
    Noted,
    OrderStatus,
    PayoutStatus,
    Status,
    Waiting,
    status_of,
)
from woo2po.store.database import StateError

# In this order, each behind its number; where an order waits for somebody, it says for what.
_ROWS: dict[tuple[State, str], str] = {
    (State.HELD, ""): "status_held",
    (State.PENDING, ""): "status_pending",
    (State.SENDING, ""): "status_sending",
    (State.DRAFT, Waits.SEND_PRIVILEGE): "status_draft_send_privilege",
    (State.DRAFT, Waits.PERSON): "status_draft_person",
    (State.DRAFT, COMPLETED): "status_draft_completed",
    (State.DRAFT, ""): "status_draft",
    (State.INVOICED, Waits.VOUCHER_PRIVILEGE): "status_invoiced_voucher_privilege",
    (State.INVOICED, Waits.CAPTURE): "status_invoiced_capture",
    (State.INVOICED, PAYMENT): "status_invoiced_payment",
    (State.INVOICED, ""): "status_invoiced",
    (State.CANCELLED, ""): "status_cancelled",
    (State.SKIPPED, ""): "status_skipped",
}
# Of the last run: what begins its line, and where it went well in itself.
_SIGN = {"status_runs": "✓", "status_under_way": "✓", "status_stopped": "✗",
         "status_failed_2": "✗", "status_failed_3": "✗"}  # fmt: skip
_WELL = frozenset({"status_runs", "status_stopped", "status_in_future"})
_LAGS = timedelta(minutes=10)  # so far the shop is read behind a run that went well
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_ROOM = 50  # characters of a sentence that stand beside the numbers of its orders


_One = TypeVar("_One", OrderStatus, Noted)


def status_text(
    status: Status,
    language: Language,
    now: datetime,
    zone: str,
    *,
    all_orders: bool = False,
    timer: str = "",
) -> str:
    """Return the screen; with `all_orders` nothing is shortened. Days are those of the zone.

    `timer` says when the job starts next.
    """
    held = [order for order in status.orders if order.reason]
    if all_orders:
        middle = [_group_text([order], language) for order in held]
        middle += [
            _noticed([[one] for one in status.noticed], language, whole=True),
            *_others(status, language),
        ]
    else:
        middle = _reasons(_by_code(held), _by_code(status.noticed), language)
    running = _running(status, language, now, zone, always=all_orders)
    parts = [
        "\n".join(filter(None, (running, wrapped(timer)))),
        _numbers(status, language, now),
        _never_seen(status, language),
        "\n".join(_paid_out(one, language) for one in status.payouts),
        *middle,
        wrapped(_next(status, language)),
    ]
    return "\n\n".join(filter(None, parts))


# -- is it running ---------------------------------------------------------------------------------


def _running(status: Status, language: Language, now: datetime, zone: str, *, always: bool) -> str:
    """Return whether the job runs, when last, and how far the shop was read where that lags.

    `always`: also where it does not.
    """
    last = status.last_run
    if last is None:
        return wrapped(say("status_never_ran", language), "! ", "  ")
    begun = datetime.fromisoformat(str(last["started"]))
    facts = {"when": told(begun, now, zone, language), "long": lasting(now - begun, language)}
    code = _how_it_runs(status, last, now)
    said = [say(code, language, facts)]
    if code not in _WELL and (status.too_old or code != "status_under_way"):
        said.append(_last_good(status, language, now, zone))
    read = datetime.fromisoformat(status.cursor) if status.cursor else begun
    # Before its first order, a shop is read from the first day on every time.
    if status.last_good_run and status.counts and (always or begun - read > _LAGS):
        facts = {"when": by_the_clock(read, now, zone, language)}
        said.append(say("status_read_to", language, facts))
    sign = "!" if status.at_work and status.too_old else _SIGN.get(code, "!")
    return wrapped(" ".join(said), f"{sign} ", "  ")


def _how_it_runs(status: Status, last: Mapping[str, object], now: datetime) -> str:
    if datetime.fromisoformat(str(last["started"])) - now > _LAGS:
        return "status_in_future"
    if status.died:
        return "status_died"
    if last["ended"] is None:
        return "status_under_way" if status.at_work else "status_no_end"
    if last["exit_code"] in FAILED:
        return "status_failed_2" if last["exit_code"] == 2 else "status_failed_3"
    return "status_stopped" if status.too_old else "status_runs"


def _last_good(status: Status, language: Language, now: datetime, zone: str) -> str:
    if status.last_good_run is None:
        return say("status_never_good", language)
    when = told(datetime.fromisoformat(status.last_good_run), now, zone, language)
    return say("status_good_before", language, {"when": when})


def _never_seen(status: Status, language: Language) -> str:
    facts = {"n": str(len(status.never_seen)), "numbers": ", ".join(status.never_seen[:10])}
    return wrapped(say_both("never_seen", language, facts)) if status.never_seen else ""


def _paid_out(one: PayoutStatus, language: Language) -> str:
    """Return the last payout of a provider, what is open with it, and what is held."""
    facts: dict[str, Fact] = {
        "provider": PROVIDERS[one.provider], "id": fitted(one.id, 40),
        "day": date.fromisoformat(one.day) if one.day else "", "net": Decimal(one.net),
        "open": Decimal(one.open), "entries": one.entries, "held": one.held,
    }  # fmt: skip
    said = [say("status_payout" if one.id else "status_no_payout", language, facts)]
    said += [say("status_payout_open", language, facts)] if one.entries else []
    said += [say("status_payout_held", language, facts)] if one.held else []
    return wrapped(" ".join(said), "", "  ")


def _next(status: Status, language: Language) -> str:
    held = [order for order in status.orders if order.state == State.HELD]
    late = [one.oldest or "" for one in status.waiting if one.too_long]
    first = next((group[0].number for group in _by_code(held)), late[0] if late else "")
    return say(status.next_step, language, {"number": fitted(first, 30)})


# -- how many are where ----------------------------------------------------------------------------


def _numbers(status: Status, language: Language, now: datetime) -> str:
    """Return how many orders are where, a line each, with the oldest of those that wait."""
    waiting = {(one.what, one.waits_for): one for one in status.waiting}
    lines = []
    for (state, waits_for), code in _ROWS.items():
        one, said = waiting.get((state, waits_for)), say(code, language)
        if one is not None:
            lines.append((one.count, _with_the_oldest(said, one, language, now)))
        elif not waits_for and (rest := _rest(status, state)):
            lines.append((rest, said))
    width = max((len(str(n)) for n, _ in lines), default=0) + 2
    return "\n".join(wrapped(said, f"{n:{width}}  ", " " * (width + 2)) for n, said in lines)


def _rest(status: Status, state: State) -> int:
    """Return how many orders of a state wait for nobody."""
    waiting = sum(one.count for one in status.waiting if one.what == state)
    return status.counts.get(state, 0) - waiting


def _with_the_oldest(said: str, one: Waiting, language: Language, now: datetime) -> str:
    if one.since is None or one.oldest is None:
        return said
    long = lasting(now - datetime.fromisoformat(one.since), language)
    facts = {"what": said, "number": fitted(one.oldest, 30), "long": long}
    return say("status_too_long" if one.too_long else "status_oldest", language, facts)


# -- what is held, and what was noticed ------------------------------------------------------------


def _by_code(rows: Sequence[_One]) -> list[list[_One]]:
    """Return the rows in groups of one code: the largest first, else as they came."""
    codes = list(dict.fromkeys(row.code for row in rows))
    groups = [[row for row in rows if row.code == code] for code in codes]
    return sorted(groups, key=len, reverse=True)


def _reasons(
    held: Sequence[Sequence[OrderStatus]], noticed: Sequence[Sequence[Noted]], language: Language
) -> list[str]:
    """Return a line for each reason, with the details of the first, and where all of them are."""
    parts = [_group_text(held[0], language)] if held else []
    # Without a blank line between them, all of it fits a terminal of 24 lines.
    rest = [_group_line(group, language) for group in held[1:]]
    rest.append(_noticed(noticed, language, whole=len(noticed) == 1 and not held))
    parts += ["\n".join(filter(None, rest))] if any(rest) else []
    if len(held) + len(noticed) > 1:
        parts[-1] += "\n" + wrapped(say("status_all", language))
    return parts


def reason_lines(held: Sequence[OrderStatus], language: Language) -> list[str]:
    """Return the reasons of what is held, a line each: the three that hold most."""
    return [f"  {_group_line(group, language, 2)}" for group in _by_code(held)[:3]]


def groups_text(held: Sequence[OrderStatus], language: Language) -> str:
    """Return what is held with reason and remedy, a block for each reason."""
    return "\n".join(_group_text(group, language) for group in _by_code(held))


def _group_line(group: Sequence[OrderStatus], language: Language, inset: int = 0) -> str:
    """Return held orders of one reason on one line, with as much of the sentence as fits."""
    head = f" [{group[0].code}]"
    numbers = _some_numbers([order.number for order in group], language, len(head) + _ROOM)
    return fitted(f"{numbers}{head}: {group[0].reason}", here().columns - inset)


def _group_text(group: Sequence[OrderStatus], language: Language) -> str:
    """Return held orders of one reason: their numbers, the sentence once, and what to do."""
    first = group[0]
    head = f" — {word(first.state, language)} [{first.code}]"
    numbers = _some_numbers([order.number for order in group], language, len(head))
    reason = _said_once([order.reason for order in group], first.number, language)
    return _reason_text(numbers + head, reason, _remedy_of(group, language))


def _remedy_of(group: Sequence[OrderStatus], language: Language) -> str:
    """Return what to do: with the order's number in what is to be typed, if it is only one."""
    first = group[0]
    return first.remedy if len(group) == 1 else remedy(first.code, language, first.facts)


def _said_once(texts: Sequence[str], number: str, language: Language) -> str:
    """Return a sentence that stands for all of a kind: as an example, where they differ."""
    if len(set(texts)) == 1:
        return texts[0]
    return say("status_example", language, {"number": fitted(number, 30), "text": texts[0]})


def _some_numbers(numbers: Sequence[str], language: Language, beside: int) -> str:
    """Return as many numbers as stand on one line beside so many other characters."""
    names = list(dict.fromkeys(fitted(number, 30) for number in numbers))
    for shown in range(len(names), 1, -1):
        text = ", ".join(names[:shown])
        if shown < len(names):
            facts = {"numbers": text, "n": str(len(names) - shown)}
            text = say("status_and_more", language, facts)
        if len(text) + beside <= here().columns:
            return text
    facts = {"numbers": names[0], "n": str(len(names) - 1)}
    return say("status_and_more", language, facts) if len(names) > 1 else names[0]


def _reason_text(head: str, reason: str, what_to_do: str) -> str:
    lines = [wrapped(fitted(head, 200), "", "  "), wrapped(fitted(reason, 600), "  ", "  ")]
    if what_to_do:
        lines.append(wrapped(fitted(what_to_do, 600), "  → ", "    "))
    return "\n".join(lines)


def _noticed(groups: Sequence[Sequence[Noted]], language: Language, *, whole: bool) -> str:
    """Return what was noticed about orders that went, each kind after a "!".

    Each on one line, or `whole`: with what to do.
    """
    if not groups:
        return ""
    return "\n".join([say("noticed", language), *_noticed_lines(groups, language, whole)])


def _noticed_lines(
    groups: Sequence[Sequence[Noted]], language: Language, whole: bool
) -> Iterator[str]:
    for group in groups:
        numbers = _some_numbers([one.number for one in group], language, 40 if whole else _ROOM)
        if whole:
            text = _said_once([one.text for one in group], group[0].number, language)
            yield noted_text(f"{numbers}: {text}", group[0].remedy)
        else:
            yield "  " + fitted(f"! {numbers}: {group[0].text}", here().columns - 2)


def _others(status: Status, language: Language) -> list[str]:
    """Return the table of all orders that nothing is held against."""
    others = [order for order in status.orders if not order.reason]
    rows = [
        [fitted(o.number, 20), word(o.state, language), figure_in(o.total or "", language)]
        for o in others
    ]
    headers = [word(name, language) for name in ("number", "state", "total")]
    return [table(rows, headers, right=(2,))] if rows else []


# -- one line a shop, for a loop over many ---------------------------------------------------------

_SIGNS = {0: "sign_fine", 1: "sign_warning", 2: "sign_wrong", 3: "sign_unreachable"}


def status_line(
    config: Path,
    load: Callable[[Path, Language], Settings],
    now: datetime,
    max_age: timedelta,
    language: Language,
) -> tuple[str, int]:
    """Return one line on the shop of a configuration, and the exit code: a 2 for a wrong one.

    A shop that never ran counts as one that stopped. `language` is spoken where none can be read.
    """
    shop, facts = str(config), {"path": shlex.quote(str(config))}
    try:
        settings = load(config, language)
        language, url = settings.language, urlsplit(settings.woocommerce.url)
        shop = f"{url.netloc}{url.path}".rstrip("/")
        exit_code, code, more = _in_short(status_of(settings, now, max_age=max_age), now, language)
    except WrongSettings as error:
        language, wrong = error.language, error.problems[0]
        exit_code, code = 2, "shop_wrong"
        more = {"key": wrong.key, "expected": wrong.expected.rstrip(".")}
    except StateError as error:
        exit_code, code, more = error.exit_code, error.code, dict(error.facts)
    sign = word(_SIGNS[exit_code], language)
    return fitted(f"{sign} {shop}: {say_both(code, language, facts | more)}", 900), exit_code


def _in_short(status: Status, now: datetime, language: Language) -> tuple[int, str, dict[str, str]]:
    """Return the exit code, the message that says it all, and its facts."""
    run = status.last_run or {}
    held = status.counts.get(State.HELD, 0)
    begun = status.last_good_run or run.get("started")
    since = datetime.fromisoformat(str(begun)) if begun else now
    facts = {"n": str(held), "age": lasting(abs(now - since), language)}
    if not run:
        return 1, "shop_never", facts
    code = "shop_too_old" if status.too_old else "shop_held" if held else "shop_well"
    return status.exit_code, code, facts


# -- times in words --------------------------------------------------------------------------------


def told(moment: datetime, now: datetime, zone: str, language: Language) -> str:
    """Return when something was: "4 minutes ago", "i går kl. 23.10"; days are those of a zone."""
    if not timedelta() <= now - moment < _HOUR:
        return by_the_clock(moment, now, zone, language)
    minutes = (now - moment) // timedelta(minutes=1)
    name = "just_now" if minutes < 1 else "minute_ago" if minutes < 2 else "minutes_ago"
    return _words(name, language, n=str(minutes))


def by_the_clock(moment: datetime, now: datetime, zone: str, language: Language) -> str:
    """Return when something was by the clock and the calendar: "today at 19:00"."""
    there, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    return _words(
        _how_far((today - there.date()).days, same_year=there.year == today.year),
        language,
        time=there.strftime(word("clock", language, "times")),
        weekday=word(str(there.weekday()), language, "weekdays"),
        day=str(there.day),
        month=word(str(there.month), language, "months"),
        year=str(there.year),
    )


def _how_far(days: int, *, same_year: bool) -> str:
    if days == 0:
        return "today"
    if days == 1:
        return "yesterday"
    if 0 < days < 7:
        return "this_week"
    return "this_year" if same_year else "other_year"


def lasting(span: timedelta, language: Language) -> str:
    """Return how long something has lasted: "20 minutes", "5 timer", "3 days"."""
    if span < _HOUR:
        return _many("minute", max(0, span // timedelta(minutes=1)), language)
    if span < 2 * _DAY:
        return _many("hour", span // _HOUR, language)
    return _words("days", language, n=str(span // _DAY))


def _many(unit: str, n: int, language: Language) -> str:
    name = f"no_{unit}" if n == 0 else unit if n == 1 else f"{unit}s"
    return _words(name, language, n=str(n))


def _words(name: str, language: Language, **facts: str) -> str:
    return word(name, language, "times").format_map(facts)
