"""What follows an order, told so that a test can compare it: invoices, money, what is owed."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from world import World

from woo2po.sandbox.books import Books
from woo2po.sandbox.ledger import Invoice, Voucher

INVOICED: dict[str, Any] = {"create": True, "when": "processing"}
PAID: dict[str, Any] = {
    "register": True,
    "accounts": {"vipps": 1903, "klarna_payments": 1904, "klarna": 1904},
    "types": {"cod": "cash"},
}
HOUR = 3601


class Pair(NamedTuple):
    """Two lines of a voucher: on which account came (or, below 0, went) how much, and of what."""

    account: int
    reference: str
    amount: Decimal


@dataclass(frozen=True)
class Booked:
    """A voucher: its journal, day and currency."""

    kind: str
    day: date
    currency: str
    pairs: tuple[Pair, ...]


def business(folder: Path, **sections: Mapping[str, Any]) -> World:
    """Return a world in which orders are invoiced at once, and payments registered."""
    return World(folder, **({"invoices": INVOICED, "payments": PAID} | sections))


def invoice(world: World, reference: str) -> Invoice:
    """Return the one invoice (or credit note) of a reference."""
    found = [
        one
        for one in world.company.outgoing_invoices.values()
        if one.order.external_import_reference == reference
    ]
    assert len(found) == 1, f"{len(found)} invoices of {reference}"
    return found[0]


def invoiced(world: World) -> dict[str, Decimal]:
    """Return the total of every invoice and credit note; fails where one stands twice."""
    listed = world.company.outgoing_invoices.values()
    names = Counter(one.order.external_import_reference or "" for one in listed)
    assert max(names.values(), default=1) == 1, f"invoiced twice: {names}"
    return {one.order.external_import_reference or "": one.total_amount for one in listed}


def balances(world: World) -> dict[str, Decimal]:
    """Return what is left to pay of every invoice and credit note."""
    return {
        one.order.external_import_reference or "": one.balance
        for one in world.company.outgoing_invoices.values()
    }


def drafts(world: World) -> set[str]:
    return {one.external_import_reference or "" for one in world.company.sales_orders.values()}


def vouchers(world: World, *, ours: bool = False) -> list[Booked]:
    """Return the vouchers (`ours`: the job's) as they were posted; fails for one whose lines do not
    come in pairs.
    """
    company = world.company
    every = (one for one in company.vouchers.values()
             if not ours or one.is_created_by_current_integration)  # fmt: skip
    return [_booked(company, one) for one in every]


def own_part(matching: str | None) -> str:
    """Return what a matching reference says beside the shop's own part."""
    return (matching or "").split("-", 2)[-1]


def _booked(company: Books, voucher: Voucher) -> Booked:
    assert sum(line.currency_amount for line in voucher.lines) == 0
    numbers = {account.id: account.account_no for account in company.accounts.values()}
    money, customers = voucher.lines[::2], voucher.lines[1::2]
    pairs = []
    for one, other in zip(money, customers, strict=True):
        assert one.currency_amount == -other.currency_amount
        assert company.customer_of_account(other.account_id) is not None
        assert one.posting_date == other.posting_date == voucher.voucher_date
        name = own_part(other.custom_matching_reference)
        pairs.append(Pair(numbers[one.account_id], name, one.currency_amount))
    kind = voucher.voucher_type.removesuffix("Journal").lower()
    return Booked(kind, voucher.voucher_date, voucher.currency_code, tuple(sorted(pairs)))


def on_accounts(world: World) -> dict[int, Decimal]:
    """Return what payments left on each clearing account, in kroner."""
    numbers = {one.voucher_no for one in world.company.vouchers.values()}
    sums: Counter[int] = Counter()
    for posting in world.company.postings:
        if posting.voucher_no in numbers and posting.account_no != 1500:
            sums[posting.account_no] += posting.amount  # type: ignore[assignment]
    return {number: Decimal(amount) for number, amount in sums.items() if amount}


def everything_balances(world: World) -> None:
    """Fail unless the postings of every voucher number sum to 0."""
    sums: Counter[int] = Counter()
    for posting in world.company.postings:
        sums[posting.voucher_no] += posting.amount  # type: ignore[assignment]
    assert not [number for number, amount in sums.items() if amount]
