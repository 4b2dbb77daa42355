"""The call for what is posted in the general ledger."""

from typing import Any

from woo2po.sandbox.go_calls import Answer, Call, endpoint, listed
from woo2po.sandbox.go_documents import Posting
from woo2po.sandbox.go_shapes import TRANSACTION


@endpoint(
    "GET", "/AccountTransactions", "AccountTransaction",
    "fromDate toDate accountNos agricultureDepartments createdDateTimeOffsetGreaterThan"
    " departmentCodes includeSubProject lastChangedDateTimeOffsetGreaterThan productCodes"
    " projectCodes vatCodes voucherNos voucherTypes", pages=True,
)  # fmt: skip
def transactions(call: Call) -> Answer:
    """The postings between two days."""
    since, until = call.needed_day("fromDate"), call.needed_day("toDate")
    rows = (
        _shown(number, posting)
        for number, posting in enumerate(call.view.postings, 1)
        if since <= posting.day <= until and _wanted(call, posting)
    )
    return listed(call, TRANSACTION, rows)


def _wanted(call: Call, posting: Posting) -> bool:
    return (
        call.in_ranges("accountNos", posting.account_no)
        and call.one_of("voucherTypes", posting.voucher_type)
        and call.one_of("vatCodes", posting.vat_code)
        and call.in_ranges("voucherNos", posting.voucher_no)
    )


def _shown(number: int, posting: Posting) -> dict[str, Any]:
    return TRANSACTION.render(
        posting,
        Id=number,
        VoucherDate=posting.day,
        PostingDate=posting.day,
        AccountNo=posting.account_no,
        CurrencyAmount=posting.amount,
        CurrencyCode="NOK",
        IsReversed=False,
    )
