"""Values to text for people: tables and sums in kroner, in English and Norwegian. No I/O."""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from woo2po.messages.message import Language
from woo2po.messages.words import word

if TYPE_CHECKING:
    from woo2po.documents import Documents, OrderLine

# What a run tells of its counts, in this order.
COUNTED = ("made", "changed", "invoiced", "credited", "paid", "unchanged", "skipped", "cancelled")
THIN = "\N{NO-BREAK SPACE}"  # between thousands: a figure is never broken in two
LINE = 78  # characters: fits a terminal of 80


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


def wrapped(text: str, first: str = "", rest: str = "", width: int = LINE) -> str:
    """Return a text in lines of at most `width` characters; `first` and `rest` begin the lines."""
    return "\n".join(
        textwrap.fill(
            paragraph,
            width,
            initial_indent=first,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for paragraph in text.split("\n")
    )


_SPELLED = str.maketrans(
    {"→": "->", "«": '"', "»": '"', "…": "...", "–": "-", "—": "-", THIN: " "}
    | {"æ": "ae", "ø": "oe", "å": "aa", "Æ": "AE", "Ø": "OE", "Å": "AA", "é": "e"}
)


def spelled(text: str, encoding: str) -> str:
    """Return a text as a terminal of that encoding can show it: å is aa where there is no å."""
    plain = "".join(c if _shows(c, encoding) else c.translate(_SPELLED) for c in text)
    return plain.encode(encoding, "replace").decode(encoding)


def _shows(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


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


def documents_text(documents: "Documents", language: Language) -> str:
    """Return what an order would become in PowerOffice: header, lines, sums."""
    order = documents.sales_order
    number = order.customer_reference or order.purchase_order_reference
    head = [f"  {order.reference}  {number}  {order.order_date.isoformat()}  {order.currency}"]
    if order.related_invoice_no is None:  # a credit note's customer is that of its invoice
        kind = "person" if documents.customer.customer.is_person else "company"
        head.insert(0, f"  {word('customer', language)}: {word(kind, language)}")
    headers = [word(name, language) for name in ("quantity", "text", "product", "price", "rate")]
    rows = [_line_row(line) for line in order.lines]
    vat = "  ".join(
        f"{percent(rate)}: {kroner(amount)}" for rate, amount in sorted(order.amounts.vat.items())
    )
    total = f"  {word('total', language)}  {kroner(order.amounts.total)}"
    lines = "\n".join("  " + row for row in table(rows, headers, right=(0, 3, 4)).splitlines())
    return "\n".join([*head, lines, f"  {word('vat', language)}  {vat}", total])


def _line_row(line: "OrderLine") -> list[str]:
    from woo2po.documents import LineKind  # noqa: PLC0415 (an idle run shows no documents)

    if line.kind is LineKind.TEXT:
        return ["", fitted(line.description, 30), "", "", ""]
    quantity = f"{line.quantity.normalize():f}"
    price = f"{line.unit_price.normalize():f}" if line.unit_price else "0"
    return [
        quantity,
        fitted(line.description, 30),
        fitted(line.product_code, 12),
        price,
        percent(line.vat_rate),
    ]
