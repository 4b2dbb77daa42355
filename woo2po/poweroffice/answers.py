"""What PowerOffice answered: rows of JSON, or which of the things that can go wrong.

Tolerant where the interface is loose (case of names, amounts as text, fields that are new),
strict where a value must be: a guess here would end up in somebody's books.
Source: facts.md, "Errors", "Requests" and "Rights".
"""

import json
import math
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from fnmatch import fnmatchcase
from typing import Any, NoReturn

import httpx

from woo2po.http import CannotLogIn, NeverLeft, NoAnswer, NotAllowed, NotUnderstood, Refused
from woo2po.http.engine import BEFORE_IT_LEFT, TooLarge, untrusted
from woo2po.logs import impersonal

SYSTEM = "poweroffice"
_LONGEST_TEXT = 1000
_LARGEST = Decimal(10) ** 19  # an int64 and every sum of money is smaller

# The right that a path needs; "_Full" where the job also writes there. First match counts.
_ROLES = (
    ("Customers", "Customer_Full"),
    ("ContactDeliveryAddresses", "Customer_Full"),
    ("ProductGroups", "Product_Full"),
    ("Products", "Product_Full"),
    ("SalesOrders", "SalesOrders_Full"),
    ("OutgoingInvoices", "OutgoingInvoice"),
    ("GeneralLedgerAccounts", "GeneralLedgerAccount"),
    ("ClientBankAccounts", "ClientBankAccount"),
    ("Vouchers/BankJournals", "BankVoucher_Full"),
    ("Vouchers/CashJournals", "CashVoucher_Full"),
    ("Customerledger", "CustomerLedger"),
    ("AccountTransactions", "AccountTransaction"),
    ("Departments", "Department"),
    ("Projects", "Project"),
    ("Locations", "Location"),
    ("", "CommonServices"),
)
# Rights that many an integration is not given: without one the rest of the work goes on.
_RIGHTS_APART = (
    ("SalesOrders/*/createAndSendInvoice", "may_not_send"),
    ("Vouchers/*", "may_not_post_vouchers"),
    ("Customerledger/*", "may_not_read_ledger"),
    ("AccountTransactions", "may_not_read_transactions"),
)


# -- errors --------------------------------------------------------------------------------------


def broken(
    request: httpx.Request, error: httpx.RequestError
) -> NeverLeft | NoAnswer | NotUnderstood:
    """Return what a request without an answer means: it may have been carried out, or not.

    Where the request that failed is another (a token's) the one that was meant never left.
    """
    own = error.request is request
    facts = {**_asked(request), "why": type(error).__name__}
    if isinstance(error, TooLarge) and own:
        return NotUnderstood(SYSTEM, "poweroffice_too_large", **facts)
    if (text := untrusted(error)) is not None:
        return NeverLeft(SYSTEM, "poweroffice_certificate", **facts, text=text)
    if isinstance(error, BEFORE_IT_LEFT) or not own:
        return NeverLeft(SYSTEM, "poweroffice_not_reached", **facts)
    return NoAnswer(SYSTEM, "poweroffice_no_answer", **facts)


def accepted(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    """Return a 2xx answer to a request. Raises NeverLeft, NoAnswer, Refused or NotUnderstood."""
    own = response.request is request
    if response.is_success and own:
        return response
    facts = {**_asked(response.request), "why": f"HTTP {response.status_code}"}
    if response.status_code < 400:
        raise NotUnderstood(SYSTEM, "poweroffice_redirected", **facts)
    if response.status_code < 500 and response.status_code != httpx.codes.REQUEST_TIMEOUT:
        raise refusal(response)
    if not own:
        raise NeverLeft(SYSTEM, "poweroffice_not_reached", **facts)
    raise NoAnswer(SYSTEM, "poweroffice_no_answer", **facts)


def busy(request: httpx.Request) -> NeverLeft:
    """Return the error of a request that was told to wait too often, or too long."""
    return NeverLeft(SYSTEM, "poweroffice_busy", **_asked(request))


def seconds_to_wait(response: httpx.Response) -> float:
    """Return what a 429 asks for: at least a second, and no end where nobody can tell."""
    try:
        seconds = float(response.headers.get("Retry-After", "1"))
    except ValueError:
        return 1.0
    return max(1.0, seconds) if math.isfinite(seconds) else math.inf


def _asked(request: httpx.Request) -> dict[str, str]:
    # Without the query: it may hold an e-mail address.
    return {"host": request.url.host, "what": f"{request.method} {request.url.path}"}


def refusal(response: httpx.Response) -> Refused:
    """Return what a 4xx answer says, whatever the shape of its body.

    Understood: problem details in either case with or without an `errors` map, OAuth's `error`
    and `error_description`, a gateway's `message`, and HTML or nothing (then the HTTP reason).
    """
    said = _said(response)
    title = _text(said.get("title") or said.get("error"))
    details = (_text(said.get("detail") or said.get("error_description")), _errors(said))
    detail = " ".join(filter(None, details))
    by_application = bool(title or detail)
    if not by_application:
        title, detail = response.reason_phrase, _text(said.get("message"))
    status = response.status_code
    texts = (title[:_LONGEST_TEXT], detail[:_LONGEST_TEXT])
    return Refused(SYSTEM, status, *texts, by_application=by_application)


def _said(response: httpx.Response) -> dict[str, Any]:
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        return {}
    return {key.lower(): value for key, value in body.items()} if isinstance(body, dict) else {}


def _errors(said: dict[str, Any]) -> str:
    """Return ASP.NET's `errors` map (field -> sentences) as one text."""
    errors = said.get("errors")
    if not isinstance(errors, dict):
        return ""
    texts = [
        f"{field}: {sentence}" if field else sentence
        for field, sentences in errors.items()
        for sentence in map(_text, sentences if isinstance(sentences, list) else [sentences])
    ]
    return " ".join(texts)


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def judge(path: str, request: httpx.Request, refused: Refused) -> NoReturn:
    """Raise what a refusal means: a missing right, a wrong address, or just itself."""
    facts = _asked(request)
    what = {"what": facts["what"]}
    if refused.status == httpx.codes.FORBIDDEN and not refused.by_application and refused.detail:
        said = impersonal(refused.detail)
        raise CannotLogIn(SYSTEM, "poweroffice_blocked", **facts, said=said) from refused
    if refused.status == httpx.codes.FORBIDDEN or refused.title.lower() == "missing privilege":
        role = next(role for start, role in _ROLES if path.startswith(start))
        for pattern, code in _RIGHTS_APART:
            if fnmatchcase(path, pattern):
                raise NotAllowed(SYSTEM, code, role=role, **what) from refused
        raise CannotLogIn(SYSTEM, "missing_privilege", role=role, **what) from refused
    if refused.status in (404, 405) and not refused.by_application:
        raise NotUnderstood(SYSTEM, "poweroffice_wrong_address", **facts) from refused
    raise refused


# -- rows ----------------------------------------------------------------------------------------


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
        raise NotUnderstood(SYSTEM, "poweroffice_not_understood", **facts)

    def _list(self, name: str) -> list[Any]:
        values = self._values.get(name.lower())
        if values is None:
            return []
        return values if isinstance(values, list) else self.missing(name)


def rows_in(path: str, response: httpx.Response) -> list[Row]:
    """Return the list that came; 204 is an empty one."""
    if response.status_code == httpx.codes.NO_CONTENT:
        return []
    body = _parsed(path, response)
    if not isinstance(body, list) or not all(isinstance(row, dict) for row in body):
        raise _not_json(path)
    return [Row(path, row) for row in body]


def row_in(path: str, response: httpx.Response) -> Row:
    """Return the object that came; 204 is one that has no fields."""
    if response.status_code == httpx.codes.NO_CONTENT:
        return Row(path, {})
    body = _parsed(path, response)
    if not isinstance(body, dict):
        raise _not_json(path)
    return Row(path, body)


def nothing_or_json(path: str, response: httpx.Response) -> None:
    """Raise NotUnderstood for a page: a gateway's log-in page comes with status 200 too."""
    if response.content.strip():
        _parsed(path, response)


def _parsed(path: str, response: httpx.Response) -> Any:
    try:
        return json.loads(response.content, parse_float=Decimal, parse_constant=_no_constant)
    except (ArithmeticError, RecursionError, ValueError) as error:
        raise _not_json(path) from error


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _not_json(path: str) -> NotUnderstood:
    return NotUnderstood(SYSTEM, "poweroffice_not_json", what=path)
