"""Terminals as they are: narrow ones, and consoles that have not every sign."""

import json
import re

import pytest
from served import GOES, HELD, served, started
from terminals import AtTerminal

from woo2po import screen
from woo2po.messages import AREAS, load
from woo2po.report import table


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


def test_a_word_in_a_table_is_broken_last_and_with_a_hyphen():
    """An account's name, where no column has room left; what may be an id to copy gets none."""
    screen.use(screen.Screen(columns=56))
    row = ["7740 Øredifferanser", "3", "Leverandørgjeldskonto", "pi_3QabcdefghijklmnopX"]
    said = table([row], ["account", "VAT code", "what", "id"], "nb")
    assert said.splitlines()[0].split() == ["account", "VAT", "what", "id"]
    assert {"Øredifferanser", "Leverandørgjel-", "pi_3Qabcdefghij"} <= {*said.split()}


@pytest.mark.parametrize(
    "command",
    ["status --all", "show 30", "show 42", "run --dry-run", "run --dry-run --details", "check",
     "run --order 999", "retry", "reconcile --from 2026-10-01 --to 2026-10-31", "run --detials",
     "explain foreign_vat"],
)  # fmt: skip
def test_every_command_fits_an_old_console_of_60_columns(job, command):
    screen.use(screen.Screen(columns=58))
    said = job.woo2po(*command.split()).output
    lines = [line for line in said.splitlines() if not re.match(r"\d{4}-\d\d-\d\d|{", line)]  # log
    assert lines
    assert [line for line in lines if len(line) > 60] == []
    for encoding in ("cp850", "cp1252"):
        assert said.encode(encoding, "woo2po").count(b"?") == said.count("?")


@pytest.mark.parametrize("encoding", ["cp850", "ascii"])
def test_a_file_made_on_windows_can_be_read(job, encoding):
    """It is 78 columns wide, whatever the terminal says."""
    environment = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "LC_ALL": "nb_NO.UTF-8"}
    environment |= {"WOO2PO_CONFIG": str(job.config), "COLUMNS": "200"}
    done, told = (started("status", *more, **environment) for more in ((), ("--json",)))
    said = done.stdout
    assert max(map(len, said.splitlines())) <= 78 + 9 * (encoding == "ascii")  # letters as two
    assert "42 - holdt tilbake" in said
    assert "  -> Bokf" in said
    assert "på" in json.loads(told.stdout)["orders"][0]["reason"], "a program reads the same"
    assert "?" not in done.stdout + done.stderr


# -- width -----------------------------------------------------------------------------------------


def test_text_is_as_wide_as_the_terminal(job):
    """At least 40 columns. What is to be typed is not cut."""
    assert 25 < max(map(len, on_a_terminal(job, 20, "status"))) <= 44


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
    assert not any(re.match(r"\d{4}-\d\d-\d\dT", line) for line in (*looking, *rest))
    assert not any("/2" in line for line in log)
    assert re.match(r"\d{4}-\d\d-\d\dT", log[0])
