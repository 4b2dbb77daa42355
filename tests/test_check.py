"""`check`: everything that a run needs is tried, and what is amiss is said with what to do."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import filelock
import httpx
import pytest
from checking import WHOLE, amiss, checked, codes, findings, line, seen
from world import World

from woo2po.check import machine
from woo2po.check.finding import Group, Level
from woo2po.sandbox.orders import SalesOrder
from woo2po.sandbox.records import Product
from woo2po.sandbox.shop_orders import Goods, recorded_names


@pytest.fixture
def whole(world: World) -> World:
    """A shop that sells, a company that is in order, invoices and payments configured."""
    world.configure(**WHOLE)
    world.sells(101, Goods("GEN-001", "1299"))
    return world


# -- all is well -----------------------------------------------------------------------------------


def test_where_all_is_well_every_line_says_so(whole):
    """Nothing is amiss, the exit code is 0, and each heading has its lines."""
    found = checked(whole)
    assert amiss(found) == {}
    assert found.exit_code == 0
    assert "\n\nEverything that a run needs is there.\n→ Next: " in found.text("en")
    assert all(found.findings[group] for group in Group)
    assert line(found, "check_company_demo").facts["name"] == "Fjellbutikken AS"
    assert line(found, "check_order_exact").facts == {"number": "101", "total": "1\xa0299.00"}


def test_a_check_asks_little(whole):
    """As many requests as it says, few of them, whatever the company's size."""
    company = whole.company
    for n in range(10_000):
        sold_on = {"standard_sales_account_id": company.account(3000).id}
        Product(company, id=7_100_000 + n, code=f"P{n}", name="Vare", **sold_on).put()
    for n in range(300):
        company.add_customer({"name": f"Kunde {n}"})
    found = checked(whole)
    assert not [asked for asked in whole.asked() if asked.startswith("/Customers")]
    assert found.asked["poweroffice"] == len(whole.go.requests) == 8 + 11
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


LOOKED_AT = {"freight_without_vat": Level.WARNING}


def test_the_recorded_orders_are_judged_as_they_are(world):
    """All kinds of order at once: each reason is said once, though others go first."""
    world.loads(*recorded_names())
    world.configure(**WHOLE)
    found = checked(world)
    held = dict.fromkeys(["foreign_vat", "two_rates_at_once", "total_below_lines"], Level.HELD)
    first = {"check_order_held": Level.HELD}
    assert amiss(found) in (held | LOOKED_AT, held | LOOKED_AT | first)
    assert line(found, "total_below_lines").n == 3
    assert len(found.findings[Group.ORDERS]) == 10
    assert found.exit_code == 1


# -- the way to the systems ------------------------------------------------------------------------


def test_an_unreachable_system_leaves_the_other_one_s_lines(whole):
    """Each by itself: what is fine is shown, what cannot be tried is said once."""
    for nth in (1, 2, 3):
        whole.faults.at("POST", "/OAuth/Token", nth, "connect_error")
    found = checked(whole)
    assert amiss(found) == {"poweroffice_not_reached": Level.UNREACHABLE}
    assert "check_shop_there" in codes(found, Group.SHOP)
    assert codes(found, Group.PRODUCTS) == ["check_products_not_tried"]
    assert codes(found, Group.TWICE) == ["check_twice_not_tried"]
    assert codes(found, Group.ORDERS) == ["check_orders_not_tried"]
    assert "\n· Products and accounts\n  note   Not tried, " in found.text("en"), "no tick"
    assert "\n✗ The company in PowerOffice Go: 0 of 1 in order\n  STOP " in found.text("en")
    assert found.exit_code == 3
    whole.shop.misbehaviour.maintenance = True
    found = checked(whole)
    assert amiss(found) == {"shop_maintenance": Level.UNREACHABLE}
    assert "check_company_demo" in codes(found, Group.POWEROFFICE)
    assert "check_products_fit" in codes(found, Group.PRODUCTS), "without an order"


# -- one thing that is amiss -----------------------------------------------------------------------


KEY = "subscription-sandbox"


def lacks(role):
    """Return what takes a privilege from the integration."""
    return lambda w: w.faults.privileges.discard(role)


def readable_by_others(w):
    """Let everybody read the configuration, which holds keys."""
    path = w.state.parent / "config.toml"
    path.touch()
    path.chmod(0o644)


class Odd(httpx.AsyncBaseTransport):
    """A system whose answers have another shape."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"odd": True}, request=request)


def paid_on_a_locked_day(w, **keys):
    """Lock the books up to the day on which the order was paid."""
    w.configure(invoices={"create": True, "when": "processing", **keys})
    w.company.lock_date = date.fromisoformat(w.shop.orders[101]["date_paid_gmt"][:10])


def collective(w, **customer):
    """Book private persons on one customer, who stands there so, or not at all."""
    w.configure(customers={"private": "collective", "collective_number": 10_500})
    if customer:
        w.company.add_customer({"name": "Nettkunder", "number": 10_500, **customer})


def account(w, **fields):
    """Change the account that payments by vipps go to."""
    for name, value in fields.items():
        setattr(w.company.account(1903), name, value)


def stands_on_3100(w, code, sections):
    """Put a product on the account of exempt sales."""
    w.company.product(code).standard_sales_account_id = w.company.account(3100).id
    w.configure(**sections)


def after_a_run(change):
    """Return what spoils a world in which the job has run."""
    return lambda w: (w.settle(), change(w))


def of_version_99(w):
    """Make the database one of a later version."""
    with closing(sqlite3.connect(w.state)) as connection:
        connection.execute("PRAGMA user_version = 99")


def damaged(w):
    """Overwrite the database."""
    for side in w._sides():
        side.unlink(missing_ok=True)
    w.state.write_bytes(b"no database" * 200)


def without_module(w):
    """Give the privilege, and leave out what it belongs to."""
    roles = w.faults.privileges - {"SalesOrders_Full"}
    said = {"goclientid": w.company.client_id, "goclientname": "X", "role": sorted(roles)}
    lacks_it = {"goinvalidprivileges": ["SalesOrders_Full"]}
    w.patched.setattr("woo2po.poweroffice.token._claims", lambda _: {**said, **lacks_it})


FREIGHT = {"id": 9, "method_title": "Hjemlevering", "total": "79.00", "total_tax": "0", "taxes": []}
OUT, WRONG, HELD, LOOK = Level.UNREACHABLE, Level.WRONG, Level.HELD, Level.WARNING
ENDS = {OUT: (3, "transfer nothing"), WRONG: (2, "not even begin"),
        HELD: (1, "hold some orders back"), LOOK: (0, "look at first")}  # fmt: skip
ONE_THING = [  # what is done where all is well; the one line that tells of it, and facts of it
    (lambda w: setattr(w.shop, "consumer_key", "ck_of_another_shop"), "shop_unknown_key", OUT, {}),
    (lambda w: setattr(w.shop, "consumer_secret", "cs_of_another"), "shop_wrong_secret", OUT, {}),
    (lambda w: setattr(w.shop, "permissions", "write"), "shop_key_no_read", OUT, {}),
    (lambda w: setattr(w.shop, "user_may_view", False), "shop_user_no_rights", OUT, {}),
    (lambda w: setattr(w.shop.misbehaviour, "html_200", True), "shop_coming_soon", OUT, {}),
    (lambda w: setattr(w.shop.misbehaviour, "firewall_html", "wordfence"),
     "shop_firewall", OUT, {}),
    (lambda w: setattr(w.shop, "subfolder", "/butikk"), "shop_not_json", OUT, {}),
    (lambda w: setattr(w, "connections", replace(w.connections, shop=Odd())),
     "shop_wrong_shape", OUT, {}),
    (lambda w: setattr(w.go, "_keys", ("other", "keys", KEY)), "poweroffice_wrong_keys", OUT, {}),
    (lambda w: setattr(w.go, "_keys", (*w.go._keys[:2], "x")),
     "poweroffice_wrong_subscription_key", OUT, {}),
    # It works, and the keys end up in the web server's log.
    (lambda w: setattr(w.shop.misbehaviour, "swallow_authorization", True),
     "shop_keys_in_query", LOOK, {}),
    (lambda w: setattr(w.shop.misbehaviour, "cached", True), "shop_cached", LOOK, {}),
    (lambda w: w.configure(woocommerce={"statuses": ["processing", "sendt"]}),
     "status_not_in_shop", WRONG, {"status": "sendt"}),
    (lambda w: w.sells(102, total="1e999"), "unreadable", HELD, {"where": "total"}),
    (lambda w: w.sells(102, meta_data=[{"key": "_firmanr", "value": "923609016"}]),
     "check_org_number_fields", LOOK, {"field": "_firmanr"}),
    (lambda w: w.configure(woocommerce={"timezone": "America/New_York"}),
     "check_zone_differs", LOOK, {"shops": "Europe/Oslo"}),
    # Nothing goes without it; orders go, up to where it is needed.
    (lacks("Product_Full"), "check_right_missing", OUT, {"role": "Product"}),
    (without_module, "check_right_without_module", OUT, {"role": "SalesOrders_Full"}),
    (lacks("BankVoucher_Full"), "may_not_post_vouchers", LOOK, {"role": "BankVoucher_Full"}),
    (lacks("CashVoucher_Full"), "may_not_post_vouchers", LOOK, {"role": "CashVoucher_Full"}),
    (lacks("CustomerLedger_Full"), "may_not_read_ledger", LOOK, {"role": "CustomerLedger"}),
    (lacks("AccountTransaction_Full"), "may_not_read_transactions", LOOK, {}),
    (lambda w: setattr(w.faults, "may_send", False), "may_not_send", LOOK, {}),
    # The lock date moves an invoice, holds it, or nothing can be invoiced at all.
    (paid_on_a_locked_day, "check_locked_moves", LOOK, {"numbers": "101"}),
    (lambda w: paid_on_a_locked_day(w, locked_period="hold"), "period_locked", HELD, {}),
    (lambda w: setattr(w.company, "lock_date", w.now().date() + timedelta(days=1)),
     "locked_ahead", HELD, {}),
    (collective, "collective_missing", HELD, {"number": "10500"}),
    (lambda w: collective(w, is_archived=True), "customer_archived", HELD, {"number": "10500"}),
    (lambda w: w.configure(products={"rounding": ""}), "product_not_set", LOOK, {}),
    (lambda w: (w.sells(102, Goods("NY-1", "199")), w.configure(products={"unknown": "hold"})),
     "sku_unknown", HELD, {}),
    # Sold at home without the VAT that it carries; freight that does not follow the goods.
    (lambda w: w.sells(102, Goods("GEN-001", "1299", 0)), "domestic_zero", HELD,
     {"code": "GEN-001", "vat": Decimal("259.80")}),
    (lambda w: (w.sells(102, Goods("GEN-001", "1299", 0)), w.configure(
        vat={"domestic_zero": "note"})), "domestic_zero", LOOK, {}),
    (lambda w: w.sells(102, Goods("GEN-001", "1299"), shipping_lines=[FREIGHT], total="1378.00"),
     "freight_without_vat", LOOK, {"net": Decimal("79.00"), "vat": Decimal("15.80")}),
    # A coupon of no shop's own that nothing calls a card: it was taken for one.
    (lambda w: w.sells(102, Goods("GEN-001", "1299"), total="1199.00", coupon_lines=[
        {"code": "deal", "discount": "80.00", "discount_tax": "20.00", "meta_data": [
            {"key": "coupon_info", "value": '[0,"deal",null,100]'}]}]),
     "card_coupon_inferred", LOOK, {"amount": Decimal("100.00")}),
    # What is no sale, on an account of exempt sales (VAT code 5).
    *[(partial(stands_on_3100, code=code, sections=sections), "no_supply_account", LOOK,
       {"code": code, "key": key, "account": "3100", "vat": "5"}) for code, key, sections in (
        ("AVRUND", "products.rounding", {}), ("GAVEKORT", "gift_cards.product", {}),
        ("PANT", "fees.by_name", {"fees": {"product": "GEBYR", "by_name": {"pant": "PANT"}}}))],
    # VAT of the full price, though the shop's own coupon reduced it.
    (lambda w: (w.sells(102, coupon_lines=[{"code": "sommer"}]), w.configure(discounts={
        "transfer_vat": False, "product": "AVRUND"})), "check_coupons_without_vat", LOOK,
     {"n": "1", "numbers": "102"}),
    # The bank gets what a provider pays out, and that is another sum on another day.
    (lambda w: w.configure(payments={**WHOLE["payments"], "accounts": {
        **WHOLE["payments"]["accounts"], "vipps": 1920}}),
     "check_method_on_bank", LOOK, {"method": "vipps", "account": "1920"}),
    (lambda w: w.configure(payouts={"vipps": {"book": True, "bank_account": 1903}}),
     "payout_same_account", LOOK, {"account": "1903"}),
    # An invoice that is to be paid and goes to nobody; that of what is paid may.
    (lambda w: (w.sells(102, payment_method="bacs"), w.configure(
        invoices={"create": True, "delivery": "none", "delivery_unpaid": "none"})),
     "check_delivery_nobody", LOOK, {"method": "bacs", "n": "1"}),
    # What is wrong with an account is what a real payment would meet.
    (lambda w: account(w, is_active=False), "payment_account_inactive", HELD, {}),
    (lambda w: account(w, is_department_required=True), "payment_account_department", HELD, {}),
    (lambda w: account(w, is_project_required=True), "payment_account_project", HELD, {}),
    (lambda w: account(w, account_no=1999), "payment_account_missing", HELD, {}),
    (lambda w: account(w, vat_code_id=w.company.vat_code("3").id),
     "payment_account_with_vat", HELD, {"rate": "25"}),
    (lambda w: setattr(w.company.vat_code("0"), "is_active", False),
     "check_no_vat_code_0", HELD, {}),
    # Two series of invoices for one sale; another prefix than before; a person's own invoice.
    (lambda w: w.sells(102, meta_data=[{"key": "_wcpdf_invoice_number", "value": "1"}]),
     "check_shop_numbers_invoices", LOOK, {}),
    (after_a_run(lambda w: w.configure(orders={"number_prefix": "ny-"})),
     "check_other_prefix", LOOK, {"other": "shop_"}),
    (lambda w: w.company.invoice_by_hand(put_order(w, None, "1299", customer_reference="101").id),
     "check_others_book", LOOK, {"n": "1"}),
    (readable_by_others, "config_readable", LOOK, {}),
    (after_a_run(of_version_99), "state_newer", WRONG, {}),
    (after_a_run(damaged), "state_corrupt", WRONG, {}),
    (after_a_run(lambda w: setattr(w.company, "client_id", "another")),
     "state_of_another", WRONG, {"now": "another"}),
    (after_a_run(lambda w: w.configure(poweroffice={"environment": "production"})),
     "state_of_another", WRONG, {"was": "demo", "now": "production"}),
    (lambda w: w.patched.setattr("filelock.FileLock.acquire", cannot_lock),
     "state_cannot_lock", WRONG, {}),
    # A defect of ours, which a run holds that one order for.
    (lambda w: w.patched.setattr("woo2po.check.shop.documents_for", fails), "unexpected", HELD,
     {"error": "ZeroDivisionError"}),
]  # fmt: skip


def fails(*_):
    raise ZeroDivisionError


def cannot_lock(*_, **__):
    raise OSError(37, "No locks available")


@pytest.mark.parametrize(("spoil", "code", "level", "facts"), ONE_THING)
def test_one_thing_that_is_amiss_is_one_line(whole, monkeypatch, spoil, code, level, facts):
    """In the words that a run would use, where a run says it; nothing else is told."""
    whole.__dict__["patched"] = monkeypatch
    spoil(whole)
    found = checked(whole)
    held_for_it = {"check_order_held"} if level is HELD else set()
    assert {c: one for c, one in amiss(found).items() if c not in held_for_it} == {code: level}
    assert line(found, code).facts.items() >= facts.items()
    end = found.text("en").rpartition("\n\n")[2].replace("\n", " ")
    assert (found.exit_code, ENDS[level][1] in end) == (ENDS[level][0], True)
    assert "→ Next: " in end


def test_what_is_wrong_is_no_more_once_it_is_mended(whole):
    """A field is named, a zone shows the same time, a customer stands there, no day is locked."""
    whole.sells(102, meta_data=[{"key": "_firmanr", "value": "923609016"}])
    collective(whole, is_archived=False)
    whole.configure(
        customers={
            "private": "collective", "collective_number": 10_500, "org_number_fields": ["_firmanr"],
        },
        woocommerce={"timezone": "Europe/Berlin"},
    )  # fmt: skip
    whole.company.lock_date = None
    found = checked(whole)
    assert amiss(found) == {}
    assert "check_nothing_locked" in codes(found, Group.POWEROFFICE)
    assert "check_zone_same" in codes(found, Group.CONFIGURATION)


# -- the shop --------------------------------------------------------------------------------------


def test_no_order_yet_is_told_and_no_fault(world):
    """A shop may be checked before it has sold anything."""
    found = checked(world)
    told = codes(found, Group.SHOP)
    assert {"check_no_orders_since"} <= set(told)
    assert " fra 01.09.2026 " in line(found, "check_no_orders_since").text("nb")
    assert codes(found, Group.ORDERS) == ["check_no_first_order"]
    assert found.exit_code == 0


def test_orders_before_the_first_day_tell_what_the_shop_sells(world):
    """What their kind would be held for is told, as a warning, until one is to go."""
    world.sells(101, Goods("LANG-1", "199"))
    world.sells(102, meta_data=[{"key": "_wcpay_mode", "value": "test"}])
    world.configure(
        products={"fallback_by_rate": {}}, woocommerce={"orders_from": date(2027, 1, 1)}
    )
    found = checked(world)
    assert amiss(found) == {"no_product_for_rate": Level.WARNING}
    assert line(found, "no_product_for_rate").orders == ("101",)
    assert codes(found, Group.ORDERS) == ["check_no_first_order"]
    world.configure(woocommerce={"orders_from": date(2026, 1, 1)})
    assert amiss(checked(world))["no_product_for_rate"] is Level.HELD


def test_without_the_collective_customer_no_person_s_order_is_said_to_go(world):
    """A company has a customer of its own."""
    world.sells(101)
    world.sells(102, billing={"company": "Fjell AS"}, email="fjell@example.no")
    world.configure(customers={"private": "collective", "collective_number": 10500})
    orders = checked(world).findings[Group.ORDERS]
    assert [(one.code, one.facts["number"]) for one in orders] == [
        ("check_order_held", "101"),
        ("check_order_exact", "102"),
    ]


def test_as_many_orders_are_counted_as_a_run_transfers(world):
    """The completed ones are past the status that is named, and go too."""
    world.sells(101)
    world.sells(102, status="completed", email="to@example.no")
    world.sells(103, status="pending", email="tre@example.no")
    said = line(checked(world), "check_orders_since").facts["n"]
    assert world.run().counts == {"made": int(said)}


def test_what_the_key_s_user_may_not_see_is_left_out(whole):
    """Counts of statuses come from the orders then, and methods from their use."""
    whole.shop.closed_routes = {"/", "/wc/v3/payment_gateways", "/wc/v3/reports/orders/totals"}
    found = checked(whole)
    assert amiss(found) == {}
    assert line(found, "check_statuses").facts["statuses"] == "processing (1)"


def test_what_is_special_is_counted(world):
    """Tests and vendors' shares are left out, deposits are held."""
    world.sells(101, meta_data=[{"key": "_wcpay_mode", "value": "test"}])
    world.sells(102, created_via="yith_wcmv_vendor_suborder")
    world.sells(103, meta_data=[{"key": "_wc_deposits_order_has_deposit", "value": "yes"}])
    world.sells(104, parent_id=90)
    world.sells(105, payment_method="cod")
    world.sells(106, created_via="woocommerce-pos")
    world.configure(payments={"in_the_till": ["cod"]})
    found = checked(world)
    said = {one.code: one.orders for one in found.findings[Group.PRODUCTS] if one.n}
    assert said == {"test_order": ("101",), "vendor_suborder": ("102",),
                    "deposit": ("103",), "child_order": ("104",),
                    "paid_in_the_till": ("105",), "made_in_the_till": ("106",)}  # fmt: skip
    assert set(amiss(found)) == {"deposit", "child_order", "check_order_held"}


# -- PowerOffice -----------------------------------------------------------------------------------


def test_reading_products_is_enough_where_none_is_made(whole):
    """`Product` for the catalogue, `Product_Full` for products.unknown = "create"."""
    whole.faults.privileges.discard("Product_Full")
    whole.faults.privileges.add("Product")
    assert amiss(checked(whole)) == {}
    whole.configure(products={"unknown": "create"})
    assert line(checked(whole), "check_right_missing").facts["role"] == "Product_Full"


def test_what_is_not_configured_needs_no_privilege(world):
    """Drafts alone need neither sending nor vouchers."""
    world.sells(101)
    world.faults.privileges -= {"BankVoucher_Full", "CashVoucher_Full", "CustomerLedger_Full"}
    world.faults.may_send = False
    assert amiss(checked(world)) == {}


def test_dimension_codes_are_looked_up(whole):
    """As far as the integration may."""
    whole.configure(dimensions={"department": "NETT", "location": "LAGER"})
    found = checked(whole)
    assert line(found, "check_dimension").facts["code"] == "NETT"
    assert amiss(found) == {"check_dimension_missing": Level.HELD}
    whole.faults.privileges -= {"Location_Full"}
    found = checked(whole)
    assert amiss(found) == {"check_right_dimension": Level.WARNING}
    assert line(found, "check_dimension_unknown").facts["key"] == "dimensions.location"


# -- products and accounts -------------------------------------------------------------------------


def test_an_empty_company_lacks_everything_and_is_told_so(whole):
    """No products, no accounts: each thing that the orders need has its line."""
    company = whole.company
    company.products, company.product_groups, company.accounts = {}, {}, {}
    found = checked(whole)
    assert amiss(found)["check_no_products"] is Level.HELD
    keys = {one.facts["key"]: one.level for one in findings(found) if "key" in one.facts}
    assert keys["payments.accounts.vipps"] is Level.HELD, "an order was paid by it"
    assert keys["payments.accounts.klarna_payments"] is Level.WARNING, "customers can choose it"
    assert "FRAKT15" in line(found, "check_no_products").facts["products"]
    assert found.exit_code == 1


def test_a_rate_that_no_account_has_holds_what_was_sold_at_it(world):
    """By the product that should carry it; where none is named, by the key to name it under."""
    world.sells(101, Goods("KAF-250", "100", rate=15), Goods("NY-1", "1299"))
    for account in world.company.accounts.values():
        if account.vat_code_id == world.company.vat_code("3").id:
            account.vat_code_id = world.company.vat_code("5").id
    held = [one for one in findings(checked(world)) if one.code == "product_unfit" and one.n]
    assert {(one.facts["code"], one.facts["rate"], one.n) for one in held} == {("VARE25", "25", 1)}
    world.configure(products={"fallback_by_rate": {}})
    finding = line(checked(world), "no_product_for_rate")
    assert (finding.facts["rate"], finding.orders, finding.level) == ("25", ("101",), Level.HELD)


def test_a_reason_that_several_orders_have_is_said_once_and_another_key_apart(world):
    """As an example where their sentences differ."""
    world.configure(products={"unknown": "hold"}, shipping={"product": ""})
    for order_id in (101, 102):
        world.sells(order_id, Goods(f"NY-{order_id}", "199"))
    world.loads("coupon-fixed-cart-mixed-vat")
    found = checked(world)
    unknown = line(found, "sku_unknown")
    assert (unknown.n, unknown.orders) == (2, ("101", "102"))
    assert unknown.text("en").startswith("For example 101: ")
    assert unknown.text("en").endswith("Orders: 2 (101, 102).")
    assert line(found, "product_not_set").facts["key"] == "shipping.product"


def test_a_named_product_is_there_sellable_and_of_its_rate(whole):
    """Whether an order of late needed it or not."""
    books = whole.company
    books.product("FRAKT15").is_archived = True
    books.product("GEBYR15").standard_sales_account_id = books.account(3000).id
    lost = books.product("RABATT12")
    del books.products[lost.id]
    bare = books.product("VARE12")
    bare.standard_sales_account_id = bare.optional_sales_account_id = None
    found = checked(whole)
    assert set(amiss(found).values()) == {Level.WARNING}
    said = {one.facts["code"]: one.code for one in findings(found) if one.level is Level.WARNING}
    assert said == {"FRAKT15": "product_missing", "GEBYR15": "product_unfit",
                    "RABATT12": "product_missing", "VARE12": "product_unfit"}  # fmt: skip


def test_every_payment_method_has_its_account(whole):
    """By id; one that stands nowhere holds its orders, one that the invoice pays needs none."""
    whole.sells(102, payment_method="nets_easy_card", payment_method_title="Kort")
    whole.sells(103, payment_method="bacs", payment_method_title="Faktura")
    found = checked(whole)
    lacking = line(found, "payment_account_not_set")
    assert (lacking.facts["method"], lacking.n) == ("nets_easy_card", 1)
    unpaid = [one.facts["method"] for one in findings(found) if one.code == "check_method_unpaid"]
    assert unpaid == ["bacs"]


def test_an_account_that_nothing_was_paid_to_yet_is_judged_too(whole):
    """Whichever key names it; those that are fit are named."""
    account(whole, is_active=False)
    whole.configure(payments={"accounts": {"vipps": 1920, "svea": 1903}, "bank_account": 1904})
    found = checked(whole)
    unfit = line(found, "payment_account_inactive")
    assert (unfit.facts["key"], unfit.level) == ("payments.accounts.svea", Level.WARNING)
    assert "1904" in line(found, "check_accounts_fit").facts["accounts"]


def test_another_country_s_vat_is_one_line_however_many_things_bear_it(world):
    """Goods and freight of one order are held for one reason; a product for it is judged."""
    world.loads("sweden-oss")
    assert amiss(checked(world))["foreign_vat"] is Level.HELD
    world.configure(vat={"foreign": {"SE25": "VARE0"}})
    assert amiss(checked(world))["foreign_product_unfit"] is Level.HELD
    both = {"product": "OSS", "vat_product": "OSS-MVA-SE"}
    world.configure(vat={"foreign": {"SE25": both, "Sverige": both}})
    found = checked(world)
    assert amiss(found) == {}
    assert line(found, "check_rate_unreadable").facts["key"] == "vat.foreign.Sverige"


# -- what could book an order twice ----------------------------------------------------------------


def put_order(world, number, total, **fields):
    """Put a draft of another program into PowerOffice."""
    customer = next(iter(world.company.customers.values()), None)
    customer = customer or world.company.add_customer({"name": "Bedrift AS"})
    line_ = {"product_id": world.company.product("VARE0").id, "quantity": Decimal(1),
             "product_unit_price": Decimal(total)}  # fmt: skip
    values = {"customer_id": customer.id, "imported_order_no": number, **fields}
    return SalesOrder.made(world.company, {**values, "sales_order_lines": [line_]})


def test_another_program_s_documents_of_our_orders_are_noticed(whole):
    """The same number and the same total; either alone says nothing."""
    put_order(whole, 101, "500")
    put_order(whole, 999, "1299")
    put_order(whole, None, "349", customer_reference="#102")
    found = checked(whole)
    assert amiss(found) == {}
    put_order(whole, 101, "1299", external_import_reference="annet-101")
    found = checked(whole)
    assert amiss(found) == {"check_others_book": Level.WARNING}
    assert line(found, "check_others_book").facts == {"n": "1", "documents": "4 = 101"}


def test_another_shop_with_our_prefix_is_noticed_before_numbers_clash(whole):
    """A warning at first; held as soon as one of our references is taken."""
    other = "woo-0123456789-7"
    put_order(whole, 7, "10", external_import_reference="shop_7", custom_matching_reference=other)
    assert amiss(checked(whole)) == {"check_prefix_shared": Level.WARNING}
    other = "woo-0123456789-101"
    put_order(whole, 1, "9", external_import_reference="shop_101", custom_matching_reference=other)
    found = checked(whole)
    assert amiss(found)["check_prefix_clashes"] is Level.HELD
    assert line(found, "check_prefix_clashes").facts["numbers"] == "101"
    assert line(found, "check_order_held").reason.code == "prefix_of_another_shop"


def test_an_order_that_stands_under_another_prefix_is_not_said_to_go(whole):
    """The hold's own sentence, as a run would say it; not of an order that the job knows."""
    whole.configure(invoices={"create": False}, orders={"number_prefix": "ny_"})
    whole.run()
    whole.configure(orders={"number_prefix": "shop_"})
    whole.shop.edit(101, total="1.00")
    for nth in (1, 2, 3):
        whole.faults.at("POST", "/OAuth/Token", nth, "connect_error")
    whole.run()  # the order's turn comes again
    whole.sells(101, Goods("GEN-001", "1299"))
    assert line(checked(whole), "check_order_exact").facts["number"] == "101"
    for file in whole.state.parent.glob(f"{whole.state.name}*"):
        file.unlink()
    assert line(checked(whole), "check_order_held").reason.code == "under_another_prefix"
    whole.run()
    assert whole.outcome.counts == {"held": 1}


# -- the first orders ------------------------------------------------------------------------------


def test_the_first_orders_say_how_they_come_out(world):
    """Exact, exact with a rounding line, held and why, left out; not what was refunded first."""
    world.loads("b2c-vipps-simple", "sweden-oss", "zero-decimals-food", "full-refund")
    world.sells(5, meta_data=[{"key": "_wcpay_mode", "value": "test"}])
    found = checked(world)
    told = {one.code for one in found.findings[Group.ORDERS]}
    assert {"check_order_exact", "check_order_rounded", "check_order_held"} <= told
    assert "check_order_skipped" in told
    assert line(found, "check_order_held").reason.code == "foreign_vat"
    assert "52" not in {one.facts["number"] for one in found.findings[Group.ORDERS]}


def test_orders_that_went_are_not_first_any_more(whole):
    """What the state database knows as settled is left out; what is new is there. Neither drafts
    nor invoices of the job are another program's, its credit notes included.
    """
    whole.settle()
    found = checked(whole)
    assert amiss(found) == {}
    assert line(found, "check_nobody_else").facts["n"] == "1"
    assert codes(found, Group.ORDERS) == ["check_no_first_order"]
    whole.sells(102)
    assert line(checked(whole), "check_order_exact").facts["number"] == "102"


def test_orders_whose_documents_are_there_are_one_line(whole):
    """The state database was lost: the documents tell; those that are new have a line each."""
    for order_id in range(102, 113):
        whole.sells(order_id)
    whole.settle()
    for side in whole._sides():
        side.unlink(missing_ok=True)
    whole.sells(113)
    found = checked(whole)
    assert codes(found, Group.ORDERS) == ["check_order_exact", "check_order_unchanged"]
    said = "In PowerOffice already, and not made again. Orders: 12 (101, 102, 103, ...)."
    assert line(found, "check_order_unchanged").text("en") == said


# -- this machine ----------------------------------------------------------------------------------


def test_a_folder_that_is_not_there_is_a_wrong_configuration(whole):
    """The first run could not make its database."""
    shutil.rmtree(whole.state.parent, ignore_errors=True)
    said = [one.code for one in machine.look_at_machine(whole.settings, Path("config.toml"))]
    assert said == ["check_config_read", "state_cannot_open"]


def test_a_run_at_work_is_told(whole):
    """What is seen may be in the middle of changing."""
    whole.settle()
    assert line(checked(whole), "check_state_there").facts["n"] == "1"
    lock = filelock.FileLock(f"{whole.state.resolve()}.lock")
    with lock:
        assert line(checked(whole), "check_run_under_way").level is Level.TOLD
    assert "check_run_under_way" not in codes(checked(whole), Group.CONFIGURATION)


# -- what is shown ---------------------------------------------------------------------------------


MERKT_FREIGHT = [{"id": 9, "method_title": "Hentes hos Merktsen", "total": "0.00", "taxes": []}]


def test_nobody_is_named(world):
    """No name, address or e-mail of a customer, and no word of another's document."""
    world.configure(**WHOLE)
    world.sells(101, payment_method_title="Kort, Merkt Merktsen", shipping_lines=MERKT_FREIGHT,
                billing={"first_name": "Merkt", "last_name": "Merktsen", "company": "Merkt AS",
                              "address_1": "Merktveien 1"}, email="merkt@eksempel.no")  # fmt: skip
    put_order(world, 101, "1299", customer_reference="Ring Merkt Merktsen")
    assert "merkt" not in seen(checked(world)).lower()


@pytest.mark.parametrize("spec", ["2025", "2026"])
def test_what_is_asked_is_in_the_interface_description(whole, spec):
    """No filter that PowerOffice may not know, and no field that is none."""
    whole.faults.spec = spec
    whole.configure(
        customers={"private": "collective", "collective_number": 10_500},
        dimensions={"department": "NETT", "project": "P1", "location": "X"},
    )
    wrong = {"collective_missing", "check_dimension_missing", "check_order_held"}
    assert {*amiss(checked(whole))} == wrong  # the stand-in refuses what is in no description
    asked = {path for _, path, _ in whole.go.requests}
    assert {"/Departments", "/Projects", "/Locations"} <= asked
