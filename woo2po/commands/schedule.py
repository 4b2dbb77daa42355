"""`schedule`: what starts the job every few minutes."""

import os
import tomllib

import click

from woo2po import __version__
from woo2po.commands.call import config_path, end, settings_of, tell, with_config
from woo2po.messages import say_both

KINDS = ("cron", "systemd", "windows", "container", "kubernetes")


@click.command()
@with_config
@click.argument("kind", type=click.Choice(KINDS))
@click.option(
    "--every",
    type=click.Choice([str(n) for n in range(1, 61) if 60 % n == 0]),
    default="5",
    show_default=True,
    metavar="MINUTES",
    help="How often: a whole part of an hour.",
)
@click.option(
    "--shops",
    type=click.IntRange(1, 1000),
    default=1,
    show_default=True,
    metavar="NUMBER",
    help="Kubernetes: how many shops share the subscription key.",
)
@click.option(
    "--image",
    default=f"woo2po:{__version__}",
    show_default=True,
    metavar="NAME",
    help="Kubernetes: the image that `schedule container` builds.",
)
@click.pass_context
def schedule(ctx: click.Context, kind: str, every: str, shops: int, image: str) -> None:
    """Print what starts the job every few minutes.

    Filled in for this shop: a crontab's line, units of systemd, a task of Windows, a file for a
    container's image, a manifest for Kubernetes.
    """
    from woo2po import schedule as timers  # noqa: PLC0415

    if kind == "container":
        click.echo(timers.containerfile(), nl=False)
        return
    settings = settings_of(ctx)
    language, path = settings.language, config_path(ctx.obj["config"])
    names = [n for n in sorted(os.environ) if n.startswith("WOO2PO_") and n != "WOO2PO_CONFIG"]
    if names:
        facts = {"names": ", ".join(names)}
        tell(say_both("schedule_environment", language, facts), err=True)
    try:
        job = timers.job_of(path, settings, int(every))
        if kind == "kubernetes":
            said = tomllib.loads(path.read_text("utf-8-sig"))
            text = timers.manifest(job, said, image, shops)
        else:
            made = {"cron": timers.crontab, "systemd": timers.units, "windows": timers.task}
            text = made[kind](job)
    except timers.Unfit as error:
        end(2, say_both(error.code, language, error.facts))
    click.echo(text, nl=False)
