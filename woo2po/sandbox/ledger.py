"""Posting in the general ledger and the customers' sub-ledger, matching, vouchers; the calls."""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from woo2po.sandbox import shapes
from woo2po.sandbox.asgi import Response
from woo2po.sandbox.calls import Call, answered, endpoint, found, listed
from woo2po.sandbox.objects import (
    ZERO,
    Entry,
    Posting,
    SalesOrder,
    Totals,
    VatCode,
    Voucher,
    VoucherLine,
    ore,
)
from woo2po.sandbox.shapes import NotFound, Refusal, Shape, assign

if TYPE_CHECKING:
    from woo2po.sandbox.books import Books

TITLE = "Voucher validation error(s)"
VAT_ACCOUNT, ROUNDING_ACCOUNT = 2700, 7740


def post_invoice(
    books: "Books",
    order: SalesOrder,
    totals: Totals,
    ids: tuple[str, int],
    days: tuple[date, date],
    *,
    by_hand: bool,
) -> Entry:
    """Post an invoice: the customer owes the total, sales per account and VAT are earned.

    `ids` are the invoice's id and number, `days` its voucher and due date.
    """
    # The invoice keeps the rate of its day.
    rate = order.currency_exchange_rate or books.currencies[order.currency_code]
    order.currency_exchange_rate = rate
    number = books.number("voucher number")
    kind = "OutgoingInvoice" if totals.total >= 0 else "OutgoingCreditNote"
    amount = ore(totals.total * rate)
    entry = Entry(
        books.number("entry"), order.customer_id, ids[0], number, kind, days[0], days[0],
        amount, amount, totals.total, order.currency_code, days[1], invoice_no=ids[1],
        custom_matching_reference=order.custom_matching_reference,
        external_import_reference=order.external_import_reference,
        is_created_by_current_integration=not by_hand,
        created=books.now(), changed=books.now(),
    )  # fmt: skip
    books.postings += _invoice_postings(entry, order, totals, rate)
    books.entries[entry.id] = entry
    _match_by_reference(books, entry)
    return entry


def _invoice_postings(
    entry: Entry, order: SalesOrder, totals: Totals, rate: Decimal
) -> list[Posting]:
    """Return what an invoice is posted as: the debt, sales per account, VAT, and the rounding."""
    post = partial(
        Posting, entry.voucher_no, entry.posting_date,
        voucher_id=entry.voucher_id, voucher_type=entry.voucher_type,
    )  # fmt: skip
    sales: dict[int, Decimal] = {}
    codes: dict[int, VatCode] = {}
    for line in order.lines:
        if line.account is not None and line.vat_code is not None:
            account = line.account.account_no
            sales[account] = sales.get(account, ZERO) - ore(line.net_amount * rate)
            codes[account] = line.vat_code
    vat = {percent: -ore(amount * rate) for percent, amount in totals.vat_by_rate.items()}
    posted = [post(1500, entry.amount)]
    left = dict(vat)
    for account, amount in sales.items():
        code = codes[account]
        # Where several accounts share a rate its VAT stands on the first of them.
        own = left.pop(code.rate * 100, ZERO)
        posted.append(post(account, amount, vat_code=code.code, vat_rate=code.rate, vat_amount=own))
    posted.append(post(VAT_ACCOUNT, sum(vat.values(), ZERO)))
    posted.append(post(ROUNDING_ACCOUNT, -sum((one.amount for one in posted), ZERO)))
    return [one for one in posted if one.amount or one.vat_amount]


def post_voucher(
    books: "Books", kind: str, head: dict[str, Any], lines: list[dict[str, Any]]
) -> Voucher:
    """Post a bank or cash voucher, or nothing; raises Refusal, NotFound."""
    _check_head(books, head, lines)
    for line in lines:
        _check_line(books, head, line)
    if sum((Decimal(line["currency_amount"]) for line in lines), ZERO) != 0:
        raise Refusal(TITLE, "The voucher does not balance: the sum of the lines must be 0.")
    new = Voucher(books.guid(), books.number("voucher number"), kind, head["voucher_date"])
    new.created = books.now()
    assign(new, head)
    for line in lines:
        row = VoucherLine(books.number("line"), 0, new.voucher_date, 0, ZERO, created=books.now())
        assign(row, line, given=True)
        row.currency_amount = Decimal(row.currency_amount)
        new.lines.append(row)
        _post_line(books, new, row)
    books.vouchers[new.id] = new
    return new


def _check_head(books: "Books", head: dict[str, Any], lines: list[dict[str, Any]]) -> None:
    books.require_currency(head["currency_code"])
    books.require_open(head["voucher_date"], TITLE)
    if not lines:
        raise Refusal(TITLE, "VoucherLines is required.")
    reference = head.get("external_import_reference")
    if not reference or books.faults.duplicate_voucher_reference == "accepted":
        return
    for other in books.vouchers.values():
        if other.external_import_reference == reference:
            used = f"'{reference}' is used on (voucher) Id = {other.id}."
            raise Refusal(TITLE, f"ExternalImportReference is already in use. {used}")


def _check_line(books: "Books", head: dict[str, Any], line: dict[str, Any]) -> None:
    books.require_open(line["posting_date"], TITLE)
    found(books.vat_codes, line["vat_id"], "VatCode")
    if not line.get("currency_amount"):
        raise Refusal(TITLE, "CurrencyAmount must be a positive or negative number not 0.")
    if Decimal(line["currency_amount"]) != ore(Decimal(line["currency_amount"])):
        raise Refusal(TITLE, "CurrencyAmount can have two decimals.")
    if (line.get("currency_code") or head["currency_code"]) != head["currency_code"]:
        raise Refusal(TITLE, "The lines of a voucher must be in the voucher's currency.")
    for kind in ("department", "project", "location"):
        books.dimension(kind, line)
    if books.customer_of_account(line["account_id"]) is None:
        _check_account(books, line)


def _check_account(books: "Books", line: dict[str, Any]) -> None:
    account = found(books.accounts, line["account_id"], "Account")
    number = account.account_no
    if account.subledger_only:
        raise Refusal(TITLE, f"Account {number} cannot be posted on: use a sub-ledger account.")
    if not account.is_active:
        raise Refusal(TITLE, f"Account {number} is not active.")
    if account.is_vat_code_locked and account.vat_code_id != line["vat_id"]:
        raise Refusal(TITLE, f"Account {number} is locked to another VAT code.")
    if account.is_department_required and line.get("department_id") in {None, -1}:
        raise Refusal(TITLE, f"Department is required on account {number}.")
    if account.is_project_required and line.get("project_id") in {None, -1}:
        raise Refusal(TITLE, f"Project is required on account {number}.")


def _post_line(books: "Books", voucher: Voucher, line: VoucherLine) -> None:
    currency = voucher.currency_code
    rate = line.currency_exchange_rate or books.currencies[currency]
    amount = ore(line.currency_amount * rate)
    customer = books.customer_of_account(line.account_id)
    number = 1500 if customer else books.accounts[line.account_id].account_no
    at = (voucher.voucher_no, line.posting_date, number, amount)
    books.postings.append(Posting(*at, voucher.id, voucher.kind, line.description))
    if customer is None:
        return
    entry = Entry(
        books.number("entry"), customer.id, voucher.id, voucher.voucher_no, voucher.kind,
        voucher.voucher_date, line.posting_date, amount, amount, line.currency_amount, currency,
        custom_matching_reference=line.custom_matching_reference,
        external_import_reference=voucher.external_import_reference,
        is_created_by_current_integration=voucher.is_created_by_current_integration,
        created=books.now(), changed=books.now(),
    )  # fmt: skip
    books.entries[entry.id] = entry
    if not _match_by_invoice(books, entry, line.invoice_no):
        _match_by_reference(books, entry)


def _match_by_reference(books: "Books", entry: Entry) -> None:
    reference = entry.custom_matching_reference
    if not reference or books.faults.matching == "none":
        return
    for other in books.entries.values():
        meant = other is not entry and other.custom_matching_reference == reference
        same = (other.customer_id, other.currency_code) == (entry.customer_id, entry.currency_code)
        opposite = other.match_id is None and other.currency_amount == -entry.currency_amount
        if meant and same and opposite:
            match(books, entry, other)
            return


def _match_by_invoice(books: "Books", entry: Entry, invoice_no: str | None) -> bool:
    if not invoice_no or books.faults.matching == "none":
        return False
    for other in books.entries.values():
        same = str(other.invoice_no) == invoice_no and other.customer_id == entry.customer_id
        if same and other.balance * entry.balance < 0:
            match(books, entry, other)
            return True
    return False


def match(books: "Books", one: Entry, other: Entry) -> None:
    """Match two entries of one customer: each is settled as far as the other one goes."""
    settled = min(abs(one.balance), abs(other.balance))
    number = other.match_id or one.match_id or books.number("match")
    fresh = one.match_id is None and other.match_id is None
    whole = fresh and one.currency_amount == -other.currency_amount
    for entry in (one, other):
        sign = 1 if entry.balance > 0 else -1
        entry.balance = ZERO if whole else entry.balance - sign * settled
        entry.match_id, entry.changed = number, books.now()


# -- the calls


def _shown_voucher(voucher: Voucher, shape: Shape) -> dict[str, Any]:
    own, common = voucher.lines, voucher.currency_code
    rows = [shape.render(line, CurrencyCode=line.currency_code or common) for line in own]
    return shapes.VOUCHER.render(voucher, VoucherLines=rows)


def _post(call: Call, kind: str, shape: Shape) -> Response:
    head = call.bound(shapes.VOUCHER)
    lines = [call.part(shape, line) for line in head.pop("voucher_lines", None) or []]
    return answered(201, _shown_voucher(post_voucher(call.books, kind, head, lines), shape))


def _voucher(call: Call, kind: str, shape: Shape) -> Response:
    key = call.guid()
    voucher = found(call.view.vouchers, key, "Voucher")
    if voucher.kind != kind or not voucher.is_created_by_current_integration:
        raise NotFound(f"Voucher with id = {key} not found.")
    return answered(200, _shown_voucher(voucher, shape))


# A cash voucher's lines know no invoice number.
for _kind, _lines in {"Bank": shapes.BANK_LINE, "Cash": shapes.CASH_LINE}.items():
    _path, _role = f"/Vouchers/{_kind}Journals", f"{_kind}Voucher_Full"
    _journal = f"{_kind}Journal"
    endpoint("POST", _path, _role)(partial(_post, kind=_journal, shape=_lines))
    endpoint("GET", _path + "/{id}", _role)(partial(_voucher, kind=_journal, shape=_lines))


def _shown_entry(books: "Books", entry: Entry) -> dict[str, Any]:
    customer = books.customers[entry.customer_id]
    return shapes.ENTRY.render(
        entry,
        CustomerAccountNo=customer.number,
        CustomerName=customer.shown_name,
        InvoiceNo=None if entry.invoice_no is None else str(entry.invoice_no),
    )


def _balances(books: "Books", day: date) -> dict[int, Decimal]:
    """Return what was left of each entry at the end of a day, by its id; 0 is left out."""
    groups: dict[tuple[str, int], list[Entry]] = {}
    for entry in sorted(books.entries.values(), key=lambda one: one.id):
        if entry.posting_date <= day:
            key = ("match", entry.match_id) if entry.match_id else ("entry", entry.id)
            groups.setdefault(key, []).append(entry)
    left = {}
    for group in groups.values():
        paid = {
            sign: sum((abs(e.amount) for e in group if e.amount * sign < 0), ZERO)
            for sign in (1, -1)
        }
        for entry in group:
            sign = 1 if entry.amount > 0 else -1
            settled = min(abs(entry.amount), paid[sign])
            paid[sign] -= settled
            left[entry.id] = entry.amount - sign * settled
    return {id_: balance for id_, balance in left.items() if balance}


@endpoint("GET", "/Customerledger/OpenItems", "CustomerLedger", pages=True)
def _open_items(call: Call) -> Response:
    """The entries that were open at the end of a day."""
    call.need_days("date")
    day = date.fromisoformat((call.text("date") or "")[:10])
    left = _balances(call.view, day)
    shown = ((_shown_entry(call.view, call.view.entries[id_]), left[id_]) for id_ in left)
    rows = ({**row, "Balance": balance} for row, balance in shown)
    return listed(call, shapes.ENTRY, rows)


@endpoint("GET", "/Customerledger/CustomerBalances", "CustomerLedger", pages=True)
def _customer_balances(call: Call) -> Response:
    """What each customer owed at the end of a day."""
    call.need_days("date")
    day = date.fromisoformat((call.text("date") or "")[:10])
    sums: dict[int, Decimal] = {}
    for entry in call.view.entries.values():
        if entry.posting_date <= day:
            sums[entry.customer_id] = sums.get(entry.customer_id, ZERO) + entry.amount
    named = ((call.view.customers[id_], balance) for id_, balance in sums.items())
    rows = (
        {"CustomerId": one.id, "CustomerAccountNo": one.number, "CustomerName": one.shown_name}
        | {"Balance": balance}
        for one, balance in named
    )
    return listed(call, shapes.BALANCE, rows)


@endpoint("GET", "/Customerledger/Statement", "CustomerLedger", pages=True)
def _statement(call: Call) -> Response:
    """The entries posted between two days, with the balances of now."""
    call.need_days("fromDate", "toDate")
    entries = call.view.entries.values()
    return listed(call, shapes.ENTRY, (_shown_entry(call.view, e) for e in entries))


@endpoint("GET", "/AccountTransactions", "AccountTransaction", pages=True)
def _transactions(call: Call) -> Response:
    """The postings between two days."""
    call.need_days("fromDate", "toDate")
    rows = (shapes.TRANSACTION.render(one, Id=n) for n, one in enumerate(call.view.postings, 1))
    return listed(call, shapes.TRANSACTION, rows)
