"""The proof of a year of 50,000 orders, and of a month of 5,000: requests, memory and time.

    python -m tests.benchmarks.reconcile [ORDERS DAYS]

Both systems are made up page by page as they are asked for, so that what they hold does not
count. The job runs in a process of its own, without PowerOffice's limit of ten requests a second:
with it the time is at least a tenth of a second for each of its requests.
"""

import asyncio
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx

from tests.benchmarks.scene import *
from woo2po.config import load
from woo2po.connections import Connections
from woo2po.demo import sandbox_config
from woo2po.http import spacing
from woo2po.mapping.customer import matching_reference
from woo2po.messages import say
from woo2po.proof import Period, proof_csv, proof_html, proof_text, reconcile
from woo2po.sandbox.shop import ShopSite

FIRST, DAYS = date(2026, 1, 1), {50_000: 365, 5_000: 31}
NOW = datetime(2027, 1, 20, 12, 0, tzinfo=UTC)
MOST_MEMORY = 150.0  # MB
STATUSES = ["processing", "completed", "refunded", "trash"]


def day_of(n: int, orders: int) -> date:
    """Return the day of the nth order (from 1)."""
    return FIRST + timedelta(days=(n - 1) * DAYS[orders] // orders)


def amounts(n: int) -> tuple[Decimal, ...]:
    """Return net and VAT at 25 and at 15 % of the nth order: hats and freight, coffee."""
    hats, coffee = 1 + n % 13, Decimal("177.60") * (1 + n % 77)
    net = (coffee * 100 / 115).quantize(Decimal("0.01"))
    rest = Decimal("1039.20") * hats + Decimal("79.20"), Decimal("259.80") * hats + Decimal("19.80")
    return *rest, net, coffee - net


def order(n: int, orders: int) -> dict[str, Any]:
    """Return the nth order: hats, coffee, and freight."""
    moment = f"{day_of(n, orders)}T10:00:00"
    net, vat, *coffee = amounts(n)
    hats, freight = (net - Decimal("79.20"), vat - Decimal("19.80")), ("79.200000", "19.800000")
    lines = [
        {"id": 3 * n + at, "name": "Lue", "quantity": 1, "subtotal": str(one), "total": str(one),
         "total_tax": str(tax), "taxes": [{"id": 1 + at, "total": str(tax)}], "meta_data": []}
        for at, (one, tax) in enumerate((hats, coffee))
    ]  # fmt: skip
    return {
        "id": n, "number": str(n), "status": "completed", "currency": "NOK",
        "date_created_gmt": moment, "date_paid_gmt": moment, "date_completed_gmt": moment,
        "total": str(sum(amounts(n))), "payment_method": "vipps" if n % 4 else "klarna",
        "refunds": [{"id": 10**6 + n, "total": "-1299.00"}] if n % 20 == 0 else [],
        "line_items": lines,
        "shipping_lines": [{"id": 3 * n + 2, "method_title": "Post", "total": freight[0],
                            "total_tax": freight[1], "taxes": [{"id": 1, "total": freight[1]}]}],
        "fee_lines": [],
        "tax_lines": [{"rate_id": 1, "rate_percent": 25}, {"rate_id": 2, "rate_percent": 15}],
    }  # fmt: skip


def refund(id_: int, orders: int) -> dict[str, Any]:
    """Return a refund: the hat comes back a day later."""
    n = id_ - 10**6
    line = {"id": 4 * n, "quantity": -1, "subtotal": "-1039.200000", "total": "-1039.200000",
            "total_tax": "-259.800000", "taxes": [{"id": 1, "total": "-259.800000"}]}  # fmt: skip
    moment = f"{day_of(n, orders) + timedelta(days=1)}T10:00:00"
    return {
        "id": id_, "parent_id": n, "date_created_gmt": moment, "amount": "1299.00",
        "refunded_payment": True, "line_items": [line], "shipping_lines": [], "fee_lines": [],
        "tax_lines": [{"rate_id": 1, "rate_percent": 25}],
    }  # fmt: skip


class Systems:
    """Both systems, as a transport: pages are made as they are asked for."""

    def __init__(self, orders: int, matching: str) -> None:
        self.orders, self.matching = orders, matching
        self.asked: Counter[str] = Counter()

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Return the answer to a request to either system."""
        host, asked, path = request.url.host, request.url.params, request.url.path
        self.asked[host] += 1
        shop = host == "shop.example"
        return self._shop(asked, path, request.method) if shop else self._go(asked, path)

    def _shop(self, asked: httpx.QueryParams, path: str, method: str) -> httpx.Response:
        if method == "OPTIONS":
            ways = {"methods": ["GET"], "args": {"status": {"items": {"enum": STATUSES}}}}
            return httpx.Response(200, json={"endpoints": [ways]})
        if path.endswith("/refunds"):
            ids = sorted(int(one) for one in asked["include"].split(","))
            return _page([refund(id_, self.orders) for id_ in ids], len(ids))
        if not path.endswith("/orders"):
            return httpx.Response(200, json={"name": "X"})
        start = int(asked.get("offset", "0"))
        end = min(start + int(asked["per_page"]), self.orders)
        return _page([order(n, self.orders) for n in range(start + 1, end + 1)], self.orders)

    def _go(self, asked: httpx.QueryParams, path: str) -> httpx.Response:
        if path.endswith("/Token"):
            return httpx.Response(200, json={"access_token": "x", "expires_in": 3600})
        if path.endswith("/ClientIntegrationInformation"):
            return httpx.Response(200, json={"ClientId": "1", "ClientName": "X"})
        if not path.endswith(("/OutgoingInvoices", "/AccountTransactions")):
            return httpx.Response(204)
        sales = asked.get("accountNos", "").startswith("2000")
        made = self._documents if "Invoices" in path else self._sales if sales else self._money
        # Of how many orders a page has the rows: two of sales, and some refunds' more.
        count = int(asked["PageSize"]) // (2 if sales else 1) * 20 // 21
        first = (int(asked["PageNumber"]) - 1) * count + 1
        rows = [row for n in range(first, min(first + count, self.orders + 1)) for row in made(n)]
        fields, pages = asked["Fields"].split(","), -(-self.orders // count)
        shown_rows = [{name: row.get(name) for name in fields} for row in rows]
        headers = {"X-Pagination": json.dumps({"totalPages": pages})}
        return httpx.Response(200, json=shown_rows, headers=headers)

    def _documents(self, n: int) -> Iterator[dict[str, Any]]:
        net, vat, coffee, coffee_vat = map(float, amounts(n))
        day, whole = day_of(n, self.orders), round(net + coffee, 2)
        yield self._document(n, n, "", day, whole, round(whole + vat + coffee_vat, 2))
        if n % 20 == 0:
            id_ = 10**6 + n
            yield self._document(id_, n, f"-r{id_}", day + timedelta(days=1), -1039.20, -1299.00)

    def _document(self, id_, n, suffix, day, net, total):
        return {
            "Id": guid(id_), "ExternalImportReference": f"shop_{n}{suffix}",
            "CustomMatchingReference": f"{self.matching}{n}{suffix}", "NetAmount": net,
            "TotalAmount": total, "CurrencyCode": "NOK", "InvoiceNo": 10_000 + id_,
            "VoucherDate": day.isoformat(), "Balance": 0.0,
        }  # fmt: skip

    def _sales(self, n: int) -> Iterator[dict[str, Any]]:
        day = day_of(n, self.orders)
        net, vat, coffee, coffee_vat = map(float, amounts(n))
        yield posting(5 * n, n, 3000, day, -net, rate=0.25, vat=-vat)
        yield posting(5 * n + 1, n, 3030, day, -coffee, rate=0.15, vat=-coffee_vat)
        if n % 20 == 0:
            back = day + timedelta(days=1)
            yield posting(5 * n + 3, 10**6 + n, 3000, back, 1039.20, rate=0.25, vat=259.80)

    def _money(self, n: int) -> Iterator[dict[str, Any]]:
        account, day = (1903 if n % 4 else 1904), day_of(n, self.orders)
        yield posting(5 * n, n, account, day, float(sum(amounts(n))), f"shop_{n}")
        if n % 20 == 0:
            text, back = f"shop_{n}-r{10**6 + n}", day + timedelta(days=1)
            yield posting(5 * n + 1, n, account, back, -1299.00, text)


def guid(n: int) -> str:
    """Return the GUID of a number."""
    return f"00000000-0000-0000-0000-{n:012d}"


def posting(id_, voucher, account, day, amount, text="", rate=None, vat=None):
    """Return a row of AccountTransactions."""
    return {
        "Id": id_, "VoucherId": guid(voucher), "AccountNo": account,
        "PostingDate": day.isoformat(), "Amount": amount, "Description": text,
        "VatRate": rate, "VatAmount": vat, "VatCode": {0.25: "3", 0.15: "31"}.get(rate),
    }  # fmt: skip


def _page(rows: list[dict[str, Any]], total: int) -> httpx.Response:
    return httpx.Response(200, json=rows, headers={"X-WP-Total": str(total)})


def measured(orders: int, days: int, folder: str) -> tuple[str, list[Figure]]:
    """Prove so many orders in so many days in this process; return what differs, and figures."""
    DAYS[orders] = days
    config = Path(folder) / "config.toml"
    said = sandbox_config("https://shop.example", "https://go.example", ShopSite(), "en")
    for old, new in (("2026-09-01", FIRST.isoformat()), ('"completed"', '"processing"')):
        said = said.replace(old, new)
    config.write_text(said, "utf-8")
    config.chmod(0o600)
    settings = load(config)
    spacing.MARGIN = 0
    unlimited = settings.poweroffice.model_copy(update={"requests_per_second": 10**6})
    settings = settings.model_copy(update={"poweroffice": unlimited})
    systems = Systems(orders, matching_reference(settings, 0)[:-1])
    both = Connections(*(httpx.MockTransport(systems.answer) for _ in range(2)))
    period = Period(FIRST, FIRST + timedelta(days=days - 1))
    say("reconcile_how", "nb")  # the command has its messages by then
    start, before = time.monotonic(), peak()
    proof = asyncio.run(reconcile(settings, lambda: NOW, period, connections=both))
    page = proof_html(proof, "nb")
    assert all((proof_text(proof, "nb"), proof_csv(proof, "nb")))
    found = [f"{pair.code} {pair.number}\n" for pair in proof.differences[:5]]
    return "".join(found), [
        told("orders proved", proof.orders, ",.0f"),
        at_most("differences found", len(found), 0, ".0f"),
        told("requests to the shop", systems.asked["shop.example"], ".0f"),
        told("requests to PowerOffice", systems.asked["go.example"], ".0f"),
        told("from start to end, s", time.monotonic() - start, ".1f"),
        told("memory before, MB", before, ".0f"),
        at_most("peak memory, MB", peak(), MOST_MEMORY, ".0f"),
        told("page, KB", len(page) / 1024, ".0f"),
    ]


def peak() -> float:
    """Return the most memory that this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(orders: int, days: int) -> int:
    """Measure and print; return the exit code."""
    ways = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(1, ways) as process:
        differing, figures = process.submit(measured, orders, days, folder).result()
    sys.stdout.write(differing)
    return shown(f"The proof of {days} days with {orders:,} orders", figures)


if __name__ == "__main__":
    wanted = {int(sys.argv[1]): int(sys.argv[2])} if sys.argv[1:] else dict(DAYS)
    sys.exit(max(main(orders, days) for orders, days in wanted.items()))
