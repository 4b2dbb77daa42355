"""What is said of an order's total before it is sent, against what PowerOffice then answers."""

from decimal import Decimal

from hypothesis import assume, given

from woo2po.documents import ROUNDING_REFERENCE, Documents, Rounding, SalesOrder
from woo2po.mapping import documents_for, exactness
from woo2po.mapping.prices import sums_of
from woo2po.money import round_ore, same_amount
from woo2po.preview.sums import by_rate

from .books import draft
from .carts import KINDS, carts
from .company import catalogue, settings
from .golden import all_names, recorded
from .orders import documents, line, order
from .shop import Cart, Kind, checkout
from .test_exactness import thoroughly

SETTINGS, CATALOGUE = settings(), catalogue()


def made_of(cart: Cart, kind: Kind) -> SalesOrder:
    made = documents_for(checkout(cart, kind), SETTINGS, CATALOGUE, "shop_1")
    assume(isinstance(made, Documents))
    assert isinstance(made, Documents)
    return made.sales_order


@thoroughly
@given(cart=carts(8), kind=KINDS)
def test_an_order_is_exact_in_the_ways_that_are_named_and_in_no_other(
    cart: Cart, kind: Kind
) -> None:
    """In each way of rounding: named if, and only if, the draft's total is what was paid."""
    wanted = made_of(cart, kind)
    right = {way for way in Rounding if is_right(wanted, way)}
    told = exactness(wanted)
    assert told.ways == right
    assert told.is_sure is (right == set(Rounding))
    lines = [one for one in wanted.lines if one.reference == ROUNDING_REFERENCE]
    assert told.line == sum((one.quantity * one.unit_price for one in lines), Decimal(0))
    assert told.is_plain is (told.is_sure and not lines)


def is_right(wanted: SalesOrder, way: Rounding) -> bool:
    return same_amount(draft(wanted, way).total, wanted.amounts.total)


def test_what_poweroffice_was_seen_to_do_makes_an_order_sure() -> None:
    """A way of rounding that its answers rule out says nothing any more."""
    wanted = documents(order(line("0.056"), line("100"))).sales_order
    assert not exactness(wanted).is_sure
    others = frozenset(Rounding) - {Rounding.LINE_NET}
    assert exactness(wanted, others).is_sure
    assert not exactness(wanted, frozenset({Rounding.LINE_NET})).sure


def test_a_rounding_line_is_told_with_its_amount() -> None:
    """The shop rounds to whole kroner: exact for sure, and not without that line."""
    told = exactness(documents(recorded("zero-decimals-food")).sales_order)
    assert (told.line, told.is_sure, told.is_plain) == (Decimal("0.50"), True, False)


@thoroughly
@given(cart=carts(8), kind=KINDS)
def test_net_and_vat_of_the_rates_come_to_the_total(cart: Cart, kind: Kind) -> None:
    """In whole øre, the VAT within what the order allows, the net as the lines have it."""
    adds_up(made_of(cart, kind))


def test_net_and_vat_come_to_the_total_in_every_recorded_order() -> None:
    """Those with gift cards, foreign VAT, fees and whole kroner as well."""
    for name in all_names():
        for chosen in ({}, {"discounts": {"transfer_vat": False}}):
            made = documents_for(recorded(name), settings(**chosen), CATALOGUE, "shop_1")
            if isinstance(made, Documents):
                adds_up(made.sales_order)


def adds_up(wanted: SalesOrder) -> None:
    """Fail unless an order's sums per rate are its total, its VAT and its lines."""
    told, nets = by_rate(wanted, exactness(wanted)), sums_of(wanted.lines).nets
    assert sum(one.gross for one in told.values()) == wanted.amounts.total
    for rate, sums in told.items():
        assert sums.vat == round_ore(sums.vat)
        allowed = wanted.amounts.vat_tolerance.get(rate, Decimal(0)) + Decimal("0.005")
        assert abs(sums.vat - wanted.amounts.vat.get(rate, Decimal(0))) <= allowed
        assert abs(sums.net - nets[rate]) <= Decimal("0.01") * (len(wanted.lines) + 1)
