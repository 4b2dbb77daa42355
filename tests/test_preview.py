"""`run --dry-run`: the same way as a run; it writes nothing, and a run then does what it showed.

That nothing is written is looked after in every preview here.
"""

import json
import os
import re
import stat
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import hosts
import httpx
import pytest
from served import GOES, HELD, served
from stories import *
from world import World

from woo2po.connections import Connections
from woo2po.files import must_be_writable, write_whole
from woo2po.page import Origin
from woo2po.preview import BOOKED, Becomes, Foretold, Summary, preview
from woo2po.preview.shown import html, json_of, show_preview, words_of_shop
from woo2po.pull import WrongNumber
from woo2po.record import RunOutcome
from woo2po.run import Wish
from woo2po.sandbox.shop_orders import Goods, recorded_names

OWN_DAY = {"date_paid_gmt": "2026-10-05T10:00:00"}
DRAFTS = configure(invoices={"create": False}, payments={"register": False})
ON_COMPLETION = configure(invoices={"create": True, "when": "completed"})
FOLLOWS = {"sending", "paid"}
PERSONAL = ("Nordmann", "Kari", "Fjord AS", "@example", "Storgata", "912 34 567")
NO_ANSWER = tuple(fails("GET", "/SalesOrders/*/Complete", nth, "500") for nth in range(1, 20))


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A shop whose orders are invoiced at once, and whose payments are registered."""
    return business(tmp_path)


@step
def foretells(world, counts, *texts, numbers=(), exit_code=None, warns=()):
    """Preview a run: what it counts (None: no matter; beside what follows of itself), and texts in
    the order in which they come (see `reads`). The exit code is 1 where something is held.
    """
    outcome, shown = previewed(world, *numbers)
    counted = {name: n for name, n in outcome.counts.items() if name not in FOLLOWS}
    assert counts is None or counted == counts, outcome.counts
    held = int("held" in outcome.counts) if exit_code is None else exit_code
    assert (outcome.exit_code, tuple(outcome.warnings)) == (held, warns)
    reads(shown, *texts)


FULL = "1299.00"
BACK = {"refunded_payment": True}
# fmt: off
STORIES: dict[str, Story] = {
    # A draft, and what is there already.
    "one that is there": (
        DRAFTS, sold(),
        foretells({"unchanged": 1}, "101: sales order 1 stands as it should", numbers=("101",)),
        state_lost(),
        foretells({"made": 1}, "101: is in PowerOffice already", numbers=("101",)),
        then(writes=2)),
    "one that is new and one that changed, and the run does it": (
        DRAFTS, sold(), wait(300), sells(102), sells(101, Goods("GEN-001", "1199.00")),
        foretells({"made": 1, "changed": 1}, "101: changes sales order 1",
            "102: a customer who has bought before"), run(),
        then(counts=lambda found: (found["made"], found["changed"]) == (1, 1))),
    "products that would be made": (
        configure(products={"unknown": "create"}),
        loads("no-sku-and-comma-sku", "different-delivery-address"),
        foretells({"made": 2, "invoiced": 2})),
    "the customer that exists": (
        DRAFTS, sells(101, email="kari@example.no"), sold(102, email="ola@example.no"),
        state_lost(), wait(300), sells(103, email="KARI@example.no"),
        sells(104, email="nils@example.no"),
        foretells(None, "103: customer 10000 in PowerOffice", "104: a new customer")),
    **{f"held for its {kind} customer": (
        sold(101, email="kari@example.no"), archives(10000), state_lost(),
        configure(customers={"private": kind, "collective_number": 19999}),
        sells(102, email="kari@example.no"),
        foretells({"held": 1, "left": 1}, numbers=("102",)))
       for kind in ("individual", "collective")},
    "nothing": (
        run(), lambda w: w.go.requests.clear(),
        foretells({}, "Nothing to transfer."), that(lambda w: w.go.requests, [])),
    # Invoices, payments and what takes them back.
    "the days of a locked period": (
        company(lock_date=date(2026, 10, 31)), sells(101, **OWN_DAY),
        foretells({"made": 1, "invoiced": 1},
            "invoiced on 2026-11-01 (its own day, 2026-10-05, is in a locked period)",
            "payment 1299.00 on account 1903, 2026-11-01"), settle(),
        day_of("shop_101", date(2026, 11, 1)),
        that(lambda world: [one.day for one in vouchers(world)], [date(2026, 11, 1)])),
    "held by a locked period": (
        configure(invoices={**INVOICED, "locked_period": "hold"}),
        company(lock_date=date(2026, 10, 31)), sells(101, **OWN_DAY),
        foretells({"made": 1, "held": 1}, "is in a period that is locked until 2026-10-31"),
        settle(), then("period_locked")),
    "a draft that is invoiced now": (
        ON_COMPLETION, sold(), wait(300), status_is("completed"),
        foretells({"invoiced": 1}, "sales order 1 stands as it should", "invoiced on 2026-11-23")),
    "drafts of sales that are off": (
        DRAFTS, sells(101), sold(102), wait(300), status_is("cancelled"), refunds(FULL, 102),
        status_is("refunded", 102),
        foretells({"cancelled": 2},
            '101: is "cancelled" in the shop: its draft, sales order 1, is deleted',
            '102: is "refunded" in the shop: its draft, sales order 2, is deleted'), settle(),
        then(documents=0)),
    "a draft that somebody edited": (
        DRAFTS, sold(), person("edit_line", "shop_101", "1", product_unit_price=Decimal(1000)),
        wait(300), status_is("cancelled"),
        foretells({"held": 1}, "somebody has edited sales order 1 in PowerOffice",
            "→ Delete the sales order in PowerOffice")),
    "an invoice of a sale that is off": (
        sold(), wait(300), status_is("cancelled"),
        foretells({"cancelled": 1, "credited": 1},
            '101: is "cancelled" in the shop: invoice 10001 is credited in full',
            "credit note for the whole order shop_101-c", "total -1299.00 dated 2026-11-23"),
        settle(), then(invoiced=lambda found: found["shop_101-c"] == -1299)),
    "no credit notes wanted": (
        configure(refunds={"credit_notes": False}), sold(), wait(300), status_is("cancelled"),
        foretells({"held": 1},
            '101: It was invoiced (invoice 10001) and is now "cancelled" in the shop')),
    "a refund with the money's way back": (
        sold(), wait(300), refunds("300.00", **BACK),
        foretells({"unchanged": 1, "credited": 1}, "101: invoice 10001 stands as it should",
            "credit note for refund 102 shop_101-r102", "total -300.00 dated 2026-11-23",
            "300.00 goes back from account 1903, 2026-11-23", "! Refund",
            "has no lines: it was spread over"), settle(),
        then(invoiced=lambda found: found["shop_101-r102"] == -300),
        that(lambda w: [pair[::2] for one in vouchers(w) for pair in one.pairs], [(1903, 1299),
            (1903, -300)])),
    "a refund that is held: so is its order, whose own part is not": (
        configure(refunds={"amount_only": "hold"}), sold(), wait(300), refunds("300.00"),
        foretells({"unchanged": 1, "held": 1}, "has no lines"),
        that(lambda w: [(one.becomes, one.outcome, *(note.becomes for note in one.credit_notes))
                        for one in foretold(w)],
             [(Becomes.UNCHANGED, Becomes.HELD, Becomes.HELD)])),
    "all that follows a new order": (
        sells(101), refunds("300.00"),
        foretells({"made": 1, "invoiced": 1, "credited": 1}, "total 1299.00", "invoiced with",
            "payment on account 1903", "credit note for refund", "-300.00")),
    "changed after its invoice": (
        sold(), wait(300), sells(101, Goods("GEN-001", "999.00")),
        foretells({"held": 1}, "invoice 10001 is 1299.00, the order now comes to 999.00"), settle(),
        that(lambda w: "invoice 10001 is 1299.00" in w.reasons()["101"], True)),
    "without an answer, and looked up once it may be": (
        sells(101), fails("POST", "/SalesOrders/Complete", 1, "lost_after"), run(),
        foretells({"waiting": 1}, "101: PowerOffice has not answered yet", exit_code=3), wait(61),
        foretells({"made": 1, "invoiced": 1}, "101: sales order 1 stands as it should",
            "invoiced with its own date")),
    "a draft that cannot be read": (
        DRAFTS, sold(), wait(300), status_is("cancelled"), *NO_ANSWER,
        foretells({"failed": 1}, "101: PowerOffice has not answered yet", exit_code=3)),
    "no right to send": (
        faults(may_send=False), sells(101),
        foretells({"made": 1}, "no invoiced with", "on account 1903, once it is invoiced",
            warns=("may_not_send",))),
    "invoiced by hand, noticed in the hourly look": (
        configure(invoices={"create": False}), sold(), person("invoice_by_hand", "shop_101"),
        wait(HOUR), foretells(None, "101: invoice 10001 stands as it should")),
    "credited by hand": (
        sold(), person("credit_invoice", 10001), wait(300), refunds(FULL), status_is("refunded"),
        foretells({"unchanged": 1, "held": 1}, "was made by hand (10002)"), settle(),
        then("credited_by_hand")),
    "money back after a cancellation": (
        sold(), wait(300), status_is("cancelled"), settle(), wait(300), refunds(FULL, **BACK),
        foretells(None, "credit note for the whole order 1299.00 goes back from account 1903"),
        settle(), that(lambda w: vouchers(w)[-1].pairs[0][::2], (1903, -1299))),
    "a credit note is never dated before its invoice": (
        ON_COMPLETION, sells(101), refunds("300.00"), wait(3 * 24 * 3600), status_is("completed"),
        foretells(None, "total -300.00 dated 2026-11-26"), settle(),
        day_of("shop_101-r102", date(2026, 11, 26))),
}
# fmt: on


@pytest.mark.parametrize("name", STORIES)
def test_a_preview_shows_what_a_run_would_do(world: World, name: str) -> None:
    told(STORIES[name], world)


@pytest.mark.parametrize("when", ["processing", "completed"])
def test_a_preview_counts_what_the_run_then_does(tmp_path: Path, when: str) -> None:
    """Over all recorded orders and refunds: that is done, and arrives; after it there is nothing
    more to show. Per outcome, per VAT rate and per account the sums of a page are the same.
    """
    world = business(tmp_path, invoices={"create": True, "when": when})
    world.loads(*recorded_names())
    foreseen, text = previewed(world)
    orders = foretold(world)
    sums = Summary(orders)
    whole = sum(one.total for one in (*sums.gone, *sums.given_back))
    assert sums.whole == {"NOK": whole}
    assert sum(net + vat for _, (net, vat) in sums.rates["NOK"]) == whole
    if when == "processing":
        assert sum(paid + returned for _, (paid, returned) in sums.accounts["NOK"]) == whole
        assert len(page_of((orders * 10)[:500], "nb").encode()) < 500 * 3000
    page, printed = page_of(orders, "en"), json_of(orders, RunOutcome(), ORIGIN, "nb")
    assert f" {whole:.2f} in all, less credit notes " in said(page)
    assert printed.isascii()
    assert [one for one in PERSONAL if one in text + page + printed] == []
    told = {
        one.documents.sales_order.reference: one.total
        for order in orders
        for one in order.parts
        if one.documents and one.becomes in BOOKED
    }
    done = world.run().counts
    for name in ("made", "changed", "invoiced", "credited", "cancelled", "held", "skipped"):
        assert foreseen.counts.get(name, 0) == done.get(name, 0), name
    world.settle()
    assert {one.reference: one.total for one in world.books().documents} == told
    assert set(previewed(world)[0].counts) <= {"held", "unchanged"}


def test_a_preview_is_of_the_orders_that_were_asked_for(world: World) -> None:
    for order_id in (101, 102, 103):
        world.sells(order_id)
    for asked, due in (
        (previewed(world, "102"), ["102"]),
        (previewed(world, "#102"), ["102"]),  # as the shop shows it
        (previewed(world, "shop_102"), ["102"]),  # and PowerOffice
        (previewed(world, limit=2), ["101", "102"]),
    ):
        assert re.findall(r"^\d+(?=: )", asked[1], re.MULTILINE) == due
    with pytest.raises(WrongNumber) as caught:
        previewed(world, "999")
    assert caught.value.code == "no_such_order"
    world.sells(999, number="7")
    world.sells(998, number="#7")  # a plugin's own sign
    assert "#7" in previewed(world, "#7")[1]
    world.run()
    with pytest.raises(WrongNumber):  # a number is no id: a plugin may give it to another order
        previewed(world, "999")


ORIGIN = Origin("https://shop.example", "Fjell AS", True, datetime(2026, 11, 23, tzinfo=UTC))


def _both(world: World) -> Connections:
    return Connections(httpx.MockTransport(world.shop.answer), world.wire)


def foretold(world: World) -> list[Foretold]:
    """Return what a preview tells of each order, in the world's time."""
    _, found = world.in_virtual_time(preview(world.settings, world.now, Wish(), _both(world)))
    return found


def previewed(world, *numbers, limit=None, details=True):
    """Preview a run in the world's time; return how it ended and the text that was shown.

    Fails where anything was written, to PowerOffice or to a file beside the state database.
    """
    shown: list[str] = []
    before = _written(world)
    work = show_preview(
        world.settings, world.now, Wish(numbers, limit), shown.append,
        details=details, connections=_both(world),
    )  # fmt: skip
    outcome = world.in_virtual_time(work)
    assert _written(world) == before, "a preview has written"
    return outcome, "\n".join(shown)


def _written(world: World) -> tuple[object, ...]:
    """Return PowerOffice's books, and every file with its bytes, SQLite's own apart."""
    folder = world.state.parent.iterdir()
    files = {p.name: p.read_bytes() for p in folder if not p.name.endswith(("-wal", "-shm"))}
    return world.books(), len(world.wire.writes), files


def page_of(orders: Iterable[Foretold], language: str = "nb", *warnings: str) -> str:
    """Return the preview's page of some orders."""
    return html(tuple(orders), ORIGIN, language, warnings)


def said(page: str) -> str:
    """Return the text of a page on one line."""
    body = re.sub(r"<(style|script)>.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).replace("\N{NO-BREAK SPACE}", "").split())


# -- the page --------------------------------------------------------------------------------------


MOODS = {"good": ("b2c-two-vat-rates",), "wait": ("b2c-two-vat-rates", "sweden-oss"),
         "bad": ("sweden-oss", "two-rates-at-once")}  # fmt: skip


@pytest.mark.parametrize("mood", MOODS)
def test_a_page_is_green_amber_or_red_by_what_is_wrong(world, mood):
    world.loads(*MOODS[mood])
    page = page_of(foretold(world), "en")
    assert f'<p class="conclusion {mood}">' in page
    assert ("What is transferred, per VAT rate" in page) == (mood != "bad")


def test_a_shop_that_does_not_tell_them_keeps_no_page_back(world):
    """Then it is named by its address; and without orders there is no empty table."""

    def away(request):
        raise httpx.ConnectError("", request=request)

    asked = words_of_shop(world.settings, Connections(httpx.MockTransport(away)))
    assert world.in_virtual_time(asked) == ("", {})
    page = page_of([], "en")
    assert '<p class="shop">https://shop.example</p>' in page
    assert "Nothing to transfer." in page
    assert "<table" not in page


PLAIN = {  # a text, and what stands on a page for it
    "<b>&\"'": "&lt;b&gt;&amp;&#34;&#39;",
    "a\u202eb\u200bc\x1bd": "a b c d",
    "1\N{NO-BREAK SPACE}299": "1\N{NO-BREAK SPACE}299",
    f"Z{9 * chr(0x338)}o\u0308": "Z\u0338\u0338o\u0308",
    "Blåbærsyltetøy 🫐": "Blåbærsyltetøy 🫐",
}


def test_a_text_on_a_page_is_only_that_text():
    for text, plain in PLAIN.items():
        page = html((), replace(ORIGIN, name=text), "en")
        assert f'<p class="shop">{plain}</p>' in page
        (at_the_foot,) = re.findall(r'@bottom-left { content: "(.*?)" " ', page)
        assert re.fullmatch(r"(\w|\\[0-9a-f]+ )+", at_the_foot, re.ASCII)


def test_the_json_tells_why_there_is_no_preview(tmp_path):
    """Its keys are those of tests/expected_screens/preview_json: they are a promise."""
    with served(tmp_path, [GOES]) as both:
        whole = json.loads(both.woo2po("run", "--dry-run", "--json").stdout)
        both.shop.before_each = hosts.maintenance
        done = both.woo2po("run", "--dry-run", "--json")
    why = json.loads(done.stdout)
    assert (done.exit_code, why["exit_code"], done.stderr) == (3, 3, "")
    assert why["problem"]["code"].startswith("shop_")
    assert (why.keys(), why["orders"]) == (whole.keys(), [])


# -- the command and the file ----------------------------------------------------------------------


def test_the_command_writes_a_page_and_tells_the_sums_alone(tmp_path):
    """An older page is replaced, unless the preview does not come to its end; nothing else is left
    in the folder, and the shop is named; with `--json` nothing but the object is printed.
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
        page.write_text("yesterday's")
        for nth in range(1, 20):
            both.go.faults.at("POST", "/OAuth/Token", nth, "500")
        done = both.woo2po("run", "--dry-run", "--html", str(page))
        assert done.exit_code == 3
        why = "was not written: the preview did not come to its end"
        assert why in " ".join(done.stdout.split())
        assert page.read_text() == "yesterday's"


@pytest.mark.parametrize(("option", "said_"), [
    *((option, (f"{option[0]} shows what a run would do", "--dry-run"))
      for option in (("--html", "p.html"), ("--json",), ("--details",))),
    (("--dry-run", "--html", "no/p.html"),
     ("could not be written: there is no such folder or file",))],
)  # fmt: skip
def test_what_cannot_be_shown_is_said_before_anything_is_read(tmp_path, option, said_):
    """A run that transfers shows nothing, and a mistyped folder costs no minute of waiting."""
    with served(tmp_path, [GOES]) as both:
        done = both.woo2po("run", *option)
        assert both.shop.requests == []
    assert (done.exit_code, done.stdout) == (2, "")
    for one in said_:
        assert one in " ".join(done.stderr.split())


def test_a_reader_who_has_read_enough_is_no_failure(tmp_path):
    """`woo2po run --dry-run | head` says nothing of a program that failed."""
    reader, writer = os.pipe()
    os.close(reader)
    with served(tmp_path, [GOES]) as both:
        process = both.begun("-m", "woo2po", "run", "--dry-run", stdout=writer)
        said_ = process.communicate(timeout=60)
    os.close(writer)
    assert said_ == (None, "")


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


def test_nobody_reads_a_new_file_who_may_not_read_the_old_one(tmp_path, monkeypatch):
    """Not even while it is written: it may be a configuration, with its keys."""
    old, seen = tmp_path / "config.toml", set[int]()
    old.touch(0o600)
    monkeypatch.setattr("os.fsync", lambda _: seen.update(
        stat.S_IMODE(one.stat().st_mode) for one in tmp_path.iterdir()))  # fmt: skip
    write_whole(old, b"new")
    assert (seen, stat.S_IMODE(old.stat().st_mode)) == ({0o600}, 0o600)
