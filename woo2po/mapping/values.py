"""The values that the parts of the mapping hand to each other, between order and documents."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from woo2po.holds import Hold, Skip
from woo2po.mapping.texts import fitted
from woo2po.money import percent
from woo2po.order import Line

LONGEST_FACT = 120


class Stopped(Exception):
    """The order does not go. Raised anywhere in the mapping, caught by its front doors alone."""

    def __init__(self, outcome: Hold | Skip) -> None:
        super().__init__(outcome.code)
        self.outcome = outcome

    def as_hold(self) -> Hold:
        """Return the outcome for what comes after the order, where nothing is skipped."""
        return Hold(self.outcome.code, self.outcome.facts)


def hold(code: str, /, **facts: str) -> Stopped:
    """Return the error that holds an order for the reason `code` of messages/holds.py.

    Facts may be the shop's texts: they are cleaned for terminals and logs.
    """
    return Stopped(Hold(code, {name: fitted(fact, LONGEST_FACT) for name, fact in facts.items()}))


@dataclass(frozen=True, slots=True)
class Rate:
    """A VAT rate in percent, and the country whose VAT it is: "" for Norwegian VAT or none."""

    percent: Decimal
    country: str = ""

    def __str__(self) -> str:
        return f"{self.country}{percent(self.percent)}"


@dataclass(frozen=True, slots=True)
class Part:
    """A line of the shop, or the share of it that one VAT rate taxes. Amounts in kroner.

    `list_*` is before discounts, the other two are what was paid.
    """

    line: Line
    reference: str
    rate: Rate
    list_net: Decimal
    list_vat: Decimal
    net: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class Carrier:
    """The product and account that carry a line in PowerOffice; `vat_rate` is the account's.

    `product_id` is None where the product has to be created first. `odd`: the account's VAT code
    is an export's where the goods stay in the country, or the reverse.
    """

    product_id: int | None
    product_code: str
    use_standard_account: bool
    vat_rate: Decimal
    odd: bool = False


class Room(StrEnum):
    """How far a line's amount may be moved to make an order exact.

    NONE: money owed or paid, as a gift card; WITHIN_ORE: price and net amount stay the same to
    the øre; COMPUTED: a remainder of our own making, as a discount, that no customer has seen.
    """

    NONE = "none"
    WITHIN_ORE = "within_ore"
    COMPUTED = "computed"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the sales order whose unit price is still to be chosen.

    `quantity` is above zero; `net` and `gross` are kroner for the whole line, below zero where
    it lowers the order. On a carrier without VAT the gross amount is the price, so that another
    country's VAT, and that of a discount that leaves it be, go along.
    """

    reference: str
    text: str
    carrier: Carrier
    quantity: Decimal
    net: Decimal
    gross: Decimal
    room: Room = Room.WITHIN_ORE
