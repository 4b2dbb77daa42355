"""Which orders are transferred (question 1), and who bought (question 13)."""

import pytest

from tests.mapping.company import settings
from tests.mapping.orders import KARI, documents, line, notes_of, order, outcome, stopped
from woo2po.holds import Hold, Skip
from woo2po.mapping import eligible

PAID = {"date_paid_gmt": "2026-11-02T10:00:00"}
COMPLETED = {"date_completed_gmt": "2026-11-03T10:00:00"}


@pytest.mark.parametrize(
    ("listed", "status", "changed", "goes"),
    [# A status of the shop's own counts like any other, and none goes that is not listed.
     *[(listed, status, {}, listed == status)
       for status in ("pending", "on-hold", "cancelled", "failed", "packed")
       for listed in (status, "processing", "completed")],
     # With processing listed, completed counts, and refunded where the order had been paid.
     ("processing", "processing", {}, True), ("processing", "completed", {}, True),
     ("processing", "refunded", PAID, True), ("processing", "refunded", {}, False),
     # So does a status of the shop's own that an order had come to when it was first seen.
     ("processing", "packed", PAID, True), ("completed", "packed", PAID, False),
     ("completed", "packed", COMPLETED, True), ("packed", "completed", PAID, False),
     # Paid is not enough where completed is listed, and processing comes before it.
     ("completed", "refunded", {**PAID, **COMPLETED}, True),
     ("completed", "refunded", PAID, False), ("completed", "processing", PAID, False),
     # What is no order yet, or no more, stays out even where somebody lists the status.
     *[(status, status, {}, False) for status in ("checkout-draft", "auto-draft", "trash")]],
)  # fmt: skip
def test_an_order_goes_in_the_statuses_that_are_listed_and_past_them(listed, status, changed, goes):
    """Question 1."""
    chosen = settings(woocommerce={"statuses": [listed]})
    assert eligible(order(line("100"), status=status, **changed), chosen) is goes


def test_the_first_day_is_a_day_in_the_shops_zone():
    """At 23:30 UTC on 2 November it is 3 November in Oslo, and still the 2nd in London."""
    late = order(line("100"), date_created_gmt="2026-11-02T23:30:00")
    for zone, goes in (("Europe/Oslo", True), ("Europe/London", False)):
        shop = {"orders_from": "2026-11-03", "timezone": zone}
        assert eligible(late, settings(woocommerce=shop)) is goes


# Not booked as they stand


def one(key="", value="", **changed):
    return order(line("100"), meta_data=[{"key": key, "value": value}] if key else [], **changed)


@pytest.mark.parametrize(
    ("given", "kind", "code", "said"),
    [*[(one(key, value), Skip, "test_order", key) for key, value in (
         ("_wcpay_mode", "test"), ("_wc_klarna_environment", "playground"),
         ("_wc_klarna_environment", "test"), ("_wc_dintero_checkout_environment", "Test"),
         ("_ppcp_paypal_payment_mode", "sandbox"))],
     # Marketplaces repeat the parent's lines on an order per vendor; the parent is booked.
     (one(created_via="yith_wcmv_vendor_suborder", parent_id=35), Skip, "vendor_suborder", ""),
     (one("_dokan_vendor_id", "7", parent_id=35), Skip, "vendor_suborder", ""),
     (one(created_via="dokan", parent_id=35), Skip, "vendor_suborder", ""),
     # The same sale may stand on the parent of any other, so a person decides.
     (one(parent_id=35), Hold, "child_order", "order 35"),
     # What was paid is not what was sold, and a second order may follow for the rest.
     *[(one("_wc_deposits_order_has_deposit", said), Hold, "deposit", "")
       for said in ("yes", True, "1")],
     (one(status="partially-paid"), Hold, "deposit", ""),
     # `kr` may be Norwegian, Swedish or Danish kroner.
     *[(one(currency=said), Hold, "currency_unreadable", "")
       for said in ("kr", "&#107;&#114;", "nok", "KRON")],
     (order(total="10.00"), Hold, "no_lines", ""),
     (order(line("-100", sku="")), Hold, "total_negative", "")],
)  # fmt: skip
def test_what_cannot_be_booked_as_it_stands_is_skipped_or_held(given, kind, code, said):
    """Skipped where there is nothing to book, now or later; else a person decides."""
    assert isinstance(outcome(given), kind)
    assert stopped(given)[0] == code
    assert said in stopped(given)[1]


TILL = settings(payments={"in_the_till": ["cod"]})


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"payment_method": "cod"}, "paid_in_the_till"), ({"payment_method": "vipps"}, None),
     *[({"created_via": via}, "made_in_the_till")
       for via in ("pos", "POS", "woocommerce-pos", "pos-rest-api", "openpos", "wepos")],
     *[({"created_via": via}, None) for via in ("checkout", "post", "composer", "")]],
)  # fmt: skip
def test_what_stands_in_the_tills_daily_report_is_left_there(changed, code):
    """Said with the reason. A shop that names no method has no till; what was booked stays."""
    given = one(**changed)
    assert getattr(outcome(given, TILL), "code", None) == code
    assert not code or stopped(given, TILL)
    assert documents(given)
    assert documents(given, TILL, booked=True)


def test_what_only_resembles_it_goes_and_texts_are_cleaned_before_they_are_said():
    """Paid in earnest, a marketplace's parent order, and another currency, in that
    currency. An escape code in a product's name must not reach a terminal or a log.
    """
    for given in (one("_wcpay_mode", "live"), one(created_via="dokan"), one(currency="EUR")):
        assert documents(given).sales_order.currency == given.currency
    spoiled = line("100", sku="NY", name="Vare\x1b]0;x\x07\r\n" + "lang " * 100)
    text = stopped(order(spoiled), settings(products={"unknown": "hold"}))[1]
    assert text.isprintable()
    assert len(text) < 400


EQUINOR, OTHER = "923609016", "974760673"


def by(billing=None, **changed):
    return order(line("100"), billing={**KARI, **(billing or {})}, **changed)


def org(number, field="_billing_org_nr"):
    return {"meta_data": [{"key": field, "value": number}]}


def sought(given, **chosen):
    return documents(given, settings(**chosen)).customer


def customer(given, **chosen):
    return sought(given, **chosen).customer


def test_a_person_is_known_by_e_mail_without_case():
    """The e-mail is sent as typed and compared in lower case. A name is cut at 200
    characters as PowerOffice counts them, an emoji being two.
    """
    found = sought(by({"email": " KARI@Example.no "}))
    who = found.customer
    assert (who.is_person, found.email, who.email) == (True, "kari@example.no", "KARI@Example.no")
    assert who.reference == customer(by()).reference
    who = customer(by({"first_name": "Å" * 250, "last_name": "😀" * 150}))
    assert (who.first_name, who.last_name) == ("Å" * 200, "😀" * 100)


def test_a_number_makes_a_company_unless_companies_go_as_private_customers():
    """Shops keep the number in fields of their own; the person's name then names the
    company. As private customers (question 13) the number is not sent.
    """
    given, chosen = by(**org(EQUINOR, "orgnr")), {"customers": {"org_number_fields": ["orgnr"]}}
    assert customer(given).is_person
    assert not customer(given, **chosen).is_person
    assert customer(given, **chosen).name == "Kari Nordmann"
    given = by({"company": "Fjell AS"}, **org(EQUINOR))
    found = sought(given, customers={"companies_as_private": True})
    assert found.customer.is_person
    assert (found.customer.first_name, found.customer.last_name) == ("Kari", "Nordmann")
    assert found.organization_number == found.customer.organization_number == ""


def test_a_wrong_organisation_number_is_left_out_and_two_are_held():
    """The check digit tells; no number is repeated. Which of two is the buyer only a person
    can tell; the same one twice is no question.
    """
    given = by({"company": "Fjell AS"}, **org("923609017"))
    assert (customer(given).organization_number, customer(given).is_person) == ("", False)
    assert notes_of(given) == ["organisation_number_wrong"]
    two = [{"key": "_billing_org_nr", "value": EQUINOR}, {"key": "billing_orgnr", "value": OTHER}]
    code, text = stopped(by(meta_data=two))
    assert (code, EQUINOR in text) == ("two_organisation_numbers", False)
    same = [two[0], {"key": "billing_orgnr", "value": f"NO{EQUINOR}MVA"},
            {"key": "billing_org_nr", "value": " "}]  # fmt: skip
    assert sought(by(meta_data=same)).organization_number == EQUINOR


NAMES = {  # first, last and company's name as typed
    ("Kari", "Nordmann", ""): ("Kari", "Nordmann"),
    ("Kari Anne Nordmann", "", ""): ("Kari Anne", "Nordmann"),
    ("", "Kari Nordmann", ""): ("Kari", "Nordmann"), ("Kari", "", ""): ("Kari", "-"),
    ("", "Nordmann", ""): ("-", "Nordmann"), ("", "", ""): ("Kunde", "shop_36"),
    ("", "", "Fjell og Fjord AS"): ("Fjell og Fjord", "AS"),
}  # fmt: skip


def test_a_person_always_has_a_first_and_a_last_name():
    """PowerOffice requires both; a customer without any is called by the order's number."""
    for typed, names in NAMES.items():
        given = by(dict(zip(("first_name", "last_name", "company"), typed, strict=True)))
        found = customer(given, customers={"companies_as_private": True})
        assert (found.first_name, found.last_name) == names


def test_a_reference_tells_who_has_no_e_mail_and_shows_none():
    """By the shop's account, a guest without e-mail by the order; kinds are never mixed.
    References stand in the state database, which holds no personal data.
    """

    def reference(**changed):
        return customer(by({"email": ""}, **changed)).reference

    assert reference(customer_id=7) == reference(customer_id=7, id=99)
    assert reference(id=36) != reference(id=99)
    person, company = by(), by({"company": "Fjell AS"})
    assert customer(person).reference != customer(company).reference
    for given in (by(), by({"email": ""}, customer_id=2**40), by({"email": ""}, id=9)):
        reference = customer(given).reference
        assert "kari" not in reference
        assert len(reference) <= 50


def test_what_is_no_e_mail_is_left_out_and_said():
    """PowerOffice would refuse the customer."""
    for typed in ("kari", "kari@@example.no", "a@b@c", "@example.no", "kari @x.no"):
        assert customer(by({"email": typed})).email == ""
        assert notes_of(by({"email": typed})) == ["email_left_out"]
