"""The sections of config.toml: every key with its type, default, question, text and example.

The example file, the set-up's questions and the error texts are made from what stands here.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, SecretStr, model_validator

from woo2po.config.section import (
    Address,
    AddressOrNothing,
    ByRate,
    ProductsOfRate,
    Section,
    Unfit,
    certificates,
    day_as_typed,
    key,
    prefix,
    slugs,
    zone,
)

GO = "https://goapi.poweroffice.net"
POWEROFFICE_ADDRESSES = {
    "production": (f"{GO}/v2", f"{GO}/OAuth/Token"),
    "demo": (f"{GO}/Demo/v2", f"{GO}/Demo/OAuth/Token"),
}


class WooCommerceSection(Section):
    """The shop."""

    url: Address = key(
        "Address of the shop, with its folder if it has one.", example="https://www.example.no"
    )
    formerly: list[str] = key(
        "Addresses that this shop had before, the oldest first: orders booked under them are its "
        "own. `woo2po move --from ADDRESS` writes them.",
        default=[],
    )
    consumer_key: SecretStr = key(
        "WooCommerce > Settings > Advanced > REST API, read access.", example="ck_...", min_length=1
    )
    consumer_secret: SecretStr = key("Shown once, beside the key.", example="cs_...", min_length=1)
    consumer_key_file: str = key("A file that holds the key, instead.", default="")
    consumer_secret_file: str = key("A file that holds the secret, instead.", default="")
    statuses: Annotated[list[str], AfterValidator(slugs)] = key(
        "Which order status must an order have to be transferred? Slugs: pending, processing, "
        "on-hold, completed, cancelled, refunded, failed, or a status of the shop's own.",
        question=1,
        nb="Hvilken ordrestatus må en ordre ha for å bli overført?",
        default=["processing"],
        min_length=1,
    )
    orders_from: Annotated[date, BeforeValidator(day_as_typed)] = key(
        "An order created before this day is never transferred.", example=date(2026, 11, 1)
    )
    timezone: Annotated[str, AfterValidator(zone)] = key(
        "Invoice and payment dates are days in this zone.", default="Europe/Oslo"
    )
    ca_file: Annotated[str, AfterValidator(certificates)] = key(
        "Certificate authority of the shop's own, if it has one.", default=""
    )


class PowerOfficeSection(Section):
    """The accounting system."""

    gone: ClassVar[frozenset[str]] = frozenset({"allowance_folder"})
    environment: Literal["production", "demo"] = key(
        "The environment that the keys belong to.", default="production"
    )
    base_url: AddressOrNothing = key("Another address than the environment's.", default="")
    token_url: AddressOrNothing = key("Another login address than the environment's.", default="")
    application_key: SecretStr = key("The integration's own key.", example="...", min_length=1)
    client_key: SecretStr = key(
        "The company's key: Go > Settings > Extensions.", example="...", min_length=1
    )
    subscription_key: SecretStr = key(
        "From PowerOffice's developer portal.", example="...", min_length=1
    )
    application_key_file: str = key("A file that holds the key, instead.", default="")
    client_key_file: str = key("A file that holds the key, instead.", default="")
    subscription_key_file: str = key("A file that holds the key, instead.", default="")
    requests_per_second: float = key(
        "PowerOffice allows 10 per subscription key. This shop asks for at most so many, and all "
        "shops of a user on one machine that share a key for at most the highest of theirs "
        "together. Machines that share a key divide it: 5 in every configuration of two, say.",
        default=10,
        gt=0,
        le=100,
    )
    resend_after: int = key(
        "Seconds before an invoice that was asked for and is nowhere is asked for again.",
        default=900,
        ge=60,
        le=86_400,
    )
    settle_after: int = key(
        "Seconds before a write that was not answered is looked up.", default=60, ge=0, le=86_400
    )

    @model_validator(mode="before")
    @classmethod
    def _addresses_of_the_environment(cls, raw: Any) -> Any:
        if not isinstance(raw, Mapping):
            return raw
        addresses = POWEROFFICE_ADDRESSES.get(str(raw.get("environment") or "production"))
        base, token = addresses or ("", "")
        return {
            **raw,
            "base_url": raw.get("base_url") or base,
            "token_url": raw.get("token_url") or token,
        }


class OrdersSection(Section):
    """How orders are numbered in PowerOffice."""

    write_number_to: Literal["customer_reference", "purchase_order_reference", "none"] = key(
        "Write the shop's order number into PowerOffice's reference field?",
        question=2,
        nb="Skal butikkens ordrenummer skrives i referansefeltet i PowerOffice?",
        default="customer_reference",
    )
    number_prefix: Annotated[str, AfterValidator(prefix)] = key(
        "Prefix of the order number in PowerOffice; unique per shop, it keeps two shops apart "
        "in one company.",
        question=11,
        nb="Prefiks foran ordrenummeret i PowerOffice",
        default="shop_",
    )


class ShippingSection(Section):
    """The product and text of freight."""

    product: str = key(
        "Product number for shipping.",
        question=7,
        nb="Produktnummer for frakt",
        default="",
        example="FRAKT",
    )
    description: str = key(
        "Text for shipping; empty: the shop's own method title.",
        question=8,
        nb="Tekst for frakt",
        default="",
    )
    product_by_rate: ByRate = key(
        "The product for another VAT rate than the main product's.",
        default={},
        example={"0": "FRAKT0"},
    )


class DiscountsSection(Section):
    """The product, text and VAT of discounts."""

    product: str = key(
        "Product number for discounts.",
        question=9,
        nb="Produktnummer for rabatt",
        default="",
        example="RABATT",
    )
    description: str = key(
        "Text for discounts; the coupon codes follow it.",
        question=10,
        nb="Tekst for rabatt",
        default="Rabatt",
    )
    transfer_vat: bool = key(
        "Transfer the discount's VAT? true: a discount line per VAT rate, which reduces the VAT; "
        "false: the discount goes gross on a product without VAT, which for an ordinary coupon is "
        "against the VAT Act (§ 4-1).",
        question=12,
        nb="Skal rabattens mva. overføres?",
        default=True,
    )
    product_by_rate: ByRate = key(
        "The product for another VAT rate than the main product's.",
        default={},
        example={"0": "RABATT0"},
    )


class FeesSection(Section):
    """The product and text of fees."""

    product: str = key("Product number for fees.", default="", example="GEBYR")
    description: str = key("Text for fees; empty: the fee's own name.", default="")
    product_by_rate: ByRate = key(
        "The product for another VAT rate than the main product's.",
        default={},
        example={"0": "GEBYR0"},
    )
    by_name: dict[str, str] = key(
        "A fee by a word or words of its name, and its product: a bottle deposit, a donation.",
        default={},
        example={"pant": "PANT", "røde kors": "GAVE"},
    )


class ProductsSection(Section):
    """What a product line goes on."""

    unknown: Literal["fallback", "create", "hold"] = key(
        "A SKU that PowerOffice does not know: carried by the fallback product of its rate, "
        "created in PowerOffice, or the order is held.",
        default="fallback",
    )
    fallback_by_rate: ByRate = key(
        "The product that carries a line of that VAT rate; its text is the shop's.",
        default={},
        example={"25": "VARE25"},
    )
    rounding: str = key(
        "The product (without VAT) of an øre rounding line.", default="", example="AVRUND"
    )


class CustomersSection(Section):
    """Whom the orders belong to."""

    companies_as_private: bool = key(
        "Transfer companies as private customers?",
        question=13,
        nb="Skal bedrifter overføres som privatkunder?",
        default=False,
    )
    private: Literal["individual", "collective"] = key(
        "A customer for each private person, or one customer number for all.", default="individual"
    )
    collective_number: int | None = key(
        "The customer number for all private persons.", default=None, example=10000
    )
    org_number_fields: list[str] = key(
        "Order meta that holds a company's organisation number.",
        default=[
            "_billing_org_nr",
            "billing_org_number",
            "_billing_orgnr",
            "billing_orgnr",
            "_billing_organisasjonsnummer",
            "billing_organization_number",
            "billing_company_number",
            "_organisation_number",
        ],
    )

    @model_validator(mode="after")
    def _collective_needs_a_number(self) -> "CustomersSection":
        if self.private == "collective" and self.collective_number is None:
            raise Unfit("settings_collective", "collective_number")
        return self


class VatSection(Section):
    """VAT of other countries, and sales without VAT."""

    foreign: Literal["hold"] | dict[str, ProductsOfRate] = key(
        'An order with another country\'s VAT: "hold", or per country and rate two products: the '
        "sale goes net on the first (an account without VAT), the VAT on the second (an account of "
        "what is owed). One product alone has an account with a VAT code of the company's own.",
        default="hold",
        example={"SE25": {"product": "OSS", "vat_product": "OSS-MVA-SE"}},
    )
    domestic_zero: Literal["hold", "note"] = key(
        "A sale at home without VAT of a product whose accounts in PowerOffice all carry VAT: "
        "held, or booked and noted. Freight without VAT is only noted.",
        default="hold",
    )


class InvoicesSection(Section):
    """When a draft becomes an invoice, and how it leaves PowerOffice."""

    create: bool = key(
        "Create the invoice from the transferred order? false: the order stays a draft that a "
        "person invoices.",
        question=3,
        nb="Skal fakturaen opprettes fra den overførte ordren?",
        default=False,
    )
    when: Literal["completed", "processing"] = key(
        "With which invoice date? completed: invoiced when the order becomes completed, dated "
        "that day; processing: invoiced at once, dated the day it was paid, or created if unpaid.",
        question=4,
        nb="Med hvilken fakturadato?",
        default="completed",
    )
    locked_period: Literal["next_open_day", "hold"] = key(
        "A date in a locked period: the first open day is used, or the order is held.",
        default="next_open_day",
    )
    delivery: Literal["none", "email", "auto"] = key(
        "How the invoice of a paid order goes out. none: PowerOffice makes a PDF and sends nothing "
        "(the shop mails its own receipt); email; auto: EHF, eFaktura, else e-mail.",
        default="none",
    )
    delivery_unpaid: Literal["auto", "email", "none"] = key(
        "How an invoice that is to be paid goes out, as above; with none it reaches nobody.",
        default="auto",
    )


class PaymentsSection(Section):
    """How orders are paid."""

    register_: bool = key(
        "Register the payment on the invoices?",
        question=5,
        nb="Skal betalingen registreres på fakturaene?",
        default=False,
        alias="register",
    )
    default_type: Literal["bank", "cash"] = key(
        "Which payment type is the default? bank: Vipps, card, Klarna ..., a bank journal "
        "voucher; cash: paid in the store, a cash journal voucher. What the store's till has: "
        "payments.in_the_till.",
        question=6,
        nb="Hvilken betalingstype er standard?",
        default="bank",
    )
    bank_account: int | None = key(
        "The account of a payment method that stands nowhere below; unless this key is written, "
        "such an order is held.",
        default=None,
        example=1920,
    )
    cash_account: int = key("The account of cash.", default=1900)
    accounts: dict[str, int] = key(
        "Payment method (its id, never its title) and the clearing account it is debited to.",
        default={},
        example={"vipps": 1903},
    )
    types: dict[str, Literal["bank", "cash"]] = key(
        "Payment method and its type, where that is not the default.",
        default={},
        example={"cod": "cash"},
    )
    captured_when: dict[str, Literal["date_paid", "completed"]] = key(
        "When money has come by a method (or by any `other` one) whose gateway leaves no word of "
        "the capture in the order: when it was paid, or only when it was completed. Vipps, Klarna, "
        "Nexi, Stripe, WooPayments, Svea, Dintero and PayPal leave one.",
        default={},
        example={"other": "completed"},
    )
    in_the_till: list[str] = key(
        "Payment methods (ids) that are paid in the shop's till, with the goods in its daily "
        "report: such orders are not transferred, nor are those made in a till (created_via pos).",
        default=[],
        example=["cod"],
    )
    unpaid_methods: list[str] = key(
        "Payment methods (ids) that are paid by the invoice: never registered by the job, since "
        "the bank's file closes them.",
        default=["bacs", "cheque"],
    )


class RefundsSection(Section):
    """What becomes of money that the shop gives back."""

    credit_notes: bool = key("A credit note for every refund?", default=True)
    amount_only: Literal["spread", "hold"] = key(
        "A refund without lines: spread over the order's VAT rates, or held; one of the whole "
        "amount is the order's lines.",
        default="spread",
    )
    register_payment: Literal["gateway", "always", "never"] = key(
        "Book the money's way back: when the payment method did it, always, or never.",
        default="gateway",
    )


class GiftCardsSection(Section):
    """Gift cards sold and used."""

    product: str = key(
        "A product without VAT on the account of what is owed to holders.",
        default="",
        example="GAVEKORT",
    )
    skus: list[str] = key(
        "The shop's gift cards: sold on that product, without VAT.",
        default=[],
        example=["GAVE-500"],
    )
    fee_names: list[str] = key(
        "A negative fee so named is a used card.", default=["gavekort", "gift card"]
    )
    coupon_types: list[str] = key(
        "Coupons of these types (discount_type) are cards or store credit, besides smart_coupon "
        "and store_credit: the goods at list price, and a card that paid.",
        default=[],
        example=["wallet"],
    )
    coupon_codes: list[str] = key(
        "Coupons whose code looks so are cards likewise (* for anything); with ! in front, none.",
        default=[],
        example=["gift-*"],
    )
    hidden: Literal["hold", "gift_card"] = key(
        "A total below its lines with no visible reason: held, or a used gift card.", default="hold"
    )


class DimensionsSection(Section):
    """Codes that every order gets."""

    department: str = key("Department code of every order.", default="")
    project: str = key("Project code of every order.", default="")
    location: str = key("Location code of every order.", default="")


# Whose payouts are read; and the keys for those whose interface is asked, but the shop's own.
PROVIDERS = {"vipps": "Vipps", "klarna": "Klarna", "nexi": "Nexi", "stripe": "Stripe",
             "woopayments": "WooPayments", "paypal": "PayPal", "svea": "Svea"}  # fmt: skip
_INTERFACES = {"vipps": ("client_id", "client_secret", "subscription_key"),
               "klarna": ("client_id", "client_secret"), "nexi": ("client_secret",),
               "stripe": ("client_secret",)}  # fmt: skip


class ProviderSection(Section):
    """A payment provider's payouts."""

    book: bool = key("book them? false: only compare", default=False)
    clearing_account: int | None = key(
        "the account that its orders are paid on; else that of its payment method", default=None
    )
    bank_account: int | None = key("where the money comes", default=None)
    fee_account: int = key("what its fees are booked on", default=7770)
    fee_vat_account: int | None = key(
        "for VAT on fees, where a report has it: it is read, never reckoned", default=None
    )
    reverse_charge: bool = key("fees with VAT code 86; ask the accountant", default=False)
    units: dict[str, dict[Literal["clearing_account", "bank_account", "fee_account"], int]] = key(
        "accounts of a sales unit, ledger or currency of its own", default={}
    )
    client_id: str = key("for `payouts --fetch`: Vipps' client id, Klarna's user", default="")
    client_secret: SecretStr = key(
        "Vipps' client secret, Klarna's password, Nexi's or Stripe's secret key",
        default=SecretStr(""),
    )
    subscription_key: SecretStr = key("Vipps' alone", default=SecretStr(""))
    client_secret_file: str = key("a file that holds it, instead", default="")
    subscription_key_file: str = key("likewise", default="")
    base_url: AddressOrNothing = key("another address than the provider's", default="")


_KEYS = "; ".join(f"{name}: {it.description}" for name, it in ProviderSection.model_fields.items())


def _provider(name: str, more: str = "As for Vipps.") -> Any:
    example = {"book": True, "bank_account": 1920}
    return key(f"{name} {more}", default={}, example=example, validate_default=True)


class PayoutsSection(Section):
    """Providers' payouts, booked from their settlement reports by `woo2po payouts`."""

    unmatched: Literal["hold", "post"] = key(
        "A payout with money that no order of the shop explains: held, or posted all the same.",
        default="hold",
    )
    vipps: ProviderSection = _provider("Vipps MobilePay.", f"May be a section too. {_KEYS}")
    klarna: ProviderSection = _provider("Klarna and Kustom.")
    nexi: ProviderSection = _provider("Nexi Checkout.")
    stripe: ProviderSection = _provider("Stripe.")
    woopayments: ProviderSection = _provider("WooPayments.")
    paypal: ProviderSection = _provider("PayPal.")
    svea: ProviderSection = _provider("Svea Checkout.")

    @property
    def providers(self) -> dict[str, ProviderSection]:
        """What is set for each provider, by its name."""
        return {name: getattr(self, name) for name in PROVIDERS}

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
    """What was sent, remembered."""

    path: str = key("The state database; relative to this file.", default="woo2po.db", min_length=1)


class MonitoringSection(Section):
    """Who is told of every run."""

    ping_url: AddressOrNothing = key(
        "Address that is told of every run, the healthchecks.io way: /start, then nothing behind "
        "it for success (exit code 0 or 1), or /fail (2 or 3).",
        default="",
        example="https://hc-ping.com/...",
    )
    notify: list[str] = key(
        "Who is told of orders that are newly held, of a run that fails and of one that works "
        "again, once each: addresses of apprise (the extra woo2po[notify]).",
        default=[],
        example=["mailto://user:password@example.no", "slack://..."],
    )
    notify_amounts: bool = key("Amounts stand in these messages too?", default=False)


class LogSection(Section):
    """What was done, line by line."""

    format: Literal["auto", "text", "json"] = key(
        "auto: text for the journal and with -v at a terminal, JSON in files, and none for cron's "
        "mail; text or json: always so, wherever standard error goes.",
        default="auto",
    )
