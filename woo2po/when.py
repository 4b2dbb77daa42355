"""Moments and spans in words, as the people of a time zone say them. Pure: now is handed in."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from woo2po.messages.message import Language, word

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


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
