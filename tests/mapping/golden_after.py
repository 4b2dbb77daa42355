"""What follows recorded orders: invoice, payment and credit notes, as an accountant can read it.

`python -m tests.mapping.golden_after --force` writes them to tests/expected_after. Look each
change over by eye before it is committed: that look is the test.
"""

import json
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.mapping.company import RECORDED, settings
from tests.mapping.golden import _header, _lines, _sums, recorded
from tests.mapping.refunds import TODAY, company, outcome
from woo2po.documents import CreditNote, InvoiceWanted, NotYet, PaymentWanted
from woo2po.holds import Hold
from woo2po.mapping import invoice_of, payment_of
from woo2po.messages import say_both
from woo2po.order import Order, Refund, read_refund
from woo2po.settings import Settings

EXPECTED = Path(__file__).parents[1] / "expected_after"

NAMES = (
    "admin-order-never-paid-date", "cash-local-pickup", "company-invoice-unpaid",
    "completed-next-month", "full-refund", "klarna-return-fee", "partial-refund-amount-only",
    "partial-refund-line", "plugin-pw-gift-card-all", "plugin-pw-gift-card-part",
    "plugin-pw-gift-card-part-refunded", "refunded-by-status", "two-partial-refunds",
    "zero-decimals-refund", "zero-total",
)  # fmt: skip
BASE: dict[str, Any] = {
    "payments": {"register": True, "accounts": {"vipps": 1903, "klarna_payments": 1920},
                 "types": {"cod": "cash"}},
    "gift_cards": {"hidden": "gift_card"},
    "refunds": {"register_payment": "always"},
}  # fmt: skip


def goldens() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of what follows each order."""
    for name in NAMES:
        yield name, "\n".join(_told(name)) + "\n"


def refunds_of(name: str) -> list[Refund]:
    """Return the recorded refunds of an order, as the shop lists them: the newest first."""
    text = (RECORDED / f"{name}.json").read_text("utf-8")
    raw = json.loads(text, parse_float=Decimal).get("refunds") or []
    return [read_refund(one) for one in raw]


def _told(name: str) -> Iterator[str]:
    order = recorded(name)
    yield (f"{name}: order {order.number}, {order.status}, {order.currency} {order.total:.2f}, "
           f"{order.payment_method or 'no payment method'}")  # fmt: skip
    yield ""
    for when in ("completed", "processing"):
        chosen = settings(**BASE, invoices={"create": True, "when": when})
        yield from _invoice(f"Invoice if {when}", invoice_of(order, chosen, company(), TODAY))
    yield from _payment("Payment", payment_of(order, chosen, company(), TODAY))
    yield from _credit_notes(order, refunds_of(name), chosen)


def _credit_notes(order: Order, refunds: list[Refund], chosen: Settings) -> Iterator[str]:
    for refund in sorted(refunds, key=lambda one: one.id):
        yield ""
        yield f"Refund of {refund.amount:.2f}"
        made = outcome(order, *refunds, of=refund.id, chosen=chosen)
        if not isinstance(made, CreditNote):
            yield from _said(made)
            continue
        yield from _header(made.documents.sales_order)
        yield f"             credits invoice {made.documents.sales_order.related_invoice_no}"
        yield ""
        yield from _lines(made.documents.sales_order, company())
        yield ""
        yield from _sums(made.documents.sales_order)
        yield from _invoice("Credit note", made.invoice)
        yield from _payment("Money back", made.payback)
        for note in made.documents.notes:
            yield from _said(Hold(note.code, note.facts))


def _invoice(title: str, made: InvoiceWanted | NotYet | Hold) -> Iterator[str]:
    if isinstance(made, InvoiceWanted):
        credit = title == "Credit note"
        due = f"due {made.due}" if made.due else "due by the payment term"
        due = "nothing due" if credit else due
        yield f"{title:<22}{made.day}, {due}, {made.delivery.value}, {made.email or 'no e-mail'}"
    elif isinstance(made, NotYet):
        yield f"{title:<22}not yet: {made.code}"
    else:
        yield f"{title:<22}HELD"
        yield from _said(made)


def _payment(title: str, made: PaymentWanted | Hold | None) -> Iterator[str]:
    if isinstance(made, Hold):
        yield f"{title:<22}HELD"
        yield from _said(made)
    elif made is None:
        yield f"{title:<22}none"
    else:
        yield (f"{title:<22}{made.day}, {made.currency} {made.amount:.2f}, account "
               f"{made.account_no}, {made.kind.value} journal")  # fmt: skip


def _said(hold: Hold | None) -> Iterator[str]:
    for language in ("en", "nb") if hold else ():
        yield f"  {say_both(hold.code, language, hold.facts)}"


def main() -> int:
    """Write the golden documents; over those that stand there only if told `--force`."""
    if any(EXPECTED.glob("*.txt")) and "--force" not in sys.argv:
        print("tests/expected_after has documents already: --force writes them anew")  # noqa: T201
        return 2
    EXPECTED.mkdir(exist_ok=True)
    for path in EXPECTED.glob("*.txt"):
        path.unlink()
    for name, text in goldens():
        (EXPECTED / f"{name}.txt").write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
