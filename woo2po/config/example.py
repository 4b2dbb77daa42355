"""Renders a config.toml with a comment for every key, from what the sections say of each.

The repository's config.example.toml comes from here, and the file that `init` writes.
"""

from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import Any

from woo2po.config.keys import KEYS, Key, said_of
from woo2po.config.problems import toml
from woo2po.messages.message import Language

WIDTH = 92


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
    parts = [head]
    section = ""
    for key in KEYS:
        if key.section != section:
            section = key.section
            title = said_of("sections", section, language)
            parts.append(f"\n# -- {title}\n[{section}]\n")
        parts.append("\n" + "\n".join([*_comments(key, language), *_lines(key, values, language)]))
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
        yield from comment(
            f"{said_of('words', 'choices', language)} {', '.join(map(toml, key.choices))}"
        )


def _lines(key: Key, values: Mapping[str, Any] | None, language: Language | None) -> Iterator[str]:
    if key.required:
        yield from comment(said_of("words", "required", language))
    elif key.example is not None:
        yield from comment(
            f"{said_of('words', 'example', language)} {key.name} = {toml(key.example)}"
        )
    if values is not None and key.path in values:
        yield f"{key.name} = {toml(values[key.path])}"
    elif key.required:
        # Where there are values, a file of its own or the environment has this one.
        yield f"{'' if values is None else '#'}{key.name} = {toml(key.example)}"
    elif key.default is None:
        yield from comment(said_of("words", "not_set", language))
    else:
        yield f"{'' if key.question else '#'}{key.name} = {toml(key.default)}"


def comment(text: str) -> list[str]:
    """Return a text as lines of comment."""
    return [f"# {line}" for line in wrap(text, WIDTH, break_long_words=False)]
