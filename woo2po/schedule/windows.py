"""A task of the Windows Task Scheduler, as PowerShell that registers it.

Source: the ScheduledTasks module of Windows PowerShell.
"""

import re
import subprocess

from woo2po.schedule.job import Job

SCRIPT = """\
# Orders to PowerOffice Go, every {every} minutes, whether somebody is logged on or not, of the shop
# {url}
# In a PowerShell that was started as administrator:
#   woo2po schedule windows | Out-String | Invoke-Expression
$run = @{{
    Execute = {program}
    Argument = {arguments}
    WorkingDirectory = {folder}
}}
$times = @{{
    Once = $true
    At = (Get-Date -Hour 0 -Minute {minute} -Second {second})
    RepetitionInterval = (New-TimeSpan -Minutes {every})
}}
$how = @{{
    MultipleInstances = 'IgnoreNew'
    ExecutionTimeLimit = (New-TimeSpan)
    StartWhenAvailable = $true
    AllowStartIfOnBatteries = $true
    DontStopIfGoingOnBatteries = $true
}}
$task = @{{
    TaskName = {name}
    TaskPath = '\\woo2po\\'
    Action = (New-ScheduledTaskAction @run)
    Trigger = (New-ScheduledTaskTrigger @times)
    Settings = (New-ScheduledTaskSettingsSet @how)
    Principal = (New-ScheduledTaskPrincipal -UserId {user} -LogonType S4U)
}}
Register-ScheduledTask @task -Force
"""


def task(job: Job) -> str:
    """Return the script."""
    program, *arguments = job.command
    minute, second = job.offset
    return SCRIPT.format(
        url=job.url,
        every=job.every,
        program=_text(program),
        arguments=_text(subprocess.list2cmdline(arguments)),
        folder=_text(str(job.folder)),
        minute=minute,
        second=second,
        name=_text(job.folder.name),
        user=_text(job.user),
    )


def _text(text: str) -> str:
    """Return an expression of PowerShell for a text, in signs that every encoding has."""
    parts = [part for part in re.split(r"([^ -~])", text) if part]
    written = [f"[char]0x{ord(p):X}" if not p.isascii() else _plain(p) for p in parts]
    if len(written) == 1 and text.isascii():
        return written[0]
    return "('' + " + " + ".join(written) + ")"  # text first: signs alone would be added up


def _plain(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"
