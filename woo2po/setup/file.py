"""config.toml: what is in it, and answers put into it, whole or not at all, for its owner alone.

What stands in an old file (comments, order, keys that nobody was asked for) stays as it is, where
each key has one line under its section's header; else a new file takes its place.
"""

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from woo2po.config.example import comment, document, rendered
from woo2po.config.problems import broken, parsed, spoken_in, toml, unreadable
from woo2po.files import NotWritten, must_be_writable, write_whole
from woo2po.messages.message import Language
from woo2po.setup.known import BY_PATH, SECRETS, STORAGE, Known, flat, nested, refused

_OWN = 0o600


class Unusable(Exception):
    """A file that is there and cannot be used or written: why."""


class Changed(Exception):
    """Somebody else has written the file since it was read."""


@dataclass(frozen=True)
class Existing:
    """A configuration that is there: its text (None: there is none) and its keys by path.

    `wrong` are the keys that cannot be used, each with what was expected; they are not in `values`.
    """

    text: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)


def found_at(path: Path, language: Language) -> Existing:
    """Return what is in a configuration, if it is there. Raises Unusable."""
    try:
        folder = next(one for one in path.absolute().parents if one.exists())
        must_be_writable(path if folder == path.absolute().parent else folder / path.name)
        text = path.read_text("utf-8-sig")
        values = flat(parsed(text))
    except FileNotFoundError:
        return Existing(values={STORAGE: "config"})
    except NotWritten as error:
        raise Unusable(error.facts["error"]) from None
    except OSError as error:
        raise Unusable(error.strerror or type(error).__name__) from None
    except UnicodeDecodeError as error:
        raise Unusable(unreadable(path, error, language).expected) from None
    except tomllib.TOMLDecodeError as error:
        raise Unusable(broken(path, error, language).expected) from None
    spoken = spoken_in(text) or language
    wrong = {p: why for p, v in values.items() if (why := refused(p, v, spoken))}
    good = with_secrets({p: v for p, v in values.items() if p not in wrong})
    own = any(good.get(f"{secret}_file") for secret in SECRETS)
    return Existing(text, {**good, STORAGE: "files" if own else "config"}, wrong)


def with_secrets(values: dict[str, Any]) -> dict[str, Any]:
    """Return keys by path, the secret ones read from their files where those are named.

    A file that cannot be read is as none: its key is asked for.
    """
    found = dict(values)
    for path in SECRETS:
        if file := found.get(f"{path}_file"):
            found.pop(path, None)
            with suppress(OSError, UnicodeDecodeError):
                found[path] = Path(file).expanduser().read_text("utf-8").strip()
            if not found.get(path):
                del found[f"{path}_file"]
        elif not found.get(path):
            found.pop(path, None)
    return found


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
    own = said.pop("init", {})
    return flat(said) | {f"init.{name}": value for name, value in own.items()}


def drop_kept(path: Path) -> None:
    """Delete the answers that were kept."""
    with suppress(OSError):
        _kept_at(path).unlink()


# -- writing ---------------------------------------------------------------------------------------


def write(known: Known, path: Path, found: Existing) -> Path | None:
    """Write what was answered; return where the old file is kept if lines of it were lost.

    Raises Changed, NotWritten, OSError; then nothing there has changed.
    """
    if path.exists() and path.read_text("utf-8-sig") != found.text:
        raise Changed
    values = {"language": known.language, **known.changed()}
    gone = set(found.wrong) - values.keys() | {p for p, v in values.items() if v is None}
    values = {p: v for p, v in values.items() if v is not None and p not in known.fixed}
    gone |= _secrets_moved(known, path, values)
    old, head = found.text, known.say("init_file_head")
    if old is None:
        _write(path, new_text(values, head, known.language))
        return None
    changed = changed_text(old, values, gone)
    aside = _keep_old(path) if changed is None or found.wrong else None
    if changed is None:
        rest = {p: v for p, v in flat(parsed(old)).items() if p not in gone}
        changed = new_text(rest | values, head, known.language)
    _write(path, changed)
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
