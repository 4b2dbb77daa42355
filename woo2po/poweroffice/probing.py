"""Raw calls to PowerOffice Go, for finding out what no source tells: odd bodies, odd queries.

The job itself never uses this. Answers are given as they come, refusals too.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import httpx

from woo2po.http import NotUnderstood, Refused
from woo2po.poweroffice import PowerOffice
from woo2po.poweroffice.calls import exact_json

CUSTOMERS = "Customers"
PRODUCTS = "Products"
ORDERS = "SalesOrders"
INVOICES = "OutgoingInvoices"
VAT_CODES = "VatCodes"
NEW_ORDER = f"{ORDERS}/Complete"
SENT_STATE = f"{ORDERS}/sentState"
PATCH_TYPE = "application/json-patch+json"


def complete_order(order_id: str) -> str:
    """Return where an order is read with its lines."""
    return f"{ORDERS}/{order_id}/Complete"


def lines_of(order_id: str) -> str:
    """Return where lines are added to an order."""
    return f"{ORDERS}/{order_id}/Lines"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its status, its JSON (None for none), and PowerOffice's words of a refusal."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    detail: str = ""

    @property
    def ok(self) -> bool:
        """Whether PowerOffice did what it was asked."""
        return 200 <= self.status < 300

    def get(self, name: str) -> Any:
        """Return a property of the object that came, its name in any case, or None."""
        if not isinstance(self.body, dict):
            return None
        return {key.lower(): value for key, value in self.body.items()}.get(name.lower())

    def text(self, name: str) -> str:
        """Return a property as text; "" where there is none."""
        value = self.get(name)
        return "" if value is None else str(value)

    @property
    def rows(self) -> list[Any]:
        """The list that came; empty where none did."""
        return self.body if isinstance(self.body, list) else []


class Probing(PowerOffice):
    """The client of PowerOffice, and raw calls beside it."""

    def __init__(self, http: httpx.AsyncClient, *, base_url: str, **keys: Any) -> None:
        super().__init__(http, base_url=base_url, **keys)
        self._http = http
        self._base_url = base_url.rstrip("/")

    async def read_raw(self, path: str, query: Mapping[str, str] | None = None) -> Reply:
        """Return the answer to a GET, whatever its status below 500. Raises RemoteError."""
        request = self._http.build_request(
            "GET",
            f"{self._base_url}/{path}",
            params=dict(query or {}),
            headers={"Accept": "application/json"},
        )
        try:
            return _reply(path, await self._calls.read(request))
        except Refused as refused:
            return _refusal(refused)

    async def write_raw(
        self, method: str, path: str, body: object = None, content_type: str = "application/json"
    ) -> Reply:
        """Return the answer to a POST, PATCH or DELETE, whatever its status below 500.

        Raises RemoteError: NoAnswer where it may have been carried out all the same.
        """
        typed = {} if body is None else {"Content-Type": content_type}
        request = self._http.build_request(
            method,
            f"{self._base_url}/{path}",
            headers={"Accept": "application/json", **typed},
            content=None if body is None else exact_json(body).encode(),
        )
        try:
            return _reply(path, await self._calls.write(request))
        except Refused as refused:
            return _refusal(refused)


def _reply(path: str, response: httpx.Response) -> Reply:
    if not response.content.strip():
        return Reply(response.status_code, headers=response.headers)
    try:
        body = json.loads(response.content, parse_float=Decimal)
    except (ArithmeticError, RecursionError, ValueError) as error:
        raise NotUnderstood("poweroffice", "poweroffice_not_json", what=path) from error
    return Reply(response.status_code, body, response.headers)


def _refusal(refused: Refused) -> Reply:
    return Reply(refused.status, title=refused.title, detail=refused.detail)
