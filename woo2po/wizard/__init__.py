"""`init`: asks what a configuration needs, tries it as it is given, and writes config.toml.

Which question comes next, what it offers and what passes are pure functions of what is known;
two modules ask (a terminal, a file), few read the two systems, one writes to PowerOffice.

kinds.py, searched.py   how an answer is typed, checked and shown
state.py       what is known so far, and the next question
dialogue.py    who answers
connect.py     the questions about the two systems and their keys
thirteen.py    the thirteen questions, and what follows from them
beyond.py      what the orders in use need besides; the last questions
asking.py      questions of one sort: products, rates, yes or no
address.py, products.py, accounts.py, privileges.py, fields.py   what they are made from
terminal.py, script.py           the two that ask
trials.py, reading.py            what is tried at once
start.py, prepare.py             what is there before the first question
draft.py, files.py, writing.py   the text of config.toml, and how it gets there
making.py, ending.py                products made, and what to type next
"""

from pathlib import Path

import click

from woo2po.files import NotWritten
from woo2po.logs import hidden
from woo2po.messages import say, say_both
from woo2po.report import wrapped
from woo2po.settings import Settings, WrongSettings
from woo2po.settings.problems import toml
from woo2po.wizard.asking import yes_or_no
from woo2po.wizard.beyond import BEYOND, ENDING
from woo2po.wizard.connect import CONNECT
from woo2po.wizard.dialogue import Back, Dialogue, End, ToldToEnd, asked_alone
from woo2po.wizard.ending import Making, next_commands, show_orders, still_to_do
from woo2po.wizard.kinds import Text
from woo2po.wizard.prepare import (
    Call,
    agree_on_what_is_there,
    greet,
    place_of,
    script_of,
    state_of,
    what_is_there,
)
from woo2po.wizard.script import Script
from woo2po.wizard.start import Existing, judged
from woo2po.wizard.state import Question, State, next_step
from woo2po.wizard.terminal import Terminal, has_display, is_there, make_ready
from woo2po.wizard.thirteen import THIRTEEN
from woo2po.wizard.trials import Failed, try_what_is_due
from woo2po.wizard.writing import Written, write

__all__ = ["Call", "End", "set_up"]

COURSE = (*CONNECT, *THIRTEEN, *BEYOND, *ENDING)
ASKED = frozenset(step.path for step in COURSE)


def set_up(call: Call) -> None:
    """Ask, try, write; raise End with the exit code and what is left to say."""
    script = script_of(call, ASKED)
    if script is None and not is_there():
        raise End(2, say_both("init_no_terminal", call.spoken))
    if script is None:
        make_ready()
    setup = _SetUp(call, script)
    try:
        setup.run()
    except (ToldToEnd, KeyboardInterrupt):
        raise End(3, setup.stopped()) from None


class _SetUp:
    """One dialogue from its first question to its end, and how far it has come."""

    def __init__(self, call: Call, script: dict[str, object] | None) -> None:
        self._call = call
        self._script = script
        self._language = call.spoken
        self._written: Written | None = None
        self._making: Making | None = None

    def _dialogue(self) -> Dialogue:
        if self._script is not None:
            name = str(self._call.answers)
            return Script(self._language, self._script, name, _print)
        return Terminal(self._language)

    def run(self) -> None:
        """Go through it. Raises End and ToldToEnd."""
        path = place_of(self._call, self._dialogue(), self._script)
        existing = what_is_there(path, self._language)
        display = self._script is None and has_display()
        state = state_of(self._call, existing, self._script, has_display=display)
        self._language = state.language
        dialogue = self._dialogue()
        greet(state, dialogue, path, existing)
        agree_on_what_is_there(state, dialogue, path, existing, ASKED)
        converse(state, dialogue)
        self._judge_the_rest(state)
        self._finish(state, dialogue, path, existing)

    def _judge_the_rest(self, state: State) -> None:
        """Raise End (2) for an answer of a file that no question judged and no settings take."""
        script = {p: v for p, v in (state.script or {}).items() if not p.startswith("init.")}
        rest = {p: v for p, v in script.items() if p not in state.answered.given}
        _, wrong = judged(rest, state.language)
        for key, why in wrong.items():
            facts = {"file": str(self._call.answers), "value": toml(script[key])[:100]}
            said = {**facts, "key": key, "why": why}
            raise End(2, say_both("init_answer_refused", self._language, said))

    def _finish(self, state: State, dialogue: Dialogue, path: Path, existing: Existing) -> None:
        if not state.value("init.write"):
            raise ToldToEnd
        self._written = written = _write(state, dialogue, path, existing)
        _tell_written(state, dialogue, written)
        self._making = making = Making(state, dialogue)
        making.run()
        for line in still_to_do(state, making.left()):
            dialogue.tell(line)
        settings = self._loaded(written.config)
        if asked_alone(dialogue, _preview(state), state.say("init_no_way_back")):
            show_orders(settings, self._call.clock)
        dialogue.tell("")
        for line in next_commands(state, written.config, settings):
            dialogue.tell(line)
        raise End(3 if making.failed else 0, "")

    def _loaded(self, config: Path) -> Settings:
        """Return the settings as a run will have them. Raises End (2)."""
        try:
            return self._call.load(config, self._language)
        except WrongSettings as error:
            lines = [f"  {problem.key}: {problem.expected}" for problem in error.problems]
            facts = {"path": str(config)}
            raise End(
                2, "\n".join([say("init_not_loaded", self._language, facts), *lines])
            ) from None

    def stopped(self) -> str:
        """Return what there is to say where it was ended early."""
        made = self._making.codes if self._making else []
        said = [say("init_stopped", self._language)]
        if self._written:
            facts = {"path": str(self._written.config)}
            said = [say("init_stopped_after", self._language, facts)]
        if made:
            said.append(say("init_stopped_made", self._language, {"codes": ", ".join(made)}))
        return " ".join(said)


def converse(state: State, dialogue: Dialogue) -> None:
    """Ask until every question that applies is answered, back and forth. Raises as `ask` does."""
    while True:
        try:
            try_what_is_due(state, dialogue)
        except Failed as failed:
            _ask_again(failed, state, dialogue)
        step = next_step(COURSE, state)
        if step is None:
            return
        try:
            state.answered.take(step.path, dialogue.ask(step.ask(state)))
        except Back:
            if not state.answered.back():
                dialogue.tell(state.say("init_first_question"))
            continue
        for note in step.notes(state):
            dialogue.tell(note)


def _ask_again(failed: Failed, state: State, dialogue: Dialogue) -> None:
    """Open the question that a trial failed by. Raises End (3) where the environment answers it."""
    if failed.back_to not in state.answered.given:
        raise End(3, failed.text)
    dialogue.failed(failed.text)
    state.answered.back_to(failed.back_to)


def _write(state: State, dialogue: Dialogue, path: Path, existing: Existing) -> Written:
    """Write; where that fails, ask for another place rather than lose the answers."""
    while True:
        try:
            return write(state, path, existing)
        except OSError as error:
            why = error.strerror or type(error).__name__
        except NotWritten as error:
            why = error.facts["error"]
        dialogue.failed(state.say("init_not_written", path=path, why=why))
        question = Question(
            "init.other_place", state.say("init_other_place"), Text(_path, str(path))
        )
        answer = asked_alone(dialogue, question, state.say("init_first_question"))
        path = Path(str(answer)).expanduser().absolute()


def _path(value: object) -> str:
    return str(value)


def _tell_written(state: State, dialogue: Dialogue, written: Written) -> None:
    dialogue.tell("\n" + state.say("init_written"))
    for file in (written.config, *written.keys):
        dialogue.tell(f"  {file}")
    if written.kept:
        dialogue.tell(state.say("init_kept", path=written.kept))
    if written.anew:
        dialogue.tell(state.say("init_written_anew"))


def _preview(state: State) -> Question:
    kind = yes_or_no(state, "init.preview", "", "", default=not state.scripted)
    return Question("init.preview", state.say("init_preview"), kind)


def _print(text: str) -> None:
    """Print what a script is told; lines that begin with blanks stay whole."""
    for line in hidden(text).split("\n"):
        click.echo(line if line.startswith(" ") else wrapped(line))
