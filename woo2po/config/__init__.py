"""The configuration as a whole: config.toml, the environment on top of it, secrets from files.

`load` reads the file and the environment (`WOO2PO_SECTION__KEY`), the latter with more weight.
The keys stand in sections.py, what is said of them in keys.toml, what can be wrong with them in
problems.py; mapping and push see only the types.
"""

import os
import tomllib
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError
from pydantic_settings import EnvSettingsSource, SettingsError

from woo2po.config.keys import BY_PATH, GONE, SECTIONS, variable_of
from woo2po.config.problems import (
    Problem,
    WrongSettings,
    broken,
    no_json,
    parsed,
    problem,
    spoken_in,
    unknown_variable,
    unreadable,
)
from woo2po.config.sections import NEWER, Section, Settings, StateSection, shop_at
from woo2po.messages import Language

__all__ = ["NEWER", "Problem", "Settings", "WrongSettings", "exposed", "load", "secrets", "shop_at"]


def load(path: Path, language: Language = "nb") -> Settings:
    """Return the settings in a TOML file, with the environment on top; a relative `state.path` is
    taken from its folder. Raises WrongSettings, in its language where it can be told.
    """
    text, said = read(path, language)
    language = spoken_in(text) or language
    settings = checked(said, language)
    gone = [path for path in GONE if path.partition(".")[2] in said.get(path.partition(".")[0], {})
            or variable_of(path) in os.environ]  # fmt: skip
    settings._not_needed = (*(["[init]"] if "init" in said else []), *gone)  # noqa: SLF001 (our own)
    state = StateSection(path=str((path.parent / Path(settings.state.path).expanduser()).resolve()))
    return settings.model_copy(update={"state": state})


def read(path: Path, language: Language) -> tuple[str, dict[str, Any]]:
    """Return the text of a configuration, and what it says. Raises WrongSettings."""
    try:
        text = path.read_text("utf-8-sig")  # Notepad saves with a mark in front
    except (OSError, UnicodeDecodeError) as error:
        raise WrongSettings(language, [unreadable(path, error, language)]) from None
    try:
        return text, parsed(text)
    except tomllib.TOMLDecodeError as error:
        language = spoken_in(text) or language
        raise WrongSettings(language, [broken(path, error, language)]) from None


def checked(said: Mapping[str, Any], language: Language) -> Settings:
    """Return what was said, and the environment on top, as settings. Raises WrongSettings."""
    said = {"woocommerce": {}, "poweroffice": {}, **said}
    said.pop("init", None)
    ours = {variable_of(path) for path in (*BY_PATH, *SECTIONS, *GONE, "config")}
    named = (name for name in sorted(os.environ) if name.startswith("WOO2PO_"))
    if unknown := [n for n in named if "__".join(n.upper().split("__")[:2]) not in ours]:
        raise WrongSettings(language, [unknown_variable(name, language) for name in unknown])
    try:
        # Of a section that is not there at all each key is named that must be written.
        return Settings(**said)
    except ValidationError as error:
        wrong = [problem(one, language) for one in error.errors(include_url=False)]
        raise WrongSettings(language, list(filter(None, wrong))) from None
    except SettingsError:
        raise WrongSettings(language, no_json(language)) from None


def from_environment() -> dict[str, Any]:
    """Return what the environment says, section by section, as it is written there."""
    return EnvSettingsSource(Settings)()


def secrets(settings: Settings) -> list[str]:
    """Return the keys that nobody may see, the addresses of whoever is told among them."""
    values = chain.from_iterable(dict(section).values() for section in _with_keys(settings))
    kept = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
    told = settings.monitoring
    return [*filter(None, kept), told.ping_url, *told.notify]


def _with_keys(settings: Settings) -> list[Section]:
    return [settings.woocommerce, settings.poweroffice, *settings.payouts.providers.values()]


def exposed(settings: Settings, path: Path) -> list[Path]:
    """Return the files with secrets that other users of the machine can read (POSIX only)."""
    named = [
        value
        for section in _with_keys(settings)
        for name in type(section).model_fields
        if name.endswith(("_key_file", "_secret_file")) and (value := getattr(section, name))
    ]
    files = [path, *(Path(name).expanduser() for name in named)]
    return [file for file in files if readable_by_others(file)]


def readable_by_others(path: Path) -> bool:
    """Tell whether others can read a file (POSIX only); a group that root lets read it may."""
    if os.name != "posix" or not path.exists():
        return False
    found = path.stat()
    ours = found.st_uid == os.getuid()
    return bool(found.st_mode & (0o077 if ours else 0o007))
