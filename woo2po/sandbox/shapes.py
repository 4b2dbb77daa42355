"""How PowerOffice Go spells things: refusals, the shapes of JSON objects, JSON Patch.

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
from functools import cached_property
from importlib.resources import files
from typing import Any


class Refusal(Exception):
    """What PowerOffice refuses; `errors` says of a body what is wrong with which property."""

    def __init__(
        self, title: str, detail: str, status: int = 400, errors: Mapping[str, str] = {}
    ) -> None:
        super().__init__(f"{title}: {detail}")
        self.title = title
        self.detail = detail
        self.status = status
        self.errors = errors


def not_found(what: str) -> Refusal:
    """Return the refusal of what names something that does not exist."""
    return Refusal("Object(s) not found", f"{what} not found.", 404)


def bad_body(errors: Mapping[str, str]) -> Refusal:
    """Return the refusal of a body of the wrong shape, as ASP.NET writes it."""
    title = "One or more validation errors occurred."
    return Refusal(title, "; ".join(errors.values()), errors=errors)


_ATTRIBUTES = {
    "CreatedDateTimeOffset": "created",
    "CustomerCreatedDateTimeOffset": "created",
    "ContactCreatedDateTimeOffset": "created",
    "LastChangedDateTimeOffset": "changed",
}
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Property:
    """A property as shapes.toml has it; `source` is None where it is kept under its own name."""

    name: str
    kind: str
    more: str
    marks: frozenset[str]
    default: Any
    source: str | None

    @cached_property
    def attribute(self) -> str:
        """The attribute that it is posted into: CustomerNo into customer_no."""
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", self.name).lower()
        return _ATTRIBUTES.get(self.name, words)

    @cached_property
    def _path(self) -> list[str]:
        return (self.source or self.attribute).split(".")

    def read(self, thing: Any) -> Any:
        """Return its value in a thing; None behind one that is None."""
        for name in self._path:
            thing = None if thing is None else getattr(thing, name)
        if thing is None or self.kind not in {"object", "list"} or not self.more:
            return thing
        render = SHAPES[self.more].render
        return render(thing) if self.kind == "object" else [*map(render, thing)]

    def complaint(self, value: Any) -> str | None:
        """Return what is wrong with a posted value, or None."""
        if value is None or (value == "" and "!" in self.marks):
            return f"The {self.name} field is required." if "!" in self.marks else None
        if self.kind == "enum":
            said = f"Enum '{self.name}' with value = {value} is not valid."
            why = "(Enums is not allowed to be represented as integers)."
            return None if value in self.more.split("|") else f"{said} {why}"
        if not _KINDS[self.kind](value):
            return f"The value given for {self.name} is not a valid {self.kind}."
        if self.kind == "text" and self.more and len(value) > int(self.more):
            said = f"The field {self.name} must be a string or array type"
            return f"{said} with a maximum length of '{self.more}'."
        return None

    def value(self, posted: Any) -> Any:
        """Return a posted value as it is kept. Raises Refusal for an object of a wrong shape."""
        if posted is not None and self.kind == "date":
            return date.fromisoformat(posted)
        if posted is None or self.kind not in {"object", "list"} or not self.more:
            return posted
        bind = SHAPES[self.more].bind
        return bind(posted) if self.kind == "object" else [*map(bind, posted)]


def _is_number(value: Any, limit: Decimal | int, kinds: Any = int) -> bool:
    number = isinstance(value, kinds) and not isinstance(value, bool)
    return number and -limit <= value < limit


def is_date(value: Any) -> bool:
    """Tell whether a value is a day as YYYY-MM-DD."""
    try:
        return isinstance(value, str) and str(date.fromisoformat(value)) == value
    except ValueError:
        return False


_KINDS: dict[str, Callable[[Any], bool]] = {
    "text": lambda v: isinstance(v, str),
    "int64": lambda v: _is_number(v, 2**63),
    "int32": lambda v: _is_number(v, 2**31),
    "number": lambda v: _is_number(v, Decimal(10) ** 15, int | Decimal),
    "bool": lambda v: isinstance(v, bool),
    "date": is_date,
    "object": lambda v: isinstance(v, dict),
    "list": lambda v: isinstance(v, list),
}


def _property(text: str) -> Property:
    name, kind, *marks = text.split()
    kind, _, more = kind.partition(":")
    said = {mark[0]: mark[1:] for mark in marks if mark[0] in "=<"}
    default = {"true": True, "false": False}.get(said.get("=", ""), said.get("="))
    return Property(name, kind, more, frozenset(marks), default, said.get("<"))


class Shape:
    """The properties of an object, as shapes.toml lists them."""

    def __init__(self, text: str) -> None:
        listed = [_property(line) for line in re.split(r"[;\n]", text) if line.strip()]
        self.properties = {p.name: p for p in listed}
        self.by_lower_name = {p.name.lower(): p for p in listed}
        kept = {p.attribute: p.default for p in listed if p.source is None}
        # What an object of this shape is at first, by attribute.
        self.defaults = {**kept, "created": LONG_AGO, "changed": LONG_AGO}

    def bind(self, body: Any) -> dict[str, Any]:
        """Return a posted object's values by attribute. Raises Refusal."""
        if not isinstance(body, dict):
            raise bad_body({"": "A non-empty request body is required."})
        given: dict[str, Any] = {}
        errors: dict[str, str] = {}
        for key, value in body.items():
            prop = self.by_lower_name.get(key.lower())
            if prop is not None and "ro" not in prop.marks:
                given[prop.name] = value
            else:
                errors[key] = f"Could not find member '{key}' on the object."
        for name, prop in self.properties.items():
            if "ro" not in prop.marks and (complaint := prop.complaint(given.get(name))):
                errors[name] = complaint
        if errors:
            raise bad_body(errors)
        bound = ((self.properties[name], value) for name, value in given.items())
        return {prop.attribute: prop.value(value) for prop, value in bound}

    def changes(self, body: Any, label: str) -> dict[str, Any]:
        """Return the new values, by attribute, of an RFC 6902 patch of a thing.

        Only add, replace and remove, as clients of PowerOffice use them. A path in another case
        is dropped in silence, which is what integrators met. Raises Refusal for anything else.
        """
        values: dict[str, Any] = {}
        for item in body if isinstance(body, list) else [None]:
            if not isinstance(item, dict) or item.get("op") not in ("add", "replace", "remove"):
                raise Refusal("Invalid patch document", "The JSON patch document was malformed.")
            path = str(item.get("path", "")).strip("/")
            value = None if item["op"] == "remove" else item.get("value")
            if path in self.properties or path.lower() not in self.by_lower_name:
                prop = self.properties.get(path)
                title = f"{label} validation error(s)"
                dto = f"{label.title().replace(' ', '')}PatchDto"
                if prop is None or {"ro", "post"} & prop.marks:
                    where = f"The target location specified by path segment '{path}'"
                    raise Refusal(title, f"{dto}: {where} was not found.")
                never_null = prop.kind in {"bool", "enum"}
                if prop.complaint(value) or (value is None and never_null):
                    why = f"The value '{value}' is invalid for target location."
                    raise Refusal(title, f"{dto}: {why}")
                values[prop.attribute] = prop.value(value)
        return values

    def render(self, thing: Any) -> dict[str, Any]:
        """Return the JSON object of a thing."""
        return {name: prop.read(thing) for name, prop in self.properties.items()}


def from_json(raw: bytes) -> Any:
    """Return a decoded body, numbers with decimals as Decimal; raises Refusal."""
    try:
        return json.loads(raw.decode(), parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise bad_body({"": "The request body is not valid JSON."}) from None


def _no_constant(name: str) -> None:
    raise ValueError(name)


_TABLE = tomllib.loads((files("woo2po.sandbox") / "shapes.toml").read_text("utf-8"))
# A part may stand in another one.
SHAPES = {
    name: Shape(text.format(**_TABLE["parts"]).format(**_TABLE["parts"]))
    for name, text in _TABLE["shapes"].items()
}
