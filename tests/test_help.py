"""`--help` and `--version`, what a newcomer types first; and what is typed wrongly."""

from platform import python_version

import click
import pytest
from served import invoked, served, started

from woo2po import __version__
from woo2po.cli import cli


def test_every_command_and_every_option_has_help():
    for command in (cli, *cli.commands.values()):
        assert command.help, command.name
        options = [one for one in command.params if isinstance(one, click.Option)]
        assert not [one.opts for one in options if not (one.help or one.hidden)], command.name


@pytest.mark.parametrize("name", [None, *cli.commands])
def test_help_works_without_a_configuration(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for flag in ("-h", "--help"):
        result = invoked(*filter(None, (name, flag)))
        assert result.exit_code == 0
        assert result.output.startswith(f"Usage: woo2po {name or '[OPTIONS]'}")


def test_the_list_of_commands_cuts_no_word():
    lines = invoked("--help").output.partition("Commands:")[2].splitlines()[1:]
    assert len(lines) == len(cli.commands)
    assert not [line for line in lines if line.endswith("...") or len(line) > 80]


def test_the_version_is_shown():
    result = started("--version", WOO2PO_CONFIG="nowhere.toml")
    assert (result.returncode, result.stdout.strip()) == (
        0,
        f"woo2po {__version__} (Python {python_version()})",
    )


WRONG = {
    "rn": "Did you mean 'run'?",
    "--config c.toml": "Missing command",
    "run --wet": "No such option '--wet'",
    "run --detials": "Did you mean '--details'?",
    "run --limit 0": "0 is not in the range x>=1",
    "--config= status": "Invalid value for '--config': give a path.",
    "status --config=": "Invalid value for '--config': give a path.",
    "reconcile --from 1/2/2026": "does not match the formats '%Y-%m-%d', '%d.%m.%Y'",
    "skip 42": "Missing option '--reason'",
    "skip 42 --reason by hand": "unexpected extra argument (hand)",
}


@pytest.mark.parametrize("call", WRONG)
def test_what_is_typed_wrongly_is_told(call):
    result = invoked(*call.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert WRONG[call] in " ".join(result.stderr.partition("Error: ")[2].split())


@pytest.mark.parametrize("flag", ["-v", "-q", "--color=never", "--config=nowhere.toml"])
def test_flags_of_all_commands_stand_before_the_command_or_behind_it(flag):
    for call in ([flag, "config", "path"], ["config", "path", flag]):
        assert invoked(*call).output.strip().endswith("nowhere.toml") is ("config=" in flag)
    assert invoked("-V").output == invoked("version").output


def test_help_is_a_command_too():
    assert invoked("help").output == invoked("--help").output
    assert invoked("help", "run").output == invoked("run", "--help").output
    assert "Did you mean 'run'?" in invoked("help", "rnu").stderr


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_a_shell_can_complete_commands(shell):
    assert "_WOO2PO_COMPLETE" in invoked("completion", shell).output
    done = started(_WOO2PO_COMPLETE=f"{shell}_complete", COMP_WORDS="woo2po rec", COMP_CWORD="1")
    assert "reconcile" in done.stdout


def test_the_configuration_can_be_tried_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "nb_NO.UTF-8")
    with served(tmp_path, []) as both:
        assert both.woo2po("config", "path").output.strip() == str(both.config)
        assert "can be used" in " ".join(both.woo2po("config", "check").output.split())
        assert f"config {both.config}, db {both.state})" in both.woo2po("version").output
        both.configure({"orders.number_prefix": "å"})
        assert both.woo2po("config", "check").exit_code == 2
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
        both.configure({"orders.number_prefix": "å"})
        said = both.woo2po("config", "check", *words).stderr
        assert ("\x1b[31m✗\x1b[0m The configuration" in said) is coloured
        both.configure({"orders.number_prefix": ""})
        said = both.woo2po("config", "check", *words).stdout
        assert ("\x1b[34m`woo2po check`\x1b[0m" in said) is coloured
