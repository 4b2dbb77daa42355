"""How PowerOffice rounds: drafts on which the ways in which it may round come to other totals.

Source that leaves it open: PowerOffice facts, section 14, point 3.
"""

from collections.abc import AsyncIterator
from decimal import Decimal

from woo2po.documents import LineKind, OrderLine, Rounding
from woo2po.mapping.prices import sums_of
from woo2po.money import kroner, same_amount
from woo2po.probe.bench import Bench
from woo2po.probe.learned import Learned, as_assumed, not_tried
from woo2po.probe.parties import outcome

# Unit prices of one piece each, by the rate of VAT: all four ways give another total (searched).
TELLING = {
    Decimal(25): ("10.015", "10.025", "10.025"),
    Decimal(15): ("10.001", "10.024", "10.024", "10.034"),
    Decimal(12): ("10.034", "10.034", "10.044"),
}
# A cart of the usual kind: prices with VAT of whole kroner, as net prices of six decimals.
_USUAL = ("79.200000", "239.200000", "0.079999", "26.666667", "26.666667", "26.666667")


def wanted_lines(prices: tuple[str, ...], rate: Decimal) -> list[OrderLine]:
    """Return lines of one piece each at these prices."""
    return [
        OrderLine(str(n), LineKind.NORMAL, "", quantity=Decimal(1), unit_price=Decimal(price),
                  vat_rate=rate)
        for n, price in enumerate(prices)
    ]  # fmt: skip


def ways_of(total: Decimal, lines: list[OrderLine]) -> list[Rounding]:
    """Return the ways of rounding that give a total."""
    sums = sums_of(lines)
    return [way for way in Rounding if same_amount(sums.total(way), total)]


async def rounding(bench: Bench) -> AsyncIterator[Learned]:
    """Which way of rounding explains the totals of two drafts."""
    rate = bench.account.vat_code.rate if bench.account and bench.account.vat_code else None
    if rate not in TELLING:
        yield not_tried("probe_rounding", "-")
        return
    ways = set(Rounding)
    told = []
    for prices in (TELLING[rate], _USUAL):
        reply = await bench.make_order([bench.line(Decimal(price)) for price in prices])
        total = reply.get("TotalAmount")
        if not reply.ok or not isinstance(total, int | Decimal):
            yield outcome("probe_rounding", reply, accepted_is_fine=True)
            return
        wanted = wanted_lines(prices, rate)
        ways &= set(ways_of(Decimal(total), wanted))
        told.append(kroner(Decimal(total)))
    names = ", ".join(sorted(ways)) or "-"
    facts = {"ways": names, "totals": " / ".join(told)}
    yield as_assumed(bool(ways), "probe_rounding", "probe_o_ways", **facts)
