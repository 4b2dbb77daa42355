"""`init` tries at once what it is told: addresses, keys, rights; and answers that make no sense."""

import pytest
from dialogues import keys_of, typed
from served import GOES, served

from woo2po.settings import load
from woo2po.wizard.address import candidates, tidied
from woo2po.wizard.kinds import Wrong

# Beside the suite, which has the dialogue itself: each of these is a whole one more.
pytestmark = pytest.mark.thorough

OTHER = "http://127.0.0.1:9"  # the port of "discard": nothing answers


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    """The stand-in allows more than PowerOffice; and nobody waits before a second attempt."""
    monkeypatch.setenv("WOO2PO_POWEROFFICE__REQUESTS_PER_SECOND", "100")


@pytest.fixture
def both(tmp_path):
    """A shop with an order, a company with the sandbox's products, and no configuration."""
    with served(tmp_path, [GOES]) as one:
        one.config.unlink()
        yield one


def behaving(both, **changes):
    """Let the shop misbehave."""
    for name, value in changes.items():
        setattr(both.shop.misbehaviour, name, value)


def at_the_next_question(both, path, **changes):
    """Let the shop behave again as soon as it has been asked once."""
    asked = []

    def once() -> None:
        asked.append(1)
        if len(asked) > 1:
            behaving(both, **changes)

    both.shop.before_each = once


# -- the address -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("www.example.no", "https://www.example.no"),
        (" https://example.no/ ", "https://example.no"),
        ("http://example.no", "https://example.no"),
        ("http://example.no:80/butikk/", "https://example.no/butikk"),
        ("example.no/wp-admin/edit.php?post_type=shop_order#top", "https://example.no"),
        ("https://example.no/shop/wp-json/wc/v3/orders", "https://example.no/shop"),
        ("<https://example.no>", "https://example.no"),
        ("127.0.0.1:8081", "http://127.0.0.1:8081"),
        ("localhost:8081", "http://localhost:8081"),
        ("https://[::1]:8443", "https://[::1]:8443"),
        ("blåbær.no", "https://blåbær.no"),
    ],
)
def test_an_address_is_taken_as_it_was_meant(text, url):
    """With https, without the page behind it; http only to this machine."""
    assert tidied(text) == url


@pytest.mark.parametrize(
    "text", ["", "butikk", "ftp://example.no", "kari@example.no", "https://", "example.no:x", "?"]
)
def test_what_is_no_address_is_said(text):
    """With what was expected."""
    with pytest.raises(Wrong) as wrong:
        tidied(text)
    assert wrong.value.code == "init_no_address"


def test_a_page_of_the_shop_may_be_given_for_the_shop():
    """What is above it is tried as well."""
    assert candidates("https://x.no/no/butikk") == [
        "https://x.no/no/butikk",
        "https://x.no/no",
        "https://x.no",
    ]


def test_the_shop_above_the_page_is_found(both):
    """And that address is what the file gets."""
    said = typed(both, {"woocommerce.url": f"{both.shop.url}/butikk/"})
    assert f"The shop itself is at {both.shop.url}, so that is taken." in said.flat
    assert load(both.config).woocommerce.url == both.shop.url


def test_the_name_of_the_shop_is_told_before_any_key_is_asked_for(both):
    """And no key has left by then."""
    said = typed(both, {"woocommerce.consumer_key": KeyboardInterrupt})
    assert f"Found: Norsk Nettbutikk, at {both.shop.url}" in said.flat
    assert [one.query for one in both.shop.requests] == ["_fields=name%2Cnamespaces"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"html_200": True}, "shows a page that says it is not open"),
        ({"maintenance": True}, "is closed for maintenance"),
        ({"firewall_html": "wordfence"}, "Wordfence, the firewall in front of"),
        ({"redirect": "https://nybutikk.example"}, "sends us on to another place"),
        ({"failures": [(401, {})]}, "is behind a password of the web server"),
        ({"failures": [(500, {})]}, "crashed while it answered"),
    ],
)
def test_what_stands_in_the_way_of_the_shop_is_said_and_the_address_asked_again(
    both, changes, sentence
):
    """In the client's own words, without those that are of runs only."""
    behaving(both, **changes)
    quiet = {"html_200": False, "maintenance": False, "firewall_html": "", "redirect": ""}
    at_the_next_question(both, "woocommerce.url", **quiet)
    said = typed(both, {"woocommerce.url": [both.shop.url, both.shop.url]})
    assert said.code == 0, said.screen
    assert sentence in said.flat
    assert "the next run" not in said.flat
    assert said.asked[:2] == ["woocommerce.url", "woocommerce.url"]


def test_an_address_where_nothing_answers_is_said(both):
    """At once: whoever mistyped it does not wait for repeats."""
    said = typed(both, {"woocommerce.url": [OTHER, both.shop.url]})
    assert said.code == 0
    assert "Nothing answers at 127.0.0.1: the connection was refused." in said.flat


def test_a_page_that_is_no_shop_is_said(both):
    """The shop is in a folder of the site, and its front page is another programme's."""
    both.shop.subfolder = "/nettbutikk"
    said = typed(both, {"woocommerce.url": [both.shop.url, f"{both.shop.url}/nettbutikk/"]})
    assert said.code == 0
    assert "answered with a web page (status 404)" in said.flat
    assert load(both.config).woocommerce.url.endswith("/nettbutikk")


def test_wordpress_without_woocommerce_is_said(both, monkeypatch):
    """The interface is there, and the shop's part of it is not."""
    monkeypatch.setattr("woo2po.sandbox.shop_pages.NAMESPACES", ["wp/v2"])
    said = typed(both, {"woocommerce.url": [both.shop.url, KeyboardInterrupt]})
    assert "there is no WooCommerce (or a very old one) behind it" in said.flat


def test_a_closed_front_of_the_interface_is_no_obstacle(both):
    """A security plugin closes it to strangers: the keys tell the rest."""
    both.shop.closed_routes = {"/"}
    said = typed(both)
    assert said.code == 0
    assert "WordPress answers at" in said.flat


# -- the shop's keys -------------------------------------------------------------------------------


def test_a_key_of_another_shop_is_said_and_asked_again(both):
    """The key, and the secret after it."""
    plan = {
        "woocommerce.consumer_key": ["ck_other", "ck_sandbox"],
        "woocommerce.consumer_secret": ["cs_sandbox", "cs_sandbox"],
    }
    said = typed(both, plan)
    assert said.code == 0
    assert "either does not know the key" in said.flat or "does not know the key" in said.flat
    assert said.asked.count("woocommerce.consumer_key") == 2


def test_a_wrong_secret_is_said_and_only_the_secret_asked_again(both):
    """The key was right."""
    said = typed(both, {"woocommerce.consumer_secret": ["cs_wrong", "cs_sandbox"]})
    assert "says that the secret is wrong" in said.flat
    assert said.asked.count("woocommerce.consumer_key") == 1


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("permissions", "write", "The key is right, but may not read."),
        ("user_may_view", False, "the user it belongs to may not see orders"),
    ],
)
def test_a_key_without_rights_is_said(both, name, value, sentence):
    """What to change in the shop; Enter tries the same key again."""
    setattr(both.shop, name, value)
    seen = []

    def mended() -> None:
        seen.append(1)
        if len(seen) > 2:
            both.shop.permissions, both.shop.user_may_view = "read", True

    both.shop.before_each = mended
    plan = {"woocommerce.consumer_key": ["ck_sandbox", ""],
            "woocommerce.consumer_secret": ["cs_sandbox", ""]}  # fmt: skip
    said = typed(both, plan)
    assert said.code == 0
    assert sentence in said.flat


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("cs_sandbox", "That is another key: this one begins with ck_"),
        ("ck_ sandbox", "it has a blank or a strange sign in it"),
        ("ck_nøkkel", "it has a blank or a strange sign in it"),
        ("", "An answer is needed here."),
    ],
)
def test_what_is_no_key_is_said_before_it_is_sent(both, key, sentence):
    """The secret for the key, half of it, nothing."""
    said = typed(both, {"woocommerce.consumer_key": [key, "ck_sandbox"]})
    assert said.code == 0
    assert sentence in said.flat


def test_keys_are_never_shown_again(both):
    """Not by the questions, the summary, or what is offered when one goes back."""
    plan = {"woocommerce.consumer_secret": ["cs_sandbox"], "poweroffice.environment": ["<", ""]}
    said = typed(both, plan)
    lines = [line for line in said.screen.splitlines() if "cs_sandbox" in line]
    assert [line for line in lines if not line.startswith(("> ", "  In the sandbox:"))] == []
    assert "[cs_...] > " in said.screen


@pytest.mark.parametrize(
    ("answer", "opened", "said"),
    [("", [True], False), ("", [], True), ("no", None, False)],
    ids=["opens", "no browser", "not wished"],
)
def test_where_there_is_a_display_the_page_is_opened(both, monkeypatch, answer, opened, said):
    """WooCommerce's own page for making a key; its address is shown in any case."""
    pages = []

    def open_page(url: str) -> bool:
        pages.append(url)
        return bool(opened)

    monkeypatch.setattr("woo2po.wizard.terminal.webbrowser.open", open_page)
    done = typed(both, {"init.open_page": answer}, display=True)
    assert done.code == 0
    page = "/wp-admin/admin.php?page=wc-settings&tab=advanced&section=keys&create-key=1"
    assert both.shop.url + page in done.screen
    assert pages == ([] if opened is None else [both.shop.url + page])
    assert ("No browser opened" in done.flat) is said


# -- PowerOffice -----------------------------------------------------------------------------------


def test_wrong_keys_of_poweroffice_are_said_and_asked_again(both):
    """Application and client key belong together; the subscription key is said by itself."""
    plan = {
        "poweroffice.client_key": ["client-other", "client-sandbox"],
        "poweroffice.application_key": ["app-sandbox", ""],
        "poweroffice.subscription_key": ["subscription-sandbox", ""],
    }
    said = typed(both, plan)
    assert said.code == 0
    assert "does not accept the application key and the client key" in said.flat
    plan = {"poweroffice.subscription_key": ["subscription-other", "subscription-sandbox"]}
    said = typed(both, plan)
    assert "does not accept the subscription key" in said.flat
    assert said.asked.count("poweroffice.client_key") == 1


def test_a_sandbox_that_does_not_run_is_said_and_its_address_asked_again(both):
    """Whoever forgot to start it."""
    plan = {"init.sandbox": [OTHER, both.go_url]}
    plan |= {path: [key, ""] for path, key in keys_of(both).items() if path.endswith("_key")}
    said = typed(both, plan)
    assert said.code == 0
    assert "PowerOffice Go could not be reached at 127.0.0.1" in said.flat


def test_the_sandbox_is_offered_only_to_a_shop_on_this_machine(both):
    """For all others there are PowerOffice's two environments."""
    said = typed(both, {"init.sandbox": ["https://goapi.poweroffice.net", both.go_url]})
    assert said.code == 0
    assert "is not on this machine" in said.flat


def test_a_company_that_is_the_wrong_one(both):
    """No: the client key is asked for again."""
    plan = {
        "init.right_company": ["no", "yes"],
        "poweroffice.client_key": ["client-sandbox", ""],
        "poweroffice.subscription_key": ["subscription-sandbox", ""],
    }
    said = typed(both, plan)
    assert said.code == 0
    assert 'for "Fjellbutikken AS". Is that the right company?' in said.flat
    assert "Then the client key is another company's." in said.flat
    assert said.asked.count("poweroffice.client_key") == 2


def test_a_right_that_nothing_goes_without_is_said(both):
    """Before the questions; Enter tries again when it has been given."""
    both.go.faults.privileges -= {"GeneralLedgerAccount_Full"}
    plan = {"poweroffice.subscription_key": ["subscription-sandbox", KeyboardInterrupt]}
    said = typed(both, plan)
    assert "lacks the privilege GeneralLedgerAccount" in said.flat


def test_rights_that_the_answers_ask_for_are_said_with_the_answers(both):
    """To send invoices, to post payments; and once more at the end, to be copied."""
    both.go.faults.may_send = False
    both.go.faults.privileges -= {"BankVoucher_Full", "OutgoingInvoice_Full"}
    plan = {
        "invoices.create": "yes",
        "payments.register": "yes",
        "payments.accounts": ["cod=-", ""],
    }
    said = typed(both, plan)
    assert said.code == 0, said.screen
    assert "that woo2po cannot do without: OutgoingInvoice." in said.flat
    assert "may not send invoices yet: ask PowerOffice for AllowSendInvoice" in said.flat
    assert "For that the integration lacks: BankVoucher_Full." in said.flat
    last = "Ask PowerOffice to give the integration: OutgoingInvoice, BankVoucher_Full, Allow"
    assert last in said.flat


def test_another_shops_prefix_is_noticed(both):
    """Its orders stand in the company already; one's own do not count."""
    typed(both)
    assert both.woo2po("run").exit_code == 0
    again = typed(both, {"orders.number_prefix": "shop_"})
    assert "already (shop_" not in again.flat
    for draft in both.go.books.sales_orders.values():
        draft.custom_matching_reference = "woo-0123456789-30"
    said = typed(both, {"orders.number_prefix": ["shop_", "fjell_"],
                        "discounts.transfer_vat": ["<", ""]})  # fmt: skip
    assert "orders of another shop or integration that begin with shop_ already" in said.flat
    assert load(both.config).orders.number_prefix == "fjell_"


# -- answers that make no sense --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "text", "sentence"),
    [
        ("woocommerce.url", "hello", '"hello" is no address of a shop'),
        ("poweroffice.environment", "4", "That is none of these: production, demo, sandbox."),
        ("woocommerce.orders_from", "yesterday", '"yesterday" is no day'),
        ("woocommerce.orders_from", "31.11.2026", '"31.11.2026" is no day'),
        ("woocommerce.orders_from", "2026-02-30", '"2026-02-30" is no day'),
        ("woocommerce.statuses", "sent", 'The shop has no status "sent". It has: pending,'),
        ("woocommerce.statuses", "Under behandling!", 'slugs like "processing" were expected'),
        ("woocommerce.statuses", "-", "An answer is needed here."),
        ("orders.write_number_to", "0", "That is none of these: customer_reference,"),
        ("invoices.create", "maybe", "That is none of these: no, yes."),
        ("shipping.product", "sykkel", 'PowerOffice has no such product with "sykkel"'),
        ("shipping.product", "FRAKT15", "Product FRAKT15 (shipping.product) cannot carry 25 %"),
        ("shipping.product", f"new {'X' * 101}", "at most 100 characters were expected"),
        ("orders.number_prefix", "blåbær-", '"blåbær-": at most 20 letters'),
        ("orders.number_prefix", "x" * 21, "at most 20 letters"),
        ("products.fallback_by_rate", "7=VARE25", "Type the number of a line and what it should"),
        ("products.fallback_by_rate", "1", "Type the number of a line and what it should be"),
        ("products.fallback_by_rate", "1=FRAKT15", "Product FRAKT15 (products.fallback_by_rate)"),
        ("init.secrets", "cloud", "That is none of these: config, files."),
    ],
)
def test_nonsense_gets_a_plain_sentence_and_the_question_again(both, path, text, sentence):
    """Nothing is taken, nothing breaks, and the next answer counts."""
    again = keys_of(both).get(path, "")
    said = typed(both, {path: [text, again]})
    assert said.code == 0, said.screen
    assert sentence in said.flat
    assert said.asked.count(path) == 1
    assert load(both.config)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1=salg", '"salg" is no account of the chart'),
        ("1=3000", "Account 3000 (payments.accounts.vipps) has VAT code 3"),
        ("1=1999", "Account 1999 (payments.accounts.vipps) does not exist"),
        ("5=1903", "Type the number of a line"),
        ("1=oppgjør", "1901 Visa oppgjør"),
        ("", "cod (Cash on delivery, orders: 0) has none yet. Type 2="),
    ],
)
def test_nonsense_in_the_table_of_accounts(both, text, sentence):
    """A search, an account with VAT, one that does not exist; a row that is left open."""
    both.go.books.account(1900).name = "Handkasse"
    plan = {"payments.register": "yes", "payments.types": "-"}
    said = typed(both, {**plan, "payments.accounts": [text, "2=1900", ""]})
    assert said.code == 0, said.screen
    assert sentence in said.flat
    assert load(both.config).payments.accounts["cod"] == 1900


@pytest.mark.parametrize("text", ["1.11.2026", "2026-11-01", "01. 11. 2026", "2026-11-1"])
def test_a_day_may_be_typed_as_people_write_it(both, text):
    """The Norwegian way, and the other."""
    typed(both, {"woocommerce.orders_from": text})
    assert load(both.config).woocommerce.orders_from.isoformat() == "2026-11-01"


def test_choices_are_made_by_number_or_word(both):
    """Several with commas or blanks between; yes and no in both languages."""
    typed(both, {"woocommerce.statuses": "1, completed", "invoices.create": "JA",
                 "orders.write_number_to": "3", "payments.default_type": "Bank"})  # fmt: skip
    settings = load(both.config)
    assert settings.woocommerce.statuses == ["processing", "completed"]
    assert settings.invoices.create
    assert settings.orders.write_number_to == "none"


def test_a_dash_is_for_none(both):
    """No product, no text."""
    typed(both, {"discounts.product": "-", "discounts.description": "-"})
    settings = load(both.config)
    assert (settings.discounts.product, settings.discounts.description) == ("", "")
