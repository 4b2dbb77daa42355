"""Configurations: config.example.toml, rendered from what the settings say of each key, and whole
ones as tests write them, with what they change in them.

`python tests/example.py --write` brings the file in the repository up to date.
"""

import sys
from datetime import date
from pathlib import Path

from woo2po.config import keys
from woo2po.demo import sandbox_config
from woo2po.sandbox.shop import ShopSite

FILE = Path(__file__).parents[1] / "config.example.toml"

HEAD = """\
# The configuration of woo2po. Copy this file to config.toml and fill it in; on Linux and macOS
# then run: chmod 600 config.toml
#
# Lines without a # are the keys that every shop answers: those marked "Required", and the
# questions with the numbers that they have in the README. A line that begins with # and no space
# is a key at its default: to change it, take away the # and write another value.
#
# Every key can come from the environment instead, where it wins over this file:
# WOO2PO_POWEROFFICE__CLIENT_KEY=... (two underscores after the section; a list or a table as
# JSON). The five secrets can stand in files of their own: see the keys that end in _file.
"""


def rendered() -> str:
    """Return the whole file."""
    return keys.rendered(HEAD)


REQUIRED = {
    "woocommerce": {
        "url": "https://www.example.no",
        "consumer_key": "ck_1",
        "consumer_secret": "cs_1",
        "orders_from": date(2026, 11, 1),
    },
    "poweroffice": {"application_key": "app", "client_key": "client", "subscription_key": "sub"},
}


def document(changes=None):
    """Return a whole configuration as values; a change to None takes the key away."""
    whole = {name: dict(section) for name, section in REQUIRED.items()}
    for path, value in (changes or {}).items():
        section, _, name = path.rpartition(".")
        within = whole.setdefault(section, {}) if section else whole
        within[name] = value
        if value is None:
            del within[name]
    return whole


def written(tmp_path, changes=None):
    """Write a configuration, and return where."""
    path = tmp_path / "config.toml"
    path.write_text(keys.document(document(changes)), "utf-8")
    return path


def of_the_sandbox(folder, url="https://shop.example", language="en"):
    """Write the sandbox's configuration into a folder that may be new, and return where."""
    path = folder / "config.toml"
    folder.mkdir(exist_ok=True)
    path.touch(0o600)
    path.write_text(sandbox_config(url, "https://go.example", ShopSite(), language), "utf-8")
    return path


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        FILE.write_text(rendered(), "utf-8", newline="\n")
    else:
        sys.exit("usage: python tests/example.py --write")
