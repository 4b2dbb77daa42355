"""What a life may be made of: plain data, which JSON can carry and hypothesis can shrink."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from tests.lives.life import Life, Story

Act = Callable[..., None]
Strategy = st.SearchStrategy[Any]
ACTS: dict[str, Act] = {}
STEPS: dict[str, list[Strategy]] = defaultdict(list)  # by what kind of step they are

SKUS = ("GEN-001", "LUE-7", "KAF-250", "TUR-12", "BOK-12", "NY-1", "NY-2", "")
PRICES = ("1299.00", "249.00", "99.90", "33.33", "88.80", "1249.95", "0.10", "12500", "20")
YES_OR_NO = (True, False)
SWITCHES = {
    "invoices.create": YES_OR_NO, "invoices.when": ("processing", "completed"),
    "payments.register": YES_OR_NO, "refunds.credit_notes": YES_OR_NO,
    "refunds.register_payment": ("gateway", "always", "never"),
}  # fmt: skip
# The more often a word stands, the more often it is drawn.
CONTENTS = {
    "buyer": ("kari", "kari", "ola", "guest", "company", "numbered"),
    "method": ("vipps", "vipps", "klarna_payments", "cod", "bacs"),
    "status": ("processing", "processing", "processing", "completed", "on-hold", "pending"),
}
BEGINNINGS = {
    "prices_with_vat": YES_OR_NO, "rounds_at_subtotal": YES_OR_NO, "decimals": (2, 2, 2, 0),
    "rounding": ("line", "document", "end"), "spec": ("2026", "2025"),
    "matching": ("reference", "reference", "none"),
    "duplicate_voucher_reference": ("refused", "refused", "accepted"),
    "invoice_id_is_order_id": YES_OR_NO, "never_sent_state": ("nulls", "none"),
    "send_result": ("ok", "ok", "late"), "stale_seconds": (0, 0, 3),
    "max_unit_price_decimals": (None, None, 2), "latency": (0, 0.3),
    "woocommerce.statuses": (["processing"], ["processing"], ["completed"]),
    "products.unknown": ("fallback", "create"),
    "customers.private": ("individual", "individual", "collective"),
    "customers.companies_as_private": YES_OR_NO, "discounts.transfer_vat": YES_OR_NO,
    "gift_cards.hidden": ("hold", "gift_card"), "vat.domestic_zero": ("note", "note", "hold"),
    "invoices.locked_period": ("next_open_day", "next_open_day", "hold"),
    **SWITCHES, "invoices.when": ("completed", "completed", "processing"),
}  # fmt: skip
# How often a step is of each kind.
WEIGHTS = {"an order": 1, "in the shop": 3, "in PowerOffice": 2, "a mishap": 2, "the job": 2,
           "a run": 3, "a loss": 1}  # fmt: skip
N = st.integers(0, 7)


def any_of(*values: Any) -> Strategy:
    return st.sampled_from(values)


def tuples(*parts: Strategy) -> Strategy:
    return st.tuples(*parts).map(list)


def contents() -> Strategy:
    goods = tuples(any_of(*SKUS), any_of(*PRICES), any_of(25, 25, 15, 12, 0), st.integers(1, 4))
    freight = tuples(any_of("79.20", "39.60"), any_of(25, 15, 0))
    fees = tuples(any_of("20.00", "39.20"), any_of(25, 12, 0))
    coupon = any_of(None, None, None, ["percent", 10], ["fixed_cart", "50.00"], ["percent", 100])
    required = {name: any_of(*values) for name, values in CONTENTS.items()}
    optional = {
        "coupon": coupon, "freight": st.lists(freight, max_size=2),
        "fees": st.lists(fees, max_size=1), "away": st.booleans(), "reserved": st.booleans(),
        "card": any_of("0", "0", "25.00"), "hidden": any_of("0", "0", "0", "10.00"),
    }  # fmt: skip
    required["goods"] = st.lists(goods, min_size=1, max_size=4)
    return st.fixed_dictionaries(required, optional=optional)


def act(kind: str, *arguments: Strategy, times: int = 1, name: str = "") -> Callable[[Act], Act]:
    """Let it be a step of lives, by its name, with such arguments, so many times as often."""

    def made(do: Act) -> Act:
        said = name or do.__name__
        # One by one: of a strategy that stands twice hypothesis takes one.
        STEPS[kind] += [tuples(st.just(said), *arguments) for _ in range(times)]
        return ACTS.setdefault(said, do)

    return made


def of_an_order(
    statuses: str, *arguments: Strategy, only: Callable[[Life, Story], bool] = lambda *_: True,
    times: int = 1, name: str = "",
) -> Callable[[Act], Act]:  # fmt: skip
    """Let what is done to an order be a step that does it to the nth one in these statuses."""

    def made(do: Act) -> Act:
        def step(life: Life, n: int, *how: Any) -> None:
            stories = (life.stories[i] for i in life.with_status(*statuses.split()))
            among = sorted((s for s in stories if only(life, s)), key=lambda s: s.order_id)
            if among:
                do(life, among[n % len(among)], *how)

        said = act("in the shop", N, *arguments, times=times, name=name or do.__name__)
        return said(step)

    return made


def lives() -> Strategy:
    # Without `map` one_of would take the members of a kind for its own, and weigh them so.
    kinds = [
        st.one_of(*STEPS[kind]).map(list) for kind, times in WEIGHTS.items() for _ in range(times)
    ]
    optional = {name: any_of(*values) for name, values in BEGINNINGS.items()}
    order = STEPS["an order"][0]
    # Nothing comes first of what a step may be: that is how a life is made shorter.
    more = st.lists(st.one_of(st.just([]), st.one_of(*kinds)), min_size=12, max_size=50)
    return st.builds(
        lambda beginning, orders, steps: {
            "beginning": beginning, "steps": [*orders, *filter(None, steps)]},
        st.fixed_dictionaries({}, optional=optional), st.lists(order, min_size=1, max_size=3), more,
    )  # fmt: skip
