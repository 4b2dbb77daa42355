"""One life: a world that begins in some way, and what has happened to each order of its shop."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, fields
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from world import World

from tests.lives.content import Figures, Json, figures_of
from tests.mapping.shop import Kind
from woo2po.sandbox.records import Customer

ACCOUNTS = {"vipps": 1903, "klarna_payments": 1904, "klarna": 1904}
RESEND_AFTER = 120
# The configuration of a life that does not begin with another.
CONFIGURED: Json = {
    "customers.collective_number": 10_000,
    "fees.product_by_rate": {"0": "GEBYR0", "12": "GEBYR12", "15": "GEBYR15"},
    "invoices.create": True, "invoices.when": "processing",
    "payments.accounts": ACCOUNTS, "payments.register": True, "payments.types": {"cod": "cash"},
    "poweroffice.resend_after": RESEND_AFTER, "vat.domestic_zero": "note",
}  # fmt: skip


@dataclass
class Story:
    """What happened to one order: the marks that excuse a hold, and every version's figures."""

    order_id: int
    method: str
    buyer: str
    paid_when_placed: bool
    whole_kroner: bool = False  # whether the shop rounds each VAT amount so
    versions: list[Figures] = field(default_factory=list)
    refunds: dict[int, Json] = field(default_factory=dict)  # every one there ever was
    marks: set[str] = field(default_factory=set)


class Life:
    """A world, its stories, and the marks that concern all orders."""

    def __init__(self, folder: Path, beginning: Json) -> None:
        """A beginning holds keys of the configuration, `Faults` and fields of `Kind`."""
        sections: dict[str, Json] = defaultdict(dict)
        for name, value in (CONFIGURED | beginning).items():
            section, _, key = name.partition(".")
            sections[section] |= {key: value} if key else {}
        kind = {one.name for one in fields(Kind)} & beginning.keys()
        self.kind = Kind(**{name: beginning[name] for name in kind})
        self.world = World(folder, **{name: keys for name, keys in sections.items() if keys})
        faults, shop = vars(self.world.faults), self.world.shop
        faults |= {name: beginning[name] for name in faults.keys() & beginning.keys()}
        self.marks: set[str] = set()
        self.stories: dict[int, Story] = {}
        self.gone: dict[int, Json] = {}  # orders that were deleted for good
        self.tally: Counter[str] = Counter()
        self.copy: dict[Path, bytes] | None = None
        self.lasts: dict[str, int] = {}  # a mishap, and how many runs it still lasts
        if self.switched("customers.private") == "collective":
            Customer.made(self.world.company, {"name": "Nettkunder", "number": 10_000})
        shop.statuses.append("ready")
        # As in WordPress, an id that was ever used is never used again.
        shop.next_id = partial(next, count(101))  # type: ignore[method-assign]

    def switched(self, name: str) -> Any:
        section, key = name.split(".")
        return getattr(self.world.settings, section).model_dump(by_alias=True)[key]

    def with_status(self, *statuses: str) -> list[int]:
        """Return the orders of the shop in one of these statuses (all without)."""
        listed = self.world.shop.orders.items()
        return [i for i, order in listed if not statuses or order["status"] in statuses]

    def note_version(self, story: Story) -> None:
        order = self.world.shop.orders[story.order_id]
        figures = figures_of(
            order,
            transfer_vat=self.switched("discounts.transfer_vat"),
            whole_kroner=story.whole_kroner,
        )
        story.versions.append(figures)

    def refunds_of(self, order_id: int) -> list[Json]:
        return self.world.shop.refunds.get(order_id, [])

    def note_refunds(self, story: Story) -> None:
        for refund in self.refunds_of(story.order_id):
            story.refunds[refund["id"]] = refund
            story.marks.add("refunded")
