"""`init`: asks what only a person knows, proposes the rest on one screen, and writes config.toml.

known.py     what is known: file, environment, answers, both systems; what a question is
products.py  the products that the orders need (pure)
rows.py      all the questions as rows, and what both systems say that the answers are (pure)
connect.py   both systems: how they are reached, tried at once; what they have; products made
terminal.py  how a person is asked
file.py      config.toml read, and written whole
"""

import os
import re
import shlex
import subprocess
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from textwrap import indent
from typing import Any, NoReturn

import click

from woo2po.config import Settings, checked, from_environment, secrets, spoken_in
from woo2po.config.keys import variable_of
from woo2po.files import NotWritten
from woo2po.holds import End, InTheWay
from woo2po.http import RemoteError
from woo2po.logs import hide
from woo2po.messages import NO, YES, Language, day_said, say, say_both
from woo2po.preview.shown import show_preview
from woo2po.report import wrapped
from woo2po.run import Wish
from woo2po.schedule import job_of, new_timer, started, timer_of
from woo2po.setup import file, terminal
from woo2po.setup.connect import APPLICATION, ASKED, DAY, URL, connect, done, make_products, told
from woo2po.setup.known import PLACEHOLDERS, Known, Question, flat, nested, understood
from woo2po.setup.products import Missing, missing_products
from woo2po.setup.rows import ROWS, propose, row_named
from woo2po.setup.terminal import tell

CONFIG_NAME = "config.toml"
SHOWN = 5  # orders of the preview at the end


Load = Callable[[Path, Language], Settings]
Clock = Callable[[], datetime]


def set_up(
    path: Path, name: str, clock: Clock, load: Load, here: Language, asked: Language | None,
    yes: bool,
) -> None:  # fmt: skip
    """Ask, try, write; raise End with the exit code and what is left to say.

    The answers go to `path`; `name` is that of the only row to be asked, or "". The dialogue is in
    the language that was `asked` for, the file's, or that of the machine `here`. `yes`: nobody is
    asked. Raises WrongSettings for a file or an environment that a run would not take.
    """
    spoken = asked or here
    if not yes and not terminal.is_there():
        raise End(2, say_both("init_no_terminal", spoken))
    row = row_named(name) if name else None
    if name and row is None:
        labels = (f"{one.number} {say(f'init_row_{one.name}', spoken)}" for one in ROWS)
        raise End(2, say("init_no_row", spoken, {"rows": ", ".join(labels)}))
    old, there = file.found_at(path, spoken)
    language = asked or spoken_in(old or "") or here
    # A person may be asked for what is missing there.
    settings = checked(nested(there if yes else PLACEHOLDERS | there), language)
    said, fixed = (understood(one, settings) for one in (there, flat(from_environment())))
    known = Known(language, path, settings.day_of(clock()), old, said, fixed, unseen=yes)
    hide(known.secrets())
    if yes:
        connect(known, set())
        propose(known)
        _show(_lines(known))
        _write(known)
        load(known.path, known.language)
        _list_products("init_todo", missing_products(known), known)
        raise End(0, known.say("init_next", command=typed(known.path, "check")))
    terminal.make_ready()
    _converse(known, row, clock, load)


# -- with a person ---------------------------------------------------------------------------------


def _converse(known: Known, row: Question | None, clock: Clock, load: Load) -> NoReturn:
    written = False
    try:
        if known.old is None:
            tell(known.say("init_hello", path=known.path))
        if known.fixed:
            names = ", ".join(map(variable_of, known.fixed))
            tell(known.say("init_environment_fixed", names=names))
        if kept := file.kept(known.path):
            known.given |= kept
            hide(known.secrets())
            with suppress(terminal.Back):
                answer = terminal.ask(known.say("init_go_on"), known.say("init_yes"))
                if answer.casefold() in NO:
                    known.given.clear()
                    file.drop_kept(known.path)
        _agree(known, row)
        _write(known)
        written = True
        failed = _offer_products(known)
        settings = load(known.path, known.language)
        hide(secrets(settings))
        _preview(settings, known, clock)
        if row is None:
            _tell_next(settings, known, runs=_offer_timer(settings, known, clock))
        else:
            tell("\n" + known.say("init_next", command=typed(known.path, "check")))
    except (click.Abort, KeyboardInterrupt):
        so_far = "init_stopped_kept" if file.kept(known.path) else "init_stopped"
        code = "init_stopped_after" if written else so_far
        raise End(3, known.say(code, path=known.path)) from None
    raise End(3 if failed else 0)


def _agree(known: Known, row: Question | None) -> None:
    """Connect, and show the rows until they are accepted. Raises End and Abort."""
    again: set[str] = set()
    before: dict[str, str] = {}
    while True:
        connect(known, again)
        file.keep(known)
        if not before and DAY in known.there:
            before = {one.name: one.shown(known) for one in ROWS}
        try:
            _screen(known, row if before else None)
            break
        except terminal.Back as back:
            again, row = {*back.args} or {DAY}, None
    for one in ROWS if before else ():
        old, new = before[one.name], one.shown(known)
        if one.applies(known) and old != new:
            tell(f"{one.number} {one.label(known)}: {old} → {new}", "  ", "      ")


def _screen(known: Known, row: Question | None) -> None:
    """Show the rows and let them be changed until Enter. Raises Back, with keys to ask anew."""
    propose(known)
    on_screen = _lines(known) if row else []
    if row:
        _open(row, "", known)
    else:
        tell("\n" + known.say("init_screen"))
    while True:
        file.keep(known)
        propose(known)
        lines = _lines(known)
        _show([line for line in lines if line not in on_screen])
        on_screen = lines
        said = terminal.ask(known.say("init_accept"))
        if not said:
            return
        name, _, answer = re.sub(r"\s*=\s*|\s+", " ", said, count=1).partition(" ")
        whole = row_named(said)  # typed was "3" or "faktura", else "3 ja" or "faktura=ja"
        row = whole or row_named(name)
        if said == "?":
            tell(known.say("init_screen_more"))
            on_screen = []
        elif row and row.applies(known):
            _open(row, "" if whole else answer.strip(), known)
        else:
            tell(known.say("init_no_such_row", text=said))


def _open(row: Question, answer: str, known: Known) -> None:
    """Ask the question of a row. Raises Back where it is about the keys of a system."""
    if row.path in {URL, APPLICATION}:
        first = ASKED.index(row.path)
        raise terminal.Back(*ASKED[first : first + 3])
    if row.path in known.fixed:
        tell(known.say("init_environment_fixed", names=row.path))
        return
    # Also with an answer: it may be a ?, or none of the choices.
    tell("\n" + row.question(known), bold=True)
    for line in row.lines(known):
        tell(line, "  ", "     ")

    def read(typed: str) -> dict[str, Any]:
        return row.read(typed, known) if typed else {}

    label, about = row.label(known), known.say(f"init_about_{row.name}")
    with suppress(terminal.Back):
        known.given |= terminal.answer(known, label, row.shown(known), about, read, answer)[1]


def _lines(known: Known) -> list[tuple[str, str]]:
    return [
        (f"{'!' if row.lacks(known) else ' '}{row.number:>2}  {row.label(known):<15} ",
         row.shown(known))
        for row in ROWS if row.applies(known)
    ]  # fmt: skip


def _show(lines: list[tuple[str, str]]) -> None:
    for first, text in lines:
        tell(text, first, " " * len(first))


# -- the end ---------------------------------------------------------------------------------------


def _write(known: Known) -> None:
    """Write; where that fails, ask for another place rather than lose the answers."""
    path = known.path
    while True:
        try:
            aside = file.write(known, path)
            break
        except (NotWritten, OSError) as error:
            failed = NotWritten(path, error) if isinstance(error, OSError) else error
            why = known.say("init_not_written", path=path, why=failed.facts["error"])
            if known.unseen:
                raise End(3, why) from None
        tell(why)
        with suppress(terminal.Back):
            other = terminal.ask(known.say("init_other_place"), str(path))
            path = Path(other).expanduser().absolute() if other else path
    tell("\n" + known.say("init_written", path=path))
    if aside:
        tell(known.say("init_old_kept", path=aside))
    if not known.unseen:
        file.drop_kept(known.path)
    known.path = path


def _offer_products(known: Known) -> bool:
    """Offer to make the missing products; return whether one that was agreed on was not made."""
    may = "Product_Full" in known.company.privileges
    missing = missing_products(known)
    wanted = [one for one in missing if one.account is not None and may]
    made, failed = set[str](), False
    _list_products("init_missing", wanted, known)
    if wanted and _agrees("init_make", "init_about_make", "init_no", known, n=len(wanted)):
        try:
            made = done(lambda at: make_products(wanted, known, at))
        except RemoteError as error:
            tell(told(error, known))
        failed = len(made) < len(wanted)
    _list_products("init_todo", [one for one in missing if one.code not in made], known)
    return failed


def _agrees(question: str, about: str, offered: str, known: Known, **facts: object) -> bool:
    """Ask for a yes at the end; `?` tells more. Raises Abort."""
    asked, more, enter = known.say(question, **facts), known.say(about, **facts), known.say(offered)
    with suppress(terminal.Back):
        return (terminal.answer(known, asked, enter, more, str)[0] or enter).casefold() in YES
    return False


def _list_products(heading: str, products: list[Missing], known: Known) -> None:
    if products:
        tell(f"\n{known.say(heading)}")
    for one in products:
        code = "init_product_line" if one.account else "init_product_no_account"
        where = f"{one.account.number} {one.account.name}".strip() if one.account else "-"
        said = known.say(code, code=one.code, name=one.name, account=where, rate=one.rate)
        tell(said, "  ", "     ")


def _preview(settings: Settings, known: Known, clock: Clock) -> None:
    """Show what would become of the newest orders, whatever their day; nothing is written."""
    orders = known.orders()[:SHOWN]
    if not orders:
        return
    day = day_said(settings.woocommerce.orders_from, known.language)
    tell("\n" + known.say("init_preview", n=len(orders), day=day))
    # What is older than these is not read for them in PowerOffice either.
    ever = settings.of_any_day(min(settings.day_of(one.date_created_gmt) for one in orders))
    wish = Wish(tuple(f"id:{order.id}" for order in orders))
    outcome = done(
        lambda at: show_preview(ever, clock, wish, click.echo, details=False, connections=at)
    )
    if outcome.problem:
        click.echo(wrapped(say_both(outcome.problem, settings.language, outcome.facts)))


def _offer_timer(settings: Settings, known: Known, clock: Clock) -> bool:
    """Offer to let the job start by itself; return whether it does. No timer knows variables."""
    if known.fixed:
        return False
    try:
        job = job_of(known.path, settings, 5)
        if timer_of(job):
            return True
        timer = new_timer(job)
        tell("")
        # What is invoiced stays so: there somebody looks at a few first.
        offered = "init_no" if settings.invoices.create else "init_yes"
        unit = indent(timer.text, "  ")
        runs = _agrees("init_timer", "init_about_timer", offered, known, timer=unit)
        if runs:
            tell(started(timer, settings, clock()))
    except InTheWay as error:
        if error.code == "schedule_failed":
            tell(f"! {say_both(error.code, known.language, error.facts)}")
        return error.code == "schedule_others"
    return runs


def _tell_next(settings: Settings, known: Known, *, runs: bool) -> None:
    """Say what to type next: to look on, or to go on by hand with a few orders."""
    by_hand = {"init_next_run": "run --limit 3", "init_next_timer": "schedule --install"}
    then = {"init_next_status": "status"} if runs else by_hand
    tell("\n" + known.say("init_next_steps"))
    for code, command in {"init_next_check": "check", **then}.items():
        tell(f"  {typed(known.path, *command.split())}")
        tell(known.say(code), "    ", "    ")
    if settings.invoices.create and not runs:
        tell(known.say("init_next_invoices"))


def typed(config: Path, *words: str) -> str:
    """Return a command as it is typed here: short where that is enough."""
    is_here = config == Path.cwd() / CONFIG_NAME
    whole = ["woo2po", *([] if is_here else ["--config", str(config)]), *words]
    return subprocess.list2cmdline(whole) if os.name == "nt" else shlex.join(whole)
