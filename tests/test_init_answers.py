"""`init --answers FILE`: the same for a script; what is checked at a terminal is checked here."""

import tomllib

import example
import pytest
from dialogues import keys_of, typed
from served import GOES, invoked, served

from woo2po.settings import load

# Beside the suite, which has the dialogue itself: each of these is a whole one more.
pytestmark = pytest.mark.thorough


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    """The stand-in allows more than PowerOffice."""
    monkeypatch.setenv("WOO2PO_POWEROFFICE__REQUESTS_PER_SECOND", "100")


@pytest.fixture
def both(tmp_path):
    """A shop with two orders, a company with the sandbox's products, and no configuration."""
    with served(tmp_path, [GOES, "b2c-two-vat-rates"]) as one:
        one.config.unlink()
        yield one


def needed(both):
    """Return the answers that have no default."""
    keys = {path: key for path, key in keys_of(both).items() if not path.startswith("init.")}
    return {
        **keys,
        "woocommerce.orders_from": tomllib.loads("day = 2026-09-01")["day"],
        "poweroffice.environment": "sandbox",
        "init.sandbox": both.go_url,
    }


def answered(both, changes=None, *options, language="en"):
    """Run it with these answers; a change to None takes one out."""
    whole = {}
    for path, value in {**needed(both), **(changes or {})}.items():
        if value is not None:
            section, _, name = path.rpartition(".")
            (whole.setdefault(section, {}) if section else whole)[name] = value
    file = both.config.with_name("answers.toml")
    file.write_text(example.document(whole), "utf-8")
    words = ["init", "--answers", str(file), "--config", str(both.config)]
    with both.reached_in_no_time():
        return invoked(*words, *options, *(["--language", language] if language else []))


def flat(text):
    return " ".join(text.split())


def test_the_keys_are_enough(both):
    """Everything else has a default; what was found and done is printed, and orders go."""
    done = answered(both)
    assert done.exit_code == 0, done.output
    assert "Found: Norsk Nettbutikk" in done.stdout
    assert load(both.config).shipping.product == "FRAKT"
    assert both.woo2po("run").stdout == "2 transferred\n"


def test_the_file_is_that_of_a_dialogue(both):
    """With the same answers, to the byte."""
    answered(both)
    by_script = both.config.read_bytes()
    both.config.unlink()
    typed(both)
    assert both.config.read_bytes() == by_script


def test_a_config_toml_is_a_file_of_answers(both):
    """Its addresses of this machine stay, and keys that nobody is asked for come along."""
    base = {"poweroffice.base_url": f"{both.go_url}/Demo/v2",
            "poweroffice.token_url": f"{both.go_url}/Demo/OAuth/Token"}  # fmt: skip
    more = {"monitoring.ping_url": "https://ping.example/x", "state.path": "other.db"}
    done = answered(both, {**base, **more, "poweroffice.environment": "demo", "init.sandbox": None})
    assert done.exit_code == 0, done.output
    settings = load(both.config)
    assert settings.poweroffice.base_url == f"{both.go_url}/Demo/v2"
    assert settings.monitoring.ping_url == "https://ping.example/x"
    assert settings.state.path.endswith("other.db")


def test_products_are_made_where_the_file_says_so(both):
    """And only there."""
    both.go.books.products.clear()
    assert answered(both).exit_code == 0
    assert not both.go.books.products
    done = answered(both, {"init.create_products": True})
    assert done.exit_code == 0
    assert "VARE15: made." in done.stdout
    assert "FRAKT" in {product.code for product in both.go.books.products.values()}


def test_keys_go_into_files_where_the_file_says_so(both):
    """And a key may come from one."""
    secret = both.config.with_name("mine.txt")
    secret.write_text("client-sandbox\n", "utf-8")
    changes = {"poweroffice.client_key": None, "poweroffice.client_key_file": str(secret)}
    assert answered(both, {**changes, "init.secrets": "files"}).exit_code == 0
    found = tomllib.loads(both.config.read_text("utf-8"))
    assert found["poweroffice"]["client_key_file"] == str(secret)
    assert (both.config.parent / "secrets" / "application_key").read_text(
        "utf-8"
    ) == "app-sandbox\n"


def test_the_preview_is_shown_where_the_file_says_so(both):
    """In a script it is not, unless asked for."""
    assert "This was a preview" not in answered(both).stdout
    assert "This was a preview" in answered(both, {"init.preview": True}).stdout


@pytest.mark.parametrize(
    "path",
    ["woocommerce.url", "woocommerce.consumer_key", "woocommerce.consumer_secret",
     "poweroffice.application_key", "poweroffice.client_key", "poweroffice.subscription_key"],
)  # fmt: skip
def test_a_missing_answer_is_named(both, path):
    """Question and key; exit code 2, and nothing is written."""
    done = answered(both, {path: None})
    assert done.exit_code == 2
    assert f"the key {path} is missing. An answer is needed here." in flat(done.stderr)
    assert not both.config.exists()


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("woocommerce.url", "hello", '"hello" is no address of a shop'),
        ("woocommerce.url", 3, "is no address of a shop"),
        ("woocommerce.statuses", ["sent"], 'The shop has no status "sent".'),
        ("woocommerce.statuses", "processing", "A list of words was expected."),
        ("woocommerce.orders_from", "soon", '"soon" is no day'),
        ("orders.number_prefix", "blåbær", "at most 20 letters"),
        ("invoices.create", "perhaps", "That is none of these: no, yes."),
        ("invoices.create", 1, "That is none of these: no, yes."),
        ("invoices.when", "later", "That is none of these: completed, processing."),
        ("shipping.product", "FRAKT15", "Product FRAKT15 (shipping.product) cannot carry 25 %"),
        ("shipping.product", 7, "at most 100 characters were expected"),
        ("products.fallback_by_rate", {"25": "FRAKT15"}, "cannot carry 25 % VAT"),
        ("products.fallback_by_rate", "VARE25", "A table was expected"),
        ("products.fallback_by_rate", {"full": "VARE25"}, '"full" is no VAT rate'),
        ("init.secrets", "cloud", "That is none of these: config, files."),
    ],
)
def test_a_wrong_answer_is_named_with_what_was_expected(both, path, value, sentence):
    """File, question, key and value; exit code 2, and nothing is written."""
    done = answered(both, {path: value})
    assert done.exit_code == 2, done.output
    said = flat(done.stderr)
    assert sentence in said
    assert f"with {path} = " in said
    assert 'answers.toml answers "' in said
    assert not both.config.exists()


def test_accounts_of_payments_are_never_guessed(both):
    """At a terminal somebody sees the suggestion; a script has to say it, or one for all others."""
    done = answered(both, {"payments.register": True})
    assert done.exit_code == 2
    assert "the key payments.accounts is missing. vipps (Vipps, orders: 2)" in flat(done.stderr)
    done = answered(both, {"payments.register": True, "payments.accounts": {"vipps": 1903}})
    assert done.exit_code == 2
    assert "Nothing is said for cod." in flat(done.stderr)
    whole = {"vipps": 1903, "klarna_payments": "-", "cod": 1900}
    done = answered(both, {"payments.register": True, "payments.accounts": whole})
    assert done.exit_code == 0, done.output
    assert load(both.config).payments.accounts == {"vipps": 1903, "cod": 1900}
    both.config.unlink()
    assert answered(both, {"payments.register": True, "payments.bank_account": 1920}).exit_code == 0
    assert load(both.config).payments.bank_account == 1920


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("woocommerce.colour", "red", "which cannot be: an unknown key"),
        ("orders.prefix", "x", "an unknown key: perhaps orders.number_prefix was meant."),
        ("colour", "red", "which cannot be: an unknown key"),
        ("init.colour", "red", "has a key init.colour that does not exist"),
        ("poweroffice.requests_per_second", 0, "has poweroffice.requests_per_second = 0, which"),
        ("vat.foreign", 3, "has vat.foreign = 3, which cannot be"),
    ],
)
def test_a_key_that_nobody_asks_for_is_checked_as_well(both, path, value, sentence):
    """Unknown, or with a value that no settings take."""
    done = answered(both, {path: value})
    assert done.exit_code == 2
    assert sentence in flat(done.stderr)
    assert not both.config.exists()


def test_what_goes_wrong_between_us_and_the_systems_ends_it_with_3(both):
    """Nobody is there to answer again."""
    done = answered(both, {"woocommerce.consumer_key": "ck_other"})
    assert done.exit_code == 3
    assert "know the key" in flat(done.stderr)
    assert not both.config.exists()


def test_a_file_of_answers_that_cannot_be_read_is_said(both, tmp_path):
    """Not there, or no TOML."""
    done = invoked("init", "--answers", str(tmp_path / "none.toml"), "--language", "en")
    assert done.exit_code == 2
    assert "cannot be read: No such file or directory" in flat(done.stderr)
    (tmp_path / "bad.toml").write_text("x =", "utf-8")
    done = invoked("init", "--answers", str(tmp_path / "bad.toml"), "--language", "nb")
    assert done.exit_code == 2
    assert "lar seg ikke lese: Invalid value (at end of document)" in flat(done.stderr)


def test_a_configuration_that_is_there_is_the_ground(both):
    """What the file does not answer stays as it was; a broken one is not written over unasked."""
    answered(both, {"orders.number_prefix": "fjell_"})
    assert answered(both, {"invoices.create": True}).exit_code == 0
    settings = load(both.config)
    assert (settings.orders.number_prefix, settings.invoices.create) == ("fjell_", True)
    both.config.write_text("not toml", "utf-8")
    done = answered(both)
    assert done.exit_code == 2
    assert "the key init.start_anew is missing" in flat(done.stderr)
    assert answered(both, {"init.start_anew": True}).exit_code == 0


def test_a_file_that_cannot_be_written_ends_it(both, monkeypatch):
    """With 3, as a full disk does elsewhere."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("woo2po.files.os.fsync", full)
    done = answered(both)
    assert done.exit_code == 3
    assert "could not be written (No space left on device)" in flat(done.stderr)


def test_it_speaks_the_language_of_the_file(both):
    """Unless the call says another."""
    done = answered(both, {"language": "nb", "woocommerce.url": "hei"}, language="")
    assert "«hei» er ikke adressen til en butikk" in flat(done.stderr)
