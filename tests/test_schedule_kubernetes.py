"""`schedule kubernetes`: a manifest that Kubernetes takes, and a job that works in its pod."""

import base64
import os
import re
import shlex
import signal
import ssl
import subprocess
import time
from copy import deepcopy

import certifi
import kubernetes_validate
import pytest
import readme
import yaml
from served import invoked

from woo2po.demo import sandbox_config
from woo2po.sandbox.shop import ShopSite
from woo2po.schedule.kubernetes import SECRETS, WRAPPER, name_of, share
from woo2po.schedule.toml import value
from woo2po.settings import load, readable_by_others

OLDEST = "1.29"  # the first with ReadWriteOncePod for good
HOSTILE = 'a "b" \\ {c} æøå \U0001f9f6 \u2028 \u0085 \u00a0 \x7f \ufeff\n# d: |\n---\n\te'


@pytest.fixture
def config(tmp_path):
    """The sandbox's configuration."""
    folder = tmp_path / "nettbutikken"
    folder.mkdir()
    path = folder / "config.toml"
    text = sandbox_config("https://www.shop.example", "https://go.example", ShopSite(), "en")
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    return path


def printed(config, *arguments):
    result = invoked("schedule", "kubernetes", *arguments, "--config", str(config))
    assert result.exit_code == 0, result.output
    return result.stdout


def objects(text):
    """Return the objects of a manifest by their kind."""
    return {one["kind"]: one for one in yaml.safe_load_all(text)}


def validate(manifest, version):
    for one in manifest.values():
        kubernetes_validate.validate(one, version, strict=True)


def pod(manifest):
    return manifest["CronJob"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]


@pytest.mark.parametrize("version", [OLDEST, kubernetes_validate.latest_version()])
def test_kubernetes_takes_the_manifest(config, version):
    """Its own schemas, strictly: an unknown key is an error."""
    manifest = objects(printed(config, "--shops", "50", "--image", "registry.example/woo2po:1"))
    assert list(manifest) == ["ConfigMap", "PersistentVolumeClaim", "CronJob"]
    validate(manifest, version)


def test_the_readme_shows_what_the_command_prints(config):
    """The same, to the letter, and Kubernetes takes it."""
    config.write_text(readme.SMALL, "utf-8")
    text = printed(config, "--shops", "50")
    assert f"```yaml\n{text}```" in readme.FILE.read_text("utf-8")
    validate(objects(text), kubernetes_validate.latest_version())


def test_the_check_would_find_a_wrong_key(config):
    """A key that Kubernetes does not know would be ignored there, and is an error here."""
    manifest = deepcopy(objects(printed(config)))
    manifest["CronJob"]["spec"]["concurencyPolicy"] = "Forbid"
    with pytest.raises(kubernetes_validate.ValidationError):
        validate(manifest, kubernetes_validate.latest_version())


def test_one_run_at_a_time_and_none_twice(config):
    """A run that lasts is not overtaken, one that failed is not repeated: the next one goes on."""
    spec = objects(printed(config))["CronJob"]["spec"]
    assert spec["concurrencyPolicy"] == "Forbid"
    assert re.fullmatch(r"[0-4]-59/5 \* \* \* \*|\*/5 \* \* \* \*", spec["schedule"])
    assert spec["startingDeadlineSeconds"] == 150
    assert spec["jobTemplate"]["spec"]["backoffLimit"] == 0
    assert pod(objects(printed(config)))["restartPolicy"] == "Never"


def test_the_state_is_on_a_volume_of_one_pod(config):
    """Everything that is written lies there; the rest of the file system cannot be written."""
    manifest = objects(printed(config))
    claim = manifest["PersistentVolumeClaim"]
    assert claim["spec"]["accessModes"] == ["ReadWriteOncePod"]
    (container,) = pod(manifest)["containers"]
    mounts = {one["name"]: one["mountPath"] for one in container["volumeMounts"]}
    volumes = {one["name"]: one for one in pod(manifest)["volumes"]}
    assert mounts.keys() == volumes.keys()
    assert volumes["state"]["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]
    assert mounts["state"] == "/state"
    assert {"name": "HOME", "value": "/state"} in container["env"]


def test_the_pod_may_do_nothing_that_it_need_not(config):
    """What Kubernetes calls a restricted pod."""
    spec = pod(objects(printed(config)))
    (container,) = spec["containers"]
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert spec["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container["resources"]["limits"]["memory"] == "256Mi"


def test_the_configuration_in_it_is_the_shop_s_own(config, tmp_path):
    """All that it says, but secrets come from files, the state is on the volume."""
    text = in_the_pod(config, tmp_path)
    ours, theirs = load(config), load(text)
    keys = {"woocommerce", "poweroffice", "state"}
    assert theirs.model_dump(exclude=keys) == ours.model_dump(exclude=keys)
    assert theirs.woocommerce.consumer_key.get_secret_value() == "of consumer_key"
    assert theirs.poweroffice.client_key.get_secret_value() == "of client_key"
    assert theirs.poweroffice.base_url == ours.poweroffice.base_url
    assert theirs.woocommerce.orders_from == ours.woocommerce.orders_from
    assert theirs.state.path == "/state/woo2po.db"


def in_the_pod(config, tmp_path):
    """Write the configuration of the manifest, its secrets in a folder of ours; return where."""
    secrets = tmp_path / "secrets"
    secrets.mkdir(exist_ok=True)
    for name in (name for names in SECRETS.values() for name in names):
        (secrets / name).write_text(f"of {name}\n", "utf-8")
    text = objects(printed(config))["ConfigMap"]["data"]["config.toml"]
    path = tmp_path / "pod.toml"
    path.write_text(text.replace("/secrets/", f"{secrets}/"), "utf-8")
    path.chmod(0o600)
    return path


def test_no_text_of_the_configuration_breaks_out_of_the_manifest(config, tmp_path):
    """Quotes, braces, other alphabets, signs that YAML takes for the end of a line."""
    text = value({"SE25": HOSTILE})
    config.write_text(f"{config.read_text('utf-8')}\n[vat]\nforeign = {text}\n", "utf-8")
    assert load(config).vat.foreign == {"SE25": HOSTILE}
    assert load(in_the_pod(config, tmp_path)).vat.foreign == {"SE25": HOSTILE}


def test_the_secret_is_made_from_files(config, tmp_path):
    """A command with a file for each key; those that the configuration names, if it does."""
    text = printed(config)
    assert kubectl(text) == {name: name for names in SECRETS.values() for name in names}
    key = tmp_path / "client key"
    key.write_text("s3cret", "utf-8")
    whole = config.read_text("utf-8")
    config.write_text(
        re.sub(r"client_key = .*", f'client_key_file = "{key}"', whole)
        + '\n[monitoring]\nping_url = "https://hc.example/s3cret"\n',
        "utf-8",
    )
    text = printed(config)
    assert kubectl(text)["client_key"] == str(key)
    assert kubectl(text)["ping_url"] == "ping_url"
    assert "s3cret" not in text
    assert "client key" not in str(objects(text))


def kubectl(text):
    """Return the files that the command in the comment puts into the Secret, by key."""
    comment = "\n".join(line[1:] for line in text.splitlines() if line.startswith("#"))
    (command,) = re.findall(r"kubectl create secret (?:.*\\\n)+.*", comment)
    words = shlex.split(command.replace("\\\n", ""))
    assert words[3:5] == ["generic", objects(text)["CronJob"]["metadata"]["name"]]
    return dict(word.removeprefix("--from-file=").split("=", 1) for word in words[5:])


def test_the_address_of_the_monitoring_service_comes_from_the_secret(config):
    """Whoever knows it can ping in our name; without one the variable is not set."""
    (container,) = pod(objects(printed(config)))["containers"]
    (ping,) = (one for one in container["env"] if one["name"] == "WOO2PO_MONITORING__PING_URL")
    assert ping["valueFrom"]["secretKeyRef"]["optional"] is True


def certificates_in(file):
    """Return what a file holds from its first certificate on."""
    _, begin, rest = file.read_text("utf-8").partition("-----BEGIN CERT")
    return f"{begin}{rest}".strip()


def test_a_key_beside_the_certificate_stays_here(config, tmp_path, monkeypatch):
    """A server's file often holds both; comments in it have any encoding. `~` is the home."""
    authority = tmp_path / "both.pem"
    with open(certifi.where(), encoding="utf-8") as file:  # noqa: PTH123
        certificate = file.read()[:2000].rpartition("# Issuer")[0]
    ed25519 = bytes.fromhex("302e020100300506032b657004220420") + bytes(range(32))  # RFC 8410
    key = base64.b64encode(ed25519).decode()
    secret = f"-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----\n"
    content = f"{secret}{certificate}{secret}".replace("\n", "\r\n").encode()
    authority.write_bytes(b"# \xe6\xf8\xe5\r\n" + content)
    monkeypatch.setenv("HOME", str(tmp_path))
    whole = config.read_text("utf-8")
    config.write_text(whole.replace("[poweroffice]", 'ca_file = "~/both.pem"\n[poweroffice]'))
    said = printed(config)
    assert "PRIVATE" not in said
    assert key not in said
    ssl.create_default_context(cadata=objects(said)["ConfigMap"]["data"]["ca.pem"])


def test_a_certificate_authority_of_the_shop_goes_with_it(config, tmp_path):
    """It is no secret, and no path of this machine exists in a pod."""
    authority = config.parent / "ca.pem"
    with open(certifi.where(), encoding="utf-8") as file:  # noqa: PTH123
        authority.write_text(file.read()[:2000].rpartition("# Issuer")[0], "utf-8")
    whole = config.read_text("utf-8")
    config.write_text(whole.replace("[poweroffice]", f'ca_file = "{authority}"\n[poweroffice]'))
    manifest = objects(printed(config))
    data = manifest["ConfigMap"]["data"]
    assert data["ca.pem"].strip() == certificates_in(authority)
    assert 'ca_file = "/config/ca.pem"' in data["config.toml"]
    validate(manifest, OLDEST)


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


@pytest.mark.parametrize("url", NAMES)
def test_a_shop_is_named_by_its_address(url):
    """As an agency would call it."""
    assert name_of(url) == NAMES[url]


@pytest.mark.parametrize(
    "url",
    [*NAMES, "https://blåbær.no", f"https://{'a' * 60}.no", "https://æ.no", "https://a.b/---"],
)
def test_a_name_is_one_that_a_cronjob_may_have(url):
    """Small letters, digits, hyphens; at most 52, since its jobs' names are longer."""
    name = name_of(url)
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


# -- the wrapper -------------------------------------------------------------------------------

JOB = """#!/bin/sh
echo "$@" > said
trap 'echo told >> said; exit 3' TERM
echo up > up
n=0
while [ -e slow ] && [ $n -lt 100 ]; do sleep 0.1; n=$((n + 1)); done
exit $(cat code)
"""


@pytest.fixture
def wrapped(tmp_path):
    """A woo2po that ends as told, and an environment in which the shell finds it."""
    job = tmp_path / "bin" / "woo2po"
    job.parent.mkdir()
    job.write_text(JOB, "utf-8")
    job.chmod(0o700)
    return {**os.environ, "PATH": f"{job.parent}:{os.environ['PATH']}"}


@pytest.mark.parametrize(("code", "seen"), [(0, 0), (1, 0), (2, 2), (3, 3)])
def test_only_a_run_that_could_not_work_is_a_failure(tmp_path, wrapped, code, seen):
    """1 is held orders, which wait for a person; that is said elsewhere."""
    (tmp_path / "code").write_text(str(code), "utf-8")
    done = subprocess.run(["/bin/sh", "-c", WRAPPER], cwd=tmp_path, env=wrapped, check=False)
    assert done.returncode == seen
    assert (tmp_path / "said").read_text("utf-8") == "run\n"


def test_a_pod_that_is_told_to_stop_passes_it_on_and_waits(tmp_path, wrapped):
    """SIGTERM reaches the run, and the shell ends as the run ends."""
    (tmp_path / "code").write_text("0", "utf-8")
    (tmp_path / "slow").touch()
    process = subprocess.Popen(["/bin/sh", "-c", WRAPPER], cwd=tmp_path, env=wrapped)
    until = time.monotonic() + 10
    while not (tmp_path / "up").exists():
        assert time.monotonic() < until
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == 3
    assert (tmp_path / "said").read_text("utf-8") == "run\ntold\n"


def test_the_wrapper_in_the_manifest_is_the_one_tried_here(config):
    """Indentation is YAML's."""
    (container,) = pod(objects(printed(config)))["containers"]
    assert container["command"] == ["/bin/sh", "-c"]
    assert [text.strip() for text in container["args"]] == [WRAPPER.strip()]
