"""What is due now: the whole policy of the queue, as one function.

An order is due when it changed in the shop, when a credit note of it is, and when what held it may
have been mended: the configuration changed, or an hour has gone, in which PowerOffice may have.
What waits for a person or for a right is looked at once an hour.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from woo2po.record import LOOK_AGAIN_AFTER, Unfinished, Waits

if TYPE_CHECKING:
    from woo2po.store import Store


LOOK_AFTER = timedelta(hours=24)  # for what came to PowerOffice without this database
# The holds that say nothing of the money: what is noted of it is posted.
_MONEY_GOES_ON = frozenset(
    {"", "changed_after_invoice", "off_after_invoice", "off_and_changed", "failed_after_payment"}
)


@dataclass(frozen=True, slots=True)
class Agenda:
    """What is due.

    `again`: what is held and to be looked at once more, by its own id. `orders`: those to carry,
    oldest first. `waiting`: what waits, by its own id; `looks`: for that it is time to look.
    `owing`: whose money is to be posted. `asks`: PowerOffice is to be asked for something.
    """

    again: tuple[int, ...]
    orders: tuple[int, ...]
    waiting: dict[int, Waits]
    looks: bool
    owing: tuple[int, ...]
    asks: bool


def agenda(store: "Store", settings_digest: str, now: datetime) -> Agenda:
    """Return what is due, to judge by all that a state database knows."""
    facts, looked = store.unfinished(), store.memory.looked_at_waiting
    again = {one.id for one in facts if _is_due_again(one, settings_digest, now)}
    todo = [one for one in facts if one.todo or one.id in again]
    # The credit note of an order that is held waits until its order is looked at again.
    resting = {one.id for one in facts if one.hold_code and not one.todo and one.id not in again}
    orders = sorted({one.order_id for one in todo if one.order_id not in resting})
    hourly = {Waits.PERSON, Waits.SEND_PRIVILEGE, Waits.VOUCHER_PRIVILEGE}
    waiting = {one.id: one.waits for one in facts if one.waits in hourly}
    owing = [one for one in facts if one.owes and one.hold_code in _MONEY_GOES_ON]
    # None: the run in which the waiting began did not come to its end.
    looks = bool(waiting) and (looked is None or abs(now - looked) >= LOOK_AGAIN_AFTER)
    posts = any(one.waits not in hourly for one in owing)
    return Agenda(
        again=tuple(sorted(again)),
        orders=tuple(orders),
        waiting=waiting,
        looks=looks,
        owing=tuple(one.id for one in owing),
        asks=bool(orders) or store.is_unanswered() or posts or looks or _is_long_ago(store, now),
    )


def _is_long_ago(store: "Store", now: datetime) -> bool:
    """Tell whether a database may not know what another one, or a person, has made there."""
    looked = store.memory.looked
    return looked is None or abs(now - looked) >= LOOK_AFTER


def _is_due_again(one: Unfinished, settings_digest: str, now: datetime) -> bool:
    if not one.hold_code or one.todo or one.held_at is None:
        return False
    return one.held_settings != settings_digest or abs(now - one.held_at) >= LOOK_AGAIN_AFTER
