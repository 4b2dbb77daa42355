"""A configuration as TOML: what tomllib read, written again, without the keys that stay here."""

from collections.abc import Mapping
from datetime import date
from typing import Any


def document(whole: Mapping[str, Any]) -> str:
    """Return a configuration as TOML: a dictionary in it is a section, one further in is inline."""
    lines = [f"{_key(k)} = {value(v)}" for k, v in whole.items() if not isinstance(v, Mapping)]
    for section, keys in whole.items():
        if isinstance(keys, Mapping) and keys:
            lines += [f"[{_key(section)}]", *(f"{_key(k)} = {value(v)}" for k, v in keys.items())]
    return "\n".join(lines) + "\n"


def value(given: object) -> str:
    """Return a value that tomllib gives, or our own, as TOML."""
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, Mapping):
        inside = ", ".join(f"{_text(k)} = {value(v)}" for k, v in given.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(given, list | tuple):
        return f"[{', '.join(value(one) for one in given)}]"
    if isinstance(given, date):
        return given.isoformat()
    return _text(given) if isinstance(given, str) else str(given)


def _key(name: str) -> str:
    plain = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if plain else _text(name)


def _text(text: str) -> str:
    return '"' + "".join(map(_sign, text)) + '"'


def _sign(sign: str) -> str:
    """Return a sign of a text: what cannot be seen is spelled out, for YAML's sake too."""
    if sign in '"\\':
        return "\\" + sign
    if sign.isprintable():
        return sign
    return f"\\u{ord(sign):04X}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08X}"
