"""`show NUMBER`: an order's history, documents and money, and what differs, if anything does."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from stories import *
from stories import HOUR, PAID, business, invoice
from world import World

from woo2po.connections import Connections
from woo2po.sandbox.shop_orders import Goods
from woo2po.show import show_order

LUE = Goods("GEN-001", "1299.00", name="Lue")
KAFFE = Goods("KAF-250", "88.80", 15, quantity=2, name="Kaffe")
BOK = Goods("BOK-12", "50.00", 0, name="Bok")


def shown(world: World, number: str = "101") -> tuple[int | None, str]:
    """Return exit code and text of `show`."""
    said: list[str] = []
    before = world.state.read_bytes(), len(world.wire.writes)
    connections = Connections(httpx.MockTransport(world.shop.answer), world.wire)
    work = show_order(world.settings, world.now, number, said.append, connections)
    code = world.in_virtual_time(work)
    assert (world.state.read_bytes(), len(world.wire.writes)) == before, "it changes nothing"
    return code, "\n".join(said)


@step
def shows(world: World, code: int | None, *texts: str, number: str = "101") -> None:
    """Show an order: the exit code, and texts in the order in which they come (see `reads`)."""
    found, text = shown(world, number)
    assert max(map(len, text.splitlines()), default=0) <= 80
    assert found == code, text
    reads(text, *texts, *(f"no {personal}" for personal in PERSONAL))


INVOICED = (sells(101, LUE, KAFFE), settle(), wait(300))
DRAFTED = (configure(invoices={"create": False}, payments={"register": False}), sold())
PERSONAL = ("Nordmann", "kari@example.no", "Storgata")
NO_LONGER = "The order in the shop is no longer what was invoiced:"
# fmt: off
STORIES: dict[str, Story] = {
    "a number that nobody knows": (sold(), shows(None, number="999")),
    "a draft with its number, and that it is equal": (
        *DRAFTED, shows(0, "shop_101", "sales order: 1 ", "299.00", "2026-11-23 19:00:00",
                        "make sales order", "equal to the order", "no NOK")),
    # In PowerOffice a unit price has two decimals, so that some need a rounding line.
    "drafts with a rounding line, which are equal": (
        DRAFTED[0], faults(max_unit_price_decimals=2),
        *(sells(n, Goods("KAF-250", f"{n - 12}.80", 15)) for n in range(101, 107)), settle(),
        then(), that(lambda world: "round" in {line[0] for one in world.books().documents
                                               for line in one.lines}, due=True),
        *(shows(0, "equal to the order", number=str(n)) for n in range(101, 107))),
    "one by its id, and as shop and PowerOffice show its number": (
        loads("plugin-sequential-number"), settle(),
        that(lambda w: len({shown(w, n) for n in ("1001", "id:2030", "#1001", "shop_1001")}), 1),
        shows(0, "shop_2030", number="id:2030")),
    "another currency than kroner": (
        sells(101, currency="EUR"), settle(), shows(0, "total: 1299.00 EUR")),
    "a draft that a person changed": (
        *DRAFTED, person("edit_line", "shop_101", "1", product_unit_price=Decimal(1000)),
        shows(1, "Vare 1 1250.00 1 1299.00 total 1250.00 1299.00")),
    "one that a person deleted": (
        *DRAFTED, person("delete_draft", "shop_101"), shows(1, "is no longer in PowerOffice")),
    # It is an invoice, though no run has noticed it yet: it is not called gone.
    "one that a person invoiced": (
        *DRAFTED, person("invoice_by_hand", "shop_101"), shows(0, "Invoice 10001 of ")),
    "a draft that is behind its order: the next run brings it up to date": (
        DRAFTED[0], sells(101, LUE), settle(), sells(101, LUE, KAFFE),
        shows(1, "a run brings the draft up to date", "Kaffe – 2 177.60 total 1299.00 1476.60",
              "no Delete it in PowerOffice")),
    "held, with reason and remedy": (
        configure(payments={**PAID, "accounts": {"klarna": 1904}}), sold(),
        shows(1, "No account is named for payments by vipps.", "→")),
    "what was noticed, with what to do about it": (
        sold(101, email="kari at example.no"),
        shows(0, "! The customer's e-mail is not an address and was left out.",
              "→ Correct it on the customer in PowerOffice.")),
    "a system that is away, after the history": (
        sold(), lambda world: setattr(world.wire, "down", "connect_error"), shows(3, "shop_101")),
    # Money: the accountant finds the voucher by its number.
    "money with account, day and voucher": (
        *INVOICED, shows(0,
            "payment: 1476.60 on account 1903: posted 2026-10-05, voucher 2",
            "Money: captured 1476.60, says the order (date_paid).",
            "Invoice 10001 of 2026-10-05 in PowerOffice: 1476.60, 0.00 left to pay.",
            "The invoice is equal to the order in the shop")),
    "by which sign it counts as paid": (
        *INVOICED, in_the_shop("reserve", 101, "vipps"),
        shows(0, "Money: reserved 1476.60, says Vipps (_vipps_captured)."),
        in_the_shop("capture", 101),
        shows(0, "Money: captured 1476.60, says Vipps (_vipps_captured)."),
        configure(payments={"unpaid_methods": ["vipps"]}),
        shows(0, "Money: paid by invoice (vipps)")),
    "money that waits, and that somebody else posted, has no voucher": (
        without("BankVoucher_Full"), sells(), run(),
        shows(0, "payment: 1299.00 on account 1903: to be posted"),
        person("register_payment", 10001), later(HOUR),
        shows(0, "payment: 1299.00 on account 1903: paid in PowerOffice already")),
    # What is no longer as it was invoiced.
    "changed, line by line": (
        *INVOICED, sells(101, replace(LUE, quantity=2), KAFFE, BOK),
        shows(1, NO_LONGER, "Lue 1 1299.00 2 2598.00 Bok – 1 50.00 total 1476.60 2825.60",
              "no Kaffe"), settle(),
        shows(1, "invoice 10001 is 1476.60, the order now comes to 2825.60",
              "`woo2po show 101` lists what differs", NO_LONGER,
              "Lue 1 1299.00 2 2598.00 Bok – 1 50.00 total 1476.60 2825.60")),
    "changed, and PowerOffice does not show the lines": (
        *INVOICED, sells(101, LUE),
        lambda world: invoice(world, "shop_101").order.lines.clear(),
        shows(1, NO_LONGER, "-------- total 1476.60 1299.00", "no –")),
    # Whether an invoice keeps its order's line references is not sure; texts may come twice.
    "changed, and PowerOffice's lines bear no references": (
        sells(101, LUE, LUE, KAFFE), settle(), lambda world: [
            setattr(line, "external_import_reference", "")
            for line in invoice(world, "shop_101").order.lines],
        sells(101, LUE, replace(LUE, quantity=2), KAFFE),
        shows(1, NO_LONGER, "Lue 1 1299.00 2 2598.00 total 2775.60 4074.60", "no Kaffe")),
    "another product, and a text that came": (
        *INVOICED, sells(101, replace(LUE, sku="LUE-7"), replace(KAFFE, name="Mørk"), BOK),
        shows(1, NO_LONGER, "Lue 1 1299.00 1 1299.00 Kaffe → Mørk 2 177.60 2 177.60 Bok – 1")),
    "another address": (
        *INVOICED, sells(101, LUE, KAFFE, billing={"address_1": "Lillegata 2"}),
        shows(1, "The lines and the total are those of the invoice.", "no Lillegata")),
    "another currency": (
        *INVOICED, sells(101, LUE, KAFFE, currency="EUR"), settle(),
        shows(1, "invoice 10001 is 1476.60, the order now comes to 1476.60 EUR. →",
              "What differs is the customer, an address, a reference, the currency")),
    "gone from the shop": (
        *INVOICED, in_the_shop("delete", 101), shows(1, "The order is gone from the shop.")),
    # The books were set back, or it is another company's.
    "no invoice there": (
        *INVOICED, lambda world: world.company.outgoing_invoices.clear(),
        shows(1, "Invoice 10001 is not found in")),
    "one that would be held now": (
        *INVOICED, sells(101, LUE, status="processing", total="900.000000"),
        shows(1, "As it is in the shop now, the order would be held: It was changed in the shop")),
    "cancelled, and credited by the next run": (
        *INVOICED, status_is("cancelled"),
        shows(1, 'In the shop the order is now "cancelled". What was made of it is not taken'),
        settle(), shows(0, "credit note of the whole order — credited",
                        "Credit note 10002 of 2026-11-23 in PowerOffice: -1476.60")),
    # Refunds.
    "one before and after it is credited": (
        *INVOICED, refunds("300.00", refunded_payment=True),
        shows(1, "Refund 102 of 300.00 in the shop is not credited."), settle(),
        shows(0, "refund 102 — credited",
              "paid back: 300.00 on account 1903: posted 2026-11-23, voucher 4", "! Refund",
              "Credit note 10002 of 2026-11-23 in PowerOffice: -300.00, of which 0.00 is open."),
        in_the_shop("delete_refund", 101, 102),
        shows(1, "The refund behind credit note 10002 was deleted in the shop.")),
    "one that is held": (
        configure(refunds={"amount_only": "hold"}), *INVOICED, refunds("300.00"), settle(),
        shows(1, "has no lines")),
}
# fmt: on


@pytest.mark.parametrize("name", STORIES)
def test_an_order_is_shown_as_it_is(tmp_path: Path, name: str) -> None:
    """0 where all is in order, 1 where it is held or anything differs, 3 for a system away."""
    told(STORIES[name], business(tmp_path))
