"""The configuration as a whole: config.toml, the environment on top of it, secrets from files; and
what is wrong with it, key by key, in words: made of what TOML and pydantic say.

`load` reads the file and the environment (`WOO2PO_SECTION__KEY`), the latter with more weight.
The keys stand in sections.py, what is said of them in keys.toml; mapping and push see only the
types.
"""

import json
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError
from pydantic_settings import EnvSettingsSource, SettingsError

from woo2po.config.keys import BY_PATH, GONE, KEYS, SECTIONS, toml, variable_of
from woo2po.config.sections import PROVIDERS, ProviderSection, Settings, StateSection, shop_at
from woo2po.messages import Language, say

__all__ = ["Settings", "shop_at"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One key that is wrong: its name, the value (never a secret's) and what was expected."""

    key: str
    value: str
    expected: str


class WrongSettings(Exception):
    """The configuration cannot be used: a Problem for each wrong key, said in `language`."""

    def __init__(self, language: Language, problems: Sequence[Problem]) -> None:
        super().__init__(" ".join(f"{p.key}: {p.expected}" for p in problems))
        self.language = language
        self.problems = list(problems)


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
    state = StateSection(path=str((path.parent / settings.state.path).resolve()))
    return settings.model_copy(update={"state": state})


def read(path: Path, language: Language) -> tuple[str, dict[str, Any]]:
    """Return the text of a configuration, and what it says. Raises WrongSettings."""
    try:
        text = path.read_text("utf-8-sig")  # Notepad saves with a mark in front
    except (OSError, UnicodeDecodeError) as error:
        said = say("settings_unreadable", language, {"reason": type(error).__name__})
        raise WrongSettings(language, [Problem(str(path), "", said)]) from None
    try:
        return text, parsed(text)
    except tomllib.TOMLDecodeError as error:
        language = spoken_in(text) or language
        raise WrongSettings(language, [_broken(path, error, language)]) from None


def checked(said: Mapping[str, Any], language: Language) -> Settings:
    """Return what was said, and the environment on top, as settings. Raises WrongSettings."""
    said = {"woocommerce": {}, "poweroffice": {}, **said}
    said.pop("init", None)
    ours = {variable_of(path) for path in (*BY_PATH, *SECTIONS, *GONE, "config")}
    named = (name for name in sorted(os.environ) if name.startswith("WOO2PO_"))
    if unknown := [n for n in named if "__".join(n.upper().split("__")[:2]) not in ours]:
        like = [variable_of(path) for path in BY_PATH]  # what one holds is not shown
        strange = [Problem(name, "", _unknown(name, like, language)) for name in unknown]
        raise WrongSettings(language, strange)
    try:
        # Of a section that is not there at all each key is named that must be written.
        return Settings(**said)
    except ValidationError as error:
        wrong = [_problem(one, language) for one in error.errors(include_url=False)]
        raise WrongSettings(language, list(filter(None, wrong))) from None
    except SettingsError:
        raise WrongSettings(language, _no_json(language)) from None


def from_environment() -> dict[str, Any]:
    """Return what the environment says, section by section, as it is written there."""
    return EnvSettingsSource(Settings)()


def secrets(settings: Settings) -> list[str]:
    """Return the keys that nobody may see, the addresses of whoever is told among them."""
    kept = [one.get_secret_value() for _, one in _with_keys(settings) if isinstance(one, SecretStr)]
    return [*filter(None, kept), settings.monitoring.ping_url, *settings.monitoring.notify]


def exposed(settings: Settings, path: Path) -> list[Path]:
    """Return the files with secrets that other users of the machine can read (POSIX only)."""
    named = [Path(value).expanduser() for name, value in _with_keys(settings)
             if value and name.endswith(("_key_file", "_secret_file"))]  # fmt: skip
    there = [(f, f.stat()) for f in (path, *named) if os.name == "posix" and f.exists()]
    # One that root lets our group read is so on purpose.
    return [f for f, at in there if at.st_mode & (0o077 if at.st_uid == os.getuid() else 0o007)]


def _with_keys(settings: Settings) -> list[tuple[str, Any]]:
    """Return what stands in the sections that hold keys, by its name there."""
    own = (settings.woocommerce, settings.poweroffice, *settings.payouts.providers.values())
    return [pair for section in own for pair in section]


# -- what is wrong with it -------------------------------------------------------------------------

# Keys with passwords inside, and those in whose place a provider's secret may be written.
_MAY_HOLD_SECRETS = ("monitoring.notify", *(f"payouts.{name}" for name in PROVIDERS))

# How what pydantic calls a wrong value begins, by our message; the first that fits counts.
_KINDS = {
    "settings_one_of": "literal_error",
    "settings_missing": "missing",
    "settings_whole_number": "int_",
    "settings_number": "float_",
    "settings_at_least": "greater_than_equal",
    "settings_above": "greater_than",
    "settings_at_most": "less_than",
    "settings_yes_or_no": "bool_",
    "settings_not_empty": ("string_too_short", "too_short"),
    "settings_prefix": "string_pattern",
    "settings_text": "string_",
    "settings_list": "list_",
    "settings_table": "dict_",
    "settings_section": "model_",
    "settings_day": "date",
    "settings_rate": ("decimal_", "finite_number"),
}
# What tomllib says of a file has this in it, by our word for it; the first that fits counts.
_TOML = {
    "backslash": r"Unescaped|hex value|Escaped character",
    "equals": r"Expected '='",
    "rest": r"Expected newline",
    "bracket": r"Unclosed|Expected '\]'",
    "quote": r"Illegal character|Unterminated|Expected ['\"]",
    "twice": r"Cannot|Duplicate",
    "value": r"Invalid value|Invalid date",
    "statement": r"Invalid statement|Invalid initial",
}
# Keys of the tables that are keys themselves.
_INSIDE = [f"payouts.{one}.{name}" for one in PROVIDERS for name in ProviderSection.model_fields]
# Which of several kinds a value was tried as: "literal['hold']", "dict[str,str]", "[key]".
_TRIED_AS = re.compile(r"\w*\[.*\]")


def parsed(text: str) -> dict[str, Any]:
    """Return what a configuration says, a day also as 31.10.2026. Raises TOMLDecodeError."""
    day = r"(?m)^(\s*orders_from\s*=\s*)(\d{1,2}\.\d{1,2}\.\d{4})(?=\s*(?:#.*)?$)"
    return tomllib.loads(re.sub(day, r'\1"\2"', text))


def spoken_in(text: str) -> Language | None:
    """Return the language that a configuration names, however broken the rest of it is."""
    head = re.split(r"^\s*\[", text, maxsplit=1, flags=re.MULTILINE)[0]
    found = re.search(r"""^\s*language\s*=\s*["'](nb|en)["']""", head, re.MULTILINE)
    named = os.environ.get("WOO2PO_LANGUAGE") or (found[1] if found else "")
    return "nb" if named == "nb" else "en" if named == "en" else None


def _broken(path: Path, error: ValueError, language: Language) -> Problem:
    """Say where a file is no TOML, and why. What stands there is not shown: it may be a secret."""
    said = str(error)
    toml = next((word for word, part in _TOML.items() if re.search(part, said)), "other")
    place = re.search(r"line (\d+), column (\d+)", said)
    if place is None:
        return Problem(str(path), "", say("settings_unended", language, {"toml": toml}))
    facts = {"line": place[1], "column": place[2], "toml": toml}
    return Problem(str(path), "", say("settings_broken", language, facts))


def _no_json(language: Language) -> list[Problem]:
    """Say which environment variables should hold a list or a table, and do not."""
    lists = [variable_of(key.path) for key in KEYS if isinstance(key.default, list | dict)]
    said, wrong = say("settings_json", language), []
    for name in lists:
        try:
            json.loads(os.environ.get(name, "[]"))
        except ValueError:
            wrong.append(name)
    return [Problem(name, "", said) for name in wrong or ["WOO2PO_..."]]


def _problem(error: Mapping[str, Any], language: Language) -> Problem | None:
    """Say what pydantic has against a value; None for the lesser of two complaints of one.

    What is neither "hold" nor a good table was tried as both: what the table lacks is told.
    """
    last = str(error["loc"][-1])
    if error["type"] == "literal_error" and _TRIED_AS.fullmatch(last) and last != "[key]":
        return None
    name = ".".join(str(part) for part in error["loc"] if not _TRIED_AS.fullmatch(str(part)))
    told = error.get("ctx", {})
    value = _shown(name, error.get("input"))
    if error["type"].startswith("settings_"):  # our own
        expected = say(error["type"], language, told)
        if "key" not in told:
            return Problem(_named(name), value, expected)
        shown = toml(told["value"]) if "value" in told else ""
        return Problem(f"{name}.{told['key']}", shown, expected)
    if error["type"] == "extra_forbidden":
        return Problem(name, "", _unknown(name, [*BY_PATH, *_INSIDE], language))
    code = next((code for code, kind in _KINDS.items() if error["type"].startswith(kind)), "")
    code = "settings_foreign" if code == "settings_table" and name == "vat.foreign" else code
    choices = str(told.get("expected", "")).replace("'", '"')
    limit = next((told[side] for side in ("gt", "ge", "lt", "le") if side in told), 0)
    key, inside = BY_PATH.get(name), "{ ... }" if code == "settings_table" else '"..."'
    facts = {
        "kind": error["type"],
        "choices": choices.replace(" or ", " eller ") if language == "nb" else choices,
        "limit": f"{Decimal(str(limit)).normalize():f}",
        "section": name,
        "example": toml(key.example or key.default or ["..."]) if key else inside,
    }
    if error["type"] == "missing" or (error["type"], last) == ("literal_error", "[key]"):
        value = ""
    return Problem(_named(name), value, say(code or "settings_other", language, facts))


def _unknown(name: str, known: list[str], language: Language) -> str:
    import difflib  # noqa: PLC0415 (for mistakes only)

    section, last = _parts(name)
    like = [key for key in known if _parts(key)[1] == last]
    like = like or [key for key in known if _parts(key)[0] == section and last in _parts(key)[1]]
    like = like or difflib.get_close_matches(name, known, n=1, cutoff=0.8)
    if not like:
        return say("settings_unknown", language)
    return say("settings_unknown_like", language, {"like": like[0]})


def _parts(name: str) -> tuple[str, str]:
    section, _, last = name.replace("__", ".").rpartition(".")
    return section, last


def _named(name: str) -> str:
    variable = variable_of(name)
    return f"{name} ({variable})" if variable in os.environ else name


def _shown(name: str, value: object) -> str:
    if name.endswith(("_key", "_secret")) or name.startswith(_MAY_HOLD_SECRETS):
        return "***"
    if name in SECTIONS or isinstance(value, Mapping):
        return ""
    if name.endswith("url") and any(sign in str(value) for sign in "@?#"):
        # Keys may stand in such an address, before the host or behind it.
        found = re.match(r"(\w+://)(?:[^/?#]*@)?([\w.-]+)", str(value))
        return found[1] + found[2].lower() if found else "***"
    return toml(value)[:100]
