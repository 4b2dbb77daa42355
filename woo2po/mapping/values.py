"""What the parts of the mapping hand to each other: values, the way out, texts that fit."""

import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import wraps
from typing import ParamSpec, TypeVar

from woo2po.config import Settings
from woo2po.documents import Account, Catalogue, Note
from woo2po.holds import Hold, Skip
from woo2po.money import Fact, percent
from woo2po.order import Line

P = ParamSpec("P")
R = TypeVar("R")

LONGEST_FACT = 120

PAID_TEXT = "Betalt {day:%d.%m.%Y}: {method}"
RESERVED_TEXT = "Reservert med {method}, trekkes ved sending"
NOTE_TEXT = "Merknad fra kunden: {note}"
CREDITS_TEXT = "Kreditnota til faktura {invoice}, ordre {number}"
REFUND_TEXTS = {"nb": "Refusjon, ordre {number}", "en": "Refund, order {number}"}
REFUNDED_BEFORE_TEXTS = {
    "nb": "Refundert tidligere, ordre {number}",
    "en": "Refunded before, order {number}",
}
REFUND_TEXT, CANCELLED_TEXT = "refusjon {id}", "kansellert"  # of a voucher's line

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# Marks that turn the direction of text around, blanks of no width, halves of characters.
_UNSEEN = re.compile(
    r"[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
)


class Stopped(Exception):
    """The order does not go, as a Hold or a Skip."""

    def __init__(self, outcome: Hold | Skip) -> None:
        super().__init__(outcome.code)
        self.outcome = outcome

    def as_hold(self) -> Hold:
        """Return the outcome for what comes after the order, where nothing is skipped."""
        return Hold(self.outcome.code, self.outcome.facts)


def or_hold(decided: Callable[P, R]) -> Callable[P, R | Hold]:
    """Let a function return the Hold that stopped it: a front door that raises nothing."""

    @wraps(decided)
    def door(*args: P.args, **kwargs: P.kwargs) -> R | Hold:
        try:
            return decided(*args, **kwargs)
        except Stopped as stopped:
            return stopped.as_hold()

    return door


def hold(code: str, /, **facts: Fact) -> Stopped:
    """Return the error that holds an order for a reason; facts may be texts of the shop."""
    return Stopped(Hold(code, _short(facts)))


def note(code: str, /, **facts: Fact) -> Note:
    """Return what is to be said of an order that goes; facts may be texts of the shop."""
    return Note(code, _short(facts))


def _short(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    return {n: fitted(f, LONGEST_FACT) if isinstance(f, str) else f for n, f in facts.items()}


@dataclass(frozen=True, slots=True)
class Basis:
    """What an order is booked by: settings, what PowerOffice has, the day in the shop's zone."""

    settings: Settings
    catalogue: Catalogue
    today: date


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
    """The product and account that carry a line in PowerOffice.

    `product_id` is None where the product has to be created first. `odd`: the account's VAT code
    is an export's where the goods stay in the country, or the reverse. `vat_apart`: another
    country's VAT, and what carries it beside the net amount.
    """

    product_id: int | None
    product_code: str
    use_standard_account: bool
    account: Account
    odd: bool = False
    vat_apart: "tuple[Rate, Carrier] | None" = None

    @property
    def vat_rate(self) -> Decimal:
        """The VAT rate in percent of what stands on it."""
        return self.account.vat_rate


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
    it lowers the order. On a carrier without VAT the gross amount is the price, so that the VAT
    of a discount that leaves it be goes along.
    """

    reference: str
    text: str
    carrier: Carrier
    quantity: Decimal
    net: Decimal
    gross: Decimal
    room: Room = Room.WITHIN_ORE


def cleaned(text: str) -> str:
    """Return the text on one line, without control, direction and broken characters."""
    return " ".join(_UNSEEN.sub("", _CONTROLS.sub(" ", text)).split())


def fitted(text: str, longest: int) -> str:
    """Return the cleaned text, cut to `longest` UTF-16 units."""
    return next(iter(pieces(text, longest)), "")


def pieces(text: str, longest: int) -> list[str]:
    """Return the cleaned text in pieces of at most `longest` UTF-16 units, between words if it can.

    UTF-16 is what PowerOffice (.NET) counts in: most emoji are two.
    """
    said = cleaned(text)
    units = len(said.encode("utf-16-le")) // 2
    if units <= longest:
        return [said] if said else []
    width = longest if units == len(said) else longest // 2
    return textwrap.wrap(said, width, break_on_hyphens=False)
