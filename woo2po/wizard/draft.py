"""The text of config.toml: a new one with a comment for every key, or an old one changed.

What stands in an old file (comments, order, keys that nobody was asked for) stays as it is.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
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


def changed_text(old: str, values: Mapping[str, Any], gone: Iterable[str]) -> str:
    """Return an old file with these values by path, and without the keys in `gone`."""
    import tomlkit  # noqa: PLC0415 (24 ms that only this command needs)

    there = flat(tomllib.loads(old))
    changes = {path: v for path, v in values.items() if not _is_said(path, v, there)}
    text = _with_new_keys(old, {path: v for path, v in changes.items() if path not in there})
    whole = tomlkit.parse(text)
    for path in gone:
        _remove(whole, path)
    added = flat(tomllib.loads(text))
    for path, value in changes.items():
        if path in there or path not in added:
            _set(whole, path, value)
    return tomlkit.dumps(whole)


def _is_said(path: str, value: Any, there: Mapping[str, Any]) -> bool:
    if path in there:
        return bool(there[path] == value)
    return is_key(path) and not key_of(path).required and bool(default_of(path) == value)


def _with_new_keys(text: str, values: Mapping[str, Any]) -> str:
    """Return a file with keys put where it speaks of them, else at the end of their section.

    Left out are those for which it has no place, and all where the file is written in a way
    that this does not understand.
    """
    lines = text.split("\n")
    for path, value in values.items():
        section, _, name = path.rpartition(".")
        place, taken = _place(lines, _span(lines, section), name)
        if place:
            lines[place : place + taken] = [f"{name} = {toml(value)}"]
    new = "\n".join(lines)
    try:
        found = flat(tomllib.loads(new))
    except tomllib.TOMLDecodeError:
        return text
    return new if found == flat(tomllib.loads(text)) | _told(values, found) else text


def _told(values: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    return {path: value for path, value in values.items() if path in found}


def _span(lines: list[str], section: str) -> range:
    """Return the places of a section's lines, the header's first; none where it has no header."""
    headers = [n for n, line in enumerate(lines) if re.match(r"\s*\[", line)]
    if not section:
        return range(min([*headers, len(lines)]))
    named = re.compile(rf"\s*\[{re.escape(section)}\]")
    for n in headers:
        if named.match(lines[n]):
            return range(n, min([m for m in headers if m > n] or [len(lines)]))
    return range(0)


def _place(lines: list[str], span: range, name: str) -> tuple[int, int]:
    """Return where a key goes among its section's lines, and how many lines it replaces there.

    In place of itself behind a #, as the example shows a default; below the paragraph that gives
    an example of it; else after the last key of the section. 0 where there is no place.
    """
    for n in span:
        if re.match(rf"#{re.escape(name)} *= *\S", lines[n]) and _is_toml(lines[n][1:]):
            return n, 1
    for n in span:
        if lines[n].startswith(f"# Example: {name} = "):
            rest = (m for m in span if m > n and not lines[m].startswith("#"))
            return next(rest, span.stop), 0
    keys = (n for n in span if lines[n].strip() and not lines[n].startswith("#"))
    return max(keys, default=-1) + 1, 0


def _is_toml(line: str) -> bool:
    """Tell whether a line is a whole key and value, and no sentence or part of a list."""
    try:
        return bool(tomllib.loads(line))
    except tomllib.TOMLDecodeError:
        return False


def _remove(whole: Any, path: str) -> None:
    section, _, name = path.rpartition(".")
    table = whole.get(section, {}) if section else whole
    if name in table:
        del table[name]


def _set(whole: Any, path: str, value: Any) -> None:
    import tomlkit  # noqa: PLC0415 (as above)

    section, _, name = path.rpartition(".")
    if section and section not in whole:
        whole.add(section, tomlkit.table())
    table = whole[section] if section else whole
    old: Any = table.get(name)
    if isinstance(value, Mapping) and _is_table(old):
        for row in set(old) - set(value):
            del old[row]
        for row, one in value.items():
            if old.get(row) != one:
                old[row] = one
        return
    table[name] = tomlkit.value(toml(value))


def _is_table(item: Any) -> bool:
    """Tell whether a value stands as rows of its own under a header, not within braces."""
    import tomlkit.items  # noqa: PLC0415 (as above)

    return isinstance(item, tomlkit.items.Table)
