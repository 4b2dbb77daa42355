"""Renders config.example.toml from what settings.py says of each key.

`python tests/example.py --write` brings the file in the repository up to date.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from textwrap import wrap
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from woo2po.settings import Settings

FILE = Path(__file__).parents[1] / "config.example.toml"
WIDTH = 92

HEAD = """\
# The configuration of woo2po. Copy this file to config.toml and fill it in; on Linux and macOS
# then run: chmod 600 config.toml
#
# Lines without a # are the keys that every shop answers: those marked "Required", and the
# questions with the numbers that they have in the README. A line that begins with # and no space
# is a key at its default: to change it, take away the # and write another value.
#
# Every key can come from the environment instead, where it wins over this file:
# WOO2PO_POWEROFFICE__CLIENT_KEY=... (two underscores after the section; a list or a table as
# JSON). The five secrets can stand in files of their own: see the keys that end in _file.
"""


@dataclass(frozen=True)
class Key:
    """A key of config.toml: its section ("" at the top), name, and what settings.py says of it."""

    section: str
    name: str
    info: FieldInfo

    @property
    def path(self) -> str:
        return f"{self.section}.{self.name}" if self.section else self.name

    @property
    def text(self) -> str:
        return str(self.info.description)

    @property
    def question(self) -> int | None:
        return self._said("question")

    @property
    def nb(self) -> str:
        return self._said("nb")

    @property
    def example(self) -> Any:
        return self._said("example")

    @property
    def required(self) -> bool:
        return self.info.is_required()

    @property
    def default(self) -> Any:
        return self.info.get_default()

    @property
    def choices(self) -> tuple[str, ...]:
        """The values that are allowed, where only some words are."""
        kind = self.info.annotation
        return get_args(kind) if get_origin(kind) is Literal else ()

    def _said(self, name: str) -> Any:
        extra = self.info.json_schema_extra
        assert isinstance(extra, dict), f"{self.path} is not declared by key()"
        return extra[name]


def sections() -> dict[str, type[BaseModel]]:
    """Return the sections by name, in their order."""
    return {
        name: info.annotation
        for name, info in Settings.model_fields.items()
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel)
    }


def _keys() -> list[Key]:
    found = sections()
    at_the_top = [Key("", n, f) for n, f in Settings.model_fields.items() if n not in found]
    inside = [
        Key(section, info.alias or name, info)
        for section, kind in found.items()
        for name, info in kind.model_fields.items()
    ]
    return at_the_top + inside


# Every key that settings.py has, in its order, those of the top first.
KEYS = _keys()


def toml(value: Any) -> str:
    """Return a value as TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(toml(one) for one in value)}]"
    if isinstance(value, dict):
        inside = ", ".join(f'"{name}" = {toml(one)}' for name, one in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)


def document(whole: Mapping[str, Any]) -> str:
    """Return a configuration as TOML; a dictionary in it is a section."""
    lines = [f"{k} = {toml(v)}" for k, v in whole.items() if not isinstance(v, dict)]
    for section, values in whole.items():
        if isinstance(values, dict):
            lines += [f"[{section}]", *(f"{k} = {toml(v)}" for k, v in values.items())]
    return "\n".join(lines) + "\n"


def rendered() -> str:
    """Return the whole file."""
    parts = [HEAD]
    section = ""
    for key in KEYS:
        if key.section != section:
            section = key.section
            parts.append(f"\n# -- {sections()[section].__doc__}\n[{section}]\n")
        parts.append("\n" + "\n".join(_lines(key)) + "\n")
    return "".join(parts)


def _lines(key: Key) -> Iterator[str]:
    yield from _comment(f"Question {key.question}. {key.text}" if key.question else key.text)
    if key.question:
        yield from _comment(f"Spørsmål {key.question}. {key.nb}")
    if key.choices:
        yield from _comment("One of: " + ", ".join(toml(choice) for choice in key.choices))
    if key.required:
        yield from _comment("Required.")
        yield f"{key.name} = {toml(key.example)}"
        return
    if key.example is not None:
        yield from _comment(f"Example: {key.name} = {toml(key.example)}")
    if key.default is None:
        yield from _comment("Not set by default.")
        return
    mark = "" if key.question else "#"
    yield f"{mark}{key.name} = {toml(key.default)}"


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in wrap(text, WIDTH, break_long_words=False)]


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        FILE.write_text(rendered(), "utf-8", newline="\n")
    else:
        sys.exit("usage: python tests/example.py --write")
