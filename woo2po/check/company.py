"""Judging the company in PowerOffice: lock date and codes, rights, products and accounts."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal

from woo2po.check.finding import Finding, Level, because, fine, holding, listed, told, warning
from woo2po.check.reading import NOBODY, BooksRead, Tried, configured_dimensions, may
from woo2po.config import Settings
from woo2po.config.sections import PROVIDERS
from woo2po.documents import Account, Catalogue, VoucherKind
from woo2po.holds import Hold
from woo2po.inventory import MethodInUse
from woo2po.mapping.payment import account_named, clearing_account, journal_of
from woo2po.mapping.values import Carrier, Rate, Stopped
from woo2po.mapping.vat import Chooser
from woo2po.payouts.booking import REVERSE_CHARGE, accounts_of
from woo2po.poweroffice import PowerOffice

_FULL = "_Full"  # so a privilege ends that writes
_POSTED = {VoucherKind.BANK: "check_method_bank", VoucherKind.CASH: "check_method_cash"}


def judge_company(tried: Tried, read: BooksRead) -> Iterator[Finding]:
    """Yield what there is to say of the company."""
    settings, today = tried.settings, tried.settings.day_of(tried.now)
    code = "check_company_demo" if settings.poweroffice.environment == "demo" else "check_company"
    yield fine(code, name=read.go.company.name or "?", id=read.go.company.id)
    locked = read.catalogue.lock_date if read.catalogue else None
    if locked and locked >= today and settings.invoices.create:
        yield because(Hold("locked_ahead", {"day": today, "locked": locked}))
    elif locked:
        yield fine("check_locked_until", locked=locked)
    elif read.catalogue:
        yield fine("check_nothing_locked")
    yield from judge_collective(read, settings)
    for kind, code in configured_dimensions(settings).items():
        facts = {"key": f"dimensions.{kind}", "code": code}
        if kind not in read.dimensions:
            yield told("check_dimension_unknown", **facts)
        elif read.dimensions[kind]:
            yield fine("check_dimension", **facts)
        else:
            yield holding("check_dimension_missing", **facts)
    needed = _needed_rights(settings, tried.methods)
    has = read.go.company.privileges
    lacking = [one for one in needed if has and one not in has and not may(has, one)]
    yield from _rights(read.go, settings, needed, lacking)
    said = {name for role in lacking for name in (role, f"{role}{_FULL}")}
    for error in read.failures:
        if error.facts.get("role") not in said:
            yield Finding(error.code, Level.UNREACHABLE, dict(error.facts))


def judge_collective(read: BooksRead, settings: Settings) -> Iterator[Finding]:
    """Yield what there is to say of the customer for all private persons, if there is one."""
    facts, there = {"number": str(settings.customers.collective_number)}, read.collective
    if there is NOBODY:
        yield because(Hold("collective_missing", facts))
    elif there and there.is_archived:
        yield because(Hold("customer_archived", facts))
    elif there:
        yield fine("check_collective", **facts)


# -- rights ----------------------------------------------------------------------------------------


def _needed_rights(settings: Settings, methods: Sequence[MethodInUse]) -> dict[str, str]:
    """Return the privileges that this configuration needs, in a shop with these payment methods.

    With each the code of what waits without it; "": everything does. Source: poweroffice/facts.md,
    "Rights".
    """
    products = f"Product{_FULL}" if settings.products.unknown == "create" else "Product"
    names = ["CommonServices", f"Customer{_FULL}", products, f"SalesOrders{_FULL}"]
    found = dict.fromkeys([*names, "OutgoingInvoice", "GeneralLedgerAccount"], "")
    if settings.payments.register_:
        used = {method.id for method in methods}
        kinds = {journal_of(m, settings) for m in used - {*settings.payments.unpaid_methods}}
        for kind in sorted(kinds or {VoucherKind(settings.payments.default_type)}):
            found[f"{kind.capitalize()}Voucher{_FULL}"] = "may_not_post_vouchers"
        found["CustomerLedger"] = "may_not_read_ledger"
    for dimension in configured_dimensions(settings):
        found[dimension.capitalize()] = "check_right_dimension"
    return {**found, "AccountTransaction": "may_not_read_transactions"}


def _rights(
    go: PowerOffice, settings: Settings, needed: dict[str, str], lacking: Sequence[str]
) -> Iterator[Finding]:
    if not go.company.privileges:
        yield told("check_rights_unknown")
    elif not lacking:
        yield fine("check_rights", names=", ".join(needed))
    for role in lacking:
        invalid = role in go.company.invalid_privileges
        stops = "check_right_without_module" if invalid else "check_right_missing"
        level = Level.WARNING if needed[role] else Level.UNREACHABLE
        yield Finding(needed[role] or stops, level, {"role": role})
    if settings.invoices.create:
        may_send = {True: fine("check_may_send"), None: told("check_may_send_unknown"),
                    False: warning("may_not_send")}  # fmt: skip
        yield may_send[go.company.may_send_invoices]


# -- products --------------------------------------------------------------------------------------


_NONE = Rate(Decimal(0))


def judge_products(
    settings: Settings, catalogue: Catalogue, reasons: Iterable[Finding]
) -> Iterator[Finding]:
    """Yield what is wrong with products that the configuration names, and those that fit.

    What is among the `reasons` why orders are held is said already.
    """
    complained = {(one.facts.get("key"), one.facts.get("code")) for one in reasons}
    named = _named(settings)
    if not catalogue.products:
        codes = dict.fromkeys(
            [*(code for _, code, _ in named if code), *_foreign(settings).values()]
        )
        yield holding("check_no_products", products=listed(codes, 20))
        return
    fit, chooser = [], Chooser(settings, catalogue)
    for name, codes_of in _foreign(settings).items():
        try:
            rate = Rate(Decimal(name[2:]), name[:2])
        except ArithmeticError:
            yield told("check_rate_unreadable", key=f"vat.foreign.{name}", code=codes_of)
        else:
            named.append((f"vat.foreign.{name}", codes_of, rate))
    for key, code, rate_for in named:
        try:
            fit.append(f"{code} ({_carrier(key, code, rate_for, chooser).account.number})")
        except Stopped as stopped:
            reason = stopped.as_hold()
            if (reason.facts.get("key"), reason.facts.get("code")) not in complained:
                yield because(reason, Level.WARNING)
    if fit:
        yield fine("check_products_fit", codes=listed(dict.fromkeys(fit), 30))


def _named(settings: Settings) -> list[tuple[str, str, Rate | None]]:
    """Return keys, the products that they name, and for which rate (None: one that it has)."""
    by_rate = {"products.fallback_by_rate": settings.products.fallback_by_rate}
    found: list[tuple[str, str, Rate | None]] = []
    for section in ("shipping", "discounts", "fees"):
        keys = getattr(settings, section)
        without_vat = section == "discounts" and not settings.discounts.transfer_vat
        found.append((f"{section}.product", keys.product, _NONE if without_vat else None))
        by_rate[f"{section}.product_by_rate"] = {} if without_vat else keys.product_by_rate
    found += [(k, code, Rate(rate)) for k, codes in by_rate.items() for rate, code in codes.items()]
    found += [("fees.by_name", code, None) for code in settings.fees.by_name.values()]
    found.append(("gift_cards.product", settings.gift_cards.product, _NONE))
    # Without a product for rounding what needs one is held; of the others there may be none.
    rounding = ("products.rounding", settings.products.rounding, _NONE)
    return [*(one for one in found if one[1]), rounding]


def _foreign(settings: Settings) -> dict[str, str]:
    """Return the products of other countries' VAT, by the rate's name."""
    named = settings.vat.foreign if isinstance(settings.vat.foreign, dict) else {}
    return {n: c if isinstance(c, str) else " + ".join(c.values()) for n, c in named.items()}


def _carrier(key: str, code: str, rate: Rate | None, chooser: Chooser) -> Carrier:
    """Return what carries the rate for which a key names a product. Raises Stopped."""
    product = chooser.catalogue.product(code)
    own = product.accounts[0].vat_rate if product and product.accounts else Decimal(25)
    if rate and rate.country:
        return chooser.amount("-", rate)
    if "by_rate" in key or (rate is None and (own or key != "fees.by_name")):
        return chooser.named(key, code, rate or Rate(own))
    return chooser.without_vat(key, code, strict=True)


# -- payments and payouts --------------------------------------------------------------------------


def judge_payments(tried: Tried, catalogue: Catalogue, banks: Collection[int]) -> Iterator[Finding]:
    """Yield where the money of each method goes; `banks` are accounts that stand for a bank's."""
    settings, methods = tried.settings, tried.methods
    found = [_method(method, settings, catalogue, banks) for method in methods]
    yield from found
    told_of = {str(one.facts.get("key", "")) for one in found if one.reason is not None}
    payments, used = settings.payments, {method.id for method in methods}
    numbers = {f"payments.accounts.{method}": number
               for method, number in payments.accounts.items() if method not in used}  # fmt: skip
    if payments.bank_account is not None:
        numbers["payments.bank_account"] = payments.bank_account
    if "cash" in {payments.default_type, *payments.types.values()}:
        numbers["payments.cash_account"] = payments.cash_account
    fit = []
    for key, number in numbers.items():
        account = account_named(number, key, catalogue)
        if isinstance(account, Account):
            fit.append(f"{number} ({key})")
        elif key not in told_of:
            yield because(account, Level.WARNING)
    if fit:
        yield fine("check_accounts_fit", accounts=listed(fit))
    if "0" not in catalogue.vat_codes:
        yield holding("check_no_vat_code_0")


def _method(
    method: MethodInUse, settings: Settings, catalogue: Catalogue, banks: Collection[int]
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


def judge_payouts(settings: Settings, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield, for each provider whose payouts are booked or asked for, what they lack."""
    for provider, section in settings.payouts.providers.items():
        name = PROVIDERS[provider]
        if settings.payouts.begun(provider):
            lacking = (f"payouts.{provider}.{key}" for key in settings.payouts.lacking(provider))
            yield warning("check_payouts_keys", provider=name, keys=listed(lacking))
        if not section.book:
            continue
        own = accounts_of(settings, provider)
        if own["clearing"] and own["clearing"] in {own["bank"], own["fee"]}:
            yield warning("payout_same_account", provider=name, account=own["clearing"])
        unfit = list(_unfit(provider, settings, catalogue))
        yield from (because(reason, Level.WARNING) for reason in unfit)
        if not unfit:
            way = "interface" if provider in settings.payouts.asked else "files"
            yield fine("check_payouts", provider=name, payout_way=way)


def _unfit(provider: str, settings: Settings, catalogue: Catalogue) -> Iterable[Hold]:
    section = settings.payouts.providers[provider]
    numbers = {f"{role}_account": n for role, n in accounts_of(settings, provider).items()}
    for unit, own in section.units.items():
        numbers |= {f"units.{unit}.{role}": number for role, number in own.items()}
    for role, number in numbers.items():
        key = f"payouts.{provider}.{role}"
        if number:
            reverse = role.endswith("fee_account") and section.reverse_charge
            found = account_named(number, key, catalogue, REVERSE_CHARGE if reverse else "")
            if isinstance(found, Hold):
                yield found
        elif role != "fee_vat_account":  # a report that has VAT asks for that one
            yield Hold("payout_no_account", {"key": key})
    if section.reverse_charge and REVERSE_CHARGE not in catalogue.vat_codes:
        yield Hold("payout_no_vat_code", {"vat": REVERSE_CHARGE})
