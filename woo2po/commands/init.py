"""`init`: the wizard."""

from pathlib import Path

import click

from woo2po.commands.call import CONFIG_NAME, FILE, end, interruptible, now, with_config
from woo2po.language import language_here
from woo2po.messages.message import Language


@click.command()
@with_config
@click.option(
    "--answers",
    type=FILE,
    metavar="FILE",
    help="Ask nobody: the answers are in this file, of the shape of config.toml.",
)
@click.option("--language", type=click.Choice(["nb", "en"]), help="What it is shown in: nb or en.")
@click.pass_context
def init(ctx: click.Context, answers: Path | None, language: Language | None) -> None:
    """Set it up: ask what is needed, and write config.toml.

    It offers what it finds in the shop and in PowerOffice.
    """
    from woo2po.settings import load  # noqa: PLC0415
    from woo2po.wizard import Call, End, set_up  # noqa: PLC0415

    interruptible()
    users = Path(click.get_app_dir("woo2po")) / CONFIG_NAME
    call = Call(ctx.obj["config"], users, answers, language, language_here(), now, load)
    try:
        set_up(call)
    except End as over:
        end(over.code, over.text)
