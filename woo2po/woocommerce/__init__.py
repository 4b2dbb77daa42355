"""The shop: its orders, refunds and statuses, read through WooCommerce's REST interface.

Only reads. What a real shop was seen to do with dates, paging, the trash and decimals is in
facts.md, "Polling", "Paging" and "Amounts"; each surprise has its comment here.

requests.py  one request: login, address, repeats, and what an answer that is none says
lists.py     paging
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from woo2po.http import CannotLogIn, NotUnderstood, Refused, RemoteError
from woo2po.woocommerce.lists import BY_ITSELF, LeftOut, Page, ShopLists, id_of
from woo2po.woocommerce.requests import INTERFACE, Answer, Parameters, RouteStyle, UnknownStatus

if TYPE_CHECKING:
    from woo2po.order import Order, Refund, UnreadableOrder

__all__ = ["Page", "PaymentMethod", "RouteStyle", "Row", "Shop", "Site", "StatusCount",
           "UnknownStatus"]  # fmt: skip

Row: TypeAlias = "Order | UnreadableOrder"

_LINES = "line_items,shipping_lines,fee_lines,tax_lines"
_ORDER_FIELDS = (
    "id,number,status,currency,date_created_gmt,date_paid_gmt,date_completed_gmt,total,"
    f"payment_method,transaction_id,refunds,coupon_lines,{_LINES},"
    "shipping.country,shipping.postcode,billing.country,billing.postcode,meta_data"
)
_REFUND_FIELDS = f"id,parent_id,date_created_gmt,amount,refunded_payment,{_LINES}"
_PAID_FIELDS = (
    "id,number,status,currency,total,date_created_gmt,date_paid_gmt,date_completed_gmt,"
    "payment_method,transaction_id,refunds,meta_data"
)
_NO_ORDERS = frozenset({"any", "auto-draft", "checkout-draft"})
_GONE = "woocommerce_rest_shop_order_invalid_id"
_TOO_LARGE = "readable_size"
# A right that is missing is said in these ways; a wrong key is found out by reading the orders.
_NOT_TOLD = (CannotLogIn, NotUnderstood, Refused)
_ODD_SHAPES = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Site:
    """A site's name, time zone ("" for an offset) and own address; "" where it is not told."""

    name: str = ""
    zone: str = ""
    home: str = ""


@dataclass(frozen=True, slots=True)
class StatusCount:
    """A status of orders: its slug, how the shop shows it, and how many orders are in it."""

    slug: str
    name: str
    orders: int


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    """A payment method that the shop has, switched on or not."""

    id: str
    title: str
    enabled: bool


class Shop(ShopLists):
    """A WooCommerce shop, read with a consumer key. Every method raises RemoteError."""

    async def changed_since(self, moment: datetime, statuses: Sequence[str]) -> AsyncIterator[Page]:
        """Yield every order in these statuses changed after an aware moment, by id, in pages.

        With no statuses given it is all but the trash. A row that is no order comes as
        UnreadableOrder. Raises UnknownStatus when the shop's statuses are others by now.
        """
        query = [("modified_after", _moment(moment)), _UTC, ("dp", "6"), *_named(statuses)]
        async for page in self.pages("orders", query):
            yield replace(page, rows=_orders(page.rows))

    async def orders(self, ids: Sequence[int], statuses: Sequence[str]) -> list[Row]:
        """Return the orders with these ids, in these statuses; those missing are absent."""
        query = [("dp", "6"), *_named(statuses)]
        return _orders(await self.included("orders", ids, query))

    async def order(self, order_id: int) -> Row | None:
        """Return an order whatever its status, the trash too; None if it is deleted for good."""
        try:
            answer = await self.ask(f"orders/{order_id}", [("dp", "6")])
        except RemoteError as error:
            if isinstance(error, Refused) and (error.status, error.title) == (404, _GONE):
                return None
            if error.code not in BY_ITSELF:
                raise
            return _orders([LeftOut(id=order_id)])[0]
        if id_of(answer.fields()) != order_id:  # of a cache, say
            raise answer.odd('{"id": ...}')
        return _orders([answer.fields()])[0]

    async def refunds(self, order_id: int) -> list[Refund]:
        """Return an order's refunds, by id; none if it is deleted. Raises UnreadableOrder."""
        from woo2po.order import UnreadableOrder, read_refund  # noqa: PLC0415

        refunds = []
        for raw in await self.all(f"orders/{order_id}/refunds", [("dp", "6")]):
            try:
                refunds.append(read_refund(raw))
            except UnreadableOrder as error:
                where = f"refunds.{error.id or '?'}.{error.where}"
                raise UnreadableOrder(order_id, "", where, error.expected) from None
            except _ODD_SHAPES:
                raise UnreadableOrder(order_id, "", "refund", "refund") from None
        return sorted(refunds, key=lambda refund: refund.id)

    async def count(self, statuses: Sequence[str], since: datetime) -> int | None:
        """Return how many orders were placed since (aware); None if that is not said."""
        query = [*_placed(since), ("per_page", "1"), ("_fields", "id"), *_named(statuses)]
        return (await self.ask("orders", query)).total

    async def ids_placed_since(self, moment: datetime, status: str) -> AsyncIterator[list[int]]:
        """Yield the ids of the orders in a status placed at an aware moment or later, in pages."""
        query = [*_placed(moment), ("_fields", "id"), *_named([status])]
        async for page in self.pages("orders", query):
            yield [order_id for row in page.rows if (order_id := id_of(row)) is not None]

    async def statuses(self) -> tuple[str, ...]:
        """Return the statuses, trash and plugins' too; a checkout's own is no order's."""
        try:
            names = _status_names(await self.ask("orders", method="OPTIONS"))
        except (NotUnderstood, Refused):
            # Some hosts answer OPTIONS themselves; the report of totals names the statuses too.
            totals = (await self.ask("reports/orders/totals")).rows()
            rows = [row for row in totals if isinstance(row, Mapping) and "slug" in row]
            names = [*(str(row["slug"]) for row in rows), "trash"]
        return tuple(name for name in names if name not in _NO_ORDERS)

    async def newest(self, count: int) -> list[Row]:
        """Return the newest orders of any status but the trash, about `count`, the newest first."""
        rows: list[Row] = []
        async for page in self.pages("orders", [("dp", "6")], order="desc"):
            rows = [] if page.restarted else rows
            rows += _orders(page.rows)
            if len(rows) >= count:
                break
        return rows[:count]

    async def of_woopayments(self, what: str, query: Sequence[tuple[str, str]]) -> list[Any]:
        """Return a page of WooPayments' `deposits` or `reports/transactions`, with our own keys.

        Raises NotUnderstood, by a code of its own where the plugin is not active.
        """
        try:
            answer = await self.ask(f"payments/{what}", query)
        except NotUnderstood as error:
            if error.code != "shop_no_woocommerce":
                raise
            raise NotUnderstood("shop", "payouts_no_woopayments") from None
        inside = answer.value.get("data") if isinstance(answer.value, Mapping) else None
        return inside if isinstance(inside, list) else answer.rows()

    async def ids_and_numbers(self) -> AsyncIterator[list[tuple[int, str]]]:
        """Yield id and number of every order, newest first, in pages.

        The only way from a number to its order where a plugin numbers: the shop's own search
        finds others (tried). Two orders may bear one number, and a row may come twice.
        """
        from woo2po.order import plain_number  # noqa: PLC0415

        query = [("_fields", "id,number")]
        async for page in self.pages("orders", query, order="desc"):
            known = [row for row in page.rows if id_of(row) is not None]
            yield [(row["id"], plain_number(row.get("number")) or str(row["id"])) for row in known]

    # -- just the fields that tell what was sold and given back, as raw JSON rows ----------------

    # Fractions are Decimal: what reckons with them shares nothing with what makes documents.

    def sold(self, first: datetime, end: datetime, statuses: Sequence[str]) -> AsyncIterator[Page]:
        """Yield the orders placed before `end` and changed at `first` or later (aware moments).

        Being paid, completed or refunded changes an order, so all that happened between the two
        is there. An order placed later never enters the list, so its pages stand still.
        """
        # Both bounds are strict and in whole seconds.
        since = ("modified_after", _moment(first - timedelta(seconds=1)))
        query = [since, ("before", _moment(end)), _UTC, *_asked(_ORDER_FIELDS, statuses)]
        return self.pages("orders", query)

    async def sold_with(self, ids: Sequence[int], statuses: Sequence[str]) -> list[Any]:
        """Return the orders with these ids; those deleted for good are absent."""
        return await self.included("orders", ids, _asked(_ORDER_FIELDS, statuses))

    def paid_since(self, first: datetime, statuses: Sequence[str]) -> AsyncIterator[Page]:
        """Yield the orders changed since an aware moment, with what their gateway wrote there."""
        query = [("modified_after", _moment(first)), _UTC, *_asked(_PAID_FIELDS, statuses)]
        return self.pages("orders", query)

    async def paid_with(self, ids: Sequence[int], statuses: Sequence[str]) -> list[Any]:
        """Return the same of the orders with these ids; those deleted for good are absent."""
        return await self.included("orders", ids, _asked(_PAID_FIELDS, statuses))

    async def given_back(self, of: Sequence[tuple[int, int]]) -> list[Any]:
        """Return refunds by order and id; an older WooCommerce is asked order by order."""
        fields = _asked(_REFUND_FIELDS)
        try:
            return await self.included("refunds", [own for _, own in of], fields)
        except NotUnderstood as error:
            if error.code != "shop_no_woocommerce":  # no such route, as WordPress says it
                raise
            found = []
            for order_id in dict.fromkeys(order for order, _ in of):
                rows = await self.all(f"orders/{order_id}/refunds", fields)
                found += [{**row, "parent_id": order_id} for row in rows if isinstance(row, dict)]
            return found

    # -- what it tells of itself -------------------------------------------------------------------

    # A key's user may be kept from some of it (payment methods want the right to manage the shop):
    # that part is then empty.

    async def site(self) -> Site:
        """Return name and time zone; both are "" where the front of the interface is closed."""
        try:
            said = (await self.ask("/", [("_fields", "name,timezone_string")])).fields()
        except _NOT_TOLD:
            return Site()
        return Site(_text(said, "name"), zone=_text(said, "timezone_string"))

    async def find(self, style: RouteStyle) -> Site:
        """Return what a site tells if a shop answers; without a key. Its front may be closed."""
        try:
            answer = await self.front(style, [("_fields", "name,home,namespaces")])
        except CannotLogIn as error:
            if error.code == "shop_password_protected":
                raise
            return Site()
        said = answer.fields()
        spaces = said.get("namespaces")
        if not isinstance(spaces, list) or INTERFACE not in spaces:
            raise NotUnderstood("shop", "shop_no_woocommerce", host=self.host)
        return Site(_text(said, "name"), home=_text(said, "home"))

    async def counted_statuses(self) -> list[StatusCount]:
        """Return the statuses with their numbers of orders; without the trash."""
        rows = await self._told_rows("reports/orders/totals", "slug,name,total")
        told = ((_text(r, "slug"), _text(r, "name"), _whole(r, "total")) for r in rows)
        return [StatusCount(*one) for one in told if one[0] not in {"", "checkout-draft"}]

    async def gateways(self) -> list[PaymentMethod]:
        """Return the payment methods."""
        rows = await self._told_rows("payment_gateways", "id,title,enabled")
        return [
            PaymentMethod(_text(r, "id"), _text(r, "title"), r.get("enabled") is True) for r in rows
        ]

    async def _told_rows(self, path: str, fields: str) -> list[Mapping[str, Any]]:
        try:
            answer = await self.ask(path, [("_fields", fields)])
            return [row for row in answer.rows() if isinstance(row, Mapping)]
        except _NOT_TOLD:
            return []


# Without it the shop reads a moment in its own zone.
_UTC = ("dates_are_gmt", "true")


def _moment(moment: datetime) -> str:
    """Return an aware moment as the shop takes it: it knows no fractions."""
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()


def _placed(since: datetime) -> Parameters:
    # The bound is strict.
    return [("after", _moment(since - timedelta(seconds=1))), _UTC]


def _asked(fields: str, statuses: Sequence[str] = ()) -> Parameters:
    return [("dp", "6"), ("_fields", fields), *_named(statuses)]


def _named(statuses: Sequence[str]) -> Parameters:
    # Named one by one, since `any` leaves out the trash whatever stands beside it.
    return [("status[]", status) for status in statuses]


def _orders(raws: Sequence[Any]) -> list[Row]:
    if not raws:
        return []
    # Imported here: building its models costs more than an idle poll does.
    from woo2po.order import UnreadableOrder, read_order  # noqa: PLC0415

    rows: list[Row] = []
    for raw in raws:
        if isinstance(raw, LeftOut):
            rows.append(UnreadableOrder(id_of(raw), raw.get("number"), "order", _TOO_LARGE))
            continue
        try:
            order = read_order(raw)
        except UnreadableOrder as unreadable:
            rows.append(unreadable)
        except _ODD_SHAPES:
            rows.append(UnreadableOrder(id_of(raw), "", "order", "order"))
        else:
            wrong_id = UnreadableOrder(None, order.number, "id", "positive_number")
            rows.append(order if id_of(raw) else wrong_id)
    return rows


def _status_names(schema: Answer) -> list[str]:
    try:
        reading = next(part for part in schema.value["endpoints"] if "GET" in part["methods"])
        return [str(name) for name in reading["args"]["status"]["items"]["enum"]]
    except (*_ODD_SHAPES, StopIteration):
        raise schema.odd("endpoints") from None


def _text(row: Mapping[str, Any], name: str) -> str:
    """Return a text on one line: it is shown at terminals, and was typed by somebody."""
    value = row.get(name)
    plain = value if isinstance(value, str) else ""
    return " ".join("".join(c if c.isprintable() else " " for c in plain).split())[:80]


def _whole(row: Mapping[str, Any], name: str) -> int:
    value = str(row.get(name, ""))
    return int(value) if value.isdecimal() and len(value) < 18 else 0
