"""Whatever is sold and refunded, and however PowerOffice rounds: exact to the øre.

More examples than the suite's: WOO2PO_EXAMPLES=20000 python -m pytest tests/mapping.
"""

import os
from collections import defaultdict
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from difflib import unified_diff
from typing import Any

import hypothesis
import pytest
from hypothesis import HealthCheck, assume, event, given
from hypothesis import strategies as st

from tests.mapping.golden import GOLDENS, folder
from tests.mapping.orders import *
from tests.mapping.shop import Cart, Coupon, Fee, Item, Kind, answer, checkout, line_back
from woo2po.mapping.draft import ways_explaining
from woo2po.mapping.prices import exactness, paid_for, sums_of
from woo2po.money import round_ore, same_amount
from woo2po.order import read_order, read_refund
from woo2po.preview import by_rate

EXAMPLES = int(os.environ.get("WOO2PO_EXAMPLES", "200"))
thoroughly = hypothesis.settings(
    max_examples=EXAMPLES, derandomize=EXAMPLES == 200, database=None, deadline=None,
    suppress_health_check=list(HealthCheck))  # fmt: skip
WAYS = st.sampled_from(list(Rounding))
ZERO = Decimal(0)

# What customers might buy, and shops that sell it

KINDS = st.builds(Kind, prices_with_vat=st.booleans(), rounds_at_subtotal=st.booleans(),
                  decimals=st.sampled_from([2, 2, 2, 0]))  # fmt: skip


def ore(least: int, most: int) -> st.SearchStrategy[Decimal]:
    """Return amounts in kroner of whole øre."""
    return st.integers(least, most).map(lambda n: Decimal(n).scaleb(-2))


RATES = st.sampled_from([Decimal(25), Decimal(15), Decimal(12), Decimal(0)])
KRONER = st.integers(1, 3000)
PRICES = st.one_of(ore(1, 100), ore(1, 200_000), KRONER.map(Decimal),
                   KRONER.map(lambda n: n - Decimal("0.10")), ore(1, 100_000_000))  # fmt: skip
QUANTITIES = st.one_of(st.integers(1, 5).map(Decimal), st.integers(1, 1000).map(Decimal),
                       st.integers(1, 10_000).map(lambda n: Decimal(n).scaleb(-3)))  # fmt: skip
SKUS = st.sampled_from(["", "LUE-7", "KAF-250", "BOK-12", "TUR-12", "UNKNOWN"])
ITEMS = st.builds(Item, price=PRICES, rate=RATES, quantity=QUANTITIES, sku=SKUS).filter(
    lambda item: item.rate or item.sku not in {"LUE-7", "KAF-250", "TUR-12"}
)
COUPONS = st.one_of(
    st.builds(Coupon, st.just("percent"), st.integers(1, 100).map(Decimal)),
    st.builds(Coupon, st.just("fixed_cart"), ore(1, 100_000)),
    st.builds(Coupon, st.just("fixed_product"), ore(1, 10_000)),
)
FREIGHT = st.lists(st.tuples(ore(0, 50_000), RATES), max_size=2).map(tuple)
LESS = ore(1, 500).map(lambda amount: -amount)
ANY_FEE = st.builds(Fee, ore(1, 50_000), RATES) | st.builds(Fee, LESS, st.none())
FEES = st.lists(ANY_FEE | st.builds(Fee, LESS, shared=st.just(True)), max_size=2).map(tuple)


def carts(most_items: int = 40) -> st.SearchStrategy[Cart]:
    """Return carts of 1 to `most_items` lines of goods, with what else a cart may have."""
    items = st.lists(ITEMS, min_size=1, max_size=most_items).map(tuple)
    return st.builds(Cart, items, coupon=st.none() | COUPONS, freight=FREIGHT, fees=FEES)


# What is sold


def is_exact(wanted, *, too_much=False):
    """Fail unless an order comes to what was paid, however PowerOffice rounds: in total and VAT,
    with one correction within its bound at most, and at once in the ways that are named.
    """
    total, amounts, right = wanted.amounts.total, wanted.amounts, set()
    for way in Rounding:
        seen = draft(wanted, way)
        right |= {way} if same_amount(seen.total, total) else set()
        assert way in ways_explaining(wanted, seen)
        final = corrected(wanted, seen, basis())
        if isinstance(final, Hold):
            assert too_much, final
            continue
        assert difference(final, draft(final, way)) is None
        assert abs(sum(rounding(final))) <= amounts.largest_rounding
    told = exactness(wanted)
    assert (told.ways, told.is_sure) == (right, right == set(Rounding))
    assert told.line == sum(rounding(wanted), ZERO)
    # The sums per rate, in whole øre, are the total, the VAT and the lines.
    rates, nets = by_rate(wanted, told), sums_of(wanted.lines).nets
    assert sum(map(sum, rates.values())) == total
    for rate, (net, vat) in rates.items():
        assert vat == round_ore(vat)
        allowed = amounts.vat_tolerance.get(rate, ZERO) + Decimal("0.005")
        assert abs(vat - amounts.vat.get(rate, ZERO)) <= allowed
        assert abs(net - nets[rate]) <= Decimal("0.01") * (len(wanted.lines) + 1)


@thoroughly
@given(cart=carts(), kind=KINDS, way=WAYS)
def test_every_order_is_exact_and_its_lines_say_what_was_sold(cart, kind, way):
    """References are unique, prices never negative, VAT is at the shop's rates; and where the way
    that PowerOffice has is known, the first draft is exact.
    """
    order = checkout(cart, kind)
    assume(order.total >= 0)
    # Only a shop without decimals can be 2 kr off: by half a krone for each rate and the sum.
    off = abs(sum(one.total + one.vat for one in order.lines) - order.total)
    too_much = order.total == order.total.to_integral_value() and off > 1
    made = outcome(order)
    if isinstance(made, Hold):
        assert too_much, made
        return
    lines = made.sales_order.lines
    assert len({one.reference for one in lines}) == len(lines)
    assert all(one.unit_price >= 0 and one.quantity != 0 for one in lines)
    assert all(-one.unit_price.as_tuple().exponent <= 6 for one in lines)
    assert {one.vat_rate for one in lines} <= {Decimal(rate) for rate in (0, 12, 15, 25)}
    is_exact(made.sales_order, too_much=too_much)
    known = outcome(order, ways=frozenset({way}))
    if isinstance(known, Documents):
        assert difference(known.sales_order, draft(known.sales_order, way)) is None


@thoroughly
@given(cart=carts(6), kind=KINDS.filter(lambda kind: kind.decimals), share=st.integers(1, 100))
def test_a_hidden_gift_card_is_found_to_the_ore(cart, kind, share):
    """With hidden = "gift_card" the difference is that card, where the shop's lines sum at all."""
    whole = checkout(cart, kind).total
    card = round_ore(whole * share / 100)
    order = checkout(cart, kind, total=f"{whole - card:f}")
    assume(card >= 1 and abs(paid_for(order, ZERO).gap - card) < Decimal("0.005"))
    chosen = settings(gift_cards={"hidden": "gift_card"})
    assert f"GAVEKORT -1 x {card.normalize():f} at 0" in sold(order, chosen)


# What was recorded of a real WooCommerce


@pytest.mark.parametrize("kind", GOLDENS)
def test_the_recorded_orders_become_what_was_looked_over(kind):
    """As in tests/expected and expected_after; `python -m tests.mapping.golden` rewrites them."""
    stand = {path.stem: path.read_text("utf-8") for path in folder(kind).glob("*.txt")}
    made = dict(GOLDENS[kind]())
    assert stand.keys() == made.keys()
    for name, now in made.items():
        both = stand[name].splitlines(), now.splitlines()
        assert "\n".join(unified_diff(*both, f"{name} looked over", "now", lineterm="")) == ""


# What is refunded


# The place of a line (None: an amount), the share of what is left, and how many decimals: the
# shop's form rounds to two more than its own, a person to two.
SHARES = st.integers(1, 100).map(lambda n: Decimal(n) / 100)
STEPS = st.lists(
    st.tuples(st.none() | st.integers(0, 7), SHARES, st.sampled_from([2, 6])), max_size=4
)
LISTS = ("line_items", "shipping_lines", "fee_lines")


def refunds_of(order, kind, steps):
    """Return refunds as the shop's form makes them, never of more than is left of line and order;
    the last one returns what is left, without lines.
    """
    places = [(name, line) for name in LISTS for line in order[name]]
    made, left = [], {line["id"]: Decimal(1) for _, line in places}
    for place, share, decimals in [*steps, (None, Decimal(1), 2)]:
        money = Decimal(order["total"]) - sum((one.amount for one in made), ZERO)
        amount, lines = money * share, dict.fromkeys(LISTS, ())
        if place is not None:
            name, line = places[place % len(places)]
            returned = left[line["id"]] * share
            pieces = (line.get("quantity", 1) * returned).quantize(Decimal(1), ROUND_DOWN)
            back = line_back(line, returned, pieces, 9000 + 10 * len(made), decimals)
            amount, lines[name] = -Decimal(back["total"]) - Decimal(back["total_tax"]), [back]
        amount = amount.quantize(Decimal(1).scaleb(-kind.decimals), ROUND_HALF_UP)
        if 0 < amount <= money:
            if place is not None:
                left[line["id"]] -= returned
            made.append(read_refund({
                "id": 100 + len(made), "date_created_gmt": "2026-11-23T10:00:00",
                "amount": f"{amount:f}", **lines}))  # fmt: skip
    return made


def _sums(documents):
    vat: dict[Decimal, Decimal] = defaultdict(Decimal)
    for document in documents:
        for rate, amount in document.amounts.vat.items():
            vat[rate] += amount
    return sum((document.amounts.total for document in documents), ZERO), vat


def _tolerance(sold, notes, rate):
    """An øre a line, and the VAT in what the shop rounded away once per refund."""
    lines = sum((one.amounts.vat_tolerance.get(rate, ZERO) for one in (sold, *notes)), ZERO)
    rounded = sum((one.amounts.largest_rounding for one in (sold, *notes)), ZERO)
    return lines + rounded * rate / (100 + rate)


# Why a refund may be held: the shop's own rounding is too large, or a person's is. (And, where
# discounts leave the VAT alone, lines after an amount that took the VAT of other lines.)
ALLOWED = {"rounding_too_large", "refund_lines_do_not_sum", "two_rates_at_once",
           "vat_does_not_fit"}  # fmt: skip


@thoroughly
@given(cart=carts(6), kind=KINDS, steps=STEPS, way=WAYS, transfer=st.booleans(),
       by_card=st.sampled_from([0, 0, 20, 90]))  # fmt: skip
def test_an_order_refunded_in_full_is_credited_in_full(cart, kind, steps, way, transfer, by_card):
    """Totals sum to the order's, VAT per rate to the order's, and never to more on the way; a line
    that comes back brings its own VAT, also where a gift card paid a part of it all.
    """
    chosen = settings(discounts={"transfer_vat": transfer})
    sold = answer(cart, kind)
    if by_card:
        total = Decimal(sold["total"])
        card = (total * by_card / 100).quantize(Decimal(1))
        sold |= {"gift_cards": [{"amount": f"{card}"}], "total": f"{total - card:f}"}
    bought = read_order(sold)
    assume(bought.total > 0)
    refunds = refunds_of(sold, kind, steps)
    made = outcome(bought, chosen)
    assume(isinstance(made, Documents))
    order = made.sales_order
    notes: list[Any] = []
    for refund in refunds:
        note = credit_outcome(bought, *refunds, of=refund.id, chosen=chosen)
        if isinstance(note, Hold):
            discount_apart = cart.coupon is not None and not transfer
            allowed = ALLOWED | ({"refund_exceeds_rate"} if discount_apart else set())
            assert note.code in allowed, note
            event(f"held: {note.code}")
            return
        notes.append(settle(note.documents.sales_order, way, chosen))
    event(f"{len(notes)} refunds")
    for n, (refund, note) in enumerate(zip(refunds, notes, strict=True)):
        if transfer and refund.lines and all(one.lines for one in refunds[:n]):
            (returned,) = (line.vat for line in refund.lines)
            off = abs(sum(note.amounts.vat.values(), ZERO) - returned)
            assert off <= sum(note.amounts.vat_tolerance.values(), ZERO)
    total, vat = _sums(notes)
    assert total == -bought.total
    # Refunds by line leave what they do not name, though all money is back: goods that a negative
    # fee paid for or, where discounts leave the VAT alone, that were given away.
    named = not any(fee.amount < 0 for fee in cart.fees) and (transfer or cart.coupon is None)
    all_taken = named or not refunds[-1].lines
    for rate, amount in order.amounts.vat.items():
        off = abs(vat[rate] + amount)
        assert off <= _tolerance(order, notes, rate) or not all_taken
        # A negative fee lowers the VAT that goods, when they alone come back, return in full.
        if not any(fee.amount < 0 for fee in cart.fees):
            for n in range(1, len(notes)):
                before = _sums(notes[:n])[1][rate]
                assert -before <= amount + _tolerance(order, notes[:n], rate)
