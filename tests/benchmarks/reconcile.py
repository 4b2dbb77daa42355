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
from woo2po.sandbox.shop_orders import Goods, amounts, refund_of

FIRST, DAYS = date(2026, 1, 1), {50_000: 365, 5_000: 31}
NOW = datetime(2027, 1, 20, 12, 0, tzinfo=UTC)
MOST_MEMORY = 150.0  # MB
STATUSES = ["processing", "completed", "refunded", "trash"]


def day_of(n: int, orders: int) -> date:
    """Return the day of the nth order (from 1)."""
    return FIRST + timedelta(days=(n - 1) * DAYS[orders] // orders)


# Every order: a hat and coffee; one in twenty gets the hat's money back a day later.
SOLD = amounts((Goods(price="1299.00"), Goods("KAF-250", "177.60", 15)))
HAT, COFFEE = (1039.20, 259.80), (154.43, 23.17)  # net and VAT


def order(n: int, orders: int) -> dict[str, Any]:
    moment = f"{day_of(n, orders)}T10:00:00"
    return {
        **SOLD, "id": n, "number": str(n), "status": "completed", "currency": "NOK",
        "date_created_gmt": moment, "date_paid_gmt": moment, "date_completed_gmt": moment,
        "payment_method": "vipps" if n % 4 else "klarna", "shipping_lines": [], "fee_lines": [],
        "refunds": [{"id": 10**6 + n, "total": "-1299.00"}] if n % 20 == 0 else [],
    }  # fmt: skip


BACK = refund_of(order(1, 5_000), [1, 0])


def refund(id_: int, orders: int) -> dict[str, Any]:
    moment = f"{day_of(id_ - 10**6, orders) + timedelta(days=1)}T10:00:00"
    return {
        **BACK, "id": id_, "parent_id": id_ - 10**6, "date_created_gmt": moment,
        "refunded_payment": True, "tax_lines": SOLD["tax_lines"],
    }  # fmt: skip


class Systems:
    """Both systems, as a transport: pages are made as they are asked for."""

    def __init__(self, orders: int, matching: str) -> None:
        self.orders, self.matching = orders, matching
        self.asked: Counter[str] = Counter()

    def answer(self, request: httpx.Request) -> httpx.Response:
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
        yield self._document(n, n, "", HAT[0] + COFFEE[0], sum(HAT + COFFEE))
        if n % 20 == 0:
            yield self._document(n, 10**6 + n, f"-r{10**6 + n}", -HAT[0], -sum(HAT))

    def _document(self, n: int, id_: int, suffix: str, net: float, total: float) -> dict[str, Any]:
        return {
            "Id": guid(id_), "ExternalImportReference": f"shop_{n}{suffix}",
            "CustomMatchingReference": f"{self.matching}{n}{suffix}", "NetAmount": net,
            "TotalAmount": total, "CurrencyCode": "NOK", "InvoiceNo": 10_000 + id_,
            "VoucherDate": self._day(n, bool(suffix)), "Balance": 0.0,
        }  # fmt: skip

    def _day(self, n: int, back: bool) -> str:
        return (day_of(n, self.orders) + timedelta(days=back)).isoformat()

    def _sales(self, n: int) -> Iterator[dict[str, Any]]:
        yield self._posting(5 * n, n, 3000, -HAT[0], VatRate=0.25, VatAmount=-HAT[1], VatCode="3")
        yield self._posting(
            5 * n + 1, n, 3030, -COFFEE[0], VatRate=0.15, VatAmount=-COFFEE[1], VatCode="31"
        )
        if n % 20 == 0:
            vat = {"VatRate": 0.25, "VatAmount": HAT[1], "VatCode": "3"}
            yield self._posting(5 * n + 3, 10**6 + n, 3000, HAT[0], **vat)

    def _money(self, n: int) -> Iterator[dict[str, Any]]:
        account = 1903 if n % 4 else 1904
        yield self._posting(5 * n, n, account, sum(HAT + COFFEE), Description=f"shop_{n}")
        if n % 20 == 0:
            text = f"shop_{n}-r{10**6 + n}"
            yield self._posting(5 * n + 1, 10**6 + n, account, -sum(HAT), Description=text)

    def _posting(self, id_: int, voucher: int, account: int, amount: float, **more: Any) -> Any:
        n = voucher % 10**6
        day = self._day(n, voucher > 10**6)
        return {"Id": id_, "VoucherId": guid(voucher), "AccountNo": account, "PostingDate": day,
                "Amount": amount, **more}  # fmt: skip


def guid(n: int) -> str:
    return f"00000000-0000-0000-0000-{n:012d}"


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
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(orders: int, days: int) -> int:
    ways = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(1, ways) as process:
        differing, figures = process.submit(measured, orders, days, folder).result()
    sys.stdout.write(differing)
    return shown(f"The proof of {days} days with {orders:,} orders", figures)


if __name__ == "__main__":
    wanted = {int(sys.argv[1]): int(sys.argv[2])} if sys.argv[1:] else dict(DAYS)
    sys.exit(max(main(orders, days) for orders, days in wanted.items()))
