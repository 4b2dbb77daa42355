"""The proof as people get it: text, page and sheet, from the command line, hostile texts in it."""

import csv
import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from after import business
from proving import OCTOBER, prove
from served import served
from world import World

from woo2po.reconcile import Proof, proof_csv, proof_html, proof_text

HOSTILE = '=HYPERLINK("http://x")<script>alert(1)</script>\u202e\x1b[31m&amp;'


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A shop with a good order, and one missing whose number, method and status are hostile."""
    world = business(tmp_path)
    world.sells(101)
    world.settle()
    world.sells(102, number=HOSTILE, payment_method="=cmd|'/c calc'!A0")
    return world


@pytest.fixture
def proof(world: World) -> Proof:
    """The proof of that month."""
    return prove(world)


class Tags(HTMLParser):
    """The tags of a page, and addresses in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href"}]


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_page_holds_nothing_of_what_a_shop_wrote_but_text(proof, language):
    """No script, no address to the outside, no mark that turns the text around."""
    page = proof_html(proof, language)
    tags = Tags(page)
    assert not {"script", "img", "iframe", "a"} & tags.tags
    assert tags.addresses == ["data:,"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert not {"\u202e", "\x1b"} & set(page)
    assert set(re.findall(r"https?://[^&<]+", page)) == {"http://x", "https://shop.example"}


def test_the_page_says_of_whom_and_when_it_is(proof):
    """Whoever keeps it knows the shop, the company in PowerOffice, and when it was made."""
    page = proof_html(proof, "en")
    for told in ("https://shop.example", "Fjellbutikken AS", "2026-11-23 19:00"):
        assert f"<b>{told}" in page
    assert "(demo environment)" in page


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_sheet_is_what_a_norwegian_excel_opens(proof, language):
    """A byte order mark, semicolons, decimal commas; and no cell is a formula."""
    sheet = proof_csv(proof, language)
    assert sheet.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(sheet.decode("utf-8-sig"), newline=""), delimiter=";"))
    cells = [cell for row in rows for cell in row]
    assert "1299,00" in cells
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    amount = re.compile(r"-\d+,\d\d")
    risky = [cell for cell in cells if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}]
    assert [cell for cell in risky if not amount.fullmatch(cell)] == []


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_text_tells_what_differs_first(proof, language):
    """The conclusion, then each difference with what to do, then the tables, safe to look at."""
    text = proof_text(proof, language)
    lost = {"nb": "2\xa0598,00", "en": "2\xa0598.00"}[language]
    assert text.index(lost) < text.index("→")
    assert "\x1b" not in text
    assert "HYPERLINK" in text
    assert max(map(len, text.split("→")[0].splitlines())) <= 80


def test_a_long_row_of_one_kind_is_cut_in_the_terminal_alone(tmp_path):
    """A month of drafts does not bury the tables; the page and the sheet list them all."""
    world = business(tmp_path)
    for number in range(101, 121):
        world.sells(number)
    proof = prove(world)
    assert len(proof.differences) == 20
    text, page = proof_text(proof, "en"), proof_html(proof, "en")
    assert "... and 10 more of this kind" in text
    assert "Order 120 " not in text
    assert "Order 120 " in page


def test_a_year_is_shown_by_month_in_the_terminal(world):
    """On the page it stays day by day."""
    year = type(OCTOBER)(OCTOBER.first.replace(month=1), OCTOBER.last.replace(month=12))
    proof = prove(world, year)
    assert "Per month" in proof_text(proof, "en")
    assert "Per day" in proof_html(proof, "en")


# -- the command -----------------------------------------------------------------------------------


def test_the_command_writes_page_and_sheet_and_ends_as_it_found(tmp_path):
    """0 where all agrees, 1 where anything differs, 2 for a period that is none, 3 unreached."""
    with served(tmp_path, ["b2c-vipps-simple"]) as both:
        done = {"status": "completed", "date_completed_gmt": "2026-10-06T10:00:00"}
        both.shop.edit(next(iter(both.shop.orders)), **done)
        page, sheet = tmp_path / "p.html", tmp_path / "p.csv"
        period = ("--from", "2026-10-01", "--to", "2026-10-31")
        missing = both.woo2po("reconcile", *period, "--html", str(page), "--csv", str(sheet))
        assert missing.exit_code == 1, missing.output
        assert page.read_text("utf-8").startswith("<!doctype html>")
        assert sheet.read_bytes().startswith(b"\xef\xbb\xbf")
        empty = both.woo2po("reconcile", "--from", "2026-03-01", "--to", "2026-03-31")
        assert empty.exit_code == 0, empty.output
        turned = both.woo2po("reconcile", "--from", "2026-10-31", "--to", "2026-10-01")
        assert turned.exit_code == 2
        unwritten = both.woo2po("reconcile", *period, "--csv", str(tmp_path / "no" / "p.csv"))
        assert unwritten.exit_code == 3
        both.shop.misbehaviour.maintenance = True
        assert both.woo2po("reconcile", *period).exit_code == 3
