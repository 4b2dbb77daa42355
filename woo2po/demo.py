"""`demo`: the whole job on recorded orders against the built-in sandbox; and the sandbox served.

The demo's configuration is an ordinary one, written as config.toml into a temporary folder, and
what it shows is read back from the sandbox's books: what an accountant would find there. Its
requests stay within the process.
"""

import asyncio
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.resources import files
from pathlib import Path
from string import Template

import click
import httpx
from structlog.testing import capture_logs

from woo2po.config import load
from woo2po.connections import Connections
from woo2po.mapping import eligible
from woo2po.messages import Language, day_said, say, word
from woo2po.money import ZERO
from woo2po.order import read_order
from woo2po.record import RunOutcome
from woo2po.report import Cell, fitted, kroner, percent, table, wrapped
from woo2po.run import Errand, run
from woo2po.sandbox.answers import utc_now
from woo2po.sandbox.books import Books
from woo2po.sandbox.faults import Faults
from woo2po.sandbox.go import Go
from woo2po.sandbox.orders import SalesOrder
from woo2po.sandbox.shop import ShopSite
from woo2po.status import groups_text, status_of

KEYS = ("app-sandbox", "client-sandbox", "subscription-sandbox")
NAMED_KEYS = dict(zip(("application_key", "client_key", "subscription_key"), KEYS, strict=True))
ADDRESSES = ("https://shop.example", "https://go.example")  # nobody is asked there

CONFIG = Template((files("woo2po.sandbox") / "config.toml").read_text(encoding="utf-8"))

SERVED = """\
# Above is a config.toml for the shop at {shop}
# and PowerOffice at {go}.
# Or try `woo2po init` in a second terminal with these keys, as it asks for them:
# {keys}
# Type help for what you can change here; quit or Ctrl-C ends the sandbox."""

# The demonstration's own time, from when the orders were recorded on: their days never lie ahead.
BEGINNING = datetime(2026, 11, 24, 12, tzinfo=UTC)
HURRY = 1000  # requests a second: within the process nobody needs to be spared


def sandbox_config(shop_url: str, go_url: str, shop: ShopSite, language: Language) -> str:
    """Return a whole config.toml for the sandbox."""
    own = {"consumer_key": shop.consumer_key, "consumer_secret": shop.consumer_secret}
    return CONFIG.substitute({**own, **NAMED_KEYS}, language=language, shop=shop_url, go=go_url)


def make_sandbox(clock: Callable[[], datetime] = utc_now) -> tuple[ShopSite, Go]:
    """Return a shop with the recorded orders and an empty-handed company in PowerOffice Go."""
    shop = ShopSite(clock)
    shop.load_recorded()
    return shop, Go(Books.standard(), Faults(), **NAMED_KEYS, clock=clock)


def serve_sandbox(shop_port: int, go_port: int, language: Language) -> None:
    """Serve both until Ctrl-C, with a configuration printed; do what is typed. Raises PortTaken."""
    from woo2po.sandbox.console import Console, typed  # noqa: PLC0415 (only for the served one)
    from woo2po.sandbox.serve import serve  # noqa: PLC0415 (uvicorn need not be installed)

    shop, go = make_sandbox()
    console = Console(shop, go)
    with serve(shop, go, shop_port=shop_port, go_port=go_port) as served:
        click.echo(sandbox_config(served.shop_url, served.go_url, shop, language))
        keys = ", ".join((shop.consumer_key, shop.consumer_secret, *KEYS))
        click.echo(SERVED.format(shop=served.shop_url, go=served.go_url, keys=keys))
        with suppress(KeyboardInterrupt):
            for line in typed():
                if line.strip().lower() == "quit":
                    return
                if answer := served.between(partial(console.answer, line)):
                    click.echo(answer)
            while True:
                time.sleep(3600)


def run_demo(language: Language) -> int:
    """Run the job on recorded orders, show what arrived; return 0 if all went well, with holds."""
    begun = time.monotonic()

    def clock() -> datetime:
        return BEGINNING + timedelta(seconds=time.monotonic() - begun)

    shop, go = make_sandbox(clock)
    go.faults.requests_per_second = None
    here = Connections(httpx.MockTransport(shop.answer), httpx.MockTransport(go.answer))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.toml"
        path.write_text(sandbox_config(*ADDRESSES, shop, language), "utf-8")
        path.chmod(0o600)
        settings = load(path)
        fast = settings.poweroffice.model_copy(update={"requests_per_second": HURRY})
        settings = settings.model_copy(update={"poweroffice": fast})
        click.echo(wrapped(say("demo_begins", language, {"orders": str(len(shop.orders))})))
        with capture_logs():  # warnings of what is held: it is shown as a table
            first = asyncio.run(run(Errand(settings, clock, connections=here)))
            asked = len(go.requests)
            again = asyncio.run(run(Errand(settings, clock, connections=here)))
            last = asyncio.run(run(Errand(settings, clock, connections=here)))
        for title, (heads, rows_of) in _TABLES.items():
            named = [word(name, language) for name in heads]
            click.echo(f"\n{word(title, language)}")
            click.echo(table(rows_of(go.books, language), named, language))
        for one in (one for one in go.books.outgoing_invoices.values() if one.balance):
            facts = {"invoice": str(one.invoice_no), "balance": kroner(one.balance, language)}
            click.echo("\n" + wrapped(say("open_not_paid", language, facts), "", "  "))
        status = status_of(settings, clock(), all_orders=True, max_age=timedelta(days=1))
        held = [order for order in status.orders if order.reason]
        click.echo("\n" + groups_text(held, language))
        others = sum(not eligible(read_order(raw), settings) for raw in shop.orders.values())
        facts = {
            "n": _arriving(first),
            "requests": str(asked),
            "rest": _arriving(again),
            "last": _arriving(last),
            "off": str(first.counts.get("cancelled", 0)),
            "others": str(others),
        }
        click.echo("\n" + wrapped(say("demo_ends", language, facts)))
    codes = {first.exit_code, again.exit_code, last.exit_code}
    return 0 if codes <= {0, 1} else max(codes)


def _arriving(outcome: RunOutcome) -> str:
    return str(outcome.counts.get("made", 0) + outcome.counts.get("credited", 0))


# -- the sandbox's books as an accountant reads them, in tables that can be added up ---------------


def _drafts(books: Books, language: Language) -> Iterator[Sequence[Cell]]:
    """Yield the sales orders that nobody has invoiced, with VAT by rate."""
    for order in sorted(books.sales_orders.values(), key=lambda order: order.sales_order_no):
        net, vat_by_rate, total = order.totals
        vat = (
            f"{percent(rate, language).replace(' ', '')} {kroner(amount, language)}"
            for rate, amount in sorted(vat_by_rate.items())
            if amount
        )
        name = fitted(books.customers[order.customer_id].shown_name, 10)
        yield order.sales_order_no, _reference(order), name, net, " ".join(vat), total


def _invoices(books: Books, language: Language) -> Iterator[Sequence[Cell]]:
    """Yield invoices and credit notes, and what is open of each."""
    for one in books.outgoing_invoices.values():
        order, vat = one.order, sum(one.totals.vat_by_rate.values(), ZERO)
        numbers = one.invoice_no, order.related_invoice_no or "", _reference(order)
        day = day_said(one.voucher_date, language)
        yield *numbers, day, vat, one.total_amount, one.balance


def _reference(order: SalesOrder) -> str:
    written = order.purchase_order_reference or order.customer_reference
    return fitted(written or order.external_import_reference or "", 15)


def _ledger(books: Books, language: Language) -> Iterator[Sequence[Cell]]:
    """Yield what stands on each account, and that it sums to 0."""
    accounts = defaultdict(list)
    for posting in sorted(books.postings, key=lambda posting: posting.account_no):
        name = fitted(books.account(posting.account_no).name, 28)
        accounts[f"{posting.account_no} {name}"].append(posting.amount)
    accounts[word("sum", language)] = [posting.amount for posting in books.postings]
    for name, amounts in accounts.items():
        debit, balance = sum((one for one in amounts if one > 0), ZERO), sum(amounts, ZERO)
        yield name, debit, debit - balance, balance


_TABLES = {
    "drafts": (("order_no", "number", "customer", "net", "vat", "total"), _drafts),
    "invoices": (("invoice", "credits", "number", "day", "vat", "total", "open"), _invoices),
    "general_ledger": (("account", "debit", "credit", "balance"), _ledger),
}
