"""Answers out of many: a search among products or accounts, and a table of such. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from woo2po.wizard.kinds import NONE, Check, Line, Taken, Wrong

MOST_SHOWN = 10
_NEW = re.compile(r"(?:new|ny)\s+(\S.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Item:
    """Something of a long list: a product by its code, an account by its number."""

    value: Any
    text: str

    @property
    def shown(self) -> str:
        """Value and name."""
        return f"{self.value}  {self.text}" if self.text else str(self.value)

    def holds(self, part: str) -> bool:
        """Tell whether a part of code or name is meant."""
        return part in f"{self.value} {self.text}".casefold()


@dataclass(frozen=True)
class Found:
    """One of many, the likeliest first, ten at a time; a part of code or name searches.

    `check_with` judges any value, also one that is not listed. `may_be_new` lets `new CODE` name
    one that does not exist yet, `none` is the value of a dash (None: a dash is no answer).
    """

    items: tuple[Item, ...]
    check_with: Check
    default: Any = None
    may_be_new: bool = False
    none: Any = None
    listed: tuple[Item, ...] = ()  # what a search found
    first: int = MOST_SHOWN  # how many of them are shown before anything is searched for
    told: str = ""  # what stands for the default, where it is no item
    more: str = ""  # what is said of those that are not shown; {n} is how many
    exists: Callable[[str], bool] = lambda _: False  # also what is not listed, since unfit
    is_text: bool = False

    @property
    def offered(self) -> str:
        """The value that Enter takes."""
        if self.default is None:
            return ""
        return NONE if self.default == self.none else str(self.default)

    @property
    def shown(self) -> tuple[Item, ...]:
        """What can be chosen by number just now."""
        return self.listed[:MOST_SHOWN] or self.items[: min(self.first, MOST_SHOWN)]

    def lines(self) -> Sequence[Line]:
        """Return the likeliest, or what was searched for, numbered."""
        lines = [(self._mark(n), item.shown) for n, item in enumerate(self.shown, 1)]
        if self.told and not self.listed:
            lines.append(("", self.told))
        left = len(self.listed or self.items) - len(self.shown)
        return [*lines, ("", self.more.format(n=left))] if left and self.more else lines

    def _mark(self, number: int) -> str:
        # A company may number its products 1, 2, 3: then a plain number is such a code.
        codes = {str(item.value) for item in self.items}
        plain = not any(str(n) in codes for n in range(1, MOST_SHOWN + 1))
        return str(number) if plain else f"#{number}"

    def read(self, typed: str) -> "Taken | Found":
        """Take a mark, a code, `new CODE` or a dash; else search for what was typed."""
        if not typed:
            if self.default is None:
                raise Wrong("init_needs_answer")
            return Taken(self.default)
        for number, item in enumerate(self.shown, 1):
            if typed == self._mark(number):
                return Taken(self.check(item.value))
        if typed == NONE and self.none is not None:
            return Taken(self.none)
        if (new := _NEW.fullmatch(typed)) and self.may_be_new:
            return Taken(self.check(new[1].strip()))
        return self._sought(typed)

    def _sought(self, typed: str) -> "Taken | Found":
        exact = [item for item in self.items if str(item.value).casefold() == typed.casefold()]
        if exact or typed == str(self.default):
            return Taken(self.check(exact[0].value if exact else self.default))
        if self.exists(typed):
            return Taken(self.check(typed))
        found = tuple(item for item in self.items if item.holds(typed.casefold()))
        if found:
            return replace(self, listed=found)
        if not self.may_be_new:
            return Taken(self.check(typed))
        raise Wrong("init_not_found_or_new", text=typed)

    def check(self, value: Any) -> Any:
        """Judge a value of a file."""
        return self.none if value == NONE and self.none is not None else self.check_with(value)


@dataclass(frozen=True, slots=True)
class SearchWords:
    """What a table says of a search: {n} more than are shown; {example} is typed to take one."""

    more: str = ""
    pick: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: the name of its key, what is shown of it, and its value (None: none yet).

    `told` stands for a value that is no item of the cell's list.
    """

    name: str
    text: str
    value: Any = None
    told: str = ""


@dataclass(frozen=True)
class Table:
    """Several answers of one kind at once: Enter takes all, `2=FRAKT15` changes one.

    Its value is a dictionary by the rows' names; rows whose value is the cell's `none` are not in
    it. A cell is given a row's name, and is where its value is searched for and judged.
    """

    rows: tuple[Row, ...]
    cell: Callable[[str], Found]
    listed: tuple[Item, ...] = ()  # what a search found
    sought: int = 0  # the place of the row that it was for
    is_text: bool = False
    kept: Mapping[str, Any] = field(default_factory=dict)  # what stands in the file beside the rows
    empty: Any = None  # what stands for a table without a row, where that is no table
    words: SearchWords = SearchWords()
    none_text: str = NONE  # how a row with none is shown

    @property
    def offered(self) -> str:
        """Nothing is named: the rows are seen."""
        return "" if any(row.value is None for row in self.rows) else "OK"

    def lines(self) -> Sequence[Line]:
        """Return what a search found, else the rows with their values, numbered."""
        if self.listed:
            return self._found()
        return [(str(n), f"{row.text}: {self._shown(row)}") for n, row in enumerate(self.rows, 1)]

    def _found(self) -> Sequence[Line]:
        """Return what a search found, and how one of it is taken for the row."""
        found = [("", item.shown) for item in self.listed[:MOST_SHOWN]]
        left = len(self.listed) - len(found)
        if left:
            found.append(("", self.words.more.format(n=left)))
        example = f"{self.sought + 1}={self.listed[0].value}"
        return [*found, ("", self.words.pick.format(example=example))]

    def _shown(self, row: Row) -> str:
        if row.value is None:
            return "?"
        cell = self.cell(row.name)
        if row.value == cell.none:
            return self.none_text
        items = [item.shown for item in cell.items if item.value == row.value]
        return items[0] if items else f"{row.value}  {row.told}".rstrip()

    def read(self, typed: str) -> "Taken | Table":
        """Take all rows on Enter; else change the row that is named."""
        if not typed:
            return Taken(self._whole())
        named = re.fullmatch(r"(\S+?)\s*(?:%\s*)?(?:[=:]|\s)\s*(.*\S)", typed)
        if named is None:
            raise Wrong("init_row_unclear", example=self.example)
        place = self._place(named[1])
        got = self.cell(self.rows[place].name).read(named[2])
        if isinstance(got, Found):
            return replace(self, listed=got.listed, sought=place)
        changed = replace(self.rows[place], value=got.value)
        rows = (*self.rows[:place], changed, *self.rows[place + 1 :])
        return replace(self, rows=rows, listed=())

    @property
    def example(self) -> str:
        """Return how the first row is changed."""
        row = next((row for row in self.rows if row.value is None), self.rows[0])
        items = self.cell(row.name).items
        value = row.value if row.value not in {None, ""} else items[0].value if items else "1903"
        return f"{self.rows.index(row) + 1}={value}"

    def _place(self, name: str) -> int:
        for place, row in enumerate(self.rows):
            if name.casefold() in {row.name.casefold(), str(place + 1)}:
                return place
        raise Wrong("init_row_unclear", example=self.example)

    def _whole(self) -> Any:
        for number, row in enumerate(self.rows, 1):
            if row.value is None:
                raise Wrong("init_row_empty", row=row.text, number=str(number))
        return self._said({row.name: row.value for row in self.rows})

    def _said(self, values: Mapping[str, Any]) -> Any:
        named = {n: v for n, v in values.items() if v != self.cell(n).none}
        whole = {n: v for n, v in self.kept.items() if n not in values} | named
        return whole if whole or self.empty is None else self.empty

    def check(self, value: Any) -> Any:
        """Judge a table of a file: each of its rows, whether asked for or not."""
        if self.empty is not None and value == self.empty:
            return value
        if not isinstance(value, Mapping):
            raise Wrong("init_table_expected")
        given = {str(name): self.cell(str(name)).check(one) for name, one in value.items()}
        rest = {row.name: row.value for row in self.rows if row.name not in given}
        for name, default in rest.items():
            if default is None:
                raise Wrong("init_row_missing", row=name)
        return self._said(rest | given)
