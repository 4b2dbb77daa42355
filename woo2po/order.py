"""The shop's order as values: what WooCommerce answered, read once at the edge.

Amounts are kroner (or the order's currency) at the six decimals that `dp=6` gives; line
amounts are net. Unknown fields are ignored, so a new WooCommerce adds nothing to break.
Source of the facts: woocommerce/facts.md, "Amounts", "Refunds", "Dates" and "Texts".
"""

import hashlib
import html
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Annotated, Any, Literal, TypeVar

import pydantic
from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, model_validator

from woo2po.money import round_ore

_NAMES_OF_NORWAY = frozenset({"NOR", "NORGE", "NOREG", "NORWAY"})
LARGEST_AMOUNT = Decimal(10) ** 12
MOST_DECIMALS = 20
LONGEST_TEXT = 4000  # characters: no field of a document takes more
LONGEST_NUMBER = 60
MOST_LINES = 2000
MOST_ROWS = 1000  # VAT rates, coupons, gift cards, refunds
EARLIEST, LATEST = 1990, 2200  # years: beyond them a day in another zone may not exist
_ZERO_DATES = ("-", "0000")  # what becomes of a row without a date: -0001-11-30, 0000-00-00


class UnreadableOrder(Exception):
    """An order (or refund) in the shop's answer that does not have the shape of one.

    `id` (0) and `number` ("") are given where they could be read; `where` names the field and
    `expected` says by a code what should have stood there. The value is left out: it may be
    personal.
    """

    def __init__(self, order_id: int | None, number: object, where: str, expected: str) -> None:
        self.number = plain_number(number)
        super().__init__(f"order {self.number or order_id or '?'}: {where}: {expected}")
        self.id = order_id or 0
        self.where = where
        self.expected = expected


def _amount(value: object) -> Decimal:
    if isinstance(value, bool) or value is None:
        raise ValueError("amount")
    text = str(value)[:100].strip()
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise ValueError("amount") from None
    if not amount.is_finite() or abs(amount) > LARGEST_AMOUNT:
        raise ValueError("amount_below")
    if amount.adjusted() < -MOST_DECIMALS or len(text) > 2 * MOST_DECIMALS:
        raise ValueError("amount_decimals")
    return amount


def _characters(value: object) -> str:
    """Turn HTML entities into characters once: the block checkout stores `&` as `&amp;`.

    What is longer than any field is cut; halves of characters and NULs go.
    """
    if isinstance(value, list | dict) and value:
        raise ValueError("text")
    text = html.unescape(str(value or "")[:LONGEST_TEXT])
    return text.encode("utf-8", "ignore").decode().replace("\x00", "")


def plain_number(value: object) -> str:
    """Return a number or an id as people see it: printable, on one line, and no essay."""
    text = _characters(value) if isinstance(value, str | int | Decimal) else ""
    seen = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(seen.split())[:LONGEST_NUMBER]


def _listed(value: object) -> object:
    """Return a list: PHP makes an object with numbered keys of one that has gaps."""
    return list(value.values()) if isinstance(value, Mapping) else value or []


def _few(value: object) -> object:
    rows = _listed(value)
    if isinstance(rows, list) and len(rows) > MOST_ROWS:
        raise ValueError("few_rows")
    return rows


def _with(key: str, value: object) -> object:
    """Return the rows of a list in which something stands under a key; the others say nothing."""
    rows = _listed(value)
    if not isinstance(rows, list):
        return rows
    return [row for row in rows if not isinstance(row, Mapping) or row.get(key)]


def _utc(value: datetime) -> datetime:
    if not EARLIEST <= value.year <= LATEST:
        raise ValueError("year")
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _country(value: object) -> str:
    """Return a country's code; shops of one country may store its name, or none."""
    code = _characters(value).strip().upper()
    return "NO" if code in _NAMES_OF_NORWAY else code


Amount = Annotated[Decimal, BeforeValidator(_amount)]
Text = Annotated[str, BeforeValidator(_characters)]
Word = Annotated[str, BeforeValidator(plain_number)]
_trimmed = BeforeValidator(lambda value: value.strip() if isinstance(value, str) else value)
Moment = Annotated[datetime, _trimmed, AfterValidator(_utc)]
Id = Annotated[int, Field(gt=0, lt=2**63)]
Few = BeforeValidator(_few)


class _Value(BaseModel, frozen=True):
    """What null and an empty text mean is the same for all: nothing is said."""

    @model_validator(mode="before")
    @classmethod
    def _nothing_is_said(cls, raw: Any) -> Any:
        if not isinstance(raw, Mapping):
            return raw
        return {name: value for name, value in raw.items() if value is not None and value != ""}


class Meta(_Value):
    """A key and a value of any JSON kind that a plugin stored with an order or a line."""

    key: Text
    value: Any = None


MetaData = Annotated[tuple[Meta, ...], BeforeValidator(partial(_with, "key"))]


class Address(_Value):
    """A billing or delivery address; every part may be empty."""

    first_name: Text = ""
    last_name: Text = ""
    company: Text = ""
    address_1: Text = ""
    address_2: Text = ""
    city: Text = ""
    postcode: Text = ""
    country: Annotated[str, BeforeValidator(_country)] = ""
    email: Text = ""
    phone: Text = ""


class Tax(_Value):
    """The VAT of a line under one rate: `total` as paid, `subtotal` before discounts."""

    id: int
    total: Amount = Decimal(0)
    subtotal: Amount = Decimal(0)


class Line(_Value):
    """A product, freight or fee line.

    `total` is net after discounts, `subtotal` before them, `total_tax` the VAT of `total`
    as the shop rounded it; `taxes` has it unrounded per rate. `paid` is ours: the shop's `total`
    where the mapping has put back what a gift card paid of it.
    """

    kind: Literal["product", "shipping", "fee"]
    id: int
    name: Text = ""
    sku: Text = ""
    product_id: int = 0
    variation_id: int = 0
    quantity: Amount
    total: Amount
    subtotal: Amount
    total_tax: Amount = Decimal(0)
    taxes: Annotated[tuple[Tax, ...], Few] = ()
    meta_data: MetaData = ()
    paid: Annotated[Decimal | None, BeforeValidator(lambda _: None)] = None

    @model_validator(mode="before")
    @classmethod
    def _freight_and_fees_have_no_discount(cls, raw: Any) -> Any:
        if not isinstance(raw, Mapping):
            return raw
        # WooCommerce tells a line as "" whose amount a plugin never set.
        raw = {**raw, **{name: 0 for name in ("subtotal", "total") if raw.get(name) == ""}}
        if raw.get("kind") == "product":
            return raw
        taxes = _listed(raw.get("taxes"))
        if isinstance(taxes, list):
            rows = (tax for tax in taxes if isinstance(tax, Mapping))
            taxes = [{**tax, "subtotal": tax.get("total")} for tax in rows]
        name = raw.get("method_title") or raw.get("name")
        return {**raw, "name": name, "subtotal": raw.get("total"), "quantity": 1, "taxes": taxes}

    @property
    def vat(self) -> Decimal:
        """The unrounded VAT of `total`, all rates together."""
        return sum((tax.total for tax in self.taxes), Decimal(0))


class TaxRate(_Value):
    """One of the shop's VAT rates as it stood at the purchase."""

    rate_id: int
    rate_code: Text = ""
    rate_percent: Amount | None = None
    compound: bool = False


class Coupon(_Value):
    """A coupon used on the order; its amounts are rounded or stale, and read of cards alone."""

    code: Text = ""
    # Not of what was sold (`sale_hash`): earlier versions did not read them.
    discount_type: Any = Field(default=None, repr=False)
    discount: Any = Field(default=None, repr=False)
    discount_tax: Any = Field(default=None, repr=False)
    meta_data: Any = Field(default=(), repr=False)


class GiftCard(_Value):
    """A card that paid a part of the order; `sign`: the last four of its code, where told."""

    amount: Amount
    sign: Annotated[str, BeforeValidator(lambda _: "")] = ""


class RefundSummary(_Value):
    """What an order tells of a refund; the lines are asked for apart. `total` is above 0."""

    id: Id
    total: Annotated[Amount, AfterValidator(abs)] = Decimal(0)
    # By `with_refunds`: the order tells neither.
    date_created_gmt: Moment | None = None
    by_gateway: bool | None = None


class Order(_Value):
    """An order of the shop. `lines` holds goods, freight and fees; times are aware (UTC)."""

    id: int
    number: Word = ""
    parent_id: int = 0
    status: Annotated[Word, Field(min_length=1)]
    currency: Word
    prices_include_tax: bool = True
    date_created_gmt: Moment
    date_modified_gmt: Moment | None = None
    date_paid_gmt: Moment | None = None
    date_completed_gmt: Moment | None = None
    paid_some_day: bool = False  # it was paid, and the shop has lost the day: that of the order's
    seen_captured: Decimal = Decimal(0)  # ours: what of its money is booked, or noted to be
    seen_reserved: datetime | None = None  # ours: when its money was last seen not to have come
    seen_returned: frozenset[int] = frozenset()  # ours: refunds whose money is, or is to be, back
    total: Amount
    total_tax: Amount = Decimal(0)
    customer_id: int = 0
    billing: Address = Address()
    shipping: Address = Address()
    payment_method: Word = ""
    payment_method_title: Text = ""
    transaction_id: Word = ""
    created_via: Word = ""
    customer_note: Text = ""
    lines: tuple[Line, ...] = ()
    tax_lines: Annotated[tuple[TaxRate, ...], Few] = ()
    coupon_lines: Annotated[tuple[Coupon, ...], Few] = ()
    gift_cards: Annotated[tuple[GiftCard, ...], Few] = ()
    refunds: Annotated[tuple[RefundSummary, ...], Few, BeforeValidator(partial(_with, "id"))] = ()
    meta_data: MetaData = ()
    content_hash: str = Field(default="", repr=False)

    @model_validator(mode="before")
    @classmethod
    def _zero_dates_are_none(cls, raw: Any) -> Any:
        names = ("date_modified_gmt", "date_paid_gmt", "date_completed_gmt")
        lost = {name for name in names if str(raw.get(name)).startswith(_ZERO_DATES)}
        days: dict[str, Any] = dict.fromkeys(lost)
        if "date_paid_gmt" in lost:
            days |= {"date_paid_gmt": raw.get("date_created_gmt"), "paid_some_day": True}
        return {**raw, **days}

    def meta(self, key: str) -> Any:
        """Return the first value under a meta key, or None: it may come twice, as in the shop."""
        return next((meta.value for meta in self.meta_data if meta.key == key), None)

    @property
    def refunded(self) -> Decimal:
        """All that was refunded, gross."""
        return sum((one.total for one in self.refunds), Decimal(0))

    def with_refunds(self, refunds: Iterable["Refund"]) -> "Order":
        """Return the order with what its refunds tell themselves: when, and by whom."""
        told = {
            one.id: {"date_created_gmt": one.date_created_gmt, "by_gateway": one.refunded_payment}
            for one in refunds
        }
        known = (one.model_copy(update=told.get(one.id, {})) for one in self.refunds)
        return self.model_copy(update={"refunds": tuple(known)})

    def sale_hash(self) -> str:
        """Return a hash of the sums that an invoice stands for, to the øre: names, coupons and
        lines may be told otherwise.
        """
        vat = sum((round_ore(x.vat if x.taxes else x.total_tax) for x in self.lines), Decimal(0))
        cards = sum((card.amount for card in self.gift_cards), Decimal(0)).normalize()
        return _hashed((self.currency, round_ore(self.total), vat, cards))

    def sale_hash_before(self) -> str:
        """Return the hash of an earlier version, of what was sold line by line."""
        lines = []
        for x in self.lines:
            amounts = x.subtotal, x.total, x.vat if x.taxes else x.total_tax
            quantity = f"{x.quantity.normalize():f}"
            lines.append((x.kind, x.name, quantity, *map(round_ore, amounts)))
        cards = [card.amount.normalize() for card in self.gift_cards]
        return _hashed((self.currency, round_ore(self.total), lines, self.coupon_lines, cards))

    @property
    def personal(self) -> tuple[str, ...]:
        """What tells who bought and where he lives, the country apart."""
        names = Address.model_fields.keys() - {"country"}
        places = (self.billing, self.shipping)
        told = (getattr(place, name) for place in places for name in sorted(names))
        return tuple(filter(None, told))

    def buyer_hash(self) -> str:
        """Return a hash of whom an order was sold to, and where it was sent."""
        return _hashed((self.billing, self.shipping))[:20]


class Refund(_Value):
    """A refund. `amount` is the money returned (positive, gross); its lines are negative."""

    id: Id
    date_created_gmt: Moment
    amount: Amount
    refunded_payment: bool = False
    lines: tuple[Line, ...] = ()


_LINE_LISTS = {"line_items": "product", "shipping_lines": "shipping", "fee_lines": "fee"}


def read_order(raw: object) -> Order:
    """Return the order in an answer of `GET /orders` (numbers Decimal). Raises UnreadableOrder."""
    prepared = _with_lines(raw)
    return _read(Order, {**prepared, "content_hash": content_hash(prepared)})


def read_refund(raw: object) -> Refund:
    """Return the refund in one decoded answer of `GET /orders/{id}/refunds`.

    Raises UnreadableOrder, whose `id` is the refund's own.
    """
    # Versions before 4.9 tell a refund's goods alone.
    absent = dict.fromkeys(_LINE_LISTS, ())
    return _read(Refund, _with_lines({**absent, **raw} if isinstance(raw, Mapping) else raw))


def content_hash(raw: Mapping[str, Any]) -> str:
    """Return a hash of all an order says but its links and what changes without meaning."""
    telling = {k: v for k, v in raw.items() if k not in _UNTELLING}
    text = json.dumps(telling, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


_UNTELLING = frozenset(
    {"_links", "date_modified", "date_modified_gmt", "is_editable", "needs_payment", "payment_url"}
)


def _hashed(telling: object) -> str:
    return hashlib.sha256(repr(telling).encode("utf-8", "surrogatepass")).hexdigest()


def _with_lines(raw: object) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        raise UnreadableOrder(None, "", "order", "fields")
    lines: list[Any] = []
    for name, kind in _LINE_LISTS.items():
        listed = raw.get(name)
        listed = _listed(listed) if isinstance(listed, Mapping) else listed
        if not isinstance(listed, list | tuple):
            raise _unreadable(raw, name, "list")
        if len(listed) + len(lines) > MOST_LINES:
            raise _unreadable(raw, name, "few_lines")
        for line in listed:
            if not isinstance(line, Mapping):
                lines.append(line)
                continue
            # One that an import left without an id is known by its place.
            place = {"id": -len(lines) - 1} if line.get("id", 1) == 0 else {}
            lines.append({**line, "kind": kind, **place})
    return {**{k: v for k, v in raw.items() if k not in _LINE_LISTS}, "lines": lines}


# What pydantic calls a value of the wrong kind, by how its name begins, and what we call the right.
_EXPECTED = {
    "missing": "present",
    "string_too_short": "present",
    "greater_than": "positive_number",
    "less_than": "whole_number",
    "int_": "whole_number",
    "bool_": "yes_or_no",
    "datetime_": "moment",
    "string_": "text",
    "list_": "list",
    "tuple_": "list",
    "model_": "fields",
}


_Read = TypeVar("_Read", Order, Refund)


def _read(kind: type[_Read], raw: Mapping[str, Any]) -> _Read:
    try:
        return kind.model_validate(raw)
    except pydantic.ValidationError as error:
        first = error.errors(include_input=False, include_context=False, include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "order"
    if first["type"] == "value_error":
        raise _unreadable(raw, where, first["msg"].removeprefix("Value error, "))
    found = (code for start, code in _EXPECTED.items() if first["type"].startswith(start))
    raise _unreadable(raw, where, next(found, "other"))


def _unreadable(raw: Mapping[str, Any], where: str, expected: str) -> UnreadableOrder:
    order_id = raw["id"] if isinstance(raw.get("id"), int) else None
    return UnreadableOrder(order_id, raw.get("number"), where, expected)
