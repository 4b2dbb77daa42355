"""Lists of the shop, read to their end page by page, though the shop does not stand still."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from woo2po.http import NoAnswer, NotUnderstood, RemoteError
from woo2po.woocommerce.requests import (
    CRASHED,
    TOO_LARGE,
    TOO_MUCH_AT_ONCE,
    Answer,
    Parameters,
    ShopRequests,
)

_MOST_RESTARTS = 3
_MOST_GAPS = 10
_SMALL_PAGE = 20
_LARGEST_ID = 2**63 - 1
_MUCH = 10  # times what a list said of its length at first: it has no end then
BY_ITSELF = frozenset({TOO_LARGE, CRASHED})  # may be the doing of one row alone


@dataclass(frozen=True, slots=True)
class Page:
    """The new rows of a page; `restarted`: the list began anew, and earlier rows come again."""

    rows: list[Any]
    restarted: bool = False
    server_time: datetime | None = None


class LeftOut(dict[str, Any]):
    """A row that is too large or nested too deeply to be read, or on which the shop crashes."""


class _RowsMoved(Exception):
    """The list changed between two of its pages."""


class _Reading:
    """One reading of a list from its beginning: where it stands, and whether it holds together.

    Pages overlap by a row. `offset` is where the next page begins, until `done`. A row's place is
    its id, rising in the direction of reading; one that is nonsense may have none.
    """

    def __init__(self, direction: int) -> None:
        self.offset = 0
        self.done = False
        self._direction = direction
        self._last: int | None = None
        self._overlaps = False
        self._total: int | None = None
        self._widest = 0
        self._gaps = 0

    def take(self, answer: Answer) -> list[Any]:
        """Return the rows of a page that are new, with the nonsense, and go on behind them.

        Raises _RowsMoved where rows have left between this page and the one before, or a cache
        gives an old one; NotUnderstood where the shop shows far less than it says.
        """
        rows = answer.rows()
        places = [id_ and id_ * self._direction for id_ in map(id_of, rows)]
        known = [place for place in places if place is not None]
        if rows and not known:
            raise answer.odd('[{"id": ...}]')
        self._hold_together(answer, len(rows), known)
        self._total = answer.total
        self._widest = max(self._widest, len(rows))
        old = self._last
        new = [
            row
            for row, place in zip(rows, places, strict=True)
            if place is None or old is None or place > old
        ]
        if known and (old is None or max(known) > old):
            self._go_on(places, known[-1])
        else:
            self._pass_over_what_is_hidden(answer, len(known))
        return new

    def _hold_together(self, answer: Answer, count: int, places: list[int]) -> None:
        total = answer.total
        if self._total is not None and total is not None and total < self._total:
            raise _RowsMoved
        # A page must begin no later than at the last row read.
        if self._overlaps and not (places and self._last is not None and places[0] <= self._last):
            raise _RowsMoved
        if total is not None and count > max(total - self.offset, 0):
            raise _RowsMoved  # more than can stand there: an old page out of a cache
        if places != sorted(places) and (self.offset or total != count):
            # Without rising ids rows could be missed in silence.
            raise answer.odd("orderby=id")

    def _go_on(self, places: list[int | None], last: int) -> None:
        self.done = self._total is not None and self.offset + len(places) >= self._total
        self._last = last
        step = places.index(last)
        # A host that gives one row at a time leaves no room for an overlap.
        self._overlaps = step > 0
        self.offset += max(step, 1)

    def _pass_over_what_is_hidden(self, answer: Answer, known: int) -> None:
        """Go on behind a page without anything new, if it is not the end.

        WooCommerce counts orders that it cannot load and leaves them out of their page, and a
        mass change moves what has been read into it.
        """
        if self._total is None and self._last and known == self._widest:
            raise _RowsMoved  # without a total a cache's old page would pass for the end
        self.offset += max(self._widest, 1)
        self.done = self._total is None or self.offset >= self._total
        self._overlaps = False
        self._gaps += 1
        if self._gaps > _MOST_GAPS and not self.done:
            raise NotUnderstood(
                "shop", "shop_rows_missing", host=answer.host, total=str(self._total)
            )


class ShopLists(ShopRequests):
    """Reads lists; `page_size` shrinks for good where it is too much."""

    page_size = 100

    async def all(self, path: str, query: Parameters) -> list[Any]:
        """Return every row of a list, by rising id."""
        found: list[Any] = []
        async for page in self.pages(path, query):
            found = page.rows if page.restarted else found + page.rows
        return found

    async def included(self, path: str, ids: Sequence[int], query: Parameters) -> list[Any]:
        """Return the rows with these ids, asked for by the hundred; those missing are absent."""
        rows: list[Any] = []
        for start in range(0, len(ids), 100):
            chunk = ",".join(map(str, ids[start : start + 100]))
            rows += await self.all(path, [("include", chunk), *query])
        return rows

    async def pages(
        self, path: str, query: Parameters, order: Literal["asc", "desc"] = "asc"
    ) -> AsyncIterator[Page]:
        """Yield a list in pages that overlap by one row.

        A page that begins behind the last row of the page before shows that rows have left
        between the requests, and so does a shrinking total: then everything is read again.
        """
        query = [*query, ("orderby", "id"), ("order", order)]
        for restarts in range(_MOST_RESTARTS + 1):
            restarted = restarts > 0
            try:
                async for answer, new in self._one_reading(path, query, order):
                    yield Page(new, restarted, answer.server_time)
                    restarted = False
            except _RowsMoved:
                continue
            return
        raise NoAnswer("shop", "shop_changes_too_fast", host=self.host)

    async def _one_reading(
        self, path: str, query: Parameters, order: str
    ) -> AsyncIterator[tuple[Answer, list[Any]]]:
        reading, first, most = _Reading(1 if order == "asc" else -1), True, 0
        while not reading.done:
            answer = await self._page(path, query, reading.offset)
            new = reading.take(answer)
            most = most or _MUCH * max(answer.total or 0, len(answer.rows()), self.page_size)
            if reading.offset > most:
                raise NoAnswer("shop", "shop_changes_too_fast", host=self.host)
            if new or first:
                yield answer, new
            first = False

    async def _page(self, path: str, query: Parameters, offset: int) -> Answer:
        paging = [("per_page", str(self.page_size))]
        if offset:
            paging.append(("offset", str(offset)))
        try:
            return await self.ask(path, [*query, *paging])
        except RemoteError as error:
            small = self.page_size <= _SMALL_PAGE
            if error.code not in TOO_MUCH_AT_ONCE or (small and error.code not in BY_ITSELF):
                raise
            failure = error
        if small:
            return await self._page_by_id(path, query, paging, failure)
        self.page_size = _SMALL_PAGE
        return await self._page(path, query, offset)

    async def _page_by_id(
        self, path: str, query: Parameters, paging: Parameters, failure: RemoteError
    ) -> Answer:
        """Return a page that cannot be read at once: first its ids, then what they are.

        A row that fails by itself comes as LeftOut, unless the shop crashes on all. One that has
        gone between the two is absent, as it will be from the next poll.
        """
        listed = await self.ask(path, [*query, *paging, ("_fields", "id,number")])
        ids = {id_: row for row in listed.rows() if (id_ := id_of(row)) is not None}
        kept = [(name, value) for name, value in query if name in {"dp", "status[]"}]
        found = await self._contents(path, list(ids), kept)
        for missing in [id_ for id_ in ids if id_ not in found]:
            found |= await self._contents(path, [missing], kept)  # a host may give fewer at a time
        if failure.code == CRASHED and len(ids) > 1 and not any(found.values()):
            raise failure
        rows = [found[id_] or LeftOut(row) for id_, row in ids.items() if id_ in found]
        return replace(listed, value=rows)

    async def _contents(self, path: str, ids: list[int], query: Parameters) -> dict[int, Any]:
        """Return rows by id, None for one that cannot be read by itself."""
        if not ids:
            return {}
        chosen = ("include", ",".join(map(str, ids)))
        try:
            rows = (await self.ask(path, [chosen, ("per_page", str(len(ids))), *query])).rows()
        except RemoteError as error:
            if error.code not in BY_ITSELF:
                raise
        else:
            return {id_: row for row in rows if (id_ := id_of(row)) in ids}
        if len(ids) == 1:
            return {ids[0]: None}
        half = len(ids) // 2
        first = await self._contents(path, ids[:half], query)
        return first | await self._contents(path, ids[half:], query)


def id_of(raw: Any) -> int | None:
    """Return the id of a row, or None where it has none that could be kept."""
    value = raw.get("id") if isinstance(raw, Mapping) else None
    return value if type(value) is int and 0 < value <= _LARGEST_ID else None
