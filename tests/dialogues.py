"""`init` in this process: what is typed is a list of lines, the first of which lead to both.

    said = typed(both, "", "3 yes", "")       # the day; one change; Enter

Where the lines end, the terminal is closed, as by Ctrl-D.
"""

import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any
from unittest import mock

from click.testing import CliRunner
from served import Served, served

import woo2po.setup  # so that parts of it can be replaced by name
from woo2po import screen
from woo2po.cli import cli
from woo2po.demo import KEYS
from woo2po.logs import hide
from woo2po.schedule import NO_PROGRAM

NO_TIMER = CompletedProcess((), NO_PROGRAM, "", "")
TERMINAL = woo2po.setup.terminal.__name__


@contextmanager
def unconfigured(folder: Path, orders: Sequence[str]) -> Iterator[Served]:
    """Give both stand-ins, PowerOffice at the port after the shop's, and no configuration.

    The one of PowerOffice allows more than it does itself; the environment says so, as anybody may.
    """
    more = {"WOO2PO_POWEROFFICE__REQUESTS_PER_SECOND": "100"}
    with served(folder, orders) as both, mock.patch.dict("os.environ", more):
        both.ports = (both.ports[0], both.ports[0] + 1)
        both.config.unlink()
        yield both


class Said:
    """What came of a dialogue: exit code, and the whole screen with its complaints."""

    def __init__(self, code: int, shown: str) -> None:
        self.code = code
        self.screen = shown
        self.flat = " ".join(shown.split())  # no break of a line is in the way of a sentence

    def line(self, label: str) -> str:
        """Return the last line of the screen that begins with a row's label, without it."""
        lines = [line for line in self.screen.splitlines() if line[5:21].strip() == label]
        return " ".join(lines[-1][21:].split()) if lines else ""


def written(both: Served) -> dict[str, Any]:
    """Return what stands in the written file."""
    return tomllib.loads(both.config.read_text("utf-8"))


def keys_of(both: Served) -> list[str]:
    """Return what is typed to reach both: address, two keys, three keys."""
    return [both.shop.url, both.shop.consumer_key, both.shop.consumer_secret, *KEYS]


def typed(
    both: Served,
    *lines: str,
    keys: list[str] | None = None,
    options: tuple[str, ...] = (),
    columns: int = 78,
    encoding: str = "utf-8",
    config: Path | str | None = None,
    language: str = "en",
    there: bool = True,
    run: Callable[..., Any] | None = None,
) -> Said:
    """Hold a dialogue; `keys` are typed before the lines, those of `both` unless others are given.

    `there`: there is a terminal. `run` stands for the machine's programs, of which there are none.
    """
    hide([])  # those of an earlier dialogue in this process
    whole = [*(keys_of(both) if keys is None else keys), *lines]
    place = both.config if config is None else config
    words = ["init", *options, *(["--config", str(place)] if place else [])]
    words += ["--language", language] if language else []
    with (
        both.reached_in_no_time(),
        mock.patch(f"{TERMINAL}.is_there", return_value=there),
        mock.patch(f"{TERMINAL}.make_ready"),
        mock.patch(f"{TERMINAL}.open_page"),
        mock.patch("woo2po.schedule._ran", run or (lambda *_, **__: NO_TIMER)),
        mock.patch("woo2po.schedule.shutil.which", lambda name: run and name),
        mock.patch("woo2po.screen._here", screen.Screen(columns, encoding=encoding)),
    ):
        done = CliRunner().invoke(cli, words, input="".join(f"{line}\n" for line in whole),
                                  prog_name="woo2po", catch_exceptions=False)  # fmt: skip
    return Said(done.exit_code, done.output)
