"""The configuration: each key takes effect, and no secret is shown."""

import os
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import certifi
import example
import pytest
from configured import document, written
from pydantic import SecretStr

from woo2po.config import NEWER, Settings, load, readable_by_others
from woo2po.config.sections import PROVIDERS, ProviderSection

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


GIVEN = {key.path: other(key) for key in example.KEYS}
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
    """What stands in config.toml under a key is what the program sees."""
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
    """A variable WOO2PO_SECTION__KEY outweighs the key in config.toml."""
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
    assert seen(loaded(tmp_path, {f"{path}_file": str(secret)}), path) == "from a file"


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
    """A relative state.path counts from config.toml, not from where the command was given."""
    path = written(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert load(Path("..") / path.name).state.path == str((tmp_path / "woo2po.db").resolve())


def test_the_digest_changes_with_what_decides_an_order_and_not_with_keys(tmp_path):
    """Held orders are looked at again when the mapping's settings change, not the language."""
    before = loaded(tmp_path).digest()
    assert loaded(tmp_path, {"products.unknown": "hold"}).digest() != before
    assert loaded(tmp_path, {"woocommerce.consumer_secret": "cs_9"}).digest() == before
    assert loaded(tmp_path, {"language": "en"}).digest() == before


def test_a_file_saved_by_notepad_is_read(tmp_path):
    """The mark that Windows' editors put first is no part of the configuration."""
    path = written(tmp_path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load(path).woocommerce.url == "https://www.example.no"


@pytest.mark.parametrize(
    ("mode", "ours", "others"),
    [(0o600, 1, 0), (0o640, 1, 1), (0o644, 1, 1), (0o440, 0, 0), (0o444, 0, 1)],
)
def test_a_file_with_secrets_that_others_can_read_is_noticed(
    tmp_path, monkeypatch, mode, ours, others
):
    """Only the owner may read the keys, or a group that root let: else it is a warning."""
    path = written(tmp_path)
    path.chmod(mode)
    if not ours:
        monkeypatch.setattr("os.getuid", lambda: path.stat().st_uid + 10001)
    assert readable_by_others(path) is bool(others)


@pytest.mark.parametrize("written_", ["31.10.2026", '"31.10.2026"', "2026-10-31"])
def test_a_day_is_taken_as_people_write_it(tmp_path, monkeypatch, written_):
    """In the file, in quotation marks or not, and in the environment; a remark may stand behind."""
    path = written(tmp_path)
    said = re.sub(r"(?m)^orders_from = .*", f"orders_from = {written_}  # ours", path.read_text())
    path.write_text(said)
    assert load(path).woocommerce.orders_from == date(2026, 10, 31)
    monkeypatch.setenv("WOO2PO_WOOCOMMERCE__ORDERS_FROM", "1.11.2026")
    assert load(path).woocommerce.orders_from == date(2026, 11, 1)


def test_settings_that_are_printed_hide_their_secrets(tmp_path):
    """Whoever prints the settings by mistake prints stars."""
    settings = loaded(tmp_path, {"poweroffice.client_key": "s3cret"})
    assert "s3cret" not in f"{settings!r} {settings}"


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
