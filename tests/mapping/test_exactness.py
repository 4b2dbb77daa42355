"""Whatever a shop sells and however it and PowerOffice round: the draft is what was paid.

More examples than the suite's: WOO2PO_EXAMPLES=20000 python -m pytest tests/mapping.
"""

import os
from decimal import Decimal

from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from woo2po.documents import ROUNDING_REFERENCE, Documents, Rounding, SalesOrder
from woo2po.holds import Hold
from woo2po.mapping import corrected, difference, documents_for, ways_explaining
from woo2po.mapping.prices import paid_for
from woo2po.order import Order

from . import company
from .books import draft
from .carts import KINDS, carts, ore
from .shop import Cart, Kind, checkout

EXAMPLES = int(os.environ.get("WOO2PO_EXAMPLES", "200"))
thoroughly = settings(
    max_examples=EXAMPLES,
    derandomize=EXAMPLES == 200,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
SETTINGS, CATALOGUE = company.settings(), company.catalogue()
WAYS = st.sampled_from(list(Rounding))


@thoroughly
@given(cart=carts(), kind=KINDS, way=WAYS)
def test_every_order_is_exact_after_one_correction(cart: Cart, kind: Kind, way: Rounding) -> None:
    """Total and VAT per rate of the draft are the shop's, the rounding line within its bound."""
    order = checkout(cart, kind)
    assume(order.total >= 0)
    made = documents_for(order, SETTINGS, CATALOGUE, "shop_1")
    if isinstance(made, Hold):
        assert _shop_rounded_too_much(order), made
        return
    assert isinstance(made, Documents)
    final = corrected(made.sales_order, draft(made.sales_order, way), SETTINGS, CATALOGUE)
    if isinstance(final, Hold):
        assert _shop_rounded_too_much(order), final
        return
    assert difference(final, draft(final, way)) is None
    assert abs(_rounding(final)) <= final.amounts.largest_rounding
    event(f"{way.value}: {'corrected' if final != made.sales_order else 'exact at once'}")


def _shop_rounded_too_much(order: Order) -> bool:
    """Only a shop without decimals can be 2 kr off: by half a krone for each rate and the sum."""
    lines = sum(
        (one.total + sum((t.total for t in one.taxes), Decimal(0)) for one in order.lines),
        Decimal(0),
    )
    return order.total == order.total.to_integral_value() and abs(lines - order.total) > 1


def _rounding(order: SalesOrder) -> Decimal:
    return sum(
        (one.quantity * one.unit_price for one in order.lines
         if one.reference == ROUNDING_REFERENCE), Decimal(0))  # fmt: skip


@thoroughly
@given(cart=carts(8), kind=KINDS, way=WAYS)
def test_a_known_way_of_rounding_needs_no_correction(cart: Cart, kind: Kind, way: Rounding) -> None:
    """Predicted with the way that PowerOffice has, the first draft is exact."""
    order = checkout(cart, kind)
    made = documents_for(order, SETTINGS, CATALOGUE, "shop_1", frozenset({way}))
    assume(isinstance(made, Documents))
    assert isinstance(made, Documents)
    seen = draft(made.sales_order, way)
    assert way in ways_explaining(made.sales_order, seen)
    assert difference(made.sales_order, seen) is None


@thoroughly
@given(cart=carts(8), kind=KINDS)
def test_the_lines_say_what_the_shop_sold(cart: Cart, kind: Kind) -> None:
    """References are unique, prices never negative, VAT is at the shop's rates."""
    made = documents_for(checkout(cart, kind), SETTINGS, CATALOGUE, "shop_1")
    assume(isinstance(made, Documents))
    assert isinstance(made, Documents)
    lines = made.sales_order.lines
    assert len({one.reference for one in lines}) == len(lines)
    assert all(one.unit_price >= 0 and one.quantity != 0 for one in lines)
    assert all(-one.unit_price.as_tuple().exponent <= 6 for one in lines)  # type: ignore[operator]
    assert {one.vat_rate for one in lines} <= {Decimal(rate) for rate in (0, 12, 15, 25)}


@thoroughly
@given(cart=carts(6), kind=KINDS, card=ore(100, 100_000))
def test_a_hidden_gift_card_is_found_to_the_ore(cart: Cart, kind: Kind, card: Decimal) -> None:
    """With hidden = "gift_card" the difference is that card, where the shop's lines sum at all."""
    whole = checkout(cart, kind)
    assume(kind.decimals == 2 and whole.total >= card and not paid_for(whole, Decimal(0)).gap)
    chosen = company.settings(gift_cards={"hidden": "gift_card"})
    paid = checkout(cart, kind, total=f"{whole.total - card:f}")
    made = documents_for(paid, chosen, CATALOGUE, "shop_1")
    assert isinstance(made, Documents)
    found = [one for one in made.sales_order.lines if one.reference == "gift-card-1"]
    assert [one.quantity * one.unit_price for one in found] == [-card]
