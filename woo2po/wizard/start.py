"""What is there before the first question: the configuration, the environment, where to write."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from woo2po.messages.message import Language
from woo2po.settings import from_environment
from woo2po.settings.problems import broken, spoken_in, unreadable
from woo2po.wizard.fields import Unusable, checked
from woo2po.wizard.files import text_of
from woo2po.wizard.state import SECRETS, Secret, flat


@dataclass(frozen=True)
class Existing:
    """A configuration that is there: its text (None: there is none) and its keys by path.

    `broken` says where it is no TOML. `wrong` are the keys that cannot be used, each with what
    was expected.
    """

    text: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    broken: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)


def existing_at(path: Path, language: Language) -> Existing:
    """Return what is in a configuration, if it is there. Raises OSError."""
    try:
        text = text_of(path)
        whole = tomllib.loads(text or "")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        say_where = unreadable if isinstance(error, UnicodeDecodeError) else broken
        return Existing("", broken=say_where(path, error, language).expected)
    values, wrong = judged(with_secrets(flat(whole)), spoken_in(text or "") or language)
    return Existing(text, values, wrong=wrong)


def judged(values: Mapping[str, Any], language: Language) -> tuple[dict[str, Any], dict[str, str]]:
    """Part keys by path into those that the settings take, and what was expected of the others."""
    good: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for path, value in values.items():
        try:
            if not isinstance(value, Secret):
                checked(path, value)
            good[path] = value
        except Unusable as unusable:
            wrong[path] = unusable.expected(language)
    return good, wrong


def with_secrets(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return keys by path, the five secret ones as Secret, read from their files where named.

    A file that cannot be read is as none: its key is asked for.
    """
    found = dict(values)
    for path in SECRETS:
        plain, file = found.pop(path, None), found.pop(f"{path}_file", "")
        secret = read_secret(str(file)) if file else Secret(str(plain)) if plain else None
        if secret is not None:
            found[path] = secret
    return found


def read_secret(file: str) -> Secret | None:
    """Return the key in a file of its own, or None where it cannot be read."""
    try:
        text = Path(file).expanduser().read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return Secret(text, file) if text else None


def fixed_values(language: Language) -> dict[str, Any]:
    """Return what the environment says, by path: stronger than the file. Raises WrongSettings."""
    found = with_secrets(flat(from_environment(language)))
    return {path: _as_settings_take_it(path, value) for path, value in found.items()}


def _as_settings_take_it(path: str, value: Any) -> Any:
    if isinstance(value, Secret):
        return value
    try:
        return checked(path, value)
    except Unusable:
        return value  # said by every command that loads the settings


# -- the answers of a script -----------------------------------------------------------------------


def script_at(path: Path) -> dict[str, Any]:
    """Return the answers in a file by path, those of [init] too.

    Raises OSError, UnicodeDecodeError, tomllib.TOMLDecodeError.
    """
    whole = tomllib.loads(path.read_text("utf-8-sig"))
    own = whole.pop("init", {})
    words = own if isinstance(own, Mapping) else {"": own}
    return with_secrets(flat(whole)) | {f"init.{name}": value for name, value in words.items()}
