"""The day on which something is booked: a day in the shop's zone, in a period that is open."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from woo2po.catalogue import Catalogue
from woo2po.mapping.values import hold
from woo2po.settings import Settings


def day_in_shop(moment: datetime, settings: Settings) -> date:
    """Return the day that it was in the shop at an (aware) moment."""
    return moment.astimezone(ZoneInfo(settings.woocommerce.timezone)).date()


def open_day(
    day: date, settings: Settings, catalogue: Catalogue, today: date
) -> tuple[date, date | None]:
    """Return the day to book on and, where a locked period moved it, the day it should have had.

    `today` is the day in the shop's zone. Raises Stopped (a Hold) for a day that is still to
    come, or in a locked period where `invoices.locked_period` is "hold".
    """
    if day > today:
        raise hold("day_in_future", day=str(day), today=str(today))
    locked = catalogue.lock_date
    if locked is None or day > locked:
        return day, None
    if settings.invoices.locked_period == "hold":
        raise hold("period_locked", day=str(day), locked=str(locked))
    first = locked + timedelta(days=1)
    if first > today:
        raise hold("locked_ahead", day=str(day), locked=str(locked))
    return first, day
