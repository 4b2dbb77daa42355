"""A shop as a CronJob of Kubernetes, with its configuration and its volume.

Sources: Kubernetes' documentation of CronJob (batch/v1), PersistentVolumeClaim, Pod Security
Standards ("restricted").
"""

import hashlib
import math
import re
import shlex
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from woo2po.schedule.cron import minutes
from woo2po.schedule.job import Job, must_be_seen
from woo2po.schedule.toml import document, value

ALLOWANCE = 10  # PowerOffice's requests a second per subscription key
SECRETS: dict[str, tuple[str, ...]] = {
    "woocommerce": ("consumer_key", "consumer_secret"),
    "poweroffice": ("application_key", "client_key", "subscription_key"),
}
# On this machine, or, as a secret, in the Secret.
STAYS: dict[str, tuple[str, ...]] = {
    "poweroffice": ("allowance_folder",),
    "monitoring": ("ping_url",),
}
_LONGEST = 52  # characters of a CronJob's name: its jobs' names are longer by eleven

MANIFEST = """\
# Orders to PowerOffice Go, every {every} minutes, of the shop
# {url}
#
# First the five keys, from files that hold one key each and nothing else:
#
#   kubectl create secret generic {name} \\
{secrets}
#
# Then the rest:  woo2po schedule kubernetes --shops {shops} | kubectl apply -f -
# Shops on this subscription key: {shops}. So this one asks for at most {share} requests a second.
apiVersion: v1
kind: ConfigMap
metadata:
  name: {name}
  labels: {{app.kubernetes.io/name: woo2po, app.kubernetes.io/instance: {name}}}
data:
  config.toml: |
{config}{certificates}---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: {name}
  labels: {{app.kubernetes.io/name: woo2po, app.kubernetes.io/instance: {name}}}
spec:
  # SQLite wants a disk that can lock, and one pod at a time.
  accessModes: [ReadWriteOncePod]
  resources:
    requests:
      storage: 1Gi
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: {name}
  labels: {{app.kubernetes.io/name: woo2po, app.kubernetes.io/instance: {name}}}
spec:
  # Each shop has a minute of its own.
  schedule: "{schedule}"
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: {deadline}
  successfulJobsHistoryLimit: 1
  failedJobsHistoryLimit: 3
  jobTemplate:
    spec:
      # The next run goes on where this one stopped.
      backoffLimit: 0
      template:
        metadata:
          labels: {{app.kubernetes.io/name: woo2po, app.kubernetes.io/instance: {name}}}
        spec:
          restartPolicy: Never
          terminationGracePeriodSeconds: 10
          automountServiceAccountToken: false
          # Else a Service called woo2po puts variables into the pod that look like ours.
          enableServiceLinks: false
          securityContext:
            runAsNonRoot: true
            runAsUser: 10001
            runAsGroup: 10001
            fsGroup: 10001
            fsGroupChangePolicy: OnRootMismatch
            seccompProfile: {{type: RuntimeDefault}}
          containers:
            - name: woo2po
              image: {image}
              command: [/bin/sh, -c]
              args:
                - |
{wrapper}
              env:
                - {{name: HOME, value: /state}}
                - {{name: WOO2PO_CONFIG, value: /config/config.toml}}
                - name: WOO2PO_MONITORING__PING_URL
                  valueFrom:
                    secretKeyRef: {{name: {name}, key: ping_url, optional: true}}
              workingDir: /state
              resources:
                requests: {{cpu: 50m, memory: 96Mi}}
                limits: {{memory: 256Mi}}
              securityContext:
                allowPrivilegeEscalation: false
                readOnlyRootFilesystem: true
                capabilities: {{drop: [ALL]}}
              volumeMounts:
                - {{name: config, mountPath: /config, readOnly: true}}
                - {{name: secrets, mountPath: /secrets, readOnly: true}}
                - {{name: state, mountPath: /state}}
                - {{name: scratch, mountPath: /tmp}}
          volumes:
            - name: config
              configMap: {{name: {name}, defaultMode: 0440}}
            - name: secrets
              secret: {{secretName: {name}, defaultMode: 0440}}
            - name: state
              persistentVolumeClaim: {{claimName: {name}}}
            - name: scratch
              emptyDir: {{}}
"""

# A run ends with 1 where some order is held: for Kubernetes the job has done its work. The shell
# is the container's first process, which no signal ends by itself: it passes SIGTERM on and waits.
WRAPPER = """\
woo2po run & run=$!
trap 'kill -TERM $run' TERM
wait $run; code=$?
while kill -0 $run 2>/dev/null; do wait $run; code=$?; done
# 1: done, and some order is held. That is no failure of the job.
[ $code -eq 1 ] && exit 0
exit $code"""


def manifest(job: Job, said: Mapping[str, Any], image: str, shops: int) -> str:
    """Return the manifest of a shop whose configuration says this; `shops` share its key.

    Pods do not meet in a folder: each gets its part of the ten requests a second.
    """
    name = name_of(job.url)
    part = share(said.get("poweroffice", {}), shops)
    certificates = said.get("woocommerce", {}).get("ca_file", "")
    return MANIFEST.format(
        url=job.url,
        every=job.every,
        name=name,
        shops=shops,
        share=value(part),
        secrets=_secrets(said),
        config=textwrap.indent(document(configuration(said, part)), "    "),
        certificates=_certificates(job, certificates) if certificates else "",
        schedule=f"{minutes(job.offset[0], job.every)} * * * *",
        deadline=max(30, job.every * 30),
        image=value(image),
        wrapper=textwrap.indent(WRAPPER, " " * 18),
    )


def name_of(url: str) -> str:
    """Return a name for a shop's objects: its address in small letters, digits and hyphens."""
    parts = urlsplit(url)
    whole = f"{parts.netloc}{parts.path}".lower().removeprefix("www.")
    plain = re.sub(r"[^a-z0-9]+", "-", whole).strip("-")
    name = f"woo2po-{plain}".rstrip("-")
    if len(name) <= _LONGEST and whole.isascii():
        return name
    return f"{name[: _LONGEST - 9].rstrip('-')}-{hashlib.sha256(whole.encode()).hexdigest()[:8]}"


def configuration(said: Mapping[str, Any], requests_per_second: float) -> dict[str, Any]:
    """Return what a configuration says, for a pod: secrets from files, state on a volume."""
    whole: dict[str, Any] = {
        name: dict(part) if isinstance(part, Mapping) else part for name, part in said.items()
    }
    for section, names in STAYS.items():
        for name in names:
            whole.get(section, {}).pop(name, None)
    for section, names in SECRETS.items():
        keys = whole.setdefault(section, {})
        for name in names:
            keys.pop(name, None)
            keys[f"{name}_file"] = f"/secrets/{name}"
    if whole["woocommerce"].get("ca_file"):
        whole["woocommerce"]["ca_file"] = "/config/ca.pem"
    whole["poweroffice"]["requests_per_second"] = requests_per_second
    whole["state"] = {"path": "/state/woo2po.db"}
    return whole


def share(poweroffice: Mapping[str, Any], shops: int) -> float:
    """Return a shop's part of the allowance: what all have together is never more than that."""
    own = float(poweroffice.get("requests_per_second", ALLOWANCE))
    part = min(own, max(0.01, math.floor(100 * max(ALLOWANCE, own) / shops) / 100))
    return int(part) if part == int(part) else part


def _secrets(said: Mapping[str, Any]) -> str:
    """Return the words of kubectl that name the files: the configuration's, if it has any.

    Raises Unfit.
    """
    files = {
        name: said.get(section, {}).get(f"{name}_file") or name
        for section, names in SECRETS.items()
        for name in names
    }
    if said.get("monitoring", {}).get("ping_url"):
        files["ping_url"] = "ping_url"
    for path in files.values():
        must_be_seen(str(path))
    words = [f"#     --from-file={name}={shlex.quote(str(path))}" for name, path in files.items()]
    return " \\\n".join(words)


def _certificates(job: Job, path: str) -> str:
    """Return the shop's own certificate authority, which is no secret. Raises OSError."""
    content = Path(job.folder, path).expanduser().read_text("utf-8")
    return "  ca.pem: |\n" + textwrap.indent(content.rstrip() + "\n", "    ")
