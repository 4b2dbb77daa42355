"""`demo`: what a newcomer sees first. Run as they run it, and read as they read it."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from served import started
from test_cli import CONTROL

from woo2po.sandbox.shop_orders import recorded, recorded_names

ORDERS_FROM = "2026-09-01"  # of the demo's configuration
WIDTH = 80


def run_in(language):
    begun = time.monotonic()
    process = started("demo", "--language", language, COLUMNS=str(WIDTH))
    return language, process, time.monotonic() - begun


@pytest.fixture(scope="module")
def demos():
    """The demo in both languages, side by side, since most of it is waiting for its turn."""
    with ThreadPoolExecutor() as pool:
        return {done[0]: done for done in pool.map(run_in, ["en", "nb"])}


@pytest.fixture(params=["en", "nb"])
def demo(demos, request):
    """Language, process and seconds of a demo that was run once."""
    return demos[request.param]


def orders():
    return [recorded(name)["order"] for name in recorded_names()]


def is_eligible(order):
    """Say by hand what question 1 says with `processing` listed: in it, or past it."""
    past = order["status"] == "completed" or (
        order["status"] == "refunded" and order["date_paid_gmt"]
    )
    return (order["status"] == "processing" or past) and order["date_created"] >= ORDERS_FROM


def arrived(text):
    """Return what the table says: number and total of each sales order."""
    rows = re.findall(r"^shop_(\S+) .*?  (-?[\d\xa0]+\.\d\d)  ([^\d]+?) *$", text, re.MULTILINE)
    return {
        number: Decimal(total.replace("\xa0", ""))
        for number, total, what in rows
        if what not in {"credit note", "kreditnota"}
    }


def credited(text):
    """Return the totals of the credit notes in the table."""
    rows = re.findall(
        r"^shop_.*?  (-[\d\xa0]+\.\d\d)  kredit?nota|^shop_.*?  (-[\d\xa0]+\.\d\d)  credit note",
        text,
        re.MULTILINE,
    )
    return sorted(Decimal((nb or en).replace("\xa0", "")) for nb, en in rows)


def explained(text):
    """Return the numbers of the orders that did not go, with the code of why."""
    return dict(re.findall(r"^(\S+) — .+ \[(\w+)\]$", text, re.MULTILINE))


def test_the_demo_needs_nothing_and_is_quick(demo):
    """No account, no file, no network: under 15 seconds, exit code 0, and nothing went wrong."""
    _, process, seconds = demo
    assert (process.returncode, process.stderr) == (0, "")
    assert seconds < 15


def test_the_demo_fits_a_terminal_and_a_file(demo):
    """No line is longer than 80 characters, and a file gets no control codes."""
    _, process, _ = demo
    assert [line for line in process.stdout.splitlines() if len(line) > WIDTH] == []
    assert not CONTROL.search(process.stdout.replace("\n", "").replace("\xa0", ""))


def test_every_recorded_order_of_question_1_is_there_or_explained(demo):
    """It stands in the table with what the customer paid, or below with the reason."""
    _, process, _ = demo
    made, why = arrived(process.stdout), explained(process.stdout)
    for order in filter(is_eligible, orders()):
        number = order["number"]
        if number in made:
            assert made[number] == Decimal(order["total"]), number
        else:
            assert number in why or number in REFUNDED_BEFORE, number
    assert not set(made) & set(why)


def test_refunds_of_invoiced_orders_are_credited(demo):
    """By line, by amount, in two parts, with a return fee, in whole kroner."""
    _, process, _ = demo
    amounts = ["-1478.80", "-1249.00", "-379.00", "-249.00", "-249.00", "-150.00"]
    assert credited(process.stdout) == [Decimal(amount) for amount in amounts]


# Refunded in full before anything was sent: counted, since nothing of them is anywhere.
REFUNDED_BEFORE = {
    order["number"] for order in orders() if is_eligible(order) and order["status"] == "refunded"
}


def test_no_other_order_is_there(demo):
    """What has a status that is not transferred stays in the shop."""
    _, process, _ = demo
    others = {order["number"] for order in orders() if not is_eligible(order)}
    assert others
    assert not others & (set(arrived(process.stdout)) | set(explained(process.stdout)))


def test_what_is_held_is_held_for_a_reason_that_is_right(demo):
    """Sweden's VAT, totals that a hidden gift card lowered, two taxes on one line: no more."""
    _, process, _ = demo
    assert explained(process.stdout) == {
        "42": "foreign_vat",
        "1031": "total_below_lines",
        "1032": "total_below_lines",
        "2076": "total_below_lines",
        "2084": "two_rates_at_once",
    }


def test_the_demo_says_what_it_did_and_what_comes_next(demo):
    """It begins with what is on show, and ends with counts and the next thing to type."""
    language, process, _ = demo
    text = " ".join(process.stdout.split())
    assert str(len(orders())) in text
    made = len(arrived(process.stdout)) + len(credited(process.stdout))
    assert f"{made} " in text.rpartition("—")[2]
    assert "config.example.toml" in text
    assert "woo2po run --dry-run" in text
    again = {
        "en": "0 more with the second run, 0 with the third",
        "nb": "0 til med andre kjøring, 0 med tredje",
    }
    assert again[language] in text
    assert ("kom fram" in text) == (language == "nb")
