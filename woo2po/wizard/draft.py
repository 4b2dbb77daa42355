"""The text of config.toml: a new one with a comment for every key, or an old one changed.

What stands in an old file (comments, order, keys that nobody was asked for) stays as it is, where
each key has its line under its section's header; else a new file has to take its place.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from woo2po.messages.message import Language
from woo2po.settings.example import Key, comment, in_both_languages, rendered
from woo2po.settings.problems import toml
from woo2po.wizard.fields import default_of, is_key, key_of
from woo2po.wizard.state import flat


def new_text(values: Mapping[str, Any], head: str, language: Language) -> str:
    """Return a whole file with these values by path; a key at its default stays a comment.

    `head` is what the file says of itself.
    """
    told = {path: value for path, value in values.items() if not _goes_without_saying(path, value)}

    def about(key: Key) -> Iterable[str]:
        return in_one_language(key, language)

    return rendered("".join(f"{line}\n" for line in comment(head)), told, about)


def in_one_language(key: Key, language: Language) -> list[str]:
    """Return the comment above a key: a question in the language of the dialogue."""
    english, *norwegian = in_both_languages(key)
    return norwegian if norwegian and language == "nb" else [english]


def _goes_without_saying(path: str, value: Any) -> bool:
    key = key_of(path)
    return not key.required and not key.question and bool(value == key.default)


# -- an old file, line by line ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Entry:
    """A key with its value, or a section's header (then without a name): where in the lines."""

    section: str
    name: str
    value: Any
    first: int
    end: int


def changed_text(old: str, values: Mapping[str, Any], gone: Iterable[str]) -> str | None:
    """Return an old file with these values by path, and without the keys in `gone`.

    None for a file that is written in a way in which single lines cannot be changed: what comes
    out is read again, and says exactly this, or it is not returned.
    """
    wanted = {path: _as_read(value) for path, value in values.items()}
    there = {path: v for path, v in flat(tomllib.loads(old)).items() if path not in gone}
    changes = {path: v for path, v in wanted.items() if not _is_said(path, v, there)}
    lines = old.split("\n")
    for path in gone:
        section, _, name = path.rpartition(".")
        _remove(lines, section, name)
    for path, value in changes.items():
        section, _, name = path.rpartition(".")
        _set(lines, section, name, value)
    new = "\n".join(lines)
    found = _parsed(new)
    return new if found is not None and flat(found) == there | changes else None


def _as_read(value: Any) -> Any:
    return tomllib.loads(f"x = {toml(value)}")["x"]


def _is_said(path: str, value: Any, there: Mapping[str, Any]) -> bool:
    if path in there:
        return bool(there[path] == value)
    return is_key(path) and not key_of(path).required and bool(_as_default(path) == value)


def _as_default(path: str) -> Any:
    default = default_of(path)
    return None if default is None else _as_read(default)


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _entries(lines: list[str]) -> list[_Entry]:
    """Return what stands in the lines of a file, but for comments."""
    found, section, first = [], "", 0
    while first < len(lines):
        line, end = lines[first].strip(), first + 1
        if line.startswith("["):
            section = _header(line)
            found.append(_Entry(section, "", None, first, end))
        elif line and not line.startswith("#"):
            while (said := _parsed("\n".join(lines[first:end]))) is None:
                end += 1  # a list or a text of several lines
            found += [_Entry(section, name, value, first, end) for name, value in said.items()]
        first = end
    return found


def _header(line: str) -> str:
    names, inside = [], _parsed(line)
    while isinstance(inside, dict) and inside:
        (name, inside), *_ = inside.items()
        names.append(name)
    return ".".join(names)


def _found(lines: list[str], section: str, name: str) -> _Entry | None:
    entries = (one for one in _entries(lines) if (one.section, one.name) == (section, name))
    return next(entries, None)


def _span(lines: list[str], section: str) -> range:
    """Return the places of a section's lines, the header's first; none where it has no header."""
    headers = [one for one in _entries(lines) if not one.name]
    first = next((one.first for one in headers if one.section == section), None if section else 0)
    if first is None:
        return range(0)
    later = (one.first for one in headers if one.first > first or not section)
    return range(first, next(later, len(lines)))


def _remove(lines: list[str], section: str, name: str) -> None:
    entry, span = _found(lines, section, name), _span(lines, f"{section}.{name}".strip("."))
    if entry is not None:
        del lines[entry.first : entry.end]
    elif span:
        del lines[span.start : span.stop]


def _set(lines: list[str], section: str, name: str, value: Any) -> None:
    table = f"{section}.{name}"
    if isinstance(value, Mapping) and _span(lines, table):
        for one in [one for one in _entries(lines) if one.section == table and one.name]:
            if one.name not in value:
                _remove(lines, table, one.name)
        for row, cell in value.items():
            _set(lines, table, row, cell)
        return
    line = f"{name if re.fullmatch('[A-Za-z0-9_-]+', name) else toml(name)} = {toml(value)}"
    entry = _found(lines, section, name)
    if entry is None:
        place, taken = _place(lines, section, name)
        lines[place : place + taken] = [line]
    elif entry.value != value:
        remark = _remark(lines[entry.first : entry.end])
        lines[entry.first : entry.end] = [line + remark]


def _remark(lines: list[str]) -> str:
    """Return the comment behind a value, with the blanks before it."""
    *before, last = lines
    whole = _parsed("\n".join(lines))
    for place in (n for n, sign in enumerate(last) if sign == "#"):
        if _parsed("\n".join([*before, last[:place]])) == whole:
            return last[len(last[:place].rstrip()) :]
    return ""


def _place(lines: list[str], section: str, name: str) -> tuple[int, int]:
    """Return where a new key goes among its section's lines, and how many lines it replaces there.

    In place of itself behind a #, as the example shows a default; below the paragraph that gives
    an example of it; else after the last key of the section, which may have to be begun.
    """
    span = _span(lines, section)
    if section and not span:
        lines += ["", f"[{section}]", ""]
        return len(lines) - 1, 0
    for n in span:
        if re.match(rf"#{re.escape(name)} *= *\S", lines[n]) and _parsed(lines[n][1:]):
            return n, 1
    for n in span:
        if lines[n].startswith(f"# Example: {name} = "):
            rest = (m for m in span if m > n and not lines[m].startswith("#"))
            return next(rest, span.stop), 0
    return max((one.end for one in _entries(lines) if one.section == section), default=0), 0
