"""Makes lives up: strategies of plain data, which JSON can carry and hypothesis can shrink."""

from typing import Any

from hypothesis import strategies as st

SKUS = ("GEN-001", "LUE-7", "KAF-250", "TUR-12", "BOK-12", "NY-1", "NY-2", "")
PRICES = ("1299.00", "249.00", "99.90", "33.33", "88.80", "1249.95", "0.10", "12500", "20")
WAITS = (3, 30, 70, 400, 1000, 4000, 90_000, 260_000)
WRITE_FAULTS = (
    "killed_before", "killed_after", "lost_before", "lost_after", "timeout_before",
    "timeout_after", "late", "connect_error", "429", "expired_token", "500", "500_after", "502",
    "502_after", "503", "503_after", "garbage", "html", "slow", "refuse",
)  # fmt: skip
READ_FAULTS = (
    "lost_before", "timeout_after", "connect_error", "429", "expired_token", "500", "502", "503",
    "garbage", "html",
)  # fmt: skip
YES_OR_NO = (True, False)
SWITCHES = {
    "invoices.create": YES_OR_NO, "invoices.when": ("processing", "completed"),
    "payments.register": YES_OR_NO, "refunds.credit_notes": YES_OR_NO,
    "refunds.register_payment": ("gateway", "always", "never"),
}  # fmt: skip

N = st.integers(0, 7)
CONTENTS = {
    "buyer": ("kari", "kari", "ola", "guest", "company", "numbered"),
    "method": ("vipps", "vipps", "klarna_payments", "cod", "bacs"),
    "status": ("processing", "processing", "processing", "completed", "on-hold", "pending"),
}
_goods = st.tuples(*map(st.sampled_from, (SKUS, PRICES, (25, 25, 15, 12, 0))), st.integers(1, 4))
_freight = st.tuples(st.sampled_from(("79.20", "39.60")), st.sampled_from((25, 15, 0)))
_fees = st.tuples(st.sampled_from(("20.00", "39.20")), st.sampled_from((25, 12, 0)))
_coupon = st.sampled_from(
    (None, None, None, ["percent", 10], ["fixed_cart", "50.00"], ["percent", 100])
)


def contents() -> st.SearchStrategy[dict[str, Any]]:
    required = {name: st.sampled_from(values) for name, values in CONTENTS.items()}
    optional = {
        "coupon": _coupon, "freight": st.lists(_freight.map(list), max_size=2),
        "fees": st.lists(_fees.map(list), max_size=1), "away": st.booleans(),
        "card": st.sampled_from(("0", "0", "25.00")), "reserved": st.booleans(),
        "hidden": st.sampled_from(("0", "0", "0", "10.00")),
    }  # fmt: skip
    goods = st.lists(_goods.map(list), min_size=1, max_size=4)
    return st.fixed_dictionaries({"goods": goods, **required}, optional=optional)


def _act(name: str, *arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.tuples(st.just(name), *arguments).map(list)


_refund = st.one_of(
    st.tuples(st.just("amount"), st.integers(1, 100)).map(list),
    st.tuples(st.just("line"), N, st.integers(1, 3)).map(list),
    st.just(["rest"]),
)
_write_faults = st.lists(st.sampled_from(WRITE_FAULTS), min_size=1, max_size=3)
IN_THE_SHOP = (
    _act("edit", N, contents()), _act("complete", N), _act("complete", N), _act("pay", N),
    _act("capture", N, st.sampled_from((100, 100, 50, 30))),
    _act("capture", N, st.sampled_from((100, 100, 50, 30))), _act("wait_for_money", N),
    _act("ready", N), _act("refund", N, _refund, st.booleans()),
    _act("refund", N, _refund, st.booleans()), _act("refunded", N), _act("delete_refund", N),
    _act("cancel", N), _act("fail", N), _act("trash", N), _act("back", N), _act("delete", N),
    _act("renumber", N),
)  # fmt: skip
IN_POWEROFFICE = (
    _act("person_rewrites", N), _act("person_reprices", N), _act("person_deletes", N),
    _act("person_invoices", N), _act("person_confirms", N),
    _act("person_pays", N, st.sampled_from((100, 100, 30))), _act("person_credits", N),
    _act("lock", st.integers(0, 5)), _act("archive_customer", N),
    _act("product", st.sampled_from(("LUE-7", "KAF-250", "VARE25", "AVRUND")), st.booleans()),
    _act("privilege", st.sampled_from(("send", "bank", "cash", "ledger")), st.booleans()),
)  # fmt: skip
_runs = st.integers(1, 2)  # so many runs it lasts
MISHAPS = (
    *[_act("fault", st.integers(0, 3), _write_faults)] * 6,
    *[_act("dies", st.integers(1, 12))] * 3,
    _act("question", st.integers(1, 8), st.sampled_from(READ_FAULTS)),
    _act("down", st.sampled_from(("503", "connect_error", "502", "timeout_before")), _runs),
    _act(
        "shop_trouble", st.sampled_from(("is a page", "is cut off", "fails", "maintenance")), _runs
    ),
    _act("full", st.integers(1, 12)),
)
STATE_LOST = (_act("lose_state"), _act("keep_copy"), _act("restore_copy"))
THE_JOB = (
    *[_act("run")] * 4, _act("run_limited", st.integers(1, 2)), _act("run_one", N), _act("retry"),
    *[_act("wait", st.sampled_from(WAITS))] * 2,
    st.sampled_from([["switch", name, value] for name, values in SWITCHES.items()
                     for value in values]),
)  # fmt: skip
_order = _act("order", contents())
STEP = st.one_of(
    *(
        # Without `map` one_of would take the members of a group for its own, and weigh them so.
        st.one_of(*group).map(list)
        for group in (
            (_order, _order, _order, IN_THE_SHOP[0]), *[IN_THE_SHOP] * 3, *[IN_POWEROFFICE] * 2,
            *[MISHAPS] * 2, *[THE_JOB] * 2, *[(_act("run"),)] * 3,
            (_act("run"), _act("run"), st.one_of(*STATE_LOST).map(list)),
        )
    )
)  # fmt: skip
NOTHING = st.just([])  # first of what a step may be: that is how a life is made shorter
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
BEGINNING = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(values) for name, values in BEGINNINGS.items()}
)


def lives() -> st.SearchStrategy[dict[str, Any]]:
    """Return whole lives: a beginning, some orders, and up to 50 steps."""
    return st.builds(
        lambda beginning, steps: {"beginning": beginning, "steps": [*filter(None, steps)]},
        BEGINNING,
        st.builds(list.__add__, st.lists(_order, min_size=1, max_size=3),
                  st.lists(st.one_of(NOTHING, STEP), min_size=12, max_size=50)),
    )  # fmt: skip
