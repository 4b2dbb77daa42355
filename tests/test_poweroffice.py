"""PowerOffice's client at the stand-in: drafts, customers, the catalogue, invoices; rights."""

import json
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import httpx
import pytest
from poweroffice_client import *

from woo2po.documents import SentState, VoucherKind
from woo2po.http import CannotLogIn, NotAllowed, NotUnderstood, Refused
from woo2po.messages import say_both
from woo2po.poweroffice.pretend import PretendingPowerOffice


def test_what_is_pretended_of_a_draft_shows_and_is_written_nowhere():
    sandbox = Sandbox()
    customer = sandbox.client.create_customer(KARI)
    made = sandbox.client.create_sales_order(ORDER, customer.id, None)
    written = [asked for asked in sandbox.go.requests if asked[0] != "GET"]
    go = Waited(client_over(sandbox.wire, kind=PretendingPowerOffice))
    goods, note = made.lines
    go.change_line(made.id, goods.id, line(quantity="1", vat_rate=Decimal(25)), 0)
    go.add_line(made.id, line("12", "10"), 2)
    go.delete_line(made.id, note.id)
    go.change_header(made.id, replace(ORDER, customer_reference="x"), customer.id, None)
    seen = go.draft(made.id)
    assert [(one.reference, one.quantity) for one in seen.lines] == [("11", 1), ("12", 2)]
    assert (seen.net, seen.total) == (Decimal("98.17"), Decimal("117.71"))
    assert (seen.customer_reference, seen.reference) == ("x", made.reference)
    go.delete_draft(made.id)
    assert (go.draft(made.id), sandbox.client.draft(made.id)) == (None, made)
    new = go.create_customer(BEDRIFT)
    assert [go.customer(one.id) for one in (new, customer)] == [new, customer]
    rest = [asked for asked in sandbox.go.requests if asked[0] != "GET"][len(written) :]
    assert [path for _, path, _ in rest] == ["/OAuth/Token"]


def test_the_accounts_of_a_product_are_found_whatever_its_code():
    """A comma in it divides no code in two; a product without accounts has its group's."""
    sandbox = Sandbox()
    sold_on = [sandbox.books.account(number).id for number in (3000, 3110)]
    for codes in (["LUE-7"], ["KOM,MA-1", "LUE-7"]):
        found = sandbox.client.accounts_of_products(codes)
        assert [found[code] for code in codes] == [sold_on] * len(codes)


# Rights

CASH = replace(PAID, kind=VoucherKind.CASH)
ROLES = {  # what each call needs
    "Customer_Full": [lambda go: go.customers(numbers=[10000]),
                      lambda go: go.customers(emails=["a@x.no"]),  # no missing filter
                      lambda go: go.delivery_addresses([1])],
    "Product_Full": [lambda go: go.products(), lambda go: go.product_groups()],
    "SalesOrders_Full": [lambda go: go.sales_orders()],
    "OutgoingInvoice": [lambda go: go.invoices()],
    "GeneralLedgerAccount": [lambda go: go.accounts()],
    "CommonServices": [lambda go: go.vat_codes(), lambda go: go.lock_date()],
    # The run goes on without these.
    "BankVoucher_Full": [lambda go: go.create_voucher(PAID)],
    "CashVoucher_Full": [lambda go: go.create_voucher(CASH)],
    "CustomerLedger": [lambda go: go.ledger(**OF_ONE)],
    "AccountTransaction": [lambda go: go.booked.sales(*LEDGER.values())],
}  # fmt: skip
MAY_NOT = {"BankVoucher_Full": "post_vouchers", "CashVoucher_Full": "post_vouchers",
           "CustomerLedger": "read_ledger", "AccountTransaction": "read_transactions"}  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_a_missing_right_is_named(role):
    """A 403 says, in both languages, which privilege to ask PowerOffice for."""
    go = Sandbox(privileges={"OutgoingInvoice"} - {role}).client
    code = f"may_not_{MAY_NOT[role]}" if role in MAY_NOT else "missing_privilege"
    for call in ROLES[role]:
        error = failure(call, go)
        kind = NotAllowed if role in MAY_NOT else CannotLogIn
        assert (type(error), error.code, error.facts["role"]) == (kind, code, role)
        assert all(role in say_both(code, language, error.facts) for language in ("en", "nb"))
    assert role not in MAY_NOT or go.invoices() == []


ID = "0b9e2f52-7a5e-4b57-9d0c-000000000001"
CUSTOMER = {"Id": 5, "Number": 10000}
SALES_ORDER = {"Id": ID, "SalesOrderNo": 7, "NetAmount": 156.35, "TotalAmount": 195.44}
MADE = {"Id": ID, "VoucherNo": 17}

# Sales orders


def test_a_sales_order_is_written_to_the_letter():
    """Prices leave as the numbers they are; what is empty is left out; Allowance is always 0."""
    go = Scripted(SALES_ORDER)
    go.create_sales_order(ORDER, 5, None)
    assert go.written == (
        '{"ExternalImportReference":"fjell_1042","SalesOrderStatus":"Draft","CustomerId":5,'
        '"CustomMatchingReference":"fjell-1042","ImportedOrderNo":1042,'
        '"CustomerReference":"fjell_1042","SalesOrderDate":"2026-11-20","CurrencyCode":"NOK",'
        '"DepartmentCode":"NETT","SalesOrderLines":['
        '{"ExternalImportReference":"11","LineType":"Normal","ProductCode":"GEN-001",'
        '"Description":"Ullgenser, blå","SortOrder":0,"Quantity":2,'
        '"ProductUnitPrice":78.173913,"Allowance":0,"UseStandardSalesAccount":true},'
        '{"ExternalImportReference":"note","LineType":"Text","Description":"Betalt med Vipps",'
        '"SortOrder":1}]}'
    )
    assert go.requests[0].url == "https://go.test/v2/SalesOrders/Complete"
    assert go.requests[0].headers["Content-Type"] == "application/json"


# Customers and products


def test_a_person_who_paid_in_advance_gets_no_fees_and_a_company_keeps_the_defaults():
    """A person's invoice goes by e-mail; fee, reminders and debt collection are off."""
    kari = {
        "ExternalImportReference": "fjell-1", "IsPerson": True, "FirstName": "Kari",
        "LastName": "Nordmann", "EmailAddress": "kari@example.no", "UseInvoiceFee": False,
        "InvoiceDeliveryType": "PdfByEmail", "SendPaymentReminders": False,
        "TransferToDebtCollectionAgency": False,
    }  # fmt: skip
    place = {"AddressLine1": "Storgata 1", "ZipCode": "0155", "City": "Oslo", "CountryCode": "NO"}
    card = {"ExternalImportReference": "fjell-2", "IsPerson": False, "Name": "Bedrift AS",
            "EmailAddress": "post@bedrift.no", "PhoneNumber": "22 22 55 55"}  # fmt: skip
    number = {"OrganizationNumber": "923609016"}
    for doc, said in (
        (KARI, kari | {"MailAddress": place}), (replace(KARI, address=None), kari),
        (BEDRIFT, card | number), (replace(BEDRIFT, prepaid=True), card | number),
        (replace(BEDRIFT, organization_number=""), card | {"InvoiceDeliveryType": "PdfByEmail"}),
    ):  # fmt: skip
        go = Scripted(CUSTOMER)
        go.create_customer(doc)
        assert go.said == said


# Invoices and vouchers


@pytest.mark.parametrize(
    ("delivery", "email", "written"),
    [
        (Delivery.NONE, "kari@example.no", '"DeliveryType":"PdfPrintForDownload"'),
        (Delivery.EMAIL, "k@x.no", '"DeliveryType":"PdfByEmail","EmailAddress":"k@x.no"'),
        (Delivery.AUTO, "k@x.no", '"DeliveryType":"Auto","EmailAddress":"k@x.no"'),
        (Delivery.AUTO, "", '"DeliveryType":"Auto"'),
    ],
)
def test_a_request_to_send_is_written_to_the_letter(delivery, email, written):
    """The address goes along where something may be mailed, and nowhere else."""
    go = Scripted(httpx.Response(202))
    go.send_invoice(ID, InvoiceWanted(DAY, date(2026, 12, 1), delivery, email))
    assert go.written == f'{{{written},"VoucherDate":"2026-11-20","OverrideDueDate":"2026-12-01"}}'
    url = f"https://go.test/v2/SalesOrders/{ID}/createAndSendInvoice"
    assert (go.requests[0].method, go.requests[0].url) == ("POST", url)


def test_a_voucher_is_written_to_the_letter():
    """Amounts leave as the numbers they are; a cash voucher's lines can't name their invoices."""
    bank, cash = (Scripted(httpx.Response(201, json=MADE)) for _ in range(2))
    made = bank.create_voucher(PAID)
    assert (made.id, made.number) == (ID, 17)
    assert bank.requests[0].url == "https://go.test/v2/Vouchers/BankJournals"
    assert bank.written == (
        '{"ExternalImportReference":"5e4a9b0e-3c1d-5f0a-8e57-2d1f0f6b9a01",'
        '"VoucherDate":"2026-11-20","CurrencyCode":"NOK","Description":"Vipps 20.11.2026",'
        '"VoucherLines":['
        '{"AccountId":3000009,"VatId":41,"CurrencyAmount":195.44,"Description":"Vipps",'
        '"PostingDate":"2026-11-20"},'
        '{"AccountId":4000001,"VatId":41,"CurrencyAmount":-195.44,"Description":"Ordre 1042",'
        '"CustomMatchingReference":"fjell-1042","PostingDate":"2026-11-20","InvoiceNo":"10001"}]}'
    )
    cash.create_voucher(replace(PAID, kind=VoucherKind.CASH))
    assert cash.requests[0].url == "https://go.test/v2/Vouchers/CashJournals"
    assert cash.written == bank.written.replace(',"InvoiceNo":"10001"', "")


def test_a_voucher_that_does_not_balance_never_leaves():
    """Whether PowerOffice would refuse it is not described; tenths of a krone sum exactly."""

    def of(*amounts):
        return replace(PAID, lines=tuple(VoucherLine(1, 41, Decimal(one), "x") for one in amounts))

    for amounts in (("195.44", "-195.43"), ("0.1", "0.2"), ("0", "0"), ("0.00",)):
        go = Scripted()
        with pytest.raises(ValueError, match="sum to 0"):
            go.create_voucher(of(*amounts))
        assert go.requests == []
    go = Scripted(httpx.Response(201, json=MADE))
    go.create_voucher(of("0.3", "-0.1", "-0.2"))
    assert '"CurrencyAmount":0.3,' in go.written


# Questions


def test_a_long_list_is_asked_for_in_addresses_of_bounded_length():
    """Every value is asked for once, with all other filters, under the description's names."""
    emails = sorted(f"kunde.nummer+{n}@en-lang-adresse.example.no" for n in range(300))
    references = [str(uuid.uuid5(uuid.NAMESPACE_URL, str(n))) for n in range(300)]
    numbers = [str(n) for n in range(10000, 10600)]
    days = {"fromDate": "2026-11-01", "toDate": "2026-11-30"}
    invoices = {"fromDate": "2026-11-20", "sentDateTimeOffsetGreaterThan": "2026-11-23T09:00:00Z"}
    moment = datetime(2026, 11, 23, 9, tzinfo=UTC)
    how = {"from_date": DAY, "sent_after": moment}
    for name, wanted, others, call in (
        ("emailAddresses", emails, {}, lambda go: go.customers(emails=emails)),
        ("customMatchingReferences", references, days,
         lambda go: go.ledger(**LEDGER, matching_references=references * 2)),
        ("invoiceNos", numbers, invoices,
         lambda go: go.invoices(numbers=[*map(int, numbers), 10000], **how)),
    ):  # fmt: skip
        go = Scripted(*[httpx.Response(204)] * 30)
        call(go)
        queries = go.queries
        assert [one for query in queries for one in query.pop(name).split(",")] == wanted
        assert max(len(str(request.url)) for request in go.requests) < 2000
        assert len(queries) < 15
        for query in queries:
            assert query.items() >= others.items()
            assert query.keys() - others.keys() <= {"Fields", "PageSize", "PageNumber"}
    go = Scripted()
    assert go.ledger(**LEDGER, matching_references=[]) == []
    assert go.requests == []


def test_a_moment_is_written_in_utc_and_a_state_asked_for_by_id_alone():
    """Filters take whole seconds with Z; sentState knows no pages and no fields."""
    go = Scripted(httpx.Response(204), [{"Id": ID}])
    go.products(datetime.fromisoformat("2026-11-23T10:00:00.900+01:00"))
    assert go.queries[0]["lastChangedDateTimeOffsetGreaterThan"] == "2026-11-23T09:00:00Z"
    go.sent_state(ID)
    assert go.requests[1].url == f"https://go.test/v2/SalesOrders/sentState?id={ID}"


OTHER_ID = ID[:-1] + "2"
AT = "2026-11-23T09:00:00.1234567+00:00"
INVOICE = {"Id": ID, "InvoiceNo": 10001, "TotalAmount": 195.44}
ENTRY = {"Id": 900001, "CustomMatchingReference": "fjell-1042", "InvoiceNo": None,
         "CurrencyAmount": -195.44, "VoucherId": ID}  # fmt: skip


def draft(**changes):
    return Scripted({**SALES_ORDER, **changes}).draft(ID)


def state(**changes):
    return {"Id": ID, "IsInvoiceBeingProcessed": False, "InvoiceDeliveryType": "Print", **changes}


def create(go):
    return go.create_voucher(PAID)


def look(go):
    return go.ledger(**OF_ONE)


def send(go):
    return go.send_invoice(ID, PREPAID)


def rows(count, start=1):
    return [{"Id": n, "Number": n, "ContactId": n} for n in range(start, start + count)]


def page(body, **pagination):
    return httpx.Response(200, json=body, headers={"X-Pagination": json.dumps(pagination)})


# Pages


@pytest.mark.parametrize(
    "pagination",
    [{"totalPages": 3}, {"TotalPages": 3, "NextPageLink": ""}, {"nextPageLink": "x"}, {}],
)
def test_every_page_is_read_whatever_the_header_says_it_in(pagination):
    pages = [page(rows(1000), **pagination), page(rows(1000, 1001), **pagination)]
    last = {**pagination, "nextPageLink": None} if "nextPageLink" in pagination else pagination
    go = Scripted(*pages, page(rows(5, 2001), **last))
    assert [one.id for one in go.delivery_addresses([1])] == list(range(1, 2006))
    assert [query["PageNumber"] for query in go.queries] == ["1", "2", "3"]


def header(text):
    return httpx.Response(200, json=rows(999), headers={"X-Pagination": text})


@pytest.mark.parametrize(
    ("answers", "listed", "asked"),
    [
        # Without a usable header a short page is the last.
        *(([header(text)], 999, 1) for text in ("", "nonsense", "[]", "7", '{"totalPages": "3"}')),
        ([page(rows(1000), nextPageLink=None)], 1000, 1),  # a full one ends where it says so
        ([rows(1000), httpx.Response(204)], 1000, 2),
        ([page(rows(1000), totalPages=9)] * 9, 1000, 2),  # page numbers are ignored there
    ],
)
def test_a_list_ends_where_no_more_can_come(answers, listed, asked):
    """With no question too many, and never for ever: a page that brings nothing new ends it."""
    go = Scripted(*answers)
    assert (len(go.delivery_addresses([1])), len(go.requests)) == (listed, asked)


# Values


def test_what_is_said_is_read_exactly_and_what_is_not_is_empty():
    """Amounts as numbers or texts, names in any case; null and missing texts; new fields."""
    answer = '{"id": "o", "salesOrderNo": "7", "netAmount": "0.30", "TotalAmount": 0.1}'
    seen = Scripted(httpx.Response(200, text=answer)).draft("o")
    assert (seen.net, seen.total, seen.number) == (Decimal("0.30"), Decimal("0.1"), 7)
    seen = draft(CustomerReference=None, Shiny={"New": [1]})
    assert (seen.customer_reference, seen.order_date, seen.lines) == ("", None, ())
    lines = [
        {"Id": "b", "SortOrder": 1, "VatRate": None},
        {"Id": "a", "SortOrder": 0, "VatRate": 0.15, "NetAmount": 10, "VatAmount": 1.5},
    ]
    read = [(one.id, one.vat_rate, one.vat) for one in draft(SalesOrderLines=lines).lines]
    assert read == [("a", 15, Decimal("1.5")), ("b", None, None)]
    # What says nothing of being active is not put away, and needs no department.
    (seen,) = Scripted([{"Id": 1, "AccountNo": 3000}]).accounts()
    assert (seen.active, seen.needs_department, seen.name) == (True, False, "")
    (line,) = draft(SalesOrderLines=[{"Id": "a"}]).lines
    assert (line.sort_order, line.use_standard_account, line.net) == (0, None, None)


def test_dates_and_times_are_read_in_every_spelling():
    """Days may carry a time, times seven decimals or no offset (then UTC); all become UTC."""

    def customers(said):
        go = Scripted([{**CUSTOMER, "CustomerCreatedDateTimeOffset": said, "IsActive": False}])
        return go.customers(numbers=[10000])

    day = draft(SalesOrderDate="2026-11-20T00:00:00+01:00").order_date
    assert day == date(2026, 11, 20)
    for said in ("2021-09-30T10:03:00.1234567+02:00", "2021-09-30T08:03:00.123456"):
        (seen,) = customers(said)
        assert seen.created == datetime(2021, 9, 30, 8, 3, 0, 123456, tzinfo=UTC)
        assert seen.is_archived  # a supplier that once was a customer can't be invoiced
    assert failure(customers, "yesterday").facts["field"] == "CustomerCreatedDateTimeOffset"


def test_a_company_without_a_lock_date_has_none_and_one_that_cannot_be_read_is_not_taken_for_it():
    """What an open company says is not described; a guess would date into a locked period."""
    open_ones = [{"LockDate": said} for said in (None, "0001-01-01", "0001-01-01T00:00:00")]
    for one in (*open_ones, {}, httpx.Response(204)):
        assert Scripted(one).lock_date() is None
    assert Scripted({"LockDate": "2026-08-31"}).lock_date() == date(2026, 8, 31)


def test_an_invoice_without_balance_customer_or_dates_is_listed_all_the_same():
    """They may be missing, and are in a sales order; an entry that only shares a match is not
    ours; an invoice that is not there has no lines.
    """
    for (seen,) in (Scripted([INVOICE]).invoices(), Scripted([SALES_ORDER]).sales_orders()):
        assert (seen.balance, seen.customer_id, seen.day, seen.due) == (None, None, None, None)
    entries = look(Scripted([ENTRY, {**ENTRY, "Id": 2, "CustomMatchingReference": None}]))
    assert [one.id for one in entries] == [900001]
    assert Scripted(httpx.Response(204)).invoice_lines(ID) == ()


DRAFT = [
    ({"Id": None}, "Id"),
    *(({"SalesOrderNo": said}, "SalesOrderNo") for said in (None, 7.5, True)),
    *(({"TotalAmount": said}, "TotalAmount") for said in (None, "kr 5", "NaN", {})),
    *(({"CustomerReference": said}, "CustomerReference") for said in (["x"], True)),
    ({"SalesOrderDate": "20.11.2026"}, "SalesOrderDate"),
    *(({"SalesOrderLines": said}, "SalesOrderLines") for said in ({}, ["x"])),
    ({"SalesOrderLines": None, "LineCount": 2}, "SalesOrderLines"),
    ({"SalesOrderLines": [{"Id": "a", "UseStandardSalesAccount": "yes"}]},
     "UseStandardSalesAccount"),
    ({"SalesOrderLines": [{"SortOrder": 1}]}, "Id"),
]  # fmt: skip
STATE = [
    ([state(Id=OTHER_ID), state(Id=OTHER_ID)], "Id"),
    ([{"InvoiceNo": 1}], "Id"),
    ([state(InvoiceNo="F-1")], "InvoiceNo"),
    ([state(SentDateTimeOffset="soon")], "SentDateTimeOffset"),
    ([state(IsInvoiceBeingProcessed="no")], "IsInvoiceBeingProcessed"),
    ([state(LastErrorMessage={"text": "x"})], "LastErrorMessage"),
]


@pytest.mark.parametrize(
    ("call", "answer", "field", "what"),
    [
        *((lambda go: go.draft(ID), {**SALES_ORDER, **changes}, field, f"SalesOrders/{ID}/Complete")
          for changes, field in DRAFT),
        *((lambda go: go.sent_state(ID), answer, field, "SalesOrders/sentState")
          for answer, field in STATE),
        (create, {"Id": ID}, "VoucherNo", ""),
        (create, {"VoucherNo": 17}, "Id", ""),
        (create, httpx.Response(204), "Id", ""),
        (look, [{**ENTRY, "CurrencyAmount": None}], "CurrencyAmount", ""),
        (look, [{**ENTRY, "VoucherId": None}], "VoucherId", ""),
        (lambda go: go.invoices(), [{**INVOICE, "DueDate": "soon"}], "DueDate", ""),
        (lambda go: go.invoices(), [{**INVOICE, "InvoiceNo": 0}], "InvoiceNo", ""),
        (lambda go: go.lock_date(), {"LockDate": "31.08.2026"}, "LockDate", ""),
    ],
)  # fmt: skip
def test_a_value_that_must_be_there_is_not_guessed(call, answer, field, what):
    """A guess would be a document too many, or one too few."""
    error = failure(call, Scripted(answer))
    assert (type(error), error.code) == (NotUnderstood, "poweroffice_not_understood")
    assert error.facts == {"what": error.facts["what"], "field": field}
    assert error.facts["what"].startswith(what)


@pytest.mark.parametrize(
    "body", ["<html>Logg inn</html>", "", '{"Id": ', "[1, 2]", '"text"', '[{"Id": NaN}]', "null"]
)
def test_an_answer_that_is_no_json_of_the_right_shape_is_not_understood(body):
    for call in (lambda go: go.draft(ID), lambda go: go.products()):
        error = failure(call, Scripted(httpx.Response(200, text=body)))
        assert (type(error), error.code) == (NotUnderstood, "poweroffice_not_json")
    page = httpx.Response(200, text="<html>Logg inn</html>")  # no yes to what was ordered
    assert failure(Scripted(page).delete_draft, ID).code == "poweroffice_not_json"
    # An error that comes as 200 is no empty list.
    assert failure(Scripted({"Id": 1}).products).code == "poweroffice_not_json"


# Refusals

QUOTA = {"statusCode": 403, "message": "Out of call volume quota."}
CONFLICT = {"title": "Conflict", "detail": "In use."}


@pytest.mark.parametrize(
    ("call", "answer", "kind", "code"),
    [
        (send, httpx.Response(403), NotAllowed, "may_not_send"),
        (send, httpx.Response(403, json={"title": "Forbidden"}), NotAllowed, "may_not_send"),
        (send, httpx.Response(403, json=QUOTA), CannotLogIn, "poweroffice_blocked"),
        (lambda go: go.delete_draft(ID), httpx.Response(400, json={"title": "missing Privilege"}),
         CannotLogIn, "missing_privilege"),
        (lambda go: go.sent_state(ID), httpx.Response(404, json={"message": "Resource not found"}),
         NotUnderstood, "poweroffice_wrong_address"),
        # Only a 400 means an unknown filter, and only a 404 that a draft is not there.
        *((call, httpx.Response(409, json=CONFLICT), Refused, "poweroffice_refused") for call in (
            lambda go: go.customers(emails=["a@x.no"]), lambda go: go.draft(ID))),
    ],
)  # fmt: skip
def test_a_refusal_stops_the_sending_the_run_or_is_no_refusal_at_all(call, answer, kind, code):
    """A 403 with or without words, a gateway's quota, "Missing privilege" in any case."""
    error = failure(call, Scripted(answer))
    assert (type(error), error.code) == (kind, code)
    assert code != "missing_privilege" or error.facts["role"] == "SalesOrders_Full"
    assert code != "poweroffice_blocked" or error.facts["said"] == QUOTA["message"]
    assert kind is not Refused or error.status == 409


# How far sending has come


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        # No content, an empty list, or an id that PowerOffice does not know (any more).
        (httpx.Response(204), None),
        ([], None),
        (httpx.Response(404, json={"title": "Object(s) not found", "detail": "Order ..."}), None),
        # Null and missing fields are no progress; a number without a moment is not sent.
        ([{"Id": ID, "IsInvoiceBeingProcessed": None}], SentState(False, False, None, "")),
        ([state(InvoiceNo=10001, LastErrorMessage=" EHF feilet. ")],
         SentState(False, False, 10001, "EHF feilet.")),
        # Of several the order's own and furthest counts. A single one is the order's even under
        # another id, which may be the invoice's.
        ([state(Id=OTHER_ID, InvoiceNo=7, SentDateTimeOffset=AT)], SentState(False, True, 7, "")),
        ([state(Id=OTHER_ID, SentDateTimeOffset=AT), state(Id=ID.upper(), InvoiceNo=8)],
         SentState(False, False, 8, "")),
        ([state(LastErrorMessage="x"), state(InvoiceNo=9, SentDateTimeOffset=AT), state()],
         SentState(False, True, 9, "")),
        ([state(InvoiceNo=1), state(InvoiceNo=2, IsInvoiceBeingProcessed=True)],
         SentState(True, False, 2, "")),
        ([state(InvoiceNo=1, IsInvoiceBeingProcessed=True), state(SentDateTimeOffset=AT)],
         SentState(False, True, None, "")),
    ],
)  # fmt: skip
def test_a_state_is_read_as_far_as_it_says_anything(answer, seen):
    assert Scripted(answer).sent_state(ID) == seen
