"""What starts the job every few minutes, filled in for one shop: text to save, or to pipe on.

job.py         one shop's job: its paths, its name, its moment
cron.py        a line for a crontab
systemd.py     template units for all shops of a folder, as a script that installs them
windows.py     a task of the Task Scheduler, as PowerShell
container.py   a Containerfile for an image of the wheel
kubernetes.py  a CronJob with what belongs to it
toml.py        the configuration as it goes into a cluster: without secrets

Texts are English: they are files of other programs. None holds a secret's value.
"""

from woo2po.schedule.container import containerfile
from woo2po.schedule.cron import cron_line, crontab
from woo2po.schedule.job import Job, Unfit, job_of
from woo2po.schedule.kubernetes import manifest
from woo2po.schedule.systemd import units
from woo2po.schedule.windows import task

__all__ = [
    "Job",
    "Unfit",
    "containerfile",
    "cron_line",
    "crontab",
    "job_of",
    "manifest",
    "task",
    "units",
]
