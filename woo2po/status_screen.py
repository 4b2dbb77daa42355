"""What `status` shows to people: one screen, with what to do now in its last line; or one line.

Each reason has a line, and the first of them its details. Moments and spans are told in words, as
the people of the shop's time zone say them.
"""

import shlex
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from woo2po.config import Settings, WrongSettings
from woo2po.config.sections import PROVIDERS
from woo2po.messages import Language, load, remedy, say, say_both, word
from woo2po.money import Fact
from woo2po.record import State
from woo2po.report import fitted, reasoned, table, wrapped
from woo2po.screen import here
from woo2po.status import OrderStatus, Status, status_of
from woo2po.store.database import StateError

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
    """Return the screen; with `all_orders` nothing is shortened. Days are those of the zone.

    `timer` says when the job starts next.
    """
    orders = list(status.orders)
    held = [order for order in orders if order.reason]
    groups = [*_by_code(held), *_by_code(status.noticed)]
    if all_orders:
        middle = [_group_text([one], language) for one in (*held, *status.noticed)]
        middle.append(_others([order for order in orders if not order.reason], language))
    else:
        middle = _reasons(groups, language)
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
        "\n".join(_paid_out(one, language) for one in status.payouts),
        *middle,
        wrapped(say(status.next_step, language, {"number": fitted(first, 30)})),
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


def _paid_out(one: Mapping[str, Fact], language: Language) -> str:
    shown = {"provider": PROVIDERS[str(one["provider"])], "id": fitted(str(one["id"]), 40)}
    codes = ["status_payout" if one["id"] else "status_no_payout"]
    codes += ["status_payout_open"] if one["entries"] else []
    codes += ["status_payout_held"] if one["held"] else []
    return wrapped(" ".join(say(code, language, {**one, **shown}) for code in codes), "", "  ")


# -- how many are where ----------------------------------------------------------------------------


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


def _by_code(rows: _Group) -> list[_Group]:
    """Return the rows in groups of one code: the largest first, else as they came."""
    codes = dict.fromkeys(row.code for row in rows)
    groups: list[_Group] = [[row for row in rows if row.code == code] for code in codes]
    return sorted(groups, key=len, reverse=True)


def _reasons(groups: Sequence[_Group], language: Language) -> list[str]:
    parts = [_group_text(group, language) for group in groups[:1]]
    # Without a blank line between them, all of it fits a terminal of 24 lines.
    rest = [_group_line(group, language) for group in groups[1:]]
    if rest:
        parts.append("\n".join([*rest, wrapped(say("status_all", language))]))
    return parts


def reason_lines(held: Sequence[OrderStatus], language: Language) -> list[str]:
    """Return the reasons of what is held, a line each: the three that hold most."""
    return [f"  {_group_line(group, language, 2)}" for group in _by_code(held)[:3]]


def groups_text(held: Sequence[OrderStatus], language: Language) -> str:
    """Return what is held with reason and remedy, a block for each reason."""
    return "\n".join(_group_text(group, language) for group in _by_code(held))


def _group_line(group: _Group, language: Language, inset: int = 0) -> str:
    """Return what is told of orders on one line, with as much of the sentence as fits."""
    sign, head = ("  ! ", "") if group[0].state == "noticed" else ("", f" [{group[0].code}]")
    numbers = _some_numbers(group, language, len(head) + _ROOM)
    text = fitted(f"{numbers}{head}: {group[0].reason}", here().columns - inset - len(sign))
    return sign + text


def _group_text(group: _Group, language: Language) -> str:
    """Return what is told of orders: their numbers, the sentence once, and what to do."""
    first = group[0]
    head = f" — {word(first.state, language)} [{first.code}]"
    said, what = first.reason, first.remedy
    if len({one.reason for one in group}) > 1:
        facts = {"number": fitted(first.number, 30), "text": said}
        said = say("status_example", language, facts)
    if len(group) > 1:  # else its number is in what is typed
        what = remedy(first.code, language, first.facts)
    numbers = fitted(_some_numbers(group, language, len(head)) + head, 200)
    return "\n".join([wrapped(numbers, "", "  "), reasoned(said, what)])


def _some_numbers(group: _Group, language: Language, beside: int) -> str:
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


def _others(orders: Sequence[OrderStatus], language: Language) -> str:
    rows = [
        [fitted(o.number, 20), word(o.state, language), o.total and Decimal(o.total)]
        for o in orders
    ]
    headers = [word(name, language) for name in ("number", "state", "total")]
    return table(rows, headers, language) if rows else ""


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
