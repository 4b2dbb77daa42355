"""The month's proof: a good month agrees, and each kind of difference is found alone."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import hosts
import pytest
from proving import *
from served import served
from stories import business, invoice
from world import World

from woo2po.order import read_order
from woo2po.proof import Period, Proof, proof_csv, proof_html, proof_text
from woo2po.proof.showing import ProofWording
from woo2po.proof.values import shop_order
from woo2po.sandbox.shop_orders import Goods, amounts, refund_of

BY_METHOD: dict[str, Any] = {"refunded_payment": True}
DRAFTS: dict[str, Any] = {"invoices": {"create": False, "when": "processing"}}


@pytest.fixture
def world(tmp_path) -> World:
    """A shop with two orders of 5 October, invoiced and paid that day."""
    world = business(tmp_path)
    world.sells(101, HAT, COFFEE)
    world.sells(102)
    world.settle()
    world.wait(300)
    return world


def with_draft(folder: Path) -> World:
    """Return a shop with an order whose draft a person is to invoice."""
    world = business(folder, **DRAFTS)
    world.sells(101)
    world.settle()
    return world


def gives_back(world: World, order_id: int, *quantities: int, **more: Any) -> int:
    """Refund pieces of an order's lines (a day in November); return the refund's id."""
    refund = refund_of(world.shop.orders[order_id], quantities)
    return world.shop.add_refund(order_id, {**refund, **more})


def vat_of(proof: Proof) -> list[int]:
    return [one.books for key, one in turned(proof).items() if key[-1] == "vat"]


# -- what agrees -----------------------------------------------------------------------------------


def test_a_good_month_agrees_in_few_requests(world):
    """Days, rates and accounts are equal to the øre; each list is read once."""
    world.go.requests.clear()
    world.shop.requests.clear()
    proof = prove(world)
    assert (proof.agrees, proof.orders, proof.refunds, off(proof)) == (True, 2, 0, 0)
    assert proof.by(lambda under: under.day) == {date(2026, 10, 5): (277560, 277560, 0)}
    assert vat_of(proof) == [51960, 2317]
    assert proof.clearing[1903].flows["captured"] == 277560
    assert (len(world.go.requests), len(world.shop.requests)) == (11, 3)


@pytest.mark.parametrize("old", [False, True])
def test_a_refund_stands_in_its_own_month(world, old):
    """The sale is October's, its refund November's; an older shop has no list of all refunds."""
    gives_back(world, 101, 1, 0, **BY_METHOD)
    world.settle()
    assert prove(world, old=old).agrees
    november = prove(world, NOVEMBER, old=old)
    assert (november.agrees, november.refunds) == (True, 1)
    assert november.total().books == -129900
    assert november.clearing[1903].opening == 277560
    account = november.clearing[1903]
    assert account.flows["returned"] == -129900
    left = {number: one.left for number, one in account.left().items()}
    assert left == {"101": 17760, "102": 129900}


def test_an_invoice_of_the_next_month_is_explained(tmp_path):
    """A draft of October that a person invoices on 1 November differs in neither month."""
    world = with_draft(tmp_path)
    world.company.invoice_by_hand("shop_101", date(2026, 11, 1))
    world.wait(4000)
    world.settle()
    for period in (OCTOBER, NOVEMBER):
        proof = prove(world, period)
        assert (found(proof), told(proof)) == ([], [("other_period", "101")])
        assert off(proof) == 0
    assert prove(world, OCTOBER).total().explained == -129900
    assert told(prove(world, BOTH)) == []
    world.shop.edit(101, total="1399.00")  # what differs, differs where it is booked
    assert [off(prove(world, period)) for period in (OCTOBER, NOVEMBER)] == [0, -10000]


def test_an_order_returned_whole_before_its_invoice_needs_no_documents(tmp_path):
    """The draft is deleted; sale and refund outweigh each other, each on its day."""
    world = with_draft(tmp_path)
    gives_back(world, 101, 1, **BY_METHOD)
    world.settle()
    proof = prove(world, BOTH)
    assert (found(proof), off(proof)) == ([], 0)
    assert told(proof) == [("returned_before", "101")] * 2


def goes_on(world: World, day: str, *acts: Callable[[World], object]) -> None:
    """Let something happen on a day, and the job see it."""
    world.arrive_at(datetime.fromisoformat(f"2026-{day}T12:00:00+00:00"))
    for act in acts:
        act(world)
    world.settle()


ORDERED = "2026-10-20T10:00:00"
PAID = {"date_created_gmt": ORDERED, "date_paid_gmt": ORDERED}
RESERVED = {"date_created_gmt": ORDERED, "date_paid": None, "date_paid_gmt": None}


def buys(*goods: Goods, **more: Any) -> Callable[[World], object]:
    return lambda world: world.sells(103, *goods or (HAT,), **{**PAID, **more})


def becomes(status: str) -> Callable[[World], object]:
    return lambda world: world.shop.set_status(103, status)


def returns(*quantities: int, **more: Any) -> Callable[[World], object]:
    return lambda world: gives_back(world, 103, *quantities, **more)


def captures(*amount: int) -> Callable[[World], object]:
    return lambda world: world.shop.capture(103, *map(Decimal, amount))


def reserves(world: World, **more: Any) -> None:
    buys(**RESERVED, **more)(world)
    world.shop.reserve(103, "vipps")


def reserves_euro(world: World) -> None:
    reserves(world, currency="EUR")
    keys = [one for one in world.shop.orders[103]["meta_data"] if one["key"] != "_vipps_currency"]
    euro = {"id": 99, "key": "_vipps_currency", "value": "EUR"}
    world.shop.edit(103, meta_data=[*keys, euro])


UNPAID: dict[str, Any] = {**RESERVED, "payment_method": "cod"}
# Of the order 103: on which days (the orders of 20 October) what happens.
STORIES: dict[str, list[tuple[Any, ...]]] = {
    "reserved, captured in the next month": [("10-20", reserves), ("11-04", captures())],
    "captured in parts, in three months": [
        ("10-20", reserves), ("10-28", captures(300)), ("11-04", captures(300)),
        ("12-01", captures())],
    "captured in part, in another currency": [
        ("10-20", reserves_euro), ("10-28", captures(300)), ("11-04", captures(300))],
    "paid, cancelled in the next month": [("10-20", buys()), ("11-05", becomes("cancelled"))],
    "paid, refunded and cancelled in the next month": [
        ("10-20", buys()), ("11-05", returns(1, **BY_METHOD), becomes("cancelled"))],
    "reserved, cancelled, taken up again, refunded in part": [
        ("10-20", reserves), ("10-21", becomes("cancelled")), ("10-22", becomes("processing")),
        ("11-04", captures()), ("11-05", returns(1, **BY_METHOD))],
    "never paid, invoiced, refunded whole in the next month": [
        ("10-20", buys(**UNPAID)), ("11-04", returns(1), becomes("refunded"))],
    "never paid, refunded piece by piece in two months": [
        ("10-20", buys(replace(HAT, quantity=2), **UNPAID)), ("11-04", returns(1)),
        ("12-01", returns(1), becomes("refunded"))],
    "paid, cancelled and credited, and the money returned in the next month": [
        ("10-20", buys()), ("10-25", becomes("cancelled")), ("11-04", returns(1, **BY_METHOD))],
    "paid, cancelled and credited, and made refunded in the next month": [
        ("10-20", buys()), ("10-25", becomes("cancelled")),
        ("11-04", returns(1, **BY_METHOD), becomes("refunded"))],
    "paid, cancelled in the next month, and taken up again": [
        ("10-20", buys()), ("11-02", becomes("cancelled")), ("11-04", becomes("processing"))],
    "for nothing, and refunded before it is invoiced": [
        ("10-20", buys(Goods(price="0.00"), status="refunded"))],
    "paid, then in a status of the shop's own": [
        ("10-20", buys()),
        ("10-25", lambda world: world.shop.statuses.append("to-be-fetched"),
         becomes("to-be-fetched"))],
    "a refund without lines, then one by lines that needs more of a rate than is left": [
        ("10-20", buys(HAT, COFFEE)),
        ("11-04", lambda world: world.shop.add_refund(103, {"amount": "500.00", **BY_METHOD})),
        ("11-05", returns(0, 2, **BY_METHOD))],
}  # fmt: skip


def test_the_vat_of_a_shop_in_whole_kroner_may_be_off_by_half_of_one_a_line(world):
    """Also where it is so little that the shop says 0."""
    said = []
    amounts = (("260", "259.80"), ("0", "0.05"), ("259.80", "259.80"), ("260", "260"))
    for total, taxes in amounts:
        line = world.shop.orders[102]["line_items"][0]
        tax = {"id": 1, "total": taxes, "subtotal": taxes}
        world.shop.edit(102, line_items=[{**line, "total_tax": total, "taxes": [tax]}])
        order = read_order(world.shop.orders[102])
        said.append(shop_order(order, (), world.settings).sale.tolerance)
    assert said == [51, 51, 1, 1]


@pytest.mark.parametrize("name", STORIES)
def test_what_goes_on_over_months_agrees_in_each(tmp_path, name):
    """The invoice is of another month than its money, its credit note or its refunds."""
    world = business(tmp_path)
    for day, *acts in STORIES[name]:
        goes_on(world, day, *acts)
    goes_on(world, "12-05", lambda world: world.wait(300))
    for month in (OCTOBER, NOVEMBER, Period(date(2026, 12, 1), date(2026, 12, 31))):
        proof = prove(world, month)
        assert (found(proof), off(proof)) == ([], 0), month


def test_what_is_left_of_a_cancelled_order_is_credited_and_no_more(tmp_path):
    """88.80 are credited; the remedy is that of the hold, for who signs and for who runs the job;
    the credit note is let stand.
    """
    world = business(tmp_path)
    goes_on(world, "10-20", buys(HAT, COFFEE))
    goes_on(world, "11-04", returns(0, 1, **BY_METHOD))
    goes_on(world, "11-20", becomes("cancelled"))
    assert world.held() == {"103": "cancelled_after_refunds"}
    proof = prove(world, BOTH)
    assert found(proof) == [("off_invoice", "103"), ("off_credit", "103")]
    do, todo = (ProofWording(proof, "en", signs=signs).found("differences")[0].notes
                for signs in (True, False))  # fmt: skip
    assert do == [
        "Credit the rest of the invoice by hand in PowerOffice, and post the money that went back."
    ]
    assert todo[0].endswith('then: `woo2po skip 103 --reason "..."`.')


@pytest.mark.parametrize(
    ("sections", "more"),
    [({}, {"total_below_lines"}),
     ({"discounts": {"transfer_vat": False, "product": "RABATT0"},
       "gift_cards": {"hidden": "gift_card", "product": "GAVEKORT"}}, set())],
    ids=["as it comes", "discounts without VAT, and gift cards"],
)  # fmt: skip
def test_the_recorded_orders_are_all_explained(tmp_path, sections: dict[str, Any], more: set[str]):
    """What is missing is held, with its reason; what is open is money returned outside."""
    world = business(tmp_path, woocommerce={"orders_from": date(2020, 1, 1)}, **sections)
    world.shop.load_recorded()
    world.settle(at_most=12)
    proof = prove(world, Period(date(2026, 9, 1), date(2026, 12, 31)))
    missing = [pair for pair in proof.differences if pair.code == "missing"]
    reasons = {pair.why.code for pair in missing if pair.why}
    assert reasons == {"foreign_vat", "two_rates_at_once"} | more
    assert {pair.number for pair in missing} == set(world.held())
    assert {code for code, _ in found(proof)} == {"missing", "returned_outside"}
    assert off(proof) == -sum(pair.shop.amount for pair in missing if pair.shop)


def test_money_is_judged_by_balances_where_no_posting_tells_its_order(world):
    """The ledger may not be read, or shows other texts than were sent; the proof says which."""
    postings = world.company.postings
    postings[:] = [one.but(description="Bank") for one in postings]
    proof = prove(world)
    assert (proof.agrees, [code for code, _ in proof.limits]) == (True, ["reconcile_unnamed"])
    assert proof.clearing[1903].flows["other"] == 277560
    world.faults.privileges.discard("AccountTransaction_Full")
    proof = prove(world)
    assert (found(proof), off(proof), sorted(vat_of(proof))) == ([], 0, [2317, 51960])
    assert [code for code, _ in proof.limits] == ["may_not_read_transactions"]
    assert {under.code for under, _ in proof.turnover} == {""}  # nobody has seen them
    assert (proof.agrees, ProofWording(proof, "en").level) == (False, "unread")


# -- what differs, one by one ----------------------------------------------------------------------


def hand_credit(world: World, day: date) -> None:
    world.company.credit_invoice(invoice(world, "shop_102").invoice_no, day)


def test_a_draft_that_stands_is_found(tmp_path):
    """A sale that nobody invoiced; and the draft of an order that is off, whenever it was."""
    world = with_draft(tmp_path)
    assert found(prove(world)) == [("draft", "101")]
    world.shop.set_status(101, "failed")
    assert ("off_draft", "101") in found(prove(world))
    world.shop.delete(101)
    assert found(prove(world)) == [("off_draft", "id:101")]


def test_refunds_and_credit_notes_find_each_other(world):
    """What one has without the other is found; a credit note by hand names its invoice alone."""
    refund = gives_back(world, 101, 1, 0, **BY_METHOD)
    whole = gives_back(world, 102, 1, **BY_METHOD)  # whose invoice is of another month
    proof = prove(world, NOVEMBER)
    assert {number for code, number in found(proof) if code == "not_credited"} == {"101", "102"}
    assert off(proof) == 2 * 129900
    world.shop.delete_refund(102, whole)
    world.settle()
    world.shop.delete_refund(101, refund)
    assert {code for code, _ in found(prove(world, NOVEMBER))} == {"taken_back", "payment_odd"}
    hand_credit(world, date(2026, 11, 20))
    assert ("hand_credit", "102") in found(prove(world, NOVEMBER))
    gives_back(world, 102, 1, **BY_METHOD)
    proof = prove(world, NOVEMBER)
    assert ("hand_credited", "102") in told(proof)
    assert ("hand_credit", "102") not in found(proof)


def test_a_credit_by_hand_of_the_month_before_is_found_for_a_refund(world):
    hand_credit(world, date(2026, 10, 31))
    gives_back(world, 102, 1)
    proof = prove(world, NOVEMBER)
    assert ("hand_credited", "102") in told(proof)
    assert (off(proof), {code for code, _ in found(proof)} & {"not_credited"}) == (0, set())


def test_a_credit_by_hand_of_another_amount_is_one_thing(world):
    """1 476.60 instead of the hat's 1 299.00."""
    world.company.credit_invoice(invoice(world, "shop_101").invoice_no, date(2026, 11, 20))
    gives_back(world, 101, 1, 0)
    proof = prove(world, NOVEMBER)
    assert [pair.code for pair in proof.differences if not pair.money] == ["amount"]
    assert off(proof) == -17760


def test_money_returned_outside_the_payment_method_is_found_while_it_is_open(world):
    """Somebody has to find it; once it is booked, all agrees."""
    gives_back(world, 101, 1, 0)
    world.settle()
    assert found(prove(world, NOVEMBER)) == [("returned_outside", "101")]
    note = next(n for n in world.company.outgoing_invoices.values() if n.total_amount < 0)
    note.entry.balance = Decimal(0)
    assert prove(world, NOVEMBER).agrees


@pytest.mark.parametrize(("changed", "wanted"), [
    ({"description": "101 vipps"}, []), ({"account_no": 1904}, ["account"]),
    ({"account_no": 2960}, ["payment_missing"]),
    ({"copy": True, "description": "101 vipps"}, ["payment_amount"]),
    ({"amount": Decimal(7000), "description": "101 vipps"}, ["payment_amount"]),
])  # fmt: skip
def test_money_in_another_currency_is_compared_too(tmp_path, changed, wanted):
    """1 299.00 EUR; the kroner tell by the rate of its invoice."""
    world = business(tmp_path)
    world.sells(101, HAT, currency="EUR")
    world.settle()
    world.wait(300)
    post(world, 1903, "101 ", **changed)
    assert [code for code, _ in found(prove(world))] == wanted


def test_poweroffices_own_invoice_fee_is_told_for_what_it_is(tmp_path):
    """50.00 and its VAT above what the shop sold: nobody is to credit the sale."""
    world = business(tmp_path)
    world.company.invoice_fee = Decimal(50)
    world.sells(101, HAT, billing={"company": "Fjell AS"})
    world.settle()
    (pair,) = (one for one in prove(world).differences if not one.money)
    assert (pair.code, pair.off) == ("fee_added", 6250)


def test_an_export_that_is_invoiced_in_the_next_month_is_explained(tmp_path):
    """Its postings are November's, and not read in October."""
    world = business(tmp_path, **DRAFTS, payments={"register": False})
    world.sells(101, HAT)
    world.sells(102, Goods("GEN-001", "1039.20", 0), billing=ABROAD, shipping=ABROAD)
    world.settle()
    for order_id, day in ((101, date(2026, 10, 5)), (102, date(2026, 11, 1))):
        world.company.invoice_by_hand(f"shop_{order_id}", day)
    proof = prove(world)
    assert (found(proof), told(proof)) == ([], [("other_period", "102")])


@pytest.mark.parametrize(("edited", "wanted"), [
    ({"number": "2026-0101"}, []), ({"transaction_id": "other"}, []),
    ({"payment_method": "klarna"}, [("account", "101")]),
])  # fmt: skip
def test_a_payment_that_names_the_order_as_it_was_is_not_missing(tmp_path, edited, wanted):
    """Its invoice is paid: nobody is to post it a second time."""
    world = business(tmp_path, payments={"register": True,
                                         "accounts": {"vipps": 1903, "klarna": 1904}})  # fmt: skip
    world.sells(101, HAT, transaction_id="T1")
    world.sells(102, COFFEE)
    world.settle()
    world.shop.edit(101, **edited)
    assert found(prove(world)) == wanted


def test_money_is_proved_as_the_job_saw_it_captured(tmp_path):
    """101 was completed in October and captured in November; 102 was raised after its capture."""
    accounts = {"klarna_payments": 1904, "stripe": 1905}
    world = business(tmp_path, invoices={"create": True, "when": "completed"},
                     payments={"register": True, "accounts": accounts})  # fmt: skip
    world.arrive_at(datetime(2026, 10, 28, 12, tzinfo=UTC))
    unpaid = {"status": "pending", "date_paid": None, "date_paid_gmt": None}
    now = {"date_created_gmt": "2026-10-28T11:00:00", "date_completed_gmt": None}
    for order_id, method in ((101, "klarna_payments"), (102, "stripe")):
        world.sells(order_id, HAT, **unpaid, **now, payment_method=method,
                    email=f"{order_id}@example.no")  # fmt: skip
        world.shop.reserve(order_id)
    world.shop.capture(102)
    world.shop.set_status(101, "completed")
    world.settle()
    world.wait(2 * 86400)
    world.shop.put({**world.shop.orders[102], **amounts([HAT, COFFEE])})
    world.shop.set_status(102, "completed")
    world.settle()
    world.arrive_at(datetime(2026, 11, 3, 12, tzinfo=UTC))
    world.shop.capture(101)
    world.settle()
    proofs = [prove(world, period) for period in (OCTOBER, NOVEMBER, BOTH)]
    assert [(found(proof), told(proof)) for proof in proofs] == [
        ([], [("payment_day", "101")])] * 3  # fmt: skip
    assert [one.balance for one in world.company.outgoing_invoices.values()] == [
        0,
        Decimal("177.60"),
    ]


def test_what_a_gateway_has_in_parts_and_the_job_did_not_post_is_missing(tmp_path):
    """500.00 of 1 299.00 are posted; the job did not run since the rest was captured."""
    world = business(tmp_path)
    world.sells(101, HAT, status="pending", date_paid=None, date_paid_gmt=None)
    world.shop.reserve(101, "vipps")
    world.shop.capture(101, Decimal(500))
    world.settle()
    assert found(prove(world, BOTH)) == []
    world.shop.capture(101)
    assert found(prove(world, BOTH)) == [("payment_amount", "101")]


def test_a_payment_that_somebody_registered_is_not_missing(world):
    """Beside others of the job's: its invoice is paid, and the money is there."""
    post(world, 1903, "101 ", description="Innbetaling", day=date(2026, 10, 9))
    assert (found(prove(world)), told(prove(world))) == ([], [("payment_day", "101")])


CHANGED = {  # what is set otherwise on 20 October, and what is found of what was booked before
    "question 12": ({"discounts": {"transfer_vat": False, "product": "RABATT0"}},
                    [("vat", "33")]),
    "where money is posted": ({"payments": {"accounts": {"vipps": 1905}}},
                              [("account", "101"), ("account", "33")]),
    "what is paid by its invoice": (
        {"payments": {"unpaid_methods": ["bacs", "cheque", "vipps"]}}, []),
    "the prefix of numbers": ({"orders": {"number_prefix": "ny_"}}, []),
    "when it is invoiced": ({"invoices": {"when": "completed"}}, []),
    "which money goes back": ({"refunds": {"register_payment": "never"}}, []),
    "where the shop's orders begin": ({"woocommerce": {"orders_from": date(2026, 10, 15)}}, []),
    "which status is sold": ({"woocommerce": {"statuses": ["completed"]}}, []),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGED)
def test_what_was_booked_under_other_settings_is_not_to_be_undone(tmp_path, what):
    """It stands, or is told for what it is: nobody is to credit it, or post it a second time."""
    world = business(tmp_path)
    world.sells(101, HAT, COFFEE)
    world.loads("coupon-fixed-cart-mixed-vat")
    world.settle()
    gives_back(world, 101, 1, 0, date_created_gmt="2026-10-05T12:00:00", **BY_METHOD)
    world.settle()
    settings, wanted = CHANGED[what]
    assert found(prove(world)) == []
    world.configure(**settings)
    world.sells(102, status="packing")
    world.run()
    assert sorted({*found(prove(world))}) == wanted


MADE = {"nb": "23.11.2026 19:00", "en": "2026-11-23 19:00"}


@pytest.fixture(scope="module")
def proof(tmp_path_factory):
    """Of a month in which much is odd: one order's number, method and status are hostile."""
    return prove(odd_month(tmp_path_factory.mktemp("shop")))


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_page_holds_nothing_of_what_a_shop_wrote_but_text(proof, language):
    """No script, no address to the outside, no mark that turns the text around; and whose it is."""
    page = proof_html(proof, language)
    assert not {"script", "img", "iframe", "a"} & set(re.findall(r"<(\w+)", page))
    assert re.findall(r'(?:src|href)="([^"]*)"', page) == ["data:,"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert not {"\u202e", "\x1b"} & set(page)
    assert set(re.findall(r"https?://[^&<]+", page)) == {"http://x", "https://shop.example"}
    demo = {"nb": "(demomiljøet)", "en": "(demo environment)"}[language]
    for said in ("https://shop.example", f"Fjellbutikken AS {demo}", MADE[language]):
        assert f"<b>{said}</b>" in page
    assert "counter(page)" in page
    assert {"nb": "Kontrollert av", "en": "Checked by"}[language] in page
    assert page.count("<rect") == 2 * 31, "sales per day of both are drawn"
    # What an accountant cannot type says who can: a page has neither a shell nor a configuration.
    assert ("For whoever runs the job: If no reason stands here" in page) == (language == "en")


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_sheet_is_what_a_norwegian_excel_opens(proof, language):
    """A byte order mark, semicolons, decimal commas; and no cell is a formula."""
    sheets = proof_csv(proof, language)
    assert set(sheets) == {"", "-turnover", "-clearing", "-receivables", "-completeness"}
    cells = []
    for sheet in sheets.values():
        assert sheet.startswith(b"\xef\xbb\xbf")
        text = io.StringIO(sheet.decode("utf-8-sig"), newline="")
        cells += [cell for row in csv.reader(text, delimiter=";") for cell in row]
    assert "1299,00" in cells
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    amount = re.compile(r"-\d+,\d\d")
    risky = [cell for cell in cells if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}]
    assert [cell for cell in risky if not amount.fullmatch(cell)] == []


def test_the_terminal_alone_cuts_what_is_long(tmp_path):
    """A month of drafts does not bury the tables; the page has it all."""
    world = business(tmp_path)
    for number in range(101, 126):
        world.sells(number)
    year = type(OCTOBER)(OCTOBER.first.replace(month=1), OCTOBER.last.replace(month=12))
    proof = prove(world, year)
    assert len(proof.differences) == 25
    text, page = proof_text(proof, "en"), proof_html(proof, "en")
    assert "5 more rows; --csv has them all." in text
    assert [one for one in (text, page) if re.search(r"\b125\b", one)] == [page]
    assert page.count("If no reason stands here") == 1


def test_the_command_writes_page_and_sheet_and_ends_as_it_found(tmp_path, monkeypatch):
    def ends(both, first, last, *options):
        return both.woo2po("reconcile", "--from", first, "--to", last, *options).exit_code

    with served(tmp_path, ["b2c-vipps-simple"]) as both:
        done = {"status": "completed", "date_completed_gmt": "2026-10-06T10:00:00"}
        both.shop.edit(next(iter(both.shop.orders)), **done)
        page, sheet = tmp_path / "p.html", tmp_path / "p.csv"
        october = ("2026-10-01", "2026-10-31")
        assert ends(both, *october, "--html", str(page), "--csv", str(sheet)) == 1
        assert page.read_text("utf-8").startswith("<!doctype html>")
        assert sheet.read_bytes().startswith(b"\xef\xbb\xbf")
        monkeypatch.chdir(tmp_path)
        both.woo2po("reconcile", "--month", "2026-10", "--html", "--csv")
        assert Path("proof-2026-10-01-2026-10-31.html").stat().st_size == page.stat().st_size
        assert Path("proof-2026-10-01-2026-10-31-turnover.csv").exists()
        assert ends(both, "2026-03-01", "2026-03-31") == 0
        assert both.woo2po("reconcile", "--month", "0001-01").exit_code == 0
        assert ends(both, "2026-10-01", "9999-12-31") == 1
        assert ends(both, *reversed(october)) == 2
        last = datetime.now(ZoneInfo("Europe/Oslo")).date().replace(day=1) - timedelta(days=1)
        assert f"{last:%Y-%m}-01 to {last}" in both.woo2po("reconcile").output
        assert "2026-09-01 to 2026-10-31" in both.woo2po("reconcile", "--term", "5/2026").output
        for half in (("--from", "2026-10-01"), ("--month", "2026-10", "--term", "5/2026")):
            assert both.woo2po("reconcile", *half).exit_code == 2
        ahead = both.woo2po("reconcile", "--term", "1/2099")
        assert (ahead.exit_code, "2099-01-01" in ahead.output) == (2, True)
        assert ends(both, *october, "--csv", str(tmp_path / "no" / "p.csv")) == 2
        both.shop.before_each = hosts.maintenance
        assert ends(both, *october) == 3
