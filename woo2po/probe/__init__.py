"""`woo2po probe`: finds out about PowerOffice what our sources leave unknown.

It makes customers, products and drafts, and takes them away again, also when it is called off or
a step fails. It sends no invoice and posts no voucher: what is in the books cannot be taken away
again.

questions.toml  what is asked, in which order, and what the job assumes
questions.py    asks it, and reads the answers
bench.py        sends the requests, writes down what is made, and takes it away

What it tells is English: it is read by whoever cares for the job, and sent on. It names nobody: no
company, no key, and no id or number but those of what it made itself and could not take away.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import groupby

from woo2po import __version__
from woo2po.config import Settings
from woo2po.config.sections import POWEROFFICE_ADDRESSES
from woo2po.connections import Connections, open_client
from woo2po.documents import Account
from woo2po.http import RemoteError
from woo2po.messages import remedy, say
from woo2po.poweroffice.fields import build_catalogue
from woo2po.probe.bench import NAME, Bench, CalledOff, Probing, Record
from woo2po.probe.questions import TELLING, Inquiry, Learned, Verdict
from woo2po.report import fitted, wrapped
from woo2po.stopping import Stop

__all__ = ["Probed", "Record", "company_of", "is_demo", "left_text", "probe", "probe_json",
           "probe_text"]  # fmt: skip

_SIGNS = {
    Verdict.AS_ASSUMED: "ok",
    Verdict.OTHERWISE: "OTHER",
    Verdict.EITHER: "note",
    Verdict.NOT_TRIED: "open",
}
_END = (
    "Left out, since it cannot be taken away again: sending an invoice, posting a payment. Please "
    "send us all of this: there is no key and no name in it."
)


@dataclass
class Probed:
    """What was found out; what still stands of it; how often PowerOffice was asked.

    `called_off`: it was told to stop. `problem` is the code of what ended it early, with `facts`.
    """

    environment: str
    day: datetime
    record: Record
    learned: list[Learned] = field(default_factory=list)
    asked: int = 0
    called_off: bool = False
    problem: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """0 when done, 1 when something is left for a person, 3 when it could not be done."""
        return 3 if self.problem or self.called_off else int(bool(self.record.left))


def is_demo(settings: Settings) -> bool:
    """Tell whether what is made there is made in the demo environment, by address too."""
    keys = settings.poweroffice
    production = POWEROFFICE_ADDRESSES["production"]
    elsewhere = (keys.base_url, keys.token_url)
    return keys.environment == "demo" and not any(
        given.lower().startswith(known.lower())
        for given, known in zip(elsewhere, production, strict=True)
    )


async def company_of(settings: Settings, connections: Connections) -> str:
    """Log in and return the company's name. Raises RemoteError."""
    async with open_client(Probing, settings.poweroffice, connections) as go:
        await go.log_in()
        return go.client_name


async def probe(
    settings: Settings,
    now: Callable[[], datetime],
    record: Record,
    stop: Stop,
    connections: Connections | None = None,
) -> Probed:
    """Try everything and take it away again. Whatever goes wrong is in what is returned.

    `record` is where what stands is written down while it works. Told to stop, it makes nothing
    more, and takes away what it made.
    """
    connections = connections or Connections()
    found = Probed(settings.poweroffice.environment, now(), record)
    async with open_client(Probing, settings.poweroffice, connections) as go:
        try:
            await go.log_in()
        except RemoteError as error:
            found.problem, found.facts = error.code, error.facts
            return found
        bench = Bench(go, record, stop, found.day.strftime("%m%d%H%M%S"))
        inquiry = Inquiry(bench, await _account(go), now())
        try:
            async for fact in inquiry.learned():
                found.learned.append(fact)
        except CalledOff:
            found.called_off = True
        finally:
            await bench.clear()
            found.asked = connections.asked["poweroffice"]
    return found


async def _account(go: Probing) -> Account | None:
    """Return the sales account that the product goes on: 25 %, else the next rate."""
    try:
        catalogue = build_catalogue([], [], await go.accounts(), await go.vat_codes(), None)
    except RemoteError:
        return None
    usable = {
        (-one.vat_code.rate, one.number): one
        for one in catalogue.accounts.values()
        if one.active
        and one.vat_code is not None
        and one.vat_code.rate in TELLING
        and str(one.number).startswith("3")
        and not (one.needs_department or one.needs_project)
    }
    return usable[min(usable)] if usable else None


# -- all of it as text and as JSON -----------------------------------------------------------------


def probe_text(probed: Probed) -> str:
    """Return what was found out, area by area, what is left, and the next step."""
    record = probed.record
    counts = Counter(one.verdict for one in probed.learned)
    texts = ["\n".join([
        f"woo2po {__version__}: what a probe of PowerOffice Go found out",
        f"Day: {probed.day.date().isoformat()}   environment: {probed.environment}",
        wrapped("   ".join(f"{verdict.value}: {counts[verdict]}" for verdict in Verdict)),
        f"requests: {probed.asked}   made: {record.made}   left: {len(record.left)}",
    ])]  # fmt: skip
    for area, facts in groupby(probed.learned, key=lambda one: one.area):
        texts.append("\n".join([area.capitalize(), *map(_fact, facts)]))
    if probed.problem:
        said = say(probed.problem, "en", probed.facts)
        texts.append(wrapped(f"{said} {remedy(probed.problem, 'en', probed.facts)}".strip()))
    if probed.called_off:
        texts.append(wrapped("The probe was called off; what stands above was found out before."))
    if record.made or record.left:
        texts.append(left_text(record))
    return "\n\n".join(texts if probed.problem else [*texts, wrapped(_END)])


def left_text(record: Record) -> str:
    """Return what the probe made and is still there, each by the number that people see."""
    if not record.left:
        return wrapped(f"All {record.made} things that the probe made are taken away again.")
    lines = [wrapped(f"Still there of what the probe made: {len(record.left)}.")]
    for one in record.left:
        where = f"{one.kind.name} {one.number or '?'}, {one.kind.place}"
        lines.append(wrapped(f"{where} ({record.refused.get(one.path, '-')})", "  - ", "    "))
    todo = f'Delete them in PowerOffice Go by hand. They are called "{NAME}".'
    return "\n".join([*lines, wrapped(todo, "  → ", "    ")])


def _fact(one: Learned) -> str:
    """Return a fact: the question, what was assumed, and how it turned out."""
    indent = " " * 9
    either = one.verdict is Verdict.EITHER
    assumed = f"{'Either is fine' if either else 'We assumed'}: {one.assumed}"
    asked = wrapped(fitted(one.question, 300), indent, indent)
    more = (fitted(assumed, 300), fitted(f"Found: {one.found}", 400))
    lines = [wrapped(text, f"{indent}  ", f"{indent}  ") for text in more]
    return "\n".join([f"  {_SIGNS[one.verdict]:7}{asked[len(indent) :]}", *lines])


def probe_json(probed: Probed) -> dict[str, object]:
    """Return the value that `probe --json` prints; a key may be added, none is renamed."""
    return {
        "exit_code": probed.exit_code,
        "environment": probed.environment,
        "problem": probed.problem,
        "called_off": probed.called_off,
        "asked": probed.asked,
        "made": probed.record.made,
        "left": [{"kind": one.kind.name, "number": one.number} for one in probed.record.left],
        "learned": [asdict(one) for one in probed.learned],
    }
