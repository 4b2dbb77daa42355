"""What was paid, unit prices on which the ways of rounding agree, and few rounding lines."""

from decimal import Decimal

from tests.mapping.books import draft
from tests.mapping.golden import recorded
from tests.mapping.orders import documents, line, made_of, order, rounding, sold, stopped
from tests.mapping.shop import Cart, Item, Kind, checkout
from woo2po.documents import Rounding
from woo2po.mapping.draft import difference
from woo2po.mapping.prices import ALL_WAYS, exactness
from woo2po.money import round_ore

ZERO = Decimal(0)


def is_exact(made):
    return all(difference(made, draft(made, way)) is None for way in Rounding)


# What was paid


def test_a_rounding_line_is_no_guess_and_bounded():
    """An order edited to nonsense by hand is held, with the sums. In a shop of whole kroner
    no way of rounding the lines comes to its total, so the line is there at once: books at
    379.50 cost 380.
    """
    code, text = stopped(order(line("100"), line("50", 0), total="200.00"))
    assert code == "lines_do_not_sum"
    assert all(said in text for said in ("175.00", "200.00", "0.02"))
    assert stopped(order(line("-50"), line("20"), total="10.00"))[0] == "lines_do_not_sum"
    books = Cart((Item(Decimal("379.50"), ZERO, sku="BOK-12"),))
    made = made_of(checkout(books, Kind(decimals=0)))
    assert (made.amounts.total, rounding(made)) == (380, [Decimal("0.50")])
    made = made_of(recorded("zero-decimals-food"))
    assert (rounding(made), is_exact(made)) == ([Decimal("0.50")], True)
    told = exactness(made)
    assert (told.line, told.is_sure) == (Decimal("0.50"), True)


def test_vat_per_rate_is_the_lines_and_its_tolerance_an_ore_or_half_a_krone_a_line():
    """Goods, freight and discounts of a rate are counted together. 99 kr and 25 kr of VAT:
    no net amount gives both, and the total must be 124. What gift cards paid is left out.
    """
    bought = order(line("900", before="1000"), line("100", 15, sku="KAF-250"),
                   freight=(line("79.20"),))  # fmt: skip
    amounts = documents(bought).sales_order.amounts
    assert amounts.vat == {25: Decimal("244.80"), 15: 15}
    assert amounts.vat_tolerance == {25: Decimal("0.03"), 15: Decimal("0.01")}
    made = made_of(checkout(Cart((Item(Decimal(99)),)), Kind(prices_with_vat=False, decimals=0)))
    assert (made.amounts.total, made.amounts.vat) == (124, {25: 25})
    assert is_exact(made)
    bought = order({**line("100.01"), "total_tax": "25.00"}, total="25.01",
                   gift_cards=[{"amount": "100.00"}])  # fmt: skip
    assert documents(bought).sales_order.amounts.vat == {25: 25}


# Unit prices and the rounding line


def test_prices_move_only_within_their_ore():
    """The shop's own net prices where they are exact; here it rounded up by 0.006, and the
    largest line takes it, at 1039.20 as before. What is owed to a card's holder never
    moves.
    """
    assert sold(order(line("234.521739", 15, sku="KAF-250", quantity=3))) == [
        "KAF-250 3 x 78.173913 at 15"]  # fmt: skip
    made = made_of(recorded("negative-fee-with-vat"))
    assert [str(one.unit_price.normalize()) for one in made.lines[:4]] == [
        "1039.201", "78.173913", "379", "79.2"]  # fmt: skip
    assert difference(made, draft(made, Rounding.END)) is None
    bought = order(line("0.03"), line("0.05", 15), line("500", 0, sku="GAVE-500"))
    assert made_of(bought).lines[2].unit_price == 500


def test_a_shop_that_rounds_vat_per_line_gets_prices_worked_back_from_gross():
    """Eight times 10.01 and 2.50 of VAT are 100.08; 25 % of 80.08 would make it 100.10."""
    cart = Cart(tuple(Item(Decimal("10.01")) for _ in range(8)))
    made = made_of(checkout(cart, Kind(prices_with_vat=False)))
    assert (rounding(made), is_exact(made)) == ([], True)
    assert {round_ore(one.unit_price) for one in made.lines} == {Decimal("10.01")}


# At 25 % of rounded nets 0.05 comes to 0.06 and 0.06 to 0.08: nothing costs 0.07.
SEVEN = order(line("0.056"), line("100"))


def test_a_rounding_line_stands_where_no_price_gives_what_was_paid():
    """And where the ways disagree none is guessed: the draft will tell, and a way that
    PowerOffice's answers rule out says nothing any more.
    """
    made = made_of(SEVEN, frozenset({Rounding.LINE_NET}))
    assert rounding(made) == [Decimal("-0.01")]
    assert difference(made, draft(made, Rounding.LINE_NET)) is None
    others = [{way} for way in Rounding if way is not Rounding.LINE_NET]
    for ways in (*others, {Rounding.LINE, Rounding.LINE_NET}):
        assert rounding(made_of(SEVEN, frozenset(ways))) == []
    wanted = made_of(SEVEN)
    assert not exactness(wanted).is_sure
    assert exactness(wanted, ALL_WAYS - {Rounding.LINE_NET}).is_sure
    assert not exactness(wanted, frozenset({Rounding.LINE_NET})).sure
