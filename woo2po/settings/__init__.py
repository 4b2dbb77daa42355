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
from urllib.parse import urlsplit

from pydantic import SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from woo2po.messages.message import Language
from woo2po.settings.section import UnreadableSecret, key
from woo2po.settings.sections import (
    Customers,
    Dimensions,
    Discounts,
    Fees,
    GiftCards,
    Invoices,
    Monitoring,
    Orders,
    Payments,
    PowerOffice,
    Products,
    Refunds,
    Shipping,
    State,
    Vat,
    WooCommerce,
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
    monitoring: Monitoring = Monitoring()

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
                "monitoring": True,
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


class _Alone(Settings):
    """What a file says, whatever the environment does."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 (the interface's)
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the file speak alone."""
        return (init_settings,)


def load(path: Path, *, alone: bool = False) -> Settings:
    """Return the settings in a TOML file, with the environment on top.

    A relative `state.path` or `poweroffice.allowance_folder` is taken from the file's folder.
    `alone`: the environment, which is one shop's, is left out, and so are the five secrets, which
    may come from there. Raises WrongSettings.
    """
    try:
        said = tomllib.loads(path.read_text("utf-8-sig"))  # Notepad saves with a mark in front
    except tomllib.TOMLDecodeError as error:
        raise WrongSettings([Problem(str(path), "", f"TOML was expected: {error}")]) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = f"a readable file was expected ({type(error).__name__})"
        raise WrongSettings([Problem(str(path), "", reason)]) from None
    unknown = [name for name in os.environ if name.startswith("WOO2PO_") and not _is_key(name)]
    if unknown and not alone:
        expected = "an unknown key: see config.example.toml for those that exist"
        raise WrongSettings([Problem(name, "", expected) for name in sorted(unknown)])
    try:
        settings = _Alone(**_without_secrets(said)) if alone else Settings(**said)
    except ValidationError as error:
        raise WrongSettings([_problem(e) for e in error.errors(include_url=False)]) from None
    except SettingsError as error:
        expected = f"{error}: a list or table stands as JSON in an environment variable"
        raise WrongSettings([Problem("environment", "", expected)]) from None
    return _beside(path, settings)


def _without_secrets(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a file says, with something in the place of each secret."""
    whole = dict(said)
    for section, kind in (("woocommerce", WooCommerce), ("poweroffice", PowerOffice)):
        keys = whole.get(section, {})
        if isinstance(keys, Mapping):
            secret = [n for n, field in kind.model_fields.items() if field.annotation is SecretStr]
            given = {k: v for k, v in keys.items() if k.removesuffix("_file") not in secret}
            whole[section] = given | dict.fromkeys(secret, "...")
    return whole


def _beside(path: Path, settings: Settings) -> Settings:
    """Return the settings with paths that begin at the file's folder made whole."""
    state = State(path=_whole(path, settings.state.path))
    folder = settings.poweroffice.allowance_folder
    shared = {"allowance_folder": _whole(path, folder) if folder else ""}
    poweroffice = settings.poweroffice.model_copy(update=shared)
    return settings.model_copy(update={"state": state, "poweroffice": poweroffice})


def _whole(path: Path, named: str) -> str:
    return str((path.parent / Path(named).expanduser()).resolve())


def _is_key(name: str) -> bool:
    """Tell whether an environment variable names a key, a whole section, or the file itself."""
    section, _, rest = name.removeprefix("WOO2PO_").lower().partition("__")
    if section == "config" and not rest:
        return True
    field = Settings.model_fields.get(section)
    if field is None or not rest:
        return field is not None
    keys = getattr(field.annotation, "model_fields", {})
    return rest.partition("__")[0] in keys


def _problem(error: Any) -> Problem:
    """Say what is wrong with a key. Values that may be secrets, or hold one, are left out."""
    name = ".".join(str(part) for part in error["loc"])
    expected = str(error["msg"]).removeprefix("Value error, ")
    reason = error.get("ctx", {}).get("error")
    if isinstance(reason, UnreadableSecret):
        return Problem(f"{name}.{reason.key}", reason.path, reason.expected)
    if error["type"] == "extra_forbidden":
        return Problem(name, "", "an unknown key: see config.example.toml for those that exist")
    if error["type"] == "missing":
        return Problem(name, "", "missing, and it has no default")
    return Problem(name, _shown(name, error.get("input")), expected)


def _shown(name: str, value: object) -> str:
    if name.endswith(("_key", "_secret")):
        return "***"
    if name in Settings.model_fields and name != "language":
        return ""
    text = str(value)[:100]
    if name.endswith("url") and any(sign in text for sign in "@?#"):
        # Keys may stand in such an address, before the host or behind it.
        parts = urlsplit(text)
        return f"{parts.scheme}://{parts.hostname}" if parts.hostname else "***"
    return "" if isinstance(value, Mapping) else text


def secrets(settings: Settings) -> list[str]:
    """Return the keys that nobody may see, the address of the monitoring service among them."""
    shop, go = settings.woocommerce, settings.poweroffice
    kept = [shop.consumer_key, shop.consumer_secret]
    kept += [go.application_key, go.client_key, go.subscription_key]
    return [*(key.get_secret_value() for key in kept), settings.monitoring.ping_url]


def exposed(settings: Settings, path: Path) -> list[Path]:
    """Return the files with secrets that other users of the machine can read (POSIX only)."""
    sections = (settings.woocommerce, settings.poweroffice)
    named = [
        value
        for section in sections
        for name in type(section).model_fields
        if name.endswith(("_key_file", "_secret_file")) and (value := getattr(section, name))
    ]
    files = [path, *(Path(name).expanduser() for name in named)]
    return [file for file in files if readable_by_others(file)]


def readable_by_others(path: Path) -> bool:
    """Tell whether other users of the machine can read a file (POSIX only).

    One that root lets our group read is so on purpose: Kubernetes mounts secrets like that.
    """
    if os.name != "posix" or not path.exists():
        return False
    found = path.stat()
    ours = found.st_uid == os.getuid()
    return bool(found.st_mode & (0o077 if ours else 0o007))
