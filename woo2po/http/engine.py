"""One request and its answer: never redirected, read to an end, repeated only where that is safe.

What differs between the systems is handed in: a table of what a broken connection means, and
which failures may pass.
"""

import asyncio
import math
import ssl
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx

from woo2po.http import RemoteError
from woo2po.http.spacing import Sleep

LARGEST = 16 * 2**20  # bytes, unpacked: a hundred orders are 1 to 2 MB
LONGEST_OF_ALL = 300.0  # seconds from the turn to ask to the last byte of the answer
LONGEST = 120.0  # seconds for one answer: a server that drips is not waited for all day
LONGEST_WAIT = 30.0  # seconds that a Retry-After is obeyed; the next run comes anyway
_PIECE = 2**18
_OTHER_NAME = 62  # OpenSSL's X509_V_ERR_HOSTNAME_MISMATCH, whose text quotes the name
YEARS = range(1990, 2200)

ACCEPTED = {"Accept-Encoding": "gzip"}

# Raised before a byte of the request is written: while connecting, through TLS or a proxy too.
BEFORE_IT_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)

T = TypeVar("T")
Meaning = Callable[[httpx.Request, httpx.RequestError], RemoteError]


class Engine:
    """Sends one client's requests; `meaning` names a broken one, `waits` in between."""

    def __init__(
        self, http: httpx.AsyncClient, meaning: Meaning, sleep: Sleep, waits: Sequence[float]
    ) -> None:
        self._http = http
        self._meaning = meaning
        self._sleep = sleep
        self._waits = waits

    async def sent(self, request: httpx.Request, auth: httpx.Auth | None = None) -> httpx.Response:
        """Return the answer to one attempt, whatever its status. Raises what `meaning` says."""
        try:
            async with asyncio.timeout(LONGEST_OF_ALL):
                return await self._http.send(request, auth=auth, follow_redirects=False)
        except TimeoutError:
            failure = self._meaning(request, httpx.ReadTimeout("no end", request=request))
        except httpx.RequestError as error:
            failure = self._meaning(request, error)
        except ssl.SSLError:
            # In the middle of a connection httpx lets a failure of TLS through as it is.
            failure = self._meaning(request, httpx.ReadError("TLS", request=request))
        # Raised out here, so that httpx' error with its address does not come along.
        raise failure

    async def repeated(
        self, attempt: Callable[[], Awaitable[T]], may_pass: Callable[[RemoteError], bool]
    ) -> T:
        """Return what an attempt returns, after as many as there are waits and one.

        One that failed is followed by another where that failure `may_pass`, after the seconds
        that the other side asks for, if they are more, and not too many.
        """

        def passes(error: BaseException) -> bool:
            if isinstance(error, RemoteError) and error.retry_after <= LONGEST_WAIT:
                return may_pass(error)
            return False

        try:
            return await attempt()
        except RemoteError as error:
            if not (self._waits and passes(error)):
                raise
            failed = [error]
        # Imported here: an idle poll never needs it.
        from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt  # noqa: PLC0415

        async def another() -> T:
            if failed:  # the first attempt, which was made above
                raise failed.pop()
            return await attempt()

        def wait(state: RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome else None
            asked = error.retry_after if isinstance(error, RemoteError) else 0.0
            # Asked after the last attempt too, which is followed by none.
            return max(asked, (*self._waits, 0.0)[state.attempt_number - 1])

        stop = stop_after_attempt(len(self._waits) + 1)
        again = AsyncRetrying(
            retry=retry_if_exception(passes), stop=stop, wait=wait, sleep=self._sleep, reraise=True
        )
        return await again(another)


def date_of(response: httpx.Response) -> datetime | None:
    """Return an answer's `Date`, in UTC; None for none, and for a year that no clock can mean."""
    try:
        moment = parsedate_to_datetime(response.headers.get("Date", ""))
    except (OverflowError, ValueError):
        return None
    return moment.astimezone(UTC) if moment.tzinfo and moment.year in YEARS else None


def asked_to_wait(response: httpx.Response) -> float:
    """Return the seconds that an answer asks for: 0 for none, no end where nobody can tell."""
    try:
        seconds = float(response.headers.get("Retry-After", "0"))
    except ValueError:  # a date: by whose clock?
        return 0.0
    return max(0.0, seconds) if math.isfinite(seconds) else math.inf


def untrusted(error: BaseException) -> str | None:
    """Return why a certificate is not to be trusted, where that broke a connection; else None."""
    for cause in causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            other_name = getattr(cause, "verify_code", 0) == _OTHER_NAME
            return "other_name" if other_name else cause.verify_message
    return None


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error, what it came from, and so on to the root."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


# -- answers with an end -------------------------------------------------------------------------

# A thousand bytes of gzip can hold a million, so what is counted is what comes out, and it comes
# out in pieces: nothing larger than a piece is ever in memory unasked.


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
