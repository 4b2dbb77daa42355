"""What a person can do in the built-in PowerOffice by hand: as accountant, and as administrator."""

from collections.abc import Sequence

from woo2po.accountant import accounts, customers, drafts, invoices, why_open
from woo2po.desk.typed import Command, NotSo, amount, day, whole_number
from woo2po.messages import say
from woo2po.messages.message import Language
from woo2po.report import kroner
from woo2po.sandbox.go import Go
from woo2po.sandbox.go_documents import Invoice, SalesOrder
from woo2po.sandbox.shop import ShopSite

SEND = "send"  # granted by PowerOffice itself, not a role
PRIVILEGES = {
    "orders": "SalesOrders_Full",
    "invoices": "OutgoingInvoice_Full",
    "bank": "BankVoucher_Full",
    "cash": "CashVoucher_Full",
    "ledger": "CustomerLedger_Full",
}


class BooksDesk:
    """The commands that show and change PowerOffice.

    A draft is named by its number there or its reference, an invoice by its number.
    """

    def __init__(self, go: Go, shop: ShopSite, language: Language) -> None:
        self._go = go
        self._books = go.books
        self._shop = shop
        self._language = language

    def commands(self) -> dict[str, Command]:
        """Return the commands by name."""
        return {
            "documents": Command("[NUMBER]", "help_documents", self._documents),
            "ledger": Command("", "help_ledger", self._ledger),
            "invoice": Command("DRAFT", "help_invoice", self._invoice),
            "edit-draft": Command("DRAFT", "help_edit_draft", self._edit_draft),
            "delete-draft": Command("DRAFT", "help_delete_draft", self._delete_draft),
            "credit": Command("INVOICE", "help_credit", self._credit),
            "receive": Command("INVOICE [AMOUNT]", "help_receive", self._receive),
            "grant": Command("[PRIVILEGE]", "help_grant", self._grant),
            "revoke": Command("PRIVILEGE", "help_revoke", self._revoke),
            "lock": Command("DATE", "help_lock", self._lock),
        }

    def _documents(self, words: Sequence[str]) -> str:
        self._books.settle_queue()
        of = words[0] if words else ""
        shown = [part(self._books, self._language, of) for part in (drafts, invoices)]
        return "\n\n".join(filter(None, shown)) or say("desk_no_documents", self._language)

    def _ledger(self, _: Sequence[str]) -> str:
        self._books.settle_queue()
        if not self._books.postings:
            return say("desk_no_postings", self._language)
        parts = [
            accounts(self._books, self._language),
            customers(self._books, self._language),
            why_open(self._books, self._shop.orders.values(), self._language),
        ]
        return "\n\n".join(part for part in parts if part)

    def _invoice(self, words: Sequence[str]) -> str:
        made = self._books.invoice_by_hand(self._draft(words[0]).id)
        facts = {
            "invoice": str(made.invoice_no),
            "total": kroner(made.total_amount, self._language),
        }
        return say("desk_invoiced", self._language, facts)

    def _edit_draft(self, words: Sequence[str]) -> str:
        draft = self._draft(words[0])
        line = next(line for line in draft.lines if line.quantity)
        more = (line.quantity or 0) + 1
        self._books.edit_line(draft.id, line.external_import_reference or "", quantity=more)
        facts = {
            "draft": str(draft.sales_order_no),
            "total": kroner(draft.totals().total, self._language),
        }
        return say("desk_draft_edited", self._language, facts)

    def _delete_draft(self, words: Sequence[str]) -> str:
        draft = self._draft(words[0])
        self._books.delete_draft(draft.id)
        return say("desk_draft_deleted", self._language, {"draft": str(draft.sales_order_no)})

    def _credit(self, words: Sequence[str]) -> str:
        invoice = self._sold(words[0])
        note = self._books.credit_invoice(invoice.invoice_no)
        facts = {"note": str(note.invoice_no), "invoice": words[0]}
        return say("desk_credited", self._language, facts)

    def _receive(self, words: Sequence[str]) -> str:
        invoice = self._sold(words[0])
        if invoice.balance <= 0:
            raise NotSo("desk_nothing_open", invoice=words[0])
        paid = amount(words[1]) if len(words) > 1 else invoice.balance
        self._books.register_payment(invoice.invoice_no, paid)
        facts = {
            "invoice": words[0],
            "paid": kroner(paid, self._language),
            "balance": kroner(invoice.balance, self._language),
        }
        return say("desk_received", self._language, facts)

    def _grant(self, words: Sequence[str]) -> str:
        if words:
            self._give(words[0], may=True)
        return self._granted()

    def _revoke(self, words: Sequence[str]) -> str:
        self._give(words[0], may=False)
        return self._granted()

    def _give(self, name: str, *, may: bool) -> None:
        faults = self._go.faults
        if name == SEND:
            faults.may_send = may
        elif name in PRIVILEGES and may:
            faults.privileges.add(PRIVILEGES[name])
        elif name in PRIVILEGES:
            faults.privileges.discard(PRIVILEGES[name])
        else:
            raise NotSo("desk_no_privilege", text=name, known=", ".join((SEND, *PRIVILEGES)))

    def _granted(self) -> str:
        held = [name for name, role in PRIVILEGES.items() if role in self._go.faults.privileges]
        held += [SEND] if self._go.faults.may_send else []
        missing = sorted({SEND, *PRIVILEGES} - {*held})
        facts = {"held": ", ".join(sorted(held)) or "-", "missing": ", ".join(missing) or "-"}
        return say("desk_privileges", self._language, facts)

    def _lock(self, words: Sequence[str]) -> str:
        self._books.lock_date = day(words[0])
        return say("desk_locked", self._language, {"day": words[0]})

    def _draft(self, name: str) -> SalesOrder:
        self._books.settle_queue()
        for draft in self._books.sales_orders.values():
            names = (draft.external_import_reference, draft.customer_reference)
            if name in {str(draft.sales_order_no), *names}:
                return draft
        raise NotSo("desk_no_draft", draft=name)

    def _sold(self, number: str) -> Invoice:
        """Return an invoice that is no credit note."""
        self._books.settle_queue()
        wanted = whole_number(number)
        for invoice in self._books.outgoing_invoices.values():
            if invoice.invoice_no == wanted and invoice.total_amount >= 0:
                return invoice
        raise NotSo("desk_no_invoice", invoice=number)
