"""The process in which the sandbox runs while a benchmark measures the job."""

import copy
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from typing import Any
from unittest.mock import patch

from tests.benchmarks.scene import Arrived, Scene
from woo2po.demo import make_sandbox, sandbox_config
from woo2po.sandbox.go import Go
from woo2po.sandbox.records import Address, Customer, Record
from woo2po.sandbox.serve import serve
from woo2po.sandbox.shop import ShopSite
from woo2po.sandbox.shop_orders import recorded

# Delivered to the billing address, paid, every line in the catalogue or on a fallback product.
ORDINARY = ("b2c-vipps-simple", "b2c-two-vat-rates", "coupon-percent", "shipping-of-mixed-cart")
FIRST_ID = 100_000
# Is a reference, an address's code, a number free: each looks through all that there is.
SLOW_CHECKS = ((Record, "require_free"), (Address, "check"))


def serve_scene(pipe: "Connection[Any, Any]", scene: Scene) -> None:
    """Serve a scene until the pipe is closed: its config.toml first, then answers to questions."""
    shop, go = make_sandbox()
    shop.orders.clear()
    # Changed two days ago: a second poll, whatever its overlap, does not list them again.
    _add_orders(shop, scene.orders, datetime.now(UTC) - timedelta(days=2))
    moments: list[tuple[float, str]] = []
    go.faults.before_hooks.append(
        lambda method, path: moments.append((time.monotonic(), f"{method} {path}"))
    )
    with ExitStack() as stack:
        for holder, name in SLOW_CHECKS if scene.careless else ():
            stack.enter_context(patch.object(holder, name, lambda *_: None))
        _furnish(go, scene)
        served = stack.enter_context(serve(shop, go))
        pipe.send(sandbox_config(served.shop_url, served.go_url, shop, "en"))
        while (asked := _asked(pipe)) is not None:
            if asked[0] == "orders":
                _add_orders(shop, asked[1], datetime.now(UTC))
            pipe.send(_arrived(shop, go, moments) if asked[0] == "arrived" else None)


def _asked(pipe: "Connection[Any, Any]") -> tuple[str, int] | None:
    try:
        asked: tuple[str, int] = pipe.recv()
    except EOFError:
        return None
    return asked


def _add_orders(shop: ShopSite, count: int, changed: datetime) -> None:
    """Put in orders like the recorded ordinary ones, each with a new id and its own customer."""
    originals = [recorded(name)["order"] for name in ORDINARY]
    first, moment = FIRST_ID + len(shop.orders), changed.strftime("%Y-%m-%dT%H:%M:%S")
    for n in range(count):
        order = copy.deepcopy(originals[n % len(originals)])
        order |= {"id": first + n, "number": str(first + n), "order_key": f"wc_order_{first + n}"}
        order |= {"date_modified_gmt": moment, "date_modified": moment}
        order["billing"] |= {"email": f"kunde.nummer{n}@example.no", "last_name": f"Nordmann {n}"}
        order["shipping"] |= {"last_name": f"Nordmann {n}"}
        shop.orders[order["id"]] = order


def _arrived(shop: ShopSite, go: Go, moments: list[tuple[float, str]]) -> Arrived:
    arrived = Arrived(len(shop.requests), list(moments), go.busiest_second)
    shop.requests.clear()
    moments.clear()
    go.busiest_second = 0
    return arrived


def _furnish(go: Go, scene: Scene) -> None:
    books, go.faults.spec = go.books, scene.filters
    for n in range(scene.customers):
        person = {"first_name": "Ola", "last_name": f"Hansen {n}", "is_person": True}
        Customer.made(books, {**person, "email_address": f"ola.hansen{n}@example.no"})
    like = books.product("GEN-001")
    for n in range(scene.products):
        product = copy.copy(like)
        product.id, product.code = books.number("product"), f"VARE-{n:05}"
        books.products[product.id] = product
    go.faults.latency, go.faults.requests_per_second = scene.latency, scene.limit
