"""The command line: options, exit codes, what goes to which stream, where the configuration is."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from platform import python_version

import click
import filelock
import hosts
import pytest
import screens
from click.testing import CliRunner
from served import GOES, Served, invoked, served, started
from test_settings import written

from woo2po import __version__
from woo2po.cli import cli
from woo2po.store import database


@pytest.fixture
def job(tmp_path):
    """One order that goes, one that is held, one that was refunded; nothing done yet."""
    with served(tmp_path) as both:
        yield both


@pytest.fixture
def plain_job(tmp_path):
    """One order that goes."""
    with served(tmp_path, [GOES]) as both:
        yield both


def said(result):
    """Return what a command said on standard error, on one line."""
    return " ".join(result.stderr.split())


# -- exit codes ------------------------------------------------------------------------------------


def configured(**changes):
    """Return what changes keys of the configuration."""
    return lambda job: job.configure({name.replace("__", "."): v for name, v in changes.items()})


def damaged(job: Served):
    job.state.write_bytes(b"no database" * 400)


RUN = ["run", "-v"]
EXITS = {  # what is done before; the call; exit code; all of standard output, or a part of error
    "all done": (None, RUN, 0, "✓ 1 transferred\n"),
    "nothing to do": (lambda job: job.woo2po("run"), RUN, 0, "✓ Nothing new.\n"),
    "no such order": (None, [*RUN, "--order", "999"], 2, "The shop has no order 999."),
    "not known here": (None, ["retry", "999"], 2, "No order 999 is known here."),
    "nor to skip": (None, ["skip", "999", "--reason", "x"], 2, "`woo2po status --all`"),
    **{f"an empty number, {call[0]}": (None, [*call, ""], 2, "Give the number of an order.")
       for call in (["show"], ["retry"], ["skip"], ["run", "--order"])},
    "nor quoted as a command": (None, ["retry", "x y"], 2, '`woo2po run --order "x y"`'),
    "no address to move from": (None, ["move", "--from", ""], 2, "Give the address"),
    "a month that is far": (None, ["reconcile", "--month", "9999-12"], 2, "nothing of it is"),
    "nobody to be told": (None, ["check", "--notify"], 2, "Nobody is named in monitoring.notify"),
    "a line of JSON": (None, ["status", "--line", "--json"], 2, "Give one of"),
    "no folder for a page": (None, ["reconcile", "--html", "/nowhere/x.html"], 2, "/nowhere"),
    # A mistyped status would mean "nothing new" for ever.
    "a status that the shop does not know": (
        configured(woocommerce__statuses=["processing", "behandles"]), RUN, 2, "behandles"),
    # A trial in the demo environment never counts as sent in production.
    "another company's database": (
        lambda job: (job.woo2po("run"), job.configure({"poweroffice.environment": "production"})),
        RUN, 2, "belongs to demo, and the configuration says production"),
    **{f"a damaged database, {call}": (damaged, call.split(), 2, "is damaged")
       for call in ("run", "run --dry-run", "status", "retry", "skip 1 --reason x")},
    "the shop is away": (lambda job: setattr(job.shop, "before_each", hosts.maintenance),
                         ["run"], 3, "closed for maintenance"),
    # Which key a remote system refused.
    **{key: (configured(**{key: "n0pe"}), call, 3, expected) for key, expected in (
        ("woocommerce__consumer_secret", "says that the secret is wrong"),
        ("woocommerce__consumer_key", "does not know the key"),
        ("poweroffice__application_key", "the application key and the client key"),
        ("poweroffice__client_key", "the application key and the client key"),
        ("poweroffice__subscription_key", "does not accept the subscription key"),
    ) for call in (["run"], ["run", "--dry-run"])},
}  # fmt: skip


@pytest.mark.parametrize("name", EXITS)
def test_an_exit_code_and_what_is_said_with_it(plain_job, name):
    """0: done; 2: the call or the configuration is wrong; 3: a system is away, or refuses a key."""
    before, call, code, expected = EXITS[name]
    if before:
        before(plain_job)
    result = plain_job.woo2po(*call)
    assert result.exit_code == code
    assert result.stdout == ("" if code else expected)
    assert not code or expected in said(result)
    assert "n0pe" not in result.stderr
    assert "Traceback" not in result.stderr
    assert before is not damaged or plain_job.state.read_bytes() == b"no database" * 400


def test_a_run_that_held_an_order_exits_1(job):
    first, second = job.woo2po("run", "-v"), job.woo2po("-v", "run")
    assert first.exit_code == second.exit_code == 1
    assert first.stdout.splitlines()[0] == "✓ 1 transferred, 1 called off or refunded"
    assert first.stdout.splitlines()[-1] == "Held now that were not before: 1 (42)."
    assert "! Held back: 1. `woo2po status` says why" in second.stdout
    assert "  42 [foreign_vat]: The order has VAT of SE" in second.stdout
    assert "Held now" not in second.stdout


def test_a_run_beside_another_exits_0(plain_job):
    """The second of two runs says so, asks nobody, and is no failure: cron starts the next."""
    with filelock.FileLock(f"{plain_job.state}.lock"):
        assert plain_job.woo2po("run").output == ""
        result = plain_job.woo2po("run", "-v")
    assert result.exit_code == 0
    assert result.stdout == "! Another run is under way; this one did nothing.\n"
    assert plain_job.shop.requests == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"orders.number_prefix": "å"}, 'orders.number_prefix = "å": at most 20 letters'),
        (None, "woo2po init"),
    ],
)
def test_a_configuration_that_is_wrong_or_missing_exits_2(tmp_path, changes, expected):
    """With the key, or where it was sought; nothing was tried, whatever the command."""
    config = tmp_path / "config.toml" if changes is None else written(tmp_path, changes)
    for command in (["run"], ["run", "--dry-run"], ["status"], ["retry"]):
        result = invoked(*command, "--config", str(config))
        assert (result.exit_code, result.stdout) == (2, "")
        assert expected in said(result)
        assert changes or "config.toml" in said(result)
    assert list(tmp_path.iterdir()) == ([config] if changes else [])


def test_a_locked_state_database_exits_3(plain_job, monkeypatch):
    """Another program writes to it: nothing is sent, and it may pass by itself."""
    plain_job.woo2po("run")
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(plain_job.state, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        result = plain_job.woo2po("run")
    assert result.exit_code == 3
    assert "is in use by another program" in said(result)


def test_standard_output_on_a_full_disk_exits_3(plain_job):
    full = os.open("/dev/full", os.O_WRONLY)
    process = plain_job.begun("-m", "woo2po", "run", "--dry-run", stdout=full)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 3
    assert "✗ stdout could not be written: the disk is full." in told
    assert "Traceback" not in told


def test_what_the_machine_refuses_is_told_in_its_words(plain_job):
    """Too many open files, say: nobody reads where in the program that was."""
    plain_job.configure({"language": "nb"})
    begins = "import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (7, 7))\n"
    process = plain_job.begun("-c", f"{begins}from woo2po.cli import main\nmain()\n", "check")
    said = process.communicate(timeout=60)[1]
    assert said.startswith("✗ Programmet selv feilet (denne brukeren får ikke åpne så mange filer)")
    assert process.returncode == 3


@pytest.mark.parametrize(
    ("words", "code", "made"),
    [
        ("run <&- >&- 2>&-", 0, 1),  # as by some supervisors, or `>&-` in a crontab
        ("-v run --log-file /dev/full 2> /dev/full", 0, 1),
        ("run --limit 0 2> /dev/full", 3, 0),
    ],
)
def test_a_log_that_goes_nowhere_stops_nothing(plain_job, words, code, made):
    """Its disk is full, or it is closed: a line is lost, and no order."""
    plain_job.listen()
    words = f"exec {sys.executable} -m woo2po --config {plain_job.config} {words}"
    assert subprocess.run(["/bin/sh", "-c", words], check=False).returncode == code
    assert len(plain_job.go.books.sales_orders) == made


def test_the_configuration_is_sought_where_the_contract_says(plain_job, tmp_path, monkeypatch):
    """--config, before or behind the command; WOO2PO_CONFIG; ./config.toml; the user's folder."""
    here, home = tmp_path / "here", tmp_path / "home"
    here.mkdir()
    home.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setattr("click.get_app_dir", lambda _: str(home))
    text = plain_job.config.read_text("utf-8")

    def language_found(*arguments):
        result = invoked(*arguments)
        return {"! The": "en", "! Jobben": "nb"}.get(" ".join(result.stdout.split()[:2]))

    assert language_found("status") is None
    for command in ("status", "check"):
        looked_for = " ".join(invoked(command).output.split())
        assert f"{here / 'config.toml'}, {home / 'config.toml'}." in looked_for
    (home / "config.toml").write_text(text.replace('"en"', '"nb"'), "utf-8")
    assert language_found("status") == "nb"
    (here / "config.toml").write_text(text, "utf-8")
    assert language_found("status") == "en"
    monkeypatch.setenv("WOO2PO_CONFIG", str(home / "config.toml"))
    assert language_found("status") == "nb"
    assert language_found("--config", str(plain_job.config), "status") == "en"
    assert language_found("status", "--config", str(plain_job.config)) == "en"


# -- the commands ----------------------------------------------------------------------------------


def test_run_takes_one_order_or_a_few(tmp_path):
    with served(tmp_path, [GOES, "b2c-two-vat-rates", "coupon-percent", "free-shipping"]) as both:
        assert both.woo2po("run", "--order", "31", "--order", "32").stdout == "✓ 2 transferred\n"
        result = both.woo2po("run", "--limit", "1", "-v")
        assert result.stdout == "✓ 1 transferred\n! Left in the queue for the next run: 1.\n"
        references = {o.external_import_reference for o in both.go.books.sales_orders.values()}
        assert references == {"shop_30", "shop_31", "shop_32"}


def test_a_held_order_is_retried_or_skipped(job):
    job.woo2po("run")
    result = job.woo2po("retry")
    assert result.exit_code == 0
    assert result.stdout.startswith("Back in the queue: 1. The next run takes them, or `woo2po")
    assert job.woo2po("retry", "42").exit_code == 0
    result = job.woo2po("skip", "42", "--reason", "booked by hand")
    assert result.exit_code == 0
    assert result.stdout.startswith("Order 42 is taken out for good. `woo2po skip 42 --undo`")
    assert job.woo2po("status").exit_code == 0
    assert job.woo2po("run").exit_code == 0
    assert "42 is back in the queue" in job.woo2po("skip", "42", "--undo").stdout
    assert "42 was not taken out" in job.woo2po("skip", "42", "--undo").stdout
    assert job.woo2po("run").exit_code == 1


def test_an_order_that_is_not_held_is_taken_out_only_with_a_yes(plain_job):
    """Without a terminal nobody can be asked: one mistyped digit changes nothing."""
    plain_job.woo2po("run")
    result = plain_job.woo2po("skip", "30", "--reason", "x")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Order 30 is not held" in said(result)
    assert '`woo2po skip 30 --reason "..." --yes`' in said(result)
    assert '"draft": 1' in plain_job.woo2po("status", "--json").stdout
    assert plain_job.woo2po("skip", "30", "--reason", "x", "--yes").exit_code == 0
    assert '"skipped": 1' in plain_job.woo2po("status", "--json").stdout


@pytest.mark.parametrize(
    ("language", "answer", "state"),
    [("en", "", "draft"), ("nb", "nei", "draft"), ("nb", "Ja", "skipped")],
)
def test_at_a_terminal_it_asks_and_enter_means_no(plain_job, monkeypatch, language, answer, state):
    """With what would go: number, total, state. The reason is asked for where it is left out."""
    plain_job.configure({"language": language})
    plain_job.woo2po("run")
    monkeypatch.setattr("woo2po.commands.orders.sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True, raising=False)
    arguments = ["skip", "30", "--config", str(plain_job.config)]
    result = CliRunner().invoke(cli, arguments, input=f"{answer}\nfeil nummer\n")
    assert result.exit_code == 0
    total = "1398.00" if language == "en" else "1\xa0398,00"
    assert f"  30 · {total} · " in result.output
    assert f'"{state}": 1' in plain_job.woo2po("status", "--json").stdout


def test_what_would_be_taken_out_names_a_credit_note_as_one(tmp_path, monkeypatch):
    with served(tmp_path, ["partial-refund-amount-only"]) as both:
        both.configure({"invoices": {"create": True}})
        both.woo2po("run")
        both.woo2po("run")
        monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True)
        arguments = ["skip", "50", "--config", str(both.config)]
        said = CliRunner().invoke(cli, arguments, input="\n").output
    assert re.search(r"50 · 1498.00 · invoiced · invoice \d+\n", said)
    assert re.search(r"50 · -150.00 · credited · credit note \d+\n", said)


def test_status_says_when_the_last_good_run_is_too_old(job, monkeypatch):
    """--max-age is in minutes; beyond it the exit code is 1."""
    job.shop.orders.clear()
    job.woo2po("run")
    later = datetime.now(UTC) + timedelta(hours=3)
    monkeypatch.setattr("woo2po.commands.call.now", lambda: later)
    assert job.woo2po("status").exit_code == 1
    assert job.woo2po("status", "--max-age", "240").exit_code == 0


def test_every_command_and_every_option_has_help_without_a_configuration(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, command in {"": cli, **cli.commands}.items():
        assert command.help, name
        options = [one for one in command.params if isinstance(one, click.Option)]
        assert not [one.opts for one in options if not (one.help or one.hidden)], name
        shown = [invoked(*name.split(), flag) for flag in ("-h", "--help")]
        assert [one.exit_code for one in shown] == [0, 0]
        assert shown[0].output == shown[1].output
        assert shown[0].output.startswith(f"Usage: woo2po {name or '[OPTIONS]'}")
    lines = invoked("--help").output.partition("Commands:")[2].splitlines()[1:]
    assert len(lines) == len(cli.commands)
    assert not [line for line in lines if line.endswith("...") or len(line) > 80]


WRONG = {
    "--config c.toml": "Missing command",
    "run --detials": "Did you mean '--details'?",
    "run --limit 0": "0 is not in the range x>=1",
    "--config= status": "Invalid value for '--config': give a path.",
    "status --config=": "Invalid value for '--config': give a path.",
    "reconcile --from 1/2/2026": "does not match the formats '%Y-%m-%d', '%d.%m.%Y'",
    "skip 42": "Missing option '--reason'",
    "skip 42 --yes --reason=": "Missing option '--reason'",
}


@pytest.mark.parametrize("call", WRONG)
def test_what_is_typed_wrongly_is_told(call):
    result = invoked(*call.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert WRONG[call] in " ".join(result.stderr.partition("Error: ")[2].split())


def test_flags_of_all_commands_stand_before_the_command_or_behind_it():
    for flag in ("-v", "-q", "--color=never", "--config=nowhere.toml"):
        for call in ([flag, "config", "path"], ["config", "path", flag]):
            assert invoked(*call).output.strip().endswith("nowhere.toml") is ("config=" in flag)
    assert invoked("-V").output == invoked("version").output
    version = f"woo2po {__version__} (Python {python_version()}"
    assert invoked("--version").output.startswith(version)


def test_help_is_a_command_too():
    assert invoked("help").output == invoked("--help").output
    assert invoked("help", "run").output == invoked("run", "--help").output
    assert "Did you mean 'run'?" in invoked("help", "rnu").stderr


def test_the_demo_needs_no_account_no_file_and_no_network():
    """In a process of its own a draft may overtake another, and have its number."""
    process = started("demo", "--language", "en", COLUMNS="80")
    assert (process.returncode, process.stderr) == (0, "")
    text = (screens.EXPECTED / "demo.en.txt").read_text("utf-8")
    assert process.stdout.splitlines()[-9:] == text.splitlines()[-9:]


def test_a_shell_can_complete_commands():
    for shell in ("bash", "zsh"):
        assert "_WOO2PO_COMPLETE" in invoked("completion", shell).output
    done = started(_WOO2PO_COMPLETE="zsh_complete", COMP_WORDS="woo2po rec", COMP_CWORD="1")
    assert "reconcile" in done.stdout


def test_the_configuration_can_be_tried_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "nb_NO.UTF-8")
    with served(tmp_path, []) as both:
        assert both.woo2po("config", "path").output.strip() == str(both.config)
        assert f"config {both.config}, db {both.state})" in both.woo2po("version").output
        assert both.shop.requests == []


@pytest.mark.parametrize(
    ("words", "environment", "coloured"),
    [
        ([], {}, False), ([], {"FORCE_COLOR": "1"}, True), (["--color", "always"], {}, True),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False), ([], {"TERM": "dumb"}, False),
    ],
)  # fmt: skip
def test_colours_are_alike_in_every_command(tmp_path, monkeypatch, words, environment, coloured):
    """A sign that begins a line, what is to be typed, a code: as asked for, else at a terminal."""
    for name in ("FORCE_COLOR", "NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with served(tmp_path, []) as both:
        said = both.woo2po("config", "check", *words)
        assert (said.exit_code, "\x1b[34m`woo2po check`\x1b[0m" in said.stdout) == (0, coloured)
        both.configure({"orders.number_prefix": "å"})
        said = both.woo2po("config", "check", *words)
        assert said.exit_code == 2
        assert ("\x1b[31m✗\x1b[0m The configuration" in said.stderr) is coloured
