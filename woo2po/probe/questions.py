"""The questions of questions.toml: each is asked, and its answer held against what we assume.

Only drafts are made, and nothing is sent. What our sources leave open:
poweroffice/facts.md, "Not known".
"""

import json
import re
import tomllib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

from woo2po.documents import Account, LineKind, OrderLine, Rounding
from woo2po.http import RemoteError
from woo2po.logs import impersonal, redacted
from woo2po.mapping.prices import sums_of
from woo2po.money import kroner, same_amount
from woo2po.poweroffice.calls import utc
from woo2po.probe.bench import NAME, PREFIX, Bench, Reply, shows

Step = dict[str, Any]
_TABLE = Path(__file__).with_name("questions.toml")
AREAS: dict[str, Any] = tomllib.loads(_TABLE.read_text("utf-8"), parse_float=Decimal)
_PLAIN: dict[str, Step] = AREAS.pop("plain")
TELLING = {Decimal(rate): prices for rate, prices in AREAS["rounding"][0]["telling"].items()}
_NAMED = {"does", "query", "sent", "body", "shows", "needs", "id", "wanted"}  # has names in it
_ODD_SHAPES = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


class Verdict(StrEnum):
    """How a fact compares with what the job assumes; programs that read the JSON use these names.

    EITHER: the job copes with it both ways, so nothing was assumed.
    """

    AS_ASSUMED = "as_assumed"
    OTHERWISE = "otherwise"
    EITHER = "either"
    NOT_TRIED = "not_tried"


@dataclass(frozen=True, slots=True)
class Learned:
    """A fact: what was asked, what the job assumes, how it turned out, and the figures in that.

    They are figures and words of PowerOffice's, without anybody's name or id.
    """

    area: str
    code: str
    verdict: Verdict
    question: str
    assumed: str
    found: str
    facts: Mapping[str, str]


# How a step turned out: whether PowerOffice did what it was asked (None where that is no matter),
# a sentence, and the figures that fill it.
Finding = tuple[bool | None, str, dict[str, object]]


class NotTried(Exception):
    """Why a question could not be asked."""


class _Known(dict[str, Any]):
    """What earlier steps have made or heard, by name. Raises NotTried for what is not there."""

    def __missing__(self, name: str) -> Any:
        raise NotTried(f"no {name.replace('_', ' ')}")


class Inquiry:
    """Asks all questions in their order; what one makes, others stand on.

    `account` is where the product's sales go; `now` is the moment of the log-in by our clock.
    """

    def __init__(self, bench: Bench, account: Account | None, now: datetime) -> None:
        self.bench = bench
        self.now = now
        self.rate = account.vat_code.rate if account and account.vat_code else None
        theirs = bench.go.server_time
        self._answers = _Known()
        self._names = _Known(
            called=NAME,
            prefix=f"{PREFIX}-{bench.token}-",
            token=bench.token,
            account=account.id if account else None,
            since=theirs and utc(theirs - timedelta(seconds=5)),
            nothing=None,
            n=0,
        )

    async def learned(self) -> AsyncIterator[Learned]:
        """Yield fact after fact; an error in a step is what was found out. Raises CalledOff."""
        for area, steps in AREAS.items():
            for step in steps:
                first = self._answers.get(step.get("if_refused", ""))
                if "if_refused" in step and (first is None or first.ok):
                    continue
                verdict, outcome, facts = await self._taken(step)
                if "code" in step:
                    yield self._fact(area, step, verdict, outcome, facts | step.get("given", {}))

    async def _taken(self, step: Step) -> tuple[Verdict, str, dict[str, object]]:
        try:
            if trial := TRIALS.get(step.get("read", "")):
                yes, outcome, facts = await trial(self, step)
            else:
                step, reply = await self.asked(step)
                yes, outcome, facts = READERS[step.get("read", "accepted")](step, reply)
        except (NotTried, RemoteError, *_ODD_SHAPES) as error:
            return Verdict.NOT_TRIED, "not tried ({why}).", {"why": _why(error)}
        if "expects" not in step or yes is None:
            return Verdict.EITHER, outcome, facts
        verdict = Verdict.AS_ASSUMED if yes is step["expects"] else Verdict.OTHERWISE
        return verdict, outcome, facts

    def _fact(
        self, area: str, step: Step, verdict: Verdict, outcome: str, facts: dict[str, object]
    ) -> Learned:
        # An answer may quote the company's name and id.
        personal = (self.bench.go.client_name, self.bench.go.client_id)
        told = {name: redacted(str(fact), personal) for name, fact in facts.items()}
        return Learned(
            area=area,
            code=f"probe_{step['code']}",
            verdict=verdict,
            question=step["asks"].format_map(told),
            assumed=step["assumed"],
            found=outcome.format_map(told),
            facts=told,
        )

    async def asked(self, step: Step) -> tuple[Step, Reply]:
        """Return a step as it was taken, and the answer, which is remembered by its name."""
        self._names.update(step.get("given", {}), n=self._names["n"] + 1)
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
            whole = {key: self._filled(part) for key, part in value.items()}
            return {key: part for key, part in whole.items() if part is not None}
        if isinstance(value, list):
            return [self._filled(part) for part in value]
        if not isinstance(value, str):
            return value
        name = value[1:-1]
        alone = value == f"{{{name}}}" and name.isidentifier()
        return self._names[name] if alone else value.format_map(self._names)


def _with_plain(step: Step) -> Step:
    """Return a step with all that is to be `sent`: its own body on top of the plain one."""
    body, does = step.get("body"), step.get("does", "")
    if not does.startswith("POST") or step.get("bare"):
        return step | {"sent": body}
    sent = _PLAIN[re.split("[ /]", does)[-1]] | (body or {})
    if "SalesOrderLines" in sent:
        sent["SalesOrderLines"] = [_PLAIN["Lines"] | line for line in sent["SalesOrderLines"]]
    return step | {"sent": sent}


def _why(error: Exception) -> str:
    if isinstance(error, RemoteError):
        return f"{error.code} {error.facts.get('why', '')}".strip()
    return str(error) if isinstance(error, NotTried) else type(error).__name__


# -- how an answer is read -------------------------------------------------------------------------


def accepted(step: Step, reply: Reply) -> Finding:
    """Whether it was accepted, as something new where it is not to be what has the id."""
    if not reply.ok:
        facts: dict[str, object] = {"status": reply.status, "said": said(reply)}
        return False, "refused (HTTP {status}): {said}", facts
    if "id" in step and reply.get("Id") == step["id"]:
        outcome = "the first one came back as the answer (HTTP {status})."
        return None, outcome, {"status": reply.status}
    return True, step.get("accepted", "accepted (HTTP {status})."), {"status": reply.status}


def kept(step: Step, reply: Reply) -> Finding:
    """Whether what was sent, or `wanted`, stands in the answer."""
    if not reply.ok:
        return accepted(step, reply)
    for name, wanted in (step.get("wanted") or step["body"]).items():
        if (there := reply.text(name)) != str(wanted):
            # What stands there instead may be anything: only how long it is, is told.
            other = "accepted, but something else stands there ({n} characters)."
            return False, step.get("other", other), {"n": len(there)}
    return True, step.get("kept", "kept as it was sent."), {}


def found(_step: Step, reply: Reply) -> Finding:
    """Whether a filter found something, or does not exist."""
    if not reply.ok:
        return None, "it does not exist (HTTP {status}).", {"status": reply.status}
    return bool(reply.rows), "found." if reply.rows else "not found.", {}


def soon(step: Step, reply: Reply) -> Finding:
    """How soon it was shown."""
    if step.get("query") and not reply.ok:
        return found(step, reply)
    if shows(reply, str(step["shows"])):
        return None, "after {seconds} s.", {"seconds": f"{step['seconds']:.1f}"}
    return False, "not within {seconds} s.", {"seconds": f"{step['seconds']:.0f}"}


def names(step: Step, reply: Reply) -> Finding:
    """Whether a refusal names an id."""
    named = str(step["id"]).lower() in reply.refusal.lower()
    return named, "yes." if named else "no.", {}


def empty(_step: Step, reply: Reply) -> Finding:
    """Whether a list came without rows, and in which shape."""
    shape = "with rows" if reply.rows else "with []"
    outcome = f"HTTP {{status}} {'without a body' if reply.body is None else shape}."
    return reply.ok and not reply.rows, outcome, {"status": reply.status}


def not_sent(step: Step, reply: Reply) -> Finding:
    """Whether nothing in the answer looks like sent."""
    row = {name.lower(): value for rows in reply.rows[:1] for name, value in rows.items()}
    nothing = reply.status in {200, 204, 404} and row.get("sentdatetimeoffset") is None
    return nothing, *empty(step, reply)[1:]


def told(step: Step, reply: Reply) -> Finding:
    """What properties of the answer, or of its first line, say, and whether that is `wanted`."""
    if not reply.ok:
        return accepted(step, reply)
    (first, *_) = reply.get("SalesOrderLines") or [reply.body]
    as_wanted = all(first.get(name) == part for name, part in step.get("wanted", {}).items())
    return as_wanted, step["told"], {name: first.get(key) for name, key in step["facts"].items()}


def decimals(step: Step, reply: Reply) -> Finding:
    """Whether at least six decimals of a price are kept."""
    price = reply.get("ProductUnitPrice")
    if not reply.ok or not isinstance(price, int | Decimal):
        return accepted(step, reply)
    exponent = Decimal(price).normalize().as_tuple().exponent
    n = -exponent if isinstance(exponent, int) else 0
    exact = abs(price - step["body"]["ProductUnitPrice"]) < Decimal("0.000001")
    return exact, "it is {value}.", {"value": n}


def paging(step: Step, reply: Reply) -> Finding:
    """What the paging header says, and whether that tells of a further page."""
    try:
        header = {**json.loads(reply.headers.get("X-Pagination", ""))}
    except (TypeError, ValueError):
        header = {}
    small = {name.lower(): value for name, value in header.items()}
    value = small.get(step["says"].lower(), "?") if "says" in step else ", ".join(header) or "-"
    return bool({"totalpages", "nextpagelink"} & set(small)), "it is {value}.", {"value": value}


Reader = Callable[[Step, Reply], Finding]
_ALL: tuple[Reader, ...] = (
    accepted, kept, found, soon, names, empty, not_sent, told, decimals, paging,
)  # fmt: skip
READERS = {reader.__name__: reader for reader in _ALL}


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


# -- what takes another number of requests than one ------------------------------------------------


async def clock(inquiry: Inquiry, _step: Step) -> Finding:
    """How far our clock is off."""
    if inquiry.bench.go.server_time is None:
        raise NotTried("-")
    off = (inquiry.now - inquiry.bench.go.server_time).total_seconds()
    return abs(off) < 120, "{seconds} s.", {"seconds": f"{off:+.0f}"}


async def filters(inquiry: Inquiry, step: Step) -> Finding:
    """Which filters a list has."""
    there, missing = [], []
    for name, value in step["filters"].items():
        query = {name: value, "Fields": "Id", "PageSize": "1"}
        reply = await inquiry.bench.ask("GET", step["given"]["path"], query)
        if reply.ok:
            there.append(name)
        else:
            missing.append(f"{name} (HTTP {reply.status})")
    outcome = "these exist: {there}; these do not: {missing}."
    return None, outcome, {"there": ", ".join(there) or "-", "missing": ", ".join(missing) or "-"}


async def page_largest(inquiry: Inquiry, step: Step) -> Finding:
    """How many rows a page may have."""
    for size in step["sizes"]:
        query = {"Fields": "Id", "PageSize": str(size)}
        if (await inquiry.bench.ask("GET", "VatCodes", query)).ok:
            return True, "at least {value}.", {"value": size}
    return False, "at most {value}.", {"value": step["sizes"][-1] - 1}


async def rounding(inquiry: Inquiry, step: Step) -> Finding:
    """Which way of rounding explains the totals of two drafts."""
    if inquiry.rate is None:
        raise NotTried("-")
    ways, totals = set(Rounding), []
    for prices in (TELLING[inquiry.rate], step["usual"]):
        lines = [{"ProductUnitPrice": Decimal(price)} for price in prices]
        draft = {"does": "POST SalesOrders/Complete", "body": {"SalesOrderLines": lines}}
        _, reply = await inquiry.asked(draft)
        total = reply.get("TotalAmount")
        if not reply.ok or not isinstance(total, int | Decimal):
            return accepted(step, reply)
        sums = sums_of(wanted_lines(prices, inquiry.rate))
        ways &= {way for way in Rounding if same_amount(sums.total(way), Decimal(total))}
        totals.append(kroner(Decimal(total)))
    facts = {"ways": ", ".join(sorted(ways)) or "-", "totals": " / ".join(totals)}
    return bool(ways), "{ways} (totals {totals}).", {**facts}


def wanted_lines(prices: Iterable[str], rate: Decimal) -> list[OrderLine]:
    """Return lines of one piece each at these prices."""
    one = OrderLine("", LineKind.NORMAL, "", quantity=Decimal(1), vat_rate=rate)
    return [replace(one, unit_price=Decimal(price)) for price in prices]


TRIALS: dict[str, Callable[[Inquiry, Step], Awaitable[Finding]]] = {
    "clock": clock,
    "filters": filters,
    "page_largest": page_largest,
    "rounding": rounding,
}
