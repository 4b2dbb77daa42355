"""Answers with an end: no more is read of one than it can be worth, however it is packed.

A hook for httpx. A thousand bytes of gzip can hold a million, so what is counted is what comes
out, and it comes out in pieces: nothing larger than a piece is ever in memory unasked.
"""

import time
import zlib
from collections.abc import AsyncIterator, Iterator

import httpx

LARGEST = 16 * 2**20  # bytes, unpacked: a hundred orders are 1 to 2 MB
LONGEST = 120.0  # seconds for one answer: a server that drips is not waited for all day
_PIECE = 2**18

ACCEPTED = {"Accept-Encoding": "gzip"}


class TooLarge(httpx.DecodingError):
    """An answer is larger than any that is worth reading; the rest of it was not read."""


class _Bounded(httpx.AsyncByteStream):
    """The body of an answer, unpacked, as far as it may go."""

    def __init__(self, stream: httpx.AsyncByteStream, request: httpx.Request, wbits: int) -> None:
        self._stream = stream
        self._request = request
        self._unpacker = zlib.decompressobj(wbits) if wbits else None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size, until = 0, time.monotonic() + LONGEST
        async for packed in self._stream:
            if time.monotonic() > until:
                raise httpx.ReadTimeout("the answer has no end", request=self._request)
            for piece in self._unpacked(packed):
                size += len(piece)
                if size > LARGEST:
                    raise TooLarge("the answer is too large", request=self._request)
                yield piece

    def _unpacked(self, packed: bytes) -> Iterator[bytes]:
        if self._unpacker is None:
            yield packed
            return
        while packed:
            try:
                yield self._unpacker.decompress(packed, _PIECE)
            except zlib.error:
                raise httpx.DecodingError("not gzip", request=self._request) from None
            packed = self._unpacker.unconsumed_tail

    async def aclose(self) -> None:
        await self._stream.aclose()


async def bound(response: httpx.Response) -> None:
    """Let an answer be read to its end or to the largest size (a hook of httpx).

    Reading raises TooLarge, ReadTimeout, or DecodingError where it is not what it says. An
    encoding that nobody asked for stays packed, and will not be understood.
    """
    encoding = response.headers.pop("Content-Encoding", "").strip().lower()
    wbits = {"gzip": 31, "x-gzip": 31, "deflate": 15}.get(encoding, 0)
    stream = response.stream
    if isinstance(stream, httpx.AsyncByteStream):
        response.stream = _Bounded(stream, response.request, wbits)
