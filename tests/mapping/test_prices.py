"""Unit prices on which the ways of rounding agree, and few rounding lines."""

from decimal import Decimal

from woo2po.documents import ROUNDING_REFERENCE, Documents, Rounding, SalesOrder
from woo2po.mapping import ALL_WAYS, difference, documents_for
from woo2po.money import round_ore
from woo2po.order import Order

from .books import draft
from .company import catalogue, settings
from .golden import recorded
from .orders import line, order
from .shop import Cart, Item, Kind, checkout


def _made(given: Order, ways: frozenset[Rounding] = ALL_WAYS) -> SalesOrder:
    made = documents_for(given, settings(), catalogue(), "shop_1", ways)
    assert isinstance(made, Documents)
    return made.sales_order


def _rounding(made: SalesOrder) -> list[Decimal]:
    return [one.quantity * one.unit_price for one in made.lines
            if one.reference == ROUNDING_REFERENCE]  # fmt: skip


def test_the_shops_own_net_prices_are_taken_where_they_are_exact() -> None:
    """Six decimals of what the shop has stored."""
    made = _made(order(line("234.521739", 15, sku="KAF-250", quantity=3)))
    assert [one.unit_price for one in made.lines] == [Decimal("78.173913")]


def test_a_shop_that_rounds_vat_per_line_gets_prices_worked_back_from_gross() -> None:
    """Eight times 10.01 and 2.50 of VAT are 100.08; 25 % of 80.08 would make it 100.10."""
    cart = Cart(tuple(Item(Decimal("10.01")) for _ in range(8)))
    made = _made(checkout(cart, Kind(prices_with_vat=False)))
    assert _rounding(made) == []
    for way in Rounding:
        assert difference(made, draft(made, way)) is None
    assert {round_ore(one.unit_price) for one in made.lines} == {Decimal("10.01")}


def test_prices_move_only_within_their_ore() -> None:
    """The shop rounded this order up by 0.006: the largest line takes it, at 1039.20 as before."""
    made = _made(recorded("negative-fee-with-vat"))
    assert [str(one.unit_price.normalize()) for one in made.lines[:4]] == [
        "1039.201", "78.173913", "379", "79.2"]  # fmt: skip
    assert difference(made, draft(made, Rounding.END)) is None


def test_a_gift_card_is_never_moved() -> None:
    """What is owed to a holder is an amount of money."""
    given = order(line("0.03"), line("0.05", 15), line("500", 0, sku="GAVE-500"))
    assert [one.unit_price for one in _made(given).lines][2] == 500


def test_a_rounding_line_stands_where_no_price_gives_what_was_paid() -> None:
    """At 25 % of rounded nets 0.05 comes to 0.06 and 0.06 to 0.08: nothing costs 0.07."""
    seven = order(line("0.056"), line("100"))
    made = _made(seven, frozenset({Rounding.LINE_NET}))
    assert _rounding(made) == [Decimal("-0.01")]
    assert difference(made, draft(made, Rounding.LINE_NET)) is None
    for way in (Rounding.LINE, Rounding.DOCUMENT, Rounding.END):
        assert _rounding(_made(seven, frozenset({way}))) == []


def test_where_the_ways_disagree_no_rounding_line_is_guessed() -> None:
    """One of them comes to what was paid; the draft will tell."""
    made = _made(order(line("0.056"), line("100")), frozenset({Rounding.LINE, Rounding.LINE_NET}))
    assert _rounding(made) == []


def test_whole_kroner_get_their_rounding_line_at_once() -> None:
    """The shop rounded its total, so no way of rounding the lines comes to it."""
    made = _made(recorded("zero-decimals-food"))
    assert _rounding(made) == [Decimal("0.50")]
    for way in Rounding:
        assert difference(made, draft(made, way)) is None
