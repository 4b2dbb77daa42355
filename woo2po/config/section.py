"""What every section of config.toml is made of: checks of values, and secrets from files."""

import ipaddress
import re
import ssl
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, ClassVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    SecretStr,
    model_validator,
)


class Unfit(ValueError):
    """A value that cannot be: the code of the message, the facts that fill it.

    `key` and `value` name a key of the section, where it is the section that was looked at.
    """

    def __init__(self, code: str, key: str = "", value: str = "", **facts: str) -> None:
        super().__init__(code)
        self.code, self.key, self.value, self.facts = code, key, value, facts


def is_loopback(host: str) -> bool:
    """Tell whether a host is this very machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _address(value: str) -> str:
    parts = urlsplit(value)
    # urlsplit overlooks line breaks; the address also stands in files of other programs.
    if parts.scheme not in {"https", "http"} or not parts.hostname or not value.isprintable():
        raise Unfit("settings_address")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise Unfit("settings_https")
    if parts.query or parts.fragment or parts.username:
        raise Unfit("settings_bare_address")
    return value.rstrip("/")


def zone(value: str) -> str:
    """Check a time zone."""
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise Unfit("settings_zone") from None
    return value


def day_as_typed(value: object) -> object:
    """Take 31.10.2026, as people here write a day, for 2026-10-31."""
    found = isinstance(value, str) and re.fullmatch(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})", value)
    return f"{found[3]}-{found[2]:>02}-{found[1]:>02}" if found else value


def slugs(value: list[str]) -> list[str]:
    """Take `wc-processing`, as the shop's database spells it, for `processing`."""
    slugs = [status.strip().lower().removeprefix("wc-") for status in value]
    for slug in slugs:
        if not re.fullmatch(r"[a-z0-9_-]+", slug):
            raise Unfit("settings_slugs")
    return slugs


def certificates(value: str) -> str:
    """Check a file of certificates."""
    if not value:
        return value
    path = str(Path(value).expanduser())
    try:
        ssl.create_default_context(cafile=path)
    except OSError as error:  # ssl.SSLError is one
        raise Unfit("settings_certificates", reason=type(error).__name__) from None
    return path


def prefix(value: str) -> str:
    """Check a prefix: it stands in references and filters."""
    if not re.fullmatch(r"[A-Za-z0-9_.#/-]{0,20}", value):
        raise Unfit("settings_prefix")
    return value


def _by_rate(value: dict[Decimal, str]) -> dict[Decimal, str]:
    return {rate.normalize(): code for rate, code in value.items()}


def _products_of_rate(value: Any) -> str | dict[str, str]:
    """Take one product of a country's rate, or two: that of the sale, and that of its VAT."""
    if isinstance(value, str) and value:
        return value
    two = isinstance(value, Mapping) and value.keys() == {"product", "vat_product"}
    if two and all(isinstance(code, str) and code for code in value.values()):
        return dict(value)
    raise Unfit("settings_foreign_products")


Address = Annotated[str, AfterValidator(_address)]
AddressOrNothing = Annotated[str, AfterValidator(lambda value: value and _address(value))]
ByRate = Annotated[dict[Decimal, str], AfterValidator(_by_rate)]

ProductsOfRate = Annotated[str | dict[str, str], PlainValidator(_products_of_rate)]


def key(
    default: Any = ..., *, question: int | None = None, example: Any = None, **more: Any
) -> Any:
    """Declare a key: its default, if it has one, its question's number, and an example value."""
    extra = {"question": question, "example": example}
    return Field(default, json_schema_extra=extra, **more)


class Section(BaseModel):
    """A section of config.toml; an unknown key in it is an error.

    `gone` names keys of earlier versions: they are not refused, and change nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    gone: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _secrets_from_files(cls, raw: Any) -> Any:
        """Read a secret from the file that `<key>_file` names; it outweighs the key itself."""
        if not isinstance(raw, Mapping):
            return raw
        given = {name: value for name, value in raw.items() if name not in cls.gone}
        for name, kind in cls.model_fields.items():
            path = given.get(f"{name}_file")
            if kind.annotation is SecretStr and path:
                given[name] = _secret_in(f"{name}_file", str(path))
        return given


def _secret_in(key: str, path: str) -> str:
    try:
        return Path(path).expanduser().read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = type(error).__name__
        raise Unfit("settings_unreadable", key, path, reason=reason) from None
