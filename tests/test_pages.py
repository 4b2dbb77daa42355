"""Our pages in a real browser: the preview's and the proof's, on screen, telephone and paper."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from browser import PAPER, Browser, chromium
from proving import prove
from stories import business
from test_preview import ORIGIN, foretold, page_of
from thoroughly import thorough
from world import Goods

from woo2po.preview import Foretold
from woo2po.proof import proof_html
from woo2po.sandbox.shop_orders import recorded_names

MARKS = "\u202e\u2066\u200b\x1b[31m"
HOSTILE = (
    f"<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;{MARKS}"
    + "W" * 200
    + "Z"
    + "\u0338\u0489" * 40
)
SCREENS = [(360, "light"), (1280, "dark"), *thorough((360, "dark"), (1280, "light"))]
PAGES = ("preview", "proof")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all of these tests."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder for the pages."""
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="module")
def told(folder: Path) -> list[Foretold]:
    """What a run would do with all recorded orders, and with one whose every text is hostile."""
    world = business(folder)
    world.loads(*recorded_names())
    world.sells(5001, Goods("GEN-001", "1199.00", name=HOSTILE), number=HOSTILE,
                payment_method="vipps", payment_method_title=HOSTILE)  # fmt: skip
    world.sells(5002, number=f"B{HOSTILE}", payment_method=HOSTILE)
    found = foretold(world)
    numbers = {one.known.number[:8] for one in found if one.known.id > 5000}
    assert numbers == {"<script>", "B<script"}
    shop = next(one.shop for one in found if one.known.id == 5001)
    hostile = shop.model_copy(update={"status": HOSTILE})
    return [replace(one, shop=hostile) if one.shop is shop else one for one in found]


@pytest.fixture(scope="module")
def pages(folder: Path, told: list[Foretold]) -> dict[str, Path]:
    """Both pages, with hostile texts wherever a shop may put one."""
    (folder / "proof").mkdir()
    world = business(folder / "proof")
    world.loads(*recorded_names())
    world.sells(101)
    world.settle()
    world.sells(102, number=HOSTILE, payment_method=HOSTILE)
    found = prove(world)
    origin = replace(ORIGIN, company=HOSTILE)
    proof = replace(found, origin=origin, explained=found.explained * 20)
    texts = {"preview": page_of(told, "nb", HOSTILE), "proof": proof_html(proof, "en")}
    return {name: written(folder / f"{name}.html", text) for name, text in texts.items()}


def written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


# -- both pages ------------------------------------------------------------------------------------


GROUND = {"light": "rgb(255, 255, 255)", "dark": "rgb(17, 19, 23)"}
GROUND_SEEN = "return getComputedStyle(document.body).backgroundColor"
# What is wider than its box: to be had by scrolling, but not seen.
CUT = """return [...document.querySelectorAll(".wide")].filter(
  one => one.scrollWidth > one.clientWidth + 1).map(one => one.ariaLabel)"""


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_read_on_a_telephone_and_on_a_desk(browser, pages, name, width, scheme):
    browser.open(pages[name], width=width, scheme=scheme)
    assert browser.run(GROUND_SEEN) == GROUND[scheme]
    is_fine(browser)
    browser.run("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    is_fine(browser)
    assert name == "proof" or browser.run(CUT) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_for_nothing_and_a_shops_text_is_only_text(browser, pages, name):
    """It is one file: no request goes anywhere, and the console stays empty. Nothing that a shop
    wrote becomes an element, runs, or turns the text around.
    """
    browser.open(pages[name])
    outside = [url for url in browser.asked() if not url.startswith("data:")]
    assert outside == [pages[name].as_uri()]
    assert browser.said() == []
    shown = browser.run("return document.body.textContent")
    assert "<script>alert(1)</script>" in shown
    assert not (set(MARKS) - set("[31m")) & set(shown)
    assert "\u0338\u0489\u0338" not in shown
    assert browser.run("return document.images.length + document.links.length - "
                       "document.querySelectorAll('a[href^=\"#\"]').length") == 0  # fmt: skip
    assert browser.run("return document.scripts.length") == (1 if name == "preview" else 0)
    assert not browser.run("return !!window.wasAlerted")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_runs_no_other_script_than_its_own(browser, folder, pages, name):
    """If a text ever came through as HTML, the page's policy would still stop it."""
    broken = pages[name].read_text("utf-8").replace(
        "</body>", "<script>alert(3)</script><img src=x onerror=alert(4)>"
        "<p style='color:red' onclick=alert(5)>x</p></body>",
    )  # fmt: skip
    browser.open(written(folder / "broken.html", broken))
    browser.run("document.querySelector('p:last-of-type').click()")
    assert not browser.run("return !!window.wasAlerted")
    assert any("Content Security Policy" in said for said in browser.said())


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_on_paper(browser, pages, name):
    browser.open(pages[name], width=PAPER, media="print", scheme="dark")
    is_fine(browser)
    assert browser.run(GROUND_SEEN) == GROUND["light"]
    assert browser.printed().startswith(b"%PDF")


def test_what_is_long_and_right_is_folded_on_the_screen_and_whole_on_paper(browser, pages):
    """Of the proof, what is explained: a click shows it, a printer needs none."""
    seen = "return document.querySelector('details table').checkVisibility()"
    browser.open(pages["proof"])
    assert browser.run(seen) is False
    browser.click("summary")
    assert browser.run(seen) is True
    browser.open(pages["proof"], width=PAPER, media="print")
    height = "return document.querySelector('details tr:last-child').getBoundingClientRect().height"
    assert browser.run(height) > 0


# -- the preview's list of orders ------------------------------------------------------------------


NUMBERS = """return [...document.querySelectorAll("table.orders > tbody")]
  .filter(one => one.checkVisibility()).map(one => one.dataset.n)"""
TYPED = """const input = document.querySelector(".tools input");
input.value = arguments[0]; input.dispatchEvent(new Event("input"));"""
CHOSEN = """const select = document.querySelector(".tools select");
select.value = arguments[0]; select.dispatchEvent(new Event("change"));"""
PRESSED = "document.querySelector(`th[data-by=${arguments[0]}] button`).click()"


def test_the_orders_can_be_sorted(browser, folder, told):
    orders = [one for one in told if one.known.number.isdecimal()][::-1]
    page = written(folder / "sorted.html", page_of(orders))
    heads = "return [...document.querySelectorAll('[aria-sort]')].map(one => one.ariaSort)"
    for by, value in {
        "n": lambda one: int(one.known.number),
        "d": lambda one: str(one.day),
        "t": lambda one: one.total,
        "o": lambda one: list(type(one.outcome)).index(one.outcome),
    }.items():
        browser.open(page)
        browser.run(PRESSED, by)
        assert browser.run(NUMBERS) == [one.known.number for one in sorted(orders, key=value)]
        assert browser.run(heads) == ["ascending"]
        browser.run(PRESSED, by)
        assert browser.run(heads) == ["descending"]
        by_number = {one.known.number: value(one) for one in orders}
        values = [by_number[number] for number in browser.run(NUMBERS)]
        assert values == sorted(values, reverse=True)


def test_the_orders_can_be_filtered(browser, pages, told):
    """By what becomes of them and by any word, and the page says how many are left."""
    browser.open(pages["preview"])
    assert len(browser.run(NUMBERS)) == len(told)
    browser.run(CHOSEN, "held")
    held = [one for one in told if one.outcome == "held"]
    assert len(browser.run(NUMBERS)) == len(held) > 2
    said = browser.run("return document.querySelector('.tools output').textContent")
    assert said == f"{len(held)} av {len(told)} ordrer"
    browser.run(TYPED, "LINJENE 1031")
    assert browser.run(NUMBERS) == ["1031"]
    browser.run(CHOSEN, "")
    browser.run(TYPED, "kaf-250")
    with_coffee = [one for one in told if "KAF-250" in str(one.documents)]
    assert len(browser.run(NUMBERS)) >= len(with_coffee) > 3
    browser.run(TYPED, "no such thing")
    assert browser.run(NUMBERS) == []
    browser.run("document.querySelector('.group a').click()")
    target = "const one = document.querySelector('tbody:target'); return !!one && !one.hidden"
    assert browser.run(target)


def test_without_a_script_everything_is_there(browser, pages, told):
    """No tool is shown that would not work; every order is, its lines unfold, and are printed."""
    browser.open(pages["preview"], width=360, scripts=False)
    is_fine(browser)
    assert len(browser.run(NUMBERS)) == len(told)
    assert browser.run("return document.querySelector('.tools').checkVisibility()") is False
    assert browser.run("return document.querySelectorAll('th button').length") == 0
    unfolded = "return document.querySelector('.lines td').checkVisibility()"
    assert browser.run(unfolded) is False
    browser.click("summary")
    assert browser.run(unfolded) is True
    browser.open(pages["preview"], width=PAPER, media="print", scripts=False)
    hidden = """return [...document.querySelectorAll(".lines td")].filter(
      one => !one.getBoundingClientRect().height).length"""
    assert browser.run(hidden) == 0


# Of every text that is seen: is it in its box and on the page, large and clear enough, and is no
# word of it broken into letters because its column is narrow?
LOOK = r"""
const boxes = "td,th,p,li,caption,summary,h1,h2,h3,figcaption,label,button,option,output,span,b,a";
const clear = color => color.match(/[\d.]+/g)[3] === "0";
const onPaper = matchMedia("print").matches;
const light = color => color.match(/[\d.]+/g).slice(0, 3).map(v => v / 255)
  .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
  .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
const behind = e => {
  for (; e; e = e.parentElement) {
    const color = getComputedStyle(e).backgroundColor;
    if (!clear(color)) return color;
  }
  return "rgb(255, 255, 255)";
};
const wrong = {escaped: [], outside: [], small: [], pale: [], crumbled: []};
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
let seen = 0;
while (walker.nextNode()) {
  const node = walker.currentNode, parent = node.parentElement;
  if (!node.data.trim() || parent.closest("script,style,option,svg")) continue;
  const range = document.createRange();
  range.selectNodeContents(node);
  const rects = [...range.getClientRects()].filter(r => r.width && r.height);
  if (!rects.length || !parent.checkVisibility({contentVisibilityAuto: true})) continue;
  seen += 1;
  const style = getComputedStyle(parent), told = node.data.trim().slice(0, 60);
  const box = parent.closest(boxes).getBoundingClientRect(), scrolls = parent.closest(".wide");
  if (rects.some(r => r.right > box.right + 1 || r.left < box.left - 1)) wrong.escaped.push(told);
  const rows = new Set(rects.map(r => Math.round(r.top))).size;
  if (rows > 1 && node.data.trim().length / rows < 3) wrong.crumbled.push(told);
  const beyond = rects.some(r => r.right > innerWidth + 1 || r.left < -1);
  if (!scrolls && beyond) wrong.outside.push(told);
  if (parseFloat(style.fontSize) < 12 && !onPaper) wrong.small.push(told);
  const [x, y] = [light(style.color), light(behind(parent))].sort((a, b) => a - b);
  if ((y + .05) / (x + .05) < 4.5) wrong.pale.push(told + " " + style.color);
}
for (const box of document.querySelectorAll(".wide"))
  if (onPaper && box.scrollWidth > box.clientWidth + 1) wrong.outside.push("a table");
return {...wrong, seen, wide: document.documentElement.scrollWidth > innerWidth,
  alerted: !!window.wasAlerted};
"""


def is_fine(browser: Browser) -> None:
    """Fail unless the page can be read as it stands, and has done nothing but be shown."""
    found: dict[str, Any] = browser.run(LOOK)
    assert found.pop("seen") > 20, "texts were looked at"
    assert not any(found.values()), found
    assert browser.said() == []
