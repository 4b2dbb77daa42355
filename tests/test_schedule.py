"""`schedule`: what starts the job, filled in for a shop: cron, systemd, Windows."""

import configparser
import os
import re
import shlex
import shutil
import subprocess
import unittest
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from click.testing import CliRunner
from example import of_the_sandbox
from served import Served, invoked, served

from woo2po import __version__
from woo2po.cli import cli
from woo2po.config import load, secrets
from woo2po.holds import InTheWay
from woo2po.schedule import Job, cron_lines, job_of, next_start, task, timer_of, units

SHOP = Job(
    program=("/opt/woo2po/.venv/bin/woo2po",),
    config=PurePosixPath("/srv/woo2po/nettbutikken/config.toml"),
    state=PurePosixPath("/srv/woo2po/nettbutikken/woo2po.db"),
    allowance=PurePosixPath("/home/agency/.cache/woo2po"),
    url="https://www.nettbutikken.example",
    user="agency",
)
ODD = "Åses 50 % 'ull' & \"garn\" $HOME `id` \\n; #1"
FIFTY = [replace(SHOP, url=f"https://shop{n}.example.no") for n in range(50)]
ANALYZE = shutil.which("systemd-analyze")
KINDS = ["cron", "systemd", "windows"]
PERIODS = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60)


@pytest.fixture
def config(tmp_path):
    """The sandbox's configuration in a shop's folder."""
    return of_the_sandbox(tmp_path / "nettbutikken")


def printed(config, *arguments):
    result = invoked("schedule", *arguments, "--config", str(config))
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(config, *arguments):
    """Return what is said where nothing is printed."""
    result = invoked("schedule", *arguments, "--config", str(config))
    assert (result.exit_code, result.stdout) == (2, "")
    return " ".join(result.stderr.split())


def changed(config, old, new):
    config.write_text(config.read_text("utf-8").replace(old, new, 1), "utf-8")


# -- a moment of its own -----------------------------------------------------------------------


def test_fifty_shops_are_spread_over_the_period():
    """No minute has more than twice its part; wherever its folder is, a shop keeps its moment."""
    moments = [job.offset for job in FIFTY]
    minutes = Counter(minute for minute, _ in moments)
    assert set(minutes) == set(range(5))
    assert max(minutes.values()) <= 20
    assert len(set(moments)) >= 45
    moved = replace(SHOP, config=PurePosixPath("/data/config.toml"), user="other")
    assert moved.offset == SHOP.offset
    for job in (replace(shop, every=every) for shop in FIFTY for every in PERIODS):
        minute, second = job.offset
        span, _, step = job.minutes.partition("/")
        first, _, last = span.replace("*", "0-59").partition("-")
        meant = list(range(int(first), int(last or first) + 1, int(step or 1)))
        assert meant == list(range(minute, 60, job.every))
        assert (minute < job.every, 0 <= second < 60) == (True, True)


# -- cron --------------------------------------------------------------------------------------


def as_cron_reads(line):
    """Return the command of a line as the shell gets it, at once; a bare % would end it."""
    command = line.split(None, 5)[5]
    assert not re.search(r"(?<!\\)%", command)
    return re.sub(r"^sleep \d+; ", "", command.replace("\\%", "%"))


def test_the_shell_comes_to_the_shop_s_folder_whatever_its_name_is(tmp_path):
    for name in ("plain", "to ord", ODD, "100%", "-", "æøå"):
        folder = tmp_path / name
        folder.mkdir()
        program = folder / "program"
        program.write_text('#!/bin/sh\npwd\nprintf "%s\\n" "$@"\n', "utf-8")
        program.chmod(0o700)
        job = replace(SHOP, program=(str(program),), config=folder / "config.toml")
        (line,) = cron_lines(job)
        assert re.match(rf"{job.offset[0]}-59/5 \* \* \* \*  sleep {job.offset[1]}; cd ", line)
        command = ["/bin/sh", "-c", as_cron_reads(line)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        said = done.stdout.splitlines()
        words = ["--config", str(folder / "config.toml"), "run", "--log-file", "woo2po.log"]
        assert said == [str(folder), *words]


def test_what_is_printed_runs_the_job(tmp_path):
    with served(tmp_path) as both:
        both.listen()
        lines = printed(both.config, "cron").splitlines()
        (line,) = (line for line in lines if not line.startswith("#"))
        home = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LOGNAME": "agency"}
        command = ["/bin/sh", "-c", as_cron_reads(line)]
        done = subprocess.run(
            command, env=home, check=False, timeout=60, capture_output=True, text=True
        )
    assert done.returncode == 1, "one order is held"
    assert done.stdout.endswith("Held now that were not before: 1 (42).\n")
    assert "sales_order_made" in (tmp_path / "woo2po.log").read_text("utf-8")


# -- systemd -----------------------------------------------------------------------------------


def units_of(job):
    """Return the text of the service and of the timer, by the path that the script writes."""
    found = re.findall(r"^cat > (\S+) <<'UNIT'\n(.*?)^UNIT$", units(job), re.MULTILINE | re.DOTALL)
    assert [name for name, _ in found] == [
        f"/etc/systemd/system/woo2po@.{kind}" for kind in ("service", "timer")
    ]
    return [text for _, text in found]


def parsed(unit, section):
    """Return a unit's section; a key that may be repeated keeps its last value."""
    parser = configparser.RawConfigParser(strict=False, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str
    parser.read_string(unit)
    return dict(parser[section])


def writable(job):
    return re.findall(r'^ReadWritePaths="?(.*?)"?$', units_of(job)[0], re.MULTILINE)


def test_one_pair_of_units_serves_all_shops_of_a_folder():
    """The instance is a shop's folder, with a moment of its own; held orders are no failure. Its
    name has few signs: the others would have to be spelled by hand each time.
    """
    for name in ("min butikk", "æøå", "-x", "a@b", "50%", ""):
        with pytest.raises(InTheWay, match="schedule_folder"):
            units(replace(SHOP, config=PurePosixPath("/", name, "config.toml")))
    script = units(SHOP)
    subprocess.run(["/bin/sh", "-n"], input=script.encode(), check=True)
    assert "systemctl enable --now woo2po@nettbutikken.timer" in script
    assert "runuser -u agency -- mkdir -p /home/agency/.cache/woo2po" in script
    folder = PurePosixPath("/srv/woo2po/annen")
    other = replace(SHOP, config=folder / "config.toml", state=folder / "woo2po.db")
    assert units_of(other) == units_of(SHOP)
    said = parsed(units_of(SHOP)[0], "Service")
    assert (said["User"], said["SuccessExitStatus"]) == ("agency", "1")
    assert said["WorkingDirectory"] == "/srv/woo2po/%i"
    words = ["/opt/woo2po/.venv/bin/woo2po", "--config", "/srv/woo2po/%i/config.toml", "run"]
    assert shlex.split(said["ExecStart"]) == words
    for every, calendar in ((5, "*:0/5"), (60, "hourly")):
        said = parsed(units_of(replace(SHOP, every=every))[1], "Timer")
        assert (said["OnCalendar"], said["FixedRandomDelay"]) == (calendar, "yes")
        assert said["RandomizedDelaySec"] == f"{every}min"


def test_only_what_the_job_writes_can_be_written():
    """The shop's folder and the shared one; that of a state database which lies elsewhere."""
    assert writable(SHOP) == ["/srv/woo2po/%i", "-/home/agency/.cache/woo2po"]
    assert writable(replace(SHOP, allowance=None)) == ["/srv/woo2po/%i"]
    elsewhere = replace(SHOP, state=PurePosixPath("/var/lib/woo2po/nett.db"))
    assert "/var/lib/woo2po" in writable(elsewhere)
    below = replace(SHOP, state=PurePosixPath("/srv/woo2po/nettbutikken/state/nett.db"))
    assert units_of(below) == units_of(SHOP)
    paths = ("/srv/a$b%h/nett/config.toml", "/var/$x%h/nett.db", "/home/a$b/.cache")
    of_it = zip(("config", "state", "allowance"), map(PurePosixPath, paths), strict=True)
    job = replace(SHOP, **dict(of_it))
    assert '--config "/srv/a$$b%%h/%i/config.toml" run' in units(job)
    assert writable(job) == ["/srv/a$b%%h/%i", "/var/$x%%h", "-/home/a$b/.cache"]


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path):
    if ANALYZE is None:
        raise unittest.SkipTest("no systemd here: the units were only parsed")
    job = replace(SHOP, program=("/bin/true",))
    odd = PurePosixPath('/srv/50 % "ull" og $garn\\/a/config.toml')
    python = ("/usr/bin/python3", "-m", "woo2po")
    for one, more, fine in (
        (job, "", True),
        (job, "Protect=all\n", False),
        (replace(job, every=60), "", True),
        (replace(job, config=odd), "", True),
        (replace(job, program=python, allowance=None), "", True),
    ):
        names = [tmp_path / f"woo2po@{one.folder.name}.{kind}" for kind in ("service", "timer")]
        for name, text in zip(names, units_of(one), strict=True):
            name.write_text(text + more * (name.suffix == ".service"), "utf-8")
        command = [ANALYZE, "verify", *map(str, names)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert ("woo2po@" not in done.stderr) is fine, done.stderr


# -- Windows -----------------------------------------------------------------------------------


def test_windows_gets_its_paths_quoted_in_its_own_way():
    """Blanks in a command line are quoted, an apostrophe is doubled for PowerShell; letters that
    come through its pipe as something else, and quotes that end a text, are spelled out.
    """
    exe = (r"C:\Program Files\woo2po\.venv\Scripts\woo2po.exe",)
    config = PureWindowsPath(r"C:\Butikker\Kari's butikk\config.toml")
    job = replace(SHOP, program=exe, config=config, user="KONTOR\\kari")
    script = task(job)
    minute, second = job.offset
    for line in (
        r"Execute = 'C:\Program Files\woo2po\.venv\Scripts\woo2po.exe'",
        r"""Argument = '--config "C:\Butikker\Kari''s butikk\config.toml" run'""",
        r"WorkingDirectory = 'C:\Butikker\Kari''s butikk'",
        "TaskName = 'Kari''s butikk'",
        r"-UserId 'KONTOR\kari'",
        f"-Minute {minute} -Second {second})",
        "RepetitionInterval = (New-TimeSpan -Minutes 5)",
    ):
        assert line in script
    assert script.count("{") == script.count("}")
    folder = PureWindowsPath("C:\\Bl\u00e5b\u00e6r \u2019n's $HOME `x")
    script = task(replace(job, config=folder / "config.toml"))
    assert script.isascii()
    assert ("WorkingDirectory = ('' + 'C:\\Bl' + [char]0xE5 + 'b' + [char]0xE6 + 'r '"
            " + [char]0x2019 + 'n''s $HOME `x')") in script  # fmt: skip


# -- the command -------------------------------------------------------------------------------


def test_no_secret_is_ever_printed(config, monkeypatch):
    """What starts the job holds no key; of what only the terminal knows the names are said."""
    ping = '[monitoring]\nping_url = "https://hc.example/s3cret"\n[payments]'
    changed(config, "[payments]", ping)
    kept = [one for one in secrets(load(config)) if one]
    assert len(kept) == 6
    monkeypatch.setenv("WOO2PO_POWEROFFICE__CLIENT_KEY", "s3cret")
    monkeypatch.setenv("WOO2PO_CONFIG", str(config))
    for kind in KINDS:
        result = invoked("schedule", kind, "--config", str(config))
        assert result.exit_code == 0
        assert not [one for one in ("s3cret", *kept) if one in result.output]
        assert "WOO2PO_POWEROFFICE__CLIENT_KEY" in result.stderr
        assert "WOO2PO_CONFIG" not in result.stderr
        assert kind != "cron" or "WOO2PO" not in result.stdout


def test_this_machine_s_program_user_and_paths_are_named_in_full(config, monkeypatch, tmp_path):
    """cron knows no virtual environment and no folder to begin in; systemd takes no ".."."""
    job = job_of(config, load(config), 5)
    assert Path(job.program[0]).is_absolute()
    done = subprocess.run([*job.program, "--version"], capture_output=True, text=True, check=True)
    assert __version__ in done.stdout
    monkeypatch.chdir(config.parent)
    assert printed("config.toml", "cron") == printed(config, "cron")
    assert printed("../nettbutikken/config.toml", "systemd") == printed(config, "systemd")
    (tmp_path / "current").symlink_to("nettbutikken")
    linked = job_of(tmp_path / "current" / "config.toml", load(config), 5)
    assert linked.folder == tmp_path / "current"
    monkeypatch.setattr("sys.executable", str(tmp_path / "python3"))
    assert job_of(config, load(config), 5).program == (str(tmp_path / "python3"), "-m", "woo2po")
    if os.name == "posix":
        user = job_of(config, load(config), 5).user
        monkeypatch.setenv("LOGNAME", "somebody\nExecStartPre=/srv/harm")
        assert job_of(config, load(config), 5).user == user
        monkeypatch.setattr("pwd.getpwuid", lambda _: {}["nobody"])
        assert job_of(config, load(config), 5).user == str(os.getuid())


def test_no_line_break_becomes_a_line_of_a_script(config, tmp_path):
    """What is printed is piped into a shell of root's: no value is more than a word in it. What
    does not exist is refused.
    """
    for wrong in (["cron", "--every", "7"], ["launchd"], []):
        refused(config, *wrong)
    for every in PERIODS:
        assert printed(config, "cron", "--every", str(every))
    folder = tmp_path / "two\nlines"
    folder.mkdir()
    shutil.copy(config, folder)
    text = config.read_text("utf-8")
    for kind in KINDS:
        assert "signs that cannot be seen" in refused(folder / "config.toml", kind)
        broken = r'url = "https://shop.example\n* * * * * touch /srv/harm"'
        config.write_text(re.sub(r"(?m)^url = .*\n", "", text, count=1), "utf-8")
        changed(config, "[woocommerce]", f"[woocommerce]\n{broken}")
        refused(config, kind)
        refused(tmp_path / "none.toml", kind)


CRONTAB = """#!/bin/sh
if [ "$1" = -l ]; then
    [ -e "$FAKE/no-library" ] && { echo "libpam.so: cannot open shared object" >&2; exit 127; }
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
        return (self.fake / "tab").read_bytes().decode("utf-8", "surrogateescape")

    def begins_with(self, text: str) -> None:
        (self.fake / "tab").write_bytes(text.encode("utf-8", "surrogateescape"))

    def has(self, *names: str) -> None:
        for name in names:
            (self.fake / name).touch()

    def says(self, *words: str, code: int = 0) -> str:
        """Call `schedule` and return what it says, on one line."""
        result = self.job.woo2po("schedule", *words)
        assert result.exit_code == code, result.output
        return " ".join(result.output.split())


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


def test_payouts_that_are_fetched_have_a_line_that_comes_and_goes_with_the_job_s(machine):
    machine.job.configure({"payouts.stripe": {"client_secret": "sk"}})
    machine.begins_with(THEIRS)
    machine.says("--install", "--yes")
    ours = machine.tab.removeprefix(THEIRS).splitlines()
    assert (len(ours), " payouts --fetch > " in ours[2]) == (3, True)
    assert ours == machine.job.woo2po("schedule", "cron").stdout.splitlines()
    machine.says("--remove")
    assert machine.tab == THEIRS
    machine.has("systemd", "lingers")
    machine.says("--install", "--yes")
    folder = Path(os.environ["XDG_CONFIG_HOME"]) / "systemd/user"
    service, timer = sorted(one for one in folder.iterdir() if "-payouts." in one.name)
    assert f"--config {machine.job.config} payouts --fetch\n" in service.read_text("utf-8")
    assert "\nSuccessExitStatus=\n" in service.read_text("utf-8"), "held is a failure here"
    assert re.search(r"(?m)^OnCalendar=07:0\d:\d\d$", timer.read_text("utf-8"))
    assert (machine.fake / timer.name).exists(), "enabled"
    assert "Timer: systemd" in machine.job.woo2po("status").output
    machine.job.configure({"payouts.stripe": {}})
    machine.says("--install", "--yes")
    assert not (machine.fake / timer.name).exists(), "they are not fetched any more"
    machine.says("--remove")
    assert list(folder.iterdir()) == []


def test_root_s_systemd_and_windows_fetch_payouts_daily_too(tmp_path):
    """Root's units are made of the others: the same words, but for the last."""
    assert "payouts" not in units(SHOP) + task(SHOP)
    fetching = replace(SHOP, fetches=True)
    made = units(fetching).partition("cd /etc/systemd/system\n")[2]
    for kind, text in zip(("service", "timer"), units_of(fetching), strict=True):
        (tmp_path / f"woo2po@.{kind}").write_text(text, "utf-8")
    script = 'systemctl() { echo "$@"; }\n' + made
    done = subprocess.run(["/bin/sh", "-eu"], input=script, cwd=tmp_path, check=True,
                          capture_output=True, text=True)  # fmt: skip
    assert done.stdout.splitlines()[-1] == "enable --now woo2po-payouts@nettbutikken.timer"
    service, timer = ((tmp_path / f"woo2po-payouts@.{kind}").read_text("utf-8")
                      for kind in ("service", "timer"))  # fmt: skip
    assert shlex.split(parsed(service, "Service")["ExecStart"])[-2:] == ["payouts", "--fetch"]
    assert "SuccessExitStatus" not in parsed(service, "Service")
    assert parsed(timer, "Timer")["OnCalendar"] == "07:00"
    assert "nettbutikken/config.toml payouts --fetch'" in task(fetching)
    assert "TaskName = 'nettbutikken payouts'" in task(fetching)


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
    assert "job.service" not in machine.says("--install", "--yes", code=2)
    assert "a part of the path is no folder" in machine.says("--install", "--yes", code=2)


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
    assert "`woo2po schedule --install --yes`" in machine.says("--install", code=2)
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
    assert "starts this job already: */5 * * * *" in machine.says("--install", "--yes", code=2)
    assert machine.tab == theirs
    other = f"*/5 * * * * {line.format(f'{machine.job.config.parent}-2')}\n"
    machine.begins_with(f"{THEIRS}{other}")
    machine.says("--install", "--yes")


def test_what_cannot_be_done_is_said(machine, monkeypatch):
    """Units of root's, that `schedule systemd` prints, are left alone; a crontab that one may not
    read is not overwritten; a machine without any timer.
    """
    machine.has("of-root")
    assert "woo2po@" in machine.says("--install", "--yes", code=2)
    (machine.fake / "of-root").unlink()
    machine.has("broken")
    assert "crontab -l: you are not allowed" in machine.says("--install", "--yes", code=2)
    machine.begins_with(THEIRS)
    machine.has("no-library")
    assert "libpam.so" in machine.says("--install", "--yes", code=2)
    machine.says("--remove")
    assert machine.tab == THEIRS
    monkeypatch.setenv("PATH", "/nowhere")
    assert "neither a systemd for your user" in machine.says("--install", "--yes", code=2)
    monkeypatch.setattr("woo2po.schedule.WINDOWS", True)
    assert "Task Scheduler" in machine.says("--install", "--yes", code=2)
    assert "Give one of" in machine.says("cron", "--install", code=2)
