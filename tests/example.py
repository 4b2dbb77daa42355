"""Renders config.example.toml from what the settings say of each key.

`python tests/example.py --write` brings the file in the repository up to date.
"""

import sys
from pathlib import Path

from woo2po.config import keys
from woo2po.config.keys import KEYS, document, toml

__all__ = ["FILE", "HEAD", "KEYS", "document", "rendered", "toml"]

FILE = Path(__file__).parents[1] / "config.example.toml"

HEAD = """\
# The configuration of woo2po. Copy this file to config.toml and fill it in; on Linux and macOS
# then run: chmod 600 config.toml
#
# Lines without a # are the keys that every shop answers: those marked "Required", and the
# questions with the numbers that they have in the README. A line that begins with # and no space
# is a key at its default: to change it, take away the # and write another value.
#
# Every key can come from the environment instead, where it wins over this file:
# WOO2PO_POWEROFFICE__CLIENT_KEY=... (two underscores after the section; a list or a table as
# JSON). The five secrets can stand in files of their own: see the keys that end in _file.
"""


def rendered() -> str:
    """Return the whole file."""
    return keys.rendered(HEAD)


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        FILE.write_text(rendered(), "utf-8", newline="\n")
    else:
        sys.exit("usage: python tests/example.py --write")
