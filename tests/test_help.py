"""`--help` and `--version`: what a newcomer types first."""

import click
import pytest
from click.testing import CliRunner
from served import started

from woo2po import __version__
from woo2po.cli import cli


def test_every_command_and_option_has_help():
    """--help is what a newcomer reads first."""
    for name, command in cli.commands.items():
        assert command.help, name
        for option in command.params:
            if isinstance(option, click.Option):
                assert option.help or option.show_default, f"{name} {option.name}"


@pytest.mark.parametrize("name", [None, *cli.commands])
def test_help_works_without_a_configuration(name, tmp_path, monkeypatch):
    """-h and --help exit with 0, wherever they are typed."""
    monkeypatch.chdir(tmp_path)
    for flag in ("-h", "--help"):
        result = CliRunner().invoke(cli, [flag] if name is None else [name, flag])
        assert result.exit_code == 0
        assert "Usage:" in result.output


def test_the_version_is_shown():
    """--version, as a module too."""
    result = started("--version")
    assert (result.returncode, result.stdout.strip()) == (0, f"woo2po, version {__version__}")
