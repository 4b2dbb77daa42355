"""`probe`: what nobody knows of PowerOffice is found out, and what was made goes again."""

import json
import os
import signal
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from unittest import mock

import pytest
import virtual_time
from served import served
from thoroughly import thorough
from world import World

from woo2po.probe import is_demo, probe
from woo2po.probe.questions import AREAS, NAME, Probing, Reply
from woo2po.report import json_text
from woo2po.stopping import Stop

AS_ASSUMED, OTHERWISE, EITHER = "as_assumed", "otherwise", "either"
EMOJI = "\N{WRAPPED PRESENT}"
Answer = tuple[str, int, Reply | None]


class Otherwise(Probing):
    """Answers the nth request that bears a sign (0: each) otherwise; None: as the first of them."""

    def __init__(self, answers: Sequence[Answer], *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._answers, self._seen = answers, defaultdict[str, list[Reply]](list)

    async def raw_call(self, method, path, query=None, body=None) -> Reply:
        """Return an answer."""
        for sign, nth, reply in self._answers:
            if sign in f"{method} {path} {query} {body}":
                seen = self._seen[sign]
                if nth in {0, len(seen) + 1}:
                    seen.append(reply or seen[0])
                else:
                    seen.append(await super().raw_call(method, path, query, body))
                return seen[-1]
        return await super().raw_call(method, path, query, body)


def probed(world: World, stop=None, left=None, now=None, answers=()):
    """Return what a probe of the world's company finds out, in virtual time."""
    in_time = partial(Otherwise, answers, now=virtual_time.clock)
    connections = replace(world.connections, stop=Stop(), asked=Counter())
    with mock.patch("woo2po.probe.Probing", in_time):
        told = ([] if left is None else left, stop or Stop())
        work = probe(world.settings, now or world.now, *told, connections)
        return world.in_virtual_time(work)


def told(found, code: str, **facts: str):
    """Return the fact of a code, and where there are several the one with these facts."""
    (one,) = (
        one
        for one in found["learned"]
        if one["code"] == f"probe_{code}" and facts.items() <= one["facts"].items()
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
    found = probed(world)
    questions = {f"probe_{step['code']}" for steps in AREAS.values() for step in steps
                 if "code" in step}  # fmt: skip
    assert {one["code"] for one in found["learned"]} == questions
    assert set(found["verdicts"]) == {AS_ASSUMED, EITHER}
    assert (len(questions), found["exit_code"], found["left"]) == (63, 0, [])
    assert told(found, "decimals_more")["facts"]["ProductUnitPrice"] == "10.1234567891"
    assert "header" in told(found, "page_header")["facts"]
    assert stands(world) == []
    assert world.company.outgoing_invoices == world.company.vouchers == {}
    assert not [path for _, path, _ in world.go.requests if "createAndSend" in path]
    assert found["asked"] == len(world.go.requests) < 115


def test_nothing_of_the_company_s_own_is_touched(world):
    ids = {str(one) for one in (*world.company.customers, *world.company.products)}
    world.sells(101)
    world.settle()
    ids |= {str(one) for one in (*world.company.customers, *world.company.sales_orders)}
    asked, world.drift = len(world.go.requests), 500
    one = told(probed(world, now=world._our_now), "clock")
    assert (one["verdict"], one["facts"]) == (OTHERWISE, {"seconds": "+500"})
    touched = [path.split("/")[2] for method, path, _ in world.go.requests[asked:]
               if method in {"PATCH", "DELETE"}]  # fmt: skip
    assert not ids & set(touched)
    assert world.record(101).sales_order_id in world.company.sales_orders


# Ways in which a PowerOffice can be, and what is found out then, by the code of the question.
OF_ANOTHER_KIND = [
    ({"never_sent_state": "none", "rounding": "line_net"},
     {"never_sent": (AS_ASSUMED, {"status": "204", "body": "none"}),
      "rounding": (AS_ASSUMED, {"ways": "line_net"})}),
    ({"spec": "2025", "rounding": "document"},
     {"email_case": (EITHER, {"status": "400"}),
      "rounding": (AS_ASSUMED, {"ways": "document"})}),
    ({"rounding": "end"}, {"rounding": (AS_ASSUMED, {"ways": "end"})}),
    ({"max_unit_price_decimals": 2}, {"decimals_kept": (OTHERWISE, {"ProductUnitPrice": "10.12"})}),
    ({"max_unit_price_decimals": 4}, {"decimals_count": (OTHERWISE, {})}),
]  # fmt: skip


@pytest.mark.parametrize(("switches", "outcomes"), OF_ANOTHER_KIND)
def test_a_poweroffice_of_another_kind_is_told_apart(world, switches, outcomes):
    for name, value in switches.items():
        setattr(world.faults, name, value)
    found = probed(world)
    for code, (verdict, facts) in outcomes.items():
        one = told(found, code)
        assert (one["verdict"], {**one["facts"], **facts}) == (verdict, one["facts"]), code
    if "spec" in switches:
        for name in ("importedOrderNos", "externalImportReferences", "salesOrderNos"):
            assert (
                told(found, "filters", path="SalesOrders", filter=name)["facts"]["status"] == "400"
            )
        assert told(found, "page_largest", size="20000")["facts"]["status"] == "200"
    assert stands(world) == []


MADE, NONE, NO = Reply(201, {"Id": "a-1"}), Reply(200, []), Reply(400, refusal="Not this.")
# A question, the sign of its request and which of those that bear it, another answer, the verdict.
ANSWERED = [
    [("unknown_query", "woo2poNothing", 1, NONE, OTHERWISE),
     ("empty_list", "GET Customers {'externalImportReference': 'woo2po-nothing", 1, NONE,
      AS_ASSUMED),
     ("email_case", "{'emailAddresses': 'probe.", 1, NONE, OTHERWISE),
     ("text_emoji", EMOJI, 1, NO, OTHERWISE), ("text_control", r"one\x07two", 1, NO, EITHER),
     ("text_tags", "<b>one</b>", 1, NO, OTHERWISE),
     ("unknown_property", "Woo2poNothing", 1, MADE, EITHER),
     ("reference_twice", "-twice'", 2, MADE, OTHERWISE)],
    [("reference_twice", "-twice'", 2, Reply(409, refusal="In use."), AS_ASSUMED)],
    [("reference_twice", "-twice'", 2, None, EITHER)],
    [("reference_freed", "-twice'", 3, NO, EITHER)],
    [("customer_archived", "POST SalesOrders/Complete", 1, MADE, EITHER)],
    [("product_archived", "POST SalesOrders/Complete", 3, MADE, EITHER)],
    [("draft_deleted", "DELETE SalesOrders/", 0, Reply(409, refusal="In use."), OTHERWISE)],
]  # fmt: skip


@pytest.mark.parametrize("rows", ANSWERED, ids=lambda rows: rows[0][0])
def test_another_answer_is_another_finding(world, rows):
    found = probed(world, answers=[row[1:4] for row in rows])
    for code, _, _, reply, verdict in rows:
        one = told(found, code)
        status = str(reply.status if reply else 201)
        assert (one["verdict"], one["facts"]["status"]) == (verdict, status), code
    assert rows[0][0] == "draft_deleted" or stands(world) == []


def test_a_company_without_25_percent_is_probed_at_another_rate(world):
    """The rounding is told by 15 %, and by none where there is no VAT."""
    books = world.company
    books.account(3000).vat_code_id = books.vat_code("31").id
    assert told(probed(world), "rounding")["facts"]["ways"] == "line"
    for number in (3000, 3030, 3050):
        books.account(number).is_active = False
    found = probed(world)
    assert [one["code"] for one in found["learned"] if one["verdict"] == "not_tried"] == [
        "probe_rounding"
    ]
    assert stands(world) == []


def test_how_far_reads_lag_behind_is_measured(world):
    world.faults.stale_seconds = 3
    found = probed(world)
    assert float(told(found, "order_read")["facts"]["seconds"]) >= 3
    assert told(found, "matching_kept")["verdict"] == AS_ASSUMED
    assert stands(world) == []
    world.faults.stale_seconds = 60
    assert told(probed(world), "order_read")["verdict"] == OTHERWISE


# -- what it leaves behind -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "path"), [("customer", "Customers"), ("product", "Products"), ("draft", "SalesOrders")]
)
def test_what_is_not_deleted_is_named_with_its_number(world, kind, path):
    """What it is, what people know it by; known outside of the work too, which may be cut short."""
    left = []
    answers = [(f"DELETE {path}/", 0, Reply(409, refusal="In use."))]
    found = probed(world, left=left, answers=answers)
    assert (found["exit_code"], len(left)) == (1, len(stands(world)))
    assert NAME in found["todo"]
    # What an order stands on cannot be deleted either.
    assert kind in {made.kind.name for made in left}
    for made in left:
        one = {"kind": made.kind.name, "number": made.number, "why": "HTTP 409"}
        assert one in found["left"]
        assert made.number


def test_what_is_confirmed_or_archived_is_made_deletable(world):
    """Where it is not deleted as it is, and was not made a draft again before."""
    world.faults.at("PATCH", "/SalesOrders/*", 2, "refuse")
    found = probed(world)
    assert told(found, "draft_again")["facts"]["status"] == "400"
    assert (found["left"], stands(world)) == ([], [])


ODD = ("503_after", "429", "html", "garbage", "lost_before", "timeout_after")


@pytest.mark.parametrize("fault", ["500", "lost_after", *thorough(*ODD)])
@pytest.mark.parametrize("nth", [1, 2, 5, *thorough(*range(4, 40, 3))])
def test_an_error_in_a_step_is_a_finding_and_not_the_end(world, nth, fault):
    """The other questions are asked; what may be there without an answer is named, by the
    reference that it was to have, and never deleted by a number that another one may have as id.
    """
    world.faults.at("POST", "/*", nth + 1, fault)  # the first is the log-in
    found = probed(world)
    assert found["problem"] == ""
    lost = [one for one in found["left"] if one["why"].startswith("its answer was lost")]
    assert all("woo2po-probe" in one["number"] for one in lost)
    assert len(stands(world)) <= len(found["left"])
    assert lost or (found["left"], stands(world)) == ([], [])
    assert fault == "429" or len(found["learned"]) > 75


def test_told_to_stop_it_takes_away_what_it_made(world):
    for nth in (20, 30, 45, 70):
        stop, at = Stop(), len(world.go.requests) + nth
        world.faults.before_hooks = [
            lambda *_, s=stop, n=at: len(world.go.requests) == n and s.tell()
        ]
        found = probed(world, stop)
        assert (found["called_off"], found["exit_code"], stands(world)) == (True, 3, [])
        assert 0 < len(found["learned"]) < 80


# -- where it may work -----------------------------------------------------------------------------


def test_without_the_right_to_make_products_the_rest_is_found_out(world):
    """Reads go on; what would stand on a product is said not to be tried."""
    world.faults.privileges.discard("Product_Full")
    found = probed(world)
    assert told(found, "product_made")["verdict"] == OTHERWISE
    assert told(found, "order_made")["facts"] == {"why": "no product"}
    assert told(found, "empty_list")["verdict"] == AS_ASSUMED
    assert stands(world) == []


def test_demo_is_demo_by_its_address_too(world):
    """A demo setting with the address of production is not believed."""
    real = "https://goapi.poweroffice.net"
    for environment, address, demo in (
        ("demo", "", True), ("production", "", False), ("demo", f"{real}/v2", False),
        ("demo", f"{real}/Demo/v2", True),
    ):  # fmt: skip
        keys = {"environment": environment, "base_url": address, "token_url": ""}
        world.configure(poweroffice=keys)
        assert is_demo(world.settings) is demo


# -- what is told of it ----------------------------------------------------------------------------


def test_the_report_names_nobody(world):
    world.company.client_name = "Merktfirma AS"
    quoted = "kari.MerktMerkt@merkt.no, kunde Kari Merktsen, kari@merkt.no, tlf 912 34 567, "
    quoted += f"nr 10042, merktfirma as, {world.company.client_id}"
    cut_off = f"{'kunde ' * 31}MerktMerkt@merkt.no"  # behind the @
    for nth, detail in ((2, quoted), (4, quoted), (6, cut_off), (8, quoted)):
        world.faults.at("POST", "/SalesOrders/*", nth, "refuse", title="Merktsen", detail=detail)
    found = probed(world)
    report = json_text(found).lower()
    for mark in ("merkt", "kari", "912 34", "10042", world.company.client_id, "sandbox"):
        assert mark not in report, mark
    assert report.count('"status": "400"') > 3
    assert not [one for one in world.company.customers if str(one) in report]


# -- as a command ------------------------------------------------------------------------------

COMPANY = "Fjellbutikken AS"


@pytest.fixture
def both(tmp_path):
    """A shop without orders, and a company in the demo environment."""
    with served(tmp_path, []) as both:
        yield both


def test_in_production_the_company_s_name_is_the_yes(both):
    """Typed as people type it; without one nothing is asked, and on another one nothing is made."""
    result = both.woo2po("probe")
    assert (result.exit_code, COMPANY in result.output) == (0, False)
    assert (json.loads(result.output)["left"], both.go.books.sales_orders) == ([], {})
    both.go.requests.clear()
    both.configure({"poweroffice.environment": "production"})
    done = both.woo2po("probe")
    assert (done.exit_code, "--yes-in-production" in done.output) == (2, True)
    assert both.asked_of_go() == []
    for name, code in (("yes", 2), ("", 2), ("Fjell", 2), ("fjellbutikken as ", 0), (COMPANY, 0)):
        assert both.woo2po("probe", "--yes-in-production", name).exit_code == code
        writes = [one for one in both.asked_of_go() if not one.startswith("GET ")]
        assert bool(writes) is (code == 0)


def test_ctrl_c_takes_away_what_was_made(both):
    """It ends with 3, like every command that was told to stop; after a second one what is left is
    named.
    """
    both.configure({"poweroffice.requests_per_second": 100})
    started, sent = both.begun("-m", "woo2po", "probe"), []

    def interrupt(method, _path):
        first = not sent and len(both.go.requests) == 35
        if first or (len(sent) == 1 and method == "DELETE"):
            sent.append(method)
            os.kill(started.pid, signal.SIGINT)
            both.go.faults.latency = 0.4  # tidying up takes its time

    both.go.faults.before_hooks.append(interrupt)
    said, _ = started.communicate(timeout=60)
    found = json.loads(said[said.index("{") :])
    assert (started.returncode, found["called_off"]) == (3, True)
    left = {one["number"] for one in found["left"] if one["kind"] == "customer"}
    assert {str(customer.number) for customer in both.go.books.customers.values()} <= left
    assert len(both.go.requests) < 65
