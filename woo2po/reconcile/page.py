"""The proof as one HTML page: no network, no script, on paper as on a screen, dark and light."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from html import escape

from woo2po.messages import say
from woo2po.messages.message import Language
from woo2po.reconcile.proof import Proof
from woo2po.reconcile.wording import Cell, Item, Table, Wording
from woo2po.report import kroner

_STYLE = """
:root { color-scheme: light dark; --line: #d0d5dd; --soft: #f4f5f7; --bad: #a4141c;
  --good: #14643c; --text: #16181d; --page: #fff; }
@media (prefers-color-scheme: dark) { :root { --line: #3a3f47; --soft: #1d2026; --bad: #ff8a8f;
  --good: #6fd6a0; --text: #e7e9ee; --page: #111317; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 72rem; background: var(--page);
  color: var(--text); font: 1rem/1.45 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0 0 .5rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
.conclusion { padding: .75rem 1rem; border-left: .4rem solid var(--good);
  background: var(--soft); }
.conclusion.differs { border-color: var(--bad); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; font-size: 1.1rem; padding: 1.5rem 0 .5rem; }
th, td { padding: .3rem .6rem; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top; }
thead th { background: var(--soft); }
.figure { text-align: right; white-space: nowrap; overflow-wrap: normal; }
.sum > * { font-weight: 600; border-top: 2px solid var(--line); }
li { margin: 0 0 .7rem; break-inside: avoid; }
.todo { display: block; opacity: .85; }
.todo::before { content: "\\2192\\00a0"; }
@media (max-width: 40rem) { body { padding: .6rem; } th, td { padding: .25rem .35rem; }
  table { font-size: .85rem; } }
@media print { @page { size: A4; margin: 14mm; } body { max-width: none; padding: 0;
  font-size: 9pt; background: #fff; color: #000; } .wide { overflow: visible; }
  thead { display: table-header-group; } tr { break-inside: avoid; } }
"""


def proof_html(proof: Proof, language: Language) -> str:
    """Return the proof as a page; every text of the shop's and PowerOffice's is escaped."""
    wording = Wording(proof, language)
    style = "conclusion" if proof.agrees else "conclusion differs"
    parts = [
        f"<h1>{_text(wording.title)}</h1>",
        f'<p class="{style}">{_text(wording.conclusion)}</p>',
        *_items("reconcile_h_differences", wording.differences(), language),
        *map(_table, wording.tables()),
        *_items("reconcile_h_explained", wording.explained(), language),
        f"<h2>{_text(say('reconcile_h_notes', language))}</h2>",
        *(f"<p>{_text(note)}</p>" for note in wording.notes),
    ]
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'; img-src data:\">\n"
        f'<link rel="icon" href="data:,">\n<title>woo2po: {_text(wording.title)}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n" + "\n".join(parts) + "\n</body>\n</html>\n"
    )


def _items(heading: str, items: Iterable[Item], language: Language) -> Iterator[str]:
    listed = [_item(item) for item in items]
    if listed:
        yield f"<h2>{_text(say(heading, language))} ({len(listed)})</h2>"
        yield "<ul>\n" + "\n".join(listed) + "\n</ul>"


def _item(item: Item) -> str:
    said = " ".join(filter(None, (item.text, item.reason)))
    todo = f'<span class="todo">{_text(item.todo)}</span>' if item.todo else ""
    return f"<li>{_text(said)}{todo}</li>"


def _table(table: Table) -> str:
    figures = [
        any(not isinstance(row[place], str) for row in table.rows)
        for place in range(len(table.headers))
    ]
    heads = "".join(
        f'<th scope="col"{_class(figure)}>{_text(head)}</th>'
        for head, figure in zip(table.headers, figures, strict=True)
    )
    rows = [
        _row(row, figures, last=table.summed and number == len(table.rows))
        for number, row in enumerate(table.rows, 1)
    ]
    return (
        f'<div class="wide"><table>\n<caption>{_text(table.title)}</caption>\n'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n" + "\n".join(rows) + "\n</tbody></table></div>"
    )


def _row(row: tuple[Cell, ...], figures: list[bool], *, last: bool) -> str:
    cells = "".join(
        f"<td{_class(figure)}>{_cell(cell)}</td>" for cell, figure in zip(row, figures, strict=True)
    )
    start = '<tr class="sum">' if last else "<tr>"
    return f"{start}{cells}</tr>"


def _class(figure: bool) -> str:
    return ' class="figure"' if figure else ""


def _cell(cell: Cell) -> str:
    return _text(kroner(cell) if isinstance(cell, Decimal) else str(cell))


def _text(text: str) -> str:
    """Return a text for HTML: escaped, and without marks that turn or hide what follows."""
    return escape("".join(c if c.isprintable() or c == "\N{NO-BREAK SPACE}" else " " for c in text))
