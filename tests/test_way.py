"""The way of one order: how many modules somebody opens who follows it from the shop to its end."""

import sys
from collections.abc import Callable
from types import FrameType

from world import World

MODULES, CHANGES = 44, 1681  # at most; whoever makes the way shorter lowers these


def walked(what: Callable[[], object]) -> list[str]:
    """Return the modules of the job that are passed, one entry for each time one is entered."""
    passed = [""]

    def note(frame: FrameType, event: str, _: object) -> None:
        name = frame.f_globals.get("__name__", "")
        ours = name.startswith("woo2po.") and not name.startswith("woo2po.sandbox")
        if event == "call" and ours and name != passed[-1]:
            passed.append(name)

    sys.setprofile(note)
    try:
        what()
    finally:
        sys.setprofile(None)
    return passed[1:]


def test_an_order_is_followed_through_few_modules(world: World) -> None:
    """A new customer, a draft, its invoice and its payment, in one run; `-s` prints the way."""
    world.configure(
        invoices={"create": True, "when": "processing"},
        payments={"register": True, "accounts": {"vipps": 1903}},
    )
    world.run()  # the first of the day, which asks for more
    world.sells(101)
    way = walked(world.run)
    assert [entry.balance for entry in world.books().ledger] == [0, 0]
    met = list(dict.fromkeys(way))
    sys.stdout.write("\n".join(met) + f"\n{len(met)} modules, {len(way)} changes of module\n")
    assert len(met) <= MODULES
    assert len(way) <= CHANGES
