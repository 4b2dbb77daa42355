"""`init`: whole dialogues against both stand-ins, and what the written file is good for."""

import errno
import json
import os
import re
import stat
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

import hosts
import pytest
from click.testing import CliRunner
from served import GOES, Served, served
from terminals import AtTerminal
from test_poweroffice_calls import CERTIFICATE

import woo2po.setup  # so that parts of it can be replaced by name
from woo2po import screen
from woo2po.cli import cli
from woo2po.config import load
from woo2po.demo import KEYS
from woo2po.http import NeverLeft
from woo2po.logs import hide
from woo2po.sandbox.records import Product
from woo2po.schedule import NO_PROGRAM
from woo2po.setup.connect import candidates, own_address, tidied
from woo2po.setup.known import Wrong
from woo2po.woocommerce import Site

ORDERS = [GOES, "b2c-two-vat-rates", "coupon-percent"]
EVERY = ["fee-and-rounding", "negative-fee", "gift-card-sold", "sweden-oss", "svalbard",
         "cash-local-pickup", "company-invoice-unpaid", "twelve-percent"]  # fmt: skip


@pytest.fixture
def both(tmp_path):
    """A shop with a few orders, a company with the sandbox's products, and no configuration."""
    with unconfigured(tmp_path, ORDERS) as one:
        yield one


@pytest.fixture
def every(tmp_path):
    """A shop with what the recorded orders have: fees, gift cards, VAT of Sweden."""
    with unconfigured(tmp_path, [*ORDERS, *EVERY]) as one:
        yield one


def codes(both):
    """Return code and account number of the company's products."""
    accounts = both.go.books.accounts
    return {
        one.code: accounts[one.standard_sales_account_id].account_no
        for one in both.go.books.products.values()
        if one.standard_sales_account_id
    }


def held_codes(both):
    orders = json.loads(both.woo2po("status", "--json").stdout)["orders"]
    return {one["code"] for one in orders if one["state"] == "held"}


# -- from nothing to the first order ---------------------------------------------------------------


def test_eight_inputs_are_a_configuration_that_transfers(both):
    """Address, five keys, the day, Enter: the file loads, and a run sends."""
    said = typed(both, "2026-09-01", "", language="nb")
    rows = ("Gebyr", "Gavekort", "Utenlandsk mva.", "Betalte sendes", "Ubetalte sendes",
            "Øreavrunding", "Gjøres opp på")  # fmt: skip
    assert not [said.line(label) for label in rows if said.line(label)]
    text = both.config.read_text("utf-8")
    assert text.startswith("# Konfigurasjonen til woo2po, skrevet av «woo2po init».")
    for line in ('language = "nb"', '#unknown = "fallback"',
                 '#fee_names = ["gavekort", "gift card"]',
                 "# Spørsmål 3. Skal fakturaen opprettes fra den overførte ordren?"):  # fmt: skip
        assert line in text
    assert both.config.stat().st_mode & 0o777 == 0o600
    settings = load(both.config)
    assert (settings.shipping.product, settings.products.rounding) == ("FRAKT", "AVRUND")
    assert not settings.invoices.create
    assert both.woo2po("run", "-v").stdout == "✓ 3 overført\n"


@pytest.mark.parametrize("language", ["en", "nb"])
def test_the_way_to_the_file_is_at_most_700_words(every, language):
    """And the thirteen questions stand there as rows, but those that wait for a yes."""
    said = typed(every, "", "", language=language)
    shown, _, _ = said.screen.partition(str(every.config) + "\n\n")
    assert len(shown.split()) < 700
    numbers = re.findall(r"(?m)^[ !]([ \d]\d)  ", shown)
    assert [int(n) for n in numbers if int(n) < 14] == [1, 2, 3, 5, 7, 8, 9, 10, 11, 12, 13]


def test_invoices_and_payments_are_two_inputs_more_and_work(both):
    """Each payment method gets the account that bears its name; a run invoices and posts."""
    said = typed(both, "2026-09-01", "3=yes", "4 at once", "5 yes", "cod=-", "")
    assert said.line("Settled on").startswith("vipps 1903, cod 1900")
    found = written(both)
    assert found["payments"]["accounts"] == {"vipps": 1903, "klarna_payments": 1904, "cod": 1900}
    assert found["payments"]["types"] == {"cod": "cash"}
    assert "those three are invoiced then" in said.flat
    assert "3 invoiced" in both.woo2po("run", "-v").stdout
    assert both.woo2po("run").exit_code == 0
    assert {one.balance for one in both.go.books.outgoing_invoices.values()} == {Decimal(0)}


def test_every_orders_needs_are_met(every):
    """Fees, gift cards, cash and other countries' VAT have rows; then nothing lacks but that."""
    said = typed(every, "2026-09-01", "5 yes", "20 SE25=FRAKT15", "", "")
    found = written(every)
    assert (found["fees"]["product"], found["gift_cards"]["product"]) == ("GEBYR", "GAVEKORT")
    assert found["gift_cards"]["skus"] == ["GAVE-500"]
    assert said.line("Foreign VAT") == "SE 25 %: held"
    assert "Product FRAKT15 alone cannot carry VAT of SE at 25 %" in said.flat
    assert every.woo2po("run").exit_code == 1
    assert held_codes(every) == {"foreign_vat"}
    said = typed(every, "20", "se25=OSS+VARE0", "se25=OSS + OSS-MVA-SE", "", keys=[])
    assert "SE25=OSS+OSS-MVA-SE" in said.flat
    assert "Product VARE0 (vat.foreign.SE25.vat_product) stands on account 3100" in said.flat
    both = {"product": "OSS", "vat_product": "OSS-MVA-SE"}
    assert written(every)["vat"]["foreign"] == {"SE25": both}
    assert every.woo2po("run").exit_code == 0


def test_one_customer_number_is_offered_where_private_persons_order_much(both):
    """From 200 orders a month: 21 in three days are 210."""
    first = both.shop.orders[30]
    for n in range(21):
        both.shop.put({**first, "id": 5000 + n, "number": str(5000 + n),
                       "date_created_gmt": f"2026-11-{1 + n % 4:02}T10:00:00"})  # fmt: skip
    for order_id in [one for one in both.shop.orders if one < 5000]:
        del both.shop.orders[order_id]
    said = typed(both, "2026-09-01", "32", "many", "10500", "")
    assert "some 210 orders a month" in said.flat
    found = written(both)["customers"]
    assert (found["private"], found["collective_number"]) == ("collective", 10500)


def test_the_five_newest_orders_are_shown_whatever_their_day(both):
    said = typed(both, "1.1.2030", "")
    assert "2030-01-01: that lies ahead, no order is transferred until then" in said.flat
    assert "what the newest orders would become (3)" in said.flat
    assert "3 transferred. This was a preview" in said.flat
    assert both.go.books.sales_orders == {}
    asked = [query for _, path, query in both.go.requests if path == "/OutgoingInvoices"]
    since = [re.search(r"GreaterThan=(\d{4})", query)[1] for query in asked]
    assert min(since) >= "2026", "years of invoices are not read"
    for words in ("check", "run --limit 3", "schedule --install"):
        assert re.search(rf"(?m)^  \S.* --config {both.config} {words}$", said.screen)


def test_the_first_day_is_this_months_unless_somebody_books_already(both):
    """The offered day is today where PowerOffice has documents with the shop's numbers."""
    day = re.compile(r"\[20\d\d-\d\d-(\d\d), orders since")
    assert day.search(typed(both, "", "").screen)[1] == "01"
    typed(both, "27 2026-09-01", "", keys=[])
    both.woo2po("run")
    both.config.unlink()
    today = datetime.now(ZoneInfo("Europe/Oslo"))
    assert day.search(typed(both, "", "").screen)[1] == f"{today:%d}"


def test_a_shop_without_orders_is_set_up_as_well(tmp_path):
    with unconfigured(tmp_path, []) as both:
        said = typed(both, "", "5 yes", "")
        assert "The shop has no orders yet" in said.flat
        settings = load(both.config)
        assert settings.products.fallback_by_rate == {Decimal(25): "VARE25"}
        assert settings.payments.accounts["vipps"] == 1903


def test_the_timer_is_a_question_and_enter_puts_it_in_place(both):
    """Asked once: with one there, somebody's own or ours, or for one row alone, it is not."""
    del os.environ["WOO2PO_POWEROFFICE__REQUESTS_PER_SECOND"]  # cron would not have it
    theirs = "0 3 * * *  /usr/bin/backup\n"
    tab = [theirs]

    def run(*words, typed=""):
        if words[0] == "systemctl":
            return NO_TIMER
        if words[1] == "-":
            tab[0] = typed
        return CompletedProcess(words, 0, tab[0], "")

    said = typed(both, "", "3 yes", "", "", run=run)
    assert "Let the job run every five minutes from now on? [no] > " in said.screen
    assert (tab, "run --limit 3" in said.flat) == ([theirs], True)
    assert "Let the job run" not in typed(both, "no", "", keys=[], options=("3",), run=run).flat
    said = typed(both, "", "?", "", keys=[], run=run)
    assert tab[0].startswith(theirs)
    assert re.search(r"on\? \[yes\] > .*this machine starts the job by itself", said.flat)
    assert f"--config {both.config} run" in tab[0]
    assert "✓ The job starts by itself from now on" in said.flat
    assert re.search(rf"(?m)^  \S.* --config {both.config} status$", said.screen)
    assert "run --limit" not in said.flat
    before = tab[0]
    assert "Let the job run" not in typed(both, "", keys=[], run=run).flat
    tab[0] = f"*/5 * * * * woo2po --config {both.config} run\n"
    assert "Let the job run" not in typed(both, "", keys=[], run=run).flat
    assert tab[0] != before


# -- one row ---------------------------------------------------------------------------------------


def test_one_answer_is_changed_by_two_inputs(both):
    typed(both, "", "")
    before = both.config.read_text("utf-8")
    said = typed(both, "yes", "", keys=[], options=("3",))
    assert "3 Invoice: no, drafts only → yes, woo2po invoices" in said.flat
    assert "This is how it will be" not in said.flat
    assert "check" in said.flat.rpartition("Next: ")[2]
    assert "schedule --install" not in said.flat, "a job that runs is not begun anew"
    assert both.config.read_text("utf-8") == before.replace("create = false", "create = true")
    for row, answer in (("invoice", "no"), ("Faktura", "yes")):
        typed(both, answer, "", keys=[], options=(row,))
        assert load(both.config).invoices.create is (answer == "yes")
    assert "3 Invoice" in typed(both, keys=[], options=("colour",), code=2).flat, "there is none"


def test_a_change_is_told_and_no_other(every):
    """Other orders are looked at then, whose rates come in another order."""
    typed(every, "", "")
    before = every.config.read_text("utf-8")
    said = typed(every, "completed", "", keys=[], options=("1",))
    assert re.findall(r"(?m)^ +(\d+) .* → ", said.screen) == ["1"]
    after = before.replace('statuses = ["processing"]', 'statuses = ["completed"]')
    assert every.config.read_text("utf-8") == after


def test_rows_explain_themselves_and_are_left_as_they_are(both):
    said = typed(both, "", "invoice", "?", "maybe", "<", "3", "", "99", "4", "?", "9 -", "")
    assert "an invoice cannot be deleted, only credited." in said.flat
    assert "Create the invoice from the transferred order?" in said.flat
    assert "That is none of these: type a number from 1 to 2, or a word." in said.flat
    assert '"99" is none of these lines' in said.flat
    assert '"4" is none of these lines' in said.flat, "it waits for a yes to 3"
    found = written(both)
    assert found["invoices"]["create"] is False
    assert "product_by_rate" not in found["discounts"], "no rates of what was declined"
    said = typed(both, "3 ?", "2", "", keys=[])
    assert re.search(r"transferred order\? 1 .* 2 .* cannot be deleted, only", said.flat), "choices"
    assert written(both)["invoices"]["create"] is True


NONSENSE = {
    "1 sent": "That is none of these: type a number from 1 to",
    "1 -": '"[]": it must not be empty',
    "2 0": "That is none of these: type a number from 1 to 3",
    "7 sykkel": 'PowerOffice has no product with "sykkel"',
    "7 FRAKT15": "Product FRAKT15 (shipping.product) cannot carry 25 %",
    "7 15=FRAKT0": "Product FRAKT0 (shipping.product) cannot carry 15 %",
    f"7 new {'X' * 101}": "at most 100 characters were expected",
    "11 blåbær-": '"blåbær-": at most 20 letters',
    "15 25=FRAKT15": "Product FRAKT15 (products.fallback_by_rate)",
    "21 vipps=hei": '"hei" is no account of the chart',
    "21 vipps=3000": "Account 3000 (payments.accounts.vipps) has VAT code 3",
    "21 vipps=1999": "Account 1999 (payments.accounts.vipps) does not exist",
    "21 1903": "Type which and what it should be, such as vipps=1903.",
    "31 1903": "Payouts of Vipps: account 1903 is the clearing account",
    "31 3000": "Account 3000 (payouts.vipps) has VAT code 3",
    "27 yesterday": '"yesterday": a date',
    "27 31.11.2026": '"31.11.2026": a date',
    "30 cloud": "That is none of these: type a number from 1 to 2",
}


def test_nonsense_gets_a_plain_sentence_and_changes_nothing(both):
    typed(both, "", "5 yes", "")
    before = both.config.read_bytes()
    lines = [typed_ for line in NONSENSE for typed_ in (line, "")]
    said = typed(both, *lines, "", keys=[])
    answers = said.flat.split("Enter writes, ")[1:-1]
    for (line, sentence), answered in zip(NONSENSE.items(), answers, strict=True):
        assert sentence in answered, line
    assert both.config.read_bytes() == before


def test_answers_of_every_kind_are_taken(both):
    said = typed(both, "", "1 1, completed", "order 3", "7 FRAKT", "7 new SENDING", "7 0=VARE0",
                 "8 Frakt", "9 -", "11 b", "12 no", "13 yes", "27 1.11.2026", "5 yes",
                 "6 2", "21 vipps=1903", "21 cod=-", "31 1920", "23 -", "", "")  # fmt: skip
    found = load(both.config)
    assert found.woocommerce.statuses == ["processing", "completed"]
    assert found.orders.write_number_to == "none"
    assert (found.orders.number_prefix, found.shipping.description) == ("b", "Frakt")
    assert found.shipping.product == "SENDING"
    assert found.shipping.product_by_rate[Decimal(0)] == "VARE0"
    assert "SENDING (+) 25 %" in said.flat
    assert (found.discounts.product, found.discounts.transfer_vat) == ("", False)
    assert found.customers.companies_as_private
    assert found.woocommerce.orders_from.isoformat() == "2026-11-01"
    assert found.payments.default_type == "cash"
    assert found.payments.accounts == {"vipps": 1903, "bacs": 1920, "klarna_payments": 1904}
    assert found.payments.unpaid_methods == ["cheque"]
    booked = {name for name, one in found.payouts.providers.items() if one.book}
    assert (booked, found.payouts.vipps.bank_account) == ({"vipps", "klarna"}, 1920)
    assert found.payments.types == dict.fromkeys(("vipps", "bacs", "klarna_payments"), "bank")


def test_what_the_shop_shows_is_proposed(both):
    """A field that holds organisation numbers, whatever a plugin calls it, joins those that are
    known; who pays Vipps' money out is who the gateway belongs to; and a yes to question 3 is
    marked until PowerOffice has granted the right to send.
    """
    both.go.faults.may_send = False
    order = both.shop.orders[30]
    order |= {"payment_method": "nets_easy_vipps", "payment_method_title": "Vipps"}
    order["meta_data"].append({"id": 1, "key": "_firmanr", "value": "923609016"})
    said = typed(both, "", "26 1", "3 yes", "5 yes", "")
    assert "! 3 Invoice yes, once PowerOffice has granted AllowSendInvoice" in said.flat
    found = load(both.config)
    assert {"_firmanr", "_billing_org_nr"} <= {*found.customers.org_number_fields}
    assert found.payments.accounts["nets_easy_vipps"] == 1905


def test_thousands_of_products_are_never_printed_whole(both):
    books = both.go.books
    account = books.account(3000).id
    for number in range(200):
        what = {"code": f"P{number:05}", "name": f"Genser nummer {number}"}
        Product(books, id=100_000 + number, standard_sales_account_id=account, **what).put()
    said = typed(both, "", "7", "genser nummer 1", "P00012", "")
    assert written(both)["shipping"]["product"] == "P00012"
    assert "... and 103 more: type a part of the name" in said.flat
    assert len(said.screen.splitlines()) < 200


def test_accounts_without_names_are_known_by_their_usual_numbers(both):
    """1903 is Vipps' in PowerOffice's own examples; what nothing tells is marked and held."""
    for account in both.go.books.accounts.values():
        account.name = "Skattetrekk" if account.account_no == 1904 else ""
    said = typed(both, "", "5 yes", "")
    assert re.search(r"(?m)^!21  Settled on +vipps 1903, .*klarna_payments \?", said.screen)
    assert "klarna_payments" not in load(both.config).payments.accounts


def test_no_name_of_the_companys_or_the_shops_steers_the_terminal(both):
    """Products, accounts, SKUs: whatever somebody typed there is only shown."""
    hostile = "\x1b[31mred\x07\u202e"
    for product in both.go.books.products.values():
        product.name = f"{product.name} {hostile}"
    for order in both.shop.orders.values():
        order["payment_method_title"] = hostile
        for line in order["line_items"]:
            line["sku"], line["name"] = hostile, f"Gavekort {hostile}"
    said = typed(both, "", "5 yes", "7", "frak", "", "21", "", "8", "", "")
    assert re.search(r"FRAKT  Frakt .*\[31mred", said.screen)
    assert re.search(r"vipps \(.*\[31mred.*\): 1903", said.flat)
    assert not {"\x1b", "\x07", "\u202e"} & set(said.screen)


# -- products that are missing ---------------------------------------------------------------------


def test_in_an_empty_company_everything_is_made_on_a_yes(both):
    """Nothing on Enter, and the next time it is offered again."""
    both.go.books.products.clear()
    said = typed(both, "2026-09-01", "", "")
    assert "Still to be made in PowerOffice, by hand or by `woo2po init` again." in said.flat
    assert codes(both) == {}
    said = typed(both, "", "yes", keys=[])
    assert codes(both) == {"FRAKT": 3000, "RABATT": 3000, "RABATT15": 3030, "VARE25": 3000,
                           "VARE15": 3030, "VARE0": 3100, "AVRUND": 7740}  # fmt: skip
    assert re.search(r"(?m)^! 7  Freight +FRAKT \(\+\) 25\s%$", said.screen)
    assert 'FRAKT, "Frakt", on account 3000 Salg, høy sats' in said.flat
    assert "VARE0: made." in said.flat
    assert "Make these" not in typed(both, "", keys=[]).screen
    assert both.woo2po("run", "-v").stdout == "✓ 3 transferred\n"


def test_a_discount_that_is_no_supply_stands_on_no_account_of_sales(both):
    """Question 12 is no: code 5 is for exempt supplies and nothing else, code 6 is none. Rounding
    may be income as well as a cost.
    """
    both.go.books.products.clear()
    both.go.books.account(7740).account_no = 3990
    typed(both, "2026-09-01", "12 no", "", "yes")
    assert codes(both)["RABATT0"] == 3200
    assert codes(both)["AVRUND"] == 3990


def test_without_an_account_or_the_right_none_is_offered(both):
    both.go.books.products.clear()
    books = both.go.books
    for account in books.accounts.values():
        if account.vat_code_id == books.vat_code("3").id:
            account.vat_code_id = books.vat_code("31").id
    said = typed(both, "", "", "yes")
    assert 'FRAKT, "Frakt": first make an account with 25 % VAT' in said.flat
    assert "FRAKT" not in codes(both)
    assert codes(both)["VARE15"] == 3000
    both.go.faults.privileges -= {"Product_Full"}
    both.go.faults.privileges |= {"Product"}
    said = typed(both, "", keys=[])
    assert "Make these" not in said.screen
    assert "Still to be made in PowerOffice" in said.flat


@pytest.mark.parametrize(("fault", "told", "stands"), [
    ("503_after", "VARE25: not known.", True), ("503", "VARE25: not known.", False),
    ("refuse", "VARE25: not made. PowerOffice Go refused", False)])  # fmt: skip
def test_after_a_lost_answer_or_a_refusal_nothing_is_made_twice(both, fault, told, stands):
    """It is there, or it is not: `init` again looks first; the others are made. The exit code says
    that not all is as it was wished, PowerOffice's words why, without a key.
    """
    both.go.books.products.clear()
    both.go.faults.at("POST", "/Products", 1, fault, detail="Name of app-sandbox is no name.")
    said = typed(both, "", "", "yes", code=3)
    made = [path for verb, path, _ in both.go.requests if (verb, path) == ("POST", "/Products")]
    assert (len(made), told in said.flat, "next run" in said.flat) == (7, True, False)
    assert ("is no name" in said.flat) is (fault == "refuse")
    assert "app-sandbox is" not in said.flat
    assert ("VARE25" in codes(both), len(codes(both))) == (stands, 6 + stands)
    typed(both, "", *([] if stands else ["yes"]), keys=[])
    assert codes(both)["VARE25"] == 3000


# -- what only a person knows, tried at once -------------------------------------------------------


ADDRESSES = {  # what is typed, and what it means; "": it is none
    "www.example.no": "https://www.example.no", " https://example.no/ ": "https://example.no",
    "http://example.no:80/butikk/": "https://example.no/butikk",
    "example.no/wp-admin/edit.php?post_type=shop_order#top": "https://example.no",
    "https://example.no/shop/wp-json/wc/v3/orders": "https://example.no/shop",
    "<https://example.no>": "https://example.no", "127.0.0.1:8081": "http://127.0.0.1:8081",
    "localhost:8081": "http://localhost:8081", "https://[::1]:8443": "https://[::1]:8443",
    "blåbær.no": "https://blåbær.no",
    **dict.fromkeys(("", "butikk", "ftp://example.no", "kari@example.no", "https://",
                     "example.no:x", "?"), ""),
}  # fmt: skip


OWN = {  # where it answered, what the shop says of itself, and what is taken
    ("https://x.no/butikk/kasse", "https://x.no/butikk"): "https://x.no/butikk",
    ("https://X.no", "https://www.x.no/"): "https://www.x.no",
    ("https://www.x.no:8443", "https://x.no"): "https://x.no:8443",
    ("https://x.no/no", "http://wordpress:8080"): "https://x.no",
    ("https://x.no/no", ""): "https://x.no/no",
}


def test_an_address_is_taken_as_it_was_meant():
    """With https, without the page behind it; http only to this machine; or it is none. www and
    folder are as the shop has them: they are part of what its orders are known by.
    """
    for text, url in ADDRESSES.items():
        if url:
            assert tidied(text) == url
        else:
            with pytest.raises(Wrong, match="init_no_address"):
                tidied(text)
    above = ["https://x.no/no/butikk", "https://x.no/no", "https://x.no"]
    assert candidates(above[0]) == above
    assert {both: own_address(*both) for both in OWN} == OWN


@pytest.mark.parametrize(("page", "home", "plain"), [
    ("/butikk/", "", False), ("/butikk/", "", True), ("", "/gammel", False)],
    ids=["a page of it", "a page, permalinks are plain", "an address forgotten in its settings"],
)  # fmt: skip
def test_the_shop_itself_is_found_and_its_keys_may_be_pasted_at_once(both, page, home, plain):
    both.shop.plain_permalinks = plain
    both.shop.home = f"{both.shop.url}{home}"
    address, key, secret, *rest = keys_of(both)
    said = typed(both, "", "", keys=[f"{address}{page}", f"{key} {secret}", *rest])
    assert (f"The shop itself is at {address}, so that is taken." in said.flat) is bool(page)
    found = load(both.config).woocommerce
    assert (found.url, found.consumer_secret.get_secret_value()) == (address, secret)


def test_a_shop_that_believes_in_http_is_told_of_before_its_keys_are_refused(both, monkeypatch):
    """A proxy in front of it ends what is encrypted, and WordPress takes keys by https alone."""
    found = ("https://x.no", Site("X", home="http://x.no"))
    monkeypatch.setattr(import_module("woo2po.setup.connect"), "done", lambda _: found)
    assert "believes that visitors come by http" in typed(both, keys=["x.no"], code=3).flat


def test_a_shop_whose_certificate_nobody_knows_is_asked_for_its_authority(both, monkeypatch):
    """The file is asked for, and kept; what is no file of certificates is asked again."""
    connect = import_module("woo2po.setup.connect")
    find = connect.find_shop

    async def found(known, at):
        if not known.value("woocommerce.ca_file"):
            raise NeverLeft("shop", "shop_certificate", text="self-signed certificate")
        return await find(known, at)

    monkeypatch.setattr(connect, "find_shop", found)
    url, *keys = keys_of(both)
    said = typed(both, "", "", keys=[url, "?", __file__, str(CERTIFICATE), "", *keys])
    assert "Only a shop inside a company has one" in said.flat
    assert "certificates" in said.flat
    assert load(both.config).woocommerce.ca_file == str(CERTIFICATE)


def test_what_cannot_be_is_said_and_asked_again(both):
    """In the client's own words, without those that are of runs only."""
    url, key, secret, application, client, subscription = keys_of(both)
    instead = [hosts.coming_soon, hosts.sends_on("https://nybutikk.example")]
    both.shop.before_each = lambda asked: instead.pop(0)(asked) if instead else None
    keys = ["hello", "http://127.0.0.1:9", url, url, url]
    keys += ["cs_sandbox", "ck_ sandbox", "ck_nøkkel", "", "ck_other", secret]
    keys += [key, "cs_wrong", secret]
    keys += [application, "client-other", "subscription-other", subscription, "", client, ""]
    said = typed(both, "", "", keys=keys)
    for sentence in (
        '"hello" is no address of a shop', "Nothing answers at 127.0.0.1",
        "shows a page that says it is not open", "sends us on to another place",
        "That is another key: this one begins with ck_",
        "it has a blank or a strange sign in it", "An answer is needed here.",
        "does not know the key", "says that the secret is wrong",
        "does not accept the subscription key",
        "does not accept the application key and the client key",
    ):  # fmt: skip
        assert sentence in said.flat
    assert said.flat.count("it has a blank or a strange sign in it") == 2
    assert "the next run" not in said.flat


def test_back_goes_to_the_question_before_and_shows_no_key_again(both):
    said = typed(both, "", "<", *["<"] * 7, *[""] * 7, "28", "", "", "", "")
    assert "certificate authority" not in said.flat, "before the address nothing is asked"
    assert f"address [{both.shop.url}] > " in said.screen
    assert "Consumer key (ck_...) [ck_...] > " in said.screen
    assert "[app...] >" not in said.screen
    shown = [line for line in said.screen.splitlines() if "cs_sandbox" in line]
    assert len(shown) == 1, "the one that was typed"
    assert load(both.config)


# -- ended early -----------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [["q"], []])
def test_what_was_answered_is_kept_and_gone_on_with(both, how):
    """q or the end of the input: 3; for the owner alone; the next time only the rest is asked. What
    is no answer any more is passed over.
    """
    said = typed(both, "", "11 fjell_", *how, code=3)
    assert not [path for _, path, _ in both.go.requests if path.startswith("/Customers")]
    assert "`woo2po init` goes on from there." in said.flat
    answers = both.config.with_name("config.toml.unfinished")
    assert list(both.config.parent.iterdir()) == [answers]
    assert mode(answers) == 0o600
    wrong = 'colour.of = 1\ninvoices.when = "never"\nfees = 3\n'
    wrong += 'customers.private = "collective"\ncustomers.collective_number = 10500\n'
    answers.write_text(f"{wrong}{answers.read_text('utf-8')}", "utf-8")
    said = typed(both, "<", "", "", keys=[])
    assert "Go on where you left off" in said.flat
    found = load(both.config)
    assert (found.orders.number_prefix, found.customers.private) == ("fjell_", "collective")
    assert not answers.exists()


def test_kept_keys_that_no_longer_work_are_asked_for(both):
    typed(both, "q", code=3)
    both.shop.consumer_secret = "cs_new"
    said = typed(both, "", "cs_new", "", "", keys=[])
    assert "says that the secret is wrong" in said.flat
    both.config.unlink()
    typed(both, "q", code=3)
    both.go.faults.at("GET", "/Products", 1, "refuse", detail="What app-sandbox asks is no good.")
    said = typed(both, "", "q", "q", "q", keys=[], code=3)
    assert "asks is no good" in said.flat
    assert "app-sandbox" not in said.screen, "a kept key is hidden while it is tried, too"
    typed(both, "no", *keys_of(both), "", "", keys=[])


def test_ended_before_a_key_nothing_is_kept_and_after_the_file_it_stands_whole(both):
    with mock.patch("woo2po.setup.file.found_at", side_effect=KeyboardInterrupt):
        assert typed(both, code=3).flat == "✗ Stopped. Nothing was written."
    for keys in ([], [both.shop.url]):
        assert "Stopped. Nothing was written." in typed(both, keys=keys, code=3).flat
        assert list(both.config.parent.iterdir()) == []
    both.go.books.products.clear()
    said = typed(both, "", "", code=3)
    assert f"Stopped. {both.config} was written whole before that." in said.flat


# -- screens of other kinds ------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "nb"])
def test_a_narrow_terminal(every, language):
    """60 columns: nothing is wider but what is copied whole."""
    every.go.books.products.clear()
    said = typed(every, "", "3 yes", "5 yes", "7", "?", "", "?", "", "?", "", columns=58,
                 language=language)  # fmt: skip
    before, _, _ = said.screen.partition("3033:")
    copied = re.compile(r" +(http|/|woo2po)|.*> |/")
    wide = [line for line in before.splitlines() if len(line) >= 60 and not copied.match(line)]
    assert wide == []


NO_TIMER = CompletedProcess((), NO_PROGRAM, "", "")
TERMINAL = woo2po.setup.terminal.__name__


@contextmanager
def unconfigured(folder: Path, orders: Sequence[str]) -> Iterator[Served]:
    """Give both stand-ins, PowerOffice at the port after the shop's, and no configuration.

    The one of PowerOffice allows more than it does itself; the environment says so, as anybody may.
    """
    more = {"WOO2PO_POWEROFFICE__REQUESTS_PER_SECOND": "100"}
    with served(folder, orders) as both, mock.patch.dict("os.environ", more):
        both.ports = (both.ports[0], both.ports[0] + 1)
        both.config.unlink()
        yield both


class Said:
    """What came of a dialogue: the whole screen with its complaints."""

    def __init__(self, shown: str) -> None:
        self.screen = shown
        self.flat = " ".join(shown.split())  # no break of a line is in the way of a sentence

    def line(self, label: str) -> str:
        """Return the last line of the screen that begins with a row's label, without it."""
        lines = [line for line in self.screen.splitlines() if line[5:21].strip() == label]
        return " ".join(lines[-1][21:].split()) if lines else ""


def written(both: Served) -> dict[str, Any]:
    return tomllib.loads(both.config.read_text("utf-8"))


def keys_of(both: Served) -> list[str]:
    """Return what is typed to reach both: address, two keys, three keys."""
    return [both.shop.url, both.shop.consumer_key, both.shop.consumer_secret, *KEYS]


def typed(
    both: Served,
    *lines: str,
    keys: list[str] | None = None,
    options: tuple[str, ...] = (),
    columns: int = 78,
    config: Path | str | None = None,
    language: str = "en",
    there: bool = True,
    run: Callable[..., Any] | None = None,
    code: int = 0,
) -> Said:
    """Hold a dialogue; `keys` are typed before the lines, those of `both` unless others are given.

    `there`: there is a terminal. `run` stands for the machine's programs, of which there are none;
    `code` is the exit code that it must end with.
    """
    hide([])  # those of an earlier dialogue in this process
    whole = [*(keys_of(both) if keys is None else keys), *lines]
    place = both.config if config is None else config
    words = ["init", *options, *(["--config", str(place)] if place else [])]
    words += ["--language", language] if language else []
    with (
        both.reached_in_no_time(),
        mock.patch(f"{TERMINAL}.is_there", return_value=there),
        mock.patch(f"{TERMINAL}.make_ready"),
        mock.patch(f"{TERMINAL}.open_page"),
        mock.patch("woo2po.schedule._ran", run or (lambda *_, **__: NO_TIMER)),
        mock.patch("woo2po.schedule.shutil.which", lambda name: run and name),
        mock.patch("woo2po.screen._here", screen.Screen(columns)),
    ):
        done = CliRunner().invoke(cli, words, input="".join(f"{line}\n" for line in whole),
                                  prog_name="woo2po", catch_exceptions=False)  # fmt: skip
    assert done.exit_code == code, done.output
    return Said(done.output)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


MINE = """\
# My shop. Do not touch!

[orders]   # of numbers
number_prefix = "fjell_"  # since 2024

[woocommerce]
url = "{shop}"
consumer_key = "ck_sandbox"
consumer_secret = 'cs_sandbox'
orders_from = 1.9.2026  # as people write it
timezone = "Europe/Oslo"
#statuses = ["processing"]

[poweroffice]
environment = "demo"
base_url = "{go}/Demo/v2"
token_url = "{go}/Demo/OAuth/Token"
application_key = "app-sandbox"
client_key = "client-sandbox"
subscription_key = "subscription-sandbox"

[payments]
register = true
accounts = {{ vipps = 1903, gone = 1905 }}  # the accountant's

[dimensions]
department = "NETT"  # all of it
"""


@pytest.fixture
def mine(both):
    """A file of somebody's own making."""
    text = MINE.format(shop=both.shop.url, go=both.go_url)
    both.config.write_text(text, "utf-8")
    both.config.chmod(0o644)
    return text


# -- over a file that is there ---------------------------------------------------------------------


def test_all_that_a_file_said_is_said_by_the_new_one(both, mine):
    """Keys that nobody is asked for too; what was written by hand is kept, beside an older copy."""
    both.config.with_name("config.toml.bak").write_text("older", "utf-8")
    said = typed(both, "1 processing, completed", "21 cod=1900", "11 berg_", "", keys=[])
    assert "11 Prefix: fjell_ → berg_" in said.flat
    assert "The file that was there is kept as" in said.flat
    assert both.config.with_name("config.toml.bak").read_text("utf-8") == "older"
    assert both.config.with_name("config.toml.bak.1").read_text("utf-8") == mine
    found = load(both.config)
    assert (found.orders.number_prefix, found.dimensions.department) == ("berg_", "NETT")
    accounts = {"vipps": 1903, "gone": 1905, "cod": 1900, "klarna_payments": 1904}
    assert found.payments.accounts == accounts
    assert found.woocommerce.statuses == ["processing", "completed"]
    assert found.woocommerce.orders_from.isoformat() == "2026-09-01"
    assert mode(both.config) == 0o600
    assert "kept as" not in typed(both, "11 fjell_", "", keys=[]).flat, "it was init's own"
    again = f"# Mine\n{both.config.read_text('utf-8')}"
    both.config.write_text(again, "utf-8")
    both.config.chmod(0o644)
    said = typed(both, "", keys=[])
    assert ("kept as" in said.flat, "→" in said.flat) == (False, False), "nothing was changed"
    assert (both.config.read_text("utf-8"), mode(both.config)) == (again, 0o600)


def test_keys_of_another_environment_take_its_addresses_away(both, mine):
    """They would lead production's keys to this machine: what is found by logging in counts."""
    both.config.write_text(mine.replace("/Demo/", "/Gone/"), "utf-8")
    typed(both, *keys_of(both)[3:], "q", keys=[], code=3)
    typed(both, "", "", keys=[])  # nor is it kept for the next time
    assert written(both)["poweroffice"]["base_url"].endswith(f"{both.go_url}/Demo/v2")


def test_what_cannot_be_read_or_written_is_said_before_anything_is_asked(both, tmp_path):
    """A wrong environment; no TOML, with the line; no letters; a folder in its place, or one that
    is closed; 2.
    """
    for name, value in (("WOO2PO_COLOUR", "red"), ("WOO2PO_PAYMENTS__ACCOUNTS", "vipps=1903")):
        with mock.patch.dict("os.environ", {name: value}):
            assert name in typed(both, code=2).flat
        assert not both.config.exists()
    for content, why in ((b'[woocommerce]\nurl = "https://x.no\n', "at line 2, column"),
                         (b"\xff\xfe", "saved as")):  # fmt: skip
        both.config.write_bytes(content)
        said = typed(both, code=2)
        assert why in said.flat
        assert "Nothing was asked, and the file is as it was." in said.flat
        assert both.config.read_bytes() == content
    assert "it is a folder" in typed(both, config=tmp_path, code=2).flat
    denied = PermissionError(errno.EACCES, "Permission denied")
    with mock.patch("woo2po.files._beside", side_effect=denied):
        assert "this user may not" in typed(both, code=2).flat


def test_keys_that_cannot_be_used_are_all_said_and_nothing_is_asked(both, mine):
    """As every other command says them; a person mends the file, or moves it away."""
    broken = mine.replace('timezone = "Europe/Oslo"', 'timezone = "Mars"\ncolour = "red"')
    broken = f"[init]\nsecrets = 1\n{broken}\nclient_key_file = 'gone'\n"
    both.config.write_text(broken, "utf-8")
    for options in ((), ("--yes",)):
        said = typed(both, keys=[], options=options, code=2)
        assert 'woocommerce.timezone = "Mars": a time zone like "Europe/Oslo"' in said.flat
        assert "woocommerce.colour: " in said.flat
        assert "init" not in said.flat
        assert both.config.read_text("utf-8") == broken


# -- where it goes ---------------------------------------------------------------------------------


def test_it_goes_where_a_run_will_look_for_it(both, monkeypatch, tmp_path):
    """Into this folder; but over the user's own configuration where that is the one in use; or to
    the path that is given.
    """
    users, here = tmp_path / "users", tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setattr("click.get_app_dir", lambda _: str(users))
    said = typed(both, "", "", config="")
    assert load(here / "config.toml")
    assert "woo2po run --limit 3" in said.flat
    assert "--config" not in said.screen.split("What to type next:")[1]
    users.mkdir()
    (here / "config.toml").rename(users / "config.toml")
    typed(both, "11 own_", "", keys=[], config="")
    assert load(users / "config.toml").orders.number_prefix == "own_"
    # Folders are made, and links followed.
    new, link = tmp_path / "new" / "shop" / "config.toml", tmp_path / "link.toml"
    typed(both, "", "", config=new)
    link.symlink_to(new)
    typed(both, "11 own_", "", keys=[], config=link)
    assert link.is_symlink()
    assert load(new).orders.number_prefix == "own_"


def test_a_full_disk_costs_no_answer(both, mine, monkeypatch, tmp_path):
    real, other = os.fsync, tmp_path / "other.toml"
    full_for = [both.config.name, f"{both.config.name}.unfinished"]

    def full(handle: int) -> None:
        name = Path(f"/proc/self/fd/{handle}").readlink().name
        if any(name.startswith(f".{one}.") for one in full_for):
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    monkeypatch.setattr("woo2po.files.os.fsync", full)
    said = typed(both, "11 own_", "", "<", "", str(other), keys=[])
    assert "could not be written (the disk is full). Nothing is lost" in said.flat
    assert both.config.read_text("utf-8") == mine
    assert load(other).orders.number_prefix == "own_"
    assert {one.name for one in tmp_path.iterdir()} == {"config.toml", "other.toml"}


def test_what_somebody_else_wrote_meanwhile_is_not_written_over(both, mine, monkeypatch):
    """Two at once: the second to end says so, with 3, and its answers are kept."""
    real = both.shop.before_each

    def other(_) -> None:
        both.config.write_text(f"{mine}\n# another's\n", "utf-8")

    both.shop.before_each = other
    said = typed(both, "11 own_", "", keys=[], code=3)
    both.shop.before_each = real
    assert "was changed by somebody else meanwhile" in said.flat
    assert both.config.read_text("utf-8").endswith("# another's\n")
    typed(both, "", "", keys=[])
    assert load(both.config).orders.number_prefix == "own_"


# -- the keys --------------------------------------------------------------------------------------


def test_keys_in_files_of_their_own(both):
    typed(both, "", "30 files", "")
    folder = both.config.parent / "secrets"
    names = {"application_key", "client_key", "consumer_key", "consumer_secret", "subscription_key"}
    assert {one.name for one in folder.iterdir()} == names
    assert {mode(one) for one in folder.iterdir()} == {0o600}
    assert mode(folder) == 0o700
    text = both.config.read_text("utf-8")
    assert 'sandbox"' not in "".join(line for line in text.splitlines() if "_key = " in line)
    assert f'client_key_file = "{folder / "client_key"}"' in text
    assert both.woo2po("check").exit_code == 0
    typed(both, "", keys=[])
    assert both.config.read_text("utf-8") == text
    # One that was made anew is tried: what is typed counts, not what the old file holds.
    (folder / "client_key").write_text("client-of-last-year\n", "utf-8")
    typed(both, "", "client-sandbox", "", "", keys=[])
    assert (folder / "client_key").read_text("utf-8") == "client-sandbox\n"
    assert both.woo2po("check").exit_code == 0
    typed(both, "29", "", "client-sandbox", "", "30 config", "", keys=[])
    assert "client_key_file" not in written(both)["poweroffice"]


# -- the environment -------------------------------------------------------------------------------


def test_what_the_environment_says_is_not_asked(both, monkeypatch, tmp_path):
    """It outweighs the file, so an answer would have no effect; a wrong one ends it with 3."""
    secret = tmp_path / "secret.txt"
    secret.write_text("cs_sandbox\n", "utf-8")
    names = ("WOOCOMMERCE__URL", "WOOCOMMERCE__CONSUMER_KEY", "", "POWEROFFICE__APPLICATION_KEY",
             "POWEROFFICE__CLIENT_KEY", "POWEROFFICE__SUBSCRIPTION_KEY")  # fmt: skip
    for name, value in zip(names, keys_of(both), strict=True):
        if name:
            monkeypatch.setenv(f"WOO2PO_{name}", value)
    monkeypatch.setenv("WOO2PO_WOOCOMMERCE__CONSUMER_SECRET_FILE", str(secret))
    monkeypatch.setenv("WOO2PO_ORDERS__NUMBER_PREFIX", "env_")
    monkeypatch.setenv("WOO2PO_WOOCOMMERCE__ORDERS_FROM", "1.9.2026")
    monkeypatch.setenv("WOO2PO_INVOICES__CREATE", "true")
    said = typed(both, "11 x_", "", keys=[])
    assert "WOO2PO_ORDERS__NUMBER_PREFIX" in said.flat
    assert said.line("Invoice") == "yes, woo2po invoices"
    assert said.line("From").startswith("2026-09-01")
    assert "(cron, say) must have these variables too" in said.flat
    assert "sandbox" not in both.config.read_text("utf-8")
    found = load(both.config)
    assert found.orders.number_prefix == "env_"
    assert found.woocommerce.consumer_secret.get_secret_value() == "cs_sandbox"
    monkeypatch.setenv("WOO2PO_WOOCOMMERCE__CONSUMER_KEY", "ck_other")
    monkeypatch.setenv("WOO2PO_WOOCOMMERCE__CONSUMER_SECRET", "cs_other")
    assert "does not know the key" in typed(both, keys=[], code=3).flat


# -- without a terminal ----------------------------------------------------------------------------


def completed(both, code=0):
    return typed(both, keys=[], options=("--yes",), there=False, code=code)


def test_a_file_of_what_cannot_be_guessed_is_completed(both, mine):
    """`--yes`: nobody is asked, products are named and none is made; it loads."""
    both.config.write_text(mine, "utf-8")
    completed(both)
    assert written(both)["payments"]["accounts"] == {"vipps": 1903, "gone": 1905}
    short = mine[: mine.index("[payments]")]
    both.config.write_text(short, "utf-8")
    kept = both.config.with_name("config.toml.unfinished")
    kept.touch()
    said = completed(both)
    assert kept.exists(), "it is a person's"
    assert said.line("Freight") == "FRAKT 25 %"
    assert load(both.config).shipping.product == "FRAKT"
    assert both.woo2po("run", "-v").stdout == "✓ 3 transferred\n"
    both.go.books.products.clear()
    both.config.write_text(short, "utf-8")
    said = completed(both)
    assert "Still to be made in PowerOffice" in said.flat
    assert not both.go.books.products


def test_without_a_person_what_is_wrong_ends_it(both, mine):
    """Keys that are missing: 2; keys that do not work: 3; nothing is written."""
    assert "`woo2po init --config FILE --yes`" in typed(both, there=False, code=2).flat
    both.config.write_text("", "utf-8")
    assert "woocommerce.url: missing" in completed(both, code=2).flat
    wrong = mine.replace("ck_sandbox", "ck_other")
    both.config.write_text(wrong, "utf-8")
    assert "does not know the key" in completed(both, code=3).flat
    assert both.config.read_text("utf-8") == wrong


def test_at_a_terminal_ctrl_c_keeps_the_answers(both):
    """60 columns: a key is covered; letters that the terminal lacks stop nothing."""
    both.listen()
    words = ("init", "--config", str(both.config), "--language", "nb")
    with AtTerminal(*words, PYTHONIOENCODING="cp850") as terminal:
        terminal.waits_for("adresse > ")
        terminal.types("q", "Stoppet. Ingenting ble skrevet.")
        assert terminal.ends() == 3
    with AtTerminal(*words) as terminal:
        terminal.waits_for("adresse > ")
        terminal.types(both.shop.url, "(ck_...) > ")
        new = terminal.types("ck_sandbox", "(cs_...) > ")
        assert "\x1b[1A\r\x1b[JKundenøkkel (ck_...) > ck_..." in new
        terminal.types("cs_sandbox", "nøkkel > ")
        time.sleep(0.2)  # between a prompt and the waiting nobody is quick enough
        terminal.types("\x03", "derfra")
        assert terminal.ends() == 3
    assert "Traceback" not in terminal.screen
    shown = re.sub(r"\x1b\[[\d;]*[A-Za-z]", "", terminal.screen)
    wide = [line for line in shown.splitlines() if len(line) >= 60]
    assert all(line.startswith((" ", "/")) or "> " in line for line in wide), wide
    typed(both, "", *KEYS, "", "3 yes", "", "", keys=[])
    assert load(both.config).invoices.create
