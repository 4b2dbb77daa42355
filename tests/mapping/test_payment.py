"""The payment that is booked on an order's invoice, and the account that it is debited to."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.mapping.company import VAT_CODES, settings
from tests.mapping.golden import recorded
from tests.mapping.orders import line, order
from tests.mapping.refunds import TODAY, company, told
from woo2po.catalogue import Account
from woo2po.documents import PaymentWanted, VoucherKind
from woo2po.holds import Hold
from woo2po.mapping import payment_of
from woo2po.order import Order
from woo2po.settings import Settings


def registering(dimensions: dict[str, str] | None = None, **keys: Any) -> Settings:
    said = {"register": True, "accounts": {"vipps": 1903}, **keys}
    return settings(payments=said, dimensions=dimensions or {})


def paid(**changed: Any) -> Order:
    return order(line("100"), **{"date_paid_gmt": "2026-11-04T08:00:00", **changed})


def payment(given: Order, lock: date | None = None, **keys: Any) -> Any:
    return payment_of(given, registering(**keys), company(lock), TODAY)


def test_a_paid_order_is_debited_to_its_methods_account() -> None:
    """The whole total, on the day paid, in the order's currency, by bank journal."""
    assert payment(paid()) == PaymentWanted(
        VoucherKind.BANK, 19030, 1903, date(2026, 11, 4), Decimal("125.00"), "NOK"
    )


def test_no_payment_is_booked_unless_asked_for() -> None:
    """Question 5 is answered no by default."""
    assert payment_of(paid(), settings(), company(), TODAY) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"payment_method": "bacs"},  # the bank's file closes it, paid in the shop or not
        {"date_paid_gmt": None},  # it may appear later
        {"total": "0.00", "line_items": [line("0")]},
    ],
)
def test_what_brought_no_money_has_no_payment(changed: dict[str, Any]) -> None:
    """Paid by invoice, not said to be paid, or nothing to pay."""
    assert payment(paid(**changed)) is None


def test_an_order_paid_by_gift_card_alone_has_no_payment() -> None:
    """The card's line closes it; the shop says it is paid, by no method."""
    assert payment(recorded("plugin-pw-gift-card-all")) is None


def test_a_method_that_stands_nowhere_goes_to_the_bank_account_only_if_that_is_written() -> None:
    """The default 1920 is an offer, not an answer: a clearing account is the owner's choice."""
    given = paid(payment_method="klarna_payments")
    code, text = told(payment(given))
    assert code == "payment_account_not_set"
    assert "klarna_payments" in text
    assert payment(given, bank_account=1920).account_no == 1920


def test_a_payment_without_a_method_needs_the_bank_account() -> None:
    """An administrator may set an order to completed without one."""
    given = recorded("admin-order-never-paid-date")
    assert payment(given) is None
    given = given.model_copy(update={"date_paid_gmt": given.date_completed_gmt})
    assert told(payment(given))[0] == "payment_method_missing"
    assert payment(given, bank_account=1920).account_no == 1920


def test_cash_goes_by_cash_journal_to_the_cash_account() -> None:
    """By the method's own type, or where cash is the default."""
    given = recorded("cash-local-pickup")
    for keys in ({"types": {"cod": "cash"}}, {"default_type": "cash"}):
        made = payment(given, **keys)
        assert (made.kind, made.account_no, made.day) == (
            VoucherKind.CASH, 1900, date(2026, 10, 6))  # fmt: skip


def test_the_methods_own_account_goes_before_that_of_its_type() -> None:
    """A till with an account of its own is cash too."""
    made = payment(recorded("cash-local-pickup"), types={"cod": "cash"}, accounts={"cod": 1903})
    assert (made.kind, made.account_no) == (VoucherKind.CASH, 1903)


def test_the_methods_id_decides_never_its_title() -> None:
    """Nets' Vipps is settled by Nets."""
    given = paid(payment_method="nets_easy_vipps", payment_method_title="Vipps")
    assert told(payment(given))[0] == "payment_account_not_set"


GOOD = Account(19030, 1903, VAT_CODES["0"])


@pytest.mark.parametrize(
    ("account", "code"),
    [
        (replace(GOOD, active=False), "payment_account_inactive"),
        (replace(GOOD, vat_code=VAT_CODES["3"]), "payment_account_with_vat"),
        (replace(GOOD, needs_department=True), "payment_account_department"),
        (replace(GOOD, needs_project=True), "payment_account_project"),
    ],
)
def test_an_account_that_cannot_take_a_payment_is_named(account: Account, code: str) -> None:
    """The number and the key stand in the text."""
    got, text = told(payment_of(paid(), registering(), company(a1903=account), TODAY))
    assert got == code
    assert "1903 (payments.accounts.vipps)" in text


def test_an_account_that_needs_a_dimension_takes_no_payment_even_with_one_configured() -> None:
    """A voucher's line would have to name it by its id, which [dimensions] does not have."""
    account = replace(GOOD, needs_department=True, needs_project=True)
    chosen = registering({"department": "10", "project": "7"})
    made = payment_of(paid(), chosen, company(a1903=account), TODAY)
    assert isinstance(made, Hold)


def test_an_account_without_vat_code_takes_a_payment() -> None:
    """Code 0 and no code are the same to a balance account."""
    there = company(a1903=replace(GOOD, vat_code=None))
    assert isinstance(payment_of(paid(), registering(), there, TODAY), PaymentWanted)


@pytest.mark.parametrize(
    ("keys", "key"),
    [
        ({"accounts": {"vipps": 1999}}, "payments.accounts.vipps"),
        ({"accounts": {}, "bank_account": 1999}, "payments.bank_account"),
        ({"default_type": "cash", "accounts": {}, "cash_account": 1999}, "payments.cash_account"),
    ],
)
def test_an_account_that_does_not_exist_is_held_with_its_key(
    keys: dict[str, Any], key: str
) -> None:
    """Whichever key named it."""
    code, text = told(payment(paid(), **keys))
    assert code == "payment_account_missing"
    assert f"1999 ({key})" in text


def test_a_payment_of_a_locked_period_is_moved_as_its_invoice_is() -> None:
    """To the first open day, or held."""
    assert payment(paid(), lock=date(2026, 11, 30)).day == date(2026, 12, 1)
    chosen = settings(
        payments={"register": True, "accounts": {"vipps": 1903}},
        invoices={"locked_period": "hold"},
    )
    made = payment_of(paid(), chosen, company(date(2026, 11, 30)), TODAY)
    assert told(made)[0] == "period_locked"


def test_a_payment_of_a_day_still_to_come_is_held() -> None:
    """Midnight in Norway is the next day, also where UTC says the day before."""
    given = paid(date_paid_gmt="2026-12-31T23:30:00")
    assert told(payment(given))[0] == "day_in_future"


def test_a_part_paid_by_a_hidden_card_is_no_money() -> None:
    """The payment is the order's total; the card's line is on the invoice."""
    made = payment(recorded("plugin-pw-gift-card-part"))
    assert made.amount == Decimal("1077.80")


def test_a_payment_in_another_currency_says_so() -> None:
    """Its voucher carries the rate."""
    assert payment(paid(currency="SEK")).currency == "SEK"
