"""Every value that a stranger may type, in every place of four recorded orders: some 20,000 orders.

Prints a line for each batch (how it ended, seconds) and ends with 1 if one broke a run, was held
for a defect of the program, or kept the order beside it from going. Takes about two minutes.
"""

import copy
import itertools
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from strangers import Strangers, places, put
from test_strangers import TYPED
from world import World

from woo2po.sandbox.shop_orders import recorded

ORDERS = (
    "line-meta-and-emoji",
    "coupon-product-and-percent",
    "company-invoice-unpaid",
    "fee-and-rounding",
)
BATCH = 300


def tried(name: str, cases: list[tuple[tuple[object, ...], object]]) -> bool:
    """Run the job on one order for each case, and tell whether all is well."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        strangers = Strangers(world)
        world.sells(5)
        for order_id, (place, value) in enumerate(cases, 1000):
            order = copy.deepcopy(recorded(name)["order"])
            order |= {"id": order_id, "number": str(order_id)}
            order["billing"]["email"] = f"kunde{order_id}@example.no"
            world.shop.put(order)
            strangers.changes[order_id] = put(place, value)
        begun = time.monotonic()
        outcome = world.run()
        seconds = time.monotonic() - begun
        references = {o.external_import_reference for o in world.company.sales_orders.values()}
        well = not outcome.problem and "shop_5" in references
        well = well and "unexpected" not in world.held().values()
        said = "" if well else "WRONG"
        sys.stdout.write(f"{name:28} {outcome.counts} {seconds:.1f} s {said}\n")
        return well


def main() -> int:
    """Try them all; return the exit code."""
    well = True
    for name in ORDERS:
        order = recorded(name)["order"]
        cases = list(itertools.product((p for p in places(order) if p != ("id",)), TYPED))
        for start in range(0, len(cases), BATCH):
            well &= tried(name, cases[start : start + BATCH])
    return int(not well)


if __name__ == "__main__":
    sys.exit(main())
