"""`run --dry-run`: the same way as a run; it writes nothing, and a run then does what it showed.

That nothing is written is looked after in every preview here (previewing.py).
"""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from after import HOUR, INVOICED, business, vouchers
from previewing import previewed
from stories import *
from world import World

from woo2po.pull import WrongNumber
from woo2po.sandbox.shop_orders import Goods, recorded_names

OWN_DAY = {"date_paid_gmt": "2026-10-05T10:00:00"}
DRAFTS = configure(invoices={"create": False}, payments={"register": False})
ON_COMPLETION = configure(invoices={"create": True, "when": "completed"})
FOLLOWS = {"sending", "paid"}
PERSONAL = ("Nordmann", "Fjord AS", "@", "Storgata")
NO_ANSWER = tuple(fails("GET", "/SalesOrders/*/Complete", nth, "500") for nth in range(1, 20))


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A shop whose orders are invoiced at once, and whose payments are registered."""
    return business(tmp_path)


@step
def foretells(
    world: World,
    counts: dict[str, int] | None,
    *texts: str,
    numbers: tuple[str, ...] = (),
    exit_code: int | None = None,
    warns: tuple[str, ...] = (),
) -> None:
    """Preview a run: what it counts (None: no matter; beside what follows of itself), and texts in
    the order in which they come (see `reads`). The exit code is 1 where something is held.
    """
    outcome, shown = previewed(world, *numbers)
    counted = {name: n for name, n in outcome.counts.items() if name not in FOLLOWS}
    assert counts is None or counted == counts, outcome.counts
    held = int("held" in outcome.counts) if exit_code is None else exit_code
    assert (outcome.exit_code, tuple(outcome.warnings)) == (held, warns)
    reads(shown, *texts)


def invoiced_on(*days: date) -> Any:
    """Compare the days of the vouchers."""
    return that(lambda world: [one.day for one in vouchers(world)], list(days))


FULL = "1299.00"
BACK = {"refunded_payment": True}
# fmt: off
STORIES: dict[str, Story] = {
    # A draft, and what is there already.
    "documents line by line": (
        DRAFTS, loads("b2c-two-vat-rates"),
        foretells({"made": 1}, "31: a new customer", "3 Kaffe 250 g KAF-250 78.173913 15 %",
            "2 Bok: Sånn er livet BOK-12 379.00 0 %", "VAT 15 %: 35.18 25 %: 279.60",
            "total 2425.70")),
    "one that is there": (
        DRAFTS, sold(),
        foretells({"unchanged": 1}, "101: sales order 1 stands as it should", numbers=("101",)),
        state_lost(),
        foretells({"made": 1}, "101: is in PowerOffice already", numbers=("101",)),
        then(writes=2)),
    "one that is new and one that changed, and the run does it": (
        DRAFTS, sold(), wait(300), sells(102), sells(101, Goods("GEN-001", "1199.00")),
        foretells({"made": 1, "changed": 1}, "101: changes sales order 1",
            "102: a customer who has bought before"), run(),
        then(counts=lambda found: (found["made"], found["changed"]) == (1, 1))),
    "held, with what to do": (
        loads("sweden-oss"),
        foretells({"held": 1}, "42: The order has VAT of SE at 25 %", "→ Book it by hand",
            "1 held.")),
    "refunded before it could go": (
        loads("full-refund"),
        foretells({"cancelled": 1}, "52: refunded in full before it was transferred")),
    "products that would be made": (
        configure(products={"unknown": "create"}),
        loads("no-sku-and-comma-sku", "different-delivery-address"),
        foretells({"made": 2, "invoiced": 2})),
    "the customer that exists": (
        DRAFTS, sells(101, email="kari@example.no"), sold(102, email="ola@example.no"),
        state_lost(), wait(300), sells(103, email="KARI@example.no"),
        sells(104, email="nils@example.no"),
        foretells(None, "103: customer 10000 in PowerOffice", "104: a new customer")),
    **{f"held for its {kind} customer": (
        sold(101, email="kari@example.no"), person("archive_customer", 10000), state_lost(),
        configure(customers={"private": kind, "collective_number": 19999}),
        sells(102, email="kari@example.no"), foretells({"held": 1}, numbers=("102",)))
       for kind in ("individual", "collective")},
    "nothing": (
        run(), lambda w: w.go.requests.clear(),
        foretells({}, "Nothing to transfer."), that(lambda w: w.go.requests, [])),
    # Invoices, payments and what takes them back.
    "the days of a locked period": (
        company(lock_date=date(2026, 10, 31)), sells(101, **OWN_DAY),
        foretells({"made": 1, "invoiced": 1},
            "invoiced on 2026-11-01 (its own day, 2026-10-05, is in a locked period)",
            "payment 1299.00 on account 1903, 2026-11-01"), settle(),
        day_of("shop_101", date(2026, 11, 1)), invoiced_on(date(2026, 11, 1))),
    "held by a locked period": (
        configure(invoices={**INVOICED, "locked_period": "hold"}),
        company(lock_date=date(2026, 10, 31)), sells(101, **OWN_DAY),
        foretells({"made": 1, "held": 1}, "is in a period that is locked until 2026-10-31"),
        settle(), then("period_locked")),
    "a draft that is invoiced now": (
        ON_COMPLETION, sold(), wait(300), status_is("completed"),
        foretells({"invoiced": 1}, "sales order 1 stands as it should", "invoiced on 2026-11-23")),
    "drafts of sales that are off": (
        DRAFTS, sells(101), sold(102), wait(300), status_is("cancelled"), refunds(FULL, 102),
        status_is("refunded", 102),
        foretells({"cancelled": 2},
            '101: is "cancelled" in the shop: its draft, sales order 1, is deleted',
            '102: is "refunded" in the shop: its draft, sales order 2, is deleted'), settle(),
        then(documents=0)),
    "a draft that somebody edited": (
        DRAFTS, sold(), person("edit_line", "shop_101", "1", product_unit_price=Decimal(1000)),
        wait(300), status_is("cancelled"),
        foretells({"held": 1}, "somebody has edited sales order 1 in PowerOffice",
            "→ Delete the sales order in PowerOffice")),
    "an invoice of a sale that is off": (
        sold(), wait(300), status_is("cancelled"),
        foretells({"cancelled": 1, "credited": 1},
            '101: is "cancelled" in the shop: invoice 10001 is credited in full',
            "credit note for the whole order shop_101-c", "total -1299.00 dated 2026-11-23"),
        settle(), then(invoiced=lambda found: found["shop_101-c"] == -1299)),
    "no credit notes wanted": (
        configure(refunds={"credit_notes": False}), sold(), wait(300), status_is("cancelled"),
        foretells({"held": 1},
            '101: It was invoiced (invoice 10001) and is now "cancelled" in the shop')),
    "a refund with the money's way back": (
        sold(), wait(300), refunds("300.00", **BACK),
        foretells({"unchanged": 1, "credited": 1}, "101: invoice 10001 stands as it should",
            "credit note for refund 102 shop_101-r102", "total -300.00 dated 2026-11-23",
            "300.00 goes back from account 1903, 2026-11-23", "! Refund",
            "has no lines: it was spread over"), settle(),
        then(invoiced=lambda found: found["shop_101-r102"] == -300),
        that(lambda w: [pair[::2] for one in vouchers(w) for pair in one.pairs], [(1903, 1299),
            (1903, -300)])),
    "a refund that is held": (
        configure(refunds={"amount_only": "hold"}), sold(), wait(300), refunds("300.00"),
        foretells({"unchanged": 1, "held": 1}, "has no lines")),
    "all that follows a new order": (
        sells(101), refunds("300.00"),
        foretells({"made": 1, "invoiced": 1, "credited": 1}, "total 1299.00", "invoiced on",
            "payment 1299.00", "credit note for refund", "-300.00")),
    "changed after its invoice": (
        sold(), wait(300), sells(101, Goods("GEN-001", "999.00")),
        foretells({"held": 1}, "invoice 10001 is 1299.00, the order now comes to 999.00"), settle(),
        that(lambda w: "invoice 10001 is 1299.00" in w.reasons()["101"], True)),
    "without an answer, and looked up once it may be": (
        sells(101), fails("POST", "/SalesOrders/Complete", 1, "lost_after"), run(),
        foretells({"waiting": 1}, "101: PowerOffice has not answered yet", exit_code=3), wait(61),
        foretells({"made": 1, "invoiced": 1}, "101: sales order 1 stands as it should",
            "invoiced on 2026-10-05")),
    "a draft that cannot be read": (
        DRAFTS, sold(), wait(300), status_is("cancelled"), *NO_ANSWER,
        foretells({"failed": 1}, "101: PowerOffice has not answered yet", exit_code=3)),
    "no right to send": (
        faults(may_send=False), sells(101),
        foretells({"made": 1}, "no invoiced on", "on account 1903, 2026-10-05, once it is invoiced",
            warns=("may_not_send",))),
    "invoiced by hand, noticed in the hourly look": (
        configure(invoices={"create": False}), sold(), person("invoice_by_hand", "shop_101"),
        wait(HOUR), foretells(None, "101: invoice 10001 stands as it should")),
    "credited by hand": (
        sold(), person("credit_invoice", 10001), wait(300), refunds(FULL), status_is("refunded"),
        foretells({"unchanged": 1, "held": 1}, "was made by hand (10002)"), settle(),
        then("credited_by_hand")),
    "money back after a cancellation": (
        sold(), wait(300), status_is("cancelled"), settle(), wait(300), refunds(FULL, **BACK),
        foretells(None, "credit note for the whole order 1299.00 goes back from account 1903"),
        settle(), that(lambda w: vouchers(w)[-1].pairs[0][::2], (1903, -1299))),
    "a credit note is never dated before its invoice": (
        ON_COMPLETION, sells(101), refunds("300.00"), wait(3 * 24 * 3600), status_is("completed"),
        foretells(None, "total -300.00 dated 2026-11-26"), settle(),
        day_of("shop_101-r102", date(2026, 11, 26))),
}
# fmt: on


@pytest.mark.parametrize("name", STORIES)
def test_a_preview_shows_what_a_run_would_do(world: World, name: str) -> None:
    """And where the story goes on, the run does it."""
    told(STORIES[name], world)


@pytest.mark.parametrize("when", ["processing", "completed"])
def test_a_preview_counts_what_the_run_then_does(tmp_path: Path, when: str) -> None:
    """Over all recorded orders and refunds; and after the run there is nothing more to show.

    No name, address or e-mail is printed: previews are pasted into mails.
    """
    world = business(
        tmp_path, invoices={"create": True, "when": when}, refunds={"amount_only": "spread"}
    )
    world.loads(*recorded_names())
    foreseen, text = previewed(world)
    assert [one for one in PERSONAL if one in text] == []
    done = world.run().counts
    for name in ("made", "changed", "invoiced", "credited", "cancelled", "held", "skipped"):
        assert foreseen.counts.get(name, 0) == done.get(name, 0), name
    world.settle()
    assert set(previewed(world)[0].counts) <= {"held", "unchanged"}


def test_a_preview_is_of_the_orders_that_were_asked_for(world: World) -> None:
    """--order picks by the number that people see, --limit the oldest; a wrong one is said."""
    for order_id in (101, 102, 103):
        world.sells(order_id)
    for asked, due in (
        (previewed(world, "102"), ["102"]),
        (previewed(world, "#102"), ["102"]),  # as the shop shows it
        (previewed(world, "shop_102"), ["102"]),  # and PowerOffice
        (previewed(world, limit=2), ["101", "102"]),
    ):
        assert re.findall(r"^\d+(?=: )", asked[1], re.MULTILINE) == due
    with pytest.raises(WrongNumber) as caught:
        previewed(world, "999")
    assert caught.value.code == "no_such_order"
    world.sells(999, number="7")
    world.sells(998, number="#7")  # a plugin's own sign
    assert "#7" in previewed(world, "#7")[1]
    world.run()
    with pytest.raises(WrongNumber):  # a number is no id: a plugin may give it to another order
        previewed(world, "999")


# -- the summary -----------------------------------------------------------------------------------


def test_a_summary_is_short_and_tells_every_order(world: World) -> None:
    """At most 80 lines of 50 orders, each on a line of its own; the sums per rate are the run's."""
    world.loads(*recorded_names())
    outcome, text = previewed(world, details=False)
    lines = text.splitlines()
    assert [one for one in PERSONAL if one in text] == []
    assert len(recorded_names()) >= 49
    assert len(lines) <= 80
    ends = {"30": "✓ invoice, payment", "42": "! held", "52": "- not transferred"}
    for number, said in ends.items():
        (line,) = [one for one in lines if one.startswith(f"{number} ")]
        assert line.endswith(said)
        assert "2026-10-05" in line
    assert re.search(r"^sum +\d", text, re.MULTILINE)
    assert "--order NUMBER" in text.replace("\n", " ")
    assert "nothing was written" in text
    assert outcome.counts["held"] == sum(" ! held" in one for one in lines)


def test_a_summary_tells_a_payment_only_where_it_is_posted(world: World) -> None:
    """Of an order that may not be invoiced yet there is a draft, and no more."""
    world.faults.may_send = False
    world.sells(101)
    assert re.search(r"^101 .* ✓ draft$", previewed(world, details=False)[1], re.MULTILINE)


def test_a_summary_tells_a_reason_once(world: World) -> None:
    """Then the orders that it is about."""
    for order_id in (101, 102, 103):
        world.sells(order_id, payment_method="ukjent")
    _, text = previewed(world, details=False)
    assert text.count("No account is named for payments by ukjent.") == 1
    assert "payments by ukjent. (101, 102, 103)" in " ".join(text.split())
