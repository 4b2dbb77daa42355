"""What the books must be after a life, computed from the shop's own figures, and what is not.

Every finding begins with its kind: lost, twice, øre, money, held, or another word before a colon.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from summary import Document

from tests.lives.content import PREPAID, ZERO, Json
from tests.lives.excuses import excused
from tests.lives.found import Found, found_in
from tests.lives.life import ACCOUNTS, RESEND_AFTER, Life, Story
from woo2po.status import OrderStatus, status_of

OFF = {"cancelled", "failed", "trash", "gone"}
# What a person did with it in PowerOffice: then only "never twice" is the job's.
A_PERSONS = {"draft deleted", "credited by hand", "repriced"}


def wrong_with(life: Life) -> list[str]:
    """Return what is wrong after a life that has come to rest."""
    owners = {r: story.order_id for story in life.stories.values() for r in story.refunds}
    found = found_in(life.world.company, owners)
    states = _states(life)
    wrong = [*_of_the_company(life), *_stray(life, found)]
    for story in life.stories.values():
        held = [s for i, s in states.items() if s.state == "held" and _owner(i, owners) == story.order_id]
        life.tally["held"] += bool(held)
        judge = Judge(life, story, found.get(story.order_id, Found()))
        wrong += judge.never()
        for one in held:
            if not excused(one.code, story, life):
                wrong.append(f"held: {story.order_id} {one.code} ({', '.join(sorted(story.marks))})")
        if not held and states.get(story.order_id, None) is not None:
            wrong += judge.exact()
        elif not held:
            wrong += judge.unknown()
    return wrong


def _owner(order_id: int, owners: dict[int, int]) -> int:
    return -order_id // 100 if order_id < 0 else owners.get(order_id, order_id)


def _states(life: Life) -> dict[int, OrderStatus]:
    world = life.world
    known = status_of(world.settings, world.now(), all_orders=True, max_age=timedelta(days=365))
    return {one.order_id: one for one in known.orders}


def _of_the_company(life: Life) -> Iterator[str]:
    books = life.world.books()
    for kind, listed in (("customer", books.customers), ("address", books.delivery_addresses)):
        if "customer archived" not in life.marks:
            named = Counter(one for one in listed if "@" in one)
            yield from (f"twice: {kind} {one}" for one, n in named.items() if n > 1)
    yield from (f"twice: product {one}" for one, n in Counter(books.products).items() if n > 1)
    sums: Counter[int] = Counter()
    for posting in life.world.company.postings:
        sums[posting.voucher_no] += posting.amount  # type: ignore[assignment]
    yield from (f"øre: voucher {number} does not balance" for number, n in sums.items() if n)
    early = life.world.wire.repeats_too_early(RESEND_AFTER)
    yield from (f"early: {one.method} {one.path}" for one in early)


def _stray(life: Life, found: dict[int, Found]) -> Iterator[str]:
    yield from (f"twice: documents of no order {i}" for i in found if i not in life.stories)


class Judge:
    """Compares what stands in PowerOffice of one order with what the shop says of it."""

    def __init__(self, life: Life, story: Story, found: Found) -> None:
        self.life, self.story, self.found = life, story, found
        shop = life.world.shop
        self.status = "gone"
        self.order: Json = life.gone.get(story.order_id, {})
        if story.order_id in shop.orders:
            self.order = shop.orders[story.order_id]
            self.status = self.order["status"]
        self.refunds = {r["id"]: r for r in life.refunds_of(story.order_id)}

    # -- what must never be, whatever people did ---------------------------------------------------

    def never(self) -> Iterator[str]:
        """Yield what is there twice, or is not what the shop said at any time."""
        me = self.story.order_id
        names = Counter(one.reference for one in self.found.documents)
        yield from (f"twice: {name}" for name, n in names.items() if n > 1)
        if "credited by hand" not in self.story.marks:
            live = [one.reference for one in self.found.live]
            if len(live) > 1:
                yield f"twice: {' and '.join(live)} both count"
            if self.found.net < 0 and "repriced" not in self.story.marks:
                yield f"twice: {me} is credited with more than was sold, {self.found.net}"
        if len(self.found.payments) > 1:
            yield f"twice: the payment of {me}, {[str(p.amount) for p in self.found.payments]}"
        for refund, posted in self.found.paybacks.items():
            if len(posted) > 1:
                yield f"twice: the money's way back of {me}, refund {refund}"
        yield from self._figures()

    def _figures(self) -> Iterator[str]:
        if "repriced" not in self.story.marks:
            for one in self._sales():
                if one.invoiced and "invoiced by hand" not in self.story.marks:
                    yield from self._one_version(one)
            for generation, listed in self.found.wholes.items():
                sold = [one.total for one in self.found.sales[generation]]
                yield from (
                    f"øre: {one.reference} credits {one.total} of {sold}"
                    for one in listed
                    if sold != [-one.total]
                )
        for refund_id, listed in self.found.credits.items():
            refund = self.story.refunds.get(refund_id)
            for one in listed if "repriced" not in self.story.marks else ():
                if refund is None or one.total != -Decimal(refund["amount"]):
                    yield f"øre: {one.reference} is {one.total}, refund {refund and refund['amount']}"
        for posted in self.found.payments:
            if posted.amount not in {version.total for version in self.story.versions}:
                yield f"øre: paid {posted.amount} of {self.story.order_id}"
            if posted.account != ACCOUNTS.get(self.story.method, 1900):
                yield f"money: {self.story.order_id} of {self.story.method} on {posted.account}"

    def _sales(self) -> list[Document]:
        return [one for listed in self.found.sales.values() for one in listed]

    def _one_version(self, document: Document) -> Iterator[str]:
        """Yield nothing where total and VAT are those of a version that the shop had."""
        totals = [v for v in self.story.versions if v.total == document.total]
        if not totals:
            yield f"øre: {document.reference} is {document.total}"
        vat = dict(document.vat)
        for version in totals:
            rates = {*vat, *version.vat}
            off = max((abs(vat.get(r, ZERO) - version.vat.get(r, ZERO)) for r in rates), default=ZERO)
            if off <= version.tolerance:
                return
        if totals:
            yield f"øre: the VAT of {document.reference} is {vat}, not {dict(totals[-1].vat)}"

    # -- what must be exactly ----------------------------------------------------------------------

    def unknown(self) -> Iterator[str]:
        """Yield what is wrong with an order that the job does not know (any more)."""
        if self._is_transferred(self.status):
            yield f"lost: {self.story.order_id}, which is {self.status}"
        elif any(one.total for one in self.found.live) and "database lost" not in self.story.marks:
            yield f"lost: {self.story.order_id} is {self.status}, and forgotten in PowerOffice"

    def exact(self) -> Iterator[str]:
        """Yield what differs from the shop in an order that is neither held nor a person's."""
        if self.story.marks & A_PERSONS or self._was_forgotten():
            return
        if self.status in OFF:
            yield from self._off()
        elif self.status == "refunded":
            yield from self._returned()
        else:
            yield from self._on()
        yield from self._money()

    def _was_forgotten(self) -> bool:
        """Whether its documents went with a database before the order was off, or returned."""
        return "database lost" in self.story.marks and self.status in OFF | {"refunded"}

    def _off(self) -> Iterator[str]:
        unseen = self.status == "gone"  # a deleted order is in no list of the shop's
        counts = [one.reference for one in self.found.live if one.total or not one.invoiced]
        if counts and not unseen:
            yield f"lost: {self.story.order_id} is {self.status}, and {counts} counts"

    def _returned(self) -> Iterator[str]:
        drafts = [one.reference for one in self.found.live if not one.invoiced]
        if drafts and not self._left_to_a_person:
            yield f"lost: {self.story.order_id} is refunded, and {drafts} stands"
        if self.found.live:
            yield from self._credit_notes()

    def _on(self) -> Iterator[str]:
        me, order = self.story.order_id, self.order
        if not self.found.live:
            if self._is_transferred(self.status):
                yield f"lost: {me}, which is {self.status}"
            return
        live = self.found.live[0]
        yield from self._one_version(live)
        if live.total != Decimal(order["total"]):
            yield f"øre: {live.reference} is {live.total}, the order {order['total']}"
        if not live.invoiced and self._must_be_invoiced():
            yield f"lost: the invoice of {me}"
        if live.invoiced and not self._may_be_invoiced():
            yield f"early: the invoice of {me}"
        if live.invoiced:
            yield from self._credit_notes()
            yield from self._day_of(live)
        elif self.found.credits:
            yield f"twice: a credit note of {me}, which is a draft"
        if self.story.buyer != "guest" and self.life.said.get("private") != "collective":
            from tests.lives.content import BUYERS

            if BUYERS[self.story.buyer][0]["email"] not in live.customer:
                yield f"customer: {me} of {self.story.buyer} goes to {live.customer}"

    def _is_transferred(self, status: str) -> bool:
        listed = self.life.world.settings.woocommerce.statuses
        return status in listed or (status == "completed" and "processing" in listed)

    @property
    def _left_to_a_person(self) -> bool:
        return not self.life.switched("invoices.create")

    def _switched(self, *names: str) -> bool:
        return any(f"switched {name}" in self.life.marks for name in names)

    def _must_be_invoiced(self) -> bool:
        if self._switched("invoices.create", "invoices.when") or self._left_to_a_person:
            return False
        at_once = self.life.switched("invoices.when") == "processing"
        return self._is_transferred(self.status) and (at_once or self.status == "completed")

    def _may_be_invoiced(self) -> bool:
        if self._switched("invoices.create", "invoices.when"):
            return True
        if "invoiced by hand" in self.story.marks:
            return True
        at_once = self.life.switched("invoices.when") == "processing"
        return not self._left_to_a_person and (at_once or "completed" in self.story.marks)

    def _day_of(self, invoice: Document) -> Iterator[str]:
        """Yield where an invoice bears another day than question 4 says."""
        moved = self.life.marks & {"locked", "switched invoices.when", "switched invoices.create"}
        if moved or "invoiced by hand" in self.story.marks:
            return
        name = "date_completed_gmt"
        if self.life.switched("invoices.when") == "processing":
            if not self.story.paid_when_placed and self.order["date_paid_gmt"]:
                return  # before or after it was paid
            name = "date_paid_gmt" if self.order["date_paid_gmt"] else "date_created_gmt"
        if self.order[name] and invoice.invoice_day != _day(self.order[name]):
            yield f"day: {invoice.reference} is of {invoice.invoice_day}, not {self.order[name]}"

    def _credit_notes(self) -> Iterator[str]:
        if self._switched("refunds.credit_notes"):
            return
        if not self.life.switched("refunds.credit_notes"):
            if self.found.credits:
                yield f"twice: credit notes of {self.story.order_id}, which are switched off"
            return
        for refund_id in self.refunds:
            notes = self.found.credits.get(refund_id, [])
            if not notes:
                yield f"lost: the credit note of refund {refund_id} of {self.story.order_id}"
            elif not notes[0].invoiced and self._must_be_invoiced():
                yield f"lost: refund {refund_id} of {self.story.order_id} is a draft still"

    # -- money -------------------------------------------------------------------------------------

    def _money(self) -> Iterator[str]:
        marks = self.story.marks
        if self._switched("payments.register", "refunds.register_payment"):
            return
        if "paid by hand" in marks:
            return
        stood = [one for one in self._sales() if one.invoiced]
        wanted = bool(stood) and self._is_booked()
        if wanted and not self.found.payments:
            yield f"money: the payment of {self.story.order_id} is lost"
        if not wanted and self.found.payments and not self._maybe_booked():
            yield f"money: {self.story.order_id} was not paid, but is booked as paid"
        live = [one for one in self.found.live if one.invoiced]
        if wanted and live and self.found.payments:
            paid = self.found.payments[0].amount
            if paid != live[0].total:
                yield f"money: {self.story.order_id} is {live[0].total}, its payment {paid}"
        yield from self._ways_back(wanted)

    def _is_booked(self) -> bool:
        """Whether the job must have booked the order's money."""
        if not self.life.switched("payments.register") or self.story.method == "bacs":
            return False
        if self.status in OFF and not self.story.paid_when_placed:
            return False
        return bool(Decimal(self.order["total"]) and self.order["date_paid_gmt"])

    def _maybe_booked(self) -> bool:
        off = self.status in OFF or any(self.found.wholes.values())
        return off and self.life.switched("payments.register") and self.story.method != "bacs"

    def _ways_back(self, paid: bool) -> Iterator[str]:
        rule = self.life.switched("refunds.register_payment")
        for refund_id, notes in self.found.credits.items():
            refund = self.story.refunds[refund_id]
            returned = rule == "always" or (rule == "gateway" and refund["refunded_payment"])
            wanted = paid and returned and notes[0].invoiced
            posted = self.found.paybacks.get(refund_id, [])
            if wanted and not posted:
                yield f"money: the way back of refund {refund_id} of {self.story.order_id} is lost"
            if posted and not wanted:
                yield f"money: refund {refund_id} of {self.story.order_id} was not returned"
            if posted and posted[0].amount != notes[0].total:
                yield f"øre: {posted[0].amount} went back of refund {refund_id}"


def _day(moment_gmt: str) -> date:
    moment = datetime.fromisoformat(f"{moment_gmt}+00:00")
    return moment.astimezone(ZoneInfo("Europe/Oslo")).date()


__all__ = ["PREPAID", "Judge", "wrong_with"]
