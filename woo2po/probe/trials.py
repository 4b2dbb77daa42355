"""What is tried of PowerOffice, and what each answer means for the job.

Only drafts are made, and nothing is sent. What our sources leave open:
poweroffice/facts.md, "Not known".
"""

import json
import tomllib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from woo2po.catalogue import Account, Catalogue
from woo2po.documents import LineKind, OrderLine, Rounding
from woo2po.mapping.prices import sums_of
from woo2po.money import kroner, same_amount
from woo2po.poweroffice.probing import (
    CUSTOMERS,
    INVOICES,
    ORDERS,
    PRODUCTS,
    SENT_STATE,
    VAT_CODES,
    Reply,
    complete_order,
)
from woo2po.probe.bench import NAME, Bench, Kind, said

QUESTIONS = tomllib.loads(Path(__file__).with_name("questions.toml").read_text("utf-8"))


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
    """A fact by the code of its question, and `outcome`, a sentence that `facts` fill.

    The facts are figures and words of PowerOffice's, without anybody's name or id.
    """

    code: str
    verdict: Verdict
    outcome: str
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def question(self) -> str:
        """What was asked."""
        return str(QUESTIONS[self.code]["asks"]).format_map(self.facts)

    @property
    def assumed(self) -> str:
        """What the job assumes, or why it copes with both."""
        return str(QUESTIONS[self.code]["assumed"])

    @property
    def found(self) -> str:
        """How it turned out."""
        return self.outcome.format_map(self.facts)


Trial = Callable[[Bench], AsyncIterator[Learned]]

ACCEPTED = "accepted (HTTP {status})."
REFUSED = "refused (HTTP {status}): {said}"
IGNORED = "accepted and ignored."
KEPT = "kept as it was sent."
AMOUNT = "it is {amount}."


def note(code: str, fits: bool | None, outcome: str, /, **facts: object) -> Learned:
    """Return a fact: whether it is as the job assumes; None where that copes with it both ways."""
    verdicts = {None: Verdict.EITHER, True: Verdict.AS_ASSUMED, False: Verdict.OTHERWISE}
    return Learned(code, verdicts[fits], outcome, {name: str(f) for name, f in facts.items()})


def answered(code: str, reply: Reply, accepted: str = ACCEPTED) -> Learned:
    """Return whether something was accepted, compared with what the question expects."""
    expects = {"yes": True, "no": False}.get(QUESTIONS[code]["expects"])
    fits = None if expects is None else reply.ok == expects
    if reply.ok:
        return note(code, fits, accepted, status=reply.status)
    return note(code, fits, REFUSED, status=reply.status, said=said(reply))


def not_tried(code: str, why: str, **facts: object) -> Learned:
    """Return a fact that could not be found out."""
    texts = {name: str(fact) for name, fact in facts.items()}
    return Learned(code, Verdict.NOT_TRIED, "not tried ({why}).", {"why": why, **texts})


def came(reply: Reply) -> str:
    """Return the sentence that says what came as a list."""
    shape = "with rows" if reply.rows else "with []"
    return f"HTTP {{status}} {'without a body' if reply.body is None else shape}."


def listed(code: str, reply: Reply, **facts: object) -> Learned:
    """Return whether a filter found what it was to find, or does not exist."""
    if not reply.ok:
        return note(code, None, "it does not exist (HTTP {status}).", status=reply.status, **facts)
    return note(code, None, "found." if reply.rows else "not found.", **facts)


# -- lists and look-ups ----------------------------------------------------------------------------

# Filters that newer interface descriptions have, each with a value that nothing bears.
_FILTERS = {
    CUSTOMERS: {
        "emailAddresses": "nobody@woo2po.invalid",
        "organizationNumbers": "000000000",
        "phoneNumbers": "00000000",
    },
    ORDERS: {
        "externalImportReferences": "woo2po-nothing",
        "importedOrderNos": "999999999999",
        "salesOrderNos": "999999999999",
    },
    INVOICES: {
        "externalImportReferences": "woo2po-nothing",
        "importedOrderNos": "999999999999",
        "orderNos": "999999999999",
    },
}
_SIZES = (20_001, 20_000, 5_001, 5_000, 1_001, 1_000)
_ASKED_FOR = 1_000  # rows a page, by the job


async def filters(bench: Bench) -> AsyncIterator[Learned]:
    """Which look-up filters exist, and whether an empty list is 204 or []."""
    for path, values in _FILTERS.items():
        there, missing = [], []
        for name, value in values.items():
            reply = await bench.get(path, **{name: value, "Fields": "Id", "PageSize": "1"})
            if reply.ok:
                there.append(name)
            else:
                missing.append(f"{name} (HTTP {reply.status})")
        facts = {"there": ", ".join(there) or "-", "missing": ", ".join(missing) or "-"}
        outcome = "these exist: {there}; these do not: {missing}."
        yield note("filters", None, outcome, path=path, **facts)
    asked = {"externalImportReference": "woo2po-nothing", "Fields": "Id"}
    yield _empty("empty_list", await bench.get(CUSTOMERS, **asked))


def _empty(code: str, reply: Reply) -> Learned:
    return note(code, reply.ok and not reply.rows, came(reply), status=reply.status)


async def unknown_query(bench: Bench) -> AsyncIterator[Learned]:
    """Whether a name in the query that does not exist is refused."""
    yield answered("unknown_query", await bench.get(VAT_CODES, woo2poNothing="1"), IGNORED)


async def pages(bench: Bench) -> AsyncIterator[Learned]:
    """How large a page may be, what the paging header says, and what lies behind the last page."""
    header = _header(await bench.get(VAT_CODES, Fields="Id"))
    small = {name.lower(): value for name, value in header.items()}
    yield note("page_size", None, "it is {value}.", value=small.get("pagesize", "?"))
    telling = bool({"totalpages", "nextpagelink"} & set(small))
    yield note("page_header", telling, "it is {value}.", value=", ".join(header) or "-")
    for size in _SIZES:
        if (await bench.get(VAT_CODES, Fields="Id", PageSize=str(size))).ok:
            yield note("page_largest", size >= _ASKED_FOR, "at least {value}.", value=size)
            break
    else:
        yield note("page_largest", False, "at most {value}.", value=_SIZES[-1] - 1)
    beyond = await bench.get(VAT_CODES, Fields="Id", PageSize="100", PageNumber="99")
    yield _empty("page_beyond", beyond)


def _header(reply: Reply) -> dict[str, object]:
    """Return what the paging header says, by its own names."""
    try:
        found = json.loads(reply.headers.get("X-Pagination", ""))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


# -- customers and products ------------------------------------------------------------------------

# Nine digits with a right check digit, in a series that no organisation has.
ORGANISATION = "100000008"
SPACED = "100 000 008"
_RATES = (Decimal(25), Decimal(15), Decimal(12))


def account_with_vat(catalogue: Catalogue) -> Account | None:
    """Return the sales account that the probe's product goes on: 25 %, else the next rate."""
    usable = [
        account
        for account in catalogue.accounts.values()
        if account.active
        and account.vat_code is not None
        and account.vat_code.rate in _RATES
        and str(account.number).startswith("3")
        and not (account.needs_department or account.needs_project)
    ]

    def place(account: Account) -> tuple[Decimal, int]:
        rate = account.vat_code.rate if account.vat_code else Decimal(0)
        return -rate, account.number

    return min(usable, key=place, default=None)


async def customer(bench: Bench) -> AsyncIterator[Learned]:
    """The customer that all orders of the probe go to."""
    body = {
        "ExternalImportReference": f"{bench.prefix}customer",
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
    reply = await bench.make(Kind.CUSTOMER, body)
    yield answered("customer_made", reply)
    if not reply.ok:
        return
    bench.customer = int(reply.text("Id"))
    again = await bench.make(Kind.CUSTOMER, body)
    yield answered("customer_twice", again)
    if not again.ok:
        yield _names("customer_twice_id", again, str(bench.customer))


def _names(code: str, refusal: Reply, id_: str) -> Learned:
    return note(code, None, "yes." if id_.lower() in refusal.detail.lower() else "no.")


async def customer_found(bench: Bench) -> AsyncIterator[Learned]:
    """How the customer is found again: by reference, and by e-mail in another case."""
    asked = {"externalImportReference": f"{bench.prefix}customer", "Fields": "Id"}
    yield await shown("customer_seen", bench, CUSTOMERS, asked, str(bench.customer))
    small = f"probe.{bench.token}@woo2po.invalid"
    reply = await bench.get(CUSTOMERS, emailAddresses=small)
    found = listed("email_case", reply)
    yield note("email_case", bool(reply.rows), found.outcome) if reply.ok else found
    patched = await bench.patch(Kind.CUSTOMER, bench.customer, lastName="changed")
    changed = patched.get("LastName") not in {NAME, None}
    yield answered("patch_case", patched, "carried out." if changed else IGNORED)


async def shown(code: str, bench: Bench, path: str, query: dict[str, str], id_: str) -> Learned:
    """Return how long it takes until something that was just made is listed."""

    def there(reply: Reply) -> bool:
        return id_ in {str(row.get("Id")) for row in reply.rows if isinstance(row, dict)}

    reply, seconds, waited = await bench.seen(there, path, **query)
    return listed(code, reply) if not reply.ok else _soon(code, seconds, waited)


def _soon(code: str, seconds: float | None, waited: float) -> Learned:
    if seconds is None:
        return note(code, False, "not within {seconds} s.", seconds=f"{waited:.0f}")
    return note(code, None, "after {seconds} s.", seconds=f"{seconds:.1f}")


async def company(bench: Bench) -> AsyncIterator[Learned]:
    """A company whose number is written with blanks: kept so, and found by which spelling."""
    body = {
        "ExternalImportReference": f"{bench.prefix}company",
        "Name": NAME,
        "OrganizationNumber": SPACED,
    }
    reply = await bench.make(Kind.CUSTOMER, body)
    if not reply.ok:
        yield answered("org_spaces", reply)
        return
    yield note("org_spaces", None, 'kept as "{kept}".', kept=reply.text("OrganizationNumber"))
    for spelling in (ORGANISATION, SPACED):
        found = await bench.get(CUSTOMERS, organizationNumbers=spelling)
        yield listed("org_filter", found, spelling=spelling)
    await bench.remove(Kind.CUSTOMER, reply.text("Id"))


def _product(bench: Bench, name: str) -> dict[str, object]:
    return {"Code": f"{bench.prefix}{name}", "Name": NAME, "ProductType": "Service"}


def _with_account(bench: Bench, name: str) -> dict[str, object]:
    account = {"StandardSalesAccountId": bench.account.id} if bench.account else {}
    return _product(bench, name) | account


async def product(bench: Bench) -> AsyncIterator[Learned]:
    """The product that all lines of the probe stand on."""
    body = _with_account(bench, "a")
    reply = await bench.make(Kind.PRODUCT, body)
    yield answered("product_made", reply)
    if not reply.ok:
        return
    bench.product = int(reply.text("Id"))
    yield answered("product_twice", await bench.make(Kind.PRODUCT, body))
    code = str(body["Code"]).upper()
    yield listed("code_case", await bench.get(PRODUCTS, codes=code, Fields="Id"))


async def archived(bench: Bench) -> AsyncIterator[Learned]:
    """What an archived customer, and an archived product, are good for on a new order."""
    await bench.patch(Kind.CUSTOMER, bench.customer, IsArchived=True)
    yield answered("customer_archived", await bench.make_order())
    await bench.patch(Kind.CUSTOMER, bench.customer, IsArchived=False)
    reply = await bench.make(Kind.PRODUCT, _with_account(bench, "b"))
    id_ = reply.text("Id")
    if reply.ok:
        reply = await bench.patch(Kind.PRODUCT, id_, IsArchived=True)
    if not reply.ok:
        yield not_tried("product_archived", f"HTTP {reply.status}")
        return
    yield answered("product_archived", await bench.make_order(bench.line(ProductId=int(id_))))


async def without_account(bench: Bench) -> AsyncIterator[Learned]:
    """Which VAT a line has whose product names no sales account."""
    reply = await bench.make(Kind.PRODUCT, _product(bench, "c"))
    if reply.ok:
        reply = await bench.make_order(bench.line(ProductId=int(reply.text("Id"))))
    if not reply.ok:
        yield answered("without_account", reply)
        return
    (line, *_) = reply.get("SalesOrderLines") or [{}]
    facts = {"rate": line.get("VatRate"), "total": line.get("TotalAmount")}
    yield note("without_account", None, "VAT rate {rate}, total {total}.", **facts)


# -- drafts ----------------------------------------------------------------------------------------

LARGE = 2**40
_NO_ORDER = "00000000-0000-4000-8000-000000000000"


async def head(bench: Bench) -> AsyncIterator[Learned]:
    """What a draft's head keeps of what the job writes there."""
    reference, matching = bench.reference(), f"woo-0000000000-{bench.token}"
    reply = await bench.make_order(
        bench.line(),
        ExternalImportReference=reference,
        CustomMatchingReference=matching,
        ImportedOrderNo=LARGE,
        PaymentTerm=0,
        CurrencyCode="NOK",
    )
    yield answered("order_made", reply)
    if not reply.ok:
        return
    path = complete_order(reply.text("Id"))
    read, seconds, waited = await bench.seen(lambda answer: answer.ok, path)
    yield _soon("order_read", seconds, waited)
    if not read.ok:
        return
    yield _kept("matching_kept", matching, read.text("CustomMatchingReference"))
    yield _kept("large_number", str(LARGE), read.text("ImportedOrderNo"))
    yield _kept("reference_kept", reference, read.text("ExternalImportReference"))
    yield _kept("payment_term", "0", read.text("PaymentTerm") or "-")
    asked = {"onlyCreatedByCurrentIntegration": "true", "Fields": "Id", "PageSize": "1000"}
    if bench.since:
        asked["lastChangedDateTimeOffsetGreaterThan"] = bench.since
    yield await shown("order_seen", bench, ORDERS, asked, reply.text("Id"))


def _kept(
    code: str, wanted: str, found: str, *, relied_on: bool = True, **facts: object
) -> Learned:
    fits = found == wanted
    # What stands there instead may be anything: only how long it is, is told.
    other = "accepted, but something else stands there ({n} characters)."
    more = facts if fits else facts | {"n": len(found)}
    return note(code, fits if relied_on else None, KEPT if fits else other, **more)


async def references(bench: Bench) -> AsyncIterator[Learned]:
    """What becomes of a reference that is taken, and of one whose draft was deleted."""
    reference = bench.reference()
    first = await bench.make_order(ExternalImportReference=reference)
    if not first.ok:
        yield not_tried("reference_twice", f"HTTP {first.status}")
        return
    second = await bench.make_order(ExternalImportReference=reference)
    if second.ok and second.text("Id") == first.text("Id"):
        outcome = "the first one came back as the answer (HTTP {status})."
        yield note("reference_twice", None, outcome, status=second.status)
    else:
        yield answered("reference_twice", second)
    if not second.ok:
        yield _names("reference_twice_id", second, first.text("Id"))
    gone = await bench.remove(Kind.ORDER, first.text("Id"))
    yield answered("draft_deleted", gone)
    if gone.ok:
        third = await bench.make_order(ExternalImportReference=reference)
        yield answered("reference_freed", third)
    long = f"{bench.reference()}-".ljust(50, "x")
    yield answered("reference_of_fifty", await bench.make_order(ExternalImportReference=long))


async def odd_bodies(bench: Bench) -> AsyncIterator[Learned]:
    """What becomes of properties that do not exist, and of names spelled otherwise."""
    yield answered("unknown_property", await bench.make_order(Woo2poNothing="x"), IGNORED)
    body = {
        "externalImportReference": bench.reference(),
        "customerId": bench.customer,
        "customerReference": NAME,
        "salesOrderLines": [],
    }
    reply = await bench.make(Kind.ORDER, body)
    done = reply.get("CustomerReference") == NAME
    yield answered("camel_case", reply, "carried out." if done else IGNORED)


async def totals(bench: Bench) -> AsyncIterator[Learned]:
    """Orders without lines, of 0 kr, and of less than 0: a credit note's draft."""
    minus = bench.line(Quantity=Decimal(-1))
    yield answered("without_lines", await bench.make_order())
    yield answered("total_zero", await bench.make_order(bench.line(), minus))
    yield answered("credit_draft", await bench.make_order(minus))


async def sent_state(bench: Bench) -> AsyncIterator[Learned]:
    """What is said of the sending of a draft that nobody sent, and of one that does not exist."""
    draft = await bench.make_order(bench.line())
    if draft.ok:
        yield _state("never_sent", await bench.get(SENT_STATE, id=draft.text("Id")))
    else:
        yield not_tried("never_sent", f"HTTP {draft.status}")
    yield _state("sent_unknown", await bench.get(SENT_STATE, id=_NO_ORDER))


def _state(code: str, reply: Reply) -> Learned:
    row = reply.rows[0] if reply.rows and isinstance(reply.rows[0], dict) else {}
    sent = {name.lower(): value for name, value in row.items()}.get("sentdatetimeoffset")
    fits = reply.status in {200, 204, 404} and sent is None
    return note(code, fits, came(reply), status=reply.status)


async def confirmed(bench: Bench) -> AsyncIterator[Learned]:
    """Whether a confirmed order can be changed or deleted, and be a draft again."""
    order = await bench.make_order(bench.line(), SalesOrderStatus="Confirmed")
    yield answered("confirmed", order)
    if not order.ok:
        return
    id_ = order.text("Id")
    changed = await bench.patch(Kind.ORDER, id_, CustomerReference=f"{NAME}.")
    yield answered("confirmed_changed", changed)
    gone = await bench.remove(Kind.ORDER, id_)
    yield answered("confirmed_deleted", gone)
    if not gone.ok:
        again = await bench.patch(Kind.ORDER, id_, SalesOrderStatus="Draft")
        yield answered("draft_again", again)


# -- lines, on one draft for each trial ------------------------------------------------------------

LONGEST_OF_OURS = 400  # characters that the job writes at most
_LENGTHS = (200, 400, 500, 1000)
_TEXTS = {  # what texts of a shop hold
    "text_letters": "ÆØÅ æøå é ü ñ",
    "text_emoji": "\N{WRAPPED PRESENT} 5 \N{MULTIPLICATION SIGN} 3",
    "text_break": "one\ntwo",
    "text_control": "one\x07two",
    "text_tags": "<b>one</b> & two",
}


async def texts(bench: Bench) -> AsyncIterator[Learned]:
    """How long a description may be, and which signs it keeps."""
    draft = await bench.make_order()
    if not draft.ok:
        yield not_tried("length", "-", length="-")
        return
    for n in _LENGTHS:
        text = f"{NAME} ".ljust(n, "x")
        reply = await bench.add_line(draft.text("Id"), bench.line(Description=text))
        yield _text("length", reply, text, relied_on=n <= LONGEST_OF_OURS, length=n)
    for code, text in _TEXTS.items():
        reply = await bench.add_line(draft.text("Id"), bench.line(Description=text))
        yield _text(code, reply, text, relied_on=QUESTIONS[code]["expects"] == "yes")


def _text(code: str, reply: Reply, text: str, *, relied_on: bool, **facts: object) -> Learned:
    if reply.ok:
        return _kept(code, text, reply.text("Description"), relied_on=relied_on, **facts)
    more = {"status": reply.status, "said": said(reply)}
    return note(code, False if relied_on else None, REFUSED, **facts, **more)


async def quantities(bench: Bench) -> AsyncIterator[Learned]:
    """Quantities of 0 and below, prices of 0, text lines, and a line's reference used twice."""
    draft = await bench.make_order()
    if not draft.ok:
        yield not_tried("quantity_zero", "-")
        return
    twice = bench.line(ExternalImportReference="1")
    lines = {
        "quantity_zero": bench.line(Quantity=Decimal(0)),
        "quantity_negative": bench.line(Quantity=Decimal(-2)),
        "price_zero": bench.line(Decimal(0)),
        "text_line": {"LineType": "Text", "Description": NAME},
        "line_without_product": bench.line(ProductId=None),
    }
    for code, line in lines.items():
        yield answered(code, await bench.add_line(draft.text("Id"), line))
    await bench.add_line(draft.text("Id"), twice)
    yield answered("line_reference_twice", await bench.add_line(draft.text("Id"), twice))


async def prices(bench: Bench) -> AsyncIterator[Learned]:
    """How many decimals of a unit price count, and how half an øre is rounded."""
    draft = await bench.make_order()
    if not draft.ok:
        yield not_tried("decimals_kept", "-")
        return
    price = Decimal("10.1234567891")
    yield _decimals(await bench.add_line(draft.text("Id"), bench.line(price)), price)
    for code, one, quantity, net in (
        ("decimals_count", "0.000123", 10_000, "1.23"),
        ("half_up", "0.125", 1, "0.13"),
        ("half_down", "0.125", -1, "-0.13"),
    ):
        line = bench.line(Decimal(one), Quantity=Decimal(quantity))
        amount = (await bench.add_line(draft.text("Id"), line)).get("NetAmount")
        fits = isinstance(amount, int | Decimal) and amount == Decimal(net)
        yield note(code, fits, AMOUNT, amount=amount)


def _decimals(reply: Reply, price: Decimal) -> Learned:
    kept = reply.get("ProductUnitPrice")
    if not reply.ok or not isinstance(kept, int | Decimal):
        return answered("decimals_kept", reply)
    exact = Decimal(kept).normalize()
    exponent = exact.as_tuple().exponent
    n = -exponent if isinstance(exponent, int) else 0
    fits = n >= 6 and abs(exact - price) < Decimal("0.000001")
    return note("decimals_kept", fits, "it is {value}.", value=n)


# -- rounding: drafts on which the ways in which it may round come to other totals -----------------

# Unit prices of one piece each, by the rate of VAT: all four ways give another total (searched).
TELLING = {
    Decimal(25): ("10.015", "10.025", "10.025"),
    Decimal(15): ("10.001", "10.024", "10.024", "10.034"),
    Decimal(12): ("10.034", "10.034", "10.044"),
}
# A cart of the usual kind: prices with VAT of whole kroner, as net prices of six decimals.
_USUAL = ("79.200000", "239.200000", "0.079999", "26.666667", "26.666667", "26.666667")


def wanted_lines(prices_: tuple[str, ...], rate: Decimal) -> list[OrderLine]:
    """Return lines of one piece each at these prices."""
    return [
        OrderLine(str(n), LineKind.NORMAL, "", quantity=Decimal(1), unit_price=Decimal(price),
                  vat_rate=rate)
        for n, price in enumerate(prices_)
    ]  # fmt: skip


def ways_of(total: Decimal, lines: list[OrderLine]) -> list[Rounding]:
    """Return the ways of rounding that give a total."""
    sums = sums_of(lines)
    return [way for way in Rounding if same_amount(sums.total(way), total)]


async def rounding(bench: Bench) -> AsyncIterator[Learned]:
    """Which way of rounding explains the totals of two drafts."""
    rate = bench.account.vat_code.rate if bench.account and bench.account.vat_code else None
    if rate is None:
        yield not_tried("rounding", "-")
        return
    ways = set(Rounding)
    told = []
    for net in (TELLING[rate], _USUAL):
        reply = await bench.make_order(*(bench.line(Decimal(price)) for price in net))
        total = reply.get("TotalAmount")
        if not reply.ok or not isinstance(total, int | Decimal):
            yield answered("rounding", reply)
            return
        ways &= set(ways_of(Decimal(total), wanted_lines(net, rate)))
        told.append(kroner(Decimal(total)))
    facts = {"ways": ", ".join(sorted(ways)) or "-", "totals": " / ".join(told)}
    yield note("rounding", bool(ways), "{ways} (totals {totals}).", **facts)


# Trials in their order, each with its area and the question that stands for it where it cannot be
# made. Those of BUILDING stand on the customer and the product of READING's last two.
READING: tuple[tuple[str, str, Trial], ...] = (
    ("lists", "filters", filters),
    ("lists", "unknown_query", unknown_query),
    ("lists", "page_size", pages),
    ("customers", "customer_made", customer),
    ("products", "product_made", product),
)
BUILDING: tuple[tuple[str, str, Trial], ...] = (
    ("customers", "customer_seen", customer_found),
    ("customers", "org_spaces", company),
    ("products", "without_account", without_account),
    ("orders", "order_made", head),
    ("orders", "reference_twice", references),
    ("orders", "unknown_property", odd_bodies),
    ("orders", "total_zero", totals),
    ("orders", "never_sent", sent_state),
    ("orders", "confirmed", confirmed),
    ("lines", "length", texts),
    ("lines", "quantity_zero", quantities),
    ("lines", "decimals_kept", prices),
    ("rounding", "rounding", rounding),
    ("products", "product_archived", archived),
)
