"""Which privileges this configuration needs in PowerOffice, and what waits where one is missing.

Source: poweroffice/facts.md, "Rights".
"""

from collections.abc import Iterator
from dataclasses import dataclass

from woo2po.check.finding import Finding, Level, fine, told, warning
from woo2po.check.reading import BooksRead, configured_dimensions, may
from woo2po.documents import VoucherKind
from woo2po.mapping.payment import journal_of
from woo2po.settings import Settings

FULL = "_Full"


@dataclass(frozen=True, slots=True)
class Privilege:
    """A privilege by its name; `waits` is the code of what waits without it ("": everything)."""

    name: str
    waits: str = ""


def needed(settings: Settings, methods: frozenset[str]) -> list[Privilege]:
    """Return what this configuration needs, in a shop with these payment methods."""
    products = f"Product{FULL}" if settings.products.unknown == "create" else "Product"
    names = ["CommonServices", f"Customer{FULL}", products, f"SalesOrders{FULL}"]
    names += ["OutgoingInvoice", "GeneralLedgerAccount"]
    found = [Privilege(name) for name in names]
    if settings.payments.register_:
        paid = methods - frozenset(settings.payments.unpaid_methods)
        kinds = {journal_of(method, settings) for method in paid or methods}
        kinds = kinds or {VoucherKind(settings.payments.default_type)}
        found += [Privilege(f"{kind.capitalize()}Voucher{FULL}", "may_not_post_vouchers")
                  for kind in sorted(kinds)]  # fmt: skip
        found.append(Privilege("CustomerLedger", "may_not_read_ledger"))
    found += [
        Privilege(kind.capitalize(), "check_right_dimension")
        for kind in configured_dimensions(settings)
    ]
    return [*found, Privilege("AccountTransaction", "may_not_read_transactions")]


def lacking(privileges: frozenset[str], wanted: list[Privilege]) -> list[Privilege]:
    """Return those that the integration does not have; none where nobody says what it has."""
    if not privileges:
        return []
    return [right for right in wanted if not _has(privileges, right.name)]


def _has(privileges: frozenset[str], name: str) -> bool:
    return name in privileges if name.endswith(FULL) else may(privileges, name)


def judge_rights(read: BooksRead, settings: Settings, wanted: list[Privilege]) -> Iterator[Finding]:
    """Yield what the integration may and may not do."""
    missing = lacking(read.privileges, wanted)
    if not read.privileges:
        yield told("check_rights_unknown")
    elif not missing:
        yield fine("check_rights", names=", ".join(right.name for right in wanted))
    for right in missing:
        yield _missing(right, read)
    if settings.invoices.create:
        yield from _sending(read)


def _missing(right: Privilege, read: BooksRead) -> Finding:
    facts = {"role": right.name}
    if right.waits:
        return warning(right.waits, **facts)
    lacks_module = right.name in read.invalid_privileges
    code = "check_right_without_module" if lacks_module else "check_right_missing"
    return Finding(code, Level.UNREACHABLE, facts)


def _sending(read: BooksRead) -> Iterator[Finding]:
    if read.may_send:
        yield fine("check_may_send")
    elif read.may_send is None:
        yield told("check_may_send_unknown")
    else:
        yield warning("may_not_send")
