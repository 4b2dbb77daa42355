"""The questions of questions.toml: each is asked, and its answer held against what we assume; what
is made for them is written down, and taken away again.

Only drafts are made, and nothing is sent. What our sources leave open:
poweroffice/facts.md, "Not known".
"""

import asyncio
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from woo2po.documents import Account, LineKind, OrderLine, Rounding
from woo2po.http import NotUnderstood, Refused, RemoteError
from woo2po.logs import impersonal, redacted
from woo2po.mapping.prices import sums_of
from woo2po.money import kroner, same_amount
from woo2po.poweroffice import PowerOffice
from woo2po.poweroffice.calls import utc
from woo2po.stopping import Stop, ToldToStop

NAME = "woo2po probe, can be deleted"
PREFIX = "woo2po-probe"  # of every reference

_WAITS = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)  # seconds before each look for what was just made

Query = Mapping[str, str] | None
Body = Mapping[str, object] | None
Step = dict[str, Any]
_TABLE = Path(__file__).with_name("questions.toml")
AREAS: dict[str, Any] = tomllib.loads(_TABLE.read_text("utf-8"), parse_float=Decimal)
_PLAIN: dict[str, Step] = AREAS.pop("plain")
TELLING = {Decimal(rate): prices for rate, prices in AREAS["rounding"][0]["telling"].items()}
_NAMED = {"does", "query", "sent", "body", "shows", "needs", "names", "id", "wanted"}
_ODD_SHAPES = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)

# How a fact compares with what the job assumes; either: it copes with it both ways.
AS_ASSUMED, OTHERWISE, EITHER, NOT_TRIED = "as_assumed", "otherwise", "either", "not_tried"
# Whether the answer to a question is yes (None where it is neither), and the figures of it.
Finding = tuple[bool | None, dict[str, object]]


# -- where it works: raw calls, and what they make ------------------------------------------------


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


# -- what is asked ---------------------------------------------------------------------------------


class NotTried(Exception):
    """Why a question could not be asked."""


class _Known(dict[str, Any]):
    """What earlier steps have made or heard, by name. Raises NotTried for what is not there."""

    def __missing__(self, name: str) -> Any:
        raise NotTried(f"no {name.replace('_', ' ')}")


class Inquiry:
    """Asks all questions in their order; what one makes, others stand on.

    `account` is where the product's sales go; `now` is the moment of the log-in by our clock.
    `learned` are the facts: what was asked, what the job assumes, how it turned out.
    """

    def __init__(self, bench: Bench, account: Account | None, now: datetime) -> None:
        self.bench = bench
        self.now = now
        self.learned: list[dict[str, object]] = []
        self.rate = account.vat_code.rate if account and account.vat_code else None
        theirs = bench.go.server_time
        self._answers = _Known()
        self._names = _Known(
            called=NAME, prefix=f"{PREFIX}-{bench.token}-", token=bench.token, n=0, nothing=None,
            account=account.id if account else None,
            since=theirs and utc(theirs - timedelta(seconds=5)),
        )  # fmt: skip

    async def ask_all(self) -> None:
        """Ask; an error in a step is what was found out. Raises ToldToStop."""
        for area, steps in AREAS.items():
            for step in steps:
                first = self._answers.get(step.get("if_refused", ""))
                if "if_refused" in step and (first is None or first.ok):
                    continue
                for case in step.get("cases", [{}]):
                    self._names.update(case)
                    verdict, facts = await self._taken(step)
                    if "code" in step:
                        self.learned.append(self._fact(area, step, verdict, case | facts))

    async def _taken(self, step: Step) -> tuple[str, dict[str, object]]:
        try:
            if step.get("read") == "clock":
                yes, facts = self._clock()
            elif step.get("read") == "rounding":
                yes, facts = await self._rounding(step)
            else:
                yes, facts = _read(*await self._asked(step))
        except NotTried as error:
            return NOT_TRIED, {"why": str(error)}
        except RemoteError as error:
            return NOT_TRIED, {"why": f"{error.code} {error.facts.get('why', '')}".strip()}
        except _ODD_SHAPES as error:
            return NOT_TRIED, {"why": type(error).__name__}
        if "expects" not in step or yes is None:
            return EITHER, facts
        return AS_ASSUMED if yes is step["expects"] else OTHERWISE, facts

    def _fact(
        self, area: str, step: Step, verdict: str, facts: Mapping[str, object]
    ) -> dict[str, object]:
        # An answer may quote the company's name and id.
        personal = (self.bench.go.company.name, self.bench.go.company.id)
        told = {name: redacted(str(fact), personal) for name, fact in facts.items()}
        question = step["asks"].format_map(told)
        return {"area": area, "code": f"probe_{step['code']}", "verdict": verdict,
                "question": question, "assumed": step["assumed"], "facts": told}  # fmt: skip

    async def _asked(self, step: Step) -> tuple[Step, Reply]:
        """Return a step as it was taken, and the answer, which is remembered by its name."""
        self._names["n"] += 1
        step = _with_plain(step)
        step |= {key: self._filled(part) for key, part in step.items() if key in _NAMED}
        if "of" in step:
            return step, self._answers[step["of"]]
        method, _, path = step["does"].partition(" ")
        query = {name: str(value) for name, value in step.get("query", {}).items()}
        if "shows" in step:
            reply, step["seconds"] = await self.bench.shown(path, query, str(step["shows"]))
        else:
            reply = await self.bench.ask(method, path, query, step.get("sent"))
        if name := step.get("as"):
            self._answers[name] = reply
            if reply.ok:
                self._names[name] = reply.get("Id") or path.rpartition("/")[2]
        return step, reply

    def _filled(self, value: Any) -> Any:
        """Return a value of the table with all names filled in; what is None is left out."""
        if isinstance(value, dict):
            whole = {self._filled(key): self._filled(part) for key, part in value.items()}
            return {key: part for key, part in whole.items() if part is not None}
        if isinstance(value, list):
            return [self._filled(part) for part in value]
        if not isinstance(value, str):
            return value
        name = value[1:-1]
        alone = value == f"{{{name}}}" and name.isidentifier()
        return self._names[name] if alone else value.format_map(self._names)

    def _clock(self) -> Finding:
        """How far our clock is off."""
        if self.bench.go.server_time is None:
            raise NotTried("no time of theirs")
        off = (self.now - self.bench.go.server_time).total_seconds()
        return abs(off) < 120, {"seconds": f"{off:+.0f}"}

    async def _rounding(self, step: Step) -> Finding:
        """Which way of rounding explains the totals of two drafts."""
        if self.rate is None:
            raise NotTried("no account with VAT")
        ways, totals = set(Rounding), []
        for prices in (TELLING[self.rate], step["usual"]):
            lines = [{"ProductUnitPrice": Decimal(price)} for price in prices]
            draft = {"does": "POST SalesOrders/Complete", "body": {"SalesOrderLines": lines}}
            draft, reply = await self._asked(draft)
            if not reply.ok:
                return _read(draft, reply)
            total = Decimal(reply.get("TotalAmount"))
            piece = OrderLine("", LineKind.NORMAL, "", quantity=Decimal(1), vat_rate=self.rate)
            sums = sums_of([replace(piece, unit_price=Decimal(price)) for price in prices])
            ways &= {way for way in Rounding if same_amount(sums.total(way), total)}
            totals.append(kroner(total))
        return bool(ways), {"ways": ", ".join(sorted(ways)) or "-", "totals": " / ".join(totals)}


def _with_plain(step: Step) -> Step:
    """Return a step with all that is to be `sent`: its own body on top of the plain one."""
    body, does = step.get("body"), step.get("does", "")
    if not does.startswith("POST") or step.get("bare"):
        return step | {"sent": body}
    sent = _PLAIN[re.split("[ /]", does)[-1]] | (body or {})
    if "SalesOrderLines" in sent:
        sent["SalesOrderLines"] = [_PLAIN["Lines"] | line for line in sent["SalesOrderLines"]]
    return step | {"sent": sent}


# -- how an answer is read -------------------------------------------------------------------------


def _read(step: Step, reply: Reply) -> Finding:
    """Return whether the answer to a step's question is yes, and the figures of it."""
    facts: dict[str, object] = {"status": reply.status}
    if reply.refusal:
        facts["said"] = said(reply)
    if "seconds" in step:
        facts["seconds"] = f"{step['seconds']:.1f}"
    facts |= {name: reply.get(name) for name in step.get("tells", ())}
    if "rows" in step or "unset" in step:
        facts["body"] = "none" if reply.body is None else f"{len(reply.rows)} rows"
    if "header" in step:
        facts["header"] = reply.headers.get("X-Pagination") or "-"
    wanted = step.get("wanted") or (step["body"] if "keeps" in step else {})
    for name, value in wanted.items() if reply.ok else ():
        if (there := reply.get(name)) != value and name not in facts:
            # What stands there instead may be anything: only how long it is, is told.
            facts[name] = f"{len(str(there))} characters"
    return _yes(step, reply, wanted), facts


def _yes(step: Step, reply: Reply, wanted: Mapping[str, object]) -> bool | None:
    if "names" in step:
        return str(step["names"]).lower() in reply.refusal.lower()
    if "unset" in step:
        return reply.status in {200, 204, 404} and reply.get(step["unset"]) is None
    if not reply.ok:
        return None if step.get("query") and ("shows" in step or step.get("rows")) else False
    if "shows" in step:
        return reply.shows(str(step["shows"]))
    if "rows" in step:
        return bool(reply.rows) is step["rows"]
    if "header" in step:
        return any(name in reply.headers.get("X-Pagination", "").lower() for name in step["header"])
    if "id" in step and reply.get("Id") == step["id"]:
        return None
    return all(reply.get(name) == value for name, value in wanted.items())


# PowerOffice's words, fit to be sent on. What a probe makes is its own, but an answer may quote
# anything that the company has: of the words with a capital those stay that are surely no names.
_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|\d{4,}")
_NO_NAME = re.compile(
    r"(\bwoo2po\w*|\b[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)+\b|"  # as ProductUnitPrice is spelled
    r"\b(?:A|Allowance|Code|Could|Description|Enum|Id|Lines|Name|Number|One|Quantity|Type)\b)"
)


def said(reply: Reply) -> str:
    """Return the words of a refusal, with ids as # and without what may be a name."""
    parts = _NO_NAME.split(redacted(_ID.sub("#", " ".join(reply.refusal.split()))))
    parts[::2] = map(impersonal, parts[::2])
    return "".join(parts).strip(". ")[:200] or "-"
