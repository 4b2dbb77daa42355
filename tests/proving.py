"""The proof of a period in the test world; star-imported."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
from payout_month import ALL, CLEARING, MONTH, booked
from stories import PAID, business, invoice
from world import World

from woo2po import status
from woo2po.connections import Connections
from woo2po.payouts import PayoutsWish, payouts
from woo2po.proof import Period, Proof, reconcile
from woo2po.proof.sums import Sums
from woo2po.sandbox.shop_orders import Goods, refund_of

OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
BOTH = Period(OCTOBER.first, NOVEMBER.last)
HAT = Goods("GEN-001", "1299.00", name="Lue")  # 1 039.20 + 259.80
COFFEE = Goods("KAF-250", "88.80", 15, quantity=2, name="Kaffe")  # 154.43 + 23.17
ABROAD: dict[str, Any] = {"country": "US", "postcode": "78701"}


def prove(world: World, period: Period = OCTOBER, *, old: bool = False) -> Proof:
    """Return the proof of a period, October 2026 unless another is given; `old`: of an old shop."""
    shop = httpx.MockTransport(world.shop.answer)
    both = Connections(WithoutRefunds(shop) if old else shop, world.wire)
    return world.in_virtual_time(reconcile(world.settings, world.now, period, both))


def recorded_month(folder: Path) -> World:
    """Return a shop with the orders of the recorded month of payouts, invoiced and paid."""
    methods = {"vipps": "vipps", "klarna": "klarna_payments", "nexi": "dibs_easy",
               "stripe": "stripe"}  # fmt: skip
    accounts = {methods[name]: number for name, number in CLEARING.items()}
    world = business(
        folder, payments={"register": True, "accounts": accounts},
        payouts={name: booked(number) for name, number in CLEARING.items()})  # fmt: skip
    for order in json.loads((MONTH / "orders.json").read_text("utf-8")):
        fields = {name: value for name, value in order.items() if not name.startswith("_")}
        id_, total, refunds = (fields.pop(name) for name in ("id", "total", "refunds"))
        back = sum(-Decimal(refund["total"]) for refund in refunds)
        goods = [Goods(price=str(part)) for part in (back, Decimal(total) - back) if part]
        world.sells(id_, *goods, **fields)
        for refund in refunds:
            lines = refund_of(world.shop.orders[id_], [1, *[0] * (len(goods) - 1)])
            day = refund["date_created_gmt"]
            more = {"id": refund["id"], "date_created_gmt": day, "refunded_payment": True}
            world.shop.add_refund(id_, {**lines, **more})
    world.settle(at_most=12)
    world.wait(300)
    return world


def month_of_payouts(folder: Path) -> World:
    """Return the recorded month with all of its reports dropped in."""
    world = recorded_month(folder)
    drops_in(world, *ALL)
    return world


HOSTILE = '=HYPERLINK("http://x")<script>alert(1)</script>\u202e\x1b[31m&amp;'


def odd_month(folder: Path) -> World:
    """Return a shop with a month in which each order is odd in a way of its own."""
    world = business(
        folder, vat={"domestic_zero": "note"}, products={"unknown": "hold"},
        gift_cards={"product": "GAVEKORT", "skus": ["GAVE-500"]},
        payments={**PAID, "in_the_till": ["cod"]})  # fmt: skip
    world.shop.statuses.append("sendt")
    world.sells(101, replace(HAT, rate=0))
    # Freight without VAT beside goods with it: 19.80 of 99.00 are owed.
    freight = {"id": 9, "method_title": "Post", "total": "99.00", "total_tax": "0", "taxes": []}
    world.sells(102, HAT)
    world.shop.edit(102, shipping_lines=[freight], total="1398.00")
    world.sells(103, Goods("GAVE-500", "500.00", 0, name="Gavekort"))
    world.sells(104, Goods("NO-SUCH", "10.00", 0))
    world.sells(105, Goods("NO-SUCH", "100.00"))
    world.sells(107, payment_method="cod")
    world.sells(108, status="sendt")
    world.sells(109, status="sendt", date_paid_gmt=None)
    world.sells(110, HAT, payment_method="bacs", date_paid_gmt=None)
    world.sells(111, HAT, COFFEE)
    world.sells(113, HAT)
    world.sells(115, status="cancelled")  # paid all the same
    world.settle()
    status.skip(world.settings, "105", "sold at the fair, in the till")
    world.sells(114, number=HOSTILE, payment_method="=cmd|'/c calc'!A0")
    reposted(world, "shop_113", 3000, amount=Decimal("-1129.57"), vat_amount=Decimal("-169.43"))
    post(world, 1903, "111 ")  # its payment is gone, and more cards were used than sold
    by_hand = {"description": "by hand", "voucher_id": "of somebody"}
    post(world, 2901, "", copy=True, amount=Decimal("577.00"), **by_hand)
    return world


def drops_in(world: World, *files: str) -> None:
    """Read reports of the recorded month; fail unless all of their payouts are booked."""
    wish = PayoutsWish([MONTH / file for file in files])
    work = payouts(world.settings, world.now, wish, lambda _: None, world.connections)
    assert {*world.in_virtual_time(work).counts} == {"booked"}


class WithoutRefunds(httpx.AsyncBaseTransport):
    """An older WooCommerce: it has no list of the refunds of the whole shop."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer as WordPress does where there is no such route, else as the shop does."""
        if request.url.path.endswith("/wc/v3/refunds"):
            said = {"code": "rest_no_route", "message": "No route", "data": {"status": 404}}
            return httpx.Response(404, json=said)
        return await self.inner.handle_async_request(request)


def found(proof: Proof) -> list[tuple[str, str]]:
    """Return what differs: the code without its first word, and the order's number."""
    return [(pair.code, pair.number) for pair in proof.differences]


def told(proof: Proof) -> list[tuple[str, str]]:
    """Return what is explained, likewise."""
    return [(pair.code, pair.number) for pair in proof.explained]


def turned(proof: Proof) -> dict[tuple[str, int, str, str], Sums]:
    """Return the sums of the turnover by VAT code, account, kind, and "net" or "vat"."""
    return proof.by(lambda one: (one.code, one.account, one.kind, one.part))


def off(proof: Proof) -> int:
    """Return by how much the books differ from the shop, in øre."""
    return sum(sums.differs for sums in proof.by(lambda under: under.currency).values())


def post(world: World, account: int, text: str, **other: Any) -> None:
    """Change what is posted on an account under a text (its beginning); `copy`: beside it."""
    posted, beside = world.company.postings, other.pop("copy", False)
    old = [p for p in posted if p.account_no == account and (p.description or "").startswith(text)]
    assert old, f"nothing is posted on {account} under {text}"
    posted[:] = posted if beside else [p for p in posted if p not in old]
    posted += [one.but(**other) for one in old if other]


def reposted(world: World, reference: str, account: int, **other: Any) -> None:
    """Change the postings of an invoice on an account, in the ledger alone."""
    voucher, posted = invoice(world, reference).voucher_no, world.company.postings
    posted[:] = [one.but(**other) if (one.voucher_no, one.account_no) == (voucher, account) else one
                 for one in posted]  # fmt: skip


def named_alone(world, plant, wanted, by=None):
    """Plant a fault; the proof names it and nothing else, and the books differ by so many øre."""
    plant(world)
    proof = prove(world)
    assert sorted(found(proof)) == sorted(wanted), found(proof)
    assert by is None or off(proof) == by
