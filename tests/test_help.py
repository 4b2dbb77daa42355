"""`--help` and `--version`, what a newcomer types first; and what is typed wrongly."""

import click
import pytest
from served import invoked, started

from woo2po import __version__
from woo2po.cli import cli


def test_every_command_and_every_option_has_help():
    """What it does, in a sentence, and what each option means."""
    for command in (cli, *cli.commands.values()):
        assert command.help, command.name
        options = [one for one in command.params if isinstance(one, click.Option)]
        assert not [one.opts for one in options if not (one.help or one.hidden)], command.name


@pytest.mark.parametrize("name", [None, *cli.commands])
def test_help_works_without_a_configuration(name, tmp_path, monkeypatch):
    """-h and --help exit with 0, wherever they are typed."""
    monkeypatch.chdir(tmp_path)
    for flag in ("-h", "--help"):
        result = invoked(*filter(None, (name, flag)))
        assert result.exit_code == 0
        assert result.output.startswith(f"Usage: woo2po {name or '[OPTIONS]'}")


def test_the_list_of_commands_cuts_no_word():
    """Each stands on one line of 80 columns, in whole words."""
    lines = invoked("--help").output.partition("Commands:")[2].splitlines()[1:]
    assert len(lines) == len(cli.commands)
    assert not [line for line in lines if line.endswith("...") or len(line) > 80]


def test_the_version_is_shown():
    """--version, as a module too."""
    result = started("--version")
    assert (result.returncode, result.stdout.strip()) == (0, f"woo2po, version {__version__}")


WRONG = {
    "transfer": "No such command 'transfer'",
    "rn": "Did you mean 'run'?",
    "--config c.toml": "Missing command",
    "run --wet": "No such option '--wet'",
    "run --limt 5": "Did you mean '--limit'?",
    "run --limit": "requires an argument",
    "run --dry-run=1": "does not take a value",
    "run --limit 0": "0 is not in the range x>=1",
    "status --max-age x": "'x' is not a valid integer",
    "sandbox --go-port -1": "-1 is not in the range 0<=x<=65535",
    "demo --language sv": "'sv' is not one of 'nb', 'en'",
    "reconcile --from 1.2.2026": "does not match the format '%Y-%m-%d'",
    "reconcile --html .": "is a directory",
    "skip 42": "Missing option '--reason'",
    "skip": "Missing argument 'NUMBER'",
    "skip 42 --reason by hand": "unexpected extra argument (hand)",
    # What was there before, and what takes its place.
    "check --probe --report x": "woo2po probe",
    "status --all shops": "do woo2po status --line --config",
}


@pytest.mark.parametrize("call", WRONG)
def test_what_is_typed_wrongly_is_told(call):
    """In a sentence, on standard error; exit code 2."""
    result = invoked(*call.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert WRONG[call] in " ".join(result.stderr.partition("Error: ")[2].split())
