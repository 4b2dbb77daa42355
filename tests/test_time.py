"""Clocks that are wrong, or are set: ours, the shop's, PowerOffice's; midnight, summer time."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from after import balances, business, hour_later, invoiced, vouchers
from world import SETTLE_AFTER, Goods, World

from woo2po import status
from woo2po.commands import call
from woo2po.record import State

DAY = 86_400.0
ORDER = 1  # the second write for an order of a new customer


def shop_clock_is_off(world: World, days: float) -> None:
    """Let the shop's clock, and so the times of what changes there, be days off from now on."""
    world.shop.clock = lambda: world.now() + timedelta(days=days)


def poweroffice_clock_is_off(world: World, days: float) -> None:
    """Let PowerOffice's clock be days off from now on."""
    world.go.clock = world.company.clock = lambda: world.now() + timedelta(days=days)
    world.faults.requests_per_second = None  # it counts by the same clock


def arrived(world: World) -> set[str]:
    """Return the references of the documents in PowerOffice."""
    return set(world.books().totals)


# -- the shop's clock ------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [-400, -3, -0.5, 0.5, 3, 400])
def test_orders_come_though_the_shops_clock_jumps_and_is_set_right_again(
    world: World, days: float
) -> None:
    """The cursor is on that clock; none is lost before the jump, meanwhile, or after it."""
    for order_id, off in ((101, 0.0), (102, days), (103, days), (104, 0.0), (105, 0.0)):
        shop_clock_is_off(world, off)
        world.sells(order_id)
        world.run()
        world.wait(300)
    assert arrived(world) == {f"shop_{n}" for n in range(101, 106)}
    assert world.settle().counts == {}


def test_what_changed_while_the_job_stood_still_is_found_though_the_clock_was_set_back(
    world: World,
) -> None:
    """A week without a run, in which the shop's clock, a month ahead, was set right."""
    shop_clock_is_off(world, 30)
    world.sells(101)
    world.run()
    world.wait(DAY)
    shop_clock_is_off(world, 0)
    world.sells(102)
    world.wait(6 * DAY)
    world.run()
    assert arrived(world) == {"shop_101", "shop_102"}


def test_an_idle_poll_stays_one_request_after_the_shops_clock_was_set_back(world: World) -> None:
    """It is asked twice once, when the clock is seen to have gone back."""
    shop_clock_is_off(world, 3)
    world.run()
    shop_clock_is_off(world, 0)
    asked = []
    for _ in range(3):
        world.wait(300)
        before = len(world.shop.requests)
        world.run()
        asked.append(len(world.shop.requests) - before)
    assert asked[1:] == [1, 1]


# -- our own clock ---------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [-400, -4, 4, 400])
def test_a_clock_of_ours_that_is_days_wrong_changes_nothing_in_the_books(
    tmp_path: Path, days: float
) -> None:
    """Dates are those of the shop; what lies in our future waits and is said, till it is right."""
    world = business(tmp_path)
    world.drift = days * DAY
    paid = world.now().replace(tzinfo=None).isoformat(timespec="seconds")
    world.sells(101, date_paid=paid, date_paid_gmt=paid)
    world.settle()
    world.drift = 0
    hour_later(world)
    world.settle()
    assert balances(world) == {"shop_101": 0}
    assert [one.day for one in vouchers(world)] == [date(2026, 11, 23)]
    assert world.held() == {}


@pytest.mark.parametrize("drift", [[4, 0, 4], [-4, 0, -4], [0, 4, -4], [0, -400, 400]])
def test_a_clock_of_ours_that_jumps_never_shortens_the_wait_for_an_answer(
    world: World, drift: list[float]
) -> None:
    """Two seconds after the attempt nobody looks, whatever the clock says; later all is settled."""
    world.sells(101)
    world.wire.plan = {ORDER: ["lost_after"]}
    world.drift = drift[0] * DAY
    world.run()
    for days in drift[1:]:
        world.drift = days * DAY
        world.wait(2)
        assert world.run().counts == {"waiting": 1}
    world.settle()
    assert arrived(world) == {"shop_101"}
    assert len(world.asked("POST", "/SalesOrders/Complete")) == 1


@pytest.mark.parametrize("days", [-3, 3])
def test_a_payment_without_an_answer_is_settled_soon_though_our_clock_was_set(
    tmp_path: Path, days: float
) -> None:
    """Set back, it does not wait for days; set forward, not for too short a time."""
    world = business(tmp_path)
    world.sells(101)
    world.faults.at("POST", "/Vouchers/BankJournals", 1, "lost_before")
    world.run()
    world.drift = days * DAY
    world.wait(2)
    world.run()
    assert vouchers(world) == []
    world.wait(SETTLE_AFTER + 1)
    world.run()
    assert len(vouchers(world)) == 1


@pytest.mark.parametrize("days", [-3, 3])
def test_an_invoice_that_was_asked_for_is_asked_for_once_though_our_clock_was_set(
    tmp_path: Path, days: float
) -> None:
    """PowerOffice takes ten minutes; a jump of our clock is not the time that must go by."""
    world = business(tmp_path)
    world.faults.send_result, world.faults.send_seconds = "late", 600
    world.faults.never_sent_state = "none"
    world.sells(101)
    world.run()
    world.drift = days * DAY
    for _ in range(4):
        world.wait(200)
        world.run()
    world.settle()
    assert balances(world) == {"shop_101": 0}
    assert sum(sent.sends for sent in world.wire.writes) == 1


def test_a_run_goes_by_an_even_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's may be set in the middle of it: the run does not notice."""
    clock = call.steady()
    before = clock()

    class Set(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # noqa: ARG003
            return datetime(2031, 1, 1, tzinfo=UTC)

    monkeypatch.setattr(call, "datetime", Set)
    assert timedelta(0) <= clock() - before < timedelta(minutes=1)


def test_a_last_run_in_the_future_is_no_good_sign(world: World) -> None:
    """The clock was days ahead when it was written down: `status` does not say that all is well."""
    world.drift = 3 * DAY
    world.run()
    later = status.status_of(world.settings, world.now(), max_age=timedelta(hours=2))
    assert later.too_old


# -- PowerOffice's clock ---------------------------------------------------------------------------


@pytest.mark.parametrize("days", [-60, -3, 3])
@pytest.mark.parametrize("when", ["before", "after the order"])
def test_poweroffices_clock_may_be_wrong_and_be_set_right(
    tmp_path: Path, days: float, when: str
) -> None:
    """Lost answers, invoices by hand and payments are found all the same, and once."""
    world = business(tmp_path, invoices={"create": False})
    if when == "before":
        poweroffice_clock_is_off(world, days)
    world.sells(101)
    world.wire.plan = {0: ["lost_after"], ORDER: ["lost_after"]}
    world.run()
    poweroffice_clock_is_off(world, 0 if when == "before" else days)
    world.wait(SETTLE_AFTER + 1)
    world.settle()
    day = world.company.today()
    world.company.invoice_by_hand("shop_101", day)
    hour_later(world)
    poweroffice_clock_is_off(world, 0)
    hour_later(world)
    world.settle()
    assert invoiced(world).keys() == balances(world).keys() == {"shop_101"}
    assert world.record(101).state is State.INVOICED
    assert len(vouchers(world)) == 1


# -- midnight and summer time ----------------------------------------------------------------------


def at(world: World, moment: datetime) -> None:
    """Let it be a moment."""
    world.wait((moment - world.now()).total_seconds())


def test_a_run_may_last_past_midnight(tmp_path: Path) -> None:
    """Each order keeps its own day, and the next run finds nothing left."""
    world = business(tmp_path)
    at(world, datetime(2026, 11, 23, 22, 59, 50, tzinfo=UTC))
    world.faults.latency = 3
    for n, second in enumerate((10, 40), 101):
        paid = f"2026-11-23T22:59:{second}"
        world.sells(n, email=f"k{n}@example.no", date_paid=paid, date_paid_gmt=paid)
    world.run()
    assert world.now() > datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
    paid = world.now().replace(tzinfo=None).isoformat(timespec="seconds")
    world.sells(103, email="k103@example.no", date_paid=paid, date_paid_gmt=paid)
    world.settle()
    days = {one.reference: one.invoice_day for one in world.books().documents}
    assert days == {
        "shop_101": date(2026, 11, 23),
        "shop_102": date(2026, 11, 23),
        "shop_103": date(2026, 11, 24),
    }
    assert sorted(one.day.day for one in vouchers(world)) == [23, 24]
    assert world.held() == {}


@pytest.mark.parametrize(
    "midnight", [datetime(2026, 10, 25, tzinfo=UTC), datetime(2027, 3, 28, tzinfo=UTC)],
    ids=["the double hour", "the missing hour"],
)  # fmt: skip
def test_summer_time_begins_and_ends_without_an_order_lost_or_doubled(
    tmp_path: Path, midnight: datetime
) -> None:
    """An order every ten minutes, from before the hour to after it; each on its own day."""
    world = business(tmp_path)
    at(world, midnight)
    for order_id in range(101, 114):
        paid = world.now().replace(tzinfo=None).isoformat(timespec="seconds")
        world.sells(order_id, date_paid=paid, date_paid_gmt=paid)
        world.wait(600)
        world.run()
    world.settle()
    assert set(balances(world)) == {f"shop_{n}" for n in range(101, 114)}
    assert {one.invoice_day for one in world.books().documents} == {midnight.date()}
    assert set(balances(world).values()) == {0}


# -- much at once ----------------------------------------------------------------------------------


def test_a_backlog_of_a_year_is_queued_whole_and_carried_in_parts(world: World) -> None:
    """The cursor far in the past: one listing, whose orders go as many a run as asked for."""
    world.configure(woocommerce={"orders_from": date(2025, 11, 1)})
    for n in range(240):
        day = datetime(2025, 11, 2, tzinfo=UTC) + timedelta(days=1.5 * n)
        created = day.replace(tzinfo=None).isoformat()
        shop_clock_is_off(world, (day - world.now()).total_seconds() / DAY)
        world.sells(1000 + n, date_created=created, date_created_gmt=created)
    shop_clock_is_off(world, 0)
    first = world.run(limit=3)
    assert (first.counts["made"], first.counts["left"]) == (3, 237)
    second = world.run(limit=3)
    assert (second.counts["made"], second.counts["left"]) == (3, 234)
    assert arrived(world) == {f"shop_{1000 + n}" for n in range(6)}


def test_a_backlog_whose_listing_breaks_off_is_listed_anew(world: World) -> None:
    """The cursor moves with the last page only, so what stood behind the break is not lost."""
    for n in range(120):
        world.sells(1000 + n, status="on-hold")
    for n in (0, 119):
        world.shop.set_status(1000 + n, "processing")

    def break_off() -> None:
        second_page = "offset=99" in world.shop.requests[-1].query
        world.shop.misbehaviour.maintenance = second_page

    world.shop.before_each = break_off
    assert world.run().exit_code == 3
    world.shop.before_each, world.shop.misbehaviour.maintenance = None, False
    world.wait(300)
    world.run()
    assert arrived(world) == {"shop_1000", "shop_1119"}


def test_an_order_may_change_ten_thousand_times(world: World) -> None:
    """Of every edit the last one is kept, so what is known of an order does not grow."""
    kept = []
    for n in range(20):
        world.sells(101, Goods("GEN-001", f"{1299 - n}.00"), Goods("LUE-7", "249.00"))
        world.settle()
        world.wait(300)
        kept.append(len(world.record(101).writes))
    assert kept[3] == kept[-1] < 10
    assert world.held() == {}
    assert [float(total) for total in world.books().totals.values()] == [1529.0]
