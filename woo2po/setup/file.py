"""config.toml: what is in it, and answers put into it, whole or not at all, for its owner alone.

A file in which nothing changes stays as it is. Else it is written anew with all that it said, and
one that somebody wrote by hand is kept beside it.
"""

import os
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from woo2po.config import WrongSettings, checked, parsed, read
from woo2po.config.keys import BY_PATH, comment, document, rendered
from woo2po.files import NotWritten, must_be_writable, write_whole
from woo2po.holds import End
from woo2po.messages import Language, say_both
from woo2po.setup.known import PLACEHOLDERS, SECRETS, STORAGE, Known, flat, nested

_OWN = 0o600


def found_at(path: Path, language: Language) -> tuple[str | None, dict[str, Any]]:
    """Return the text of a configuration (None: there is none) and its keys by path. Raises End."""
    try:
        folder = next(one for one in path.absolute().parents if one.exists())
        must_be_writable(path if folder == path.absolute().parent else folder / path.name)
        if not path.exists():
            return None, {STORAGE: "config"}
        text, whole = read(path, language)
    except NotWritten as error:
        why = error.facts["error"]
    except WrongSettings as error:
        why = error.problems[0].expected
    else:
        whole.pop("init", None)  # an earlier version's
        values = flat(whole)
        own = any(values.get(f"{secret}_file") for secret in SECRETS)
        return text, {**values, STORAGE: "files" if own else "config"}
    raise End(2, say_both("init_unusable", language, {"path": str(path), "why": why}))


def _kept_at(path: Path) -> Path:
    return path.with_name(f"{path.name}.unfinished")


def keep(known: Known) -> None:
    """Keep a person's answers beside the configuration; no answer is worth an error here."""
    with suppress(OSError, NotWritten):
        said = {key: value for key, value in known.given.items() if value is not None}
        _write(_kept_at(known.path), document(nested(said)))


def kept(path: Path) -> dict[str, Any]:
    """Return the answers of an `init` that was ended early, but those that are none any more."""
    try:
        said = flat(tomllib.loads(_kept_at(path).read_text("utf-8")))
    except (OSError, ValueError):
        return {}
    found: dict[str, Any] = {}
    for key, value in [*said.items()] * 2:  # some are right beside others alone
        with suppress(WrongSettings):
            checked(nested(PLACEHOLDERS | found | {key: value}), "en")
            found[key] = value
    return found


def drop_kept(path: Path) -> None:
    """Delete the answers that were kept."""
    with suppress(OSError):
        _kept_at(path).unlink()


def write(known: Known, path: Path) -> Path | None:
    """Write what was answered over the old text; return where that is kept if it was by hand.

    Raises End where somebody else has written it since, and OSError and NotWritten; then nothing
    there has changed.
    """
    old = known.old
    if path.exists() and path.read_text("utf-8-sig") != old:
        raise End(3, known.say("init_changed_meanwhile", path=path))
    before = flat(parsed(old or ""))
    said = {"language": known.language, **known.changed()}
    whole = before | {p: value for p, value in said.items() if p not in known.fixed}
    values = {p: value for p, value in whole.items() if value is not None}
    _place_keys(known, path, values)
    was, text = _text(before, known), _text(values, known)
    if old is not None and was == text:
        _write(path, old)
        return None
    aside = None
    if path.exists() and was != old:
        names = ("bak", *(f"bak.{n}" for n in range(1, 1000)))
        aside = next(p for n in names if not (p := path.with_name(f"{path.name}.{n}")).exists())
        write_whole(aside, path.read_bytes(), _OWN)
    try:
        _write(path, text)
    except NotWritten:
        if aside:
            aside.unlink()
        raise
    return aside


def _write(path: Path, text: str) -> None:
    real = Path(os.path.realpath(path))
    real.parent.mkdir(parents=True, exist_ok=True)
    write_whole(real, text.encode(), _OWN)


def _place_keys(known: Known, path: Path, values: dict[str, Any]) -> None:
    """Put the keys where they are wished: into `values`, or into files that these name, each one of
    its own in a folder beside config.toml.
    """
    folder = Path(os.path.realpath(path)).parent / "secrets"
    for name in (one for one in SECRETS if one not in known.fixed):
        if known.value(STORAGE) == "config":
            if values.pop(f"{name}_file", None):
                values[name] = known.value(name)
        elif values.pop(name, None):
            file = folder / name.rpartition(".")[2]
            folder.mkdir(parents=True, exist_ok=True)
            if os.name == "posix":
                folder.chmod(0o700)
            _write(file, f"{known.value(name)}\n")
            values[f"{name}_file"] = str(file)


def _text(values: Mapping[str, Any], known: Known) -> str:
    """Return a whole file with these values by path; a key at its default stays a comment."""
    keys = ((path, value, BY_PATH[path]) for path, value in values.items() if path in BY_PATH)
    told = {path: value for path, value, key in keys
            if key.required or key.question or value != key.default}  # fmt: skip
    head = "".join(f"{line}\n" for line in comment(known.say("init_file_head")))
    return rendered(head, told, known.language)
