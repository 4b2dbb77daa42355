"""The life of all recorded orders with their refunds: every figure is the shop's own.

What must be there is computed here from the shop's figures alone: an invoice of each order's
total, a credit note of each refund's amount, the money of what the shop says is paid.
"""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from after import PAID, balances, drafts, everything_balances, invoiced, on_accounts, vouchers
from thoroughly import thorough
from world import World

from woo2po.sandbox.shop_orders import recorded_names

# Held as they are: Swedish VAT without a product for it, and two taxes on one line.
HELD = {"42": "foreign_vat", "2084": "two_rates_at_once"}
NEVER_ON = {57, 58, 59, 60}  # pending, on hold, failed, cancelled
WHOLE_KRONER = {3030, 3031, 3032, 3033}
REFUNDED_BEFORE = {52, 1043, 2075}
ACCOUNTS = {"vipps": 1903, "klarna_payments": 1904, "klarna": 1904, "cod": 1900}
WAYS = [(w, r) for w in ("completed", "processing") for r in ("line", "document", "end")]
Json = dict[str, Any]
Life = tuple[World, str]


@pytest.fixture(
    scope="module",
    params=[WAYS[0], WAYS[-2], *thorough(*((way,) for way in (*WAYS[1:-2], WAYS[-1])))],
    ids="-".join,
)
def life(request: pytest.FixtureRequest, folders: Iterator[Path]) -> Life:
    """Everything as it was recorded, then every order completed, then two refunds more."""
    when, rounding = request.param
    world = World(
        next(folders),
        invoices={"create": True, "when": when},
        payments=PAID,
        refunds={"register_payment": "always"},
        gift_cards={"hidden": "gift_card"},
    )
    world.faults.rounding = rounding
    world.loads(*recorded_names())
    world.settle()
    world.wait(900)
    for order_id, order in world.shop.orders.items():
        if order["status"] == "processing":
            world.shop.set_status(order_id, "completed")
    world.settle()
    world.wait(900)
    world.shop.add_refund(54, {"amount": "597.00", "refunded_payment": True})
    world.shop.set_status(31, "refunded")
    world.settle()
    return world, when


def sold(world: World) -> dict[str, Json]:
    """Return the orders that must be invoiced, by reference."""
    absent = NEVER_ON | REFUNDED_BEFORE | {int(number) for number in HELD}
    return {f"shop_{i}": o for i, o in world.shop.orders.items() if i not in absent}


def refunded(world: World) -> dict[str, tuple[Json, Decimal]]:
    """Return order and amount of every refund that must be credited, by reference."""
    return {
        f"{reference}-r{refund['id']}": (order, Decimal(refund["amount"]))
        for reference, order in sold(world).items()
        for refund in world.shop.refunds.get(order["id"], [])
    }


def is_paid(order: Json) -> bool:
    """Say by hand whether the job books the order's money."""
    prepaid = order["payment_method"] not in {"bacs", "cheque"}
    return bool(order["date_paid_gmt"]) and prepaid and Decimal(order["total"]) != 0


def test_every_order_is_held_or_invoiced_and_every_figure_is_the_shops(life):
    """Order totals and refund amounts, nothing more and nothing less, and no draft left behind."""
    world, _ = life
    assert world.held() == HELD
    assert drafts(world) == set()
    wanted = {name: Decimal(order["total"]) for name, order in sold(world).items()}
    wanted |= {name: -amount for name, (_, amount) in refunded(world).items()}
    assert invoiced(world) == wanted


def test_vat_and_day_of_every_invoice_are_the_shops(life):
    """VAT within an øre for each line, since PowerOffice computes it anew from net prices; a shop
    of whole kroner rounds each line's to those. The day is that of question 4: when it was
    completed, or paid, or else created.
    """
    (world, when), books = life, life[0].books()
    for reference, order in sold(world).items():
        document = books.document(reference)
        vat = sum((amount for _, amount in document.vat), Decimal(0))
        each = Decimal("0.5" if order["id"] in WHOLE_KRONER else "0.01")
        difference = abs(vat - Decimal(order["total_tax"]))
        assert difference <= each * len(document.lines), reference
        # On the shop's own clock, so the first ten characters are the day in its zone.
        day = order["date_completed"]
        if when == "processing":
            day = order["date_paid"] or order["date_created"]
        # Unpaid when it was invoiced, paid when it was completed.
        late = when == "processing" and day[:10] == "2026-11-23"
        assert late or str(document.invoice_day) == day[:10], reference


def test_every_paid_invoice_is_closed_and_every_unpaid_one_open(life):
    """So the accountant's list of open items is what customers owe."""
    world, _ = life
    open_ones = {name: balance for name, balance in balances(world).items() if balance}
    unpaid = {name: order for name, order in sold(world).items() if not is_paid(order)}
    totals = {name: Decimal(order["total"]) for name, order in unpaid.items()}
    assert open_ones == {name: total for name, total in totals.items() if total}


def test_each_customers_account_is_what_the_shop_says(life):
    """Sold, less refunded, less paid, plus returned: by hand, from the shop's figures."""
    world, _ = life
    books = world.books()
    owner = {document.reference: document.customer for document in books.documents}
    wanted: Counter[str] = Counter()
    for name, order in sold(world).items():
        wanted[owner[name]] += 0 if is_paid(order) else Decimal(order["total"])
    for name, (order, amount) in refunded(world).items():
        wanted[owner[name]] -= 0 if is_paid(order) else amount
    found: Counter[str] = Counter()
    for entry in books.ledger:
        found[entry.customer] += entry.balance
    assert {k: v for k, v in found.items() if v} == {k: v for k, v in wanted.items() if v}


def test_the_clearing_accounts_hold_the_shops_takings(life):
    """Method by method: what was paid less what went back. Every voucher sums to 0."""
    world, _ = life
    wanted: Counter[int] = Counter()
    for order in filter(is_paid, sold(world).values()):
        wanted[ACCOUNTS[order["payment_method"] or "vipps"]] += Decimal(order["total"])
    for order, amount in refunded(world).values():
        if is_paid(order):
            wanted[ACCOUNTS[order["payment_method"]]] -= amount
    assert on_accounts(world) == wanted
    everything_balances(world)


def test_each_payment_and_each_way_back_is_posted_once(life):
    """One voucher line an order and one a refund, under the reference of each."""
    world, _ = life
    posted = Counter(name for voucher in vouchers(world) for _, name, _ in voucher.pairs)
    paid = {name for name, order in sold(world).items() if is_paid(order)}
    paid |= {name for name, (order, _) in refunded(world).items() if is_paid(order)}
    assert posted == Counter(name.removeprefix("shop_") for name in paid)
