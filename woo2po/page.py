"""The frame of our pages: one file each that fetches nothing, for screen, telephone and paper.

What a page may do stands in its policy: styles and script are named by their hashes, so that
nothing else would run, whatever a text of the shop's may hold. No I/O.
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from woo2po.messages import say
from woo2po.messages.message import Language, word
from woo2po.report import day_said, kroner
from woo2po.settings import Settings

Cell = str | int | Decimal  # a text, how many, or an amount in kroner

# Accents over accents grow out of their line; no language needs more than two on one letter.
_ACCENT = r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_HEAPED = re.compile(f"({_ACCENT}{{2}}){_ACCENT}+")
# The light colours stand twice: paper is white, however dark the screen is.
_LIGHT = (
    "--page:#fff;--text:#16181d;--muted:#565c69;--line:#cfd4dc;--soft:#f3f4f7;"
    "--good:#14643c;--bad:#a4141c;--wait:#7a4a00;--link:#1b4fa0;--shade:#565c6980;"
)
_DARK = (
    "--page:#111317;--text:#e7e9ee;--muted:#a5abb8;--line:#3a3f47;--soft:#1c1f25;"
    "--good:#6fd6a0;--bad:#ff8f94;--wait:#f0b860;--link:#8db8ff;--shade:#a5abb880;"
)
_FRAME = """
:root { color-scheme: light dark; LIGHT }
@media (prefers-color-scheme: dark) { :root { DARK } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; padding: 1.5rem 1.25rem 4rem; max-width: 72rem; background: var(--page);
  color: var(--text); font: 1rem/1.45 system-ui, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
  overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .4rem; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .5rem; break-after: avoid; }
p { margin: .4rem 0; }
a { color: var(--link); }
.origin { color: var(--muted); margin: 0 0 1rem; display: flex; flex-wrap: wrap; gap: 0 1.5rem; }
.origin b { color: var(--text); font-weight: 600; }
.conclusion { font-size: 1.1rem; margin: 0 0 1rem; padding: .8rem 1rem; background: var(--soft);
  border-left: .4rem solid var(--good); }
.conclusion.differs { border-color: var(--bad); }
/* A shadow at the edge says that there is more to the side; it goes when that is reached. */
.wide { overflow-x: auto; background:
  linear-gradient(90deg, var(--page) 1rem, transparent) 0 0 / 2rem 100% no-repeat local,
  linear-gradient(270deg, var(--page) 1rem, transparent) 100% 0 / 2rem 100% no-repeat local,
  linear-gradient(90deg, var(--shade), transparent) 0 0 / .7rem 100% no-repeat scroll,
  linear-gradient(270deg, var(--shade), transparent) 100% 0 / .7rem 100% no-repeat scroll; }
.many :is(td, th):not(.figure) { min-width: 4rem; }
.many :is(td, th):first-child { min-width: 6.2rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; font-size: 1.15rem; padding: 1.6rem 0 .4rem; }
th, td { padding: .35rem .6rem; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top; }
thead th { background: var(--soft); font-weight: 600; vertical-align: bottom; }
.figure { text-align: right; white-space: nowrap; overflow-wrap: normal; }
thead .figure { white-space: normal; }
.sum > * { font-weight: 600; border-top: 2px solid var(--line); }
.items { padding-left: 1.2rem; }
.items li { margin: 0 0 .8rem; break-inside: avoid; }
.todo { display: block; color: var(--muted); }
.todo::before { content: "\\2192\\00a0"; }
summary { cursor: pointer; }
summary h2 { display: inline-block; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
@media (max-width: 40rem) {
  body { padding: .8rem .75rem 3rem; }
  th, td { padding: .3rem; }
  table { font-size: .9rem; }
}
@media print {
  :root { color-scheme: light; LIGHT }
  @page { size: A4; margin: 14mm; }
  body { max-width: none; padding: 0; font-size: 9pt; line-height: 1.3; }
  h1 { font-size: 15pt; } h2, caption { font-size: 11pt; }
  .conclusion { font-size: 10.5pt; }
  .wide { overflow: visible; background: none; }
  table { font-size: 9pt; }
  th, td { padding: .2rem .35rem; }
  caption { break-after: avoid; }
  thead { display: table-header-group; } tr { break-inside: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; }
  a { color: inherit; text-decoration: none; }
}
"""
STYLE = _FRAME.replace("LIGHT", _LIGHT).replace("DARK", _DARK)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the figures of a page are from: the shop's address, the company, and when (aware).

    `name` is the shop's own, or "".
    """

    shop: str
    company: str
    is_demo: bool
    made: datetime
    name: str = ""


def origin_of(settings: Settings, company: str, now: datetime, name: str = "") -> Origin:
    """Return the origin of figures of now (aware); the time is told as it is in the shop."""
    return Origin(
        name=name,
        shop=settings.woocommerce.url,
        company=company,
        is_demo=settings.poweroffice.environment == "demo",
        made=now.astimezone(ZoneInfo(settings.woocommerce.timezone)),
    )


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `kind` names it for programs and styles, and the last row is a sum if `summed`."""

    kind: str
    title: str
    headers: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    summed: bool = True


def text(said: str) -> str:
    """Return a text for HTML: escaped, and without marks that turn, hide or cover what is near."""
    return escape(_plain(said))


def _plain(said: str) -> str:
    plain = "".join(c if c.isprintable() or c == "\N{NO-BREAK SPACE}" else " " for c in said)
    return plain if plain.isascii() else _HEAPED.sub(r"\1", plain)


def rendered(template: Path, language: Language, **facts: Any) -> str:
    """Return a page of a template; whatever a text of the shop's holds, it is only text.

    Amounts are written as kroner and days as the language writes them; None is nothing. The
    template finds `say` and `word`, our `frame` of styles, and the `policy` that lets its own
    style and script work, and nothing else.
    """
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 (only a page needs it)
    from markupsafe import Markup  # noqa: PLC0415

    def written(value: object) -> object:
        if isinstance(value, Decimal):
            return kroner(value, language)
        if isinstance(value, date):
            return day_said(value, language)
        return _plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    def in_css(said: str) -> Markup:
        """Return a text as a CSS string; letters and figures alone stand as they are."""
        signs = (c if c.isalnum() and c.isascii() else f"\\{ord(c):x} " for c in _plain(said))
        return Markup(f'"{"".join(signs)}"')  # noqa: S704 (no sign of HTML is left)

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        finalize=lambda value: "" if value is None else written(value),
    )  # fmt: skip
    environment.filters["in_css"] = in_css
    ours = {
        "language": language,
        "frame": Markup(STYLE),  # noqa: S704 (our own)
        "policy": _policy,
        "say": lambda code, **said: say(code, language, said),
        "word": lambda name: word(name, language),
    }
    return environment.from_string(template.read_text("utf-8")).render({**ours, **facts})


def _policy(style: str, script: str = "") -> str:
    """Return what a page may do: its style and script, named by their hashes."""
    parts = ["default-src 'none'", f"style-src {_hash(style)}", "img-src data:"]
    parts += [f"script-src {_hash(script)}"] if script else []
    return "; ".join([*parts, "base-uri 'none'", "form-action 'none'"])


def document(title: str, language: Language, body: Iterable[str]) -> str:
    """Return a whole page of HTML parts."""
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(STYLE)}">\n'
        '<meta name="referrer" content="no-referrer">\n<link rel="icon" href="data:,">\n'
        f"<title>woo2po: {text(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


def _hash(content: str) -> str:
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"


def heading(title: str, origin: Origin | None, language: Language) -> str:
    """Return the heading of a page, with where it is from."""
    return f"<h1>{text(title)}</h1>" + (_origin(origin, language) if origin else "")


def _origin(origin: Origin, language: Language) -> str:
    parts = {"page_shop": origin.shop}
    if origin.company:
        demo = f" {say('page_demo', language)}" if origin.is_demo else ""
        parts["page_company"] = origin.company + demo
    parts["page_made"] = f"{origin.made:%Y-%m-%d %H:%M}"
    said = (f"<span>{text(say(code, language))}: <b>{text(part)}</b></span>"
            for code, part in parts.items())  # fmt: skip
    return f'\n<p class="origin">{" ".join(said)}</p>'


def conclusion(said: str, *, good: bool) -> str:
    """Return the sentence that a page comes to."""
    return f'<p class="{"conclusion" if good else "conclusion differs"}">{text(said)}</p>'


def todo(said: str) -> str:
    """Return what to do about something, or nothing."""
    return f'<span class="todo">{text(said)}</span>' if said else ""


def folded(heading_: str, body: str) -> str:
    """Return HTML that is shown on a click on its heading, and on paper."""
    return f"<details><summary>{heading_}</summary>\n{body}\n</details>"


def table(of: Table, language: Language) -> str:
    """Return a table in a box of its own, which scrolls where it is too wide.

    A column that holds a figure is aligned to the right.
    """
    figures = [any(not isinstance(row[n], str) for row in of.rows) for n in range(len(of.headers))]
    heads = "".join(
        f'<th scope="col"{_class(figure)}>{text(head)}</th>'
        for head, figure in zip(of.headers, figures, strict=True)
    )
    body = "\n".join(
        _row(row, figures, language, is_sum=of.summed and n == len(of.rows))
        for n, row in enumerate(of.rows, 1)
    )
    title = text(of.title)
    style = ' class="many"' if len(of.headers) > 4 else ""
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{title}"><table{style}>\n'
        f"<caption>{title}</caption>\n<thead><tr>{heads}</tr></thead>\n"
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def _row(row: Sequence[Cell], figures: Sequence[bool], language: Language, *, is_sum: bool) -> str:
    cells = "".join(
        f"<td{_class(figure)}>{cell(value, language)}</td>"
        for value, figure in zip(row, figures, strict=True)
    )
    return f'<tr class="sum">{cells}</tr>' if is_sum else f"<tr>{cells}</tr>"


def _class(figure: bool) -> str:
    return ' class="figure"' if figure else ""


def cell(value: Cell, language: Language) -> str:
    """Return a cell's text for HTML."""
    return text(kroner(value, language) if isinstance(value, Decimal) else str(value))
