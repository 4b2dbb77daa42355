"""The probe's customer and product: how they are made, found again, kept apart, and archived.

Sources that leave it open: PowerOffice facts, sections 4, 5, 6 and 14 (points 1, 6, 7 and 9).
"""

from collections.abc import AsyncIterator
from decimal import Decimal

from woo2po.catalogue import Account, Catalogue
from woo2po.poweroffice.probing import CUSTOMERS, PRODUCTS, Reply
from woo2po.probe.bench import NAME, Bench, Kind
from woo2po.probe.learned import Learned, as_assumed, either, not_tried
from woo2po.probe.words import said

# Nine digits with a right check digit, in a series that no organisation has.
ORGANISATION = "100000008"
SPACED = "100 000 008"
_RATES = (Decimal(25), Decimal(15), Decimal(12))


class NothingToWorkOn(Exception):
    """The probe cannot go on: no customer, or no product, could be made. `why` says what came."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def outcome(code: str, reply: Reply, *, accepted_is_fine: bool) -> Learned:
    """Return whether something was accepted, as the job assumes it is, or is not."""
    if reply.ok:
        return as_assumed(accepted_is_fine, code, "probe_o_accepted", status=reply.status)
    facts = {"status": reply.status, "said": said(reply)}
    return as_assumed(not accepted_is_fine, code, "probe_o_refused", **facts)


def open_outcome(code: str, reply: Reply) -> Learned:
    """Return whether something was accepted, of which the job assumes nothing."""
    if reply.ok:
        return either(code, "probe_o_accepted", status=reply.status)
    return either(code, "probe_o_refused", status=reply.status, said=said(reply))


def account_with_vat(catalogue: Catalogue) -> Account | None:
    """Return the sales account that the probe's product goes on: 25 %, else the next rate."""
    for rate in _RATES:
        found = [
            account
            for account in catalogue.accounts.values()
            if account.active
            and account.vat_code is not None
            and account.vat_code.rate == rate
            and str(account.number).startswith("3")
            and not (account.needs_department or account.needs_project)
        ]
        if found:
            return min(found, key=lambda account: account.number)
    return None


async def customer(bench: Bench) -> AsyncIterator[Learned]:
    """The customer that all orders of the probe go to. Raises NothingToWorkOn."""
    reference = f"{bench.prefix}customer"
    body = {
        "ExternalImportReference": reference,
        "IsPerson": True,
        "FirstName": "Probe",
        "LastName": NAME,
        "EmailAddress": f"Probe.{bench.token}@woo2po.invalid",
        "InvoiceDeliveryType": "PdfByEmail",
        "MailAddress": {"ZipCode": "0155", "City": "OSLO", "CountryCode": "NO"},
        "UseInvoiceFee": False,
        "SendPaymentReminders": False,
        "TransferToDebtCollectionAgency": False,
    }
    reply = await bench.make(Kind.CUSTOMER, CUSTOMERS, body)
    yield outcome("probe_customer_made", reply, accepted_is_fine=True)
    if not reply.ok:
        raise NothingToWorkOn(f"HTTP {reply.status}")
    bench.customer = int(reply.text("Id"))
    again = await bench.make(Kind.CUSTOMER, CUSTOMERS, body)
    yield outcome("probe_customer_twice", again, accepted_is_fine=False)
    if not again.ok:
        named = str(bench.customer) in again.detail
        yield either("probe_customer_twice_id", "probe_o_yes" if named else "probe_o_no")


async def customer_found(bench: Bench) -> AsyncIterator[Learned]:
    """How the customer is found again: by reference, and by e-mail in another case."""
    asked = {"externalImportReference": f"{bench.prefix}customer", "Fields": "Id"}
    yield await shown("probe_customer_seen", bench, CUSTOMERS, asked, str(bench.customer))
    small = f"probe.{bench.token}@woo2po.invalid"
    reply = await bench.get(CUSTOMERS, emailAddresses=small)
    if reply.ok:
        found = "probe_o_found" if reply.rows else "probe_o_not_found"
        yield as_assumed(bool(reply.rows), "probe_email_case", found)
    else:
        yield either("probe_email_case", "probe_o_unknown", status=reply.status)
    patched = await bench.patch(Kind.CUSTOMER, bench.customer, lastName="changed")
    if patched.ok:
        changed = patched.get("LastName") not in {NAME, None}
        yield either("probe_patch_case", "probe_o_done" if changed else "probe_o_ignored")
    else:
        yield open_outcome("probe_patch_case", patched)


async def company(bench: Bench) -> AsyncIterator[Learned]:
    """A company whose number is written with blanks: kept so, and found by which spelling."""
    body = {
        "ExternalImportReference": f"{bench.prefix}company",
        "Name": NAME,
        "OrganizationNumber": SPACED,
    }
    reply = await bench.make(Kind.CUSTOMER, CUSTOMERS, body)
    if not reply.ok:
        yield open_outcome("probe_org_spaces", reply)
        return
    yield either("probe_org_spaces", "probe_o_kept_as", kept=reply.text("OrganizationNumber"))
    for spelling in (ORGANISATION, SPACED):
        found = await bench.get(CUSTOMERS, organizationNumbers=spelling)
        yield _by_filter("probe_org_filter", found, spelling=spelling)
    await bench.remove(Kind.CUSTOMER, reply.text("Id"))


def _by_filter(code: str, reply: Reply, **facts: str) -> Learned:
    if not reply.ok:
        return either(code, "probe_o_unknown", status=reply.status, **facts)
    return either(code, "probe_o_found" if reply.rows else "probe_o_not_found", **facts)


_WAITS = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)


async def readable(code: str, bench: Bench, path: str) -> tuple[Learned, Reply]:
    """Return how long it takes until something that was just made can be read, and what it is."""
    begun, reply = bench.now(), Reply(0)
    for wait in _WAITS:
        await bench.wait(wait)
        reply = await bench.get(path)
        if reply.ok:
            seconds = f"{bench.now() - begun:.1f}"
            return either(code, "probe_o_seconds", seconds=seconds), reply
    seconds = f"{bench.now() - begun:.0f}"
    return as_assumed(False, code, "probe_o_never", seconds=seconds), reply


async def shown(code: str, bench: Bench, path: str, query: dict[str, str], id_: str) -> Learned:
    """Return how long it takes until something that was just made is listed."""
    begun = bench.now()
    for wait in _WAITS:
        await bench.wait(wait)
        reply = await bench.get(path, **query)
        if id_ in {str(row.get("Id")) for row in reply.rows if isinstance(row, dict)}:
            return either(code, "probe_o_seconds", seconds=f"{bench.now() - begun:.1f}")
        if not reply.ok:
            return either(code, "probe_o_unknown", status=reply.status)
    return as_assumed(False, code, "probe_o_never", seconds=f"{bench.now() - begun:.0f}")


async def product(bench: Bench) -> AsyncIterator[Learned]:
    """The product that all lines of the probe stand on. Raises NothingToWorkOn."""
    body = _product_body(bench, "a")
    reply = await bench.make(Kind.PRODUCT, PRODUCTS, body)
    yield outcome("probe_product_made", reply, accepted_is_fine=True)
    if not reply.ok:
        raise NothingToWorkOn(f"HTTP {reply.status}")
    bench.product = int(reply.text("Id"))
    again = await bench.make(Kind.PRODUCT, PRODUCTS, body)
    yield outcome("probe_product_twice", again, accepted_is_fine=False)
    found = await bench.get(PRODUCTS, codes=str(body["Code"]).upper(), Fields="Id")
    yield _by_filter("probe_code_case", found)


def _product_body(bench: Bench, name: str) -> dict[str, object]:
    code = f"{bench.prefix}{name}"
    body: dict[str, object] = {"Code": code, "Name": NAME, "ProductType": "Service"}
    return body | ({"StandardSalesAccountId": bench.account.id} if bench.account else {})


async def archived(bench: Bench) -> AsyncIterator[Learned]:
    """What an archived customer, and an archived product, are good for on a new order."""
    await bench.patch(Kind.CUSTOMER, bench.customer, IsArchived=True)
    yield open_outcome("probe_customer_archived", await bench.make_order())
    await bench.patch(Kind.CUSTOMER, bench.customer, IsArchived=False)
    reply = await bench.make(Kind.PRODUCT, PRODUCTS, _product_body(bench, "b"))
    if not reply.ok:
        yield not_tried("probe_product_archived", f"HTTP {reply.status}")
        return
    gone = await bench.patch(Kind.PRODUCT, reply.text("Id"), IsArchived=True)
    if gone.ok:
        line = bench.line(ProductId=int(reply.text("Id")))
        yield open_outcome("probe_product_archived", await bench.make_order([line]))
    else:
        yield not_tried("probe_product_archived", f"HTTP {gone.status}")


async def without_account(bench: Bench) -> AsyncIterator[Learned]:
    """Which VAT a line has whose product names no sales account."""
    body = {**_product_body(bench, "c"), "StandardSalesAccountId": None}
    kept = {name: value for name, value in body.items() if value is not None}
    reply = await bench.make(Kind.PRODUCT, PRODUCTS, kept)
    if not reply.ok:
        yield open_outcome("probe_without_account", reply)
        return
    order = await bench.make_order([bench.line(ProductId=int(reply.text("Id")))])
    if not order.ok:
        yield open_outcome("probe_without_account", order)
        return
    (line, *_) = order.get("SalesOrderLines") or [{}]
    rate, total = line.get("VatRate"), line.get("TotalAmount")
    yield either("probe_without_account", "probe_o_amounts", rate=rate, total=total)
