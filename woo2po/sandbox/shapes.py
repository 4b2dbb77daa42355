"""How PowerOffice Go spells things: shapes of JSON objects, binding of bodies, JSON Patch, numbers.

PascalCase out, names in bodies taken in any case, paths of a JSON Patch only as they are
(poweroffice/facts.md, "JSON Patch"). The shapes themselves stand in shapes.toml.
"""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any


class Refusal(Exception):
    """What PowerOffice refuses (400), with its title and detail."""

    status = 400

    def __init__(self, title: str, detail: str) -> None:
        super().__init__(f"{title}: {detail}")
        self.title = title
        self.detail = detail


class NotFound(Refusal):
    """An object that a call names does not exist (404)."""

    status = 404

    def __init__(self, detail: str, title: str = "Object(s) not found") -> None:
        super().__init__(title, detail)


class Conflict(Refusal):
    """An object cannot be changed or deleted as it stands (409)."""

    status = 409


class InUse(Conflict):
    """An object cannot be deleted, since others name it."""

    def __init__(self, name: str, key: object) -> None:
        detail = f"{name} with id = {key} is in use and cannot be deleted."
        super().__init__(f"{name} conflict", detail)


class WrongMediaType(Refusal):
    """A body whose content type the call does not take (415)."""

    status = 415


class BadBody(Refusal):
    """A body of the wrong shape: a list of complaints per property, as ASP.NET writes them."""

    def __init__(self, complaints: Mapping[str, str]) -> None:
        super().__init__("One or more validation errors occurred.", "; ".join(complaints.values()))
        self.complaints = dict(complaints)


ATTRIBUTES = {
    "CreatedDateTimeOffset": "created",
    "CustomerCreatedDateTimeOffset": "created",
    "ContactCreatedDateTimeOffset": "created",
    "LastChangedDateTimeOffset": "changed",
}
LARGEST = Decimal(10) ** 15


@cache
def attribute(name: str) -> str:
    """Return the Python attribute of a property: CustomerNo is customer_no."""
    return ATTRIBUTES.get(name) or re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


@dataclass(frozen=True)
class Property:
    """A property: kind, length, choices, whether it can be posted and patched, where it is from."""

    name: str
    kind: str
    size: int | None = None
    choices: tuple[str, ...] = ()
    read_only: bool = False
    post_only: bool = False
    required: bool = False
    source: str = ""

    def complaint(self, value: Any) -> str | None:
        """Return what is wrong with a value for this property, or None."""
        if value is None:
            return f"The {self.name} field is required." if self.required else None
        if self.choices:
            said = f"Enum '{self.name}' with value = {value} is not valid."
            why = "(Enums is not allowed to be represented as integers)."
            return None if value in self.choices else f"{said} {why}"
        if not _KINDS[self.kind](value):
            return f"The value given for {self.name} is not a valid {self.kind}."
        if self.required and value == "":
            return f"The {self.name} field is required."
        if self.size is not None and len(value) > self.size:
            said = f"The field {self.name} must be a string or array type"
            return f"{said} with a maximum length of '{self.size}'."
        return None


def _whole(bits: int) -> Callable[[Any], bool]:
    limit = 2 ** (bits - 1)
    return lambda v: isinstance(v, int) and not isinstance(v, bool) and -limit <= v < limit


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return False
    return abs(Decimal(value)) < LARGEST


def is_date(value: Any) -> bool:
    """Tell whether a value is a day as YYYY-MM-DD."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


_KINDS: dict[str, Callable[[Any], bool]] = {
    "text": lambda v: isinstance(v, str),
    "int64": _whole(64),
    "int32": _whole(32),
    "number": _is_number,
    "bool": lambda v: isinstance(v, bool),
    "date": is_date,
    "object": lambda v: isinstance(v, dict),
    "list": lambda v: isinstance(v, list),
}


def _property(text: str) -> Property:
    name, kind, *marks = text.split()
    kind, _, more = kind.partition(":")
    choices = tuple(more.split("|")) if kind == "enum" else ()
    return Property(
        name,
        "text" if kind == "enum" else kind,
        int(more) if more and not choices else None,
        choices,
        read_only="ro" in marks,
        post_only="post" in marks,
        required="!" in marks,
        source=next((mark[1:] for mark in marks if mark[0] == "<"), attribute(name)),
    )


class Shape:
    """The properties of an object, as shapes.toml lists them."""

    def __init__(self, text: str) -> None:
        listed = [_property(line) for line in re.split(r"[;\n]", text) if line.strip()]
        self.properties = {p.name: p for p in listed}
        self._lower = {p.name.lower(): p for p in listed}

    @property
    def names(self) -> list[str]:
        """The properties that stand in an answer."""
        return list(self.properties)

    def bind(self, body: Any, *, lenient: bool = False) -> dict[str, Any]:
        """Return a posted object's values by attribute (`lenient`: known ones). Raises BadBody."""
        if not isinstance(body, dict):
            raise BadBody({"": "A non-empty request body is required."})
        given, complaints = self._known(body, lenient)
        for prop in self.properties.values():
            complaint = None if prop.read_only else prop.complaint(given.get(prop.name))
            if complaint:
                complaints[prop.name] = complaint
        if complaints:
            raise BadBody(complaints)
        return {attribute(k): self._value(k, v) for k, v in given.items()}

    def _known(self, body: dict[str, Any], lenient: bool) -> tuple[dict[str, Any], dict[str, str]]:
        given: dict[str, Any] = {}
        complaints: dict[str, str] = {}
        for key, value in body.items():
            prop = self._lower.get(key.lower())
            if prop is not None and not prop.read_only:
                given[prop.name] = value
            elif not lenient:
                complaints[key] = f"Could not find member '{key}' on the object."
        return given, complaints

    def _value(self, name: str, value: Any) -> Any:
        is_day = self.properties[name].kind == "date" and value is not None
        return date.fromisoformat(value) if is_day else value

    def patched(self, name: str, value: Any, dto: str) -> tuple[str, Any]:
        """Return attribute and value of one patched property; raises Refusal."""
        prop = self.properties.get(name)
        title = f"{dto} validation error(s)"
        if prop is None or prop.read_only or prop.post_only:
            where = f"The target location specified by path segment '{name}' was not found."
            raise Refusal(title, f"{dto}PatchDto: {where}")
        never_null = prop.kind == "bool" or bool(prop.choices)
        if prop.complaint(value) or (value is None and never_null):
            detail = f"{dto}PatchDto: The value '{value}' is invalid for target location."
            raise Refusal(title, detail)
        return attribute(name), self._value(name, value)

    def render(self, thing: Any, **instead: Any) -> dict[str, Any]:
        """Return the JSON object of a thing: its attributes, its `other`, or what is given."""
        return {
            name: instead[name] if name in instead else _read(thing, prop.source)
            for name, prop in self.properties.items()
        }


def _read(thing: Any, path: str) -> Any:
    """Return what a path of attributes leads to; None behind one that is None."""
    for name in path.split("."):
        if hasattr(thing, name):
            thing = getattr(thing, name)
        else:
            thing = getattr(thing, "other", {}).get(name)
    return thing


def assign(thing: Any, values: Mapping[str, Any], *, given: bool = False) -> None:
    """Set attributes (`given`: only what is not None); `other` keeps what has no attribute."""
    for name, value in values.items():
        if given and value is None:
            continue
        if hasattr(thing, name):
            setattr(thing, name, value)
        else:
            thing.other[name] = value


def patch_operations(body: Any, shape: Shape) -> list[tuple[list[str], Any]]:
    """Return path segments and new value of each operation of an RFC 6902 patch.

    Only add, replace and remove, as clients of PowerOffice use them. A path in another case is
    dropped in silence, which is what integrators met. Raises Refusal for anything else.
    """
    if not isinstance(body, list):
        raise Refusal("Invalid patch document", "The JSON patch document was malformed.")
    operations = []
    lower = {n.lower() for n in shape.names} - set(shape.names)
    for item in body:
        if not isinstance(item, dict) or item.get("op") not in ("add", "replace", "remove"):
            raise Refusal("Invalid patch document", "The JSON patch document was malformed.")
        segments = str(item.get("path", "")).strip("/").split("/")
        value = None if item["op"] == "remove" else item.get("value")
        if segments[0] in shape.names or segments[0].lower() not in lower:
            operations.append((segments, value))
    return operations


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def to_json(value: Any) -> bytes:
    """Return JSON in which an amount is the shortest number that says it (269.7, 270)."""
    return json.dumps(value, default=_plain, ensure_ascii=False).encode("utf-8", "replace")


def from_json(raw: bytes) -> Any:
    """Return a decoded body, numbers with decimals as Decimal; raises BadBody."""
    try:
        return json.loads(raw.decode(), parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise BadBody({"": "The request body is not valid JSON."}) from None


def _no_constant(name: str) -> None:
    raise ValueError(name)


_TEXTS = tomllib.loads((files("woo2po.sandbox") / "shapes.toml").read_text(encoding="utf-8"))


def _shape(name: str, more: str = "") -> Shape:
    return Shape(_TEXTS["shapes"][name].format(**_TEXTS["parts"]) + more)


ADDRESS, DELIVERY_ADDRESS = _shape("Address"), _shape("DeliveryAddress")
CUSTOMER, DIMENSION = _shape("Customer"), _shape("Dimension")
PRODUCT, PRODUCT_GROUP = _shape("Product"), _shape("ProductGroup")
ACCOUNT, VAT_CODE = _shape("Account"), _shape("VatCode")
BANK_ACCOUNT = _shape("BankAccount")
ORDER, LINE = _shape("Order"), _shape("Line")
SEND, SENT_STATE = _shape("Send"), _shape("SentState")
INVOICE, INVOICE_LINE = _shape("Invoice"), _shape("InvoiceLine")
VOUCHER, CASH_LINE, BANK_LINE = _shape("Voucher"), _shape("CashLine"), _shape("BankLine")
ENTRY, TRANSACTION, BALANCE = _shape("Entry"), _shape("Transaction"), _shape("Balance")
ORDER_POST = _shape("Order", "; SalesOrderLines list")
