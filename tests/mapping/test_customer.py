"""Question 13, and who bought."""

from typing import Any

import pytest

from tests.mapping.company import settings
from tests.mapping.orders import KARI, documents, line, notes_of, order, stopped
from woo2po.documents import Customer, CustomerSought, PostalAddress
from woo2po.order import Order

EQUINOR, OTHER = "923609016", "974760673"


def by(billing: dict[str, Any] | None = None, **changed: Any) -> Order:
    return order(line("100"), billing={**KARI, **(billing or {})}, **changed)


def org(number: object, field: str = "_billing_org_nr") -> dict[str, Any]:
    return {"meta_data": [{"key": field, "value": number}]}


def sought(given: Order, **chosen: dict[str, Any]) -> CustomerSought:
    return documents(given, settings(**chosen)).customer


def customer(given: Order, **chosen: dict[str, Any]) -> Customer:
    return sought(given, **chosen).customer


def test_a_person_is_known_by_e_mail_without_case() -> None:
    """The e-mail is sent as typed and compared in lower case."""
    found = sought(by({"email": " KARI@Example.no "}))
    assert found.customer.is_person
    assert (found.email, found.customer.email) == ("kari@example.no", "KARI@Example.no")
    assert found.customer.reference == customer(by()).reference


@pytest.mark.parametrize("typed", [EQUINOR, "NO 923 609 016 MVA", "923.609.016", 923609016])
def test_a_company_is_known_by_its_organisation_number_however_typed(typed: object) -> None:
    """NO, MVA, blanks and dots are stripped."""
    found = sought(by({"company": "Fjell & Fjord AS"}, **org(typed)))
    assert not found.customer.is_person
    assert found.organization_number == found.customer.organization_number == EQUINOR
    assert found.customer.name == "Fjell & Fjord AS"
    assert found.customer.reference.endswith(f"-org-{EQUINOR}")


def test_a_number_alone_makes_a_company_and_fields_come_from_the_settings() -> None:
    """Shops keep the number in fields of their own; the person's name then names the company."""
    given, chosen = by(**org(EQUINOR, "orgnr")), {"customers": {"org_number_fields": ["orgnr"]}}
    assert customer(given).is_person
    assert not customer(given, **chosen).is_person
    assert customer(given, **chosen).name == "Kari Nordmann"


def test_a_wrong_organisation_number_is_left_out_and_said() -> None:
    """The check digit tells; the company goes without a number, and the number is not repeated."""
    given = by({"company": "Fjell AS"}, **org("923609017"))
    assert (customer(given).organization_number, customer(given).is_person) == ("", False)
    assert notes_of(given) == ["organisation_number_wrong"]


def test_two_different_organisation_numbers_are_held() -> None:
    """Which one is the buyer only a person can tell; the same one twice is no question."""
    two = [{"key": "_billing_org_nr", "value": EQUINOR}, {"key": "billing_orgnr", "value": OTHER}]
    code, text = stopped(by(meta_data=two))
    assert (code, EQUINOR in text) == ("two_organisation_numbers", False)
    same = [two[0], {"key": "billing_orgnr", "value": f"NO{EQUINOR}MVA"}]
    assert sought(by(meta_data=same)).organization_number == EQUINOR


def test_question_13_companies_go_as_private_customers() -> None:
    """Then the organisation number is not sent; the contact is the person."""
    given = by({"company": "Fjell AS"}, **org(EQUINOR))
    found = sought(given, customers={"companies_as_private": True})
    assert found.customer.is_person
    assert (found.customer.first_name, found.customer.last_name) == ("Kari", "Nordmann")
    assert found.organization_number == found.customer.organization_number == ""


def test_private_persons_may_go_to_one_customer_number() -> None:
    """Companies keep a customer each."""
    chosen = {"customers": {"private": "collective", "collective_number": 10000}}
    assert sought(by(), **chosen).collective_number == 10000
    assert sought(by({"company": "Fjell AS"}), **chosen).collective_number is None


@pytest.mark.parametrize(
    ("first", "last", "company", "names"),
    [("Kari", "Nordmann", "", ("Kari", "Nordmann")),
     ("Kari Anne Nordmann", "", "", ("Kari Anne", "Nordmann")),
     ("", "Kari Nordmann", "", ("Kari", "Nordmann")),
     ("Kari", "", "", ("Kari", "-")),
     ("", "Nordmann", "", ("-", "Nordmann")),
     ("", "", "", ("Kunde", "shop_36")),
     ("", "", "Fjell og Fjord AS", ("Fjell og Fjord", "AS"))],
)  # fmt: skip
def test_a_person_always_has_a_first_and_a_last_name(
    first: str, last: str, company: str, names: tuple[str, str]
) -> None:
    """PowerOffice requires both; a customer without any is called by the order's number."""
    given = by({"first_name": first, "last_name": last, "company": company})
    found = customer(given, customers={"companies_as_private": True})
    assert (found.first_name, found.last_name) == names


def test_a_very_long_name_is_cut() -> None:
    """At 200 characters as PowerOffice counts them, an emoji being two."""
    found = customer(by({"first_name": "Å" * 250, "last_name": "😀" * 150}))
    assert (found.first_name, found.last_name) == ("Å" * 200, "😀" * 100)


def test_who_has_no_e_mail_is_known_by_the_shops_account_or_not_at_all() -> None:
    """A guest without e-mail is a customer per order; kinds of customer are never mixed."""

    def reference(**changed: Any) -> str:
        return customer(by({"email": ""}, **changed)).reference

    assert reference(customer_id=7) == reference(customer_id=7, id=99)
    assert reference(id=36) != reference(id=99)
    person, company = by(), by({"company": "Fjell AS"})
    assert customer(person).reference != customer(company).reference


def test_no_reference_shows_an_e_mail_or_is_too_long() -> None:
    """References stand in the state database, which holds no personal data."""
    for given in (by(), by({"email": ""}, customer_id=2**40), by({"email": ""}, id=9)):
        reference = customer(given).reference
        assert "kari" not in reference
        assert len(reference) <= 50


@pytest.mark.parametrize(
    "typed", ["kari", "kari@@example.no", "a@b@c", "@example.no", "kari @x.no"]
)
def test_what_is_no_e_mail_is_left_out_and_said(typed: str) -> None:
    """PowerOffice would refuse the customer."""
    assert customer(by({"email": typed})).email == ""
    assert notes_of(by({"email": typed})) == ["email_left_out"]


def test_an_address_goes_only_with_zip_code_and_city() -> None:
    """PowerOffice requires both; without a country it is Norway, and Svalbard stays SJ."""
    for typed, country in (("", "NO"), ("SJ", "SJ")):
        address = customer(by({"address_2": "2. etg", "country": typed})).address
        assert address == PostalAddress("Storgata 1", "2. etg", "0155", "Oslo", country)
    assert customer(by({"postcode": ""})).address is customer(by({"city": ""})).address is None


def test_a_delivery_address_goes_where_it_differs() -> None:
    """With the recipient on its first line if that is somebody else."""
    there = {**KARI, "address_1": "Hytteveien 9", "postcode": "3580", "city": "Geilo"}
    to_self = documents(by(shipping=there)).sales_order.delivery
    to_per = documents(by(shipping={**there, "first_name": "Per"})).sales_order.delivery
    assert to_self == PostalAddress("Hytteveien 9", "", "3580", "Geilo", "NO")
    assert to_per == PostalAddress("Per Nordmann", "Hytteveien 9", "3580", "Geilo", "NO")
    for same in (KARI, {}, {**there, "postcode": ""}):
        assert documents(by(shipping=same)).sales_order.delivery is None


def test_who_pays_by_invoice_is_not_prepaid() -> None:
    """The methods that are paid later are named in the settings."""
    assert customer(by(payment_method="vipps")).prepaid
    assert not customer(by(payment_method="bacs")).prepaid
    chosen = {"payments": {"unpaid_methods": ["faktura"]}}
    assert not customer(by(payment_method="faktura"), **chosen).prepaid
