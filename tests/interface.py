"""Checks what passes between a client and PowerOffice Go against the table in interface.toml."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import httpx
from jsonschema import Draft202012Validator, FormatChecker

TABLE = tomllib.loads(Path(__file__).with_name("interface.toml").read_text("utf-8"))
TOKEN_PATH = "/oauth/token"
PATCH_TYPE = "application/json-patch+json"
_PARTS = {"{int}": r"\d+", "{uuid}": r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"}
_KINDS: dict[str, dict[str, Any]] = {
    "int64": {"type": "integer", "minimum": -(2**63), "maximum": 2**63 - 1},
    "int32": {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1},
    "number": {"type": "number"},
    "bool": {"type": "boolean"},
    "text": {"type": "string"},
    "date": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$", "format": "date"},
    "moment": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$"},
    "uuid": {"type": "string", "pattern": f"^{_PARTS['{uuid}']}$"},
}


class Property(NamedTuple):
    """A row of a shape in the table."""

    kind: str
    marks: frozenset[str]

    @property
    def in_request(self) -> bool:
        return "answered" not in self.marks

    @property
    def in_patch(self) -> bool:
        return self.in_request and "posted" not in self.marks


def shape(name: str) -> dict[str, Property]:
    """Return the properties of a shape, the ones of the shape that it extends included."""
    rows = dict(TABLE["shapes"][name])
    base = rows.pop("extends", None)
    read = {k: Property(v.split()[0], frozenset(v.split()[1:])) for k, v in rows.items()}
    return {**(shape(base) if base else {}), **read}


def kind_schema(kind: str, *, answer: bool) -> dict[str, Any]:
    """Return the JSON Schema of a kind."""
    if kind.startswith("["):
        return {"type": "array", "items": kind_schema(kind[1:-1], answer=answer)}
    if kind.startswith("{") or kind in TABLE["shapes"]:
        return object_schema(kind.strip("{}"), answer=answer)
    if "|" in kind:
        return {"type": "string", "enum": kind.split("|")}
    name, _, size = kind.partition("<=")
    return {**_KINDS[name], "maxLength": int(size)} if size else _KINDS[name]


def object_schema(name: str, *, answer: bool) -> dict[str, Any]:
    """Return the JSON Schema of a shape in a request or an answer.

    Requests must name nothing else; answers may hold more than the table knows.
    """
    rows = shape(name)
    used = {k: p for k, p in rows.items() if answer or p.in_request}
    strict = "never-null" if answer else "required"
    properties = {
        k: kind_schema(p.kind, answer=answer)
        if strict in p.marks
        else {"anyOf": [{"type": "null"}, kind_schema(p.kind, answer=answer)]}
        for k, p in used.items()
    }
    needed = [k for k, p in used.items() if strict in p.marks]
    schema: dict[str, Any] = {"type": "object", "properties": properties, "required": needed}
    return schema if answer else {**schema, "additionalProperties": False}


class CallRow(NamedTuple):
    """A call of the table: method, path pattern, and what it takes and gives."""

    method: str
    path: str
    row: dict[str, Any]

    def match(self, method: str, path: str) -> bool:
        pattern = re.escape(self.path)
        for name, part in _PARTS.items():
            pattern = pattern.replace(re.escape(name), part)
        return method == self.method and re.fullmatch(pattern, path, re.IGNORECASE) is not None

    def query_names(self, spec: str) -> set[str]:
        if "query" not in self.row:
            return set(self.row.get("only_query", ()))
        newer = self.row.get("newer", []) if spec == "2026" else []
        return {*self.row["query"], *newer, *TABLE["common_query"]}


def call_rows() -> list[CallRow]:
    """Return every call of the table."""
    return [CallRow(*row["call"].split(" "), row) for row in TABLE["calls"]]


def behind_base(path: str) -> str:
    """Return a path without the base address of production or demo."""
    return re.sub(r"^(/demo)?/v2(?=/)|^/demo(?=/oauth/)", "", path, flags=re.IGNORECASE)


def validate(value: Any, schema: dict[str, Any], what: str) -> None:
    """Raise AssertionError with the place and the rule where a value does not fit."""
    checker = Draft202012Validator(schema, format_checker=FormatChecker())
    faults = [
        f"{e.json_path}: {e.validator} {str(e.validator_value)[:80]}"
        for e in checker.iter_errors(value)
    ]
    assert not faults, f"{what}: {'; '.join(faults)}"


class InterfaceCheck(httpx.AsyncBaseTransport):
    """A transport that asserts that every request and answer passing through fits the table.

    `spec` "2025" allows only the older filters. Requests that PowerOffice refuses must fit as
    well: our client is to send nothing that the description does not have. With
    `answers_only`, requests are passed as they are. Answers of 400 and above must carry a known
    error shape or none; what is planned to be garbage is not for this transport.
    """

    def __init__(
        self, inner: httpx.AsyncBaseTransport, *, spec: str = "2026", answers_only: bool = False
    ) -> None:
        self.inner = inner
        self.spec = spec
        self.answers_only = answers_only
        self.seen: set[str] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        path = behind_base(request.url.path)
        found = [call for call in call_rows() if call.match(request.method, path)]
        call = found[0] if found else None
        if not self.answers_only and path.lower() != TOKEN_PATH:
            assert call is not None, f"no such call: {request.method} {path}"
            self.check_request(call, request)
        response = await self.inner.handle_async_request(request)
        await response.aread()
        if path.lower() != TOKEN_PATH and call is not None:
            self.seen.add(call.row["call"])
            check_answer(call, request, response)
        return response

    def check_request(self, call: CallRow, request: httpx.Request) -> None:
        what = call.row["call"]
        names = [name for name, _ in request.url.params.multi_items()]
        assert len(names) == len(set(names)), f"{what}: a query name comes twice"
        wrong = set(names) - call.query_names(self.spec)
        assert not wrong, f"{what}: unknown query names {sorted(wrong)}"
        assert "Authorization" in request.headers, f"{what}: no token"
        assert "Ocp-Apim-Subscription-Key" in request.headers, f"{what}: no subscription key"
        body = json.loads(request.content) if request.content else None
        if "patch" in call.row:
            check_patch(call.row["patch"], body, request.headers.get("Content-Type", ""), what)
        elif "body" in call.row:
            validate(body, object_schema(call.row["body"], answer=False), f"{what}, request")
        else:
            assert body is None, f"{what}: takes no body"


def check_patch(name: str, body: Any, content_type: str, what: str) -> None:
    """Assert that a body is a JSON Patch of properties that may be patched, with fitting values."""
    assert content_type.partition(";")[0] == PATCH_TYPE, f"{what}: content type {content_type}"
    assert isinstance(body, list), f"{what}: a list of operations is needed"
    assert body, f"{what}: no operations"
    for operation in body:
        assert operation["op"] in {"add", "replace", "remove"}, f"{what}: op {operation['op']}"
        segments = operation["path"].removeprefix("/").split("/")
        rows = shape("Address") if segments[0] == "MailAddress" else shape(name)
        prop = rows.get(segments[-1])
        assert prop is not None, f"{what}: no property {operation['path']}"
        assert prop.in_patch, f"{what}: {operation['path']} cannot be patched"
        if operation["op"] != "remove":
            schema = {"anyOf": [{"type": "null"}, kind_schema(prop.kind, answer=False)]}
            validate(operation["value"], schema, f"{what} {operation['path']}")


def check_answer(call: CallRow, request: httpx.Request, response: httpx.Response) -> None:
    """Assert that an answer has the status, headers and body that the table gives."""
    what = f"{call.row['call']}, answer {response.status_code}"
    assert response.headers.get("Date"), f"{what}: no Date header"
    if response.status_code >= 400:
        check_error(response, what)
        return
    answer = call.row.get("answer")
    empty = answer is not None and answer.startswith("[") and response.status_code == 204
    assert empty or response.status_code in call.row.get("status", [200]), f"{what}: status"
    if answer is None or empty:
        assert not response.content, f"{what}: a body came"
        return
    assert response.headers["Content-Type"].startswith("application/json"), what
    header = call.row.get("header")
    assert header is None or response.headers.get(header), f"{what}: no {header} header"
    body = json.loads(response.content)
    assert body != [], f"{what}: an empty list is 204"
    schema = kind_schema(answer, answer=True)
    if fields := request.url.params.get("Fields"):  # then it holds just these
        wanted, items = fields.split(","), schema["items"]
        properties = {k: v for k, v in items["properties"].items() if k in wanted}
        chosen = {"required": wanted, "properties": properties, "additionalProperties": False}
        schema = {**schema, "items": {**items, **chosen}}
    validate(body, schema, what)


def check_error(response: httpx.Response, what: str) -> None:
    """Assert one of the error shapes: none, the gateway's, or ProblemDetails in lower case."""
    if not response.content or "html" in response.headers.get("Content-Type", ""):
        return
    body = json.loads(response.content)
    if "statusCode" in body:
        assert set(body) == {"statusCode", "message"}, what
        assert body["statusCode"] == response.status_code, what
        return
    assert body["title"], what
    assert body["status"] == response.status_code, what
    assert body.get("detail") or body.get("errors"), what
