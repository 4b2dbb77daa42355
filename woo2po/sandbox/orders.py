"""Sales orders and their lines: their amounts, and the rules for them."""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from woo2po.sandbox.records import ZERO, Account, Customer, Product, Record, VatCode, found, given
from woo2po.sandbox.shapes import Refusal

if TYPE_CHECKING:
    from woo2po.sandbox.books import Books


def ore(amount: Decimal) -> Decimal:
    """Round to whole øre, halves away from zero."""
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


class Totals(NamedTuple):
    """Net amount, VAT by rate in percent (rates above 0), and gross amount of a document."""

    net: Decimal
    vat_by_rate: dict[Decimal, Decimal]
    total: Decimal


class SalesOrder(Record):
    """A draft or confirmed order; without a delivery date it gets that of its sending."""

    label, register = "Sales order", "sales_orders"
    lines: "list[Line]"

    @property
    def customer(self) -> Any:
        """The order's customer; None where a person deleted it all the same."""
        return self.books.customers.get(self.customer_id)

    @property
    def lines_in_order(self) -> "list[Line]":
        """The lines in the order in which they are shown."""
        return sorted(self.lines, key=lambda line: line.sort_order)

    @property
    def line_count(self) -> int:
        """How many lines there are."""
        return len(self.lines)

    @property
    def totals(self) -> Totals:
        """Net, VAT by rate in percent, and total, rounded as `faults.rounding` says."""
        exact: dict[Decimal, Decimal] = {}
        for line in self.lines:
            exact[line.rate] = exact.get(line.rate, ZERO) + line.exact_net
        mode = self.books.faults.rounding
        if mode in {"line", "line_net"}:
            net = _sum(line.net_amount for line in self.lines)
            vat = {r: _sum(x.vat_amount for x in self.lines if x.rate == r) for r in exact}
        else:
            net = ore(_sum(exact.values()))
            vat = {rate: ore(amount * rate) for rate, amount in exact.items()}
        total = net + _sum(vat.values())
        if mode == "end":
            total = ore(_sum(amount * (1 + rate) for rate, amount in exact.items()))
        return Totals(net, {r * 100: v for r, v in vat.items() if r}, total)

    @classmethod
    def made(cls, books: "Books", values: dict[str, Any], _asked: Mapping[str, str] = {}) -> Any:
        """Return a new one with its lines."""
        values = given(values)
        new = cls(books, id=books.guid(), created=books.clock(), lines=[])
        new.sales_order_no = books.number("order number")
        lines = values.pop("sales_order_lines", [])
        credited = values.pop("related_invoice_no", None)
        Record.change(new, values)
        for line in lines:
            new.add_line(line)
        if credited is not None:  # which only a credit note may say
            Record.change(new, {"related_invoice_no": credited})
        return new.put()

    def change(self, values: dict[str, Any]) -> None:
        """Change its header; a confirmed one can only be set back to Draft."""
        back = values.keys() == {"sales_order_status"}
        (self.require_not_in_queue if back else self.require_draft)()
        super().change(values)

    def _check(self, values: dict[str, Any]) -> None:
        """Customer, currency, dimensions and address must exist, and the reference be free."""
        customer = self._new_customer(values)
        currency = values.get("currency_code") or (self.customer_id and self.currency_code)
        values["currency_code"] = currency or customer.currency_code or "NOK"
        found(self.books.currencies, values["currency_code"], "Currency", "code")
        for kind, codes in self.books.dimensions.items():
            if (code := values.get(f"{kind}_code")) not in {None, "", "-1"}:
                found(codes, code, kind.capitalize(), "code")
        faults, orders = self.books.faults, self.books.sales_orders.values()
        used = self.books.ever_sold() if faults.invoiced_reference == "kept" else orders
        if faults.duplicate_order_reference != "accepted":
            self._require_free("ExternalImportReference", values, used, "sales order")
        if (address := values.get("contact_delivery_address_id")) is not None:
            every = self.books.delivery_addresses.items()
            own = {k: a for k, a in every if a.contact_id == customer.id}
            found(own, address, "Contact delivery address")
        if values.get("related_invoice_no") is not None:
            invoices = {i.invoice_no: i for i in self.books.outgoing_invoices.values()}
            found(invoices, values["related_invoice_no"], "Invoice", "number")
            if self.totals.total >= 0:
                raise self.refused("RelatedInvoiceNo can only be set on a credit note draft.")

    def _new_customer(self, values: dict[str, Any]) -> Customer:
        wanted = values.setdefault("customer_id", self.customer_id)
        if wanted is None:
            raise self.refused("CustomerId is required.")
        customer = found(self.books.customers, wanted, "Customer")
        if customer.is_archived and customer.id != self.customer_id:
            raise self.refused(f"Customer with id = {wanted} is archived.")
        return customer

    def delete(self) -> None:
        """Delete a draft with its lines; its reference is free again."""
        self.require_not_in_queue()
        super().delete()

    def _is_used(self) -> bool:
        return bool(self.sales_order_status != "Draft")

    def require_not_in_queue(self) -> None:
        """Raise Refusal for one that is on its way to be an invoice."""
        sending = self.books.send_queue.get(self.id)
        if sending and sending.is_invoice_being_processed:
            detail = f"Sales order with id = {self.id} is being invoiced."
            raise Refusal("Sales order conflict", detail, 409)

    def require_draft(self) -> None:
        """Raise Refusal for one whose lines are fixed."""
        self.require_not_in_queue()
        if self.sales_order_status != "Draft":
            raise self.refused("The sales order is confirmed and cannot be changed.")

    def add_line(self, values: dict[str, Any]) -> "Line":
        """Add a line; what it leaves out comes from its product."""
        new = Line(self.books, id=self.books.guid(), order=self, sort_order=len(self.lines))
        Record.change(new, given(values))
        if product := new.product:
            new.description = new.description or product.name
        new.cut_price()
        self.lines.append(new)
        return new


class CompleteOrder(SalesOrder):
    """An order that is sent and shown with its lines."""


class Line(Record):
    """A line of a sales order. `product_unit_price` is net, `allowance` a percentage."""

    label = "Sales order line"
    order: SalesOrder
    product_unit_price: Decimal | int | None

    @classmethod
    def kept(cls, books: "Books", asked: Mapping[str, str]) -> Mapping[Any, Any]:
        """Return the lines of the order that the path names."""
        order = found(books.sales_orders, asked["order"].lower(), "Sales order")
        return {line.id: line for line in order.lines_in_order}

    @classmethod
    def made(cls, books: "Books", values: dict[str, Any], asked: Mapping[str, str] = {}) -> Any:
        """Add one to the draft that the path names."""
        order = found(books.sales_orders, asked["order"].lower(), "Sales order")
        order.require_draft()
        order.changed = books.clock()
        return order.add_line(values)

    def change(self, values: dict[str, Any]) -> None:
        """Change a draft's line."""
        self.order.require_draft()
        super().change(values)
        self.cut_price()
        self.order.changed = self.changed

    def delete(self) -> None:
        """Take it from its draft."""
        self.order.require_draft()
        self.order.lines.remove(self)
        self.order.changed = self.books.clock()

    def _check(self, values: dict[str, Any]) -> None:
        code = values.pop("product_code", None)
        if code is not None and values.get("product_id") is None:
            codes = {p.code: p.id for p in self.books.products.values()}
            values["product_id"] = found(codes, code, "Product", "code")
        new = {**vars(self), **values}
        if new["product_id"] is not None:
            product = found(self.books.products, new["product_id"], "Product")
            if product.is_archived:
                raise self.refused(f"Product with id = {product.id} is archived.")
            if new["quantity"] is None:
                raise self.refused("Quantity is required when the line has a product.")
        if new["allowance"] is not None and not -1000 <= new["allowance"] <= 100:
            raise self.refused("Allowance must be between -1000 and 100.")
        self._require_free("ExternalImportReference", values, self.order.lines, "sales order line")

    def cut_price(self) -> None:
        """Keep as many decimals of the price as `faults` say."""
        kept = self.books.faults.max_unit_price_decimals
        if kept is not None and self.product_unit_price is not None:
            step = Decimal(1).scaleb(-kept)
            self.product_unit_price = Decimal(self.product_unit_price).quantize(step, ROUND_HALF_UP)

    @property
    def product(self) -> Product | None:
        """The line's product."""
        return self.books.products.get(self.product_id)

    @property
    def account(self) -> Account | None:
        """The sales account that the product, its group or the company's settings give.

        Of what is invoiced it is the one that was posted on.
        """
        if posted := vars(self).get("posted_on"):
            return self.books.accounts[posted]
        if self.product is None:
            return None
        standard = self.use_standard_sales_account
        if standard is None:
            standard = not getattr(self.order.customer, "is_vat_free", False)
        name = f"{'standard' if standard else 'optional'}_sales_account_id"
        sources = (self.product, self.product.group, self.books)
        named = (getattr(source, name, None) for source in sources)
        return self.books.accounts.get(next(filter(None, named), 0))

    @property
    def vat_code(self) -> VatCode | None:
        """The VAT code of the sales account."""
        account = self.account
        return None if account is None else account.vat_code

    @property
    def rate(self) -> Decimal:
        """The VAT rate as a fraction; 0 where there is no sales account."""
        code = self.vat_code
        return ZERO if code is None else Decimal(code.rate)

    @property
    def exact_net(self) -> Decimal:
        """The net amount before any rounding; 0 without product, account, quantity or price."""
        if self.account is None or self.quantity is None or self.product_unit_price is None:
            return ZERO
        usual = getattr(self.order.customer, "allowance", None) or ZERO
        allowance = usual if self.allowance is None else self.allowance
        return Decimal(self.quantity * self.product_unit_price * (1 - Decimal(allowance) / 100))

    @property
    def net_amount(self) -> Decimal:
        """The net amount as shown."""
        return ore(self.exact_net)

    @property
    def vat_amount(self) -> Decimal:
        """The VAT as shown."""
        by_net = self.books.faults.rounding == "line_net"
        return ore((self.net_amount if by_net else self.exact_net) * self.rate)

    @property
    def total_amount(self) -> Decimal:
        """The gross amount as shown."""
        return self.net_amount + self.vat_amount


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
