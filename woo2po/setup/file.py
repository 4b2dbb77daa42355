"""config.toml: what is in it, and answers put into it, whole or not at all, for its owner alone.

What stands in an old file (comments, order, keys that nobody was asked for) stays as it is, where
each key has one line under its section's header; else a new file takes its place.
"""

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from woo2po.config import WrongSettings, read
from woo2po.config.keys import BY_PATH, comment, document, rendered, toml
from woo2po.config.problems import parsed
from woo2po.files import NotWritten, must_be_writable, write_whole
from woo2po.messages import say_both
from woo2po.messages.message import Language
from woo2po.setup.known import SECRETS, STORAGE, End, Known, flat, nested

_OWN = 0o600


def found_at(path: Path, language: Language) -> tuple[str | None, dict[str, Any]]:
    """Return the text of a configuration (None: there is none) and its keys by path. Raises End."""
    try:
        folder = next(one for one in path.absolute().parents if one.exists())
        must_be_writable(path if folder == path.absolute().parent else folder / path.name)
        if not path.exists():
            return None, {STORAGE: "config"}
        text, whole = read(path, language)
    except (NotWritten, WrongSettings) as error:
        why = (
            error.problems[0].expected if isinstance(error, WrongSettings) else error.facts["error"]
        )
        facts = {"path": str(path), "why": why}
        raise End(2, say_both("init_unusable", language, facts)) from None
    whole.pop("init", None)  # an earlier version's
    values = flat(whole)
    own = any(values.get(f"{secret}_file") for secret in SECRETS)
    return text, {**values, STORAGE: "files" if own else "config"}


# -- answers that are not written yet --------------------------------------------------------------


def _kept_at(path: Path) -> Path:
    return path.with_name(f"{path.name}.unfinished")


def keep(known: Known, path: Path) -> None:
    """Keep the answers beside the configuration; no answer is worth an error here."""
    with suppress(OSError, NotWritten):
        _write(_kept_at(path), document(nested(known.given)))


def kept(path: Path) -> dict[str, Any]:
    """Return the answers of an `init` that was ended early."""
    try:
        said = tomllib.loads(_kept_at(path).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return flat(said)


def drop_kept(path: Path) -> None:
    """Delete the answers that were kept."""
    with suppress(OSError):
        _kept_at(path).unlink()


# -- writing ---------------------------------------------------------------------------------------


def write(known: Known, path: Path, old: str | None) -> Path | None:
    """Write what was answered over the `old` text; return where that is kept if lines were lost.

    Raises End where somebody else has written it since, and NotWritten; then nothing there has
    changed.
    """
    try:
        return _written(known, path, old)
    except OSError as error:
        raise NotWritten(path, error) from None


def _written(known: Known, path: Path, old: str | None) -> Path | None:
    if path.exists() and path.read_text("utf-8-sig") != old:
        raise End(3, known.say("init_changed_meanwhile", path=path))
    said = {"language": known.language, **known.changed()}
    values = {p: v for p, v in said.items() if v is not None and p not in known.fixed}
    gone = {p for p, v in said.items() if v is None} | _secrets_moved(known, path, values)
    changed = None if old is None else changed_text(old, values, gone)
    aside = _keep_old(path) if old is not None and changed is None else None
    rest = {p: v for p, v in flat(parsed(old or "")).items() if p not in gone}
    _write(path, changed or new_text(rest | values, known.say("init_file_head"), known.language))
    return aside


def _write(path: Path, text: str) -> None:
    real = Path(os.path.realpath(path))
    real.parent.mkdir(parents=True, exist_ok=True)
    write_whole(real, text.encode(), _OWN)


def _secrets_moved(known: Known, path: Path, values: dict[str, Any]) -> set[str]:
    """Put the keys where they are wished, into `values` or files; return the paths that go."""
    gone = set()
    in_files = known.value(STORAGE) == "files"
    for name in SECRETS:
        file = f"{name}_file"
        if name in known.fixed or file in known.fixed:
            continue
        if not in_files:
            if file in known.there:
                values[name] = known.value(name)
                gone.add(file)
        elif name in known.given or file not in known.there:
            values.pop(name, None)
            values[file] = str(_write_key(path, name.rpartition(".")[2], known.value(name)))
            gone.add(name)
    return gone


def _write_key(config: Path, name: str, value: str) -> Path:
    """Put a key into a file of its own beside config.toml; return where."""
    folder = Path(os.path.realpath(config)).parent / "secrets"
    folder.mkdir(parents=True, exist_ok=True)
    if os.name == "posix":
        folder.chmod(0o700)
    _write(folder / name, f"{value}\n")
    return folder / name


def _keep_old(path: Path) -> Path:
    """Copy a file beside itself under a name that is free; return where. Raises OSError."""
    numbers = ("", *(f".{n}" for n in range(1, 1000)))
    free = next(p for n in numbers if not (p := path.with_name(f"{path.name}.bak{n}")).exists())
    with os.fdopen(os.open(free, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWN), "wb") as file:
        file.write(path.read_bytes())
    return free


def new_text(values: Mapping[str, Any], head: str, language: Language) -> str:
    """Return a whole file with these values by path; a key at its default stays a comment.

    `head` is what the file says of itself.
    """
    keys = ((path, value, BY_PATH[path]) for path, value in values.items() if path in BY_PATH)
    told = {path: value for path, value, key in keys
            if key.required or key.question or value != key.default}  # fmt: skip
    return rendered("".join(f"{line}\n" for line in comment(head)), told, language)


# -- an old file, line by line ---------------------------------------------------------------------


def changed_text(old: str, values: Mapping[str, Any], gone: Iterable[str]) -> str | None:
    """Return an old file with these values by path, and without the keys in `gone`.

    None for a file that is written in a way in which single lines cannot be changed: what comes
    out is read again, and says exactly this, or it is not returned.
    """
    wanted = {path: _as_read(value) for path, value in values.items()}
    there = {path: v for path, v in flat(parsed(old)).items() if path not in gone}
    changes = {path: v for path, v in wanted.items() if not _is_said(path, v, there)}
    lines = old.split("\n")
    for path, value in {**dict.fromkeys(gone), **changes}.items():
        section, _, name = path.rpartition(".")
        _put(lines, section, name, value)
    found = _parsed(lines)
    return "\n".join(lines) if found is not None and flat(found) == there | changes else None


def _as_read(value: Any) -> Any:
    return tomllib.loads(f"x = {toml(value)}")["x"]


def _is_said(path: str, value: Any, there: Mapping[str, Any]) -> bool:
    if path in there:
        return bool(there[path] == value)
    key = BY_PATH[path]
    return not key.required and key.default is not None and bool(_as_read(key.default) == value)


def _parsed(lines: list[str]) -> dict[str, Any] | None:
    try:
        return parsed("\n".join(lines))
    except tomllib.TOMLDecodeError:
        return None


def _put(lines: list[str], section: str, name: str, value: Any) -> None:
    """Put a value where its key stands, with the remark behind it; None takes the key out.

    A key that does not stand there takes the place of itself behind a #, as the example shows a
    default, else it goes below the last key of its section, which may have to be begun.
    """
    span = _span(lines, section)
    there = rf"""\s*["']?{re.escape(name)}["']?\s*="""
    place = next((n for n in span if re.match(there, lines[n])), None)
    if value is None:
        lines[:] = [line for n, line in enumerate(lines) if n != place]
        return
    key = name if re.fullmatch("[A-Za-z0-9_-]+", name) else toml(name)
    line = f"{key} = {toml(value)}"
    if place is not None:
        lines[place] = line + _remark(lines[place])
    elif section and not span:
        lines[-1:] = [*filter(None, lines[-1:]), "", f"[{section}]", line, ""]
    elif default := next((n for n in span if lines[n].startswith(f"#{name} = ")), None):
        lines[default] = line
    else:
        said = [n + 1 for n in span if lines[n].strip() and not lines[n].startswith("#")]
        lines.insert(max(said, default=span.start), line)


def _span(lines: list[str], section: str) -> range:
    """Return the places of a section's lines, the header's first; none where it has no header."""
    heads = [(n, re.match(r"\s*\[([\w.-]+)\]", line)) for n, line in enumerate(lines)]
    names = {n: head[1] for n, head in heads if head}
    first = next((n for n, name in names.items() if name == section), None if section else 0)
    if first is None:
        return range(0)
    return range(first, next((n for n in names if n > first or not section), len(lines)))


def _remark(line: str) -> str:
    """Return the comment behind a value, with the blanks before it."""
    for place in (n for n, sign in enumerate(line) if sign == "#"):
        if _parsed([line[:place]]) == _parsed([line]) is not None:
            return line[len(line[:place].rstrip()) :]
    return ""
