"""`reconcile`: the proof of a period, every order, refund and payment against the books.

values.py    what the shop says, what is booked, and the two side by side
reading.py   both systems, in few requests; what is booked, recognised as ours
matching.py  an order, its refunds, documents and money as pairs
sums.py      the proof: the sums of all pairs, and the lists that bear them out
showing.py   the proof in words: as text, page (page.html) and sheets
"""

import gc
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from datetime import date, datetime, timedelta
from itertools import product
from pathlib import Path

from woo2po.config import Settings
from woo2po.connections import Connections, open_poweroffice, open_shop
from woo2po.files import write_whole
from woo2po.http import RemoteError
from woo2po.messages import Language
from woo2po.money import Fact
from woo2po.page import origin_of
from woo2po.proof.matching import Matching
from woo2po.proof.reading import Reader
from woo2po.proof.showing import proof_csv, proof_html, proof_text
from woo2po.proof.sums import Proof
from woo2po.proof.values import Period
from woo2po.run import recall_route
from woo2po.store import Store
from woo2po.store.database import StateError

__all__ = ["Period", "Proof", "months", "proof_csv", "proof_html", "proof_text",
           "reconcile", "write_files"]  # fmt: skip


def write_files(
    proof: Proof, language: Language, page: Path | None, sheet: Path | None
) -> list[Path]:
    """Write the proof as a page and as CSV, a file for each part; return all. Raises NotWritten."""
    files = {} if page is None else {page: proof_html(proof, language).encode("utf-8", "replace")}
    if sheet is not None:
        for part, content in proof_csv(proof, language).items():
            files[sheet.with_name(f"{sheet.stem}{part}{sheet.suffix}")] = content
    for path, content in files.items():
        write_whole(path, content)
    return list(files)


def months(first: date, count: int = 1) -> Period:
    """Return so many months from the one that a day lies in; a term of the VAT return has two."""
    first = after = date(first.year, first.month, 1)
    for _ in range(count):
        after = (after.replace(day=28) + timedelta(days=4)).replace(day=1)
    return Period(first, after - timedelta(days=1))


async def reconcile(
    settings: Settings,
    clock: Callable[[], datetime],
    period: Period,
    connections: Connections | None = None,
) -> Proof:
    """Return the proof of a period; nothing is written anywhere. Raises RemoteError.

    The state database, where there is one that can be read, adds why an order is held or was taken
    out, and which vouchers are payouts.
    """
    gc.set_threshold(20_000, 20, 20)  # a year is millions of values, and none in a circle
    ways, name = connections or Connections(), ""
    async with (
        open_shop(settings.woocommerce, ways) as shop,
        open_poweroffice(settings.poweroffice, ways) as go,
    ):
        with ExitStack() as ends:
            store, limits = None, list[tuple[str, Mapping[str, Fact]]]()
            try:
                known = ends.enter_context(Store.open(Path(settings.state.path), read_only=True))
                recall_route(shop, known)
                limits = [] if known.last_run() or known.payouts() else [("reconcile_no_state", {})]
                store = known
            except StateError as error:
                limits = [("reconcile_no_state", {}), (error.code, error.facts)]
            await go.log_in()
            with suppress(RemoteError):
                name = (await shop.site()).name
            origin = origin_of(settings, go.company.name, clock(), name)
            proof = Proof(period, origin, limits=limits)
            reader = Reader(shop, go, settings, proof, settings.day_of(clock()), store)
            await reader.read()
            _compare(reader)
    return proof


def _compare(found: Reader) -> None:
    """Add to the proof what was found; cases are let go, each as it is counted."""
    proof, period = found.proof, found.period
    for one in found.others:
        proof.clearing[one.account].take(one, one.number, period)
    while found.cases:
        _, case = found.cases.popitem()
        proof.take(Matching(case, found).pairs())
        if (order := case.order) is not None:
            proof.take_case(order, invoiced=any(one.document for one in case.documents))
            for one in case.movements:
                proof.clearing[one.account].take(one, order.number, period)
            for account in proof.clearing.values():
                account.take_order(order)
    for order, account in product(found.earlier, proof.clearing.values()):
        account.take_order(order, earlier=True)
    for account in proof.clearing.values():
        proof.take(account.differences(period))
    proof.in_order()
