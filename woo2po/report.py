"""Values to text for people: tables and sums in kroner, in English and Norwegian. No I/O.

Text is as wide as the screen that was found at the start (screen.py), and has its signs.
"""

import json
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import zip_longest
from typing import TYPE_CHECKING

from woo2po.messages import remedy, say
from woo2po.messages.message import Language, figure_in, to_type, word
from woo2po.screen import has_every_sign, here, shown

if TYPE_CHECKING:
    from woo2po.documents import Note
    from woo2po.holds import Hold, Skip

# What a run tells of its counts, in this order.
COUNTED = ("made", "changed", "invoiced", "credited", "paid", "unchanged", "skipped", "cancelled")
THIN = "\N{NO-BREAK SPACE}"  # between thousands: a figure is never broken in two
# What is to be typed as it stands is not broken in two: a command or a key in quotation marks, and
# what a TOML table holds.
_WHOLE = re.compile(r"`[^`]{1,60}`|«[^»]{1,60}»|\{ [^{}]{1,60} \}")
_SIGNS = ("✓ ", "! ", "✗ ")
_UNBROKEN = "\N{NULL}"  # stands for a space where no line may end


def kroner(amount: Decimal | None, language: Language) -> str:
    """Return an amount with two decimals and thin groups of thousands, or "" for none."""
    return "" if amount is None else figure_in(f"{amount:,.2f}".replace(",", THIN), language)


def percent(rate: Decimal, language: Language) -> str:
    """Return a VAT rate as people write it."""
    return f"{figure_in(plain(rate), language)} %"


def fitted(text: str, width: int) -> str:
    """Return a text on one line of at most `width` characters, safe for a terminal."""
    plain = "".join(c if c.isprintable() or c == THIN else " " for c in text)
    plain = shown(" ".join(filter(None, plain.split(" "))))
    if len(plain) <= width:
        return plain
    dots = shown("…")
    return plain[: width - len(dots)] + dots


def wrapped(text: str, first: str = "", rest: str = "") -> str:
    """Return a text in lines that fit the screen; `first` and `rest` begin the lines.

    What goes on behind a sign is set in by itself.
    """
    lines = "\n".join(
        textwrap.fill(
            shown(_WHOLE.sub(_in_one_piece, paragraph)),
            here().columns,
            initial_indent=shown(first),
            subsequent_indent=shown(rest) or "  " * paragraph.startswith(_SIGNS),
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
    """Return a value as JSON, with escapes instead of stand-ins where the screen lacks signs."""
    return json.dumps(value, ensure_ascii=not has_every_sign(), indent=1, default=_moment_or_day)


def _moment_or_day(value: date) -> str:
    """Return a moment, which ends in Z, so that no reader has to guess a zone; or a day."""
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


def told_of(why: "Hold | Skip | Note", language: Language, number: str = "") -> tuple[str, str]:
    """Return what a code says of an order, and what to do, with its number in what is typed."""
    facts = {**why.facts, **({"order": to_type(number)} if number else {})}
    return say(why.code, language, facts), remedy(why.code, language, facts)


def noted_text(said: str, remedy: str) -> str:
    """Return what was noticed about an order that went, after a "!", and what to do about it."""
    lines = [wrapped(fitted(said, 600), "  ! ", "    ")]
    return "\n".join(
        [*lines, wrapped(fitted(remedy, 600), "    → ", "      ")] if remedy else lines
    )


def table(rows: Iterable[Sequence[str]], headers: Sequence[str], right: Sequence[int] = ()) -> str:
    """Return a table; columns named by place in `right` are right-aligned.

    Where the screen is too narrow for it, its columns stand closer and those of words are folded;
    where that is not enough, each row becomes a block of lines.
    """
    cells = [[shown(cell) for cell in row] for row in (headers, *rows)]
    columns = list(zip(*cells, strict=True))
    widths = [max(len(head) + 2, *map(len, rest), 0) for head, *rest in columns]
    room = max(here().columns, here().across)
    if _across(widths) > room:
        words = [place for place in range(len(columns)) if place not in right]
        widths = _folded(columns, words, room)
    if _across(widths) > room:
        return "\n\n".join(_block(cells[0], row) for row in cells[1:])
    ruled = [cells[0], ["-" * width for width in widths], *cells[1:]]
    return "\n".join(_row(row, widths, right) for row in ruled)


def _across(widths: Sequence[int]) -> int:
    """Return how wide a table is: two blanks stand between its columns."""
    return sum(widths) + 2 * (len(widths) - 1)


def _folded(columns: Sequence[Sequence[str]], words: Sequence[int], room: int) -> list[int]:
    """Return how wide each column has to be, those of words no wider than there is room for."""
    widths = [max(map(len, column)) for column in columns]
    least = [max(len(word) for cell in column for word in cell.split(" ")) for column in columns]
    while _across(widths) > room - 2:  # it may stand inside other text
        widest = max(words, key=lambda place: widths[place] - least[place], default=0)
        if widest not in words or widths[widest] <= least[widest]:
            break
        widths[widest] -= 1
    return widths


def _row(row: Sequence[str], widths: Sequence[int], right: Sequence[int]) -> str:
    """Return a row, on as many lines as its cells are folded into."""
    pieces = [
        textwrap.wrap(cell, width, break_long_words=False, break_on_hyphens=False)
        for cell, width in zip(row, widths, strict=True)
    ]
    lines = zip_longest(*pieces, fillvalue="") if any(pieces) else [[""] * len(row)]
    return "\n".join(
        "  ".join(
            f"{cell:>{width}}" if place in right else f"{cell:{width}}"
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _block(heads: Sequence[str], row: Sequence[str]) -> str:
    """Return a row as lines, each with its heading; empty cells are left out."""
    width = max(map(len, heads))
    named = zip(heads, row, strict=True)
    return "\n".join(f"{head:{width}}  {cell}" for head, cell in named if cell)


def summary_line(
    counts: Mapping[str, int], language: Language, names: Sequence[str] = COUNTED
) -> str:
    """Return what a run did with its orders, as one line: the counts of these names above 0."""
    return ", ".join(f"{counts[n]} {word(n, language)}" for n in names if counts.get(n))


def plain(number: Decimal) -> str:
    """Return a quantity, a unit price or a rate with the decimals that it has, and a point."""
    return f"{number.normalize():f}" if number else "0"
