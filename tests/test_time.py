"""Clocks that are wrong, or are set: ours, the shop's, PowerOffice's; midnight, summer time; and
days without PowerOffice or without the shop: what cron's runs say, and what comes after.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import hosts
import pytest
from stories import *
from world import SETTLE_AFTER, World

from woo2po.commands import call
from woo2po.record import State
from woo2po.status import Status, status_of

DAY = 86_400.0
SETTLED = SETTLE_AFTER + 1
PRODUCTS, ORDERS = "poweroffice: GET /Products", "shop: GET /wp-json/wc/v3/orders"
GROUPS = "poweroffice: GET /ProductGroups"
TODAY = date(2026, 11, 23)


@step
def shop_clock(world: World, days: float = 0) -> None:
    """Let the shop's clock, and so the times of what changes there, be days off from now on."""
    world.shop.clock = lambda: world.now() + timedelta(days=days)


@step
def poweroffice_clock(world: World, days: float = 0) -> None:
    """Let PowerOffice's clock be days off from now on."""
    world.go.clock = world.company.clock = lambda: world.now() + timedelta(days=days)
    world.faults.requests_per_second = None  # it counts by the same clock


our_clock = step(lambda world, days=0: setattr(world, "drift", days * DAY))  # days off, too
it_is = step(World.arrive_at)


@step
def sells_paid(world: World, order_id: int = 101, moment: str = "") -> None:
    paid = moment or world.now().replace(tzinfo=None).isoformat(timespec="seconds")
    email = f"k{order_id}@example.no"
    world.sells(order_id, email=email, date_paid=paid, date_paid_gmt=paid)


def arrived(*numbers: int) -> Step:
    return then(totals=lambda found: set(found) == {f"shop_{n}" for n in numbers})


def days_of(*days: date) -> dict[str, Any]:
    return {"vouchers": lambda found: sorted(one.day for one in found) == sorted(days)}


@step
def idle_polls(world: World) -> None:
    """The shop is asked twice once, when the clock is seen to have gone back, then once a run."""
    asked = []
    for _ in range(3):
        before = len(world.shop.requests)
        later(300)(world)
        asked.append(len(world.shop.requests) - before)
    assert asked[1:] == [1, 1]


LOST: Story = (sells(), loses({1: ["lost_after"]}))
QUEUE = faults(send_result="late", send_seconds=600, never_sent_state="none")

# fmt: off
CLOCKS: dict[str, Story] = {
    **{f"orders come though the shop's jumps and is set right again ({days} days)": (
        *(one for n, off in enumerate((0.0, days, days, 0.0, 0.0), 101) for one in (
            shop_clock(off), sells(n), runs(1, 300))),
        arrived(*range(101, 106)), settle(), then(counts={}))
       for days in (-400, -0.5, 3)},
    "what changed while the job stood still is found though the shop's was set back": (
        shop_clock(30), sells(), runs(1, DAY), shop_clock(), sells(102), later(6 * DAY),
        arrived(101, 102)),
    "an idle poll stays one request after the shop's was set back": (
        shop_clock(3), run(), shop_clock(), idle_polls()),
    **{f"ours jumps and never shortens the wait for an answer {drift}": (
        our_clock(drift[0]), *LOST, run(),
        *(one for days in drift[1:] for one in (
            our_clock(days), later(2), then(counts={"waiting": 1}))),
        settle(), then(made=1), arrived(101))
       for drift in ((4, 0, 4), (-4, 0, -4), (0, -400, 400))},
}
BUSINESS: dict[str, Story] = {
    **{f"ours is wrong by days: dates are the shop's, what lies ahead waits ({days})": (
        our_clock(days), sells_paid(), settle(), our_clock(), an_hour_later, settle(),
        then(balances={"shop_101": 0}, **days_of(TODAY)))
       for days in (-400, -4, 4)},
    **{f"a payment without an answer is settled soon though ours was set ({days})": (
        sells(), fails("POST", "/Vouchers/BankJournals", 1, "lost_before"), run(), our_clock(days),
        later(2), then(paid=0), later(SETTLED), then(paid=1))
       for days in (-3, 3)},
    **{f"an invoice is asked for once though ours was set ({days})": (
        QUEUE, sells(), run(), our_clock(days), later(200, 4), settle(),
        then(balances={"shop_101": 0}, sendings=1))
       for days in (-3, 3)},
    **{f"PowerOffice's is wrong {when}, and set right ({days})": (
        BY_HAND, poweroffice_clock(first), sells(), loses({0: ["lost_after"], 1: ["lost_after"]}),
        run(), poweroffice_clock(second), wait(SETTLED), settle(),
        lambda world: world.company.invoice_by_hand("shop_101", world.company.today()) and None,
        an_hour_later,
        poweroffice_clock(), an_hour_later, settle(),
        then(names={"shop_101"}, state=State.INVOICED, paid=1))
       for days in (-60, 3)
       for when, first, second in (("before", days, 0), ("after the order", 0, days))},
    "a run may last past midnight: each order keeps its own day": (
        it_is(datetime(2026, 11, 23, 22, 59, 50, tzinfo=UTC)), faults(latency=3),
        sells_paid(101, "2026-11-23T22:59:10"), sells_paid(102, "2026-11-23T22:59:40"), run(),
        that(lambda world: world.now() > datetime(2026, 11, 23, 23, tzinfo=UTC), due=True),
        sells_paid(103), settle(), then(**days_of(TODAY, date(2026, 11, 24))),
        that(lambda world: [one.invoice_day.day for one in world.books().documents],
             [23, 23, 24])),
    **{f"summer time begins and ends: an order every ten minutes ({name})": (
        it_is(midnight), *(one for n in range(101, 114) for one in (sells_paid(n), later(600))),
        settle(), then(open={}, names={f"shop_{n}" for n in range(101, 114)}),
        that(lambda world: {one.invoice_day for one in world.books().documents}, {midnight.date()}))
       for name, midnight in (("the double hour", datetime(2026, 10, 25, tzinfo=UTC)),
                              ("the missing hour", datetime(2027, 3, 28, tzinfo=UTC)))},
}
# fmt: on


@pytest.mark.parametrize("what", CLOCKS)
def test_a_clock_is_wrong(what, world):
    told(CLOCKS[what], world)


@pytest.mark.parametrize("what", BUSINESS)
def test_a_clock_is_wrong_where_invoices_are_made(what, tmp_path):
    told(BUSINESS[what], business(tmp_path))


def test_a_run_goes_by_an_even_clock(monkeypatch):
    """The machine's may be set in the middle of it: the run does not notice."""
    clock = call.steady()
    before = clock()

    class Set(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # noqa: ARG003
            return datetime(2031, 1, 1, tzinfo=UTC)

    monkeypatch.setattr(call, "datetime", Set)
    assert timedelta(0) <= clock() - before < timedelta(minutes=1)


def status(world: World) -> Status:
    """Return what `woo2po status` says with its own idea of an old run."""
    return status_of(world.settings, world.now(), max_age=timedelta(hours=2))


# -- much at once ----------------------------------------------------------------------------------


def test_a_backlog_of_a_year_is_queued_whole_and_carried_in_parts(world):
    """The cursor far in the past: one listing, whose orders go as many a run as asked for."""
    world.configure(woocommerce={"orders_from": date(2025, 11, 1)})
    for n in range(240):
        day = datetime(2025, 11, 2, tzinfo=UTC) + timedelta(days=1.5 * n)
        created = day.replace(tzinfo=None).isoformat()
        shop_clock((day - world.now()).total_seconds() / DAY)(world)
        world.sells(1000 + n, date_created=created, date_created_gmt=created)
    shop_clock()(world)
    for left in (237, 234):
        counts = world.run(limit=3).counts
        assert (counts["made"], counts["left"]) == (3, left)
    arrived(*range(1000, 1006))(world)


def test_a_backlog_whose_listing_breaks_off_is_listed_anew(world):
    """The cursor moves with the last page only, so what stood behind the break is not lost."""
    for n in range(120):
        world.sells(1000 + n, status="processing" if n in {0, 119} else "on-hold")

    def break_off(request):
        return hosts.maintenance(request) if "offset=99" in str(request.url) else None

    world.shop.before_each = break_off
    assert world.run().exit_code == 3
    world.shop.before_each = hosts.nothing
    told((later(300), arrived(1000, 1119)), world)


def test_an_order_may_change_ten_thousand_times(world):
    """Of every edit the last one is kept, so what is known of an order does not grow."""
    kept = []
    for n in range(8):
        becomes(101, Goods("GEN-001", f"{1299 - n}.00"), Goods("LUE-7", "249.00"))(world)
        kept.append(len(world.record(101).writes))
    assert kept[3] == kept[-1] < 10
    then(totals={"shop_101": 1541})(world)


# -- a day without one of the two ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("side", "how", "problems"),
    [
        *(("wire", how, {"poweroffice_not_reached", "poweroffice_no_answer"})
          for how in ("connect_error", "503", "timeout_before")),
        ("shop_wire", "no connection", {"shop_unreachable"}),
        ("shop_wire", "fails", {"shop_server_error"}),
        ("shop_wire", "is a page", {"shop_not_json"}),
    ],
)  # fmt: skip
def test_a_day_without_one_of_the_two_is_said_and_made_up_for(world, side, how, problems):
    """Every run ends with 3 and the reason, `status` with 1; what was sold meanwhile is found by
    the first run after it, however long ago.
    """
    told((sells(), run()), world)
    getattr(world, side).down = how
    world.sells(102, email="en@kunde.example")
    outcomes = []
    for _ in range(24):  # cron's runs go on, one an hour
        outcomes.append(world.run())
        world.wait(3600)
    (said,) = {(outcome.exit_code, outcome.problem) for outcome in outcomes}
    assert (said[0], said[1] in problems) == (3, True), said
    stops = {log["problem"] for log in world.logs if log["event"] == "run_stopped"}
    assert stops == {said[1]}
    assert (status(world).exit_code, [one.number for one in status(world).orders]) == (
        1, ["102"] if side == "wire" else [],
    )  # fmt: skip
    getattr(world, side).down = ""
    told((settle() if side == "wire" else run(), then(exit_code=0), arrived(101, 102)), world)
    assert status(world).exit_code == 0


def reads(**always: str) -> Step:
    """Let every such question be answered wrongly; none: all are answered well."""
    return lambda world: setattr(world.reads, "always", always)


# fmt: off
SHORT: dict[str, Story] = {
    "what waited out an outage is not lost to an empty list, though it is in no poll any more": (
        sells(), lambda world: setattr(world.wire, "down", "connect_error"), runs(2, 2 * DAY),
        lambda world: setattr(world.wire, "down", ""), reads(**{ORDERS: "is empty"}), run(),
        reads(), settle(), arrived(101)),
    # `status` does not say that all is well.
    "a last run in the future is no good sign: the clock was days ahead when it was noted": (
        our_clock(3), run(), that(lambda world: status(world).too_old, due=True)),
    "a product list that came short holds an order for an hour at most": (
        sells(), reads(**{PRODUCTS: "is empty"}), run(), then("product_missing"), reads(),
        later(3601), arrived(101)),
}
# fmt: on


@pytest.mark.parametrize("what", SHORT)
def test_an_answer_came_short_or_too_early(what, world):
    told(SHORT[what], world)


def test_a_product_whose_group_was_not_listed_is_no_reason_for_another(world):
    """The groups are asked for once more before a product counts as one that can't be sold on."""
    again = world.twin(world.state.parent / "again")
    again.state.parent.mkdir()
    told((sells(101, Goods("LUE-7", "249.00")), run()), world)
    again.reads.plan = {world.reads.asked.index(GROUPS): "is empty"}
    told((sells(101, Goods("LUE-7", "249.00")), run()), again)
    assert again.reads.met == 1
    assert again.books().documents == world.books().documents
