"""Serves both built-in systems on loopback, for the demo and for trying things by hand."""

import asyncio
import os
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
import uvicorn

from woo2po.sandbox.go import Go
from woo2po.sandbox.shop import ShopSite

_LOOPBACK = "127.0.0.1"
_PATIENCE = 10.0  # seconds to go down

T = TypeVar("T")
Answer = Callable[[httpx.Request], Coroutine[Any, Any, httpx.Response]]


@dataclass
class PortTaken(Exception):
    """A port cannot be listened on; `said` is what the system says."""

    port: int
    said: str


@dataclass(frozen=True, slots=True)
class Served:
    """Where the two systems answer: addresses without a path, such as http://127.0.0.1:8001."""

    shop_url: str
    go_url: str
    loop: asyncio.AbstractEventLoop

    def between(self, act: Callable[[], T]) -> T:
        """Call between two requests, so that neither system changes while it answers one."""

        async def acted() -> T:
            return act()

        return asyncio.run_coroutine_threadsafe(acted(), self.loop).result()


@contextmanager
def serve(shop: ShopSite, go: Go, *, shop_port: int = 0, go_port: int = 0) -> Iterator[Served]:
    """Serve both in a thread while the context is open; port 0 is any. Raises PortTaken."""
    with _listening(shop_port) as shop_socket, _listening(go_port) as go_socket:
        sites: dict[Answer, socket.socket] = {shop.answer: shop_socket, go.answer: go_socket}
        ports = [listening.getsockname()[1] for listening in sites.values()]
        shop.url, go_url = (f"http://{_LOOPBACK}:{port}" for port in ports)
        with _running(sites) as loop:
            yield Served(shop.url, go_url, loop)


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    try:
        listening = socket.create_server((_LOOPBACK, port))  # asked before it is up, it waits
    except OSError as error:
        raise PortTaken(port, os.strerror(error.errno or 0)) from error
    with listening:
        yield listening


@contextmanager
def _running(sites: dict[Answer, socket.socket]) -> Iterator[asyncio.AbstractEventLoop]:
    servers = {_server(answer): listening for answer, listening in sites.items()}
    loop = asyncio.new_event_loop()

    async def serve_all() -> None:
        await asyncio.gather(*(server.serve([where]) for server, where in servers.items()))

    # In a thread uvicorn leaves the signals alone, so Ctrl-C reaches the command.
    thread = threading.Thread(target=loop.run_until_complete, args=(serve_all(),), daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        for server in servers:
            server.should_exit = server.force_exit = True
        thread.join(_PATIENCE)
        loop.close()


def _server(answer: Answer) -> uvicorn.Server:
    config = uvicorn.Config(
        _application(answer), http="h11", ws="none", lifespan="off", loop="asyncio",
        log_config=None, access_log=False, date_header=False, server_header=False,
        timeout_graceful_shutdown=1,
    )  # fmt: skip
    return uvicorn.Server(config)


def _application(answer: Answer) -> Any:
    """Return the ASGI application that answers each request so, once it has arrived whole."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            part = await receive()
            body += part.get("body", b"")
            more = part.get("more_body", False)
        target = scope["raw_path"] + b"?" + scope["query_string"]
        url = httpx.URL(f"{scope['scheme']}://{dict(scope['headers'])[b'host'].decode()}")
        url = url.copy_with(raw_path=target.removesuffix(b"?"))
        request = httpx.Request(scope["method"], url, headers=scope["headers"], content=body)
        response = await answer(request)
        head = {"status": response.status_code, "headers": response.headers.raw}
        await send({"type": "http.response.start", **head})
        await send({"type": "http.response.body", "body": response.content})

    return app
