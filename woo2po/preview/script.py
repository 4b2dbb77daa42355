"""The script of the preview's page: sorting, a filter, all details opened at once.

It only makes the page handier: without it everything is there and can be read. It reads the
page's own attributes and text and writes no HTML. The same text on every page, so that its hash
in the page's policy stays the same.
"""

SCRIPT = r"""
"use strict";
(() => {
  const table = document.querySelector("table.orders");
  const tools = document.querySelector(".tools");
  if (!table || !tools) return;
  const all = [...table.tBodies].map((body, place) => ({
    body, place,
    n: body.dataset.n, d: body.dataset.d, t: Number(body.dataset.t), o: Number(body.dataset.o),
    kinds: body.dataset.k.split(" "), text: null,
  }));
  const find = tools.querySelector("input");
  const kind = tools.querySelector("select");
  const said = tools.querySelector("output");
  const byText = new Intl.Collator(document.documentElement.lang, {numeric: true}).compare;

  const filter = () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const one of all) {
      if (words.length && one.text === null) one.text = one.body.textContent.toLowerCase();
      const fits = (!kind.value || one.kinds.includes(kind.value))
        && words.every(word => one.text.includes(word));
      one.body.hidden = !fits;
      shown += fits;
    }
    said.textContent = said.dataset.said.replace("{n}", shown).replace("{of}", all.length);
  };

  const sort = (head, key) => {
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const sign = down ? -1 : 1;
    all.sort((a, b) => {
      const x = a[key], y = b[key];
      const less = typeof x === "number" ? x - y : byText(x, y);
      return sign * less || a.place - b.place;
    });
    table.append(...all.map(one => one.body));
  };

  for (const head of table.tHead.rows[0].cells) {
    const key = head.dataset.by;
    if (!key) continue;
    // It lies over the heading, whose text stays: no browser prints a button on every page.
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", head.textContent);
    button.addEventListener("click", () => sort(head, key));
    head.append(button);
    head.classList.add("sorts");
  }
  const details = () => table.querySelectorAll("details");
  const [open, close] = tools.querySelectorAll("button");
  open.addEventListener("click", () => details().forEach(one => { one.open = true; }));
  close.addEventListener("click", () => details().forEach(one => { one.open = false; }));
  find.addEventListener("input", filter);
  kind.addEventListener("change", filter);
  document.addEventListener("click", event => {
    const link = event.target.closest("a[href^='#o']");
    const body = link && document.getElementById(link.hash.slice(1));
    if (body && body.hidden) { find.value = ""; kind.value = ""; filter(); }
  });
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...details()].filter(one => !one.open);
    closed.forEach(one => { one.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach(one => { one.open = false; }));
  tools.hidden = false;
  filter();
})();
"""
