"""A shop with the recorded month of payouts, and what `payouts` makes of reports: star-imported."""

import json
from contextlib import contextmanager
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


def booked(clearing_account, **more):
    """Return a provider's section for payouts that are booked."""
    accounts = {"bank_account": 1920, "fee_vat_account": 7770, "clearing_account": clearing_account}
    return {"book": True, **accounts, **more}


@contextmanager
def shop_of_the_month(folder):
    """Give a shop with the month's orders, and a company that books payouts of all four."""
    with served(folder, []) as both:
        for order in document("orders"):
            both.shop.put(order, ())
        both.configure({f"payouts.{name}": booked(number) for name, number in CLEARING.items()})
        yield both


@pytest.fixture
def month(tmp_path):
    with shop_of_the_month(tmp_path) as both:
        yield both


def told(job, *files, code=0):
    """Return what the command says of reports as an object; words may be among them."""
    words = [MONTH / file if (MONTH / file).is_file() else file for file in files]
    done = job.woo2po("payouts", *map(str, words), "--json")
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


def states(job, *files, code=0):
    """Return what became of each payout: the code of its reason, or its state."""
    return [one["code"] or one["state"] for one in told(job, *files, code=code)["payouts"]]


def apart(found):
    """Return what is open of no order, by its kind."""
    return {one["kind"]: one["amount"] for one in found["open"] if not one["order_id"]}


def of_status(job):
    """Return what `status` says of each provider's payouts."""
    return json.loads(job.woo2po("status", "--json").stdout)["payouts"]


def document(name):
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
    wanted |= {"date": wanted["payout_date"], "unmatched": wanted.get("without_order", ())}

    def told_of(one):
        rows = sorted((row["kind"], row["order_id"], row["amount"]) for row in one["orders"])
        lines = {line["role"]: line["amount"] for line in one["lines"]}
        unmatched = [row["amount"] for row in one["unmatched"]]
        return one["net"], one["fee"], one["date"], lines, rows, unmatched

    return told_of(payout) == told_of(wanted)


OTHERS = {  # reports of each other provider, the shop's order and what is booked of it
    "woopayments": (("small-woopayments-deposits.json", "small-woopayments-transactions.json"),
                    {"payment_method": "woocommerce_payments"}, [9700, 300, -10000]),
    "svea": (("small-svea-2026-10-30.json",),
             {"payment_method": "svea_checkout"}, [9750, 200, 50, -10000]),
    "paypal": (("small-paypal-activity.csv",),
               {"payment_method": "ppcp-gateway", "transaction_id": "A1"}, [9700, 300, -10000]),
}  # fmt: skip


def sold(job, provider, order):
    """Put an order of another provider's into the shop, and let its payouts be booked."""
    base = document("orders")[0]
    job.shop.put({**base, "id": 9, "number": "9", "total": "100.00", "transaction_id": "",
                  "meta_data": [], **order}, ())  # fmt: skip
    job.configure({f"payouts.{provider}": booked(1905)})
