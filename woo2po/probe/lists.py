"""What lists take and give: filters, pages, names that do not exist; and PowerOffice's clock.

Reads only. Sources that leave it open: PowerOffice facts, sections 0, 2 and 14 (points 2 and 4).
"""

import json
from collections.abc import AsyncIterator

from woo2po.poweroffice.probing import CUSTOMERS, INVOICES, ORDERS, VAT_CODES, Reply
from woo2po.probe.bench import Bench
from woo2po.probe.learned import Learned, as_assumed, either
from woo2po.probe.words import said

# Filters that newer interface descriptions have, each with a value that nothing bears.
_FILTERS = {
    CUSTOMERS: {
        "emailAddresses": "nobody@woo2po.invalid",
        "organizationNumbers": "000000000",
        "phoneNumbers": "00000000",
    },
    ORDERS: {
        "externalImportReferences": "woo2po-nothing",
        "importedOrderNos": "999999999999",
        "salesOrderNos": "999999999999",
    },
    INVOICES: {
        "externalImportReferences": "woo2po-nothing",
        "importedOrderNos": "999999999999",
        "orderNos": "999999999999",
    },
}
_SIZES = (20_001, 20_000, 5_001, 5_000, 1_001, 1_000)
_ASKED_FOR = 1_000  # rows a page, by the job


async def filters(bench: Bench) -> AsyncIterator[Learned]:
    """Which look-up filters exist, and whether an empty list is 204 or []."""
    for path, values in _FILTERS.items():
        there, missing = [], []
        for name, value in values.items():
            reply = await bench.get(path, **{name: value, "Fields": "Id", "PageSize": "1"})
            if reply.ok:
                there.append(name)
            else:
                missing.append(f"{name} (HTTP {reply.status})")
        facts = {"there": ", ".join(there) or "-", "missing": ", ".join(missing) or "-"}
        yield either("probe_filters", "probe_o_filters", path=path, **facts)
    asked = {"externalImportReference": "woo2po-nothing", "Fields": "Id"}
    yield _is_empty("probe_empty_list", await bench.get(CUSTOMERS, **asked))


def _is_empty(code: str, reply: Reply) -> Learned:
    return as_assumed(reply.ok and not reply.rows, code, shape(reply), status=reply.status)


def shape(reply: Reply) -> str:
    """Return the code of the sentence that says what came."""
    if reply.body is None:
        return "probe_o_no_body"
    return "probe_o_rows" if reply.rows else "probe_o_brackets"


async def unknown_query(bench: Bench) -> AsyncIterator[Learned]:
    """Whether a name in the query that does not exist is refused."""
    reply = await bench.get(VAT_CODES, woo2poNothing="1")
    if reply.ok:
        yield as_assumed(False, "probe_unknown_query", "probe_o_ignored")
    else:
        facts = {"status": reply.status, "said": said(reply)}
        yield as_assumed(True, "probe_unknown_query", "probe_o_refused", **facts)


async def pages(bench: Bench) -> AsyncIterator[Learned]:
    """How large a page may be, what the paging header says, and what lies behind the last page."""
    reply = await bench.get(VAT_CODES, Fields="Id")
    header = _header(reply)
    size = header.get("pagesize", "?")
    yield either("probe_page_size", "probe_o_value", value=size)
    names = _names(reply)
    telling = bool({"totalpages", "nextpagelink"} & set(header))
    yield as_assumed(telling, "probe_page_header", "probe_o_value", value=names or "-")
    for size in _SIZES:
        if (await bench.get(VAT_CODES, Fields="Id", PageSize=str(size))).ok:
            fits = size >= _ASKED_FOR
            yield as_assumed(fits, "probe_page_largest", "probe_o_at_least", value=size)
            break
    else:
        yield as_assumed(False, "probe_page_largest", "probe_o_at_most", value=_SIZES[-1] - 1)
    beyond = await bench.get(VAT_CODES, Fields="Id", PageSize="100", PageNumber="99")
    yield _is_empty("probe_page_beyond", beyond)


def _header(reply: Reply) -> dict[str, object]:
    try:
        said_there = json.loads(reply.headers.get("X-Pagination", ""))
    except ValueError:
        return {}
    if not isinstance(said_there, dict):
        return {}
    return {str(name).lower(): value for name, value in said_there.items()}


def _names(reply: Reply) -> str:
    """Return the header's own names, as they are spelled."""
    try:
        found = json.loads(reply.headers.get("X-Pagination", ""))
    except ValueError:
        return ""
    return ", ".join(map(str, found)) if isinstance(found, dict) else ""
