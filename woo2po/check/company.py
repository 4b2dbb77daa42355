"""Judging the company in PowerOffice: lock date and codes, rights, products and accounts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from woo2po.check.finding import Finding, Level, because, fine, holding, listed, told, warning
from woo2po.check.reading import NOBODY, BooksRead, configured_dimensions, may
from woo2po.config import Settings
from woo2po.config.sections import PROVIDERS
from woo2po.documents import Account, Catalogue, InvoiceWanted, Note, VoucherKind
from woo2po.holds import Hold
from woo2po.inventory import MethodInUse, Need, Role, carrier_of, needs_of
from woo2po.mapping import invoice_of
from woo2po.mapping.cards import CARD_COUPON_INFERRED
from woo2po.mapping.lines import sale_of, sold_without_vat
from woo2po.mapping.payment import account_named, clearing_account, journal_of
from woo2po.mapping.values import Carrier, Rate, Stopped
from woo2po.mapping.vat import Chooser, is_export, is_no_supply, no_supply_facts, vat_rate
from woo2po.money import percent
from woo2po.order import Order
from woo2po.payouts.booking import REVERSE_CHARGE, accounts_of
from woo2po.poweroffice import PowerOffice

_FULL = "_Full"  # so a privilege ends that writes
_LOCKED = frozenset({"period_locked", "locked_ahead"})
# What carries each role.
_CARRIED = {
    Role.GOODS: "check_goods",
    Role.FREIGHT: "check_freight_product",
    Role.DISCOUNT: "check_discount_product",
    Role.FEE: "check_fee_product",
    Role.GIFT_CARD: "check_gift_card_product",
    Role.ROUNDING: "check_rounding_product",
}
_POSTED = {VoucherKind.BANK: "check_method_bank", VoucherKind.CASH: "check_method_cash"}


def judge_company(
    read: BooksRead, settings: Settings, waiting: Iterable[Order], now: datetime
) -> Iterator[Finding]:
    """Yield what there is to say of the company; `waiting` are the orders still to go."""
    code = "check_company_demo" if settings.poweroffice.environment == "demo" else "check_company"
    yield fine(code, name=read.go.client_name or "?", id=read.go.client_id)
    if read.catalogue is not None:
        yield from _locked(read.catalogue, settings, list(waiting), now)
    yield from _collective(read, settings)
    yield from _dimensions(read, settings)


def _locked(
    catalogue: Catalogue, settings: Settings, waiting: list[Order], now: datetime
) -> Iterator[Finding]:
    locked = catalogue.lock_date
    today = now.astimezone(ZoneInfo(settings.woocommerce.timezone)).date()
    if locked is None:
        yield fine("check_nothing_locked")
        return
    if locked >= today and settings.invoices.create:
        yield because(Hold("locked_ahead", {"day": today, "locked": locked}))
        return
    moved, held, reason = _days_in_it(catalogue, settings, waiting, today)
    if reason is not None:
        yield because(reason, orders=held)
    elif moved:
        yield warning("check_locked_moves", locked=locked, numbers=listed(moved, 5), n=len(moved))
    else:
        yield fine("check_locked_until", locked=locked)


def _days_in_it(
    catalogue: Catalogue, settings: Settings, waiting: Iterable[Order], today: date
) -> tuple[list[str], list[str], Hold | None]:
    """Return the orders whose invoice the lock date moves, those that it holds, and why."""
    moved, held, reason = [], [], None
    for order in waiting:
        invoice = invoice_of(order, settings, catalogue, today)
        if isinstance(invoice, Hold) and invoice.code in _LOCKED:
            held.append(order.number)
            reason = reason or invoice
        if isinstance(invoice, InvoiceWanted) and invoice.moved_from is not None:
            moved.append(order.number)
    return moved, held, reason


def _collective(read: BooksRead, settings: Settings) -> Iterator[Finding]:
    number = str(settings.customers.collective_number)
    if read.collective is NOBODY:
        yield because(Hold("collective_missing", {"number": number}))
    elif read.collective is not None and read.collective.is_archived:
        yield because(Hold("customer_archived", {"number": number}))
    elif read.collective is not None:
        yield fine("check_collective", number=number)


def _dimensions(read: BooksRead, settings: Settings) -> Iterator[Finding]:
    for kind, code in configured_dimensions(settings).items():
        facts = {"key": f"dimensions.{kind}", "code": code}
        if kind not in read.dimensions:
            yield told("check_dimension_unknown", **facts)
        elif read.dimensions[kind]:
            yield fine("check_dimension", **facts)
        else:
            yield holding("check_dimension_missing", **facts)


# -- rights ----------------------------------------------------------------------------------------


def needed_rights(settings: Settings, methods: tuple[MethodInUse, ...]) -> dict[str, str]:
    """Return the privileges that this configuration needs, in a shop with these payment methods.

    With each the code of what waits without it; "": everything does. Source: poweroffice/facts.md,
    "Rights".
    """
    products = f"Product{_FULL}" if settings.products.unknown == "create" else "Product"
    names = ["CommonServices", f"Customer{_FULL}", products, f"SalesOrders{_FULL}"]
    found = dict.fromkeys([*names, "OutgoingInvoice", "GeneralLedgerAccount"], "")
    if settings.payments.register_:
        used = {method.id for method in methods_of(methods)}
        paid = used - set(settings.payments.unpaid_methods) or used
        kinds = {journal_of(method, settings) for method in paid}
        for kind in sorted(kinds or {VoucherKind(settings.payments.default_type)}):
            found[f"{kind.capitalize()}Voucher{_FULL}"] = "may_not_post_vouchers"
        found["CustomerLedger"] = "may_not_read_ledger"
    for dimension in configured_dimensions(settings):
        found[dimension.capitalize()] = "check_right_dimension"
    return {**found, "AccountTransaction": "may_not_read_transactions"}


def lacking_rights(privileges: frozenset[str], needed: Iterable[str]) -> list[str]:
    """Return those that the integration does not have; none where nobody says what it has."""
    if not privileges:
        return []
    return [one for one in needed if one not in privileges and not may(privileges, one)]


def judge_rights(
    go: PowerOffice, settings: Settings, needed: Mapping[str, str]
) -> Iterator[Finding]:
    """Yield what the integration may and may not do."""
    lacking = lacking_rights(go.privileges, needed)
    if not go.privileges:
        yield told("check_rights_unknown")
    elif not lacking:
        yield fine("check_rights", names=", ".join(needed))
    for role in lacking:
        invalid = role in go.invalid_privileges
        stops = "check_right_without_module" if invalid else "check_right_missing"
        level = Level.WARNING if needed[role] else Level.UNREACHABLE
        yield Finding(needed[role] or stops, level, {"role": role})
    if settings.invoices.create:
        may_send = {True: fine("check_may_send"), None: told("check_may_send_unknown"),
                    False: warning("may_not_send")}  # fmt: skip
        yield may_send[go.may_send_invoices]


# -- products --------------------------------------------------------------------------------------


def judge_products(
    settings: Settings, catalogue: Catalogue, sold: Sequence[Order]
) -> Iterator[Finding]:
    """Yield what carries what the shop sells; `sold` are orders as the job transfers them."""
    if not catalogue.products:
        codes = dict.fromkeys(one.code for one in named(settings))
        yield holding("check_no_products", products=listed(codes, 20))
        return
    needs = needs_of(sold, settings, catalogue)
    carriers = [(need, carrier_of(need, settings, catalogue)) for need in needs]
    # One reason may stop several roles: it is said once.
    told_of = {(h.code, tuple(h.facts.items())): need for need, h in reversed(carriers)
               if isinstance(h, Hold)}  # fmt: skip
    for need, carrier in carriers:
        if isinstance(carrier, Carrier):
            yield _carried(need, carrier, settings, catalogue)
        elif need in told_of.values() and carrier.code == "no_product_for_rate":
            # It speaks of one line, and here are none.
            yield holding("check_goods_lack", rate=percent(need.rate.percent), n=need.orders)
        elif need in told_of.values():
            not_yet = need.role is Role.ROUNDING and carrier.code == "product_not_set"
            yield because(carrier, Level.WARNING if not_yet else Level.HELD, n=need.orders)
    if settings.products.unknown == "hold":
        unknown = sum(need.orders for need in needs if need.role is Role.GOODS)
        if unknown:
            yield holding("check_goods_unknown", n=unknown)
    used = {carrier.product_code for _, carrier in carriers if isinstance(carrier, Carrier)}
    complained = {(str(hold.facts.get("key", "")), str(hold.facts.get("code", "")))
                  for _, hold in carriers if isinstance(hold, Hold)}  # fmt: skip
    yield from _named(settings, catalogue, used, complained)


def judge_without_vat(
    settings: Settings, catalogue: Catalogue, coming: Iterable[Order]
) -> Iterator[Finding]:
    """Yield what is sold without VAT that carries it, and coupons that were taken for cards, in
    orders not yet invoiced.
    """
    noting = settings.vat.model_copy(update={"domestic_zero": "note"})
    lenient = settings.model_copy(update={"vat": noting})
    met: dict[str, tuple[Note, list[str]]] = {}
    for order in coming:
        chooser = Chooser(lenient, catalogue, is_export(order))
        with suppress(Stopped):  # held for another reason
            sale = sale_of(order, lenient, catalogue)
            inferred = (note for note in sale.notes if note.code == CARD_COUPON_INFERRED)
            for note in (*inferred, *sold_without_vat(sale, chooser)):
                met.setdefault(note.code, (note, []))[1].append(order.number)
    for code, (first, numbers) in met.items():
        held = code == "domestic_zero" and settings.vat.domestic_zero == "hold"
        yield because(
            Hold(code, first.facts), Level.HELD if held else Level.WARNING, orders=numbers
        )


def _carried(need: Need, carrier: Carrier, settings: Settings, catalogue: Catalogue) -> Finding:
    country = f" ({need.rate.country})" if need.rate.country else ""
    product = catalogue.products[carrier.product_code]
    account = product.standard if carrier.use_standard_account else product.optional
    vat, rate = account and account.vat_code, f"{percent(need.rate.percent)} %{country}"
    gross = need.role is Role.DISCOUNT and not settings.discounts.transfer_vat
    if gross and account and not is_no_supply(account):
        facts = no_supply_facts("discounts.product", carrier.product_code, account)
        return because(Hold("no_supply_account", facts), Level.WARNING)
    return fine(_CARRIED[need.role], rate=rate, n=need.orders, code=carrier.product_code,
                account=_shown(account), vat=vat.code if vat else "-")  # fmt: skip


def _shown(account: Account | None) -> str:
    return "-" if account is None else str(account.number)


@dataclass(frozen=True, slots=True)
class Named:
    """A product that a key names, and the VAT rate that it is named for (None: whatever it has)."""

    key: str
    code: str
    rate: Rate | None


def named(settings: Settings) -> list[Named]:
    """Return every product that the configuration names, section by section."""
    found, by_rate = [], {"products.fallback_by_rate": settings.products.fallback_by_rate}
    for section in ("shipping", "discounts", "fees"):
        keys = getattr(settings, section)
        found.append(Named(f"{section}.product", keys.product, None))
        by_rate[f"{section}.product_by_rate"] = keys.product_by_rate
    found += [Named(key, code, Rate(rate)) for key, codes in by_rate.items()
              for rate, code in codes.items()]  # fmt: skip
    found.append(Named("products.rounding", settings.products.rounding, Rate(Decimal(0))))
    found.append(Named("gift_cards.product", settings.gift_cards.product, Rate(Decimal(0))))
    found += [Named("fees.by_name", code, None) for code in settings.fees.by_name.values()]
    foreign = settings.vat.foreign if isinstance(settings.vat.foreign, dict) else {}
    for name, codes in foreign.items():
        key, rate = f"vat.foreign.{name}", _foreign(name)
        if isinstance(codes, str):
            found.append(Named(key, codes, rate))
            continue
        found.append(Named(f"{key}.product", codes["product"], rate))
        found.append(Named(f"{key}.vat_product", codes["vat_product"], Rate(Decimal(0))))
    return [one for one in found if one.code]


def _foreign(name: str) -> Rate | None:
    try:
        return Rate(Decimal(name[2:]), name[:2])
    except ArithmeticError:
        return None


def _named(
    settings: Settings, catalogue: Catalogue, used: set[str], complained: set[tuple[str, str]]
) -> Iterator[Finding]:
    """Yield what is wrong with named products that no order of late needed, and that others fit."""
    fit = []
    for one in named(settings):
        if (one.key, one.code) in complained:
            continue
        if one.rate is None and one.key.startswith("vat.foreign."):
            yield told("check_rate_unreadable", key=one.key, code=one.code)
            continue
        try:
            _choose(one, settings, catalogue)
        except Stopped as stopped:
            yield because(stopped.as_hold(), Level.WARNING)
            continue
        if one.code not in used:
            product = catalogue.products[one.code]
            fit.append(f"{one.code} ({_shown(product.standard or product.optional)})")
    if fit:
        yield fine("check_products_fit", codes=listed(dict.fromkeys(fit), 20))


def _choose(one: Named, settings: Settings, catalogue: Catalogue) -> None:
    """Choose what carries the rate for which a key names a product. Raises Stopped."""
    chooser, section = Chooser(settings, catalogue), one.key.partition(".")[0]
    if one.rate is None:  # one of its own will do
        product = catalogue.product(one.code)
        accounts = [a for a in (product.standard, product.optional) if a] if product else []
        rate = next((vat_rate(account) for account in accounts if account.active), Decimal(25))
        chooser.named(one.key, one.code, Rate(rate))
        if one.key == "fees.by_name" and not rate:
            chooser.without_vat(one.key, one.code, strict=True)
    elif one.rate.country or one.key == "products.fallback_by_rate":
        chooser.amount("-", one.rate)
    elif one.key.endswith("product_by_rate"):
        chooser.service(section, "", {one.rate.percent: one.code}, one.rate)
    else:
        chooser.without_vat(one.key, one.code, strict=True)


# -- payments --------------------------------------------------------------------------------------


def methods_of(methods: tuple[MethodInUse, ...]) -> list[MethodInUse]:
    """Return the methods that orders were paid by, or that customers can choose."""
    return [method for method in methods if method.orders or method.enabled]


def judge_payments(
    settings: Settings,
    catalogue: Catalogue,
    methods: tuple[MethodInUse, ...],
    banks: frozenset[int] = frozenset(),
) -> Iterator[Finding]:
    """Yield where the money of each method goes; `banks` are accounts that stand for a bank's."""
    used = methods_of(methods)
    found = [_method(method, settings, catalogue, banks) for method in used]
    yield from found
    told_of = {str(one.facts.get("key", "")) for one in found if one.reason is not None}
    yield from _other_accounts(settings, catalogue, {method.id for method in used}, told_of)
    if "0" not in catalogue.vat_codes:
        yield holding("check_no_vat_code_0")


def judge_payouts(settings: Settings, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield, for each provider whose payouts are booked or asked for, what they lack."""
    for provider, section in settings.payouts.providers.items():
        name = PROVIDERS[provider]
        if settings.payouts.begun(provider):
            lacking = (f"payouts.{provider}.{key}" for key in settings.payouts.lacking(provider))
            yield warning("check_payouts_keys", provider=name, keys=listed(lacking))
        if not section.book:
            continue
        numbers = {f"{role}_account": n for role, n in accounts_of(settings, provider).items()}
        for unit, own in section.units.items():
            numbers |= {f"units.{unit}.{role}": number for role, number in own.items()}
        whole = True
        for role, number in numbers.items():
            key = f"payouts.{provider}.{role}"
            if number is None and role == "fee_vat_account":
                continue  # a report that has VAT asks for it
            found = account_named(number, key, catalogue) if number else Hold(
                "payout_no_account", {"key": key})  # fmt: skip
            if isinstance(found, Hold):
                whole = False
                yield because(found, Level.WARNING)
        if section.reverse_charge and REVERSE_CHARGE not in catalogue.vat_codes:
            whole = False
            yield because(Hold("payout_no_vat_code", {"vat": REVERSE_CHARGE}), Level.WARNING)
        if whole:
            way = "interface" if provider in settings.payouts.asked else "files"
            yield fine("check_payouts", provider=name, payout_way=way)


def _method(
    method: MethodInUse, settings: Settings, catalogue: Catalogue, banks: frozenset[int]
) -> Finding:
    # Its title is left out: some plugins write the card, or the buyer, into an order's.
    facts = {"method": method.id, "n": str(method.orders)}
    if method.id in settings.payments.unpaid_methods:
        return fine("check_method_unpaid", **facts)
    account = clearing_account(method.id, settings, catalogue)
    if isinstance(account, Hold):
        level = Level.HELD if method.orders else Level.WARNING
        return because(account, level, n=method.orders)
    if account.number in banks:
        return warning("check_method_on_bank", **facts, account=account.number)
    code = _POSTED[journal_of(method.id, settings)]
    return fine(code, **facts, account=account.number, account_name=account.name or "-")


def _other_accounts(
    settings: Settings, catalogue: Catalogue, used: set[str], told_of: set[str]
) -> Iterator[Finding]:
    """Yield what is wrong with accounts that are named for what no order was paid by."""
    payments = settings.payments
    numbers = {f"payments.accounts.{method}": number
               for method, number in payments.accounts.items() if method not in used}  # fmt: skip
    if payments.bank_account is not None:
        numbers["payments.bank_account"] = payments.bank_account
    if "cash" in {payments.default_type, *payments.types.values()}:
        numbers["payments.cash_account"] = payments.cash_account
    fit = []
    for key, number in numbers.items():
        if key in told_of:
            continue
        account = account_named(number, key, catalogue)
        if isinstance(account, Hold):
            yield because(account, Level.WARNING)
        else:
            fit.append(f"{number} ({key})")
    if fit:
        yield fine("check_accounts_fit", accounts=listed(fit))
