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


def left(sums: Counter[Any]) -> dict[Any, Decimal]:
    """Return what is not 0."""
    return {key: amount for key, amount in sums.items() if amount}


def test_every_document_is_the_shops(life):
    """Totals of orders and amounts of refunds, nothing more and nothing less, and no draft left.
    VAT within an øre for each line, since PowerOffice computes it anew from net prices; a shop of
    whole kroner rounds each line's to those. The day is that of question 4: when it was completed,
    or paid, or else created.
    """
    (world, when), books = life, life[0].books()
    assert (world.held(), drafts(world)) == (HELD, set())
    wanted = {name: Decimal(order["total"]) for name, order in sold(world).items()}
    assert invoiced(world) == wanted | {n: -amount for n, (_, amount) in refunded(world).items()}
    for reference, order in sold(world).items():
        document = books.document(reference)
        vat = sum((amount for _, amount in document.vat), Decimal(0))
        each = Decimal("0.5" if order["id"] in WHOLE_KRONER else "0.01")
        assert abs(vat - Decimal(order["total_tax"])) <= each * len(document.lines), reference
        # On the shop's own clock, so the first ten characters are the day in its zone.
        day = order["date_completed"]
        if when == "processing":
            day = order["date_paid"] or order["date_created"]
        # Unpaid when it was invoiced, paid when it was completed.
        late = when == "processing" and day[:10] == "2026-11-23"
        assert late or str(document.invoice_day) == day[:10], reference


def test_all_money_is_the_shops(life):
    """What is open is what customers owe, invoice by invoice and customer by customer (sold, less
    refunded, less paid, plus returned); clearing accounts hold what was paid, method by method,
    less what went back; each payment and each way back is posted once, and every voucher sums to 0.
    """
    world, _ = life
    books, owed, accounts, posted = life[0].books(), Counter(), Counter(), Counter()
    owner = {document.reference: document.customer for document in books.documents}
    moves = {name: (order, Decimal(order["total"])) for name, order in sold(world).items()}
    unpaid = Counter({name: total for name, (order, total) in moves.items() if not is_paid(order)})
    moves |= {name: (order, -amount) for name, (order, amount) in refunded(world).items()}
    for name, (order, amount) in moves.items():
        if is_paid(order):
            accounts[ACCOUNTS[order["payment_method"] or "vipps"]] += amount
            posted[name.removeprefix("shop_")] += 1
        else:
            owed[owner[name]] += amount
    assert left(balances(world)) == left(unpaid)
    found = Counter()
    for entry in books.ledger:
        found[entry.customer] += entry.balance
    assert left(found) == left(owed)
    assert on_accounts(world) == accounts
    assert Counter(name for voucher in vouchers(world) for _, name, _ in voucher.pairs) == posted
    everything_balances(world)
