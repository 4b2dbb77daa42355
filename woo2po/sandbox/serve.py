"""Serves both built-in systems on loopback, for the demo and for trying things by hand."""

import asyncio
import os
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
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
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Answer = Callable[[httpx.Request], Awaitable[httpx.Response]]
App = Callable[[Message, Receive, Send], Awaitable[None]]


class PortTaken(Exception):
    """A port cannot be listened on; `said` is what the system says."""

    def __init__(self, port: int, said: str) -> None:
        super().__init__(f"port {port}: {said}")
        self.port = port
        self.said = said


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
        shop.url = _address(shop_socket)
        with _running([(shop.answer, shop_socket), (go.answer, go_socket)]) as loop:
            yield Served(shop.url, _address(go_socket), loop)


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    try:
        listening = socket.create_server((_LOOPBACK, port))  # asked before it is up, it waits
    except OSError as error:
        raise PortTaken(port, os.strerror(error.errno or 0)) from error
    with listening:
        yield listening


def _address(listening: socket.socket) -> str:
    return f"http://{_LOOPBACK}:{listening.getsockname()[1]}"


@contextmanager
def _running(sites: list[tuple[Answer, socket.socket]]) -> Iterator[asyncio.AbstractEventLoop]:
    servers = [(_server(answer), listening) for answer, listening in sites]
    loop = asyncio.new_event_loop()

    async def serve_all() -> None:
        await asyncio.gather(*(server.serve([listening]) for server, listening in servers))

    # In a thread uvicorn leaves the signals alone, so Ctrl-C reaches the command.
    thread = threading.Thread(target=loop.run_until_complete, args=(serve_all(),), daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        for server, _ in servers:
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


def _application(answer: Answer) -> App:
    """Return the ASGI application that answers each request so, once it has arrived whole."""

    async def app(scope: Message, receive: Receive, send: Send) -> None:
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
        status, raw = response.status_code, response.headers.raw
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": response.content})

    return app
