"""One life: a world that begins in some way, and what has happened to each order of its shop."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from world import World

from tests.lives.content import Figures, Json, figures_of
from tests.mapping.shop import Kind

ACCOUNTS = {"vipps": 1903, "klarna_payments": 1904}
RESEND_AFTER = 120
DEFAULTS: dict[str, Any] = {
    "invoices.create": True,
    "invoices.when": "processing",
    "payments.register": True,
    "refunds.credit_notes": True,
    "refunds.register_payment": "gateway",
}


@dataclass
class Story:
    """What happened to one order: the marks that excuse a hold, and every version's figures."""

    order_id: int
    method: str
    buyer: str
    paid_when_placed: bool
    versions: list[Figures] = field(default_factory=list)
    refunds: dict[int, Json] = field(default_factory=dict)  # every one there ever was
    marks: set[str] = field(default_factory=set)


class Life:
    """A world, its stories, and the marks that concern all orders."""

    def __init__(self, folder: Path, beginning: Json) -> None:
        self.said = beginning
        self.kind = Kind(
            beginning.get("prices_with_vat", True),
            beginning.get("rounds_at_subtotal", False),
            beginning.get("decimals", 2),
        )
        self.world = World(folder, **_sections(beginning))
        self.marks: set[str] = set()
        self.stories: dict[int, Story] = {}
        self.gone: dict[int, Json] = {}  # orders that were deleted for good
        self.tally: Counter[str] = Counter()
        self.copy: dict[Path, bytes] | None = None
        self.lasts: dict[str, int] = {}  # a mishap, and how many runs it still lasts
        self._begin()

    def _begin(self) -> None:
        said, faults, shop = self.said, self.world.faults, self.world.shop
        faults.rounding = said.get("rounding", "line")
        faults.spec = said.get("spec", "2026")
        faults.matching = said.get("matching", "reference")
        faults.duplicate_voucher_reference = said.get("duplicates", "refused")
        faults.invoice_id_is_order_id = not said.get("own_invoice_ids", False)
        faults.never_sent_state = said.get("never_sent", "nulls")
        faults.send_result = said.get("queue", "ok")
        faults.stale_seconds = said.get("stale", 0)
        faults.max_unit_price_decimals = said.get("price_decimals")
        faults.latency = said.get("latency", 0)
        if said.get("private") == "collective":
            self.world.company.add_customer({"name": "Nettkunder", "number": 10_000})
        shop.statuses.append("ready")
        # As in WordPress, an id that was ever used is never used again.
        shop.next_id = partial(next, count(101))  # type: ignore[method-assign]

    def switched(self, name: str) -> Any:
        """Return the value of a switch as it stands now."""
        section, key = name.split(".")
        return self.world.settings.model_dump(by_alias=True)[section][key]

    def pick(self, n: int, orders: Iterable[int]) -> Story | None:
        """Return the nth of some orders, counted round and round, or None of none."""
        among = sorted(orders)
        return self.stories[among[n % len(among)]] if among else None

    def with_status(self, *statuses: str) -> list[int]:
        """Return the orders of the shop in one of these statuses (all without)."""
        listed = self.world.shop.orders.items()
        return [i for i, order in listed if not statuses or order["status"] in statuses]

    def note_version(self, story: Story) -> None:
        """Note what an order comes to now."""
        order = self.world.shop.orders[story.order_id]
        figures = figures_of(
            order,
            transfer_vat=self.said.get("transfer_vat", True),
            whole_kroner=self.kind.decimals == 0,
        )
        story.versions.append(figures)

    def refunds_of(self, order_id: int) -> list[Json]:
        """Return the refunds that the shop has of an order."""
        return self.world.shop.refunds.get(order_id, [])

    def note_refunds(self, story: Story) -> None:
        """Note the refunds that an order has by now."""
        for refund in self.refunds_of(story.order_id):
            story.refunds[refund["id"]] = refund
            story.marks.add("refunded")


def _sections(said: Json) -> dict[str, Json]:
    switches: dict[str, Json] = {}
    for name, default in DEFAULTS.items():
        section, key = name.split(".")
        switches.setdefault(section, {})[key] = said.get(name, default)
    customers = {
        "private": said.get("private", "individual"),
        "collective_number": 10_000,
        "companies_as_private": said.get("companies_as_private", False),
    }
    return {
        **switches,
        "invoices": {
            **switches["invoices"],
            "locked_period": said.get("locked_period", "next_open_day"),
        },
        "payments": {**switches["payments"], "accounts": ACCOUNTS, "types": {"cod": "cash"}},
        "poweroffice": {"resend_after": RESEND_AFTER},
        "products": {"unknown": said.get("unknown", "fallback")},
        "customers": customers,
        "fees": {"product_by_rate": {"0": "GEBYR0", "12": "GEBYR12", "15": "GEBYR15"}},
        "discounts": {"transfer_vat": said.get("transfer_vat", True)},
        "gift_cards": {"hidden": said.get("hidden", "hold")},
        "vat": {"domestic_zero": said.get("domestic_zero", "note")},
        "woocommerce": {"statuses": said.get("statuses", ["processing"])},
    }
