"""A desk in front of the stand-in for PowerOffice Go: plain calls by hand."""

from datetime import UTC, datetime, timedelta

import httpx
import virtual_time

from woo2po.demo import NAMED_KEYS as KEYS
from woo2po.sandbox.books import Books
from woo2po.sandbox.faults import Faults
from woo2po.sandbox.go import Go

DAY = "2026-11-20"


class Desk:
    """A company, its stand-in, and a logged-in caller; `clock` moves only when told to."""

    def __init__(self, go=None, **switches):
        self.now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
        faults = Faults(**{"requests_per_second": None, **switches})
        self.go = go or Go(Books.standard(), faults, clock=lambda: self.now, **KEYS)
        self.books, self.faults = self.go.books, self.go.faults
        self.wire = httpx.MockTransport(self.go.answer)
        self.headers = {"Ocp-Apim-Subscription-Key": KEYS["subscription_key"]}
        self.log_in()

    def wait(self, seconds):
        self.now += timedelta(seconds=seconds)

    def log_in(self):
        form = {"grant_type": "client_credentials"}
        auth = KEYS["application_key"], KEYS["client_key"]
        answer = self.call("POST", "/OAuth/Token", base="", data=form, auth=auth)
        self.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return answer.json()

    def call(self, method, path, *, base="/v2", content_type=None, **more):
        headers = {**self.headers, **({"Content-Type": content_type} if content_type else {})}

        async def once():
            async with httpx.AsyncClient(transport=self.wire) as http:
                url = f"https://go.test{base}{path}"
                return await http.request(method, url, headers=headers, **more)

        return virtual_time.run(once())

    def get(self, path, **query):
        return self.call("GET", path, params=query)

    def post(self, path, body=None):
        return self.call("POST", path, json=body)

    def patch(self, path, **changes):
        body = [{"op": "replace", "path": f"/{k}", "value": v} for k, v in changes.items()]
        return self.call("PATCH", path, json=body, content_type="application/json-patch+json")

    def person(self, **more):
        person = {"IsPerson": True, "FirstName": "Kari", "LastName": "Nordmann"}
        return self.post("/Customers", {**person, **more}).json()

    def line(self, code="GEN-001", quantity=1, price=100, **more):
        product = self.books.product(code).id
        line = {"ProductId": product, "Quantity": quantity, "ProductUnitPrice": price}
        return {**line, "Allowance": 0, **more}

    def order(self, *lines, **more):
        if "CustomerId" not in more:
            more["CustomerId"] = self.person()["Id"]
        lines = lines or (self.line(),)
        return self.post("/SalesOrders/Complete", {"SalesOrderLines": list(lines), **more})

    def draft(self, *lines, **more):
        return self.order(*lines, **more).json()["Id"]

    def send(self, order_id, **more):
        body = {"DeliveryType": "PdfPrintForDownload", "VoucherDate": DAY, **more}
        return self.post(f"/SalesOrders/{order_id}/createAndSendInvoice", body)

    def sent(self, order_id):
        return self.get("/SalesOrders/sentState", id=order_id).json()[0]

    def invoiced(self, *lines, **more):
        order_id = self.draft(*lines, **more)
        self.send(order_id)
        return self.get(f"/OutgoingInvoices/{self.books_id(order_id)}").json()

    def books_id(self, order_id):
        self.books.settle_queue()
        return self.books.send_queue[order_id].invoice.id

    def voucher(self, customer_id, amount, *, kind="Bank", account=1903, reference=None, **more):
        """Post a payment of a customer; `more` goes on the customer's line."""
        common = {"PostingDate": DAY, "VatId": self.books.vat_code("0").id}
        debt = self.books.customers[customer_id].subledger_account_id
        lines = [
            {**common, "AccountId": self.books.account(account).id, "CurrencyAmount": amount},
            {**common, "AccountId": debt, "CurrencyAmount": -amount, **more},
        ]
        head = {"VoucherDate": DAY, "CurrencyCode": "NOK", "ExternalImportReference": reference}
        return self.post(f"/Vouchers/{kind}Journals", {**head, "VoucherLines": lines})


def said(answer):
    """Return status and the refusal's words."""
    body = answer.json()
    return answer.status_code, body.get("detail") or str(body["errors"])
