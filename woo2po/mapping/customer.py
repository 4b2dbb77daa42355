"""Who bought: a person or a company, its address, and how it is recognised again."""

import re
from hashlib import sha256

from stdnum.no import orgnr

from woo2po.config import Settings, shop_at
from woo2po.documents import Customer, CustomerSought, DocumentSeen, Note, PostalAddress
from woo2po.mapping.values import cleaned, fitted, hold
from woo2po.order import Address, Order

# Addresses: poweroffice/facts.md, "Customers". Names and telephone have no documented limit.
LONGEST_NAME = 200
LONGEST_LINE = 200
LONGEST_CITY = 100
LONGEST_ZIP = 50
LONGEST_PHONE = 50
LONGEST_CONTACT = 100
NAMELESS_CUSTOMER = "Kunde"


def customer_of(order: Order, settings: Settings) -> tuple[CustomerSought, tuple[Note, ...]]:
    """Return the customer to look for or create, and what could not be sent of it.

    Raises Stopped (a Hold) if two different valid organisation numbers stand in the order.
    """
    billing = order.billing
    number, notes = _organization_number(order, settings)
    as_private = settings.customers.companies_as_private
    is_person = as_private or not (cleaned(billing.company) or number)
    number = "" if is_person else number
    email = cleaned(billing.email)
    before, _, after = email.partition("@")
    if email and (not before or not after or "@" in after or " " in email):
        email, notes = "", (*notes, Note("email_left_out"))
    first, last = _person_names(order, settings) if is_person else ("", "")
    name = cleaned(billing.company) or cleaned(f"{billing.first_name} {billing.last_name}")
    name = name or f"{NAMELESS_CUSTOMER} {shown_number(order, settings)}"
    customer = Customer(
        reference=_reference(order, settings, is_person, number, email),
        is_person=is_person,
        name="" if is_person else fitted(name, LONGEST_NAME),
        first_name=first,
        last_name=last,
        organization_number=number,
        email=email,
        phone=fitted(billing.phone, LONGEST_PHONE),
        address=postal_address(billing),
        prepaid=order.payment_method not in settings.payments.unpaid_methods,
    )
    collective = settings.customers.private == "collective" and is_person
    to = settings.customers.collective_number if collective else None
    return CustomerSought(customer, number, email.lower(), to), notes


def _organization_number(order: Order, settings: Settings) -> tuple[str, tuple[Note, ...]]:
    given, fields = dict[str, str](), {*settings.customers.org_number_fields}
    for meta in order.meta_data:
        names = {meta.key}
        if meta.key.startswith("_wc_"):
            # A field of WooCommerce's own checkout: `_wc_billing/shop/orgnr` (also _wc_other,
            # _wc_shipping) is what plugins call billing_orgnr.
            name = meta.key.rpartition("/")[2]
            names |= {f"billing_{name}", f"_billing_{name}"}
        if isinstance(meta.value, str | int) and names & fields:
            typed = cleaned(str(meta.value)).upper().replace(" ", "")  # NO 923 609 016 MVA
            if digits := re.sub(r"^NO|MVA$|[.-]", "", typed):
                given[meta.key] = digits
    valid = {digits for digits in given.values() if orgnr.is_valid(digits)}
    if len(valid) > 1 and not settings.customers.companies_as_private:
        raise hold("two_organisation_numbers", fields=", ".join(given))
    if given and not valid:
        return "", (Note("organisation_number_wrong", {"fields": ", ".join(given)}),)
    return (valid.pop() if valid else ""), ()


def _person_names(order: Order, settings: Settings) -> tuple[str, str]:
    """Return first and last name; PowerOffice requires both.

    One field of several words is divided before its last word, a missing name is a hyphen, and who
    has no name is called by the order.
    """
    first, last = cleaned(order.billing.first_name), cleaned(order.billing.last_name)
    company = cleaned(order.billing.company)
    if not first and not last:
        nameless = NAMELESS_CUSTOMER, shown_number(order, settings)
        first, last = ("", company) if company else nameless
    whole = first or last
    if not (first and last) and " " in whole:
        first, _, last = whole.rpartition(" ")
    return fitted(first, LONGEST_NAME) or "-", fitted(last, LONGEST_NAME) or "-"


def contact_of(order: Order, customer: Customer) -> str:
    """Return who ordered for a company, or ""."""
    name = fitted(f"{order.billing.first_name} {order.billing.last_name}", LONGEST_CONTACT)
    return "" if customer.is_person or name == customer.name else name


def _reference(order: Order, settings: Settings, is_person: bool, number: str, email: str) -> str:
    """Return what the customer is created under: the same for every order of the customer.

    An e-mail is hashed, since references are kept where no personal data may stand.
    """
    shop = f"woo-{hash_of(settings.first_address)}"
    kind = "person" if is_person else "company"
    if number:
        return f"{shop}-org-{number}"
    if email:
        return f"{shop}-mail-{short_hash(f'{shop} {kind} {email.lower()}')}"
    if order.customer_id > 0:
        return f"{shop}-{kind}-{order.customer_id}"
    return f"{shop}-order-{order.id}"


def postal_address(address: Address, recipient: str = "") -> PostalAddress | None:
    """Return an address as PowerOffice takes it; None without the zip code and city it requires."""
    street = [cleaned(address.address_1), cleaned(address.address_2)]
    zip_code, city = fitted(address.postcode, LONGEST_ZIP), fitted(address.city, LONGEST_CITY)
    country = cleaned(address.country) or "NO"
    if not zip_code or not city or not re.fullmatch(r"[A-Z]{2}", country):
        return None
    if recipient:
        street = [recipient, ", ".join(filter(None, street))]
    line_1, line_2 = fitted(street[0], LONGEST_LINE), fitted(street[1], LONGEST_LINE)
    return PostalAddress(line_1, line_2, zip_code, city, country)


def delivery_address(order: Order) -> PostalAddress | None:
    """Return where the goods go if that is not where the bill goes, with the recipient's name."""
    billing, shipping = order.billing, order.shipping
    recipient = _recipient(shipping)
    other_recipient = recipient if recipient != _recipient(billing) else ""
    delivery = postal_address(shipping, other_recipient)
    return None if delivery == postal_address(billing) else delivery


def _recipient(address: Address) -> str:
    person = cleaned(f"{address.first_name} {address.last_name}")
    return ", ".join(filter(None, (cleaned(address.company), person)))


# -- the references by which people and machines recognise an order -------------------------------

LONGEST_REFERENCE = 50  # poweroffice/facts.md, "References"
LARGEST_NUMBER = 2**63 - 1  # ImportedOrderNo is an int64


def hash_of(address: str) -> str:
    """Return ten characters that tell shops apart, by the address that each had first."""
    return short_hash(shop_at(address))[:10]


def short_hash(text: str) -> str:
    """Return twenty characters that tell texts apart and do not show them."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def sales_order_reference(settings: Settings, order_id: int) -> str:
    """Return the ExternalImportReference for an order that has none yet: prefix and id."""
    return f"{settings.orders.number_prefix}{order_id}"[:LONGEST_REFERENCE]


def matching_reference(settings: Settings, order_id: int) -> str:
    """Return the CustomMatchingReference of an order: the same whatever the prefix is."""
    return f"woo-{hash_of(settings.first_address)}-{order_id}"


def of_generation(settings: Settings, order_id: int, generation: int) -> tuple[str, str]:
    """Return both references of an order whose documents were closed `generation` - 1 times."""
    again = "" if generation == 1 else f"-{generation}"
    own = sales_order_reference(settings, order_id), matching_reference(settings, order_id)
    return own[0] + again, own[1] + again


def refund_reference(reference: str, refund_id: int) -> str:
    """Return the reference of a refund's credit note, from its order's."""
    return f"{reference}-r{refund_id}"[:LONGEST_REFERENCE]


def generation_after(matching_reference: str, seen: DocumentSeen) -> int:
    """Return the generation that an order is in, to judge by one of its documents.

    `matching_reference` is the order's own, of its first generation. The credit note of a whole
    invoice ends a generation.
    """
    rest = seen.matching_reference.removeprefix(matching_reference)
    later = re.match(r"-(\d+)", rest)
    return (int(later[1]) if later else 1) + credits_whole(seen)


def credits_whole(seen: DocumentSeen) -> bool:
    """Tell whether a document is the credit note of an order that was off after its invoice."""
    return seen.reference.endswith("-c") and seen.invoice_no is not None


def shown_number(order: Order, settings: Settings) -> str:
    """Return the order number as people see it in PowerOffice: prefix and number."""
    number = " ".join(order.number.split()) or str(order.id)
    return f"{settings.orders.number_prefix}{number}"[:LONGEST_REFERENCE]


def imported_order_no(order: Order) -> int | None:
    """Return the order's number where it is a plain whole number, else None."""
    number = order.number
    if not (number.isascii() and number.isdecimal()) or str(int(number)) != number:
        return None
    return int(number) if 0 < int(number) <= LARGEST_NUMBER else None
