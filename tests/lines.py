"""A line to PowerOffice that really breaks: sockets that reset, TLS that fails, nobody there.

`Line` stands between the job and the served stand-in, on loopback, and breaks at the first
sending of every write (with `at_reads` of every question as well). The certificate beside this
file is for 127.0.0.1 and worth nothing anywhere else.
"""

import http.client
import os
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

CERTIFICATE = Path(__file__).with_name("loopback_certificate.pem")
_KEY = Path(__file__).with_name("loopback_key.pem")
_A_RECORD = b"\x17\x03\x03\x00\x20" + b"x" * 32  # of TLS, encrypted with no key there is
_AN_ALERT = b"\x15\x03\x03\x00\x02\x02\x50"  # of TLS: internal error

Conversation = socket.socket | ssl.SSLSocket


@dataclass(frozen=True)
class Asked:
    """A request as it came: its bytes are passed on as they are."""

    method: str
    path: str
    head: list[tuple[str, str]]
    body: bytes


@dataclass
class Line:
    """Where the job is told that PowerOffice is; `broken` counts what was cut."""

    target: str
    fault: str = ""
    broken: int = 0
    address: str = ""
    _seen: set[tuple[str, str, bytes]] = field(default_factory=set)

    def answer(self, talk: Conversation) -> None:
        """Answer one request on a connection, or break it."""
        asked = _read(talk)
        if asked is None:
            return
        same = asked.method, asked.path, asked.body
        write = asked.method != "GET" and not asked.path.lower().endswith("/oauth/token")
        if self.fault and write and same not in self._seen:
            self._seen.add(same)
            self.broken += 1
            passes, ends = BREAKS[self.fault]
            if passes is not None:
                talk.sendall(passes(self._passed_on(asked)))
            ends(talk)
        else:
            talk.sendall(self._passed_on(asked))

    def _passed_on(self, asked: Asked) -> bytes:
        there = urlsplit(self.target)
        connection = http.client.HTTPConnection(there.hostname or "", there.port)
        try:
            connection.putrequest(asked.method, asked.path, skip_host=True)
            for name, value in asked.head:
                connection.putheader(name, value)
            connection.endheaders(asked.body)
            response = connection.getresponse()
            body = response.read()
            head = [f"HTTP/1.1 {response.status} {response.reason}", "Connection: close"]
            kept = ("date", "content-type", "retry-after")
            head += [f"{n}: {v}" for n, v in response.getheaders() if n.lower() in kept]
            head += [f"Content-Length: {len(body)}", "", ""]
            return "\r\n".join(head).encode("latin-1") + body
        finally:
            connection.close()


def _read(talk: Conversation) -> Asked | None:
    raw = b""
    while b"\r\n\r\n" not in raw:
        part = talk.recv(65536)
        if not part:
            return None
        raw += part
    top, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = top.decode("latin-1").split("\r\n")
    head = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    length = next((int(value) for name, value in head if name.lower() == "content-length"), 0)
    while len(body) < length:
        body += talk.recv(65536)
    method, path, _ = first.split(" ")
    return Asked(method, path, head, body)


# -- how a line breaks -----------------------------------------------------------------------------


def _reset(talk: Conversation) -> None:
    """Close with RST instead of FIN."""
    talk.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _nonsense(what: bytes, talk: Conversation) -> None:
    """Write past TLS, onto the bare socket below it."""
    with socket.socket(fileno=os.dup(talk.fileno())) as bare:
        bare.sendall(what)


# Of the answer how much passes (None: the work is not done), and how the line ends then.
Break = tuple[Callable[[bytes], bytes] | None, Callable[[Conversation], None]]


def _nothing(_: bytes) -> bytes:
    return b""


def _half(answer: bytes) -> bytes:
    return answer[: len(answer) // 2]


def _closed(_: Conversation) -> None:
    """Say nothing more."""


BREAKS: dict[str, Break] = {
    "reset, the work not done": (None, _reset),
    "reset, the work done": (_nothing, _reset),
    "reset in the middle of the answer": (_half, _reset),
    "closed without an answer": (None, _closed),
    "closed before the answer's last byte": (lambda answer: answer[:-1], _closed),
    "TLS fails, the work not done": (None, partial(_nonsense, _A_RECORD)),
    "TLS fails, the work done": (_nothing, partial(_nonsense, _AN_ALERT)),
    "TLS fails in the middle of the answer": (_half, partial(_nonsense, _A_RECORD)),
    "an answer that is no HTTP": (lambda _: b"220 mail.example ESMTP\r\n", _closed),
}


# -- listening -------------------------------------------------------------------------------------


@contextmanager
def line_to(target: str) -> Iterator[Line]:
    """Give a line over TLS to the stand-in that answers at `target`."""
    line = Line(target)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, _KEY)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        line.address = f"https://127.0.0.1:{listening.getsockname()[1]}"
        thread = threading.Thread(target=_listen, args=(listening, context, line), daemon=True)
        thread.start()
        try:
            yield line
        finally:
            # Closing alone does not wake a thread that waits in accept.
            listening.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def _listen(listening: socket.socket, context: ssl.SSLContext, line: Line) -> None:
    while True:
        try:
            bare, _ = listening.accept()
        except OSError:
            return
        threading.Thread(target=_converse, args=(bare, context, line), daemon=True).start()


def _converse(bare: socket.socket, context: ssl.SSLContext, line: Line) -> None:
    with bare, suppress(OSError), context.wrap_socket(bare, server_side=True) as talk:
        line.answer(talk)


def free_port() -> int:
    """Return a port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
