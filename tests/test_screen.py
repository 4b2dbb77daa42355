"""Terminals as they are: narrow ones, and consoles that have not every sign."""

import json
import os
import re
import subprocess
import sys

import pytest
from served import GOES, HELD, served
from terminals import AtTerminal

from woo2po import screen
from woo2po.messages import AREAS, load
from woo2po.report import Figure, fitted, table, wrapped


@pytest.fixture(autouse=True)
def _afterwards_as_before():
    yield
    screen.use(screen.Screen())


@pytest.fixture(scope="module")
def job(tmp_path_factory):
    """One order went, one is held; in Norwegian."""
    with served(tmp_path_factory.mktemp("job"), [GOES, HELD]) as both:
        both.configure({"language": "nb"})
        both.woo2po("run")
        both.listen()
        yield both


# -- signs -----------------------------------------------------------------------------------------


SHOWN = {
    "utf-8": "«på» → 1 398,00 … — é Åse 日",
    "ascii": "'paa' -> 1 398,00 ... - e Aase ?",
    "cp1252": "«på» -> 1 398,00 … — é Åse ?",
    "cp850": "«på» -> 1 398,00 ... - é Åse ?",
}


def test_a_sign_that_the_console_has_not_has_a_stand_in():
    """Norwegian letters as in an e-mail address, arrows and dots as they are typed; and so every
    message can be read.
    """
    for encoding, shown in SHOWN.items():
        said = "«på» → 1\N{NO-BREAK SPACE}398,00 … — é Åse 日".encode(encoding, "woo2po")
        assert said.decode(encoding).replace("\N{NO-BREAK SPACE}", " ") == shown
    for text in texts_in([load(name) for name in (*AREAS, "words")]):
        assert text.encode("ascii", "woo2po").count(b"?") == text.count("?"), text


def texts_in(found):
    """Yield every text in tables and lists of any depth."""
    if isinstance(found, str):
        yield found
        return
    for one in found.values() if isinstance(found, dict) else found:
        yield from texts_in(one)


def test_a_text_is_cut_behind_a_word_and_never_within_a_figure():
    assert fitted("the order says 1 077.80", 23) == "the order says 1 077.80"
    assert fitted("the order says 1\N{NO-BREAK SPACE}077.80", 20) == "the order says …"
    assert fitted("Sommerfuglvinger og annet", 12) == "Sommerfuglv…"


def test_a_word_in_a_table_is_broken_last_and_with_a_hyphen():
    """An account's name, where no column has room left; what may be an id to copy gets none."""
    screen.use(screen.Screen(columns=56))
    row = ["7740 Øredifferanser", "3", "Leverandørgjeldskonto", "pi_3QabcdefghijklmnopX"]
    said = table([row], ["account", "VAT code", "what", "id"], "nb")
    assert said.splitlines()[0].split() == ["account", "VAT", "what", "id"]
    assert {"Øredifferanser", "Leverandørgjel-", "pi_3Qabcdefghij"} <= {*said.split()}


@pytest.mark.parametrize("encoding", ["cp850", "cp1252"])
def test_commands_can_be_read_on_a_console_without_every_sign(job, encoding):
    """An old Windows console, a file made on Windows."""
    for command in ("status", "show 42", "run --order 999", "check -v", "run --dry-run",
                    "run --dry-run --details", "explain foreign_vat",
                    "reconcile --from 2026-10-01 --to 2026-10-31"):  # fmt: skip
        output = job.woo2po(*command.split()).output
        said = output.encode(encoding, "woo2po")  # as the program sets up
        assert said
        assert b"?" not in said
    done = process(job, encoding, "status", COLUMNS="200")  # a file has 78, whatever that says
    assert max(map(len, done.stdout.decode(encoding).splitlines())) <= 78
    told = json.loads(process(job, encoding, "status", "--json").stdout)
    assert "på" in told["orders"][0]["reason"], "a program reads the same on any console"
    assert b"?" not in done.stdout + done.stderr
    said = done.stdout.decode(encoding)
    assert "42 - holdt tilbake" in said or "42 — holdt tilbake" in said
    assert "  -> Bokf" in said
    assert process(job, encoding, "explain").stdout.decode(encoding)


def process(job, encoding, *arguments, **environment):
    """Run a command whose output is in an encoding, as bytes."""
    environment |= {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "LC_ALL": "nb_NO.UTF-8"}
    return subprocess.run(
        [sys.executable, "-m", "woo2po", *arguments],
        env={**os.environ, "WOO2PO_CONFIG": str(job.config), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )


# -- width -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("columns", "widest"), [(20, 40), (250, 100)])
def test_text_is_as_wide_as_the_terminal(job, columns, widest):
    """At least 40 columns and at most 100; two are left free. What is to be typed is not cut."""
    lines = on_a_terminal(job, columns, "status")
    longest = max(map(len, lines))
    assert longest <= widest + 4 * (columns == 20), max(lines, key=len)
    assert longest > widest - 15 or columns == 250


@pytest.mark.parametrize(
    "command",
    ["status --all", "show 30", "show 42", "run --dry-run", "check", "run --order 999", "retry",
     "reconcile --from 2026-10-01 --to 2026-10-31", "run --detials"],
)  # fmt: skip
def test_every_command_fits_a_terminal_of_60_columns(job, command):
    screen.use(screen.Screen(columns=58))
    lines = job.woo2po(*command.split()).output.splitlines()
    lines = [line for line in lines if not re.match(r"\d{4}-\d\d-\d\d|{", line)]  # the log
    assert lines
    assert [line for line in lines if len(line) > 60] == []


def on_a_terminal(job, columns, *words):
    """Run a command on a terminal so wide; return the lines that it shows."""
    config = str(job.config)
    with AtTerminal(*words, columns=columns, TERM="dumb", WOO2PO_CONFIG=config) as terminal:
        terminal.ends()
    assert "\x1b[3" not in terminal.screen, "a dumb terminal has no colours"
    return terminal.screen.splitlines()


def test_a_run_at_a_terminal_is_one_living_line_and_then_what_it_did(tmp_path):
    """The line is written over and gone at the end; the log is for `-v`, which has no such line."""
    with served(tmp_path, [GOES, HELD]) as both:
        both.configure({"language": "nb"})
        both.listen()
        looking = on_a_terminal(both, 80, "run", "--dry-run")
        first, *rest = on_a_terminal(both, 80, "run")
        idle = on_a_terminal(both, 80, "run")
        log = on_a_terminal(both, 80, "-v", "run")
    assert first == ""
    while rest[0].startswith("Leser: forespørsler"):
        del rest[0]
    looking = [line for line in looking if not line.startswith("Leser: forespørsler")]
    assert [line.rstrip() for line in rest[:2]] == ["Overfører 1/2", "Overfører 2/2"]
    assert rest[2].strip() == ""
    assert rest[3] == "✓ 1 overført"
    assert any("holdt" in line.lower() for line in rest[4:])
    assert [line.rstrip() for line in looking[1:3]] == ["Ser på 1/2", "Ser på 2/2"]
    assert not any("Ser på" in line for line in looking[3:])
    for lines in (looking, rest, idle):
        assert not any(re.match(r"\d{4}-\d\d-\d\dT", line) for line in lines)
    assert not any("/2" in line for line in (*idle, *log))
    assert re.match(r"\d{4}-\d\d-\d\dT", log[0])


def test_what_is_to_be_typed_is_not_broken_in_two():
    text = "Bokfør den for hånd, og kjør så den lange kommandoen «woo2po skip 1042 --reason 'x'»."
    assert "«woo2po skip 1042 --reason 'x'»" in wrapped(text)
    text = "x " * 34 + '{ "SE25" = "OSS-SE25" } and more'
    assert '{ "SE25" = "OSS-SE25" }' in wrapped(text)
    assert "\x00" not in wrapped(text)


def test_a_table_is_folded_only_where_it_has_to_be():
    rows = [["Lue til barn, strikket i ull", "Butikken og PowerOffice", Figure("1 398.00")]]
    headers = ["text", "where it is said", "amount"]
    wide = table(rows, headers, "nb").splitlines()
    assert len(wide) == 3
    screen.use(screen.Screen(columns=48))
    narrow = table(rows, headers, "nb").splitlines()
    assert len(narrow) > 3
    assert max(map(len, narrow)) <= 48
    assert "1 398.00" in narrow[2]
    # A terminal that is wider than a text should be: the table has all of it.
    screen.use(screen.Screen(columns=48, across=78))
    assert table(rows, headers, "nb").splitlines() == wide
