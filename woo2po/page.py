"""Our pages: one file each that fetches nothing, for screen, telephone and paper; and templates.

Each is a template, and page.html the frame of them all. What a page may do stands in its policy:
styles and script are named by their hashes, so that nothing else would run, whatever a text of the
shop's may hold.
"""

import re
from base64 import b64encode
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from woo2po.config import Settings
from woo2po.messages import Language, day_said, printable, say, word
from woo2po.report import NOTED, fitted, kroner, reasoned, told_of, wrapped

# Accents over accents grow out of their line; no language needs more than two on one letter.
_ACCENT = r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_HEAPED = re.compile(f"({_ACCENT}{{2}}){_ACCENT}+")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a page's figures are from: the shop's address, the company, and when (aware)."""

    shop: str
    company: str
    is_demo: bool
    made: datetime
    name: str = ""  # the shop's own


def origin_of(settings: Settings, company: str, now: datetime, name: str = "") -> Origin:
    """Return the origin of figures of now (aware); the time is told as it is in the shop."""
    is_demo, made = settings.poweroffice.environment == "demo", now.astimezone(settings.zone)
    return Origin(settings.woocommerce.url, company, is_demo, made, name)


def harmless(said: str) -> str:
    """Return a text without marks that turn, hide or cover what is near."""
    plain = printable(said)
    return plain if plain.isascii() else _HEAPED.sub(r"\1", plain)


def minus(figure: str) -> str:
    """Return a figure with the sign of a minus for its hyphen: it is as wide as a plus."""
    return figure.replace("-", "\N{MINUS SIGN}")


def rendered(template: str, language: Language, **facts: Any) -> str:
    """Return what a template makes (a path below this folder): a page, or text for a terminal.

    On a page (.html) a shop's text is only text. Amounts are written as kroner and days as the
    language writes them; None is nothing. The template finds `say`, `word`, `told_of`, and the
    `policy` that lets a page's own style and script work.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 (pages alone)
    from markupsafe import Markup  # noqa: PLC0415

    is_page = template.endswith(".html")

    def written(value: object) -> object:
        if isinstance(value, Decimal):
            return minus(kroner(value, language)) if is_page else kroner(value, language)
        if isinstance(value, date):
            return day_said(value, language)
        if value is None or isinstance(value, Markup):
            return value or ""
        return harmless(value) if is_page and isinstance(value, str) else value

    def in_css(said: str) -> Markup:
        """Return a text as a CSS string; letters and figures alone stand as they are."""
        signs = (c if c.isalnum() and c.isascii() else f"\\{ord(c):x} " for c in harmless(said))
        return Markup(f'"{"".join(signs)}"')  # noqa: S704 (no sign of HTML is left)

    environment = Environment(
        autoescape=is_page,  # noqa: S701 (a terminal shows no HTML)
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        finalize=written, loader=FileSystemLoader(Path(__file__).parent),
    )  # fmt: skip
    environment.filters |= {"in_css": in_css, "minus": minus, "fitted": fitted, "wrapped": wrapped}
    ours: dict[str, Any] = {
        "language": language,
        "policy": _policy,
        "say": lambda code, /, **said: say(code, language, said),
        "word": partial(word, language=language),
        "told_of": partial(told_of, language=language),
        "reasoned": reasoned,
        "noted": NOTED,
    }
    return environment.get_template(template).render({**ours, **facts})


def _policy(style: str, script: str) -> str:
    """Return what a page may do: its style, and its script if it has one, named by hashes."""
    its, own = (b64encode(sha256(one.encode()).digest()).decode() for one in (style, script))
    parts = ["default-src 'none'", f"style-src 'sha256-{its}'", "img-src data:"]
    parts += [f"script-src 'sha256-{own}'"] if script else []
    return "; ".join([*parts, "base-uri 'none'", "form-action 'none'"])
