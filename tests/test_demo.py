"""`demo`: what a newcomer sees first. Run as they run it, and read as they read it."""

import re
from decimal import Decimal

import pytest
from served import in_no_time, invoked, started
from test_cli import CONTROL

from woo2po.sandbox.shop_orders import recorded, recorded_names

ORDERS_FROM = "2026-09-01"  # of the demo's configuration
WIDTH = 80


@pytest.fixture(scope="module", params=["en", "nb"])
def demo(request):
    """Language and text of a demo; in English as a newcomer runs it, in a process of its own."""
    typed = ("demo", "--language", request.param)
    if request.param == "en":
        process = started(*typed, COLUMNS=str(WIDTH))
        assert (process.returncode, process.stderr) == (0, "")
        return request.param, process.stdout
    with in_no_time({}):
        done = invoked(*typed)
    assert (done.exit_code, done.stderr) == (0, "")
    return request.param, done.stdout


def orders():
    return [recorded(name)["order"] for name in recorded_names()]


def is_eligible(order):
    """Say by hand what question 1 says with `processing` listed: in it, or past it."""
    past = order["status"] == "completed" or (
        order["status"] == "refunded" and order["date_paid_gmt"]
    )
    return (order["status"] == "processing" or past) and order["date_created"] >= ORDERS_FROM


AMOUNT = r"(-?[\d\xa0]+[.,]\d\d)"


def amount(text):
    return Decimal(text.replace("\xa0", "").replace(",", "."))


def drafts(text):
    """Return what the first table says: number and total of each sales order."""
    rows = re.findall(rf"^ +\d+  shop_(\S+) .*  {AMOUNT}$", text, re.MULTILINE)
    return {number: amount(total) for number, total in rows}


def documents(text):
    """Return invoices and credit notes: number, what it credits, order, total, account, open."""
    row = rf"^ +(\d{{5}}) +(\d*)  shop_(\S+) +[\d.-]{{10}} +{AMOUNT} +{AMOUNT} +(\d*) +{AMOUNT}$"
    return [
        (number, credits_, order, amount(total), account, amount(left))
        for number, credits_, order, _, total, account, left in re.findall(row, text, re.MULTILINE)
    ]


def arrived(text):
    """Return number and total of what stands there of each order, drafted or invoiced."""
    return drafts(text) | {row[2]: row[3] for row in documents(text) if not row[1]}


def credited(text):
    """Return the totals of the credit notes."""
    return sorted(row[3] for row in documents(text) if row[1])


def ledger(text, title):
    """Return the rows of a ledger: name, and figures."""
    lines = text.split(f"\n{title}\n")[1].split("\n\n")[0].splitlines()[2:]
    return {re.split("  +", line)[0]: [amount(a) for a in re.findall(AMOUNT, line)]
            for line in lines}  # fmt: skip


def explained(text):
    """Return the numbers of the orders that did not go, with the code of why."""
    groups = re.findall(r"^(\S.*) — .+ \[(\w+)\]$", text, re.MULTILINE)
    return {number: code for numbers, code in groups for number in numbers.split(", ")}


def test_the_demo_needs_nothing_and_fits_a_terminal_and_a_file(demo):
    """No account, no file, no network; at most 80 characters a line, no control codes; amounts
    with a point in English, with a comma in Norwegian.
    """
    language, text = demo
    assert [line for line in text.splitlines() if len(line) > WIDTH] == []
    assert not CONTROL.search(text.replace("\n", "").replace("\xa0", ""))
    amounts = re.findall(rf"(?<![\d\xa0.,:]){AMOUNT}(?![\d.,])", text)
    other = "," if language == "en" else "."
    assert len(amounts) > 100
    assert [found for found in amounts if other in found] == []


# Refunded in full before anything was sent: counted, since nothing of them is anywhere.
REFUNDED_BEFORE = {
    order["number"] for order in orders() if is_eligible(order) and order["status"] == "refunded"
}


def test_every_recorded_order_of_question_1_is_there_or_explained_and_no_other(demo):
    """It stands in the table with what the customer paid, or below with a reason that is right."""
    made, why = arrived(demo[1]), explained(demo[1])
    assert not made.keys() & why.keys()
    for order in orders():
        number = order["number"]
        if not is_eligible(order):
            assert number not in {*made, *why}
        elif number in made:
            assert made[number] == Decimal(order["total"]), number
        else:
            assert number in why or number in REFUNDED_BEFORE, number
    # Sweden's VAT, totals that a hidden gift card lowered, two taxes on one line: no more.
    below = dict.fromkeys(("1031", "1032", "2076"), "total_below_lines")
    assert why == {"42": "foreign_vat", **below, "2084": "two_rates_at_once"}


def test_refunds_of_invoiced_orders_are_credited(demo):
    """By line, by amount, in two parts, with a return fee, in whole kroner."""
    assert all(row[1] for row in documents(demo[1]) if row[3] < 0)
    amounts = ["-1478.80", "-1249.00", "-379.00", "-249.00", "-249.00", "-150.00"]
    assert credited(demo[1]) == [Decimal(amount) for amount in amounts]


LEDGERS = {"en": ("General ledger", "Customers' ledger"), "nb": ("Hovedbok", "Kundereskontro")}


def test_the_ledgers_can_be_added_up_and_are_those_of_the_documents(demo):
    """Debit is credit; each row is the difference of its sides; what 1500 says, customers owe; and
    what they were charged, and owe, are the invoices and credit notes, to the øre.
    """
    language, text = demo
    general, own = (ledger(text, title) for title in LEDGERS[language])
    *accounts, (debit, credit, balance) = general.values()
    assert debit == credit == sum(row[0] for row in accounts)
    assert balance == sum(row[2] for row in accounts) == 0
    assert all(d - c == left for d, c, left in accounts)
    *customers, last = own.values()
    assert last == [sum(column) for column in zip(*customers, strict=True)]
    assert last[3] == sum(last[:3]) == general["1500 Kundefordringer"][2]
    rows = documents(text)
    assert last[0] == sum(row[3] for row in rows if not row[1])
    assert last[1] == sum(row[3] for row in rows if row[1])
    assert last[3] == sum(row[5] for row in rows)


def test_what_is_paid_is_closed_and_what_is_open_is_explained(demo):
    """An account beside it, or a balance with the reason below: never both, never neither."""
    _, text = demo
    for number, _, _, _, account, left in documents(text):
        assert bool(account) == (left == 0), number
        assert bool(left) == bool(re.search(rf"{left} (of invoice|på faktura) {number}", text))


def test_the_demo_says_what_it_did_and_what_comes_next(demo):
    """It begins with what is on show, and ends with counts and the next thing to type."""
    language, shown = demo
    text = " ".join(shown.split())
    assert str(len(orders())) in text
    made = len(arrived(shown)) + len(credited(shown))
    assert f"{made} " in text.rpartition("—")[2]
    assert "woo2po init" in text
    assert "woo2po run --dry-run" in text
    again = {
        "en": "0 more with the second run, 0 with the third",
        "nb": "0 til med andre kjøring, 0 med tredje",
    }
    assert again[language] in text
    assert ("kom fram" in text) == (language == "nb")
