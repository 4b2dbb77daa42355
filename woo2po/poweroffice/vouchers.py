"""Vouchers of PowerOffice Go, and what the customer ledger shows of them.

There is no list of vouchers: one whose answer was lost is recognised in the customer ledger by
the matching references of its lines (PowerOffice facts, sections 4 and 9).
"""

from collections.abc import Sequence
from datetime import date

from woo2po.documents import LedgerEntrySeen, Voucher, VoucherKind, VoucherSeen
from woo2po.poweroffice.bodies import voucher_body
from woo2po.poweroffice.calls import Calls, chunks
from woo2po.poweroffice.fields import LEDGER_FIELDS, ledger_entry_seen, voucher_seen

_JOURNALS = {
    VoucherKind.BANK: "Vouchers/BankJournals",
    VoucherKind.CASH: "Vouchers/CashJournals",
}


class Vouchers:
    """Posts vouchers, and reads them and the customer ledger."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def create(self, doc: Voucher) -> VoucherSeen:
        """Post a voucher. Raises ValueError, before anything leaves, where it does not balance."""
        return voucher_seen(await self._calls.post(_JOURNALS[doc.kind], voucher_body(doc)))

    async def find(self, kind: VoucherKind, voucher_id: str) -> VoucherSeen | None:
        """Return a voucher that this integration posted in a journal, or None."""
        row = await self._calls.row_or_none(f"{_JOURNALS[kind]}/{voucher_id}")
        return None if row is None else voucher_seen(row)

    async def entries(
        self, from_date: date, to_date: date, matching_references: Sequence[str]
    ) -> list[LedgerEntrySeen]:
        """Return the entries of these references that were posted between two days."""
        wanted = dict.fromkeys(matching_references)
        days = {"fromDate": from_date.isoformat(), "toDate": to_date.isoformat()}
        rows = [
            row
            for part in chunks(list(wanted))
            for row in await self._calls.rows(
                "Customerledger/Statement",
                LEDGER_FIELDS,
                {**days, "customMatchingReferences": part},
            )
        ]
        # What the filter makes of an entry that only shares a match with them is not described.
        return [seen for seen in map(ledger_entry_seen, rows) if seen.matching_reference in wanted]
