"""`check --probe` as a command: where it may begin, what it prints, and Ctrl-C in the middle."""

import json
import os
import pty
import signal
import subprocess
import sys

import pytest
from served import served

COMPANY = "Fjellbutikken AS"


@pytest.fixture
def both(tmp_path):
    """A shop without orders, and a company in the demo environment."""
    with served(tmp_path, []) as both:
        yield both


@pytest.fixture
def real(both):
    """The same in production."""
    both.configure({"poweroffice.environment": "production"})
    return both


def writes(both):
    """Return what was asked of PowerOffice that changes something, logging in apart."""
    return [one for one in both.asked_of_go() if not one.startswith("GET ")]


def typed(both, text, *arguments):
    """Run the command at a terminal where somebody types a text; return code and output."""
    both.listen()
    ours, theirs = pty.openpty()
    os.write(ours, text.encode())
    done = subprocess.run(
        [sys.executable, "-m", "woo2po", "check", "--probe", *arguments],
        env={**os.environ, "WOO2PO_CONFIG": str(both.config), "PYTHONIOENCODING": "utf-8"},
        stdin=theirs, capture_output=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    os.close(ours)
    os.close(theirs)
    return done.returncode, done.stdout + done.stderr


def test_in_the_demo_environment_it_just_begins(both, tmp_path):
    """What was found out, and the report in a file."""
    report = tmp_path / "report.txt"
    result = both.woo2po("check", "--probe", "--report", str(report))
    assert result.exit_code == 0
    assert "are taken away again" in result.output
    assert str(report) in result.output
    assert report.read_text("utf-8").startswith("woo2po ")
    assert COMPANY not in report.read_text("utf-8")
    assert both.go.books.sales_orders == {}


def test_json_is_one_object(both):
    """With all that was learned."""
    result = both.woo2po("check", "--probe", "--json")
    assert json.loads(result.output)["left"] == []


def test_in_production_without_a_terminal_it_is_refused(real):
    """Nothing was asked of PowerOffice."""
    done = real.process("check", "--probe")
    assert done.returncode == 2
    assert "--yes-in-production" in done.stderr
    assert real.asked_of_go() == []


@pytest.mark.parametrize("name", ["fjellbutikken as ", COMPANY])
def test_the_company_s_name_is_the_yes(real, name):
    """Typed as people type it."""
    result = real.woo2po("check", "--probe", "--yes-in-production", name)
    assert result.exit_code == 0
    assert "are taken away again" in result.output


@pytest.mark.parametrize("name", ["yes", "", "Fjell"])
def test_another_name_is_no_yes(real, name):
    """Nothing is made."""
    result = real.woo2po("check", "--probe", "--yes-in-production", name)
    assert result.exit_code == 2
    assert writes(real) == []


@pytest.mark.parametrize(("text", "code"), [(f"{COMPANY}\n", 0), ("ja\n", 2), ("\n", 2)])
def test_at_a_terminal_the_name_is_asked_for(real, text, code):
    """With what the probe will do, before it does it."""
    ended, said = typed(real, text)
    assert ended == code
    assert f"These keys are for {COMPANY}, in production" in said
    assert bool(writes(real)) is (code == 0)


def test_wrong_keys_are_said_before_anything(real):
    """In production too: whose keys they are has to be known first."""
    real.go._keys = ("other", *real.go._keys[1:])
    result = real.woo2po("check", "--probe", "--yes-in-production", COMPANY)
    assert result.exit_code == 3
    assert "client key" in result.output


@pytest.mark.parametrize("options", [["--report", "x"], ["--yes-in-production", "x"]])
def test_its_options_go_with_it(both, options):
    """A check without a probe has no report."""
    done = both.process("check", *options)
    assert done.returncode == 2
    assert "--probe" in done.stderr


def test_a_report_that_cannot_be_written_is_said_before_the_probe(both, tmp_path):
    """Better than after half a minute."""
    result = both.woo2po("check", "--probe", "--report", str(tmp_path / "no" / "report.txt"))
    assert result.exit_code == 2
    assert both.asked_of_go() == []


def test_a_broken_configuration_is_no_probe(tmp_path):
    """The same line as without it."""
    with served(tmp_path, []) as both:
        both.configure({"orders.number": "x"})
        result = both.woo2po("check", "--probe")
    assert result.exit_code == 2
    assert "orders.number" in result.output


def interrupted(both, nth, *, twice=False):
    """Run the probe and send Ctrl-C at the nth request (and when it tidies up); return its end."""
    both.listen()
    started = subprocess.Popen(
        [sys.executable, "-m", "woo2po", "check", "--probe"],
        env={**os.environ, "WOO2PO_CONFIG": str(both.config), "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    sent = []

    def interrupt(method, _path):
        first = not sent and len(both.go.requests) == nth
        if first or (twice and len(sent) == 1 and method == "DELETE"):
            sent.append(method)
            os.kill(started.pid, signal.SIGINT)
            both.go.faults.latency = 0.4 if twice else 0  # tidying up takes its time

    both.go.faults.before(interrupt)
    started.said, _ = started.communicate(timeout=60)
    return started


@pytest.mark.parametrize("nth", [35, 60])
def test_ctrl_c_takes_away_what_was_made(both, nth):
    """It ends with 3, like every command that was told to stop, and nothing is left."""
    ended = interrupted(both, nth)
    assert ended.returncode == 3
    assert "The probe was called off" in ended.said
    assert both.go.books.sales_orders == both.go.books.customers == {}
    assert len(both.go.requests) < nth + 30


def test_ctrl_c_twice_says_what_stands(both):
    """What is not taken away then has to be deleted by hand: each with its number."""
    ended = interrupted(both, 60, twice=True)
    assert ended.returncode == 3
    assert "Ended at once" in ended.said
    for customer in both.go.books.customers.values():
        assert f"customer {customer.number}," in ended.said
