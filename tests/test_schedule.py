"""`schedule`: what starts the job, filled in for a shop: cron, systemd, Windows, containers."""

import base64
import configparser
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import time
import unittest
from collections import Counter
from copy import deepcopy
from dataclasses import replace
from pathlib import Path, PurePosixPath, PureWindowsPath

import certifi
import kubernetes_validate
import pytest
import yaml
from served import invoked, served

from woo2po import __version__
from woo2po.demo import sandbox_config
from woo2po.sandbox.shop import ShopSite
from woo2po.schedule import (
    SECRETS,
    Job,
    Unfit,
    containerfile,
    cron_line,
    job_of,
    name_of,
    share,
    task,
    units,
)
from woo2po.settings import load, readable_by_others
from woo2po.settings.problems import toml

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
KINDS = ["cron", "systemd", "windows", "kubernetes"]
PERIODS = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60)
KEYS = [name for names in SECRETS.values() for name in names]


@pytest.fixture
def config(tmp_path):
    """The sandbox's configuration in a shop's folder."""
    folder = tmp_path / "nettbutikken"
    folder.mkdir()
    path = folder / "config.toml"
    text = sandbox_config("https://www.shop.example", "https://go.example", ShopSite(), "en")
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    return path


def printed(config, *arguments):
    result = invoked("schedule", *arguments, "--config", str(config))
    assert result.exit_code == 0, result.output
    return result.stdout


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


def test_the_moment_lies_within_the_period():
    """And cron's field starts as often as asked for."""
    for job in (replace(shop, every=every) for shop in FIFTY for every in PERIODS):
        minute, second = job.offset
        assert 0 <= second < 60
        span, _, step = job.minutes.partition("/")
        first, _, last = span.replace("*", "0-59").partition("-")
        meant = list(range(int(first), int(last or first) + 1, int(step or 1)))
        assert meant == list(range(minute, 60, job.every))
        assert minute < job.every


# -- cron --------------------------------------------------------------------------------------


def as_cron_reads(line):
    """Return the command of a line as the shell gets it, at once; a bare % would end it."""
    command = line.split(None, 5)[5]
    assert not re.search(r"(?<!\\)%", command)
    return re.sub(r"^sleep \d+; ", "", command.replace("\\%", "%"))


@pytest.mark.parametrize("name", ["plain", "to ord", ODD, "100%", "-", "æøå"])
def test_the_shell_comes_to_the_shop_s_folder_whatever_its_name_is(tmp_path, name):
    """Blanks, per cents, quotes, dollars: the program gets the path as it is."""
    folder = tmp_path / name
    folder.mkdir()
    program = folder / "program"
    program.write_text('#!/bin/sh\npwd\nprintf "%s\\n" "$@"\n', "utf-8")
    program.chmod(0o700)
    job = replace(SHOP, program=(str(program),), config=folder / "config.toml")
    line = cron_line(job)
    assert re.match(rf"{job.offset[0]}-59/5 \* \* \* \*  sleep {job.offset[1]}; cd ", line)
    subprocess.run(["/bin/sh", "-c", as_cron_reads(line)], check=True)
    said = (folder / "woo2po.log").read_text("utf-8").splitlines()
    assert said == [str(folder), "--config", str(folder / "config.toml"), "run"]


def test_what_is_printed_runs_the_job(tmp_path):
    """The line of a real shop, started as cron does: without an environment worth the name."""
    with served(tmp_path) as both:
        both.listen()
        lines = printed(both.config, "cron").splitlines()
        (line,) = (line for line in lines if not line.startswith("#"))
        home = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LOGNAME": "agency"}
        command = ["/bin/sh", "-c", as_cron_reads(line)]
        done = subprocess.run(command, env=home, check=False, timeout=60)
    assert done.returncode == 1, "one order is held"
    assert "1 transferred" in (tmp_path / "woo2po.log").read_text("utf-8")


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
    """The instance is the name of a shop's folder; held orders are no failure."""
    script = units(SHOP)
    subprocess.run(["/bin/sh", "-n"], input=script.encode(), check=True)
    assert "systemctl enable --now woo2po@nettbutikken.timer" in script
    assert "runuser -u agency -- mkdir -p /home/agency/.cache/woo2po" in script
    folder = PurePosixPath("/srv/woo2po/annen")
    other = replace(SHOP, config=folder / "config.toml", state=folder / "woo2po.db")
    assert units_of(other) == units_of(SHOP)
    said = parsed(units_of(SHOP)[0], "Service")
    assert (said["Type"], said["User"], said["SuccessExitStatus"]) == ("oneshot", "agency", "1")
    assert said["WorkingDirectory"] == "/srv/woo2po/%i"
    words = ["/opt/woo2po/.venv/bin/woo2po", "--config", "/srv/woo2po/%i/config.toml", "run"]
    assert shlex.split(said["ExecStart"]) == words


def test_only_what_the_job_writes_can_be_written():
    """The shop's folder and the shared one; that of a state database which lies elsewhere."""
    assert parsed(units_of(SHOP)[0], "Service")["ProtectSystem"] == "strict"
    assert writable(SHOP) == ["/srv/woo2po/%i", "-/home/agency/.cache/woo2po"]
    assert writable(replace(SHOP, allowance=None)) == ["/srv/woo2po/%i"]
    elsewhere = replace(SHOP, state=PurePosixPath("/var/lib/woo2po/nett.db"))
    assert "/var/lib/woo2po" in writable(elsewhere)
    below = replace(SHOP, state=PurePosixPath("/srv/woo2po/nettbutikken/state/nett.db"))
    assert units_of(below) == units_of(SHOP)


def test_a_dollar_sign_is_doubled_only_where_systemd_replaces_variables():
    """In the command; among the folders it would be the name of another folder."""
    job = replace(
        SHOP,
        config=PurePosixPath("/srv/a$b/nett/config.toml"),
        state=PurePosixPath("/var/$x/nett.db"),
        allowance=PurePosixPath("/home/a$b/.cache"),
    )
    assert '--config "/srv/a$$b/%i/config.toml" run' in units(job)
    assert writable(job) == ["/srv/a$b/%i", "/var/$x", "-/home/a$b/.cache"]


def test_the_timer_spreads_the_shops_and_keeps_their_moments():
    """FixedRandomDelay: another moment for each instance, the same one each time."""
    for every, calendar in ((5, "*:0/5"), (60, "hourly")):
        said = parsed(units_of(replace(SHOP, every=every))[1], "Timer")
        assert (said["OnCalendar"], said["FixedRandomDelay"]) == (calendar, "yes")
        assert said["RandomizedDelaySec"] == f"{every}min"


def verified(folder, job, more=""):
    """Return what `systemd-analyze verify` has against the units."""
    if ANALYZE is None:
        raise unittest.SkipTest("no systemd here: the units were only parsed")
    names = [folder / f"woo2po@{job.folder.name}.{kind}" for kind in ("service", "timer")]
    for name, text in zip(names, units_of(job), strict=True):
        name.write_text(text + more * (name.suffix == ".service"), "utf-8")
    command = [ANALYZE, "verify", *map(str, names)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return [line for line in done.stderr.splitlines() if "woo2po@" in line]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"every": 60},
        {"config": PurePosixPath('/srv/50 % "ull" og $garn\\/a/config.toml')},
        {"program": ("/usr/bin/python3", "-m", "woo2po"), "allowance": None},
    ],
    ids=["plain", "hourly", "odd", "python"],
)
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path, changes):
    """It reads them as it would at work, and says what it does not know."""
    job = replace(SHOP, **({"program": ("/bin/true",)} | changes))
    assert verified(tmp_path, job) == []
    assert verified(tmp_path, job, "Protect=all\n") != [], "the check finds what is wrong"


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
    user="KONTOR\\kari",
)


def test_windows_gets_its_paths_quoted_in_its_own_way():
    """Blanks in a command line are quoted, an apostrophe is doubled for PowerShell."""
    script = task(WINDOWS)
    minute, second = WINDOWS.offset
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


def test_what_no_code_page_has_is_spelled_out_for_powershell():
    """æ, ø and å come through a pipe of PowerShell as something else; curly quotes end a text."""
    folder = PureWindowsPath("C:\\Bl\u00e5b\u00e6r \u2019n's $HOME `x")
    script = task(replace(WINDOWS, config=folder / "config.toml"))
    where = (
        "WorkingDirectory = ('' + 'C:\\Bl' + [char]0xE5 + 'b' + [char]0xE6 + 'r '"
        " + [char]0x2019 + 'n''s $HOME `x')"
    )
    assert where in script
    assert script.isascii()


# -- a container -------------------------------------------------------------------------------


def test_the_image_is_made_of_the_wheel_and_runs_as_nobody_in_particular():
    """Python's slim image, this version's wheel, a user without rights, the job as its command."""
    text = re.sub(r"\\\n", "", re.sub(r"^#.*\n", "", containerfile(), flags=re.MULTILINE))
    said = dict(line.split(None, 1) for line in text.splitlines() if line)
    assert " ".join(said) == "FROM COPY RUN ENV WORKDIR USER STOPSIGNAL ENTRYPOINT CMD"
    assert re.fullmatch(r"python:3\.\d+-slim", said["FROM"])
    wheel = f"woo2po-{__version__}-py3-none-any.whl"
    assert said["COPY"] == f"dist/{wheel} /wheels/"
    assert f"/wheels/{wheel}" in shlex.split(said["RUN"])
    subprocess.run(["/bin/sh", "-n", "-c", said["RUN"]], check=True)
    assert int(said["USER"].partition(":")[0]) >= 1000
    assert (json.loads(said["ENTRYPOINT"]), json.loads(said["CMD"])) == (["woo2po"], ["run"])


# -- the command -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [*KINDS, "container"])
def test_no_secret_is_ever_printed(config, kind):
    """What starts the job names the configuration, and holds none of its keys."""
    changed(
        config, "[payments]", '[monitoring]\nping_url = "https://hc.example/s3cret"\n[payments]'
    )
    settings = load(config)
    secrets = [
        getattr(getattr(settings, section), name).get_secret_value()
        for section, names in SECRETS.items()
        for name in names
    ]
    said = printed(config, kind)
    assert not [one for one in [*secrets, "s3cret"] if one in said]


def test_this_machine_s_program_is_named_by_its_whole_path(config, monkeypatch, tmp_path):
    """cron knows no virtual environment; where there is no such program, Python starts it."""
    job = job_of(config, load(config), 5)
    assert Path(job.program[0]).is_absolute()
    done = subprocess.run([*job.program, "--version"], capture_output=True, text=True, check=True)
    assert __version__ in done.stdout
    monkeypatch.setattr("sys.executable", str(tmp_path / "python3"))
    assert job_of(config, load(config), 5).program == (str(tmp_path / "python3"), "-m", "woo2po")


def test_a_path_becomes_whole_and_straight(config, monkeypatch, tmp_path):
    """`config.toml` is the same shop from its folder; systemd takes no ".."; a link stays one."""
    monkeypatch.chdir(config.parent)
    assert printed("config.toml", "cron") == printed(config, "cron")
    assert printed("../nettbutikken/config.toml", "systemd") == printed(config, "systemd")
    (tmp_path / "current").symlink_to("nettbutikken")
    job = job_of(tmp_path / "current" / "config.toml", load(config), 5)
    assert job.folder == tmp_path / "current"


@pytest.mark.parametrize("kind", KINDS)
def test_no_line_break_of_the_configuration_becomes_a_line_of_a_script(config, kind):
    """What is printed is piped into a shell of root's: no value is more than a word in it."""
    text = re.sub(r"(?m)^url = .*\n", "", config.read_text("utf-8"), count=1)
    broken = r'url = "https://shop.example\n* * * * * touch /srv/harm"'
    config.write_text(text.replace("[woocommerce]", f"[woocommerce]\n{broken}", 1), "utf-8")
    result = invoked("schedule", kind, "--config", str(config))
    assert (result.exit_code, result.stdout) == (2, "")


@pytest.mark.parametrize("kind", KINDS)
def test_no_line_break_in_a_path_becomes_one_either(config, tmp_path, kind):
    """Of the configuration's folder, or, in a cluster's comment, of a secret's file."""
    folder = tmp_path / "two\nlines"
    folder.mkdir()
    shutil.copy(config, folder)
    result = invoked("schedule", kind, "--config", str(folder / "config.toml"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "signs that cannot be seen" in " ".join(result.stderr.split())
    (folder / "key").write_text("ck_1", "utf-8")
    named = f'[woocommerce]\nconsumer_key_file = "{tmp_path}/two\\nlines/key"'
    changed(config, "[woocommerce]", named)
    result = invoked("schedule", "kubernetes", "--config", str(config))
    assert (result.exit_code, result.stdout) == (2, "")


def test_what_only_the_terminal_knows_is_said(config, monkeypatch):
    """Names of variables, never their values; the configuration's own name is none of them."""
    monkeypatch.setenv("WOO2PO_POWEROFFICE__CLIENT_KEY", "s3cret")
    monkeypatch.setenv("WOO2PO_CONFIG", str(config))
    result = invoked("schedule", "cron")
    assert result.exit_code == 0
    assert "WOO2PO_POWEROFFICE__CLIENT_KEY" in result.stderr
    assert "s3cret" not in result.output
    assert "WOO2PO_CONFIG" not in result.stderr
    assert "WOO2PO" not in result.stdout


def test_what_does_not_exist_is_refused(config):
    """A period that is no part of an hour, a timer that is none of these; no others are."""
    for wrong in (["cron", "--every", "7"], ["launchd"], [], ["kubernetes", "--shops", "0"]):
        assert invoked("schedule", *wrong, "--config", str(config)).exit_code == 2
    for every in PERIODS:
        assert printed(config, "cron", "--every", str(every))


def test_without_a_configuration_only_the_image_can_be_had(tmp_path):
    """The other texts are those of a shop."""
    missing = str(tmp_path / "none.toml")
    assert invoked("schedule", "container", "--config", missing).exit_code == 0
    for kind in KINDS:
        assert invoked("schedule", kind, "--config", missing).exit_code == 2


def test_a_user_without_a_name_is_a_number(config, monkeypatch):
    """In a container nobody may have a name for it."""
    if os.name == "posix":
        monkeypatch.setattr("pwd.getpwuid", lambda _: {}["nobody"])
        assert job_of(config, load(config), 5).user == str(os.getuid())


# -- Kubernetes --------------------------------------------------------------------------------

OLDEST = "1.29"  # the first with ReadWriteOncePod for good
HOSTILE = 'a "b" \\ {c} æøå \U0001f9f6 \u2028 \u0085 \u00a0 \x7f \ufeff\n# d: |\n---\n\te @@name'


def cluster(config, *arguments):
    """Return the objects of a manifest by their kind."""
    text = printed(config, "kubernetes", *arguments)
    return {one["kind"]: one for one in yaml.safe_load_all(text)}


def pod(manifest):
    return manifest["CronJob"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]


@pytest.mark.parametrize("version", [OLDEST, kubernetes_validate.latest_version()])
def test_kubernetes_takes_the_manifest(config, version):
    """Its own schemas, strictly: a key that it does not know would be ignored there."""
    manifest = cluster(config, "--shops", "50", "--image", "registry.example/woo2po:1")
    assert list(manifest) == ["ConfigMap", "PersistentVolumeClaim", "CronJob"]
    for one in manifest.values():
        kubernetes_validate.validate(one, version, strict=True)
    wrong = deepcopy(manifest["CronJob"])
    wrong["spec"]["concurencyPolicy"] = "Forbid"
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, version, strict=True)


def test_one_run_at_a_time_and_none_twice(config):
    """A run that lasts is not overtaken, one that failed is not repeated: the next one goes on."""
    manifest = cluster(config)
    spec = manifest["CronJob"]["spec"]
    assert spec["concurrencyPolicy"] == "Forbid"
    assert spec["schedule"] == f"{job_of(config, load(config), 5).minutes} * * * *"
    assert spec["startingDeadlineSeconds"] == 150
    assert spec["jobTemplate"]["spec"]["backoffLimit"] == 0
    assert pod(manifest)["restartPolicy"] == "Never"


def test_the_pod_writes_on_its_volume_and_may_do_nothing_that_it_need_not(config):
    """A volume of one pod; what Kubernetes calls a restricted pod."""
    manifest = cluster(config)
    spec, claim = pod(manifest), manifest["PersistentVolumeClaim"]
    (container,) = spec["containers"]
    mounts = {one["name"]: one["mountPath"] for one in container["volumeMounts"]}
    volumes = {one["name"]: one for one in spec["volumes"]}
    assert claim["spec"]["accessModes"] == ["ReadWriteOncePod"]
    assert mounts.keys() == volumes.keys()
    assert volumes["state"]["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]
    assert mounts["state"] == "/state"
    assert {"name": "HOME", "value": "/state"} in container["env"]
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert spec["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container["resources"]["limits"]["memory"] == "256Mi"
    (ping,) = (one for one in container["env"] if one["name"] == "WOO2PO_MONITORING__PING_URL")
    assert ping["valueFrom"]["secretKeyRef"]["optional"] is True, "without one it is not set"


def test_the_configuration_in_it_is_the_shop_s_own(config, tmp_path):
    """All that it says, hostile texts too; but secrets come from files, the state is elsewhere."""
    foreign = toml({"SE25": HOSTILE})
    config.write_text(f"{config.read_text('utf-8')}\n[vat]\nforeign = {foreign}\n", "utf-8")
    for name in KEYS:
        (tmp_path / name).write_text(f"of {name}\n", "utf-8")
    text = cluster(config)["ConfigMap"]["data"]["config.toml"]
    path = tmp_path / "pod.toml"
    path.write_text(text.replace("/secrets/", f"{tmp_path}/"), "utf-8")
    ours, theirs = load(config), load(path)
    keys = {"woocommerce", "poweroffice", "state"}
    assert theirs.model_dump(exclude=keys) == ours.model_dump(exclude=keys)
    assert theirs.vat.foreign == {"SE25": HOSTILE}
    assert theirs.woocommerce.consumer_key.get_secret_value() == "of consumer_key"
    assert theirs.poweroffice.client_key.get_secret_value() == "of client_key"
    assert theirs.poweroffice.base_url == ours.poweroffice.base_url
    assert theirs.woocommerce.orders_from == ours.woocommerce.orders_from
    assert theirs.state.path == "/state/woo2po.db"


def kubectl(text):
    """Return the files that the command in the comment puts into the Secret, by key."""
    comment = "\n".join(line[1:] for line in text.splitlines() if line.startswith("#"))
    (command,) = re.findall(r"kubectl create secret (?:.*\\\n)+.*", comment)
    words = shlex.split(command.replace("\\\n", ""))
    assert words[3:5] == ["generic", "woo2po-shop-example"]
    return dict(word.removeprefix("--from-file=").split("=", 1) for word in words[5:])


def test_the_secret_is_made_from_files(config, tmp_path):
    """A command with a file for each key; those that the configuration names, if it does."""
    assert kubectl(printed(config, "kubernetes")) == {name: name for name in KEYS}
    key = tmp_path / "client key"
    key.write_text("s3cret", "utf-8")
    whole = re.sub(r"client_key = .*", f'client_key_file = "{key}"', config.read_text("utf-8"))
    config.write_text(f'{whole}\n[monitoring]\nping_url = "https://hc.example/s3cret"\n', "utf-8")
    text = printed(config, "kubernetes")
    assert kubectl(text)["client_key"] == str(key)
    assert kubectl(text)["ping_url"] == "ping_url"
    assert "s3cret" not in text
    assert "client key" not in str(cluster(config))


def test_a_certificate_goes_along_and_a_key_beside_it_stays_here(config, tmp_path, monkeypatch):
    """A server's file often holds both; comments in it have any encoding. `~` is the home."""
    found = re.search(r"-----BEGIN CERT.*?-----END CERTIFICATE-----", certifi.contents(), re.DOTALL)
    ed25519 = bytes.fromhex("302e020100300506032b657004220420") + bytes(range(32))  # RFC 8410
    key = base64.b64encode(ed25519).decode()
    secret = f"-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----\n"
    content = f"{secret}{found[0]}\n{secret}".replace("\n", "\r\n").encode()
    (tmp_path / "both.pem").write_bytes(b"# \xe6\xf8\xe5\r\n" + content)
    monkeypatch.setenv("HOME", str(tmp_path))
    changed(config, "[poweroffice]", 'ca_file = "~/both.pem"\n[poweroffice]')
    data = cluster(config)["ConfigMap"]["data"]
    assert data["ca.pem"].strip() == found[0]
    assert 'ca_file = "/config/ca.pem"' in data["config.toml"]
    assert key not in printed(config, "kubernetes")


@pytest.mark.parametrize(
    ("own", "shops", "part"),
    [(10, 1, 10), (10, 3, 3.33), (10, 50, 0.2), (0.1, 50, 0.1), (40, 2, 20), (10, 1000, 0.01)],
)
def test_the_allowance_is_divided_among_the_shops(own, shops, part):
    """Pods do not meet in a folder: what all have together is never more than ten."""
    assert share({"requests_per_second": own}, shops) == part
    assert share({}, shops) * shops <= 10


NAMES = {
    "https://www.example.no": "woo2po-example-no",
    "https://example.no/butikk": "woo2po-example-no-butikk",
    "http://127.0.0.1:8081": "woo2po-127-0-0-1-8081",
    "https://BUTIKK.example.no/": "woo2po-butikk-example-no",
}


@pytest.mark.parametrize(
    "url",
    [*NAMES, "https://blåbær.no", f"https://{'a' * 60}.no", "https://æ.no", "https://a.b/---"],
)
def test_a_shop_is_named_by_its_address(url):
    """As a CronJob may be: small letters, digits, hyphens, at most 52; another one has another."""
    name = name_of(url)
    assert name == NAMES.get(url, name)
    assert re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", name)
    assert len(name) <= 52
    assert name != name_of(url.replace("no", "se") + "x")


@pytest.mark.parametrize(("mode", "others"), [(0o440, False), (0o444, True)])
def test_a_secret_that_the_pod_s_group_may_read_is_no_cause_for_a_warning(
    tmp_path, monkeypatch, mode, others
):
    """Kubernetes mounts it as root's, readable by the group that the pod runs as."""
    secret = tmp_path / "client_key"
    secret.write_text("s3cret", "utf-8")
    secret.chmod(mode)
    monkeypatch.setattr("os.getuid", lambda: secret.stat().st_uid + 10001)
    assert readable_by_others(secret) is others


# -- what the pod runs -------------------------------------------------------------------------

JOB = """#!/bin/sh
echo "$@" > said
trap 'echo told >> said; exit 3' TERM
echo up > up
n=0
while [ -e slow ] && [ $n -lt 100 ]; do sleep 0.1; n=$((n + 1)); done
exit $(cat code)
"""


@pytest.fixture
def started(config, tmp_path):
    """A function that starts the pod's command, with a woo2po that ends as it is told."""
    job = tmp_path / "bin" / "woo2po"
    job.parent.mkdir()
    job.write_text(JOB, "utf-8")
    job.chmod(0o700)
    (container,) = pod(cluster(config))["containers"]
    command = [*container["command"], *container["args"]]
    path = {**os.environ, "PATH": f"{job.parent}:{os.environ['PATH']}"}
    return lambda: subprocess.Popen(command, cwd=tmp_path, env=path)


@pytest.mark.parametrize(("code", "seen"), [(0, 0), (1, 0), (2, 2), (3, 3)])
def test_only_a_run_that_could_not_work_is_a_failure(tmp_path, started, code, seen):
    """1 is held orders, which wait for a person; that is said elsewhere."""
    (tmp_path / "code").write_text(str(code), "utf-8")
    assert started().wait(timeout=10) == seen
    assert (tmp_path / "said").read_text("utf-8") == "run\n"


def test_a_pod_that_is_told_to_stop_passes_it_on_and_waits(tmp_path, started):
    """SIGTERM reaches the run, and the shell ends as the run ends."""
    (tmp_path / "code").write_text("0", "utf-8")
    (tmp_path / "slow").touch()
    process = started()
    until = time.monotonic() + 10
    while not (tmp_path / "up").exists():
        assert time.monotonic() < until
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == 3
    assert (tmp_path / "said").read_text("utf-8") == "run\ntold\n"
