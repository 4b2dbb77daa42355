"""`schedule --install` and `--remove`: a timer of the user's own, and nobody else's touched."""

import os
import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from served import Served, served

from woo2po.cli import cli
from woo2po.config import load
from woo2po.schedule import job_of, next_start, timer_of

CRONTAB = """#!/bin/sh
if [ "$1" = -l ]; then
    [ -e "$FAKE/broken" ] && { echo "you are not allowed" >&2; exit 1; }
    [ -e "$FAKE/tab" ] || { echo "no crontab for agency" >&2; exit 1; }
    cat "$FAKE/tab"
else cat > "$FAKE/tab"; fi
"""
SYSTEMCTL = """#!/bin/sh
echo "$@" >> "$FAKE/calls"
[ "$1" = --user ] || { [ -e "$FAKE/of-root" ]; exit; }
[ -e "$FAKE/systemd" ] || exit 1
case "$2" in
    enable) touch "$FAKE/$4" ;;
    disable) rm "$FAKE/$4" ;;
    is-active) [ -e "$FAKE/$3" ] ;;
esac
"""
LOGINCTL = """#!/bin/sh
[ -e "$FAKE/lingers" ]
"""
# Letters of an old server's, ends of lines of Windows', and one that is no end.
THEIRS = b"MAILTO=kari@example.no\n# p\xe5 natten\r\n0 3 * * *  /usr/bin/backup 50\\%\x0c\n".decode(
    "utf-8", "surrogateescape"
)


@dataclass
class Machine:
    """Where the job is, and what this machine's programs were told."""

    job: Served
    fake: Path

    @property
    def tab(self) -> str:
        """Return the crontab."""
        return (self.fake / "tab").read_bytes().decode("utf-8", "surrogateescape")

    def begins_with(self, text: str) -> None:
        (self.fake / "tab").write_bytes(text.encode("utf-8", "surrogateescape"))

    def has(self, *names: str) -> None:
        for name in names:
            (self.fake / name).touch()

    def says(self, *words: str) -> str:
        """Call `schedule` and return what it says, on one line; it ends with 0."""
        result = self.job.woo2po("schedule", *words)
        assert result.exit_code == 0, result.output
        return " ".join(result.output.split())

    def refuses(self, *words: str) -> str:
        result = self.job.woo2po("schedule", *words)
        assert result.exit_code == 2
        return " ".join(result.stderr.split())


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine with cron alone; its programs are of ours."""
    fake = tmp_path / "bin"
    fake.mkdir()
    for name, text in (("crontab", CRONTAB), ("systemctl", SYSTEMCTL), ("loginctl", LOGINCTL)):
        (fake / name).write_text(text, "utf-8")
        (fake / name).chmod(0o700)
    monkeypatch.setenv("PATH", f"{fake}:{os.environ['PATH']}")
    monkeypatch.setenv("FAKE", str(fake))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    with served(tmp_path, []) as both:
        yield Machine(both, fake)


def test_in_a_crontab_only_our_two_lines_come_and_go(machine, monkeypatch):
    """What stood there stays as it was, byte for byte; a second time changes no more than that."""
    machine.begins_with(THEIRS)
    said = machine.says("--install", "--yes")
    assert f"# woo2po schedule --install: {machine.job.config}" in said, "it is shown"
    assert "✓ The job starts by itself from now on; the next start is today at" in said or (
        "next start is on" in said
    )
    assert machine.tab.startswith(THEIRS)
    ours = machine.tab.removeprefix(THEIRS).splitlines()
    assert len(ours) == 2
    assert "Timer: cron" in machine.job.woo2po("status").output
    assert ours[1].endswith(f"--config {machine.job.config} run --log-file woo2po.log")
    before = machine.tab
    machine.says("--install", "--yes")
    assert machine.tab == before
    machine.says("--install", "--yes", "--every", "10")
    assert re.search(r"(?m)^(\d-59|\*)/10 ", machine.tab.removeprefix(THEIRS))
    monkeypatch.setenv("WOO2PO_LANGUAGE", "en")  # what starts the job must have it; nothing does
    said = machine.says("--remove")
    assert ("✓ The timer is taken away" in said, "WOO2PO_LANGUAGE" in said) == (True, False)
    assert machine.tab == THEIRS
    assert "There is no timer" in machine.says("--remove")


def test_where_there_is_a_systemd_for_the_user_it_starts_the_job(machine):
    """Two units of its own; what is in cron from before goes. It goes on after a log-out."""
    machine.says("--install", "--yes")
    assert "run --log-file" in machine.tab
    machine.has("systemd", "lingers")
    said = machine.says("--install", "--yes")
    assert "OnCalendar=*:" in said
    assert "sudo" not in said
    assert machine.tab == ""
    folder = Path(os.environ["XDG_CONFIG_HOME"]) / "systemd/user"
    service, timer = sorted(folder.iterdir())
    assert f"--config {machine.job.config} run\n" in service.read_text("utf-8")
    assert "\nTimeoutStartSec=6h\n" in service.read_text("utf-8")
    assert (machine.fake / timer.name).exists(), "enabled"
    timer.write_text("[Timer]\n", "utf-8")
    assert "Timer: systemd" in machine.job.woo2po("status").output, "somebody wrote it anew"
    machine.says("--remove")
    assert list(folder.iterdir()) == []
    assert not (machine.fake / timer.name).exists()


def test_what_systemd_would_not_do_is_said(machine):
    """It stops a timer with the log-out, unless root gives the one command that mends it; a home
    that is somebody else's, or a full disk, takes no units.
    """
    machine.has("systemd")
    assert re.search(r"! systemd stops it .* `sudo loginctl enable-linger \w+`",
                     machine.says("--install", "--yes"))  # fmt: skip
    machine.says("--remove")
    shutil.rmtree(os.environ["XDG_CONFIG_HOME"])
    Path(os.environ["XDG_CONFIG_HOME"]).write_text("no folder", "utf-8")
    assert "job.service" not in machine.refuses("--install", "--yes")
    assert "a part of the path is no folder" in machine.refuses("--install", "--yes")


def test_status_says_when_the_job_starts_next(machine):
    assert "Timer:" not in machine.job.woo2po("status").output
    for kind, name in (("cron", "lingers"), ("systemd", "systemd")):
        machine.has(name)
        said = machine.says("--install", "--yes", "--every", "60")
        when = re.search(r"next start is [^.]*", said)[0]
        assert when in " ".join(machine.job.woo2po("status").output.split()), "not of every 5"
        machine.says("--install", "--yes", "--every", "15")
        said = machine.job.woo2po("status").output
        assert f"Timer: {kind}; the next start is " in said
        timer = timer_of(job_of(machine.job.config, load(machine.job.config), 15))
        now = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
        starts = [next_start(timer, now + timedelta(minutes=n)) for n in (0, 15, 45)]
        minute, second = timer.job.offset
        assert starts[0] - now <= timedelta(minutes=15)
        assert [(at.minute % 15, at.second) for at in starts] == [(minute, second)] * 3
        assert starts[2] - starts[0] == timedelta(minutes=45)


def test_a_line_that_was_changed_to_every_minute_is_read_so(machine):
    machine.says("--install", "--yes", "--every", "15")
    (machine.fake / "tab").write_text(re.sub(r"(?m)^\S+/15 ", "* ", machine.tab), "utf-8")
    timer = timer_of(job_of(machine.job.config, load(machine.job.config), 15))
    now = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
    assert next_start(timer, now) - now <= timedelta(minutes=1)
    changed = re.sub(r"(?m)^\S+ (.*  )sleep \d+; ", r"*/20 \1", machine.tab)
    (machine.fake / "tab").write_text(changed, "utf-8")
    assert next_start(timer, now) == now + timedelta(minutes=10)
    for left in ("", "\n", "#0 * * * * x\n", "0 3 * * * backup\n"):  # somebody's, below our mark
        machine.begins_with(f"# woo2po schedule --install: {machine.job.config}\n{left}")
        assert "Timer:" not in machine.job.woo2po("status").output
        machine.says("--install", "--yes")
        machine.says("--remove")
        assert machine.tab == left


def test_it_asks_at_a_terminal_and_wants_a_yes_elsewhere(machine, monkeypatch):
    """Enter is a yes there: it was asked for, and has been shown."""
    assert "`woo2po schedule --install --yes`" in machine.refuses("--install")
    assert not (machine.fake / "tab").exists()
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True, raising=False)
    for answer, done in (("no", False), ("", True)):
        words = ["schedule", "--install", "--config", str(machine.job.config)]
        result = CliRunner().invoke(cli, words, input=f"{answer}\n")
        assert result.exit_code == 0
        assert (machine.fake / "tab").exists() is done


@pytest.mark.parametrize("line", ["cd {0} && woo2po run", "woo2po --config {0}/config.toml run"])
def test_somebody_s_own_line_is_left_alone_and_said(machine, line):
    """No second timer beside it; a line of another shop, whose folder is called alike, is none."""
    theirs = f"{THEIRS}*/5 * * * * {line.format(machine.job.config.parent)}\n"
    machine.begins_with(theirs)
    assert "starts this job already: */5 * * * *" in machine.refuses("--install", "--yes")
    assert machine.tab == theirs
    other = f"*/5 * * * * {line.format(f'{machine.job.config.parent}-2')}\n"
    machine.begins_with(f"{THEIRS}{other}")
    machine.says("--install", "--yes")


def test_what_cannot_be_done_is_said(machine, monkeypatch):
    """Units of root's, that `schedule systemd` prints, are left alone; a crontab that one may not
    read is not overwritten; a machine without any timer.
    """
    machine.has("of-root")
    assert "woo2po@" in machine.refuses("--install", "--yes")
    (machine.fake / "of-root").unlink()
    machine.has("broken")
    assert "crontab -l: you are not allowed" in machine.refuses("--install", "--yes")
    monkeypatch.setenv("PATH", "/nowhere")
    assert "neither a systemd for your user" in machine.refuses("--install", "--yes")
    monkeypatch.setattr("woo2po.schedule.WINDOWS", True)
    assert "Task Scheduler" in machine.refuses("--install", "--yes")
    assert "Give one of" in machine.refuses("cron", "--install")
