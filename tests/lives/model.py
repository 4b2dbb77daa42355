"""What is wrong with the books after a life, by a model that knows the shop's figures alone.

Every finding begins with its kind: lost, twice, øre (another figure), money, held (without a
cause in the order's life), or another word before a colon.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from tests.lives.case import Case, Found, excused, found_in
from tests.lives.exact import exact, never, unknown
from tests.lives.life import RESEND_AFTER, Life
from woo2po.status import OrderStatus, status_of


def wrong_with(life: Life) -> list[str]:
    """Return what is wrong after a life that has come to rest."""
    found, states = found_in(life.world.company), _states(life)
    wrong = [*_of_the_company(life)]
    wrong += [f"twice: documents of no order {i}" for i in found if i not in life.stories]
    for story in life.stories.values():
        case = Case.of(life, story, found.get(story.order_id, Found()))
        held = [one for i, one in states.items() if _order_of(i, life) == story.order_id]
        codes = [one.code for one in held if one.state == "held"]
        life.tally["held"] += bool(codes)
        wrong += [*never(case), *_without_a_cause(case, codes)]
        if not codes:
            wrong += exact(case) if story.order_id in states else unknown(case)
    return wrong


def _without_a_cause(case: Case, codes: list[str]) -> Iterator[str]:
    for code in codes:
        if not excused(code, case.story, case.life):
            yield f"held: {case.name} {code} ({', '.join(sorted(case.story.marks))})"


def _order_of(row_id: int, life: Life) -> int:
    """Return the order of a row of `status`: its own, its refund's, or (below 0) its whole's."""
    if row_id < 0:
        return -row_id // 100
    owners = (story.order_id for story in life.stories.values() if row_id in story.refunds)
    return next(owners, row_id)


def _states(life: Life) -> dict[int, OrderStatus]:
    world = life.world
    known = status_of(world.settings, world.now(), all_orders=True, max_age=timedelta(days=365))
    return {one.order_id: one for one in known.orders}


def _of_the_company(life: Life) -> Iterator[str]:
    books = life.world.books()
    if "customer archived" not in life.marks:
        people = Counter(one for one in books.customers if "@" in one)
        yield from (f"twice: customer {one}" for one, n in people.items() if n > 1)
        places = Counter(one for one in books.delivery_addresses if "@" in one)
        yield from (f"twice: address {one}" for one, n in places.items() if n > 1)
    yield from (f"twice: product {one}" for one, n in Counter(books.products).items() if n > 1)
    sums: Counter[int] = Counter()
    for posting in life.world.company.postings:
        sums[posting.voucher_no] += posting.amount  # type: ignore[assignment]
    yield from (f"øre: voucher {number} does not balance" for number, n in sums.items() if n)
    if "database lost" not in life.marks:  # with it goes when a write was tried
        early = life.world.wire.repeats_too_early(RESEND_AFTER)
        yield from (f"early: {one.method} {one.path} repeated" for one in early)
