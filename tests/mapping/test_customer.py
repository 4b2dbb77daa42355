"""Question 13, and who bought."""

from typing import Any

import pytest

from woo2po.documents import CustomerSought, PostalAddress
from woo2po.order import Order

from .company import settings
from .orders import KARI, documents, line, notes_of, order, stopped

EQUINOR, OTHER = "923609016", "974760673"


def _order(billing: dict[str, Any] | None = None, **changed: Any) -> Order:
    return order(line("100"), billing={**KARI, **(billing or {})}, **changed)


def _org(number: object, field: str = "_billing_org_nr") -> dict[str, Any]:
    return {"meta_data": [{"key": field, "value": number}]}


def _sought(given: Order, **chosen: dict[str, Any]) -> CustomerSought:
    return documents(given, settings(**chosen)).customer


def test_a_person_is_known_by_e_mail_without_case() -> None:
    """The e-mail is sent as typed and compared in lower case."""
    sought = _sought(_order({"email": " KARI@Example.no "}))
    assert sought.customer.is_person
    assert (sought.email, sought.customer.email) == ("kari@example.no", "KARI@Example.no")
    assert sought.customer.reference == _sought(_order()).customer.reference


@pytest.mark.parametrize("typed", [EQUINOR, "NO 923 609 016 MVA", "923.609.016", 923609016])
def test_a_company_is_known_by_its_organisation_number_however_typed(typed: object) -> None:
    """NO, MVA, blanks and dots are stripped."""
    sought = _sought(_order({"company": "Fjell & Fjord AS"}, **_org(typed)))
    assert not sought.customer.is_person
    assert sought.organization_number == sought.customer.organization_number == EQUINOR
    assert sought.customer.name == "Fjell & Fjord AS"
    assert sought.customer.reference.endswith(f"-org-{EQUINOR}")


def test_a_number_alone_makes_a_company_and_fields_come_from_the_settings() -> None:
    """Shops keep the number in fields of their own; the person's name then names the company."""
    chosen = {"customers": {"org_number_fields": ["orgnr"]}}
    assert not _sought(_order(**_org(EQUINOR, "orgnr")), **chosen).customer.is_person
    assert _sought(_order(**_org(EQUINOR, "orgnr"))).customer.is_person
    assert _sought(_order(**_org(EQUINOR, "orgnr")), **chosen).customer.name == "Kari Nordmann"


def test_a_wrong_organisation_number_is_left_out_and_said() -> None:
    """The check digit tells; the company goes without a number, and the number is not repeated."""
    given = _order({"company": "Fjell AS"}, **_org("923609017"))
    assert _sought(given).customer.organization_number == ""
    assert not _sought(given).customer.is_person
    assert notes_of(given) == ["organisation_number_wrong"]


def test_two_different_organisation_numbers_are_held() -> None:
    """Which one is the buyer only a person can tell; the same one twice is no question."""
    two = [{"key": "_billing_org_nr", "value": EQUINOR}, {"key": "billing_orgnr", "value": OTHER}]
    code, text = stopped(_order(meta_data=two))
    assert code == "two_organisation_numbers"
    assert EQUINOR not in text
    same = [two[0], {"key": "billing_orgnr", "value": f"NO{EQUINOR}MVA"}]
    assert _sought(_order(meta_data=same)).organization_number == EQUINOR


def test_question_13_companies_go_as_private_customers() -> None:
    """Then the organisation number is not sent; the contact is the person."""
    given = _order({"company": "Fjell AS"}, **_org(EQUINOR))
    sought = _sought(given, customers={"companies_as_private": True})
    assert sought.customer.is_person
    assert (sought.customer.first_name, sought.customer.last_name) == ("Kari", "Nordmann")
    assert sought.organization_number == sought.customer.organization_number == ""


def test_private_persons_may_go_to_one_customer_number() -> None:
    """Companies keep a customer each."""
    chosen = {"customers": {"private": "collective", "collective_number": 10000}}
    assert _sought(_order(), **chosen).collective_number == 10000
    assert _sought(_order({"company": "Fjell AS"}), **chosen).collective_number is None


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
    given = _order({"first_name": first, "last_name": last, "company": company})
    customer = _sought(given, customers={"companies_as_private": True}).customer
    assert (customer.first_name, customer.last_name) == names


def test_a_very_long_name_is_cut() -> None:
    """At 200 characters as PowerOffice counts them, an emoji being two."""
    customer = _sought(_order({"first_name": "Å" * 250, "last_name": "😀" * 150})).customer
    assert customer.first_name == "Å" * 200
    assert customer.last_name == "😀" * 100


def test_who_has_no_e_mail_is_known_by_the_shops_account_or_not_at_all() -> None:
    """A guest without e-mail is a customer per order; kinds of customer are never mixed."""

    def reference(**changed: Any) -> str:
        return _sought(_order({"email": ""}, **changed)).customer.reference

    assert reference(customer_id=7) == reference(customer_id=7, id=99)
    assert reference(id=36) != reference(id=99)
    person, company = _order(), _order({"company": "Fjell AS"})
    assert _sought(person).customer.reference != _sought(company).customer.reference


def test_no_reference_shows_an_e_mail_or_is_too_long() -> None:
    """References stand in the state database, which holds no personal data."""
    for given in (_order(), _order({"email": ""}, customer_id=2**40), _order({"email": ""}, id=9)):
        reference = _sought(given).customer.reference
        assert "kari" not in reference
        assert len(reference) <= 50


@pytest.mark.parametrize(
    "typed", ["kari", "kari@@example.no", "a@b@c", "@example.no", "kari @x.no"]
)
def test_what_is_no_e_mail_is_left_out_and_said(typed: str) -> None:
    """PowerOffice would refuse the customer."""
    assert _sought(_order({"email": typed})).customer.email == ""
    assert notes_of(_order({"email": typed})) == ["email_left_out"]


def test_an_address_goes_only_with_zip_code_and_city() -> None:
    """PowerOffice requires both; without a country it is Norway, and Svalbard stays SJ."""
    address = _sought(_order({"address_2": "2. etg", "country": ""})).customer.address
    assert address == PostalAddress("Storgata 1", "2. etg", "0155", "Oslo", "NO")
    assert _sought(_order({"postcode": ""})).customer.address is None
    assert _sought(_order({"city": ""})).customer.address is None
    svalbard = _sought(_order({"country": "SJ"})).customer.address
    assert svalbard is not None
    assert svalbard.country == "SJ"


def test_a_delivery_address_goes_where_it_differs() -> None:
    """With the recipient on its first line if that is somebody else."""
    there = {**KARI, "address_1": "Hytteveien 9", "postcode": "3580", "city": "Geilo"}
    to_self = documents(_order(shipping=there)).sales_order.delivery
    to_per = documents(_order(shipping={**there, "first_name": "Per"})).sales_order.delivery
    assert to_self == PostalAddress("Hytteveien 9", "", "3580", "Geilo", "NO")
    assert to_per == PostalAddress("Per Nordmann", "Hytteveien 9", "3580", "Geilo", "NO")
    for same in (KARI, {}, {**there, "postcode": ""}):
        assert documents(_order(shipping=same)).sales_order.delivery is None


def test_who_pays_by_invoice_is_not_prepaid() -> None:
    """The methods that are paid later are named in the settings."""
    assert _sought(_order(payment_method="vipps")).customer.prepaid
    assert not _sought(_order(payment_method="bacs")).customer.prepaid
    chosen = {"payments": {"unpaid_methods": ["faktura"]}}
    assert not _sought(_order(payment_method="faktura"), **chosen).customer.prepaid
