"""`status`, `retry` and `skip`: from the state database alone, without a request."""

import json
import re
from datetime import UTC, datetime, timedelta
from unittest import mock

import hosts
import pytest
import screens
import stories

from woo2po import run, screen
from woo2po.pull import LONG_OVERLAP, WrongNumber
from woo2po.report import listed
from woo2po.run import lock_of
from woo2po.sandbox.faults import Faults
from woo2po.sandbox.shop_orders import recorded_names
from woo2po.status import UnknownNumber, retry, skip, status_of, take_back, to_skip
from woo2po.status_screen import by_the_clock, lasting, status_text, told
from woo2po.store import Store
from woo2po.store.database import StateError
from woo2po.woocommerce import Shop

TWO_HOURS = timedelta(hours=2)
INVOICES = {"invoices": {"create": True, "when": "processing"}}
ON_COMPLETION = {"invoices": {"create": True, "when": "completed"}}
PAYS = INVOICES | {"payments": {"register": True, "bank_account": 1920}}


def status(world, **more):
    return status_of(world.settings, world.now(), max_age=TWO_HOURS, **more)


def as_json(world, **more):
    """Return what `status --json` prints, as a program reads it."""
    found = status(world, **more)
    rows = (one.as_json() for one in found.orders)
    return json.loads("".join(listed(found.as_json(), "orders", rows)))


def text(world, language="en", *, all_orders=False):
    found = status(world, all_orders=all_orders)
    return status_text(found, language, world.now(), "Europe/Oslo", all_orders=all_orders)


def states(world):
    """Return the state of every order by its number."""
    return {order.number: order.state for order in status(world, all_orders=True).orders}


def test_before_the_first_run_nothing_is_known(world):
    nothing = dict.fromkeys(("cursor", "last_run", "last_good_run", "oldest_waiting"))
    empty = {name: [] for name in ("orders", "noticed", "waiting", "payouts", "never_seen")}
    assert as_json(world) == nothing | empty | {
        "too_old": False, "counts": {}, "next_step": "first_run",
    }  # fmt: skip
    assert status(world).exit_code == 0
    assert not world.state.exists()
    assert "The job has not run yet." in text(world)
    world.state.mkdir()
    with pytest.raises(StateError) as caught:
        status(world)
    assert (caught.value.code, caught.value.exit_code) == ("state_cannot_open", 2)


def test_the_json_has_the_shape_of_the_contract(world):
    """Scripts outside this repository read these names: cursor, last run, counts, orders."""
    world.loads("b2c-vipps-simple", "sweden-oss")
    world.run()
    said = as_json(world, all_orders=True)
    assert said["last_run"].keys() == {"started", "ended", "exit_code", "counts"}
    assert (said["last_run"]["exit_code"], said["next_step"]) == (1, "mend_held")
    assert said["counts"] == {"draft": 1, "held": 1}
    draft, held = said["orders"]
    assert draft == {
        "order_id": 30, "number": "30", "state": "draft", "code": "", "reason": "", "remedy": "",
        "sales_order_id": world.company.order("shop_30").id, "invoice_no": None,
        "total": "1398.00", "notes": [], "facts": {},
    }  # fmt: skip
    assert (held["order_id"], held["state"], held["code"]) == (42, "held", "foreign_vat")
    assert held["reason"].startswith("The order has VAT of SE at 25 %")
    assert held["remedy"].startswith("Book it by hand")
    assert (held["sales_order_id"], held["invoice_no"]) == ("", None)
    assert held["facts"] == {"country": "SE", "rate": "25", "name": "SE25"}
    assert [order["number"] for order in as_json(world)["orders"]] == ["42"], "the unfinished"
    # Every moment ends in Z, so that no reader has to guess a zone.
    moments = [said["cursor"], said["last_good_run"]]
    moments += [said["last_run"][name] for name in ("started", "ended")]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment) for moment in moments)
    assert said["cursor"] == "2026-11-23T18:00:00Z"
    # What waits, the oldest of each and of all.
    waits = {(w["what"], w["waits_for"], w["count"], w["oldest"]) for w in said["waiting"]}
    assert waits == {("draft", "person", 1, "30"), ("held", "", 1, "42")}
    assert said["oldest_waiting"]["since"] == min(w["since"] for w in said["waiting"])


@pytest.mark.parametrize(
    ("settings", "faults", "days", "what", "waits_for", "step"),
    [
        ({}, {}, 14, "draft", "person", "invoice_drafts"),
        (INVOICES, {"may_send": False}, 3, "draft", "send_privilege", "ask_to_send"),
        (INVOICES, {"send_result": "no_answer"}, 1, "sending", "", "look_into"),
        (ON_COMPLETION, {}, 30, "draft", "completed", "complete_orders"),
        (PAYS, {"privileges": Faults().privileges - {"BankVoucher_Full"}}, 3, "invoiced",
         "voucher_privilege", "ask_to_post"),
        (PAYS, {}, 14, "invoiced", "capture", "capture_money"),
    ],
)  # fmt: skip
def test_nothing_waits_for_ever_unseen(world, settings, faults, days, what, waits_for, step):
    """Each way of waiting has its age; after it the line, the exit code and the step say so."""
    world.configure(**settings)
    for name, value in faults.items():
        setattr(world.faults, name, value)
    reserved = [{"id": 1, "key": "_vipps_amount", "value": "129900"}]
    world.sells(101, meta_data=reserved if waits_for == "capture" else [])
    world.run()
    world.wait(120)
    world.run()

    def after(**long):
        return status_of(
            world.settings, world.now() + timedelta(**long), max_age=timedelta(days=99)
        )

    (before,), (late,) = after(days=days, hours=-1).waiting, after(days=days, hours=1).waiting
    assert (late.what, late.waits_for, before.too_long, late.too_long) == (
        what, waits_for, False, True,
    )  # fmt: skip
    assert (after(hours=1).exit_code, after(days=days, hours=1).exit_code) == (0, 1)
    assert after(days=days, hours=1).next_step == step


def test_a_payment_that_is_never_settled_is_told_after_a_day(world):
    """Its voucher was written and never answered, and nobody can look whether it is there."""
    world.configure(**PAYS)
    world.settle()
    world.sells(101)
    world.faults.at("POST", "/Vouchers/BankJournals", 1, "lost_after")
    world.wire.reads.always = {"poweroffice: GET /Customerledger/Statement": "fails"}
    world.run()
    late = []
    for hours in (23, 2):
        world.wait(hours * 3600)
        world.run()
        (waiting,) = status(world).waiting
        late.append((waiting.waits_for, waiting.too_long))
        assert (status(world).exit_code, status(world).next_step) == (1, "read_last_run")
    assert late == [("payment", False), ("payment", True)]


def test_a_run_that_failed_is_no_good_run(world):
    """The last run shows its exit code; the age counts from the last that ended with 0 or 1."""
    world.run()
    world.wait(7000)
    world.shop.before_each = hosts.maintenance
    world.run()
    world.wait(300)
    found = status(world)
    assert (found.last_run.exit_code, found.too_old, found.next_step) == (3, True, "read_last_run")
    assert found.last_good_run < found.last_run.started


def test_the_first_run_of_all_is_not_too_old_while_it_lasts(world):
    """None has gone well yet, since none has ended; that is no reason for an alarm."""
    with Store.open(world.state) as store, lock_of(world.state):
        store.begin_run(world.now())
        world.wait(7100)
        assert (status(world).too_old, status(world).exit_code) == (False, 0)
        world.wait(200)
        assert (status(world).too_old, status(world).next_step) == (True, "let_it_work")
    assert status(world).next_step == "go_on_after_a_cut"


def test_a_run_that_was_cut_short_is_told_at_once(world):
    """Nobody holds the lock. The exit code is 1 only where the last good run is too old."""
    with Store.open(world.state) as store:
        store.begin_run(world.now())
    world.wait(1)
    first = status(world)
    assert (first.how, first.too_old, first.exit_code) == ("status_died", True, 1)
    world.run()
    world.wait(300)
    with pytest.raises(WrongNumber):
        world.run("999")  # a number that no order bears says nothing of how the job is
    assert status(world).next_step == "nothing_to_do"
    with Store.open(world.state) as store:
        store.begin_run(world.now())
    later = status(world)
    assert (later.how == "status_died", later.too_old, later.exit_code) == (True, False, 0)
    assert later.next_step == "go_on_after_a_cut"
    world.wait(7000)
    assert status(world).exit_code == 1


def test_status_asks_nobody_writes_nothing_and_names_nobody(world):
    """It works while both systems are away, and beside a run; no line is too long."""
    world.loads(*recorded_names())
    world.run()
    asked, before = len(world.shop.requests) + len(world.go.requests), world.state.read_bytes()
    said = "\n".join(text(world, language, all_orders=True) for language in ("nb", "en"))
    assert max(map(len, said.splitlines())) <= 80
    assert len(world.shop.requests) + len(world.go.requests) == asked
    assert world.state.read_bytes() == before
    kept = b"".join(path.read_bytes() for path in world.state.parent.glob("woo2po.db*"))
    said += str(world.logs) + kept.decode("utf-8", "replace")
    for personal in ("Nordmann", "Jane Doe", "O'Brien", "@example", "Storgata", "Fjord",
                     "912 34 567"):  # fmt: skip
        assert personal not in said


# -- what was noticed ------------------------------------------------------------------------------


def test_what_was_noticed_of_orders_that_went_is_shown(world):
    """The newest first, and what to do; nothing is held for it."""
    meta = [{"id": 1, "key": "_billing_org_nr", "value": "923609017"}]
    for order_id in (101, 102):
        world.sells(order_id, billing={"company": "Fjord AS"}, meta_data=meta)
    world.settle()
    shown = " ".join(text(world).split())
    assert "102, 101 — went, with a remark [organisation_number_wrong] The organ" in shown
    assert "→ Correct it on the customer in PowerOffice." in shown
    assert status(world).exit_code == 0
    # As codes too; and as a list of its own, since the orders that went are not listed.
    _, noticed = as_json(world)["noticed"]
    assert noticed.keys() == {"order_id", "number", "code", "text", "remedy"}
    assert (noticed["order_id"], noticed["code"]) == (101, "organisation_number_wrong")
    notes = [order["notes"] for order in as_json(world, all_orders=True)["orders"]]
    assert notes == [["organisation_number_wrong"]] * 2
    # For thirty days, and with --all for ever.
    world.wait(31 * 24 * 3600)
    assert as_json(world)["noticed"] == []
    assert "was left out" not in text(world)
    assert re.findall(r"(\d+) — went", text(world, all_orders=True)) == ["102", "101"]


# -- retry and skip --------------------------------------------------------------------------------


def test_retry_puts_held_orders_back_in_the_queue(world):
    """All of them, or those with the numbers given, or with an id where a plugin gives orders
    other numbers; the next run takes them.
    """
    world.loads("sweden-oss", "hidden-item-lowers-total")
    world.sells(103, number="N-7", currency="kr", date_created_gmt="2026-11-20T10:00:00")
    world.run()
    assert [retry(world.settings, [number]) for number in ("#42", "id:103")] == [1, 1]
    assert retry(world.settings, []) == 1, "the one that is not in the queue already"
    assert retry(world.settings, []) == 0
    world.sells(101)
    world.settle()
    assert retry(world.settings, ["101"]) == 0, "a draft that is equal needs no second look"
    assert len(world.held()) == 3
    assert retry(world.settings, ["N-7"]) == 1


def test_a_number_behind_a_sign_is_read_whole_before_a_prefix_is_taken_off(world):
    """The prefix may be figures: #101 is 101, and not 01 under the prefix 1."""
    world.configure(orders={"number_prefix": "1"})
    world.sells(101, total="1.00")
    world.sells(102, number="01", total="1.00")
    world.run()
    named = {typed: [one.number for one in to_skip(world.settings, typed)]
             for typed in ("101", "#101", "01", "1101")}  # fmt: skip
    assert named == {"101": ["101"], "#101": ["101"], "01": ["01"], "1101": ["101"]}


def test_a_number_that_two_orders_bear_takes_none_of_them_out(world):
    """A plugin that was switched off and on: one is well, the other held. Both are named."""
    world.loads("sweden-oss")
    world.sells(205, number="42", date_created_gmt="2026-11-20T10:00:00")
    world.run()
    held = world.held()
    for refused, *more in ((skip, "x"), (to_skip,), (take_back,)):
        with pytest.raises(UnknownNumber, match="number_of_two_orders") as caught:
            refused(world.settings, "42", *more)
        assert "id:205" in caught.value.facts["ids"]
    assert world.held() == held
    assert retry(world.settings, ["42"]) == 1, "what is well needs no second look"


def test_a_number_that_is_not_known_is_refused(world):
    world.loads("sweden-oss")
    world.run()
    for command, *more in ((retry,), (skip, "x"), (to_skip,), (take_back,)):
        with pytest.raises(UnknownNumber, match="order_unknown_here"):
            command(world.settings, ["999"] if command is retry else "999", *more)
    assert states(world) == {"42": "held"}


def test_what_was_taken_out_stays_out_until_it_is_brought_back(world):
    """Whatever becomes of it in the shop; then a held order is looked at, a mended one goes."""
    (order_id,) = world.loads("sweden-oss")
    world.run()
    assert take_back(world.settings, "42") == 0, "a held one was not taken out"
    skip(world.settings, "42", "the wrong number")
    assert take_back(world.settings, "42") == 1
    assert take_back(world.settings, "42") == 0
    assert states(world) == {"42": "pending"}
    world.run()
    assert world.held() == {"42": "foreign_vat"}
    skip(world.settings, "42", "the wrong number")
    world.configure(vat={"foreign": {"SE25": {"product": "OSS", "vat_product": "OSS-MVA-SE"}}})
    world.shop.edit(order_id, customer_note="Takk")
    world.wait(300)
    assert world.run().exit_code == 0
    assert world.books().documents == ()
    (order,) = status(world, all_orders=True).orders
    assert (order.state, order.code) == ("skipped", "by_hand")
    assert order.reason == "Taken out by hand: the wrong number."
    take_back(world.settings, "42")
    world.settle()
    assert len(world.books().documents) == 1


def test_an_invoiced_order_that_comes_back_is_followed_up_again(world):
    """Its refund, made while it was out, is credited; the invoice is not made again."""
    world.configure(invoices={"create": True, "when": "processing"})
    world.sells(101)
    world.settle()
    (invoiced,) = to_skip(world.settings, "101")
    assert (invoiced.state, invoiced.total) == ("invoiced", "1299.00")
    skip(world.settings, "101", "a slip of the finger")
    world.shop.add_refund(101, {"amount": "300.00"})
    world.wait(300)
    world.settle()
    before = len(world.books().documents)
    assert take_back(world.settings, "101") == 1
    world.wait(300)
    world.settle()
    assert (before, len(world.books().documents)) == (1, 2)
    assert states(world)["101"] == "invoiced"
    (noticed,) = status(world).noticed  # of a refund without lines, it bears the order's number
    assert (noticed.order_id, noticed.number, noticed.code) == (101, "101", "refund_spread")


def test_only_what_is_held_of_an_invoiced_order_is_taken_out(world):
    """A refund that is held is the reason, also while it is tried again: the order stays in."""
    world.configure(
        invoices={"create": True, "when": "processing"}, refunds={"amount_only": "hold"}
    )
    world.sells(101)
    world.settle()
    world.shop.add_refund(101, {"amount": "100.00"})
    world.wait(300)
    world.settle()
    assert [one.state for one in to_skip(world.settings, "101")] == ["held"]
    retry(world.settings, ["101"])
    skip(world.settings, "101", "paid back by hand")
    told = [(o.state, o.code) for o in status(world, all_orders=True).orders]
    assert told == [("invoiced", "")]
    assert status(world).exit_code == 0
    assert take_back(world.settings, "101") == 1
    world.settle()
    assert list(world.held().values()) == ["refund_without_lines"]


NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)  # a Monday, 19:00 in Oslo


@pytest.mark.parametrize("situation", screens.SITUATIONS)
def test_the_screen_is_the_one_that_was_looked_over(situation, tmp_path):
    """`python tests/screens.py --write` writes them anew; a person reads the difference."""
    shown = dict(screens.screens(situation, tmp_path))
    assert len(shown) == len(screens.WIDTHS) * len(screens.LANGUAGES)
    for name, text in shown.items():
        assert text == (screens.EXPECTED / f"{name}.txt").read_text("utf-8"), name
        width = int(name.split(".")[1])
        assert max(map(len, text.splitlines())) <= width - 2, name
        assert text.count("\n") <= (23 if width == 80 else 27), name
    left = {path.name.split(".")[0] for path in screens.EXPECTED.iterdir()}
    assert left == {*screens.SITUATIONS, "demo"}, "no screen is left of one that is gone"


def test_every_reason_has_its_line_and_all_shows_every_order_by_itself(world):
    """On the narrowest screen the first with what to do, the others as far as they fit, and where
    the rest is. With --all each held one with its reason, the others in a table.
    """
    stories.told(screens.SITUATIONS["of_everything"], world)
    said = shown_on(world, screen.Screen(columns=screen.NARROWEST))
    assert "[total_below_lines]\n  For example 1031: " in said
    lines = said.splitlines()
    for start in ("42 [foreign_vat]: The ", "2084 [two_rates_at_once]: ", "  ! 2072: "):
        (line,) = (one for one in lines if one.startswith(start))
        assert len(line) <= screen.NARROWEST
    assert "`woo2po status --all` says what to do about" in " ".join(said.split())
    said = text(world, all_orders=True)
    assert "The shop has been read up to today at 19:00." in " ".join(said.split())
    for number in ("1031", "1032", "2076"):
        assert f"\n{number} — held [total_below_lines]\n" in said
    assert "\nnumber" in said
    assert said.rpartition("\n\n")[2].startswith("Next: do what the arrow says for 1031;")


def never_went_well(world):
    """The first run could not reach the shop."""
    world.shop.before_each = hosts.maintenance
    world.run()


SAYS = {  # what happens, and what the screen says then
    "a command has the order's number, in quotation marks where it needs them": (
        (stories.sells(101, number="#7 (B)", total="10.00", line_items=[]), stories.run()),
        '`woo2po skip "#7 (B)" --reason "..."`'),
    "one for several orders a word for it": (
        (stories.sells(101, line_items=[]), stories.sells(102, line_items=[]), stories.run()),
        '`woo2po skip NUMBER --reason "..."`'),
    "a clock that was wrong is told as such": (
        (stories.run(), stories.wait(-24 * 3600)),
        "! The last run is dated on 2026-11-23 at 19:00, which is"),
    "a job that never went well says so": ((never_went_well,), "No run has gone well yet."),
}  # fmt: skip


@pytest.mark.parametrize("name", SAYS)
def test_a_screen_says_how_it_is(world, name):
    story, said = SAYS[name]
    stories.told(story, world)
    assert said in " ".join(shown_on(world).split())


def test_a_lock_that_nobody_may_look_at_leaves_both_open(world, monkeypatch):
    """It is another user's: a run without an end is at work, or was killed."""
    stories.told(screens.CUT_SHORT, world)
    monkeypatch.setattr(run, "lock_of", mock.Mock(side_effect=PermissionError))
    said = shown_on(world)
    assert said.startswith("! The last run began a minute ago and has not come to its end:")
    assert "The last one that went well was 6 minutes ago." in " ".join(said.split())


def shown_on(world, here=None):
    """Return what `status` prints in English on a screen."""
    screen.use(here or screen.Screen())
    try:
        return screens.shown(world, "en")
    finally:
        screen.use(screen.Screen())


# -- times in words --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "en", "nb"),
    [
        (timedelta(), "less than a minute ago", "for under et minutt siden"),
        (timedelta(seconds=61), "a minute ago", "for et minutt siden"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago", "for 59 minutter siden"),
        (timedelta(hours=1), "today at 18:00", "i dag kl. 18.00"),
        (timedelta(hours=20, minutes=50), "yesterday at 22:10", "i går kl. 22.10"),
        (timedelta(days=60), "on 2026-09-24 at 20:00", "24.09.2026 kl. 20.00"),
        (timedelta(minutes=-10), "today at 19:10", "i dag kl. 19.10"),
        (timedelta(days=-3), "on 2026-11-26 at 19:00", "26.11.2026 kl. 19.00"),
    ],
)
def test_a_moment_is_told_as_the_shops_people_say_it(before, en, nb):
    said = [told(NOW - before, NOW, "Europe/Oslo", language) for language in ("en", "nb")]
    assert said == [en, nb]
    late = NOW + timedelta(hours=5, minutes=30)  # yesterday in Oslo is still today in New York
    clocks = ("Europe/Oslo", "yesterday at 23:30"), ("America/New_York", "today at 17:30")
    for zone, said in clocks:
        assert by_the_clock(late - timedelta(hours=1), late, zone, "en") == said


@pytest.mark.parametrize(
    ("span", "en", "nb"),
    [
        (timedelta(seconds=59), "less than a minute", "under et minutt"),
        (timedelta(minutes=1), "a minute", "et minutt"),
        (timedelta(hours=1), "an hour", "en time"),
        (timedelta(hours=47), "47 hours", "47 timer"),
        (timedelta(hours=48), "2 days", "2 dager"),
    ],
)
def test_a_span_is_told_in_the_unit_that_fits(span, en, nb):
    assert (lasting(span, "en"), lasting(span, "nb")) == (en, nb)


LONG_AGO = {"date_modified_gmt": "2020-01-01T00:00:00"}  # no poll asks for it: an import's


@pytest.fixture
def sold(world):
    """A shop whose first orders went yesterday."""
    for order_id in (101, 102, 103):
        world.sells(order_id)
    world.settle()
    world.wait(LONG_OVERLAP.total_seconds())
    world.shop.requests.clear()
    return world


def imported(world, order_id, **more):
    """Put an order into the shop that says that it was last changed long ago."""
    world.sells(order_id)
    world.shop.orders[order_id] |= LONG_AGO | more


def asked(world):
    """Return what was asked of the shop since this was asked last: polls, counts and lists."""
    said = [one.url.query.decode() for one in world.shop.requests if one.url.query]
    world.shop.requests.clear()
    kinds = {"modified_after=": "poll", "per_page=1&": "count", "include=": "orders",
             "after=": "list"}  # fmt: skip
    return [next((k for sign, k in kinds.items() if sign in one), one) for one in said]


def test_what_no_poll_has_shown_comes_to_light_the_next_day_and_goes(sold):
    """The run says so, with the number; `status` too, until the next count."""
    imported(sold, 104)
    outcome = sold.run()
    assert outcome.warnings["never_seen"] == {"n": "1", "numbers": "104"}
    assert sold.company.order("shop_104")
    assert status(sold).never_seen == ["104"]
    assert "1 had never been seen and are in the queue now: 104." in " ".join(text(sold).split())
    sold.wait(300)
    assert "never_seen" not in sold.run().warnings
    sold.wait(LONG_OVERLAP.total_seconds())
    sold.run()
    assert status(sold).never_seen == []


def test_a_difference_that_is_explained_is_looked_into_once(sold):
    """Nor is an order deleted for good, whose draft goes, though no poll has told of it. Else a
    count for each status in which every order is transferred is all that it costs, once a day.
    """
    sold.run()
    assert asked(sold) == ["poll", "count", "count"]
    sold.wait(300)
    sold.run()
    assert asked(sold) == ["poll"]
    sold.wait(LONG_OVERLAP.total_seconds())
    sold.shop.delete(102)
    sold.run()
    assert asked(sold).count("list") == 1
    assert set(sold.books().totals) == {"shop_101", "shop_103"}
    sold.wait(LONG_OVERLAP.total_seconds())
    assert sold.run().warnings == {}
    assert asked(sold) == ["poll", "count", "count"]
    imported(sold, 105)
    sold.wait(LONG_OVERLAP.total_seconds())
    assert sold.run().warnings["never_seen"]["numbers"] == "105"


def test_a_shop_that_does_not_count_stops_nothing(sold, monkeypatch):
    async def broken(self, *_):
        return (await self.ask("nothing")).total

    counting = Shop.count
    monkeypatch.setattr(Shop, "count", broken)
    imported(sold, 104)
    sold.sells(106)
    assert sold.run().exit_code == 0
    assert sold.company.order("shop_106")
    monkeypatch.setattr(Shop, "count", counting)
    sold.wait(300)
    assert sold.run().warnings["never_seen"]["numbers"] == "104"


def test_what_was_done_for_a_finished_order_is_kept_for_ninety_days(world):
    """What made its document stays, since it tells that the reference is used; a draft's all."""
    world.configure(invoices={"create": True, "when": "processing"})
    world.sells(101)
    world.settle()
    world.configure(invoices={"create": False})
    world.sells(102)
    world.settle()
    kinds = [[w.kind for w in world.record(n).writes] for n in (101, 102)]
    assert kinds == [["create_customer", "create_sales_order", "send_invoice"], kinds[1]]
    for days in (89, 2):
        world.wait(days * 86_400)
        world.run()
        after = [[w.kind for w in world.record(n).writes] for n in (101, 102)]
        assert after == (kinds if days == 89 else [["create_sales_order"], kinds[1]])
    assert world.settle().exit_code == 0
    assert [one.kind for one in world.record(101).writes] == ["create_sales_order"]
