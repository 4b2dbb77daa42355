"""Every key that config.toml may have: what is declared of it, and what is said of it."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from woo2po.config.section import Section
from woo2po.config.sections import Settings
from woo2po.messages.message import Language


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("keys.toml").read_text("utf-8"))


def said_of(kind: str, name: str, language: Language | None) -> str:
    """Return what keys.toml says of one of its "words", or above a section; else in English."""
    return str(_texts()[kind][name][language or "en"])


@dataclass(frozen=True)
class Key:
    """A key of config.toml: its section ("" at the top), name, and what the section declares.

    `question` is the number of the one of the thirteen that it answers.
    """

    section: str
    name: str
    info: FieldInfo
    question: int | None
    example: Any

    @property
    def path(self) -> str:
        """The key's whole name."""
        return f"{self.section}.{self.name}".removeprefix(".")

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
        for name, info in inside.items():
            more: Any = info.json_schema_extra
            yield Key(section, info.alias or name, info, more["question"], more["example"])


# Every key that there is, in its order, those of the top first.
KEYS = tuple(_keys())
BY_PATH = {key.path: key for key in KEYS}


def variable_of(path: str) -> str:
    """Return the environment variable of a key."""
    return f"WOO2PO_{path.replace('.', '__').upper()}"
