"""A line for a crontab. Source: crontab(5)."""

import shlex

from woo2po.schedule.job import Job

HEAD = """\
# Orders to PowerOffice Go, every {every} minutes, of the shop {url}
# Put the line below into the crontab of the user whose job it is (crontab -e). Each shop starts
# at a moment of its own.
"""


def crontab(job: Job) -> str:
    """Return a comment and the line."""
    return f"{HEAD.format(url=job.url, every=job.every)}{cron_line(job)}\n"


def cron_line(job: Job) -> str:
    """Return the line; the log goes into the shop's folder."""
    run = " ".join(shlex.quote(word) for word in job.command)
    minute, second = job.offset
    wait = f"sleep {second}; " if second else ""
    work = f"{wait}cd {shlex.quote(str(job.folder))} && {run} >> woo2po.log 2>&1"
    # cron takes a bare % for the end of the line, inside quotes too.
    return f"{minutes(minute, job.every)} * * * *  {work.replace('%', chr(92) + '%')}"


def minutes(first: int, every: int) -> str:
    """Return cron's field for the minutes `first`, `first + every`, ... of each hour."""
    if every == 60:
        return str(first)
    if first == 0:
        return "*" if every == 1 else f"*/{every}"
    return f"{first}-59/{every}"
