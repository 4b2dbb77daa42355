"""The books compared: with what they must be, and with the shop's orders, krone by krone."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from summary import Document, LedgerEntry, Summary

if TYPE_CHECKING:
    from world import World

ORE = Decimal("0.01")


@dataclass
class Findings:
    """What is wrong with some books, a sentence each. `otherwise`: neither lost nor twice, and
    no amount: a name, a held order, a repeat that came too early.
    """

    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    off: list[str] = field(default_factory=list)
    otherwise: list[str] = field(default_factory=list)

    @property
    def all(self) -> list[str]:
        """Every sentence, with what it is."""
        return [f"{name}: {said}" for name, sentences in vars(self).items() for said in sentences]


def compared(wanted: Summary, found: Summary) -> Findings:
    findings = Findings()
    for part in ("documents", "customers", "products", "ledger"):
        _compare(findings, getattr(wanted, part), getattr(found, part))
    # Which of a customer's orders comes first decides whether its own address must be made.
    places = Counter(found.delivery_addresses) - Counter(wanted.delivery_addresses)
    findings.twice += [str(one) for one in places]
    return findings


def _compare(findings: Findings, wanted: Iterable[Any], found: Iterable[Any]) -> None:
    ours, theirs = Counter(wanted), Counter(found)
    missing, over = [*(ours - theirs).elements()], [*(theirs - ours).elements()]
    for one in missing:
        other = next((o for o in over if _name(o) == _name(one)), None)
        if other is None:
            findings.lost.append(f"{one}")
        else:
            over.remove(other)
            same = _amounts(one) == _amounts(other)
            (findings.otherwise if same else findings.off).append(f"{other} and not {one}")
    findings.twice += [f"{one}" for one in over]


def _name(one: Any) -> Any:
    if isinstance(one, Document):
        return one.reference, one.credits
    if isinstance(one, LedgerEntry):
        return one.kind, one.matching_reference
    return one


def _amounts(one: Any) -> Any:
    if isinstance(one, Document):
        return one.total, one.vat
    return (one.amount, one.balance) if isinstance(one, LedgerEntry) else None


def sums_by_order(world: "World") -> Counter[int]:
    """Return what the documents of each order come to, in whatever generation."""
    sums: Counter[int] = Counter()
    for document in world.books().documents:
        if document.reference:
            order_id = int(document.reference.removeprefix("shop_").split("-")[0])
            sums[order_id] += document.total  # type: ignore[assignment]
    return sums


def beside_the_shop(world: "World") -> Findings:
    """Compare what stands in the books of each order with what the shop says that it came to.

    Drafts, invoices and credit notes of an order sum to its total less what was refunded, and to
    nothing where the sale is off.
    """
    findings, sums = Findings(), sums_by_order(world)
    for order_id, order in world.shop.orders.items():
        off = order["status"] in {"cancelled", "failed", "trash"}
        refunds = sum(Decimal(r["total"]) for r in order["refunds"])  # below 0
        due = Decimal(0) if off else Decimal(order["total"]) + refunds
        booked = sums.pop(order_id, None)
        if booked is None and due:
            findings.lost.append(f"order {order_id} of {due}")
        elif abs((booked or Decimal(0)) - due) >= ORE:
            findings.off.append(f"order {order_id}: {booked} in the books, {due} in the shop")
    findings.twice += [f"order {order_id}, which the shop does not have" for order_id in sums]
    return findings
