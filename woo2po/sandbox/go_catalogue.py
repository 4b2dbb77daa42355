"""Calls that read the company's settings and catalogue, and make or change products."""

from typing import Any

from woo2po.sandbox.go_calls import Answer, Call, changes, endpoint, found, listed
from woo2po.sandbox.go_records import Records
from woo2po.sandbox.go_shapes import ACCOUNT, PRODUCT, PRODUCT_GROUP, VAT_CODE
from woo2po.sandbox.go_values import Product, SalesAccounts
from woo2po.sandbox.go_wire import Conflict, NotFound, Refusal, assign, patch_operations

TITLE = "Product validation error(s)"
LAST = "lastChangedDateTimeOffsetGreaterThan"
CREATED = "createdDateTimeOffsetGreaterThan"


@endpoint("GET", "/ClientIntegrationInformation", "")
def client_information(call: Call) -> Answer:
    """Who the client is and what the integration may do."""
    roles = sorted(call.faults.privileges)
    body: dict[str, Any] = {
        "ClientId": call.books.client_id,
        "ClientName": call.books.client_name,
        "ActiveClientSubscriptions": ["Go", "GoSales"],
        "ValidPrivileges": roles,
        "InvalidPrivileges": [],
    }
    if call.faults.spec == "2026":
        body["AllowSendInvoice"] = call.faults.may_send
    return Answer(200, body)


@endpoint("GET", "/LockDateSettings", "CommonServices")
def lock_date(call: Call) -> Answer:
    """The day up to which nothing can be posted."""
    return Answer(200, {"LockDate": call.view.lock_date})


@endpoint("GET", "/VatCodes", "CommonServices", "includeExpired isActive", pages=True)
def vat_codes(call: Call) -> Answer:
    """The VAT codes."""
    active, expired = call.flag("isActive"), call.flag("includeExpired")
    today = call.books.today()
    chosen = [
        v
        for v in call.view.vat_codes.values()
        if active in {None, v.is_active} and (expired or v.valid_to is None or v.valid_to >= today)
    ]
    return listed(call, VAT_CODE, (VAT_CODE.render(v) for v in chosen))


@endpoint(
    "GET", "/GeneralLedgerAccounts", "GeneralLedgerAccount",
    f"accountNos agricultureDepartments {LAST}", pages=True,
)  # fmt: skip
def accounts(call: Call) -> Answer:
    """The general ledger accounts."""
    codes = call.view.vat_codes
    chosen = [
        a
        for a in call.view.accounts.values()
        if call.in_ranges("accountNos", a.account_no) and call.later(LAST, a.changed)
    ]
    shown = (
        ACCOUNT.render(a, VatCode=codes[a.vat_code_id].code, CurrencyCode="NOK") for a in chosen
    )
    return listed(call, ACCOUNT, shown)


@endpoint(
    "GET", "/ProductGroups", "Product", f"codes names isArchived type {LAST} {CREATED}", pages=True
)
def product_groups(call: Call) -> Answer:
    """The product groups."""
    chosen = [g for g in call.view.product_groups.values() if _wanted(call, g)]
    rows = (PRODUCT_GROUP.render(g, **_account_numbers(call.view, g)) for g in chosen)
    return listed(call, PRODUCT_GROUP, rows)


def _wanted(call: Call, thing: Any) -> bool:
    return (
        call.one_of("codes", thing.code)
        and call.one_of("names", thing.name)
        and call.flag("isArchived") in {None, thing.is_archived}
        and call.one_of("type", thing.product_type)
        and call.later(LAST, thing.changed)
        and call.later(CREATED, thing.created)
    )


def _account_numbers(books: Records, thing: SalesAccounts) -> dict[str, int | None]:
    ids = (thing.standard_sales_account_id, thing.optional_sales_account_id)
    numbers = [None if i is None else books.accounts[i].account_no for i in ids]
    return {"StandardSalesAccount": numbers[0], "OptionalSalesAccount": numbers[1]}


def _shown(books: Records, product: Product) -> dict[str, Any]:
    group = books.product_groups.get(product.product_group_id or 0)
    code = group.code if group else None
    return PRODUCT.render(product, ProductGroupCode=code, **_account_numbers(books, product))


@endpoint(
    "GET", "/Products", "Product",
    f"codes names isArchived type productGroupCodes {LAST} {CREATED}"
    " stockOnHandLastChangedDatetimeOffsetGreaterThan", pages=True,
)  # fmt: skip
def products(call: Call) -> Answer:
    """The products, archived ones too unless they are filtered out."""
    groups = call.view.product_groups
    chosen = []
    for product in call.view.products.values():
        group = groups.get(product.product_group_id or 0)
        if _wanted(call, product) and call.one_of(
            "productGroupCodes", group.code if group else None
        ):
            chosen.append(_shown(call.view, product))
    return listed(call, PRODUCT, chosen)


@endpoint("GET", "/Products/{id}", "Product")
def product(call: Call) -> Answer:
    """A product."""
    return Answer(200, _shown(call.view, found(call.view.products, call.number(), "Product")))


@endpoint("POST", "/Products", "Product_Full")
def add_product(call: Call) -> Answer:
    """Add a product: 201, as observed, although the description says 200."""
    values = {k: v for k, v in call.bound(PRODUCT).items() if v is not None}
    _check(call.books, values, None)
    new = Product(id=call.books.number("product"), created=call.books.now())
    assign(new, values)
    new.changed = new.created
    call.books.products[new.id] = new
    return Answer(201, _shown(call.books, new))


@endpoint("PATCH", "/Products/{id}", "Product_Full")
def change_product(call: Call) -> Answer:
    """Change a product."""
    changed = found(call.books.products, call.number(), "Product")
    values = changes(PRODUCT, "Product", patch_operations(call.patch_body(), PRODUCT))
    _check(call.books, values, changed)
    assign(changed, values)
    changed.changed = call.books.now()
    return Answer(200, _shown(call.books, changed))


@endpoint("DELETE", "/Products/{id}", "Product_Full")
def delete_product(call: Call) -> Answer:
    """Delete a product that stands on no line."""
    gone = found(call.books.products, call.number(), "Product")
    orders = [*call.books.sales_orders.values()]
    orders += [invoice.order for invoice in call.books.outgoing_invoices.values()]
    used = any(line.product_id == gone.id for order in orders for line in order.lines)
    if used or "product" in call.faults.undeletable:
        detail = f"Product with id = {gone.id} is in use and cannot be deleted."
        raise Conflict("Product conflict", detail)
    del call.books.products[gone.id]
    return Answer(200)


def _check(books: Records, values: dict[str, Any], but: Product | None) -> None:
    by_number = {a.account_no: a.id for a in books.accounts.values()}
    for name in ("standard_sales_account", "optional_sales_account"):
        number = values.pop(name, None)
        if number is not None and values.get(f"{name}_id") is None:
            if number not in by_number:
                raise NotFound(f"Account with number = {number} not found.", TITLE)
            values[f"{name}_id"] = by_number[number]
        if values.get(f"{name}_id") is not None:
            found(books.accounts, values[f"{name}_id"], "Account")
    _check_group(books, values)
    code = values.get("code")
    if code and any(p.code == code and p is not but for p in books.products.values()):
        raise Refusal(TITLE, f"Code is already in use. '{code}' is used on another product.")


def _check_group(books: Records, values: dict[str, Any]) -> None:
    code = values.pop("product_group_code", None)
    if code is not None and values.get("product_group_id") is None:
        groups = {g.code: g.id for g in books.product_groups.values()}
        if code not in groups:
            raise NotFound(f"Product group with code = '{code}' not found.", TITLE)
        values["product_group_id"] = groups[code]
    if values.get("product_group_id") is not None:
        found(books.product_groups, values["product_group_id"], "Product group")
