"""`payouts --fetch`: the month as the providers' interfaces tell it, and what they may refuse."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import httpx
import pytest
from payout_month import *

from woo2po.payouts import PayoutsWish, days_to_ask
from woo2po.stopping import Stop
from woo2po.store import Store

Query = dict[str, str]
Answer = tuple[int, Any]
KEYS = {
    "vipps": {"client_id": "vid", "client_secret": "vsecret", "subscription_key": "vsub"},
    "klarna": {"client_id": "kuser", "client_secret": "ksecret"},
    "nexi": {"client_secret": "nsecret"},
    "stripe": {"client_secret": "sk_secret"},
}
LET_IN = {"vipps": "Bearer token", "klarna": "Basic a3VzZXI6a3NlY3JldA==", "nexi": "nsecret",
          "stripe": "Bearer sk_secret"}  # fmt: skip
PERIOD = ("--from", "2026-10-01", "--to", "2026-11-10")
FETCH, VIPPS = ("--fetch", *PERIOD), ("--provider", "vipps")


def section(name):
    """Return a provider's section without its keys."""
    return booked(CLEARING[name], base_url=f"http://{name}.localhost")


class Providers:
    """The four interfaces, which answer in short pages; `instead` gives another answer."""

    def __init__(self) -> None:
        self.instead: Callable[[str, str, Query], Answer | None] = lambda *_: None
        self.asked: list[str] = []
        self.headers: list[tuple[bytes, bytes]] = []

    def of(self, provider: str, request: httpx.Request) -> httpx.Response:
        """Return a provider's answer."""
        path, query, given = request.url.path, dict(request.url.params), request.headers
        self.asked.append(f"{provider} {path}")
        if other := self.instead(provider, path, query):
            status, value = other
        elif path == "/accesstoken/get":
            known = (given["client_id"], given["client_secret"]) == ("vid", "vsecret")
            status, value = (200, {"access_token": "token"}) if known else (401, {})
        elif given.get("authorization") != LET_IN[provider]:
            status, value = 401, {}
        else:
            status, value = 200, getattr(self, f"_{provider}")(path, query)
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        return httpx.Response(status, headers=self.headers, content=body)

    def _vipps(self, path: str, query: Query) -> Any:
        if path == "/settlement/v1/ledgers":
            return document("vipps-ledgers")
        items = document("vipps-report-funds").get(path[-10:], {"items": []})["items"]
        at = int(query.get("cursor", "0"))
        return {"items": items[at : at + 2], "hasMore": at + 2 < len(items), "cursor": str(at + 2)}

    def _klarna(self, path: str, query: Query) -> Any:
        what, at = path.rpartition("/")[2], int(query["offset"])
        rows = document(f"klarna-{what}")[what]
        if what == "payouts":
            rows = [x for x in rows if query["start_date"] <= x["payout_date"] < query["end_date"]]
        else:
            rows = [x for x in rows if x["payment_reference"] == query["payment_reference"]]
        return {what: rows[at : at + min(2, int(query["size"]))]}  # fewer than asked for

    def _nexi(self, path: str, query: Query) -> Any:
        if not query:
            return next(one for one in document("nexi-payout-details") if path.endswith(one["id"]))
        rows = document("nexi-payouts")["payouts"]
        rows = [one for one in rows if query["fromDate"] <= one["date"] <= query["toDate"]]
        number, size = int(query["pageNumber"]), int(query["pageSize"])
        return {"payouts": rows[(number - 1) * size : number * size]}

    def _stripe(self, path: str, query: Query) -> Any:
        if path == "/v1/payouts":
            start, end = (int(query[f"arrival_date[{word}]"]) for word in ("gte", "lt"))
            rows = document("stripe-payouts")["data"]
            rows = [one for one in rows if start <= one["arrival_date"] < end]
        else:
            rows = document("stripe-balance_transactions")[query["payout"]]["data"]
        ids = [row["id"] for row in rows]
        at = ids.index(query["starting_after"]) + 1 if "starting_after" in query else 0
        return {"data": rows[at : at + 2], "has_more": at + 2 < len(rows)}


@pytest.fixture
def asked(month):
    """The month's shop and company, with keys for interfaces that answer."""
    month.providers = Providers()
    for name, keys in KEYS.items():
        month.others[f"http://{name}.localhost"] = partial(month.providers.of, name)
        month.configure({f"payouts.{name}": {**section(name), **keys}})
    return month


def test_the_month_is_the_same_from_interfaces_and_from_files_and_booked_once(asked):
    found = told(asked, *FETCH)["payouts"]
    assert len(found) == len(asked.go.books.vouchers) == 20
    assert all(same(one) for one in found)
    stands = vouchers(asked)
    assert {*states(asked, *ALL), *states(asked, *FETCH)} == {"booked"}
    asked.state.unlink()
    assert {*states(asked, *FETCH)} == {"booked"}
    assert (len(asked.go.books.vouchers), vouchers(asked)) == (20, stands)


def test_only_what_is_new_is_asked_for(asked):
    """From ten days before the last payout that is booked; a provider alone where it is named."""
    told(asked, *FETCH, *VIPPS)
    assert {one.partition(" ")[0] for one in asked.providers.asked} == {"vipps"}
    asked.providers.asked.clear()
    told(asked, "--fetch", *VIPPS)
    last = date.fromisoformat(max(one["payout_date"] for one in EXPECTED["vipps"]["payouts"]))
    days = [one[-10:] for one in asked.providers.asked if "/dates/" in one]
    assert min(days) == str(last - timedelta(days=10))
    with Store.open(asked.state) as store:  # half a year later there is no gap
        asks = days_to_ask(store, PayoutsWish(), date(2027, 6, 1), "vipps")
    assert asks == (date(2026, 10, 24), date(2027, 5, 31))
    asked.providers.asked.clear()
    turned = ("--fetch", "--from", PERIOD[3], "--to", PERIOD[1])
    for words in (turned, (str(MONTH / ALL[0]), *PERIOD[:2])):  # a file is read as a whole
        done = asked.woo2po("payouts", *words)
        assert (done.exit_code, "`--from` and `--to` go with" in done.output) == (2, True)
    assert asked.providers.asked == []


def test_what_is_held_is_asked_for_again_until_it_is_booked(asked, monkeypatch):
    """Though payouts of later days are booked."""
    monkeypatch.setattr("woo2po.commands.call.now", lambda: datetime(2026, 11, 20, tzinfo=UTC))
    order = asked.shop.orders.pop(2103)
    told(asked, *FETCH, *VIPPS, code=1)
    assert of_status(asked)[0]["held"] == 2
    asked.shop.put(order, ())
    # Though PowerOffice is away just then.
    for nth in range(1, 9):
        asked.go.faults.at("GET", "*/AccountTransactions", nth, "500")
    told(asked, "--fetch", *VIPPS, code=3)
    assert of_status(asked)[0]["held"] == 2
    asked.go.faults.planned.clear()
    assert states(asked, "--fetch", *VIPPS) == ["booked"] * 5
    assert len(asked.go.books.vouchers) == 5
    assert of_status(asked)[0]["held"] == 0


def without(provider):
    return {one["id"] for name, it in EXPECTED.items() if name != provider for one in it["payouts"]}


REFUSED = {  # what an interface answers, of which provider, and what is said
    "keys": (lambda p, *_: (403, {}) if p == "klarna" else None, "klarna", "payouts_keys_refused"),
    "out of order": (lambda p, *_: (503, b"") if p == "nexi" else None, "nexi",
                     "payouts_not_reached"),
    "a page": (lambda p, *_: (200, b"<html>") if p == "nexi" else None, "nexi",
               "payouts_not_understood"),
    "another shape": (lambda p, *_: (200, ["a"]) if p == "stripe" else None, "stripe",
                      "payouts_not_understood"),
    "no such thing": (lambda p, *_: (404, {}) if p == "klarna" else None, "klarna",
                      "payouts_not_understood"),
    "no amount": (
        lambda _, path, query: (200, {"transactions": [
            {**document("klarna-transactions")["transactions"][0], "amount": "much",
             "payment_reference": query["payment_reference"]}] if query["offset"] == "0" else []})
        if path == "/settlements/v1/transactions" else None, "klarna", "payouts_no_amount"),
    "pages without an end": (
        lambda _, path, query: (200, {"payouts": [{"payment_reference": query["offset"]}]})
        if path == "/settlements/v1/payouts" else None, "klarna", "payouts_pages_repeat"),
    "the same cursor": (
        lambda _, path, __: (200, {"items": [], "hasMore": True, "cursor": "a"})
        if "/dates/" in path else None, "vipps", "payouts_pages_repeat"),
    "nothing that was paid out": (
        lambda name, *_: (200, {"payouts": []}) if name == "nexi" else None, "nexi", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_one_interface_refuses_is_told_and_the_others_are_booked(asked, name):
    asked.providers.instead, provider, code = REFUSED[name]
    found = told(asked, *FETCH, code=3 if code else 0)
    assert [note["code"] for note in found["notes"]] == [code][: bool(code)]
    assert {one["id"] for one in found["payouts"]} == without(provider)
    assert len(asked.go.books.vouchers) == 15


@pytest.mark.parametrize("answer", [(404, {}), (200, {"items": [], "tryLater": True})])
@pytest.mark.parametrize("last", ["2026-10-20", "2026-10-21"])
def test_a_day_that_is_not_closed_waits(asked, answer, last):
    """What is before it is booked; the rest comes when it is asked again, but six days."""
    late = {"2026-10-01", "2026-10-15"}
    asked.providers.instead = lambda _, path, __: answer if path[-10:] in late else None
    code = "payouts_day_missing" if last == "2026-10-21" else "payouts_day_open"
    found = told(asked, *FETCH[:4], last, code=3 if code == "payouts_day_missing" else 0)
    assert [(note["code"], "15" in note["text"]) for note in found["notes"]] == [(code, True)]
    assert vouchers(asked)[1903] == -174800 - 269600  # of the first two weeks
    late.remove("2026-10-15")
    assert not told(asked, *FETCH)["notes"]
    assert len(asked.go.books.vouchers) == 20


@pytest.mark.parametrize(("said", "slept"), [("", [2, 6]), ("17", [17, 17]), ("999", [])])
def test_a_provider_that_is_busy_is_asked_again_after_its_time(asked, monkeypatch, said, slept):
    """Two attempts follow the first one, later where it says so, unless it says much later."""
    waited, sleeps = list[float](), Stop.sleep

    async def sleep(stop: Stop, seconds: float) -> None:
        waited.extend([seconds] if seconds >= 1 else [])
        await sleeps(stop, min(seconds, 0.1))

    def busy(_: str, path: str, __: Query) -> Answer | None:
        return None if path != "/settlements/v1/payouts" or len(waited) == 2 else (429, {})

    monkeypatch.setattr(Stop, "sleep", sleep)
    asked.providers.headers = [(b"retry-after", said.encode())] if said else []
    asked.providers.instead = busy
    assert bool(told(asked, *FETCH, code=0 if slept else 3)["notes"]) is not bool(slept)
    assert waited == slept


def test_pages_may_be_short_and_a_list_may_move(asked):
    """Nexi gives two a page, whatever is asked for; Klarna's list moves by one while it is read."""

    def short(provider: str, path: str, query: Query) -> Answer | None:
        if provider == "nexi" and query:
            at = (int(query["pageNumber"]) - 1) * 2
            return 200, {"payouts": document("nexi-payouts")["payouts"][at : at + 2]}
        if path == "/settlements/v1/payouts":
            at = int(query["offset"])
            return 200, {"payouts": document("klarna-payouts")["payouts"][max(at - 1, 0) : at + 2]}
        return None

    asked.providers.instead = short
    assert not told(asked, *FETCH)["notes"]
    assert len(asked.go.books.vouchers) == 20


def test_a_payout_of_stripes_that_somebody_asked_for_has_no_rows_to_ask_for(asked):
    """It is held for that, and the others are booked."""
    heads = document("stripe-payouts")
    heads["data"].append({**heads["data"][0], "id": "po_manual", "automatic": False})
    refuses = {"/v1/payouts": (200, heads), "po_manual": (400, {})}
    asked.providers.instead = lambda _, path, query: refuses.get(query.get("payout", path))
    found = told(asked, *FETCH, "--provider", "stripe", code=1)
    codes = {one["id"]: one["code"] for one in found["payouts"]}
    assert (found["notes"], codes.pop("po_manual")) == ([], "payout_without_rows")
    assert {*codes.values()} == {""}


BACK = {"failure_balance_transaction": "txn_back"}


@pytest.mark.parametrize(("says", "there", "bank", "aborted"), [
    ({"status": "pending"}, "none", 2399078, 0), ({"status": "in_transit"}, "none", 2399078, 0),
    ({"status": "failed"}, "payout_failed", 2399078, 0), ({"status": "paid"}, "", 2579042, 0),
    ({"status": "failed", **BACK}, "", 2399078, 1),
    ({"status": "canceled", **BACK}, "", 2399078, 1),
])  # fmt: skip
def test_stripes_money_that_did_not_come_to_the_bank_is_not_booked_there(
    asked, tmp_path, says, there, bank, aborted
):
    """On the way: not yet. Failed or cancelled: given back at once, or held where that is not told;
    so too where it was booked before it failed. The interface and its files tell the same.
    """
    heads = document("stripe-payouts")
    heads["data"][-1] |= says
    asked.providers.instead = lambda _, path, __: (200, heads) if path == "/v1/payouts" else None
    rows = MONTH / "stripe-balance_transactions.json"
    files = (put(tmp_path / "heads.json", heads), rows, *FORMATS["vipps-nb"], *KLARNA)
    code = 1 if there == "payout_failed" else 0
    for answer in (
        told(asked, *FETCH, code=code),
        told(asked, *files, *FORMATS["nexi"], code=code),
    ):
        found = answer["payouts"]
        assert apart(answer) == ({"payout_aborted": 179964} if aborted else {})
        own = [one["code"] for one in found if one["id"] == "po_1Demo0001"]
        assert own == [there][: there != "none"]
        assert sum(one["net"] == -179964 for one in found) == aborted
        assert vouchers(asked)[1920] == bank


def test_a_payout_of_stripes_that_was_booked_and_failed_is_given_back_once(asked, tmp_path):
    """By its head, or by the row of a later payout: they are the same voucher."""
    told(asked, *FETCH)
    heads, rows = document("stripe-payouts"), document("stripe-balance_transactions")
    heads["data"][-1] |= {"status": "failed", **BACK}
    asked.providers.instead = lambda _, path, __: (200, heads) if path == "/v1/payouts" else None
    told(asked, *FETCH)
    assert vouchers(asked)[1920] == 2579042 - 179964
    back = {"id": "txn_back", "object": "balance_transaction", "type": "payout_failure",
            "amount": 179964, "fee": 0, "currency": "nok", "created": 1793900000}  # fmt: skip
    head = {**heads["data"][0], "id": "po_2", "amount": 179964, "arrival_date": 1794000000}
    paid = {**back, "id": "txn_2", "type": "payout", "amount": -179964, "source": "po_2",
            "available_on": 1794000000}  # fmt: skip
    heads["data"].insert(0, head)
    rows["po_2"] = {"data": [paid, back], "has_more": False}
    files = [put(tmp_path / "heads.json", heads), put(tmp_path / "rows.json", rows)]
    found = told(asked, *files)
    assert {one["state"] for one in found["payouts"]} == {"booked"}
    assert apart(found) == {}
    (day,) = (one["date"] for one in found["payouts"] if one["net"] == -179964)
    assert day == "2026-11-05"  # its row's, which is known by now
    assert vouchers(asked)[1920] == 2579042


def test_keys_are_hidden_and_may_stand_in_files(asked, tmp_path):
    """A file that others can read is told of, never what is in it; no key at all is said."""
    secret = tmp_path / "secret"
    secret.write_text("filedsecret\n", "utf-8")
    asked.configure({"payouts.nexi": {**section("nexi"), "client_secret_file": str(secret)}})
    page = tmp_path / "page.html"
    done = asked.woo2po("payouts", "--fetch", *PERIOD, "--provider", "nexi", "--html", str(page))
    assert done.exit_code == 3
    assert "does not accept the keys" in page.read_text("utf-8")
    assert "chmod 600" in done.output.replace("\n", " ")
    assert "filedsecret" not in done.output
    for name in KEYS:
        asked.configure({f"payouts.{name}": section(name)})
    assert "payouts.vipps" in asked.woo2po("payouts", "--fetch").output


def test_woopayments_is_asked_with_the_shops_own_keys(month, monkeypatch):
    files, order, lines = OTHERS["woopayments"]
    heads, rows = (document(name.removesuffix(".json")) for name in files)

    async def answer(_: Any, what: str, query: Any) -> list[Any]:
        own = rows if ("deposit_id", "po_1") in query else []
        return heads["data"] if what == "deposits" else own

    sold(month, "woopayments", order)
    asked = month.woo2po("payouts", *FETCH)
    assert (asked.exit_code, "is the plugin active" in asked.output) == (3, True), asked.output
    monkeypatch.setattr("woo2po.woocommerce.Shop.of_woopayments", answer)
    heads["data"][0]["status"] = "failed"
    (found,) = told(month, *FETCH, code=1)["payouts"]
    assert (found["code"], vouchers(month)) == ("payout_failed", {})
    heads["data"][0]["status"] = "paid"
    (found,) = told(month, *FETCH)["payouts"]
    assert (found["state"], [line["amount"] for line in found["lines"]]) == ("booked", lines)
    assert [one["order_id"] for one in found["orders"]] == [9]
    heads["data"][0]["status"] = "failed"
    (found,) = told(month, *FETCH, code=1)["payouts"]
    assert (found["state"], found["code"]) == ("booked", "payout_failed_since")
