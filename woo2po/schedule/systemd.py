"""Template units for all shops of a folder, as a shell script that installs them.

Sources: systemd.unit(5), systemd.service(5), systemd.exec(5), systemd.timer(5).
"""

import re
import shlex

from woo2po.schedule.job import Job, Unfit

SCRIPT = """\
#!/bin/sh
# woo2po with systemd, every {every} minutes: one pair of units for all shops below
# {base}
# in which each shop has a folder of its own with its {config_name}. Read it, then let it install
# them and start the timer of this shop:  woo2po schedule systemd | sudo sh
# Each further shop takes one line:        sudo systemctl enable --now woo2po@FOLDER.timer
# Its log:                                 journalctl -u woo2po@FOLDER
set -eu
{prepare}
cat > /etc/systemd/system/woo2po@.service <<'UNIT'
{service}UNIT

cat > /etc/systemd/system/woo2po@.timer <<'UNIT'
{timer}UNIT

systemctl daemon-reload
systemctl enable --now {instance}
"""

SERVICE = """\
[Unit]
Description=Orders of %i from WooCommerce to PowerOffice Go
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User={user}
WorkingDirectory={folder}
ExecStart={run}
# 1: done, and some order is held. That is no failure of the service.
SuccessExitStatus=1
# A run that is told to stop ends within two seconds.
TimeoutStopSec=10

# Keys in files that only root can read, instead of in {config_name}:
#LoadCredential=client_key:/etc/woo2po/%i/client_key
#Environment=WOO2PO_POWEROFFICE__CLIENT_KEY_FILE=%d/client_key

# Nothing but the shop's folder, and the one in which the user's shops share the allowance of
# their subscription key, can be written.
ProtectSystem=strict
ProtectHome=read-only
{writable}
UMask=0077
NoNewPrivileges=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
CapabilityBoundingSet=
SystemCallArchitectures=native
SystemCallFilter=@system-service
"""

TIMER = """\
[Unit]
Description=Every {every} minutes: orders of %i from WooCommerce to PowerOffice Go

[Timer]
OnCalendar={calendar}
# Each shop starts at a moment of its own within the period, and keeps it.
RandomizedDelaySec={every}min
FixedRandomDelay=yes
AccuracySec=1s
Persistent=yes

[Install]
WantedBy=timers.target
"""


def units(job: Job) -> str:
    """Return the script. Raises Unfit for a shop's folder whose name is no instance's."""
    shop, base = job.folder.name, job.folder.parent
    if not re.fullmatch(r"[A-Za-z0-9:_.][A-Za-z0-9:_.-]*", shop):
        raise Unfit("schedule_folder", name=shop)
    return SCRIPT.format(
        every=job.every,
        base=base,
        config_name=job.config.name,
        prepare=_prepared(job),
        service=service(job),
        timer=TIMER.format(every=job.every, calendar=_calendar(job.every)),
        instance=shlex.quote(f"woo2po@{shop}.timer"),
    )


def service(job: Job) -> str:
    """Return the service's unit; %i stands for the name of a shop's folder."""
    folder = _path(str(job.folder.parent).rstrip("/")) + "/%i"
    config = f"{folder}/{_path(job.config.name)}"
    words = [*map(_word, job.program), "--config", _in_command(config)]
    return SERVICE.format(
        user=job.user,
        folder=folder,
        run=" ".join([*words, "run"]),
        config_name=job.config.name,
        writable="\n".join(_writable(job, folder)),
    )


def _writable(job: Job, folder: str) -> list[str]:
    """Return the folders that are written; the shared one may be missing, and then is not."""
    paths = [_quoted(folder)]
    if job.state.parent != job.folder and job.folder not in job.state.parents:
        paths.append(_quoted(_path(str(job.state.parent))))
    if job.allowance is not None:
        paths.append(_quoted("-" + _path(str(job.allowance))))
    return [f"ReadWritePaths={path}" for path in paths]


def _prepared(job: Job) -> str:
    """Return the line that makes the shared folder as the user's own."""
    if job.allowance is None:
        return ""
    user, folder = shlex.quote(job.user), shlex.quote(str(job.allowance))
    return f"runuser -u {user} -- mkdir -p {folder}\n"


def _calendar(every: int) -> str:
    return "hourly" if every == 60 else f"*:0/{every}"


def _path(path: str) -> str:
    """Return a path in which nothing stands for something else."""
    return path.replace("%", "%%")


def _word(word: str) -> str:
    return _in_command(_path(word))


def _in_command(word: str) -> str:
    """Return a word of a command line: "$" is doubled there, and nowhere else."""
    return _quoted(word.replace("$", "$$"))


def _quoted(word: str) -> str:
    """Return a word of a list."""
    if re.fullmatch(r"[\w/.:@%+=,-]+", word):
        return word
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
