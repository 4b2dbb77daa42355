"""A wire that answers what is scripted and keeps what was asked."""

import httpx
import pytest
from poweroffice_sandbox import KEYS
from virtual_time import clock, run

from woo2po.http import RemoteError
from woo2po.poweroffice import PowerOffice

CUSTOMER = {"Id": 5, "Number": 10000}
SALES_ORDER = {
    "Id": "0b9e2f52-7a5e-4b57-9d0c-000000000001",
    "SalesOrderNo": 7,
    "NetAmount": 156.35,
    "TotalAmount": 195.44,
}


class Wire:
    """Answers the log-in, then what is scripted; keeps the requests."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.requests = []

    def __call__(self, request):
        if request.url.path.endswith("/Token"):
            return httpx.Response(200, json={"access_token": "t"})
        self.requests.append(request)
        answer = self.answers.pop(0)
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)

    def body(self):
        """Return the text of the only request's body."""
        (request,) = self.requests
        return request.content.decode()


def told(wire, call):
    """Return what `call(client)` returns when the wire answers."""

    async def within():
        async with httpx.AsyncClient(transport=httpx.MockTransport(wire)) as http:
            address = {"base_url": "https://go.test/v2/", "token_url": "https://go.test/Token"}
            client = PowerOffice(http, requests_per_second=10, now=clock, **address, **KEYS)
            return await call(client)

    return run(within())


def failure(answer, call):
    """Return the error that `call(client)` ends with when that is the answer."""
    with pytest.raises(RemoteError) as caught:
        told(Wire(answer), call)
    return caught.value
