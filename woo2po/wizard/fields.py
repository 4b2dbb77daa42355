"""What the settings say of a key: its question, its default, and whether a value passes."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from woo2po.messages.message import Language
from woo2po.settings import Settings
from woo2po.settings.example import KEYS, Key, sections
from woo2po.settings.problems import problems
from woo2po.wizard.kinds import Wrong

_BY_PATH = {key.path: key for key in KEYS}


def key_of(path: str) -> Key:
    """Return a key by its whole name. Raises KeyError."""
    return _BY_PATH[path]


def is_key(path: str) -> bool:
    """Tell whether config.toml has such a key."""
    return path in _BY_PATH


def is_section(name: str) -> bool:
    """Tell whether config.toml has such a section."""
    return name in sections()


def default_of(path: str) -> Any:
    """Return the value that a key has where it does not stand in the file; None if it must."""
    key = _BY_PATH[path]
    return None if key.required else key.default


def question_of(path: str, language: Language) -> str:
    """Return the question that a key answers, without what its text says after it."""
    key = _BY_PATH[path]
    if language == "nb":
        return key.nb
    said = re.match(r"[^?;.:]*\??", key.text)
    return said[0].strip() if said else key.text


@cache
def _adapter(path: str) -> TypeAdapter[Any]:
    info = _BY_PATH[path].info
    rules = tuple(info.metadata)
    kind: Any = Annotated[(info.annotation, *rules)] if rules else info.annotation
    return TypeAdapter(kind)


class Unusable(ValueError):
    """A value that the settings do not take; `expected` says what they do, in their own words."""

    def __init__(self, path: str, errors: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(path)
        self._path, self._errors = path, errors

    def expected(self, language: Language) -> str:
        """Return what was expected, as a sentence behind the key or the value."""
        placed = [{**e, "loc": (*self._path.split("."), *e["loc"])} for e in self._errors]
        return problems(placed, Settings.model_fields, language)[0].expected


def checked(path: str, value: Any) -> Any:
    """Return a value as the settings take it. Raises Unusable, for an unknown key as well."""
    if path not in _BY_PATH:
        raise Unusable(path, [{"type": "extra_forbidden", "loc": (), "input": value}])
    try:
        return _adapter(path).validate_python(value)
    except ValidationError as error:
        raise Unusable(path, error.errors(include_url=False)) from None


def passing(path: str, value: Any, language: Language) -> Any:
    """Return a value as the settings take it; else raise Wrong with what they expect."""
    try:
        return checked(path, value)
    except Unusable as unusable:
        facts = {"value": str(value), "expected": unusable.expected(language)}
        raise Wrong("init_unfit", **facts) from None
