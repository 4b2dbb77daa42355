"""`init`: the wizard."""

from pathlib import Path

import click

from woo2po.commands.call import CONFIG_NAME, FILE, end, interruptible, now, with_config
from woo2po.commands.spoken import command
from woo2po.language import language_here
from woo2po.messages.message import Language


@command()
@with_config
@click.option("--answers", type=FILE, metavar="FILE")
@click.option("--language", type=click.Choice(["nb", "en"]))
@click.pass_context
def init(ctx: click.Context, answers: Path | None, language: Language | None) -> None:
    """Ask what a configuration needs, offering what both systems have, and write it."""
    from woo2po.settings import load  # noqa: PLC0415
    from woo2po.wizard import Call, End, set_up  # noqa: PLC0415

    interruptible()
    users = Path(click.get_app_dir("woo2po")) / CONFIG_NAME
    call = Call(ctx.obj["config"], users, answers, language, language_here(), now, load)
    try:
        set_up(call)
    except End as over:
        end(over.code, over.text)
