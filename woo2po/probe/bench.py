"""Where a probe works: what it asks, what it makes, and that all of it is taken away again."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from woo2po.catalogue import Account
from woo2po.http import RemoteError
from woo2po.logs import impersonal
from woo2po.poweroffice.calls import utc
from woo2po.poweroffice.probing import (
    CUSTOMERS,
    NEW_ORDER,
    ORDERS,
    PATCH_TYPE,
    PRODUCTS,
    Probing,
    Reply,
    lines_of,
)
from woo2po.stopping import Stop

NAME = "woo2po probe, can be deleted"
PREFIX = "woo2po-probe"  # of every reference; `check` recognises what was left by it

Body = dict[str, Any]
_LOOKS = (0.0, 4.0)  # seconds before each look for what was not answered
_WAITS = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)  # seconds before each look for what was just made


class Kind(StrEnum):
    """What a probe makes; taken away in the reverse of this order."""

    CUSTOMER = "customer"
    PRODUCT = "product"
    ORDER = "order"


_PATHS = {Kind.CUSTOMER: CUSTOMERS, Kind.PRODUCT: PRODUCTS, Kind.ORDER: ORDERS}
# What people know each by, in PowerOffice.
_NUMBERS = {Kind.CUSTOMER: "Number", Kind.PRODUCT: "Code", Kind.ORDER: "SalesOrderNo"}


@dataclass(frozen=True, slots=True)
class Made:
    """Something that the probe made: its id, and the number or code that people see."""

    kind: Kind
    id: str
    number: str


@dataclass
class Record:
    """What was made and still stands, as far as anybody knows; kept outside of the work itself.

    `unsure` is what was asked for and not answered, by kind and reference (or code): it may be
    there.
    """

    standing: list[Made] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)  # id -> why it was not deleted
    made: int = 0
    unsure: list[tuple[Kind, str]] = field(default_factory=list)


class CalledOff(Exception):
    """The probe was told to stop; what it made is still taken away."""


class Bench:
    """Asks and makes, and writes down what was made.

    `token` tells this probe's things from another's. `product` is the id of the product that
    lines stand on, `account` its sales account. `now` counts seconds.
    """

    def __init__(
        self, go: Probing, record: Record, stop: Stop, token: str, now: Callable[[], float]
    ) -> None:
        self.go = go
        self.record = record
        self.token = token
        self.customer = 0
        self.product = 0
        self.account: Account | None = None
        self._now = now
        self._began = go.server_time and go.server_time - timedelta(seconds=5)
        self._stop = stop
        self._n = 0

    @property
    def since(self) -> str:
        """When the probe began, on PowerOffice's clock, as filters take it."""
        return utc(self._began) if self._began else ""

    @property
    def prefix(self) -> str:
        """How the references of this probe begin."""
        return f"{PREFIX}-{self.token}-"

    def reference(self) -> str:
        """Return a reference that was not used yet."""
        self._n += 1
        return f"{self.prefix}{self._n}"

    # -- asking ------------------------------------------------------------------------------

    async def get(self, path: str, **query: str) -> Reply:
        """Read. Raises RemoteError, and CalledOff once the probe was told to stop."""
        self._go_on()
        return await self.go.read_raw(path, query)

    async def seen(
        self, there: Callable[[Reply], bool], path: str, **query: str
    ) -> tuple[Reply, float | None, float]:
        """Read again until what was just made is there, or a list is refused.

        Return the last answer, the seconds that it took (None where it did not come), and those
        that were waited in all.
        """
        begun, reply = self._now(), Reply(0)
        for wait in _WAITS:
            self._go_on()
            if wait:
                await self._stop.sleep(wait)
            reply = await self.get(path, **query)
            if there(reply):
                return reply, self._now() - begun, self._now() - begun
            if query and not reply.ok:
                break
        return reply, None, self._now() - begun

    async def patch(self, kind: Kind, id_: object, **values: object) -> Reply:
        """Replace properties of something that was made."""
        changes = [{"op": "replace", "path": f"/{k}", "value": v} for k, v in values.items()]
        return await self._write("PATCH", f"{_PATHS[kind]}/{id_}", changes, PATCH_TYPE)

    # -- making ------------------------------------------------------------------------------

    async def make(self, kind: Kind, body: Mapping[str, object]) -> Reply:
        """Make something, and write down that it stands."""
        path = NEW_ORDER if kind is Kind.ORDER else _PATHS[kind]
        try:
            reply = await self._write("POST", path, body)
        except RemoteError:
            self.record.unsure.append((kind, _name_of(kind, body)))
            raise
        if reply.ok:
            self.record.made += 1
            made = Made(kind, reply.text("Id"), reply.text(_NUMBERS[kind]))
            self.record.standing.append(made)
        return reply

    async def make_order(self, *lines: Body, **header: object) -> Reply:
        """Make a draft for the probe's customer."""
        body: Body = {
            "ExternalImportReference": self.reference(),
            "SalesOrderStatus": "Draft",
            "CustomerId": self.customer,
            "CustomerReference": NAME,
            **header,
        }
        return await self.make(Kind.ORDER, {**body, "SalesOrderLines": list(lines)})

    def line(self, price: object = Decimal(100), **changes: object) -> Body:
        """Return a line of the probe's product; what is changed to None is left out."""
        body: Body = {
            "LineType": "Normal",
            "ProductId": self.product,
            "Description": NAME,
            "Quantity": Decimal(1),
            "ProductUnitPrice": price,
            "Allowance": Decimal(0),
            "UseStandardSalesAccount": True,
            **changes,
        }
        return {name: value for name, value in body.items() if value is not None}

    async def add_line(self, order_id: str, line: Body) -> Reply:
        """Add a line to a draft of the probe's; it goes with the draft."""
        return await self._write("POST", lines_of(order_id), line)

    async def remove(self, kind: Kind, id_: object) -> Reply:
        """Delete something that was made, in the middle of the probe."""
        self._go_on()
        return await self._delete(kind, str(id_))

    def _go_on(self) -> None:
        if self._stop.told:
            raise CalledOff

    async def _write(
        self, method: str, path: str, body: object = None, content_type: str = "application/json"
    ) -> Reply:
        self._go_on()
        return await self.go.write_raw(method, path, body, content_type)

    # -- taking away -------------------------------------------------------------------------

    async def clear(self) -> None:
        """Take away what still stands, told to stop or not; what refuses is written down."""
        # Reads may lag behind: what is not shown at once is looked for again.
        for wait in _LOOKS if self.record.unsure else ():
            with suppress(RemoteError):
                await self._stop.sleep(wait)
                for kind, name in self.record.unsure:
                    await self._find_unanswered(kind, name)
        for made in sorted(self.record.standing, key=lambda one: -list(Kind).index(one.kind)):
            try:
                await self._clear(made)
            except RemoteError as error:
                self.record.refused[made.id] = error.code

    async def _clear(self, made: Made) -> None:
        reply = await self._delete(made.kind, made.id)
        if made.kind is Kind.ORDER and not reply.ok:
            # A confirmed one is perhaps not deleted before it is a draft again.
            changes = [{"op": "replace", "path": "/SalesOrderStatus", "value": "Draft"}]
            await self.go.write_raw("PATCH", f"{ORDERS}/{made.id}", changes, PATCH_TYPE)
            await self._delete(made.kind, made.id)

    async def _delete(self, kind: Kind, id_: str) -> Reply:
        reply = await self.go.write_raw("DELETE", f"{_PATHS[kind]}/{id_}")
        if reply.ok or reply.status == 404:
            self.record.standing[:] = [one for one in self.record.standing if one.id != id_]
            self.record.refused.pop(id_, None)
        else:
            self.record.refused[id_] = f"HTTP {reply.status}"
        return reply

    async def _find_unanswered(self, kind: Kind, name: str) -> None:
        """Note what stands there though nobody said so."""
        if kind is Kind.ORDER:
            for order in await self.go.sales_orders(changed_after=self._began):
                if order.reference == name:
                    self._note(Made(kind, order.id, str(order.order_no or "")))
        elif kind is Kind.CUSTOMER:
            customer = await self.go.customer_by_reference(name)
            if customer is not None:
                self._note(Made(kind, str(customer.id), str(customer.number)))
        else:
            for row in (await self.go.read_raw(PRODUCTS, {"codes": name})).rows:
                self._note(Made(kind, str(row.get("Id")), str(row.get("Code"))))

    def _note(self, made: Made) -> None:
        if made.id not in {one.id for one in self.record.standing}:
            self.record.standing.append(made)


def _name_of(kind: Kind, body: Mapping[str, object]) -> str:
    """Return the reference, or the code, of what was to be made."""
    lower = {name.lower(): value for name, value in body.items()}
    return str(lower.get("code" if kind is Kind.PRODUCT else "externalimportreference", ""))


# -- PowerOffice's words, fit to be sent on ----------------------------------------------------

_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_ID = re.compile(r"\d{4,}")
_PROPERTY = re.compile(r"\b[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)+\b")  # as ProductUnitPrice is spelled
# Properties of one word, and what ASP.NET says.
_PLAIN = frozenset({"Quantity", "Description", "Enum", "Allowance", "Lines", "Could", "One", "A"})
_PLAIN |= {"Id", "Code", "Number", "Type", "Name"}


def said(reply: Reply) -> str:
    """Return title and detail of a refusal, with ids as # and without what may be a name.

    What a probe makes is its own, but an answer may quote anything that the company has.
    """
    text = " ".join(f"{reply.title.rstrip('.')}. {reply.detail}".split()).strip(". ")
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        word = match[0]
        if not (word in _PLAIN or word.startswith("woo2po") or _PROPERTY.fullmatch(word)):
            return word
        kept.append(word)
        return f"\ue000{len(kept) - 1}\ue000"

    marked = re.sub(r"\b(?:[A-Z]|woo2po)\w*\b", keep, _ID.sub("#", _GUID.sub("#", text)))
    plain = re.sub("\ue000(\\d+)\ue000", lambda m: kept[int(m[1])], impersonal(marked))
    return plain[:200] or "-"
