"""`probe`: what nobody knows of PowerOffice is found out, and what was made goes again."""

import json
import os
import pty
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from functools import partial
from unittest import mock

import pytest
import virtual_time
from served import served
from thoroughly import thorough
from world import World

from woo2po.documents import Rounding
from woo2po.mapping.prices import sums_of
from woo2po.poweroffice.probing import Probing
from woo2po.probe import Probed, Record, is_demo, probe, probe_json, probe_report, probe_text
from woo2po.probe.bench import NAME
from woo2po.probe.trials import QUESTIONS, TELLING, Verdict, wanted_lines, ways_of
from woo2po.screen import Screen, here, use
from woo2po.stopping import Stop

AS_ASSUMED, OTHERWISE = Verdict.AS_ASSUMED, Verdict.OTHERWISE
EITHER, NOT_TRIED = Verdict.EITHER, Verdict.NOT_TRIED
EMOJI = "\N{WRAPPED PRESENT}"


def probed(world: World, stop: Stop | None = None, record: Record | None = None) -> Probed:
    """Return what a probe of the world's company finds out, in virtual time."""
    in_time = partial(Probing, now=virtual_time.clock)
    connections = replace(world.connections, stop=Stop(), asked=Counter())
    with mock.patch("woo2po.poweroffice.probing.Probing", in_time):
        work = probe(world.settings, world.now, record or Record(), stop or Stop(), connections)
        return world.in_virtual_time(work)


def every(found: Probed) -> list:
    """Return all that was learned."""
    return [one for learned in found.learned.values() for one in learned]


def told(found: Probed, code: str, **facts: str):
    """Return the fact of a code, and where there are several the one with these facts."""
    (one,) = (
        one for one in every(found) if one.code == code and facts.items() <= one.facts.items()
    )
    return one


def stands(world: World) -> list[str]:
    """Return what there is of a probe in the books."""
    books = world.company
    names = [customer.shown_name for customer in books.customers.values()]
    names += [product.name for product in books.products.values()]
    names += [order.external_import_reference for order in books.sales_orders.values()]
    return [name for name in names if NAME in (name or "") or "woo2po-probe" in (name or "")]


# -- what it finds out -----------------------------------------------------------------------------


def test_a_poweroffice_as_assumed_holds_no_surprise(world):
    """Every fact is found out, and none is other than the job assumes."""
    found = probed(world)
    verdicts = Counter(one.verdict for one in every(found))
    assert verdicts.keys() == {AS_ASSUMED, EITHER}
    assert len(every(found)) > 60
    assert found.exit_code == 0
    assert told(found, "decimals_kept").facts["value"] == "10"


def test_all_that_was_made_is_taken_away_again(world):
    """Two customers, products, drafts: nothing of them is left, and nothing was sent or posted."""
    found = probed(world)
    assert found.made > 15
    assert found.left == ()
    assert stands(world) == []
    assert world.company.outgoing_invoices == {}
    assert world.company.vouchers == {}
    assert not [path for _, path, _ in world.go.requests if "createAndSend" in path]
    assert found.asked == len(world.go.requests) < 130


def test_nothing_of_the_company_s_own_is_touched(world):
    """Writes go to what the probe has made, and to nothing else."""
    ids = {str(one) for one in (*world.company.customers, *world.company.products)}
    world.sells(101)
    world.settle()
    ids |= {str(one) for one in (*world.company.customers, *world.company.sales_orders)}
    asked = len(world.go.requests)
    probed(world)
    touched = [path.split("/")[2] for method, path, _ in world.go.requests[asked:]
               if method in {"PATCH", "DELETE"}]  # fmt: skip
    assert not ids & set(touched)
    assert world.record(101).sales_order_id in world.company.sales_orders


@pytest.mark.parametrize(
    ("switch", "code", "verdict", "outcome"),
    [
        ({"unknown_query_names": "ignored"}, "unknown_query", OTHERWISE, "accepted and ignored."),
        ({"empty_list": "brackets"}, "empty_list", AS_ASSUMED, "with []"),
        ({"spec": "2025"}, "page_largest", AS_ASSUMED, "at least 20000"),
        ({"spec": "2025"}, "email_case", EITHER, "does not exist"),
        ({"email_filter": "exact"}, "email_case", OTHERWISE, "not found"),
        ({"duplicate_order_reference": "accepted"}, "reference_twice", OTHERWISE, "accepted ("),
        ({"duplicate_order_reference": "conflict"}, "reference_twice", AS_ASSUMED, "refused ("),
        (
            {"duplicate_order_reference": "adopted"},
            "reference_twice",
            EITHER,
            "the first one came back",
        ),
        ({"deleted_reference": "kept"}, "reference_freed", EITHER, "refused ("),
        ({"never_sent_state": "none"}, "never_sent", AS_ASSUMED, "without a body"),
        (
            {"unknown_body_properties": "ignored"},
            "unknown_property",
            EITHER,
            "accepted and ignored.",
        ),
        ({"archived_on_order": "accepted"}, "customer_archived", EITHER, "accepted ("),
        ({"archived_on_order": "accepted"}, "product_archived", EITHER, "accepted ("),
        ({"max_unit_price_decimals": 2}, "decimals_kept", OTHERWISE, "it is 2"),
        ({"max_unit_price_decimals": 4}, "decimals_count", OTHERWISE, "it is "),
        ({"refused_characters": EMOJI}, "text_emoji", OTHERWISE, "refused ("),
        ({"refused_characters": "\x07"}, "text_control", EITHER, "refused ("),
        ({"refused_characters": "<>"}, "text_tags", OTHERWISE, "refused ("),
        ({"undeletable": {"order"}}, "draft_deleted", OTHERWISE, "refused ("),
    ],
)
def test_a_poweroffice_of_another_kind_is_told_apart(world, switch, code, verdict, outcome):
    """Each way in which the stand-in can be shows as another finding, and is cleared away."""
    for name, value in switch.items():
        setattr(world.faults, name, value)
    found = probed(world)
    one = told(found, code)
    assert one.verdict is verdict
    assert outcome in one.found
    if "undeletable" not in switch:
        assert stands(world) == []


def test_the_filters_that_exist_are_named(world):
    """By list; those that do not exist with the status they were refused with."""
    world.faults.spec = "2025"
    facts = told(probed(world), "filters", path="SalesOrders").facts
    assert facts["there"] == "-"
    assert "importedOrderNos (HTTP 400)" in facts["missing"]


@pytest.mark.parametrize("length", [150, 300, 450])
def test_how_long_a_description_may_be_is_found_out(world, length):
    """What the job never sends may be refused."""
    world.faults.longest_description = length
    found = probed(world)
    for size in (200, 400, 500, 1000):
        one = told(found, "length", length=str(size))
        assert (one.found == "kept as it was sent.") is (size <= length)
        assert (one.verdict is OTHERWISE) is (length < size <= 400)


@pytest.mark.parametrize("way", list(Rounding))
def test_each_way_of_rounding_is_recognised(world, way):
    """By the totals of two drafts."""
    world.faults.rounding = way.value
    one = told(probed(world), "rounding")
    assert (one.verdict, one.facts["ways"]) == (AS_ASSUMED, way.value)


@pytest.mark.parametrize("rate", TELLING)
def test_the_drafts_of_the_probe_tell_all_ways_apart(rate):
    """Four ways, four totals."""
    lines = wanted_lines(TELLING[rate], rate)
    totals = [sums_of(lines).total(way) for way in Rounding]
    assert len(set(totals)) == 4
    assert [ways_of(total, lines) for total in totals] == [[way] for way in Rounding]


def test_a_company_without_25_percent_is_probed_at_another_rate(world):
    """The rounding is told by 15 %, and by none where there is no VAT."""
    books = world.company
    books.account(3000).vat_code_id = books.vat_code("31").id
    assert told(probed(world), "rounding").facts["ways"] == "line"
    for number in (3000, 3030, 3050):
        books.account(number).is_active = False
    assert told(probed(world), "rounding").verdict is NOT_TRIED
    assert stands(world) == []


def test_how_far_reads_lag_behind_is_measured(world):
    """A few seconds; what is read in between is not taken for what was written."""
    world.faults.stale_seconds = 3
    found = probed(world)
    assert float(told(found, "order_read").facts["seconds"]) >= 3
    assert told(found, "matching_kept").verdict is AS_ASSUMED
    assert stands(world) == []
    world.faults.stale_seconds = 60
    never = told(probed(world), "order_read")
    assert never.verdict is OTHERWISE
    assert never.found.startswith("not within")


def test_a_clock_that_is_off_is_told(world):
    """As a difference in seconds."""
    stop, connections = Stop(), replace(world.connections, stop=Stop())
    world.drift = 500
    in_time = partial(Probing, now=virtual_time.clock)
    with mock.patch("woo2po.poweroffice.probing.Probing", in_time):
        work = probe(world.settings, world._our_now, Record(), stop, connections)
        found = world.in_virtual_time(work)
    assert told(found, "clock").verdict is OTHERWISE


# -- what it leaves behind -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["customer", "product", "order"])
def test_what_is_not_deleted_is_named_with_its_number(world, kind):
    """What it is, what people know it by, and that somebody has to delete it."""
    world.faults.undeletable = {kind}
    found = probed(world)
    assert found.exit_code == 1
    # What an order stands on cannot be deleted either.
    assert kind in {made.kind.value for made in found.left}
    assert len(found.left) == len(stands(world))
    text = probe_text(found)
    assert all(made.number in text for made in found.left)
    assert "HTTP 409" in text


ODD = ("500", "503_after", "429", "html", "garbage", "lost_before", "lost_after", "timeout_after")


@pytest.mark.parametrize("fault", ["500", "lost_after", *thorough(*ODD)])
@pytest.mark.parametrize("nth", [1, 2, 5, *thorough(*range(1, 40, 3))])
def test_an_error_in_a_step_is_a_finding_and_not_the_end(world, nth, fault):
    """Whatever became of the write: the other trials go on, and nothing is left."""
    world.faults.at("POST", "/*", nth + 1, fault)  # the first is the log-in
    found = probed(world)
    assert found.problem == ""
    assert stands(world) == []
    assert found.left == ()
    if fault != "429":
        assert len(every(found)) > 20


def test_what_was_lost_while_reads_lag_behind_is_found_all_the_same(world):
    """It is looked for a second time, some seconds later."""
    world.faults.stale_seconds = 3
    for nth in (3, 9, 14):
        world.faults.at("POST", "/*", nth, "lost_after")
    found = probed(world)
    assert NOT_TRIED in {one.verdict for one in every(found)}
    assert stands(world) == []


def test_told_to_stop_it_takes_away_what_it_made(world):
    """In the middle of whichever step: nothing more is made."""
    for nth in (20, 30, 45, 70):
        stop, count = Stop(), Counter()

        def tell(_method, _path, stop=stop, count=count, nth=nth):
            count["requests"] += 1
            if count["requests"] == nth:
                stop.tell()

        world.faults.before_hooks = [tell]
        found = probed(world, stop)
        world.faults.before_hooks = []
        assert found.called_off
        assert found.exit_code == 3
        assert stands(world) == []
        assert len(every(found)) < 70


def test_what_it_made_is_known_outside_of_it(world):
    """Where it is cut short, what stands can be told."""
    record = Record()
    world.faults.undeletable = {"customer", "product", "order"}
    found = probed(world, record=record)
    assert tuple(record.standing) == found.left
    assert record.made == found.made


# -- where it may work -----------------------------------------------------------------------------


def test_without_the_right_to_make_products_the_rest_is_found_out(world):
    """Reads go on; what would stand on a product is said not to be tried."""
    world.faults.privileges.discard("Product_Full")
    found = probed(world)
    assert told(found, "product_made").verdict is OTHERWISE
    assert told(found, "order_made").verdict is NOT_TRIED
    assert told(found, "empty_list").verdict is AS_ASSUMED
    assert stands(world) == []


def test_keys_that_are_refused_end_it_before_anything_is_made(world):
    """With the client's own words."""
    world.go._keys = ("other", *world.go._keys[1:])
    found = probed(world)
    assert (found.problem, found.exit_code) == ("poweroffice_wrong_keys", 3)
    assert "client key" in probe_text(found)


@pytest.mark.parametrize(
    ("keys", "demo"),
    [
        ({"environment": "demo"}, True),
        ({"environment": "production"}, False),
        ({"environment": "demo", "base_url": "https://goapi.poweroffice.net/v2"}, False),
        ({"environment": "demo", "base_url": "https://goapi.poweroffice.net/Demo/v2"}, True),
    ],
)
def test_demo_is_demo_by_its_address_too(world, keys, demo):
    """A demo setting with the address of production is not believed."""
    world.configure(poweroffice={"base_url": "", "token_url": "", **keys})
    assert is_demo(world.settings) is demo


# -- what is told of it ----------------------------------------------------------------------------


def test_the_report_names_nobody(world):
    """Not the company, no key, no id; nor what an answer quotes."""
    world.company.client_name = "Merktfirma AS"
    quoted = "Kunde Kari Merktsen, kari@merkt.no, tlf 912 34 567, nr 10042, merktfirma as, "
    quoted += world.company.client_id
    for nth in (2, 4, 6, 8):
        world.faults.at("POST", "/SalesOrders/*", nth, "refuse", title="Merktsen", detail=quoted)
    found = probed(world)
    report = probe_report(found).lower()
    for mark in ("merkt", "kari", "912 34", "10042", world.company.client_id, "sandbox"):
        assert mark not in report, mark
    assert "refused (http 400)" in report
    assert not [one for one in world.company.customers if str(one) in report]


def test_the_report_and_the_json_tell_every_fact(world):
    """Question, assumption, outcome."""
    found = probed(world)
    report, said = probe_report(found), probe_json(found)
    assert report.startswith("woo2po ")
    assert len(said["learned"]) == len(every(found))
    for one in said["learned"]:
        assert list(one) == ["area", "code", "verdict", "question", "assumed", "found", "facts"]
        assert " ".join(one["question"].split()) in " ".join(report.split())
    assert list(said) == [
        "exit_code", "environment", "problem", "called_off", "asked", "made", "left", "learned"
    ]  # fmt: skip


def test_the_text_says_what_was_assumed_and_what_was_found(world):
    """In lines that fit, with the sum of it at the end; every question is asked."""
    world.faults.email_filter = "exact"
    found, before = probed(world), here()
    use(Screen(columns=60))
    text = probe_text(found)
    use(before)
    assert max(map(len, text.splitlines())) <= 60
    assert "OTHER  A customer whose e-mail has a capital letter" in text
    assert "sending an invoice" in " ".join(text.split())
    # A confirmed order is only made a draft again where it is not deleted.
    assert {one.code for one in every(found)} | {"draft_again"} == set(QUESTIONS)


# -- as a command ------------------------------------------------------------------------------

COMPANY = "Fjellbutikken AS"


@pytest.fixture
def both(tmp_path):
    """A shop without orders, and a company in the demo environment."""
    with served(tmp_path, []) as both:
        yield both


@pytest.fixture
def real(both):
    """The same in production."""
    both.configure({"poweroffice.environment": "production"})
    return both


def test_in_the_demo_environment_it_just_begins(both, tmp_path):
    """What was found out, the report in a file, and one object for programs."""
    report = tmp_path / "report.txt"
    result = both.woo2po("probe", "--report", str(report))
    assert result.exit_code == 0
    assert "are taken away again" in result.output
    assert str(report) in result.output
    assert report.read_text("utf-8").startswith("woo2po ")
    assert COMPANY not in report.read_text("utf-8")
    assert both.go.books.sales_orders == {}
    assert json.loads(both.woo2po("probe", "--json").output)["left"] == []


def test_in_production_without_a_terminal_it_is_refused(real):
    """Nothing was asked of PowerOffice."""
    done = real.process("probe")
    assert done.returncode == 2
    assert "--yes-in-production" in done.stderr
    assert real.asked_of_go() == []


@pytest.mark.parametrize(
    ("name", "code"),
    [("fjellbutikken as ", 0), (COMPANY, 0), ("yes", 2), ("", 2), ("Fjell", 2)],
)
def test_the_company_s_name_is_the_yes(real, name, code):
    """Typed as people type it; on another one nothing is made."""
    result = real.woo2po("probe", "--yes-in-production", name)
    assert result.exit_code == code
    assert ("are taken away again" in result.output) is (code == 0)
    writes = [one for one in real.asked_of_go() if not one.startswith("GET ")]
    assert bool(writes) is (code == 0)


@pytest.mark.parametrize(("text", "code"), [(f"{COMPANY}\n", 0), ("ja\n", 2), ("\n", 2)])
def test_at_a_terminal_the_name_is_asked_for(real, text, code):
    """With what the probe will do, before it does it."""
    real.listen()
    ours, theirs = pty.openpty()
    os.write(ours, text.encode())
    done = subprocess.run(
        [sys.executable, "-m", "woo2po", "probe"],
        env={**os.environ, "WOO2PO_CONFIG": str(real.config), "PYTHONIOENCODING": "utf-8"},
        stdin=theirs, capture_output=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    os.close(ours)
    os.close(theirs)
    assert done.returncode == code
    assert f"These keys are for {COMPANY}, in production" in done.stdout
    assert bool([one for one in real.asked_of_go() if "GET" not in one]) is (code == 0)


def test_what_keeps_it_from_beginning_is_said_before_anything_is_made(real, tmp_path):
    """Wrong keys, a report that cannot be written, a broken configuration."""
    result = real.woo2po("probe", "--report", str(tmp_path / "no" / "report.txt"))
    assert (result.exit_code, real.asked_of_go()) == (2, [])
    real.go._keys = ("other", *real.go._keys[1:])
    result = real.woo2po("probe", "--yes-in-production", COMPANY)
    assert result.exit_code == 3
    assert "client key" in result.output
    real.configure({"orders.number": "x"})
    result = real.woo2po("probe")
    assert result.exit_code == 2
    assert "orders.number" in result.output


def interrupted(both, nth, *, twice=False):
    """Run the probe and send Ctrl-C at the nth request (and when it tidies up); return its end."""
    started, sent = both.begun("-m", "woo2po", "probe"), []

    def interrupt(method, _path):
        first = not sent and len(both.go.requests) == nth
        if first or (twice and len(sent) == 1 and method == "DELETE"):
            sent.append(method)
            os.kill(started.pid, signal.SIGINT)
            both.go.faults.latency = 0.4 if twice else 0  # tidying up takes its time

    both.go.faults.before(interrupt)
    started.said, _ = started.communicate(timeout=60)
    return started


@pytest.mark.parametrize("nth", [35, 60])
def test_ctrl_c_takes_away_what_was_made(both, nth):
    """It ends with 3, like every command that was told to stop, and nothing is left."""
    ended = interrupted(both, nth)
    assert ended.returncode == 3
    assert "The probe was called off" in ended.said
    assert both.go.books.sales_orders == both.go.books.customers == {}
    assert len(both.go.requests) < nth + 30


def test_ctrl_c_twice_says_what_stands(both):
    """What is not taken away then has to be deleted by hand: each with its number."""
    ended = interrupted(both, 60, twice=True)
    assert ended.returncode == 3
    assert "Ended at once" in ended.said
    for customer in both.go.books.customers.values():
        assert f"customer {customer.number}," in ended.said
