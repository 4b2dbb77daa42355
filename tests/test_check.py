"""`check`: everything that a run needs is tried, and what is amiss is said with what to do."""

import json
import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import filelock
import hosts
import httpx
import pytest
from served import GOES, invoked, served
from stories import *
from stories import PAID
from world import START, World

from woo2po.check import Checked, check, look_at_machine
from woo2po.check.finding import Finding, Group, Level
from woo2po.sandbox.orders import SalesOrder
from woo2po.sandbox.records import Product
from woo2po.sandbox.shop_orders import Goods, recorded_names
from woo2po.stopping import Stop

TOKEN = "/OAuth/Token"
TOLD, LOOK, HELD, WRONG, OUT = (
    Level.TOLD, Level.WARNING, Level.HELD, Level.WRONG, Level.UNREACHABLE)  # fmt: skip
ENDS = {OUT: (3, "transfer nothing"), WRONG: (2, "not even begin"),
        HELD: (1, "hold some orders back"), LOOK: (0, "look at first")}  # fmt: skip
WHOLE: Mapping[str, Mapping[str, Any]] = {"invoices": {"create": True}, "payments": PAID}
ALL_WELL = (configure(**WHOLE), sells(101, Goods("GEN-001", "1299")))
# As PowerOffice's log-in fails from now on.
AWAY = tuple(fails("POST", TOKEN, nth, "connect_error") for nth in (1, 2, 3))
TEST_ORDER = {"meta_data": [{"key": "_wcpay_mode", "value": "test"}]}
FIRMANR = {"meta_data": [{"key": "_firmanr", "value": "923609016"}]}
COLLECTIVE = {"private": "collective", "collective_number": 10_500}
CLOSED = ("payment_gateways", "reports/orders/totals")
DIMENSIONS = {"Departments", "Projects", "Locations"}


def checked(world: World) -> Checked:
    """Return what a check of a world finds; nothing may be written in it."""
    folder, asked, looked = world.state.parent, len(world.go.requests), len(world.shop.requests)
    (folder / "config.toml").touch(0o600)
    before = contents(world), files_in(folder)
    connections = replace(world.connections, stop=Stop(), asked=Counter())
    work = check(world.settings, folder / "config.toml", world._our_now, connections)
    found = world.in_virtual_time(work)
    assert (contents(world), files_in(folder)) == before, "something was written"
    assert {method for method, path, _ in world.go.requests[asked:] if path != TOKEN} <= {"GET"}
    assert {request.method for request in world.shop.requests[looked:]} <= {"GET", "OPTIONS"}
    return found


def contents(world: World) -> list[bytes]:
    """Return the state database, byte for byte; what SQLite only shares is not in it."""
    return [said for path, said in world.files().items() if said and path.suffix != ".db-shm"]


def files_in(folder: Path) -> list[str]:
    """Return the names of what is in a folder, but what SQLite shares."""
    return sorted(f.name for f in folder.iterdir() if f.suffix not in {".db-shm", ".db-wal"})


def findings(found: Checked) -> list[Finding]:
    return [one for listed in found.findings.values() for one in listed]


def amiss(found: Checked) -> dict[str, Level]:
    """Return what is not as it should be, by code; each says what to do about it."""
    bad = [one for one in findings(found) if one.level not in {Level.FINE, TOLD}]
    assert all(one.remedy(language) for one in bad for language in ("en", "nb"))
    return {one.code: one.level for one in bad}


def codes(found: Checked, group: Group) -> list[str]:
    return [one.code for one in found.findings[group]]


def line(found: Checked, code: str) -> Finding:
    """Return the finding of a code; there is one."""
    (one,) = (finding for finding in findings(found) if finding.code == code)
    return one


@step
def finds(world: World, wanted: Mapping[str, Level] | None, *there: str, **lines: Any) -> None:
    """Check: what is amiss (None: no matter); codes that are there too; and of the line of a code
    its facts, `count` and `of` for the orders that it is about, `why` they are held, `level`.
    """
    found = checked(world)
    assert wanted is None or amiss(found) == wanted
    assert {*there} <= {one.code for one in findings(found)}
    for code, due in lines.items():
        one = line(found, code)
        said = {"count": one.n, "of": one.orders, "why": one.reason and one.reason.code}
        assert (said | {"level": one.level} | dict(one.facts)).items() >= due.items()


@pytest.fixture
def whole(world: World) -> World:
    """A shop that sells, a company that is in order, invoices and payments configured."""
    told(ALL_WELL, world)
    return world


# -- all is well, or much is not -------------------------------------------------------------------


def test_where_all_is_well_every_line_says_so_and_little_is_asked(whole):
    """Nothing is amiss, the exit code is 0, and each heading has its lines."""
    company = whole.company
    for n in range(2_000):
        sold_on = {"standard_sales_account_id": company.account(3000).id}
        Product(company, id=7_100_000 + n, code=f"P{n}", name="Vare", **sold_on).put()
    Customer.made(company, {"name": "Kunde"})
    found = checked(whole)
    assert (amiss(found), found.exit_code) == ({}, 0)
    assert "\n\nEverything that a run needs is there.\n→ Next: " in found.text("en")
    assert all(found.findings[group] for group in Group)
    assert len(found.text("en").splitlines()) <= 25
    assert line(found, "check_company_demo").facts["name"] == "Fjellbutikken AS"
    assert line(found, "check_order_exact").facts == {"number": "101", "total": "1\xa0299.00"}
    assert not [asked for asked in whole.asked() if asked.startswith("/Customers")]
    assert found.asked["poweroffice"] == len(whole.go.requests) == 8 + 3
    assert found.asked["shop"] == len(whole.shop.requests) == 6


def test_a_shop_of_many_orders_is_asked_for_a_few_pages(world):
    """The newest ones tell what it sells; the first ones are looked for where they are."""
    world.configure(woocommerce={"orders_from": date(2020, 1, 1)})
    for order_id in range(101, 551):
        world.sells(order_id)
    found = checked(world)
    assert line(found, "check_orders_since").facts["n"] == "450"
    orders = [one.facts["number"] for one in found.findings[Group.ORDERS]]
    assert orders == [str(number) for number in range(101, 111)]
    assert found.asked["shop"] <= 11


def test_the_recorded_orders_are_judged_as_they_are(world):
    """All kinds of order at once: each reason is said once, though others go first."""
    world.loads(*recorded_names())
    world.configure(**WHOLE)
    found = checked(world)
    held = dict.fromkeys(["foreign_vat", "two_rates_at_once", "total_below_lines"], HELD)
    looked_at = dict.fromkeys(["freight_without_vat", "fee_is_no_sale"], LOOK)
    first = {"check_order_held": HELD}
    assert amiss(found) in (held | looked_at, held | looked_at | first)
    assert line(found, "fee_is_no_sale").orders == ("38", "1040")
    assert line(found, "total_below_lines").n == 3
    assert len(found.findings[Group.ORDERS]) == 10
    assert found.exit_code == 1


def test_a_remedy_is_said_once(world):
    """However many orders wait for it, and whichever method each was paid by."""
    world.configure(payments={"register": True})
    for order_id, method in enumerate(("vipps", "klarna", "vipps", "stripe"), 101):
        world.sells(order_id, payment_method=method)
    found = checked(world)
    assert [one.code for one in found.findings[Group.ORDERS]] == ["check_order_held"] * 4
    assert found.text("en").count("Name the clearing account") == 1


def test_an_unreachable_system_leaves_the_other_one_s_lines(whole):
    """Each by itself: what is fine is shown, what cannot be tried is said once."""
    told(AWAY, whole)
    found = checked(whole)
    assert amiss(found) == {"poweroffice_not_reached": OUT}
    assert "check_shop_there" in codes(found, Group.SHOP)
    for group, what in ((Group.PRODUCTS, "products"), (Group.TWICE, "twice"),
                        (Group.ORDERS, "orders")):  # fmt: skip
        assert codes(found, group) == [f"check_{what}_not_tried"]
    assert "\n· Products and accounts\n  note   Not tried, " in found.text("en"), "no tick"
    assert "\n✗ The company in PowerOffice Go: 0 of 1 in order\n  STOP " in found.text("en")
    assert found.exit_code == 3
    whole.shop.before_each = hosts.maintenance
    told((finds({"shop_maintenance": OUT}, "check_company_demo", "check_products_fit"),), whole)


# -- one thing that is amiss -----------------------------------------------------------------------


@step
def program(world: World, name: str, value: Any) -> None:
    """Put something in the place of a part of the program."""
    world.patched.setattr(name, value)


@step
def of_a_key(world: World, **keys: str) -> None:
    """Have other keys at PowerOffice; the rest are the right ones."""
    vars(world.go).update(keys)


@step
def paid_on_a_locked_day(world: World, **keys: str) -> None:
    """Lock the books up to the day on which the order was paid."""
    world.configure(invoices={"create": True, "when": "processing", **keys})
    world.company.lock_date = date.fromisoformat(world.shop.orders[101]["date_paid_gmt"][:10])


@step
def product(world: World, code: str, account: int | None = None, **changes: Any) -> None:
    """Change a product, or put it on another account."""
    number = {"standard_sales_account_id": world.company.account(account).id} if account else {}
    vars(world.company.product(code)).update(number | changes)


@step
def recoded(world: World, old: str, new: str, *numbers: int) -> None:
    """Give the accounts of a VAT code another one; or just these."""
    was, becomes = (world.company.vat_code(code).id for code in (old, new))
    for one in world.company.accounts.values():
        if one.vat_code_id == was and (not numbers or one.account_no in numbers):
            one.vat_code_id = becomes


@step
def other_s(world: World, number: int | None, total: str, **fields: Any) -> None:
    """Put a draft of another program into PowerOffice."""
    customer = next(iter(world.company.customers.values()), None)
    customer = customer or Customer.made(world.company, {"name": "Bedrift AS"})
    row = {"product_id": world.company.product("VARE0").id, "quantity": Decimal(1),
           "product_unit_price": Decimal(total)}  # fmt: skip
    values = {"customer_id": customer.id, "imported_order_no": number, **fields}
    SalesOrder.made(world.company, {**values, "sales_order_lines": [row]})


def readable_by_others(world: World) -> None:
    """Let everybody read the configuration, which holds keys."""
    path = world.state.parent / "config.toml"
    path.touch()
    path.chmod(0o644)


def of_version_99(world: World) -> None:
    """Make the database one of a later version."""
    with closing(sqlite3.connect(world.state)) as connection:
        connection.execute("PRAGMA user_version = 99")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def without_database(world: World) -> None:
    """Overwrite the database."""
    state_lost()(world)
    world.state.write_bytes(b"no database" * 200)


def without_module(world: World) -> None:
    """Give the privilege, and leave out what it belongs to."""
    roles = world.faults.privileges - {"SalesOrders_Full"}
    said = {"goclientid": world.company.client_id, "goclientname": "X", "role": sorted(roles)}
    lacks_it = {"goinvalidprivileges": ["SalesOrders_Full"]}
    world.patched.setattr("woo2po.poweroffice.token._claims", lambda _: {**said, **lacks_it})


ODD = httpx.MockTransport(lambda _: httpx.Response(200, json={"odd": True}))
FREIGHT = {"id": 9, "method_title": "Hjemlevering", "total": "79.00", "total_tax": "0", "taxes": []}
CARD = {"code": "gave-77", "discount": "80.00", "discount_tax": "20.00",
        "meta_data": [{"key": "coupon_info", "value": '[0,"gave-77",null,100]'}]}  # fmt: skip
ON_THE_BANK = {**PAID, "accounts": {**PAID["accounts"], "vipps": 1920}}
FIT = "1904 (payments.bank_account), 1900 (payments.cash_account)"
NOT_SOLD = {"account": "3100", "vat": "5"}  # of exempt sales
ON_NO_ACCOUNT = dict.fromkeys(("standard_sales_account_id", "optional_sales_account_id"))
# fmt: off
ONE_THING = {  # the one line that tells of it, facts of it, and what is done where all is well
    OUT: [
        ("shop_unknown_key", {}, the_shop(consumer_key="ck_of_another_shop")),
        ("shop_wrong_secret", {}, the_shop(consumer_secret="cs_of_another")),
        ("shop_key_no_read", {}, the_shop(permissions="write")),
        ("shop_user_no_rights", {}, the_shop(user_may_view=False)),
        ("shop_coming_soon", {}, the_shop(before_each=hosts.coming_soon)),
        ("shop_firewall", {}, the_shop(before_each=hosts.firewall("Wordfence"))),
        ("shop_not_json", {}, the_shop(subfolder="/butikk")),
        ("shop_wrong_shape", {},
         lambda w: setattr(w, "connections", replace(w.connections, shop=ODD))),
        ("poweroffice_wrong_keys", {}, of_a_key(application_key="other")),
        ("poweroffice_wrong_subscription_key", {}, of_a_key(subscription_key="x")),
        # Nothing goes without it.
        ("check_right_missing", {"role": "Product"}, without("Product_Full")),
        ("check_right_without_module", {"role": "SalesOrders_Full"}, without_module)],
    WRONG: [
        ("status_not_in_shop", {"status": "sendt"},
         configure(woocommerce={"statuses": ["processing", "sendt"]})),
        ("state_newer", {}, settle(), of_version_99),
        ("state_corrupt", {}, settle(), without_database),
        ("state_of_another", {"now": "another"}, settle(), company(client_id="another")),
        ("state_of_another", {"was": "demo", "now": "production"}, settle(),
         configure(poweroffice={"environment": "production"})),
        ("state_cannot_lock", {},
         program("filelock.FileLock.acquire", Mock(side_effect=OSError(37, "No locks"))))],
    HELD: [
        ("unreadable", {"where": "total"}, sells(102, total="1e999")),
        # The lock date holds an invoice, or nothing can be invoiced at all.
        ("period_locked", {}, paid_on_a_locked_day(locked_period="hold")),
        ("locked_ahead", {}, company(lock_date=START.date() + timedelta(1))),
        ("collective_missing", {"number": "10500"}, configure(customers=COLLECTIVE)),
        ("customer_archived", {"number": "10500"}, configure(customers=COLLECTIVE),
         there_is({"name": "Nettkunder", "number": 10_500, "is_archived": True})),
        ("sku_unknown", {}, sells(102, Goods("NY-1", "199")),
         configure(products={"unknown": "hold"})),
        # Sold at home without the VAT that it carries.
        ("domestic_zero", {"code": "GEN-001", "vat": Decimal("259.80")},
         sells(102, Goods("GEN-001", "1299", 0))),
        # What is wrong with an account is what a real payment would meet.
        ("payment_account_inactive", {}, account(1903, is_active=False)),
        ("payment_account_department", {}, account(1903, is_department_required=True)),
        ("payment_account_project", {}, account(1903, is_project_required=True)),
        ("payment_account_missing", {}, account(1903, account_no=1999)),
        ("payment_account_with_vat", {"rate": "25"}, recoded("0", "3", 1903)),
        ("check_no_vat_code_0", {}, lambda w: setattr(w.company.vat_code("0"), "is_active", False)),
        # A defect of ours, which a run holds that one order for.
        ("unexpected", {"error": "ZeroDivisionError"},
         program("woo2po.check.judging.documents_for", Mock(side_effect=ZeroDivisionError)))],
    LOOK: [
        # It works, and the keys end up in the web server's log.
        ("shop_keys_in_query", {}, the_shop(swallow_authorization=True)),
        ("shop_cached", {}, the_shop(cached=True)),
        ("check_org_number_fields", {"field": "_firmanr"}, sells(102, **FIRMANR)),
        ("check_zone_differs", {"shops": "Europe/Oslo"},
         configure(woocommerce={"timezone": "America/New_York"})),
        # Orders go, up to where it is needed.
        ("may_not_post_vouchers", {"role": "BankVoucher_Full"}, without("BankVoucher_Full")),
        ("may_not_post_vouchers", {"role": "CashVoucher_Full"}, without("CashVoucher_Full")),
        ("may_not_read_ledger", {"role": "CustomerLedger"}, without("CustomerLedger_Full")),
        ("may_not_read_transactions", {}, without("AccountTransaction_Full")),
        ("may_not_send", {}, faults(may_send=False)),
        ("check_locked_moves", {"numbers": "101"}, paid_on_a_locked_day()),
        ("product_not_set", {}, configure(products={"rounding": ""})),
        # A named product, whether an order of late needed it or not.
        ("product_missing", {"code": "FRAKT15"}, product("FRAKT15", is_archived=True)),
        ("product_missing", {"code": "RABATT12"},
         lambda w: setattr(w.company.product("RABATT12"), "code", "X")),
        ("product_unfit", {"code": "GEBYR15"}, product("GEBYR15", 3000)),
        ("product_unfit", {"code": "VARE12"}, product("VARE12", **ON_NO_ACCOUNT)),
        ("domestic_zero", {}, sells(102, Goods("GEN-001", "1299", 0)),
         configure(vat={"domestic_zero": "note"})),
        # Freight that does not follow the goods.
        ("freight_without_vat", {"net": Decimal("79.00"), "vat": Decimal("15.80")},
         sells(102, Goods("GEN-001", "1299"), shipping_lines=[FREIGHT], total="1378.00")),
        # A coupon of no shop's own that nothing calls a card: it was taken for one.
        ("card_coupon_inferred", {"amount": Decimal("100.00")},
         sells(102, Goods("GEN-001", "1299"), total="1199.00", coupon_lines=[CARD])),
        # What each order of its kind would be noted for: the shop, or the configuration, is so set.
        ("seems_a_card", {"vat": Decimal("0.00")},
         sells(102, Goods("GAVE-9", "500", 0, name="Gavekort"))),
        # What is no sale.
        ("no_supply_account", {"code": "AVRUND", "key": "products.rounding", **NOT_SOLD},
         product("AVRUND", 3100)),
        ("no_supply_account", {"code": "GAVEKORT", "key": "gift_cards.product", **NOT_SOLD},
         product("GAVEKORT", 3100)),
        ("no_supply_account", {"code": "PANT", "key": "fees.by_name", **NOT_SOLD},
         product("PANT", 3100), configure(fees={"product": "GEBYR", "by_name": {"pant": "PANT"}})),
        # VAT of the full price, though the shop's own coupon reduced it.
        ("check_coupons_without_vat", {"n": "1", "numbers": "102"},
         sells(102, coupon_lines=[{"code": "sommer"}]),
         configure(discounts={"transfer_vat": False, "product": "AVRUND"})),
        # The bank gets what a provider pays out, and that is another sum on another day.
        ("check_method_on_bank", {"method": "vipps", "account": "1920"},
         configure(payments=ON_THE_BANK)),
        ("payout_same_account", {"account": "1903"},
         configure(payouts={"vipps": {"book": True, "bank_account": 1903}})),
        ("payout_clears_elsewhere", {"account": "1904", "accounts": "1903"},
         configure(payouts={"vipps": {"book": True, "bank_account": 1920,
                                      "clearing_account": 1904}})),
        # An invoice that is to be paid and goes to nobody; that of what is paid may.
        ("check_delivery_nobody", {"method": "bacs", "n": "1"}, sells(102, payment_method="bacs"),
         configure(invoices={"create": True, "delivery": "none", "delivery_unpaid": "none"})),
        # Two series of invoices for one sale; another prefix than before; a person's own invoice.
        ("check_shop_numbers_invoices", {},
         sells(102, meta_data=[{"key": "_wcpdf_invoice_number", "value": "1"}])),
        ("check_other_prefix", {"other": "shop_"}, settle(),
         configure(orders={"number_prefix": "ny-"})),
        ("check_others_book", {"n": "1"}, other_s(None, "1299", customer_reference="101"),
         lambda w: w.company.invoice_by_hand(next(iter(w.company.sales_orders)))),
        ("config_readable", {}, readable_by_others)],
}
# fmt: on


@pytest.mark.parametrize(
    ("level", "row"), [(level, row) for level, rows in ONE_THING.items() for row in rows]
)
def test_one_thing_that_is_amiss_is_one_line(whole, monkeypatch, level, row):
    """In the words that a run would use, where a run says it; nothing else is told."""
    code, facts, *spoiled = row
    whole.__dict__["patched"] = monkeypatch
    told(tuple(spoiled), whole)
    found = checked(whole)
    held_for_it = {"check_order_held"} if level is HELD else set()
    assert {c: one for c, one in amiss(found).items() if c not in held_for_it} == {code: level}
    assert line(found, code).facts.items() >= facts.items()
    end = found.text("en").rpartition("\n\n")[2].replace("\n", " ")
    assert (found.exit_code, ENDS[level][1] in end) == (ENDS[level][0], True)
    assert "→ Next: " in end


# -- as the orders, the company and the configuration are ------------------------------------------


def unfit(world: World) -> list[tuple[Any, ...]]:
    """Return code and rate of products that hold orders, and how many."""
    held = (one for one in findings(checked(world)) if one.code == "product_unfit" and one.n)
    return [(one.facts["code"], one.facts["rate"], one.n) for one in held]


BOTH_PRODUCTS = {"product": "OSS", "vat_product": "OSS-MVA-SE"}
ANOTHER_SHOP_S = {"custom_matching_reference": "woo-0123456789-101"}
EARLY, LATE = ({"orders_from": date(year, 1, 1)} for year in (2026, 2027))
HELD_FOR_IT = {"check_order_held": HELD}
# fmt: off
STORIES: dict[str, Story] = {
    "what was wrong is no more once it is mended": (
        *ALL_WELL, sells(102, **FIRMANR),
        configure(customers=COLLECTIVE | {"org_number_fields": ["_firmanr"]},
                  woocommerce={"timezone": "Europe/Berlin"}),
        there_is({"name": "Nettkunder", "number": 10_500}), company(lock_date=None),
        finds({}, "check_nothing_locked", "check_zone_same")),
    # The shop.
    "no order yet is no fault": (finds({}, "check_no_orders_since", "check_no_first_order"),),
    "orders before the first day tell what the shop sells, and nothing is held yet": (
        sells(101, Goods("LANG-1", "199")), sells(102, **TEST_ORDER),
        configure(products={"fallback_by_rate": {}}, woocommerce=LATE),
        finds({"no_product_for_rate": LOOK}, "check_no_first_order",
              no_product_for_rate={"of": ("101",)}),
        configure(woocommerce=EARLY), finds({"no_product_for_rate": HELD, **HELD_FOR_IT})),
    "without the collective customer a company's order goes: it has one of its own": (
        sells(101), sells(102, billing={"company": "Fjell AS"}, email="fjell@example.no"),
        configure(customers=COLLECTIVE),
        finds({"collective_missing": HELD, **HELD_FOR_IT}, check_order_held={"number": "101"},
              check_order_exact={"number": "102"})),
    # The completed ones are past the status that is named, and go too.
    "as many orders are counted as a run transfers": (
        sells(101), sells(102, status="completed", email="to@example.no"),
        sells(103, status="pending", email="tre@example.no"),
        finds({}, check_orders_since={"n": "2"}), run(), then(counts={"made": 2})),
    "what was paid in a status that is not named is told": (
        *ALL_WELL, sells(102, status="on-hold"),
        sells(103, status="cancelled"), sells(104, status="on-hold", date_paid_gmt=None),
        finds({}, check_statuses_aside={"statuses": "on-hold (1)", "level": TOLD})),
    # Counts of statuses come from the orders then, and methods from their use.
    "what the key's user may not see is left out": (
        *ALL_WELL, the_shop(closed_routes={"/", *map("/wc/v3/{}".format, CLOSED)}),
        finds({}, check_statuses={"statuses": "processing (1)"})),
    "what is special is counted": (
        sells(101, **TEST_ORDER), sells(102, created_via="yith_wcmv_vendor_suborder"),
        sells(103, meta_data=[{"key": "_wc_deposits_order_has_deposit", "value": "yes"}]),
        sells(104, parent_id=90), sells(105, payment_method="cod"),
        sells(106, created_via="woocommerce-pos"), configure(payments={"in_the_till": ["cod"]}),
        finds({"deposit": HELD, "child_order": HELD, **HELD_FOR_IT},
              test_order={"of": ("101",)}, vendor_suborder={"of": ("102",)},
              deposit={"of": ("103",)}, child_order={"of": ("104",)},
              paid_in_the_till={"of": ("105",)}, made_in_the_till={"of": ("106",)})),
    # PowerOffice.
    "reading products is enough where none is made": (
        *ALL_WELL, without("Product_Full"), given("Product"), finds({}),
        configure(products={"unknown": "create"}),
        finds({"check_right_missing": OUT}, check_right_missing={"role": "Product_Full"})),
    "drafts alone need neither sending nor vouchers": (
        sells(101), *map(without, ("BankVoucher_Full", "CashVoucher_Full", "CustomerLedger_Full")),
        faults(may_send=False), finds({})),
    "dimension codes are looked up, as far as the integration may": (
        *ALL_WELL, configure(dimensions={"department": "NETT", "location": "LAGER"}),
        finds({"check_dimension_missing": HELD}, check_dimension={"code": "NETT"}),
        without("Location_Full"),
        finds({"check_right_dimension": LOOK},
              check_dimension_unknown={"key": "dimensions.location"})),
    # Products and accounts.
    "a rate that no account has, by the product that should carry it, or by the key to name it": (
        sells(101, Goods("KAF-250", "100", rate=15), Goods("NY-1", "1299")), recoded("3", "5"),
        finds(None, check_order_held={"why": "product_unfit"}),
        that(unfit, [("VARE25", "25", 1)]),
        configure(products={"fallback_by_rate": {}}),
        finds(None, no_product_for_rate={"rate": "25", "of": ("101",), "level": HELD})),
    # As an example where their sentences differ.
    "a reason that several orders have is said once, and another key apart": (
        configure(products={"unknown": "hold"}, shipping={"product": ""}),
        *(sells(order_id, Goods(f"NY-{order_id}", "199")) for order_id in (101, 102)),
        loads("coupon-fixed-cart-mixed-vat"),
        finds({"sku_unknown": HELD, "product_not_set": HELD, **HELD_FOR_IT},
              sku_unknown={"count": 2, "of": ("101", "102")},
              product_not_set={"key": "shipping.product"})),
    # By id; what stands nowhere holds its orders, one that the invoice pays needs none.
    "every payment method has its account": (
        *ALL_WELL, sells(102, payment_method="nets_easy_card", payment_method_title="Kort"),
        sells(103, payment_method="bacs", payment_method_title="Faktura"),
        sells(104, payment_method="svea", payment_method_title="Svea"),
        finds({"payment_account_not_set": HELD, **HELD_FOR_IT},
              payment_account_not_set={"method": "nets_easy_card, svea", "count": 2},
              check_method_unpaid={"method": "bacs"})),
    "an account that nothing was paid to yet is judged too, whichever key names it": (
        *ALL_WELL, account(1903, is_active=False),
        configure(payments={"accounts": {"vipps": 1920, "svea": 1903}, "bank_account": 1904}),
        finds({"check_method_on_bank": LOOK, "payment_account_inactive": LOOK},
              payment_account_inactive={"key": "payments.accounts.svea"},
              check_accounts_fit={"accounts": FIT})),
    "another country's VAT is one line however many things bear it": (
        loads("sweden-oss"), finds({"foreign_vat": HELD, **HELD_FOR_IT}),
        configure(vat={"foreign": {"SE25": "VARE0"}}),
        finds({"foreign_product_unfit": HELD, **HELD_FOR_IT}),
        configure(vat={"foreign": {"SE25": BOTH_PRODUCTS, "Sverige": BOTH_PRODUCTS}}),
        finds({}, check_rate_unreadable={"key": "vat.foreign.Sverige"})),
    # What could book an order twice.
    "another program's documents of our orders, by number and total: either alone says nothing": (
        *ALL_WELL, other_s(101, "500"), other_s(999, "1299"),
        other_s(None, "349", customer_reference="#102"), finds({}),
        other_s(101, "1299", external_import_reference="annet-101"),
        finds({"check_others_book": LOOK}, check_others_book={"n": "1", "documents": "4 = 101"})),
    "another shop with our prefix is noticed before numbers clash": (
        *ALL_WELL, other_s(7, "10", external_import_reference="shop_7",
                           custom_matching_reference="woo-0123456789-7"),
        finds({"check_prefix_shared": LOOK}),
        other_s(1, "9", external_import_reference="shop_101", **ANOTHER_SHOP_S),
        finds({"check_prefix_clashes": HELD, **HELD_FOR_IT},
              check_prefix_clashes={"numbers": "101"},
              check_order_held={"why": "prefix_of_another_shop"})),
    # The hold's own sentence, as a run would say it; not of an order that the job knows.
    "an order that stands under another prefix is not said to go": (
        *ALL_WELL, configure(invoices={"create": False}, orders={"number_prefix": "ny_"}), run(),
        configure(orders={"number_prefix": "shop_"}), in_the_shop("edit", 101, total="1.00"),
        *AWAY, run(),  # the order's turn comes again
        ALL_WELL[1], finds({"check_other_prefix": LOOK}, check_order_exact={"number": "101"}),
        state_lost(), finds({"check_other_prefix": LOOK, **HELD_FOR_IT},
                              check_order_held={"why": "under_another_prefix"}),
        run(), then("under_another_prefix", counts={"held": 1})),
    # The first orders.
    "exact, with a rounding line, held and why, left out; not what was refunded first": (
        loads("b2c-vipps-simple", "sweden-oss", "zero-decimals-food", "full-refund"),
        sells(5, **TEST_ORDER),
        finds({"foreign_vat": HELD, **HELD_FOR_IT}, "check_order_exact", "check_order_rounded",
              "check_order_skipped", check_order_held={"why": "foreign_vat"})),
    # Neither drafts nor invoices of the job are another program's, its credit notes included.
    "orders that went are not first any more, and what is new is there": (
        *ALL_WELL, settle(), finds({}, "check_no_first_order", check_nobody_else={"n": "1"},
                                   check_state_there={"n": "1"}),
        sells(102), finds({}, check_order_exact={"number": "102"})),
    "of a database that was lost the documents tell, in one line": (
        *ALL_WELL, *map(sells, range(102, 113)), settle(), state_lost(), sells(113),
        finds({}, check_order_exact={"number": "113"},
              check_order_unchanged={"count": 12, "of": tuple(map(str, range(101, 113)))})),
    # The stand-in refuses what is in no description, or not in that of the year.
    **{f"what is asked is in the interface description of {spec}": (
        *ALL_WELL, faults(spec=spec), configure(
            customers=COLLECTIVE,
            dimensions={"department": "NETT", "project": "P1", "location": "X"}),
        finds({"collective_missing": HELD, "check_dimension_missing": HELD, **HELD_FOR_IT}),
        that(lambda w: DIMENSIONS - {path[1:] for _, path, _ in w.go.requests}, set()))
       for spec in ("2025", "2026")},
}
# fmt: on


@pytest.mark.parametrize("name", STORIES)
def test_a_shop_and_a_company_are_judged_as_they_are(world, name):
    told(STORIES[name], world)


def test_an_empty_company_lacks_everything_and_is_told_so(whole):
    """No products, no accounts: each thing that the orders need has its line."""
    company = whole.company
    company.products, company.product_groups, company.accounts = {}, {}, {}
    foreign = {"SE25": {"product": "OSS", "vat_product": "OSS-MVA-SE"}}
    whole.configure(vat={"foreign": foreign})
    found = checked(whole)
    assert amiss(found)["check_no_products"] is HELD
    keys = {one.facts["key"]: one.level for one in findings(found) if "key" in one.facts}
    assert keys["payments.accounts.vipps"] is HELD, "an order was paid by it"
    assert keys["payments.accounts.klarna_payments"] is LOOK, "customers can choose it"
    lacking = line(found, "check_no_products").facts["products"]
    assert {"FRAKT15", "OSS + OSS-MVA-SE"} <= {*lacking.split(", ")}
    assert found.exit_code == 1


# -- this machine ----------------------------------------------------------------------------------


def test_a_folder_that_is_not_there_is_a_wrong_configuration_and_a_run_at_work_is_told(whole):
    """The first run could not make its database; what is seen may be in the middle of changing."""
    whole.settle()
    with filelock.FileLock(f"{whole.state.resolve()}.lock"):
        assert line(checked(whole), "check_run_under_way").level is TOLD
    assert "check_run_under_way" not in codes(checked(whole), Group.CONFIGURATION)
    shutil.rmtree(whole.state.parent, ignore_errors=True)
    said = [one.code for one in look_at_machine(whole.settings, Path("config.toml"))]
    assert said == ["check_config_read", "state_cannot_open"]


# -- what is shown ---------------------------------------------------------------------------------


MERKT_FREIGHT = [{"id": 9, "method_title": "Hentes hos Merktsen", "total": "0.00", "taxes": []}]


def test_nobody_is_named(world):
    """No name, address or e-mail of a customer, and no word of another's document."""
    world.configure(**WHOLE)
    world.sells(101, payment_method_title="Kort, Merkt Merktsen", shipping_lines=MERKT_FREIGHT,
                billing={"first_name": "Merkt", "last_name": "Merktsen", "company": "Merkt AS",
                              "address_1": "Merktveien 1"}, email="merkt@eksempel.no")  # fmt: skip
    other_s(101, "1299", customer_reference="Ring Merkt Merktsen")(world)
    found = checked(world)
    said = found.text("en", whole=True) + found.text("nb", whole=True)
    assert "merkt" not in said.lower()


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """A shop with an order that goes and one that is held, and a company."""
    with served(tmp_path_factory.mktemp("check"), [GOES, "sweden-oss"]) as both:
        yield both


def test_the_command_says_all_and_ends_with_the_worst_line(both):
    """Heading by heading, the conclusion, how often it asked; what is well is one line, and -v
    opens it, behind the command or before it.
    """
    result, long = both.woo2po("check"), both.woo2po("check", "-v").output
    assert result.exit_code == 1
    said = " ".join(result.output.split())
    held = "held The order has VAT of SE at 25 %, and no product is named for it. Orders: 1 (42)."
    assert f"{held} → Book it by hand" in said, "the hold's own sentence and remedy"
    assert re.search(r"\n✓ The shop: \d of \d in order\n", result.output)
    assert "\n! Products and accounts: " in result.output
    assert "\n! The first orders that would be transferred: 1 of 2 in order" in result.output
    assert "shop 6, PowerOffice 9" in result.output
    assert result.output.rpartition("\n\n")[2].startswith("A run would work, and hold some")
    assert "\n→ Next: " in result.output
    assert long.count("  ok     ") > result.output.count("  ok     ") + 10
    assert both.woo2po("-v", "check").output.count("\n") == long.count("\n")
    signs = re.findall(r"(?m)^  (?!    )(\S+)", long.partition("\nA run would")[0])
    assert {*signs} <= {"ok", "note", "look", "held", "WRONG", "STOP"}, "they need no colour"


def test_json_has_the_shape_that_the_readme_tells(both):
    """One object; a key is added, never renamed."""
    result = both.woo2po("check", "--json")
    said = json.loads(result.output)
    assert list(said) == ["exit_code", "conclusion", "next_step", "asked", "findings"]
    assert said["exit_code"] == result.exit_code == 1
    assert said["asked"].keys() == {"shop", "poweroffice"}
    for one in said["findings"]:
        assert list(one) == ["group", "level", "code", "text", "remedy", "facts", "reason"]
        assert one["group"] in set(Group)
        assert one["level"] in set(Level)
        assert one["text"]
    assert "foreign_vat" in {one["reason"] for one in said["findings"]}


@pytest.mark.parametrize(
    ("text", "code", "named"),
    [(None, "no_config", "woo2po init"), ("[orders]\nnumber = 1", "check_wrong_key", "orders.num")],
)
def test_of_a_configuration_that_cannot_be_used_nothing_else_is_told(tmp_path, text, code, named):
    path = tmp_path / "config.toml"
    if text:
        path.write_text(text, "utf-8")
    done = invoked("check", "--config", str(path))
    assert (done.exit_code, done.stderr) == (2, "")
    for said in ("WRONG", named, "A run would not even begin"):
        assert said in done.stdout
    said = json.loads(invoked("check", "--json", "--config", str(path)).output)
    assert {one["code"] for one in said["findings"]} == {code}
