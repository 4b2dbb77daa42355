"""What `status` shows, situation by situation, in both languages and two widths.

`python tests/screens.py --write` writes the screens to tests/expected_screens. Look each change
over by eye before it is committed: that look is the test.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from world import Goods, World

from woo2po import screen
from woo2po.run import lock_of
from woo2po.sandbox.shop_orders import recorded_names
from woo2po.status import skip, status_of
from woo2po.status_screen import status_text
from woo2po.store import Store

EXPECTED = Path(__file__).parent / "expected_screens"
WIDTHS = (80, 60)
LANGUAGES = ("en", "nb")
YESTERDAY = "2026-11-22T21:30:00"


def never_run(world: World) -> None:
    """Nothing has happened yet."""


def nothing_waits(world: World) -> None:
    """The job runs, and a person has invoiced what it made."""
    world.sells(1041)
    world.settle()
    world.company.invoice_by_hand("shop_1041")
    world.wait(3700)
    world.settle()
    world.wait(240)


def drafts_wait(world: World) -> None:
    """Question 3 is answered with false: a person invoices."""
    for order_id in range(1041, 1046):
        world.sells(order_id, date_created_gmt=YESTERDAY)
    world.settle()
    world.wait(240)


def held_for_two_reasons(world: World) -> None:
    """Three are held, two of them for the same reason."""
    for order_id in (1041, 1042):
        world.sells(order_id, total="1.00", date_created_gmt=YESTERDAY)
    world.sells(1043, currency="kr")
    world.run()
    world.wait(240)


def forty_held(world: World) -> None:
    """A configuration that knows no product: 35 of one reason, the others of three more."""
    world.configure(products={"unknown": "hold", "fallback_by_rate": {}})
    for order_id in range(1001, 1036):
        world.sells(order_id, Goods(sku=f"X{order_id}"), date_created_gmt=YESTERDAY)
    for order_id in (1036, 1037, 1038):
        world.sells(order_id, total="1.00")
    world.sells(1039, currency="kr")
    world.loads("sweden-oss")
    world.run()
    world.wait(240)


def too_old(world: World) -> None:
    """cron has stopped, with one order held."""
    held_for_two_reasons(world)
    world.wait(5 * 3600)


def the_shop_is_away(world: World) -> None:
    """The last runs did not get through."""
    world.sells(1041)
    world.settle()
    world.wait(3 * 3600)
    world.shop.misbehaviour.maintenance = True
    world.run()
    world.wait(240)


def waits_for_the_right_to_send(world: World) -> None:
    """The integration may not send invoices, and the job is to make them."""
    world.configure(invoices={"create": True, "when": "processing"})
    world.faults.may_send = False
    for order_id in (1041, 1042):
        world.sells(order_id, date_created_gmt=YESTERDAY)
    world.settle()
    world.wait(240)


def waits_for_the_right_to_post(world: World) -> None:
    """Invoices stand, and their payments may not be posted."""
    world.configure(
        invoices={"create": True, "when": "processing"},
        payments={"register": True, "accounts": {"vipps": 1903}},
    )
    world.faults.privileges.discard("BankVoucher_Full")
    world.sells(1041, date_created_gmt=YESTERDAY)
    for _ in range(3):
        world.run()
        world.wait(300)


def waits_for_completion(world: World) -> None:
    """The job invoices completed orders, and these are not completed yet."""
    world.configure(invoices={"create": True, "when": "completed"})
    for order_id in (1041, 1042):
        world.sells(order_id, date_created_gmt=YESTERDAY)
    world.settle()
    world.wait(240)


def in_the_queue(world: World) -> None:
    """More came than one run was told to take."""
    for order_id in range(1041, 1045):
        world.sells(order_id, date_created_gmt=YESTERDAY)
    world.run(limit=1)
    skip(world.settings, "1041", "booked by hand")
    world.wait(240)


def cut_short(world: World) -> None:
    """A run has begun and not ended, and nobody holds the lock: it was killed."""
    world.run()
    world.wait(300)
    with Store.open(world.state) as store:
        store.begin_run(world.now())
    world.wait(60)


def cut_short_at_first(world: World) -> None:
    """The same, and no run has gone well before."""
    with Store.open(world.state) as store:
        store.begin_run(world.now())
    world.wait(60)


def under_way(world: World) -> None:
    """A run has begun and not ended, and holds the lock as long as the world lasts."""
    cut_short(world)
    lock = lock_of(world.state)
    lock.acquire(timeout=0)
    world.__dict__["lock"] = lock


def under_way_too_long(world: World) -> None:
    """A run works for hours."""
    under_way(world)
    world.wait(3 * 3600)


def of_everything(world: World) -> None:
    """Every recorded order."""
    world.loads(*recorded_names())
    world.run()
    world.wait(240)


SITUATIONS: tuple[Callable[[World], None], ...] = (
    never_run,
    nothing_waits,
    drafts_wait,
    held_for_two_reasons,
    forty_held,
    too_old,
    the_shop_is_away,
    waits_for_the_right_to_send,
    waits_for_the_right_to_post,
    waits_for_completion,
    in_the_queue,
    cut_short,
    cut_short_at_first,
    under_way,
    under_way_too_long,
    of_everything,
)


def screens(situation: Callable[[World], None], folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the names and the texts of a situation's screens."""
    world = World(folder)
    situation(world)
    for width in WIDTHS:
        screen.use(screen.Screen(columns=width - 2))
        try:
            for language in LANGUAGES:
                yield f"{situation.__name__}.{width}.{language}", shown(world, language)
        finally:
            screen.use(screen.Screen())


def shown(world: World, language: str) -> str:
    """Return what `status` prints now."""
    settings = world.settings.model_copy(update={"language": language})
    found = status_of(settings, world.now(), max_age=timedelta(hours=2))
    return status_text(found, settings.language, world.now(), "Europe/Oslo") + "\n"


def main() -> None:
    """Write the screens."""
    EXPECTED.mkdir(exist_ok=True)
    for path in EXPECTED.glob("*.txt"):
        path.unlink()
    for situation in SITUATIONS:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in screens(situation, Path(folder)):
                (EXPECTED / f"{name}.txt").write_text(text, "utf-8", newline="\n")


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        main()
    else:
        sys.exit("usage: python tests/screens.py --write")
