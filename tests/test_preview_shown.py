"""What a preview tells as values, its page (`--html`), its JSON, and the command's own edges."""

import json
import os
import re
import stat
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from after import business
from previewing import ORIGIN, foretold, page_of
from served import GOES, HELD, served
from world import World

from woo2po.connections import Connections
from woo2po.files import must_be_writable, write_whole
from woo2po.preview.data import json_of
from woo2po.preview.foretold import BOOKED, Becomes
from woo2po.preview.shown import FEW, html, in_the_shops_words
from woo2po.preview.sums import Summary
from woo2po.record import RunOutcome
from woo2po.sandbox.shop_orders import recorded_names

PERSONAL = ("Nordmann", "Kari", "Fjord AS", "@example", "Storgata", "912 34 567")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A shop whose orders are invoiced at once, and whose payments are registered."""
    return business(tmp_path)


def said(page: str) -> str:
    """Return the text of a page on one line."""
    body = re.sub(r"<(style|script)>.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).replace("\N{NO-BREAK SPACE}", "").split())


# -- what an order tells ---------------------------------------------------------------------------


def test_an_order_tells_what_becomes_of_it(world):
    """Transferred, held, not transferred: each with its total and what the shop says of it."""
    world.loads("b2c-two-vat-rates", "sweden-oss", "full-refund")
    goes, held, refunded = foretold(world)
    assert (goes.outcome, goes.total, goes.status, goes.day) == (
        Becomes.TRANSFERRED, Decimal("2425.70"), "processing", date(2026, 10, 5),
    )  # fmt: skip
    assert goes.exactness is not None
    assert (goes.exactness.is_sure, goes.exactness.line) == (True, 0)
    assert (goes.is_person, goes.customer) == (True, "new")
    assert [one and one.number for one in goes.accounts] == [3000, 3030, 3100, 3000, None]
    assert (held.outcome, held.reason and held.reason.code) == (Becomes.HELD, "foreign_vat")
    assert held.total == Decimal("1398.00")
    assert (refunded.outcome, refunded.total) == (Becomes.NOT_TRANSFERRED, Decimal("597.00"))


def test_an_order_with_a_held_refund_is_held_and_its_own_part_is_not(world):
    """The order itself stands as it should."""
    world.configure(refunds={"amount_only": "hold"})
    world.sells(101)
    world.settle()
    world.wait(300)
    world.shop.add_refund(101, {"amount": "300.00"})
    (order,) = foretold(world)
    assert (order.becomes, order.outcome) == (Becomes.UNCHANGED, Becomes.HELD)
    assert [one.becomes for one in order.credit_notes] == [Becomes.HELD]


def test_the_sums_of_a_page_agree_with_each_other_and_with_the_books(world):
    """Per outcome, per VAT rate and per account the same is counted, and that is what arrives.
    Page and JSON are mailed, and name nobody; a browser opens 3 kB an order at once.
    """
    world.loads(*recorded_names())
    orders = foretold(world)
    sums = Summary(orders)
    whole = sums.gone.totals["NOK"] + sums.given_back.totals["NOK"]
    assert sums.whole.totals["NOK"] == whole
    assert sum(one.gross for one in sums.rates["NOK"].values()) == whole
    assert sum(one.paid + one.returned for _, one in sums.posted_in("NOK")) == whole
    page, printed = page_of(orders, "en"), json_of(orders, RunOutcome(), ORIGIN, "nb")
    assert f" {whole:.2f} in all, less credit notes " in said(page)
    assert printed.isascii()
    assert [one for one in PERSONAL if one in page + printed] == []
    assert len(page_of((orders * 10)[:500], "nb").encode()) < 500 * 3000
    told = {
        one.documents.sales_order.reference: one.total
        for order in orders
        for one in order.parts
        if one.documents and one.becomes in BOOKED
    }
    world.settle()
    assert {one.reference: one.total for one in world.books().documents} == told


def test_the_vat_of_a_page_is_what_poweroffice_posts(world):
    """Rate by rate, where PowerOffice rounds each line."""
    world.loads("b2c-two-vat-rates", "coupon-percent", "coupon-product-and-percent")
    sums = Summary(foretold(world))
    world.settle()
    posted = [one.amount for one in world.company.postings if one.account_no == 2700]
    assert sum(posted) == -sum(one.vat for one in sums.rates["NOK"].values())


# -- the page --------------------------------------------------------------------------------------


def test_a_page_says_first_what_it_comes_to(world):
    """Three figures, what is held, the sums, order by order; of whom it is, and when made."""
    world.loads("b2c-two-vat-rates", "sweden-oss")
    page = said(page_of(foretold(world), "en"))
    places = [page.index(one) for one in ("https://shop.example", "2026-11-23 00:00",
              "1 are transferred 1 wait for you 2425.70 in all",
              "1 of 2 orders can be transferred as they are, 2425.70 in all; 1 would be held",
              "Held, and what to do", "per VAT rate", "Payments, per account",
              "Order by order", "GEN-001 account 3000", "25 % code 3")]  # fmt: skip
    assert places == sorted(places)
    assert "Fjell AS (demo environment)" in page


@pytest.mark.parametrize(
    ("names", "mood"),
    [
        (("b2c-two-vat-rates",), "good"),
        (("b2c-two-vat-rates", "sweden-oss"), "wait"),
        (("sweden-oss", "two-rates-at-once"), "bad"),
    ],
)
def test_a_page_is_green_amber_or_red_by_what_is_wrong(world, names, mood):
    """Nothing held; some; most of them. Where nothing goes there are no sums, and it says so."""
    world.loads(*names)
    page = page_of(foretold(world), "en")
    assert f'<p class="conclusion {mood}">' in page
    assert ("What is transferred, per VAT rate" in page) == (mood != "bad")
    assert mood != "bad" or "0 of 2 orders can be transferred as they are" in page


def test_a_reason_that_many_share_is_told_once(world):
    """With every order that it is about, their sum, and what each of two readers does."""
    ids = [*range(101, 101 + FEW + 1)]
    for order_id in ids:
        world.sells(order_id, payment_method="ukjent")
    page = page_of(foretold(world), "en")
    held = page[page.index("Held, and what to do") : page.index("What would become")]
    assert held.count("No account is named for payments by ukjent.") == 1
    assert f"{len(ids)} held, {1299 * len(ids)}.00 in all" in said(held)
    assert [int(one) for one in re.findall(r'href="#o(\d+)"', held)] == ids
    assert "For whoever runs the job: Name" in said(held)
    assert "<details>" in held, "a long list is folded"


def test_the_shops_words_stand_where_they_are_known(world):
    """Its name, and its statuses; what every order is is said once."""
    world.loads("b2c-two-vat-rates", "b2c-vipps-simple", "coupon-percent")
    world.configure(invoices={"create": False}, payments={"register": False})
    origin = replace(ORIGIN, name="Norsk Nettbutikk")
    page = html(foretold(world), origin, "nb", (), {"processing": "Behandler"})
    assert page.index("Norsk Nettbutikk") < page.index("<h1>")
    assert re.findall("<td>(Behandler|processing)</td>", page) == ["Behandler"] * 3
    assert page.count("blir stående som utkast") == page.count("en ny kunde (privatperson)") == 1
    assert "Betalinger, per konto" not in page, "the job posts none"


def test_a_shop_that_does_not_tell_them_keeps_no_page_back(world):
    """Then it is named by its address; and without orders there is no empty table."""

    def away(request):
        raise httpx.ConnectError("", request=request)

    asked = in_the_shops_words(world.settings, Connections(httpx.MockTransport(away)))
    assert world.in_virtual_time(asked) == ("", {})
    page = page_of([], "en")
    assert '<p class="shop">https://shop.example</p>' in page
    assert "Nothing to transfer." in page
    assert "<table" not in page


def test_what_silence_would_not_say_is_said_of_every_order(world):
    """Three are paid and one is not: each that is paid says so."""
    world.loads("b2c-two-vat-rates", "b2c-vipps-simple", "coupon-percent", "company-invoice-unpaid")
    page = said(page_of(foretold(world), "en"))
    assert page.count("payment on account 1903") == 3


def test_a_norwegian_page_has_commas_where_it_is_read_and_points_where_it_is_sorted(world):
    """What the script sorts by is a number of its own; no figure that people see has a point."""
    world.loads("b2c-two-vat-rates", "coupon-percent")
    page = page_of(foretold(world), "nb")
    assert re.findall(r'data-t="([^"]*)"', page) == ["2425.70", "2841.75"]
    assert re.findall(r'data-d="([^"]*)"', page) == ["2026-10-05"] * 2
    body = page[page.index("<body>") : page.index("<script>")]
    seen = re.sub(r"<[^>]*>", " ", body)
    assert "2\xa0425,70" in seen
    assert "78,173913" in seen
    days = r"\d\d\.\d\d\.\d{4}"
    assert {"05.10.2026", "23.11.2026"} <= {*re.findall(days, seen)}
    assert re.findall(r"\d\.\d|\d{4}-\d\d", re.sub(days, "", seen)) == []


@pytest.mark.parametrize(
    ("hostile", "plain"),
    [
        ("<b>&\"'", "&lt;b&gt;&amp;&#34;&#39;"),
        ("a\u202eb\u200bc\x1bd", "a b c d"),
        ("1\N{NO-BREAK SPACE}299", "1\N{NO-BREAK SPACE}299"),
        ("Z" + "\u0338" * 9 + "o\u0308", "Z\u0338\u0338o\u0308"),
        ("Blåbærsyltetøy 🫐", "Blåbærsyltetøy 🫐"),
    ],
)
def test_a_text_on_a_page_is_only_that_text(hostile, plain):
    """Escaped, without marks that turn, hide or cover; letters and pictures stay."""
    page = html((), replace(ORIGIN, name=hostile), "en")
    assert f'<p class="shop">{plain}</p>' in page
    (at_the_foot,) = re.findall(r'@bottom-left { content: "(.*?)" " ', page)
    assert re.fullmatch(r"(\w|\\[0-9a-f]+ )+", at_the_foot, re.ASCII)


# -- for programs ----------------------------------------------------------------------------------

WHOLE = {"version", "made_at", "shop", "company", "environment", "exit_code", "problem",
         "warnings", "counts", "vat", "payments", "orders"}  # fmt: skip
ORDER = {"order_id", "number", "status", "day", "total", "currency", "outcome", "code", "facts",
         "reason", "remedy", "customer", "sales_order_no", "invoice_no", "document", "exact",
         "invoice", "payment", "notes", "credit_notes"}  # fmt: skip


def test_the_json_keeps_its_shape(tmp_path):
    """The keys are a promise; amounts are texts with a point, days are ISO days."""
    with served(tmp_path, ["partial-refund-line", HELD]) as both:
        done = both.woo2po("run", "--dry-run", "--json")
        assert done.exit_code == 1
        assert done.stderr == ""
        whole = json.loads(done.stdout)
    assert whole.keys() == WHOLE
    assert (whole["version"], whole["exit_code"], whole["problem"]) == (1, 1, None)
    assert (whole["company"], whole["environment"]) == ("Fjellbutikken AS", "demo")
    held, order = sorted(whole["orders"], key=lambda one: one["order_id"])
    assert held.keys() == order.keys() == ORDER
    assert (held["outcome"], held["code"], held["document"]) == ("held", "foreign_vat", None)
    assert held["remedy"]
    (note,) = order["credit_notes"]
    assert note.keys() == (ORDER - {"credit_notes"}) | {"refund"}
    assert (order["total"], note["total"]) == ("3056.60", "-1478.80")
    assert order["document"]["lines"][1] == {
        "text": "Kaffe 250 g", "quantity": "4", "product": "KAF-250",
        "unit_price": "78.173913", "vat_rate": "15", "net": "312.70",
    }  # fmt: skip
    assert order["document"]["number"] == f"shop_{order['number']}"
    assert order["exact"].keys() == {"sure", "rounding_line", "ways"}
    assert order["payment"].items() >= {"account": 1903, "amount": "3056.60"}.items()
    date.fromisoformat(order["invoice"]["day"])
    assert whole["vat"][0].keys() == {"currency", "rate", "net", "vat", "total"}


def test_the_json_tells_why_there_is_no_preview(tmp_path):
    """Still one object, and the exit code is in it."""
    with served(tmp_path, [GOES]) as both:
        both.shop.misbehaviour.maintenance = True
        done = both.woo2po("run", "--dry-run", "--json")
    whole = json.loads(done.stdout)
    assert done.exit_code == whole["exit_code"] == 3
    assert whole["problem"]["code"].startswith("shop_")
    assert whole["orders"] == []


# -- the command and the file ----------------------------------------------------------------------


def test_the_command_writes_a_page_and_tells_the_sums_alone(tmp_path):
    """An older page is replaced, nothing else is left in the folder, and the shop is named; with
    `--json` nothing but the object is printed.
    """
    page = tmp_path / "pages" / "preview.html"
    page.parent.mkdir()
    page.write_text("old")
    page.chmod(0o640)
    with served(tmp_path, [GOES, HELD]) as both:
        done = both.woo2po("run", "--dry-run", "--html", str(page))
        assert (done.exit_code, both.state.exists()) == (1, False)
        assert "A run would come to: 1 transferred, 1 held." in done.stdout
        assert f"Written: {page}" in done.stdout.replace("\n", "")
        assert "GEN-001" not in done.stdout
        assert page.read_text("utf-8").startswith("<!doctype html>")
        assert '<p class="shop">Norsk Nettbutikk</p>' in page.read_text("utf-8")
        assert stat.S_IMODE(page.stat().st_mode) == 0o640
        assert list(page.parent.iterdir()) == [page]
        page.unlink()
        done = both.woo2po("run", "--dry-run", "--json", "--html", str(page))
        assert json.loads(done.stdout)["counts"] == {"transferred": 1, "held": 1}
        assert page.exists()


@pytest.mark.parametrize("option", [("--html", "p.html"), ("--json",), ("--details",)])
def test_a_run_that_transfers_shows_nothing(tmp_path, option):
    """Without --dry-run it is a wrong call: said in plain words, and nothing is asked or done."""
    with served(tmp_path, [GOES]) as both:
        done = both.woo2po("run", *option)
        assert both.shop.requests == []
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"{option[0]} shows what a run would do" in done.stderr
    assert "--dry-run" in done.stderr


def test_a_file_that_cannot_be_written_is_said_before_anything_is_read(tmp_path):
    """A mistyped folder costs no minute of waiting."""
    with served(tmp_path, [GOES]) as both:
        done = both.woo2po("run", "--dry-run", "--html", str(tmp_path / "no" / "p.html"))
        assert both.shop.requests == []
    assert done.exit_code == 2
    assert "could not be written: there is no such folder or file" in " ".join(done.stderr.split())


def test_a_reader_who_has_read_enough_is_no_failure(tmp_path):
    """`woo2po run --dry-run | head` says nothing of a program that failed."""
    reader, writer = os.pipe()
    os.close(reader)
    with served(tmp_path, [GOES]) as both:
        process = both.begun("-m", "woo2po", "run", "--dry-run", stdout=writer)
        said_ = process.communicate(timeout=60)
    os.close(writer)
    assert said_ == (None, "")


def test_half_a_preview_replaces_no_page(tmp_path):
    """What was there stays, and the terminal says so."""
    page = tmp_path / "p.html"
    page.write_text("yesterday's")
    with served(tmp_path, [GOES]) as both:
        both.go.faults.requests_per_second = None
        for nth in range(1, 20):
            both.go.faults.at("POST", "/OAuth/Token", nth, "500")
        done = both.woo2po("run", "--dry-run", "--html", str(page))
    assert done.exit_code == 3
    assert "was not written: the preview did not come to its end" in " ".join(done.stdout.split())
    assert page.read_text() == "yesterday's"


@pytest.mark.parametrize("target", ["p.html", "shared/p.html"])
def test_through_a_link_the_file_that_it_leads_to_is_written(tmp_path, target):
    """Whoever links to a shared folder keeps the link; one to itself led nowhere and gives way."""
    (tmp_path / "shared").mkdir()
    link = tmp_path / "p.html"
    link.symlink_to(tmp_path / target)
    must_be_writable(link)
    write_whole(link, b"new")
    assert link.is_symlink() == (target != "p.html")
    assert (tmp_path / target).read_bytes() == b"new"
