"""One JSON object of PowerOffice, read field by field.

Tolerant where the interface is loose (case of names, amounts as text, fields that are new),
strict where a value must be: a guess here would end up in somebody's books.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from woo2po.transport import NotUnderstood

_LARGEST = Decimal(10) ** 19  # an int64 and every sum of money is smaller


class Row:
    """One JSON object; names are found in any case. A field that is null counts as missing.

    Methods raise NotUnderstood (with path and field, never the value) for a wrong type, and
    those without `_or_none` for a missing one; `text` is "" where there is none.
    """

    def __init__(self, path: str, values: Mapping[str, Any]) -> None:
        self._path = path
        self._values = {name.lower(): value for name, value in values.items()}

    def key(self, name: str) -> str:
        """Return an id, a number or a GUID, as text."""
        return self.text(name) or self.missing(name)

    def text(self, name: str) -> str:
        """Return a text, or ""; a number is taken for its digits."""
        value = self._values.get(name.lower())
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int):
            self.missing(name)
        # Half a character cannot be kept or sent on.
        return str(value).encode("utf-8", "replace").decode()

    def number(self, name: str) -> int:
        """Return a whole number."""
        number = self.number_or_none(name)
        return self.missing(name) if number is None else number

    def number_or_none(self, name: str) -> int | None:
        """Return a whole number, or None."""
        amount = self.amount_or_none(name)
        if amount is not None and amount != amount.to_integral_value():
            self.missing(name)
        return None if amount is None else int(amount)

    def amount(self, name: str) -> Decimal:
        """Return an amount."""
        amount = self.amount_or_none(name)
        return self.missing(name) if amount is None else amount

    def amount_or_none(self, name: str) -> Decimal | None:
        """Return an amount, or None; digits in a text are taken too."""
        value = self._values.get(name.lower())
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
            self.missing(name)
        try:
            amount = Decimal(value)
        except InvalidOperation:
            amount = Decimal("NaN")
        return amount if amount.is_finite() and abs(amount) < _LARGEST else self.missing(name)

    def percent_or_none(self, name: str) -> Decimal | None:
        """Return a rate of 0 to 1 in percent, or None."""
        rate = self.amount_or_none(name)
        return None if rate is None else rate * 100

    def flag(self, name: str) -> bool | None:
        """Return true, false, or None."""
        value = self._values.get(name.lower())
        return value if value is None or isinstance(value, bool) else self.missing(name)

    def day_or_none(self, name: str) -> date | None:
        """Return a date, or None; a time of day after it is dropped."""
        text = self.text(name)
        try:
            return date.fromisoformat(text[:10]) if text else None
        except ValueError:
            return self.missing(name)

    def moment_or_none(self, name: str) -> datetime | None:
        """Return an aware time in UTC, or None."""
        text = self.text(name)
        try:
            moment = datetime.fromisoformat(text) if text else None
        except ValueError:
            return self.missing(name)
        if moment is None:
            return None
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts; () where there is none."""
        values = self._list(name)
        return tuple(values) if all(isinstance(v, str) for v in values) else self.missing(name)

    def rows(self, name: str) -> list["Row"]:
        """Return the objects of a list; [] where there is none."""
        values = self._list(name)
        if not all(isinstance(value, dict) for value in values):
            self.missing(name)
        return [Row(f"{self._path} {name}", value) for value in values]

    def missing(self, name: str) -> NoReturn:
        """Raise NotUnderstood for a field; never returns."""
        facts = {"what": self._path, "field": name}
        raise NotUnderstood("poweroffice", "poweroffice_not_understood", **facts)

    def _list(self, name: str) -> list[Any]:
        values = self._values.get(name.lower())
        if values is None:
            return []
        return values if isinstance(values, list) else self.missing(name)
