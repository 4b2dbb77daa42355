"""The days that the fault matrix is lived on, and the companies that they are lived in.

Together their acts make every kind of write that the job can make. Each act is what happens in
the shop before some runs of the job; day.py records what the job did in them.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from day import RESEND_AFTER, Act, lived
from world import Goods, World

from woo2po.sandbox.faults import Faults

COMPANY = {"company": "Fjell AS", "email": "post@fjell.example"}


def a_person_buys_twice(world: World) -> None:
    """A new customer: once to an address of its own and with a new product, once to its own."""
    world.sells(
        101,
        Goods("NY-1", "99.00", name="Nyhet"),
        Goods("LUE-7", "249.00", quantity=2),
        shipping={"address_1": "Hytteveien 9"},
    )
    world.sells(102, Goods("GEN-001", "1299.00"))


def a_company_buys(world: World) -> None:
    """PowerOffice cuts prices to whole øre, so this draft needs a rounding line."""
    goods = Goods("KAF-250", "88.80", 15, 3), Goods("GEN-001", "1299.00")
    world.sells(103, *goods, billing=COMPANY, shipping={"company": "Fjell AS"})


def an_order_changes(world: World) -> None:
    """Another price, a line less, a line more, another number and another address."""
    world.sells(
        101,
        Goods("NY-1", "89.00", name="Nyhet"),
        Goods("TS-M-BLA", "249.00", id=3),
        number="A-101",
        shipping={"address_1": "Sjøveien 3"},
    )


def a_rounding_line_goes(world: World) -> None:
    """The company's order becomes one that needs no rounding line."""
    goods = Goods("KAF-250", "88.80", 15), Goods("GEN-001", "1299.00")
    world.sells(103, *goods, billing=COMPANY, shipping={"company": "Fjell AS"})


def all_buy(world: World) -> None:
    """Everything at once: several orders are under way side by side."""
    a_person_buys_twice(world)
    a_company_buys(world)


def all_changes(world: World) -> None:
    """Both changes at once."""
    an_order_changes(world)
    a_rounding_line_goes(world)


QUIET_DAY = (a_person_buys_twice, a_company_buys, an_order_changes, a_rounding_line_goes)
BUSY_DAY = (all_buy, all_changes)


def orders_come_in(world: World) -> None:
    """Three that are drafts by the end of the act."""
    world.sells(101, Goods("GEN-001", "1299.00"), Goods("KAF-250", "88.80", 15, 3))
    world.sells(102, Goods("LUE-7", "249.00"))
    world.sells(103, Goods("GEN-001", "1299.00", quantity=2), billing=COMPANY)


def two_are_completed(world: World) -> None:
    """Two invoices, both paid by one voucher."""
    world.shop.set_status(101, "completed")
    world.shop.set_status(103, "completed")


def money_goes_back(world: World) -> None:
    """A part of an order, by its amount: a credit note, and a voucher the other way round."""
    world.shop.add_refund(103, {"amount": "500.00", "refunded_payment": True})


def a_draft_is_off(world: World) -> None:
    """It is cancelled before it was invoiced: the draft goes."""
    world.shop.set_status(102, "cancelled")


def it_is_on_again(world: World) -> None:
    """It comes back, completed, under a reference of its own."""
    world.shop.set_status(102, "completed")


def an_invoice_is_off(world: World) -> None:
    """It is cancelled after it was invoiced: the invoice is credited."""
    world.shop.set_status(101, "cancelled")


DAY_AFTER = (
    orders_come_in,
    two_are_completed,
    money_goes_back,
    a_draft_is_off,
    it_is_on_again,
    an_invoice_is_off,
)


def nothing_matches(faults: Faults) -> None:
    """Entries stay open side by side: the balance is no evidence of a payment."""
    faults.matching = "none"


def references_may_be_used_twice(faults: Faults) -> None:
    """A voucher with a known reference is simply posted again."""
    faults.duplicate_voucher_reference = "accepted"


def both(faults: Faults) -> None:
    """The worst: a payment that is posted twice is neither refused nor seen in the balance."""
    nothing_matches(faults)
    references_may_be_used_twice(faults)


def other_ids_and_old_filters(faults: Faults) -> None:
    """An invoice's id is not its order's, the queue takes its time, 2025's filters only."""
    faults.invoice_id_is_order_id, faults.spec = False, "2025"
    faults.send_result, faults.never_sent_state = "late", "none"


def reads_lag(faults: Faults) -> None:
    """What is read is three seconds old."""
    faults.stale_seconds = 3


Company = Callable[[Faults], None]
COMPANIES: tuple[Company, ...] = (
    nothing_matches,
    references_may_be_used_twice,
    both,
    other_ids_and_old_filters,
    reads_lag,
)


def world_of_drafts(folder: Path) -> World:
    """Return the world that a day of drafts begins in: prices are cut there, unknown products
    made.
    """
    world = World(folder, products={"unknown": "create"})
    world.faults.max_unit_price_decimals = 2
    return world


def world_of_invoices(folder: Path) -> World:
    """Return the world of the day after: invoices are made, and payments posted."""
    return World(
        folder,
        poweroffice={"resend_after": RESEND_AFTER},
        invoices={"create": True},
        payments={"register": True, "accounts": {"vipps": 1903}},
    )


def quiet_day(folders: Iterator[Path]) -> list[Act]:
    """Live the day on which drafts are made and changed, few orders at a time."""
    return lived(QUIET_DAY, world_of_drafts(next(folders)), folders)


def busy_day(folders: Iterator[Path]) -> list[Act]:
    """Live the same day with all orders at once: several are under way side by side."""
    return lived(BUSY_DAY, world_of_drafts(next(folders)), folders)


def day_after(folders: Iterator[Path], company: Company | None = None) -> list[Act]:
    """Live the day on which drafts become invoices, money comes and goes, and sales are off."""
    world = world_of_invoices(next(folders))
    if company is not None:
        company(world.faults)
    return lived(DAY_AFTER, world, folders)[1:]
