"""PowerOffice Go's interface as interface.toml has it, and whether what is answered fits it."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from woo2po.sandbox.faults import path_behind_base

TABLE = tomllib.loads(Path(__file__).with_name("interface.toml").read_text("utf-8"))
UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
KINDS = {  # what a value of each looks like as text, and its type
    "text": (str, "(?s:.*)"), "uuid": (str, UUID), "date": (str, r"\d{4}-\d\d-\d\d"),
    "moment": (str, r"\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)"), "bool": (bool, "True|False"),
    "int64": (int, r"-?\d{1,18}"), "int32": (int, r"-?\d{1,9}"),
    "number": ((int, float), r"-?\d.*"),
}  # fmt: skip


def shape(name: str) -> dict[str, list[str]]:
    """Return kind and marks of each property of a shape, those that it extends included."""
    rows = dict(TABLE["shapes"][name])
    base = rows.pop("extends", None)
    return {**(shape(base) if base else {}), **{k: v.split() for k, v in rows.items()}}


def row_of(method: str, path: str) -> dict[str, Any] | None:
    """Return the table's row for a call with the base address left out."""
    for row in TABLE["calls"]:
        pattern = row["call"].replace("{int}", r"\d+").replace("{uuid}", UUID)
        if re.fullmatch(pattern, f"{method} {path}", re.IGNORECASE):
            return dict(row)
    return None


def misfits(value: Any, kind: str, place: str) -> Iterator[str]:
    """Yield what in an answer is not of its kind, or null though it never is."""
    if kind[0] == "[":
        for one in value:
            yield from misfits(one, kind[1:-1], place)
    elif (name := kind.strip("{}")) in TABLE["shapes"]:
        for key, (of, *marks) in shape(name).items():
            if value.get(key) is not None:
                yield from misfits(value[key], of, f"{place}.{key}")
            elif "never-null" in marks:
                yield f"{place}.{key} is null"
    else:
        kinds, pattern = KINDS.get(kind.partition("<=")[0], (str, kind))
        if not isinstance(value, kinds) or not re.fullmatch(pattern, str(value)):
            yield f"{place} is no {kind}"


class AnswersFit(httpx.AsyncBaseTransport):
    """A transport that asserts that each answer of a call in the table (`seen`) fits it."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner, self.seen = inner, set[str]()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on, and look at its answer."""
        response = await self.inner.handle_async_request(request)
        await response.aread()
        if row := row_of(request.method, path_behind_base(request.url.path)):
            self.seen.add(row["call"])
            assert response.headers.get("Date"), row
            if response.status_code >= 400:
                check_error(response)
            else:
                check_answer(row, request.url.params.get("Fields"), response)
        return response


def check_answer(row: dict[str, Any], fields: str | None, response: httpx.Response) -> None:
    """Assert that an answer has the status, the header and the body that the table gives."""
    kind, what = row.get("answer", ""), f"{row['call']}: {response.status_code}"
    if not kind or (kind[0] == "[" and response.status_code == 204):
        assert not response.content, what
        return
    assert response.status_code in row.get("status", [200]), what
    assert response.headers["Content-Type"].startswith("application/json"), what
    assert "header" not in row or response.headers.get(row["header"]), what
    body = json.loads(response.content)
    assert body != [], what  # an empty list is 204
    if fields:  # then it holds just these
        assert all(one.keys() == {*fields.split(",")} for one in body), what
    else:
        assert [*misfits(body, kind, row["call"])] == []


def check_error(response: httpx.Response) -> None:
    """Assert one of the error shapes: none, a page, the gateway's, or ProblemDetails."""
    if not response.content or "html" in response.headers.get("Content-Type", ""):
        return
    body = json.loads(response.content)
    if "statusCode" in body:
        assert (set(body), body["statusCode"]) == ({"statusCode", "message"}, response.status_code)
        return
    assert (bool(body["title"]), body["status"]) == (True, response.status_code)
    assert body.get("detail") or body.get("errors"), body
