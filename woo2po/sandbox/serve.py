"""Serves both built-in systems on loopback, for trying things by hand."""

import asyncio
import os
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from httpx import Headers, Request, Response

from woo2po.sandbox.go import Go
from woo2po.sandbox.shop import ShopSite

T = TypeVar("T")
Answer = Callable[[Request], Awaitable[Response]]


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
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner, ExitStack() as ends:
        loop = runner.get_loop()
        places = [_listening(ends, port) for port in (shop_port, go_port)]
        for place, answer in zip(places, (shop.answer, go.answer), strict=True):
            server = asyncio.start_server(partial(_talk, answer), sock=place)
            loop.run_until_complete(server)
        # In a thread, so that Ctrl-C reaches the command.
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        ends.callback(thread.join)
        ends.callback(loop.call_soon_threadsafe, loop.stop)
        shop.url, go_url = (f"http://127.0.0.1:{place.getsockname()[1]}" for place in places)
        yield Served(shop.url, go_url, loop)


def _listening(ends: ExitStack, port: int) -> socket.socket:
    try:
        return ends.enter_context(socket.create_server(("127.0.0.1", port)))
    except OSError as error:
        raise PortTaken(port, os.strerror(error.errno or 0)) from error


async def _talk(answer: Answer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer what comes by a connection (HTTP/1.1), one request after the other, to its end."""
    # Ended from either side; asyncio would log that it was called off.
    ends = (asyncio.CancelledError, asyncio.IncompleteReadError, ConnectionError)
    with suppress(*ends), closing(writer):
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            asked, *fields = head.rstrip().split("\r\n")
            headers = Headers([(n, v.strip()) for n, _, v in (f.partition(":") for f in fields)])
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            method, target, _ = asked.split(" ")
            url = f"http://{headers['host']}{target}"
            said = await answer(Request(method, url, headers=headers, content=body))
            said.headers["content-length"] = str(len(said.content))
            lines = [f"{name}: {value}" for name, value in said.headers.items()]
            top = "\r\n".join([f"HTTP/1.1 {said.status_code} {said.reason_phrase}", *lines])
            writer.write(f"{top}\r\n\r\n".encode("latin-1") + said.content)
            await writer.drain()
