"""What a person asked a preview for: order by order on the terminal, a page, or JSON."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from woo2po.connections import Connections
from woo2po.files import must_be_writable, write_whole
from woo2po.messages import say, say_both
from woo2po.page import Origin, origin_of
from woo2po.preview import Foretold, preview
from woo2po.preview.data import Data
from woo2po.preview.page import Page
from woo2po.preview.text import order_text
from woo2po.report import summary_line, wrapped
from woo2po.run import RunOutcome, Wish
from woo2po.settings import Settings

Echo = Callable[[str], None]

# What the last line counts, in this order.
COUNTS = ("made", "changed", "invoiced", "credited", "deleted", "cancelled", "held", "skipped",
          "waiting", "unchanged")  # fmt: skip


async def show_preview(
    settings: Settings,
    clock: Callable[[], datetime],
    wish: Wish,
    echo: Echo,
    *,
    file: Path | None = None,
    as_json: bool = False,
    connections: Connections | None = None,
) -> RunOutcome:
    """Show what a run would do, and return how that ended.

    With neither a file nor JSON, every order is told as soon as it is known. With a file, a page
    is written there and the terminal tells the sums alone. `as_json`: nothing but one object is
    printed, also where the preview did not come to its end. Raises NotWritten and WrongNumber.
    """
    if file is not None:
        must_be_writable(file)
    page, data = Page(settings.language), Data(settings.language)

    def tell(order: Foretold) -> None:
        if file is not None:
            page.add(order)
        if as_json:
            data.add(order)
        elif file is None:
            echo(order_text(order, settings.language))

    ended = await preview(settings, clock, wish, tell, connections)
    origin = origin_of(settings, ended.company, clock())
    if as_json:
        # Plain letters alone: a pipe may have any encoding, and none may change a text.
        echo(json.dumps(data.whole(origin, ended), indent=1))
    else:
        _tell_end(settings, ended, echo)
    if file is not None:
        _write(settings, ended, page, origin, file, _silent if as_json else echo)
    return ended


def _silent(_: str) -> None:
    pass


def _tell_end(settings: Settings, ended: RunOutcome, echo: Echo) -> None:
    if ended.counts:
        facts = {"what": summary_line(ended.counts, settings.language, COUNTS)}
        echo(wrapped(say("preview_end", settings.language, facts)))
    elif not ended.problem:
        echo(wrapped(say("preview_nothing", settings.language)))


def _write(
    settings: Settings, ended: RunOutcome, page: Page, origin: Origin, file: Path, echo: Echo
) -> None:
    """Write the page; half a preview is none, and an older page stays."""
    if ended.problem:
        echo(wrapped(say_both("preview_page_left", settings.language, {"path": str(file)})))
        return
    warnings = [say_both(code, settings.language, facts) for code, facts in ended.warnings.items()]
    write_whole(file, page.html(origin, warnings).encode("utf-8", "replace"))
    echo(say("file_written", settings.language, {"path": str(file)}))
