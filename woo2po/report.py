"""Values to text for people: tables and sums in kroner, in English and Norwegian. No I/O."""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from woo2po.messages.message import Language
from woo2po.messages.words import word
from woo2po.money import round_ore

if TYPE_CHECKING:
    from woo2po.documents import OrderLine

# What a run tells of its counts, in this order.
COUNTED = ("made", "changed", "invoiced", "credited", "paid", "unchanged", "skipped", "cancelled")
THIN = "\N{NO-BREAK SPACE}"  # between thousands: a figure is never broken in two
LINE = 78  # characters: fits a terminal of 80
LINE_HEADS = ("quantity", "text", "product", "price", "rate", "net")  # of an order's lines


def kroner(amount: Decimal | None) -> str:
    """Return an amount with two decimals and thin groups of thousands, or "" for none."""
    return "" if amount is None else f"{amount:,.2f}".replace(",", THIN)


def percent(rate: Decimal) -> str:
    """Return a VAT rate as people write it."""
    return f"{rate.normalize():f} %"


def fitted(text: str, width: int) -> str:
    """Return a text on one line of at most `width` characters, safe for a terminal."""
    plain = "".join(c if c.isprintable() or c == THIN else " " for c in text)
    plain = " ".join(filter(None, plain.split(" ")))
    return plain if len(plain) <= width else plain[: width - 1] + "…"


def wrapped(text: str, first: str = "", rest: str = "") -> str:
    """Return a text in lines of at most 78 characters; `first` and `rest` begin the lines."""
    return "\n".join(
        textwrap.fill(
            paragraph,
            LINE,
            initial_indent=first,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for paragraph in text.split("\n")
    )


def noted_text(said: str, remedy: str) -> str:
    """Return what was noticed about an order that went, after a "!", and what to do about it."""
    lines = [wrapped(fitted(said, 600), "  ! ", "    ")]
    return "\n".join(
        [*lines, wrapped(fitted(remedy, 600), "    → ", "      ")] if remedy else lines
    )


def table(rows: Iterable[Sequence[str]], headers: Sequence[str], right: Sequence[int] = ()) -> str:
    """Return a table; columns named by place in `right` are right-aligned."""
    from tabulate import tabulate  # noqa: PLC0415 (an idle run shows no table)

    align = ["right" if place in right else "left" for place in range(len(headers))]
    return tabulate(
        [list(row) for row in rows],
        headers=list(headers),
        tablefmt="simple",
        colalign=align,
        disable_numparse=True,
    )


def summary_line(
    counts: Mapping[str, int], language: Language, names: Sequence[str] = COUNTED
) -> str:
    """Return what a run did with its orders, as one line: the counts of these names above 0."""
    return ", ".join(f"{counts[n]} {word(n, language)}" for n in names if counts.get(n))


def lines_table(lines: "Iterable[OrderLine]", language: Language) -> str:
    """Return the lines of a sales order as a table: net prices, and net amounts to the øre."""
    headers = [word(name, language) for name in LINE_HEADS]
    return table([_line_row(line) for line in lines], headers, right=(0, 3, 4, 5))


def _line_row(line: "OrderLine") -> list[str]:
    from woo2po.documents import LineKind  # noqa: PLC0415 (an idle run shows no documents)

    if line.kind is LineKind.TEXT:
        return ["", fitted(line.description, 24), "", "", "", ""]
    return [
        plain(line.quantity),
        fitted(line.description, 24),
        fitted(line.product_code, 12),
        plain(line.unit_price),
        percent(line.vat_rate),
        kroner(round_ore(line.quantity * line.unit_price)),
    ]


def plain(number: Decimal) -> str:
    """Return a quantity or a unit price with the decimals that it has."""
    return f"{number.normalize():f}" if number else "0"
