"""What stands in PowerOffice's books, as its long lists show it: values for the month's proof."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class BookedDocument:
    """An invoice or credit note, or with no `invoice_no` a draft of one.

    `net` and `total` are in the document's currency, `balance` (what is left to pay) in the
    company's. `day` is the invoice date; a draft has none. `credits_invoice` is the number of
    the invoice that a credit note names.
    """

    id: str
    reference: str
    matching_reference: str
    invoice_no: int | None
    day: date | None
    net: Decimal
    total: Decimal
    currency: str
    balance: Decimal | None = None
    credits_invoice: int | None = None


@dataclass(frozen=True, slots=True)
class Transaction:
    """A posting in the general ledger, in the company's currency; `amount` positive for debit.

    `vat_rate` in percent, `vat` (as signed as `amount`) and `vat_code` (SAF-T's; "" where none is
    told) stand where a sale was posted.
    """

    voucher_id: str
    account_no: int
    day: date
    amount: Decimal
    description: str
    vat_rate: Decimal | None = None
    vat: Decimal | None = None
    vat_code: str = ""


@dataclass(frozen=True, slots=True)
class OpenEntry:
    """What is open on a customer, in the company's currency; `invoice_no` None: a payment."""

    reference: str
    matching_reference: str
    invoice_no: str | None
    day: date
    due: date | None
    balance: Decimal


@dataclass(frozen=True, slots=True)
class NumberedDocument:
    """A draft or an invoice, whoever made it, with what may tell which order of a shop it is.

    `number` is the invoice's, or the sales order's of a draft. `texts` is what stands in the
    fields where an order's number is written; anybody's words, which are never shown.
    """

    id: str
    is_invoice: bool
    number: int | None
    reference: str
    matching_reference: str
    imported_order_no: int | None
    texts: frozenset[str]
    total: Decimal
