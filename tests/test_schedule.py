"""`schedule`: what starts the job, filled in for a shop: cron, systemd, Windows, a container."""

import configparser
import json
import os
import re
import shlex
import shutil
import subprocess
import unittest
from collections import Counter
from dataclasses import replace
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from served import invoked, served

from woo2po import __version__
from woo2po.demo import sandbox_config
from woo2po.sandbox.shop import ShopSite
from woo2po.schedule import Job, Unfit, containerfile, crontab, task, units
from woo2po.schedule.job import PERIODS, job_of
from woo2po.schedule.systemd import service
from woo2po.settings import load

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


@pytest.fixture
def config(tmp_path):
    """A whole configuration in a shop's folder; the keys in it are told apart by the tests."""
    folder = tmp_path / "nettbutikken"
    folder.mkdir()
    path = folder / "config.toml"
    text = sandbox_config("https://shop.example", "https://go.example", ShopSite(), "en")
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    return path


def printed(config, *arguments):
    result = invoked("schedule", *arguments, "--config", str(config))
    assert result.exit_code == 0, result.output
    return result.stdout


# -- a moment of its own -----------------------------------------------------------------------


def test_fifty_shops_are_spread_over_the_period():
    """No minute has more than twice its part, and hardly two shops start in one second."""
    moments = [job.offset for job in FIFTY]
    minutes = Counter(minute for minute, _ in moments)
    assert set(minutes) == set(range(5))
    assert max(minutes.values()) <= 20
    assert len(set(moments)) >= 45


def test_a_shop_keeps_its_moment():
    """It is that of its address, wherever its folder is moved to."""
    moved = replace(SHOP, config=PurePosixPath("/data/config.toml"), user="other")
    assert moved.offset == SHOP.offset


@pytest.mark.parametrize("every", PERIODS)
def test_the_moment_lies_within_the_period(every):
    """And cron's field starts as often as asked for."""
    for job in (replace(shop, every=every) for shop in FIFTY):
        minute, second = job.offset
        assert 0 <= minute < every
        assert 0 <= second < 60
        assert minutes_of(cron_line(job).split()[0]) == list(range(minute, 60, every))


def minutes_of(field):
    """Return the minutes that a field of cron means."""
    span, _, step = field.partition("/")
    first, _, last = span.replace("*", "0-59").partition("-")
    return list(range(int(first), int(last or first) + 1, int(step or 1)))


# -- cron --------------------------------------------------------------------------------------


def cron_line(job):
    (line,) = (line for line in crontab(job).splitlines() if not line.startswith("#"))
    return line


def as_cron_reads(line):
    """Return the command of a line, as cron hands it to the shell: a bare % would end it."""
    command = line.split(None, 5)[5]
    assert not re.search(r"(?<!\\)%", command)
    return command.replace("\\%", "%")


def test_the_line_is_one_that_cron_takes():
    """Five fields, one line, shorter than cron's limit, a log in the shop's folder."""
    line = cron_line(SHOP)
    minute, second = SHOP.offset
    assert line.startswith(f"{minute}-59/5 * * * * ")
    assert f"sleep {second}; cd /srv/woo2po/nettbutikken && " in line
    assert line.endswith(
        "/opt/woo2po/.venv/bin/woo2po --config /srv/woo2po/nettbutikken/config.toml run"
        " >> woo2po.log 2>&1"
    )
    assert len(line) < 1000


@pytest.mark.parametrize("name", ["plain", "to ord", ODD, "100%", "-", "æøå"])
def test_the_shell_comes_to_the_shop_s_folder_whatever_its_name_is(tmp_path, name):
    """Blanks, per cents, quotes, dollars: the program gets the path as it is."""
    folder = tmp_path / name
    folder.mkdir()
    program = folder / "program"
    program.write_text('#!/bin/sh\npwd\nprintf "%s\\n" "$@"\n', "utf-8")
    program.chmod(0o700)
    job = replace(SHOP, program=(str(program),), config=folder / "config.toml")
    command = re.sub(r"^sleep \d+; ", "", as_cron_reads(cron_line(job)))
    subprocess.run(["/bin/sh", "-c", command], check=True)
    said = (folder / "woo2po.log").read_text("utf-8").splitlines()
    assert said == [str(folder), "--config", str(folder / "config.toml"), "run"]


def test_what_is_printed_runs_the_job(tmp_path):
    """The line of a real shop, started as cron does: without an environment worth the name."""
    with served(tmp_path) as both:
        line = cron_line_in(printed(both.config, "cron"))
        command = re.sub(r"^sleep \d+; ", "", as_cron_reads(line))
        home = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LOGNAME": "agency"}
        done = subprocess.run(["/bin/sh", "-c", command], env=home, check=False, timeout=60)
    assert done.returncode == 1, "one order is held"
    assert "1 transferred" in (tmp_path / "woo2po.log").read_text("utf-8")


def cron_line_in(text):
    (line,) = (line for line in text.splitlines() if not line.startswith("#"))
    return line


# -- systemd -----------------------------------------------------------------------------------


def files_of(script):
    """Return the files that a script writes, by name."""
    return dict(re.findall(r"^cat > (\S+) <<'UNIT'\n(.*?)^UNIT$", script, re.MULTILINE | re.DOTALL))


def parsed(unit):
    """Return a unit's sections; a key that may be repeated keeps its last value."""
    parser = configparser.RawConfigParser(strict=False, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str
    parser.read_string(unit)
    return {name: dict(parser[name]) for name in parser.sections()}


def test_one_pair_of_units_serves_all_shops_of_a_folder():
    """The instance is the name of a shop's folder; the script is one that a shell takes."""
    script = units(SHOP)
    subprocess.run(["/bin/sh", "-n"], input=script.encode(), check=True)
    written = files_of(script)
    assert list(written) == [
        "/etc/systemd/system/woo2po@.service",
        "/etc/systemd/system/woo2po@.timer",
    ]
    assert "systemctl enable --now woo2po@nettbutikken.timer" in script
    folder = PurePosixPath("/srv/woo2po/annen")
    other = replace(SHOP, config=folder / "config.toml", state=folder / "woo2po.db")
    assert files_of(units(other)) == written


def test_the_service_is_what_the_job_needs():
    """Held orders are no failure; only the shop's folder and the shared one can be written."""
    said = parsed(service(SHOP))["Service"]
    assert said["Type"] == "oneshot"
    assert said["User"] == "agency"
    assert said["WorkingDirectory"] == "/srv/woo2po/%i"
    assert shlex.split(said["ExecStart"]) == [
        "/opt/woo2po/.venv/bin/woo2po",
        "--config",
        "/srv/woo2po/%i/config.toml",
        "run",
    ]
    assert said["SuccessExitStatus"] == "1"
    assert said["ProtectSystem"] == "strict"
    writable = re.findall(r"^ReadWritePaths=(.*)$", service(SHOP), re.MULTILINE)
    assert writable == ["/srv/woo2po/%i", "-/home/agency/.cache/woo2po"]
    assert "runuser -u agency -- mkdir -p /home/agency/.cache/woo2po" in units(SHOP)


def test_a_state_database_elsewhere_can_be_written_too():
    """state.path may name another folder."""
    job = replace(SHOP, state=PurePosixPath("/var/lib/woo2po/nett.db"))
    assert "ReadWritePaths=/var/lib/woo2po\n" in service(job)
    below = replace(SHOP, state=PurePosixPath("/srv/woo2po/nettbutikken/state/nett.db"))
    assert service(below) == service(SHOP)
    assert service(replace(SHOP, allowance=None)).count("ReadWritePaths") == 1


def test_a_dollar_sign_is_doubled_only_where_systemd_replaces_variables():
    """In the command; among the folders it would be the name of another folder."""
    shop = PurePosixPath("/srv/a$b/nett")
    said = service(
        replace(
            SHOP,
            config=shop / "config.toml",
            state=PurePosixPath("/var/$x/nett.db"),
            allowance=PurePosixPath("/home/a$b/.cache"),
        )
    )
    assert '--config "/srv/a$$b/%i/config.toml" run' in said
    writable = re.findall(r'^ReadWritePaths="(.*)"$', said, re.MULTILINE)
    assert writable == ["/srv/a$b/%i", "/var/$x", "-/home/a$b/.cache"]


def test_the_timer_spreads_the_shops_and_keeps_their_moments():
    """FixedRandomDelay: another moment for each instance, the same one each time."""
    for every, calendar in ((5, "*:0/5"), (60, "hourly")):
        (_, timer) = files_of(units(replace(SHOP, every=every))).values()
        said = parsed(timer)["Timer"]
        assert said["OnCalendar"] == calendar
        assert said["RandomizedDelaySec"] == f"{every}min"
        assert said["FixedRandomDelay"] == "yes"


@pytest.mark.parametrize(
    "job",
    [
        SHOP,
        replace(SHOP, every=60),
        replace(SHOP, config=PurePosixPath('/srv/50 % "ull" og $garn\\/a/config.toml')),
        replace(SHOP, program=("/usr/bin/python3", "-m", "woo2po"), allowance=None),
    ],
    ids=["plain", "hourly", "odd", "python"],
)
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path, job):
    """`systemd-analyze verify` reads them as systemd would, and says what it does not know."""
    if ANALYZE is None:
        raise unittest.SkipTest("no systemd here: the units were only parsed")
    program = job.program if job.program[0].startswith("/usr") else ("/bin/true",)
    for name, unit in files_of(units(replace(job, program=program))).items():
        (tmp_path / Path(name).name).write_text(unit, "utf-8")
    names = [str(tmp_path / f"woo2po@{job.folder.name}.{kind}") for kind in ("service", "timer")]
    done = subprocess.run([ANALYZE, "verify", *names], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if "woo2po@" in line]
    assert (done.returncode, ours) == (0, [])


def test_the_check_of_the_units_would_find_something(tmp_path):
    """A key that systemd does not know is said."""
    if ANALYZE is None:
        raise unittest.SkipTest("no systemd here")
    unit = tmp_path / "woo2po@.service"
    unit.write_text(service(replace(SHOP, program=("/bin/true",))) + "Protect=all\n", "utf-8")
    done = subprocess.run(
        [ANALYZE, "verify", str(unit)], capture_output=True, text=True, check=False
    )
    assert "Protect" in done.stderr


@pytest.mark.parametrize("name", ["min butikk", "æøå", "-x", "a@b", "50%", ""])
def test_a_folder_that_systemd_cannot_name_is_said(name):
    """An instance has few signs; the others would have to be spelled by hand each time."""
    with pytest.raises(Unfit) as caught:
        units(replace(SHOP, config=PurePosixPath("/", name, "config.toml")))
    assert caught.value.code == "schedule_folder"


# -- Windows -----------------------------------------------------------------------------------

WINDOWS = replace(
    SHOP,
    program=(r"C:\Program Files\woo2po\.venv\Scripts\woo2po.exe",),
    config=PureWindowsPath(r"C:\Butikker\Kari's butikk\config.toml"),
    state=PureWindowsPath(r"C:\Butikker\Kari's butikk\woo2po.db"),
    user="KONTOR\\kari",
)


def test_windows_gets_its_paths_quoted_in_its_own_way():
    """Blanks in a command line are quoted, an apostrophe is doubled for PowerShell."""
    script = task(WINDOWS)
    assert r"Execute = 'C:\Program Files\woo2po\.venv\Scripts\woo2po.exe'" in script
    assert r"""Argument = '--config "C:\Butikker\Kari''s butikk\config.toml" run'""" in script
    assert r"WorkingDirectory = 'C:\Butikker\Kari''s butikk'" in script
    assert "TaskName = 'Kari''s butikk'" in script
    assert r"-UserId 'KONTOR\kari'" in script
    minute, second = WINDOWS.offset
    assert f"-Minute {minute} -Second {second})" in script
    assert "RepetitionInterval = (New-TimeSpan -Minutes 5)" in script
    assert script.count("{") == script.count("}")


def test_what_no_code_page_has_is_spelled_out_for_powershell():
    """æ, ø and å come through a pipe of PowerShell as something else; curly quotes end a text."""
    folder = PureWindowsPath("C:\\Bl\u00e5b\u00e6r \u2019n $HOME `x")
    script = task(replace(WINDOWS, config=folder / "config.toml"))
    where = (
        "WorkingDirectory = ('' + 'C:\\Bl' + [char]0xE5 + 'b' + [char]0xE6 + 'r '"
        " + [char]0x2019 + 'n $HOME `x')"
    )
    assert where in script
    assert script.isascii()


# -- a container -------------------------------------------------------------------------------


def instructions():
    """Return the instructions of the Containerfile: (name, rest)."""
    text = re.sub(r"\\\n", "", re.sub(r"^#.*\n", "", containerfile(), flags=re.MULTILINE))
    return [tuple(line.split(None, 1)) for line in text.splitlines() if line]


def test_the_image_is_made_of_the_wheel_and_runs_as_nobody_in_particular():
    """Python's slim image, this version's wheel, a user without rights, the job as its command."""
    said = instructions()
    assert [name for name, _ in said] == [
        "FROM", "COPY", "RUN", "ENV", "WORKDIR", "USER", "STOPSIGNAL", "ENTRYPOINT", "CMD",
    ]  # fmt: skip
    values = dict(said)
    assert re.fullmatch(r"python:3\.\d+-slim", values["FROM"])
    wheel = f"woo2po-{__version__}-py3-none-any.whl"
    assert values["COPY"] == f"dist/{wheel} /wheels/"
    assert f"/wheels/{wheel}" in shlex.split(values["RUN"])
    subprocess.run(["/bin/sh", "-n", "-c", values["RUN"]], check=True)
    assert int(values["USER"].partition(":")[0]) >= 1000
    assert json.loads(values["ENTRYPOINT"]) == ["woo2po"]
    assert json.loads(values["CMD"]) == ["run"]


# -- the command -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["cron", "systemd", "windows", "container", "kubernetes"])
def test_no_secret_is_ever_printed(config, kind):
    """What starts the job names the configuration, and holds none of its keys."""
    text = config.read_text("utf-8")
    text = text.replace(
        "[payments]", '[monitoring]\nping_url = "https://hc.example/s3cret"\n[payments]'
    )
    config.write_text(text, "utf-8")
    settings = load(config)
    secrets = [
        settings.woocommerce.consumer_key, settings.woocommerce.consumer_secret,
        settings.poweroffice.application_key, settings.poweroffice.client_key,
        settings.poweroffice.subscription_key,
    ]  # fmt: skip
    said = printed(config, kind)
    assert not [one for one in secrets if one.get_secret_value() in said]
    assert "s3cret" not in said


def test_this_machine_s_program_is_named_by_its_whole_path(config):
    """cron knows no virtual environment."""
    job = job_of(config, load(config), 5)
    assert Path(job.program[0]).is_absolute()
    assert job.config == config
    done = subprocess.run([*job.program, "--version"], capture_output=True, text=True, check=True)
    assert __version__ in done.stdout


def test_a_program_without_a_name_is_started_by_its_python(config, monkeypatch, tmp_path):
    """Installed in another way there may be no woo2po beside Python."""
    monkeypatch.setattr("sys.executable", str(tmp_path / "python3"))
    assert job_of(config, load(config), 5).program == (str(tmp_path / "python3"), "-m", "woo2po")


def test_a_relative_path_becomes_whole(config, monkeypatch):
    """`--config config.toml` in the shop's folder is the same shop."""
    monkeypatch.chdir(config.parent)
    assert printed("config.toml", "cron") == printed(config, "cron")


def test_a_line_break_in_a_path_is_said(config, tmp_path):
    """No timer takes it."""
    folder = tmp_path / "two\nlines"
    folder.mkdir()
    shutil.copy(config, folder)
    result = invoked("schedule", "cron", "--config", str(folder / "config.toml"))
    assert result.exit_code == 2
    assert "signs that cannot be seen" in " ".join(result.output.split())


@pytest.mark.parametrize("kind", ["cron", "systemd", "windows", "kubernetes"])
@pytest.mark.parametrize(
    ("section", "name", "value"),
    [
        ("[poweroffice]", "allowance_folder", r"/srv/woo2po\nUNIT\ntouch /srv/harm\n#"),
        ("[woocommerce]", "url", r"https://shop.example\n* * * * * touch /srv/harm"),
    ],
)
def test_no_line_break_of_the_configuration_becomes_a_line_of_a_script(
    config, kind, section, name, value
):
    """What is printed is piped into a shell of root's: no value is more than a word in it."""
    text = re.sub(rf"(?m)^{name} = .*\n", "", config.read_text("utf-8"), count=1)
    config.write_text(text.replace(section, f'{section}\n{name} = "{value}"', 1), "utf-8")
    result = invoked("schedule", kind, "--config", str(config))
    assert (result.exit_code, result.stdout) == (2, "")


def test_a_secret_in_a_file_with_a_line_break_is_said(config, tmp_path):
    """Its name would end the comment of the manifest that it stands in."""
    secret = tmp_path / "two\nlines"
    secret.write_text("ck_1", "utf-8")
    named = f'[woocommerce]\nconsumer_key_file = "{tmp_path}/two\\nlines"'
    config.write_text(config.read_text("utf-8").replace("[woocommerce]", named), "utf-8")
    result = invoked("schedule", "kubernetes", "--config", str(config))
    assert (result.exit_code, result.stdout) == (2, "")


def test_a_path_through_the_folder_above_is_made_straight(config, monkeypatch):
    """systemd takes no ".." in a folder."""
    (config.parent.parent / "other").mkdir()
    monkeypatch.chdir(config.parent.parent / "other")
    assert printed("../nettbutikken/config.toml", "systemd") == printed(config, "systemd")


def test_a_folder_that_is_a_link_keeps_its_name(config, tmp_path):
    """What it leads to may be changed, and the timer follows."""
    (tmp_path / "current").symlink_to("nettbutikken")
    job = job_of(tmp_path / "current" / "config.toml", load(config), 5)
    assert job.folder == tmp_path / "current"


def test_what_only_the_terminal_knows_is_said(config, monkeypatch):
    """Names of variables, never their values; the configuration's own name is none of them."""
    monkeypatch.setenv("WOO2PO_POWEROFFICE__CLIENT_KEY", "s3cret")
    monkeypatch.setenv("WOO2PO_CONFIG", str(config))
    result = invoked("schedule", "cron")
    assert result.exit_code == 0
    assert "WOO2PO_POWEROFFICE__CLIENT_KEY" in result.stderr
    assert "s3cret" not in result.output
    assert "WOO2PO_CONFIG" not in result.stderr
    assert "WOO2PO" not in result.stdout.replace("WOO2PO_POWEROFFICE__CLIENT_KEY_FILE", "")


@pytest.mark.parametrize(
    "arguments", [["cron", "--every", "7"], ["launchd"], [], ["kubernetes", "--shops", "0"]]
)
def test_what_does_not_exist_is_refused(config, arguments):
    """A period that is no part of an hour, a timer that is none of these."""
    assert invoked("schedule", *arguments, "--config", str(config)).exit_code == 2


def test_without_a_configuration_only_the_image_can_be_had(tmp_path):
    """The other texts are those of a shop."""
    missing = str(tmp_path / "none.toml")
    assert invoked("schedule", "container", "--config", missing).exit_code == 0
    for kind in ("cron", "systemd", "windows", "kubernetes"):
        assert invoked("schedule", kind, "--config", missing).exit_code == 2


@pytest.mark.parametrize("every", PERIODS)
def test_every_period_of_the_code_can_be_chosen(config, every):
    """The command offers those that job.py knows."""
    assert printed(config, "cron", "--every", str(every))


def test_a_user_without_a_name_is_a_number(config, monkeypatch):
    """In a container nobody may have a name for it."""
    if os.name == "posix":
        monkeypatch.setattr("pwd.getpwuid", lambda _: {}["nobody"])
        assert job_of(config, load(config), 5).user == str(os.getuid())
