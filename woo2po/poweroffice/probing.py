"""A raw call to PowerOffice Go, for finding out what no source tells: odd bodies, odd queries.

The job itself never uses this. Answers are given as they come, refusals too.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from woo2po.http import NotUnderstood, Refused
from woo2po.poweroffice import PowerOffice

Query = Mapping[str, str] | None
Body = Mapping[str, object] | None


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its status, its JSON (None for none), or PowerOffice's words of a refusal."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    refusal: str = ""

    @property
    def ok(self) -> bool:
        """Whether PowerOffice did what it was asked."""
        return 200 <= self.status < 300

    def get(self, name: str) -> Any:
        """Return a property of the object that came, its name in any case, or None."""
        body = self.body if isinstance(self.body, dict) else {}
        return {key.lower(): value for key, value in body.items()}.get(name.lower())

    def text(self, name: str) -> str:
        """Return a property as text; "" where there is none."""
        value = self.get(name)
        return "" if value is None else str(value)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The objects of the list that came; empty where none did."""
        listed = self.body if isinstance(self.body, list) else []
        return [row for row in listed if isinstance(row, dict)]


class Probing(PowerOffice):
    """The client of PowerOffice, and a raw call beside it."""

    async def raw_call(
        self, method: str, path: str, query: Query = None, body: Body = None
    ) -> Reply:
        """Return the answer to a request, whatever its status below 500; a GET may be repeated.

        A PATCH replaces the properties that its body names. Raises RemoteError: after another
        method than GET, NoAnswer where it may have been carried out all the same.
        """
        content: object = body
        kind = "" if body is None else "application/json"
        if method == "PATCH" and body is not None:
            kind = "application/json-patch+json"
            content = [{"op": "replace", "path": f"/{k}", "value": v} for k, v in body.items()]
        request = self._calls.request(method, path, query, body=content, content_type=kind)
        try:
            response = await (self._calls.read if method == "GET" else self._calls.write)(request)
            came = response.content.strip()
            found = json.loads(came, parse_float=Decimal) if came else None
        except Refused as refused:
            return Reply(refused.status, refusal=f"{refused.title.rstrip('.')}. {refused.detail}")
        except (ArithmeticError, RecursionError, ValueError) as error:
            raise NotUnderstood("poweroffice", "poweroffice_not_json", what=path) from error
        return Reply(response.status_code, found, response.headers)
