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
            BREAKS[self.fault](talk, lambda: self._passed_on(asked))
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


def _nonsense(talk: Conversation, what: bytes) -> None:
    """Write past TLS, onto the bare socket below it."""
    with socket.socket(fileno=os.dup(talk.fileno())) as bare:
        bare.sendall(what)


Work = Callable[[], bytes]


def _reset_before(talk: Conversation, work: Work) -> None:
    _reset(talk)


def _reset_after(talk: Conversation, work: Work) -> None:
    work()
    _reset(talk)


def _reset_within(talk: Conversation, work: Work) -> None:
    answer = work()
    talk.sendall(answer[: len(answer) // 2])
    _reset(talk)


def _closed_before(talk: Conversation, work: Work) -> None:
    """Say nothing at all."""


def _closed_within(talk: Conversation, work: Work) -> None:
    answer = work()
    talk.sendall(answer[:-1])


def _tls_before(talk: Conversation, work: Work) -> None:
    _nonsense(talk, _A_RECORD)


def _tls_after(talk: Conversation, work: Work) -> None:
    work()
    _nonsense(talk, _AN_ALERT)


def _tls_within(talk: Conversation, work: Work) -> None:
    answer = work()
    talk.sendall(answer[: len(answer) // 2])
    _nonsense(talk, _A_RECORD)


def _no_http(talk: Conversation, work: Work) -> None:
    work()
    talk.sendall(b"220 mail.example ESMTP\r\n")


BREAKS: dict[str, Callable[[Conversation, Work], None]] = {
    "reset, the work not done": _reset_before,
    "reset, the work done": _reset_after,
    "reset in the middle of the answer": _reset_within,
    "closed without an answer": _closed_before,
    "closed before the answer's last byte": _closed_within,
    "TLS fails, the work not done": _tls_before,
    "TLS fails, the work done": _tls_after,
    "TLS fails in the middle of the answer": _tls_within,
    "an answer that is no HTTP": _no_http,
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
