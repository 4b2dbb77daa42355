"""The README keeps its promises: its commands exist and run, its lists are whole, it is short."""

import re
import shlex
import subprocess
import tomllib
from contextlib import suppress
from datetime import timedelta

import click
import example
from served import served
from test_layout import PACKAGE, ROOT

from woo2po.cli import cli
from woo2po.config import Settings, keys, load
from woo2po.record import State
from woo2po.status import status_of

TEXT = (ROOT / "README.md").read_text("utf-8")
CRONTAB = (ROOT / "crontab.example").read_text("utf-8").splitlines()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def blocks(text=TEXT):
    """Return the lines in the README's blocks of code, or in those of a part of it."""
    found = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [line for block in found for line in block.splitlines()]


def calls(lines):
    """Return every call of woo2po in lines of a shell, as words."""
    said = [re.sub(r'^cmd /c "(.*)"$', r"\1", line) for line in lines]
    commands = [part.strip() for line in said for part in re.split(r"&&|;|\|", line)]
    found = [re.search(r"(?:^|[\\/\s])woo2po ([a-z-][^#>)]*)", command) for command in commands]
    return [shlex.split(call[1], comments=True) for call in found if call]


def rows_of(columns):
    """Return the rows of the tables with so many columns, each as its cells by the first one."""
    rows = [row.split(" | ") for row in re.findall(r"^\| (.*) \|$", TEXT, re.MULTILINE)]
    return {row[0]: row[1:] for row in rows if len(row) == columns}


def test_it_is_read_in_a_quarter_of_an_hour_and_needs_no_other_site():
    """What the program says itself (`--help`, `explain`, config.example.toml) is not repeated; the
    pictures are files of the repository.
    """
    assert len(TEXT.splitlines()) <= 350
    assert not re.search(r"pypi|shields\.io|!\[[^]]*\]\(\w+:", TEXT, re.IGNORECASE)


def test_the_questions_are_there_with_key_and_values_and_no_other_key_is_promised():
    """All thirteen are keys; and every `section.key` that the README names is one."""
    asked = {key.question: key for key in keys.KEYS if key.question}
    assert sorted(asked) == list(range(1, 14))
    for number, key in asked.items():
        question, path, values = rows_of(4)[str(number)]
        assert key.text().split("?")[0].split(";")[0].rstrip(".") in question
        assert f"*{key.text('nb')}*" in question
        assert path == f"`{key.path}`"
        places = [values.find(f"`{choice}`") for choice in key.choices]
        assert -1 not in places
        assert not places or places[0] == min(places)
    known = {key.path for key in keys.KEYS} | {"poweroffice.allowance_folder"}  # it is gone
    named = set(re.findall(rf"`((?:{'|'.join(Settings.model_fields)})\.[a-z_]+)\b", TEXT))
    assert len(named) > 15
    assert named <= known


# -- commands --------------------------------------------------------------------------------------


def test_every_command_that_is_shown_exists():
    jobs = [line.lstrip("#") for line in CRONTAB if re.match(r"#?[\d*]", line)]
    shown = calls(blocks() + re.findall(r"`([^`\n]+)`", TEXT) + jobs)
    assert len(shown) > 40
    for words in shown:
        try:
            typed(words)
        except click.MissingParameter:
            assert len(words) == 1, "a command that is only named"


def typed(words):
    """Fail unless there is such a command, and it takes these options and values."""
    ends = click.exceptions.Exit, click.exceptions.NoArgsIsHelpError
    with suppress(*ends), cli.make_context("woo2po", [*words], obj={}) as whole:
        name, command, rest = cli.resolve_command(whole, [*whole._protected_args, *whole.args])
        command.make_context(name, rest, parent=whole)


def test_the_ten_minutes_go_as_they_are_told(tmp_path, monkeypatch):
    """What is typed after `init` is carried out against the stand-ins, in that order."""
    monkeypatch.chdir(tmp_path)
    _, _, typed = TEXT.partition("woo2po init\n")
    typed, _, _ = typed.partition("### Keys")
    with served(tmp_path) as both:
        # The timer would be this machine's: test_schedule.
        *work, (timer, how) = calls(blocks(typed))
        said = {" ".join(call): both.woo2po(*call, "-v") for call in work}
    assert [command.split()[0] for command in said] == ["check", "run", "run", "status"]
    assert (timer, how) == ("schedule", "--install")
    assert all(result.exit_code in {0, 1} for result in said.values())
    assert "1 transferred" in said["run --limit 3"].output
    assert (tmp_path / "preview.html").exists()


def test_every_command_and_option_is_there():
    for name, command in cli.commands.items():
        assert f"`woo2po {name}" in TEXT
        for option in command.params:
            if isinstance(option, click.Option) and not option.hidden:
                assert all(flag in TEXT for flag in option.opts), f"{name} {option.opts}"
    assert all(flag in TEXT for flag in ("-v", "--version", "-h", "--help", "WOO2PO_CONFIG"))


def test_what_scripts_see_is_there(world):
    assert all(f"`{state}`" in TEXT for state in State)
    assert {"0", "1", "2", "3"} <= rows_of(2).keys()
    world.loads("sweden-oss")
    world.run()
    printed = status_of(world.settings, world.now(), max_age=timedelta(hours=2))
    (order,) = (one.as_json() for one in printed.orders)
    _, _, told = TEXT.partition("`status --json` has ")
    told, _, _ = told.partition(";")
    assert set(re.findall(r"`(\w+)`", told)) == printed.as_json().keys() | order.keys()


# -- the two lines, and what else must be found ----------------------------------------------------


def test_the_two_lines_do_everything():
    one, two = (line for line in blocks() if re.match(r"python3 -m venv .* && .* && ", line))
    assert one.endswith(".venv/bin/woo2po demo --language en")
    assert two.endswith('install --quiet -e ".[dev]" && .venv/bin/python -m pytest -n auto')
    windows = one.replace("python3", "py").replace(".venv/bin/", ".venv\\Scripts\\")
    assert f'`cmd /c "{windows}"`' in TEXT
    assert {"dev", "notify", "sandbox"} == PROJECT["optional-dependencies"].keys()
    assert PROJECT["requires-python"] == ">=3.11"
    assert "Python 3.11 or newer" in TEXT


def test_the_crontab_is_one_that_cron_takes():
    said = [line for line in CRONTAB if line and not line.startswith("#")]
    assert said[0].startswith("PATH=")
    jobs = [line.split(None, 5) for line in said[1:]]
    assert all(len(job) == 6 and "%" not in job[5] for job in jobs)
    assert jobs[0][:5] == ["*/5", "*", "*", "*", "*"]
    assert "--log-file woo2po.log" in jobs[0][5]
    for job in jobs:
        subprocess.run(["/bin/sh", "-n", "-c", job[5]], check=True)


def test_the_files_and_headings_that_are_named_exist():
    """Links and paths lead somewhere; the spine is as long as it is said to be."""
    for target in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert (ROOT / target).exists(), target
    for path in re.findall(r"`((?:tests|woo2po|\.ci)/[^`\s*]+)`", TEXT):
        assert (ROOT / path).exists(), path
    headings = {re.sub(r"[^\w -]", "", h).lower().replace(" ", "-")
                for h in re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE)}  # fmt: skip
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= headings
    spine = re.findall(r"`([\w/]+\.py)` ?\(", TEXT.replace("\n", " "))
    lines = sum(len((ROOT / "woo2po" / file).read_text("utf-8").splitlines()) for file in spine)
    said = int(re.search(r"about ([\d,]+) lines", TEXT)[1].replace(",", ""))
    assert (len(spine), abs(lines - said) < 125) == (9, True), lines


PAGES = {name: PACKAGE / name / "facts.md" for name in ("poweroffice", "woocommerce")}
FILES = [
    file
    for folder in (PACKAGE, ROOT / "tests")
    for file in sorted(folder.rglob("*"))
    if file.suffix in {".py", ".toml"}
]
CITATION = re.compile(r'(?:(\w+)/)?facts\.md, ((?:"[^"]+"(?:,? and |, | to )?)+)')


def cited(file):
    """Yield page and heading of each citation, over the ends of lines too."""
    text = re.sub(r"\n\s*(# )?", " ", file.read_text("utf-8", errors="replace"))
    for page, headings in CITATION.findall(text):
        yield from ((page or file.parent.name, head) for head in re.findall('"(.+?)"', headings))


def test_each_citation_names_a_heading_and_what_stands_there_says_how_sure_it_is():
    """Whoever doubts a line can read where it comes from: by a mark, or a word for where it was
    seen.
    """
    found = {one for file in FILES if file.name != "test_readme.py" for one in cited(file)}
    assert len(found) > 20
    marked = re.compile(r"\((D|S|V|C|I|\?)\b|\(\?\)|[Rr]ecorded|[Ii]n the wild|Switches")
    for page, file in PAGES.items():
        sections = [one.split("\n", 1) for one in file.read_text("utf-8").split("\n## ")[1:]]
        found -= {(page, heading) for heading, _ in sections}
        assert [heading for heading, text in sections if not marked.search(text)] == []
    assert found == set(), "cited, and not there"


def uncommented():
    """Return the example with every key taken in that it shows behind a #."""
    return re.sub(r"^#(?=[\w.]+ = )", "", example.rendered(), flags=re.MULTILINE)


def test_the_example_says_what_each_key_is_for():
    """config.example.toml is rendered: `python tests/example.py --write`."""
    assert example.FILE.read_text("utf-8") == example.rendered()


def test_a_norwegian_configuration_is_norwegian_throughout():
    """Its owner may read no English: what stands above a key, and above a section, is told."""
    for key in keys.KEYS:
        assert key.text("nb") != key.text("en"), key.path
    text = keys.rendered("", {}, "nb")
    assert not re.search(r"# (Required|Not set|Example|One of|Question)", text)
    english = keys.rendered("", {}, "en")
    assert "Spørsmål" not in english
    assert tomllib.loads(text) == tomllib.loads(english)


def test_the_example_has_every_key_and_its_true_default(tmp_path):
    given = tomllib.loads(uncommented())
    shown = {f"{name}.{key}": it for name, value in given.items() if isinstance(value, dict)
             for key, it in value.items()}  # fmt: skip
    shown |= {name: value for name, value in given.items() if not isinstance(value, dict)}
    assert shown.keys() == {k.path for k in keys.KEYS if k.required or k.default is not None}
    defaults = {k.path: k.default for k in keys.KEYS if not k.required and k.path in shown}
    assert {path: shown[path] for path in defaults} == defaults
    (tmp_path / "short.toml").write_text(example.rendered(), "utf-8")
    (tmp_path / "long.toml").write_text(uncommented(), "utf-8")
    assert load(tmp_path / "short.toml") == load(tmp_path / "long.toml")


# Keys whose whole effect is in loading, so that the tests of settings.py are all there is to try.
LOADING_ONLY = {key.path for key in keys.KEYS if key.name.endswith("_file")} | {
    "poweroffice.environment", "poweroffice.base_url", "poweroffice.token_url"}  # fmt: skip
# Files that go through all keys alike, or speak of them only.
NOT_A_TRIAL = {"example.py", "test_readme.py", "test_settings.py"}


def test_every_key_is_named_by_a_test_of_what_it_does():
    """A key that no test names, apart from those of loading, has an effect that nobody watches.

    It is named by its path, as a key of its section's dictionary or call, or in TOML.
    """
    files = [file for file in (ROOT / "tests").rglob("*.py") if file.name not in NOT_A_TRIAL]
    trials = "\n".join(file.read_text("utf-8") for file in files)
    for key in (one for one in keys.KEYS if one.path not in LOADING_ONLY):
        section = key.section if key.section != "payouts" else ""  # a provider is known by its name
        within = rf"\b{section}\b[^])}}]{{0,300}}\b" if section else r"\b"
        assert re.search(rf"{within}{key.name}\b", trials), key.path
