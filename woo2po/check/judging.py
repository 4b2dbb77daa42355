"""Judging what was read: the company and its rights, products and accounts; the shop, and what of
it the configuration lacks; what would book its orders twice (other programs, shops, prefixes); and
what a run would say of them: the mapping itself is asked, and nobody else.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from woo2po.check.finding import Finding, Level, because, fine, holding, listed, told, warning
from woo2po.check.reading import NOBODY, BooksRead, ShopRead, Tried, configured_dimensions, may
from woo2po.config import Settings
from woo2po.config.sections import PROVIDERS
from woo2po.documents import Account, Catalogue, Documents, InvoiceWanted, VoucherKind
from woo2po.holds import Hold, Skip
from woo2po.mapping import documents_for, eligible
from woo2po.mapping import payment as paying
from woo2po.mapping.capture import provider_of, told_of_money
from woo2po.mapping.customer import hash_of, sales_order_reference, shown_number
from woo2po.mapping.prices import exactness
from woo2po.mapping.values import Basis, Stopped
from woo2po.mapping.vat import Chooser, is_no_sale
from woo2po.money import same_amount
from woo2po.order import Order
from woo2po.payouts.booking import REVERSE_CHARGE, accounts_of
from woo2po.poweroffice.booked import NumberedDocument
from woo2po.record import State
from woo2po.report import kroner
from woo2po.transfer.wanted import OFF, defect

_FULL = "_Full"  # so a privilege ends that writes
_POSTED = {VoucherKind.BANK: "check_method_bank", VoucherKind.CASH: "check_method_cash"}
_TO_NOBODY = {True: "check_delivery_nobody", False: "check_delivery_none"}  # to be paid, or not
_OURS = re.compile(r"woo-([0-9a-f]{10})-")
FIRST = 10  # orders that have a line each
_DONE = frozenset({State.INVOICED, State.SKIPPED, State.CANCELLED})
# Of what is noted about an order that goes all but these says how the shop, or the configuration,
# is set: somebody should look at that before it does.
_OF_ONE_ORDER = frozenset({"line_divided", "gift_card_inferred", "paid_day_unreadable",
                           "capture_day_guessed", "email_left_out",
                           "organisation_number_wrong"})  # fmt: skip


# -- the company -----------------------------------------------------------------------------------


def judge_company(tried: Tried, read: BooksRead) -> Iterator[Finding]:
    """Yield what there is to say of the company: lock date, codes, rights."""
    settings, today = tried.settings, tried.settings.day_of(tried.now)
    code = "check_company_demo" if settings.poweroffice.environment == "demo" else "check_company"
    yield fine(code, name=read.go.company.name or "?", id=read.go.company.id)
    locked = read.catalogue.lock_date if read.catalogue else None
    if locked and locked >= today and settings.invoices.create:
        yield because(Hold("locked_ahead", {"day": today, "locked": locked}))
    elif read.catalogue:
        yield fine("check_locked_until", locked=locked) if locked else fine("check_nothing_locked")
    yield from _collective(read, settings)
    for kind, code in configured_dimensions(settings).items():
        facts = {"key": f"dimensions.{kind}", "code": code}
        tried_it = {True: fine("check_dimension", **facts),
                    False: holding("check_dimension_missing", **facts),
                    None: told("check_dimension_unknown", **facts)}  # fmt: skip
        yield tried_it[read.dimensions.get(kind)]
    yield from _rights(tried, read)


def _collective(read: BooksRead, settings: Settings) -> Iterator[Finding]:
    """Yield what there is to say of the customer for all private persons, if there is one."""
    facts, there = {"number": str(settings.customers.collective_number)}, read.collective
    if there and (there is NOBODY or there.is_archived):
        code = "collective_missing" if there is NOBODY else "customer_archived"
        yield because(Hold(code, facts))
    elif there:
        yield fine("check_collective", **facts)


def _needed_rights(tried: Tried) -> dict[str, str]:
    """Return the privileges that this configuration needs, in this shop.

    With each the code of what waits without it; "": everything does. Source: poweroffice/facts.md,
    "Rights".
    """
    settings, used = tried.settings, {method.id for method in tried.methods}
    products = f"Product{_FULL}" if settings.products.unknown == "create" else "Product"
    names = ["CommonServices", f"Customer{_FULL}", products, f"SalesOrders{_FULL}"]
    found = dict.fromkeys([*names, "OutgoingInvoice", "GeneralLedgerAccount"], "")
    if settings.payments.register_:
        kinds = {paying.journal_of(m, settings) for m in used - {*settings.payments.unpaid_methods}}
        for kind in sorted(kinds or {VoucherKind(settings.payments.default_type)}):
            found[f"{kind.capitalize()}Voucher{_FULL}"] = "may_not_post_vouchers"
        found["CustomerLedger"] = "may_not_read_ledger"
    for dimension in configured_dimensions(settings):
        found[dimension.capitalize()] = "check_right_dimension"
    return {**found, "AccountTransaction": "may_not_read_transactions"}


def _rights(tried: Tried, read: BooksRead) -> Iterator[Finding]:
    """Yield which rights lack, and what could not be read for another reason."""
    company, needed = read.go.company, _needed_rights(tried)
    has = company.privileges
    lacking = [one for one in needed if has and one not in has and not may(has, one)]
    if not lacking:
        names = listed(needed, 20)
        yield fine("check_rights", names=names) if has else told("check_rights_unknown")
    for role in lacking:
        invalid = role in company.invalid_privileges
        stops = "check_right_without_module" if invalid else "check_right_missing"
        level = Level.WARNING if needed[role] else Level.UNREACHABLE
        yield Finding(needed[role] or stops, level, {"role": role})
    if tried.settings.invoices.create:
        may_send = {True: fine("check_may_send"), None: told("check_may_send_unknown"),
                    False: warning("may_not_send")}  # fmt: skip
        yield may_send[company.may_send_invoices]
    said = {name for role in lacking for name in (role, f"{role}{_FULL}")}
    for error in read.failures:
        if error.facts.get("role") not in said:
            yield Finding(error.code, Level.UNREACHABLE, dict(error.facts))


# -- products --------------------------------------------------------------------------------------


def judge_products(settings: Settings, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield what is wrong with products that the configuration names, and those that fit."""
    named, fit, chooser = [*_named(settings)], [], Chooser(settings, catalogue)
    if not catalogue.products:
        codes = dict.fromkeys(code for _, code, _ in named if code)
        yield holding("check_no_products", products=listed(codes, 20))
        return
    for key, code, rate in named:
        try:
            if code or key == "products.rounding":  # what needs none of the others may not come
                fit.append(f"{code} ({chooser.of_key(key, code, rate).account.number})")
        except ArithmeticError:
            yield told("check_rate_unreadable", key=key, code=code)
        except Stopped as stopped:
            yield because(stopped.as_hold(), Level.WARNING)
    if fit:
        yield fine("check_products_fit", codes=listed(dict.fromkeys(fit), 30))


def _named(settings: Settings) -> Iterator[tuple[str, str, Decimal | None]]:
    """Yield keys, the products that they name, and for which rate (None: one that it has)."""
    for section in ("shipping", "discounts", "fees"):
        key, keys = f"{section}.product", getattr(settings, section)
        yield key, keys.product, None
        for rate, code in ({} if is_no_sale(key, settings) else keys.product_by_rate).items():
            yield f"{key}_by_rate", code, rate
    for rate, code in settings.products.fallback_by_rate.items():
        yield "products.fallback_by_rate", code, rate
    for code in settings.fees.by_name.values():
        yield "fees.by_name", code, None
    yield "gift_cards.product", settings.gift_cards.product, None
    yield "products.rounding", settings.products.rounding, None
    foreign = settings.vat.foreign if isinstance(settings.vat.foreign, dict) else {}
    for name, one in foreign.items():
        yield f"vat.foreign.{name}", one if isinstance(one, str) else " + ".join(one.values()), None


def once(findings: Iterable[Finding]) -> Iterable[Finding]:
    """Return findings without those that give a reason again: what holds orders comes first."""
    found = dict[object, Finding]()
    for one in findings:
        found.setdefault(one.kind if one.reason else id(one), one)
    return found.values()


# -- payments and payouts --------------------------------------------------------------------------


def judge_payments(tried: Tried, read: BooksRead, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield where the money of each method goes, and what is wrong with the other accounts."""
    yield from _methods(tried, read, catalogue)
    payments, used = tried.settings.payments, {method.id for method in tried.methods}
    numbers = {f"payments.accounts.{method}": number
               for method, number in payments.accounts.items() if method not in used}  # fmt: skip
    if payments.bank_account is not None:
        numbers["payments.bank_account"] = payments.bank_account
    if "cash" in {payments.default_type, *payments.types.values()}:
        numbers["payments.cash_account"] = payments.cash_account
    fit = []
    for key, number in numbers.items():
        account = paying.account_named(number, key, catalogue)
        if isinstance(account, Account):
            fit.append(f"{number} ({key})")
        else:
            yield because(account, Level.WARNING)
    if fit:
        yield fine("check_accounts_fit", accounts=listed(fit))
    if "0" not in catalogue.vat_codes:
        yield holding("check_no_vat_code_0")


def _methods(tried: Tried, read: BooksRead, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield where the money of each method goes; those that have no account share a line."""
    nowhere = []
    for method in tried.methods:
        # Its title is left out: some plugins write the card, or the buyer, into an order's.
        facts = {"method": method.id, "n": str(method.orders)}
        account = paying.clearing_account(method.id, tried.settings, catalogue)
        if method.id in tried.settings.payments.unpaid_methods:
            yield fine("check_method_unpaid", **facts)
        elif isinstance(account, Account) and account.number in read.banks:
            yield warning("check_method_on_bank", **facts, account=account.number)
        elif isinstance(account, Account):
            code = _POSTED[paying.journal_of(method.id, tried.settings)]
            yield fine(code, **facts, account=account.number, account_name=account.name or "-")
        elif account.code == "payment_account_not_set":
            nowhere.append(method)
        else:
            yield because(account, Level.HELD if method.orders else Level.WARNING, method.orders)
    if nowhere:
        n, first = sum(method.orders for method in nowhere), {"method": nowhere[0].id}
        reason = Hold("payment_account_not_set", first)
        found = because(reason, Level.HELD if n else Level.WARNING, n)
        yield replace(found, facts={"method": listed(method.id for method in nowhere)})


def judge_payouts(settings: Settings, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield, for each provider whose payouts are booked or asked for, what they lack."""
    for provider, section in settings.payouts.providers.items():
        name = PROVIDERS[provider]
        if settings.payouts.begun(provider):
            lacking = (f"payouts.{provider}.{key}" for key in settings.payouts.lacking(provider))
            yield warning("check_payouts_keys", provider=name, keys=listed(lacking))
        if not section.book:
            continue
        unfit = list(_unfit(provider, settings, catalogue))
        yield from (because(reason, Level.WARNING) for reason in unfit)
        if not unfit:
            way = "interface" if provider in settings.payouts.asked else "files"
            yield fine("check_payouts", provider=name, payout_way=way)


def _unfit(provider: str, settings: Settings, catalogue: Catalogue) -> Iterator[Hold]:
    section, own = settings.payouts.providers[provider], accounts_of(settings, provider)
    if own["clearing"] and own["clearing"] in {own["bank"], own["fee"]}:
        facts = {"provider": PROVIDERS[provider], "account": str(own["clearing"])}
        yield Hold("payout_same_account", facts)
    methods = settings.payments.accounts.items()
    posted = {number for method, number in methods if provider_of(method) == provider}
    clearing = {own["clearing"], *(its.get("clearing_account") for its in section.units.values())}
    if own["clearing"] and posted and not posted & clearing:
        facts = {"provider": PROVIDERS[provider], "account": str(own["clearing"])}
        yield Hold("payout_clears_elsewhere", {**facts, "accounts": listed(sorted(posted))})
    numbers = {f"{role}_account": n for role, n in own.items()}
    for unit, its in section.units.items():
        numbers |= {f"units.{unit}.{role}": number for role, number in its.items()}
    for role, number in numbers.items():
        key = f"payouts.{provider}.{role}"
        if number:
            reverse = role.endswith("fee_account") and section.reverse_charge
            found = paying.account_named(number, key, catalogue, REVERSE_CHARGE if reverse else "")
            if isinstance(found, Hold):
                yield found
        elif role != "fee_vat_account":  # a report that has VAT asks for that one
            yield Hold("payout_no_account", {"key": key})
    if section.reverse_charge and REVERSE_CHARGE not in catalogue.vat_codes:
        yield Hold("payout_no_vat_code", {"vat": REVERSE_CHARGE})


# -- the shop --------------------------------------------------------------------------------------


def judge_zone(tried: Tried, read: ShopRead) -> Iterator[Finding]:
    """Yield whether the time zone is the shop's own, where it tells its own."""
    ours, shops = tried.settings.woocommerce.timezone, read.inventory.zone
    same = ours == shops
    with suppress(ZoneInfoNotFoundError, ValueError):
        half_years = (tried.now, tried.now + timedelta(days=182))
        times = [[m.astimezone(ZoneInfo(z)).utcoffset() for m in half_years] for z in (ours, shops)]
        same = times[0] == times[1]
    if same:
        yield fine("check_zone_same", zone=ours)
    elif shops:
        yield warning("check_zone_differs", ours=ours, shops=shops)


def judge_shop(tried: Tried, read: ShopRead) -> Iterator[Finding]:
    """Yield what there is to say of the shop."""
    settings, newest = tried.settings, tried.newest
    name = read.inventory.name or settings.woocommerce.url
    n = len(newest) + len(read.unreadable)
    yield fine("check_shop_there", name=name, url=settings.woocommerce.url, n=n)
    host = settings.woocommerce.url.split("://")[1].partition("/")[0]
    if read.client.keys_in_query:
        yield warning("shop_keys_in_query", host=host)
    if read.client.cached:
        yield warning("shop_cached", host=host)
    yield from _statuses(read, settings)
    if read.unreadable:
        first = read.unreadable[0]
        reason = Hold("unreadable", {"where": first.where, "expected": first.expected})
        number = first.number or str(first.id or "?")
        yield replace(because(reason, n=len(read.unreadable)), orders=(number,))
    going = [order for order in newest if eligible(order, settings)]
    if settings.payments.register_:
        yield from _captures(newest, settings)
    if settings.invoices.create:
        yield from _deliveries(going, settings)
    coupons = [order.number for order in going if order.coupon_lines]
    if coupons and not settings.discounts.transfer_vat:
        yield warning("check_coupons_without_vat", n=len(coupons), numbers=listed(coupons, 3))
    known, used = settings.customers.org_number_fields, read.inventory.org_number_fields
    others = {name: n for name, n in used.items() if name not in known}
    if others and not settings.customers.companies_as_private:
        yield warning("check_org_number_fields", used=_counted(others), field=next(iter(others)))


def _captures(orders: Iterable[Order], settings: Settings) -> Iterator[Finding]:
    """Say by which sign the orders of the payment methods in use count as paid."""
    met: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for order in orders:
        capture = told_of_money(order, settings) if paying.is_prepaid(order, settings) else None
        if capture is not None and order.payment_method:
            met[capture.gateway, capture.sign][order.payment_method] += 1
    for (gateway, sign), methods in sorted(met.items()):
        of_it = {"gateway": gateway, "sign": sign, "used": _counted(methods)}
        by_order = told("check_captured_by_order", **of_it)
        yield fine("check_captured_by_gateway", **of_it) if gateway else by_order


def _deliveries(orders: Iterable[Order], settings: Settings) -> Iterator[Finding]:
    """Say what the buyers of each payment method get, and warn of what nobody is asked to pay."""
    met = Counter((order.payment_method, paying.is_to_be_paid(order, settings)) for order in orders)
    for (method, unpaid), n in sorted(met.items()):
        key = "delivery_unpaid" if unpaid else "delivery"
        delivery = getattr(settings.invoices, key)
        facts = {"method": method or "-", "key": f"invoices.{key}", "delivery": delivery, "n": n}
        if delivery == "none":
            yield (warning if unpaid else fine)(_TO_NOBODY[unpaid], **facts)
        else:
            yield fine("check_delivery_unpaid" if unpaid else "check_delivery", **facts)


def _statuses(read: ShopRead, settings: Settings) -> Iterator[Finding]:
    wanted = settings.woocommerce.statuses
    unknown = [slug for slug in wanted if read.statuses and slug not in read.statuses]
    for slug in unknown:
        known = listed((name for name in read.statuses if name != "trash"), 30)
        yield Finding("status_not_in_shop", Level.WRONG, {"status": slug, "known": known})
    counts = {status.slug: status.orders for status in read.inventory.statuses}
    if there := {slug: counts.get(slug, 0) for slug in wanted if slug not in unknown}:
        yield fine("check_statuses", statuses=_counted(there))
        if read.since is not None:
            since = {"n": read.since, "day": settings.woocommerce.orders_from}
            none = told("check_no_orders_since", **since)
            yield fine("check_orders_since", **since) if read.since else none
    aside = Counter(
        order.status
        for order in read.inventory.orders
        if order.date_paid_gmt and order.status not in OFF | {"refunded"}
        if settings.day_of(order.date_created_gmt) >= settings.woocommerce.orders_from
        and not eligible(order, settings)
    )
    if aside:
        yield told("check_statuses_aside", statuses=_counted(aside))


def _counted(used: Mapping[str, int]) -> str:
    return listed((f"{name} ({n})" for name, n in used.items()), 6)


# -- what would book an order twice ----------------------------------------------------------------


def judge_twice(tried: Tried, read: ShopRead) -> Iterator[Finding]:
    """Yield what may book an order a second time, by everybody's documents if they are known."""
    for name, n in read.inventory.invoice_number_fields.items():
        yield warning("check_shop_numbers_invoices", field=name, n=n)
    books, prefix = tried.books, tried.settings.orders.number_prefix
    if books is None or books.documents is None:
        return
    met = _met(books.documents, tried)
    others, clashes, shops = met["others"], met["clashes"], met["shops"]
    prefixes = Counter(met["prefixes"])
    if others:
        yield warning("check_others_book", n=len(others), documents=listed(others, 3))
    for other, n in prefixes.items():
        if other != prefix:
            yield warning("check_other_prefix", other=other or "-", prefix=prefix or "-", n=n)
    if clashes:
        yield holding("check_prefix_clashes", prefix=prefix, n=len(clashes),
                      numbers=listed(clashes, 3))  # fmt: skip
    elif shops:
        yield warning("check_prefix_shared", prefix=prefix, n=len(shops))
    if not books.whole:
        yield told("check_documents_not_all", n=len(books.documents))
    if not (others or clashes or shops or len(prefixes) > 1):
        yield fine("check_nobody_else", n=len(books.documents))


def _met(documents: Iterable[NumberedDocument], tried: Tried) -> dict[str, list[str]]:
    """Return what was met among the documents: `others` (documents of our orders that another
    program made), `prefixes` (of this shop's), `shops` (another's, with our prefix), `clashes`
    (our orders whose reference another has).
    """
    met, settings = defaultdict[str, list[str]](list), tried.settings
    orders = [order for order in tried.newest if eligible(order, settings)]
    own, prefix = hash_of(settings.first_address), re.escape(settings.orders.number_prefix)
    by_reference = {sales_order_reference(settings, o.id): o for o in orders}
    # The orders by everything that another program may call them.
    by_name = {name: o for o in orders for name in (
        o.number, f"#{o.number}", shown_number(o, settings), str(o.id))}  # fmt: skip
    for document in documents:
        shop = _OURS.match(document.matching_reference)
        if shop and shop[1] == own:  # its reference without the order's id is the prefix
            order_id = document.matching_reference[shop.end() :].partition("-")[0]
            found = re.fullmatch(rf"(.*?){re.escape(order_id)}(-.*)?", document.reference)
            met["prefixes"] += [found[1]] if found and order_id else []
        elif document.reference in by_reference:
            met["clashes"].append(by_reference[document.reference].number)
        elif shop and re.fullmatch(rf"{prefix}\d+(-.*)?", document.reference):
            met["shops"].append(document.reference)
        elif not shop:
            met["others"] += _another_s(document, by_name)
    return met


def _another_s(document: NumberedDocument, by_name: Mapping[str, Order]) -> list[str]:
    """Return what to say of a document that bears an order's number and comes to its total."""
    said = (document.customer_reference.strip(), document.purchase_order_reference.strip())
    names = {str(document.imported_order_no), document.reference, *said}
    like = (by_name[name] for name in names & by_name.keys())
    numbers = {order.number for order in like if same_amount(document.total, order.total)}
    its = document.invoice_no or document.order_no or "?"
    return [f"{its} = {number}" for number in sorted(numbers)[:1]]


# -- what a run would say of the orders ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FirstOrder:
    """An order, what becomes of it, and what of its invoice and its payment."""

    order: Order
    becomes: Documents | Hold | Skip
    invoice: object = None
    payment: object = None


def judge_orders(tried: Tried, catalogue: Catalogue) -> tuple[list[FirstOrder], list[Finding]]:
    """Return what becomes of those that are to go, and what there is to say of all of them.

    Where none is, the newest of the shop that are too old tell what is set wrong for their kind.
    """
    if tried.coming:
        looked = _looked_at(tried, catalogue)
        return looked, list(_reasons(looked, catalogue))
    settings = tried.settings.of_any_day()
    older = [order for order in tried.newest if eligible(order, settings)]
    looked = _looked_at(replace(tried, settings=settings, coming=older), catalogue)
    return [], [
        replace(one, level=Level.WARNING) for one in _reasons(looked, catalogue)
        if isinstance(one.reason, Hold) and (one.level is Level.WARNING or "key" in one.facts)
    ]  # fmt: skip


def _looked_at(tried: Tried, catalogue: Catalogue) -> list[FirstOrder]:
    settings = tried.settings
    basis = Basis(settings, catalogue, settings.day_of(tried.now))
    # Of one that was refunded first nothing is sent, unless that is a status that is asked for.
    left_out = {"refunded"} - {*settings.woocommerce.statuses}
    done = {id_ for id_, record in tried.records.items() if record.state in _DONE}
    going = {o.id: o for o in tried.coming if o.id not in done and o.status not in left_out}
    found = []
    for _, order in sorted(going.items()):
        reference = sales_order_reference(settings, order.id)
        try:
            becomes = documents_for(order, basis, reference, tried.ways)
            invoice, payment = paying.invoice_of(order, basis), paying.payment_of(order, basis)
            found.append(FirstOrder(order, becomes, invoice, payment))
        except Exception as error:  # noqa: BLE001 (a run holds it for that, and no other)
            found.append(FirstOrder(order, defect(error)))
    return found


def _reasons(looked: Iterable[FirstOrder], catalogue: Catalogue) -> Iterator[Finding]:
    """Yield each reason to hold, to leave out or to look at once, with the orders it is about."""
    met: dict[object, dict[str, Finding]] = defaultdict(dict)
    moved = []
    for one in looked:
        if isinstance(one.invoice, InvoiceWanted) and one.invoice.moved_from is not None:
            moved.append(one.order.number)
        if isinstance(one.becomes, Documents):
            why = [because(one.invoice)] if isinstance(one.invoice, Hold) else []
            why += [because(Hold(note.code, note.facts), Level.WARNING)
                    for note in one.becomes.notes if note.code not in _OF_ONE_ORDER]  # fmt: skip
        else:
            level = Level.HELD if isinstance(one.becomes, Hold) else Level.TOLD
            why = [because(one.becomes, level)]
        for found in why:
            met[found.level, found.kind].setdefault(one.order.number, found)
    for same in met.values():
        first, *others = same.values()
        differ = any(other.facts != first.facts for other in others)
        yield replace(first, n=len(same), orders=tuple(same), is_example=differ)
    if moved:
        locked = catalogue.lock_date
        yield warning("check_locked_moves", locked=locked, numbers=listed(moved, 5), n=len(moved))


def judge_first(tried: Tried, looked: Sequence[FirstOrder], books: BooksRead) -> Iterator[Finding]:
    """Yield what would become of the first ones; those whose documents are there have one line."""
    records, there = tried.records, books.documents or ()
    collective = next((one.reason for one in _collective(books, tried.settings)), None)
    first = [one for one in looked if one.order.id not in records or records[one.order.id].todo]
    if not first:
        yield told("check_no_first_order")
    references, stand, shown = {document.reference for document in there}, list[str](), 0
    for one in first:
        reasons = [one.becomes, one.invoice, one.payment]
        if isinstance(one.becomes, Documents):
            reasons += [collective] if one.becomes.customer.collective_number else []
            reasons += [] if one.order.id in records else _not_ours(one.becomes, there)
        held = next((reason for reason in reasons if isinstance(reason, Hold)), None)
        ours = isinstance(one.becomes, Documents) and one.becomes.sales_order.reference
        if not held and ours in references:
            stand.append(one.order.number)
        elif shown < FIRST:
            shown += 1
            yield _becomes(one, held, tried)
    if stand:
        yield replace(told("check_order_unchanged"), n=len(stand), orders=tuple(stand))


def _becomes(one: FirstOrder, held: Hold | None, tried: Tried) -> Finding:
    language = tried.settings.language
    currency = "" if one.order.currency in {"", "NOK"} else f" {one.order.currency}"
    total = f"{kroner(one.order.total, language)}{currency}"
    facts = {"number": one.order.number, "total": total}
    if held:
        return Finding("check_order_held", Level.HELD, facts, held)
    if not isinstance(one.becomes, Documents):
        return Finding("check_order_skipped", Level.TOLD, facts, one.becomes)
    exact = exactness(one.becomes.sales_order, tried.ways)
    if not exact.is_sure:
        return fine("check_order_compared", **facts)
    if exact.line:
        return fine("check_order_rounded", **facts, rounding=kroner(exact.line, language))
    return fine("check_order_exact", **facts)


def _not_ours(documents: Documents, there: Iterable[NumberedDocument]) -> Iterator[Hold]:
    """Yield why what stands in PowerOffice with one of an order's references is not the order."""
    ours = documents.sales_order
    for one in there:
        same = (one.reference == ours.reference, one.matching_reference == ours.matching_reference)
        if same == (True, False):
            yield Hold("prefix_of_another_shop", {"reference": ours.reference})
        if same == (False, True):
            facts = {"reference": one.reference, "otherwise": ours.reference}
            yield Hold("under_another_prefix", facts)
