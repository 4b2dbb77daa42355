"""`demo`: the whole job on recorded orders against the built-in sandbox; `sandbox`: both served.

The demo's configuration is an ordinary one, written as config.toml into a temporary folder, and
what it shows is read back from the sandbox's books: what an accountant would find there.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from woo2po import poll
from woo2po.messages import say
from woo2po.messages.message import Language
from woo2po.report import fitted, kroner, percent, table, word, wrapped
from woo2po.sandbox.faults import Faults
from woo2po.sandbox.go import Go
from woo2po.sandbox.ledger import Books
from woo2po.sandbox.serve import serve
from woo2po.sandbox.shop import ShopSite
from woo2po.settings import Settings, load
from woo2po.status import held_text, status_of

KEYS = ("app-sandbox", "client-sandbox", "subscription-sandbox")

CONFIG = """\
language = "{language}"

[woocommerce]
url = "{shop}"
consumer_key = "{consumer_key}"
consumer_secret = "{consumer_secret}"
statuses = ["processing"]
orders_from = 2026-09-01

[poweroffice]
environment = "demo"
base_url = "{go}/Demo/v2"
token_url = "{go}/Demo/OAuth/Token"
application_key = "{application_key}"
client_key = "{client_key}"
subscription_key = "{subscription_key}"

[orders]
number_prefix = "shop_"

[shipping]
product = "FRAKT"
product_by_rate = {{ "0" = "FRAKT0", "15" = "FRAKT15" }}

[discounts]
product = "RABATT"
product_by_rate = {{ "0" = "RABATT0", "12" = "RABATT12", "15" = "RABATT15" }}

[fees]
product = "GEBYR"
product_by_rate = {{ "0" = "GEBYR0", "15" = "GEBYR15" }}

[products]
fallback_by_rate = {{ "0" = "VARE0", "12" = "VARE12", "15" = "VARE15", "25" = "VARE25" }}
rounding = "AVRUND"

[gift_cards]
product = "GAVEKORT"
skus = ["GAVE-500"]
"""


def sandbox_config(shop_url: str, go_url: str, shop: ShopSite, language: Language) -> str:
    """Return a whole config.toml for the sandbox."""
    application_key, client_key, subscription_key = KEYS
    return CONFIG.format(
        language=language,
        shop=shop_url,
        go=go_url,
        consumer_key=shop.consumer_key,
        consumer_secret=shop.consumer_secret,
        application_key=application_key,
        client_key=client_key,
        subscription_key=subscription_key,
    )


def make_sandbox() -> tuple[ShopSite, Go]:
    """Return a shop with the recorded orders and an empty-handed company in PowerOffice Go."""
    shop = ShopSite()
    shop.load_recorded()
    application_key, client_key, subscription_key = KEYS
    go = Go(
        Books.standard(),
        Faults(),
        application_key=application_key,
        client_key=client_key,
        subscription_key=subscription_key,
    )
    return shop, go


def run_demo(language: Language) -> int:
    """Run the job on the recorded orders and show what arrived; return 0 if all went well.

    Orders that are held are part of the demonstration and do not count against it.
    """
    shop, go = make_sandbox()
    with serve(shop, go) as served, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.toml"
        path.write_text(sandbox_config(served.shop_url, served.go_url, shop, language), "utf-8")
        path.chmod(0o600)
        settings = load(path)
        click.echo(wrapped(say("demo_begins", language, {"orders": str(len(shop.orders))})))
        with _quietly(), _progress(language) as progress:
            first = asyncio.run(poll.run(settings, _now, progress=progress))
            asked = len(go.requests)
            second = asyncio.run(poll.run(settings, _now))
        click.echo(arrived(go.books, language))
        click.echo("\n" + held(settings, language))
        facts = {
            "n": str(first.counts.get("made", 0)),
            "requests": str(asked),
            "again": str(second.counts.get("made", 0)),
        }
        click.echo("\n" + wrapped(say("demo_ends", language, facts)))
    return 0 if first.exit_code in {0, 1} and second.exit_code in {0, 1} else 3


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep the log out of the demonstration: warnings for held orders are shown as a table."""
    import logging  # noqa: PLC0415 (only its level numbers)

    import structlog  # noqa: PLC0415

    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        yield
    finally:
        structlog.configure(**before)


@contextmanager
def _progress(language: Language) -> "Iterator[poll.Progress]":
    with click.progressbar(length=1, label=say("demo_works", language), width=30) as bar:

        def show(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        yield show


def arrived(books: Books, language: Language) -> str:
    """Return the table of what stands in PowerOffice: drafts with customer and sums."""
    rows = []
    for order in sorted(books.sales_orders.values(), key=lambda order: order.sales_order_no):
        net, vat_by_rate, total = order.totals()
        customer = books.customers[order.customer_id]
        vat = " ".join(
            f"{percent(rate).replace(' ', '')} {kroner(vat)}"
            for rate, vat in sorted(vat_by_rate.items())
            if vat
        )
        reference = order.customer_reference or order.external_import_reference or ""
        rows.append(
            [
                fitted(reference, 10),
                fitted(customer.shown_name, 14),
                kroner(net),
                vat,
                kroner(total),
                word(order.sales_order_status.lower(), language),
            ]
        )
    headers = [
        word(name, language) for name in ("number", "customer", "net", "vat", "total", "status")
    ]
    return table(rows, headers, right=(2, 4))


def held(settings: Settings, language: Language) -> str:
    """Return the orders that did not go, with reason and remedy."""
    found = status_of(settings, _now(), all_orders=True, max_age=timedelta(days=1))
    return held_text([order for order in found.orders if order.reason], language)


def serve_sandbox(shop_port: int, go_port: int) -> None:
    """Serve both until Ctrl-C, after printing a configuration that fits."""
    shop, go = make_sandbox()
    with serve(shop, go, shop_port=shop_port, go_port=go_port) as served:
        click.echo(f"# shop:        {served.shop_url}\n# PowerOffice: {served.go_url}")
        click.echo("# config.toml for this sandbox:\n")
        click.echo(sandbox_config(served.shop_url, served.go_url, shop, "nb"))
        click.echo("# Ctrl-C ends the sandbox.")
        with suppress(KeyboardInterrupt):
            while True:
                time.sleep(3600)
