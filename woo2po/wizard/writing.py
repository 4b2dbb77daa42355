"""The answers become files: config.toml, and the keys' own where that was wished."""

import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from woo2po.wizard.draft import changed_text, new_text
from woo2po.wizard.files import FOLDER, keep_old, write_config, write_key
from woo2po.wizard.start import Existing
from woo2po.wizard.state import SECRETS, Secret, State, flat


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the configuration, files of keys, and the copy of the file before."""

    config: Path
    keys: tuple[Path, ...] = ()
    kept: Path | None = None
    anew: bool = False  # what could not be changed line by line stands in a new file


def write(state: State, path: Path, existing: Existing) -> Written:
    """Write what was answered. Raises NotWritten or OSError; then nothing there has changed."""
    new = [key for key in _key_files(state, path) if not key.exists()]
    try:
        values, keys = _plain(state, path)
        text, anew = _text(state, existing, values)
        is_cut = anew or existing.broken or existing.wrong
        kept = keep_old(path) if existing.text is not None and is_cut else None
        write_config(path, text)
    except BaseException:
        for key in new:
            with suppress(OSError):
                key.unlink()
        raise
    return Written(path, keys, kept, anew)


def _text(state: State, existing: Existing, values: Mapping[str, Any]) -> tuple[str, bool]:
    """Return the file's text, and whether an old one could not be changed, but is written anew."""
    head, old = state.say("init_file_head"), existing.text
    if old is None or existing.broken:
        return new_text(values, head, state.language), False
    gone = {path for path in existing.wrong if path not in values} | state.without()
    others = {path if f"{path}_file" in values else f"{path}_file" for path in SECRETS}
    gone |= others - state.fixed.keys()
    changed = changed_text(old, values, gone)
    if changed is not None:
        return changed, False
    kept = {path: value for path, value in flat(tomllib.loads(old)).items() if path not in gone}
    return new_text(kept | dict(values), head, state.language), True


def _plain(state: State, config: Path) -> tuple[dict[str, Any], tuple[Path, ...]]:
    """Return the values as the file has them, and the files that keys were written to."""
    values = {path: v for path, v in state.values().items() if not isinstance(v, Secret)}
    written = []
    for path, secret in _secrets(state).items():
        if state.value("init.secrets") != "files":
            values[path] = secret.value
        elif secret.file:
            values[f"{path}_file"] = secret.file
        else:
            file = write_key(config, path.rpartition(".")[2], secret.value)
            written.append(file)
            values[f"{path}_file"] = str(file)
    return values, tuple(written)


def _secrets(state: State) -> dict[str, Secret]:
    """Return the keys that belong in the file; not those that the environment has."""
    known = state.values()
    return {p: known[p] for p in SECRETS if isinstance(known.get(p), Secret)}


def _key_files(state: State, config: Path) -> list[Path]:
    if state.value("init.secrets") != "files":
        return []
    folder = config.resolve().parent / FOLDER
    return [folder / p.rpartition(".")[2] for p, s in _secrets(state).items() if not s.file]
