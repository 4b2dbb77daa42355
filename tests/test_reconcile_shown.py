"""The proof as people get it: text, page and sheet, from the command line, hostile texts in it."""

import csv
import io
import re
from pathlib import Path

import pytest
from after import business
from proving import OCTOBER, prove
from served import served

from woo2po.proof import proof_csv, proof_html, proof_text

MADE = {"nb": "23.11.2026 19:00", "en": "2026-11-23 19:00"}
HOSTILE = '=HYPERLINK("http://x")<script>alert(1)</script>\u202e\x1b[31m&amp;'


@pytest.fixture(scope="module")
def proof(tmp_path_factory):
    """Of a good order, and one missing whose number, method and status are hostile."""
    world = business(tmp_path_factory.mktemp("shop"))
    world.sells(101)
    world.settle()
    world.sells(102, number=HOSTILE, payment_method="=cmd|'/c calc'!A0")
    return prove(world)


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
    for told in ("https://shop.example", f"Fjellbutikken AS {demo}", MADE[language]):
        assert f"<b>{told}</b>" in page
    assert page.count('<span class="todo">') == page.count("<li>") > 0


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


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_text_tells_what_differs_first(proof, language):
    """The conclusion, then each difference with what to do, then the tables, safe to look at."""
    text = proof_text(proof, language)
    lost = {"nb": "2\xa0598,00", "en": "2\xa0598.00"}[language]
    assert text.index(lost) < text.index("→")
    assert "\x1b" not in text
    assert "HYPERLINK" in text
    assert max(map(len, text.split("→")[0].splitlines())) <= 80


def test_the_terminal_alone_cuts_what_is_long(tmp_path):
    """A month of drafts does not bury the tables; the page has it all."""
    world = business(tmp_path)
    for number in range(101, 121):
        world.sells(number)
    year = type(OCTOBER)(OCTOBER.first.replace(month=1), OCTOBER.last.replace(month=12))
    proof = prove(world, year)
    assert len(proof.differences) == 20
    text, page = proof_text(proof, "en"), proof_html(proof, "en")
    assert "... and 10 more of this kind" in text
    assert "Order 120 " not in text
    assert "Order 120 " in page


def test_what_an_accountant_cannot_type_says_who_can(proof):
    """A page has neither a shell nor a configuration: where nothing else helps it says so."""
    assert "For whoever runs the job: If no reason stands here: `woo2po" in proof_html(proof, "en")
    assert "For whoever" not in proof_text(proof, "en")


def test_the_command_writes_page_and_sheet_and_ends_as_it_found(tmp_path, monkeypatch):
    """0 where all agrees, 1 where anything differs, 2 for a period that is none, 3 unreached."""

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
        assert ends(both, *reversed(october)) == 2
        assert "2026-10-01 to 2026-10-31" in both.woo2po("reconcile").output
        assert "2026-09-01 to 2026-10-31" in both.woo2po("reconcile", "--term", "5/2026").output
        for half in (("--from", "2026-10-01"), ("--month", "2026-10", "--term", "5/2026")):
            assert both.woo2po("reconcile", *half).exit_code == 2
        ahead = both.woo2po("reconcile", "--term", "1/2099")
        assert (ahead.exit_code, "2099-01-01" in ahead.output) == (2, True)
        assert ends(both, *october, "--csv", str(tmp_path / "no" / "p.csv")) == 2
        both.shop.misbehaviour.maintenance = True
        assert ends(both, *october) == 3
