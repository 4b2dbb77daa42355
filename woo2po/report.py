"""Values to text for people: tables and sums in kroner, in English and Norwegian. No I/O.

Text is as wide as the screen that was found at the start (screen.py).
"""

import json
import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from woo2po.holds import Reason
from woo2po.messages import Language, day_said, figure_in, printable, remedy, say, to_type, word
from woo2po.money import text_of
from woo2po.screen import here

# What a run tells of its counts, in this order.
COUNTED = ("made", "changed", "invoiced", "credited", "paid", "unchanged", "skipped", "cancelled")
THIN = "\N{NO-BREAK SPACE}"  # between thousands: a figure is never broken in two
# What is to be typed as it stands is not broken in two: a command or a key in quotation marks, and
# what a TOML table holds.
_WHOLE = re.compile(r"`[^`]{1,60}`|«[^»]{1,60}»|\{ [^{}]{1,60} \}")
_SIGNS = ("✓ ", "! ", "✗ ")
_CUT = 10  # letters that a word keeps before its hyphen, where a table has no room for all of it
NOTED = "  ! "
_UNBROKEN = "\N{NULL}"  # stands for a space where no line may end


def kroner(amount: Decimal | None, language: Language) -> str:
    """Return an amount with two decimals and thin groups of thousands, or "" for none."""
    return "" if amount is None else figure_in(f"{amount:,.2f}".replace(",", THIN), language)


def percent(rate: Decimal, language: Language) -> str:
    """Return a VAT rate as people write it."""
    return f"{quantity(rate, language)} %"


def quantity(number: Decimal, language: Language) -> "Figure":
    """Return a quantity with the decimals that it has."""
    return Figure(figure_in(plain(number), language))


def fitted(text: str, width: int) -> str:
    """Return a text on one line of at most `width` characters, safe for a terminal.

    What is too long ends in dots, behind a whole word if that leaves most of it.
    """
    plain = " ".join(filter(None, printable(text).split(" ")))
    if len(plain) <= width:
        return plain
    most = plain[: width - 1]
    words = most[: most.rfind(" ") + 1]
    return (words if len(words) > width // 2 else most) + "…"


def wrapped(text: str, first: str = "", rest: str = "") -> str:
    """Return lines that fit the screen; `first` and `rest` begin them, and signs are hung out."""
    lines = "\n".join(
        textwrap.fill(
            _WHOLE.sub(_in_one_piece, paragraph),
            here().columns,
            initial_indent=first,
            subsequent_indent=rest or "  " * paragraph.startswith(_SIGNS),
            break_long_words=False,
            break_on_hyphens=False,
        )
        for paragraph in text.split("\n")
    )
    return lines.replace(_UNBROKEN, " ")


def _in_one_piece(found: re.Match[str]) -> str:
    fits = len(found[0]) < here().columns - 4  # as it is set in mostly
    return found[0].replace(" ", _UNBROKEN) if fits else found[0]


def json_text(value: object) -> str:
    """Return a value as JSON, in plain letters: no console's encoding changes a text."""
    return json.dumps(value, indent=1, default=in_json)


def in_json(value: date | Decimal) -> str:
    """Return a moment, which ends in Z, so that no reader has to guess a zone; a day; or kroner."""
    if isinstance(value, Decimal):
        return text_of(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return value.isoformat()


def listed(value: dict[str, object], name: str, rows: Iterable[object]) -> Iterator[str]:
    """Yield the parts of an object as JSON, the rows of its list `name` one by one."""
    head, tail = json_text(value | {name: []}).split(f'"{name}": []', 1)
    yield f'{head}"{name}": ['
    for n, row in enumerate(rows):
        yield ",\n  " if n else "\n  "
        yield json_text(row).replace("\n", "\n  ")
    yield f"\n ]{tail}\n"


def told_of(why: Reason, language: Language, number: str = "") -> tuple[str, str]:
    """Return what a code says of an order, and what to do, with its number in what is typed."""
    facts = {**why.facts, **({"order": to_type(number)} if number else {})}
    return say(why.code, language, facts), remedy(why.code, language, facts)


def reasoned(said: str, remedy: str, first: str = "  ") -> str:
    """Return what is said, and after an arrow what to do about it; `first` begins the lines."""
    rest = " " * max(2, len(first))
    lines = [wrapped(fitted(said, 600), first, rest)]
    lines += [wrapped(fitted(remedy, 600), f"{rest}→ ", f"{rest}  ")] if remedy else []
    return "\n".join(lines)


class Figure(str):
    """A cell whose figure is told in words already: a rate, a quantity, another currency."""

    __slots__ = ()


Cell = str | int | Decimal | date | None  # a text, how many, an amount in kroner, a day


def figures_in(rows: Iterable[Sequence[Cell]]) -> set[int]:
    """Return the places of the columns that hold a figure, and so stand to the right."""
    return {n for row in rows for n, x in enumerate(row) if isinstance(x, int | Decimal | Figure)}


def _in_a_cell(cell: Cell, language: Language) -> str:
    if isinstance(cell, Decimal):
        cell = kroner(cell, language)
    elif isinstance(cell, date):
        cell = day_said(cell, language)
    return fitted("" if cell is None else str(cell), 60)


def table(rows: Iterable[Sequence[Cell]], headers: Sequence[str], language: Language) -> str:
    """Return a table.

    Where the screen is too narrow for it, columns of words are folded; where that is not enough,
    each row becomes a block of lines.
    """
    import tabulate  # type: ignore[import-untyped]  # noqa: PLC0415 (an idle run shows none)

    rows = [*rows]
    right = figures_in(rows)
    cells = [[_in_a_cell(cell, language) for cell in row] for row in (headers, *rows)]
    columns = list(zip(*cells, strict=True))
    widths = [max(map(len, column)) for column in columns]
    words = [place for place in range(len(columns)) if place not in right]
    longest = [max(len(one) for cell in x for one in cell.split(" ")) for x in columns]
    folded: list[int | None] = [None] * len(columns)
    # It may stand inside other text, two columns in.
    while sum(widths) > max(here().columns, here().across) - 2 * len(columns):
        # A word is broken only where all the columns are as narrow as their words.
        place = max(words, key=lambda p: (widths[p] > longest[p], widths[p]), default=None)
        if place is None or widths[place] <= min(_CUT, longest[place]):
            return "\n\n".join(_block(cells[0], row) for row in cells[1:])
        widths[place] = folded[place] = widths[place] - 1
    cells = [
        [_hyphened(cell, width) for cell, width in zip(row, widths, strict=True)] for row in cells
    ]
    tabulate.MIN_PADDING = 0  # beside a heading
    said = tabulate.tabulate(
        cells[1:],
        cells[0],
        "simple",
        disable_numparse=True,
        colalign=["right" if place in right else "left" for place in range(len(columns))],
        **dict.fromkeys(("maxcolwidths", "maxheadercolwidths"), folded if any(folded) else None),
    )
    return str(said)


def _hyphened(cell: str, width: int) -> str:
    """Return a cell whose words fit so many columns; what is no word may be an id to copy."""
    too_long = rf"(?<!\S)[^\W\d_]{{{width + 1},}}"
    return re.sub(too_long, lambda it: "- ".join(textwrap.wrap(it[0], width - 1)), cell)


def _block(heads: Sequence[str], row: Sequence[str]) -> str:
    width = max(map(len, heads))
    named = zip(heads, row, strict=True)
    return "\n".join(f"{head:{width}}  {cell}" for head, cell in named if cell)


def summary_line(counts: Counter[str], language: Language, names: Sequence[str] = COUNTED) -> str:
    """Return what a run did with its orders, as one line: the counts of these names above 0."""
    return ", ".join(f"{counts[n]} {word(n, language)}" for n in names if counts.get(n))


def plain(number: Decimal) -> str:
    """Return a quantity, a unit price or a rate with the decimals that it has, and a point."""
    return f"{number.normalize():f}" if number else "0"
