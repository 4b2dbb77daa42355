"""The tables of the state database, and how those of an earlier version become these. Imported
only where they are not there.

Money stands as whole øre, times as ISO text in UTC, and everything that is no id, amount,
hash, state or code stays out: no names, addresses or e-mails.
"""

import json
import sqlite3
from decimal import Decimal

from sqlite_utils import Database, Migrations

from woo2po.money import to_ore

migrations = Migrations("woo2po")

# Of orders and of their credit notes.
_OF_BOTH = """
    reference TEXT NOT NULL, matching_reference TEXT NOT NULL, todo INTEGER NOT NULL DEFAULT 1,
    hold_code TEXT, hold_facts TEXT, held_at TEXT, held_settings TEXT, skip_code TEXT,
    skip_facts TEXT, waits TEXT, payment TEXT, payment_body TEXT, reserved_at TEXT,
    booked_ore INTEGER NOT NULL DEFAULT 0, customer_id INTEGER, delivery_address_id INTEGER,
    sales_order_id TEXT DEFAULT '', sales_order_no INTEGER, invoice_no INTEGER,
    invoice_equal INTEGER, total_ore INTEGER, currency TEXT DEFAULT '',
    wanted_digest TEXT DEFAULT '', left_digest TEXT DEFAULT '', notes TEXT DEFAULT '[]'"""
_TODAY = """\
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) STRICT

CREATE TABLE orders (
    order_id INTEGER PRIMARY KEY, number TEXT NOT NULL, created TEXT, shop_status TEXT,
    seen_hash TEXT NOT NULL, cancelled INTEGER DEFAULT 0, generation INTEGER, <of both>
) STRICT

CREATE TABLE credit_notes (
    id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL, refund_id INTEGER, <of both>
) STRICT

CREATE TABLE writes (
    id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL, kind TEXT NOT NULL,
    reference TEXT NOT NULL, attempts INTEGER NOT NULL, last_attempt TEXT NOT NULL,
    since TEXT, outcome TEXT NOT NULL, said TEXT
) STRICT

CREATE TABLE vouchers (
    reference TEXT PRIMARY KEY, kind TEXT NOT NULL, day TEXT NOT NULL, currency TEXT NOT NULL,
    orders TEXT NOT NULL, body TEXT NOT NULL, number INTEGER
) STRICT

CREATE TABLE payouts (
    reference TEXT PRIMARY KEY, provider TEXT NOT NULL, key TEXT NOT NULL, id TEXT,
    day TEXT NOT NULL, currency TEXT NOT NULL, net INTEGER NOT NULL, bank_reference TEXT,
    text TEXT, lines TEXT NOT NULL, rows TEXT NOT NULL, number INTEGER
) STRICT

CREATE TABLE customers (
    reference TEXT PRIMARY KEY, customer_id INTEGER NOT NULL, subledger_account_id INTEGER
) STRICT

CREATE TABLE delivery_addresses (
    external_code TEXT PRIMARY KEY, customer_id INTEGER NOT NULL, address_id INTEGER NOT NULL
) STRICT

CREATE TABLE documents_found (
    document_id TEXT PRIMARY KEY, reference TEXT NOT NULL, matching_reference TEXT NOT NULL,
    order_no INTEGER, invoice_no INTEGER, total_ore INTEGER
) STRICT

CREATE TABLE catalogue (part TEXT PRIMARY KEY, read_at TEXT NOT NULL, body TEXT NOT NULL) STRICT

CREATE TABLE runs (
    id INTEGER PRIMARY KEY, started TEXT NOT NULL, ended TEXT, exit_code INTEGER,
    counts TEXT DEFAULT '{}'
) STRICT"""
_INDEXES = """
CREATE UNIQUE INDEX idx_orders_reference ON orders (reference)
CREATE UNIQUE INDEX idx_credit_notes_reference ON credit_notes (reference)
CREATE INDEX idx_orders_number ON orders (number)
CREATE INDEX idx_credit_notes_order_id ON credit_notes (order_id)
CREATE INDEX idx_writes_order_id ON writes (order_id)
CREATE INDEX idx_writes_outcome ON writes (outcome)
CREATE INDEX idx_documents_found_reference ON documents_found (reference)
CREATE INDEX idx_documents_found_matching_reference ON documents_found (matching_reference)
CREATE INDEX idx_payouts_provider_day ON payouts (provider, day)"""

# Letter by letter what is asked for (database.UNFINISHED), else the indexes are not used.
_UNFINISHED = (
    "(todo = 1 OR hold_code > '' OR waits > '' OR (payment = 'due' AND invoice_no IS NOT NULL))"
)
_RECORDS = (("orders", "order_id"), ("credit_notes", "id"))


@migrations()
def m005_tables_of_today(db: Database) -> None:
    """Make the tables, put into them what stood in those of an earlier version, and drop these."""
    old = [name for name in db.table_names() if name != migrations.migrations_table]
    for name in old:
        db.rename_table(name, f"old_{name}")
    for table in _TODAY.split("\n\n"):
        db.execute(table.replace("<of both>", _OF_BOTH))
    for name in old:
        _copy(db, name, name)
    if old:
        _put_apart(db)
        _book(db)
    for name in old:
        db.table(f"old_{name}").drop()
    for index in _INDEXES.splitlines()[1:]:
        db.execute(index)
    for name, key in _RECORDS:
        db.execute(f"CREATE INDEX idx_{name}_unfinished ON {name} ({key}) WHERE {_UNFINISHED}")


def _copy(db: Database, old: str, new: str, where: str = "1", **otherwise: str) -> None:
    """Copy the columns that both tables have, and others as they are told in the old one."""
    had = db.table(f"old_{old}").columns_dict
    names = {name: name for name in db.table(new).columns_dict if name in had} | otherwise
    db.execute(
        f"INSERT INTO {new} ({', '.join(names)}) SELECT {', '.join(names.values())}"  # noqa: S608 (our names)
        f" FROM old_{old} WHERE {where}"
    )


def _put_apart(db: Database) -> None:
    """Put credit notes, which were orders of an order, and what became of a voucher, where they
    stand now.
    """
    if "parent_id" in db.table("old_orders").columns_dict:
        refund = "CASE WHEN order_id > 0 THEN order_id END"
        own = {"id": "order_id", "order_id": "parent_id", "refund_id": refund}
        _copy(db, "orders", "credit_notes", "parent_id IS NOT NULL", **own)
        db.execute("DELETE FROM orders WHERE order_id IN (SELECT id FROM credit_notes)")
        own = {"order_id": "0", "kind": "'create_voucher'"}
        _copy(db, "vouchers", "writes", "1 ORDER BY last_attempt", **own)


def _book(db: Database) -> None:
    """Tell what is booked of an order's money so far, which was all of it or nothing until then.

    What is only to be posted is decided on anew, by the capture. So is the money of an order that
    was credited whole: where it was a reservation it is to be taken back.
    """
    if "booked_ore" in db.table("old_orders").columns_dict:
        return
    for table, key in _RECORDS:
        made = f"SELECT {key}, payment_body, total_ore FROM {table} WHERE payment = 'made'"  # noqa: S608
        for id_, body, total in db.execute(made).fetchall():
            booked = to_ore(Decimal(body.split()[4])) if body else total or 0
            db.execute(f"UPDATE {table} SET booked_ore = ? WHERE {key} = ?", (booked, id_))  # noqa: S608
    if db.execute("SELECT 1 FROM orders WHERE payment > '' LIMIT 1").fetchall():
        db.execute("INSERT INTO meta (key, value) VALUES ('tell_of_captures', 'yes')")
    db.execute(
        "UPDATE orders SET payment = '', todo = CASE WHEN hold_code > '' THEN todo ELSE 1 END"
        " WHERE payment = 'due' AND skip_code IS NULL"
    )
    db.execute(
        "UPDATE orders SET todo = 1 WHERE payment = 'made' AND cancelled = 1 AND skip_code IS NULL"
        " AND order_id IN (SELECT order_id FROM credit_notes WHERE refund_id IS NULL"
        " AND invoice_no IS NOT NULL AND coalesce(payment, '') = '')"
    )


@migrations()
def m006_payouts_that_are_held(db: Database) -> None:
    """Put payouts that are held, or were set aside, where those stand that are booked."""
    held = db.execute("SELECT value FROM meta WHERE key = 'payouts_held'").fetchone() or ("{}",)
    for reference, one in json.loads(held[0]).items():
        aside = bool(one.get("aside"))
        lines = json.loads(one.get("lines", "[]"))  # a few days ago none were kept
        told = [(role, account or 0, ore) for role, account, ore in lines]
        net = [ore for role, _, ore in told if role == "bank"] or [-x[2] for x in told[-1:]]
        row = {"reference": reference, "provider": one["provider"], "key": one["id"],
               "id": one["id"], "day": one["day"], "currency": one.get("currency", "NOK"),
               "net": sum(net), "text": "" if aside else one["id"],
               "lines": json.dumps(told), "rows": one.get("moved", "[]")}  # fmt: skip
        db.table("payouts").insert(row, replace=aside, ignore=not aside)
        if aside:
            db.execute("DELETE FROM writes WHERE reference = ?", [reference])
            made = {"order_id": 0, "kind": "create_payout", "reference": reference, "attempts": 1,
                    "last_attempt": f"{one['day']}T00:00:00+00:00", "outcome": "made"}  # fmt: skip
            db.table("writes").insert(made)
    db.execute("DELETE FROM meta WHERE key = 'payouts_held'")


@migrations()
def m007_when_money_was_seen_reserved(db: Database) -> None:
    """Put the moment at which money was seen reserved, which stood for its payment, apart."""
    for table, _ in _RECORDS:
        if "reserved_at" not in db.table(table).columns_dict:
            db.execute(f"ALTER TABLE {table} ADD COLUMN reserved_at TEXT")
    db.execute(
        "UPDATE orders SET reserved_at = substr(payment_body, 10), payment_body = NULL"
        " WHERE payment_body LIKE 'reserved %'"
    )


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the tables of an open database up to date, in one transaction."""
    migrations.apply(Database(connection, execute_plugins=False))
