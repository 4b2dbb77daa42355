"""Which rights in PowerOffice the answers so far ask for, and which of them are lacking. Pure."""

from woo2po.check.rights import Privilege, lacking, needed
from woo2po.wizard.accounts import methods_in_use
from woo2po.wizard.state import State

SEND = Privilege("AllowSendInvoice", "may_not_send")  # granted to each integration by itself
_PRODUCTS = Privilege("Product_Full")


def lacking_rights(state: State) -> list[Privilege]:
    """Return what the integration has not and the answers ask for; nothing where it is not told."""
    if state.books is None:
        return []
    settings = state.settings()
    methods = frozenset(method.id for method in methods_in_use(state))
    found = lacking(state.books.privileges, needed(settings, methods))
    refused = settings.invoices.create and state.books.may_send is False
    return [*found, SEND] if refused else found


def names_of(rights: list[Privilege]) -> str:
    """Return their names, as they are asked for."""
    return ", ".join(right.name for right in rights)


def may_make_products(state: State) -> bool:
    """Tell whether products can be made with the rights that there are."""
    return state.books is not None and not lacking(state.books.privileges, [_PRODUCTS])
