"""The shop: its orders, refunds and statuses, read through WooCommerce's REST interface.

Only reads. What a real shop was seen to do with dates, paging, the trash and decimals is in
"Recorded from a real WooCommerce 10.0.2"; each surprise has its comment here.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import httpx

from woo2po.shop_answers import TOO_MUCH_AT_ONCE, UnknownStatus
from woo2po.shop_requests import Answer, Parameters, RouteStyle, ShopRequests
from woo2po.transport import NoAnswer, NotUnderstood, Refused, RemoteError, Sleep

if TYPE_CHECKING:
    from woo2po.order import Order, Refund, UnreadableOrder

__all__ = ["Page", "RouteStyle", "Row", "Shop", "UnknownStatus"]

Row: TypeAlias = "Order | UnreadableOrder"

_MOST_RESTARTS = 3
_SMALL_PAGE = 20
_LARGEST_ID = 2**63 - 1
_NO_ORDERS = frozenset({"any", "auto-draft", "checkout-draft"})
_GONE = "woocommerce_rest_shop_order_invalid_id"
_ODD_SHAPES = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of orders. `server_time` is the shop's own clock (UTC), `total` how many in all.

    `restarted` says that the listing began anew here, because the shop changed under it: rows of
    earlier pages come again.
    """

    server_time: datetime | None
    total: int | None
    rows: list[Row]
    restarted: bool


@dataclass(frozen=True, slots=True)
class _Batch:
    answer: Answer
    new: list[Any]
    restarted: bool


class _RowsMoved(Exception):
    """The list changed between two of its pages."""


@dataclass(frozen=True, slots=True)
class _Window:
    """The rows of a page and their places: ids, rising in the direction of reading."""

    rows: list[Any]
    places: list[int | Decimal | None]

    def ends(self) -> tuple[int | Decimal, int | Decimal]:
        known = [place for place in self.places if place is not None]
        return known[0], known[-1]

    def goes_on_from(self, before: _Window) -> bool:
        """Tell whether no row can lie between the page before and this one."""
        if not self.rows:
            return len(before.rows) == 1
        # A host that gives one row at a time leaves no room for an overlap.
        overlaps = len(before.rows) == 1 or self.ends()[0] <= before.ends()[1]
        return overlaps and self.ends()[0] > before.ends()[0]

    def rows_after(self, before: _Window | None) -> list[Any]:
        """Return the rows that the page before did not have."""
        if before is None:
            return self.rows
        last = before.ends()[1]
        pairs = zip(self.rows, self.places, strict=True)
        return [row for row, place in pairs if place is None or place > last]


def _window(answer: Answer, direction: int) -> _Window:
    rows = answer.rows()
    window = _Window(rows, [_place(row, direction) for row in rows])
    if rows and not any(window.places):
        raise answer.odd('[{"id": ...}]')
    return window


def _place(raw: Any, direction: int) -> int | Decimal | None:
    value = raw.get("id") if isinstance(raw, Mapping) else None
    return value * direction if type(value) in {int, Decimal} else None


class Shop:
    """A WooCommerce shop at `url` (which may have a folder), read with a consumer key.

    `waits` are the seconds before the second and third attempt at a request that may yet
    succeed. Every method raises RemoteError (NeverLeft, NoAnswer, CannotLogIn, NotUnderstood,
    Refused), whose code has its sentence and remedy in messages/shop.py.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        url: str,
        consumer_key: str,
        consumer_secret: str,
        *,
        sleep: Sleep = asyncio.sleep,
        waits: Sequence[float] = (2.0, 6.0),
    ) -> None:
        keys = (consumer_key, consumer_secret)
        self._requests = ShopRequests(http, url, keys, sleep=sleep, waits=waits)
        self._page_size = 100

    @property
    def route_style(self) -> RouteStyle:
        """How the shop is addressed; set it from an earlier run to save a failed request."""
        return self._requests.route_style

    @route_style.setter
    def route_style(self, style: RouteStyle) -> None:
        self._requests.route_style = style

    @property
    def keys_in_query(self) -> bool:
        """Whether the web server loses the header with the keys; may be set likewise."""
        return self._requests.keys_in_query

    @keys_in_query.setter
    def keys_in_query(self, in_query: bool) -> None:
        self._requests.keys_in_query = in_query

    async def changed_since(self, moment: datetime, statuses: Sequence[str]) -> AsyncIterator[Page]:
        """Yield every order in these statuses changed after an aware moment, by id, in pages.

        With no statuses given it is all but the trash. A row that is no order comes as
        UnreadableOrder. Raises UnknownStatus when the shop's statuses are others by now.
        """
        # Without dates_are_gmt the shop reads the moment in its own zone; it knows no fractions.
        since = moment.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()
        query = [("modified_after", since), ("dates_are_gmt", "true"), ("dp", "6")]
        async for batch in self._listing("orders", [*query, *_named(statuses)]):
            rows = _orders(batch.new)
            yield Page(batch.answer.server_time, batch.answer.total, rows, batch.restarted)

    async def orders(self, ids: Sequence[int], statuses: Sequence[str]) -> list[Row]:
        """Return the orders with these ids, in these statuses; those missing are absent."""
        rows: list[Row] = []
        for start in range(0, len(ids), 100):
            chunk = ",".join(str(order_id) for order_id in ids[start : start + 100])
            query = [("include", chunk), ("dp", "6"), *_named(statuses)]
            rows += _orders(await self._all("orders", query))
        return rows

    async def order(self, order_id: int) -> Row | None:
        """Return an order whatever its status, the trash too; None if it is deleted for good."""
        try:
            answer = await self._requests.ask(f"orders/{order_id}", [("dp", "6")])
        except Refused as refused:
            if refused.status == 404 and refused.title == _GONE:
                return None
            raise
        return _orders([answer.fields()])[0]

    async def refunds(self, order_id: int) -> list[Refund]:
        """Return the refunds of an order, by id.

        An order deleted for good has none either: ask for the order before believing it. Raises
        UnreadableOrder (with the order's id) if one of them is not what it should be.
        """
        from woo2po.order import UnreadableOrder, read_refund  # noqa: PLC0415

        refunds = []
        for raw in await self._all(f"orders/{order_id}/refunds", [("dp", "6")]):
            try:
                refunds.append(read_refund(raw))
            except UnreadableOrder as error:
                where = f"refund {error.order_id or '?'}: {error.where}"
                raise UnreadableOrder(order_id, "", where, error.expected) from None
            except _ODD_SHAPES:
                raise UnreadableOrder(order_id, "", "refund", "a refund was expected") from None
        return sorted(refunds, key=lambda refund: refund.id)

    async def statuses(self) -> tuple[str, ...]:
        """Return the statuses that an order can have, the trash and a plugin's own among them.

        A checkout that was never finished is no order: its status is left out.
        """
        try:
            names = _status_names(await self._requests.ask("orders", method="OPTIONS"))
        except (NotUnderstood, Refused):
            # Some hosts answer OPTIONS themselves; the report of totals names the statuses too.
            names = [*_slugs(await self._requests.ask("reports/orders/totals")), "trash"]
        return tuple(name for name in names if name not in _NO_ORDERS)

    async def ids_and_numbers(self) -> AsyncIterator[list[tuple[int, str]]]:
        """Yield id and number of every order, newest first, in pages.

        The only way from a number to its order where a plugin numbers: the shop's own search
        finds others (tried). Two orders may bear one number, and a row may come twice.
        """
        query = [("_fields", "id,number")]
        async for batch in self._listing("orders", query, order="desc"):
            known = [row for row in batch.new if _id(row) is not None]
            yield [(row["id"], str(row.get("number", row["id"]))) for row in known]

    async def _all(self, path: str, query: Parameters) -> list[Any]:
        found: list[Any] = []
        async for batch in self._listing(path, query):
            found = batch.new if batch.restarted else found + batch.new
        return found

    async def _listing(
        self, path: str, query: Parameters, order: Literal["asc", "desc"] = "asc"
    ) -> AsyncIterator[_Batch]:
        """Yield a list in pages that overlap by one row.

        A page that begins behind the last row of the page before shows that rows have left
        between the requests, and so does a shrinking total: then everything is read again.
        """
        query = [*query, ("orderby", "id"), ("order", order)]
        direction = 1 if order == "asc" else -1
        for restarts in range(_MOST_RESTARTS + 1):
            restarted = restarts > 0
            try:
                async for answer, new in self._one_reading(path, query, direction):
                    yield _Batch(answer, new, restarted)
                    restarted = False
            except _RowsMoved:
                continue
            return
        raise NoAnswer("shop", "shop_changes_too_fast", host=self._requests.host)

    async def _one_reading(
        self, path: str, query: Parameters, direction: int
    ) -> AsyncIterator[tuple[Answer, list[Any]]]:
        before: _Window | None = None
        total: int | None = None
        offset = 0
        while True:
            answer = await self._page(path, query, offset)
            window = _window(answer, direction)
            if _shrunk(total, answer.total) or (before and not window.goes_on_from(before)):
                raise _RowsMoved
            new = window.rows_after(before)
            if new or not offset:
                yield answer, new
            total = answer.total
            if total is not None and offset + len(window.rows) >= total:
                return
            if not new:
                self._nothing_is_left(offset, total)
                return
            offset += max(len(window.rows) - 1, 1)
            before = window

    def _nothing_is_left(self, offset: int, total: int | None) -> None:
        # WooCommerce counts orders that it cannot load and leaves them out, so a page may be
        # short of the total. A whole page of them is more than a few broken orders.
        if total is not None and offset + self._page_size < total:
            raise NotUnderstood(
                "shop", "shop_rows_missing", host=self._requests.host, total=str(total)
            )

    async def _page(self, path: str, query: Parameters, offset: int) -> Answer:
        paging = [("per_page", str(self._page_size))]
        if offset:
            paging.append(("offset", str(offset)))
        try:
            return await self._requests.ask(path, [*query, *paging])
        except RemoteError as error:
            if error.code not in TOO_MUCH_AT_ONCE or self._page_size <= _SMALL_PAGE:
                raise
        self._page_size = _SMALL_PAGE
        return await self._page(path, query, offset)


def _named(statuses: Sequence[str]) -> list[tuple[str, str]]:
    # Named one by one, since `any` leaves out the trash whatever stands beside it.
    return [("status[]", status) for status in statuses]


def _orders(raws: Sequence[Any]) -> list[Row]:
    if not raws:
        return []
    # Imported here: building its models costs more than an idle poll does.
    from woo2po.order import UnreadableOrder, read_order  # noqa: PLC0415

    rows: list[Row] = []
    for raw in raws:
        try:
            order = read_order(raw)
        except UnreadableOrder as unreadable:
            rows.append(unreadable)
        except _ODD_SHAPES:
            rows.append(UnreadableOrder(_id(raw), "", "order", "an order was expected"))
        else:
            wrong_id = UnreadableOrder(None, order.number, "id", "a positive number was expected")
            rows.append(order if _id(raw) else wrong_id)
    return rows


def _id(raw: Any) -> int | None:
    value = raw.get("id") if isinstance(raw, Mapping) else None
    return value if type(value) is int and 0 < value <= _LARGEST_ID else None


def _shrunk(before: int | None, now: int | None) -> bool:
    return before is not None and now is not None and now < before


def _status_names(schema: Answer) -> list[str]:
    try:
        reading = next(part for part in schema.value["endpoints"] if "GET" in part["methods"])
        return [str(name) for name in reading["args"]["status"]["items"]["enum"]]
    except (*_ODD_SHAPES, StopIteration):
        raise schema.odd("endpoints") from None


def _slugs(totals: Answer) -> list[str]:
    named = (row for row in totals.rows() if isinstance(row, Mapping) and "slug" in row)
    return [str(row["slug"]) for row in named]
