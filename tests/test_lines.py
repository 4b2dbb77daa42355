"""A line to PowerOffice that really breaks: sockets that reset, TLS that fails, nobody there.

Whether a write was done is not known then, and that is all that the client may say of it; what a
run does about it is told by test_exactly_once.py. The certificate beside this file is for
127.0.0.1 and worth nothing anywhere else.
"""

import asyncio
import os
import socket
import ssl
import struct
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from poweroffice_client import KARI

from woo2po import connections
from woo2po.config.sections import PowerOfficeSection
from woo2po.http import NeverLeft, NoAnswer

CERTIFICATE = Path(__file__).with_name("loopback_certificate.pem")
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
TOKEN = b'{"access_token": "x", "token_type": "bearer", "expires_in": 1199}'
ANSWER = HEAD % 12 + b'{"Id": 1001}'
A_RECORD = b"\x17\x03\x03\x00\x20" + b"x" * 32  # of TLS, encrypted with no key there is
AN_ALERT = b"\x15\x03\x03\x00\x02\x02\x50"  # of TLS: internal error


def reset(bare: socket.socket) -> None:
    """Have it closed with RST instead of FIN."""
    bare.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def nonsense(what: bytes) -> Callable[[socket.socket], object]:
    """Return what writes past TLS, onto the bare socket below it."""
    return lambda bare: os.write(bare.fileno(), what)


BREAKS = {  # what passes of the answer to a write, and what is done to the line then
    "reset without an answer": (b"", reset),
    "reset in the middle of the answer": (ANSWER[:50], reset),
    "closed without an answer": (b"", id),
    "closed before the answer's last byte": (ANSWER[:-1], id),
    "TLS fails without an answer": (b"", nonsense(A_RECORD)),
    "TLS says that it failed": (b"", nonsense(AN_ALERT)),
    "TLS fails in the middle of the answer": (ANSWER[:50], nonsense(A_RECORD)),
    "an answer that is no HTTP": (b"220 mail.example ESMTP\r\n", id),
}


def written(passes: bytes = b"", breaks: Callable[[socket.socket], object] = id) -> int:
    """Make a customer over TLS, by a line that breaks so; return how often it was asked for."""
    asked = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if b"/OAuth/Token" in head:
            writer.write(HEAD % len(TOKEN) + TOKEN)
            head = await reader.readuntil(b"\r\n\r\n")  # the form comes before it
        asked.append(head)
        writer.write(passes)
        await writer.drain()
        breaks(writer.get_extra_info("socket"))
        writer.transport.abort()

    async def work() -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE, CERTIFICATE.with_name("loopback_key.pem"))
        async with await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context) as server:
            await makes_a_customer(server.sockets[0].getsockname()[1])

    with pytest.raises(NoAnswer):
        asyncio.run(work())
    return len(asked)


async def makes_a_customer(port: int) -> None:
    """Ask PowerOffice at a port for one."""
    url = f"https://127.0.0.1:{port}"
    keys = dict.fromkeys(("application_key", "client_key", "subscription_key"), "x")
    section = PowerOfficeSection(base_url=f"{url}/v2", token_url=f"{url}/OAuth/Token", **keys)
    async with connections.open_poweroffice(section, connections.Connections()) as go:
        await go.create_customer(KARI)


@pytest.mark.parametrize("how", BREAKS)
def test_of_a_write_whose_line_breaks_nothing_is_known(monkeypatch, how):
    """And it is not sent again."""
    context = httpx.create_ssl_context()
    context.load_verify_locations(CERTIFICATE)
    monkeypatch.setattr(connections, "_tls", lambda *_: context)
    assert written(*BREAKS[how]) == 1


def test_where_nobody_is_or_a_stranger_nothing_is_sent(monkeypatch):
    """Refused, or shown a certificate that nobody vouches for: the client says which."""
    monkeypatch.setattr("woo2po.poweroffice.calls._WAITS", (0.01, 0.01))
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # and does not listen
        with pytest.raises(NeverLeft) as refused:
            asyncio.run(makes_a_customer(bound.getsockname()[1]))
    with pytest.raises(NeverLeft) as stranger:
        written()
    codes = [one.value.code for one in (refused, stranger)]
    assert codes == ["poweroffice_not_reached", "poweroffice_certificate"]
