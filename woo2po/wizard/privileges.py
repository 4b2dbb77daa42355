"""Which rights in PowerOffice the answers ask for, and which of them are lacking. Pure.

Source: PowerOffice facts, section 12, and the README's "Keys from PowerOffice Go".
"""

from woo2po.wizard.state import State

SEND = "AllowSendInvoice"
_ALWAYS = ("CommonServices", "Customer_Full", "Product", "SalesOrders_Full", "OutgoingInvoice",
           "GeneralLedgerAccount")  # fmt: skip


def needed(state: State) -> list[str]:
    """Return the rights that the answers so far ask for."""
    rights = list(_ALWAYS)
    if state.value("products.unknown") == "create":
        rights[rights.index("Product")] = "Product_Full"
    if state.value("payments.register"):
        rights += ["BankVoucher_Full", "CustomerLedger", "AccountTransaction"]
        types = {state.value("payments.default_type"), *state.value("payments.types").values()}
        rights += ["CashVoucher_Full"] if "cash" in types else []
    return [*rights, SEND] if state.value("invoices.create") else rights


def lacking(state: State) -> list[str]:
    """Return those of them that the integration has not; nothing where it is not told."""
    books = state.books
    if books is None:
        return []
    return [right for right in needed(state) if not _has(right, state)]


def _has(right: str, state: State) -> bool:
    books = state.books
    if books is None or not books.privileges:
        return True
    if right == SEND:
        return books.may_send is not False
    return right in books.privileges or f"{right}_Full" in books.privileges


def may_make_products(state: State) -> bool:
    """Tell whether products can be made with these rights."""
    return _has("Product_Full", state)
