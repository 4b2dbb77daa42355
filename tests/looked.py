"""What an eye would find wrong with a page, asked of the browser that shows it."""

from typing import Any

from browser import Browser

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


def look_at(browser: Browser) -> dict[str, Any]:
    """Return what is wrong with the page that is shown; `seen` is how many texts were looked at."""
    found: dict[str, Any] = browser.run(LOOK)
    return found


def is_fine(browser: Browser) -> None:
    """Fail unless the page can be read as it stands, and has done nothing but be shown."""
    found = look_at(browser)
    assert found.pop("seen") > 20
    assert not any(found.values()), found
    assert browser.said() == []
