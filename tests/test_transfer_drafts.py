"""From the queue to the draft: what goes, what stops a run, and how a draft follows its order."""

import errno
import json
import os
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from unittest import mock

import pytest
from stories import *
from world import START, World

from woo2po import mapping
from woo2po.record import State
from woo2po.sandbox.orders import Line
from woo2po.store import Store

WRITES = ("POST", "/SalesOrders/Complete")
IN_THE_TILL = configure(payments={"in_the_till": ["vipps"]})
NO_TILL = configure(payments={"in_the_till": []})


@step
def sells_to_many(world: World, count: int) -> None:
    for order_id in range(101, 101 + count):
        world.sells(order_id, email=f"kunde{order_id}@example.no")


def all_of(count: int) -> dict[str, Any]:
    """Return what is then: each order of so many people once."""
    return {"totals": only(*(f"shop_{n}" for n in range(101, 101 + count)))}


@step
def stands(world: World, **fields: str) -> None:
    found = world.company.order("shop_101")
    assert {name: getattr(found, name) for name in fields} == fields


@step
def changes_on_the_way(world: World) -> None:
    """The shop's change arrives between our read and PowerOffice's answer."""

    def edit(method: str, path: str) -> None:
        if (method, path) == WRITES:
            world.sells(101, CHEAP)

    world.faults.after_hooks.append(edit)
    world.run()
    world.faults.after_hooks.clear()


def products_read(times: int) -> Step:
    return that(lambda world: len(world.asked("GET", "/Products")), times)


REFUSES = fails(*WRITES, 1, "refuse")
MADE = configure(products={"unknown": "create"})
NEWS = Goods("NY-1", "99.00", name="Nyhet")
OTHER_SHOP = {
    "woocommerce": {"url": "https://other.example"},
    "orders": {"number_prefix": "other_"},
}
ROUNDINGS = ("line", "document", "end")

# fmt: off
GOES: dict[str, Story] = {
    "an idle run asks PowerOffice for nothing": (
        sells_to_many(3), run(), later(300), unchanged("asked", later(300, 5)), then(counts={}),
        later(86_400), then(counts={}, writes=6)),  # the first of a day reads 24 hours again
    "many under way at once arrive once each, at 300 ms a request, ten a second": (
        faults(latency=0.3), sells_to_many(30), run(), then(counts={"made": 30}, **all_of(30)),
        that(lambda world: (world.now() - START).seconds < 10 >= world.go.busiest_second, True)),
    "a limit takes the oldest and leaves the rest": (
        sells_to_many(3), run(limit=2), then(counts={"made": 2, "left": 1}, **all_of(2)), run(),
        then(**all_of(3))),
    "one with a refund is asked for by its number: its credit note is no second order": (
        configure(invoices={"create": True, "when": "processing"}), sold(), refunded("300.00"),
        run("101"), then(counts={"unchanged": 1})),
    "two that need the same new product at once: one of them makes it": (
        MADE, faults(latency=0.3), *(sells(n, NEWS, email=f"{n}@example.no") for n in (1, 2, 3)),
        run(), then(counts={"made": 3}), that(lambda world: world.books().products,
                                              ("NY-1 Nyhet",))),
    "two shops of one company keep apart by their prefixes, and share the customer": (
        sold(101, DEAR), lambda world: world.configure(
            **OTHER_SHOP, state={"path": str(world.state.with_name("other.db"))}),
        sold(101, HAT), then(totals={"shop_101": 1299, "other_101": 249}, customers=1)),
    "a negative fee of a name of gift_cards.fee_names goes on their product": (
        configure(gift_cards={"fee_names": ["klubbrabatt"]}), loads("negative-fee"), run(),
        that(lambda world: "GAVEKORT" in str(world.books().documents), True)),
    "it gets the dimensions of the configuration, by their codes": (
        lambda world: world.company.dimensions["location"].update(LAGER=41),
        configure(dimensions={"department": "NETT", "project": "P1", "location": "LAGER"}),
        sells(), run(), stands(department_code="NETT", project_code="P1", location_code="LAGER")),
    "a dimension that does not exist holds it: PowerOffice says which": (
        configure(dimensions={"department": "UKJENT"}), sells(), run(),
        then("refused", says=("UKJENT",))),
    "what changes while it is carried over is followed by the next run": (
        sells(101, DEAR), changes_on_the_way(), settle(), then(totals={"shop_101": 1199})),
}

STOPS: dict[str, Story] = {
    **{f"it goes away in the middle: no other order is begun, and nothing is twice ({fault})": (
        sells_to_many(30), loses({n: [fault] for n in range(10, 1000)}), run(),
        then(exit_code=3, problem=bool, writes=lambda n: n <= 30,
             counts=lambda counts: counts["left"] >= 12), loses({}), wait(300), settle(),
        then(exit_code=0, customers=30, **all_of(30)))
       for fault in ("timeout_before", "timeout_after", "502")},
    "a missing right is named, and no order is to blame": (
        sells_to_many(20), without("SalesOrders_Full"), given("SalesOrders"), run(),
        then(exit_code=3, problem="missing_privilege", documents=0),
        that(lambda world: world.outcome.facts["role"], "SalesOrders_Full"),
        given("SalesOrders_Full"), settle(),
        then(**all_of(20))),
    "the trial in the demo environment does not count in production": (
        sells(), run(), configure(poweroffice={"environment": "production"}),
        unchanged("asked", run()),
        then(exit_code=2, problem="state_of_another")),
    "a refused order is tried again when told, and within the hour": (
        sells(), REFUSES, run(), later(600), then("refused", counts={}), retried("101"), run(),
        then(counts={"made": 1}), sells(102), REFUSES, run(), later(3600),
        then(counts={"made": 1})),
    "it is not forgotten in a status of the shop's own": (
        lambda world: world.shop.statuses.append("sendt"), sells(), REFUSES, run(), wait(300),
        status_is("sendt"), run(), then(drafts={"shop_101"})),
    "what is held is looked at again without all products, but where somebody asks": (
        configure(products={"unknown": "hold"}), sells(101, NEWS), run(), products_read(1),
        wait(1800), sells(102, NEWS, email="ola@example.no"), run(), products_read(2),
        later(1900), products_read(2), wait(60), retried(), run(), products_read(3),
        then({"101": "sku_unknown", "102": "sku_unknown"})),
    "another company is refused before anything is written": (
        sells(), run(), company(client_id="another-company"), sells(102), run(),
        then(exit_code=2, problem="state_of_another", writes=2)),
}

# -- an order changes after its transfer -----------------------------------------------------------

OWN_LINE = {"quantity": Decimal(1), "product_unit_price": Decimal(50)}
LAGER = {"address_line1": "Lageret", "zip_code": "0155", "city": "Oslo"}
EDITED = {
    "quantity": person("edit_line", "shop_101", "1", quantity=Decimal(5)),
    "text": person("edit_line", "shop_101", "1", description="Etter avtale"),
    "reference": draft_has("shop_101", purchase_order_reference="PO-77"),
    "date": draft_has("shop_101", sales_order_date=date(2026, 11, 1)),
    "address": draft_has("shop_101", contact_delivery_address_id=800_002),
    "currency": draft_has("shop_101", currency_code="EUR"),
    "a line more": lambda world: Line.made(
        world.company, {**OWN_LINE, "product_id": world.company.product("GEBYR").id},
        {"order": world.company.order("shop_101").id}) and None,
}


@step
def edited_by_an_earlier_version(world: World) -> None:
    """It was stopped in the middle."""
    with Store.open(world.state) as store:
        store.change(101, left_digest=f"~{'0' * 64}~{'1' * 64}")


@step
def never_overwritten(world: World) -> None:
    """The order changes; the draft that a person edited does not."""
    edited = world.books()
    later(300)(world)
    assert world.outcome.counts == {}
    becomes(101, CHEAP)(world)
    then("draft_edited", exit_code=1)(world)
    assert world.books() == edited


CHANGES: dict[str, Story] = {
    "to another customer": (
        sold(email="feil@example.no"), becomes(email="rett@example.no"),
        that(lambda world: world.books().document("shop_101").customer,
             "Kari Nordmann rett@example.no")),
    "what means nothing to the books sends nothing": (
        sold(), status_is("on-hold"), later(300), then(counts={"unchanged": 1}, writes=2)),
    **{f"a rounding line is changed, taken away and made anew ({rounding})": (
        faults(rounding=rounding, max_unit_price_decimals=2),
        *(one for quantity in (3, 2, 1, 3) for one in (
            becomes(101, Goods("KAF-250", "88.80", 15, quantity), DEAR),
            then(totals={"shop_101": 1299 + quantity * Decimal("88.80")}))))
       for rounding in ROUNDINGS},
    **{f"what a person edited is never overwritten ({what})": (
        sold(101, DEAR), has_an_address(LAGER), edit, never_overwritten())
       for what, edit in EDITED.items()},
    "what is paid in the till is left out as long as the settings say so, not what a person took": (
        IN_THE_TILL, sold(), sold(102, payment_method="cod"), skipped("102", "i kassen"),
        then(totals=only("shop_102")), NO_TILL, settle(), then(totals=only("shop_101", "shop_102")),
        that(lambda world: world.record(102).skip.code, "by_hand"), IN_THE_TILL, settle(),
        then("sent_but_unwanted"), NO_TILL, settle(), then(drafts={"shop_101", "shop_102"})),
    "of what belongs in the till after all, a person's invoice is found, and a deletion": (
        sold(), sold(102), IN_THE_TILL, settle(),
        then(dict.fromkeys(("101", "102"), "sent_but_unwanted")),
        INVOICED_BY_HAND, person("delete_draft", "shop_102"),
        wait(3700), settle(), then(state=State.INVOICED),
        that(lambda world: world.record(102).state, State.SKIPPED)),
    "what is kept otherwise there and still differs is held, and not edited for ever": (
        # The price is cut at every look, and the product of the rounding line is gone.
        faults(max_unit_price_decimals=2), sold(101, DEAR), archives("AVRUND"),
        wait(90000), becomes(101, Goods("KAF-250", "88.80", 15, 3), DEAR), then("product_missing"),
        unchanged("writes", later(300))),
    "a change taken back lifts the hold": (
        sold(101, DEAR), EDITED["text"], becomes(101, CHEAP), then("draft_edited"),
        becomes(101, DEAR), then()),
    "a confirmed draft is held until it is a draft again": (
        sold(101, DEAR), draft_has("shop_101", sales_order_status="Confirmed"),
        becomes(101, CHEAP), then("draft_confirmed"),
        draft_has("shop_101", sales_order_status="Draft"), wait(3600), settle(),
        then(totals={"shop_101": 1199})),
    "cancelled, a draft that a person edited stays and is told": (
        sold(), EDITED["text"], turns("cancelled"), then("draft_edited_and_off", documents=1)),
    "deleted in the shop, it is noticed where it is asked for by number": (
        sold(), in_the_shop("delete", 101), run("101"), then(documents=0)),
    "never sent and cancelled it is forgotten": (
        sells(101, DEAR, email="a@example.no"), REFUSES, run(), then("refused"),
        turns("cancelled"), then(documents=0)),
}


def document(of: Any, due: Any) -> Step:
    return that(lambda world: [of(one) for one in world.books().documents], [due])


FIFTEEN, MORE, LESS = (Goods("LUE-7", "575", 15), Goods("LUE-7", "500"), Goods("GEN-001", "100"))
PUT_RIGHT = person("edit_line", "shop_101", "1", product_unit_price=Decimal(360))

# A read may be older than an edit of ours, or that may not show yet.
LATE: dict[str, Story] = {
    **{f"what is edited and put back before it shows is put back there ({seconds} s)": (
        sold(101, FIFTEEN), wait(300), sells(101, replace(FIFTEEN, rate=25)),
        faults(stale_seconds=2), run(), wait(seconds), sold(101, FIFTEEN), then(),
        document(lambda one: one.vat, ((Decimal(15), Decimal("75.00")),)))
       for seconds in (1, 10, 70)},
    **{f"a price that a person gives while an edit does not show is theirs ({lag})": (
        sold(101, MORE, LESS), wait(300), sells(101, MORE, LESS, Goods("KAF-250", "50", 15)),
        faults(stale_seconds=lag), run(), faults(stale_seconds=0), wait(90), PUT_RIGHT, settle(),
        then("draft_edited" if lag else ""),
        document(lambda one: [price for name, _, _, price in one.lines if name == "1"],
                 [Decimal(360)]))
       for lag in (0, 2)},
    "a head that is changed twice before it shows is ours": (
        sold(), *(one for changed in (CABIN, {"email": "ny@example.no"}) for one in (
            wait(600), sells(**changed), faults(stale_seconds=2), run())),
        faults(stale_seconds=0), wait(600), sold(number="W-2", email="ny@example.no"), then(),
        document(lambda one: one.number, "shop_W-2")),
    # It wrote down what the draft was to be, and not what may show meanwhile.
    "an edit that an earlier version began is ours": (
        sold(), edited_by_an_earlier_version(), becomes(101, Goods("GEN-001", "800")),
        then(totals={"shop_101": 800})),
}
# fmt: on
STORIES = GOES | STOPS | CHANGES | LATE


@pytest.mark.parametrize("what", STORIES)
def test_a_draft(what, world):
    told(STORIES[what], world)


NAME, EMAIL, STREET = "Nordmann", "kari@example.no", "Storgata 1"


def test_a_refusal_is_held_with_poweroffices_words_but_no_personal_data(world: World) -> None:
    """What PowerOffice says is for people; name, e-mail and address are for nobody's log."""
    detail = f"Payment terms are missing for Kari {NAME}, {EMAIL}, {STREET}."
    world.faults.at("POST", "/Customers", 1, "refuse", title="Not today", detail=detail)
    world.sells(101)
    assert world.run().exit_code == 1
    reason = world.reasons()["101"]
    assert "Not today" in reason
    assert "Payment terms are missing" in reason
    kept = world.state.read_bytes() + json.dumps(world.logs, default=str).encode()
    for personal in (NAME, EMAIL, STREET):
        assert personal not in reason
        assert personal.encode() not in kept


def test_one_bad_order_never_stops_the_others(world: World) -> None:
    """Unreadable, refused, or beyond the program: it alone is held."""
    for order_id in range(101, 106):
        world.sells(order_id, email=f"kunde{order_id}@example.no")
    world.shop.orders[101]["line_items"][0]["quantity"] = None
    world.shop.orders[102]["total"] = "nonsense"
    real = mapping.documents_for

    def failing(order, *more, **named):
        if order.id == 103:
            raise ZeroDivisionError
        return real(order, *more, **named)

    with mock.patch("woo2po.mapping.documents_for", failing):
        assert world.run().exit_code == 1
    assert world.held().keys() == {"101", "102", "103"}
    assert world.held()["103"] == "unexpected"
    assert list(world.books().totals) == ["shop_104", "shop_105"]


def test_what_the_machine_refuses_holds_no_order(world):
    """It is about none of them: the run ends, and the next one goes on."""
    world.sells(101)
    full = OSError(errno.EMFILE, os.strerror(errno.EMFILE))
    with (
        mock.patch("woo2po.mapping.documents_for", side_effect=full),
        pytest.raises((OSError, ExceptionGroup)),
    ):
        world.run()
    assert world.held() == {}
    assert world.run().exit_code == 0
