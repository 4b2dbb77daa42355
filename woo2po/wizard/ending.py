"""After the last question: the file, the products, and what to type next."""

import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import click

from woo2po.connections import Connections
from woo2po.http import RemoteError
from woo2po.messages import say, say_both
from woo2po.money import percent
from woo2po.preview.showing import show_preview
from woo2po.report import wrapped
from woo2po.run import Wish
from woo2po.schedule import Unfit, cron_line, job_of
from woo2po.settings import Settings
from woo2po.stopping import ToldToStop, run_until_told
from woo2po.wizard.beyond import described, to_make
from woo2po.wizard.dialogue import Dialogue, ToldToEnd
from woo2po.wizard.making import LOOKS, Fate, Made, make_products
from woo2po.wizard.privileges import lacking_rights, may_make_products, names_of
from woo2po.wizard.products import Wanted, usual_account, wanted_products
from woo2po.wizard.reading import books_keys
from woo2po.wizard.state import State
from woo2po.wizard.trials import done, told
from woo2po.wizard.typed import typed

SHOWN = 5  # orders of the preview at the end
EVERY = 5  # minutes between two runs
_SAID = {
    Fate.MADE: "init_made",
    Fate.FOUND: "init_made_found",
    Fate.LOST: "init_made_lost",
    Fate.REFUSED: "init_made_refused",
}


class Making:
    """Makes the products that were said yes to, and knows which of them are there by now."""

    def __init__(self, state: State, dialogue: Dialogue) -> None:
        self._state = state
        self._dialogue = dialogue
        self.made: list[Made] = []

    def run(self) -> None:
        """Make them. What PowerOffice says no to is told, and the others are made."""
        state, chosen = self._state, to_make(self._state)
        if not chosen or not state.value("init.create_products"):
            return
        self._dialogue.tell("\n" + state.say("init_making"))
        try:
            done(lambda at: make_products(chosen, books_keys(state), at, self._told, LOOKS))
        except RemoteError as error:
            self._dialogue.tell(told(error, state.language))

    def _told(self, made: Made) -> None:
        self.made.append(made)
        error, language = made.error, self._state.language
        why = say(error.code, language, error.facts) if error else ""
        facts = {"code": made.wanted.code, "why": why}
        self._dialogue.tell(self._state.say(_SAID[made.fate], **facts))

    @property
    def codes(self) -> list[str]:
        """The codes of those that were made."""
        return [one.wanted.code for one in self.made if one.fate in {Fate.MADE, Fate.FOUND}]

    @property
    def failed(self) -> bool:
        """Whether one that was to be made is not known to be there."""
        chosen = to_make(self._state) if self._state.value("init.create_products") else []
        return any(one.code not in self.codes for one in chosen)

    def left(self) -> list[Wanted]:
        """Return the products that are named and still lacking."""
        return [one for one in wanted_products(self._state) if one.code not in self.codes]


def still_to_do(state: State, left: Sequence[Wanted]) -> list[str]:
    """Return what has to be done in PowerOffice by hand before every order goes."""
    said = []
    agreed = {one.code: one for one in to_make(state)}
    for one in left:
        best = agreed.get(one.code, one)
        if best.account is None:
            code, number = usual_account(one.need.rate.percent)
            facts = {"rate": percent(one.need.rate.percent), "vat_code": code, "account": number}
            line = state.say("init_todo_account", code=one.code, name=one.name, **facts)
        else:
            line = described(best, state)
        said.append(f"  {line}")
    if said:
        why = "init_todo_products" if may_make_products(state) else "init_todo_products_no_right"
        said.insert(0, "\n" + state.say(why))
    if missing := lacking_rights(state):
        said.append(state.say("init_todo_rights", rights=names_of(missing)))
    return said


def next_commands(state: State, config: Path, settings: Settings) -> list[str]:
    """Return what to type next, and what lets it run by itself."""
    return [
        state.say("init_next"),
        *(
            f"  {typed(config, *words)}"
            for words in (("check",), ("run", "--dry-run"), ("run", "--limit", "3"))
        ),
        state.say("init_next_said"),
        *([state.say("init_next_invoices")] if settings.invoices.create else []),
        "",
        *_timer(state, config, settings),
    ]


def _timer(state: State, config: Path, settings: Settings) -> list[str]:
    """Return what starts it every five minutes on this machine."""
    if os.name == "nt":
        command = typed(config, "schedule", "windows")
        return [state.say("init_timer_windows"), f"  {command} | Out-String | Invoke-Expression"]
    try:
        line = cron_line(job_of(config, settings, EVERY))
    except Unfit as error:
        return [wrapped(say_both(error.code, state.language, error.facts))]
    return [state.say("init_timer_cron"), f"  {line}"]


def show_orders(settings: Settings, clock: Callable[[], datetime]) -> None:
    """Show what would become of a few orders; nothing is written. Raises ToldToEnd."""
    try:
        outcome = run_until_told(
            lambda stop: show_preview(
                settings, clock, Wish((), SHOWN), click.echo, connections=Connections(stop=stop)
            )
        )
    except ToldToStop:
        raise ToldToEnd from None
    if outcome.problem:
        click.echo(wrapped(say_both(outcome.problem, settings.language, outcome.facts)))
