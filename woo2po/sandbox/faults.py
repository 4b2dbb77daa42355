"""How the stand-in for PowerOffice Go can be told to misbehave, or to differ where nobody knows.

What is not documented (poweroffice/facts.md, "Not known") is a switch here, honest by default.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Any, Literal

Hook = Callable[[str, str], None]

# Faults of the wire are for whatever carries requests to meet.
WIRE_FAULTS = {"connect_error", "timeout_before", "lost_before", "late"}
WIRE_FAULTS |= {"lost_after", "timeout_after"}
# Faults of the service. The ones in AFTER come when the work has been done.
BEFORE = {"500", "502", "503", "429", "expired_token", "slow", "refuse", "html"}
AFTER = {"500_after", "502_after", "503_after", "garbage"}

_RIGHTS = """CommonServices Customer Product SalesOrders OutgoingInvoice GeneralLedgerAccount
CustomerLedger AccountTransaction BankVoucher CashVoucher Department Project Location
ClientBankAccount"""
_BASE = re.compile(r"^(/demo)?/v2(?=/|$)|^/demo(?=/oauth/)", re.IGNORECASE)
ROLES = frozenset(f"{right}_Full" for right in _RIGHTS.split())


@dataclass
class Planned:
    """A fault for the nth request (from 1, counted since it was planned) of a method and path."""

    method: str
    pattern: str
    nth: int
    fault: str
    title: str = "Validation error(s)"
    detail: str = "Refused by the fault plan."
    seen: int = 0

    def meets(self, method: str, path: str) -> bool:
        """Count the request if it is of this kind; tell whether it is the one meant."""
        if method != self.method.upper() or not fnmatch(path.lower(), self.pattern.lower()):
            return False
        self.seen += 1
        return self.seen == self.nth


@dataclass
class Faults:
    """The switches. Every one may be changed at any time.

    `rounding`: "line" rounds net and VAT of each line to the øre, "line_net" the net and then the
    VAT of it, "document" the net sum and the VAT per rate, "end" only the gross sum. `spec`:
    which year's look-up filters exist.
    `may_send` and `privileges` are written into a token when it is fetched, so a change holds
    from the next log-in on. `send_result`: "no_answer" accepts the request and forgets it.
    `never_sent_state`: what sentState says of an order that nobody sent. `invoiced_reference`:
    whether an order's reference can be used again once it is an invoice.
    `stale_seconds`: reads show the books as they were that long ago.
    """

    rounding: Literal["line", "line_net", "document", "end"] = "line"
    spec: Literal["2025", "2026"] = "2026"
    may_send: bool = True
    privileges: set[str] = field(default_factory=lambda: set(ROLES))
    invoice_id_is_order_id: bool = True
    matching: Literal["reference", "none"] = "reference"
    duplicate_voucher_reference: Literal["refused", "accepted"] = "refused"
    invoiced_reference: Literal["kept", "freed"] = "kept"
    send_result: Literal["ok", "late", "fails", "no_answer"] = "ok"
    send_seconds: float = 5
    never_sent_state: Literal["nulls", "none"] = "nulls"
    stale_seconds: float = 0
    requests_per_second: int | None = 10
    latency: float = 0
    slow_seconds: float = 0.05
    max_unit_price_decimals: int | None = None
    duplicate_order_reference: Literal["refused", "accepted"] = "refused"
    planned: list[Planned] = field(default_factory=list)
    # Called with method and path when a request has arrived, and before its answer leaves.
    before_hooks: list[Hook] = field(default_factory=list)
    after_hooks: list[Hook] = field(default_factory=list)

    def at(self, method: str, pattern: str, nth: int, fault: str | int, **said: Any) -> None:
        """Plan a fault for one request; `title` and `detail` go with "refuse". Raises ValueError.

        `pattern` is a shell pattern for the path behind the base address, case ignored
        ("/SalesOrders/*/createAndSendInvoice"). Requests are counted where the fault happens, so
        one that was lost on the wire is not the service's first.
        """
        if str(fault) not in WIRE_FAULTS | BEFORE | AFTER:
            raise ValueError(f"no such fault: {fault}")
        self.planned.append(Planned(method, pattern, nth, str(fault), **said))

    def met(self, method: str, path: str, kinds: set[str]) -> Planned | None:
        """Return the fault of these kinds planned for this request, and count the request."""
        met = [p for p in self.planned if p.fault in kinds and p.meets(method, path)]
        return next(iter(met), None)


def path_behind_base(path: str) -> str:
    """Return a path without /v2, /Demo/v2 or /Demo before the token's address."""
    return _BASE.sub("", path) or "/"
