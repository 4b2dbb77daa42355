"""The stand-in for PowerOffice Go keeps the rules for customers, products, VAT and orders."""

import json
from decimal import Decimal
from importlib.resources import files

import pytest
from go_desk import Desk, said

D = Decimal


# Customers and addresses


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ({}, "Name is required."),
        ({"IsPerson": True, "LastName": "Nordmann"}, "FirstName is required."),
        ({"IsPerson": True, "FirstName": "Kari"}, "LastName is required."),
        ({"Name": "X", "MailAddress": {"City": "Oslo"}}, "The ZipCode field is required."),
        ({"Name": "X", "MailAddress": {"City": "A", "ZipCode": "1", "CountryCode": "UK"}}, "UK"),
        ({"Name": "X", "CurrencyCode": "KRONER"}, "Currency with code = 'KRONER' not found."),
        ({"Name": "X", "DepartmentCode": "LAGER"}, "Department with code = 'LAGER' not found."),
        ({"Name": "X", "Number": 20000}, "outside the number series"),
    ],
)
def test_a_customer_without_what_it_needs_is_refused(body, complaint):
    """A company needs a name, a person two names, an address a zip code and a city."""
    desk = Desk()
    status, text = said(desk.post("/Customers", body))
    assert status in {400, 404}
    assert complaint in text
    assert desk.books.customers == {}


def test_a_customers_reference_is_used_once():
    """A second customer with the same reference is refused with the first one's id."""
    desk = Desk()
    first = desk.person(ExternalImportReference="shop-1")["Id"]
    answer = desk.post("/Customers", {"Name": "X", "ExternalImportReference": "shop-1"})
    detail = (
        f"ExternalImportReference is already in use. 'shop-1' is used on (contact) Id = {first}."
    )
    assert said(answer) == (400, detail)
    found = desk.get("/Customers", externalImportReference="shop-1").json()
    assert [c["Id"] for c in found] == [first]


def test_a_customer_gets_a_number_an_id_and_a_ledger_account():
    """Id, number and sub-ledger account are three numbers that cannot be mixed up."""
    desk = Desk()
    made = desk.person()
    ids = {made["Id"], made["Number"], made["SubledgerAccountId"]}
    assert len(ids) == 3
    assert made["Number"] == 10000
    assert (made["InvoiceDeliveryType"], made["UseInvoiceFee"]) == ("Print", True)
    assert [desk.person(Number=n)["Number"] for n in (10001, None)] == [10001, 10002]


def test_customers_are_found_by_the_newer_filters():
    """E-mail is compared without case; several values are separated by commas."""
    desk = Desk()
    kari = desk.person(EmailAddress="Kari@Example.no")["Id"]
    firm = desk.post("/Customers", {"Name": "X", "OrganizationNumber": "923609016"}).json()["Id"]
    found = desk.get("/Customers", emailAddresses="kari@example.NO,b@c.no").json()
    assert [c["Id"] for c in found] == [kari]
    assert desk.get("/Customers", organizationNumbers="923609016").json()[0]["Id"] == firm
    assert desk.get("/Customers", customerNos="10001-").json()[0]["Id"] == firm


def test_a_customer_is_patched_in_pascal_case():
    """Unknown paths and bad values are refused; another case is dropped in silence."""
    desk = Desk()
    path = f"/Customers/{desk.person()['Id']}"
    assert desk.patch(path, **{"MailAddress/City": "Oslo"}).json()["MailAddress"]["City"] == "Oslo"
    assert desk.patch(path, emailAddress="a@b.no").json()["EmailAddress"] is None
    assert "segment 'Email'" in said(desk.patch(path, Email="a@b.no"))[1]
    for value in ("bogus", None):
        assert "invalid for target" in said(desk.patch(path, IsPerson=value))[1]
    move = [{"op": ["move"], "path": "/Name"}]
    malformed = desk.call("PATCH", path, json=move, content_type="application/json-patch+json")
    assert "malformed" in said(malformed)[1]
    assert desk.call("PATCH", path, json=[]).status_code == 415


def test_a_customer_in_use_is_neither_deleted_nor_archived():
    """Orders stop a deletion, a balance stops archiving."""
    desk = Desk()
    invoice = desk.invoiced()
    path = f"/Customers/{invoice['CustomerId']}"
    assert desk.call("DELETE", path).status_code == 409
    assert "balances" in said(desk.patch(path, IsArchived=True))[1]


def test_the_first_delivery_address_is_the_primary_one():
    """It stands on invoices of orders that name none; another contact's cannot be named."""
    desk = Desk()
    kari, ola = desk.person()["Id"], desk.person()["Id"]
    first, second = (
        desk.post(f"/ContactDeliveryAddresses/{kari}", {"ZipCode": zip_code, "City": "Oslo"}).json()
        for zip_code in ("0155", "0256")
    )
    assert (first["IsPrimary"], second["IsPrimary"]) == (True, False)
    assert desk.invoiced(CustomerId=kari)["DeliveryAddressZipCode"] == "0155"
    named = desk.invoiced(CustomerId=kari, ContactDeliveryAddressId=second["Id"])
    assert named["DeliveryAddressZipCode"] == "0256"
    refused = desk.order(CustomerId=ola, ContactDeliveryAddressId=second["Id"])
    assert said(refused) == (404, f"Contact delivery address with id = {second['Id']} not found.")


def test_an_external_code_of_an_address_is_used_once():
    """External codes of addresses are unique, case ignored."""
    desk = Desk()
    path = f"/ContactDeliveryAddresses/{desk.person()['Id']}"
    body = {"ZipCode": "0155", "City": "Oslo", "ExternalCode": "a1"}
    assert desk.post(path, body).status_code == 201
    assert (
        "ExternalCode is already in use" in said(desk.post(path, {**body, "ExternalCode": "A1"}))[1]
    )
    assert desk.get("/ContactDeliveryAddresses", externalCodes="A1").status_code == 200


# Products and VAT


def test_a_code_with_a_comma_cannot_be_looked_up():
    """The comma separates: neither half is a product."""
    desk = Desk()
    assert desk.books.product("KOM,MA-1").code == "KOM,MA-1"
    assert desk.get("/Products", codes="KOM,MA-1").status_code == 204
    assert [p["Code"] for p in desk.get("/Products", codes="lue-7, FRAKT").json()] == [
        "LUE-7",
        "FRAKT",
    ]


@pytest.mark.parametrize(
    ("code", "more", "vat_code", "rate"),
    [
        ("GEN-001", {}, "3", 0.25),
        ("GEN-001", {"UseStandardSalesAccount": False}, "52", 0),
        ("LUE-7", {}, "3", 0.25),  # from its group
        ("KAF-250", {}, "31", 0.15),
        ("TUR-12", {}, "33", 0.12),
        ("BOK-12", {}, "5", 0),
        ("GAVEKORT", {}, "0", 0),
    ],
)
def test_the_sales_account_decides_the_vat(code, more, vat_code, rate):
    """The VAT is that of the account which the product, or its group, names."""
    desk = Desk()
    [line] = desk.order(desk.line(code, **more)).json()["SalesOrderLines"]
    assert (line["VatCode"], line["VatRate"]) == (vat_code, rate)
    assert line["TotalAmount"] == 100 + 100 * rate


def test_a_vat_free_customer_gets_the_optional_account():
    """Where the line does not say which account, the customer's setting does."""
    desk = Desk()
    exporter = desk.post("/Customers", {"Name": "X", "IsVatFree": True}).json()["Id"]
    assert desk.order(CustomerId=exporter).json()["TotalAmount"] == 100


def test_without_a_sales_account_there_are_no_amounts():
    """A product with no account anywhere gives a line of 0 and an invoice that fails."""
    desk = Desk()
    desk.books.sales_settings.standard_sales_account_id = None
    desk.books.product("GEN-001").standard_sales_account_id = None
    desk.books.product_groups.clear()
    draft = desk.draft()
    assert desk.get(f"/SalesOrders/{draft}").json()["TotalAmount"] == 0
    desk.send(draft)
    assert "no sales account" in desk.sent(draft)["LastErrorMessage"]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ({"ProductId": 99}, "Product with id = 99 not found."),
        ({"ProductCode": "NOPE"}, "Product with code = 'NOPE' not found."),
        ({"ProductCode": "GEN-001"}, "Quantity is required"),
        ({"ProductCode": "TS-M-BLA", "Quantity": 1}, "is archived"),
        ({"ProductCode": "GEN-001", "Quantity": 1, "Allowance": 101}, "between -1000 and 100"),
    ],
)
def test_a_line_without_what_it_needs_is_refused(line, complaint):
    """The product must exist and be for sale, and have a quantity; nothing is left behind."""
    desk = Desk()
    desk.books.archive_product("TS-M-BLA")
    status, text = said(desk.order(line))
    assert status in {400, 404}
    assert complaint in text
    assert desk.books.sales_orders == {}


def test_what_a_line_leaves_out_comes_from_product_and_customer():
    """Price and text from the product, the percentage from the customer."""
    desk = Desk()
    customer = desk.person(Allowance=50)["Id"]
    made = desk.order({"ProductCode": "LUE-7", "Quantity": 2}, CustomerId=customer).json()
    [line] = made["SalesOrderLines"]
    assert (line["Description"], line["ProductUnitPrice"]) == ("Lue", 199.2)
    assert (line["Allowance"], line["NetAmount"]) == (None, 199.2)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ({"Code": "GEN-001"}, "Code is already in use."),
        ({"StandardSalesAccount": 3999}, "Account with number = 3999 not found."),
        ({"OptionalSalesAccountId": 7}, "Account with id = 7 not found."),
        ({"ProductGroupCode": "KLÆR"}, "Product group with code = 'KLÆR' not found."),
    ],
)
def test_a_product_without_what_it_needs_is_refused(body, complaint):
    """Codes are unique; accounts and groups must exist."""
    answer = Desk().post("/Products", {"Name": "Vott", **body})
    assert complaint in said(answer)[1]


def test_a_new_product_takes_its_accounts_from_its_group():
    """A product that names a group and no account is sold on the group's."""
    desk = Desk()
    body = {"Code": "TE", "Name": "Te", "ProductGroupCode": "MAT"}
    assert desk.post("/Products", body).json()["StandardSalesAccount"] is None
    [line] = desk.order(desk.line("TE")).json()["SalesOrderLines"]
    assert line["VatRate"] == 0.15


def test_the_company_has_most_of_the_goods_in_the_recorded_orders():
    """Two are missing, and goods sold as gift cards have a product of another name."""
    folder = files("woo2po.sandbox") / "recorded"
    orders = [
        json.loads(f.read_text("utf-8"))["order"] for f in folder.iterdir() if "json" in f.name
    ]
    sold = {line["sku"] for order in orders for line in order["line_items"]}
    have = {product.code for product in Desk().books.products.values()}
    assert sold - have == {"", "LANG-1", "SKR-M6", "GAVE-500", "PWG"}


# Totals


@pytest.mark.parametrize(
    ("rounding", "vat", "total"),
    [
        # 25 % of five times 0.02 is 0.005 each, 0.025 together; 15 % of 0.10 is 0.015
        ("line", {25: "0.05", 15: "0.02"}, "0.27"),
        ("document", {25: "0.03", 15: "0.02"}, "0.25"),
        ("end", {25: "0.03", 15: "0.02"}, "0.24"),
    ],
)
def test_totals_are_rounded_as_told(rounding, vat, total):
    """Per line, per document and VAT rate, or only at the end; halves go up."""
    desk = Desk(rounding=rounding)
    lines = [desk.line(price=0.02)] * 5 + [desk.line("KAF-250", price=0.1)]
    answer = desk.order(*lines).json()
    totals = desk.books.sales_orders[answer["Id"]].totals()
    assert (totals.net, totals.total) == (D("0.20"), D(total))
    assert totals.vat_by_rate == {D(rate): D(amount) for rate, amount in vat.items()}
    assert (answer["NetAmount"], answer["TotalAmount"]) == (0.2, float(total))


def test_the_price_is_kept_with_as_many_decimals_as_told():
    """Six decimals or more by default; two when told so."""
    desk = Desk()
    line = desk.line(price=78.173913, quantity=3)
    assert desk.order(line).json()["NetAmount"] == 234.52
    desk.faults.max_unit_price_decimals = 2
    assert desk.order(line).json()["NetAmount"] == 234.51


# Orders


@pytest.mark.parametrize(
    ("head", "complaint"),
    [
        ({"CustomerId": None}, "CustomerId or CustomerNo is required."),
        ({"CustomerId": 7}, "Customer with id = 7 not found."),
        ({"CustomerId": None, "CustomerNo": 7}, "Customer with number = 7 not found."),
        ({"CurrencyCode": "XYZ"}, "Currency with code = 'XYZ' not found."),
        ({"ProjectCode": "P9"}, "Project with code = 'P9' not found."),
        ({"SalesOrderDate": "2026-02-30"}, "not a valid date"),
        ({"RelatedInvoiceNo": 10001}, "Invoice with number = 10001 not found."),
    ],
)
def test_an_order_without_what_it_needs_is_refused(head, complaint):
    """Customer, currency, dimensions and the credited invoice must exist."""
    desk = Desk()
    assert complaint in said(desk.order(**head))[1]
    assert desk.books.sales_orders == {}


def test_an_archived_customer_gets_no_orders():
    """An order on an archived customer is refused."""
    desk = Desk()
    customer = desk.person()
    desk.books.archive_customer(customer["Number"])
    assert "is archived" in said(desk.order(CustomerId=customer["Id"]))[1]


def test_an_orders_reference_is_used_once_even_after_invoicing():
    """A deleted draft frees its reference, an invoice keeps it."""
    desk = Desk()
    draft = desk.draft(ExternalImportReference="shop_1")
    assert (
        f"'shop_1' is used on (sales order) Id = {draft}"
        in said(desk.order(ExternalImportReference="shop_1"))[1]
    )
    desk.call("DELETE", f"/SalesOrders/{draft}")
    desk.invoiced(ExternalImportReference="shop_1")
    assert "already in use" in said(desk.order(ExternalImportReference="shop_1"))[1]


def test_a_lines_reference_is_used_once_in_its_order():
    """Two lines of one order cannot share a reference; two orders can."""
    desk = Desk()
    line = desk.line(ExternalImportReference="1")
    assert "already in use" in said(desk.order(line, line))[1]
    draft = desk.draft(line)
    assert desk.order(line).status_code == 201
    assert "already in use" in said(desk.post(f"/SalesOrders/{draft}/Lines", line))[1]


def test_a_drafts_lines_are_changed_one_by_one():
    """Lines are added, patched and deleted, and the order's total follows."""
    desk = Desk()
    draft = desk.draft(desk.line(), desk.line("KAF-250"))
    lines = desk.get(f"/SalesOrders/{draft}/Lines").json()
    path = f"/SalesOrders/{draft}/Lines"
    assert (
        desk.patch(f"{path}/{lines[0]['Id']}", Quantity=2, ProductUnitPrice=10.5).status_code == 200
    )
    desk.call("DELETE", f"{path}/{lines[1]['Id']}")
    desk.post(path, desk.line("BOK-12", price=1))
    assert desk.get(f"/SalesOrders/{draft}").json()["TotalAmount"] == 27.25


def test_a_confirmed_order_is_locked_until_it_is_a_draft_again():
    """A confirmed order takes no other change and no deletion."""
    desk = Desk()
    path = f"/SalesOrders/{desk.draft()}"
    desk.patch(path, SalesOrderStatus="Confirmed")
    assert "confirmed" in said(desk.patch(path, CustomerReference="x"))[1]
    assert "confirmed" in said(desk.post(f"{path}/Lines", desk.line()))[1]
    assert desk.call("DELETE", path).status_code == 409
    desk.patch(path, SalesOrderStatus="Draft")
    assert desk.patch(path, CustomerReference="x").json()["CustomerReference"] == "x"


def test_orders_are_found_by_what_changed_and_whose_they_are():
    """The time filter is exclusive; a person's drafts are not the integration's."""
    desk = Desk()
    old = desk.draft(ExternalImportReference="shop_1", ImportedOrderNo=1)
    moment = desk.books.sales_orders[old].changed.isoformat()
    desk.wait(1)
    new = desk.draft(ExternalImportReference="shop_2", ImportedOrderNo=2)
    since = {"lastChangedDateTimeOffsetGreaterThan": moment}
    assert [o["Id"] for o in desk.get("/SalesOrders", **since).json()] == [new]
    desk.books.sales_orders[old].is_created_by_current_integration = False
    assert [
        o["Id"] for o in desk.get("/SalesOrders", onlyCreatedByCurrentIntegration="true").json()
    ] == [new]
    assert [o["Id"] for o in desk.get("/SalesOrders", importedOrderNos="1").json()] == [old]
    assert [
        o["Id"] for o in desk.get("/SalesOrders", externalImportReferences="shop_2").json()
    ] == [new]
