"""The state database: what was seen, what was tried, what became of it.

SQLite in WAL mode with `synchronous=FULL`, so that a committed intent survives a power cut.
SQL stands in this package alone; an idle poll needs no more, and sqlite-utils comes in only to
migrate the tables.

database.py    the file: opened, locked, checked
migrations.py  the tables, step by step
orders.py      orders and their credit notes, and documents found before this database made any
writes.py      remote writes: what was tried, and what became of it; vouchers and payouts
"""

import json
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from woo2po.record import Memory, RunRecord
from woo2po.store.database import StateError, connect, connect_read_only, plain_errors, value_in
from woo2po.store.orders import Orders
from woo2po.store.writes import Payouts, Vouchers

if TYPE_CHECKING:
    from woo2po.config import Settings

# How each kind of remembered fact is read from its text, and written.
_TEXTS: dict[Any, tuple[Callable[[str], Any], Callable[[Any], str]]] = {
    str: (str, str),
    bool: (lambda text: text == "yes", lambda value: "yes" if value else "no"),
    int | None: (int, str),
    datetime | None: (datetime.fromisoformat, datetime.isoformat),
    tuple[str, ...]: (lambda text: tuple(text.split(",")), ",".join),
    dict[str, dict[str, str]]: (json.loads, json.dumps),
}
_KINDS = {one.name: _TEXTS[one.type] for one in fields(Memory)}


class Store(Orders, Vouchers, Payouts):
    """The state database of one shop and one company, open."""

    _memory: Memory | None = None

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> "Store":
        """Open (and where needed create and migrate) the database at a path.

        Read-only, a missing file counts as an empty database. Raises StateError.
        """
        with plain_errors(path):
            return cls(connect_read_only(path) if read_only else connect(path), path)

    @classmethod
    def of(cls, settings: "Settings", *, read_only: bool = False) -> "Store":
        """Open the database of these settings. Raises StateError, also where it is another's."""
        store = cls.open(Path(settings.state.path), read_only=read_only)
        try:
            store.must_be_of(settings)
        except StateError:
            store.close()
            raise
        return store

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    @classmethod
    def in_memory(cls, path: Path) -> "Store":
        """Return a copy in memory to try things on: what is written to it is forgotten.

        A missing file counts as an empty database. Raises StateError.
        """
        memory = sqlite3.connect(":memory:", isolation_level=None)
        memory.row_factory = sqlite3.Row
        with plain_errors(path), closing(connect_read_only(path)) as connection:
            connection.backup(memory)
        return cls(memory, path)

    def look_over(self, day: str) -> None:
        """See that the file is whole, once a day: what a broken disk left may not be met for weeks.

        Raises StateError.
        """
        if self.memory.whole == day:
            return
        if self.is_damaged():
            raise StateError("state_corrupt", 2, path=str(self._path), said="quick_check")
        self.remember(whole=day)

    def is_damaged(self) -> bool:
        """Tell whether the file is not whole: SQLite may take that for a full disk."""
        try:
            return self._one("PRAGMA quick_check(1)") != "ok"
        except StateError as error:
            return error.code == "state_corrupt"

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- whose it is, and small facts --------------------------------------------------------

    @property
    def memory(self) -> Memory:
        """What is remembered from run to run, beside the orders. Only a run writes it."""
        if self._memory is None:
            rows = self._rows("SELECT key, value FROM meta")
            said = {row["key"]: row["value"] for row in rows}
            known = {name: read(said[name]) for name, (read, _) in _KINDS.items() if said.get(name)}
            self._memory = Memory(**known)
        return self._memory

    def remember(self, **changes: Any) -> None:
        """Remember facts by the names that they have in Memory; None forgets one."""
        fresh = {n: value for n, value in changes.items() if getattr(self.memory, n) != value}
        for name, value in fresh.items():
            self._memory = None
            _, write = _KINDS[name]
            kept = "" if value is None else write(value)
            self._put("meta", "key", {"key": name, "value": kept})

    def must_be_of(self, settings: "Settings") -> None:
        """Raise StateError where it is bound to another shop or environment than these settings':
        a trial in the demo environment must never count as sent in production.
        """
        shop, now = _shop_of(settings), settings.poweroffice.environment
        if (was := self.memory.shop) not in {"", shop} and not settings.is_this_shop(was):
            self._is_of_another("state_of_another_shop", was, shop)
        if (was := self.memory.environment) not in {"", now}:
            self._is_of_another("state_of_another", was, now)

    def bind(self, settings: "Settings") -> None:
        """Bind the database to a shop and an environment, once and for all. Raises StateError."""
        self.must_be_of(settings)
        self.remember(shop=_shop_of(settings), environment=settings.poweroffice.environment)

    def bind_to_company(self, company: str) -> None:
        """Bind the database to a company, once and for all. Raises StateError."""
        if (was := self.memory.company) not in {"", company}:
            self._is_of_another("state_of_another", was, company)
        self.remember(company=company)

    def _is_of_another(self, code: str, was: str, now: str) -> NoReturn:
        raise StateError(code, 2, path=str(self._path), was=was, now=now)

    # -- customers and what was found ----------------------------------------------------------

    def customer(self, reference: str) -> int | None:
        """Return the PowerOffice id of a customer of ours by its reference, or None."""
        return self._one("SELECT customer_id FROM customers WHERE reference = ?", reference)

    def remember_customer(self, reference: str, customer_id: int, subledger: int | None) -> None:
        """Remember which customer in PowerOffice a customer of the shop is."""
        columns = {"customer_id": customer_id, "subledger_account_id": subledger}
        self._put("customers", "reference", {"reference": reference, **columns})

    def subledger_of(self, customer_id: int) -> int | None:
        """Return the sub-ledger account of a customer that orders went to, or None."""
        sql = (
            "SELECT subledger_account_id FROM customers WHERE customer_id = ?"
            " AND subledger_account_id IS NOT NULL"
        )
        return self._one(sql, customer_id)

    def forget_customer(self, customer_id: int) -> None:
        """Forget a customer that PowerOffice no longer has, so that it is looked for anew."""
        self._do("DELETE FROM customers WHERE customer_id = ?", customer_id)
        # That it has addresses stays known: a list that lags behind may not show them yet, and
        # an order that names none would inherit one of them.
        self._do("UPDATE delivery_addresses SET address_id = 0 WHERE customer_id = ?", customer_id)
        self._do(
            "UPDATE orders SET customer_id = NULL WHERE customer_id = ? AND sales_order_id = ''",
            customer_id,
        )

    def delivery_address(self, external_code: str) -> int | None:
        """Return the id of a delivery address of ours by its code, or None."""
        sql = "SELECT address_id FROM delivery_addresses WHERE external_code = ?"
        return self._one(sql, external_code) or None  # 0: of a customer that is gone

    def remember_delivery_address(self, code: str, customer_id: int, address_id: int) -> None:
        """Remember a delivery address of a customer."""
        columns = {"external_code": code, "customer_id": customer_id, "address_id": address_id}
        self._put("delivery_addresses", "external_code", columns)

    def has_delivery_addresses(self, customer_id: int) -> bool:
        """Tell whether the job has given a customer a delivery address.

        The first one becomes the customer's primary one and is inherited by every later order
        (poweroffice/facts.md, "Customers"), so from then on each order must name its own.
        """
        sql = "SELECT 1 FROM delivery_addresses WHERE customer_id = ?"
        return self._one(sql, customer_id) is not None

    # -- the catalogue, remembered ---------------------------------------------------------------

    def catalogue(self) -> str | None:
        """Return the catalogue as it is kept, or None."""
        return self._one("SELECT body FROM catalogue WHERE part = 'all'")

    def keep_catalogue(self, read_at: datetime, body: str) -> None:
        """Keep the catalogue, read at a moment of PowerOffice's clock."""
        self._put("catalogue", "part", {"part": "all", "read_at": read_at, "body": body})

    def forget_catalogue(self) -> None:
        """Let the catalogue be read anew: a person may just have put something there."""
        self._do("DELETE FROM catalogue")

    # -- runs ------------------------------------------------------------------------------------

    def is_unanswered(self) -> bool:
        """Tell whether some write has no certain outcome, or a voucher is to be tried again."""
        doubted = (
            "SELECT 1 FROM writes WHERE outcome = 'open' AND kind <> 'create_payout'"
            " OR (outcome = 'absent' AND kind = 'create_voucher') LIMIT 1"
        )
        return self._one(doubted) is not None

    def begin_run(self, at: datetime) -> int:
        """Write down that a run has begun; return its id."""
        return self._insert("runs", {"started": at})

    def forget_run(self, run: int) -> None:
        """Strike out a run that was none: it was asked for an order that is not there."""
        self._do("DELETE FROM runs WHERE id = ?", run)

    def end_run(self, run: int, at: datetime, exit_code: int, counts: Mapping[str, int]) -> None:
        """Write down how a run ended; of old runs the last thousand are kept."""
        self._set("runs", "id = ?", run, ended=at, exit_code=exit_code, counts=dict(counts))
        self._do("DELETE FROM runs WHERE id <= ?", run - 1000)

    def last_run(self, *, good: bool = False) -> RunRecord | None:
        """Return the last run, or the last that ended with 0 or 1."""
        where = "WHERE exit_code IN (0, 1)" if good else ""
        row = self._row(f"SELECT * FROM runs {where} ORDER BY id DESC LIMIT 1")  # noqa: S608 (ours)
        return value_in(RunRecord, row) if row else None


def _shop_of(settings: "Settings") -> str:
    return settings.woocommerce.url.split("://")[1].lower()
