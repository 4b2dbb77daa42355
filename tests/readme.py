"""Renders the parts of README.md that are made from the program: further keys, a manifest.

`python tests/readme.py --write` brings them up to date; test_readme.py compares.
"""

import sys
import tempfile
import tomllib
from pathlib import Path

import example

from woo2po import __version__
from woo2po.schedule import job_of
from woo2po.schedule import manifest as kubernetes_manifest
from woo2po.settings import load

FILE = Path(__file__).parents[1] / "README.md"


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
