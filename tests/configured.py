"""A whole configuration as tests write it, with what they change in it."""

from datetime import date

import example

from woo2po.demo import sandbox_config
from woo2po.sandbox.shop import ShopSite

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
    path.write_text(example.document(document(changes)), "utf-8")
    return path


def of_the_sandbox(folder, url="https://shop.example", language="en"):
    """Write the sandbox's configuration into a folder that may be new, and return where."""
    path = folder / "config.toml"
    folder.mkdir(exist_ok=True)
    path.touch(0o600)
    path.write_text(sandbox_config(url, "https://go.example", ShopSite(), language), "utf-8")
    return path
