"""`status`, `retry` and `skip`: from the state database alone, without a request."""

import json
import re
from datetime import UTC, datetime, timedelta
from unittest import mock

import hosts
import pytest
import screens
from example import of_the_sandbox
from screens import begins, shown
from served import GOES, HELD, invoked
from stories import *
from world import START

from woo2po.config import load
from woo2po.pull import LONG_OVERLAP, WrongNumber
from woo2po.run import lock_of
from woo2po.sandbox.faults import Faults
from woo2po.sandbox.shop_orders import recorded_names
from woo2po.status import (
    UnknownNumber,
    by_the_clock,
    retry,
    skip,
    status_line,
    status_of,
    take_back,
    to_skip,
)
from woo2po.status import told as in_words
from woo2po.store.database import StateError
from woo2po.woocommerce import Shop

TWO_HOURS = timedelta(hours=2)
AT_ONCE = {"invoices": {"create": True, "when": "processing"}}
COMPLETED = {"invoices": {"create": True, "when": "completed"}}
PAYS = AT_ONCE | {"payments": {"register": True, "bank_account": 1920}}


def status(world, **more):
    return status_of(world.settings, world.now(), max_age=TWO_HOURS, **more)


def as_json(world, **more):
    return json.loads(screens.for_programs(world, **more))


def flat(said):
    return " ".join(said.split())


def states(world):
    """Return the state of every order by its number, and why one is not on its way."""
    orders = status(world, all_orders=True).orders
    return {one.number: (one.state, one.code) if one.code else one.state for one in orders}


@step
def is_so(world, **due):
    """Compare what `status` tells, name by name."""
    found = status(world)
    assert {name: getattr(found, name) for name in due} == due


def are(**due):
    """Compare the states of all orders, by N and number."""
    return that(states, {name.removeprefix("N"): state for name, state in due.items()})


def test_before_the_first_run_nothing_is_known(world):
    nothing = dict.fromkeys(("cursor", "last_run", "last_good_run", "oldest_waiting"))
    empty = {name: [] for name in ("orders", "noticed", "waiting", "payouts", "never_seen")}
    assert as_json(world) == nothing | empty | {
        "too_old": False, "counts": {}, "next_step": "first_run",
    }  # fmt: skip
    assert status(world).exit_code == 0
    assert not world.state.exists()
    world.state.mkdir()
    with pytest.raises(StateError) as caught:
        status(world)
    assert (caught.value.code, caught.value.exit_code) == ("state_cannot_open", 2)


@pytest.mark.parametrize(
    ("settings", "switches", "days", "what", "waits_for", "step_"),
    [
        ({}, {}, 14, "draft", "person", "invoice_drafts"),
        (AT_ONCE, {"may_send": False}, 3, "draft", "send_privilege", "ask_to_send"),
        (AT_ONCE, {"send_result": "no_answer"}, 1, "sending", "", "look_into"),
        (COMPLETED, {}, 30, "draft", "completed", "complete_orders"),
        (PAYS, {"privileges": Faults().privileges - {"BankVoucher_Full"}}, 3, "invoiced",
         "voucher_privilege", "ask_to_post"),
        (PAYS, {}, 14, "invoiced", "capture", "capture_money"),
    ],
)  # fmt: skip
def test_nothing_waits_for_ever_unseen(world, settings, switches, days, what, waits_for, step_):
    """Each way of waiting has its age; after it the line, the exit code and the step say so."""
    reserved = [{"id": 1, "key": "_vipps_amount", "value": "129900"}]
    meta = {"meta_data": reserved if waits_for == "capture" else []}
    told((configure(**settings), faults(**switches), sells(**meta), runs(1, 120), run()), world)

    def after(**long):
        later = world.now() + timedelta(**long)
        return status_of(world.settings, later, max_age=timedelta(days=99))

    (before,), (late,) = after(days=days, hours=-1).waiting, after(days=days, hours=1).waiting
    assert (late.what, late.waits_for) == (what, waits_for)
    assert (before.too_long, late.too_long) == (False, True)
    assert (after(hours=1).exit_code, after(days=days, hours=1).exit_code) == (0, 1)
    assert after(days=days, hours=1).next_step == step_


@step
def while_it_lasts(world, *steps):
    """Begin a run; it is at work while these happen."""
    with lock_of(world.state):
        told((begins, *steps), world)


@step
def asks_for_no_order(world):
    with pytest.raises(WrongNumber):
        world.run("999")


def waits_for_its_payment(seconds, *, too_long):
    return (later(seconds), is_so(exit_code=1, next_step="read_last_run"),
            that(lambda world: [(one.waits_for, one.too_long) for one in status(world).waiting],
                 [("payment", too_long)]))  # fmt: skip


# fmt: off
RUNS: dict[str, Story] = {
    "one that failed is no good run: the age counts from the last that ended with 0 or 1": (
        run(), wait(7000), the_shop(before_each=hosts.maintenance), run(), wait(300),
        is_so(too_old=True, next_step="read_last_run"),
        that(lambda world: status(world).last_run.exit_code, 3),
        that(lambda world: status(world).last_good_run < status(world).last_run.started, due=True)),
    "the first of all is not too old while it lasts: none has ended yet": (
        while_it_lasts(wait(7100), is_so(too_old=False, exit_code=0), wait(200),
                       is_so(too_old=True, next_step="let_it_work")),
        is_so(next_step="go_on_after_a_cut")),
    "one that was cut short is told at once, and is 1 only where the last good one is too old": (
        begins, wait(1), is_so(how="status_died", too_old=True, exit_code=1), runs(1, 300),
        asks_for_no_order(), is_so(next_step="nothing_to_do"), begins,
        is_so(how="status_died", too_old=False, exit_code=0, next_step="go_on_after_a_cut"),
        wait(7000), is_so(exit_code=1)),
    # Its voucher was written and never answered, and nobody can look whether it is there.
    "a payment that is never settled is told after a day": (
        configure(**PAYS), settle(), sells(),
        fails("POST", "/Vouchers/BankJournals", 1, "lost_after"),
        lambda world: world.reads.always.update(
            {"poweroffice: GET /Customerledger/Statement": "fails"}), run(),
        *waits_for_its_payment(23 * 3600, too_long=False),
        *waits_for_its_payment(2 * 3600, too_long=True)),
}
# fmt: on


@pytest.mark.parametrize("what", RUNS)
def test_a_run(world, what):
    told(RUNS[what], world)


def test_status_asks_nobody_writes_nothing_and_names_nobody(world):
    """It works while both systems are away, and beside a run; no line is too long."""
    told((loads(*recorded_names()), run()), world)
    asked, before = len(world.shop.requests) + len(world.go.requests), world.state.read_bytes()
    said = "\n".join(shown(world, language=one, all_orders=True) for one in ("nb", "en"))
    assert max(map(len, said.splitlines())) <= 80
    assert len(world.shop.requests) + len(world.go.requests) == asked
    assert world.state.read_bytes() == before
    kept = b"".join(path.read_bytes() for path in world.state.parent.glob("woo2po.db*"))
    said += str(world.logs) + kept.decode("utf-8", "replace")
    for personal in ("Nordmann", "Jane Doe", "O'Brien", "@example", "Storgata", "Fjord",
                     "912 34 567"):  # fmt: skip
        assert personal not in said


def test_what_was_noticed_of_orders_that_went_is_shown(world):
    """The newest first, and what to do; nothing is held for it."""
    meta = [{"id": 1, "key": "_billing_org_nr", "value": "923609017"}]
    firm = {"billing": {"company": "Fjord AS"}, "meta_data": meta}
    told((sells(101, **firm), sells(102, **firm), settle(), is_so(exit_code=0)), world)
    told_ = flat(shown(world))
    assert "102, 101 — went, with a remark [organisation_number_wrong] The organ" in told_
    assert "→ Correct it on the customer in PowerOffice." in told_
    # As codes too; and as a list of its own, since the orders that went are not listed.
    _, noticed = as_json(world)["noticed"]
    assert noticed.keys() == {"order_id", "number", "code", "text", "remedy"}
    assert (noticed["order_id"], noticed["code"]) == (101, "organisation_number_wrong")
    notes = [order["notes"] for order in as_json(world, all_orders=True)["orders"]]
    assert notes == [["organisation_number_wrong"]] * 2
    # For thirty days, and with --all for ever.
    world.wait(31 * 24 * 3600)
    assert as_json(world)["noticed"] == []
    assert "was left out" not in shown(world)
    assert re.findall(r"(\d+) — went", shown(world, all_orders=True)) == ["102", "101"]


def retries(due, *numbers):  # how many are put back
    return that(lambda world: retry(world.settings, list(numbers)), due)


def takes_back(number, due):
    return that(lambda world: take_back(world.settings, number), due)


def would_skip(number, *due, of="number"):
    """Compare something of what `skip` would take out."""
    return that(lambda world: [getattr(o, of) for o in to_skip(world.settings, number)], [*due])


@step
def nobody_knows(world, number, code, said=""):
    """Fail unless every command that needs one order refuses the number."""
    before = states(world)
    refused = [(skip, number, "x"), (to_skip, number), (take_back, number)]
    for command, *more in refused if said else (*refused, (retry, [number])):
        with pytest.raises(UnknownNumber, match=code) as caught:
            command(world.settings, *more)
        assert said in str(caught.value.facts)
    assert states(world) == before


# fmt: off
QUEUE: dict[str, Story] = {
    # With an id where a plugin gives orders other numbers; the next run takes them.
    "retry puts all that is held back, or those that are named": (
        loads("sweden-oss", "hidden-item-lowers-total"),
        sells(103, number="N-7", currency="kr", date_created_gmt="2026-11-20T10:00:00"), run(),
        retries(1, "#42"), retries(1, "id:103"), retries(1), retries(0), sells(), settle(),
        retries(0, "101"), that(lambda world: len(world.held()), 3), retries(1, "N-7")),
    "a number behind a sign is read whole before a prefix is taken off: that may be figures": (
        configure(orders={"number_prefix": "1"}), sells(101, total="1.00"),
        sells(102, number="01", total="1.00"), run(), would_skip("101", "101"),
        would_skip("#101", "101"), would_skip("01", "01"), would_skip("1101", "101")),
    # A plugin that was switched off and on: one is well, the other held. Both are named.
    "a number that two orders bear takes none of them out, and what is well no second look": (
        loads("sweden-oss"),
        sells(205, number="42", date_created_gmt="2026-11-20T10:00:00"), run(),
        nobody_knows("42", "number_of_two_orders", "id:205"), retries(1, "42")),
    "a number that is not known is refused": (
        loads("sweden-oss"), run(), nobody_knows("999", "order_unknown_here"),
        are(N42=("held", "foreign_vat"))),
    "what was taken out stays out, whatever becomes of it, until it is brought back": (
        loads("sweden-oss"), run(), takes_back("42", 0), skipped("42", "the wrong number"),
        takes_back("42", 1), takes_back("42", 0), are(N42="pending"), run(),
        are(N42=("held", "foreign_vat")), skipped("42", "the wrong number"),
        configure(vat={"foreign": {"SE25": {"product": "OSS", "vat_product": "OSS-MVA-SE"}}}),
        in_the_shop("edit", 42, customer_note="Takk"), later(300), then(exit_code=0, documents=0),
        are(N42=("skipped", "by_hand")),
        that(lambda world: [one.reason for one in status(world, all_orders=True).orders],
             ["Taken out by hand: the wrong number."]),
        takes_back("42", 1), settle(), then(documents=1)),
    # Its refund, made while it was out, is credited; the invoice is not made again.
    "an invoiced order that comes back is followed up again": (
        configure(**AT_ONCE), sold(), would_skip("101", "invoiced", of="state"),
        would_skip("101", "1299.00", of="total"), skipped("101", "a slip of the finger"),
        refunded("300.00"), then(documents=1), takes_back("101", 1), wait(300), settle(),
        then(documents=2), are(N101="invoiced"),
        that(lambda world: [(one.order_id, one.number, one.code) for one in status(world).noticed],
             [(101, "101", "refund_spread")])),  # of a refund without lines: the order's number
    "of an invoiced order only a refund that is held is taken out, also while it is tried again": (
        configure(**AT_ONCE, refunds={"amount_only": "hold"}), sold(), refunded("100.00"),
        would_skip("101", "held", of="state"), retries(1, "101"),
        skipped("101", "paid back by hand"), are(N101="invoiced"), is_so(exit_code=0),
        takes_back("101", 1), settle(), then("refund_without_lines")),
}
# fmt: on


@pytest.mark.parametrize("what", QUEUE)
def test_orders_are_put_back_and_taken_out(world, what):
    told(QUEUE[what], world)


# -- the screen ------------------------------------------------------------------------------------

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)  # a Monday, 19:00 in Oslo


@pytest.mark.parametrize("situation", [*screens.SITUATIONS, *screens.TEXTS])
def test_the_screen_is_the_one_that_was_looked_over(situation, tmp_path):
    """`python tests/screens.py --write` writes them anew; a person reads the difference."""
    for name, said in screens.screens(situation, tmp_path):
        assert said == (screens.EXPECTED / f"{name}.txt").read_text("utf-8"), name
        plain = said.replace("\N{NO-BREAK SPACE}", " ").splitlines()
        assert all(map(str.isprintable, plain)), name
        width = int(name.split(".")[1]) - 2 if situation in screens.SITUATIONS else 80
        assert max(map(len, plain)) <= width or situation in screens.WIDE, name
        assert situation in screens.TEXTS or len(plain) <= (23 if width == 78 else 27), name
    left = {path.name.split(".")[0] for path in screens.EXPECTED.iterdir()}
    assert left == {*screens.SITUATIONS, *screens.TEXTS}, "none is left of one that is gone"


def test_a_lock_that_nobody_may_look_at_leaves_both_open(world, monkeypatch):
    """It is another user's: a run without an end is at work, or was killed."""
    told(screens.CUT_SHORT, world)
    monkeypatch.setattr("woo2po.run.lock_of", mock.Mock(side_effect=PermissionError))
    said = shown(world)
    assert said.startswith("! The last run began a minute ago and has not come to its end:")
    assert "The last one that went well was 6 minutes ago." in flat(said)


MOMENTS = {  # how long ago; how it is told
    timedelta(): ("less than a minute ago", "for under et minutt siden"),
    timedelta(seconds=61): ("a minute ago", "for et minutt siden"),
    timedelta(minutes=59, seconds=59): ("59 minutes ago", "for 59 minutter siden"),
    timedelta(hours=1): ("today at 18:00", "i dag kl. 18.00"),
    timedelta(hours=20, minutes=50): ("yesterday at 22:10", "i går kl. 22.10"),
    timedelta(days=60): ("on 2026-09-24 at 20:00", "24.09.2026 kl. 20.00"),
    timedelta(minutes=-10): ("today at 19:10", "i dag kl. 19.10"),
    timedelta(days=-3): ("on 2026-11-26 at 19:00", "26.11.2026 kl. 19.00"),
}


@pytest.mark.parametrize(("place", "language"), [(0, "en"), (1, "nb")])
def test_a_time_is_told_as_the_shops_people_say_it(place, language):
    for before, said in MOMENTS.items():
        assert in_words(NOW - before, NOW, "Europe/Oslo", language) == said[place]
    late = NOW + timedelta(hours=5, minutes=30)  # yesterday in Oslo is still today in New York
    clocks = ("Europe/Oslo", "yesterday at 23:30"), ("America/New_York", "today at 17:30")
    for zone, said in clocks:
        assert by_the_clock(late - timedelta(hours=1), late, zone, "en") == said


# -- what no poll has shown ------------------------------------------------------------------------

A_DAY = wait(LONG_OVERLAP.total_seconds())
# A shop whose first orders went yesterday.
YESTERDAY: Story = (sells(101), sells(102), sells(103), settle(), A_DAY,
                    lambda world: world.shop.requests.clear())  # fmt: skip


@step
def imported(world, order_id):
    """Put an order into the shop that says that it was last changed long ago: no poll asks."""
    world.sells(order_id)
    world.shop.orders[order_id]["date_modified_gmt"] = "2020-01-01T00:00:00"


@step
def asked(world, *due):
    """Compare what was asked of the shop since this was asked last: polls, counts and lists."""
    said = [one.url.query.decode() for one in world.shop.requests if one.url.query]
    world.shop.requests.clear()
    kinds = {"modified_after=": "poll", "per_page=1&": "count", "include=": "orders",
             "after=": "list"}  # fmt: skip
    assert [next((k for sign, k in kinds.items() if sign in one), one) for one in said] == [*due]


def warned(**due):
    return that(lambda world: world.outcome.warnings, due)


@step
def does_not_count(world, *steps):
    """A shop that breaks when orders are counted."""

    async def broken(self, *_):
        return (await self.ask("nothing")).total

    with mock.patch.object(Shop, "count", broken):
        told(steps, world)


def never_seen(*numbers):
    return {"never_seen": {"n": str(len(numbers)), "numbers": ", ".join(numbers)}}


# fmt: off
UNSEEN: dict[str, Story] = {
    "it comes to light the next day and goes; the run says so, `status` until the next count": (
        *YESTERDAY, imported(104), run(), warned(**never_seen("104")),
        that(lambda world: "shop_104" in world.books().totals, due=True),
        is_so(never_seen=["104"]),
        that(lambda world: "1 had never been seen and are in the queue now: 104."
             in flat(shown(world)), due=True),
        later(300), warned(), A_DAY, run(), is_so(never_seen=[])),
    # A count for each status in which every order is transferred is all that it costs, once a
    # day. Of an order that is deleted for good, whose draft goes, no poll has told.
    "a difference that is explained is looked into once": (
        *YESTERDAY, run(), asked("poll", "count", "count"), later(300), asked("poll"), A_DAY,
        in_the_shop("delete", 102), run(), then(drafts={"shop_101", "shop_103"}), A_DAY,
        lambda world: world.shop.requests.clear(), run(), warned(),
        asked("poll", "count", "count"), imported(105), A_DAY, run(),
        warned(**never_seen("105"))),
    "a shop that does not count stops nothing": (
        *YESTERDAY, does_not_count(imported(104), sells(106), run(), then(exit_code=0)),
        that(lambda world: "shop_106" in world.books().totals, due=True),
        later(300), warned(**never_seen("104"))),
}
# fmt: on


@pytest.mark.parametrize("what", UNSEEN)
def test_what_no_poll_has_shown(world, what):
    told(UNSEEN[what], world)


def test_what_was_done_for_a_finished_order_is_kept_for_ninety_days(world):
    """What made its document stays, since it tells that the reference is used; a draft's all."""
    told((configure(**AT_ONCE), sold(), BY_HAND, sold(102)), world)

    def kinds():
        return [[write.kind for write in world.record(n).writes] for n in (101, 102)]

    whole, of_draft = kinds()
    assert whole == ["create_customer", "create_sales_order", "send_invoice"]
    later(89 * 86_400)(world)
    assert kinds() == [whole, of_draft]
    for again in (later(2 * 86_400), settle()):
        again(world)
        assert (world.outcome.exit_code, kinds()) == (0, [["create_sales_order"], of_draft])


# -- one line a shop, for a loop over many --------------------------------------------------------


def shop(folder, *orders, language="en"):
    """Make a shop, and let it run with these recorded orders; without any it never ran."""
    address = "https://nett.example/butikk"
    config = of_the_sandbox(folder, f"{address}/", language)
    if orders:
        world = World(folder)
        world.shop.subfolder = "/butikk"
        told((configure(woocommerce={"url": address}), loads(*orders), run()), world)
    return config


HOUR = 3600
LINES = {  # how it is with a shop: its orders, how long ago it ran; what is said, and the exit code
    "well": ([GOES], 180, "ok", "last good run 3 minutes ago, nothing held.", "", 0),
    "one held": ([GOES, HELD], 180, "look", "last good run 3 minutes ago, 1 held.",
                 "`woo2po status --config {path}` says why, and what to do.", 1),
    "stopped": ([HELD], 5 * HOUR, "look", "no run has gone well for 5 hours, 1 held.",
                "`woo2po run --config {path}`", 1),
    "stopped long ago": ([HELD], 72 * HOUR, "look", "no run has gone well for 3 days, 1", "", 1),
    # Of the line in the crontab that was forgotten plain `status` would say nothing.
    "never ran": ([], 0, "look", "no run has been made yet.",
                  "`woo2po schedule --install --config {path}`", 1),
    "damaged": ([GOES], 180, "WRONG", "", "", 2),
}  # fmt: skip


@pytest.mark.parametrize("what", LINES)
def test_a_shop_is_told_in_one_line(tmp_path, what):
    """Sign, shop, last good run, what is held; and what to type, quoted where a shell wants it."""
    orders, ago, sign, said, typed, due = LINES[what]
    config = shop(tmp_path / "min butikk", *orders)
    state = config.parent / "woo2po.db"
    if what == "damaged":
        state.write_bytes(b"no database" * 1000)
    line, code = status_line(config, load, START + timedelta(seconds=ago), TWO_HOURS, "en")
    typed = typed.format(path=f"'{config}'")
    assert line.startswith(f"{sign} nett.example/butikk: {said} {typed}".rstrip(" "))
    assert ("\n" in line, code, state.exists()) == (False, due, bool(orders))


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [("[woocommerce\n", "config.toml: "), ("", "woocommerce.url: "), (None, "config.toml: ")],
)
def test_a_configuration_that_is_wrong_is_one_line_too(tmp_path, monkeypatch, wrong, expected):
    """In the language of the environment, or its own where that can be told; exit code 2."""
    config = shop(tmp_path / "wrong", language="nb")
    config.unlink() if wrong is None else config.write_text(wrong, "utf-8")
    done = invoked("status", "--line", "--config", str(config))
    assert done.stdout.startswith(f"WRONG {config}: the configuration is wrong: ")
    assert expected in done.stdout
    assert (done.stdout.count("\n"), done.stderr, done.exit_code) == (1, "", 2)
    monkeypatch.setenv("LC_ALL", "nb_NO.UTF-8")
    said = f"FEIL {config}: konfigurasjonen er feil: "
    assert invoked("status", "--line", "--config", str(config)).stdout.startswith(said)
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    config.write_text(f'language = "nb"\n{wrong}', "utf-8")
    assert status_line(config, load, START, TWO_HOURS, "en")[0].startswith(said)
