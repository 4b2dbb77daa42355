"""The configuration as a whole: config.toml, the environment on top of it, secrets from files.

`load` reads the file and the environment (`WOO2PO_SECTION__KEY`), the latter with more weight.
The keys stand in sections.py; mapping and push see only the types.
"""

import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from woo2po.messages.message import Language
from woo2po.sections import (
    Customers,
    Dimensions,
    Discounts,
    Fees,
    GiftCards,
    Invoices,
    Orders,
    Payments,
    PowerOffice,
    Products,
    Refunds,
    Shipping,
    State,
    Vat,
    WooCommerce,
    key,
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One key that is wrong: its name, the value (never a secret's) and what was expected."""

    key: str
    value: str
    expected: str


class WrongSettings(Exception):
    """The configuration cannot be used; `problems` has a Problem for each wrong key."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{p.key}: {p.expected}" for p in problems))
        self.problems = problems


class Settings(BaseSettings):
    """The whole configuration, checked."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix="WOO2PO_", env_nested_delimiter="__"
    )

    language: Language = key("Language of messages.", default="nb")
    woocommerce: WooCommerce
    poweroffice: PowerOffice
    orders: Orders = Orders()
    shipping: Shipping = Shipping()
    discounts: Discounts = Discounts()
    fees: Fees = Fees()
    products: Products = Products()
    customers: Customers = Customers()
    vat: Vat = Vat()
    invoices: Invoices = Invoices()
    payments: Payments = Payments()
    refunds: Refunds = Refunds()
    gift_cards: GiftCards = GiftCards()
    dimensions: Dimensions = Dimensions()
    state: State = State()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 (the interface's)
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 (the interface's)
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over the file, which comes as init arguments."""
        return env_settings, init_settings

    def digest(self) -> str:
        """Return a hash of what decides how orders are mapped: it changes when they might."""
        said = self.model_dump(
            mode="json",
            exclude={
                "language": True,
                "state": True,
                "poweroffice": True,
                "woocommerce": {
                    "consumer_key",
                    "consumer_secret",
                    "consumer_key_file",
                    "consumer_secret_file",
                    "ca_file",
                },
            },
        )
        return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def load(path: Path) -> Settings:
    """Return the settings in a TOML file, with the environment on top.

    A relative `state.path` is taken from the file's folder. Raises WrongSettings.
    """
    try:
        said = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise WrongSettings([Problem(str(path), "", f"TOML was expected: {error}")]) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = f"a readable file was expected ({type(error).__name__})"
        raise WrongSettings([Problem(str(path), "", reason)]) from None
    try:
        settings = Settings(**said)
    except ValidationError as error:
        raise WrongSettings([_problem(e) for e in error.errors(include_url=False)]) from None
    except SettingsError as error:
        expected = f"{error}: a list or table stands as JSON in an environment variable"
        raise WrongSettings([Problem("environment", "", expected)]) from None
    state = State(path=str((path.parent / settings.state.path).resolve()))
    return settings.model_copy(update={"state": state})


def _problem(error: Any) -> Problem:
    name = ".".join(str(part) for part in error["loc"])
    expected = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        expected = "an unknown key: see config.example.toml for those that exist"
    if error["type"] == "missing":
        return Problem(name, "", "missing, and it has no default")
    secret = name.endswith(("_key", "_secret"))
    value = error.get("input")
    shown = "***" if secret else (str(value) if not isinstance(value, Mapping) else "")
    return Problem(name, shown[:100], expected)


def readable_by_others(path: Path) -> bool:
    """Tell whether a file with secrets can be read by other users of the machine (POSIX only)."""
    return os.name == "posix" and path.exists() and bool(path.stat().st_mode & 0o077)
