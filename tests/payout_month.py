"""A shop with the recorded month of payouts, and what `payouts` makes of reports: star-imported."""

import json
from pathlib import Path

import pytest
from served import served

MONTH = Path(__file__).parent / "recorded" / "payouts"
EXPECTED = json.loads((MONTH / "expected.json").read_text("utf-8"))["providers"]
WANTED = {one["id"]: one for provider in EXPECTED.values() for one in provider["payouts"]}
KLARNA = tuple(f"klarna-KX7PAA0{n}.csv" for n in range(1, 6))
FORMATS = {
    "vipps-nb": ("vipps-portal-nb.csv",), "vipps-en": ("vipps-portal-en.csv",),
    "vipps-xml": ("vipps-settlement-3.0-net.xml",),
    "vipps-api": ("vipps-ledgers.json", "vipps-report-funds.json", "vipps-report-fees.json"),
    "klarna": KLARNA, "klarna-api": ("klarna-payouts.json", "klarna-transactions.json"),
    "nexi": ("nexi-payouts.json", "nexi-payout-details.json"),
    "stripe": ("stripe-payout_reconciliation.itemized.5.csv",),
    "stripe-api": ("stripe-payouts.json", "stripe-balance_transactions.json"),
}  # fmt: skip
ALL = (*FORMATS["vipps-nb"], *KLARNA, *FORMATS["nexi"], *FORMATS["stripe"])
CLEARING = {"vipps": 1903, "klarna": 1904, "nexi": 1901, "stripe": 1905}


@pytest.fixture
def month(tmp_path):
    """A shop with the month's orders, and a company that books payouts of all four."""
    with served(tmp_path, []) as both:
        for order in document("orders"):
            both.shop.put(order, ())
        keys = {"book": True, "bank_account": 1920, "fee_vat_account": 7770}
        named = ("payouts.vipps", "payouts.klarna", "payouts.nexi", "payouts.stripe")
        accounts = zip(named, CLEARING.values(), strict=True)
        both.configure({name: {**keys, "clearing_account": number} for name, number in accounts})
        yield both


def told(job, *files, code=0):
    """Return what the command says of reports as an object."""
    paths = [file if file == "--dry-run" else str(MONTH / file) for file in files]
    done = job.woo2po("payouts", *paths, "--json")
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


def states(job, *files, code=0):
    """Return what became of each payout: the code of its reason, or its state."""
    return [one["code"] or one["state"] for one in told(job, *files, code=code)["payouts"]]


def document(name):
    """Return a recorded answer."""
    return json.loads((MONTH / f"{name}.json").read_text("utf-8"))


def put(file, content):
    """Write a text, or JSON, into a file; return it."""
    file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return file


def saved(file, name, *change):
    """Save a report of the month with one text in place of another everywhere."""
    return put(file, (MONTH / name).read_text("utf-8").replace(*change))


def vouchers(job):
    """Return what stands on each account, in øre, by the vouchers of payouts."""
    sums = {}
    for posting in job.go.books.postings:
        sums[posting.account_no] = sums.get(posting.account_no, 0) + int(posting.amount * 100)
    return {number: amount for number, amount in sums.items() if amount}


def same(payout):
    """Tell whether a payout is what is expected of it, lines and matches and all."""
    wanted = WANTED[payout["id"]]
    lines = {line["role"]: line["amount"] for line in payout["lines"]}
    rows = sorted((one["kind"], one["order_id"], one["amount"]) for one in payout["orders"])
    expected = sorted((one["kind"], one["order_id"], one["amount"]) for one in wanted["orders"])
    return (
        lines == {line["role"]: line["amount"] for line in wanted["lines"]}
        and (payout["net"], payout["fee"]) == (wanted["net"], wanted["fee"])
        and payout["date"] == wanted["payout_date"]
        and rows == expected
        and [one["amount"] for one in payout["unmatched"]]
        == [one["amount"] for one in wanted.get("without_order", ())]
    )


SHAPES = {  # a report of each other provider, the shop's order and what is booked of it
    "woopayments": (
        [{"data": [{"id": "po_1", "date": 1791763200000, "type": "deposit", "amount": 9700,
                    "currency": "nok", "automatic": True, "bankAccount": "B"}]},
         [{"date": "2026-10-06 08:12:40", "transaction_id": "txn_1", "payment_id": "pi_1",
           "type": "charge", "amount": 10000, "fees": 300, "net_amount": 9700, "order_id": 9,
           "deposit_id": "po_1", "deposit_currency": "nok"}]],
        {"payment_method": "woocommerce_payments"}, [9700, 300, -10000]),
    "svea": (
        [{"clientReports": [{"clientId": 7, "paymentReport": {
            "sveaPaidAmountIncludingWithholding": 97.5, "openingBalanceDebt": 0.0,
            "closingBalanceDebt": 0.0, "feeAmountExcludingVat": 2.0, "currency": "NOK"},
            "rows": [{"externalOrderNo": "9", "orderDate": "2026-10-05T10:00:00", "sveaOrderNo": 1,
                      "sveaCheckoutId": 1, "nominalAmount": 100.0,
                      "totalFeeAmountExcludingVat": 2.0, "totalFeeVatAmount": 0.5,
                      "rowType": "Order", "deliveryId": 1}]}]}],
        {"payment_method": "svea_checkout"}, [9750, 200, 50, -10000]),
    "paypal": (
        [("Date,Type,Status,Currency,Gross,Fee,Net,Transaction ID\n"
         "10/28/2026,Express Checkout Payment,Completed,NOK,100.00,-3.00,97.00,A1\n"
         "10/30/2026,General Withdrawal,Completed,NOK,-97.00,0,-97.00,B2\n")],
        {"payment_method": "ppcp-gateway", "transaction_id": "A1"}, [9700, 300, -10000]),
}  # fmt: skip


def sold(job, provider, order):
    """Put a shape's order into the shop, and let its payouts be booked."""
    base = document("orders")[0]
    job.shop.put({**base, "id": 9, "number": "9", "total": "100.00", "transaction_id": "",
                  "meta_data": [], **order}, ())  # fmt: skip
    job.configure({f"payouts.{provider}": {"book": True, "bank_account": 1920, "clearing_account":
                                           1905, "fee_vat_account": 7770}})  # fmt: skip
