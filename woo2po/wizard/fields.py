"""What the settings say of a key: its question, its default, and whether a value passes."""

import re
from functools import cache
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from woo2po.messages.message import Language
from woo2po.settings.example import KEYS, Key, sections
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


def checked(path: str, value: Any) -> Any:
    """Return a value as the settings take it. Raises ValueError with what was expected."""
    try:
        return _adapter(path).validate_python(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        raise ValueError(str(first["msg"]).removeprefix("Value error, ")) from None


def passing(path: str, code: str, value: Any) -> Any:
    """Return a value as the settings take it; else raise Wrong with the sentence of a code."""
    try:
        return checked(path, value)
    except ValueError:
        raise Wrong(code, value=str(value)) from None
