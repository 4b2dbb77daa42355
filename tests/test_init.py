"""`init`: whole dialogues against both stand-ins, and what the written file is good for."""

import re
import tomllib
from decimal import Decimal

import pytest
from dialogues import keys_of, typed
from served import GOES, served

from woo2po.demo import KEYS
from woo2po.sandbox.objects import Product
from woo2po.settings import load

THIRTEEN = [
    "woocommerce.statuses",
    "orders.write_number_to",
    "invoices.create",
    "invoices.when",
    "payments.register",
    "payments.default_type",
    "shipping.product",
    "shipping.description",
    "discounts.product",
    "discounts.description",
    "orders.number_prefix",
    "discounts.transfer_vat",
    "customers.companies_as_private",
]
ORDERS = [GOES, "b2c-two-vat-rates", "coupon-percent"]


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    """The stand-in allows more than PowerOffice; the environment says so, as anybody may."""
    monkeypatch.setenv("WOO2PO_POWEROFFICE__REQUESTS_PER_SECOND", "100")


@pytest.fixture
def both(tmp_path):
    """A shop with a few orders, a company with the sandbox's products, and no configuration."""
    with served(tmp_path, ORDERS) as one:
        one.config.unlink()
        yield one


@pytest.fixture
def every(tmp_path):
    """A shop with what the recorded orders have: fees, gift cards, VAT of Sweden."""
    names = ["fee-and-rounding", "negative-fee", "gift-card-sold", "sweden-oss", "svalbard",
             "cash-local-pickup", "company-invoice-unpaid", "twelve-percent"]  # fmt: skip
    with served(tmp_path, [*ORDERS, *names]) as one:
        one.config.unlink()
        yield one


def written(both):
    """Return what stands in the written file."""
    return tomllib.loads(both.config.read_text("utf-8"))


def empty_company(both):
    """Take all products out of the company."""
    both.go.books.products.clear()


def codes(both):
    """Return code and account number of the company's products."""
    accounts = both.go.books.accounts
    return {
        one.code: accounts[one.standard_sales_account_id].account_no
        for one in both.go.books.products.values()
        if one.standard_sales_account_id
    }


# -- from nothing to the first order ---------------------------------------------------------------


def test_enter_to_nearly_everything_is_a_configuration_that_transfers(both):
    """The keys are typed, the rest is taken as it is offered: the file loads, and a run sends."""
    said = typed(both)
    assert said.code == 0, said.screen
    settings = load(both.config)
    assert (settings.shipping.product, settings.products.rounding) == ("FRAKT", "AVRUND")
    assert not settings.invoices.create
    assert both.woo2po("run").stdout == "3 transferred\n"


def test_the_thirteen_questions_come_in_their_order_with_their_numbers(both):
    """Each once, numbered as the contract has them."""
    said = typed(both)
    assert [path for path in said.asked if path in THIRTEEN] == THIRTEEN
    assert re.findall(r"Question (\d+) of 13", said.screen) == [str(n) for n in range(1, 14)]


@pytest.mark.parametrize("language", ["en", "nb"])
def test_nobody_is_asked_what_nobody_needs(both, language):
    """No fees, gift cards, foreign VAT: no questions about them, and their keys are comments."""
    said = typed(both, language=language)
    assert said.code == 0
    assert not {"fees.product", "gift_cards.product", "vat.foreign", "invoices.delivery",
                "payments.accounts", "customers.org_number_fields"} & set(said.asked)  # fmt: skip
    text = both.config.read_text("utf-8")
    assert '#unknown = "fallback"' in text
    assert '#fee_names = ["gavekort", "gift card"]' in text
    assert f'language = "{language}"' in text


def test_the_file_has_its_questions_in_the_language_of_the_dialogue(both):
    """Norwegian comments above the thirteen, and a Norwegian head; 0600."""
    typed(both, language="nb")
    text = both.config.read_text("utf-8")
    assert "# Spørsmål 3. Skal fakturaen opprettes fra den overførte ordren?" in text
    assert "Question 3." not in text
    assert text.startswith("# Konfigurasjonen til woo2po, skrevet av «woo2po init».")
    assert both.config.stat().st_mode & 0o777 == 0o600


def test_invoices_and_payments_are_set_up_and_work(both):
    """Each payment method gets the account that bears its name; a run invoices and posts."""
    plan = {
        "invoices.create": "yes",
        "invoices.when": "processing",
        "payments.register": "yes",
        "payments.types": "-",
        "payments.accounts": ["cod=1900", ""],
    }
    said = typed(both, plan)
    assert said.code == 0, said.screen
    found = written(both)
    assert found["payments"]["accounts"] == {"vipps": 1903, "klarna_payments": 1904, "cod": 1900}
    assert "invoices.delivery" in said.asked
    assert "3 invoiced" in both.woo2po("run").stdout
    assert both.woo2po("run").exit_code == 0
    assert {one.balance for one in both.go.books.outgoing_invoices.values()} == {Decimal(0)}


def test_every_orders_needs_are_met(every):
    """Fees, gift cards, cash and other countries' VAT are asked about; then nothing lacks."""
    said = typed(every, {"payments.register": "yes", "payments.accounts": ""})
    assert said.code == 0, said.screen
    found = written(every)
    assert found["fees"]["product"] == "GEBYR"
    assert found["gift_cards"] == {**found["gift_cards"], "product": "GAVEKORT"}
    assert found["gift_cards"]["skus"] == ["GAVE-500"]
    assert found["payments"]["types"] == {"cod": "cash"}
    assert found["payments"]["accounts"]["cod"] == 1900
    assert "vat.foreign" in said.asked
    done = every.woo2po("run")
    held = [one["code"] for one in status(every)["orders"] if one["state"] == "held"]
    assert (done.exit_code, held) == (1, ["foreign_vat"])


def status(both):
    """Return what `status --json` says."""
    import json  # noqa: PLC0415

    return json.loads(both.woo2po("status", "--json").stdout)


def test_other_countries_vat_goes_on_a_product_that_is_named(every):
    """One on an account without VAT; a Norwegian rate is refused with the reason."""
    said = typed(every, {"vat.foreign": ["1=FRAKT15", "1=VARE0", ""]})
    assert written(every)["vat"]["foreign"] == {"SE25": "VARE0"}
    assert "Product FRAKT15 cannot carry VAT of SE at 25 %" in said.flat


def test_a_field_that_holds_organisation_numbers_is_offered(both):
    """Whatever a plugin calls it; it joins those that are known."""
    order = next(iter(both.shop.orders.values()))
    order["meta_data"].append({"id": 1, "key": "_firmanr", "value": "923609016"})
    typed(both, {"customers.org_number_fields": "1"})
    fields = written(both)["customers"]["org_number_fields"]
    assert fields[-1] == "_firmanr"
    assert "_billing_org_nr" in fields


def test_the_preview_is_shown_and_nothing_is_sent(both):
    """At the end, on Enter: what would become of the newest orders; and then what to type."""
    said = typed(both, {"init.preview": ""})
    assert "This was a preview: nothing was written" in said.flat
    assert said.flat.index("This was a preview") < said.flat.index("What to type next:")
    assert both.go.books.sales_orders == {}


def test_what_to_type_next_and_the_timers_line_have_whole_paths(both):
    """The three commands, and a crontab line that can be copied as it stands."""
    said = typed(both, columns=60)
    for words in ("check", "run --dry-run", "run --limit 3"):
        assert re.search(rf"(?m)^  \S.* --config {both.config} {words}$", said.screen)
    line = re.search(r"(?m)^  (\S+/5 \* \* \* \* .*)$", said.screen)
    assert line is not None
    assert f"cd {both.config.parent} && " in line[1]
    assert line[1].endswith(" run >> woo2po.log 2>&1")
    assert str(both.config) in line[1]


# -- products that are missing ---------------------------------------------------------------------


def test_in_an_empty_company_everything_is_made_on_a_yes(both):
    """Exactly what was listed, on the lowest sales account of its rate; then orders go."""
    empty_company(both)
    said = typed(both, {"init.create_products": "yes"})
    assert said.code == 0, said.screen
    assert codes(both) == {
        "FRAKT": 3000,
        "RABATT": 3000,
        "RABATT15": 3030,
        "VARE25": 3000,
        "VARE15": 3030,
        "VARE0": 3100,
        "AVRUND": 7740,
    }
    assert "1 FRAKT Frakt: 3000 Salg, høy sats (25 %)" in said.flat
    assert "VARE0: made." in said.flat
    assert both.woo2po("run").stdout == "3 transferred\n"


def test_nothing_is_made_on_enter(both):
    """The codes stand in the file, which loads; what is left to do is said, and orders are held."""
    empty_company(both)
    said = typed(both)
    assert codes(both) == {}
    assert "Still to be made in PowerOffice, by hand or by `woo2po init` again." in said.flat
    assert load(both.config).shipping.product == "FRAKT"
    both.woo2po("run")
    assert {one["code"] for one in status(both)["orders"]} == {"product_missing"}


def test_run_again_it_offers_what_is_still_missing(both):
    """And what was made in the meantime is not offered a second time."""
    empty_company(both)
    typed(both)
    said = typed(both, {"init.create_products": "yes"})
    assert said.code == 0
    assert set(codes(both)) >= {"FRAKT", "AVRUND"}
    again = typed(both)
    assert "init.create_products" not in again.asked


def test_accounts_of_new_products_can_be_changed_or_left_out(both):
    """Only to an account of the same rate; one that is left out is not made."""
    empty_company(both)
    books = both.go.books
    books.account(3050).vat_code_id = books.vat_code("3").id
    plan = {"init.accounts": ["1=3030", "1=3050", "2=-", ""], "init.create_products": "yes"}
    said = typed(both, plan)
    assert "Account 3030 does not suit FRAKT" in said.flat
    assert codes(both)["FRAKT"] == 3050
    assert "RABATT" not in codes(both)
    assert re.search(r"Still to be made.*RABATT, \"Rabatt\", on 3000", said.flat)


def test_a_code_that_is_taken_by_another_product_is_not_offered(both):
    """FRAKT carries no 25 % any more: another code is proposed, and the other product stays."""
    books = both.go.books
    for product in list(books.products.values()):
        if product.code == "FRAKT":
            product.standard_sales_account_id = books.account(3100).id
            product.optional_sales_account_id = None
    said = typed(both, {"shipping.product": ["FRAKT", ""], "init.create_products": "yes"})
    assert "Product FRAKT (shipping.product) cannot carry 25 % VAT" in said.flat
    assert written(both)["shipping"]["product"] == "FRAKT25"
    assert codes(both)["FRAKT25"] == 3000


def test_a_chart_without_an_account_of_the_rate_is_said(both):
    """Which account to make; the file is written all the same, and loads."""
    empty_company(both)
    books = both.go.books
    for account in books.accounts.values():
        if account.vat_code_id == books.vat_code("3").id:
            account.vat_code_id = books.vat_code("31").id
    said = typed(both, {"init.create_products": "yes"})
    assert said.code == 0, said.screen
    assert "Your chart has no sales account with 25 % VAT." in said.flat
    assert "FRAKT Frakt: first an account with VAT code 3 (25 %), such as 3000" in said.flat
    assert "FRAKT" not in codes(both)
    assert codes(both)["VARE15"] == 3000
    assert load(both.config).shipping.product == "FRAKT"


def test_without_the_right_to_make_products_none_is_offered(both):
    """They are listed to be made by hand."""
    empty_company(both)
    both.go.faults.privileges -= {"Product_Full"}
    both.go.faults.privileges |= {"Product"}
    said = typed(both)
    assert "init.create_products" not in said.asked
    assert "by hand, since the integration lacks Product_Full" in said.flat


@pytest.mark.parametrize("fault", ["503_after", "garbage"])
def test_a_lost_answer_is_looked_up_and_nothing_is_made_twice(both, fault, monkeypatch):
    """It is there: that is said, and the others are made."""
    monkeypatch.setattr("woo2po.wizard.ending.LOOKS", (0.0,))
    empty_company(both)
    both.go.faults.at("POST", "/Products", 1, fault)
    said = typed(both, {"init.create_products": "yes"})
    assert said.code == 0
    assert "FRAKT: PowerOffice's answer was lost, and the product is there." in said.flat
    made = [path for verb, path, _ in both.go.requests if (verb, path) == ("POST", "/Products")]
    assert len(made) == len(codes(both)) == 7


def test_an_answer_that_never_comes_leaves_the_product_to_the_next_time(both, monkeypatch):
    """It is not made a second time; the next `init` looks first, and then offers it."""
    monkeypatch.setattr("woo2po.wizard.ending.LOOKS", (0.0, 0.0))
    empty_company(both)
    both.go.faults.at("POST", "/Products", 1, "503")
    said = typed(both, {"init.create_products": "yes"})
    assert said.code == 3
    assert "FRAKT: not known." in said.flat
    assert "FRAKT" not in codes(both)
    assert typed(both, {"init.create_products": "yes"}).code == 0
    assert codes(both)["FRAKT"] == 3000


def test_a_refusal_is_told_in_poweroffices_words_and_the_rest_is_made(both):
    """One refused, six made; the exit code says that not all is as it was wished."""
    empty_company(both)
    both.go.faults.at("POST", "/Products", 2, "refuse", detail="Name is not allowed.")
    said = typed(both, {"init.create_products": "yes"})
    assert said.code == 3
    assert re.search(r"RABATT: not made\. PowerOffice Go refused .*not allowed", said.flat)
    assert "next run" not in said.flat
    assert len(codes(both)) == 6


# -- many of everything ----------------------------------------------------------------------------


def test_ten_thousand_products_are_never_printed_whole(both):
    """Those that look right come first; a part of a name searches, ten at a time."""
    books = both.go.books
    account = books.account(3000).id
    for number in range(10_000):
        product = Product(account, None, 100_000 + number)
        product.code, product.name = f"P{number:05}", f"Genser nummer {number}"
        books.products[product.id] = product
    said = typed(both, {"shipping.product": ["genser nummer 12", "P00012"]})
    assert said.code == 0, said.screen
    assert written(both)["shipping"]["product"] == "P00012"
    shown = re.findall(r"(?m)^ +\d+  (\S+)  Genser", said.screen)
    assert len(shown) == 10
    assert "... and 101 more: type a part of a code or name to search" in said.flat
    assert len(said.screen.splitlines()) < 400


def test_customers_are_never_read(both):
    """However many there are."""
    typed(both)
    assert not [path for _, path, _ in both.go.requests if path.startswith("/Customers")]


def test_products_that_are_numbered_are_not_taken_for_numbers_of_the_list(both):
    """A company whose product codes are 1, 2, 3: the list is chosen from by #1."""
    for number, product in enumerate(both.go.books.products.values(), 1):
        product.code = str(number)
    by_name = {product.name: product.code for product in both.go.books.products.values()}
    assert (by_name["Ullgenser"], by_name["Guidet tur"]) == ("1", "5")
    said = typed(both, {"shipping.product": ["5", "1"], "discounts.product": "#1"})
    assert "Product 5 (shipping.product) cannot carry 25 % VAT" in said.flat
    assert written(both)["shipping"]["product"] == "1"
    assert written(both)["discounts"]["product"] == by_name["Rabatt"]
    assert f"#1  {by_name['Frakt']}  Frakt" in said.screen


# -- back and forth --------------------------------------------------------------------------------


@pytest.mark.parametrize("back", ["<", "b", "back", "t", "tilbake"])
def test_back_goes_to_the_question_before(both, back):
    """And what was answered there is offered again."""
    plan = {"invoices.create": ["yes", "no"], "invoices.when": [back, "", ""]}
    said = typed(both, plan)
    assert written(both)["invoices"]["create"] is False
    place = said.asked.index("invoices.when")
    assert said.asked[place + 1] == "invoices.create"
    assert re.search(r"Create the invoice from the transferred order\?.*?\[yes\] > no", said.flat)


def test_back_goes_any_number_of_times_to_the_very_first(both):
    """From question 2 to the address, over everything that was tried; there it ends."""
    plan = {path: [key, "<", ""] for path, key in keys_of(both).items() if path != "init.preview"}
    plan |= {path: ["", "<", ""] for path in ("poweroffice.environment", "init.right_company",
                                              "woocommerce.statuses")}  # fmt: skip
    plan |= {"orders.write_number_to": ["<", ""]}
    said = typed(both, plan)
    assert said.code == 0, said.screen
    assert "There is no question before this one." in said.flat
    assert said.asked.count("woocommerce.url") == 3
    assert said.asked.index("orders.write_number_to") == 11
    assert load(both.config).woocommerce.orders_from.isoformat() == "2026-09-01"


def test_a_lone_letter_is_a_text_where_texts_are_asked_for(both):
    """A prefix may be b; < still goes back."""
    typed(both, {"orders.number_prefix": "b", "shipping.description": "t"})
    assert written(both)["orders"]["number_prefix"] == "b"
    assert written(both)["shipping"]["description"] == "t"


def test_an_answer_that_no_longer_applies_is_not_written(both):
    """Payments were wished and then not: no account of theirs stands in the file."""
    plan = {
        "payments.register": ["yes", "no"],
        "payments.default_type": ["", "<", ""],
        "payments.unpaid_methods": ["<"],
    }
    typed(both, plan)
    assert written(both)["payments"] == {"register": False, "default_type": "bank"}


def test_a_question_explains_itself(both):
    """? says more, and asks again."""
    said = typed(both, {"invoices.create": ["?", ""], "init.secrets": ["?", ""]})
    assert "You can change this any day: run `woo2po init` again." in said.flat
    assert "A choice is made by its number or its word." in said.flat


# -- ended early -----------------------------------------------------------------------------------


@pytest.mark.parametrize("at", ["woocommerce.url", "shipping.product", "init.write"])
@pytest.mark.parametrize("how", [KeyboardInterrupt, EOFError])
def test_ended_early_nothing_is_written(both, at, how):
    """Ctrl-C and the end of the input: said, exit code 3, no file and no leftover."""
    said = typed(both, {at: how})
    assert said.code == 3
    assert said.screen.endswith("Stopped. Nothing was written.\n")
    assert list(both.config.parent.iterdir()) == []


def test_a_no_at_the_end_writes_nothing(both):
    """And leaves a file that is there as it is."""
    assert typed(both, {"init.write": "no"}).code == 3
    assert not both.config.exists()


def test_ended_after_products_were_made_says_which(both):
    """The file stands whole by then; what was made in PowerOffice is named."""
    empty_company(both)
    said = typed(both, {"init.create_products": "yes", "init.preview": KeyboardInterrupt})
    assert said.code == 3
    assert f"Stopped. {both.config} was written whole before that." in said.flat
    assert "In PowerOffice these products were made: FRAKT, RABATT," in said.flat


def test_after_it_is_written_there_is_no_way_back(both):
    """Which is said."""
    said = typed(both, {"init.preview": ["<", "no"]})
    assert "That is done already." in said.flat


# -- the rarer ways --------------------------------------------------------------------------------


def test_a_shop_without_orders_is_set_up_as_well(tmp_path):
    """The usual rates and statuses are assumed, and it is said that it knows less."""
    with served(tmp_path, []) as both:
        both.config.unlink()
        said = typed(both, {"payments.register": "yes", "payments.accounts": ["cod=1900", ""]})
        assert said.code == 0, said.screen
        assert "The shop has no orders yet" in said.flat
        settings = load(both.config)
        assert settings.shipping.product == "FRAKT"
        assert settings.products.fallback_by_rate == {Decimal(25): "VARE25"}
        assert settings.payments.accounts["vipps"] == 1903


def test_payments_that_are_cash_by_default(both):
    """Question 6 with cash: the methods that a name settles otherwise are the exceptions."""
    plan = {"payments.register": "yes", "payments.default_type": "cash"}
    typed(both, plan)
    payments = load(both.config).payments
    assert payments.types == {"vipps": "bank", "klarna_payments": "bank"}
    assert payments.accounts == {"vipps": 1903, "klarna_payments": 1904, "cod": 1900}
    said = typed(both, {**plan, "payments.types": "cod, vipps"})
    assert load(both.config).payments.types == {"klarna_payments": "bank"}
    assert "[cod] > cod, vipps" in said.screen


def test_accounts_without_names_are_known_by_their_usual_numbers(both):
    """1903 is Vipps' in PowerOffice's own examples; a name that says otherwise outweighs that."""
    for account in both.go.books.accounts.values():
        account.name = "Skattetrekk" if account.account_no == 1904 else ""
    plan = {"payments.register": "yes", "payments.accounts": ["cod=-", "klarna_payments=-", ""]}
    said = typed(both, plan)
    assert load(both.config).payments.accounts == {"vipps": 1903}
    assert "klarna_payments (Klarna, orders: 0): ?" in said.flat


def test_an_account_for_all_other_methods(both):
    """Only where it is wished; then no payment is held for want of an account."""
    typed(both, {"payments.register": "yes", "payments.bank_account": "bank"})
    assert load(both.config).payments.bank_account is None, "the search found one, Enter took none"
    typed(both, {"payments.register": "yes", "payments.bank_account": ["bank", "1"]})
    assert load(both.config).payments.bank_account == 1920
    typed(both, {"payments.bank_account": "-"})
    assert load(both.config).payments.bank_account is None


def test_poweroffice_away_when_products_are_to_be_made(both):
    """The file stands; what is left to do is said."""
    empty_company(both)
    both.go.faults.at("POST", "/OAuth/Token", 2, "refuse")
    said = typed(both, {"init.create_products": "yes", "init.preview": ""})
    assert said.code == 3
    assert "refused the login" in said.flat
    assert "Still to be made in PowerOffice" in said.flat
    assert load(both.config)


def test_a_preview_that_cannot_be_says_why(both):
    """The shop is gone by then: the file stands, and the next commands are told."""

    def gone() -> None:
        if both.config.exists():
            both.shop.misbehaviour.html_200 = True

    both.shop.before_each = gone
    said = typed(both, {"init.preview": ""})
    assert said.code == 0
    assert "shows a page that says it is not open" in said.flat
    assert "What to type next:" in said.flat


def test_the_sandboxs_keys_are_told_as_they_are(both):
    """Those that the questions name are those that the sandbox takes."""
    said = typed(both)
    for key in (*KEYS, "ck_sandbox", "cs_sandbox"):
        assert f"In the sandbox: {key}" in said.screen


def test_what_a_search_in_a_table_found_says_how_to_take_it(both):
    """The row's number and the first that was found."""
    said = typed(both, {"products.fallback_by_rate": ["1=rabat", "1=RABATT", ""]})
    assert "To take one, type: 1=RABATT" in said.flat
    assert load(both.config).products.fallback_by_rate[Decimal(25)] == "RABATT"


def test_who_wishes_invoices_is_told_that_the_first_three_are_real(both):
    """Before the command that makes them is typed; and nobody else."""
    assert "An invoice cannot be" not in typed(both).flat
    assert "those three are invoiced then" in typed(both, {"invoices.create": "yes"}).flat


def test_no_name_of_the_companys_or_the_shops_steers_the_terminal(both):
    """Products, accounts, SKUs, statuses: whatever somebody typed there is only shown."""
    hostile = "\x1b[31mred\x07\u202e"
    for product in both.go.books.products.values():
        product.name = f"{product.name} {hostile}"
    both.go.books.account(3000).name = hostile
    for order in both.shop.orders.values():
        order["payment_method_title"] = hostile
        for line in order["line_items"]:
            line["sku"], line["name"] = hostile, f"Gavekort {hostile}"
    plan = {"payments.register": "yes", "payments.accounts": ["vipps=1903", "cod=-", ""]}
    said = typed(both, {**plan, "shipping.product": ["e", ""]})
    assert said.code == 0, said.screen
    assert "[31mred" in said.screen
    assert not {"\x1b", "\x07", "\u202e"} & set(said.screen)
