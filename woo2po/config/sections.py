"""The sections of config.toml: every key with its type, default, question and example.

What they are made of comes first: checks of values, and secrets from files. The example file, the
set-up's questions and the error texts are made from what stands here, and from what keys.toml says
of each section and each key.
"""

import ipaddress
import json
import os
import re
import ssl
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, time
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, LiteralString
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pydantic
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from woo2po.messages import Language

GO = "https://goapi.poweroffice.net"
POWEROFFICE_ADDRESSES = {
    "production": (f"{GO}/v2", f"{GO}/OAuth/Token"),
    "demo": (f"{GO}/Demo/v2", f"{GO}/Demo/OAuth/Token"),
}
EVER = date(1970, 1, 1)  # before any web shop; the first days of the calendar have no moment in UTC


def _unfit(code: LiteralString, **facts: str) -> PydanticCustomError:
    """Return that a value cannot be: the code of the message, the facts that fill it.

    `key` and `value` name a key of the section, where it is the section that was looked at.
    """
    return PydanticCustomError(code, code, facts)


def is_loopback(host: str) -> bool:
    """Tell whether a host is this very machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _address(value: str) -> str:
    try:
        parts = urlsplit(value)
    except ValueError:
        raise _unfit("settings_address") from None
    # urlsplit overlooks line breaks; the address also stands in files of other programs.
    if parts.scheme not in {"https", "http"} or not parts.hostname or not value.isprintable():
        raise _unfit("settings_address")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise _unfit("settings_https")
    if parts.query or parts.fragment or parts.username:
        raise _unfit("settings_bare_address")
    return value.rstrip("/")


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise _unfit("settings_zone") from None
    return value


def _day_as_typed(value: object) -> object:
    """Take 31.10.2026, as people here write a day, for 2026-10-31."""
    found = isinstance(value, str) and re.fullmatch(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})", value)
    return f"{found[3]}-{found[2]:>02}-{found[1]:>02}" if found else value


def _slugs(value: list[str]) -> list[str]:
    """Take `wc-processing`, as the shop's database spells it, for `processing`."""
    slugs = [status.strip().lower().removeprefix("wc-") for status in value]
    for slug in slugs:
        if not re.fullmatch(r"[a-z0-9_-]+", slug):
            raise _unfit("settings_slugs")
    return slugs


def _path(value: str, /, **facts: str) -> str:
    """Take what can be a path, with a user's folder for a ~."""
    try:
        path = Path(value).expanduser()
        with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
            path.lstat()
    except (OSError, RuntimeError, ValueError):
        raise _unfit("settings_unreadable", reason="path", **facts) from None
    return str(path)


def _certificates(value: str) -> str:
    path = value and _path(value)
    try:
        if path:
            ssl.create_default_context(cafile=path)
    except OSError as error:  # ssl.SSLError is one
        raise _unfit("settings_certificates", reason=type(error).__name__) from None
    return path


def _products_of_rate(value: Any) -> str | dict[str, str]:
    """Take one product of a country's rate, or two: that of the sale, and that of its VAT."""
    if isinstance(value, str) and value:
        return value
    two = isinstance(value, Mapping) and value.keys() == {"product", "vat_product"}
    if two and all(isinstance(code, str) and code for code in value.values()):
        return dict(value)
    raise _unfit("settings_foreign_products")


Address = Annotated[str, AfterValidator(_address)]
AddressOrNothing = Annotated[str, AfterValidator(lambda value: value and _address(value))]
Day = Annotated[date, pydantic.BeforeValidator(_day_as_typed)]
ByRate = Annotated[
    dict[Decimal, str],
    AfterValidator(lambda codes: {rate.normalize(): code for rate, code in codes.items()}),
]

ProductsOfRate = Annotated[str | dict[str, str], pydantic.PlainValidator(_products_of_rate)]


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
            if kind.annotation is not SecretStr or not path:
                continue
            facts = {"key": f"{name}_file", "value": str(path)}
            file = Path(_path(str(path), **facts))
            try:
                given[name] = file.read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                reason = type(error).__name__
                raise _unfit("settings_unreadable", reason=reason, **facts) from None
        return given


class WooCommerceSection(Section):
    url: Address = key(example="https://www.example.no")
    formerly: list[str] = key([])
    consumer_key: SecretStr = key(example="ck_...", min_length=1)
    consumer_secret: SecretStr = key(example="cs_...", min_length=1)
    consumer_key_file: str = key("")
    consumer_secret_file: str = key("")
    statuses: Annotated[list[str], AfterValidator(_slugs)] = key(
        ["processing"], question=1, min_length=1
    )
    orders_from: Day = key(example=date(2026, 11, 1))
    timezone: Annotated[str, AfterValidator(_zone)] = key("Europe/Oslo")
    ca_file: Annotated[str, AfterValidator(_certificates)] = key("")


class PowerOfficeSection(Section):
    gone: ClassVar[frozenset[str]] = frozenset({"allowance_folder"})
    environment: Literal["production", "demo"] = key("production")
    base_url: AddressOrNothing = key("")
    token_url: AddressOrNothing = key("")
    application_key: SecretStr = key(example="...", min_length=1)
    client_key: SecretStr = key(example="...", min_length=1)
    subscription_key: SecretStr = key(example="...", min_length=1)
    application_key_file: str = key("")
    client_key_file: str = key("")
    subscription_key_file: str = key("")
    requests_per_second: float = key(10, gt=0, le=100)
    resend_after: int = key(900, ge=60, le=86400)
    settle_after: int = key(60, ge=0, le=86400)

    @model_validator(mode="before")
    @classmethod
    def _addresses_of_the_environment(cls, raw: Any) -> Any:
        if not isinstance(raw, Mapping):
            return raw
        where = str(raw.get("environment") or "production")
        base, token = POWEROFFICE_ADDRESSES.get(where, ("", ""))
        own = {"base_url": raw.get("base_url") or base, "token_url": raw.get("token_url") or token}
        return {**raw, **own}


class OrdersSection(Section):
    write_number_to: Literal["customer_reference", "purchase_order_reference", "none"] = key(
        "customer_reference", question=2
    )
    # It stands in references and filters.
    number_prefix: str = key("shop_", question=11, pattern=r"^[A-Za-z0-9_.#/-]{0,20}$")


class ShippingSection(Section):
    product: str = key("", question=7, example="FRAKT")
    description: str = key("", question=8)
    product_by_rate: ByRate = key({}, example={"0": "FRAKT0"})


class DiscountsSection(Section):
    product: str = key("", question=9, example="RABATT")
    description: str = key("Rabatt", question=10)
    transfer_vat: bool = key(True, question=12)
    product_by_rate: ByRate = key({}, example={"0": "RABATT0"})


class FeesSection(Section):
    product: str = key("", example="GEBYR")
    description: str = key("")
    product_by_rate: ByRate = key({}, example={"0": "GEBYR0"})
    by_name: dict[str, str] = key({}, example={"pant": "PANT", "røde kors": "GAVE"})


class ProductsSection(Section):
    unknown: Literal["fallback", "create", "hold"] = key("fallback")
    fallback_by_rate: ByRate = key({}, example={"25": "VARE25"})
    rounding: str = key("", example="AVRUND")


class CustomersSection(Section):
    companies_as_private: bool = key(False, question=13)
    private: Literal["individual", "collective"] = key("individual")
    collective_number: int | None = key(None, example=10000)
    org_number_fields: list[str] = key(
        ["_billing_org_nr", "billing_org_number", "_billing_orgnr", "billing_orgnr",
         "_billing_organisasjonsnummer", "billing_organization_number",
         "billing_company_number", "_organisation_number"]
    )  # fmt: skip

    @model_validator(mode="after")
    def _collective_needs_a_number(self) -> "CustomersSection":
        if self.private == "collective" and self.collective_number is None:
            raise _unfit("settings_collective", key="collective_number")
        return self


class VatSection(Section):
    foreign: Literal["hold"] | dict[str, ProductsOfRate] = key(
        "hold", example={"SE25": {"product": "OSS", "vat_product": "OSS-MVA-SE"}}
    )
    domestic_zero: Literal["hold", "note"] = key("hold")


class InvoicesSection(Section):
    create: bool = key(False, question=3)
    when: Literal["completed", "processing"] = key("completed", question=4)
    locked_period: Literal["next_open_day", "hold"] = key("next_open_day")
    delivery: Literal["none", "email", "auto"] = key("none")
    delivery_unpaid: Literal["auto", "email", "none"] = key("auto")


class PaymentsSection(Section):
    register_: bool = key(False, question=5, alias="register")
    default_type: Literal["bank", "cash"] = key("bank", question=6)
    bank_account: int | None = key(None, example=1920)
    cash_account: int = key(1900)
    accounts: dict[str, int] = key({}, example={"vipps": 1903})
    types: dict[str, Literal["bank", "cash"]] = key({}, example={"cod": "cash"})
    captured_when: dict[str, Literal["paid", "completed", "date_paid"]] = key(
        {}, example={"other": "completed"}
    )
    in_the_till: list[str] = key([], example=["cod"])
    unpaid_methods: list[str] = key(["bacs", "cheque"])


class RefundsSection(Section):
    credit_notes: bool = key(True)
    amount_only: Literal["spread", "hold"] = key("spread")
    register_payment: Literal["gateway", "always", "never"] = key("gateway")


class GiftCardsSection(Section):
    product: str = key("", example="GAVEKORT")
    skus: list[str] = key([], example=["GAVE-500"])
    fee_names: list[str] = key(["gavekort", "gift card"])
    coupon_types: list[str] = key([], example=["wallet"])
    coupon_codes: list[str] = key([], example=["gift-*"])
    hidden: Literal["hold", "gift_card"] = key("hold")


class DimensionsSection(Section):
    department: str = key("")
    project: str = key("")
    location: str = key("")


# Whose payouts are read; and the keys for those whose interface is asked, but the shop's own.
PROVIDERS = {"vipps": "Vipps", "klarna": "Klarna", "nexi": "Nexi", "stripe": "Stripe",
             "woopayments": "WooPayments", "paypal": "PayPal", "svea": "Svea"}  # fmt: skip
_INTERFACES = {"vipps": ("client_id", "client_secret", "subscription_key"),
               "klarna": ("client_id", "client_secret"), "nexi": ("client_secret",),
               "stripe": ("client_secret",)}  # fmt: skip


class ProviderSection(Section):
    book: bool = key(False)
    clearing_account: int | None = key(None)
    bank_account: int | None = key(None)
    fee_account: int = key(7770)
    fee_vat_account: int | None = key(None)
    reverse_charge: bool = key(False)
    units: dict[str, dict[Literal["clearing_account", "bank_account", "fee_account"], int]] = key(
        {}
    )
    client_id: str = key("")
    client_secret: SecretStr = key(SecretStr(""))
    subscription_key: SecretStr = key(SecretStr(""))
    client_secret_file: str = key("")
    subscription_key_file: str = key("")
    base_url: AddressOrNothing = key("")


def _provider() -> Any:
    return key({}, example={"book": True, "bank_account": 1920}, validate_default=True)


class PayoutsSection(Section):
    unmatched: Literal["hold", "post"] = key("hold")
    vipps: ProviderSection = _provider()
    klarna: ProviderSection = _provider()
    nexi: ProviderSection = _provider()
    stripe: ProviderSection = _provider()
    woopayments: ProviderSection = _provider()
    paypal: ProviderSection = _provider()
    svea: ProviderSection = _provider()

    @property
    def providers(self) -> dict[str, ProviderSection]:
        """What is set for each provider, by its name."""
        return {name: getattr(self, name) for name in PROVIDERS}

    @property
    def books(self) -> bool:
        """Whether any provider's payouts are to be booked."""
        return any(one.book for one in self.providers.values())

    @property
    def asked(self) -> list[str]:
        """The providers whose interface can be asked."""
        able = [name for name in _INTERFACES if not self.lacking(name)]
        return [*able, *(["woopayments"] if self.woopayments.book else [])]

    def lacking(self, provider: str) -> list[str]:
        """Return the keys of a provider's interface that are not set."""
        section = self.providers[provider]
        return [key for key in _INTERFACES.get(provider, ()) if not str(getattr(section, key))]

    def begun(self, provider: str) -> bool:
        """Tell whether some of the keys of a provider's interface are set, and not all."""
        return 0 < len(self.lacking(provider)) < len(_INTERFACES.get(provider, ()))


class StateSection(Section):
    path: Annotated[str, AfterValidator(_path)] = key("woo2po.db", min_length=1)


class MonitoringSection(Section):
    ping_url: AddressOrNothing = key("", example="https://hc-ping.com/...")
    notify: list[str] = key([], example=["mailto://user:password@example.no", "slack://..."])
    notify_amounts: bool = key(False)


class LogSection(Section):
    format: Literal["auto", "text", "json"] = key("auto")


# Keys that the first version did not have: at their defaults they change no digest.
NEWER = ("woocommerce.formerly", "payments.captured_when", "invoices.delivery_unpaid",
         "vat.domestic_zero", "fees.by_name", "payments.in_the_till",
         "gift_cards.coupon_types", "gift_cards.coupon_codes")  # fmt: skip


def shop_at(address: str) -> str:
    """Return what tells a shop from others: host and folder, whatever the scheme or port."""
    parts = urlsplit(address if "//" in address else f"//{address}")
    return f"{parts.hostname}{parts.path.rstrip('/').lower()}"


class Settings(BaseSettings):
    """The whole configuration, checked."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix="WOO2PO_", env_nested_delimiter="__"
    )

    language: Language = key("nb")
    woocommerce: WooCommerceSection
    poweroffice: PowerOfficeSection
    orders: OrdersSection = OrdersSection()
    shipping: ShippingSection = ShippingSection()
    discounts: DiscountsSection = DiscountsSection()
    fees: FeesSection = FeesSection()
    products: ProductsSection = ProductsSection()
    customers: CustomersSection = CustomersSection()
    vat: VatSection = VatSection()
    invoices: InvoicesSection = InvoicesSection()
    payments: PaymentsSection = PaymentsSection()
    refunds: RefundsSection = RefundsSection()
    gift_cards: GiftCardsSection = GiftCardsSection()
    dimensions: DimensionsSection = DimensionsSection()
    payouts: PayoutsSection = PayoutsSection()
    state: StateSection = StateSection()
    monitoring: MonitoringSection = MonitoringSection()
    log: LogSection = LogSection()
    _not_needed: tuple[str, ...] = ()

    @property
    def not_needed(self) -> tuple[str, ...]:
        """The keys of earlier versions that stand there and are not needed any more."""
        return self._not_needed

    @property
    def first_address(self) -> str:
        """The address by which the shop is known in PowerOffice: its first one."""
        return (*self.woocommerce.formerly, self.woocommerce.url)[0]

    @property
    def zone(self) -> ZoneInfo:
        """The shop's time zone."""
        return ZoneInfo(self.woocommerce.timezone)

    def day_of(self, moment: datetime) -> date:
        """Return the day that it was in the shop at an (aware) moment."""
        return moment.astimezone(self.zone).date()

    @property
    def start(self) -> datetime:
        """The first moment of `orders_from`, in UTC."""
        first = datetime.combine(max(self.woocommerce.orders_from, EVER), time.min, self.zone)
        return first.astimezone(UTC)

    def of_any_day(self, first: date = EVER) -> "Settings":
        """Return the settings by which no order is too old, or none from that day on."""
        ever = self.woocommerce.model_copy(update={"orders_from": first})
        return self.model_copy(update={"woocommerce": ever})

    def is_this_shop(self, address: str) -> bool:
        """Tell whether an address is this shop's, or was."""
        ours = (self.woocommerce.url, *self.woocommerce.formerly)
        return shop_at(address) in map(shop_at, ours)

    def spellings(self, typed: str) -> tuple[str, ...]:
        """Return what an order's number may be: as typed, else without the # or the prefix that
        it is shown with.
        """
        bare = typed.strip().removeprefix("#") or typed
        return typed, bare, bare.removeprefix(self.orders.number_prefix) or typed

    @classmethod
    def settings_customise_sources(cls, *_: Any, **sources: Any) -> tuple[Any, ...]:
        """Let the environment win over the file, which comes as init arguments."""
        named = any(name.upper().startswith("WOO2PO_") for name in os.environ)
        return *([sources["env_settings"]] if named else []), sources["init_settings"]

    def digest(self) -> str:
        """Return a hash of what decides how orders are mapped: it changes when they might."""
        secret = {"consumer_key", "consumer_secret", "consumer_key_file", "consumer_secret_file"}
        beside = ("language", "state", "monitoring", "log", "payouts", "poweroffice")
        exclude = dict[str, Any].fromkeys(beside, True) | {"woocommerce": {*secret, "ca_file"}}
        said = self.model_dump(mode="json", exclude=exclude)
        for path in NEWER:  # so that an upgrade alone changes nothing
            section, _, name = path.partition(".")
            keys = getattr(self, section)
            if getattr(keys, name) == type(keys).model_fields[name].get_default():
                del said[section][name]
        return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]
