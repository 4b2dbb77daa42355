"""`demo`: what a newcomer sees first. Run as they run it, and read as they read it.

`python tests/screens.py --write` writes it anew, beside the screens of `status`: that a person
reads the difference is the test of its figures.
"""

import re
from decimal import Decimal

import pytest
import screens
from served import started
from test_cli import CONTROL

from woo2po.sandbox.shop_orders import recorded, recorded_names

ORDERS_FROM = "2026-09-01"  # of the demo's configuration
# Sweden's VAT, totals that a hidden gift card lowered, two taxes on one line: no more.
HELD = {"42": "foreign_vat", "1031, 1032, 2076": "total_below_lines", "2084": "two_rates_at_once"}


@pytest.mark.parametrize("language", screens.LANGUAGES)
def test_the_demo_is_the_one_that_was_looked_over(language):
    """No account, no file, no network; in English as a newcomer runs it, in a process of its own.
    It fits a terminal and a file: 80 characters a line, no control codes.
    """
    text = screens.demo(language)
    assert text == (screens.EXPECTED / f"demo.{language}.txt").read_text("utf-8")
    assert max(map(len, text.splitlines())) <= 80
    assert not CONTROL.search(text.replace("\n", "").replace("\xa0", ""))
    if language == "en":
        process = started("demo", "--language", "en", COLUMNS="80")
        assert (process.returncode, process.stderr) == (0, "")
        # There a draft may overtake another, and have its number.
        assert process.stdout.splitlines()[-9:] == text.splitlines()[-9:]


def is_eligible(order):
    """Say by hand what question 1 says with `processing` listed: in it, or past it. What was
    refunded in full before anything was sent is counted, since nothing of it is anywhere.
    """
    in_time = order["date_created"] >= ORDERS_FROM
    return order["status"] in {"processing", "completed"} and in_time


def test_every_recorded_order_of_question_1_is_there_or_explained_and_no_other():
    text = (screens.EXPECTED / "demo.en.txt").read_text("utf-8")
    assert dict(re.findall(r"(?m)^(\S.*) — held \[(\w+)\]$", text)) == HELD
    for order in (recorded(name)["order"] for name in recorded_names()):
        number, total = order["number"], f"{Decimal(order['total']):,.2f}".replace(",", "\xa0")
        rows = re.findall(rf"(?m)^ +\d+ +shop_{number} .*", text)
        if is_eligible(order) and number not in ", ".join(HELD).split(", "):
            (row,) = rows
            assert f"  {total}" in row, number
        else:
            assert rows == [], number
