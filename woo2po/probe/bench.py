"""Where a probe works: what it sends, what it makes, and that all of it is taken away again.

Its client makes raw calls: bodies and queries are odd, and answers are taken as they come.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from woo2po.http import NotUnderstood, Refused, RemoteError
from woo2po.poweroffice import PowerOffice
from woo2po.stopping import Stop

NAME = "woo2po probe, can be deleted"
PREFIX = "woo2po-probe"  # of every reference; `check` recognises what was left by it

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
            response = await self._calls.sent(request, reads=method == "GET")
            came = response.content.strip()
            found = json.loads(came, parse_float=Decimal) if came else None
        except Refused as refused:
            return Reply(refused.status, refusal=f"{refused.title.rstrip('.')}. {refused.detail}")
        except (ArithmeticError, RecursionError, ValueError) as error:
            raise NotUnderstood("poweroffice", "poweroffice_not_json", what=path) from error
        return Reply(response.status_code, found, response.headers)


# -- what is made ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class ProbedKind:
    """What a probe makes: where it is made and where it is then, and what finds it again."""

    name: str
    made_at: str
    path: str
    reference: str  # the property that we choose
    number: str  # the property that people know it by
    place: str  # where they find it
    deletable: Mapping[str, object]  # what is perhaps to be changed before it can be deleted


CUSTOMER = ProbedKind("customer", "Customers", "Customers", "ExternalImportReference", "Number",
                "under Contacts", {"IsArchived": False})  # fmt: skip
PRODUCT = ProbedKind("product", "Products", "Products", "Code", "Code",
               "under Products", {"IsArchived": False})  # fmt: skip
ORDER = ProbedKind("order", "SalesOrders/Complete", "SalesOrders", "ExternalImportReference",
             "SalesOrderNo", "a draft", {"SalesOrderStatus": "Draft"})  # fmt: skip
KINDS = {kind.made_at: kind for kind in (ORDER, PRODUCT, CUSTOMER)}  # what is taken away first


@dataclass(frozen=True, slots=True)
class Made:
    """Something that the probe made: its id, and the number or code that people see.

    Without an id its answer was lost: it is perhaps there, under the reference in `number`.
    """

    kind: ProbedKind
    id: str
    number: str

    @property
    def path(self) -> str:
        """Where it is, as far as anybody knows."""
        return f"{self.kind.path}/{self.id or self.number}"


@dataclass
class Record:
    """What was made and stands, or may stand; kept outside of the work itself.

    `standing` and `refused` (why it is not deleted) go by its path.
    """

    standing: dict[str, Made] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    made: int = 0

    @property
    def left(self) -> list[Made]:
        """All that is, or may be, there."""
        return list(self.standing.values())


class CalledOff(Exception):
    """The probe was told to stop; what it made is still taken away."""


class Bench:
    """Asks, and writes down what was made. `token` tells this probe's things from another's."""

    def __init__(self, go: Probing, record: Record, stop: Stop, token: str) -> None:
        self.go = go
        self.record = record
        self.token = token
        self._stop = stop

    async def ask(self, method: str, path: str, query: Query = None, body: Body = None) -> Reply:
        """Send a request. Raises RemoteError, and CalledOff once the probe was told to stop."""
        if self._stop.told:
            raise CalledOff
        kind = KINDS.get(path) if method == "POST" else None
        if kind is None:
            return await self._sent(method, path, query, body)
        given = {name.lower(): value for name, value in (body or {}).items()}
        perhaps = Made(kind, "", str(given.get(kind.reference.lower(), "")))
        lost_before = perhaps.path in self.record.standing  # another of that reference
        self.record.standing[perhaps.path] = perhaps
        self.record.refused[perhaps.path] = "its answer was lost: it is perhaps there"
        reply = await self._sent(method, path, query, body)
        self.record.made += reply.ok
        made = Made(kind, reply.text("Id"), reply.text(kind.number))
        if (made.id or not reply.ok) and not lost_before:  # else nobody knows which one it is
            self._gone(perhaps.path)
        if made.id:
            self.record.standing[made.path] = made
        return reply

    async def shown(self, path: str, query: Query, id_: str) -> tuple[Reply, float]:
        """Read again until what was just made is shown by its id, or the question is refused.

        Return the last answer, and the seconds that it took.
        """
        begun, reply = asyncio.get_running_loop().time(), Reply(0)
        for wait in _WAITS:
            await self._stop.sleep(wait)
            reply = await self.ask("GET", path, query)
            if shows(reply, id_) or (query and not reply.ok):
                break
        return reply, asyncio.get_running_loop().time() - begun

    # -- taking away -------------------------------------------------------------------------

    async def clear(self) -> None:
        """Take away what stands, told to stop or not; what refuses is written down.

        What has no id is left for a person: its number may be the id of another one.
        """
        order = list(KINDS.values())
        known = [made for made in self.record.left if made.id]
        for made in sorted(known, key=lambda one: order.index(one.kind)):
            try:
                await self._sent("DELETE", made.path)
                if made.path in self.record.standing:
                    # What is confirmed or archived is perhaps not deleted as it is.
                    await self._sent("PATCH", made.path, body=made.kind.deletable)
                    await self._sent("DELETE", made.path)
            except RemoteError as error:
                self.record.refused[made.path] = error.code

    async def _sent(self, method: str, path: str, query: Query = None, body: Body = None) -> Reply:
        """Send a request, told to stop or not, and write down what is deleted by it."""
        reply = await self.go.raw_call(method, path, query, body)
        if method == "DELETE" and (reply.ok or reply.status == 404):
            self._gone(path)
        elif method == "DELETE":
            self.record.refused[path] = f"HTTP {reply.status}"
        return reply

    def _gone(self, path: str) -> None:
        self.record.standing.pop(path, None)
        self.record.refused.pop(path, None)


def shows(reply: Reply, id_: str) -> bool:
    """Tell whether an answer is the object with this id, or a list that it is in."""
    return reply.ok and id_ in {reply.text("Id"), *(str(row.get("Id")) for row in reply.rows)}
