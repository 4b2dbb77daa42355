"""Lists of the shop, read to their end page by page, though the shop does not stand still."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from woo2po.shop_answers import TOO_MUCH_AT_ONCE
from woo2po.shop_requests import Answer, Parameters, ShopRequests
from woo2po.transport import NoAnswer, NotUnderstood, RemoteError

_MOST_RESTARTS = 3
_SMALL_PAGE = 20
_LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Batch:
    """The new rows of a page; `restarted` where the reading began anew with it."""

    answer: Answer
    new: list[Any]
    restarted: bool


class _RowsMoved(Exception):
    """The list changed between two of its pages."""


@dataclass(frozen=True, slots=True)
class _Window:
    """The rows of a page and their places: ids, rising in the direction of reading."""

    rows: list[Any]
    places: list[int | None]

    def known(self) -> list[int]:
        """Return the places of the rows that have one; a row that is nonsense may have none."""
        return [place for place in self.places if place is not None]

    def overlap_at(self) -> int:
        """Return the index of the last row with a place: with it the next page begins.

        At 0 there is no room for an overlap: a host that gives one row at a time.
        """
        return self.places.index(self.known()[-1])

    def in_order(self) -> bool:
        return self.known() == sorted(self.known())

    def goes_on_from(self, before: _Window) -> bool:
        """Tell whether no row can lie between the page before and this one."""
        if before.overlap_at() == 0:
            return True
        return bool(self.rows) and self.known()[0] <= before.known()[-1]

    def rows_after(self, before: _Window | None) -> list[Any]:
        """Return the rows that the page before did not have."""
        if before is None:
            return self.rows
        last = before.known()[-1]
        pairs = zip(self.rows, self.places, strict=True)
        return [row for row, place in pairs if place is None or place > last]


def _window(answer: Answer, direction: int) -> _Window:
    rows = answer.rows()
    ids = [id_of(row) for row in rows]
    if rows and not any(ids):
        raise answer.odd('[{"id": ...}]')
    return _Window(rows, [place and place * direction for place in ids])


class ShopLists:
    """Reads lists through `requests`; `page_size` shrinks for good where it is too much."""

    def __init__(self, requests: ShopRequests) -> None:
        self._requests = requests
        self.page_size = 100

    async def all(self, path: str, query: Parameters) -> list[Any]:
        """Return every row of a list, by rising id."""
        found: list[Any] = []
        async for batch in self.pages(path, query):
            found = batch.new if batch.restarted else found + batch.new
        return found

    async def pages(
        self, path: str, query: Parameters, order: Literal["asc", "desc"] = "asc"
    ) -> AsyncIterator[Batch]:
        """Yield a list in pages that overlap by one row.

        A page that begins behind the last row of the page before shows that rows have left
        between the requests, and so does a shrinking total: then everything is read again.
        """
        query = [*query, ("orderby", "id"), ("order", order)]
        direction = 1 if order == "asc" else -1
        for restarts in range(_MOST_RESTARTS + 1):
            restarted = restarts > 0
            try:
                async for answer, new in self._one_reading(path, query, direction):
                    yield Batch(answer, new, restarted)
                    restarted = False
            except _RowsMoved:
                continue
            return
        raise NoAnswer("shop", "shop_changes_too_fast", host=self._requests.host)

    async def _one_reading(
        self, path: str, query: Parameters, direction: int
    ) -> AsyncIterator[tuple[Answer, list[Any]]]:
        before: _Window | None = None
        total: int | None = None
        offset = 0
        while True:
            answer = await self._page(path, query, offset)
            window = _window(answer, direction)
            if before and not (before.in_order() and window.in_order()):
                raise answer.odd("orderby=id")
            if _shrunk(total, answer.total) or (before and not window.goes_on_from(before)):
                raise _RowsMoved
            if before and answer.total is None and window.known() == before.known():
                raise _RowsMoved  # a cache that knows no paging would go on for ever
            new = window.rows_after(before)
            if new or not offset:
                yield answer, new
            total = answer.total
            if not new:
                self._must_be_the_end(window, offset, total)
                return
            if total is not None and offset + len(window.rows) >= total:
                return
            offset += max(window.overlap_at(), 1)
            before = window

    def _must_be_the_end(self, window: _Window, offset: int, total: int | None) -> None:
        """Raise where a page without new rows is no end, but a cache or orders that are hidden.

        WooCommerce counts orders that it cannot load and leaves them out, so a page may be short
        of the total. A whole page of them is more than a few broken orders.
        """
        full = len(window.rows) >= self.page_size
        if total is not None and (full or offset + self.page_size < total):
            host = self._requests.host
            raise NotUnderstood("shop", "shop_rows_missing", host=host, total=str(total))

    async def _page(self, path: str, query: Parameters, offset: int) -> Answer:
        paging = [("per_page", str(self.page_size))]
        if offset:
            paging.append(("offset", str(offset)))
        try:
            return await self._requests.ask(path, [*query, *paging])
        except RemoteError as error:
            if error.code not in TOO_MUCH_AT_ONCE or self.page_size <= _SMALL_PAGE:
                raise
        self.page_size = _SMALL_PAGE
        return await self._page(path, query, offset)


def id_of(raw: Any) -> int | None:
    """Return the id of a row, or None where it has none that could be kept."""
    value = raw.get("id") if isinstance(raw, Mapping) else None
    return value if type(value) is int and 0 < value <= _LARGEST_ID else None


def _shrunk(before: int | None, now: int | None) -> bool:
    return before is not None and now is not None and now < before
