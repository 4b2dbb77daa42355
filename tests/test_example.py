"""config.example.toml: every key, at its true default; and every key is tried by some test."""

import re
import tomllib
from datetime import date
from pathlib import Path

import example
import pytest

from woo2po.config import keys, load

TESTS = Path(__file__).parent


def uncommented():
    """Return the example with every key taken in that it shows behind a #."""
    return re.sub(r"^#(?=[\w.]+ = )", "", example.rendered(), flags=re.MULTILINE)


def test_the_example_is_what_settings_say():
    """config.example.toml is rendered: `python tests/example.py --write`."""
    assert example.FILE.read_text("utf-8") == example.rendered()


def test_the_example_has_every_key_and_no_other():
    shown = set()
    for name, value in tomllib.loads(uncommented()).items():
        shown |= {f"{name}.{key}" for key in value} if isinstance(value, dict) else {name}
    assert shown == {k.path for k in example.KEYS if k.required or k.default is not None}


def test_the_example_says_what_each_key_is_for():
    said = re.sub(r"\n# ", " ", example.rendered())
    for key in example.KEYS:
        for part in (key.text(), *key.choices):
            assert part in said, key.path
        if key.example is not None:
            assert f"{key.name} = {example.toml(key.example)}" in said, key.path
        if key.question:
            assert f"Question {key.question}. {key.text()}" in said
            assert f"Spørsmål {key.question}. {key.text('nb')}" in said


def test_a_norwegian_configuration_is_norwegian_throughout():
    """Its owner may read no English: what stands above a key, and above a section, is told."""
    for key in example.KEYS:
        assert key.text("nb") != key.text("en"), key.path
    text = keys.rendered("", {}, "nb")
    assert not re.search(r"# (Required|Not set|Example|One of|Question)", text)
    english = keys.rendered("", {}, "en")
    assert "Spørsmål" not in english
    assert tomllib.loads(text) == tomllib.loads(english)


def test_the_example_loads_when_its_placeholders_are_filled(tmp_path):
    """Copied and given an address, a day and keys, it is a whole configuration."""
    text = example.rendered().replace("https://www.example.no", "https://butikken.example")
    text = text.replace("2026-11-01", "2026-12-24").replace('"..."', '"key"')
    path = tmp_path / "config.toml"
    path.write_text(text, "utf-8")
    settings = load(path)
    assert settings.woocommerce.url == "https://butikken.example"
    assert settings.woocommerce.orders_from == date(2026, 12, 24)
    assert settings.poweroffice.client_key.get_secret_value() == "key"


def test_the_defaults_that_the_example_shows_are_the_true_ones(tmp_path):
    given = tomllib.loads(uncommented())
    for key in example.KEYS:
        if not key.required and key.default is not None:
            within = given[key.section] if key.section else given
            assert within[key.name] == key.default, key.path
    (tmp_path / "short.toml").write_text(example.rendered(), "utf-8")
    (tmp_path / "long.toml").write_text(uncommented(), "utf-8")
    assert load(tmp_path / "short.toml") == load(tmp_path / "long.toml")


# -- every key is exercised ------------------------------------------------------------------------

# Keys whose whole effect is in loading, so that the tests of settings.py are all there is to try.
LOADING_ONLY = {key.path for key in example.KEYS if key.name.endswith("_file")} | {
    "poweroffice.environment",
    "poweroffice.base_url",
    "poweroffice.token_url",
}
# Files that go through all keys alike, or speak of them only.
NOT_A_TRIAL = {"example.py", "test_example.py", "test_readme.py", "test_settings.py"}


@pytest.fixture(scope="module")
def trials():
    files = [file for file in TESTS.rglob("*.py") if file.name not in NOT_A_TRIAL]
    return "\n".join(file.read_text("utf-8") for file in files)


@pytest.mark.parametrize("key", [k for k in example.KEYS if k.path not in LOADING_ONLY],
                         ids=lambda key: key.path)  # fmt: skip
def test_every_key_is_named_by_a_test_of_what_it_does(trials, key):
    """A key that no test names, apart from those of loading, has an effect that nobody watches.

    It is named by its path, as a key of its section's dictionary or call, or in TOML.
    """
    within = rf"\b{key.section}\b[^])}}]{{0,300}}\b" if key.section else r"\b"
    assert re.search(rf"{within}{key.name}\b", trials)
