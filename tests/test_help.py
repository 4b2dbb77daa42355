"""`--help` and `--version`, what a newcomer types first; and what is typed wrongly."""

import click
import pytest
from click.testing import CliRunner
from served import invoked, started

from woo2po import __version__
from woo2po.cli import cli
from woo2po.commands.spoken import Command
from woo2po.messages.help import HELP, PLACES

LANGUAGES = ("en", "nb")
ENVIRONMENT = {"en": "en_GB.UTF-8", "nb": "nb_NO.UTF-8"}
AROUND = {"usage", "options", "commands", "default", "required"}


@pytest.fixture(params=LANGUAGES)
def language(request, monkeypatch):
    """The environment speaks one language, then the other."""
    monkeypatch.setenv("LC_ALL", ENVIRONMENT[request.param])
    return request.param


def options():
    """Yield every command with each of its options, and the group with its own."""
    for name, command in {"woo2po": cli, **cli.commands}.items():
        context = click.Context(command, info_name=name, help_option_names=["-h", "--help"])
        for param in command.get_params(context):
            if isinstance(param, click.Option):
                yield name, max(param.opts, key=len)


def helped(*arguments):
    result = CliRunner().invoke(cli, [*arguments, "--help"], prog_name="woo2po")
    assert result.exit_code == 0
    return result.output


def test_every_command_speaks_the_language_of_the_environment():
    """Each is made with `command` of spoken.py, and its help stands among the messages."""
    for name, command in cli.commands.items():
        assert isinstance(command, Command), name
        assert name in HELP, f"the help of {name} belongs into messages/help.py"


def test_every_option_has_help():
    """Under its command's name, or under its own where it means the same everywhere."""
    for name, option in options():
        assert f"{name} {option}" in HELP or option in HELP, f"{name} {option}: messages/help.py"


def test_no_help_is_left_over():
    """A text of a command or an option that is gone is taken out."""
    known = {"woo2po", *cli.commands, *AROUND}
    known |= {option for _, option in options()} | {f"{name} {one}" for name, one in options()}
    assert set(HELP) <= known


@pytest.mark.parametrize("name", sorted(HELP))
def test_help_is_there_in_both_languages(name):
    """Neither is empty, both end alike, and what is filled in stands in both."""
    en, nb = HELP[name]
    assert en != nb
    assert min(len(en), len(nb)) > 3
    assert en.endswith(".") == nb.endswith(".")
    assert ("{value}" in en) == ("{value}" in nb)


@pytest.mark.parametrize("name", [None, *cli.commands])
def test_help_works_without_a_configuration(name, tmp_path, monkeypatch, language):
    """-h and --help exit with 0, wherever they are typed, in one language from head to foot."""
    monkeypatch.chdir(tmp_path)
    for flag in ("-h", "--help"):
        result = CliRunner().invoke(cli, [flag] if name is None else [name, flag])
        assert result.exit_code == 0
        assert result.output.startswith({"en": "Usage: ", "nb": "Bruk: "}[language])
    if language == "nb":
        english = {"Usage", "Options", "Commands", "Show", "exit", "default", "required", *PLACES}
        assert not english & set(result.output.replace("[", " ").replace(":", " ").split())


HELP_OF_ALL = {
    "en": """\
Usage: woo2po [OPTIONS] COMMAND [ARGS]...

  Move a web shop's orders from WooCommerce into PowerOffice Go: once each, to
  the øre.

Options:
  --config PATH  The configuration; else ./config.toml, then the one in your
                 user's folder.
  -v, --verbose  Log more.
  --version      Show the version and end.
  -h, --help     Show this and end.

Commands:
""",
    "nb": """\
Bruk: woo2po [VALG] KOMMANDO [ARGUMENTER]...

  Flytter en nettbutikks ordrer fra WooCommerce til PowerOffice Go: hver én
  gang, på øret.

Valg:
  --config STI   Konfigurasjonen; ellers ./config.toml, så den i brukermappen
                 din.
  -v, --verbose  Logg mer.
  --version      Vis versjonen og avslutt.
  -h, --help     Vis dette og avslutt.

Kommandoer:
""",
}
HELP_OF_SKIP = {
    "en": """\
Usage: woo2po skip [OPTIONS] NUMBER

  Take an order out for good.

Options:
  --config PATH  The configuration; else ./config.toml, then the one in your
                 user's folder.
  --reason TEXT  Why; kept with the order (no names, please).  [required]
  -h, --help     Show this and end.
""",
    "nb": """\
Bruk: woo2po skip [VALG] NUMMER

  Tar en ordre ut for godt.

Valg:
  --config STI    Konfigurasjonen; ellers ./config.toml, så den i brukermappen
                  din.
  --reason TEKST  Hvorfor; lagres med ordren (ingen navn, takk).  [påkrevd]
  -h, --help      Vis dette og avslutt.
""",
}


def test_the_help_as_it_is_printed(language):
    """Of all, and of one command."""
    assert helped().startswith(HELP_OF_ALL[language])
    assert helped("skip") == HELP_OF_SKIP[language]


def test_the_list_of_commands_cuts_no_word(language):
    """Each stands on one line of 80 columns, in whole words."""
    lines = helped().partition("Commands:" if language == "en" else "Kommandoer:")[2].splitlines()
    assert len(lines[1:]) == len(cli.commands)
    assert not [line for line in lines if line.endswith("...") or len(line) > 80]


def test_the_version_is_shown():
    """--version, as a module too."""
    result = started("--version")
    assert (result.returncode, result.stdout.strip()) == (0, f"woo2po, version {__version__}")


# -- what is typed wrongly -------------------------------------------------------------------------

WRONG = [
    (["transfer"], 'There is no command "transfer".', "Det finnes ingen kommando «transfer»."),
    (["rn"], "perhaps run was meant", "kanskje mente du run"),
    (["--config", "c.toml"], "A command is missing.", "Kommandoen mangler."),
    (["run", "--wet"], "`woo2po run` has no option --wet.", "har ikke noe valg --wet."),
    (["run", "--limt", "5"], "perhaps --limit was meant", "kanskje mente du --limit"),
    (["run", "--limit"], "A value is missing behind --limit.", "mangler en verdi etter --limit."),
    (["run", "--dry-run=1"], "--dry-run stands alone", "--dry-run skal stå uten verdi."),
    (["run", "--limit", "0"], "a whole number of at least 1", "et heltall på minst 1"),
    (["run", "--limit", "many"], "a whole number of at least 1", "et heltall på minst 1"),
    (["status", "--max-age", "x"], "--max-age has to be a whole number.", "må være et heltall."),
    (["sandbox", "--go-port", "-1"], "from 0 to 65535", "fra 0 til 65535"),
    (["demo", "--language", "sv"], "one of these: nb, en.", "en av disse: nb, en."),
    (["reconcile", "--from", "1.2.2026"], "like 2026-10-31", "slik: 2026-10-31"),
    (["reconcile", "--html", "."], "and no folder", "ikke en mappe"),
    (["skip", "42"], "--reason is missing.", "--reason mangler."),
    (["skip"], "NUMBER is missing.", "NUMMER mangler."),
    (["skip", "42", "--reason", "by", "hand"], "This is too much: hand.", "for mye: hand."),
]


@pytest.mark.parametrize(("call", "en", "nb"), WRONG, ids=lambda value: " ".join(value)[:30])
def test_what_is_typed_wrongly_is_told(call, en, nb, language):
    """How the command is used, what is wrong, and the help to look at; exit code 2."""
    result = invoked(*call)
    assert (result.exit_code, result.stdout) == (2, "")
    said = " ".join(result.stderr.split())
    assert said.startswith({"en": "Usage: woo2po", "nb": "Bruk: woo2po"}[language])
    assert {"en": en, "nb": nb}[language] in said
    assert f"{' '.join(['woo2po', *(w for w in call[:1] if w in cli.commands)])} --help" in said
    assert "Error" not in said


def test_a_mistake_that_has_no_words_of_its_own_is_told_with_clicks(monkeypatch, language):
    """Something that click may say one day is not lost."""

    def complain():
        raise click.UsageError("The moon is full.", click.get_current_context())

    monkeypatch.setattr(cli.commands["status"], "callback", complain)
    monkeypatch.setattr(cli.commands["status"], "params", [])
    result = invoked("status")
    assert result.exit_code == 2
    said = {"en": "cannot be understood (The moon is full.)", "nb": "forstå (The moon is full.)"}
    assert said[language] in " ".join(result.stderr.split())
