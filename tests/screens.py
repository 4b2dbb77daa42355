"""What people read: `status` in each situation, at two widths; the demo, and proofs of months.

`python tests/screens.py --write` writes the screens to tests/expected_screens. Look each change
over by eye before it is committed: that look is the test.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import hosts
from payout_month import FORMATS, KLARNA, MONTH, shop_of_the_month
from proving import month_of_payouts, odd_month, prove
from served import in_no_time, invoked
from stories import *
from test_preview import ORIGIN, foretold, previewed
from test_proof_month import month
from world import Goods, World

from woo2po import screen
from woo2po.preview.shown import FEW, html, json_of
from woo2po.proof import proof_text
from woo2po.record import RunOutcome
from woo2po.report import listed
from woo2po.run import lock_of
from woo2po.sandbox.shop_orders import recorded_names
from woo2po.status import status_of, status_text
from woo2po.store import Store

EXPECTED = Path(__file__).parent / "expected_screens"
WIDTHS = (80, 60)
LANGUAGES = ("en", "nb")
YESTERDAY = "2026-11-22T21:30:00"


@step
def sell(world, *order_ids, **more):
    for order_id in order_ids:
        world.sells(order_id, **{"date_created_gmt": YESTERDAY, **more})


def _locked(world: World) -> None:
    lock = lock_of(world.state)
    lock.acquire(timeout=0)
    world.__dict__["lock"] = lock  # as long as the world lasts


def begins(world: World) -> None:
    """Begin a run that does not end."""
    with Store.open(world.state) as store:
        store.begin_run(world.now())


def _unknown(world: World) -> None:
    for order_id in range(1001, 1036):
        world.sells(order_id, Goods(sku=f"X{order_id}"), date_created_gmt=YESTERDAY)


AT_ONCE = {"create": True, "when": "processing"}
HELD = (sell(1041, 1042, total="1.00"), sells(1043, currency="kr"), run(), wait(240))
CUT_SHORT = (run(), wait(300), begins, wait(60))
EVERYTHING = (loads(*recorded_names()), run(), wait(240))
SITUATIONS: dict[str, Story] = {
    "never_run": (),
    # A person has invoiced what the job made.
    "nothing_waits": (sells(1041), settle(), person("invoice_by_hand", "shop_1041"), wait(3700),
                      settle(), wait(240)),
    # Question 3 is answered with false: a person invoices.
    "drafts_wait": (sell(*range(1041, 1046)), settle(), wait(240)),
    "held_for_two_reasons": HELD,
    # A configuration that knows no product: 35 of one reason, the others of three more.
    "forty_held": (configure(products={"unknown": "hold", "fallback_by_rate": {}}), _unknown,
                   *(sells(order_id, total="1.00") for order_id in (1036, 1037, 1038)),
                   sells(1039, currency="kr"), loads("sweden-oss"), run(), wait(240)),
    # cron has stopped, with orders held.
    "too_old": (*HELD, wait(5 * 3600)),
    # The last runs did not get through.
    "the_shop_is_away": (sells(1041), settle(), wait(3 * 3600),
                         the_shop(before_each=hosts.maintenance), run(), wait(240)),
    "waits_for_the_right_to_send": (configure(invoices=AT_ONCE), faults(may_send=False),
                                    sell(1041, 1042), settle(), wait(240)),
    "waits_for_the_right_to_post": (
        configure(invoices=AT_ONCE, payments={"register": True, "accounts": {"vipps": 1903}}),
        without("BankVoucher_Full"), sell(1041), runs(3, 300)),
    # The job invoices completed orders, and these are not completed yet.
    "waits_for_completion": (configure(invoices={"create": True, "when": "completed"}),
                             sell(1041, 1042), settle(), wait(240)),
    # More came than one run was told to take.
    "in_the_queue": (sell(*range(1041, 1045)), lambda world: world.run(limit=1),
                     skipped("1041", "booked by hand"), wait(240)),
    # A run has begun and not ended, and nobody holds the lock: it was killed; the first of all too.
    "cut_short": CUT_SHORT,
    "cut_short_at_first": (begins, wait(60)),
    # It has begun and not ended, and holds the lock.
    "under_way": (*CUT_SHORT, _locked),
    "under_way_too_long": (*CUT_SHORT, _locked, wait(3 * 3600)),
    "of_everything": EVERYTHING,
    # A command has an order's number in quotation marks where it needs them; for several a word.
    "odd_numbers": (sells(1041, number="#7 (B)", total="10.00", line_items=[]), run()),
    "the_clock_went_back": (run(), wait(-24 * 3600)),
    "never_went_well": (the_shop(before_each=hosts.maintenance), run()),
}  # fmt: skip


def screens(situation: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the names and the texts of a situation's screens."""
    if situation in TEXTS:
        for language, text in zip(LANGUAGES, TEXTS[situation](folder), strict=True):
            yield f"{situation}.{language}", text.rstrip("\n") + "\n"
        return
    world = World(folder)
    told(SITUATIONS[situation], world)
    for width in WIDTHS:
        screen.use(screen.Screen(columns=width - 2))
        try:
            for language in LANGUAGES:
                yield f"{situation}.{width}.{language}", shown(world, language)
        finally:
            screen.use(screen.Screen())


def shown(world: World, language: str = "en", *, all_orders: bool = False) -> str:
    settings = world.settings.model_copy(update={"language": language})
    more = {"all_orders": all_orders}
    found = status_of(settings, world.now(), max_age=timedelta(hours=2), **more)
    return status_text(found, settings.language, world.now(), "Europe/Oslo", **more) + "\n"


def for_programs(world, **more):
    """Return what `status --json` prints."""
    found = status_of(world.settings, world.now(), max_age=timedelta(hours=2), **more)
    return "".join(listed(found.as_json(), "orders", (one.as_json() for one in found.orders)))


def status_all(folder: Path) -> Iterator[str]:
    told(EVERYTHING, world := World(folder))
    return map(partial(shown, world, all_orders=True), LANGUAGES)


def demo(_: Path) -> Iterator[str]:
    for language in LANGUAGES:
        with in_no_time({}):
            yield invoked("demo", "--language", language).output


def proof_of(month: Callable[[Path], World]) -> Callable[[Path], Iterator[str]]:
    return lambda folder: map(partial(proof_text, prove(month(folder))), LANGUAGES)


def payouts_of(folder: Path) -> Iterator[str]:
    """A report that begins in the middle, one with a sum that does not hold, and good ones."""
    whole = (MONTH / KLARNA[0]).read_text("utf-8")
    wrong = folder / "klarna.csv"
    wrong.write_text(whole.replace("2545.50", "2545.51"), "utf-8")
    files = (MONTH / "vipps-portal-nb-overlap.csv", wrong, *(MONTH / f for f in FORMATS["nexi"]))
    for language in LANGUAGES:
        with shop_of_the_month(folder) as both:
            both.configure({"language": language})
            yield both.woo2po("payouts", *map(str, files)).output


def preview_of(folder: Path, *names: str) -> Iterator[str]:
    """A preview of recorded orders: of all of them short, else line by line."""
    world = business(folder)
    world.loads(*(names or recorded_names()))
    for language in LANGUAGES:
        world.settings = world.settings.model_copy(update={"language": language})
        yield previewed(world, details=bool(names))[1]


def preview_json(folder: Path) -> Iterator[str]:
    """What programs read: the names are a promise, amounts are texts, days are ISO days."""
    world = business(folder)
    world.loads("partial-refund-line", "sweden-oss")
    orders = foretold(world)
    for language in LANGUAGES:
        yield pretty(json_of(orders, RunOutcome(), ORIGIN, language))


def status_json(folder: Path) -> Iterator[str]:
    world = World(folder)
    told((loads("b2c-vipps-simple", "sweden-oss", "plugin-pw-gift-card-part"), run()), world)
    for language in LANGUAGES:
        world.settings = world.settings.model_copy(update={"language": language})
        yield pretty(for_programs(world, all_orders=True))


def pretty(text: str) -> str:
    return json.dumps(json.loads(text), indent=1, ensure_ascii=False)


def preview_page(folder: Path) -> Iterator[str]:
    """What is between the page's head and its script: of one reason more than are shown at once."""
    world = business(folder)
    world.loads("b2c-two-vat-rates", "sweden-oss", "full-refund", "company-invoice-unpaid")
    world.sells(70, payment_method="vipps_card")
    refunds("300.00", 70)(world)
    for order_id in range(101, 101 + FEW + 1):
        world.sells(order_id, payment_method="ukjent")
    orders, origin = foretold(world), replace(ORIGIN, name="Norsk Nettbutikk")
    for language in LANGUAGES:
        page = html(orders, origin, language, (), {"processing": "Behandler"})
        yield page[page.index("<body>") : page.index("<script>")]


TEXTS: dict[str, Callable[[Path], Iterator[str]]] = {
    "demo": demo,
    "payouts": payouts_of,
    "preview": preview_of,
    "preview_details": lambda folder: preview_of(
        folder, "b2c-two-vat-rates", "sweden-oss", "full-refund", "partial-refund-line"
    ),
    "preview_json": preview_json,
    "preview_page": preview_page,
    "proof_month": proof_of(month),  # nothing differs
    "proof_odd": proof_of(odd_month),
    "status_all": status_all,
    "status_json": status_json,
    "proof_payouts": proof_of(month_of_payouts),
}
WIDE = ("preview_json", "preview_page", "status_json")  # no terminal shows them


def main() -> None:
    EXPECTED.mkdir(exist_ok=True)
    for path in EXPECTED.glob("*.txt"):
        path.unlink()
    for name in (*TEXTS, *SITUATIONS):
        with tempfile.TemporaryDirectory() as folder:
            for file, text in screens(name, Path(folder)):
                (EXPECTED / f"{file}.txt").write_text(text, "utf-8", newline="\n")


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        main()
    else:
        sys.exit("usage: python tests/screens.py --write")
