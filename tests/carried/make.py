"""Makes the fixtures of this folder with the version that is to be carried over.

    git worktree add OLD COMMIT         # the version whose databases are wanted
    PYTHONPATH=OLD:OLD/tests python tests/carried/make.py COMMIT [NAME ...]

OLD goes before the tests of today, so that the job, the sandbox and the tests' `World` are the
old ones. Each story is played and left in the middle; then the database is put away as text, and
the old version goes on with it from the fixture, as the test does with today's: what is there in
the end is what the test expects.
"""

import copy
import json
import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1]))

from carried.stage import (
    HERE,
    Json,
    Recorder,
    Sent,
    Stage,
    as_database,
    as_text,
    difference,
    staged,
)
from goods import Goods
from sqlite_utils import Database
from world import Killed

from woo2po.sandbox.faults import ROLES
from woo2po.sandbox.shop_orders import refund_of
from woo2po.store.migrations import migrations

CONFIG = """\
language = "en"
[woocommerce]
url = "https://shop.example"
consumer_key = "ck_sandbox"
consumer_secret = "cs_sandbox"
statuses = ["processing"]
orders_from = 2026-09-01
[poweroffice]
environment = "demo"
base_url = "https://go.example/Demo/v2"
token_url = "https://go.example/Demo/OAuth/Token"
application_key = "app-sandbox"
client_key = "client-sandbox"
subscription_key = "subscription-sandbox"
[orders]
number_prefix = "shop_"
[shipping]
product = "FRAKT"
[discounts]
product = "RABATT"
[fees]
product = "GEBYR"
[products]
unknown = "create"
fallback_by_rate = { "12" = "VARE12", "15" = "VARE15", "25" = "VARE25" }
rounding = "AVRUND"
[gift_cards]
product = "GAVEKORT"
[invoices]
create = true
[payments]
register = true
accounts = { vipps = 1903 }
types = { cod = "cash" }
[refunds]
amount_only = "hold"
"""
BY_HAND = CONFIG.replace("create = true", "create = false")
UNPAID: Json = {"payment_method": "bacs", "date_paid": None, "date_paid_gmt": None}
COD: Json = {"payment_method": "cod", "date_paid": None, "date_paid_gmt": None}
AWAY: Json = {"shipping": {"address_1": "Hytteveien 9"}}
SEE, HAT, COFFEE, TOUR = (
    Goods("GEN-001", "1299.00"),
    Goods("LUE-7", "249.00", quantity=2),
    Goods("KAF-250", "88.80", 15, 3),
    Goods("TUR-12", "640.00", 12),
)


class Making(Stage):
    """A stage on which a story is played; it notes what changed PowerOffice."""

    def __init__(self, folder: Path, config: str) -> None:
        super().__init__(folder, config)
        self.arrived = Recorder(self.world.wire.inner, self.world.now)
        self.world.wire.inner = self.arrived
        self.acts: list[tuple[int, str, list[Any]]] = []  # each after so many requests

    def person(self, act: str, *arguments: Any) -> None:
        """Let a person do something in PowerOffice, and note it."""
        self._note("person", act, *arguments)
        super().person(act, *arguments)

    def switch(self, name: str, value: Any) -> None:
        """Let something change in PowerOffice, and note it."""
        self._note("switch", name, value)
        super().switch(name, value)

    def _note(self, kind: str, *what: Any) -> None:
        self.acts.append((len(self.arrived.sent), self.world.now().isoformat(), [kind, *what]))

    def sells(self, order_id: int, *goods: Goods, **changes: Any) -> None:
        """Let a customer of his own buy."""
        changes.setdefault("email", f"kunde{order_id}@example.no")
        self.world.sells(order_id, *goods, **changes)

    def set(self, status: str, *order_ids: int) -> None:
        """Change the status of orders in the shop."""
        for order_id in order_ids:
            self.world.shop.set_status(order_id, status)

    def refunds(self, order_id: int, *pieces: int, amount: str = "", gateway: bool = True) -> int:
        """Refund pieces of an order's lines, or an amount; return the refund's id."""
        order = self.world.shop.orders[order_id]
        refund = {"amount": amount} if amount else refund_of(order, pieces)
        # By its time of change the order is read again.
        return self.world.shop.add_refund(order_id, {**refund, "refunded_payment": gateway})

    def settles(self, seconds: float = 300) -> None:
        """Run until nothing is left to do, and let some time pass."""
        self.world.settle()
        self.world.wait(seconds)

    def dies(self, at: str, when: str = "before", order: int = 0) -> None:
        """Run (for one order) and die at a write of a kind, or at a statement to the database."""

        def fault_for(sent: Any) -> str:
            kind = Sent("", sent.method, sent.path, "").kind
            return f"killed_{when}" if kind == at and when != "never" else ""

        def committing(sql: str, *, ends: bool) -> None:
            if sql.startswith(at):
                self.world.die()

        vars(self.world.wire)["_fault_for"] = fault_for
        vars(self.world)["committing"] = committing
        try:
            self.world.run(*[str(order)] * bool(order))
        except Killed:
            return
        else:
            assert when == "never", f"{at} never came"
        finally:
            del vars(self.world.wire)["_fault_for"], vars(self.world)["committing"]

    def put_away(self, name: str, commit: str, then: Sequence[Any]) -> Json:
        """Write the fixture but for what is to be expected, and return it."""
        shop = self.world.shop
        first, *others = shop.orders.values()
        told: Json = {
            "made by": commit,
            "at": self.world.now().isoformat(),
            "config": self.config.read_text("utf-8").partition("\n[state]")[0].splitlines(),
            "poweroffice": self._changes(),
            "shop": {
                "orders": [first, *(difference(first, order) for order in others)],
                "refunds": {str(i): listed for i, listed in shop.refunds.items() if listed},
            },
            "then": then,
        }
        text = as_text(self.state)
        if name != "month":  # the catalogue as it was last read: one is enough
            text = re.sub(r'INSERT INTO "catalogue".*\n', "", text)
        (HERE / f"{name}.sql").write_text(text, "utf-8")
        return copy.deepcopy(told)  # the shop's orders change as they go on

    def _changes(self) -> list[list[Any]]:
        listed, wakes = list(self.acts), False
        for place, one in enumerate(self.arrived.sent):
            changed = one.method != "GET" and one.status < 300 and "OAuth" not in one.path
            # What was asked for is invoiced when PowerOffice is asked the next time.
            if changed or (wakes and one.method == "GET"):
                listed.append((place, one.at, [one.method, one.path, *_body(one)]))
            wakes = changed and (wakes or one.kind.endswith("createAndSendInvoice"))
        listed.sort(key=lambda one: one[0])
        firsts: Json = {}
        for _, _, act in listed:
            if len(act) == 3 and act[0] in {"POST", "PATCH"}:
                basis = firsts.setdefault(Sent("", *act[:2], "").kind, act[2])
                act[2] = act[2] if act[2] is basis else difference(basis, act[2])
        return [[at, *act] for _, at, act in listed]


def _body(one: Sent) -> list[Any]:
    return [json.loads(one.body)] if one.body else []


# -- the stories ----------------------------------------------------------------------------------


def month(m: Making) -> list[list[Any]]:
    """Everything that a month brings, each with an order of its own; stopped while invoices are
    being made, and just before a payment is posted.
    """
    m.sells(101, SEE)
    m.sells(102, HAT, COFFEE)
    for order_id in (103, 105, 106, 107, 109, 113, 119, 121, 130, 131, 132):
        m.sells(order_id, SEE, HAT)
    m.sells(104, TOUR, **COD)
    m.sells(108, HAT)
    m.sells(110, HAT)
    m.sells(111, HAT, billing={"country": "SE"}, shipping={"country": "SE"})
    m.sells(112, HAT, total="400.000000")
    m.sells(114, COFFEE)
    m.sells(115, COFFEE)
    m.sells(116, HAT, payment_method="svea")
    m.sells(117, HAT, meta_data=[{"id": 1, "key": "_wcpay_mode", "value": "test"}])
    company = {"company": "Fjell AS"}
    number = [{"id": 1, "key": "_billing_org_nr", "value": "923609017"}]
    m.sells(118, COFFEE, billing=company, meta_data=number)
    m.sells(120, TOUR, **UNPAID)
    m.sells(122, SEE, COFFEE)
    m.settles()
    m.sells(124, HAT, email="kunde103@example.no", **AWAY)
    m.set("completed", 103, 104, 105, 106, 107, 109, 113, 119, 120, 121, 131)
    m.set("cancelled", 108, 110)
    m.person("delete_draft", "shop_114")
    m.person("edit_line", "shop_115", "1", "70.00")
    m.refunds(122, 0, 1)
    m.settles()
    m.sells(114, COFFEE, COFFEE)
    m.sells(115, COFFEE, HAT)
    m.sells(113, SEE, status="completed")
    m.set("processing", 108)
    m.set("cancelled", 107, 109)
    m.refunds(105, 0, 1)
    m.refunds(106, amount="100.00")
    later = m.refunds(119, 1, 0, gateway=False)
    m.set("refunded", 121)
    m.types("skip", "116", "--reason", "Paid in the shop on Saturday")
    m.settles()
    m.set("processing", 109)
    m.settles(3600 * 14)
    m.sells(123, HAT)
    m.world.faults.at("POST", "/SalesOrders/Complete", 1, "refuse", detail="Not in 2026-11.")
    m.world.run("123")
    m.switch("send_result", "late")
    m.switch("send_seconds", 600)
    m.set("completed", 130)
    m.refunds(131, 1, 0)
    m.world.run()
    m.world.wait(20)
    m.switch("send_result", "ok")
    m.set("completed", 132)
    m.dies("INSERT INTO vouchers")
    return [
        [],
        [
            ["shop", "set_status", 101, "completed"],
            ["shop", "set_status", 102, "completed"],
            ["shop", "set_status", 109, "completed"],
            ["shop", "set_status", 122, "completed"],
            ["shop", "set_status", 124, "cancelled"],
            ["shop", "add_refund", 103, {"amount": "1797.00", "refunded_payment": True}],
            ["shop", "set_status", 105, "cancelled"],
            ["types", "retry", "114"],
        ],
        [
            ["shop", "set_status", 107, "processing"],
            ["shop", "set_status", 102, "cancelled"],
            ["shop", "delete_refund", 119, later],
            ["shop", "set_status", 114, "completed"],
            ["shop", "set_status", 108, "completed"],
            ["shop", "set_status", 124, "processing"],
        ],
    ]


def privileges(m: Making) -> list[list[Any]]:
    """PowerOffice takes the privileges to send and to post away, and gives them back later."""
    for order_id in range(301, 307):
        m.sells(order_id, SEE, HAT)
    m.sells(307, TOUR, **COD)
    m.settles()
    m.set("completed", 301, 302, 303, 304)
    m.settles()
    m.switch("privileges", sorted(ROLES - {"BankVoucher_Full", "CashVoucher_Full"}))
    m.set("completed", 305, 307)
    m.world.run()
    m.world.wait(300)
    m.switch("may_send", False)
    m.set("completed", 306)
    m.refunds(301, 1, 0)
    m.refunds(302, 0, 1)
    m.refunds(302, 0, 1)
    m.set("cancelled", 303)
    m.set("refunded", 304)
    m.world.run()
    m.world.wait(900)
    return [
        [],
        [["switch", "may_send", True], ["shop", "set_status", 303, "processing"]],
        [
            ["switch", "privileges", sorted(ROLES)],
            ["shop", "set_status", 303, "completed"],
            ["shop", "set_status", 306, "cancelled"],
        ],
    ]


def by_hand(m: Making) -> list[list[Any]]:
    """A person invoices, and deletes, and changes: before the database is put away and after."""
    for order_id in range(401, 410):
        m.sells(order_id, SEE, HAT)
    m.settles()
    for order_id in (402, 404, 405):
        m.person("invoice_by_hand", f"shop_{order_id}")
    m.world.wait(3700)
    m.settles()
    m.refunds(404, 1, 0)
    m.set("cancelled", 405, 406)
    m.settles()
    m.person("invoice_by_hand", "shop_403")
    m.person("delete_draft", "shop_407")
    m.person("edit_line", "shop_408", "1", "1000.00")
    return [
        [],
        [
            ["person", "invoice_by_hand", "shop_401"],
            ["person", "invoice_by_hand", "shop_404-r410"],
            ["person", "invoice_by_hand", "shop_405-c"],
            ["shop", "set_status", 406, "processing"],
            ["shop", "set_status", 408, "cancelled"],
            ["shop", "add_refund", 403, {"amount": "1797.00"}],
        ],
        [
            ["shop", "set_status", 405, "processing"],
            ["shop", "set_status", 401, "cancelled"],
            ["types", "retry"],
        ],
    ]


def lost(m: Making) -> list[list[Any]]:
    """The database was lost, and a new one has taken in four of the orders that were there."""
    for order_id in range(601, 607):
        m.sells(order_id, SEE, HAT)
    m.settles()
    m.set("completed", 602, 603)
    m.set("cancelled", 604, 605)
    m.settles()
    m.set("processing", 604)
    m.refunds(603, 1, 0)
    m.settles(3600)
    m.state.unlink()
    m.sells(608, HAT)
    m.sells(609, HAT)
    m.refunds(602, 0, 1)
    m.world.run(limit=4)
    m.world.wait(300)
    return [
        [],
        [
            *(["shop", "set_status", order_id, "completed"] for order_id in (601, 604, 608)),
            ["shop", "set_status", 602, "cancelled"],
            ["shop", "set_status", 605, "processing"],
            ["shop", "set_status", 606, "cancelled"],
        ],
    ]


def unanswered(m: Making, when: str) -> list[list[Any]]:
    """With each kind of write on its way the process dies, `when` "before" or "after" it arrived.

    All within a minute, so that nothing of it has been looked up when the database is put away.
    """
    m.sells(200, HAT)
    for order_id in range(205, 216):
        m.sells(order_id, HAT, COFFEE)
    m.sells(216, HAT, **COD)
    m.settles()
    m.set("completed", 212, 213, 214, 215)
    m.settles(86_400)
    one = Goods("KAF-250", "88.80", 15)
    m.sells(201, COFFEE)
    m.sells(202, COFFEE, email="kunde200@example.no", **AWAY)
    m.sells(203, Goods("NY-1", "20.00"), email="kunde212@example.no")
    m.sells(204, COFFEE, email="kunde213@example.no")
    m.sells(207, HAT, COFFEE, TOUR)
    m.sells(208, HAT, one)
    m.sells(209, HAT)
    m.sells(210, HAT, COFFEE, email="kunde214@example.no")
    m.set("cancelled", 211, 213)
    m.refunds(212, 1, 0)
    m.dies("POST /Customers", when, 201)
    m.dies("POST /ContactDeliveryAddresses/*", when, 202)
    m.dies("POST /Products", when, 203)
    m.dies("POST /SalesOrders/Complete", when, 204)
    m.dies("POST /SalesOrders/*/Lines", when, 207)
    m.dies("PATCH /SalesOrders/*/Lines/*", when, 208)
    m.dies("DELETE /SalesOrders/*/Lines/*", when, 209)
    m.dies("PATCH /SalesOrders/*", when, 210)
    m.dies("DELETE /SalesOrders/*", when, 211)
    m.dies("POST /SalesOrders/Complete", when, 212)
    m.dies("POST /SalesOrders/Complete", when, 213)
    m.set("completed", 216)
    m.dies("POST /Vouchers/CashJournals", when, 216)
    m.refunds(215, 0, 1)
    m.switch("send_result", "late")  # else the next run would find it invoiced
    m.switch("send_seconds", 120)
    m.dies("POST /SalesOrders/*/createAndSendInvoice", when, 215)
    m.switch("send_result", "ok")
    m.set("completed", 205)
    m.dies("POST /SalesOrders/*/createAndSendInvoice", when, 205)
    listed = [201, 202, 203, 204, 206, 207, 208, 209, 210]
    return [
        [],
        [["shop", "set_status", order_id, "completed"] for order_id in listed],
        [
            ["shop", "set_status", 211, "processing"],
            ["shop", "set_status", 213, "processing"],
            ["shop", "set_status", 205, "refunded"],
            ["shop", "set_status", 201, "cancelled"],
        ],
    ]


def first(m: Making) -> list[list[Any]]:
    """What the first version of the tables could hold: drafts, holds, writes without an answer."""
    for order_id in (501, 502, 503, 504):
        m.sells(order_id, SEE, HAT)
    m.sells(505, HAT, total="400.000000")
    m.sells(506, HAT, meta_data=[{"id": 1, "key": "_wcpay_mode", "value": "test"}])
    m.settles(3600)
    m.sells(507, COFFEE)
    m.sells(508, COFFEE, email="kunde501@example.no")
    m.sells(502, HAT)
    m.set("cancelled", 503)
    m.dies("POST /Customers", "after", 507)
    m.dies("POST /SalesOrders/Complete", "after", 508)
    m.dies("PATCH /SalesOrders/*/Lines/*", "before", 502)
    m.dies("DELETE /SalesOrders/*", "after", 503)
    of_then(m.state)
    return [
        [],
        [
            ["shop", "set_status", 501, "completed"],
            ["shop", "set_status", 503, "processing"],
            ["shop", "set_status", 504, "cancelled"],
        ],
    ]


def of_then(database: Path) -> None:
    """Make a database one whose tables are those of version 1, with what they could hold."""
    now = database.with_name("now.db")
    as_database(as_text(database), now)
    for side in ("", "-wal", "-shm"):
        database.with_name(database.name + side).unlink(missing_ok=True)
    old = Database(database, execute_plugins=False)
    migrations.apply(old, stop_before="m002_what_follows_an_order")
    old.execute("PRAGMA user_version = 1")
    old.execute("ATTACH ? AS now", [str(now)])
    for table in old.tables:
        if not table.name.startswith("_"):
            columns = ", ".join(table.columns_dict)
            rows = f"SELECT {columns} FROM now.{table.name}"  # noqa: S608 (our own names)
            old.execute(f"INSERT INTO {table.name} ({columns}) {rows}")
    old.conn.commit()
    old.close()
    now.unlink()


STORIES: dict[str, tuple[str, Callable[[Making], list[list[Any]]]]] = {
    "month": (CONFIG, month),
    "privileges": (CONFIG, privileges),
    "by-hand": (BY_HAND, by_hand),
    "unanswered-before": (CONFIG, lambda m: unanswered(m, "before")),
    "unanswered-after": (CONFIG, lambda m: unanswered(m, "after")),
    "lost": (CONFIG, lost),
    "first": (CONFIG, first),
}


def make(name: str, commit: str) -> None:
    """Play a story, put its database away, and write down how the old version goes on with it."""
    config, story = STORIES[name]
    path = HERE / f"{name}.json"
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as other:
        making = Making(Path(folder), config)
        then = story(making)
        told = making.put_away(name, commit, then)
        path.write_text(_as_text(told), "utf-8")
        stage = staged(name, Path(other))
        assert _everything(stage) == _everything(making), "played again, PowerOffice is another"
        assert stage.world.shop.orders == making.world.shop.orders
        assert stage.world.shop.refunds == making.world.shop.refunds
        making.protects_no_more()
        told["expected"] = [stage.goes_on(acts) for acts in then]
        assert told["expected"] == [making.goes_on(acts) for acts in then]
        path.write_text(_as_text(told), "utf-8")


def undisturbed() -> None:
    """Check that the writes whose fate nobody knew are, in the end, what they are in a life in
    which nothing dies: the same documents, amounts and days, each once.
    """
    ends = []
    for kind in ("before", "after", "never"):
        with tempfile.TemporaryDirectory() as folder:
            making = Making(Path(folder), CONFIG)
            for acts in unanswered(making, kind):
                making.protects_no_more()
                making.goes_on(acts)
            ends.append(making.last)
    assert ends[0] == ends[1] == ends[2]


def _everything(stage: Stage) -> Json:
    """Return the lists of PowerOffice as they are, ids, numbers and moments too."""
    until = "fromDate=2026-09-01&toDate=2027-09-01"
    ledger = (f"/AccountTransactions?{until}", f"/Customerledger/Statement?{until}")
    lists = ("/SalesOrders", "/OutgoingInvoices", "/Customers", "/Products", *ledger)
    return {path: stage.rows(path) for path in lists}


def _as_text(told: Json) -> str:
    """Return JSON with a line for each request, order and document, to be read and compared."""
    return _lines(told, 0, {"shop": 3, "expected": 4}) + "\n"


def _lines(value: Any, depth: int, deepest: dict[str, int], most: int = 2) -> str:
    short = json.dumps(value, ensure_ascii=False)
    if depth >= most or len(short) < 90 or not isinstance(value, dict | list):
        return short
    begin, end = "\n" + " " * (depth + 1), "\n" + " " * depth
    if isinstance(value, list):
        parts = [_lines(one, depth + 1, {}, most) for one in value]
        return f"[{begin}{f',{begin}'.join(parts)}{end}]"
    parts = [
        f"{json.dumps(k)}: {_lines(v, depth + 1, {}, deepest.get(k, most))}"
        for k, v in value.items()
    ]
    return f"{{{begin}{f',{begin}'.join(parts)}{end}}}"


if __name__ == "__main__":
    undisturbed()
    for story_name in sys.argv[2:] or STORIES:
        make(story_name, sys.argv[1])
