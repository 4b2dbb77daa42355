"""`status --all DIR`: all shops of a folder."""

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import NoReturn

import click

from woo2po.commands.call import end, now
from woo2po.language import language_here
from woo2po.messages import say_both


def show_shops(folder: str, *, as_json: bool, max_age: int) -> NoReturn:
    """Show the shops below a folder, and end with the worst of them."""
    from woo2po.report import json_text  # noqa: PLC0415
    from woo2po.settings import load  # noqa: PLC0415
    from woo2po.shops import NoShops, shops_below, shops_text  # noqa: PLC0415

    moment, oldest = now(), timedelta(minutes=max_age)
    try:
        found = shops_below(
            Path(folder), partial(load, alone=True), moment, oldest, language_here()
        )
    except NoShops as error:
        end(2, say_both(error.code, language_here(), error.facts))
    click.echo(json_text(found.as_json()) if as_json else shops_text(found, moment))
    raise click.exceptions.Exit(found.exit_code)
