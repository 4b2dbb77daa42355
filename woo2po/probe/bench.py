"""Where a probe works: raw calls, what they make, and that all of it is taken away again."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from woo2po.http import NotUnderstood, Refused, RemoteError
from woo2po.poweroffice import PowerOffice
from woo2po.stopping import Stop, ToldToStop

NAME = "woo2po probe, can be deleted"
PREFIX = "woo2po-probe"  # of every reference

_WAITS = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)  # seconds before each look for what was just made

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

    @property
    def rows(self) -> list[Any]:
        """The list that came, or the object as the only one."""
        return self.body if isinstance(self.body, list) else [self.body] if self.body else []

    def get(self, name: str) -> Any:
        """Return a property of the object that came, or of its first line; its name in any case."""
        (first, *_) = self.rows or [{}]
        (line, *_) = first.get("SalesOrderLines") or [{}]
        both = {key.lower(): value for part in (line, first) for key, value in part.items()}
        return both.get(name.lower())

    def shows(self, id_: str) -> bool:
        """Tell whether it is the object with this id, or a list that it is in."""
        return self.ok and id_ in {str(row.get("Id")) for row in self.rows}


class Probing(PowerOffice):
    """The client of PowerOffice, and a raw call beside it: bodies and queries are odd."""

    async def raw_call(
        self, method: str, path: str, query: Query = None, body: Body = None
    ) -> Reply:
        """Return the answer to a request, whatever its status below 500; a GET may be repeated.

        A PATCH replaces the properties that its body names. Raises RemoteError: after another
        method than GET, NoAnswer where it may have been carried out all the same.
        """
        request = self._calls.request(method, path, query, body)
        try:
            response = await self._calls.sent(request, reads=method == "GET")
            came = response.content.strip()
            found = json.loads(came, parse_float=Decimal) if came else None
        except Refused as refused:
            return Reply(refused.status, refusal=f"{refused.title.rstrip('.')}. {refused.detail}")
        except (ArithmeticError, RecursionError, ValueError) as error:
            raise NotUnderstood("poweroffice", "poweroffice_not_json", what=path) from error
        return Reply(response.status_code, found, response.headers)


class Thing(NamedTuple):
    """What a probe makes: how we choose it, how people know it, and what may make it deletable."""

    name: str
    reference: str
    number: str
    deletable: Mapping[str, object]


_OURS = "ExternalImportReference"
KINDS = {  # by where it is made
    "Customers": Thing("customer", _OURS, "Number", {"IsArchived": False}),
    "Products": Thing("product", "Code", "Code", {"IsArchived": False}),
    "SalesOrders/Complete": Thing("draft", _OURS, "SalesOrderNo", {"SalesOrderStatus": "Draft"}),
}


@dataclass
class Made:
    """Something that was made; without a path its answer was lost: it is perhaps there."""

    kind: Thing
    number: str
    path: str = ""
    why: str = "its answer was lost: it is perhaps there"


@dataclass
class Bench:
    """Asks, and keeps in `left` what stands or may; `token` tells it from another probe's."""

    go: Probing
    left: list[Made]
    stop: Stop
    token: str

    async def ask(self, method: str, path: str, query: Query = None, body: Body = None) -> Reply:
        """Send a request. Raises RemoteError, and ToldToStop once the probe was told to stop."""
        if self.stop.told:
            raise ToldToStop
        kind = KINDS.get(path) if method == "POST" else None
        if kind is None:
            return await self._sent(method, path, query, body)
        given = {name.lower(): value for name, value in (body or {}).items()}
        made = Made(kind, str(given.get(kind.reference.lower(), "")))
        self.left.append(made)
        reply = await self._sent(method, path, query, body)
        if not reply.ok:
            self.left.remove(made)
        elif id_ := reply.get("Id"):
            made.path, made.why = f"{path.partition('/')[0]}/{id_}", ""
            made.number = str(reply.get(kind.number) or "")
        return reply

    async def shown(self, path: str, query: Query, id_: str) -> tuple[Reply, float]:
        """Read until what was just made is shown, or refused; return that, and the seconds."""
        begun, reply = asyncio.get_running_loop().time(), Reply(0)
        for wait in _WAITS:
            await self.stop.sleep(wait)
            reply = await self.ask("GET", path, query)
            if reply.shows(id_) or (query and not reply.ok):
                break
        return reply, asyncio.get_running_loop().time() - begun

    async def clear(self) -> None:
        """Take away what stands, the last first, told to stop or not; without a path it stays."""
        for made in [one for one in reversed(self.left) if one.path]:
            try:
                await self._sent("DELETE", made.path)
                if made in self.left:
                    # What is confirmed or archived is perhaps not deleted as it is.
                    await self._sent("PATCH", made.path, body=made.kind.deletable)
                    await self._sent("DELETE", made.path)
            except RemoteError as error:
                made.why = error.code

    async def _sent(self, method: str, path: str, query: Query = None, body: Body = None) -> Reply:
        """Send a request, told to stop or not, and write down what is deleted by it."""
        reply = await self.go.raw_call(method, path, query, body)
        for made in [one for one in self.left if method == "DELETE" and one.path == path]:
            made.why = f"HTTP {reply.status}"
            if reply.ok or reply.status == 404:
                self.left.remove(made)
        return reply
