"""`show NUMBER` of an invoiced order: its money, its credit notes, and what the shop says since."""

from pathlib import Path
from typing import Any

import pytest
from after import business, hour_later, invoice
from test_show import shown
from world import Goods, World

from woo2po.messages.message import word
from woo2po.record import WriteKind

LUE = Goods("GEN-001", "1299.00", name="Lue")
KAFFE = Goods("KAF-250", "88.80", 15, quantity=2, name="Kaffe")
BY_GATEWAY = {"refunded_payment": True}


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A shop with one order of two lines, invoiced and paid."""
    world = business(tmp_path)
    world.sells(101, LUE, KAFFE)
    world.settle()
    world.wait(300)
    return world


def told(world: World) -> tuple[int | None, str]:
    """Return exit code and text of `show 101`, its blanks and line ends as single blanks."""
    code, text = shown(world)
    assert max(map(len, text.splitlines())) <= 80
    return code, " ".join(text.replace("\N{NO-BREAK SPACE}", "").split())


def test_the_money_is_shown_with_account_day_and_voucher(world: World) -> None:
    """The accountant finds the voucher by its number."""
    (voucher,) = world.company.vouchers.values()
    code, text = told(world)
    assert f"payment: 1476.60 on account 1903: posted 2026-10-05, voucher {voucher.voucher_no}" in (
        text
    )
    assert "Invoice 10001 of 2026-10-05 in PowerOffice: 1476.60, 0.00 left to pay." in text
    assert "The invoice is equal to the order in the shop" in text
    assert code == 0


def test_it_is_said_by_which_sign_an_order_counts_as_paid(world: World) -> None:
    """The gateway's own key, or where it has none a day of the order; by invoice none counts."""
    assert "Money: captured 1476.60, says the order (date_paid)." in told(world)[1]
    world.shop.reserve(101, "vipps")
    assert "Money: reserved 1476.60, says Vipps (_vipps_captured)." in told(world)[1]
    world.shop.capture(101)
    assert "Money: captured 1476.60, says Vipps (_vipps_captured)." in told(world)[1]
    world.configure(payments={"unpaid_methods": ["vipps"]})
    assert "Money: paid by invoice (vipps)" in told(world)[1]


def test_money_that_waits_or_was_found_has_no_voucher(tmp_path: Path) -> None:
    """To be posted while the privilege is missing; paid in PowerOffice by somebody else."""
    world = business(tmp_path)
    world.faults.privileges.discard("BankVoucher_Full")
    world.sells(101)
    world.run()
    assert "payment: 1299.00 on account 1903: to be posted" in told(world)[1]
    world.company.register_payment(10001)
    hour_later(world)
    assert "payment: 1299.00 on account 1903: paid in PowerOffice already" in told(world)[1]


@pytest.mark.parametrize("after_a_run", [False, True], ids=["before a run", "after it"])
def test_an_order_that_changed_is_shown_line_by_line(world: World, after_a_run: bool) -> None:
    """What was invoiced and what the order has now, of the lines that differ; and the totals."""
    world.sells(101, Goods("GEN-001", "1299.00", quantity=2, name="Lue"), KAFFE,
                Goods("BOK-12", "50.00", 0, name="Bok"))  # fmt: skip
    if after_a_run:
        world.settle()
    code, text = told(world)
    assert code == 1
    assert "The order in the shop is no longer what was invoiced:" in text
    assert "Lue 1 1299.00 2 2598.00 Bok – 1 50.00 total 1476.60 2825.60" in text
    assert "Kaffe" not in text.partition("no longer what was invoiced")[2]
    if after_a_run:
        assert "invoice 10001 is 1476.60, the order now comes to 2825.60" in text
        assert "`woo2po show 101` lists what differs" in text


def refunded_and_taken_back(world: World) -> None:
    """Refund, let it be credited, and delete the refund in the shop."""
    refund = world.shop.add_refund(101, {"amount": "300.00", **BY_GATEWAY})
    world.settle()
    world.shop.delete_refund(101, refund)


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        # Another address: the lines and the total are those of the invoice.
        (lambda w: w.sells(101, LUE, KAFFE, billing={"address_1": "Lillegata 2"}),
         "The lines and the total are those of the invoice."),
        (lambda w: w.shop.delete(101), "The order is gone from the shop."),
        (refunded_and_taken_back, "The refund behind credit note 10002 was deleted in the shop."),
        # The books were set back, or it is another company's.
        (lambda w: w.company.outgoing_invoices.clear(), "Invoice 10001 is not found in"),
        (lambda w: w.sells(101, LUE, status="processing", total="900.000000"),
         "As it is in the shop now, the order would be held: It was changed in the shop after"),
    ],
    ids=["another address", "gone", "refund taken back", "no invoice", "unfit"],
)  # fmt: skip
def test_what_is_no_longer_as_it_was_invoiced_is_said(
    world: World, happens: Any, said: str
) -> None:
    """Exit code 1."""
    happens(world)
    code, text = told(world)
    assert said in text
    assert "Lillegata" not in text
    assert code == 1


def test_an_invoice_whose_lines_poweroffice_does_not_show_is_compared_by_total(
    world: World,
) -> None:
    """No line is said to be missing from it."""
    world.sells(101, LUE)
    invoice(world, "shop_101").order.lines.clear()
    code, text = told(world)
    assert code == 1
    assert "total 1476.60 1299.00" in text
    assert "–" not in text.partition("no longer what was invoiced")[2]


def test_an_invoiced_order_that_was_cancelled_is_shown_so(world: World) -> None:
    """Until a run has credited it; then the credit note is what is shown."""
    world.shop.set_status(101, "cancelled")
    code, text = told(world)
    assert 'In the shop the order is now "cancelled". What was made of it is not taken' in text
    assert code == 1
    world.settle()
    code, text = told(world)
    assert "credit note of the whole order — credited" in text
    assert "Credit note 10002 of 2026-11-23 in PowerOffice: -1476.60" in text
    assert code == 0


def test_a_refund_is_shown_until_and_after_it_is_credited(world: World) -> None:
    """Its amount; then its credit note, and the voucher of the money's way back."""
    refund = world.shop.add_refund(101, {"amount": "300.00", **BY_GATEWAY})
    code, text = told(world)
    assert f"Refund {refund} of 300.00 in the shop is not credited." in text
    assert code == 1
    world.settle()
    code, text = told(world)
    number = list(world.company.vouchers.values())[-1].voucher_no
    back = f"paid back: 300.00 on account 1903: posted 2026-11-23, voucher {number}"
    assert f"refund {refund} — credited" in text
    assert back in text
    assert "! Refund" in text, "what was noticed about it"
    assert "Credit note 10002 of 2026-11-23 in PowerOffice: -300.00, of which 0.00 is open." in text
    assert code == 0


def test_what_was_noticed_about_an_order_is_shown(tmp_path: Path) -> None:
    """With what to do about it."""
    world = business(tmp_path)
    world.sells(101, email="kari at example.no")
    world.settle()
    code, text = told(world)
    assert "! The customer's e-mail is not an address and was left out." in text
    assert "→ Correct it on the customer in PowerOffice." in text
    assert code == 0


def test_a_draft_that_is_behind_its_order_is_no_ones_fault(tmp_path: Path) -> None:
    """The next run brings it up to date: nobody is sent to delete it."""
    world = business(tmp_path, invoices={"create": False}, payments={"register": False})
    world.sells(101, LUE)
    world.settle()
    world.sells(101, LUE, KAFFE)
    code, text = told(world)
    assert "a run brings the draft up to date" in text
    assert "Kaffe – 2 177.60 total 1299.00 1476.60" in text
    assert "Delete it in PowerOffice" not in text
    assert code == 1


def test_a_draft_with_a_rounding_line_is_equal(tmp_path: Path) -> None:
    """What PowerOffice's rounding made necessary is no difference."""
    world = business(tmp_path, invoices={"create": False}, payments={"register": False})
    world.faults.max_unit_price_decimals = 2
    for order_id in range(101, 107):
        world.sells(order_id, Goods("KAF-250", f"{order_id - 12}.80", 15))
    world.settle()
    assert world.held() == {}
    drafts = world.company.sales_orders.values()
    assert "round" in {line.external_import_reference for one in drafts for line in one.lines}
    assert {shown(world, str(order_id))[0] for order_id in range(101, 107)} == {0}


def test_every_write_has_its_word() -> None:
    """The history names what was done, in both languages."""
    for kind in WriteKind:
        assert word(f"write_{kind}", "nb") != word(f"write_{kind}", "en")
