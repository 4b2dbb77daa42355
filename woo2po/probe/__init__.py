"""`woo2po probe`: finds out about PowerOffice what our sources leave unknown.

It makes customers, products and drafts, and takes them away again, also when it is called off or
a step fails. It sends no invoice and posts no voucher: what is in the books cannot be taken away
again.

questions.toml  what is asked, in which order, and what the job assumes
questions.py    asks it, reads the answers, writes down what is made, and takes it away

What it tells is English JSON: it is read by whoever cares for the job, and sent on. It names
nobody: no company, no key, and no number but those of what it made itself and could not take away.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from woo2po import __version__
from woo2po.config import Settings
from woo2po.config.sections import POWEROFFICE_ADDRESSES
from woo2po.connections import Connections, open_client
from woo2po.documents import Account
from woo2po.http import RemoteError
from woo2po.messages import remedy, say
from woo2po.poweroffice.fields import build_catalogue
from woo2po.probe.questions import NAME, TELLING, Bench, Inquiry, Made, Probing
from woo2po.stopping import Stop, ToldToStop

__all__ = ["Made", "company_of", "is_demo", "left_json", "probe"]

BEGINS = (
    "Trying PowerOffice out; that takes about half a minute. Ctrl-C ends it and takes away what "
    "was made."
)
REFUSED = (
    "These keys are for a real company. The probe makes customers, products and drafts there and "
    "deletes them; it sends nothing and posts nothing, but uses up customer and order numbers. Use "
    "the keys of a demo company, or --yes-in-production with the company's name. Nothing was made."
)
ANOTHER = '"{}" is not the company that the keys are for. Nothing was made.'


def is_demo(settings: Settings) -> bool:
    """Tell whether what is made there is made in the demo environment, by address too."""
    keys, production = settings.poweroffice, POWEROFFICE_ADDRESSES["production"]
    both = zip((keys.base_url, keys.token_url), production, strict=True)
    real = any(given.lower().startswith(known.lower()) for given, known in both)
    return keys.environment == "demo" and not real


async def company_of(settings: Settings, connections: Connections) -> str:
    """Log in and return the company's name. Raises RemoteError."""
    async with open_client(Probing, settings.poweroffice, connections) as go:
        await go.log_in()
        return go.company.name


async def probe(
    settings: Settings,
    now: Callable[[], datetime],
    left: list[Made],
    stop: Stop,
    connections: Connections,
) -> dict[str, Any]:
    """Try everything and take it away again; return what `probe` prints, whatever goes wrong.

    `left` is where what stands is written down while it works. Told to stop, it makes nothing
    more, and takes away what it made. A key may be added to the value, none is renamed.
    """
    found: dict[str, Any] = {
        "version": __version__, "day": now().date().isoformat(),
        "environment": settings.poweroffice.environment, "problem": "", "called_off": False,
    }  # fmt: skip
    async with open_client(Probing, settings.poweroffice, connections) as go:
        try:
            await go.log_in()
        except RemoteError as error:
            words = (say(error.code, "en", error.facts), remedy(error.code, "en", error.facts))
            return found | {"exit_code": 3, "problem": error.code, "said": " ".join(words).strip()}
        bench = Bench(go, left, stop, now().strftime("%m%d%H%M%S"))
        inquiry = Inquiry(bench, await _account(go), now())
        try:
            await inquiry.ask_all()
        except ToldToStop:
            found["called_off"] = True
        finally:
            await bench.clear()
    return found | {
        "exit_code": 3 if found["called_off"] else int(bool(left)),
        "asked": connections.asked["poweroffice"],
        **left_json(left),
        "verdicts": Counter(one["verdict"] for one in inquiry.learned),
        "learned": inquiry.learned,
    }


def left_json(left: Iterable[Made]) -> dict[str, object]:
    """Return what is still there of what a probe made, and what to do about it."""
    names = [{"kind": one.kind.name, "number": one.number, "why": one.why} for one in left]
    todo = f'Delete what is left in PowerOffice Go by hand: it is called "{NAME}".'
    return {"left": names, "todo": todo if names else ""}


async def _account(go: Probing) -> Account | None:
    """Return the sales account that the product goes on: 25 %, else the next rate."""
    try:
        catalogue = build_catalogue([], [], await go.accounts(), await go.vat_codes(), None)
    except RemoteError:
        return None
    usable = [
        one for one in catalogue.accounts.values()
        if one.active and one.vat_code and one.vat_rate in TELLING
        and str(one.number).startswith("3") and not (one.needs_department or one.needs_project)
    ]  # fmt: skip
    return min(usable, default=None, key=lambda one: (-one.vat_rate, one.number))
