"""The process in which the sandbox runs while a benchmark measures the job."""

import copy
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from typing import Any

from tests.benchmarks.scene import Arrived, Scene
from woo2po.demo import make_sandbox, sandbox_config
from woo2po.sandbox.go import Go
from woo2po.sandbox.serve import serve
from woo2po.sandbox.shop import ShopSite
from woo2po.sandbox.shop_orders import recorded

# Delivered to the billing address, paid, every line in the catalogue or on a fallback product.
ORDINARY = ("b2c-vipps-simple", "b2c-two-vat-rates", "coupon-percent", "shipping-of-mixed-cart")
FIRST_ID = 100_000


def serve_scene(pipe: "Connection[Any, Any]", scene: Scene) -> None:
    """Serve a scene until the pipe is closed: its config.toml first, then answers to questions."""
    shop, go = make_sandbox()
    shop.orders.clear()
    for order in new_orders(scene.orders):
        shop.orders[order["id"]] = order
    _furnish(go, scene)
    moments: list[tuple[float, str]] = []
    go.faults.before(lambda method, path: moments.append((time.monotonic(), f"{method} {path}")))
    with serve(shop, go) as served:
        pipe.send(sandbox_config(served.shop_url, served.go_url, shop, "en"))
        while _asked(pipe):
            pipe.send(_arrived(shop, go, moments))


def _asked(pipe: "Connection[Any, Any]") -> bool:
    try:
        return bool(pipe.recv())
    except EOFError:
        return False


def _arrived(shop: ShopSite, go: Go, moments: list[tuple[float, str]]) -> Arrived:
    arrived = Arrived(len(shop.requests), list(moments), go.busiest_second)
    shop.requests.clear()
    moments.clear()
    go.busiest_second = 0
    return arrived


def new_orders(count: int) -> Iterator[dict[str, Any]]:
    """Yield orders like the recorded ordinary ones, each with a new id, number and customer."""
    originals = [recorded(name)["order"] for name in ORDINARY]
    # Changed two days ago: a second poll, whatever its overlap, does not list them again.
    changed = (datetime.now(UTC) - timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%S")
    for n in range(count):
        order = copy.deepcopy(originals[n % len(originals)])
        order |= {"id": FIRST_ID + n, "number": str(FIRST_ID + n), "order_key": f"wc_order_{n}"}
        order |= {"date_modified_gmt": changed, "date_modified": changed}
        order["billing"] |= {"email": f"kunde.nummer{n}@example.no", "last_name": f"Nordmann {n}"}
        order["shipping"] |= {"last_name": f"Nordmann {n}"}
        yield order


def _furnish(go: Go, scene: Scene) -> None:
    books, go.faults.spec = go.books, scene.filters
    for n in range(scene.customers):
        person = {"first_name": "Ola", "last_name": f"Hansen {n}", "is_person": True}
        books.add_customer({**person, "email_address": f"ola.hansen{n}@example.no"})
    like = books.product("GEN-001")
    for n in range(scene.products):
        product = copy.copy(like)
        product.id, product.code = books.number("product"), f"VARE-{n:05}"
        books.products[product.id] = product
    go.faults.latency, go.faults.requests_per_second = scene.latency, scene.limit
