"""What the shop sold and gave back in a period, in long lists: just the fields that tell it.

The rows are raw JSON (fractions as Decimal): what reckons with them shares nothing with what
makes documents. Source: facts.md, "Polling" and "Refunds".
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from woo2po.http import NotUnderstood
from woo2po.woocommerce.lists import ShopLists

_LINES = "line_items,shipping_lines,fee_lines,tax_lines"
_ORDER_FIELDS = (
    "id,number,status,currency,date_created_gmt,date_paid_gmt,date_completed_gmt,total,"
    f"payment_method,refunds,{_LINES}"
)
_REFUND_FIELDS = f"id,parent_id,date_created_gmt,amount,refunded_payment,{_LINES}"


@dataclass(frozen=True, slots=True)
class RawPage:
    """Rows of orders; `restarted` where all that came before comes again."""

    rows: list[Any]
    restarted: bool


class ShopSales:
    """Reads orders and refunds as raw rows. Raises what the shop's other reads raise."""

    def __init__(self, lists: ShopLists) -> None:
        self._lists = lists

    async def orders(
        self, first: datetime, end: datetime, statuses: Sequence[str]
    ) -> AsyncIterator[RawPage]:
        """Yield the orders placed before `end` and changed at `first` or later (aware moments).

        Being paid, completed or refunded changes an order, so all that happened between the two
        is there. An order placed later never enters the list, so its pages stand still.
        """
        query = [
            # Both bounds are strict and in whole seconds.
            ("modified_after", _wire(first - timedelta(seconds=1))),
            ("before", _wire(end)),
            ("dates_are_gmt", "true"),
            *_asked(_ORDER_FIELDS, statuses),
        ]
        async for batch in self._lists.pages("orders", query):
            yield RawPage(batch.new, batch.restarted)

    async def orders_with(self, ids: Sequence[int], statuses: Sequence[str]) -> list[Any]:
        """Return the orders with these ids; those deleted for good are absent."""
        return await self._included("orders", ids, _asked(_ORDER_FIELDS, statuses))

    async def refunds(self, of: Sequence[tuple[int, int]]) -> list[Any]:
        """Return refunds, named by their order's id and their own; deleted ones are absent.

        A WooCommerce without the list of all refunds is asked order by order.
        """
        fields = _asked(_REFUND_FIELDS, ())
        try:
            return await self._included("refunds", [own for _, own in of], fields)
        except NotUnderstood as error:
            if error.code != "shop_no_woocommerce":  # no such route, as WordPress says it
                raise
            found = []
            for order_id in dict.fromkeys(order for order, _ in of):
                rows = await self._lists.all(f"orders/{order_id}/refunds", fields)
                found += [{**row, "parent_id": order_id} for row in rows if isinstance(row, dict)]
            return found

    async def _included(
        self, path: str, ids: Sequence[int], query: Sequence[tuple[str, str]]
    ) -> list[Any]:
        rows: list[Any] = []
        for start in range(0, len(ids), 100):
            chunk = ",".join(map(str, ids[start : start + 100]))
            rows += await self._lists.all(path, [("include", chunk), *query])
        return rows


def _asked(fields: str, statuses: Sequence[str]) -> list[tuple[str, str]]:
    named = [("status[]", status) for status in statuses]
    return [("dp", "6"), ("_fields", fields), *named]


def _wire(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()
