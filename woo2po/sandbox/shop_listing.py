"""How WooCommerce reads a query, filters and sorts a list, and writes amounts.

Pure functions under the built-in shop. Source: woocommerce/facts.md, "Polling" and "Paging".
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]

_DATE = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d(:\d\d)?)?")
_INDEXED = re.compile(r"(\w+)\[\d*\]")
_DATES = ("after", "before", "modified_after")

# Amounts that follow `dp`. A coupon's and a fee's own `amount` do not.
_MONEY = frozenset(
    {"total", "subtotal", "total_tax", "subtotal_tax", "tax_total", "shipping_tax_total"}
    | {"shipping_total", "shipping_tax", "cart_tax", "discount_total", "discount_tax"}
)
_OUTSIDE_DP = frozenset({"coupon_lines", "meta_data"})


class InvalidParameter(Exception):
    """A parameter that WordPress refuses with status 400, and the `body` that it answers."""

    def __init__(self, name: str, code: str, said: str) -> None:
        super().__init__(said)
        details = {name: {"code": code, "message": said, "data": None}}
        data = {"status": 400, "params": {name: said}, "details": details}
        message = f"Invalid parameter(s): {name}"
        self.body = {"code": "rest_invalid_param", "message": message, "data": data}


class Parameters:
    """The query of a request the way PHP reads it: `a[]=1&a[]=2` is a list, else the last wins."""

    def __init__(self, items: Iterable[tuple[str, str]]) -> None:
        self._lists: dict[str, list[str]] = {}
        self._single: dict[str, str] = {}
        for name, value in items:
            if indexed := _INDEXED.fullmatch(name):
                self._lists.setdefault(indexed[1], []).append(value)
            else:
                self._single[name] = value

    def text(self, name: str) -> str:
        """Return a single value."""
        return self._single.get(name, "")

    def listed(self, name: str) -> list[str]:
        """Return a list, however it was written."""
        if name in self._lists:
            return self._lists[name]
        return [part for part in self._single.get(name, "").split(",") if part]

    def number(self, name: str, default: int, least: int, most: int | None = None) -> int:
        """Return a whole number within bounds. Raises InvalidParameter."""
        text = self._single.get(name)
        if text is None:
            return default
        if not re.fullmatch(r"-?\d+", text):
            raise InvalidParameter(name, "rest_invalid_type", f"{name} is not of type integer.")
        if int(text) < least or (most is not None and int(text) > most):
            bounds = f"between {least} (inclusive) and {most} (inclusive)"
            said = f"{name} must be {bounds if most else f'greater than or equal to {least}'}"
            raise InvalidParameter(name, "rest_out_of_bounds", said)
        return int(text)

    def numbers(self, name: str) -> tuple[int, ...]:
        """Return a list of ids. Raises InvalidParameter."""
        try:
            return tuple(int(part) for part in self.listed(name))
        except ValueError:
            said = f"{name}[0] is not of type integer."
            raise InvalidParameter(name, "rest_invalid_type", said) from None

    def one_of(self, name: str, default: str, choices: Sequence[str]) -> str:
        """Return one of a few words. Raises InvalidParameter."""
        return _known(name, name, self._single.get(name, default), choices)


class Query:
    """A list request as the shop understands it; dates are ISO text in UTC."""

    def __init__(self, parameters: Parameters, statuses: Sequence[str], zone: ZoneInfo) -> None:
        """Read what is asked for. Raises InvalidParameter."""
        self.per_page = parameters.number("per_page", 10, 1, 100)
        page = parameters.number("page", 1, 1)
        self.offset = parameters.number("offset", (page - 1) * self.per_page, 0)
        self.by_date = parameters.one_of("orderby", "date", ("date", "id")) == "date"
        self.descending = parameters.one_of("order", "desc", ("asc", "desc")) == "desc"
        named = enumerate(parameters.listed("status") or ["any"])
        self.statuses = {_known("status", f"status[{n}]", one, statuses) for n, one in named}
        self.include = parameters.numbers("include")
        in_utc = parameters.text("dates_are_gmt") in {"true", "1"}
        self.dates = {
            name: _moment(name, parameters.text(name), zone, in_utc=in_utc)
            for name in _DATES
            if parameters.text(name)
        }


def _known(name: str, where: str, value: str, choices: Sequence[str]) -> str:
    if value in choices:
        return value
    said = f"{where} is not one of {', '.join(choices[:-1])}, and {choices[-1]}."
    raise InvalidParameter(name, "rest_not_in_enum", said)


def _moment(name: str, text: str, zone: ZoneInfo, *, in_utc: bool) -> str:
    if not _DATE.fullmatch(text):
        raise InvalidParameter(name, "rest_invalid_date", "Invalid date.")
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC if in_utc else zone)
    return seconds(moment)


def seconds(moment: datetime) -> str:
    """Return a moment as WordPress stores it: UTC, whole seconds, without a zone."""
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()


def of_orders(query: Query, orders: Iterable[Json]) -> list[Json]:
    """Return the orders that the query names; `any` has no trash and no automatic drafts."""
    if "any" in query.statuses:
        return in_reach(query, [o for o in orders if o["status"] not in {"trash", "auto-draft"}])
    return in_reach(query, [order for order in orders if order["status"] in query.statuses])


def in_reach(query: Query, rows: Iterable[Json]) -> list[Json]:
    """Return the orders or refunds whose id and time the query names, sorted, before paging."""
    found = [row for row in rows if _in_reach(row, query)]
    # Where the moment is equal, ids fall, as the order tables have it.
    found.sort(key=lambda row: row["id"], reverse=query.by_date or query.descending)
    if query.by_date:
        found.sort(key=partial(_moment_of, what="date"), reverse=query.descending)
    return found


def _in_reach(row: Json, query: Query) -> bool:
    if query.include and row["id"] not in query.include:
        return False
    # Strict on both sides, and in whole seconds: the very second is not listed.
    return all(
        _moment_of(row, name) > moment if name.endswith("after") else _moment_of(row, name) < moment
        for name, moment in query.dates.items()
    )


def _moment_of(row: Json, what: str) -> str:
    """Return when a row was created, or changed where `what` begins so; "" is before all."""
    changed = row.get("date_modified_gmt") if what.startswith("modified") else None
    return changed or row["date_created_gmt"] or ""


def at_decimals(document: Json, decimals: int) -> Json:
    """Return an order or refund with its amounts at so many decimals."""
    written: Json = _at(document, decimals, "")
    if isinstance(document.get("amount"), str):
        written["amount"] = _amount(document["amount"], decimals)
    return written


def _at(value: Any, decimals: int, key: str) -> Any:
    if isinstance(value, dict):
        return {k: v if k in _OUTSIDE_DP else _at(v, decimals, k) for k, v in value.items()}
    if isinstance(value, list):
        return [_at(part, decimals, key) for part in value]
    if key in _MONEY and isinstance(value, str) and value:
        return _amount(value, decimals)
    return value


def _amount(text: str, decimals: int) -> str:
    try:
        rounded = Decimal(text).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    except InvalidOperation:
        return text  # put in as nonsense on purpose
    return str(rounded + 0)


def only_fields(row: Json, fields: Sequence[str]) -> Json:
    """Return the fields that `_fields` names; inside a list none can be named."""
    if not fields:
        return row
    kept: Json = {}
    for field in fields:
        name, _, inner = field.partition(".")
        if name not in row:
            continue
        if not inner:
            kept[name] = row[name]
        elif isinstance(row[name], dict) and inner in row[name]:
            kept.setdefault(name, {})[inner] = row[name][inner]
    return kept
