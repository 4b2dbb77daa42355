"""Calls that read the company's settings, catalogue and dimensions, and make or change products."""

from functools import partial
from typing import TYPE_CHECKING, Any

from woo2po.sandbox.asgi import Response
from woo2po.sandbox.calls import Call, answered, endpoint, found, listed
from woo2po.sandbox.objects import LONG_AGO, Product, SalesAccounts
from woo2po.sandbox.shapes import (
    ACCOUNT,
    DIMENSION,
    PRODUCT,
    PRODUCT_GROUP,
    VAT_CODE,
    InUse,
    NotFound,
    Refusal,
    assign,
)

if TYPE_CHECKING:
    from woo2po.sandbox.books import Books

TITLE = "Product validation error(s)"


@endpoint("GET", "/ClientIntegrationInformation", "")
def _client_information(call: Call) -> Response:
    body: dict[str, Any] = {
        "ClientId": call.books.client_id,
        "ClientName": call.books.client_name,
        "ActiveClientSubscriptions": ["Go", "GoSales"],
        "ValidPrivileges": sorted(call.faults.privileges),
        "InvalidPrivileges": [],
    }
    if call.faults.spec == "2026":
        body["AllowSendInvoice"] = call.faults.may_send
    return answered(200, body)


@endpoint("GET", "/LockDateSettings", "CommonServices")
def _lock_date(call: Call) -> Response:
    return answered(200, {"LockDate": call.view.lock_date})


@endpoint("GET", "/VatCodes", "CommonServices", pages=True)
def _vat_codes(call: Call) -> Response:
    expired = (call.text("includeExpired") or "").lower() == "true"
    today, codes = call.books.today(), call.view.vat_codes.values()
    shown = (v for v in codes if expired or v.valid_to is None or v.valid_to >= today)
    return listed(call, VAT_CODE, map(VAT_CODE.render, shown))


@endpoint("GET", "/GeneralLedgerAccounts", "GeneralLedgerAccount", pages=True)
def _accounts(call: Call) -> Response:
    codes, accounts = call.view.vat_codes, call.view.accounts.values()
    rows = (ACCOUNT.render(a, VatCode=codes[a.vat_code_id].code) for a in accounts)
    return listed(call, ACCOUNT, rows)


@endpoint("GET", "/ProductGroups", "Product", pages=True)
def _product_groups(call: Call) -> Response:
    groups = call.view.product_groups.values()
    rows = (PRODUCT_GROUP.render(g, **_account_numbers(call.view, g)) for g in groups)
    return listed(call, PRODUCT_GROUP, rows)


def _account_numbers(books: "Books", thing: SalesAccounts) -> dict[str, int | None]:
    ids = (thing.standard_sales_account_id, thing.optional_sales_account_id)
    numbers = [None if i is None else books.accounts[i].account_no for i in ids]
    return {"StandardSalesAccount": numbers[0], "OptionalSalesAccount": numbers[1]}


def _shown(books: "Books", product: Product) -> dict[str, Any]:
    group = books.product_groups.get(product.product_group_id or 0)
    code = group.code if group else None
    return PRODUCT.render(product, ProductGroupCode=code, **_account_numbers(books, product))


@endpoint("GET", "/Products", "Product", pages=True)
def _products(call: Call) -> Response:
    """Archived ones too unless they are filtered out."""
    return listed(call, PRODUCT, (_shown(call.view, p) for p in call.view.products.values()))


@endpoint("GET", "/Products/{id}", "Product")
def _product(call: Call) -> Response:
    return answered(200, _shown(call.view, found(call.view.products, call.number(), "Product")))


@endpoint("POST", "/Products", "Product_Full")
def _add_product(call: Call) -> Response:
    """Add a product: 201, as observed, although the description says 200."""
    values = {k: v for k, v in call.bound(PRODUCT).items() if v is not None}
    _check(call.books, values, None)
    new = Product(id=call.books.number("product"), created=call.books.now())
    assign(new, values)
    new.changed = new.created
    call.books.products[new.id] = new
    return answered(201, _shown(call.books, new))


@endpoint("PATCH", "/Products/{id}", "Product_Full")
def _change_product(call: Call) -> Response:
    changed = found(call.books.products, call.number(), "Product")
    values = call.changes(PRODUCT, "Product")
    _check(call.books, values, changed)
    assign(changed, values)
    changed.changed = call.books.now()
    return answered(200, _shown(call.books, changed))


@endpoint("DELETE", "/Products/{id}", "Product_Full")
def _delete_product(call: Call) -> Response:
    """Delete a product that stands on no line."""
    gone = found(call.books.products, call.number(), "Product")
    orders = [*call.books.sales_orders.values()]
    orders += [invoice.order for invoice in call.books.outgoing_invoices.values()]
    used = any(line.product_id == gone.id for order in orders for line in order.lines)
    if used or "product" in call.faults.undeletable:
        raise InUse("Product", gone.id)
    del call.books.products[gone.id]
    return answered(200)


def _check(books: "Books", values: dict[str, Any], but: Product | None) -> None:
    by_number = {a.account_no: a.id for a in books.accounts.values()}
    groups = {g.code: g.id for g in books.product_groups.values()}
    for name in ("standard_sales_account", "optional_sales_account"):
        _find(values, name, f"{name}_id", by_number, "Account with number = {}")
        if values.get(f"{name}_id") is not None:
            found(books.accounts, values[f"{name}_id"], "Account")
    what = "Product group with code = '{}'"
    _find(values, "product_group_code", "product_group_id", groups, what)
    if values.get("product_group_id") is not None:
        found(books.product_groups, values["product_group_id"], "Product group")
    code = values.get("code")
    if code and any(p.code == code and p is not but for p in books.products.values()):
        raise Refusal(TITLE, f"Code is already in use. '{code}' is used on another product.")


def _find(values: dict[str, Any], name: str, id_name: str, ids: dict[Any, int], what: str) -> None:
    """Turn a number or code among the values into the id that it stands for."""
    given = values.pop(name, None)
    if given is not None and values.get(id_name) is None:
        if given not in ids:
            raise NotFound(f"{what.format(given)} not found.", TITLE)
        values[id_name] = ids[given]


def _dimensions(call: Call, kind: str) -> Response:
    stamps = {"CreatedDateTimeOffset": LONG_AGO, "LastChangedDateTimeOffset": LONG_AGO}
    rows = (
        {"Id": number, "Code": code, "Name": code, "IsActive": True, **stamps}
        for code, number in call.view.dimensions.get(kind, {}).items()
    )
    return listed(call, DIMENSION, rows)


for _kind in ("Department", "Project", "Location"):
    endpoint("GET", f"/{_kind}s", _kind, pages=True)(partial(_dimensions, kind=_kind.lower()))
