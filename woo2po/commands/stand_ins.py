"""`demo` and `sandbox`: both systems built in."""

import click

from woo2po.commands.call import end, interruptible
from woo2po.messages import say_both
from woo2po.messages.message import Language

_PORT = click.IntRange(0, 65535)
_with_language = click.option(
    "--language",
    type=click.Choice(["nb", "en"]),
    default="nb",
    show_default=True,
    help="What it is shown in.",
)


@click.command()
@_with_language
def demo(language: Language) -> None:
    """Show the whole job on recorded orders.

    Both systems are built-in stand-ins: no account is needed.
    """
    from woo2po.demo import run_demo  # noqa: PLC0415

    interruptible()
    raise click.exceptions.Exit(run_demo(language))


@click.command()
@click.option(
    "--shop-port",
    type=_PORT,
    metavar="PORT",
    default=8081,
    show_default=True,
    help="The shop's port; 0: a free one.",
)
@click.option(
    "--go-port",
    type=_PORT,
    metavar="PORT",
    default=8082,
    show_default=True,
    help="PowerOffice's port; 0: a free one.",
)
@_with_language
def sandbox(shop_port: int, go_port: int, language: Language) -> None:
    """Serve built-in stand-ins for both systems.

    They answer on this machine alone, and are changed by hand: type help there.
    """
    from woo2po.demo import serve_sandbox  # noqa: PLC0415

    try:
        from woo2po.sandbox.serve import PortTaken  # noqa: PLC0415
    except ModuleNotFoundError:  # uvicorn comes with the extra
        end(2, say_both("sandbox_not_installed", language))
    interruptible()
    try:
        serve_sandbox(shop_port, go_port, language)
    except PortTaken as error:
        facts = {"port": str(error.port), "said": error.said}
        end(2, say_both("port_taken", language, facts))
