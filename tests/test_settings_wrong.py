"""What can be wrong with a configuration: key, value and what was expected, in its language."""

import os

import example
import pytest
from configured import written
from served import invoked, served

from woo2po.config import WrongSettings, load

LANGUAGES = ("en", "nb")


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch):
    for name in os.environ:
        if name.startswith("WOO2PO_"):
            monkeypatch.delenv(name)


def problems(path, language="en"):
    """Return what is said about a wrong configuration: (key, value, expected) each."""
    with pytest.raises(WrongSettings) as caught:
        load(path, language)
    return [(p.key, p.value, p.expected) for p in caught.value.problems]


def one_problem(tmp_path, changes, language="en"):
    """Return the one thing that is wrong."""
    (problem,) = problems(written(tmp_path, changes), language)
    return problem


def about(text, tmp_path, language="en"):
    """Return what is said of a file that is no TOML."""
    path = tmp_path / "config.toml"
    path.write_bytes(text)
    ((key, value, expected),) = problems(path, language)
    assert (key, value) == (str(path), "")
    return expected


# -- values --------------------------------------------------------------------------------------

WRONG = [
    ("woocommerce.url", "https://www.example.no\n* * * * * id", "an address like", "example.no"),
    ("woocommerce.url", "http://127.0.0.1.example.no", "https was expected", "https"),
    ("poweroffice.token_url", "ftp://goapi.poweroffice.net", "like https://", "som https://"),
    ("woocommerce.statuses", "processing", 'like ["processing"]', 'slik: ["processing"]'),
    ("woocommerce.statuses", [], "must not be empty", "kan ikke være tom"),
    ("woocommerce.statuses", ["Under behandling"], "slugs", "korte navn"),
    ("woocommerce.orders_from", "1. november", "2026-11-01", "2026-11-01"),
    ("woocommerce.timezone", "Oslo", '"Europe/Oslo"', "tidssone"),
    ("woocommerce.ca_file", "nowhere.pem", "it is not there", "den finnes ikke"),
    ("poweroffice.requests_per_second", 0, "greater than 0", "over 0"),
    ("poweroffice.requests_per_second", 101, "at most 100", "høyst 100"),
    ("poweroffice.requests_per_second", "ti", "a number", "et tall"),
    ("poweroffice.settle_after", -1, "at least 0", "minst 0"),
    ("orders.write_number_to", "reference", '"customer_reference"', '"customer_reference"'),
    ("orders.number_prefix", "butikk æ", "letters a-z", "bokstavene a–z"),
    ("orders.number_prefix", "x" * 21, "at most 20", "høyst 20"),
    ("shipping.product", 7, "a text in quotation marks", "en tekst i anførselstegn"),
    ("discounts.transfer_vat", "kanskje", "true or false", "true eller false"),
    ("products.unknown", "guess", '"fallback", "create" or "hold"', '"create" eller "hold"'),
    ("payments.accounts", 1903, '{ "vipps" = 1903 }', '{ "vipps" = 1903 }'),
    ("vat.foreign", "post", '"hold" was expected, or a table', '"hold", eller en tabell'),
    ("state.path", "", "must not be empty", "kan ikke være tom"),
    ("language", "no", '"nb" or "en"', '"nb" eller "en"'),
]
UNKNOWN = [
    ("shipping.produkt", "shipping.product"),
    ("poweroffice.clientkey", "poweroffice.client_key"),
    ("orders.prefix", "orders.number_prefix"),
    ("invoices.register", "payments.register"),
    ("frakt", ""),
]


@pytest.mark.parametrize(("path", "value", "en", "nb"), WRONG)
def test_a_wrong_value_is_named_with_what_was_expected(tmp_path, path, value, en, nb):
    """A problem names the key, shows the value as the file has it, and says what to write: in
    none of pydantic's or Python's words, and with no English in the Norwegian.
    """
    foreign = {"Input", "should", "dictionary", "boolean", "integer", "ValueError", "Error"}
    for language, expected in (("en", en), ("nb", nb)):
        key, shown, said = one_problem(tmp_path, {path: value}, language)
        assert (key, shown) == (path, example.toml(value))
        assert expected in said
        assert said.endswith(".")
        foreign |= {"was", "were", "expected"} if language == "nb" else set()
        assert not foreign & set(said.replace(",", " ").split())


@pytest.mark.parametrize(("path", "like"), UNKNOWN)
def test_an_unknown_key_is_named_with_what_was_meant(tmp_path, path, like):
    """A mistyped key, or one in the wrong section; its value is not shown: it may be a secret."""
    for language in LANGUAGES:
        key, shown, said = one_problem(tmp_path, {path: "FRAKT"}, language)
        assert (key, shown) == (path, "")
        assert (like or "config.example.toml") in said


@pytest.mark.parametrize("path", [key.path for key in example.KEYS if key.required])
def test_a_required_key_that_is_missing_is_named(tmp_path, path):
    """What has no default must be written down."""
    key, shown, said = one_problem(tmp_path, {path: None})
    assert (key, shown) == (path, "")
    assert said.startswith("missing, and it has no default")


RATE = 'a VAT rate was expected, like "25" (a number, without %).'
TEXT = "a text in quotation marks was expected."
GONE = "a readable file was expected (it is not there)."
CASH, STATUSES = "WOO2PO_PAYMENTS__CASH_ACCOUNT", "WOO2PO_WOOCOMMERCE__STATUSES"
JSON = {"WOO2PO_PAYMENTS__UNPAID_METHODS": '["bacs"]'}
# fmt: off
ALONE = [  # what stands in the file and the environment; the key, the value shown, what is said
    *(({path: {"25 %": "VARE25"}}, {}, f"{path}.25 %", '"25 %"', RATE)
      for path in ("products.fallback_by_rate", "shipping.product_by_rate")),
    ({"state": "woo2po.db"}, {}, "state", "", "[state]"),  # what it holds is not shown
    ({"customers.private": "collective"}, {}, "customers.collective_number", "",
     "collective_number was expected"),
    # Either "hold" or a table: of a table that is wrong inside, only that is told.
    *(({"vat.foreign": {"SE25": value}}, {}, "vat.foreign.SE25", shown, "two products were")
      for value, shown in ((25, "25"), (["VARE"], '["VARE"]'), ("", '""'), ({"product": "OSS"}, ""),
                           ({"product": "OSS", "vat": "OSS-MVA"}, ""))),
    *(({f"poweroffice.{name}_file": "not-there"}, {}, f"poweroffice.{name}_file", '"not-there"',
       GONE) for name in ("client_key", "subscription_key")),
    # A key inside a table, and inside one of that.
    ({"payouts.vipps": {"units": {"5": {"clearing": 1}}}}, {}, "payouts.vipps.units.5.clearing",
     "", '"clearing_account", "bank_account" or "fee_account" was'),
    ({"payouts.vipps": {"units": {"5": 5}}}, {}, "payouts.vipps.units.5", "***", "like { ... }."),
    ({"payouts.vipps": {"bok": True}}, {}, "payouts.vipps.bok", "", "payouts.vipps.book was"),
    # Whoever looks into config.toml for it would not find it there.
    ({}, {CASH: "kasse"}, f"payments.cash_account ({CASH})", '"kasse"', ""),
    ({}, {STATUSES: "completed", **JSON}, STATUSES, "", "JSON"),
    # A mistyped variable is an unknown key too: it is named, its value is not.
    *(({}, {name: "c0ffee"}, name, "", like) for name, like in (
        ("WOO2PO_POWEROFICE__CLIENT_KEY", "WOO2PO_POWEROFFICE__CLIENT_KEY"),
        ("WOO2PO_ORDERS__PREFIX", "WOO2PO_ORDERS__NUMBER_PREFIX"),
        ("WOO2PO_X", "config.example.toml"))),
]
# fmt: on


@pytest.mark.parametrize(("changes", "environment", "key", "shown", "said"), ALONE)
def test_one_thing_that_is_wrong_is_the_one_that_is_told(
    tmp_path, monkeypatch, changes, environment, key, shown, said
):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    found = one_problem(tmp_path, changes)
    assert found[:2] == (key, shown)
    assert found[2] == said if said in {RATE, TEXT, GONE} else said in found[2]
    assert "c0ffee" not in found[2]


def test_all_mistakes_are_told_at_once(tmp_path):
    """Nobody mends a file one run at a time."""
    wrong = {"language": "no", "orders.number_prefix": "æ", "products.unknown": "guess"}
    assert {key for key, _, _ in problems(written(tmp_path, wrong))} == set(wrong)


# -- the environment -----------------------------------------------------------------------------


def test_keys_of_earlier_versions_are_named_once_and_refuse_nothing(tmp_path, monkeypatch):
    """They may stand in the file or in the environment, and change nothing."""
    plain = load(written(tmp_path, {}))
    assert plain.not_needed == ()
    path = written(tmp_path, {"poweroffice.allowance_folder": ".", "init.secrets": "config"})
    settings = load(path)
    assert settings.not_needed == ("[init]", "poweroffice.allowance_folder")
    assert settings.model_dump() == plain.model_dump()
    monkeypatch.setenv("WOO2PO_POWEROFFICE__ALLOWANCE_FOLDER", "queue")
    assert load(written(tmp_path, {})).not_needed == ("poweroffice.allowance_folder",)


def test_a_run_names_a_key_of_an_earlier_version_in_its_log(tmp_path):
    """Once, and does its work; `check` shows it as a note."""
    with served(tmp_path, []) as both:
        both.configure({"poweroffice.allowance_folder": "."})
        done = both.process("run")
        assert done.returncode == 0
        assert done.stderr.count("poweroffice.allowance_folder") == 1
        assert "not_needed_any_more" in done.stderr
        shown = " ".join(both.woo2po("check").output.split())
        assert "Not needed any more: poweroffice.allowance_folder." in shown


# -- the file ------------------------------------------------------------------------------------

NO_TOML = [
    (b"[woocommerce\n", "line 1, column 13", "closing bracket"),
    (b'[woocommerce]\nurl = "a"\nurl = "b"\n', "line 3", "there twice"),
    (b"[state]\npath = woo2po.db\n", "line 2, column 8", "quotation marks"),
    (b"[state]\npath =\n", "line 2", "value is missing"),
    (b'[state]\npath "a"\n', "line 2", "comes ="),
    (b'[state]\npath = "a\n', "line 2", "closing quotation mark"),
    (b'[state]\npath = "C:\\Users\\me"\n', "line 2", "write / instead"),
    (b"[woocommerce]\norders_from = 1. november\n", "line 2", "the line should end"),
    (b'[woocommerce]\nstatuses = ["a"\n', "to its end", "closing bracket"),
    (b"<!doctype html>\n", "line 1", "only lines like"),
]


@pytest.mark.parametrize(("text", "place", "why"), NO_TOML)
def test_a_file_that_is_no_toml_is_named_with_the_place(tmp_path, text, place, why):
    """Line and column, and what is wrong there, in words; what stands there may be a secret."""
    said = about(text, tmp_path)
    assert place in said
    assert why in said
    nb = about(text, tmp_path, "nb")
    assert nb.startswith("kan ikke leses")
    assert nb.endswith(".")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (b'language = "nb"\n[state\n', "nb"),
        (b'# language = "nb"\nlanguage = "en"\n[state\n', "en"),
        (b'[state\nlanguage = "nb"\n', "en"),
        (b'language = "nb"\nfrakt = 1\n', "nb"),
        (b'language = "sv"\n', "en"),
    ],
)
def test_a_broken_configuration_is_told_of_in_its_own_language(
    tmp_path, monkeypatch, text, language
):
    """Where it can be told which that is; else in that of the environment, which, where a variable
    says so, outweighs the file as every key of it does.
    """
    path = tmp_path / "config.toml"
    path.write_bytes(text)
    for of_it in (language, "nb"):
        with pytest.raises(WrongSettings) as caught:
            load(path, "en")
        assert caught.value.language == of_it
        monkeypatch.setenv("WOO2PO_LANGUAGE", "nb")


@pytest.mark.parametrize(
    ("name", "why"),
    [("missing.toml", "not there"), ("folder", "a folder"), ("old.toml", "not saved as UTF-8")],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path, name, why):
    """By its path: a missing one, a folder, one that an old editor saved."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "old.toml").write_bytes(b'language = "\xe6"')
    ((key, _, said),) = problems(tmp_path / name)
    assert key == str(tmp_path / name)
    assert why in said


# -- secrets -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"woocommerce.consumer_key": ["s3cret"]},
        {"poweroffice.client_key": {"value": "s3cret"}},
        {"poweroffice.clientkey": "s3cret"},
        {"poweroffice.client_keys": "s3cret"},
        {"woocommerce.url": "https://ck_1:s3cret@www.example.no"},
        {"woocommerce.url": "https://www.example.no/?consumer_secret=s3cret"},
        {"poweroffice": "s3cret"},
        {"monitoring.notify": "mailto://user:s3cret@example.no"},
        {"monitoring.notify": [["slack://s3cret"]]},
        {"payouts.vipps": "s3cret"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_secret_is_never_shown(tmp_path, changes):
    """A wrong secret, and a secret in the wrong place, is named by its key only."""
    with pytest.raises(WrongSettings) as caught:
        load(written(tmp_path, changes))
    assert "s3cret" not in f"{caught.value} {caught.value.problems}"


# -- as it is printed ----------------------------------------------------------------------------


SAID = {
    "en": """\
✗ The configuration cannot be used; nothing was tried:
  orders.number_prefix = "å": at most 20 letters a-z, digits and _ . # / -
    were expected.
  shipping.produkt: an unknown key: perhaps shipping.product was meant.
Correct it in config.toml and try again.
""",
    "nb": """\
✗ Konfigurasjonen kan ikke brukes; ingenting ble forsøkt:
  orders.number_prefix = "å": skal være høyst 20 tegn: bokstavene a–z, sifre
    og _ . # / -.
  shipping.produkt: ukjent innstilling: kanskje mente du shipping.product.
Rett det i config.toml og prøv igjen.
""",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_printed_names_key_value_and_file(tmp_path, monkeypatch, language):
    """Each mistake stands on its own line; the last says where to correct them."""
    monkeypatch.chdir(tmp_path)
    wrong = {"orders.number_prefix": "å", "shipping.produkt": "FRAKT"}
    written(tmp_path, {"language": language, **wrong})
    result = invoked("run", "--config", "config.toml")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == SAID[language]
