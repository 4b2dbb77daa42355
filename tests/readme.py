"""Renders the parts of README.md that are made from the program: further keys and messages.

`python tests/readme.py --write` brings them up to date; test_readme.py compares.
"""

import re
import sys
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path

import example

from woo2po import __version__
from woo2po.messages.check import CHECK
from woo2po.messages.check_books import CHECK_BOOKS
from woo2po.messages.commands import COMMANDS
from woo2po.messages.follows import FOLLOWS
from woo2po.messages.holds import HOLDS
from woo2po.messages.many import MANY
from woo2po.messages.message import Message
from woo2po.messages.poweroffice import POWEROFFICE
from woo2po.messages.preview import PREVIEW
from woo2po.messages.push import PUSH
from woo2po.messages.reconcile import RECONCILE
from woo2po.messages.screens import SCREENS
from woo2po.messages.settings import SETTINGS
from woo2po.messages.shop import SHOP
from woo2po.messages.status import NEXT_STEPS
from woo2po.messages.usage import USAGE
from woo2po.messages.wizard import WIZARD
from woo2po.schedule import job_of
from woo2po.schedule import manifest as kubernetes_manifest
from woo2po.settings import load

FILE = Path(__file__).parents[1] / "README.md"


class _InBraces(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


def keys() -> str:
    """Return the table of the keys beyond the questions."""
    rows = ["| key | default | what it is |", "|---|---|---|"]
    for key in example.KEYS:
        if key.question:
            continue
        given = "**required**" if key.required else f"`{example.toml(key.default)}`"
        default = "none" if key.default is None and not key.required else given
        words = f" One of `{'`, `'.join(key.choices)}`." if key.choices else ""
        sample = f" Example: `{example.toml(key.example)}`." if key.example is not None else ""
        rows.append(f"| `{key.path}` | {default} | {key.text}{words}{sample} |")
    return "\n".join(rows)


def messages(table: Mapping[str, Message]) -> str:
    """Return the messages of a table: code, sentence and remedy."""
    return "\n".join(_message(code, message) for code, message in table.items())


def with_remedy(table: Mapping[str, Message]) -> dict[str, Message]:
    """Return the messages that there is something to do about."""
    return {code: message for code, message in table.items() if message.en_remedy}


def _message(code: str, message: Message) -> str:
    sentence, remedy = (t.format_map(_InBraces()) for t in (message.en, message.en_remedy))
    return f"- `{code}`: {_plain(sentence)}" + (f"  \n  *{_plain(remedy)}*" if remedy else "")


def _plain(text: str) -> str:
    """Keep Markdown from reading a star, an angle or a new line as its own."""
    return re.sub(r"([*<>])", r"\\\1", text).replace("\n", " ")


# The configuration whose manifest the README shows.
SMALL = """\
[woocommerce]
url = "https://www.ullbutikken.example"
consumer_key = "ck_..."
consumer_secret = "cs_..."
orders_from = 2026-11-01

[poweroffice]
application_key = "..."
client_key = "..."
subscription_key = "..."

[orders]
number_prefix = "ull-"

[shipping]
product = "FRAKT"
"""


def manifest() -> str:
    """Return what `schedule kubernetes --shops 50` prints for the small configuration."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "config.toml"
        config.write_text(SMALL, "utf-8")
        job = job_of(config, load(config), 5)
    text = kubernetes_manifest(job, tomllib.loads(SMALL), f"woo2po:{__version__}", 50)
    return f"```yaml\n{text}```"


PARTS = {
    "kubernetes": manifest(),
    "keys": keys(),
    "orders": messages(HOLDS | FOLLOWS),
    "orders on the way": messages(PUSH),
    "shop": messages(SHOP),
    "PowerOffice": messages(POWEROFFICE),
    "commands": messages(COMMANDS | USAGE | SETTINGS | SCREENS | PREVIEW | MANY),
    "next steps": messages(NEXT_STEPS),
    "init": messages(WIZARD),
    "reconcile": messages(RECONCILE),
    "check": messages(with_remedy(CHECK | CHECK_BOOKS)),
}


def rendered(text: str) -> str:
    """Return the README with its made parts as they should be; raises KeyError for a lost mark."""
    for name, part in PARTS.items():
        mark, end = f"<!-- made: {name} -->", "<!-- end -->"
        before, found, rest = text.partition(mark)
        if not found:
            raise KeyError(name)
        text = f"{before}{mark}\n{part}\n{end}{rest.partition(end)[2]}"
    return text


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        FILE.write_text(rendered(FILE.read_text("utf-8")), "utf-8", newline="\n")
    else:
        sys.exit("usage: python tests/readme.py --write")
