"""What is posted, in the general and the customers' ledger: orders that are sent, and vouchers."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from woo2po.sandbox.orders import Line, SalesOrder, ore
from woo2po.sandbox.records import ZERO, Record, found, given
from woo2po.sandbox.shapes import Refusal

if TYPE_CHECKING:
    from woo2po.sandbox.books import Books

CUSTOMERS_OWE, VAT_ACCOUNT, ROUNDING_ACCOUNT = 1500, 2700, 7740


class Posting(Record):
    """An amount on a general ledger account, positive for debit; a sale's has its VAT."""

    @classmethod
    def kept(cls, books: "Books", _asked: Mapping[str, str]) -> Mapping[Any, Any]:
        """Return all, numbered in their order."""
        return {place: one.but(id=place) for place, one in enumerate(books.postings, 1)}


def post(voucher: Record, day: date, account: int, amount: Decimal, **more: Any) -> Decimal:
    """Post an amount of an entry or a voucher where there is one; return it."""
    where = {"voucher_no": voucher.voucher_no, "voucher_id": voucher.voucher_id, "day": day}
    where |= {"voucher_type": voucher.voucher_type, "account_no": account}
    if amount or more.get("vat_amount"):
        new = Posting(voucher.books, amount=amount, **where, **more)
        voucher.books.postings.append(new)
    return amount


class Entry(Record):
    """An entry in a customer's sub-ledger: an invoice positive, a payment negative."""

    register = "entries"

    @classmethod
    def of(cls, source: Record, customer_id: int, amount: Decimal, **more: Any) -> Self:
        """Enter an amount of an order or a voucher's line, which is open at first."""
        books, now = source.books, source.books.clock()
        own = {"amount": amount, "balance": amount, "created": now, "changed": now, **more}
        own["custom_matching_reference"] = source.custom_matching_reference
        new = cls(books, id=books.number("entry"), customer_id=customer_id, **own)
        books.entries[new.id] = new
        return new

    def settle(self, other: "Entry") -> None:
        """Match it with another of its customer: each is settled as far as the other one goes."""
        settled = min(abs(self.balance), abs(other.balance))
        number = other.match_id or self.match_id or self.books.number("match")
        fresh = self.match_id is None and other.match_id is None
        whole = fresh and self.currency_amount == -other.currency_amount
        for entry in (self, other):
            sign = 1 if entry.balance > 0 else -1
            entry.balance = ZERO if whole else entry.balance - sign * settled
            entry.match_id, entry.changed = number, self.books.clock()

    def match(self, invoice_no: str | None = None) -> None:
        """Match it with the invoice of a number, else with an opposite one of its reference."""
        if self.books.faults.matching == "none":
            return
        reference, currency = self.custom_matching_reference, self.currency_code
        others = [e for e in self.books.entries.values() if e is not self]
        own = [e for e in others if e.customer_id == self.customer_id]
        numbered = [e for e in own if invoice_no and e.invoice_no == invoice_no]
        owing = [e for e in numbered if e.balance * self.balance < 0]
        alike = [e for e in own if reference and e.custom_matching_reference == reference]
        free = [e for e in alike if e.match_id is None and e.currency_code == currency]
        opposite = [e for e in free if e.currency_amount == -self.currency_amount]
        for other in [*owing, *opposite][:1]:
            self.settle(other)


class OpenItem(Entry):
    """An entry that was open at the end of a day, with what was left of it then."""

    @classmethod
    def kept(cls, books: "Books", asked: Mapping[str, str]) -> Mapping[Any, Any]:
        """Return those that were open."""
        groups: dict[Any, list[Entry]] = defaultdict(list)
        for entry in _until(books, asked):
            groups[entry.match_id or (entry.id,)].append(entry)
        return {row.id: row for group in groups.values() for row in _left(group)}


def _until(books: "Books", asked: Mapping[str, str]) -> list[Entry]:
    day = date.fromisoformat(asked["date"][:10])
    return [entry for entry in books.entries.values() if entry.posting_date <= day]


def _left(matched: list[Entry]) -> list[Entry]:
    paid = {s: sum((abs(e.amount) for e in matched if e.amount * s < 0), ZERO) for s in (1, -1)}
    rows = []
    for entry in matched:
        sign = 1 if entry.amount > 0 else -1
        settled = min(abs(entry.amount), paid[sign])
        paid[sign] -= settled
        rows.append(entry.but(balance=entry.amount - sign * settled))
    return [row for row in rows if row.balance]


class CustomerBalance(Entry):
    """What a customer owed at the end of a day."""

    @classmethod
    def kept(cls, books: "Books", asked: Mapping[str, str]) -> Mapping[Any, Any]:
        """Return one for each customer who had an entry by then."""
        sums: dict[int, Decimal] = defaultdict(Decimal)
        for entry in _until(books, asked):
            sums[entry.customer_id] += entry.amount
        return {key: cls(books, customer_id=key, balance=owed) for key, owed in sums.items()}


# -- invoices --------------------------------------------------------------------------------------


class Invoice(Record):
    """An outgoing invoice or credit note with the order that it was made from."""

    label, register = "Outgoing invoice", "outgoing_invoices"
    order: SalesOrder
    entry: Entry

    @property
    def total_amount(self) -> Decimal:
        """The gross amount in the invoice's currency."""
        return Decimal(self.totals.total)

    @property
    def balance(self) -> Decimal:
        """What is left to pay, in kroner."""
        return Decimal(self.entry.balance)


class InvoiceLine(Line):
    """A line of an invoice."""

    @classmethod
    def kept(cls, books: "Books", asked: Mapping[str, str]) -> Mapping[Any, Any]:
        """Return the lines of the invoice that the path names."""
        invoice = found(books.outgoing_invoices, asked["invoice"].lower(), Invoice.label)
        return {line.place: line for line in invoice.order.lines_in_order}


class Sending(Record):
    """A request to invoice an order, in the queue or done; `due` is None where it is forgotten."""

    label = "Sales order"
    order: SalesOrder
    invoice: Invoice | None

    def __init__(self, order: SalesOrder, **values: Any) -> None:
        state = dict.fromkeys(("invoice", "due", "sent_date_time_offset", "last_error_message"))
        state |= {"is_invoice_being_processed": False, "order": order, "order_id": order.id}
        super().__init__(order.books, **state | values)

    def settle(self) -> None:
        """Carry it out: an invoice, or an error message on a draft."""
        self.books.remember(self.due)
        self.is_invoice_being_processed = False
        try:
            if self.books.faults.send_result == "fails":
                raise self.refused("Kunden støtter ikke lenger mottak av EHF-faktura.")
            if self.delivery_type == "PdfByEmail" and not self.email_address:
                raise self.refused("Kunden har ingen e-postadresse for faktura.")
            self.make_invoice()
        except Refusal as refusal:
            self.last_error_message = refusal.detail

    def make_invoice(self, *, by_hand: bool = False) -> Invoice:
        """Turn the order into a posted invoice or credit note. Raises Refusal."""
        order, books = self.order, self.books
        day = self.voucher_date or books.today()
        books.require_open(day, self)
        _require_complete(order)
        _charge_fee(order)
        del books.sales_orders[order.id]
        for place, line in enumerate(order.lines_in_order, 1):
            line.place, line.product_unit_price = place, line.product_unit_price or 0
            line.posted_on = line.account and line.account.id
        terms = (order.payment_term, order.customer.payment_term, books.payment_days)
        days = next(term for term in terms if term is not None)
        order.delivery_date = order.delivery_date or books.today()
        self.sent_date_time_offset = self.due or books.clock()
        self.invoice = Invoice(
            books, id=order.id if books.faults.invoice_id_is_order_id else books.guid(),
            invoice_no=books.number("invoice number"), order=order, totals=order.totals,
            voucher_date=day, due_date=self.override_due_date or day + timedelta(days=days),
            sent_date_time_offset=self.sent_date_time_offset, created=order.created,
            is_created_by_current_integration=not by_hand, changed=books.clock(),
        )  # fmt: skip
        self.invoice.entry = entry = _post_invoice(self.invoice)
        self.invoice.voucher_no = entry.voucher_no
        books.send_queue[order.id] = self
        return self.invoice.put()


def send(order: SalesOrder, values: Mapping[str, Any]) -> Sending:
    """Put an order into the queue of what is to be invoiced. Raises Refusal."""
    order.require_not_in_queue()
    faults, now = order.books.faults, order.books.clock()
    wait = timedelta(seconds=faults.send_seconds if faults.send_result == "late" else 0)
    due = None if faults.send_result == "no_answer" else now + wait
    state = {"due": due, "is_invoice_being_processed": due is not None}
    new = order.books.send_queue[order.id] = Sending(order, **given(values), **state)
    return new


def _require_complete(order: SalesOrder) -> None:
    if not order.lines:
        raise order.refused("The sales order has no lines.")
    for line in order.lines:
        if line.line_type == "Normal" and line.product_id is not None and line.account is None:
            raise order.refused(f"Line {line.sort_order} has no sales account.")
        needed = line.account is not None and line.account.is_department_required
        if needed and order.department_code in {None, "", "-1"}:
            raise order.refused(f"Department is required on line {line.sort_order}.")


def _charge_fee(order: SalesOrder) -> None:
    books = order.books
    if books.invoice_fee and order.customer.use_invoice_fee and order.totals.total > 0:
        price = {"quantity": 1, "product_unit_price": books.invoice_fee, "allowance": 0}
        fee = {"description": "Fakturagebyr", "product_id": books.product("GEBYR").id, **price}
        order.add_line({"line_type": "InvoiceFee", **fee})


def _post_invoice(invoice: Invoice) -> Entry:
    # The customer owes the total, sales per account and VAT are earned.
    books, order, totals, day = invoice.books, invoice.order, invoice.totals, invoice.voucher_date
    # The invoice keeps the rate of its day.
    rate = order.currency_exchange_rate or books.currencies[order.currency_code]
    order.currency_exchange_rate = rate
    entry = Entry.of(
        order, order.customer_id, ore(totals.total * rate), voucher_id=invoice.id,
        voucher_no=books.number("voucher number"),
        voucher_type="OutgoingInvoice" if totals.total >= 0 else "OutgoingCreditNote",
        voucher_date=day, posting_date=day, due_date=invoice.due_date,
        currency_amount=totals.total, currency_code=order.currency_code,
        invoice_no=str(invoice.invoice_no),
        external_import_reference=order.external_import_reference,
        is_created_by_current_integration=invoice.is_created_by_current_integration,
    )  # fmt: skip
    sales: dict[int, Decimal] = defaultdict(Decimal)  # by account
    for line in order.lines:
        if account := line.account:
            sales[account.account_no] -= ore(line.net_amount * rate)
    vat = {percent: -ore(amount * rate) for percent, amount in totals.vat_by_rate.items()}
    posted = [post(entry, day, CUSTOMERS_OWE, entry.amount), sum(vat.values(), ZERO)]
    for number, amount in sales.items():
        code = books.account(number).vat_code
        # Where several accounts share a rate its VAT stands on the first of them.
        own = {"vat_code": code.code, "vat_rate": code.rate}
        own["vat_amount"] = vat.pop(code.rate * 100, ZERO)
        posted.append(post(entry, day, number, amount, **own))
    post(entry, day, VAT_ACCOUNT, posted[1])
    post(entry, day, ROUNDING_ACCOUNT, -sum(posted, ZERO))
    entry.match()
    return entry


# -- vouchers --------------------------------------------------------------------------------------


class Voucher(Record):
    """A posted voucher of a bank or of cash."""

    label, register = "Voucher", "vouchers"
    lines: "list[VoucherLine]"

    @classmethod
    def made(cls, books: "Books", values: dict[str, Any], _asked: Mapping[str, str] = {}) -> Self:
        """Post one, or nothing."""
        new = cls(books, created=books.clock(), is_created_by_current_integration=True)
        lines = values.pop("voucher_lines", None) or []
        new.change(values)
        if not lines:
            raise new.refused("VoucherLines is required.")
        new.lines = [VoucherLine(books, voucher=new, created=new.created) for _ in lines]
        for line, own in zip(new.lines, lines, strict=True):
            line.change(own)
        if sum((line.currency_amount for line in new.lines), ZERO) != 0:
            raise new.refused("The voucher does not balance: the sum of the lines must be 0.")
        new.id = new.voucher_id = books.guid()
        new.voucher_no, new.voucher_type = books.number("voucher number"), cls.__name__
        for line in new.lines:
            line.post()
        return new.put()

    def _check(self, values: dict[str, Any]) -> None:
        found(self.books.currencies, values["currency_code"], "Currency", "code")
        self.books.require_open(values["voucher_date"], self)
        if self.books.faults.duplicate_voucher_reference != "accepted":
            others = self.books.vouchers.values()
            self._require_free("ExternalImportReference", values, others, "voucher")


class BankJournal(Voucher):
    """A voucher of a bank."""


class CashJournal(Voucher):
    """A voucher of cash, whose lines know no invoice number."""


class VoucherLine(Record):
    """A line of a voucher: positive is debit. `account_id` may be a sub-ledger account's."""

    label = "Voucher"
    voucher: Voucher

    def _check(self, values: dict[str, Any]) -> None:
        books, currency = self.books, self.voucher.currency_code
        books.require_open(values["posting_date"], self)
        found(books.vat_codes, values["vat_id"], "VatCode")
        if not values.get("currency_amount"):
            raise self.refused("CurrencyAmount must be a positive or negative number not 0.")
        amount = values["currency_amount"] = Decimal(values["currency_amount"])
        if amount != ore(amount):
            raise self.refused("CurrencyAmount can have two decimals.")
        if (values.get("currency_code") or currency) != currency:
            raise self.refused("The lines of a voucher must be in the voucher's currency.")
        values["currency_code"] = currency
        if books.customer_of_account(values["account_id"]) is None:
            self._check_account(values)

    def _check_account(self, values: dict[str, Any]) -> None:
        account = found(self.books.accounts, values["account_id"], "Account")
        number = account.account_no
        if number == CUSTOMERS_OWE:
            raise self.refused(f"Account {number} cannot be posted on: use a sub-ledger account.")
        if not account.is_active:
            raise self.refused(f"Account {number} is not active.")
        if account.is_vat_code_locked and account.vat_code_id != values["vat_id"]:
            raise self.refused(f"Account {number} is locked to another VAT code.")
        for kind in ("department", "project"):
            if getattr(account, f"is_{kind}_required"):
                raise self.refused(f"{kind.capitalize()} is required on account {number}.")

    def post(self) -> None:
        """Post it; a customer's is an entry too, and matched."""
        books, voucher = self.books, self.voucher
        self.id = books.number("line")
        rate = self.currency_exchange_rate or books.currencies[self.currency_code]
        amount = ore(self.currency_amount * rate)
        customer = books.customer_of_account(self.account_id)
        account = CUSTOMERS_OWE if customer else books.accounts[self.account_id].account_no
        post(voucher, self.posting_date, account, amount, description=self.description)
        if customer is None:
            return
        entry = Entry.of(
            self, customer.id, amount, voucher_id=voucher.id, voucher_no=voucher.voucher_no,
            voucher_type=voucher.voucher_type, voucher_date=voucher.voucher_date,
            posting_date=self.posting_date, currency_amount=self.currency_amount,
            currency_code=self.currency_code,
            external_import_reference=voucher.external_import_reference,
        )  # fmt: skip
        entry.match(self.invoice_no)
