"""A month with every kind in it: nothing differs, and each fault that is planted is named.

Every figure is added up by hand from what the shop says.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from proving import *
from stories import business, invoice
from world import World

from woo2po.holds import Skip
from woo2po.proof.showing import ProofWording
from woo2po.sandbox.shop_orders import Goods, refund_of
from woo2po.store import Store

AT = "2026-10-06T10:00:00"
DONE = {"status": "completed", "date_created_gmt": AT, "date_paid_gmt": AT,
        "date_completed_gmt": AT}  # fmt: skip
RECORDED = ("gift-card-sold", "plugin-pw-gift-card-part", "sweden-oss", "fee-and-rounding",
            "coupon-fixed-cart-mixed-vat")  # fmt: skip
REPORT = """\
MSN/Vippsnummer,Bokføringsdato,Type,Beløp,Balanse,Valuta,PSP-referanse,Ordre-ID/Referanse
512345,2026-10-07,Belastning,1476.60,1476.60,NOK,1,T201
512345,2026-10-07,Gebyrer fratrukket,-36.60,1440.00,NOK,2,
512345,2026-10-08,Utbetaling planlagt,-1440.00,0.00,NOK,412345-2000101,
"""


def month(folder: Path) -> World:
    """Return the shop with its month, invoiced, paid, and one payout booked."""
    world = business(
        folder,
        invoices={"create": True, "when": "completed"},
        gift_cards={"product": "GAVEKORT", "skus": ["GAVE-500"], "hidden": "gift_card"},
        vat={"foreign": {"SE25": {"product": "OSS", "vat_product": "OSS-MVA-SE"}}},
        discounts={"transfer_vat": False, "product": "RABATT0"},
        payouts={"vipps": {"book": True, "bank_account": 1920}},
    )
    world.sells(201, HAT, COFFEE, **DONE, transaction_id="T201")
    world.sells(202, HAT, **{**DONE, "status": "processing", "date_completed_gmt": None})
    bank = {**DONE, "payment_method": "bacs", "date_paid_gmt": None}
    world.sells(203, replace(HAT, quantity=2), **bank)
    part = {"_vipps_captured": "129900", "_vipps_capture_timestamp": "1791277200"}
    keys = [{"id": 1, "key": key, "value": value} for key, value in part.items()]
    world.sells(204, HAT, COFFEE, **DONE, meta_data=keys)
    world.sells(205, HAT, **DONE)
    world.sells(206, Goods("GEN-001", "1039.20", 0), **DONE, billing=ABROAD, shipping=ABROAD)
    for order_id in world.loads(*RECORDED):
        world.shop.edit(order_id, status="completed", date_completed_gmt=AT)
    world.settle(at_most=12)
    for order_id in (203, 205):
        refund = refund_of(world.shop.orders[order_id], [1])
        world.shop.add_refund(order_id, {**refund, "date_created_gmt": "2026-10-20T10:00:00",
                                         "refunded_payment": order_id == 205})  # fmt: skip
    world.settle(at_most=12)
    world.wait(300)
    (folder / "report.csv").write_text(REPORT, "utf-8")
    drops_in(world, str(folder / "report.csv"))
    return world


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> World:
    """The month; to look at, or to take a twin of."""
    return month(tmp_path_factory.mktemp("month"))


def test_a_month_of_every_kind_has_no_deviation(world):
    """9 576.80 in all: each order's total less its refunds; the draft is none of it."""
    proof = prove(world)
    assert (found(proof), told(proof), proof.unfinished) == ([], [], (1, 129900))
    assert "1\xa0299.00" in ProofWording(proof, "en").notes[1]
    sums = proof.total()
    assert (sums.shop, sums.explained, sums.books, sums.differs) == (957680, 0, 957680, 0)
    assert all(one.differs == 0 for one in turned(proof).values())
    turnover = proof.by(lambda one: (one.code, one.account, one.kind))
    assert {key: one.books for key, one in turnover.items()} == {
        # The book; 20 of discount on it; 500 of gift card sold and used.
        ("5", 3100, "0"): 37900 - 10000, ("0", 2901, "0"): 0,
        # Sweden's sale, and its VAT on what is owed there.
        ("52", 3110, "SE 25"): 111840, ("0", 2745, "SE 25"): 27960,
        # 201, 203, 204, card, invoice fee and goods, coupon's hat; freight of four orders.
        ("3", 3000, "25"): 129900 + 129900 + 129900 + 139800 + 15480 + 9900 + 49800 + 9900,
        ("31", 3030, "15"): 17760 + 17760 + 17980 + 17980, ("52", 3110, "52"): 103920,
    }  # fmt: skip


def beside(world: World, reference: str, **other: Any) -> None:
    """Put an invoice, with what it posted, beside one of a reference."""
    first, posted = invoice(world, reference), world.company.postings
    again = first.but(id="00000000-0000-0000-0000-000000000009", **other)
    world.company.outgoing_invoices[again.id] = again
    posted += [one.but(voucher_id=again.id) for one in posted if one.voucher_id == first.id]


def recoded(world: World, old: str, new: str) -> None:
    """Move what is posted under a VAT code to another."""
    posted = world.company.postings
    posted[:] = [one.but(vat_code=new) if one.vat_code == old else one for one in posted]


def takes_out(world: World) -> None:
    """Change an order, credit its invoice by hand, and tell the job so."""
    world.sells(206, Goods("GEN-001", "1100.00", 0), **DONE, billing=ABROAD, shipping=ABROAD)
    world.company.credit_invoice(invoice(world, "shop_206").invoice_no, OCTOBER.last)
    put_aside(world)


def put_aside(world: World) -> None:
    with Store.open(world.state) as store:
        store.put_aside(206, Skip("by_hand", {"reason": "invoiced anew"}))


FAULTS = {  # what is done, and what is found of it
    # The ledger is what the VAT return follows, whatever stands on the document.
    "an invoice is posted anew at 12 %": (
        lambda w: reposted(w, "shop_206", 3110, account_no=3050, vat_code="33",
                           vat_rate=Decimal("0.12"), amount=Decimal("-927.86"),
                           vat_amount=Decimal("-111.34")), [("ledger", "206")], 0),
    "an invoice is posted in another month": (
        lambda w: reposted(w, "shop_206", 3110, day=date(2026, 11, 2)),
        [("ledger", "206")], -103920),
    "a sale is posted under the code of another rate": (
        lambda w: reposted(w, "shop_201", 3000, vat_code="31"), [("code", "201")], 0),
    "a sale is posted under a code for purchases": (
        lambda w: reposted(w, "shop_201", 3000, vat_code="1"), [("code", "201")], 0),
    "a sale with VAT is posted under no code": (
        lambda w: reposted(w, "shop_201", 3000, vat_code=""), [("code", "201")], 0),
    "an exempt sale is posted outside the VAT return": (
        lambda w: reposted(w, "shop_33", 3100, vat_code="0"), [("code", "33")], 0),
    "a gift card's account has a code of exempt sales": (
        lambda w: reposted(w, "shop_44", 2901, vat_code="5"), [("owed", "44")], 0),
    "an export is posted outside the VAT return": (
        lambda w: reposted(w, "shop_206", 3110, vat_code="7"), [("code", "206")], 0),
    "Sweden's sale stands among those at home": (
        lambda w: reposted(w, "shop_42", 3110, vat_code="5"), [("code", "42")], 0),
    "Sweden's VAT stands among the sales": (
        lambda w: reposted(w, "shop_42", 2745, account_no=3110, vat_code="52"),
        [("owed", "42")], 0),
    "a gift card that was sold stands among the sales": (
        lambda w: reposted(w, "shop_44", 2901, account_no=3100, vat_code="5"), [("owed", "44")], 0),
    "a gift card that was used stands among the sales": (
        lambda w: reposted(w, "shop_1031", 2901, account_no=3100, vat_code="5"),
        [("owed", "1031")], 0),
    "a payment's voucher is deleted": (
        lambda w: post(w, 1903, "206 "), [("payment_missing", "206")]),
    "a payment's amount is changed": (
        lambda w: post(w, 1903, "206 ", amount=Decimal("1039.00"), description="206 vipps"),
        [("payment_amount", "206")]),
    "a payment is registered once more by hand": (
        lambda w: w.company.register_payment(invoice(w, "shop_201").invoice_no,
                                             Decimal("1476.60"), 1903, date(2026, 10, 15)),
        [("rest", "")]),
    "and was reversed there": (
        lambda w: [post(w, 1903, "205 vipps", copy=True, description="Vipps?",
                        amount=Decimal(f"{sign}1299.00")) for sign in ("", "-")], []),
    "a payment stands on another account": (
        lambda w: post(w, 1903, "206 ", account_no=1904), [("account", "206")]),
    "a way back is deleted": (
        lambda w: post(w, 1903, "205 vipps vipps-1001 r"), [("payback_missing", "205")]),
    "an invoice was made twice": (
        lambda w: beside(w, "shop_206", invoice_no=19999), [("twice", "206")]),
    "an invoice was made twice, and one is credited by hand": (
        lambda w: [w.company.credit_invoice(invoice(w, "shop_206").invoice_no, OCTOBER.last),
                   beside(w, "shop_206", invoice_no=19999)], []),
    "an order was put right by hand, and taken out": (takes_out, [], 0),
    "and its payment stands twice": (
        lambda w: [takes_out(w), post(w, 1903, "206 ", copy=True, day=OCTOBER.last)],
        [("payment_amount", "206")]),
    "and its VAT code is changed": (
        lambda w: [put_aside(w), recoded(w, "52", "5")], [("code", "206"), ("code", "42")]),
    "a way back is posted under words of somebody's": (
        lambda w: post(w, 1903, "205 vipps vipps-1001 r", description="Fra banken"), []),
    "what is odd is reversed": (
        lambda w: [post(w, 1903, "206 ", copy=True, description="shop_206-r77",
                        amount=Decimal(f"{sign}5.00")) for sign in ("-", "")], []),
    "an order changed after its invoice": (
        lambda w: w.sells(206, Goods("GEN-001", "1000.00", 0), **DONE, billing=ABROAD,
                          shipping=ABROAD),
        [("amount", "206"), ("payment_amount", "206")]),
    "the VAT code of exports is changed": (
        lambda w: recoded(w, "52", "5"), [("code", "206"), ("code", "42")]),
    "a refund was deleted in the shop": (
        lambda w: w.shop.delete_refund(203, w.shop.orders[203]["refunds"][0]["id"]),
        [("taken_back", "203")]),
    "an order was never transferred": (
        lambda w: w.sells(299, HAT, **DONE), [("missing", "299")]),
    "an invoiced order lies in the trash": (
        lambda w: w.shop.set_status(203, "trash"), [("off_invoice", "203"), ("off_credit", "203")]),
    "an order has VAT of another rate now": (
        lambda w: w.sells(201, Goods("GEN-001", "1299.00", 15), COFFEE, **DONE,
                          transaction_id="T201"), [("vat", "201")], 0),
    "an invoiced order is gone": (
        lambda w: w.shop.delete(206), [("off_invoice", "id:206")], 103920),
    "an invoice is another shop's": (
        lambda w: setattr(invoice(w, "shop_206").order, "custom_matching_reference",
                          "woo-0123456789-206"),
        [("stranger", ""), ("missing", "206"), ("payment_odd", "206")]),
    "an order was credited by hand": (
        lambda w: w.company.credit_invoice(invoice(w, "shop_206").invoice_no, date(2026, 10, 20)),
        [("hand_credit", "206")], -103920),
    "an order cannot be read any more": (
        lambda w: w.shop.orders[206].update(total="much"),
        [("unreadable", "id:206"), ("off_invoice", "id:206")]),
    "a way back of a refund that the shop has not": (
        lambda w: post(w, 1903, "206 ", copy=True, description="shop_206-r77",
                       amount=Decimal("-5.00")), [("payment_odd", "206")]),
    "the payout was booked by hand too": (
        lambda w: post(w, 1903, "Vipps ", copy=True, description="Fra Vipps"),
        [("payout_twice", "")]),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_named_and_nothing_else(world, tmp_path, name):
    named_alone(world.twin(tmp_path), *FAULTS[name])


@pytest.mark.parametrize("foreign", ["hold", {"DK25": {"product": "OSS", "vat_product": "OSS"}}])
def test_what_was_sold_abroad_under_other_settings_agrees(world, tmp_path, foreign):
    """Sweden's VAT stands on its account still, whether it is named today or not."""
    twin = world.twin(tmp_path)
    twin.configure(vat={"foreign": foreign})
    proof = prove(twin)
    assert (found(proof), proof.total().differs) == ([], 0)
