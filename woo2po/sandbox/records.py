"""What the company keeps on file, from VAT codes to customers, and the rules for it."""

import copy
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from importlib.resources import files
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from woo2po.sandbox.shapes import SHAPES, Refusal, Shape, not_found

if TYPE_CHECKING:
    from woo2po.sandbox.books import Books

Thing = TypeVar("Thing")
ZERO = Decimal(0)
COMPANY = tomllib.loads((files("woo2po.sandbox") / "company.toml").read_text("utf-8"))


def found(things: Mapping[Any, Thing], key: Any, label: str, by: str = "id") -> Thing:
    """Return a thing by its id, number or code. Raises Refusal."""
    if key not in things:
        said = f"'{key}'" if by == "code" else key
        raise not_found(f"{label} with {by} = {said}")
    return things[key]


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that are not null."""
    return {name: value for name, value in values.items() if value is not None}


KINDS: dict[str, "type[Record]"] = {}  # by the names of the classes


class Record:
    """What PowerOffice keeps: an attribute for each property; amounts Decimal, rates fractions."""

    shape: ClassVar[Shape]
    label: ClassVar[str] = ""  # as refusals name it
    register: ClassVar[str] = ""  # where the books keep it, by id
    books: "Books"
    id: Any

    def __init__(self, books: "Books", **values: Any) -> None:
        vars(self).update(self.shape.defaults | {"books": books} | values)

    def __init_subclass__(cls) -> None:
        KINDS[cls.__name__] = cls
        if cls.__name__ in SHAPES:  # else it is that of the class before
            cls.shape = SHAPES[cls.__name__]

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...
        def __setattr__(self, name: str, value: Any) -> None: ...

    @classmethod
    def kept(cls, books: "Books", _asked: Mapping[str, str]) -> Mapping[Any, Any]:
        """Return those that a call is about, by id; `_asked` are its path's ids and its query."""
        kept: Mapping[Any, Any] = getattr(books, cls.register)
        return kept

    @classmethod
    def made(cls, books: "Books", values: dict[str, Any], _asked: Mapping[str, str] = {}) -> Self:
        """Return a new one of bound values that is kept now. Raises Refusal."""
        new = cls(books, created=books.clock())
        new.change(given(values))
        new._number()
        return new.put()

    def put(self) -> Self:
        """Put it into its register; return it."""
        getattr(self.books, self.register)[self.id] = self
        return self

    def _number(self) -> None:
        """Give it an id, and what else is given when it is made."""
        self.id = self.books.number(self.label.lower())

    def change(self, values: dict[str, Any]) -> None:
        """Take values over, all or none. Raises Refusal."""
        self._check(values)
        vars(self).update(values)
        self.changed = self.books.clock()

    def _check(self, values: dict[str, Any]) -> None:
        """Turn codes among new values into ids. Raises Refusal where they break a rule."""

    def delete(self) -> None:
        """Take it away. Raises Refusal where others name it."""
        if self._is_used():
            detail = f"{self.label} with id = {self.id} is in use and cannot be deleted."
            raise Refusal(f"{self.label} conflict", detail, 409)
        del getattr(self.books, self.register)[self.id]

    def _is_used(self) -> bool:
        return False

    def but(self, **changes: Any) -> Self:
        """Return another one like it, but for these attributes."""
        other = copy.copy(self)
        vars(other).update(changes)
        return other

    def refused(self, detail: str) -> Refusal:
        """Return the refusal of new values."""
        return Refusal(f"{self.label} validation error(s)", detail)

    def _require_free(
        self, name: str, values: Mapping[str, Any], others: Iterable["Record"], where: str
    ) -> None:
        attribute = self.shape.properties[name].attribute
        value = values.get(attribute)
        for other in others:
            if value and other is not self and getattr(other, attribute) == value:
                used = f"'{value}' is used on ({where}) Id = {other.id}."
                raise self.refused(f"{name} is already in use. {used}")


class VatCode(Record):
    """A VAT code."""

    register = "vat_codes"


class Account(Record):
    """A general ledger account; its VAT code decides the VAT of what is sold on it."""

    register = "accounts"

    @property
    def vat_code(self) -> VatCode:
        """Its VAT code."""
        return self.books.vat_codes[self.vat_code_id]


class BankAccount(Record):
    """A bank account of the company."""

    @classmethod
    def kept(cls, books: "Books", _asked: Mapping[str, str]) -> Mapping[Any, Any]:
        """Return those that company.toml names by their number."""
        return {number: cls(books, id=number) for number in COMPANY["bank_accounts"]}


class Dimension(Record):
    """A department, project or location, each a kind of its own; `register` names which."""

    @classmethod
    def kept(cls, books: "Books", _asked: Mapping[str, str]) -> Mapping[Any, Any]:
        """Return those that the books have the codes of."""
        codes = books.dimensions.get(cls.register, {})
        return {id_: cls(books, id=id_, code=code) for code, id_ in codes.items()}


for _kind in ("Department", "Project", "Location"):
    type(_kind, (Dimension,), {"register": _kind.lower()})


class ProductGroup(Record):
    """A product group; products without accounts of their own take the group's."""

    register = "product_groups"


class Product(ProductGroup):
    """A product."""

    label, register = "Product", "products"

    @property
    def group(self) -> ProductGroup | None:
        """Its product group."""
        return self.books.product_groups.get(self.product_group_id)

    def _check(self, values: dict[str, Any]) -> None:
        for kind in ("standard", "optional"):
            if (account := values.get(f"{kind}_sales_account_id")) is not None:
                found(self.books.accounts, account, "Account")
        if values.get("product_group_id") is not None:
            found(self.books.product_groups, values["product_group_id"], "Product group")
        self._require_free("Code", values, self.books.products.values(), "product")

    def _is_used(self) -> bool:
        return any(
            line.product_id == self.id for order in self.books.ever_sold() for line in order.lines
        )


class Address(Record):
    """A customer's mail address."""

    label = "Customer"

    def _check(self, values: dict[str, Any]) -> None:
        country, code = values.get("country_code"), values.get("external_code")
        if country and country not in COMPANY["countries"].split():
            said = "is not valid according to ISO 3166-1."
            raise self.refused(f"The country code {country} {said}")
        customers = self.books.customers.values()
        mail = [c.mail_address for c in customers if c.mail_address]
        for other in [*self.books.delivery_addresses.values(), *mail]:
            if code and (other.external_code or "").lower() == code.lower():
                raise self.refused(f"ExternalCode is already in use. '{code}' is used.")


class DeliveryAddress(Address):
    """A delivery address of a contact, whose first one is its primary one."""

    label, register = "Contact delivery address", "delivery_addresses"
    is_primary: bool

    @classmethod
    def made(cls, books: "Books", values: dict[str, Any], asked: Mapping[str, str] = {}) -> Self:
        """Return a new one of the contact that the path names."""
        customers = {str(key): customer for key, customer in books.customers.items()}
        contact = found(customers, asked["contact"], "Contact")
        return super().made(books, {**values, "contact_id": contact.id})

    def _number(self) -> None:
        self.id = self.books.number("address")
        every = self.books.delivery_addresses.values()
        others = [one for one in every if one.contact_id == self.contact_id]
        self.is_primary = self.is_primary or not others
        for other in others:  # of which none is primary any more
            other.is_primary = other.is_primary and not self.is_primary


class Customer(Record):
    """A customer. Id, number and sub-ledger account id are three different numbers."""

    label, register = "Customer", "customers"
    number: int | None

    @property
    def shown_name(self) -> str:
        """The name as people see it."""
        parts = (self.first_name, self.last_name) if self.is_person else (self.name,)
        return " ".join(p for p in parts if p)

    @property
    def balance(self) -> Decimal:
        """What is owed, in kroner."""
        entries = self.books.entries.values()
        return sum((one.balance for one in entries if one.customer_id == self.id), ZERO)

    def _number(self) -> None:
        taken = {None, *(c.number for c in self.books.customers.values())}
        while self.number in taken:
            self.number = self.books.number("customer number")
        self.id, self.subledger_account_id = map(self.books.number, ("contact", "subledger"))

    def _check(self, values: dict[str, Any]) -> None:
        new = {**vars(self), **values}
        for name in ("FirstName", "LastName") if new["is_person"] else ("Name",):
            if not (new[self.shape.properties[name].attribute] or "").strip():
                raise self.refused(f"{name} is required.")
        if new["currency_code"]:
            found(self.books.currencies, new["currency_code"], "Currency", "code")
        others = self.books.customers.values()
        self._require_free("ExternalImportReference", values, others, "contact")
        if values.get("is_archived") and self.balance != 0:
            raise self.refused("The contact has ledger balances.")
        if mail := values.get("mail_address"):
            address = values["mail_address"] = Address(self.books, id=self.books.number("address"))
            address.change(given(mail))

    def _is_used(self) -> bool:
        named = [*self.books.sales_orders.values(), *self.books.entries.values()]
        return any(one.customer_id == self.id for one in named)
