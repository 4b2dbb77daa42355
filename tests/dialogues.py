"""`init` in this process: what is typed stands by the key that a question is about.

    said = typed(both, {"orders.number_prefix": "fjell_", "invoices.create": ["?", "yes"]})

Several lines for one question are typed one after another; all other questions get Enter. An
exception among the lines is what the terminal gives (KeyboardInterrupt, EOFError).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar
from unittest import mock

import click
from served import Served, invoked

from woo2po import screen
from woo2po.demo import KEYS
from woo2po.logs import hide
from woo2po.wizard import Terminal
from woo2po.wizard.kinds import Kind
from woo2po.wizard.state import Question

Lines = str | type[BaseException] | Sequence[str | type[BaseException]]


@dataclass
class Said:
    """What came of a dialogue: exit code, the whole screen, and the questions in their order."""

    code: int = -1
    screen: str = ""
    asked: list[str] = field(default_factory=list)

    @property
    def flat(self) -> str:
        """The screen on one line: no break of a line is in the way of a sentence."""
        return " ".join(self.screen.split())


class Typist(Terminal):
    """A terminal at which the lines of a plan are typed."""

    plan: Mapping[str, Lines]
    said: Said

    def ask(self, question: Question) -> object:
        """Note the question, and type what the plan has for it."""
        self.said.asked.append(question.path)
        assert len(self.said.asked) < 150, f"it goes round: {self.said.asked[-12:]}"
        lines = self.plan.get(question.path, ())
        whole = [lines] if isinstance(lines, str | type) else list(lines)
        # A second time the same question gets what is left of its lines.
        self._left = self.left.setdefault(question.path, whole)
        self._empty = 0
        return super().ask(question)

    def _line(self, kind: Kind) -> str:
        line = self._left.pop(0) if self._left else ""
        self._empty = self._empty + 1 if line == "" else 0
        assert self._empty < 4, f"{self.said.asked[-1]} takes no Enter"
        self._typed = line
        return super()._line(kind)

    def _read_planned(self, prompt: str) -> str:
        if isinstance(self._typed, str):
            click.echo(f"{prompt}{self._typed}")
            return self._typed
        click.echo(prompt)
        raise self._typed


def keys_of(both: Served) -> dict[str, str]:
    """Return what leads to both stand-ins."""
    names = ("application_key", "client_key", "subscription_key")
    return {
        "woocommerce.url": both.shop.url,
        "woocommerce.consumer_key": both.shop.consumer_key,
        "woocommerce.consumer_secret": both.shop.consumer_secret,
        "init.sandbox": both.go_url,
        "woocommerce.orders_from": "2026-09-01",
        "init.preview": "no",
        **{f"poweroffice.{name}": key for name, key in zip(names, KEYS, strict=True)},
    }


def typed(
    both: Served,
    plan: Mapping[str, Lines] | None = None,
    *options: str,
    columns: int = 78,
    encoding: str = "utf-8",
    config: Path | str | None = None,
    language: str = "en",
    display: bool = False,
) -> Said:
    """Hold a dialogue at a terminal of so many columns; `plan` outweighs the keys of both."""
    hide([])  # those of an earlier dialogue in this process
    said = Said()
    whole = {**keys_of(both), **(plan or {})}

    class Planned(Typist):
        plan = whole
        left: ClassVar[dict[str, list[Any]]] = {}

        def __init__(self, spoken: Any) -> None:
            super().__init__(spoken, read=self._read_planned)
            self.said = said

    Planned.left = {}
    place = both.config if config is None else config
    words = ["init", *options, *(["--config", str(place)] if place else [])]
    words += ["--language", language] if language else []
    with (
        both.reached_in_no_time(),
        mock.patch("woo2po.wizard.Terminal", Planned),
        mock.patch("woo2po.wizard.is_there", return_value=True),
        mock.patch("woo2po.wizard.make_ready"),
        mock.patch("woo2po.wizard.has_display", return_value=display),
        mock.patch("woo2po.screen._here", screen.Screen(columns, encoding=encoding)),
    ):
        done = invoked(*words)
    said.code, said.screen = done.exit_code, done.output
    return said
