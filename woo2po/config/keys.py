"""Every key that config.toml may have, what is said of it, and the file that shows them all.

The repository's config.example.toml comes from here, and the file that `init` writes.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from textwrap import wrap
from typing import Any, Literal, get_args, get_origin

from woo2po.config.sections import Section, Settings
from woo2po.messages import Language

WIDTH = 92


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("keys.toml").read_text("utf-8"))


@dataclass(frozen=True)
class Key:
    """A key of config.toml: its section ("" at the top) and name, its default if it has one, the
    only words that are allowed, and the number of the question of the thirteen that it answers.
    """

    section: str
    name: str
    path: str
    required: bool
    default: Any
    choices: tuple[str, ...]
    question: int | None
    example: Any

    def text(self, language: Language = "en") -> str:
        """Return what it means; of a question the question first, and in Norwegian alone."""
        keys = _texts()["keys"]
        return str((keys[self.section] if self.section else keys)[self.name][language])


SECTIONS = {
    name: kind
    for name, info in Settings.model_fields.items()
    if isinstance(kind := info.annotation, type) and issubclass(kind, Section)
}


def _keys() -> Iterator[Key]:
    top = {name: info for name, info in Settings.model_fields.items() if name not in SECTIONS}
    fields = {"": top, **{section: kind.model_fields for section, kind in SECTIONS.items()}}
    for section, inside in fields.items():
        for field, info in inside.items():
            more: Any = info.json_schema_extra  # question and example
            kind, name = info.annotation, info.alias or field
            choices = get_args(kind) if get_origin(kind) is Literal else ()
            path = f"{section}.{name}".removeprefix(".")
            yield Key(section, name, path, info.is_required(), info.get_default(), choices, **more)


# Every key that there is, in its order, those of the top first.
KEYS = tuple(_keys())
BY_PATH = {key.path: key for key in KEYS}
# Keys of earlier versions: they are not refused, and change nothing.
GONE = tuple(f"{section}.{name}" for section, kind in SECTIONS.items() for name in kind.gone)


def variable_of(path: str) -> str:
    """Return the environment variable of a key."""
    return f"WOO2PO_{path.replace('.', '__').upper()}"


def _said(kind: str, name: str, language: Language | None) -> str:
    return str(_texts()[kind][name][language or "en"])


def toml(value: object) -> str:
    """Return a value as it is written in config.toml."""
    match value:
        case bool():
            return str(value).lower()
        case int() | float() | Decimal() | date():
            return str(value)
        case list() | tuple():
            return f"[{', '.join(map(toml, value))}]"
        case Mapping():
            pairs = ", ".join(f"{toml(str(key))} = {toml(part)}" for key, part in value.items())
            return f"{{ {pairs} }}" if pairs else "{}"
    # JSON's text is TOML's; what cannot be seen is spelled out, for the sake of YAML around it.
    signs = json.dumps(str(value), ensure_ascii=False)
    return "".join(one if one.isprintable() else f"\\U{ord(one):08x}" for one in signs)


def document(whole: Mapping[str, Any]) -> str:
    """Return a configuration as TOML; a dictionary in it is a section."""
    lines = [f"{k} = {toml(v)}" for k, v in whole.items() if not isinstance(v, dict)]
    for section, values in whole.items():
        if isinstance(values, dict):
            lines += [f"[{section}]", *(f"{k} = {toml(v)}" for k, v in values.items())]
    return "\n".join(lines) + "\n"


def rendered(
    head: str, values: Mapping[str, Any] | None = None, language: Language | None = None
) -> str:
    """Return the whole file: `head`, and every key with its value, by path, or its default.

    Without `values` it is the example, which shows what is required by example. Without a language
    the questions stand there in both, and all else in English.
    """
    parts, section = [head], ""
    for key in KEYS:
        if key.section != section:
            section = key.section
            parts.append(f"\n# -- {_said('sections', section, language)}\n[{section}]\n")
        parts.append("\n" + "\n".join([*_comments(key, language), *_line(key, values, language)]))
        parts.append("\n")
    return "".join(parts)


def _comments(key: Key, language: Language | None) -> Iterator[str]:
    if not key.question:
        yield from comment(key.text(language or "en"))
    elif language != "nb":
        yield from comment(f"Question {key.question}. {key.text()}")
    if key.question and language != "en":
        yield from comment(f"Spørsmål {key.question}. {key.text('nb')}")
    if key.choices:
        choices = ", ".join(map(toml, key.choices))
        yield from comment(f"{_said('words', 'choices', language)} {choices}")
    if key.required:
        yield from comment(_said("words", "required", language))
    elif key.example is not None:
        example = f"{key.name} = {toml(key.example)}"
        yield from comment(f"{_said('words', 'example', language)} {example}")


def _line(key: Key, values: Mapping[str, Any] | None, language: Language | None) -> list[str]:
    if values is not None and key.path in values:
        return [f"{key.name} = {toml(values[key.path])}"]
    if key.required:
        # Where there are values, a file of its own or the environment has this one.
        return [f"{'' if values is None else '#'}{key.name} = {toml(key.example)}"]
    if key.default is None:
        return comment(_said("words", "not_set", language))
    return [f"{'' if key.question else '#'}{key.name} = {toml(key.default)}"]


def comment(text: str) -> list[str]:
    """Return a text as lines of comment."""
    return [f"# {line}" for line in wrap(text, WIDTH, break_long_words=False)]
