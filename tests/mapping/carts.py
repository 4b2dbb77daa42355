"""Carts of every kind for property tests: what customers might buy, and shops that sell it."""

from decimal import Decimal

from hypothesis import strategies as st

from .shop import Cart, Coupon, Fee, Item, Kind

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
