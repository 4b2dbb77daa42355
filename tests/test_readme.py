"""The README keeps its promises: its commands exist, its lists are whole, its lines are true."""

import re
import shlex
import subprocess
import tomllib

import click
import example
import pytest
import readme

from woo2po.cli import cli
from woo2po.record import State
from woo2po.settings import Settings

TEXT = readme.FILE.read_text("utf-8")
ROOT = readme.FILE.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def blocks(*languages):
    """Return the lines in the README's blocks of code of these languages."""
    found = re.findall(r"^```(\w+)\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    return [line for language, block in found if language in languages
            for line in block.splitlines()]  # fmt: skip


def calls():
    """Return every call of woo2po that the README shows, as words."""
    said = blocks("sh", "bat", "ini") + re.findall(r"`([^`\n]+)`", TEXT)
    crontab = (ROOT / "crontab.example").read_text("utf-8").splitlines()
    said += [line for line in crontab if not line.startswith("#")]
    said = [re.sub(r'^cmd /c "(.*)"$', r"\1", line) for line in said]
    commands = [part.strip() for line in said for part in re.split(r"&&|;|\|", line)]
    found = [re.search(r"(?:^|[\\/\s])woo2po ([a-z-][^#>]*)", command) for command in commands]
    return [shlex.split(call[1], comments=True) for call in found if call]


def cells():
    """Return the rows of all tables, each as its cells."""
    rows = re.findall(r"^\| (.*) \|$", TEXT, re.MULTILINE)
    return [[cell.strip() for cell in row.split(" | ")] for row in rows]


def row_of(number):
    """Return the row of a question: question, key, values."""
    (row,) = (row[1:] for row in cells() if row[0] == str(number) and len(row) == 4)
    return row


# -- what is made from the program -----------------------------------------------------------------


def test_the_list_of_keys_is_up_to_date():
    """It is rendered: `python tests/readme.py --write`."""
    assert readme.rendered(TEXT) == TEXT


def test_every_key_is_there():
    """Each key stands in the table of questions or in that of further keys."""
    for key in example.KEYS:
        assert sum(f"`{key.path}`" in row for row in cells()) == 1, key.path


# -- the thirteen questions ------------------------------------------------------------------------


@pytest.mark.parametrize("key", [k for k in example.KEYS if k.question], ids=lambda k: k.path)
def test_a_question_is_there_with_its_key_and_values(key):
    """In English and Norwegian, with every value that it may have, the default first."""
    question, path, values = row_of(key.question)
    assert key.text.split("?")[0].split(";")[0].rstrip(".") in question
    assert f"*{key.nb}*" in question
    assert path == f"`{key.path}`"
    places = [values.find(f"`{choice}`") for choice in key.choices]
    assert -1 not in places
    assert not places or places[0] == min(places)


def test_all_thirteen_questions_are_there():
    """Those that this version does not answer are asked too, and say so."""
    for number in range(1, 14):
        question, path, _ = row_of(number)
        assert question.count("*") == 2, "English and Norwegian"
        unanswered = number not in {key.question for key in example.KEYS}
        assert (path == "not yet") is unanswered


def test_a_key_that_does_not_exist_yet_is_not_promised():
    """Every `section.key` that the README names is one that can be written."""
    known = {key.path for key in example.KEYS}
    named = set(re.findall(rf"`((?:{'|'.join(Settings.model_fields)})\.[a-z_]+)\b", TEXT))
    assert named <= known


# -- commands --------------------------------------------------------------------------------------


def test_every_command_that_the_readme_shows_exists():
    """Each call names a command, and options and values that the command takes."""
    assert len(calls()) > 20
    whole = click.Context(cli, obj={"config": None}, **cli.context_settings)
    for call in calls():
        words = [word for word in call if word not in {"COMMAND", "[--config", "PATH]"}]
        if not words or words[0].startswith("-"):
            continue
        command = cli.commands[words[0]]
        try:
            command.make_context(words[0], words[1:], parent=whole)
        except click.MissingParameter:
            assert len(words) == 1, "a command that is only named"
        except click.UsageError as error:
            raise AssertionError(f"woo2po {' '.join(words)}: {error.message}") from error


def test_every_command_and_option_is_there():
    """What `--help` lists, the README explains."""
    for name, command in cli.commands.items():
        assert f"`woo2po {name}" in TEXT
        for option in command.params:
            if isinstance(option, click.Option) and not option.hidden:
                assert all(flag in TEXT for flag in option.opts), f"{name} {option.opts}"
    assert all(flag in TEXT for flag in ("-v", "--version", "-h", "--help", "WOO2PO_CONFIG"))


def test_every_state_and_exit_code_is_there():
    """The words and numbers that scripts see are explained."""
    for state in State:
        assert re.search(rf"^\| `{state}` \|", TEXT, re.MULTILINE)
    for code in range(4):
        assert re.search(rf"^\| {code} \|", TEXT, re.MULTILINE)


def test_what_status_json_gives_is_told_whole(world):
    """The example has the keys that `status --json` prints, and no other."""
    import json  # noqa: PLC0415 (only here)
    from datetime import timedelta  # noqa: PLC0415

    from woo2po.status import status_of  # noqa: PLC0415

    world.loads("sweden-oss")
    world.run()
    printed = status_of(world.settings, world.now(), max_age=timedelta(hours=2)).as_json()
    shown = json.loads("\n".join(blocks("json")))
    assert shown.keys() == printed.keys()
    assert shown["last_run"].keys() == printed["last_run"].keys()
    assert shown["orders"][0].keys() == json.loads(json.dumps(printed["orders"][0])).keys()


# -- the two lines ---------------------------------------------------------------------------------


def test_the_two_lines_do_everything():
    """Environment, installation and run, each on one line, as .ci/run takes them from here."""
    one, two = (line for line in blocks("sh") if line.startswith("python3 -m venv .venv && "))
    assert one.endswith(".venv/bin/woo2po demo --language en")
    assert two.endswith('install --quiet -e ".[dev]" && .venv/bin/python -m pytest -n auto')
    assert "dev" in PROJECT["project"]["optional-dependencies"]
    assert PROJECT["project"]["requires-python"] == ">=3.11"
    assert "Python 3.11 or newer" in TEXT


def test_windows_does_the_same_in_its_own_way():
    """The same commands, with Windows' folders."""
    ours = [line for line in blocks("sh") if line.startswith("python3 -m venv .venv && ")]
    for line, windows in zip(ours, blocks("bat"), strict=True):
        words = line.replace("python3", "py").replace(".venv/bin/", ".venv\\Scripts\\")
        assert f'cmd /c "{words.replace(chr(34), "")}"' == windows


def test_the_crontab_is_one_that_cron_takes():
    """Five fields and a command, every five minutes, with a PATH and a log."""
    lines = (ROOT / "crontab.example").read_text("utf-8").splitlines()
    said = [line for line in lines if line and not line.startswith("#")]
    assert said[0].startswith("PATH=")
    jobs = [line.split(None, 5) for line in said[1:]]
    assert all(len(job) == 6 and "%" not in job[5] for job in jobs)
    assert jobs[0][:5] == ["*/5", "*", "*", "*", "*"]
    assert ">> woo2po.log" in jobs[0][5]
    for job in jobs:
        subprocess.run(["/bin/sh", "-n", "-c", job[5]], check=True)


def test_the_files_that_the_readme_names_exist():
    """Links and paths lead somewhere."""
    for target in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert (ROOT / target).exists(), target
    for path in re.findall(r"`((?:tests|woo2po|\.ci)/[^`\s*]+)`", TEXT):
        assert (ROOT / path).exists(), path
    headings = {re.sub(r"[^\w -]", "", h).lower().replace(" ", "-")
                for h in re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE)}  # fmt: skip
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= headings


def test_no_registry_and_no_badge_is_named():
    """The README needs no other site to be read: its pictures are files of the repository."""
    assert not re.search(r"pypi|shields\.io|!\[[^]]*\]\(\w+:", TEXT, re.IGNORECASE)
