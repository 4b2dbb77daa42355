"""Renders a config.toml with a comment for every key, from what the sections say of each.

The repository's config.example.toml comes from here, and the file that `init` writes.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from textwrap import wrap
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from woo2po.config import Settings
from woo2po.config.problems import toml
from woo2po.messages.message import Language

WIDTH = 92


@dataclass(frozen=True)
class Key:
    """A key of config.toml: its section ("" at the top), name, and what the sections say of it."""

    section: str
    name: str
    info: FieldInfo

    @property
    def path(self) -> str:
        """The key's whole name."""
        return f"{self.section}.{self.name}" if self.section else self.name

    @property
    def text(self) -> str:
        """What it means, in English; of a question, the question first."""
        return str(self.info.description)

    @property
    def question(self) -> int | None:
        """The number of the question that it answers, if it is one of the thirteen."""
        number: int | None = self._said("question")
        return number

    @property
    def nb(self) -> str:
        """The question in Norwegian."""
        return str(self._said("nb"))

    @property
    def example(self) -> Any:
        """An example of a value, or None."""
        return self._said("example")

    @property
    def required(self) -> bool:
        """Whether it has no default."""
        return self.info.is_required()

    @property
    def default(self) -> Any:
        """The value that it has where it does not stand in the file."""
        return self.info.get_default()

    @property
    def choices(self) -> tuple[str, ...]:
        """The values that are allowed, where only some words are."""
        kind = self.info.annotation
        return get_args(kind) if get_origin(kind) is Literal else ()

    def _said(self, name: str) -> Any:
        extra = self.info.json_schema_extra
        assert isinstance(extra, dict), self.path  # noqa: S101 (declared by key() as all are)
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


# Every key that there is, in its order, those of the top first.
KEYS = _keys()


def document(whole: Mapping[str, Any]) -> str:
    """Return a configuration as TOML; a dictionary in it is a section."""
    lines = [f"{k} = {toml(v)}" for k, v in whole.items() if not isinstance(v, dict)]
    for section, values in whole.items():
        if isinstance(values, dict):
            lines += [f"[{section}]", *(f"{k} = {toml(v)}" for k, v in values.items())]
    return "\n".join(lines) + "\n"


@cache
def norwegian() -> dict[str, dict[str, str]]:
    """Return what a Norwegian file says: above keys by path and sections by name, and words."""
    return tomllib.loads(Path(__file__).with_name("nb.toml").read_text("utf-8"))


def _in(language: Language | None, kind: str, name: str, english: str) -> str:
    """Return a text in Norwegian, where it is wished and there; else in English."""
    return norwegian()[kind].get(name, english) if language == "nb" else english


def rendered(
    head: str, values: Mapping[str, Any] | None = None, language: Language | None = None
) -> str:
    """Return the whole file: `head`, and every key with its value, by path, or its default.

    Without `values` it is the example, which shows what is required by example. Without a language
    the questions stand there in both, and all else in English.
    """
    parts = [head]
    section = ""
    for key in KEYS:
        if key.section != section:
            section = key.section
            title = _in(language, "sections", section, str(sections()[section].__doc__))
            parts.append(f"\n# -- {title}\n[{section}]\n")
        parts.append("\n" + "\n".join([*_comments(key, language), *_lines(key, values, language)]))
        parts.append("\n")
    return "".join(parts)


def _comments(key: Key, language: Language | None) -> Iterator[str]:
    if not key.question:
        yield from comment(_in(language, "keys", key.path, key.text))
    elif language != "nb":
        yield from comment(f"Question {key.question}. {key.text}")
    if key.question and language != "en":
        yield from comment(f"Spørsmål {key.question}. {key.nb}")
    if key.choices:
        choices = ", ".join(toml(choice) for choice in key.choices)
        yield from comment(f"{_in(language, 'words', 'One of:', 'One of:')} {choices}")


def _lines(key: Key, values: Mapping[str, Any] | None, language: Language | None) -> Iterator[str]:
    def word(english: str) -> str:
        return _in(language, "words", english, english)

    if key.required:
        yield from comment(word("Required."))
    elif key.example is not None:
        yield from comment(f"{word('Example:')} {key.name} = {toml(key.example)}")
    if values is not None and key.path in values:
        yield f"{key.name} = {toml(values[key.path])}"
    elif key.required:
        # Where there are values, a file of its own or the environment has this one.
        yield f"{'' if values is None else '#'}{key.name} = {toml(key.example)}"
    elif key.default is None:
        yield from comment(word("Not set by default."))
    else:
        yield f"{'' if key.question else '#'}{key.name} = {toml(key.default)}"


def comment(text: str) -> list[str]:
    """Return a text as lines of comment."""
    return [f"# {line}" for line in wrap(text, WIDTH, break_long_words=False)]
