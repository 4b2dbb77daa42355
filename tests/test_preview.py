"""`run --dry-run`: the same way as a run, and nothing is written, neither there nor here."""

import re

import httpx
import pytest
import virtual_time
from world import Goods, World

from woo2po.connections import Connections
from woo2po.preview.showing import show_preview
from woo2po.run import Wish, WrongNumber


def previewed(world: World, *numbers: str, limit: int | None = None):
    """Preview a run in the world's time; return how it ended and the text that was shown."""
    shown: list[str] = []
    connections = Connections(httpx.ASGITransport(world.shop.app), world.wire)
    wish = Wish(numbers, limit)
    work = show_preview(
        world.settings, world.now, wish, shown.append, details=True, connections=connections
    )
    with world._in_our_time():
        outcome = virtual_time.run(world._timed(work))
    return outcome, "\n".join(shown)


def files(world):
    """Return every file beside the state database, SQLite's own apart, with its bytes."""
    folder = world.state.parent.iterdir()
    return {p.name: p.read_bytes() for p in folder if not p.name.endswith(("-wal", "-shm"))}


def test_a_preview_writes_nothing_to_poweroffice(world):
    """PowerOffice is only read; its books are what they were."""
    world.loads("b2c-vipps-simple", "different-delivery-address", "no-sku-and-comma-sku")
    world.configure(products={"unknown": "create"})
    before = world.books()
    previewed(world)
    assert world.wire.writes == []
    assert world.books() == before


def test_a_preview_before_the_first_run_makes_no_file(world):
    """A missing state database counts as an empty one, and stays missing."""
    world.sells(101)
    before = files(world)
    previewed(world)
    assert files(world) == before


def test_a_preview_leaves_the_state_database_as_it_is(world):
    """Orders seen, the cursor, what was learnt: all of it is forgotten at the end."""
    world.sells(101)
    world.settle()
    world.wait(300)
    world.sells(102)
    world.sells(101, Goods("GEN-001", "1199.00"))
    before = files(world)
    outcome, text = previewed(world)
    assert outcome.counts == {"made": 1, "changed": 1}
    assert "101: changes sales order 1" in text
    assert "102: a customer who has bought before" in text
    assert files(world) == before
    assert world.run().counts["made"] == 1, "a preview must not take the run's work away"


def test_a_preview_shows_the_documents_line_by_line(world):
    """Quantity, text, product, net price and VAT of each line, the VAT per rate, the total."""
    world.loads("b2c-two-vat-rates")
    outcome, text = previewed(world)
    assert outcome.exit_code == 0
    assert re.search(r"^31: a new customer$", text, re.MULTILINE)
    assert re.search(r"3 +Kaffe 250 g +KAF-250 +78.173913 +15 %", text)
    assert re.search(r"2 +Bok: Sånn er livet +BOK-12 +379 +0 %", text)
    assert re.search(r"VAT +15 %: 35.18 +25 %: 279.60", text)
    assert re.search(r"total +2\N{NO-BREAK SPACE}425.70", text)


def test_what_a_preview_shows_is_what_a_run_makes(world):
    """Every order that was shown with a total arrives with that total, and no other arrives."""
    world.loads("b2c-two-vat-rates", "coupon-percent", "fee-and-rounding", "zero-decimals-simple")
    world.loads("sweden-oss", "full-refund")
    outcome, text = previewed(world)
    numbers = re.findall(r"^(\d+): a new customer", text, re.MULTILINE)
    totals = re.findall(r"^  total +(.+)$", text, re.MULTILINE)
    world.settle()
    made = {f"shop_{n}": t for n, t in zip(numbers, totals, strict=True)}
    arrived = {d.number: f"{d.total:,.2f}".replace(",", "\xa0") for d in world.books().documents}
    assert arrived == made
    assert outcome.counts["made"] == len(made) == 4


def test_a_preview_tells_a_new_order_from_one_that_is_there(world):
    """An order whose draft stands as it should, or is found by its references, is said to be."""
    world.sells(101)
    world.settle()
    outcome, text = previewed(world, "101")
    assert "101: sales order 1 stands as it should" in text
    assert "made" not in outcome.counts
    world.state.unlink()
    outcome, text = previewed(world, "101")
    assert "101: is in PowerOffice already" in text
    assert "made" not in outcome.counts
    assert world.wire.writes[2:] == []


def test_a_preview_shows_what_would_be_held_with_reason_and_remedy(world):
    """An order that cannot go is shown with why and what to do, and the exit code is 1."""
    world.loads("sweden-oss")
    outcome, text = previewed(world)
    assert (outcome.exit_code, outcome.counts) == (1, {"held": 1})
    assert "42: The order has VAT of SE at 25 %" in text
    assert "→ Book it by hand" in text


def test_a_preview_tells_of_orders_that_are_not_sent(world):
    """What was refunded in full before its transfer is named too."""
    world.loads("full-refund")
    outcome, text = previewed(world)
    assert (outcome.exit_code, outcome.counts) == (0, {"cancelled": 1})
    assert "52: refunded in full before it was transferred" in text


def test_a_preview_ends_with_counts_and_says_that_nothing_was_written(world):
    """The last line sums up, and tells that this was no run."""
    world.loads("b2c-vipps-simple", "sweden-oss")
    _, text = previewed(world)
    last = " ".join(text.split("\n\n")[-1].split())
    assert last.startswith("A run would come to: 1 transferred, 1 held.")
    assert "nothing was written" in last


def test_a_preview_of_nothing_asks_poweroffice_nothing(world):
    """Where the shop has nothing new, that is what it says."""
    outcome, text = previewed(world)
    assert (outcome.exit_code, outcome.counts) == (0, {})
    assert text.startswith("Nothing to transfer.")
    assert world.go.requests == []


def test_a_preview_names_the_customer_that_exists(world):
    """A customer that PowerOffice has, or that orders went to before, is told from a new one."""
    world.sells(101, email="kari@example.no")
    world.sells(102, email="ola@example.no")
    world.settle()
    world.state.unlink()
    world.wait(300)
    world.sells(103, email="KARI@example.no")
    world.sells(104, email="nils@example.no")
    _, text = previewed(world)
    assert "103: customer 10000 in PowerOffice" in text
    assert "104: a new customer" in text


@pytest.mark.parametrize("private", ["individual", "collective"])
def test_a_preview_holds_what_a_run_would_hold_for_its_customer(world, private):
    """An archived or missing customer is found by the preview, and counts as held."""
    world.sells(101, email="kari@example.no")
    world.settle()
    world.company.archive_customer(10000)
    world.state.unlink()
    world.configure(customers={"private": private, "collective_number": 19999})
    world.sells(102, email="kari@example.no")
    outcome, _ = previewed(world, "102")
    assert (outcome.exit_code, outcome.counts) == (1, {"held": 1})


def test_a_preview_of_one_order_shows_just_that(world):
    """--order picks by the number that people see, --limit takes the oldest."""
    for order_id in (101, 102, 103):
        world.sells(order_id)
    assert re.findall(r"^\d+(?=: )", previewed(world, "102")[1], re.MULTILINE) == ["102"]
    assert re.findall(r"^\d+(?=: )", previewed(world, limit=2)[1], re.MULTILINE) == ["101", "102"]


def test_a_preview_of_a_number_that_does_not_exist_says_so(world):
    """A mistyped number is no empty preview."""
    with pytest.raises(WrongNumber) as caught:
        previewed(world, "999")
    assert caught.value.code == "no_such_order"


def test_a_preview_names_nobody(world):
    """No name, address or e-mail is printed: previews are pasted into mails."""
    world.loads("b2c-vipps-simple", "company-invoice-unpaid", "different-delivery-address")
    _, text = previewed(world)
    for personal in ("Nordmann", "Fjord AS", "@", "Storgata"):
        assert personal not in text


def test_a_preview_says_so_when_poweroffice_cannot_be_reached(world):
    """Then the exit code is 3, as for a run, and nothing is shown as if it were known."""
    world.sells(101)
    for nth in range(1, 20):
        world.faults.at("POST", "/OAuth/Token", nth, "connect_error")
    outcome, text = previewed(world)
    assert (outcome.exit_code, outcome.problem, text) == (3, "poweroffice_not_reached", "")
