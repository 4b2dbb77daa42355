"""The configuration: each key takes effect, and no secret is shown."""

import os
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import certifi
import pytest
from example import document, written
from pydantic import SecretStr
from served import invoked, served

from woo2po.config import Settings, WrongSettings, exposed, keys, load
from woo2po.config.sections import NEWER, PROVIDERS, ProviderSection

PROVIDER = {"book": True, "bank_account": 1920, "units": {"5": {"clearing_account": 1908}}}
# Values that are no defaults, of the keys that do not take just any.
CHOSEN = {
    "language": "en",
    "woocommerce.url": "https://example.no/butikk/",
    "woocommerce.statuses": ["completed", "hentet"],
    "woocommerce.orders_from": date(2026, 1, 31),
    "woocommerce.timezone": "Europe/Stockholm",
    "woocommerce.ca_file": certifi.where(),
    "poweroffice.base_url": "http://[::1]:8081/v2/",  # to this machine
    "poweroffice.token_url": "https://go.example.no/T",
    "poweroffice.requests_per_second": 2.5,
    "shipping.product_by_rate": {"0": "PORTO0"},
    "discounts.product_by_rate": {"15.0": "AVSLAG15"},
    "fees.product_by_rate": {"12": "GEBYR12"},
    "products.fallback_by_rate": {"25": "VARE25"},
    "fees.by_name": {"pant": "PANT"},
    "customers.collective_number": 10000,
    "vat.foreign": {"SE25": {"product": "OSS", "vat_product": "OSS-MVA"}, "DK25": "OSS-DK25"},
    "payments.bank_account": 1920,
    "payments.accounts": {"vipps": 1903},
    "payments.types": {"cod": "cash"},
    "payments.captured_when": {"other": "completed", "x": "paid", "y": "date_paid"},
    **{f"payouts.{name}": PROVIDER for name in PROVIDERS},
    "monitoring.ping_url": "https://hc.example/ping/1/",
}


def other(key):
    """Return a value that a key may have and has not by itself."""
    if key.path in CHOSEN or key.choices:
        return CHOSEN.get(key.path) or next(one for one in key.choices if one != key.default)
    if key.name.endswith("_file"):
        return "key.txt"
    match key.default:
        case bool():
            return not key.default
        case int():
            return key.default + 1
    return ["x", "y"] if isinstance(key.default, list) else "another"


GIVEN = {key.path: other(key) for key in keys.KEYS}
# What the program sees, where that is no more what was written.
SEEN = {
    "woocommerce.url": "https://example.no/butikk",
    "poweroffice.base_url": "http://[::1]:8081/v2",
    "monitoring.ping_url": "https://hc.example/ping/1",
    "shipping.product_by_rate": {Decimal(0): "PORTO0"},
    "discounts.product_by_rate": {Decimal(15): "AVSLAG15"},
    "fees.product_by_rate": {Decimal(12): "GEBYR12"},
    "products.fallback_by_rate": {Decimal(25): "VARE25"},
}
SEEN |= {f"payouts.{name}": ProviderSection(**PROVIDER) for name in PROVIDERS}
# A key that is allowed only beside another.
BESIDE = {"customers.private": {"customers.collective_number": 10000}}


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch):
    for name in os.environ:
        if name.startswith("WOO2PO_"):
            monkeypatch.delenv(name)


def loaded(tmp_path, changes=None):
    return load(written(tmp_path, changes))


def seen(settings, path):
    """Return the value of a key as the program sees it."""
    value = settings
    for name in (
        path.replace(".register", ".register_").replace("register__", "register_").split(".")
    ):
        value = getattr(value, name)
    return value.get_secret_value() if isinstance(value, SecretStr) else value


# -- every key -----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", GIVEN)
def test_a_key_in_the_file_takes_the_place_of_its_default(tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "key.txt").write_text("secret", "utf-8")
    value = GIVEN[path]
    expected = SEEN.get(path, value)
    assert seen(Settings(**document()), path) != expected
    settings = loaded(tmp_path, {path: value, **BESIDE.get(path, {})})
    if path == "state.path":
        expected = str((tmp_path / expected).resolve())
    assert seen(settings, path) == expected


def test_the_environment_wins_over_the_file(tmp_path, monkeypatch):
    monkeypatch.setenv("WOO2PO_POWEROFFICE__CLIENT_KEY", "from the environment")
    monkeypatch.setenv("WOO2PO_LANGUAGE", "en")
    monkeypatch.setenv("WOO2PO_WOOCOMMERCE__STATUSES", '["completed"]')
    monkeypatch.setenv("WOO2PO_PAYMENTS__REGISTER", "true")
    settings = loaded(tmp_path, {"language": "nb"})
    assert settings.poweroffice.client_key.get_secret_value() == "from the environment"
    assert settings.poweroffice.application_key.get_secret_value() == "app"
    assert (settings.language, settings.woocommerce.statuses) == ("en", ["completed"])
    assert settings.payments.register_


@pytest.mark.parametrize("path", [path for path in GIVEN if f"{path}_file" in GIVEN])
def test_a_secret_can_stand_in_a_file_of_its_own(tmp_path, monkeypatch, path):
    """A key's _FILE names a file, in the environment too, and the line's end is no part of it."""
    secret = tmp_path / "secret"
    secret.write_text("from a file\n", "utf-8")
    variable = "WOO2PO_" + path.upper().replace(".", "__") + "_FILE"
    monkeypatch.setenv(variable, str(secret))
    assert seen(loaded(tmp_path, {path: None}), path) == "from a file"
    monkeypatch.delenv(variable)
    settings = loaded(tmp_path, {f"{path}_file": str(secret)})
    assert seen(settings, path) == "from a file"
    assert "from a file" not in f"{settings!r} {settings}", "whoever prints them prints stars"


def test_the_environment_of_poweroffice_sets_both_addresses(tmp_path):
    """poweroffice.environment gives base and login address; one that is written down wins."""
    at_home = loaded(tmp_path).poweroffice
    assert at_home.base_url == "https://goapi.poweroffice.net/v2"
    assert at_home.token_url == "https://goapi.poweroffice.net/OAuth/Token"
    changes = {"poweroffice.environment": "demo", "poweroffice.base_url": "http://127.0.0.1:1/v2"}
    tried = loaded(tmp_path, changes).poweroffice
    assert tried.base_url == "http://127.0.0.1:1/v2"
    assert tried.token_url == "https://goapi.poweroffice.net/Demo/OAuth/Token"


def test_the_state_database_stands_beside_the_configuration(tmp_path, monkeypatch):
    path = written(tmp_path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())  # as Notepad saves it
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert load(Path("..") / path.name).state.path == str((tmp_path / "woo2po.db").resolve())


def test_the_digest_changes_with_what_decides_an_order_and_not_with_keys(tmp_path):
    """Held orders are looked at again when the mapping's settings change, not the language."""
    before = loaded(tmp_path).digest()
    assert loaded(tmp_path, {"products.unknown": "hold"}).digest() != before
    assert loaded(tmp_path, {"woocommerce.consumer_secret": "cs_9"}).digest() == before
    assert loaded(tmp_path, {"language": "en"}).digest() == before


@pytest.mark.parametrize(
    ("mode", "ours", "others"),
    [(0o600, 1, 0), (0o640, 1, 1), (0o644, 1, 1), (0o440, 0, 0), (0o444, 0, 1)],
)
def test_a_file_with_secrets_that_others_can_read_is_noticed(
    tmp_path, monkeypatch, mode, ours, others
):
    """Only the owner may read the keys, or a group that root let: else it is a warning."""
    path = written(tmp_path)
    settings = load(path)
    path.chmod(mode)
    if not ours:
        monkeypatch.setattr("os.getuid", lambda: path.stat().st_uid + 10001)
    assert exposed(settings, path) == [path] * others


@pytest.mark.parametrize("written_", ["31.10.2026", '"31.10.2026"', "2026-10-31"])
def test_a_day_is_taken_as_people_write_it(tmp_path, monkeypatch, written_):
    """In the file, in quotation marks or not, and in the environment; a remark may stand behind."""
    path = written(tmp_path)
    said = re.sub(r"(?m)^orders_from = .*", f"orders_from = {written_}  # ours", path.read_text())
    path.write_text(said)
    assert load(path).woocommerce.orders_from == date(2026, 10, 31)
    monkeypatch.setenv("WOO2PO_WOOCOMMERCE__ORDERS_FROM", "1.11.2026")
    assert load(path).woocommerce.orders_from == date(2026, 11, 1)
    monkeypatch.setenv("WOO2PO_WOOCOMMERCE__ORDERS_FROM", "0001-01-01")
    assert load(path).start.isoformat() == "1969-12-31T23:00:00+00:00", "from ever on"


def test_a_key_that_came_later_changes_no_digest_before_it_is_set():
    """Else an upgrade would have every order looked at. Both were told by the version of before."""
    shop = {"url": "https://www.example.no", "consumer_key": "ck_1", "consumer_secret": "cs_1",
            "orders_from": "2026-11-01"}  # fmt: skip
    go = {"application_key": "a", "client_key": "c", "subscription_key": "s"}
    for more, told in (
        ({}, "f229aa68b0bdd154"),
        ({"vat": {"foreign": {"SE25": "OSS-SE25"}}}, "3288cb7271f22624"),
    ):
        said = {"woocommerce": shop, "poweroffice": go, **more}
        assert Settings(**said).digest() == told
    for path in NEWER:
        section, name = path.split(".")
        given = {**said, section: {**said.get(section, {}), name: GIVEN[path]}}
        assert Settings(**given).digest() != told, path


def problems(path, language="en"):
    """Return what is said about a wrong configuration: (key, value, expected) each."""
    with pytest.raises(WrongSettings) as caught:
        load(path, language)
    return [(p.key, p.value, p.expected) for p in caught.value.problems]


def one_problem(tmp_path, changes, language="en"):
    """Return the one thing that is wrong."""
    (problem,) = problems(written(tmp_path, changes), language)
    return problem


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
    ("state.path", "x" * 300, "none of that name", "noen med det navnet"),
    *[
        (path, name, "none of that name", "noen med det navnet")
        for path in ("state.path", "woocommerce.ca_file", "woocommerce.consumer_key_file")
        for name in ("~nobody-here/key", "\0")
    ],
    ("poweroffice.base_url", "https://[example.no", "like https://", "som https://"),
    ("language", "no", '"nb" or "en"', '"nb" eller "en"'),
]


@pytest.mark.parametrize(("path", "value", "en", "nb"), WRONG)
def test_a_wrong_value_is_named_with_what_was_expected(tmp_path, path, value, en, nb):
    """A problem names the key, shows the value as the file has it, and says what to write: in
    none of pydantic's or Python's words, and with no English in the Norwegian.
    """
    foreign = {"Input", "should", "dictionary", "boolean", "integer", "ValueError", "Error"}
    for language, expected in (("en", en), ("nb", nb)):
        key, shown, said = one_problem(tmp_path, {path: value}, language)
        assert (key, shown) == (path, keys.toml(value)[:100])
        assert expected in said
        assert said.endswith(".")
        foreign |= {"was", "were", "expected"} if language == "nb" else set()
        assert not foreign & set(said.replace(",", " ").split())


RATE = 'a VAT rate was expected, like "25" (a number, without %).'
GONE = "a readable file was expected (it is not there)."
CASH, STATUSES = "WOO2PO_PAYMENTS__CASH_ACCOUNT", "WOO2PO_WOOCOMMERCE__STATUSES"
JSON = {"WOO2PO_PAYMENTS__UNPAID_METHODS": '["bacs"]'}
# fmt: off
ALONE = [  # what stands in the file and the environment; the key, the value shown, what is said
    *(({key.path: None}, {}, key.path, "", "missing, and it has no default")
      for key in keys.KEYS if key.required),
    # An unknown key is named with what was meant.
    *(({path: "FRAKT"}, {}, path, "", like) for path, like in (
        ("shipping.produkt", "shipping.product"),
        ("poweroffice.clientkey", "poweroffice.client_key"),
        ("orders.prefix", "orders.number_prefix"), ("invoices.register", "payments.register"),
        ("frakt", "config.example.toml"))),
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
    ({"woocommerce.url": "https://[kari:hemmelig@example.no"}, {}, "woocommerce.url",
     "https://example.no", "like https://"),
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
    assert found[2] == said if said in {RATE, GONE} else said in found[2]
    assert "c0ffee" not in found[2]


# -- the environment -----------------------------------------------------------------------------


def test_keys_of_earlier_versions_are_named_once_and_refuse_nothing(tmp_path, monkeypatch):
    """They may stand in the file or in the environment, and change nothing."""
    plain = load(written(tmp_path, {}))
    assert plain.not_needed == ()
    path = written(tmp_path, {"poweroffice.allowance_folder": ".", "init.secrets": "config"})
    settings = load(path)
    assert settings.not_needed == ("[init]", "poweroffice.allowance_folder")
    assert settings.model_dump() == plain.model_dump()
    with monkeypatch.context() as environment:
        environment.setenv("WOO2PO_POWEROFFICE__ALLOWANCE_FOLDER", "queue")
        assert load(written(tmp_path, {})).not_needed == ("poweroffice.allowance_folder",)
    with served(tmp_path, []) as both:
        both.configure({"poweroffice.allowance_folder": ".", "log.format": "json"})
        said = both.woo2po("run").stderr
        assert said.count("not_needed_any_more") == said.count("poweroffice.allowance_folder") == 1
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
    (b'language = "\xe6"', "", "not saved as UTF-8"),
    (None, "", "not there"),
    (Path.mkdir, "", "a folder"),
]


@pytest.mark.parametrize(("text", "place", "why"), NO_TOML)
def test_a_file_that_is_no_toml_is_named_with_the_place(tmp_path, text, place, why):
    """Line and column, and what is wrong there, in words; what stands there may be a secret."""
    path = tmp_path / "config.toml"
    if text:
        text(path) if callable(text) else path.write_bytes(text)
    ((key, value, said),) = problems(path)
    assert (key, value) == (str(path), "")
    assert place in said
    assert why in said
    ((_, _, nb),) = problems(path, "nb")
    assert nb.startswith("kan ikke leses" if place else "skal være en fil som kan leses")
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
    with pytest.raises(WrongSettings) as caught:
        load(written(tmp_path, changes))
    assert "s3cret" not in f"{caught.value} {caught.value.problems}"


# -- as it is printed ----------------------------------------------------------------------------


SAID = """\
✗ Konfigurasjonen kan ikke brukes; ingenting ble forsøkt:
  orders.number_prefix = "å": skal være høyst 20 tegn: bokstavene a–z, sifre
    og _ . # / -.
  shipping.produkt: ukjent innstilling: kanskje mente du shipping.product.
Rett det i config.toml og prøv igjen.
"""


def test_what_is_printed_names_each_key_value_and_the_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    wrong = {"orders.number_prefix": "å", "shipping.produkt": "FRAKT"}
    written(tmp_path, {"language": "nb", **wrong})
    result = invoked("run", "--config", "config.toml")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", SAID)
