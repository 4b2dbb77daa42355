"""`woo2po probe`: finds out about PowerOffice what our sources leave unknown.

It makes a customer, a product and drafts, and takes them away again, also when it is called off
or a step fails. It sends no invoice and posts no voucher: what is in the books cannot be taken
away again. Each trial is independent of the others, but for the customer and the product.

trials.py       what is tried, and what each answer means; questions.toml: its sentences
bench.py        what it asks and makes, and the taking away

Text and report are English: they are read by whoever cares for the job, and sent on. The report
names nobody: no company, no key, no id or number of anything.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from woo2po import __version__
from woo2po.catalogue import Catalogue
from woo2po.connections import Connections, open_probing
from woo2po.http import RemoteError
from woo2po.logs import redacted
from woo2po.messages import remedy, say
from woo2po.poweroffice.fields import build_catalogue
from woo2po.poweroffice.probing import Probing
from woo2po.probe.bench import NAME, Bench, CalledOff, Kind, Made, Record
from woo2po.probe.trials import (
    BUILDING,
    READING,
    Learned,
    Trial,
    Verdict,
    account_with_vat,
    not_tried,
    note,
)
from woo2po.report import fitted, wrapped
from woo2po.screen import Screen, here, use
from woo2po.settings import Settings
from woo2po.settings.sections import POWEROFFICE_ADDRESSES
from woo2po.stopping import Stop

__all__ = ["Probed", "Record", "company_of", "is_demo", "left_text", "probe", "probe_json",
           "probe_report", "probe_text"]  # fmt: skip

FAR_OFF = timedelta(minutes=2)
AREAS = {
    "lists": "Lists and look-ups",
    "customers": "Customers",
    "products": "Products",
    "orders": "Drafts",
    "lines": "Lines",
    "rounding": "Rounding",
}
_SIGNS = {
    Verdict.AS_ASSUMED: "ok",
    Verdict.OTHERWISE: "OTHER",
    Verdict.EITHER: "note",
    Verdict.NOT_TRIED: "open",
}
_PLACES = {
    Kind.CUSTOMER: "customer {}, under Contacts ({})",
    Kind.PRODUCT: "product {}, under Products ({})",
    Kind.ORDER: "sales order {}, a draft ({})",
}
_ODD_SHAPES = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


@dataclass
class Probed:
    """What was found out, by area; what still stands of it; how often PowerOffice was asked.

    `called_off`: it was told to stop. `problem` is the code of what ended it early, with `facts`.
    """

    environment: str
    day: datetime
    learned: dict[str, list[Learned]] = field(default_factory=lambda: {a: [] for a in AREAS})
    left: tuple[Made, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    made: int = 0
    asked: int = 0
    called_off: bool = False
    problem: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """0 when done, 1 when something is left for a person, 3 when it could not be done."""
        return 3 if self.problem or self.called_off else int(bool(self.left))

    @property
    def counts(self) -> Counter[Verdict]:
        """How often each verdict was found."""
        return Counter(one.verdict for learned in self.learned.values() for one in learned)


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
    async with open_probing(settings.poweroffice, connections) as go:
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
    begun = now()
    found = Probed(settings.poweroffice.environment, begun)
    async with open_probing(settings.poweroffice, connections) as go:
        try:
            await go.log_in()
        except RemoteError as error:
            found.problem, found.facts = error.code, error.facts
            return found
        token = begun.strftime("%m%d%H%M%S")
        bench = Bench(go, record, stop, token, asyncio.get_running_loop().time)
        try:
            await _try_all(bench, found, now)
        except CalledOff:
            found.called_off = True
        finally:
            await bench.clear()
            found.left, found.refused = tuple(record.standing), dict(record.refused)
            found.made, found.asked = record.made, connections.asked["poweroffice"]
    return found


async def _try_all(bench: Bench, found: Probed, now: Callable[[], datetime]) -> None:
    found.learned["lists"].append(_clock(bench.go, now()))
    catalogue = await _catalogue(bench.go)
    bench.account = account_with_vat(catalogue) if catalogue else None
    for area, code, trial in READING:
        await _try(bench, found.learned[area], code, trial)
    for area, code, trial in BUILDING:
        if bench.customer and bench.product:
            await _try(bench, found.learned[area], code, trial)
        else:
            why = "not tried, since no customer or no product could be made."
            found.learned[area].append(Learned(code, Verdict.NOT_TRIED, why))


async def _try(bench: Bench, learned: list[Learned], code: str, trial: Trial) -> None:
    """Add what a trial finds out; an error in it is what was found out."""
    # An answer may quote the company's name and id.
    personal = (bench.go.client_name, bench.go.client_id)
    try:
        async for one in trial(bench):
            facts = {name: redacted(fact, personal) for name, fact in one.facts.items()}
            learned.append(replace(one, facts=facts))
    except RemoteError as error:
        learned.append(not_tried(code, f"{error.code} {error.facts.get('why', '')}".strip()))
    except _ODD_SHAPES as error:
        learned.append(not_tried(code, type(error).__name__))


async def _catalogue(go: Probing) -> Catalogue | None:
    try:
        return build_catalogue([], [], await go.accounts(), await go.vat_codes(), None)
    except RemoteError:
        return None


def _clock(go: Probing, now: datetime) -> Learned:
    if go.server_time is None:
        return not_tried("clock", "-")
    off = now - go.server_time
    return note("clock", abs(off) < FAR_OFF, "{seconds} s.", seconds=f"{off.total_seconds():+.0f}")


# -- all of it as text for people, as a report, and as JSON ----------------------------------------


def probe_text(probed: Probed) -> str:
    """Return what was found out, heading by heading, what is left, and the next step."""
    blocks = list(_blocks(probed))
    if probed.problem:
        said = say(probed.problem, "en", probed.facts)
        blocks.append(wrapped(f"{said} {remedy(probed.problem, 'en', probed.facts)}".strip()))
    if probed.called_off:
        text = "The probe was called off; what stands above was found out before that."
        blocks.append(wrapped(text))
    if probed.made:
        blocks.append(left_text(probed.left, probed.refused, probed.made))
    if not probed.problem:
        blocks.append(wrapped(_conclusion(probed)))
    return "\n\n".join(blocks)


def left_text(left: tuple[Made, ...], refused: Mapping[str, str], made: int) -> str:
    """Return what the probe made and is still there, each by the number that people see."""
    if not left:
        return wrapped(f"All {made} things that the probe made are taken away again.")
    lines = [wrapped(f"Still there of what the probe made: {len(left)}.")]
    for one in left:
        place = _PLACES[one.kind].format(one.number or "?", refused.get(one.id, "-"))
        lines.append(wrapped(place, "  - ", "    "))
    todo = f'Delete them in PowerOffice Go by hand. They are called "{NAME}".'
    return "\n".join([*lines, wrapped(todo, "  → ", "    ")])


def _blocks(probed: Probed) -> Iterator[str]:
    for area, learned in probed.learned.items():
        if learned:
            yield "\n".join([wrapped(AREAS[area]), *map(_fact, learned)])


def _fact(one: Learned) -> str:
    """Return a fact: the question, what was assumed, and how it turned out."""
    indent = " " * 9
    either = one.verdict is Verdict.EITHER
    assumed = f"{'Either is fine' if either else 'We assumed'}: {one.assumed}"
    asked = wrapped(fitted(one.question, 300), indent, indent)
    more = (fitted(assumed, 300), fitted(f"Found: {one.found}", 400))
    lines = [wrapped(text, f"{indent}  ", f"{indent}  ") for text in more]
    return "\n".join([f"  {_SIGNS[one.verdict]:7}{asked[len(indent) :]}", *lines])


def _conclusion(probed: Probed) -> str:
    n = probed.counts
    return (
        f"As the job assumes: {n[Verdict.AS_ASSUMED]}. Otherwise than it assumes: "
        f"{n[Verdict.OTHERWISE]}. Either way is fine: {n[Verdict.EITHER]}. Not tried: "
        f"{n[Verdict.NOT_TRIED]}. Requests to PowerOffice: {probed.asked}. Left out, since it "
        "cannot be taken away again: sending an invoice, posting a payment. Please send us what "
        "was found out: `woo2po probe --report FILE` writes it without your keys, names and "
        "numbers."
    )


def probe_report(probed: Probed) -> str:
    """Return the report, ready to be sent: without a name, a key, a number or an id."""
    screen = here()
    use(Screen())  # it comes out the same wherever it is made
    try:
        kinds = Counter(one.kind.value for one in probed.left)
        head = [
            f"woo2po {__version__}: what a probe of PowerOffice Go found out",
            f"Day: {probed.day.date().isoformat()}   environment: {probed.environment}",
            "   ".join(f"{verdict.value}: {probed.counts[verdict]}" for verdict in Verdict),
            f"requests: {probed.asked}   made: {probed.made}   left: {len(probed.left)}",
            *(f"left: {kind} x {n}" for kind, n in kinds.items()),
        ]
        return "\n\n".join(["\n".join(head), *_blocks(probed)]) + "\n"
    finally:
        use(screen)


def probe_json(probed: Probed) -> dict[str, object]:
    """Return the value that `probe --json` prints; a key may be added, none is renamed."""
    return {
        "exit_code": probed.exit_code,
        "environment": probed.environment,
        "problem": probed.problem,
        "called_off": probed.called_off,
        "asked": probed.asked,
        "made": probed.made,
        "left": [{"kind": one.kind.value, "number": one.number} for one in probed.left],
        "learned": [
            {
                "area": area,
                "code": f"probe_{one.code}",
                "verdict": one.verdict.value,
                "question": one.question,
                "assumed": one.assumed,
                "found": one.found,
                "facts": dict(one.facts),
            }
            for area, learned in probed.learned.items()
            for one in learned
        ],
    }
